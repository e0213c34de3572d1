using System.Net;
using System.Text.RegularExpressions;
using CourtOps.Kernel.Messaging;
using CourtOps.Triage.Filings;
using CourtOps.Triage.Online;
using FluentValidation;

namespace CourtOps.Triage;

[TestFixtureSource(typeof(Engines), nameof(Engines.All))]
public sealed partial class OnlineTests(Engine engine) : AppTests(engine)
{
    private static readonly string[] Told = ["take", "unverified", "return", "correct", "register"];

    private static BeginDraft Begin =>
        new()
        {
            Court = Sample.Court,
            Topic = "loan",
            Name = "张某甲",
            IdNumber = "990101198001010014",
            Phone = "13800000001",
            Amount = 30_000m,
        };

    private async Task<string> FilledAsync()
    {
        var token = (await App.As(null).Send(Begin)).Token;
        await App.Send(
            new SaveDraft
            {
                Token = token,
                Cause = "民间借贷纠纷",
                Parties = [TriageSamples.Plaintiff(), TriageSamples.Defendant()],
                Claims =
                [
                    new ClaimIn
                    {
                        Type = "money",
                        Amount = 30_000m,
                        Words = "归还借款",
                    },
                ],
                Words = "2025 年 1 月借出三万元，至今未还。",
            }
        );
        return token;
    }

    [Test]
    public async Task What_a_party_hands_in_lands_in_the_queue_and_its_answers_come_back()
    {
        var token = await FilledAsync();
        await Assert.ThatAsync(() => App.Send(new SubmitDraft { Token = token }), Throws.TypeOf<RuleBroken>());
        await App.Send(new SubmitDraft { Token = token, Vouched = true });
        await Assert.ThatAsync(
            () => App.Send(new SubmitDraft { Token = token, Vouched = true }),
            Throws.TypeOf<RuleBroken>().With.Property("Code").EqualTo("state")
        );
        await App.DrainAsync();
        await App.HearAgain<CourtOps.Contracts.FilingHandedIn>();
        var row = (await App.As("registrar").Send(new ListFilings())).Rows.Single();
        Assert.That((row.Channel, row.Sender, row.State, row.DecideBy), Is.EqualTo(("online", "张某甲", "received", (DateOnly?)new DateOnly(2026, 3, 9))));
        Assert.That(row.Statement, Does.Contain("至今未还"));
        await App.Send(new ReturnFiling { Id = row.Id, Missing = ["借条"] });
        var page = await App.As(null).Send(new FindDraft { Token = token, Known = true });
        Assert.That(
            (page.Filing.State, page.Filing.MissingList.Single(), page.Filing.CorrectBy),
            Is.EqualTo(("returned", "借条", (DateOnly?)new DateOnly(2026, 3, 17)))
        );
        await Assert.ThatAsync(() => App.Send(new AnswerFiling { Token = token }), Throws.TypeOf<RuleBroken>(), "nothing new was uploaded");
        var blob = await App.Written("借条");
        await App.Send(
            new AddDraftPaper
            {
                Token = token,
                Kind = "loan",
                Title = "借条",
                Blob = blob,
                Pages = 1,
            }
        );
        await Assert.ThatAsync(
            () =>
                App.Send(
                    new AddDraftPaper
                    {
                        Token = token,
                        Kind = "loan",
                        Title = "借条",
                        Blob = blob,
                    }
                ),
            Throws.TypeOf<RuleBroken>().With.Property("Code").EqualTo("same-content")
        );
        App.Advance(TimeSpan.FromDays(2));
        await App.Send(new AnswerFiling { Token = token });
        await App.DrainAsync();
        var show = await App.As("registrar").Send(new ShowFiling { Id = row.Id });
        Assert.That(
            (show.Filing.State, show.Filing.DecideBy, show.Papers.Single().Title),
            Is.EqualTo(("received", (DateOnly?)new DateOnly(2026, 3, 11), "借条"))
        );
        await App.Send(new RegisterFiling { Id = row.Id, Reason = "审查合格" });
        page = await App.As(null).Send(new FindDraft { Token = token, Known = true });
        Assert.That(
            (page.Filing.CaseNumber, page.Filing.Fee, page.Filing.FeeCode.Length > 5, page.Filing.Reason),
            Is.EqualTo(("（2026）吉2424民初1号", 55_000L, true, ""))
        );
        Assert.That(page.Messages.Select(m => m.Event), Is.EqualTo(new[] { "submitted" }.Concat(Told)));
        Assert.That(await App.Value<string>("SELECT who_enc FROM triage_public_filing"), Does.Not.Contain("990101"));
        Assert.That(await App.Verify(), Is.Empty);
    }

    [Test]
    public async Task A_lawyer_sees_all_filings_under_one_code_and_nobody_else_does()
    {
        _ = App.Smtp;
        const string Mail = "lvshi@party.example";
        async Task<string> FileAsync(string name, string id)
        {
            var token = (await App.As(null).Send(Begin with { Name = name, IdNumber = id, Email = Mail, Role = "agent", Licence = "990123" })).Token;
            await App.DrainAsync();
            await App.Send(new IdentifyFiler { Token = token, Code = Six().Match(App.Smtp.Mails[^1].Text).Value });
            return token;
        }
        var first = await FileAsync("律某甲", "990101198001010014");
        await FileAsync("律某甲", "990101198001010014");
        await FileAsync("律某乙", "990101198001010022");
        var mails = App.Smtp.Mails.Count;
        var none = await App.Send(new AskMine { IdNumber = "990101198001010014", Phone = "13800000077" });
        await App.DrainAsync();
        Assert.That(App.Smtp.Mails, Has.Count.EqualTo(mails), "another phone gets no code, and the answer does not tell");
        Assert.That((await App.Send(new IdentifyMine { Token = none, Code = "000000" })).Done, Is.False);
        var mine = await App.Send(new AskMine { IdNumber = "990101198001010014", Phone = "13800000001" });
        await App.DrainAsync();
        Assert.That(await App.Send(new ListMine { Token = mine, Known = false }), Is.Empty);
        Assert.That((await App.Send(new IdentifyMine { Token = mine, Code = "999999x" })).Left, Is.EqualTo(4));
        Assert.That((await App.Send(new IdentifyMine { Token = mine, Code = Six().Match(App.Smtp.Mails[^1].Text).Value })).Done, Is.True);
        var rows = await App.Send(new ListMine { Token = mine, Known = true });
        Assert.That(rows.Select(r => r.Name), Is.EqualTo(new[] { "律某甲", "律某甲" }));
        var link = await App.Send(new OpenMine { Token = mine, Id = rows[1].Id });
        Assert.That(
            (await App.Send(new FindDraft { Token = link, Known = true })).Filing.Id,
            Is.EqualTo((await App.Send(new FindDraft { Token = first, Known = true })).Filing.Id),
            "the link given before stays"
        );
        var stranger = await App.Value<long>("SELECT id FROM triage_public_filing WHERE name = '律某乙'");
        await Assert.ThatAsync(() => App.Send(new OpenMine { Token = mine, Id = stranger }), Throws.TypeOf<NotFound>());
        for (var i = 0; i < 3; i++)
            await App.Send(new AskMine { IdNumber = "990101198001010014", Phone = "13800000001" });
        await App.DrainAsync();
        Assert.That(App.Smtp.Mails, Has.Count.LessThanOrEqualTo(mails + 3), "nobody is flooded with codes");
        App.Advance(TimeSpan.FromHours(3));
        await Assert.ThatAsync(() => App.Send(new ListMine { Token = mine, Known = true }), Throws.TypeOf<NotFound>());
        Assert.That(await App.Verify("secrets"), Is.Empty);
    }

    [Test]
    public async Task What_a_filer_writes_is_due_at_the_desk_and_the_answer_is_told_without_its_content()
    {
        _ = App.Smtp;
        var begun = await App.As(null).Send(Begin with { Email = "zhang@party.example" });
        await App.DrainAsync();
        await Assert.ThatAsync(
            () => App.Send(new WriteToCourt { Token = begun.Token, Words = "在吗" }),
            Throws.TypeOf<RuleBroken>(),
            "nobody has shown who it is"
        );
        await App.Send(new IdentifyFiler { Token = begun.Token, Code = Six().Match(App.Smtp.Mails[^1].Text).Value });
        await Assert.ThatAsync(
            () => App.Send(new WriteToCourt { Token = begun.Token, Words = "在吗" }),
            Throws.TypeOf<RuleBroken>().With.Property("Code").EqualTo("state"),
            "a draft is nobody's business"
        );
        await App.Send(
            new SaveDraft
            {
                Token = begun.Token,
                Cause = "民间借贷纠纷",
                Parties = [TriageSamples.Plaintiff(), TriageSamples.Defendant()],
                Words = "借款未还",
            }
        );
        await App.Send(new SubmitDraft { Token = begun.Token, Vouched = true });
        // before the desk has taken it in: nothing is lost
        var paper = await App.Written("转账记录");
        await App.Send(
            new WriteToCourt
            {
                Token = begun.Token,
                Words = "被告下月出国，请尽快。",
                Blob = paper,
                Pages = 1,
            }
        );
        await Assert.ThatAsync(
            () => App.Send(new WriteToCourt { Token = begun.Token, Words = "被告下月出国，请尽快。" }),
            Throws.TypeOf<RuleBroken>().With.Property("Code").EqualTo("same-content")
        );
        await Assert.ThatAsync(() => App.Send(new WriteToCourt { Token = begun.Token, Words = "  " }), Throws.TypeOf<ValidationException>());
        await Assert.ThatAsync(() => App.Send(new WriteToCourt { Token = begun.Token, Words = new string('长', 2001) }), Throws.TypeOf<ValidationException>());
        await Assert.ThatAsync(
            () =>
                App.Send(
                    new WriteToCourt
                    {
                        Token = begun.Token,
                        Words = "再传一次",
                        Blob = paper,
                    }
                ),
            Throws.TypeOf<RuleBroken>().With.Property("Field").EqualTo("File")
        );
        await App.DrainAsync();
        await App.HearAgain<CourtOps.Contracts.FilingHandedIn>();
        var row = (await App.As("registrar").Send(new ListLetters())).Rows.Single();
        Assert.That((row.Sender, row.Words, row.DueOn), Is.EqualTo(("张某甲", "被告下月出国，请尽快。", new DateOnly(2026, 3, 3))));
        Assert.That((await App.Send(new ShowFiling { Id = row.FilingId })).Papers.Single().Title, Is.EqualTo("随留言提交的材料"));
        var letter = (await App.Send(new LettersOfFiling { Id = row.FilingId })).Single();
        await Assert.ThatAsync(() => App.As("clerk-yanji").Send(new AnswerFiler { Id = row.FilingId, Words = "外院" }), Throws.TypeOf<NotFound>());
        var mails = App.Smtp.Mails.Count;
        await App.As("registrar")
            .Send(
                new AnswerFiler
                {
                    Id = row.FilingId,
                    Words = "已收到，本周内审查。",
                    Last = letter.Id,
                }
            );
        await Assert.ThatAsync(
            () =>
                App.Send(
                    new AnswerFiler
                    {
                        Id = row.FilingId,
                        Words = "另一名书记员",
                        Last = letter.Id,
                    }
                ),
            Throws.TypeOf<Conflict>(),
            "two clerks at once"
        );
        Assert.That((await App.Send(new ListLetters())).Todo, Is.Zero);
        await App.DrainAsync();
        var told = App.Smtp.Mails.Skip(mails).Single();
        Assert.That(told.Text, Does.Contain("收吉2424-2026-000001").And.Contain("法院给您留言").And.Not.Contain("本周内"), "nothing of it by mail");
        Assert.That((await App.Send(new ShowFiling { Id = row.FilingId })).Events.Single(e => e.Event == "tell").Words, Is.EqualTo("已发邮件"));
        var link = Link().Match(told.Text).Groups[1].Value;
        Assert.That((await App.As(null).Send(new FindDraft { Token = link })).Lines, Is.Empty, "the link alone shows nothing");
        var page = await App.Send(new FindDraft { Token = link, Known = true });
        Assert.That(page.Lines.Select(l => l.Event).Where(e => e is "in" or "out"), Is.EqualTo(new[] { "in", "out" }));
        Assert.That(page.Lines[^1].Words, Is.EqualTo("已收到，本周内审查。"));
        Assert.That(await App.Value<string>("SELECT words_enc FROM triage_public_letter WHERE side = 'out'"), Does.Not.Contain("审查"));
        Assert.That(await App.Verify(), Is.Empty);
    }

    [Test]
    public async Task Letters_are_few_in_a_day_and_late_ones_go_to_whoever_is_on_duty()
    {
        var token = await FilledAsync();
        await App.Send(new SubmitDraft { Token = token, Vouched = true });
        await App.DrainAsync();
        for (var i = 0; i < WriteToCourt.MostInADay; i++)
            await App.Send(new WriteToCourt { Token = token, Words = $"第 {i} 次问" });
        await Assert.ThatAsync(
            () => App.Send(new WriteToCourt { Token = token, Words = "还问" }),
            Throws.TypeOf<RuleBroken>().With.Property("Code").EqualTo("too-many")
        );
        await App.DrainAsync();
        await App.As("registrar")
            .Send(
                new Contacts.SaveDuty
                {
                    From = new DateOnly(2026, 3, 1),
                    Until = new DateOnly(2026, 3, 31),
                    Person = "registrar",
                    Phone = "0433-8800000",
                }
            );
        App.Advance(TimeSpan.FromDays(4));
        await App.RunJob<Jobs.WatchContacts>();
        await App.RunJob<Jobs.WatchContacts>();
        var late = await App.As("registrar").Send(new ListLetters { View = "late" });
        Assert.That((late.Late, late.Rows[0].EscalatedTo.Length > 0), Is.EqualTo((WriteToCourt.MostInADay, true)));
        var filing = late.Rows[0].FilingId;
        var http = await App.WithKey("registrar");
        Assert.That(await http.GetStringAsync("/api/v1/filing-letters?view=late"), Does.Contain("第 3 次问"));
        var answered = await http.PostAsync($"/api/v1/filings/{filing}:answer", System.Net.Http.Json.JsonContent.Create(new { words = "一并答复" }));
        Assert.That(answered.StatusCode, Is.EqualTo(HttpStatusCode.OK), await answered.Content.ReadAsStringAsync());
        Assert.That(await http.GetStringAsync($"/api/v1/filings/{filing}/letters"), Does.Contain("一并答复").And.Contain("\"court\""));
        var shown = await App.Send(new ShowFiling { Id = filing });
        Assert.That(shown.Events.Last(e => e.Event == "tell").Words, Does.Contain("请电话告知"), "nobody is told at an address that was never confirmed");
        await App.Send(new RegisterFiling { Id = filing, Reason = "审查合格" });
        await Assert.ThatAsync(
            async () =>
                await App.As(null)
                    .Send(
                        new WriteToCourt
                        {
                            Token = token,
                            Words = "补一份",
                            Blob = await App.Written("补"),
                        }
                    ),
            Throws.TypeOf<RuleBroken>().With.Property("Field").EqualTo("File")
        );
        await App.Send(new WriteToCourt { Token = token, Words = "法官是谁" });
        await App.DrainAsync();
        Assert.That((await App.As("registrar").Send(new ListLetters())).Rows.Single().CaseNumber, Does.Contain("民初1号"));
        var counter = await App.Taken();
        await Assert.ThatAsync(
            () => App.Send(new AnswerFiler { Id = counter.Id, Words = "x" }),
            Throws.TypeOf<RuleBroken>().With.Property("Code").EqualTo("not-online")
        );
    }

    [Test]
    public async Task A_paper_with_a_letter_that_meets_the_registration_is_in_the_case()
    {
        var token = await FilledAsync();
        await App.Send(new SubmitDraft { Token = token, Vouched = true });
        await App.DrainAsync();
        var id = (await App.As("registrar").Send(new ListFilings())).Rows.Single().Id;
        await App.As(null)
            .Send(
                new WriteToCourt
                {
                    Token = token,
                    Words = "附收据",
                    Blob = await App.Written("收据"),
                    Pages = 1,
                }
            );
        var done = await App.As("registrar").Send(new RegisterFiling { Id = id, Reason = "审查合格" });
        await App.DrainAsync();
        Assert.That((await App.Send(new ShowFiling { Id = id })).Papers.Single().DocumentId, Is.Not.Null);
        Assert.That(
            await App.Value<int>("SELECT COUNT(*) FROM workzone_document WHERE case_id = @CaseId AND title = '随留言提交的材料'", new { done.CaseId }),
            Is.EqualTo(1)
        );
    }

    [Test]
    public async Task The_pages_carry_a_conversation()
    {
        var token = await FilledAsync();
        await App.Send(new SubmitDraft { Token = token, Vouched = true });
        await App.DrainAsync();
        var at = "/p/file/" + token;
        var party = await App.Http();
        Assert.That((await TestApp.PostForm(party, at, at, ("Code", "0014"))).StatusCode, Is.EqualTo(HttpStatusCode.Redirect));
        Assert.That((await TestApp.PostForm(party, at, at + "?handler=Write", ("Letter", " "))).StatusCode, Is.EqualTo(HttpStatusCode.UnprocessableEntity));
        Assert.That(
            (await TestApp.PostForm(party, at, at + "?handler=Write", ("Letter", "什么时候能立案？\n<b>急</b>"))).StatusCode,
            Is.EqualTo(HttpStatusCode.Redirect)
        );
        await App.DrainAsync();
        var desk = await App.SignedIn("registrar");
        var list = await desk.GetStringAsync("/triage/letters");
        Assert.That(list, Does.Contain("什么时候能立案").And.Not.Contain("<b>急"));
        var id = await App.Value<long>("SELECT id FROM triage_filing");
        var last = await App.Value<long>("SELECT MAX(id) FROM triage_letter");
        var here = $"/triage/filings/{id}";
        Assert.That(
            (await TestApp.PostForm(desk, here, here + "?handler=Answer", ("Answer", ""), ("LastLetter", $"{last}"))).StatusCode,
            Is.EqualTo(HttpStatusCode.UnprocessableEntity)
        );
        var stale = await TestApp.PostForm(desk, here, here + "?handler=Answer", ("Answer", "写好的答复"), ("LastLetter", "0"));
        Assert.That(
            (stale.StatusCode, (await stale.Content.ReadAsStringAsync()).Contains("写好的答复", StringComparison.Ordinal)),
            Is.EqualTo((HttpStatusCode.Conflict, true))
        );
        Assert.That(
            (await TestApp.PostForm(desk, here, here + "?handler=Answer", ("Answer", "明天。"), ("LastLetter", $"{last}"))).StatusCode,
            Is.EqualTo(HttpStatusCode.Redirect)
        );
        Assert.That(await party.GetStringAsync(at), Does.Contain("法院答复").And.Contain("明天。"));
        Assert.That(await (await App.Http()).GetStringAsync(at), Does.Not.Contain("明天。"), "another browser sees nothing");
    }

    [Test]
    public async Task What_a_counter_would_refuse_is_refused_and_nothing_typed_is_lost()
    {
        var token = (await App.As(null).Send(Begin)).Token;
        await App.Send(
            new SaveDraft
            {
                Token = token,
                Cause = "民间借贷纠纷",
                Parties = [TriageSamples.Plaintiff() with { IdNumber = "990101198001010011" }, TriageSamples.Defendant()],
                Words = "事实",
            }
        );
        await Assert.ThatAsync(() => App.Send(new SubmitDraft { Token = token, Vouched = true }), Throws.TypeOf<ValidationException>());
        Assert.That((await App.Send(new FindDraft { Token = token, Known = true })).Content!.Parties[0].IdNumber, Is.EqualTo("990101198001010011"));
        await App.Send(
            new SaveDraft
            {
                Token = token,
                Cause = "民间借贷纠纷",
                Parties = [TriageSamples.Plaintiff()],
                Words = "事实",
            }
        );
        await Assert.ThatAsync(
            () => App.Send(new SubmitDraft { Token = token, Vouched = true }),
            Throws.TypeOf<RuleBroken>().With.Property("Field").EqualTo("Parties[1].Name")
        );
        await Assert.ThatAsync(() => App.Send(Begin with { IdNumber = "12345" }), Throws.TypeOf<ValidationException>());
        await Assert.ThatAsync(() => App.Send(new FindDraft { Token = new string('0', 32) }), Throws.TypeOf<NotFound>());
    }

    [Test]
    public async Task A_code_by_mail_opens_the_page_and_wrong_ones_lock_for_longer_each_time()
    {
        Assert.That(App.Smtp.Mails, Is.Empty);
        var begun = await App.As(null).Send(Begin with { Email = "zhang@party.example" });
        Assert.That(begun.NeedsCode);
        await App.DrainAsync();
        var mail = App.Smtp.Mails.Single();
        var code = Six().Match(mail.Text).Value;
        await Assert.ThatAsync(() => App.Send(new SaveDraft { Token = begun.Token, Cause = "x" }), Throws.TypeOf<RuleBroken>());
        for (var i = 0; i < 5; i++)
            Assert.That((await App.Send(new IdentifyFiler { Token = begun.Token, Code = "abc" })).Done, Is.False);
        var locked = await App.Send(new IdentifyFiler { Token = begun.Token, Code = code });
        Assert.That((locked.Done, locked.LockedUntil), Is.EqualTo((false, (DateTimeOffset?)App.Clock.GetUtcNow().AddMinutes(30))));
        Assert.That(new[] { 0, 1, 2, 9 }.Select(n => PublicFilings.LockTime(n).TotalMinutes), Is.EqualTo(new[] { 30d, 60, 120, 1440 }));
        App.Advance(TimeSpan.FromMinutes(31));
        await App.Send(new AskFilerCode { Token = begun.Token });
        await App.DrainAsync();
        code = Six().Match(App.Smtp.Mails[^1].Text).Value;
        Assert.That((await App.Send(new IdentifyFiler { Token = begun.Token, Code = code })).Done);
        await App.Send(new SaveDraft { Token = begun.Token, Cause = "民间借贷纠纷" });
    }

    [Test]
    public async Task The_pages_lead_from_the_question_to_the_status()
    {
        var http = await App.Http();
        Assert.That(await http.GetStringAsync("/p/file"), Does.Contain("您遇到了什么事").And.Contain("别人借了我的钱不还"));
        Assert.That(await http.GetStringAsync("/p/file?topic=loan"), Does.Contain("涉及多少钱"));
        var asked = await http.GetStringAsync("/p/file?topic=loan&asked=true&court=吉2424&amount=30000");
        Assert.That(asked, Does.Contain("民事起诉状").And.Contain("借款及交付凭证").And.Contain("550.00").And.Contain("适合调解"));
        Assert.That(await http.GetStringAsync("/p/file?topic=labour&asked=true&court=吉2424"), Does.Contain("先申请劳动仲裁"));
        var posted = await TestApp.PostForm(
            http,
            "/p/file?topic=loan&asked=true&court=吉2424&amount=30000",
            "/p/file",
            ("Topic", "loan"),
            ("Court", "吉2424"),
            ("Amount", "30000"),
            ("Asked", "true"),
            ("Role", "self"),
            ("Name", "张某甲"),
            ("IdNumber", "990101198001010011"),
            ("Phone", "13800000001")
        );
        Assert.That(posted.StatusCode, Is.EqualTo(HttpStatusCode.UnprocessableEntity));
        Assert.That(await posted.Content.ReadAsStringAsync(), Does.Contain("校验相符").And.Contain("张某甲"));
        posted = await TestApp.PostForm(
            http,
            "/p/file?topic=loan&asked=true&court=吉2424",
            "/p/file",
            ("Topic", "loan"),
            ("Court", "吉2424"),
            ("Amount", "30000"),
            ("Asked", "true"),
            ("Role", "self"),
            ("Name", "张某甲"),
            ("IdNumber", "990101198001010014"),
            ("Phone", "13800000001")
        );
        Assert.That(posted.StatusCode, Is.EqualTo(HttpStatusCode.Redirect));
        var at = posted.Headers.Location!.ToString();
        Assert.That(await http.GetStringAsync(at), Does.Contain("张某甲").And.Contain("30000").And.Contain("提交立案申请"));
        (string, string)[] filled =
        [
            ("Cause", "民间借贷纠纷"),
            ("Parties[0].Role", "原告"),
            ("Parties[0].Name", "张某甲"),
            ("Parties[1].Role", "被告"),
            ("Parties[1].Name", "王某乙"),
            ("Claims[0].Type", "money"),
            ("Claims[0].Amount", "30000"),
            ("Words", "借款未还"),
        ];
        Assert.That((await TestApp.PostForm(http, at, at + "?handler=Save", filled)).StatusCode, Is.EqualTo(HttpStatusCode.Redirect));
        Assert.That((await TestApp.PostForm(http, at, at + "?handler=Submit", ("Vouched", "true"))).StatusCode, Is.EqualTo(HttpStatusCode.Redirect));
        await App.DrainAsync();
        Assert.That(await http.GetStringAsync(at), Does.Contain("待审查").And.Contain("收吉2424-2026-000001"));
        var stranger = await App.Http();
        Assert.That(await stranger.GetStringAsync(at), Does.Not.Contain("王某乙"));
        Assert.That((await TestApp.PostForm(stranger, at, at, ("Code", "1234"))).StatusCode, Is.EqualTo(HttpStatusCode.UnprocessableEntity));
        Assert.That(await stranger.GetStringAsync(at), Does.Not.Contain("王某乙"));
        Assert.That((await TestApp.PostForm(stranger, at, at, ("Code", "0014"))).StatusCode, Is.EqualTo(HttpStatusCode.Redirect));
        Assert.That(await stranger.GetStringAsync(at), Does.Contain("待审查"));
        Assert.That((await stranger.GetAsync("/p/file/" + new string('0', 32))).StatusCode, Is.EqualTo(HttpStatusCode.NotFound));
    }

    [Test]
    public async Task A_draft_nobody_hands_in_is_forgotten()
    {
        await FilledAsync();
        App.Advance(TimeSpan.FromDays(31));
        await App.RunJob<Jobs.ForgetDrafts>();
        Assert.That(await App.Value<int>("SELECT COUNT(*) FROM triage_public_filing"), Is.Zero);
    }

    [Test]
    public async Task A_filing_for_another_court_is_checked_here_and_decided_there_by_both_clocks()
    {
        var filing = TriageSamples.Loan();
        await Assert.ThatAsync(
            () => App.As("registrar").Send(new TakeCrossFiling { Court = "延吉市人民法院", Filing = filing }),
            Throws.TypeOf<ValidationException>(),
            "identity first"
        );
        await Assert.ThatAsync(
            () =>
                App.Send(
                    new TakeCrossFiling
                    {
                        Court = "延吉市人民法院",
                        Filing = filing with { CaseType = "民终" },
                        Checked = ["identity"],
                    }
                ),
            Throws.TypeOf<ValidationException>()
        );
        await Assert.ThatAsync(
            () =>
                App.Send(
                    new TakeCrossFiling
                    {
                        Court = Sample.Court,
                        Filing = filing,
                        Checked = ["identity"],
                    }
                ),
            Throws.TypeOf<RuleBroken>()
        );
        var taken = await App.Send(
            new TakeCrossFiling
            {
                Court = "延吉市人民法院",
                Filing = filing,
                Checked = ["identity", "form"],
            }
        );
        Assert.That(taken.Number, Does.StartWith("收吉2401"));
        await Assert.ThatAsync(() => App.Send(new PassFiling { Id = taken.Id }), Throws.TypeOf<RuleBroken>().With.Property("Code").EqualTo("unchecked"));
        await Assert.ThatAsync(
            () => App.Send(new PassFiling { Id = taken.Id, Checked = ["copies", "court"] }),
            Throws.TypeOf<RuleBroken>().With.Property("Code").EqualTo("no-papers")
        );
        await App.Paper(taken.Id, "complaint", "起诉状");
        await Assert.ThatAsync(() => App.Send(new RegisterFiling { Id = taken.Id }), Throws.TypeOf<RuleBroken>().With.Property("Code").EqualTo("other-court"));
        App.Advance(TimeSpan.FromHours(3));
        await App.Send(new PassFiling { Id = taken.Id, Checked = ["copies", "court"] });
        var out1 = (await App.Send(new ListCross())).Rows.Single();
        Assert.That(
            (out1.Filing.DecideBy, out1.Filing.ReplyBy, out1.Standing),
            Is.EqualTo(((DateOnly?)new DateOnly(2026, 3, 9), (DateOnly?)new DateOnly(2026, 3, 3), "in-time"))
        );
        App.Advance(TimeSpan.FromDays(2));
        var there = (await App.As("clerk-yanji").Send(new ListCross { Direction = "in" }));
        Assert.That((there.Late, there.Rows.Single().Standing), Is.EqualTo((1, "late-reply")));
        var registered = await App.Send(new RegisterFiling { Id = taken.Id });
        Assert.That(registered.CaseNumber, Does.Contain("吉2401民初"));
        var back = (await App.As("registrar").Send(new ListCross())).Rows.Single();
        Assert.That(
            (back.Filing.State, back.Standing, back.Filing.PartiesText),
            Is.EqualTo(("registered", "replied-late", "")),
            "the outcome, but nothing of the case"
        );
        await Assert.ThatAsync(() => App.Send(new ShowFiling { Id = taken.Id }), Throws.TypeOf<NotFound>());
        var http = await App.SignedIn("registrar");
        Assert.That(await http.GetStringAsync("/triage/cross"), Does.Contain(taken.Number).And.Contain("答复迟于目标"));
        Assert.That(await http.GetStringAsync("/triage/new?cross=true"), Does.Contain("已核对提交人身份").And.Contain("延吉市人民法院"));
        var key = await App.WithKey("registrar");
        Assert.That(await key.GetStringAsync("/api/v1/cross-filings?direction=out"), Does.Contain("replied-late"));
    }

    [TestCase("2026-03-02", null, null, null, null, "2026-03-03", "late-pass")]
    [TestCase("2026-03-02", "2026-03-02", "2026-03-03", null, "2026-03-09", "2026-03-03", "in-time")]
    [TestCase("2026-03-02", "2026-03-02", "2026-03-03", null, "2026-03-09", "2026-03-04", "late-reply")]
    [TestCase("2026-03-02", "2026-03-02", "2026-03-03", null, "2026-03-09", "2026-03-10", "late-law")]
    [TestCase("2026-03-02", "2026-03-03", "2026-03-04", "2026-03-04", null, "2026-03-10", "passed-late")]
    [TestCase("2026-03-02", "2026-03-02", "2026-03-03", "2026-03-05", null, "2026-03-10", "replied-late")]
    public void Which_clock_ran_out_is_told(string passBy, string? passed, string? replyBy, string? replied, string? decideBy, string today, string standing)
    {
        static DateOnly? D(string? s) => s is null ? null : DateOnly.Parse(s, System.Globalization.CultureInfo.InvariantCulture);
        static DateTimeOffset? T(string? s) => D(s) is { } d ? new DateTimeOffset(d, new TimeOnly(10, 0), TimeSpan.FromHours(8)) : null;
        Assert.That(CrossRules.Standing(D(passBy), T(passed), D(replyBy), T(replied), D(decideBy), D(today)!.Value), Is.EqualTo(standing));
    }

    [TestCase("divorce", "pregnant", true)]
    [TestCase("divorce", "before", true)]
    [TestCase("divorce", "", false)]
    [TestCase("labour", "", true)]
    [TestCase("labour", "award", false)]
    [TestCase("loan", "missing", false)]
    [TestCase("agency", "late", true)]
    public void The_questions_stop_where_the_law_does(string topic, string yes, bool stops) =>
        Assert.That(Guidance.Of(Guidance.Topics.First(t => t.Code == topic), yes.Length == 0 ? [] : [yes], null, "吉").Stop is not null, Is.EqualTo(stops));

    [Test]
    public void Photos_become_pages_and_half_a_photo_none()
    {
        // a baseline JPEG header of 8 by 16 dots with its end
        byte[] jpeg = [0xFF, 0xD8, 0xFF, 0xC0, 0x00, 0x0B, 0x08, 0x00, 0x10, 0x00, 0x08, 0x01, 0x01, 0x11, 0x00, 0xFF, 0xDA, 0x00, 0x02, 0x00, 0xFF, 0xD9];
        var picture = PhotoPdf.Read(jpeg)!;
        Assert.That((picture.Width, picture.Height, picture.Image), Is.EqualTo((8, 16, "/ColorSpace /DeviceGray /Filter /DCTDecode")));
        Assert.That(PhotoPdf.Read(jpeg[..^2]), Is.Null, "broken off");
        Assert.That(PhotoPdf.Read("no picture"u8.ToArray()), Is.Null);
        using var pdf = new MemoryStream();
        PhotoPdf.Write(pdf, [picture, picture]);
        var text = System.Text.Encoding.Latin1.GetString(pdf.ToArray());
        Assert.That(text, Does.StartWith("%PDF-1.5").And.Contain("/Count 2").And.EndWith("%%EOF\n"));
        var table = int.Parse(Table().Match(text).Groups[1].Value, System.Globalization.CultureInfo.InvariantCulture);
        Assert.That(text[table..], Does.StartWith("xref\n0 9\n"));
    }

    [GeneratedRegex(@"(?<=验证码：)\d{6}")]
    private static partial Regex Six();

    [GeneratedRegex("/p/file/([0-9a-f]{32})")]
    private static partial Regex Link();

    [GeneratedRegex(@"startxref\n(\d+)")]
    private static partial Regex Table();
}
