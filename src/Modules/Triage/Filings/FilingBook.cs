using System.Text.Json;
using CourtOps.Kernel.Data;
using CourtOps.Kernel.Messaging;
using CourtOps.Kernel.Security;
using CourtOps.Kernel.States;
using CourtOps.Workzone.Cases;

namespace CourtOps.Triage.Filings;

/// <summary>A filing as it is stored.</summary>
internal sealed record Filing
{
    public long Id { get; init; }
    public string Number { get; init; } = "";
    public long CourtId { get; init; }
    public string CourtName { get; init; } = "";
    public string Kind { get; init; } = "";
    public string CaseType { get; init; } = "";
    public string Cause { get; init; } = "";
    public string ProcedureCode { get; init; } = "";

    /// <summary>What Law proposed; empty where it was never asked.</summary>
    public string ProcedureOwn { get; init; } = "";
    public string Why { get; init; } = "";
    public string ProcedureReason { get; init; } = "";
    public string Claims { get; init; } = "";
    public string Facts { get; init; } = "";
    public long? Amount { get; init; }
    public string PartiesText { get; init; } = "";
    public string Sender { get; init; } = "";
    public string? SenderPhoneTail { get; init; }

    /// <summary>What it comes from, as typed or as the number of the case.</summary>
    public string OriginNumber { get; init; } = "";

    /// <summary>The case it comes from, where it is here.</summary>
    public long? OriginId { get; init; }
    public DateTimeOffset ReceivedAt { get; init; }
    public DateOnly ReceivedOn { get; init; }
    public string ReceivedByName { get; init; } = "";
    public DateOnly ClockFrom { get; init; }
    public DateOnly? DecideBy { get; init; }
    public DateTimeOffset? ReturnedAt { get; init; }
    public string Missing { get; init; } = "[]";
    public DateOnly? CorrectBy { get; init; }
    public DateTimeOffset? RefusedAt { get; init; }
    public string Reason { get; init; } = "";
    public string Complaint { get; init; } = "";
    public DateTimeOffset? RegisteredAt { get; init; }
    public long? CaseId { get; init; }
    public string? CaseNumber { get; init; }
    public long? Fee { get; init; }
    public string FeeWhy { get; init; } = "[]";
    public int? Score { get; init; }
    public string Band { get; init; } = "";
    public int? Weight { get; init; }
    public string BandWhy { get; init; } = "[]";

    /// <summary>counter, online, cross, transfer or api.</summary>
    public string Channel { get; init; } = "";

    /// <summary>Facts and reasons in the person's own words.</summary>
    public string? Statement { get; init; }
    public long? PublicId { get; init; }

    /// <summary>The court it was handed in at, where that is another one.</summary>
    public long? FromCourtId { get; init; }
    public string FromCourtName { get; init; } = "";

    /// <summary>What the receiving court has checked, codes with blanks.</summary>
    public string Checked { get; init; } = "";

    /// <summary>The day by which it is passed on.</summary>
    public DateOnly? PassBy { get; init; }
    public DateTimeOffset? PassedAt { get; init; }

    /// <summary>The day by which the court with jurisdiction should answer; the target, not the law.</summary>
    public DateOnly? ReplyBy { get; init; }
    public DateTimeOffset? RepliedAt { get; init; }
    public string State { get; init; } = "";
    public int Version { get; init; }

    public IReadOnlyList<ClaimIn> ClaimList => JsonSerializer.Deserialize<IReadOnlyList<ClaimIn>>(Claims, Json.Stored)!;

    public FilingFacts FactSet => JsonSerializer.Deserialize<FilingFacts>(Facts, Json.Stored)!;

    public IReadOnlyList<string> MissingList => JsonSerializer.Deserialize<IReadOnlyList<string>>(Missing, Json.Stored)!;
}

internal sealed record FilingPaper
{
    public long Id { get; init; }
    public long FilingId { get; init; }
    public string Kind { get; init; } = "";
    public string Title { get; init; } = "";
    public string Blob { get; init; } = "";
    public long Size { get; init; }
    public int? Pages { get; init; }
    public long? DocumentId { get; init; }
    public DateTimeOffset AddedAt { get; init; }
}

internal sealed record FilingEvent
{
    public string Event { get; init; } = "";
    public DateTimeOffset At { get; init; }
    public string ByName { get; init; } = "";
    public string Words { get; init; } = "";
}

/// <summary>The steps of a filing.</summary>
internal static class FilingStep
{
    public const string Return = "return";
    public const string Correct = "correct";
    public const string Refuse = "refuse";
    public const string Lapse = "lapse";
    public const string Register = "register";
    public const string Allot = "allot";
    public const string Pass = "pass";
    public const string Withdraw = "withdraw";
    public const string Amend = "amend";

    public static readonly IReadOnlyDictionary<string, string> Labels = new Dictionary<string, string>
    {
        ["take"] = "收件",
        ["verified"] = "网上提交，已用验证码核对联系方式",
        ["unverified"] = "网上提交，身份待核对",
        ["submitted"] = "已提交",
        ["item"] = "移送项目到位",
        ["letter"] = "申请人留言",
        ["answer"] = "答复申请人",
        ["tell"] = "通知申请人",
        ["paper"] = "收下材料",
        [Moved.Step] = "其他法院移送，按原案登记",
        [Return] = "一次性告知补正",
        [Correct] = "收到补正",
        [Refuse] = "不予立案",
        [Lapse] = "逾期退回",
        [Register] = "登记立案",
        [Allot] = "分案",
        [Pass] = "转交管辖法院",
        [Withdraw] = "撤回",
        [Amend] = "更正登记内容",
    };
}

/// <summary>The one place where filings are read for a step and change.</summary>
internal sealed class FilingBook(Db db, Ids ids, TimeProvider clock, Actor actor, ICases cases, ICaseIndex index, LetterBook letters, Secrets secrets)
{
    public const string Columns = """
        f.id, f.number, f.court_id, f.court_name, f.kind, f.case_type, f.cause, f.procedure_code, f.procedure_own, f.why, f.procedure_reason, f.claims, f.facts,
            f.amount, f.parties_text, f.sender, f.sender_phone_tail, f.origin_number, f.origin_id, f.received_at,
        f.received_on, f.received_by_name, f.clock_from, f.decide_by, f.returned_at, f.missing, f.correct_by, f.refused_at, f.reason, f.complaint,
            f.registered_at, f.case_id, f.case_number, f.fee, f.fee_why,
        f.score, f.band, f.weight, f.band_why, f.channel, f.statement, f.public_id, f.from_court_id, f.from_court_name, f.checked, f.pass_by, f.passed_at,
            f.reply_by, f.replied_at, f.state, f.version
        """;

    public static readonly StateTable Table = new(
        "triage_filing",
        "收件",
        new(FilingStep.Pass, [FilingState.Collected], FilingState.Received),
        new(FilingStep.Withdraw, [FilingState.Collected, FilingState.Received, FilingState.Returned], FilingState.Withdrawn),
        new(FilingStep.Amend, [FilingState.Collected, FilingState.Received, FilingState.Returned], null),
        new(FilingStep.Return, [FilingState.Received], FilingState.Returned),
        new(FilingStep.Correct, [FilingState.Returned], FilingState.Received),
        new(FilingStep.Refuse, [FilingState.Received, FilingState.Returned], FilingState.Refused),
        new(FilingStep.Lapse, [FilingState.Returned], FilingState.Lapsed),
        new(FilingStep.Register, [FilingState.Received], FilingState.Registered),
        new(FilingStep.Allot, [FilingState.Registered], FilingState.Allotted)
    );

    /// <summary>
    /// The condition for lists of filings aliased f: those of the courts worked in, and what these passed on to another as long as it is no case there;
    /// without what is sealed or recused from. Reads <see cref="Arguments"/>.
    /// </summary>
    public string Seen =>
        $"(f.court_id IN @courts OR (f.from_court_id IN @courts AND f.case_id IS NULL)) AND (f.case_id IS NULL OR {index.Registered("f.case_id")})";

    public AccessArguments Arguments => cases.Arguments;

    /// <exception cref="NotFound">No such filing, or of another court, or its case is not for this person.</exception>
    public async Task<Filing> GetAsync(long id, CancellationToken ct)
    {
        var (me, courts, places) = Arguments;
        if (actor.IsSystem)
            return await db.FirstAsync<Filing>($"SELECT {Columns} FROM triage_filing f WHERE f.id = @id", new { id }, ct) ?? throw new NotFound("收件", id);
        return await db.FirstAsync<Filing>(
                $"SELECT {Columns} FROM triage_filing f WHERE f.id = @id AND {Seen}",
                new
                {
                    id,
                    me,
                    courts,
                    places,
                },
                ct
            ) ?? throw new NotFound("收件", id);
    }

    /// <summary>For what the receiving court may do too: papers and corrections.</summary>
    public async Task<Filing> SharedAsync(long id, int? version, CancellationToken ct)
    {
        var filing = await GetAsync(id, ct);
        return version is { } seen && seen != filing.Version ? throw new Conflict("收件刚被他人办理，请刷新后再看。") : filing;
    }

    /// <summary>The same, and nobody has changed it since the version that was seen.</summary>
    public async Task<Filing> GetAsync(long id, int? version, CancellationToken ct)
    {
        var filing = await GetAsync(id, ct);
        if (!actor.IsSystem && !actor.Courts.Contains(filing.CourtId))
            throw new RuleBroken($"这件由管辖法院 {filing.CourtName} 决定，本院只负责收件和转交。", code: "other-court");
        return version is { } seen && seen != filing.Version ? throw new Conflict("收件刚被他人办理，请刷新后再看。") : filing;
    }

    public async Task<IReadOnlyList<NewParty>> PartiesAsync(long filingId, CancellationToken ct)
    {
        var rows = await db.QueryAsync<PartyRow>(
            "SELECT name, role, party_type, id_number_enc, phone_enc, email_enc, e_service, language, agents_enc FROM triage_filing_party WHERE "
                + "filing_id = @filingId ORDER BY ordinal",
            new { filingId },
            ct
        );
        return
        [
            .. rows.Select(r => new NewParty
            {
                Name = r.Name,
                Role = r.Role,
                Type = r.PartyType,
                IdNumber = secrets.Reveal(r.IdNumberEnc) ?? "",
                Phone = secrets.Reveal(r.PhoneEnc) ?? "",
                Email = secrets.Reveal(r.EmailEnc) ?? "",
                EService = r.EService,
                Language = r.Language,
                Agents = secrets.Reveal(r.AgentsEnc) is { } a ? JsonSerializer.Deserialize<IReadOnlyList<NewAgent>>(a, Json.Stored)! : [],
            }),
        ];
    }

    public Task<IReadOnlyList<FilingPaper>> PapersAsync(long filingId, CancellationToken ct) =>
        db.QueryAsync<FilingPaper>(
            "SELECT id, filing_id, kind, title, blob, size, pages, document_id, added_at FROM triage_filing_paper WHERE filing_id = @filingId ORDER BY id",
            new { filingId },
            ct
        );

    /// <summary>Writes a paper down that is in the store already.</summary>
    public Task<int> AddPaperAsync(FilingPaper paper, string by, CancellationToken ct) =>
        db.ExecuteAsync(
            "INSERT INTO triage_filing_paper (id, filing_id, kind, title, blob, size, pages, document_id, added_at, added_by_name) VALUES "
                + "(@Id, @FilingId, @Kind, @Title, @Blob, @Size, @Pages, @DocumentId, @AddedAt, @by)",
            new
            {
                paper.Id,
                paper.FilingId,
                paper.Kind,
                paper.Title,
                paper.Blob,
                paper.Size,
                paper.Pages,
                paper.DocumentId,
                paper.AddedAt,
                by,
            },
            ct
        );

    public Task<IReadOnlyList<FilingEvent>> EventsAsync(long filingId, CancellationToken ct) =>
        db.QueryAsync<FilingEvent>("SELECT event, at, by_name, words FROM triage_filing_event WHERE filing_id = @filingId ORDER BY id", new { filingId }, ct);

    /// <summary>Takes a step of a filing that was read in this transaction.</summary>
    public Task<string> MoveAsync(Filing filing, string step, object args, string set, CancellationToken ct) =>
        Table.MoveAsync(db, step, filing.State, args, set, ct);

    /// <summary>Keeps what happened, and releases to whoever handed it in online what they may know of it.</summary>
    public async Task NoteAsync(long filingId, string step, string words, CancellationToken ct)
    {
        var now = clock.GetUtcNow();
        await db.ExecuteAsync(
            "INSERT INTO triage_filing_event (id, filing_id, event, at, by_name, words) VALUES (@id, @filingId, @step, @now, @by, @words)",
            new
            {
                id = ids.Next(),
                filingId,
                step,
                now,
                by = actor.Name,
                words,
            },
            ct
        );
        if (step is FilingStep.Return or FilingStep.Refuse or FilingStep.Lapse or FilingStep.Register)
            await db.ExecuteAsync("UPDATE triage_filing SET replied_at = @now WHERE id = @filingId AND replied_at IS NULL", new { filingId, now }, ct);
        if (
            await db.FirstAsync<Filing>($"SELECT {Columns} FROM triage_filing f WHERE f.id = @filingId", new { filingId }, ct)
            is not { PublicId: { } publicId } f
        )
            return;
        var bill = f.CaseId is { } caseId
            ? await db.FirstAsync<Fees.Bill>($"SELECT {Fees.FeeLedger.Columns} FROM triage_bill b WHERE b.case_id = @caseId ORDER BY b.id", new { caseId }, ct)
            : null;
        await db.ExecuteAsync(
            """
            UPDATE triage_public_filing
            SET stage = @State, filing_number = @Number, decide_by = @DecideBy, correct_by = @CorrectBy, missing = @Missing, reason = @reason, complaint =
                @Complaint, case_number = @caseNumber, fee_code = @code, fee = @fee, fee_due = @due,
                version = version + 1
            WHERE id = @publicId
            """,
            new
            {
                publicId,
                f.State,
                f.Number,
                f.DecideBy,
                f.CorrectBy,
                f.Missing,
                reason = f.State is FilingState.Refused or FilingState.Lapsed ? f.Reason : "",
                f.Complaint,
                caseNumber = f.CaseNumber ?? "",
                code = bill?.Code ?? "",
                fee = bill?.Amount,
                due = bill?.DueOn,
            },
            ct
        );
        // the reason of a registration and the drawing of a judge are the court's own
        await db.ExecuteAsync(
            "INSERT INTO triage_public_message (id, public_id, event, words, at) VALUES (@id, @publicId, @step, @words, @now)",
            new
            {
                id = ids.Next(),
                publicId,
                step,
                words = step is FilingStep.Return or FilingStep.Refuse or FilingStep.Lapse ? words : "",
                now,
            },
            ct
        );
        if (step is FilingStep.Return or FilingStep.Refuse or FilingStep.Lapse or FilingStep.Register)
            await letters.TellAsync(
                f,
                step switch
                {
                    FilingStep.Return => "需要补正材料",
                    FilingStep.Register => "已经立案",
                    _ => "已经作出决定",
                },
                ct
            );
    }

    private sealed record PartyRow
    {
        public string Name { get; init; } = "";
        public string Role { get; init; } = "";
        public string PartyType { get; init; } = "";
        public string? IdNumberEnc { get; init; }
        public string? PhoneEnc { get; init; }
        public string? EmailEnc { get; init; }
        public string EService { get; init; } = "";
        public string Language { get; init; } = "";
        public string? AgentsEnc { get; init; }
    }
}
