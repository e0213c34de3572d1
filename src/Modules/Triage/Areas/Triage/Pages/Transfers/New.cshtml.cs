using CourtOps.Kernel.Security;
using CourtOps.Kernel.Web;
using CourtOps.Triage.Filings;
using CourtOps.Web;
using MediatR;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace CourtOps.Triage.Pages.Transfers;

/// <summary>Takes a transfer in.</summary>
[Permit("triage.work")]
internal sealed class New(IMediator mediator, Texts t) : PageModel, IReload
{
    private const int PartyRows = 4;
    private const int ItemRows = 8;
    private const int AccusedRows = 4;

    [BindProperty(SupportsGet = true)]
    public string Type { get; set; } = "prosecution";

    [BindProperty]
    public string? Kind { get; set; }

    [BindProperty]
    public string? CaseType { get; set; }

    [BindProperty]
    public string? Sender { get; set; }

    [BindProperty]
    public string? Letter { get; set; }

    [BindProperty]
    public string? Cause { get; set; }

    [BindProperty]
    public string? Origin { get; set; }

    [BindProperty]
    public List<PartyIn> Parties { get; set; } = [];

    [BindProperty]
    public List<TransferItem> Items { get; set; } = [];

    [BindProperty]
    public List<CustodyIn> Accused { get; set; } = [];

    [BindProperty]
    public int? MaxSentenceMonths { get; set; }

    [BindProperty]
    public List<string> Ticks { get; set; } = [];

    public IReadOnlyList<Option> Kinds => [.. CaseKinds.Labels.Where(k => TransferRules.Signs(Type, k.Key).Count > 0).Select(k => new Option(k.Key, k.Value))];

    public IReadOnlyList<Option> Signs => [.. CaseKinds.Labels.Keys.SelectMany(k => TransferRules.Signs(Type, k)).Select(s => new Option(s, s))];

    public static IReadOnlyList<Option> Roles => [.. CaseKinds.Roles.Select(x => new Option(x, x))];

    public static IReadOnlyList<Option> ItemKinds => Option.From(TransferRules.Items);

    public static IReadOnlyList<Option> Measures => Option.From(TransferRules.Measures);

    public async Task OnGetAsync()
    {
        await ReloadAsync();
        Items =
        [
            .. TransferRules.Needed(Type).Select(n => new TransferItem { Item = n.Contains("案卷", StringComparison.Ordinal) ? "volume" : "paper", Title = n }),
            .. Enumerable.Range(0, 4).Select(_ => new TransferItem { Item = Type == "prosecution" ? "exhibit" : "volume" }),
        ];
    }

    public Task ReloadAsync()
    {
        if (!TransferRules.Types.ContainsKey(Type))
            Type = "prosecution";
        var kind = Kind ?? Kinds[0].Value;
        var (claimant, other) = Type switch
        {
            "appeal" => ("上诉人", "被上诉人"),
            "retrial" => ("再审申请人", "被申请人"),
            _ => CaseKinds.UsualRoles(kind),
        };
        while (Parties.Count < PartyRows)
            Parties.Add(new PartyIn { Role = Parties.Count == 0 ? claimant : other });
        while (Items.Count < ItemRows)
            Items.Add(new TransferItem());
        while (Accused.Count < AccusedRows)
            Accused.Add(new CustodyIn());
        return Task.CompletedTask;
    }

    public async Task<IActionResult> OnPostAsync()
    {
        var taken = await mediator.Send(
            new TakeTransfer
            {
                Type = Type,
                Sender = Sender ?? "",
                Letter = Letter ?? "",
                Items = [.. Items.Where(i => !string.IsNullOrWhiteSpace(i.Title))],
                Accused = [.. Accused.Where(a => !string.IsNullOrWhiteSpace(a.Name))],
                Filing = new TakeFiling
                {
                    Kind = Kind ?? "",
                    CaseType = CaseType ?? "",
                    Cause = Cause ?? "",
                    Origin = Origin ?? "",
                    Parties = Parties,
                    Facts = new FilingFacts { MaxSentenceMonths = MaxSentenceMonths, Ticks = Ticks },
                },
            }
        );
        return this.Done(
            $"/triage/filings/{taken.Id}",
            taken.Missing.Count > 0 ? t["已收 {0}，还缺 {1} 项", taken.Number, taken.Missing.Count] : t["已收 {0}", taken.Number]
        );
    }
}
