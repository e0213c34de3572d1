using CourtOps.Kernel.Audit;
using CourtOps.Kernel.Data;
using CourtOps.Kernel.Messaging;
using CourtOps.Kernel.Security;
using CourtOps.Kernel.States;
using CourtOps.Kernel.Web;
using CourtOps.Workzone.Cases;
using FluentValidation;

namespace CourtOps.TrialSupport.Appeals;

/// <summary>Something that an appeal lacks and that was asked for: papers, the fee, what its service needs (G-10).</summary>
internal sealed record AppealNeed
{
    public const string Columns =
        "SELECT n.id, n.appeal_id, n.kind, n.words, n.upper_asks, n.asked_on, n.due_on, n.urged, n.urged_on, n.got_on, n.got_words, n.state, n.by_name, "
        + "n.version FROM trial_appeal_need n";

    public static readonly IReadOnlyDictionary<string, string> States = new Dictionary<string, string>
    {
        ["open"] = "待补",
        ["received"] = "已收到",
        ["dropped"] = "不再要求",
    };

    public static readonly StateTable Table = new(
        "trial_appeal_need",
        "补正",
        new("urge", ["open"], null),
        new("receive", ["open"], "received"),
        new("drop", ["open"], "dropped")
    );

    public long Id { get; init; }
    public long AppealId { get; init; }

    /// <summary>A key of <see cref="AppealRules.Needs"/>.</summary>
    public string Kind { get; init; } = "";
    public string Words { get; init; } = "";

    /// <summary>The court above asked for it.</summary>
    public bool UpperAsks { get; init; }
    public DateOnly AskedOn { get; init; }
    public DateOnly DueOn { get; init; }
    public int Urged { get; init; }
    public DateOnly? UrgedOn { get; init; }
    public DateOnly? GotOn { get; init; }
    public string? GotWords { get; init; }
    public string State { get; init; } = "";
    public string ByName { get; init; } = "";
    public int Version { get; init; }
}

/// <summary>Asks for what an appeal lacks, with its day; the fee's notice is the step of its clock.</summary>
[Permit("trial.schedule")]
[Audited("trial.appeal.ask")]
internal sealed record AskAppeal : ICommand<long>
{
    public long CaseId { get; init; }
    public long Id { get; init; }

    /// <summary>A key of <see cref="AppealRules.Needs"/>.</summary>
    public string Kind { get; init; } = "";
    public string Words { get; init; } = "";
    public DateOnly? On { get; init; }

    /// <summary>Calendar days it is given; null: those of its kind.</summary>
    public int? Days { get; init; }
    public bool UpperAsks { get; init; }

    internal sealed class Validator : AbstractValidator<AskAppeal>
    {
        public Validator()
        {
            RuleFor(c => c.Kind).Must(AppealRules.Needs.ContainsKey).WithMessage("请选择要补什么。");
            RuleFor(c => c.Words).NotEmpty().WithMessage("请写明要补的材料或者数额。").MaximumLength(400).WithMessage("最长 400 个字符。");
            RuleFor(c => c.Days).Must(d => d is null or (>= 1 and <= AppealRules.MostDays)).WithMessage($"补正的日数应在 1 到 {AppealRules.MostDays} 之间。");
            RuleFor(c => c.On).Must(d => d is null or { Year: >= 2000 and <= 2100 }).WithMessage("日期应在 2000 年到 2100 年之间。");
        }
    }

    internal sealed class Handler(Db db, Ids ids, Actor actor, TimeProvider clock, ICases cases, AuditTrail audit) : ICommandHandler<AskAppeal, long>
    {
        public async Task<long> Handle(AskAppeal c, CancellationToken cancellationToken)
        {
            var card = await cases.GetAsync(c.CaseId, cancellationToken);
            var a = await AppealBook.GetAsync(db, card.Id, c.Id, null, cancellationToken);
            if (a.State is not ("open" or "transferred" or "upper"))
                throw new RuleBroken($"上诉现在是“{Appeal.States[a.State]}”，不能再要求补正。", "Id", "state");
            if (c.UpperAsks && a.State == "open")
                throw new RuleBroken("案卷还没有移送，上级法院不会要求补正。", "UpperAsks", "state");
            var today = Times.Day(clock.GetUtcNow());
            var on = c.On ?? today;
            if (on < a.ReceivedOn || on > today)
                throw new RuleBroken("日期应在收到上诉状之后、今天以前。", "On");
            if ((await AppealBook.NeedsAsync(db, a.Id, cancellationToken)).Any(n => n.State == "open" && n.Kind == c.Kind && n.Words == c.Words.Trim()))
                throw new RuleBroken("同样的补正已经要求过，还没有收到。", "Words", "twice");
            var id = ids.Next();
            var due = on.AddDays(c.Days ?? AppealRules.Needs[c.Kind].Days);
            await db.ExecuteAsync(
                "INSERT INTO trial_appeal_need (id, appeal_id, kind, words, upper_asks, asked_on, due_on, urged, state, by_name, version) VALUES (@id, "
                    + "@appeal, @Kind, @words, @UpperAsks, @on, @due, 0, 'open', @name, 1)",
                new
                {
                    id,
                    appeal = a.Id,
                    c.Kind,
                    words = c.Words.Trim(),
                    c.UpperAsks,
                    on,
                    due,
                    name = actor.Name,
                },
                cancellationToken
            );
            // the notice of the fee is a step of the appeal's clock
            if (c.Kind == "fee" && a.State == "open" && !a.Done.ContainsKey("fee"))
                await AppealBook.StepAsync(db, a, a.Done.Append(new("fee", on)), a.ItemSet, cancellationToken);
            audit.Note(
                "appeal",
                a.Id,
                new
                {
                    need = id,
                    c.Kind,
                    due,
                },
                card.Id
            );
            return id;
        }
    }
}

/// <summary>What was asked for has come, is urged, or is not asked for any more with the reason.</summary>
[Permit("trial.schedule")]
[Audited("trial.appeal.need")]
internal sealed record SettleNeed : ICommand<AppealNeed>
{
    public static readonly IReadOnlyDictionary<string, string> Acts = new Dictionary<string, string>
    {
        ["receive"] = "已收到",
        ["urge"] = "催一次",
        ["drop"] = "不再要求",
    };

    public long CaseId { get; init; }
    public long Id { get; init; }
    public long NeedId { get; init; }
    public int? Version { get; init; }

    /// <summary>A key of <see cref="Acts"/>.</summary>
    public string Act { get; init; } = "";
    public DateOnly? On { get; init; }
    public string Words { get; init; } = "";

    internal sealed class Validator : AbstractValidator<SettleNeed>
    {
        public Validator()
        {
            RuleFor(c => c.NeedId).NotEmpty().WithMessage("请指明哪一项补正。");
            RuleFor(c => c.Act).Must(Acts.ContainsKey).WithMessage("请选择：已收到、催一次或者不再要求。");
            RuleFor(c => c.Words)
                .NotEmpty()
                .When(c => c.Act == "drop")
                .WithMessage("请写明为什么不再要求。")
                .MaximumLength(400)
                .WithMessage("最长 400 个字符。");
            RuleFor(c => c.On).Must(d => d is null or { Year: >= 2000 and <= 2100 }).WithMessage("日期应在 2000 年到 2100 年之间。");
        }
    }

    internal sealed class Handler(Db db, TimeProvider clock, ICases cases, AuditTrail audit) : ICommandHandler<SettleNeed, AppealNeed>
    {
        public async Task<AppealNeed> Handle(SettleNeed c, CancellationToken cancellationToken)
        {
            var card = await cases.GetAsync(c.CaseId, cancellationToken);
            var a = await AppealBook.GetAsync(db, card.Id, c.Id, null, cancellationToken);
            var n = (await AppealBook.NeedsAsync(db, a.Id, cancellationToken)).FirstOrDefault(x => x.Id == c.NeedId) ?? throw new NotFound("补正", c.NeedId);
            if (c.Version is { } seen && seen != n.Version)
                throw new Conflict("补正刚被他人办理，请刷新后再看。");
            var today = Times.Day(clock.GetUtcNow());
            var on = c.On ?? today;
            if (on < n.AskedOn || on > today)
                throw new RuleBroken("日期应在要求补正之后、今天以前。", "On");
            if (c.Act == "urge" && today <= n.DueOn)
                throw new RuleBroken($"补正的期限到 {Times.Iso(n.DueOn)}，还没有届满，不需要催。", "Act", "not-due");
            if (c.Act == "urge" && n.UrgedOn == today)
                throw new RuleBroken("今天已经催过。", "Act", "today");
            await AppealNeed.Table.MoveAsync(
                db,
                c.Act,
                n.State,
                new
                {
                    n.Id,
                    n.Version,
                    on,
                    today,
                    words = c.Words.Trim() is { Length: > 0 } w ? w : null,
                },
                c.Act == "urge" ? "urged = urged + 1, urged_on = @today" : "got_on = @on, got_words = @words",
                cancellationToken
            );
            // the receipt of the fee belongs into the parcel
            if (c.Act == "receive" && n.Kind == "fee" && a.State == "open" && !a.ItemSet.Contains("fee"))
                await AppealBook.StepAsync(db, a, a.Done, a.ItemSet.Append("fee"), cancellationToken);
            audit.Note(
                "appeal",
                a.Id,
                new
                {
                    need = n.Id,
                    c.Act,
                    on,
                    late = Math.Max(0, on.DayNumber - n.DueOn.DayNumber),
                },
                card.Id
            );
            return (await AppealBook.NeedsAsync(db, a.Id, cancellationToken)).First(x => x.Id == n.Id);
        }
    }
}
