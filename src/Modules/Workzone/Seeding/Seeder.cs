using System.Text.Json;
using CourtOps.Kernel.Data;
using CourtOps.Kernel.Messaging;
using CourtOps.Kernel.Security;
using CourtOps.Kernel.Web;
using CourtOps.Workzone.Calendars;
using CourtOps.Workzone.Cases;
using CourtOps.Workzone.Courts;
using CourtOps.Workzone.People;
using CourtOps.Workzone.Search;
using CourtOps.Workzone.WorkOrders;
using MediatR;

namespace CourtOps.Workzone.Seeding;

/// <summary>Makes people, cases and orders in bulk, for growth tests and demonstrations. Everything passes verify.</summary>
public interface ISeeder
{
    /// <summary>Courts and one account of each role; existing ones are left as they are.</summary>
    Task PeopleAsync(string? password, CancellationToken ct);

    Task<(int Cases, int Orders)> FillAsync(int cases, int orders, int seed, Action<string> tell, CancellationToken ct);

    /// <exception cref="NotFound">Nobody has this login.</exception>
    Task<DemoPerson> PersonAsync(string login, CancellationToken ct);
}

/// <summary>Who acts in a demo story.</summary>
public sealed record DemoPerson
{
    public long Id { get; init; }
    public string Stamp { get; init; } = "";
}

internal sealed class Seeder(
    Db db,
    Ids ids,
    TimeProvider clock,
    IMediator mediator,
    OrderTypes types,
    WorkingTime working,
    Kernel.Search.SearchChanges search,
    Supervision.CaseCounts counts
) : ISeeder
{
    private const string Court = "吉2424";
    private const string NumberType = "民初";

    internal static readonly (string Code, string Name)[] DemoCourts =
    [
        ("吉", "吉林省高级人民法院"),
        ("吉24", "延边朝鲜族自治州中级人民法院"),
        ("吉2401", "延吉市人民法院"),
        ("吉2424", "汪清县人民法院"),
    ];

    internal static readonly (string Login, string Name, string Court, string Division, string Team, string[] Roles)[] DemoPeople =
    [
        ("judge", "李测试", "吉2424", "民事审判庭", "李测试团队", [Roles.Judge]),
        ("judge2", "林虚构", "吉2424", "民事审判庭", "林虚构团队", [Roles.Judge]),
        ("assistant", "何样例", "吉2424", "民事审判庭", "李测试团队", [Roles.Assistant]),
        ("registrar", "沈虚拟", "吉2424", "立案庭", "", ["lead:triage"]),
        ("lead", "周示例", "吉2424", "集约中心", "", ["lead:service"]),
        ("clerk", "钱演示", "吉2424", "集约中心", "", ["clerk:service"]),
        ("clerk2", "孙范例", "吉2424", "集约中心", "", ["clerk:service"]),
        ("archivist", "吴样本", "吉2424", "集约中心", "", ["lead:cataloguing", "clerk:cataloguing"]),
        ("scheduler", "韩样张", "吉2424", "集约中心", "", ["lead:trial", "clerk:trial"]),
        ("executor", "秦示意", "吉2424", "集约中心", "", ["lead:enforcement", "clerk:enforcement"]),
        ("leader", "高样品", "吉2424", "院领导", "", [Roles.Leader]),
        ("judge-yanji", "郑范文", "吉2401", "民事审判庭", "", [Roles.Judge]),
        ("clerk-yanji", "冯试办", "吉2401", "集约中心", "", ["clerk:service", "lead:triage"]),
        ("checker", "范质检", "吉24", "审判管理办公室", "", [Roles.Checker]),
        ("sysadmin", "系统管理员", "吉24", "技术处", "", [Roles.SystemAdministrator]),
        ("secadmin", "安全管理员", "吉24", "技术处", "", [Roles.SecurityAdministrator]),
        ("secadmin2", "安全管理员二", "吉24", "技术处", "", [Roles.SecurityAdministrator]),
        ("auditor", "审计员", "吉24", "监察室", "", [Roles.Auditor]),
    ];

    private static readonly string[] Surnames = ["张", "王", "李", "赵", "金", "朴", "崔", "许", "尹", "姜", "郑", "全"];
    private static readonly string[] Given = ["某甲", "某乙", "某丙", "某丁", "某戊", "某己", "某庚", "某辛"];
    private static readonly string[] Causes =
    [
        "民间借贷纠纷",
        "买卖合同纠纷",
        "机动车交通事故责任纠纷",
        "离婚纠纷",
        "物业服务合同纠纷",
        "追偿权纠纷",
        "建设工程施工合同纠纷",
        "健康权纠纷",
    ];

    // one in five is open, as in a court at work
    private static readonly string[] OrderStates =
    [
        OrderState.Queued,
        OrderState.Assigned,
        OrderState.Accepted,
        OrderState.Feedback,
        .. Enumerable.Repeat(OrderState.Closed, 16),
    ];

    public async Task PeopleAsync(string? password, CancellationToken ct)
    {
        foreach (var (code, name) in DemoCourts)
            if (await db.ScalarAsync<int>("SELECT COUNT(*) FROM workzone_court WHERE code = @code", new { code }, ct) == 0)
                await mediator.Send(new SaveCourt { Code = code, Name = name }, ct);
        foreach (var p in DemoPeople)
            if (await db.ScalarAsync<int>("SELECT COUNT(*) FROM workzone_person WHERE login = @Login", new { p.Login }, ct) == 0)
                await mediator.Send(
                    new SavePerson
                    {
                        Login = p.Login,
                        Name = p.Name,
                        Court = p.Court,
                        Division = p.Division,
                        Team = p.Team,
                        Roles = p.Roles,
                        Password = password,
                    },
                    ct
                );
    }

    public async Task<DemoPerson> PersonAsync(string login, CancellationToken ct) =>
        await db.FirstAsync<DemoPerson>("SELECT id, stamp FROM workzone_person WHERE login = @login", new { login }, ct) ?? throw new NotFound("人员", login);

    public async Task<(int Cases, int Orders)> FillAsync(int cases, int orders, int seed, Action<string> tell, CancellationToken ct)
    {
        await PeopleAsync(null, ct);
        var random = new Random(seed);
        var court = await db.FirstAsync<long>("SELECT id FROM workzone_court WHERE code = @code", new { code = Court }, ct);
        var people = (await db.QueryAsync<Person>("SELECT id, login, name FROM workzone_person WHERE court_id = @court", new { court }, ct)).ToDictionary(p =>
            p.Login
        );
        var clerks = new[] { people["clerk"], people["clerk2"] };
        var judges = new[] { people["judge"], people["judge2"] };
        var serial =
            1
            + await db.ScalarAsync<long>(
                "SELECT COALESCE(MAX(serial), 0) FROM workzone_case WHERE court_id = @court AND number_type = @type",
                new { court, type = NumberType },
                ct
            );
        var number = await db.ScalarAsync<long>("SELECT COUNT(*) FROM workzone_order", ct: ct);
        var caseIds = new List<(long Id, string Number, string Cause, Person Judge)>(cases);
        var today = Times.Day(clock.GetUtcNow());
        for (var done = 0; done < cases; )
        {
            await db.BeginAsync(ct);
            var made = Math.Min(1000, cases - done);
            for (var i = 0; i < made; i++, done++)
                caseIds.Add(await CaseAsync(court, judges[random.Next(judges.Length)], serial++, today, random, ct));
            await counts.AddedAsync([.. caseIds.TakeLast(made).Select(c => c.Id)], ct);
            await search.AddManyAsync(CaseSource.Name, [.. caseIds.TakeLast(made).Select(c => c.Id)], ct);
            await db.CommitAsync(ct);
            if (done % 20_000 == 0)
                tell($"{done} cases");
        }
        if (caseIds.Count == 0 && orders > 0)
            caseIds.AddRange(
                (
                    await db.PageAsync<CaseRow>("SELECT id, number, cause FROM workzone_case WHERE court_id = @court ORDER BY id", new { court }, 50_000, ct)
                ).Select(c => (c.Id, c.Number, c.Cause, judges[0]))
            );
        if (caseIds.Count == 0 && orders > 0)
            throw new RuleBroken("没有案件，先用 --cases 生成。", "cases");
        var calendar = types.All.Where(t => t.Centre == Centres.Service && t.IsDriven).DefaultIfEmpty(types.All.First()).First();
        for (var done = 0; done < orders; )
        {
            await db.BeginAsync(ct);
            var made = new List<long>(2000);
            for (var i = 0; i < 2000 && done < orders; i++, done++)
                made.Add(await OrderAsync(++number, calendar, court, caseIds[random.Next(caseIds.Count)], clerks[random.Next(2)], random, ct));
            await search.AddManyAsync(OrderSource.Name, made, ct);
            await db.CommitAsync(ct);
            if (done % 100_000 == 0)
                tell($"{done} orders");
        }
        return (cases, orders);
    }

    private async Task<(long, string, string, Person)> CaseAsync(long court, Person judge, long serial, DateOnly today, Random random, CancellationToken ct)
    {
        var now = clock.GetUtcNow();
        var filed = today.AddDays(-random.Next(0, 150));
        var cause = Causes[random.Next(Causes.Length)];
        var a = Surnames[random.Next(Surnames.Length)] + Given[random.Next(Given.Length)];
        var b = Surnames[random.Next(Surnames.Length)] + Given[random.Next(Given.Length)];
        var limit = CaseClock.Compute("MC-ORD", filed);
        var id = ids.Next();
        var text = Law.CaseNumber.Format(filed.Year, Court, NumberType, serial);
        await db.ExecuteAsync(
            """
            INSERT INTO workzone_case (id, number, court_id, year, number_type, serial, kind, cause, procedure_code, filed_on, amount, judge_id, allotted_on,
                state, parties_text,
                clock_base_end, clock_end, clock_legal_end, clock_last_apply, clock_provisional, digest, source, created_at, changed_at, moved_at, version)
            VALUES (@id, @text, @court, @year, @type, @serial, 'civil', @cause, 'MC-ORD', @filed, @amount, @judge, @filed, 'open', @parties,
                @BaseEnd, @End, @LegalEnd, @LastDayToApply, @Provisional, '', 'seed', @now, @now, @now, 1)
            """,
            new
            {
                id,
                text,
                court,
                year = filed.Year,
                type = NumberType,
                serial,
                cause,
                filed,
                amount = random.Next(1000, 900_000) * 100L,
                judge = judge.Id,
                parties = $"{a}诉{b}",
                limit.BaseEnd,
                limit.End,
                limit.LegalEnd,
                limit.LastDayToApply,
                limit.Provisional,
                now,
            },
            ct
        );
        await PartyAsync(id, 1, a, "原告", ct);
        await PartyAsync(id, 2, b + (a == b ? "（二）" : ""), "被告", ct);
        await db.ExecuteAsync(
            "INSERT INTO workzone_case_access (case_id, person_id, reason, order_id, place, since) VALUES (@id, @judge, 'judge', 0, 'judge', @now)",
            new
            {
                id,
                judge = judge.Id,
                now,
            },
            ct
        );
        return (id, text, cause, judge);
    }

    private Task<int> PartyAsync(long caseId, int ordinal, string name, string role, CancellationToken ct) =>
        db.ExecuteAsync(
            "INSERT INTO workzone_party (id, case_id, ordinal, name, role, party_type, e_service, language, version) VALUES (@id, @caseId, @ordinal, "
                + "@name, @role, 'natural', 'none', 'zh', 1)",
            new
            {
                id = ids.Next(),
                caseId,
                ordinal,
                name,
                role,
            },
            ct
        );

    private async Task<long> OrderAsync(
        long number,
        OrderType type,
        long court,
        (long Id, string Number, string Cause, Person Judge) subject,
        Person clerk,
        Random random,
        CancellationToken ct
    )
    {
        var opened = StoredTime.Cut(clock.GetUtcNow().AddMinutes(-random.Next(10, 60 * 24 * 20)));
        var state = OrderStates[random.Next(OrderStates.Length)];
        var id = ids.Next();
        var nodes = new List<Node>();
        var head = Chain.Genesis;
        void Step(string step, string from, string to, string lane, Person who, int minutes, object args)
        {
            var node = new Node
            {
                OrderId = id,
                N = nodes.Count + 1,
                Step = step,
                FromState = from,
                ToState = to,
                Lane = lane,
                ActorId = who.Id,
                ActorName = who.Name,
                At = opened.AddMinutes(minutes),
                Args = JsonSerializer.Serialize(args, args.GetType(), Json.Stored),
            };
            node = node with { Hash = Chain.Hash(node, head) };
            head = node.Hash;
            nodes.Add(node);
        }
        Step(OrderStep.Open, "", OrderState.Queued, "asker", subject.Judge, 0, new { type = type.Code });
        if (state != OrderState.Queued)
            Step(OrderStep.Assign, OrderState.Queued, OrderState.Assigned, type.Centre, clerk, 2, new { to = clerk.Name });
        if (state is OrderState.Accepted or OrderState.Feedback or OrderState.Closed)
            Step(OrderStep.Accept, OrderState.Assigned, OrderState.Accepted, type.Centre, clerk, 4, new { });
        if (state is OrderState.Feedback or OrderState.Closed)
            Step(OrderStep.Feedback, OrderState.Accepted, OrderState.Feedback, type.Centre, clerk, 8, new { });
        if (state == OrderState.Closed)
            Step(OrderStep.Close, OrderState.Feedback, OrderState.Closed, "asker", subject.Judge, 9, new { });
        var last = nodes[^1];
        var assigned = state != OrderState.Queued;
        await db.ExecuteAsync(
            """
            INSERT INTO workzone_order (id, number, order_type, centre, court_id, case_id, case_number, cause, title, subject, state, is_open, escalated, round,
                cause_key, parent_id,
                asked_by, asked_by_name, asked_at, assignee_id, assignee_name, due_at, wake_at, pause_reason, last_step, last_words, changed_at, changed_by,
                    closed_at, node_count, head_hash, form, version)
            VALUES (@id, @number, @Code, @Centre, @court, @caseId, @caseNumber, @Cause, @title, @subject, @state, @open, 0, 1, @key, NULL,
                @judge, @judgeName, @opened, @clerk, @clerkName, @due, NULL, NULL, @Step, '', @At, @ActorName, @closed, @count, @Hash, '{}', @version)
            """,
            new
            {
                id,
                number = $"GD-S{number:0000000}",
                type.Code,
                type.Centre,
                court,
                caseId = subject.Id,
                caseNumber = subject.Number,
                subject.Cause,
                title = "送达传票、起诉状副本",
                subject = "被告",
                state,
                open = OrderState.IsOpen(state),
                key = OrderTypes.CauseKey(type.Code, subject.Id, $"seed-{number}", 1),
                judge = subject.Judge.Id,
                judgeName = subject.Judge.Name,
                opened,
                clerk = assigned ? clerk.Id : (long?)null,
                clerkName = assigned ? clerk.Name : null,
                due = working.AddHours(opened, type.TargetHours),
                last.Step,
                last.At,
                last.ActorName,
                closed = state == OrderState.Closed ? last.At : (DateTimeOffset?)null,
                count = nodes.Count,
                last.Hash,
                version = nodes.Count,
            },
            ct
        );
        foreach (var node in nodes)
            await db.ExecuteAsync(
                """
                INSERT INTO workzone_node (order_id, n, step, from_state, to_state, lane, actor_id, actor_name, at, args, words, hash)
                VALUES (@OrderId, @N, @Step, @FromState, @ToState, @Lane, @ActorId, @ActorName, @At, @Args, @Words, @Hash)
                """,
                node,
                ct
            );
        return id;
    }

    private sealed record Person
    {
        public long Id { get; init; }
        public string Login { get; init; } = "";
        public string Name { get; init; } = "";
    }

    private sealed record CaseRow
    {
        public long Id { get; init; }
        public string Number { get; init; } = "";
        public string Cause { get; init; } = "";
    }
}
