using System.Text.Json;
using CourtOps.Kernel.Access;
using CourtOps.Kernel.Data;
using CourtOps.Kernel.Messaging;
using CourtOps.Kernel.Security;
using CourtOps.Kernel.Web;
using CourtOps.TrialSupport.Drafts;
using CourtOps.TrialSupport.Laws;
using CourtOps.Workzone.Cases;

namespace CourtOps.TrialSupport.Similar;

/// <summary>
/// What a person who writes should look at: issued documents of cases the person may see, each with what matched; and whether the draft departs from how like
/// cases ended.
/// Articles come from <see cref="LawShelf"/>, which reads a file and so stands beside.
/// </summary>
[Permit("trial.read")]
internal sealed record Recommend : IQuery<Recommend.Result>
{
    private const int Newest = 400;

    public long CaseId { get; init; }

    /// <summary>Null: the last draft of the case.</summary>
    public long? DraftId { get; init; }

    internal sealed record Case(long DraftId, long CaseId, string CaseNumber, string Title, DateOnly IssuedOn, Disposition Ended, Like Like);

    /// <param name="Words">What the library is asked for.</param>
    internal sealed record Result(
        CaseCard Card,
        Draft? Draft,
        string Words,
        IReadOnlyList<Case> Cases,
        Disposition Own,
        (Disposition Most, int Count, int Of)? Departs
    );

    internal sealed class Handler(Db db, ICases cases, DraftBook book, AccessLog reads) : IQueryHandler<Recommend, Result>
    {
        public async Task<Result> Handle(Recommend request, CancellationToken cancellationToken)
        {
            var draft = request.DraftId is { } id
                ? await book.OpenAsync(id, null, cancellationToken)
                : await db.FirstAsync<Draft>(
                    DraftBook.Columns + " WHERE d.case_id = @CaseId AND d.state <> 'withdrawn' ORDER BY d.created_at DESC, d.id DESC",
                    new { request.CaseId },
                    cancellationToken
                );
            var card = await cases.GetAsync(request.DraftId is null ? request.CaseId : draft!.CaseId, cancellationToken);
            IReadOnlyList<string> paragraphs = draft is null ? [] : JsonSerializer.Deserialize<List<string>>(draft.Paragraphs, Json.Stored)!;
            var asked = CaseText.Of(paragraphs.Count > 0 ? string.Join('\n', paragraphs) : card.Cause);
            var (me, courts, places) = cases.Arguments;
            var issued = await db.PageAsync<Row>(
                "SELECT d.id, d.case_id, d.case_number, d.title, d.paragraphs, d.issued_on, c.cause FROM trial_draft d JOIN workzone_case_card c ON "
                    + "c.id = d.case_id WHERE d.court_id IN @courts AND d.state = 'issued' AND d.kind IN ('judgment', 'ruling', 'mediation') AND "
                    + "d.case_id <> @own AND "
                    + cases.Seen("d.case_id")
                    + " ORDER BY d.issued_on DESC, d.id DESC",
                new
                {
                    me,
                    courts,
                    places,
                    own = card.Id,
                },
                Newest,
                cancellationToken
            );
            var texts = issued.ToDictionary(r => r.Id, r => (Row: r, Paragraphs: JsonSerializer.Deserialize<List<string>>(r.Paragraphs, Json.Stored)!));
            var likes = Likeness.Rank(
                asked,
                card.Cause,
                [.. texts.Values.Select(t => (t.Row.Id, t.Row.Cause, CaseText.Of(string.Join('\n', t.Paragraphs))))],
                8
            );
            var found = likes
                .Select(l =>
                    texts[l.Id] is var t
                        ? new Case(t.Row.Id, t.Row.CaseId, t.Row.CaseNumber, t.Row.Title, t.Row.IssuedOn ?? default, Likeness.Ended(t.Paragraphs), l)
                        : null!
                )
                .ToList();
            var own = Likeness.Ended(paragraphs);
            reads.List("trial.similar.show", found.Count, new { card.Id }, card.Id);
            return new Result(
                card,
                draft,
                asked.Text.Length <= 4000 ? asked.Text : asked.Text[..4000],
                found,
                own,
                Likeness.Departs(own, [.. found.Where(f => f.Like.SameCause).Select(f => f.Ended)])
            );
        }

        private sealed record Row
        {
            public long Id { get; init; }
            public long CaseId { get; init; }
            public string CaseNumber { get; init; } = "";
            public string Title { get; init; } = "";
            public string Paragraphs { get; init; } = "[]";
            public DateOnly? IssuedOn { get; init; }
            public string Cause { get; init; } = "";
        }
    }
}

/// <summary>The law library of this court system: laws/laws.json in the data folder (verb law import). Read when it changed, kept in memory.</summary>
internal sealed class LawShelf(DataFolder folder, TimeProvider clock)
{
    private readonly Lock gate = new();
    private (DateTime Written, LawLibrary Library)? kept;

    /// <summary>Articles in force today that are near to words; null where no library was imported.</summary>
    /// <exception cref="RuleBroken">The library is damaged.</exception>
    public IReadOnlyList<LawHit>? Find(string words, int top = 8)
    {
        var path = folder.File("laws", "laws.json");
        if (!File.Exists(path))
            return null;
        lock (gate)
        {
            var written = File.GetLastWriteTimeUtc(path);
            if (kept?.Written != written)
                kept = (written, LawLibrary.Open(Path.GetDirectoryName(path)!));
            return words.Length == 0 ? [] : kept!.Value.Library.Find(words, null, null, Times.Day(clock.GetUtcNow()), top);
        }
    }
}
