using System.Text;
using CourtOps.Kernel.Messaging;
using CourtOps.ServiceOfDocuments.Addresses;
using CourtOps.ServiceOfDocuments.Announce;
using CourtOps.ServiceOfDocuments.Attempts;
using CourtOps.ServiceOfDocuments.Calls;
using CourtOps.ServiceOfDocuments.Field;
using CourtOps.ServiceOfDocuments.Jobs;
using CourtOps.ServiceOfDocuments.Post;
using CourtOps.ServiceOfDocuments.Steward;
using CourtOps.ServiceOfDocuments.Tasks;
using Microsoft.Extensions.DependencyInjection;

namespace CourtOps.ServiceOfDocuments.World;

/// <summary>Phone, post, field, announcement: the workspaces and what they write down.</summary>
[TestFixtureSource(typeof(Engines), nameof(Engines.All))]
public sealed class WaysTests(Engine engine) : AppTests(engine)
{
    private static readonly DateOnly Monday = new(2026, 3, 2);

    [TestCase(1, "2026-03-02T14:30:00")]
    [TestCase(2, "2026-03-02T18:30:00")]
    [TestCase(3, "2026-03-03T09:30:00")]
    public void An_unanswered_call_is_made_again_in_another_part_of_the_day(int tries, string next) =>
        Assert.That(
            Kernel.Web.Times.Local(CallRules.NextTry(Kernel.Web.Times.At(new DateTime(2026, 3, 2, 10, 0, 0, DateTimeKind.Unspecified)), tries)).DateTime,
            Is.EqualTo(DateTime.Parse(next, null))
        );

    [Test]
    public async Task Three_unanswered_calls_end_the_way_and_consent_by_phone_opens_the_electronic_one()
    {
        _ = App.Smtp;
        var order = await App.Asked(1, [SampleParty.Linked]);
        for (var i = 0; i < 3; i++)
        {
            App.Advance(TimeSpan.FromDays(1));
            await App.As("clerk").Send(new RecordCall { StepId = await StepId(order, "phone"), Outcome = "no-answer" });
        }
        Assert.That(await Plan(order.Notice), Does.StartWith("phone:failed postal:due"));
        var second = await App.Asked(2, [SampleParty.Linked with { Name = "尹某庚", Phone = "13800000007" }]);
        var clerk = await App.SignedIn("clerk");
        var page = $"/service/calls/{await StepId(second, "phone")}";
        Assert.That(
            await clerk.GetStringAsync(new Uri(page, UriKind.Relative)),
            Does.Contain("tel:13800000007").And.Contain("请问您是尹某庚本人吗").And.Contain("尹某庚 본인이십니까")
        );
        var bad = await TestApp.PostForm(clerk, page, page, ("Outcome", "e-consent"), ("Email", "li@example"), ("Words", "同意"));
        Assert.That(await bad.Content.ReadAsStringAsync(), Does.Contain("请填本人提供的电子邮箱").And.Contain("li@example"));
        Assert.That(
            (int)(await TestApp.PostForm(clerk, page, page, ("Outcome", "e-consent"), ("Email", "yin@party.example"), ("Words", "同意电子送达"))).StatusCode,
            Is.EqualTo(302)
        );
        await App.RunJob<RunSteward>();
        await App.DrainAsync();
        Assert.That((await NoticeRow.Of(App, second.Notice)).State, Is.EqualTo("served"), "sent by the steward to the address given by phone");
        Assert.That(App.Smtp.Mails.Single().To, Is.EqualTo("yin@party.example"));
        Assert.That(await App.Verify("service"), Is.Empty);
    }

    [TestCase("138 0000 0001")]
    [TestCase("+86-13800000001")]
    [TestCase("１３８００００００01")]
    public async Task A_call_that_comes_in_is_matched_and_called_back(string number)
    {
        var order = await App.Asked(1, [SampleParty.Linked]);
        var found = await App.As("clerk").Send(new FindCaller { Number = number });
        Assert.That(found.Rows.Single().Id, Is.EqualTo(order.Notice));
        await App.As("clerk")
            .Send(
                new RecordIncoming
                {
                    Number = number,
                    NoticeId = order.Notice,
                    Words = "问开庭时间",
                    CallbackAt = App.Clock.GetUtcNow().AddHours(2),
                }
            );
        var back = (await App.As("clerk").Send(new ListCallbacks())).Single();
        await App.As("clerk").Send(new DoneCallback { CallId = back.Id });
        Assert.That(await App.As("clerk").Send(new ListCallbacks()), Is.Empty);
        Assert.That(await App.Verify("secrets"), Is.Empty);
    }

    // C-05 and what carriers really write
    [TestCase("【汪清】已签收，本人签收", "", "delivered", "self")]
    [TestCase("已签收：家人代收签收", "", "delivered", "family")]
    [TestCase("妥投-单位收发章 签收", "", "delivered", "unit")]
    [TestCase("已签收", "", "ask", "self")]
    [TestCase("已签收", "本人", "delivered", "self")]
    [TestCase("已放快递柜，请取件", "", "ask", "self")]
    [TestCase("他人代收", "邻居", "ask", "self")]
    [TestCase("收件人拒收，退回", "", "refused", "self")]
    [TestCase("退回：收件人已搬迁", "", "moved", "self")]
    [TestCase("查无此人，退回", "", "wrong-address", "self")]
    [TestCase("原址查无此单位", "", "wrong-address", "self")]
    [TestCase("多次投递无人，退回", "", "absent", "self")]
    [TestCase("已退回", "", "ask", "self")]
    [TestCase("到达【延吉】处理中心", "", "news", "self")]
    [TestCase("投递不成功：无人，明日再投", "", "news", "self")]
    [TestCase("收件人称内容不符", "", "mismatch", "self")]
    public void The_words_of_the_carrier_mean_an_effect_a_next_step_or_a_question(string words, string signer, string outcome, string who) =>
        Assert.That(PostRules.Meaning(words, signer), Is.EqualTo(new TrackMeaning(outcome, who)));

    [TestCase("邮件号码,时间,状态\nA1,2026-03-02 08:00,已签收", 1, 0)]
    [TestCase("\uFEFF单号\t处理时间\t轨迹\r\nA1\t2026/3/2 8:00\t\"到达\t处理\"\r\n\r\n", 1, 0)]
    [TestCase("tracking;at;event;signer\nA1;2026-03-02;签收;本人\nA2;昨天;签收;x\n;2026-03-02;a;\nA3;2030-01-01;签收;", 1, 3)]
    [TestCase("甲,乙\n1,2", 0, 1)]
    [TestCase("", 0, 1)]
    public void A_carriers_file_is_read_and_its_faulty_lines_are_named(string text, int lines, int faults)
    {
        var read = PostRules.Read(text, TestClock.Monday);
        Assert.That((read.Lines.Count, read.Faults.Count), Is.EqualTo((lines, faults)));
    }

    [TestCase("SD1234567890123")]
    [TestCase("EX-2026/03 a~")]
    public void A_barcode_is_read_back_from_its_drawing(string text)
    {
        var widths = Barcode.Widths(text);
        var row = new List<byte>(Enumerable.Repeat((byte)255, 60));
        for (var i = 0; i < widths.Length; i++)
            row.AddRange(Enumerable.Repeat(i % 2 == 0 ? (byte)0 : (byte)255, (widths[i] - '0') * 3));
        row.AddRange(Enumerable.Repeat((byte)255, 60));
        var page = Enumerable.Repeat(row, 90).SelectMany(r => r).ToArray();
        Assert.That(CodeReading.Find(page, row.Count, 90), Does.Contain(text));
    }

    [Test]
    public void A_qr_is_read_back_from_its_drawing()
    {
        var modules = Barcode.QrModules("SD42");
        const int Scale = 6;
        var side = (modules.Length + 8) * Scale;
        var page = Enumerable.Repeat((byte)255, side * side).ToArray();
        for (var y = 0; y < modules.Length * Scale; y++)
        for (var x = 0; x < modules.Length * Scale; x++)
            if (modules[y / Scale][x / Scale])
                page[((y + (4 * Scale)) * side) + x + (4 * Scale)] = 0;
        Assert.That(CodeReading.Find(page, side, side), Is.EqualTo(new[] { "SD42" }));
    }

    [Test]
    public async Task A_letter_goes_from_batch_to_effect_by_the_carriers_file()
    {
        var order = await App.Asked(1, [SampleParty.Linked]);
        await Address(order, "registered", true);
        await App.As("clerk")
            .Send(
                new ChangePlan
                {
                    NoticeId = order.Notice,
                    Channel = "postal",
                    Reason = "测试",
                }
            );
        var clerk = await App.SignedIn("clerk");
        await TestApp.PostForm(clerk, "/service/post", "/service/post?handler=Batch", ("Ids", $"{await StepId(order, "postal")}"));
        var batch = await App.As(null).Value<long>("SELECT id FROM service_batch");
        var code = Barcode.Of(await StepId(order, "postal"));
        Assert.That(
            await clerk.GetStringAsync(new Uri($"/service/post/{batch}/labels", UriKind.Relative)),
            Does.Contain("class=\"code128\"").And.Contain("虚构省虚构县幸福路1号").And.Contain(code)
        );
        Assert.That(await clerk.GetStringAsync(new Uri($"/service/post/{batch}/list", UriKind.Relative)), Does.Contain("交接清单").And.Contain(code));
        await App.As("clerk").Send(new HandOver { BatchId = batch, To = "揽收员" });
        await Assert.ThatAsync(() => App.As("clerk").Send(new HandOver { BatchId = batch, To = "揽收员" }), Throws.TypeOf<Conflict>());
        Assert.That(await Plan(order.Notice), Does.Contain("postal:waiting"));
        App.Advance(TimeSpan.FromDays(2));
        clerk = await App.SignedIn("clerk");
        var file =
            $"邮件号码,时间,状态\n{code},2026-03-03 09:00,到达处理中心\n{code},2026-03-03 18:00,收件人拒收退回\nEX999,2026-03-03 18:00,已签收\n{code},2026-03-04 09:00,本人签收\n坏行\n";
        using var content = new MultipartFormDataContent { { new ByteArrayContent(Encoding.UTF8.GetBytes(file)), "file", "track.csv" } };
        var page = await clerk.GetStringAsync(new Uri("/service/post", UriKind.Relative));
        content.Add(
            new StringContent(System.Text.RegularExpressions.Regex.Match(page, "name=\"__RequestVerificationToken\" value=\"([^\"]+)\"").Groups[1].Value),
            "__RequestVerificationToken"
        );
        var said = await (await clerk.PostAsync(new Uri("/service/post?handler=Track", UriKind.Relative), content)).Content.ReadAsStringAsync();
        Assert.That(said, Does.Contain("送达日 2026-03-03").And.Contain("没有这个邮件号码").And.Contain("与已登记的结果矛盾"));
        await App.DrainAsync();
        var notice = await NoticeRow.Of(App, order.Notice);
        Assert.That(
            (notice.State, notice.EffectiveOn),
            Is.EqualTo(("served", (DateOnly?)new DateOnly(2026, 3, 3))),
            "refused at the registered address after the warning: served on the day of return"
        );
        Assert.That(await App.As(null).Rows<string>("SELECT kind FROM service_alarm"), Does.Contain("post"));
        var again = await App.As("clerk").Send(new TakeTracking { Lines = PostRules.Read(file, App.Clock.GetUtcNow()).Lines });
        Assert.That(again.Lines.Select(l => l.Outcome), Has.All.EqualTo("again"));
        Assert.That(await App.Verify(), Is.Empty);
    }

    [Test]
    public async Task A_returned_letter_of_an_unconfirmed_address_goes_to_the_next_address()
    {
        var order = await App.Asked(1, [SampleParty.Linked]);
        await Assert.ThatAsync(async () => await App.As("clerk").Send(new MakeBatch { StepIds = [await StepId(order, "phone")] }), Throws.TypeOf<Conflict>());
        await App.As("clerk")
            .Send(
                new ChangePlan
                {
                    NoticeId = order.Notice,
                    Channel = "postal",
                    Reason = "测试",
                }
            );
        await Assert.ThatAsync(
            async () => await App.As("clerk").Send(new MakeBatch { StepIds = [await StepId(order, "postal")] }),
            Throws.TypeOf<RuleBroken>().With.Message.Contains("没有可用的邮寄地址")
        );
        await Address(order, "habitual", false);
        var made = await App.As("clerk").Send(new MakeBatch { StepIds = [await StepId(order, "postal")] });
        await App.As("clerk").Send(new HandOver { BatchId = made.BatchId, To = "揽收员" });
        var result = await App.As("clerk")
            .Send(
                new RecordLetter
                {
                    StepId = await App.As(null).Value<long>("SELECT id FROM service_step WHERE batch_id = @BatchId", new { made.BatchId }),
                    Outcome = "wrong-address",
                    On = Monday,
                }
            );
        Assert.That(result.Effective, Is.False);
        Assert.That(await Plan(order.Notice), Does.Contain("postal:failed direct:due"));
    }

    [Test]
    public async Task Receipts_are_matched_by_their_barcode()
    {
        if (Tools.Find("pdftoppm") is null || Tools.Find("pdfseparate") is null)
            Assert.Ignore("poppler-utils is not installed");
        var order = await App.Asked(1, [SampleParty.Linked]);
        var step = await StepId(order, "postal");
        var pdf = BarcodePdf(Barcode.Of(step), "SD99");
        await App.As("clerk")
            .In(async s =>
            {
                using var stream = new MemoryStream(pdf);
                var blob = await s.GetRequiredService<Kernel.Files.BlobStore>().WriteAsync(stream, 1 << 20, default);
                await s.GetRequiredService<MediatR.IMediator>().Send(new TakeReceipts { Blob = blob });
            });
        await App.DrainAsync();
        Assert.That(
            await App.As(null).Rows<string>("SELECT CONCAT(state, ' ', reason) FROM kernel_work WHERE queue = 'service.receipts'"),
            Is.EqualTo(new[] { "done " })
        );
        Assert.That(await App.As(null).Rows<string>("SELECT state FROM service_receipt ORDER BY page"), Is.EqualTo(new[] { "matched", "unknown" }));
        Assert.That(
            await App.As(null).Rows<string>("SELECT title FROM workzone_document WHERE case_id = @CaseId", new { order.CaseId }),
            Does.Contain("邮件回执（尹某己）")
        );
        Assert.That((await App.As("clerk").Send(new ListReceipts())).Count, Is.GreaterThan(0));
    }

    [TestCase("leave", "left", 0, false, "", "门口", "Files")]
    [TestCase("leave", "left", 1, false, "", "门口", null)]
    [TestCase("leave", "left", 0, false, "居委会李某", "门口", null)]
    [TestCase("direct", "signed", 0, false, "", "门口", "Signature")]
    [TestCase("direct", "signed", 0, true, "", "门口", null)]
    [TestCase("direct", "absent", 0, false, "", "", "Place")]
    public void What_a_visit_needs(string channel, string outcome, int photos, bool signature, string witness, string place, string? field) =>
        Assert.That(FieldRules.Missing(channel, outcome, photos, signature, witness, place, null, TestClock.Monday)?.Field, Is.EqualTo(field));

    [TestCase(25, "PhoneTime")]
    [TestCase(1, null)]
    public void A_phone_clock_that_is_a_day_off_is_not_believed(int hours, string? field) =>
        Assert.That(FieldRules.Missing("direct", "absent", 0, false, "", "门口", TestClock.Monday.AddHours(hours), TestClock.Monday)?.Field, Is.EqualTo(field));

    [TestCase("吉林省汪清县幸福路1号", "吉林省汪清县")]
    [TestCase("吉林省延吉市公园街2号", "吉林省延吉市")]
    [TestCase("某地", "某地")]
    public void The_area_of_an_address(string address, string area) => Assert.That(FieldRules.Area(address), Is.EqualTo(area));

    [Test]
    public async Task A_visit_is_recorded_on_the_phone_and_only_added_to()
    {
        var order = await App.Asked(1, [SampleParty.Linked]);
        await Address(order, "registered", true);
        await App.As("clerk")
            .Send(
                new ChangePlan
                {
                    NoticeId = order.Notice,
                    Channel = "direct",
                    Reason = "测试",
                }
            );
        var step = await StepId(order, "direct");
        var clerk = await App.SignedIn("clerk");
        Assert.That(
            (int)(await TestApp.PostForm(clerk, "/service/trips", "/service/trips", ("Ids", $"{step}"), ("Day", "2026-03-03"))).StatusCode,
            Is.EqualTo(302)
        );
        var trip = await App.As(null).Value<long>("SELECT id FROM service_batch WHERE kind = 'trip'");
        Assert.That(await clerk.GetStringAsync(new Uri($"/service/trips/{trip}", UriKind.Relative)), Does.Contain("虚构省虚构县幸福路1号"));
        var page = $"/service/visits/{step}";
        var bare = await TestApp.PostForm(clerk, page, page, ("Data.Outcome", "left"), ("Data.Place", "门口"));
        Assert.That((int)bare.StatusCode, Is.EqualTo(422));
        Assert.That(await bare.Content.ReadAsStringAsync(), Does.Contain("留置送达须拍照"));
        using var photo = new MultipartFormDataContent
        {
            { new ByteArrayContent([0xFF, 0xD8, 0xFF, 0xE0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13]), "Files", "door.jpg" },
            { new StringContent("left"), "Data.Outcome" },
            { new StringContent("幸福路1号门口"), "Data.Place" },
        };
        photo.Add(
            new StringContent(
                System
                    .Text.RegularExpressions.Regex.Match(
                        await clerk.GetStringAsync(new Uri(page, UriKind.Relative)),
                        "name=\"__RequestVerificationToken\" value=\"([^\"]+)\""
                    )
                    .Groups[1]
                    .Value
            ),
            "__RequestVerificationToken"
        );
        Assert.That((int)(await clerk.PostAsync(new Uri(page, UriKind.Relative), photo)).StatusCode, Is.EqualTo(302));
        await App.DrainAsync();
        Assert.That((await NoticeRow.Of(App, order.Notice)).EffectiveOn, Is.EqualTo(Monday));
        Assert.That((int)(await TestApp.PostForm(clerk, page, page + "?handler=More", ("Data.More", "邻居在场"))).StatusCode, Is.EqualTo(302));
        Assert.That(await App.As(null).Rows<string>("SELECT kind FROM service_evidence ORDER BY id"), Is.EqualTo(new[] { "photo", "note" }));
        var id = await App.As(null).Value<long>("SELECT MIN(id) FROM service_evidence");
        Assert.That((int)(await clerk.GetAsync(new Uri($"/service/evidence/{id}", UriKind.Relative))).StatusCode, Is.EqualTo(200));
        var stranger = await App.SignedIn("judge2");
        Assert.That((int)(await stranger.GetAsync(new Uri($"/service/evidence/{id}", UriKind.Relative))).StatusCode, Is.EqualTo(404));
        Assert.That(await App.Verify(), Is.Empty);
    }

    [Test]
    public async Task Whoever_is_in_custody_gets_papers_through_the_institution()
    {
        var order = await App.Asked(1, [SampleParty.Linked]);
        await App.As("clerk").Send(new MarkCustody { NoticeId = order.Notice, Institution = "虚构县看守所" });
        Assert.That(await Plan(order.Notice), Does.Contain("transferred:due"));
        await App.As("clerk")
            .Send(
                new RecordAttempt
                {
                    NoticeId = order.Notice,
                    Channel = "transferred",
                    Outcome = "signed",
                    On = Monday,
                    Place = "虚构县看守所",
                }
            );
        Assert.That((await NoticeRow.Of(App, order.Notice)).State, Is.EqualTo("served"));
    }

    // C-06: what is missing → the first gate that is shut
    [TestCase(true, 1, 1, true, true, true, "procedure")]
    [TestCase(false, 0, 1, true, true, true, "phone")]
    [TestCase(false, 1, 0, true, true, true, "addresses")]
    [TestCase(false, 1, 1, false, true, true, "registered")]
    [TestCase(false, 1, 1, true, false, true, "absence")]
    [TestCase(false, 1, 1, true, true, false, "approved")]
    [TestCase(false, 1, 1, true, true, true, null)]
    public void The_gates_of_an_announcement(bool simple, int phone, int addresses, bool registered, bool proof, bool approved, string? shut) =>
        Assert.That(
            AnnounceRules
                .Gates(
                    new GateFacts
                    {
                        Simple = simple,
                        HasElectronicOrPhone = true,
                        ElectronicOrPhoneFailed = phone,
                        Addresses = 1,
                        AddressesFailed = addresses,
                        VisitsOrMailFailed = addresses,
                        Registered = registered,
                        ProofOfAbsence = proof,
                        Approved = approved,
                    }
                )
                .FirstOrDefault(g => !g.Open)
                ?.Code,
            Is.EqualTo(shut)
        );

    [Test]
    public void The_text_says_what_the_law_asks_for()
    {
        foreach (var kind in new[] { "complaint", "summons", "judgment", "ruling" })
        {
            var text = AnnounceRules.Text("某院", "王某乙", "（2026）吉2424民初1号", "民间借贷纠纷", "张某甲", [(kind, "文书")], Monday, 30, 15, null, null);
            Assert.That(AnnounceRules.Lacks(text, [kind]), Is.Empty, text);
        }
        Assert.That(AnnounceRules.Lacks("向你公告送达传票。", ["summons", "judgment"]), Has.Count.EqualTo(3));
    }

    [Test]
    public async Task Every_way_fails_and_a_lawful_announcement_with_evidenced_gates_takes_effect_on_its_day()
    {
        var order = await App.Asked(1, [SampleParty.Linked]);
        await Address(order, "registered", false);
        for (var i = 0; i < 3; i++)
        {
            App.Advance(TimeSpan.FromDays(1));
            await App.As("clerk").Send(new RecordCall { StepId = await StepId(order, "phone"), Outcome = "no-answer" });
        }
        var page = $"/service/notices/{order.Notice}/announcement";
        var clerk = await App.SignedIn("clerk");
        var early = await TestApp.PostForm(clerk, page, page, ("Data.Text", new string('无', 60) + "无法向你送达，答辩"), ("Data.Ways", "site"));
        Assert.That((int)early.StatusCode, Is.EqualTo(422));
        Assert.That(await early.Content.ReadAsStringAsync(), Does.Contain("公告的条件还没有满足"));
        var made = await App.As("clerk").Send(new MakeBatch { StepIds = [await StepId(order, "postal")] });
        await App.As("clerk").Send(new HandOver { BatchId = made.BatchId, To = "揽收员" });
        await App.As("clerk")
            .Send(
                new RecordLetter
                {
                    StepId = await App.As(null).Value<long>("SELECT id FROM service_step WHERE batch_id = @BatchId", new { made.BatchId }),
                    Outcome = "absent",
                    On = Kernel.Web.Times.Day(App.Clock.GetUtcNow()),
                }
            );
        await App.As("clerk")
            .Send(
                new RecordVisit
                {
                    StepId = await StepId(order, "direct"),
                    Outcome = "absent",
                    Place = "幸福路1号",
                }
            );
        var proof = await App.Document(order.CaseId, "居委会证明", "evidence");
        await App.As("judge").Send(new ApproveAnnouncement { NoticeId = order.Notice, Reason = "各种方式均不能送达" });
        var text = (await App.As("clerk").Send(new ShowAnnouncement { NoticeId = order.Notice })).Text;
        var done = await App.As("clerk")
            .Send(
                new PublishAnnouncement
                {
                    NoticeId = order.Notice,
                    Text = text,
                    Ways = ["site"],
                    EvidenceId = proof,
                }
            );
        Assert.That(done.EffectiveOn, Is.EqualTo(new DateOnly(2026, 4, 7)), "30 days after 5 March is 4 April, a holiday until 6 April");
        await Assert.ThatAsync(
            () =>
                App.As("clerk")
                    .Send(
                        new PublishAnnouncement
                        {
                            NoticeId = order.Notice,
                            Text = text,
                            Ways = ["site"],
                            EvidenceId = proof,
                        }
                    ),
            Throws.TypeOf<Conflict>()
        );
        Assert.That(await (await App.Http()).GetStringAsync(new Uri("/p/announcements", UriKind.Relative)), Does.Contain("尹某己").And.Contain("答辩状的期限"));
        await App.Change("UPDATE workzone_case SET sealed = 1 WHERE id = @CaseId", new { order.CaseId });
        Assert.That(
            await (await App.Http()).GetStringAsync(new Uri("/p/announcements", UriKind.Relative)),
            Does.Not.Contain("尹某己"),
            "nothing of a sealed case is shown to the public"
        );
        await App.Change("UPDATE workzone_case SET sealed = 0 WHERE id = @CaseId", new { order.CaseId });
        App.Advance(TimeSpan.FromDays(40));
        await App.RunJob<MatureAnnouncements>();
        await App.DrainAsync();
        Assert.That((await NoticeRow.Of(App, order.Notice)).EffectiveOn, Is.EqualTo(done.EffectiveOn));
        Assert.That(await App.Verify(), Is.Empty);
    }

    [Test]
    public async Task A_withdrawn_announcement_has_no_effect()
    {
        var order = await App.Asked(1, [SampleParty.Linked]);
        await Address(order, "registered", false);
        await App.As("clerk").Send(new RecordCall { StepId = await StepId(order, "phone"), Outcome = "off" });
        await App.As("clerk")
            .Send(
                new ChangePlan
                {
                    NoticeId = order.Notice,
                    Channel = "direct",
                    Reason = "测试",
                }
            );
        await App.As("clerk")
            .Send(
                new RecordVisit
                {
                    StepId = await StepId(order, "direct"),
                    Outcome = "absent",
                    Place = "幸福路1号",
                }
            );
        await App.As("judge").Send(new ApproveAnnouncement { NoticeId = order.Notice, Reason = "不能送达" });
        var proof = await App.Document(order.CaseId, "派出所证明", "evidence");
        var text = (await App.As("clerk").Send(new ShowAnnouncement { NoticeId = order.Notice })).Text;
        var done = await App.As("clerk")
            .Send(
                new PublishAnnouncement
                {
                    NoticeId = order.Notice,
                    Text = text,
                    Ways = ["site"],
                    EvidenceId = proof,
                }
            );
        await App.As("clerk").Send(new WithdrawAnnouncement { Id = done.Id, Why = "本人来电" });
        App.Advance(TimeSpan.FromDays(60));
        await App.RunJob<MatureAnnouncements>();
        Assert.That((await NoticeRow.Of(App, order.Notice)).EffectiveOn, Is.Null);
        Assert.That(await Plan(order.Notice), Does.Contain("direct:due"));
        Assert.That(
            await (await App.Http()).GetStringAsync(new Uri("/p/announcements", UriKind.Relative)),
            Does.Contain("撤回").And.Not.Contain("答辩状的期限"),
            "its text is gone"
        );
    }

    private Task<long> Address(ServedOrder order, string origin, bool warned) =>
        App.As("clerk")
            .Send(
                new AddAddress
                {
                    CaseId = order.CaseId,
                    PartyId = order.Parties[0],
                    Origin = origin,
                    Address = "虚构省虚构县幸福路1号",
                    Warned = warned,
                    UsedOn = Monday,
                    Evidence = "测试",
                }
            );

    private Task<long> StepId(ServedOrder order, string channel) =>
        App.As(null)
            .Value<long>(
                "SELECT MIN(id) FROM service_step WHERE notice_id = @Notice AND channel = @channel AND state IN ('due', 'planned', 'waiting')",
                new { order.Notice, channel }
            );

    private async Task<string> Plan(long notice) =>
        string.Join(
            ' ',
            await App.As(null).Rows<string>("SELECT CONCAT(channel, ':', state) FROM service_step WHERE notice_id = @notice ORDER BY ordinal", new { notice })
        );

    // pages of nothing but a Code 128, drawn as bars
    private static byte[] BarcodePdf(params string[] codes)
    {
        var objects = new List<string>
        {
            "<< /Type /Catalog /Pages 2 0 R >>",
            $"<< /Type /Pages /Count {codes.Length} /Kids [{string.Join(' ', codes.Select((_, i) => $"{3 + (i * 2)} 0 R"))}] >>",
        };
        foreach (var (code, i) in codes.Select((c, i) => (c, i)))
        {
            var x = 60.0;
            var draw = new StringBuilder("0 g\n");
            var widths = Barcode.Widths(code);
            for (var n = 0; n < widths.Length; n++)
            {
                var w = (widths[n] - '0') * 1.2;
                if (n % 2 == 0)
                    draw.Append(System.Globalization.CultureInfo.InvariantCulture, $"{x:0.0} 700 {w:0.0} 50 re f\n");
                x += w;
            }
            objects.Add($"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents {4 + (i * 2)} 0 R /Resources << >> >>");
            objects.Add($"<< /Length {draw.Length} >>\nstream\n{draw}\nendstream");
        }
        var pdf = new StringBuilder("%PDF-1.4\n");
        var offsets = new List<int>();
        for (var i = 0; i < objects.Count; i++)
        {
            offsets.Add(pdf.Length);
            pdf.Append(System.Globalization.CultureInfo.InvariantCulture, $"{i + 1} 0 obj\n{objects[i]}\nendobj\n");
        }
        var at = pdf.Length;
        pdf.Append(System.Globalization.CultureInfo.InvariantCulture, $"xref\n0 {objects.Count + 1}\n0000000000 65535 f \n");
        foreach (var o in offsets)
            pdf.Append(System.Globalization.CultureInfo.InvariantCulture, $"{o:0000000000} 00000 n \n");
        pdf.Append(System.Globalization.CultureInfo.InvariantCulture, $"trailer << /Size {objects.Count + 1} /Root 1 0 R >>\nstartxref\n{at}\n%%EOF\n");
        return Encoding.ASCII.GetBytes(pdf.ToString());
    }
}
