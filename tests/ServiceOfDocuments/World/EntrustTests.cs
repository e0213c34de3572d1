using CourtOps.Kernel.Messaging;
using CourtOps.Kernel.Web;
using CourtOps.Law;
using CourtOps.ServiceOfDocuments.Attempts;
using CourtOps.ServiceOfDocuments.Calls;
using CourtOps.ServiceOfDocuments.Entrust;
using CourtOps.ServiceOfDocuments.Jobs;
using CourtOps.ServiceOfDocuments.Steward;
using Microsoft.Extensions.DependencyInjection;

namespace CourtOps.ServiceOfDocuments.World;

/// <summary>Service by another court of the installation: both clocks, the answer and its effect (CPL-I 134).</summary>
[TestFixtureSource(typeof(Engines), nameof(Engines.All))]
public sealed class EntrustTests(Engine engine) : AppTests(engine)
{
    private const string Yanji = "延吉市人民法院";

    // ten days, seven for a judgment; the last day moves from a holiday
    [TestCase("2026-03-02", false, "2026-03-12")]
    [TestCase("2026-03-02", true, "2026-03-09")]
    [TestCase("2026-09-21", false, "2026-10-08", Description = "ends on 1 October, a holiday until the 7th")]
    [TestCase("2026-02-28", true, "2026-03-09", Description = "seven days end on a Saturday")]
    public void The_entrusted_court_serves_within_ten_days(string received, bool judgment, string by) =>
        Assert.That(Times.Iso(EntrustRules.ServeBy(DateOnly.Parse(received, null), judgment, CourtCalendar.Default)), Is.EqualTo(by));

    [TestCase("sent", "2026-03-05", null, "2026-03-05", null)]
    [TestCase("sent", "2026-03-05", null, "2026-03-06", "receive")]
    [TestCase("received", "2026-03-05", "2026-03-12", "2026-03-12", null)]
    [TestCase("received", "2026-03-05", "2026-03-12", "2026-03-13", "serve")]
    [TestCase("answered", "2026-03-05", "2026-03-12", "2026-03-20", null)]
    [TestCase("withdrawn", "2026-03-05", null, "2026-03-20", null)]
    public void One_clock_runs_at_a_time(string state, string receiveBy, string? serveBy, string today, string? late) =>
        Assert.That(
            EntrustRules.Late(state, DateOnly.Parse(receiveBy, null), serveBy is null ? null : DateOnly.Parse(serveBy, null), DateOnly.Parse(today, null)),
            Is.EqualTo(late)
        );

    [TestCase("signed", null, "地点", "x", true, "On")]
    [TestCase("signed", "2026-03-10", "地点", "", true, "On")]
    [TestCase("signed", "2026-03-01", "地点", "", true, "On")]
    [TestCase("signed", "2026-03-04", "", "", true, "Place")]
    [TestCase("signed", "2026-03-04", "地点", "", false, "Files")]
    [TestCase("signed", "2026-03-04", "地点", "", true, null)]
    [TestCase("returned", null, "", "", false, "Words")]
    [TestCase("returned", null, "", "查无此人", false, null)]
    public void An_answer_needs_what_proves_it(string outcome, string? on, string place, string words, bool evidence, string? field) =>
        Assert.That(
            EntrustRules
                .Missing(outcome, on is null ? null : DateOnly.Parse(on, null), new DateOnly(2026, 3, 3), new DateOnly(2026, 3, 5), place, words, evidence)
                ?.Field,
            Is.EqualTo(field)
        );

    [Test]
    public async Task Another_court_receives_serves_and_answers_and_the_effect_is_drawn_here()
    {
        var order = await App.Asked(1, [SampleParty.Linked]);
        await App.As("clerk")
            .Send(
                new ChangePlan
                {
                    NoticeId = order.Notice,
                    Channel = "entrusted",
                    Reason = "当事人在外地",
                }
            );
        var step = await StepId(order, "entrusted");
        Assert.That(
            async () =>
                await App.As("clerk")
                    .Send(
                        new EntrustStep
                        {
                            StepId = step,
                            Court = "没有的法院",
                            Address = "虚构县虚构街1号",
                        }
                    ),
            Throws.InstanceOf<RuleBroken>().With.Property("Field").EqualTo("Court")
        );
        Assert.That(
            async () => await App.As("clerk").Send(new EntrustStep { StepId = step, Court = Yanji }),
            Throws.InstanceOf<RuleBroken>().With.Property("Field").EqualTo("Address")
        );
        var id = await App.As("clerk")
            .Send(
                new EntrustStep
                {
                    StepId = step,
                    Court = Yanji,
                    Address = "虚构县虚构街1号",
                    Words = "送达起诉状副本",
                }
            );
        Assert.That(
            async () => await App.As("clerk").Send(new ShowEntrusted { Id = id }),
            Throws.InstanceOf<NotFound>(),
            "it is asked of the other court alone"
        );
        var there = App.As("clerk-yanji");
        var row = (await there.Send(new ListEntrusted())).Single();
        Assert.That((row.Recipient, row.State, row.PaperList.Count), Is.EqualTo((SampleParty.Linked.Name, "sent", 1)));
        Assert.That(
            async () =>
                await there.Send(
                    new AnswerEntrusted
                    {
                        Id = id,
                        Outcome = "returned",
                        Words = "查无此人",
                    }
                ),
            Throws.InstanceOf<RuleBroken>().With.Property("Code").EqualTo("state")
        );

        // not received in time: told here, once
        App.Advance(TimeSpan.FromDays(5));
        await App.RunJob<WatchEntrusted>();
        await App.RunJob<WatchEntrusted>();
        Assert.That(await App.As(null).Value<int>("SELECT COUNT(*) FROM service_alarm WHERE kind = 'entrusted'"), Is.EqualTo(1));

        await App.As("clerk-yanji").Send(new ReceiveEntrusted { Id = id });
        Assert.That((await App.As("clerk-yanji").Send(new ShowEntrusted { Id = id })).Address, Is.EqualTo("虚构县虚构街1号"));
        var photo = new TakenFile("photo", "回证.jpg", "image/jpeg", await BlobAsync([0xFF, 0xD8, 0xFF, 1, 2, 3]));
        var today = Times.Day(App.Clock.GetUtcNow());
        await App.As("clerk-yanji")
            .Send(
                new AnswerEntrusted
                {
                    Id = id,
                    Outcome = "signed",
                    On = today,
                    Place = "虚构县虚构街1号",
                    Files = [photo],
                }
            );
        await App.DrainAsync();
        var notice = await NoticeRow.Of(App, order.Notice);
        Assert.That((notice.State, notice.EffectiveOn), Is.EqualTo(("served", (DateOnly?)today)));
        Assert.That(
            async () =>
                await App.As("clerk-yanji")
                    .Send(
                        new AnswerEntrusted
                        {
                            Id = id,
                            Outcome = "returned",
                            Words = "又退回",
                        }
                    ),
            Throws.InstanceOf<Conflict>().Or.InstanceOf<RuleBroken>()
        );
        Assert.That(await App.Verify("service"), Is.Empty);
        Assert.That(await App.Verify("secrets"), Is.Empty);
    }

    [Test]
    public async Task What_comes_back_opens_the_next_way_and_a_sealed_case_leaves_the_other_court()
    {
        var order = await App.Asked(1, [SampleParty.Linked]);
        await App.As("clerk")
            .Send(
                new ChangePlan
                {
                    NoticeId = order.Notice,
                    Channel = "entrusted",
                    Reason = "当事人在外地",
                }
            );
        var id = await App.As("clerk")
            .Send(
                new EntrustStep
                {
                    StepId = await StepId(order, "entrusted"),
                    Court = Yanji,
                    Address = "虚构县虚构街1号",
                }
            );
        await App.As("clerk-yanji").Send(new ReceiveEntrusted { Id = id });
        await App.As("clerk-yanji")
            .Send(
                new AnswerEntrusted
                {
                    Id = id,
                    Outcome = "returned",
                    Words = "查无此人",
                }
            );
        await App.DrainAsync();
        Assert.That((await App.As("clerk").Send(new ListEntrusted { Direction = "out" })).Single().AnswerWords, Is.EqualTo("查无此人"));
        Assert.That(await Plan(order.Notice), Does.Contain("entrusted:failed"));
        await App.Change("UPDATE workzone_case SET sealed = 1 WHERE id = @id", new { id = order.CaseId });
        Assert.That(await App.As("clerk-yanji").Send(new ListEntrusted()), Is.Empty);
        Assert.That(async () => await App.As("clerk-yanji").Send(new ReadEntrustedPaper { Id = id, N = 1 }), Throws.InstanceOf<NotFound>());
    }

    [Test]
    public async Task A_recording_in_the_folder_comes_to_its_call_or_is_assigned_by_a_person()
    {
        var root = Directory.CreateDirectory(Path.Combine(App.Folder, "calls")).FullName;
        var court = Directory.CreateDirectory(Path.Combine(root, "吉2424")).FullName;
        App.Set("CourtOps:Recordings:Folder", root);
        var order = await App.Asked(1, [SampleParty.Linked]);
        await App.As("clerk").Send(new RecordCall { StepId = await StepId(order, "phone"), Outcome = "no-answer" });
        var begun = Times.Local(App.Clock.GetUtcNow().AddMinutes(-3));
        var old = App.Clock.GetUtcNow().AddMinutes(-2).UtcDateTime;
        void Put(string name, byte[] bytes)
        {
            File.WriteAllBytes(Path.Combine(court, name), bytes);
            File.SetLastWriteTimeUtc(Path.Combine(court, name), old);
        }
        Put($"{begun:yyyyMMdd-HHmmss}_13800000001.wav", [.. "RIFF0000WAVEfmt 1"u8]);
        Put("unknown.wav", [.. "RIFF0000WAVEfmt 2"u8]);
        Put("note.txt", [.. "no recording"u8]);
        await App.RunJob<LookForRecordings>();
        await App.DrainAsync();
        Assert.That(
            await App.As(null).Rows<string>("SELECT name FROM service_evidence WHERE notice_id = @Notice AND kind = 'audio'", new { order.Notice }),
            Has.One.EndsWith("13800000001.wav")
        );
        var open = await App.As("clerk").Send(new ListRecordings());
        Assert.That((open.Open.Single().Name, open.Calls.Count), Is.EqualTo(("unknown.wav", 0)), "the one call has its recording");
        Assert.That(async () => await App.As("clerk-yanji").Send(new ReadRecording { Id = open.Open[0].Id }), Throws.TypeOf<NotFound>());
        App.Advance(TimeSpan.FromDays(1));
        await App.As("clerk").Send(new RecordCall { StepId = await StepId(order, "phone"), Outcome = "no-answer" });
        var call = (await App.As("clerk").Send(new ListRecordings())).Calls.Single();
        await App.As("clerk").Send(new ClaimRecording { Id = open.Open[0].Id, CallId = call.Id });
        Assert.That(async () => await App.As("clerk").Send(new ClaimRecording { Id = open.Open[0].Id, CallId = call.Id }), Throws.TypeOf<Conflict>());
        await App.RunJob<LookForRecordings>();
        await App.DrainAsync();
        Assert.That(Directory.GetFiles(court).Select(Path.GetFileName), Is.EqualTo(new[] { "note.txt" }), "what was taken went out of the way");
        Assert.That(
            await App.As(null).Value<int>("SELECT COUNT(*) FROM service_evidence WHERE notice_id = @Notice AND kind = 'audio'", new { order.Notice }),
            Is.EqualTo(2)
        );
        Assert.That(await App.Verify("secrets"), Is.Empty);
    }

    [TestCase("20260302-103015_13800000001.wav", "13800000001", "2026-03-02 10:30:15")]
    [TestCase("13800000001_2026-03-02 10.30.15.mp3", "13800000001", "2026-03-02 10:30:15")]
    [TestCase("out-+8613800000001-20260302T103015.amr", "13800000001", "2026-03-02 10:30:15")]
    [TestCase("0433-8812345_20260302103015.wav", "8812345", "2026-03-02 10:30:15")]
    [TestCase("20261302-103015_13800000001.wav", "13800000001", null)]
    [TestCase("recording.wav", "", null)]
    public void The_name_of_a_recording_tells_number_and_time(string name, string digits, string? at)
    {
        var read = RecordingName.Of(name);
        Assert.That((read.Digits, read.At is { } t ? Times.Local(t).ToString("yyyy-MM-dd HH:mm:ss", null) : null), Is.EqualTo((digits, at)));
    }

    [Test]
    public async Task A_document_that_is_replaced_is_told_with_who_has_the_old_one()
    {
        var order = await App.Asked(1, [SampleParty.Linked]);
        var blob = await BlobAsync(SamplePdf.Of(1, "更正"));
        await App.As("judge")
            .Send(
                new CourtOps.Workzone.Documents.AddDocument
                {
                    CaseId = order.CaseId,
                    Kind = "complaint",
                    Title = "起诉状副本（更正）",
                    Blob = blob,
                    Pages = 1,
                    ReplacesId = order.Documents[0],
                }
            );
        await App.DrainAsync();
        var alarm = await App.As(null)
            .Value<string>("SELECT o.title FROM service_alarm a JOIN workzone_order o ON o.id = a.order_id WHERE a.kind = 'replaced'");
        Assert.That(alarm, Does.Contain("送达的文书已被替换").And.Contain("更正"));
        Assert.That(
            async () =>
                await App.As("judge")
                    .Send(
                        new CourtOps.Workzone.Documents.AddDocument
                        {
                            CaseId = order.CaseId,
                            Kind = "complaint",
                            Title = "又一份",
                            Blob = await BlobAsync(SamplePdf.Of(1, "x")),
                            Pages = 1,
                            ReplacesId = order.Documents[0],
                        }
                    ),
            Throws.TypeOf<RuleBroken>().With.Message.Contains("已被")
        );
    }

    private async Task<Kernel.Files.Blob> BlobAsync(byte[] bytes) =>
        await App.In(async s =>
        {
            using var stream = new MemoryStream(bytes);
            return await s.GetRequiredService<Kernel.Files.BlobStore>().WriteAsync(stream, 1 << 20, default);
        });

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
}
