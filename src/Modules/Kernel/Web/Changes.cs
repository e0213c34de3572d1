using System.Collections.Concurrent;
using System.Globalization;
using System.Security.Cryptography;

namespace CourtOps.Kernel.Web;

/// <summary>
/// Tells open browsers that something changed; they fetch it themselves, with their own rights. Topics carry no data. Each word has a number, so that a
/// page hears what was said between its making and the opening of its stream.
/// </summary>
public sealed class Changes
{
    /// <summary>Words kept for those who come a moment late.</summary>
    public const int Kept = 512;

    /// <summary>"Look again": more has changed than is told one by one.</summary>
    public const string All = "all";

    private readonly ConcurrentDictionary<Listener, byte> listeners = new();
    private readonly string instance = RandomNumberGenerator.GetHexString(8, lowercase: true);
    private readonly string[] recent = new string[Kept];
    private readonly Lock sync = new();
    private long said;
    private long orders;

    /// <summary>Rises with every change of an order in this process.</summary>
    public long Orders => Interlocked.Read(ref orders);

    /// <summary>Where the words stand now: "1f0a22c3.815", of this process and no other.</summary>
    public string Mark => MarkOf(Interlocked.Read(ref said));

    public void Say(string topic)
    {
        if (topic == "orders")
            Interlocked.Increment(ref orders);
        long number;
        lock (sync)
        {
            recent[said % Kept] = topic;
            number = Interlocked.Increment(ref said);
        }
        foreach (var listener in listeners.Keys)
            listener.Add(topic, number);
    }

    /// <summary>Topics as they change, each with the mark to go on from; one that is said again before it was taken is told once.</summary>
    /// <param name="since">The mark of a page or of the last word heard: what was said after it comes first. Of another process, or too long ago: <see cref="All"/>. Null: from now on.</param>
    public async IAsyncEnumerable<(string Topic, string Mark)> ListenAsync(string? since, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken ct)
    {
        var listener = new Listener();
        listeners[listener] = 0;
        try
        {
            var from = since is null ? Interlocked.Read(ref said) : Repeat(listener, since);
            while (!ct.IsCancellationRequested)
            {
                var (topics, number) = await listener.TakeAsync(ct);
                // whoever is cut off among them hears them all again
                for (var i = 0; i < topics.Count; i++)
                    yield return (topics[i], MarkOf(i < topics.Count - 1 ? from : number));
                from = number;
            }
        }
        finally
        {
            listeners.TryRemove(listener, out _);
        }
    }

    // after it was added to the listeners: a word may come twice, none is missed. Returns the number it goes on from.
    private long Repeat(Listener listener, string since)
    {
        var dot = since.IndexOf('.', StringComparison.Ordinal);
        lock (sync)
        {
            if (dot < 0 || since[..dot] != instance || !long.TryParse(since.AsSpan(dot + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var from) || from > said || said - from > Kept)
            {
                listener.Add(All, said);
                return said;
            }
            for (var n = from; n < said; n++)
                listener.Add(recent[n % Kept], n + 1);
            return from;
        }
    }

    private string MarkOf(long number) => string.Create(CultureInfo.InvariantCulture, $"{instance}.{number}");

    // what waits for one browser: a handful of words; too many become one that says "look again"
    private sealed class Listener
    {
        private const int Most = 64;
        private readonly Lock sync = new();
        private List<string>? waiting;
        private long last;
        private TaskCompletionSource? asleep;

        public void Add(string topic, long number)
        {
            TaskCompletionSource? wake;
            lock (sync)
            {
                last = Math.Max(last, number);
                waiting ??= [];
                if (waiting.Contains(topic))
                    return;
                if (waiting.Count < Most)
                    waiting.Add(topic);
                else
                    waiting = [All];
                (wake, asleep) = (asleep, null);
            }
            wake?.TrySetResult();
        }

        public async Task<(IReadOnlyList<string> Topics, long Number)> TakeAsync(CancellationToken ct)
        {
            for (; ;)
            {
                Task waits;
                lock (sync)
                {
                    if (waiting is { } ready)
                    {
                        waiting = null;
                        return (ready, last);
                    }
                    asleep ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
                    waits = asleep.Task;
                }
                await waits.WaitAsync(ct);
            }
        }
    }
}
