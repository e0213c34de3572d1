using CourtOps.Kernel.Messaging;
using CourtOps.Workzone.Cases;
using CourtOps.Workzone.Dispatching;
using CourtOps.Workzone.People;
using Microsoft.Extensions.DependencyInjection;

namespace CourtOps.Workzone.WorkOrders;

/// <summary>Who is chosen, by tables. A candidate is "id[!robot]:load[:marks][:skills]" — x recused, a absent, dN deputy N.</summary>
public sealed class DispatchRuleTests
{
    [TestCase("manual", "1:0 2:0", "", 0, null, "manual")]
    [TestCase("least-loaded", "1:3 2:1 3:2", "", 0, 2L, "least-loaded")]
    [TestCase("least-loaded", "1:1 2:1", "", 0, 1L, "least-loaded", Description = "equal: the lower id")]
    [TestCase("least-loaded", "1:0:x 2:5", "", 0, 2L, "least-loaded", Description = "recused")]
    [TestCase("least-loaded", "1:0:a 2:5", "", 0, 2L, "least-loaded", Description = "absent")]
    [TestCase("least-loaded", "1:0:ad3 2:5 3:1", "", 0, 3L, "least-loaded", Description = "the deputy has a place anyway")]
    [TestCase("least-loaded", "1:0:ad2:vietnamese 2:5", "vietnamese", 0, 2L, "least-loaded", Description = "the deputy stands in for the skill too")]
    [TestCase("least-loaded", "1:0:ad2:korean 2:5:x 3:9:-:korean", "korean", 0, 3L, "least-loaded", Description = "a recused deputy does not")]
    [TestCase("least-loaded", "1:0 2:5:-:korean", "korean", 0, 2L, "least-loaded", Description = "skill")]
    [TestCase("least-loaded", "1:0:-:korean 2:5:-:korean+seal", "korean+seal", 0, 2L, "least-loaded", Description = "both skills")]
    [TestCase("least-loaded", "1:0 2:5", "korean", 0, null, "nobody")]
    [TestCase("least-loaded", "1:0:a 2:5:x", "", 0, null, "nobody")]
    [TestCase("least-loaded", "", "", 0, null, "nobody")]
    [TestCase("round-robin", "1:9 2:0 3:0", "", 0, 1L, "round-robin")]
    [TestCase("round-robin", "1:0 2:9 3:0", "", 1, 2L, "round-robin")]
    [TestCase("round-robin", "1:0 2:0:a 3:9", "", 1, 3L, "round-robin")]
    [TestCase("round-robin", "1:0 2:0 3:0", "", 3, 1L, "round-robin")]
    [TestCase("robot-first", "1:0 2!:7 3!:6", "", 0, 3L, "robot")]
    [TestCase("robot-first", "1:4 2!:7:x 3:3", "", 0, 3L, "least-loaded")]
    public void The_rule_chooses(string strategy, string candidates, string needed, long last, long? chosen, string rule)
    {
        var choice = Dispatch.Choose(
            new DispatchInput
            {
                Strategy = strategy,
                LastGiven = last,
                Needed = needed.Split('+', StringSplitOptions.RemoveEmptyEntries),
                Candidates = [.. candidates.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(Read)],
            }
        );
        Assert.That((choice.PersonId, choice.Rule), Is.EqualTo((chosen, rule)));
    }

    [TestCase("least-loaded", "1:9 2:0", 1, 1L, "former")]
    [TestCase("round-robin", "1:9 2:0", 2, 2L, "former")]
    [TestCase("least-loaded", "1:9:a 2:0", 1, 2L, "least-loaded", Description = "absent")]
    [TestCase("least-loaded", "1:9:ad3 2:0 3:8", 1, 2L, "least-loaded", Description = "the deputy has no right to it, only a place")]
    [TestCase("least-loaded", "1:9:x 2:0", 1, 2L, "least-loaded", Description = "recused since")]
    [TestCase("least-loaded", "2:0", 1, 2L, "least-loaded", Description = "gone")]
    [TestCase("manual", "1:9 2:0", 1, null, "manual")]
    public void What_was_returned_comes_back_to_who_had_it(string strategy, string candidates, int former, long? chosen, string rule)
    {
        var choice = Dispatch.Choose(
            new DispatchInput
            {
                Strategy = strategy,
                FormerId = former,
                Candidates = [.. candidates.Split(' ').Select(Read)],
            }
        );
        Assert.That((choice.PersonId, choice.Rule), Is.EqualTo((chosen, rule)));
    }

    [Test]
    public void A_sealed_case_is_handed_out_by_nobody() =>
        Assert.That(
            Dispatch.Choose(
                new DispatchInput
                {
                    Strategy = "least-loaded",
                    Sealed = true,
                    Candidates = [Read("1:0")],
                }
            ),
            Has.Property("Rule").EqualTo("sealed").And.Property("PersonId").Null
        );

    [Test]
    public void Who_was_left_out_is_said_with_the_reason()
    {
        var choice = Dispatch.Choose(
            new DispatchInput
            {
                Strategy = "least-loaded",
                Needed = ["s"],
                Candidates = [Read("1:0:x:s"), Read("2:0:ad4:s"), Read("3:0"), Read("4:0")],
            }
        );
        Assert.That(choice.LeftOut.Select(l => $"{l.Name} {l.Why}"), Is.EqualTo(new[] { "1 recused", "2 absent", "3 skill", "4 skill" }));
        Assert.That((choice.PersonId, choice.InsteadOf), Is.EqualTo(((long?)4, "2")));
    }

    private static DispatchCandidate Read(string text)
    {
        var parts = text.Split(':');
        var marks = parts.Length > 2 ? parts[2] : "";
        var id = parts[0].TrimEnd('!');
        return new DispatchCandidate
        {
            Id = long.Parse(id, System.Globalization.CultureInfo.InvariantCulture),
            Name = id,
            Robot = parts[0].EndsWith('!'),
            Load = int.Parse(parts[1], System.Globalization.CultureInfo.InvariantCulture),
            Recused = marks.Contains('x'),
            Absent = marks.Contains('a'),
            DeputyId = marks.IndexOf('d') is >= 0 and var d ? marks[d + 1] - '0' : null,
            Skills = parts.Length > 3 ? parts[3].Split('+') : [],
        };
    }
}

/// <summary>Orders that find their people by themselves.</summary>
[TestFixtureSource(typeof(Engines), nameof(Engines.All))]
public sealed class DispatchTests(Engine engine) : AppTests(engine)
{
    protected override void Prepare(TestAppOptions options)
    {
        OrderCrew.Declare(options);
        options.Services.Add(s =>
            s.AddSingleton(
                new OrderType
                {
                    Code = "service.korean",
                    Centre = Centres.Service,
                    Label = "korean",
                    TargetHours = 7,
                    Skills = ["朝鲜语"],
                }
            )
        );
    }

    [Test]
    public async Task Without_a_setting_nothing_is_decided()
    {
        var order = await Open(OrderCrew.Plain, await App.Case(1, SampleParty.Provided));
        Assert.That((order.State, await Decisions()), Is.EqualTo(("queued", 0)));
    }

    [Test]
    public async Task An_order_goes_to_whom_the_setting_says_and_the_page_says_why()
    {
        var id = await App.Case(1, SampleParty.Provided);
        await Set("round-robin");
        var first = await Open(OrderCrew.Plain, id);
        var second = await Open(OrderCrew.Plain, id);
        var third = await Open(OrderCrew.Plain, id);
        Assert.That(new[] { first.State, second.State }, Is.All.EqualTo("assigned"));
        Assert.That((first.AssigneeName == second.AssigneeName, first.AssigneeName == third.AssigneeName), Is.EqualTo((false, true)));
        Assert.That(await Decisions(), Is.EqualTo(3), "each once");
        var shown = await App.As("lead").Send(new ShowOrder { Id = second.Id });
        Assert.That((shown.Dispatched!.Name, shown.Dispatched.Rule), Is.EqualTo((second.AssigneeName, "round-robin")));
        Assert.That(shown.Nodes[^1], Has.Property("ActorId").EqualTo(0).And.Property("Step").EqualTo("assign"));
        var browser = await App.SignedIn("lead");
        var page = await browser.GetStringAsync(new Uri($"/orders/{second.Id}", UriKind.Relative));
        Assert.That(page, Does.Contain($"为什么派给{second.AssigneeName}").And.Contain("轮到"));
        var dry = await browser.GetStringAsync(new Uri("/orders/dispatch?try=least-loaded", UriKind.Relative));
        Assert.That(dry, Does.Contain(first.Number).And.Contain("最近 3 次"));
        Assert.That(await App.Verify("chains"), Is.Empty);
    }

    [Test]
    public async Task Recused_and_absent_people_get_none_and_nobody_leaves_it_in_the_queue()
    {
        var id = await App.Case(1, SampleParty.Provided);
        await Set("least-loaded");
        await App.As("leader")
            .Send(
                new Recuse
                {
                    CaseId = id,
                    Login = "clerk",
                    Reason = "同学",
                }
            );
        Assert.That((await Open(OrderCrew.Plain, id)).AssigneeName, Is.EqualTo("孙范例"));
        var today = Kernel.Web.Times.Day(App.Clock.GetUtcNow());
        await App.As("clerk2")
            .Send(
                new SaveAbsence
                {
                    From = today,
                    Until = today,
                    Reason = "年假",
                }
            );
        var left = await Open(OrderCrew.Plain, id);
        Assert.That((left.State, left.AssigneeId), Is.EqualTo(("queued", (long?)null)));
        var why = (await App.As("lead").Send(new ShowOrder { Id = left.Id })).Dispatched!;
        Assert.That((why.Rule, string.Join(' ', why.LeftOut.Select(l => l.Why).Order())), Is.EqualTo(("nobody", "absent recused")));
    }

    [Test]
    public async Task A_reviewed_order_is_dispatched_when_it_is_approved()
    {
        await Set("least-loaded");
        var order = await Open(OrderCrew.Reviewed, await App.Case(1, SampleParty.Provided));
        Assert.That((order.State, await Decisions()), Is.EqualTo(("review", 0)));
        Assert.That((await App.As("leader").Send(new TakeStep { Id = order.Id, Step = OrderStep.Approve })).State, Is.EqualTo("assigned"));
    }

    [Test]
    public async Task A_resubmitted_order_goes_back_to_its_handler_and_to_another_while_they_are_away()
    {
        await Set("round-robin");
        var order = await Open(OrderCrew.Plain, await App.Case(1, SampleParty.Provided));
        var (first, other) = order.AssigneeName == "钱演示" ? ("clerk", "clerk2") : ("clerk2", "clerk");
        await App.As(first).Send(new TakeStep { Id = order.Id, Step = OrderStep.Accept });
        await App.Send(
            new TakeStep
            {
                Id = order.Id,
                Step = OrderStep.Return,
                Words = "缺门牌号",
            }
        );
        var back = await App.As("judge")
            .Send(
                new TakeStep
                {
                    Id = order.Id,
                    Step = OrderStep.Resubmit,
                    Words = "已补",
                }
            );
        Assert.That((back.State, back.AssigneeName), Is.EqualTo(("assigned", order.AssigneeName)));
        var shown = await App.As("lead").Send(new ShowOrder { Id = order.Id });
        Assert.That((shown.Dispatched!.Rule, shown.Nodes[^1].Step, shown.Nodes[^1].ActorId, await Decisions()), Is.EqualTo(("former", "assign", 0L, 2)));
        Assert.That(await (await App.SignedIn("lead")).GetStringAsync(new Uri($"/orders/{order.Id}", UriKind.Relative)), Does.Contain("补正后仍由其办理"));
        Assert.That((await Open(OrderCrew.Plain, order.CaseId!.Value)).AssigneeId, Is.EqualTo(await App.IdOf(other)), "nobody's turn was taken");

        await App.As(first)
            .Send(
                new TakeStep
                {
                    Id = order.Id,
                    Step = OrderStep.Return,
                    Words = "还缺楼层",
                }
            );
        var today = Kernel.Web.Times.Day(App.Clock.GetUtcNow());
        await App.Send(
            new SaveAbsence
            {
                From = today,
                Until = today,
                Reason = "年假",
            }
        );
        var elsewhere = await App.As("judge")
            .Send(
                new TakeStep
                {
                    Id = order.Id,
                    Step = OrderStep.Resubmit,
                    Words = "已补",
                }
            );
        Assert.That(elsewhere.AssigneeId, Is.EqualTo(await App.IdOf(other)));
        Assert.That(await App.Verify("chains"), Is.Empty);
    }

    [Test]
    public async Task A_type_that_needs_a_skill_goes_to_who_has_it()
    {
        await Set("least-loaded");
        var id = await App.Case(1, SampleParty.Provided);
        Assert.That((await Open("service.korean", id)).State, Is.EqualTo("queued"));
        await App.As("lead")
            .Send(
                new SaveSkills
                {
                    Centre = "service",
                    PersonId = await App.IdOf("clerk2"),
                    Skills = "朝鲜语 扫描",
                }
            );
        Assert.That((await Open("service.korean", id)).AssigneeName, Is.EqualTo("孙范例"));
    }

    [Test]
    public async Task A_lead_changes_the_skills_of_the_own_centre_alone()
    {
        await Set("least-loaded");
        var (id, clerk2) = (await App.Case(1, SampleParty.Provided), await App.IdOf("clerk2"));
        await App.As(null)
            .Change(
                """
                INSERT INTO workzone_role_grant (id, person_id, role, centre, court_id, reach, until_at, granted_at, granted_by, confirmed_by)
                SELECT 1, g.person_id, 'clerk', 'cataloguing', g.court_id, 'court', NULL, g.granted_at, '', '' FROM workzone_role_grant g WHERE g.person_id =
                    @clerk2 AND g.centre = 'service'
                """,
                new { clerk2 }
            );
        await App.As("lead")
            .Send(
                new SaveSkills
                {
                    Centre = "service",
                    PersonId = clerk2,
                    Skills = "朝鲜语 扫描",
                }
            );
        await App.As("archivist")
            .Send(
                new SaveSkills
                {
                    Centre = "cataloguing",
                    PersonId = clerk2,
                    Skills = "装订",
                }
            );
        async Task<string> Of(string lead) =>
            string.Join(
                ' ',
                (await App.As(lead).Send(new Pages.Orders.Assigning.Query())).People.Single(p => p.Id == clerk2).Skills.Split(' ').Order(StringComparer.Ordinal)
            );
        Assert.That((await Of("lead"), await Of("archivist")), Is.EqualTo(("扫描 朝鲜语", "装订")));
        Assert.That((await Open("service.korean", id)).AssigneeId, Is.EqualTo(clerk2), "what the other lead entered took nothing away");
        await App.As("archivist")
            .Send(
                new SaveSkills
                {
                    Centre = "cataloguing",
                    PersonId = clerk2,
                    Skills = "朝鲜语",
                }
            );
        await App.As("lead")
            .Send(
                new SaveSkills
                {
                    Centre = "service",
                    PersonId = clerk2,
                    Skills = "",
                }
            );
        Assert.That((await Open("service.korean", id)).State, Is.EqualTo("queued"), "nor does it count in this centre");
    }

    [Test]
    public async Task Only_the_lead_of_the_centre_sets_it_and_the_second_of_two_is_told()
    {
        await Set("least-loaded");
        await Assert.ThatAsync(
            () =>
                App.As("lead")
                    .Send(
                        new SaveDispatch
                        {
                            Centre = "service",
                            Strategy = "manual",
                            Version = 0,
                        }
                    ),
            Throws.TypeOf<Conflict>()
        );
        await Assert.ThatAsync(
            () =>
                App.As("archivist")
                    .Send(
                        new SaveDispatch
                        {
                            Centre = "service",
                            Strategy = "manual",
                            Version = 1,
                        }
                    ),
            Throws.TypeOf<NotFound>()
        );
        await Assert.ThatAsync(
            () =>
                App.As("clerk")
                    .Send(
                        new SaveDispatch
                        {
                            Centre = "service",
                            Strategy = "manual",
                            Version = 1,
                        }
                    ),
            Throws.TypeOf<Forbidden>()
        );
        await Assert.ThatAsync(
            () =>
                App.As("lead")
                    .Send(
                        new SaveDispatch
                        {
                            Centre = "service",
                            Strategy = "dice",
                            Version = 1,
                        }
                    ),
            Throws.TypeOf<RuleBroken>()
        );
        await Assert.ThatAsync(
            async () =>
                await App.As("lead")
                    .Send(
                        new SaveSkills
                        {
                            Centre = "service",
                            PersonId = await App.IdOf("judge"),
                            Skills = "x",
                        }
                    ),
            Throws.TypeOf<NotFound>()
        );
    }

    private Task Set(string strategy) => App.As("lead").Send(new SaveDispatch { Centre = "service", Strategy = strategy });

    private int opened;

    private Task<OrderCard> Open(string type, long caseId) =>
        App.As("judge")
            .In(async s =>
            {
                var db = s.GetRequiredService<Kernel.Data.Db>();
                await db.BeginAsync();
                var order = await s.GetRequiredService<IWorkOrders>()
                    .OpenAsync(
                        new NewOrder
                        {
                            Type = type,
                            CaseId = caseId,
                            Title = "x",
                            Subject = "x",
                            CauseSubject = $"{++opened}",
                        }
                    );
                await db.CommitAsync();
                return order;
            });

    private async Task<int> Decisions() => await App.As(null).Value<int>("SELECT COUNT(*) FROM kernel_decision WHERE name = 'workzone.dispatch'");
}
