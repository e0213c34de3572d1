using System.Diagnostics;

namespace CourtOps.Faults.Tests;

/// <summary>Asks again until there is an answer. The limit is by the clock: on a busy machine a killed host takes long to come back.</summary>
internal static class Patience
{
    public static async Task<T> UntilAsync<T>(string otherwise, Func<Task<T?>> ask)
        where T : class
    {
        var last = "";
        for (var watch = Stopwatch.StartNew(); watch.Elapsed < TimeSpan.FromMinutes(2); await Task.Delay(50)) // the host is another process
        {
            try
            {
                if (await ask() is { } answer)
                    return answer;
            }
            catch (Exception e) when (e is HttpRequestException or TaskCanceledException or IOException or InvalidOperationException)
            {
                last = e.Message;
            }
        }
        throw new AssertionException($"{otherwise}. {last}");
    }
}
