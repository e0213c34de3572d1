using CourtOps.Kernel.Messaging;
using CourtOps.Workzone.People;

namespace CourtOps.Workzone.Rights;

/// <summary>A security administrator of one court under an upper court that has its own.</summary>
[TestFixtureSource(typeof(Engines), nameof(Engines.All))]
public sealed class CourtScopeTests(Engine engine) : AppTests(engine)
{
    private static NUnit.Framework.Constraints.IResolveConstraint OutOfScope => Throws.TypeOf<RuleBroken>().With.Property(nameof(RuleBroken.Code)).EqualTo("scope");

    [SetUp]
    public async Task TwoCounties()
    {
        App.As(null);
        await App.Send(new SavePerson { Login = "sec-2424", Name = "安全一", Court = "吉2424", Roles = ["secadmin"], Password = TestApp.Password });
        await App.Send(new SavePerson { Login = "sec-2401", Name = "安全二", Court = "吉2401", Roles = ["secadmin"], Password = TestApp.Password });
        await App.Send(new SavePerson { Login = "sec-2401b", Name = "安全三", Court = "吉2401", Roles = ["secadmin"], Password = TestApp.Password });
        await App.Send(new SavePerson { Login = "clerk-2401", Name = "送达二", Court = "吉2401", Roles = ["clerk:service"], Password = TestApp.Password });
    }

    [Test]
    public async Task Another_courts_change_is_neither_seen_nor_decided()
    {
        var change = await AskForRolesAsync();
        Assert.That((await App.As("sec-2424").Send(new ListChanges())).Select(c => c.Id), Does.Not.Contain(change));
        await Assert.ThatAsync(() => App.Send(new DecideChange { Id = change, Confirm = true }), Throws.TypeOf<NotFound>());
        Assert.That((await App.As("sec-2401b").Send(new DecideChange { Id = change, Confirm = true })).State, Is.EqualTo("confirmed"));
    }

    [Test]
    public async Task The_upper_courts_administrator_decides_below()
    {
        var change = await AskForRolesAsync();
        Assert.That((await App.As("secadmin").Send(new DecideChange { Id = change, Confirm = true })).State, Is.EqualTo("confirmed"));
    }

    [Test]
    public async Task What_holds_for_every_court_is_the_highest_ones()
    {
        var everywhere = new AskForMatrix { Items = [new MatrixBody.Item(Roles.Judge, "workzone.orders.export", 0, false)], Reason = "收紧" };
        await Assert.ThatAsync(() => App.As("sec-2424").Send(everywhere), OutOfScope);
        await Assert.ThatAsync(() => App.Send(new AskForPolicy { Policy = new SignInPolicy { TriesBeforeLock = 4 }, Reason = "收紧" }), OutOfScope);
        var there = await App.As(null).Value<long>("SELECT id FROM workzone_court WHERE code = '吉2401'");
        await Assert.ThatAsync(() => App.As("sec-2424").Send(everywhere with { Items = [everywhere.Items[0] with { CourtId = there }] }), OutOfScope);
        Assert.That(await App.As("secadmin").Send(everywhere), Is.Positive);
    }

    [Test]
    public async Task Keys_of_another_court_are_out_of_reach()
    {
        var ask = new AskForKey { Login = "clerk-2401", Purpose = "对接", Reason = "对接", PerMinute = 60, Days = 30 };
        await Assert.ThatAsync(() => App.As("sec-2424").Send(ask), OutOfScope);
        var change = await App.As("sec-2401").Send(ask);
        await App.As("sec-2401b").Send(new DecideChange { Id = change, Confirm = true });
        await App.As("sec-2401").Send(new CollectKey { ChangeId = change });
        var key = (await App.Send(new ListKeys())).Single().Id;
        Assert.That(await App.As("sec-2424").Send(new ListKeys()), Is.Empty);
        await Assert.ThatAsync(() => App.Send(new RotateKey { Id = key }), Throws.TypeOf<NotFound>());
        await Assert.ThatAsync(() => App.Send(new RevokeKey { Id = key }), Throws.TypeOf<NotFound>());
        await App.As("secadmin").Send(new RevokeKey { Id = key });
    }

    [Test]
    public async Task Sessions_of_another_court_are_out_of_reach()
    {
        await App.SignedIn("clerk-2401");
        var session = await App.As(null).Value<long>("SELECT MAX(s.id) FROM workzone_session s");
        Assert.That((await App.As("sec-2424").Send(new ListSessions { Everybody = true })).Select(s => s.Id), Does.Not.Contain(session));
        await Assert.ThatAsync(() => App.Send(new EndSession { Id = session }), Throws.TypeOf<NotFound>());
        Assert.That((await App.As("sec-2401").Send(new ListSessions { Everybody = true })).Select(s => s.Id), Does.Contain(session));
        await App.Send(new EndSession { Id = session });
    }

    private async Task<long> AskForRolesAsync()
    {
        var person = await App.IdOf("clerk-2401");
        var court = await App.As(null).Value<long>("SELECT id FROM workzone_court WHERE code = '吉2401'");
        return await App.As("sec-2401").Send(new AskForRoles { PersonId = person, Reason = "岗位调整", Add = [new RoleGrant { Role = "lead", Centre = "service", CourtId = court }] });
    }
}
