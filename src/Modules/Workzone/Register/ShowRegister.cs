using CourtOps.Kernel.Data;
using CourtOps.Kernel.Messaging;
using CourtOps.Kernel.Security;
using CourtOps.Workzone.Cases;

namespace CourtOps.Workzone.Register;

/// <summary>Panel with its history, links both ways, marks and watchers of a case.</summary>
[Permit("workzone.cases.read")]
internal sealed record ShowRegister : IQuery<ShowRegister.Result>
{
    public long CaseId { get; init; }

    internal sealed record Result(
        CaseCard Case,
        IReadOnlyList<Panel> Panels,
        IReadOnlyList<Link> Links,
        IReadOnlyList<string> Marks,
        IReadOnlyList<PersonCard> Leaders,
        IReadOnlyList<long> Watchers,
        IReadOnlyList<PersonCard> Judges
    )
    {
        /// <summary>What came with the prosecution; empty fields where none was recorded.</summary>
        public ProsecutionRow Prosecution { get; init; } = new();

        /// <summary>The parties with how they stood before, and their custody.</summary>
        public IReadOnlyList<PartyRow> Parties { get; init; } = [];
    }

    internal sealed record ProsecutionRow
    {
        public string? Office { get; init; }
        public string? Number { get; init; }
        public int? Volumes { get; init; }
    }

    internal sealed record PartyRow
    {
        public long Id { get; init; }
        public string Name { get; init; } = "";
        public string Role { get; init; } = "";
        public string? RoleBefore { get; init; }
        public DateOnly? CustodyUntil { get; init; }
        public string? CustodyPlace { get; init; }
    }

    internal sealed record Panel(long Id, DateOnly FromOn, string Reason, string RecordedBy, IReadOnlyList<Seat> Seats);

    internal sealed record Seat
    {
        public long PanelId { get; init; }
        public string Role { get; init; } = "";
        public string Name { get; init; } = "";
        public long? PersonId { get; init; }
    }

    internal sealed record Link
    {
        public long Id { get; init; }
        public long? OtherId { get; init; }
        public string OtherNumber { get; init; } = "";
        public string Kind { get; init; } = "";
        public string Note { get; init; } = "";

        /// <summary>The other case says so: it is taken away there.</summary>
        public bool Inward { get; init; }
    }

    internal sealed class Handler(Db db, ICases cases, ICaseRegister register, Watchers watchers, TimeProvider clock) : IQueryHandler<ShowRegister, Result>
    {
        public async Task<Result> Handle(ShowRegister request, CancellationToken cancellationToken)
        {
            var card = await cases.GetAsync(request.CaseId, cancellationToken);
            var a = cases.Arguments;
            var panels = await db.QueryAsync<PanelRow>(
                """
                SELECT id, from_on, reason, recorded_by
                FROM workzone_panel
                WHERE case_id = @CaseId
                ORDER BY from_on DESC, id DESC
                """,
                new { request.CaseId },
                cancellationToken
            );
            var seats = (
                await db.QueryAsync<Seat>(
                    """
                    SELECT m.panel_id, m.role, m.name, m.person_id
                    FROM workzone_panel_member m
                    JOIN workzone_panel p ON p.id = m.panel_id
                    WHERE p.case_id = @CaseId
                    ORDER BY m.panel_id, m.n
                    """,
                    new { request.CaseId },
                    cancellationToken
                )
            ).ToLookup(s => s.PanelId);
            var links = await db.QueryAsync<Link>(
                $"""
                SELECT l.id, CASE WHEN l.other_id IS NOT NULL AND {cases.Seen("l.other_id")} THEN l.other_id END AS other_id, l.other_number, l.kind, l.note,
                    0 AS inward
                FROM workzone_case_link l WHERE l.case_id = @CaseId AND l.ended_at IS NULL ORDER BY l.id
                """,
                new
                {
                    request.CaseId,
                    a.Me,
                    a.Courts,
                    a.Places,
                },
                cancellationToken
            );
            var inward = await db.QueryAsync<Link>(
                $"""
                SELECT l.id, l.case_id AS other_id, c.number AS other_number, l.kind, l.note, 1 AS inward
                FROM workzone_case_link l JOIN workzone_case c ON c.id = l.case_id
                WHERE l.other_id = @CaseId AND l.ended_at IS NULL AND {cases.Seen("l.case_id")} ORDER BY l.id
                """,
                new
                {
                    request.CaseId,
                    a.Me,
                    a.Courts,
                    a.Places,
                },
                cancellationToken
            );
            var marks = await db.FirstAsync<string>("SELECT marks FROM workzone_case WHERE id = @CaseId", new { request.CaseId }, cancellationToken);
            return new Result(
                card,
                [.. panels.Select(p => new Panel(p.Id, p.FromOn, p.Reason, p.RecordedBy, [.. seats[p.Id]]))],
                [.. links, .. inward],
                CaseMarks.Of(marks),
                await watchers.PossibleAsync(request.CaseId, cancellationToken),
                await watchers.OfAsync(request.CaseId, cancellationToken),
                await register.JudgesAsync(card.CourtId, Kernel.Web.Times.Day(clock.GetUtcNow()), cancellationToken)
            )
            {
                Prosecution =
                    await db.FirstAsync<ProsecutionRow>(
                        "SELECT prosecution_office AS office, prosecution_number AS number, prosecution_volumes AS volumes FROM workzone_case WHERE id = "
                            + "@CaseId",
                        new { request.CaseId },
                        cancellationToken
                    ) ?? new(),
                Parties = await db.QueryAsync<PartyRow>(
                    "SELECT id, name, role, role_before, custody_until, custody_place FROM workzone_party WHERE case_id = @CaseId ORDER BY ordinal, id",
                    new { request.CaseId },
                    cancellationToken
                ),
            };
        }

        private sealed record PanelRow
        {
            public long Id { get; init; }
            public DateOnly FromOn { get; init; }
            public string Reason { get; init; } = "";
            public string RecordedBy { get; init; } = "";
        }
    }
}
