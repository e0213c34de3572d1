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
internal sealed class Details(IMediator mediator, Texts t) : PageModel, IReload
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
                Reference = Data.Reference,
                Words = Data.Words,
            }
        );
        return this.Done($"/enforcement/auctions/{Id}", t["已登记"]);
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
    }
}
