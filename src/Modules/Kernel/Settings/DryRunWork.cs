using System.Text.Json;
using CourtOps.Kernel.Data;
using CourtOps.Kernel.Messaging;
using CourtOps.Kernel.Web;
using CourtOps.Kernel.Work;

namespace CourtOps.Kernel.Settings;

/// <summary>
/// Puts a draft to past decisions, some seconds a turn: what a turn found is recorded together with where the next begins, so that a killed process
/// loses one turn and counts nothing twice. Reads and computes; changes nothing but its own rows.
/// </summary>
internal sealed class DryRunWork(Db db, SettingCatalogue catalogue, WorkQueue work, TimeProvider clock, Changes changes) : IWorkHandler
{
    public const string Name = "kernel.dry-run";
    private const int Page = 2_000;
    private static readonly TimeSpan Turn = TimeSpan.FromSeconds(4);

    public string Queue => Name;

    public bool Repeatable => true;

    public int MaxAttempts => 5;

    public TimeSpan Lease => TimeSpan.FromSeconds(60);

    public bool IsForgettable => true;

    public async Task<WorkOutcome> ActAsync(WorkItem item, CancellationToken ct)
    {
        var at = item.Read<Payload>();
        var run = await db.FirstAsync<DryRun>(DryRun.Select + " WHERE r.id = @RunId", new { at.RunId }, ct);
        var span = await db.FirstAsync<Span>("SELECT from_id, until_id FROM kernel_dry_run WHERE id = @RunId", new { at.RunId }, ct);
        if (run is not { State: "running" } || span is null)
            return WorkOutcome.Done();
        if (catalogue.Find(run.SettingKey) is not { } setting || catalogue.Decisions.FirstOrDefault(d => d.Name == run.Decision) is not { } decision)
            return WorkOutcome.Failed("程序已不再有这条规则。");
        var plan = run.ReadPlan();
        var found = new Found(decision, setting.Read(run.Body), DryRuns.Listed - at.Listed);
        var began = clock.GetTimestamp();
        while (at.Court < plan.Courts.Count)
        {
            var court = plan.Courts[at.Court];
            var rules = setting.Read(plan.Befores[court.Before]);
            var rows = await db.PageAsync<Past>(
                "SELECT id, input, outcome, case_id, at FROM kernel_decision WHERE name = @Decision AND court_id = @CourtId AND id > @After AND id < "
                    + "@UntilId ORDER BY id",
                new
                {
                    run.Decision,
                    court.CourtId,
                    at.After,
                    span.UntilId,
                },
                Page,
                ct
            );
            foreach (var row in rows)
                found.Add(row, court.CourtId, rules);
            at = rows.Count < Page ? at with { Court = at.Court + 1, After = span.FromId - 1 } : at with { After = rows[^1].Id };
            if (clock.GetElapsedTime(began) > Turn)
                break;
        }
        return WorkOutcome.Done(new Result(at with { Turn = at.Turn + 1, Listed = at.Listed + found.Changes.Count }, found, at.Court >= plan.Courts.Count));
    }

    public async Task RecordAsync(WorkItem item, WorkOutcome outcome, CancellationToken ct)
    {
        var at = item.Read<Payload>();
        if (outcome.End != WorkEnd.Done)
            await db.ExecuteAsync(
                "UPDATE kernel_dry_run SET state = 'failed', reason = @Reason, reason_said = @said, ended_at = @now WHERE id = @RunId AND state = 'running'",
                new
                {
                    at.RunId,
                    outcome.Reason,
                    said = outcome.Said?.Stored(),
                    now = clock.GetUtcNow(),
                },
                ct
            );
        if (
            outcome.Result is not Result { Found: { } found } result
            || await db.FirstAsync<DryRun>(DryRun.Select + " WHERE r.id = @RunId AND r.state = 'running'", new { at.RunId }, ct) is not { } run
        )
            return;
        await db.ExecuteManyAsync(
            """
            INSERT INTO kernel_dry_run_change (run_id, n, decision_id, court_id, case_id, at, input, before_group, after_group, before_rule, after_rule)
            VALUES (@RunId, @N, @DecisionId, @CourtId, @CaseId, @At, @Input, @BeforeGroup, @AfterGroup, @BeforeRule, @AfterRule)
            """,
            [
                .. found.Changes.Select(
                    (c, i) =>
                        (object)
                            new
                            {
                                at.RunId,
                                N = at.Listed + i + 1,
                                c.DecisionId,
                                c.CourtId,
                                c.CaseId,
                                c.At,
                                c.Input,
                                c.BeforeGroup,
                                c.AfterGroup,
                                c.BeforeRule,
                                c.AfterRule,
                            }
                ),
            ],
            ct
        );
        await db.ExecuteAsync(
            "UPDATE kernel_dry_run SET figures = @figures, done_count = done_count + @done, changed_count = changed_count + @changed, state = @state, "
                + "ended_at = @ended WHERE id = @RunId AND state = 'running'",
            new
            {
                at.RunId,
                figures = JsonSerializer.Serialize(run.ReadFigures().Plus(found.Figures()), Json.Stored),
                done = found.Total,
                changed = found.Changed,
                state = result.Ended ? "done" : "running",
                ended = result.Ended ? clock.GetUtcNow() : (DateTimeOffset?)null,
            },
            ct
        );
        if (!result.Ended)
            await work.AddAsync(Name, $"{at.RunId}:{result.Next.Turn}", result.Next, null, ct);
        db.OnCommitted(() => changes.Say($"dry-run:{at.RunId}"));
    }

    internal sealed record Payload
    {
        public long RunId { get; init; }
        public int Turn { get; init; }

        /// <summary>The place in the plan's courts, and the last decision seen there.</summary>
        public int Court { get; init; }
        public long After { get; init; }
        public int Listed { get; init; }
    }

    private sealed record Result(Payload Next, Found Found, bool Ended);

    private sealed record Span
    {
        public long FromId { get; init; }
        public long UntilId { get; init; }
    }

    private sealed record Past
    {
        public long Id { get; init; }
        public string Input { get; init; } = "";
        public string Outcome { get; init; } = "";
        public long? CaseId { get; init; }
        public DateTimeOffset At { get; init; }
    }

    // what one turn found
    private sealed class Found(DecisionDefinition decision, object draft, int room)
    {
        private readonly Dictionary<string, int> before = [];
        private readonly Dictionary<string, int> after = [];
        private readonly Dictionary<long, DryRunFigures.Court> courts = [];
        private readonly decimal[] sumBefore = new decimal[decision.Measured.Count];
        private readonly decimal[] sumAfter = new decimal[decision.Measured.Count];
        private int otherwise;
        private int unreadable;

        public List<DryRunChange> Changes { get; } = [];

        public int Total { get; private set; }

        public int Changed { get; private set; }

        public void Add(Past past, long court, object rules)
        {
            Total++;
            DecisionRun was,
                will;
            try
            {
                was = decision.Run(past.Input, rules);
                will = decision.Run(past.Input, draft);
            }
            catch (Exception e) when (e is JsonException or RuleBroken)
            {
                unreadable++;
                return;
            }
            otherwise += was.Outcome == past.Outcome ? 0 : 1;
            before[was.Group] = before.GetValueOrDefault(was.Group) + 1;
            after[will.Group] = after.GetValueOrDefault(will.Group) + 1;
            for (var i = 0; i < sumBefore.Length; i++)
            {
                sumBefore[i] += was.Measures[i];
                sumAfter[i] += will.Measures[i];
            }
            var changed = was.Outcome != will.Outcome;
            var seen = courts.GetValueOrDefault(court) ?? new DryRunFigures.Court(0, 0);
            courts[court] = new DryRunFigures.Court(seen.Total + 1, seen.Changed + (changed ? 1 : 0));
            if (!changed)
                return;
            Changed++;
            if (Changes.Count < room)
                Changes.Add(
                    new DryRunChange
                    {
                        DecisionId = past.Id,
                        CourtId = court,
                        CaseId = past.CaseId,
                        At = past.At,
                        Input = past.Input,
                        BeforeGroup = Cut(was.Group),
                        AfterGroup = Cut(will.Group),
                        BeforeRule = was.Rule,
                        AfterRule = will.Rule,
                    }
                );
        }

        public DryRunFigures Figures() =>
            new()
            {
                Before = before,
                After = after,
                Courts = courts,
                MeasuresBefore = sumBefore,
                MeasuresAfter = sumAfter,
                Otherwise = otherwise,
                Unreadable = unreadable,
            };

        private static string Cut(string text) => text.Length <= 200 ? text : text[..200];
    }
}
