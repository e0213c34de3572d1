using CourtOps.Kernel.Data;
using CourtOps.Kernel.Modules;
using CourtOps.Kernel.Web;
using CourtOps.Workzone.Cases;
using CourtOps.Workzone.WorkOrders;
using MediatR;
using Microsoft.Extensions.DependencyInjection;

namespace CourtOps.Workzone.Seeding;

/// <summary>About three hundred orders asked of four centres by judges over the last half year: most are done, some wait, are late, returned, paused or to be
/// confirmed.</summary>
internal sealed class DemoOrders(OrderTypes types) : IDemoStory
{
    private const int Orders = 300;

    private static readonly (string Type, string Login)[] Centres =
    [
        ("cataloguing.scan", "archivist"),
        ("trial.schedule", "scheduler"),
        ("trial.record", "scheduler"),
        ("enforcement.property", "executor"),
        ("triage.check-filing", "registrar"),
    ];

    public Task TellAsync(IDemoStage stage, CancellationToken ct)
    {
        var known = Centres.Where(c => types.Find(c.Type) is { IsDriven: false }).ToArray();
        for (var i = 0; i < Orders && known.Length > 0; i++)
        {
            var (type, login) = known[stage.Random.Next(known.Length)];
            var judge = stage.Random.Next(2) == 0 ? "judge" : "judge2";
            var ago = i < 40 ? TimeSpan.FromHours(stage.Random.Next(3, 150)) : TimeSpan.FromDays(stage.Random.Next(8, 180));
            var at = stage.End - ago;
            stage.At(AtWork(at), judge, (s, c) => AskAsync(stage, s, type, login, judge, ago, c));
        }
        // what events open is done by its centre within a few days, and confirmed by whoever it was opened for; the last days' is still there
        for (var day = stage.End.AddDays(-200); day < stage.End.AddDays(-1); day = day.AddDays(4))
            foreach (var (centre, login) in Workers)
                stage.At(AtWork(day), login, (s, c) => WorkOffAsync(stage, s, centre, c));
        return Task.CompletedTask;
    }

    private static readonly (string Centre, string Login)[] Workers =
    [
        ("triage", "registrar"),
        ("service", "clerk"),
        ("cataloguing", "archivist"),
        ("trial", "scheduler"),
        ("enforcement", "executor"),
    ];

    private static async Task WorkOffAsync(IDemoStage stage, IServiceProvider services, string centre, CancellationToken ct)
    {
        var now = services.GetRequiredService<TimeProvider>().GetUtcNow();
        var open = await services
            .GetRequiredService<Db>()
            .PageAsync<Waiting>(
                """
                SELECT o.id, COALESCE(p.login, '') AS asker FROM workzone_order o LEFT JOIN workzone_person p ON p.id = o.asked_by
                WHERE o.is_open = 1 AND o.centre = @centre AND o.court_id IN @Courts AND o.state = 'queued' AND o.order_type LIKE 'affair.%' AND o.asked_at <
                    @before ORDER BY o.asked_at, o.id
                """,
                new
                {
                    centre,
                    services.GetRequiredService<Kernel.Security.Actor>().Courts,
                    before = now.AddDays(-1),
                },
                60,
                ct
            );
        foreach (var o in open)
        {
            await StepAsync(services, o.Id, OrderStep.Accept, new StepInput(), ct);
            await StepAsync(services, o.Id, OrderStep.Feedback, new StepInput { Words = "已办结" }, ct);
            if (o.Asker.Length > 0)
                stage.At(AtWork(now.AddHours(5)), o.Asker, (s, c) => StepAsync(s, o.Id, OrderStep.Close, new StepInput(), c));
            else
                stage.At(AtWork(now.AddHours(5)), null, (s, c) => StepAsync(s, o.Id, OrderStep.Close, new StepInput(), c));
        }
    }

    private sealed record Waiting
    {
        public long Id { get; init; }
        public string Asker { get; init; } = "";
    }

    private async Task AskAsync(IDemoStage stage, IServiceProvider services, string type, string login, string judge, TimeSpan ago, CancellationToken ct)
    {
        var db = services.GetRequiredService<Db>();
        var me = services.GetRequiredService<Kernel.Security.Actor>().Id;
        var mine = await db.PageAsync<long>("SELECT id FROM workzone_case WHERE judge_id = @me AND state = 'open' ORDER BY filed_on DESC", new { me }, 60, ct);
        if (mine.Count == 0)
            return;
        var caseId = mine[stage.Random.Next(mine.Count)];
        var parties = await services.GetRequiredService<ICases>().PartiesAsync(caseId, ct);
        var now = services.GetRequiredService<TimeProvider>().GetUtcNow();
        var form = types[type].Form.Where(f => f.Required).ToDictionary(f => f.Name, f => Fill(f, parties, Times.Day(now), stage.Random));
        var asked = await services
            .GetRequiredService<IMediator>()
            .Send(
                new AskOrder
                {
                    CaseId = caseId,
                    Type = type,
                    Form = form,
                    Note = "",
                },
                ct
            );
        if (asked.Existed)
            return;
        Go(stage, asked.Order.Id, login, judge, AtWork(now.AddHours(stage.Random.Next(1, 20))), ago);
    }

    private static void Go(IDemoStage stage, long id, string login, string judge, DateTimeOffset at, TimeSpan ago)
    {
        var recent = ago < TimeSpan.FromDays(7);
        var fate = stage.Random.Next(100);
        if (recent && fate < 30)
            return; // in the queue
        stage.At(at, login, (s, c) => StepAsync(s, id, OrderStep.Accept, new StepInput(), c));
        if (recent && fate < 50)
            return; // in hand
        if (fate is >= 50 and < 58)
        {
            var back = AtWork(at.AddHours(2));
            stage.At(back, login, (s, c) => StepAsync(s, id, OrderStep.Return, new StepInput { Words = "材料不齐：请补交一份授权委托书" }, c));
            if (recent)
                return;
            stage.At(AtWork(back.AddHours(20)), judge, (s, c) => StepAsync(s, id, OrderStep.Resubmit, new StepInput { Words = "已补交" }, c));
            at = AtWork(back.AddHours(26));
            stage.At(at, login, (s, c) => StepAsync(s, id, OrderStep.Accept, new StepInput(), c));
        }
        else if (recent && fate < 64)
        {
            stage.At(
                AtWork(at.AddHours(1)),
                login,
                (s, c) => StepAsync(s, id, OrderStep.Pause, new StepInput { Words = "等当事人到院", WakeAt = stage.End.AddDays(3) }, c)
            );
            return;
        }
        var done = AtWork(at.AddHours(stage.Random.Next(2, 60)));
        stage.At(done, login, (s, c) => StepAsync(s, id, OrderStep.Feedback, new StepInput { Words = "已办理，结果已入卷" }, c));
        if (recent && fate > 88)
            return; // to be confirmed
        stage.At(AtWork(done.AddHours(stage.Random.Next(1, 30))), judge, (s, c) => StepAsync(s, id, OrderStep.Close, new StepInput(), c));
    }

    private static Task StepAsync(IServiceProvider services, long id, string step, StepInput input, CancellationToken ct) =>
        services
            .GetRequiredService<IMediator>()
            .Send(
                new TakeStep
                {
                    Id = id,
                    Step = step,
                    Words = input.Words,
                    WakeAt = input.WakeAt,
                },
                ct
            );

    private static IReadOnlyList<string> Fill(OrderField field, IReadOnlyList<PartyContact> parties, DateOnly today, Random random) =>
        field.Kind switch
        {
            FieldKind.Choice => [field.Choices[random.Next(field.Choices.Count)]],
            FieldKind.Parties => [.. parties.Take(1 + random.Next(2)).Select(p => $"{p.Id}")],
            FieldKind.Date => [Times.Iso(today.AddDays(Math.Max((int)(field.Least ?? 0), 3)))],
            FieldKind.Number => [$"{Math.Max(field.Least ?? 1, 30)}"],
            _ => [field.Name == "time" ? "09:00" : "送达回证和证据材料一组"],
        };

    // the first office hour of a working day not earlier
    private static DateTimeOffset AtWork(DateTimeOffset at)
    {
        var hour = Times.Local(at).TimeOfDay.TotalHours;
        if (hour < 8.6)
            at = Times.Start(Times.Day(at)).AddHours(8.7);
        else if (hour > 17)
            at = Times.Start(Times.Day(at).AddDays(1)).AddHours(8.7);
        while (Times.Day(at).DayOfWeek is DayOfWeek.Saturday or DayOfWeek.Sunday)
            at = Times.Start(Times.Day(at).AddDays(1)).AddHours(8.7);
        return at;
    }
}
