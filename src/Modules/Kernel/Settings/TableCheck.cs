using System.Globalization;
using System.Numerics;
using CourtOps.Kernel.Messaging;

namespace CourtOps.Kernel.Settings;

/// <summary>
/// What keeps a table from being saved (values nobody knows, cases that no row fits, rows that never fire) and what is only said (rows that overlap with
/// different outcomes). The facts are cut where the conditions cut them, so that the answer is exact. Pure.
/// </summary>
public static class TableCheck
{
    // beyond this many pieces a table is refused as not to be checked
    private const int MostPieces = 20_000;

    /// <param name="Faults">Field is "rows" or "row 3".</param>
    public sealed record Result(IReadOnlyList<FieldFault> Faults, IReadOnlyList<Said> Warnings);

    public static Result Run(TableDefinition table, TableBody body)
    {
        var faults = new List<FieldFault>();
        if (body.Rows.Count == 0)
            faults.Add(new FieldFault("rows", "至少要有一行。"));
        if (body.Rows.Count > TableBody.MostRows)
            faults.Add(new FieldFault("rows", FieldText.Say($"最多 {TableBody.MostRows} 行。")));
        for (var i = 0; i < body.Rows.Count; i++)
            faults.AddRange(Values(table, body.Rows[i]).Select(w => new FieldFault($"row {i + 1}", FieldText.Say($"第 {i + 1} 行：{w}"))));
        return faults.Count > 0 ? new Result(faults, []) : Shape(table, body);
    }

    private static IEnumerable<Said> Values(TableDefinition table, TableRow row)
    {
        foreach (var (name, condition) in row.When)
        {
            if (table.FactSet.Find(name) is not { } fact)
            {
                yield return FieldText.Say($"没有“{name}”这个条件。");
                continue;
            }
            var wanted = condition.Op switch
            {
                Ops.Any => 0,
                Ops.Between => 2,
                Ops.In or Ops.Not => Math.Max(1, condition.Values.Count),
                _ => 1,
            };
            if (!Ops.Fit(condition.Op, fact.Kind) || condition.Values.Count != wanted)
            {
                yield return FieldText.Say($"“{fact.Label}”的条件写得不对。");
                continue;
            }
            foreach (var text in condition.Values)
                if (text.Length == 0 && fact.Nullable && condition.Op is Ops.Is or Ops.In or Ops.Not)
                    continue;
                else if (FieldText.Parse(fact, text) is { Why: { } why })
                    yield return why;
                else if (FieldText.WhyNot(fact, FieldText.Parse(fact, text).Value) is { } not)
                    yield return not;
            if (condition.Op == Ops.Between && Compare.Place(fact, condition.Values[0]) is { } low && Compare.Place(fact, condition.Values[1]) < low)
                yield return FieldText.Say($"“{fact.Label}”的下限大于上限。");
        }
        foreach (var column in table.OutcomeSet.All)
            if (FieldText.Parse(column, row.Then.GetValueOrDefault(column.Name)) is var (value, why) && (why ?? FieldText.WhyNot(column, value)) is { } fault)
                yield return fault;
        foreach (var name in row.Then.Keys.Where(n => table.OutcomeSet.Find(n) is null))
            yield return FieldText.Say($"没有“{name}”这个结果。");
        if (row.Note.Length > 200)
            yield return FieldText.Say($"说明最长 200 个字符。");
    }

    private static Result Shape(TableDefinition table, TableBody body)
    {
        var axes = table.FactSet.All.Select(f => Axis.Of(f, body.Rows.Select(r => r.When.GetValueOrDefault(f.Name)).OfType<Condition>())).ToList();
        var boxes = body.Rows.Select(r => axes.Select(a => a.Mask(r.When.GetValueOrDefault(a.Fact.Name) ?? Condition.Any)).ToArray()).ToList();
        var faults = new List<FieldFault>();
        var warnings = new List<Said>();
        List<BigInteger[]> open =
        [
            [.. axes.Select(a => a.All)],
        ];
        for (var i = 0; i < boxes.Count; i++)
        {
            // a row is in vain when nothing of it is still open
            if (!open.Exists(o => Meet(o, boxes[i])))
                faults.Add(new FieldFault($"row {i + 1}", FieldText.Say($"第 {i + 1} 行永远不会用到：前面的行已经包括了它。")));
            open = [.. open.SelectMany(o => Without(o, boxes[i]))];
            if (open.Count > MostPieces)
                return new Result([new FieldFault("rows", "条件太多，无法查完有没有漏洞；请合并或拆分。")], []);
        }
        faults.AddRange(open.Take(5).Select(o => new FieldFault("rows", FieldText.Say($"没有一行适用于：{Words(axes, o)}。请补一行。"))));
        for (var i = 0; i < boxes.Count && warnings.Count < 20 && faults.Count == 0; i++)
        for (var j = i + 1; j < boxes.Count && warnings.Count < 20; j++)
            // a general row after a special one is how tables are written
            if (Meet(boxes[i], boxes[j]) && !Within(boxes[i], boxes[j]) && !Same(body.Rows[i], body.Rows[j], table))
                warnings.Add(FieldText.Say($"第 {i + 1} 行与第 {j + 1} 行有重叠而结果不同：重叠处按第 {i + 1} 行。"));
        return new Result(faults, warnings);
    }

    private static bool Same(TableRow a, TableRow b, TableDefinition table) =>
        table.OutcomeSet.All.All(c => a.Then.GetValueOrDefault(c.Name, "") == b.Then.GetValueOrDefault(c.Name, ""));

    private static bool Meet(BigInteger[] a, BigInteger[] b) => a.Zip(b).All(p => !(p.First & p.Second).IsZero);

    private static bool Within(BigInteger[] a, BigInteger[] b) => a.Zip(b).All(p => (p.First & p.Second) == p.First);

    // the parts of a that are outside b, without overlap
    private static IEnumerable<BigInteger[]> Without(BigInteger[] a, BigInteger[] b)
    {
        if (!Meet(a, b))
        {
            yield return a;
            yield break;
        }
        var rest = (BigInteger[])a.Clone();
        for (var d = 0; d < a.Length; d++)
        {
            var inside = rest[d] & b[d];
            var outside = rest[d] ^ inside;
            if (!outside.IsZero)
            {
                var piece = (BigInteger[])rest.Clone();
                piece[d] = outside;
                yield return piece;
            }
            rest[d] = inside;
        }
    }

    private static string Words(List<Axis> axes, BigInteger[] box)
    {
        var parts = axes.Select((a, i) => box[i] == a.All ? "" : a.Fact.Label + " " + a.Words(box[i])).Where(p => p.Length > 0).ToList();
        return parts.Count == 0 ? "任何情形" : string.Join("，", parts);
    }

    // the values of one fact, cut where conditions cut them; each piece stands for all values in it
    private sealed class Axis
    {
        private readonly List<(string Sample, string Words)> cells;

        private Axis(Field fact, List<(string, string)> cells)
        {
            Fact = fact;
            this.cells = cells;
            All = (BigInteger.One << cells.Count) - 1;
        }

        public Field Fact { get; }

        public BigInteger All { get; }

        public static Axis Of(Field fact, IEnumerable<Condition> conditions)
        {
            var mentioned = conditions.SelectMany(c => c.Values).Distinct().ToList();
            List<(string, string)> cells = fact.Kind switch
            {
                FieldKind.Choice => [.. fact.Choices!.Select(c => (c.Key, c.Value))],
                FieldKind.Bool => [("yes", "是"), ("no", "否")],
                FieldKind.Text => [.. mentioned.Where(m => m.Length > 0).Select(m => (m, m)), (Other(mentioned), "其他")],
                _ => [.. Line(fact, mentioned)],
            };
            if (fact.Nullable && fact.Kind != FieldKind.Bool)
                cells.Add(("", "（空）"));
            return new Axis(fact, cells);
        }

        public BigInteger Mask(Condition condition)
        {
            var mask = BigInteger.Zero;
            for (var i = 0; i < cells.Count; i++)
                if (Compare.Holds(Fact, condition, cells[i].Sample))
                    mask |= BigInteger.One << i;
            return mask;
        }

        public string Words(BigInteger mask) => string.Join("、", cells.Where((_, i) => !(mask & (BigInteger.One << i)).IsZero).Select(c => c.Words).Take(4));

        private static string Other(List<string> mentioned)
        {
            var other = "\u0001";
            while (mentioned.Contains(other))
                other += "\u0001";
            return other;
        }

        private static IEnumerable<(string, string)> Line(Field fact, List<string> mentioned)
        {
            var points = mentioned.Select(m => Compare.Place(fact, m)).OfType<decimal>().Distinct().Order().ToList();
            var step = fact.Whole || fact.Kind == FieldKind.Date ? 1m : 0m;
            if (points.Count == 0)
            {
                yield return (Text(fact, fact.Min ?? fact.Max ?? (fact.Kind == FieldKind.Date ? 730_000 : 0)), "任意");
                yield break;
            }
            if (fact.Min is null || fact.Min < points[0])
                yield return (Text(fact, fact.Min ?? points[0] - 1), "＜" + Shown(fact, points[0]));
            for (var i = 0; i < points.Count; i++)
            {
                yield return (Text(fact, points[i]), Shown(fact, points[i]));
                if (i + 1 < points.Count && points[i + 1] - points[i] > step)
                    yield return (
                        Text(fact, step > 0 ? points[i] + step : (points[i] + points[i + 1]) / 2),
                        $"＞{Shown(fact, points[i])} 且 ＜{Shown(fact, points[i + 1])}"
                    );
            }
            if (fact.Max is null || fact.Max > points[^1])
                yield return (Text(fact, fact.Max ?? points[^1] + 1), "＞" + Shown(fact, points[^1]));
        }

        private static string Text(Field fact, decimal place) =>
            fact.Kind == FieldKind.Date ? FieldText.Of(DateOnly.FromDayNumber((int)place)) : place.ToString(CultureInfo.InvariantCulture);

        private static string Shown(Field fact, decimal place) => fact.Kind == FieldKind.Date ? Text(fact, place) : FieldText.Shown(fact, place) + fact.Unit;
    }
}
