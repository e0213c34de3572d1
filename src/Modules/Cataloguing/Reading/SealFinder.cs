using System.Globalization;
using System.Text.RegularExpressions;

namespace CourtOps.Cataloguing.Reading;

/// <summary>Where the red of a page stands.</summary>
/// <param name="Coloured">Whether the picture has colours at all; a scan without colours says nothing of seals.</param>
/// <param name="Share">Red pixels in 10,000.</param>
/// <param name="X">The middle of the red, percent of the width.</param>
/// <param name="Y">The same of the height, from the top.</param>
internal sealed record Redness(bool Coloured, int Share, int X, int Y)
{
    /// <summary>As a page keeps it: "12 70 65", or "-" without colours.</summary>
    public override string ToString() => Coloured ? string.Create(CultureInfo.InvariantCulture, $"{Share} {X} {Y}") : "-";

    /// <summary>Null for what is no such value: a page that was read before it was measured.</summary>
    public static Redness? Parse(string? stored)
    {
        if (stored == "-")
            return new Redness(false, 0, 0, 0);
        var parts = (stored ?? "").Split(' ');
        return parts.Length == 3 && int.TryParse(parts[0], out var share) && int.TryParse(parts[1], out var x) && int.TryParse(parts[2], out var y)
            ? new Redness(true, share, x, y)
            : null;
    }
}

/// <summary>What a type of papers needs.</summary>
internal static class SealNeeds
{
    public const string None = "none";
    public const string Seal = "seal";
    public const string Sign = "sign";

    public static readonly IReadOnlyDictionary<string, string> Labels = new Dictionary<string, string>
    {
        [None] = "不要求",
        [Seal] = "应有印章",
        [Sign] = "应有签名",
    };
}

/// <summary>A missing seal or signature is suspected, never certain: a person looks.</summary>
/// <param name="Missing">Whether it is asked about.</param>
/// <param name="Confidence">Percent that it is as said; never above 85.</param>
internal sealed record SealVerdict(bool Missing, int Confidence, string Reason);

/// <summary>Looks for seals by the share and the place of red, for signatures by labels with nothing behind them. Pure.</summary>
internal static partial class SealFinder
{
    /// <summary>From this share on (pixels in 10,000) red is a seal, or a red head.</summary>
    public const int SealShare = 12;

    /// <summary>Below this share red is dust and coloured print.</summary>
    public const int NoShare = 4;

    /// <summary>Below this confidence nobody is asked.</summary>
    public const int Ask = 50;

    /// <summary>The red of a picture of three bands, row by row.</summary>
    public static Redness Measure(ReadOnlySpan<byte> rgb, int width, int height)
    {
        long red = 0,
            coloured = 0,
            sumX = 0,
            sumY = 0;
        var all = Math.Min(rgb.Length / 3, width * height);
        for (var i = 0; i < all; i++)
        {
            int r = rgb[i * 3],
                g = rgb[(i * 3) + 1],
                b = rgb[(i * 3) + 2];
            if (Math.Max(r, Math.Max(g, b)) - Math.Min(r, Math.Min(g, b)) > 12)
                coloured++;
            if (r <= 120 || r - g <= 60 || r - b <= 50)
                continue;
            red++;
            sumX += i % width;
            sumY += i / width;
        }
        if (all == 0 || coloured * 1000 < all)
            return new Redness(false, 0, 0, 0);
        return red == 0
            ? new Redness(true, 0, 0, 0)
            : new Redness(true, (int)(red * 10_000 / all), (int)(sumX * 100 / red / width), (int)(sumY * 100 / red / height));
    }

    /// <summary>Whether what the type needs is to be seen.</summary>
    /// <param name="need">Of <see cref="SealNeeds"/>.</param>
    /// <param name="pages">The pages of the document in order; null for one that was not measured.</param>
    /// <param name="last">The lines of its last page with words, and the height of that page in pixels.</param>
    public static SealVerdict Look(string need, IReadOnlyList<Redness?> pages, IReadOnlyList<ReadLine> last, int height) =>
        need switch
        {
            SealNeeds.Seal => Seal(pages),
            SealNeeds.Sign => Sign(last, height),
            _ => new SealVerdict(false, 0, ""),
        };

    private static SealVerdict Seal(IReadOnlyList<Redness?> pages)
    {
        if (pages.Count == 0 || pages.Any(p => p is null))
            return new SealVerdict(false, 0, "");
        if (pages.All(p => !p!.Coloured))
            return new SealVerdict(false, 30, "黑白扫描，看不出有没有印章");
        var most = pages.MaxBy(p => p!.Share)!;
        // red in the uppermost quarter alone is a printed head
        if (pages.Any(p => p!.Share >= SealShare && p.Y >= 25))
            return new SealVerdict(false, 80, "有红色印记");
        if (most.Share >= SealShare)
            return new SealVerdict(true, 55, "只有页首有红色，像红头，没有见到印章");
        if (most.Share >= NoShare)
            return new SealVerdict(true, 60, "红色很少，不像印章");
        // pages without colours among the others may hide one
        return pages.All(p => p!.Coloured)
            ? new SealVerdict(true, 85, "各页都没有红色印记")
            : new SealVerdict(true, 60, "彩色的页没有红色印记，黑白的页看不出");
    }

    private static SealVerdict Sign(IReadOnlyList<ReadLine> last, int height)
    {
        for (var i = last.Count - 1; i >= 0; i--)
        {
            var line = last[i];
            if (line.Box.Y * 10 < height * 3 || SignLabel().Match(line.Text.Replace(" ", "", StringComparison.Ordinal)) is not { Success: true } label)
                continue;
            if (label.Groups["who"].Length > 0)
                return new SealVerdict(false, 60, "签名处有字");
            // what stands in the same row to the right was read as a line of its own
            var beside = last.Any(l =>
                l != line
                && l.Box.X >= line.Box.X + (line.Box.Width / 2)
                && Math.Abs(l.Box.Y + (l.Box.Height / 2) - line.Box.Y - (line.Box.Height / 2)) < Math.Max(line.Box.Height, l.Box.Height)
            );
            return beside ? new SealVerdict(false, 60, "签名处有字") : new SealVerdict(true, 55, $"“{label.Groups["label"].Value}”后面没有读到签名");
        }
        return new SealVerdict(false, 0, "");
    }

    [GeneratedRegex(
        "^(?<label>(具状人|起诉人|申请人|上诉人|答辩人|反诉人|委托人|受送达人|收件人|借款人|欠款人|出具人|承诺人)(（?(签名|签字|盖章|签名或盖章)）?)?)[：:](?<who>.*)$"
    )]
    private static partial Regex SignLabel();
}
