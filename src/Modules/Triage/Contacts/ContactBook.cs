using CourtOps.Kernel.Data;
using CourtOps.Kernel.Messaging;
using CourtOps.Kernel.Security;
using CourtOps.Kernel.Settings;
using CourtOps.Kernel.States;
using CourtOps.Kernel.Web;
using CourtOps.Law;
using CourtOps.Triage.Filings;
using CourtOps.Triage.Settings;
using CourtOps.Workzone;
using CourtOps.Workzone.Cases;

namespace CourtOps.Triage.Contacts;

/// <summary>The services that any court of the group takes and any other finishes (全域通办).</summary>
internal static class Services
{
    public static readonly IReadOnlyDictionary<string, string> Labels = new Dictionary<string, string>
    {
        ["guidance"] = "诉讼指导",
        ["filing"] = "立案咨询",
        ["material"] = "材料收转",
        ["inquiry"] = "案件查询",
        ["reading"] = "申请阅卷",
        ["payment"] = "缴费退费",
        ["mediation"] = "申请调解",
        ["address"] = "送达地址确认",
        ["copies"] = "复制材料",
        ["appointment"] = "约见法官",
        ["complaint"] = "投诉建议",
        ["other"] = "其他",
    };

    public static readonly IReadOnlyDictionary<string, string> Channels = new Dictionary<string, string>
    {
        ["counter"] = "窗口",
        ["call"] = "来电",
        ["web"] = "网上",
        ["letter"] = "来信",
    };

    /// <summary>Services that are about a case: its number must be named.</summary>
    public static bool NeedsCase(string service) => service is "material" or "inquiry" or "reading" or "copies" or "appointment" or "address";
}

/// <summary>What the table of terms looks at.</summary>
internal sealed record ServiceFacts
{
    public string Service { get; init; } = "";

    /// <summary>Another court finishes it.</summary>
    public bool Elsewhere { get; init; }
}

/// <summary>When the answer is due.</summary>
internal sealed record ServiceTerms
{
    /// <summary>Working days.</summary>
    public int Days { get; init; } = 3;
}

/// <summary>A contact as it is stored.</summary>
internal sealed record Contact
{
    public long Id { get; init; }
    public string Number { get; init; } = "";
    public long CourtId { get; init; }
    public string CourtName { get; init; } = "";
    public long ForCourtId { get; init; }
    public string ForCourtName { get; init; } = "";
    public string Service { get; init; } = "";
    public string Channel { get; init; } = "";
    public string Person { get; init; } = "";
    public string? PhoneEnc { get; init; }
    public string? PhoneTail { get; init; }
    public string CaseNumber { get; init; } = "";
    public long? CaseId { get; init; }
    public string Words { get; init; } = "";
    public DateTimeOffset TakenAt { get; init; }
    public string TakenByName { get; init; } = "";
    public DateOnly DueOn { get; init; }
    public DateTimeOffset? AcceptedAt { get; init; }
    public string AcceptedByName { get; init; } = "";
    public DateTimeOffset? FinishedAt { get; init; }
    public string Answer { get; init; } = "";
    public int? Mark { get; init; }
    public string MarkWords { get; init; } = "";
    public int? DeclaredPages { get; init; }
    public DateTimeOffset? EscalatedAt { get; init; }
    public string EscalatedTo { get; init; } = "";
    public long? PublicId { get; init; }

    /// <summary>open, accepted or done.</summary>
    public string State { get; init; } = "";
    public int Version { get; init; }
}

internal sealed record ContactPaper
{
    public long Id { get; init; }
    public string Title { get; init; } = "";
    public string Blob { get; init; } = "";
    public long Size { get; init; }
    public int? Pages { get; init; }
    public long? DocumentId { get; init; }
    public DateTimeOffset AddedAt { get; init; }
}

internal sealed record ContactEvent
{
    public string What { get; init; } = "";
    public DateTimeOffset At { get; init; }
    public string ByName { get; init; } = "";
    public string CourtName { get; init; } = "";
    public string Words { get; init; } = "";
    public int? Pages { get; init; }
}

/// <summary>What is asked of the desk, as it comes in.</summary>
internal sealed record ContactAsked(
    string Service,
    string Channel,
    CourtCard At,
    CourtCard For,
    string Person,
    string Phone,
    string CaseNumber,
    string Words,
    int? DeclaredPages,
    long? PublicId
);

/// <summary>The one place where contacts are read for a step and change.</summary>
internal sealed class ContactBook(
    Db db,
    Ids ids,
    TimeProvider clock,
    Actor actor,
    ICaseIndex index,
    ICases cases,
    ICalendarSource calendars,
    ISettings settings,
    ICourts courts,
    Sequences sequences,
    Secrets secrets
)
{
    public const string Columns = """
        k.id, k.number, k.court_id, k.court_name, k.for_court_id, k.for_court_name, k.service, k.channel, k.person, k.phone_enc, k.phone_tail, k.case_number,
            k.case_id, k.words, k.taken_at, k.taken_by_name, k.due_on, k.accepted_at,
        k.accepted_by_name, k.finished_at, k.answer, k.mark, k.mark_words, k.declared_pages, k.escalated_at, k.escalated_to, k.public_id, k.state, k.version
        """;

    public static readonly StateTable Table = new(
        "triage_contact",
        "来访事项",
        new("accept", ["open"], "accepted"),
        new("pass", ["open", "accepted"], "open"),
        new("finish", ["open", "accepted"], "done"),
        new("reopen", ["done"], "open"),
        new("mark", ["done"], null),
        new("note", ["open", "accepted"], null)
    );

    public static readonly IReadOnlyDictionary<string, string> States = new Dictionary<string, string>
    {
        ["open"] = "待签收",
        ["accepted"] = "办理中",
        ["done"] = "已答复",
    };

    public static readonly IReadOnlyDictionary<string, string> Events = new Dictionary<string, string>
    {
        ["take"] = "受理",
        ["pass"] = "转交",
        ["accept"] = "签收",
        ["finish"] = "答复",
        ["mark"] = "评价",
        ["hand"] = "交接",
        ["paper"] = "收下材料",
        ["escalate"] = "逾期，升级值班主任",
        ["filed"] = "入卷",
        ["reopen"] = "不满意，重新办理",
    };

    /// <summary>For lists of contacts aliased k: what the court finishes, without sealed and recused cases, and what it took for another. Reads
    /// <see cref="Arguments"/>.</summary>
    public string Seen =>
        $"((k.for_court_id IN @courts AND (k.case_id IS NULL OR {index.Registered("k.case_id")})) OR (k.court_id IN @courts AND k.court_id <> k.for_court_id))";

    public AccessArguments Arguments => cases.Arguments;

    public DateOnly Today => Times.Day(clock.GetUtcNow());

    public DateTimeOffset Now => clock.GetUtcNow();

    /// <exception cref="NotFound">No such contact, or not for this person.</exception>
    public async Task<Contact> GetAsync(long id, int? version, CancellationToken ct)
    {
        var (me, mine, places) = Arguments;
        var found = actor.IsSystem
            ? await db.FirstAsync<Contact>($"SELECT {Columns} FROM triage_contact k WHERE k.id = @id", new { id }, ct)
            : await db.FirstAsync<Contact>(
                $"SELECT {Columns} FROM triage_contact k WHERE k.id = @id AND {Seen}",
                new
                {
                    id,
                    me,
                    courts = mine,
                    places,
                },
                ct
            );
        return found is null ? throw new NotFound("来访事项", id)
            : version is { } seen && seen != found.Version ? throw new Conflict("这件刚被他人办理，请刷新后再看。")
            : found;
    }

    /// <summary>The same for what only the court that finishes it does.</summary>
    public async Task<Contact> MineAsync(long id, int? version, CancellationToken ct)
    {
        var found = await GetAsync(id, version, ct);
        return actor.IsSystem || actor.Courts.Contains(found.ForCourtId)
            ? found
            : throw new RuleBroken($"这件由 {found.ForCourtName} 办理。", code: "other-court");
    }

    public async Task<(long Id, string Number, DateOnly DueOn)> TakeAsync(ContactAsked asked, CancellationToken ct)
    {
        var now = clock.GetUtcNow();
        var today = Times.Day(now);
        var number = asked.CaseNumber;
        long? caseId = null;
        if (CaseNumber.TryParse(number, out var parsed))
        {
            number = parsed.Canonical;
            caseId = await db.FirstAsync<long?>(
                "SELECT id FROM workzone_case_card WHERE number = @number AND court_id = @court",
                new { number, court = asked.For.Id },
                ct
            );
        }
        var terms = TriageSettings
            .Services.Decide(
                new ServiceFacts { Service = asked.Service, Elsewhere = asked.At.Id != asked.For.Id },
                settings.Current<TableBody>("triage.services", asked.For.Id)
            )
            .Outcome;
        var due = Periods.Compute(today, terms.Days, PeriodUnit.Workday, calendars.For(asked.For.Code)).LegalLastDay;
        var id = ids.Next();
        var code = $"访{asked.At.Code}-{today.Year}-{await sequences.NextAsync($"triage.contact:{asked.At.Id}:{today.Year}", ct):000000}";
        await db.ExecuteAsync(
            """
            INSERT INTO triage_contact (id, number, court_id, court_name, for_court_id, for_court_name, service, channel, person, phone_enc, phone_tail,
                case_number, case_id, words, taken_at, taken_by_name, due_on, accepted_by_name, answer,
                mark_words, declared_pages, escalated_to, public_id, state, version)
            VALUES (@id, @code, @at, @atName, @for, @forName, @Service, @Channel, @Person, @phone, @tail, @number, @caseId, @Words, @now, @by, @due, '', '', '',
                @DeclaredPages, '', @PublicId, 'open', 1)
            """,
            new
            {
                id,
                code,
                at = asked.At.Id,
                atName = asked.At.Name,
                @for = asked.For.Id,
                forName = asked.For.Name,
                asked.Service,
                asked.Channel,
                asked.Person,
                phone = secrets.Protect(asked.Phone),
                tail = Secrets.Tail(asked.Phone),
                number,
                caseId,
                asked.Words,
                now,
                by = actor.Name,
                due,
                asked.DeclaredPages,
                asked.PublicId,
            },
            ct
        );
        await NoteAsync(id, "take", asked.At.Id == asked.For.Id ? "" : asked.For.Name, null, ct, asked.At.Name);
        return (id, code, due);
    }

    public Task<string> MoveAsync(Contact contact, string step, object args, string set, CancellationToken ct) =>
        Table.MoveAsync(db, step, contact.State, args, set, ct);

    public async Task NoteAsync(long contactId, string what, string words, int? pages, CancellationToken ct, string? court = null) =>
        await db.ExecuteAsync(
            "INSERT INTO triage_contact_event (id, contact_id, event, at, by_name, court_name, words, pages) VALUES (@id, @contactId, @what, @now, "
                + "@by, @court, @words, @pages)",
            new
            {
                id = ids.Next(),
                contactId,
                what,
                now = clock.GetUtcNow(),
                by = actor.Name,
                court = court ?? (actor.IsSystem ? "" : (await courts.GetAsync(actor.CourtId, ct)).Name),
                words,
                pages,
            },
            ct
        );

    /// <summary>What whoever asked over the web may know of it.</summary>
    public async Task ReleaseAsync(long id, CancellationToken ct)
    {
        var k = await db.FirstAsync<Contact>($"SELECT {Columns} FROM triage_contact k WHERE k.id = @id", new { id }, ct);
        if (k?.PublicId is { } publicId)
            await db.ExecuteAsync(
                "UPDATE triage_public_contact SET stage = @State, answer = @Answer, number = @Number, due_on = @DueOn WHERE id = @publicId",
                new
                {
                    publicId,
                    k.State,
                    k.Answer,
                    k.Number,
                    k.DueOn,
                },
                ct
            );
    }

    public Task<IReadOnlyList<ContactPaper>> PapersAsync(long id, CancellationToken ct) =>
        db.QueryAsync<ContactPaper>(
            "SELECT id, title, blob, size, pages, document_id, added_at FROM triage_contact_paper WHERE contact_id = @id ORDER BY id",
            new { id },
            ct
        );
}
