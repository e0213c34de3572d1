using CourtOps.Enforcement.Measures;
using CourtOps.Kernel.Access;
using CourtOps.Kernel.Data;
using CourtOps.Kernel.Messaging;
using CourtOps.Kernel.Security;
using CourtOps.Kernel.Web;
using CourtOps.Workzone.Cases;

namespace CourtOps.Enforcement.Field;

/// <summary>Trips of the courts, the next first, and their vehicles.</summary>
[Permit("enforcement.read")]
internal sealed record ListTrips : IQuery<ListTrips.Result>
{
    /// <summary>True: those that are over.</summary>
    public bool Past { get; init; }

    internal sealed record Result(IReadOnlyList<Row> Rows, IReadOnlyList<VehicleRow> Vehicles);

    internal sealed record Row
    {
        public long Id { get; init; }
        public string Number { get; init; } = "";
        public DateOnly Day { get; init; }
        public string Plate { get; init; } = "";
        public string LeaderName { get; init; } = "";
        public string Team { get; init; } = "";
        public string State { get; init; } = "";

        /// <summary>Of cases the person may see.</summary>
        public int Stops { get; init; }
        public int Done { get; init; }
    }

    internal sealed class Handler(Db db, ICases cases, Actor actor) : IQueryHandler<ListTrips, Result>
    {
        public async Task<Result> Handle(ListTrips request, CancellationToken cancellationToken)
        {
            var (me, courts, places) = cases.Arguments;
            var states = request.Past ? ["back", "cancelled"] : new[] { "planned", "out" };
            var trips = await db.PageAsync<Row>(
                "SELECT t.id, t.number, t.day, t.plate, t.leader_name, t.team, t.state FROM enforcement_trip t WHERE t.court_id IN @courts AND "
                    + "t.state IN @states"
                    + (request.Past ? " ORDER BY t.day DESC, t.id" : " ORDER BY t.day, t.id"),
                new { courts, states },
                200,
                cancellationToken
            );
            var counts =
                trips.Count == 0
                    ? new Dictionary<long, Row>()
                    : (
                        await db.QueryAsync<Row>(
                            "SELECT s.trip_id AS id, COUNT(*) AS stops, SUM(CASE WHEN s.state = 'done' THEN 1 ELSE 0 END) AS done FROM "
                                + "enforcement_stop s WHERE s.trip_id IN @ids AND "
                                + cases.Seen("s.case_id")
                                + " GROUP BY s.trip_id",
                            new
                            {
                                ids = trips.Select(t => t.Id),
                                me,
                                courts,
                                places,
                            },
                            cancellationToken
                        )
                    ).ToDictionary(c => c.Id);
            IReadOnlyList<Row> rows = [.. trips.Select(t => counts.TryGetValue(t.Id, out var n) ? t with { Stops = n.Stops, Done = n.Done } : t)];
            return new Result(
                rows,
                await db.QueryAsync<VehicleRow>(
                    "SELECT id, plate, seats, active FROM enforcement_vehicle WHERE court_id = @CourtId ORDER BY plate",
                    new { actor.CourtId },
                    cancellationToken
                )
            );
        }
    }
}

/// <summary>A trip with its stops: the sheet that is printed.</summary>
[Permit("enforcement.read")]
internal sealed record ShowTrip : IQuery<ShowTrip.Result>
{
    public long Id { get; init; }

    internal sealed record Result(TripRow Trip, IReadOnlyList<StopRow> Stops);

    internal sealed class Handler(Db db, TripBook book, ICases cases, AccessLog reads) : IQueryHandler<ShowTrip, Result>
    {
        public async Task<Result> Handle(ShowTrip request, CancellationToken cancellationToken)
        {
            var trip = await book.GetAsync(request.Id, null, cancellationToken);
            var (me, courts, places) = cases.Arguments;
            var stops = await db.QueryAsync<StopRow>(
                $"SELECT {StopRow.Columns}, c.number AS case_number FROM enforcement_stop s JOIN workzone_case_card c ON c.id = s.case_id WHERE "
                    + "s.trip_id = @Id AND "
                    + cases.Seen("s.case_id")
                    + " ORDER BY s.n",
                new
                {
                    trip.Id,
                    me,
                    courts,
                    places,
                },
                cancellationToken
            );
            reads.List("enforcement.trip.show", stops.Count, new { request.Id });
            return new Result(trip, stops);
        }
    }
}

/// <summary>One stop with what was recorded there.</summary>
[Permit("enforcement.read")]
internal sealed record ShowStop : IQuery<ShowStop.Result>
{
    public long Id { get; init; }

    internal sealed record Result(StopRow Stop, CaseCard Case, AssetRow? Asset, string? Phone, IReadOnlyList<StopRecord> Records);

    internal sealed class Handler(Db db, StopBook book, ICases cases, MeasureWork work, AccessLog reads) : IQueryHandler<ShowStop, Result>
    {
        public async Task<Result> Handle(ShowStop request, CancellationToken cancellationToken)
        {
            var stop = await book.GetAsync(request.Id, cancellationToken);
            reads.Note("enforcement.stop.view", "stop", stop.Id, stop.CaseId);
            return new Result(
                stop,
                await cases.GetAsync(stop.CaseId, cancellationToken),
                stop.AssetId is { } a ? await work.AssetAsync(a, cancellationToken) : null,
                (await cases.PartiesAsync(stop.CaseId, cancellationToken)).FirstOrDefault(p => p.Id == stop.PartyId)?.Phone,
                await db.QueryAsync<StopRecord>(
                    $"SELECT {StopRecord.Columns} FROM enforcement_stop_record r WHERE r.stop_id = @Id ORDER BY r.id",
                    new { stop.Id },
                    cancellationToken
                )
            );
        }
    }
}

/// <summary>A picture of a stop.</summary>
[Permit("enforcement.read")]
internal sealed record ReadStopRecord : IQuery<StopRecord>
{
    public long Id { get; init; }

    internal sealed class Handler(Db db, StopBook book, AccessLog reads) : IQueryHandler<ReadStopRecord, StopRecord>
    {
        public async Task<StopRecord> Handle(ReadStopRecord request, CancellationToken cancellationToken)
        {
            var record =
                await db.FirstAsync<StopRecord>(
                    $"SELECT {StopRecord.Columns} FROM enforcement_stop_record r WHERE r.id = @Id AND r.blob IS NOT NULL",
                    new { request.Id },
                    cancellationToken
                ) ?? throw new NotFound("外勤照片", request.Id);
            try
            {
                reads.Note("enforcement.stop.photo", "stop", record.StopId, (await book.GetAsync(record.StopId, cancellationToken)).CaseId);
            }
            catch (NotFound)
            {
                throw new NotFound("外勤照片", request.Id);
            }
            return record;
        }
    }
}

/// <summary>The stops of a case, and the trips that one more can be put on.</summary>
[Permit("enforcement.read")]
internal sealed record ListStops : IQuery<ListStops.Result>
{
    public long CaseId { get; init; }

    internal sealed record Result(
        CaseCard Case,
        IReadOnlyList<StopRow> Stops,
        IReadOnlyList<TripRow> Trips,
        IReadOnlyList<PartyContact> Debtors,
        IReadOnlyList<AssetRow> Assets
    );

    internal sealed class Handler(Db db, ICases cases) : IQueryHandler<ListStops, Result>
    {
        public async Task<Result> Handle(ListStops request, CancellationToken cancellationToken)
        {
            var card = await cases.GetAsync(request.CaseId, cancellationToken);
            return new Result(
                card,
                await db.QueryAsync<StopRow>(
                    $"SELECT {StopRow.Columns}, t.number AS case_number FROM enforcement_stop s JOIN enforcement_trip t ON t.id = s.trip_id WHERE "
                        + "s.case_id = @Id ORDER BY s.id DESC",
                    new { card.Id },
                    cancellationToken
                ),
                await db.PageAsync<TripRow>(
                    $"SELECT {TripRow.Columns} FROM enforcement_trip t WHERE t.court_id = @CourtId AND t.state IN ('planned', 'out') ORDER BY t.day, t.id",
                    new { card.CourtId },
                    50,
                    cancellationToken
                ),
                [.. (await cases.PartiesAsync(card.Id, cancellationToken)).Where(p => MeasureWork.MayOwe(p.Role))],
                await db.QueryAsync<AssetRow>(
                    AssetRow.Columns + " WHERE a.case_id = @Id AND a.ended_on IS NULL ORDER BY a.id",
                    new { card.Id },
                    cancellationToken
                )
            );
        }
    }
}
