using CourtOps.Kernel.Modules;
using CourtOps.Workzone;
using CourtOps.Workzone.WorkOrders;
using Microsoft.Extensions.DependencyInjection;

namespace CourtOps.Enforcement;

/// <summary>智执协作: declared so that the zone is whole; its pages say what is to come.</summary>
public sealed class EnforcementModule : Module
{
    public override string Name => "Enforcement";

    public override string Prefix => "enforcement";

    public override string Title => "智执协作";

    public override void Declare(ModuleDeclaration declare)
    {
        declare.Menu("智执协作", "/enforcement", "scale", "五中心", "enforcement.read", 50);
        declare.Action("enforcement.read", "查看智执协作", "judge", "assistant", "clerk", "lead", "leader");
    }

    public override void AddServices(IServiceCollection services)
    {
        services.AddSingleton(new OrderType
        {
            Code = "enforcement.property", Centre = Centres.Enforcement, Label = "财产查控协助", TargetHours = 14, Points = 2, ManualMinutes = 90,
            Guide = "需要查询或者控制被执行人、被保全人财产时发起；由执行协作中心查询，按裁定实施控制，结果和期限写入反馈。", Checklist = ["控制财产的，裁定书已附", "账号、数额、查控起止日期写入反馈", "首封或者轮候的顺位已核实", "续行查控的期限已告知承办法官"],
            Form =
            [
                new() { Name = "ask", Label = "要做什么", Kind = FieldKind.Choice, Required = true, Choices = ["只查询", "查询并控制", "续行控制", "解除控制"] },
                new() { Name = "parties", Label = "被查控人", Kind = FieldKind.Parties, Required = true },
                new() { Name = "property", Label = "财产种类", Kind = FieldKind.Choice, Required = true, Most = 7, Choices = ["存款", "网络资金", "不动产", "车辆", "股权与证券", "公积金", "其他"] },
                new() { Name = "amount", Label = "限额（元）", Kind = FieldKind.Number, Least = 1, Most = 1_000_000_000 },
                new() { Name = "basis", Label = "执行依据或裁定", Kind = FieldKind.Documents, Help = "控制财产的必须附裁定书。" },
                new() { Name = "clues", Label = "财产线索", Kind = FieldKind.LongText, Most = 1000 },
            ],
        });
    }
}
