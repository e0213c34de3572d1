using System.Net;
using System.Text;
using CourtOps.Kernel.Messaging;
using CourtOps.TrialSupport.Hearings;
using CourtOps.TrialSupport.Recordings;
using CourtOps.TrialSupport.Speech;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace CourtOps.TrialSupport.Tests.Speech;

/// <summary>Speech to text by a real child process and by a real server on this machine.</summary>
[TestFixtureSource(typeof(Engines), nameof(Engines.All))]
public sealed class SpeechTests(Engine engine) : AppTests(engine)
{
    private const string Said =
        "{\"lines\":[{\"from\":5.5,\"until\":7,\"speaker\":\"原告\",\"words\":\"请求判令还款\"},{\"from\":1,\"until\":0.5,\"speaker\":\"审判员\",\"words\":\" "
        + "现在开庭 \"},{\"from\":9,\"words\":\" \"}]}";

    private readonly string folder = Directory.CreateTempSubdirectory("speech-").FullName;
    private string Script => Path.Combine(folder, "hear.sh");

    protected override void Prepare(TestAppOptions options) => options.Settings["CourtOps:Speech:Program"] = Script;

    [SetUp]
    public void Put() => Write($"test -s \"$1\" || exit 3\ntest \"$2\" = audio/wav || exit 4\ncat <<'END'\n{Said}\nEND");

    [OneTimeTearDown]
    public void Clear() => Directory.Delete(folder, recursive: true);

    private void Write(string body)
    {
        File.WriteAllText(Script, "#!/bin/sh\n" + body + "\n");
        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(Script, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
    }

    [TestCase("{\"lines\":[]}", 0)]
    [TestCase("{\"lines\":[{\"from\":-1,\"words\":\"x\"},{\"from\":1,\"words\":\"y\"}]}", 1)]
    [TestCase("{}", null)]
    [TestCase("[", null)]
    [TestCase("", null)]
    public void An_answer_is_read_or_refused(string json, int? lines) => Assert.That(SpeechEngine.Read(json).Lines?.Count, Is.EqualTo(lines));

    [Test]
    public async Task A_segment_is_heard_by_a_program_mended_by_a_person_and_its_history_kept()
    {
        var hearing = await RecordedAsync();
        await Assert.ThatAsync(() => App.As("judge").Send(new AskTranscript { HearingId = hearing, N = 9 }), Throws.TypeOf<NotFound>());
        await Assert.ThatAsync(() => App.As("judge2").Send(new AskTranscript { HearingId = hearing, N = 1 }), Throws.TypeOf<NotFound>());
        await App.As("judge").Send(new AskTranscript { HearingId = hearing, N = 1 });
        await App.DrainAsync();
        var show = await App.As("judge").Send(new ShowTranscript { HearingId = hearing });
        Assert.That(
            show.Lines.Select(l => (l.FromMs, l.UntilMs, l.Speaker, l.Words)),
            Is.EqualTo(new[] { (1000, 1000, "审判员", "现在开庭"), (5500, 7000, "原告", "请求判令还款") })
        );
        Assert.That((show.Asked.Single().State, show.Engine), Is.EqualTo(("done", "hear.sh")));
        await Assert.ThatAsync(() => App.As("judge").Send(new AskTranscript { HearingId = hearing, N = 1 }), Throws.TypeOf<RuleBroken>(), "done");
        var line = show.Lines[1];
        await Assert.ThatAsync(
            () =>
                App.As("judge")
                    .Send(
                        new MendLine
                        {
                            HearingId = hearing,
                            LineId = line.Id,
                            Words = "",
                        }
                    ),
            Throws.TypeOf<FluentValidation.ValidationException>()
        );
        await App.As("judge")
            .Send(
                new MendLine
                {
                    HearingId = hearing,
                    LineId = line.Id,
                    Version = 1,
                    Speaker = "原告代理人",
                    Words = "请求判令被告还款",
                }
            );
        await Assert.ThatAsync(
            () =>
                App.As("judge")
                    .Send(
                        new MendLine
                        {
                            HearingId = hearing,
                            LineId = line.Id,
                            Version = 1,
                            Speaker = "x",
                            Words = "y",
                        }
                    ),
            Throws.TypeOf<Conflict>()
        );
        show = await App.As("judge").Send(new ShowTranscript { HearingId = hearing });
        Assert.That(
            (show.Lines[1].Words, show.Changes.Single().Words, show.Changes.Single().Speaker),
            Is.EqualTo(("请求判令被告还款", "请求判令还款", "原告"))
        );
        var page = WebUtility.HtmlDecode(await (await App.SignedIn("judge")).GetStringAsync($"/trial/hearings/{hearing}/transcript?line={line.Id}"));
        Assert.That(page, Does.Contain("请求判令被告还款").And.Contain("原来：原告").And.Contain("#t=5"));
    }

    [Test]
    public async Task A_program_that_fails_says_so_and_may_be_asked_again()
    {
        var hearing = await RecordedAsync();
        Write("echo nonsense");
        await App.As("judge").Send(new AskTranscript { HearingId = hearing, N = 1 });
        await App.DrainAsync();
        Assert.That(
            (await App.As("judge").Send(new ShowTranscript { HearingId = hearing })).Asked.Single().Reason,
            Is.EqualTo("语音识别的答复不是约定的格式。")
        );
        Put();
        await App.As("judge").Send(new AskTranscript { HearingId = hearing, N = 1 });
        await App.DrainAsync();
        Assert.That((await App.As("judge").Send(new ShowTranscript { HearingId = hearing })).Lines, Has.Count.EqualTo(2));
    }

    [Test]
    public async Task A_server_is_posted_the_bytes()
    {
        var port = 18000 + Random.Shared.Next(20000);
        using var server = new HttpListener();
        server.Prefixes.Add($"http://127.0.0.1:{port}/");
        server.Start();
        string? type = null;
        var size = 0L;
        var answering = Task.Run(async () =>
        {
            var context = await server.GetContextAsync();
            using var bytes = new MemoryStream();
            await context.Request.InputStream.CopyToAsync(bytes);
            (type, size) = (context.Request.ContentType, bytes.Length);
            await context.Response.OutputStream.WriteAsync(Encoding.UTF8.GetBytes(Said));
            context.Response.Close();
        });
        var file = Path.Combine(folder, "a.wav");
        await File.WriteAllBytesAsync(file, new byte[3000]);
        var configuration = new Microsoft.Extensions.Configuration.ConfigurationManager { ["CourtOps:Speech:Url"] = $"http://127.0.0.1:{port}/hear" };
        var heard = await new SpeechEngine(configuration, new Plain()).HearAsync(file, "audio/wav", default);
        await answering;
        Assert.That((heard.Lines?.Count, type, size), Is.EqualTo((2, "audio/wav", 3000L)));
        server.Stop();
        heard = await new SpeechEngine(configuration, new Plain()).HearAsync(file, "audio/wav", default);
        Assert.That((heard.Lines, heard.Reason, heard.Later), Is.EqualTo(((IReadOnlyList<HeardLine>?)null, "连不上语音识别服务。", true)));
        Assert.That(new SpeechEngine(new Microsoft.Extensions.Configuration.ConfigurationManager(), new Plain()).Name, Is.Null, "nothing set up");
    }

    private async Task<long> RecordedAsync()
    {
        var room = await App.As("scheduler").Send(new SaveRoom { Name = "第一法庭", Size = 30 });
        var caseId = await App.Case(1, SampleParty.Provided);
        var at = new DateTime(2026, 3, 6, 9, 0, 0, DateTimeKind.Unspecified);
        var hearing = (
            await App.As("judge")
                .Send(
                    new BookHearing
                    {
                        CaseId = caseId,
                        Minutes = 60,
                        Start = at,
                        RoomId = room,
                    }
                )
        ).Id;
        await App.As("judge").Send(new ConfirmHearing { Id = hearing });
        var recording = await App.As("judge").Send(new OpenRecording { HearingId = hearing });
        App.Advance(TimeSpan.FromDays(6));
        var bytes = new byte[2000];
        "RIFF\0\0\0\0WAVE"u8.CopyTo(bytes);
        await App.As("judge")
            .In(s =>
                s.GetRequiredService<SegmentIntake>()
                    .AddAsync(recording, new FormFile(new MemoryStream(bytes), 0, bytes.Length, "f", "庭审.wav"), null, at, at.AddMinutes(30), default)
            );
        return hearing;
    }

    private sealed class Plain : IHttpClientFactory
    {
        public HttpClient CreateClient(string name) => new();
    }
}
