using CourtOps.Kernel.Access;
using CourtOps.Kernel.Data;
using CourtOps.Kernel.Messaging;
using CourtOps.Kernel.Security;
using CourtOps.Kernel.Web;
using CourtOps.Workzone.Cases;

namespace CourtOps.TrialSupport.Closing;

/// <summary>The board of the centre: hearings of the year, adjournments, faults of documents by kind and judge, opinions over their day, publications over
/// theirs.</summary>
[Permit("trial.read")]
internal sealed record ShowTrialBoard : IQuery<ShowTrialBoard.Result>
{
    internal sealed record Result(Totals All, IReadOnlyList<RoomRow> Rooms, IReadOnlyList<FaultRow> Faults, IReadOnlyList<JudgeRow> Judges);

    internal sealed record Totals
    {
        public int? Hearings { get; init; }
        public int? Held { get; init; }
        public int? Adjourned { get; init; }
        public int? Online { get; init; }
        public int Unregistered { get; init; }
        public int LateOpinions { get; init; }
        public int LatePublications { get; init; }
        public int Drafts { get; init; }
        public int CleanDrafts { get; init; }
    }

    internal sealed record RoomRow
    {
        public string RoomName { get; init; } = "";
        public int N { get; init; }
        public int Minutes { get; init; }
    }

    internal sealed record FaultRow
    {
        public string CheckCode { get; init; } = "";
        public string Severity { get; init; } = "";
        public string JudgeName { get; init; } = "";
        public int N { get; init; }
    }

    internal sealed record JudgeRow
    {
        public string JudgeName { get; init; } = "";
        public int N { get; init; }
        public int Adjourned { get; init; }
    }

    internal sealed class Handler(Db db, ICases cases, TimeProvider clock, AccessLog reads) : IQueryHandler<ShowTrialBoard, Result>
    {
        public async Task<Result> Handle(ShowTrialBoard request, CancellationToken cancellationToken)
        {
            var (me, courts, places) = cases.Arguments;
            var now = clock.GetUtcNow();
            var today = Times.Day(now);
            var args = new
            {
                me,
                courts,
                places,
                now,
                today,
                year = new DateOnly(today.Year, 1, 1),
                since = Times.Start(new DateOnly(today.Year, 1, 1)),
            };
            var hearings = "FROM trial_hearing h WHERE h.court_id IN @courts AND h.held_on >= @year AND h.state <> 'cancelled' AND " + cases.Seen("h.case_id");
            var drafts = "FROM trial_draft d WHERE d.court_id IN @courts AND d.created_at >= @since AND d.state <> 'withdrawn' AND " + cases.Seen("d.case_id");
            var all =
                await db.FirstAsync<Totals>(
                    "SELECT COUNT(*) AS hearings, SUM(CASE WHEN h.state = 'held' THEN 1 ELSE 0 END) AS held, SUM(CASE WHEN h.state = 'adjourned' THEN "
                        + "1 ELSE 0 END) AS adjourned, SUM(CASE WHEN h.online = 1 THEN 1 ELSE 0 END) AS online "
                        + hearings,
                    args,
                    cancellationToken
                ) ?? new Totals();
            all = all with
            {
                Unregistered = await db.ScalarAsync<int>(
                    "SELECT COUNT(*) " + hearings + " AND h.state = 'confirmed' AND h.ends_at < @now",
                    args,
                    cancellationToken
                ),
                LateOpinions = await db.ScalarAsync<int>(
                    "SELECT COUNT(*) FROM trial_opinion o WHERE o.court_id IN @courts AND o.state = 'open' AND o.due_on < @today AND "
                        + cases.Seen("o.case_id"),
                    args,
                    cancellationToken
                ),
                LatePublications = await db.ScalarAsync<int>(
                    "SELECT COUNT(*) FROM trial_publication p WHERE p.court_id IN @courts AND p.state = 'asked' AND p.due_on < @today AND "
                        + cases.Seen("p.case_id"),
                    args,
                    cancellationToken
                ),
                Drafts = await db.ScalarAsync<int>("SELECT COUNT(*) " + drafts, args, cancellationToken),
                CleanDrafts = await db.ScalarAsync<int>(
                    "SELECT COUNT(*) FROM trial_revision r JOIN trial_draft d ON d.id = r.draft_id WHERE r.revision = 1 AND r.errors = 0 AND "
                        + "d.court_id IN @courts AND d.created_at >= @since AND d.state <> 'withdrawn' AND "
                        + cases.Seen("d.case_id"),
                    args,
                    cancellationToken
                ),
            };
            var result = new Result(
                all,
                await db.QueryAsync<RoomRow>(
                    "SELECT h.room_name, COUNT(*) AS n, SUM(h.minutes) AS minutes " + hearings + " GROUP BY h.room_name ORDER BY h.room_name",
                    args,
                    cancellationToken
                ),
                Added(
                    // what the first check of each document found, by kind and judge: mended later or not
                    await FaultsAsync("trial_finding", "d.revision = 1", args, cancellationToken),
                    await FaultsAsync("trial_finding_past", "f.revision = 1", args, cancellationToken)
                ),
                await db.QueryAsync<JudgeRow>(
                    "SELECT h.judge_name, COUNT(*) AS n, SUM(CASE WHEN h.state = 'adjourned' THEN 1 ELSE 0 END) AS adjourned "
                        + hearings
                        + " GROUP BY h.judge_name ORDER BY h.judge_name",
                    args,
                    cancellationToken
                )
            );
            reads.List("trial.board", result.Judges.Count, new { });
            return result;
        }

        private Task<IReadOnlyList<FaultRow>> FaultsAsync(string table, string which, object args, CancellationToken ct) =>
            db.QueryAsync<FaultRow>(
                "SELECT f.check_code, f.severity, COALESCE(r.judge_name, '') AS judge_name, COUNT(*) AS n FROM trial_draft d JOIN trial_revision r ON "
                    + $"r.draft_id = d.id AND r.revision = 1 JOIN {table} f ON f.draft_id = d.id AND {which} WHERE "
                    + "d.court_id IN @courts AND d.created_at >= @since AND "
                    + cases.Seen("d.case_id")
                    + " GROUP BY f.check_code, f.severity, COALESCE(r.judge_name, '')",
                args,
                ct
            );

        private static IReadOnlyList<FaultRow> Added(IReadOnlyList<FaultRow> now, IReadOnlyList<FaultRow> past) =>
            [
                .. now.Concat(past)
                    .GroupBy(f => (f.CheckCode, f.Severity, f.JudgeName))
                    .Select(g => g.First() with { N = g.Sum(f => f.N) })
                    .OrderByDescending(f => f.N)
                    .ThenBy(f => f.CheckCode, StringComparer.Ordinal)
                    .ThenBy(f => f.JudgeName, StringComparer.Ordinal)
                    .Take(100),
            ];
    }
}
