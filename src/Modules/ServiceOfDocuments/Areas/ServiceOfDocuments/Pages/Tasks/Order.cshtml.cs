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

    public bool CanAccept => (Show.Standing.HasFlag(Standing.Assignee) && Show.Order.State == OrderState.Assigned)
        || (Show.Order.State == OrderState.Queued && (Show.Standing & (Standing.Member | Standing.Lead)) != 0);

    public Task OnGetAsync() => ReloadAsync();

    public async Task ReloadAsync() => Show = await mediator.Send(new ShowTasks { OrderId = Id });

    /// <summary>The personal link, for the clerk who must hand it over another way.</summary>
    public string Link(Notice notice) => address.Link(secrets.Reveal(notice.TokenEnc)!);

    public async Task<IActionResult> OnPostAcceptAsync()
    {
        await mediator.Send(new TakeStep { Id = Id, Step = OrderStep.Accept, Version = Version, Words = Words ?? "" });
        return this.Done($"/service/orders/{Id}", t["已接受，可以发出"]);
    }

    public async Task<IActionResult> OnPostSendAsync(long notice)
    {
        var sent = await mediator.Send(new SendNotice { OrderId = Id, NoticeId = notice });
        return this.Done($"/service/orders/{Id}", t[sent.Already ? "已经发出过，没有重复发送" : "已发布，邮件交给服务器"]);
    }

    public async Task<IActionResult> OnPostBounceAsync(long notice)
    {
        await mediator.Send(new RecordBounce { OrderId = Id, NoticeId = notice, Reason = Words ?? "" });
        return this.Done($"/service/orders/{Id}", t["已登记退信"]);
    }

    public async Task<IActionResult> OnPostDecideAsync(long notice, bool went)
    {
        await mediator.Send(new DecideDoubt { OrderId = Id, NoticeId = notice, Went = went, Words = Words ?? "", At = At is { } at ? Times.At(at) : null });
        return this.Done($"/service/orders/{Id}", t["已决定"]);
    }

    public async Task<IActionResult> OnPostFeedbackAsync()
    {
        await mediator.Send(new TakeStep { Id = Id, Step = OrderStep.Feedback, Version = Version, Words = Words ?? "" });
        return this.Done($"/orders/{Id}", t["已反馈"]);
    }
}
