using CourtOps.Kernel.Data;
using CourtOps.Kernel.Messaging;
using CourtOps.Workzone.Cases;
using CourtOps.Workzone.Notices;
using CourtOps.Workzone.Rights;
using CourtOps.Workzone.WorkOrders;
using Microsoft.Extensions.DependencyInjection;

namespace CourtOps.Workzone.People;

/// <summary>A deputy stands for the absent person only where both hold the same role in one court, and only as long.</summary>
[TestFixtureSource(typeof(Engines), nameof(Engines.All))]
public sealed class DeputyTests(Engine engine) : AppTests(engine)
{
    private ServedOrder order = null!;

    [SetUp]
    public async Task AnOrderInTheClerksHand() => order = await App.Asked(1, [SampleParty.Provided]);

    [Test]
    public async Task A_deputy_who_moves_to_another_court_sees_and_does_nothing_more_and_the_absence_stays()
    {
        await AwayAsync("clerk", "clerk2");
        Assert.That(await StandsAsync(), Is.EqualTo((true, true)), "before the move");
        await SaveAsync("clerk2", "孙范例", "吉2401", active: true);
        Assert.That(await StandsAsync(), Is.EqualTo((false, false)));
        await AssertTheAbsenceStaysAsync();
    }

    [Test]
    public async Task A_deputy_who_leaves_does_not_end_the_absence_with_it()
    {
        await AwayAsync("clerk", "clerk2");
        await SaveAsync("clerk2", "孙范例", "吉2424", active: false);
        await AssertTheAbsenceStaysAsync();
    }

    [Test]
    public async Task A_deputy_who_loses_the_role_before_the_absence_begins_does_not_become_one_when_it_does()
    {
        await AwayAsync("clerk", "clerk2", inDays: 1);
        var (person, court) = (await App.IdOf("clerk2"), await CourtAsync("吉2424"));
        // another role in the same court, so that the person still acts there
        await App.As(null)
            .In(async s =>
            {
                var db = s.GetRequiredService<Db>();
                await db.BeginAsync();
                await s.GetRequiredService<RightsBook>()
                    .GrantAsync(
                        person,
                        [
                            new RoleGrant
                            {
                                Role = "clerk",
                                Centre = "trial",
                                CourtId = court,
                            },
                        ],
                        "test",
                        "test",
                        null,
                        default
                    );
                await db.CommitAsync();
            });
        await App.As("secadmin")
            .Send(
                new TakeRole
                {
                    PersonId = person,
                    Code = "clerk:service",
                    CourtId = court,
                }
            );
        App.Advance(TimeSpan.FromDays(1));
        await App.As(null).RunJob<TurnAbsences>();
        Assert.That(await StandsAsync(), Is.EqualTo((false, false)));
        await AssertTheAbsenceStaysAsync();
        var notice = (await App.As("clerk").Send(new ListNotices())).Notices.Single(n => n.Kind == NoticeKinds.DeputyGone);
        Assert.That(
            (notice.Words(await App.In(s => Task.FromResult(s.GetRequiredService<Kernel.Web.Texts>()))), notice.Link),
            Is.EqualTo(("孙范例 不能再代理您的请假（2026-03-03 至 2026-03-07），请另选代理人。", "/absences"))
        );
    }

    [Test]
    public async Task In_another_court_a_deputy_is_nobodys()
    {
        await AwayAsync("clerk", "clerk2");
        var (person, absent, here, there) = (await App.IdOf("clerk2"), await App.IdOf("clerk"), await CourtAsync("吉2424"), await CourtAsync("吉2401"));
        await App.As(null)
            .In(async s =>
            {
                var db = s.GetRequiredService<Db>();
                await db.BeginAsync();
                await s.GetRequiredService<RightsBook>()
                    .GrantAsync(
                        person,
                        [
                            new RoleGrant
                            {
                                Role = "clerk",
                                Centre = "service",
                                CourtId = there,
                            },
                        ],
                        "test",
                        "test",
                        null,
                        default
                    );
                await db.CommitAsync();
            });
        foreach (var (court, stands) in new[] { (here, true), (there, false) })
            await App.In(async s =>
            {
                var entry = (await s.GetRequiredService<PersonCache>().FindAsync(s.GetRequiredService<Db>(), person, court, App.Clock))!;
                Assert.That(entry.Rights.StandIns.Any(s => s.PersonId == absent), Is.EqualTo(stands), $"{court}");
                var actor = s.GetRequiredService<Kernel.Security.Actor>();
                actor.ActAs(Kernel.Security.ActorKind.Person, entry.Rights);
                Assert.That(await s.GetRequiredService<CaseAccess>().CanReadAsync(order.CaseId), Is.EqualTo(stands), $"{court}");
                Assert.That(
                    (
                        await s.GetRequiredService<IWorkOrders>()
                            .StandingAsync(
                                (
                                    await App.Value<OrderCard>(
                                        "SELECT id, court_id, centre, asked_by, assignee_id FROM workzone_order WHERE id = @OrderId",
                                        new { order.OrderId }
                                    )
                                )!
                            )
                    ).HasFlag(Standing.Assignee),
                    Is.EqualTo(stands),
                    $"{court}"
                );
            });
    }

    [Test]
    public async Task Of_two_absent_people_only_the_one_with_the_same_role_is_stood_for()
    {
        await AwayAsync("clerk", "clerk2");
        var other = await App.Case(2, SampleParty.Provided);
        // as it stood before roles were compared: a judge whose deputy is a clerk
        var (judge, deputy) = (await App.IdOf("judge"), await App.IdOf("clerk2"));
        await App.As(null)
            .Change(
                "INSERT INTO workzone_absence (id, person_id, deputy_id, from_on, until_on, reason, active, closed_too, created_by, created_at, "
                    + "version) SELECT 1, @judge, @deputy, from_on, until_on, '', 1, 1, created_by, created_at, 1 FROM workzone_absence",
                new { judge, deputy }
            );
        App.Advance(TimeSpan.FromSeconds(10));
        Assert.That(await StandsAsync(), Is.EqualTo((true, true)), "the clerk's");
        Assert.That(await App.As("clerk2").In(s => s.GetRequiredService<CaseAccess>().CanReadAsync(other)), Is.False, "not the judge's");
        Assert.That((await App.Send(new ListCases { Take = 50 })).Rows.Select(r => r.Id), Is.EqualTo(new[] { order.CaseId }));
    }

    private async Task AwayAsync(string who, string deputy, int inDays = 0)
    {
        var today = Kernel.Web.Times.Day(App.Clock.GetUtcNow());
        await App.As(who)
            .Send(
                new SaveAbsence
                {
                    From = today.AddDays(inDays),
                    Until = today.AddDays(5),
                    Deputy = deputy,
                    Reason = "年假",
                }
            );
    }

    private async Task SaveAsync(string login, string name, string court, bool active)
    {
        var person = await App.IdOf(login);
        await App.As(null)
            .Send(
                new SavePerson
                {
                    Id = person,
                    Version = await App.Value<int>("SELECT version FROM workzone_person WHERE id = @person", new { person }),
                    Login = login,
                    Name = name,
                    Court = court,
                    Roles = ["clerk:service"],
                    Active = active,
                }
            );
    }

    // the case is read; a comment can be written as the handler
    private async Task<(bool Sees, bool Does)> StandsAsync()
    {
        var sees = await App.As("clerk2").In(s => s.GetRequiredService<CaseAccess>().CanReadAsync(order.CaseId));
        var card = await App.Value<OrderCard>(
            "SELECT id, court_id, centre, asked_by, assignee_id FROM workzone_order WHERE id = @OrderId",
            new { order.OrderId }
        );
        var standing = await App.In(s => s.GetRequiredService<IWorkOrders>().StandingAsync(card!));
        return (sees, standing.HasFlag(Standing.Assignee));
    }

    private async Task AssertTheAbsenceStaysAsync()
    {
        Assert.That(
            await App.As(null)
                .Rows<string>(
                    "SELECT CASE WHEN active = 1 AND cancelled_at IS NULL AND deputy_id IS NULL THEN 'away, no deputy' ELSE 'else' END FROM workzone_absence"
                ),
            Is.EqualTo(new[] { "away, no deputy" }),
            "dispatch still counts the person as absent"
        );
        Assert.That((await App.As("clerk").Send(new ListNotices())).Notices.Select(n => n.Kind), Does.Contain(NoticeKinds.DeputyGone));
    }

    private Task<long> CourtAsync(string code) => App.As(null).Value<long>("SELECT id FROM workzone_court WHERE code = @code", new { code });
}
