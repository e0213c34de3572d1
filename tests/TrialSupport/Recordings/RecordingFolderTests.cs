using System.Text.Json;
using CourtOps.Kernel.Messaging;
using CourtOps.TrialSupport.Recordings;

namespace CourtOps.TrialSupport.Tests.Recordings;

public sealed class RecordingFolderTests
{
    private static readonly DateTimeOffset Start = new(2026, 11, 29, 1, 0, 0, TimeSpan.Zero);
    private string folder = "";

    [SetUp]
    public void Make()
    {
        folder = Directory.CreateTempSubdirectory("recording-").FullName;
        for (var i = 1; i <= 3; i++)
            File.WriteAllBytes(Path.Combine(folder, $"{i}.mp4"), [.. Enumerable.Range(0, 1000 * i).Select(b => (byte)(b * i))]);
        Write(
            RecordingFolder.Describe(
                folder,
                "h1",
                [.. Enumerable.Range(1, 3).Select(i => ($"{i}.mp4", Start.AddMinutes((i - 1) * 10), Start.AddMinutes(i * 10)))]
            )
        );
    }

    [TearDown]
    public void Clear() => Directory.Delete(folder, recursive: true);

    private void Write(RecordingFolder.Manifest manifest) =>
        File.WriteAllText(Path.Combine(folder, RecordingFolder.ManifestName), JsonSerializer.Serialize(manifest, Json.Stored));

    private RecordingFolder.Manifest Read() =>
        JsonSerializer.Deserialize<RecordingFolder.Manifest>(File.ReadAllText(Path.Combine(folder, RecordingFolder.ManifestName)), Json.Stored)!;

    [Test]
    public void A_whole_recording_has_no_fault()
    {
        var answer = RecordingFolder.Verify(folder);
        Assert.That(answer.Segments.All(s => s.Ok), Is.True);
        Assert.That((answer.Gaps.Count, answer.Findings.Count), Is.EqualTo((0, 0)));
    }

    [Test]
    public void One_changed_byte_a_missing_and_a_stray_file_are_found()
    {
        var bytes = File.ReadAllBytes(Path.Combine(folder, "2.mp4"));
        bytes[5] ^= 1;
        File.WriteAllBytes(Path.Combine(folder, "2.mp4"), bytes);
        File.Move(Path.Combine(folder, "3.mp4"), Path.Combine(folder, "x.mp4"));
        var answer = RecordingFolder.Verify(folder);
        Assert.That(answer.Segments.Select(s => s.Ok), Is.EqualTo(new[] { true, false, false }));
        Assert.That(answer.Findings.Select(f => f.Kind), Is.EqualTo(new[] { "changed", "missing", "unlisted" }));
    }

    [Test]
    public void A_segment_dropped_from_the_list_breaks_the_chain_and_leaves_a_gap()
    {
        var manifest = Read();
        Write(manifest with { Segments = [manifest.Segments[0], manifest.Segments[2]] });
        var answer = RecordingFolder.Verify(folder);
        Assert.That(answer.Findings.Select(f => f.Kind), Is.EqualTo(new[] { "chain", "unlisted" }));
        Assert.That(answer.Gaps.Single(), Is.EqualTo(new RecordingFolder.Gap(Start.AddMinutes(10), Start.AddMinutes(20))));
        Write(
            manifest with
            {
                Segments = [manifest.Segments[0], manifest.Segments[2]],
                Interruptions = [new(Start.AddMinutes(10), Start.AddMinutes(20), "休庭")],
            }
        );
        Assert.That(RecordingFolder.Verify(folder).Gaps, Is.Empty, "the record names the recess");
    }

    [Test]
    public void Wrong_clocks_doubles_and_paths_are_said()
    {
        File.Copy(Path.Combine(folder, "1.mp4"), Path.Combine(folder, "4.mp4"));
        Write(
            RecordingFolder.Describe(
                folder,
                "h1",
                [
                    ("1.mp4", Start.AddMinutes(10), Start),
                    ("4.mp4", Start.AddMinutes(1), Start.AddMinutes(5)),
                    ("2.mp4", Start.AddMinutes(5), Start.AddMinutes(6)),
                    ("3.mp4", Start.AddMinutes(6), Start.AddMinutes(7)),
                ]
            )
                is var m
                ? m with
                {
                    Segments = [.. m.Segments, new() { File = "../secret", Sha256 = "00" }],
                }
                : m
        );
        Assert.That(RecordingFolder.Verify(folder).Findings.Select(f => f.Kind), Is.SupersetOf(new[] { "clock", "duplicate", "bad-name" }));
        File.WriteAllText(Path.Combine(folder, RecordingFolder.ManifestName), "[");
        Assert.That(() => RecordingFolder.Verify(folder), Throws.TypeOf<RuleBroken>());
    }
}
