namespace CourtOps.Kernel.Data;

/// <summary>
/// Makes ids below 2^53 without asking the database: 37 bits of 16 ms ticks since 2025, 6 bits of worker number, 10 bits of counter.
/// More than 1,024 ids in a tick borrow from the next one, so that ids of one worker always rise.
/// </summary>
public sealed class Ids(TimeProvider clock)
{
    private static readonly long Epoch = new DateTimeOffset(2025, 1, 1, 0, 0, 0, TimeSpan.Zero).ToUnixTimeMilliseconds();
    private readonly Lock sync = new();
    private long tick;
    private int counter;

    /// <summary>0 to 63, leased from kernel_worker so that two processes never share one.</summary>
    public int Worker { get; private set; }

    /// <summary>The last tick used; kept with the lease so that a clock set back cannot repeat an id.</summary>
    public long HighTick
    {
        get
        {
            lock (sync)
                return tick;
        }
    }

    public void Lease(int worker, long highTick)
    {
        lock (sync)
        {
            Worker = worker;
            tick = Math.Max(tick, highTick + 1);
            counter = 0;
        }
    }

    /// <summary>No id made at this time or later is smaller (while the clock runs forward).</summary>
    public static long At(DateTimeOffset at) => Math.Max(0, TickAt(at)) << 16;

    /// <summary>The tick of an instant: sixteen milliseconds each, since 2025.</summary>
    public static long TickAt(DateTimeOffset at) => (at.ToUnixTimeMilliseconds() - Epoch) >> 4;

    public long Next()
    {
        lock (sync)
        {
            var now = TickAt(clock.GetUtcNow());
            if (now > tick)
            {
                tick = now;
                counter = 0;
            }
            else if (counter == 1024)
            {
                tick++;
                counter = 0;
            }
            return (tick << 16) | ((long)Worker << 10) | (uint)counter++;
        }
    }
}
