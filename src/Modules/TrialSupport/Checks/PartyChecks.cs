using System.Text.RegularExpressions;

namespace CourtOps.TrialSupport.Checks;

/// <summary>Parties against the record of the case, and their names wherever they stand.</summary>
internal static partial class PartyChecks
{
    private const string Source = "法〔2016〕221号 首部；案件信息";

    public static IEnumerable<Finding> Record(CheckAsk ask)
    {
        var (paper, known) = (ask.Paper, ask.Case?.Parties ?? []);
        if (known.Count == 0 || paper.Type.Text is null)
            yield break;
        var place = paper.Head.Count > 0 ? paper.Head[^1] : paper.Type;
        var left = paper.Parties.ToList();
        foreach (var party in known)
        {
            var at = left.FindIndex(p => p.Name == party.Name);
            if (at < 0)
                at = left.FindIndex(p => !known.Any(k => k.Name == p.Name) && Near(p.Name, party.Name));
            if (at < 0)
            {
                yield return Checker.Error(
                    "party-missing",
                    place,
                    "",
                    $"案件信息中的{party.Role}{party.Name}没有列入首部",
                    Source,
                    $"{party.Role}：{party.Name}"
                );
                continue;
            }
            var (para, role, name) = left[at];
            left.RemoveAt(at);
            if (name != party.Name)
                yield return Checker.Error("party-name", para, name, $"首部写作“{name}”，案件信息为“{party.Name}”", Source, party.Name);
            else if (role != party.Role && !para.Text.Contains(party.Role, StringComparison.Ordinal))
                yield return Checker.Error("party-role", para, role + name, $"诉讼地位写作“{role}”，案件信息为“{party.Role}”", Source, party.Role);
        }
        foreach (var (para, role, name) in left)
            yield return Checker.Error("party-extra", para, role + name, "案件信息中没有这名当事人", Source);
    }

    public static IEnumerable<Finding> Details(CheckAsk ask)
    {
        foreach (var (para, role, name) in ask.Paper.Parties.Where(p => p.Role != "公诉机关"))
        {
            var entity = ask.Case?.Parties.FirstOrDefault(p => p.Name == name) is { } known
                ? !known.IsNatural
                : name.Length > 4 && !name.Contains('·', StringComparison.Ordinal);
            var missing = entity
                ? para.Text.Contains("住所", StringComparison.Ordinal) || para.Text.Contains("经营场所", StringComparison.Ordinal)
                    ? ""
                    : "住所地"
                : string.Join(
                    '、',
                    new[]
                    {
                        para.Text.Contains('男', StringComparison.Ordinal) || para.Text.Contains('女', StringComparison.Ordinal) ? "" : "性别",
                        Birth().IsMatch(para.Text) ? "" : "出生年月日",
                        para.Text.Contains('族', StringComparison.Ordinal) ? "" : "民族",
                        para.Text.Contains('住', StringComparison.Ordinal) ? "" : "住址",
                    }.Where(m => m.Length > 0)
                );
            if (missing.Length > 0)
                yield return Checker.Error("party-details", para, role + name, $"缺少{missing}", "法〔2016〕221号 首部");
            if (!entity)
                continue;
            // who stands for it follows in the same or in the next lines, before the next party
            var block = string.Concat(
                ask.Paper.Head.SkipWhile(p => p.N < para.N).TakeWhile(p => p.N == para.N || !ask.Paper.Parties.Any(x => x.Para.N == p.N)).Select(p => p.Text)
            );
            if (
                !block.Contains("法定代表人", StringComparison.Ordinal)
                && !block.Contains("负责人", StringComparison.Ordinal)
                && !block.Contains("经营者", StringComparison.Ordinal)
                && !block.Contains("执行事务合伙人", StringComparison.Ordinal)
            )
                yield return Checker.Error("party-details", para, role + name, "缺少法定代表人或者负责人及其职务", "法〔2016〕221号 首部");
        }
    }

    /// <summary>Names in the text that are a character off a party's.</summary>
    public static IEnumerable<Finding> Everywhere(CheckAsk ask)
    {
        var names = (ask.Case?.Parties.Select(p => p.Name) ?? [])
            .Concat(ask.Case is { Parties.Count: > 0 } ? [] : ask.Paper.Parties.Select(p => p.Name))
            .Where(n => n.Length > 2)
            .Distinct()
            .ToList();
        var head = ask.Paper.Parties.Select(p => p.Para.N).ToHashSet();
        foreach (var para in ask.Paper.All.Where(p => !head.Contains(p.N)))
        foreach (var name in names)
            for (var i = 0; i + name.Length <= para.Text.Length; i++)
            {
                var there = para.Text.AsSpan(i, name.Length);
                if (there.SequenceEqual(name) || Off(there, name) != 1 || names.Any(n => para.Text.AsSpan(i).StartsWith(n)))
                    continue;
                // a short name is looked at only where a role stands before it: another person may be called nearly the same
                if (name.Length < 6 && !After(para.Text, i))
                    continue;
                if (!there.ToString().All(c => c > 0x3000))
                    continue;
                yield return Checker.Error("party-name", para, there.ToString(), $"写作“{there}”，当事人名称为“{name}”，一字之差", Source, name);
            }
    }

    private static bool After(string text, int at) => RoleBefore().IsMatch(text[Math.Max(0, at - 4)..at]);

    /// <summary>One character more, less or other; two in long names.</summary>
    private static bool Near(string a, string b) => a.Length > 1 && b.Length > 1 && Distance(a, b) <= (b.Length >= 8 ? 2 : 1);

    private static int Off(ReadOnlySpan<char> a, string b)
    {
        var off = 0;
        for (var i = 0; i < b.Length && off < 2; i++)
            if (a[i] != b[i])
                off++;
        // a difference at either end is where another word begins
        return off == 1 && (b.Length < 6 || (a[0] == b[0] && a[^1] == b[^1])) ? 1
            : off == 0 ? 0
            : 2;
    }

    private static int Distance(string a, string b)
    {
        var row = Enumerable.Range(0, b.Length + 1).ToArray();
        for (var i = 1; i <= a.Length; i++)
        {
            var before = row[0];
            row[0] = i;
            for (var j = 1; j <= b.Length; j++)
                (before, row[j]) = (row[j], Math.Min(Math.Min(row[j], row[j - 1]) + 1, before + (a[i - 1] == b[j - 1] ? 0 : 1)));
        }
        return row[b.Length];
    }

    [GeneratedRegex(@"\d{4}年\d{1,2}月\d{1,2}日|出生")]
    private static partial Regex Birth();

    [GeneratedRegex("(原告|被告|第三人|上诉人|申请人|被告人)$")]
    private static partial Regex RoleBefore();
}
