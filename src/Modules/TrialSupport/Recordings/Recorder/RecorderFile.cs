using CourtOps.Kernel.States;

namespace CourtOps.TrialSupport.Recordings.Recorder;

/// <summary>A file of a recorder's folder, from the first look at it on. The row is never deleted: what is known is not taken twice.</summary>
internal sealed record RecorderFile
{
    public const string Columns =
        "f.id, f.court_id, f.room_id, f.room_name, f.place, f.stamp, f.path, f.size, f.written_at, f.since, f.state, f.reason, f.detail, f.source, f.blob, "
        + "f.mime, f.fault, f.starts_at, f.ends_at, f.hearing_id, f.recording_id, f.segment_n, f.decided_name, f.decided_at, f.decided_words, f.version";

    public const string Watched = "watched";
    public const string Waiting = "waiting";
    public const string Taken = "taken";
    public const string Double = "double";
    public const string Refused = "refused";

    public static readonly IReadOnlyDictionary<string, string> States = new Dictionary<string, string>
    {
        [Waiting] = "待认领",
        [Watched] = "正在写入",
        [Taken] = "已收录",
        [Double] = "重复",
        [Refused] = "不收",
    };

    /// <summary>Why a file waits, or was not taken.</summary>
    public static readonly IReadOnlyDictionary<string, string> Reasons = new Dictionary<string, string>
    {
        ["no-time"] = "文件名和文件内都没有录制时间",
        ["no-room"] = "文件夹不是本院在用的法庭",
        ["no-hearing"] = "这个法庭这段时间没有庭审",
        ["several"] = "这段时间跨着几个庭审",
        ["ahead"] = "录制时间在现在之后，录像机的时钟不对",
        ["behind"] = "文件写成的时间早于录制开始，录像机的时钟不对",
        ["order"] = "结束不晚于开始，录像机的时钟不对",
        ["long"] = "一段长于十四小时，录像机的时钟不对",
        ["overlap"] = "与已经收录的一段时间重叠",
        ["closed"] = "这次庭审的录像已经封存",
        ["not-media"] = "不是可以播放的录音录像",
        ["too-large"] = "超过录像文件的上限",
        ["disk"] = "磁盘已满，文件留在原处，腾出空间后自动再收",
        ["unreadable"] = "文件暂时读不出来，留在原处，下一轮再收",
        ["changed"] = "读取时又被写入，等它静止后再收",
    };

    public static readonly StateTable Table = new(
        "trial_recorder_file",
        "录像机文件",
        new("see", [Watched], null),
        new("wait", [Watched], Waiting),
        new("take", [Watched, Waiting], Taken),
        new("double", [Watched, Waiting], Double),
        new("refuse", [Watched, Waiting], Refused)
    );

    public long Id { get; init; }
    public long CourtId { get; init; }
    public long? RoomId { get; init; }

    /// <summary>The name of the folder.</summary>
    public string RoomName { get; init; } = "";

    /// <summary>SHA-256 of the path below the root.</summary>
    public string Place { get; init; } = "";

    /// <summary>Size and time of writing: what a file was when it was looked at.</summary>
    public string Stamp { get; init; } = "";
    public string Path { get; init; } = "";
    public long Size { get; init; }
    public DateTimeOffset WrittenAt { get; init; }

    /// <summary>Since when size and time are what they are.</summary>
    public DateTimeOffset Since { get; init; }
    public string State { get; init; } = "";
    public string? Reason { get; init; }
    public string? Detail { get; init; }

    /// <summary>there: the file lies in the folder; moved: not any more; kept: it stays by the setting.</summary>
    public string Source { get; init; } = "";
    public string? Blob { get; init; }
    public string? Mime { get; init; }
    public string? Fault { get; init; }
    public DateTimeOffset? StartsAt { get; init; }
    public DateTimeOffset? EndsAt { get; init; }
    public long? HearingId { get; init; }
    public long? RecordingId { get; init; }
    public int? SegmentN { get; init; }
    public string? DecidedName { get; init; }
    public DateTimeOffset? DecidedAt { get; init; }
    public string? DecidedWords { get; init; }
    public int Version { get; init; }

    public string Name => System.IO.Path.GetFileName(Path);
}

/// <summary>How the folder of the recorders is treated, by court.</summary>
internal sealed record RecorderSettings
{
    /// <summary>Minutes in which neither size nor time of a file change before it counts as whole; 1 to 120.</summary>
    public int QuietMinutes { get; init; } = 2;

    /// <summary>1: a file that was dealt with is moved to the folder "taken"; 0: it stays.</summary>
    public int Move { get; init; } = 1;

    /// <summary>Minutes before the set time and after the set end that still belong to a hearing; 0 to 120.</summary>
    public int EdgeMinutes { get; init; } = 20;
}
