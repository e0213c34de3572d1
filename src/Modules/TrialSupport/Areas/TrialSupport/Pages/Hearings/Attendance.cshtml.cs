using CourtOps.Kernel.Security;
using CourtOps.Kernel.Web;
using CourtOps.TrialSupport.Courtroom;
using MediatR;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace CourtOps.TrialSupport.Pages.Hearings;

/// <summary>Who came, and who agreed to an online hearing.</summary>
[Permit("trial.read")]
internal sealed class Attendance(IMediator mediator, Texts t) : PageModel, IReload
{
    public static readonly IReadOnlyDictionary<string, string> Parts = new Dictionary<string, string>
    {
        ["judge"] = "法官",
        ["panel"] = "合议庭成员",
        ["assessor"] = "人民陪审员",
        ["clerk"] = "书记员",
        ["party"] = "当事人",
        ["agent"] = "代理人",
    };

    [BindProperty(SupportsGet = true)]
    public long Id { get; set; }

    [BindProperty]
    public List<string> Who { get; set; } = [];

    [BindProperty]
    public List<string> How { get; set; } = [];

    [BindProperty]
    public string? Words { get; set; }

    [BindProperty]
    public long PartyId { get; set; }

    [BindProperty]
    public string? Answer { get; set; }

    [BindProperty]
    public string? Way { get; set; }

    [BindProperty]
    public DateOnly? On { get; set; }

    public ShowCourtroom.Result Show { get; private set; } = null!;

    private string Here => $"/trial/hearings/{Id}/attendance";

    public Task OnGetAsync() => ReloadAsync();

    public async Task ReloadAsync() => Show = await mediator.Send(new ShowCourtroom { HearingId = Id });

    public async Task<IActionResult> OnPostPresentAsync()
    {
        await mediator.Send(
            new RecordAttendance
            {
                HearingId = Id,
                Presence = Who.Zip(How, (who, how) => (who: who ?? "", how: how ?? "")).DistinctBy(x => x.who).ToDictionary(x => x.who, x => x.how),
                Words = Words ?? "",
            }
        );
        return this.Done(Here, t["已登记"]);
    }

    public async Task<IActionResult> OnPostConsentAsync()
    {
        await mediator.Send(
            new RecordConsent
            {
                HearingId = Id,
                PartyId = PartyId,
                Answer = Answer ?? "",
                Way = Way ?? "",
                Words = Words ?? "",
                On = On,
            }
        );
        return this.Done(Here, t["已登记"]);
    }
}
