using System.Globalization;
using CourtOps.Law;
using CourtOps.Triage.Allotments;
using CourtOps.Triage.Filings;
using CourtOps.Triage.Split;
using CourtOps.Workzone;

namespace CourtOps.Triage;

[TestFixture]
public sealed class RuleTests
{
    [TestCase("伍万元整", 5_000_000)]
    [TestCase("人民币壹仟贰佰叁拾肆元伍角陆分", 123_456)]
    [TestCase("壹亿零叁拾万圆", 10_030_000_000)]
    [TestCase("三万二千元", 3_200_000)]
    [TestCase("拾元", 1_000)]
    [TestCase("捌角", 80)]
    [TestCase("大约五万", null)]
    [TestCase("", null)]
    public void Amounts_in_words_are_cents(string words, long? cents) => Assert.That(ChineseAmount.Cents(words), Is.EqualTo(cents));

    // E-01: from the following day; a last day on a holiday rolls (2026-10-01 to 07 are holidays, 2026-10-10 is a working Saturday)
    [TestCase("civil", "民间借贷纠纷", "", "2026-03-02", "2026-03-09")]
    [TestCase("admin", "行政处罚", "", "2026-03-07", "2026-03-16")]
    [TestCase("criminal", "故意伤害", "privateProsecution", "2026-03-02", "2026-03-17")]
    [TestCase("civil", "第三人撤销之诉", "", "2026-03-02", "2026-04-01")]
    [TestCase("civil", "案外人执行异议之诉", "", "2026-03-02", "2026-03-17")]
    [TestCase("civil", "买卖合同纠纷", "", "2026-09-28", "2026-10-08")]
    public void A_filing_is_decided_in_the_days_of_the_law(string kind, string cause, string tick, string from, string to) =>
        Assert.That(
            FilingClock.DecideBy(kind, cause, tick.Length == 0 ? [] : [tick], DateOnly.Parse(from, CultureInfo.InvariantCulture), CourtCalendar.Default),
            Is.EqualTo(DateOnly.Parse(to, CultureInfo.InvariantCulture))
        );

    [TestCase("990101198001010014", true)]
    [TestCase("990101198001010011", false)]
    [TestCase("9901011980010100AX", false)]
    public void Ids_carry_their_check_digit(string number, bool right) => Assert.That(IdNumbers.IsIdCard(number), Is.EqualTo(right));

    [TestCase("91350100M000100Y43", true)]
    [TestCase("91350100M000100Y44", false)]
    [TestCase("91350100I000100Y43", false)]
    public void Credit_codes_carry_their_check_sign(string number, bool right) => Assert.That(IdNumbers.IsCreditCode(number), Is.EqualTo(right));

    [Test]
    public void Parties_are_folded_and_checked()
    {
        var (parties, faults) = PartyReading.Read([
            new PartyIn
            {
                Name = " 张某甲 ",
                Role = "原告",
                IdNumber = "９９０１０１１９８００１０１００１4",
                Phone = "138-0000 0001",
            },
            new PartyIn(),
            new PartyIn
            {
                Name = "虚构商贸有限公司",
                Role = "被告",
                IdNumber = "91350100M000100Y43",
                Email = "a@b.example",
            },
        ]);
        Assert.That(faults, Is.Empty);
        Assert.That(
            parties.Select(p => (p.Name, p.Type, p.IdNumber, p.Phone, p.EService)),
            Is.EqualTo(
                new[]
                {
                    ("张某甲", "natural", "990101198001010014", "13800000001", "none"),
                    ("虚构商贸有限公司", "legal", "91350100M000100Y43", "", "obtained"),
                }
            )
        );
    }

    [TestCase("IdNumber", "990101198001010011", "13800000001", "a@b.example")]
    [TestCase("Phone", "", "12ab", "")]
    [TestCase("Phone", "", "93800000001", "")]
    [TestCase("Email", "", "", "not an address")]
    public void A_wrong_field_is_named(string field, string number, string phone, string email) =>
        Assert.That(
            PartyReading
                .Read([
                    new PartyIn
                    {
                        Name = "张某甲",
                        Role = "原告",
                        IdNumber = number,
                        Phone = phone,
                        Email = email,
                    },
                ])
                .Faults.Select(f => f.Field),
            Is.EqualTo(new[] { $"Parties[0].{field}" })
        );

    [Test]
    public void The_same_party_twice_is_refused_however_it_is_written() =>
        Assert.That(PartyReading.Read([TriageSamples.Plaintiff("买买提·某甲"), TriageSamples.Plaintiff("买买提•某甲")]).Faults, Has.Count.EqualTo(1));

    [TestCase(2, 2, true, true, true, "民间借贷纠纷", null, "duplicate")]
    [TestCase(2, 2, true, true, false, "离婚纠纷", "2026-01-10", "repeat-divorce")]
    [TestCase(2, 2, true, true, false, "离婚纠纷", "2025-08-10", "between-same")]
    [TestCase(2, 2, true, true, false, "离婚后财产纠纷", "2026-01-10", "between-same")]
    [TestCase(2, 2, true, true, false, "离婚纠纷", "2025-09-02", "repeat-divorce")]
    [TestCase(2, 2, true, true, false, "离婚纠纷", "2025-09-01", "between-same")]
    [TestCase(2, 2, true, false, true, "买卖合同纠纷", null, "between-same")]
    [TestCase(2, 1, false, true, true, "物业服务合同纠纷", null, "series")]
    [TestCase(2, 1, false, false, true, "物业服务合同纠纷", null, "related")]
    public void What_was_found_near_is_judged(int parties, int shared, bool both, bool sameCause, bool open, string cause, string? closed, string what) =>
        Assert.That(
            Nearness.Of(
                parties,
                shared,
                both,
                sameCause,
                open,
                cause,
                closed is null ? null : DateOnly.Parse(closed, CultureInfo.InvariantCulture),
                new DateOnly(2026, 3, 2)
            ),
            Is.EqualTo(what)
        );

    [Test]
    public void The_other_spouse_may_sue_for_divorce_at_any_time() =>
        Assert.That(
            Nearness.Of(2, 2, true, true, false, "离婚纠纷", new DateOnly(2026, 1, 10), new DateOnly(2026, 3, 2), sameClaimant: false),
            Is.EqualTo("between-same")
        );

    [TestCase("0433-8822345转801", true)]
    [TestCase("+86 138 1111 3333", true)]
    [TestCase("13811112222", true)]
    [TestCase("1380000123", false)]
    [TestCase("138000012345", false)]
    [TestCase("转801", false)]
    [TestCase("", true)]
    public void A_phone_is_one_that_can_be_called(string phone, bool right) => Assert.That(PartyReading.IsPhone(phone), Is.EqualTo(right));

    [TestCase(10_000, 4_000, 27_500, 4_000, 6_000)]
    [TestCase(10_000, 20_000, 27_500, 10_000, 0)]
    [TestCase(40_000, 0, 27_500, 0, 27_500)]
    public void A_smaller_fee_takes_off_the_debt_first(long cents, long owed, long paid, long fromOwed, long fromPaid) =>
        Assert.That(CourtOps.Triage.Fees.FeeChange.Lessen(cents, owed, paid), Is.EqualTo((fromOwed, fromPaid)));

    [TestCase("MC-ORD", "mediation", 27_500)]
    [TestCase("MC-ORD", "withdrawn", 27_500)]
    [TestCase("MC-ORD", "judgment", 0)]
    [TestCase("MC-SUM", "mediation", 0)]
    public void Half_is_given_back_once(string procedure, string how, long back) =>
        Assert.That(CourtOps.Triage.Fees.FeeChange.Halved(55_000, procedure, how), Is.EqualTo(back));

    // G-09 by Law: what is asked of it follows from cause, amount and procedure
    [TestCase("civil", "民初", "民间借贷纠纷", "MC-SML", 3_000_000L, 27_500L)]
    [TestCase("civil", "民初", "民间借贷纠纷", "MC-ORD", 3_000_000L, 55_000L)]
    [TestCase("civil", "民初", "劳动争议", "MC-SUM", 9_000_000L, 500L)]
    [TestCase("admin", "行初", "行政处罚", "AD-1", null, 5_000L)]
    [TestCase("civil", "民催", "申请公示催告", "MC-ORD", 3_000_000L, 10_000L)]
    [TestCase("civil", "民特", "申请确认调解协议效力", "MC-SPE", null, null)]
    [TestCase("civil", "民特", "申请宣告公民死亡", "MC-SPE", null, null)]
    [TestCase("civil", "民特", "申请撤销仲裁裁决", "MC-SPE", null, 40_000L)]
    [TestCase("civil", "民初", "离婚纠纷", "MC-SUM", null, 2_500L)]
    [TestCase("civil", "民初", "离婚后财产纠纷", "MC-ORD", 3_000_000L, 55_000L)]
    [TestCase("criminal", "刑初", "盗窃", "CR-1", null, null)]
    [TestCase("enforcement", "执", "民间借贷纠纷", "EX", 3_000_000L, null)]
    public void The_fee_is_the_laws(string kind, string type, string cause, string procedure, long? amount, long? fee) =>
        Assert.That(FilingFee.Of(kind, type, cause, procedure, amount, "吉").Cents, Is.EqualTo(fee));

    [TestCase(0, 2, false, false, "MC-SML", "fast", 0)]
    [TestCase(2, 3, true, false, "MC-SUM", "summary", 5)]
    [TestCase(5, 6, true, true, "MC-ORD", "complex", 12)]
    [TestCase(0, 2, false, false, "MC-ORD", "summary", 0)]
    public void Difficulty_is_the_sum_of_its_factors(int cause, int parties, bool expert, bool counterclaim, string procedure, string band, int score)
    {
        var split = SplitRules.Of(
            new SplitFacts
            {
                Kind = "civil",
                CausePoints = cause,
                Parties = parties,
                Expert = expert,
                Counterclaim = counterclaim,
                Procedure = procedure,
            },
            new SplitPoints()
        );
        Assert.That((split.Band, split.Score, split.Why.Sum(w => w.Points)), Is.EqualTo((band, score, score)));
    }

    [Test]
    public void Related_cases_take_off_three_at_most_and_series_weigh_less()
    {
        var split = SplitRules.Of(
            new SplitFacts
            {
                CausePoints = 5,
                Related = 9,
                Series = true,
                Parties = 4,
                CauseWeight = 100,
            },
            new SplitPoints()
        );
        Assert.That((split.Score, split.Weight), Is.EqualTo((3, 36)));
    }

    [Test]
    public void A_tied_case_goes_to_its_judge_unless_absent()
    {
        AllotCandidate[] judges =
        [
            new()
            {
                Id = 1,
                Name = "甲",
                Load = 900,
            },
            new() { Id = 2, Name = "乙" },
        ];
        var input = new AllotInput
        {
            CaseNumber = "x",
            Seed = "s",
            TiedJudgeId = 1,
            Candidates = judges,
        };
        Assert.That((AllotRules.Choose(input, new()).JudgeId, AllotRules.Choose(input, new()).How), Is.EqualTo((1L, "tied")));
        Assert.That(AllotRules.Choose(input with { Candidates = [judges[0] with { Absent = true }, judges[1]] }, new()).JudgeId, Is.EqualTo(2));
        Assert.That(AllotRules.Choose(input, new AllotSettings { TieRelated = false }).JudgeId, Is.EqualTo(2), "the lighter one");
    }

    [Test]
    public void The_specialised_team_comes_before_the_others_and_everybody_is_told_why()
    {
        AllotCandidate[] judges =
        [
            new()
            {
                Id = 1,
                Name = "甲",
                Division = "民事审判庭",
                Team = "速裁团队",
                Load = 500,
            },
            new()
            {
                Id = 2,
                Name = "乙",
                Division = "民事审判庭",
                Load = 0,
            },
            new()
            {
                Id = 3,
                Name = "丙",
                Division = "刑事审判庭",
            },
            new()
            {
                Id = 4,
                Name = "丁",
                Division = "民事审判庭",
                Team = "速裁团队",
                Recused = true,
            },
        ];
        var choice = AllotRules.Choose(
            new AllotInput
            {
                CaseNumber = "x",
                Seed = "s",
                Division = "民事",
                Team = "速裁",
                Candidates = judges,
            },
            new()
        );
        Assert.That((choice.JudgeId, choice.How), Is.EqualTo((1L, "specialised")));
        Assert.That(choice.Standings.Select(s => s.Why), Is.EqualTo(new[] { "drawn", "team", "division", "recused" }));
    }

    [Test]
    public void Nobody_is_left_where_all_are_absent_or_recused() =>
        Assert.That(
            AllotRules.Choose(new AllotInput { Candidates = [new() { Id = 1, Absent = true }, new() { Id = 2, Recused = true }] }, new()).JudgeId,
            Is.Null
        );

    [Test]
    public void A_draw_is_the_same_again_and_seeds_reach_everybody()
    {
        var judges = Enumerable.Range(1, 10).Select(i => new AllotCandidate { Id = i, Name = $"{i}" }).ToList();
        var drawn = new HashSet<long>();
        for (var i = 0; i < 200; i++)
        {
            var input = new AllotInput
            {
                CaseNumber = "（2026）吉2424民初1号",
                Seed = $"seed{i}",
                Candidates = judges,
            };
            var first = AllotRules.Choose(input, new()).JudgeId!.Value;
            Assert.That(AllotRules.Choose(input, new()).JudgeId, Is.EqualTo(first));
            drawn.Add(first);
        }
        Assert.That(drawn, Has.Count.EqualTo(10));
    }

    [Test]
    public void Ten_thousand_cases_over_two_hundred_judges_lie_within_three_percent_of_even()
    {
        var random = new Random(19);
        var judges = Enumerable
            .Range(1, 200)
            .Select(i => new AllotCandidate
            {
                Id = i,
                Name = $"{i}",
                Division = "民事",
            })
            .ToArray();
        var robin = new long[200];
        var pure = new long[200];
        long total = 0;
        var clock = System.Diagnostics.Stopwatch.StartNew();
        for (var i = 0; i < 10_000; i++)
        {
            var weight = random.Next(40, 251);
            total += weight;
            var choice = AllotRules.Choose(
                new AllotInput
                {
                    CaseNumber = $"{i}",
                    Seed = "19",
                    Weight = weight,
                    Candidates = judges,
                },
                new()
            );
            var at = (int)choice.JudgeId!.Value - 1;
            judges[at] = judges[at] with { Load = judges[at].Load + weight };
            robin[i % 200] += weight;
            pure[random.Next(200)] += weight;
        }
        clock.Stop();
        var even = total / 200m;
        decimal Off(IEnumerable<long> loads) => loads.Max() / even - 1;
        TestContext.Out.WriteLine(
            $"highest load over even: balanced {Off(judges.Select(j => j.Load)):p2}, round robin {Off(robin):p2}, pure random {Off(pure):p2}; "
                + $"{10_000 / clock.Elapsed.TotalSeconds:n0} draws/s; best possible {even:n0} (even share, a lower bound)"
        );
        Assert.That(Off(judges.Select(j => j.Load)), Is.LessThan(0.03m));
        Assert.That(Off(robin), Is.GreaterThan(0.03m), "otherwise this measures nothing");
    }
}
