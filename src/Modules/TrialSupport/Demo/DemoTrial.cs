using CourtOps.Kernel.Data;
using CourtOps.Kernel.Modules;
using CourtOps.Kernel.Web;
using CourtOps.TrialSupport.Hearings;
using CourtOps.TrialSupport.Meetings;
using CourtOps.Workzone.Cases;
using MediatR;
using Microsoft.Extensions.DependencyInjection;

namespace CourtOps.TrialSupport.Demo;

/// <summary>Courtrooms, and hearings over two months: held, adjourned, to come, one still provisional; a panel that is called.</summary>
internal sealed class DemoTrial : IDemoStory
{
    public Task TellAsync(IDemoStage stage, CancellationToken ct)
    {
        stage.At(stage.End.AddDays(-62), "scheduler", (s, _) =>
        {
            s.GetRequiredService<Seals.SealKeeper>().MakeDemoKey();
            return Task.CompletedTask;
        });
        if (stage.Small)
            return Task.CompletedTask;
        var begin = stage.End.AddDays(-62);
        foreach (var (name, size, online) in new[] { ("第一审判庭", 60, true), ("第二审判庭", 30, true), ("速裁庭", 12, false), ("互联网庭", 8, true) })
            stage.At(begin, "scheduler", (s, c) => s.GetRequiredService<IMediator>().Send(new SaveRoom { Name = name, Size = size, Features = ["recording"], Online = online }, c));
        for (var i = 0; i < 26; i++)
        {
            var (n, at) = (i, Times.Start(Times.Day(stage.End).AddDays(-60 + (i * 2))).AddHours(10));
            stage.At(at < stage.End ? at : stage.End.AddHours(-1), i % 3 == 0 ? "judge2" : "judge", (s, c) => BookAsync(stage, s, n, at, c));
        }
        stage.At(stage.End.AddDays(-2), "judge", MeetAsync);
        return Task.CompletedTask;
    }

    private static async Task BookAsync(IDemoStage stage, IServiceProvider services, int n, DateTimeOffset at, CancellationToken ct)
    {
        var db = services.GetRequiredService<Db>();
        var cases = services.GetRequiredService<ICases>();
        var mediator = services.GetRequiredService<IMediator>();
        var (me, courts, places) = cases.Arguments;
        var id = await db.FirstAsync<long?>(
            "SELECT c.id FROM workzone_case_card c WHERE c.state = 'open' AND c.kind = 'civil' AND c.judge_id = @me AND " + cases.Seen("c.id") + " AND NOT EXISTS (SELECT 1 FROM trial_hearing h WHERE h.case_id = c.id) ORDER BY c.filed_on, c.id", new { me, courts, places }, ct);
        if (id is null)
            return;
        var booked = await mediator.Send(new BookHearing { CaseId = id.Value, Minutes = 45 + (15 * (n % 4)) }, ct);
        var login = n % 3 == 0 ? "judge2" : "judge";
        if (n >= 24)
            return;
        stage.At(at.AddHours(3), login, (s, c) => s.GetRequiredService<IMediator>().Send(new ConfirmHearing { Id = booked.Id }, c));
        var after = booked.End.AddMinutes(20);
        if (after < stage.End && n % 9 != 5)
            stage.At(after, login, (s, c) => s.GetRequiredService<IMediator>().Send(n % 7 == 3
                ? new HoldHearing { Id = booked.Id, Outcome = "adjourned", Attendance = "双方到庭", Ground = "evidence", Next = Times.Day(booked.Start).AddDays(21) }
                : new HoldHearing { Id = booked.Id, Outcome = "ended", Attendance = "双方及委托诉讼代理人到庭" }, c));
    }

    private static async Task MeetAsync(IServiceProvider services, CancellationToken ct)
    {
        var db = services.GetRequiredService<Db>();
        var people = services.GetRequiredService<Workzone.People.IPeople>();
        var mediator = services.GetRequiredService<IMediator>();
        var h = await db.FirstAsync<Hearing>(HearingBook.Columns + " WHERE h.state = 'held' AND h.judge_id = @me ORDER BY h.held_on DESC, h.id", new { me = services.GetRequiredService<ICases>().Arguments.Me }, ct);
        if (h is null)
            return;
        var members = (await people.WithRolesAsync(h.CourtId, ["judge", "leader"], ct)).Where(p => p.Id != h.JudgeId).Take(2).Select(p => p.Id).ToList();
        if (members.Count == 2)
            await mediator.Send(new CallMeeting { CaseId = h.CaseId, On = Times.Day(services.GetRequiredService<TimeProvider>().GetUtcNow()), Place = "第二会议室", Agenda = "一、利息的起算时间；二、违约金是否过高。", Members = members }, ct);
    }
}
