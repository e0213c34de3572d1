using CourtOps.Kernel.Security;
using CourtOps.Kernel.Web;
using CourtOps.Web;
using CourtOps.Workzone.Queues;
using CourtOps.Workzone.Web;
using CourtOps.Workzone.WorkOrders;
using MediatR;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace CourtOps.Workzone.Pages.Orders;

/// <summary>A queue; its whole state is in the URL.</summary>
[Permit("workzone.orders.read")]
internal sealed class Index(IMediator mediator, Actor actor, Texts texts, TimeProvider clock, OrderTypes types) : PageModel, IReload
{
    public QueueFilter Filter { get; private set; } = new();

    public string? Columns { get; private set; }

    public string? After { get; private set; }

    public ShowQueue.Result Data { get; private set; } = null!;

    public IReadOnlyList<QueueColumn> Shown { get; private set; } = [];

    /// <summary>Whether the person may do something with many rows.</summary>
    public bool Picks => actor.Can("workzone.orders.step");

    public bool Leads => actor.Roles.Any(r => r.StartsWith("lead:", StringComparison.Ordinal));

    public Task OnGetAsync() => ReloadAsync();

    public async Task<IActionResult> OnPostAcceptAsync([FromForm] long accept, [FromForm] string? back)
    {
        var order = await mediator.Send(new TakeStep { Id = accept, Step = OrderStep.Accept });
        return this.Done("/orders?" + QueueUrl.Clean(back ?? ""), texts["已接受 {0}", order.Number]);
    }

    public async Task ReloadAsync()
    {
        Filter = QueueUrl.Filter(Request.Query);
        // the form sends a box for each column, an address one list
        var named = Request.Query["col"].Count > 0 ? string.Join(',', Request.Query["col"].AsEnumerable()) : Request.Query["cols"].ToString();
        Columns = named.Length is > 0 and < 200 && !QueueColumns.Of(named).SequenceEqual(QueueColumns.Of(null)) ? named : null;
        After = Request.Query["after"].ToString() is { Length: > 0 and < 60 } a ? a : null;
        Data = await mediator.Send(new ShowQueue { Filter = Filter, After = After });
        Filter = Data.Filter;
        Shown = QueueColumns.Of(Columns);
    }

    public HtmlBuffer Rows() => new QueueTable(texts, clock.GetUtcNow(), Shown, types).Draw(Data.List.Rows, Picks, actor.Id, MayAccept);

    /// <summary>The same queue otherwise; the page starts again.</summary>
    public string Link(QueueFilter filter, string? after = null) => "/orders?" + QueueUrl.Query(filter, Columns, after);

    public string Here => QueueUrl.Query(Filter, Columns, After);

    public string TypeLabel(string code) => types.Find(code) is { } type ? texts[type.Label] : code;

    /// <summary>The sort a heading leads to: the next offered one of its column.</summary>
    public (string? Href, string? Aria, string Arrow) Sort(QueueColumn column)
    {
        var name = column.Key switch
        {
            "due" => "due_at",
            "asked" or "asker" => "asked_at",
            "changed" => "changed_at",
            "closed" => "closed_at",
            _ => "",
        };
        var offered = Data.Plan.Sorts.Where(s => s.Column == name).ToList();
        if (offered.Count == 0 || (column.Key == "asker" && Shown.Any(c => c.Key == "asked")))
            return (null, null, "");
        var current = Data.Plan.Sort.Column == name;
        var next = current ? offered[(offered.IndexOf(Data.Plan.Sort) + 1) % offered.Count] : offered[0];
        return (
            Link(Filter with { Sort = next == QueueSort.Due ? null : next.Key }),
            current
                ? Data.Plan.Sort.Descending
                    ? "descending"
                    : "ascending"
                : null,
            current
                ? Data.Plan.Sort.Descending
                    ? " ↓"
                    : " ↑"
                : ""
        );
    }

    private bool MayAccept(ListOrders.Row o) =>
        Picks
        && (
            (o.State == OrderState.Assigned && o.AssigneeId == actor.Id)
            || (
                o.State == OrderState.Queued
                && (
                    actor.Roles.Contains(Roles.Clerk + ":" + o.Centre)
                    || actor.Roles.Contains(Roles.Lead + ":" + o.Centre)
                    || actor.Roles.Contains(Roles.Robot + ":" + o.Centre)
                )
            )
        );
}
