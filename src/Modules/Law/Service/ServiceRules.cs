namespace CourtOps.Law;

/// <summary>Whether and when a paper is served, and which periods follow (C-02 to C-05).</summary>
public static class ServiceRules
{
    private static readonly DateOnly JudgmentsElectronically = new(2022, 1, 1);

    /// <summary>Judges one attempt.</summary>
    /// <param name="facts">What happened. The dates that the method needs must be given.</param>
    /// <param name="calendar">Working days.</param>
    /// <param name="settings">What the court has set.</param>
    /// <param name="explain">Receives the steps.</param>
    /// <exception cref="LawError">A needed date is missing (field by the argument's name) or out of range; unknown procedure.</exception>
    public static ServiceEffect Judge(ServiceFacts facts, CourtCalendar calendar, ServiceSettings? settings = null, Explanation? explain = null)
    {
        ArgumentNullException.ThrowIfNull(facts);
        ArgumentNullException.ThrowIfNull(calendar);
        var following = FollowingPeriods.Of(facts);
        var outcome = facts.Method switch
        {
            ServiceMethod.Direct => Served(Needed("on", facts.On), Art.Direct, ServiceWords.Direct),
            ServiceMethod.Leave => Leave(facts),
            ServiceMethod.Electronic => Electronic(facts, settings ?? ServiceSettings.Default),
            ServiceMethod.Postal => PostalService.Judge(facts),
            ServiceMethod.Entrusted => Served(Needed("on", facts.On), Art.Entrusted, ServiceWords.Entrusted),
            ServiceMethod.Transferred => Served(Needed("on", facts.On), Art.Transferred, ServiceWords.Transferred),
            ServiceMethod.Announcement => Announcement(facts, calendar, settings ?? ServiceSettings.Default, following),
            ServiceMethod.Phone => Phone(facts),
            ServiceMethod.Collected => Collected(facts),
            _ => throw new LawError("method", LawReasons.UnknownCode, facts.Method.ToString(), ""),
        };
        explain?.Add(outcome.Words, outcome.On, outcome.Article, outcome.On ?? outcome.Seen, outcome.Arguments);
        if (outcome.On is not { } served)
            return NotServed(outcome, explain);
        if (outcome.Raw != served)
            explain?.Add(ServiceWords.AnnouncementRolled, served, Art.AnnouncementRoll, null, outcome.Raw, served);
        if (facts.Document == ServedDocument.Mediation)
            explain?.Add(ServiceWords.MediationLast, null, Art.MediationEffect, served);

        var defence = following.Defence(served, calendar, explain);
        var appeal = following.Appeal(served, calendar, explain);
        var provisional =
            calendar.IsProvisional(served) || calendar.IsProvisional(outcome.Raw!.Value) || (defence?.Provisional ?? false) || (appeal?.Provisional ?? false);
        if (provisional && explain is not null)
            PeriodWords.ExplainProvisional(explain, calendar, [served, outcome.Raw!.Value, defence?.LegalLastDay ?? served, appeal?.LegalLastDay ?? served]);
        return new ServiceEffect(true, served, outcome.Raw, outcome.Presumed, outcome.Article, defence?.LegalLastDay, appeal?.LegalLastDay, null, provisional);
    }

    internal static T Needed<T>(string field, T? value)
        where T : struct => value ?? throw new LawError(field, LawReasons.Missing);

    internal static ServiceOutcome Served(DateOnly on, string article, LawText words, bool presumed = false) =>
        new(LawDates.Check("on", on), on, presumed, article, null, words, [on], on);

    internal static ServiceOutcome Failed(string article, string next, LawText words, DateOnly? seen, params object?[] arguments) =>
        new(null, null, false, article, next, words, arguments, seen);

    private static ServiceEffect NotServed(ServiceOutcome outcome, Explanation? explain)
    {
        explain?.Add(ServiceWords.Next, null, Art.NextMethod, null, ServiceWords.Method(outcome.Next!));
        return new ServiceEffect(false, null, null, false, outcome.Article, null, null, outcome.Next, false);
    }

    private static ServiceOutcome Leave(ServiceFacts facts)
    {
        var on = Needed("on", facts.On);
        return facts.Document == ServedDocument.Mediation
            ? Failed(Art.MediationPaper, "direct", ServiceWords.MediationNotLeft, on)
            : Served(on, Art.Leave, ServiceWords.Left);
    }

    private static ServiceOutcome Phone(ServiceFacts facts)
    {
        var on = Needed("on", facts.On);
        return facts.Document is ServedDocument.Judgment or ServedDocument.Ruling or ServedDocument.Mediation
            ? Failed(Art.Phone, "postal", ServiceWords.NotByPhone, on)
            : Served(on, Art.Phone, ServiceWords.Phone);
    }

    private static ServiceOutcome Collected(ServiceFacts facts)
    {
        if (facts.On is { } on)
            return Served(on, Art.Collected, ServiceWords.Collected);
        if (facts.CollectBy is not { } by)
            throw new LawError("on", LawReasons.MissingOneOf, "on, collect-by");
        return Served(by, Art.CollectBy, ServiceWords.CollectBy);
    }

    private static ServiceOutcome Announcement(ServiceFacts facts, CourtCalendar calendar, ServiceSettings settings, FollowingPeriods following)
    {
        var published = LawDates.Check("published", Needed("published", facts.Published));
        if (following.SimpleOrSmall)
            return Failed(Art.NoAnnouncement, "convert-to-ordinary", ServiceWords.NoAnnouncementInSimple, published);
        if (facts.Document == ServedDocument.Mediation)
            return Failed(Art.MediationPaper, "direct", ServiceWords.MediationToParty, published);
        var days = facts.Foreign ? 60 : 30;
        var article = facts.Foreign ? Art.AnnouncementForeign : Art.Announcement;
        var raw = published.AddDays(days + (settings.AnnouncementServedNextDay ? 1 : 0));
        var on = settings.RollAnnouncement ? calendar.Roll(raw) : raw;
        return new ServiceOutcome(LawDates.Check("published", on), raw, false, article, null, ServiceWords.Announcement, [published, days, raw], published);
    }

    private static ServiceOutcome Electronic(ServiceFacts facts, ServiceSettings settings)
    {
        if (facts.Arrived is null && facts.Read is null && facts.Replied is null && facts.Bounced is null)
            throw new LawError("arrived", LawReasons.MissingOneOf, "arrived, read, replied, bounced");
        var provided = facts.ElectronicAddress == ElectronicAddress.Provided;
        var best = Earliest(provided ? facts.Arrived : null, Earliest(facts.Read, facts.Replied));
        if (best is not { } time)
        {
            return facts.Arrived is { } arrived
                ? Failed(Art.NoReply, "phone", ServiceWords.OnlyArrived, Day(arrived), settings.NoReplyDays, Day(arrived).AddDays(settings.NoReplyDays))
                : Failed(Art.ElectronicRules, "phone", ServiceWords.Bounced, Day(facts.Bounced!.Value), facts.Bounced.Value);
        }

        var on = LawDates.Check("arrived", Day(time));
        if (on < JudgmentsElectronically && facts.Document is ServedDocument.Judgment or ServedDocument.Ruling or ServedDocument.Mediation)
            return Failed(Art.ElectronicJudgment, "postal", ServiceWords.NotElectronicYet, on);
        if (provided)
            return new ServiceOutcome(on, on, false, Art.Electronic, null, ServiceWords.Arrived, [time], on);
        var read = facts.Read is { } r && (facts.Replied is null || r < facts.Replied);
        return new ServiceOutcome(on, on, read, Art.ElectronicRules, null, read ? ServiceWords.ReadPresumed : ServiceWords.Replied, [time], on);
    }

    private static DateTime? Earliest(DateTime? a, DateTime? b) =>
        a is null ? b
        : b is null || a < b ? a
        : b;

    private static DateOnly Day(DateTime time) => DateOnly.FromDateTime(time);
}

/// <summary>What one method says, before the following periods.</summary>
internal sealed record ServiceOutcome(
    DateOnly? On,
    DateOnly? Raw,
    bool Presumed,
    string Article,
    string? Next,
    LawText Words,
    object?[] Arguments,
    DateOnly? Seen
);
