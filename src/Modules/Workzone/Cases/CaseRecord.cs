using System.Globalization;
using CourtOps.Kernel.Data;
using CourtOps.Kernel.Messaging;
using CourtOps.Kernel.Security;
using CourtOps.Kernel.Web;
using CourtOps.Workzone.WorkOrders;

namespace CourtOps.Workzone.Cases;

/// <summary>
/// One time line of a case over all modules, newest first: every step of every order of whatever centre, every document, every event.
/// Pages go by keyset, so that what comes in meanwhile moves nothing.
/// </summary>
[Permit("workzone.cases.read")]
internal sealed record CaseRecord : IQuery<CaseRecord.Result>
{
    public const int Size = 50;

    public long CaseId { get; init; }

    /// <summary>orders, documents or events; everything else is all of them.</summary>
    public string Of { get; init; } = "";

    /// <summary>The mark of the last line of the page before.</summary>
    public string? After { get; init; }

    public int Take { get; init; } = Size;

    internal sealed record Result(CaseCard Case, IReadOnlyList<Line> Lines, string? Next);

    /// <summary>One line. <paramref name="Kind"/> is order, document or event; <paramref name="Words"/> are a person's own or say more.</summary>
    internal sealed record Line(
        string Kind,
        DateTimeOffset At,
        string What,
        string Words,
        string Who,
        string Href,
        string Centre,
        [property: System.Text.Json.Serialization.JsonIgnore] Mark Mark
    );

    /// <summary>The place of a line: its time, the source it is from, its id there and the number of the step.</summary>
    internal readonly record struct Mark(DateTimeOffset At, int Source, long Id, int N) : IComparable<Mark>
    {
        /// <summary>Before every line.</summary>
        public static readonly Mark Start = new(DateTimeOffset.MaxValue, -1, long.MaxValue, int.MaxValue);

        /// <summary>Later comes first; at one time by source, then the younger id and step first.</summary>
        public int CompareTo(Mark other) =>
            At != other.At ? other.At.CompareTo(At)
            : Source != other.Source ? Source.CompareTo(other.Source)
            : Id != other.Id ? other.Id.CompareTo(Id)
            : other.N.CompareTo(N);

        /// <summary>The bound under which a source still has lines: at the same time all of a later source, none of an earlier one.</summary>
        public (long Id, int N) Bound(int source) =>
            source < Source ? (0, 0)
            : source > Source ? (long.MaxValue, int.MaxValue)
            : (Id, N);

        public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{At.UtcTicks}.{Source}.{Id}.{N}");

        /// <summary>Reads a mark; what is none begins at the start.</summary>
        public static Mark Read(string? text)
        {
            var parts = (text ?? "").Split('.');
            return
                parts.Length == 4
                && long.TryParse(parts[0], NumberStyles.None, CultureInfo.InvariantCulture, out var ticks)
                && ticks <= DateTimeOffset.MaxValue.UtcTicks
                && int.TryParse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture, out var source)
                && source <= 2
                && long.TryParse(parts[2], NumberStyles.None, CultureInfo.InvariantCulture, out var id)
                && int.TryParse(parts[3], NumberStyles.None, CultureInfo.InvariantCulture, out var n)
                ? new Mark(new DateTimeOffset(ticks, TimeSpan.Zero), source, id, n)
                : Start;
        }
    }

    internal sealed class Handler(Db db, ICases cases, CaseAccess access, Texts t) : IQueryHandler<CaseRecord, Result>
    {
        private static readonly string[] Sources = ["orders", "documents", "events"];

        public async Task<Result> Handle(CaseRecord request, CancellationToken cancellationToken)
        {
            var card = await cases.GetAsync(request.CaseId, cancellationToken);
            var from = Mark.Read(request.After);
            var lines = new List<Line>();
            for (var source = 0; source < Sources.Length; source++)
                if (!Sources.Contains(request.Of) || Sources[source] == request.Of)
                    lines.AddRange(await ReadAsync(source, request.CaseId, from, request.Take + 1, cancellationToken));
            lines.Sort((a, b) => a.Mark.CompareTo(b.Mark));
            var page = lines.Take(request.Take).ToList();
            return new Result(card, page, lines.Count > request.Take ? page[^1].Mark.ToString() : null);
        }

        private async Task<IEnumerable<Line>> ReadAsync(int source, long caseId, Mark from, int take, CancellationToken ct)
        {
            var (id, n) = from.Bound(source);
            var (me, courts, places) = access.Arguments;
            var args = new
            {
                caseId,
                at = from.At,
                id,
                n,
                me,
                courts,
                places,
            };
            return source switch
            {
                0 => (
                    await db.PageAsync<Step>(
                        $"""
                        SELECT n.order_id, n.n, n.step AS name, n.lane, n.actor_id, n.actor_name, n.at, n.args, n.words, o.title, o.centre
                        FROM workzone_order o JOIN workzone_node n ON n.order_id = o.id
                        WHERE o.case_id = @caseId AND (n.at < @at OR (n.at = @at AND (n.order_id < @id OR (n.order_id = @id AND n.n < @n)))) AND
                            {access.Seeing.Order(
                            "o"
                        )}
                        ORDER BY n.at DESC, n.order_id DESC, n.n DESC
                        """,
                        args,
                        take,
                        ct
                    )
                ).Select(s => Of(s, s.Node)),
                1 => (
                    await db.PageAsync<Paper>(
                        $"""
                        SELECT d.id, d.title, d.created_by_name, d.created_at FROM workzone_document d
                        WHERE d.case_id = @caseId AND (d.created_at < @at OR (d.created_at = @at AND d.id < @id)) AND (d.volume = 'main' OR d.volume = @also)
                        ORDER BY d.created_at DESC, d.id DESC
                        """,
                        new
                        {
                            caseId,
                            at = from.At,
                            id,
                            also = await access.CanReadSecondaryAsync(caseId, ct) ? "secondary" : "main",
                        },
                        take,
                        ct
                    )
                ).Select(d => new Line(
                    "document",
                    d.CreatedAt,
                    t["文书入卷：{0}", d.Title],
                    "",
                    d.CreatedByName,
                    $"/documents/{d.Id}",
                    "",
                    new Mark(d.CreatedAt, source, d.Id, 0)
                )),
                _ => (
                    await db.PageAsync<Happening>(
                        """
                        SELECT e.id, e.event, e.on_day, e.document_id, e.recorded_by, e.recorded_at, e.undone_at FROM workzone_case_event e
                        WHERE e.case_id = @caseId AND (e.recorded_at < @at OR (e.recorded_at = @at AND e.id < @id))
                        ORDER BY e.recorded_at DESC, e.id DESC
                        """,
                        args,
                        take,
                        ct
                    )
                ).Select(e => new Line(
                    "event",
                    e.RecordedAt,
                    $"{t["caseevent." + e.Event]} {Times.Iso(e.OnDay)}",
                    e.UndoneAt is { } undone ? t["{0} 已撤销", Times.Full(undone)] : "",
                    e.RecordedBy,
                    e.DocumentId is { } d ? $"/documents/{d}" : $"/cases/{caseId}/events",
                    "",
                    new Mark(e.RecordedAt, source, e.Id, 0)
                )),
            };
        }

        private Line Of(Step s, Node node) =>
            new(
                "order",
                s.At,
                t["{0}：{1}", OrderWords.Verb(t, node), t[s.Title]],
                string.Join(' ', new[] { OrderWords.Of(t, node), s.Words }.Where(w => w.Length > 0)),
                s.ActorId == 0 ? t[s.ActorName] : s.ActorName,
                $"/orders/{s.OrderId}#node-{s.N}",
                s.Centre,
                new Mark(s.At, 0, s.OrderId, s.N)
            );

        private sealed record Step
        {
            public long OrderId { get; init; }
            public int N { get; init; }
            public string Name { get; init; } = "";
            public string Lane { get; init; } = "";
            public long ActorId { get; init; }
            public string ActorName { get; init; } = "";
            public DateTimeOffset At { get; init; }
            public string Args { get; init; } = "{}";
            public string Words { get; init; } = "";
            public string Title { get; init; } = "";
            public string Centre { get; init; } = "";

            public Node Node =>
                new()
                {
                    OrderId = OrderId,
                    N = N,
                    Step = Name,
                    Lane = Lane,
                    ActorId = ActorId,
                    ActorName = ActorName,
                    At = At,
                    Args = Args,
                    Words = Words,
                };
        }

        private sealed record Paper
        {
            public long Id { get; init; }
            public string Title { get; init; } = "";
            public string CreatedByName { get; init; } = "";
            public DateTimeOffset CreatedAt { get; init; }
        }

        private sealed record Happening
        {
            public long Id { get; init; }
            public string Event { get; init; } = "";
            public DateOnly OnDay { get; init; }
            public long? DocumentId { get; init; }
            public string RecordedBy { get; init; } = "";
            public DateTimeOffset RecordedAt { get; init; }
            public DateTimeOffset? UndoneAt { get; init; }
        }
    }
}
