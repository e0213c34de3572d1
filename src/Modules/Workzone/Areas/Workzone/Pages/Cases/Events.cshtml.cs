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

    public async Task<IActionResult> OnPostTransferAsync(long? court, long? ruling, string? why)
    {
        var done = await mediator.Send(
            new TransferCase
            {
                CaseId = Id,
                CourtId = court,
                DocumentId = ruling,
                Reason = why ?? "",
            }
        );
        return this.Done($"/cases/{Id}/events", t["已移送，撤回工单 {0} 张", done.Withdrawn.Count]);
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

    internal sealed record Result(CaseCard Case, IReadOnlyList<Row> Rows)
    {
        /// <summary>Where it may be transferred to, the documents of the case, and the orders a transfer withdraws; empty for whoever may not.</summary>
        public IReadOnlyList<Named> Courts { get; init; } = [];
        public IReadOnlyList<Named> Papers { get; init; } = [];
        public IReadOnlyList<Named> Open { get; init; } = [];
    }

    internal sealed record Named
    {
        public long Id { get; init; }
        public string Name { get; init; } = "";
    }

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

    internal sealed class Handler(Db db, ICases cases, Actor actor) : IQueryHandler<Query, Result>
    {
        public async Task<Result> Handle(Query request, CancellationToken cancellationToken)
        {
            var card = await cases.GetAsync(request.CaseId, cancellationToken);
            var rows = await db.QueryAsync<Row>(
                "SELECT event, on_day, recorded_by, recorded_at, trigger_row, trigger_orders, trigger_reason FROM workzone_case_event WHERE "
                    + "case_id = @CaseId AND undone_at IS NULL ORDER BY on_day DESC, id DESC",
                new { request.CaseId },
                cancellationToken
            );
            if (card.State != "open" || !actor.Can("workzone.cases.transfer"))
                return new(card, rows);
            return new(card, rows)
            {
                Courts = await db.QueryAsync<Named>(
                    "SELECT id, name FROM workzone_court WHERE id <> @CourtId ORDER BY code",
                    new { card.CourtId },
                    cancellationToken
                ),
                Papers = await db.QueryAsync<Named>(
                    "SELECT id, title AS name FROM workzone_document WHERE case_id = @CaseId ORDER BY created_at, id",
                    new { request.CaseId },
                    cancellationToken
                ),
                Open = await db.QueryAsync<Named>(
                    "SELECT id, number AS name FROM workzone_order WHERE case_id = @CaseId AND is_open = 1 ORDER BY id",
                    new { request.CaseId },
                    cancellationToken
                ),
            };
        }
    }
}
