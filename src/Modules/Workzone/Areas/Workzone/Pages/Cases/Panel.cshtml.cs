using CourtOps.Kernel.Security;
using CourtOps.Kernel.Web;
using CourtOps.Workzone.Register;
using MediatR;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace CourtOps.Workzone.Pages.Cases;

/// <summary>Panel with its history, related cases, marks and who watches.</summary>
[Permit("workzone.cases.read")]
internal sealed class Panel(IMediator mediator, Texts t, Actor actor) : PageModel, IReload
{
    [BindProperty(SupportsGet = true)]
    public long Id { get; set; }

    [BindProperty]
    public Input Data { get; set; } = new();

    public ShowRegister.Result Show { get; private set; } = null!;

    public IEnumerable<string> WatcherTexts => Show.Watchers.Select(w => w.ToString(System.Globalization.CultureInfo.InvariantCulture));

    public bool MayPanel => actor.Can("workzone.cases.panel");

    public bool MayLink => actor.Can("workzone.cases.link");

    public bool MayCorrect => actor.Can("workzone.inspection.correct");

    public bool MayMark => actor.Can("workzone.cases.mark");

    public Task OnGetAsync() => ReloadAsync();

    public async Task ReloadAsync() => Show = await mediator.Send(new ShowRegister { CaseId = Id });

    public Task<IActionResult> OnPostPanelAsync() =>
        DoAsync(
            new SavePanel
            {
                CaseId = Id,
                FromOn = Data.FromOn,
                PresiderId = Data.PresiderId,
                MemberIds = Data.MemberIds,
                Assessors = Data.Assessors ?? "",
                Reason = Data.Reason ?? "",
            },
            "合议庭已登记"
        );

    public Task<IActionResult> OnPostLinkAsync() =>
        DoAsync(
            new LinkCase
            {
                CaseId = Id,
                Number = Data.Number ?? "",
                Kind = Data.Kind ?? "",
                Note = Data.Note ?? "",
            },
            "已关联"
        );

    public Task<IActionResult> OnPostUnlinkAsync(long tie) => DoAsync(new UnlinkCase { CaseId = Id, LinkId = tie }, "已取消关联");

    public Task<IActionResult> OnPostMarkAsync(string? why) =>
        DoAsync(
            new MarkCase
            {
                CaseId = Id,
                Marks = Data.Marks,
                WatcherIds = Data.WatcherIds,
                Reason = why ?? "",
            },
            "标识已保存"
        );

    public Task<IActionResult> OnPostProsecutionAsync(string? office, string? indictment, int? volumes) =>
        DoAsync(
            new SaveProsecution
            {
                CaseId = Id,
                Office = office ?? "",
                Number = indictment ?? "",
                Volumes = volumes,
            },
            "公诉信息已保存"
        );

    public Task<IActionResult> OnPostPartyAsync(long person, string? before, DateOnly? until, string? place) =>
        DoAsync(
            new SavePartyRegister
            {
                PartyId = person,
                RoleBefore = before ?? "",
                CustodyUntil = until,
                CustodyPlace = place ?? "",
            },
            "当事人登记已保存"
        );

    private async Task<IActionResult> DoAsync<T>(IRequest<T> request, string said)
    {
        await mediator.Send(request);
        return this.Done($"/cases/{Id}/panel", t[said]);
    }

    internal sealed class Input
    {
        public DateOnly? FromOn { get; set; }
        public long PresiderId { get; set; }
        public List<long> MemberIds { get; set; } = [];
        public string? Assessors { get; set; }
        public string? Reason { get; set; }
        public string? Number { get; set; }
        public string? Kind { get; set; }
        public string? Note { get; set; }
        public List<string> Marks { get; set; } = [];
        public List<long> WatcherIds { get; set; } = [];
    }
}
