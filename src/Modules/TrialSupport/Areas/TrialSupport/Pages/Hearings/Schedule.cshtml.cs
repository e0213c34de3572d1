using CourtOps.Kernel.Messaging;
using CourtOps.Kernel.Security;
using CourtOps.Kernel.Web;
using CourtOps.TrialSupport.Hearings;
using CourtOps.Web;
using MediatR;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace CourtOps.TrialSupport.Pages.Hearings;

/// <summary>Looks for times of a hearing and books one provisionally.</summary>
[Permit("trial.schedule")]
internal sealed class Schedule(IMediator mediator, Texts t, TimeProvider clock) : PageModel, IReload
{
    [BindProperty(SupportsGet = true)]
    public long CaseId { get; set; }

    [BindProperty(SupportsGet = true)]
    public string Session { get; set; } = "开庭审理";

    [BindProperty(SupportsGet = true)]
    public int? Minutes { get; set; } = 90;

    [BindProperty(SupportsGet = true)]
    public DateOnly? From { get; set; }

    [BindProperty(SupportsGet = true)]
    public DateOnly? Until { get; set; }

    [BindProperty(SupportsGet = true)]
    public int Size { get; set; }

    [BindProperty(SupportsGet = true)]
    public bool Online { get; set; }

    [BindProperty(SupportsGet = true)]
    public string? Consent { get; set; }

    [BindProperty(SupportsGet = true)]
    public bool NoneOf21 { get; set; }

    [BindProperty(SupportsGet = true)]
    public bool WithAssessors { get; set; }

    [BindProperty(SupportsGet = true)]
    public string? Waived { get; set; }

    [BindProperty(SupportsGet = true)]
    public List<string> Features { get; set; } = [];

    [BindProperty(SupportsGet = true)]
    public List<long> Panel { get; set; } = [];

    [BindProperty(SupportsGet = true)]
    public long? ClerkId { get; set; }

    [BindProperty(SupportsGet = true)]
    public bool? Open { get; set; }

    [BindProperty(SupportsGet = true)]
    public string? Language { get; set; }

    [BindProperty(SupportsGet = true)]
    public bool Escort { get; set; }

    [BindProperty]
    public DateTime? Start { get; set; }

    [BindProperty]
    public long? RoomId { get; set; }

    public FindFits.Result Show { get; private set; } = null!;

    public DateOnly LookedFrom => From is { } f && f > Times.Day(clock.GetUtcNow()) ? f : Times.Day(clock.GetUtcNow());

    public DateOnly LookedUntil => Until ?? LookedFrom.AddDays(Docket.Days);

    public IReadOnlyList<Option> Sessions { get; } = [.. BookHearing.SessionKinds.Select(k => new Option(k, k))];

    public IReadOnlyList<Option> Judges => [.. Show.Judges.Where(j => j.Id != Show.Case.JudgeId).Select(j => new Option($"{j.Id}", j.Name))];

    public IReadOnlyList<Option> Clerks => [.. Show.Clerks.Select(c => new Option($"{c.Id}", c.Name))];

    public IReadOnlyList<Option> Languages => [.. Show.Languages.Select(l => new Option(l, l))];

    public Task OnGetAsync() => ReloadAsync();

    public async Task ReloadAsync()
    {
        // what cannot be looked for is said by the command when it is booked; the page still opens
        var wish = new Wish
        {
            CaseId = CaseId,
            Minutes = Math.Clamp(Minutes ?? 90, 15, 210),
            From = From,
            Until = Until >= LookedFrom ? Until : null,
            Online = Online,
            WithAssessors = WithAssessors,
            Size = Math.Clamp(Size, 0, 2000),
            Features = Features,
            Panel = Panel,
            ClerkId = ClerkId,
            Waived = Waived?.Trim() ?? "",
            Language = Language?.Trim() ?? "",
            Escort = Escort,
        };
        try
        {
            Show = await mediator.Send(new FindFits { Wish = wish });
        }
        catch (RuleBroken) when (!ModelState.IsValid)
        {
            // the refusal is shown already; the form stays
            Show = await mediator.Send(new FindFits { Wish = wish, Bare = true });
        }
    }

    public async Task<IActionResult> OnPostAsync()
    {
        var booked = await mediator.Send(
            new BookHearing
            {
                CaseId = CaseId,
                Session = Session,
                Minutes = Minutes,
                From = From,
                Until = Until,
                Start = Start,
                RoomId = RoomId,
                Online = Online,
                Consent = Consent ?? "",
                NoneOf21 = NoneOf21,
                WithAssessors = WithAssessors,
                Size = Size,
                Features = Features,
                Panel = Panel,
                ClerkId = ClerkId,
                Waived = Waived ?? "",
                Open = Open,
                Language = Language ?? "",
                Escort = Escort,
            }
        );
        return this.Done($"/trial/hearings/{booked.Id}", t["已暂订 {0}", booked.Room]);
    }
}
