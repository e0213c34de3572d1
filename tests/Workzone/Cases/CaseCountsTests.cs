using CourtOps.Kernel.Data;
using CourtOps.Kernel.Messaging;
using CourtOps.Kernel.Web;
using CourtOps.Workzone.Inspections;
using CourtOps.Workzone.Jobs;
using CourtOps.Workzone.People;
using CourtOps.Workzone.Register;
using CourtOps.Workzone.Rights;
using CourtOps.Workzone.Supervision;
using FluentValidation;
using MediatR;
using Microsoft.Extensions.DependencyInjection;

namespace CourtOps.Workzone.Cases;

/// <summary>The counters behind the leader's view are what a recount finds, whatever was done to the cases.</summary>
[TestFixtureSource(typeof(Engines), nameof(Engines.All))]
public sealed class CaseCountsTests(Engine engine) : AppTests(engine)
{
    private const int Cases = 12;

    [Test]
    public async Task After_random_acts_they_equal_a_recount()
    {
        App.At(TestClock.Shanghai(2026, 3, 3, 9, 0));
        var ids = await CasesAsync();
        await App.RunJob<RecountCases>();
        var (random, done, day) = (new Random(21), new Dictionary<string, int>(), new DateOnly(2026, 3, 3));
        for (var n = 0; n < 220; n++)
        {
            if (n % 20 == 19)
            {
                day = day.AddDays(random.Next(1, 30));
                App.At(TestClock.Shanghai(day.Year, day.Month, day.Day, 9, 0));
                // the nightly look at the clocks may come before the counters are turned to the day, or after
                foreach (var job in n % 40 == 19 ? [typeof(RecomputeClocks), typeof(RecountCases)] : new[] { typeof(RecountCases), typeof(RecomputeClocks) })
                    await App.RunJob(job);
            }
            var (act, id) = (random.Next(12), ids[random.Next(ids.Count)]);
            try
            {
                var name = await ActAsync(act, id, day, n, random);
                done[name] = done.GetValueOrDefault(name) + 1;
            }
            catch (Exception e) when (e is RuleBroken or Conflict or ValidationException)
            {
                // not possible as the case stands now; nothing of it is written
            }
            Assert.That(await WrongAsync(), Is.Empty, $"{n}: act {act}");
        }
        Assert.That(done.Keys, Has.Count.EqualTo(12), "each act succeeded at least once: " + string.Join(' ', done.Select(d => $"{d.Key} {d.Value}")));
        Assert.That(await App.Rows<int>("SELECT wrong FROM workzone_case_counted"), Has.All.Zero);
        Assert.That(await App.Rows<int>("SELECT open_cases FROM workzone_case_count"), Has.Some.Positive);
    }

    [Test]
    public async Task A_counter_that_is_wrong_is_put_right_and_told_when_the_day_is_turned()
    {
        App.At(TestClock.Shanghai(2026, 3, 3, 9, 0));
        await CasesAsync();
        await App.RunJob<RecountCases>();
        await App.Change("UPDATE workzone_case_count SET near = near + 5 WHERE judge_id <> 0");
        await App.Change("UPDATE workzone_case_month SET filed = filed + 1");
        Assert.That(await WrongAsync(), Has.Count.EqualTo(2));
        await App.RunJob<RecountCases>();
        Assert.That(await WrongAsync(), Has.Count.EqualTo(2), "the same day again does nothing");
        App.At(TestClock.Shanghai(2026, 3, 4, 0, 5));
        await App.RunJob<RecountCases>();
        Assert.That(await WrongAsync(), Is.Empty);
        Assert.That(
            await App.Value<int>("SELECT d.wrong FROM workzone_case_counted d JOIN workzone_court t ON t.id = d.court_id WHERE t.code = '吉2424'"),
            Is.EqualTo(2)
        );
    }

    [Test]
    public async Task What_a_leader_is_shown_is_the_same_counted_and_read()
    {
        App.At(TestClock.Shanghai(2026, 3, 3, 9, 0));
        var ids = await CasesAsync();
        await App.Change("UPDATE workzone_case SET filed_on = '2024-11-05', moved_at = @old WHERE id = @id", new { id = ids[0], old = Old });
        // a sealed case the leader is named in, one they are not, and one they are recused from
        var me = await App.As("leader").In(s => Task.FromResult(s.GetRequiredService<Kernel.Security.Actor>().Id));
        foreach (var id in ids.Take(3))
            await InTransactionAsync(s => s.GetRequiredService<Sealing>().CloseAsync(id, "未成年人", default));
        await App.Change(
            "INSERT INTO workzone_case_access (case_id, person_id, reason, order_id, place, since) VALUES (@id, @me, 'team', 0, 'leader', @Old)",
            new
            {
                id = ids[1],
                me,
                Old,
            }
        );
        await App.As("judge")
            .Send(
                new Recuse
                {
                    CaseId = ids[4],
                    Login = "leader",
                    Reason = "亲属",
                }
            );
        var read = await App.As("leader").Send(new ShowLeaderView());
        await App.RunJob<RecountCases>();
        var counted = await App.As("leader").Send(new ShowLeaderView());
        Assert.That(Words(counted), Is.EqualTo(Words(read)));
        Assert.That(counted.Courts.Sum(c => c.OpenCases), Is.InRange(Cases - 4, Cases - 3));
        foreach (var days in ShowLeaderView.StillDays)
        foreach (var figure in (await App.Send(new ShowLeaderView { Days = days })).Figures)
            Assert.That(
                (await App.Send(new ShowLeaderView { Open = figure.Code, Days = days })).Cases,
                Has.Count.EqualTo(figure.Count),
                $"{figure.Code} {days}"
            );
        foreach (var j in counted.Judges)
            Assert.That((await App.Send(new ShowLeaderView { Open = "open", JudgeId = j.Id })).Cases, Has.Count.EqualTo(j.OpenCases));
    }

    [Test]
    public async Task Figures_that_are_not_turned_to_today_yet_say_so()
    {
        App.At(TestClock.Shanghai(2026, 3, 3, 9, 0));
        await CasesAsync();
        await App.RunJob<RecountCases>();
        Assert.That((await App.As("leader").Send(new ShowLeaderView())).AsOf, Is.Null);
        App.At(TestClock.Shanghai(2026, 3, 4, 0, 0));
        Assert.That((await App.Send(new ShowLeaderView())).AsOf, Is.EqualTo(new DateOnly(2026, 3, 3)));
        var page = System.Net.WebUtility.HtmlDecode(await (await App.SignedIn("leader")).GetStringAsync(new Uri("/leader", UriKind.Relative)));
        Assert.That(page, Does.Contain("2026-03-03"));
        await App.RunJob<RecountCases>();
        Assert.That((await App.As("leader").Send(new ShowLeaderView())).AsOf, Is.Null);
    }

    private static DateTimeOffset Old => TestClock.Shanghai(2025, 12, 20, 9, 0).ToUniversalTime();

    private async Task<List<long>> CasesAsync()
    {
        var ids = new List<long>();
        for (var n = 0; n < Cases; n++)
            ids.Add(await App.Case(600 + n, SampleParty.Provided));
        return ids;
    }

    private async Task<string> ActAsync(int act, long id, DateOnly day, int n, Random random)
    {
        var back = day.AddDays(-random.Next(0, 20));
        Task Register(Func<ICaseRegister, Task> run) => InTransactionAsync(s => run(s.GetRequiredService<ICaseRegister>()));
        switch (act)
        {
            case 0:
                await Register(async r => await r.AllotAsync(id, await App.IdOf(random.Next(2) == 0 ? "judge" : "judge2"), day));
                return "allot";
            case 1 when random.Next(3) == 0:
                await Register(r => r.CloseAsync(id, "judgment", back));
                return "close";
            case 2:
                await Register(r => r.ConvertAsync(id, random.Next(2) == 0 ? "MC-SUM" : "MC-ORD", back, "转换"));
                return "convert";
            case 3:
                await Register(async r => await r.DeductAsync(id, "D-HJ", back, random.Next(2) == 0 ? day : null, $"d{n}", null, "鉴定"));
                return "deduct";
            case 4:
                await Register(r => r.ExtendAsync(id, random.Next(1, 6), "month", back, $"e{n}", null, "延长"));
                return "extend";
            case 5:
                await Register(async r => await r.RecordAsync(id, "hearing-held", back, $"h{n}"));
                return "event";
            case 6:
                await InTransactionAsync(s => s.GetRequiredService<Sealing>().CloseAsync(id, "未成年人", default));
                return "seal";
            case 7:
                await InTransactionAsync(s => s.GetRequiredService<Sealing>().OpenAsync(id, default));
                return "unseal";
            case 8:
                await App.As(null)
                    .Send(
                        new ChangeJudge
                        {
                            CaseId = id,
                            Judge = random.Next(2) == 0 ? "judge" : "judge2",
                            Reason = "改派",
                        }
                    );
                return "change judge";
            case 9:
                await App.As(null)
                    .Send(
                        new CorrectCase
                        {
                            CaseId = id,
                            FiledOn = back.AddDays(-random.Next(0, 1200)),
                            Reason = "更正",
                        }
                    );
                return "correct";
            case 10:
                await App.As(null)
                    .Send(
                        new MarkCase
                        {
                            CaseId = id,
                            Marks = random.Next(2) == 0 ? [] : [CaseMarks.Labels.Keys.First()],
                            Reason = "标识",
                        }
                    );
                return "mark";
            default:
                await App.Case(700 + n, SampleParty.Provided);
                return "import";
        }
    }

    private Task InTransactionAsync(Func<IServiceProvider, Task> act) =>
        App.As(null)
            .In(async s =>
            {
                var db = s.GetRequiredService<Db>();
                await db.BeginAsync();
                await act(s);
                await db.CommitAsync();
            });

    // counters of every counted court that a recount for their day does not find, or finds otherwise
    private Task<List<string>> WrongAsync() =>
        App.As(null)
            .In(async s =>
            {
                var (db, counts) = (s.GetRequiredService<Db>(), s.GetRequiredService<CaseCounts>());
                var wrong = new List<string>();
                foreach (var court in await db.QueryAsync<Counted>("SELECT court_id, day FROM workzone_case_counted"))
                {
                    var (real, months) = await counts.OfCourtAsync(court.CourtId, court.Day, default);
                    var kept = await db.QueryAsync<CaseCount>(
                        "SELECT court_id, judge_id, open_cases, near, over_limit, still15, still30, still60, still90, long12, long18, long36 FROM "
                            + "workzone_case_count WHERE court_id = @CourtId",
                        court
                    );
                    var keptMonths = await db.QueryAsync<MonthCount>(
                        "SELECT court_id, month, filed, closed FROM workzone_case_month WHERE court_id = @CourtId AND month >= @from",
                        new { court.CourtId, from = CountDays.MonthOf(new CountDays(court.Day).From) }
                    );
                    wrong.AddRange(
                        real.Select(r => (r.JudgeId, Row: $"{r}"))
                            .Except(kept.Where(k => !k.IsNothing).Select(k => (k.JudgeId, Row: $"{k}")))
                            .Select(r => $"real {r.Row}")
                    );
                    wrong.AddRange(kept.Where(k => !k.IsNothing && real.All(r => r.JudgeId != k.JudgeId)).Select(k => $"kept {k}"));
                    wrong.AddRange(
                        months.Select(m => $"{m}").Except(keptMonths.Where(m => m.Filed != 0 || m.Closed != 0).Select(m => $"{m}")).Select(m => $"real {m}")
                    );
                    wrong.AddRange(keptMonths.Where(k => (k.Filed != 0 || k.Closed != 0) && months.All(m => m.Month != k.Month)).Select(k => $"kept {k}"));
                }
                return wrong;
            });

    private static string Words(ShowLeaderView.Result r) =>
        string.Join(
            '\n',
            [.. r.Figures.Select(f => $"{f}"), .. r.Courts.Select(c => $"{c}"), .. r.Judges.Select(j => $"{j}"), .. r.Months.Select(m => $"{m}")]
        );

    private sealed record Counted
    {
        public long CourtId { get; init; }
        public DateOnly Day { get; init; }
    }
}
