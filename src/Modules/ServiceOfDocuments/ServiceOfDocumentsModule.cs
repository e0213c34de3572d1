using CourtOps.Kernel.Modules;

namespace CourtOps.ServiceOfDocuments;

public sealed class ServiceOfDocumentsModule : Module
{
    public override string Name => "ServiceOfDocuments";

    public override string Prefix => "service";
}
