using System.Net;
using System.Text;
using CourtOps.Contracts;
using CourtOps.Kernel.Messaging;
using CourtOps.Triage.Contacts;
using CourtOps.Triage.Jobs;
using FluentValidation;

namespace CourtOps.Triage;

[TestFixtureSource(typeof(Engines), nameof(Engines.All))]
public sealed class ContactTests(Engine engine) : AppTests(engine)
{
    private const string Yanji = "延吉市人民法院";

    private static TakeContact Ask(string service = "guidance", string court = "", string number = "") =>
        new()
        {
            Service = service,
            Channel = "call",
            Court = court,
            Person = "来访某甲",
            Phone = "13800000055",
            CaseNumber = number,
            Words = "想问案件进展",
            DeclaredPages = service == "material" ? 2 : null,
        };

    private async Task<Contact> NowAsync(long id, string login = "registrar") => (await App.As(login).Send(new ShowContact { Id = id })).Contact;

    [Test]
    public async Task Every_service_is_taken_by_one_court_and_finished_by_another_with_both_times_and_a_mark()
    {
        foreach (var service in Services.Labels.Keys.Where(s => s != "material"))
        {
            var taken = await App.As("registrar").Send(Ask(service, Yanji, Services.NeedsCase(service) ? "（2026）吉2401民初9号" : ""));
            await Assert.ThatAsync(
                () => App.Send(new FinishContact { Id = taken.Id, Answer = "x" }),
                Throws.TypeOf<RuleBroken>().With.Property("Code").EqualTo("other-court")
            );
            App.Advance(TimeSpan.FromMinutes(10));
            await App.As("clerk-yanji").Send(new AcceptContact { Id = taken.Id });
            await Assert.ThatAsync(() => App.Send(new AcceptContact { Id = taken.Id, Version = 1 }), Throws.TypeOf<Conflict>());
            App.Advance(TimeSpan.FromMinutes(10));
            await App.Send(new FinishContact { Id = taken.Id, Answer = "已答复当事人" });
            await App.As("registrar").Send(new MarkContact { Id = taken.Id, Mark = 5 });
            var k = await NowAsync(taken.Id);
            Assert.That(
                (k.CourtName, k.ForCourtName, k.AcceptedAt - k.TakenAt, k.FinishedAt - k.AcceptedAt, k.Mark),
                Is.EqualTo((Sample.Court, Yanji, (TimeSpan?)TimeSpan.FromMinutes(10), (TimeSpan?)TimeSpan.FromMinutes(10), (int?)5)),
                service
            );
        }
        Assert.That(Services.Labels, Has.Count.GreaterThanOrEqualTo(11));
        await Assert.ThatAsync(() => App.As("registrar").Send(Ask("inquiry")), Throws.TypeOf<ValidationException>(), "no case number");
        await Assert.ThatAsync(() => App.Send(Ask(court: "没有的法院")), Throws.TypeOf<RuleBroken>());
    }

    [Test]
    public async Task Material_is_counted_handed_on_and_reaches_the_file_of_the_case()
    {
        var yanji = new SamplePeople(Yanji, "吉2401", "clerk-yanji", "judge-yanji", "郑范文", "clerk-yanji");
        var caseId = await App.Case(9, yanji, new SampleParty("王某乙"));
        var taken = await App.As("registrar").Send(Ask("material", Yanji, "(2026)吉2401民初9号"));
        await Assert.ThatAsync(
            () =>
                App.Send(
                    new HandOver
                    {
                        Id = taken.Id,
                        To = "邮政",
                        Pages = 2,
                    }
                ),
            Throws.TypeOf<RuleBroken>().With.Property("Code").EqualTo("no-papers")
        );
        var blob = await App.Written("证据");
        await App.Send(
            new AddContactPaper
            {
                ContactId = taken.Id,
                Title = "收据",
                Blob = blob,
                Pages = 3,
            }
        );
        await Assert.ThatAsync(
            () =>
                App.Send(
                    new AddContactPaper
                    {
                        ContactId = taken.Id,
                        Title = "收据",
                        Blob = blob,
                        Pages = 3,
                    }
                ),
            Throws.TypeOf<RuleBroken>().With.Property("Code").EqualTo("same-content")
        );
        await Assert.ThatAsync(
            () =>
                App.Send(
                    new HandOver
                    {
                        Id = taken.Id,
                        To = "延吉法院 冯试办",
                        Pages = 2,
                    }
                ),
            Throws.TypeOf<RuleBroken>().With.Property("Code").EqualTo("pages")
        );
        await App.Send(
            new HandOver
            {
                Id = taken.Id,
                To = "延吉法院 冯试办",
                Pages = 3,
            }
        );
        await Assert.ThatAsync(
            () =>
                App.Send(
                    new HandOver
                    {
                        Id = taken.Id,
                        IntoFile = true,
                        Pages = 3,
                    }
                ),
            Throws.TypeOf<RuleBroken>().With.Property("Code").EqualTo("other-court")
        );
        await Assert.ThatAsync(
            () => App.As("clerk-yanji").Send(new FinishContact { Id = taken.Id, Answer = "x" }),
            Throws.TypeOf<RuleBroken>().With.Property("Code").EqualTo("papers")
        );
        await App.Send(
            new HandOver
            {
                Id = taken.Id,
                IntoFile = true,
                Pages = 3,
            }
        );
        await App.DrainAsync();
        await App.HearAgain<MaterialHandedOver>();
        var told = (await App.Published<MaterialReceived>()).Single();
        Assert.That((told.CaseId, told.Pages, told.Sender, told.DocumentIds.Count), Is.EqualTo((caseId, 3, "来访某甲", 1)));
        Assert.That(
            await App.Value<int>("SELECT COUNT(*) FROM workzone_document WHERE case_id = @caseId AND source = 'triage'", new { caseId }),
            Is.EqualTo(1)
        );
        var show = await App.As("registrar").Send(new ShowContact { Id = taken.Id });
        Assert.That(
            show.Events.Select(e => (e.What, e.Pages)),
            Is.EqualTo(new[] { ("take", (int?)null), ("paper", 3), ("hand", 3), ("hand", 3), ("filed", 3) })
        );
        Assert.That(show.Contact.State, Is.EqualTo("done"));
        var http = await App.SignedIn("registrar");
        Assert.That(await http.GetStringAsync($"/triage/contacts/{taken.Id}/print"), Does.Contain("材料收转回执").And.Contain("合计 3 页"));
    }

    [Test]
    public async Task What_is_late_goes_to_whoever_is_on_duty_and_a_bad_mark_opens_it_again()
    {
        await App.As("registrar")
            .Send(
                new SaveDuty
                {
                    From = new DateOnly(2026, 3, 1),
                    Until = new DateOnly(2026, 3, 31),
                    Person = "registrar",
                    Phone = "0433-8822345转801",
                }
            );
        await Assert.ThatAsync(
            () =>
                App.Send(
                    new SaveDuty
                    {
                        From = new DateOnly(2026, 3, 1),
                        Until = new DateOnly(2026, 2, 1),
                        Person = "registrar",
                    }
                ),
            Throws.TypeOf<ValidationException>()
        );
        await Assert.ThatAsync(() => App.Send(new SaveDuty { From = new DateOnly(2026, 3, 1), Person = "nobody" }), Throws.TypeOf<RuleBroken>());
        await Assert.ThatAsync(
            () =>
                App.Send(
                    new SaveDuty
                    {
                        From = DateOnly.MaxValue,
                        Until = DateOnly.MaxValue,
                        Person = "registrar",
                    }
                ),
            Throws.TypeOf<RuleBroken>().With.Property("Field").EqualTo("From")
        );
        var taken = await App.Send(Ask());
        Assert.That(taken.DueOn, Is.EqualTo(new DateOnly(2026, 3, 3)));
        App.Advance(TimeSpan.FromDays(2));
        await App.RunJob<WatchContacts>();
        await App.RunJob<WatchContacts>();
        Assert.That((await NowAsync(taken.Id)).EscalatedTo, Is.EqualTo("沈虚拟"));
        Assert.That((await App.Send(new ListContacts { View = "late" })).Rows.Single().Id, Is.EqualTo(taken.Id));
        await App.Send(new FinishContact { Id = taken.Id, Answer = "请到窗口" });
        await App.Send(
            new MarkContact
            {
                Id = taken.Id,
                Mark = 1,
                Words = "没有解决",
            }
        );
        Assert.That((await NowAsync(taken.Id)).State, Is.EqualTo("open"));
    }

    [Test]
    public async Task The_web_asks_and_is_answered_and_marks()
    {
        var http = await App.Http();
        Assert.That(await http.GetStringAsync("/p/contact"), Does.Contain("约见法官"));
        var posted = await TestApp.PostForm(
            http,
            "/p/contact",
            "/p/contact",
            ("Court", "吉2424"),
            ("Service", "inquiry"),
            ("Person", "来访某乙"),
            ("Phone", "13800000066"),
            ("Words", "查进展")
        );
        Assert.That(posted.StatusCode, Is.EqualTo(HttpStatusCode.UnprocessableEntity));
        Assert.That(await posted.Content.ReadAsStringAsync(), Does.Contain("要写明案号").And.Contain("来访某乙"));
        posted = await TestApp.PostForm(
            http,
            "/p/contact",
            "/p/contact",
            ("Court", "吉2424"),
            ("Service", "complaint"),
            ("Person", "来访某乙"),
            ("Phone", "13800000066"),
            ("Words", "等得太久")
        );
        var at = posted.Headers.Location!.ToString();
        await App.DrainAsync();
        await App.HearAgain<ContactHandedIn>();
        var row = (await App.As("registrar").Send(new ListContacts())).Rows.Single();
        Assert.That((row.Channel, row.Service, row.DueOn), Is.EqualTo(("web", "complaint", new DateOnly(2026, 3, 11))));
        Assert.That(
            (await TestApp.PostForm(http, "/p/contact", at, ("Mark", "4"))).StatusCode,
            Is.EqualTo(HttpStatusCode.UnprocessableEntity),
            "nothing to mark yet"
        );
        await App.Send(new FinishContact { Id = row.Id, Answer = "已加开窗口" });
        Assert.That(await http.GetStringAsync(at), Does.Contain("已加开窗口").And.Contain("满意吗"));
        Assert.That((await TestApp.PostForm(http, at, at, ("Mark", "4"))).StatusCode, Is.EqualTo(HttpStatusCode.Redirect));
        await App.DrainAsync();
        Assert.That((await NowAsync(row.Id)).Mark, Is.EqualTo(4));
        Assert.That(await App.Value<string>("SELECT words_enc FROM triage_public_contact"), Does.Not.Contain("等得太久"));
        var staff = await App.SignedIn("registrar");
        foreach (
            var page in new[]
            {
                "/triage/contacts",
                "/triage/contacts?view=done",
                "/triage/contacts?view=out",
                "/triage/contacts/new",
                $"/triage/contacts/{row.Id}",
                "/triage/duty",
            }
        )
            Assert.That((await staff.GetAsync(page)).StatusCode, Is.EqualTo(HttpStatusCode.OK), page);
        var key = await App.WithKey("registrar");
        using var body = new StringContent("""{"service":null,"words":null,"person":null}""", Encoding.UTF8, "application/json");
        Assert.That((int)(await key.PostAsync("/api/v1/contacts", body)).StatusCode, Is.EqualTo(422));
        Assert.That(await key.GetStringAsync($"/api/v1/contacts/{row.Id}"), Does.Contain("已加开窗口"));
        Assert.That((int)(await key.PostAsync($"/api/v1/contacts/{row.Id}:nothing", null)).StatusCode, Is.EqualTo(422));
    }
}
