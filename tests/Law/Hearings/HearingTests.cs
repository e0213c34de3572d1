namespace CourtOps.Law.Tests;

public sealed class HearingTests
{
    [Test(Description = "G-01 (2) [P] worked example")]
    public void An_ordinary_hearing_comes_after_all_periods()
    {
        var ends = Periods.Compute(Given.Day("2026-11-02"), 15, PeriodUnit.Day, Given.Calendar).LegalLastDay;
        Assert.That(Given.Text(ends), Is.EqualTo("2026-11-17"));
        Assert.That(Given.Text(HearingDates.Earliest([ends, ends.AddDays(-3)], Given.Day("2026-11-03"))), Is.EqualTo("2026-11-18"));
        Assert.That(Given.Text(HearingDates.Earliest([ends], Given.Day("2026-11-03"), waived: true)), Is.EqualTo("2026-11-03"));
    }

    [Test(Description = "G-01 (4) [T]")]
    public void Assessors_are_drawn_seven_days_before() =>
        Assert.That(Given.Text(HearingDates.AssessorsDrawnBy(Given.Day("2026-11-27"), Given.Calendar).Limit), Is.EqualTo("2026-11-20"));

    [TestCase("MC-ORD", 1, "2026-11-27", "2026-12-27", false, "", TestName = "G-02 [T] second adjournment, a month")]
    [TestCase("MC-ORD", 2, "2026-11-27", "2026-12-01", false, "too-many", TestName = "G-02 [T] at most two in ordinary procedure")]
    [TestCase("MC-SUM", 1, "2026-11-27", "2026-12-01", false, "too-many", TestName = "G-02 [T] at most one in simple procedure")]
    [TestCase("MC-SML", 1, "2026-11-27", "2026-12-01", false, "too-many", TestName = "G-02 [T] at most one in small claims")]
    [TestCase("MC-ORD", 0, "2026-11-27", "2026-12-28", false, "gap-too-long", TestName = "G-02 [T] not over a month")]
    [TestCase("MC-ORD", 0, "2026-11-27", "2026-12-28", true, "", TestName = "G-02 [T] unless the parties agree")]
    public void Adjournment(string procedure, int earlier, string from, string next, bool agreed, string broken) =>
        Assert.That(string.Join(",", HearingDates.JudgeAdjournment(procedure, earlier, Given.Day(from), Given.Day(next), agreed)), Is.EqualTo(broken));

    [TestCase("COMPLAINT-COPY", 5, TestName = "C-07 [T] complaint to the defendant")]
    [TestCase("DEFENCE", 15, TestName = "C-07 [T] answer")]
    [TestCase("DEFENCE-FOREIGN", 30, TestName = "C-07 [T] answer without domicile")]
    [TestCase("DEFENCE-COPY", 5, TestName = "C-07 [T] answer to the plaintiff")]
    [TestCase("APPEAL-COPY", 5, TestName = "C-07 [T] appeal to the other side")]
    [TestCase("APPEAL-REPLY", 15, TestName = "C-07 [T] answer to the appeal")]
    [TestCase("APPEAL-REPLY-FOREIGN", 30, TestName = "C-07 [T] answer to the appeal without domicile")]
    [TestCase("APPEAL-REPLY-COPY", 5, TestName = "C-07 [T] answer to the appeal sent")]
    [TestCase("APPEAL-FILE", 5, TestName = "C-07 [T] file to the second court")]
    [TestCase("APPEAL-PASSED", 5, TestName = "C-07 [T] appeal passed on")]
    [TestCase("EVIDENCE-ORDINARY", 15, TestName = "C-07 [T] evidence, ordinary")]
    [TestCase("EVIDENCE-2ND", 10, TestName = "C-07 [T] evidence, second instance")]
    [TestCase("EVIDENCE-SIMPLE", 15, TestName = "C-07 [T] evidence, simple")]
    [TestCase("EVIDENCE-SMALL", 7, TestName = "C-07 [T] evidence, small claims")]
    [TestCase("JURISDICTION-OBJECTION", 15, TestName = "C-07 [T] objection to jurisdiction")]
    [TestCase("RETRIAL-COPY", 5, TestName = "C-07 [T] retrial application")]
    [TestCase("RETRIAL-OPINION", 15, TestName = "C-07 [T] opinion on it")]
    [TestCase("SECURITY-PAPERS", 5, TestName = "C-07 [T] realising security, papers")]
    [TestCase("SECURITY-OBJECTION", 5, TestName = "C-07 [T] realising security, objection")]
    [TestCase("ENFORCEMENT-NOTICE", 10, TestName = "C-07 [T] enforcement notice")]
    [TestCase("ENFORCEMENT-NOTICE-AFTER", 3, TestName = "C-07 [T] enforcement notice after measures")]
    [TestCase("PRES-RULING", 5, TestName = "D-04 [T] ruling")]
    [TestCase("PRES-BEGIN", 5, TestName = "D-04 [T] execution begun")]
    [TestCase("PRES-SUE", 30, TestName = "D-04 [T] suit after pre-suit preservation")]
    [TestCase("PRES-ENFORCE", 5, TestName = "D-04 [T] enforcement applied for")]
    [TestCase("PRES-REVIEW", 5, TestName = "D-04 [T] review asked")]
    [TestCase("PRES-REVIEW-DECISION", 10, TestName = "D-04 [T] review decided")]
    [TestCase("PRES-LIFT", 5, TestName = "D-04 [T] lifting")]
    [TestCase("PRES-THIRD-PARTY", 7, TestName = "D-04 [T] third party's objection")]
    [TestCase("PRES-TRANSFER", 15, TestName = "D-04 [X] transfer to the priority court")]
    [TestCase("FILE-TO-DIVISION", 3, TestName = "B-07 [T] file to the division")]
    [TestCase("FILE-2ND", 5, TestName = "B-07 [T] second instance filed")]
    [TestCase("PANEL-TOLD", 3, TestName = "B-07 [T] panel told")]
    [TestCase("RECORD-READ", 5, TestName = "B-07 [T] record read")]
    [TestCase("JUDGMENT-SENT", 10, TestName = "B-07 [T] judgment sent")]
    [TestCase("JUDGMENT-SENT-CR", 5, TestName = "B-07 [T] criminal judgment served")]
    public void Named_periods(string code, int days)
    {
        Assert.That(NamedPeriods.Get(code).N, Is.EqualTo(days));
        Assert.That(NamedPeriods.Due(code, Given.Day("2026-10-20"), Given.Calendar).RawLastDay, Is.EqualTo(Given.Day("2026-10-20").AddDays(days)));
    }

    [Test(Description = "D-04 [T] worked example")]
    public void Pre_suit_preservation_ends_in_a_suit_within_thirty_days() =>
        Assert.That(Given.Text(NamedPeriods.Due("PRES-SUE", Given.Day("2026-10-20"), Given.Calendar).LegalLastDay), Is.EqualTo("2026-11-19"));

    [TestCase("SUMMONS", "2026-11-23", TestName = "C-07 [T] summons three days before")]
    [TestCase("INDICTMENT", "2026-11-16", TestName = "C-07 [T] indictment ten days before")]
    [TestCase("SUMMONS-CR", "2026-11-23", TestName = "C-07 [T] criminal summons three days before")]
    [TestCase("LEGAL-AID", "2026-11-11", TestName = "C-07 [T] legal-aid body fifteen days before")]
    public void Named_notices(string code, string latest) =>
        Assert.That(Given.Text(NamedPeriods.LatestBefore(code, Given.Day("2026-11-27")).Latest), Is.EqualTo(latest));

    [TestCase("PRES-URGENT"), TestCase("PRES-LIFT-URGENT")]
    public void Urgent_rulings_take_48_hours(string code) =>
        Assert.That(LawDates.Text(NamedPeriods.DueAt(code, Given.Time("2026-11-20T10:20"), Given.Calendar).Last), Is.EqualTo("2026-11-22T11:00"), "D-04 [T]");

    [Test]
    public void A_named_period_is_not_used_the_wrong_way_round()
    {
        Given.Fails(() => NamedPeriods.Due("SUMMONS", Given.Day("2026-11-27"), Given.Calendar));
        Given.Fails(() => NamedPeriods.LatestBefore("DEFENCE", Given.Day("2026-11-27")));
        Given.Fails(() => NamedPeriods.DueAt("DEFENCE", Given.Time("2026-11-27T10:00"), Given.Calendar));
        Given.Fails(() => NamedPeriods.Get("NONE"));
    }
}
