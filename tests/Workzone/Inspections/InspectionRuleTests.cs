using CourtOps.Kernel.Settings;
using static CourtOps.Workzone.Inspections.Records;

namespace CourtOps.Workzone.Inspections;

/// <summary>Each rule: a record that breaks it, and one that does not.</summary>
public sealed class InspectionRuleTests
{
    // the record that breaks the rule; what it was made from does not
    private static readonly Dictionary<string, (CaseRecord Wrong, CaseRecord Right)> Cases = new()
    {
        ["year-differs"] = (Civil() with { Year = 2025 }, Civil()),
        ["kind-number"] = (Civil() with { Kind = "admin" }, Civil()),
        ["procedure-missing"] = (Heard() with { Procedure = "" }, Heard()),
        ["procedure-kind"] = (Heard() with { Procedure = "CR-1" }, Heard()),
        ["procedure-instance"] = (Second() with { Procedure = "MC-ORD" }, Second()),
        ["cause-vague"] = (Heard() with { Cause = "待定" }, Heard()),
        ["cause-kind"] = (Heard() with { Cause = "盗窃罪" }, Criminal()),
        ["cause-unlisted"] = (Heard() with { CauseListed = false }, Heard() with { CauseListed = null }),
        ["cause-small-claim"] = (Heard() with { Cause = "离婚纠纷", Procedure = "MC-SML" }, Heard() with { Cause = "离婚纠纷" }),
        ["amount-missing"] = (Heard() with { Amount = null }, Heard() with { Amount = null, Cause = "离婚纠纷" }),
        ["amount-zero"] = (Heard() with { Amount = 0 }, Heard() with { Amount = 1 }),
        ["amount-huge"] = (Heard() with { Amount = 10_000_000_000_001 }, Heard() with { Amount = 10_000_000_000_000 }),
        ["small-claim-amount"] = (Heard() with { Procedure = "MC-SML", Amount = null }, Heard() with { Procedure = "MC-SML" }),
        ["filed-later"] = (Heard() with { FiledOn = Today.AddDays(1) }, Heard() with { FiledOn = Today }),
        ["origin-missing"] = (Second() with { OriginId = null, HasOrigin = false }, Second()),
        ["origin-later"] = (Second() with { OriginFiledOn = On(3, 3) }, Second()),
        ["origin-self"] = (Second() with { OriginId = 7 }, Second()),
        ["custody-kind"] = (Heard() with { CustodyUntil = On(12, 1) }, Criminal()),
        ["custody-before-filing"] = (Criminal() with { CustodyUntil = On(3, 1) }, Criminal()),
        ["custody-passed"] = (Criminal() with { CustodyUntil = On(8, 31) }, Criminal() with { CustodyUntil = Today }),
        ["not-allotted"] = (Heard() with { JudgeId = null }, Heard()),
        ["allotted-undated"] = (Heard() with { AllottedOn = null }, Heard()),
        ["allotted-early"] = (Heard() with { AllottedOn = On(3, 1) }, Heard() with { AllottedOn = On(3, 2) }),
        ["allotted-later"] = (Heard() with { AllottedOn = Today.AddDays(1) }, Heard() with { AllottedOn = On(3, 2) }),
        ["judge-gone"] = (Heard() with { JudgeActive = false }, Heard()),
        ["limit-passed"] = (Heard() with { LegalEnd = On(8, 31) }, Heard() with { LegalEnd = Today }),
        ["one-side-only"] = (Heard() with { Parties = [Heard().Parties[0]] }, Heard()),
        ["no-claimant"] = (Heard() with { Parties = [Heard().Parties[1]] }, Heard()),
        ["no-respondent"] = (Heard().Other(p => p with { Role = "第三人" }), Heard()),
        ["role-kind"] = (Heard().Other(p => p with { Role = "被告人" }), Criminal()),
        ["prosecutor-missing"] = (Criminal() with { Parties = [Criminal().Parties[1]] }, Criminal()),
        ["accused-missing"] = (Criminal() with { Parties = [Criminal().Parties[0]] }, Criminal()),
        ["name-placeholder"] = (Heard().Other(p => p with { Name = "不详" }), Heard()),
        ["type-name"] = (Heard().Other(p => p with { Name = "某建材有限公司" }), Heard()),
        ["id-missing"] = (Heard().Other(p => p with { IdNumber = "" }), Criminal()),
        ["id-wrong"] = (Heard().Other(p => p with { IdNumber = "990101198001010011" }), Heard()),
        ["credit-code-wrong"] = (
            Heard().Other(p => p with { Type = "legal", Name = "某公司", IdNumber = "91222424MA0000000X" }),
            Heard().Other(p => p with { Type = "legal", Name = "某公司", IdNumber = Credit() })
        ),
        ["id-shared"] = (Heard().Other(p => p with { IdNumber = Heard().Parties[0].IdNumber }), Heard()),
        ["id-birth"] = (Heard().Other(p => p with { IdNumber = Id("99010118500101001") }), Heard()),
        ["minor-alone"] = (
            Heard().Other(p => p with { IdNumber = Id("99010120150101001") }),
            Heard().Other(p => p with { IdNumber = Id("99010120150101001") }).Agent(new("王某乙", "王某父", "法定代理人", true))
        ),
        ["phone-wrong"] = (Heard().Other(p => p with { Phone = "电话待问" }), Heard().Other(p => p with { Phone = "+86 138-0000-0000" })),
        ["email-wrong"] = (Heard().Other(p => p with { Email = "a@@b" }), Heard()),
        ["unreachable"] = (
            Heard().Other(p => p with { Phone = "", Email = "", EService = "none" }),
            Heard().Other(p => p with { Email = "", EService = "none" })
        ),
        ["eservice-without-address"] = (Heard().Other(p => p with { Phone = "", Email = "" }), Heard()),
        ["opponents-share-address"] = (Heard().Other(p => p with { Phone = Heard().Parties[0].Phone }), Heard()),
        ["agent-capacity"] = (Heard().Agent(new("王某乙", "冯某", "", true)), Heard().Agent(new("王某乙", "冯某", "近亲属", true))),
        ["agent-phone"] = (Heard().Agent(new("王某乙", "冯某", "近亲属", false)), Heard()),
        ["agent-both-sides"] = (Heard().Agent(new("王某乙", "孟某", "律师", true)), Heard().Agent(new("王某乙", "冯某", "律师", true))),
        ["panel-missing"] = (Civil() with { Panel = [] }, Civil().Without("panel-formed") with { Panel = [] }),
        ["panel-even"] = (Heard().Seats(("李测试", "presider", 1), ("林虚构", "member", 2)), Heard()),
        ["panel-presider"] = (Heard().Seats(("李测试", "member", 1), ("林虚构", "member", 2), ("郑范文", "member", 3)), Heard()),
        ["panel-twice"] = (Heard().Seats(("李测试", "presider", 1), ("林虚构", "member", 2), ("林虚构", "member", 2)), Heard()),
        ["panel-assessor-second"] = (Second().Seats(("李测试", "presider", 1), ("林虚构", "member", 2), ("陪审某", "assessor", null)), Second()),
        ["panel-without-judge"] = (Heard().Seats(("林虚构", "presider", 2), ("郑范文", "member", 3), ("陪审某", "assessor", null)), Heard()),
        ["hearing-before-filing"] = (Heard().With("hearing-held", On(3, 1)), Heard().With("hearing-held", On(3, 2))),
        ["hearing-before-allotment"] = (Heard().With("hearing-held", On(3, 2)), Heard().With("hearing-held", On(3, 3))),
        ["hearing-before-notice"] = (Heard().Without("hearing-scheduled"), Heard()),
        ["judgment-before-filing"] = (Heard().With("document-issued", On(3, 1), "ruling"), Heard().With("document-issued", On(3, 2), "ruling")),
        ["judgment-before-hearing"] = (Heard().With("document-issued", On(4, 19), "judgment"), Heard().With("document-issued", On(4, 20), "judgment")),
        ["judgment-without-hearing"] = (Civil().Without("hearing-held"), Civil()),
        ["judgment-unserved"] = (Civil().Without("document-served"), Civil()),
        ["deduction-evidence"] = (Heard().Fact(new("deduction", "D-GG", On(5, 1), On(6, 1), false)), Heard()),
        ["deduction-early"] = (Heard().Fact(new("deduction", "D-GG", On(3, 1), On(6, 1), true)), Heard()),
        ["deduction-long"] = (Heard().Fact(new("deduction", "D-ZZ", On(3, 4), null, true)), Heard().Fact(new("deduction", "D-ZZ", On(3, 5), null, true))),
        ["deduction-running-closed"] = (Civil().Fact(new("deduction", "D-ZZ", On(5, 5), null, true)), Civil()),
        ["extension-evidence"] = (Heard().Fact(new("extension", "EXT", On(8, 1), null, false)), Heard()),
        ["closed-without-manner"] = (Civil() with { ClosedHow = null }, Civil()),
        ["closed-undated"] = (Civil() with { ClosedOn = null }, Civil()),
        ["closed-before-filing"] = (Civil() with { ClosedOn = On(3, 1) }, Civil()),
        ["closed-before-judgment"] = (Civil() with { ClosedOn = On(6, 9) }, Civil() with { ClosedOn = On(6, 10) }),
        ["closed-without-document"] = (Civil().Without("document-issued"), Civil().Without("document-issued") with { ClosedHow = "withdrawn" }),
        ["closed-manner-kind"] = (Civil() with { ClosedHow = "performed" }, Executed() with { Open = false, ClosedHow = "performed", ClosedOn = On(6, 1) }),
        ["unallotted-closed"] = (Civil() with { JudgeId = null }, Civil()),
        ["hearing-after-closing"] = (Civil().With("hearing-held", On(6, 21)), Civil()),
        ["effect-before-judgment"] = (Civil().With("effective", On(6, 9)), Civil()),
        ["effect-before-service"] = (Civil().Without("document-served"), Civil()),
        ["appeal-after-effect"] = (Civil().With("appealed", On(7, 1)), Civil().With("appealed", On(6, 25))),
        ["appeal-before-judgment"] = (Civil().With("appealed", On(6, 9)), Civil().With("appealed", On(6, 25))),
        ["appeal-of-final"] = (Second().With("appealed", On(6, 9)), Heard().With("appealed", On(6, 9))),
        ["upper-without-appeal"] = (
            Civil().With("upper-result", On(8, 1), "upheld"),
            Civil().With("appealed", On(6, 25)).With("upper-result", On(8, 1), "upheld")
        ),
        ["upper-before-appeal"] = (
            Civil().With("appealed", On(6, 25)).With("upper-result", On(6, 24)),
            Civil().With("appealed", On(6, 25)).With("upper-result", On(8, 1))
        ),
        ["transferred-open"] = (Heard().With("transferred", On(8, 1)), Heard().With("transferred", On(8, 20))),
        ["archived-open"] = (Heard().With("archived", On(7, 1)), Civil()),
        ["archived-early"] = (Civil().With("archived", On(6, 19)), Civil()),
        ["event-later"] = (Heard().With("hearing-held", Today.AddDays(1)), Heard().With("hearing-scheduled", Today.AddDays(1))),
    };

    public static IEnumerable<string> Codes => InspectionRules.All.Select(r => r.Code);

    [TestCaseSource(nameof(Codes))]
    public void A_rule_finds_what_breaks_it_and_nothing_else(string code)
    {
        Assert.That(Cases, Contains.Key(code), "a rule without a case");
        var (wrong, right) = Cases[code];
        Assert.That(Found(wrong), Does.Contain(code));
        Assert.That(Found(right), Does.Not.Contain(code));
    }

    [Test]
    public void A_record_without_fault_has_no_finding_in_any_kind_of_case()
    {
        foreach (var record in new[] { Civil(), Heard(), Criminal(), Second(), Executed() })
            Assert.That(Found(record), Is.Empty, record.Number);
    }

    [Test]
    public void No_label_holds_the_sign_that_parts_values_in_a_cell() =>
        Assert.That(InspectionRules.All.Select(r => r.Label), Has.None.Contains("、").And.None.Contains(","));

    [Test]
    public void There_are_forty_rules_and_their_table_is_whole()
    {
        Assert.That(InspectionRules.All, Has.Count.GreaterThanOrEqualTo(40));
        Assert.That(Cases.Keys, Is.EquivalentTo(Codes), "a case of no rule");
        Assert.That(InspectionTable.Table.Check(InspectionTable.Table.Default), Is.Empty);
        Assert.That(
            InspectionRules.All.Where(r => r.Stage is "allotted" or "hearing" or "judged" or "closed").Select(r => r.Stage).Distinct().Count(),
            Is.EqualTo(4),
            "every stage has its own"
        );
    }

    [TestCase("civil", false)]
    [TestCase("admin", true)]
    public void A_court_turns_a_rule_off_for_a_kind_of_case(string kind, bool counts)
    {
        var off = new TableRow
        {
            When = new Dictionary<string, Condition> { ["Rule"] = new(Ops.Is, ["id-missing"]), ["Kind"] = new(Ops.Is, ["civil"]) },
            Then = new Dictionary<string, string>
            {
                ["Severity"] = "off",
                ["Stage"] = "filed",
                ["Orders"] = "no",
                ["Days"] = "0",
            },
        };
        var table = new TableBody { Rows = [off, .. InspectionTable.Table.Default.Rows] };
        Assert.That(InspectionTable.Table.Check(table), Is.Empty);
        Assert.That(InspectionTable.Of(table, InspectionRules.ByCode["id-missing"], kind).Severity != "off", Is.EqualTo(counts));
    }

    [Test]
    public void A_rule_waits_for_its_stage_and_one_newer_than_the_table_counts_by_default()
    {
        var filed = Heard() with { JudgeId = null, Events = [], Amount = null };
        Assert.That(Found(filed), Does.Not.Contain("amount-missing"), "it looks from the allotment on");
        Assert.That(InspectionTable.Of(new TableBody(), InspectionRules.ByCode["id-wrong"], "civil").Severity, Is.EqualTo("error"));
    }

    [TestCase(40, 0, 100)]
    [TestCase(40, 1, 97)]
    [TestCase(3, 3, 0)]
    [TestCase(0, 0, 100)]
    public void Completeness_is_the_share_of_rules_that_find_nothing(int rules, int failed, int percent) =>
        Assert.That(Completeness.Percent(rules, failed), Is.EqualTo(percent));

    private static List<string> Found(CaseRecord record) =>
        [.. InspectionTable.Inspect(record, InspectionTable.Table.Default, Today).Findings.Select(f => f.Rule.Code).Distinct()];

    // seventeen digits with the check digit they need
    private static string Id(string body) => Enumerable.Range(0, 11).Select(i => body + "0123456789X"[i]).Single(IdNumbers.IsIdCard);

    private static string Credit() => "0123456789ABCDEFGHJKLMNPQRTUWXY".Select(c => "91222424MA0000001" + c).First(IdNumbers.IsCreditCode);
}
