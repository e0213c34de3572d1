using CourtOps.Enforcement.Command;
using CourtOps.Enforcement.Measures;
using CourtOps.Kernel.Security;
using CourtOps.Kernel.Web;
using MediatR;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace CourtOps.Enforcement.Pages.Cases;

/// <summary>财产台账: assets of the debtors, their measures, what was inquired, value against claim.</summary>
[Permit("enforcement.read")]
internal sealed class Ledger(IMediator mediator, Texts t) : PageModel, IReload
{
    [BindProperty(SupportsGet = true)]
    public long CaseId { get; set; }

    [BindProperty]
    public Input Data { get; set; } = new();

    public ShowLedger.Result Show { get; private set; } = null!;

    private string Here => $"/enforcement/cases/{CaseId}/ledger";

    public Task OnGetAsync() => ReloadAsync();

    public async Task ReloadAsync() => Show = await mediator.Send(new ShowLedger { CaseId = CaseId });

    public async Task<IActionResult> OnPostAssetAsync()
    {
        await mediator.Send(
            new SaveAsset
            {
                CaseId = CaseId,
                PartyId = Data.PartyId ?? 0,
                Category = Data.Category,
                Description = Data.Description,
                Holder = Data.Holder,
                Value = Data.Value,
                Source = Data.Source,
                FoundOn = Data.FoundOn,
                Clue = Data.Clue,
                Urgent = Data.Urgent,
                Part = Data.Part,
                PairAssetId = Data.PairAssetId,
            }
        );
        return this.Done(Here, t["已登记"]);
    }

    public async Task<IActionResult> OnPostInquiryAsync()
    {
        await mediator.Send(
            new RecordInquiry
            {
                CaseId = CaseId,
                PartyId = Data.PartyId ?? 0,
                Categories = Data.Categories,
                Way = Data.Way,
                On = Data.On,
                Result = Data.Result,
            }
        );
        return this.Done(Here, t["已登记"]);
    }

    public async Task<IActionResult> OnPostNetworkAsync()
    {
        var batch = await mediator.Send(new Enforcement.Network.AskNetwork { CaseId = CaseId });
        return this.Done($"/enforcement/network/{batch.Id}", t["已发起 {0} 项查询", batch.Items]);
    }

    public async Task<IActionResult> OnPostClueAsync(bool exists)
    {
        await mediator.Send(
            new SettleClue
            {
                Id = Data.AssetId,
                Version = Data.Version,
                Exists = exists,
                Value = Data.Value,
                Words = Data.Words,
            }
        );
        return this.Done(Here, t["已登记"]);
    }

    public async Task<IActionResult> OnPostNodeAsync()
    {
        await mediator.Send(
            new MarkNode
            {
                CaseId = CaseId,
                Code = Data.Code,
                On = Data.On,
                Words = Data.Words,
            }
        );
        return this.Done(Here, t["已登记"]);
    }

    public async Task<IActionResult> OnPostSplitAsync(bool transfer)
    {
        var team = await mediator.Send(new SplitCase { CaseId = CaseId, Transfer = transfer });
        return this.Done(Here, t["已分入{0}", t[Track.Teams[team]]]);
    }

    internal sealed class Input
    {
        public long? PartyId { get; set; }
        public string Category { get; set; } = "";
        public string Description { get; set; } = "";
        public string Holder { get; set; } = "";
        public decimal? Value { get; set; }
        public string Source { get; set; } = "network";
        public DateOnly? FoundOn { get; set; }
        public bool Clue { get; set; }
        public bool Urgent { get; set; }
        public string Part { get; set; } = "";
        public long? PairAssetId { get; set; }
        public List<string> Categories { get; set; } = [];
        public string Way { get; set; } = "network";
        public DateOnly? On { get; set; }
        public string Result { get; set; } = "";
        public long AssetId { get; set; }
        public int? Version { get; set; }
        public string Words { get; set; } = "";
        public string Code { get; set; } = "";
    }
}
