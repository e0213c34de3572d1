namespace CourtOps.Law;

/// <summary>The steps of a trial limit in words.</summary>
internal static class TrialWords
{
    public static readonly LawText Start = new("{0} 立案，审限自立案次日起算", "filed on {0}; the limit starts the next day");
    public static readonly LawText Base = new("{0}审限{1}，自 {2} 起算，至 {3}", "{0}: {1} from {2}, to {3}");
    public static readonly LawText Changed = new("自 {0} 起，{1}的审限为{2}", "from {0} the limit of {1} is {2}");
    public static readonly LawText NoLimit = new("{0}不受审限限制", "{0}: no trial limit");
    public static readonly LawText CustodyPrivate = new(
        "自诉案件被告人在押，适用公诉案件一审的期限",
        "private prosecution with the accused in custody: the limit of public prosecution applies"
    );
    public static readonly LawText DeductionNamed = new("{0}自 {1} 至 {2}（止日不计）不计入审限", "{0} from {1} to {2} (last day not included) is not counted");
    public static readonly LawText DeductionPlain = new(
        "自 {0} 至 {1}（止日不计）扣除，未注明事由",
        "from {0} to {1} (last day not included) deducted, no reason given"
    );
    public static readonly LawText Deducted = new(
        "扣除期间取并集，共 {0} 日，审限顺延至 {1}",
        "the union of the deductions is {0} days; the limit moves to {1}"
    );
    public static readonly LawText ClippedBefore = new(
        "扣除期间 {0} 至 {1} 在起算日 {2} 之前的部分不计",
        "of the deduction from {0} to {1} the part before {2} is clipped"
    );
    public static readonly LawText ClippedAfter = new(
        "扣除期间 {0} 至 {1} 始于审限届满（{2}）之后，不计",
        "the deduction from {0} to {1} begins after the end {2} and is clipped"
    );
    public static readonly LawText Extended = new("经{0}批准延长{1}，至 {2}", "extended by {1} with the approval of {0}, to {2}");
    public static readonly LawText OpenLength = new("规定未写明延长幅度，按申请的幅度计算", "the law gives no length for this extension; counted as asked for");
    public static readonly LawText ExtensionOfOld = new(
        "{0} 申请的延长属于 {1} 之前的审限，不计入现行审限",
        "the extension applied for on {0} belonged to the limit before {1} and does not count in the present one"
    );
    public static readonly LawText Converted = new(
        "{0} 由{1}转为{2}，审限自立案之日 {3} 的次日起算",
        "converted on {0} from {1} to {2}; the limit counts from the day after filing, {3}"
    );
    public static readonly LawText ConvertedRestart = new(
        "{0} 由{1}转为{2}，审限自该日起重新计算",
        "converted on {0} from {1} to {2}; the limit restarts on that day"
    );
    public static readonly LawText OnlyBeforeHearing = new(
        "开庭后不得由普通程序转为简易程序，须核实尚未开庭",
        "after the first hearing ordinary procedure may not become simple: make sure none was held"
    );
    public static readonly LawText Restarted = new("审限自 {0} 起重新计算", "the limit restarts on {0}");
    public static readonly LawText Apply = new(
        "延长须于届满 {0} 日前申请，最迟 {1}；内部办理最迟 {2}",
        "an extension is applied for {0} days before expiry, by {1}; within the court by {2}"
    );
    public static readonly LawText Decide = new(
        "延长须于届满 {0} 日前决定，最迟 {1}；内部办理最迟 {2}",
        "an extension is decided {0} days before expiry, by {1}; within the court by {2}"
    );
    public static readonly LawText NextApprover = new("下一次延长由{0}批准", "the next extension is approved by {0}");
    public static readonly LawText NoMore = new("没有可用的延长", "no extension is left");

    public static readonly LawText NoConversion = new("{0} 不能转为 {1}", "{0} cannot become {1}");
    public static readonly LawText WrongReason = new("{0} 不适用于 {1}", "{0} does not apply to {1}");

    public static readonly LawText ConversionLate = new(
        "程序转换决定日 {0} 晚于原审限届满日 {1}",
        "the conversion on {0} came after the old limit ended on {1}"
    );
    public static readonly LawText ExtensionNone = new("{0}没有可用的延长，延长{1}不计", "{0}: no extension is possible; {1} not counted");
    public static readonly LawText ExtensionAfterExpiry = new(
        "申请延长{0}时审限已于 {1} 届满，延长不计，只能说明超期原因",
        "the extension of {0} came after the limit ended on {1}: not counted, only the delay can be explained"
    );
    public static readonly LawText ExtensionLate = new(
        "{0} 申请延长，应在届满日 {1} 的 {2} 日前即最迟 {3} 申请",
        "applied for on {0}; it was due {2} days before the end {1}, by {3}"
    );
    public static readonly LawText ExtensionLong = new("延长{0}超过规定的{1}，只计至 {2}", "an extension of {0} exceeds {1}; counted only to {2}");
    public static readonly LawText ExtensionUnusual = new("延长{0}超过规定的{1}", "an extension of {0} exceeds {1}");
    public static readonly LawText AdjournmentLong = new(
        "延期审理 {0} 至 {1} 超过一个月，只计至 {2}",
        "the adjournment from {0} to {1} exceeds one month; counted only to {2}"
    );
    public static readonly LawText InvestigationLong = new(
        "补充侦查 {0} 至 {1} 超过一个月",
        "the supplementary investigation from {0} to {1} exceeds one month"
    );

    private static readonly LawText MonthsText = new("{0}个月", "{0} month(s)");
    private static readonly LawText DaysText = new("{0}日", "{0} day(s)");
    private static readonly LawText BothText = new("{0}个月又{1}日", "{0} month(s) and {1} day(s)");

    internal static LawText Length(TrialLimit limit) => Length(limit.Months, limit.Days);

    internal static LawText Length(LimitExtension extension) => extension.Unit == PeriodUnit.Month ? Length(extension.N, 0) : Length(0, extension.N);

    internal static LawText Length(int months, int days) =>
        (months, days) switch
        {
            (_, 0) => Fill(MonthsText, months, 0),
            (0, _) => Fill(DaysText, days, 0),
            _ => Fill(BothText, months, days),
        };

    internal static void ExplainGate(Explanation to, ExtensionStep? next, CourtDeadline? apply, CourtDeadline? decide, ExtensionGate gate, DateOnly on)
    {
        if (next is null)
        {
            to.Add(NoMore, null, Art.AfterExpiry, null);
            return;
        }

        to.Add(NextApprover, null, next.Article, on, Approver.Name(next.Approver));
        if (apply is { } a)
            to.Add(Apply, a.Limit, gate.ApplyArticle, on, gate.ApplyDays, a.Limit, a.Internal);
        if (decide is { } d)
            to.Add(Decide, d.Limit, gate.DecideArticle, on, gate.DecideDays, d.Limit, d.Internal);
    }

    private static LawText Fill(LawText text, int first, int second) =>
        new(text.In(LawLanguage.Chinese, first, second), text.In(LawLanguage.English, first, second));
}
