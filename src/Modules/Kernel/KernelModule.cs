using CourtOps.Kernel.Access;
using CourtOps.Kernel.Audit;
using CourtOps.Kernel.Modules;
using CourtOps.Kernel.Sealing;
using CourtOps.Kernel.Verifying;

namespace CourtOps.Kernel;

/// <summary>The technique all modules stand on; it has tables, but no pages and no court words.</summary>
public sealed class KernelModule : Module
{
    public override string Name => "Kernel";

    public override string Prefix => "kernel";

    public override string Title => "系统运行";

    public override void MapApi(Microsoft.AspNetCore.Routing.IEndpointRouteBuilder api) => Files.UploadsApi.Map(api);

    public override void Declare(ModuleDeclaration declare)
    {
        declare.Activity(ActivityCatalogue.Internal, "系统内部步骤", AuditCategories.Operations);
        declare.Activity("kernel.delivery.decide", "处理停放的通知", AuditCategories.Operations, "warning");
        declare.Activity("kernel.work.repeat", "重做失败的事务", AuditCategories.Operations, "notice");
        declare.Activity("kernel.jobs.pressed", "在任务服务器页面操作", AuditCategories.Operations, "notice");
        declare.Activity(FactRecord.Activity, "事实摘要入审计", AuditCategories.Audit);
        declare.Activity("kernel.audit.archived", "审计与访问记录归档", AuditCategories.Audit, "notice");

        declare.Activity(AccessLog.Refusal, "查看被拒绝", AuditCategories.Rights, "warning", Retention.Network);

        declare.Activity("kernel.keys.rotated", "更换密钥", AuditCategories.Secrets, "warning");
        declare.Activity("kernel.keys.reencrypted", "旧值改用新密钥", AuditCategories.Secrets, "notice");
        declare.Activity("kernel.keys.removed", "移除旧密钥", AuditCategories.Secrets, "warning");

        declare.Action(Security.ActionKind.System, Jobs.JobActions.Manage, "管理任务服务器", Security.Separation.SystemAdministrator);
        declare.Action(Security.ActionKind.Open, Jobs.JobActions.Read, "查看任务服务器", Security.Separation.SystemAdministrator, Security.Separation.Auditor);
        declare.Menu("任务服务器", "/operations/jobs", "clock", "管理", Jobs.JobActions.Read, 92);

        declare.Secret("kernel_kept_form", "token_digest", "fields_enc");
        declare.Secret("kernel_protection_key", "name", "xml", embedded: true);

        declare.Job<Security.ReencryptSecrets>("kernel.reencrypt", "45 */10 * * * ?", "换密钥后重新加密个人信息");
        declare.Job<Files.EncryptFiles>("kernel.encrypt-files", "0 0 1 * * ?", "每夜加密尚未加密的文件");
        declare.Job<Files.CollectFiles>("kernel.collect-files", "0 30 2 * * ?", "每夜清除没有用上的上传和文件，以及过期的接口应答");
        declare.Job<SealLogs>("kernel.seal-logs", "30 * * * * ?", "每分钟封存审计与访问记录");
        declare.Job<VerifyNightly>("kernel.verify", "0 10 4 * * ?", "每夜完整性核验");
        declare.Job<ArchiveExpired>("kernel.archive-expired", "0 15 3 * * ?", "每夜归档到期的审计与访问记录");
    }
}
