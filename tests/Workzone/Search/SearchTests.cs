using CourtOps.Kernel.Search;
using CourtOps.Workzone.WorkOrders;
using Microsoft.Extensions.DependencyInjection;

namespace CourtOps.Workzone.Search;

/// <summary>One box: what is found, by whom, and that the index follows the data.</summary>
[TestFixtureSource(typeof(Engines), nameof(Engines.All))]
public sealed class SearchTests(Engine engine) : AppTests(engine)
{
    private async Task<Find.Result> Look(string person, string text) => await App.As(person).Send(new Find { Text = text });

    private async Task<ServedOrder> Arrange()
    {
        var order = await App.Asked(1234, [SampleParty.Provided with { Phone = "13912345678" }], accept: false);
        await App.Case(777, new SampleParty("延边某建材公司"));
        await App.DrainAsync();
        return order;
    }

    [TestCase("（2026）吉2424民初1234号")]
    [TestCase("(2026)吉2424民初1234号")]
    [TestCase("民初1234")]
    [TestCase("1234")]
    [TestCase("234号")]
    [TestCase("4民初12")]
    [TestCase("424民初")]
    [TestCase("王某乙")]
    [TestCase("某乙")]
    [TestCase("张某 民初1234")]
    public async Task A_case_is_found_by_any_fragment(string text)
    {
        var order = await Arrange();
        Assert.That((await Look("judge", text)).Cases.Select(c => c.Id), Does.Contain(order.CaseId), text);
    }

    [TestCase("judge", " （2026） 吉2424民初1234号", true)]
    [TestCase("judge", "(２０２６)吉2424民初１２３４号", true)]
    [TestCase("judge", "（2026）吉2424民初1235号", false)]
    [TestCase("judge", "民初1234", false)]
    [TestCase("judge2", "（2026）吉2424民初1234号", false)]
    public async Task A_whole_number_leads_to_its_case_before_the_index_knows_it(string person, string text, bool found)
    {
        var order = await App.Asked(1234, [SampleParty.Provided], accept: false);
        Assert.That((await Look(person, text)).Whole?.Id, Is.EqualTo(found ? order.CaseId : null), text);
    }

    [TestCase("民初1235")]
    [TestCase("乙某")]
    [TestCase("李某")]
    [TestCase("王")]
    [TestCase("")]
    [TestCase("\"* OR words")]
    [TestCase("' ; DROP TABLE x --")]
    public async Task What_is_not_there_is_not_found(string text)
    {
        await Arrange();
        Assert.That((await Look("judge", text)).Cases, Is.Empty);
    }

    [TestCase("judge", 1)]
    [TestCase("assistant", 1)]
    [TestCase("leader", 1)]
    [TestCase("judge2", 0)]
    [TestCase("clerk", 0)]
    [TestCase("judge-yanji", 0)]
    public async Task Only_who_may_see_a_case_finds_it(string person, int found)
    {
        await Arrange();
        Assert.That((await Look(person, "民初1234")).Cases, Has.Count.EqualTo(found));
    }

    [Test]
    public async Task An_order_is_found_by_its_centre_its_asker_and_nobody_elsewhere()
    {
        var order = await Arrange();
        var number = await App.As(null).Value<string>("SELECT number FROM workzone_order WHERE id = @OrderId", new { order.OrderId });
        foreach (var (person, found) in new[] { ("clerk", 1), ("lead", 1), ("judge", 1), ("leader", 1), ("judge2", 0), ("archivist", 0), ("clerk-yanji", 0) })
            Assert.That((await Look(person, number!)).Orders, Has.Count.EqualTo(found), person);
        Assert.That((await Look("clerk", number![^4..])).Orders.Select(o => o.Id), Does.Contain(order.OrderId));
    }

    [Test]
    public async Task A_whole_phone_number_is_found_with_the_permission_and_never_a_part_of_it()
    {
        var order = await Arrange();
        var found = await Look("judge", "13912345678");
        Assert.That((found.ByPhone, found.Cases.Single().Id), Is.EqualTo((true, order.CaseId)));
        Assert.That((await Look("judge", "1391234567")).Cases, Is.Empty);
        Assert.That((await Look("leader", "13912345678")).Cases, Is.Empty, "without the permission");
        Assert.That((await Look("judge2", "13912345678")).Cases, Is.Empty, "a case of somebody else");
    }

    [Test]
    public async Task The_index_follows_a_change_and_can_be_built_again()
    {
        var order = await Arrange();
        Assert.That(await App.Verify("search"), Is.Empty);
        await App.As(null).Change("UPDATE workzone_party SET name = '金某丁' WHERE case_id = @CaseId AND name = '王某乙'", new { order.CaseId });
        Assert.That(await App.Verify("search"), Has.Count.EqualTo(1), "changed behind the product's back");
        await App.As(null).In(s => s.GetRequiredService<SearchFeeder>().RebuildAsync(default));
        Assert.That(await App.Verify("search"), Is.Empty);
        Assert.That((await Look("judge", "金某丁")).Cases.Single().Id, Is.EqualTo(order.CaseId));
        Assert.That((await Look("judge", "王某乙")).Cases, Is.Empty);
    }

    [Test]
    public async Task A_damaged_index_is_built_again_by_itself()
    {
        var order = await Arrange();
        await App.Services.GetRequiredService<SearchIndex>().DropAsync(default);
        await File.WriteAllBytesAsync(Path.Combine(App.Folder, "search.db"), [.. Enumerable.Repeat((byte)7, 9000)]);
        Assert.That((await Look("judge", "民初1234")).Cases, Is.Empty, "nothing is found, and nothing breaks");
        await App.DrainAsync();
        Assert.That((await Look("judge", "民初1234")).Cases.Single().Id, Is.EqualTo(order.CaseId));
    }

    [Test]
    public async Task An_index_that_breaks_while_it_is_open_is_built_again_by_itself()
    {
        var order = await Arrange();
        Assert.That((await Look("judge", "民初1234")).Cases, Has.Count.EqualTo(1));
        await Spoil("id > 10");
        Assert.That((await Look("judge", "民初1234")).Cases, Is.Empty, "nothing is found, and nothing breaks");
        await App.DrainAsync();
        Assert.That((await Look("judge", "民初1234")).Cases.Single().Id, Is.EqualTo(order.CaseId));
    }

    [TestCase("id > 10")]
    [TestCase("id = 10")] // the engine itself takes an empty structure for a sound one
    public async Task Verify_finds_a_damaged_index(string blocks)
    {
        await Arrange();
        Assert.That(await App.Verify("search"), Is.Empty);
        await Spoil(blocks);
        Assert.That((await App.Verify("search")).Single().What, Does.Contain("rebuild-search"));
    }

    private async Task Spoil(string blocks)
    {
        await using var other = new Microsoft.Data.Sqlite.SqliteConnection($"Data Source={Path.Combine(App.Folder, "search.db")};Pooling=False");
        await other.OpenAsync();
        await using var spoil = other.CreateCommand();
        spoil.CommandText = $"UPDATE search_case_data SET block = x'07070707' WHERE {blocks}";
        Assert.That(await spoil.ExecuteNonQueryAsync(), Is.Positive);
    }

    [Test]
    public async Task Many_hits_come_by_pages_and_each_once()
    {
        await App.As(null).In(s => s.GetRequiredService<Seeding.ISeeder>().FillAsync(150, 0, 1, _ => { }, default));
        await App.DrainAsync();
        App.As("leader");
        var seen = new List<long>();
        for (long before = long.MaxValue; ; )
        {
            var page = await App.Send(
                new Find
                {
                    Text = "2424民初",
                    CasesBefore = before,
                    OrdersBefore = 0,
                }
            );
            seen.AddRange(page.Cases.Select(c => c.Id));
            if (page.MoreCases is not { } more)
                break;
            before = more;
        }
        Assert.That(seen, Has.Count.EqualTo(150).And.Unique);
    }

    [Test]
    public async Task The_palette_and_the_page_show_the_same()
    {
        var order = await Arrange();
        var browser = await App.SignedIn("judge");
        Assert.That(
            await browser.GetStringAsync(new Uri("/search/palette?q=" + Uri.EscapeDataString("民初1234"), UriKind.Relative)),
            Does.Contain($"/cases/{order.CaseId}").And.Not.Contain("<html")
        );
        Assert.That(
            await browser.GetStringAsync(new Uri("/search?q=" + Uri.EscapeDataString("张某甲"), UriKind.Relative)),
            Does.Contain($"/cases/{order.CaseId}")
        );
        await Assert.ThatAsync(() => App.As("sysadmin").Send(new Find { Text = "民初" }), Throws.TypeOf<Kernel.Messaging.Forbidden>());
    }
}
