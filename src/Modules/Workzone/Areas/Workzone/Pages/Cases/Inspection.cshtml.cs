using CourtOps.Kernel.Security;
using CourtOps.Kernel.Web;
using CourtOps.Workzone.Inspections;
using MediatR;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace CourtOps.Workzone.Pages.Cases;

/// <summary>What is wrong with the record of a case, and the forms that correct it.</summary>
[Permit("workzone.inspection.read")]
internal sealed class Inspection(IMediator mediator, Texts t, Actor actor) : PageModel, IReload
{
    [BindProperty(SupportsGet = true)]
    public long Id { get; set; }

    [BindProperty]
    public Input Data { get; set; } = new();

    public ShowCaseInspection.Result Show { get; private set; } = null!;

    public bool MayCorrect => actor.Can("workzone.inspection.correct");

    public bool MayWaive => actor.Can("workzone.inspection.waive");

    public Task OnGetAsync() => ReloadAsync();

    public async Task ReloadAsync() => Show = await mediator.Send(new ShowCaseInspection { CaseId = Id });

    public Task<IActionResult> OnPostAgainAsync() => DoAsync(new InspectCase { CaseId = Id }, "已再质检一次");

    public Task<IActionResult> OnPostCaseAsync() =>
        DoAsync(
            new CorrectCase
            {
                CaseId = Id,
                Kind = Data.Kind,
                Cause = string.IsNullOrWhiteSpace(Data.Cause) ? null : Data.Cause,
                Amount = Data.Amount,
                FiledOn = Data.FiledOn,
                AllottedOn = Data.AllottedOn,
                CustodyUntil = Data.CustodyUntil,
                NoCustody = Data.NoCustody,
                ClosedOn = Data.ClosedOn,
                ClosedHow = Data.ClosedHow,
                Reason = Data.Reason ?? "",
                Version = Data.Version,
            },
            "已更正，并再次质检"
        );

    public Task<IActionResult> OnPostPartyAsync(long person, string? role, string? partyType) =>
        DoAsync(
            new CorrectParty
            {
                PartyId = person,
                Role = role ?? "",
                PartyType = partyType ?? "",
            },
            "已更正，并再次质检"
        );

    public Task<IActionResult> OnPostAgentAsync(long person, string? agent, string? kind, string? agentPhone, bool ended) =>
        DoAsync(
            new SaveAgent
            {
                PartyId = person,
                Name = agent ?? "",
                Type = kind ?? "",
                Phone = agentPhone?.Trim() ?? "",
                Ended = ended,
            },
            "代理人已登记，并再次质检"
        );

    public Task<IActionResult> OnPostUndoAsync(long happening, string? why) =>
        DoAsync(
            new UndoEvent
            {
                CaseId = Id,
                EventId = happening,
                Reason = why ?? "",
            },
            "已撤回，并再次质检"
        );

    public Task<IActionResult> OnPostWaiveAsync(long finding, string? why) =>
        DoAsync(new WaiveFinding { Id = finding, Reason = why ?? "" }, "已按现有登记保留");

    private async Task<IActionResult> DoAsync<T>(IRequest<T> request, string said)
    {
        await mediator.Send(request);
        return this.Done($"/cases/{Id}/inspection", t[said]);
    }

    internal sealed class Input
    {
        public string? Kind { get; set; }
        public string? Cause { get; set; }
        public decimal? Amount { get; set; }
        public DateOnly? FiledOn { get; set; }
        public DateOnly? AllottedOn { get; set; }
        public DateOnly? CustodyUntil { get; set; }
        public bool NoCustody { get; set; }
        public DateOnly? ClosedOn { get; set; }
        public string? ClosedHow { get; set; }
        public string? Reason { get; set; }
        public int? Version { get; set; }
    }
}
