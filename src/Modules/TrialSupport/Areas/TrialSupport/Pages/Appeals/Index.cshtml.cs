using CourtOps.Kernel.Security;
using CourtOps.Kernel.Web;
using CourtOps.TrialSupport.Appeals;
using MediatR;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace CourtOps.TrialSupport.Pages.Appeals;

/// <summary>The appeals of a case on their way to the court above.</summary>
[Permit("trial.read")]
internal sealed class Index(IMediator mediator, Texts t) : PageModel, IReload
{
    [BindProperty(SupportsGet = true)]
    public long CaseId { get; set; }

    [BindProperty]
    public long Id { get; set; }

    [BindProperty]
    public int? Version { get; set; }

    [BindProperty]
    public long PartyId { get; set; }

    [BindProperty]
    public DateOnly? ReceivedOn { get; set; }

    [BindProperty]
    public DateOnly? SentOn { get; set; }

    [BindProperty]
    public string? UpperCourt { get; set; }

    [BindProperty]
    public string? Step { get; set; }

    [BindProperty]
    public DateOnly? On { get; set; }

    [BindProperty]
    public List<string> Items { get; set; } = [];

    [BindProperty]
    public int? Volumes { get; set; }

    [BindProperty]
    public string? HandedTo { get; set; }

    [BindProperty]
    public string? Withdrawn { get; set; }

    [BindProperty]
    public string? Kind { get; set; }

    [BindProperty]
    public int? Days { get; set; }

    [BindProperty]
    public bool UpperAsks { get; set; }

    [BindProperty]
    public string? Words { get; set; }

    [BindProperty]
    public long NeedId { get; set; }

    [BindProperty]
    public string? Act { get; set; }

    [BindProperty]
    public string? Number { get; set; }

    [BindProperty]
    public string? Result { get; set; }

    public ListAppeals.Result Show { get; private set; } = null!;

    /// <summary>How what was asked for stands today.</summary>
    public string NeedState(AppealNeed n)
    {
        if (n is { State: "received", GotOn: { } got } && got > n.DueOn)
            return t[AppealNeed.States[n.State]] + t["，迟了 {0} 天", got.DayNumber - n.DueOn.DayNumber];
        return n.State == "open" && n.DueOn < Show.Today
            ? t["逾期 {0} 天，已催 {1} 次", Show.Today.DayNumber - n.DueOn.DayNumber, n.Urged]
            : t[AppealNeed.States[n.State]];
    }

    private string Here => $"/trial/cases/{CaseId}/appeals";

    public Task OnGetAsync() => ReloadAsync();

    public async Task ReloadAsync() => Show = await mediator.Send(new ListAppeals { CaseId = CaseId });

    public async Task<IActionResult> OnPostRegisterAsync()
    {
        await mediator.Send(
            new RegisterAppeal
            {
                CaseId = CaseId,
                PartyId = PartyId,
                ReceivedOn = ReceivedOn,
                SentOn = SentOn,
                UpperCourt = UpperCourt ?? "",
            }
        );
        return this.Done(Here, t["已登记"]);
    }

    public async Task<IActionResult> OnPostStepAsync()
    {
        await mediator.Send(
            new StepAppeal
            {
                CaseId = CaseId,
                Id = Id,
                Version = Version,
                Step = Step ?? "",
                On = On,
                Items = Items,
            }
        );
        return this.Done(Here, t["已登记"]);
    }

    public async Task<IActionResult> OnPostTransferAsync()
    {
        await mediator.Send(
            new TransferAppeal
            {
                CaseId = CaseId,
                Id = Id,
                Version = Version,
                On = On,
                Volumes = Volumes,
                HandedTo = HandedTo ?? "",
                Withdrawn = Withdrawn ?? "",
            }
        );
        return this.Done(Here, t["已登记"]);
    }

    public async Task<IActionResult> OnPostAskAsync()
    {
        await mediator.Send(
            new AskAppeal
            {
                CaseId = CaseId,
                Id = Id,
                Kind = Kind ?? "",
                Words = Words ?? "",
                On = On,
                Days = Days,
                UpperAsks = UpperAsks,
            }
        );
        return this.Done(Here, t["已登记"]);
    }

    public async Task<IActionResult> OnPostSettleAsync()
    {
        await mediator.Send(
            new SettleNeed
            {
                CaseId = CaseId,
                Id = Id,
                NeedId = NeedId,
                Version = Version,
                Act = Act ?? "",
                On = On,
                Words = Words ?? "",
            }
        );
        return this.Done(Here, t["已登记"]);
    }

    public async Task<IActionResult> OnPostUpperAsync()
    {
        await mediator.Send(
            new RecordUpper
            {
                CaseId = CaseId,
                Id = Id,
                Version = Version,
                Act = Act ?? "",
                On = On,
                Number = Number ?? "",
                Result = Result ?? "",
                Words = Words ?? "",
            }
        );
        return this.Done(Here, t["已登记"]);
    }
}
