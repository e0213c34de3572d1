namespace CourtOps.Law.Tests;

public sealed class PropertyTests
{
    private static readonly string[] Codes = [.. TrialLimitTable.Limits.Where(l => !l.None).Select(l => l.Code)];

    [Test]
    public void A_union_does_not_depend_on_the_order()
    {
        var random = new Random(31);
        for (var i = 0; i < Given.RandomCases; i++)
        {
            var clock = Clock(random, 6);
            var mixed = clock.Deductions.ToArray();
            random.Shuffle(mixed);
            var a = clock.Compute(Given.Calendar);
            var b = (clock with { Deductions = mixed }).Compute(Given.Calendar);
            Assert.That((b.End, b.DeductedDays, b.LegalEnd), Is.EqualTo((a.End, a.DeductedDays, a.LegalEnd)));
        }
    }

    [Test]
    public void More_deduction_never_shortens()
    {
        var random = new Random(32);
        for (var i = 0; i < Given.RandomCases; i++)
        {
            var clock = Clock(random, 3);
            var more = Cut(random, clock.Filed);
            Assert.That(
                (clock with { Deductions = [.. clock.Deductions, more] }).Compute(Given.Calendar).End,
                Is.GreaterThanOrEqualTo(clock.Compute(Given.Calendar).End!.Value)
            );
        }
    }

    [Test]
    public void Forward_and_backward_return_for_days()
    {
        var random = new Random(33);
        for (var i = 0; i < Given.RandomCases; i++)
        {
            var day = Slow.Random(random);
            var n = random.Next(1, 1000);
            Assert.That(Periods.DaysBefore(Periods.Compute(day, n, PeriodUnit.Day, Given.Calendar).RawLastDay, n), Is.EqualTo(day));
        }
    }

    [Test]
    public void Only_the_last_day_rolls()
    {
        var random = new Random(34);
        for (var i = 0; i < Given.RandomCases; i++)
        {
            var day = Slow.Random(random);
            var period = Periods.Compute(day, random.Next(1, 100), PeriodUnit.Day, Given.Calendar);
            Assert.That(period.Rolled, Is.EqualTo(Given.Calendar.IsHoliday(period.RawLastDay)));
            Assert.That(Given.Calendar.IsHoliday(period.LegalLastDay), Is.False);
            for (var d = period.RawLastDay; d < period.LegalLastDay; d = d.AddDays(1))
                Assert.That(Given.Calendar.IsHoliday(d));
        }
    }

    [Test]
    public void A_longer_period_never_ends_earlier()
    {
        var random = new Random(35);
        for (var i = 0; i < Given.RandomCases; i++)
        {
            var day = Slow.Random(random);
            var unit = (PeriodUnit)random.Next(1, 5);
            var n = random.Next(1, 20);
            Assert.That(
                Periods.Compute(day, n + 1, unit, Given.Calendar).LegalLastDay,
                Is.GreaterThanOrEqualTo(Periods.Compute(day, n, unit, Given.Calendar).LegalLastDay)
            );
        }
    }

    private static TrialClock Clock(Random random, int cuts)
    {
        var filed = new DateOnly(2023, 6, 1).AddDays(random.Next(1000));
        return new TrialClock
        {
            Procedure = Codes[random.Next(Codes.Length)],
            Filed = filed,
            Custody = random.Next(2) == 0,
            Deductions = [.. Enumerable.Range(0, random.Next(cuts + 1)).Select(_ => Cut(random, filed))],
            Extensions =
            [
                .. Enumerable
                    .Range(0, random.Next(3))
                    .Select(_ => new LimitExtension(random.Next(1, 5), PeriodUnit.Month, random.Next(2) == 0 ? null : filed.AddDays(random.Next(200)))),
            ],
        };
    }

    private static Deduction Cut(Random random, DateOnly filed)
    {
        var from = filed.AddDays(random.Next(-20, 250));
        return new Deduction(from, from.AddDays(random.Next(0, 50)), random.Next(3) == 0 ? "D-ZZ" : null);
    }
}
