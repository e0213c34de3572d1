namespace CourtOps.Workzone.People;

/// <summary>
/// Work of one kind that must not stay behind when a person leaves or moves to another court. A module registers one for each kind of its objects that
/// have a person; the page of the handover lists them all, and whoever has open work of any cannot leave.
/// </summary>
public interface IOpenWork
{
    /// <summary>"service.visits": names the field of the page; never changes.</summary>
    string Code { get; }

    /// <summary>What people read; Chinese, the key of its translation.</summary>
    string Label { get; }

    /// <summary>Somebody must take it. False: without an heir it goes back to where all of the centre see it.</summary>
    bool NeedsHeir { get; }

    /// <summary>Whether somebody with these roles in the court ("judge", "clerk:service") may take it.</summary>
    bool Takes(IReadOnlyCollection<string> roles);

    Task<int> CountAsync(long personId, CancellationToken ct);

    /// <summary>Moves all of it, in the transaction that is open; how much there was. The heir's roles were looked at before.</summary>
    /// <exception cref="Kernel.Messaging.RuleBroken">The heir cannot take it: recused, for instance.</exception>
    Task<int> HandOverAsync(OpenWorkMove move, CancellationToken ct);
}

/// <param name="HeirId">Null: to nobody.</param>
public sealed record OpenWorkMove(long PersonId, long CourtId, long? HeirId, string Reason);
