using CourtOps.Host.Running;
using CourtOps.Kernel.Data;
using CourtOps.Kernel.Modules;
using CourtOps.Kernel.Security;
using CourtOps.Web;
using CourtOps.Workzone.People;

namespace CourtOps.Host.Verbs;

/// <summary>Runs the host in the foreground: migrate, demo data or first-run code on the first start, then serve.</summary>
internal static class Serve
{
    public static async Task<int> RunAsync(Arguments args)
    {
        args.Only("port", "data", "no-demo", "face");
        var port = args.Int("port", 5080, 0, 65535);
        var face = args.Value("face") ?? "both";
        if (face is not ("both" or "staff" or "public"))
            throw new BadInput("--face must be staff, public or both.", "face");
        var address = Environment.GetEnvironmentVariable("CourtOps__Listen") ?? "127.0.0.1";
        await using var app = CourtOpsApp.Build(
            new HostOptions { Data = args.Value("data") ?? "data", Face = face },
            b =>
            {
                b.WebHost.UseUrls($"http://{address}:{port}");
                if (string.IsNullOrEmpty(b.Configuration["CourtOps:BaseUrl"]))
                    b.Configuration["CourtOps:BaseUrl"] = $"http://{address}:{port}";
            }
        );
        using var alone = Exclusive(app.Services);
        await VerbRunner.GuardedAsync(app.Services);
        // what lies there is a print or a scan in passing: an hour is long for one of a host that lives
        app.Services.GetRequiredService<DataFolder>().ClearPrivate(alone is null ? TimeProvider.System.GetUtcNow().AddHours(-1) : null);
        if (alone is not null)
            await TakeOverAsync(app.Services);
        await using var lease = app.Services.GetRequiredService<IdLease>();
        await lease.TakeAsync();
        string? firstRun = null;
        var demo = false;
        // of hosts that are started at once on an empty database one makes the demo data, the others find it
        await using (await app.Services.GetRequiredService<Migrator>().LockAsync("first-run"))
        await using (var scope = app.Services.CreateAsyncScope())
        {
            scope.ServiceProvider.GetRequiredService<Actor>().ActAsSystem("first-run");
            if (!await scope.ServiceProvider.GetRequiredService<IAccounts>().AnyAdministratorAsync())
            {
                if (args.Has("no-demo"))
                {
                    firstRun = app.Services.GetRequiredService<FirstRunCode>().Make();
                }
                else
                {
                    await Demo.MakeAsync(app.Services, args.Value("data") ?? "data");
                    demo = true;
                }
            }
            demo = demo || await Demo.IsDemoAsync(scope.ServiceProvider);
            app.Services.GetRequiredService<DemoCourt>().On = demo;
        }
        await app.StartAsync();
        Console.WriteLine($"CourtOps {CourtOps.Web.Shell.Version}  {app.Urls.First()}");
        if (firstRun is not null)
            Console.WriteLine($"First run: open {app.Urls.First()}/first-run and enter this one-time code: {firstRun}");
        if (demo)
            Demo.PrintAccounts();
        await app.WaitForShutdownAsync();
        return 0;
    }

    // one file as database has one host; several hosts need SQL Server
    private static FileStream? Exclusive(IServiceProvider services)
    {
        if (services.GetRequiredService<Dialect>() is not SqliteDialect)
            return null;
        var path = services.GetRequiredService<DataFolder>().File("", "serve.lock");
        try
        {
            return new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException)
        {
            throw new BadInput($"Another host serves this data folder already ({path}).", "data");
        }
    }

    // Nobody else serves this file, so whatever was claimed or leased belonged to a host that has ended: it need not wait for its lease.
    private static async Task TakeOverAsync(IServiceProvider services)
    {
        await using var db = new Db(services.GetRequiredService<Database>());
        await db.BeginAsync();
        var past = DateTimeOffset.UnixEpoch;
        await db.ExecuteAsync("UPDATE kernel_work SET lease_until = @past WHERE state = 'claimed'", new { past });
        await db.ExecuteAsync("UPDATE kernel_lease SET lease_until = @past", new { past });
        await db.CommitAsync();
    }
}

/// <summary>The one-time code of the first-run page; lives only in this process.</summary>
public sealed class FirstRunCode
{
    private string? code;

    public bool IsWaiting => code is not null;

    public string Make() => code = Secrets.NewToken()[..12];

    /// <summary>True once for the right code.</summary>
    public bool Matches(string typed) => Secrets.Same(code, typed.Trim());

    public void Use() => code = null;
}
