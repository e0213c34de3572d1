using System.Globalization;
using System.Text;
using CourtOps.Kernel.Data;
using CourtOps.Kernel.Files;
using CourtOps.Kernel.Messaging;
using CourtOps.Kernel.Modules;
using CourtOps.Kernel.Web;
using CourtOps.Workzone.Cases;
using CourtOps.Workzone.Documents;
using CourtOps.Workzone.Imports;
using CourtOps.Workzone.People;
using MediatR;
using Microsoft.Extensions.DependencyInjection;

namespace CourtOps.Workzone.Seeding;

/// <summary>About three hundred cases over fourteen months: they come in by lists, get papers, most are closed again; people go on leave.</summary>
internal sealed class DemoCases : IDemoStory
{
    private const int Months = 14;
    private const int PerMonth = 22;

    private static readonly string[] Causes =
    [
        "民间借贷纠纷",
        "买卖合同纠纷",
        "机动车交通事故责任纠纷",
        "离婚纠纷",
        "物业服务合同纠纷",
        "追偿权纠纷",
        "建设工程施工合同纠纷",
        "劳务合同纠纷",
        "房屋租赁合同纠纷",
        "健康权纠纷",
    ];

    private static readonly string[] Claimants =
    [
        "张某甲",
        "李某甲",
        "赵某庚",
        "金某辛",
        "汪清某农资经营部",
        "朴某甲",
        "许某壬",
        "崔某甲",
        "延边某商贸有限公司",
        "全某己",
    ];
    private static readonly string[] Defendants =
    [
        "王某乙",
        "朴某丙",
        "尹某己",
        "延边某建材有限公司",
        "许某乙",
        "金某戊",
        "某劳务有限公司",
        "姜某丁",
        "郑某庚",
    ];
    private static readonly string[] Judges = ["李测试", "林虚构"];

    public Task TellAsync(IDemoStage stage, CancellationToken ct)
    {
        var serial = new Dictionary<int, int>();
        for (var month = stage.Small ? 0 : Months - 1; month >= 0; month--)
        {
            var day = Times.Day(stage.End).AddMonths(-month).AddDays(-1);
            var at = Times.Start(day).AddHours(8.6);
            var list = List(stage.Random, day, serial, month == 0);
            stage.At(at, "registrar", (s, c) => ImportAsync(s, list, c));
            foreach (var after in new[] { 25, 40, 55, 75, 100, 130, 160 })
                if (at.AddDays(after) < stage.End)
                    stage.At(at.AddDays(after), null, (s, c) => CloseAsync(s, day, stage.Random, c));
        }
        if (stage.Small)
            return Task.CompletedTask;
        stage.At(stage.End.AddDays(-3), "clerk2", (s, c) => LeaveAsync(s, null, "clerk", -1, 4, "年休假", stage.End, c));
        stage.At(stage.End.AddDays(-2), "judge2", (s, c) => LeaveAsync(s, null, null, 5, 9, "培训", stage.End, c));
        stage.At(stage.End.AddHours(-2), null, (s, c) => s.GetRequiredService<Supervision.RaiseSlips>().RunAsync(c));
        Supervised(stage);
        // who works every day has read the bell
        foreach (var login in new[] { "judge", "judge2", "registrar", "archivist", "scheduler", "executor", "clerk" })
            stage.At(stage.End.AddDays(-4), login, (s, c) => s.GetRequiredService<IMediator>().Send(new Notices.ReadNotices(), c));
        stage.At(stage.End.AddDays(-20), "judge", (s, c) => PapersAsync(s, 40, c));
        return Task.CompletedTask;
    }

    // slips by hand in each state, an extension granted and one that waits, a deduction with its paper
    private static void Supervised(IDemoStage stage)
    {
        stage.At(stage.End.AddDays(-6), "leader", (s, c) => SlipAsync(s, 0, Supervision.SlipKinds.Prompt, "本案受理后尚未开庭，请安排开庭并说明计划。", c));
        stage.At(stage.End.AddDays(-6).AddHours(3), "judge", (s, c) => AnswerAsync(s, "拟于下周三开庭，传票已请送达中心送达。", c));
        stage.At(stage.End.AddDays(-5), "leader", (s, c) => AcceptAsync(s, c));
        stage.At(stage.End.AddDays(-4), "leader", (s, c) => SlipAsync(s, 1, Supervision.SlipKinds.Urge, "当事人反映联系不上承办人，请核实并回复。", c));
        stage.At(stage.End.AddDays(-4).AddHours(5), "judge", (s, c) => AnswerAsync(s, "已与当事人通话，约定材料补交时间。", c));
        stage.At(stage.End.AddHours(-5), "leader", (s, c) => SlipAsync(s, 2, Supervision.SlipKinds.Prompt, "请核对本案适用程序，必要时提出转换。", c));
        stage.At(stage.End.AddDays(-12), "judge", (s, c) => ClockAsync(s, 0, deduct: true, c));
        stage.At(stage.End.AddDays(-9), "judge", (s, c) => ClockAsync(s, 1, deduct: false, c));
        stage.At(stage.End.AddDays(-8), "leader", (s, c) => DecideAsync(s, c));
        stage.At(stage.End.AddDays(-1), "judge", (s, c) => ClockAsync(s, 2, deduct: false, c));
    }

    private static async Task SlipAsync(IServiceProvider services, int n, string kind, string words, CancellationToken ct)
    {
        var judge = await services.GetRequiredService<Db>().ScalarAsync<long>("SELECT id FROM workzone_person WHERE login = 'judge'", null, ct);
        var cases = await OldestAsync(services, judge, ct);
        if (cases.Count > n)
            await services
                .GetRequiredService<IMediator>()
                .Send(
                    new Supervision.SendSlip
                    {
                        Kind = kind,
                        CaseId = cases[n].Id,
                        Words = words,
                    },
                    ct
                );
    }

    private static async Task AnswerAsync(IServiceProvider services, string words, CancellationToken ct)
    {
        var mediator = services.GetRequiredService<IMediator>();
        foreach (var slip in (await mediator.Send(new Supervision.ListSlips(), ct)).Rows.Where(s => s.FromId != 0 && s.State == Supervision.SlipRules.Sent))
        {
            await mediator.Send(new Supervision.ActOnSlip { Id = slip.Id, Act = "receive" }, ct);
            await mediator.Send(
                new Supervision.ActOnSlip
                {
                    Id = slip.Id,
                    Act = "answer",
                    Words = words,
                },
                ct
            );
        }
    }

    private static async Task AcceptAsync(IServiceProvider services, CancellationToken ct)
    {
        var mediator = services.GetRequiredService<IMediator>();
        foreach (
            var slip in (await mediator.Send(new Supervision.ListSlips { View = "from-me" }, ct)).Rows.Where(s => s.State == Supervision.SlipRules.Answered)
        )
            await mediator.Send(new Supervision.ActOnSlip { Id = slip.Id, Act = "accept" }, ct);
    }

    // the paper comes with what it is the evidence of
    private static async Task ClockAsync(IServiceProvider services, int n, bool deduct, CancellationToken ct)
    {
        var me = services.GetRequiredService<Kernel.Security.Actor>().Id;
        var cases = await OldestAsync(services, me, ct);
        if (cases.Count <= n)
            return;
        var today = Times.Day(services.GetRequiredService<TimeProvider>().GetUtcNow());
        var paper = await PaperAsync(services, cases[n], deduct ? "鉴定委托书" : "延长审限报告", ct);
        var mediator = services.GetRequiredService<IMediator>();
        if (deduct)
            await mediator.Send(
                new DeductTime
                {
                    CaseId = cases[n].Id,
                    Code = "D-JD",
                    From = today.AddDays(-1),
                    DocumentId = paper,
                    Reason = "委托工程质量鉴定",
                },
                ct
            );
        else
            await mediator.Send(
                new AskExtension
                {
                    CaseId = cases[n].Id,
                    N = 6,
                    DocumentId = paper,
                    Reason = "案情复杂，需要补充调查",
                },
                ct
            );
    }

    private static async Task DecideAsync(IServiceProvider services, CancellationToken ct)
    {
        var waits = await services.GetRequiredService<Db>().QueryAsync<long>("SELECT id FROM workzone_extension WHERE state = 'asked' ORDER BY id", null, ct);
        foreach (var id in waits)
            await services.GetRequiredService<IMediator>().Send(new DecideExtension { Id = id, Granted = true }, ct);
    }

    // of the ordinary procedure, which an extension of six months belongs to, and in time to ask for one
    private static Task<IReadOnlyList<CaseCard>> OldestAsync(IServiceProvider services, long judge, CancellationToken ct) =>
        services
            .GetRequiredService<Db>()
            .PageAsync<CaseCard>(
                "SELECT id, number, cause, parties_text FROM workzone_case WHERE state = 'open' AND judge_id = @judge AND procedure_code = 'MC-ORD' AND "
                    + "clock_last_apply > @soon ORDER BY filed_on, id",
                new { judge, soon = Times.Day(services.GetRequiredService<TimeProvider>().GetUtcNow()).AddDays(3) },
                5,
                ct
            );

    private static async Task<long> PaperAsync(IServiceProvider services, CaseCard c, string title, CancellationToken ct)
    {
        var db = services.GetRequiredService<Db>();
        using var paper = new MemoryStream(PlainPaper.Of(title, [$"案号：{c.Number}", $"案由：{c.Cause}", "（演示材料，内容为虚构。）"]));
        var blob = await services.GetRequiredService<BlobStore>().WriteAsync(paper, 1_000_000, ct);
        await db.BeginAsync(ct);
        var card = await services
            .GetRequiredService<IDocuments>()
            .AddAsync(
                new NewDocument
                {
                    CaseId = c.Id,
                    Kind = "other",
                    Title = title,
                    Blob = blob,
                    Pages = 1,
                    Source = "审限",
                },
                ct
            );
        await db.CommitAsync(ct);
        return card.Id;
    }

    private static async Task ImportAsync(IServiceProvider services, string list, CancellationToken ct)
    {
        var import = services.GetRequiredService<ICaseImport>();
        using var csv = new MemoryStream(Encoding.UTF8.GetBytes(list));
        var (id, _) = await import.BeginAsync(new CaseList(csv, "演示案件.csv", "csv"), ct);
        await import.RunAsync(id, ct);
    }

    // at each look two of five of the month's open cases end, and whatever would run over its limit but for one in eight
    private static async Task CloseAsync(IServiceProvider services, DateOnly filedUntil, Random random, CancellationToken ct)
    {
        var db = services.GetRequiredService<Db>();
        var cases = services.GetRequiredService<ICaseRegister>();
        var today = Times.Day(services.GetRequiredService<TimeProvider>().GetUtcNow());
        var old = await db.QueryAsync<Open>(
            "SELECT id, clock_end FROM workzone_case WHERE state = 'open' AND kind = 'civil' AND judge_id IS NOT NULL AND filed_on > @from AND "
                + "filed_on <= @filedUntil ORDER BY id",
            new { filedUntil, from = filedUntil.AddDays(-31) },
            ct
        );
        string[] hows = ["judgment", "judgment", "judgment", "mediation", "mediation", "withdrawn", "ruling"];
        await db.BeginAsync(ct);
        foreach (var c in old)
            if (random.Next(5) < 2 || (c.ClockEnd < today.AddDays(28) && random.Next(8) > 0))
                await cases.CloseAsync(c.Id, hows[random.Next(hows.Length)], today, ct: ct);
        await db.CommitAsync(ct);
    }

    private sealed record Open
    {
        public long Id { get; init; }
        public DateOnly? ClockEnd { get; init; }
    }

    private static Task LeaveAsync(
        IServiceProvider services,
        string? login,
        string? deputy,
        int from,
        int until,
        string reason,
        DateTimeOffset end,
        CancellationToken ct
    ) =>
        services
            .GetRequiredService<IMediator>()
            .Send(
                new SaveAbsence
                {
                    Login = login,
                    From = Times.Day(end).AddDays(Math.Max(0, from)),
                    Until = Times.Day(end).AddDays(until),
                    Deputy = deputy,
                    Reason = reason,
                },
                ct
            );

    /// <summary>The complaint of the newest cases of a judge.</summary>
    private static async Task PapersAsync(IServiceProvider services, int most, CancellationToken ct)
    {
        var db = services.GetRequiredService<Db>();
        var documents = services.GetRequiredService<IDocuments>();
        var blobs = services.GetRequiredService<BlobStore>();
        var me = services.GetRequiredService<Kernel.Security.Actor>().Id;
        foreach (
            var c in await db.PageAsync<CaseCard>(
                "SELECT id, number, cause, parties_text FROM workzone_case WHERE state = 'open' AND judge_id = @me ORDER BY filed_on DESC, id DESC",
                new { me },
                most,
                ct
            )
        )
        {
            using var paper = new MemoryStream(PlainPaper.Of("民事起诉状", Complaint(c)));
            var blob = await blobs.WriteAsync(paper, 1_000_000, ct);
            await db.BeginAsync(ct);
            await documents.AddAsync(
                new NewDocument
                {
                    CaseId = c.Id,
                    Kind = "complaint",
                    Title = $"民事起诉状（{c.PartiesText.Split('诉')[0]}）",
                    Blob = blob,
                    Pages = 1,
                    Source = "立案材料",
                },
                ct
            );
            await db.CommitAsync(ct);
        }
    }

    private static string[] Complaint(CaseCard c) =>
        [
            $"案号：{c.Number}",
            $"案由：{c.Cause}",
            $"当事人：{c.PartiesText}",
            "",
            "诉讼请求：",
            "一、判令被告支付欠款及利息；",
            "二、本案诉讼费用由被告负担。",
            "",
            "事实与理由：",
            "（演示材料，内容为虚构。）",
            "",
            "此致",
            "汪清县人民法院",
        ];

    private static string List(Random random, DateOnly until, Dictionary<int, int> serial, bool newest)
    {
        var text = new StringBuilder(
            "案号,法院,案由,立案日期,适用程序,标的额,承办法官,分案日期,当事人,诉讼地位,当事人类型,证件号码,电话,电子邮箱,电子送达,语言,代理人,代理人类型,代理人电话\n"
        );
        foreach (var filed in Enumerable.Range(0, PerMonth).Select(_ => until.AddDays(-random.Next(0, 29))).Order())
        {
            var n = serial[filed.Year] = serial.GetValueOrDefault(filed.Year, 100) + 1 + random.Next(3);
            var (claimant, defendant) = (Claimants[random.Next(Claimants.Length)], Defendants[random.Next(Defendants.Length)]);
            var judge = newest && random.Next(6) == 0 ? "" : Judges[random.Next(Judges.Length)];
            var procedure = random.Next(10) switch
            {
                < 5 => "MC-SUM",
                < 8 => "MC-ORD",
                _ => "MC-SML",
            };
            var amount = (random.Next(5, 600) * 1000) + random.Next(1000);
            var shared = string.Create(
                CultureInfo.InvariantCulture,
                $"（{filed.Year}）吉2424民初{n}号,汪清县人民法院,{Causes[random.Next(Causes.Length)]},{filed:yyyy-MM-dd},{procedure},{amount},{judge},{(judge.Length > 0 ? $"{filed:yyyy-MM-dd}" : "")}"
            );
            text.Append(
                CultureInfo.InvariantCulture,
                $"{shared},{claimant},原告,{Type(claimant)},{Id(claimant, n)},1380{n % 10000:0000}{random.Next(1000):000},p{n}@party.example,同意,zh,孟律师（化名）,律师,1390000{n % 10000:0000}\n"
            );
            var korean = random.Next(6) == 0 ? "ko" : "zh";
            text.Append(
                CultureInfo.InvariantCulture,
                $"{shared},{defendant},被告,{Type(defendant)},{Id(defendant, n + 5000)},1590{n % 10000:0000}{random.Next(1000):000},{(random.Next(3) == 0 ? "" : $"d{n}@party.example")},{(random.Next(3) == 0 ? "提供" : "")},{korean},,,\n"
            );
        }
        return text.ToString();
    }

    private static bool IsLegal(string name) => name.EndsWith("公司", StringComparison.Ordinal) || name.EndsWith("经营部", StringComparison.Ordinal);

    private static string Type(string name) => IsLegal(name) ? "法人" : "自然人";

    private static string Id(string name, int n) => IsLegal(name) ? DemoId.Company(name) : DemoId.Of(n);
}

/// <summary>Id numbers of demo people: an area code that does not exist, so that no real person can have it, with a right check digit.</summary>
public static class DemoId
{
    private static readonly int[] Weights = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];

    private const string Signs = "0123456789ABCDEFGHJKLMNPQRTUWXY";

    /// <summary>The credit code of a demo company: the same for the same name, in that area, with a right check sign.</summary>
    public static string Company(string name)
    {
        var body = $"91990101MA{name.Aggregate(7, (h, c) => ((h * 31) + c) % 10_000_000):0000000}";
        return body + Signs.First(s => IdNumbers.IsCreditCode(body + s));
    }

    public static string Of(int n)
    {
        var body = string.Create(CultureInfo.InvariantCulture, $"990101{1960 + (n % 40)}{1 + (n % 12):00}{1 + (n % 28):00}{n % 1000:000}");
        return body + "10X98765432"[body.Select((c, i) => (c - '0') * Weights[i]).Sum() % 11];
    }
}
