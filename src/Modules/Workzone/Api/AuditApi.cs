using CourtOps.Kernel.Security;
using CourtOps.Kernel.Web;
using CourtOps.Workzone.Trails;
using MediatR;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace CourtOps.Workzone.Api;

internal static class AuditApi
{
    public static void Map(IEndpointRouteBuilder api)
    {
        Search(api, "/audit", SearchTrail.Audit, "The audit trail: who did what");
        Search(api, "/access-log", SearchTrail.Access, "The access log: who read what");
    }

    private static void Search(IEndpointRouteBuilder api, string path, string log, string summary) =>
        api.MapGet(
                path,
                async (
                    IMediator mediator,
                    DateOnly? from,
                    DateOnly? to,
                    string? person,
                    string? category,
                    string? activity,
                    string? result,
                    string? objectType,
                    string? objectId,
                    string? number,
                    long? after,
                    int? take
                ) =>
                {
                    var found = await mediator.Send(
                        new SearchTrail
                        {
                            Log = log,
                            From = from,
                            To = to,
                            Person = person,
                            Category = category,
                            Activity = activity,
                            Outcome = result,
                            ObjectType = objectType,
                            ObjectId = objectId,
                            Number = number,
                            After = after,
                            Take = Math.Clamp(take ?? 100, 1, 500),
                        }
                    );
                    return Results.Ok(
                        new
                        {
                            items = found.Rows,
                            next = found.Next?.ToString(System.Globalization.CultureInfo.InvariantCulture),
                            found.From,
                            found.To,
                        }
                    );
                }
            )
            .Permit("workzone.audit.read")
            .WithTags("audit")
            .WithSummary(summary);
}
