using CourtOps.Kernel.Security;
using CourtOps.Kernel.Web;
using CourtOps.Triage.Series;
using MediatR;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace CourtOps.Triage.Pages.Series;

/// <summary>One series: registering, the model suit, its result applied.</summary>
[Permit("triage.read")]
internal sealed class Details(IMediator mediator, Texts t) : PageModel, IReload
{
    [BindProperty(SupportsGet = true)]
    public long Id { get; set; }

    [BindProperty(SupportsGet = true)]
    public int After { get; set; }

    [BindProperty]
    public int? Version { get; set; }

    [BindProperty]
    public long FilingId { get; set; }

    [BindProperty]
    public DateOnly? WakeOn { get; set; }

    /// <summary>One a line: element = finding.</summary>
    [BindProperty]
    public string? Elements { get; set; }

    /// <summary>One a line: name of the defendant = element, element.</summary>
    [BindProperty]
    public string? Differs { get; set; }

    public ShowSeries.Result Show { get; private set; } = null!;

    public string Here => $"/triage/series/{Id}";

    public string? Next => Show.Next is null ? null : $"{Here}?after={Show.Next}";

    public Task OnGetAsync() => ReloadAsync();

    public async Task ReloadAsync() => Show = await mediator.Send(new ShowSeries { Id = Id, After = After });

    public async Task<IActionResult> OnPostRegisterAsync()
    {
        await mediator.Send(new RegisterSeries { Id = Id, Version = Version });
        return this.Done(Here, t["正在成批登记，稍后刷新"]);
    }

    public async Task<IActionResult> OnPostModelAsync()
    {
        await mediator.Send(
            new ChooseModel
            {
                Id = Id,
                Version = Version,
                FilingId = FilingId,
                WakeOn = WakeOn,
            }
        );
        return this.Done(Here, t["已确定示范案件，其余等待"]);
    }

    public async Task<IActionResult> OnPostApplyAsync()
    {
        var all = await mediator.Send(new ShowSeries { Id = Id });
        var cases = all.Cases.ToList();
        for (var next = all.Next; next is { } after; )
        {
            var page = await mediator.Send(new ShowSeries { Id = Id, After = after });
            cases.AddRange(page.Cases);
            next = page.Next;
        }
        static (string, string) Split(string line) =>
            line.IndexOfAny(['=', '＝', ':', '：']) is > 0 and var at ? (line[..at].Trim(), line[(at + 1)..].Trim()) : (line.Trim(), "");
        string[] Rows(string? text) => (text ?? "").Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        var differs = new Dictionary<long, IReadOnlyList<string>>();
        foreach (var (name, elements) in Rows(Differs).Select(Split))
        {
            var found =
                cases.FirstOrDefault(c => c.Name == name || c.CaseNumber == name) ?? throw new Kernel.Messaging.RuleBroken($"本系列没有“{name}”。", "Differs");
            differs[found.FilingId] = [.. elements.Split(['、', ',', '，'], StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)];
        }
        var result = await mediator.Send(
            new ApplyModel
            {
                Id = Id,
                Version = Version,
                Elements = [.. Rows(Elements).Select(Split).Select(e => new ModelElement(e.Item1, e.Item2))],
                Differs = differs,
            }
        );
        return this.Done(Here, t["参照 {0} 件，另行审理 {1} 件", result.Applied, result.Own]);
    }
}
