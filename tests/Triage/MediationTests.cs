using System.Net;
using System.Text;
using CourtOps.Contracts;
using CourtOps.Kernel.Messaging;
using CourtOps.Law;
using CourtOps.Triage.Allotments;
using CourtOps.Triage.Fees;
using CourtOps.Triage.Filings;
using CourtOps.Triage.Jobs;
using CourtOps.Triage.Mediation;
using FluentValidation;

namespace CourtOps.Triage;

[TestFixtureSource(typeof(Engines), nameof(Engines.All))]
public sealed class MediationTests(Engine engine) : AppTests(engine)
{
    private async Task<(long Mediation, long Filing, long CaseId)> AgreedAsync(TakeFiling? filing = null)
    {
        var registered = await App.Registered(filing ?? TriageSamples.Loan());
        var id = await App.As("registrar").Send(new BeginMediation { FilingId = registered.Filing });
        await App.Send(new RecordConsent { Id = id, Agrees = true });
        return (id, registered.Filing, registered.Case.CaseId);
    }

    private Task<long> MediatorAsync(string name, string skills = "借贷", string languages = "zh", bool gold = false, bool evaluator = false, int most = 10) =>
        App.As("registrar")
            .Send(
                new SaveMediator
                {
                    Name = name,
                    Organisation = "汪清镇人民调解委员会",
                    Phone = "13800000077",
                    Skills = skills,
                    Languages = languages.Split(' '),
                    Gold = gold,
                    Evaluator = evaluator,
                    MostOpen = most,
                }
            );

    private async Task<MediationRow> NowAsync(long id) => (await App.As("registrar").Send(new ShowMediation { Id = id })).Row;

    private async Task ByLinkAsync(string token, ActByLink act)
    {
        await App.As(null).Send(act with { Token = token });
        await App.DrainAsync();
    }

    [Test]
    public async Task Before_a_case_is_closed_a_mediation_that_runs_is_named()
    {
        var (_, _, caseId) = await AgreedAsync();
        await App.Hear(new ClosingCheckRequested { AskId = 1, CaseId = caseId }, Catalogue.CaseKey(caseId));
        await App.Hear(new ClosingCheckRequested { AskId = 2, CaseId = caseId + 1 }, Catalogue.CaseKey(caseId + 1));
        await App.DrainAsync();
        var answers = (await App.Published<ClosingCheckAnswered>()).Where(a => a.Centre == "triage").OrderBy(a => a.AskId).ToList();
        Assert.That(answers.Select(a => a.Missing.Count), Is.EqualTo(new[] { 1, 0 }));
    }

    [Test]
    public async Task From_consent_over_the_phone_page_to_an_agreement_in_the_file()
    {
        await MediatorAsync("调解某一", "离婚");
        await MediatorAsync("调解某二", "借贷 买卖", gold: true);
        var (id, filing, caseId) = await AgreedAsync();
        await Assert.ThatAsync(() => App.Send(new AllotCase { FilingId = filing }), Throws.TypeOf<RuleBroken>().With.Property("Code").EqualTo("mediating"));
        var named = await App.As("registrar").Send(new AssignMediator { Id = id });
        Assert.That(named.Name, Is.EqualTo("调解某二"));
        var before = await App.As(null).Send(new FindInvitation { Token = named.Token });
        Assert.That(before.Contacts.Select(c => (c.Name, c.Phone)), Is.EqualTo(new[] { ("张某甲", ""), ("王某乙", "") }), "no numbers before it is taken on");
        await Assert.ThatAsync(
            () =>
                App.Send(
                    new ActByLink
                    {
                        Token = named.Token,
                        Act = "talk",
                        Words = "x",
                    }
                ),
            Throws.TypeOf<RuleBroken>()
        );
        await ByLinkAsync(named.Token, new ActByLink { Act = "accept" });
        Assert.That((await App.As(null).Send(new FindInvitation { Token = named.Token })).Contacts[1].Phone, Is.EqualTo("13800000002"));
        var row = await NowAsync(id);
        Assert.That(
            (row.State, row.AcceptedOn, row.DueOn),
            Is.EqualTo(("running", (DateOnly?)new DateOnly(2026, 3, 2), (DateOnly?)new DateOnly(2026, 3, 9))),
            "seven days in small claims"
        );
        await ByLinkAsync(named.Token, new ActByLink { Act = "talk", Words = "双方电话沟通一次" });
        await ByLinkAsync(
            named.Token,
            new ActByLink
            {
                Act = "extend",
                Days = 10,
                Words = "双方电话同意",
            }
        );
        Assert.That((await NowAsync(id)).DueOn, Is.EqualTo(new DateOnly(2026, 3, 19)));
        Assert.That(
            await App.Value<int>("SELECT COUNT(*) FROM workzone_clock_fact WHERE case_id = @caseId AND code = 'D-TJ' AND to_on IS NULL", new { caseId }),
            Is.EqualTo(1)
        );
        App.Advance(TimeSpan.FromDays(12));
        await Assert.ThatAsync(
            () =>
                App.As(null)
                    .Send(
                        new ActByLink
                        {
                            Token = named.Token,
                            Act = "agreed",
                            Elements = new AgreementElements
                            {
                                Payer = "王某乙",
                                Payee = "王某乙",
                                Amount = 1m,
                            },
                        }
                    ),
            Throws.TypeOf<ValidationException>()
        );
        await ByLinkAsync(
            named.Token,
            new ActByLink
            {
                Act = "agreed",
                Elements = new AgreementElements
                {
                    Payer = "王某乙",
                    Payee = "张某甲",
                    Amount = 30_000m,
                    FirstDue = new DateOnly(2026, 4, 1),
                    Instalments = 3,
                    Acceleration = true,
                },
            }
        );
        await App.DrainAsync();
        row = await NowAsync(id);
        Assert.That((row.State, row.Outcome, row.DocumentId is not null), Is.EqualTo(("ended", "agreed", true)));
        Assert.That(
            row.Agreement,
            Does.StartWith("一、王某乙向张某甲支付人民币30000元，分3期：2026年4月1日前支付10000元；2026年5月1日前支付10000元；2026年6月1日前支付10000元。")
        );
        Assert.That((await App.Published<MediationEnded>()).Single() is { Outcome: "agreed" });
        Assert.That(
            await App.Value<DateOnly?>("SELECT to_on FROM workzone_clock_fact WHERE case_id = @caseId AND code = 'D-TJ'", new { caseId }),
            Is.EqualTo(new DateOnly(2026, 3, 14))
        );
        await App.As("registrar").Send(new AfterMediation { Id = id, Act = "ask-confirm" });
        await App.Send(new AfterMediation { Id = id, Act = "grant" });
        Assert.That((await NowAsync(id)).Confirmed, Is.EqualTo("granted"));
        Assert.That(await App.Value<string>("SELECT contacts_enc FROM triage_public_mediation"), Does.Not.Contain("13800000002"));
        Assert.That(await App.Verify(), Is.Empty);
    }

    [Test]
    public async Task A_mediator_who_never_answers_is_escalated_and_passed_over()
    {
        var first = await MediatorAsync("调解某一", "借贷", gold: true);
        await MediatorAsync("调解某二", "离婚");
        var (id, _, _) = await AgreedAsync();
        var named = await App.As("registrar").Send(new AssignMediator { Id = id });
        Assert.That(named.MediatorId, Is.EqualTo(first));
        App.Advance(TimeSpan.FromDays(4));
        await App.RunJob<WatchMediations>();
        var row = await NowAsync(id);
        Assert.That((row.State, row.EscalatedWhy, row.MediatorId), Is.EqualTo(("choosing", "silent", (long?)null)));
        Assert.That((await App.Send(new ListMediations { State = "escalated" })).Rows.Single().Id, Is.EqualTo(id));
        await Assert.ThatAsync(() => App.As(null).Send(new FindInvitation { Token = named.Token }), Throws.TypeOf<NotFound>(), "the old link is dead");
        var next = await App.As("registrar").Send(new AssignMediator { Id = id });
        Assert.That(next.Name, Is.EqualTo("调解某二"));
        await ByLinkAsync(next.Token, new ActByLink { Act = "decline", Words = "与一方相识" });
        await Assert.ThatAsync(
            () => App.As("registrar").Send(new AssignMediator { Id = id }),
            Throws.TypeOf<RuleBroken>().With.Property("Code").EqualTo("nobody")
        );
    }

    [Test]
    public async Task Time_that_has_run_out_goes_to_trial_with_a_new_notice_of_the_fee()
    {
        await MediatorAsync("调解某一");
        var (id, filing, caseId) = await AgreedAsync();
        var named = await App.As("registrar").Send(new AssignMediator { Id = id });
        await ByLinkAsync(named.Token, new ActByLink { Act = "accept" });
        App.Advance(TimeSpan.FromDays(8));
        Assert.That((await App.As("registrar").Send(new ListBills { State = "overdue" })).Rows, Is.Empty, "no fee is owed while it is mediated");
        await App.RunJob<WatchMediations>();
        await App.DrainAsync();
        Assert.That(await NowAsync(id) is { State: "ended", Outcome: "failed" });
        Assert.That((await App.Send(new ListBills())).Rows.Single(b => b.CaseId == caseId).DueOn, Is.EqualTo(new DateOnly(2026, 3, 17)));
        await App.Send(new AllotCase { FilingId = filing });
    }

    [Test]
    public async Task One_refusal_ends_it_and_what_may_not_be_mediated_never_begins()
    {
        var registered = await App.Registered();
        var id = await App.Send(new BeginMediation { FilingId = registered.Filing });
        await Assert.ThatAsync(
            () => App.Send(new BeginMediation { FilingId = registered.Filing }),
            Throws.TypeOf<RuleBroken>().With.Property("Code").EqualTo("runs")
        );
        await App.Send(
            new RecordConsent
            {
                Id = id,
                Party = "张某甲",
                Agrees = true,
            }
        );
        Assert.That((await NowAsync(id)).State, Is.EqualTo("asking"));
        await App.Send(
            new RecordConsent
            {
                Id = id,
                Party = "王某乙",
                Agrees = false,
            }
        );
        Assert.That(await NowAsync(id) is { State: "ended", Outcome: "refused" });
        var special = await App.Registered(
            new TakeFiling
            {
                CaseType = "民特",
                Cause = "申请宣告公民死亡",
                Parties = [TriageSamples.Plaintiff() with { Role = "申请人" }],
            }
        );
        await Assert.ThatAsync(
            () => App.Send(new BeginMediation { FilingId = special.Filing }),
            Throws.TypeOf<RuleBroken>().With.Property("Code").EqualTo("barred")
        );
        await Assert.ThatAsync(
            async () => await App.Send(new BeginMediation { FilingId = (await App.Taken(TriageSamples.Loan("他人"))).Id }),
            Throws.TypeOf<RuleBroken>().With.Property("Code").EqualTo("not-registered")
        );
    }

    [Test]
    public async Task A_divorce_cools_off_by_both_wills_and_is_followed_up()
    {
        await MediatorAsync("调解某一", "离婚", "zh ko");
        var (id, _, caseId) = await AgreedAsync(TriageSamples.Loan() with { Cause = "离婚纠纷" });
        var named = await App.As("registrar").Send(new AssignMediator { Id = id });
        await ByLinkAsync(named.Token, new ActByLink { Act = "accept" });
        await Assert.ThatAsync(
            () =>
                App.As("registrar")
                    .Send(
                        new CoolOff
                        {
                            Id = id,
                            Until = new DateOnly(2026, 5, 2),
                            BothAgree = true,
                        }
                    ),
            Throws.TypeOf<ValidationException>(),
            "violence was not ruled out"
        );
        await Assert.ThatAsync(
            () =>
                App.Send(
                    new CoolOff
                    {
                        Id = id,
                        Until = new DateOnly(2026, 6, 3),
                        BothAgree = true,
                        NoViolence = true,
                    }
                ),
            Throws.TypeOf<RuleBroken>(),
            "more than three months"
        );
        await App.Send(
            new CoolOff
            {
                Id = id,
                Until = new DateOnly(2026, 5, 2),
                BothAgree = true,
                NoViolence = true,
                WrittenApplication = true,
            }
        );
        await App.DrainAsync();
        Assert.That(await App.Value<int>("SELECT COUNT(*) FROM workzone_clock_fact WHERE case_id = @caseId AND code = 'D-HJ'", new { caseId }), Is.EqualTo(1));
        App.Advance(TimeSpan.FromDays(62));
        await App.RunJob<WatchMediations>();
        Assert.That((await NowAsync(id)).State, Is.EqualTo("running"));
        await App.Send(
            new EndMediation
            {
                Id = id,
                Outcome = "withdrawn",
                Reason = "和好，撤诉",
            }
        );
        var row = await NowAsync(id);
        Assert.That((row.FollowOn, row.NextOn), Is.EqualTo(((DateOnly?)new DateOnly(2026, 6, 3), (DateOnly?)new DateOnly(2026, 6, 3))));
        App.Advance(TimeSpan.FromDays(32));
        await App.RunJob<WatchMediations>();
        Assert.That((await NowAsync(id)).EscalatedWhy, Is.EqualTo("follow"));
        await App.Send(
            new AfterMediation
            {
                Id = id,
                Act = "follow",
                Words = "电话回访，家庭和睦",
            }
        );
        Assert.That((await NowAsync(id)).EscalatedWhy, Is.Empty);
    }

    [Test]
    public async Task Opinions_of_evaluators_are_blind_until_all_are_there()
    {
        await MediatorAsync("调解某一");
        var a = await MediatorAsync("评估某一", evaluator: true, skills: "x");
        var b = await MediatorAsync("评估某二", evaluator: true, skills: "x");
        var (id, _, _) = await AgreedAsync();
        var named = await App.As("registrar").Send(new AssignMediator { Id = id });
        await ByLinkAsync(named.Token, new ActByLink { Act = "accept" });
        await Assert.ThatAsync(() => App.As("registrar").Send(new AskEvaluation { Id = id, Evaluators = [named.MediatorId] }), Throws.TypeOf<RuleBroken>());
        await App.Send(new AskEvaluation { Id = id, Evaluators = [a, b] });
        await App.Send(
            new GiveOpinion
            {
                Id = id,
                EvaluatorId = a,
                Opinion = "胜诉可能较大",
            }
        );
        var show = await App.Send(new ShowMediation { Id = id });
        Assert.That(
            show.Evaluations.Select(e => (e.DueOn, e.Opinion)),
            Is.EqualTo(new[] { (new DateOnly(2026, 3, 17), (string?)null), (new DateOnly(2026, 3, 17), null) })
        );
        await App.Send(
            new GiveOpinion
            {
                Id = id,
                EvaluatorId = b,
                Opinion = "证据不足",
            }
        );
        await Assert.ThatAsync(
            () =>
                App.Send(
                    new GiveOpinion
                    {
                        Id = id,
                        EvaluatorId = b,
                        Opinion = "再次",
                    }
                ),
            Throws.TypeOf<RuleBroken>()
        );
        Assert.That((await App.Send(new ShowMediation { Id = id })).Evaluations.Select(e => e.Opinion), Is.EqualTo(new[] { "胜诉可能较大", "证据不足" }));
    }

    [Test]
    public async Task An_evaluator_answers_on_the_own_page_once_and_sees_nothing_of_the_others()
    {
        await MediatorAsync("调解某一");
        var a = await MediatorAsync("评估某一", evaluator: true, skills: "x");
        var b = await MediatorAsync("评估某二", evaluator: true, skills: "x");
        var (id, _, _) = await AgreedAsync();
        var named = await App.As("registrar").Send(new AssignMediator { Id = id });
        await ByLinkAsync(named.Token, new ActByLink { Act = "accept" });
        await App.As("registrar")
            .Send(
                new AskEvaluation
                {
                    Id = id,
                    Evaluators = [a, b],
                    Question = "利息是否过高",
                }
            );
        var links = (await App.Send(new ShowMediation { Id = id })).Evaluations.Select(e => e.Link!).ToList();
        var phone = await App.Http();
        Assert.That(await phone.GetStringAsync(links[0]), Does.Contain("利息是否过高").And.Contain("评估某一").And.Not.Contain("评估某二"));
        Assert.That((await TestApp.PostForm(phone, links[0], links[0], ("Opinion", ""))).StatusCode, Is.EqualTo(HttpStatusCode.UnprocessableEntity));
        Assert.That((await TestApp.PostForm(phone, links[0], links[0], ("Opinion", "部分过高"))).StatusCode, Is.EqualTo(HttpStatusCode.Redirect));
        await App.DrainAsync();
        await App.HearAgain<CourtOps.Contracts.OpinionHandedIn>();
        var page = await phone.GetStringAsync(links[0]);
        Assert.That(page, Does.Contain("部分过高").And.Not.Contain("<textarea"));
        await Assert.ThatAsync(
            () => App.As(null).Send(new GiveOpinionByLink { Token = links[0].Split('/')[^1], Opinion = "再改" }),
            Throws.TypeOf<RuleBroken>().With.Property("Code").EqualTo("given")
        );
        Assert.That(await phone.GetStringAsync(links[1]), Does.Not.Contain("部分过高"));
        Assert.That(
            (await App.As("registrar").Send(new ShowMediation { Id = id })).Evaluations.Select(e => e.Opinion),
            Is.All.Null,
            "blind until both are there"
        );
        await App.Send(
            new GiveOpinion
            {
                Id = id,
                EvaluatorId = b,
                Opinion = "证据不足",
            }
        );
        Assert.That((await phone.GetAsync(links[1])).StatusCode, Is.EqualTo(HttpStatusCode.NotFound), "the desk took it in");
        Assert.That((await App.Send(new ShowMediation { Id = id })).Evaluations.Select(e => e.Opinion), Is.EqualTo(new[] { "部分过高", "证据不足" }));
        Assert.That(await App.Verify(), Is.Empty);
    }

    [Test]
    public async Task Pages_and_programs_reach_the_same_and_success_is_counted()
    {
        var http = await App.SignedIn("registrar");
        var posted = await TestApp.PostForm(
            http,
            "/triage/mediators",
            "/triage/mediators",
            ("Data.Name", "调解某一"),
            ("Data.Skills", "借贷"),
            ("Languages", "zh"),
            ("Data.MostOpen", "5"),
            ("Data.Active", "true"),
            ("Data.Phone", "13800000077")
        );
        Assert.That(posted.StatusCode, Is.EqualTo(HttpStatusCode.Redirect), await posted.Content.ReadAsStringAsync());
        Assert.That(await http.GetStringAsync("/triage/mediators"), Does.Contain("调解某一"));
        var registered = await App.Registered();
        posted = await TestApp.PostForm(http, $"/triage/filings/{registered.Filing}", $"/triage/filings/{registered.Filing}?handler=Mediate");
        Assert.That(posted.StatusCode, Is.EqualTo(HttpStatusCode.Redirect));
        var at = posted.Headers.Location!.ToString();
        Assert.That(await http.GetStringAsync(at), Does.Contain("当事人表态").And.Contain("王某乙"));
        Assert.That(
            (await TestApp.PostForm(http, at, at + "?handler=Consent", ("Agrees", "true"), ("Version", "1"))).StatusCode,
            Is.EqualTo(HttpStatusCode.Redirect)
        );
        Assert.That(
            (await TestApp.PostForm(http, at, at + "?handler=Consent", ("Agrees", "true"), ("Version", "1"))).StatusCode,
            Is.EqualTo(HttpStatusCode.Conflict)
        );
        Assert.That((await TestApp.PostForm(http, at, at + "?handler=Assign", ("Version", "2"))).StatusCode, Is.EqualTo(HttpStatusCode.Redirect));
        var page = await http.GetStringAsync(at);
        var link = System.Text.RegularExpressions.Regex.Match(page, "/p/mediate/[0-9a-f]{32}").Value;
        var phone = await App.Http();
        Assert.That(await phone.GetStringAsync(link), Does.Contain("请您调解这件案件"));
        Assert.That((await TestApp.PostForm(phone, link, link, ("Act", "accept"))).StatusCode, Is.EqualTo(HttpStatusCode.Redirect));
        await App.DrainAsync();
        Assert.That(
            (await TestApp.PostForm(phone, link, link, ("Act", "agreed"), ("Elements.Fee", "half"), ("Elements.Instalments", "1"))).StatusCode,
            Is.EqualTo(HttpStatusCode.UnprocessableEntity)
        );
        Assert.That(
            (
                await TestApp.PostForm(
                    phone,
                    link,
                    link,
                    ("Act", "agreed"),
                    ("Elements.Fee", "half"),
                    ("Elements.Instalments", "1"),
                    ("Elements.Others", "被告当面道歉")
                )
            ).StatusCode,
            Is.EqualTo(HttpStatusCode.Redirect)
        );
        await App.DrainAsync();
        Assert.That(await phone.GetStringAsync(link), Does.Contain("调解已经结束"));
        Assert.That(await http.GetStringAsync("/triage/mediations?state=ended"), Does.Contain("达成协议"));
        var key = await App.WithKey("registrar");
        Assert.That(await key.GetStringAsync("/api/v1/mediators"), Does.Contain("\"rate\":100"));
        var id = at[(at.LastIndexOf('/') + 1)..];
        Assert.That(await key.GetStringAsync($"/api/v1/mediations/{id}"), Does.Contain("被告当面道歉"));
        using var body = new StringContent("""{"elements":null,"outcome":null,"evaluators":null}""", Encoding.UTF8, "application/json");
        foreach (var verb in new[] { "consent", "talk", "extend", "end", "cool", "after", "evaluate", "opinion", "nothing" })
            Assert.That((int)(await key.PostAsync($"/api/v1/mediations/{id}:{verb}", body)).StatusCode, Is.EqualTo(422), verb);
        Assert.That((await phone.GetAsync("/p/mediate/" + new string('0', 32))).StatusCode, Is.EqualTo(HttpStatusCode.NotFound));
        // another court has no part in it
        await Assert.ThatAsync(
            () => App.As("clerk-yanji").Send(new ShowMediation { Id = long.Parse(id, System.Globalization.CultureInfo.InvariantCulture) }),
            Throws.TypeOf<NotFound>()
        );
    }

    [TestCase("civil", "民初", "民间借贷纠纷", true, false)]
    [TestCase("civil", "民初", "物业服务合同纠纷", true, false)]
    [TestCase("civil", "民初", "确认婚姻无效", false, true)]
    [TestCase("civil", "民督", "申请支付令", false, true)]
    [TestCase("civil", "民特", "申请宣告失踪", false, true)]
    [TestCase("civil", "民初", "与公司有关的纠纷", false, false)]
    [TestCase("enforcement", "执", "申请执行", false, true)]
    public void Which_disputes_are_mediated(string kind, string type, string cause, bool suits, bool barred) =>
        Assert.That((Suitability.IsSuitable(kind, type, cause), Suitability.IsBarred(kind, type, cause)), Is.EqualTo((suits, barred)));

    [TestCase("MC-ORD", "2026-03-02", "2026-03-17")]
    [TestCase("MC-SUM", "2026-03-02", "2026-03-09")]
    [TestCase("MC-SML", "2026-09-28", "2026-10-08")]
    public void The_base_period_runs_from_the_receipt(string procedure, string accepted, string end) =>
        Assert.That(
            MediationRules.BaseEnd(
                DateOnly.Parse(accepted, System.Globalization.CultureInfo.InvariantCulture),
                procedure,
                new MediationSettings(),
                CourtCalendar.Default
            ),
            Is.EqualTo(DateOnly.Parse(end, System.Globalization.CultureInfo.InvariantCulture))
        );

    [Test]
    public void Mediators_are_ranked_by_skill_language_and_room()
    {
        MediatorCandidate[] all =
        [
            new()
            {
                Id = 1,
                Name = "甲",
                Skills = "离婚、继承",
                Languages = "zh",
                MostOpen = 10,
            },
            new()
            {
                Id = 2,
                Name = "乙",
                Skills = "借贷",
                Languages = "zh",
                MostOpen = 10,
                InHand = 10,
            },
            new()
            {
                Id = 3,
                Name = "丙",
                Skills = "",
                Languages = "ko zh",
                MostOpen = 10,
                Gold = true,
            },
            new()
            {
                Id = 4,
                Name = "丁",
                Skills = "离婚",
                Languages = "ko zh",
                MostOpen = 10,
                InHand = 2,
            },
        ];
        Assert.That(
            MediationRules.Rank("离婚纠纷", ["zh"], [4], all).Select(s => (s.Mediator.Id, s.Why)),
            Is.EqualTo(new[] { (1L, "fit"), (3L, "fit"), (4L, "passed-over"), (2L, "full") })
        );
        Assert.That(
            MediationRules.Rank("离婚纠纷", ["ko", "zh"], [], all).Select(s => (s.Mediator.Id, s.Why)),
            Is.EqualTo(new[] { (4L, "fit"), (3L, "fit"), (1L, "language"), (2L, "language") })
        );
    }

    [Test]
    public void Instalments_add_up_to_the_cent() =>
        Assert.That(
            MediationRules.Instalments(10_000, 3, new DateOnly(2026, 1, 31)),
            Is.EqualTo(new[] { (new DateOnly(2026, 1, 31), 3_333L), (new DateOnly(2026, 2, 28), 3_333L), (new DateOnly(2026, 3, 31), 3_334L) })
        );
}
