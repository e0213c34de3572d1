using System.Text.Json;
using CourtOps.Contracts;
using CourtOps.Kernel.Data;
using CourtOps.Kernel.Messaging;
using CourtOps.Kernel.Security;
using CourtOps.Kernel.Settings;
using CourtOps.Kernel.States;
using CourtOps.Kernel.Web;
using CourtOps.Law;
using CourtOps.Workzone;
using CourtOps.Workzone.Cases;

namespace CourtOps.Triage.Mediation;

/// <summary>Whether a party agrees to mediation.</summary>
internal sealed record PartyConsent
{
    public string Party { get; init; } = "";
    public string Role { get; init; } = "";

    /// <summary>yes, no or blank while not asked.</summary>
    public string Says { get; init; } = "";
    public DateOnly? On { get; init; }
}

/// <summary>A mediation as it is stored.</summary>
internal sealed record MediationRow
{
    public long Id { get; init; }
    public long CaseId { get; init; }
    public long CourtId { get; init; }
    public long? FilingId { get; init; }
    public string CaseNumber { get; init; } = "";
    public string Cause { get; init; } = "";
    public string PartiesText { get; init; } = "";
    public string ProcedureCode { get; init; } = "";
    public string Languages { get; init; } = "";
    public int Round { get; init; }
    public string Consents { get; init; } = "[]";
    public DateOnly? ConsentBy { get; init; }
    public DateOnly? AssignBy { get; init; }
    public long? MediatorId { get; init; }
    public string MediatorName { get; init; } = "";

    /// <summary>parties or court.</summary>
    public string ChosenBy { get; init; } = "";
    public string PassedOver { get; init; } = "";
    public DateOnly? ConfirmBy { get; init; }
    public DateOnly? AcceptedOn { get; init; }
    public DateOnly? BaseEnd { get; init; }
    public DateOnly? DueOn { get; init; }
    public int Extended { get; init; }
    public string Outcome { get; init; } = "";
    public DateOnly? EndedOn { get; init; }
    public string Reason { get; init; } = "";
    public string? Elements { get; init; }
    public string? Agreement { get; init; }
    public long? DocumentId { get; init; }
    public DateOnly? ConfirmAskedOn { get; init; }
    public DateOnly? ConfirmDue { get; init; }

    /// <summary>asked, granted or refused; blank while nobody asked.</summary>
    public string Confirmed { get; init; } = "";
    public DateOnly? CoolingUntil { get; init; }
    public DateOnly? FollowOn { get; init; }
    public DateOnly? FollowedOn { get; init; }
    public DateTimeOffset? EscalatedAt { get; init; }
    public string EscalatedWhy { get; init; } = "";
    public DateOnly? NextOn { get; init; }
    public string? TokenEnc { get; init; }
    public DateTimeOffset StartedAt { get; init; }
    public string State { get; init; } = "";
    public bool IsOpen { get; init; }
    public int Version { get; init; }

    public IReadOnlyList<PartyConsent> ConsentList => JsonSerializer.Deserialize<IReadOnlyList<PartyConsent>>(Consents, Json.Stored)!;

    public IReadOnlyList<long> PassedOverIds =>
        [.. PassedOver.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(s => long.Parse(s, System.Globalization.CultureInfo.InvariantCulture))];
}

internal static class MediationState
{
    /// <summary>The parties are asked whether they agree.</summary>
    public const string Asking = "asking";

    /// <summary>They agree; a mediator is to be named.</summary>
    public const string Choosing = "choosing";

    /// <summary>Named; has not taken it on.</summary>
    public const string Invited = "invited";
    public const string Running = "running";

    /// <summary>Rests by both spouses' will.</summary>
    public const string Cooling = "cooling";
    public const string Ended = "ended";

    public static readonly IReadOnlyDictionary<string, string> Labels = new Dictionary<string, string>
    {
        [Asking] = "征询意愿",
        [Choosing] = "待指派",
        [Invited] = "待调解员确认",
        [Running] = "调解中",
        [Cooling] = "冷静期",
        [Ended] = "已结束",
    };

    public static readonly IReadOnlyDictionary<string, string> Outcomes = new Dictionary<string, string>
    {
        ["agreed"] = "达成协议",
        ["withdrawn"] = "撤诉或当场履行",
        ["failed"] = "未达成，转审理",
        ["refused"] = "一方不同意，转审理",
    };

    public static readonly IReadOnlyDictionary<string, string> Events = new Dictionary<string, string>
    {
        ["begin"] = "启动调解",
        ["consent"] = "当事人表态",
        ["assign"] = "指派调解员",
        ["accept"] = "调解员签收",
        ["decline"] = "调解员婉拒",
        ["silent"] = "调解员逾期未确认，升级",
        ["talk"] = "调解记录",
        ["extend"] = "双方同意延长",
        ["cool"] = "进入冷静期",
        ["resume"] = "恢复调解",
        ["end"] = "结束调解",
        ["ask-confirm"] = "申请司法确认",
        ["confirm"] = "司法确认决定",
        ["evaluate"] = "委托中立评估",
        ["opinion"] = "收到评估意见",
        ["follow"] = "回访",
        ["document"] = "协议入卷",
        ["late"] = "期限届满，升级",
    };

    public static readonly IReadOnlyDictionary<string, string> Escalations = new Dictionary<string, string>
    {
        ["consent"] = "当事人逾期未表态",
        ["assign"] = "逾期未指派",
        ["silent"] = "调解员未回应",
        ["due"] = "调解期限届满",
        ["follow"] = "回访到期",
        ["confirm"] = "司法确认到期",
    };
}

/// <summary>The one place where mediations are read for a step and change.</summary>
internal sealed class MediationBook(
    Db db,
    Ids ids,
    TimeProvider clock,
    Actor actor,
    ICases cases,
    ICaseIndex index,
    ICourts courts,
    ICalendarSource calendars,
    ISettings settings,
    Secrets secrets,
    Outbox outbox,
    Fees.FeeLedger ledger
)
{
    public const string Columns = """
        m.id, m.case_id, m.court_id, m.filing_id, m.case_number, m.cause, m.parties_text, m.procedure_code, m.languages, m.round, m.consents, m.consent_by,
            m.assign_by, m.mediator_id, m.mediator_name, m.chosen_by, m.passed_over, m.confirm_by,
        m.accepted_on, m.base_end, m.due_on, m.extended, m.outcome, m.ended_on, m.reason, m.elements, m.agreement, m.document_id, m.confirm_asked_on,
            m.confirm_due, m.confirmed, m.cooling_until, m.follow_on, m.followed_on, m.escalated_at,
        m.escalated_why, m.next_on, m.token_enc, m.started_at, m.state, m.is_open, m.version
        """;

    public static readonly StateTable Table = new(
        "triage_mediation",
        "调解",
        new("agree", [MediationState.Asking], MediationState.Choosing),
        new("assign", [MediationState.Choosing, MediationState.Invited], MediationState.Invited),
        new("accept", [MediationState.Invited], MediationState.Running),
        new("drop", [MediationState.Invited], MediationState.Choosing),
        new("extend", [MediationState.Running], null),
        new("cool", [MediationState.Running], MediationState.Cooling),
        new("resume", [MediationState.Cooling], MediationState.Running),
        new(
            "note",
            [MediationState.Asking, MediationState.Choosing, MediationState.Invited, MediationState.Running, MediationState.Cooling, MediationState.Ended],
            null
        ),
        new(
            "end",
            [MediationState.Asking, MediationState.Choosing, MediationState.Invited, MediationState.Running, MediationState.Cooling],
            MediationState.Ended
        )
    );

    /// <summary>
    /// For lists of mediations aliased m: the desk sees those that began from a filing, whoever may see the case its own. Reads <see cref="Arguments"/>.
    /// </summary>
    public string Seen =>
        actor.Can("triage.filings")
            ? $"((m.filing_id IS NOT NULL AND m.court_id IN @courts AND {index.Registered("m.case_id")}) OR {cases.Seen("m.case_id")})"
            : cases.Seen("m.case_id");

    public AccessArguments Arguments => cases.Arguments;

    public DateTimeOffset Now => clock.GetUtcNow();

    public DateOnly Today => Times.Day(clock.GetUtcNow());

    public MediationSettings Rules(long courtId) => settings.Current<MediationSettings>(courtId);

    public async Task<CourtCalendar> CalendarAsync(long courtId, CancellationToken ct) => calendars.For((await courts.GetAsync(courtId, ct)).Code);

    /// <exception cref="NotFound">No such mediation, or its case is not for this person.</exception>
    public async Task<MediationRow> GetAsync(long id, CancellationToken ct)
    {
        var (me, courts1, places) = Arguments;
        var row =
            actor.IsSystem || actor.Kind is ActorKind.Nobody or ActorKind.Party
                ? null
                : await db.FirstAsync<MediationRow>(
                    $"SELECT {Columns} FROM triage_mediation m WHERE m.id = @id AND {Seen}",
                    new
                    {
                        id,
                        me,
                        courts = courts1,
                        places,
                    },
                    ct
                );
        return row ?? (actor.IsSystem ? await PlainAsync(id, ct) : null) ?? throw new NotFound("调解", id);
    }

    public async Task<MediationRow> GetAsync(long id, int? version, CancellationToken ct)
    {
        var row = await GetAsync(id, ct);
        return version is { } seen && seen != row.Version ? throw new Conflict("调解刚被他人办理，请刷新后再看。") : row;
    }

    /// <summary>For the public face, which has found it by its token, and for the system.</summary>
    public Task<MediationRow?> PlainAsync(long id, CancellationToken ct) =>
        db.FirstAsync<MediationRow>($"SELECT {Columns} FROM triage_mediation m WHERE m.id = @id", new { id }, ct);

    public Task<string> MoveAsync(MediationRow row, string step, object args, string set, CancellationToken ct) =>
        Table.MoveAsync(db, step, row.State, args, set, ct);

    public Task<int> NoteAsync(long mediationId, string what, string words, CancellationToken ct, string? by = null) =>
        db.ExecuteAsync(
            "INSERT INTO triage_mediation_event (id, mediation_id, event, at, by_name, words) VALUES (@id, @mediationId, @what, @now, @by, @words)",
            new
            {
                id = ids.Next(),
                mediationId,
                what,
                now = clock.GetUtcNow(),
                by = by ?? actor.Name,
                words,
            },
            ct
        );

    /// <summary>Whether a mediation of the case runs: nothing of it goes to trial meanwhile.</summary>
    public async Task<bool> RunsAsync(long caseId, CancellationToken ct) =>
        await db.ScalarAsync<int>("SELECT COUNT(*) FROM triage_mediation WHERE case_id = @caseId AND is_open = 1", new { caseId }, ct) > 0;

    /// <summary>Names a mediator and makes the link of the phone page; a link before it is dead.</summary>
    public async Task<string> InviteAsync(
        MediationRow row,
        long mediatorId,
        string name,
        string chosenBy,
        IReadOnlyList<PartyContact> parties,
        CancellationToken ct
    )
    {
        var token = Secrets.NewToken();
        var rules = Rules(row.CourtId);
        var confirmBy = MediationRules.Workdays(Today, rules.ConfirmDays, await CalendarAsync(row.CourtId, ct));
        await MoveAsync(
            row,
            "assign",
            new
            {
                row.Id,
                row.Version,
                mediatorId,
                name,
                chosenBy,
                confirmBy,
                digest = Secrets.Digest(token),
                enc = secrets.Protect(token),
            },
            "mediator_id = @mediatorId, mediator_name = @name, chosen_by = @chosenBy, confirm_by = @confirmBy, next_on = @confirmBy, token_digest = "
                + "@digest, token_enc = @enc, escalated_at = NULL, escalated_why = ''",
            ct
        );
        var now = clock.GetUtcNow();
        await db.ExecuteAsync(
            "UPDATE triage_public_mediation SET withdrawn_at = @now WHERE mediation_id = @Id AND withdrawn_at IS NULL",
            new { row.Id, now },
            ct
        );
        var court = await courts.GetAsync(row.CourtId, ct);
        var contacts = parties
            .Select(p => new MediationContact
            {
                Name = p.Name,
                Role = p.Role,
                Phone = p.Phone ?? "",
                Language = p.Language,
            })
            .ToList();
        await db.ExecuteAsync(
            """
            INSERT INTO triage_public_mediation (token_digest, mediation_id, court_name, case_number, cause, mediator_name, contacts_enc, confirm_by, due_on,
                stage, released_at, expires_at)
            VALUES (@digest, @Id, @court, @CaseNumber, @Cause, @name, @contacts, @confirmBy, NULL, 'invited', @now, @until)
            """,
            new
            {
                digest = Secrets.Digest(token),
                row.Id,
                court = court.Name,
                row.CaseNumber,
                row.Cause,
                name,
                contacts = secrets.Protect(JsonSerializer.Serialize(contacts, Json.Stored)),
                confirmBy,
                now,
                until = now.AddDays(120),
            },
            ct
        );
        await NoteAsync(row.Id, "assign", name, ct);
        return token;
    }

    /// <summary>The mediator signs for it: the base period begins on the next day (E-02).</summary>
    public async Task AcceptAsync(MediationRow row, CancellationToken ct)
    {
        var end = MediationRules.BaseEnd(Today, row.ProcedureCode, Rules(row.CourtId), await CalendarAsync(row.CourtId, ct));
        await MoveAsync(
            row,
            "accept",
            new
            {
                row.Id,
                row.Version,
                Today,
                end,
            },
            "accepted_on = @Today, base_end = @end, due_on = @end, next_on = @end",
            ct
        );
        await ReleaseAsync(row.Id, MediationState.Running, end, ct);
        if (row.ProcedureCode.StartsWith("AD-", StringComparison.Ordinal))
            await TakeTimeAsync(row, "mediation", Today, ct); // the whole of it in administrative cases (行诉解释 50)
        await NoteAsync(row.Id, "accept", "", ct, row.MediatorName);
    }

    /// <summary>The mediator will not or has not answered: another must be named, and it is said aloud.</summary>
    public async Task DropAsync(MediationRow row, bool silent, string words, CancellationToken ct)
    {
        var now = clock.GetUtcNow();
        var assignBy = MediationRules.Workdays(Today, 1, await CalendarAsync(row.CourtId, ct));
        await MoveAsync(
            row,
            "drop",
            new
            {
                row.Id,
                row.Version,
                over = $"{row.PassedOver} {row.MediatorId}".Trim(),
                assignBy,
                at = silent ? now : (DateTimeOffset?)null,
                why = silent ? "silent" : "",
            },
            "passed_over = @over, mediator_id = NULL, mediator_name = '', confirm_by = NULL, assign_by = @assignBy, next_on = @assignBy, escalated_at "
                + "= @at, escalated_why = @why, token_digest = NULL, token_enc = NULL",
            ct
        );
        await db.ExecuteAsync(
            "UPDATE triage_public_mediation SET withdrawn_at = @now WHERE mediation_id = @Id AND withdrawn_at IS NULL",
            new { row.Id, now },
            ct
        );
        await NoteAsync(row.Id, silent ? "silent" : "decline", silent ? row.MediatorName : words, ct, silent ? null : row.MediatorName);
    }

    /// <summary>Both sides lengthen it: what lies beyond the base period is not counted in the trial limit (D-TJ).</summary>
    public async Task ExtendAsync(MediationRow row, int days, string words, CancellationToken ct, string? by = null)
    {
        var rules = Rules(row.CourtId);
        if (row.DueOn is not { } due || Today > due)
            throw new RuleBroken("调解期限已经届满，不能再延长，请登记结果转审理。", "Days", "late");
        if (days < 1 || row.Extended + days > rules.MostExtension)
            throw new RuleBroken($"合计最多延长 {rules.MostExtension} 日，已经延长 {row.Extended} 日。", "Days");
        var until = row.BaseEnd!.Value.AddDays(row.Extended + days);
        await MoveAsync(
            row,
            "extend",
            new
            {
                row.Id,
                row.Version,
                until,
                total = row.Extended + days,
            },
            "due_on = @until, next_on = @until, extended = @total, escalated_at = NULL, escalated_why = ''",
            ct
        );
        if (row.Extended == 0)
            await TakeTimeAsync(row, "extension", row.BaseEnd!.Value.AddDays(1), ct);
        await ReleaseAsync(row.Id, MediationState.Running, until, ct);
        await NoteAsync(row.Id, "extend", $"{days}：{words}", ct, by);
    }

    /// <summary>The end: what follows for the case, its fee and its clock; everybody hears of it.</summary>
    /// <param name="outcome">agreed, withdrawn, failed or refused.</param>
    public async Task EndAsync(MediationRow row, string outcome, string reason, AgreementElements? elements, CancellationToken ct, string? by = null)
    {
        var today = Today;
        var now = clock.GetUtcNow();
        var text = elements is null ? null : MediationRules.Agreement(elements);
        // a divorce that was reconciled is followed up
        var follow = outcome is "agreed" or "withdrawn" && Suitability.IsDuty(row.Cause) ? today.AddMonths(1) : (DateOnly?)null;
        await MoveAsync(
            row,
            "end",
            new
            {
                row.Id,
                row.Version,
                outcome,
                today,
                reason,
                elements = elements is null ? null : JsonSerializer.Serialize(elements, Json.Stored),
                text,
                follow,
            },
            "outcome = @outcome, ended_on = @today, reason = @reason, elements = @elements, agreement = @text, is_open = 0, follow_on = @follow, "
                + "next_on = @follow, escalated_at = NULL, escalated_why = ''",
            ct
        );
        await db.ExecuteAsync(
            "UPDATE triage_public_mediation SET stage = 'ended', expires_at = @until WHERE mediation_id = @Id AND withdrawn_at IS NULL",
            new { row.Id, until = now.AddDays(7) },
            ct
        );
        if (outcome is "failed" or "refused")
            await ledger.NoticeAgainAsync(row.CaseId, ct);
        await NoteAsync(row.Id, "end", $"{MediationState.Outcomes[outcome]}。{reason}".TrimEnd('。') + "。", ct, by);
        await outbox.AddAsync(
            Catalogue.CaseKey(row.CaseId),
            new MediationEnded
            {
                CaseId = row.CaseId,
                Outcome = outcome,
                On = today,
            },
            ct
        );
    }

    /// <summary>Time that is not counted begins; the clock is moved by the reaction, whoever asked for it.</summary>
    public Task TakeTimeAsync(MediationRow row, string kind, DateOnly from, CancellationToken ct) =>
        outbox.AddAsync(
            Catalogue.CaseKey(row.CaseId),
            new MediationTimeTaken
            {
                CaseId = row.CaseId,
                MediationId = row.Id,
                Kind = kind,
                From = from,
            },
            ct
        );

    public async Task ReleaseAsync(long id, string state, DateOnly? due, CancellationToken ct) =>
        await db.ExecuteAsync(
            "UPDATE triage_public_mediation SET stage = @state, due_on = @due WHERE mediation_id = @id AND withdrawn_at IS NULL",
            new
            {
                id,
                state,
                due,
            },
            ct
        );
}

/// <summary>Whom a mediator may ring up.</summary>
internal sealed record MediationContact
{
    public string Name { get; init; } = "";
    public string Role { get; init; } = "";
    public string Phone { get; init; } = "";
    public string Language { get; init; } = "zh";
}
