using System.Text.Json;
using CourtOps.Contracts;
using CourtOps.Kernel.Audit;
using CourtOps.Kernel.Data;
using CourtOps.Kernel.Messaging;
using CourtOps.Kernel.Security;
using CourtOps.Kernel.Web;
using CourtOps.Law;
using CourtOps.Workzone.Imports;
using CourtOps.Workzone.Search;

namespace CourtOps.Workzone.Cases;

internal sealed class CaseRegister(
    Db db,
    Ids ids,
    TimeProvider clock,
    Actor actor,
    CaseStore store,
    CaseAccess access,
    TeamAccess teams,
    ClockBook clocks,
    Register.ProsecutionBook prosecutions,
    Outbox outbox,
    AuditTrail audit,
    Changes changes,
    Kernel.Search.SearchChanges search,
    Supervision.CaseCounts counts
) : ICaseRegister
{
    public async Task<long> RegisterAsync(NewCase newCase, CancellationToken ct = default)
    {
        if (!CaseNumber.TryParse(newCase.Number, out var number))
            throw new RuleBroken($"案号“{newCase.Number}”不合格式，应形如（2026）吉2424民初123号。", "Number");
        if (!CaseClock.Knows(newCase.Procedure))
            throw new RuleBroken($"没有这个适用程序代码：{newCase.Procedure}。", "Procedure");
        if (newCase.Parties.Count == 0)
            throw new RuleBroken("案件没有当事人。", "Parties");
        if (
            newCase
                .Parties.GroupBy(p => (Name: Written.NameKey(p.Name), p.Role))
                .FirstOrDefault(g => g.Count() > 1 && (g.Any(p => p.IdNumber.Length == 0) || g.DistinctBy(p => p.IdNumber).Count() < g.Count())) is
            { } twice
        )
            throw new RuleBroken($"{twice.Key.Role}“{twice.First().Name}”出现了两次；确是同名的两人的，请各填证件号码。", "Parties");
        await store.LookUpAsync([number.Canonical], ct);
        if (await db.ScalarAsync<int>("SELECT COUNT(*) FROM workzone_case WHERE number = @Canonical", new { number.Canonical }, ct) > 0)
            throw new RuleBroken($"案号 {number.Canonical} 已经有案件。", "Number", "number-taken");
        var court =
            await db.FirstAsync<string>("SELECT name FROM workzone_court WHERE id = @CourtId", new { newCase.CourtId }, ct)
            ?? throw new NotFound("法院", newCase.CourtId);
        var read = new ReadCase
        {
            Row = 0,
            Number = number,
            Court = court,
            Cause = newCase.Cause,
            FiledOn = newCase.FiledOn,
            Kind = newCase.Kind,
            Procedure = newCase.Procedure,
            AmountCents = newCase.AmountCents,
            Parties =
            [
                .. newCase.Parties.Select(p => new ReadParty
                {
                    Name = p.Name,
                    Role = p.Role,
                    Type = p.Type,
                    IdNumber = p.IdNumber,
                    Phone = p.Phone,
                    Email = p.Email,
                    EService = p.EService,
                    Language = p.Language,
                    Agents = [.. p.Agents.Select(a => new ReadAgent(a.Name, a.Type, a.Phone))],
                }),
            ],
        };
        var (_, _, item) = await store.SaveAsync(read, newCase.CourtId, null, $"{newCase.Source}:{number.Canonical}", ct);
        await store.FlushAsync(ct);
        var id = item!.CaseId;
        access.Made(id);
        await db.ExecuteAsync(
            "UPDATE workzone_case SET source = @Source, origin_id = @OriginId, custody_until = @CustodyUntil WHERE id = @id",
            new
            {
                id,
                newCase.Source,
                newCase.OriginId,
                newCase.CustodyUntil,
            },
            ct
        );
        if (newCase.CustodyUntil is not null)
            await clocks.RecomputeAsync(id, "custody", ct);
        await RecordAsync(
            id,
            "registered",
            newCase.FiledOn,
            "registered",
            new Dictionary<string, string> { ["kind"] = newCase.Kind, ["procedure"] = newCase.Procedure },
            null,
            ct
        );
        audit.Note(
            "case",
            id,
            new
            {
                newCase.CourtId,
                newCase.Kind,
                newCase.Source,
            },
            id
        );
        return id;
    }

    public async Task ProsecutionAsync(long caseId, Prosecution prosecution, CancellationToken ct = default)
    {
        await FindAsync(caseId, ct);
        await prosecutions.CaseAsync(caseId, prosecution, null, ct);
        foreach (var p in await db.QueryAsync<PartyFacts>("SELECT id, name FROM workzone_party WHERE case_id = @caseId", new { caseId }, ct))
            if (prosecution.Custody.FirstOrDefault(a => Written.NameKey(a.Name) == Written.NameKey(p.Name)) is { Until: not null } held)
                await prosecutions.AccusedAsync(caseId, p.Id, held.Until, held.Place, ct);
        audit.Note("case", caseId, new { prosecution.Office, prosecution.Number }, caseId);
    }

    public async Task AllotAsync(long caseId, long judgeId, DateOnly on, CancellationToken ct = default)
    {
        var c = await FindAsync(caseId, ct);
        if (on < c.FiledOn)
            throw new RuleBroken($"分案日期 {Times.Iso(on)} 早于立案日期 {Times.Iso(c.FiledOn)}。", "On");
        if ((await JudgesAsync(c.CourtId, on, ct)).All(j => j.Id != judgeId))
            throw new RuleBroken("不是本院在岗的法官。", "JudgeId");
        if ((await RecusedAsync(caseId, ct)).Contains(judgeId))
            throw new RuleBroken("这位法官已在本案回避。", "JudgeId", "recused");
        if (c.JudgeId == judgeId)
            return;
        var key = $"allotted:{judgeId}:{Times.Iso(on)}";
        if (await LaterAsync(caseId, on, ct))
        {
            // an allotment that arrives after a later one is history
            await RecordAsync(caseId, "allotted", on, key, null, null, ct);
            return;
        }
        await counts.ExecuteAsync(
            caseId,
            "UPDATE workzone_case SET judge_id = @judgeId, allotted_on = @on, changed_at = @now, moved_at = @now, version = version + 1 WHERE id = @caseId",
            new
            {
                caseId,
                judgeId,
                on,
                now = clock.GetUtcNow(),
            },
            ct
        );
        await db.ExecuteAsync("DELETE FROM workzone_inspection WHERE case_id = @caseId AND code = 'not-allotted'", new { caseId }, ct);
        await teams.RefreshCaseAsync(caseId, ct);
        await search.AddManyAsync(CaseSource.Name, [caseId], ct);
        db.OnCommitted(() => changes.Reshuffle($"case:{caseId}"));
        await RecordAsync(caseId, "allotted", on, key, null, null, ct);
        audit.Note("case", caseId, new { judge = judgeId }, caseId);
    }

    private async Task<bool> LaterAsync(long caseId, DateOnly on, CancellationToken ct) =>
        await db.ScalarAsync<int>(
            "SELECT COUNT(*) FROM workzone_case_event WHERE case_id = @caseId AND event = 'allotted' AND undone_at IS NULL AND on_day > @on",
            new { caseId, on },
            ct
        ) > 0;

    public async Task ConvertAsync(long caseId, string procedure, DateOnly on, string reason, long? documentId = null, CancellationToken ct = default)
    {
        var c = await FindAsync(caseId, ct);
        if (!CaseClock.Knows(procedure))
            throw new RuleBroken($"没有这个适用程序代码：{procedure}。", "Procedure");
        if (on < c.FiledOn)
            throw new RuleBroken($"转换日期 {Times.Iso(on)} 早于立案日期 {Times.Iso(c.FiledOn)}。", "On");
        var key = $"conversion:{procedure}:{Times.Iso(on)}";
        if (await db.ScalarAsync<int>("SELECT COUNT(*) FROM workzone_clock_fact WHERE case_id = @caseId AND source_key = @key", new { caseId, key }, ct) > 0)
            throw new RuleBroken("案件已经适用这个程序。", "Procedure", "converted-already");
        // one that arrives after a later one stands before it: it comes from what that came from, and that comes from it
        var later = (await clocks.FactsAsync(caseId, ct))
            .Where(f => f.Kind == "conversion" && f.UndoneAt is null && f.FromOn > on)
            .OrderBy(f => f.FromOn)
            .FirstOrDefault();
        var from = later is null ? c.ProcedureCode : later.FromCode ?? c.ProcedureCode;
        if (from == procedure)
            throw new RuleBroken("案件已经适用这个程序。", "Procedure");
        ConversionRules.Demand(from, procedure);
        if (later is not null)
            ConversionRules.Demand(procedure, later.Code);
        await clocks.AddAsync(
            new ClockFact
            {
                CaseId = caseId,
                Kind = "conversion",
                Code = procedure,
                FromCode = from,
                FromOn = on,
                DocumentId = documentId,
                Reason = reason,
            },
            key,
            ct
        );
        if (later is not null)
            await db.ExecuteAsync(
                "UPDATE workzone_clock_fact SET from_code = @procedure, version = version + 1 WHERE id = @Id",
                new { procedure, later.Id },
                ct
            );
        else
            await counts.ExecuteAsync(
                caseId,
                "UPDATE workzone_case SET procedure_code = @procedure, changed_at = @now, moved_at = @now, version = version + 1 WHERE id = @caseId",
                new
                {
                    caseId,
                    procedure,
                    now = clock.GetUtcNow(),
                },
                ct
            );
        await clocks.RecomputeAsync(caseId, "conversion", ct);
        await RecordAsync(
            caseId,
            "converted",
            on,
            $"converted:{procedure}:{Times.Iso(on)}",
            new Dictionary<string, string> { ["from"] = from, ["procedure"] = procedure },
            documentId,
            ct
        );
        audit.Note("case", caseId, new { from, to = procedure }, caseId, reason);
    }

    public async Task<bool> DeductAsync(
        long caseId,
        string code,
        DateOnly from,
        DateOnly? to,
        string key,
        long? documentId,
        string reason,
        bool pending = false,
        CancellationToken ct = default
    )
    {
        var c = await FindAsync(caseId, ct);
        if (to < from)
            throw new RuleBroken($"扣除的止日 {Times.Iso(to.Value)} 早于起日 {Times.Iso(from)}。", "To");
        DeductionReasons.Demand(code, c.ProcedureCode);
        // its end may have arrived before it
        var early = to is null
            ? await db.FirstAsync<DateOnly?>(
                "SELECT on_day FROM workzone_case_event WHERE case_id = @caseId AND source_key = @ended AND undone_at IS NULL",
                new { caseId, ended = "deduct-end:" + key },
                ct
            )
            : null;
        if (early < from)
            throw new RuleBroken($"扣除的起日 {Times.Iso(from)} 晚于已经登记的恢复计算之日 {Times.Iso(early.Value)}。", "From", "ended-before");
        if (
            !await clocks.AddAsync(
                new ClockFact
                {
                    CaseId = caseId,
                    Kind = "deduction",
                    Code = code,
                    FromOn = from,
                    ToOn = to ?? early,
                    DocumentId = documentId,
                    Reason = reason,
                    Pending = pending,
                },
                key,
                ct
            )
        )
            return false;
        await clocks.RecomputeAsync(caseId, code, ct);
        await RecordAsync(caseId, "deduction-begun", from, "deduct:" + key, new Dictionary<string, string> { ["code"] = code }, documentId, ct);
        audit.Note(
            "case",
            caseId,
            new
            {
                deduct = code,
                from,
                to,
            },
            caseId,
            reason
        );
        return true;
    }

    public async Task EndDeductionAsync(long caseId, string key, DateOnly to, CancellationToken ct = default)
    {
        var c = await FindAsync(caseId, ct);
        if (to < c.FiledOn)
            throw new RuleBroken($"恢复计算的日期 {Times.Iso(to)} 早于立案日期 {Times.Iso(c.FiledOn)}。", "To");
        var fact = await clocks.DeductionAsync(caseId, key, ct);
        if (fact is null)
        {
            // the end of what has not arrived yet is kept until it does
            await RecordAsync(caseId, "deduction-ended", to, "deduct-end:" + key, null, null, ct);
            return;
        }
        if (to < fact.FromOn)
            throw new RuleBroken($"恢复计算的日期 {Times.Iso(to)} 早于扣除的起日 {Times.Iso(fact.FromOn)}。", "To", "before-begin");
        if (await clocks.EndAsync(caseId, key, to, ct) == 0)
            return;
        await clocks.RecomputeAsync(caseId, "deduction-ended", ct);
        await RecordAsync(caseId, "deduction-ended", to, "deduct-end:" + key, null, null, ct);
        audit.Note("case", caseId, new { deductionEnds = to }, caseId);
    }

    public async Task ExtendAsync(
        long caseId,
        int n,
        string unit,
        DateOnly applied,
        string key,
        long? documentId,
        string reason,
        bool pending = false,
        CancellationToken ct = default
    )
    {
        await FindAsync(caseId, ct);
        if (n < 1 || unit is not ("month" or "day") || n > (unit == "month" ? 120 : 3_650))
            throw new RuleBroken("延长的期间应为 1 至 120 个月，或者 1 至 3650 日。", "N");
        if (
            !await clocks.AddAsync(
                new ClockFact
                {
                    CaseId = caseId,
                    Kind = "extension",
                    Code = "EXT",
                    FromOn = applied,
                    N = n,
                    Unit = unit,
                    DocumentId = documentId,
                    Reason = reason,
                    Pending = pending,
                },
                key,
                ct
            )
        )
            return;
        await clocks.RecomputeAsync(caseId, "extension", ct);
        await RecordAsync(caseId, "extended", applied, "extend:" + key, new Dictionary<string, string> { ["n"] = $"{n}", ["unit"] = unit }, documentId, ct);
        audit.Note(
            "case",
            caseId,
            new
            {
                extended = n,
                unit,
                applied,
            },
            caseId,
            reason
        );
    }

    public async Task CloseAsync(long caseId, string how, DateOnly on, string? key = null, string? note = null, CancellationToken ct = default)
    {
        var c = await FindAsync(caseId, ct);
        if (!CaseClosings.Labels.ContainsKey(how))
            throw new RuleBroken($"没有这种结案方式：{how}。", "How");
        if (on < c.FiledOn)
            throw new RuleBroken($"结案日期 {Times.Iso(on)} 早于立案日期 {Times.Iso(c.FiledOn)}。", "On");
        if (on > Times.Day(clock.GetUtcNow()))
            throw new RuleBroken($"结案日期 {Times.Iso(on)} 在今天之后。", "On");
        if (
            await counts.ExecuteAsync(
                caseId,
                "UPDATE workzone_case SET state = 'closed', closed_on = @on, closed_how = @how, changed_at = @now, moved_at = @now, version = version + 1 "
                    + "WHERE id = @caseId AND state = 'open'",
                new
                {
                    caseId,
                    on,
                    how,
                    now = clock.GetUtcNow(),
                },
                ct
            ) == 0
        )
            throw new RuleBroken("案件已经结案。", "On", "closed-already");
        // a deduction that still runs ends with the case
        await clocks.RecomputeAsync(caseId, "closed", ct);
        await outbox.AddAsync(
            Catalogue.CaseKey(caseId),
            new CaseClosed
            {
                CaseId = caseId,
                On = on,
                How = how,
            },
            ct
        );
        var facts = new Dictionary<string, string> { ["how"] = how };
        if (note is { Length: > 0 })
            facts["note"] = note;
        await RecordAsync(caseId, "closed", on, key ?? $"closed:{Times.Iso(on)}", facts, null, ct);
        audit.Note("case", caseId, new { closed = how, on }, caseId);
    }

    public async Task<bool> RecordAsync(
        long caseId,
        string caseEvent,
        DateOnly on,
        string key,
        IReadOnlyDictionary<string, string>? facts = null,
        long? documentId = null,
        CancellationToken ct = default
    )
    {
        if (await db.ScalarAsync<int>("SELECT COUNT(*) FROM workzone_case_event WHERE case_id = @caseId AND source_key = @key", new { caseId, key }, ct) > 0)
            return false;
        // a word about a case that is not there has no place; whoever sent it is shown by its own module's reaction
        if (await db.FirstAsync<long?>("SELECT court_id FROM workzone_case WHERE id = @caseId", new { caseId }, ct) is not { } courtId)
            return false;
        var id = ids.Next();
        await db.ExecuteAsync(
            """
            INSERT INTO workzone_case_event (id, case_id, court_id, event, on_day, facts, source_key, document_id, recorded_by, recorded_at)
            VALUES (@id, @caseId, @courtId, @caseEvent, @on, @facts, @key, @documentId, @by, @now)
            """,
            new
            {
                id,
                caseId,
                courtId,
                caseEvent,
                on,
                facts = JsonSerializer.Serialize(facts ?? new Dictionary<string, string>(), Json.Stored),
                key,
                documentId,
                by = actor.Name,
                now = clock.GetUtcNow(),
            },
            ct
        );
        await counts.ExecuteAsync(caseId, "UPDATE workzone_case SET moved_at = @now WHERE id = @caseId", new { caseId, now = clock.GetUtcNow() }, ct);
        await outbox.AddAsync(
            Catalogue.CaseKey(caseId),
            new CaseEventRecorded
            {
                EventId = id,
                CaseId = caseId,
                CourtId = courtId,
                Event = caseEvent,
                On = on,
                Facts = facts ?? new Dictionary<string, string>(),
            },
            ct
        );
        db.OnCommitted(() => changes.Say($"case:{caseId}"));
        return true;
    }

    public async Task<IReadOnlyList<PersonCard>> JudgesAsync(long courtId, DateOnly on, CancellationToken ct = default) =>
        await db.QueryAsync<PersonCard>(
            """
            SELECT p.id, p.login, p.name, p.division, p.team,
                   CASE WHEN EXISTS (SELECT 1 FROM workzone_absence x WHERE x.person_id = p.id AND x.from_on <= @on AND x.until_on >= @on AND x.cancelled_at IS
                       NULL) THEN 1 ELSE 0 END AS absent,
                   (SELECT COUNT(*) FROM workzone_case c WHERE c.judge_id = p.id AND c.state = 'open') AS open_cases
            FROM workzone_person p
            WHERE p.state = 'active' AND EXISTS (SELECT 1 FROM workzone_role_grant r WHERE r.person_id = p.id AND r.role = 'judge' AND r.court_id = @courtId AND
                (r.until_at IS NULL OR r.until_at > @now))
            ORDER BY p.name, p.id
            """,
            new
            {
                courtId,
                on,
                now = clock.GetUtcNow(),
            },
            ct
        );

    public Task<IReadOnlyList<long>> RecusedAsync(long caseId, CancellationToken ct = default) =>
        db.QueryAsync<long>("SELECT person_id FROM workzone_recusal WHERE case_id = @caseId AND ended_at IS NULL", new { caseId }, ct);

    // a centre's own work registers and allots cases that nobody sees yet: the command's action is what allows it; a case somebody names is asked about
    private async Task<CaseFacts> FindAsync(long caseId, CancellationToken ct)
    {
        var c =
            await db.FirstAsync<CaseFacts>("SELECT id, court_id, procedure_code, filed_on, judge_id FROM workzone_case WHERE id = @caseId", new { caseId }, ct)
            ?? throw new NotFound("案件", caseId);
        if (!actor.IsSystem && !(c.JudgeId is null && actor.Courts.Contains(c.CourtId)))
            await access.DemandAsync(caseId, ct);
        return c;
    }

    private sealed record PartyFacts
    {
        public long Id { get; init; }
        public string Name { get; init; } = "";
    }

    private sealed record CaseFacts
    {
        public long Id { get; init; }
        public long CourtId { get; init; }
        public string ProcedureCode { get; init; } = "";
        public DateOnly FiledOn { get; init; }
        public long? JudgeId { get; init; }
    }
}

/// <summary>How a case ends, and the Chinese of it.</summary>
public static class CaseClosings
{
    public static readonly IReadOnlyDictionary<string, string> Labels = new Dictionary<string, string>
    {
        ["judgment"] = "判决",
        ["ruling"] = "裁定",
        ["mediation"] = "调解",
        ["withdrawn"] = "撤诉",
        ["transferred"] = "移送",
        ["performed"] = "执行完毕",
        ["settled"] = "执行和解",
        ["terminated"] = "终结本次执行程序",
        ["other"] = "其他",
    };
}
