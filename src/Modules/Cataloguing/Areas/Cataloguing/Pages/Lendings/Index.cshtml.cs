using CourtOps.Cataloguing.Archive;
using CourtOps.Kernel.Security;
using CourtOps.Kernel.Web;
using CourtOps.Web;
using MediatR;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace CourtOps.Cataloguing.Pages.Lendings;

/// <summary>Who reads files: applications, decisions, marked copies, returns.</summary>
[Permit("cataloguing.read")]
internal sealed class Index(IMediator mediator, Actor actor, Texts t) : PageModel, IReload
{
    [BindProperty(SupportsGet = true)]
    public string State { get; set; } = "";

    [BindProperty(SupportsGet = true)]
    public long? CaseId { get; set; }

    [BindProperty]
    public long Id { get; set; }

    [BindProperty]
    public int? Version { get; set; }

    [BindProperty]
    public string? Words { get; set; }

    [BindProperty]
    public string? Kind { get; set; }

    [BindProperty]
    public string? Applicant { get; set; }

    [BindProperty]
    public string? Credential { get; set; }

    [BindProperty]
    public string? Purpose { get; set; }

    [BindProperty]
    public DateOnly? Until { get; set; }

    [BindProperty]
    public string? Agent { get; set; }

    [BindProperty]
    public string? Wanted { get; set; }

    /// <summary>The agents of the case, by name.</summary>
    public IReadOnlyList<Option> Agents { get; private set; } = [];

    /// <summary>A link that was just given; shown this once.</summary>
    public GiveLink.Result? Given { get; private set; }

    public string Address => $"{Request.Scheme}://{Request.Host}{Party.Read.Path}";

    public IReadOnlyList<Lending> Rows { get; private set; } = [];

    public string Here => CaseId is { } c ? $"/cataloguing/lendings?caseId={c}" : "/cataloguing/lendings";

    /// <summary>The address of a handler, in the case where one is looked at.</summary>
    public string To(string handler) => Here + (CaseId is null ? "?" : "&") + "handler=" + handler;

    public Task OnGetAsync() => ReloadAsync();

    public async Task ReloadAsync()
    {
        Rows = await mediator.Send(new ListLendings { State = State, CaseId = CaseId });
        if (CaseId is { } c && actor.Can("cataloguing.lend.ask"))
            Agents =
            [
                .. (await mediator.Send(new ListReaders { CaseId = c })).DistinctBy(a => a.Name).Select(a => new Option(a.Name, $"{a.Name}（{a.AgentType}）")),
            ];
    }

    public async Task<IActionResult> OnPostAskAsync()
    {
        await mediator.Send(
            new AskLending
            {
                CaseId = CaseId ?? 0,
                Kind = Kind ?? "",
                Applicant = Applicant ?? "",
                Credential = Credential ?? "",
                Purpose = Purpose ?? "",
                Until = Until,
                Agent = Agent ?? "",
                Wanted = Wanted ?? "",
            }
        );
        return this.Done(Here, t["已登记，等待审批"]);
    }

    public async Task<IActionResult> OnPostApproveAsync()
    {
        await mediator.Send(
            new DecideLending
            {
                Id = Id,
                Version = Version,
                Approve = true,
            }
        );
        return this.Done(Here, t["已同意，正在制作加印件"]);
    }

    public async Task<IActionResult> OnPostRefuseAsync()
    {
        await mediator.Send(
            new DecideLending
            {
                Id = Id,
                Version = Version,
                Words = Words ?? "",
            }
        );
        return this.Done(Here, t["已记录不同意"]);
    }

    public async Task<IActionResult> OnPostLinkAsync()
    {
        Given = await mediator.Send(new GiveLink { Id = Id });
        await ReloadAsync();
        Response.Headers.CacheControl = "no-store";
        return Page();
    }

    public async Task<IActionResult> OnPostEndAsync()
    {
        await mediator.Send(new EndLending { Id = Id, Version = Version });
        return this.Done(Here, t["已收回"]);
    }
}
