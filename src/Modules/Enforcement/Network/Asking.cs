using CourtOps.Enforcement.Checks;
using CourtOps.Enforcement.Measures;
using CourtOps.Kernel.Data;
using CourtOps.Kernel.Messaging;
using CourtOps.Kernel.Security;
using CourtOps.Kernel.Work;
using CourtOps.Workzone.Cases;

namespace CourtOps.Enforcement.Network;

/// <summary>Makes a batch of inquiries about debtors, for a person and for the day that comes by itself; in the open transaction.</summary>
internal sealed class Asking(
    Db db,
    Ids ids,
    Actor actor,
    TimeProvider clock,
    ICases cases,
    MeasureWork work,
    Lookout lookout,
    Command.NodeBook nodes,
    WorkQueue queue,
    InquirySystem system,
    Kernel.Settings.ISettings settings
)
{
    /// <param name="one">A single case is asked about: again though its inquiries still count, and its debtors by role where it is no enforcement.</param>
    /// <exception cref="RuleBroken">Code nothing: everything is asked about already.</exception>
    public async Task<BatchRow> AskAsync(IReadOnlyList<long> of, IReadOnlyList<string> kinds, bool one, CancellationToken ct)
    {
        var categories = kinds.Count > 0 ? kinds.Distinct().ToList() : [.. Property.Asked.Keys];
        var lines = new List<(long Case, PartyContact Party, string Category)>();
        foreach (var id in of)
        {
            lines.AddRange(await LinesAsync(id, categories, one, ct));
            if (lines.Count >= AskNetwork.Most)
                break;
        }
        if (lines.Count == 0)
            throw new RuleBroken("没有需要查询的被执行人：都在有效期内，或者已经发出、等待反馈。", "CaseId", "nothing");
        lines = [.. lines.Take(AskNetwork.Most)];
        var http = system.Is;
        var batch = ids.Next();
        var court = one ? (await cases.GetAsync(lines[0].Case, ct)).CourtId : actor.CourtId;
        await db.ExecuteAsync(
            "INSERT INTO enforcement_batch (id, court_id, channel, state, items, answered, made_by, made_at, version) VALUES (@batch, @court, "
                + "@channel, 'made', @count, 0, @name, @now, 1)",
            new
            {
                batch,
                court,
                channel = http ? "http" : "file",
                count = lines.Count,
                name = actor.Name,
                now = clock.StoredNow(),
            },
            ct
        );
        await db.ExecuteManyAsync(
            "INSERT INTO enforcement_batch_item (reference, batch_id, case_id, party_id, party_name, id_tail, category, found, note) VALUES "
                + "(@Reference, @batch, @Case, @Party, @Name, @Tail, @Category, 0, '')",
            [
                .. lines.Select(
                    (l, n) =>
                        (object)
                            new
                            {
                                Reference = $"{batch}-{n + 1}",
                                batch,
                                l.Case,
                                Party = l.Party.Id,
                                l.Party.Name,
                                Tail = l.Party.IdNumberTail ?? "",
                                l.Category,
                            }
                ),
            ],
            ct
        );
        foreach (var caseId in lines.Select(l => l.Case).Distinct())
            await nodes.DoneAsync(caseId, "network", work.Today, "已发起网络查询", ct);
        if (http)
            await queue.AddAsync(SendBatch.Name, SendBatch.KeyOf(batch, 1), new SendBatch.Payload { BatchId = batch }, ct: ct);
        return (await db.FirstAsync<BatchRow>($"SELECT {BatchRow.Columns} FROM enforcement_batch b WHERE b.id = @batch", new { batch }, ct))!;
    }

    private async Task<IEnumerable<(long Case, PartyContact Party, string Category)>> LinesAsync(
        long id,
        IReadOnlyList<string> categories,
        bool one,
        CancellationToken ct
    )
    {
        var card = await cases.GetAsync(id, ct);
        if (one)
            await lookout.TrackAsync(card, ct);
        var since = work.Today.AddDays(-settings.Current<LeakRules>(card.CourtId).InquiryWindow);
        var recent = (
            await db.QueryAsync<Known>(
                "SELECT party_id, category FROM enforcement_inquiry WHERE case_id = @id AND asked_on >= @since AND way = 'network'",
                new { id, since },
                ct
            )
        )
            .Select(k => (k.PartyId, k.Category))
            .ToHashSet();
        var open = (
            await db.QueryAsync<Known>("SELECT party_id, category FROM enforcement_batch_item WHERE case_id = @id AND answered_at IS NULL", new { id }, ct)
        )
            .Select(k => (k.PartyId, k.Category))
            .ToHashSet();
        return (await cases.PartiesAsync(id, ct))
            .Where(p => p.Role == "被执行人" || (one && PartySide.Owes(p.Role)))
            .SelectMany(p => categories.Where(k => !open.Contains((p.Id, k)) && (one || !recent.Contains((p.Id, k)))).Select(k => (id, p, k)))
            .ToList();
    }

    private sealed record Known
    {
        public long PartyId { get; init; }
        public string Category { get; init; } = "";
    }
}
