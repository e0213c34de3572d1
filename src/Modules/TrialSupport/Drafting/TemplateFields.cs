using System.Globalization;
using CourtOps.Kernel.Web;
using CourtOps.TrialSupport.Checks;
using CourtOps.Workzone;
using CourtOps.Workzone.Cases;

namespace CourtOps.TrialSupport.Drafting;

/// <summary>A field that a template may name.</summary>
/// <param name="Of">Its value; null where the case does not know it.</param>
/// <param name="Source">Where the value comes from, in Chinese.</param>
internal sealed record TemplateField(string Name, string Source, Func<TemplateScope, string?> Of);

/// <summary>What a field is read from: the case, and within a loop the thing the loop is at.</summary>
internal sealed record TemplateScope(TemplateFacts Facts)
{
    public PartyContact? Party { get; init; }
    public AgentCard? Agent { get; init; }
    public Sitting? Sitting { get; init; }
    public string? Claim { get; init; }
    public Elements.Compared? Element { get; init; }

    /// <summary>From 1.</summary>
    public int N { get; init; }
}

/// <summary>The fields, loops and conditions that templates know. Pure.</summary>
internal static class TemplateFields
{
    private const string Register = "案件登记";
    private const string People = "当事人登记";
    private const string Panel = "审判组织登记";
    private const string Docket = "最近一次排定的庭审";
    private const string Filing = "立案登记";

    /// <summary>Fields of the case, by name.</summary>
    public static IReadOnlyDictionary<string, TemplateField> Fields { get; } =
        new TemplateField[]
        {
            new("法院", Register, s => s.Facts.Case.CourtName),
            new("法院全称", Register, s => CourtTemplates.Name(s.Facts)),
            new("案号", Register, s => s.Facts.Case.Number),
            new("案由", Register, s => s.Facts.Case.Cause),
            new("案件类型", Register, s => CourtTemplates.Kind(s.Facts)),
            new("立案日期", Register, s => CourtTemplates.Day(s.Facts.Case.FiledOn)),
            new("适用程序", Register, s => CourtTemplates.Procedure(s.Facts)),
            new("承办法官", Register, s => s.Facts.Case.JudgeName),
            new("审判长", Panel, s => s.Facts.Panel.FirstOrDefault(p => p.Role == "presider")?.Name),
            new("合议庭", Panel, s => s.Facts.Panel.Count == 0 ? null : string.Join('、', s.Facts.Panel.Select(p => p.Name))),
            new("书记员", Docket, s => s.Facts.Clerk),
            new("开庭时间", Docket, s => s.Facts.Hearing),
            new("法庭", Docket, s => s.Facts.Room),
            new("受理费", Filing, s => s.Facts.FeeYuan is { } fee ? Yuan(fee) : null),
            new("受理费负担句", Filing, s => s.Facts.FeeYuan is null ? null : CourtTemplates.Fee(s.Facts)),
            new("上级法院", "法院登记", s => s.Facts.Upper),
            new("今天", "制作日期", s => CourtTemplates.Day(s.Facts.Today)),
            new("今天大写", "制作日期", s => Numerals.Write(s.Facts.Today)),
            new("双方", People, s => CourtTemplates.Sides(s.Facts) is { Length: > 0 } sides ? sides : null),
            new("原告方", People, s => Names(s.Facts, p => !CourtTemplates.Defends(p))),
            new("被告方", People, s => Names(s.Facts, CourtTemplates.Defends)),
            new("诉讼请求", Filing, s => s.Facts.Claims.Count == 0 ? null : string.Join('；', s.Facts.Claims.Select((c, i) => $"{i + 1}.{c}"))),
            new("调查单位", "调查令", s => s.Facts.Unit),
            new("序号", "", s => s.N > 0 ? s.N.ToString(CultureInfo.InvariantCulture) : null),
            new("序号大写", "", s => s.N > 0 ? Numerals.Write(s.N) : null),
            new("姓名", People, s => s.Party?.Name ?? s.Agent?.Name ?? s.Sitting?.Name),
            new("诉讼地位", People, s => s.Party?.Role),
            new("性别", People, s => s.Party is { } p ? IdFacts.Of(p.IdNumber)?.Sex : null),
            new("出生日期", People, s => s.Party is { } p && IdFacts.Of(p.IdNumber) is { } id ? CourtTemplates.Day(id.Born) : null),
            new("代理人类型", People, s => s.Agent is { AgentType.Length: > 0 } a ? a.AgentType : null),
            new("职务", Panel, s => s.Sitting is { } x ? CourtTemplates.Post(x) : null),
            new("请求内容", Filing, s => s.Claim),
            new("要素", "要素表", s => s.Element?.Element.Label),
            new("要素内容", "要素表", s => s.Element is { } e ? string.Join('；', e.Values.Select(v => $"{v.Role}{v.Party}称{v.Value}")) : null),
        }.ToDictionary(f => f.Name);

    /// <summary>Loops: each thing of the list is a scope of its own.</summary>
    public static IReadOnlyDictionary<string, Func<TemplateScope, IEnumerable<TemplateScope>>> Loops { get; } =
        new Dictionary<string, Func<TemplateScope, IEnumerable<TemplateScope>>>
        {
            ["当事人"] = s => Counted(s.Facts.Parties.Select(p => s with { Party = p })),
            ["原告"] = s => Counted(s.Facts.Parties.Where(p => !CourtTemplates.Defends(p)).Select(p => s with { Party = p })),
            ["被告"] = s => Counted(s.Facts.Parties.Where(CourtTemplates.Defends).Select(p => s with { Party = p })),
            ["代理人"] = s => Counted(s.Facts.Agents.Where(a => s.Party is null || a.PartyId == s.Party.Id).Select(a => s with { Agent = a, Party = null })),
            ["合议庭成员"] = s => Counted(s.Facts.Panel.Select(p => s with { Sitting = p })),
            ["各项请求"] = s => Counted(s.Facts.Claims.Select(c => s with { Claim = c })),
            ["各项要素"] = s => Counted(s.Facts.Elements.Select(e => s with { Element = e })),
        };

    /// <summary>Conditions.</summary>
    public static IReadOnlyDictionary<string, Func<TemplateScope, bool>> Conditions { get; } =
        new Dictionary<string, Func<TemplateScope, bool>>
        {
            ["自然人"] = s => s.Party?.PartyType == "natural",
            ["单位"] = s => s.Party is { } p && p.PartyType != "natural",
            ["有代理人"] = s => s.Party is { } p ? s.Facts.Agents.Any(a => a.PartyId == p.Id) : s.Facts.Agents.Count > 0,
            ["有第三人"] = s => s.Facts.Parties.Any(p => p.Role == "第三人"),
            ["简易程序"] = s => CaseFile.SitsAlone(s.Facts.Case.ProcedureCode),
            ["小额诉讼"] = s => s.Facts.Case.ProcedureCode == "MC-SML",
            ["组成合议庭"] = s => s.Facts.Panel.Count > 1,
            ["已排庭"] = s => s.Facts.Hearing is not null,
            ["有要素表"] = s => s.Facts.Elements.Count > 0,
            ["民事"] = s => s.Facts.Case.Kind == "civil",
            ["刑事"] = s => s.Facts.Case.Kind == "criminal",
            ["行政"] = s => s.Facts.Case.Kind == "admin",
            ["执行"] = s => s.Facts.Case.Kind == "enforcement",
            ["国家赔偿"] = s => s.Facts.Case.Kind == "compensation",
        };

    /// <summary>The fields of the case whose values stand in a text, with where each comes from; longest values first.</summary>
    public static string SourcesIn(string text, TemplateFacts facts)
    {
        var scope = new TemplateScope(facts);
        var (left, found) = (text, new List<string>());
        foreach (
            var (field, value) in Fields
                .Values.Where(f => f.Source.Length > 0)
                .Select(f => (Field: f, Value: f.Of(scope)))
                .Where(f => f.Value is { Length: > 1 })
                .OrderByDescending(f => f.Value!.Length)
        )
            if (left.Contains(value!, StringComparison.Ordinal))
            {
                left = left.Replace(value!, "\u0001", StringComparison.Ordinal);
                found.Add($"{field.Name}：{field.Source}");
            }
        return string.Join('；', found);
    }

    internal static string Yuan(decimal yuan) => yuan.ToString("0.##", CultureInfo.InvariantCulture);

    private static string? Names(TemplateFacts f, Func<PartyContact, bool> which) =>
        string.Join('、', f.Parties.Where(which).Select(p => p.Name)) is { Length: > 0 } names ? names : null;

    private static IEnumerable<TemplateScope> Counted(IEnumerable<TemplateScope> scopes) => scopes.Select((s, i) => s with { N = i + 1 });
}

/// <summary>What the number of a natural person says. Pure.</summary>
internal sealed record IdFacts(string Sex, DateOnly Born)
{
    /// <summary>Null for anything but a number of eighteen signs with a day in it (GB 11643).</summary>
    public static IdFacts? Of(string? number) =>
        number is { Length: 18 }
        && number.Take(17).All(char.IsAsciiDigit)
        && DateOnly.TryParseExact(number[6..14], "yyyyMMdd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var born)
            ? new IdFacts((number[16] - '0') % 2 == 1 ? "男" : "女", born)
            : null;
}
