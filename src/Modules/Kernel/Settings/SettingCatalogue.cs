using System.Collections.Frozen;
using CourtOps.Kernel.Modules;

namespace CourtOps.Kernel.Settings;

/// <summary>Every setting and decision that modules declared.</summary>
public sealed class SettingCatalogue
{
    private readonly FrozenDictionary<string, SettingDefinition> byKey;
    private readonly FrozenDictionary<Type, SettingDefinition> byType;
    private readonly FrozenDictionary<string, DecisionDefinition> decisions;

    /// <exception cref="InvalidOperationException">Two of one key, a default that its own rules refuse, a decision over no setting.</exception>
    public SettingCatalogue(ModuleList modules, IEnumerable<ISettingSource> more)
    {
        All = [.. modules.Declared.SelectMany(d => d.Declaration.Settings), .. more.SelectMany(m => m.Settings)];
        foreach (var (module, declaration) in modules.Declared)
        foreach (var setting in All.Where(s => s.Key.StartsWith(module.Prefix + ".", StringComparison.Ordinal)))
            setting.Module = module.Title;
        if (All.GroupBy(s => s.Key).FirstOrDefault(g => g.Count() > 1) is { } twice)
            throw new InvalidOperationException($"Two settings are called {twice.Key}.");
        if (All.FirstOrDefault(s => s.Module.Length == 0) is { } strange)
            throw new InvalidOperationException($"{strange.Key} begins with the prefix of no module.");
        foreach (var setting in All)
            if (setting.Check(setting.DefaultValue) is [var fault, ..])
                throw new InvalidOperationException($"The default of {setting.Key} is refused by its own rules: {fault.Field} {fault.Why}");
        byKey = All.ToFrozenDictionary(s => s.Key);
        // a record of one setting is found by its type
        byType = All.GroupBy(s => s.ValueType).Where(g => g.Count() == 1).ToFrozenDictionary(g => g.Key, g => g.Single());
        Decisions = [.. modules.Declared.SelectMany(d => d.Declaration.Decisions)];
        decisions = Decisions.ToFrozenDictionary(d => d.Name);
        if (Decisions.FirstOrDefault(d => !byKey.ContainsKey(d.Setting)) is { } without)
            throw new InvalidOperationException($"The decision {without.Name} is over {without.Setting}, which nobody declared.");
    }

    public IReadOnlyList<SettingDefinition> All { get; }

    public IReadOnlyList<DecisionDefinition> Decisions { get; }

    public SettingDefinition? Find(string key) => byKey.GetValueOrDefault(key);

    /// <exception cref="InvalidOperationException">No setting, or more than one, has this type: ask by key.</exception>
    public SettingDefinition Of(Type type) =>
        byType.GetValueOrDefault(type) ?? throw new InvalidOperationException($"Not exactly one setting is a {type.Name}: ask by its key.");

    public DecisionDefinition Decision(string name) =>
        decisions.GetValueOrDefault(name) ?? throw new InvalidOperationException($"No decision is called {name}.");

    /// <summary>The decisions that a setting decides.</summary>
    public IEnumerable<DecisionDefinition> DecidedBy(string key) => Decisions.Where(d => d.Setting == key);
}
