using CourtOps.Kernel.Data;
using CourtOps.Kernel.Messaging;
using CourtOps.Kernel.Security;
using CourtOps.Kernel.Web;
using CourtOps.Workzone.Cases;
using MediatR;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace CourtOps.Workzone.Pages.Cases;

/// <summary>What happened to a case, which row of the trigger table fired for it and which orders that opened; and what is recorded by hand.</summary>
[Permit("workzone.cases.read")]
internal sealed class Events(IMediator mediator, Texts t) : PageModel, IReload
{
    [BindProperty(SupportsGet = true)]
    public long Id { get; set; }

    [BindProperty]
    public Input Data { get; set; } = new();

    public Result Show { get; private set; } = null!;

    public Task OnGetAsync() => ReloadAsync();

    public async Task ReloadAsync() => Show = await mediator.Send(new Query { CaseId = Id });

    public async Task<IActionResult> OnPostAsync()
    {
        var done = await mediator.Send(
            new RecordCaseEvent
            {
                CaseId = Id,
                Event = Data.Event ?? "",
                On = Data.On,
                Detail = Data.Detail ?? "",
                Note = Data.Note ?? "",
            }
        );
        return this.Done($"/cases/{Id}/events", t[done.Recorded ? "已登记" : "这件事已经登记过，没有重复登记"]);
    }

    public async Task<IActionResult> OnPostReopenAsync(string? why)
    {
        await mediator.Send(new ReopenCase { CaseId = Id, Reason = why ?? "" });
        return this.Done($"/cases/{Id}/events", t["已撤回结案，案件恢复审理"]);
    }

    internal sealed class Input
    {
        public string? Event { get; set; }
        public DateOnly? On { get; set; }
        public string? Detail { get; set; }
        public string? Note { get; set; }
    }

    [Permit("workzone.cases.read")]
    internal sealed record Query : IQuery<Result>
    {
        public long CaseId { get; init; }
    }

    internal sealed record Result(CaseCard Case, IReadOnlyList<Row> Rows);

    internal sealed record Row
    {
        public string Event { get; init; } = "";
        public DateOnly OnDay { get; init; }
        public string RecordedBy { get; init; } = "";
        public DateTimeOffset RecordedAt { get; init; }
        public string? TriggerRow { get; init; }
        public string? TriggerOrders { get; init; }
        public string? TriggerReason { get; init; }

        public IReadOnlyList<string> Orders => TriggerOrders is null ? [] : System.Text.Json.JsonSerializer.Deserialize<string[]>(TriggerOrders)!;
    }

    internal sealed class Handler(Db db, ICases cases) : IQueryHandler<Query, Result>
    {
        public async Task<Result> Handle(Query request, CancellationToken cancellationToken) =>
            new(
                await cases.GetAsync(request.CaseId, cancellationToken),
                await db.QueryAsync<Row>(
                    "SELECT event, on_day, recorded_by, recorded_at, trigger_row, trigger_orders, trigger_reason FROM workzone_case_event WHERE "
                        + "case_id = @CaseId AND undone_at IS NULL ORDER BY on_day DESC, id DESC",
                    new { request.CaseId },
                    cancellationToken
                )
            );
    }
}
