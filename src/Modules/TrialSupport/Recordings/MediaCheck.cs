using System.Buffers.Binary;

namespace CourtOps.TrialSupport.Recordings;

/// <summary>Whether a recording is whole, by what its container says of its own length. Nothing of it is decoded.</summary>
internal static class MediaCheck
{
    public const string Cut = "cut";
    public const string NoIndex = "no-index";

    public static readonly IReadOnlyDictionary<string, string> Faults = new Dictionary<string, string>
    {
        [Cut] = "文件不完整，结尾缺失",
        [NoIndex] = "文件没有索引，可能没有正常结束",
    };

    private const int MostBoxes = 100_000;

    /// <summary>A key of <see cref="Faults"/>; null for a whole file, and for kinds that do not say how long they are (WebM, MP3).</summary>
    /// <param name="mime">As <see cref="RecordingRules.Mime"/> tells it.</param>
    public static string? Judge(Stream file, string mime) =>
        mime switch
        {
            "video/mp4" => Mp4(file),
            "audio/wav" => Wav(file),
            "audio/ogg" => Ogg(file),
            _ => null,
        };

    // boxes one after the other: length (4 bytes, or 8 behind a 1), name; 0 means to the end
    private static string? Mp4(Stream file)
    {
        var (at, index) = (0L, false);
        var head = new byte[16];
        for (var n = 0; at < file.Length && n < MostBoxes; n++)
        {
            file.Position = at;
            var got = file.ReadAtLeast(head, 16, throwOnEndOfStream: false);
            if (got < 8)
                return Cut;
            long size = BinaryPrimitives.ReadUInt32BigEndian(head);
            index |= head.AsSpan(4, 4).SequenceEqual("moov"u8) || head.AsSpan(4, 4).SequenceEqual("moof"u8);
            if (size == 0)
                break;
            if (size == 1)
                size = got < 16 ? long.MaxValue : (long)Math.Min(BinaryPrimitives.ReadUInt64BigEndian(head.AsSpan(8)), long.MaxValue);
            if (size < 8 || size > file.Length - at)
                return Cut;
            at += size;
        }
        return index ? null : NoIndex;
    }

    private static string? Wav(Stream file)
    {
        file.Position = 4;
        var size = new byte[4];
        if (file.ReadAtLeast(size, 4, throwOnEndOfStream: false) < 4)
            return Cut;
        var said = BinaryPrimitives.ReadUInt32LittleEndian(size);
        // recorders that stream write the length last: none, or the greatest number, is a file that was never ended
        return said is 0 or uint.MaxValue ? NoIndex
            : said + 8L > file.Length ? Cut
            : null;
    }

    // the last page says that it is the last
    private static string? Ogg(Stream file)
    {
        var tail = new byte[(int)Math.Min(file.Length, 70_000)];
        file.Position = file.Length - tail.Length;
        file.ReadExactly(tail);
        var at = tail.AsSpan().LastIndexOf("OggS"u8);
        return at < 0 || at + 6 > tail.Length || (tail[at + 5] & 4) == 0 ? Cut : null;
    }
}
