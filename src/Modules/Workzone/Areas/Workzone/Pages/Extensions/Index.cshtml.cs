using CourtOps.Kernel.Security;
using CourtOps.Kernel.Web;
using CourtOps.Web;
using CourtOps.Workzone.Cases;
using MediatR;
using Microsoft.AspNetCore.Html;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace CourtOps.Workzone.Pages.Extensions;

/// <summary>Extensions and conversions that wait for a decision; each is decided on the page of its case's clock.</summary>
[Permit("workzone.cases.extend")]
internal sealed class Index(IMediator mediator, Texts t, TimeProvider clock) : PageModel
{
    [BindProperty(SupportsGet = true)]
    public string? After { get; set; }

    public ListExtensions.Result Data { get; private set; } = new([], null);

    public string? Next => Data.Next is { } next ? $"/extensions?after={Uri.EscapeDataString(next)}" : null;

    public async Task OnGetAsync() => Data = await mediator.Send(new ListExtensions { After = After });

    public string What(ListExtensions.Row row) =>
        new ExtensionRow
        {
            Kind = row.Kind,
            ProcedureTo = row.ProcedureTo,
            N = row.N,
            Unit = row.Unit,
        }.What(t);

    /// <summary>The day, and in words and red when it has passed.</summary>
    public IHtmlContent DecideBy(ListExtensions.Row row)
    {
        if (row.DecideBy is not { } day)
            return HtmlString.Empty;
        var late = Times.Day(clock.GetUtcNow()).DayNumber - day.DayNumber;
        return late > 0
            ? new HtmlString($"<span class=\"red b nb\">{Times.Iso(day)} {t["超 {0} 天", late]}</span>")
            : new HtmlString($"<span class=\"nb\">{Times.Iso(day)}</span>");
    }
}
