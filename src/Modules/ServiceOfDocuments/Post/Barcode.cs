using System.Globalization;
using System.Text;
using QRCoder;

namespace CourtOps.ServiceOfDocuments.Post;

/// <summary>Codes on labels and receipts: Code 128 (set B) and QR as SVG. Pure.</summary>
internal static class Barcode
{
    private static readonly string[] Patterns =
    [
        "212222",
        "222122",
        "222221",
        "121223",
        "121322",
        "131222",
        "122213",
        "122312",
        "132212",
        "221213",
        "221312",
        "231212",
        "112232",
        "122132",
        "122231",
        "113222",
        "123122",
        "123221",
        "223211",
        "221132",
        "221231",
        "213212",
        "223112",
        "312131",
        "311222",
        "321122",
        "321221",
        "312212",
        "322112",
        "322211",
        "212123",
        "212321",
        "232121",
        "111323",
        "131123",
        "131321",
        "112313",
        "132113",
        "132311",
        "211313",
        "231113",
        "231311",
        "112133",
        "112331",
        "132131",
        "113123",
        "113321",
        "133121",
        "313121",
        "211331",
        "231131",
        "213113",
        "213311",
        "213131",
        "311123",
        "311321",
        "331121",
        "312113",
        "312311",
        "332111",
        "314111",
        "221411",
        "431111",
        "111224",
        "111422",
        "121124",
        "121421",
        "141122",
        "141221",
        "112214",
        "112412",
        "122114",
        "122411",
        "142112",
        "142211",
        "241211",
        "221114",
        "413111",
        "241112",
        "134111",
        "111242",
        "121142",
        "121241",
        "114212",
        "124112",
        "124211",
        "411212",
        "421112",
        "421211",
        "212141",
        "214121",
        "412121",
        "111143",
        "111341",
        "131141",
        "114113",
        "114311",
        "411113",
        "411311",
        "113141",
        "114131",
        "311141",
        "411131",
        "211412",
        "211214",
        "211232",
        "2331112",
    ];

    /// <summary>The code of a letter: what stands on its label and comes back on its receipt.</summary>
    public static string Of(long stepId) => "SD" + stepId.ToString(CultureInfo.InvariantCulture);

    /// <summary>The step of a code; null for any other text.</summary>
    public static long? Step(string? text) =>
        text is { Length: > 2 and <= 21 }
        && text.StartsWith("SD", StringComparison.Ordinal)
        && long.TryParse(text.AsSpan(2), NumberStyles.None, CultureInfo.InvariantCulture, out var id)
            ? id
            : null;

    /// <summary>Widths of bars and gaps in turn, beginning with a bar; printable ASCII only.</summary>
    /// <exception cref="ArgumentException">A sign that Code 128 B does not have.</exception>
    public static string Widths(string text)
    {
        var sum = 104;
        var widths = new StringBuilder(Patterns[104]);
        for (var i = 0; i < text.Length; i++)
        {
            if (text[i] is < ' ' or > '~')
                throw new ArgumentException("Code 128 B holds printable ASCII only.", nameof(text));
            sum += (text[i] - ' ') * (i + 1);
            widths.Append(Patterns[text[i] - ' ']);
        }
        return widths.Append(Patterns[sum % 103]).Append(Patterns[106]).ToString();
    }

    /// <summary>An SVG without inline styles; its width is the number of modules and ten quiet ones at each side.</summary>
    public static string Svg(string text)
    {
        var widths = Widths(text);
        var total = widths.Sum(c => c - '0') + 20;
        var svg = new StringBuilder(
            $"<svg class=\"code128\" viewBox=\"0 0 {total} 40\" preserveAspectRatio=\"none\" role=\"img\" aria-label=\"{text}\"><path d=\""
        );
        var x = 10;
        for (var i = 0; i < widths.Length; x += widths[i++] - '0')
            if (i % 2 == 0)
                svg.Append(CultureInfo.InvariantCulture, $"M{x} 0h{widths[i] - '0'}v40h-{widths[i] - '0'}z");
        return svg.Append("\"/></svg>").ToString();
    }

    /// <summary>The modules of a QR code, quiet zone of two included.</summary>
    public static bool[][] QrModules(string text)
    {
        using var generator = new QRCodeGenerator();
        using var data = generator.CreateQrCode(text, QRCodeGenerator.ECCLevel.M);
        return [.. data.ModuleMatrix.Skip(2).Take(data.ModuleMatrix.Count - 4).Select(row => Enumerable.Range(2, row.Count - 4).Select(i => row[i]).ToArray())];
    }

    public static string QrSvg(string text)
    {
        var modules = QrModules(text);
        var svg = new StringBuilder(
            $"<svg class=\"qr\" viewBox=\"0 0 {modules.Length} {modules.Length}\" role=\"img\" aria-label=\"QR\" shape-rendering=\"crispEdges\"><path d=\""
        );
        for (var y = 0; y < modules.Length; y++)
        for (var x = 0; x < modules[y].Length; x++)
            if (modules[y][x])
                svg.Append(CultureInfo.InvariantCulture, $"M{x} {y}h1v1h-1z");
        return svg.Append("\"/></svg>").ToString();
    }
}
