using System.Globalization;
using CourtOps.Kernel.Data;
using CourtOps.Kernel.Messaging;
using CourtOps.Kernel.Security;
using CourtOps.Kernel.Web;
using CourtOps.Law;
using CourtOps.Workzone.Cases;
using CourtOps.Workzone.Register;

namespace CourtOps.Workzone.CaseChanges;

/// <summary>Applies one change in the transaction that is open. What was applied before is the same; of a case that is not there it waits.</summary>
internal sealed class ChangeApplier(
    Db db,
    ICaseRegister register,
    CaseAccess access,
    Actor actor,
    PanelBook panels,
    ClockBook clocks,
    Kernel.Settings.ISettings settings,
    TimeProvider clock
)
{
    public const string Done = "done";
    public const string Same = "same";
    public const string Waiting = "waiting";
    public const string Refused = "refused";

    /// <returns>done, same or waiting.</returns>
    /// <exception cref="RuleBroken">What is wrong with the line.</exception>
    public async Task<string> ApplyAsync(ChangeLine line, CancellationToken ct)
    {
        if (!CaseNumber.TryParse(line.CaseNumber, out var number))
            throw new RuleBroken("案号不合格式，应形如（2026）吉2424民初123号", "caseNumber");
        var what = ChangeFile.EventOf(line.Event);
        if (what.Length == 0)
            throw new RuleBroken($"没有“{line.Event}”这种事件。", "event");
        if (Imports.CaseReading.ReadDay(line.On) is not { } on)
            throw new RuleBroken("日期不是日期，应形如 2026-03-02", "on");
        if (line.Detail.Length > 40 || line.Note.Length > 400 || line.Key.Length > 100 || line.Document.Length > 200)
            throw new RuleBroken("细项最长 40 个字符，说明 400 个，标识 100 个，证明文件 200 个。", "detail");
        var c = await db.FirstAsync<CaseRow>(
            """
            SELECT id, court_id, sealed, procedure_code, filed_on, judge_id, allotted_on, closed_on, closed_how
            FROM workzone_case
            WHERE number = @Canonical
            """,
            new { number.Canonical },
            ct
        );
        if (c is null || !await MayAsync(c, ct))
            return Waiting;
        if (on < c.FiledOn && what != "prosecution-withdrawn")
            throw new RuleBroken($"事件日期 {Times.Iso(on)} 早于立案日期 {Times.Iso(c.FiledOn)}。", "on");
        if (on > Times.Day(clock.GetUtcNow()) && what != "hearing-scheduled")
            throw new RuleBroken($"事件日期 {Times.Iso(on)} 在今天之后。", "on");
        // a conversion to what counts already comes after one that has not arrived
        if (
            what == "converted"
            && c.ProcedureCode == line.Detail
            && !await KnownAsync(c.Id, $"converted:{line.Detail}:{Times.Iso(on)}", ct)
            && !await LaterConversionAsync(c.Id, on, ct)
        )
            return Waiting;
        // one that the law knows only over another in between waits for that one
        if (
            what == "converted"
            && CaseClock.Knows(line.Detail)
            && !ConversionRules.Allowed(c.ProcedureCode, line.Detail)
            && ConversionRules.Reachable(c.ProcedureCode, line.Detail)
            && !await KnownAsync(c.Id, $"converted:{line.Detail}:{Times.Iso(on)}", ct)
            && !await LaterConversionAsync(c.Id, on, ct)
        )
            return Waiting;
        CaseEvents.DemandBeforeClosing(what, on, c.ClosedOn);
        return await OneAsync(c, what, on, line, ct) ? Done : Same;
    }

    private async Task<bool> OneAsync(CaseRow c, string what, DateOnly on, ChangeLine line, CancellationToken ct)
    {
        var key = line.Key.Length > 0 ? "api:" + line.Key : $"{what}:{Times.Iso(on)}:{line.Detail}";
        var rules = settings.Current<ClockRules>(c.CourtId);
        switch (what)
        {
            case "allotted" when c.Sealed && !actor.Can("workzone.cases.allot"):
                throw new RuleBroken("本案已封存，只有能改派承办法官的人可以更换它的承办法官。", "judge");
            case "allotted":
                return await AllotAsync(c, await JudgeAsync(c.CourtId, line.Judge, on, ct), on, ct);
            case "panel-formed" when line.Judge.Length > 0:
                var members = new List<long>();
                foreach (var name in PanelBook.Names(line.Members))
                    members.Add(await JudgeAsync(c.CourtId, name, on, ct));
                return await panels.SaveAsync(
                    new SavePanel
                    {
                        CaseId = c.Id,
                        FromOn = on,
                        PresiderId = await JudgeAsync(c.CourtId, line.Judge, on, ct),
                        MemberIds = members,
                        Assessors = line.Assessors,
                        Reason = line.Note,
                        Key = line.Key.Length > 0 ? line.Key : null,
                    },
                    ct
                );
            case "converted":
                if (await KnownAsync(c.Id, $"converted:{line.Detail}:{Times.Iso(on)}", ct))
                    return false;
                await register.ConvertAsync(c.Id, line.Detail, on, line.Note, await PaperAsync(c, line, ct), ct);
                return true;
            case "deduction-begun":
                if (!DeductionReasons.Labels.ContainsKey(line.Detail))
                    throw new RuleBroken("细项应是扣除事由的代码，如 D-JD。", "detail");
                var evidence = await PaperAsync(c, line, ct);
                if (await clocks.FactAsync(c.Id, DeductionKey(line), ct) is { } there)
                {
                    if (there.Code != line.Detail || there.FromOn != on)
                        throw new RuleBroken($"这个标识的扣除已经登记为 {there.Code}、自 {Times.Iso(there.FromOn)} 起；有误的请先撤销。", "key", "contradicts");
                    return await clocks.EvidenceAsync(c.Id, there, evidence, ct);
                }
                return await register.DeductAsync(
                    c.Id,
                    line.Detail,
                    on,
                    null,
                    DeductionKey(line),
                    evidence,
                    line.Note,
                    evidence is null && rules.EvidenceByFile,
                    ct
                );
            case "deduction-ended":
                if (await OnAsync(c.Id, "deduct-end:" + DeductionKey(line), ct) is { } ended)
                    return ended == on
                        ? false
                        : throw new RuleBroken($"这个标识的扣除已经登记为 {Times.Iso(ended)} 恢复计算；有误的请先撤销。", "key", "contradicts");
                await register.EndDeductionAsync(c.Id, DeductionKey(line), on, ct);
                return true;
            case "extended":
                var parts = line.Detail.Split(' ');
                if (parts.Length != 2 || !int.TryParse(parts[0], NumberStyles.None, CultureInfo.InvariantCulture, out var n))
                    throw new RuleBroken("细项应是延长的期间，如 6 month 或 30 day。", "detail");
                var paper = await PaperAsync(c, line, ct);
                if (await clocks.FactAsync(c.Id, key, ct) is { } extended)
                {
                    if (extended.N != n || extended.Unit != parts[1] || extended.FromOn != on)
                        throw new RuleBroken($"这个标识的延长已经登记，申请日为 {Times.Iso(extended.FromOn)}；有误的请先撤销。", "key", "contradicts");
                    return await clocks.EvidenceAsync(c.Id, extended, paper, ct);
                }
                await register.ExtendAsync(c.Id, n, parts[1], on, key, paper, line.Note, paper is null && rules.EvidenceByFile, ct);
                return true;
            case "closed":
                if (await KnownAsync(c.Id, key, ct) || (c.ClosedOn == on && c.ClosedHow == line.Detail))
                    return false;
                await register.CloseAsync(c.Id, line.Detail, on, key, line.Note, ct);
                return true;
            default:
                var facts = new Dictionary<string, string>();
                if (line.Detail.Length > 0)
                    facts[what is "document-issued" ? "kind" : "outcome"] = line.Detail;
                if (line.Note.Length > 0)
                    facts["note"] = line.Note;
                return await register.RecordAsync(c.Id, what, on, key, facts, null, ct);
        }
    }

    // whichever came first, the latest counts; the case itself may have come allotted by a list, of which there is no event
    private async Task<bool> AllotAsync(CaseRow c, long judge, DateOnly on, CancellationToken ct)
    {
        var key = $"allotted:{judge}:{Times.Iso(on)}";
        if (await KnownAsync(c.Id, key, ct) || (c.JudgeId == judge && c.AllottedOn == on))
            return false;
        var last = await db.ScalarAsync<DateOnly?>(
            """
            SELECT MAX(on_day)
            FROM workzone_case_event
            WHERE case_id = @Id AND event = 'allotted' AND undone_at IS NULL
            """,
            new { c.Id },
            ct
        );
        if (c.JudgeId is not null && c.AllottedOn > (last ?? DateOnly.MinValue))
            last = c.AllottedOn;
        if (c.JudgeId != judge && !(on < last))
        {
            await register.AllotAsync(c.Id, judge, on, ct);
            return true;
        }
        if (!(on < last))
            await db.ExecuteAsync("UPDATE workzone_case SET allotted_on = @on, version = version + 1 WHERE id = @Id", new { c.Id, on }, ct);
        return await register.RecordAsync(c.Id, "allotted", on, key, null, null, ct);
    }

    // those who register cases keep the register of their court up; what is sealed, or what they are recused from, they do not see
    private async Task<bool> MayAsync(CaseRow c, CancellationToken ct)
    {
        if (await access.CanReadAsync(c.Id, ct))
            return true;
        if (!new[] { "lead:triage", "clerk:triage", Roles.SystemKey }.Any(r => actor.CourtsOf(r).Contains(c.CourtId)))
            return false;
        var (me, courts, places) = access.Arguments;
        if (
            await db.ScalarAsync<int>(
                """
                SELECT COUNT(*)
                FROM workzone_case c
                WHERE c.id = @Id AND 
                """ + access.Seeing.Open("c"),
                new
                {
                    c.Id,
                    me,
                    courts,
                    places,
                },
                ct
            ) == 0
        )
            return false;
        access.Made(c.Id);
        return true;
    }

    private async Task<bool> LaterConversionAsync(long caseId, DateOnly on, CancellationToken ct) =>
        await db.ScalarAsync<int>(
            """
            SELECT COUNT(*)
            FROM workzone_clock_fact
            WHERE case_id = @caseId AND kind = 'conversion' AND undone_at IS NULL AND from_on > @on
            """,
            new { caseId, on },
            ct
        ) > 0;

    // begin and end of a deduction name the same key
    private static string DeductionKey(ChangeLine line) =>
        line.Key.Length > 0 ? "api:" + line.Key : throw new RuleBroken("审限扣除的开始和结束要有同一个标识。", "key");

    // a document of the case by its id or its title
    private async Task<long?> PaperAsync(CaseRow c, ChangeLine line, CancellationToken ct)
    {
        if (line.Document.Length == 0)
            return null;
        var id = long.TryParse(line.Document, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : 0;
        var found = await db.QueryAsync<long>(
            "SELECT id FROM workzone_document WHERE case_id = @Id AND (id = @id0 OR title = @title) ORDER BY id DESC",
            new
            {
                c.Id,
                id0 = id,
                title = line.Document,
            },
            ct
        );
        return found.Count > 0 ? found[0] : throw new RuleBroken($"本案没有这份文书：{line.Document}。", "document", "no-document");
    }

    private Task<DateOnly?> OnAsync(long caseId, string key, CancellationToken ct) =>
        db.FirstAsync<DateOnly?>("SELECT on_day FROM workzone_case_event WHERE case_id = @caseId AND source_key = @key", new { caseId, key }, ct);

    private async Task<bool> KnownAsync(long caseId, string key, CancellationToken ct) =>
        await db.ScalarAsync<int>("SELECT COUNT(*) FROM workzone_case_event WHERE case_id = @caseId AND source_key = @key", new { caseId, key }, ct) > 0;

    private async Task<long> JudgeAsync(long courtId, string text, DateOnly on, CancellationToken ct)
    {
        var judges = await register.JudgesAsync(courtId, on, ct);
        var found = judges.Where(j => j.Login == text).ToList();
        if (found.Count == 0)
            found = [.. judges.Where(j => j.Name == text)];
        return found.Count switch
        {
            1 => found[0].Id,
            0 => throw new RuleBroken("本院没有这位法官", "judge"),
            _ => throw new RuleBroken($"本院有 {found.Count} 位同名法官，请用登录名：{string.Join('、', found.Select(j => j.Login))}", "judge"),
        };
    }

    private sealed record CaseRow
    {
        public long Id { get; init; }
        public long CourtId { get; init; }
        public bool Sealed { get; init; }
        public string ProcedureCode { get; init; } = "";
        public DateOnly FiledOn { get; init; }
        public long? JudgeId { get; init; }
        public DateOnly? AllottedOn { get; init; }
        public DateOnly? ClosedOn { get; init; }
        public string? ClosedHow { get; init; }
    }
}
