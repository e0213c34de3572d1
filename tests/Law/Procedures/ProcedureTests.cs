namespace CourtOps.Law.Tests;

public sealed class ProcedureTests
{
    private static readonly CivilProcedureFacts Clear = new()
    {
        Province = "苏",
        Filed = Given.Day("2026-11-02"),
        FactsClear = true,
        RightsClear = true,
        DisputeSmall = true,
        Claims = [new("money", 50_000m)],
    };

    [TestCase("64610.00", false, "SMALL", true, "MC-SML", TestName = "E-04 [T] exactly half of W is still small claims")]
    [TestCase("64610.01", false, "SIMPLE", true, "MC-SUM", TestName = "E-04 [T] a cent above half: simple, required")]
    [TestCase("64610.01", true, "SMALL", false, "MC-SML", TestName = "E-04 [T] above half with agreement: small claims")]
    [TestCase("258440.00", true, "SMALL", false, "MC-SML", TestName = "E-04 [T] exactly twice W with agreement")]
    [TestCase("258440.01", true, "SIMPLE", false, "MC-SUM", TestName = "E-04 [T] above twice W: simple, not required")]
    public void Small_claims_by_amount(string amount, bool agree, string procedure, bool mandatory, string limit)
    {
        var choice = CivilProcedure.Choose(Clear with { Claims = [new("money", Yuan.Parse("x", amount))], AgreeSmall = agree });
        Assert.That((choice.Procedure, choice.Mandatory, choice.Limit, choice.Provisional), Is.EqualTo((procedure, mandatory, limit, false)));
        Assert.That(choice.Why.Count, Is.Positive);
    }

    private static IEnumerable<TestCaseData> Bars()
    {
        yield return new TestCaseData(Clear with { Court = "intermediate" }, "MC-ORD").SetName("E-04 [T] not a basic court");
        yield return new TestCaseData(Clear with { DefendantMissing = true }, "MC-ORD").SetName("E-04 [T] CPL-I 257 defendant missing");
        yield return new TestCaseData(Clear with { Remand = true }, "MC-ORD").SetName("E-04 [T] CPL-I 257 remand");
        yield return new TestCaseData(Clear with { ManyParties = true }, "MC-ORD").SetName("E-04 [T] CPL-I 257 many parties");
        yield return new TestCaseData(Clear with { Retrial = true }, "MC-RT-1").SetName("E-04 [T] CPL-I 257 retrial");
        yield return new TestCaseData(Clear with { PublicInterest = true }, "MC-ORD").SetName("E-04 [T] CPL-I 257 public interest");
        yield return new TestCaseData(Clear with { ThirdPartyRevocation = true }, "MC-ORD").SetName("E-04 [T] CPL-I 257 third-party revocation");
    }

    [TestCaseSource(nameof(Bars))]
    public void Ordinary_is_required(CivilProcedureFacts facts, string limit)
    {
        var choice = CivilProcedure.Choose(facts with { AgreeSimple = true });
        Assert.That((choice.Procedure, choice.Mandatory, choice.Limit), Is.EqualTo(("ORDINARY", true, limit)));
    }

    private static IEnumerable<TestCaseData> NotSmall()
    {
        yield return new TestCaseData(Clear with { PersonalStatus = true }).SetName("E-04 [T] CPL 166 personal status");
        yield return new TestCaseData(Clear with { TitleConfirmation = true }).SetName("E-04 [T] CPL 166 title");
        yield return new TestCaseData(Clear with { Foreign = true }).SetName("E-04 [T] CPL 166 foreign");
        yield return new TestCaseData(Clear with { ExpertOpinionNeeded = true }).SetName("E-04 [T] CPL 166 expert opinion");
        yield return new TestCaseData(Clear with { Counterclaim = true }).SetName("E-04 [T] CPL 166 counterclaim");
        yield return new TestCaseData(Clear with { Claims = [new("money", 10m), new("act", null)] }).SetName("E-04 [T] not only money");
        yield return new TestCaseData(Clear with { Claims = [] }).SetName("E-04 [T] no claim");
    }

    [TestCaseSource(nameof(NotSmall))]
    public void Simple_but_not_small(CivilProcedureFacts facts) => Assert.That(CivilProcedure.Choose(facts).Procedure, Is.EqualTo("SIMPLE"));

    [Test(Description = "E-04 [T]")]
    public void Special_agreed_and_ordinary()
    {
        Assert.That(CivilProcedure.Choose(Clear with { SpecialMatter = "选民资格" }).Procedure, Is.EqualTo("SPECIAL"));
        Assert.That(
            CivilProcedure.Choose(Clear with { DisputeSmall = false, AgreeSimple = true }),
            Has.Property("Procedure").EqualTo("SIMPLE").And.Property("Mandatory").False
        );
        Assert.That(
            CivilProcedure.Choose(Clear with { DisputeSmall = false }),
            Has.Property("Procedure").EqualTo("ORDINARY").And.Property("Limit").EqualTo("MC-ORD")
        );
        Assert.That(CivilProcedure.Choose(Clear with { DisputeSmall = false, Foreign = true }).Limit, Is.EqualTo("MC-FOR"));
    }

    [TestCase("吉", "2026-11-02", "50000.00", "SIMPLE", true, TestName = "E-04 [X] Jilin's lapsed figure is used, provisional")]
    [TestCase("吉", "2022-03-01", "38997.50", "SMALL", false, TestName = "E-04 [X] Jilin's figure while in force")]
    [TestCase("浙", "2022-02-01", "54322.50", "SMALL", false, TestName = "E-04 [X] Zhejiang's half")]
    [TestCase("浙", "2026-02-01", "54322.50", "SMALL", true, TestName = "E-04 [X] Zhejiang's old figure, provisional")]
    [TestCase("辽", "2026-02-01", "10.00", "SIMPLE", true, TestName = "E-04 [X] no figure known: provisional")]
    [TestCase("苏", "2025-12-31", "10.00", "SMALL", true, TestName = "E-04 [X] filed before the figure: provisional")]
    public void Figures_of_the_provinces(string province, string filed, string amount, string procedure, bool provisional)
    {
        var choice = CivilProcedure.Choose(Clear with { Province = province, Filed = Given.Day(filed), Claims = [new("money", Yuan.Parse("x", amount))] });
        Assert.That((choice.Procedure, choice.Provisional), Is.EqualTo((procedure, provisional)));
        Assert.That(
            choice
                .Why.Render()
                .Where(l =>
                    l.Text.Contains("年平均工资", StringComparison.Ordinal)
                    && l.Tag == LawTag.T
                    && l.Date is null
                    && l.Text.Contains("元（自", StringComparison.Ordinal)
                ),
            Is.Empty,
            "a figure read in an excerpt is not law"
        );
    }

    private static readonly CriminalProcedureFacts Fast = new()
    {
        Pleads = true,
        AgreesProcedure = true,
        FactsClear = true,
        MaxSentenceMonths = 30,
        SettledCivil = true,
    };

    private static IEnumerable<TestCaseData> Criminal()
    {
        yield return new TestCaseData(Fast, "FAST-TRACK", "CR-FT-L").SetName("E-04b [T] fast track over a year");
        yield return new TestCaseData(Fast with { MaxSentenceMonths = 12 }, "FAST-TRACK", "CR-FT").SetName("E-04b [T] fast track to a year");
        yield return new TestCaseData(Fast with { MaxSentenceMonths = 36 }, "FAST-TRACK", "CR-FT-L").SetName("E-04b [T] exactly three years");
        yield return new TestCaseData(Fast with { MaxSentenceMonths = 37 }, "SIMPLE", "CR-SUM-L").SetName("E-04b [T] over three years: simple");
        yield return new TestCaseData(Fast with { Minor = true }, "SIMPLE", "CR-SUM").SetName("E-04b [T] CrPL 223 minor");
        yield return new TestCaseData(Fast with { SettledCivil = false }, "SIMPLE", "CR-SUM").SetName("E-04b [T] CrPL 223 civil claims not settled");
        yield return new TestCaseData(Fast with { BlindDeafMute = true }, "ORDINARY", "CR-1").SetName("E-04b [T] CrPL 215, 223 blind, deaf or mute");
        yield return new TestCaseData(Fast with { CoAccusedObjects = true }, "ORDINARY", "CR-1").SetName("E-04b [T] CrPL 215, 223 co-accused objects");
        yield return new TestCaseData(Fast with { Pleads = false }, "ORDINARY", "CR-1").SetName("E-04b [T] CrPL 214 no plea");
        yield return new TestCaseData(Fast with { AgreesProcedure = false }, "ORDINARY", "CR-1").SetName("E-04b [T] CrPL 214 objects");
        yield return new TestCaseData(Fast with { FactsClear = false }, "ORDINARY", "CR-1").SetName("E-04b [T] CrPL 214 facts not clear");
        yield return new TestCaseData(Fast with { MaxSentenceMonths = null }, "SIMPLE", "CR-SUM").SetName("E-04b [T] sentence unknown");
    }

    [TestCaseSource(nameof(Criminal))]
    public void Criminal_procedure(CriminalProcedureFacts facts, string procedure, string limit)
    {
        var choice = CriminalProcedure.Choose(facts);
        Assert.That((choice.Procedure, choice.Limit), Is.EqualTo((procedure, limit)));
    }

    private static IEnumerable<TestCaseData> Admin()
    {
        yield return new TestCaseData(new AdminProcedureFacts { FactsClear = true, Amount = 2_000m }, "SIMPLE", "AD-S").SetName(
            "E-04b [T] ALL 82 exactly 2 000 yuan"
        );
        yield return new TestCaseData(new AdminProcedureFacts { FactsClear = true, Amount = 2_000.01m }, "ORDINARY", "AD-1").SetName(
            "E-04b [T] ALL 82 above 2 000 yuan"
        );
        yield return new TestCaseData(new AdminProcedureFacts { FactsClear = true, SummaryPenalty = true }, "SIMPLE", "AD-S").SetName(
            "E-04b [T] ALL 82 on the spot"
        );
        yield return new TestCaseData(new AdminProcedureFacts { FactsClear = true, InformationDisclosure = true }, "SIMPLE", "AD-S").SetName(
            "E-04b [T] ALL 82 information disclosure"
        );
        yield return new TestCaseData(new AdminProcedureFacts { SummaryPenalty = true }, "ORDINARY", "AD-1").SetName("E-04b [T] ALL 82 facts not clear");
        yield return new TestCaseData(new AdminProcedureFacts { BothAgree = true }, "SIMPLE", "AD-S").SetName("E-04b [T] ALL 82 all agree");
        yield return new TestCaseData(
            new AdminProcedureFacts
            {
                BothAgree = true,
                FactsClear = true,
                SummaryPenalty = true,
                Remand = true,
            },
            "ORDINARY",
            "AD-1"
        ).SetName("E-04b [T] ALL 82 never after remand");
        yield return new TestCaseData(new AdminProcedureFacts { BothAgree = true, Retrial = true }, "ORDINARY", "AD-1").SetName(
            "E-04b [T] ALL 82 never in retrial"
        );
    }

    [TestCaseSource(nameof(Admin))]
    public void Administrative_procedure(AdminProcedureFacts facts, string procedure, string limit)
    {
        var choice = AdminProcedure.Choose(facts);
        Assert.That((choice.Procedure, choice.Limit), Is.EqualTo((procedure, limit)));
    }

    [Test]
    public void Refuses_what_does_not_exist()
    {
        Assert.That(Given.Fails(() => CivilProcedure.Choose(Clear with { Court = "village" })).Field, Is.EqualTo("court"));
        Assert.That(Given.Fails(() => CivilProcedure.Choose(Clear with { Province = "XX" })).Field, Is.EqualTo("province"));
        Assert.That(Given.Fails(() => CriminalProcedure.Choose(Fast with { MaxSentenceMonths = -1 })).Field, Is.EqualTo("maxSentenceMonths"));
    }

    [TestCase("500000000", false, false, null, true, TestName = "E-06 [X] intermediate court from 500 million")]
    [TestCase("499999999.99", false, false, null, false, TestName = "E-06 [X] below 500 million")]
    [TestCase("100000000", true, false, null, true, TestName = "E-06 [X] one party outside: from 100 million")]
    [TestCase("20000000", false, true, "吉", true, TestName = "E-06 [T] foreign: from 20 million in Jilin")]
    [TestCase("20000000", false, true, "京", false, TestName = "E-06 [T] foreign: from 40 million in Beijing")]
    [TestCase("5000000000", false, true, "京", true, TestName = "E-06 [T] foreign: high court from 5 billion")]
    public void Level_of_jurisdiction(string amount, bool outside, bool foreign, string? province, bool hint)
    {
        var hints = JurisdictionHints.For(
            new JurisdictionFacts
            {
                Amount = Yuan.Parse("x", amount),
                OnePartyOutsideProvince = outside,
                ForeignRelated = foreign,
                Province = province,
            },
            Given.Day("2026-11-02")
        );
        Assert.That(hints.Render().Any(l => l.Text.StartsWith("标的额", StringComparison.Ordinal)), Is.EqualTo(hint));
    }

    [Test(Description = "E-06 [T]")]
    public void Exclusive_and_agreed_jurisdiction_is_hinted()
    {
        var lines = JurisdictionHints
            .For(
                new JurisdictionFacts
                {
                    Immovable = true,
                    WrittenAgreement = true,
                    ConsumerFormatClause = true,
                },
                Given.Day("2026-11-02")
            )
            .Render();
        Assert.That(lines.Select(l => l.Tag), Is.All.EqualTo(LawTag.T));
        Assert.That(lines, Has.Count.EqualTo(3));
    }
}
