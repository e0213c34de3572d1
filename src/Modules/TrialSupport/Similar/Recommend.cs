using System.Text.Json;
using CourtOps.Kernel.Access;
using CourtOps.Kernel.Data;
using CourtOps.Kernel.Messaging;
using CourtOps.Kernel.Security;
using CourtOps.Kernel.Web;
using CourtOps.TrialSupport.Drafts;
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
    /// <summary>Cases that are taken from the index to be looked at.</summary>
    private const int Near = 120;

    public long CaseId { get; init; }

    /// <summary>Null: the last draft of the case.</summary>
    public long? DraftId { get; init; }

    /// <param name="LibraryId">Of the imported library; null for a document of these courts.</param>
    internal sealed record Case(
        long DraftId,
        long CaseId,
        string CaseNumber,
        string Title,
        DateOnly? IssuedOn,
        Disposition Ended,
        Like Like,
        long? LibraryId = null
    )
    {
        public string Href => LibraryId is { } l ? FormattableString.Invariant($"/trial/library/{l}") : FormattableString.Invariant($"/trial/drafts/{DraftId}");
    }

    /// <param name="Words">What the library is asked for.</param>
    internal sealed record Result(
        CaseCard Card,
        Draft? Draft,
        string Words,
        IReadOnlyList<Case> Cases,
        Disposition Own,
        (Disposition Most, int Count, int Of)? Departs
    );

    internal sealed class Handler(Db db, ICases cases, DraftBook book, SimilarShelf shelf, AccessLog reads) : IQueryHandler<Recommend, Result>
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
            // the index knows no rights: of what it finds, what the person may see is read
            var near = (await shelf.OpenAsync(cancellationToken)).Query(asked.Text, Near, cause: card.Cause).Select(h => h.Id).ToList();
            var issued = await db.QueryAsync<Row>(
                "SELECT d.id, d.case_id, d.case_number, d.title, d.paragraphs, d.issued_on, c.cause FROM trial_draft d JOIN workzone_case_card c ON "
                    + "c.id = d.case_id WHERE d.id IN @ids AND d.court_id IN @courts AND d.state = 'issued' AND d.case_id <> @own AND "
                    + cases.Seen("d.case_id"),
                new
                {
                    me,
                    courts,
                    places,
                    own = card.Id,
                    ids = Of(near, 'd'),
                },
                cancellationToken
            );
            var imported = await db.QueryAsync<Row>(
                "SELECT l.id, l.case_number, l.title, l.paragraphs, l.judged_on AS issued_on, l.cause FROM trial_library_case l WHERE l.id IN @ids AND "
                    + "l.dropped_at IS NULL",
                new { ids = Of(near, 'l') },
                cancellationToken
            );
            var texts = issued
                .Concat(imported)
                .ToDictionary(r => r.Id, r => (Row: r, Paragraphs: JsonSerializer.Deserialize<List<string>>(r.Paragraphs, Json.Stored)!));
            var likes = Likeness.Rank(
                asked,
                card.Cause,
                [.. texts.Values.OrderBy(t => t.Row.Id).Select(t => (t.Row.Id, t.Row.Cause, CaseText.Of(string.Join('\n', t.Paragraphs))))],
                8
            );
            var found = likes
                .Select(l =>
                    texts[l.Id] is var t
                        ? new Case(
                            t.Row.CaseId == 0 ? 0 : t.Row.Id,
                            t.Row.CaseId,
                            t.Row.CaseNumber,
                            t.Row.Title,
                            t.Row.IssuedOn,
                            Likeness.Ended(t.Paragraphs),
                            l,
                            t.Row.CaseId == 0 ? t.Row.Id : null
                        )
                        : null!
                )
                .ToList();
            var own = Likeness.Ended(paragraphs);
            reads.List("trial.similar.show", found.Count, new { card.Id }, card.Id);
            return new Result(
                card,
                draft,
                Asked(paragraphs, asked.Text),
                found,
                own,
                Likeness.Departs(own, [.. found.Where(f => f.Like.SameCause).Select(f => f.Ended)])
            );
        }

        private static List<long> Of(List<string> near, char mark) =>
            [.. near.Where(n => n[0] == mark).Select(n => long.Parse(n.AsSpan(1), System.Globalization.CultureInfo.InvariantCulture))];

        // the reasons say best what the articles are about; without any, the whole text
        private static string Asked(IReadOnlyList<string> paragraphs, string text)
        {
            var reasons = string.Concat(
                paragraphs
                    .SkipWhile(p => !p.TrimStart().StartsWith("本院认为", StringComparison.Ordinal))
                    .TakeWhile(p => !p.TrimStart().StartsWith("一、", StringComparison.Ordinal))
            );
            var words = reasons.Length >= 40 ? reasons : text;
            return words.Length <= 4000 ? words : words[..4000];
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
