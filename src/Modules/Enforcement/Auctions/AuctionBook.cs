using CourtOps.Enforcement.Dates;
using CourtOps.Kernel.Data;
using CourtOps.Kernel.Messaging;
using CourtOps.Kernel.Security;
using CourtOps.Kernel.Web;
using CourtOps.Web;
using CourtOps.Workzone.Cases;

namespace CourtOps.Enforcement.Auctions;

/// <summary>Reads auctions and keeps their next date and journal, in the open transaction.</summary>
internal sealed class AuctionBook(Db db, Ids ids, Actor actor, TimeProvider clock, ICases cases, CaseDates dates)
{
    public DateOnly Today => Times.Day(clock.GetUtcNow());

    /// <exception cref="NotFound">No such auction, or its case is not for this actor.</exception>
    public async Task<AuctionRow> GetAsync(long id, int? version, CancellationToken ct)
    {
        var a = await db.FirstAsync<AuctionRow>($"SELECT {AuctionRow.Columns} FROM enforcement_auction a WHERE a.id = @id", new { id }, ct);
        if (a is null || !await cases.CanReadAsync(a.CaseId, ct))
            throw new NotFound("拍卖", id);
        return version is null || version == a.Version ? a : throw new Conflict("拍卖刚被他人办理，请刷新后再看。");
    }

    /// <summary>Writes a step, its journal and the next date.</summary>
    public async Task<AuctionRow> MoveAsync(AuctionRow a, string step, DateOnly on, string words, string set, object args, CancellationToken ct)
    {
        await AuctionRow.Table.MoveAsync(db, step, a.State, args, set, ct);
        var now = await GetAsync(a.Id, null, ct);
        await NoteAsync(now, step, on, words, ct);
        if (NextOf(now) is var (due, what))
            await dates.SetAsync(now.CaseId, now.CourtId, $"auction:{now.Id}", DateKinds.Auction, due, $"{now.AssetName}：{what}", ct);
        else
            await dates.EndAsync($"auction:{now.Id}", ct);
        return now;
    }

    public Task NoteAsync(AuctionRow a, string kind, DateOnly on, string words, CancellationToken ct) =>
        db.ExecuteAsync(
            "INSERT INTO enforcement_auction_event (id, auction_id, sale, kind, on_day, words, person_name, at) VALUES (@id, @AuctionId, @Sale, "
                + "@kind, @on, @words, @name, @now)",
            new
            {
                id = ids.Next(),
                AuctionId = a.Id,
                a.Sale,
                kind,
                on,
                words = words.Length > 400 ? words[..400] : words,
                name = actor.Name,
                now = clock.StoredNow(),
            },
            ct
        );

    /// <summary>Whether somebody of this name bought this thing and did not pay.</summary>
    public async Task<bool> DefaultedAsync(long auctionId, string name, CancellationToken ct) =>
        await db.ScalarAsync<int>(
            "SELECT COUNT(*) FROM enforcement_auction_defaulter WHERE auction_id = @auctionId AND name_key = @key",
            new { auctionId, key = AuctionRules.NameKey(name) },
            ct
        ) > 0;

    /// <summary>The buyer of a sale may not buy the thing again.</summary>
    public Task BarAsync(AuctionRow sold, DateOnly on, CancellationToken ct) =>
        db.ExecuteAsync(
            "INSERT INTO enforcement_auction_defaulter (id, auction_id, sale, name, name_key, price, deposit, on_day) VALUES (@id, @AuctionId, @Sale, "
                + "@Buyer, @key, @price, @deposit, @on)",
            new
            {
                id = ids.Next(),
                AuctionId = sold.Id,
                sold.Sale,
                sold.Buyer,
                key = AuctionRules.NameKey(sold.Buyer!),
                price = sold.SoldPrice!.Value,
                deposit = sold.Deposit ?? 0,
                on,
            },
            ct
        );

    /// <summary>What must be done next and by when (D-06, D-08); null where nothing more is due.</summary>
    public static (DateOnly Due, string What)? NextOf(AuctionRow a) =>
        a.State switch
        {
            "priced" => (a.ValuedOn.AddDays(10), "参考价确定后十日内启动拍卖"),
            "noticed" => (a.OpensOn!.Value.AddDays(1), "登记拍卖结果"),
            "defaulted" => (a.DefaultedOn!.Value.AddDays(AuctionRules.AgainDays), "买受人悔拍，重新拍卖"),
            "failed" when a.Sale == 1 => (a.FailedOn!.Value.AddDays(30), "三十日内再次拍卖"),
            "failed" when a.Sale == 2 => (a.FailedOn!.Value.AddDays(10), "十日内询问是否以物抵债，十五日内公告变卖"),
            "failed" => (a.FailedOn!.Value.AddDays(10), "变卖不成：以物抵债或者解除"),
            "sold" => (a.SoldOn!.Value.AddDays(10), "价款到账"),
            "paid" => (a.PaidOn!.Value.AddDays(10), "裁定在价款到账后十日内送达"),
            "ruled" => (a.RulingOn!.Value.AddDays(15), "裁定送达后十五日内交付"),
            "in-kind" => (a.RulingOn!.Value.AddDays(15), "裁定送达后十五日内交付"),
            _ => null,
        };
}
