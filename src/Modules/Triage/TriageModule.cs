using CourtOps.Kernel.Modules;

namespace CourtOps.Triage;

/// <summary>智服分流: declared so that the zone is whole; its pages say what is to come.</summary>
public sealed class TriageModule : Module
{
    public override string Name => "Triage";

    public override string Prefix => "triage";

    public override string Title => "智服分流";

    public override void Declare(ModuleDeclaration declare)
    {
        declare.Menu("智服分流", "/triage", "git-branch", "五中心", "triage.read", 10);
        declare.Action("triage.read", "查看智服分流", "judge", "assistant", "clerk", "lead", "leader");
    }
}
