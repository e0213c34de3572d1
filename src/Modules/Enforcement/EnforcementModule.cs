using CourtOps.Enforcement.Api;
using CourtOps.Enforcement.Checks;
using CourtOps.Enforcement.Command;
using CourtOps.Enforcement.Dates;
using CourtOps.Enforcement.Jobs;
using CourtOps.Enforcement.Linkage;
using CourtOps.Enforcement.Measures;
using CourtOps.Enforcement.Money;
using CourtOps.Kernel.Audit;
using CourtOps.Kernel.Modules;
using CourtOps.Kernel.Settings;
using CourtOps.Workzone;
using CourtOps.Workzone.Cases;
using MediatR;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace CourtOps.Enforcement;

/// <summary>智执协作: property under control, warnings before a term ends, leak checks.</summary>
public sealed class EnforcementModule : Module
{
    public override string Name => "Enforcement";

    public override string Prefix => "enforcement";

    public override string Title => "智执协作";

    public override void Declare(ModuleDeclaration declare)
    {
        declare.Tour("lead:enforcement", "执行指挥：节点和预警", "/enforcement");
        declare.Tour("lead:enforcement", "强制措施到期：失效为零", "/enforcement/dates");
        declare.Tour("lead:enforcement", "查漏", "/enforcement/findings");
        declare.Tour("lead:enforcement", "执行看板", "/enforcement/board");
        declare.Tour("lead:enforcement", "网络查控", "/enforcement/network");
        declare.Tour("lead:enforcement", "执行联动E联办", "/enforcement/linkage");
        declare.Tour("lead:enforcement", "案款：一分不差", "/enforcement/money");
        declare.Demo<Demo.DemoEnforcement>(60);
        declare.Menu("智执协作", "/enforcement", "scale", "五中心", "enforcement.read", 50);
        declare.Action("enforcement.read", "查看智执协作", Roles.Judge, Roles.Assistant, Roles.Clerk, Roles.Lead, Roles.Leader);
        declare.Action("enforcement.work", "登记财产和查控措施", Roles.Judge, Roles.Assistant, "clerk:enforcement", "lead:enforcement");
        declare.Action("enforcement.approve", "审批查漏理由", Roles.Leader, "lead:enforcement");
        declare.Action("enforcement.register", "立执行案件", Roles.Judge, Roles.Assistant, "lead:triage", "lead:enforcement");
        declare.Action("enforcement.agency", "管理联动单位", Roles.Leader, "lead:enforcement");
        declare.Action("enforcement.money", "办理案款", Roles.Judge, Roles.Assistant, "clerk:enforcement", "lead:enforcement");
        declare.Action("enforcement.answer", "联动单位反馈", Roles.AgencyUser);
        declare.Activity("enforcement.agency.save", "登记联动单位", AuditCategories.Case);
        declare.Activity("enforcement.linkage.send", "发起执行联动", AuditCategories.Case, "notice");
        declare.Activity("enforcement.linkage.step", "催办或撤回联动", AuditCategories.Case);
        declare.Activity("enforcement.linkage.answer", "联动单位反馈", AuditCategories.Case, "notice");
        declare.Activity("enforcement.linkage.fill", "按联动反馈登记措施", AuditCategories.Case, "notice");
        declare.Activity("enforcement.linkage.urge", "自动催办联动", AuditCategories.Case);
        declare.Activity("enforcement.linkage.list", "联动列表", AuditCategories.Case, "info", Retention.Access);
        declare.Activity("enforcement.agency.hook", "设置单位接口地址", AuditCategories.Case, "notice");
        declare.Activity("enforcement.agency.key", "生成单位接口密钥", AuditCategories.Case, "notice");
        declare.Secret("enforcement_linkage", "id", "token_enc");
        declare.Secret("enforcement_linkage", "id", "release_enc");
        declare.Secret("enforcement_agency", "id", "key_enc");
        declare.Activity("enforcement.money.receive", "登记案款到账", AuditCategories.Case);
        declare.Activity("enforcement.money.import", "导入银行流水", AuditCategories.Case);
        declare.Activity("enforcement.money.settle", "认领或退回来款", AuditCategories.Case);
        declare.Activity("enforcement.money.ask", "申请发放案款", AuditCategories.Case);
        declare.Activity("enforcement.money.decide", "审批案款发放", AuditCategories.Case, "notice");
        declare.Activity("enforcement.money.pay", "登记案款付款", AuditCategories.Case, "notice");
        declare.Activity("enforcement.money.plan", "拟定分配方案", AuditCategories.Case);
        declare.Activity("enforcement.money.plan-step", "办理分配方案", AuditCategories.Case);
        declare.Activity("enforcement.criminal.add", "登记涉财产项目", AuditCategories.Case);
        declare.Activity("enforcement.criminal.end", "终结涉财产项目", AuditCategories.Case, "notice");
        declare.Activity("enforcement.criminal.list", "涉财产项目列表", AuditCategories.Case, "info", Retention.Access);
        declare.Activity("enforcement.money.list", "案款列表", AuditCategories.Case, "info", Retention.Access);
        declare.Activity("enforcement.board", "执行看板", AuditCategories.Case, "info", Retention.Access);
        declare.Activity("enforcement.figure", "执行看板明细", AuditCategories.Case, "info", Retention.Access);
        declare.Activity("enforcement.network.ask", "发起网络查询", AuditCategories.Case);
        declare.Activity("enforcement.network.answer", "导入查询反馈", AuditCategories.Case);
        declare.Activity("enforcement.network.resend", "再次查询未反馈项", AuditCategories.Case);
        declare.Activity("enforcement.control.draft", "拟办控制", AuditCategories.Case, "notice");
        declare.Verb(Simulator.RegistrySimulator.Verb, Simulator.RegistrySimulator.Run);
        declare.Activity("enforcement.network.clear", "核实存疑反馈", AuditCategories.Case, "notice");
        declare.Activity("enforcement.network.list", "查询批次列表", AuditCategories.Case, "info", Retention.Access);
        declare.Activity("enforcement.network.show", "查看查询批次", AuditCategories.Case, "info", Retention.Access);
        declare.Activity("enforcement.auction.price", "定参考价", AuditCategories.Case);
        declare.Activity("enforcement.auction.publish", "拍卖公告", AuditCategories.Case, "notice");
        declare.Activity("enforcement.auction.step", "登记拍卖结果", AuditCategories.Case, "notice");
        declare.Activity("enforcement.auction.deposit", "登记竞买保证金", AuditCategories.Case);
        declare.Activity("enforcement.auction.deposit-return", "退还竞买保证金", AuditCategories.Case, "notice");
        declare.Activity("enforcement.auction.results", "导入拍卖结果", AuditCategories.Case, "notice");
        declare.Activity("enforcement.auction.package", "生成上架材料包", AuditCategories.Case, "notice");
        declare.Activity("enforcement.auction.account", "设置拍卖收款账户", AuditCategories.Case, "notice");
        declare.Activity("enforcement.auction.list", "拍卖列表", AuditCategories.Case, "info", Retention.Access);
        declare.Activity("enforcement.sanction.ask", "申请惩戒措施", AuditCategories.Case);
        declare.Activity("enforcement.sanction.decide", "审批惩戒措施", AuditCategories.Case, "notice");
        declare.Activity("enforcement.sanction.end", "结束惩戒措施", AuditCategories.Case, "notice");
        declare.Activity("enforcement.talk.note", "登记约谈", AuditCategories.Case);
        declare.Activity("enforcement.settlement.record", "登记执行和解", AuditCategories.Case);
        declare.Activity("enforcement.settlement.step", "执行和解履行", AuditCategories.Case);
        declare.Activity("enforcement.round.ask", "终本报批", AuditCategories.Case);
        declare.Activity("enforcement.round.decide", "终本审批", AuditCategories.Case, "notice");
        declare.Activity("enforcement.money.return", "审批退回来款", AuditCategories.Case, "notice");
        declare.Activity("enforcement.money.account", "补填收款账号", AuditCategories.Case);
        declare.Activity("enforcement.money.reveal", "查看收款账号", AuditCategories.Case, "notice");
        declare.Activity("enforcement.money.export", "导出付款文件", AuditCategories.Case, "notice");
        declare.Activity("enforcement.paper.draft", "拟执行文书", AuditCategories.Case);
        declare.Activity("enforcement.paper.list", "执行文书列表", AuditCategories.Case, "info", Retention.Access);
        declare.Activity("enforcement.report.record", "登记财产报告", AuditCategories.Case);
        declare.Activity("enforcement.measure.deduct", "登记扣划", AuditCategories.Case, "notice");
        declare.Activity("enforcement.period.start", "登记法定期限", AuditCategories.Case);
        declare.Activity("enforcement.period.end", "办结法定期限", AuditCategories.Case);
        declare.Activity("enforcement.date.tell", "到期事项提醒", AuditCategories.Case);
        declare.Activity("enforcement.date.list", "到期事项列表", AuditCategories.Case, "info", Retention.Access);
        declare.Secret("enforcement_payout", "id", "account_enc");
        declare.Activity("enforcement.case.register", "立执行案件", AuditCategories.Case, "notice");
        declare.Activity("enforcement.case.split", "执行繁简分流", AuditCategories.Case);
        declare.Activity("enforcement.node.mark", "登记执行节点", AuditCategories.Case);
        declare.Setting(Track.Table);
        declare.Setting(LinkageTemplates.Table);
        declare.Decision(Track.Table.As(Track.Decision, "简案快执", new Measure<TrackFacts, TrackOutcome>("快执", "件", (_, o) => o.Team == "fast" ? 1 : 0)));
        declare.Activity("enforcement.visit.take", "登记来访", AuditCategories.Case);
        declare.Activity("enforcement.visit.answer", "答复来访", AuditCategories.Case);
        declare.Activity("enforcement.visit.list", "来访列表", AuditCategories.Case, "info", Retention.Access);
        declare.Secret("enforcement_visit", "id", "phone_enc");
        declare.Activity("enforcement.offline.ask", "发起线下调查", AuditCategories.Case);
        declare.Activity("enforcement.offline.send", "线下调查排外勤", AuditCategories.Case);
        declare.Activity("enforcement.offline.close", "登记线下调查结果", AuditCategories.Case, "notice");
        declare.Activity("enforcement.offline.withdraw", "撤回线下调查", AuditCategories.Case);
        declare.Activity("enforcement.offline.list", "线下调查列表", AuditCategories.Case, "info", Retention.Access);
        declare.Activity("enforcement.offline.view", "查看线下调查", AuditCategories.Case, "info", Retention.Access);
        declare.Activity("enforcement.vehicle.save", "登记车辆", AuditCategories.Case);
        declare.Activity("enforcement.trip.plan", "派出外勤", AuditCategories.Case);
        declare.Activity("enforcement.trip.step", "办理外勤", AuditCategories.Case);
        declare.Activity("enforcement.trip.show", "查看行程单", AuditCategories.Case, "info", Retention.Access);
        declare.Activity("enforcement.stop.add", "加入外勤", AuditCategories.Case);
        declare.Activity("enforcement.stop.record", "登记外勤结果", AuditCategories.Case, "notice");
        declare.Activity("enforcement.stop.add-record", "补充外勤记录", AuditCategories.Case);
        declare.Activity("enforcement.stop.view", "查看外勤事项", AuditCategories.Case, "info", Retention.Access);
        declare.Activity("enforcement.stop.photo", "查看外勤照片", AuditCategories.Case, "info", Retention.Access);
        declare.Activity("enforcement.asset.save", "登记财产", AuditCategories.Case);
        declare.Activity("enforcement.asset.settle", "核实财产线索", AuditCategories.Case);
        declare.Activity("enforcement.inquiry.record", "登记财产查询", AuditCategories.Case);
        declare.Activity("enforcement.measure.take", "登记查控措施", AuditCategories.Case, "notice");
        declare.Activity("enforcement.measure.renew", "续行查控措施", AuditCategories.Case, "notice");
        declare.Activity("enforcement.measure.release", "解除查控措施", AuditCategories.Case, "notice");
        declare.Activity("enforcement.measure.receipt", "登记协助回执", AuditCategories.Case);
        declare.Activity("enforcement.measure.note", "登记续行申请或核实", AuditCategories.Case);
        declare.Activity("enforcement.measure.sweep", "查控期限预警", AuditCategories.Case);
        declare.Activity("enforcement.finding.explain", "说明查漏理由", AuditCategories.Case);
        declare.Activity("enforcement.finding.decide", "审批查漏理由", AuditCategories.Case, "notice");
        declare.Activity("enforcement.finding.escalate", "查漏事项升级", AuditCategories.Case);
        declare.Activity("enforcement.measure.list", "查控措施列表", AuditCategories.Case, "info", Retention.Access);
        declare.Activity("enforcement.finding.list", "查漏事项列表", AuditCategories.Case, "info", Retention.Access);
        EnforcementSettings.Declare(declare);
        EnforcementLists.Declare(declare);
        declare.Panel("智执协作", "/enforcement/cases/{0}/panel", "enforcement.read", 50);
        declare.Job<Sweep>("enforcement.sweep", "0 5 * * * ?", "查控期限预警与查漏");
    }

    public override void AddServices(IServiceCollection services)
    {
        services.AddScoped<Figures.FigureScope>();
        services.AddScoped<MeasureBook>();
        services.AddScoped<MeasureWork>();
        services.AddScoped<MeasureTaking>();
        services.AddScoped<MeasureSteps>();
        services.AddScoped<Papers.Deducting>();
        services.AddScoped<MeasureFilling>();
        services.AddScoped<Carrying>();
        services.AddScoped<Command.NodeBook>();
        services.AddScoped<PreSuit>();
        services.AddScoped<Persuade.InstalmentBook>();
        services.AddScoped<Network.Asking>();
        services.AddScoped<Papers.PaperBook>();
        services.AddScoped<Papers.ReportBook>();
        services.AddScoped<Lookout>();
        services.AddScoped<Findings>();
        services.AddScoped<FindingBook>();
        services.AddScoped<Inquiries>();
        services.AddScoped<Splitting>();
        services.AddScoped<Field.TripBook>();
        services.AddScoped<Field.StopBook>();
        services.AddScoped<Field.FieldPhotos>();
        services.AddScoped<Offline.OfflineBook>();
        services.AddScoped<LinkageBook>();
        services.AddScoped<AgencyHooks>();
        services.AddScoped<Agencies>();
        services.AddScoped<PublicAnswers>();
        services.AddScoped<PreparedAnswers>();
        services.AddScoped<CaseDates>();
        services.AddScoped<CaseMoney>();
        services.AddScoped<Criminal.CriminalBook>();
        services.AddScoped<Auctions.AuctionBook>();
        services.AddScoped<Auctions.DepositBook>();
        services.AddScoped<Auctions.AuctionSteps>();
        services.AddSingleton<Auctions.ListingZip>();
        services.AddScoped<Network.FeedbackBook>();
        services.AddScoped<Network.BatchFlow>();
        services.AddSingleton<Simulator.DemoRegistries>();
        services.AddScoped<Network.InquirySystem>();
        services.AddScoped<Persuade.PersuadeBook>();
        services.AddScoped<Persuade.ClosingBook>();
        foreach (var type in EnforcementOrders.All)
            services.AddSingleton(type);
    }

    public override void MapEndpoints(IEndpointRouteBuilder endpoints)
    {
        PublicEndpoints.Map(endpoints);
        FieldApi.MapPhotos(endpoints);
    }

    public override void MapApi(IEndpointRouteBuilder api)
    {
        EnforcementApi.Map(api);
        LinkageApi.Map(api);
        InquiryApi.Map(api);
        CaseMoneyApi.Map(api);
        FiguresApi.Map(api);
        SalesApi.Map(api);
        CriminalApi.Map(api);
        FieldApi.Map(api);
        FieldApi.MapVisits(api);
        OfflineApi.Map(api);
        PeriodsApi.Map(api);
        PapersApi.Map(api);
    }
}
