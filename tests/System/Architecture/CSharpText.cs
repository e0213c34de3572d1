using System.Text;

namespace CourtOps.SystemTests.Architecture;

/// <param name="Text">As the program sees it; a hole of an interpolation is {x}.</param>
public sealed record Literal(string Text, int Line);

/// <summary>Finds the string literals of C# and of the C# in Razor, comments left out.</summary>
public static class CSharpText
{
    public static IReadOnlyList<Literal> Literals(string source)
    {
        var found = new List<Literal>();
        new Reader(source, found).Code(0, inHole: false);
        return found;
    }

    private sealed class Reader(string s, List<Literal> found)
    {
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
            found.Add(new Literal(text.ToString(), line));
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
                    i = Code(i + Same('{', i), inHole: true);
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
