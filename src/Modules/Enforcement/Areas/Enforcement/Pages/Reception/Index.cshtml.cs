using CourtOps.Enforcement.Reception;
using CourtOps.Kernel.Security;
using CourtOps.Kernel.Web;
using MediatR;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace CourtOps.Enforcement.Pages.Reception;

/// <summary>The desk of the enforcement office: who came about which case, and what they were told.</summary>
[Permit("enforcement.read")]
internal sealed class Index(IMediator mediator, Secrets secrets, Actor me, Texts t) : PageModel, IReload
{
    [BindProperty(SupportsGet = true)]
    public string State { get; set; } = "open";

    [BindProperty]
    public Input Data { get; set; } = new();

    public IReadOnlyList<VisitRow> Rows { get; private set; } = [];

    /// <summary>The number in clear for whoever works the case, its tail for others.</summary>
    public string? Phone(VisitRow visit) =>
        secrets.Reveal(visit.PhoneEnc) is not { } phone ? null
        : me.Can("enforcement.work") ? phone
        : Secrets.Tail(phone);

    public Task OnGetAsync() => ReloadAsync();

    public async Task ReloadAsync()
    {
        if (!VisitRow.States.ContainsKey(State))
            State = "open";
        Rows = await mediator.Send(new ListVisits { State = State });
    }

    public async Task<IActionResult> OnPostTakeAsync()
    {
        await mediator.Send(
            new TakeVisit
            {
                CaseNumber = Data.CaseNumber,
                Visitor = Data.Visitor,
                Phone = Data.Phone ?? "",
                Way = Data.Way,
                Topic = Data.Topic,
                Words = Data.Words,
                Due = Data.Due,
            }
        );
        return this.Done("/enforcement/reception", t["已登记"]);
    }

    public async Task<IActionResult> OnPostAnswerAsync()
    {
        await mediator.Send(
            new AnswerVisit
            {
                Id = Data.Id,
                Version = Data.Version,
                Answer = Data.Answer,
            }
        );
        return this.Done("/enforcement/reception", t["已登记"]);
    }

    internal sealed class Input
    {
        public long Id { get; set; }
        public int? Version { get; set; }
        public string CaseNumber { get; set; } = "";
        public string Visitor { get; set; } = "";
        public string? Phone { get; set; }
        public string Way { get; set; } = "desk";
        public string Topic { get; set; } = "";
        public string Words { get; set; } = "";
        public DateOnly? Due { get; set; }
        public string Answer { get; set; } = "";
    }
}
