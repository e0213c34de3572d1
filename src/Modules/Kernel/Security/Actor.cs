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
    public static PermitAttribute? Of(Type type) => Found.GetOrAdd(type, static asked =>
    {
        for (var t = asked; t is not null; t = t.DeclaringType)
            if (t.GetCustomAttribute<PermitAttribute>() is { } permit)
                return permit;
        return null;
    });
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

/// <summary>Who acts in this scope and what they may do.</summary>
public sealed class Actor : ICurrentUser
{
    private IReadOnlySet<string> actions = new HashSet<string>();

    public ActorKind Kind { get; private set; }

    public long Id { get; private set; }

    public string Login { get; private set; } = "";

    public string Name { get; private set; } = "";

    public string RoleText { get; private set; } = "";

    public IReadOnlyList<string> Roles { get; private set; } = [];

    public long CourtId { get; private set; }

    public string CourtName { get; private set; } = "";

    /// <summary>The person's own court and, for roles that reach downwards, the courts below.</summary>
    public IReadOnlyList<long> Courts { get; private set; } = [];

    /// <summary>Sees every case of the courts, not only those of their own work.</summary>
    public bool CourtWide { get; private set; }

    /// <summary>From where: an address, or the name of a job.</summary>
    public string Address { get; set; } = "";

    public bool SignedIn => Kind is ActorKind.Person or ActorKind.Key;

    public bool IsSystem => Kind == ActorKind.System;

    public bool Can(string action) => action switch
    {
        PermitAttribute.Anyone => true,
        PermitAttribute.SignedIn => SignedIn,
        PermitAttribute.System => IsSystem,
        _ => IsSystem || actions.Contains(action),
    };

    /// <exception cref="Forbidden">The actor may not.</exception>
    public void Demand(string action)
    {
        if (!Can(action))
            throw new Forbidden(action, SignedIn || Kind == ActorKind.Party ? null : "请先登录。");
    }

    public void ActAsSystem(string part)
    {
        Kind = ActorKind.System;
        Id = 0;
        Login = "system";
        Name = "系统";
        Address = part;
    }

    public void ActAsParty(long recipientId, string name, string address)
    {
        Kind = ActorKind.Party;
        Id = recipientId;
        Login = "party";
        Name = name;
        Address = address;
    }

    /// <summary>The same person in another scope.</summary>
    public void ActLike(Actor other)
    {
        ActAs(other.Kind, other.Id, other.Login, other.Name, other.Roles, other.RoleText, other.actions, other.CourtId, other.CourtName, other.Courts, other.CourtWide);
        Address = other.Address;
    }

    public void ActAs(ActorKind kind, long id, string login, string name, IReadOnlyList<string> roles, string roleText, IReadOnlySet<string> may, long courtId, string courtName, IReadOnlyList<long> courts, bool courtWide)
    {
        Kind = kind;
        Id = id;
        Login = login;
        Name = name;
        Roles = roles;
        RoleText = roleText;
        actions = may;
        CourtId = courtId;
        CourtName = courtName;
        Courts = courts;
        CourtWide = courtWide;
    }
}

/// <summary>The actions every module declared and the roles that have them.</summary>
public sealed class ActionCatalogue
{
    private readonly Dictionary<string, HashSet<string>> byRole = [];

    public ActionCatalogue(Modules.ModuleList modules)
    {
        All = [.. modules.Declared.SelectMany(d => d.Declaration.Actions)];
        foreach (var action in All)
            foreach (var role in action.Roles)
            {
                if (!byRole.TryGetValue(role, out var set))
                    byRole[role] = set = [];
                set.Add(action.Code);
            }
    }

    public IReadOnlyList<Modules.ActionEntry> All { get; }

    public bool Knows(string action) =>
        action is PermitAttribute.Anyone or PermitAttribute.SignedIn or PermitAttribute.System || All.Any(a => a.Code == action);

    public HashSet<string> Of(IEnumerable<string> roles)
    {
        var set = new HashSet<string>();
        foreach (var role in roles)
            if (byRole.TryGetValue(role, out var actions))
                set.UnionWith(actions);
        return set;
    }
}
