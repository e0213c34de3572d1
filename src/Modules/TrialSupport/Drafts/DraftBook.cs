using System.Text.Json;
using CourtOps.Kernel.Data;
using CourtOps.Kernel.Messaging;
using CourtOps.Kernel.Security;
using CourtOps.Kernel.States;
using CourtOps.Workzone.Cases;

namespace CourtOps.TrialSupport.Drafts;

internal static class DraftState
{
    /// <summary>Checked, to be mended or signed.</summary>
    public const string Checked = "checked";
    public const string Signed = "signed";
    public const string Issuing = "issuing";
    public const string Issued = "issued";
    public const string Withdrawn = "withdrawn";

    public static readonly IReadOnlyDictionary<string, string> Labels = new Dictionary<string, string>
    {
        [Checked] = "已检，待签发",
        [Signed] = "法官已签",
        [Issuing] = "正在制作",
        [Issued] = "已制发",
        [Withdrawn] = "已撤回",
    };
}

internal static class DraftStep
{
    public const string Recheck = "recheck";
    public const string Settle = "settle";
    public const string Assist = "assist";
    public const string Sign = "sign";
    public const string Countersign = "countersign";
    public const string Issue = "issue";
    public const string Made = "made";
    public const string Withdraw = "withdraw";
}

/// <summary>A draft of a court document as it is stored.</summary>
internal sealed record Draft
{
    public long Id { get; init; }
    public long CaseId { get; init; }
    public long CourtId { get; init; }
    public string CaseNumber { get; init; } = "";
    public string Kind { get; init; } = "";
    public string Title { get; init; } = "";
    public int Revision { get; init; }
    public string Blob { get; init; } = "";
    public string Paragraphs { get; init; } = "[]";
    public string State { get; init; } = "";
    public int Errors { get; init; }
    public int Warnings { get; init; }
    public DateTimeOffset CheckedAt { get; init; }
    public string? AssistantName { get; init; }
    public DateTimeOffset? AssistantAt { get; init; }
    public long? JudgeId { get; init; }
    public string? JudgeName { get; init; }
    public DateTimeOffset? JudgeAt { get; init; }
    public long? DocumentId { get; init; }
    public DateOnly? IssuedOn { get; init; }

    /// <summary>Of a summons: the hearing it calls to, and as which turn of it.</summary>
    public long? HearingId { get; init; }
    public int? HearingTurn { get; init; }
    public string CreatedName { get; init; } = "";
    public DateTimeOffset CreatedAt { get; init; }
    public int Version { get; init; }

    /// <summary>The text, one paragraph each.</summary>
    public IReadOnlyList<string> Lines => JsonSerializer.Deserialize<List<string>>(Paragraphs, Json.Stored)!;
}

/// <summary>A finding as it is stored; settled where somebody said why it stays.</summary>
internal sealed record DraftFinding
{
    public int N { get; init; }
    public string CheckCode { get; init; } = "";
    public string Severity { get; init; } = "";
    public int Paragraph { get; init; }
    public string Words { get; init; } = "";
    public string Reason { get; init; } = "";
    public string Source { get; init; } = "";
    public string Fix { get; init; } = "";
    public string? Settled { get; init; }
    public string? SettledBy { get; init; }
}

/// <summary>One revision of a draft as it was checked.</summary>
internal sealed record DraftRevision
{
    public int Revision { get; init; }
    public string Title { get; init; } = "";
    public string Blob { get; init; } = "";
    public int Errors { get; init; }
    public int Warnings { get; init; }
    public string ByName { get; init; } = "";
    public DateTimeOffset At { get; init; }
}

/// <summary>The one place where drafts change. A text that is changed loses every signature.</summary>
internal sealed class DraftBook(Db db, Actor actor, ICases cases, ICaseRegister register)
{
    public const string Columns = """
        SELECT d.id, d.case_id, d.court_id, d.case_number, d.kind, d.title, d.revision, d.blob, d.paragraphs, d.state, d.errors, d.warnings, d.checked_at,
            d.assistant_name, d.assistant_at, d.judge_id, d.judge_name, d.judge_at,
            d.document_id, d.issued_on, d.hearing_id, d.hearing_turn, d.created_name, d.created_at, d.version
        FROM trial_draft d
        """;

    public static readonly StateTable Table = new(
        "trial_draft",
        "文书草稿",
        new(DraftStep.Recheck, [DraftState.Checked, DraftState.Signed], DraftState.Checked),
        new(DraftStep.Settle, [DraftState.Checked], null),
        new(DraftStep.Assist, [DraftState.Checked], null),
        new(DraftStep.Sign, [DraftState.Checked], DraftState.Signed),
        new(DraftStep.Countersign, [DraftState.Signed], null),
        new(DraftStep.Issue, [DraftState.Signed], DraftState.Issuing),
        new(DraftStep.Made, [DraftState.Issuing], DraftState.Issued),
        new(DraftStep.Withdraw, [DraftState.Checked, DraftState.Signed], DraftState.Withdrawn)
    );

    public async Task<Draft> GetAsync(long id, CancellationToken ct) =>
        await db.FirstAsync<Draft>(Columns + " WHERE d.id = @id", new { id }, ct) ?? throw new NotFound("文书草稿", id);

    /// <exception cref="NotFound">No such draft, or of a case that is not for this actor.</exception>
    /// <exception cref="Conflict">It was changed since the person saw it.</exception>
    public async Task<Draft> OpenAsync(long id, int? version, CancellationToken ct)
    {
        var draft = await GetAsync(id, ct);
        if (!await cases.CanReadAsync(draft.CaseId, ct) && !await AskedAsync(draft, ct))
            throw new NotFound("文书草稿", id);
        return version is null || version == draft.Version ? draft : throw new Conflict("文书草稿刚被他人修改，请刷新后再看。");
    }

    /// <summary>The case of a draft that was opened: for a judge of the panel, who sees the document only, what stands on the document.</summary>
    public async Task<CaseCard> CardAsync(Draft draft, CancellationToken ct) =>
        await cases.CanReadAsync(draft.CaseId, ct)
            ? await cases.GetAsync(draft.CaseId, ct)
            : new CaseCard
            {
                Id = draft.CaseId,
                Number = draft.CaseNumber,
                CourtId = draft.CourtId,
                JudgeId = draft.JudgeId,
                JudgeName = draft.JudgeName,
            };

    // a judge of the panel is asked to sign this revision; who is recused by now is not
    private async Task<bool> AskedAsync(Draft draft, CancellationToken ct) =>
        await db.ScalarAsync<int>(
            "SELECT COUNT(*) FROM trial_sign_due WHERE draft_id = @Id AND revision = @Revision AND person_id = @me",
            new
            {
                draft.Id,
                draft.Revision,
                me = actor.Id,
            },
            ct
        ) > 0
        && !(await register.RecusedAsync(draft.CaseId, ct)).Contains(actor.Id);

    /// <summary>Signed documents that wait for this person's signature, the oldest first.</summary>
    public Task<IReadOnlyList<Draft>> WaitingAsync(CancellationToken ct) =>
        db.PageAsync<Draft>(
            Columns
                + " WHERE d.state = 'signed' AND EXISTS (SELECT 1 FROM trial_sign_due u WHERE u.draft_id = d.id AND u.revision = d.revision "
                + "AND u.person_id = @me) "
                + "AND NOT EXISTS (SELECT 1 FROM trial_signature g WHERE g.draft_id = d.id AND g.revision = d.revision AND g.person_id = @me) ORDER BY "
                + "d.judge_at, d.id",
            new { me = actor.Id },
            100,
            ct
        );

    public Task<IReadOnlyList<DraftFinding>> FindingsAsync(long id, CancellationToken ct) =>
        db.QueryAsync<DraftFinding>(
            "SELECT n, check_code, severity, paragraph, words, reason, source, fix, settled, settled_by FROM trial_finding WHERE draft_id = @id ORDER BY n",
            new { id },
            ct
        );

    /// <summary>The findings of an earlier revision.</summary>
    public Task<IReadOnlyList<DraftFinding>> PastAsync(long id, int revision, CancellationToken ct) =>
        db.QueryAsync<DraftFinding>(
            "SELECT n, check_code, severity, paragraph, words, reason, source, fix, settled, settled_by FROM trial_finding_past WHERE draft_id = @id AND "
                + "revision = @revision ORDER BY n",
            new { id, revision },
            ct
        );

    /// <summary>All revisions of a draft, the last first.</summary>
    public Task<IReadOnlyList<DraftRevision>> RevisionsAsync(long id, CancellationToken ct) =>
        db.QueryAsync<DraftRevision>(
            "SELECT revision, title, blob, errors, warnings, by_name, at FROM trial_revision WHERE draft_id = @id ORDER BY revision DESC",
            new { id },
            ct
        );

    public async Task<Draft> MoveAsync(Draft draft, string step, CancellationToken ct, string set = "", object? args = null)
    {
        await Table.MoveAsync(db, step, draft.State, args ?? new { draft.Id, draft.Version }, set, ct);
        return await GetAsync(draft.Id, ct);
    }
}
