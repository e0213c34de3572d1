namespace CourtOps.Kernel.Printing;

/// <summary>What came of a print job: one of the four below.</summary>
public abstract record PrintOutcome;

/// <param name="Documents">One PDF for each HTML document, in their order.</param>
public sealed record Printed(IReadOnlyList<byte[]> Documents) : PrintOutcome;

/// <summary>A program is not installed. Nothing was printed; it can be once the package is there.</summary>
public sealed record PrinterMissing(string Program, string Package) : PrintOutcome;

/// <summary>The time was up; the programs were ended.</summary>
public sealed record PrintTimedOut(TimeSpan Limit) : PrintOutcome;

/// <param name="Reason">For operators.</param>
public sealed record PrintFailed(string Reason) : PrintOutcome;

/// <summary>Makes PDF files of HTML documents. To be called outside any transaction: it runs programs.</summary>
public interface IPrinter
{
    /// <summary>The program that is missing, or null when printing is possible (one document; several also need qpdf).</summary>
    PrinterMissing? Missing { get; }

    /// <summary>
    /// Prints complete HTML documents. Documents with the same head are printed in one go and split. They bring their
    /// styles and pictures with them (style element, data: URLs): nothing is fetched and no script runs.
    /// </summary>
    Task<PrintOutcome> PrintAsync(IReadOnlyList<string> htmlDocuments, TimeSpan limit, CancellationToken ct);
}
