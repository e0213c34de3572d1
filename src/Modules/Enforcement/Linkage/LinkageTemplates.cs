using System.Globalization;
using System.Text;
using CourtOps.Kernel.Settings;

namespace CourtOps.Enforcement.Linkage;

/// <summary>What the table looks at: what is asked, and of what kind of agency.</summary>
internal sealed record LinkageFacts
{
    public string Act { get; init; } = "";
    public string Kind { get; init; } = "";
}

/// <summary>What a request says where nobody writes otherwise.</summary>
internal sealed record LinkageText
{
    /// <summary>With the places of <see cref="LinkageTemplates.Places"/>.</summary>
    public string Words { get; init; } = "";
    public string Basis { get; init; } = "";

    /// <summary>Working days for the answer.</summary>
    public int Days { get; init; } = 3;
}

/// <summary>What fills the places of a template.</summary>
/// <param name="Debtors">Names of who owes, with the end of their numbers.</param>
/// <param name="Owed">Cents still owed; null where the case has no sum.</param>
internal sealed record LinkagePlaces(string CaseNumber, IReadOnlyList<(string Name, string? Tail)> Debtors, long? Owed);

/// <summary>联动模板: words, basis and days of a request by act and kind of agency, as a table that administrators edit.</summary>
internal static class LinkageTemplates
{
    public const string Key = "enforcement.linkage-templates";

    public static readonly IReadOnlyList<string> Places = ["{案号}", "{被执行人}", "{金额}"];

    private const string Property = "《民事诉讼法》第二百五十三条";

    public static readonly DecisionTable<LinkageFacts, LinkageText> Table = new()
    {
        Key = Key,
        Label = "联动模板",
        Help = "按协助事项和单位类型，请求的内容、法律依据和反馈期限；发起时不填的用模板。内容中的 {案号}、{被执行人}、{金额} 按案件填入。",
        Affects = "此后发出的联动请求",
        Source = "CPL 253；惯例",
        Tag = SettingTags.Practice,
        Facts =
        [
            new(nameof(LinkageFacts.Act), "协助事项") { Choices = LinkageState.Acts },
            new(nameof(LinkageFacts.Kind), "单位类型") { Choices = LinkageState.Kinds },
        ],
        Outcome =
        [
            new(nameof(LinkageText.Words), "内容") { Longest = 600 },
            new(nameof(LinkageText.Basis), "法律依据") { Longest = 200 },
            new(nameof(LinkageText.Days), "反馈期限")
            {
                Unit = "工作日",
                Min = 1,
                Max = 60,
            },
        ],
        Default = new TableBody
        {
            Rows =
            [
                Row("query", "bank", "请协助查询被执行人{被执行人}在你单位的存款、理财、托管账户及余额。", 3),
                Row("query", "realty", "请协助查询被执行人{被执行人}名下的不动产登记、抵押和查封情况。", 3),
                Row("query", "vehicle", "请协助查询被执行人{被执行人}名下的车辆登记、抵押和查封情况。", 3),
                Row("query", "company", "请协助查询被执行人{被执行人}的股权、出资和任职情况。", 3),
                Row("query", null, "请协助查询被执行人{被执行人}的财产和下落线索。", 5),
                Row("freeze", "bank", "请协助冻结被执行人{被执行人}的存款，以{金额}元为限；余额不足的，账户进款继续冻结至限额。", 1),
                Row("freeze", "company", "请协助冻结被执行人{被执行人}持有的股权、其他投资权益，以{金额}元为限，并公示。", 2),
                Row("freeze", null, "请协助冻结被执行人{被执行人}的财产性权益，以{金额}元为限。", 2),
                Row("seal", null, "请协助查封被执行人{被执行人}名下所附裁定列明的财产，查封期间不得办理转移、抵押登记。", 2),
                Row("deduct", null, "请协助扣划被执行人{被执行人}已冻结的款项，以{金额}元为限，至所附通知书载明的账户。", 1),
                Row("renew", null, "请按所附裁定续行{案号}案对被执行人{被执行人}财产的控制措施。", 2),
                Row("release", null, "请按所附裁定解除{案号}案对被执行人{被执行人}财产的控制措施。", 2),
                Row("transfer", null, "请按所附裁定办理被执行人{被执行人}名下财产的过户登记。", 5),
                Row(null, null, "{案号}案，请按所附文书协助执行，被执行人{被执行人}。", 5),
            ],
        },
    };

    /// <summary>What a request says by a table. Pure.</summary>
    public static LinkageText Of(TableBody body, string act, string kind, LinkagePlaces places)
    {
        LinkageText text;
        try
        {
            text = Table
                .Decide(new LinkageFacts { Act = act, Kind = LinkageState.Kinds.ContainsKey(kind) ? kind : LinkageState.Kinds.Keys.Last() }, body)
                .Outcome;
        }
        catch (Kernel.Messaging.RuleBroken)
        {
            text = new LinkageText();
        }
        return text with { Words = Filled(text.Words, places) };
    }

    /// <summary>Fills the places; a sum that is not known is called what the ruling says. Pure.</summary>
    public static string Filled(string words, LinkagePlaces places)
    {
        var debtors = new StringBuilder();
        foreach (var (name, tail) in places.Debtors)
            debtors.Append(debtors.Length > 0 ? "、" : "").Append(name).Append(tail is { Length: > 0 } ? $"（证件尾号{tail}）" : "");
        return words
            .Replace("{案号}", places.CaseNumber, StringComparison.Ordinal)
            .Replace("{被执行人}", debtors.ToString(), StringComparison.Ordinal)
            .Replace(
                "{金额}",
                places.Owed is { } cents ? (cents / 100m).ToString("0.##", CultureInfo.InvariantCulture) : "裁定载明的数额",
                StringComparison.Ordinal
            );
    }

    private static TableRow Row(string? act, string? kind, string words, int days)
    {
        var when = new Dictionary<string, Condition>();
        if (act is not null)
            when[nameof(LinkageFacts.Act)] = new(Ops.Is, [act]);
        if (kind is not null)
            when[nameof(LinkageFacts.Kind)] = new(Ops.Is, [kind]);
        return new TableRow
        {
            When = when,
            Then = new Dictionary<string, string>
            {
                [nameof(LinkageText.Words)] = words,
                [nameof(LinkageText.Basis)] = Property,
                [nameof(LinkageText.Days)] = days.ToString(CultureInfo.InvariantCulture),
            },
        };
    }
}
