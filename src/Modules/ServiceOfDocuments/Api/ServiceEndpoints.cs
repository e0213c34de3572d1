using CourtOps.ServiceOfDocuments.Party;
using Microsoft.AspNetCore.Routing;

namespace CourtOps.ServiceOfDocuments.Api;

/// <summary>Everything of the module outside API and pages.</summary>
internal static class ServiceEndpoints
{
    public static void Map(IEndpointRouteBuilder endpoints)
    {
        PartyEndpoints.Map(endpoints);
        Electronic.Hooks.Map(endpoints);
    }
}
