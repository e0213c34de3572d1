using CourtOps.Kernel.Data;
using CourtOps.Kernel.Messaging;
using CourtOps.Kernel.Security;
using CourtOps.Workzone.Cases;
using CourtOps.Workzone.Documents;

namespace CourtOps.Cataloguing.Efile;

/// <summary>The e-file of a case: volumes, headings, documents with their first page in the volume.</summary>
[Permit("cataloguing.read")]
internal sealed record ShowEfile : IQuery<ShowEfile.Result>
{
    public long CaseId { get; init; }

    internal sealed record Result(long CaseId, string CaseNumber, string Cause, IReadOnlyList<Volume> Volumes);

    internal sealed record Volume(string Name, int Pages, IReadOnlyList<Item> Items);

    internal sealed record Item(int N, long DocumentId, string Heading, string Title, int? Pages, int FirstPage, string Note, DateTimeOffset FiledAt);

    internal sealed class Handler(Db db, ICases cases, IDocuments documents) : IQueryHandler<ShowEfile, Result>
    {
        public async Task<Result> Handle(ShowEfile request, CancellationToken cancellationToken)
        {
            var card = await cases.GetAsync(request.CaseId, cancellationToken);
            var pages = (await documents.OfCaseAsync(request.CaseId, cancellationToken)).ToDictionary(d => d.Id, d => d.Pages);
            var secondary = await cases.CanReadSecondaryAsync(request.CaseId, cancellationToken);
            var rows = await db.QueryAsync<Row>("SELECT document_id, volume, heading, title, note, filed_at FROM cataloguing_item WHERE case_id = @CaseId ORDER BY volume, ordinal, id", new { request.CaseId }, cancellationToken);
            var volumes = new List<Volume>();
            foreach (var group in rows.Where(r => secondary || r.Volume != "secondary").GroupBy(r => r.Volume))
            {
                var at = 1;
                var items = new List<Item>();
                foreach (var r in group)
                {
                    var count = pages.GetValueOrDefault(r.DocumentId);
                    items.Add(new Item(items.Count + 1, r.DocumentId, r.Heading, r.Title, count, at, r.Note, r.FiledAt));
                    at += count ?? 1;
                }
                volumes.Add(new Volume(group.Key, at - 1, items));
            }
            return new Result(card.Id, card.Number, card.Cause, volumes);
        }

        private sealed record Row
        {
            public long DocumentId { get; init; }
            public string Volume { get; init; } = "";
            public string Heading { get; init; } = "";
            public string Title { get; init; } = "";
            public string Note { get; init; } = "";
            public DateTimeOffset FiledAt { get; init; }
        }
    }
}
