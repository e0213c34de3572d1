using System.Globalization;
using CourtOps.Kernel.Search;

namespace CourtOps.TrialSupport.Elements;

/// <summary>A question that both sides answer.</summary>
/// <param name="Kind">text, money (yuan), date, yesno or choice.</param>
/// <param name="Label">A text key.</param>
internal sealed record Element(string Key, string Label, string Kind = "text", IReadOnlyList<string>? Choices = null);

/// <summary>The questions of one kind of dispute.</summary>
/// <param name="Causes">Parts of the causes it is for.</param>
internal sealed record ElementForm(string Code, string Title, IReadOnlyList<string> Causes, IReadOnlyList<Element> Elements);

/// <summary>How the sides stand to a question.</summary>
internal enum Standing
{
    /// <summary>Nobody has answered.</summary>
    Open,

    /// <summary>Both sides say the same.</summary>
    Agreed,

    /// <summary>They differ, between the sides or within one.</summary>
    Disputed,

    /// <summary>Only who claims has answered.</summary>
    OnlyClaim,

    /// <summary>Only who answers has.</summary>
    OnlyDefence,
}

/// <summary>What one party answered; empty for nothing.</summary>
/// <param name="Claims">Whether it stands on the side that claims.</param>
internal sealed record Filled(string Party, string Role, bool Claims, IReadOnlyDictionary<string, string> Answers);

/// <summary>A question with what each side says to it.</summary>
internal sealed record Compared(Element Element, Standing Standing, IReadOnlyList<(string Party, string Role, string Value)> Values);

/// <summary>The forms (要素式审判) and their comparison. Pure.</summary>
internal static class ElementForms
{
    public const string Yes = "是";
    public const string No = "否";

    public static readonly IReadOnlyDictionary<Standing, string> Labels = new Dictionary<Standing, string>
    {
        [Standing.Open] = "都没有填",
        [Standing.Agreed] = "无争议",
        [Standing.Disputed] = "有争议",
        [Standing.OnlyClaim] = "只有起诉方填写",
        [Standing.OnlyDefence] = "只有应诉方填写",
    };

    public static IReadOnlyList<ElementForm> All { get; } =
    [
        new(
            "loan",
            "民间借贷要素表",
            ["借贷", "借款", "追偿权"],
            [
                new("paper", "有无借条或者借款合同", "yesno"),
                new("lentOn", "借款交付日期", "date"),
                new("principal", "实际交付的本金（元）", "money"),
                new("way", "交付方式", "choice", ["转账", "现金", "其他方式"]),
                new("rate", "约定的利率"),
                new("due", "约定的还款日期", "date"),
                new("repaid", "已还的本金（元）", "money"),
                new("interestPaid", "已付的利息（元）", "money"),
                new("guarantee", "担保人和担保方式"),
                new("shared", "是否用于夫妻共同生活或者经营", "yesno"),
                new("other", "其他要说明的"),
            ]
        ),
        new(
            "traffic",
            "交通事故要素表",
            ["交通事故"],
            [
                new("accidentOn", "事故发生日期", "date"),
                new("place", "事故发生地点"),
                new("blame", "责任认定", "choice", ["全部责任", "主要责任", "同等责任", "次要责任", "无责任"]),
                new("compulsory", "有无交强险", "yesno"),
                new("commercial", "商业三者险限额（元）", "money"),
                new("medical", "医疗费（元）", "money"),
                new("lost", "误工费（元）", "money"),
                new("nursing", "护理费（元）", "money"),
                new("degree", "伤残等级"),
                new("vehicle", "车辆损失（元）", "money"),
                new("advanced", "已垫付（元）", "money"),
                new("other", "其他要说明的"),
            ]
        ),
        new(
            "labour",
            "劳动争议要素表",
            ["劳动", "劳务", "工伤", "经济补偿"],
            [
                new("joinedOn", "入职日期", "date"),
                new("contract", "有无书面劳动合同", "yesno"),
                new("wage", "月工资（元）", "money"),
                new("leftOn", "离职日期", "date"),
                new("why", "解除劳动关系的原因"),
                new("unpaid", "拖欠的工资（元）", "money"),
                new("overtime", "加班费（元）", "money"),
                new("insurance", "是否缴纳社会保险", "yesno"),
                new("compensation", "经济补偿或者赔偿金（元）", "money"),
                new("award", "仲裁裁决的结果"),
                new("other", "其他要说明的"),
            ]
        ),
        new(
            "divorce",
            "离婚纠纷要素表",
            ["离婚"],
            [
                new("marriedOn", "登记结婚日期", "date"),
                new("broken", "感情是否确已破裂", "yesno"),
                new("apartSince", "开始分居的日期", "date"),
                new("children", "子女姓名和出生日期"),
                new("custody", "子女由谁抚养"),
                new("support", "每月抚养费（元）", "money"),
                new("house", "共同房产及分割意见"),
                new("deposits", "共同存款（元）", "money"),
                new("debts", "共同债务（元）", "money"),
                new("earlier", "以前是否起诉过离婚", "yesno"),
                new("other", "其他要说明的"),
            ]
        ),
        new(
            "property",
            "物业服务要素表",
            ["物业"],
            [
                new("address", "房屋坐落"),
                new("area", "建筑面积（平方米）"),
                new("price", "物业费标准（元/月/平方米）", "money"),
                new("from", "欠费开始日期", "date"),
                new("until", "欠费结束日期", "date"),
                new("owed", "欠交的物业费（元）", "money"),
                new("penalty", "违约金（元）", "money"),
                new("demanded", "是否书面催交过", "yesno"),
                new("quality", "对服务质量的意见"),
                new("other", "其他要说明的"),
            ]
        ),
        new(
            "sale",
            "买卖合同要素表",
            ["买卖合同", "供用", "承揽"],
            [
                new("signedOn", "合同签订日期", "date"),
                new("goods", "标的物和数量"),
                new("total", "合同价款（元）", "money"),
                new("deliveredOn", "交货日期", "date"),
                new("accepted", "是否验收合格", "yesno"),
                new("paid", "已付价款（元）", "money"),
                new("owing", "尚欠价款（元）", "money"),
                new("penaltyTerm", "违约金的约定"),
                new("other", "其他要说明的"),
            ]
        ),
    ];

    /// <summary>The form of a cause; null where none is for it.</summary>
    public static ElementForm? For(string cause) => All.FirstOrDefault(f => f.Causes.Any(c => cause.Contains(c, StringComparison.Ordinal)));

    /// <summary>Null where there is no such form.</summary>
    public static ElementForm? Find(string code) => All.FirstOrDefault(f => f.Code == code);

    /// <summary>What is wrong with an answer; null for nothing. Blank is no answer and never wrong.</summary>
    public static string? Fault(Element e, string value) =>
        value.Trim() is var v && v.Length == 0 ? null
        : v.Length > 1000 ? "最长 1000 个字符。"
        : e.Kind switch
        {
            "money" when Money(v) is null => "请填写金额，最多两位小数。",
            "date" when Day(v) is null => "请填写日期，如 2026-01-31。",
            "yesno" when v is not (Yes or No) => "请选择是或者否。",
            "choice" when !e.Choices!.Contains(v) => "请从列出的里面选择。",
            _ => null,
        };

    /// <summary>What both sides say, question by question: money by its amount, dates by the day, words without blanks and signs.</summary>
    public static IReadOnlyList<Compared> Compare(ElementForm form, IReadOnlyList<Filled> sides) =>
        [
            .. form.Elements.Select(e =>
            {
                var said = sides.Select(s => (Side: s, Value: s.Answers.GetValueOrDefault(e.Key, "").Trim())).Where(x => x.Value.Length > 0).ToList();
                var (claim, defence) = (said.Exists(x => x.Side.Claims), said.Exists(x => !x.Side.Claims));
                var one = said.Select(x => Plain(e, x.Value)).Distinct().Count() == 1;
                var standing =
                    said.Count == 0 ? Standing.Open
                    : !one ? Standing.Disputed
                    : claim && defence ? Standing.Agreed
                    : claim ? Standing.OnlyClaim
                    : Standing.OnlyDefence;
                return new Compared(e, standing, [.. said.Select(x => (x.Side.Party, x.Side.Role, x.Value))]);
            }),
        ];

    private static string Plain(Element e, string value) =>
        e.Kind switch
        {
            "money" => Money(value)?.ToString("0.00", CultureInfo.InvariantCulture) ?? value,
            "date" => Day(value)?.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture) ?? value,
            _ => new string([.. value.Folded().Where(char.IsLetterOrDigit)]).ToUpperInvariant(),
        };

    private static decimal? Money(string value) =>
        decimal.TryParse(value, NumberStyles.AllowDecimalPoint | NumberStyles.AllowThousands, CultureInfo.InvariantCulture, out var m)
        && m < 1e12m
        && decimal.Round(m, 2) == m
            ? m
            : null;

    private static DateOnly? Day(string value) =>
        DateOnly.TryParseExact(value, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var d) && d.Year is >= 1900 and <= 2100 ? d : null;
}
