using CourtOps.Kernel.Search;

namespace CourtOps.Host.Running;

/// <summary>Keeps this host's search index up with the database; looks by itself every two seconds, for what other processes wrote.</summary>
internal sealed class SearchService(SearchFeeder feeder, SearchSignal signal, ILogger<SearchService> log) : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                if (await feeder.RunOnceAsync(stoppingToken) == 0)
                    await signal.WaitAsync(TimeSpan.FromSeconds(2), stoppingToken);
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                return;
            }
            catch (Exception e)
            {
                log.LogError(e, "The search index could not be fed");
                await Task.Delay(TimeSpan.FromSeconds(5), stoppingToken);
            }
        }
    }
}
