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
        stage.At(
            stage.End.AddDays(-62),
            "scheduler",
            (s, _) =>
            {
                s.GetRequiredService<Seals.SealKeeper>().MakeDemoKey();
                return Task.CompletedTask;
            }
        );
        if (stage.Small)
            return Task.CompletedTask;
        var begin = stage.End.AddDays(-62);
        foreach (var (name, size, online) in new[] { ("第一审判庭", 60, true), ("第二审判庭", 30, true), ("速裁庭", 12, false), ("互联网庭", 8, true) })
            stage.At(
                begin,
                "scheduler",
                (s, c) =>
                    s.GetRequiredService<IMediator>()
                        .Send(
                            new SaveRoom
                            {
                                Name = name,
                                Size = size,
                                Features = ["recording"],
                                Online = online,
                            },
                            c
                        )
            );
        for (var i = 0; i < 26; i++)
        {
            var (n, at) = (i, Times.Start(Times.Day(stage.End).AddDays(-60 + (i * 2))).AddHours(10));
            stage.At(at < stage.End ? at : stage.End.AddHours(-1), i % 3 == 0 ? "judge2" : "judge", (s, c) => BookAsync(stage, s, n, at, c));
        }
        stage.At(stage.End.AddDays(-2), "judge", MeetAsync);
        foreach (
            var (name, field) in new[] { ("陪审员甲", ""), ("陪审员乙", ""), ("陪审员丙", "医疗"), ("陪审员丁", ""), ("陪审员戊", "建筑"), ("陪审员己", "") }
        )
            stage.At(begin, "scheduler", (s, c) => s.GetRequiredService<IMediator>().Send(new Assessors.SaveAssessor { Name = name, Field = field }, c));
        stage.At(stage.End.AddHours(-3), "judge", AroundAsync);
        stage.At(stage.End.AddHours(-2), "judge", NotesAsync);
        // it is worked out when the host starts
        var from = Times.Day(stage.End).AddDays(1);
        stage.At(
            stage.End.AddHours(-1),
            "judge",
            (s, c) =>
                s.GetRequiredService<IMediator>()
                    .Send(
                        new Planning.BeginPlan
                        {
                            From = from,
                            Until = from.AddDays(45),
                            Seconds = 10,
                        },
                        c
                    )
        );
        return Task.CompletedTask;
    }

    private static async Task BookAsync(IDemoStage stage, IServiceProvider services, int n, DateTimeOffset at, CancellationToken ct)
    {
        var db = services.GetRequiredService<Db>();
        var cases = services.GetRequiredService<ICases>();
        var mediator = services.GetRequiredService<IMediator>();
        var (me, courts, places) = cases.Arguments;
        var id = await db.FirstAsync<long?>(
            "SELECT c.id FROM workzone_case_card c WHERE c.state = 'open' AND c.kind = 'civil' AND c.judge_id = @me AND "
                + cases.Seen("c.id")
                + " AND NOT EXISTS (SELECT 1 FROM trial_hearing h WHERE h.case_id = c.id) ORDER BY c.filed_on, c.id",
            new
            {
                me,
                courts,
                places,
            },
            ct
        );
        if (id is null)
            return;
        var booked = await mediator.Send(new BookHearing { CaseId = id.Value, Minutes = 45 + (15 * (n % 4)) }, ct);
        var login = n % 3 == 0 ? "judge2" : "judge";
        if (n >= 24)
            return;
        stage.At(at.AddHours(3), login, (s, c) => s.GetRequiredService<IMediator>().Send(new ConfirmHearing { Id = booked.Id }, c));
        var after = booked.End.AddMinutes(20);
        if (after < stage.End && n % 9 != 5)
            stage.At(
                after,
                login,
                (s, c) =>
                    s.GetRequiredService<IMediator>()
                        .Send(
                            n % 7 == 3
                                ? new HoldHearing
                                {
                                    Id = booked.Id,
                                    Outcome = "adjourned",
                                    Attendance = "双方到庭",
                                    Ground = "evidence",
                                    Next = Times.Day(booked.Start).AddDays(21),
                                }
                                : new HoldHearing
                                {
                                    Id = booked.Id,
                                    Outcome = "ended",
                                    Attendance = "双方及委托诉讼代理人到庭",
                                },
                            c
                        )
            );
    }

    private static async Task MeetAsync(IServiceProvider services, CancellationToken ct)
    {
        var db = services.GetRequiredService<Db>();
        var people = services.GetRequiredService<Workzone.People.IPeople>();
        var mediator = services.GetRequiredService<IMediator>();
        var h = await db.FirstAsync<Hearing>(
            HearingBook.Columns + " WHERE h.state = 'held' AND h.judge_id = @me ORDER BY h.held_on DESC, h.id",
            new { me = services.GetRequiredService<ICases>().Arguments.Me },
            ct
        );
        if (h is null)
            return;
        var members = (await people.WithRolesAsync(h.CourtId, ["judge", "leader"], ct)).Where(p => p.Id != h.JudgeId).Take(2).Select(p => p.Id).ToList();
        if (members.Count == 2)
            await mediator.Send(
                new CallMeeting
                {
                    CaseId = h.CaseId,
                    On = Times.Day(services.GetRequiredService<TimeProvider>().GetUtcNow()),
                    Place = "第二会议室",
                    Agenda = "一、利息的起算时间；二、违约金是否过高。",
                    Members = members,
                },
                ct
            );
    }

    // the notes of a hearing that was held, and a document written beside its file
    private static async Task NotesAsync(IServiceProvider services, CancellationToken ct)
    {
        var db = services.GetRequiredService<Db>();
        var mediator = services.GetRequiredService<IMediator>();
        var h = await db.FirstAsync<Hearing>(
            HearingBook.Columns
                + " JOIN workzone_case_card c ON c.id = h.case_id WHERE h.state = 'held' AND h.judge_id = @me AND c.state = 'open' ORDER BY h.held_on "
                + "DESC, h.id",
            new { me = services.GetRequiredService<ICases>().Arguments.Me },
            ct
        );
        if (h is null)
            return;
        var recording = await mediator.Send(new Recordings.OpenRecording { HearingId = h.Id }, ct);
        var (at, judge) = (Times.Local(h.StartsAt).DateTime, h.JudgeName);
        foreach (
            var (minute, kind, speaker, words) in new[]
            {
                (0, "stage", "", "宣布开庭，核对当事人"),
                (4, "speech", judge, "请原告陈述诉讼请求和事实理由"),
                (15, "evidence", "", "举证、质证"),
                (38, "stage", "", "法庭辩论"),
                (44, "stage", "", "宣布闭庭"),
            }
        )
            await mediator.Send(
                new Recordings.AddMark
                {
                    RecordingId = recording,
                    At = at.AddMinutes(minute),
                    Kind = kind,
                    Speaker = speaker,
                    Words = words,
                },
                ct
            );
        var filled = await mediator.Send(new Pages.Drafts.Template.Query { CaseId = h.CaseId, Code = "mediation" }, ct);
        await services
            .GetRequiredService<Drafts.DraftIntake>()
            .WriteAsync(h.CaseId, null, null, string.Join('\n', filled.Paragraphs.Select(p => p.Text)), filled.Template.Kind, filled.Template.Title, ct);
    }

    // a hearing to come with its assessors, an element form filled in by the clerk, evidence, an order that waits
    private static async Task AroundAsync(IServiceProvider services, CancellationToken ct)
    {
        var db = services.GetRequiredService<Db>();
        var mediator = services.GetRequiredService<IMediator>();
        var cases = services.GetRequiredService<ICases>();
        var day = Times.Day(services.GetRequiredService<TimeProvider>().GetUtcNow());
        var (me, courts, places) = cases.Arguments;
        var card = await db.FirstAsync<CaseCard>(
            "SELECT c.id, c.cause FROM workzone_case_card c WHERE c.state = 'open' AND c.kind = 'civil' AND c.judge_id = @me AND "
                + cases.Seen("c.id")
                + " AND NOT EXISTS (SELECT 1 FROM trial_hearing h WHERE h.case_id = c.id) ORDER BY c.filed_on DESC, c.id",
            new
            {
                me,
                courts,
                places,
            },
            ct
        );
        if (card is null || await cases.PartiesAsync(card.Id, ct) is not [var first, ..])
            return;
        await mediator.Send(new Elements.SendElements { CaseId = card.Id, Code = Elements.ElementForms.For(card.Cause)?.Code ?? "loan" }, ct);
        await mediator.Send(
            new Elements.FillElements
            {
                CaseId = card.Id,
                PartyId = first.Id,
                Answers = new Dictionary<string, string> { ["other"] = "双方多次协商未果。" },
            },
            ct
        );
        await mediator.Send(
            new Courtroom.SaveExhibit
            {
                CaseId = card.Id,
                Name = "借条",
                Form = "original",
                PartyId = first.Id,
                Purpose = "双方之间的借款关系",
                Place = "证物柜一",
            },
            ct
        );
        await mediator.Send(
            new Investigations.AskInvestigation
            {
                CaseId = card.Id,
                PartyId = first.Id,
                Lawyer = "律师某甲",
                Licence = "演示执业证一号",
                Unit = "某银行汪清支行",
                Evidence = "转账流水一份",
                Reason = "银行不向个人提供对方账户的流水",
            },
            ct
        );
        var booked = await mediator.Send(
            new BookHearing
            {
                CaseId = card.Id,
                Minutes = 60,
                From = day.AddDays(12),
            },
            ct
        );
        await mediator.Send(
            new Assessors.DrawAssessors
            {
                HearingId = booked.Id,
                Seats = 2,
                Spares = 1,
            },
            ct
        );
    }
}
