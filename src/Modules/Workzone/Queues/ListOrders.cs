using CourtOps.Kernel.Data;
using CourtOps.Kernel.Messaging;
using CourtOps.Kernel.Security;
using CourtOps.Workzone.WorkOrders;

namespace CourtOps.Workzone.Queues;

/// <summary>What a queue is narrowed to and how it is sorted: exactly what stands in its URL.</summary>
internal record QueueFilter
{
    /// <summary>mine, asked, team, centre or court.</summary>
    public string View { get; init; } = "mine";
    public string? Centre { get; init; }
    public string? State { get; init; }

    /// <summary>overdue, today or week.</summary>
    public string? Due { get; init; }
    public string? Type { get; init; }
    public long? Assignee { get; init; }
    public long? Asker { get; init; }
    public bool Escalated { get; init; }

    /// <summary>A fragment of subject, title or case number.</summary>
    public string? Text { get; init; }
    public bool Closed { get; init; }

    /// <summary>due, asked, -asked, -changed or -closed; what no index carries becomes the first of the offered ones.</summary>
    public string? Sort { get; init; }
    public long? CaseId { get; init; }

    /// <summary>Of the views centre and court: this court alone.</summary>
    public long? Court { get; init; }
}

/// <summary>A queue: what the person may see of one view, narrowed by chips, by keyset over an index.</summary>
[Permit("workzone.orders.read")]
internal sealed record ListOrders : QueueFilter, IQuery<ListOrders.Result>
{
    public const int PageSize = 50;

    /// <summary>"key|id" of the last row of the page before.</summary>
    public string? After { get; init; }
    public int Take { get; init; } = PageSize;

    internal sealed record Result(IReadOnlyList<Row> Rows, QueueCounts Counts, string? Next)
    {
        public static Result Empty { get; } = new([], new QueueCounts(), null);

        public int Count => Counts.Total;

        public int Overdue => Counts.Overdue;
    }

    internal sealed record Row
    {
        public long Id { get; init; }
        public string Number { get; init; } = "";
        public string OrderType { get; init; } = "";
        public string Centre { get; init; } = "";
        public long? CaseId { get; init; }
        public string CaseNumber { get; init; } = "";
        public string Cause { get; init; } = "";
        public string Title { get; init; } = "";
        public string Subject { get; init; } = "";
        public string State { get; init; } = "";
        public bool Escalated { get; init; }
        public string AskedByName { get; init; } = "";
        public DateTimeOffset AskedAt { get; init; }
        public long? AssigneeId { get; init; }
        public string? AssigneeName { get; init; }
        public DateTimeOffset? DueAt { get; init; }
        public DateTimeOffset? WakeAt { get; init; }
        public string LastStep { get; init; } = "";
        public string LastWords { get; init; } = "";
        public DateTimeOffset ChangedAt { get; init; }
        public DateTimeOffset? ClosedAt { get; init; }
        public int Version { get; init; }
    }

    internal sealed class Handler(QueueReader reader, Kernel.Access.AccessLog reads) : IQueryHandler<ListOrders, Result>
    {
        public async Task<Result> Handle(ListOrders request, CancellationToken cancellationToken)
        {
            var plan = await reader.PlanAsync(request, cancellationToken);
            var (rows, next) = await reader.PageAsync(plan, request.After, request.Take, cancellationToken);
            reads.List("workzone.order.list", rows.Count, new { filter = QueueUrl.Logged(request), request.After }, request.CaseId);
            var whole = request.After is null && next is null && request.Due is null && rows.Count == 0;
            return new Result(rows, whole ? new QueueCounts() : await reader.CountAsync(plan, cancellationToken), next);
        }
    }
}

/// <summary>How many rows of a queue are in each band of time, none counted further than <see cref="Most"/>.</summary>
internal sealed record QueueCounts
{
    public const int Most = 1001;

    public int Total { get; init; }
    public int Overdue { get; init; }
    public int Today { get; init; }
    public int Week { get; init; }
    public int Paused { get; init; }

    /// <summary>"46", or "1000+".</summary>
    public static string Words(int n) => n >= Most ? "1000+" : n.ToString(System.Globalization.CultureInfo.InvariantCulture);

    public static QueueCounts operator +(QueueCounts a, QueueCounts b) =>
        new()
        {
            Total = Math.Min(Most, a.Total + b.Total),
            Overdue = Math.Min(Most, a.Overdue + b.Overdue),
            Today = Math.Min(Most, a.Today + b.Today),
            Week = Math.Min(Most, a.Week + b.Week),
            Paused = Math.Min(Most, a.Paused + b.Paused),
        };
}
