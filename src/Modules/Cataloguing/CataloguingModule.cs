using CourtOps.Cataloguing.Api;
using CourtOps.Cataloguing.Archive;
using CourtOps.Cataloguing.Checking;
using CourtOps.Cataloguing.Efile;
using CourtOps.Cataloguing.Intake;
using CourtOps.Cataloguing.Jobs;
using CourtOps.Cataloguing.Reading;
using CourtOps.Cataloguing.Sorting;
using CourtOps.Cataloguing.Workbench;
using CourtOps.Kernel.Audit;
using CourtOps.Kernel.Data;
using CourtOps.Kernel.Files;
using CourtOps.Kernel.Modules;
using CourtOps.Kernel.Search;
using CourtOps.Kernel.Settings;
using CourtOps.Workzone;
using CourtOps.Workzone.Documents;
using CourtOps.Workzone.WorkOrders;
using MediatR;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using FieldKind = CourtOps.Workzone.WorkOrders.FieldKind;

namespace CourtOps.Cataloguing;

/// <summary>智慧归集: scan, check, read, catalogue, e-file, archive.</summary>
public sealed class CataloguingModule : Module
{
    private const string Clerk = "clerk:cataloguing";
    private const string Lead = "lead:cataloguing";

    // opened by the centre itself, never asked for by a form
    private static readonly (string Code, string Label, int Hours, string Guide)[] Own =
    [
        (AskForGaps.GapsOrder, "补齐卷宗", 21, "归档前发现缺材料时由归档人员发起；催各中心补齐，齐全后反馈。"),
        (RemindSome.ArchiveOrder, "归档", 35, "归档期限前由系统发起；核对齐全后一键归档。"),
    ];

    public override string Name => "Cataloguing";

    public override string Prefix => "cataloguing";

    public override string Title => "智慧归集";

    public override void Declare(ModuleDeclaration declare)
    {
        declare.Tour("lead:cataloguing", "扫描件怎样成卷", "/cataloguing");
        declare.Tour("lead:cataloguing", "两级法院统一质检", "/cataloguing/checks");
        declare.Tour("lead:cataloguing", "一键归档", "/cataloguing/archive");
        declare.Tour("lead:cataloguing", "借阅", "/cataloguing/lendings");
        declare.Tour("lead:cataloguing", "编目看板：每卷几分钟", "/cataloguing/board");
        declare.Tour("lead:cataloguing", "全文检索卷宗", "/cataloguing/search");
        declare.Menu("智慧归集", "/cataloguing", "archive", "五中心", "cataloguing.read", 30);
        declare.Action("cataloguing.read", "查看电子卷宗", Roles.Judge, Roles.Assistant, Roles.Clerk, Roles.Lead, Roles.Leader, Roles.Checker);
        declare.Action("cataloguing.volume", "取整卷 PDF", Roles.Judge, Roles.Assistant, Clerk, Lead);
        declare.Action("cataloguing.intake", "提交材料编目", Roles.Judge, Roles.Assistant, Clerk, Lead, "robot:cataloguing");
        declare.Action("cataloguing.work", "编目", Clerk, Lead);
        declare.Action("cataloguing.check.read", "查看编目质检", Roles.Checker, Lead, Roles.Leader);
        declare.Action("cataloguing.check.view", "查看一件编目质检", Roles.Checker, Clerk, Lead, Roles.Leader);
        declare.Action("cataloguing.check", "编目质检", Roles.Checker, Lead);
        declare.Action("cataloguing.archive.read", "查看归档", Roles.Judge, Clerk, Lead, Roles.Leader);
        declare.Action("cataloguing.archive", "归档", Clerk, Lead);
        declare.Action("cataloguing.lend.ask", "登记阅卷和借阅", Roles.Assistant, Clerk, Lead);
        declare.Action("cataloguing.lend.decide", "审批阅卷和借阅", Roles.Judge, Lead);
        declare.Activity("cataloguing.check.list", "编目质检列表", AuditCategories.Document, "info", Retention.Access);
        declare.Activity("cataloguing.check.view", "查看编目质检", AuditCategories.Document, "info", Retention.Access);
        declare.Activity("cataloguing.check.decide", "编目质检", AuditCategories.Document, "notice");
        declare.Activity("cataloguing.check.mend", "改正后提交复核", AuditCategories.Document, "notice");
        declare.Activity("cataloguing.item.correct", "改正卷内目录", AuditCategories.Document, "notice");
        declare.Activity("cataloguing.archive.list", "归档列表", AuditCategories.Document, "info", Retention.Access);
        declare.Activity("cataloguing.archive.view", "查看归档", AuditCategories.Document, "info", Retention.Access);
        declare.Activity("cataloguing.archive.take", "取归档包", AuditCategories.Document, "warning", Retention.Access);
        declare.Activity("cataloguing.archive.pack", "一键归档", AuditCategories.Document, "notice");
        declare.Activity("cataloguing.archive.hand", "移交归档包", AuditCategories.Document, "notice");
        declare.Activity("cataloguing.archive.ask", "开补齐卷宗工单", AuditCategories.Document);
        declare.Activity("cataloguing.archive.verify", "校验归档包", AuditCategories.Document);
        declare.Activity("cataloguing.archive.remind", "归档提醒", AuditCategories.Document);
        declare.Activity("cataloguing.lending.list", "阅卷和借阅列表", AuditCategories.Document, "info", Retention.Access);
        declare.Activity("cataloguing.lending.take", "取阅卷加印件", AuditCategories.Document, "notice", Retention.Access);
        declare.Activity("cataloguing.lending.ask", "登记阅卷或借阅", AuditCategories.Document);
        declare.Activity("cataloguing.lending.decide", "审批阅卷或借阅", AuditCategories.Document, "notice");
        declare.Activity("cataloguing.lending.end", "收回阅卷加印件", AuditCategories.Document);
        declare.KeyedDigest("cataloguing_public_reading", "code_keyed", "withdrawn_at IS NULL AND expires_at > @now");
        declare.Activity("cataloguing.lending.link", "发阅卷链接", AuditCategories.Document, "notice");
        declare.Activity("cataloguing.reading.ask", "网上申请阅卷", AuditCategories.Document);
        declare.Activity("cataloguing.reading.status", "查看阅卷申请进度", AuditCategories.Document, "info", Retention.Access);
        declare.Activity("cataloguing.reading.mandate", "看委托手续", AuditCategories.Document, "info", Retention.Access);
        declare.Activity("cataloguing.reading.identify", "阅卷人输入验证码", AuditCategories.Document);
        declare.Activity("cataloguing.reading.page", "阅卷人打开一页", AuditCategories.Document, "info", Retention.Access);
        declare.Activity("cataloguing.note.list", "看卷内笔记", AuditCategories.Document, "info", Retention.Access);
        declare.Activity("cataloguing.note.write", "记卷内笔记", AuditCategories.Document);
        declare.Activity("cataloguing.note.remove", "删去卷内笔记", AuditCategories.Document);
        declare.Activity("cataloguing.board", "归集看板", AuditCategories.Document, "info", Retention.Access);
        declare.Activity("cataloguing.list", "新近归卷列表", AuditCategories.Document, "info", Retention.Access);
        declare.Activity("cataloguing.batch.list", "材料批次列表", AuditCategories.Document, "info", Retention.Access);
        declare.Activity("cataloguing.batch.view", "查看材料批次", AuditCategories.Document, "info", Retention.Access);
        declare.Activity("cataloguing.page.view", "查看材料页面", AuditCategories.Document, "info", Retention.Access);
        declare.Activity("cataloguing.find", "全文检索", AuditCategories.Document, "info", Retention.Access);
        declare.Activity("cataloguing.volume.take", "取整卷 PDF", AuditCategories.Document, "notice", Retention.Access);
        declare.Activity("cataloguing.batch.take", "收材料", AuditCategories.Document);
        declare.Activity("cataloguing.batch.add", "补充文件", AuditCategories.Document);
        declare.Activity("cataloguing.batch.confirm", "整批确认入卷", AuditCategories.Document);
        declare.Activity("cataloguing.piece.act", "编目", AuditCategories.Document);
        declare.Activity("cataloguing.piece.undo", "撤销编目动作", AuditCategories.Document);
        declare.Activity("cataloguing.model.learn", "学习材料类型", AuditCategories.Document);
        declare.Secret("cataloguing_public_reading_ask", "id", "phone_enc");
        declare.List(
            "cataloguing.list",
            "cataloguing.read",
            ListOf.Cases,
            whole: true,
            async (s, _, ct) => [.. (await s.GetRequiredService<IMediator>().Send(new Pages.Index.Query(), ct)).Select(r => r.CaseId)],
            FileFirstAsync
        );
        declare.List(
            "cataloguing.batches",
            "cataloguing.read",
            ListOf.Orders,
            whole: true,
            async (s, _, ct) => [.. (await s.GetRequiredService<IMediator>().Send(new ListBatches(), ct)).Select(r => r.OrderId)],
            TakeFirstAsync
        );
        declare.List(
            "cataloguing.archives",
            "cataloguing.archive.read",
            ListOf.Cases,
            whole: true,
            async (s, _, ct) => [.. (await s.GetRequiredService<IMediator>().Send(new ListArchives(), ct)).Select(r => r.CaseId)],
            CloseFirstAsync
        );
        declare.List(
            "cataloguing.lendings",
            "cataloguing.read",
            ListOf.Cases,
            whole: true,
            async (s, _, ct) => [.. (await s.GetRequiredService<IMediator>().Send(new ListLendings(), ct)).Select(r => r.CaseId)],
            LendFirstAsync
        );
        declare.List(
            "cataloguing.checks",
            "cataloguing.check.read",
            ListOf.Cases,
            whole: true,
            async (s, _, ct) => [.. (await s.GetRequiredService<IMediator>().Send(new ListChecks(), ct)).Checks.Select(r => r.CaseId)],
            DrawFirstAsync
        );
        declare.List(
            "cataloguing.notes",
            "cataloguing.read",
            ListOf.Cases,
            whole: true,
            async (s, _, ct) => [.. (await s.GetRequiredService<IMediator>().Send(new ListNotes(), ct)).Select(r => r.CaseId)],
            NoteFirstAsync
        );
        declare.Verb("read", ReadVerb.Run);
        declare.Verb(ReadingProcess.Verb, ReadingProcess.Run);
        SortingTables.Declare(declare);
        declare.Setting(
            new Setting<IntakeRules>
            {
                Key = "cataloguing.intake",
                Label = "编目时限",
                Help = "材料从收到到编目入卷的工作小时数。",
                Affects = "此后收到的材料",
                Centre = "cataloguing",
                Values =
                [
                    new(nameof(IntakeRules.Hours), "一般材料", "从收到起算的工作小时。")
                    {
                        Unit = "小时",
                        Min = 1,
                        Max = 70,
                        Source = "F-05",
                    },
                    new(nameof(IntakeRules.UrgentHours), "急件", "从收到起算的工作小时。")
                    {
                        Unit = "小时",
                        Min = 1,
                        Max = 70,
                        Source = "F-05",
                    },
                ],
            }
        );
        declare.Setting(Completeness.Table);
        declare.Decision(Completeness.Table.As("cataloguing.complete", "归档必备材料"));
        declare.Setting(
            new Setting<ArchiveRules>
            {
                Key = "cataloguing.archive",
                Label = "归档期限",
                Help = "结案后几个月内归档，期限前几天提醒。",
                Affects = "此后结案的案件",
                Centre = "cataloguing",
                Values =
                [
                    new(nameof(ArchiveRules.Months), "归档期限", "从结案日起算。")
                    {
                        Unit = "个月",
                        Min = 1,
                        Max = 12,
                        Source = "F-05",
                        Tag = SettingTags.Known,
                    },
                    new(nameof(ArchiveRules.Reminders), "提前提醒", "期限前的天数，从大到小。")
                    {
                        Min = 1,
                        Max = 90,
                        Unit = "日",
                        Source = "F-05",
                    },
                ],
            }
        );
        declare.Setting(
            new Setting<SamplingRules>
            {
                Key = "cataloguing.sampling",
                Label = "编目抽查",
                Help = "整批确认后按比例抽查，新手多抽，必查类型全查。",
                Affects = "此后确认的批次",
                Centre = "cataloguing",
                Values =
                [
                    new(nameof(SamplingRules.Share), "抽查比例", "全部批次中抽查的比例。")
                    {
                        Unit = "%",
                        Min = 5,
                        Max = 100,
                        Source = "F-04",
                        Tag = SettingTags.Known,
                    },
                    new(nameof(SamplingRules.NewShare), "新手抽查比例", "确认批次还少的人按此比例抽查。")
                    {
                        Unit = "%",
                        Min = 5,
                        Max = 100,
                        Source = "issue 18",
                    },
                    new(nameof(SamplingRules.NewBatches), "几批以内算新手", "确认过这么多批以后按一般比例。")
                    {
                        Unit = "批",
                        Min = 0,
                        Max = 1000,
                        Source = "issue 18",
                    },
                    new(nameof(SamplingRules.RiskyTypes), "必查类型", "批次里有这些材料的一律质检。")
                    {
                        Choices = PaperTypes.Labels,
                        MayBeEmpty = true,
                        Source = "issue 18",
                    },
                    new(nameof(SamplingRules.Pass), "合格分", "低于此分退回改正。")
                    {
                        Unit = "分",
                        Min = 50,
                        Max = 100,
                        Source = "F-04",
                    },
                ],
            }
        );
        declare.Job<RemindArchives>("cataloguing.remind-archives", "0 10 7 * * ?", "提醒到期归档");
        declare.Job<LearnTypes>("cataloguing.learn-types", "0 40 2 * * ?", "从已确认的页面学习材料类型");
        declare.Job<LookAtScanner>("cataloguing.look-at-scanner", "20 * * * * ?", "收扫描仪文件夹里的材料");
        declare.Demo<Seeding.DemoMaterial>(40);
        declare.Panel("智慧归集", "/cataloguing/cases/{0}/panel", "cataloguing.read", 30);
    }

    private static async Task<long?> FileFirstAsync(IServiceProvider services, long caseId, CancellationToken ct)
    {
        var documents = await services.GetRequiredService<IDocuments>().OfCaseAsync(caseId, ct);
        var db = services.GetRequiredService<Db>();
        await db.BeginAsync(ct);
        await services.GetRequiredService<Filing>().FileAsync(caseId, documents[0].Id, "", ct);
        await db.CommitAsync(ct);
        return null;
    }

    // for the team, as a reader of the same court wrote it; the one list must show what the other person's does not
    private static async Task<long?> NoteFirstAsync(IServiceProvider services, long caseId, CancellationToken ct)
    {
        var documents = await services.GetRequiredService<IDocuments>().OfCaseAsync(caseId, ct);
        var db = services.GetRequiredService<Db>();
        await db.BeginAsync(ct);
        await services.GetRequiredService<Filing>().FileAsync(caseId, documents[0].Id, "", ct);
        var court = await db.ScalarAsync<long>("SELECT court_id FROM workzone_case_card WHERE id = @caseId", new { caseId }, ct);
        await db.ExecuteAsync(
            "INSERT INTO cataloguing_note (id, case_id, document_id, page, team, body, court_id, author_id, author_name, written_at, version) VALUES "
                + "(@id, @caseId, @document, 1, @team, '', @court, 0, '', @now, 1)",
            new
            {
                id = services.GetRequiredService<Ids>().Next(),
                caseId,
                document = documents[0].Id,
                team = true,
                court,
                now = services.GetRequiredService<TimeProvider>().GetUtcNow(),
            },
            ct
        );
        await db.CommitAsync(ct);
        return null;
    }

    private static async Task<long?> TakeFirstAsync(IServiceProvider services, long caseId, CancellationToken ct)
    {
        using var stream = new MemoryStream([.. BitConverter.GetBytes(caseId)]);
        var blob = await services.GetRequiredService<BlobStore>().WriteAsync(stream, 1 << 20, ct);
        return (
            await services
                .GetRequiredService<IMediator>()
                .Send(
                    new TakeBatch
                    {
                        CaseId = caseId,
                        Sender = "当事人",
                        Files = [new TakenFile("a.pdf", blob)],
                    },
                    ct
                )
        ).OrderId;
    }

    private static async Task<long?> CloseFirstAsync(IServiceProvider services, long caseId, CancellationToken ct)
    {
        var db = services.GetRequiredService<Db>();
        await db.BeginAsync(ct);
        await services.GetRequiredService<ArchiveBook>().CloseAsync(caseId, new DateOnly(2026, 3, 2), "judgment", false, ct);
        await db.CommitAsync(ct);
        return null;
    }

    private static async Task<long?> LendFirstAsync(IServiceProvider services, long caseId, CancellationToken ct)
    {
        var db = services.GetRequiredService<Db>();
        await db.BeginAsync(ct);
        await db.ExecuteAsync(
            "INSERT INTO cataloguing_lending (id, case_id, court_id, kind, state, applicant, credential, purpose, asked_at, asked_by_name, "
                + "decided_by_name, decision_words, reference, version) VALUES (@id, @caseId, 0, 'reading', 'asked', '', '', '', @now, '', '', '', '', 1)",
            new
            {
                id = services.GetRequiredService<Ids>().Next(),
                caseId,
                now = services.GetRequiredService<TimeProvider>().GetUtcNow(),
            },
            ct
        );
        await db.CommitAsync(ct);
        return null;
    }

    private static async Task<long?> DrawFirstAsync(IServiceProvider services, long caseId, CancellationToken ct)
    {
        using var stream = new MemoryStream([.. BitConverter.GetBytes(caseId)]);
        var blob = await services.GetRequiredService<BlobStore>().WriteAsync(stream, 1 << 20, ct);
        var taken = await services
            .GetRequiredService<IMediator>()
            .Send(
                new TakeBatch
                {
                    CaseId = caseId,
                    Sender = "当事人",
                    Files = [new TakenFile("a.pdf", blob)],
                },
                ct
            );
        var db = services.GetRequiredService<Db>();
        await db.BeginAsync(ct);
        await db.ExecuteAsync(
            "INSERT INTO cataloguing_check (id, batch_id, case_id, court_id, why, state, clerk_name, pages, score, words, picked_at, checker_name, "
                + "version) VALUES (@id, @batch, @caseId, 0, 'share', 'open', '', 1, 0, '', @now, '', 1)",
            new
            {
                id = services.GetRequiredService<Ids>().Next(),
                batch = taken.Id,
                caseId,
                now = services.GetRequiredService<TimeProvider>().GetUtcNow(),
            },
            ct
        );
        await db.CommitAsync(ct);
        return null;
    }

    public override void AddServices(IServiceCollection services)
    {
        services.AddSingleton(
            new OrderType
            {
                Code = "cataloguing.scan",
                Centre = Centres.Cataloguing,
                Label = "随案扫描编目",
                TargetHours = 7,
                Points = 1,
                ManualMinutes = 45,
                Guide = "办案中收到的纸质材料随收随交；由归集中心扫描、质检、编目，传入本案文书后反馈。",
                Checklist = ["页数与交接清单一致", "图像清晰、方向正确、无缺页", "题名写明具体内容，不写“材料一”", "原件已按约定退回或留存"],
                Form =
                [
                    new()
                    {
                        Name = "material",
                        Label = "材料名称",
                        Kind = FieldKind.LongText,
                        Required = true,
                        Most = 1000,
                        Help = "每行一份，写明由谁提交。",
                    },
                    new()
                    {
                        Name = "pages",
                        Label = "总页数",
                        Kind = FieldKind.Number,
                        Required = true,
                        Least = 1,
                        Most = 5000,
                    },
                    new()
                    {
                        Name = "volume",
                        Label = "归入",
                        Kind = FieldKind.Choice,
                        Required = true,
                        Choices = ["正卷", "副卷"],
                    },
                    new()
                    {
                        Name = "handover",
                        Label = "交件日期",
                        Kind = FieldKind.Date,
                        Required = true,
                        Least = 0,
                        Most = 30,
                    },
                    new()
                    {
                        Name = "originals",
                        Label = "原件",
                        Kind = FieldKind.Choice,
                        Required = true,
                        Choices = ["扫描后退回", "随卷留存"],
                    },
                ],
            }
        );
        services.AddSingleton(
            new OrderType
            {
                Code = MaterialOrder.Type,
                Centre = Centres.Cataloguing,
                Label = "材料编目入卷",
                TargetHours = 7,
                Points = 2,
                ManualMinutes = 90,
                WorkAction = "cataloguing.work",
                RequestPage = "/cataloguing/cases/{0}/new",
                RequestAction = "cataloguing.intake",
                TaskPage = "/cataloguing/orders/{0}",
                Guide = "在案件页提交电子材料后由系统发起；归集中心看过存疑的地方，整批确认后入卷并反馈。",
                Checklist = ["申报、收到、入卷三方页数一致", "存疑的都看过", "副卷材料没有放进正卷"],
            }
        );
        services.AddSingleton(
            new OrderType
            {
                Code = ActOnPiece.RescanOrder,
                Centre = Centres.Cataloguing,
                Label = "重扫",
                TargetHours = 4,
                Points = 1,
                ManualMinutes = 10,
                RequestPage = "/cataloguing?caseId={0}",
                Guide = "编目时发现页面不合要求后由编目人员发起；重扫的页面补充到原来的批次后反馈。",
                Checklist = ["分辨率、方向、完整", "补充到原来的批次", "原来的页面已剔除"],
            }
        );
        services.AddSingleton(
            new OrderType
            {
                Code = DecideCheck.CorrectOrder,
                Centre = Centres.Cataloguing,
                Label = "改正编目差错",
                TargetHours = 14,
                Points = 1,
                ManualMinutes = 20,
                WorkAction = "cataloguing.work",
                RequestPage = "/cataloguing?caseId={0}",
                TaskPage = "/cataloguing/orders/{0}",
                Guide = "质检退回后由系统发起；按列出的页和差错改正，在质检页写明怎样改的，提交质检人复核。",
                Checklist = ["列出的差错都改了", "改不了的写明原因和去向"],
            }
        );
        foreach (var (code, label, hours, guide) in Own)
            services.AddSingleton(
                new OrderType
                {
                    Code = code,
                    Centre = Centres.Cataloguing,
                    Label = label,
                    TargetHours = hours,
                    Points = 1,
                    ManualMinutes = 20,
                    RequestPage = "/cataloguing?caseId={0}",
                    Guide = guide,
                }
            );
        services.AddScoped<CheckBook>();
        services.AddScoped<ArchiveBook>();
        services.AddScoped<LendingBook>();
        services.AddScoped<ReadingDoors>();
        services.AddScoped<NoteBook>();
        services.AddSingleton<ReadingSession>();
        services.AddScoped<Filing>();
        services.AddScoped<BatchBook>();
        services.AddScoped<Taking>();
        services.AddScoped<MaterialIntake>();
        services.AddScoped<BatchSorter>();
        services.AddScoped<WorkbenchBook>();
        services.AddScoped<ShowEfile.EfileReader>();
        services.AddScoped<VolumePdf>();
        services.AddScoped<VolumeDelivery>();
        services.AddScoped<IDrivenOrder, MaterialOrder>();
        services.AddScoped<IDrivenOrder, CorrectionOrder>();
        services.AddSingleton<ReaderPool>();
    }

    public override void MapApi(IEndpointRouteBuilder api)
    {
        MaterialsApi.Map(api);
        KeepingApi.Map(api);
        ReadingApi.Map(api);
    }

    public override void MapEndpoints(IEndpointRouteBuilder endpoints)
    {
        PagePictures.Map(endpoints);
        PagePictures.MapVolume(endpoints);
        ArchiveEndpoints.Map(endpoints);
        ReadingEndpoints.Map(endpoints);
    }
}
