namespace CourtOps.Kernel.Modules;

/// <summary>
/// What a module shows in a demo court: acts in the past, carried out by the module's own commands on the first start of a demo installation.
/// A story plans acts; an act may plan later ones.
/// </summary>
public interface IDemoStory
{
    Task TellAsync(IDemoStage stage, CancellationToken ct);
}

/// <summary>Where stories are played: a host of its own whose clock is set to the time of each act.</summary>
public interface IDemoStage
{
    /// <summary>The instant of the first start: the last act is not later.</summary>
    DateTimeOffset End { get; }

    /// <summary>True for a handful of cases instead of a year: CourtOps:Demo = small.</summary>
    bool Small { get; }

    /// <summary>Always the same numbers.</summary>
    Random Random { get; }

    /// <summary>Plans an act. Acts are carried out in the order of their times, those of one time in the order they were planned; notifications are delivered
    /// after each.</summary>
    /// <param name="login">Who acts; null is the system.</param>
    void At(DateTimeOffset at, string? login, Func<IServiceProvider, CancellationToken, Task> act);
}

/// <summary>Whether this host serves a demo court; said once at its start. Only then desks show where to look first.</summary>
public sealed class DemoCourt
{
    public bool On { get; set; }
}
