using CourtOps.Kernel.Modules;

namespace CourtOps.Cataloguing;

public sealed class CataloguingModule : Module
{
    public override string Name => "Cataloguing";

    public override string Prefix => "cataloguing";
}
