using System.Collections.Concurrent;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace CourtOps.SystemTests;

/// <summary>A page that is shown as it should be writes nothing into the log.</summary>
public sealed class QuietPagesTests() : AppTests(Engine.Sqlite)
{
    private readonly ConcurrentQueue<string> warnings = new();

    protected override void Prepare(TestAppOptions options) => options.Services.Add(s => s.AddSingleton<ILoggerProvider>(_ => new Lines(warnings)));

    [Test]
    public async Task No_page_writes_a_warning()
    {
        var order = await App.Asked(1, [SampleParty.Provided]);
        var clerk = await App.SignedIn("clerk");
        foreach (
            var page in new[] { $"/orders/{order.OrderId}", $"/service/orders/{order.OrderId}", "/orders", "/account", $"/parties/{order.Parties[0]}/address" }
        )
        {
            var answer = await clerk.GetAsync(new Uri(page, UriKind.Relative));
            Assert.That(answer.Headers.CacheControl?.NoStore, Is.True, page);
        }
        Assert.That(warnings, Is.Empty);
    }

    private sealed class Lines(ConcurrentQueue<string> warnings) : ILoggerProvider, ILogger
    {
        public ILogger CreateLogger(string categoryName) => this;

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => logLevel >= LogLevel.Warning;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            if (IsEnabled(logLevel))
                warnings.Enqueue(formatter(state, exception));
        }

        public void Dispose() { }
    }
}
