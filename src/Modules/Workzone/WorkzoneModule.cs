using CourtOps.Kernel.Modules;
using CourtOps.Kernel.Security;
using CourtOps.Law;
using CourtOps.Workzone.Calendars;
using CourtOps.Workzone.Cases;
using CourtOps.Workzone.Documents;
using CourtOps.Workzone.Imports;
using CourtOps.Workzone.People;
using CourtOps.Workzone.Rights;
using CourtOps.Workzone.Seeding;
using CourtOps.Workzone.WorkOrders;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Configuration;
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
        declare.Tour("judge", "案件：时间线、审限怎么算、当事人和工单都在一页", "/cases");
        declare.Tour("judge", "我发起的工单走到了哪一步", "/orders?view=asked");
        declare.Tour("assistant", "案件和它的工单", "/cases");
        declare.Tour("assistant", "发起的工单", "/orders?view=asked");
        declare.Tour("leader", "红色数字点开就是清单，一步发出督办", "/leader");
        declare.Tour("leader", "督办单：签收、答复、退回都有记录", "/slips");
        declare.Tour("leader", "案件信息质检：哪个团队有多少待更正", "/inspection");
        declare.Tour("leader", "各中心的在办和超期", "/board");
        declare.Tour("lead:service", "本中心的队列：派单、积压、超期", "/orders?view=centre");
        declare.Tour("clerk:service", "等我办的工单", "/orders?view=mine");
        declare.Tour("sysadmin", "所有模块的规则：默认值、来源、试算", "/settings");
        declare.Tour("sysadmin", "法律修改：差异、两人确认、重算", "/settings/law");
        declare.Tour("sysadmin", "工作日历", "/settings/calendar");
        declare.Tour("sysadmin", "法院和上下级", "/courts");
        declare.Tour("sysadmin", "案由及其版本", "/causes");
        declare.Tour("secadmin", "授权须由两个人完成", "/rights");
        declare.Tour("secadmin", "角色权限表", "/rights/matrix");
        declare.Tour("secadmin", "登录策略", "/rights/policy");
        declare.Tour("secadmin", "在线会话", "/sessions");
        declare.Tour("secadmin", "接口密钥", "/keys");
        declare.Tour("auditor", "谁做了什么", "/audit");
        declare.Tour("auditor", "谁看了什么", "/audit?log=access");
        declare.Tour("auditor", "告警", "/audit/alarms");
        declare.Tour("auditor", "日志是否完整", "/audit/integrity");
        declare.Tour("auditor", "谁看过这个案件", "/audit/readers");
        declare.Tour("lead:triage", "案件变动表：逐行结果", "/changes");
        declare.Menu("我的工作台", "/", "inbox", "", "workzone.desk", 1, "desk");
        declare.Menu("工单", "/orders", "list-check", "", "workzone.orders.read", 2, "orders");
        declare.Menu("中心看板", "/board", "layout-dashboard", "", "workzone.orders.board", 3);
        declare.Menu("案件", "/cases", "folder", "", "workzone.cases.read", 4, "cases");
        declare.Menu("请假与代理", "/absences", "calendar", "管理", "workzone.absences.read", 68);
        declare.Menu("计算器", "/calculate", "calculator", "管理", "workzone.calculate", 70);
        declare.Menu("案件导入", "/imports", "upload", "管理", "workzone.cases.import", 80);
        declare.Menu("人员", "/people", "users", "管理", "workzone.people.read", 82);
        declare.Menu("法院", "/courts", "building", "管理", "workzone.courts.manage", 84);
        declare.Menu("变更确认", "/rights", "user-check", "管理", "workzone.rights.changes", 85, "changes");
        declare.Menu("角色权限表", "/rights/matrix", "table", "管理", "workzone.rights.read", 86);
        declare.Menu("登录策略", "/rights/policy", "shield-check", "管理", "workzone.rights.manage", 87);
        declare.Menu("登录会话", "/sessions", "device-desktop", "管理", "workzone.sessions.manage", 88);
        declare.Menu("接口密钥", "/keys", "key", "管理", "workzone.keys.manage", 89);
        declare.Menu("运行状态", "/operations", "settings", "管理", "workzone.operations.read", 90);

        declare.Action("workzone.desk", "我的工作台", Roles.Work);
        declare.Action("workzone.cases.read", "查看有权的案件", [.. Roles.Work, Roles.Checker, Roles.SystemKey]);
        declare.Action("workzone.cases.import", "导入案件表", "lead:triage", "clerk:triage", Roles.SystemKey);
        declare.Action("workzone.cases.allot", "改派承办法官", "lead:triage", Roles.Leader);
        declare.Action("workzone.cases.access", "查看谁能看本案", Roles.Judge, Roles.Leader, "lead:triage");
        declare.Menu("督促", "/slips", "hand-stop", "", "workzone.slips.read", 5);
        declare.Menu("院长驾驶舱", "/leader", "chart-bar", "", "workzone.leader", 2);
        declare.Action("workzone.slips.read", "收发督促单", Roles.Work);
        declare.Action("workzone.slips.send", "发督促单", Roles.Leader, Roles.Lead);
        declare.Action("workzone.leader", "院长驾驶舱", Roles.Leader);
        declare.Action("workzone.cases.events", "登记案件事件", Roles.Judge, Roles.Assistant, Roles.Clerk, "lead:triage", Roles.SystemKey);
        declare.Action("workzone.cases.clock", "登记审限扣除、申请延长", Roles.Judge, Roles.Assistant);
        declare.Action("workzone.cases.extend", "批准延长审限", Roles.Leader);
        declare.Action("workzone.cases.seal", "封存案件、申请解除", Roles.Judge, Roles.Leader);
        declare.Action("workzone.cases.unseal", "确认解除封存", Roles.Leader);
        declare.Action("workzone.recusals.manage", "登记和解除回避", Roles.Judge, Roles.Leader, "lead:triage");
        declare.Action("workzone.documents.read", "查看案件文书", [.. Roles.Work, Roles.Checker, Roles.SystemKey]);
        declare.Action(
            DocumentDelivery.OriginalAction,
            "下载文书原件（核对、归档、交换）",
            Roles.Judge,
            "lead:cataloguing",
            "clerk:cataloguing",
            Roles.SystemKey
        );
        declare.Action("workzone.documents.secondary", "查看副卷", Roles.Judge, Roles.Assistant, Roles.Clerk, Roles.Leader, "lead:cataloguing");
        declare.Action("workzone.documents.add", "上传文书", Roles.Judge, Roles.Assistant, Roles.Clerk, Roles.Lead, Roles.SystemKey);
        declare.Action("workzone.orders.read", "查看工单", [.. Roles.Work, Roles.Checker, Roles.SystemKey]);
        declare.Action("workzone.orders.board", "中心看板", Roles.Lead, Roles.Leader);
        declare.Menu("派单方式", "/orders/dispatch", "settings", "管理", "workzone.orders.dispatch", 67);
        declare.Action("workzone.orders.dispatch", "设置派单方式和技能", Roles.Lead);
        declare.Action("workzone.orders.export", "导出工单队列", Roles.Work);
        declare.Action("workzone.parties.phone", "按电话查找当事人", Roles.Judge, Roles.Assistant, Roles.Clerk, Roles.Lead);
        declare.Action("workzone.orders.ask", "向中心发起工单", Roles.Judge, Roles.Assistant, Roles.Clerk, Roles.Lead);
        declare.Action("workzone.orders.step", "办理工单各步骤", Roles.Work);
        declare.Action("workzone.phrases.court", "维护全院常用语", Roles.Lead, Roles.Leader);
        declare.Action("workzone.absences.read", "请假与代理", Roles.Work);
        declare.Action("workzone.absences.manage", "登记本院人员请假", Roles.Leader, Roles.Lead);
        declare.Action(ActionKind.Open, "workzone.calculate", "使用计算器", [.. Roles.Work, Roles.Checker, Roles.Auditor]);
        declare.Action(ActionKind.System, "workzone.people.manage", "登记人员、交接、申请一次性密码", Roles.SystemAdministrator);
        declare.Action(ActionKind.System, "workzone.courts.manage", "管理法院、庭室、团队", Roles.SystemAdministrator);
        declare.Action(ActionKind.System, "workzone.operations.read", "查看运行状态", Roles.SystemAdministrator);
        declare.Action(ActionKind.System, "workzone.operations.decide", "处理存疑与停放的事务", Roles.SystemAdministrator);
        declare.Action(ActionKind.Open, "workzone.people.read", "查看人员名单", Roles.SystemAdministrator, Roles.SecurityAdministrator, Roles.Auditor);
        declare.Action(ActionKind.Open, "workzone.rights.read", "查看权限及其来由", Roles.SecurityAdministrator, Roles.Auditor, Roles.SystemAdministrator);
        declare.Action(
            ActionKind.Open,
            "workzone.rights.changes",
            "变更申请",
            Roles.SystemAdministrator,
            Roles.SecurityAdministrator,
            Roles.Leader,
            Roles.Judge
        );
        declare.Action(ActionKind.Security, "workzone.rights.manage", "申请授予角色、改权限表和登录策略", Roles.SecurityAdministrator);
        declare.Action(ActionKind.Security, "workzone.rights.confirm", "确认他人申请的变更", Roles.SecurityAdministrator);
        declare.Action(ActionKind.Security, "workzone.sessions.manage", "查看和结束登录会话、解锁账号", Roles.SecurityAdministrator);
        declare.Action(ActionKind.Security, "workzone.keys.manage", "申请、轮换、吊销接口密钥", Roles.SecurityAdministrator);

        Settings.SettingDeclarations.Declare(declare);
        AuditDeclarations.Declare(declare);
        Triggers.TriggerTable.Declare(declare);
        ClockDeclarations.Declare(declare);
        Inspections.InspectionDeclarations.Declare(declare);
        Register.RegisterDeclarations.Declare(declare);
        Supervision.WarningTable.Declare(declare);
        declare.Activity("workzone.slip.send", "发督促单", Kernel.Audit.AuditCategories.Order, "notice");
        declare.Activity("workzone.slip.act", "签收、答复、认可督促单", Kernel.Audit.AuditCategories.Order);
        declare.Activity("workzone.slip.raise", "按规则发督促单", Kernel.Audit.AuditCategories.Order);
        declare.Job<Supervision.RecountCases>("workzone.recount-cases", "20 */10 * * * ?", "过零点后把院长驾驶舱的案件计数转到新的一天，并核对");
        declare.Job<Supervision.RaiseSlips>("workzone.raise-slips", "0 7/30 * * * ?", "按规则发督促单、升级未答复的");
        declare.Activity("workzone.case.event", "登记案件事件", Kernel.Audit.AuditCategories.Case);
        declare.Activity("workzone.clock.deduct", "登记审限扣除", Kernel.Audit.AuditCategories.Case, "notice");
        declare.Activity("workzone.clock.end-deduction", "审限恢复计算", Kernel.Audit.AuditCategories.Case, "notice");
        declare.Activity("workzone.clock.ask-extension", "申请延长审限", Kernel.Audit.AuditCategories.Case, "notice");
        declare.Activity("workzone.clock.decide-extension", "决定延长审限", Kernel.Audit.AuditCategories.Case, "notice");
        declare.Demo<DemoCases>(10);
        declare.Demo<DemoOrders>(20);
        declare.Demo<DemoRegister>(25);

        declare.Activity("workzone.order.export", "导出工单队列", Kernel.Audit.AuditCategories.Export, "notice");
        declare.Activity("workzone.batch.create", "发起批量办理", Kernel.Audit.AuditCategories.Order);
        declare.Activity("workzone.batch.chunk", "批量办理一段", Kernel.Audit.AuditCategories.Order);
        declare.Activity("workzone.batch.cancel", "取消批量办理", Kernel.Audit.AuditCategories.Order);
        declare.Activity("workzone.notice.read", "通知标为已读", Kernel.Audit.AuditCategories.Order);
        declare.Activity("workzone.notice.warn", "到期前提醒", Kernel.Audit.AuditCategories.Order);
        declare.Activity("workzone.digest.queue", "排入邮件摘要", Kernel.Audit.AuditCategories.Order);
        declare.Activity("workzone.digest.save", "设置邮件摘要", Kernel.Audit.AuditCategories.Settings);
        declare.Activity("workzone.view.save", "保存队列视图", Kernel.Audit.AuditCategories.Settings);
        declare.Activity("workzone.view.delete", "删除队列视图", Kernel.Audit.AuditCategories.Settings);

        AccessLists.Declare(declare);
        declare.Secret("workzone_party", "id", "id_number_enc", "id_number_idx");
        declare.Secret("workzone_party", "id", "phone_enc", "phone_idx");
        declare.Secret("workzone_person", "id", "id_number_enc", "id_number_idx");
        declare.Secret("workzone_party", "id", "email_enc");
        declare.Secret("workzone_digest", "person_id", "email_enc");
        declare.Secret("workzone_change", "id", "secret_enc");
        declare.Secret("workzone_second_factor", "person_id", "secret_enc");
        declare.KeyedDigest("workzone_second_factor", "recovery", "recovery <> '[]'");
        declare.Secret("workzone_agent", "id", "phone_enc");
        declare.Secret("workzone_import_row", "import_id, case_number, row_number", "body");

        declare.Job<WakePausedOrders>("workzone.wake-paused-orders", "0 * * * * ?", "到点唤醒挂起的工单");
        declare.Job<Imports.CollectImports>("workzone.collect-imports", "0 40 2 * * ?", "每夜清除已结束导入留下的案件表");
        declare.Job<Jobs.RecomputeClocks>("workzone.recompute-clocks", "0 30 2 * * ?", "每夜按最新日历重算审限");
        declare.Job<Notices.WarnBeforeDue>("workzone.warn-before-due", "0 3/10 * * * ?", "工单到期前两小时提醒办理人");
        declare.Job<Notices.SendDigests>("workzone.send-digests", "30 */10 * * * ?", "按各人的设置发送邮件摘要");
        declare.Job<LapseRights>("workzone.lapse-rights", "0 10 * * * ?", "到期的角色和无人确认的申请");
        declare.Job<TurnAbsences>("workzone.turn-absences", "5 0 * * * ?", "请假与代理的开始和结束");
        declare.Job<AnchorChains>("workzone.anchor-chains", "0 0 * * * ?", "每小时锚定工单哈希链");
    }

    public override void AddServices(IServiceCollection services)
    {
        services.AddSingleton<PersonCache>();
        services.AddSingleton(new Kernel.Sealing.AnchorSource(Kernel.Sealing.AnchorFiles.Orders, "SELECT MAX(id) FROM workzone_anchor"));
        services.AddSingleton<SessionCache>();
        services.AddSingleton<PolicyCache>();
        services.AddSingleton<MatrixTables>();
        services.AddSingleton<Keys>();
        services.AddSingleton<LinkHolders>();
        services.AddScoped<Kernel.Messaging.IStanding, CaseStanding>();
        services.AddScoped<PolicyBook>();
        services.AddScoped<Trails.TrailWords>();
        services.AddScoped<Sessions>();
        services.AddScoped<ISessions>(p => p.GetRequiredService<Sessions>());
        services.AddScoped<ISecondFactor, SecondFactor>();
        services.AddScoped<IMyAccount, MyAccount>();
        services.AddScoped<RightsBook>();
        services.AddScoped<Kernel.Security.IOperatorScope, OperatorScope>();
        services.AddScoped<Deputies>();
        services.AddScoped<OpenWork>();
        services.AddScoped<IOpenWork, OrdersInHand>();
        services.AddScoped<IOpenWork, OrdersAsked>();
        services.AddScoped<IOpenWork, CasesOfJudge>();
        services.AddScoped<Trails.OwnParties>();
        services.AddScoped<Unsealing>();
        services.AddScoped<OneTime>();
        services.AddScoped<KeyMaker>();
        services.AddScoped<TeamAccess>();
        services.AddScoped<Sealing>();
        services.AddSingleton<ICalendarSource>(p => new LoadedCalendars(
            p.GetRequiredService<Kernel.Data.DataFolder>().Root,
            () => p.GetRequiredService<Kernel.Settings.ISettings>().Current<LoadedYears>(0)
        ));
        services.AddScoped<Settings.ISettingEffect, CalendarEffect>();
        services.AddScoped<Settings.ISettingEffect, LawEffect>();
        services.AddSingleton<LawChanges>();
        services.AddSingleton<WorkingTime>();
        services.AddSingleton(p => new OrderTypes(p.GetServices<OrderType>()));
        services.AddScoped<IAccounts, Accounts>();
        services.AddScoped<IPeopleImport, PeopleImport>();
        services.AddScoped<CaseAccess>();
        services.AddScoped<ICases, CaseBook>();
        services.AddScoped<ContactBook>();
        services.AddScoped<IContacts>(s => s.GetRequiredService<ContactBook>());
        services.AddScoped<People.IPeople, People.PeopleOfCourts>();
        services.AddScoped<IDocuments, DocumentBook>();
        services.AddScoped<IReleases, Releases>();
        services.AddScoped<StepEffects>();
        services.AddScoped<Guides>();
        services.AddScoped<IWorkOrders, WorkOrderBook>();
        services.AddScoped<DrivenOrders>();
        services.AddScoped<StepTaking>();
        services.AddSingleton<Queues.QueueCountCache>();
        services.AddScoped<Queues.QueueReader>();
        services.AddScoped<Queues.NearLimits>();
        services.AddScoped<Search.OrderSearch>();
        services.AddScoped<Notices.Notifier>();
        services.AddScoped<Dispatching.Dispatcher>();
        services.AddScoped<Notices.OrderNotifier>();
        services.AddScoped<ICaseImport, ImportRunner>();
        services.AddScoped<ImportHold>();
        services.AddScoped<Queues.NewCases>();
        services.AddScoped<CaseStore>();
        services.AddScoped<Cases.ClockBook>();
        services.AddScoped<Triggers.EventOrders>();
        services.AddScoped<ExtensionNotices>();
        services.AddScoped<Conversions>();
        services.AddScoped<Effects>();
        services.AddScoped<Supervision.CaseCounts>();
        Supervision.SupervisionDeclarations.AddServices(services);
        Inspections.InspectionDeclarations.AddServices(services);
        Register.RegisterDeclarations.AddServices(services);
        foreach (var affair in Triggers.Affairs.All)
            services.AddSingleton(affair.Type);
        services.AddScoped<ICaseRegister, CaseRegister>();
        services.AddScoped<ICaseIndex, CaseIndex>();
        services.AddScoped<ICourts, CourtCards>();
        services.AddScoped<ICasePanels, CasePanels>();
        services.AddScoped<IPapers, Papers>();
        services.AddScoped<DocumentIntake>();
        services.AddSingleton(p => DownloadSettings.Read(p.GetRequiredService<IConfiguration>()));
        services.AddScoped<DocumentDelivery>();
        services.AddScoped<ISeeder, Seeder>();
        services.AddSingleton<Kernel.Settings.ISettingTree, Settings.CourtSettings>();
        services.AddSingleton<Kernel.Settings.ISettingSource, Settings.OrderTargets>();
    }

    public override void MapApi(IEndpointRouteBuilder api)
    {
        Api.CasesApi.Map(api);
        Api.OrdersApi.Map(api);
        Api.DeskApi.Map(api);
        Api.PeopleApi.Map(api);
        Api.CalculatorsApi.Map(api);
        Api.AuditApi.Map(api);
        Api.SettingsApi.Map(api);
        Api.RegisterApi.Map(api);
        Api.SlipsApi.Map(api);
        Api.ClockApi.Map(api);
    }

    public override void MapEndpoints(IEndpointRouteBuilder endpoints)
    {
        Api.ShellEndpoints.Map(endpoints);
        Api.DeskApi.MapPages(endpoints);
    }
}
