using CourtOps.Kernel.Audit;
using CourtOps.Kernel.Modules;
using CourtOps.Triage.Allotments;
using CourtOps.Triage.Api;
using CourtOps.Triage.Filings;
using CourtOps.Triage.Settings;
using CourtOps.Workzone;
using CourtOps.Workzone.WorkOrders;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace CourtOps.Triage;

/// <summary>智服分流: in at the counter, checked, numbered, sorted by rule, allotted fairly.</summary>
public sealed class TriageModule : Module
{
    private const string Clerk = "clerk:triage";
    private const string Lead = "lead:triage";

    public override string Name => "Triage";

    public override string Prefix => "triage";

    public override string Title => "智服分流";

    public override void Declare(ModuleDeclaration declare)
    {
        declare.Tour("lead:triage", "窗口：收件、期限、缺什么", "/triage");
        declare.Tour("lead:triage", "分案：候选人、负荷和抽签都有记录", "/triage/allotments");
        declare.Tour("lead:triage", "调解：组织、期限、结果", "/triage/mediations");
        declare.Tour("lead:triage", "诉费：每一分钱有来去", "/triage/fees");
        declare.Tour("lead:triage", "诉服看板和星级", "/triage/board");
        declare.Tour("leader", "案件为什么分给了谁", "/triage/allotments");
        declare.Menu("智服分流", "/triage", "git-branch", "五中心", "triage.filings", 10);
        declare.Action("triage.read", "查看智服分流", Roles.Judge, Roles.Assistant, Roles.Clerk, Roles.Lead, Roles.Leader);
        declare.Action("triage.filings", "查看收件和分案", Clerk, Lead, Roles.Leader);
        declare.Action("triage.work", "办理立案", Clerk, Lead);
        declare.Action("triage.allot", "随机分案", Lead);
        declare.Action("triage.allot.hand", "手工分案", Lead);
        declare.Action("triage.mediate", "办理调解", Clerk, Lead, Roles.Judge, Roles.Assistant);
        declare.Action("triage.mediators", "管理调解员名册", Lead);
        declare.Action("triage.duty", "排值班主任", Lead, Roles.Leader);
        declare.Action("triage.series", "示范诉讼", Lead, Roles.Judge);
        declare.Action("triage.split", "改分繁简、采纳转换建议", Roles.Judge);
        declare.Action("triage.fees", "办理诉讼费", Clerk, Lead);
        declare.Action("triage.fees.decide", "审批减缓免和退费", Lead, Roles.Leader);
        declare.Activity("triage.fee.receive", "诉讼费入账", AuditCategories.Case);
        declare.Activity("triage.fee.gateway", "支付平台入账", AuditCategories.Case);
        declare.Activity("triage.fee.import", "导入银行文件", AuditCategories.Case);
        declare.Activity("triage.fee.ask-relief", "申请减缓免", AuditCategories.Case);
        declare.Activity("triage.fee.decide-relief", "审批减缓免", AuditCategories.Case, "notice");
        declare.Activity("triage.fee.deem", "按撤诉处理", AuditCategories.Case, "warning");
        declare.Activity("triage.fee.assign", "认领不明来款", AuditCategories.Case, "notice");
        declare.Activity("triage.fee.return", "退回不明来款", AuditCategories.Case, "warning");
        declare.Activity("triage.fee.refund", "退诉讼费", AuditCategories.Case, "warning");
        foreach (
            var (code, label) in new[]
            {
                ("begin", "网上立案：开始"),
                ("identify", "网上立案：核对验证码"),
                ("code", "网上立案：发验证码"),
                ("save", "网上立案：保存"),
                ("paper", "网上立案：上传材料"),
                ("remove", "网上立案：去掉材料"),
                ("submit", "网上立案：提交"),
                ("answer", "网上立案：补正或撤回"),
                ("write", "网上立案：给法院留言"),
            }
        )
            declare.Activity("triage.online." + code, label, AuditCategories.Case);
        declare.Activity("triage.online.view", "网上立案：查看", AuditCategories.Case, "info", Retention.Access);
        declare.Activity("triage.mediator.save", "登记调解员", AuditCategories.Case);
        declare.Activity("triage.mediator.act", "调解员在手机页办理", AuditCategories.Case);
        declare.Activity("triage.mediator.view", "调解员查看邀请", AuditCategories.Case, "info", Retention.Access);
        foreach (
            var (code, label) in new[]
            {
                ("begin", "启动调解"),
                ("consent", "登记调解意愿"),
                ("assign", "指派调解员"),
                ("talk", "记录调解"),
                ("extend", "延长调解"),
                ("end", "登记调解结果"),
                ("cool", "设冷静期"),
                ("after", "司法确认和回访"),
                ("evaluate", "委托中立评估"),
                ("opinion", "登记评估意见"),
                ("watch", "调解到期处理"),
            }
        )
            declare.Activity("triage.mediation." + code, label, AuditCategories.Case);
        foreach (
            var (code, label) in new[]
            {
                ("take", "受理来访事项"),
                ("accept", "签收来访事项"),
                ("pass", "转交来访事项"),
                ("finish", "答复来访事项"),
                ("mark", "评价来访事项"),
                ("paper", "收转材料"),
                ("hand", "交接材料"),
                ("web", "网上来访"),
                ("web-mark", "网上评价"),
                ("escalate", "来访逾期升级"),
            }
        )
            declare.Activity("triage.contact." + code, label, AuditCategories.Case);
        declare.Activity("triage.contact.view", "查看来访事项", AuditCategories.Case, "info", Retention.Access);
        declare.Activity("triage.duty.save", "排值班主任", AuditCategories.Case);
        declare.Activity("triage.split.decide", "决定转换建议", AuditCategories.Case, "notice");
        declare.Activity("triage.split.override", "改分繁简", AuditCategories.Case, "notice");
        declare.List(
            "triage.mediations",
            "triage.read",
            ListOf.Cases,
            whole: false,
            async (s, _, ct) => [.. (await s.GetRequiredService<MediatR.IMediator>().Send(new Mediation.ListMediations(), ct)).Rows.Select(r => r.CaseId)],
            MediateAsync
        );
        declare.List(
            "triage.proposals",
            "triage.read",
            ListOf.Cases,
            whole: false,
            async (s, _, ct) => [.. (await s.GetRequiredService<MediatR.IMediator>().Send(new Split.ListProposals(), ct)).Rows.Select(r => r.CaseId)],
            ProposeAsync
        );
        declare.Activity("triage.transfer.take", "收移送案件", AuditCategories.Case);
        declare.Activity("triage.transfer.item", "登记移送项目", AuditCategories.Case);
        foreach (
            var (code, label) in new[]
            {
                ("take", "收系列案件"),
                ("register", "登记系列案件"),
                ("chunk", "成批登记系列案件"),
                ("park", "确定示范案件"),
                ("wake", "过问示范诉讼"),
                ("apply", "参照示范结果"),
            }
        )
            declare.Activity("triage.series." + code, label, AuditCategories.Case);
        declare.Activity("triage.cross.take", "代收跨域立案", AuditCategories.Case);
        declare.Activity("triage.cross.pass", "转交跨域立案", AuditCategories.Case, "notice");
        declare.Activity("triage.filing.withdraw", "撤回收件", AuditCategories.Case, "notice");
        declare.Activity("triage.filing.amend", "更正收件", AuditCategories.Case, "notice");
        declare.Activity("triage.filing.take", "收件", AuditCategories.Case);
        declare.Activity("triage.filing.paper", "收立案材料", AuditCategories.Document);
        declare.Activity("triage.filing.return", "一次性告知补正", AuditCategories.Case, "notice");
        declare.Activity("triage.filing.correct", "收到补正", AuditCategories.Case);
        declare.Activity("triage.filing.refuse", "不予立案或退回", AuditCategories.Case, "warning");
        declare.Activity("triage.filing.register", "登记立案", AuditCategories.Case);
        declare.Activity("triage.filing.answer", "答复网上申请人", AuditCategories.Case);
        declare.Activity("triage.letter.escalate", "留言逾期升级", AuditCategories.Case);
        declare.Activity("triage.filing.view", "查看收件", AuditCategories.Case, "info", Retention.Access);
        declare.Activity("triage.filing.paper.read", "查看立案材料", AuditCategories.Document, "info", Retention.Access);
        declare.Activity("triage.allot.draw", "随机分案", AuditCategories.Case);
        declare.Activity("triage.allot.by-hand", "手工分案", AuditCategories.Case, "warning");
        declare.Activity("triage.allot.all", "成批分案", AuditCategories.Case);
        declare.Secret("triage_filing", "id", "sender_phone_enc");
        declare.Secret("triage_filing_party", "id", "id_number_enc", "id_number_idx");
        declare.Secret("triage_contact", "id", "phone_enc");
        declare.Secret("triage_public_contact", "id", "phone_enc");
        declare.Secret("triage_public_contact", "id", "words_enc");
        declare.Secret("triage_mediator", "id", "phone_enc");
        declare.Secret("triage_mediator", "id", "email_enc");
        declare.Secret("triage_mediation", "id", "token_enc");
        declare.Secret("triage_evaluation", "id", "token_enc");
        declare.Secret("triage_public_evaluation", "token_digest", "question_enc");
        declare.Secret("triage_public_evaluation", "token_digest", "opinion_enc");
        declare.Activity("triage.evaluator.opinion", "评估员在手机页提出意见", AuditCategories.Case);
        declare.Secret("triage_public_mediation", "token_digest", "contacts_enc");
        declare.Secret("triage_public_mediation_act", "id", "words_enc");
        declare.Secret("triage_public_mediation_act", "id", "elements_enc");
        declare.Secret("triage_public_letter", "id", "words_enc");
        declare.Secret("triage_public_filing", "id", "who_enc");
        declare.Secret("triage_public_filing", "id", "content_enc");
        declare.Secret("triage_public_filing", "id", "person_enc", "person_idx");
        declare.Secret("triage_public_account", "token_digest", "person_enc", "person_idx");
        declare.Secret("triage_public_account", "token_digest", "phone_enc");
        declare.KeyedDigest("triage_public_account", "code_keyed", "code_until > @now");
        declare.Activity("triage.party.known", "带出以前的当事人", AuditCategories.Secrets, "info", Retention.Access);
        declare.Activity("triage.online.mine", "查看本人的全部立案", AuditCategories.Case, "info", Retention.Access);
        declare.KeyedDigest("triage_public_filing", "code_keyed", "code_until > @now");
        declare.Secret("triage_filing_party", "id", "phone_enc");
        declare.Secret("triage_filing_party", "id", "email_enc");
        declare.Secret("triage_filing_party", "id", "agents_enc");
        declare.Job<Jobs.WatchMediations>("triage.watch-mediations", "0 10 * * * ?", "调解到期和未回应的处理");
        declare.Job<Jobs.WatchContacts>("triage.watch-contacts", "0 15 * * * ?", "来访和留言逾期升级值班主任");
        declare.Job<Series.WorkOnSeries>("triage.work-on-series", "0 * * * * ?", "登记系列案件、过问示范诉讼");
        declare.Job<Jobs.ForgetDrafts>("triage.forget-drafts", "0 20 3 * * ?", "删除过期的网上立案草稿");
        declare.Demo<Demo.TriageStory>(30);
        declare.Panel("立案与分案", "/triage/cases/{0}/panel", "triage.read", 10);
        TriageSettings.Declare(declare);
    }

    private static async Task<long?> MediateAsync(IServiceProvider services, long caseId, CancellationToken ct)
    {
        await services.GetRequiredService<MediatR.IMediator>().Send(new Mediation.BeginMediation { CaseId = caseId }, ct);
        return null;
    }

    // what a judge's case would have been proposed: the list shows it where the case may be seen
    private static async Task<long?> ProposeAsync(IServiceProvider services, long caseId, CancellationToken ct)
    {
        var db = services.GetRequiredService<Kernel.Data.Db>();
        var card = await services.GetRequiredService<Workzone.Cases.ICases>().GetAsync(caseId, ct);
        await db.BeginAsync(ct);
        await services
            .GetRequiredService<Split.Screening>()
            .KeepAsync(
                caseId,
                card.CourtId,
                new Split.SplitFacts
                {
                    Kind = card.Kind,
                    Cause = card.Cause,
                    Procedure = card.ProcedureCode,
                    Parties = 6,
                    CausePoints = 5,
                },
                new Split.SplitOutcome { Band = Split.SplitRules.Fast, Weight = 100 },
                ct
            );
        await services.GetRequiredService<Split.Screening>().LookAsync(caseId, "expert", "expert", card.FiledOn, ct);
        await db.CommitAsync(ct);
        return null;
    }

    public override void AddServices(IServiceCollection services)
    {
        services.AddSingleton(
            new OrderType
            {
                Code = "triage.check-filing",
                Centre = Centres.Triage,
                Label = "立案信息核对",
                TargetHours = 7,
                Points = 1,
                ManualMinutes = 30,
                Guide = "案件登记的信息与材料对不上时发起；由分流中心对照立案材料核对，写明应改的项目后反馈。",
                Checklist = ["当事人姓名、证件号码与证件一致", "案由、标的额与起诉状一致", "管辖依据已核对"],
                Form =
                [
                    new()
                    {
                        Name = "scope",
                        Label = "核对什么",
                        Kind = FieldKind.Choice,
                        Required = true,
                        Most = 4,
                        Choices = ["当事人信息", "案由与标的额", "管辖", "适用程序"],
                    },
                    new()
                    {
                        Name = "parties",
                        Label = "涉及的当事人",
                        Kind = FieldKind.Parties,
                    },
                    new()
                    {
                        Name = "documents",
                        Label = "对照的材料",
                        Kind = FieldKind.Documents,
                        Help = "起诉状、身份证明等；只列正卷。",
                    },
                    new()
                    {
                        Name = "finding",
                        Label = "已发现的问题",
                        Kind = FieldKind.LongText,
                        Most = 1000,
                    },
                ],
            }
        );
        services.AddScoped<FilingBook>();
        services.AddScoped<Transferring>();
        services.AddScoped<LetterBook>();
        services.AddScoped<NearCases>();
        services.AddScoped<Numbering>();
        services.AddScoped<Origins>();
        services.AddScoped<Intake>();
        services.AddScoped<Registering>();
        services.AddScoped<Series.SeriesBook>();
        services.AddScoped<Split.Screening>();
        services.AddScoped<Contacts.ContactBook>();
        services.AddScoped<Contacts.Marking>();
        services.AddScoped<Mediation.MediationBook>();
        services.AddScoped<Mediation.Pool>();
        services.AddScoped<Mediation.PhoneActs>();
        services.AddScoped<Online.PublicFilings>();
        services.AddScoped<Online.Codes>();
        services.AddScoped<Online.CodeWays>();
        services.AddScoped<Online.FilerAccounts>();
        services.AddSingleton<Online.FilerSession>();
        services.AddScoped<Allotting>();
        services.AddScoped<Fees.FeeLedger>();
        services.AddSingleton<Fees.PayPlatform>();
    }

    public override void MapApi(IEndpointRouteBuilder api)
    {
        FilingsApi.Map(api);
        FeesApi.Map(api);
        MediationApi.Map(api);
        ContactsApi.Map(api);
    }

    public override void MapEndpoints(IEndpointRouteBuilder endpoints)
    {
        PaperEndpoint.Map(endpoints);
        Fees.PayHook.Map(endpoints);
    }
}
