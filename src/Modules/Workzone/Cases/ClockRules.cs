using CourtOps.Kernel.Audit;
using CourtOps.Kernel.Modules;
using CourtOps.Kernel.Security;
using CourtOps.Kernel.Settings;
using MediatR;
using Microsoft.Extensions.DependencyInjection;

namespace CourtOps.Workzone.Cases;

/// <summary>What a court sets for its trial limits.</summary>
internal sealed record ClockRules
{
    /// <summary>A deduction or extension that a file brings without its document is kept and not counted until the document is there.</summary>
    public bool EvidenceByFile { get; init; } = true;

    /// <summary>Natural days before the last day of custody on which the event is noted.</summary>
    public int CustodyDays { get; init; } = 10;

    /// <summary>Whether a judgment that nobody appealed against is noted as effective by itself.</summary>
    public bool Effective { get; init; } = true;
}

/// <summary>Settings, actions, activities and jobs of trial limits.</summary>
internal static class ClockDeclarations
{
    public static void Declare(ModuleDeclaration declare)
    {
        declare.Setting(
            new Setting<ClockRules>
            {
                Key = "workzone.clock-rules",
                Label = "审限登记的规则",
                Help = "文件导入的扣除和延长是否须有证明文件，羁押期限提前几日提醒，生效日是否自动登记。",
                Affects = "此后导入的扣除和延长，此后的提醒和登记",
                Values =
                [
                    new(nameof(ClockRules.EvidenceByFile), "文件导入的扣除和延长须有证明文件", "没有证明文件的先存待补，补上文件以后才计算。")
                    {
                        Source = "审限扣除须有证明文件的惯例",
                        Tag = SettingTags.Practice,
                    },
                    new(nameof(ClockRules.CustodyDays), "羁押期限提前提醒", "羁押期限届满前几日登记事件并发起工单；每个届满日一次。")
                    {
                        Unit = "日",
                        Min = 1,
                        Max = 60,
                        Source = "惯例",
                        Tag = SettingTags.Practice,
                    },
                    new(nameof(ClockRules.Effective), "无人上诉的裁判自动登记生效", "各当事人的上诉期都已届满而没有上诉的，次日登记生效；关闭后由人登记。")
                    {
                        Source = "民诉解释 244",
                        Tag = SettingTags.Law,
                    },
                ],
            }
        );
        declare.Menu("延长和转换", "/extensions", "calendar", "", "workzone.cases.extend", 5, "extensions");
        declare.Action("workzone.cases.reopen", "撤回结案", Roles.Leader);
        declare.Action("workzone.cases.transfer", "移送其他法院", Roles.Judge, "lead:triage");
        declare.Activity("workzone.case.transfer", "移送其他法院", AuditCategories.Case, "notice");
        declare.Activity("workzone.clock.evidence", "补交审限证明文件", AuditCategories.Case, "notice");
        declare.Activity("workzone.clock.undo", "撤销审限登记", AuditCategories.Case, "notice");
        declare.Activity("workzone.clock.ask-conversion", "申请转换程序", AuditCategories.Case, "notice");
        declare.Activity("workzone.clock.remind", "提醒决定延长和转换", AuditCategories.Case);
        declare.Activity("workzone.case.reopen", "撤回结案", AuditCategories.Case, "notice");
        declare.Job<RemindExtensions>("workzone.remind-extensions", "0 5 8 * * ?", "提醒在期限内决定延长审限和转换程序");
        declare.Activity("workzone.case.note-days", "登记生效和羁押期限将满", AuditCategories.Case);
        declare.Job<NoteDays>("workzone.note-days", "0 45 2 * * ?", "每夜登记裁判生效和羁押期限将满");
        declare.List(
            "workzone.extensions",
            "workzone.cases.extend",
            ListOf.Cases,
            whole: false,
            async (s, _, ct) => [.. (await s.GetRequiredService<IMediator>().Send(new ListExtensions(), ct)).Rows.Select(r => r.CaseId)],
            async (s, caseId, ct) =>
            {
                var mediator = s.GetRequiredService<IMediator>();
                var documents = s.GetRequiredService<Documents.IDocuments>();
                await mediator.Send(
                    new AskExtension
                    {
                        CaseId = caseId,
                        N = 1,
                        DocumentId = (await documents.OfCaseAsync(caseId, ct))[0].Id,
                        Reason = "案情复杂",
                    },
                    ct
                );
                return null;
            }
        );
        declare.Tour("leader", "延长审限和转换程序：待我决定的，最迟哪天", "/extensions");
    }
}
