using CourtOps.Cataloguing.Reading;
using NetVips;

namespace CourtOps.Cataloguing.Tests;

/// <summary>Pages as a scanner gives them: words drawn on A4 at 200 dpi. Tests that need the engine are ignored where it, its models or a Chinese font is
/// missing.</summary>
internal static class Paper
{
    public const int Width = 1654;
    public const int Height = 2339;

    public static void NeedEngine()
    {
        if (ReadingSettings.FromEnvironment().Models is null && TesseractReader.Open("chi_sim") is null)
            Assert.Ignore("no reading engine is installed");
        if (!File.Exists("/usr/share/fonts/opentype/noto/NotoSerifCJK-Regular.ttc"))
            Assert.Ignore("no Chinese font is installed");
        if (Tools.Find("qpdf") is null || Tools.Find("pdftoppm") is null)
            Assert.Ignore("qpdf or poppler-utils is not installed");
    }

    public static byte[] Jpeg(string title, params string[] lines) => Draw(title, lines).JpegsaveBuffer(q: 85);

    public static Image Draw(string title, params string[] lines)
    {
        var page = Image.Black(Width, Height).NewFromImage(255d).Cast(Enums.BandFormat.Uchar);
        var y = 190;
        page = Put(page, title, 22, ref y, centred: true);
        y += 40;
        foreach (var line in lines)
            page = Put(page, line, 13, ref y, centred: false);
        return page.Copy(xres: 200 / 25.4, yres: 200 / 25.4, interpretation: Enums.Interpretation.Bw);
    }

    private static Image Put(Image page, string text, int size, ref int y, bool centred)
    {
        if (text.Length == 0)
            return page;
        var words = Image.Text(text, font: $"Noto Serif CJK SC {size}", dpi: 200, width: Width - 320);
        var ink = words.Linear([-1], [255]).Cast(Enums.BandFormat.Uchar);
        page = page.Insert(ink, centred ? (Width - ink.Width) / 2 : 160, y);
        y += ink.Height + 26;
        return page;
    }

    public static readonly string[] Complaint =
    [
        "原告：张某甲，男，1980年1月1日出生，汉族，住汪清县汪清镇。",
        "被告：王某乙，女，1982年3月4日出生，汉族，住汪清县大兴沟镇。",
        "诉讼请求：判令被告偿还借款本金人民币三万元并支付利息。",
        "事实与理由：被告因经营需要向原告借款，到期后没有偿还，原告多次催要没有结果。",
        "此致",
        "汪清县人民法院",
        "具状人：张某甲",
        "2026年2月1日",
    ];

    public static readonly string[] Defence =
    [
        "答辩人：王某乙，女，1982年3月4日出生，汉族，住汪清县大兴沟镇。",
        "答辩人对原告的诉讼请求答辩如下：借款已经偿还大部分，余款愿意分期偿还。",
        "此致",
        "汪清县人民法院",
        "答辩人：王某乙",
        "2026年2月20日",
    ];

    public static readonly string[] Plain =
    [
        "被告于二〇二五年六月写下借据一张，约定年底前还清。原告提交转账记录两页。",
        "双方对借款的数额没有争议，对利息的起算时间有不同意见。",
        "请求法院依法判决，维护原告的合法权益。",
    ];
}
