using System.Text.Json.Serialization;
using CourtOps.Kernel.Access;
using CourtOps.Kernel.Data;
using CourtOps.Kernel.Messaging;
using CourtOps.Kernel.Security;
using CourtOps.Kernel.Web;
using CourtOps.Workzone.Cases;

namespace CourtOps.Enforcement.Measures;

/// <summary>Measures by what ends next; of the cases the person may see.</summary>
[Permit("enforcement.read")]
internal sealed record ListMeasures : IQuery<ListMeasures.Result>
{
    /// <summary>Ends before this day.</summary>
    public DateOnly? DueBefore { get; init; }
    public long? CaseId { get; init; }

    /// <summary>Ends on this day.</summary>
    public DateOnly? On { get; init; }

    /// <summary>The bank or registry that keeps it; empty: any.</summary>
    public string Authority { get; init; } = "";

    /// <summary>active, waiting, ruled, lapsed or released.</summary>
    public string State { get; init; } = MeasureState.Active;
    public bool Mine { get; init; }
    public DateOnly? AfterEnd { get; init; }
    public long After { get; init; }
    public int Take { get; init; } = 50;

    internal sealed record Result(IReadOnlyList<Row> Rows, string? Next);

    internal sealed record Row
    {
        public long Id { get; init; }
        public long CaseId { get; init; }
        public string CaseNumber { get; init; } = "";
        public string? JudgeName { get; init; }
        public string PartyName { get; init; } = "";
        public string Asset { get; init; } = "";
        public string Category { get; init; } = "";
        public string Kind { get; init; } = "";
        public string Act { get; init; } = "";
        public string Basis { get; init; } = "";
        public string State { get; init; } = "";
        public int Place { get; init; }

        /// <summary>Cents.</summary>
        [JsonIgnore]
        public long? Amount { get; init; }
        public string Authority { get; init; } = "";

        [JsonPropertyName("start")]
        public DateOnly? StartOn { get; init; }

        [JsonPropertyName("end")]
        public DateOnly? EndOn { get; init; }
        public DateOnly? LastRenewal { get; init; }
        public DateOnly? CourtLastDay { get; init; }
        public DateOnly? HeadEnd { get; init; }
        public DateOnly? AppliedOn { get; init; }
        public DateOnly? ToldOn { get; init; }
        public DateOnly? NextDate { get; init; }
        public string? NextTier { get; init; }
        public long? OrderId { get; init; }
        public bool Differs { get; init; }
        public int Version { get; init; }
    }

    internal sealed class Handler(Db db, ICases cases, AccessLog reads, TimeProvider clock) : IQueryHandler<ListMeasures, Result>
    {
        private const string Select = """
            SELECT m.id, m.case_id, c.number AS case_number, c.judge_name, a.party_name, a.name AS asset, a.category, m.kind, m.act, m.basis, m.state, m.place,
                m.amount, m.authority, m.start_on, m.end_on, m.last_renewal,
                   m.court_last AS court_last_day, m.head_end, m.applied_on, m.told_on, m.next_date, m.next_tier, m.order_id, CASE WHEN m.receipt_end IS NOT
                       NULL AND m.receipt_end <> m.computed_end THEN 1 ELSE 0 END AS differs, m.version
            FROM enforcement_measure m
            JOIN enforcement_asset a ON a.id = m.asset_id
            JOIN workzone_case_card c ON c.id = m.case_id
            """;

        public async Task<Result> Handle(ListMeasures request, CancellationToken cancellationToken)
        {
            var (me, courts, places) = cases.Arguments;
            var byEnd = request.State is MeasureState.Active or MeasureState.Lapsed or MeasureState.Released;
            var first = request.State == MeasureState.Active ? Times.Day(clock.GetUtcNow()).AddYears(-1) : new DateOnly(2000, 1, 1);
            var from = request.AfterEnd ?? request.On ?? first;
            var sql =
                Select
                + (
                    byEnd
                        ? " WHERE m.state = @State AND m.end_on >= @from AND (m.end_on > @from OR m.id > @After)"
                            + (request.DueBefore is null ? "" : " AND m.end_on < @DueBefore")
                        : " WHERE m.state = @State AND m.id > @After"
                )
                + (request.On is null || !byEnd ? "" : " AND m.end_on = @On")
                + (request.Authority.Length == 0 ? "" : " AND m.authority = @Authority")
                + (request.CaseId is null ? "" : " AND m.case_id = @CaseId")
                + (request.Mine ? " AND c.judge_id = @me" : "")
                + " AND "
                + cases.Seen("m.case_id")
                + (byEnd ? " ORDER BY m.end_on, m.id" : " ORDER BY m.id");
            if (request.CaseId is { } caseId)
                await cases.GetAsync(caseId, cancellationToken);
            var take = Math.Clamp(request.Take, 1, 500);
            var rows = await db.PageAsync<Row>(
                sql,
                new
                {
                    request.State,
                    from,
                    request.After,
                    request.DueBefore,
                    request.CaseId,
                    request.On,
                    request.Authority,
                    me,
                    courts,
                    places,
                },
                take + 1,
                cancellationToken
            );
            reads.List("enforcement.measure.list", Math.Min(take, rows.Count), new { request.State, request.DueBefore }, request.CaseId);
            var last = rows.Count > take ? rows[take - 1] : null;
            return new Result([.. rows.Take(take)], last is null ? null : $"after={last.Id}{(last.EndOn is { } end ? "&afterEnd=" + Times.Iso(end) : "")}");
        }
    }
}

/// <summary>Figures of the warning board; each is the count of a list.</summary>
[Permit("enforcement.read")]
internal sealed record ShowBoard : IQuery<ShowBoard.Result>
{
    public bool Mine { get; init; }

    /// <param name="Ends">Active measures by their end, up to a year ahead.</param>
    internal sealed record Result(IReadOnlyList<EndCount> Ends, int Waiting, int Ruled, IReadOnlyList<LeakCount> Leaks)
    {
        public int Within(DateOnly today, int days) => Ends.Where(e => e.Day >= today && e.Day <= today.AddDays(days)).Sum(e => e.N);
    }

    internal sealed record EndCount
    {
        public DateOnly Day { get; init; }
        public int N { get; init; }
    }

    internal sealed record LeakCount
    {
        public string Leak { get; init; } = "";
        public int N { get; init; }

        /// <summary>Over their day.</summary>
        public int Late { get; init; }
    }

    internal sealed class Handler(Db db, ICases cases, TimeProvider clock) : IQueryHandler<ShowBoard, Result>
    {
        public async Task<Result> Handle(ShowBoard request, CancellationToken cancellationToken)
        {
            var (me, courts, places) = cases.Arguments;
            var today = Times.Day(clock.GetUtcNow());
            var args = new
            {
                me,
                courts,
                places,
                today,
                to = today.AddYears(1),
                from = today.AddYears(-1),
            };
            var seen =
                (request.Mine ? " AND m.case_id IN (SELECT c.id FROM workzone_case_card c WHERE c.judge_id = @me) AND " : " AND ") + cases.Seen("m.case_id");
            var ends = await db.QueryAsync<EndCount>(
                "SELECT m.end_on AS day, COUNT(*) AS n FROM enforcement_measure m WHERE m.state = 'active' AND m.end_on >= @from AND m.end_on <= @to"
                    + seen
                    + " GROUP BY m.end_on ORDER BY m.end_on",
                args,
                cancellationToken
            );
            var others = await db.QueryAsync<StateCount>(
                "SELECT m.state, COUNT(*) AS n FROM enforcement_measure m WHERE m.state IN ('waiting', 'ruled')" + seen + " GROUP BY m.state",
                args,
                cancellationToken
            );
            var leaks = await db.QueryAsync<LeakCount>(
                "SELECT m.leak, COUNT(*) AS n, SUM(CASE WHEN m.due_on < @today THEN 1 ELSE 0 END) AS late FROM enforcement_finding m WHERE m.state IN "
                    + "('open', 'asked')"
                    + seen
                    + " GROUP BY m.leak",
                args,
                cancellationToken
            );
            return new Result(
                ends,
                others.FirstOrDefault(o => o.State == MeasureState.Waiting)?.N ?? 0,
                others.FirstOrDefault(o => o.State == MeasureState.Ruled)?.N ?? 0,
                leaks
            );
        }
    }

    private sealed record StateCount
    {
        public string State { get; init; } = "";
        public int N { get; init; }
    }
}
