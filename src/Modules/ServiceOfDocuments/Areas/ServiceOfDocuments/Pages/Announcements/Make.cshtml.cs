using CourtOps.Kernel.Security;
using CourtOps.Kernel.Web;
using CourtOps.ServiceOfDocuments.Announce;
using CourtOps.ServiceOfDocuments.Attempts;
using MediatR;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace CourtOps.ServiceOfDocuments.Pages.Announcements;

/// <summary>Service by announcement: gates with evidence, text, publication, withdrawal.</summary>
[Permit("service.read")]
internal sealed class Make(IMediator mediator, EvidenceFiles files, Actor me, Texts t) : PageModel, IReload
{
    [BindProperty(SupportsGet = true)]
    public long Id { get; set; }

    [BindProperty]
    public Input Data { get; set; } = new();

    [BindProperty]
    public List<IFormFile> Files { get; set; } = [];

    public ShowAnnouncement.Result Show { get; private set; } = null!;

    public static IReadOnlyList<CourtOps.Web.Option> WayOptions { get; } = [new("site", "本院网页"), new("newspaper", "报纸"), new("posting", "张贴")];

    public string Here => $"/service/notices/{Id}/announcement";

    public async Task OnGetAsync()
    {
        await ReloadAsync();
        Data.Text = Show.Text;
        Data.Ways = ["site"];
    }

    public async Task ReloadAsync() => Show = await mediator.Send(new ShowAnnouncement { NoticeId = Id });

    public async Task<IActionResult> OnPostAsync()
    {
        me.Demand("service.work");
        await mediator.Send(new ShowAnnouncement { NoticeId = Id });
        var done = await mediator.Send(
            new PublishAnnouncement
            {
                NoticeId = Id,
                Text = Data.Text ?? "",
                Ways = Data.Ways,
                Newspaper = Data.Newspaper ?? "",
                Cents = Data.Cents ?? 0,
                Foreign = Data.Foreign,
                EvidenceId = Data.EvidenceId,
                Photos = await files.TakeAsync(Files, HttpContext.RequestAborted),
            }
        );
        return this.Done(Here, done.EffectiveOn is { } on ? t["已公告，{0} 视为送达", Times.Iso(on)] : t["已公告"]);
    }

    public async Task<IActionResult> OnPostWithdrawAsync(long announcement)
    {
        await mediator.Send(new WithdrawAnnouncement { Id = announcement, Why = Data.Why ?? "" });
        return this.Done(Here, t["公告已撤回"]);
    }

    internal sealed class Input
    {
        public string? Text { get; set; }
        public List<string> Ways { get; set; } = [];
        public string? Newspaper { get; set; }
        public long? Cents { get; set; }
        public bool Foreign { get; set; }
        public long? EvidenceId { get; set; }
        public string? Why { get; set; }
    }
}
