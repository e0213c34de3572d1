using CourtOps.Host;
using CourtOps.Host.Verbs;
using CourtOps.Kernel.Data;
using Microsoft.Extensions.DependencyInjection;

namespace CourtOps.SystemTests;

/// <summary>The demo court is told by commands of every module: none is refused, and each chapter has something to look at.</summary>
public sealed class DemoTests
{
    // a table of each chapter, and how many rows at least
    private static readonly (string Table, int Least)[] Chapters =
    [
        ("workzone_case", 300),
        ("workzone_order", 400),
        ("workzone_slip", 10),
        ("workzone_inspection", 1),
        ("workzone_case WHERE kind = 'criminal'", 3),
        ("triage_filing", 5),
        ("service_notice", 10),
        ("trial_hearing", 5),
        ("trial_draft", 1),
        ("enforcement_measure", 10),
        ("enforcement_auction", 1),
        ("enforcement_bid_deposit", 2),
        ("enforcement_criminal_item", 2),
        ("enforcement_receipt", 3),
    ];

    [Test]
    public async Task Every_chapter_of_the_demo_court_is_told()
    {
        var folder = Directory.CreateTempSubdirectory("courtops-demo-").FullName;
        try
        {
            var options = new HostOptions
            {
                Data = folder,
                Pumps = false,
                Quiet = true,
                Durable = false,
            };
            await using (var app = CourtOpsApp.BuildServices(options))
                await app.Services.GetRequiredService<Migrator>().RunAsync();
            var refused = await Demo.PlayAsync(options, TestClock.Shanghai(2026, 11, 26, 10, 0), small: false, default);
            Assert.That(refused, Is.Empty);
            await using var told = CourtOpsApp.BuildServices(options);
            await using var scope = told.Services.CreateAsyncScope();
            var db = scope.ServiceProvider.GetRequiredService<Db>();
            var poor = new List<string>();
            foreach (var (table, least) in Chapters)
                if (await db.ScalarAsync<int>($"SELECT COUNT(*) FROM {table}") is var n && n < least)
                    poor.Add($"{table}: {n} of {least}");
            Assert.That(poor, Is.Empty);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }
}
