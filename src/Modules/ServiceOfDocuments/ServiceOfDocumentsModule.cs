using CourtOps.Kernel.Audit;
using CourtOps.Kernel.Modules;
using CourtOps.Kernel.Settings;
using CourtOps.ServiceOfDocuments.Api;
using CourtOps.ServiceOfDocuments.Jobs;
using CourtOps.ServiceOfDocuments.Party;
using CourtOps.ServiceOfDocuments.Sending;
using CourtOps.ServiceOfDocuments.Tasks;
using CourtOps.Workzone;
using CourtOps.Workzone.Cases;
using CourtOps.Workzone.Documents;
using CourtOps.Workzone.WorkOrders;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace CourtOps.ServiceOfDocuments;

/// <summary>智能送达: plan, deliver, prove.</summary>
public sealed class ServiceOfDocumentsModule : Module
{
    public override string Name => "ServiceOfDocuments";

    public override string Prefix => "service";

    public override string Title => "智能送达";

    public override void Declare(ModuleDeclaration declare)
    {
        declare.Tour("lead:service", "送达看板：电子送达率、首次成功率、费用", "/service/board");
        declare.Tour("lead:service", "法院专递：一个邮寄台", "/service/post");
        declare.Tour("lead:service", "两院之间的委托送达", "/service/entrusted");
        declare.Tour("lead:service", "外勤送达", "/service/trips");
        declare.Tour("lead:service", "电话送达：中文和朝鲜语话术", "/service/calls");
        declare.Tour("clerk:service", "一件一件办", "/service/next");
        declare.Tour("clerk:service", "电话送达：中文和朝鲜语话术", "/service/calls");
        declare.Tour("clerk:service", "法院专递：批次、面单、回执", "/service/post");
        declare.Tour("clerk:service", "外勤送达", "/service/trips");
        declare.Tour("judge", "每份文书送给了谁、还差谁", "/service");
        declare.Menu("智能送达", "/service", "send", "五中心", "service.read", 20);
        declare.Action("service.read", "查看送达任务", Roles.Judge, Roles.Assistant, Roles.Clerk, Roles.Lead, Roles.Leader);
        declare.Action("service.request", "请求送达", Roles.Judge, Roles.Assistant);
        declare.Action("service.work", "办理送达", "clerk:service", "lead:service", "robot:service");
        declare.HoldsLinks("service.work");
        declare.Activity("service.order.request", "请求送达", AuditCategories.Service);
        declare.Activity("service.order.accept", "接受送达工单", AuditCategories.Service);
        declare.Activity("service.order.feedback", "反馈送达工单", AuditCategories.Service);
        declare.Activity("service.order.close", "办结送达工单", AuditCategories.Service);
        declare.Activity("service.order.finish", "送达办结自动反馈", AuditCategories.Service);
        declare.Activity("service.notice.send", "发出送达通知", AuditCategories.Service, "notice");
        declare.Activity("service.notice.bounce", "记录退信", AuditCategories.Service);
        declare.Activity("service.notice.raise-doubt", "列出存疑的发送", AuditCategories.Service, "notice");
        declare.Activity("service.notice.decide-doubt", "认定存疑的发送", AuditCategories.Service, "warning");
        declare.Activity("service.party.identify", "受送达人核验身份", AuditCategories.Service, "info", Retention.Access);
        declare.Activity("service.party.code", "发送核验码", AuditCategories.Service, "info", Retention.Access);
        declare.Activity("service.party.read", "受送达人阅读文书", AuditCategories.Service);
        declare.Activity("service.party.confirm", "受送达人确认或异议", AuditCategories.Service);
        declare.Activity("service.notice.list", "送达列表", AuditCategories.Service, "info", Retention.Access);
        declare.Activity("service.party.view", "受送达人打开送达页", AuditCategories.Service, "info", Retention.Access);
        declare.List(
            "service.notices",
            "service.read",
            ListOf.Orders,
            whole: true,
            async (s, _, ct) => [.. (await s.GetRequiredService<MediatR.IMediator>().Send(new ListNotices(), ct)).Rows.Select(r => r.OrderId)],
            RequestAsync
        );
        declare.Secret("service_notice", "id", "email_enc");
        declare.Secret("service_notice", "id", "phone_enc");
        declare.Secret("service_notice", "id", "token_enc");
        declare.KeyedDigest("service_public_notice", "tail_keyed", "expires_at > @now");
        declare.KeyedDigest("service_public_notice", "tail2_keyed", "expires_at > @now");
        declare.KeyedDigest("service_public_notice", "code_keyed", "code_until > @now");
        declare.Setting(Settings.NoReply.Setting);
        declare.Decision(Settings.Silence.Decision);
        declare.Panel("智能送达", "/service/cases/{0}/panel", "service.read", 20);
        declare.Activity("service.party.new-link", "受送达人请求新链接", AuditCategories.Service);
        declare.Activity("service.notice.renew-link", "更换送达链接", AuditCategories.Service, "notice");
        declare.Activity("service.sms.report", "短信网关回报", AuditCategories.Service, "info");
        declare.Activity("service.sms.send", "发短信提醒", AuditCategories.Service);
        declare.Activity("service.party.message", "受送达人留言", AuditCategories.Service);
        declare.Activity("service.party.answer", "答复受送达人", AuditCategories.Service);
        declare.Secret("service_public_message", "id", "text_enc");
        declare.Job<Electronic.LookForBounces>("service.look-for-bounces", "5 0/2 * * * ?", "读取退信邮箱");
        declare.Activity("service.call.record", "登记通话", AuditCategories.Service, "info");
        declare.Activity("service.call.incoming", "登记来电", AuditCategories.Service, "info");
        declare.Activity("service.call.done", "已回拨", AuditCategories.Service, "info");
        declare.Activity("service.post.batch", "建立邮寄批次", AuditCategories.Service, "info");
        declare.Activity("service.post.hand-over", "交邮", AuditCategories.Service, "notice");
        declare.Activity("service.post.number", "登记邮件号码", AuditCategories.Service, "info");
        declare.Activity("service.post.track", "导入邮件轨迹", AuditCategories.Service, "info");
        declare.Activity("service.post.result", "登记邮件结果", AuditCategories.Service, "info");
        declare.Activity("service.post.receipts", "上传邮件回执", AuditCategories.Service, "info");
        declare.Activity("service.trip.make", "安排外勤", AuditCategories.Service, "info");
        declare.Activity("service.trip.record", "登记上门送达", AuditCategories.Service, "notice");
        declare.Activity("service.trip.add", "补充外勤记录", AuditCategories.Service, "info");
        declare.Activity("service.custody.mark", "登记在押、服刑或服役", AuditCategories.Service, "info");
        declare.Activity("service.recording.claim", "认领通话录音", AuditCategories.Service, "info");
        declare.Activity("service.recording.list", "待认领录音列表", AuditCategories.Service, "info", Retention.Access);
        declare.Activity("service.recording.read", "听取待认领的录音", AuditCategories.Service, "info", Retention.Access);
        declare.Secret("service_recording", "id", "number_enc");
        declare.Job<Calls.LookForRecordings>("service.look-for-recordings", "35 0/2 * * * ?", "读取电话系统的录音");
        declare.Activity("service.entrust.send", "委托别院送达", AuditCategories.Service, "notice");
        declare.Activity("service.entrust.withdraw", "撤回委托送达", AuditCategories.Service, "notice");
        declare.Activity("service.entrust.receive", "签收别院委托的送达", AuditCategories.Service, "info");
        declare.Activity("service.entrust.answer", "回复别院委托的送达", AuditCategories.Service, "notice");
        declare.Activity("service.entrust.list", "委托送达列表", AuditCategories.Service, "info", Retention.Access);
        declare.Activity("service.entrust.view", "查看受托的送达", AuditCategories.Service, "info", Retention.Access);
        declare.Activity("service.entrust.read", "读取受托送达的文书", AuditCategories.Service, "info", Retention.Access);
        declare.Secret("service_entrust", "id", "address_enc");
        declare.Secret("service_entrust", "id", "phone_enc");
        declare.Job<Jobs.WatchEntrusted>("service.watch-entrusted", "0 40 7 * * ?", "核对委托送达的期限");
        declare.Activity("service.announcement.publish", "公告送达", AuditCategories.Service, "notice");
        declare.Activity("service.announcement.withdraw", "撤回公告", AuditCategories.Service, "warning");
        declare.Activity("service.call.view", "查看通话", AuditCategories.Service, "info", Retention.Access);
        declare.Activity("service.call.find", "按来电号码查找", AuditCategories.Service, "info", Retention.Access);
        declare.Activity("service.call.backs", "回拨列表", AuditCategories.Service, "info", Retention.Access);
        declare.Activity("service.step.list", "送达步骤列表", AuditCategories.Service, "info", Retention.Access);
        declare.Activity("service.batch.list", "送达批次列表", AuditCategories.Service, "info", Retention.Access);
        declare.Activity("service.batch.view", "查看送达批次", AuditCategories.Service, "info", Retention.Access);
        declare.Activity("service.receipt.list", "邮件回执列表", AuditCategories.Service, "info", Retention.Access);
        declare.Activity("service.visit.view", "查看上门送达", AuditCategories.Service, "info", Retention.Access);
        declare.Activity("service.evidence.read", "查看送达证据", AuditCategories.Service, "info", Retention.Access);
        declare.Activity("service.announcement.export", "导出登报公告", AuditCategories.Service, "info", Retention.Access);
        declare.Activity("service.board.view", "查看送达看板", AuditCategories.Service, "info", Retention.Access);
        declare.Activity("service.form.print", "打印送达文书", AuditCategories.Service, "info", Retention.Access);
        declare.Activity("service.call.speech", "生成语音告知", AuditCategories.Service, "info");
        declare.Secret("service_call", "id", "number_enc");
        declare.Setting(Post.PostSettings.Setting);
        declare.List(
            "service.steps",
            "service.work",
            ListOf.Orders,
            whole: false,
            async (s, _, ct) =>
                [.. (await s.GetRequiredService<MediatR.IMediator>().Send(new Calls.ListSteps { Later = true }, ct)).Rows.Select(r => r.OrderId)],
            RequestAsync
        );
        declare.Demo<Demo.ServiceStory>(30);
        declare.Setting(Settings.StewardRules.Setting);
        declare.Setting(Settings.PlanTable.Table);
        declare.Decision(
            Settings.PlanTable.Table.As(
                Settings.PlanTable.Name,
                "送达计划",
                new Kernel.Settings.Measure<Settings.PlanFacts, Settings.PlanOutcome>(
                    "先电子送达",
                    "件",
                    (_, o) => o.Channels.Count > 0 && o.Channels[0] == "electronic" ? 1 : 0
                )
            )
        );
        declare.Activity("service.plan.change", "改变送达计划", AuditCategories.Service, "notice");
        declare.Activity("service.plan.run", "管家执行送达计划", AuditCategories.Service);
        declare.Activity("service.plan.watch", "核对送达时限", AuditCategories.Service);
        declare.Activity("service.address.view", "查看送达地址", AuditCategories.Service, "info", Retention.Access);
        declare.Activity("service.address.add", "登记送达地址", AuditCategories.Service);
        declare.Activity("service.address.end", "停用送达地址", AuditCategories.Service);
        declare.Activity("service.address.carry", "沿用其他案件的地址", AuditCategories.Service, "notice");
        declare.Activity("service.confirmation.record", "登记送达地址确认书", AuditCategories.Service);
        declare.Activity("service.party.address", "受送达人在线确认地址", AuditCategories.Service);
        declare.Secret("service_address", "id", "person_enc", "person_idx");
        declare.Secret("service_address", "id", "text_enc");
        declare.Secret("service_address", "id", "phone_enc");
        declare.Secret("service_confirmation", "id", "person_enc", "person_idx");
        declare.Secret("service_confirmation", "id", "form_enc");
        declare.Secret("service_public_form", "id", "form_enc");
        declare.Job<Jobs.RunSteward>("service.run-steward", "45 * * * * ?", "管家执行送达计划");
        declare.Job<Jobs.WatchDates>("service.watch-dates", "0 35 7 * * ?", "核对送达时限");
        declare.Activity("service.contest.open", "登记送达异议", AuditCategories.Service, "notice");
        declare.Activity("service.contest.decide", "认定有疑问的送达", AuditCategories.Service, "warning");
        declare.Activity("service.address.decide-shared", "认定双方同一的地址", AuditCategories.Service, "warning");
        declare.Secret("service_address_word", "id", "address_enc", "address_idx");
        declare.Activity("service.attempt.record", "登记其他方式的送达", AuditCategories.Service, "notice");
        declare.Activity("service.attempt.mature", "公告期满送达", AuditCategories.Service);
        declare.Activity("service.announcement.approve", "批准公告送达", AuditCategories.Service, "notice");
        declare.Job<Jobs.MatureAnnouncements>("service.mature-announcements", "0 25 0 * * ?", "公告期满的送达生效");
        declare.Job<GiveUpUnread>("service.give-up-unread", "0 20 * * * ?", "查得地址期满未阅的转其他方式");
        declare.Job<Jobs.RaiseDoubts>("service.raise-doubts", "15 * * * * ?", "存疑的发送列到工单，由人认定");
        declare.Job<Jobs.FinishOrders>("service.finish-orders", "30 * * * * ?", "送达全部办结的工单反馈");
    }

    private static async Task<long?> RequestAsync(IServiceProvider services, long caseId, CancellationToken ct)
    {
        var papers = await services.GetRequiredService<IDocuments>().OfCaseAsync(caseId, ct);
        var parties = await services.GetRequiredService<ICases>().PartiesAsync(caseId, ct);
        return (
            await services
                .GetRequiredService<MediatR.IMediator>()
                .Send(
                    new RequestService
                    {
                        CaseId = caseId,
                        DocumentIds = [papers[0].Id],
                        PartyIds = [parties[0].Id],
                    },
                    ct
                )
        ).OrderId;
    }

    public override void AddServices(IServiceCollection services)
    {
        services.AddSingleton(
            new OrderType
            {
                Code = ServeOrder.Type,
                Centre = Centres.Service,
                Label = "送达文书",
                Duty = Duty.Support,
                TargetHours = 14,
                Points = 2,
                ManualMinutes = 40,
                WorkAction = "service.work",
                Guide = "在案件页选文书和受送达人后发起；由送达中心选择方式并送达。",
                Checklist = ["文书已盖章", "受送达人的地址或联系方式已核对", "回证已入卷"],
                RequestPage = "/service/request?caseId={0}",
                RequestAction = "service.request",
                TaskPage = "/service/orders/{0}",
            }
        );
        services.AddSingleton(
            new OrderType
            {
                Code = ContestOrder.Type,
                Centre = Centres.Service,
                Label = "核实有疑问的送达",
                Duty = Duty.Support,
                TargetHours = 14,
                Points = 1,
                ManualMinutes = 30,
                WorkAction = "service.work",
                TaskPage = "/service/contests/{0}",
                Guide = "退信与已记录的到达矛盾，或者收件人称不是本人时由系统发起；核实之后认定送达有效还是无效。",
                Checklist = ["邮件服务器日志已查", "受送达人已联系", "认定的依据已写明"],
            }
        );
        services.AddSingleton(
            new OrderType
            {
                Code = Alarms.Type,
                Centre = Centres.Service,
                Label = "送达提醒",
                Duty = Duty.Support,
                TargetHours = 7,
                Points = 0.5m,
                ManualMinutes = 10,
                RequestPage = "/service?caseId={0}",
                Guide = "送达中需要人处理的事由系统发起：链接被猜测、当事人留言、应发未发、没有回报、时间不足。处理后反馈。",
            }
        );
        services.AddScoped<Alarms>();
        services.AddScoped<Addresses.AddressBook>();
        services.AddScoped<Addresses.OnlineForms>();
        services.AddScoped<Steward.StepBook>();
        services.AddScoped<Steward.StewardBook>();
        services.AddScoped<Steward.HearingWatch>();
        services.AddScoped<Sender>();
        services.AddScoped<Party.Tails>();
        services.AddScoped<Attempts.AttemptBook>();
        services.AddScoped<Attempts.EvidenceBook>();
        services.AddScoped<Attempts.EvidenceFiles>();
        services.AddScoped<Announce.AnnounceBook>();
        services.AddScoped<Entrust.EntrustBook>();
        services.AddScoped<Calls.RecordingBook>();
        services.AddScoped<Electronic.SmsBook>();
        services.AddScoped<Electronic.SmsSender>();
        services.AddScoped<Electronic.BounceBook>();
        services.AddScoped<Contests>();
        services.AddScoped<Bounces>();
        services.AddScoped<SharedAddresses>();
        services.AddScoped<IDrivenOrder, ContestSteps>();
        services.AddScoped<Notices>();
        services.AddScoped<NoticeBook>();
        services.AddScoped<Finishing>();
        services.AddScoped<ServiceRequests>();
        services.AddScoped<IDrivenOrder, ServeSteps>();
        services.AddScoped<Settlement>();
        services.AddScoped<Attempts.OtherWays>();
        services.AddSingleton<MailServer>();
        services.AddSingleton<PublicAddress>();
        services.AddSingleton<PartySession>();
        services.AddSingleton<Party.Inside>();
    }

    public override void MapApi(IEndpointRouteBuilder api)
    {
        ServiceApi.Map(api);
        WaysApi.Map(api);
    }

    public override void MapEndpoints(IEndpointRouteBuilder endpoints) => ServiceEndpoints.Map(endpoints);
}
