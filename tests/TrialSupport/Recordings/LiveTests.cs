using System.Net;
using CourtOps.TrialSupport.Hearings;
using CourtOps.TrialSupport.Recordings;

namespace CourtOps.TrialSupport.Tests.Recordings;

/// <summary>The live note page: phrases, speakers, and from a note to its second.</summary>
[TestFixtureSource(typeof(Engines), nameof(Engines.All))]
public sealed class LiveTests(Engine engine) : AppTests(engine)
{
    private static readonly DateTimeOffset Nine = new(2026, 3, 6, 1, 0, 0, TimeSpan.Zero);

    [TestCase(0, 1, 0)]
    [TestCase(95, 1, 95)]
    [TestCase(1200, 2, 0)]
    [TestCase(1300, 2, 100)]
    [TestCase(-30, 1, 0, Description = "before the first segment: its beginning")]
    public void A_moment_lies_in_a_segment_at_a_second(int after, int segment, int second) =>
        Assert.That(
            RecordingRules.At([new() { N = 2, StartsAt = Nine.AddMinutes(20) }, new() { N = 1, StartsAt = Nine }], Nine.AddSeconds(after)),
            Is.EqualTo((segment, second))
        );

    [Test]
    public void Without_a_segment_there_is_no_second() => Assert.That(RecordingRules.At([], Nine), Is.EqualTo((0, 0)));

    [Test]
    public void Every_phrase_has_a_key_of_its_own_and_a_kind()
    {
        Assert.That(NotePhrases.All.Select(p => p.Key), Is.Unique);
        Assert.That(NotePhrases.All.All(p => MarkRow.Kinds.ContainsKey(p.Kind)), Is.True);
        Assert.That((NotePhrases.Find("F2")!.Kind, NotePhrases.Find("F1")), Is.EqualTo(("stage", (NotePhrase?)null)));
    }

    [Test]
    public async Task Lines_and_phrases_are_written_down_with_their_second()
    {
        await App.As("scheduler").Send(new SaveRoom { Name = "第一法庭", Size = 30 });
        var caseId = await App.Case(1, SampleParty.Provided);
        var hearing = (await App.As("judge").Send(new BookHearing { CaseId = caseId, Minutes = 60 })).Id;
        await App.As("judge").Send(new ConfirmHearing { Id = hearing });
        var http = await App.SignedIn("judge");
        var page = $"/trial/hearings/{hearing}/live";
        Assert.That(WebUtility.HtmlDecode(await http.GetStringAsync(page)), Does.Contain("还没有开始收录"));
        await App.As("judge").Send(new OpenRecording { HearingId = hearing });
        var shown = WebUtility.HtmlDecode(await http.GetStringAsync(page));
        Assert.That(shown, Does.Contain("data-hot=\"Alt+1\"").And.Contain("data-hot=\"F2\"").And.Contain(SampleParty.Provided.Name));
        // the answer of the first was lost, and the page sent it again
        for (var sent = 0; sent < 2; sent++)
            await TestApp.PostForm(
                http,
                page,
                page + "?handler=Mark",
                ("MarkKind", "speech"),
                ("Speaker", SampleParty.Provided.Name),
                ("At", "2026-03-02T09:30:05"),
                ("Words", "请求驳回")
            );
        await TestApp.PostForm(http, page, page + "?handler=Mark", ("MarkKind", "speech"), ("Phrase", "F9"), ("At", "2026-03-02T09:40:00"));
        var empty = await TestApp.PostForm(http, page, page + "?handler=Mark", ("MarkKind", "speech"), ("Words", ""));
        Assert.That(empty.StatusCode, Is.EqualTo(HttpStatusCode.UnprocessableEntity));
        var marks = (await App.As("judge").Send(new ShowRecording { HearingId = hearing })).Marks;
        Assert.That(
            marks.Select(m => (m.Kind, m.Speaker, m.Words)),
            Is.EqualTo(new[] { ("speech", SampleParty.Provided.Name, "请求驳回"), ("pause", "", "休庭") })
        );
        Assert.That(marks[0].AtTime, Is.EqualTo(TestClock.Shanghai(2026, 3, 2, 9, 30).AddSeconds(5)));
    }
}
