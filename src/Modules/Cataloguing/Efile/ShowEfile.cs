using CourtOps.Cataloguing.Sorting;
using CourtOps.Kernel.Data;
using CourtOps.Kernel.Messaging;
using CourtOps.Kernel.Security;
using CourtOps.Workzone.Cases;
using CourtOps.Workzone.Documents;

namespace CourtOps.Cataloguing.Efile;

/// <summary>The e-file of a case: volumes, headings, documents with their first page in the volume. Cover, catalogue and remarks bear no numbers.</summary>
[Permit("cataloguing.read")]
internal sealed record ShowEfile : IQuery<ShowEfile.Result>
{
    public long CaseId { get; init; }

    internal sealed record Result(long CaseId, string CaseNumber, string Cause, string CaseKind, IReadOnlyList<Volume> Volumes);

    internal sealed record Volume(string Name, int Pages, IReadOnlyList<Item> Items);

    internal sealed record Item(int N, long DocumentId, string Heading, string Title, int? Pages, int FirstPage, string Note, DateTimeOffset FiledAt)
    {
        public string Type { get; init; } = "";
        public string Author { get; init; } = "";
        public DateOnly? Date { get; init; }

        /// <summary>Its type belongs into the secondary volume, and it stands in the main one.</summary>
        public bool Leak { get; init; }
        public string Source { get; init; } = "";
        public string Blob { get; init; } = "";
    }

    internal sealed class Handler(EfileReader reader) : IQueryHandler<ShowEfile, Result>
    {
        public Task<Result> Handle(ShowEfile request, CancellationToken cancellationToken) => reader.ReadAsync(request.CaseId, cancellationToken);
    }

    /// <summary>Reads the e-file for whoever may: the secondary volume only for its readers.</summary>
    internal sealed class EfileReader(Db db, ICases cases, IDocuments documents)
    {
        private static readonly string[] Unnumbered = ["cover", "catalogue", "remark"];

        public async Task<Result> ReadAsync(long caseId, CancellationToken cancellationToken)
        {
            var card = await cases.GetAsync(caseId, cancellationToken);
            var known = (await documents.OfCaseAsync(caseId, cancellationToken)).ToDictionary(d => d.Id);
            var secondary = await cases.CanReadSecondaryAsync(caseId, cancellationToken);
            var rows = await db.QueryAsync<Row>(
                "SELECT document_id, volume, heading, title, note, filed_at, paper_type, author, paper_date, source, leak FROM cataloguing_item WHERE "
                    + "case_id = @caseId ORDER BY volume, ordinal, id",
                new { caseId },
                cancellationToken
            );
            var volumes = new List<Volume>();
            foreach (var group in rows.Where(r => secondary || r.Volume != "secondary").GroupBy(r => r.Volume))
            {
                var at = 1;
                var items = new List<Item>();
                foreach (var r in group)
                {
                    var document = known.GetValueOrDefault(r.DocumentId);
                    var bare = Unnumbered.Contains(r.PaperType);
                    items.Add(
                        new Item(items.Count + 1, r.DocumentId, r.Heading, r.Title, document?.Pages, bare ? 0 : at, r.Note, r.FiledAt)
                        {
                            Type = r.PaperType,
                            Author = r.Author,
                            Date = r.PaperDate,
                            Leak = r.Leak,
                            Source = r.Source,
                            Blob = document?.Blob ?? "",
                        }
                    );
                    at += bare ? 0 : document?.Pages ?? 1;
                }
                volumes.Add(new Volume(group.Key, at - 1, items));
            }
            return new Result(card.Id, card.Number, card.Cause, card.Kind, volumes);
        }

        private sealed record Row
        {
            public long DocumentId { get; init; }
            public string Volume { get; init; } = "";
            public string Heading { get; init; } = "";
            public string Title { get; init; } = "";
            public string Note { get; init; } = "";
            public DateTimeOffset FiledAt { get; init; }
            public string PaperType { get; init; } = "";
            public string Author { get; init; } = "";
            public DateOnly? PaperDate { get; init; }
            public string Source { get; init; } = "";
            public bool Leak { get; init; }
        }
    }
}
