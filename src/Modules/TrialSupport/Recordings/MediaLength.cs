using System.Buffers.Binary;

namespace CourtOps.TrialSupport.Recordings;

/// <summary>How long a recording lasts, by what its container says. Nothing of it is decoded.</summary>
internal static class MediaLength
{
    private const int MostBoxes = 10_000;

    /// <summary>Null for kinds that do not say it in one place, and for files that say nothing sensible.</summary>
    /// <param name="mime">As <see cref="RecordingRules.Mime"/> tells it.</param>
    public static TimeSpan? Of(Stream file, string mime) =>
        mime switch
        {
            "video/mp4" => Mp4(file, 0, file.Length),
            "audio/wav" => Wav(file),
            _ => null,
        };

    // moov holds mvhd: version, flags, two times, units in a second, length in units; times and length have 8 bytes in version 1
    private static TimeSpan? Mp4(Stream file, long at, long end)
    {
        var head = new byte[40];
        for (var n = 0; at + 8 <= end && n < MostBoxes; n++)
        {
            file.Position = at;
            var got = file.ReadAtLeast(head, head.Length, throwOnEndOfStream: false);
            if (got < 8)
                return null;
            long size = BinaryPrimitives.ReadUInt32BigEndian(head);
            var wide = size == 1 && got >= 16;
            if (wide)
                size = (long)Math.Min(BinaryPrimitives.ReadUInt64BigEndian(head.AsSpan(8)), long.MaxValue);
            var box = head.AsSpan(4, 4);
            if (box.SequenceEqual("moov"u8))
                return Mp4(file, at + (wide ? 16 : 8), size == 0 ? end : Math.Min(end, at + size));
            if (box.SequenceEqual("mvhd"u8) && !wide && got >= 40)
                return head[8] == 1
                    ? Seconds(BinaryPrimitives.ReadUInt32BigEndian(head.AsSpan(28)), BinaryPrimitives.ReadUInt64BigEndian(head.AsSpan(32)))
                    : Seconds(BinaryPrimitives.ReadUInt32BigEndian(head.AsSpan(20)), BinaryPrimitives.ReadUInt32BigEndian(head.AsSpan(24)));
            if (size < 8 || size > end - at)
                return null;
            at += size;
        }
        return null;
    }

    // chunks after the head: "fmt " has the bytes of a second, "data" how many there are
    private static TimeSpan? Wav(Stream file)
    {
        var head = new byte[20];
        var (at, rate) = (12L, 0u);
        for (var n = 0; at + 8 <= file.Length && n < MostBoxes; n++)
        {
            file.Position = at;
            var got = file.ReadAtLeast(head, head.Length, throwOnEndOfStream: false);
            if (got < 8)
                return null;
            var size = BinaryPrimitives.ReadUInt32LittleEndian(head.AsSpan(4));
            if (head.AsSpan(0, 4).SequenceEqual("fmt "u8) && got >= 20)
                rate = BinaryPrimitives.ReadUInt32LittleEndian(head.AsSpan(16));
            if (head.AsSpan(0, 4).SequenceEqual("data"u8))
                return Seconds(rate, (ulong)Math.Min(size, file.Length - at - 8));
            at += 8 + size + (size & 1);
        }
        return null;
    }

    private static TimeSpan? Seconds(uint unit, ulong count) =>
        unit == 0 || count == 0 || count / unit > 86_400 ? null : TimeSpan.FromSeconds((double)count / unit);
}
