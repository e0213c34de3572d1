using CourtOps.Kernel.Modules;
using CourtOps.Law;
using CourtOps.Workzone.Calendars;
using CourtOps.Workzone.Cases;
using CourtOps.Workzone.Documents;
using CourtOps.Workzone.Imports;
using CourtOps.Workzone.People;
using CourtOps.Workzone.Seeding;
using CourtOps.Workzone.WorkOrders;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace CourtOps.Workzone;

/// <summary>集约工作区: the zone all five centres stand in.</summary>
public sealed class WorkzoneModule : Module
{
    public override string Name => "Workzone";

    public override string Prefix => "workzone";

    public override string Title => "集约工作区";

    public override void Declare(ModuleDeclaration declare)
    {
        declare.Menu("我的工作台", "/", "inbox", "", "workzone.desk", 1, "desk");
        declare.Menu("工单", "/orders", "list-check", "", "workzone.orders.read", 2, "orders");
        declare.Menu("中心看板", "/board", "layout-dashboard", "", "workzone.orders.board", 3);
        declare.Menu("案件", "/cases", "folder", "", "workzone.cases.read", 4, "cases");
        declare.Menu("计算器", "/calculate", "calculator", "管理", "workzone.calculate", 70);
        declare.Menu("案件导入", "/imports", "upload", "管理", "workzone.cases.import", 80);
        declare.Menu("人员", "/people", "users", "管理", "workzone.people.manage", 82);
        declare.Menu("运行状态", "/operations", "settings", "管理", "workzone.operations.read", 90);
        declare.Menu("法院", "/courts", "building", "管理", "workzone.courts.manage", 84);

        declare.Action("workzone.desk", "我的工作台", Roles.Work);
        declare.Action("workzone.cases.read", "查看有权的案件", Roles.Work);
        declare.Action("workzone.calculate", "使用计算器", [.. Roles.Work, Roles.Checker, Roles.Auditor]);
        declare.Action("workzone.cases.import", "导入案件表", "lead:triage", "clerk:triage");
        declare.Action("workzone.documents.read", "查看案件文书", Roles.Work);
        declare.Action("workzone.documents.add", "上传文书", Roles.Judge, Roles.Assistant, Roles.Clerk, Roles.Lead);
        declare.Action("workzone.orders.read", "查看工单", Roles.Work);
        declare.Action("workzone.orders.board", "中心看板", Roles.Lead, Roles.Leader);
        declare.Action("workzone.orders.export", "导出工单队列", Roles.Work);
        declare.Action("workzone.parties.phone", "按电话查找当事人", Roles.Judge, Roles.Assistant, Roles.Clerk, Roles.Lead);
        declare.Action("workzone.orders.step", "办理工单各步骤", Roles.Work);
        declare.Action("workzone.people.manage", "管理人员与角色", Roles.SystemAdministrator);
        declare.Action("workzone.courts.manage", "管理法院", Roles.SystemAdministrator);
        declare.Action("workzone.operations.read", "查看运行状态", Roles.SystemAdministrator);
        declare.Action("workzone.operations.decide", "处理存疑与停放的事务", Roles.SystemAdministrator);

        declare.Job<WakePausedOrders>("workzone.wake-paused-orders", "0 * * * * ?", "到点唤醒挂起的工单");
        declare.Job<Jobs.RecomputeClocks>("workzone.recompute-clocks", "0 30 2 * * ?", "每夜按最新日历重算审限");
        declare.Job<Notices.WarnBeforeDue>("workzone.warn-before-due", "0 3/10 * * * ?", "工单到期前两小时提醒办理人");
        declare.Job<Notices.SendDigests>("workzone.send-digests", "30 */10 * * * ?", "按各人的设置发送邮件摘要");
        declare.Job<AnchorChains>("workzone.anchor-chains", "0 0 * * * ?", "每小时锚定工单哈希链");
    }

    public override void AddServices(IServiceCollection services)
    {
        services.AddSingleton<PersonCache>();
        services.AddSingleton<ICalendarSource>(p => new LoadedCalendars(p.GetRequiredService<Kernel.Data.DataFolder>().Root));
        services.AddSingleton<WorkingTime>();
        services.AddSingleton(p => new OrderTypes(p.GetServices<OrderType>()));
        services.AddScoped<IAccounts, Accounts>();
        services.AddScoped<IPeopleImport, PeopleImport>();
        services.AddScoped<CaseAccess>();
        services.AddScoped<ICases, CaseBook>();
        services.AddScoped<IDocuments, DocumentBook>();
        services.AddScoped<IWorkOrders, WorkOrderBook>();
        services.AddSingleton<Queues.QueueCountCache>();
        services.AddScoped<Queues.QueueReader>();
        services.AddScoped<Queues.NearLimits>();
        services.AddScoped<Search.OrderSearch>();
        services.AddScoped<Notices.Notifier>();
        services.AddScoped<Notices.OrderNotifier>();
        services.AddScoped<ICaseImport, ImportRunner>();
        services.AddScoped<CaseStore>();
        services.AddScoped<DocumentIntake>();
        services.AddScoped<ISeeder, Seeder>();
    }

    public override void MapApi(IEndpointRouteBuilder api)
    {
        Api.CasesApi.Map(api);
        Api.OrdersApi.Map(api);
        Api.DeskApi.Map(api);
        Api.CalculatorsApi.Map(api);
    }

    public override void MapEndpoints(IEndpointRouteBuilder endpoints)
    {
        Api.ShellEndpoints.Map(endpoints);
        Api.DeskApi.MapPages(endpoints);
    }
}
