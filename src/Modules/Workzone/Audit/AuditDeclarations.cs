using CourtOps.Kernel.Audit;
using CourtOps.Kernel.Modules;
using CourtOps.Kernel.Security;

namespace CourtOps.Workzone;

/// <summary>What the workzone records, and who may see the records.</summary>
internal static class AuditDeclarations
{
    public static void Declare(ModuleDeclaration declare)
    {
        declare.Menu("操作与查阅", "/audit", "history", "审计", "workzone.audit.read", 60);
        declare.Menu("谁看过", "/audit/readers", "eye", "审计", "workzone.audit.read", 61);
        declare.Menu("告警", "/audit/alarms", "bell", "审计", "workzone.audit.read", 62);
        declare.Menu("完整性", "/audit/integrity", "shield-check", "审计", "workzone.audit.read", 63);

        declare.Action(ActionKind.Audit, "workzone.audit.read", "查看审计与查阅记录", Roles.Auditor);
        declare.Action(ActionKind.Audit, "workzone.audit.export", "导出审计与查阅记录", Roles.Auditor);
        declare.Action(ActionKind.Audit, "workzone.audit.decide", "处理告警", Roles.Auditor);

        declare.Action(ActionKind.System, "workzone.keys.rotate", "更换密钥", Roles.SystemAdministrator);
        declare.Job<Trails.RaiseAlarms>("workzone.raise-alarms", "15 */5 * * * ?", "每五分钟检查异常查阅");
        declare.Action("workzone.secrets.unmask", "写明事由查看当事人证件与联系方式", Roles.Judge, Roles.Assistant, Roles.Clerk);
        declare.Activity("workzone.secrets.unmask", "查看个人信息全文", AuditCategories.Secrets, "notice", Retention.Access);
        declare.Action("workzone.parties.contact", "登记当事人提供或确认的送达地址", Roles.Judge, Roles.Assistant, Roles.Clerk);
        declare.Activity("workzone.party.contact", "登记当事人的送达地址", AuditCategories.Case, "notice");
        declare.Activity("workzone.party.address", "查看当事人的送达地址", AuditCategories.Case, "info", Retention.Access);
        declare.Activity("workzone.audit.search", "查审计记录", AuditCategories.Audit, "info", Retention.Access);
        declare.Activity("workzone.audit.readers", "查谁看过", AuditCategories.Audit, "info", Retention.Access);
        declare.Activity("workzone.audit.export", "导出审计记录", AuditCategories.Export, "warning");
        declare.Activity("workzone.alarm.decide", "处理告警", AuditCategories.Audit, "notice");

        declare.Activity("workzone.sign-in", "登录", AuditCategories.SignIn, "info", Retention.Network);
        declare.Activity("workzone.password.change", "修改密码", AuditCategories.SignIn, "notice");
        declare.Activity("workzone.key.create", "创建 API 密钥", AuditCategories.Rights, "warning");
        declare.Activity("workzone.person.save", "保存人员与角色", AuditCategories.Rights, "notice");
        declare.Activity("workzone.person.create-administrator", "创建系统管理员", AuditCategories.Rights, "warning");
        declare.Activity("workzone.recusal.add", "登记回避", AuditCategories.Rights, "notice");
        declare.Activity("workzone.recusal.end", "解除回避", AuditCategories.Rights, "notice");
        declare.Activity("workzone.case.seal", "封存案件", AuditCategories.Case, "notice");
        declare.Activity("workzone.case.ask-unseal", "申请解除封存", AuditCategories.Case, "notice");
        declare.Activity("workzone.unit.save", "保存庭室或团队", AuditCategories.People, "info");
        declare.Activity("workzone.absence.save", "登记请假与代理", AuditCategories.People, "info");
        declare.Activity("workzone.absence.confirm-deputy", "同意代理人办理封存案件", AuditCategories.Rights, "notice");
        declare.Activity("workzone.password.check", "核对原密码", AuditCategories.SignIn);
        declare.Activity("workzone.notice.list", "查看通知", AuditCategories.Order, "info", Retention.Access);
        declare.Activity("workzone.change.list", "查看变更申请", AuditCategories.Rights, "info", Retention.Access);
        declare.Activity("workzone.absence.cancel", "取消请假", AuditCategories.People, "info");
        declare.Activity("workzone.sign-in.spoof", "冒充代理的登录头，未采信", AuditCategories.SignIn, "warning", Retention.Network);
        declare.Activity("workzone.web.refused", "错误密钥、伪造表单或过于频繁的请求，已拒绝", AuditCategories.SignIn, "warning", Retention.Network);
        declare.Activity("workzone.sign-in.enter", "建立登录会话", AuditCategories.SignIn, "info", Retention.Network);
        declare.Activity("workzone.person.hand-over", "交接未办结的工作", AuditCategories.People, "notice");
        declare.Activity("workzone.case.change-judge", "改派承办法官", AuditCategories.Case, "notice");
        declare.Activity("workzone.key.ask", "申请接口密钥", AuditCategories.Rights, "notice");
        declare.Activity("workzone.key.collect", "领取接口密钥", AuditCategories.Rights, "warning");
        declare.Activity("workzone.key.rotate", "轮换接口密钥", AuditCategories.Rights, "warning");
        declare.Activity("workzone.key.revoke", "吊销接口密钥", AuditCategories.Rights, "warning");
        declare.Activity("workzone.rights.ask-import", "申请导入的角色", AuditCategories.Rights, "notice");
        declare.Activity("workzone.second-factor.begin", "设置动态码", AuditCategories.SignIn, "notice");
        declare.Activity("workzone.second-factor.confirm", "启用动态码", AuditCategories.SignIn, "notice");
        declare.Activity("workzone.second-factor.check", "核对动态码", AuditCategories.SignIn, "info", Retention.Network);
        declare.Activity("workzone.session.end", "结束登录会话", AuditCategories.SignIn, "notice");
        declare.Activity("workzone.session.court", "切换法院", AuditCategories.SignIn, "info", Retention.Network);
        declare.Activity("workzone.person.unlock", "解锁账号", AuditCategories.Rights, "notice");
        declare.Activity("workzone.rights.ask-roles", "申请授予角色", AuditCategories.Rights, "notice");
        declare.Activity("workzone.rights.take-role", "收回角色", AuditCategories.Rights, "warning");
        declare.Activity("workzone.rights.ask-password", "申请一次性密码", AuditCategories.Rights, "notice");
        declare.Activity("workzone.rights.ask-matrix", "申请改角色权限表", AuditCategories.Rights, "warning");
        declare.Activity("workzone.rights.ask-policy", "申请改登录策略", AuditCategories.Rights, "warning");
        declare.Activity("workzone.rights.decide", "确认或拒绝变更", AuditCategories.Rights, "warning");
        declare.Activity("workzone.rights.withdraw", "撤回变更申请", AuditCategories.Rights, "info");
        declare.Activity("workzone.court.save", "保存法院", AuditCategories.People, "notice");
        declare.Activity("workzone.document.add", "上传文书", AuditCategories.Document);
        declare.Activity("workzone.document.view", "查看文书", AuditCategories.Document, "info", Retention.Access);
        declare.Activity("workzone.document.content", "打开文书内容", AuditCategories.Document, "info", Retention.Access);
        declare.Activity("workzone.document.download", "下载文书（加盖标记）", AuditCategories.Document, "notice", Retention.Access);
        declare.Activity("workzone.document.original", "下载文书原件", AuditCategories.Document, "warning", Retention.Access);
        declare.Activity("workzone.case.read", "查看案件", AuditCategories.Case, "info", Retention.Access);
        declare.Activity("workzone.case.list", "案件列表", AuditCategories.Case, "info", Retention.Access);
        declare.Activity("workzone.order.read", "查看工单", AuditCategories.Order, "info", Retention.Access);
        declare.Activity("workzone.order.list", "工单列表", AuditCategories.Order, "info", Retention.Access);
        declare.Activity("workzone.import.read", "查看导入结果", AuditCategories.Export, "info", Retention.Access);
        declare.Activity("workzone.desk", "我的工作台", AuditCategories.Order, "info", Retention.Access);
        declare.Activity("workzone.search", "搜索", AuditCategories.Case, "info", Retention.Access);
        declare.Activity("workzone.order.ask", "发起工单", AuditCategories.Order);
        declare.Activity("workzone.order.step", "办理工单步骤", AuditCategories.Order);
        declare.Activity("workzone.import.begin", "上传导入文件", AuditCategories.Case);
        declare.Activity("workzone.import.start", "开始导入", AuditCategories.Case);
        declare.Activity("workzone.import.take", "着手办理导入", AuditCategories.Case);
        declare.Activity("workzone.import.stage", "读入导入文件", AuditCategories.Case);
        declare.Activity("workzone.import.chunk", "写入一批案件", AuditCategories.Case);
        declare.Activity("workzone.import.fail", "导入失败", AuditCategories.Case, "notice");

        declare.Activity("workzone.policy.set", "设定登录策略", AuditCategories.Rights, "warning");
        declare.Activity("workzone.dispatch.save", "设置派单方式", AuditCategories.Settings, "notice");
        declare.Activity("workzone.phrase.save", "保存常用语", AuditCategories.Settings);
        declare.Activity("workzone.phrase.delete", "删除常用语", AuditCategories.Settings);
        declare.Activity("workzone.skills.save", "登记人员技能", AuditCategories.Settings, "info");
    }
}
