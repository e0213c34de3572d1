using System.Globalization;

namespace CourtOps.Law.Tests;

public sealed class CaseNumberTests
{
    private static readonly CultureInfo Plain = CultureInfo.InvariantCulture;

    [TestCase("（2026）吉2424民初1234号", 2026, "吉2424", null, "民初", "1234", null, false, TestName = "E-07 [X] canonical form")]
    [TestCase("(2026) 吉 2424 民初 1234 号", 2026, "吉2424", null, "民初", "1234", null, false, TestName = "E-07 [X] half width with spaces")]
    [TestCase("（２０２６）吉２４２４民初１２３４号", 2026, "吉2424", null, "民初", "1234", null, false, TestName = "E-07 [X] full-width digits")]
    [TestCase("(2024)最高法知民终5号之一", 2024, "最高法", "知", "民终", "5", "之一", false, TestName = "E-07 [X] supreme court, ip, suffix")]
    [TestCase("（2023）京73民初1号", 2023, "京73", null, "民初", "1", null, false, TestName = "E-07 [X] intermediate court")]
    [TestCase("（2023）黔民申12号", 2023, "黔", null, "民申", "12", null, false, TestName = "E-07 [X] high court")]
    [TestCase("（2024）最高法刑核01234567号", 2024, "最高法", null, "刑核", "01234567", null, false, TestName = "E-07 [X] review number keeps its zero")]
    [TestCase("（2026）吉2424民初0413号", 2026, "吉2424", null, "民初", "413", null, false, TestName = "E-07 zeros before the number")]
    [TestCase("（2026）吉2424民初第408号", 2026, "吉2424", null, "民初", "408", null, false, TestName = "E-07 第 belongs to no type")]
    [TestCase("（2022）沪0115诉前调书123号", 2022, "沪0115", null, "诉前调书", "123", null, false, TestName = "E-07 [K] long type")]
    [TestCase("（2015）汪民初字第123号", 2015, "汪", null, "民初", "123", null, true, TestName = "E-07 [X] legacy")]
    [TestCase("(2009)延中民一终字第45号", 2009, "延中", null, "民一终", "45", null, true, TestName = "E-07 [X] legacy with division")]
    [TestCase("（2014）吉高新执字第7号之一", 2014, "吉高新", null, "执", "7", "之一", true, TestName = "E-07 [X] legacy enforcement with suffix")]
    [TestCase("（2013）民申字第9号", 2013, "", null, "民申", "9", null, true, TestName = "E-07 [X] legacy supreme court, no court written")]
    [TestCase("（2012）民权民初字第3号", 2012, "民权", null, "民初", "3", null, true, TestName = "E-07 [X] legacy, court name like a type")]
    [TestCase("（2012）行民初字第3号", 2012, "行", null, "民初", "3", null, true, TestName = "E-07 [X] legacy, one-character court like a type")]
    [TestCase("（2012）沪高民三（知）终字第8号", 2012, "沪高", null, "民三(知)终", "8", null, true, TestName = "E-07 [X] legacy with brackets")]
    [TestCase("（2014）鼓商外初字第6号", 2014, "鼓", null, "商外初", "6", null, true, TestName = "E-07 [X] legacy, type not in the list")]
    [TestCase("（2015）执申字第6号", 2015, "", null, "执申", "6", null, true, TestName = "E-07 [X] legacy, supreme court enforcement")]
    [TestCase("（2008）沪海法商初字第6号", 2008, "沪海法", null, "商初", "6", null, true, TestName = "E-07 [X] legacy, maritime court")]
    [TestCase("（2013）浙杭商终字第6-1号", 2013, "浙杭", null, "商终", "6-1", null, true, TestName = "E-07 [X] legacy, sub-number")]
    [TestCase("（2015）㟃民初字第2号", 2015, "㟃", null, "民初", "2", null, true, TestName = "E-07 [X] legacy, rare character")]
    [TestCase("（2015）𡐓民初字第2号", 2015, "𡐓", null, "民初", "2", null, true, TestName = "E-07 [X] legacy, character outside the basic plane")]
    public void Reads(string text, int year, string court, string? special, string type, string serial, string? suffix, bool legacy)
    {
        var number = CaseNumber.Parse(text);
        Assert.That(number, Is.EqualTo(new CaseNumber(year, court, special, type, serial, suffix, legacy)));
        Assert.That(CaseNumber.Parse(number.Canonical), Is.EqualTo(number));
    }

    [
        TestCase(""),
        TestCase("   "),
        TestCase("2026吉2424民初1号"),
        TestCase("（26）吉2424民初1号"),
        TestCase("（2026）民初1号"),
        TestCase("（2026）吉24245民初1号")
    ]
    [
        TestCase("（2026）吉2424民初号"),
        TestCase("（2026）吉2424民初12"),
        TestCase("（2026）吉2424民初1号之"),
        TestCase("（2026）吉2424民初1号之百"),
        TestCase("（2026）吉2424民初1号。")
    ]
    [
        TestCase("（2026）吉24241号"),
        TestCase("（2026）吉2424𡐓初1号"),
        TestCase("（0000）吉2424民初1号"),
        TestCase("（2026）吉2424民初1234567890号"),
        TestCase("（2015）字第1号")
    ]
    [TestCase("（2015）汪字第1号"), TestCase("（٢٠٢٦）吉2424民初1号"), TestCase("【2026】吉2424民初1号")]
    public void Refuses(string text)
    {
        Assert.That(Given.Fails(() => CaseNumber.Parse(text)).Field, Is.EqualTo("text"));
        Assert.That(CaseNumber.TryParse(text, out _), Is.False);
    }

    [Test]
    public void Formats_from_parts_and_refuses_wrong_ones()
    {
        Assert.That(CaseNumber.Format(2026, "吉2424", "民初", 123), Is.EqualTo("（2026）吉2424民初123号"));
        Given.Fails(() => CaseNumber.Format(2026, "吉2424", "", 123));
        Given.Fails(() => CaseNumber.Format(2026, "汪", "民初字第", 123));
    }

    [Test(Description = "parse(format(x)) = x")]
    public void Reading_what_was_written_gives_the_same()
    {
        var random = new Random(7);
        string[] types = ["民初", "刑核", "执恢", "行审复", "民特监", "诉前调书", "知"];
        var signs = CaseNumberReader.AllProvinceSigns.ToArray();
        for (var i = 0; i < Given.RandomCases; i++)
        {
            var court =
                random.Next(20) == 0
                    ? "最高法"
                    : signs[random.Next(signs.Length)]
                        + (
                            random.Next(3) switch
                            {
                                0 => "",
                                1 => random.Next(100).ToString("00", Plain),
                                _ => random.Next(10000).ToString("0000", Plain),
                            }
                        );
            var type = types[random.Next(types.Length)];
            var number = new CaseNumber(
                random.Next(2016, 2030),
                court,
                type == "知" || random.Next(4) > 0 ? null : "知",
                type,
                random.Next(1, 999999999).ToString(Plain),
                random.Next(3) == 0 ? "之" + "一二三四五六七八九十"[random.Next(10)] : null,
                false
            );
            Assert.That(CaseNumber.Parse(number.Canonical), Is.EqualTo(number));
        }
    }
}
