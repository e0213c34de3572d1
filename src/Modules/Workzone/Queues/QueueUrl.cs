using System.Globalization;
using Microsoft.AspNetCore.Http;

namespace CourtOps.Workzone.Queues;

/// <summary>A queue as an address and back: a link to "my overdue service orders" can be sent to a colleague.</summary>
internal static class QueueUrl
{
    private static readonly string[] Known =
    [
        "view",
        "centre",
        "state",
        "due",
        "type",
        "assignee",
        "asker",
        "escalated",
        "text",
        "closed",
        "sort",
        "court",
        "cols",
    ];

    public static QueueFilter Filter(IQueryCollection query)
    {
        string? Get(string name) => query[name].ToString() is { Length: > 0 and <= 100 } v ? v : null;
        long? Id(string name) => long.TryParse(Get(name), NumberStyles.None, CultureInfo.InvariantCulture, out var id) ? id : null;
        return new QueueFilter
        {
            View = Get("view") ?? "",
            Centre = Get("centre"),
            State = Get("state"),
            Due = Get("due"),
            Type = Get("type"),
            Assignee = Id("assignee"),
            Asker = Id("asker"),
            Escalated = Get("escalated") == "true",
            Text = Get("text"),
            Closed = Get("closed") == "true",
            Sort = Get("sort"),
            Court = Id("court"),
        };
    }

    /// <summary>"view=centre&amp;due=overdue": only what differs from the usual.</summary>
    public static string Query(QueueFilter f, string? columns = null, string? after = null)
    {
        var parts = new List<string>(8);
        void Add(string name, string? value)
        {
            if (!string.IsNullOrEmpty(value))
                parts.Add($"{name}={Uri.EscapeDataString(value)}");
        }
        Add("view", f.View);
        Add("centre", f.Centre);
        Add("state", f.State);
        Add("due", f.Due);
        Add("type", f.Type);
        Add("assignee", f.Assignee?.ToString(CultureInfo.InvariantCulture));
        Add("asker", f.Asker?.ToString(CultureInfo.InvariantCulture));
        Add("escalated", f.Escalated ? "true" : null);
        Add("text", f.Text);
        Add("closed", f.Closed ? "true" : null);
        Add("sort", f.Sort);
        Add("court", f.Court?.ToString(CultureInfo.InvariantCulture));
        Add("cols", columns);
        Add("after", after);
        return string.Join('&', parts);
    }

    /// <summary>The same for a log: numbers that may be somebody's lose their middle.</summary>
    public static string Logged(QueueFilter f) => Query(f with { Text = f.Text is null ? null : Kernel.Security.Masks.Words(f.Text) });

    /// <summary>A stored query keeps only what a queue knows.</summary>
    public static string Clean(string query) =>
        string.Join('&', query.TrimStart('?').Split('&', StringSplitOptions.RemoveEmptyEntries).Where(p => Known.Contains(p.Split('=')[0])));
}
