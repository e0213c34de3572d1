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
