using CourtOps.Enforcement.Field;
using CourtOps.Enforcement.Measures;
using CourtOps.Kernel.Access;
using CourtOps.Kernel.Data;
using CourtOps.Kernel.Messaging;
using CourtOps.Kernel.Security;
using CourtOps.Workzone.Cases;

namespace CourtOps.Enforcement.Offline;

/// <summary>Inquiries on site by their day: of one case, or of the cases the person may see.</summary>
[Permit("enforcement.read")]
internal sealed record ListOffline : IQuery<ListOffline.Result>
{
    public long? CaseId { get; init; }

    /// <summary>asked, out, done or withdrawn; blank: what is not ended.</summary>
    public string State { get; init; } = "";

    /// <param name="Case">Where one case was asked for.</param>
    internal sealed record Result(CaseCard? Case, IReadOnlyList<OfflineRow> Rows, IReadOnlyList<PartyContact> Debtors);

    internal sealed class Handler(Db db, ICases cases, AccessLog reads) : IQueryHandler<ListOffline, Result>
    {
        public async Task<Result> Handle(ListOffline request, CancellationToken cancellationToken)
        {
            var card = request.CaseId is { } one ? await cases.GetAsync(one, cancellationToken) : null;
            var (me, courts, places) = cases.Arguments;
            var rows = await db.PageAsync<OfflineRow>(
                $"SELECT {OfflineRow.Columns}, c.number AS case_number, c.judge_name FROM enforcement_offline o JOIN workzone_case_card c ON c.id = "
                    + "o.case_id WHERE "
                    + (
                        card is not null
                            ? "o.case_id = @caseId"
                            : "o.court_id IN @courts AND " + (request.State.Length > 0 ? "o.state = @State" : "o.state IN ('asked', 'out')")
                    )
                    + " AND "
                    + cases.Seen("o.case_id")
                    + (card is not null ? " ORDER BY o.id DESC" : " ORDER BY o.due_on, o.id"),
                new
                {
                    me,
                    courts,
                    places,
                    request.State,
                    caseId = card?.Id ?? 0,
                },
                200,
                cancellationToken
            );
            reads.List("enforcement.offline.list", rows.Count, new { request.State }, card?.Id);
            return new Result(
                card,
                rows,
                card is null ? [] : [.. (await cases.PartiesAsync(card.Id, cancellationToken)).Where(p => MeasureWork.MayOwe(p.Role))]
            );
        }
    }
}

/// <summary>One inquiry with its stop, what was recorded there and the trips it can be put on.</summary>
[Permit("enforcement.read")]
internal sealed record ShowOffline : IQuery<ShowOffline.Result>
{
    public long Id { get; init; }

    internal sealed record Result(
        OfflineRow Row,
        CaseCard Case,
        StopRow? Stop,
        IReadOnlyList<StopRecord> Records,
        IReadOnlyList<TripRow> Trips,
        AssetRow? Asset
    );

    internal sealed class Handler(Db db, OfflineBook book, StopBook stops, MeasureWork work, ICases cases, AccessLog reads) : IQueryHandler<ShowOffline, Result>
    {
        public async Task<Result> Handle(ShowOffline request, CancellationToken cancellationToken)
        {
            var row = await book.GetAsync(request.Id, null, cancellationToken);
            reads.Note("enforcement.offline.view", "offline-inquiry", row.Id, row.CaseId);
            var card = await cases.GetAsync(row.CaseId, cancellationToken);
            return new Result(
                row,
                card,
                row.StopId is { } stop ? await stops.GetAsync(stop, cancellationToken) : null,
                row.StopId is null
                    ? []
                    : await db.QueryAsync<StopRecord>(
                        $"SELECT {StopRecord.Columns} FROM enforcement_stop_record r WHERE r.stop_id = @StopId ORDER BY r.id",
                        new { row.StopId },
                        cancellationToken
                    ),
                await db.PageAsync<TripRow>(
                    $"SELECT {TripRow.Columns} FROM enforcement_trip t WHERE t.court_id = @CourtId AND t.state IN ('planned', 'out') ORDER BY t.day, t.id",
                    new { card.CourtId },
                    50,
                    cancellationToken
                ),
                row.AssetId is { } asset ? await work.AssetAsync(asset, cancellationToken) : null
            );
        }
    }
}
