using CourtOps.Workzone.Cases;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace CourtOps.TrialSupport.Api;

internal static class CaseRoutes
{
    /// <summary>Before anything of the body is looked at: the case of the address, the handler's first argument, is one this actor may see; else it is not
    /// found.</summary>
    public static RouteHandlerBuilder OfCase(this RouteHandlerBuilder builder) =>
        builder.AddEndpointFilter(
            async (context, next) =>
            {
                await context
                    .HttpContext.RequestServices.GetRequiredService<ICases>()
                    .GetAsync(context.GetArgument<long>(0), context.HttpContext.RequestAborted);
                return await next(context);
            }
        );
}
