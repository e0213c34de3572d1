using System.Collections.Concurrent;
using CourtOps.Contracts;
using CourtOps.Kernel.Data;
using CourtOps.Kernel.Messaging;
using CourtOps.Kernel.Work;
using MediatR;
using Microsoft.Extensions.DependencyInjection;

namespace CourtOps.Kernel.Tests.Messaging;

/// <summary>What the listeners heard, and what they are told to refuse.</summary>
internal sealed class Heard
{
    public ConcurrentQueue<long> Ids { get; } = new();

    public ConcurrentDictionary<long, bool> Refuses { get; } = new();

    /// <summary>How long each delivery takes by the clock.</summary>
    public TimeSpan Takes { get; set; }

    public IEnumerable<long> Of(long caseId) => Ids.Where(i => i / 1000 == caseId);
}

/// <summary>Writes a row, then fails where the test wants it: the row must go with the failure.</summary>
internal sealed class WhenTold(Heard heard, Db db, TimeProvider clock) : INotificationHandler<DocumentFiled>
{
    public async Task Handle(DocumentFiled notification, CancellationToken cancellationToken)
    {
        await db.ExecuteAsync(
            "INSERT INTO kernel_sequence (name, value) VALUES (@name, 1)",
            new { name = $"heard:{notification.DocumentId}" },
            cancellationToken
        );
        if (heard.Refuses.ContainsKey(notification.DocumentId))
            throw new InvalidOperationException($"refused {notification.DocumentId}");
        heard.Ids.Enqueue(notification.DocumentId);
        ((TestClock)clock).Advance(heard.Takes);
    }
}

internal sealed class WhenToldToo(Heard heard) : INotificationHandler<DocumentFiled>
{
    public Task Handle(DocumentFiled notification, CancellationToken cancellationToken)
    {
        heard.Ids.Enqueue(-notification.DocumentId);
        return Task.CompletedTask;
    }
}

[TestFixtureSource(typeof(Engines), nameof(Engines.All))]
public sealed class OutboxTests(Engine engine) : AppTests(engine)
{
    private readonly Heard heard = new();

    protected override void Prepare(TestAppOptions options) =>
        options.Services.Add(s =>
        {
            s.AddSingleton(heard);
            s.AddScoped<WhenTold>();
            s.AddScoped<WhenToldToo>();
            s.AddSingleton(
                new Subscriptions(
                    Catalogue.Events,
                    [
                        new Reaction("test.WhenTold", typeof(DocumentFiled), typeof(WhenTold)),
                        new Reaction("test.WhenToldToo", typeof(DocumentFiled), typeof(WhenToldToo)),
                    ]
                )
            );
        });

    [Test]
    public async Task Slow_deliveries_do_not_hold_the_write_lock_together()
    {
        heard.Takes = Relay.Longest / 2;
        for (var n = 1; n <= 6; n++)
            await Publish(n * 1000);
        var relay = App.Services.GetRequiredService<Relay>();
        await relay.RunOnceAsync(default);
        Assert.That(heard.Ids.Count(i => i > 0), Is.EqualTo(2), "what fits into the time shares a commit; the rest comes with the next");
        await App.DrainAsync();
        Assert.That(heard.Ids.Where(i => i > 0).Order(), Is.EqualTo(Enumerable.Range(1, 6).Select(n => n * 1000L)), "none is lost, none comes twice");
    }

    [Test]
    public async Task Each_key_is_delivered_in_the_order_of_its_commits()
    {
        for (var n = 1; n <= 30; n++)
        for (var c = 1; c <= 3; c++)
            await Publish((c * 1000) + n);
        await App.DrainAsync();
        for (var c = 1; c <= 3; c++)
            Assert.That(heard.Of(c), Is.EqualTo(Enumerable.Range(1, 30).Select(n => (c * 1000L) + n)));
        Assert.That(await App.Verify("outbox"), Is.Empty);
    }

    [Test]
    public async Task A_rolled_back_change_publishes_nothing_and_takes_no_number()
    {
        await App.As(null)
            .In(async s =>
            {
                var db = s.GetRequiredService<Db>();
                await db.BeginAsync();
                await s.GetRequiredService<Outbox>().AddAsync("case:1", new DocumentFiled { CaseId = 1, DocumentId = 1001 });
                await db.RollbackAsync();
            });
        await Publish(1002);
        await App.DrainAsync();
        Assert.That(heard.Of(1), Is.EqualTo(new[] { 1002L }));
        Assert.That(await App.As(null).Rows<long>("SELECT seq FROM kernel_outbox"), Is.EqualTo(new[] { 1L }));
    }

    [Test]
    public async Task A_failing_reaction_blocks_only_its_own_key_and_undoes_its_own_work()
    {
        heard.Refuses[1002] = true;
        foreach (var id in new long[] { 1001, 1002, 1003, 2001, 2002 })
            await Publish(id);
        await App.DrainAsync();
        Assert.That(heard.Of(1), Is.EqualTo(new[] { 1001L }), "1003 waits behind 1002");
        Assert.That(heard.Of(2), Is.EqualTo(new[] { 2001L, 2002L }));
        Assert.That(heard.Ids.Where(i => i < 0), Is.EquivalentTo(new long[] { -1001, -1002, -1003, -2001, -2002 }), "the other reaction heard all");
        Assert.That(await App.As(null).Rows<string>("SELECT name FROM kernel_sequence WHERE name = 'heard:1002'"), Is.Empty);
        heard.Refuses.Clear();
        App.Advance(TimeSpan.FromSeconds(2));
        await App.DrainAsync();
        Assert.That(heard.Of(1), Is.EqualTo(new[] { 1001L, 1002L, 1003L }));
        Assert.That(await App.Rows<string>("SELECT event_key FROM kernel_block"), Is.Empty);
    }

    [Test]
    public async Task After_eight_failures_it_is_parked_and_said_so()
    {
        await Parked();
        Assert.That(await App.As(null).Value<int>("SELECT attempts FROM kernel_block"), Is.EqualTo(Relay.MaxAttempts));
        heard.Refuses.Clear();
        App.Advance(TimeSpan.FromDays(400));
        await App.DrainAsync();
        Assert.That(heard.Of(1), Is.Empty, "it waits for a person");
        Assert.That((await App.Verify("outbox")).Single().What, Does.Contain("refused 1001"));
    }

    [Test]
    public async Task A_person_lets_it_be_tried_again()
    {
        await Parked();
        heard.Refuses.Clear();
        await App.As("sysadmin")
            .Send(
                new DecideDelivery
                {
                    Reaction = "test.WhenTold",
                    Key = "case:1",
                    Reason = "已修复",
                }
            );
        await App.DrainAsync();
        Assert.That(heard.Of(1), Is.EqualTo(new[] { 1001L, 1002L }));
        Assert.That(await App.Verify("outbox"), Is.Empty);
    }

    [Test]
    public async Task A_person_skips_it_with_a_reason()
    {
        await Parked();
        await Assert.ThatAsync(
            () =>
                App.As("sysadmin")
                    .Send(
                        new DecideDelivery
                        {
                            Reaction = "test.WhenTold",
                            Key = "case:1",
                            Skip = true,
                        }
                    ),
            Throws.TypeOf<RuleBroken>()
        );
        await Assert.ThatAsync(
            () =>
                App.As("judge")
                    .Send(
                        new DecideDelivery
                        {
                            Reaction = "test.WhenTold",
                            Key = "case:1",
                            Skip = true,
                            Reason = "x",
                        }
                    ),
            Throws.TypeOf<Forbidden>()
        );
        await App.As("sysadmin")
            .Send(
                new DecideDelivery
                {
                    Reaction = "test.WhenTold",
                    Key = "case:1",
                    Skip = true,
                    Reason = "数据已另行更正",
                }
            );
        await App.DrainAsync();
        Assert.That(heard.Of(1), Is.EqualTo(new[] { 1002L }));
        Assert.That(await App.Verify("outbox"), Is.Empty);
    }

    [Test]
    public async Task A_delivery_that_was_deleted_or_put_in_is_found()
    {
        await Publish(1001);
        await App.DrainAsync();
        Assert.That(await App.Verify("outbox"), Is.Empty);
        await App.As(null).Change("DELETE FROM kernel_delivery WHERE reaction = 'test.WhenTold'");
        Assert.That(
            (await App.Verify("outbox")).Select(f => $"{f.Where}: {f.What}"),
            Is.EqualTo(new[] { "case:1: number 1 was for 2 reactions, 1 deliveries are there" })
        );
        await App.Change("INSERT INTO kernel_delivery (outbox_id, reaction, event_key, seq, state) SELECT id, 'a', event_key, seq, 'done' FROM kernel_outbox");
        await App.Change("INSERT INTO kernel_delivery (outbox_id, reaction, event_key, seq, state) SELECT id, 'b', event_key, seq, 'done' FROM kernel_outbox");
        Assert.That((await App.Verify("outbox")).Select(f => f.What), Is.EqualTo(new[] { "number 1 was for 2 reactions, 3 deliveries are there" }));
    }

    [Test]
    public async Task A_reaction_whose_module_is_not_here_waits_without_holding_up_others()
    {
        await App.Change(
            "INSERT INTO kernel_outbox (id, event_key, seq, name, version, body, created_at) VALUES (1, 'case:9', 1, 'cataloguing.document-filed', 1, "
                + "'{}', @at)",
            new { at = TestClock.Monday }
        );
        await App.Change("INSERT INTO kernel_outbox_key (event_key, seq) VALUES ('case:9', 1)");
        for (var i = 0; i < 300; i++)
            await App.Change(
                "INSERT INTO kernel_delivery (outbox_id, reaction, event_key, seq, state) VALUES (1, @reaction, 'case:9', 1, 'pending')",
                new { reaction = $"absent.When{i}" }
            );
        await Publish(1001);
        await App.DrainAsync();
        Assert.That(heard.Of(1), Is.EqualTo(new[] { 1001L }));
    }

    [Test]
    public void A_type_that_is_no_declared_notification_is_refused() =>
        Assert.That(() => App.Services.GetRequiredService<Subscriptions>().NameOf(typeof(string)), Throws.InvalidOperationException);

    private async Task Parked()
    {
        heard.Refuses[1001] = true;
        await Publish(1001);
        await Publish(1002);
        for (var i = 0; i < Relay.MaxAttempts; i++)
        {
            await App.DrainAsync();
            App.Advance(TimeSpan.FromMinutes(10));
        }
    }

    private Task Publish(long id) =>
        App.As(null)
            .In(async s =>
            {
                var db = s.GetRequiredService<Db>();
                await db.BeginAsync();
                await s.GetRequiredService<Outbox>().AddAsync($"case:{id / 1000}", new DocumentFiled { CaseId = id / 1000, DocumentId = id });
                await db.CommitAsync();
            });
}
