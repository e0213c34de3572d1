using CourtOps.Kernel.Settings;

namespace CourtOps.Kernel.Tests.Settings;

/// <summary>Tables in a line each: rows "kind amount → track days", a condition as op:values, a dot for any.</summary>
public sealed class TableCheckTests
{
    [TestCase("is:civil le:500 → simple 90;. . → ordinary 180", "", 0)]
    [TestCase(
        "is:civil le:500 → simple 90;is:civil ge:501 → ordinary 180",
        "没有一行适用于：案件类型 刑事。请补一行。",
        0,
        Description = "a choice is missing"
    )]
    [TestCase(". le:500 → simple 90;. ge:502 → ordinary 180", "没有一行适用于：标的额 ＞5.00 且 ＜5.02。请补一行。", 0, Description = "one cent is missing")]
    [TestCase(". le:500 → simple 90;. ge:501 → ordinary 180", "", 0, Description = "cents touch")]
    [TestCase(". . → simple 90;is:civil . → ordinary 180", "第 2 行永远不会用到：前面的行已经包括了它。", 0)]
    [TestCase(
        "is:civil . → simple 90;is:criminal . → ordinary 180;. ge:100 → simple 1",
        "第 3 行永远不会用到：前面的行已经包括了它。",
        0,
        Description = "by two rows together"
    )]
    [TestCase("is:civil between:100,900 → simple 90;. between:500,2000 → ordinary 180;. . → ordinary 9", "", 1, Description = "half over each other")]
    [TestCase("is:civil between:100,900 → simple 90;. between:500,2000 → simple 90;. . → ordinary 9", "", 0, Description = "the same outcome")]
    [TestCase("not:civil . → simple 90;in:civil,criminal . → ordinary 180", "", 0)]
    [TestCase("is:tax . → simple 90;. . → ordinary 180", "第 1 行：“案件类型”没有“tax”这个选项。", 0)]
    [TestCase(". is:x → simple 90;. . → ordinary 180", "第 1 行：“标的额”要写成金额。", 0)]
    [TestCase(". between:9,5 → simple 90;. . → ordinary 180", "第 1 行：“标的额”的下限大于上限。", 0)]
    [TestCase("ge:civil . → simple 90;. . → ordinary 180", "第 1 行：“案件类型”的条件写得不对。", 0)]
    [TestCase(". . → quick 90", "第 1 行：“程序”没有“quick”这个选项。", 0)]
    [TestCase(". . → simple 0", "第 1 行：“办理天数”最小 1。", 0)]
    [TestCase("", "至少要有一行。", 0)]
    public void A_table_is_judged(string text, string fault, int warnings)
    {
        var result = TableCheck.Run(SampleCapability.Table, Rows(text));
        Assert.That(string.Join("", result.Faults.Select(f => f.Why.ToString())), Is.EqualTo(fault));
        Assert.That(result.Warnings, Has.Count.EqualTo(warnings));
    }

    [Test]
    public void What_the_check_says_of_holes_is_what_happens([Range(1, 40)] int seed)
    {
        var random = new Random(seed);
        var rows = Enumerable.Range(0, random.Next(1, 5)).Select(_ => $"{Kind()} {Amount()} → simple {random.Next(1, 9)}").ToList();
        var table = Rows(string.Join(';', rows));
        var open = TableCheck.Run(SampleCapability.Table, table).Faults.Any(f => f.Why.ToString().Contains("没有一行适用", StringComparison.Ordinal));
        var through = new[] { "civil", "criminal" }
            .SelectMany(k => Enumerable.Range(0, 12).Select(a => new SampleFacts { Kind = k, Amount = a }))
            .Count(f => !Fits(f));
        Assert.That(open, Is.EqualTo(through > 0), string.Join('\n', rows));

        bool Fits(SampleFacts facts)
        {
            try
            {
                return SampleCapability.Table.Decide(facts, table).Outcome.Days > 0;
            }
            catch (Kernel.Messaging.RuleBroken)
            {
                return false;
            }
        }

        string Kind() =>
            random.Next(3) switch
            {
                0 => ".",
                1 => "is:civil",
                _ => "not:civil",
            };
        string Amount() =>
            random.Next(4) switch
            {
                0 => ".",
                1 => $"ge:{random.Next(9)}",
                2 => $"le:{random.Next(9)}",
                _ => $"between:{random.Next(5)},{random.Next(5, 10)}",
            };
    }

    [Test]
    public void The_first_row_that_fits_fires_with_its_number()
    {
        var table = Rows("is:civil le:500 → simple 90;is:civil le:900 → simple 60;. . → ordinary 180");
        Assert.That(
            new[] { 500, 501, 901 }
                .Select(a => SampleCapability.Table.Decide(new SampleFacts { Amount = a }, table))
                .Select(f => $"{f.Rule} {f.Outcome.Track} {f.Outcome.Days}"),
            Is.EqualTo(new[] { "1 simple 90", "2 simple 60", "3 ordinary 180" })
        );
    }

    internal static TableBody Rows(string text) => new() { Rows = [.. text.Split(';', StringSplitOptions.RemoveEmptyEntries).Select(Row)] };

    private static TableRow Row(string line)
    {
        var parts = line.Split(' ');
        var when = new Dictionary<string, Condition>();
        foreach (var (name, word) in new[] { ("Kind", parts[0]), ("Amount", parts[1]) })
            if (word != ".")
                when[name] = new Condition(word.Split(':')[0], word.Split(':')[1].Split(','));
        return new TableRow
        {
            When = when,
            Then = new Dictionary<string, string> { ["Track"] = parts[3], ["Days"] = parts[4] },
        };
    }
}
