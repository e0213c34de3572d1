using CourtOps.Kernel.Audit;
using CourtOps.Kernel.Data;
using CourtOps.Kernel.Messaging;
using CourtOps.Kernel.Security;
using CourtOps.Kernel.Settings;
using CourtOps.Kernel.Web;
using CourtOps.Workzone.Calendars;

namespace CourtOps.Workzone.Supervision;

/// <summary>A slip as it is stored.</summary>
internal sealed record Slip
{
    public const string Select = """
        SELECT s.id, s.number, s.kind, s.court_id, s.case_id, s.order_id, s.from_id, s.from_name, s.to_id, s.to_name, s.subject, s.words, s.answer, s.state,
            s.due_at, s.sent_at,
            s.received_at, s.answered_at, s.ended_at, s.returned_words, s.cause_key, s.answer_by, s.to_post, s.tier, s.raised_from, s.version
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

    /// <summary>When it goes up: until it is received the time for that, then the time for the answer.</summary>
    public DateTimeOffset DueAt { get; init; }

    /// <summary>When it is to be answered.</summary>
    public DateTimeOffset AnswerBy { get; init; }

    /// <summary>One of <see cref="SlipPosts"/>: as what it was addressed.</summary>
    public string ToPost { get; init; } = SlipPosts.Person;

    /// <summary>The warning of the trial limit it tells of; empty otherwise.</summary>
    public string Tier { get; init; } = "";

    /// <summary>The slip that nobody answered and that it came from.</summary>
    public long? RaisedFrom { get; init; }
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

/// <summary>A slip to be sent.</summary>
internal sealed record NewSlip
{
    public required string Kind { get; init; }
    public required long CourtId { get; init; }
    public long? CaseId { get; init; }
    public long? OrderId { get; init; }
    public long ToId { get; init; }

    /// <summary>One of <see cref="SlipPosts"/>.</summary>
    public string Post { get; init; } = SlipPosts.Person;
    public string Tier { get; init; } = "";

    /// <summary>Cut to two hundred characters.</summary>
    public required string Subject { get; init; }
    public required string Words { get; init; }

    /// <summary>A cause has one slip.</summary>
    public string Cause { get; init; } = "";
    public long? RaisedFrom { get; init; }

    /// <summary>Sent by a rule, whoever's change made it hold.</summary>
    public bool ByRule { get; init; }
}

/// <summary>One line of the history of a slip.</summary>
internal sealed record SlipAct
{
    public int N { get; init; }
    public string Act { get; init; } = "";
    public string Words { get; init; } = "";
    public string ByName { get; init; } = "";
    public DateTimeOffset At { get; init; }

    /// <summary>What people read; the key of its translation.</summary>
    public static readonly IReadOnlyDictionary<string, string> Labels = new Dictionary<string, string>
    {
        ["send"] = "发出",
        ["receive"] = "签收",
        ["answer"] = "答复",
        ["accept"] = "认可",
        ["send-back"] = "退回重新答复",
        ["raise"] = "逾期，已升级",
        ["over"] = "事项已了结",
        ["replace"] = "由后一张接续",
        ["pass"] = "转给接手的人",
    };
}

/// <summary>Writes slips: one for each cause, their states and their history.</summary>
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
    Cases.CaseAccess access,
    ISettings settings
)
{
    /// <summary>Null where the cause has its slip already.</summary>
    public async Task<long?> SendAsync(NewSlip slip, CancellationToken ct)
    {
        if (await db.ScalarAsync<int>("SELECT COUNT(*) FROM workzone_slip WHERE cause_key = @Cause", new { slip.Cause }, ct) > 0)
            return null;
        var to =
            await db.FirstAsync<string>("SELECT name FROM workzone_person WHERE id = @ToId AND state = 'active'", new { slip.ToId }, ct)
            ?? throw new RuleBroken("收件人已离任或停用，请改发给现在办理的人。", "To", "gone");
        var now = clock.GetUtcNow();
        var id = ids.Next();
        var times = settings.Current<SlipTimes>(WarningTable.TimesKey, slip.CourtId);
        var answer = working.AddHours(now, times.Hours(slip.Kind));
        var receive = working.AddHours(now, times.ReceiveHours);
        var subject = slip.Subject.Length > 200 ? slip.Subject[..200] : slip.Subject;
        var words = slip.Words.Length > 1000 ? slip.Words[..999] + "…" : slip.Words;
        var prefix = slip.Kind switch
        {
            SlipKinds.Prompt => "TS",
            SlipKinds.Urge => "CB",
            _ => "DB",
        };
        var number = $"{prefix}-{Times.Day(now):yyyyMMdd}-{await sequences.NextAsync($"slip:{Times.Day(now):yyyyMMdd}", ct):000}";
        await db.ExecuteAsync(
            """
            INSERT INTO workzone_slip (id, number, kind, court_id, case_id, order_id, cause_key, from_id, from_name, to_id, to_name, subject, words, state,
                due_at, answer_by, to_post, tier, raised_from, sent_at, version)
            VALUES (@id, @number, @Kind, @CourtId, @CaseId, @OrderId, @Cause, @from, @fromName, @ToId, @to, @subject, @words, 'sent', @due, @answer, @Post,
                @Tier, @RaisedFrom, @now, 1)
            """,
            new
            {
                id,
                number,
                slip.Kind,
                slip.CourtId,
                slip.CaseId,
                slip.OrderId,
                slip.Cause,
                from = actor.IsSystem || slip.ByRule ? 0 : actor.Id,
                fromName = slip.ByRule ? "系统" : By,
                slip.ToId,
                to,
                subject,
                words,
                due = receive < answer ? receive : answer,
                answer,
                slip.Post,
                slip.Tier,
                slip.RaisedFrom,
                now,
            },
            ct
        );
        await NoteAsync(id, 1, "send", "", now, ct);
        await TellAsync(slip.ToId, $"slip:{id}", number, slip.Kind, subject, slip.CaseId, ct);
        audit.Note(
            "slip",
            id,
            new
            {
                slip.Kind,
                slip.CourtId,
                causeKey = slip.Cause,
            },
            slip.CaseId
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
            SlipRules.After(slip.State, act, act is not ("over" or "replace" or "raise") && slip.ToId == actor.Id)
            ?? throw new RuleBroken($"这张单现在是“{SlipRules.States[slip.State].Label}”，您不能做这一步。", code: "state");
        var now = clock.GetUtcNow();
        var due = working.AddHours(now, settings.Current<SlipTimes>(WarningTable.TimesKey, slip.CourtId).Hours(slip.Kind));
        var done = await db.ExecuteAsync(
            """
            UPDATE workzone_slip SET state = @to, version = version + 1,
                   received_at = CASE WHEN received_at IS NULL AND @act IN ('receive', 'answer') THEN @now ELSE received_at END,
                   answered_at = CASE WHEN @act = 'answer' THEN @now ELSE answered_at END,
                   answer = CASE WHEN @act = 'answer' THEN @words ELSE answer END,
                   returned_words = CASE WHEN @act = 'send-back' THEN @words ELSE returned_words END,
                   answer_by = CASE WHEN @act = 'send-back' THEN @due ELSE answer_by END,
                   due_at = CASE WHEN @act = 'send-back' THEN @due WHEN @act = 'receive' THEN answer_by ELSE due_at END,
                   ended_at = CASE WHEN @act IN ('accept', 'raise', 'over', 'replace') THEN @now ELSE NULL END
            WHERE id = @Id AND version = @seen
            """,
            new
            {
                slip.Id,
                to,
                act,
                words,
                now,
                due,
                seen = version ?? slip.Version,
            },
            ct
        );
        if (done == 0)
            throw new Conflict($"{slip.Number} 已由他人处理。");
        await NoteAsync(slip.Id, slip.Version + 1, act, words, now, ct);
        var tell =
            act is "answer" ? slip.FromId
            : act is "accept" or "send-back" ? slip.ToId
            : 0;
        if (tell > 0)
            await TellAsync(tell, $"slip:{slip.Id}:{act}:{slip.Version}", slip.Number, slip.Kind, slip.Subject, slip.CaseId, ct);
        audit.Note("slip", slip.Id, new { act }, slip.CaseId);
        db.OnCommitted(() => changes.Say("slips"));
    }

    /// <summary>Ends what is open of the slips whose cause begins so: their matter is over.</summary>
    public async Task EndAsync(string causes, CancellationToken ct)
    {
        foreach (
            var s in await db.QueryAsync<Slip>(
                Slip.Select + " WHERE s.cause_key >= @causes AND s.cause_key < @end AND s.ended_at IS NULL ORDER BY s.id",
                new { causes, end = causes + "\uffff" },
                ct
            )
        )
            if (SlipRules.After(s.State, "over", false) is not null)
                await ActAsync(s, "over", "", null, ct);
    }

    /// <summary>Ends the earlier warnings of a trial limit that a person has not answered: a later one has come.</summary>
    public async Task ReplaceAsync(long caseId, long to, long byId, CancellationToken ct)
    {
        foreach (
            var s in await db.QueryAsync<Slip>(
                Slip.Select
                    + " WHERE s.case_id = @caseId AND s.to_id = @to AND s.id <> @byId AND s.ended_at IS NULL AND s.tier <> '' AND "
                    + "s.state IN ('sent', 'received') ORDER BY s.id",
                new
                {
                    caseId,
                    to,
                    byId,
                },
                ct
            )
        )
            await ActAsync(s, "replace", "", null, ct);
    }

    /// <summary>Passes an open slip to whoever takes the work over; it is to be received anew.</summary>
    public async Task PassAsync(Slip slip, long to, string reason, CancellationToken ct)
    {
        var name =
            await db.FirstAsync<string>("SELECT name FROM workzone_person WHERE id = @to AND state = 'active'", new { to }, ct)
            ?? throw new RuleBroken("接手的人已离任或停用。", "To", "gone");
        if (SlipRules.After(slip.State, "pass", false) is not { } state)
            throw new RuleBroken($"这张单现在是“{SlipRules.States[slip.State].Label}”，不能再转。", code: "state");
        var now = clock.GetUtcNow();
        var receive = working.AddHours(now, settings.Current<SlipTimes>(WarningTable.TimesKey, slip.CourtId).ReceiveHours);
        if (
            await db.ExecuteAsync(
                "UPDATE workzone_slip SET to_id = @to, to_name = @name, state = @state, received_at = NULL, due_at = @receive, version = version + 1 WHERE "
                    + "id = @Id AND version = @Version",
                new
                {
                    slip.Id,
                    slip.Version,
                    to,
                    name,
                    state,
                    receive,
                },
                ct
            ) == 0
        )
            throw new Conflict($"{slip.Number} 已由他人处理。");
        await NoteAsync(slip.Id, slip.Version + 1, "pass", $"{slip.ToName} → {name}{(reason.Length > 0 ? "：" + reason : "")}", now, ct);
        await TellAsync(to, $"slip:{slip.Id}:pass:{slip.Version}", slip.Number, slip.Kind, slip.Subject, slip.CaseId, ct);
        audit.Note("slip", slip.Id, new { act = "pass", to }, slip.CaseId);
        db.OnCommitted(() => changes.Say("slips"));
    }

    private string By => actor.IsSystem ? "系统" : actor.Name;

    private Task<int> NoteAsync(long slipId, int n, string act, string words, DateTimeOffset at, CancellationToken ct) =>
        db.ExecuteAsync(
            "INSERT INTO workzone_slip_act (slip_id, n, act, words, by_name, at) VALUES (@slipId, @n, @act, @words, @by, @at)",
            new
            {
                slipId,
                n,
                act,
                words,
                by = By,
                at,
            },
            ct
        );

    private Task TellAsync(long person, string key, string number, string kind, string subject, long? caseId, CancellationToken ct) =>
        notices.AddAsync(
            person,
            Notices.NoticeKinds.Slip,
            key,
            new
            {
                number,
                kind,
                subject,
            },
            caseId: caseId,
            ct: ct
        );
}
