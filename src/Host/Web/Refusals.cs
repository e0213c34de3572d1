using System.Collections.Concurrent;
using CourtOps.Workzone.People;

namespace CourtOps.Host.Web;

/// <summary>
/// What is refused before any command is reached: wrong keys, forged forms, too many requests. Counted by address; recorded at the first and then once
/// in ten minutes with how many there were, or the record itself could be flooded.
/// </summary>
internal sealed class Refusals(TimeProvider clock, IConfiguration configuration)
{
    public const string Key = "wrong-key";
    public const string Form = "forged-form";
    public const string TooMany = "too-many";
    public const string Named = "named";

    private static readonly TimeSpan Pause = TimeSpan.FromMinutes(10);
    private static readonly TimeSpan Window = TimeSpan.FromMinutes(1);

    private readonly ConcurrentDictionary<(string Kind, string Address), Tries> tries = new();

    /// <summary>Wrong keys that one address may try in a minute; then it is answered without looking. Setting CourtOps:Limits:WrongKeys; 0 switches it
    /// off.</summary>
    private readonly int wrongKeys = configuration.GetValue("CourtOps:Limits:WrongKeys", 30);

    /// <summary>Counts one more. The number since the last record when it is to be recorded again, otherwise null.</summary>
    public int? News(string kind, string address)
    {
        if (tries.Count > 10_000)
            tries.Clear();
        var now = clock.GetUtcNow();
        var own = tries.GetOrAdd((kind, address), static _ => new Tries());
        lock (own)
        {
            if (now - own.WindowFrom >= Window)
                (own.WindowFrom, own.InWindow) = (now, 0);
            own.InWindow++;
            own.Unsaid++;
            if (own.SaidAt is { } said && now - said < Pause)
                return null;
            (var count, own.SaidAt, own.Unsaid) = (own.Unsaid, now, 0);
            return count;
        }
    }

    /// <summary>Whether this address has tried too many wrong keys within the minute to be listened to.</summary>
    public bool IsTired(string address)
    {
        if (wrongKeys <= 0 || !tries.TryGetValue((Key, address), out var own))
            return false;
        lock (own)
            return own.InWindow >= wrongKeys && clock.GetUtcNow() - own.WindowFrom < Window;
    }

    /// <summary>Counts it, and puts it on record when that is due.</summary>
    public async Task NoteAsync(HttpContext http, string kind, string detail)
    {
        if (News(kind, http.Connection.RemoteIpAddress?.ToString() ?? "") is { } count)
            await http.RequestServices.GetRequiredService<IAccounts>().RecordRefusalAsync(kind, detail, count);
    }

    private sealed class Tries
    {
        public DateTimeOffset WindowFrom { get; set; }
        public int InWindow { get; set; }
        public int Unsaid { get; set; }
        public DateTimeOffset? SaidAt { get; set; }
    }
}

/// <summary>A form whose token is missing or wrong: perhaps an old page, perhaps another site.</summary>
internal sealed class ForgedForms(Refusals refusals) : Microsoft.AspNetCore.Mvc.Filters.IAsyncAlwaysRunResultFilter
{
    public async Task OnResultExecutionAsync(
        Microsoft.AspNetCore.Mvc.Filters.ResultExecutingContext context,
        Microsoft.AspNetCore.Mvc.Filters.ResultExecutionDelegate next
    )
    {
        if (context.Result is Microsoft.AspNetCore.Mvc.Core.Infrastructure.IAntiforgeryValidationFailedResult)
            await refusals.NoteAsync(context.HttpContext, Refusals.Form, context.HttpContext.Request.Path);
        await next();
    }
}
