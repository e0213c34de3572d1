using CourtOps.Kernel.Web;

namespace CourtOps.Kernel.Messaging;

/// <summary>What a browser hears: each word once, and none lost between the making of a page and the opening of its stream.</summary>
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class ChangesTests : IDisposable
{
    private readonly Changes changes = new();
    private readonly CancellationTokenSource end = new(TimeSpan.FromSeconds(20));

    public void Dispose() => end.Dispose();

    [Test]
    public async Task A_stream_tells_what_was_said_after_the_page_was_made()
    {
        changes.Say("before");
        var page = changes.Mark;
        changes.Say("notices:1");
        changes.Say("orders");
        changes.Say("notices:1");
        await using var stream = Open(page);
        Assert.That(await Next(stream, 2), Is.EqualTo(new[] { "notices:1", "orders" }));
        changes.Say("case:7");
        Assert.That(await Next(stream, 1), Is.EqualTo(new[] { "case:7" }));
    }

    [Test]
    public async Task A_stream_that_was_cut_goes_on_after_the_last_word_it_heard()
    {
        string mark;
        await using (var stream = Open(changes.Mark))
        {
            changes.Say("a");
            await stream.MoveNextAsync();
            mark = stream.Current.Mark;
        }
        changes.Say("b");
        await using var again = Open(mark);
        Assert.That(await Next(again, 1), Is.EqualTo(new[] { "b" }));
    }

    [Test]
    public async Task Without_a_mark_it_begins_now()
    {
        changes.Say("before");
        await using var stream = Open(null);
        var next = stream.MoveNextAsync();
        changes.Say("now");
        Assert.That((await next, stream.Current.Topic), Is.EqualTo((true, "now")));
    }

    [TestCase("0badcafe.3")]
    [TestCase("")]
    [TestCase("x")]
    [TestCase("SELF.-1")]
    [TestCase("SELF.99999999999999999999")]
    [TestCase("SELF.700")]
    [TestCase("SELF.0")]
    public async Task A_mark_of_another_process_of_the_future_or_of_long_ago_means_look_again(string mark)
    {
        for (var i = 0; i <= Changes.Kept; i++)
            changes.Say($"order:{i}");
        await using var stream = Open(mark.Replace("SELF", changes.Mark.Split('.')[0], StringComparison.Ordinal));
        Assert.That(await Next(stream, 1), Is.EqualTo(new[] { Changes.All }));
    }

    [Test]
    public async Task The_oldest_word_that_is_kept_is_still_told()
    {
        changes.Say("first");
        var page = changes.Mark;
        for (var i = 0; i < Changes.Kept; i++)
            changes.Say($"order:{i % 50}");
        await using var stream = Open(page);
        Assert.That(await Next(stream, 50), Is.EqualTo(Enumerable.Range(0, 50).Select(i => $"order:{i}")));
    }

    [Test]
    public async Task Nothing_is_lost_while_others_speak()
    {
        var heard = new HashSet<string>();
        var mark = changes.Mark;
        var speaking = Task.Run(() =>
        {
            for (var i = 0; i < 20_000; i++)
                changes.Say($"n{i % 40}");
            changes.Say("end");
        });
        // cut after each word, again and again; "look again" stands for all that was said before its mark
        while (!heard.Contains("end"))
        {
            await using var stream = Open(mark);
            Assert.That(await stream.MoveNextAsync(), Is.True);
            mark = stream.Current.Mark;
            heard.Add(stream.Current.Topic);
            if (stream.Current.Topic != Changes.All || mark != changes.Mark)
                continue;
            await speaking; // perhaps it stood for the end; what is said after it is heard in the next round
            if (mark == changes.Mark)
                heard.Add("end");
        }
        await speaking;
        await using var rest = Open(mark);
        changes.Say("last");
        Assert.That((await Next(rest, 1))[0], Is.EqualTo("end").Or.EqualTo("last"));
    }

    [Test]
    public async Task Whoever_is_cut_off_among_several_words_hears_them_again()
    {
        var mark = changes.Mark;
        await using (var stream = Open(mark))
        {
            changes.Say("a");
            changes.Say("b");
            await stream.MoveNextAsync();
            mark = stream.Current.Mark;
        }
        await using var again = Open(mark);
        Assert.That(await Next(again, 2), Is.EqualTo(new[] { "a", "b" }));
    }

    [Test]
    public async Task Of_an_object_hears_who_was_let_at_it()
    {
        const long member = 7,
            stranger = 8;
        var page = changes.Mark;
        changes.Allow(member, "case:1", changes.Said);
        changes.Say("case:1");
        await using var inside = changes.ListenAsync(page, member, end.Token).GetAsyncEnumerator();
        await using var outside = changes.ListenAsync(page, stranger, end.Token).GetAsyncEnumerator();
        Assert.That(await Next(inside, 1), Is.EqualTo(new[] { "case:1" }), "also of what was said before the stream was there");
        changes.Say("case:2");
        changes.Say("case:1");
        changes.Say("orders");
        Assert.That(await Next(inside, 2), Is.EqualTo(new[] { "case:1", "orders" }));
        Assert.That(await Next(outside, 1), Is.EqualTo(new[] { "orders" }), "a stranger hears no id");
    }

    [Test]
    public async Task When_who_may_see_it_changes_it_is_said_once_more_and_then_to_those_who_open_it_again()
    {
        changes.Allow(7, "case:1", changes.Said);
        changes.Allow(8, "case:1", changes.Said);
        await using var stays = changes.ListenAsync(changes.Mark, 7, end.Token).GetAsyncEnumerator();
        await using var goes = changes.ListenAsync(changes.Mark, 8, end.Token).GetAsyncEnumerator();
        changes.Say("orders");
        Assert.That((await Next(stays, 1), await Next(goes, 1)), Is.EqualTo((new[] { "orders" }, new[] { "orders" })));
        changes.Reshuffle("case:1");
        Assert.That((await Next(stays, 1), await Next(goes, 1)), Is.EqualTo((new[] { "case:1" }, new[] { "case:1" })));
        changes.Allow(7, "case:1", changes.Said);
        changes.Say("case:1");
        changes.Say("notices");
        Assert.That((await Next(stays, 2), await Next(goes, 1)), Is.EqualTo((new[] { "case:1", "notices" }, new[] { "notices" })));
        changes.Forget(7);
        changes.Say("case:1");
        changes.Say("orders");
        Assert.That(await Next(stays, 1), Is.EqualTo(new[] { "orders" }), "rights that change end it");
    }

    [TestCase(false)]
    [TestCase(true)]
    public async Task A_page_whose_stream_opens_after_that_hears_what_the_open_streams_heard_and_nothing_later(bool forgotten)
    {
        var page = changes.Mark;
        changes.Allow(7, "case:1", changes.Said);
        changes.Say("case:1");
        if (forgotten)
            changes.Forget(7);
        else
            changes.Reshuffle("case:1");
        changes.Say("orders");
        await using (var late = changes.ListenAsync(page, 7, end.Token).GetAsyncEnumerator())
            Assert.That(await Next(late, 2), Is.EqualTo(new[] { "case:1", "orders" }));
        page = changes.Mark;
        changes.Say("case:1");
        changes.Say("notices");
        await using var later = changes.ListenAsync(page, 7, end.Token).GetAsyncEnumerator();
        Assert.That(await Next(later, 1), Is.EqualTo(new[] { "notices" }));
    }

    [TestCase(false)]
    [TestCase(true)]
    public void Who_was_asked_about_before_and_let_in_after_hears_nothing(bool forgotten)
    {
        var asked = changes.Said;
        if (forgotten)
            changes.Forget(7);
        else
            changes.Reshuffle("case:1");
        changes.Allow(7, "case:1", asked);
        Assert.That(changes.Hears(7, "case:1"), Is.False);
        changes.Allow(7, "case:1", changes.Said);
        Assert.That(changes.Hears(7, "case:1"), Is.True, "asked about once more");
        for (var i = 0; i <= Changes.Kept; i++)
            changes.Say("orders");
        changes.Allow(7, "case:2", asked);
        Assert.That(changes.Hears(7, "case:2"), Is.False, "so long ago that nobody knows");
    }

    [Test]
    public void Of_very_many_objects_the_last_ones_are_heard()
    {
        for (var i = 0; i <= Changes.Most; i++)
            changes.Allow(7, $"case:{i}", changes.Said);
        Assert.That((changes.Hears(7, "case:0"), changes.Hears(7, "case:1"), changes.Hears(7, $"case:{Changes.Most}")), Is.EqualTo((false, true, true)));
    }

    private IAsyncEnumerator<(string Topic, string Mark)> Open(string? since) => changes.ListenAsync(since, null, end.Token).GetAsyncEnumerator();

    private static async Task<List<string>> Next(IAsyncEnumerator<(string Topic, string Mark)> stream, int count)
    {
        var topics = new List<string>();
        for (var i = 0; i < count && await stream.MoveNextAsync(); i++)
            topics.Add(stream.Current.Topic);
        return topics;
    }
}
