using CourtOps.Kernel.Modules;

namespace CourtOps.TrialSupport;

/// <summary>智审保障: declared so that the zone is whole; its pages say what is to come.</summary>
public sealed class TrialSupportModule : Module
{
    public override string Name => "TrialSupport";

    public override string Prefix => "trial";

    public override string Title => "智审保障";

    public override void Declare(ModuleDeclaration declare)
    {
        declare.Menu("智审保障", "/trial", "gavel", "五中心", "trial.read", 40);
        declare.Action("trial.read", "查看智审保障", "judge", "assistant", "clerk", "lead", "leader");
    }
}
