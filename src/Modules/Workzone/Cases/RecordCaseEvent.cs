using CourtOps.Kernel.Audit;
using CourtOps.Kernel.Data;
using CourtOps.Kernel.Messaging;
using CourtOps.Kernel.Security;
using CourtOps.Kernel.Web;
using CourtOps.Workzone.Triggers;
using FluentValidation;

namespace CourtOps.Workzone.Cases;

/// <summary>What a person or another system says happened to a case. The same event of the same day is recorded once.</summary>
[Permit("workzone.cases.events")]
[Audited("workzone.case.event")]
internal sealed record RecordCaseEvent : ICommand<RecordCaseEvent.Result>
{
    public long CaseId { get; init; }
    public string Event { get; init; } = "";
    public DateOnly? On { get; init; }

    /// <summary>The event's own word: how a case was closed, the kind of a document, the upper court's result.</summary>
    public string Detail { get; init; } = "";
    public string Note { get; init; } = "";

    /// <summary>What it comes from, where another system says it: the same key is one event.</summary>
    public string? Key { get; init; }

    internal sealed record Result(bool Recorded);

    internal sealed class Validator : AbstractValidator<RecordCaseEvent>
    {
        public Validator()
        {
            RuleFor(c => c.Event).Must(CaseEvents.ByHand.ContainsKey).WithMessage("请选择发生的事件。");
            RuleFor(c => c.On).NotNull().WithMessage("请填事件发生的日期。");
            RuleFor(c => c.Detail).MaximumLength(40).WithMessage("细项最长 40 个字符。");
            RuleFor(c => c.Note).MaximumLength(400).WithMessage("说明最长 400 个字符。");
            RuleFor(c => c.Key).MaximumLength(100).WithMessage("key 最长 100 个字符。");
            RuleFor(c => c.Detail).Must(CaseClosings.Labels.ContainsKey).When(c => c.Event == "closed").WithMessage("结案须写明结案方式。");
            RuleFor(c => c.Detail).Must(CaseEvents.UpperResults.ContainsKey).When(c => c.Event == "upper-result").WithMessage("上级法院裁判须写明结果。");
            RuleFor(c => c.Detail)
                .Must(Documents.DocumentKinds.Labels.ContainsKey)
                .When(c => c.Event == "document-issued" && c.Detail.Length > 0)
                .WithMessage("文书签发的细项应是文书种类。");
        }
    }

    internal sealed class Handler(Db db, ICases cases, ICaseRegister register, TimeProvider clock) : ICommandHandler<RecordCaseEvent, Result>
    {
        public async Task<Result> Handle(RecordCaseEvent request, CancellationToken cancellationToken)
        {
            var card = await cases.GetAsync(request.CaseId, cancellationToken);
            var on = request.On!.Value;
            if (on > Times.Day(clock.GetUtcNow()))
                throw new RuleBroken($"事件日期 {Times.Iso(on)} 在今天之后。", "On");
            if (on < card.FiledOn && request.Event != "prosecution-withdrawn")
                throw new RuleBroken($"事件日期 {Times.Iso(on)} 早于立案日期 {Times.Iso(card.FiledOn)}。", "On");
            var key = request.Key is { Length: > 0 } given ? "api:" + given : $"{request.Event}:{Times.Iso(on)}:{request.Detail}";
            if (
                await db.ScalarAsync<int>(
                    "SELECT COUNT(*) FROM workzone_case_event WHERE case_id = @CaseId AND source_key = @key",
                    new { request.CaseId, key },
                    cancellationToken
                ) > 0
            )
                return new Result(false);
            if (request.Event == "closed")
            {
                await register.CloseAsync(request.CaseId, request.Detail, on, key, request.Note, cancellationToken);
                return new Result(true);
            }
            CaseEvents.DemandBeforeClosing(
                request.Event,
                on,
                await db.FirstAsync<DateOnly?>("SELECT closed_on FROM workzone_case WHERE id = @CaseId", new { request.CaseId }, cancellationToken)
            );
            var facts = new Dictionary<string, string>();
            if (request.Detail.Length > 0)
                facts[request.Event is "document-issued" ? "kind" : "outcome"] = request.Detail;
            if (request.Note.Length > 0)
                facts["note"] = request.Note;
            return new Result(await register.RecordAsync(request.CaseId, request.Event, on, key, facts, null, cancellationToken));
        }
    }
}

/// <summary>The events that people and other systems record; the rest comes from the modules themselves.</summary>
internal static class CaseEvents
{
    public static readonly IReadOnlyDictionary<string, string> ByHand = new Dictionary<string, string>
    {
        ["panel-formed"] = "组成合议庭",
        ["hearing-held"] = "开庭",
        ["document-issued"] = "文书签发",
        ["claims-changed"] = "变更诉讼请求",
        ["preservation-ruled"] = "裁定保全",
        ["effective"] = "裁判生效",
        ["appealed"] = "提起上诉",
        ["transferred"] = "移送",
        ["upper-result"] = "上级法院裁判",
        ["performed"] = "履行完毕",
        ["closed"] = "结案",
        ["custody-near"] = "羁押期限将满",
        ["prosecution-withdrawn"] = "撤回起诉",
    };

    /// <summary>What a court above decided, by code.</summary>
    public static readonly IReadOnlyDictionary<string, string> UpperResults = new Dictionary<string, string>
    {
        ["upheld"] = "维持原判",
        ["changed"] = "改判",
        ["remanded"] = "发回重审",
        ["quashed"] = "撤销原裁定，指令审理",
        ["appeal-withdrawn"] = "准许撤回上诉",
        ["mediated"] = "二审调解",
    };

    /// <summary>The words an event may carry as its detail: each event has its own; null where anything may stand.</summary>
    public static IReadOnlyDictionary<string, string>? DetailsOf(string what) =>
        what switch
        {
            "closed" => CaseClosings.Labels,
            "document-issued" => Documents.DocumentKinds.Labels,
            "upper-result" => UpperResults,
            _ => null,
        };

    /// <summary>All details with the event they belong to, for the choice of the form.</summary>
    public static IEnumerable<(string Event, string Code, string Label)> Details() =>
        new[] { "closed", "document-issued", "upper-result" }.SelectMany(e => DetailsOf(e)!.Select(d => (e, d.Key, d.Value)));

    /// <summary>What cannot happen after a case was closed is refused on a day after the closing; an earlier day that arrives late is history.</summary>
    /// <exception cref="RuleBroken">After the closing.</exception>
    public static void DemandBeforeClosing(string what, DateOnly on, DateOnly? closedOn)
    {
        if (closedOn is { } closed && on > closed && what is ("hearing-held" or "panel-formed" or "claims-changed"))
            throw new RuleBroken($"案件已于 {Times.Iso(closed)} 结案，不能登记此后的这种事件；结案有误的请先撤回结案。", "Event", "closed");
    }
}
