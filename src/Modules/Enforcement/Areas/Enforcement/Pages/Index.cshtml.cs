using CourtOps.Enforcement.Measures;
using CourtOps.Kernel.Security;
using CourtOps.Kernel.Web;
using MediatR;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace CourtOps.Enforcement.Pages;

/// <summary>强制措施预警: what ends next, and the leak checks.</summary>
[Permit("enforcement.read")]
internal sealed class Index(IMediator mediator, TimeProvider clock) : PageModel
{
    public static readonly IReadOnlyList<int> Days = [3, 7, 15, 30, 60];

    /// <summary>Days ahead: 3, 7, 15, 30, 60; 0 for all.</summary>
    [BindProperty(SupportsGet = true)]
    public int Within { get; set; } = 60;

    [BindProperty(SupportsGet = true)]
    public string State { get; set; } = MeasureState.Active;

    [BindProperty(SupportsGet = true)]
    public bool Mine { get; set; }

    /// <summary>Those that end on this day.</summary>
    [BindProperty(SupportsGet = true)]
    public DateOnly? Day { get; set; }

    [BindProperty(SupportsGet = true)]
    public DateOnly? AfterEnd { get; set; }

    [BindProperty(SupportsGet = true)]
    public long? After { get; set; }

    public DateOnly Today => Times.Day(clock.GetUtcNow());

    public ShowBoard.Result Board { get; private set; } = new([], 0, 0, []);

    public ListMeasures.Result Data { get; private set; } = new([], null);

    public string Address(string state, int within) => $"/enforcement?state={state}&within={within}{(Mine ? "&mine=true" : "")}";

    public string? Next => Data.Next is { } next ? $"{Address(State, Within)}{(Day is { } day ? "&day=" + Times.Iso(day) : "")}&{next}" : null;

    public async Task OnGetAsync()
    {
        if (!MeasureState.Labels.ContainsKey(State))
            State = MeasureState.Active;
        Board = await mediator.Send(new ShowBoard { Mine = Mine });
        Data = await mediator.Send(
            new ListMeasures
            {
                State = State,
                Mine = Mine,
                On = Day,
                DueBefore = Day is null && State == MeasureState.Active && Within is > 0 and <= 3660 ? Today.AddDays(Within + 1) : null,
                AfterEnd = AfterEnd,
                After = After ?? 0,
            }
        );
    }
}
