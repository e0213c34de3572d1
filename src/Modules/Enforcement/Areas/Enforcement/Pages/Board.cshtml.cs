using CourtOps.Enforcement.Figures;
using CourtOps.Kernel.Security;
using CourtOps.Kernel.Web;
using MediatR;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace CourtOps.Enforcement.Pages;

/// <summary>The board of enforcement.</summary>
[Permit("enforcement.read")]
internal sealed class Board(IMediator mediator) : PageModel
{
    [BindProperty(SupportsGet = true)]
    public long? CourtId { get; set; }

    [BindProperty(SupportsGet = true)]
    public DateOnly? From { get; set; }

    [BindProperty(SupportsGet = true)]
    public DateOnly? Until { get; set; }

    public ShowFigures.Result Show { get; private set; } = null!;

    /// <summary>Address of the list of a figure, of what the board shows now.</summary>
    public string List(string code, string value = "", long? court = null, DateOnly? from = null, DateOnly? until = null) =>
        $"/enforcement/board/cases?figure={code}&from={Times.Iso(from ?? Show.Period.From)}&until={Times.Iso(until ?? Show.Period.Until)}"
        + ((court ?? CourtId) is { } c ? $"&courtId={c}" : "")
        + (value.Length > 0 ? $"&value={Uri.EscapeDataString(value)}" : "");

    public async Task OnGetAsync() =>
        Show = await mediator.Send(
            new ShowFigures
            {
                CourtId = CourtId,
                From = From,
                Until = Until,
            }
        );
}
