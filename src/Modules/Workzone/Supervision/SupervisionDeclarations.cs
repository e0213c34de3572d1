using Microsoft.Extensions.DependencyInjection;

namespace CourtOps.Workzone.Supervision;

/// <summary>Services of supervision.</summary>
internal static class SupervisionDeclarations
{
    public static void AddServices(IServiceCollection services)
    {
        services.AddScoped<SlipBook>();
        services.AddScoped<SlipAddressees>();
        services.AddScoped<SlipTargets>();
        services.AddScoped<OrderSlips>();
        services.AddScoped<LimitSlips>();
        services.AddScoped<UnansweredSlips>();
        services.AddScoped<People.IOpenWork, OpenSlips>();
    }
}
