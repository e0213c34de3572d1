using CourtOps.Contracts;
using CourtOps.Kernel.Messaging;
using CourtOps.TrialSupport.Appeals;
using CourtOps.TrialSupport.Courtroom;
using CourtOps.TrialSupport.Publication;
using CourtOps.TrialSupport.Recordings;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace CourtOps.TrialSupport.Tests.AfterTrial;

/// <summary>Since when a judgment has effect, who may still appeal, what may not be heard online, and recordings that are not whole.</summary>
[TestFixtureSource(typeof(Engines), nameof(Engines.All))]
public sealed class EffectTests(Engine engine) : AppTests(engine)
{
    [TestCase("judgment", "MC-ORD", "03-02/03-17 03-05/03-20", "03-21", Description = "the day after the last period")]
    [TestCase("judgment", "MC-ORD", "03-02/03-17 -", null, Description = "somebody is not served")]
    [TestCase("judgment", "MC-ORD", "03-02/03-17 03-05/", null, Description = "a party's period is not known")]
    [TestCase("judgment", "MC-ORD", "03-02/ 03-06/", null, Description = "an appeal is open and no period is known")]
    [TestCase("judgment", "MC-SML", "03-02/ 03-06/", "03-06", Description = "final: the last service")]
    [TestCase("mediation", "MC-ORD", "03-02/ 03-06/", "03-06")]
    [TestCase("ruling", "MC-ORD", "03-02/ 03-06/", "03-06", Description = "not one of those that can be appealed")]
    [TestCase("ruling", "MC-ORD", "03-02/03-12 03-06/03-16", "03-17")]
    [TestCase("judgment", "MC-ORD", "", null)]
    public void A_paper_has_effect_when_every_partys_period_is_over(string kind, string procedure, string served, string? effect)
    {
        var parties = served
            .Split(' ', StringSplitOptions.RemoveEmptyEntries)
            .Select(s =>
                s == "-" ? new PartyEffect("x", null, null)
                : s.Split('/') is var p ? new PartyEffect("x", Day(p[0]), p[1].Length > 0 ? Day(p[1]) : null)
                : null!
            )
            .ToList();
        Assert.That(
            EffectRules.EffectiveOn(parties, EffectRules.IsFinal(kind, procedure, parties)),
            Is.EqualTo(effect is null ? (DateOnly?)null : Day(effect))
        );
    }

    private static DateOnly Day(string text) => DateOnly.ParseExact("2026-" + text, "yyyy-MM-dd", System.Globalization.CultureInfo.InvariantCulture);

    [TestCase("222424200903010011", true)]
    [TestCase("222424198001010011", false)]
    [TestCase(null, false)]
    public void Somebody_under_eighteen_is_told_by_the_number(string? number, bool minor) =>
        Assert.That(EffectRules.IsMinor(number, new(2026, 3, 2)), Is.EqualTo(minor));

    [TestCase("民间借贷纠纷", "", null)]
    [TestCase("民间借贷纠纷", "mass", "案件具有重大社会影响")]
    [TestCase("侵犯国家秘密", "", "案件涉及国家安全、国家秘密")]
    public void Some_cases_are_never_heard_online(string cause, string marks, string? why) =>
        Assert.That(CourtroomRules.NotOnline(cause, marks.Split(' ', StringSplitOptions.RemoveEmptyEntries)), Is.EqualTo(why));

    [Test]
    public async Task An_appeal_after_the_partys_own_period_is_refused_and_a_pending_one_keeps_the_judgment_unpublished()
    {
        var caseId = await App.Case(1, SampleParty.Provided);
        var paper = await App.Document(caseId, "判决书", "judgment");
        var (plaintiff, defendant) = (await App.PartyId(caseId, "张某甲"), await App.PartyId(caseId, "王某乙"));
        foreach (var (party, on, ends) in new[] { (plaintiff, 2, 17), (defendant, 10, 25) })
            await App.Hear(
                new DocumentServed
                {
                    CaseId = caseId,
                    DocumentId = paper,
                    PartyId = party,
                    EffectiveOn = new(2026, 3, on),
                    AppealEnds = new(2026, 3, ends),
                },
                Catalogue.CaseKey(caseId)
            );
        App.At(new DateTimeOffset(2026, 3, 20, 1, 0, 0, TimeSpan.Zero));
        RegisterAppeal appeal = new()
        {
            CaseId = caseId,
            PartyId = plaintiff,
            ReceivedOn = new(2026, 3, 19),
            UpperCourt = "延边朝鲜族自治州中级人民法院",
        };
        await Assert.ThatAsync(() => App.As("judge").Send(appeal), Throws.TypeOf<RuleBroken>().With.Property("Code").EqualTo("late"));
        await App.As("judge").Send(appeal with { SentOn = new(2026, 3, 17) });
        await App.As("judge").Send(appeal with { PartyId = defendant });
        Assert.That(await App.As(null).Value<int>("SELECT COUNT(*) FROM trial_appeal"), Is.EqualTo(2), "the other party's period still runs");
    }

    [TestCase("audio/wav", "RIFF\u0024\u0000\u0000\u0000WAVE", 44, null)]
    [TestCase("audio/wav", "RIFF\u00ff\u0000\u0000\u0000WAVE", 44, "cut")]
    [TestCase("audio/wav", "RIFF\u0000\u0000\u0000\u0000WAVE", 44, "no-index")]
    [TestCase("video/mp4", "\u0000\u0000\u0000\u0010ftypisom0000\u0000\u0000\u0000\u0010moov00000000", 32, null)]
    [TestCase("video/mp4", "\u0000\u0000\u0000\u0010ftypisom0000\u0000\u0000\u0010\u0000mdat00000000", 32, "cut")]
    [TestCase("video/mp4", "\u0000\u0000\u0000\u0010ftypisom0000\u0000\u0000\u0000\u0010mdat00000000", 32, "no-index")]
    [TestCase("audio/ogg", "OggS\u0000\u0004", 6, null)]
    [TestCase("audio/ogg", "OggS\u0000\u0000", 6, "cut")]
    [TestCase("video/webm", "anything", 8, null)]
    public void A_file_that_is_not_whole_is_told_by_its_own_length(string mime, string bytes, int length, string? fault)
    {
        var all = new byte[length];
        System.Text.Encoding.Latin1.GetBytes(bytes).CopyTo(all, 0);
        Assert.That(MediaCheck.Judge(new MemoryStream(all), mime), Is.EqualTo(fault));
    }

    [Test]
    public async Task A_recording_that_was_cut_off_is_kept_and_named_before_it_is_sealed()
    {
        var room = await App.As("scheduler").Send(new CourtOps.TrialSupport.Hearings.SaveRoom { Name = "第一法庭", Size = 30 });
        var caseId = await App.Case(1, SampleParty.Provided);
        var at = new DateTime(2026, 3, 6, 9, 0, 0, DateTimeKind.Unspecified);
        var booked = await App.As("judge")
            .Send(
                new CourtOps.TrialSupport.Hearings.BookHearing
                {
                    CaseId = caseId,
                    Minutes = 60,
                    Start = at,
                    RoomId = room,
                }
            );
        await App.As("judge").Send(new CourtOps.TrialSupport.Hearings.ConfirmHearing { Id = booked.Id });
        var id = await App.As("judge").Send(new OpenRecording { HearingId = booked.Id });
        var bytes = new byte[900];
        "RIFF\0\0\0\0WAVE"u8.CopyTo(bytes);
        System.Buffers.Binary.BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(4), 90_000);
        Task<SegmentRow> Add(DateTime from) =>
            App.As("judge")
                .In(s =>
                    s.GetRequiredService<SegmentIntake>()
                        .AddAsync(id, new FormFile(new MemoryStream(bytes), 0, bytes.Length, "f", "庭审.wav"), null, from, from.AddMinutes(20), default)
                );
        await Assert.ThatAsync(() => Add(at), Throws.TypeOf<RuleBroken>().With.Property("Code").EqualTo("clock"), "the recorder's clock runs ahead");
        App.At(new DateTimeOffset(2026, 3, 6, 3, 0, 0, TimeSpan.Zero));
        Assert.That((await Add(at)).Fault, Is.EqualTo("cut"));
        await Assert.ThatAsync(() => App.As("judge").Send(new CloseRecording { Id = id }), Throws.TypeOf<RuleBroken>().With.Property("Code").EqualTo("fault"));
        await App.As("judge")
            .Send(
                new AddMark
                {
                    RecordingId = id,
                    At = at.AddMinutes(20),
                    Kind = "fault",
                    Words = "断电",
                }
            );
        Assert.That((await App.As("judge").Send(new CloseRecording { Id = id })).State, Is.EqualTo("closed"));
        var http = await App.SignedIn("judge");
        var page = System.Net.WebUtility.HtmlDecode(await http.GetStringAsync($"/trial/hearings/{booked.Id}/recording"));
        Assert.That(page, Does.Contain("文件不完整"));
        Assert.That(
            (await http.GetAsync($"/trial/hearings/{booked.Id}/recording?consent=true")).Content.Headers.ContentType!.MediaType,
            Does.Contain("wordprocessingml")
        );
    }

    [TestCase("10-50", "5 55", "5-10 50-55")]
    [TestCase("10-50", "11 49", "")]
    [TestCase("10-50", "9.8 50.2", "", Description = "clocks differ a little")]
    public void What_was_said_before_the_first_segment_or_after_the_last_is_a_gap(string segment, string said, string gaps)
    {
        var nine = new DateTimeOffset(2026, 3, 6, 1, 0, 0, TimeSpan.Zero);
        DateTimeOffset At(string minute) => nine.AddMinutes(double.Parse(minute, System.Globalization.CultureInfo.InvariantCulture));
        var p = segment.Split('-');
        var found = RecordingRules.Gaps(
            [
                new SegmentRow
                {
                    N = 1,
                    StartsAt = At(p[0]),
                    EndsAt = At(p[1]),
                },
            ],
            [.. said.Split(' ').Select(m => new MarkRow { Kind = "speech", AtTime = At(m) })]
        );
        Assert.That(string.Join(' ', found.Select(g => $"{(g.From - nine).TotalMinutes}-{(g.To - nine).TotalMinutes}")), Is.EqualTo(gaps));
    }
}
