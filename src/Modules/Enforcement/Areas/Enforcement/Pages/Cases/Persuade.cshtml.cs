using CourtOps.Enforcement.Persuade;
using CourtOps.Kernel.Security;
using CourtOps.Kernel.Web;
using MediatR;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace CourtOps.Enforcement.Pages.Cases;

/// <summary>Means against the debtors of a case, talks, settlements, the end of the round.</summary>
[Permit("enforcement.read")]
internal sealed class Persuading(IMediator mediator, Texts t) : PageModel, IReload
{
    [BindProperty(SupportsGet = true)]
    public long CaseId { get; set; }

    [BindProperty]
    public Input Data { get; set; } = new();

    public ShowPersuade.Result Show { get; private set; } = null!;

    public Task OnGetAsync() => ReloadAsync();

    public async Task ReloadAsync() => Show = await mediator.Send(new ShowPersuade { CaseId = CaseId });

    public async Task<IActionResult> OnPostAskAsync()
    {
        await mediator.Send(
            new AskSanction
            {
                CaseId = CaseId,
                PartyId = Data.PartyId ?? 0,
                Kind = Data.Kind,
                Ground = Data.Ground,
                Amount = Data.Amount,
                Days = Data.Days,
                Minor = Data.Minor,
                Words = Data.Words,
            }
        );
        return Said("已提交，等待审批");
    }

    public async Task<IActionResult> OnPostDecideAsync(bool granted)
    {
        await mediator.Send(
            new DecideSanction
            {
                Id = Data.Id,
                Version = Data.Version,
                Granted = granted,
                Words = Data.Words,
            }
        );
        return Said(granted ? "已批准" : "没有批准");
    }

    public async Task<IActionResult> OnPostEndAsync()
    {
        await mediator.Send(
            new EndSanction
            {
                Id = Data.Id,
                Version = Data.Version,
                Why = Data.Why,
                On = Data.On,
            }
        );
        return Said("已结束");
    }

    public async Task<IActionResult> OnPostTalkAsync()
    {
        await mediator.Send(
            new NoteTalk
            {
                CaseId = CaseId,
                Kind = Data.Kind,
                On = Data.On,
                With = Data.With,
                Agrees = Data.Agrees,
                Words = Data.Words,
            }
        );
        return Said("已登记");
    }

    public async Task<IActionResult> OnPostSettleAsync()
    {
        await mediator.Send(
            new RecordSettlement
            {
                CaseId = CaseId,
                SignedOn = Data.On,
                Words = Data.Words,
                Parts = InstalmentLines.Read(Data.Parts),
            }
        );
        return Said("已登记");
    }

    public async Task<IActionResult> OnPostStepAsync(string? step)
    {
        await mediator.Send(
            new StepSettlement
            {
                Id = Data.Id,
                Version = Data.Version,
                Step = step ?? "",
                N = Data.N,
                On = Data.On,
                Words = Data.Words,
            }
        );
        return Said("已登记");
    }

    public async Task<IActionResult> OnPostRoundAsync(bool granted)
    {
        await mediator.Send(
            new DecideRoundEnd
            {
                Id = Data.Id,
                Version = Data.Version,
                Granted = granted,
                Words = Data.Words,
            }
        );
        return Said(granted ? "已批准" : "没有批准");
    }

    private IActionResult Said(string words) => this.Done($"/enforcement/cases/{CaseId}/persuade", t[words]);

    internal sealed class Input
    {
        public long Id { get; set; }
        public int? Version { get; set; }
        public long? PartyId { get; set; }
        public string Kind { get; set; } = "";
        public string Ground { get; set; } = "unperformed";
        public decimal? Amount { get; set; }
        public int? Days { get; set; }
        public bool Minor { get; set; }
        public string Words { get; set; } = "";
        public string Why { get; set; } = "";
        public DateOnly? On { get; set; }
        public string With { get; set; } = "";
        public bool? Agrees { get; set; }
        public string Parts { get; set; } = "";
        public int N { get; set; }
    }
}
