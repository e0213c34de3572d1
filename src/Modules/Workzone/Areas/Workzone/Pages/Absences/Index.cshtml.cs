using CourtOps.Kernel.Security;
using CourtOps.Kernel.Web;
using CourtOps.Workzone.People;
using MediatR;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace CourtOps.Workzone.Pages.Absences;

/// <summary>Absences and deputies: one's own, and for leaders and leads those of the court.</summary>
[Permit("workzone.absences.read")]
internal sealed class Index(IMediator mediator, Texts t) : PageModel, IReload
{
    [BindProperty]
    public Input Data { get; set; } = new();

    public IReadOnlyList<ListAbsences.Row> Rows { get; private set; } = [];

    public Task OnGetAsync() => ReloadAsync();

    public async Task ReloadAsync() => Rows = await mediator.Send(new ListAbsences());

    public async Task<IActionResult> OnPostAsync()
    {
        await mediator.Send(
            new SaveAbsence
            {
                Login = Data.Login,
                From = Data.From,
                Until = Data.Until,
                Deputy = Data.Deputy,
                Reason = Data.Reason ?? "",
            }
        );
        return this.Done("/absences", t["已登记"]);
    }

    public async Task<IActionResult> OnPostCancelAsync(long id)
    {
        await mediator.Send(new CancelAbsence { Id = id });
        return this.Done("/absences", t["已销假"]);
    }

    public async Task<IActionResult> OnPostConfirmAsync(long id)
    {
        await mediator.Send(new ConfirmDeputy { Id = id });
        return this.Done("/absences", t["已确认，代理人可以办理封存案件"]);
    }

    internal sealed class Input
    {
        public string? Login { get; set; }
        public DateOnly? From { get; set; }
        public DateOnly? Until { get; set; }
        public string? Deputy { get; set; }
        public string? Reason { get; set; }
    }
}
