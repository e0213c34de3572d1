using Microsoft.AspNetCore.Mvc.RazorPages;

namespace CourtOps.Benchmarks.Pages;

/// <summary>The yardstick: a Razor page without layout, guard or database that lists fifty rows with plain hrefs.</summary>
public sealed class Bare(IReadOnlyList<BareRow> rows) : PageModel
{
    public IReadOnlyList<BareRow> Rows { get; } = rows;
}

public sealed record BareRow
{
    public long Id { get; init; }
    public string Title { get; init; } = "";
    public string Number { get; init; } = "";
    public string CaseNumber { get; init; } = "";
    public string Cause { get; init; } = "";
    public string Subject { get; init; } = "";
    public string AskedByName { get; init; } = "";
    public string? AssigneeName { get; init; }
    public string State { get; init; } = "";
    public string LastStep { get; init; } = "";
    public DateTimeOffset? DueAt { get; init; }
    public DateTimeOffset ChangedAt { get; init; }
}
