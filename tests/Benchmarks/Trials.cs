using System.Diagnostics;
using System.Globalization;
using System.Text;
using System.Text.Json;
using CourtOps.Kernel.Data;
using CourtOps.Kernel.Messaging;
using CourtOps.TrialSupport.Recordings;
using CourtOps.TrialSupport.Similar;

namespace CourtOps.Benchmarks;

/// <summary>Like cases over ten thousand judgments: the index, a question to it, what the workbench recommends; recordings taken in beside a copy of the
/// same bytes.</summary>
internal static class Trials
{
    private const int Judgments = 10_000;

    private static readonly string[] Causes = ["民间借贷纠纷", "买卖合同纠纷", "离婚纠纷", "房屋租赁合同纠纷", "机动车交通事故责任纠纷", "劳动争议纠纷"];

    private static readonly string[] Facts =
    [
        "原告与被告系朋友关系，被告因经营需要向原告借款",
        "双方签订书面合同，约定交货期限和付款方式",
        "被告收到货物后以质量不符合约定为由拒绝支付剩余货款",
        "原告多次催要未果，遂诉至法院",
        "被告辩称已经通过转账和现金方式归还部分款项",
        "经审理查明，双方对欠款数额没有争议，对利息起算时间有争议",
        "事故发生后交警部门认定被告承担主要责任",
        "原告因伤住院治疗，支付医疗费、护理费和误工费",
        "双方婚后因家庭琐事经常发生争吵，分居已满两年",
        "婚生子随原告生活更有利于其健康成长",
        "租赁期满后被告没有腾退房屋，继续占用并拖欠租金",
        "用人单位没有依法为劳动者缴纳社会保险费",
        "鉴定意见认为涉案工程质量不合格部分需要修复",
        "被告经传票传唤，无正当理由拒不到庭",
        "原告提交的借条、转账凭证和聊天记录能够相互印证",
        "违约金过分高于造成的损失，本院酌情予以调整",
    ];

    public static async Task<bool> RunAsync(bool full)
    {
        Measure.Head();
        var ok = await IndexAsync(full ? Judgments : 2_000);
        ok = await RecommendAsync(full ? Judgments : 2_000) && ok;
        return await RecordingsAsync(full ? 1024 : 128) && ok;
    }

    private static async Task<bool> IndexAsync(int count)
    {
        var folder = Path.Combine(Path.GetTempPath(), "courtops-bench-" + Guid.NewGuid().ToString("n")[..8]);
        try
        {
            Directory.CreateDirectory(Path.Combine(folder, "texts"));
            var size = 0L;
            for (var i = 0; i < count; i++)
            {
                var text = string.Join('\n', Paragraphs(i));
                size += text.Length;
                File.WriteAllText(Path.Combine(folder, "texts", $"{i:00000}.txt"), text);
            }
            CaseIndex.Write(Path.Combine(folder, "warm"), [("a", CaseText.Of(string.Join('\n', Paragraphs(1))))]);
            var (watch, cpu) = (Stopwatch.StartNew(), Environment.CpuUsage.TotalTime);
            CaseIndex.Build(Path.Combine(folder, "texts"), Path.Combine(folder, "index"));
            var (built, used) = (watch.Elapsed.TotalSeconds, (Environment.CpuUsage.TotalTime - cpu).TotalSeconds);
            var index = CaseIndex.Open(Path.Combine(folder, "index"));
            var times = new Times();
            for (var i = 0; i < 220; i++)
            {
                var question = string.Join('\n', Paragraphs(count + i));
                if (await times.AddAsync(() => Task.FromResult(index.Query(question, 10)), i >= 20) is { Count: 0 })
                    throw new InvalidOperationException("Nothing like it was found.");
            }
            var ok = Measure.Row(
                $"index of {count:N0} judgments of {size / count:N0} signs",
                $"{count / used:0} documents a second of CPU ({count / built:0} by the clock)",
                "≥ 500/s",
                count / used >= 500
            );
            return times.Row("a judgment asked of the index, p95 of CPU", 150) && ok;
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static async Task<bool> RecommendAsync(int count)
    {
        await using var host = await BenchHost.StartAsync();
        await host.SeedAsync(count, 0);
        await host.AsSystemAsync(async s =>
        {
            var db = s.GetRequiredService<Db>();
            var rows = await db.QueryAsync<Seeded>("SELECT id, court_id, number FROM workzone_case ORDER BY id");
            foreach (var (chunk, at) in rows.Chunk(1000).Select((c, i) => (c, i * 1000)))
            {
                await db.BeginAsync();
                await db.ExecuteManyAsync(
                    """
                    INSERT INTO trial_draft (id, case_id, court_id, case_number, kind, title, revision, blob, size, paragraphs, state, errors, warnings,
                        checked_at, issued_on, created_by, created_name, created_at, version)
                    VALUES (@Id, @Id, @CourtId, @Number, 'judgment', '民事判决书', 1, '', 1, @paragraphs, 'issued', 0, 0, @now, @on, 1, 'bench', @now, 1)
                    """,
                    [
                        .. chunk.Select(
                            (r, i) =>
                                (object)
                                    new
                                    {
                                        r.Id,
                                        r.CourtId,
                                        r.Number,
                                        paragraphs = JsonSerializer.Serialize(Paragraphs(at + i), Json.Stored),
                                        now = DateTimeOffset.UtcNow,
                                        on = new DateOnly(2026, 1, 1).AddDays((at + i) % 300),
                                    }
                        ),
                    ]
                );
                await db.CommitAsync();
            }
            return true;
        });
        // as the judge asks: half of the cases are theirs
        var key = await host.KeyAsync("judge");
        var own = await host.AsSystemAsync(s =>
            s.GetRequiredService<Db>()
                .QueryAsync<long>("SELECT c.id FROM workzone_case c JOIN workzone_person p ON p.id = c.judge_id WHERE p.login = 'judge' ORDER BY c.id")
        );
        var (status, body) = await host.Server.GetAsync($"/trial/cases/{own[0]}/similar", key);
        if (status != 200 || !Encoding.UTF8.GetString(body).Contains("/cases/", StringComparison.Ordinal))
            throw new InvalidOperationException($"The page answered {status} without a like case.");
        var times = new Times();
        for (var i = 0; i < 80; i++)
            await times.AddAsync(
                async () =>
                {
                    await host.Server.DropAsync($"/trial/cases/{own[i * 7 % own.Count]}/similar", key);
                    return true;
                },
                i >= 20
            );
        return times.Row($"recommendation beside a draft, {count:N0} judgments, p95 of CPU", 150);
    }

    private sealed class Times
    {
        private readonly List<double> cpu = [];
        private readonly List<double> clock = [];

        public async Task<T> AddAsync<T>(Func<Task<T>> act, bool counts)
        {
            var (used, begun) = (Environment.CpuUsage.TotalTime, Stopwatch.GetTimestamp());
            var result = await act();
            if (counts)
            {
                cpu.Add((Environment.CpuUsage.TotalTime - used).TotalMilliseconds);
                clock.Add(Stopwatch.GetElapsedTime(begun).TotalMilliseconds);
            }
            return result;
        }

        public bool Row(string what, double most)
        {
            cpu.Sort();
            clock.Sort();
            var p95 = cpu[(int)(cpu.Count * 0.95)];
            return Measure.Row(
                what,
                $"{p95:0} ms (median {cpu[cpu.Count / 2]:0} ms; by the clock {clock[(int)(clock.Count * 0.95)]:0} ms)",
                $"≤ {most:0} ms",
                p95 <= most
            );
        }
    }

    // both read the same file and flush what they wrote
    private static async Task<bool> RecordingsAsync(int megabytes)
    {
        await using var host = await BenchHost.StartAsync();
        await host.SeedAsync(1, 0);
        await host.AsSystemAsync(async s =>
        {
            var db = s.GetRequiredService<Db>();
            await db.BeginAsync();
            var c = (await db.FirstAsync<Seeded>("SELECT id, court_id, number FROM workzone_case"))!;
            await db.ExecuteAsync(
                "INSERT INTO trial_room (id, court_id, name, size, features, online, active, version) VALUES (1, @CourtId, '第一法庭', 20, '', 0, 1, 1)",
                c
            );
            await db.ExecuteAsync(
                """
                INSERT INTO trial_hearing (id, case_id, court_id, case_number, cause, session, room_id, room_name, online, open_court, starts_at, ends_at,
                    held_on,
                    minutes, judge_id, judge_name, panel, serve_by, state, turn, created_by, created_name, created_at, version)
                VALUES (1, @Id, @CourtId, @Number, '', '', 1, '', 0, 1, @now, @now, @today, 60, 1, '', '', @today, 'held', 1, 1, 'bench', @now, 1)
                """,
                new
                {
                    c.Id,
                    c.CourtId,
                    c.Number,
                    now = DateTimeOffset.UtcNow,
                    today = DateOnly.FromDateTime(DateTime.UtcNow),
                }
            );
            await db.ExecuteAsync(
                "INSERT INTO trial_recording (id, hearing_id, case_id, mode, state, opened_name, opened_at, version) VALUES (1, 1, @Id, 'beside', 'open', "
                    + "'bench', @now, 1)",
                new { c.Id, now = DateTimeOffset.UtcNow }
            );
            await db.CommitAsync();
            return true;
        });
        var source = Path.Combine(host.Folder, "bench-source");
        var block = new byte[1 << 20];
        var (taken, copied) = (0.0, 0.0);
        const int turns = 4;
        for (var turn = 0; turn <= turns; turn++)
        {
            await using (var file = File.Create(source))
                for (var i = 0; i < megabytes / turns; i++)
                {
                    new Random((turn * 10_000) + i).NextBytes(block);
                    if (i == 0)
                        "\0\0\0\u0020ftypisom"u8.CopyTo(block);
                    await file.WriteAsync(block);
                }
            var begun = Stopwatch.GetTimestamp();
            var copy = Path.Combine(host.Folder, $"bench-copy-{turn}");
            await using (var from = File.OpenRead(source))
            await using (var to = new FileStream(copy, FileMode.Create, FileAccess.Write, FileShare.None, 1 << 16, FileOptions.Asynchronous))
            {
                await from.CopyToAsync(to, 1 << 16);
                to.Flush(flushToDisk: true);
            }
            var copying = Stopwatch.GetElapsedTime(begun).TotalSeconds;
            begun = Stopwatch.GetTimestamp();
            await host.AsSystemAsync(async s =>
            {
                await using var from = File.OpenRead(source);
                var form = new FormFile(from, 0, from.Length, "File", $"{turn}.mp4");
                var start = new DateTime(2026, 1, 5, 9, 0, 0).AddHours(turn);
                return await s.GetRequiredService<SegmentIntake>().AddAsync(1, form, null, start, start.AddMinutes(50), default);
            });
            var taking = Stopwatch.GetElapsedTime(begun).TotalSeconds;
            if (turn > 0) // the first is compiled
                (taken, copied) = (taken + taking, copied + copying);
            File.Delete(copy);
        }
        var ratio = copied / taken;
        return Measure.Row(
            $"recordings of {megabytes / turns} MB taken in, digest and record with it, beside a copy that is flushed",
            $"{ratio:0.00} ({megabytes / turns * turns / taken:0} MB/s, {megabytes / turns * turns / copied:0} MB/s)",
            "≥ 0.7",
            ratio >= 0.7
        );
    }

    // a judgment of some 2,500 signs: its cause, facts in an order and with sums of its own, the articles
    private static List<string> Paragraphs(int n)
    {
        var random = new Random(n);
        var cause = Causes[n % Causes.Length];
        var text = new List<string>
        {
            $"原告张某{n % 9 + 1}与被告李某{n % 7 + 1}{cause}一案，本院受理后依法适用普通程序公开开庭进行了审理。本案现已审理终结。",
        };
        for (var i = 0; i < 30; i++)
        {
            var line = new StringBuilder();
            for (var j = 0; j < 3; j++)
                line.Append(Facts[random.Next(Facts.Length)])
                    .Append(CultureInfo.InvariantCulture, $"，金额{random.Next(1, 900_000)}元，日期为2025年{random.Next(1, 13)}月{random.Next(1, 29)}日。");
            text.Add(line.ToString());
        }
        text.Add($"依照《中华人民共和国民法典》第{random.Next(1, 1260)}条、《中华人民共和国民事诉讼法》第{random.Next(1, 300)}条之规定，判决如下：");
        text.Add($"一、被告于本判决生效之日起十日内向原告支付{random.Next(1, 900_000)}元；");
        text.Add("二、驳回原告的其他诉讼请求。");
        return text;
    }

    private sealed record Seeded
    {
        public long Id { get; init; }
        public long CourtId { get; init; }
        public string Number { get; init; } = "";
    }
}
