using System.Globalization;

namespace CourtOps.Law.Tests;

/// <summary>The library against the slow reading on random cases: 100,000 per calculator in a long run, a twentieth otherwise.</summary>
public sealed class ReferenceTests
{
    [Test]
    public void Days_off_agree_over_the_years()
    {
        for (var d = Slow.First; d < new DateOnly(2032, 12, 31); d = d.AddDays(1))
            Assert.That(Given.Calendar.IsHoliday(d), Is.EqualTo(Slow.Free(d)), LawDates.Text(d));
    }

    [Test]
    public void Periods_agree()
    {
        var random = new Random(11);
        for (var i = 0; i < Given.RandomCases; i++)
        {
            var trigger = Slow.Random(random);
            var unit = (PeriodUnit)random.Next(1, 5);
            var n = random.Next(
                1,
                unit switch
                {
                    PeriodUnit.Year => 3,
                    PeriodUnit.Month => 30,
                    _ => 100,
                }
            );
            var procedure = (ProcedureKind)random.Next(3);
            var custody = random.Next(2) == 0;
            var fast = Periods.Compute(trigger, n, unit, Given.Calendar, procedure, custody);
            var (raw, legal) = Slow.Period(trigger, n, unit, procedure, custody);
            Assert.That((fast.RawLastDay, fast.LegalLastDay), Is.EqualTo((raw, legal)), $"{trigger:O} {n} {unit} {procedure} {custody}");
            Assert.That(fast.Rolled, Is.EqualTo(raw != legal));
            Assert.That(fast.Provisional, Is.EqualTo(Slow.Unsure(raw) || Slow.Unsure(legal) || Slow.Unsure(trigger.AddDays(1))));
        }
    }

    [Test]
    public void Hours_agree()
    {
        var random = new Random(12);
        for (var i = 0; i < Given.RandomCases; i++)
        {
            var trigger = Slow.Random(random).ToDateTime(TimeOnly.MinValue).AddMinutes(random.Next(1440));
            var n = random.Next(1, 200);
            var start = trigger.AddMinutes(1);
            while (start.Minute != 0)
                start = start.AddMinutes(1);
            Assert.That(Periods.Hours(trigger, n, Given.Calendar).Last, Is.EqualTo(start.AddHours(n)));
        }
    }

    [Test]
    public void Trial_limits_agree()
    {
        var random = new Random(13);
        var codes = SlowTrial.Rules.Keys.ToArray();
        for (var i = 0; i < Given.RandomCases; i++)
        {
            var code = codes[random.Next(codes.Length)];
            var filed = new DateOnly(2023, 6, 1).AddDays(random.Next(1200));
            var cuts = Enumerable.Range(0, random.Next(5)).Select(_ => Cut(random, filed)).ToArray();
            var longer = Enumerable
                .Range(0, random.Next(4))
                .Select(_ =>
                    (N: random.Next(1, 7), Month: random.Next(2) == 0, Applied: random.Next(2) == 0 ? (DateOnly?)null : filed.AddDays(random.Next(300)))
                )
                .ToArray();
            var convert =
                random.Next(3) == 0 && TrialLimitTable.Conversions.FirstOrDefault(c => c.From == code) is { } rule
                    ? (rule.To.First(SlowTrial.Rules.ContainsKey), filed.AddDays(random.Next(200)))
                    : ((string To, DateOnly On)?)null;
            var custody = random.Next(2) == 0;
            var clock = new TrialClock
            {
                Procedure = code,
                Filed = filed,
                Custody = custody,
                Deductions = [.. cuts.Select(c => new Deduction(c.From, c.To))],
                Extensions = [.. longer.Select(l => new LimitExtension(l.N, l.Month ? PeriodUnit.Month : PeriodUnit.Day, l.Applied))],
                Conversions = convert is { } v ? [new Conversion(v.To, v.On)] : [],
            };
            var fast = clock.Compute(Given.Calendar);
            var slow = SlowTrial.Run(code, filed, cuts, longer, convert, custody);
            var said = $"{code} {filed:O} cuts {string.Join(";", cuts)} longer {string.Join(";", longer)} convert {convert} {custody}";
            Assert.That((fast.BaseEnd, fast.End, fast.LegalEnd), Is.EqualTo(((DateOnly?)slow.BaseEnd, (DateOnly?)slow.End, (DateOnly?)slow.Legal)), said);
            Assert.That((fast.LastDayToApply, fast.DecisionDue), Is.EqualTo((slow.Apply, slow.Decide)), said);
            Assert.That(fast.InternalLastDayToApply, Is.EqualTo(slow.Apply is { } a ? Slow.Back(a) : (DateOnly?)null), said);
            Assert.That(
                fast.Breaches.Count(b => b.Code != "extension-unusual"),
                Is.EqualTo(slow.Breaches),
                said + " " + string.Join(",", fast.Breaches.Select(b => b.Code))
            );
            Assert.That(fast.Warnings.All(w => !Slow.Free(w.Date) || w.Date == fast.Base), said);
        }
    }

    [Test]
    public void Fees_agree()
    {
        var random = new Random(14);
        for (var i = 0; i < Given.RandomCases; i++)
        {
            var cents = random.Next(3) == 0 ? random.NextInt64(1, 3_000_000) : random.NextInt64(1, 5_000_000_000);
            var half = random.Next(2) == 0;
            var answer = CourtFee.Compute(
                new FeeQuestion
                {
                    Kind = FeeKind.Property,
                    Claim = cents / 100m,
                    Half = half,
                }
            );
            Assert.That(Yuan.Text(answer.Case!.Value), Is.EqualTo(Slow.Cents(Slow.PropertyFee(cents), half ? 2 : 1)), $"{cents} {half}");
            Assert.That(Yuan.Text(answer.Enforcement!.Value), Is.EqualTo(Slow.Cents(Slow.EnforcementFee(cents))), $"{cents}");
            Assert.That(Yuan.Text(answer.Preservation!.Value), Is.EqualTo(Slow.Cents(Slow.PreservationFee(cents))), $"{cents}");
            Assert.That(
                Yuan.Text(CourtFee.Compute(new FeeQuestion { Kind = FeeKind.PaymentOrder, Claim = cents / 100m }).Case!.Value),
                Is.EqualTo(Slow.Cents(Slow.PropertyFee(cents), 3)),
                $"{cents}"
            );
        }
    }

    [Test]
    public void Penalty_interest_agrees()
    {
        var random = new Random(15);
        for (var i = 0; i < Given.RandomCases; i++)
        {
            var cents = random.NextInt64(0, 10_000_000_000);
            var from = Slow.Random(random);
            var days = random.Next(0, 2000);
            // 0.0175 percent = 1.75 of ten thousand: in ten-thousandths of a cent it is 175 hundredths
            var parts = (Int128)cents * days * 175;
            var rounded = (long)((parts * 2 + 1_000_000) / 2_000_000);
            Assert.That(
                Yuan.Text(PenaltyInterest.Compute(cents / 100m, from, from.AddDays(days)).Amount),
                Is.EqualTo($"{rounded / 100}.{rounded % 100:00}"),
                $"{cents} {days}"
            );
        }
    }

    [Test]
    public void Measures_agree()
    {
        var random = new Random(16);
        for (var i = 0; i < Given.RandomCases; i++)
        {
            var kind = (MeasureKind)random.Next(6);
            var start = Slow.Random(random).AddDays(-365);
            var months = kind switch
            {
                MeasureKind.Deposit => 12,
                MeasureKind.Movable => 24,
                MeasureKind.Immovable => 36,
                MeasureKind.Other => 36,
                MeasureKind.Trademark => 12,
                _ => 6,
            };
            var enforcement = random.Next(2) == 0;
            var term = Measure.Term(kind, start, Given.Calendar, null, enforcement ? MeasureBasis.Enforcement : MeasureBasis.Preservation);
            var end = Slow.Months(start, months).AddDays(-1);
            Assert.That((term.End, term.LastRenewal), Is.EqualTo((end, enforcement ? end : end.AddDays(-7))));
            if (end.Year >= 2023)
                Assert.That(term.CourtLastDay, Is.EqualTo(Slow.Back(end)));
        }
    }

    [Test]
    public void Auctions_agree()
    {
        var random = new Random(17);
        for (var i = 0; i < Given.RandomCases; i++)
        {
            var cents = random.NextInt64(1, 100_000_000_000);
            var kind = (AuctionKind)random.Next(3);
            var notice = Slow.Random(random);
            var plan = AuctionPlan.For(kind, cents / 100m, notice, notice.AddDays(40));
            var price = (cents * 7 + 9) / 10;
            Assert.That(plan.StartPriceMin, Is.EqualTo(price / 100m));
            Assert.That(plan.ReauctionPriceMin, Is.EqualTo((price * 8 + 9) / 10 / 100m));
            Assert.That(plan.DepositMin, Is.EqualTo((price + 19) / 20 / 100m));
            Assert.That(plan.DepositMax, Is.EqualTo(price / 5 / 100m));
            Assert.That(plan.Earliest.DayNumber - notice.DayNumber, Is.EqualTo(kind == AuctionKind.Movable ? 15 : 30));
            Assert.That(plan.ReauctionBy, Is.EqualTo(notice.AddDays(70)));
        }
    }

    [Test]
    public void Service_agrees()
    {
        var random = new Random(18);
        for (var i = 0; i < Given.RandomCases; i++)
        {
            var day = Slow.Random(random);
            var foreign = random.Next(2) == 0;
            var kind = random.Next(3);
            var ruling = random.Next(2) == 0;
            var announced = random.Next(2) == 0;
            var raw = announced ? day.AddDays(foreign ? 60 : 30) : day;
            var on = announced ? Slow.Forward(raw) : day;
            var days = kind switch
            {
                2 => ruling ? 5 : 10,
                1 => ruling ? 10 : 15,
                _ => foreign ? 30
                : ruling ? 10
                : 15,
            };
            var effect = ServiceRules.Judge(
                new ServiceFacts
                {
                    Method = announced ? ServiceMethod.Announcement : ServiceMethod.Direct,
                    On = announced ? null : day,
                    Published = announced ? day : null,
                    Foreign = foreign,
                    Procedure = kind switch
                    {
                        2 => "criminal",
                        1 => "admin",
                        _ => "civil",
                    },
                    Document = ruling ? ServedDocument.Ruling : ServedDocument.Judgment,
                },
                Given.Calendar
            );
            Assert.That(
                (effect.RawEffectiveOn, effect.EffectiveOn, effect.AppealEnds),
                Is.EqualTo(((DateOnly?)raw, (DateOnly?)on, (DateOnly?)Slow.Forward(on.AddDays(days))))
            );
        }
    }

    [Test]
    public void Procedures_agree()
    {
        var random = new Random(19);
        bool Coin(int n = 2) => random.Next(n) == 0;
        for (var i = 0; i < Given.RandomCases; i++)
        {
            var f = new CivilProcedureFacts
            {
                Court = Coin(6) ? "intermediate" : "basic",
                Province = "苏",
                Filed = new DateOnly(2026, 6, 1),
                FactsClear = !Coin(5),
                RightsClear = !Coin(5),
                DisputeSmall = !Coin(5),
                AgreeSmall = Coin(),
                AgreeSimple = Coin(),
                DefendantMissing = Coin(12),
                Remand = Coin(12),
                Retrial = Coin(12),
                ManyParties = Coin(12),
                PublicInterest = Coin(12),
                ThirdPartyRevocation = Coin(12),
                Foreign = Coin(9),
                Counterclaim = Coin(9),
                PersonalStatus = Coin(9),
                TitleConfirmation = Coin(9),
                ExpertOpinionNeeded = Coin(9),
                SpecialMatter = Coin(20) ? "x" : null,
                Claims = [new(Coin(5) ? "act" : "money", random.NextInt64(1, 40_000_000) / 100m)],
            };
            var amount = f.Claims[0].Amount!.Value;
            string expected;
            if (f.SpecialMatter is not null)
                expected = "SPECIAL";
            else if (f.Court != "basic" || f.DefendantMissing || f.Remand || f.Retrial || f.ManyParties || f.PublicInterest || f.ThirdPartyRevocation)
                expected = "ORDINARY";
            else
            {
                var simple = f.FactsClear && f.RightsClear && f.DisputeSmall;
                var small =
                    simple
                    && f.Claims[0].Type == "money"
                    && !f.PersonalStatus
                    && !f.TitleConfirmation
                    && !f.Foreign
                    && !f.ExpertOpinionNeeded
                    && !f.Counterclaim;
                if (small && amount <= 64_610m)
                    expected = "SMALL";
                else if (small && amount <= 258_440m && f.AgreeSmall)
                    expected = "SMALL";
                else
                    expected = simple || f.AgreeSimple ? "SIMPLE" : "ORDINARY";
            }

            Assert.That(CivilProcedure.Choose(f).Procedure, Is.EqualTo(expected));
        }
    }

    [Test]
    public void Case_numbers_agree_with_the_published_pattern()
    {
        var random = new Random(20);
        string[] parts =
        [
            "(2026)",
            "（2024）",
            "吉2424",
            "最高法",
            "京73",
            "黔",
            "知",
            "民初",
            "执恢",
            "诉前调书",
            "民",
            "7",
            "123",
            "号",
            "之一",
            "之",
            " ",
            "字",
            "x",
            "２",
            "(26)",
            "𡐓",
        ];
        for (var i = 0; i < Given.RandomCases; i++)
        {
            var text =
                random.Next(3) == 0
                    ? string.Concat(Enumerable.Range(0, random.Next(1, 9)).Select(_ => parts[random.Next(parts.Length)]))
                    : parts[random.Next(2)]
                        + parts[random.Next(2, 6)]
                        + (random.Next(3) == 0 ? "知" : "")
                        + parts[random.Next(7, 11)]
                        + random.Next(1, 100000).ToString(CultureInfo.InvariantCulture)
                        + (random.Next(6) == 0 ? "" : "号")
                        + (random.Next(3) == 0 ? "之二" : "");
            var folded = CaseNumberReader.Fold(text);
            var known = Slow.IsCaseNumber(folded);
            Assert.That(CaseNumber.TryParse(text, out var number), Is.EqualTo(known), text);
            if (number is not null)
                Assert.That(CaseNumber.Parse(number.Canonical), Is.EqualTo(number));
        }
    }

    private static (DateOnly From, DateOnly To) Cut(Random random, DateOnly filed)
    {
        var from = filed.AddDays(random.Next(-20, 300));
        return (from, from.AddDays(random.Next(0, 60)));
    }
}
