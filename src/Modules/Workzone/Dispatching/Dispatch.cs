namespace CourtOps.Workzone.Dispatching;

/// <summary>How a centre's queued orders find their people.</summary>
internal static class DispatchStrategy
{
    /// <summary>The lead assigns, or people take from the queue. The default.</summary>
    public const string Manual = "manual";
    public const string LeastLoaded = "least-loaded";
    public const string RoundRobin = "round-robin";
    public const string RobotFirst = "robot-first";

    /// <summary>No strategy to be set, but the rule that goes before each: who had a returned order gets it again.</summary>
    public const string Former = "former";

    public static readonly IReadOnlyList<string> All = [Manual, LeastLoaded, RoundRobin, RobotFirst];
}

/// <summary>Somebody of the centre, as they stand at the moment of the decision.</summary>
internal sealed record DispatchCandidate
{
    public long Id { get; init; }
    public string Name { get; init; } = "";
    public bool Robot { get; init; }

    /// <summary>Open orders in hand.</summary>
    public int Load { get; init; }
    public bool Absent { get; init; }
    public long? DeputyId { get; init; }
    public bool Recused { get; init; }
    public IReadOnlyList<string> Skills { get; init; } = [];
}

/// <summary>Everything the rule looks at; kept with the decision.</summary>
internal sealed record DispatchInput
{
    public long OrderId { get; init; }
    public string OrderNumber { get; init; } = "";
    public string Strategy { get; init; } = DispatchStrategy.Manual;

    /// <summary>Skills the type of order asks for.</summary>
    public IReadOnlyList<string> Needed { get; init; } = [];

    /// <summary>Who got the order before, for taking turns.</summary>
    public long LastGiven { get; init; }

    /// <summary>Who had the order before it was returned; it comes back to them.</summary>
    public long? FormerId { get; init; }

    /// <summary>Its case is sealed: no rule hands it out.</summary>
    public bool Sealed { get; init; }
    public IReadOnlyList<DispatchCandidate> Candidates { get; init; } = [];
}

/// <summary>Why somebody was not asked: absent, recused, skill.</summary>
internal sealed record LeftOut
{
    public string Name { get; init; } = "";
    public string Why { get; init; } = "";
}

/// <summary>Whom the rule chose; nobody leaves the order in the queue.</summary>
internal sealed record DispatchChoice
{
    public long? PersonId { get; init; }
    public string Name { get; init; } = "";

    /// <summary>The rule that fired: former, least-loaded, round-robin, robot, manual, sealed, nobody.</summary>
    public string Rule { get; init; } = "";

    /// <summary>The absent person whose deputy was chosen; else empty.</summary>
    public string InsteadOf { get; init; } = "";
    public int Load { get; init; }
    public IReadOnlyList<LeftOut> LeftOut { get; init; } = [];
}

/// <summary>Chooses who gets an order. Pure.</summary>
internal static class Dispatch
{
    /// <summary>
    /// Nobody recused, nobody without the needed skills. Who had the order before goes on with it unless absent. In the place of an absent person stands the
    /// deputy;
    /// among those left the strategy chooses, by the lower id where two are equal.
    /// </summary>
    public static DispatchChoice Choose(DispatchInput input)
    {
        if (input.Strategy == DispatchStrategy.Manual)
            return new DispatchChoice { Rule = DispatchStrategy.Manual };
        if (input.Sealed)
            return new DispatchChoice { Rule = "sealed" };
        var left = new List<LeftOut>();
        var places = new Dictionary<long, (DispatchCandidate Person, string InsteadOf)>();
        var deputies = new List<(DispatchCandidate Person, string InsteadOf)>();
        foreach (var c in input.Candidates)
        {
            var why =
                c.Recused ? "recused"
                : input.Needed.Except(c.Skills, StringComparer.Ordinal).Any() ? "skill"
                : c.Absent ? "absent"
                : "";
            if (why.Length == 0)
            {
                places[c.Id] = (c, "");
                continue;
            }
            left.Add(new LeftOut { Name = c.Name, Why = why });
            if (why == "absent" && input.Candidates.FirstOrDefault(d => d.Id == c.DeputyId) is { Absent: false, Recused: false } deputy)
                deputies.Add((deputy, c.Name));
        }
        if (input.FormerId is { } former && places.TryGetValue(former, out var again))
            return new DispatchChoice
            {
                PersonId = former,
                Name = again.Person.Name,
                Rule = DispatchStrategy.Former,
                Load = again.Person.Load,
                LeftOut = left,
            };
        foreach (var d in deputies)
            places.TryAdd(d.Person.Id, d);
        if (places.Count == 0)
            return new DispatchChoice { Rule = "nobody", LeftOut = left };
        var (chosen, rule) = Among([.. places.Values.Select(p => p.Person).OrderBy(p => p.Id)], input);
        return new DispatchChoice
        {
            PersonId = chosen.Id,
            Name = chosen.Name,
            Rule = rule,
            InsteadOf = places[chosen.Id].InsteadOf,
            Load = chosen.Load,
            LeftOut = left,
        };
    }

    private static (DispatchCandidate Chosen, string Rule) Among(IReadOnlyList<DispatchCandidate> people, DispatchInput input) =>
        input.Strategy switch
        {
            DispatchStrategy.RoundRobin => (people.FirstOrDefault(p => p.Id > input.LastGiven) ?? people[0], DispatchStrategy.RoundRobin),
            DispatchStrategy.RobotFirst when people.Where(p => p.Robot).MinBy(p => p.Load) is { } robot => (robot, "robot"),
            _ => (people.MinBy(p => p.Load)!, DispatchStrategy.LeastLoaded),
        };
}
