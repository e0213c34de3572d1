namespace CourtOps.Law;

/// <summary>Names and warnings of measures (D-03; defaults).</summary>
internal static class MeasureWords
{
    public static readonly LawText PatentYears = new(
        "专利权保全期限为六个月，不能按年（{0}）计算",
        "a patent measure lasts six months; years ({0}) cannot be given"
    );
    public static readonly LawText Activated = new(
        "先手措施解除，轮候措施自 {0} 起生效并起算",
        "the earlier measure was lifted; the waiting one takes effect and runs from {0}"
    );

    private static readonly string[] HandlerAndApplicant = ["handler", "applicant"];
    private static readonly string[] Handler = ["handler"];
    private static readonly string[] Director = ["handler", "director"];
    private static readonly string[] Incident = ["handler", "director", "management"];

    internal static LawText Name(MeasureKind kind) =>
        kind switch
        {
            MeasureKind.Deposit => new("银行存款", "bank deposit"),
            MeasureKind.Movable => new("动产", "movables"),
            MeasureKind.Immovable => new("不动产", "immovables"),
            MeasureKind.Trademark => new("注册商标", "registered trademark"),
            MeasureKind.Patent => new("专利权", "patent"),
            _ => new("股权等其他财产权", "equity and other property rights"),
        };

    internal static string Article(MeasureKind kind) =>
        kind switch
        {
            MeasureKind.Trademark => Art.MeasureTrademark,
            MeasureKind.Patent => Art.MeasurePatent,
            _ => Art.MeasureMax,
        };

    internal static IReadOnlyList<Warning> Warnings(MeasureKind kind, DateOnly start, DateOnly end, CourtCalendar calendar, bool outOfTown = false)
    {
        var list = new List<Warning>(8);
        if (kind is MeasureKind.Immovable or MeasureKind.Other)
            Add(list, 60, Handler);
        if (outOfTown)
            Add(list, 45, Handler);
        Add(list, 30, HandlerAndApplicant);
        Add(list, 15, Handler);
        Add(list, 7, HandlerAndApplicant);
        Add(list, 3, Director);
        Add(list, 1, Director);
        list.Add(new Warning(Delivered(end), "due", Incident));
        return list;

        void Add(List<Warning> to, int days, string[] recipients)
        {
            var day = end.AddDays(-days);
            if (day > start)
                to.Add(new Warning(Delivered(day), TrialWarnings.Tier(days), recipients));
        }

        DateOnly Delivered(DateOnly day)
        {
            var shifted = calendar.OfficeDayNotAfter(day);
            return shifted < start ? start : shifted;
        }
    }
}
