namespace CourtOps.Law.Tests;

public sealed class TrialClockTests
{
    private static TrialClock Case(string procedure, string filed) => new() { Procedure = procedure, Filed = Given.Day(filed) };

    private static Deduction Cut(string from, string to, string? code = null) => new(Given.Day(from), Given.Day(to), code);

    private static LimitExtension Longer(int n, PeriodUnit unit, string? applied = null) => new(n, unit, applied is null ? null : Given.Day(applied));

    [TestCase("MC-ORD", "2026-03-02", "2026-09-02", "president", TestName = "B-01 MC-ORD [T]")]
    [TestCase("MC-SUM", "2026-05-08", "2026-08-08", "president", TestName = "B-01 MC-SUM [T]")]
    [TestCase("MC-SML", "2026-05-08", "2026-07-08", "president", TestName = "B-01 MC-SML [T]")]
    [TestCase("MC-SPE", "2026-05-08", "2026-06-07", "president", TestName = "B-01 MC-SPE [T]")]
    [TestCase("MC-2J", "2026-05-08", "2026-08-08", "president", TestName = "B-01 MC-2J [T]")]
    [TestCase("MC-2R", "2026-05-08", "2026-06-07", "president", TestName = "B-01 MC-2R [T]")]
    [TestCase("MC-RA", "2026-05-08", "2026-08-08", "president", TestName = "B-01 MC-RA [T]")]
    [TestCase("MC-RT-1", "2026-05-08", "2026-11-08", "president", TestName = "B-01 MC-RT-1 [T]")]
    [TestCase("MC-RT-2", "2026-05-08", "2026-08-08", "president", TestName = "B-01 MC-RT-2 [T]")]
    [TestCase("MC-PAY-ACCEPT", "2026-05-08", "2026-05-13", null, TestName = "B-01 MC-PAY-ACCEPT [T]")]
    [TestCase("MC-PAY-ORDER", "2026-05-08", "2026-05-23", null, TestName = "B-01 MC-PAY-ORDER [T]")]
    [TestCase("MC-PUB-NOTICE", "2026-05-08", "2026-05-11", null, TestName = "B-01 MC-PUB-NOTICE [T]")]
    [TestCase("MC-3RD-FILE", "2026-05-08", "2026-06-07", null, TestName = "B-01 MC-3RD-FILE [T]")]
    [TestCase("MC-3RD-SUIT", "2026-05-08", "2026-05-23", null, TestName = "B-01 MC-3RD-SUIT [T]")]
    [TestCase("AD-1", "2026-05-08", "2026-11-08", "high-court", TestName = "B-01 AD-1 [T]")]
    [TestCase("AD-S", "2026-05-08", "2026-06-22", null, TestName = "B-01 AD-S [T]")]
    [TestCase("AD-2", "2026-05-08", "2026-08-08", "high-court", TestName = "B-01 AD-2 [T]")]
    [TestCase("AD-NL-ACCEPT", "2026-05-08", "2026-05-13", null, TestName = "B-01 AD-NL-ACCEPT [T]")]
    [TestCase("AD-NL-RULE", "2026-05-08", "2026-05-15", null, TestName = "B-01 AD-NL-RULE [T]")]
    [TestCase("AD-NL-REVIEW", "2026-05-08", "2026-06-07", null, TestName = "B-01 AD-NL-REVIEW [T]")]
    [TestCase("CR-1", "2026-05-08", "2026-07-08", "president", TestName = "B-01 CR-1 [T]")]
    [TestCase("CR-PR", "2026-05-08", "2026-11-08", null, TestName = "B-01 CR-PR [T]")]
    [TestCase("CR-SUM", "2026-05-08", "2026-05-28", null, TestName = "B-01 CR-SUM [T]")]
    [TestCase("CR-SUM-L", "2026-05-08", "2026-06-23", null, TestName = "B-01 CR-SUM-L [T] a month and a half: 15 days for the half")]
    [TestCase("CR-FT", "2026-05-08", "2026-05-18", null, TestName = "B-01 CR-FT [T]")]
    [TestCase("CR-FT-L", "2026-05-08", "2026-05-23", null, TestName = "B-01 CR-FT-L [T]")]
    [TestCase("CR-2", "2026-05-08", "2026-07-08", "high-court", TestName = "B-01 CR-2 [T]")]
    [TestCase("CR-RT", "2026-05-08", "2026-08-08", "president", TestName = "B-01 CR-RT [T]")]
    [TestCase("EX", "2026-05-08", "2026-11-08", "president", TestName = "B-01 EX [T]")]
    [TestCase("EX-NL", "2026-05-08", "2026-08-08", "president", TestName = "B-01 EX-NL [T]")]
    [TestCase("SC-C", "2026-05-08", "2026-08-08", "president", TestName = "B-01 SC-C [T]")]
    [TestCase("SC-S", "2026-05-08", "2026-07-08", null, TestName = "B-01 SC-S [T]")]
    [TestCase("SC-R", "2026-05-08", "2026-08-08", "president", TestName = "B-01 SC-R [T]")]
    [TestCase("SC-R-REHEAR", "2026-05-08", "2026-07-08", null, TestName = "B-01 SC-R re-hearing [T]")]
    [TestCase("OT-PRES-REVIEW", "2026-05-08", "2026-05-18", null, TestName = "B-01 OT preservation review [T]")]
    [TestCase("OT-FINE-REVIEW", "2026-05-08", "2026-05-13", null, TestName = "B-01 OT fine review [T]")]
    [TestCase("OT-RECUSAL", "2026-05-08", "2026-05-11", null, TestName = "B-01 OT recusal [T]")]
    [TestCase("OT-RECUSAL-REVIEW", "2026-05-08", "2026-05-11", null, TestName = "B-01 OT recusal review [T]")]
    [TestCase("OT-FEE-REVIEW", "2026-05-08", "2026-05-23", null, TestName = "B-01 OT fee review [T]")]
    [TestCase("OT-EX-FILE", "2026-05-08", "2026-05-11", null, TestName = "B-01 OT enforcement objection filing [T]")]
    [TestCase("OT-EX-OBJECTION", "2026-05-08", "2026-05-23", null, TestName = "B-01 OT enforcement objection [T]")]
    [TestCase("OT-EX-REVIEW", "2026-05-08", "2026-06-07", "president", TestName = "B-01 OT enforcement review [T]")]
    public void Base_of_each_code(string code, string filed, string baseEnd, string? approver)
    {
        var result = Case(code, filed).Compute(Given.Calendar);
        Assert.That(Given.Text(result.BaseEnd), Is.EqualTo(baseEnd));
        Assert.That(Given.Text(result.End), Is.EqualTo(baseEnd));
        Assert.That(result.Approver, Is.EqualTo(approver));
        Assert.That(result.Breaches, Is.Empty);
    }

    [Test]
    public void Every_code_has_a_test()
    {
        var tested = GetType()
            .GetMethod(nameof(Base_of_each_code))!
            .GetCustomAttributes(typeof(TestCaseAttribute), false)
            .Cast<TestCaseAttribute>()
            .Select(t => (string)t.Arguments[0]!);
        Assert.That(TrialLimitTable.Limits.Select(l => l.Code), Is.EquivalentTo(tested.Append("MC-FOR")));
    }

    [Test(Description = "B-01 MC-FOR [T]")]
    public void A_foreign_case_has_no_limit()
    {
        var result = Case("MC-FOR", "2026-05-08").Compute(Given.Calendar);
        Assert.That(result.End, Is.Null);
        Assert.That(result.LegalEnd, Is.Null);
        Assert.That(result.Warnings, Is.Empty);
    }

    [Test(Description = "B-03 [T] worked example: 40 days of expert opinion, then +6 months")]
    public void Worked_example_of_deduction_and_extension()
    {
        var facts = Case("MC-ORD", "2026-03-02") with { Deductions = [Cut("2026-04-10", "2026-05-20", "D-JD")] };
        var result = facts.Compute(Given.Calendar);
        Assert.That(Given.Text(result.BaseEnd), Is.EqualTo("2026-09-02"));
        Assert.That(result.DeductedDays, Is.EqualTo(40));
        Assert.That(Given.Text(result.End), Is.EqualTo("2026-10-12"));
        // B-05 [T] worked example on the same case
        Assert.That(Given.Text(result.LastDayToApply), Is.EqualTo("2026-09-27"));
        Assert.That(Given.Text(result.InternalLastDayToApply), Is.EqualTo("2026-09-24"));
        Assert.That(Given.Text(result.DecisionDue), Is.EqualTo("2026-10-07"));
        Assert.That(Given.Text(result.InternalDecisionDue), Is.EqualTo("2026-09-30"));
        Assert.That(result.Provisional, Is.False);

        var longer = (facts with { Extensions = [Longer(6, PeriodUnit.Month)] }).Compute(Given.Calendar);
        Assert.That(Given.Text(longer.End), Is.EqualTo("2027-04-12"));
        Assert.That(longer.Approver, Is.EqualTo("superior-court"));
        Assert.That(longer.Provisional, Is.True);
    }

    [Test(Description = "B-02 [T] worked example")]
    public void Simple_to_ordinary_counts_from_filing()
    {
        var result = (Case("MC-SUM", "2026-05-08") with { Conversions = [new Conversion("MC-ORD", Given.Day("2026-07-30"))] }).Compute(Given.Calendar);
        Assert.That(Given.Text(result.BaseEnd), Is.EqualTo("2026-11-08"));
        Assert.That(result.Breaches, Is.Empty);
    }

    [Test(Description = "B-02 [T] a conversion after expiry is a breach, not refused")]
    public void Late_conversion_is_shown()
    {
        var result = (Case("MC-SUM", "2026-05-08") with { Conversions = [new Conversion("MC-ORD", Given.Day("2026-08-20"))] }).Compute(Given.Calendar);
        Assert.That(Given.Text(result.End), Is.EqualTo("2026-11-08"));
        Assert.That(result.Breaches.Select(b => b.Code), Is.EqualTo(new[] { "conversion-late" }));
    }

    [TestCase("CR-SUM", "CR-1", "2026-07-20", TestName = "B-02 [T] criminal simple to ordinary restarts on the decision day")]
    [TestCase("CR-FT", "CR-SUM", "2026-06-09", TestName = "B-02 [T] fast track to simple restarts on the decision day")]
    public void Criminal_conversion_restarts(string from, string to, string end)
    {
        var result = (Case(from, "2026-05-12") with { Conversions = [new Conversion(to, Given.Day("2026-05-20"))] }).Compute(Given.Calendar);
        Assert.That(Given.Text(result.BaseEnd), Is.EqualTo(end));
    }

    [Test(Description = "B-03 D-BC [T]")]
    public void Supplementary_investigation_restarts_the_clock()
    {
        var result = (Case("CR-1", "2026-03-02") with { Deductions = [Cut("2026-04-01", "2026-04-20", "D-BC")] }).Compute(Given.Calendar);
        Assert.That(Given.Text(result.BaseEnd), Is.EqualTo("2026-06-20"));
        Assert.That(Given.Text(result.End), Is.EqualTo("2026-06-20"));
        var told = (Case("CR-1", "2026-03-02") with { Restart = Given.Day("2026-04-20") }).Compute(Given.Calendar);
        Assert.That(told.End, Is.EqualTo(result.End));
    }

    [Test(Description = "B-03 [T] union, empty, clipped")]
    public void Deductions_are_a_union_clipped_to_the_limit()
    {
        var facts = Case("MC-ORD", "2026-03-02");
        Assert.That(Days(facts, Cut("2026-04-01", "2026-04-11"), Cut("2026-04-06", "2026-04-16")), Is.EqualTo(15));
        Assert.That(Days(facts, Cut("2026-04-01", "2026-04-01")), Is.Zero);
        Assert.That(Days(facts, Cut("2026-02-20", "2026-03-05")), Is.EqualTo(3));
        Assert.That(Days(facts, Cut("2026-09-03", "2026-09-10")), Is.Zero);
        Assert.That(Days(facts, Cut("2026-08-20", "2026-09-10")), Is.EqualTo(21), "the end moves on with an interval that begins before it");
        Assert.That(Days(facts, Cut("2026-08-20", "2026-09-10"), Cut("2026-09-15", "2026-09-20")), Is.EqualTo(26));
        Assert.That(Given.Fails(() => Days(facts, Cut("2026-04-02", "2026-04-01"))).Field, Is.EqualTo("deduct"));
        Assert.That(Given.Fails(() => Days(facts, Cut("2026-04-01", "2026-04-02", "D-XX"))).Field, Is.EqualTo("deduct"));
        Assert.That(Given.Fails(() => Days(facts, Cut("2026-04-01", "2026-04-02", "D-JSB"))).Field, Is.EqualTo("deduct"));
    }

    [Test(Description = "B-03 D-YQ [T] at most a month")]
    public void An_adjournment_counts_for_a_month_at_most()
    {
        var result = (Case("MC-ORD", "2026-03-02") with { Deductions = [Cut("2026-04-01", "2026-06-01", "D-YQ")] }).Compute(Given.Calendar);
        Assert.That(result.DeductedDays, Is.EqualTo(30));
        Assert.That(result.Breaches.Select(b => b.Code), Is.EqualTo(new[] { "adjournment-long" }));
    }

    [TestCase("MC-SUM", 1, PeriodUnit.Month, "2026-09-08", null, TestName = "B-01 MC-SUM [T] one month more, four in all")]
    [TestCase("MC-SUM", 2, PeriodUnit.Month, "2026-09-08", "extension-long", TestName = "B-01 MC-SUM [T] never over four months")]
    [TestCase("MC-SML", 1, PeriodUnit.Month, "2026-08-08", null, TestName = "B-01 MC-SML [T] extension")]
    [TestCase("MC-SPE", 30, PeriodUnit.Day, "2026-07-07", null, TestName = "B-01 MC-SPE [T] extension")]
    [TestCase("MC-2J", 4, PeriodUnit.Month, "2026-12-08", "extension-unusual", TestName = "B-01 MC-2J [T] over the 2000 rule")]
    [TestCase("AD-S", 1, PeriodUnit.Month, "2026-06-22", "extension-none", TestName = "B-01 AD-S [T] no extension")]
    [TestCase("CR-1", 1, PeriodUnit.Month, "2026-08-08", null, TestName = "B-01 CR-1 [T] own power to three months")]
    [TestCase("CR-1", 3, PeriodUnit.Month, "2026-10-08", null, TestName = "B-01 CR-1 [T] three months by the higher court")]
    [TestCase("CR-2", 2, PeriodUnit.Month, "2026-09-08", null, TestName = "B-01 CR-2 [T] two months by the high court")]
    [TestCase("CR-RT", 3, PeriodUnit.Month, "2026-11-08", null, TestName = "B-01 CR-RT [T] six months in all")]
    [TestCase("EX", 3, PeriodUnit.Month, "2027-02-08", null, TestName = "B-01 EX [T] extension")]
    [TestCase("SC-C", 3, PeriodUnit.Month, "2026-11-08", null, TestName = "B-01 SC-C [T] extension")]
    [TestCase("SC-S", 1, PeriodUnit.Month, "2026-07-08", "extension-none", TestName = "B-01 SC-S [T] no extension")]
    [TestCase("SC-R", 3, PeriodUnit.Month, "2026-11-08", null, TestName = "B-01 SC-R [T] six months in all")]
    [TestCase("OT-EX-REVIEW", 30, PeriodUnit.Day, "2026-07-07", null, TestName = "B-01 OT enforcement review [T] extension")]
    public void Extensions(string code, int n, PeriodUnit unit, string end, string? breach)
    {
        var result = (Case(code, "2026-05-08") with { Extensions = [Longer(n, unit)] }).Compute(Given.Calendar);
        Assert.That(Given.Text(result.End), Is.EqualTo(end));
        Assert.That(result.Breaches.Select(b => b.Code), Is.EqualTo(breach is null ? [] : new[] { breach }));
    }

    [TestCase("MC-ORD", "2026-03-02", "2026-08-18", null, "2027-03-02", TestName = "B-05 [T] civil: applied on the last day, 15 before")]
    [TestCase("MC-ORD", "2026-03-02", "2026-08-19", "extension-late", "2027-03-02", TestName = "B-05 [T] civil: applied too late is shown")]
    [TestCase("MC-ORD", "2026-03-02", "2026-09-03", "extension-after-expiry", "2026-09-02", TestName = "B-05 [P] hard gate: none after expiry")]
    public void Gates(string code, string filed, string applied, string? breach, string end)
    {
        var result = (Case(code, filed) with { Extensions = [Longer(6, PeriodUnit.Month, applied)] }).Compute(Given.Calendar);
        Assert.That(Given.Text(result.End), Is.EqualTo(end));
        Assert.That(result.Breaches.Select(b => b.Code), Is.EqualTo(breach is null ? [] : new[] { breach }));
    }

    [TestCase("AD-1", "2026-10-29", "2026-11-05", TestName = "B-05 [T] administrative: 10 and 3 days")]
    [TestCase("EX", "2026-11-03", null, TestName = "B-05 [X] enforcement: 5 days")]
    [TestCase("MC-ORD", "2026-10-24", "2026-11-03", TestName = "B-05 [T] civil: 15 and 5 days")]
    public void Gate_days(string code, string apply, string? decide)
    {
        var result = Case(code, "2026-05-08").Compute(Given.Calendar);
        Assert.That(Given.Text(result.LastDayToApply), Is.EqualTo(apply));
        Assert.That(Given.Text(result.DecisionDue), Is.EqualTo(decide));
    }

    [Test(Description = "B-04 [P], A-01 (5) [T]")]
    public void The_end_is_raw_and_the_legal_end_rolled_but_not_in_custody()
    {
        var free = Case("CR-1", "2026-08-01").Compute(Given.Calendar);
        Assert.That((Given.Text(free.End), Given.Text(free.LegalEnd)), Is.EqualTo(("2026-10-01", "2026-10-08")));
        var held = (Case("CR-1", "2026-08-01") with { Custody = true }).Compute(Given.Calendar);
        Assert.That((Given.Text(held.End), Given.Text(held.LegalEnd)), Is.EqualTo(("2026-10-01", "2026-10-01")));
    }

    [Test(Description = "B-01 CR-PR [T] in custody: as CR-1")]
    public void Private_prosecution_in_custody_has_the_limit_of_public_prosecution() =>
        Assert.That(Given.Text((Case("CR-PR", "2026-05-08") with { Custody = true }).Compute(Given.Calendar).BaseEnd), Is.EqualTo("2026-07-08"));

    [Test(Description = "B-08 [P] long limits")]
    public void Warnings_of_a_long_limit_are_delivered_on_working_days()
    {
        var result = (Case("MC-ORD", "2026-03-02") with { Deductions = [Cut("2026-04-10", "2026-05-20")] }).Compute(Given.Calendar);
        Assert.That(
            result.Warnings.Select(w => (w.Tier, Given.Text(w.Date))),
            Is.EqualTo(
                new[]
                {
                    ("D-30", "2026-09-11"),
                    ("D-22", "2026-09-20"),
                    ("D-16", "2026-09-24"),
                    ("D-10", "2026-09-30"),
                    ("D-5", "2026-09-30"),
                    ("due", "2026-10-12"),
                    ("overdue", "2026-10-13"),
                }
            )
        );
        Assert.That(result.Warnings[0].To, Is.EqualTo(new[] { "handler" }));
        Assert.That(result.Warnings[1].To, Is.EqualTo(new[] { "handler", "division-head" }));
        Assert.That(result.Warnings[3].To, Is.EqualTo(new[] { "division-head" }));
        Assert.That(result.Warnings[4].To, Is.EqualTo(new[] { "management", "vice-president" }));
    }

    [TestCase("MC-SML"), TestCase("CR-1"), TestCase("CR-2"), TestCase("SC-S"), TestCase("AD-S"), TestCase("MC-SPE")]
    public void Warnings_of_a_short_limit(string code) =>
        Assert.That(
            Case(code, "2026-05-08").Compute(Given.Calendar).Warnings.Select(w => w.Tier),
            Is.EqualTo(new[] { "D-10", "D-5", "D-3", "D-1", "due", "overdue" }),
            "B-08 [P]"
        );

    [Test(Description = "B-06 [T]")]
    public void A_case_closes_with_the_last_party()
    {
        var closed = ClosingDate.Of([(ClosingEvent.Pronounced, Given.Day("2026-09-01")), (ClosingEvent.Posted, Given.Day("2026-09-02"))]);
        var clock = Case("MC-ORD", "2026-03-02").Compute(Given.Calendar);
        Assert.That(ClosingDate.InLimit(closed, clock), Is.True);
        Assert.That(ClosingDate.InLimit(closed.AddDays(1), clock), Is.False);
    }

    [TestCase("XX"), TestCase(""), TestCase("mc-ord"), TestCase("MC-RT")]
    public void Refuses_an_unknown_code(string code) =>
        Assert.That(Given.Fails(() => Case(code, "2026-05-08").Compute(Given.Calendar)).Field, Is.EqualTo("procedure"));

    [TestCase("MC-ORD", "AD-1", "2026-06-01"), TestCase("MC-SUM", "NONE", "2026-06-01"), TestCase("MC-SUM", "MC-ORD", "2026-05-07")]
    public void Refuses_an_impossible_conversion(string from, string to, string on) =>
        Assert.That(
            Given.Fails(() => (Case(from, "2026-05-08") with { Conversions = [new Conversion(to, Given.Day(on))] }).Compute(Given.Calendar)).Field,
            Is.EqualTo("convert")
        );

    [Test]
    public void Explains_each_step_with_source_and_tag()
    {
        var explain = new Explanation();
        _ = (Case("MC-ORD", "2026-03-02") with { Deductions = [Cut("2026-04-10", "2026-05-20", "D-JD")], Extensions = [Longer(6, PeriodUnit.Month)] }).Compute(
            Given.Calendar,
            null,
            explain
        );
        var lines = explain.Render();
        Assert.That(lines, Has.Count.GreaterThan(5));
        Assert.That(lines.Select(l => l.Date), Has.Member("2027-04-12"));
        Assert.That(lines.Any(l => l.Source.Contains("第152条", StringComparison.Ordinal)));
        Assert.That(explain.Render(LawLanguage.English), Has.Count.EqualTo(lines.Count));
    }

    private static int Days(TrialClock facts, params Deduction[] deductions) => (facts with { Deductions = deductions }).Compute(Given.Calendar).DeductedDays;
}
