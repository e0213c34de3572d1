using CourtOps.Kernel.Security;
using CourtOps.Kernel.Web;
using CourtOps.TrialSupport.Meetings;
using CourtOps.Web;
using MediatR;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace CourtOps.TrialSupport.Pages.Meetings;

/// <summary>One meeting: votes, conclusion, minutes.</summary>
[Permit("trial.read")]
internal sealed class Details(IMediator mediator, Actor actor, Texts t) : PageModel, IReload
{
    [BindProperty(SupportsGet = true)]
    public long Id { get; set; }

    [BindProperty]
    public int? Version { get; set; }

    [BindProperty]
    public string? Vote { get; set; }

    [BindProperty]
    public string? Opinion { get; set; }

    [BindProperty]
    public string? Conclusion { get; set; }

    [BindProperty]
    public int Item { get; set; } = 1;

    [BindProperty]
    public List<long> Documents { get; set; } = [];

    [BindProperty]
    public List<long> Drafts { get; set; } = [];

    [BindProperty]
    public long PaperId { get; set; }

    public ShowMeeting.Result Show { get; private set; } = null!;

    /// <summary>What can be laid before it, for who called it.</summary>
    public ListMeetingChoices.Result? Choices { get; private set; }

    public IReadOnlyList<Option> Items => [.. PaperRules.Items(Show.Row.Agenda).Select((words, i) => new Option($"{i + 1}", $"{i + 1}. {words}"))];

    public string ItemWords(int item) => PaperRules.Items(Show.Row.Agenda) is { Count: > 1 } items && item <= items.Count ? $"{item}. {items[item - 1]}" : "";

    public bool May(MeetingPaper p) => Show.Mine is not null && PaperRules.IsOpen(Show.Row.State, p);

    public async Task OnGetAsync()
    {
        await ReloadAsync();
        (Vote, Opinion) = (Show.Mine?.Vote, Show.Mine?.Opinion);
    }

    public async Task ReloadAsync()
    {
        Show = await mediator.Send(new ShowMeeting { Id = Id });
        if (Show.Row.State == "called" && Show.Row.CalledBy == actor.Id && actor.Can("trial.sign"))
            Choices = await mediator.Send(new ListMeetingChoices { CaseId = Show.Row.CaseId });
    }

    public async Task<IActionResult> OnPostPapersAsync()
    {
        var n = await mediator.Send(
            new AddMeetingPapers
            {
                Id = Id,
                Item = Item,
                Documents = Documents,
                Drafts = Drafts,
            }
        );
        return this.Done($"/trial/meetings/{Id}", t["已提交 {0} 份材料", n]);
    }

    public async Task<IActionResult> OnPostWithdrawAsync()
    {
        await mediator.Send(new WithdrawMeetingPaper { Id = Id, PaperId = PaperId });
        return this.Done($"/trial/meetings/{Id}", t["已收回"]);
    }

    public async Task<IActionResult> OnPostVoteAsync()
    {
        await mediator.Send(
            new VoteInMeeting
            {
                Id = Id,
                Vote = Vote ?? "",
                Opinion = Opinion ?? "",
            }
        );
        return this.Done($"/trial/meetings/{Id}", t["已表决"]);
    }

    public async Task<IActionResult> OnPostCloseAsync(bool cancel)
    {
        await mediator.Send(
            new CloseMeeting
            {
                Id = Id,
                Version = Version,
                Cancel = cancel,
                Conclusion = Conclusion ?? "",
            }
        );
        return this.Done($"/trial/meetings/{Id}", t[cancel ? "已取消" : "已形成结论"]);
    }
}
