using CourtOps.Cataloguing.Efile;
using CourtOps.Kernel.Data;
using CourtOps.Kernel.Modules;
using CourtOps.Kernel.Web;
using CourtOps.Workzone;
using CourtOps.Workzone.Documents;
using CourtOps.Workzone.WorkOrders;
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
        declare.List("cataloguing.list", "cataloguing.read", ListOf.Cases, whole: true, async (s, _, ct) => [.. (await s.GetRequiredService<IMediator>().Send(new Pages.Index.Query(), ct)).Select(r => r.CaseId)], FileFirstAsync);
        declare.Verb("read", Reading.ReadVerb.Run);
        declare.Verb(Reading.ReadingProcess.Verb, Reading.ReadingProcess.Run);
        Sorting.SortingTables.Declare(declare);
        declare.Panel("智慧归集", "/cataloguing/cases/{0}/panel", "cataloguing.read", 30);
    }

    private static async Task<long?> FileFirstAsync(IServiceProvider services, long caseId, CancellationToken ct)
    {
        var documents = await services.GetRequiredService<IDocuments>().OfCaseAsync(caseId, ct);
        var db = services.GetRequiredService<Db>();
        await db.BeginAsync(ct);
        await services.GetRequiredService<Filing>().FileAsync(caseId, documents[0].Id, "", ct);
        await db.CommitAsync(ct);
        return null;
    }

    public override void AddServices(IServiceCollection services)
    {
        services.AddSingleton(new OrderType
        {
            Code = "cataloguing.scan", Centre = Centres.Cataloguing, Label = "随案扫描编目", TargetHours = 7, Points = 1, ManualMinutes = 45,
            Guide = "办案中收到的纸质材料随收随交；由归集中心扫描、质检、编目，传入本案文书后反馈。", Checklist = ["页数与交接清单一致", "图像清晰、方向正确、无缺页", "题名写明具体内容，不写“材料一”", "原件已按约定退回或留存"],
            Form =
            [
                new() { Name = "material", Label = "材料名称", Kind = FieldKind.LongText, Required = true, Most = 1000, Help = "每行一份，写明由谁提交。" },
                new() { Name = "pages", Label = "总页数", Kind = FieldKind.Number, Required = true, Least = 1, Most = 5000 },
                new() { Name = "volume", Label = "归入", Kind = FieldKind.Choice, Required = true, Choices = ["正卷", "副卷"] },
                new() { Name = "handover", Label = "交件日期", Kind = FieldKind.Date, Required = true, Least = 0, Most = 30 },
                new() { Name = "originals", Label = "原件", Kind = FieldKind.Choice, Required = true, Choices = ["扫描后退回", "随卷留存"] },
            ],
        });
        services.AddScoped<Filing>();
    }

    public override void MapApi(IEndpointRouteBuilder api) =>
        api.MapGet("/cases/{id:long}/efile", async (long id, IMediator mediator) => Results.Ok(await mediator.Send(new ShowEfile { CaseId = id })))
            .Permit("cataloguing.read").WithTags("cataloguing").WithSummary("The volumes of a case in order");
}
