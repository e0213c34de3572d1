using System.Globalization;
using System.Text.Json;
using CourtOps.Kernel.Messaging;
using CsvHelper;
using CsvHelper.Configuration;

namespace CourtOps.Workzone.CaseChanges;

/// <summary>One change of a case as a file or another system says it.</summary>
internal sealed record ChangeLine
{
    public string CaseNumber { get; init; } = "";

    /// <summary>A code of <see cref="ChangeFile.Events"/>.</summary>
    public string Event { get; init; } = "";

    /// <summary>yyyy-MM-dd.</summary>
    public string On { get; init; } = "";

    /// <summary>How a case was closed, the kind of a document, the code of a deduction, the procedure converted to, "6 month" of an extension.</summary>
    public string Detail { get; init; } = "";

    /// <summary>What it comes from: the same key is one change.</summary>
    public string Key { get; init; } = "";

    /// <summary>Name or login of a judge: who the case is allotted to, who presides.</summary>
    public string Judge { get; init; } = "";

    /// <summary>Members of the panel, with 、 between.</summary>
    public string Members { get; init; } = "";

    /// <summary>Assessors, with 、 between.</summary>
    public string Assessors { get; init; } = "";

    /// <summary>The evidence of a deduction, an extension or a conversion: id or title of a document of the case.</summary>
    public string Document { get; init; } = "";
    public string Note { get; init; } = "";
}

/// <summary>Reads a list of changes,
/// CSV with a heading line or JSON. A file that is none is refused as a whole; a wrong line is an outcome of its own. Pure.</summary>
internal static class ChangeFile
{
    public const int MostRows = 200_000;
    private const int MostInCell = 4000;

    public static readonly IReadOnlyDictionary<string, string> Events = new Dictionary<string, string>
    {
        ["allotted"] = "分案",
        ["panel-formed"] = "组成合议庭",
        ["hearing-scheduled"] = "排定开庭",
        ["hearing-held"] = "开庭",
        ["document-issued"] = "文书签发",
        ["document-served"] = "文书送达",
        ["converted"] = "程序转换",
        ["deduction-begun"] = "审限扣除开始",
        ["deduction-ended"] = "审限扣除结束",
        ["extended"] = "审限延长",
        ["closed"] = "结案",
        ["effective"] = "裁判生效",
        ["appealed"] = "提起上诉",
        ["transferred"] = "移送",
        ["upper-result"] = "上级法院裁判",
        ["performed"] = "履行完毕",
        ["claims-changed"] = "变更诉讼请求",
        ["preservation-ruled"] = "裁定保全",
        ["prosecution-withdrawn"] = "撤回起诉",
        ["custody-near"] = "羁押期限将满",
    };

    private static readonly (string Field, string Chinese)[] Columns =
    [
        ("caseNumber", "案号"),
        ("event", "事件"),
        ("on", "日期"),
        ("detail", "细项"),
        ("key", "标识"),
        ("judge", "法官"),
        ("members", "合议庭成员"),
        ("assessors", "人民陪审员"),
        ("document", "证明文件"),
        ("note", "说明"),
    ];

    /// <exception cref="RuleBroken">No list of changes.</exception>
    public static IReadOnlyList<ChangeLine> Read(string text)
    {
        var lines = text.AsSpan().TrimStart().StartsWith("[") ? Json(text) : Csv(text);
        return lines.Count switch
        {
            0 => throw new RuleBroken("文件里没有变动：只有表头，或是空的。", "File"),
            > MostRows => throw new RuleBroken($"文件超过 {MostRows} 行，请拆分后导入。", "File"),
            _ => lines,
        };
    }

    /// <summary>The code of an event named by its code or in Chinese; empty for an unknown one.</summary>
    public static string EventOf(string text) => Events.ContainsKey(text) ? text : Events.FirstOrDefault(e => e.Value == text).Key ?? "";

    private static List<ChangeLine> Json(string text)
    {
        try
        {
            // what is not said is null or left out: both are an empty cell, and an outcome of the line
            return [.. (JsonSerializer.Deserialize<List<JsonLine?>>(text, JsonSerializerOptions.Web) ?? []).Select(s => (s ?? new JsonLine()).Line())];
        }
        catch (JsonException e)
        {
            throw new RuleBroken($"不是变动的 JSON：{e.Path ?? "$"}", "File", "json");
        }
    }

    private static List<ChangeLine> Csv(string text)
    {
        var configuration = new CsvConfiguration(CultureInfo.InvariantCulture)
        {
            HasHeaderRecord = false,
            MaxFieldSize = MostInCell,
            TrimOptions = TrimOptions.Trim,
            Delimiter = Imports.ListText.Separator(new StringReader(text)),
            BadDataFound = a => throw new RuleBroken($"第 {a.Context.Parser?.RawRow} 行的引号不成对或位置不对。", "File", "csv"),
        };
        using var csv = new CsvParser(new StringReader(text), configuration);
        if (!Imports.ListText.Next(csv, MostInCell, "File"))
            return [];
        var head = csv.Record!.Select(Written.Name).ToList();
        int Place((string Field, string Chinese) c) => head.FindIndex(h => h == c.Chinese || h.Equals(c.Field, StringComparison.OrdinalIgnoreCase));
        var places = Columns.ToDictionary(c => c.Field, Place);
        if (Columns.Take(3).FirstOrDefault(c => places[c.Field] < 0) is { Chinese: { } missing })
            throw new RuleBroken($"缺少必填列：{missing}。", "File", "columns");
        var lines = new List<ChangeLine>();
        while (Imports.ListText.Next(csv, MostInCell, "File"))
        {
            var r = csv.Record!;
            string At(string field) => places[field] is var i and >= 0 && i < r.Length ? Written.Visible(r[i]) : "";
            lines.Add(
                new ChangeLine
                {
                    CaseNumber = At("caseNumber"),
                    Event = At("event"),
                    On = At("on"),
                    Detail = At("detail"),
                    Key = At("key"),
                    Judge = At("judge"),
                    Members = At("members"),
                    Assessors = At("assessors"),
                    Document = At("document"),
                    Note = At("note"),
                }
            );
            if (lines.Count > MostRows)
                break;
        }
        return lines;
    }

    /// <summary>A line as JSON has it: anything may be missing.</summary>
    private sealed record JsonLine
    {
        public string? CaseNumber { get; init; }
        public string? Event { get; init; }
        public string? On { get; init; }
        public string? Detail { get; init; }
        public string? Key { get; init; }
        public string? Judge { get; init; }
        public string? Members { get; init; }
        public string? Assessors { get; init; }
        public string? Document { get; init; }
        public string? Note { get; init; }

        public ChangeLine Line() =>
            new()
            {
                CaseNumber = Written.Visible(CaseNumber),
                Event = Written.Visible(Event),
                On = Written.Visible(On),
                Detail = Written.Visible(Detail),
                Key = Written.Visible(Key),
                Judge = Written.Visible(Judge),
                Members = Written.Visible(Members),
                Assessors = Written.Visible(Assessors),
                Document = Written.Visible(Document),
                Note = Written.Visible(Note),
            };
    }
}
