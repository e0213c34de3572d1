using CourtOps.Kernel.Data;
using Microsoft.Extensions.Logging;

namespace CourtOps.Kernel.Jobs;

/// <summary>
/// One round of a job over things that are due, each in a transaction of its own. One that fails stops no other; <see cref="End"/> says at the end that the
/// round was
/// not whole, so that the job shows as failed and the thing is tried again in the next round.
/// </summary>
public sealed class Round(Db db, ILogger<Round> log)
{
    private const int Page = 200;
    private int failed;
    private Exception? first;

    /// <summary>Acts on one thing; a failure is logged and counted. A stop of the host goes through.</summary>
    public async Task TryAsync(long id, Func<Task> act)
    {
        try
        {
            await act();
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            failed++;
            first ??= e;
            log.LogError(e, "{Id} failed in this round", id);
        }
    }

    /// <summary>
    /// Acts on all ids a statement finds, page by page. <paramref name="sql"/> takes <c>@after</c> and the parameters of <paramref name="values"/>, and
    /// orders by the id
    /// alone; ids that come to be due behind the mark are left to the next round.
    /// </summary>
    public async Task EachAsync(string sql, IReadOnlyDictionary<string, object?> values, Func<long, Task> act, CancellationToken ct)
    {
        for (var after = 0L; ; )
        {
            var due = await db.PageAsync<long>(sql, new Dictionary<string, object?>(values) { ["after"] = after }, Page, ct);
            foreach (var id in due)
                await TryAsync(id, () => act(id));
            if (due.Count < Page)
                return;
            after = due[^1];
        }
    }

    /// <summary>Throws when something failed, with the first failure inside.</summary>
    public void End()
    {
        if (failed > 0)
            throw new InvalidOperationException($"{failed} of what was due failed; see the log", first);
    }
}
