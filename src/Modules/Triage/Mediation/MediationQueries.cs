using CourtOps.Kernel.Data;
using CourtOps.Kernel.Messaging;
using CourtOps.Kernel.Security;
using CourtOps.Triage.Filings;
using CourtOps.Workzone.Cases;

namespace CourtOps.Triage.Mediation;

/// <summary>Mediations by what bites next, and how often each cause and mediator succeeds.</summary>
[Permit("triage.read")]
internal sealed record ListMediations : IQuery<ListMediations.Result>
{
    /// <summary>A state; "escalated"; blank for all that run.</summary>
    public string State { get; init; } = "";
    public string After { get; init; } = "";

    internal sealed record Result(IReadOnlyList<MediationRow> Rows, string? Next, IReadOnlyList<Count> Counts, int Escalated);

    internal sealed record Count
    {
        public string State { get; init; } = "";
        public int N { get; init; }
        public int Escalated { get; init; }
    }

    internal sealed class Handler(Db db, MediationBook book) : IQueryHandler<ListMediations, Result>
    {
        private const int Size = 50;

        public async Task<Result> Handle(ListMediations request, CancellationToken cancellationToken)
        {
            var (me, courts, places) = book.Arguments;
            var never = new DateOnly(9999, 12, 31);
            var mark = Mark.Read(request.After);
            var ended = request.State == MediationState.Ended;
            var condition = request.State switch
            {
                "escalated" => "m.escalated_at IS NOT NULL",
                "" => "m.is_open = 1",
                _ => "m.state = @State",
            };
            var before = ended && mark.Id > 0 ? mark.Id : long.MaxValue;
            var rows = ended
                ? await db.PageAsync<MediationRow>(
                    $"SELECT {MediationBook.Columns} FROM triage_mediation m WHERE {condition} AND m.id < @before AND {book.Seen} ORDER BY m.id DESC",
                    new
                    {
                        request.State,
                        before,
                        me,
                        courts,
                        places,
                    },
                    Size + 1,
                    cancellationToken
                )
                : await db.PageAsync<MediationRow>(
                    $"SELECT {MediationBook.Columns} FROM triage_mediation m WHERE {condition} AND (COALESCE(m.next_on, @never) > @Day OR "
                        + $"(COALESCE(m.next_on, @never) = @Day AND m.id > @Id)) AND {book.Seen} ORDER BY COALESCE(m.next_on, @never), m.id",
                    new
                    {
                        request.State,
                        never,
                        mark.Day,
                        mark.Id,
                        me,
                        courts,
                        places,
                    },
                    Size + 1,
                    cancellationToken
                );
            var counts = await db.QueryAsync<Count>(
                "SELECT m.state, COUNT(*) AS n, SUM(CASE WHEN m.escalated_at IS NULL THEN 0 ELSE 1 END) AS escalated FROM triage_mediation m WHERE "
                    + $"{book.Seen} GROUP BY m.state",
                new
                {
                    me,
                    courts,
                    places,
                },
                cancellationToken
            );
            var last = rows.Count > Size ? rows[Size - 1] : null;
            return new Result(
                [.. rows.Take(Size)],
                last is null ? null : new Mark(last.NextOn ?? never, last.Id).ToString(),
                counts,
                counts.Sum(c => c.Escalated)
            );
        }
    }
}

/// <summary>One mediation with its mediators to choose from, its course, and opinions that may be seen.</summary>
[Permit("triage.read")]
internal sealed record ShowMediation : IQuery<ShowMediation.Result>
{
    public long Id { get; init; }

    /// <param name="Link">The phone page, for whoever may hand it over.</param>
    internal sealed record Result(
        MediationRow Row,
        IReadOnlyList<MediatorStanding> Ranked,
        IReadOnlyList<Event> Events,
        IReadOnlyList<Evaluation> Evaluations,
        IReadOnlyList<Option> Evaluators,
        string? Link,
        MediationSettings Rules
    );

    internal sealed record Event
    {
        public string What { get; init; } = "";
        public DateTimeOffset At { get; init; }
        public string ByName { get; init; } = "";
        public string Words { get; init; } = "";
    }

    internal sealed record Evaluation
    {
        public long EvaluatorId { get; init; }
        public string EvaluatorName { get; init; } = "";
        public DateOnly DueOn { get; init; }
        public string? Opinion { get; init; }
        public DateTimeOffset? GivenAt { get; init; }

        /// <summary>The evaluator's page, for the desk to hand over while the opinion is not there.</summary>
        public string? Link { get; init; }
    }

    internal sealed record Option(long Id, string Name);

    internal sealed class Handler(Db db, MediationBook book, Pool pool, Actor actor, Secrets secrets) : IQueryHandler<ShowMediation, Result>
    {
        public async Task<Result> Handle(ShowMediation request, CancellationToken cancellationToken)
        {
            var row = await book.GetAsync(request.Id, cancellationToken);
            var events = await db.QueryAsync<Event>(
                "SELECT event AS what, at, by_name, words FROM triage_mediation_event WHERE mediation_id = @Id ORDER BY id",
                new { row.Id },
                cancellationToken
            );
            var evaluations = await db.QueryAsync<Evaluation>(
                "SELECT evaluator_id, evaluator_name, due_on, opinion, given_at, token_enc AS link FROM triage_evaluation WHERE mediation_id = @Id ORDER BY id",
                new { row.Id },
                cancellationToken
            );
            evaluations =
            [
                .. evaluations.Select(e =>
                    e with
                    {
                        Link = e is { Link: { } enc, GivenAt: null } && actor.Can("triage.mediate") ? "/p/evaluate/" + secrets.Reveal(enc) : null,
                    }
                ),
            ];
            if (evaluations.Any(e => e.GivenAt is null && e.DueOn >= book.Today))
                evaluations = [.. evaluations.Select(e => e with { Opinion = null })];
            var evaluators =
                row.State is MediationState.Running or MediationState.Cooling && evaluations.Count == 0
                    ? await db.QueryAsync<Evaluator>(
                        "SELECT id, name FROM triage_mediator WHERE court_id = @CourtId AND evaluator = 1 AND active = 1 AND id <> @mediator ORDER BY name",
                        new { row.CourtId, mediator = row.MediatorId ?? 0 },
                        cancellationToken
                    )
                    : [];
            return new Result(
                row,
                row.State is MediationState.Choosing or MediationState.Invited ? await pool.RankAsync(row, cancellationToken) : [],
                events,
                evaluations,
                [.. evaluators.Select(e => new Option(e.Id, e.Name))],
                row.TokenEnc is not null && row.IsOpen && actor.Can("triage.mediate") ? "/p/mediate/" + secrets.Reveal(row.TokenEnc) : null,
                book.Rules(row.CourtId)
            );
        }

        private sealed record Evaluator
        {
            public long Id { get; init; }
            public string Name { get; init; } = "";
        }
    }
}

/// <summary>The pool of the court, and success by mediator and by cause over a time.</summary>
[Permit("triage.filings")]
internal sealed record ListMediators : IQuery<ListMediators.Result>
{
    public DateOnly? From { get; init; }
    public DateOnly? Until { get; init; }

    internal sealed record Result(
        IReadOnlyList<Person> People,
        IReadOnlyList<Success> ByCause,
        IReadOnlyList<Success> ByMediator,
        DateOnly From,
        DateOnly Until
    );

    internal sealed record Person
    {
        public long Id { get; init; }
        public string Name { get; init; } = "";
        public string Organisation { get; init; } = "";
        public string Skills { get; init; } = "";
        public string Languages { get; init; } = "";
        public bool Gold { get; init; }
        public bool Evaluator { get; init; }
        public bool Active { get; init; }
        public int MostOpen { get; init; }
        public int InHand { get; init; }
        public int Version { get; init; }
    }

    internal sealed record Success
    {
        public string Name { get; init; } = "";
        public int Ended { get; init; }
        public int Agreed { get; init; }
        public int Refused { get; init; }

        /// <summary>Percent of those that a mediator took on.</summary>
        public int? Rate => Ended - Refused > 0 ? (int)Math.Round(100m * Agreed / (Ended - Refused)) : null;
    }

    internal sealed class Handler(Db db, MediationBook book, Actor actor) : IQueryHandler<ListMediators, Result>
    {
        public async Task<Result> Handle(ListMediators request, CancellationToken cancellationToken)
        {
            var (me, courts, places) = book.Arguments;
            var (from, until) = Board.Period.Of(request.From, request.Until, book.Today, d => d.AddYears(-1));
            var people = await db.QueryAsync<Person>(
                """
                SELECT t.id, t.name, t.organisation, t.skills, t.languages, t.gold, t.evaluator, t.active, t.most_open, t.version, (SELECT COUNT(*) FROM
                    triage_mediation m WHERE m.mediator_id = t.id AND m.is_open = 1) AS in_hand
                FROM triage_mediator t WHERE t.court_id = @court ORDER BY t.active DESC, t.name, t.id
                """,
                new { court = actor.CourtId },
                cancellationToken
            );
            var ended = await db.QueryAsync<Pair>(
                $"""
                SELECT m.cause, m.mediator_name, COUNT(*) AS ended, SUM(CASE WHEN m.outcome IN ('agreed', 'withdrawn') THEN 1 ELSE 0 END) AS agreed, SUM(CASE
                    WHEN m.outcome = 'refused' THEN 1 ELSE 0 END) AS refused
                FROM triage_mediation m
                WHERE m.is_open = 0 AND m.ended_on >= @from AND m.ended_on <= @until AND {book.Seen}
                GROUP BY m.cause, m.mediator_name
                """,
                new
                {
                    from,
                    until,
                    me,
                    courts,
                    places,
                },
                cancellationToken
            );
            IReadOnlyList<Success> By(Func<Pair, string> name) =>
                [
                    .. ended
                        .Where(p => name(p).Length > 0)
                        .GroupBy(name)
                        .Select(g => new Success
                        {
                            Name = g.Key,
                            Ended = g.Sum(p => p.Ended),
                            Agreed = g.Sum(p => p.Agreed),
                            Refused = g.Sum(p => p.Refused),
                        })
                        .OrderByDescending(s => s.Ended)
                        .ThenBy(s => s.Name, StringComparer.Ordinal),
                ];
            return new Result(people, By(p => p.Cause), By(p => p.MediatorName), from, until);
        }

        private sealed record Pair
        {
            public string Cause { get; init; } = "";
            public string MediatorName { get; init; } = "";
            public int Ended { get; init; }
            public int Agreed { get; init; }
            public int Refused { get; init; }
        }
    }
}

/// <summary>Mediations of one case, for its page.</summary>
[Permit("triage.read")]
internal sealed record MediationsOfCase : IQuery<IReadOnlyList<MediationRow>>
{
    public long CaseId { get; init; }

    internal sealed class Handler(Db db, ICases cases) : IQueryHandler<MediationsOfCase, IReadOnlyList<MediationRow>>
    {
        public async Task<IReadOnlyList<MediationRow>> Handle(MediationsOfCase request, CancellationToken cancellationToken)
        {
            await cases.GetAsync(request.CaseId, cancellationToken);
            return await db.QueryAsync<MediationRow>(
                $"SELECT {MediationBook.Columns} FROM triage_mediation m WHERE m.case_id = @CaseId ORDER BY m.round DESC",
                new { request.CaseId },
                cancellationToken
            );
        }
    }
}
