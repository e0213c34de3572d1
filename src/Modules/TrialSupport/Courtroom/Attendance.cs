using CourtOps.Kernel.Audit;
using CourtOps.Kernel.Data;
using CourtOps.Kernel.Messaging;
using CourtOps.Kernel.Security;
using CourtOps.Kernel.Web;
using CourtOps.TrialSupport.Hearings;
using CourtOps.Workzone.Cases;
using FluentValidation;

namespace CourtOps.TrialSupport.Courtroom;

internal sealed record ConsentRow
{
    public static readonly IReadOnlyDictionary<string, string> Answers = new Dictionary<string, string>
    {
        ["yes"] = "同意在线",
        ["no"] = "不同意",
        ["offline"] = "本人到庭，其他人在线",
    };

    public static readonly IReadOnlyDictionary<string, string> Ways = new Dictionary<string, string>
    {
        ["written"] = "书面",
        ["oral"] = "口头，记入笔录",
        ["platform"] = "诉讼平台确认",
        ["phone"] = "电话录音",
    };

    public long PartyId { get; init; }
    public string PartyName { get; init; } = "";
    public string Answer { get; init; } = "";
    public string Way { get; init; } = "";
    public string Words { get; init; } = "";
    public DateOnly GivenOn { get; init; }
    public string ByName { get; init; } = "";
}

internal sealed record AttendanceRow
{
    public static readonly IReadOnlyDictionary<string, string> Kinds = new Dictionary<string, string>
    {
        ["present"] = "到庭",
        ["online"] = "在线到庭",
        ["late"] = "迟到",
        ["excused"] = "未到庭，有正当理由",
        ["absent"] = "未到庭，无正当理由",
        ["left"] = "中途退庭",
    };

    public string Resource { get; init; } = "";
    public string Name { get; init; } = "";
    public string Presence { get; init; } = "";
    public string Words { get; init; } = "";
    public string ByName { get; init; } = "";
    public DateTimeOffset At { get; init; }
}

/// <summary>What the rules of court make of consent and absence. Pure.</summary>
internal static class CourtroomRules
{
    /// <summary>
    /// Parties for whom an online hearing may not be confirmed (在线诉讼规则 4, G-04: consent is given for this hearing, from none other is it inferred): who said
    /// no, and who has not answered: silence is no consent.
    /// </summary>
    public static IReadOnlyList<string> NotConsenting(IReadOnlyList<(long Id, string Name)> parties, IReadOnlyList<ConsentRow> consents) =>
        [.. parties.Where(p => consents.FirstOrDefault(c => c.PartyId == p.Id)?.Answer is null or "no").Select(p => p.Name)];

    /// <summary>Why a case may not be heard online at all (在线诉讼规则 21), by what the record says of it; the rest of that article a person confirms. A text
    /// key, null for nothing.</summary>
    /// <param name="marks">Codes of the four kinds of case.</param>
    public static string? NotOnline(string cause, IReadOnlyCollection<string> marks) =>
        cause.Contains("国家秘密", StringComparison.Ordinal) || cause.Contains("国家安全", StringComparison.Ordinal) ? "案件涉及国家安全、国家秘密"
        : marks.Contains("grave") ? "案件疑难复杂，不宜在线审理"
        : marks.Contains("mass") ? "案件具有重大社会影响"
        : null;

    /// <summary>What follows when a party does not come or leaves (CPL 112, 146, 147, 149); a text key, null for nothing.</summary>
    /// <param name="summoned">A summons was served on it in time.</param>
    public static string? Absence(string role, string presence, bool summoned) =>
        presence switch
        {
            "excused" => "有正当理由没有到庭的，可以延期开庭（民诉法第149条）。",
            "absent" or "left" when presence == "absent" && !summoned => "没有合法传唤的证明，不能按撤诉处理，也不能缺席判决；请先查送达。",
            "absent" or "left" when Claims(role) => "可以按撤诉处理；被告反诉的，可以缺席判决（民诉法第146条）。",
            "absent" or "left" when Answers(role) => "可以缺席判决（民诉法第147条）；必须到庭的，经两次传票传唤可以拘传（第112条）。",
            _ => null,
        };

    private static bool Claims(string role) => role is "原告" or "上诉人" or "申请人";

    private static bool Answers(string role) => role.StartsWith('被') || role == "第三人";
}

/// <summary>Writes down whether a party agrees that this hearing is held online.</summary>
[Permit("trial.schedule")]
[Audited("trial.consent.record")]
internal sealed record RecordConsent : ICommand
{
    public long HearingId { get; init; }
    public long PartyId { get; init; }
    public string Answer { get; init; } = "";
    public string Way { get; init; } = "";
    public string Words { get; init; } = "";
    public DateOnly? On { get; init; }

    internal sealed class Validator : AbstractValidator<RecordConsent>
    {
        public Validator()
        {
            RuleFor(c => c.Answer).Must(ConsentRow.Answers.ContainsKey).WithMessage("请选择是否同意。");
            RuleFor(c => c.Way).Must(ConsentRow.Ways.ContainsKey).WithMessage("请选择表示同意的方式。");
            RuleFor(c => c.Words)
                .NotEmpty()
                .When(c => c.Answer == "no")
                .WithMessage("不同意的，请写明理由。")
                .MaximumLength(400)
                .WithMessage("最长 400 个字符。");
            RuleFor(c => c.On).Must(d => d is null or { Year: >= 2000 and <= 2100 }).WithMessage("日期应在 2000 年到 2100 年之间。");
        }
    }

    internal sealed class Handler(Db db, Actor actor, TimeProvider clock, HearingActs acts, HearingBook book, ICases cases, AuditTrail audit)
        : CommandHandler<RecordConsent>
    {
        protected override async Task RunAsync(RecordConsent c, CancellationToken ct)
        {
            var h = await acts.OpenAsync(c.HearingId, null, ct);
            if (!h.IsLive)
                throw new RuleBroken("这次庭审已经结束或者取消。", "HearingId", "state");
            if (!h.Online)
                throw new RuleBroken("这次庭审不是在线开庭，不用征求同意。", "HearingId", "offline");
            var party = (await cases.PartiesAsync(h.CaseId, ct)).FirstOrDefault(p => p.Id == c.PartyId) ?? throw new NotFound("当事人", c.PartyId);
            var now = clock.StoredNow();
            if (c.On > Times.Day(now))
                throw new RuleBroken("同意的日期在今天之后。", "On");
            var args = new
            {
                h.Id,
                c.PartyId,
                h.CaseId,
                party.Name,
                c.Answer,
                c.Way,
                words = c.Words.Trim(),
                on = c.On ?? Times.Day(now),
                by = actor.Name,
                now,
            };
            if (
                await db.ExecuteAsync(
                    "UPDATE trial_consent SET answer = @Answer, way = @Way, words = @words, given_on = @on, by_name = @by, at = @now WHERE hearing_id "
                        + "= @Id AND party_id = @PartyId",
                    args,
                    ct
                ) == 0
            )
                await db.ExecuteAsync(
                    "INSERT INTO trial_consent (hearing_id, party_id, case_id, party_name, answer, way, words, given_on, by_name, at) VALUES (@Id, "
                        + "@PartyId, @CaseId, @Name, @Answer, @Way, @words, @on, @by, @now)",
                    args,
                    ct
                );
            await book.NoteAsync(h.Id, "consent", $"{party.Name}：{ConsentRow.Answers[c.Answer]}", ct);
            audit.Note(
                "hearing",
                h.Id,
                new
                {
                    c.PartyId,
                    c.Answer,
                    c.Way,
                },
                h.CaseId,
                c.Words
            );
        }
    }
}

/// <summary>Writes down who came to a hearing; once for each person, the last word counts.</summary>
[Permit("trial.hold")]
[Audited("trial.attendance.record")]
internal sealed record RecordAttendance : ICommand
{
    public long HearingId { get; init; }

    /// <summary>Who, as the hearing has them: resource and presence, several at once.</summary>
    public IReadOnlyDictionary<string, string> Presence { get; init; } = new Dictionary<string, string>();
    public string Words { get; init; } = "";

    internal sealed class Validator : AbstractValidator<RecordAttendance>
    {
        public Validator()
        {
            RuleFor(c => c.Presence)
                .Must(p => p.Values.Any(v => !string.IsNullOrEmpty(v)))
                .WithMessage("请至少登记一人的到庭情况。")
                .Must(p => p.Values.All(v => string.IsNullOrEmpty(v) || AttendanceRow.Kinds.ContainsKey(v)))
                .WithMessage("请选择到庭情况。");
            RuleFor(c => c.Words)
                .NotEmpty()
                .When(c => c.Presence.Values.Any(v => v is "excused" or "absent" or "left"))
                .WithMessage("有人未到庭或者退庭的，请写明情况。")
                .MaximumLength(400)
                .WithMessage("最长 400 个字符。");
        }
    }

    internal sealed class Handler(Db db, Actor actor, TimeProvider clock, HearingActs acts, HearingBook book, AuditTrail audit)
        : CommandHandler<RecordAttendance>
    {
        protected override async Task RunAsync(RecordAttendance c, CancellationToken ct)
        {
            var h = await acts.OpenAsync(c.HearingId, null, ct);
            var now = clock.StoredNow();
            if (h.State is HearingState.Provisional or HearingState.Cancelled || h.StartsAt > now.AddMinutes(30))
                throw new RuleBroken("还没有到开庭时间，或者庭审没有确认，不能登记到庭。", "HearingId", "state");
            var people = (await book.PeopleAsync(h.Id, ct)).ToDictionary(p => p.Resource);
            foreach (var (resource, presence) in c.Presence.Where(p => !string.IsNullOrEmpty(p.Value)))
            {
                var person = people.GetValueOrDefault(resource) ?? throw new RuleBroken("登记的人不在这次庭审的名单里，请刷新后再看。", "Presence", "stranger");
                var args = new
                {
                    h.Id,
                    resource,
                    person.Name,
                    presence,
                    words = presence is "present" or "online" ? "" : c.Words.Trim(),
                    by = actor.Name,
                    now,
                };
                if (
                    await db.ExecuteAsync(
                        "UPDATE trial_attendance SET presence = @presence, words = @words, by_name = @by, at = @now WHERE hearing_id = @Id AND "
                            + "resource = @resource",
                        args,
                        ct
                    ) == 0
                )
                    await db.ExecuteAsync(
                        "INSERT INTO trial_attendance (hearing_id, resource, name, presence, words, by_name, at) VALUES (@Id, @resource, @Name, "
                            + "@presence, @words, @by, @now)",
                        args,
                        ct
                    );
            }
            audit.Note("hearing", h.Id, new { people = c.Presence.Count(p => p.Value.Length > 0) }, h.CaseId, c.Words);
        }
    }
}

/// <summary>Consents and attendance of a hearing, with what follows of an absence.</summary>
[Permit("trial.read")]
internal sealed record ShowCourtroom : IQuery<ShowCourtroom.Result>
{
    public long HearingId { get; init; }

    internal sealed record Seat(HearingBook.Person Person, string Role, AttendanceRow? Row, string? Follows);

    internal sealed record Result(
        Hearing Hearing,
        IReadOnlyList<Seat> Seats,
        IReadOnlyList<(long Id, string Name, string Role)> Parties,
        IReadOnlyList<ConsentRow> Consents
    );

    internal sealed class Handler(Db db, HearingActs acts, HearingBook book, ICases cases, Summonses summonses) : IQueryHandler<ShowCourtroom, Result>
    {
        public async Task<Result> Handle(ShowCourtroom request, CancellationToken cancellationToken)
        {
            var h = await acts.OpenAsync(request.HearingId, null, cancellationToken);
            var parties = await cases.PartiesAsync(h.CaseId, cancellationToken);
            var rows = (
                await db.QueryAsync<AttendanceRow>(
                    "SELECT resource, name, presence, words, by_name, at FROM trial_attendance WHERE hearing_id = @Id",
                    new { h.Id },
                    cancellationToken
                )
            ).ToDictionary(r => r.Resource);
            var kind = (await cases.GetAsync(h.CaseId, cancellationToken)).Kind;
            var served = SummonsRules.Of(h, kind, await summonses.ServedAsync(h.CaseId, cancellationToken));
            // a summons that came too late is no lawful one, unless the party gave up the time
            bool Summoned(long party) =>
                served.TryGetValue(party, out var s) && s.On <= h.HeldOn && (s.Verdict != Law.NoticeVerdict.TooLate || h.Waived is not null);
            return new Result(
                h,
                [
                    .. (await book.PeopleAsync(h.Id, cancellationToken)).Select(p =>
                    {
                        var party = parties.FirstOrDefault(x => x.Id == p.PersonId && p.Part == "party");
                        var row = rows.GetValueOrDefault(p.Resource);
                        return new Seat(
                            p,
                            party?.Role ?? "",
                            row,
                            party is null || row is null ? null : CourtroomRules.Absence(party.Role, row.Presence, Summoned(party.Id))
                        );
                    }),
                ],
                [.. parties.Select(p => (p.Id, p.Name, p.Role))],
                await OfAsync(db, h.Id, cancellationToken)
            );
        }
    }

    public static Task<IReadOnlyList<ConsentRow>> OfAsync(Db db, long hearingId, CancellationToken ct) =>
        db.QueryAsync<ConsentRow>(
            "SELECT party_id, party_name, answer, way, words, given_on, by_name FROM trial_consent WHERE hearing_id = @hearingId ORDER BY party_id",
            new { hearingId },
            ct
        );
}
