using CourtOps.Kernel.Modules;

namespace CourtOps.Kernel;

/// <summary>The technique all modules stand on; it has tables, but no pages and no court words.</summary>
public sealed class KernelModule : Module
{
    public override string Name => "Kernel";

    public override string Prefix => "kernel";
}
