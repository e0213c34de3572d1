using CourtOps.Kernel.Security;
using CourtOps.ServiceOfDocuments.Tasks;
using MediatR;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace CourtOps.ServiceOfDocuments.Pages;

/// <summary>What the centre has under way, by recipient.</summary>
[Permit("service.read")]
internal sealed class Index(IMediator mediator) : PageModel
{
    [BindProperty(SupportsGet = true)]
    public string? State { get; set; }

    [BindProperty(SupportsGet = true)]
    public long? After { get; set; }

    public ListNotices.Result Data { get; private set; } = new([], null);

    public string? Next =>
        Data.Next is { } next ? $"/service?after={next}{(string.IsNullOrEmpty(State) ? "" : "&state=" + Uri.EscapeDataString(State))}" : null;

    public async Task OnGetAsync() => Data = await mediator.Send(new ListNotices { State = State, After = After ?? long.MaxValue });
}
