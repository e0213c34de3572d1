using System.Reflection;
using CourtOps.Kernel.Audit;
using CourtOps.Kernel.Jobs;
using CourtOps.Kernel.Security;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace CourtOps.Kernel.Modules;

/// <summary>
/// A module of the monolith. The host performs the same steps for each (handlers, validators, reactions, migrations, texts, pages);
/// a module only declares what is its own.
/// </summary>
public abstract class Module
{
    /// <summary>The name in code: "Workzone". The last part of the namespace.</summary>
    public abstract string Name { get; }

    /// <summary>What the module's tables begin with: "workzone".</summary>
    public abstract string Prefix { get; }

    /// <summary>The Chinese name, the key of its translation.</summary>
    public virtual string Title => Name;

    public Assembly Assembly => GetType().Assembly;

    public virtual void Declare(ModuleDeclaration declare) { }

    public virtual void AddServices(IServiceCollection services) { }

    /// <summary>Endpoints below /api/v1; every one carries Permit.</summary>
    public virtual void MapApi(IEndpointRouteBuilder api) { }

    /// <summary>Other endpoints (file content, event streams); every one carries Permit.</summary>
    public virtual void MapEndpoints(IEndpointRouteBuilder endpoints) { }
}

/// <summary>The modules of this host, in dependency order.</summary>
public sealed class ModuleList(IReadOnlyList<Module> all)
{
    private readonly Lazy<IReadOnlyList<(Module Module, ModuleDeclaration Declaration)>> declared = new(() =>
        [
            .. all.Select(m =>
            {
                var d = new ModuleDeclaration();
                m.Declare(d);
                return (m, d);
            }),
        ]
    );

    public IReadOnlyList<Module> All { get; } = all;

    public IReadOnlyList<(Module Module, ModuleDeclaration Declaration)> Declared => declared.Value;
}

/// <summary>What a module declares about itself.</summary>
public sealed class ModuleDeclaration
{
    private readonly List<MenuEntry> menu = [];
    private readonly List<DemoEntry> demos = [];
    private readonly List<ActionEntry> actions = [];
    private readonly List<CasePanel> panels = [];
    private readonly List<RecurringJob> jobs = [];
    private readonly List<ActivityEntry> activities = [];
    private readonly List<SecretColumn> secrets = [];
    private readonly List<KeyedColumn> keyed = [];
    private readonly List<ListEntry> lists = [];
    private readonly List<VerbEntry> verbs = [];
    private readonly List<Settings.SettingDefinition> settings = [];
    private readonly List<Settings.DecisionDefinition> decisions = [];
    private readonly List<string> linkHolders = [];
    private readonly List<TourStop> tour = [];

    public IReadOnlyList<DemoEntry> Demos => demos;

    public IReadOnlyList<MenuEntry> MenuEntries => menu;

    public IReadOnlyList<ActionEntry> Actions => actions;

    public IReadOnlyList<CasePanel> Panels => panels;

    public IReadOnlyList<RecurringJob> Jobs => jobs;

    public IReadOnlyList<ActivityEntry> Activities => activities;

    public IReadOnlyList<SecretColumn> Secrets => secrets;

    public IReadOnlyList<KeyedColumn> KeyedColumns => keyed;

    public IReadOnlyList<ListEntry> Lists => lists;

    public IReadOnlyList<VerbEntry> Verbs => verbs;

    public IReadOnlyList<Settings.SettingDefinition> Settings => settings;

    public IReadOnlyList<Settings.DecisionDefinition> Decisions => decisions;

    /// <summary>What is worth seeing in a demo court, by role.</summary>
    public IReadOnlyList<TourStop> TourStops => tour;

    /// <summary>A page worth seeing in a demo court.</summary>
    /// <param name="role">The code of the role whose desk shows it: "judge", "clerk:service".</param>
    /// <param name="words">What to look at there.</param>
    /// <param name="href">A page that the role may open.</param>
    public void Tour(string role, string words, string href) => tour.Add(new TourStop(role, words, href));

    /// <summary>Actions whose holders can have a party's personal link.</summary>
    public IReadOnlyList<string> LinkHolders => linkHolders;

    /// <summary>Whoever has this action can have a party's personal link, and is therefore shown no part of the id number that the link asks for.</summary>
    public void HoldsLinks(string action) => linkHolders.Add(action);

    /// <summary>What administrators may set: a record of values or a decision table. Page, API, history and files are there by it.</summary>
    public void Setting(Settings.SettingDefinition setting) => settings.Add(setting);

    /// <summary>A pure function over an input and a setting: recorded by <see cref="Audit.Decisions"/>, tried again in dry runs.</summary>
    public void Decision(Settings.DecisionDefinition decision) => decisions.Add(decision);

    /// <summary>A verb of the program that needs no database. The host runs it and writes its answer as JSON.</summary>
    public void Verb(string name, Func<VerbCall, object> run) => verbs.Add(new VerbEntry(name, run));

    /// <param name="group">Empty for the top, otherwise the Chinese heading.</param>
    public void Menu(string label, string href, string icon, string group, string action, int order, string? countKey = null) =>
        menu.Add(new MenuEntry(label, href, icon, group, action, order, countKey));

    /// <summary>An action on cases, orders or documents, and the roles that have it by default.</summary>
    public void Action(string code, string label, params string[] roles) => actions.Add(new ActionEntry(code, label, roles));

    /// <summary>An action of another kind: what administrators do, or what is open to everybody.</summary>
    public void Action(Security.ActionKind kind, string code, string label, params string[] roles) => actions.Add(new ActionEntry(code, label, roles, kind));

    /// <summary>A fragment of the case page, fetched by URL; {0} is the case id.</summary>
    public void Panel(string title, string url, string action, int order) => panels.Add(new CasePanel(title, url, action, order));

    /// <summary>Something that is recorded in the audit trail or the access log. The code is stored: it never changes.</summary>
    /// <param name="severity">info, notice or warning.</param>
    public void Activity(string code, string label, string category, string severity = "info", string retention = Retention.Record) =>
        activities.Add(new ActivityEntry(code, label, category, severity, retention));

    /// <summary>A list of cases or orders: the tests of access hold it against who may see what. See <see cref="ListEntry"/>.</summary>
    public void List(
        string name,
        string action,
        ListOf of,
        bool whole,
        Func<IServiceProvider, ListSubject, CancellationToken, Task<IReadOnlyList<long>>> read,
        Func<IServiceProvider, long, CancellationToken, Task<long?>>? subject = null
    ) => lists.Add(new ListEntry(name, action, of, whole, read, subject));

    /// <summary>A column of encrypted values: rotation of the keys encrypts it again, verify opens it.</summary>
    /// <param name="key">One column, or several with commas, as an index has them.</param>
    public void Secret(string table, string key, string value, string? index = null, bool embedded = false) =>
        secrets.Add(new SecretColumn(table, key.Split(", "), value, index, embedded));

    /// <summary>A column of keyed digests, and the condition under which one still counts (@now).</summary>
    public void KeyedDigest(string table, string column, string live) => keyed.Add(new KeyedColumn(table, column, live));

    /// <summary>What the module shows in a demo court.</summary>
    /// <param name="order">Stories of a lower number plan first.</param>
    public void Demo<T>(int order)
        where T : class, IDemoStory => demos.Add(new DemoEntry(typeof(T), order));

    public void Job<T>(string name, string cron, string label)
        where T : class, IJobHandler => jobs.Add(new RecurringJob(name, cron, label, typeof(T)));
}

/// <summary>A page worth seeing in a demo court, for one role.</summary>
public sealed record TourStop(string Role, string Words, string Href);

public sealed record MenuEntry(string Label, string Href, string Icon, string Group, string Action, int Order, string? CountKey);

public sealed record ActionEntry(string Code, string Label, IReadOnlyList<string> Roles, Security.ActionKind Kind = Security.ActionKind.Work);

public sealed record CasePanel(string Title, string Url, string Action, int Order);

public sealed record DemoEntry(Type Story, int Order);
