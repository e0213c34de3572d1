using CourtOps.Kernel.Security;
using CourtOps.Kernel.Web;
using CourtOps.ServiceOfDocuments.Calls;
using MediatR;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace CourtOps.ServiceOfDocuments.Pages.Calls;

/// <summary>The call workspace: whom to call now, who calls in, who is to be called back.</summary>
[Permit("service.work")]
internal sealed class Index(IMediator mediator, Texts t) : PageModel, IReload
{
    [BindProperty(SupportsGet = true)]
    public string? Language { get; set; }

    [BindProperty(SupportsGet = true)]
    public bool Later { get; set; }

    /// <summary>The number of a call that comes in.</summary>
    [BindProperty(SupportsGet = true)]
    public string? Number { get; set; }

    [BindProperty]
    public long? NoticeId { get; set; }

    [BindProperty]
    public string? Words { get; set; }

    [BindProperty]
    public DateTime? CallbackAt { get; set; }

    public ListSteps.Result Queue { get; private set; } = new([]);

    public FindCaller.Result? Callers { get; private set; }

    public IReadOnlyList<CallRow> Backs { get; private set; } = [];

    [BindProperty]
    public long RecordingId { get; set; }

    [BindProperty]
    public long? CallId { get; set; }

    [BindProperty]
    public string? Said { get; set; }

    /// <summary>Recordings of the telephone system that belong to no call yet.</summary>
    public ListRecordings.Result Recordings { get; private set; } = new([], []);

    public Task OnGetAsync() => ReloadAsync();

    public async Task ReloadAsync()
    {
        Queue = await mediator.Send(
            new ListSteps
            {
                Channel = "phone",
                Language = Language ?? "",
                Later = Later,
            }
        );
        Backs = await mediator.Send(new ListCallbacks());
        Recordings = await mediator.Send(new ListRecordings());
        if (!string.IsNullOrWhiteSpace(Number) && ModelState.IsValid)
            Callers = await mediator.Send(new FindCaller { Number = Number });
    }

    public async Task<IActionResult> OnPostIncomingAsync()
    {
        await mediator.Send(
            new RecordIncoming
            {
                Number = Number ?? "",
                NoticeId = NoticeId,
                Words = Words ?? "",
                CallbackAt = CallbackAt is { } at ? Times.At(at) : null,
            }
        );
        return this.Done("/service/calls", t["来电已登记"]);
    }

    public async Task<IActionResult> OnPostClaimAsync()
    {
        await mediator.Send(
            new ClaimRecording
            {
                Id = RecordingId,
                CallId = CallId,
                Words = Said ?? "",
            }
        );
        return this.Done("/service/calls", t["录音已认领"]);
    }

    public async Task<IActionResult> OnPostBackAsync(long call)
    {
        await mediator.Send(new DoneCallback { CallId = call });
        return this.Done("/service/calls", t["已回拨"]);
    }
}
