using CourtOps.Host;
using CourtOps.Kernel.Audit;
using CourtOps.Kernel.Data;
using CourtOps.Kernel.Messaging;
using CourtOps.Kernel.Settings;
using FluentValidation;
using Microsoft.Extensions.DependencyInjection;

namespace CourtOps.Kernel.Tests.Settings;

/// <summary>Values of courts: inherited, dated, confirmed by a second person, pinned; decisions and dry runs over them.</summary>
[TestFixtureSource(typeof(Engines), nameof(Engines.All))]
public sealed class SettingTests(Engine engine) : AppTests(engine)
{
    private static readonly DateOnly Monday = new(2026, 3, 2);

    protected override void Prepare(TestAppOptions options) => options.Modules = [.. CourtOpsApp.Modules, new SampleCapability()];

    private ISettings Settings => App.Services.GetRequiredService<ISettings>();

    [Test]
    public async Task A_value_comes_from_the_nearest_court_above_that_set_one()
    {
        var (basic, middle) = (await Court("吉2424"), await Court("吉24"));
        Assert.That(Days(basic), Is.EqualTo(3), "the default");
        await Set(middle, 5);
        Assert.That((Days(basic), Days(middle)), Is.EqualTo((5, 5)));
        await Set(basic, 2);
        Assert.That((Days(basic), Days(middle)), Is.EqualTo((2, 5)));
        await Set(basic, null);
        Assert.That(Days(basic), Is.EqualTo(5), "given up for the inherited one");
        await Set(0, 7);
        Assert.That((Days(middle), Days(0), Days(999)), Is.EqualTo((5, 7, 7)), "0 is every court");
        Assert.That(Settings.Find(SampleCapability.NoReply, basic, App.Clock.GetUtcNow()).Source, Is.EqualTo(new SettingSource(middle, 1)));
    }

    [Test]
    public async Task A_version_begins_at_midnight_in_shanghai_and_the_one_before_counts_until_then()
    {
        var court = await Court("吉2424");
        await Set(court, 5);
        await Set(court, 8, Monday.AddDays(3));
        var midnight = TestClock.Shanghai(2026, 3, 5, 0, 0);
        App.At(midnight.AddMilliseconds(-1));
        Assert.That(Days(court), Is.EqualTo(5));
        App.At(midnight);
        Assert.That(Days(court), Is.EqualTo(8));
        Assert.That(Settings.At<SampleWait>(court, midnight.AddTicks(-1)).Days, Is.EqualTo(5), "a question about the past is answered by the past");
        Assert.That(Settings.At<SampleWait>(court, TestClock.Monday.AddDays(-9)).Days, Is.EqualTo(3));
    }

    [Test]
    public async Task Two_versions_of_one_day_yesterday_and_a_value_that_is_there_already_are_refused()
    {
        var court = await Court("吉2424");
        await Set(court, 5, Monday.AddDays(3));
        Assert.That(async () => await Set(court, 6, Monday.AddDays(3)), Throws.TypeOf<RuleBroken>().With.Property("Code").EqualTo("overlap"));
        Assert.That(async () => await Set(court, 6, Monday.AddDays(-1)), Throws.TypeOf<RuleBroken>().With.Property("Code").EqualTo("past"));
        Assert.That(async () => await Set(court, null), Throws.TypeOf<RuleBroken>().With.Property("Code").EqualTo("same"));
        Assert.That(
            async () => await Set(court, 5, Monday.AddDays(5)),
            Throws.TypeOf<RuleBroken>().With.Property("Code").EqualTo("same"),
            "by then it counts already"
        );
        await Set(court, 6, Monday.AddDays(2));
        App.At(TestClock.Shanghai(2026, 3, 4, 12, 0));
        Assert.That(Days(court), Is.EqualTo(6));
        App.Advance(TimeSpan.FromDays(1));
        Assert.That(Days(court), Is.EqualTo(5));
    }

    [Test]
    public async Task Of_two_administrators_the_second_is_told_who_was_quicker()
    {
        var court = await Court("吉2424");
        await Set(court, 5);
        Assert.That(
            async () => await Save(SampleCapability.Wait, court, new SampleWait { Days = 6 }, seen: 0),
            Throws.TypeOf<Conflict>().With.Property("Who").Not.Null.And.Message.Contains("第 1 版")
        );
        Assert.That(Days(court), Is.EqualTo(5));
    }

    [TestCase(0, 15, "最小 1")]
    [TestCase(11, 15, "最大 10")]
    [TestCase(3, 14, "《民事诉讼法》第128条", Description = "laxer than law")]
    [TestCase(3, 20, null, Description = "stricter than law")]
    public async Task Ranges_and_law_hold(int days, int reply, string? refused)
    {
        var court = await Court("吉2424");
        var save = () => Save(SampleCapability.Wait, court, new SampleWait { Days = days, Reply = reply });
        if (refused is null)
            await save();
        else
            Assert.That(async () => await save(), Throws.TypeOf<ValidationException>().With.Message.Contains(refused));
        Assert.That(Settings.Current<SampleWait>(court).Reply, Is.EqualTo(refused is null ? reply : 15));
    }

    [Test]
    public async Task What_two_persons_decide_counts_when_the_second_has_said_yes()
    {
        var court = await Court("吉2424");
        var table = TableCheckTests.Rows("is:civil . → simple 60;. . → ordinary 100");
        var id = await Save(SampleCapability.Table, court, table);
        Assert.That(Settings.Current<TableBody>(SampleCapability.Track, court).Rows, Is.EqualTo(SampleCapability.Table.Default.Rows));
        Assert.That(async () => await Decide(id, true), Throws.TypeOf<Forbidden>(), "not by the asker");
        Assert.That(
            async () => await Save(SampleCapability.Table, court, table, seen: 1),
            Throws.TypeOf<RuleBroken>().With.Property("Code").EqualTo("pending")
        );
        App.As("leader");
        await Decide(id, true);
        Assert.That(Settings.Current<TableBody>(SampleCapability.Track, court).Rows[0].Then["Days"], Is.EqualTo("60"));
        Assert.That(async () => await Decide(id, true), Throws.TypeOf<Conflict>());
    }

    [Test]
    public async Task What_was_refused_or_withdrawn_never_counts()
    {
        var court = await Court("吉2424");
        var refused = await Save(SampleCapability.Table, court, TableCheckTests.Rows(". . → simple 60"));
        App.As("leader");
        Assert.That(async () => await Decide(refused, false), Throws.TypeOf<RuleBroken>(), "without a reason");
        await Decide(refused, false, "不合适");
        await Set(court, 9, Monday.AddDays(1));
        await Withdraw((await Newest(SampleCapability.NoReply)).Id);
        App.Advance(TimeSpan.FromDays(3));
        Assert.That((Days(court), Settings.Current<TableBody>(SampleCapability.Track, court).Rows.Count), Is.EqualTo((3, 2)));
        await Set(court, 4);
        var inForce = await Newest(SampleCapability.NoReply);
        Assert.That(async () => await Withdraw(inForce.Id), Throws.TypeOf<RuleBroken>().With.Property("Code").EqualTo("in-force"));
    }

    [Test]
    public async Task Work_goes_on_by_the_rules_it_began_with()
    {
        var court = await Court("吉2424");
        var (byDefault, key) = (Settings.Pin<SampleWait>(court), SampleCapability.NoReply);
        await Set(court, 5);
        var bySetting = Settings.Pin<SampleWait>(court);
        await Set(court, 8);
        Assert.That((Settings.Pinned<SampleWait>(byDefault).Days, Settings.Pinned<SampleWait>(bySetting).Days, Days(court)), Is.EqualTo((3, 5, 8)));
        Assert.That(byDefault, Does.StartWith("={"), "the default itself, which a later program may change");
        Assert.That(((SampleWait)Settings.Pinned(key, bySetting)).Days, Is.EqualTo(5));
    }

    [Test]
    public async Task A_lookup_runs_no_statement_and_another_host_sees_a_change_by_its_stamp()
    {
        var court = await Court("吉2424");
        Days(court);
        var before = Database.Watch;
        var ran = 0;
        Database.Watch = sql =>
        {
            before?.Invoke(sql);
            Interlocked.Increment(ref ran);
        };
        try
        {
            for (var i = 0; i < 1000; i++)
                Days(court);
        }
        finally
        {
            Database.Watch = before;
        }
        Assert.That(ran, Is.Zero);
        var other = new SettingStore(
            App.Services.GetRequiredService<Database>(),
            App.Services.GetRequiredService<SettingCatalogue>(),
            App.Services.GetRequiredService<ISettingTree>()
        );
        await other.RefreshAsync(default);
        await Set(court, 9);
        Assert.That(((SampleWait)other.Find(SampleCapability.Wait, court, App.Clock.GetUtcNow()).Value).Days, Is.EqualTo(3), "until it looks");
        Assert.That(await other.RefreshAsync(default), Is.True);
        Assert.That(((SampleWait)other.Find(SampleCapability.Wait, court, App.Clock.GetUtcNow()).Value).Days, Is.EqualTo(9));
        Assert.That(await other.RefreshAsync(default), Is.False);
        Assert.That(SettingStore.Every, Is.LessThan(TimeSpan.FromSeconds(5)));
    }

    private int Days(long court) => Settings.Current<SampleWait>(court).Days;

    private async Task<long> Court(string code) => await App.Value<long>("SELECT id FROM workzone_court WHERE code = @code", new { code });

    private Task<long> Set(long court, int? days, DateOnly? from = null) =>
        Save(SampleCapability.Wait, court, days is { } d ? new SampleWait { Days = d } : null, from);

    private Task<long> Save(SettingDefinition setting, long court, object? value, DateOnly? from = null, int? seen = null) =>
        App.In(async s =>
        {
            var (db, book) = (s.GetRequiredService<Db>(), s.GetRequiredService<SettingBook>());
            await db.BeginAsync();
            var newest = await book.HistoryAsync(setting.Key, court, default);
            var id = await book.SaveAsync(new SettingChange(setting, court, value, from, "试", seen ?? (newest.Count > 0 ? newest[0].Version : 0)), default);
            await db.CommitAsync();
            return id;
        });

    private Task Decide(long id, bool confirm, string words = "") =>
        App.In(async s =>
        {
            var (db, book) = (s.GetRequiredService<Db>(), s.GetRequiredService<SettingBook>());
            await db.BeginAsync();
            await book.DecideAsync((await book.FindAsync(id, default))!, confirm, words, default);
            await db.CommitAsync();
        });

    private Task Withdraw(long id) =>
        App.In(async s =>
        {
            var (db, book) = (s.GetRequiredService<Db>(), s.GetRequiredService<SettingBook>());
            await db.BeginAsync();
            await book.WithdrawAsync((await book.FindAsync(id, default))!, default);
            await db.CommitAsync();
        });

    private async Task<SettingVersion> Newest(string key) =>
        (await App.Value<SettingVersion>("SELECT id, version FROM kernel_setting_version WHERE setting_key = @key ORDER BY version DESC", new { key }))!;
}
