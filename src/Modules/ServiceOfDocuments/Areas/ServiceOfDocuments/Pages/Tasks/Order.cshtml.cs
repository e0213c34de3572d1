using CourtOps.Kernel.Security;
using CourtOps.Kernel.Web;
using CourtOps.ServiceOfDocuments.Sending;
using CourtOps.ServiceOfDocuments.Tasks;
using CourtOps.Workzone.WorkOrders;
using MediatR;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace CourtOps.ServiceOfDocuments.Pages.Tasks;

/// <summary>The task page of a service order.</summary>
[Permit("service.read")]
internal sealed class Order(IMediator mediator, Texts t, PublicAddress address, Secrets secrets) : PageModel, IReload
{
    [BindProperty(SupportsGet = true)]
    public long Id { get; set; }

    [BindProperty]
    public string? Words { get; set; }

    /// <summary>The version of the order that the page showed.</summary>
    [BindProperty]
    public int? Version { get; set; }

    [BindProperty]
    public DateTime? At { get; set; }

    public ShowTasks.Result Show { get; private set; } = null!;

    public bool CanWork => Show.Standing.HasFlag(Standing.Assignee) && Show.Order.State == OrderState.Accepted;

    public bool CanAccept =>
        (Show.Standing.HasFlag(Standing.Assignee) && Show.Order.State == OrderState.Assigned)
        || (Show.Order.State == OrderState.Queued && (Show.Standing & (Standing.Member | Standing.Lead)) != 0);

    public Task OnGetAsync() => ReloadAsync();

    public async Task ReloadAsync() => Show = await mediator.Send(new ShowTasks { OrderId = Id });

    /// <summary>The personal link, for the clerk who must hand it over another way.</summary>
    public string Link(Notice notice) => address.Link(secrets.Reveal(notice.TokenEnc)!);

    public async Task<IActionResult> OnPostAcceptAsync()
    {
        await mediator.Send(
            new TakeStep
            {
                Id = Id,
                Step = OrderStep.Accept,
                Version = Version,
                Words = Words ?? "",
            }
        );
        return this.Done($"/service/orders/{Id}", t["已接受，可以发出"]);
    }

    public async Task<IActionResult> OnPostSendAsync(long notice)
    {
        var sent = await mediator.Send(new SendNotice { OrderId = Id, NoticeId = notice });
        return this.Done($"/service/orders/{Id}", t[sent.Already ? "已经发出过，没有重复发送" : "已发布，邮件交给服务器"]);
    }

    [BindProperty]
    public AttemptInput Try { get; set; } = new();

    public async Task<IActionResult> OnPostAttemptAsync(long notice)
    {
        var said = await mediator.Send(
            new Attempts.RecordAttempt
            {
                OrderId = Id,
                NoticeId = notice,
                Channel = Try.Way?.Split(':')[0] ?? "",
                Outcome = Try.Way?.Split(':').ElementAtOrDefault(1) ?? "",
                On = Try.On,
                Address = Try.Address ?? "confirmed",
                Warned = Try.Warned,
                Signer = Try.Signer ?? "self",
                Opposing = Try.Opposing,
                Witness = Try.Witness ?? "",
                Place = Try.Place ?? "",
                Tracking = Try.Tracking ?? "",
                Words = Try.Note ?? "",
                EvidenceId = Try.EvidenceId,
            }
        );
        var word = said switch
        {
            { Already: true } => t["这次送达已经登记过，没有重复登记"],
            { EffectiveOn: { } on } => t["已登记，送达日 {0}", Times.Iso(on)],
            { Next: "wait" } => t["已登记，等待结果"],
            _ => t["已登记，未送达；下一步：{0}", t[Attempts.AttemptRules.Channels.GetValueOrDefault(said.Next ?? "", said.Next ?? "")]],
        };
        return this.Done($"/service/orders/{Id}", word);
    }

    public async Task<IActionResult> OnPostApproveAsync(long notice)
    {
        await mediator.Send(
            new Attempts.ApproveAnnouncement
            {
                OrderId = Id,
                NoticeId = notice,
                Reason = Words ?? "",
            }
        );
        return this.Done($"/service/orders/{Id}", t["已批准公告送达"]);
    }

    /// <summary>Channel and outcome in one choice, grouped by channel.</summary>
    public static IReadOnlyList<CourtOps.Web.Option> Ways { get; } =
    [
        .. Attempts.AttemptRules.Outcomes.SelectMany(c =>
            c.Value.Select(o => new CourtOps.Web.Option($"{c.Key}:{o.Key}", o.Value, Attempts.AttemptRules.Channels[c.Key]))
        ),
    ];

    internal sealed class AttemptInput
    {
        public string? Way { get; set; }
        public DateOnly? On { get; set; }
        public string? Address { get; set; }
        public bool Warned { get; set; }
        public string? Signer { get; set; }
        public bool Opposing { get; set; }
        public string? Witness { get; set; }
        public string? Place { get; set; }
        public string? Tracking { get; set; }
        public string? Note { get; set; }
        public long? EvidenceId { get; set; }
    }

    /// <summary>What a party wrote, for who reads the order.</summary>
    public string Plain(string enc) => secrets.Reveal(enc) ?? "";

    public static string SmsLabel(string template) =>
        template switch
        {
            "notice" => "送达提示",
            "remind" => "提醒",
            _ => "通知领取",
        };

    public static string SmsState(string state) =>
        state switch
        {
            "queued" => "待发",
            "accepted" => "网关已收",
            "delivered" => "已到手机",
            _ => "未到",
        };

    public async Task<IActionResult> OnPostCustodyAsync(long notice)
    {
        await mediator.Send(
            new Field.MarkCustody
            {
                OrderId = Id,
                NoticeId = notice,
                Institution = Words ?? "",
            }
        );
        return this.Done($"/service/orders/{Id}", t["已登记，由该机构转交"]);
    }

    public async Task<IActionResult> OnPostAnswerAsync(long notice)
    {
        await mediator.Send(
            new CourtOps.ServiceOfDocuments.Party.AnswerParty
            {
                OrderId = Id,
                NoticeId = notice,
                Text = Words ?? "",
            }
        );
        return this.Done($"/service/orders/{Id}", t["已答复，当事人在送达页可以看到"]);
    }

    public async Task<IActionResult> OnPostPromptAsync(long notice, string template)
    {
        await mediator.Send(
            new Electronic.SendPrompt
            {
                OrderId = Id,
                NoticeId = notice,
                Template = template,
            }
        );
        return this.Done($"/service/orders/{Id}", t["短信已交给网关"]);
    }

    [BindProperty]
    public string? Next { get; set; }

    public static IReadOnlyList<CourtOps.Web.Option> NextWays { get; } =
    [.. Steward.PlanRules.Channels.Select(c => new CourtOps.Web.Option(c.Key, c.Value)), new("stop", "停止计划，反馈给法官")];

    public async Task<IActionResult> OnPostPlanAsync(long notice)
    {
        await mediator.Send(
            new Steward.ChangePlan
            {
                OrderId = Id,
                NoticeId = notice,
                Channel = Next ?? "",
                Reason = Words ?? "",
            }
        );
        return this.Done($"/service/orders/{Id}", t["计划已改"]);
    }

    public async Task<IActionResult> OnPostOwnAsync(long notice)
    {
        await mediator.Send(
            new DecideSharedAddress
            {
                OrderId = Id,
                NoticeId = notice,
                Words = Words ?? "",
            }
        );
        return this.Done($"/service/orders/{Id}", t["已认定"]);
    }

    public async Task<IActionResult> OnPostContestAsync(long notice)
    {
        var order = await mediator.Send(
            new Contest
            {
                OrderId = Id,
                NoticeId = notice,
                Words = Words ?? "",
            }
        );
        return this.Done($"/service/contests/{order}", t["已登记异议，等待认定"]);
    }

    public async Task<IActionResult> OnPostNewLinkAsync(long notice)
    {
        await mediator.Send(new RenewLink { OrderId = Id, NoticeId = notice });
        return this.Done($"/service/orders/{Id}", t["旧链接已停用，新链接已生成"]);
    }

    public async Task<IActionResult> OnPostBounceAsync(long notice)
    {
        await mediator.Send(
            new RecordBounce
            {
                OrderId = Id,
                NoticeId = notice,
                Reason = Words ?? "",
            }
        );
        return this.Done($"/service/orders/{Id}", t["已登记退信"]);
    }

    public async Task<IActionResult> OnPostDecideAsync(long notice, bool went)
    {
        await mediator.Send(
            new DecideDoubt
            {
                OrderId = Id,
                NoticeId = notice,
                Went = went,
                Words = Words ?? "",
                At = At is { } at ? Times.At(at) : null,
            }
        );
        return this.Done($"/service/orders/{Id}", t["已决定"]);
    }

    public async Task<IActionResult> OnPostFeedbackAsync()
    {
        await mediator.Send(
            new TakeStep
            {
                Id = Id,
                Step = OrderStep.Feedback,
                Version = Version,
                Words = Words ?? "",
            }
        );
        return this.Done($"/orders/{Id}", t["已反馈"]);
    }
}
