using CourtOps.Kernel.Messaging;
using CourtOps.Kernel.Web;
using CourtOps.Law;

namespace CourtOps.Workzone.Cases;

/// <summary>Whether an extension can be applied for and granted (B-05): what Law says of it, and in a refusal what is still possible. Pure.</summary>
internal static class ExtensionRules
{
    /// <summary>An application that the law does not allow is refused with its article.</summary>
    /// <param name="o">Law's answer for the day of the application.</param>
    /// <param name="shorter">Law's answer for one month instead, where the court's own power may suffice; null otherwise.</param>
    /// <param name="way">Where the person can go on.</param>
    /// <exception cref="RuleBroken">Not possible for this procedure, after expiry, too late, or too long.</exception>
    public static void DemandAsked(ExtensionOutlook o, DateOnly today, ExtensionOutlook? shorter, string way)
    {
        if (o.End is null)
            throw new RuleBroken("这个程序没有审限，不用延长。", "N", "no-limit");
        var limit = o.Limit.Name.Zh;
        var into = ConversionRules.Longer(o.Limit.Code);
        var gate = Gate(o);
        if (today > o.Expiry)
            throw new RuleBroken(
                $"{limit}的审限已于 {Times.Iso(o.End.Value)} 届满，不能再申请延长（{gate}）；还可以补登届满前已有证明文件的扣除，并书面说明超期原因。",
                "N",
                "after-end",
                way
            );
        if (o.Step is null || o.Breaks("extension-none"))
            throw into.Length > 0
                ? new RuleBroken(
                    $"{limit}没有可用的延长（{Source(o.Limit.Article)}）；{Times.Iso(o.End.Value)} 届满前还可以结案、依法登记扣除，或者裁定转为{into}。",
                    "N",
                    "no-extension",
                    way
                )
                : new RuleBroken(
                    $"{limit}没有可用的延长（{Source(o.Limit.Article)}）；{Times.Iso(o.End.Value)} 届满前还可以结案或者依法登记扣除。",
                    "N",
                    "no-extension",
                    way
                );
        if (o.Breaks("extension-long"))
            throw new RuleBroken(
                $"{Approver.Name(o.Step.Approver).Zh}最多可以批准延长{Length(o.Step)}（{Source(o.Step.Article)}），请改为不超过这个期间。",
                "N",
                "too-long",
                way
            );
        if (!o.Breaks("extension-late"))
            return;
        var (last, end, above) = (Times.Iso(o.Apply!.Value.Limit), Times.Iso(o.End.Value), Approver.Name(o.Step.Approver).Zh);
        var own = shorter?.Step is { } step ? Length(step) : "";
        if (shorter is { Step.Own: true, Breaches.Count: 0 })
            throw new RuleBroken(
                $"报{above}批准的延长应在 {last} 以前申请（{gate}），已经过期；{end} 届满前还可以申请本院权限内的延长{own}、结案或者依法登记扣除。",
                "N",
                "late",
                way
            );
        throw into.Length > 0
            ? new RuleBroken($"延长应在 {last} 以前申请（{gate}），已经过期；{end} 届满前还可以结案、依法登记扣除，或者裁定转为{into}。", "N", "late", way)
            : new RuleBroken($"延长应在 {last} 以前申请（{gate}），已经过期；{end} 届满前还可以结案或者依法登记扣除。", "N", "late", way);
    }

    /// <summary>An application is granted only while the limit runs, by the court the law names, and no longer than it allows.</summary>
    /// <param name="o">Law's answer for the day it was applied for.</param>
    /// <param name="answer">The paper of the court above.</param>
    /// <exception cref="RuleBroken">After expiry, not possible any more, too long, or without the paper of the court above.</exception>
    public static void DemandGranted(ExtensionOutlook o, DateOnly today, long? answer)
    {
        if (o.End is null || o.Step is null || o.Breaks("extension-none"))
            throw new RuleBroken("案件现在适用的程序没有可用的延长，不能批准；请不予批准并写明理由。", "Granted", "no-extension");
        if (today > o.Expiry || o.Breaks("extension-after-expiry"))
            throw new RuleBroken(
                $"审限已于 {Times.Iso(o.End.Value)} 届满，不能再批准延长（{Gate(o)}）；请不予批准，由承办法官书面说明超期原因。",
                "Granted",
                "after-end"
            );
        if (o.Breaks("extension-long"))
            throw new RuleBroken(
                $"{Approver.Name(o.Step.Approver).Zh}最多可以批准延长{Length(o.Step)}（{Source(o.Step.Article)}），请不予批准，由承办法官重新申请。",
                "Granted",
                "too-long"
            );
        if (o.Step.Approver != Approver.President && answer is null)
            throw new RuleBroken($"这次延长由{Approver.Name(o.Step.Approver).Zh}批准：请从本案文书中选择它的批复。", "DocumentId", "no-answer");
    }

    /// <summary>The most of a step in words; empty where the law leaves the length open.</summary>
    public static string Length(ExtensionStep step) =>
        (step.Months, step.Days) switch
        {
            (0, 0) => "",
            (_, 0) => $"{step.Months} 个月",
            (0, _) => $"{step.Days} 日",
            _ => $"{step.Months} 个月又 {step.Days} 日",
        };

    private static string Gate(ExtensionOutlook o) => Source(o.Gate.ApplyDays > 0 ? o.Gate.ApplyArticle : o.Limit.Article);

    private static string Source(string article) => LawArticles.Get(article).Source(LawLanguage.Chinese);
}

/// <summary>Which procedure may become which (B-02). Pure.</summary>
internal static class ConversionRules
{
    /// <summary>The lawful conversions from a procedure.</summary>
    public static IReadOnlyList<string> From(string procedure) =>
        [.. TrialLimitTable.Conversions.Where(c => c.From == procedure).SelectMany(c => c.To).Distinct()];

    /// <summary>Their names, with 、 between; empty where there are none.</summary>
    public static string Names(string procedure) => string.Join('、', From(procedure).Select(Name));

    /// <summary>The names of those that have a longer limit, with 、 between.</summary>
    public static string Longer(string procedure) => string.Join('、', From(procedure).Where(to => Days(to) > Days(procedure)).Select(Name));

    private static int Days(string procedure) => TrialLimitTable.Get(procedure) is var l ? (l.Months * 30) + l.Days : 0;

    /// <summary>The Chinese name of a procedure.</summary>
    public static string Name(string procedure) => TrialLimitTable.Has(procedure) ? TrialLimitTable.Get(procedure).Name.Zh : procedure;

    /// <summary>Whether the law knows the conversion.</summary>
    public static bool Allowed(string from, string to) => !CaseClock.Knows(from) || From(from).Contains(to);

    /// <summary>Whether one procedure becomes the other over some in between, which may not have arrived yet.</summary>
    public static bool Reachable(string from, string to)
    {
        var seen = new HashSet<string> { from };
        var next = new Queue<string>([from]);
        while (next.TryDequeue(out var at))
            foreach (var into in From(at).Where(seen.Add))
                next.Enqueue(into);
        return seen.Contains(to);
    }

    /// <exception cref="RuleBroken">The law knows no such conversion.</exception>
    public static void Demand(string from, string to)
    {
        if (Allowed(from, to))
            return;
        var into = Names(from);
        throw into.Length > 0
            ? new RuleBroken($"{Name(from)}不能转为{Name(to)}；依法可以转为{into}。", "Procedure", "no-conversion")
            : new RuleBroken($"{Name(from)}不能转为{Name(to)}，它依法没有程序转换。", "Procedure", "no-conversion");
    }
}
