using System.Collections.Concurrent;

namespace CourtOps.Kernel.Web;

/// <summary>Tells open browsers that something changed; they fetch it themselves, with their own rights. Topics carry no data.</summary>
public sealed class Changes
{
    private readonly ConcurrentDictionary<Listener, byte> listeners = new();
    private long orders;

    /// <summary>Rises with every change of an order in this process.</summary>
    public long Orders => Interlocked.Read(ref orders);

    public void Say(string topic)
    {
        if (topic == "orders")
            Interlocked.Increment(ref orders);
        foreach (var listener in listeners.Keys)
            listener.Add(topic);
    }

    /// <summary>Topics as they change; one that is said again before it was taken is told once.</summary>
    public async IAsyncEnumerable<string> ListenAsync([System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken ct)
    {
        var listener = new Listener();
        listeners[listener] = 0;
        try
        {
            while (!ct.IsCancellationRequested)
                foreach (var topic in await listener.TakeAsync(ct))
                    yield return topic;
        }
        finally
        {
            listeners.TryRemove(listener, out _);
        }
    }

    // what waits for one browser: a handful of words; too many become one that says "look again"
    private sealed class Listener
    {
        private const int Most = 64;
        private readonly Lock sync = new();
        private List<string>? waiting;
        private TaskCompletionSource? asleep;

        public void Add(string topic)
        {
            TaskCompletionSource? wake;
            lock (sync)
            {
                waiting ??= [];
                if (waiting.Contains(topic))
                    return;
                if (waiting.Count < Most)
                    waiting.Add(topic);
                else
                    waiting = ["all"];
                (wake, asleep) = (asleep, null);
            }
            wake?.TrySetResult();
        }

        public async Task<IReadOnlyList<string>> TakeAsync(CancellationToken ct)
        {
            for (; ;)
            {
                Task waits;
                lock (sync)
                {
                    if (waiting is { } ready)
                    {
                        waiting = null;
                        return ready;
                    }
                    asleep ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
                    waits = asleep.Task;
                }
                await waits.WaitAsync(ct);
            }
        }
    }
}
