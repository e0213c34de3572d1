using CourtOps.Cataloguing.Efile;
using CourtOps.Kernel.Modules;
using CourtOps.Kernel.Web;
using CourtOps.Workzone;
using MediatR;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace CourtOps.Cataloguing;

/// <summary>智慧归集: scan, check, read, catalogue, e-file, archive. So far: the e-file of a case.</summary>
public sealed class CataloguingModule : Module
{
    public override string Name => "Cataloguing";

    public override string Prefix => "cataloguing";

    public override string Title => "智慧归集";

    public override void Declare(ModuleDeclaration declare)
    {
        declare.Menu("智慧归集", "/cataloguing", "archive", "五中心", "cataloguing.read", 30);
        declare.Action("cataloguing.read", "查看电子卷宗", Roles.Judge, Roles.Assistant, Roles.Clerk, Roles.Lead, Roles.Leader);
        declare.Activity("cataloguing.list", "新近归卷列表", Kernel.Audit.AuditCategories.Document, "info", Kernel.Audit.Retention.Access);
        declare.Panel("智慧归集", "/cataloguing/cases/{0}/panel", "cataloguing.read", 30);
    }

    public override void AddServices(IServiceCollection services) => services.AddScoped<Filing>();

    public override void MapApi(IEndpointRouteBuilder api) =>
        api.MapGet("/cases/{id:long}/efile", async (long id, IMediator mediator) => Results.Ok(await mediator.Send(new ShowEfile { CaseId = id })))
            .Permit("cataloguing.read").WithTags("cataloguing").WithSummary("The volumes of a case in order");
}
