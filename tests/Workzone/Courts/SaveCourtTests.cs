using CourtOps.Kernel.Messaging;
using CourtOps.Workzone.People;

namespace CourtOps.Workzone.Courts;

/// <summary>The tree of the courts follows from their codes, also when one is changed or comes between.</summary>
[TestFixtureSource(typeof(Engines), nameof(Engines.All))]
public sealed class SaveCourtTests(Engine engine) : AppTests(engine)
{
    [Test]
    public async Task A_court_cannot_hang_below_itself()
    {
        // 吉 would become 吉2424 without cases below 吉24, which hangs below 吉
        var (id, version) = await CourtAsync("吉");
        await App.As(null).Send(new SaveCourt { Code = "吉25", Name = "样例中级人民法院" });
        await Assert.ThatAsync(
            () =>
                App.Send(
                    new SaveCourt
                    {
                        Id = id,
                        Version = version,
                        Code = "吉2599",
                        Name = "吉林省高级人民法院",
                    }
                ),
            Throws.TypeOf<RuleBroken>().With.Property(nameof(RuleBroken.Code)).EqualTo("circle")
        );
        Assert.That((await CourtAsync("吉")).Id, Is.EqualTo(id), "nothing was kept");
    }

    [Test]
    public async Task A_court_that_comes_between_takes_the_courts_below_it()
    {
        var low = await App.As(null).Send(new SaveCourt { Code = "吉2601", Name = "样例县人民法院" });
        Assert.That(await AboveAsync(low), Is.EqualTo("吉"), "there is none between yet");
        var middle = await App.Send(new SaveCourt { Code = "吉26", Name = "样例中级人民法院" });
        Assert.That((await AboveAsync(low), await AboveAsync(middle)), Is.EqualTo(("吉26", "吉")));
        var version = (await CourtAsync("吉26")).Version;
        await App.Send(
            new SaveCourt
            {
                Id = middle,
                Version = version,
                Code = "吉27",
                Name = "样例中级人民法院",
            }
        );
        Assert.That((await AboveAsync(low), await AboveAsync(middle)), Is.EqualTo(("吉", "吉")), "by its new code it is above others");
    }

    [Test]
    public async Task The_name_changes_with_cases_and_the_code_does_not()
    {
        await App.Case(1, SampleParty.Provided);
        var (id, version) = await CourtAsync("吉2424");
        await Assert.ThatAsync(
            () =>
                App.As("sysadmin")
                    .Send(
                        new SaveCourt
                        {
                            Id = id,
                            Version = version,
                            Code = "吉2499",
                            Name = "汪清县人民法院",
                        }
                    ),
            Throws.TypeOf<RuleBroken>().With.Property(nameof(RuleBroken.Code)).EqualTo("has-cases")
        );
        await App.Send(
            new SaveCourt
            {
                Id = id,
                Version = version,
                Code = "吉2424",
                Name = "汪清市人民法院",
            }
        );
        await Assert.ThatAsync(
            () =>
                App.Send(
                    new SaveCourt
                    {
                        Id = id,
                        Version = version,
                        Code = "吉2424",
                        Name = "汪清区人民法院",
                    }
                ),
            Throws.TypeOf<Conflict>(),
            "saved by two"
        );
        Assert.That(await App.As(null).Value<string>("SELECT name FROM workzone_court WHERE id = @id", new { id }), Is.EqualTo("汪清市人民法院"));
    }

    [Test]
    public async Task Another_courts_administrator_neither_changes_it_nor_takes_it_over()
    {
        await App.As(null)
            .Send(
                new SavePerson
                {
                    Login = "sys-2401",
                    Name = "管理二",
                    Court = "吉2401",
                    Roles = ["sysadmin"],
                    Password = TestApp.Password,
                }
            );
        var (id, version) = await CourtAsync("吉2424");
        await Assert.ThatAsync(
            () =>
                App.As("sys-2401")
                    .Send(
                        new SaveCourt
                        {
                            Id = id,
                            Version = version,
                            Code = "吉2424",
                            Name = "别院",
                        }
                    ),
            Throws.TypeOf<RuleBroken>().With.Property(nameof(RuleBroken.Code)).EqualTo("scope")
        );
        var own = await CourtAsync("吉2401");
        await Assert.ThatAsync(
            () =>
                App.As("sys-2401")
                    .Send(
                        new SaveCourt
                        {
                            Id = own.Id,
                            Version = own.Version,
                            Code = "吉2501",
                            Name = "移到别处",
                        }
                    ),
            Throws.TypeOf<RuleBroken>().With.Property(nameof(RuleBroken.Code)).EqualTo("scope"),
            "what it would hang below is another's"
        );
    }

    [Test]
    public async Task The_page_changes_it_and_keeps_what_was_refused()
    {
        var browser = await App.SignedIn("sysadmin");
        var (id, version) = await CourtAsync("吉2424");
        var page = $"/courts/{id}";
        var saved = await TestApp.PostForm(
            browser,
            page,
            page + "?handler=Court",
            [("Court.Version", $"{version}"), ("Court.Code", "吉2424"), ("Court.Name", "汪清市人民法院")]
        );
        Assert.That((int)saved.StatusCode, Is.EqualTo(302), await saved.Content.ReadAsStringAsync());
        var refused = await TestApp.PostForm(
            browser,
            page,
            page + "?handler=Court",
            [("Court.Version", $"{version + 1}"), ("Court.Code", "2424吉"), ("Court.Name", "改名人民法院")]
        );
        var text = await refused.Content.ReadAsStringAsync();
        Assert.That(
            (
                (int)refused.StatusCode,
                text.Contains("2424吉", StringComparison.Ordinal),
                text.Contains("改名人民法院", StringComparison.Ordinal),
                text.Contains("法院代字形如", StringComparison.Ordinal)
            ),
            Is.EqualTo((422, true, true, true))
        );
    }

    private async Task<(long Id, int Version)> CourtAsync(string code)
    {
        var row = (await App.As(null).Value<Row>("SELECT id, version FROM workzone_court WHERE code = @code", new { code }))!;
        return (row.Id, row.Version);
    }

    private Task<string?> AboveAsync(long id) =>
        App.As(null).Value<string>("SELECT u.code FROM workzone_court c JOIN workzone_court u ON u.id = c.parent_id WHERE c.id = @id", new { id });

    private sealed record Row
    {
        public long Id { get; init; }
        public int Version { get; init; }
    }
}
