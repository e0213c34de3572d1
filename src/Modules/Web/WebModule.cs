using CourtOps.Kernel.Modules;
using Microsoft.Extensions.DependencyInjection;

namespace CourtOps.Web;

/// <summary>What every page is made of: layouts, shell, form, field, table, pager, error list, time line, icons, styles, scripts.</summary>
public sealed class WebModule : Module
{
    public override string Name => "Web";

    public override string Prefix => "web";

    public override string Title => "页面组件";

    public override void AddServices(IServiceCollection services)
    {
        services.AddSingleton<ShellCache>();
        services.AddScoped<Shell>();
    }
}
