using CourtOps.Kernel.Messaging;
using CourtOps.Kernel.Security;
using CourtOps.TrialSupport.Meetings;
using CourtOps.Workzone.CaseChanges;
using CourtOps.Workzone.Cases;
using CourtOps.Workzone.People;
using CourtOps.Workzone.Rights;
using CourtOps.Workzone.WorkOrders;

namespace CourtOps.SystemTests.Attacks.Giving;

/// <summary>What gives a case, or a part of it, and does not fit the six situations.</summary>
public sealed class GivingApartTests() : AppTests(Engine.Sqlite)
{
    private GivingPeople people = null!;

    [SetUp]
    public async Task People()
    {
        people = new GivingPeople(App);
        await people.SaveAsync("r-judge", GivingPeople.Here, "", "judge", "clerk:trial");
        await people.SaveAsync("r-clerk", GivingPeople.Here, "", "clerk:cataloguing");
    }

    [Test]
    public async Task A_member_of_a_meeting_sees_it_as_long_as_they_judge_in_its_court()
    {
        var id = await App.Case(1, SampleParty.Provided);
        await App.As("judge").Send(new SealCase { CaseId = id, Reason = "未成年人" });
        var meeting = await CalledAsync(id, "r-judge");
        Assert.That(await MeetsAsync("r-judge", meeting), Is.True);
        Assert.That(await MeetsAsync("assistant", meeting), Is.False, "the case is sealed");
        Assert.That(await MeetsAsync("r-clerk", meeting), Is.False);
        await App.As("secadmin")
            .Send(
                new TakeRole
                {
                    PersonId = await App.IdOf("r-judge"),
                    Code = "judge",
                    CourtId = await people.CourtAsync(GivingPeople.Here),
                }
            );
        Assert.That(await MeetsAsync("r-judge", meeting), Is.False, "a clerk of a centre now");
        await Assert.ThatAsync(
            () =>
                App.As("r-judge")
                    .Send(
                        new VoteInMeeting
                        {
                            Id = meeting,
                            Vote = "agree",
                            Opinion = "同意",
                        }
                    ),
            Throws.TypeOf<NotFound>()
        );
    }

    [Test]
    public async Task A_member_who_is_recused_sees_the_meeting_no_more()
    {
        var id = await App.Case(1, SampleParty.Provided);
        var meeting = await CalledAsync(id, "r-judge");
        Assert.That(await MeetsAsync("r-judge", meeting), Is.True);
        await RecuseAsync(id, "r-judge");
        Assert.That(await MeetsAsync("r-judge", meeting), Is.False);
    }

    [TestCase("recused")]
    [TestCase("of another court")]
    [TestCase("no judge any more")]
    public async Task Nobody_is_called_to_a_meeting_who_does_not_judge_the_case(string why)
    {
        var id = await App.Case(1, SampleParty.Provided);
        if (why == "recused")
            await RecuseAsync(id, "r-judge");
        if (why == "no judge any more")
            await people.EndRolesAsync("r-judge");
        await Assert.ThatAsync(() => CalledAsync(id, why == "of another court" ? "judge-yanji" : "r-judge"), Throws.TypeOf<RuleBroken>());
    }

    [TestCase("judge2")]
    [TestCase("leader")]
    [TestCase("r-clerk")]
    public async Task Nobody_calls_a_meeting_on_a_sealed_case_but_its_judge(string who)
    {
        var id = await App.Case(1, SampleParty.Provided);
        await App.As("judge").Send(new SealCase { CaseId = id, Reason = "未成年人" });
        await Assert.ThatAsync(() => CalledAsync(id, "r-judge", who), Throws.TypeOf<NotFound>().Or.TypeOf<Forbidden>());
    }

    [Test]
    public async Task Another_team_of_the_judge_changes_who_sees_the_cases()
    {
        var id = await App.Case(1, SampleParty.Provided);
        await people.SaveAsync("r-mate", GivingPeople.Here, "新团队", "assistant");
        Assert.That((await SeesAsync("assistant", id), await SeesAsync("r-mate", id)), Is.EqualTo((true, false)));
        var judge = await App.IdOf("judge");
        var version = await App.As(null).Value<int>("SELECT version FROM workzone_person WHERE id = @judge", new { judge });
        await App.As("sysadmin")
            .Send(
                new SavePerson
                {
                    Id = judge,
                    Version = version,
                    Login = "judge",
                    Name = "李测试",
                    Court = GivingPeople.Here,
                    Team = "新团队",
                    Roles = null,
                }
            );
        Assert.That((await SeesAsync("assistant", id), await SeesAsync("r-mate", id)), Is.EqualTo((true, false)), "one person alone changes nothing");
        var change = (await App.As("secadmin").Send(new ListChanges())).Single(c => c.Kind == ChangeKind.Team);
        await App.Send(new DecideChange { Id = change.Id, Confirm = true });
        Assert.That((await SeesAsync("assistant", id), await SeesAsync("r-mate", id)), Is.EqualTo((false, true)));
        Assert.That(await SeesAsync("judge", id), Is.True);
    }

    [Test]
    public async Task What_somebody_has_in_another_court_is_handed_to_nobody_who_does_not_work_there()
    {
        var number = Sample.Number(7, GivingPeople.There);
        await people.SaveAsync("leaving", GivingPeople.Here, "", "judge", "clerk:cataloguing");
        await people.GrantAsync("leaving", "judge", "", GivingPeople.There, "court");
        await App.Import(Sample.Csv(Sample.Row(number, SampleParty.Provided, "郑范文", "延吉市人民法院")), "clerk-yanji");
        var file = await App.As("clerk-yanji")
            .Send(new TakeChanges { FileName = "变动.csv", Text = $"案号,事件,日期,法官\n{number},分案,2026-03-02,leaving\n" });
        await App.Send(new ApplyChanges { Id = file });
        var leaving = await App.IdOf("leaving");
        Assert.That(await App.As(null).Value<long>("SELECT judge_id FROM workzone_case WHERE number = @number", new { number }), Is.EqualTo(leaving));
        var heir = await App.IdOf("r-judge");
        await Assert.ThatAsync(
            () =>
                App.As("sysadmin")
                    .Send(
                        new HandOver
                        {
                            PersonId = leaving,
                            CasesTo = heir,
                            Reason = "调离",
                        }
                    ),
            Throws.TypeOf<RuleBroken>()
        );
        Assert.That(
            await App.As(null).Value<long>("SELECT judge_id FROM workzone_case WHERE number = @number", new { number }),
            Is.EqualTo(leaving),
            "the case keeps a judge who sees it"
        );
    }

    [TestCase("secadmin2")]
    [TestCase("auditor")]
    public async Task No_administrator_confirms_orders_from_now_on(string who)
    {
        var order = await App.Asked(1, [SampleParty.Provided]);
        // an administrator of the same court
        var court = await people.CourtAsync(GivingPeople.Here);
        await App.As(null).Change("UPDATE workzone_role_grant SET court_id = @court WHERE person_id = @id", new { court, id = await App.IdOf(who) });
        var (judge, judge2, to) = (await App.IdOf("judge"), await App.IdOf("judge2"), await App.IdOf(who));
        await Assert.ThatAsync(
            () =>
                App.As("sysadmin")
                    .Send(
                        new HandOver
                        {
                            PersonId = judge,
                            AskedTo = to,
                            CasesTo = judge2,
                            Reason = "退休",
                        }
                    ),
            Throws.TypeOf<RuleBroken>()
        );
        Assert.That(await App.As(null).Value<long>("SELECT asked_by FROM workzone_order WHERE id = @OrderId", new { order.OrderId }), Is.EqualTo(judge));
    }

    private async Task<long> CalledAsync(long caseId, string member, string by = "judge")
    {
        var (other, third) = (await App.IdOf("judge2"), await App.IdOf(member));
        return await App.As(by)
            .Send(
                new CallMeeting
                {
                    CaseId = caseId,
                    On = new DateOnly(2026, 3, 2),
                    Agenda = "利息",
                    Members = [other, third, await App.IdOf("judge")],
                }
            );
    }

    // the list and the page agree
    private async Task<bool> MeetsAsync(string login, long meeting)
    {
        App.As(login);
        var listed = (await App.Send(new ListMeetings())).Any(m => m.Id == meeting);
        bool opens;
        try
        {
            await App.Send(new ShowMeeting { Id = meeting });
            opens = true;
        }
        catch (NotFound)
        {
            opens = false;
        }
        if (listed)
            Assert.That(opens, Is.True, $"{login} has it in the list and not the page");
        return opens;
    }

    private async Task<bool> SeesAsync(string login, long caseId) => (await App.As(login).Send(new ListCases { Take = 200 })).Rows.Any(r => r.Id == caseId);

    private Task RecuseAsync(long caseId, string login) =>
        App.As(null)
            .Send(
                new Recuse
                {
                    CaseId = caseId,
                    Login = login,
                    Reason = "近亲属",
                }
            );
}
