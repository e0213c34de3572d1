using CourtOps.Kernel.Audit;
using CourtOps.Kernel.Data;
using CourtOps.Kernel.Messaging;
using CourtOps.Kernel.Security;
using FluentValidation;

namespace CourtOps.TrialSupport.Hearings;

internal sealed record Room
{
    /// <summary>What a courtroom can have, and what a hearing can need.</summary>
    public static readonly IReadOnlyDictionary<string, string> Kinds = new Dictionary<string, string>
    {
        ["recording"] = "录音录像",
        ["video"] = "视频连线",
        ["interpreting"] = "朝汉同传",
        ["custody"] = "羁押通道",
        ["access"] = "无障碍",
        ["mobile"] = "巡回法庭",
    };

    public long Id { get; init; }
    public string Name { get; init; } = "";
    public int Size { get; init; }
    public string Features { get; init; } = "";
    public bool Online { get; init; }
    public bool Active { get; init; }
    public int Version { get; init; }

    public IReadOnlySet<string> FeatureSet => Features.Split(',', StringSplitOptions.RemoveEmptyEntries).ToHashSet();
}

internal sealed record RoomDay
{
    public long RoomId { get; init; }
    public DateOnly ClosedOn { get; init; }
    public string Reason { get; init; } = "";
}

/// <summary>The lead of the centre adds or changes a courtroom of the court acted in.</summary>
[Permit("trial.rooms")]
[Audited("trial.room.save")]
internal sealed record SaveRoom : ICommand<long>
{
    public long? Id { get; init; }
    public int? Version { get; init; }
    public string Name { get; init; } = "";
    public int? Size { get; init; }
    public IReadOnlyList<string> Features { get; init; } = [];
    public bool Online { get; init; }
    public bool Active { get; init; } = true;

    internal sealed class Validator : AbstractValidator<SaveRoom>
    {
        public Validator()
        {
            RuleFor(c => c.Name).NotEmpty().WithMessage("请填写法庭名称。").MaximumLength(60).WithMessage("名称最长 60 个字符。");
            RuleFor(c => c.Size).NotNull().WithMessage("请填写座位数。").InclusiveBetween(1, 2000).WithMessage("座位数应在 1 到 2000 之间。");
            RuleForEach(c => c.Features).Must(Room.Kinds.ContainsKey).WithMessage("没有这种设备。");
        }
    }

    internal sealed class Handler(Db db, Ids ids, Actor actor, AuditTrail audit) : ICommandHandler<SaveRoom, long>
    {
        public async Task<long> Handle(SaveRoom request, CancellationToken cancellationToken)
        {
            var id = request.Id ?? ids.Next();
            var args = new
            {
                id,
                court = actor.CourtId,
                name = request.Name.Trim(),
                request.Size,
                features = string.Join(',', request.Features.Distinct().Order(StringComparer.Ordinal)),
                request.Online,
                request.Active,
                request.Version,
            };
            try
            {
                if (request.Id is null)
                    await db.ExecuteAsync(
                        "INSERT INTO trial_room (id, court_id, name, size, features, online, active, version) VALUES (@id, @court, @name, @Size, "
                            + "@features, @Online, @Active, 1)",
                        args,
                        cancellationToken
                    );
                else if (
                    await db.ExecuteAsync(
                        "UPDATE trial_room SET name = @name, size = @Size, features = @features, online = @Online, active = @Active, version = "
                            + "version + 1 WHERE id = @id AND court_id = @court AND version = @Version",
                        args,
                        cancellationToken
                    ) == 0
                )
                    throw await db.ScalarAsync<int>("SELECT COUNT(*) FROM trial_room WHERE id = @id AND court_id = @court", args, cancellationToken) == 0
                        ? new NotFound("法庭", id)
                        : new Conflict("法庭刚被他人修改，请刷新后再看。");
            }
            catch (Exception e) when (db.Dialect.IsDuplicate(e))
            {
                throw new RuleBroken($"本院已有名为“{args.name}”的法庭。", "Name");
            }
            audit.Note(
                "trial-room",
                id,
                new
                {
                    args.name,
                    request.Size,
                    args.features,
                    request.Active,
                }
            );
            return id;
        }
    }
}

/// <summary>Closes a courtroom on days, or opens it again. What is booked there stays and is named in the answer.</summary>
[Permit("trial.rooms")]
[Audited("trial.room.close")]
internal sealed record CloseRoom : ICommand<int>
{
    public long Id { get; init; }
    public DateOnly? From { get; init; }
    public DateOnly? Until { get; init; }
    public string Reason { get; init; } = "";
    public bool Open { get; init; }

    internal sealed class Validator : AbstractValidator<CloseRoom>
    {
        public Validator()
        {
            RuleFor(c => c.From).NotNull().WithMessage("请填写起始日期。");
            RuleFor(c => c.Until)
                .Must((c, u) => u is null || u >= c.From)
                .WithMessage("结束日期早于开始日期。")
                .Must((c, u) => u is null || c.From is null || u.Value.DayNumber - c.From.Value.DayNumber < 120)
                .WithMessage("一次最多停用 120 天。");
            RuleFor(c => c.Reason).NotEmpty().When(c => !c.Open).WithMessage("请写明停用的原因。").MaximumLength(200).WithMessage("原因最长 200 个字符。");
        }
    }

    internal sealed class Handler(Db db, Actor actor, AuditTrail audit) : ICommandHandler<CloseRoom, int>
    {
        public async Task<int> Handle(CloseRoom request, CancellationToken cancellationToken)
        {
            if (
                await db.ScalarAsync<int>(
                    "SELECT COUNT(*) FROM trial_room WHERE id = @Id AND court_id = @court",
                    new { request.Id, court = actor.CourtId },
                    cancellationToken
                ) == 0
            )
                throw new NotFound("法庭", request.Id);
            var (from, until) = (request.From!.Value, request.Until ?? request.From.Value);
            await db.ExecuteAsync(
                "DELETE FROM trial_room_closed WHERE room_id = @Id AND closed_on >= @from AND closed_on <= @until",
                new
                {
                    request.Id,
                    from,
                    until,
                },
                cancellationToken
            );
            for (var day = from; !request.Open && day <= until; day = day.AddDays(1))
                await db.ExecuteAsync(
                    "INSERT INTO trial_room_closed (room_id, closed_on, reason) VALUES (@Id, @day, @Reason)",
                    new
                    {
                        request.Id,
                        day,
                        request.Reason,
                    },
                    cancellationToken
                );
            audit.Note(
                "trial-room",
                request.Id,
                new
                {
                    from,
                    until,
                    request.Open,
                    request.Reason,
                }
            );
            return await db.ScalarAsync<int>(
                "SELECT COUNT(*) FROM trial_hearing WHERE room_id = @Id AND held_on >= @from AND held_on <= @until AND state IN ('provisional', 'confirmed')",
                new
                {
                    request.Id,
                    from,
                    until,
                },
                cancellationToken
            );
        }
    }
}

/// <summary>The courtrooms of the court acted in, with the days they are closed from now on.</summary>
[Permit("trial.read")]
internal sealed record ListRooms : IQuery<ListRooms.Result>
{
    internal sealed record Result(IReadOnlyList<Room> Rooms, IReadOnlyList<RoomDay> Closed);

    internal sealed class Handler(Db db, Actor actor, TimeProvider clock) : IQueryHandler<ListRooms, Result>
    {
        public async Task<Result> Handle(ListRooms request, CancellationToken cancellationToken)
        {
            var args = new { court = actor.CourtId, today = Kernel.Web.Times.Day(clock.GetUtcNow()) };
            return new Result(
                await db.QueryAsync<Room>(
                    "SELECT id, name, size, features, online, active, version FROM trial_room WHERE court_id = @court ORDER BY active DESC, name, id",
                    args,
                    cancellationToken
                ),
                await db.QueryAsync<RoomDay>(
                    "SELECT d.room_id, d.closed_on, d.reason FROM trial_room_closed d JOIN trial_room r ON r.id = d.room_id WHERE r.court_id = @court "
                        + "AND d.closed_on >= @today ORDER BY d.closed_on",
                    args,
                    cancellationToken
                )
            );
        }
    }
}
