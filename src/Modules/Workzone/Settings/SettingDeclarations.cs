using CourtOps.Kernel.Audit;
using CourtOps.Kernel.Modules;
using CourtOps.Kernel.Security;

namespace CourtOps.Workzone.Settings;

/// <summary>Actions and activities of the rules that administrators set.</summary>
internal static class SettingDeclarations
{
    public static void Declare(ModuleDeclaration declare)
    {
        declare.Setting(Calendars.LoadedYears.Setting);
        declare.Setting(Calendars.LawUpdates.Setting);
        declare.Activity("workzone.court.merge", "合并法院", AuditCategories.Settings, "notice");
        declare.Activity("workzone.law.ask", "申请更新法律", AuditCategories.Settings, "notice");
        declare.Activity("workzone.calendar.ask", "申请更新日历", AuditCategories.Settings, "notice");
        declare.Menu("规则", "/settings", "settings", "管理", SettingRights.Read, 66);
        declare.Action(
            ActionKind.Open,
            SettingRights.Read,
            "查看规则及其来由",
            [.. Roles.Work, Roles.SystemAdministrator, Roles.SecurityAdministrator, Roles.Auditor]
        );
        declare.Action(ActionKind.Open, SettingRights.Change, "设置本院规则", Roles.Leader, Roles.Lead, Roles.SystemAdministrator);
        declare.Action(ActionKind.Open, SettingRights.Confirm, "确认他人修改的规则", Roles.Leader, Roles.SystemAdministrator, Roles.SecurityAdministrator);
        declare.Activity("workzone.setting.save", "修改规则", AuditCategories.Settings, "notice");
        declare.Activity("workzone.setting.decide", "确认或退回规则", AuditCategories.Settings, "notice");
        declare.Activity("workzone.setting.import", "导入规则", AuditCategories.Settings, "notice");
        declare.Activity("workzone.setting.dry-run", "试算规则", AuditCategories.Settings);
        declare.Activity("workzone.setting.withdraw", "撤回规则", AuditCategories.Settings, "notice");
    }
}
