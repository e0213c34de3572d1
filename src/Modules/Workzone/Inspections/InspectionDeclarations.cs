using CourtOps.Kernel.Audit;
using CourtOps.Kernel.Modules;
using MediatR;
using Microsoft.Extensions.DependencyInjection;

namespace CourtOps.Workzone.Inspections;

/// <summary>Actions, activities, table, job and lists of 案件信息质检.</summary>
internal static class InspectionDeclarations
{
    public static void Declare(ModuleDeclaration declare)
    {
        InspectionTable.Declare(declare);
        declare.Menu("信息质检", "/inspection", "clipboard-check", "", "workzone.inspection.read", 6);
        declare.Action("workzone.inspection.read", "查看案件信息质检", [.. Roles.Work, Roles.Checker]);
        declare.Action("workzone.inspection.correct", "补正案件信息", Roles.Judge, Roles.Assistant, Roles.Clerk, "lead:triage", "clerk:triage");
        declare.Action("workzone.inspection.waive", "按现有登记保留质检问题", Roles.Judge, "lead:triage", Roles.Leader);
        declare.Activity("workzone.inspection.run", "质检案件", AuditCategories.Case);
        declare.Activity("workzone.inspection.sample", "每夜抽查", AuditCategories.Case);
        declare.Activity("workzone.inspection.waive", "按现有登记保留", AuditCategories.Case, "notice");
        declare.Activity("workzone.case.correct", "更正案件信息", AuditCategories.Case, "notice");
        declare.Activity("workzone.case.correct-party", "更正当事人信息", AuditCategories.Case);
        declare.Activity("workzone.case.agent", "登记代理人", AuditCategories.Case);
        declare.Activity("workzone.case.undo-event", "撤回案件事件", AuditCategories.Case, "notice");
        declare.Job<SampleInspections>("workzone.sample-inspections", "0 20 3 * * ?", "每夜抽查案件信息");
        declare.List(
            "workzone.inspection",
            "workzone.inspection.read",
            ListOf.Cases,
            whole: false,
            async (s, _, ct) => [.. (await s.GetRequiredService<IMediator>().Send(new ListFindings(), ct)).Rows.Select(r => r.CaseId).Distinct()]
        );
    }

    public static void AddServices(IServiceCollection services)
    {
        services.AddScoped<RecordReader>();
        services.AddScoped<InspectionBook>();
        services.AddScoped<PartyBook>();
        services.AddScoped<Supervision.FindingSlips>();
    }
}
