using CourtOps.Kernel.Settings;

namespace CourtOps.Host.Running;

/// <summary>Looks every two seconds whether another host has changed a setting; lookups read memory only.</summary>
internal sealed class SettingService(SettingStore store, ILogger<SettingService> log) : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await store.RefreshAsync(stoppingToken);
            }
            catch (System.Data.Common.DbException e)
            {
                // what was read last counts on until the database answers
                log.LogWarning(e, "Settings could not be looked at");
            }
            await Task.Delay(SettingStore.Every, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }
}
