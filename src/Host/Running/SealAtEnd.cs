using CourtOps.Kernel.Sealing;

namespace CourtOps.Host.Running;

/// <summary>Seals what is open when the host stops in order, so that no row waits outside a seal while nobody runs.</summary>
internal sealed class SealAtEnd(Sealer sealer, ILogger<SealAtEnd> log) : IHostedService
{
    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public async Task StopAsync(CancellationToken cancellationToken)
    {
        try
        {
            await sealer.RunAsync(cancellationToken);
        }
        catch (Exception e) when (e is System.Data.Common.DbException or IOException or OperationCanceledException)
        {
            log.LogWarning(e, "The logs were not sealed at the end; the next start does it");
        }
    }
}
