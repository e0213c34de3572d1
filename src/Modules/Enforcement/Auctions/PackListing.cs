using CourtOps.Enforcement.Measures;
using CourtOps.Kernel.Audit;
using CourtOps.Kernel.Data;
using CourtOps.Kernel.Messaging;
using CourtOps.Kernel.Security;
using CourtOps.Kernel.Web;
using CourtOps.Workzone.Cases;
using CourtOps.Workzone.Documents;
using FluentValidation;

namespace CourtOps.Enforcement.Auctions;

/// <summary>What a sale platform asks for, as one ZIP: announcement, notice, description, the documents and photos chosen, and a manifest with
/// digests.</summary>
[Permit("enforcement.work")]
[Audited("enforcement.auction.package")]
internal sealed record PackListing : ICommand<PackListing.Package>
{
    public const int MostFiles = 60;
    public const long MostBytes = 200L * 1024 * 1024;

    public long Id { get; init; }
    public IReadOnlyList<long> Documents { get; init; } = [];
    public IReadOnlyList<long> Photos { get; init; } = [];

    /// <summary>State of the thing and what is known to be wrong with it.</summary>
    public string Words { get; init; } = "";

    /// <summary>What goes into the ZIP (<see cref="ListingZip"/>).</summary>
    internal sealed record Package(
        AuctionRow Row,
        CaseCard Case,
        SaleAccount Account,
        IReadOnlyList<(string Title, string Text)> Texts,
        IReadOnlyList<Chosen> Files
    );

    internal sealed record Chosen(string Folder, string Title, string Blob);

    internal sealed class Validator : AbstractValidator<PackListing>
    {
        public Validator()
        {
            RuleFor(c => c.Documents).Must((c, d) => d.Count + c.Photos.Count <= MostFiles).WithMessage($"一次最多选 {MostFiles} 个文件。");
            RuleFor(c => c.Words).MaximumLength(2000).WithMessage("说明最长 2000 个字符。");
        }
    }

    internal sealed class Handler(Db db, AuctionBook book, ICases cases, IDocuments documents, IReleases releases, AuditTrail audit)
        : ICommandHandler<PackListing, Package>
    {
        public async Task<Package> Handle(PackListing c, CancellationToken cancellationToken)
        {
            var a = await book.GetAsync(c.Id, null, cancellationToken);
            if (a.State != "noticed")
                throw new RuleBroken($"拍卖现在是“{AuctionRules.States[a.State]}”，公告以后才能生成上架材料包。", "Id", "state");
            var card = await cases.GetAsync(a.CaseId, cancellationToken);
            var account =
                await SaleAccount.OfAsync(db, a.CourtId, cancellationToken)
                ?? throw new RuleBroken("还没有设置收款账户，请先在网拍管理中设置。", "Id", "no-account");
            var asset = (await db.FirstAsync<AssetRow>(AssetRow.Columns + " WHERE a.id = @AssetId", new { a.AssetId }, cancellationToken))!;
            var restraints = await db.QueryAsync<Restraint>(
                "SELECT m.act, m.place, m.end_on FROM enforcement_measure m WHERE m.asset_id = @AssetId AND m.state IN ('active', 'waiting') "
                    + "ORDER BY m.place, m.id",
                new { a.AssetId },
                cancellationToken
            );
            var said = string.Join(
                '；',
                restraints.Select(m =>
                    $"{(m.Place == 1 ? "首封" : $"轮候第 {m.Place} 位")}{Property.Acts[m.Act]}{(m.EndOn is { } end ? $"至 {Times.Iso(end)}" : "")}"
                )
            );
            var chosen = await ChosenAsync(c, card, cancellationToken);
            audit.Note(
                "auction",
                a.Id,
                new
                {
                    files = chosen.Count,
                    c.Documents,
                    c.Photos,
                },
                a.CaseId
            );
            return new Package(
                a,
                card,
                account,
                [
                    ("公告", ListingTexts.Announcement(a, card.CourtName, card.Number, account)),
                    ("竞买须知", ListingTexts.Notice(a, card.CourtName)),
                    (
                        "标的物说明",
                        ListingTexts.Description(a, Property.Labels.GetValueOrDefault(asset.Category, asset.Category), asset.Holder, said, c.Words.Trim())
                    ),
                ],
                chosen
            );
        }

        // of this case only, nothing from the second volume, nothing that is held back
        private async Task<IReadOnlyList<Chosen>> ChosenAsync(PackListing c, CaseCard card, CancellationToken ct)
        {
            var there = (await documents.OfCaseAsync(card.Id, ct)).ToDictionary(d => d.Id);
            if (c.Documents.FirstOrDefault(d => !there.ContainsKey(d)) is not 0 and var strange)
                throw new NotFound("文件", strange);
            var papers = c.Documents.Distinct().Select(d => there[d]).ToList();
            if (papers.FirstOrDefault(d => d.Volume != "main") is { } secret)
                throw new RuleBroken($"“{secret.Title}”在副卷，不能对外提供。", "Documents", "secondary");
            if (papers.Count > 0 && (await releases.HeldAsync([.. papers.Select(d => d.Id)], ct)).Count > 0)
                throw new RuleBroken("选中的文书有的还没有核对放行，不能对外提供。", "Documents", "held");
            var photos =
                c.Photos.Count == 0
                    ? []
                    : await db.QueryAsync<PhotoRow>(PhotoRow.Select + " AND r.id IN @Photos ORDER BY r.id", new { CaseId = card.Id, c.Photos }, ct);
            if (c.Photos.Except(photos.Select(p => p.Id)).FirstOrDefault() is not 0 and var missing)
                throw new NotFound("照片", missing);
            if (papers.Sum(d => d.Size) + photos.Sum(p => p.Size) > MostBytes)
                throw new RuleBroken($"选中的文件合计超过 {MostBytes / 1024 / 1024} MB，请减少。", "Documents", "too-large");
            return [.. papers.Select(d => new Chosen("材料", d.Title, d.Blob)), .. photos.Select(p => new Chosen("照片", p.Name, p.Blob))];
        }

        private sealed record Restraint
        {
            public string Act { get; init; } = "";
            public int Place { get; init; }
            public DateOnly? EndOn { get; init; }
        }
    }
}

/// <summary>A photo taken on the spot in a case.</summary>
internal sealed record PhotoRow
{
    public const string Select = """
        SELECT r.id, r.name, r.blob, r.size, s.asset_name FROM enforcement_stop_record r JOIN enforcement_stop s ON s.id = r.stop_id
        WHERE s.case_id = @CaseId AND r.blob IS NOT NULL
        """;

    public long Id { get; init; }
    public string Name { get; init; } = "";
    public string Blob { get; init; } = "";
    public long Size { get; init; }
    public string AssetName { get; init; } = "";
}
