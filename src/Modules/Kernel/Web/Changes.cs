using System.Collections.Concurrent;
using System.Threading.Channels;

namespace CourtOps.Kernel.Web;

/// <summary>Tells open browsers that something changed; they fetch it themselves, with their own rights. Topics carry no data.</summary>
public sealed class Changes
{
    private readonly ConcurrentDictionary<Guid, Channel<string>> listeners = new();

    public void Say(string topic)
    {
        foreach (var channel in listeners.Values)
            channel.Writer.TryWrite(topic);
    }

    public async IAsyncEnumerable<string> ListenAsync([System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken ct)
    {
        var id = Guid.NewGuid();
        var channel = Channel.CreateBounded<string>(new BoundedChannelOptions(64) { FullMode = BoundedChannelFullMode.DropOldest });
        listeners[id] = channel;
        try
        {
            await foreach (var topic in channel.Reader.ReadAllAsync(ct))
                yield return topic;
        }
        finally
        {
            listeners.TryRemove(id, out _);
        }
    }
}
