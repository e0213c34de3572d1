using CourtOps.Enforcement.Linkage;
using CourtOps.Kernel.Messaging;
using CourtOps.Kernel.Security;
using CourtOps.Kernel.Web;
using MediatR;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace CourtOps.Enforcement.Pages.Linkage;

/// <summary>E联办: what agencies were asked, who answers how, the agencies themselves.</summary>
[Permit("enforcement.read")]
internal sealed class Index(IMediator mediator, Texts t) : PageModel, IReload
{
    [BindProperty(SupportsGet = true)]
    public string State { get; set; } = LinkageState.Sent;

    [BindProperty(SupportsGet = true)]
    public DateOnly? AfterDue { get; set; }

    [BindProperty(SupportsGet = true)]
    public long? After { get; set; }

    [BindProperty]
    public Input Data { get; set; } = new();

    public ListLinkages.Result Show { get; private set; } = null!;

    public IReadOnlyList<ListAgencies.Row> Agencies { get; private set; } = [];

    public string? Next => Show.Next is { } next ? $"/enforcement/linkage?state={State}&{next}" : null;

    public Task OnGetAsync() => ReloadAsync();

    public async Task ReloadAsync()
    {
        if (!LinkageState.Labels.ContainsKey(State))
            State = LinkageState.Sent;
        Show = await mediator.Send(
            new ListLinkages
            {
                State = State,
                AfterDue = AfterDue,
                After = After ?? 0,
            }
        );
        Agencies = await mediator.Send(new ListAgencies());
    }

    public async Task<IActionResult> OnPostAsync()
    {
        await mediator.Send(
            new SaveAgency
            {
                Name = Data.Name.Trim(),
                Kind = Data.Kind,
                Login = Data.Login.Trim(),
                Active = !Data.Ended,
                TwoPersons = Data.TwoPersons,
                OutOfTown = Data.OutOfTown,
            }
        );
        return this.Done("/enforcement/linkage", t["已登记"]);
    }

    internal sealed class Input
    {
        public string Name { get; set; } = "";
        public string Kind { get; set; } = "";
        public string Login { get; set; } = "";
        public bool Ended { get; set; }
        public bool TwoPersons { get; set; }
        public bool OutOfTown { get; set; }
    }
}
