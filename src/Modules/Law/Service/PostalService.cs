namespace CourtOps.Law;

/// <summary>Court express mail (C-05): receipt, or what a return means by its reason and by how the address was found.</summary>
internal static class PostalService
{
    internal static ServiceOutcome Judge(ServiceFacts facts)
    {
        if (facts.Delivered is { } delivered)
            return ServiceRules.Served(delivered, Art.MailReceipt, ServiceWords.MailSigned);
        if (facts.Returned is not { } returned)
            throw new LawError("delivered", LawReasons.MissingOneOf, "delivered, returned");
        LawDates.Check("returned", returned);
        var reason = ServiceWords.Reason(facts.Reason);
        if (facts.PostalAddress == PostalAddress.Unconfirmed)
            return ServiceRules.Failed(
                Art.MailReturn,
                facts.Reason == ReturnReason.Refused ? "leave" : "other-address",
                ServiceWords.ReturnedUnconfirmed,
                returned,
                returned,
                reason
            );
        // a mediation paper binds only who signs it; a refusal or absence is the failure of the mediation
        if (facts.Document == ServedDocument.Mediation)
            return ServiceRules.Failed(Art.MediationPaper, "direct", ServiceWords.MediationToParty, returned);
        if (facts.Reason == ReturnReason.Absent)
        {
            return facts.PostalAddress == PostalAddress.Confirmed && facts.Warned
                ? Deemed(returned, Art.MailAbsent, reason)
                : ServiceRules.Failed(Art.MailAbsent, "direct", ServiceWords.ReturnedAbsent, returned, returned);
        }

        if (facts.PostalAddress == PostalAddress.Confirmed)
            return Deemed(returned, Art.MailReturn, reason);
        return facts.Warned
            ? Deemed(returned, Art.MailFallback, reason)
            : ServiceRules.Failed(
                Art.MailFallback,
                facts.Reason == ReturnReason.Refused ? "leave" : "other-address",
                ServiceWords.ReturnedNotWarned,
                returned,
                returned
            );
    }

    private static ServiceOutcome Deemed(DateOnly returned, string article, LawText reason) =>
        new(returned, returned, true, article, null, ServiceWords.MailReturned, [returned, reason], returned);
}
