using System.Text.Json;
using CourtOps.Contracts;
using CourtOps.Host;
using CourtOps.Kernel.Audit;
using CourtOps.Kernel.Data;
using CourtOps.Kernel.Jobs;
using CourtOps.Kernel.Messaging;
using CourtOps.Kernel.Printing;
using CourtOps.Kernel.Security;
using CourtOps.Kernel.Verifying;
using CourtOps.Kernel.Work;
using CourtOps.Workzone.People;
using CourtOps.Workzone.Rights;
using CourtOps.Workzone.Seeding;
using MediatR;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Identity;
using Microsoft.Data.SqlClient;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace CourtOps.Testing;

/// <summary>What a test wants otherwise than usual.</summary>
public sealed class TestAppOptions
{
    public Dictionary<string, string?> Settings { get; } =
        new()
        {
            ["CourtOps:Secrets:Key"] = Convert.ToBase64String(Enumerable.Range(1, 64).Select(i => (byte)i).ToArray()),
            ["CourtOps:BaseUrl"] = "http://court.test",
            // one address asks for everybody here
            ["CourtOps:Limits:SignIn"] = "0",
            ["CourtOps:Limits:Stranger"] = "0",
            ["CourtOps:Limits:Person"] = "0",
            ["CourtOps:Http:Allow"] = "127.0.0.1",
            // most tests run where no programs are installed
            ["CourtOps:Downloads:WithoutStamp"] = "allow",
        };

    public List<Action<IServiceCollection>> Services { get; } = [];

    /// <summary>The modules of this host, where they are others than usual. Those without tables need no other template.</summary>
    public IReadOnlyList<CourtOps.Kernel.Modules.Module>? Modules { get; set; }
}

/// <summary>
/// The real host on a database of its own, without pumps: nothing happens by itself, <see cref="DrainAsync"/> does what is due.
/// The database is a copy of one migrated and peopled once per process.
/// </summary>
public sealed class TestApp : IAsyncDisposable
{
    public const string Password = "Demo-2026-Court";

    private static readonly SemaphoreSlim TemplateGate = new(1, 1);
    private static readonly Lock SqlServerGate = new();
    private static string? template;

    private readonly WebApplication app;
    private readonly string folder;
    private readonly string? database;
    private SmtpServer? smtp;
    private string? login;
    private bool mapped;

    private TestApp(WebApplication app, string folder, string? database, TestClock clock, RecordingPrinter printer)
    {
        this.app = app;
        this.folder = folder;
        this.database = database;
        Clock = clock;
        Printer = printer;
        Browsers = new Browsers(this);
    }

    public TestClock Clock { get; }

    public RecordingPrinter Printer { get; }

    internal Browsers Browsers { get; }

    public IServiceProvider Services => app.Services;

    public string Folder => folder;

    /// <summary>The application with its routes: they are made at the first use, since most tests ask for no page.</summary>
    public WebApplication Web
    {
        get
        {
            if (!mapped)
                CourtOpsApp.Map(app);
            mapped = true;
            return app;
        }
    }

    /// <summary>The mail server, started and configured at the first use.</summary>
    public SmtpServer Smtp
    {
        get
        {
            if (smtp is not null)
                return smtp;
            smtp = new SmtpServer();
            Set("CourtOps:Smtp:Host", "127.0.0.1");
            Set("CourtOps:Smtp:Port", $"{smtp.Port}");
            return smtp;
        }
    }

    public static async Task<TestApp> StartAsync(Engine engine = Engine.Sqlite, Action<TestAppOptions>? prepare = null)
    {
        SqlWatch.Begin();
        var options = new TestAppOptions();
        prepare?.Invoke(options);
        var folder = Directory.CreateTempSubdirectory("courtops-test-").FullName;
        if (engine == Engine.Sqlite)
        {
            File.Copy(await TemplateAsync(), Path.Combine(folder, "courtops.db"));
            return Build(folder, options, null);
        }
        var name = $"courtops_test_{Guid.NewGuid():n}";
        OnServer($"CREATE DATABASE {name}");
        options.Settings["ConnectionStrings:CourtOps"] = new SqlConnectionStringBuilder(Engines.SqlServer) { InitialCatalog = name }.ToString();
        var made = Build(folder, options, name);
        await made.PeopleAsync();
        return made;
    }

    public void Set(string setting, string? value) => app.Services.GetRequiredService<IConfiguration>()[setting] = value;

    /// <summary>From now on this demo person acts; null is the system.</summary>
    public TestApp As(string? person)
    {
        login = person;
        return this;
    }

    public void At(DateTimeOffset at) => Clock.Set(at);

    public void Advance(TimeSpan by) => Clock.Advance(by);

    public Task<T> Send<T>(IRequest<T> request) => In(s => s.GetRequiredService<IMediator>().Send(request));

    /// <summary>Work in a scope of the acting person, as a request has one.</summary>
    public async Task<T> In<T>(Func<IServiceProvider, Task<T>> work)
    {
        await using var scope = app.Services.CreateAsyncScope();
        var actor = scope.ServiceProvider.GetRequiredService<Actor>();
        if (login is null)
        {
            actor.ActAsSystem("test");
        }
        else
        {
            var person = await PersonAsync(scope.ServiceProvider, login);
            if (!await scope.ServiceProvider.GetRequiredService<IAccounts>().ActAsync(actor, person.Id, person.Stamp))
                throw new InvalidOperationException($"{login} may not act.");
        }
        return await work(scope.ServiceProvider);
    }

    public Task In(Func<IServiceProvider, Task> work) =>
        In<int>(async s =>
        {
            await work(s);
            return 0;
        });

    /// <summary>Rows as they are stored.</summary>
    public Task<IReadOnlyList<T>> Rows<T>(string sql, object? args = null) => In(s => s.GetRequiredService<Db>().QueryAsync<T>(sql, args));

    public async Task<T?> Value<T>(string sql, object? args = null) => await In(s => s.GetRequiredService<Db>().FirstAsync<T>(sql, args));

    /// <summary>A change behind the product's back: a fault, a fraud, a fixture.</summary>
    public Task Change(string sql, object? args = null) =>
        In(async s =>
        {
            var db = s.GetRequiredService<Db>();
            await db.BeginAsync();
            await db.ExecuteAsync(sql, args);
            await db.CommitAsync();
        });

    /// <summary>The entries of the access log, newest first, of one activity or of all.</summary>
    public async Task<IReadOnlyList<CourtOps.Kernel.Access.AccessRow>> AccessRows(string? activity = null)
    {
        await using var db = await app.Services.GetRequiredService<CourtOps.Kernel.Access.AccessStore>().OpenAsync();
        return await db.QueryAsync<CourtOps.Kernel.Access.AccessRow>(
            "SELECT id, at, actor_id, actor, person_name, roles, address, agent, session, request_id, action, object_type, object_id, case_id, hits, "
                + "result, reason, detail, digest FROM kernel_access WHERE @activity = '' OR action = @activity ORDER BY id DESC",
            new { activity = activity ?? "" }
        );
    }

    public async Task<int> Reads(string activity) => (await AccessRows(activity)).Count;

    public async Task<long> IdOf(string person) => (await In(s => PersonAsync(s, person))).Id;

    /// <summary>Publishes as a module would, in a transaction of its own, and delivers.</summary>
    public async Task Hear(INotification notification, string key = "test")
    {
        await using (var scope = app.Services.CreateAsyncScope())
        {
            scope.ServiceProvider.GetRequiredService<Actor>().ActAsSystem("test");
            var db = scope.ServiceProvider.GetRequiredService<Db>();
            await db.BeginAsync();
            await scope.ServiceProvider.GetRequiredService<Outbox>().AddAsync(key, notification);
            await db.CommitAsync();
        }
        await DrainAsync();
    }

    /// <summary>Delivers once more what was delivered, as after a marker that was lost.</summary>
    public async Task HearAgain<T>()
        where T : INotification
    {
        var (name, version) = app.Services.GetRequiredService<Subscriptions>().NameOf(typeof(T));
        await Change(
            "UPDATE kernel_delivery SET state = 'pending' WHERE outbox_id IN (SELECT id FROM kernel_outbox WHERE name = @name AND version = @version)",
            new { name, version }
        );
        await DrainAsync();
    }

    public async Task<IReadOnlyList<T>> Published<T>()
        where T : INotification
    {
        var (name, version) = app.Services.GetRequiredService<Subscriptions>().NameOf(typeof(T));
        return
        [
            .. (await Rows<string>("SELECT body FROM kernel_outbox WHERE name = @name AND version = @version ORDER BY id", new { name, version })).Select(b =>
                JsonSerializer.Deserialize<T>(b, Json.Stored)!
            ),
        ];
    }

    /// <summary>Delivers every notification and does every piece of work that is due now.</summary>
    public async Task DrainAsync()
    {
        var relay = app.Services.GetRequiredService<Relay>();
        var pump = app.Services.GetRequiredService<WorkPump>();
        var feeder = app.Services.GetRequiredService<Kernel.Search.SearchFeeder>();
        for (var guard = 0; guard < 10_000; guard++)
        {
            var delivered = await relay.RunOnceAsync(default);
            if (delivered == 0 && !await pump.RunOneAsync(default))
            {
                await feeder.RunOnceAsync(default);
                return;
            }
        }
        throw new InvalidOperationException("The queues do not run empty.");
    }

    public Task RunJob<T>()
        where T : class, IJobHandler => RunJob(typeof(T));

    public async Task RunJob(Type job)
    {
        await using var scope = app.Services.CreateAsyncScope();
        scope.ServiceProvider.GetRequiredService<Actor>().ActAsSystem(job.Name);
        await ((IJobHandler)scope.ServiceProvider.GetRequiredService(job)).RunAsync(default);
    }

    /// <summary>What verify finds, of one check or of all.</summary>
    public async Task<IReadOnlyList<Finding>> Verify(string? check = null)
    {
        await using var scope = app.Services.CreateAsyncScope();
        scope.ServiceProvider.GetRequiredService<Actor>().ActAsSystem("verify");
        var found = new List<Finding>();
        foreach (var c in scope.ServiceProvider.GetServices<ICheck>().Where(c => check is null || c.Name == check))
        await foreach (var f in c.RunAsync(default))
            found.Add(f);
        return found;
    }

    public async ValueTask DisposeAsync()
    {
        await Browsers.DisposeAsync();
        if (smtp is not null)
            await smtp.DisposeAsync();
        await app.DisposeAsync();
        if (database is not null)
        {
            SqlConnection.ClearAllPools(); // nothing of ours holds it any more
            OnServer($"DROP DATABASE {database}");
        }
        Directory.Delete(folder, recursive: true);
    }

    private static TestApp Build(string folder, TestAppOptions options, string? database)
    {
        var clock = new TestClock();
        var printer = new RecordingPrinter();
        var app = CourtOpsApp.BuildServices(
            new HostOptions
            {
                Data = folder,
                Pumps = false,
                Quiet = true,
                Durable = false,
                Settings = options.Settings,
                Modules = options.Modules,
            },
            b =>
            {
                b.WebHost.UseUrls("http://127.0.0.1:0");
                b.Logging.ClearProviders();
                b.Services.AddSingleton<TimeProvider>(clock);
                b.Services.AddSingleton<IPrinter>(printer);
                SharedPages.Add(b.Services);
                foreach (var more in options.Services)
                    more(b.Services);
            }
        );
        SharedPages.Keep(app.Services);
        return new TestApp(app, folder, database, clock, printer);
    }

    private static async Task<string> TemplateAsync()
    {
        await TemplateGate.WaitAsync();
        try
        {
            if (template is not null)
                return template;
            var folder = Directory.CreateTempSubdirectory("courtops-template-").FullName;
            AppDomain.CurrentDomain.ProcessExit += (_, _) => Directory.Delete(folder, recursive: true);
            var made = Build(folder, new TestAppOptions(), null);
            await made.PeopleAsync();
            var copy = Path.Combine(folder, "template.db");
            await made.In(s => s.GetRequiredService<Db>().ExecuteRawAsync("VACUUM INTO @copy", new { copy }));
            await made.app.DisposeAsync();
            return template = copy;
        }
        finally
        {
            TemplateGate.Release();
        }
    }

    private async Task PeopleAsync()
    {
        // earlier than any test, so that no id is given twice
        Clock.Set(TestClock.Monday.AddDays(-30));
        await app.Services.GetRequiredService<Migrator>().RunAsync();
        await In(s => s.GetRequiredService<ISeeder>().PeopleAsync(Password, default));
        await CheapPasswordsAsync();
        // tests about the second factor put it back
        await Send(
            new SetPolicy
            {
                Policy = new SignInPolicy { SecondFactor = "off", MaxAgeDays = 0 },
                Reason = "test",
            }
        );
        Clock.Set(TestClock.Monday);
    }

    // A hash says itself how often it was hashed: a sign-in runs the same code with less work. Each has a salt of its own, as always, and the record of facts
    // keeps the new ones, as after a change.
    private Task CheapPasswordsAsync() =>
        In(async s =>
        {
            var hasher = new PasswordHasher<string>(Options.Create(new PasswordHasherOptions { IterationCount = 1 }));
            var db = s.GetRequiredService<Db>();
            await db.BeginAsync();
            foreach (var person in await db.QueryAsync<long>("SELECT id FROM workzone_person WHERE password_hash IS NOT NULL"))
            {
                var hash = hasher.HashPassword("", Password);
                await db.ExecuteAsync("UPDATE workzone_person SET password_hash = @hash WHERE id = @person", new { hash, person });
                await s.GetRequiredService<FactRecord>().KeepAsync(PasswordFacts.Of, person, PasswordFacts.DigestOf(hash), default);
            }
            await db.CommitAsync();
        });

    private static void OnServer(string sql)
    {
        lock (SqlServerGate)
        {
            using var connection = new SqlConnection(Engines.SqlServer);
            connection.Open();
            using var command = connection.CreateCommand();
#pragma warning disable CA2100 // the name is made here
            command.CommandText = sql;
#pragma warning restore CA2100
            command.ExecuteNonQuery();
        }
    }

    private static async Task<PersonRow> PersonAsync(IServiceProvider services, string person) =>
        await services.GetRequiredService<Db>().FirstAsync<PersonRow>("SELECT id, stamp FROM workzone_person WHERE login = @person", new { person })
        ?? throw new InvalidOperationException($"Nobody is called {person}.");

    private sealed record PersonRow
    {
        public long Id { get; init; }
        public string Stamp { get; init; } = "";
    }
}
