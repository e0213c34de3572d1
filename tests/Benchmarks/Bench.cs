using System.Diagnostics;
using System.Text;
using CourtOps.Contracts;
using CourtOps.Host;
using CourtOps.Kernel.Data;
using CourtOps.Kernel.Messaging;
using CourtOps.Kernel.Modules;
using CourtOps.Kernel.Security;
using CourtOps.Workzone;
using CourtOps.Workzone.People;
using CourtOps.Workzone.Seeding;
using CourtOps.Workzone.WorkOrders;
using MediatR;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace CourtOps.Benchmarks;

/// <summary>A server without a network: requests go straight into the pipeline, so that pages are measured and not sockets.</summary>
internal sealed class DirectServer : IServer
{
    private Func<IFeatureCollection, Task>? process;

    public IFeatureCollection Features { get; } = new FeatureCollection();

    public Task StartAsync<TContext>(IHttpApplication<TContext> application, CancellationToken cancellationToken)
        where TContext : notnull
    {
        process = async features =>
        {
            var context = application.CreateContext(features);
            try
            {
                await application.ProcessRequestAsync(context);
            }
            finally
            {
                application.DisposeContext(context, null);
            }
        };
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public void Dispose() { }

    public async Task<(int Status, byte[] Body)> GetAsync(string path, string? key)
    {
        var kept = new MemoryStream();
        var status = await GetAsync(path, key, kept);
        return (status, kept.ToArray());
    }

    /// <summary>What is answered is thrown away: gathering a long page costs more than making it.</summary>
    public async Task DropAsync(string path, string? key)
    {
        if (await GetAsync(path, key, Stream.Null) is var status && status != 200)
            throw new InvalidOperationException($"{path} answered {status}.");
    }

    private async Task<int> GetAsync(string path, string? key, Stream kept)
    {
        var query = path.IndexOf('?', StringComparison.Ordinal);
        var request = new HttpRequestFeature
        {
            Method = "GET",
            Scheme = "http",
            Protocol = "HTTP/1.1",
            Path = query < 0 ? path : path[..query],
            QueryString = query < 0 ? "" : path[query..],
            PathBase = "",
            RawTarget = path,
        };
        request.Headers.Host = "localhost";
        if (key is not null)
            request.Headers["X-Api-Key"] = key;
        var response = new Answer();
        await using var body = new AnswerBody(response, kept);
        var features = new FeatureCollection();
        features.Set<IHttpRequestFeature>(request);
        features.Set<IHttpResponseFeature>(response);
        features.Set<IHttpResponseBodyFeature>(new StreamResponseBodyFeature(body));
        features.Set<IHttpRequestLifetimeFeature>(new HttpRequestLifetimeFeature());
        await process!(features);
        await response.CompleteAsync();
        return response.StatusCode;
    }
}

/// <summary>A response that does at its end what is registered for it: the scope of the request goes then.</summary>
internal sealed class Answer : HttpResponseFeature
{
    private readonly Stack<(Func<object, Task> Run, object State)> completed = [];
    private readonly Stack<(Func<object, Task> Run, object State)> starting = [];

    public override void OnStarting(Func<object, Task> callback, object state) => starting.Push((callback, state));

    public override void OnCompleted(Func<object, Task> callback, object state) => completed.Push((callback, state));

    /// <summary>Before the first byte, as a server does.</summary>
    public async Task StartAsync()
    {
        while (starting.TryPop(out var first))
            await first.Run(first.State);
    }

    public async Task CompleteAsync()
    {
        while (completed.TryPop(out var one))
            await one.Run(one.State);
    }
}

/// <summary>A body that lets the response start before its first byte.</summary>
internal sealed class AnswerBody(Answer answer, Stream kept) : Stream
{
    public override bool CanRead => false;

    public override bool CanSeek => false;

    public override bool CanWrite => true;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        await answer.StartAsync();
        kept.Write(buffer.Span);
    }

    public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        WriteAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override void Write(byte[] buffer, int offset, int count)
    {
        answer.StartAsync().GetAwaiter().GetResult();
        kept.Write(buffer, offset, count);
    }

    public override void Flush() { }

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();
}

/// <summary>A module of the benchmarks: a reaction that is timed, a generic order type, commands that step orders.</summary>
public sealed class BenchModule : Module
{
    public override string Name => "Bench";

    public override string Prefix => "bench";

    public override void AddServices(IServiceCollection services) =>
        services.AddSingleton(
            new OrderType
            {
                Code = "bench.generic",
                Centre = Centres.Trial,
                Label = "bench",
                TargetHours = 7,
            }
        );
}

internal sealed class WhenFiled(Db db) : INotificationHandler<DocumentFiled>
{
    public static Action<long>? Committed { get; set; }

    public Task Handle(DocumentFiled notification, CancellationToken cancellationToken)
    {
        db.OnCommitted(() => Committed?.Invoke(notification.DocumentId));
        return Task.CompletedTask;
    }
}

[Permit(PermitAttribute.System)]
internal sealed record OpenOne : ICommand<long>
{
    public long CaseId { get; init; }
    public string Subject { get; init; } = "";

    internal sealed class Handler(IWorkOrders orders) : ICommandHandler<OpenOne, long>
    {
        public async Task<long> Handle(OpenOne request, CancellationToken cancellationToken) =>
            (
                await orders.OpenAsync(
                    new NewOrder
                    {
                        Type = "bench.generic",
                        CaseId = request.CaseId,
                        Title = "bench",
                        Subject = "bench",
                        CauseSubject = request.Subject,
                    },
                    cancellationToken
                )
            ).Id;
    }
}

[Permit("workzone.orders.step")]
internal sealed record StepOne : ICommand
{
    public long Id { get; init; }
    public string Step { get; init; } = "";
    public long? PersonId { get; init; }
    public DateTimeOffset? WakeAt { get; init; }

    internal sealed class Handler(IWorkOrders orders) : CommandHandler<StepOne>
    {
        protected override Task RunAsync(StepOne command, CancellationToken ct) =>
            orders.StepAsync(
                command.Id,
                command.Step,
                new StepInput
                {
                    PersonId = command.PersonId,
                    WakeAt = command.WakeAt,
                    Words = "bench",
                },
                ct
            );
    }
}

[Permit(PermitAttribute.System)]
internal sealed record PublishOne : ICommand
{
    public string Key { get; init; } = "";
    public IReadOnlyList<long> Ids { get; init; } = [];

    internal sealed class Handler(Outbox outbox) : CommandHandler<PublishOne>
    {
        protected override async Task RunAsync(PublishOne command, CancellationToken ct)
        {
            foreach (var id in command.Ids)
                await outbox.AddAsync(
                    $"{command.Key}:{id % 500}",
                    new DocumentFiled
                    {
                        CaseId = 1,
                        DocumentId = id,
                        At = DateTimeOffset.UnixEpoch,
                    },
                    ct
                );
        }
    }
}

/// <summary>A host in this process over a data folder of its own.</summary>
internal sealed class BenchHost : IAsyncDisposable
{
    private BenchHost(WebApplication app, DirectServer server, string folder, bool keep)
    {
        App = app;
        Server = server;
        Folder = folder;
        this.keep = keep;
    }

    private readonly bool keep;

    public WebApplication App { get; }

    public DirectServer Server { get; }

    public string Folder { get; }

    public static async Task<BenchHost> StartAsync(bool pumps = false, string? folder = null)
    {
        var path = folder ?? Path.Combine(Path.GetTempPath(), "courtops-bench-" + Guid.NewGuid().ToString("n")[..8]);
        var server = new DirectServer();
        var app = CourtOpsApp.Build(
            new CourtOps.Host.HostOptions
            {
                Data = path,
                Pumps = pumps,
                Quiet = true,
                PagesByKey = true,
                Modules = [.. CourtOpsApp.Modules, new BenchModule()],
            },
            b =>
            {
                b.Services.Replace(ServiceDescriptor.Singleton<IServer>(server));
                b.Services.AddRazorPages().AddApplicationPart(typeof(BenchModule).Assembly); // the empty page
                b.Logging.AddFilter("Microsoft.AspNetCore.Antiforgery", LogLevel.Error); // it warns at each form on a page that may be cached by nobody
            }
        );
        await app.Services.GetRequiredService<Migrator>().RunAsync();
        app.Services.GetRequiredService<Ids>().Lease(pumps ? 60 : 61, 0);
        await app.StartAsync();
        return new BenchHost(app, server, path, folder is not null);
    }

    /// <summary>A second host over the same folder behind the real server.</summary>
    public async Task<WebApplication> ServeAsync()
    {
        var app = CourtOpsApp.Build(
            new CourtOps.Host.HostOptions
            {
                Data = Folder,
                Pumps = false,
                Quiet = true,
                PagesByKey = true,
                Modules = [.. CourtOpsApp.Modules, new BenchModule()],
            },
            b => b.WebHost.UseUrls("http://127.0.0.1:0")
        );
        app.Services.GetRequiredService<Ids>().Lease(59, 0);
        await app.StartAsync();
        return app;
    }

    public async Task<T> AsSystemAsync<T>(Func<IServiceProvider, Task<T>> run)
    {
        await using var scope = App.Services.CreateAsyncScope();
        scope.ServiceProvider.GetRequiredService<Actor>().ActAsSystem("bench");
        return await run(scope.ServiceProvider);
    }

    public Task<(int, int)> SeedAsync(int cases, int orders) =>
        AsSystemAsync(s => s.GetRequiredService<ISeeder>().FillAsync(cases, orders, 1, _ => { }, default));

    /// <summary>A key that may ask as often as a benchmark does.</summary>
    public Task<string> KeyAsync(string login) =>
        AsSystemAsync(async s =>
        {
            var key = await s.GetRequiredService<IAccounts>().CreateKeyAsync(login, null, "bench");
            var db = s.GetRequiredService<Db>();
            await db.BeginAsync();
            await db.ExecuteAsync("UPDATE workzone_api_key SET per_minute = 1000000000 WHERE purpose = 'bench'");
            await db.CommitAsync();
            return key;
        });

    public async ValueTask DisposeAsync()
    {
        await App.StopAsync();
        await App.DisposeAsync();
        if (!keep)
            Directory.Delete(Folder, recursive: true);
    }
}

internal static class Measure
{
    /// <summary>CPU milliseconds and calls per second of one caller, after warming up.</summary>
    public static async Task<(double CpuMs, double PerSecond)> LoopAsync(Func<Task> one, int warm, int count)
    {
        for (var i = 0; i < warm; i++)
            await one();
        GC.Collect();
        var cpu = Environment.CpuUsage.TotalTime; // to the microsecond; the process's own figure goes by ticks of ten milliseconds
        var watch = Stopwatch.StartNew();
        for (var i = 0; i < count; i++)
            await one();
        watch.Stop();
        return ((Environment.CpuUsage.TotalTime - cpu).TotalMilliseconds / count, count / watch.Elapsed.TotalSeconds);
    }

    public static bool Row(string what, string value, string wanted, bool reached)
    {
        Console.WriteLine($"| {what} | {value} | {wanted} | {(reached ? "yes" : "NO")} |");
        return reached;
    }

    public static void Head() => Console.WriteLine("| what | measured | wanted | reached |\n|---|---|---|---|");

    public static byte[] Utf8(string text) => Encoding.UTF8.GetBytes(text);
}
