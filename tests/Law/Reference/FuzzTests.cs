using System.Text;

namespace CourtOps.Law.Tests;

/// <summary>Whatever is entered, only the declared error comes out.</summary>
public sealed class FuzzTests
{
    private static readonly string[] Bits =
    [
        "2026-09-16",
        "2026-02-30",
        "2100-12-31",
        "1991-01-01",
        "9999-12-31",
        "0001-01-01",
        "2026-11-20T10:20",
        "2026-11-20T25:00",
        "2026-11-20T10:20:00+14:00",
        "9999-12-31T23:00:00-12:00",
        "day",
        "hour",
        "workday",
        "month",
        "year",
        "civil",
        "criminal",
        "MC-ORD",
        "MC-FOR",
        "CR-1",
        "CR-PR",
        "MC-SUM",
        "EX",
        "0",
        "1",
        "15",
        "2147483647",
        "99999999999999999999",
        "-1",
        "1.5",
        "１５",
        "2026-04-10..2026-05-20:D-JD",
        "2026-04-10..2026-05-20",
        "2026-04-10..2026-04-10",
        "1991-01-01..2100-12-31",
        "2099-01-01..2100-12-31",
        "..",
        "a..b:c",
        "6m",
        "6m@2026-08-10",
        "120m",
        "3650d",
        "m",
        "@",
        "6m@",
        "MC-ORD@2026-07-30",
        "CR-1@2100-12-30",
        "direct",
        "leave",
        "electronic",
        "postal",
        "announcement",
        "collected",
        "refused",
        "absent",
        "confirmed",
        "statutory",
        "provided",
        "obtained",
        "yes",
        "no",
        "",
        " ",
        "judgment",
        "ruling",
        "complaint",
        "mediation",
        "property",
        "divorce",
        "payment-order",
        "labour",
        "100000",
        "0.01",
        "0.001",
        "9999999999999.99",
        "10000000000000",
        "吉",
        "X",
        "deposit",
        "patent",
        "immovable",
        "movable",
        "other",
        "preservation",
        "enforcement",
        "（2026）吉2424民初1234号",
        "（2015）汪民初字第123号",
        "\0",
        "\uD800",
        "\uDC00",
        "𡐓",
        "{0}",
        "{",
        "null",
        "true",
        "money:1",
        "money:",
        ":",
        "💥",
    ];

    [Test]
    public void Arguments()
    {
        var random = new Random(41);
        var answers = 0;
        for (var i = 0; i < Given.RandomCases * 4; i++)
        {
            var calculator = Calculators.All[random.Next(Calculators.All.Count)];
            var arguments = new CalculatorArguments();
            foreach (var argument in calculator.Arguments)
            {
                if (!argument.Required && random.Next(3) > 0)
                    continue;
                var times = argument.Multiple ? random.Next(1, 4) : 1;
                for (var t = 0; t < times; t++)
                    arguments.Add(argument.Name, Value(random, argument));
            }

            if (random.Next(50) == 0)
                arguments.Add(Text(random), Text(random));
            if (Survives(() => Calculators.Run(calculator.Name, arguments, SingleCalendar.BuiltIn, (LawLanguage)random.Next(2)), calculator.Name))
                answers++;
        }

        Assert.That(answers, Is.GreaterThan(Given.RandomCases / 10), "too few of the inputs were good to test anything");
    }

    [Test]
    public void Json()
    {
        var random = new Random(42);
        const string seed =
            """{"kind":"civil","court":"basic","province":"吉","filed":"2026-11-02","claims":[{"type":"money","amount":"50000.00"}],"factsClear":true,"maxSentenceMonths":30,"amount":"1"}""";
        for (var i = 0; i < Given.RandomCases; i++)
        {
            var text = Mutated(random, seed);
            Survives(() => Calculators.Run("procedure", CalculatorArguments.OfJson(text), SingleCalendar.BuiltIn), text);
        }
    }

    [Test]
    public void Case_numbers()
    {
        var random = new Random(43);
        for (var i = 0; i < Given.RandomCases; i++)
        {
            var text = Mutated(random, random.Next(2) == 0 ? "（2026）吉2424民初1234号之一" : "（2014）吉高新执字第7号之一");
            Survives(() => Assert.That(CaseNumber.Parse(CaseNumber.Parse(text).Canonical), Is.EqualTo(CaseNumber.Parse(text))), text);
        }
    }

    [Test]
    public void Calendars()
    {
        var random = new Random(44);
        const string seed =
            """{"year":2027,"papers":["https://www.gov.cn/x"],"days":[{"name":"元旦","date":"2027-01-01","isOffDay":true},{"name":"x","date":"2027-01-02","isOffDay":false}]}""";
        for (var i = 0; i < Given.RandomCases; i++)
        {
            var text = Mutated(random, seed);
            Survives(() => CalendarYear.Parse(text), text);
        }
    }

    [Test]
    public void Extreme_dates_in_the_library()
    {
        foreach (var day in new[] { DateOnly.MinValue, DateOnly.MaxValue, LawDates.Min, LawDates.Max, LawDates.Max.AddDays(-1) })
        {
            foreach (var limit in TrialLimitTable.Limits)
                Survives(
                    () =>
                        new TrialClock
                        {
                            Procedure = limit.Code,
                            Filed = day,
                            Deductions = [new(LawDates.Min, LawDates.Max)],
                            Extensions = [new(120, PeriodUnit.Month)],
                        }.Compute(Given.Calendar),
                    limit.Code
                );
            foreach (var kind in Enum.GetValues<MeasureKind>())
                Survives(() => Measure.Term(kind, day, Given.Calendar), kind.ToString());
            Survives(() => AuctionPlan.For(AuctionKind.Other, 1m, day, day), "auction");
            Survives(() => BackwardNotice.For(day, 365), "notice");
            Survives(() => CourtDeadline.Before(day, 365, Given.Calendar), "deadline");
            Survives(() => NamedPeriods.Due("DEFENCE", day, Given.Calendar), "named");
            Survives(() => HearingDates.Earliest([day], day), "hearing");
            Survives(() => LongPending.Flags(day), "pending");
            Survives(() => PartyClocks.Run([("a", day, 15)], ProcedureKind.Civil, Given.Calendar), "parties");
            Survives(() => ServiceRules.Judge(new ServiceFacts { Method = ServiceMethod.Announcement, Published = day }, Given.Calendar), "service");
            Survives(() => Lodging.Judge(day, day, day, day), "lodging");
            Survives(() => AddressChain.Order([], day), "addresses");
            Survives(() => HearingDates.JudgeAdjournment("MC-ORD", 0, day, day), "adjournment");
        }
    }

    private static bool Survives(Action act, string what)
    {
        try
        {
            act();
            return true;
        }
        catch (LawError e)
        {
            Assert.That(e.Field, Is.Not.Empty, what);
            Assert.That(e.Reason, Is.Not.Empty, what);
            return false;
        }
        catch (Exception e) when (e is not NUnit.Framework.AssertionException)
        {
            Assert.Fail($"{what}: {e}");
            return false;
        }
    }

    private static string? Value(Random random, CalculatorArgument argument)
    {
        if (argument.Type == ArgumentType.Flag && random.Next(2) == 0)
            return null;
        if (random.Next(4) == 0)
            return Text(random);
        if (argument.Type == ArgumentType.Choice && argument.Choices.Count > 0)
            return argument.Choices[random.Next(argument.Choices.Count)].Value;
        var day = LawDates.Text(new DateOnly(1991, 1, 1).AddDays(random.Next(40_176)));
        return argument.Type switch
        {
            ArgumentType.Date => day,
            ArgumentType.Moment => random.Next(2) == 0 ? day : day + "T10:20",
            ArgumentType.Count => random.Next(0, 400).ToString(System.Globalization.CultureInfo.InvariantCulture),
            ArgumentType.Money => (random.Next(0, 100_000_000) / 100m).ToString(System.Globalization.CultureInfo.InvariantCulture),
            ArgumentType.Deduction => day + ".." + day + (random.Next(2) == 0 ? "" : ":D-ZZ"),
            ArgumentType.Extension => random.Next(1, 9) + "m",
            ArgumentType.Conversion => "MC-ORD@" + day,
            ArgumentType.Claim => "money:" + random.Next(1, 99999),
            _ => Text(random),
        };
    }

    private static string Text(Random random)
    {
        if (random.Next(3) > 0)
            return Bits[random.Next(Bits.Length)];
        var text = new StringBuilder();
        for (var i = random.Next(12); i >= 0; i--)
            text.Append(random.Next(3) == 0 ? (char)random.Next(0x10000) : Bits[random.Next(Bits.Length)].FirstOrDefault());
        return text.ToString();
    }

    private static string Mutated(Random random, string seed)
    {
        var text = new StringBuilder(seed);
        for (var i = random.Next(1, 5); i > 0 && text.Length > 0; i--)
        {
            var at = random.Next(text.Length);
            switch (random.Next(4))
            {
                case 0:
                    text.Remove(at, Math.Min(random.Next(1, 6), text.Length - at));
                    break;
                case 1:
                    text.Insert(at, Text(random));
                    break;
                case 2:
                    text[at] = (char)random.Next(0x10000);
                    break;
                default:
                    text[at] = "0123456789\"{}[]:,号之"[random.Next(19)];
                    break;
            }
        }

        return text.ToString();
    }
}
