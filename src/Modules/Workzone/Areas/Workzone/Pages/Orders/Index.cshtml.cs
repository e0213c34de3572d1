using CourtOps.Kernel.Security;
using CourtOps.Workzone.WorkOrders;
using MediatR;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace CourtOps.Workzone.Pages.Orders;

/// <summary>A queue; its whole state is in the URL.</summary>
[Permit("workzone.orders.read")]
internal sealed class Index(IMediator mediator, Actor actor) : PageModel
{
    [BindProperty(SupportsGet = true)]
    public string? View { get; set; }

    [BindProperty(SupportsGet = true)]
    public string? Centre { get; set; }

    [BindProperty(SupportsGet = true)]
    public string? State { get; set; }

    [BindProperty(SupportsGet = true)]
    public string? Due { get; set; }

    [BindProperty(SupportsGet = true)]
    public string? After { get; set; }

    [BindProperty(SupportsGet = true)]
    public bool Closed { get; set; }

    public ListOrders.Result Data { get; private set; } = new([], 0, 0, null);

    public IReadOnlyList<(string Key, string Label)> Views { get; private set; } = [];

    public async Task OnGetAsync()
    {
        var views = new List<(string, string)>();
        if (actor.Roles.Any(r => r.Contains(':', StringComparison.Ordinal)))
            views.Add(("centre", "中心队列"));
        views.Add(("mine", "我办的"));
        views.Add(("asked", "我发起的"));
        if (actor.CourtWide)
            views.Add(("court", "全院"));
        Views = views;
        if (!views.Exists(v => v.Item1 == View))
            View = views[0].Item1;
        Data = await mediator.Send(new ListOrders { View = View!, Centre = Centre, State = State, Due = Due, After = After, Closed = Closed });
    }

    /// <summary>The same queue with one chip changed; the page starts again.</summary>
    public string Link(string? view = null, string? centre = "=", string? state = "=", string? due = "=", string? after = null, bool? closed = null)
    {
        var parts = new List<string> { "view=" + (view ?? View) };
        void Add(string name, string? value)
        {
            if (!string.IsNullOrEmpty(value))
                parts.Add($"{name}={Uri.EscapeDataString(value)}");
        }
        Add("centre", centre == "=" ? Centre : centre);
        Add("state", state == "=" ? State : state);
        Add("due", due == "=" ? Due : due);
        if (closed ?? Closed)
            parts.Add("closed=true");
        Add("after", after);
        return "/orders?" + string.Join('&', parts);
    }
}
