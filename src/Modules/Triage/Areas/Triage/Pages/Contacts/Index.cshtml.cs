using CourtOps.Kernel.Security;
using CourtOps.Triage.Contacts;
using MediatR;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace CourtOps.Triage.Pages.Contacts;

/// <summary>The contact desk by the day the answer is due.</summary>
[Permit("triage.filings")]
internal sealed class Index(IMediator mediator) : PageModel
{
    public static readonly IReadOnlyDictionary<string, string> Views = new Dictionary<string, string>
    {
        ["todo"] = "本院办理",
        ["late"] = "已逾期",
        ["out"] = "替外院收的",
        ["done"] = "已答复",
    };

    [BindProperty(SupportsGet = true)]
    public string View { get; set; } = "todo";

    [BindProperty(SupportsGet = true)]
    public string? After { get; set; }

    public ListContacts.Result Data { get; private set; } = null!;

    public string? Next => Data.Next is null ? null : $"/triage/contacts?view={View}&after={Data.Next}";

    public async Task OnGetAsync()
    {
        View = Views.ContainsKey(View) ? View : "todo";
        Data = await mediator.Send(new ListContacts { View = View, After = After ?? "" });
    }
}
