using CourtOps.Kernel.Audit;
using CourtOps.Kernel.Data;
using CourtOps.Kernel.Messaging;
using CourtOps.Kernel.Security;
using CourtOps.Kernel.Web;
using CourtOps.Law;
using CourtOps.Workzone.Cases;
using FluentValidation;

namespace CourtOps.TrialSupport.Appeals;

/// <summary>What comes back from the court above: its case number, its result, the file.</summary>
[Permit("trial.schedule")]
[Audited("trial.appeal.upper")]
internal sealed record RecordUpper : ICommand<Appeal>
{
    public static readonly IReadOnlyDictionary<string, string> Acts = new Dictionary<string, string>
    {
        ["accept"] = "二审立案，案号",
        ["decide"] = "二审结果",
        ["return"] = "案卷退回",
    };

    public long CaseId { get; init; }
    public long Id { get; init; }
    public int? Version { get; init; }

    /// <summary>A key of <see cref="Acts"/>.</summary>
    public string Act { get; init; } = "";
    public DateOnly? On { get; init; }
    public string Number { get; init; } = "";

    /// <summary>A key of <see cref="AppealRules.Results"/>.</summary>
    public string Result { get; init; } = "";
    public string Words { get; init; } = "";

    internal sealed class Validator : AbstractValidator<RecordUpper>
    {
        public Validator()
        {
            RuleFor(c => c.Act).Must(Acts.ContainsKey).WithMessage("请选择登记什么：二审案号、二审结果或者案卷退回。");
            RuleFor(c => c.On)
                .NotNull()
                .WithMessage("请填写日期。")
                .Must(d => d is null or { Year: >= 2000 and <= 2100 })
                .WithMessage("日期应在 2000 年到 2100 年之间。");
            RuleFor(c => c.Number)
                .Must(n => CaseNumber.TryParse(n.Trim(), out _))
                .When(c => c.Act == "accept" || c.Number.Trim().Length > 0)
                .WithMessage("请填写完整的二审案号，如（2026）吉24民终100号。");
            RuleFor(c => c.Result).Must(AppealRules.Results.ContainsKey).When(c => c.Act == "decide").WithMessage("请选择二审结果。");
            RuleFor(c => c.Words).MaximumLength(400).WithMessage("最长 400 个字符。");
        }
    }

    internal sealed class Handler(Db db, TimeProvider clock, ICases cases, AuditTrail audit) : ICommandHandler<RecordUpper, Appeal>
    {
        public async Task<Appeal> Handle(RecordUpper c, CancellationToken cancellationToken)
        {
            var card = await cases.GetAsync(c.CaseId, cancellationToken);
            var a = await AppealBook.GetAsync(db, card.Id, c.Id, c.Version, cancellationToken);
            if (a.State == "open")
                throw new RuleBroken("案卷还没有移送，没有二审可以登记。", "Act", "state");
            if (Appeal.Table.Find(c.Act, a.State) is null)
                throw new RuleBroken($"上诉现在是“{Appeal.States[a.State]}”，不能登记这一项。", "Act", "state");
            var from = c.Act == "return" ? a.ResultOn ?? a.ReceivedOn : a.TransferredOn ?? a.ReceivedOn;
            if (c.On < from || c.On > Times.Day(clock.GetUtcNow()))
                throw new RuleBroken($"日期应在 {Times.Iso(from)} 之后、今天以前。", "On");
            var number =
                c.Number.Trim().Length == 0 ? a.UpperNumber
                : CaseNumber.TryParse(c.Number.Trim(), out var parsed) && parsed.Canonical != a.CaseNumber ? parsed.Canonical
                : throw new RuleBroken("这是本案一审的案号，请填写二审案号。", "Number", "own");
            await Appeal.Table.MoveAsync(
                db,
                c.Act,
                a.State,
                new
                {
                    a.Id,
                    a.Version,
                    c.On,
                    number,
                    c.Result,
                    words = c.Words.Trim() is { Length: > 0 } w ? w : null,
                },
                c.Act switch
                {
                    "accept" => "upper_number = @number, upper_on = @On",
                    "decide" => "upper_number = @number, result = @Result, result_on = @On, result_words = @words",
                    _ => "returned_on = @On",
                },
                cancellationToken
            );
            audit.Note(
                "appeal",
                a.Id,
                new
                {
                    c.Act,
                    c.On,
                    number,
                    c.Result,
                },
                card.Id
            );
            return await AppealBook.GetAsync(db, card.Id, a.Id, null, cancellationToken);
        }
    }
}
