namespace CourtOps.Law;

/// <summary>
/// Applies extensions one after the other, each on the result of the earlier and each on the next step of the ladder. What the
/// law does not allow adds nothing (no step left) or only up to the most (too long); both are breaches.
/// </summary>
internal sealed class ExtensionLadder(TrialLimit limit)
{
    private int step;

    /// <summary>The step for the next extension; null when there is none.</summary>
    internal ExtensionStep? Next => step < limit.Extensions.Count ? limit.Extensions[step] : null;

    /// <summary>The step an extension would be granted on; null when none is left.</summary>
    internal ExtensionStep? StepFor(LimitExtension extension, DateOnly end)
    {
        SkipOwnStep(extension, end);
        return Next;
    }

    internal DateOnly Apply(DateOnly end, List<LimitExtension> extensions, List<Breach>? breaches, Explanation? explain)
    {
        foreach (var extension in extensions)
        {
            if (StepFor(extension, end) is not { } rule)
            {
                breaches?.Add(
                    new Breach("extension-none", TrialWords.ExtensionNone, [limit.Name, TrialWords.Length(extension)], extension.Applied, limit.Article)
                );
                continue;
            }

            end = Extended(end, extension, rule, breaches, explain);
            if (!rule.Repeat)
                step++;
        }

        return end;
    }

    private DateOnly Extended(DateOnly end, LimitExtension extension, ExtensionStep rule, List<Breach>? breaches, Explanation? explain)
    {
        var wanted = Periods.Raw(end, extension.N, extension.Unit, limit.Counting);
        var result = wanted;
        if (rule.Limited)
        {
            var most = Most(end, rule.Months, rule.Days);
            if (wanted > most)
            {
                breaches?.Add(
                    new Breach(
                        "extension-long",
                        TrialWords.ExtensionLong,
                        [TrialWords.Length(extension), TrialWords.Length(rule.Months, rule.Days), most],
                        extension.Applied,
                        rule.Article
                    )
                );
                result = most;
            }
        }
        else if (rule.UsualArticle is not null && wanted > Most(end, rule.UsualMonths, rule.UsualDays))
        {
            // the law leaves the length open; the older rule's number warns but does not cut
            breaches?.Add(
                new Breach(
                    "extension-unusual",
                    TrialWords.ExtensionUnusual,
                    [TrialWords.Length(extension), TrialWords.Length(rule.UsualMonths, rule.UsualDays)],
                    extension.Applied,
                    rule.UsualArticle
                )
            );
        }

        explain?.Add(TrialWords.Extended, result, rule.Article, extension.Applied, Approver.Name(rule.Approver), TrialWords.Length(extension), result);
        if (!rule.Limited && rule.UsualArticle is null)
            explain?.Add(TrialWords.OpenLength, null, Art.OpenExtension, null);
        return result;
    }

    private DateOnly Most(DateOnly end, int months, int days) => Periods.Raw(Periods.Raw(end, months, PeriodUnit.Month, limit.Counting), days, PeriodUnit.Day);

    /// <summary>An extension longer than the court's own power reaches is the one of the court above.</summary>
    private void SkipOwnStep(LimitExtension extension, DateOnly end)
    {
        while (
            Next is { Own: true } own
            && step + 1 < limit.Extensions.Count
            && Periods.Raw(end, extension.N, extension.Unit, limit.Counting) > Most(end, own.Months, own.Days)
        )
            step++;
    }
}
