using CourtOps.Kernel.Security;
using CourtOps.Triage.Filings;
using MediatR;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace CourtOps.Triage.Pages.Letters;

/// <summary>What people who filed online wrote, by the day the answer is due.</summary>
[Permit("triage.filings")]
internal sealed class Index(IMediator mediator) : PageModel
{
    public static readonly IReadOnlyDictionary<string, string> Views = new Dictionary<string, string>
    {
        ["todo"] = "待答复",
        ["late"] = "已逾期",
        ["done"] = "已答复",
    };

    [BindProperty(SupportsGet = true)]
    public string View { get; set; } = "todo";

    [BindProperty(SupportsGet = true)]
    public string? After { get; set; }

    public ListLetters.Result Data { get; private set; } = null!;

    public string? Next => Data.Next is null ? null : $"/triage/letters?view={View}&after={Data.Next}";

    public async Task OnGetAsync()
    {
        View = Views.ContainsKey(View) ? View : "todo";
        Data = await mediator.Send(new ListLetters { View = View, After = After ?? "" });
    }
}
