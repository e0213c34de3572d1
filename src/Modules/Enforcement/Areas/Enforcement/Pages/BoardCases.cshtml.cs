using System.Globalization;
using CourtOps.Enforcement.Figures;
using CourtOps.Kernel.Security;
using CourtOps.Kernel.Web;
using MediatR;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace CourtOps.Enforcement.Pages;

/// <summary>The rows behind a figure of the board.</summary>
[Permit("enforcement.read")]
internal sealed class BoardCases(IMediator mediator) : PageModel
{
    [BindProperty(SupportsGet = true)]
    public string Figure { get; set; } = "open";

    [BindProperty(SupportsGet = true)]
    public string? Value { get; set; }

    [BindProperty(SupportsGet = true)]
    public long? CourtId { get; set; }

    [BindProperty(SupportsGet = true)]
    public DateOnly? From { get; set; }

    [BindProperty(SupportsGet = true)]
    public DateOnly? Until { get; set; }

    [BindProperty(SupportsGet = true)]
    public long? After { get; set; }

    public ListFigure.Result Show { get; private set; } = null!;

    private string Scope => $"from={Times.Iso(Show.Period.From)}&until={Times.Iso(Show.Period.Until)}{(CourtId is { } c ? $"&courtId={c}" : "")}";

    public string Back => $"/enforcement/board?{Scope}";

    public string? Next =>
        Show.Next is { } next
            ? $"/enforcement/board/cases?figure={Figure}&{Scope}{(string.IsNullOrEmpty(Value) ? "" : $"&value={Uri.EscapeDataString(Value)}")}&{next}"
            : null;

    public string Href(ListFigure.Row row) => string.Format(CultureInfo.InvariantCulture, Show.Figure.Source.Href, row.CaseId, row.Id);

    public async Task OnGetAsync() =>
        Show = await mediator.Send(
            new ListFigure
            {
                Code = Figure,
                Value = Value ?? "",
                CourtId = CourtId,
                From = From,
                Until = Until,
                After = After ?? long.MaxValue,
            }
        );
}
