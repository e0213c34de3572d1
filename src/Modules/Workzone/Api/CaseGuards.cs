using CourtOps.Kernel.Data;
using CourtOps.Workzone.Cases;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace CourtOps.Workzone.Api;

/// <summary>Whether there is such a case or party for this actor comes before what is wrong with the body.</summary>
internal static class CaseGuards
{
    /// <summary>The handler's first argument is the id of a case.</summary>
    public static RouteHandlerBuilder OfCase(this RouteHandlerBuilder builder) =>
        builder.AddEndpointFilter(
            async (context, next) =>
            {
                var http = context.HttpContext;
                await http.RequestServices.GetRequiredService<CaseAccess>().DemandAsync(context.GetArgument<long>(0), http.RequestAborted);
                return await next(context);
            }
        );

    /// <summary>The handler's first argument is the id of a party.</summary>
    public static RouteHandlerBuilder OfParty(this RouteHandlerBuilder builder) =>
        builder.AddEndpointFilter(
            async (context, next) =>
            {
                var http = context.HttpContext;
                await Unmask.DemandAsync(
                    http.RequestServices.GetRequiredService<Db>(),
                    http.RequestServices.GetRequiredService<CaseAccess>(),
                    context.GetArgument<long>(0),
                    http.RequestAborted
                );
                return await next(context);
            }
        );
}
