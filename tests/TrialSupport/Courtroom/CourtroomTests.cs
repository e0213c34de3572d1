using CourtOps.Kernel.Messaging;
using CourtOps.TrialSupport.Courtroom;
using CourtOps.TrialSupport.Hearings;

namespace CourtOps.TrialSupport.Tests.Courtroom;

/// <summary>Consent to an online hearing, attendance with its consequences, exhibits.</summary>
[TestFixtureSource(typeof(Engines), nameof(Engines.All))]
public sealed class CourtroomTests(Engine engine) : AppTests(engine)
{
    [TestCase("原告", "absent", true, "第146条")]
    [TestCase("原告", "left", false, "第146条")]
    [TestCase("被告", "absent", true, "第147条")]
    [TestCase("被告", "absent", false, "先查送达")]
    [TestCase("被上诉人", "left", true, "第147条")]
    [TestCase("原告", "excused", true, "第149条")]
    [TestCase("原告", "present", true, null)]
    [TestCase("证人", "absent", true, null)]
    public void Absence_has_its_consequence(string role, string presence, bool summoned, string? article)
    {
        var follows = CourtroomRules.Absence(role, presence, summoned);
        Assert.That(follows, article is null ? Is.Null : Does.Contain(article));
    }

    [TestCase("", "甲 乙", Description = "silence is no consent")]
    [TestCase("1=yes 2=yes", "")]
    [TestCase("1=yes 2=offline", "")]
    [TestCase("1=yes 2=no", "乙")]
    [TestCase("1=yes", "乙")]
    public void Consent_is_each_partys_own(string answers, string missing)
    {
        var consents = answers.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(a => new ConsentRow { PartyId = a[0] - '0', Answer = a[2..] }).ToList();
        Assert.That(string.Join(' ', CourtroomRules.NotConsenting([(1, "甲"), (2, "乙")], consents)), Is.EqualTo(missing));
    }

    [Test]
    public async Task A_refusal_keeps_an_online_hearing_from_being_confirmed()
    {
        var room = await App.As("scheduler")
            .Send(
                new SaveRoom
                {
                    Name = "互联网庭",
                    Size = 8,
                    Online = true,
                }
            );
        var caseId = await App.Case(1, SampleParty.Provided);
        var at = new DateTime(2026, 3, 6, 9, 0, 0, DateTimeKind.Unspecified);
        var hearing = (
            await App.As("judge")
                .Send(
                    new BookHearing
                    {
                        CaseId = caseId,
                        Minutes = 60,
                        Start = at,
                        RoomId = room,
                        Online = true,
                        NoneOf21 = true,
                        Consent = "笔录",
                    }
                )
        ).Id;
        var parties = (await App.As("judge").Send(new ShowCourtroom { HearingId = hearing })).Parties;
        await Assert.ThatAsync(
            () =>
                App.As("judge")
                    .Send(
                        new RecordConsent
                        {
                            HearingId = hearing,
                            PartyId = parties[0].Id,
                            Answer = "no",
                            Way = "oral",
                        }
                    ),
            Throws.TypeOf<FluentValidation.ValidationException>()
        );
        await App.As("judge")
            .Send(
                new RecordConsent
                {
                    HearingId = hearing,
                    PartyId = parties[0].Id,
                    Answer = "yes",
                    Way = "written",
                }
            );
        await App.As("judge")
            .Send(
                new RecordConsent
                {
                    HearingId = hearing,
                    PartyId = parties[1].Id,
                    Answer = "no",
                    Way = "oral",
                    Words = "不会用手机",
                }
            );
        await Assert.ThatAsync(
            () => App.As("judge").Send(new ConfirmHearing { Id = hearing }),
            Throws.TypeOf<RuleBroken>().With.Property("Code").EqualTo("no-consent")
        );
        await App.As("judge")
            .Send(
                new RecordConsent
                {
                    HearingId = hearing,
                    PartyId = parties[1].Id,
                    Answer = "offline",
                    Way = "oral",
                    Words = "来法庭",
                }
            );
        await App.As("judge").Send(new ConfirmHearing { Id = hearing });
        var resource = (await App.As("judge").Send(new ShowCourtroom { HearingId = hearing })).Seats.First(s => s.Role == "被告").Person.Resource;
        Dictionary<string, string> absent = new() { [resource] = "absent" };
        await Assert.ThatAsync(
            () =>
                App.As("judge")
                    .Send(
                        new RecordAttendance
                        {
                            HearingId = hearing,
                            Presence = absent,
                            Words = "未到",
                        }
                    ),
            Throws.TypeOf<RuleBroken>(),
            "not begun"
        );
        App.Advance(TimeSpan.FromDays(5));
        await Assert.ThatAsync(
            () => App.As("judge").Send(new RecordAttendance { HearingId = hearing, Presence = absent }),
            Throws.TypeOf<FluentValidation.ValidationException>(),
            "no words"
        );
        await Assert.ThatAsync(
            () =>
                App.As("judge")
                    .Send(
                        new RecordAttendance
                        {
                            HearingId = hearing,
                            Presence = new Dictionary<string, string> { ["party:7"] = "present" },
                        }
                    ),
            Throws.TypeOf<RuleBroken>().With.Property("Code").EqualTo("stranger")
        );
        await App.As("judge")
            .Send(
                new RecordAttendance
                {
                    HearingId = hearing,
                    Presence = absent,
                    Words = "电话无人接听",
                }
            );
        await App.As("judge")
            .Send(
                new RecordAttendance
                {
                    HearingId = hearing,
                    Presence = absent,
                    Words = "电话无人接听，等候半小时",
                }
            );
        var seat = (await App.As("judge").Send(new ShowCourtroom { HearingId = hearing })).Seats.Single(s => s.Person.Resource == resource);
        Assert.That(
            (seat.Row!.Words, seat.Follows),
            Is.EqualTo(("电话无人接听，等候半小时", "没有合法传唤的证明，不能按撤诉处理，也不能缺席判决；请先查送达。"))
        );
    }

    [Test]
    public async Task Exhibits_are_numbered_found_by_the_judge_and_given_back_once()
    {
        var caseId = await App.Case(1, SampleParty.Provided);
        SaveExhibit save = new()
        {
            CaseId = caseId,
            Name = "借条",
            Form = "original",
            Purpose = "借款事实",
            Place = "证物柜一",
        };
        await Assert.ThatAsync(() => App.As("judge").Send(save with { Place = "" }), Throws.TypeOf<FluentValidation.ValidationException>());
        var id = await App.As("judge").Send(save);
        await App.As("judge").Send(save with { Name = "转账记录", Form = "copy", Place = "" });
        await Assert.ThatAsync(() => App.As("judge").Send(save with { PartyId = 7 }), Throws.TypeOf<NotFound>());
        await Assert.ThatAsync(() => App.As("judge2").Send(save), Throws.TypeOf<NotFound>());
        await Assert.ThatAsync(
            () => App.As("assistant").Send(save with { Id = id, Finding = "admitted" }),
            Throws.TypeOf<RuleBroken>().With.Property("Code").EqualTo("judge")
        );
        await App.As("judge").Send(save with { Id = id, Version = 1, Opinion = "真实性无异议", Finding = "admitted" });
        await Assert.ThatAsync(() => App.As("judge").Send(save with { Id = id, Version = 1 }), Throws.TypeOf<Conflict>());
        await App.As("judge")
            .Send(
                new ReturnExhibit
                {
                    CaseId = caseId,
                    Id = id,
                    To = "原告签收",
                }
            );
        await Assert.ThatAsync(
            () =>
                App.As("judge")
                    .Send(
                        new ReturnExhibit
                        {
                            CaseId = caseId,
                            Id = id,
                            To = "原告签收",
                        }
                    ),
            Throws.TypeOf<RuleBroken>()
        );
        Assert.That(
            (await App.As("judge").Send(new ListExhibits { CaseId = caseId })).Rows.Select(x => (x.N, x.Name, x.State, x.Finding)),
            Is.EqualTo(new[] { (1, "借条", "returned", "admitted"), (2, "转账记录", "kept", "open") })
        );
    }
}
