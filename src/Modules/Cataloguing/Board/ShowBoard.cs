using CourtOps.Kernel.Access;
using CourtOps.Kernel.Data;
using CourtOps.Kernel.Messaging;
using CourtOps.Kernel.Security;
using CourtOps.Workzone.Cases;

namespace CourtOps.Cataloguing.Board;

/// <summary>How the centre does: minutes a volume and a page, what was right the first time, what waits, by court. Each figure is made of the rows that stand
/// below it.</summary>
[Permit("cataloguing.read")]
internal sealed record ShowBoard : IQuery<ShowBoard.Result>
{
    /// <summary>What the example court needs for a volume (电子卷宗集中编目).</summary>
    public const double TargetMinutes = 4.5;

    public int Days { get; init; } = 30;

    /// <param name="Median">Minutes of machine and hand a batch, the middle one.</param>
    /// <param name="FirstPass">Percent of documents whose type the machine had right.</param>
    /// <param name="Untouched">Percent of documents nobody was asked about.</param>
    internal sealed record Result(
        int Days,
        IReadOnlyList<Row> Batches,
        double Median,
        double PerPage,
        int FirstPass,
        int Untouched,
        IReadOnlyList<CourtLine> Courts,
        IReadOnlyList<Model> Models
    );

    internal sealed record Row
    {
        public long Id { get; init; }
        public string Number { get; init; } = "";
        public string CaseNumber { get; init; } = "";
        public string CourtName { get; init; } = "";
        public string State { get; init; } = "";
        public DateTimeOffset ReceivedAt { get; init; }
        public DateTimeOffset? ReadyAt { get; init; }
        public DateTimeOffset? ConfirmedAt { get; init; }
        public DateTimeOffset DueAt { get; init; }
        public int Pages { get; init; }
        public int Pieces { get; init; }
        public int RightOnes { get; init; }
        public int Asked { get; init; }
        public long MachineMs { get; init; }
        public int HandSeconds { get; init; }
        public string ConfirmedByName { get; init; } = "";

        /// <summary>Minutes from receipt to the last page read.</summary>
        public double Machine => ReadyAt is { } r ? Math.Round((r - ReceivedAt).TotalMinutes, 1) : 0;

        /// <summary>Minutes in which nothing happened.</summary>
        public double Waited => ReadyAt is { } r && ConfirmedAt is { } c ? Math.Round(Math.Max(0, (c - r).TotalMinutes - (HandSeconds / 60.0)), 1) : 0;

        public double Hand => Math.Round(HandSeconds / 60.0, 1);

        /// <summary>Machine and hand together.</summary>
        public double Work => Math.Round((MachineMs / 60_000.0) + (HandSeconds / 60.0), 1);
    }

    internal sealed record CourtLine(string Name, int Open, int Overdue, int Pages, int Confirmed);

    internal sealed record Model
    {
        public string CourtName { get; init; } = "";
        public int ModelVersion { get; init; }
        public DateTimeOffset TrainedAt { get; init; }
        public int Pages { get; init; }
        public int Accuracy { get; init; }
    }

    internal sealed class Handler(Db db, ICases cases, Actor actor, Workzone.ICourts courts, TimeProvider clock, AccessLog reads)
        : IQueryHandler<ShowBoard, Result>
    {
        public async Task<Result> Handle(ShowBoard request, CancellationToken cancellationToken)
        {
            var days = Math.Clamp(request.Days, 1, 366);
            var now = clock.GetUtcNow();
            var (me, courtIds, places) = cases.Arguments;
            var rows = await db.PageAsync<Row>(
                $"""
                SELECT b.id, b.number, c.number AS case_number, c.court_name, b.state, b.received_at, b.ready_at, b.confirmed_at, b.due_at, b.machine_ms,
                    b.hand_seconds, b.confirmed_by_name,
                  (SELECT COUNT(*) FROM cataloguing_page p WHERE p.batch_id = b.id AND p.removed = 0) AS pages,
                  (SELECT COUNT(*) FROM cataloguing_piece q WHERE q.batch_id = b.id) AS pieces,
                  (SELECT COUNT(*) FROM cataloguing_piece q WHERE q.batch_id = b.id AND q.guessed_type = q.paper_type) AS right_ones,
                  (SELECT COUNT(*) FROM cataloguing_act a WHERE a.batch_id = b.id AND a.act = 'confirm' AND a.undone = 0) AS asked
                FROM cataloguing_batch b JOIN workzone_case_card c ON c.id = b.case_id
                WHERE (b.state IN ('reading', 'review') OR (b.state = 'confirmed' AND b.confirmed_at >= @from)) AND {cases.Seen("b.case_id")}
                ORDER BY b.received_at DESC, b.id
                """,
                new
                {
                    from = now.AddDays(-days),
                    me,
                    courts = courtIds,
                    places,
                },
                1000,
                cancellationToken
            );
            reads.List("cataloguing.board", rows.Count, new { days });
            var done = rows.Where(r => r.State == "confirmed").ToList();
            var works = done.Select(d => d.Work).Order().ToList();
            var pieces = done.Sum(d => d.Pieces);
            var models = new List<Model>();
            foreach (var court in await courts.AllAsync(cancellationToken))
                if (
                    actor.Courts.Contains(court.Id)
                    && await db.FirstAsync<Model>(
                        "SELECT model_version, trained_at, pages, accuracy FROM cataloguing_model WHERE court_id = @Id ORDER BY model_version DESC",
                        new { court.Id },
                        cancellationToken
                    )
                        is { } model
                )
                    models.Add(model with { CourtName = court.Name });
            return new Result(
                days,
                rows,
                works.Count == 0 ? 0 : works[works.Count / 2],
                done.Sum(d => d.Pages) is > 0 and var pages ? Math.Round(done.Sum(d => d.Work) / pages, 2) : 0,
                pieces == 0 ? 0 : (int)Math.Round(100.0 * done.Sum(d => d.RightOnes) / pieces),
                pieces == 0 ? 0 : (int)Math.Round(100.0 * (pieces - Math.Min(pieces, done.Sum(d => d.Asked))) / pieces),
                [
                    .. rows.GroupBy(r => r.CourtName)
                        .Select(g => new CourtLine(
                            g.Key,
                            g.Count(r => r.State != "confirmed"),
                            g.Count(r => r.State != "confirmed" && r.DueAt < now),
                            g.Where(r => r.State != "confirmed").Sum(r => r.Pages),
                            g.Count(r => r.State == "confirmed")
                        ))
                        .OrderByDescending(l => l.Open),
                ],
                models
            );
        }
    }
}
