using System.Buffers.Binary;
using System.Net;
using System.Text;
using CourtOps.Kernel.Messaging;
using CourtOps.TrialSupport.Hearings;
using CourtOps.TrialSupport.Recordings;
using CourtOps.TrialSupport.Recordings.Recorder;
using Microsoft.Extensions.DependencyInjection;

namespace CourtOps.TrialSupport.Tests.Recordings;

/// <summary>The folder of the recorders: whole files reach their hearing once, whatever happens on the way.</summary>
[TestFixtureSource(typeof(Engines), nameof(Engines.All))]
public sealed class RecorderTests(Engine engine) : AppTests(engine)
{
    private const string RoomName = "第一法庭";

    private string Root => Path.Combine(App.Folder, "recorder");

    private string InRoom => Path.Combine(Root, "吉2424", RoomName);

    [TestCase("20260302-090000.mp4", "2026-03-02T09:00:00", null)]
    [TestCase("法庭1_2026-03-02_09.30.15.mp4", "2026-03-02T09:30:15", null)]
    [TestCase("202603020930.wav", "2026-03-02T09:30:00", null)]
    [TestCase("CH01_20260302090000_20260302093000.mp4", "2026-03-02T09:00:00", "2026-03-02T09:30:00")]
    [TestCase("20260302-090000-093000.mp4", "2026-03-02T09:00:00", "2026-03-02T09:30:00")]
    [TestCase("20260302-233000-003000.mp4", "2026-03-02T23:30:00", "2026-03-03T00:30:00", Description = "over midnight")]
    [TestCase("20261302-090000.mp4", null, null, Description = "no such month")]
    [TestCase("13800000001202603020900.mp4", null, null, Description = "inside a longer number")]
    [TestCase("record.mp4", null, null)]
    public void A_name_says_when(string name, string? start, string? end)
    {
        var named = RecorderRules.Named(name);
        Assert.That(named?.Start.ToString("s"), Is.EqualTo(start));
        Assert.That(named?.End?.ToString("s"), Is.EqualTo(end));
    }

    // minutes after eight; hearings from-to or from-to/recorded until; the first is called 1
    [TestCase("60-90", "60-120", "1")]
    [TestCase("50-70", "60-120", "1", Description = "begins before")]
    [TestCase("45-60", "60-120", "1", Description = "within the edge")]
    [TestCase("10-30", "60-120", "no-hearing")]
    [TestCase("150-180", "60-120", "no-hearing", Description = "after the edge")]
    [TestCase("150-180", "60-120/149", "1", Description = "goes on with what was recorded")]
    [TestCase("150-180", "60-120/130", "no-hearing", Description = "a break of twenty minutes is none")]
    [TestCase("115-160", "60-120 130-180", "several")]
    [TestCase("131-160", "60-120 130-180", "2", Description = "nearly all in one")]
    [TestCase("60-90", "", "no-hearing")]
    public void A_segment_finds_its_hearing(string segment, string hearings, string found)
    {
        var eight = TestClock.Shanghai(2026, 3, 2, 8, 0);
        DateTimeOffset At(string minute) => eight.AddMinutes(int.Parse(minute, System.Globalization.CultureInfo.InvariantCulture));
        var rows = hearings
            .Split(' ', StringSplitOptions.RemoveEmptyEntries)
            .Select(
                (h, i) =>
                    h.Split('-', '/') is var p
                        ? new RoomHearing(i + 1, At(p[0]), At(p[1]), p.Length > 2 ? At(p[2]) : null)
                        : throw new InvalidOperationException()
            )
            .ToList();
        var (hearing, why) = RecorderRules.Match(At(segment.Split('-')[0]), At(segment.Split('-')[1]), rows, TimeSpan.FromMinutes(20));
        Assert.That(hearing is { } id ? $"{id}" : why, Is.EqualTo(found));
    }

    [TestCase(60, 90, 91, 95, null)]
    [TestCase(60, 90, 91, 50, "ahead")]
    [TestCase(90, 60, 91, 95, "order")]
    [TestCase(60, 60, 91, 95, "order")]
    [TestCase(60, 90, 40, 95, "behind")]
    [TestCase(0, 841, 841, 900, "long")]
    public void A_clock_that_cannot_be_right_is_told(int start, int end, int written, int now, string? wrong)
    {
        var eight = TestClock.Shanghai(2026, 3, 2, 8, 0);
        Assert.That(RecorderRules.Wrong(eight.AddMinutes(start), eight.AddMinutes(end), eight.AddMinutes(written), eight.AddMinutes(now)), Is.EqualTo(wrong));
    }

    [Test]
    public void The_container_says_how_long()
    {
        Assert.That(MediaLength.Of(new MemoryStream(Wav(7)), "audio/wav"), Is.EqualTo(TimeSpan.FromSeconds(7)));
        Assert.That(MediaLength.Of(new MemoryStream(Mp4(600)), "video/mp4"), Is.EqualTo(TimeSpan.FromSeconds(600)));
        Assert.That(MediaLength.Of(new MemoryStream(Mp4(600)[..20]), "video/mp4"), Is.Null);
        Assert.That(MediaCheck.Judge(new MemoryStream(Mp4(600)), "video/mp4"), Is.Null, "it is whole");
    }

    [TestCase(28, "disk")]
    [TestCase(unchecked((int)0x80070070), "disk")]
    [TestCase(13, "unreadable")]
    public void A_full_disk_is_told_from_other_faults(int code, string trouble) =>
        Assert.That(TakeFromRecorder.TroubleOf(new IOException("x", code)), Is.EqualTo(trouble));

    [Test]
    public async Task A_whole_file_reaches_the_hearing_in_that_room_once()
    {
        var hearing = await HearingAsync();
        Put("20260306-090000-093000.mp4", Mp4(1800));
        await LookAsync();
        Assert.That(await StatesAsync(), Is.EqualTo("watched"), "it may still be written");
        await LookAsync(1);
        Assert.That(await StatesAsync(), Is.EqualTo("watched"), "not long enough");
        // the recorder goes on writing: it must be still anew
        Put("20260306-090000-093000.mp4", Mp4(1800, 3));
        await LookAsync(1);
        await LookAsync(1);
        Assert.That(await StatesAsync(), Is.EqualTo("watched"));
        await LookAsync(1);
        Assert.That(await StatesAsync(), Is.EqualTo("taken"));
        var shown = await App.As("judge").Send(new ShowRecording { HearingId = hearing });
        Assert.That((shown.Segments.Count, shown.Broken, shown.Row!.State, shown.Row.Mode), Is.EqualTo((1, (int?)null, "open", "beside")));
        Assert.That(shown.Segments[0].StartsAt, Is.EqualTo(TestClock.Shanghai(2026, 3, 6, 9, 0)));
        Assert.That(shown.Segments[0].EndsAt, Is.EqualTo(TestClock.Shanghai(2026, 3, 6, 9, 30)));
        Assert.That(File.Exists(Path.Combine(InRoom, "20260306-090000-093000.mp4")), Is.True, "moved only after what became of it was committed");
        await LookAsync(1);
        Assert.That(Directory.GetFiles(InRoom), Is.Empty);
        Assert.That(Directory.GetFiles(Path.Combine(Root, "taken", "吉2424", RoomName)), Has.Length.EqualTo(1));
        // the same bytes under another name, and the same file laid back
        Put("20260306-093000-100000.mp4", Mp4(1800, 3));
        await StillAsync();
        Assert.That(await StatesAsync(), Is.EqualTo("double taken"));
        Assert.That((await App.As("judge").Send(new ShowRecording { HearingId = hearing })).Segments, Has.Count.EqualTo(1));
        Assert.That(await App.As(null).Value<int>("SELECT COUNT(*) FROM kernel_audit WHERE action = 'trial.recorder.take'"), Is.EqualTo(1));
    }

    [Test]
    public async Task A_host_killed_between_reading_and_recording_takes_it_at_the_next_look()
    {
        var hearing = await HearingAsync();
        Put("20260306-090000.wav", Wav(60));
        await LookAsync();
        App.Advance(TimeSpan.FromMinutes(3));
        await App.As(null)
            .In(async s =>
            {
                var handler = s.GetServices<CourtOps.Kernel.Work.IWorkHandler>().OfType<TakeFromRecorder>().Single();
                var outcome = await handler.ActAsync(new() { Queue = TakeFromRecorder.Name }, default);
                Assert.That(((TakeFromRecorder.Result)outcome.Result!).Read, Has.Count.EqualTo(1), "read, and then the host died");
            });
        Assert.That(await StatesAsync(), Is.EqualTo("watched"));
        await LookAsync(1);
        var one = (await App.As("judge").Send(new ShowRecording { HearingId = hearing })).Segments.Single();
        Assert.That((one.EndsAt!.Value - one.StartsAt).TotalSeconds, Is.EqualTo(60), "the container says how long");
    }

    [Test]
    public async Task What_finds_no_hearing_waits_for_a_clerk_with_the_reason()
    {
        var hearing = await HearingAsync();
        Put("20260306-090000-093000.mp4", Mp4(1800, 1));
        Put("20260306-092000-095000.mp4", Mp4(1800, 2)); // overlaps
        Put("20260306-150000-153000.mp4", Mp4(1800, 4)); // nothing is heard then
        Put("20270306-090000-093000.mp4", Mp4(1800, 5)); // the clock runs a year ahead
        Put("movie.mp4", Mp4(1800, 6)); // no time
        Put("notes.mp4", Encoding.UTF8.GetBytes("no film at all, only words"));
        Directory.CreateDirectory(Path.Combine(Root, "吉2424", "杂物间"));
        File.WriteAllBytes(Path.Combine(Root, "吉2424", "杂物间", "20260306-090000.mp4"), Mp4(60, 7));
        Directory.CreateDirectory(Path.Combine(Root, "不是法院"));
        await StillAsync();
        Assert.That(
            await App.As(null).Rows<string>("SELECT reason FROM trial_recorder_file WHERE state = 'waiting' ORDER BY reason"),
            Is.EquivalentTo(new[] { "ahead", "no-hearing", "no-room", "no-time", "overlap" })
        );
        Assert.That(await App.Value<string>("SELECT reason FROM trial_recorder_file WHERE state = 'refused'"), Is.EqualTo("not-media"));
        Assert.That(File.ReadAllText(Path.Combine(Root, "不是法院", "problem.txt")), Does.Contain("不是法院"));
        var http = await App.SignedIn("judge");
        var page = WebUtility.HtmlDecode(await http.GetStringAsync("/trial/recorder"));
        Assert.That(page, Does.Contain("文件名和文件内都没有录制时间").And.Contain("movie.mp4").And.Contain("这个法庭这段时间没有庭审"));
        var movie = await IdAsync("movie.mp4");
        await Assert.ThatAsync(
            () => App.As("judge").Send(new AssignRecorderFile { Id = movie, HearingId = hearing }),
            Throws.TypeOf<RuleBroken>().With.Message.Contains("没有录制时间")
        );
        await Assert.ThatAsync(
            () =>
                App.As("judge")
                    .Send(
                        new AssignRecorderFile
                        {
                            Id = movie,
                            HearingId = hearing,
                            Start = new(2026, 3, 6, 9, 30, 0),
                            End = new(2026, 3, 6, 10, 0, 0),
                        }
                    ),
            Throws.TypeOf<FluentValidation.ValidationException>(),
            "times that a person gives have a ground"
        );
        var done = await TestApp.PostForm(
            http,
            "/trial/recorder",
            "/trial/recorder?handler=Assign",
            ("Id", $"{movie}"),
            ("HearingId", $"{hearing}"),
            ("Start", "2026-03-06T09:30"),
            ("End", "2026-03-06T10:00"),
            ("Words", "与笔录核对")
        );
        Assert.That(done.StatusCode, Is.EqualTo(HttpStatusCode.Redirect));
        Assert.That((await App.As("judge").Send(new ShowRecording { HearingId = hearing })).Segments, Has.Count.EqualTo(2));
        var none = await IdAsync("20260306-150000-153000.mp4");
        await Assert.ThatAsync(
            () => App.As("judge").Send(new RefuseRecorderFile { Id = none, Reason = " " }),
            Throws.TypeOf<FluentValidation.ValidationException>()
        );
        await App.As("judge").Send(new RefuseRecorderFile { Id = none, Reason = "设备调试" });
        await Assert.ThatAsync(() => App.As("judge").Send(new AssignRecorderFile { Id = none, HearingId = hearing }), Throws.TypeOf<RuleBroken>());
        await Assert.ThatAsync(() => App.As("head2").Send(new RefuseRecorderFile { Id = movie, Reason = "x" }), Throws.Exception, "another court's");
    }

    [Test]
    public async Task A_sealed_recording_takes_no_more_and_a_kept_source_stays()
    {
        var hearing = await HearingAsync();
        await SettingAsync((nameof(RecorderSettings.Move), "0"));
        Put("20260306-090000-100000.mp4", Mp4(3600));
        await StillAsync();
        var r = (await App.As("judge").Send(new ShowRecording { HearingId = hearing })).Row!;
        await App.Send(new CloseRecording { Id = r.Id, Version = r.Version });
        Put("20260306-100000-101000.mp4", Mp4(600));
        await StillAsync();
        await LookAsync(1);
        Assert.That(await App.As(null).Value<string>("SELECT reason FROM trial_recorder_file WHERE state = 'waiting'"), Is.EqualTo("closed"));
        Assert.That(Directory.GetFiles(InRoom), Has.Length.EqualTo(2), "both stay");
        Assert.That(await App.Value<int>("SELECT COUNT(*) FROM trial_recorder_file"), Is.EqualTo(2));
    }

    [Test]
    public async Task What_cannot_be_stored_stays_where_it_is_and_says_so()
    {
        var hearing = await HearingAsync();
        Put("20260306-090000-093000.mp4", Mp4(1800));
        // no byte can be kept
        var blobs = Path.Combine(App.Folder, "blobs");
        if (Directory.Exists(blobs))
            Directory.Move(blobs, blobs + ".away");
        File.WriteAllText(blobs, "");
        await StillAsync();
        Assert.That((await StatesAsync(), await App.As(null).Value<string>("SELECT reason FROM trial_recorder_file")), Is.EqualTo(("watched", "unreadable")));
        File.Delete(blobs);
        await LookAsync(1);
        Assert.That(await StatesAsync(), Is.EqualTo("taken"));
        Assert.That((await App.As("judge").Send(new ShowRecording { HearingId = hearing })).Segments, Has.Count.EqualTo(1));
    }

    private async Task<long> HearingAsync()
    {
        App.Set(TakeFromRecorder.Setting, Root);
        Directory.CreateDirectory(InRoom);
        var room = await App.As("scheduler").Send(new SaveRoom { Name = RoomName, Size = 30 });
        var caseId = await App.Case(1, SampleParty.Provided);
        var booked = await App.As("judge")
            .Send(
                new BookHearing
                {
                    CaseId = caseId,
                    Minutes = 60,
                    Start = new DateTime(2026, 3, 6, 9, 0, 0),
                    RoomId = room,
                    Waived = "当事人同意",
                }
            );
        await App.As("judge").Send(new ConfirmHearing { Id = booked.Id });
        App.At(TestClock.Shanghai(2026, 3, 6, 16, 0));
        return booked.Id;
    }

    private async Task SettingAsync(params (string Field, string Value)[] values) =>
        await App.As("leader")
            .Send(
                new CourtOps.Workzone.Settings.SaveSetting
                {
                    Key = "trial.recorder",
                    CourtId = await App.As(null).Value<long>("SELECT id FROM workzone_court WHERE code = '吉2424'"),
                    Reason = "test",
                    Values = values.ToDictionary(v => v.Field, v => v.Value),
                }
            );

    private void Put(string name, byte[] bytes)
    {
        var file = Path.Combine(InRoom, name);
        File.WriteAllBytes(file, bytes);
        File.SetLastWriteTimeUtc(file, App.Clock.GetUtcNow().UtcDateTime.AddSeconds(-bytes.Length % 7));
    }

    private async Task LookAsync(int minutes = 0)
    {
        App.Advance(TimeSpan.FromMinutes(minutes));
        await App.As(null).RunJob<LookAtRecorder>();
        await App.DrainAsync();
    }

    private async Task StillAsync()
    {
        await LookAsync(1);
        await LookAsync(3);
    }

    private async Task<string> StatesAsync() => string.Join(' ', await App.As(null).Rows<string>("SELECT state FROM trial_recorder_file ORDER BY state"));

    private async Task<long> IdAsync(string name) =>
        await App.As(null).Value<long>("SELECT id FROM trial_recorder_file WHERE path LIKE @like", new { like = "%/" + name });

    private static byte[] Wav(int seconds)
    {
        var bytes = new byte[44 + (seconds * 100)];
        "RIFF"u8.CopyTo(bytes);
        BinaryPrimitives.WriteUInt32LittleEndian(bytes.AsSpan(4), (uint)bytes.Length - 8);
        "WAVEfmt "u8.CopyTo(bytes.AsSpan(8));
        BinaryPrimitives.WriteUInt32LittleEndian(bytes.AsSpan(16), 16);
        BinaryPrimitives.WriteUInt32LittleEndian(bytes.AsSpan(28), 100);
        "data"u8.CopyTo(bytes.AsSpan(36));
        BinaryPrimitives.WriteUInt32LittleEndian(bytes.AsSpan(40), (uint)(seconds * 100));
        return bytes;
    }

    private static byte[] Mp4(int seconds, int salt = 0)
    {
        var bytes = new byte[24 + 8 + 108 + 8 + 64 + salt];
        BinaryPrimitives.WriteUInt32BigEndian(bytes, 24);
        "ftypisom"u8.CopyTo(bytes.AsSpan(4));
        BinaryPrimitives.WriteUInt32BigEndian(bytes.AsSpan(24), 116);
        "moov"u8.CopyTo(bytes.AsSpan(28));
        BinaryPrimitives.WriteUInt32BigEndian(bytes.AsSpan(32), 108);
        "mvhd"u8.CopyTo(bytes.AsSpan(36));
        BinaryPrimitives.WriteUInt32BigEndian(bytes.AsSpan(52), 1000);
        BinaryPrimitives.WriteUInt32BigEndian(bytes.AsSpan(56), (uint)seconds * 1000);
        BinaryPrimitives.WriteUInt32BigEndian(bytes.AsSpan(140), (uint)(72 + salt));
        "mdat"u8.CopyTo(bytes.AsSpan(144));
        bytes[^1] = (byte)salt;
        return bytes;
    }
}
