using System.Globalization;
using System.Text;
using CourtOps.Kernel.Messaging;
using CourtOps.Kernel.Search;
using CourtOps.Kernel.Security;
using CourtOps.Law;

namespace CourtOps.Enforcement.Measures;

/// <summary>Kinds of property, what controls them, and where they are asked about.</summary>
internal static class Property
{
    /// <summary>Categories of assets, Chinese; the keys of their translations.</summary>
    public static readonly IReadOnlyDictionary<string, string> Labels = new Dictionary<string, string>
    {
        ["bank"] = "银行存款",
        ["ewallet"] = "网络资金",
        ["securities"] = "证券",
        ["vehicle"] = "车辆",
        ["movable"] = "其他动产",
        ["immovable"] = "不动产",
        ["equity"] = "股权",
        ["fund"] = "公积金",
        ["insurance"] = "保险",
        ["claim"] = "到期债权",
        ["trademark"] = "商标",
        ["patent"] = "专利",
        ["other"] = "其他财产权",
    };

    /// <summary>What is asked of each debtor (D-05 check 1).</summary>
    public static readonly IReadOnlyDictionary<string, string> Asked = new Dictionary<string, string>
    {
        ["bank"] = "银行存款",
        ["ewallet"] = "网络资金",
        ["securities"] = "证券",
        ["vehicle"] = "车辆",
        ["immovable"] = "不动产",
        ["company"] = "工商登记",
        ["pboc"] = "人民银行账户",
        ["fund"] = "公积金",
        ["insurance"] = "保险",
        ["tax"] = "税务与分红",
    };

    public static readonly IReadOnlyDictionary<string, string> Acts = new Dictionary<string, string>
    {
        ["freeze"] = "冻结",
        ["seal"] = "查封",
        ["seize"] = "扣押",
    };

    public static readonly IReadOnlyDictionary<string, string> Sources = new Dictionary<string, string>
    {
        ["clue"] = "申请执行人线索",
        ["report"] = "被执行人报告",
        ["network"] = "网络查询",
        ["offline"] = "线下调查",
        ["preserved"] = "保全移送",
        ["other"] = "其他",
    };

    public static readonly IReadOnlyDictionary<string, string> Ways = new Dictionary<string, string>
    {
        ["network"] = "网络查询",
        ["offline"] = "线下调查",
        ["search"] = "搜查",
    };

    public static readonly IReadOnlyDictionary<string, string> Parts = new Dictionary<string, string> { ["building"] = "房屋", ["land"] = "土地使用权" };

    /// <summary>Why a measure is lifted.</summary>
    public static readonly IReadOnlyDictionary<string, string> Reasons = new Dictionary<string, string>
    {
        ["performed"] = "已履行",
        ["withdrawn"] = "撤回申请",
        ["settled"] = "和解履行",
        ["substituted"] = "置换担保",
        ["over"] = "超标的",
        ["dismissed"] = "驳回请求",
        ["third-party"] = "案外人异议成立",
        ["sold"] = "已处置",
        ["other"] = "其他",
    };

    public static readonly IReadOnlyDictionary<string, string> Kinds = new Dictionary<string, string>
    {
        ["deposit"] = "存款",
        ["movable"] = "动产",
        ["immovable"] = "不动产",
        ["other"] = "股权等其他财产权",
        ["trademark"] = "注册商标",
        ["patent"] = "专利权",
    };

    public static readonly IReadOnlyDictionary<string, string> Bases = new Dictionary<string, string> { ["enforcement"] = "执行", ["preservation"] = "保全" };

    /// <summary>The kind by which Law counts the term of a measure on a category (D-01).</summary>
    public static string KindOf(string category) =>
        category switch
        {
            "bank" or "ewallet" => "deposit",
            "vehicle" or "movable" => "movable",
            "immovable" or "trademark" or "patent" => category,
            _ => "other",
        };

    /// <summary>The category of an asset known only by its kind.</summary>
    public static string CategoryOf(string kind) => kind == "deposit" ? "bank" : kind;

    /// <summary>Immovables and vehicles are sealed, other movables seized, rights and money frozen.</summary>
    public static string ActOf(string category) =>
        category switch
        {
            "immovable" or "vehicle" => "seal",
            "movable" => "seize",
            _ => "freeze",
        };

    /// <exception cref="RuleBroken">Field Kind: no such kind.</exception>
    public static MeasureKind Kind(string kind) =>
        Kinds.ContainsKey(kind)
            ? Enum.Parse<MeasureKind>(kind, ignoreCase: true)
            : throw new RuleBroken($"没有这种财产：{kind}。可用：{string.Join("、", Kinds.Keys)}。", "Kind");

    /// <exception cref="RuleBroken">Field Basis.</exception>
    public static MeasureBasis Basis(string basis) =>
        Bases.ContainsKey(basis)
            ? Enum.Parse<MeasureBasis>(basis, ignoreCase: true)
            : throw new RuleBroken($"没有这种依据：{basis}。可用：{string.Join("、", Bases.Keys)}。", "Basis");

    /// <summary>What a measure of a case serves by default: preservation in 执保 and in a suit, enforcement in 执 and 执恢.</summary>
    /// <param name="kind">Kind of the case: civil, enforcement …</param>
    /// <param name="number">Its number.</param>
    public static string BasisOf(string kind, string number) =>
        kind != "enforcement" || (CaseNumber.TryParse(number, out var n) && n.Type == "执保") ? "preservation" : "enforcement";

    /// <summary>By which the same thing is recognised in another case of the court: its category and its name without spaces and signs, letters
    /// folded.</summary>
    public static string Identity(string category, string name)
    {
        var key = new StringBuilder(category).Append(':');
        foreach (var c in name.Folded().ToUpperInvariant())
            if (char.IsLetterOrDigit(c))
                key.Append(c);
        return key.Length <= 120 ? key.ToString() : string.Create(CultureInfo.InvariantCulture, $"{category}:{Secrets.Digest(key.ToString())}");
    }
}
