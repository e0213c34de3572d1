using CourtOps.Enforcement.Checks;
using CourtOps.Enforcement.Measures;
using CourtOps.Kernel.Audit;
using CourtOps.Kernel.Data;
using CourtOps.Kernel.Messaging;
using CourtOps.Kernel.Security;
using CourtOps.Kernel.Web;
using CourtOps.Workzone.Cases;
using FluentValidation;

namespace CourtOps.Enforcement.Command;

/// <summary>The limits of the steps of an enforcement case (D-06), as days from its filing.</summary>
internal static class Nodes
{
    /// <summary>Chinese names; the keys of their translations.</summary>
    public static readonly IReadOnlyDictionary<string, string> Labels = new Dictionary<string, string>
    {
        ["assign"] = "指定承办人",
        ["notice"] = "发出执行通知书和报告财产令",
        ["network"] = "发起网络查询",
        ["report"] = "审查财产报告",
        ["investigate"] = "完成财产调查",
        ["supervise"] = "满六个月未执结的说明",
        ["begin"] = "开始执行保全",
    };

    public static readonly IReadOnlyDictionary<string, string> Sources = new Dictionary<string, string>
    {
        ["assign"] = "法发〔2006〕35号",
        ["notice"] = "《民诉法解释》第480条、财产调查规定第3条",
        ["network"] = "本院规则，可配置",
        ["report"] = "《民事诉讼法》第252条",
        ["investigate"] = "法发〔2006〕35号",
        ["supervise"] = "《民事诉讼法》第237条",
        ["begin"] = "保全规定第4条",
    };

    /// <summary>The last day of each step. Days of an instruction to the court; they do not roll.</summary>
    public static IReadOnlyList<(string Code, DateOnly Due)> Of(DateOnly filedOn) =>
        [
            ("assign", filedOn.AddDays(7)),
            ("notice", filedOn.AddDays(10)),
            ("network", filedOn.AddDays(10)),
            ("report", filedOn.AddDays(25)),
            ("investigate", filedOn.AddMonths(1)),
            ("supervise", filedOn.AddMonths(6)),
        ];

    /// <summary>The steps of a case that executes a preservation (执保): begun within five days, at once where it is urgent or before a suit (CPL
    /// 103, 104; 保全规定 4).
    /// </summary>
    /// <param name="urgent">Urgent, or asked for before a suit.</param>
    public static IReadOnlyList<(string Code, DateOnly Due)> OfPreservation(DateOnly filedOn, bool urgent) =>
        [("assign", urgent ? filedOn : filedOn.AddDays(3)), ("begin", urgent ? filedOn : filedOn.AddDays(5))];
}

internal sealed record NodeRow
{
    public string Code { get; init; } = "";
    public DateOnly DueOn { get; init; }
    public DateOnly? DoneOn { get; init; }
    public string Words { get; init; } = "";
}

/// <summary>A step of the case was done.</summary>
[Permit("enforcement.work")]
[Audited("enforcement.node.mark")]
internal sealed record MarkNode : ICommand
{
    public long CaseId { get; init; }
    public string Code { get; init; } = "";
    public DateOnly? On { get; init; }
    public string Words { get; init; } = "";

    internal sealed class Validator : AbstractValidator<MarkNode>
    {
        public Validator()
        {
            RuleFor(c => c.CaseId).NotEmpty().WithMessage("请指明案件。");
            RuleFor(c => c.Code).Must(Nodes.Labels.ContainsKey).WithMessage("没有这个节点。");
            RuleFor(c => c.Words).MaximumLength(400).WithMessage("说明最长 400 个字符。");
        }
    }

    internal sealed class Handler(Db db, ICases cases, MeasureWork work, Lookout lookout, Actor actor, AuditTrail audit) : CommandHandler<MarkNode>
    {
        protected override async Task RunAsync(MarkNode c, CancellationToken ct)
        {
            var card = await cases.GetAsync(c.CaseId, ct);
            var on = c.On ?? work.Today;
            if (on > work.Today)
                throw new RuleBroken($"日期不能晚于今天 {Times.Iso(work.Today)}。", "On");
            if (on < card.FiledOn)
                throw new RuleBroken($"日期早于立案日期 {Times.Iso(card.FiledOn)}。", "On");
            await lookout.TrackAsync(card, ct);
            if (
                await db.ExecuteAsync(
                    "UPDATE enforcement_node SET done_on = @on, words = @Words, person_id = @by WHERE case_id = @CaseId AND code = @Code",
                    new
                    {
                        on,
                        c.Words,
                        by = actor.Id,
                        c.CaseId,
                        c.Code,
                    },
                    ct
                ) == 0
            )
                throw new RuleBroken("本案没有这个节点。", "Code");
            await lookout.LookAsync(card.Id, ct);
            audit.Note("node", $"{card.Id}:{c.Code}", new { on }, card.Id);
        }
    }
}
