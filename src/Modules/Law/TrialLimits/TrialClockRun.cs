namespace CourtOps.Law;

/// <summary>One computation of a trial limit, in the order of the rule book.</summary>
internal sealed class TrialClockRun(TrialClock facts, CourtCalendar calendar, TrialClockSettings settings, Explanation? explain)
{
    private readonly List<Breach> breaches = [];
    private TrialLimit limit = null!;
    private DateOnly start;
    private DateOnly lastConversion;
    private ExtensionLadder? climbed;
    private DateOnly climbedEnd;

    /// <summary>After a run: the step a further extension would be granted on; null when none is left or there is no limit.</summary>
    internal ExtensionStep? StepFor(LimitExtension wanted) => climbed?.StepFor(wanted, climbedEnd);

    internal TrialClockResult Run()
    {
        LawDates.Check("filed", facts.Filed);
        Check();
        start = facts.Filed;
        limit = InForce(TrialLimitTable.Get(facts.Procedure));
        Begin();
        foreach (var conversion in facts.Conversions.OrderBy(c => c.On))
            Convert(conversion);
        Restart();
        if (limit.None)
        {
            explain?.Add(TrialWords.NoLimit, null, limit.Article, facts.Filed, limit.Name);
            return new TrialClockResult
            {
                Limit = limit,
                Base = start,
                Breaches = breaches,
            };
        }

        var baseEnd = limit.End(start);
        if (explain is not null && LimitChange.Of(facts.Changes, limit.Code, facts.Filed, facts.Today) is { } change)
            explain.AddFrom(
                TrialWords.Changed,
                new LawArticle("", new LawText(change.Law, change.Law), "", change.From, null, LawTag.T, new LawText("", "")),
                change.From,
                limit.Name,
                TrialWords.Length(limit)
            );
        explain?.Add(TrialWords.Base, baseEnd, limit.Article, start, limit.Name, TrialWords.Length(limit), start, baseEnd);
        var intervals = Examined(facts.Deductions, explain);
        var extensions = ExtensionsInForce();
        var granted = Granted(baseEnd, intervals, extensions, breaches);
        var deducted = Count(baseEnd, intervals, granted, explain);
        if (explain is not null && deducted > 0)
            explain.Add(TrialWords.Deducted, baseEnd.AddDays(deducted), Art.WholeDays, null, deducted, baseEnd.AddDays(deducted));
        var ladder = new ExtensionLadder(limit);
        var end = ladder.Apply(baseEnd.AddDays(deducted), granted, breaches, explain);
        if (end > LawDates.Max)
            throw new LawError("extend", LawReasons.ResultOutOfRange, LawDates.Min, LawDates.Max);
        var result = Result(baseEnd, deducted, end, ladder.Next);
        (climbed, climbedEnd) = (ladder, end);
        return result;
    }

    private TrialClockResult Result(DateOnly baseEnd, int deductions, DateOnly end, ExtensionStep? next)
    {
        var legalEnd = RolledEnd(end);
        if (legalEnd > LawDates.Max)
            throw new LawError("filed", LawReasons.ResultOutOfRange, LawDates.Min, LawDates.Max);
        if (explain is not null)
            PeriodWords.ExplainRoll(explain, end, legalEnd, calendar, Art.TrialRoll, start, !InCustody);
        var gate = next is null ? default : ExtensionGate.Of(limit.Kind);
        var apply = next is not null && gate.ApplyDays > 0 ? CourtDeadline.Before(end, gate.ApplyDays, calendar) : (CourtDeadline?)null;
        var decide = next is not null && gate.DecideDays > 0 ? CourtDeadline.Before(end, gate.DecideDays, calendar) : (CourtDeadline?)null;
        if (explain is not null)
            TrialWords.ExplainGate(explain, next, apply, decide, gate, facts.Filed);
        var overdueFrom = (settings.OverdueOnRolledEnd ? legalEnd : end).AddDays(1);
        var warnings = TrialWarnings.Of(limit, start, end, overdueFrom, calendar, settings);
        var provisional =
            calendar.IsProvisional(baseEnd)
            || calendar.IsProvisional(end)
            || calendar.IsProvisional(legalEnd)
            || (apply is { } a && (calendar.IsProvisional(a.Limit) || calendar.IsProvisional(a.Internal)))
            || (decide is { } d && (calendar.IsProvisional(d.Limit) || calendar.IsProvisional(d.Internal)));
        foreach (var warning in warnings)
            provisional |= calendar.IsProvisional(warning.Date);
        if (explain is not null)
        {
            PeriodWords.ExplainProvisional(explain, calendar, [baseEnd, end, legalEnd, .. warnings.Select(w => w.Date)]);
        }

        return new TrialClockResult
        {
            Limit = limit,
            Base = start,
            BaseEnd = baseEnd,
            End = end,
            LegalEnd = legalEnd,
            DeductedDays = deductions,
            LastDayToApply = apply?.Limit,
            InternalLastDayToApply = apply?.Internal,
            DecisionDue = decide?.Limit,
            InternalDecisionDue = decide?.Internal,
            Approver = next?.Approver,
            Warnings = warnings,
            Breaches = breaches,
            Provisional = provisional,
            OverdueFrom = overdueFrom,
        };
    }

    private bool InCustody => limit.Criminal && facts.Custody;

    private DateOnly RolledEnd(DateOnly end) => InCustody ? end : calendar.Roll(end);

    /// <summary>A private prosecution with the accused in custody has the limit of a public one (刑诉法 212).</summary>
    private TrialLimit InForce(TrialLimit named)
    {
        var of = named.Code == "CR-PR" && facts.Custody ? TrialLimitTable.Get("CR-1") : named;
        return LimitChange.Of(facts.Changes, of.Code, facts.Filed, facts.Today) is { } change
            ? of with
            {
                Months = change.Months,
                Days = change.Days,
                None = false,
            }
            : of;
    }

    private void Check()
    {
        if (facts.Deductions.Count > TrialClock.MostItems)
            throw new LawError("deduct", LawReasons.NumberRange, facts.Deductions.Count, 0, TrialClock.MostItems);
        if (facts.Extensions.Count > TrialClock.MostItems)
            throw new LawError("extend", LawReasons.NumberRange, facts.Extensions.Count, 0, TrialClock.MostItems);
        foreach (var d in facts.Deductions)
        {
            LawDates.Check("deduct", d.From);
            LawDates.Check("deduct", d.To);
            if (d.To < d.From)
                throw new LawError("deduct", LawReasons.EndBeforeStart, d.From, d.To);
        }

        foreach (var e in facts.Extensions)
        {
            if (e.Unit is not (PeriodUnit.Month or PeriodUnit.Day))
                throw new LawError("extend", LawReasons.UnknownCode, e.Unit.ToString(), "m, d");
            var most = e.Unit == PeriodUnit.Month ? 120 : 3_650;
            if (e.N < 1 || e.N > most)
                throw new LawError("extend", LawReasons.NumberRange, e.N, 1, most);
            if (e.Applied is { } applied && LawDates.Check("extend", applied) < facts.Filed)
                throw new LawError("extend", LawReasons.Before, applied, facts.Filed);
        }
    }

    private void Begin()
    {
        explain?.Add(TrialWords.Start, facts.Filed, Art.ClockStart, facts.Filed, facts.Filed);
        if (limit.Code != facts.Procedure)
            explain?.Add(TrialWords.CustodyPrivate, null, "CrPL-212", facts.Filed);
    }

    private void Convert(Conversion conversion)
    {
        var to = InForce(TrialLimitTable.Get(conversion.To, "convert"));
        LawDates.Check("convert", conversion.On);
        if (conversion.On < facts.Filed)
            throw new LawError("convert", LawReasons.Before, conversion.On, facts.Filed);
        var rule =
            TrialLimitTable.Conversions.FirstOrDefault(c => c.From == limit.Code && c.To.Contains(to.Code, StringComparer.Ordinal))
            ?? throw new LawError("convert", TrialWords.NoConversion, limit.Code, to.Code);

        // was the old limit still running, with what had been deducted and extended by then
        var oldBase = limit.End(start);
        var intervals = Examined(facts.Deductions.Where(d => d.From < conversion.On), null);
        var granted = Granted(oldBase, intervals, [.. facts.Extensions.Where(e => e.Applied is { } a && a >= lastConversion && a < conversion.On)], null);
        var oldEnd = new ExtensionLadder(limit).Apply(oldBase.AddDays(Count(oldBase, intervals, granted, null)), granted, null, null);
        if (conversion.On > Expiry(oldEnd))
            breaches.Add(new Breach("conversion-late", TrialWords.ConversionLate, [conversion.On, oldEnd], conversion.On, rule.Article));
        if (to.Code == "MC-SUM" && limit.Code == "MC-ORD")
            explain?.Add(TrialWords.OnlyBeforeHearing, null, rule.Article, conversion.On);
        explain?.Add(
            rule.Restarts ? TrialWords.ConvertedRestart : TrialWords.Converted,
            conversion.On,
            rule.Article,
            conversion.On,
            conversion.On,
            limit.Name,
            to.Name,
            facts.Filed
        );
        if (rule.Restarts)
            start = conversion.On;
        limit = to;
        lastConversion = conversion.On;
    }

    private void Restart()
    {
        if (facts.Restart is { } given)
        {
            LawDates.Check("restart", given);
            if (given < facts.Filed)
                throw new LawError("restart", LawReasons.Before, given, facts.Filed);
            RestartOn(given);
        }

        foreach (var d in facts.Deductions)
        {
            // after supplementary investigation the limit counts anew from its end (刑诉法 208)
            if (d.Code != "D-BC" || !limit.Criminal || d.To < facts.Filed || d.To == d.From)
                continue;
            if (d.To > Periods.Raw(d.From, 1, PeriodUnit.Month, ProcedureKind.Criminal))
                breaches.Add(new Breach("investigation-long", TrialWords.InvestigationLong, [d.From, d.To], d.To, Art.SupplementaryInvestigation));
            RestartOn(d.To);
        }
    }

    private void RestartOn(DateOnly day)
    {
        if (day <= start)
            return;
        start = day;
        explain?.Add(TrialWords.Restarted, day, limit.Criminal ? Art.CriminalRestart : limit.Article, day, day);
    }

    /// <summary>The day after which the limit counts as overdue, by the court's setting.</summary>
    private DateOnly Expiry(DateOnly end) => settings.OverdueOnRolledEnd ? RolledEnd(end) : end;

    /// <summary>
    /// Extensions applied for before a conversion or restart belonged to the limit that ended with it. Those in force are taken
    /// in the order given, or by the day of application when all have one.
    /// </summary>
    private List<LimitExtension> ExtensionsInForce()
    {
        var from = start > lastConversion ? start : lastConversion;
        var list = new List<LimitExtension>(facts.Extensions.Count);
        foreach (var extension in facts.Extensions)
        {
            if (extension.Applied is { } applied && from > facts.Filed && applied < from)
                explain?.Add(TrialWords.ExtensionOfOld, null, limit.Article, applied, applied, from);
            else
                list.Add(extension);
        }

        return list.Count > 1 && list.TrueForAll(e => e.Applied is not null) ? [.. list.OrderBy(e => e.Applied)] : list;
    }

    /// <summary>
    /// The extensions that could still be granted when they were applied for: each is held against the end as it stood then,
    /// with the deductions begun by that day and the extensions before it. Once one comes after expiry no later one can revive
    /// the limit.
    /// </summary>
    private List<LimitExtension> Granted(DateOnly baseEnd, List<Deduction> intervals, List<LimitExtension> extensions, List<Breach>? told)
    {
        var granted = new List<LimitExtension>(extensions.Count);
        var gate = ExtensionGate.Of(limit.Kind);
        for (var i = 0; i < extensions.Count; i++)
        {
            var extension = extensions[i];
            if (extension.Applied is { } applied)
            {
                var begun = intervals.FindAll(d => d.From <= applied);
                var ladder = new ExtensionLadder(limit);
                var end = ladder.Apply(baseEnd.AddDays(Count(baseEnd, begun, granted, null)), granted, null, null);
                if (applied > Expiry(end))
                {
                    foreach (var late in extensions.Skip(i))
                        told?.Add(
                            new Breach("extension-after-expiry", TrialWords.ExtensionAfterExpiry, [TrialWords.Length(late), end], late.Applied, Art.AfterExpiry)
                        );
                    break;
                }

                var step = ladder.StepFor(extension, end);
                if (step is { Own: false } && gate.ApplyDays > 0 && applied > end.AddDays(-gate.ApplyDays))
                    told?.Add(
                        new Breach(
                            "extension-late",
                            TrialWords.ExtensionLate,
                            [applied, end, gate.ApplyDays, end.AddDays(-gate.ApplyDays)],
                            applied,
                            gate.ApplyArticle
                        )
                    );
            }

            granted.Add(extension);
        }

        return granted;
    }

    /// <summary>
    /// Days of the union of the intervals, which are in order. An interval that begins while the limit runs counts whole, since
    /// the end moves on with it; what lies before the start or begins after the end is clipped.
    /// </summary>
    private int Count(DateOnly baseEnd, List<Deduction> intervals, List<LimitExtension> granted, Explanation? words)
    {
        var counted = 0;
        var reached = start;
        foreach (var d in intervals)
        {
            var from = d.From > reached ? d.From : reached;
            if (d.From < start && d.To > d.From)
                words?.Add(TrialWords.ClippedBefore, null, Art.WholeDays, null, d.From, d.To, start);
            if (d.To <= from)
                continue;
            var runningEnd = baseEnd.AddDays(counted);
            if (from > runningEnd && granted.Count > 0)
                runningEnd = new ExtensionLadder(limit).Apply(runningEnd, granted, null, null);
            if (from > runningEnd && from > reached)
            {
                words?.Add(TrialWords.ClippedAfter, null, Art.WholeDays, null, d.From, d.To, runningEnd);
                continue;
            }

            counted += d.To.DayNumber - from.DayNumber;
            reached = d.To;
            if (baseEnd.AddDays(counted) > LawDates.Max)
                throw new LawError("deduct", LawReasons.ResultOutOfRange, LawDates.Min, LawDates.Max);
        }

        return counted;
    }

    private List<Deduction> Examined(IEnumerable<Deduction> deductions, Explanation? words)
    {
        var list = new List<Deduction>();
        foreach (var d in deductions)
        {
            var examined = Examined(d, words);
            list.Add(settings.CountLastDay ? examined with { To = examined.To.AddDays(1) } : examined);
        }

        if (list.Count > 1)
            list.Sort((a, b) => a.From.CompareTo(b.From));
        return list;
    }

    private Deduction Examined(Deduction d, Explanation? words)
    {
        if (d.Code is null)
        {
            words?.Add(TrialWords.DeductionPlain, d.To, Art.WholeDays, null, d.From, d.To);
            return d;
        }

        var reason = TrialLimitTable.Reason(d.Code);
        if (!reason.Kinds.Contains(limit.Kind))
            throw new LawError("deduct", TrialWords.WrongReason, d.Code, limit.Code);
        if (d.Code == "D-YQ" && Periods.Raw(d.From, 1, PeriodUnit.Month) is var month && d.To > month)
        {
            AddOnce(new Breach("adjournment-long", TrialWords.AdjournmentLong, [d.From, d.To, month], d.To, reason.Article));
            d = d with { To = month };
        }

        words?.Add(TrialWords.DeductionNamed, d.To, reason.Article, d.From, reason.Name, d.From, d.To);
        return d;
    }

    private void AddOnce(Breach breach)
    {
        if (!breaches.Any(b => b.Code == breach.Code && b.Date == breach.Date))
            breaches.Add(breach);
    }
}
