using CourtOps.Enforcement.Measures;
using CourtOps.Kernel.Access;
using CourtOps.Kernel.Data;
using CourtOps.Kernel.Messaging;
using CourtOps.Kernel.Security;
using CourtOps.Kernel.Web;
using CourtOps.Workzone.Cases;
using CourtOps.Workzone.Documents;

namespace CourtOps.Enforcement.Auctions;

/// <summary>Sales by state; of the cases the person may see.</summary>
[Permit("enforcement.read")]
internal sealed record ListAuctions : IQuery<ListAuctions.Result>
{
    /// <summary>A state, or empty for all that run.</summary>
    public string State { get; init; } = "";
    public long? CaseId { get; init; }
    public long After { get; init; } = long.MaxValue;

    /// <param name="Assets">Of one case: what could be sold.</param>
    /// <param name="Account">Of the court, for the papers of its sales.</param>
    internal sealed record Result(IReadOnlyList<AuctionRow> Rows, string? Next, CaseCard? Case, IReadOnlyList<AssetRow> Assets, SaleAccount? Account);

    internal sealed class Handler(Db db, ICases cases, Actor actor, AccessLog reads) : IQueryHandler<ListAuctions, Result>
    {
        public async Task<Result> Handle(ListAuctions request, CancellationToken cancellationToken)
        {
            var card = request.CaseId is { } one ? await cases.GetAsync(one, cancellationToken) : null;
            var (me, courts, places) = cases.Arguments;
            var args = new
            {
                me,
                courts,
                places,
                request.State,
                request.CaseId,
                request.After,
            };
            var rows = await db.PageAsync<AuctionRow>(
                $"SELECT {AuctionRow.Columns}, c.number AS case_number, c.judge_name FROM enforcement_auction a JOIN workzone_case_card c ON c.id = "
                    + "a.case_id WHERE a.id < @After AND "
                    + (
                        card is null
                            ? "a.court_id IN @courts AND " + (request.State.Length == 0 ? "a.state NOT IN ('handed', 'stopped')" : "a.state = @State")
                            : "a.case_id = @CaseId"
                    )
                    + " AND "
                    + cases.Seen("a.case_id")
                    + " ORDER BY a.id DESC",
                args,
                51,
                cancellationToken
            );
            var assets = card is null
                ? []
                : await db.QueryAsync<AssetRow>(
                    AssetRow.Columns + " WHERE a.case_id = @CaseId AND a.state = 'controlled' ORDER BY a.id",
                    args,
                    cancellationToken
                );
            reads.List("enforcement.auction.list", Math.Min(50, rows.Count), new { request.State }, request.CaseId);
            return new Result(
                [.. rows.Take(50)],
                rows.Count > 50 ? $"after={rows[49].Id}" : null,
                card,
                assets,
                await SaleAccount.OfAsync(db, actor.CourtId, cancellationToken)
            );
        }
    }
}

/// <summary>One sale with its journal.</summary>
[Permit("enforcement.read")]
internal sealed record ShowAuction : IQuery<ShowAuction.Result>
{
    public long Id { get; init; }

    internal sealed record Result(
        AuctionRow Row,
        CaseCard Case,
        IReadOnlyList<Event> Events,
        (DateOnly Due, string What)? Next,
        IReadOnlyList<string> Defaulters,
        IReadOnlyList<DepositRow> Deposits,
        int Owed,
        IReadOnlyList<DocumentCard> Documents,
        IReadOnlyList<PhotoRow> Photos
    );

    internal sealed record Event
    {
        public int Sale { get; init; }
        public string Kind { get; init; } = "";
        public DateOnly OnDay { get; init; }
        public string Words { get; init; } = "";
        public string PersonName { get; init; } = "";
        public DateTimeOffset At { get; init; }
    }

    internal sealed class Handler(Db db, AuctionBook book, DepositBook deposits, IDocuments documents, ICases cases) : IQueryHandler<ShowAuction, Result>
    {
        public async Task<Result> Handle(ShowAuction request, CancellationToken cancellationToken)
        {
            var row = await book.GetAsync(request.Id, null, cancellationToken);
            return new Result(
                row,
                await cases.GetAsync(row.CaseId, cancellationToken),
                await db.QueryAsync<Event>(
                    "SELECT sale, kind, on_day, words, person_name, at FROM enforcement_auction_event WHERE auction_id = @Id ORDER BY id",
                    new { row.Id },
                    cancellationToken
                ),
                AuctionBook.NextOf(row),
                await db.QueryAsync<string>(
                    "SELECT name FROM enforcement_auction_defaulter WHERE auction_id = @Id ORDER BY id",
                    new { row.Id },
                    cancellationToken
                ),
                await deposits.OfAsync(row.Id, cancellationToken),
                (await deposits.OwedAsync(row, cancellationToken)).Count,
                row.State == "noticed" ? [.. (await documents.OfCaseAsync(row.CaseId, cancellationToken)).Where(d => d.Volume == "main")] : [],
                row.State == "noticed" ? await db.QueryAsync<PhotoRow>(PhotoRow.Select + " ORDER BY r.id DESC", new { row.CaseId }, cancellationToken) : []
            );
        }
    }
}
