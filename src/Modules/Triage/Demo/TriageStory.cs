using CourtOps.Kernel.Data;
using CourtOps.Kernel.Files;
using CourtOps.Kernel.Modules;
using CourtOps.Kernel.Web;
using CourtOps.Triage.Allotments;
using CourtOps.Triage.Contacts;
using CourtOps.Triage.Fees;
using CourtOps.Triage.Filings;
using CourtOps.Triage.Mediation;
using CourtOps.Triage.Online;
using CourtOps.Triage.Series;
using CourtOps.Workzone.Seeding;
using MediatR;
using Microsoft.Extensions.DependencyInjection;

namespace CourtOps.Triage.Demo;

/// <summary>
/// A centre at work: two courts, filings of every channel, mediation, contacts for the other court, a series. 延吉 has a history of its own; in 汪清, whose
/// numbers come by list until yesterday, cases are registered from then on.
/// </summary>
internal sealed class TriageStory : IDemoStory
{
    private const string Yanji = "延吉市人民法院";
    private const string Wangqing = "汪清县人民法院";

    private static readonly string[] Causes =
    [
        "民间借贷纠纷",
        "买卖合同纠纷",
        "离婚纠纷",
        "物业服务合同纠纷",
        "机动车交通事故责任纠纷",
        "房屋租赁合同纠纷",
        "追索劳动报酬纠纷",
        "建设工程施工合同纠纷",
    ];
    private static readonly string[] Surnames = ["崔", "金", "朴", "许", "姜", "郑", "全", "尹", "赵", "孙"];
    private static readonly string[] Given = ["某辰", "某巳", "某午", "某未", "某申", "某酉", "某戌", "某亥"];

    private int mediations;
    private bool opinion;

    public Task TellAsync(IDemoStage stage, CancellationToken ct)
    {
        var first = stage.End.AddDays(stage.Small ? -10 : -90);
        foreach (var login in new[] { "clerk-yanji", "registrar" })
            stage.At(first, login, PoolAsync);
        for (var i = 0; i < (stage.Small ? 4 : 40); i++)
        {
            var at = AtWork(stage.End.AddDays(-(stage.Small ? 8 - i : 88 - (2 * i))));
            stage.At(at, "clerk-yanji", (s, c) => FileAsync(stage, s, Yanji, at, c));
        }
        for (var i = 0; i < (stage.Small ? 2 : 8); i++)
        {
            var at = stage.End.AddHours(-9 + i);
            stage.At(at, "registrar", (s, c) => FileAsync(stage, s, Wangqing, at, c));
        }
        for (var i = 0; i < (stage.Small ? 2 : 14); i++)
        {
            var n = i;
            var at = AtWork(stage.End.AddDays(-1 - (3 * i)));
            stage.At(at, n % 2 == 0 ? "registrar" : "clerk-yanji", (s, c) => ContactAsync(stage, s, n, at, c));
        }
        for (var i = 0; i < (stage.Small ? 1 : 3); i++)
            stage.At(AtWork(stage.End.AddDays(-2 - i)), i % 2 == 0 ? "registrar" : "clerk-yanji", (s, c) => CrossAsync(stage, s, c));
        stage.At(AtWork(stage.End.AddDays(-3)), null, (s, c) => OnlineAsync(stage, s, true, "被告近期要出国，能不能尽快立案？", c));
        stage.At(stage.End.AddHours(-8), null, (s, c) => OnlineAsync(stage, s, true, "", c));
        stage.At(stage.End.AddHours(-5), null, (s, c) => OnlineAsync(stage, s, false, "", c));
        stage.At(AtWork(stage.End.AddDays(-4)), "registrar", TransferAsync);
        stage.At(AtWork(stage.End.AddDays(-6)), "clerk-yanji", (s, c) => SeriesAsync(stage, s, c));
        return Task.CompletedTask;
    }

    private static DateTimeOffset AtWork(DateTimeOffset at)
    {
        var day = Times.Day(at);
        while (day.DayOfWeek is DayOfWeek.Saturday or DayOfWeek.Sunday)
            day = day.AddDays(-1);
        return Times.Start(day).AddHours(9.5);
    }

    private static string Name(IDemoStage stage) => Surnames[stage.Random.Next(Surnames.Length)] + Given[stage.Random.Next(Given.Length)];

    private static async Task PoolAsync(IServiceProvider services, CancellationToken ct)
    {
        var mediator = services.GetRequiredService<IMediator>();
        foreach (
            var (name, organisation, skills, languages, gold, evaluator) in new[]
            {
                ("调解员试一", "人民调解委员会", "离婚 继承 相邻", "zh ko", true, false),
                ("调解员试二", "商会调解中心", "借贷 买卖 租赁", "zh", false, false),
                ("调解员试三", "道路交通调解室", "交通事故 健康权", "zh ko", false, false),
                ("评估员试四", "律师协会", "建设工程 公司", "zh", false, true),
            }
        )
            await mediator.Send(
                new SaveMediator
                {
                    Name = name,
                    Organisation = organisation,
                    Skills = skills,
                    Languages = languages.Split(' '),
                    Gold = gold,
                    Evaluator = evaluator,
                    MostOpen = 15,
                },
                ct
            );
        var today = Times.Day(services.GetRequiredService<TimeProvider>().GetUtcNow());
        var login = services.GetRequiredService<Kernel.Security.Actor>().Login;
        for (var from = today; from < today.AddDays(120); from = from.AddDays(30))
            await mediator.Send(
                new SaveDuty
                {
                    From = from,
                    Until = from.AddDays(29),
                    Person = login,
                    Phone = "0433-8800000",
                },
                ct
            );
    }

    private async Task FileAsync(IDemoStage stage, IServiceProvider services, string court, DateTimeOffset at, CancellationToken ct)
    {
        var mediator = services.GetRequiredService<IMediator>();
        var cause = Causes[stage.Random.Next(Causes.Length)];
        var login = services.GetRequiredService<Kernel.Security.Actor>().Login;
        var taken = await mediator.Send(
            new TakeFiling
            {
                Court = court,
                Cause = cause,
                Claims =
                    cause == "离婚纠纷"
                        ? [new ClaimIn { Type = "change", Words = "请求离婚" }]
                        : [new ClaimIn { Type = "money", Amount = stage.Random.Next(5, 400) * 1000m }],
                Parties =
                [
                    new PartyIn
                    {
                        Name = Name(stage) + "甲",
                        Role = "原告",
                        Phone = "13900000001",
                    },
                    new PartyIn
                    {
                        Name = Name(stage) + "乙",
                        Role = "被告",
                        Phone = "13900000002",
                    },
                ],
                Facts = new FilingFacts { Ticks = stage.Random.Next(4) == 0 ? ["expert"] : ["factsClear", "rightsClear", "disputeSmall"] },
            },
            ct
        );
        foreach (var (kind, title) in new[] { ("complaint", "民事起诉状"), ("identity", "身份证明"), ("evidence", "证据材料") })
            await PaperAsync(services, taken.Id, kind, title, ct);
        var fate = stage.Random.Next(10);
        if (fate == 0)
            await mediator.Send(new ReturnFiling { Id = taken.Id, Missing = ["被告的身份信息", "证据目录"] }, ct);
        else if (fate == 1)
            await mediator.Send(
                new RefuseFiling
                {
                    Id = taken.Id,
                    Reason = "不属于本院管辖，告知向有管辖权的法院起诉",
                    Complaint = "可以向上一级人民法院投诉，电话 12368。",
                },
                ct
            );
        else if (fate > 2 || court == Yanji)
            await mediator.Send(new RegisterFiling { Id = taken.Id, Reason = "材料齐全" }, ct);
        if (fate <= 1 || (fate == 2 && court != Yanji))
            return;
        var later = at.AddHours(3);
        if (later < stage.End && fate < 7 && Suitability.IsSuitable("civil", "民初", cause))
            stage.At(later, login, (s, c) => MediateAsync(stage, s, taken.Id, later, c));
        else if (later < stage.End)
            stage.At(later, login, (s, c) => AllotAsync(s, taken.Id, true, c));
    }

    private static async Task PaperAsync(IServiceProvider services, long filing, string kind, string title, CancellationToken ct)
    {
        using var pdf = new MemoryStream(PlainPaper.Of(title, [$"收件 {filing}", "演示材料，不是真实文书。"]));
        var blob = await services.GetRequiredService<BlobStore>().WriteAsync(pdf, 1 << 20, ct);
        await services
            .GetRequiredService<IMediator>()
            .Send(
                new AddPaper
                {
                    FilingId = filing,
                    Kind = kind,
                    Title = title,
                    Blob = blob,
                    Pages = 1,
                },
                ct
            );
    }

    private static async Task AllotAsync(IServiceProvider services, long filing, bool pays, CancellationToken ct)
    {
        var mediator = services.GetRequiredService<IMediator>();
        var code = await services
            .GetRequiredService<Db>()
            .FirstAsync<string>("SELECT code FROM triage_bill WHERE filing_id = @filing AND state = 'open'", new { filing }, ct);
        var amount = await services
            .GetRequiredService<Db>()
            .ScalarAsync<long>("SELECT COALESCE(SUM(amount), 0) FROM triage_bill WHERE filing_id = @filing AND state = 'open'", new { filing }, ct);
        if (pays && code is not null && amount > 0)
            await mediator.Send(
                new ReceivePayment
                {
                    Code = code,
                    Amount = amount / 100m,
                    Reference = $"演示{filing}",
                },
                ct
            );
        await mediator.Send(new AllotCase { FilingId = filing }, ct);
    }

    private async Task MediateAsync(IDemoStage stage, IServiceProvider services, long filing, DateTimeOffset at, CancellationToken ct)
    {
        var mediator = services.GetRequiredService<IMediator>();
        var login = services.GetRequiredService<Kernel.Security.Actor>().Login;
        var id = await mediator.Send(new BeginMediation { FilingId = filing }, ct);
        if (stage.Random.Next(5) == 0)
        {
            await mediator.Send(new RecordConsent { Id = id, Agrees = false }, ct);
            await AllotAsync(services, filing, false, ct);
            return;
        }
        await mediator.Send(new RecordConsent { Id = id, Agrees = true }, ct);
        var named = await mediator.Send(new AssignMediator { Id = id }, ct);
        var answered = at.AddHours(20);
        if (answered < stage.End && stage.Random.Next(8) > 0)
            stage.At(answered, null, (s, c) => s.GetRequiredService<IMediator>().Send(new ActByLink { Token = named.Token, Act = "accept" }, c));
        else
            return;
        if (answered.AddHours(2) < stage.End && mediations++ % 4 == 0)
            stage.At(answered.AddHours(2), login, (s, c) => EvaluateAsync(stage, s, id, login, c));
        var ended = at.AddDays(5);
        if (ended < stage.End)
            stage.At(
                ended,
                login,
                async (s, c) =>
                {
                    if ((await s.GetRequiredService<IMediator>().Send(new ShowMediation { Id = id }, c)).Row.State != MediationState.Running)
                        return;
                    var fails = stage.Random.Next(3) == 0;
                    await s.GetRequiredService<IMediator>()
                        .Send(
                            new EndMediation
                            {
                                Id = id,
                                Outcome = fails ? "failed" : "withdrawn",
                                Reason = fails ? "双方分歧较大" : "双方和解，原告撤诉",
                            },
                            c
                        );
                    if (fails)
                        await AllotAsync(s, filing, false, c);
                }
            );
    }

    // a lawyer gives a neutral opinion; the first such mediation has it, the later ones wait for it
    private async Task EvaluateAsync(IDemoStage stage, IServiceProvider services, long id, string login, CancellationToken ct)
    {
        var row = (await services.GetRequiredService<IMediator>().Send(new ShowMediation { Id = id }, ct)).Row;
        var evaluator = await services
            .GetRequiredService<Db>()
            .ScalarAsync<long>(
                "SELECT COALESCE(MIN(id), 0) FROM triage_mediator WHERE court_id = @CourtId AND evaluator = 1 AND active = 1 AND id <> @mediator",
                new { row.CourtId, mediator = row.MediatorId ?? 0 },
                ct
            );
        if (row.State != MediationState.Running || evaluator == 0)
            return;
        await services
            .GetRequiredService<IMediator>()
            .Send(
                new AskEvaluation
                {
                    Id = id,
                    Evaluators = [evaluator],
                    Question = "演示：买卖合同没有约定违约金，逾期付款的损失怎样计算？",
                },
                ct
            );
        var given = services.GetRequiredService<TimeProvider>().GetUtcNow().AddDays(2);
        if (given >= stage.End || opinion)
            return;
        opinion = true;
        stage.At(
            given,
            login,
            (s, c) =>
                s.GetRequiredService<IMediator>()
                    .Send(
                        new GiveOpinion
                        {
                            Id = id,
                            EvaluatorId = evaluator,
                            Opinion = "演示：可以参照贷款市场报价利率加收计算；本意见不作为证据。",
                        },
                        c
                    )
        );
    }

    private static async Task ContactAsync(IDemoStage stage, IServiceProvider services, int n, DateTimeOffset at, CancellationToken ct)
    {
        var mediator = services.GetRequiredService<IMediator>();
        string[] all = ["guidance", "inquiry", "appointment", "payment", "copies", "complaint", "reading", "mediation", "address", "filing"];
        var service = all[n % all.Length];
        var here = services.GetRequiredService<Kernel.Security.Actor>().Login == "registrar";
        var away = n % 3 == 0;
        var taken = await mediator.Send(
            new TakeContact
            {
                Service = service,
                Channel = n % 2 == 0 ? "counter" : "call",
                Court = away
                    ? here
                        ? Yanji
                        : Wangqing
                    : "",
                Person = Name(stage),
                Phone = "13900000003",
                CaseNumber = Services.NeedsCase(service) ? $"（{at.Year}）吉2424民初1号" : "",
                Words = "演示：请答复办理进度",
            },
            ct
        );
        var doer = away == here ? "clerk-yanji" : "registrar";
        var later = at.AddHours(4);
        if (later < stage.End && n > 0)
            stage.At(
                later,
                doer,
                async (s, c) =>
                {
                    await s.GetRequiredService<IMediator>().Send(new FinishContact { Id = taken.Id, Answer = "已核实并答复当事人。" }, c);
                    await s.GetRequiredService<IMediator>().Send(new MarkContact { Id = taken.Id, Mark = 4 + (n % 2) }, c);
                }
            );
    }

    private static async Task CrossAsync(IDemoStage stage, IServiceProvider services, CancellationToken ct)
    {
        var mediator = services.GetRequiredService<IMediator>();
        var here = services.GetRequiredService<Kernel.Security.Actor>().Login == "registrar";
        var taken = await mediator.Send(
            new TakeCrossFiling
            {
                Court = here ? Yanji : Wangqing,
                Checked = [.. CrossRules.Checks.Keys],
                Filing = new TakeFiling
                {
                    Cause = "买卖合同纠纷",
                    Claims = [new ClaimIn { Type = "money", Amount = 26_000m }],
                    Parties =
                    [
                        new PartyIn
                        {
                            Name = Name(stage) + "甲",
                            Role = "原告",
                            Phone = "13900000004",
                        },
                        new PartyIn { Name = Name(stage) + "乙", Role = "被告" },
                    ],
                },
            },
            ct
        );
        await PaperAsync(services, taken.Id, "complaint", "民事起诉状", ct);
        await mediator.Send(new PassFiling { Id = taken.Id }, ct);
    }

    // the one who asks waits for an answer; the other is answered, registered and pays over the platform
    private static async Task OnlineAsync(IDemoStage stage, IServiceProvider services, bool submits, string asks, CancellationToken ct)
    {
        var mediator = services.GetRequiredService<IMediator>();
        var name = Name(stage) + "丙";
        var begun = await mediator.Send(
            new BeginDraft
            {
                Court = Wangqing,
                Topic = "loan",
                Name = name,
                IdNumber = "990101198001010014",
                Phone = "13900000005",
                Amount = 18_000m,
            },
            ct
        );
        if (begun.NeedsCode)
            return; // a court that sends codes has no demo person to read them
        await mediator.Send(
            new SaveDraft
            {
                Token = begun.Token,
                Cause = "民间借贷纠纷",
                Parties =
                [
                    new PartyIn
                    {
                        Name = name,
                        Role = "原告",
                        IdNumber = "990101198001010014",
                        Phone = "13900000005",
                    },
                    new PartyIn { Name = Name(stage) + "丁", Role = "被告" },
                ],
                Claims =
                [
                    new ClaimIn
                    {
                        Type = "money",
                        Amount = 18_000m,
                        Words = "归还借款",
                    },
                ],
                Words = "演示：借款到期未还。",
            },
            ct
        );
        if (!submits)
            return;
        await mediator.Send(new SubmitDraft { Token = begun.Token, Vouched = true }, ct);
        if (asks.Length > 0)
        {
            stage.At(stage.End.AddHours(-6), null, (s, c) => s.GetRequiredService<IMediator>().Send(new WriteToCourt { Token = begun.Token, Words = asks }, c));
            return;
        }
        stage.At(
            stage.End.AddHours(-7),
            null,
            (s, c) => s.GetRequiredService<IMediator>().Send(new WriteToCourt { Token = begun.Token, Words = "借条原件什么时候交？" }, c)
        );
        stage.At(
            stage.End.AddHours(-6.5),
            "registrar",
            async (s, c) =>
            {
                var id = await s.GetRequiredService<Db>()
                    .ScalarAsync<long>(
                        "SELECT COALESCE(MAX(filing_id), 0) FROM triage_public_letter l JOIN triage_public_filing p ON p.id = l.public_id WHERE "
                            + "l.side = 'in' AND p.filing_id IS NOT NULL",
                        null,
                        c
                    );
                await s.GetRequiredService<IMediator>().Send(new AnswerFiler { Id = id, Words = "立案先看照片；开庭时带借条原件核对。" }, c);
                await s.GetRequiredService<IMediator>().Send(new RegisterFiling { Id = id, Reason = "材料已在线核对" }, c);
                stage.At(stage.End.AddHours(-6), null, (after, t) => PayOnlineAsync(after, id, t));
                stage.At(stage.End.AddHours(-5.5), "registrar", (after, t) => after.GetRequiredService<IMediator>().Send(new AllotCase { FilingId = id }, t));
            }
        );
    }

    private static async Task PayOnlineAsync(IServiceProvider services, long filing, CancellationToken ct)
    {
        var bill = await services
            .GetRequiredService<Db>()
            .FirstAsync<Bill>($"SELECT {FeeLedger.Columns} FROM triage_bill b WHERE b.filing_id = @filing", new { filing }, ct);
        if (bill is not null)
            await services
                .GetRequiredService<IMediator>()
                .Send(
                    new PayByGateway
                    {
                        Code = bill.Code,
                        Amount = bill.Amount / 100m,
                        Reference = $"演示平台{bill.Code}",
                    },
                    ct
                );
    }

    private static async Task TransferAsync(IServiceProvider services, CancellationToken ct)
    {
        var today = Times.Day(services.GetRequiredService<TimeProvider>().GetUtcNow());
        await services
            .GetRequiredService<IMediator>()
            .Send(
                new TakeTransfer
                {
                    Type = "prosecution",
                    Sender = "汪清县人民检察院",
                    Letter = "演示〔1〕号",
                    Filing = new TakeFiling
                    {
                        Kind = "criminal",
                        Cause = "盗窃",
                        Parties = [new PartyIn { Name = "汪清县人民检察院", Role = "公诉机关" }, new PartyIn { Name = "被告人某子", Role = "被告人" }],
                        Facts = new FilingFacts { Ticks = ["pleads", "agreesProcedure", "factsClear", "settledCivil"], MaxSentenceMonths = 10 },
                    },
                    Items =
                    [
                        new TransferItem { Item = "paper", Title = "起诉书" },
                        new TransferItem
                        {
                            Item = "volume",
                            Title = "证据卷一",
                            Amount = 168,
                        },
                        new TransferItem
                        {
                            Item = "exhibit",
                            Title = "作案工具",
                            Amount = 2,
                            Place = "赃物室",
                        },
                    ],
                    Accused =
                    [
                        new CustodyIn
                        {
                            Name = "被告人某子",
                            Measure = "detained",
                            SinceOn = today.AddDays(-60),
                            UntilOn = today.AddDays(24),
                            Place = "看守所",
                        },
                    ],
                },
                ct
            );
    }

    // one of the series is tried, the others wait for it
    private static async Task SeriesAsync(IDemoStage stage, IServiceProvider services, CancellationToken ct)
    {
        var mediator = services.GetRequiredService<IMediator>();
        var lines = string.Join('\n', Enumerable.Range(1, 12).Select(i => $"业主{i},,,{1200 + (i * 10)},支付物业费"));
        var taken = await mediator.Send(
            new TakeSeries
            {
                Cause = "物业服务合同纠纷",
                Claimant = new PartyIn { Name = "虚构物业服务有限公司" },
                Lines = lines,
                Ticks = ["factsClear", "rightsClear", "disputeSmall"],
            },
            ct
        );
        await mediator.Send(new RegisterSeries { Id = taken.Id }, ct);
        var at = services.GetRequiredService<TimeProvider>().GetUtcNow();
        stage.At(
            at.AddHours(1),
            null,
            async (s, c) =>
            {
                while (await s.GetRequiredService<IMediator>().Send(new RegisterSeriesChunk { Id = taken.Id }, c) > 0) { }
            }
        );
        stage.At(
            at.AddHours(2),
            "clerk-yanji",
            async (s, c) =>
            {
                var model = await s.GetRequiredService<Db>()
                    .ScalarAsync<long>(
                        "SELECT COALESCE(MIN(filing_id), 0) FROM triage_series_case WHERE series_id = @Id AND stage = 'registered'",
                        new { taken.Id },
                        c
                    );
                if (model > 0)
                    await s.GetRequiredService<IMediator>()
                        .Send(
                            new ChooseModel
                            {
                                Id = taken.Id,
                                FilingId = model,
                                WakeOn = Times.Day(at).AddDays(60),
                            },
                            c
                        );
            }
        );
    }
}
