using System.Collections.Concurrent;
using CourtOps.Kernel.Printing;

namespace CourtOps.Testing;

/// <summary>Keeps what it was asked to print and answers with small valid PDFs, one for each document.</summary>
public sealed class RecordingPrinter : IPrinter
{
    private readonly ConcurrentQueue<string> printed = new();

    public IReadOnlyList<string> Html => [.. printed];

    /// <summary>Set to let printing fail as if the program were not installed.</summary>
    public PrinterMissing? Missing { get; set; }

    public Task<PrintOutcome> PrintAsync(IReadOnlyList<string> htmlDocuments, TimeSpan limit, CancellationToken ct)
    {
        if (Missing is { } missing)
            return Task.FromResult<PrintOutcome>(missing);
        foreach (var html in htmlDocuments)
            printed.Enqueue(html);
        return Task.FromResult<PrintOutcome>(new Printed([.. htmlDocuments.Select(h => SamplePdf.Of(1, h))]));
    }
}
