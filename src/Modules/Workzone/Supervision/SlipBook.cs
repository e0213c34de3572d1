using CourtOps.Kernel.Audit;
using CourtOps.Kernel.Data;
using CourtOps.Kernel.Messaging;
using CourtOps.Kernel.Security;
using CourtOps.Kernel.Web;
using CourtOps.Workzone.Calendars;

namespace CourtOps.Workzone.Supervision;

/// <summary>A slip as it is stored.</summary>
internal sealed record Slip
{
    public const string Select = """
        SELECT s.id, s.number, s.kind, s.court_id, s.case_id, s.order_id, s.from_id, s.from_name, s.to_id, s.to_name, s.subject, s.words, s.answer, s.state,
            s.due_at, s.sent_at,
               s.received_at, s.answered_at, s.ended_at, s.returned_words, s.cause_key, s.version
        FROM workzone_slip s
        """;

    public long Id { get; init; }
    public string Number { get; init; } = "";
    public string Kind { get; init; } = "";
    public long CourtId { get; init; }
    public long? CaseId { get; init; }
    public long? OrderId { get; init; }
    public long FromId { get; init; }
    public string FromName { get; init; } = "";
    public long ToId { get; init; }
    public string ToName { get; init; } = "";
    public string Subject { get; init; } = "";
    public string Words { get; init; } = "";
    public string? Answer { get; init; }
    public string State { get; init; } = "";
    public DateTimeOffset DueAt { get; init; }
    public DateTimeOffset SentAt { get; init; }
    public DateTimeOffset? ReceivedAt { get; init; }
    public DateTimeOffset? AnsweredAt { get; init; }
    public DateTimeOffset? EndedAt { get; init; }
    public string? ReturnedWords { get; init; }
    public string CauseKey { get; init; } = "";
    public int Version { get; init; }

    /// <summary>Causes of slips that went up to a leader begin so.</summary>
    public const string AbovePrefix = "above:";

    /// <summary>Whether it went up to a leader as somebody else had not answered.</summary>
    public bool IsAbove => CauseKey.StartsWith(AbovePrefix, StringComparison.Ordinal);

    /// <summary>What it is about: all slips of one matter share it.</summary>
    public string Matter =>
        OrderId is { } o ? $"order:{o}"
        : CaseId is { } c ? $"case:{c}"
        : $"slip:{Id}";
}

/// <summary>Writes slips: one for each cause, and their states.</summary>
internal sealed class SlipBook(
    Db db,
    Ids ids,
    TimeProvider clock,
    Actor actor,
    Sequences sequences,
    WorkingTime working,
    AuditTrail audit,
    Changes changes,
    Notices.Notifier notices,
    Cases.CaseAccess access
)
{
    /// <summary>Null where the cause has its slip already.</summary>
    public async Task<long?> SendAsync(
        string kind,
        long courtId,
        long? caseId,
        long? orderId,
        long toId,
        string subject,
        string words,
        string causeKey,
        CancellationToken ct
    )
    {
        if (await db.ScalarAsync<int>("SELECT COUNT(*) FROM workzone_slip WHERE cause_key = @causeKey", new { causeKey }, ct) > 0)
            return null;
        var to =
            await db.FirstAsync<string>("SELECT name FROM workzone_person WHERE id = @toId AND state = 'active'", new { toId }, ct)
            ?? throw new RuleBroken("收件人已离任或停用，请改发给现在办理的人。", "To", "gone");
        var now = clock.GetUtcNow();
        var id = ids.Next();
        var prefix = kind switch
        {
            SlipKinds.Prompt => "TS",
            SlipKinds.Urge => "CB",
            _ => "DB",
        };
        var number = $"{prefix}-{Times.Day(now):yyyyMMdd}-{await sequences.NextAsync($"slip:{Times.Day(now):yyyyMMdd}", ct):000}";
        await db.ExecuteAsync(
            """
            INSERT INTO workzone_slip (id, number, kind, court_id, case_id, order_id, cause_key, from_id, from_name, to_id, to_name, subject, words, state,
                due_at, sent_at, version)
            VALUES (@id, @number, @kind, @courtId, @caseId, @orderId, @causeKey, @from, @fromName, @toId, @to, @subject, @words, 'sent', @due, @now, 1)
            """,
            new
            {
                id,
                number,
                kind,
                courtId,
                caseId,
                orderId,
                causeKey,
                from = actor.IsSystem ? 0 : actor.Id,
                fromName = actor.IsSystem ? "系统" : actor.Name,
                toId,
                to,
                subject,
                words,
                due = working.AddHours(now, SlipKinds.Hours(kind)),
                now,
            },
            ct
        );
        await notices.AddAsync(
            toId,
            Notices.NoticeKinds.Slip,
            $"slip:{id}",
            new
            {
                number,
                kind,
                subject,
            },
            caseId: caseId,
            ct: ct
        );
        audit.Note(
            "slip",
            id,
            new
            {
                kind,
                courtId,
                causeKey,
            },
            caseId
        );
        db.OnCommitted(() => changes.Say("slips"));
        return id;
    }

    /// <summary>Of a case that its reader may not see any more nothing is told, to whomever the slip was addressed.</summary>
    public string Shown() =>
        $"(s.case_id IS NULL OR {access.Seeing.OfCase("s.case_id")} OR (s.order_id IS NOT NULL AND {access.Seeing.OfOrder("s.order_id")}))";

    public async Task<Slip> FindAsync(long id, CancellationToken ct)
    {
        var a = access.Seeing.Arguments;
        var slip = await db.FirstAsync<Slip>(
            $"{Slip.Select} WHERE s.id = @id AND (@all = 1 OR {Shown()})",
            new
            {
                id,
                a.Me,
                a.Courts,
                a.Places,
                all = actor.IsSystem,
            },
            ct
        );
        if (
            slip is null
            || !(
                actor.IsSystem || slip.ToId == actor.Id || slip.FromId == actor.Id || (actor.Can("workzone.slips.send") && actor.Courts.Contains(slip.CourtId))
            )
        )
            throw new NotFound("督办单", id);
        return slip;
    }

    /// <summary>Takes an act by the rules; the second of two is told who was first.</summary>
    public async Task ActAsync(Slip slip, string act, string words, int? version, CancellationToken ct)
    {
        var to =
            SlipRules.After(slip.State, act, slip.ToId == actor.Id)
            ?? throw new RuleBroken($"这张单现在是“{SlipRules.States[slip.State].Label}”，您不能做这一步。", code: "state");
        var now = clock.GetUtcNow();
        var done = await db.ExecuteAsync(
            """
            UPDATE workzone_slip SET state = @to, version = version + 1,
                   received_at = CASE WHEN received_at IS NULL AND @act IN ('receive', 'answer') THEN @now ELSE received_at END,
                   answered_at = CASE WHEN @act = 'answer' THEN @now ELSE answered_at END,
                   answer = CASE WHEN @act = 'answer' THEN @words ELSE answer END,
                   returned_words = CASE WHEN @act = 'send-back' THEN @words ELSE returned_words END,
                   due_at = CASE WHEN @act = 'send-back' THEN @due ELSE due_at END,
                   ended_at = CASE WHEN @act IN ('accept', 'raise') THEN @now ELSE NULL END
            WHERE id = @Id AND version = @seen
            """,
            new
            {
                slip.Id,
                to,
                act,
                words,
                now,
                due = working.AddHours(now, SlipKinds.Hours(slip.Kind)),
                seen = version ?? slip.Version,
            },
            ct
        );
        if (done == 0)
            throw new Conflict($"{slip.Number} 已由他人处理。");
        var tell =
            act is "answer" ? slip.FromId
            : act is "accept" or "send-back" ? slip.ToId
            : 0;
        if (tell > 0)
            await notices.AddAsync(
                tell,
                Notices.NoticeKinds.Slip,
                $"slip:{slip.Id}:{act}:{slip.Version}",
                new
                {
                    number = slip.Number,
                    kind = slip.Kind,
                    subject = slip.Subject,
                },
                caseId: slip.CaseId,
                ct: ct
            );
        audit.Note("slip", slip.Id, new { act }, slip.CaseId);
        db.OnCommitted(() => changes.Say("slips"));
    }
}
