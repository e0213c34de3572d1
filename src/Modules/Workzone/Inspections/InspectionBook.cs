using CourtOps.Kernel.Audit;
using CourtOps.Kernel.Data;
using CourtOps.Kernel.Messaging;
using CourtOps.Kernel.Security;
using CourtOps.Kernel.Settings;
using CourtOps.Kernel.Web;
using CourtOps.Workzone.WorkOrders;

namespace CourtOps.Workzone.Inspections;

/// <summary>
/// Inspects cases by the table of their court, in the transaction that is open: writes what is new, takes away what is mended, opens one order for what
/// is to be corrected and ends it when nothing of it is left.
/// </summary>
internal sealed class InspectionBook(
    Db db,
    Ids ids,
    TimeProvider clock,
    Actor actor,
    RecordReader reader,
    ISettings settings,
    Decisions decisions,
    IWorkOrders orders,
    Texts texts,
    Changes changes,
    Supervision.SlipBook slips,
    Supervision.SlipAddressees addressees
)
{
    public const string OrderType = "affair.correct-data";

    private static readonly HashSet<string> OfTrial = [Ways.Events, Ways.Panel, Ways.Clock, Ways.Documents];

    public async Task InspectAsync(IReadOnlyList<long> caseIds, CancellationToken ct)
    {
        foreach (var chunk in caseIds.Distinct().Chunk(250))
        {
            var records = await reader.ReadAsync(chunk, ct);
            var there = (
                await db.QueryAsync<Row>(
                    """
                    SELECT id, case_id, code, severity, args, found_at, due_on, order_id
                    FROM workzone_inspection
                    WHERE case_id IN @chunk
                    ORDER BY id
                    """,
                    new { chunk },
                    ct
                )
            ).ToLookup(r => r.CaseId);
            var waived = (
                await db.QueryAsync<Row>(
                    """
                    SELECT case_id, code, args
                    FROM workzone_inspection_waiver
                    WHERE case_id IN @chunk
                    """,
                    new { chunk },
                    ct
                )
            ).Select(w => (w.CaseId, w.Code, w.Args)).ToHashSet();
            foreach (var record in records)
                await OneAsync(record, [.. there[record.Id]], waived, ct);
        }
    }

    private async Task OneAsync(CaseRecord record, List<Row> there, HashSet<(long, string, string)> waived, CancellationToken ct)
    {
        var now = clock.GetUtcNow();
        var today = Times.Day(now);
        var (all, rules) = InspectionTable.Inspect(record, settings.Current<TableBody>(InspectionTable.Key, record.CourtId), today);
        var found = all.Where(f => !waived.Contains((record.Id, f.Rule.Code, f.About))).ToList();
        var known = new HashSet<(string, string)>();
        var gone = there
            .Where(r =>
                InspectionRules.ByCode.ContainsKey(r.Code) && (!found.Any(f => f.Rule.Code == r.Code && f.About == r.Args) || !known.Add((r.Code, r.Args)))
            )
            .ToList();
        foreach (var r in gone)
            await MendAsync(r, now, ct);
        var toCorrect = new List<(long Id, Found Found)>();
        foreach (var f in found)
        {
            var row = there.Find(r => r.Code == f.Rule.Code && r.Args == f.About);
            var id = row?.Id ?? ids.Next();
            var due = row?.DueOn ?? today.AddDays(f.Outcome.Days);
            if (row is null)
                await db.ExecuteAsync(
                    """
                    INSERT INTO workzone_inspection (id, case_id, code, field, severity, args, found_at, due_on)
                    VALUES (@id, @CaseId, @Code, @Field, @Severity, @About, @now, @due)
                    """,
                    new
                    {
                        id,
                        CaseId = record.Id,
                        f.Rule.Code,
                        f.Rule.Field,
                        f.Outcome.Severity,
                        f.About,
                        now,
                        due,
                    },
                    ct
                );
            else if (row.DueOn is null || row.Severity != f.Outcome.Severity)
                await db.ExecuteAsync(
                    """
                    UPDATE workzone_inspection
                    SET severity = @Severity, due_on = @due
                    WHERE id = @id
                    """,
                    new
                    {
                        id,
                        f.Outcome.Severity,
                        due,
                    },
                    ct
                );
            if (row?.DueOn is null)
                await decisions.DecideAsync<InspectionOutcome>(
                    "workzone.inspection",
                    new InspectionFacts { Rule = f.Rule.Code, Kind = Triggers.TriggerTable.Kinds.ContainsKey(record.Kind) ? record.Kind : "other" },
                    record.CourtId,
                    record.Id,
                    ct: ct
                );
            if (f.Outcome.Orders && row?.OrderId is null)
                toCorrect.Add((id, f));
        }
        if (toCorrect.Count > 0)
            await OrderAsync(record, there.Except(gone).Select(r => r.OrderId).FirstOrDefault(o => o is not null), toCorrect, ct);
        await EndAsync(gone.Select(g => g.OrderId).OfType<long>().Distinct(), ct);
        await LookAsync(record, rules, found, now, ct);
        if (gone.Count > 0 || found.Count != there.Count)
            db.OnCommitted(() => changes.Say($"case:{record.Id}"));
    }

    private async Task MendAsync(Row r, DateTimeOffset now, CancellationToken ct)
    {
        await db.ExecuteAsync("DELETE FROM workzone_inspection WHERE id = @Id", new { r.Id }, ct);
        await db.ExecuteAsync(
            """
            INSERT INTO workzone_inspection_past (id, case_id, code, severity, args, found_at, mended_at, mended_by, due_on, late)
            VALUES (@Id, @CaseId, @Code, @Severity, @Args, @FoundAt, @now, @by, @DueOn, @late)
            """,
            new
            {
                r.Id,
                r.CaseId,
                r.Code,
                r.Severity,
                r.Args,
                r.FoundAt,
                now,
                by = actor.Name,
                r.DueOn,
                late = r.DueOn < Times.Day(now),
            },
            ct
        );
    }

    // one order for a case at a time: what is found while it is open joins it
    private async Task OrderAsync(CaseRecord record, long? open, List<(long Id, Found Found)> found, CancellationToken ct)
    {
        if (open is { } there && await db.ScalarAsync<int>("SELECT COUNT(*) FROM workzone_order WHERE id = @there AND is_open = 1", new { there }, ct) == 0)
            open = null;
        var form = new Dictionary<string, string>();
        foreach (var (_, f) in found.Take(20))
            form[$"{f.Rule.Label}{(f.About.Length > 0 ? $"（{f.About}）" : "")}"] = texts["field." + f.Rule.Field];
        form["更正的地方"] = $"/cases/{record.Id}/inspection";
        var id =
            open
            ?? (
                await orders.OpenAsync(
                    new NewOrder
                    {
                        Type = OrderType,
                        CaseId = record.Id,
                        Title = "补正案件信息",
                        Subject = string.Join('；', found.Take(3).Select(f => f.Found.Rule.Label)),
                        CauseSubject = $"inspection:{found[0].Id}",
                        AskedBy = record.JudgeId,
                        Form = form,
                    },
                    ct
                )
            ).Id;
        foreach (var (finding, _) in found)
            await db.ExecuteAsync("UPDATE workzone_inspection SET order_id = @id WHERE id = @finding", new { id, finding }, ct);
        await TellJudgeAsync(record, id, [.. found.Select(f => f.Found).Where(f => OfTrial.Contains(f.Rule.Way))], ct);
    }

    // what a judge's own side records is the judge's to correct: the way there comes as a slip, and ends with the order
    private async Task TellJudgeAsync(CaseRecord record, long orderId, IReadOnlyList<Found> found, CancellationToken ct)
    {
        if (found.Count == 0 || record.JudgeId is not { } judge || !await addressees.ReachedAsync(judge, record.Id, ct))
            return;
        var what = string.Join('；', found.Take(5).Select(f => f.About.Length > 0 ? $"{f.Rule.Label}（{f.About}）" : f.Rule.Label));
        await slips.SendAsync(
            new Supervision.NewSlip
            {
                Kind = Supervision.SlipKinds.Prompt,
                CourtId = record.CourtId,
                CaseId = record.Id,
                ToId = judge,
                Post = Supervision.SlipPosts.Handler,
                Subject = $"{record.Number} 补正案件信息",
                Words = $"请更正：{what}。更正的地方：/cases/{record.Id}/inspection",
                Cause = $"finding:{orderId}:{judge}",
                ByRule = true,
            },
            ct
        );
    }

    // an order of which everything is mended is over: withdrawn where nobody has begun, fed back and closed where somebody has
    private async Task EndAsync(IEnumerable<long> orderIds, CancellationToken ct)
    {
        foreach (var id in orderIds)
        {
            if (await db.ScalarAsync<int>("SELECT COUNT(*) FROM workzone_inspection WHERE order_id = @id", new { id }, ct) > 0)
                continue;
            await slips.EndAsync($"finding:{id}:", ct);
            var state = await db.FirstAsync<string>("SELECT state FROM workzone_order WHERE id = @id AND is_open = 1", new { id }, ct);
            var input = new StepInput { Automatic = true, Words = "问题都已补正，再次质检通过。" };
            if (state == OrderState.Paused)
                await orders.StepAsync(id, OrderStep.Resume, input, ct);
            if (state is OrderState.Accepted or OrderState.Paused)
                await orders.StepAsync(id, OrderStep.Feedback, input, ct);
            if (state is OrderState.Accepted or OrderState.Paused or OrderState.Feedback)
                await orders.StepAsync(id, OrderStep.Close, input, ct);
            else if (state is not null)
                await orders.StepAsync(id, OrderStep.Cancel, input, ct);
        }
    }

    private async Task LookAsync(CaseRecord record, int rules, List<Found> found, DateTimeOffset now, CancellationToken ct)
    {
        var look = new
        {
            record.Id,
            record.CourtId,
            record.Team,
            record.Stage,
            rules,
            failed = found.Select(f => f.Rule.Code).Distinct().Count(),
            errors = found.Count(f => f.Outcome.Severity == "error"),
            now,
        };
        if (
            await db.ExecuteAsync(
                """
                UPDATE workzone_inspection_look
                SET court_id = @CourtId, team = @Team, stage = @Stage, rules = @rules, failed = @failed, errors = @errors, looked_at = @now
                WHERE case_id = @Id
                """,
                look,
                ct
            ) == 0
        )
            await db.ExecuteAsync(
                """
                INSERT INTO workzone_inspection_look (case_id, court_id, team, stage, rules, failed, errors, looked_at)
                VALUES (@Id, @CourtId, @Team, @Stage, @rules, @failed, @errors, @now)
                """,
                look,
                ct
            );
    }

    private sealed record Row
    {
        public long Id { get; init; }
        public long CaseId { get; init; }
        public string Code { get; init; } = "";
        public string Severity { get; init; } = "";
        public string Args { get; init; } = "";
        public DateTimeOffset FoundAt { get; init; }
        public DateOnly? DueOn { get; init; }
        public long? OrderId { get; init; }
    }
}
