using System.Text.Json;
using CourtOps.Cataloguing.Intake;
using CourtOps.Cataloguing.Sorting;
using CourtOps.Kernel.Data;
using CourtOps.Kernel.Messaging;
using CourtOps.Kernel.Security;

namespace CourtOps.Cataloguing.Workbench;

/// <summary>The batch as the workbench has it, with what each act changed, so that the last one can be taken back.</summary>
internal sealed class WorkbenchBook(Db db, Ids ids, Actor actor, TimeProvider clock, BatchBook book, BatchSorter sorter)
{
    // longer pauses between two acts are not hand time
    private const int LongestPause = 120;

    internal sealed record State(Batch Batch, IReadOnlyList<PieceRow> Pieces, IReadOnlyList<Page> Pages)
    {
        public IReadOnlyList<Page> PagesOf(PieceRow piece) => [.. Pages.Where(p => p.PieceId == piece.Id)];

        /// <summary>The number of a page in the batch, from 1.</summary>
        public int Number(Page page) => Pages.ToList().FindIndex(p => p.Id == page.Id) + 1;
    }

    public long NewId() => ids.Next();

    public async Task<State> LoadAsync(Batch batch, CancellationToken ct) =>
        new(batch, await book.PiecesAsync(batch.Id, ct), [.. (await book.PagesAsync(batch.Id, ct)).Where(p => p.State != PageState.Held)]);

    /// <summary>Keeps how the batch was before an act, and marks it as changed by this person.</summary>
    public async Task KeepAsync(State s, string act, string subject, CancellationToken ct)
    {
        var kept = new Kept(s.Pieces, [.. s.Pages.Select(p => new KeptPage(p.Id, p.PieceId, p.Removed, p.Ordinal, p.Note, p.Turn))]);
        await db.ExecuteAsync(
            "INSERT INTO cataloguing_act (id, batch_id, person_id, person_name, at, act, subject, before_json, undone) VALUES (@id, @BatchId, @me, "
                + "@name, @now, @act, @subject, @kept, 0)",
            new
            {
                id = ids.Next(),
                BatchId = s.Batch.Id,
                me = actor.Id,
                name = actor.Name,
                now = clock.GetUtcNow(),
                act,
                subject = BatchBook.Cut(subject, 200),
                kept = JsonSerializer.Serialize(kept, Json.Stored),
            },
            ct
        );
        await book.StepAsync(
            s.Batch,
            "touch",
            new
            {
                s.Batch.Id,
                s.Batch.Version,
                name = actor.Name,
            },
            "changed_by_name = @name",
            ct
        );
    }

    /// <summary>A page of the batch is read once more.</summary>
    public async Task ReadAgainAsync(Batch batch, CancellationToken ct) =>
        await book.StepAsync(batch, "more", new { batch.Id, Version = batch.Version + 1 }, "", ct);

    /// <summary>
    /// Puts a page before or behind another, into that page's document. The pages between close up; a document that is left without pages goes.
    /// Returns the document the page is in now.
    /// </summary>
    /// <exception cref="NotFound">The other page is not of this batch.</exception>
    /// <exception cref="RuleBroken">A page is moved beside itself.</exception>
    public async Task<PieceRow> MoveAsync(State s, PieceRow piece, Page page, long targetId, bool after, CancellationToken ct)
    {
        var target = s.Pages.FirstOrDefault(p => p.Id == targetId && p.PieceId is not null) ?? throw new NotFound("页面", targetId);
        if (target.Id == page.Id)
            throw new RuleBroken("这一页已经在这里。", "Target");
        var order = Moved([.. s.Pages.Select(p => p.Id)], page.Id, target.Id, after);
        var places = s.Pages.Select(p => p.Ordinal).ToList();
        var now = s.Pages.ToDictionary(p => p.Id);
        for (var i = 0; i < order.Count; i++)
        {
            var p = now[order[i]];
            var of = p.Id == page.Id ? target.PieceId : p.PieceId;
            if (p.Ordinal != places[i] || p.PieceId != of)
                await db.ExecuteAsync(
                    "UPDATE cataloguing_page SET ordinal = @at, piece_id = @of, version = version + 1 WHERE id = @Id",
                    new
                    {
                        p.Id,
                        at = places[i],
                        of,
                    },
                    ct
                );
        }
        var into = s.Pieces.First(p => p.Id == target.PieceId);
        foreach (
            var (touched, pages) in s
                .Pieces.Select(p =>
                    (p, order.Select((id, i) => (now[id], places[i])).Where(x => (x.Item1.Id == page.Id ? target.PieceId : x.Item1.PieceId) == p.Id).ToList())
                )
                .ToList()
        )
        {
            if (pages.Count == 0)
                await db.ExecuteAsync("DELETE FROM cataloguing_piece WHERE id = @Id AND document_id IS NULL", new { touched.Id }, ct);
            else if (touched.Id == piece.Id || touched.Id == into.Id || touched.Ordinal != pages[0].Item2 * 1000)
                await db.ExecuteAsync(
                    "UPDATE cataloguing_piece SET ordinal = @at, version = version + 1 WHERE id = @Id",
                    new { touched.Id, at = pages[0].Item2 * 1000 },
                    ct
                );
        }
        return into;
    }

    /// <summary>The order after one is taken out and put before or behind another. Pure.</summary>
    public static IReadOnlyList<long> Moved(IReadOnlyList<long> order, long moved, long target, bool after)
    {
        var rest = order.Where(id => id != moved).ToList();
        rest.Insert(rest.IndexOf(target) + (after ? 1 : 0), moved);
        return rest;
    }

    /// <exception cref="RuleBroken">There is nothing to take back, somebody else acted last, or an order has gone out.</exception>
    public async Task<string> UndoAsync(Batch batch, CancellationToken ct)
    {
        var last =
            await db.FirstAsync<ActRow>(
                "SELECT id, person_id, person_name, act, before_json FROM cataloguing_act WHERE batch_id = @Id AND undone = 0 ORDER BY id DESC",
                new { batch.Id },
                ct
            ) ?? throw new RuleBroken("没有可以撤销的动作。", code: "nothing");
        if (last.PersonId != actor.Id)
            throw new RuleBroken($"最后一步是{last.PersonName}做的，请由本人撤销。", code: "other");
        if (last.Act is BenchAct.Rescan or BenchAct.Turn)
            throw new RuleBroken(last.Act == BenchAct.Rescan ? "已开出重扫工单，请在工单里撤回。" : "旋转过的页面请再旋转回来。", code: "out");
        var kept = JsonSerializer.Deserialize<Kept>(last.BeforeJson, Json.Stored)!;
        var versions = (await book.PiecesAsync(batch.Id, ct)).ToDictionary(p => p.Id, p => p.Version);
        await db.ExecuteAsync("DELETE FROM cataloguing_piece WHERE batch_id = @Id AND document_id IS NULL", new { batch.Id }, ct);
        foreach (var piece in kept.Pieces)
            await sorter.InsertAsync(piece with { Version = versions.GetValueOrDefault(piece.Id, piece.Version) + 1 }, ct); // never a version that somebody has seen
        foreach (var p in kept.Pages)
            await db.ExecuteAsync(
                "UPDATE cataloguing_page SET piece_id = @PieceId, removed = @Removed, ordinal = @Ordinal, note = @Note, version = version + 1 WHERE id = @Id",
                p,
                ct
            );
        await db.ExecuteAsync("UPDATE cataloguing_act SET undone = 1 WHERE id = @Id", new { last.Id }, ct);
        if (batch.State == BatchState.Review)
            await book.StepAsync(
                batch,
                "touch",
                new
                {
                    batch.Id,
                    batch.Version,
                    name = actor.Name,
                },
                "changed_by_name = @name",
                ct
            );
        return last.Act;
    }

    /// <summary>The next document that is unsure after a place, or the first of all.</summary>
    public async Task<long?> NextAsync(long batchId, long after, CancellationToken ct)
    {
        var unsure = await db.QueryAsync<Place>(
            "SELECT id, ordinal FROM cataloguing_piece WHERE batch_id = @batchId AND look = 'unsure' ORDER BY ordinal",
            new { batchId },
            ct
        );
        return unsure.FirstOrDefault(u => u.Ordinal > after)?.Id ?? (unsure is [var first, ..] ? first.Id : null);
    }

    /// <summary>Seconds between acts, pauses cut: what a person's hands had to do with the batch.</summary>
    public async Task<int> HandSecondsAsync(Batch batch, CancellationToken ct)
    {
        var times = (await db.QueryAsync<DateTimeOffset>("SELECT at FROM cataloguing_act WHERE batch_id = @Id ORDER BY id", new { batch.Id }, ct)).ToList();
        times.Add(clock.GetUtcNow());
        return times.Count < 2 ? 5 : times.Zip(times.Skip(1), (a, b) => (int)Math.Clamp((b - a).TotalSeconds, 0, LongestPause)).Sum();
    }

    private sealed record Kept(IReadOnlyList<PieceRow> Pieces, IReadOnlyList<KeptPage> Pages);

    private sealed record KeptPage(long Id, long? PieceId, bool Removed, long Ordinal, string Note, int? Turn);

    private sealed record ActRow
    {
        public long Id { get; init; }
        public long PersonId { get; init; }
        public string PersonName { get; init; } = "";
        public string Act { get; init; } = "";
        public string BeforeJson { get; init; } = "";
    }

    private sealed record Place
    {
        public long Id { get; init; }
        public long Ordinal { get; init; }
    }
}
