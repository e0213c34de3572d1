using CourtOps.Kernel.Web;

namespace CourtOps.TrialSupport.Hearings;

/// <summary>Quarter hours, counted from a fixed instant: what courtrooms and people are booked in.</summary>
internal static class Slots
{
    /// <summary>Minutes of one slot.</summary>
    public const int Minutes = 15;

    /// <summary>Slots kept free after a hearing, for room and people alike (G-01: 15 minutes at least).</summary>
    public const int Buffer = 1;

    private static readonly DateTimeOffset Zero = new(2020, 1, 1, 0, 0, 0, TimeSpan.Zero);

    /// <summary>When hearings are held; a hearing lies within one of them.</summary>
    public static readonly (TimeOnly From, TimeOnly To, string Label)[] Sessions = [(new(9, 0), new(12, 0), "上午"), (new(13, 30), new(17, 0), "下午")];

    /// <summary>The slot an instant lies in.</summary>
    public static int Of(DateTimeOffset at) => (int)((at - Zero).Ticks / TimeSpan.TicksPerMinute / Minutes);

    public static DateTimeOffset At(DateOnly day, TimeOnly time) => Times.At(day.ToDateTime(time));

    /// <summary>When a slot begins.</summary>
    public static DateTimeOffset Start(int slot) => Zero.AddMinutes((long)slot * Minutes);

    /// <summary>How many slots a hearing of these minutes takes, without the buffer.</summary>
    public static int Count(int minutes) => (minutes + Minutes - 1) / Minutes;

    /// <summary>The slots round those taken in which somebody is on the way, by resource.</summary>
    /// <param name="minutes">Of one way, 0 or more: begun quarter hours count whole.</param>
    public static IReadOnlyDictionary<string, IReadOnlySet<int>> Travel(IEnumerable<(string Resource, int Slot)> taken, int minutes) =>
        minutes == 0
            ? new Dictionary<string, IReadOnlySet<int>>()
            : taken
                .GroupBy(t => t.Resource)
                .ToDictionary(
                    g => g.Key,
                    IReadOnlySet<int> (g) => g.SelectMany(t => Enumerable.Range(t.Slot - Count(minutes), (2 * Count(minutes)) + 1)).ToHashSet()
                );

    /// <summary>Every slot a hearing takes, its buffer included.</summary>
    public static IEnumerable<int> Range(DateTimeOffset start, int minutes) => Enumerable.Range(Of(start), Count(minutes) + Buffer);
}
