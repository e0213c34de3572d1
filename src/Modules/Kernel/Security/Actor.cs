using System.Reflection;
using CourtOps.Kernel.Messaging;

namespace CourtOps.Kernel.Security;

/// <summary>
/// What a request, page or endpoint needs. One without this attribute is refused, and fails the build's tests.
/// </summary>
[AttributeUsage(AttributeTargets.Class | AttributeTargets.Method)]
public sealed class PermitAttribute(string action) : Attribute
{
    /// <summary>Nobody is asked who they are: sign-in, party links, health.</summary>
    public const string Anyone = "anyone";

    /// <summary>Every signed-in person.</summary>
    public const string SignedIn = "signed-in";

    /// <summary>Jobs, reactions and verbs of this program only.</summary>
    public const string System = "system";

    private static readonly System.Collections.Concurrent.ConcurrentDictionary<Type, PermitAttribute?> Found = new();

    public string Action { get; } = action;

    /// <summary>The attribute of a nested request may stand on its page.</summary>
    public static PermitAttribute? Of(Type type) =>
        Found.GetOrAdd(
            type,
            static asked =>
            {
                for (var t = asked; t is not null; t = t.DeclaringType)
                    if (t.GetCustomAttribute<PermitAttribute>() is { } permit)
                        return permit;
                return null;
            }
        );
}

public enum ActorKind
{
    Nobody,
    Person,
    Key,
    Party,
    System,
}

/// <summary>Who is signed in, as pages see it.</summary>
public interface ICurrentUser
{
    long Id { get; }

    string Login { get; }

    string Name { get; }

    string RoleText { get; }

    string CourtName { get; }

    bool SignedIn { get; }

    bool Can(string action);
}

/// <summary>A role of a person and the courts it reaches: the court of the grant, or also those below it.</summary>
/// <param name="Code">"judge", or with its centre "clerk:service".</param>
public sealed record RoleScope(string Code, IReadOnlyList<long> Courts)
{
    /// <summary>As what rows of work are held by it; empty for a role that holds none.</summary>
    public string Place { get; init; } = "";
}

/// <summary>Somebody absent whose deputy this person is today, for one place that both hold in one court.</summary>
/// <param name="Place">A place of <see cref="RoleScope"/>, or <see cref="Asks"/>.</param>
/// <param name="Closed">Also for what is closed to others: the absent person named the deputy, or a second person confirmed it.</param>
public sealed record StandIn(long PersonId, string Place, long CourtId, bool Closed)
{
    /// <summary>For what the absent person asked others to do.</summary>
    public const string Asks = "asks";
}

/// <summary>A person with everything that decides what they may do, in the court they act in now.</summary>
public sealed record ActorRights
{
    public required long Id { get; init; }
    public required string Login { get; init; }
    public required string Name { get; init; }
    public required long CourtId { get; init; }
    public required string CourtName { get; init; }
    public string RoleText { get; init; } = "";

    /// <summary>The roles held in the court acted in; roles in other courts count only after changing over.</summary>
    public IReadOnlyList<RoleScope> Scopes { get; init; } = [];
    public IReadOnlySet<string> Actions { get; init; } = new HashSet<string>();

    /// <summary>Courts in which every case is seen that is not sealed; empty for most.</summary>
    public IReadOnlyList<long> WideCourts { get; init; } = [];

    /// <summary>Whose deputy this person is today, and for what.</summary>
    public IReadOnlyList<StandIn> StandIns { get; init; } = [];

    /// <summary>Whether the person is recused from any case at all: most are not, and their lists need not ask.</summary>
    public bool HasRecusals { get; init; }
}

/// <summary>Who acts in this scope and what they may do.</summary>
public sealed class Actor : ICurrentUser
{
    private static readonly ActorRights Nobody = new()
    {
        Id = 0,
        Login = "",
        Name = "",
        CourtId = 0,
        CourtName = "",
    };

    private ActorRights rights = Nobody;
    private IReadOnlyList<string>? roles;
    private IReadOnlyList<long>? courts;
    private IReadOnlySet<string>? narrowed;

    public ActorKind Kind { get; private set; }

    public long Id => rights.Id;

    public string Login => rights.Login;

    public string Name => rights.Name;

    public string RoleText => rights.RoleText;

    /// <summary>The codes of the roles held in the court acted in.</summary>
    public IReadOnlyList<string> Roles => roles ??= [.. rights.Scopes.Select(s => s.Code)];

    public long CourtId => rights.CourtId;

    public string CourtName => rights.CourtName;

    /// <summary>Every court any of the roles reaches. For a decision about one role use <see cref="CourtsOf"/>.</summary>
    public IReadOnlyList<long> Courts =>
        courts ??= CourtWide ? rights.WideCourts : [.. rights.Scopes.SelectMany(s => s.Courts).Append(rights.CourtId).Distinct()];

    /// <summary>Sees every case of <see cref="Courts"/> that is not sealed, not only those of their own work.</summary>
    public bool CourtWide => rights.WideCourts.Count > 0;

    /// <summary>The roles held in the court acted in, each with the courts it reaches.</summary>
    public IReadOnlyList<RoleScope> Scopes => rights.Scopes;

    /// <summary>Absent people this person stands in for, and for what.</summary>
    public IReadOnlyList<StandIn> StandIns => rights.StandIns;

    public bool HasRecusals => rights.HasRecusals;

    /// <summary>From where: an address, or the name of a job.</summary>
    public string Address { get; set; } = "";

    /// <summary>The session or key this request came by; empty for the system.</summary>
    public string Channel { get; set; } = "";

    public bool SignedIn => Kind is ActorKind.Person or ActorKind.Key;

    /// <summary>A key that may do less than its person.</summary>
    public bool IsNarrowed => narrowed is not null;

    public bool IsSystem => Kind == ActorKind.System;

    public bool Can(string action) =>
        action switch
        {
            PermitAttribute.Anyone => true,
            PermitAttribute.SignedIn => SignedIn,
            PermitAttribute.System => IsSystem,
            _ => IsSystem || (rights.Actions.Contains(action) && (narrowed is null || narrowed.Contains(action))),
        };

    /// <summary>The courts one role reaches; empty when it is not held here.</summary>
    public IReadOnlyList<long> CourtsOf(string code) => rights.Scopes.FirstOrDefault(s => s.Code == code)?.Courts ?? [];

    public bool Holds(string code, long courtId) => CourtsOf(code).Contains(courtId);

    /// <summary>Whether a live role, held in the court acted in, reaches this court.</summary>
    public bool Reaches(long courtId) => rights.WideCourts.Contains(courtId) || rights.Scopes.Any(s => s.Courts.Contains(courtId));

    /// <summary>This person, holding the place in this court; or somebody absent for whom this person stands in there.</summary>
    /// <param name="place">A place of <see cref="RoleScope"/>, or <see cref="StandIn.Asks"/>: any role in the court will do.</param>
    /// <param name="closed">What it is about is closed to others.</param>
    public bool Is(long? personId, long courtId, string place, bool closed) =>
        SignedIn
        && personId is { } id
        && (
            id == Id
                ? place == StandIn.Asks
                    ? Reaches(courtId)
                    : rights.Scopes.Any(s => s.Place == place && s.Courts.Contains(courtId))
                : rights.StandIns.Any(s => s.PersonId == id && s.Place == place && s.CourtId == courtId && (s.Closed || !closed))
        );

    /// <exception cref="Forbidden">The actor may not.</exception>
    public void Demand(string action)
    {
        if (!Can(action))
            throw new Forbidden(action, SignedIn || Kind == ActorKind.Party ? null : "请先登录。");
    }

    public void ActAsSystem(string part)
    {
        Take(ActorKind.System, Nobody with { Login = "system", Name = "系统" });
        Address = part;
    }

    public void ActAsParty(long recipientId, string name, string address)
    {
        Take(ActorKind.Party, Nobody with { Id = recipientId, Login = "party", Name = name });
        Address = address;
    }

    /// <summary>The same person in another scope.</summary>
    public void ActLike(Actor other)
    {
        Take(other.Kind, other.rights);
        narrowed = other.narrowed;
        Address = other.Address;
        Channel = other.Channel;
    }

    /// <param name="only">Actions a key is narrowed to; null leaves all of the person's.</param>
    public void ActAs(ActorKind kind, ActorRights person, IReadOnlySet<string>? only = null)
    {
        Take(kind, person);
        narrowed = only;
    }

    private void Take(ActorKind kind, ActorRights person)
    {
        Kind = kind;
        rights = person;
        roles = null;
        courts = null;
        narrowed = null;
    }
}

/// <summary>
/// The actions every module declared and the roles that have them by default. What a court has changed (the role matrix) is laid over it by
/// whoever fills the actor; what a kind of administrator may never have is held here, below every page.
/// </summary>
public sealed class ActionCatalogue
{
    private readonly Dictionary<string, Modules.ActionEntry> byCode;

    public ActionCatalogue(Modules.ModuleList modules)
    {
        All = [.. modules.Declared.SelectMany(d => d.Declaration.Actions)];
        byCode = All.ToDictionary(a => a.Code);
    }

    public IReadOnlyList<Modules.ActionEntry> All { get; }

    public bool Knows(string action) => action is PermitAttribute.Anyone or PermitAttribute.SignedIn or PermitAttribute.System || byCode.ContainsKey(action);

    public Modules.ActionEntry? Find(string action) => byCode.GetValueOrDefault(action);

    /// <summary>What the declarations give a role: "clerk:service" has what is declared for it and for "clerk".</summary>
    public bool IsDefault(string role, string action) =>
        byCode.TryGetValue(action, out var entry)
        && (entry.Roles.Contains(role) || (role.IndexOf(':', StringComparison.Ordinal) is > 0 and var at && entry.Roles.Contains(role[..at])));

    /// <summary>The actions of roles, with the matrix laid over: null means as declared.</summary>
    public HashSet<string> Of(IEnumerable<string> roles, Func<string, string, bool?>? matrix = null)
    {
        var set = new HashSet<string>();
        foreach (var role in roles)
        foreach (var action in All)
            if ((matrix?.Invoke(role, action.Code) ?? IsDefault(role, action.Code)) && Separation.MayHold(role, action.Kind))
                set.Add(action.Code);
        return set;
    }
}

/// <summary>What an action touches; three kinds belong to one administrator each (三员分立).</summary>
public enum ActionKind
{
    /// <summary>Cases, orders, documents.</summary>
    Work,

    /// <summary>Running the system: people's accounts, courts, jobs.</summary>
    System,

    /// <summary>Rights, policy, keys, sessions.</summary>
    Security,

    /// <summary>Reading the trails.</summary>
    Audit,

    /// <summary>Neither: calculators, the organisation's public lists.</summary>
    Open,
}

/// <summary>三员分立: who runs the system sees no case and gives no right, who gives rights sees no case, who audits changes nothing.</summary>
public static class Separation
{
    public const string SystemAdministrator = "sysadmin";
    public const string SecurityAdministrator = "secadmin";
    public const string Auditor = "auditor";

    public static bool IsAdministrator(string role) => role is SystemAdministrator or SecurityAdministrator or Auditor;

    /// <summary>Holds whatever the matrix says.</summary>
    public static bool MayHold(string role, ActionKind kind) =>
        role switch
        {
            SystemAdministrator => kind is ActionKind.System or ActionKind.Open,
            SecurityAdministrator => kind is ActionKind.Security or ActionKind.Open,
            Auditor => kind is ActionKind.Audit or ActionKind.Open,
            _ => kind is ActionKind.Work or ActionKind.Open,
        };

    /// <summary>The two roles that no one person may hold together, or null.</summary>
    public static (string, string)? Clash(IEnumerable<string> roles)
    {
        var all = roles.Select(r => r.Split(':')[0]).Distinct().ToList();
        var administrator = all.Find(IsAdministrator);
        return administrator is not null && all.Find(r => r != administrator) is { } other ? (administrator, other) : null;
    }
}
