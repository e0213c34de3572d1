using System.Text.Json;
using CourtOps.Contracts;
using CourtOps.Kernel.Audit;
using CourtOps.Kernel.Data;
using CourtOps.Kernel.Messaging;
using CourtOps.Kernel.Settings;
using CourtOps.Kernel.Web;
using CourtOps.Workzone.Triggers;
using CourtOps.Workzone.WorkOrders;
using MediatR;

namespace CourtOps.Workzone.Reactions;

/// <summary>
/// The trigger table opens the orders of an event, each cause once. What fired, or why nothing did, stands with the event. Cases without a judge wait for
/// their allotment, except for work of filing.
/// </summary>
internal sealed class WhenCaseEventRecorded(Db db, Decisions decisions, ISettings settings, IWorkOrders orders, TimeProvider clock)
    : INotificationHandler<CaseEventRecorded>
{
    public async Task Handle(CaseEventRecorded notification, CancellationToken cancellationToken)
    {
        var c = await db.FirstAsync<CaseFacts>(
            """
            SELECT c.id, c.number, c.number_type, c.kind, c.court_id, c.judge_id, c.state, c.custody_until, c.parties_text,
                   CASE WHEN EXISTS (SELECT 1 FROM workzone_party p WHERE p.case_id = c.id AND p.language = 'ko') THEN 1 ELSE 0 END AS korean
            FROM workzone_case c WHERE c.id = @CaseId
            """,
            new { notification.CaseId },
            cancellationToken
        );
        if (c is null)
            return;
        if (TriggerTable.Events.ContainsKey(notification.Event))
            await FireAsync(notification, c, [], cancellationToken);
        if (notification.Event == "allotted" && c.JudgeId is not null)
            await WaitingAsync(notification.EventId, c, cancellationToken);
    }

    // what happened before the case had a judge
    private async Task WaitingAsync(long allotted, CaseFacts c, CancellationToken ct)
    {
        foreach (
            var w in await db.QueryAsync<Waiting>(
                "SELECT id, event, on_day, facts, trigger_orders FROM workzone_case_event WHERE case_id = @Id AND trigger_reason = 'waits' AND id <> "
                    + "@allotted AND undone_at IS NULL ORDER BY id",
                new { c.Id, allotted },
                ct
            )
        )
        {
            var e = new CaseEventRecorded
            {
                EventId = w.Id,
                CaseId = c.Id,
                CourtId = c.CourtId,
                Event = w.Event,
                On = w.OnDay,
                Facts = JsonSerializer.Deserialize<Dictionary<string, string>>(w.Facts, Json.Stored) ?? [],
            };
            await FireAsync(e, c, JsonSerializer.Deserialize<List<string>>(w.TriggerOrders ?? "[]", Json.Stored) ?? [], ct);
        }
    }

    private async Task FireAsync(CaseEventRecorded notification, CaseFacts c, IReadOnlyList<string> before, CancellationToken cancellationToken)
    {
        // the work of a case that changes hands goes on; nothing of it is asked for anew
        if (notification.Event == "allotted" && notification.Facts.ContainsKey("change"))
        {
            await KeepAsync(notification.EventId, null, [], "changed", null, cancellationToken);
            return;
        }
        var rules = settings.Current<TriggerRules>(c.CourtId);
        if (Times.Day(clock.GetUtcNow()).DayNumber - notification.On.DayNumber > rules.MaxAgeDays)
        {
            await KeepAsync(notification.EventId, null, [], "old", null, cancellationToken);
            return;
        }
        var facts = new TriggerFacts
        {
            Event = notification.Event,
            Kind = TriggerTable.Kinds.ContainsKey(c.Kind) ? c.Kind : "other",
            Instance = InstanceOf(c.NumberType),
            Custody = c.CustodyUntil is not null,
            Interpreter = c.Korean,
            Detail =
                notification.Facts.GetValueOrDefault("how")
                ?? notification.Facts.GetValueOrDefault("kind")
                ?? notification.Facts.GetValueOrDefault("code")
                ?? notification.Facts.GetValueOrDefault("outcome")
                ?? "",
        };
        var fired = await decisions.DecideAsync<TriggerOutcome>("workzone.triggers", facts, c.CourtId, c.Id, ct: cancellationToken);
        var cause = await CauseAsync(notification, cancellationToken);
        var opened = before.ToList();
        var waits = false;
        var wanted = fired.Outcome.Orders.Where(c => c != Affairs.None).ToList();
        foreach (var code in wanted)
        {
            var affair = Affairs.Of(code);
            if (c.JudgeId is null && affair.Centre is not (Centres.Triage or Centres.Cataloguing))
            {
                waits = true;
                continue;
            }
            if (await OpenAsync(notification, c, affair, cause, cancellationToken) is { } number)
                opened.Add(number);
        }
        await KeepAsync(
            notification.EventId,
            fired.Rule,
            opened,
            wanted.Count == 0 ? "none"
                : waits ? "waits"
                : null,
            cause.Subject,
            cancellationToken
        );
    }

    /// <summary>The instance by the type sign of the number.</summary>
    internal static string InstanceOf(string type) =>
        type switch
        {
            _ when type.Contains('终', StringComparison.Ordinal) => "second",
            _ when type.Contains('再', StringComparison.Ordinal)
                    || type.Contains('申', StringComparison.Ordinal)
                    || type.Contains('监', StringComparison.Ordinal) => "retrial",
            _ when type.EndsWith('初') => "first",
            _ => "other",
        };

    // what an event is the cause of: its key, so that it stays the same when it is recorded again; an event that stands in the place of one taken back has
    // the cause of that one, and a case is allotted once however often its judge changes
    private async Task<Cause> CauseAsync(CaseEventRecorded e, CancellationToken ct)
    {
        if (e.Event == "allotted")
            return new Cause("allotted", false);
        var own = await db.FirstAsync<OwnEvent>("SELECT source_key, cause FROM workzone_case_event WHERE id = @EventId", new { e.EventId }, ct);
        if (own?.Cause is { } kept)
            return new Cause(kept, false);
        var taken = await db.FirstAsync<string>(
            """
            SELECT u.cause FROM workzone_case_event u
            WHERE u.case_id = @CaseId AND u.event = @Event AND u.undone_at IS NOT NULL AND u.cause IS NOT NULL
              AND NOT EXISTS (SELECT 1 FROM workzone_case_event l WHERE l.case_id = u.case_id AND l.cause = u.cause AND l.undone_at IS NULL)
            ORDER BY u.undone_at, u.id
            """,
            new { e.CaseId, e.Event },
            ct
        );
        if (taken is not null)
            return new Cause(taken, true);
        var key = own?.SourceKey ?? $"{e.EventId}";
        return new Cause(key.Length > 100 ? $"{e.Event}:{e.EventId}" : key, false);
    }

    private async Task<string?> OpenAsync(CaseEventRecorded e, CaseFacts c, Affair affair, Cause cause, CancellationToken ct)
    {
        const int MostRounds = 20;
        // up to the key that names the event's row, which orders opened by older versions carry
        var keys = Enumerable.Range(1, MostRounds).Select(n => OrderTypes.CauseKey(affair.Code, c.Id, cause.Subject, n)).ToList();
        keys.Add(OrderTypes.CauseKey(affair.Code, c.Id, $"{e.Event}:{e.EventId}", 1));
        var last = await db.FirstAsync<LastRound>(
            "SELECT o.round AS number, o.state FROM workzone_order o WHERE o.cause_key IN @keys ORDER BY o.round DESC",
            new { keys },
            ct
        );
        if (last is not null && !(cause.Taken && last.State == OrderState.Cancelled && last.Number < MostRounds))
            return null;
        var order = await orders.OpenAsync(
            new NewOrder
            {
                Type = affair.Code,
                CaseId = c.Id,
                Title = affair.Label,
                Subject = c.PartiesText.Length > 120 ? c.PartiesText[..119] + "…" : c.PartiesText,
                CauseSubject = cause.Subject,
                Round = (last?.Number ?? 0) + 1,
                AskedBy = c.JudgeId,
                Form = new Dictionary<string, string>
                {
                    ["触发"] = e.Event == "allotted" ? TriggerTable.Events[e.Event] : $"{TriggerTable.Events[e.Event]} {Times.Iso(e.On)}",
                },
            },
            ct
        );
        return order.Number;
    }

    private Task<int> KeepAsync(long eventId, string? row, IReadOnlyList<string> opened, string? reason, string? cause, CancellationToken ct) =>
        db.ExecuteAsync(
            "UPDATE workzone_case_event SET trigger_row = @row, trigger_orders = @opened, trigger_reason = @reason, cause = @cause WHERE id = @eventId",
            new
            {
                eventId,
                row,
                opened = JsonSerializer.Serialize(opened, Json.Stored),
                reason,
                cause,
            },
            ct
        );

    /// <param name="Subject">Part of the cause key of the orders.</param>
    /// <param name="Taken">From an event that was taken back: orders withdrawn with it are opened anew.</param>
    private sealed record Cause(string Subject, bool Taken);

    private sealed record OwnEvent
    {
        public string SourceKey { get; init; } = "";
        public string? Cause { get; init; }
    }

    private sealed record LastRound
    {
        public int Number { get; init; }
        public string State { get; init; } = "";
    }

    private sealed record Waiting
    {
        public long Id { get; init; }
        public string Event { get; init; } = "";
        public DateOnly OnDay { get; init; }
        public string Facts { get; init; } = "{}";
        public string? TriggerOrders { get; init; }
    }

    private sealed record CaseFacts
    {
        public long Id { get; init; }
        public string Number { get; init; } = "";
        public string NumberType { get; init; } = "";
        public string Kind { get; init; } = "";
        public long CourtId { get; init; }
        public long? JudgeId { get; init; }
        public string State { get; init; } = "";
        public DateOnly? CustodyUntil { get; init; }
        public string PartiesText { get; init; } = "";
        public bool Korean { get; init; }
    }
}
