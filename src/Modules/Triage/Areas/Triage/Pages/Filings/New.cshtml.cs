using CourtOps.Kernel.Messaging;
using CourtOps.Kernel.Security;
using CourtOps.Kernel.Web;
using CourtOps.Triage.Filings;
using CourtOps.Web;
using CourtOps.Workzone;
using CourtOps.Workzone.Web;
using MediatR;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace CourtOps.Triage.Pages.Filings;

/// <summary>The fast form of the counter.</summary>
[Permit("triage.work")]
internal sealed class New(IMediator mediator, ICourts courts, Actor actor, Texts t) : PageModel, IReload
{
    private const int PartyRows = 4;
    private const int ClaimRows = 2;

    [BindProperty(SupportsGet = true)]
    public string Kind { get; set; } = "civil";

    /// <summary>For a court elsewhere: 跨域立案.</summary>
    [BindProperty(SupportsGet = true)]
    public bool Cross { get; set; }

    [BindProperty]
    public List<string> Checked { get; set; } = [];

    [BindProperty]
    public string? Court { get; set; }

    [BindProperty]
    public string? CaseType { get; set; }

    [BindProperty]
    public string? Cause { get; set; }

    [BindProperty]
    public string? Procedure { get; set; }

    [BindProperty]
    public string? ProcedureReason { get; set; }

    [BindProperty]
    public string? Sender { get; set; }

    [BindProperty]
    public string? SenderPhone { get; set; }

    [BindProperty]
    public string? Origin { get; set; }

    [BindProperty]
    public List<PartyIn> Parties { get; set; } = [];

    [BindProperty]
    public List<ClaimIn> Claims { get; set; } = [];

    [BindProperty]
    public List<string> Ticks { get; set; } = [];

    [BindProperty]
    public int? MaxSentenceMonths { get; set; }

    [BindProperty]
    public DateOnly? CustodyUntil { get; set; }

    public IReadOnlyList<Option> Courts { get; private set; } = [];

    public IReadOnlyList<Option> Types => [.. CaseKinds.Types[Kind].Select(x => new Option(x, x))];

    public static IReadOnlyList<Option> Roles => [.. CaseKinds.Roles.Select(x => new Option(x, x))];

    public static IReadOnlyList<Option> PartyTypes => Option.From(CaseKinds.PartyTypes);

    public static IReadOnlyList<Option> ClaimTypes => Option.From(FactCodes.Claims);

    public static IReadOnlyList<Option> Consents =>
        [new("none", "没有表示"), new("provided", "提供地址"), new("confirmed", "确认同意"), new("refused", "不同意电子送达")];

    public IReadOnlyList<Option> Procedures =>
        [.. CaseKinds.Types[Kind].SelectMany(x => CaseKinds.ProceduresOf(Kind, x)).Distinct().Select(c => new Option(c, CaseUi.Procedure(t, c)))];

    public async Task OnGetAsync()
    {
        await ReloadAsync();
        var (claimant, other) = CaseKinds.UsualRoles(Kind);
        for (var i = 0; i < Parties.Count; i++)
            Parties[i] = Parties[i] with { Role = i == 0 ? claimant : other };
        if (Kind == "civil")
            Ticks = ["factsClear", "rightsClear", "disputeSmall"];
        Court = Courts.Count > 0 ? Courts[0].Value : null;
    }

    public async Task ReloadAsync()
    {
        if (!CaseKinds.Labels.ContainsKey(Kind))
            Kind = "civil";
        while (Parties.Count < PartyRows)
            Parties.Add(new PartyIn { Role = CaseKinds.UsualRoles(Kind).Other });
        while (Claims.Count < ClaimRows)
            Claims.Add(new ClaimIn());
        Courts =
        [
            .. (await courts.AllAsync(HttpContext.RequestAborted))
                .Where(c => Cross ? c.Id != actor.CourtId : actor.Courts.Contains(c.Id))
                .OrderByDescending(c => c.Id == actor.CourtId)
                .Select(c => new Option(c.Code, c.Name)),
        ];
    }

    /// <summary>Fills one party in from what is known of its id number; all else that was typed stays.</summary>
    public async Task<IActionResult> OnPostKnownAsync(int row)
    {
        await ReloadAsync();
        if (row < 0 || row >= Parties.Count)
            throw new NotFound("当事人", row);
        if (await mediator.Send(new KnownParty { IdNumber = Parties[row].IdNumber ?? "" }) is not { } known)
            throw new RuleBroken("以前没有收过这个证件号码的材料，请直接填写。", $"Parties[{row}].IdNumber");
        Parties[row] = known with { Role = Parties[row].Role, Agents = Parties[row].Agents };
        // what was filled in is shown, not what was posted
        foreach (var key in ModelState.Keys.Where(k => k.StartsWith($"Parties[{row}].", StringComparison.Ordinal)).ToList())
            ModelState.Remove(key);
        return Page();
    }

    public async Task<IActionResult> OnPostAsync()
    {
        var filing = new TakeFiling
        {
            Court = Court ?? "",
            Kind = Kind,
            CaseType = CaseType ?? "",
            Cause = Cause ?? "",
            Procedure = Procedure ?? "",
            ProcedureReason = ProcedureReason ?? "",
            Claims = Claims,
            Parties = Parties,
            Facts = new FilingFacts
            {
                Ticks = Ticks,
                MaxSentenceMonths = MaxSentenceMonths,
                CustodyUntil = CustodyUntil,
            },
            Sender = Sender ?? "",
            SenderPhone = SenderPhone ?? "",
            Origin = Origin ?? "",
        };
        if (Cross)
        {
            var crossed = await mediator.Send(
                new TakeCrossFiling
                {
                    Court = Court ?? "",
                    Filing = filing with { Court = "" },
                    Checked = Checked,
                }
            );
            return this.Done($"/triage/filings/{crossed.Id}", t["已代收 {0}，上传材料后当日转交", crossed.Number]);
        }
        var taken = await mediator.Send(filing);
        return this.Done($"/triage/filings/{taken.Id}", t["已收件 {0}，{1} 前决定", taken.Number, Times.Iso(taken.DecideBy)]);
    }
}
