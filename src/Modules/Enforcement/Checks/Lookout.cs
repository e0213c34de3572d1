using CourtOps.Enforcement.Command;
using CourtOps.Enforcement.Measures;
using CourtOps.Kernel.Data;
using CourtOps.Kernel.Settings;
using CourtOps.Kernel.Web;
using CourtOps.Law;
using CourtOps.Workzone.Cases;

namespace CourtOps.Enforcement.Checks;

/// <summary>Looks at a case by the rules and brings its findings up to date, inside the open transaction: at each change and on the day the rules
/// named.</summary>
internal sealed class Lookout(Db db, Ids ids, TimeProvider clock, ICalendarSource calendars, ISettings settings, FindingBook book, NodeBook nodes)
{
    /// <summary>The case is watched from now on.</summary>
    /// <param name="urgent">Of a preservation: urgent, or before a suit.</param>
    public async Task TrackAsync(CaseCard card, CancellationToken ct, bool urgent = false)
    {
        if (await db.ScalarAsync<int>("SELECT COUNT(*) FROM enforcement_case WHERE case_id = @Id", new { card.Id }, ct) > 0)
            return;
        IReadOnlyList<(string Code, DateOnly Due)> steps =
            Inquires(card.Number) ? Nodes.Of(card.FiledOn)
            : CaseNumber.TryParse(card.Number, out var n) && n.Type == "执保" ? Nodes.OfPreservation(card.FiledOn, urgent)
            : [];
        foreach (var (code, due) in steps)
            await db.ExecuteAsync(
                "INSERT INTO enforcement_node (case_id, code, due_on, words) VALUES (@Id, @code, @due, '')",
                new
                {
                    card.Id,
                    code,
                    due,
                },
                ct
            );
        await db.ExecuteAsync(
            "INSERT INTO enforcement_case (case_id, court_id, check_on, created_at) VALUES (@Id, @CourtId, @today, @now)",
            new
            {
                card.Id,
                card.CourtId,
                today = Today,
                now = clock.StoredNow(),
            },
            ct
        );
    }

    private static bool Inquires(string number) => CaseNumber.TryParse(number, out var n) && n.Type is "执" or "执恢";

    private DateOnly Today => Times.Day(clock.GetUtcNow());

    /// <summary>Runs the checks of a case that is watched; of another nothing happens. Returns how many leaks are open.</summary>
    public async Task<int> LookAsync(long caseId, CancellationToken ct)
    {
        var (facts, card) = await FactsAsync(caseId, ct);
        if (card is null)
            return 0;
        if (facts.IsInvestigated && facts.Nodes.Any(n => n is { Code: "investigate", DoneOn: null }))
        {
            await nodes.DoneAsync(caseId, "investigate", facts.Today, "全部被执行人各类财产已查询，线索已核实", ct);
            facts = facts with { Nodes = [.. facts.Nodes.Select(n => n.Code == "investigate" ? n with { DoneOn = facts.Today } : n)] };
        }
        var (leaks, next) = LeakChecks.Run(facts, settings.Current<LeakRules>(card.CourtId));
        var there = await db.QueryAsync<FindingRow>(
            FindingRow.Columns + " WHERE f.case_id = @caseId AND f.state IN ('open', 'asked', 'excused') ORDER BY f.id",
            new { caseId },
            ct
        );
        foreach (var leak in leaks)
        {
            var same = there.Where(f => f.Leak == leak.Code && f.Subject == leak.Subject).ToList();
            if (same.FirstOrDefault(f => f.State != FindingState.Excused) is { } open)
                await RegradeAsync(open, leak, ct);
            else if (FindingRules.IsNew(leak.Grade, [.. same.Select(f => f.Grade)]))
                await OpenAsync(card, leak, ct);
        }
        foreach (
            var past in there.Where(f =>
                f.State == FindingState.Excused && FindingRules.EndsWithItsFacts(f.Leak) && !leaks.Any(l => l.Code == f.Leak && l.Subject == f.Subject)
            )
        )
            await book.MoveAsync(past, FindingStep.Pass, ct);
        foreach (var gone in there.Where(f => f.State != FindingState.Excused && !leaks.Any(l => l.Code == f.Leak && l.Subject == f.Subject)))
            await book.MoveAsync(
                gone,
                FindingStep.Mend,
                ct,
                "next_date = NULL, ended_at = @now, ended_how = 'act'",
                new
                {
                    gone.Id,
                    gone.Version,
                    now = clock.StoredNow(),
                }
            );
        // closed, nothing left under control and nothing found that waits for it: nothing can come of itself any more
        var over =
            facts.ClosedOn is not null
            && !facts.Measures.Any(m => MeasureState.IsLive(m.State))
            && (facts.IsSatisfied || !facts.Assets.Any(a => a.State is AssetState.Found or AssetState.Clue));
        await db.ExecuteAsync(
            "UPDATE enforcement_case SET check_on = @next, checked_on = @Today WHERE case_id = @caseId",
            new
            {
                caseId,
                next = over ? (DateOnly?)null : next,
                facts.Today,
            },
            ct
        );
        return leaks.Count;
    }

    /// <summary>The facts as they stand; no card where the case is not watched.</summary>
    public async Task<(CaseFacts Facts, Card? Card)> FactsAsync(long caseId, CancellationToken ct)
    {
        var today = Today;
        var calendar = calendars.For(null);
        var card = await db.FirstAsync<Card>(
            "SELECT c.id, c.number, c.court_id, c.kind, c.filed_on, c.closed_on, c.closed_how, c.amount, c.judge_id FROM workzone_case_card c JOIN "
                + "enforcement_case e ON e.case_id = c.id WHERE c.id = @caseId",
            new { caseId },
            ct
        );
        if (card is null)
            return (new CaseFacts { Today = today, Calendar = calendar }, null);
        var parties = await db.QueryAsync<PartyRow>(
            "SELECT id, name, role FROM workzone_party_card WHERE case_id = @caseId ORDER BY ordinal",
            new { caseId },
            ct
        );
        var enforces = Inquires(card.Number);
        var money = (
            await db.FirstAsync<MoneyRow>(
                """
                SELECT COALESCE(SUM(CASE WHEN p.kind IN ('creditor', 'state') THEN p.amount ELSE 0 END), 0) AS paid,
                    COALESCE(SUM(CASE WHEN p.kind = 'fee' THEN p.amount ELSE 0 END), 0) AS fee,
                    (SELECT COALESCE(-SUM(e.amount), 0) FROM enforcement_entry e WHERE e.case_id = @caseId AND e.account = 'held') AS held,
                    (SELECT MAX(s.ended_on) FROM enforcement_settlement s WHERE s.case_id = @caseId AND s.state = 'performed' AND NOT EXISTS (SELECT 1
                        FROM enforcement_settlement r WHERE r.case_id = @caseId AND r.state IN ('running', 'broken') AND r.id > s.id)) AS settled_on
                FROM enforcement_payout p WHERE p.case_id = @caseId AND p.state = 'paid'
                """,
                new { caseId },
                ct
            )
        )!;
        return (
            new CaseFacts
            {
                Today = today,
                Calendar = calendar,
                Inquires = enforces,
                Paid = money.Paid,
                HeldMoney = money.Held,
                Costs = enforces && card.Amount is > 0 and { } amount ? Math.Max(0, (long)(FeeSchedule.Enforcement(amount / 100m) * 100) - money.Fee) : 0,
                SettledOn = money.SettledOn,
                FiledOn = card.FiledOn,
                ClosedOn = card.ClosedOn,
                ClosedHow = card.ClosedHow ?? "",
                Claim = card.Amount,
                Debtors = [.. parties.Where(p => p.Role == "被执行人").Select(p => new CaseFacts.Debtor(p.Id, p.Name))],
                Inquiries = await db.QueryAsync<CaseFacts.Inquired>(
                    "SELECT party_id, category, MAX(asked_on) AS asked_on FROM enforcement_inquiry WHERE case_id = @caseId GROUP BY party_id, category",
                    new { caseId },
                    ct
                ),
                Assets = await db.QueryAsync<AssetRow>(AssetRow.Columns + " WHERE a.case_id = @caseId ORDER BY a.id", new { caseId }, ct),
                Nodes = await db.QueryAsync<NodeRow>(
                    "SELECT code, due_on, done_on, words FROM enforcement_node WHERE case_id = @caseId ORDER BY due_on, code",
                    new { caseId },
                    ct
                ),
                Measures = await db.QueryAsync<MeasureRow>(MeasureRow.Columns + " WHERE m.case_id = @caseId ORDER BY m.id", new { caseId }, ct),
            },
            card
        );
    }

    private Task OpenAsync(Card card, Leak leak, CancellationToken ct) =>
        db.ExecuteAsync(
            """
            INSERT INTO enforcement_finding (id, case_id, court_id, leak, subject, asset_id, measure_id, party_id, words, said, found_on, due_on, owner_id,
                level, state, next_date, grade, version)
            VALUES (@id, @CaseId, @CourtId, @Code, @Subject, @AssetId, @MeasureId, @PartyId, @words, @said, @today, @Due, @JudgeId, 0, 'open', @next, @Grade, 1)
            """,
            new
            {
                id = ids.Next(),
                CaseId = card.Id,
                card.CourtId,
                leak.Code,
                leak.Subject,
                leak.AssetId,
                leak.MeasureId,
                leak.PartyId,
                words = Cut($"{leak.Words}"),
                said = leak.Words.Stored(),
                today = Today,
                leak.Due,
                leak.Grade,
                card.JudgeId,
                next = leak.Due.AddDays(1),
            },
            ct
        );

    // the same leak, worse or better than it was: its words follow, its clock goes on
    private async Task RegradeAsync(FindingRow f, Leak leak, CancellationToken ct)
    {
        if (leak.Grade is null || leak.Grade == f.Grade)
            return;
        await book.MoveAsync(
            f,
            FindingStep.Mark,
            ct,
            "words = @words, said = @said, grade = @Grade",
            new
            {
                f.Id,
                f.Version,
                words = Cut($"{leak.Words}"),
                said = leak.Words.Stored(),
                leak.Grade,
            }
        );
    }

    private static string Cut(string text) => text.Length <= 400 ? text : text[..400];

    internal sealed record Card
    {
        public long Id { get; init; }
        public string Number { get; init; } = "";
        public long CourtId { get; init; }
        public string Kind { get; init; } = "";
        public DateOnly FiledOn { get; init; }
        public DateOnly? ClosedOn { get; init; }
        public string? ClosedHow { get; init; }
        public long? Amount { get; init; }
        public long? JudgeId { get; init; }
    }

    private sealed record MoneyRow
    {
        public long Paid { get; init; }
        public long Fee { get; init; }
        public long Held { get; init; }
        public DateOnly? SettledOn { get; init; }
    }

    private sealed record PartyRow
    {
        public long Id { get; init; }
        public string Name { get; init; } = "";
        public string Role { get; init; } = "";
    }
}

/// <summary>Keeps inquiries.</summary>
internal sealed class Inquiries(Db db, Ids ids, TimeProvider clock, Kernel.Security.Actor actor)
{
    public Task AddAsync(long caseId, long partyId, string category, string way, DateOnly on, string result, CancellationToken ct) =>
        db.ExecuteAsync(
            "INSERT INTO enforcement_inquiry (id, case_id, party_id, category, way, asked_on, result, person_id, created_at) VALUES (@id, @caseId, "
                + "@partyId, @category, @way, @on, @result, @by, @now)",
            new
            {
                id = ids.Next(),
                caseId,
                partyId,
                category,
                way,
                on,
                result,
                by = actor.Id,
                now = clock.StoredNow(),
            },
            ct
        );
}
