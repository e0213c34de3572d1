using CourtOps.Kernel.Security;
using CourtOps.Kernel.Web;
using CourtOps.Triage.Mediation;
using CourtOps.Web;
using MediatR;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace CourtOps.Triage.Pages.Mediations;

/// <summary>One mediation from asking to its end.</summary>
[Permit("triage.read")]
internal sealed class Details(IMediator mediator, Texts t) : PageModel, IReload
{
    [BindProperty(SupportsGet = true)]
    public long Id { get; set; }

    [BindProperty]
    public int? Version { get; set; }

    [BindProperty]
    public string? Party { get; set; }

    [BindProperty]
    public bool? Agrees { get; set; }

    [BindProperty]
    public long? MediatorId { get; set; }

    [BindProperty]
    public bool ByParties { get; set; }

    [BindProperty]
    public string? Talk { get; set; }

    [BindProperty]
    public int? Days { get; set; }

    [BindProperty]
    public string? ExtendWords { get; set; }

    [BindProperty]
    public string? Outcome { get; set; }

    [BindProperty]
    public string? Reason { get; set; }

    [BindProperty]
    public AgreementElements Elements { get; set; } = new();

    [BindProperty]
    public DateOnly? Until { get; set; }

    [BindProperty]
    public bool BothAgree { get; set; }

    [BindProperty]
    public bool NoViolence { get; set; }

    [BindProperty]
    public bool WrittenApplication { get; set; }

    [BindProperty]
    public string? Act { get; set; }

    [BindProperty]
    public string? Words { get; set; }

    [BindProperty]
    public List<long> Evaluators { get; set; } = [];

    [BindProperty]
    public string? Opinion { get; set; }

    [BindProperty]
    public string? Question { get; set; }

    public ShowMediation.Result Show { get; private set; } = null!;

    public string Here => $"/triage/mediations/{Id}";

    public static IReadOnlyList<Option> Outcomes => Option.From(MediationState.Outcomes);

    public static IReadOnlyList<Option> FeeBearers => [new("half", "双方各半"), new("claimant", "原告"), new("other", "被告")];

    public Task OnGetAsync() => ReloadAsync();

    public async Task ReloadAsync()
    {
        Show = await mediator.Send(new ShowMediation { Id = Id });
        var sides = Show.Row.ConsentList;
        if (Elements.Payer.Length == 0 && Elements.Payee.Length == 0 && sides.Count > 1)
            Elements = Elements with
            {
                Payer = sides.FirstOrDefault(s => !CourtOps.Triage.Filings.CaseKinds.Claimants.Contains(s.Role))?.Party ?? "",
                Payee = sides.FirstOrDefault(s => CourtOps.Triage.Filings.CaseKinds.Claimants.Contains(s.Role))?.Party ?? "",
            };
    }

    public Task<IActionResult> OnPostConsentAsync() =>
        DoneAsync(
            new RecordConsent
            {
                Id = Id,
                Version = Version,
                Party = Party ?? "",
                Agrees = Agrees,
            },
            t["已登记"]
        );

    public async Task<IActionResult> OnPostAssignAsync()
    {
        var named = await mediator.Send(
            new AssignMediator
            {
                Id = Id,
                Version = Version,
                MediatorId = MediatorId,
                ByParties = ByParties,
            }
        );
        return this.Done(Here, t["已指派 {0}，请把手机页链接交给调解员", named.Name]);
    }

    public Task<IActionResult> OnPostTalkAsync() => DoneAsync(new RecordTalk { Id = Id, Words = Talk ?? "" }, t["已记录"]);

    public Task<IActionResult> OnPostExtendAsync() =>
        DoneAsync(
            new ExtendMediation
            {
                Id = Id,
                Version = Version,
                Days = Days ?? 0,
                Words = ExtendWords ?? "",
            },
            t["已延长"]
        );

    public Task<IActionResult> OnPostEndAsync() =>
        DoneAsync(
            new EndMediation
            {
                Id = Id,
                Version = Version,
                Outcome = Outcome ?? "",
                Reason = Reason ?? "",
                Elements = Elements,
            },
            t["已登记结果"]
        );

    public Task<IActionResult> OnPostCoolAsync() =>
        DoneAsync(
            new CoolOff
            {
                Id = Id,
                Version = Version,
                Until = Until,
                BothAgree = BothAgree,
                NoViolence = NoViolence,
                WrittenApplication = WrittenApplication,
            },
            t["已进入冷静期"]
        );

    public Task<IActionResult> OnPostAfterAsync() =>
        DoneAsync(
            new AfterMediation
            {
                Id = Id,
                Version = Version,
                Act = Act ?? "",
                Words = Words ?? "",
            },
            t["已登记"]
        );

    public Task<IActionResult> OnPostEvaluateAsync() =>
        DoneAsync(
            new AskEvaluation
            {
                Id = Id,
                Evaluators = Evaluators,
                Question = Question ?? "",
            },
            t["已委托评估"]
        );

    public Task<IActionResult> OnPostOpinionAsync() =>
        DoneAsync(
            new GiveOpinion
            {
                Id = Id,
                EvaluatorId = MediatorId ?? 0,
                Opinion = Opinion ?? "",
            },
            t["已收到意见"]
        );

    private async Task<IActionResult> DoneAsync(Kernel.Messaging.ICommand command, string words)
    {
        await mediator.Send(command);
        return this.Done(Here, words);
    }
}
