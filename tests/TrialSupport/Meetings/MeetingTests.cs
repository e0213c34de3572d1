using CourtOps.Kernel.Messaging;
using CourtOps.TrialSupport.Hearings;
using CourtOps.TrialSupport.Meetings;
using CourtOps.TrialSupport.Recordings;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace CourtOps.TrialSupport.Tests.Meetings;

/// <summary>Meetings on a case, and the recording of a hearing.</summary>
[TestFixtureSource(typeof(Engines), nameof(Engines.All))]
public sealed class MeetingTests(Engine engine) : AppTests(engine)
{
    [Test]
    public async Task A_panel_votes_and_its_minutes_go_to_the_secondary_volume()
    {
        var id = await App.Case(1, SampleParty.Provided);
        var (second, leader) = (await App.IdOf("judge2"), await App.IdOf("leader"));
        CallMeeting call = new()
        {
            CaseId = id,
            On = new(2026, 3, 2),
            Agenda = "是否支持利息请求",
            Members = [second, leader],
        };
        await Assert.ThatAsync(
            () => App.As("judge").Send(call with { Members = [second] }),
            Throws.TypeOf<RuleBroken>().With.Property("Code").EqualTo("panel-size")
        );
        await Assert.ThatAsync(
            () => App.As("judge").Send(call with { Special = "mass" }),
            Throws.TypeOf<RuleBroken>().With.Property("Code").EqualTo("no-search")
        );
        await Assert.ThatAsync(() => App.As("judge2").Send(call), Throws.TypeOf<NotFound>());
        var meeting = await App.As("judge").Send(call);
        await App.As("judge2")
            .Send(
                new VoteInMeeting
                {
                    Id = meeting,
                    Vote = "differ",
                    Opinion = "利率过高",
                }
            );
        Assert.That(
            (await App.As("judge").Send(new ShowMeeting { Id = meeting })).Members.Single(m => m.PersonId == second).Opinion,
            Is.Null,
            "who has not voted sees no opinion of others"
        );
        await App.As("judge")
            .Send(
                new VoteInMeeting
                {
                    Id = meeting,
                    Vote = "agree",
                    Opinion = "支持",
                }
            );
        await Assert.ThatAsync(
            () => App.As("judge").Send(new CloseMeeting { Id = meeting, Conclusion = "支持" }),
            Throws.TypeOf<RuleBroken>().With.Property("Code").EqualTo("not-voted")
        );
        await App.As("leader")
            .Send(
                new VoteInMeeting
                {
                    Id = meeting,
                    Vote = "agree",
                    Opinion = "支持",
                }
            );
        await Assert.ThatAsync(
            () => App.As("leader").Send(new CloseMeeting { Id = meeting, Conclusion = "支持" }),
            Throws.InstanceOf<RuleBroken>().Or.InstanceOf<Forbidden>()
        );
        var closed = await App.As("judge").Send(new CloseMeeting { Id = meeting, Conclusion = "支持，按四倍报价利率计" });
        Assert.That(closed.State, Is.EqualTo("held"));
        await App.DrainAsync();
        Assert.That(
            await App.As(null)
                .Value<string>("SELECT volume FROM workzone_document d JOIN trial_meeting m ON m.minutes_id = d.id WHERE m.id = @meeting", new { meeting }),
            Is.EqualTo("secondary")
        );
        await Assert.ThatAsync(() => App.As("clerk").Send(new ShowMeeting { Id = meeting }), Throws.TypeOf<NotFound>());
        Assert.That((await App.As("judge2").Send(new ListMeetings())).Select(m => m.Id), Is.EqualTo(new[] { meeting }));
    }

    [TestCase("利息", "利息")]
    [TestCase("一、利息\r\n\n 二、诉讼费 ", "一、利息|二、诉讼费")]
    public void The_lines_of_an_agenda_are_its_items(string agenda, string items) => Assert.That(string.Join('|', PaperRules.Items(agenda)), Is.EqualTo(items));

    [Test]
    public async Task Papers_are_read_by_the_members_until_the_meeting_ends_and_listed_in_its_minutes()
    {
        var caseId = await App.Case(1, SampleParty.Provided);
        var document = await App.Document(caseId, "起诉状");
        var (second, leader) = (await App.IdOf("judge2"), await App.IdOf("leader"));
        var meeting = await App.As("judge")
            .Send(
                new CallMeeting
                {
                    CaseId = caseId,
                    On = new(2026, 3, 2),
                    Agenda = "利息\n诉讼费",
                    Members = [second, leader],
                }
            );
        AddMeetingPapers add = new()
        {
            Id = meeting,
            Item = 2,
            Documents = [document],
        };
        await Assert.ThatAsync(() => App.As("judge2").Send(add), Throws.TypeOf<Forbidden>(), "who called it");
        await Assert.ThatAsync(() => App.As("clerk").Send(add), Throws.InstanceOf<Forbidden>().Or.InstanceOf<NotFound>());
        await Assert.ThatAsync(() => App.As("judge").Send(add with { Item = 3 }), Throws.TypeOf<RuleBroken>().With.Property("Code").EqualTo("item"));
        await Assert.ThatAsync(() => App.As("judge").Send(add with { Documents = [] }), Throws.TypeOf<FluentValidation.ValidationException>());
        var elsewhere = await App.Document(await App.Case(2, SampleParty.Linked), "别的案件");
        await Assert.ThatAsync(() => App.As("judge").Send(add with { Documents = [elsewhere] }), Throws.TypeOf<NotFound>(), "of another case");
        Assert.That(await App.As("judge").Send(add), Is.EqualTo(1));
        Assert.That(await App.As("judge").Send(add), Is.Zero, "it lies there already");
        var http = await App.SignedIn("judge2");
        var page = System.Net.WebUtility.HtmlDecode(await http.GetStringAsync($"/trial/meetings/{meeting}"));
        var paper = (await App.As("judge2").Send(new ShowMeeting { Id = meeting })).Papers.Single();
        var path = $"/trial/meetings/{meeting}/papers/{paper.Id}";
        Assert.That(page, Does.Contain(path).And.Contain("2. 诉讼费"));
        // the second judge may not read the case, only this
        Assert.That((await http.GetAsync($"/documents/{document}")).StatusCode, Is.EqualTo(System.Net.HttpStatusCode.NotFound));
        var got = await http.GetAsync(path);
        Assert.That((got.StatusCode, got.Content.Headers.ContentType?.MediaType), Is.EqualTo((System.Net.HttpStatusCode.OK, "application/pdf")));
        Assert.That((await App.AccessRows("trial.meeting.paper.read"))[0].Actor, Is.EqualTo("judge2"));
        var stranger = await App.SignedIn("assistant");
        Assert.That((await stranger.GetAsync(path)).StatusCode, Is.AnyOf(System.Net.HttpStatusCode.NotFound, System.Net.HttpStatusCode.Forbidden));
        foreach (var who in new[] { "judge", "judge2", "leader" })
            await App.As(who)
                .Send(
                    new VoteInMeeting
                    {
                        Id = meeting,
                        Vote = "agree",
                        Opinion = "同意",
                    }
                );
        await App.As("judge").Send(new CloseMeeting { Id = meeting, Conclusion = "支持" });
        Assert.That((await http.GetAsync(path)).StatusCode, Is.EqualTo(System.Net.HttpStatusCode.UnprocessableEntity), "it is over");
        await App.DrainAsync();
        Assert.That(App.Printer.Html[^1], Does.Contain("第 2 个问题的材料").And.Contain("起诉状"));
        await Assert.ThatAsync(() => App.As("judge").Send(add with { Item = 1 }), Throws.TypeOf<RuleBroken>().With.Property("Code").EqualTo("state"));
    }

    [Test]
    public async Task A_paper_taken_back_is_read_no_more()
    {
        var caseId = await App.Case(1, SampleParty.Provided);
        var document = await App.Document(caseId, "起诉状");
        var meeting = await App.As("judge")
            .Send(
                new CallMeeting
                {
                    CaseId = caseId,
                    On = new(2026, 3, 2),
                    Agenda = "利息",
                    Members = [await App.IdOf("judge2"), await App.IdOf("leader")],
                }
            );
        await App.As("judge").Send(new AddMeetingPapers { Id = meeting, Documents = [document] });
        var paper = (await App.As("judge").Send(new ShowMeeting { Id = meeting })).Papers.Single();
        WithdrawMeetingPaper withdraw = new() { Id = meeting, PaperId = paper.Id };
        await Assert.ThatAsync(() => App.As("judge2").Send(withdraw), Throws.TypeOf<Forbidden>());
        await App.As("judge").Send(withdraw);
        await Assert.ThatAsync(() => App.As("judge").Send(withdraw), Throws.TypeOf<RuleBroken>().With.Property("Code").EqualTo("withdrawn"));
        await Assert.ThatAsync(
            () => App.As("judge2").Send(new ReadMeetingPaper { Id = meeting, PaperId = paper.Id }),
            Throws.TypeOf<RuleBroken>().With.Property("Code").EqualTo("withdrawn")
        );
    }

    [TestCase("agree agree differ", null)]
    [TestCase("agree differ differ", "no-majority")]
    [TestCase("agree agree differ reserve", "no-majority")]
    [TestCase("agree - agree", "not-voted")]
    public void A_conclusion_needs_every_voice_and_more_than_half(string votes, string? code) =>
        Assert.That(
            MeetingRules
                .Missing([
                    .. votes
                        .Split(' ')
                        .Select(
                            (v, i) =>
                                new MemberRow
                                {
                                    PersonId = i,
                                    Name = $"{i}",
                                    Vote = v == "-" ? null : v,
                                }
                        ),
                ])
                ?.Code,
            Is.EqualTo(code)
        );

    [Test]
    public async Task Segments_are_chained_once_gaps_are_named_and_what_is_sealed_stays()
    {
        var room = await App.As("scheduler")
            .Send(
                new SaveRoom
                {
                    Name = "第一法庭",
                    Size = 30,
                    Features = [],
                    Online = true,
                }
            );
        var caseId = await App.Case(1, SampleParty.Provided);
        var booked = await App.As("judge")
            .Send(
                new BookHearing
                {
                    CaseId = caseId,
                    Minutes = 60,
                    Start = new DateTime(2026, 3, 6, 9, 0, 0, DateTimeKind.Unspecified),
                    RoomId = room,
                }
            );
        await Assert.ThatAsync(() => App.As("judge").Send(new OpenRecording { HearingId = booked.Id }), Throws.TypeOf<RuleBroken>(), "provisional");
        await App.As("judge").Send(new ConfirmHearing { Id = booked.Id });
        await Assert.ThatAsync(
            () => App.As("judge").Send(new OpenRecording { HearingId = booked.Id, Mode = "replaces" }),
            Throws.TypeOf<FluentValidation.ValidationException>(),
            "no consent"
        );
        var id = await App.As("judge").Send(new OpenRecording { HearingId = booked.Id });
        App.Advance(TimeSpan.FromDays(6));
        var day = new DateTime(2026, 3, 6, 9, 0, 0, DateTimeKind.Unspecified);
        await AddAsync(id, 1, day, day.AddMinutes(20));
        var two = await AddAsync(id, 2, day.AddMinutes(25), day.AddMinutes(50));
        Assert.That((await AddAsync(id, 2, day.AddMinutes(25), day.AddMinutes(50))).N, Is.EqualTo(two.N), "the same bytes are one segment");
        await Assert.ThatAsync(
            () => AddAsync(id, 3, day.AddMinutes(10), day.AddMinutes(15)),
            Throws.TypeOf<RuleBroken>().With.Property("Code").EqualTo("overlap")
        );
        await Assert.ThatAsync(
            () => AddAsync(id, 4, day.AddYears(1), day.AddYears(1).AddMinutes(5)),
            Throws.TypeOf<RuleBroken>().With.Property("Code").EqualTo("clock")
        );
        await Assert.ThatAsync(() => AddAsync(id, 6, day.AddMinutes(55), null), Throws.TypeOf<FluentValidation.ValidationException>(), "no end");
        await Assert.ThatAsync(() => AddAsync(id, -1, day, null), Throws.TypeOf<RuleBroken>().With.Property("Code").EqualTo("not-media"));
        await Assert.ThatAsync(() => App.As("judge").Send(new CloseRecording { Id = id }), Throws.TypeOf<RuleBroken>().With.Property("Code").EqualTo("gap"));
        await App.As("judge")
            .Send(
                new AddMark
                {
                    RecordingId = id,
                    At = day.AddMinutes(20),
                    Kind = "pause",
                    Words = "休庭",
                }
            );
        var closed = await App.As("judge").Send(new CloseRecording { Id = id });
        await Assert.ThatAsync(
            () => AddAsync(id, 5, day.AddMinutes(55), day.AddMinutes(56)),
            Throws.TypeOf<RuleBroken>().With.Property("Code").EqualTo("closed")
        );
        var show = await App.As("judge").Send(new ShowRecording { HearingId = booked.Id });
        Assert.That((show.Segments.Count, show.Broken, show.Row!.Chain, show.Gaps.Single().Named), Is.EqualTo((2, (int?)null, closed.Chain, true)));
        await App.As(null).Change("UPDATE trial_segment SET blob = @b WHERE n = 1", new { b = new string('0', 64) });
        Assert.That((await App.As("judge").Send(new ShowRecording { HearingId = booked.Id })).Broken, Is.EqualTo(1), "a swapped segment is found");
        await Assert.ThatAsync(() => App.As("judge2").Send(new PlaySegment { RecordingId = id, N = 2 }), Throws.TypeOf<NotFound>());
    }

    private Task<SegmentRow> AddAsync(long id, int seed, DateTime start, DateTime? end) =>
        App.As("judge")
            .In(s =>
            {
                var bytes = new byte[2000];
                if (seed >= 0)
                {
                    new Random(seed).NextBytes(bytes);
                    "RIFF\0\0\0\0WAVE"u8.CopyTo(bytes);
                    System.Buffers.Binary.BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(4), bytes.Length - 8);
                }
                return s.GetRequiredService<SegmentIntake>()
                    .AddAsync(id, new FormFile(new MemoryStream(bytes), 0, bytes.Length, "f", "庭审.wav"), null, start, end, default);
            });
}
