using CourtOps.Kernel.Audit;
using CourtOps.Kernel.Security;
using CourtOps.Kernel.Web;
using CourtOps.Workzone.Trails;
using MediatR;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace CourtOps.Workzone.Pages.Audit;

/// <summary>The trails for the auditor: who did what, and who read what. Nothing can be changed here.</summary>
[Permit("workzone.audit.read")]
internal sealed class Index(IMediator mediator, ActivityCatalogue activities, Texts t) : PageModel, IReload
{
    public static readonly string[] Results = ["done", "refused", "forbidden", "not-found", "conflict", "failed"];

    /// <summary>audit or access.</summary>
    [BindProperty(SupportsGet = true)]
    public string Log { get; set; } = SearchTrail.Audit;

    [BindProperty(SupportsGet = true)]
    public DateOnly? From { get; set; }

    [BindProperty(SupportsGet = true)]
    public DateOnly? To { get; set; }

    [BindProperty(SupportsGet = true)]
    public string? Person { get; set; }

    [BindProperty(SupportsGet = true)]
    public string? Category { get; set; }

    [BindProperty(SupportsGet = true)]
    public string? Activity { get; set; }

    [BindProperty(SupportsGet = true)]
    public string? Result { get; set; }

    [BindProperty(SupportsGet = true)]
    public string? Number { get; set; }

    [BindProperty(SupportsGet = true)]
    public string? ObjectType { get; set; }

    [BindProperty(SupportsGet = true)]
    public string? ObjectId { get; set; }

    [BindProperty(SupportsGet = true)]
    public long? After { get; set; }

    [BindProperty]
    public string? Reason { get; set; }

    public SearchTrail.Result Show { get; private set; } = new([], null, default, default);

    public IReadOnlyList<ActivityEntry> Activities => [.. activities.All.Where(a => string.IsNullOrEmpty(Category) || a.Category == Category)];

    public bool IsAccess => Log == SearchTrail.Access;

    public string Words(string code) => activities.Words(t, code);

    public async Task OnGetAsync() => Show = await mediator.Send(Search(After));

    public async Task ReloadAsync()
    {
        try
        {
            Show = await mediator.Send(Search(null));
        }
        catch (Kernel.Messaging.RuleBroken)
        {
            // the message about the filter is shown already
        }
    }

    public async Task<IActionResult> OnPostAsync()
    {
        var rows = await mediator.Send(
            new ExportTrail
            {
                Log = Log,
                From = From,
                To = To,
                Person = Person,
                Category = Category,
                Activity = Activity,
                Outcome = Result,
                Number = Number,
                ObjectType = ObjectType,
                ObjectId = ObjectId,
                Reason = Reason ?? "",
            }
        );
        return File(TrailCsv.Write(rows, activities, t), "text/csv; charset=utf-8", Log + ".csv");
    }

    /// <summary>This page with one thing otherwise.</summary>
    public string Link(string? log = null, long? after = null) =>
        "/audit?"
        + string.Join(
            '&',
            new (string Name, string? Value)[]
            {
                ("log", log ?? Log),
                ("from", From?.ToString("yyyy-MM-dd", System.Globalization.CultureInfo.InvariantCulture)),
                ("to", To?.ToString("yyyy-MM-dd", System.Globalization.CultureInfo.InvariantCulture)),
                ("person", Person),
                ("category", Category),
                ("activity", log is null ? Activity : null),
                ("result", Result),
                ("number", Number),
                ("objectType", ObjectType),
                ("objectId", ObjectId),
                ("after", after?.ToString(System.Globalization.CultureInfo.InvariantCulture)),
            }
                .Where(p => !string.IsNullOrEmpty(p.Value))
                .Select(p => $"{p.Name}={Uri.EscapeDataString(p.Value!)}")
        );

    private SearchTrail Search(long? after) =>
        new()
        {
            Log = IsAccess ? SearchTrail.Access : SearchTrail.Audit,
            From = From,
            To = To,
            Person = Person,
            Category = Category,
            Activity = Activity,
            Outcome = Result,
            Number = Number,
            ObjectType = ObjectType,
            ObjectId = ObjectId,
            After = after,
        };
}
