using System.Text.Json;
using CourtOps.Kernel.Access;
using CourtOps.Kernel.Data;
using CourtOps.Kernel.Messaging;
using CourtOps.Kernel.Security;
using CourtOps.Kernel.Settings;
using CourtOps.Kernel.Web;
using CourtOps.Law;
using CourtOps.Triage.Settings;
using CourtOps.Workzone;

namespace CourtOps.Triage.Filings;

/// <summary>The queue by clock: what bites first stands first.</summary>
[Permit("triage.filings")]
internal sealed record ListFilings : IQuery<ListFilings.Result>
{
    /// <summary>received, returned, registered, allotted, refused, lapsed; blank for what is to be done.</summary>
    public string State { get; init; } = "";

    /// <summary>The mark of the last row seen: its clock and id, or its id.</summary>
    public string After { get; init; } = "";

    /// <summary>Rows a page, 1 to 200.</summary>
    public int Take { get; init; } = 50;

    /// <param name="Counts">By state, of all that may be seen.</param>
    /// <param name="Overdue">Of all that may be seen: not decided, or not corrected, by its day.</param>
    internal sealed record Result(IReadOnlyList<Filing> Rows, IReadOnlyList<Count> Counts, string? Next, int Overdue);

    internal sealed record Count
    {
        public string State { get; init; } = "";
        public int N { get; init; }
        public int Late { get; init; }
    }

    internal sealed class Handler(Db db, FilingBook book, TimeProvider clock) : IQueryHandler<ListFilings, Result>
    {
        // what has no clock stands behind what has one
        private const string Clock = "COALESCE(CASE WHEN f.state = 'returned' THEN f.correct_by ELSE f.decide_by END, @never)";

        public async Task<Result> Handle(ListFilings request, CancellationToken cancellationToken)
        {
            var (me, courts, places) = book.Arguments;
            var today = Times.Day(clock.GetUtcNow());
            var take = Math.Clamp(request.Take, 1, 200);
            string[] states = request.State.Length == 0 ? FilingState.Open : [request.State];
            IReadOnlyList<Filing> rows;
            string? next = null;
            if (states.All(FilingState.Open.Contains))
            {
                var never = new DateOnly(9999, 12, 31);
                var mark = Mark.Read(request.After);
                rows = await db.PageAsync<Filing>(
                    $"""
                    SELECT {FilingBook.Columns}
                    FROM triage_filing f
                    WHERE f.state IN @states AND ({Clock} > @Day OR ({Clock} = @Day AND f.id > @Id)) AND {book.Seen}
                    ORDER BY {Clock}, f.id
                    """,
                    new
                    {
                        states,
                        never,
                        mark.Day,
                        mark.Id,
                        me,
                        courts,
                        places,
                    },
                    take + 1,
                    cancellationToken
                );
                if (rows.Count > take)
                    next = new Mark(
                        (rows[take - 1].State == FilingState.Returned ? rows[take - 1].CorrectBy : rows[take - 1].DecideBy) ?? never,
                        rows[take - 1].Id
                    ).ToString();
            }
            else
            {
                var after = long.TryParse(request.After, System.Globalization.NumberStyles.None, System.Globalization.CultureInfo.InvariantCulture, out var a)
                    ? a
                    : long.MaxValue;
                rows = await db.PageAsync<Filing>(
                    $"SELECT {FilingBook.Columns} FROM triage_filing f WHERE f.state IN @states AND f.id < @after AND {book.Seen} ORDER BY f.id DESC",
                    new
                    {
                        states,
                        me,
                        courts,
                        places,
                        after,
                    },
                    take + 1,
                    cancellationToken
                );
                if (rows.Count > take)
                    next = rows[take - 1].Id.ToString(System.Globalization.CultureInfo.InvariantCulture);
            }
            var counts = await db.QueryAsync<Count>(
                $"""
                SELECT f.state, COUNT(*) AS n, SUM(CASE WHEN (f.state = 'received' AND f.decide_by < @today) OR (f.state = 'returned' AND f.correct_by < @today)
                    THEN 1 ELSE 0 END) AS late
                FROM triage_filing f
                WHERE {book.Seen}
                GROUP BY f.state
                """,
                new
                {
                    today,
                    me,
                    courts,
                    places,
                },
                cancellationToken
            );
            return new Result([.. rows.Take(take)], counts, next, counts.Sum(c => c.Late));
        }
    }
}

/// <summary>A filing with all that is known at the counter.</summary>
[Permit("triage.filings")]
internal sealed record ShowFiling : IQuery<ShowFiling.Result>
{
    public long Id { get; init; }

    internal sealed record Result(
        Filing Filing,
        IReadOnlyList<PartyView> Parties,
        IReadOnlyList<FilingPaper> Papers,
        IReadOnlyList<string> Needed,
        IReadOnlyList<Near> Near,
        IReadOnlyList<ExplanationLine> Hints,
        IReadOnlyList<ExplanationLine> Why,
        IReadOnlyList<ExplanationLine> FeeWhy,
        IReadOnlyList<Split.Counted> BandWhy,
        IReadOnlyList<FilingEvent> Events,
        long? FeeCents,
        CounterRules Rules
    )
    {
        public IReadOnlyList<string> Missing => [.. Needed.Except(Papers.Select(p => p.Kind))];
    }

    /// <summary>A party as the counter sees it: numbers by their last four.</summary>
    internal sealed record PartyView
    {
        public string Name { get; init; } = "";
        public string Role { get; init; } = "";
        public string PartyType { get; init; } = "";
        public string? IdNumberTail { get; init; }
        public string? PhoneTail { get; init; }
        public string EService { get; init; } = "";
    }

    internal sealed class Handler(Db db, FilingBook book, NearCases nearness, ISettings settings, ICourts courts, TimeProvider clock, AccessLog reads)
        : IQueryHandler<ShowFiling, Result>
    {
        public async Task<Result> Handle(ShowFiling request, CancellationToken cancellationToken)
        {
            var filing = await book.GetAsync(request.Id, cancellationToken);
            var court = await courts.GetAsync(filing.CourtId, cancellationToken);
            var parties = await book.PartiesAsync(filing.Id, cancellationToken);
            var seen = await db.QueryAsync<PartyView>(
                "SELECT name, role, party_type, id_number_tail, phone_tail, e_service FROM triage_filing_party WHERE filing_id = @Id ORDER BY ordinal",
                new { filing.Id },
                cancellationToken
            );
            var papers = await book.PapersAsync(filing.Id, cancellationToken);
            var needed = TriageSettings
                .Papers.Decide(
                    new PaperFacts
                    {
                        Kind = filing.Kind,
                        Cause = filing.Cause,
                        Agent = parties.Any(p => p.Agents.Count > 0),
                    },
                    settings.Current<TableBody>("triage.papers", filing.CourtId)
                )
                .Outcome.Papers;
            var facts = filing.FactSet;
            var near = filing.State is FilingState.Allotted or FilingState.Refused or FilingState.Lapsed
                ? []
                : await nearness.FindAsync(filing, parties, Times.Day(clock.GetUtcNow()), cancellationToken);
            var hints = filing.Kind == "civil" ? Proposal.Hints(filing.Cause, filing.Amount / 100m, court.Code[..1], facts, filing.ReceivedOn) : [];
            var (fee, feeWhy) = FilingFee.Of(filing.Kind, filing.CaseType, filing.Cause, filing.ProcedureCode, filing.Amount, court.Code[..1]);
            reads.Note("triage.filing.view", "filing", filing.Id, filing.CaseId);
            return new Result(
                filing,
                seen,
                papers,
                needed,
                near,
                hints,
                Lines(filing.Why),
                filing.CaseId is null ? feeWhy : Lines(filing.FeeWhy),
                JsonSerializer.Deserialize<IReadOnlyList<Split.Counted>>(filing.BandWhy, Json.Stored)!,
                await book.EventsAsync(filing.Id, cancellationToken),
                filing.CaseId is null ? fee : filing.Fee,
                settings.Current<CounterRules>(filing.CourtId)
            );
        }

        private static IReadOnlyList<ExplanationLine> Lines(string stored) => JsonSerializer.Deserialize<IReadOnlyList<ExplanationLine>>(stored, Json.Stored)!;
    }
}

/// <summary>The bytes of a paper, while its filing has no case; afterwards it is a document of the case.</summary>
[Permit("triage.filings")]
internal sealed record ReadPaper : IQuery<FilingPaper>
{
    public long Id { get; init; }

    internal sealed class Handler(Db db, FilingBook book, AccessLog reads) : IQueryHandler<ReadPaper, FilingPaper>
    {
        public async Task<FilingPaper> Handle(ReadPaper request, CancellationToken cancellationToken)
        {
            var (me, courts, places) = book.Arguments;
            var paper =
                await db.FirstAsync<FilingPaper>(
                    $"""
                    SELECT p.id, p.filing_id, p.kind, p.title, p.blob, p.size, p.pages, p.document_id, p.added_at
                    FROM triage_filing_paper p
                    JOIN triage_filing f ON f.id = p.filing_id
                    WHERE p.id = @Id AND f.case_id IS NULL AND {book.Seen}
                    """,
                    new
                    {
                        request.Id,
                        me,
                        courts,
                        places,
                    },
                    cancellationToken
                ) ?? throw new NotFound("材料", request.Id);
            reads.Note("triage.filing.paper.read", "filing", paper.FilingId);
            return paper;
        }
    }
}
