using CourtOps.Enforcement.Auctions;
using CourtOps.Kernel.Security;
using CourtOps.Kernel.Web;
using CourtOps.Web;
using MediatR;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace CourtOps.Enforcement.Pages.Auctions;

/// <summary>One sale: publish, results, hand over.</summary>
[Permit("enforcement.read")]
internal sealed class Details(IMediator mediator, ListingZip zip, Texts t) : PageModel, IReload
{
    [BindProperty(SupportsGet = true)]
    public long Id { get; set; }

    [BindProperty]
    public Input Data { get; set; } = new();

    public ShowAuction.Result Show { get; private set; } = null!;

    public IReadOnlyList<Option> Steps =>
        [.. AuctionRow.Table.Allowed(Show.Row.State).Where(StepAuction.Steps.ContainsKey).Select(s => new Option(s, StepAuction.Steps[s]))];

    public static string Name(string kind) =>
        kind switch
        {
            "price" => "定参考价",
            "publish" => "公告",
            _ => StepAuction.Steps.GetValueOrDefault(kind, kind),
        };

    public Task OnGetAsync() => ReloadAsync();

    public async Task ReloadAsync() => Show = await mediator.Send(new ShowAuction { Id = Id });

    public async Task<IActionResult> OnPostPublishAsync()
    {
        await mediator.Send(
            new PublishAuction
            {
                Id = Id,
                Version = Data.Version,
                StartPrice = Data.StartPrice,
                Deposit = Data.Deposit,
                StepPrice = Data.StepPrice,
                NoticeOn = Data.NoticeOn,
                OpensOn = Data.OpensOn,
                ToldOn = Data.ToldOn,
            }
        );
        return this.Done($"/enforcement/auctions/{Id}", t["已公告"]);
    }

    public async Task<IActionResult> OnPostStepAsync()
    {
        await mediator.Send(
            new StepAuction
            {
                Id = Id,
                Version = Data.Version,
                Step = Data.Step,
                On = Data.On,
                Price = Data.Price,
                Buyer = Data.Buyer,
                Costs = Data.Costs,
                Claim = Data.Claim,
                Reference = Data.Reference,
                Words = Data.Words,
            }
        );
        return this.Done($"/enforcement/auctions/{Id}", t["已登记"]);
    }

    public async Task<IActionResult> OnPostDepositAsync()
    {
        await mediator.Send(
            new TakeDeposit
            {
                AuctionId = Id,
                Bidder = Data.Bidder,
                On = Data.DepositOn,
                Reference = Data.DepositReference,
            }
        );
        return this.Done($"/enforcement/auctions/{Id}", t["已登记"]);
    }

    public async Task<IActionResult> OnPostReturnAsync()
    {
        var n = await mediator.Send(new ReturnDeposits { AuctionId = Id, Reference = Data.ReturnReference });
        return this.Done($"/enforcement/auctions/{Id}", t["已退还 {0} 笔保证金", n]);
    }

    public async Task<IActionResult> OnPostPackageAsync(CancellationToken ct)
    {
        var package = await mediator.Send(
            new PackListing
            {
                Id = Id,
                Documents = Data.Documents,
                Photos = Data.Photos,
                Words = Data.Note ?? "",
            },
            ct
        );
        return File(await zip.MakeAsync(package, ct), "application/zip", ListingZip.NameOf(package.Row));
    }

    internal sealed class Input
    {
        public int? Version { get; set; }
        public decimal? StartPrice { get; set; }
        public decimal? Deposit { get; set; }
        public decimal? StepPrice { get; set; }
        public DateOnly? NoticeOn { get; set; }
        public DateOnly? OpensOn { get; set; }
        public DateOnly? ToldOn { get; set; }
        public string Step { get; set; } = "";
        public DateOnly? On { get; set; }
        public decimal? Price { get; set; }
        public string Buyer { get; set; } = "";
        public string Reference { get; set; } = "";
        public string Words { get; set; } = "";
        public decimal? Costs { get; set; }
        public decimal? Claim { get; set; }
        public string Bidder { get; set; } = "";
        public string DepositReference { get; set; } = "";
        public DateOnly? DepositOn { get; set; }
        public string ReturnReference { get; set; } = "";
        public string? Note { get; set; }
        public List<long> Documents { get; set; } = [];
        public List<long> Photos { get; set; } = [];
    }
}
