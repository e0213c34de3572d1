using System.Collections.Concurrent;
using System.Globalization;
using System.Security.Cryptography;

namespace CourtOps.Kernel.Web;

/// <summary>
/// Tells open browsers that something changed; they fetch it themselves, with their own rights. Topics carry no data. Each word has a number, so that a
/// page hears what was said between its making and the opening of its stream. Words about one object ("case:12") go to those alone who were let at it
/// when they were said: whoever lets somebody read it says so here, and whoever takes that back too.
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
    private readonly (string Topic, bool Shuts)[] recent = new (string, bool)[Kept];
    private readonly Lock sync = new();
    private long said;
    private long orders;

    /// <summary>Rises with every change of an order in this process.</summary>
    public long Orders => Interlocked.Read(ref orders);

    /// <summary>Where the words stand now: "1f0a22c3.815", of this process and no other.</summary>
    public string Mark => MarkOf(Interlocked.Read(ref said));

    /// <summary>How many words were said; to be taken before it is asked whether a person may see something, see <see cref="Allow"/>.</summary>
    public long Said => Interlocked.Read(ref said);

    /// <summary>This person was let at the object and hears of it from then on; not when that was taken back while it was asked.</summary>
    /// <param name="asked">What <see cref="Said"/> was before the question.</param>
    public void Allow(long person, string topic, long asked)
    {
        if (person <= 0)
            return;
        lock (sync)
            if (!ShutSince(asked, person, topic))
                heard.GetOrAdd(person, static _ => new Heard()).Add(topic, asked);
    }

    /// <summary>This person's rights have changed: what is still allowed is heard of again when it is opened again.</summary>
    public void Forget(long person) =>
        Say(
            PersonOf(person),
            number => // a word that nobody hears: it parts before from after
            {
                if (heard.TryGetValue(person, out var own))
                    own.EndAll(number);
            }
        );

    /// <summary>Whether this person hears this word from now on.</summary>
    public bool Hears(long person, string topic) => Hears(person, topic, long.MaxValue);

    /// <summary>Who may see the object has changed. Those who have it open are told once more, look again, and hear of it on when they still may.</summary>
    public void Reshuffle(string topic) =>
        Say(
            topic,
            number =>
            {
                foreach (var own in heard.Values)
                    own.End(topic, number);
            }
        );

    public void Say(string topic) => Say(topic, null);

    // a word is heard by whoever was let at the object when it was said
    private bool Hears(long person, string topic, long number) =>
        !topic.Contains(':', StringComparison.Ordinal) || (heard.TryGetValue(person, out var own) && own.Has(topic, number));

    private void Say(string topic, Action<long>? end)
    {
        if (topic == "orders")
            Interlocked.Increment(ref orders);
        long number;
        lock (sync)
        {
            recent[said % Kept] = (topic, end is not null);
            number = Interlocked.Increment(ref said);
            end?.Invoke(number);
        }
        foreach (var listener in listeners.Keys)
            listener.Add(topic, number);
    }

    /// <summary>Topics as they change, each with the mark to go on from; one that is said again before it was taken is told once.</summary>
    /// <param name="since">The mark of a page or of the last word heard: what was said after it comes first. Of another process, or too long ago:
    /// <see cref="All"/>. Null: from now on.</param>
    /// <param name="person">Who listens; null hears everything.</param>
    public async IAsyncEnumerable<(string Topic, string Mark)> ListenAsync(
        string? since,
        long? person,
        [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken ct
    )
    {
        var listener = new Listener((topic, number) => person is not { } who || Hears(who, topic, number));
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
            if (
                dot < 0
                || since[..dot] != instance
                || !long.TryParse(since.AsSpan(dot + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var from)
                || from > said
                || said - from > Kept
            )
            {
                listener.Add(All, said);
                return said;
            }
            for (var n = from; n < said; n++)
                listener.Add(recent[n % Kept].Topic, n + 1);
            return from;
        }
    }

    // or so long ago that nobody knows
    private bool ShutSince(long asked, long person, string topic)
    {
        if (said - asked > Kept)
            return true;
        for (var n = asked; n < said; n++)
            if (recent[n % Kept] is { Shuts: true } word && (word.Topic == topic || word.Topic == PersonOf(person)))
                return true;
        return false;
    }

    private static string PersonOf(long person) => string.Create(CultureInfo.InvariantCulture, $"person:{person}");

    private string MarkOf(long number) => string.Create(CultureInfo.InvariantCulture, $"{instance}.{number}");

    // the objects of one person, the oldest going when there are too many
    private sealed class Heard
    {
        private readonly Lock sync = new();
        private readonly Dictionary<string, (long From, long Until)> topics = [];
        private readonly Queue<string> order = new();

        public bool Has(string topic, long number)
        {
            lock (sync)
                return topics.TryGetValue(topic, out var t) && number > t.From && number <= t.Until;
        }

        public void Add(string topic, long from)
        {
            lock (sync)
            {
                if (topics.TryGetValue(topic, out var before))
                    from = before.From; // an older page of it may still open its stream
                else
                    order.Enqueue(topic);
                topics[topic] = (from, long.MaxValue);
                while (order.Count > Changes.Most)
                    topics.Remove(order.Dequeue());
            }
        }

        /// <summary>What is said after this word is not heard. A stream that opens later for an older page still hears what came before.</summary>
        public void End(string topic, long number)
        {
            lock (sync)
                if (topics.TryGetValue(topic, out var t) && number < t.Until)
                    topics[topic] = (t.From, number);
        }

        public void EndAll(long number)
        {
            lock (sync)
                foreach (var topic in topics.Keys.ToList())
                    End(topic, number);
        }
    }

    // what waits for one browser: a handful of words; too many become one that says "look again"
    private sealed class Listener(Func<string, long, bool> hears)
    {
        private const int Most = 64;
        private readonly Lock sync = new();
        private List<string>? waiting;
        private long last;
        private TaskCompletionSource? asleep;

        public void Add(string topic, long number)
        {
            if (!hears(topic, number))
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
            for (; ; )
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
