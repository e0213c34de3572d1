using CourtOps.Kernel.Audit;
using CourtOps.Kernel.Modules;
using CourtOps.Kernel.Security;
using CourtOps.Workzone.CaseChanges;
using Microsoft.Extensions.DependencyInjection;

namespace CourtOps.Workzone.Register;

/// <summary>Actions and activities of the register: panels, links, marks, causes, changes by file.</summary>
internal static class RegisterDeclarations
{
    public static void Declare(ModuleDeclaration declare)
    {
        declare.Menu("案件变动", "/changes", "upload", "管理", "workzone.cases.changes", 81);
        declare.Menu("案由", "/causes", "list-details", "管理", "workzone.causes.read", 83);
        declare.Action("workzone.cases.panel", "登记合议庭", Roles.Judge, Roles.Assistant, "lead:triage");
        declare.Action("workzone.cases.link", "登记关联案件", Roles.Judge, Roles.Assistant, Roles.Clerk, "lead:triage");
        declare.Action("workzone.cases.mark", "标识四类案件", Roles.Judge, Roles.Leader);
        declare.Action("workzone.cases.changes", "导入案件变动", "lead:triage", "clerk:triage", Roles.SystemKey);
        declare.Action(ActionKind.Open, "workzone.causes.read", "查看案由表", [.. Roles.Work, Roles.Checker, Roles.SystemAdministrator, Roles.SystemKey]);
        declare.Action(ActionKind.System, "workzone.causes.manage", "导入案由表", Roles.SystemAdministrator);
        declare.Activity("workzone.case.panel", "登记合议庭", AuditCategories.Case);
        declare.Activity("workzone.case.prosecution", "登记公诉信息", AuditCategories.Case);
        declare.Activity("workzone.case.party-register", "登记原审地位和羁押期限", AuditCategories.Case);
        declare.Activity("workzone.case.link", "关联案件", AuditCategories.Case);
        declare.Activity("workzone.case.unlink", "取消关联", AuditCategories.Case);
        declare.Activity("workzone.case.mark", "标识四类案件", AuditCategories.Case, "notice");
        declare.Activity("workzone.causes.import", "导入案由表", AuditCategories.Settings, "notice");
        declare.Activity("workzone.changes.take", "导入案件变动", AuditCategories.Case, "notice");
        declare.Activity("workzone.changes.chunk", "案件变动一段", AuditCategories.Case);
    }

    public static void AddServices(IServiceCollection services)
    {
        services.AddScoped<PanelBook>();
        services.AddScoped<ProsecutionBook>();
        services.AddScoped<Watchers>();
        services.AddScoped<ChangeApplier>();
        services.AddScoped<WaitingChanges>();
    }
}
