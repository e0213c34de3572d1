using System.Globalization;
using System.Security.Cryptography;
using System.Text.Json;
using CourtOps.Kernel.Messaging;

namespace CourtOps.TrialSupport.Recordings;

/// <summary>
/// A folder of segments with manifest.json: what each segment is, when it was recorded, its digest, and a chain over them
/// (sha256 of the chain before and the segment's digest). Verified without anything else, by anybody.
/// </summary>
internal static class RecordingFolder
{
    public const string ManifestName = "manifest.json";

    /// <summary>Segments that begin later than this after the one before leave a gap.</summary>
    public static readonly TimeSpan Tolerance = TimeSpan.FromSeconds(2);

    internal sealed record Manifest
    {
        public string Hearing { get; init; } = "";
        public IReadOnlyList<Segment> Segments { get; init; } = [];

        /// <summary>Interruptions that the law allows and the record names (G-03).</summary>
        public IReadOnlyList<Pause> Interruptions { get; init; } = [];
    }

    internal sealed record Segment
    {
        public string File { get; init; } = "";
        public string Sha256 { get; init; } = "";
        public DateTimeOffset? Start { get; init; }
        public DateTimeOffset? End { get; init; }
        public string? Chain { get; init; }
    }

    internal sealed record Pause(DateTimeOffset From, DateTimeOffset To, string Reason);

    internal sealed record Checked(string File, string Sha256, bool Ok);

    internal sealed record Gap(DateTimeOffset From, DateTimeOffset To);

    internal sealed record Fault(string Kind, string? File, string Reason);

    internal sealed record Answer(IReadOnlyList<Checked> Segments, IReadOnlyList<Gap> Gaps, IReadOnlyList<Fault> Findings);

    /// <summary>Digests, chain, order, gaps, doubles, and files nobody named.</summary>
    /// <exception cref="RuleBroken">The manifest is no JSON.</exception>
    public static Answer Verify(string folder)
    {
        var faults = new List<Fault>();
        var files = Directory
            .EnumerateFiles(folder)
            .Select(p => Path.GetFileName(p)!)
            .Where(f => f != ManifestName && !f.StartsWith('.'))
            .Order(StringComparer.Ordinal)
            .ToList();
        if (!File.Exists(Path.Combine(folder, ManifestName)))
        {
            faults.Add(new Fault("no-manifest", null, "没有 manifest.json：只能算出摘要，不能核对"));
            return new Answer([.. files.Select(f => new Checked(f, DigestOf(Path.Combine(folder, f)), false))], [], faults);
        }
        var manifest = Read(Path.Combine(folder, ManifestName));
        var (segments, chain, seen) = (new List<Checked>(), "", new Dictionary<string, string>());
        foreach (var s in manifest.Segments)
        {
            // a name that leads out of the folder is never opened
            if (s.File.Length == 0 || s.File != Path.GetFileName(s.File))
            {
                faults.Add(new Fault("bad-name", s.File, "文件名不能含路径"));
                segments.Add(new Checked(s.File, "", false));
                continue;
            }
            var path = Path.Combine(folder, s.File);
            if (!File.Exists(path))
            {
                faults.Add(new Fault("missing", s.File, "清单中的片段不在文件夹里"));
                segments.Add(new Checked(s.File, "", false));
                chain = Next(chain, s.Sha256);
                continue;
            }
            var digest = DigestOf(path);
            var ok = digest.Equals(s.Sha256, StringComparison.OrdinalIgnoreCase);
            if (!ok)
                faults.Add(new Fault("changed", s.File, $"摘要与清单不一致：清单 {s.Sha256}"));
            if (new FileInfo(path).Length == 0)
                faults.Add(new Fault("empty", s.File, "片段是空的"));
            if (!seen.TryAdd(digest, s.File))
                faults.Add(new Fault("duplicate", s.File, $"与 {seen[digest]} 内容相同"));
            chain = Next(chain, s.Sha256);
            if (s.Chain is { } said && !said.Equals(chain, StringComparison.OrdinalIgnoreCase))
            {
                ok = false;
                faults.Add(new Fault("chain", s.File, "链值不对：此前有片段被增删或者调换"));
            }
            segments.Add(new Checked(s.File, digest, ok));
        }
        faults.AddRange(files.Except(manifest.Segments.Select(s => s.File)).Select(f => new Fault("unlisted", f, "不在清单中")));
        return new Answer(segments, Gaps(manifest, faults), faults);
    }

    /// <summary>The chain after a segment: SHA-256 of the chain before and the digest, both as lower-case hex.</summary>
    public static string Next(string chain, string sha256) =>
        Convert.ToHexStringLower(SHA256.HashData(System.Text.Encoding.ASCII.GetBytes(chain + sha256.ToLowerInvariant())));

    /// <summary>What a folder of segments says of itself, for intake.</summary>
    public static Manifest Describe(string folder, string hearing, IReadOnlyList<(string File, DateTimeOffset Start, DateTimeOffset End)> segments)
    {
        var chain = "";
        return new Manifest
        {
            Hearing = hearing,
            Segments =
            [
                .. segments.Select(s =>
                {
                    var digest = DigestOf(Path.Combine(folder, s.File));
                    return new Segment
                    {
                        File = s.File,
                        Sha256 = digest,
                        Start = s.Start,
                        End = s.End,
                        Chain = chain = Next(chain, digest),
                    };
                }),
            ],
        };
    }

    private static List<Gap> Gaps(Manifest manifest, List<Fault> faults)
    {
        var gaps = new List<Gap>();
        DateTimeOffset? end = null;
        foreach (var s in manifest.Segments.Where(s => s.Start is not null))
        {
            if (s.End < s.Start)
                faults.Add(new Fault("clock", s.File, "结束早于开始：录制设备的时钟不对"));
            if (end is { } before)
            {
                if (s.Start < before - Tolerance)
                    faults.Add(
                        new Fault(
                            "overlap",
                            s.File,
                            $"比前一片段的结束早 {(before - s.Start.Value).TotalSeconds.ToString("0", CultureInfo.InvariantCulture)} 秒"
                        )
                    );
                else if (s.Start > before + Tolerance && !manifest.Interruptions.Any(i => i.From <= before + Tolerance && i.To >= s.Start - Tolerance))
                    gaps.Add(new Gap(before, s.Start.Value));
            }
            end = s.End is { } e && (end is null || e > end) ? e : end;
        }
        return gaps;
    }

    private static Manifest Read(string path)
    {
        try
        {
            return JsonSerializer.Deserialize<Manifest>(File.ReadAllText(path), Json.Stored) ?? throw new RuleBroken("manifest.json is empty.", "dir");
        }
        catch (JsonException e)
        {
            throw new RuleBroken($"manifest.json is no manifest: {e.Message}", "dir");
        }
    }

    private static string DigestOf(string path)
    {
        using var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, 1 << 20, FileOptions.SequentialScan);
        return Convert.ToHexStringLower(SHA256.HashData(stream));
    }
}
