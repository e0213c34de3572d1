using CourtOps.Contracts;
using CourtOps.Kernel.Messaging;
using CourtOps.Workzone.Cases;
using CourtOps.Workzone.Queues;
using Microsoft.Extensions.DependencyInjection;

namespace CourtOps.Workzone.WorkOrders;

/// <summary>The table alone: every state, step and standing.</summary>
public sealed class OrderRulesTests
{
    private static readonly string[] States = ["review", "queued", "assigned", "accepted", "paused", "returned", "feedback", "closed", "cancelled"];

    // state: step→next:who (a asker, h in hand, l lead, m member, r reviewer, s system)
    private static readonly Dictionary<string, string> Expected = new()
    {
        ["review"] = "approve→queued:r refuse→returned:r escalate→review:ahls cancel→cancelled:as comment→review:ahlmrs hand-over→review:s fact→review:s",
        ["queued"] =
            "accept→accepted:ml assign→assigned:ls return→returned:l escalate→queued:ahls cancel→cancelled:as comment→queued:ahlmrs "
            + "hand-over→queued:s fact→queued:s",
        ["assigned"] =
            "accept→accepted:h assign→assigned:ls return→returned:hl transfer→assigned:hl release→queued:hls escalate→assigned:ahls "
            + "cancel→cancelled:as comment→assigned:ahlmrs hand-over→assigned:s fact→assigned:s",
        ["accepted"] =
            "feedback→feedback:hs return→returned:h transfer→assigned:hl pause→paused:hl release→queued:s escalate→accepted:ahls cancel→cancelled:as "
            + "comment→accepted:ahlmrs hand-over→accepted:s fact→accepted:s",
        ["paused"] = "resume→accepted:hls release→queued:s escalate→paused:ahls cancel→cancelled:as comment→paused:ahlmrs hand-over→paused:s fact→paused:s",
        ["returned"] = "resubmit→queued:a escalate→returned:ahls cancel→cancelled:as comment→returned:ahlmrs hand-over→returned:s fact→returned:s",
        ["feedback"] =
            "close→closed:as send-back→accepted:a escalate→feedback:ahls cancel→cancelled:as comment→feedback:ahlmrs hand-over→feedback:s fact→feedback:s",
        ["closed"] = "reopen→closed:a rate→closed:a comment→closed:ahl fact→closed:s",
        ["cancelled"] = "reopen→cancelled:a fact→cancelled:s",
    };

    private static readonly (char Letter, Standing Standing)[] Standings =
    [
        ('a', Standing.Asker),
        ('h', Standing.Assignee),
        ('l', Standing.Lead),
        ('m', Standing.Member),
        ('r', Standing.Reviewer),
        ('s', Standing.System),
    ];

    private static readonly string[] NeedWords =
    [
        "refuse",
        "return",
        "resubmit",
        "transfer",
        "pause",
        "send-back",
        "escalate",
        "cancel",
        "comment",
        "hand-over",
        "reopen",
    ];

    private static IEnumerable<TestCaseData> All =>
        from state in States
        from step in typeof(OrderStep).GetFields().Select(f => (string)f.GetValue(null)!)
        from standing in Standings
        select new TestCaseData(state, step, standing.Letter, standing.Standing);

    [TestCaseSource(nameof(All))]
    public void Every_combination_is_as_expected(string state, string step, char letter, Standing standing)
    {
        var row = Expected[state].Split(' ').FirstOrDefault(r => r.StartsWith(step + "→", StringComparison.Ordinal));
        var transition = OrderRules.Find(step, state);
        var allowed = OrderRules.Allowed(state, standing).Any(t => t.Step == step);
        Assert.That(allowed, Is.EqualTo(row is not null && row[row.IndexOf(':', StringComparison.Ordinal)..].Contains(letter, StringComparison.Ordinal)));
        Assert.That(transition is null ? null : $"{step}→{transition.To ?? state}", Is.EqualTo(row?.Split(':')[0]));
        if (transition is not null)
            Assert.That(transition.NeedsWords, Is.EqualTo(NeedWords.Contains(step)));
    }

    [Test]
    public void No_state_and_step_stand_twice_in_the_table() => Assert.That(OrderRules.Table.Select(t => (t.From, t.Step)), Is.Unique);

    [Test]
    public void From_every_open_state_an_end_can_be_reached()
    {
        foreach (var state in States.Where(OrderState.IsOpen))
        {
            var reached = new HashSet<string> { state };
            for (var before = 0; before != reached.Count; )
            {
                before = reached.Count;
                reached.UnionWith(OrderRules.Table.Where(t => reached.Contains(t.From) && t.Step != OrderStep.Cancel && t.To is not null).Select(t => t.To!));
            }
            Assert.That(reached, Does.Contain(OrderState.Closed), state);
        }
    }
}

/// <summary>Steps of real orders: who, access, chain, conflicts, pauses.</summary>
[TestFixtureSource(typeof(Engines), nameof(Engines.All))]
public sealed class OrderStepTests(Engine engine) : AppTests(engine)
{
    [Test]
    public async Task Of_two_who_accept_at_once_one_has_it_and_the_other_is_told_who_and_when()
    {
        var order = await App.Asked(1, [SampleParty.Provided], accept: false);
        App.Advance(TimeSpan.FromMinutes(7));
        await Step(order, "clerk", OrderStep.Accept);
        var told = await Assert.ThrowsAsync<Conflict>(() => Step(order, "clerk2", OrderStep.Accept));
        Assert.That((told!.Who, told.At), Is.EqualTo(("钱演示", TestClock.Monday.AddMinutes(7))));
    }

    [Test]
    public async Task Of_many_who_accept_at_the_same_moment_exactly_one_has_it()
    {
        var order = await App.Asked(1, [SampleParty.Provided], accept: false);
        var clients = new[] { await App.WithKey("clerk"), await App.WithKey("clerk2"), await App.WithKey("lead") };
        var answers = await Task.WhenAll(
            clients.Select(c => Task.Run(() => c.PostAsync(new Uri($"/api/v1/work-orders/{order.OrderId}:accept", UriKind.Relative), null)))
        );
        Assert.That(answers.Select(a => (int)a.StatusCode).Order(), Is.EqualTo(new[] { 200, 409, 409 }));
        Assert.That(
            await answers.First(a => (int)a.StatusCode == 409).Content.ReadAsStringAsync(),
            Does.Contain("\"who\":\"").And.Contain("\"at\":\"2026-03-02")
        );
        Assert.That(await App.Verify("chains"), Is.Empty);
    }

    [Test]
    public async Task A_version_that_is_old_is_a_conflict_and_changes_nothing()
    {
        var order = await App.Asked(1, [SampleParty.Provided]);
        var seen = (await App.As("lead").Send(new ShowOrder { Id = order.OrderId })).Order.Version;
        await Step(order, "clerk", OrderStep.Pause, "等待", wake: TestClock.Monday.AddDays(1));
        await Assert.ThatAsync(
            () =>
                App.As("lead")
                    .Send(
                        new TakeStep
                        {
                            Id = order.OrderId,
                            Step = OrderStep.Resume,
                            Version = seen,
                        }
                    ),
            Throws.TypeOf<Conflict>()
        );
        Assert.That(await State(order), Is.EqualTo("paused"));
    }

    [TestCase(OrderStep.Open)]
    [TestCase(OrderStep.Fact)]
    [TestCase("no-such-step")]
    public async Task Nobody_takes_a_step_that_is_not_a_persons(string step)
    {
        var order = await App.Asked(1, [SampleParty.Provided]);
        await Assert.ThatAsync(() => Step(order, "clerk", step, "x"), Throws.TypeOf<RuleBroken>());
    }

    [Test]
    public async Task The_same_cause_opens_one_order() =>
        await App.In(async s =>
        {
            var order = await App.Asked(1, [SampleParty.Provided]);
            var book = (IWorkOrders)s.GetService(typeof(IWorkOrders))!;
            var db = (Kernel.Data.Db)s.GetService(typeof(Kernel.Data.Db))!;
            await db.BeginAsync();
            var again = new NewOrder
            {
                Type = "service.serve",
                CaseId = order.CaseId,
                Title = "x",
                Subject = "x",
                CauseSubject = "same",
            };
            var first = await book.OpenAsync(again);
            await Assert.ThatAsync(() => book.OpenAsync(again), Throws.TypeOf<RuleBroken>().With.Message.Contains(first.Number));
        });

    [Test]
    public async Task Access_to_the_case_comes_and_goes_with_the_order()
    {
        var order = await App.Asked(1, [SampleParty.Provided], accept: false);
        Assert.That((await Sees("clerk", order), await Sees("clerk2", order)), Is.EqualTo((false, false)), "a queued order opens nothing");
        await Step(order, "lead", OrderStep.Assign, person: await App.IdOf("clerk"));
        Assert.That(await Sees("clerk", order), Is.True);
        await Step(order, "clerk", OrderStep.Accept);
        await Step(order, "clerk", OrderStep.Transfer, "休假", person: await App.IdOf("clerk2"));
        Assert.That((await Sees("clerk", order), await Sees("clerk2", order)), Is.EqualTo((false, true)));
        await Step(order, "clerk2", OrderStep.Release);
        Assert.That(await Sees("clerk2", order), Is.False);
        await Step(order, "clerk", OrderStep.Accept);
        Assert.That(await Sees("clerk", order), Is.True);
        await Step(order, "judge", OrderStep.Cancel, "撤诉");
        Assert.That(await Sees("clerk", order), Is.False);
        Assert.That((await App.Published<WorkOrderTransferred>()).Count, Is.EqualTo(2));
        Assert.That((await App.Published<WorkOrderCancelled>()).Single().Reason, Is.EqualTo("撤诉"));
        Assert.That(await App.Verify("chains"), Is.Empty);
    }

    [Test]
    public async Task After_the_order_is_closed_access_has_ended()
    {
        _ = App.Smtp;
        var order = await App.Asked(1, [SampleParty.Provided]);
        Assert.That(await Sees("clerk", order), Is.True);
        await App.SendNotice(order.Notice);
        await App.DrainAsync();
        Assert.That((await State(order), await Sees("clerk", order)), Is.EqualTo(("closed", false)));
        await Assert.ThatAsync(() => App.As("clerk").Send(new Documents.ReadDocument { Id = order.Documents[0] }), Throws.TypeOf<NotFound>());
    }

    [TestCase("judge", true)]
    [TestCase("assistant", true)]
    [TestCase("leader", true)]
    [TestCase("judge2", false)]
    [TestCase("judge-yanji", false)]
    [TestCase("registrar", false)]
    public async Task A_case_is_seen_by_its_judge_team_and_court_leaders_and_by_nobody_else(string person, bool sees)
    {
        var order = await App.Asked(1, [SampleParty.Provided]);
        Assert.That(await Sees(person, order), Is.EqualTo(sees));
        var found = await App.As(person).Send(new ListCases { Number = Sample.Number(1) });
        Assert.That(found.Rows, Has.Count.EqualTo(sees ? 1 : 0), "the list says the same");
    }

    [Test]
    public async Task Another_court_knows_of_no_order()
    {
        var order = await App.Asked(1, [SampleParty.Provided], accept: false);
        await Assert.ThatAsync(() => App.As("clerk-yanji").Send(new ShowOrder { Id = order.OrderId }), Throws.TypeOf<NotFound>());
        await Assert.ThatAsync(() => Step(order, "clerk-yanji", OrderStep.Accept), Throws.TypeOf<NotFound>());
        Assert.That((await App.As("clerk-yanji").Send(new ListOrders { View = "centre" })).Rows, Is.Empty);
        Assert.That((await App.As("clerk").Send(new ListOrders { View = "centre" })).Rows, Has.Count.EqualTo(1));
    }

    [Test]
    public async Task A_person_outside_the_centre_or_the_court_is_not_given_the_order()
    {
        var order = await App.Asked(1, [SampleParty.Provided], accept: false);
        foreach (var person in new[] { "judge", "archivist", "clerk-yanji" })
            await Assert.ThatAsync(
                async () => await Step(order, "lead", OrderStep.Assign, person: await App.IdOf(person)),
                Throws.TypeOf<RuleBroken>(),
                person
            );
    }

    [Test]
    public async Task A_pause_moves_the_target_by_the_court_time_it_took()
    {
        // accepted Monday 9:00, 14 court hours: due Tuesday 17:00 less what is gone
        var order = await App.Asked(1, [SampleParty.Provided]);
        var due = await Due(order);
        App.At(TestClock.Shanghai(2026, 3, 2, 16, 0));
        await Step(order, "clerk", OrderStep.Pause, "等地址", wake: TestClock.Shanghai(2026, 3, 3, 10, 0));
        App.At(TestClock.Shanghai(2026, 3, 3, 10, 0));
        await App.RunJob<WakePausedOrders>();
        Assert.That(await State(order), Is.EqualTo("accepted"));
        // 16:00 to 17:00 and 8:30 to 10:00 are two and a half hours
        Assert.That(await Due(order), Is.EqualTo(Calendars.CourtHours.Add(due, TimeSpan.FromHours(2.5), Law.CourtCalendar.Default)));
        await Assert.ThatAsync(
            () => Step(order, "clerk", OrderStep.Pause, "x", wake: TestClock.Monday),
            Throws.TypeOf<RuleBroken>(),
            "a wake time in the past"
        );
    }

    [TestCase("UPDATE workzone_node SET words = 'other' WHERE n = 1", "node 1")]
    [TestCase("UPDATE workzone_node SET at = @at WHERE n = 2", "node 2")]
    [TestCase("UPDATE workzone_node SET actor_name = 'x' WHERE n = 2", "node 2")]
    [TestCase("UPDATE workzone_node SET args = '{}' WHERE n = 1", "node 1")]
    [TestCase("DELETE FROM workzone_node WHERE n = 2", "node 2")]
    [TestCase("DELETE FROM workzone_node WHERE n = 4", "node 4")]
    [TestCase("DELETE FROM workzone_node", "node 1")]
    [TestCase("UPDATE workzone_order SET head_hash = 'x'", "node 5")]
    [TestCase("UPDATE workzone_order SET state = 'closed'", "")]
    [TestCase(
        "INSERT INTO workzone_node (order_id, n, step, from_state, to_state, lane, actor_id, actor_name, at, args, words, hash) SELECT order_id, 5, "
            + "step, from_state, to_state, lane, actor_id, actor_name, at, args, words, hash FROM workzone_node WHERE n = 4",
        "node 5"
    )]
    public async Task A_change_behind_the_chains_back_is_found_and_placed(string fraud, string place)
    {
        // opened, accepted, the plan of service, a comment
        var order = await App.Asked(1, [SampleParty.Provided]);
        await Step(order, "judge", OrderStep.Comment, "请尽快");
        var (number, last) = (await App.Value<string>("SELECT number FROM workzone_order"), await App.Value<int>("SELECT node_count FROM workzone_order"));
        Assert.That((last, await App.Verify("chains")), Is.EqualTo((4, Array.Empty<Kernel.Verifying.Finding>())));
        await App.Change(fraud, new { at = TestClock.Monday.AddDays(1) });
        Assert.That((await App.Verify("chains")).Select(f => f.Where), Is.EqualTo(new[] { $"{number} {place}".Trim() }));
    }

    [Test]
    public async Task A_tail_cut_off_together_with_its_head_is_found_by_what_the_anchor_keeps()
    {
        var order = await App.Asked(1, [SampleParty.Provided]);
        await Step(order, "judge", OrderStep.Comment, "请尽快");
        await AnchoredAsync();
        await App.Change("DELETE FROM workzone_node WHERE n = 4");
        await App.Change("UPDATE workzone_order SET node_count = 3, head_hash = (SELECT hash FROM workzone_node WHERE n = 3)");
        Assert.That(
            (await App.Verify("chains")).Select(f => (f.Where, f.What[..f.What.IndexOf(" at ", StringComparison.Ordinal)])),
            Is.EqualTo(new[] { ($"order {order.OrderId} node 4", "the node was there") }),
            "by itself the chain fits"
        );
    }

    [Test]
    public async Task A_chain_written_anew_from_its_beginning_is_found_by_what_the_anchor_keeps()
    {
        var order = await App.Asked(1, [SampleParty.Provided]);
        await AnchoredAsync();
        var nodes = await App.Rows<Node>(
            "SELECT order_id, n, step, from_state, to_state, lane, actor_id, actor_name, at, args, words, hash FROM workzone_node ORDER BY n"
        );
        var previous = Chain.Genesis;
        foreach (var node in nodes)
        {
            var forged = node with { ActorName = "另一个人" };
            previous = Chain.Hash(forged, previous);
            await App.Change(
                "UPDATE workzone_node SET actor_name = @ActorName, hash = @hash WHERE n = @N",
                new
                {
                    forged.ActorName,
                    hash = previous,
                    forged.N,
                }
            );
        }
        await App.Change("UPDATE workzone_order SET head_hash = @previous", new { previous });
        Assert.That(
            (await App.Verify("chains")).Select(f => (f.Where, f.What.StartsWith("the node differs from the anchor", StringComparison.Ordinal))),
            Is.EqualTo(new[] { ($"order {order.OrderId} node {nodes.Count}", true) })
        );
    }

    [Test]
    public async Task An_order_taken_out_is_found_with_and_without_its_nodes()
    {
        if (!App.Services.GetRequiredService<Kernel.Data.Database>().Dialect.SingleWriter)
            Assert.Ignore("foreign keys are switched off for a connection on SQLite alone");
        var order = await App.Asked(1, [SampleParty.Provided]);
        await AnchoredAsync();
        await using (
            var connection = new Microsoft.Data.Sqlite.SqliteConnection(
                $"Data Source={Path.Combine(App.Folder, "courtops.db")};Foreign Keys=False;Pooling=False"
            )
        )
        {
            await connection.OpenAsync();
            await RunAsync(connection, "DELETE FROM workzone_order");
            Assert.That((await App.Verify("chains")).Select(f => f.Where), Is.EqualTo(new[] { $"order {order.OrderId}" }));
            await RunAsync(connection, "DELETE FROM workzone_node");
            Assert.That((await App.Verify("chains")).Select(f => f.Where), Has.One.StartsWith($"order {order.OrderId} node "));
        }

        static async Task RunAsync(Microsoft.Data.Sqlite.SqliteConnection connection, string sql)
        {
            await using var command = connection.CreateCommand();
            command.CommandText = sql;
            await command.ExecuteNonQueryAsync();
        }
    }

    [Test]
    public async Task Anchors_dropped_inside_are_found_by_their_lines_outside()
    {
        await App.Asked(1, [SampleParty.Provided]);
        await AnchoredAsync();
        var file = Directory.GetFiles(Path.Combine(App.Folder, "anchors")).Single();
        Assert.That(await File.ReadAllLinesAsync(file), Has.Length.EqualTo(1));
        await App.Change("DELETE FROM workzone_anchor");
        Assert.That((await App.Verify("chains")).Select(f => f.Where), Has.One.StartsWith($"{Path.GetFileName(file)} line 1, anchor "));
    }

    private async Task AnchoredAsync()
    {
        await App.RunJob<AnchorChains>();
        await App.DrainAsync();
        Assert.That(await App.Verify("chains"), Is.Empty);
    }

    [Test]
    public async Task An_anchor_changed_outside_is_found()
    {
        await App.Asked(1, [SampleParty.Provided]);
        await App.RunJob<AnchorChains>();
        await App.DrainAsync();
        App.Advance(TimeSpan.FromHours(1));
        await App.RunJob<AnchorChains>();
        await App.DrainAsync();
        Assert.That(await App.Verify("chains"), Is.Empty);
        var file = Directory.GetFiles(Path.Combine(App.Folder, "anchors")).Single();
        var lines = await File.ReadAllLinesAsync(file);
        await File.WriteAllLinesAsync(file, lines[1..]);
        Assert.That(await App.Verify("chains"), Is.Not.Empty);
    }

    private async Task<OrderCard> Step(ServedOrder order, string actor, string step, string words = "", long? person = null, DateTimeOffset? wake = null) =>
        await App.As(actor)
            .Send(
                new TakeStep
                {
                    Id = order.OrderId,
                    Step = step,
                    Words = words,
                    PersonId = person,
                    WakeAt = wake,
                }
            );

    private async Task<string?> State(ServedOrder order) =>
        await App.As(null).Value<string>("SELECT state FROM workzone_order WHERE id = @OrderId", new { order.OrderId });

    private async Task<DateTimeOffset> Due(ServedOrder order) =>
        await App.As(null).Value<DateTimeOffset>("SELECT due_at FROM workzone_order WHERE id = @OrderId", new { order.OrderId });

    private async Task<bool> Sees(string person, ServedOrder order)
    {
        try
        {
            await App.As(person).Send(new ShowCase { Id = order.CaseId });
            return true;
        }
        catch (NotFound)
        {
            return false;
        }
    }
}
