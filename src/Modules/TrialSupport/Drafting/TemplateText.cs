using System.Text;
using System.Text.RegularExpressions;
using CourtOps.Kernel.Messaging;

namespace CourtOps.TrialSupport.Drafting;

/// <summary>A paragraph of a template as it was written.</summary>
internal sealed record TemplateLine(string Text, ParaStyle Style);

/// <summary>
/// A template in text: {{名}} is a field; {{#名}} … {{/名}} a loop or what stands under a condition, {{^名}} … {{/名}} what stands where it is not so. A mark that
/// stands alone in its paragraph takes the paragraph with it. Pure.
/// </summary>
internal static partial class TemplateText
{
    /// <summary>Paragraphs of one template.</summary>
    public const int MostLines = 2000;

    /// <summary>Blocks within one another.</summary>
    public const int MostDepth = 6;

    private const int MostMade = 5000;
    private const string Blank = "＿＿＿＿";

    /// <summary>What is wrong with a template, each with its paragraph; empty where it can be filled.</summary>
    public static IReadOnlyList<string> Faults(IReadOnlyList<TemplateLine> lines)
    {
        var faults = new List<string>();
        var open = new Stack<(string Name, int Line)>();
        if (lines.Count > MostLines)
            faults.Add($"模板有 {lines.Count} 段，超过上限 {MostLines} 段");
        for (var i = 0; i < lines.Count && faults.Count < 20; i++)
        {
            var rest = Marks().Replace(lines[i].Text, "");
            if (rest.Contains("{{", StringComparison.Ordinal) || rest.Contains("}}", StringComparison.Ordinal))
                faults.Add($"第 {i + 1} 段：有不完整的“{{{{”或者“}}}}”");
            foreach (Match m in Marks().Matches(lines[i].Text))
            {
                var (sign, name) = (m.Groups[1].Value, m.Groups[2].Value.Trim());
                switch (sign)
                {
                    case "":
                        if (!TemplateFields.Fields.ContainsKey(name))
                            faults.Add($"第 {i + 1} 段：没有字段“{name}”");
                        break;
                    case "/":
                        if (!open.TryPop(out var was) || was.Name != name)
                            faults.Add($"第 {i + 1} 段：“{{{{/{name}}}}}”没有对应的开头");
                        break;
                    default:
                        if (!TemplateFields.Conditions.ContainsKey(name) && !TemplateFields.Loops.ContainsKey(name))
                            faults.Add($"第 {i + 1} 段：没有条件或者循环“{name}”");
                        open.Push((name, i + 1));
                        if (open.Count > MostDepth)
                            faults.Add($"第 {i + 1} 段：嵌套超过 {MostDepth} 层");
                        break;
                }
            }
        }
        faults.AddRange(open.Select(o => $"第 {o.Line} 段：“{o.Name}”没有结尾"));
        return faults;
    }

    /// <summary>The names of all fields in a template, as they first stand.</summary>
    public static IReadOnlyList<string> Names(IReadOnlyList<TemplateLine> lines) =>
        [.. lines.SelectMany(l => Marks().Matches(l.Text)).Where(m => m.Groups[1].Length == 0).Select(m => m.Groups[2].Value.Trim()).Distinct()];

    /// <summary>The document of a case; each paragraph says where its fields come from, and what the case does not know is left as ＿＿＿＿.</summary>
    /// <exception cref="RuleBroken">The template has faults, or makes more paragraphs than any document has.</exception>
    public static IReadOnlyList<DocxPara> Fill(IReadOnlyList<TemplateLine> lines, TemplateFacts facts)
    {
        if (Faults(lines) is { Count: > 0 } faults)
            throw new RuleBroken($"模板有错：{string.Join('；', faults.Take(3))}。", "File", "template");
        var at = 0;
        var nodes = Parse(lines, ref at, null);
        var made = new Writer();
        Write(nodes, new TemplateScope(facts), made);
        made.End();
        return made.Paragraphs;
    }

    private static void Write(IReadOnlyList<Node> nodes, TemplateScope scope, Writer to)
    {
        foreach (var node in nodes)
            switch (node)
            {
                case Begin begin:
                    to.Begin(begin.Style);
                    break;
                case Words words:
                    to.Add(words.Text, null);
                    break;
                case FieldNode field:
                    to.Add(field.Field.Of(scope) ?? Blank, field.Field.Source.Length > 0 ? $"{field.Field.Name}：{field.Field.Source}" : null);
                    break;
                case Block block when block.Not:
                    if (!Holds(block.Name, scope))
                        Write(block.Inner, scope, to);
                    break;
                case Block block when TemplateFields.Loops.TryGetValue(block.Name, out var loop):
                    foreach (var one in loop(scope))
                        Write(block.Inner, one, to);
                    break;
                case Block block:
                    if (Holds(block.Name, scope))
                        Write(block.Inner, scope, to);
                    break;
            }
    }

    private static bool Holds(string name, TemplateScope scope) =>
        TemplateFields.Conditions.TryGetValue(name, out var condition) ? condition(scope) : TemplateFields.Loops[name](scope).Any();

    // one list of nodes over all paragraphs: a block may hold words, or whole paragraphs
    private static List<Node> Parse(IReadOnlyList<TemplateLine> lines, ref int at, string? until)
    {
        var tokens = new List<(Node? Node, string Sign, string Name)>();
        foreach (var line in lines)
        {
            var marks = Marks().Matches(line.Text);
            var alone = marks.Count == 1 && marks[0].Length == line.Text.Trim().Length && marks[0].Groups[1].Length > 0;
            if (!alone)
                tokens.Add((new Begin(line.Style), "", ""));
            var from = 0;
            foreach (Match m in marks)
            {
                if (m.Index > from && !alone)
                    tokens.Add((new Words(line.Text[from..m.Index]), "", ""));
                var (sign, name) = (m.Groups[1].Value, m.Groups[2].Value.Trim());
                tokens.Add(sign.Length == 0 ? (new FieldNode(TemplateFields.Fields[name]), "", "") : (null, sign, name));
                from = m.Index + m.Length;
            }
            if (from < line.Text.Length && !alone)
                tokens.Add((new Words(line.Text[from..]), "", ""));
        }
        return Nested(tokens, ref at, until);
    }

    private static List<Node> Nested(List<(Node? Node, string Sign, string Name)> tokens, ref int at, string? until)
    {
        var nodes = new List<Node>();
        while (at < tokens.Count)
        {
            var (node, sign, name) = tokens[at++];
            if (node is not null)
                nodes.Add(node);
            else if (sign == "/")
                return name == until ? nodes : throw new InvalidOperationException("faults were not looked at");
            else
                nodes.Add(new Block(name, sign == "^", Nested(tokens, ref at, name)));
        }
        return nodes;
    }

    private abstract record Node;

    private sealed record Begin(ParaStyle Style) : Node;

    private sealed record Words(string Text) : Node;

    private sealed record FieldNode(TemplateField Field) : Node;

    private sealed record Block(string Name, bool Not, IReadOnlyList<Node> Inner) : Node;

    private sealed class Writer
    {
        private readonly StringBuilder text = new();
        private readonly List<string> sources = [];
        private ParaStyle style;
        private bool open;

        public List<DocxPara> Paragraphs { get; } = [];

        public void Begin(ParaStyle next)
        {
            End();
            if (Paragraphs.Count >= MostMade)
                throw new RuleBroken($"模板在本案生成超过 {MostMade} 段，未生成。", "File", "template");
            (style, open) = (next, true);
        }

        public void Add(string words, string? source)
        {
            open = true;
            text.Append(words);
            if (source is not null && !sources.Contains(source))
                sources.Add(source);
        }

        public void End()
        {
            if (open && text.ToString().Trim().Length > 0)
                Paragraphs.Add(new DocxPara(text.ToString().Trim(), style, string.Join('；', sources)));
            text.Clear();
            sources.Clear();
            open = false;
        }
    }

    [GeneratedRegex(@"\{\{\s*([#^/]?)\s*([^{}]{1,30}?)\s*\}\}")]
    private static partial Regex Marks();
}
