using CourtOps.Kernel.Security;
using CourtOps.Kernel.Web;
using CourtOps.Triage.Split;
using MediatR;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace CourtOps.Triage.Pages.Split;

/// <summary>Proposals that later facts led to, and the report on the rule.</summary>
[Permit("triage.read")]
internal sealed class Index(IMediator mediator, Actor actor, Texts t) : PageModel, IReload
{
    public static readonly IReadOnlyDictionary<string, string> States = new Dictionary<string, string>
    {
        ["open"] = "待决定",
        ["taken"] = "已采纳",
        ["dismissed"] = "未采纳",
    };

    [BindProperty(SupportsGet = true)]
    public string State { get; set; } = "open";

    [BindProperty(SupportsGet = true)]
    public long? Before { get; set; }

    [BindProperty(SupportsGet = true)]
    public DateOnly? From { get; set; }

    [BindProperty(SupportsGet = true)]
    public DateOnly? Until { get; set; }

    [BindProperty]
    public long ProposalId { get; set; }

    [BindProperty]
    public int Version { get; set; }

    [BindProperty]
    public bool Take { get; set; }

    [BindProperty]
    public string? Reason { get; set; }

    public ListProposals.Result Data { get; private set; } = null!;

    public ReportOnSplit.Result? Report { get; private set; }

    public string? Next => Data.Next is null ? null : $"/triage/split?state={State}&before={Data.Next}";

    public Task OnGetAsync() => ReloadAsync();

    public async Task ReloadAsync()
    {
        State = States.ContainsKey(State) ? State : "open";
        (From, Until) = CourtOps.Triage.Board.Period.Mended(From, Until);
        Data = await mediator.Send(new ListProposals { State = State, Before = Before });
        if (actor.Can("triage.filings"))
            Report = await mediator.Send(new ReportOnSplit { From = From, Until = Until });
    }

    public async Task<IActionResult> OnPostAsync()
    {
        await mediator.Send(
            new DecideProposal
            {
                Id = ProposalId,
                Version = Version,
                Take = Take,
                Reason = Reason ?? "",
            }
        );
        return this.Done("/triage/split", Take ? t["已采纳，审限和诉讼费随之重算"] : t["已记录不采纳"]);
    }
}
