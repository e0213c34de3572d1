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

    /// <summary>The place of the last row seen: its clock or time, and its id.</summary>
    public string After { get; init; } = "";

    internal sealed record Result(IReadOnlyList<Filing> Rows, IReadOnlyList<Count> Counts, string? Next, int Overdue);

    internal sealed record Count
    {
        public string State { get; init; } = "";
        public int N { get; init; }
    }

    internal sealed class Handler(Db db, FilingBook book, TimeProvider clock) : IQueryHandler<ListFilings, Result>
    {
        private const int Size = 50;

        public async Task<Result> Handle(ListFilings request, CancellationToken cancellationToken)
        {
            var (me, courts, places) = book.Arguments;
            var today = Times.Day(clock.GetUtcNow());
            var after = long.TryParse(request.After, System.Globalization.NumberStyles.None, System.Globalization.CultureInfo.InvariantCulture, out var a) ? a : (long?)null;
            string[] states = request.State.Length == 0 ? [FilingState.Received, FilingState.Returned, FilingState.Registered] : [request.State];
            var clocked = request.State is "" or FilingState.Received or FilingState.Returned or FilingState.Registered;
            // what has a clock is a short list in any court; what is over is walked by id
            var rows = clocked
                ? await db.PageAsync<Filing>($"SELECT {FilingBook.Columns} FROM triage_filing f WHERE f.state IN @states AND {book.Seen} ORDER BY CASE WHEN f.decide_by IS NULL THEN 1 ELSE 0 END, f.decide_by, f.id", new { states, me, courts, places }, 300, cancellationToken)
                : await db.PageAsync<Filing>($"SELECT {FilingBook.Columns} FROM triage_filing f WHERE f.state IN @states AND (@after IS NULL OR f.id < @after) AND {book.Seen} ORDER BY f.id DESC", new { states, me, courts, places, after }, Size + 1, cancellationToken);
            var counts = await db.QueryAsync<Count>("SELECT f.state, COUNT(*) AS n FROM triage_filing f WHERE f.court_id IN @courts GROUP BY f.state", new { courts }, cancellationToken);
            var next = !clocked && rows.Count > Size ? $"{rows[Size - 1].Id}" : null;
            return new Result(clocked ? rows : [.. rows.Take(Size)], counts, next, rows.Count(r => r.DecideBy < today));
        }
    }
}

/// <summary>A filing with all that is known at the counter.</summary>
[Permit("triage.filings")]
internal sealed record ShowFiling : IQuery<ShowFiling.Result>
{
    public long Id { get; init; }

    internal sealed record Result(
        Filing Filing, IReadOnlyList<PartyView> Parties, IReadOnlyList<FilingPaper> Papers, IReadOnlyList<string> Needed, IReadOnlyList<Near> Near, IReadOnlyList<ExplanationLine> Hints, IReadOnlyList<ExplanationLine> Why,
        IReadOnlyList<ExplanationLine> FeeWhy, IReadOnlyList<Split.Counted> BandWhy, IReadOnlyList<FilingEvent> Events, long? FeeCents, CounterRules Rules)
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

    internal sealed class Handler(Db db, FilingBook book, NearCases nearness, ISettings settings, ICourts courts, TimeProvider clock, AccessLog reads) : IQueryHandler<ShowFiling, Result>
    {
        public async Task<Result> Handle(ShowFiling request, CancellationToken cancellationToken)
        {
            var filing = await book.GetAsync(request.Id, cancellationToken);
            var court = await courts.GetAsync(filing.CourtId, cancellationToken);
            var parties = await book.PartiesAsync(filing.Id, cancellationToken);
            var seen = await db.QueryAsync<PartyView>("SELECT name, role, party_type, id_number_tail, phone_tail, e_service FROM triage_filing_party WHERE filing_id = @Id ORDER BY ordinal", new { filing.Id }, cancellationToken);
            var papers = await book.PapersAsync(filing.Id, cancellationToken);
            var needed = TriageSettings.Papers.Decide(new PaperFacts { Kind = filing.Kind, Cause = filing.Cause, Agent = parties.Any(p => p.Agents.Count > 0) }, settings.Current<TableBody>("triage.papers", filing.CourtId)).Outcome.Papers;
            var facts = filing.FactSet;
            var near = filing.State is FilingState.Allotted or FilingState.Refused or FilingState.Lapsed ? [] : await nearness.FindAsync(filing, parties, Times.Day(clock.GetUtcNow()), cancellationToken);
            var hints = filing.Kind == "civil" ? Proposal.Hints(filing.Cause, filing.Amount / 100m, court.Code[..1], facts, filing.ReceivedOn) : [];
            var (fee, feeWhy) = FilingFee.Of(filing.Kind, filing.CaseType, filing.Cause, filing.ProcedureCode, filing.Amount, court.Code[..1]);
            reads.Note("triage.filing.view", "filing", filing.Id, filing.CaseId);
            return new Result(filing, seen, papers, needed, near, hints, Lines(filing.Why), filing.CaseId is null ? feeWhy : Lines(filing.FeeWhy),
                JsonSerializer.Deserialize<IReadOnlyList<Split.Counted>>(filing.BandWhy, Json.Stored)!, await book.EventsAsync(filing.Id, cancellationToken), filing.CaseId is null ? fee : filing.Fee, settings.Current<CounterRules>(filing.CourtId));
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
            var paper = await db.FirstAsync<FilingPaper>(
                $"""
                SELECT p.id, p.filing_id, p.kind, p.title, p.blob, p.size, p.pages, p.document_id, p.added_at
                FROM triage_filing_paper p
                JOIN triage_filing f ON f.id = p.filing_id
                WHERE p.id = @Id AND f.case_id IS NULL AND {book.Seen}
                """, new { request.Id, me, courts, places }, cancellationToken) ?? throw new NotFound("材料", request.Id);
            reads.Note("triage.filing.paper.read", "filing", paper.FilingId);
            return paper;
        }
    }
}
