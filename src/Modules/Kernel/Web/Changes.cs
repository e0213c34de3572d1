using System.Collections.Concurrent;
using System.Globalization;
using System.Security.Cryptography;

namespace CourtOps.Kernel.Web;

/// <summary>
/// Tells open browsers that something changed; they fetch it themselves, with their own rights. Topics carry no data. Each word has a number, so that a
/// page hears what was said between its making and the opening of its stream. Words about one object ("case:12") go to those alone who were let at it:
/// whoever lets somebody read it says so here, and whoever takes that back too.
/// </summary>
public sealed class Changes
{
    /// <summary>Words kept for those who come a moment late.</summary>
    public const int Kept = 512;

    /// <summary>"Look again": more has changed than is told one by one.</summary>
    public const string All = "all";

    /// <summary>Objects a person hears of at once: more than anybody has pages open of.</summary>
    public const int Most = 256;

    private readonly ConcurrentDictionary<Listener, byte> listeners = new();
    private readonly ConcurrentDictionary<long, Heard> heard = new();
    private readonly string instance = RandomNumberGenerator.GetHexString(8, lowercase: true);
    private readonly string[] recent = new string[Kept];
    private readonly Lock sync = new();
    private long said;
    private long orders;

    /// <summary>Rises with every change of an order in this process.</summary>
    public long Orders => Interlocked.Read(ref orders);

    /// <summary>Where the words stand now: "1f0a22c3.815", of this process and no other.</summary>
    public string Mark => MarkOf(Interlocked.Read(ref said));

    /// <summary>This person was let at the object and hears of it from now on.</summary>
    public void Allow(long person, string topic)
    {
        if (person > 0)
            heard.GetOrAdd(person, static _ => new Heard()).Add(topic);
    }

    /// <summary>This person's rights have changed: what is still allowed is heard of again when it is opened again.</summary>
    public void Forget(long person) => heard.TryRemove(person, out _);

    /// <summary>Whether this person hears this word.</summary>
    public bool Hears(long person, string topic) => !topic.Contains(':', StringComparison.Ordinal) || (heard.TryGetValue(person, out var own) && own.Has(topic));

    /// <summary>Who may see the object has changed. Those who have it open are told once more, look again, and hear of it on when they still may.</summary>
    public void Reshuffle(string topic)
    {
        Say(topic);
        foreach (var own in heard.Values)
            own.Remove(topic);
    }

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
    /// <param name="person">Who listens; null hears everything.</param>
    public async IAsyncEnumerable<(string Topic, string Mark)> ListenAsync(string? since, long? person, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken ct)
    {
        var listener = new Listener(topic => person is not { } who || Hears(who, topic));
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

    // the objects of one person, the oldest going when there are too many
    private sealed class Heard
    {
        private readonly Lock sync = new();
        private readonly HashSet<string> topics = [];
        private readonly Queue<string> order = new();

        public bool Has(string topic)
        {
            lock (sync)
                return topics.Contains(topic);
        }

        public void Add(string topic)
        {
            lock (sync)
            {
                if (!topics.Add(topic))
                    return;
                order.Enqueue(topic);
                while (order.Count > Changes.Most)
                    topics.Remove(order.Dequeue());
            }
        }

        public void Remove(string topic)
        {
            lock (sync)
                topics.Remove(topic); // its place in the order goes when its turn comes
        }
    }

    // what waits for one browser: a handful of words; too many become one that says "look again"
    private sealed class Listener(Func<string, bool> hears)
    {
        private const int Most = 64;
        private readonly Lock sync = new();
        private List<string>? waiting;
        private long last;
        private TaskCompletionSource? asleep;

        public void Add(string topic, long number)
        {
            if (!hears(topic))
                return;
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
