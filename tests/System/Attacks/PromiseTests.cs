using CourtOps.Kernel.Data;
using CourtOps.Kernel.Messaging;
using CourtOps.Kernel.Security;
using CourtOps.Kernel.Web;
using CourtOps.Workzone.Cases;
using CourtOps.Workzone.Courts;
using CourtOps.Workzone.Notices;
using CourtOps.Workzone.People;
using CourtOps.Workzone.Rights;
using CourtOps.Workzone.WorkOrders;
using Microsoft.Extensions.DependencyInjection;

namespace CourtOps.SystemTests.Attacks;

/// <summary>What people and keys with some rights tried in order to see or decide more; each was possible once.</summary>
public sealed class PromiseTests() : AppTests(Engine.Sqlite)
{
    [Test]
    public async Task A_list_moves_no_sealed_case_and_a_recused_registrar_changes_none()
    {
        var (closed, shut) = (await App.Case(1, SampleParty.Provided), await App.Case(2, SampleParty.Provided));
        await App.As("judge").Send(new SealCase { CaseId = closed, Reason = "未成年人" });
        await App.As("judge")
            .Send(
                new Recuse
                {
                    CaseId = shut,
                    Login = "registrar",
                    Reason = "近亲属",
                }
            );
        var (summary, outcomes) = await App.Import(
            Sample.Csv(Sample.Row(Sample.Number(1), SampleParty.Provided, "林虚构"), Sample.Row(Sample.Number(2), SampleParty.Linked))
        );
        Assert.That((summary.Updated, summary.Refused), Is.EqualTo((0, 2)));
        Assert.That(string.Join('\n', outcomes.SelectMany(o => o.Errors)), Does.Contain("已封存").And.Contain("回避"), "the outcome says why");
        Assert.That(
            await App.As(null).Value<long>("SELECT judge_id FROM workzone_case WHERE id = @closed", new { closed }),
            Is.EqualTo(await App.IdOf("judge"))
        );
        Assert.That(
            await App.Value<int>("SELECT COUNT(*) FROM workzone_party WHERE case_id = @shut AND name = @Name", new { shut, SampleParty.Linked.Name }),
            Is.Zero
        );
    }

    [Test]
    public async Task Who_can_have_a_partys_link_sees_nothing_of_the_id_number_it_asks_for_and_opens_nothing()
    {
        var order = await App.Asked(1, [SampleParty.Linked]);
        await App.SendNotice(order.Notice);
        await App.DrainAsync();
        var seen = (await App.As("clerk").Send(new ShowCase { Id = order.CaseId })).Parties.Single(p => p.Id == order.Parties[0]);
        Assert.That((seen.IdNumberTail, seen.IdNumber), Is.EqualTo(((string?)null, "••••")));
        await Assert.ThatAsync(
            () =>
                App.As("clerk")
                    .Send(
                        new Unmask
                        {
                            PartyId = order.Parties[0],
                            Field = PartyFields.IdNumber,
                            Reason = "核对身份",
                        }
                    ),
            Throws.TypeOf<RuleBroken>().With.Property("Code").EqualTo("link-holder")
        );
        Assert.That(
            (
                await App.As("judge")
                    .Send(
                        new Unmask
                        {
                            PartyId = order.Parties[0],
                            Field = PartyFields.IdNumber,
                            Reason = "核对身份",
                        }
                    )
            ).Value,
            Is.EqualTo(SampleParty.Linked.IdNumber)
        );
        var token = await App.As(null)
            .In(async s =>
                s.GetRequiredService<Secrets>()
                    .Reveal(
                        await s.GetRequiredService<Db>().FirstAsync<string>("SELECT token_enc FROM service_notice WHERE id = @Notice", new { order.Notice })
                    )
            );
        var inside = await App.SignedIn("clerk");
        var page = await TestApp.PostForm(inside, $"/p/{token}", $"/p/{token}", ("Tail", SampleParty.Linked.IdNumber[^4..]));
        Assert.That(await page.Content.ReadAsStringAsync(), Does.Contain("这次打开不算送达"));
        Assert.That(await App.As(null).Value<string>("SELECT opened_at FROM service_public_notice WHERE notice_id = @Notice", new { order.Notice }), Is.Null);
    }

    [Test]
    public async Task A_list_gives_no_case_to_a_judge_who_is_recused_from_it()
    {
        var id = await App.Case(1, SampleParty.Provided);
        await App.As("leader")
            .Send(
                new Recuse
                {
                    CaseId = id,
                    Login = "judge2",
                    Reason = "近亲属",
                }
            );
        var (summary, _) = await App.Import(Sample.Csv(Sample.Row(Sample.Number(1), SampleParty.Provided, "林虚构")));
        Assert.That((summary.Updated, summary.Refused), Is.EqualTo((0, 1)));
    }

    [Test]
    public async Task A_recused_leader_neither_sees_nor_decides_the_request_to_open_a_case()
    {
        var id = await App.Case(1, SampleParty.Provided);
        await App.As("judge")
            .Send(
                new Recuse
                {
                    CaseId = id,
                    Login = "leader",
                    Reason = "近亲属",
                }
            );
        await App.Send(new SealCase { CaseId = id, Reason = "未成年人" });
        var change = await App.Send(new AskToUnseal { CaseId = id, Reason = "已满年限" });
        Assert.That(await App.As("leader").Send(new ListChanges()), Is.Empty, "neither number nor reason");
        await Assert.ThatAsync(() => App.As("leader").Send(new DecideChange { Id = change, Confirm = true }), Throws.TypeOf<NotFound>());
        Assert.That(
            (await App.As("judge").Send(new ListChanges())).Select(c => c.Id),
            Is.EqualTo(new[] { change }),
            "whoever asked sees it, as long as they see the case"
        );
        Assert.That(await App.Reads("workzone.change.list"), Is.GreaterThanOrEqualTo(2), "that it was read is on record");
    }

    [Test]
    public async Task A_notice_tells_nothing_of_what_its_reader_may_not_see_any_more()
    {
        var order = await App.Asked(1, [SampleParty.Provided]);
        await App.As("judge")
            .Send(
                new TakeStep
                {
                    Id = order.OrderId,
                    Step = OrderStep.Escalate,
                    Words = "请抓紧",
                }
            );
        var before = (await App.As("clerk").Send(new ListNotices())).Notices[0];
        var title = await App.As(null).Value<string>("SELECT title FROM workzone_order WHERE id = @OrderId", new { order.OrderId });
        var texts = await App.In(s => Task.FromResult(s.GetRequiredService<Texts>()));
        Assert.That(before.Words(texts), Does.Contain(title));
        await App.As("leader")
            .Send(
                new Recuse
                {
                    CaseId = order.CaseId,
                    Login = "clerk",
                    Reason = "同学",
                }
            );
        var after = (await App.As("clerk").Send(new ListNotices())).Notices.Single(n => n.Id == before.Id);
        Assert.That((after.Words(texts).Contains(title!, StringComparison.Ordinal), after.Link), Is.EqualTo((false, "/notices")));
        Assert.That(await App.Reads("workzone.notice.list"), Is.EqualTo(2));
    }

    [TestCase("/second-factor")]
    [TestCase("/account")]
    [TestCase("/sessions")]
    [TestCase("/rights")]
    [TestCase("/")]
    [TestCase("/cases")]
    [TestCase("/orders?view=mine")]
    [TestCase("/events")]
    public async Task A_key_opens_no_page(string page)
    {
        using var program = await App.WithKey("judge");
        using var answer = await program.GetAsync(new Uri(page, UriKind.Relative));
        Assert.That((int)answer.StatusCode, Is.EqualTo(403));
        Assert.That(await App.As(null).Value<int>("SELECT COUNT(*) FROM workzone_second_factor"), Is.Zero);
    }

    [Test]
    public async Task A_password_asked_inside_is_counted_like_one_at_sign_in_and_ends_the_session()
    {
        using var browser = await App.SignedIn("judge");
        for (var i = 0; i < 5; i++)
            (
                await TestApp.PostForm(
                    browser,
                    "/account",
                    "/account",
                    ("Data.Old", $"wrong-{i}"),
                    ("Data.New", "Another-2026-Word"),
                    ("Data.Again", "Another-2026-Word")
                )
            ).Dispose();
        Assert.That(await App.As(null).Value<int>("SELECT COUNT(*) FROM workzone_person WHERE login = 'judge' AND locked_until IS NOT NULL"), Is.EqualTo(1));
        Assert.That(await App.Value<int>("SELECT COUNT(*) FROM workzone_session WHERE ended_at IS NULL"), Is.Zero, "the guesser is out");
    }

    [Test]
    public async Task A_key_ends_when_its_person_becomes_an_administrator_and_the_console_makes_none()
    {
        using var program = await App.WithKey("clerk2");
        Assert.That((int)(await program.GetAsync(new Uri("/api/v1/me", UriKind.Relative))).StatusCode, Is.EqualTo(200));
        var (person, court) = (await App.IdOf("clerk2"), await CourtAsync("吉2424"));
        await App.As("secadmin")
            .Send(
                new TakeRole
                {
                    PersonId = person,
                    Code = "clerk:service",
                    CourtId = court,
                }
            );
        var change = await App.Send(
            new AskForRoles
            {
                PersonId = person,
                Reason = "转岗",
                Add =
                [
                    new RoleGrant
                    {
                        Role = "secadmin",
                        CourtId = court,
                        Reach = "below",
                    },
                ],
            }
        );
        await App.As("secadmin2").Send(new DecideChange { Id = change, Confirm = true });
        Assert.That((int)(await program.GetAsync(new Uri("/api/v1/me", UriKind.Relative))).StatusCode, Is.EqualTo(401));
        await Assert.ThatAsync(() => App.As(null).Send(new CreateKey { Login = "secadmin", Purpose = "x" }), Throws.TypeOf<RuleBroken>());
    }

    [Test]
    public async Task With_courts_of_several_trees_no_administrator_sets_what_holds_for_all()
    {
        await App.As(null).Send(new SaveCourt { Code = "辽", Name = "辽宁省高级人民法院" });
        await App.Send(
            new SavePerson
            {
                Login = "sec-ln",
                Name = "安全辽",
                Court = "辽",
                Roles = ["secadmin"],
                Password = TestApp.Password,
            }
        );
        await App.Send(
            new SavePerson
            {
                Login = "sys-ln",
                Name = "系统辽",
                Court = "辽",
                Roles = ["sysadmin"],
                Password = TestApp.Password,
            }
        );
        foreach (var login in new[] { "sec-ln", "secadmin" })
        {
            await Assert.ThatAsync(
                () =>
                    App.As(login)
                        .Send(
                            new AskForPolicy
                            {
                                Policy = new SignInPolicy { IdleMinutes = 30 },
                                Reason = "x",
                            }
                        ),
                Throws.TypeOf<RuleBroken>(),
                login
            );
            await Assert.ThatAsync(
                () => App.As(login).Send(new AskForMatrix { Items = [new MatrixBody.Item("judge", "workzone.cases.read", 0, false)], Reason = "x" }),
                Throws.TypeOf<RuleBroken>(),
                login
            );
        }
        Assert.That(await App.As("sys-ln").In(s => s.GetRequiredService<IOperatorScope>().IsWholeAsync(default)), Is.False);
    }

    [Test]
    public async Task A_court_is_not_taken_by_a_new_one_above_it()
    {
        await App.As(null).Send(new SaveCourt { Code = "辽01", Name = "沈阳市中级人民法院" });
        await App.Send(new SaveCourt { Code = "黑01", Name = "哈尔滨市中级人民法院" });
        await App.Send(
            new SavePerson
            {
                Login = "sys-ln",
                Name = "系统辽",
                Court = "辽01",
                Roles = ["sysadmin"],
                Password = TestApp.Password,
            }
        );
        await Assert.ThatAsync(
            () => App.As("sys-ln").Send(new SaveCourt { Code = "黑", Name = "某某法院" }),
            Throws.TypeOf<RuleBroken>().With.Property("Code").EqualTo("taken-court")
        );
        var (id, version) = (await CourtAsync("辽01"), await App.As(null).Value<int>("SELECT version FROM workzone_court WHERE code = '辽01'"));
        await Assert.ThatAsync(
            () =>
                App.As("sys-ln")
                    .Send(
                        new SaveCourt
                        {
                            Id = id,
                            Version = version,
                            Code = "黑",
                            Name = "沈阳市中级人民法院",
                        }
                    ),
            Throws.TypeOf<RuleBroken>()
        );
        Assert.That(await App.As(null).Value<long?>("SELECT parent_id FROM workzone_court WHERE code = '黑01'"), Is.Null);
        await App.As(null).Send(new SaveCourt { Code = "黑", Name = "黑龙江省高级人民法院" });
    }

    [Test]
    public async Task Ids_of_others_and_ids_of_nothing_look_alike_in_a_batch()
    {
        var other = await App.Asked(1, [SampleParty.Provided]);
        var batch = await App.As("clerk-yanji")
            .Send(
                new Workzone.Batches.CreateBatch
                {
                    Step = "comment",
                    OrderIds = [other.OrderId, 4711],
                    Words = "x",
                }
            );
        await App.DrainAsync();
        var items = (await App.As("clerk-yanji").Send(new Workzone.Batches.ShowBatch { Id = batch })).Items;
        Assert.That(
            items.Select(i => (i.Outcome, i.Number + i.Title + i.State, i.Reason.Replace($"{i.OrderId}", "", StringComparison.Ordinal))).Distinct().Count(),
            Is.EqualTo(1)
        );
        Assert.That(items, Has.Count.EqualTo(2));
    }

    private Task<long> CourtAsync(string code) => App.As(null).Value<long>("SELECT id FROM workzone_court WHERE code = @code", new { code });
}
