namespace CourtOps.Kernel.Data;

/// <summary>Instants as both databases keep them: whole milliseconds, UTC. What is hashed or compared with a stored value is cut like this first.</summary>
public static class StoredTime
{
    public static DateTimeOffset StoredNow(this TimeProvider clock) => Cut(clock.GetUtcNow());

    public static DateTimeOffset Cut(DateTimeOffset at) => new(at.UtcTicks - (at.UtcTicks % TimeSpan.TicksPerMillisecond), TimeSpan.Zero);
}
