using CourtOps.Kernel.Modules;
using CourtOps.Workzone;
using CourtOps.Workzone.WorkOrders;
using Microsoft.Extensions.DependencyInjection;

namespace CourtOps.Triage;

/// <summary>智服分流: declared so that the zone is whole; its pages say what is to come.</summary>
public sealed class TriageModule : Module
{
    public override string Name => "Triage";

    public override string Prefix => "triage";

    public override string Title => "智服分流";

    public override void Declare(ModuleDeclaration declare)
    {
        declare.Menu("智服分流", "/triage", "git-branch", "五中心", "triage.read", 10);
        declare.Action("triage.read", "查看智服分流", "judge", "assistant", "clerk", "lead", "leader");
    }

    public override void AddServices(IServiceCollection services)
    {
        services.AddSingleton(new OrderType
        {
            Code = "triage.check-filing", Centre = Centres.Triage, Label = "立案信息核对", TargetHours = 7, Points = 1, ManualMinutes = 30,
            Guide = "案件登记的信息与材料对不上时发起；由分流中心对照立案材料核对，写明应改的项目后反馈。", Checklist = ["当事人姓名、证件号码与证件一致", "案由、标的额与起诉状一致", "管辖依据已核对"],
            Form =
            [
                new() { Name = "scope", Label = "核对什么", Kind = FieldKind.Choice, Required = true, Most = 4, Choices = ["当事人信息", "案由与标的额", "管辖", "适用程序"] },
                new() { Name = "parties", Label = "涉及的当事人", Kind = FieldKind.Parties },
                new() { Name = "documents", Label = "对照的材料", Kind = FieldKind.Documents, Help = "起诉状、身份证明等；只列正卷。" },
                new() { Name = "finding", Label = "已发现的问题", Kind = FieldKind.LongText, Most = 1000 },
            ],
        });
    }
}
