using System.Globalization;
using CourtOps.Kernel.Security;
using CourtOps.Kernel.Web;
using CourtOps.Workzone.Settings;
using MediatR;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace CourtOps.Workzone.Pages.Settings;

/// <summary>A dry run: counts before and after, what changes with both explanations, by court. It goes on without the page.</summary>
[Permit(SettingRights.Read)]
internal sealed class Run(IMediator mediator, Texts t) : PageModel, IReload
{
    [BindProperty(SupportsGet = true)]
    public long Id { get; set; }

    [BindProperty(SupportsGet = true)]
    public long? Court { get; set; }

    [BindProperty(SupportsGet = true)]
    public int After { get; set; }

    public ShowDryRun.Result Data { get; private set; } = null!;

    public Task OnGetAsync() => ReloadAsync();

    public async Task ReloadAsync() =>
        Data = await mediator.Send(
            new ShowDryRun
            {
                Id = Id,
                CourtId = Court,
                After = After,
            }
        );

    public async Task<IActionResult> OnPostAsync()
    {
        await mediator.Send(new CancelDryRun { Id = Id });
        return this.Done($"/settings/runs/{Id}", t["试算已停止"]);
    }

    public static string Signed(decimal n) => n.ToString("+0.##;−0.##;0", CultureInfo.InvariantCulture);

    public IEnumerable<(string Label, string Unit, string Was, string Will, string Difference)> Measures()
    {
        var counted = Math.Max(1, Data.Run.DoneCount - Data.Figures.Unreadable);
        for (var i = 0; i < Data.Decision.Measured.Count && i < Data.Figures.MeasuresAfter.Count; i++)
        {
            var (label, unit, average) = Data.Decision.Measured[i];
            var (was, will) = (Data.Figures.MeasuresBefore[i] / (average ? counted : 1), Data.Figures.MeasuresAfter[i] / (average ? counted : 1));
            yield return (
                label,
                unit,
                was.ToString("0.##", CultureInfo.InvariantCulture),
                will.ToString("0.##", CultureInfo.InvariantCulture),
                Signed(will - was)
            );
        }
    }
}
