using CourtOps.Contracts;
using CourtOps.Kernel.Messaging;
using CourtOps.Law;
using CourtOps.TrialSupport.Courtroom;
using CourtOps.TrialSupport.Drafts;
using CourtOps.TrialSupport.Hearings;
using Microsoft.Extensions.DependencyInjection;

namespace CourtOps.TrialSupport.Tests.Hearings;

/// <summary>Which summons is one to which hearing: the second of a case, and one that was moved.</summary>
[TestFixtureSource(typeof(Engines), nameof(Engines.All))]
public sealed class SummonsTests(Engine engine) : AppTests(engine)
{
    private static readonly DateTimeOffset Noon = new(2026, 3, 2, 4, 0, 0, TimeSpan.Zero);

    private static readonly Hearing Set = new()
    {
        Id = 5,
        Turn = 2,
        CreatedAt = Noon,
        ConfirmedAt = Noon.AddDays(3),
        HeldOn = new(2026, 3, 20),
    };

    [TestCase(5L, 2, true)]
    [TestCase(5L, 1, false, Description = "drawn up for the time before the move")]
    [TestCase(6L, 2, false, Description = "of another hearing")]
    public void A_summons_drawn_up_here_belongs_to_its_hearing_and_turn(long hearing, int turn, bool belongs) =>
        Assert.That(
            SummonsRules.Belongs(
                Set,
                new ServedSummons
                {
                    HearingId = hearing,
                    Turn = turn,
                    MadeAt = Noon.AddDays(4),
                }
            ),
            Is.EqualTo(belongs)
        );

    [TestCase(2, 1, true)]
    [TestCase(2, 2, false)]
    [TestCase(4, 2, true)]
    [TestCase(-1, 1, false)]
    public void One_made_elsewhere_belongs_to_what_was_set_when_it_was_made(int day, int turn, bool belongs) =>
        Assert.That(SummonsRules.Belongs(Set with { Turn = turn }, new ServedSummons { MadeAt = Noon.AddDays(day) }), Is.EqualTo(belongs));

    [TestCase("civil", 16, NoticeVerdict.InTime)]
    [TestCase("civil", 17, NoticeVerdict.OnlyLenient)]
    [TestCase("criminal", 18, NoticeVerdict.TooLate)]
    public void The_first_service_counts(string kind, int day, NoticeVerdict verdict)
    {
        var told = SummonsRules.Of(
            Set,
            kind,
            [
                new ServedSummons
                {
                    PartyId = 1,
                    ServedOn = new(2026, 3, 19),
                    MadeAt = Noon.AddDays(5),
                },
                new ServedSummons
                {
                    PartyId = 1,
                    ServedOn = new(2026, 3, day),
                    MadeAt = Noon.AddDays(5),
                },
                new ServedSummons
                {
                    PartyId = 1,
                    ServedOn = new(2026, 3, 1),
                    MadeAt = Noon,
                },
            ]
        );
        Assert.That(told[1], Is.EqualTo((new DateOnly(2026, 3, day), verdict)));
    }

    [TestCase("定于2026年3月20日9时在第一法庭开庭", true)]
    [TestCase("定于2026年03月20日9时", true)]
    [TestCase("二〇二六年三月二十日上午九时", true)]
    [TestCase("定于2026年3月2日", false)]
    [TestCase("定于12026年3月20日", true)]
    public void The_day_is_found_in_either_writing(string text, bool named) => Assert.That(SummonsRules.Names(text, new(2026, 3, 20)), Is.EqualTo(named));

    private Task<Draft> Summons(long caseId, string day) =>
        App.As("judge")
            .In(s =>
                s.GetRequiredService<DraftIntake>()
                    .WriteAsync(
                        caseId,
                        null,
                        null,
                        $"吉林省汪清县人民法院\n传票\n（2026）吉2424民初1号\n应到时间：{day}九时\n书记员钱演示",
                        "summons",
                        "传票",
                        default
                    )
            );

    private async Task Serve(long caseId, long document, DateOnly on) =>
        await App.Hear(
            new DocumentServed
            {
                CaseId = caseId,
                DocumentId = document,
                PartyId = await App.PartyId(caseId, "王某乙"),
                RecipientName = "王某乙",
                EffectiveOn = on,
            },
            Catalogue.CaseKey(caseId)
        );

    [Test]
    public async Task A_summons_to_one_hearing_is_none_to_another_and_nobody_is_judged_by_it()
    {
        var room = await App.As("scheduler").Send(new SaveRoom { Name = "第一法庭", Size = 30 });
        var caseId = await App.Case(1, SampleParty.Provided);
        async Task<Hearing> Set(int day) =>
            await App.As("judge")
                .Send(
                    new ConfirmHearing
                    {
                        Id = (
                            await App.As("judge")
                                .Send(
                                    new BookHearing
                                    {
                                        CaseId = caseId,
                                        Minutes = 60,
                                        Start = new DateTime(2026, 3, day, 9, 0, 0, DateTimeKind.Unspecified),
                                        RoomId = room,
                                    }
                                )
                        ).Id,
                    }
                );
        var (first, second) = (await Set(18), await Set(20));
        var draft = await Summons(caseId, "2026年3月18日");
        Assert.That((draft.HearingId, draft.HearingTurn), Is.EqualTo(((long?)first.Id, (int?)1)));
        var wrong = await Summons(caseId, "2026年3月19日");
        var found = (await App.As("judge").Send(new ShowDraft { Id = wrong.Id })).Findings;
        Assert.That(found.Select(f => f.CheckCode), Does.Contain("hearing"), "no hearing is set for that day");
        await App.Change("UPDATE trial_finding SET settled = 'x' WHERE draft_id = @Id", new { draft.Id });
        var signed = await App.As("judge").Send(new SignDraft { Id = draft.Id });
        await App.As("judge").Send(new IssueDraft { Id = draft.Id, Version = signed.Version });
        await App.DrainAsync();
        await App.DrainAsync();
        var document = (await App.As("judge").Send(new ShowDraft { Id = draft.Id })).Draft.DocumentId!.Value;
        var told = (await App.Published<HearingScheduled>())[^1];
        Assert.That((told.HearingId, told.SummonsIds, told.Version), Is.EqualTo((first.Id, new[] { document }, 1)));
        await Serve(caseId, document, new(2026, 3, 10));
        async Task<DateOnly?> Told(long id) => (await App.As("judge").Send(new ShowHearing { Id = id })).Told.Single(t => t.Name == "王某乙").On;
        Assert.That((await Told(first.Id), await Told(second.Id)), Is.EqualTo(((DateOnly?)new DateOnly(2026, 3, 10), (DateOnly?)null)));
        await Assert.ThatAsync(
            () =>
                App.As("judge")
                    .Send(
                        new MoveHearing
                        {
                            Id = first.Id,
                            Start = new DateTime(2026, 3, 24, 9, 0, 0, DateTimeKind.Unspecified),
                            Reason = "x",
                        }
                    ),
            Throws.TypeOf<RuleBroken>().With.Property("Code").EqualTo("ground"),
            "whoever was summoned is put off by law only"
        );
        var moved = await App.As("judge")
            .Send(
                new MoveHearing
                {
                    Id = first.Id,
                    Start = new DateTime(2026, 3, 24, 9, 0, 0, DateTimeKind.Unspecified),
                    Reason = "法官另有会议",
                    Ground = "evidence",
                }
            );
        Assert.That(await Told(first.Id), Is.Null, "it called for another day");
        Assert.That((await App.Published<HearingScheduled>())[^1].OtherSummonsIds, Does.Contain(document));
        App.At(moved.StartsAt.AddHours(1));
        var seats = (await App.As("judge").Send(new ShowCourtroom { HearingId = first.Id })).Seats;
        var seat = seats.Single(s => s.Person.Name == "王某乙");
        await App.As("judge")
            .Send(
                new RecordAttendance
                {
                    HearingId = first.Id,
                    Presence = new Dictionary<string, string> { [seat.Person.Resource] = "absent" },
                    Words = "电话不通",
                }
            );
        seat = (await App.As("judge").Send(new ShowCourtroom { HearingId = first.Id })).Seats.Single(s => s.Person.Name == "王某乙");
        Assert.That(seat.Follows, Does.Contain("没有合法传唤的证明"), "no default judgment by a summons to another day");
    }

    [Test]
    public async Task Where_assessors_are_to_sit_the_day_leaves_time_to_draw_them()
    {
        await App.As("scheduler").Send(new SaveRoom { Name = "第一法庭", Size = 30 });
        var caseId = await App.Case(1, SampleParty.Provided);
        var plain = await App.As("judge")
            .Send(
                new BookHearing
                {
                    CaseId = caseId,
                    Minutes = 60,
                    Waived = "笔录",
                }
            );
        var with = await App.As("judge")
            .Send(
                new BookHearing
                {
                    CaseId = caseId,
                    Minutes = 60,
                    Waived = "笔录",
                    WithAssessors = true,
                }
            );
        Assert.That(with.Start - plain.Start, Is.GreaterThanOrEqualTo(TimeSpan.FromDays(6)));
        await Assert.ThatAsync(
            () =>
                App.As("judge")
                    .Send(
                        new MoveHearing
                        {
                            Id = with.Id,
                            Start = new DateTime(2026, 3, 4, 9, 0, 0, DateTimeKind.Unspecified),
                            Reason = "提前",
                        }
                    ),
            Throws.TypeOf<RuleBroken>().With.Message.Contains("陪审员")
        );
    }
}
