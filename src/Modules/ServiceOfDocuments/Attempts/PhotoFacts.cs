using System.Buffers.Binary;
using System.Globalization;
using System.Text;
using CourtOps.Kernel.Web;

namespace CourtOps.ServiceOfDocuments.Attempts;

/// <summary>What a photo says of itself (EXIF in a JPEG): when, by the clock of the phone, and where, by its receiver. Anybody can write it: it stands beside
/// what was given and proves nothing alone.</summary>
/// <param name="At">When it was taken; without its own offset the court's local time is meant.</param>
/// <param name="Latitude">Degrees, north positive.</param>
/// <param name="Longitude">Degrees, east positive.</param>
internal sealed record PhotoFacts(DateTimeOffset? At, decimal? Latitude, decimal? Longitude)
{
    /// <summary>How much of a file is looked at: EXIF stands in the first segments.</summary>
    public const int Head = 256 * 1024;

    private const int Most = 64; // entries of one directory, which no phone reaches

    /// <summary>"42.904211,129.513355", or null.</summary>
    public string? Place => Latitude is { } la && Longitude is { } lo ? string.Create(CultureInfo.InvariantCulture, $"{la:0.000000},{lo:0.000000}") : null;

    /// <summary>By how many days a photo's own time differs from the time that was given; 0 where it is less than half a day. Pure.</summary>
    public static int DaysOff(DateTimeOffset? photo, DateTimeOffset? given) =>
        photo is { } p && given is { } g && (p - g).Duration() >= TimeSpan.FromHours(12) ? (int)Math.Max(1, Math.Round((p - g).Duration().TotalDays)) : 0;

    /// <summary>Reads the beginning of a JPEG; null where it is none, or says nothing of itself, or what it says is broken. Pure.</summary>
    public static PhotoFacts? Read(ReadOnlySpan<byte> jpeg)
    {
        if (!jpeg.StartsWith(new byte[] { 0xFF, 0xD8 }))
            return null;
        var at = 2;
        while (at + 4 <= jpeg.Length && jpeg[at] == 0xFF)
        {
            var (marker, length) = (jpeg[at + 1], BinaryPrimitives.ReadUInt16BigEndian(jpeg[(at + 2)..]));
            if (marker is 0xDA or 0xD9 || length < 2 || at + 2 + length > jpeg.Length)
                return null; // the picture itself begins, or the segment is broken off
            var segment = jpeg.Slice(at + 4, length - 2);
            if (marker == 0xE1 && segment.StartsWith("Exif\0\0"u8))
                return new Tiff(segment[6..]).Facts();
            at += 2 + length;
        }
        return null;
    }

    // the little file of directories inside; every offset is checked, as anybody may have written it
    private readonly ref struct Tiff(ReadOnlySpan<byte> bytes)
    {
        private readonly ReadOnlySpan<byte> b = bytes;
        private readonly bool little = bytes.StartsWith("II"u8);

        public PhotoFacts? Facts()
        {
            if (b.Length < 8 || !(b.StartsWith("II"u8) || b.StartsWith("MM"u8)) || Short(2) != 42)
                return null;
            var root = Long(4);
            var exif = Pointer(root, 0x8769);
            var gps = Pointer(root, 0x8825);
            var time = Time(Text(exif, 0x9003) ?? Text(root, 0x0132), Text(exif, 0x9011));
            var (latitude, longitude) = (Degrees(gps, 2, 1, 'S', 90), Degrees(gps, 4, 3, 'W', 180));
            if (latitude is null || longitude is null || (latitude == 0 && longitude == 0)) // a receiver that knew nothing
                (latitude, longitude) = (null, null);
            return time is null && latitude is null ? null : new PhotoFacts(time, latitude, longitude);
        }

        private int Short(long at) =>
            at < 0 || at + 2 > b.Length ? 0
            : little ? BinaryPrimitives.ReadUInt16LittleEndian(b[(int)at..])
            : BinaryPrimitives.ReadUInt16BigEndian(b[(int)at..]);

        private long Long(long at) =>
            at < 0 || at + 4 > b.Length ? 0
            : little ? BinaryPrimitives.ReadUInt32LittleEndian(b[(int)at..])
            : BinaryPrimitives.ReadUInt32BigEndian(b[(int)at..]);

        // where an entry of a directory stands; 0 where there is none
        private long Entry(long directory, int tag)
        {
            if (directory < 8 || directory + 2 > b.Length)
                return 0;
            for (var (i, n) = (0, Math.Min(Short(directory), Most)); i < n; i++)
                if (directory + 2 + (12L * i) is var at && at + 12 <= b.Length && Short(at) == tag)
                    return at;
            return 0;
        }

        private long Pointer(long directory, int tag) => Entry(directory, tag) is > 0 and var at ? Long(at + 8) : 0;

        private string? Text(long directory, int tag)
        {
            if (Entry(directory, tag) is not (> 0 and var at) || Short(at + 2) != 2 || Long(at + 4) is not (> 0 and <= 64 and var count))
                return null;
            var from = count <= 4 ? at + 8 : Long(at + 8);
            return from < 8 || from + count > b.Length ? null : Encoding.ASCII.GetString(b.Slice((int)from, (int)count)).TrimEnd('\0', ' ');
        }

        private static DateTimeOffset? Time(string? text, string? offset)
        {
            if (!DateTime.TryParseExact(text, "yyyy:MM:dd HH:mm:ss", CultureInfo.InvariantCulture, DateTimeStyles.None, out var local) || local.Year < 2000)
                return null;
            return
                offset is { Length: 6 }
                && DateTimeOffset.TryParseExact(text + offset, "yyyy:MM:dd HH:mm:sszzz", CultureInfo.InvariantCulture, DateTimeStyles.None, out var own)
                ? own
                : Times.At(local);
        }

        // degrees, minutes and seconds as fractions, with the letter of the hemisphere
        private decimal? Degrees(long directory, int tag, int side, char negative, int most)
        {
            if (
                Entry(directory, tag) is not (> 0 and var at)
                || Short(at + 2) != 5
                || Long(at + 4) != 3
                || Long(at + 8) is not (>= 8 and var from)
                || from + 24 > b.Length
            )
                return null;
            var degrees = 0m;
            for (var i = 0; i < 3; i++)
            {
                var (up, down) = (Long(from + (8 * i)), Long(from + (8 * i) + 4));
                if (down == 0)
                    return null;
                degrees +=
                    (decimal)up
                    / down
                    / (
                        i == 0 ? 1
                        : i == 1 ? 60
                        : 3600
                    );
            }
            return degrees > most ? null : Math.Round(Text(directory, side) is { Length: > 0 } s && s[0] == negative ? -degrees : degrees, 6);
        }
    }
}
