namespace CourtOps.Kernel.Modules;

/// <summary>What the ids of a list are of.</summary>
public enum ListOf
{
    Cases,
    Orders,
}

/// <summary>The case, and the order if there is one, that a test of access looks for in a list.</summary>
public sealed record ListSubject(long CaseId, long? OrderId);

/// <summary>
/// A list of cases or orders as a module declares it. The tests of access hold every declared list against who may see what: by role, sealed, recused,
/// deputy, another court, a role that has ended.
/// </summary>
/// <param name="Action">What it takes to open the list.</param>
/// <param name="Whole">Shows everything the person may see of its kind; false for a part of it: in hand, asked for, near a limit.</param>
/// <param name="Read">The ids of cases, or of orders, that whoever acts in the scope is shown.</param>
/// <param name="Subject">
/// Makes what the list shows in a case, acting as its judge, from the documents and parties the case has; the id of the order if it is one, else null.
/// Null: the case alone will do, and of orders any.
/// </param>
public sealed record ListEntry(
    string Name,
    string Action,
    ListOf Of,
    bool Whole,
    Func<IServiceProvider, ListSubject, CancellationToken, Task<IReadOnlyList<long>>> Read,
    Func<IServiceProvider, long, CancellationToken, Task<long?>>? Subject
)
{
    public override string ToString() => Name;
}
