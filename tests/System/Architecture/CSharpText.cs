using System.Text;
using System.Text.RegularExpressions;

namespace CourtOps.SystemTests.Architecture;

/// <param name="Text">As the program sees it; a hole of an interpolation is {x}.</param>
public sealed record Literal(string Text, int Line);

/// <summary>Finds the string literals of C# and of the C# in Razor, comments left out. Texts that are added where they stand ("a" + "b") are one.</summary>
public static partial class CSharpText
{
    public static IReadOnlyList<Literal> Literals(string source) =>
        [.. Runs(source, Spans(source)).Select(run => new Literal(string.Concat(run.Select(s => s.Text)), run[0].Line))];

    /// <summary>
    /// The source as if each statement stood on one line: breaks behind and before brackets, behind commas and around operators are left out, and texts that
    /// are
    /// added are one. For rules that look at how a call is written; not to be compiled.
    /// </summary>
    public static string OneLine(string source)
    {
        var joined = new StringBuilder();
        var at = 0;
        foreach (var run in Runs(source, Spans(source).Where(s => s.Depth == 0)))
        {
            joined.Append(source, at, run[0].Start - at);
            at = run[^1].End;
            if (run.Count == 1)
                joined.Append(source, run[0].Start, at - run[0].Start);
            else
                joined
                    .Append(run.Any(s => source[s.Start] == '$') ? "$\"" : "\"")
                    .AppendJoin("", run.Select(s => source[(source.IndexOf('"', s.Start) + 1)..(s.End - 1)]))
                    .Append('"');
        }
        source = joined.Append(source, at, source.Length - at).ToString();
        var flat = new StringBuilder();
        at = 0;
        foreach (var span in Spans(source).Where(s => s.Depth == 0))
        {
            flat.Append(Flat(source[at..span.Start])).Append(source, span.Start, span.End - span.Start);
            at = span.End;
        }
        return flat.Append(Flat(source[at..])).ToString();
    }

    private static string Flat(string code) => Commas().Replace(Around().Replace(Behind().Replace(Before().Replace(code, "$1"), "$1"), " $1 "), ", ");

    private static List<Span> Spans(string source)
    {
        var found = new List<Span>();
        new Reader(source, found).Code(0, inHole: false);
        return found;
    }

    // those that stand between others inside a hole come before the text that holds them: they end no run
    private static IEnumerable<List<Span>> Runs(string source, IEnumerable<Span> spans)
    {
        var open = new Dictionary<int, List<Span>>();
        var all = new List<List<Span>>();
        foreach (var span in spans)
        {
            if (open.TryGetValue(span.Depth, out var run) && run[^1].IsPlain && span.IsPlain && Sum().IsMatch(source[run[^1].End..span.Start]))
                run.Add(span);
            else
                all.Add(open[span.Depth] = [span]);
        }
        return all;
    }

    [GeneratedRegex(@"\s*\n\s*([)\]]|\.[A-Za-z])")]
    private static partial Regex Before();

    [GeneratedRegex(@"([(\[])\s*\n\s*")]
    private static partial Regex Behind();

    [GeneratedRegex(@",\s*\n\s*")]
    private static partial Regex Commas();

    [GeneratedRegex(@"\s*\n\s*(\?\??|:|\+|=>|&&|\|\|) ")]
    private static partial Regex Around();

    [GeneratedRegex(@"^\s*\+\s*$")]
    private static partial Regex Sum();

    /// <param name="Depth">How many texts it stands inside of, in their holes.</param>
    /// <param name="IsPlain">Neither raw nor verbatim.</param>
    private sealed record Span(int Start, int End, int Line, string Text, int Depth, bool IsPlain);

    private sealed class Reader(string s, List<Span> found)
    {
        private int inside;

        // Returns the place behind the code; a hole ends at its closing brace.
        public int Code(int i, bool inHole)
        {
            var depth = 0;
            while (i < s.Length)
            {
                var c = s[i];
                if (c == '/' && At(i + 1) == '/' && At(i - 1) != ':')
                {
                    i = End("\n", i);
                }
                else if ((c == '/' && At(i + 1) == '*') || (c == '@' && At(i + 1) == '*'))
                {
                    i = End(c == '/' ? "*/" : "*@", i + 2);
                }
                else if (c == '\'' && At(i + 2) == '\'' && At(i + 1) != '\\')
                {
                    i += 3;
                }
                else if (c == '\'' && At(i + 1) == '\\' && At(i + 3) == '\'')
                {
                    i += 4;
                }
                else if (c == '"' || ((c is '$' or '@') && Quote(i) >= 0))
                {
                    i = Text(i);
                }
                else if (inHole && c is '{' or '(' or '[')
                {
                    depth++;
                    i++;
                }
                else if (inHole && c is '}' or ')' or ']')
                {
                    if (depth == 0 && c == '}')
                        return i;
                    depth--;
                    i++;
                }
                else
                {
                    i++;
                }
            }
            return i;
        }

        private int Text(int i)
        {
            var line = s.AsSpan(0, i).Count('\n') + 1;
            var open = Quote(i);
            var marks = s[i..open];
            var quotes = 0;
            while (At(open + quotes) == '"')
                quotes++;
            var text = new StringBuilder();
            int next;
            if (quotes >= 3)
                next = Body(open + quotes, marks.Count(m => m == '$'), new string('"', quotes), escapes: false, doubled: false, text);
            else if (quotes == 2 && !marks.Contains('@', StringComparison.Ordinal))
                next = open + 2;
            else
                next = Body(
                    open + 1,
                    marks.Contains('$', StringComparison.Ordinal) ? 1 : 0,
                    "\"",
                    !marks.Contains('@', StringComparison.Ordinal),
                    marks.Contains('@', StringComparison.Ordinal),
                    text
                );
            found.Add(new Span(i, next, line, text.ToString(), inside, quotes < 3 && !marks.Contains('@', StringComparison.Ordinal)));
            return next;
        }

        private int Body(int i, int holes, string end, bool escapes, bool doubled, StringBuilder text)
        {
            while (i < s.Length)
            {
                if (doubled && At(i) == '"' && At(i + 1) == '"')
                {
                    text.Append('"');
                    i += 2;
                }
                else if (string.CompareOrdinal(s, i, end, 0, end.Length) == 0)
                {
                    return i + end.Length;
                }
                else if (escapes && s[i] == '\\')
                {
                    text.Append(
                        At(i + 1) switch
                        {
                            'n' => '\n',
                            't' => '\t',
                            'r' => '\r',
                            var o => o,
                        }
                    );
                    i += 2;
                }
                else if (holes == 1 && end.Length == 1 && s[i] is '{' or '}' && At(i + 1) == s[i])
                {
                    text.Append(s[i]);
                    i += 2;
                }
                else if (holes > 0 && Same('{', i) >= holes)
                {
                    text.Append("{x}");
                    inside++;
                    i = Code(i + Same('{', i), inHole: true);
                    inside--;
                    i += holes;
                }
                else
                {
                    text.Append(s[i++]);
                }
            }
            return i;
        }

        private int Same(char c, int i)
        {
            var n = 0;
            while (At(i + n) == c)
                n++;
            return n;
        }

        // The first quote behind $ and @, or -1.
        private int Quote(int i)
        {
            while (At(i) is '$' or '@')
                i++;
            return At(i) == '"' ? i : -1;
        }

        private char At(int i) => i >= 0 && i < s.Length ? s[i] : '\0';

        private int End(string mark, int from)
        {
            var at = s.IndexOf(mark, Math.Min(from, s.Length), StringComparison.Ordinal);
            return at < 0 ? s.Length : at + mark.Length;
        }
    }
}
