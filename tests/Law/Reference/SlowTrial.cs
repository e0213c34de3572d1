namespace CourtOps.Law.Tests;

/// <summary>The trial limit once more: a set of days not counted, walked one by one.</summary>
internal static class SlowTrial
{
    internal sealed record Rule(char Kind, int Months, int Days, (int Months, int Days, bool Own, bool Open)[] Steps);

    internal static readonly Dictionary<string, Rule> Rules = new()
    {
        ["MC-ORD"] = new('c', 6, 0, [(6, 0, false, false), (0, 0, false, true)]),
        ["MC-SUM"] = new('c', 3, 0, [(1, 0, false, false)]),
        ["MC-SML"] = new('c', 2, 0, [(1, 0, false, false)]),
        ["MC-SPE"] = new('c', 0, 30, [(0, 0, false, true)]),
        ["MC-2J"] = new('c', 3, 0, [(0, 0, false, true)]),
        ["AD-1"] = new('a', 6, 0, [(0, 0, false, true)]),
        ["AD-S"] = new('a', 0, 45, []),
        ["CR-1"] = new('r', 2, 0, [(1, 0, true, false), (3, 0, false, false), (3, 0, false, false)]),
        ["CR-SUM"] = new('r', 0, 20, []),
        ["CR-SUM-L"] = new('r', 1, 15, []),
        ["CR-RT"] = new('r', 3, 0, [(3, 0, false, false)]),
        ["SC-C"] = new('s', 3, 0, [(3, 0, false, false)]),
        ["OT-EX-REVIEW"] = new('e', 0, 30, [(0, 30, false, false)]),
    };

    internal static (DateOnly BaseEnd, DateOnly End, DateOnly Legal, DateOnly? Apply, DateOnly? Decide, int Breaches) Run(
        string code,
        DateOnly filed,
        IReadOnlyList<(DateOnly From, DateOnly To)> cuts,
        IReadOnlyList<(int N, bool Month, DateOnly? Applied)> longer,
        (string To, DateOnly On)? convert,
        bool custody
    )
    {
        var rule = Rules[code];
        var start = filed;
        var breaches = 0;
        if (convert is { } c)
        {
            var early = cuts.Where(x => x.From < c.On).ToList();
            var (held, _) = Held(rule, start, early, [.. longer.Where(l => l.Applied < c.On)], custody);
            var oldEnd = Climb(rule, Base(rule, start).AddDays(Count(rule, start, early, held)), held).End;
            if (c.On > Expiry(rule, oldEnd, custody))
                breaches++;
            rule = Rules[c.To];
            if (rule.Kind == 'r')
                start = c.On;
            longer = [.. longer.Where(l => l.Applied is null || l.Applied >= c.On || c.On == filed)];
        }

        if (longer.All(l => l.Applied is not null))
            longer = [.. longer.OrderBy(l => l.Applied)];
        var baseEnd = Base(rule, start);
        var (kept, refused) = Held(rule, start, cuts, longer, custody);
        var (end, step, broken) = Climb(rule, baseEnd.AddDays(Count(rule, start, cuts, kept)), kept);
        breaches += refused;
        var legal = rule.Kind == 'r' && custody ? end : Slow.Forward(end);
        var more = step < rule.Steps.Length;
        var (apply, decide) = rule.Kind switch
        {
            'c' => (15, 5),
            'a' => (10, 3),
            'r' => (15, 5),
            'e' => (5, 0),
            _ => (0, 0),
        };
        return (baseEnd, end, legal, more && apply > 0 ? end.AddDays(-apply) : null, more && decide > 0 ? end.AddDays(-decide) : null, breaches + broken);
    }

    private static DateOnly Base(Rule rule, DateOnly from) => Slow.Months(from, rule.Months, rule.Kind == 'r').AddDays(rule.Days);

    private static DateOnly Expiry(Rule rule, DateOnly end, bool custody) => rule.Kind == 'r' && custody ? end : Slow.Forward(end);

    /// <summary>Which extensions came while the limit, as it stood on that day, was running; and what was late or refused.</summary>
    private static (List<(int N, bool Month, DateOnly? Applied)> Held, int Broken) Held(
        Rule rule,
        DateOnly start,
        IReadOnlyList<(DateOnly From, DateOnly To)> cuts,
        IReadOnlyList<(int N, bool Month, DateOnly? Applied)> longer,
        bool custody
    )
    {
        var held = new List<(int N, bool Month, DateOnly? Applied)>();
        var broken = 0;
        foreach (var extension in longer)
        {
            if (extension.Applied is { } on)
            {
                var then = cuts.Where(c => c.From <= on).ToList();
                var (end, step, _) = Climb(rule, Base(rule, start).AddDays(Count(rule, start, then, held)), held);
                if (on > Expiry(rule, end, custody))
                    return (held, broken + longer.Count - held.Count);
                var gate = rule.Kind switch
                {
                    'c' or 'r' => 15,
                    'a' => 10,
                    'e' => 5,
                    _ => 0,
                };
                var own = step < rule.Steps.Length && rule.Steps[step].Own && Plus(rule, end, extension) <= Slow.Months(end, 1, true);
                if (step < rule.Steps.Length && !own && gate > 0 && on > end.AddDays(-gate))
                    broken++;
            }

            held.Add(extension);
        }

        return (held, broken);
    }

    private static DateOnly Plus(Rule rule, DateOnly end, (int N, bool Month, DateOnly? Applied) e) =>
        e.Month ? Slow.Months(end, e.N, rule.Kind == 'r') : end.AddDays(e.N);

    private static int Count(Rule rule, DateOnly start, IReadOnlyList<(DateOnly From, DateOnly To)> cuts, List<(int N, bool Month, DateOnly? Applied)> held)
    {
        var days = new HashSet<DateOnly>();
        foreach (var (from, to) in cuts)
            for (var d = from; d < to; d = d.AddDays(1))
                days.Add(d);
        var counted = 0;
        var standing = false;
        for (var d = start; standing || d <= Climb(rule, Base(rule, start).AddDays(counted), held).End; d = d.AddDays(1))
        {
            // time that began while the limit ran is not counted to its own end
            standing = days.Contains(d);
            if (standing)
                counted++;
        }

        return counted;
    }

    private static (DateOnly End, int Step, int Broken) Climb(Rule rule, DateOnly end, IEnumerable<(int N, bool Month, DateOnly? Applied)> longer)
    {
        var step = 0;
        var broken = 0;
        foreach (var extension in longer)
        {
            var wanted = Plus(rule, end, extension);
            if (step < rule.Steps.Length && rule.Steps[step].Own && wanted > Most(rule.Steps[step]))
                step++;
            if (step >= rule.Steps.Length)
            {
                broken++;
                continue;
            }

            if (!rule.Steps[step].Open && wanted > Most(rule.Steps[step]))
            {
                broken++;
                wanted = Most(rule.Steps[step]);
            }

            end = wanted;
            // the supreme court may extend a public prosecution again and again
            if (!(rule == Rules["CR-1"] && step == 2))
                step++;
            DateOnly Most((int Months, int Days, bool Own, bool Open) s) => Slow.Months(end, s.Months, rule.Kind == 'r').AddDays(s.Days);
        }

        return (end, step, broken);
    }
}
