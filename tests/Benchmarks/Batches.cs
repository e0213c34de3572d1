using System.Diagnostics;
using CourtOps.Kernel.Data;
using CourtOps.Kernel.Security;
using CourtOps.Kernel.Work;
using CourtOps.Workzone.Batches;
using CourtOps.Workzone.People;
using CourtOps.Workzone.WorkOrders;
using MediatR;

namespace CourtOps.Benchmarks;

/// <summary>Ten thousand assignments as one batch: from the work being taken up to the last commit, nodes, access, audit and all.</summary>
internal static class Batches
{
    public static async Task<bool> RunAsync(bool full)
    {
        var wanted = full ? 10_000 : 4_000;
        await using var host = await BenchHost.StartAsync();
        await host.SeedAsync(500, wanted * 22);
        var (queued, clerk) = await host.AsSystemAsync(async s =>
        {
            var db = s.GetRequiredService<Db>();
            return (
                await db.PageAsync<long>("SELECT id FROM workzone_order WHERE state = 'queued' ORDER BY id", null, wanted),
                await db.ScalarAsync<long>("SELECT id FROM workzone_person WHERE login = 'clerk'")
            );
        });
        var batch = await host.AsSystemAsync(async s =>
        {
            var db = s.GetRequiredService<Db>();
            var lead = await db.ScalarAsync<long>("SELECT id FROM workzone_person WHERE login = 'lead'");
            await s.GetRequiredService<IAccounts>()
                .ActAsync(
                    s.GetRequiredService<Actor>(),
                    lead,
                    await db.ScalarAsync<string>("SELECT stamp FROM workzone_person WHERE id = @lead", new { lead })
                );
            return await s.GetRequiredService<IMediator>()
                .Send(
                    new CreateBatch
                    {
                        Step = OrderStep.Assign,
                        OrderIds = queued,
                        PersonId = clerk,
                    }
                );
        });
        var pump = host.App.Services.GetRequiredService<WorkPump>();
        var watch = Stopwatch.StartNew();
        while (await pump.RunOneAsync(default)) { }
        var seconds = watch.Elapsed.TotalSeconds;
        var done = await host.AsSystemAsync(s =>
            s.GetRequiredService<Db>().ScalarAsync<int>("SELECT done_count FROM workzone_batch WHERE id = @batch", new { batch })
        );
        if (done != queued.Count)
            throw new InvalidOperationException($"{done} of {queued.Count} orders were assigned.");
        Measure.Head();
        return Measure.Row(
            $"batch of {queued.Count:N0} assignments",
            $"{queued.Count / seconds:0}/s ({seconds:0.0} s)",
            "≥ 2,000/s",
            queued.Count / seconds >= 2000
        );
    }
}
