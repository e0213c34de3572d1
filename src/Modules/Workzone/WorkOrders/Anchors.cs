using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using CourtOps.Kernel.Data;
using CourtOps.Kernel.Jobs;
using CourtOps.Kernel.Messaging;
using CourtOps.Kernel.Security;
using CourtOps.Kernel.Verifying;
using CourtOps.Kernel.Work;
using MediatR;

namespace CourtOps.Workzone.WorkOrders;

/// <summary>Each hour: one root over the heads of all orders, to a file outside the database.</summary>
internal sealed class AnchorChains(IMediator mediator) : IJobHandler
{
    public Task RunAsync(CancellationToken ct) => mediator.Send(new TakeAnchor(), ct);
}

[Permit(PermitAttribute.System)]
internal sealed record TakeAnchor : ICommand
{
    internal sealed class Handler(Db db, Ids ids, TimeProvider clock, WorkQueue work) : CommandHandler<TakeAnchor>
    {
        protected override async Task RunAsync(TakeAnchor command, CancellationToken ct)
        {
            var (root, orders) = await Root.OfAsync(db, ct);
            var id = ids.Next();
            var at = clock.GetUtcNow();
            await db.ExecuteAsync("INSERT INTO workzone_anchor (id, at, orders, root) VALUES (@id, @at, @orders, @root)", new { id, at, orders, root }, ct);
            await work.AddAsync(AnchorFile.Name, $"{id}", new AnchorFile.Line { Id = id, At = at, Orders = orders, Root = root }, ct: ct);
        }
    }
}

/// <summary>SHA-256 over (id, node count, head) of every order by id.</summary>
internal static class Root
{
    public static async Task<(string Root, int Orders)> OfAsync(Db db, CancellationToken ct)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var orders = 0;
        for (var after = 0L; ;)
        {
            var page = await db.PageAsync<Head>("SELECT id, node_count, head_hash FROM workzone_order WHERE id > @after ORDER BY id", new { after }, 5000, ct);
            foreach (var h in page)
                hash.AppendData(Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{h.Id}:{h.NodeCount}:{h.HeadHash}\n")));
            orders += page.Count;
            if (page.Count == 0)
                return (Convert.ToHexStringLower(hash.GetHashAndReset()), orders);
            after = page[^1].Id;
        }
    }

    private sealed record Head
    {
        public long Id { get; init; }
        public int NodeCount { get; init; }
        public string HeadHash { get; init; } = "";
    }
}

/// <summary>Writes an anchor's line to anchors/YYYY-MM.txt in the data folder; each line also covers the one before it.</summary>
internal sealed class AnchorFile(DataFolder folder) : IWorkHandler
{
    public const string Name = "workzone.anchor";

    public string Queue => Name;

    public bool Repeatable => true;

    public int MaxAttempts => 20;

    public TimeSpan Lease => TimeSpan.FromMinutes(1);

    public async Task<WorkOutcome> ActAsync(WorkItem item, CancellationToken ct)
    {
        var line = item.Read<Line>();
        var path = folder.File("anchors", line.At.UtcDateTime.ToString("yyyy-MM", CultureInfo.InvariantCulture) + ".txt");
        var lines = File.Exists(path) ? await File.ReadAllLinesAsync(path, ct) : [];
        if (lines.Any(l => l.StartsWith($"{line.Id} ", StringComparison.Ordinal)))
            return WorkOutcome.Done();
        var text = Format(line, lines.Length > 0 ? lines[^1] : "");
        await using var file = new FileStream(path, FileMode.Append, FileAccess.Write, FileShare.Read);
        await file.WriteAsync(Encoding.ASCII.GetBytes(text + "\n"), ct);
        file.Flush(flushToDisk: true);
        return WorkOutcome.Done();
    }

    public Task RecordAsync(WorkItem item, WorkOutcome outcome, CancellationToken ct) => Task.CompletedTask;

    internal static string Format(Line line, string previous)
    {
        var head = string.Create(CultureInfo.InvariantCulture, $"{line.Id} {line.At.UtcDateTime:yyyy-MM-ddTHH:mm:ss.fffZ} {line.Orders} {line.Root}");
        return head + " " + Convert.ToHexStringLower(SHA256.HashData(Encoding.ASCII.GetBytes(previous + "\n" + head)));
    }

    internal sealed record Line
    {
        public long Id { get; init; }
        public DateTimeOffset At { get; init; }
        public int Orders { get; init; }
        public string Root { get; init; } = "";
    }
}

/// <summary>Orders whose wake time has come go on by themselves.</summary>
internal sealed class WakePausedOrders(Db db, IMediator mediator, TimeProvider clock) : IJobHandler
{
    public async Task RunAsync(CancellationToken ct)
    {
        foreach (var id in await db.PageAsync<long>("SELECT id FROM workzone_order WHERE wake_at <= @now AND wake_at IS NOT NULL ORDER BY wake_at", new { now = clock.GetUtcNow() }, 200, ct))
            await mediator.Send(new WakeOrder { Id = id }, ct);
    }
}

[Permit(PermitAttribute.System)]
internal sealed record WakeOrder : ICommand
{
    public long Id { get; init; }

    internal sealed class Handler(IWorkOrders orders) : CommandHandler<WakeOrder>
    {
        protected override async Task RunAsync(WakeOrder command, CancellationToken ct)
        {
            if ((await orders.GetAsync(command.Id, ct)).State == OrderState.Paused)
                await orders.StepAsync(command.Id, OrderStep.Resume, new StepInput { Args = new { by = "wake-time" } }, ct);
        }
    }
}

/// <summary>Chains of all orders fit, and the anchors outside the database say the same.</summary>
internal sealed class ChainsHold(Db db, DataFolder folder) : ICheck
{
    public string Name => "chains";

    public async IAsyncEnumerable<Kernel.Verifying.Finding> RunAsync([System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken ct)
    {
        for (var after = 0L; ;)
        {
            var page = await db.PageAsync<OrderRow>("SELECT id, number, node_count, head_hash, state FROM workzone_order WHERE id > @after ORDER BY id", new { after }, 500, ct);
            if (page.Count == 0)
                break;
            var nodes = (await db.QueryAsync<Node>(
                """
                SELECT order_id, n, step, from_state, to_state, lane, actor_id, actor_name, at, args, words, hash
                FROM workzone_node WHERE order_id > @after AND order_id <= @last ORDER BY order_id, n
                """, new { after, last = page[^1].Id }, ct)).ToLookup(n => n.OrderId);
            foreach (var order in page)
            {
                if (Chain.FirstBroken(nodes[order.Id], order.HeadHash, order.NodeCount) is { } n)
                    yield return new(Name, $"{order.Number} node {n}", "the chain of nodes does not fit");
                else if (nodes[order.Id].LastOrDefault(x => x.ToState.Length > 0)?.ToState is { } state && state != order.State)
                    yield return new(Name, order.Number, $"the nodes end in {state}, the order says {order.State}");
            }
            after = page[^1].Id;
        }
        var anchors = (await db.QueryAsync<AnchorFile.Line>("SELECT id, at, orders, root FROM workzone_anchor ORDER BY id", ct: ct)).ToDictionary(a => a.Id);
        var written = new HashSet<long>();
        var dir = Path.Combine(folder.Root, "anchors");
        foreach (var file in Directory.Exists(dir) ? Directory.GetFiles(dir, "*.txt").Order(StringComparer.Ordinal).ToArray() : [])
        {
            var previous = "";
            foreach (var line in await File.ReadAllLinesAsync(file, ct))
            {
                var id = long.TryParse(line.Split(' ')[0], NumberStyles.None, CultureInfo.InvariantCulture, out var v) ? v : -1;
                written.Add(id);
                if (!anchors.TryGetValue(id, out var anchor))
                    yield return new(Name, $"{Path.GetFileName(file)} {id}", "an anchor outside the database is missing in it: an old copy was restored, or rows were dropped");
                else if (AnchorFile.Format(anchor, previous) != line)
                    yield return new(Name, $"{Path.GetFileName(file)} {id}", "the anchor in the database differs from the one outside");
                previous = line;
            }
        }
        foreach (var a in anchors.Values.Where(a => !written.Contains(a.Id)))
            if (await db.ScalarAsync<int>("SELECT COUNT(*) FROM kernel_work WHERE queue = 'workzone.anchor' AND work_key = @key AND state IN ('ready', 'claimed')", new { key = $"{a.Id}" }, ct) == 0)
                yield return new(Name, $"anchor {a.Id}", "its line outside the database is missing");
    }

    private sealed record OrderRow
    {
        public long Id { get; init; }
        public string Number { get; init; } = "";
        public int NodeCount { get; init; }
        public string HeadHash { get; init; } = "";
        public string State { get; init; } = "";
    }
}
