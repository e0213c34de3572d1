namespace CourtOps.Law;

/// <summary>Time that is not counted: from the first day (counted) to the last (not counted).</summary>
/// <param name="From">First day.</param>
/// <param name="To">Day after the last; equal to From: no day.</param>
/// <param name="Code">Reason of B-03; null when not told.</param>
public readonly record struct Deduction(DateOnly From, DateOnly To, string? Code = null);

/// <summary>An extension granted.</summary>
/// <param name="N">How many, at least 1.</param>
/// <param name="Unit">Months or days.</param>
/// <param name="Applied">Day it was applied for; null when not told, then the gates are not examined.</param>
public readonly record struct LimitExtension(int N, PeriodUnit Unit, DateOnly? Applied = null);

/// <summary>A change of procedure.</summary>
/// <param name="To">Code of the new procedure.</param>
/// <param name="On">Day of the decision.</param>
public readonly record struct Conversion(string To, DateOnly On);

/// <summary>What a court may set; the defaults are those of the rule book.</summary>
public sealed record TrialClockSettings
{
    /// <summary>Whether "overdue" is judged on the rolled end (<c>trial_limit.roll</c>).</summary>
    public bool OverdueOnRolledEnd { get; init; } = true;

    /// <summary>Whether the last day of a deduction counts too (<c>interval.count_mode</c>); default not.</summary>
    public bool CountLastDay { get; init; }

    /// <summary>Days before the end at which limits of three months and more warn.</summary>
    public IReadOnlyList<int> LongTiers { get; init; } = [30, 22, 16, 10, 5];

    /// <summary>Days before the end at which shorter limits warn.</summary>
    public IReadOnlyList<int> ShortTiers { get; init; } = [10, 5, 3, 1];

    /// <summary>The rule book's defaults.</summary>
    public static TrialClockSettings Default { get; } = new();
}

/// <summary>The facts of a case from which its limit is computed (B-01 to B-05).</summary>
public sealed record TrialClock
{
    /// <summary>Most deductions and most extensions accepted.</summary>
    public const int MostItems = 500;

    /// <summary>Code of B-01 under which the case was filed.</summary>
    public required string Procedure { get; init; }

    /// <summary>Day of filing (for AD-2 of receipt of the appeal). The clock starts the next day.</summary>
    public required DateOnly Filed { get; init; }

    public IReadOnlyList<Deduction> Deductions { get; init; } = [];

    public IReadOnlyList<LimitExtension> Extensions { get; init; } = [];

    public IReadOnlyList<Conversion> Conversions { get; init; } = [];

    /// <summary>Changes of limits by later laws, over the shipped table.</summary>
    public IReadOnlyList<LimitChange> Changes { get; init; } = [];

    /// <summary>The day it is computed on; pending cases follow a change from its day on.</summary>
    public DateOnly? Today { get; init; }

    /// <summary>Day on which the limit restarts.</summary>
    public DateOnly? Restart { get; init; }

    /// <summary>Whether the accused is in custody: the end never rolls.</summary>
    public bool Custody { get; init; }

    /// <summary>
    /// Computes the limit: base end, plus the union of the deductions, plus the extensions one after the other; then the gates,
    /// the warnings and whatever does not agree with the rules (breaches are shown, not refused).
    /// </summary>
    /// <param name="calendar">Working days of the court.</param>
    /// <param name="settings">What the court has set.</param>
    /// <param name="explain">Receives the steps.</param>
    /// <exception cref="LawError">Fields procedure, filed, deduct, extend, convert, restart.</exception>
    public TrialClockResult Compute(CourtCalendar calendar, TrialClockSettings? settings = null, Explanation? explain = null)
    {
        ArgumentNullException.ThrowIfNull(calendar);
        return new TrialClockRun(this, calendar, settings ?? TrialClockSettings.Default, explain).Run();
    }

    /// <summary>
    /// What the rules say of an extension applied for on a day: on which step of the ladder it would stand, until when it could be applied for and
    /// decided, and what it breaks (B-05).
    /// </summary>
    /// <param name="n">How many, at least 1.</param>
    /// <param name="unit">Months or days.</param>
    /// <param name="on">Day of the application.</param>
    /// <param name="calendar">Working days of the court.</param>
    /// <param name="settings">What the court has set.</param>
    /// <exception cref="LawError">As <see cref="Compute"/>.</exception>
    public ExtensionOutlook Ask(int n, PeriodUnit unit, DateOnly on, CourtCalendar calendar, TrialClockSettings? settings = null)
    {
        ArgumentNullException.ThrowIfNull(calendar);
        var set = settings ?? TrialClockSettings.Default;
        var wanted = new LimitExtension(n, unit, on);
        var run = new TrialClockRun(this, calendar, set, null);
        var before = run.Run();
        var step = run.StepFor(wanted);
        var after = (this with { Extensions = [.. Extensions, wanted] }).Compute(calendar, set);
        var gate = ExtensionGate.Of(before.Limit.Kind);
        var gated = step is { Own: false } && before.End is not null;
        return new ExtensionOutlook
        {
            Limit = before.Limit,
            Step = step,
            Gate = gate,
            End = before.End,
            Expiry = before.OverdueFrom?.AddDays(-1),
            NewEnd = after.End,
            Apply = gated && gate.ApplyDays > 0 ? CourtDeadline.Before(before.End!.Value, gate.ApplyDays, calendar) : null,
            Decide = gated && gate.DecideDays > 0 ? CourtDeadline.Before(before.End!.Value, gate.DecideDays, calendar) : null,
            Breaches = [.. after.Breaches.Where(b => b.Code.StartsWith("extension-", StringComparison.Ordinal) && b.Date == on)],
        };
    }
}

/// <summary>What the rules say of an extension that is applied for.</summary>
public sealed record ExtensionOutlook
{
    /// <summary>The limit in force.</summary>
    public required TrialLimit Limit { get; init; }

    /// <summary>The step it would stand on; null where none is left.</summary>
    public ExtensionStep? Step { get; init; }

    /// <summary>Days before expiry of the branch.</summary>
    public ExtensionGate Gate { get; init; }

    /// <summary>Raw end without it; null where there is no limit.</summary>
    public DateOnly? End { get; init; }

    /// <summary>Last day on which the case is not overdue, by the court's setting.</summary>
    public DateOnly? Expiry { get; init; }

    /// <summary>Raw end with it.</summary>
    public DateOnly? NewEnd { get; init; }

    /// <summary>Last day to apply; null within the court's own power and where no number is given.</summary>
    public CourtDeadline? Apply { get; init; }

    /// <summary>Day by which it is decided; null as <see cref="Apply"/>.</summary>
    public CourtDeadline? Decide { get; init; }

    /// <summary>What it breaks: extension-none, -after-expiry, -late, -long, -unusual.</summary>
    public IReadOnlyList<Breach> Breaches { get; init; } = [];

    /// <summary>Whether it breaks this rule.</summary>
    public bool Breaks(string code) => Breaches.Any(b => b.Code == code);
}
