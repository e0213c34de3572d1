using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace CourtOps.TrialSupport.Checks;

/// <summary>One thing found in a document.</summary>
internal sealed record Finding
{
    public const string Error = "error";
    public const string Warning = "warning";
    public const string Info = "info";

    /// <summary>The code of the check (see <see cref="CheckCodes"/>).</summary>
    public required string Check { get; init; }
    public required string Severity { get; init; }

    /// <summary>From 1, among all paragraphs of the document; 0 for the document as a whole.</summary>
    public required int Paragraph { get; init; }

    /// <summary>What stands there.</summary>
    public required string Text { get; init; }

    /// <summary>What is wrong with it.</summary>
    public required string Reason { get; init; }

    /// <summary>The article, the record of the case or the calculation behind it.</summary>
    public required string Source { get; init; }

    /// <summary>What should stand there; empty where only a person can say.</summary>
    public string Fix { get; init; } = "";
}

/// <summary>What is known of the case; everything may be missing, and then the checks that need it are silent.</summary>
internal sealed record CaseFile
{
    public string? Number { get; init; }
    public string? Court { get; init; }
    public string? Cause { get; init; }

    /// <summary>Code of B-01, or SMALL, SIMPLE, ORDINARY.</summary>
    public string? Procedure { get; init; }
    public IReadOnlyList<string> Judges { get; init; } = [];
    public string? Clerk { get; init; }

    /// <summary>Whether the judges named are the whole panel: then nobody else may sign as judge.</summary>
    public bool PanelKnown { get; init; } = true;

    /// <summary>The fee of the case in yuan.</summary>
    [JsonConverter(typeof(Loose))]
    public string? Fee { get; init; }
    public IReadOnlyList<JsonElement> Claims { get; init; } = [];
    public IReadOnlyList<CaseFileParty> Parties { get; init; } = [];

    /// <summary>The claims in the words of the filing.</summary>
    public IReadOnlyList<string> ClaimWords { get; init; } = [];

    /// <summary>Day of the last hearing that was held.</summary>
    public DateOnly? HeldOn { get; init; }

    /// <summary>Of a summons: the days of the hearings that are set; null for every other document.</summary>
    public IReadOnlyList<DateOnly>? CalledFor { get; init; }

    /// <summary>Procedures in which one judge sits alone.</summary>
    public static bool SitsAlone(string? procedure) => procedure is "SMALL" or "SIMPLE" or "MC-SML" or "MC-SUM" or "AD-S";

    /// <summary>Procedures in which half the fee is paid (诉讼费用交纳办法第十六条).</summary>
    public static bool IsHalved(string? procedure) => procedure is "SMALL" or "SIMPLE" or "MC-SML" or "MC-SUM" or "AD-S";

    public bool IsSmall => Procedure is "SMALL" or "MC-SML";

    public decimal? FeeYuan =>
        decimal.TryParse(Fee?.Replace(",", "", StringComparison.Ordinal), NumberStyles.Number, CultureInfo.InvariantCulture, out var fee) ? fee : null;

    // numbers and strings alike
    private sealed class Loose : JsonConverter<string?>
    {
        public override string? Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
            reader.TokenType == JsonTokenType.Number ? Encoding.UTF8.GetString(reader.ValueSpan)
            : reader.TokenType == JsonTokenType.Null ? null
            : reader.GetString();

        public override void Write(Utf8JsonWriter writer, string? value, JsonSerializerOptions options) => writer.WriteStringValue(value);
    }
}

internal sealed record CaseFileParty
{
    public string Name { get; init; } = "";
    public string Role { get; init; } = "";
    public string? PartyType { get; init; }

    /// <summary>As told, else by the name.</summary>
    public bool IsNatural => PartyType is { Length: > 0 } type ? type == "natural" : Name.Length <= 4 || Name.Contains('·', StringComparison.Ordinal);
}

/// <summary>The checks by code, what they say for people, and the source of each.</summary>
internal static class CheckCodes
{
    public static readonly IReadOnlyDictionary<string, string> Labels = new Dictionary<string, string>
    {
        ["structure"] = "文书结构",
        ["court-name"] = "法院名称",
        ["document-type"] = "文书名称",
        ["case-number"] = "案号",
        ["party-missing"] = "当事人缺漏",
        ["party-extra"] = "多出当事人",
        ["party-name"] = "当事人名称前后不一",
        ["party-role"] = "诉讼地位",
        ["party-details"] = "当事人基本情况",
        ["claims"] = "诉讼请求未作裁判",
        ["citation"] = "法律引用",
        ["citation-form"] = "条文写法",
        ["citation-name"] = "法律全称",
        ["citation-order"] = "引用顺序",
        ["repealed-law"] = "引用已废止的法律",
        ["cpl-article"] = "条号与裁判日期不合",
        ["penalty-interest"] = "迟延履行告知",
        ["performance"] = "履行期限",
        ["interest"] = "利息计算",
        ["arithmetic"] = "合计算错",
        ["words-figures"] = "大小写不一致",
        ["fee"] = "案件受理费",
        ["fee-split"] = "受理费分担",
        ["appeal"] = "上诉告知",
        ["divorce"] = "离婚判决告知",
        ["mediation"] = "调解书效力",
        ["date"] = "落款日期",
        ["numbering"] = "主文序号",
        ["signers"] = "署名",
        ["layout"] = "版式",
        ["wording"] = "用语",
        ["lookalike"] = "形近字符",
        ["tracked-changes"] = "未接受的修订",
        ["comments"] = "批注",
        ["hearing"] = "传票的庭期",
        ["blank"] = "没有填写的空白",
    };
}
