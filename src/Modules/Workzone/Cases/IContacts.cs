namespace CourtOps.Workzone.Cases;

/// <summary>How a party is reached, for the centres: called inside their own transaction.</summary>
public interface IContacts
{
    /// <summary>What a party itself said of its address: on a confirmation form, on its page, by phone. Null leaves a value as it is.</summary>
    /// <param name="consent">confirmed, provided or refused.</param>
    /// <exception cref="Kernel.Messaging.RuleBroken">A confirmation without a mail address.</exception>
    /// <exception cref="Kernel.Messaging.NotFound">No such party, or not for this actor.</exception>
    Task ConfirmAsync(long partyId, string? email, string? phone, string consent, string source, DateOnly on, CancellationToken ct);
}
