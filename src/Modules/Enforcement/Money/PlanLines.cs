using System.Globalization;
using CourtOps.Kernel.Messaging;
using CourtOps.Kernel.Search;
using CourtOps.Workzone.Cases;

namespace CourtOps.Enforcement.Money;

/// <summary>The lines of a plan as they are typed: name, priority, claim in yuan.</summary>
internal static class PlanLines
{
    /// <exception cref="RuleBroken">Field Data.Parts: which line cannot be read, and why.</exception>
    public static IReadOnlyList<MakePlan.Part> Read(string text, IReadOnlyList<PartyContact> parties)
    {
        var parts = new List<MakePlan.Part>();
        foreach (
            var (line, n) in text.ReplaceLineEndings("\n")
                .Split('\n')
                .Select((l, i) => (l.Folded().Trim(), i + 1))
                .Where(l => l.Item1.Length > 0)
        )
        {
            var cells = line.Split([',', ';', '\t'], StringSplitOptions.TrimEntries);
            if (
                cells.Length != 3
                || !int.TryParse(cells[1], NumberStyles.None, CultureInfo.InvariantCulture, out var priority)
                || !decimal.TryParse(cells[2], NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var claim)
            )
                throw new RuleBroken($"第 {n} 行不能读：应为姓名、顺位、债权额三项。", "Data.Parts");
            parts.Add(
                new MakePlan.Part
                {
                    PartyId = parties.FirstOrDefault(p => p.Name == cells[0])?.Id,
                    Name = cells[0],
                    Priority = priority,
                    Claim = claim,
                }
            );
        }
        return parts;
    }
}
