using CourtOps.Kernel.Modules;

namespace CourtOps.Enforcement;

/// <summary>智执协作: declared so that the zone is whole; its pages say what is to come.</summary>
public sealed class EnforcementModule : Module
{
    public override string Name => "Enforcement";

    public override string Prefix => "enforcement";

    public override string Title => "智执协作";

    public override void Declare(ModuleDeclaration declare)
    {
        declare.Menu("智执协作", "/enforcement", "scale", "五中心", "enforcement.read", 50);
        declare.Action("enforcement.read", "查看智执协作", "judge", "assistant", "clerk", "lead", "leader");
    }
}
