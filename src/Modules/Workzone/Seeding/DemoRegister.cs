using System.Globalization;
using System.Text;
using CourtOps.Kernel.Data;
using CourtOps.Kernel.Modules;
using CourtOps.Kernel.Security;
using CourtOps.Kernel.Web;
using CourtOps.Workzone.CaseChanges;
using CourtOps.Workzone.Cases;
using CourtOps.Workzone.Inspections;
using CourtOps.Workzone.Register;
using MediatR;
using Microsoft.Extensions.DependencyInjection;

namespace CourtOps.Workzone.Seeding;

/// <summary>Two editions of causes, panels, related and marked cases, a list of changes, something that the inspection found and somebody corrected.</summary>
internal sealed class DemoRegister : IDemoStory
{
    private const string Older =
        "类型,代码,名称,上级代码\n民事,M0103,民间借贷纠纷,\n民事,M0104,买卖合同纠纷,\n民事,M0105,物业服务合同纠纷,\n民事,M0106,追偿权纠纷,\n民事,M0107,建设工程施工合同纠纷,\n民事,M0108,劳务合同纠纷,\n"
        + "民事,M0109,房屋租赁合同纠纷,\n民事,M0201,离婚纠纷,\n民事,M0301,机动车交通事故责任纠纷,\n民事,M0302,健康权纠纷,\n";

    public Task TellAsync(IDemoStage stage, CancellationToken ct)
    {
        var end = Times.Day(stage.End);
        long judged = 0;
        stage.At(stage.End.AddDays(-75), null, async (s, c) => judged = await ProsecutedAsync(s, 901, "盗窃罪", "被告人某丁", null, c));
        stage.At(stage.End.AddDays(-40), null, (s, c) => SentencedAsync(s, judged, c));
        // whose custody ends within the days that a court is warned of, and whose has a while
        stage.At(stage.End.AddDays(-50), null, (s, c) => ProsecutedAsync(s, 902, "诈骗罪", "被告人某戊", end.AddDays(8), c));
        stage.At(stage.End.AddDays(-9), null, (s, c) => ProsecutedAsync(s, 903, "故意伤害罪", "被告人某己", end.AddDays(80), c));
        stage.At(stage.End.AddDays(-6), "sysadmin", (s, c) => CausesAsync(s, c));
        stage.At(stage.End.AddDays(-2), "judge", (s, c) => RegisterAsync(s, c));
        stage.At(stage.End.AddDays(-1), "registrar", (s, c) => ChangesAsync(s, stage.End, c));
        return Task.CompletedTask;
    }

    // what a prosecutor brought, with the accused and until when they are held
    private static async Task<long> ProsecutedAsync(IServiceProvider services, int serial, string cause, string accused, DateOnly? until, CancellationToken ct)
    {
        var (db, register) = (services.GetRequiredService<Db>(), services.GetRequiredService<ICaseRegister>());
        var today = Times.Day(services.GetRequiredService<TimeProvider>().GetUtcNow());
        var court = (
            await db.FirstAsync<Home>("SELECT id, code FROM workzone_court WHERE id = (SELECT court_id FROM workzone_person WHERE login = 'judge')", null, ct)
        )!;
        var judge = await db.ScalarAsync<long>("SELECT id FROM workzone_person WHERE login = 'judge'", null, ct);
        await db.BeginAsync(ct);
        var id = await register.RegisterAsync(
            new NewCase
            {
                Number = $"（{today.Year}）{court.Code}刑初{serial}号",
                CourtId = court.Id,
                Kind = "criminal",
                Cause = cause,
                Procedure = "CR-1",
                FiledOn = today,
                Parties =
                [
                    new NewParty
                    {
                        Name = "汪清县人民检察院",
                        Role = "公诉机关",
                        Type = "other",
                    },
                    new NewParty
                    {
                        Name = accused,
                        Role = "被告人",
                        Type = "natural",
                    },
                ],
                CustodyUntil = until,
                Source = "demo",
            },
            ct
        );
        await register.ProsecutionAsync(
            id,
            new Prosecution
            {
                Office = "汪清县人民检察院",
                Number = $"汪检刑诉〔{today.Year}〕{serial}号",
                Volumes = 2,
                Custody = until is null ? [] : [new AccusedCustody(accused, until, "汪清县看守所")],
            },
            ct
        );
        await register.AllotAsync(id, judge, today, ct);
        await db.CommitAsync(ct);
        return id;
    }

    private static async Task SentencedAsync(IServiceProvider services, long id, CancellationToken ct)
    {
        var db = services.GetRequiredService<Db>();
        await db.BeginAsync(ct);
        await services
            .GetRequiredService<ICaseRegister>()
            .CloseAsync(id, "judgment", Times.Day(services.GetRequiredService<TimeProvider>().GetUtcNow()), ct: ct);
        await db.CommitAsync(ct);
    }

    private sealed record Home
    {
        public long Id { get; init; }
        public string Code { get; init; } = "";
    }

    private static async Task CausesAsync(IServiceProvider services, CancellationToken ct)
    {
        var mediator = services.GetRequiredService<IMediator>();
        await mediator.Send(
            new ImportCauses
            {
                Edition = "2020 年版（演示）",
                FromOn = new DateOnly(2021, 1, 1),
                Text = Older,
            },
            ct
        );
        await mediator.Send(new ImportCauses { Shipped = true }, ct);
    }

    private static async Task RegisterAsync(IServiceProvider services, CancellationToken ct)
    {
        var (db, mediator, me) = (services.GetRequiredService<Db>(), services.GetRequiredService<IMediator>(), services.GetRequiredService<Actor>().Id);
        var cases = await db.PageAsync<Row>(
            """
            SELECT id, number, filed_on
            FROM workzone_case
            WHERE state = 'open' AND judge_id = @me AND procedure_code = 'MC-ORD'
            ORDER BY filed_on DESC, id DESC
            """,
            new { me },
            4,
            ct
        );
        var other = await db.FirstAsync<long?>("SELECT id FROM workzone_person WHERE login = 'judge2'", null, ct);
        var leader = await db.FirstAsync<long?>("SELECT id FROM workzone_person WHERE login = 'leader'", null, ct);
        if (cases.Count < 2 || other is null || leader is null)
            return;
        foreach (var c in cases.Take(2))
            await mediator.Send(
                new SavePanel
                {
                    CaseId = c.Id,
                    FromOn = c.FiledOn,
                    PresiderId = me,
                    MemberIds = [other.Value],
                    Assessors = "演示陪审员",
                    Reason = "普通程序",
                },
                ct
            );
        await mediator.Send(
            new LinkCase
            {
                CaseId = cases[0].Id,
                Number = cases[1].Number,
                Kind = "series",
                Note = "同一批合同",
            },
            ct
        );
        await mediator.Send(
            new MarkCase
            {
                CaseId = cases[0].Id,
                Marks = ["mass"],
                WatcherIds = [leader.Value],
                Reason = "涉及多名业主",
            },
            ct
        );
        var party = await db.FirstAsync<long?>("SELECT MIN(id) FROM workzone_party WHERE case_id = @Id", new { cases[1].Id }, ct);
        await mediator.Send(
            new SaveAgent
            {
                PartyId = party!.Value,
                Name = "演示代理人",
                Type = "近亲属",
                Phone = "13900000000",
            },
            ct
        );
        await mediator.Send(
            new CorrectCase
            {
                CaseId = cases[1].Id,
                Amount = 88_000m,
                Reason = "按起诉状更正标的额",
            },
            ct
        );
    }

    private static async Task ChangesAsync(IServiceProvider services, DateTimeOffset end, CancellationToken ct)
    {
        var db = services.GetRequiredService<Db>();
        var today = Times.Day(end).AddDays(-1);
        var rows = await db.PageAsync<Row>(
            """
            SELECT id, number, filed_on
            FROM workzone_case
            WHERE state = 'open' AND judge_id IS NOT NULL AND kind = 'civil' AND filed_on < @today AND sealed = 0
            ORDER BY filed_on, id
            """,
            new { today },
            6,
            ct
        );
        var text = new StringBuilder("案号,事件,日期,细项,标识,法官,合议庭成员,人民陪审员,说明\n");
        foreach (var c in rows)
            text.Append(CultureInfo.InvariantCulture, $"{c.Number},变更诉讼请求,{today:yyyy-MM-dd},,claims-{c.Id},,,,增加利息请求\n");
        text.Append(CultureInfo.InvariantCulture, $"（{today.Year}）吉2424民初999999号,开庭,{today:yyyy-MM-dd},,wait-1,,,,案件还没有导入\n");
        await services.GetRequiredService<IMediator>().Send(new TakeChanges { FileName = "演示变动.csv", Text = text.ToString() }, ct);
    }

    private sealed record Row
    {
        public long Id { get; init; }
        public string Number { get; init; } = "";
        public DateOnly FiledOn { get; init; }
    }
}
