using System.Security.Cryptography;
using CourtOps.Kernel.States;

namespace CourtOps.TrialSupport.Recordings;

internal sealed record RecordingRow
{
    public const string Columns = "r.id, r.hearing_id, r.case_id, r.mode, r.consent, r.state, r.chain, r.opened_name, r.opened_at, r.version";

    /// <summary>How the hearing is recorded (G-03): beside the transcript, or in its place with the parties' consent.</summary>
    public static readonly IReadOnlyDictionary<string, string> Modes = new Dictionary<string, string>
    {
        ["beside"] = "录音录像和笔录",
        ["replaces"] = "录音录像替代笔录",
    };

    public static readonly IReadOnlyDictionary<string, string> States = new Dictionary<string, string> { ["open"] = "收录中", ["closed"] = "已封存" };

    public static readonly StateTable Table = new("trial_recording", "庭审录像", new("add", ["open"], null), new("close", ["open"], "closed"));

    public long Id { get; init; }
    public long HearingId { get; init; }
    public long CaseId { get; init; }
    public string Mode { get; init; } = "";
    public string? Consent { get; init; }
    public string State { get; init; } = "";

    /// <summary>The end of the chain over the segments: what the parties sign where it replaces the transcript.</summary>
    public string? Chain { get; init; }
    public string OpenedName { get; init; } = "";
    public DateTimeOffset OpenedAt { get; init; }
    public int Version { get; init; }
}

internal sealed record SegmentRow
{
    public const string Columns = "s.recording_id, s.n, s.name, s.mime, s.blob, s.size, s.chain, s.starts_at, s.ends_at, s.fault, s.added_name, s.added_at";

    public long RecordingId { get; init; }
    public int N { get; init; }
    public string Name { get; init; } = "";
    public string Mime { get; init; } = "";
    public string Blob { get; init; } = "";
    public long Size { get; init; }
    public string Chain { get; init; } = "";
    public DateTimeOffset StartsAt { get; init; }
    public DateTimeOffset? EndsAt { get; init; }

    /// <summary>What is wrong with the file, a key of <see cref="MediaCheck.Faults"/>; null for a whole one.</summary>
    public string? Fault { get; init; }
    public string AddedName { get; init; } = "";
    public DateTimeOffset AddedAt { get; init; }
}

internal sealed record MarkRow
{
    public static readonly IReadOnlyDictionary<string, string> Kinds = new Dictionary<string, string>
    {
        ["speech"] = "发言",
        ["stage"] = "庭审阶段",
        ["evidence"] = "举证质证",
        ["pause"] = "休庭、中断",
        ["fault"] = "设备故障",
        ["note"] = "备注",
    };

    public long Id { get; init; }
    public DateTimeOffset AtTime { get; init; }
    public string Kind { get; init; } = "";
    public string Speaker { get; init; } = "";
    public string Words { get; init; } = "";
    public string PersonName { get; init; } = "";
}

/// <summary>What kinds of media are taken, the chain, and the gaps. Pure.</summary>
internal static class RecordingRules
{
    /// <summary>The media type by the first bytes; null for anything that is no recording.</summary>
    public static string? Mime(ReadOnlySpan<byte> head) =>
        head switch
        {
            [_, _, _, _, (byte)'f', (byte)'t', (byte)'y', (byte)'p', ..] => "video/mp4",
            [0x1A, 0x45, 0xDF, 0xA3, ..] => "video/webm",
            [(byte)'R', (byte)'I', (byte)'F', (byte)'F', _, _, _, _, (byte)'W', (byte)'A', (byte)'V', (byte)'E', ..] => "audio/wav",
            [(byte)'I', (byte)'D', (byte)'3', ..] => "audio/mpeg",
            [0xFF, var b, ..] when (b & 0xE0) == 0xE0 => "audio/mpeg",
            [(byte)'O', (byte)'g', (byte)'g', (byte)'S', ..] => "audio/ogg",
            _ => null,
        };

    /// <summary>SHA-256 over the chain before and the digest of the segment, both as hex.</summary>
    public static string Next(string? before, string digest) =>
        Convert.ToHexStringLower(SHA256.HashData(System.Text.Encoding.ASCII.GetBytes((before ?? "") + digest)));

    /// <summary>
    /// Time of the hearing that no segment covers, and whether a pause or a fault of the notes names it (庭审录音录像规定 5). The end of what is covered runs along:
    /// a short segment inside a long one takes nothing away
    /// from it, and a segment without an end covers nothing after its beginning. What the notes say was spoken before the first segment or after the last is a
    /// gap at the head or the tail.
    /// </summary>
    public static IReadOnlyList<(DateTimeOffset From, DateTimeOffset To, bool Named)> Gaps(IReadOnlyList<SegmentRow> segments, IReadOnlyList<MarkRow> marks)
    {
        var gaps = new List<(DateTimeOffset, DateTimeOffset, bool)>();
        DateTimeOffset? covered = null;
        foreach (var s in segments.OrderBy(s => s.StartsAt).ThenBy(s => s.N))
        {
            if (covered is { } end && s.StartsAt - end > RecordingFolder.Tolerance)
                gaps.Add((end, s.StartsAt, marks.Any(m => m.Kind is "pause" or "fault" && m.AtTime >= end.AddMinutes(-1) && m.AtTime <= s.StartsAt)));
            var until = s.EndsAt ?? s.StartsAt;
            covered = covered > until ? covered : until;
        }
        if (covered is not { } last)
            return gaps;
        var first = segments.Min(s => s.StartsAt);
        var held = marks.Where(m => m.Kind is "speech" or "stage" or "evidence").Select(m => m.AtTime).ToList();
        bool Named(DateTimeOffset from, DateTimeOffset to) =>
            marks.Any(m => m.Kind is "pause" or "fault" && m.AtTime >= from.AddMinutes(-1) && m.AtTime <= to.AddMinutes(1));
        if (held.Count > 0 && held.Min() is var begun && first - begun > EdgeTolerance)
            gaps.Insert(0, (begun, first, Named(begun, first)));
        if (held.Count > 0 && held.Max() is var ended && ended - last > EdgeTolerance)
            gaps.Add((last, ended, Named(last, ended)));
        return gaps;
    }

    /// <summary>How far a note may lie before the first segment or behind the last: clocks of clerk and recorder differ a little.</summary>
    public static readonly TimeSpan EdgeTolerance = TimeSpan.FromSeconds(30);

    /// <summary>Damaged segments that no fault of the notes explains; each with its number.</summary>
    public static IReadOnlyList<int> Unexplained(IReadOnlyList<SegmentRow> segments, IReadOnlyList<MarkRow> marks) =>
        [
            .. segments
                .Where(s =>
                    s.Fault is not null
                    && !marks.Any(m => m.Kind == "fault" && m.AtTime >= s.StartsAt.AddMinutes(-1) && m.AtTime <= (s.EndsAt ?? s.StartsAt).AddMinutes(1))
                )
                .Select(s => s.N),
        ];

    /// <summary>The segment a moment lies in, or that ended last before it, and the second in it; 0 where there is none.</summary>
    public static (int N, int Second) At(IReadOnlyList<SegmentRow> segments, DateTimeOffset at)
    {
        var segment = segments.OrderBy(s => s.StartsAt).LastOrDefault(s => s.StartsAt <= at) ?? segments.OrderBy(s => s.StartsAt).FirstOrDefault();
        return segment is null ? (0, 0) : (segment.N, Math.Max(0, (int)(at - segment.StartsAt).TotalSeconds));
    }

    /// <summary>The chain from the first segment on, or the number of the first that does not fit.</summary>
    public static int? Broken(IReadOnlyList<SegmentRow> segments)
    {
        string? chain = null;
        foreach (var s in segments.OrderBy(s => s.N))
        {
            chain = Next(chain, s.Blob);
            if (chain != s.Chain)
                return s.N;
        }
        return null;
    }
}
