using CourtOps.Cataloguing.Api;
using CourtOps.Cataloguing.Efile;
using CourtOps.Cataloguing.Intake;
using CourtOps.Cataloguing.Reading;
using CourtOps.Cataloguing.Sorting;
using CourtOps.Cataloguing.Workbench;
using CourtOps.Kernel.Audit;
using CourtOps.Kernel.Data;
using CourtOps.Kernel.Files;
using CourtOps.Kernel.Modules;
using CourtOps.Kernel.Search;
using CourtOps.Kernel.Settings;
using CourtOps.Workzone;
using CourtOps.Workzone.Documents;
using CourtOps.Workzone.WorkOrders;
using MediatR;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using FieldKind = CourtOps.Workzone.WorkOrders.FieldKind;

namespace CourtOps.Cataloguing;

/// <summary>智慧归集: scan, check, read, catalogue, e-file, archive.</summary>
public sealed class CataloguingModule : Module
{
    private const string Clerk = "clerk:cataloguing";
    private const string Lead = "lead:cataloguing";

    public override string Name => "Cataloguing";

    public override string Prefix => "cataloguing";

    public override string Title => "智慧归集";

    public override void Declare(ModuleDeclaration declare)
    {
        declare.Menu("智慧归集", "/cataloguing", "archive", "五中心", "cataloguing.read", 30);
        declare.Action("cataloguing.read", "查看电子卷宗", Roles.Judge, Roles.Assistant, Roles.Clerk, Roles.Lead, Roles.Leader);
        declare.Action("cataloguing.volume", "取整卷 PDF", Roles.Judge, Roles.Assistant, Clerk, Lead);
        declare.Action("cataloguing.intake", "提交材料编目", Roles.Judge, Roles.Assistant, Clerk, Lead, "robot:cataloguing");
        declare.Action("cataloguing.work", "编目", Clerk, Lead);
        declare.Activity("cataloguing.list", "新近归卷列表", AuditCategories.Document, "info", Retention.Access);
        declare.Activity("cataloguing.batch.list", "材料批次列表", AuditCategories.Document, "info", Retention.Access);
        declare.Activity("cataloguing.batch.view", "查看材料批次", AuditCategories.Document, "info", Retention.Access);
        declare.Activity("cataloguing.page.view", "查看材料页面", AuditCategories.Document, "info", Retention.Access);
        declare.Activity("cataloguing.find", "全文检索", AuditCategories.Document, "info", Retention.Access);
        declare.Activity("cataloguing.volume.take", "取整卷 PDF", AuditCategories.Document, "notice", Retention.Access);
        declare.Activity("cataloguing.batch.take", "收材料", AuditCategories.Document);
        declare.Activity("cataloguing.batch.add", "补充文件", AuditCategories.Document);
        declare.Activity("cataloguing.batch.confirm", "整批确认入卷", AuditCategories.Document);
        declare.Activity("cataloguing.piece.act", "编目", AuditCategories.Document);
        declare.Activity("cataloguing.piece.undo", "撤销编目动作", AuditCategories.Document);
        declare.Activity("cataloguing.model.learn", "学习材料类型", AuditCategories.Document);
        declare.List("cataloguing.list", "cataloguing.read", ListOf.Cases, whole: true, async (s, _, ct) => [.. (await s.GetRequiredService<IMediator>().Send(new Pages.Index.Query(), ct)).Select(r => r.CaseId)], FileFirstAsync);
        declare.List("cataloguing.batches", "cataloguing.read", ListOf.Orders, whole: true, async (s, _, ct) => [.. (await s.GetRequiredService<IMediator>().Send(new ListBatches(), ct)).Select(r => r.OrderId)], TakeFirstAsync);
        declare.Verb("read", ReadVerb.Run);
        declare.Verb(ReadingProcess.Verb, ReadingProcess.Run);
        SortingTables.Declare(declare);
        declare.Setting(new Setting<IntakeRules>
        {
            Key = "cataloguing.intake", Label = "编目时限", Help = "材料从收到到编目入卷的工作小时数。", Affects = "此后收到的材料", Centre = "cataloguing",
            Values = [new(nameof(IntakeRules.Hours), "一般材料", "从收到起算的工作小时。") { Unit = "小时", Min = 1, Max = 70, Source = "F-05" }, new(nameof(IntakeRules.UrgentHours), "急件", "从收到起算的工作小时。") { Unit = "小时", Min = 1, Max = 70, Source = "F-05" }],
        });
        declare.Job<Jobs.LearnTypes>("cataloguing.learn-types", "0 40 2 * * ?", "从已确认的页面学习材料类型");
        declare.Job<Jobs.LookAtScanner>("cataloguing.look-at-scanner", "20 * * * * ?", "收扫描仪文件夹里的材料");
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

    private static async Task<long?> TakeFirstAsync(IServiceProvider services, long caseId, CancellationToken ct)
    {
        using var stream = new MemoryStream([.. BitConverter.GetBytes(caseId)]);
        var blob = await services.GetRequiredService<BlobStore>().WriteAsync(stream, 1 << 20, ct);
        return (await services.GetRequiredService<IMediator>().Send(new TakeBatch { CaseId = caseId, Sender = "当事人", Files = [new TakenFile("a.pdf", blob)] }, ct)).OrderId;
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
        services.AddSingleton(new OrderType
        {
            Code = MaterialOrder.Type, Centre = Centres.Cataloguing, Label = "材料编目入卷", TargetHours = 7, Points = 2, ManualMinutes = 90, WorkAction = "cataloguing.work", RequestPage = "/cataloguing/new?caseId={0}", TaskPage = "/cataloguing/orders/{0}",
            Guide = "在案件页提交电子材料后由系统发起；归集中心看过存疑的地方，整批确认后入卷并反馈。", Checklist = ["申报、收到、入卷三方页数一致", "存疑的都看过", "副卷材料没有放进正卷"],
        });
        services.AddSingleton(new OrderType
        {
            Code = ActOnPiece.RescanOrder, Centre = Centres.Cataloguing, Label = "重扫", TargetHours = 4, Points = 1, ManualMinutes = 10, RequestPage = "/cataloguing?caseId={0}",
            Guide = "编目时发现页面不合要求后由编目人员发起；重扫的页面补充到原来的批次后反馈。", Checklist = ["分辨率、方向、完整", "补充到原来的批次", "原来的页面已剔除"],
        });
        services.AddScoped<Filing>();
        services.AddScoped<BatchBook>();
        services.AddScoped<Taking>();
        services.AddScoped<MaterialIntake>();
        services.AddScoped<BatchSorter>();
        services.AddScoped<WorkbenchBook>();
        services.AddScoped<ShowEfile.EfileReader>();
        services.AddScoped<VolumePdf>();
        services.AddScoped<VolumeDelivery>();
        services.AddScoped<IDrivenOrder, MaterialOrder>();
        services.AddSingleton<ReaderPool>();
    }

    public override void MapApi(IEndpointRouteBuilder api) => MaterialsApi.Map(api);

    public override void MapEndpoints(IEndpointRouteBuilder endpoints)
    {
        PagePictures.Map(endpoints);
        PagePictures.MapVolume(endpoints);
    }
}
