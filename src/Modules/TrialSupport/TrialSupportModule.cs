using CourtOps.Kernel.Audit;
using CourtOps.Kernel.Data;
using CourtOps.Kernel.Modules;
using CourtOps.TrialSupport.Api;
using CourtOps.TrialSupport.Closing;
using CourtOps.TrialSupport.Drafting;
using CourtOps.TrialSupport.Drafts;
using CourtOps.TrialSupport.Experts;
using CourtOps.TrialSupport.Hearings;
using CourtOps.TrialSupport.Verbs;
using CourtOps.Workzone;
using CourtOps.Workzone.WorkOrders;
using MediatR;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace CourtOps.TrialSupport;

/// <summary>智审保障: schedule, hold, draft, check, close.</summary>
public sealed class TrialSupportModule : Module
{
    public override string Name => "TrialSupport";

    public override string Prefix => "trial";

    public override string Title => "智审保障";

    public override void Declare(ModuleDeclaration declare)
    {
        declare.Tour("judge", "庭审日历：拖动改期，先看后果", "/trial/calendar");
        declare.Tour("judge", "文书起草和质检", "/trial/drafts");
        declare.Tour("judge", "合议庭和审委会", "/trial/meetings");
        declare.Tour("lead:trial", "庭审日历", "/trial/calendar");
        declare.Tour("lead:trial", "法官请假：一次改期", "/trial/replan");
        declare.Tour("judge", "一并排期：一个月的庭一次排好", "/trial/plans");
        declare.Tour("lead:trial", "陪审员随机抽取", "/trial/assessors");
        declare.Tour("lead:trial", "翻译人员名单", "/trial/interpreters");
        declare.Tour("lead:trial", "法庭和设备", "/trial/rooms");
        declare.Tour("lead:trial", "审判保障看板", "/trial/board");
        declare.Tour("assistant", "文书起草和质检", "/trial/drafts");
        declare.Tour("assistant", "庭审日历", "/trial/calendar");
        declare.Tour("assistant", "合议庭和审委会", "/trial/meetings");
        declare.Demo<Demo.DemoTrial>(40);
        declare.Menu("智审保障", "/trial", "gavel", "五中心", "trial.read", 40);
        declare.Action("trial.read", "查看智审保障", Roles.Judge, Roles.Assistant, Roles.Clerk, Roles.Lead, Roles.Leader);
        declare.Action("trial.schedule", "排期", Roles.Judge, Roles.Assistant, "clerk:trial", "lead:trial");
        declare.Action("trial.hold", "登记庭审结果", Roles.Judge, Roles.Assistant, "clerk:trial");
        declare.Action("trial.draft", "起草、质检文书", Roles.Judge, Roles.Assistant);
        declare.Action("trial.expert", "办理鉴定", Roles.Judge, Roles.Assistant, "clerk:trial", "lead:trial");
        declare.Action("trial.sign", "签发文书、报结", Roles.Judge);
        declare.Action("trial.rooms", "管理法庭", "lead:trial");
        declare.Action("trial.head", "院庭长审核签署文书", Roles.Leader);
        declare.Action("trial.sample", "抽检已制发的文书", Roles.Leader, "lead:trial");
        declare.Action("trial.templates", "管理文书模板", "lead:trial");
        declare.Action("trial.library", "管理法律库和案例库", "lead:trial");
        declare.Action("trial.interpreters", "管理翻译人员名单", "lead:trial");
        declare.Action("trial.assessors", "管理人民陪审员名单", "lead:trial");
        TrialDeclarations.Declare(declare);
        declare.Activity("trial.draft.save", "文书质检", AuditCategories.Document);
        declare.Activity("trial.draft.settle", "写明不改的理由", AuditCategories.Document, "notice");
        declare.Activity("trial.draft.sign", "文书签发", AuditCategories.Document);
        declare.Activity("trial.draft.issue", "制发文书", AuditCategories.Document, "notice");
        declare.Activity("trial.draft.withdraw", "撤回文书草稿", AuditCategories.Document);
        declare.Activity("trial.draft.list", "文书草稿列表", AuditCategories.Document, "info", Retention.Access);
        declare.Activity("trial.expert.entrust", "委托鉴定", AuditCategories.Case);
        declare.Activity("trial.expert.end", "鉴定结束", AuditCategories.Case);
        declare.Activity("trial.expert.extend", "延长鉴定期限", AuditCategories.Case);
        declare.Activity("trial.expert.step", "鉴定意见办理", AuditCategories.Case);
        declare.Activity("trial.expert.urge", "催办鉴定", AuditCategories.Case);
        declare.Activity("trial.closing.ask", "报结核对", AuditCategories.Case);
        declare.Activity("trial.closing.close", "报结", AuditCategories.Case, "notice");
        declare.Activity("trial.room.save", "保存法庭", AuditCategories.Settings);
        declare.Activity("trial.room.close", "停用法庭", AuditCategories.Settings);
        declare.Activity("trial.hearing.book", "暂订庭期", AuditCategories.Case);
        declare.Activity("trial.hearing.confirm", "确认庭期", AuditCategories.Case);
        declare.Activity("trial.hearing.move", "庭审改期", AuditCategories.Case, "notice");
        declare.Activity("trial.hearing.cancel", "取消庭审", AuditCategories.Case, "notice");
        declare.Activity("trial.meeting.call", "召集评议", AuditCategories.Case);
        declare.Activity("trial.meeting.vote", "评议表决", AuditCategories.Case);
        declare.Activity("trial.meeting.hold", "形成评议结论", AuditCategories.Case, "notice");
        declare.Activity("trial.meeting.list", "评议列表", AuditCategories.Case, "info", Retention.Access);
        declare.Activity("trial.publication.ask", "文书公开报审", AuditCategories.Document);
        declare.Activity("trial.publication.decide", "文书公开决定", AuditCategories.Document, "notice");
        declare.Activity("trial.publication.list", "文书公开列表", AuditCategories.Document, "info", Retention.Access);
        declare.Activity("trial.recording.open", "开始收录庭审录像", AuditCategories.Case);
        declare.Activity("trial.recording.add", "收录庭审录像", AuditCategories.Case);
        declare.Activity("trial.recording.mark", "庭审标记", AuditCategories.Case);
        declare.Activity("trial.recording.close", "封存庭审录像", AuditCategories.Case, "notice");
        declare.Activity("trial.recording.show", "查看庭审录像", AuditCategories.Case, "info", Retention.Access);
        declare.Activity("trial.recording.play", "播放庭审录像", AuditCategories.Case, "info", Retention.Access);
        declare.Activity("trial.board", "审判保障看板", AuditCategories.Case, "info", Retention.Access);
        declare.Activity("trial.hearing.open", "决定是否公开审理", AuditCategories.Case, "notice");
        declare.Activity("trial.hearing.hold", "登记庭审结果", AuditCategories.Case);
        declare.Activity("trial.hearing.list", "庭审列表", AuditCategories.Case, "info", Retention.Access);
        declare.List(
            "trial.drafts",
            "trial.read",
            ListOf.Cases,
            whole: true,
            async (s, _, ct) => [.. (await s.GetRequiredService<IMediator>().Send(new ListDrafts(), ct)).Select(d => d.CaseId)],
            DraftFirstAsync
        );
        TrialVerbs.Declare(declare);
        declare.Job<Similar.SaveIndex>("trial.similar.index", "0 15 * * * ?", "类案索引写盘");
        declare.Panel("智审保障", "/trial/cases/{0}/panel", "trial.read", 40);
        declare.List(
            "trial.hearings",
            "trial.read",
            ListOf.Cases,
            whole: true,
            async (s, _, ct) => [.. (await s.GetRequiredService<IMediator>().Send(new ListHearings(), ct)).Select(h => h.CaseId)],
            BookFirstAsync
        );
    }

    private static async Task<long?> BookFirstAsync(IServiceProvider services, long caseId, CancellationToken ct)
    {
        var db = services.GetRequiredService<Db>();
        await db.BeginAsync(ct);
        var id = services.GetRequiredService<Ids>().Next();
        await db.ExecuteAsync(
            "INSERT INTO trial_room (id, court_id, name, size, features, online, active, version) VALUES (@id, @court, @name, 20, '', 0, 1, 1)",
            new
            {
                id,
                court = services.GetRequiredService<Kernel.Security.Actor>().CourtId,
                name = "法庭" + id.ToString(System.Globalization.CultureInfo.InvariantCulture),
            },
            ct
        );
        await db.CommitAsync(ct);
        await services.GetRequiredService<IMediator>().Send(new BookHearing { CaseId = caseId, Minutes = 60 }, ct);
        return null;
    }

    private static async Task<long?> DraftFirstAsync(IServiceProvider services, long caseId, CancellationToken ct)
    {
        using var stream = new MemoryStream(DocxWriter.Write([new("吉林省汪清县人民法院", ParaStyle.Title)]));
        var blob = await services.GetRequiredService<Kernel.Files.BlobStore>().WriteAsync(stream, 1 << 20, ct);
        await services
            .GetRequiredService<IMediator>()
            .Send(
                new SaveDraft
                {
                    CaseId = caseId,
                    Kind = "other",
                    Title = "草稿",
                    Blob = blob,
                },
                ct
            );
        return null;
    }

    public override void MapEndpoints(IEndpointRouteBuilder endpoints)
    {
        Recordings.PlayEndpoint.Map(endpoints);
        Meetings.PaperEndpoint.Map(endpoints);
    }

    public override void MapApi(IEndpointRouteBuilder api)
    {
        TrialApi.Map(api);
        AssessorApi.Map(api);
        HelperApi.Map(api);
        ElementApi.Map(api);
        CourtroomApi.Map(api);
        SimilarApi.Map(api);
        AfterTrialApi.Map(api);
        AppealApi.Map(api);
        ProposalApi.Map(api);
        RecordingApi.Map(api);
        RecorderApi.Map(api);
        MeetingApi.Map(api);
        DraftApi.Map(api);
        DraftApi.MapSamples(api);
        PaperApi.Map(api);
        ExpertApi.Map(api);
        LibraryApi.Map(api);
        TemplateApi.Map(api);
        PlanApi.Map(api);
    }

    public override void AddServices(IServiceCollection services)
    {
        services.AddScoped<Docket>();
        services.AddScoped<Helpers.HelperList>();
        services.AddScoped<Interpreters.InterpreterBook>();
        services.AddScoped<Planning.PlanBook>();
        services.AddScoped<Planning.PlanGathering>();
        services.AddScoped<Planning.PlanTaking>();
        services.AddScoped<HearingBook>();
        services.AddScoped<HearingActs>();
        services.AddScoped<Summonses>();
        services.AddScoped<Adjournments>();
        services.AddScoped<DraftBook>();
        services.AddScoped<SignOffs>();
        services.AddScoped<DraftIntake>();
        services.AddScoped<Papers.PaperReading>();
        services.AddScoped<CheckFacts>();
        services.AddScoped<TemplateShelf>();
        services.AddScoped<TemplateIntake>();
        services.AddScoped<OpinionBook>();
        services.AddScoped<ClosingBook>();
        services.AddScoped<ClosingDays>();
        services.AddScoped<Meetings.MeetingBook>();
        services.AddScoped<Meetings.Marking>();
        services.AddScoped<Publication.PublicationBook>();
        services.AddScoped<Publication.EffectBook>();
        services.AddScoped<Recordings.RecordingBook>();
        services.AddScoped<Recordings.Recorder.RecorderBook>();
        services.AddScoped<Recordings.SegmentIntake>();
        services.AddScoped<Assessors.DrawBook>();
        services.AddScoped<ExpertOrders>();
        foreach (var type in ExpertOrders.Types)
        {
            services.AddSingleton(type);
            services.AddScoped<IDrivenOrder>(s => new ExpertSteps(type.Code, s.GetRequiredService<Db>()));
        }
        foreach (var affair in Affairs.TrialAffairs.All.Concat(Affairs.HearingHelp.All))
            services.AddSingleton(affair);
        services.AddScoped<Similar.SearchReports>();
        services.AddSingleton<Laws.KeptLibrary>();
        services.AddScoped<Laws.LawShelf>();
        services.AddScoped<Laws.LawIntake>();
        services.AddSingleton<Similar.KeptIndex>();
        services.AddScoped<Similar.SimilarShelf>();
        services.AddScoped<Similar.CaseIntake>();
        services.AddSingleton<Seals.SealKeeper>();
        services.AddSingleton<Speech.SpeechEngine>();
        services.AddScoped<Speech.TranscriptBook>();
        services.AddScoped<Elements.ElementBook>();
        services.AddSingleton<Elements.Guesses>();
    }
}
