using CourtOps.Kernel.Data;
using CourtOps.Kernel.Messaging;
using CourtOps.Kernel.Security;
using CourtOps.Kernel.Web;
using CourtOps.Workzone.WorkOrders;

namespace CourtOps.Workzone.Supervision;

/// <summary>A slip with its history, the slips before and after it, and what is known of its matter: enough to print it.</summary>
[Permit("workzone.slips.read")]
internal sealed record ShowSlip : IQuery<ShowSlip.Result>
{
    private const int MostLines = 12;

    public long Id { get; init; }

    /// <param name="Before">The slip it came from.</param>
    /// <param name="After">Slips that came from it.</param>
    /// <param name="Lines">What happened to the order or the case, the newest at the end.</param>
    internal sealed record Result(Slip Slip, IReadOnlyList<SlipAct> Acts, Other? Before, IReadOnlyList<Other> After, Matter Matter, IReadOnlyList<Line> Lines);

    internal sealed record Other
    {
        public long Id { get; init; }
        public string Number { get; init; } = "";
        public string Kind { get; init; } = "";
        public string ToName { get; init; } = "";
        public string State { get; init; } = "";
        public DateTimeOffset SentAt { get; init; }
    }

    internal sealed record Matter
    {
        public string CourtName { get; init; } = "";
        public string? CaseNumber { get; init; }
        public string? Cause { get; init; }
        public string? JudgeName { get; init; }
        public string? Division { get; init; }
        public DateOnly? LimitEnd { get; init; }
        public string? OrderNumber { get; init; }
        public string? OrderTitle { get; init; }
        public string? Centre { get; init; }
        public DateTimeOffset? OrderDue { get; init; }
    }

    /// <param name="What">Code of a step or an event; the key of its translation.</param>
    /// <param name="Hash">Beginning of the digest of the node; null for events of a case.</param>
    internal sealed record Line(DateTimeOffset At, string What, string Words, string? Hash);

    internal sealed class Handler(Db db, SlipBook slips, IWorkOrders orders, Cases.CaseAccess access) : IQueryHandler<ShowSlip, Result>
    {
        public async Task<Result> Handle(ShowSlip request, CancellationToken cancellationToken)
        {
            var slip = await slips.FindAsync(request.Id, cancellationToken);
            var acts = await db.QueryAsync<SlipAct>(
                "SELECT n, act, words, by_name, at FROM workzone_slip_act WHERE slip_id = @Id ORDER BY n",
                new { slip.Id },
                cancellationToken
            );
            const string others = "SELECT s.id, s.number, s.kind, s.to_name, s.state, s.sent_at FROM workzone_slip s WHERE ";
            var before = slip.RaisedFrom is { } from ? await db.FirstAsync<Other>(others + "s.id = @from", new { from }, cancellationToken) : null;
            var after = await db.QueryAsync<Other>(others + "s.raised_from = @Id ORDER BY s.id", new { slip.Id }, cancellationToken);
            var order = await OrderAsync(slip.OrderId, cancellationToken);
            // who sees the slip by its order alone is told nothing of the case but its number, which the order shows too
            var caseId = slip.CaseId is { } c && await access.CanReadAsync(c, cancellationToken) ? slip.CaseId : null;
            var matter =
                await db.FirstAsync<Matter>(
                    """
                    SELECT t.name AS court_name, c.number AS case_number, c.cause, p.name AS judge_name, p.division, c.clock_legal_end AS limit_end
                    FROM workzone_court t
                    LEFT JOIN workzone_case c ON c.id = @caseId
                    LEFT JOIN workzone_person p ON p.id = c.judge_id
                    WHERE t.id = @CourtId
                    """,
                    new { caseId, slip.CourtId },
                    cancellationToken
                ) ?? new Matter();
            if (order is not null)
                matter = matter with { OrderNumber = order.Number, OrderTitle = order.Title, Centre = order.Centre, OrderDue = order.DueAt };
            return new Result(slip, acts, before, after, matter, await LinesAsync(order, caseId, cancellationToken));
        }

        private async Task<OrderCard?> OrderAsync(long? id, CancellationToken ct)
        {
            if (id is not { } order)
                return null;
            try
            {
                return await orders.GetAsync(order, ct);
            }
            catch (NotFound)
            {
                return null;
            }
        }

        private async Task<IReadOnlyList<Line>> LinesAsync(OrderCard? order, long? caseId, CancellationToken ct)
        {
            if (order is not null)
                return
                [
                    .. (
                        await db.PageAsync<Node>(
                            "SELECT n, step, actor_name, at, words, hash FROM workzone_node WHERE order_id = @Id ORDER BY n DESC",
                            new { order.Id },
                            MostLines,
                            ct
                        )
                    )
                        .Reverse()
                        .Select(n => new Line(n.At, "step." + n.Step, n.Words.Length > 0 ? $"{n.ActorName}：{Cut(n.Words)}" : n.ActorName, n.Hash[..4])),
                ];
            if (caseId is null)
                return [];
            return
            [
                .. (
                    await db.PageAsync<Lived>(
                        "SELECT event, on_day, recorded_by FROM workzone_case_event WHERE case_id = @caseId AND undone_at IS NULL ORDER BY on_day DESC, "
                            + "id DESC",
                        new { caseId },
                        MostLines,
                        ct
                    )
                )
                    .Reverse()
                    .Select(e => new Line(Times.Start(e.OnDay), "caseevent." + e.Event, e.RecordedBy, null)),
            ];
        }

        private static string Cut(string words) => words.Length > 60 ? words[..59] + "…" : words;

        private sealed record Lived
        {
            public string Event { get; init; } = "";
            public DateOnly OnDay { get; init; }
            public string RecordedBy { get; init; } = "";
        }
    }
}
