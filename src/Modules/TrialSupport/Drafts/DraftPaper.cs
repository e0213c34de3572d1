using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Unicode;
using CourtOps.TrialSupport.Checks;

namespace CourtOps.TrialSupport.Drafts;

/// <summary>A draft as pages of court paper, for the printer. Pure.</summary>
internal static class DraftPaper
{
    private static readonly HtmlEncoder Encoder = HtmlEncoder.Create(UnicodeRanges.All);

    private const string Style =
        "@page{size:A4;margin:37mm 26mm 35mm 28mm}body{margin:0;font:16pt/28.9pt \"FangSong\",\"FangSong_GB2312\",\"Noto Serif CJK SC\",serif}"
        + "p{margin:0;text-indent:2em;text-align:justify}.t{text-indent:0;text-align:center;font:22pt/36pt \"SimSun\",\"Noto Serif CJK SC\",serif}"
        + ".r{text-indent:0;text-align:right}.d{position:relative}.d svg{position:absolute;right:0;top:-42mm;width:42mm;height:42mm;opacity:.85}"
        + ".i{text-indent:0;text-align:center}.i img{max-width:100%}"
        + ".v{text-indent:0;font-size:10pt;line-height:16pt;margin-top:12mm}.o{text-indent:0;font-size:10pt;line-height:16pt}"
        + "table{border-collapse:collapse;width:100%;margin:2mm 0;font-size:14pt;line-height:22pt;table-layout:fixed}"
        + "td{border:.5pt solid #000;padding:1mm 1.5mm;vertical-align:top;overflow-wrap:anywhere}td p{text-indent:0;text-align:left}tr{break-inside:avoid}";

    /// <summary>The blocks of the draft, tables as rows with borders; nothing of them is left out.</summary>
    /// <param name="code">Of the seal; null for a paper without one.</param>
    public static string Html(string title, IReadOnlyList<DocxBlock> blocks, string? code = null)
    {
        var text = new StringBuilder($"<!doctype html><html lang=\"zh-CN\"><head><meta charset=\"utf-8\"><style>{Style}</style><title>");
        text.Append(Encoder.Encode(title)).Append("</title></head><body>");
        var all = blocks.Where(b => b is { Place: "body", Table: null }).Select(b => b.Text.Trim()).Where(p => p.Length > 0).ToList();
        var court = all.Count > 0 && Paper.Bare(all[0]).EndsWith("法院", StringComparison.Ordinal) ? Paper.Bare(all[0]) : "";
        // the seal rides over the date and the lines above it (骑年盖月)
        var dated = code is null || court.Length == 0 ? -1 : all.FindLastIndex(p => Paper.Bare(p) is { Length: < 30 } b && b.EndsWith('日'));
        var i = -1;
        foreach (var block in blocks)
            if (block.Table is { } table)
                Rows(text, table);
            else if (block.Picture is not null)
                Image(text, block);
            else if (block.Text.Trim() is not { Length: > 0 } words)
                continue;
            else if (block.Place != "body")
                text.Append("<p class=\"o\">").Append(Encoder.Encode(words)).Append("</p>");
            else
                Line(text, words, ++i, all.Count, court, i == dated);
        if (code is not null)
            text.Append("<p class=\"v\">文书校验码：").Append(Encoder.Encode(code)).Append("（在法院网站“文书校验”页面可以核对）</p>");
        return text.Append("</body></html>").ToString();
    }

    private static void Line(StringBuilder text, string words, int i, int count, string court, bool dated)
    {
        var bare = Paper.Bare(words);
        var title = i < 3 && (bare.EndsWith("法院", StringComparison.Ordinal) || Paper.TypeLine().IsMatch(bare));
        var right =
            !title
            && bare.Length < 30
            && (i < 4 || i > count - 8)
            && (
                bare.EndsWith('号')
                || bare.EndsWith('日')
                || bare.StartsWith("审判", StringComparison.Ordinal)
                || bare.StartsWith("书记员", StringComparison.Ordinal)
                || bare.StartsWith("法官助理", StringComparison.Ordinal)
                || bare.StartsWith("人民陪审员", StringComparison.Ordinal)
            );
        text.Append(
                title ? "<p class=\"t\">"
                : right
                    ? dated ? "<p class=\"r d\">"
                        : "<p class=\"r\">"
                : "<p>"
            )
            .Append(Encoder.Encode(words));
        if (dated && right)
            text.Append(
                    "<svg viewBox=\"0 0 200 200\" aria-hidden=\"true\"><circle cx=\"100\" cy=\"100\" r=\"94\" fill=\"none\" stroke=\"#c8102e\" "
                        + "stroke-width=\"6\"/><path id=\"s\" d=\"M 30 122 A 74 74 0 1 1 170 122\" fill=\"none\"/><text fill=\"#c8102e\" "
                        + "font-size=\"20\" text-anchor=\"middle\"><textPath href=\"#s\" startOffset=\"50%\">"
                )
                .Append(Encoder.Encode(court))
                .Append("</textPath></text><text x=\"100\" y=\"122\" fill=\"#c8102e\" font-size=\"62\" text-anchor=\"middle\">★</text></svg>");
        text.Append("</p>");
    }

    private static void Image(StringBuilder text, DocxBlock block) =>
        text.Append(CultureInfo.InvariantCulture, $"<p class=\"i\"><img alt=\"\" style=\"width:{block.Width:0.#}mm\" src=\"")
            .Append(Encoder.Encode(block.Picture!))
            .Append("\"></p>");

    private static void Rows(StringBuilder text, DocxTable table)
    {
        text.Append("<table>");
        var whole = table.Widths.Sum();
        if (whole > 0)
        {
            text.Append("<colgroup>");
            foreach (var w in table.Widths)
                text.Append(CultureInfo.InvariantCulture, $"<col style=\"width:{100.0 * w / whole:0.##}%\">");
            text.Append("</colgroup>");
        }
        foreach (var row in table.Rows)
        {
            text.Append("<tr>");
            foreach (var cell in row)
            {
                text.Append("<td");
                if (cell.Across > 1)
                    text.Append(CultureInfo.InvariantCulture, $" colspan=\"{cell.Across}\"");
                if (cell.Down > 1)
                    text.Append(CultureInfo.InvariantCulture, $" rowspan=\"{cell.Down}\"");
                text.Append('>');
                foreach (var block in cell.Blocks)
                    if (block.Table is { } inner)
                        Rows(text, inner);
                    else if (block.Picture is not null)
                        Image(text, block);
                    else if (block.Text.Trim() is { Length: > 0 } words)
                        text.Append("<p>").Append(Encoder.Encode(words)).Append("</p>");
                text.Append("</td>");
            }
            text.Append("</tr>");
        }
        text.Append("</table>");
    }
}
