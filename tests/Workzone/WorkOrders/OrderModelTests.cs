using System.Text.Json;
using CourtOps.Workzone.Cases;

namespace CourtOps.Workzone.WorkOrders;

/// <summary>Random commands of many people on real orders, against a model that is nothing but the table and who sees what.</summary>
public sealed class OrderModelTests() : AppTests(Engine.Sqlite)
{
    // step→next:who — a asker, h in hand, l lead, m member, r reviewer, s system; written by hand, not taken from the product
    private static readonly Dictionary<string, string> Table = new()
    {
        ["review"] = "approve→queued:r refuse→returned:r escalate→:ahls cancel→cancelled:as comment→:ahlmrs",
        ["queued"] = "accept→accepted:ml assign→assigned:ls return→returned:l escalate→:ahls cancel→cancelled:as comment→:ahlmrs",
        ["assigned"] =
            "accept→accepted:h assign→assigned:ls return→returned:hl transfer→assigned:hl release→queued:hls escalate→:ahls cancel→cancelled:as "
            + "comment→:ahlmrs",
        ["accepted"] =
            "feedback→feedback:hs return→returned:h transfer→assigned:hl pause→paused:hl release→queued:s escalate→:ahls cancel→cancelled:as comment→:ahlmrs",
        ["paused"] = "resume→accepted:hls release→queued:s escalate→:ahls cancel→cancelled:as comment→:ahlmrs",
        ["returned"] = "resubmit→queued:a escalate→:ahls cancel→cancelled:as comment→:ahlmrs",
        ["feedback"] = "close→closed:as send-back→accepted:a escalate→:ahls cancel→cancelled:as comment→:ahlmrs",
        ["closed"] = "reopen→:a rate→:a comment→:ahl",
        ["cancelled"] = "reopen→:a",
    };

    private static readonly string[] NeedWords = ["refuse", "return", "resubmit", "transfer", "pause", "send-back", "escalate", "cancel", "comment", "reopen"];

    private static readonly string[] Steps =
    [
        "approve",
        "refuse",
        "accept",
        "assign",
        "return",
        "resubmit",
        "transfer",
        "release",
        "pause",
        "resume",
        "feedback",
        "send-back",
        "close",
        "cancel",
        "escalate",
        "comment",
        "reopen",
        "rate",
        "open",
        "fact",
        "hand-over",
        "nonsense",
    ];

    // asker, lead, members, reviewer, the judge's team, a stranger of the court, another centre, another court, the system
    private static readonly string?[] People =
    [
        "judge",
        "lead",
        "clerk",
        "clerk2",
        "leader",
        "assistant",
        "judge2",
        "archivist",
        "judge-yanji",
        "clerk-yanji",
        null,
    ];

    private OrderCrew crew = null!;

    protected override void Prepare(TestAppOptions options) => OrderCrew.Declare(options);

    [Test]
    public async Task The_book_does_what_the_model_does()
    {
        var runs = OrderCrew.Long ? 10_000 : 1_000;
        crew = new OrderCrew(App, [.. People.Where(p => p is not null).Select(p => p!)]);
        var plain = await App.Case(1, SampleParty.Provided);
        var recused = await App.Case(2, SampleParty.Provided);
        await App.As("leader")
            .Send(
                new Recuse
                {
                    CaseId = recused,
                    Login = "clerk2",
                    Reason = "同学",
                }
            );
        await crew.MeetAsync();
        var seen = new Dictionary<string, int>();
        const int perCommit = 50;
        for (var run = 0; run < runs; run += perCommit)
            await crew.WorkAsync(async shift =>
            {
                for (var seed = run; seed < run + perCommit; seed++)
                    await RunAsync(shift, seed, seed % 3 == 0 ? recused : plain, seed % 3 == 0, seen);
            });
        foreach (var outcome in new[] { "ok", "NotFound", "Forbidden", "Conflict", "RuleBroken" })
            Assert.That(seen.GetValueOrDefault(outcome), Is.GreaterThan(runs / 20), outcome);
        foreach (var state in Table.Keys)
            Assert.That(seen.GetValueOrDefault(state), Is.GreaterThan(0), $"no run came to {state}");
        Assert.That(await App.Verify("chains"), Is.Empty);
    }

    private async Task RunAsync(OrderCrew.Shift shift, int seed, long caseId, bool clerk2Recused, Dictionary<string, int> seen)
    {
        var random = new Random(seed);
        shift.As("judge");
        var type = seed % 4 == 0 ? OrderCrew.Reviewed : OrderCrew.Plain;
        var order = await shift.Book.OpenAsync(
            new NewOrder
            {
                Type = type,
                CaseId = caseId,
                Title = "x",
                Subject = "x",
                CauseSubject = $"{seed}",
            }
        );
        var model = new Model { State = order.State, Recused = clerk2Recused };
        var log = new List<string>();
        var length = random.Next(10, 26);
        for (var i = 0; i < length; i++)
        {
            App.Advance(TimeSpan.FromMinutes(random.Next(0, 90)));
            var command = Draw(random, model);
            var expected = model.Tell(command);
            string got;
            try
            {
                shift.As(command.Who);
                var after = await shift.Steps.Handle(
                    new TakeStep
                    {
                        Id = order.Id,
                        Step = command.Step,
                        Words = command.Words,
                        PersonId = command.To is null ? null : crew.Ids[command.To],
                        Version = command.Version,
                        Mark = command.Mark,
                        WakeAt = command.Wakes ? App.Clock.GetUtcNow().AddHours(3) : App.Clock.GetUtcNow().AddHours(-1),
                    },
                    default
                );
                got = "ok";
                model.Apply(command);
                if (command.Step == "reopen")
                    Assert.That((after.Round, after.ReopensId, after.State), Is.EqualTo((2, (long?)order.Id, order.State)));
                else
                    Assert.That(
                        (after.State, after.Version, after.NodeCount),
                        Is.EqualTo((model.State, model.Version, model.Nodes)),
                        $"seed {seed}: {string.Join("; ", log)}; {command}"
                    );
            }
            catch (Exception e) when (e is Kernel.Messaging.NotFound or Kernel.Messaging.RuleBroken or Kernel.Messaging.Conflict or Kernel.Messaging.Forbidden)
            {
                got = e.GetType().Name;
            }
            log.Add($"{command} = {got} ({model.State})");
            seen[got] = seen.GetValueOrDefault(got) + 1;
            seen[model.State] = seen.GetValueOrDefault(model.State) + 1;
            Assert.That(got, Is.EqualTo(expected), $"seed {seed}: {string.Join("; ", log)}");
        }
        shift.As(null);
        var row = await shift.Book.GetAsync(order.Id);
        var nodes = await shift.Db.QueryAsync<Node>(
            "SELECT order_id, n, step, from_state, to_state, lane, actor_id, actor_name, at, args, words, hash FROM workzone_node WHERE order_id = "
                + "@Id ORDER BY n",
            new { order.Id }
        );
        Assert.That(Chain.FirstBroken(nodes, row.HeadHash, row.NodeCount), Is.Null, $"seed {seed}");
        Assert.That(
            Replay(nodes),
            Is.EqualTo((row.State, row.AssigneeId, row.Escalated, row.ClosedAt, row.LastStep)),
            $"seed {seed}: {string.Join("; ", log)}"
        );
        Assert.That((row.State, row.AssigneeId), Is.EqualTo((model.State, model.Holder is null ? (long?)null : crew.Ids[model.Holder])), $"seed {seed}");
    }

    // half of the time something the state would allow to somebody, else anything at all
    private static Command Draw(Random random, Model model)
    {
        var rows = Table[model.State].Split(' ', StringSplitOptions.RemoveEmptyEntries);
        var step = rows.Length > 0 && random.Next(100) < 65 ? rows[random.Next(rows.Length)].Split('→')[0] : Steps[random.Next(Steps.Length)];
        if (step == "cancel" && random.Next(4) > 0)
            step = "comment";
        var who = random.Next(100) < 65 ? new[] { "judge", "lead", "clerk", "clerk2", "leader" }[random.Next(5)] : People[random.Next(People.Length)];
        if (model.Holder is not null && random.Next(100) < 35)
            who = model.Holder;
        var to = step is "assign" or "transfer" ? new[] { "clerk", "clerk2", "lead", "clerk", "clerk2", "judge", "clerk-yanji", null }[random.Next(8)] : null;
        return new Command(
            who,
            step,
            random.Next(100) < 85 ? "写明" : "",
            to,
            random.Next(100) < 80,
            random.Next(100) < 10 ? model.Version - random.Next(2) : null,
            random.Next(0, 7)
        );
    }

    private static (string State, long? Holder, bool Escalated, DateTimeOffset? ClosedAt, string Last) Replay(IReadOnlyList<Node> nodes)
    {
        long? holder = null;
        var escalated = false;
        DateTimeOffset? closed = null;
        foreach (var n in nodes)
        {
            using var args = JsonDocument.Parse(n.Args);
            holder = n.Step switch
            {
                "accept" => n.ActorId,
                "assign" or "transfer" => long.Parse(args.RootElement.GetProperty("toId").ToString(), System.Globalization.CultureInfo.InvariantCulture),
                "release" or "resubmit" or "approve" => null,
                _ => holder,
            };
            escalated |= n.Step == "escalate";
            closed = n.Step is "close" or "cancel" ? n.At : closed;
        }
        return (nodes[^1].ToState, holder, escalated, closed, nodes[^1].Step);
    }

    private sealed record Command(string? Who, string Step, string Words, string? To, bool Wakes, int? Version, int Mark);

    private sealed class Model
    {
        private bool rated;
        private bool reopened;

        public string State { get; set; } = "";
        public string? Holder { get; private set; }
        public int Version { get; private set; } = 1;
        public int Nodes { get; private set; } = 1;
        public bool Recused { get; init; }

        public string Tell(Command c)
        {
            var standing = Standing(c.Who);
            if (c.Who is "judge2" or "archivist" or "judge-yanji" or "clerk-yanji" || (c.Who == "clerk2" && Recused))
                return "NotFound";
            if (c.Step is "open" or "fact" or "hand-over" || !Steps.Contains(c.Step) || c.Step == "nonsense")
                return "RuleBroken";
            if (c.Version is { } seen && seen != Version)
                return "Conflict";
            var row = Row(State, c.Step);
            if (row is null)
            {
                // whoever was too late is told who was first; whoever asks for nonsense is refused
                var mine = Table.Keys.Any(s => Row(s, c.Step) is { } r && r.Who.Intersect(standing).Any());
                var led = Table.Keys.Any(s => Row(s, c.Step)?.To == State);
                return mine && led ? "Conflict" : "RuleBroken";
            }
            if (!row.Value.Who.Intersect(standing).Any())
                return c.Step == "accept" && State == "assigned" && standing.Intersect("ml").Any() ? "Conflict" : "Forbidden";
            if (NeedWords.Contains(c.Step) && c.Words.Length == 0)
                return "RuleBroken";
            if (
                c.Step is "assign" or "transfer"
                && (c.To is not ("clerk" or "clerk2" or "lead") || (c.To == "clerk2" && Recused) || (c.Step == "transfer" && c.To == Holder))
            )
                return "RuleBroken";
            if ((c.Step == "rate" && (rated || c.Mark is 0 or 6)) || (c.Step == "reopen" && reopened))
                return "RuleBroken";
            return c.Step == "pause" && !c.Wakes ? "RuleBroken" : "ok";
        }

        public void Apply(Command c)
        {
            var to = Row(State, c.Step)!.Value.To;
            State = to.Length > 0 ? to : State;
            Holder = c.Step switch
            {
                "accept" => c.Who,
                "assign" or "transfer" => c.To,
                "release" or "resubmit" or "approve" => null,
                _ => Holder,
            };
            Nodes++;
            rated |= c.Step == "rate";
            reopened |= c.Step == "reopen";
            Version += c.Step == "comment" ? 0 : 1;
        }

        private string Standing(string? who) =>
            who is null
                ? "s"
                : (
                    who switch
                    {
                        "judge" => "a",
                        "lead" => "l",
                        "clerk" or "clerk2" => "m",
                        "leader" => "r",
                        _ => "",
                    }
                ) + (who == Holder ? "h" : "");

        private static (string To, string Who)? Row(string state, string step)
        {
            foreach (var row in Table[state].Split(' ', StringSplitOptions.RemoveEmptyEntries))
                if (row.StartsWith(step + "→", StringComparison.Ordinal))
                    return (row[(step.Length + 1)..row.IndexOf(':', StringComparison.Ordinal)], row[(row.IndexOf(':', StringComparison.Ordinal) + 1)..]);
            return null;
        }
    }
}
