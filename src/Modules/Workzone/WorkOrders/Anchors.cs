using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using CourtOps.Kernel.Data;
using CourtOps.Kernel.Jobs;
using CourtOps.Kernel.Messaging;
using CourtOps.Kernel.Sealing;
using CourtOps.Kernel.Security;
using CourtOps.Kernel.Verifying;
using CourtOps.Kernel.Work;
using MediatR;

namespace CourtOps.Workzone.WorkOrders;

/// <summary>Each hour: one root over the heads of the orders that went on since, to a file outside the database.</summary>
internal sealed class AnchorChains(IMediator mediator) : IJobHandler
{
    public Task RunAsync(CancellationToken ct) => mediator.Send(new TakeAnchor(), ct);
}

[Permit(PermitAttribute.System)]
internal sealed record TakeAnchor : ICommand
{
    internal sealed class Handler(Db db, Ids ids, TimeProvider clock, WorkQueue work) : CommandHandler<TakeAnchor>
    {
        // what committed just after the anchor before, dated before it
        private static readonly TimeSpan Overlap = TimeSpan.FromMinutes(10);

        protected override async Task RunAsync(TakeAnchor command, CancellationToken ct)
        {
            var before = await db.FirstAsync<Before>("SELECT at, heads FROM workzone_anchor WHERE id = (SELECT MAX(id) FROM workzone_anchor)", ct: ct);
            var since = before is null || before.Heads.Length == 0 ? DateTimeOffset.UnixEpoch : before.At - Overlap;
            var (heads, orders) = await Heads.OfAsync(db, since, ct);
            var root = Heads.RootOf(heads);
            var id = ids.Next();
            var at = clock.GetUtcNow();
            await db.ExecuteAsync(
                "INSERT INTO workzone_anchor (id, at, orders, root, heads) VALUES (@id, @at, @orders, @root, @heads)",
                new
                {
                    id,
                    at,
                    orders,
                    root,
                    heads,
                },
                ct
            );
            await work.AddAsync(
                AnchorFile.Name,
                $"{id}",
                new AnchorFile.Line
                {
                    Id = id,
                    At = at,
                    Orders = orders,
                    Root = root,
                },
                ct: ct
            );
        }

        private sealed record Before
        {
            public DateTimeOffset At { get; init; }
            public string Heads { get; init; } = "";
        }
    }
}

/// <summary>
/// The heads of orders as an anchor keeps them, "id:nodes:hash" by id after a mark. The root covers this text, so that a chain cut
/// short or an order taken out later contradicts an anchor that lies outside.
/// </summary>
internal static class Heads
{
    private const string Mark = "2";

    public static string RootOf(string heads) => Convert.ToHexStringLower(SHA256.HashData(Encoding.ASCII.GetBytes(heads)));

    public static async Task<(string Heads, int Orders)> OfAsync(Db db, DateTimeOffset since, CancellationToken ct)
    {
        var text = new StringBuilder(Mark);
        var orders = 0;
        for (var after = 0L; ; )
        {
            var page = await db.PageAsync<Head>(
                "SELECT id, node_count, head_hash FROM workzone_order WHERE id > @after AND changed_at >= @since ORDER BY id",
                new { after, since },
                5000,
                ct
            );
            foreach (var h in page)
                text.Append(CultureInfo.InvariantCulture, $" {h.Id}:{h.NodeCount}:{h.HeadHash[..Math.Min(16, h.HeadHash.Length)]}");
            orders += page.Count;
            if (page.Count == 0)
                return (text.ToString(), orders);
            after = page[^1].Id;
        }
    }

    public static IEnumerable<(long Order, int Nodes, string Hash)> Read(string heads) =>
        heads
            .Split(' ', StringSplitOptions.RemoveEmptyEntries)
            .Skip(1)
            .Select(h => h.Split(':'))
            .Where(p => p.Length == 3)
            .Select(p =>
                (long.Parse(p[0], NumberStyles.None, CultureInfo.InvariantCulture), int.Parse(p[1], NumberStyles.None, CultureInfo.InvariantCulture), p[2])
            );

    private sealed record Head
    {
        public long Id { get; init; }
        public int NodeCount { get; init; }
        public string HeadHash { get; init; } = "";
    }
}

/// <summary>Writes an anchor's line outside the database.</summary>
internal sealed class AnchorFile(AnchorFiles files) : IWorkHandler
{
    public const string Name = "workzone.anchor";

    public string Queue => Name;

    public bool Repeatable => true;

    public int MaxAttempts => 20;

    public TimeSpan Lease => TimeSpan.FromMinutes(1);

    public Task<WorkOutcome> ActAsync(WorkItem item, CancellationToken ct)
    {
        var line = item.Read<Line>();
        files.Append(AnchorFiles.Orders, [line.Anchor]);
        return Task.FromResult(WorkOutcome.Done());
    }

    public Task RecordAsync(WorkItem item, WorkOutcome outcome, CancellationToken ct) => Task.CompletedTask;

    internal sealed record Line
    {
        public long Id { get; init; }
        public DateTimeOffset At { get; init; }
        public int Orders { get; init; }
        public string Root { get; init; } = "";

        [System.Text.Json.Serialization.JsonIgnore]
        public Anchor Anchor =>
            new()
            {
                Id = Id,
                At = At,
                Count = Orders,
                Root = Root,
            };
    }
}

/// <summary>Orders whose wake time has come go on by themselves.</summary>
internal sealed class WakePausedOrders(Db db, IMediator mediator, TimeProvider clock) : IJobHandler
{
    public async Task RunAsync(CancellationToken ct)
    {
        foreach (
            var id in await db.PageAsync<long>(
                "SELECT id FROM workzone_order WHERE wake_at <= @now AND wake_at IS NOT NULL ORDER BY wake_at",
                new { now = clock.GetUtcNow() },
                200,
                ct
            )
        )
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
internal sealed class ChainsHold(Db db, AnchorFiles files) : ICheck
{
    public string Name => "chains";

    public async IAsyncEnumerable<Kernel.Verifying.Finding> RunAsync([System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken ct)
    {
        for (var after = 0L; ; )
        {
            var page = await db.PageAsync<OrderRow>(
                "SELECT id, number, node_count, head_hash, state, form FROM workzone_order WHERE id > @after ORDER BY id",
                new { after },
                500,
                ct
            );
            if (page.Count == 0)
                break;
            var nodes = (
                await db.QueryAsync<Node>(
                    """
                    SELECT order_id, n, step, from_state, to_state, lane, actor_id, actor_name, at, args, words, hash
                    FROM workzone_node WHERE order_id > @after AND order_id <= @last ORDER BY order_id, n
                    """,
                    new { after, last = page[^1].Id },
                    ct
                )
            ).ToLookup(n => n.OrderId);
            foreach (var order in page)
            {
                if (Chain.FirstBroken(nodes[order.Id], order.HeadHash, order.NodeCount) is { } n)
                    yield return new(Name, $"{order.Number} node {n}", "the chain of nodes does not fit");
                else if (nodes[order.Id].LastOrDefault(x => x.ToState.Length > 0)?.ToState is { } state && state != order.State)
                    yield return new(Name, order.Number, $"the nodes end in {state}, the order says {order.State}");
                else if (!OrderForm.IsAsOpened(order.Form, nodes[order.Id].First().Args))
                    yield return new(Name, order.Number, "the form differs from the one it was opened with");
            }
            after = page[^1].Id;
        }
        foreach (
            var order in await db.PageAsync<long>(
                "SELECT DISTINCT n.order_id FROM workzone_node n WHERE NOT EXISTS (SELECT 1 FROM workzone_order o WHERE o.id = n.order_id) ORDER BY n.order_id",
                null,
                100,
                ct
            )
        )
            yield return new(Name, $"order {order}", "its nodes are there and the order is missing");
        var anchors = (await db.QueryAsync<AnchorRow>("SELECT id, at, orders, root, heads FROM workzone_anchor ORDER BY id", ct: ct)).ToDictionary(a => a.Id);
        foreach (var a in anchors.Values.Where(a => a.Heads.Length > 0))
        {
            if (Heads.RootOf(a.Heads) != a.Root)
                yield return new(Name, $"anchor {a.Id}", "its heads do not give its root");
            var heads = Heads.Read(a.Heads).ToList();
            foreach (var part in heads.Chunk(400))
            {
                var ids = part.Select(h => h.Order).ToList();
                var counts = part.Select(h => h.Nodes).Distinct().ToList();
                var nodes = (
                    await db.QueryAsync<Tip>("SELECT order_id, n, hash FROM workzone_node WHERE order_id IN @ids AND n IN @counts", new { ids, counts }, ct)
                ).ToDictionary(t => (t.OrderId, t.N), t => t.Hash);
                foreach (var (order, count, hash) in part)
                    if (!nodes.TryGetValue((order, count), out var there))
                        yield return new(
                            Name,
                            $"order {order} node {count}",
                            $"the node was there at the anchor of {a.At.UtcDateTime:yyyy-MM-dd HH:mm} UTC and is missing"
                        );
                    else if (!there.StartsWith(hash, StringComparison.Ordinal))
                        yield return new(Name, $"order {order} node {count}", $"the node differs from the anchor of {a.At.UtcDateTime:yyyy-MM-dd HH:mm} UTC");
            }
        }
        var written = new HashSet<long>();
        foreach (var line in files.Read(AnchorFiles.Orders))
        {
            written.Add(line.Id);
            if (!anchors.TryGetValue(line.Id, out var anchor))
                yield return new(
                    Name,
                    $"{line.File} line {line.Number}, anchor {line.Id}",
                    "an anchor outside the database is missing in it: an old copy was restored, or rows were dropped"
                );
            else if (AnchorFiles.Format(anchor.Anchor, line.Previous) != line.Text)
                yield return new(Name, $"{line.File} line {line.Number}, anchor {line.Id}", "the anchor in the database differs from the one outside");
        }
        foreach (var a in anchors.Values.Where(a => !written.Contains(a.Id)))
            if (
                await db.ScalarAsync<int>(
                    "SELECT COUNT(*) FROM kernel_work WHERE queue = 'workzone.anchor' AND work_key = @key AND state IN ('ready', 'claimed')",
                    new { key = $"{a.Id}" },
                    ct
                ) == 0
            )
                yield return new(Name, $"anchor {a.Id}", "its line outside the database is missing");
    }

    private sealed record AnchorRow
    {
        public long Id { get; init; }
        public DateTimeOffset At { get; init; }
        public int Orders { get; init; }
        public string Root { get; init; } = "";
        public string Heads { get; init; } = "";

        public Anchor Anchor =>
            new()
            {
                Id = Id,
                At = At,
                Count = Orders,
                Root = Root,
            };
    }

    private sealed record Tip
    {
        public long OrderId { get; init; }
        public int N { get; init; }
        public string Hash { get; init; } = "";
    }

    private sealed record OrderRow
    {
        public long Id { get; init; }
        public string Number { get; init; } = "";
        public int NodeCount { get; init; }
        public string HeadHash { get; init; } = "";
        public string State { get; init; } = "";
        public string Form { get; init; } = "{}";
    }
}
