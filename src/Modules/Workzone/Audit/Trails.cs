using System.Globalization;
using CourtOps.Kernel.Access;
using CourtOps.Kernel.Audit;
using CourtOps.Kernel.Data;
using CourtOps.Kernel.Files;
using CourtOps.Kernel.Messaging;
using CourtOps.Kernel.Security;
using CourtOps.Kernel.Web;
using CourtOps.Law;

namespace CourtOps.Workzone.Trails;

/// <summary>What an auditor narrows a trail by. A time range always applies: seven days when none is given, a quarter at most.</summary>
public record TrailFilter
{
    public const int MostDays = 92;

    public DateOnly? From { get; init; }
    public DateOnly? To { get; init; }

    /// <summary>A login, or the beginning of a name.</summary>
    public string? Person { get; init; }
    public string? Category { get; init; }

    /// <summary>The code of an activity.</summary>
    public string? Activity { get; init; }

    /// <summary>done, refused, forbidden, failed, …</summary>
    public string? Outcome { get; init; }
    public string? ObjectType { get; init; }
    public string? ObjectId { get; init; }

    /// <summary>A whole case number.</summary>
    public string? Number { get; init; }

    /// <summary>The id of the last row of the page before.</summary>
    public long? After { get; init; }
}

/// <summary>A row of either log, as the auditor sees it: what was done to what, no contents.</summary>
public sealed record TrailRow : LogEntry
{
    public int Hits { get; init; } = 1;
    public long Seal { get; init; }

    /// <summary>Filled in for reading.</summary>
    public string CaseNumber { get; init; } = "";

    /// <summary>Of an entry about a person, filled in for reading.</summary>
    public string ObjectName { get; init; } = "";
}

/// <summary>Looks through the audit trail ("audit") or the access log ("access").</summary>
[Permit("workzone.audit.read")]
internal sealed record SearchTrail : TrailFilter, IQuery<SearchTrail.Result>
{
    public const string Audit = "audit";
    public const string Access = "access";

    public string Log { get; init; } = Audit;
    public int Take { get; init; } = 50;

    internal sealed record Result(IReadOnlyList<TrailRow> Rows, long? Next, DateOnly From, DateOnly To);

    internal sealed class Handler(Db db, Actor actor, AccessStore store, ActivityCatalogue activities, TrailWords words, TimeProvider clock, AccessLog reads)
        : IQueryHandler<SearchTrail, Result>
    {
        private const string Audited =
            "SELECT x.id, x.at, x.actor_id, x.actor, x.person_name, x.roles, x.address, x.agent, x.session, x.request_id, x.action, x.object_type, "
            + "x.object_id, x.case_id, x.result, x.reason, x.detail, x.seal FROM kernel_audit x WHERE ";
        private const string Accessed =
            "SELECT x.id, x.at, x.actor_id, x.actor, x.person_name, x.roles, x.address, x.agent, x.session, x.request_id, x.action, x.object_type, "
            + "x.object_id, x.case_id, x.hits, x.result, x.reason, x.detail, x.seal FROM kernel_access x WHERE ";

        public async Task<Result> Handle(SearchTrail request, CancellationToken cancellationToken)
        {
            var (from, to) = Range(request, Times.Day(clock.GetUtcNow()));
            var scope = await AuditScope.OfAsync(db, actor, cancellationToken);
            long? caseId = null;
            if (!string.IsNullOrWhiteSpace(request.Number))
            {
                caseId = await CaseOfAsync(db, scope, request.Number, cancellationToken);
                scope = AuditScope.Whole; // of a case of one's own courts every reader is seen, also those from elsewhere
            }
            var begin = Times.Start(from);
            var end = Times.Start(to.AddDays(1));
            var args = new
            {
                begin,
                end,
                court = scope.Walked,
                first = Ids.At(begin.AddDays(-1)),
                last = Math.Min(request.After ?? long.MaxValue, Ids.At(end.AddDays(1))),
                caseId,
                Person = request.Person?.Trim(),
                name = request.Person?.Trim() + "%",
                request.Activity,
                request.Outcome,
                request.ObjectType,
                request.ObjectId,
                codes = activities.All.Where(a => a.Category == request.Category).Select(a => a.Code).DefaultIfEmpty(""),
            };
            var where =
                "x.id < @last AND x.id >= @first AND x.at >= @begin AND x.at < @end"
                + (caseId is null ? "" : " AND x.case_id = @caseId")
                + (string.IsNullOrWhiteSpace(request.Person) ? "" : " AND (x.actor = @Person OR x.person_name LIKE @name)")
                + (string.IsNullOrEmpty(request.Activity) ? "" : " AND x.action = @Activity")
                + (string.IsNullOrEmpty(request.Category) ? "" : " AND x.action IN @codes")
                + (string.IsNullOrEmpty(request.Outcome) ? "" : " AND x.result = @Outcome")
                + (string.IsNullOrEmpty(request.ObjectType) ? "" : " AND x.object_type = @ObjectType")
                + (string.IsNullOrEmpty(request.ObjectId) ? "" : " AND x.object_id = @ObjectId");
            await using var other = request.Log == Access ? await store.OpenAsync(cancellationToken) : null;
            var rows = await scope.NewestAsync<TrailRow>(
                other ?? db,
                (other is null ? Audited : Accessed) + scope.Condition + where,
                args,
                request.Take + 1,
                r => r.Id,
                cancellationToken
            );
            var shown = await WithNumbersAsync(db, [.. rows.Take(request.Take).Select(words.Shown)], cancellationToken);
            reads.List(
                "workzone.audit.search",
                shown.Count,
                new
                {
                    request.Log,
                    from,
                    to,
                    person = Masks.Words(request.Person),
                    request.Activity,
                    request.Category,
                    request.ObjectType,
                    request.ObjectId,
                },
                caseId
            );
            return new Result(shown, rows.Count > request.Take ? shown[^1].Id : null, from, to);
        }
    }

    /// <summary>The days that are looked through.</summary>
    /// <exception cref="RuleBroken">More than a quarter, the end before the beginning, or a year before 2000 or after 2100.</exception>
    internal static (DateOnly From, DateOnly To) Range(TrailFilter filter, DateOnly today)
    {
        if (filter.From is { Year: < 2000 or > 2100 } || filter.To is { Year: < 2000 or > 2100 })
            throw new RuleBroken("日期应在 2000 年至 2100 年之间。", filter.From is { Year: < 2000 or > 2100 } ? "From" : "To");
        var to = filter.To ?? (filter.From is { } given && given.AddDays(MostDays - 1) < today ? given.AddDays(MostDays - 1) : today);
        var from = filter.From ?? to.AddDays(-6);
        if (from > to)
            throw new RuleBroken("开始日期在结束日期之后。", "From");
        if (to.DayNumber - from.DayNumber >= MostDays)
            throw new RuleBroken($"一次最多查 {MostDays} 天，请缩小日期范围。", "From");
        return (from, to);
    }

    /// <exception cref="RuleBroken">No case number, or none of a case of these courts.</exception>
    internal static Task<long> CaseOfAsync(Db db, AuditScope scope, string number, CancellationToken ct) =>
        CaseNumber.TryParse(number.Trim(), out var parsed)
            ? scope.CaseAsync(db, parsed.Canonical, ct)
            : throw new RuleBroken("案号写法有误，例如（2026）吉2424民初123号。", "Number");

    internal static async Task<IReadOnlyList<TrailRow>> WithNumbersAsync(Db db, IReadOnlyList<TrailRow> rows, CancellationToken ct)
    {
        var numbers = await NamedAsync(db, "SELECT id, number AS name FROM workzone_case WHERE id IN @part", rows.Select(r => r.CaseId ?? 0), ct);
        var people = await NamedAsync(db, "SELECT id, name FROM workzone_person WHERE id IN @part", rows.Select(PersonOf), ct);
        return
        [
            .. rows.Select(r => r with { CaseNumber = numbers.GetValueOrDefault(r.CaseId ?? 0, ""), ObjectName = people.GetValueOrDefault(PersonOf(r), "") }),
        ];
    }

    private static long PersonOf(TrailRow row) => row.ObjectType == "person" && long.TryParse(row.ObjectId, CultureInfo.InvariantCulture, out var id) ? id : 0;

    private static async Task<Dictionary<long, string>> NamedAsync(Db db, string sql, IEnumerable<long> ids, CancellationToken ct)
    {
        var names = new Dictionary<long, string>();
        foreach (var part in ids.Where(id => id != 0).Distinct().Chunk(500))
        foreach (var row in await db.QueryAsync<Named>(sql, new { part }, ct))
            names[row.Id] = row.Name;
        return names;
    }

    private sealed record Named
    {
        public long Id { get; init; }
        public string Name { get; init; } = "";
    }
}

/// <summary>The same rows as a file. That it was made is recorded with what it was narrowed by and how many rows it held.</summary>
[Permit("workzone.audit.export")]
[Audited("workzone.audit.export")]
internal sealed record ExportTrail : TrailFilter, ICommand<IReadOnlyList<TrailRow>>
{
    public const int Most = 20_000;

    public string Log { get; init; } = SearchTrail.Audit;
    public string Reason { get; init; } = "";

    internal sealed class Handler(MediatR.IMediator mediator, AuditTrail audit) : ICommandHandler<ExportTrail, IReadOnlyList<TrailRow>>
    {
        public async Task<IReadOnlyList<TrailRow>> Handle(ExportTrail request, CancellationToken cancellationToken)
        {
            if (request.Reason.Trim().Length < 4)
                throw new RuleBroken("请写明导出的事由，至少 4 个字。", "Reason");
            var found = await mediator.Send(
                new SearchTrail
                {
                    Log = request.Log,
                    From = request.From,
                    To = request.To,
                    Person = request.Person,
                    Category = request.Category,
                    Activity = request.Activity,
                    Outcome = request.Outcome,
                    ObjectType = request.ObjectType,
                    ObjectId = request.ObjectId,
                    Number = request.Number,
                    Take = Most,
                },
                cancellationToken
            );
            if (found.Next is not null)
                throw new RuleBroken($"超过 {Most} 行，请缩小范围后导出。", "From");
            audit.Note(
                "export",
                request.Log,
                new
                {
                    found.From,
                    found.To,
                    person = Masks.Words(request.Person),
                    request.Activity,
                    request.Category,
                    request.Outcome,
                    request.Number,
                    rows = found.Rows.Count,
                }
            );
            return found.Rows;
        }
    }
}

/// <summary>A trail as CSV that a spreadsheet opens as text: a cell that begins like a formula is none.</summary>
internal static class TrailCsv
{
    public static byte[] Write(IEnumerable<TrailRow> rows, ActivityCatalogue activities, Texts t)
    {
        var text = new System.Text.StringBuilder("\ufeff");
        text.AppendJoin(
                ',',
                new[]
                {
                    "时间",
                    "登录名",
                    "姓名",
                    "角色",
                    "活动",
                    "活动代码",
                    "对象",
                    "对象编号",
                    "案号",
                    "行数",
                    "结果",
                    "事由",
                    "地址",
                    "浏览器",
                    "会话",
                    "请求",
                    "详情",
                    "封存批次",
                }.Select(h => SpreadsheetText.Cell(t[h]))
            )
            .Append("\r\n");
        foreach (var r in rows)
            text.AppendJoin(
                    ',',
                    new[]
                    {
                        Times.Local(r.At).ToString("yyyy-MM-dd HH:mm:ss.fff", CultureInfo.InvariantCulture),
                        r.Actor,
                        r.PersonName,
                        r.Roles,
                        activities.Words(t, r.Action),
                        r.Action,
                        r.ObjectType,
                        r.ObjectId,
                        r.CaseNumber,
                        $"{r.Hits}",
                        r.Result,
                        r.Reason,
                        r.Address,
                        r.Agent,
                        r.Session,
                        r.RequestId,
                        r.Detail,
                        r.Seal == 0 ? "" : $"{r.Seal}",
                    }.Select(SpreadsheetText.Cell)
                )
                .Append("\r\n");
        return System.Text.Encoding.UTF8.GetBytes(text.ToString());
    }
}
