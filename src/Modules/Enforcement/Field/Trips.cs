using System.Globalization;
using CourtOps.Kernel.Audit;
using CourtOps.Kernel.Data;
using CourtOps.Kernel.Messaging;
using CourtOps.Kernel.Search;
using CourtOps.Kernel.Security;
using CourtOps.Kernel.States;
using CourtOps.Kernel.Web;
using CourtOps.Workzone.Cases;
using FluentValidation;

namespace CourtOps.Enforcement.Field;

internal sealed record TripRow
{
    public const string Columns = "t.id, t.court_id, t.number, t.day, t.vehicle_id, t.plate, t.team, t.leader_id, t.leader_name, t.state, t.words, t.version";

    public static readonly StateTable Table = new(
        "enforcement_trip",
        "外勤",
        new("go", ["planned"], "out"),
        new("back", ["out"], "back"),
        new("cancel", ["planned"], "cancelled")
    );

    public long Id { get; init; }
    public long CourtId { get; init; }
    public string Number { get; init; } = "";
    public DateOnly Day { get; init; }
    public long? VehicleId { get; init; }
    public string Plate { get; init; } = "";
    public string Team { get; init; } = "";
    public long LeaderId { get; init; }
    public string LeaderName { get; init; } = "";
    public string State { get; init; } = "";
    public string Words { get; init; } = "";
    public int Version { get; init; }
}

internal sealed record VehicleRow
{
    public long Id { get; init; }
    public string Plate { get; init; } = "";
    public int Seats { get; init; }
    public bool Active { get; init; }
}

/// <summary>Finds the trips of the courts one works for.</summary>
internal sealed class TripBook(Db db, ICases cases)
{
    /// <exception cref="NotFound">No such trip, or another court's.</exception>
    /// <exception cref="Conflict">It was changed since it was read.</exception>
    public async Task<TripRow> GetAsync(long id, int? version, CancellationToken ct)
    {
        var (_, courts, _) = cases.Arguments;
        var trip =
            await db.FirstAsync<TripRow>($"SELECT {TripRow.Columns} FROM enforcement_trip t WHERE t.id = @id AND t.court_id IN @courts", new { id, courts }, ct)
            ?? throw new NotFound("外勤", id);
        return version is null || version == trip.Version ? trip : throw new Conflict("外勤刚被他人办理，请刷新后再看。");
    }
}

/// <summary>A vehicle of the court; the same plate is the same vehicle.</summary>
[Permit("enforcement.work")]
[Audited("enforcement.vehicle.save")]
internal sealed record SaveVehicle : ICommand<long>
{
    public string Plate { get; init; } = "";
    public int? Seats { get; init; }
    public bool Active { get; init; } = true;

    internal sealed class Validator : AbstractValidator<SaveVehicle>
    {
        public Validator()
        {
            RuleFor(c => c.Plate).NotEmpty().WithMessage("请填写车牌。").MaximumLength(20).WithMessage("车牌最长 20 个字符。");
            RuleFor(c => c.Seats).NotNull().WithMessage("请填写座位数。").InclusiveBetween(1, 60).WithMessage("座位数从 1 到 60。");
        }
    }

    internal sealed class Handler(Db db, Ids ids, Actor actor, AuditTrail audit) : ICommandHandler<SaveVehicle, long>
    {
        public async Task<long> Handle(SaveVehicle c, CancellationToken cancellationToken)
        {
            var args = new
            {
                court = actor.CourtId,
                plate = c.Plate.Folded().Trim().ToUpperInvariant(),
                c.Seats,
                c.Active,
            };
            var id = await db.FirstAsync<long?>("SELECT id FROM enforcement_vehicle WHERE court_id = @court AND plate = @plate", args, cancellationToken);
            if (id is null)
                await db.ExecuteAsync(
                    "INSERT INTO enforcement_vehicle (id, court_id, plate, seats, active) VALUES (@id, @court, @plate, @Seats, @Active)",
                    new
                    {
                        id = id = ids.Next(),
                        args.court,
                        args.plate,
                        c.Seats,
                        c.Active,
                    },
                    cancellationToken
                );
            else
                await db.ExecuteAsync(
                    "UPDATE enforcement_vehicle SET seats = @Seats, active = @Active WHERE id = @id",
                    new
                    {
                        id,
                        c.Seats,
                        c.Active,
                    },
                    cancellationToken
                );
            audit.Note("vehicle", id.Value, new { args.plate, c.Active });
            return id.Value;
        }
    }
}

/// <summary>A day's trip of a team, with one of the court's vehicles or without.</summary>
[Permit("enforcement.work")]
[Audited("enforcement.trip.plan")]
internal sealed record PlanTrip : ICommand<TripRow>
{
    public DateOnly? Day { get; init; }
    public long? VehicleId { get; init; }

    /// <summary>Names of those who go beside the leader, separated by commas.</summary>
    public string Team { get; init; } = "";
    public string Words { get; init; } = "";

    internal sealed class Validator : AbstractValidator<PlanTrip>
    {
        public Validator(TimeProvider clock)
        {
            RuleFor(c => c.Day)
                .Must(d => d is { } day && day >= Times.Day(clock.GetUtcNow()) && day <= Times.Day(clock.GetUtcNow()).AddDays(90))
                .WithMessage("请填写出行日期，从今天起九十日之内。");
            RuleFor(c => c.Team).NotEmpty().WithMessage("请填写同行人员：外勤至少两人。").MaximumLength(200).WithMessage("同行人员最长 200 个字符。");
            RuleFor(c => c.Words).MaximumLength(400).WithMessage("说明最长 400 个字符。");
        }
    }

    internal sealed class Handler(Db db, Ids ids, Actor actor, TimeProvider clock, TripBook book, AuditTrail audit) : ICommandHandler<PlanTrip, TripRow>
    {
        public async Task<TripRow> Handle(PlanTrip c, CancellationToken cancellationToken)
        {
            var team = c
                .Team.Split([',', '，', '、', ';', '；', ' '], StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
                .Where(n => n != actor.Name)
                .Distinct()
                .ToList();
            if (team.Count == 0)
                throw new RuleBroken("请填写同行人员：外勤至少两人。", "Team");
            VehicleRow? vehicle = null;
            if (c.VehicleId is { } wanted)
            {
                vehicle =
                    await db.FirstAsync<VehicleRow>(
                        "SELECT id, plate, seats, active FROM enforcement_vehicle WHERE id = @wanted AND court_id = @CourtId",
                        new { wanted, actor.CourtId },
                        cancellationToken
                    ) ?? throw new NotFound("车辆", wanted);
                if (!vehicle.Active)
                    throw new RuleBroken($"{vehicle.Plate} 已停用。", "VehicleId");
                if (team.Count + 1 > vehicle.Seats)
                    throw new RuleBroken($"{vehicle.Plate} 有 {vehicle.Seats} 座，这一行有 {team.Count + 1} 人。", "VehicleId", "seats");
                if (
                    await db.FirstAsync<string>(
                        "SELECT number FROM enforcement_trip WHERE vehicle_id = @Id AND day = @Day AND state IN ('planned', 'out')",
                        new { vehicle.Id, c.Day },
                        cancellationToken
                    ) is
                    { } taken
                )
                    throw new RuleBroken($"{vehicle.Plate} 这天已派给外勤 {taken}。", "VehicleId", "vehicle-taken");
            }
            var id = ids.Next();
            await db.ExecuteAsync(
                """
                INSERT INTO enforcement_trip (id, court_id, number, day, vehicle_id, plate, team, leader_id, leader_name, state, words, created_at, version)
                VALUES (@id, @CourtId, @number, @Day, @VehicleId, @plate, @team, @by, @name, 'planned', @words, @now, 1)
                """,
                new
                {
                    id,
                    actor.CourtId,
                    number = string.Create(CultureInfo.InvariantCulture, $"WQ{c.Day:yyyyMMdd}{id % 10000:0000}"),
                    c.Day,
                    c.VehicleId,
                    plate = vehicle?.Plate ?? "",
                    team = string.Join('、', team),
                    by = actor.Id,
                    name = actor.Name,
                    words = c.Words.Trim(),
                    now = clock.StoredNow(),
                },
                cancellationToken
            );
            audit.Note(
                "trip",
                id,
                new
                {
                    c.Day,
                    vehicle?.Plate,
                    people = team.Count + 1,
                }
            );
            return await book.GetAsync(id, null, cancellationToken);
        }
    }
}

/// <summary>A trip leaves, comes back, or does not take place.</summary>
[Permit("enforcement.work")]
[Audited("enforcement.trip.step")]
internal sealed record StepTrip : ICommand<TripRow>
{
    public long Id { get; init; }
    public int? Version { get; init; }

    /// <summary>go, back or cancel.</summary>
    public string Step { get; init; } = "";

    internal sealed class Validator : AbstractValidator<StepTrip>
    {
        public Validator() => RuleFor(c => c.Step).Must(s => s is "go" or "back" or "cancel").WithMessage("可以登记出发、返回或者取消。");
    }

    internal sealed class Handler(Db db, TripBook book, TimeProvider clock, AuditTrail audit) : ICommandHandler<StepTrip, TripRow>
    {
        public async Task<TripRow> Handle(StepTrip c, CancellationToken cancellationToken)
        {
            var trip = await book.GetAsync(c.Id, c.Version, cancellationToken);
            if (c.Step == "go" && trip.Day > Times.Day(clock.GetUtcNow()))
                throw new RuleBroken($"出行日期是 {Times.Iso(trip.Day)}。", "Step");
            if (
                c.Step == "go"
                && await db.ScalarAsync<int>("SELECT COUNT(*) FROM enforcement_stop WHERE trip_id = @Id", new { trip.Id }, cancellationToken) == 0
            )
                throw new RuleBroken("这趟外勤还没有要去的地方。", "Step", "empty");
            await TripRow.Table.MoveAsync(db, c.Step, trip.State, new { trip.Id, trip.Version }, "", cancellationToken);
            // where nobody came to is free to be put on another trip
            if (c.Step is "back" or "cancel")
                foreach (
                    var stop in await db.QueryAsync<StopRow>(
                        $"SELECT {StopRow.Columns} FROM enforcement_stop s WHERE s.trip_id = @Id AND s.state = 'waiting'",
                        new { trip.Id },
                        cancellationToken
                    )
                )
                    await StopRow.Table.MoveAsync(db, "skip", stop.State, new { stop.Id, stop.Version }, "", cancellationToken);
            audit.Note("trip", trip.Id, new { c.Step });
            return await book.GetAsync(trip.Id, null, cancellationToken);
        }
    }
}
