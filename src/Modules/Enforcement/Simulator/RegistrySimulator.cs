using System.Collections.Concurrent;
using System.Globalization;
using System.Text.Json;
using CourtOps.Enforcement.Network;
using CourtOps.Kernel.Messaging;
using CourtOps.Kernel.Modules;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace CourtOps.Enforcement.Simulator;

/// <summary>
/// The verb simulate-registries: a process of its own that stands in for the inquiry system and the registries behind it, for demonstrations and tests. A
/// batch is taken once by its key; some lines are answered at once, others at later polls, some fail, some come twice, some are of strangers.
/// </summary>
internal sealed class RegistrySimulator : IAsyncDisposable
{
    public const string Verb = "simulate-registries";

    private readonly WebApplication app;
    private readonly RegistryManners manners;
    private readonly ConcurrentDictionary<string, Taken> batches = new();
    private readonly ConcurrentDictionary<string, int> refused = new();

    private RegistrySimulator(WebApplication app, RegistryManners manners)
    {
        this.app = app;
        this.manners = manners;
    }

    /// <summary>Where batches are posted and answers fetched.</summary>
    public string Url => app.Urls.First() + "/inquiry";

    /// <summary>False: everything is refused with 503, as when it is down.</summary>
    public bool Up { get; set; } = true;

    /// <summary>Sendings that were taken.</summary>
    public int Sendings => batches.Count;

    public static async Task<RegistrySimulator> StartAsync(RegistryManners manners, int port = 0)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls(string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{port}"));
        var app = builder.Build();
        var simulator = new RegistrySimulator(app, manners);
        app.MapPost("/inquiry", (Delegate)simulator.PostAsync);
        app.MapGet("/inquiry", (Delegate)simulator.GetAsync);
        await app.StartAsync();
        return simulator;
    }

    /// <summary>Runs until the input ends.</summary>
    public static object Run(VerbCall call)
    {
        call.Only("port", "seed", "slow", "errors", "duplicates", "strangers", "refusals", "delay", "key");
        var manners = new RegistryManners();
        manners = manners with
        {
            Seed = Number("seed", manners.Seed, int.MaxValue),
            Slow = Number("slow", manners.Slow, 100),
            Errors = Number("errors", manners.Errors, 100),
            Duplicates = Number("duplicates", manners.Duplicates, 100),
            Strangers = Number("strangers", manners.Strangers, 100),
            Refusals = Number("refusals", manners.Refusals, 100),
            Delay = Number("delay", manners.Delay, 60_000),
            Key = call.Value("key") ?? "",
        };
        var running = StartAsync(manners, Number("port", 0, 65_535)).GetAwaiter().GetResult();
        Console.Error.WriteLine($"CourtOps:Enforcement:InquiryUrl={running.Url}  (ends with its input)");
        while (Console.In.ReadLine() is not null)
        {
            // what is typed is of no meaning
        }
        var taken = running.Sendings;
        running.DisposeAsync().AsTask().GetAwaiter().GetResult();
        return new { ended = true, taken };

        int Number(string name, int otherwise, int most) =>
            call.Value(name) is not { } text ? otherwise
            : int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var n) && n <= most ? n
            : throw new RuleBroken($"--{name} is a number up to {most}.", name);
    }

    public ValueTask DisposeAsync() => app.DisposeAsync();

    private async Task<IResult> PostAsync(HttpContext http)
    {
        using var reader = new StreamReader(http.Request.Body);
        var body = await reader.ReadToEndAsync(http.RequestAborted);
        var key = $"{http.Request.Headers["Idempotency-Key"]}";
        if (await RefusedAsync(http, body) is { } no)
            return no;
        if (manners.Refusals > 0 && refused.AddOrUpdate(key, 1, (_, n) => n + 1) == 1 && key.Sum(c => c) % 100 < manners.Refusals)
            return Results.StatusCode(StatusCodes.Status503ServiceUnavailable);
        try
        {
            var round = key.Split('-') is [_, _, var n] && int.TryParse(n, NumberStyles.None, CultureInfo.InvariantCulture, out var r) ? r : 1;
            var lines = body.Split('\n', StringSplitOptions.RemoveEmptyEntries).SelectMany(l => RegistryAnswers.Of(l, round, manners)).ToList();
            return Text(batches.GetOrAdd(key, _ => new Taken(lines)).At(0));
        }
        catch (JsonException e)
        {
            return Results.BadRequest(new { error = e.Message });
        }
    }

    private async Task<IResult> GetAsync(HttpContext http)
    {
        var key = $"{http.Request.Query["batch"]}";
        return await RefusedAsync(http, key) ?? (batches.TryGetValue(key, out var batch) ? Text(batch.Next()) : Results.NotFound());
    }

    private async Task<IResult?> RefusedAsync(HttpContext http, string signed)
    {
        if (manners.Delay > 0)
            await Task.Delay(manners.Delay, http.RequestAborted);
        return !Up ? Results.StatusCode(StatusCodes.Status503ServiceUnavailable)
            : manners.Key.Length > 0 && http.Request.Headers["X-Signature"] != InquirySystem.Sign(manners.Key, signed) ? Results.Unauthorized()
            : null;
    }

    private static IResult Text(IEnumerable<string> lines) => Results.Text(string.Concat(lines.Select(l => l + "\n")), "application/x-ndjson");

    /// <summary>The answers to one sending, and how often it was polled.</summary>
    private sealed class Taken(IReadOnlyList<TimedLine> lines)
    {
        private int polls;

        public IEnumerable<string> At(int poll) => lines.Where(l => l.Poll == poll).Select(l => l.Text);

        public IEnumerable<string> Next() => At(Interlocked.Increment(ref polls));
    }
}
