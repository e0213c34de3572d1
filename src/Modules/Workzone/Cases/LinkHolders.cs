using CourtOps.Kernel.Modules;
using CourtOps.Kernel.Security;

namespace CourtOps.Workzone.Cases;

/// <summary>Who can have a party's personal link, by what the modules declare.</summary>
internal sealed class LinkHolders(ModuleList modules)
{
    private readonly string[] actions = [.. modules.Declared.SelectMany(d => d.Declaration.LinkHolders).Distinct()];

    public bool Has(Actor actor) => actions.Any(actor.Can);
}
