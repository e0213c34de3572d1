using CourtOps.Kernel.Data;
using CourtOps.Kernel.Modules;
using CourtOps.Kernel.Security;
using CourtOps.Workzone.People;
using CourtOps.Workzone.Seeding;

namespace CourtOps.Host.Verbs;

/// <summary>
/// Demo mode: accounts of every role with one printed password, and fourteen months of a court's life, on the first run only. The stories are played by a
/// host of its
/// own whose clock stands in the past; its ids are of that time and meet no later one.
/// </summary>
internal static class Demo
{
    public const string Password = "Demo-2026-Court";
    private const string Marker = "demo";

    public static async Task MakeAsync(IServiceProvider services, string data)
    {
        var end = services.GetRequiredService<TimeProvider>().GetUtcNow();
        var small = services.GetRequiredService<IConfiguration>()["CourtOps:Demo"] == "small";
        var failures = await PlayAsync(
            new HostOptions
            {
                Data = data,
                Pumps = false,
                Quiet = true,
                Durable = false,
            },
            end,
            small,
            default
        );
        foreach (var failure in failures)
            await Console.Error.WriteLineAsync("Demo: " + failure);
        await using var scope = services.CreateAsyncScope();
        scope.ServiceProvider.GetRequiredService<Actor>().ActAsSystem("demo");
        var db = scope.ServiceProvider.GetRequiredService<Db>();
        await db.BeginAsync();
        await db.ExecuteAsync("INSERT INTO kernel_sequence (name, value) VALUES (@name, 1)", new { name = Marker });
        await db.CommitAsync();
    }

    /// <summary>Plays all stories on an empty, migrated database. Answers what was refused.</summary>
    public static async Task<IReadOnlyList<string>> PlayAsync(HostOptions options, DateTimeOffset end, bool small, CancellationToken ct)
    {
        var clock = new DemoClock(end.AddMonths(-15));
        await using var app = CourtOpsApp.BuildServices(options, b => b.Services.AddSingleton<TimeProvider>(clock));
        await using (var scope = app.Services.CreateAsyncScope())
        {
            scope.ServiceProvider.GetRequiredService<Actor>().ActAsSystem("demo");
            await scope.ServiceProvider.GetRequiredService<ISeeder>().PeopleAsync(Password, ct);
            // nobody who looks around has an authenticator for these accounts; the sign-in policy page says that it is off
            await scope
                .ServiceProvider.GetRequiredService<MediatR.IMediator>()
                .Send(
                    new Workzone.Rights.SetPolicy
                    {
                        Policy = new SignInPolicy
                        {
                            SecondFactor = "off",
                            MaxAgeDays = 0,
                            MaxSessions = 20,
                        },
                        Reason = "演示",
                    },
                    ct
                );
        }
        var stage = new DemoStage(app.Services, clock, end, small);
        var stories = app.Services.GetRequiredService<ModuleList>().Declared.SelectMany(d => d.Declaration.Demos).OrderBy(d => d.Order);
        await stage.PlayAsync((small ? stories.Take(1) : stories).Select(d => d.Story), ct);
        return stage.Failures;
    }

    public static async Task<bool> IsDemoAsync(IServiceProvider services) =>
        await services.GetRequiredService<Db>().ScalarAsync<int>("SELECT COUNT(*) FROM kernel_sequence WHERE name = @name", new { name = Marker }) > 0;

    public static void PrintAccounts()
    {
        Console.WriteLine($"Demo accounts, password {Password}:");
        Console.WriteLine(
            "  judge 法官   assistant 法官助理   registrar 立案   lead 送达组长   clerk 送达书记员   archivist 归集   scheduler 审判保障   executor 执行协作   leader 院领导"
        );
        Console.WriteLine("  sysadmin 系统管理员   secadmin 安全管理员   secadmin2 第二位安全管理员   auditor 审计员   checker 中院质检");
    }
}
