using CourtOps.Enforcement.Linkage;
using CourtOps.Enforcement.Measures;
using CourtOps.Kernel.Messaging;
using CourtOps.Kernel.Security;
using CourtOps.Kernel.Web;
using CourtOps.Web;
using MediatR;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Microsoft.Extensions.Configuration;

namespace CourtOps.Enforcement.Pages.Linkage;

/// <summary>A request, its answer, its link.</summary>
[Permit("enforcement.read")]
internal sealed class Details(IMediator mediator, Texts t, Secrets secrets, IConfiguration configuration) : PageModel, IReload
{
    [BindProperty(SupportsGet = true)]
    public long Id { get; set; }

    [BindProperty]
    public Input Data { get; set; } = new();

    public ShowLinkage.Result Show { get; private set; } = null!;

    public string Link => (configuration["CourtOps:BaseUrl"] ?? "").TrimEnd('/') + "/p/agency/" + secrets.Reveal(Show.Request.TokenEnc);

    /// <summary>Of the second person, where the agency answers by two.</summary>
    public string? ReleaseLink =>
        Show.Request.ReleaseEnc is { } enc ? (configuration["CourtOps:BaseUrl"] ?? "").TrimEnd('/') + "/p/agency/" + secrets.Reveal(enc) : null;

    /// <summary>What the answer can be recorded with, the likely first.</summary>
    public IEnumerable<Option> Measures =>
        Show.Offer!.Measures.Select(m => new Option(
            $"{m.Id}",
            $"{m.PartyName} {m.AssetName}　{t[Property.Acts[m.Act]]}　{t[MeasureState.Labels[m.State]]}　{m.Authority}"
        ));

    public async Task OnGetAsync()
    {
        await ReloadAsync();
        if (Show.Offer is not { } offer)
            return;
        var l = Show.Request;
        Data = new()
        {
            MeasureId = offer.Likely?.Id,
            // the start of a measure that runs is not moved by the day of an answer
            On = l.Act is "freeze" or "seal" && offer.Likely?.State != MeasureState.Ruled ? null : offer.On,
            Receipt = offer.Receipt,
            Authority = l.AgencyName,
            End = offer.Reading.End,
            Amount = offer.Reading.Amount,
        };
    }

    public async Task ReloadAsync() => Show = await mediator.Send(new ShowLinkage { Id = Id });

    public async Task<IActionResult> OnPostAsync(string step)
    {
        await mediator.Send(new StepLinkage { Id = Id, Step = step });
        return this.Done($"/enforcement/linkage/{Id}", t[step == LinkageStep.Urge ? "已催办" : "已撤回"]);
    }

    public async Task<IActionResult> OnPostFillAsync()
    {
        var filled = await mediator.Send(
            new FillMeasure
            {
                Id = Id,
                Version = Data.Version,
                MeasureId = Data.MeasureId,
                On = Data.On,
                Authority = Data.Authority,
                Receipt = Data.Receipt,
                End = Data.End,
                Place = Data.Place,
                Amount = Data.Amount,
                Why = Data.Why,
                Sure = Data.Sure,
            }
        );
        return this.Done($"/enforcement/linkage/{Id}", t["已登记到“{0}”的措施", filled.Measure.AssetName]);
    }

    internal sealed class Input
    {
        public int? Version { get; set; }
        public long? MeasureId { get; set; }
        public DateOnly? On { get; set; }
        public string Authority { get; set; } = "";
        public string Receipt { get; set; } = "";
        public DateOnly? End { get; set; }
        public int? Place { get; set; }
        public decimal? Amount { get; set; }
        public string Why { get; set; } = "";
        public bool Sure { get; set; }
    }
}
