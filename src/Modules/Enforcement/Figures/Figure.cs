namespace CourtOps.Enforcement.Figures;

/// <summary>What a list of a figure is made of: its tables, its columns and where a row leads.</summary>
/// <param name="From">The tables; c is the case.</param>
/// <param name="Href">Address of a row; {0} is the case, {1} the row.</param>
internal sealed record FigureSource(string From, string CaseColumn, string CourtColumn, string Id, string Words, string On, string Until, string Amount)
{
    private const string NoDay = "CAST(NULL AS date)";
    private const string NoMoney = "CAST(NULL AS bigint)";

    public required string Href { get; init; }

    /// <summary>The condition that always holds.</summary>
    public string Base { get; init; } = "1 = 1";

    /// <summary>Headings of the two days; empty where there is none.</summary>
    public string OnLabel { get; init; } = "";
    public string UntilLabel { get; init; } = "期限";

    public static FigureSource Cases { get; } =
        new("workzone_case_card c", "c.id", "c.court_id", "c.id", "c.cause", "c.filed_on", "c.closed_on", "c.amount")
        {
            Href = "/cases/{0}",
            Base = "c.kind = 'enforcement'",
            OnLabel = "立案",
            UntilLabel = "结案",
        };

    public static FigureSource Measures { get; } =
        Of("enforcement_measure", "a.name", "x.start_on", "x.end_on", "x.amount", " JOIN enforcement_asset a ON a.id = x.asset_id") with
        {
            Href = "/enforcement/measures/{1}",
            OnLabel = "开始",
            UntilLabel = "届满日",
        };

    public static FigureSource Findings { get; } =
        Of("enforcement_finding", "x.words", "x.found_on", "x.due_on", NoMoney) with
        {
            Href = "/enforcement/cases/{0}/ledger",
            OnLabel = "发现日期",
        };

    public static FigureSource Dates { get; } = Of("enforcement_date", "x.words", NoDay, "x.due_on", NoMoney) with { Href = "/enforcement/cases/{0}/ledger" };

    public static FigureSource Linkages { get; } =
        Of("enforcement_linkage", "x.agency_name", NoDay, "x.due_on", NoMoney) with
        {
            Href = "/enforcement/linkage/{1}",
        };

    public static FigureSource Payouts { get; } =
        Of("enforcement_payout", "x.payee", "x.received_on", "x.paid_on", "x.amount") with
        {
            Href = "/enforcement/cases/{0}/money",
            OnLabel = "到账",
            UntilLabel = "付款",
        };

    public static FigureSource Receipts { get; } =
        Of("enforcement_receipt", "x.payer", "x.received_on", "x.due_on", "x.left_over") with
        {
            Href = "/enforcement/cases/{0}/money",
            OnLabel = "到账",
        };

    private static FigureSource Of(string table, string words, string on, string until, string amount, string join = "") =>
        new($"{table} x JOIN workzone_case_card c ON c.id = x.case_id{join}", "x.case_id", "x.court_id", "x.id", words, on, until, amount) { Href = "" };
}

/// <summary>A figure of the board: the rows that make it up. Number and list are the same SELECT, so that they cannot differ.</summary>
/// <param name="Where">Reads @today, @soon, @half, @twelve, @eighteen, @years, @from, @until, @value and the patterns of case numbers.</param>
/// <param name="Amount">What is summed up, where that is not the amount of the row.</param>
internal sealed record Figure(string Code, string Label, FigureSource Source, string Where, string? Amount = null)
{
    // the first enforcement of a title: neither resumed nor of a preservation, nor a case of objection, review or supervision
    private const string First =
        "c.number NOT LIKE @back AND c.number NOT LIKE @keep AND c.number NOT LIKE @objection AND c.number NOT LIKE @review AND c.number NOT LIKE @supervise";
    private const string Scope = "(@withBack = 1 OR c.number NOT LIKE @back) AND (@withKeep = 1 OR c.number NOT LIKE @keep)";
    private const string Closed = "c.state <> 'open' AND c.closed_on >= @from AND c.closed_on <= @until";
    private const string FirstClosed = $"{First} AND {Closed}";

    // a settlement counts when it was performed and none runs or was broken after it
    private const string IsPerformed = """
        (c.closed_how = 'performed' OR (c.closed_how = 'settled' AND EXISTS (SELECT 1 FROM enforcement_settlement s WHERE s.case_id = c.id
            AND s.state = 'performed' AND NOT EXISTS (SELECT 1 FROM enforcement_settlement r WHERE r.case_id = c.id AND r.id > s.id
            AND r.state IN ('running', 'broken')))))
        """;
    private const string HasProperty = "EXISTS (SELECT 1 FROM enforcement_asset a WHERE a.case_id = c.id AND a.state <> 'clue')";
    private const string WasRenewed = """
        EXISTS (SELECT 1 FROM enforcement_event v WHERE v.measure_id = x.id AND v.kind = 'renewed' AND v.on_date >= @from AND v.on_date <= @until)
        """;
    private const string DidLapse = "(x.state = 'lapsed' AND x.ended_on >= @from AND x.ended_on <= @until)";
    private const string Begins =
        "EXISTS (SELECT 1 FROM enforcement_node n WHERE n.case_id = c.id AND n.code = 'begin' AND n.due_on >= @from AND n.due_on <= @until";
    private const string Received = """
        (SELECT COALESCE(SUM(p.amount), 0) FROM enforcement_payout p WHERE p.case_id = c.id AND p.kind IN ('creditor', 'state') AND p.state = 'paid')
        """;

    public static readonly IReadOnlyList<Figure> All =
    [
        new("lapsed", "已失效未续", FigureSource.Findings, "x.leak = 'lapsed' AND x.state IN ('open', 'asked')"),
        new("soon", "30 日内届满", FigureSource.Measures, "x.state = 'active' AND x.end_on >= @today AND x.end_on <= @soon"),
        new("findings", "查漏事项", FigureSource.Findings, "x.state IN ('open', 'asked')"),
        new("late", "到期未办", FigureSource.Dates, "x.done_on IS NULL AND x.due_on < @today"),
        new("open", "在办执行案件", FigureSource.Cases, "c.state = 'open'"),
        new("half", "超六个月未结", FigureSource.Cases, "c.state = 'open' AND c.filed_on < @half"),
        new("twelve", "超十二个月未结", FigureSource.Cases, "c.state = 'open' AND c.filed_on < @twelve"),
        new("eighteen", "超十八个月未结", FigureSource.Cases, "c.state = 'open' AND c.filed_on < @eighteen"),
        new("years", "超三年未结", FigureSource.Cases, "c.state = 'open' AND c.filed_on < @years"),
        new("held", "在案待发（元）", FigureSource.Receipts, "x.state = 'held' AND x.left_over > 0"),
        new("paid", "期间发放（元）", FigureSource.Payouts, "x.state = 'paid' AND x.kind = 'creditor' AND x.paid_on >= @from AND x.paid_on <= @until"),
        new("old", "旧存", FigureSource.Cases, $"{Scope} AND c.filed_on < @from AND (c.closed_on IS NULL OR c.closed_on >= @from)"),
        new("filed", "新收", FigureSource.Cases, $"{Scope} AND c.filed_on >= @from AND c.filed_on <= @until"),
        new(
            "accepted",
            "旧存和新收",
            FigureSource.Cases,
            $"{Scope} AND c.filed_on <= @until AND (c.filed_on >= @from OR c.closed_on IS NULL OR c.closed_on >= @from)"
        ),
        new("closed", "已结", FigureSource.Cases, $"{Scope} AND {Closed}"),
        new("first", "首次执行已结", FigureSource.Cases, FirstClosed),
        new("performed", "执行完毕", FigureSource.Cases, $"{FirstClosed} AND {IsPerformed}"),
        new("terminated", "终本", FigureSource.Cases, $"{FirstClosed} AND c.closed_how = 'terminated'"),
        new(
            "compliant",
            "终本经核查批准",
            FigureSource.Cases,
            $"{FirstClosed} AND c.closed_how = 'terminated' AND EXISTS (SELECT 1 FROM enforcement_round r WHERE r.case_id = c.id AND r.state = 'granted')"
        ),
        new("property", "有财产的首次执行已结", FigureSource.Cases, $"{FirstClosed} AND {HasProperty}"),
        new(
            "in-time",
            "六个月内实际执结",
            FigureSource.Cases,
            $"{FirstClosed} AND {HasProperty} AND {IsPerformed} AND EXISTS (SELECT 1 FROM enforcement_node n WHERE n.case_id = c.id AND n.code = 'supervise' "
                + "AND c.closed_on <= n.due_on)"
        ),
        new("applied", "申请执行的金额（元）", FigureSource.Cases, $"{FirstClosed} AND c.amount > 0"),
        new("recovered", "实际到位的金额（元）", FigureSource.Cases, $"{FirstClosed} AND c.amount > 0", Received),
        new("begin-due", "应开始执行的保全", FigureSource.Cases, $"{Begins} AND (n.done_on IS NOT NULL OR n.due_on < @today))"),
        new("begin-done", "按期开始执行的保全", FigureSource.Cases, $"{Begins} AND n.done_on <= n.due_on)"),
        new("renew-due", "应续行的措施", FigureSource.Measures, $"({DidLapse} OR {WasRenewed})"),
        new("renewed", "按期续行的措施", FigureSource.Measures, $"{WasRenewed} AND NOT {DidLapse}"),
        new("lapsed-ever", "脱保", FigureSource.Measures, DidLapse),
        new("track", "分流", FigureSource.Cases, "EXISTS (SELECT 1 FROM enforcement_case e WHERE e.case_id = c.id AND COALESCE(e.track, '') = @value)"),
        new("asked", "联动请求", FigureSource.Linkages, "(@value = '' OR x.agency_name = @value)"),
        new("answered", "联动已反馈", FigureSource.Linkages, "(@value = '' OR x.agency_name = @value) AND x.state = 'answered'"),
        new("asked-late", "联动超期", FigureSource.Linkages, "(@value = '' OR x.agency_name = @value) AND x.state = 'sent' AND x.due_on < @today"),
    ];

    private string OfCourts => $"{Source.CourtColumn} IN @courts AND (@court = 0 OR {Source.CourtColumn} = @court)";

    public static Figure? Find(string code) => All.FirstOrDefault(f => f.Code == code);

    /// <summary>The rows of the figure, without order: of cases for which <paramref name="seen"/> holds.</summary>
    public string Select(Func<string, string> seen) =>
        $"""
            SELECT {Source.Id} AS id, {Source.CaseColumn} AS case_id, {Source.CourtColumn} AS court_id, c.court_name, c.number AS case_number, c.judge_name,
                {Source.Words} AS words, {Source.On} AS on_day, {Source.Until} AS until_day, {Amount ?? Source.Amount} AS amount
            FROM {Source.From} WHERE {Source.Base} AND {OfCourts} AND {seen(Source.CaseColumn)} AND {Where}
            """;
}

/// <summary>An indicator as a quotient of two figures (H).</summary>
/// <param name="Sums">Of the sums of the two, not of their numbers.</param>
internal sealed record Rate(string Label, string Of, string By, string How, bool Sums = false)
{
    public static readonly IReadOnlyList<Rate> All =
    [
        new("结案率", "closed", "accepted", "期间已结 ÷（旧存 + 新收）"),
        new("结收比", "closed", "filed", "期间已结 ÷ 期间新收"),
        new("执行完毕率", "performed", "first", "执行完毕 ÷ 首次执行已结；和解结案的，履行完毕才算"),
        new("执行到位率", "recovered", "applied", "实际到位 ÷ 申请执行的金额，首次执行已结", Sums: true),
        new("终本率", "terminated", "first", "终本 ÷ 首次执行已结"),
        new("终本合格率", "compliant", "terminated", "经条件核查并批准的终本 ÷ 终本"),
        new("法定期限内实际执结率", "in-time", "property", "六个月内实际执结 ÷ 有财产的首次执行已结"),
        new("超十二个月未结比", "twelve", "open", "超十二个月未结 ÷ 在办"),
        new("保全及时率", "begin-done", "begin-due", "按期开始执行 ÷ 应开始执行的保全"),
        new("续行及时率", "renewed", "renew-due", "按期续行 ÷ 应续行；届满未续的为脱保"),
        new("联动反馈率", "answered", "asked", "已反馈 ÷ 全部联动请求"),
    ];

    /// <summary>Per cent with one place; null where there is nothing to divide by.</summary>
    public static decimal? Percent(long of, long by) => by == 0 ? null : Math.Round(of * 100m / by, 1, MidpointRounding.AwayFromZero);
}

/// <summary>Which cases stand in the rates of closing: practice, each court of appeal counts otherwise (H).</summary>
internal sealed record BoardRules
{
    /// <summary>Resumed cases (执恢) count.</summary>
    public bool Resumed { get; init; } = true;

    /// <summary>Cases that execute a preservation (执保) count.</summary>
    public bool Preservation { get; init; }
}
