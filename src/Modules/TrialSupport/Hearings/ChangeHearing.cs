using CourtOps.Contracts;
using CourtOps.Kernel.Audit;
using CourtOps.Kernel.Data;
using CourtOps.Kernel.Messaging;
using CourtOps.Kernel.Security;
using CourtOps.Kernel.Web;
using CourtOps.Law;
using CourtOps.Workzone.Cases;
using FluentValidation;

namespace CourtOps.TrialSupport.Hearings;

/// <summary>What several commands do with a hearing; plain methods in the open transaction.</summary>
internal sealed class HearingActs(Db db, Outbox outbox, ICases cases, HearingBook book, Summonses summonses, Actor actor)
{
    /// <summary>The hearing, refused as not found where its case is not for this actor.</summary>
    /// <exception cref="NotFound">No such hearing, or of a case that is not for this actor.</exception>
    /// <exception cref="Conflict">It was changed since the person saw it.</exception>
    public async Task<Hearing> OpenAsync(long id, int? version, CancellationToken ct)
    {
        var hearing = await book.GetAsync(id, ct);
        if (!await cases.CanReadAsync(hearing.CaseId, ct))
            throw new NotFound("庭审", id);
        return version is null || version == hearing.Version ? hearing : throw new Conflict("庭审刚被他人修改，请刷新后再看。");
    }

    /// <summary>What was asked for when it was booked, for another day.</summary>
    public async Task<Wish> WishAsync(Hearing h, int minutes, DateOnly day, CancellationToken ct) =>
        new()
        {
            CaseId = h.CaseId,
            Minutes = minutes,
            From = day,
            Until = day,
            Online = h.Online,
            Waived = h.Waived ?? "",
            Besides = h.Id,
            ClerkId = h.ClerkId,
            Language = h.Language,
            Escort = h.Escort,
            Interpreter = (await book.PeopleAsync(h.Id, ct))
                .Where(p => p.Part == "interpreter")
                .Select(p => new Attendee(p.Resource, p.Part, null, p.Name))
                .FirstOrDefault(),
            WithAssessors = h.Assessors,
            Size = h.Size,
            Features = h.Features.Split(' ', StringSplitOptions.RemoveEmptyEntries),
            Panel = [.. (await book.PeopleAsync(h.Id, ct)).Where(p => p.Part == "panel").Select(p => p.PersonId!.Value)],
            Assessors = [.. (await book.PeopleAsync(h.Id, ct)).Where(p => p.Part == "assessor").Select(p => new Attendee(p.Resource, p.Part, null, p.Name))],
        };

    /// <summary>Tells the other centres, and the public what may be told.</summary>
    public async Task PublishAsync(Hearing h, CancellationToken ct)
    {
        await TellAsync(h, ct);
        await AnnounceAsync(h, ct);
    }

    /// <summary>Tells the other centres: a hearing is set, or a summons to it was drawn up.</summary>
    public async Task TellAsync(Hearing h, CancellationToken ct)
    {
        var (own, others) = await summonses.LinkedAsync(h, ct);
        var parties = await cases.PartiesAsync(h.CaseId, ct);
        await outbox.AddAsync(
            Catalogue.CaseKey(h.CaseId),
            new HearingScheduled
            {
                HearingId = h.Id,
                CaseId = h.CaseId,
                Start = h.StartsAt,
                End = h.EndsAt,
                Room = h.RoomName,
                Online = h.Online,
                PartyIds = [.. parties.Select(p => p.Id)],
                SummonsIds = own,
                OtherSummonsIds = others,
                SummonsSince = SummonsRules.Since(h),
                ServeBy = h.ServeBy,
                Version = h.Turn,
                AskedBy = actor.Id,
            },
            ct
        );
    }

    /// <summary>Writes what anybody may read of a hearing.</summary>
    public async Task AnnounceAsync(Hearing h, CancellationToken ct)
    {
        var parties = await cases.PartiesAsync(h.CaseId, ct);
        await db.ExecuteAsync("DELETE FROM trial_public_hearing WHERE hearing_id = @Id", new { h.Id }, ct);
        var card = await cases.GetAsync(h.CaseId, ct);
        // of a hearing that is not public, the door says only that one is held
        await db.ExecuteAsync(
            """
            INSERT INTO trial_public_hearing (hearing_id, room_id, court_name, room_name, case_number, cause, parties, judge_name, open_court, held_on,
                starts_at, ends_at)
            VALUES (@Id, @RoomId, @CourtName, @RoomName, @number, @cause, @names, @judge, @OpenCourt, @HeldOn, @StartsAt, @EndsAt)
            """,
            new
            {
                h.Id,
                h.RoomId,
                card.CourtName,
                h.RoomName,
                number = h.OpenCourt ? h.CaseNumber : "",
                cause = h.OpenCourt ? h.Cause : "",
                judge = h.OpenCourt ? h.JudgeName : "",
                names = h.OpenCourt
                    ? Cut(string.Join('；', parties.GroupBy(p => p.Role).Select(g => $"{g.Key}：{string.Join('、', g.Select(p => p.Name))}")), 400)
                    : "",
                h.OpenCourt,
                h.HeldOn,
                h.StartsAt,
                h.EndsAt,
            },
            ct
        );
    }

    public Task WithdrawAsync(long hearingId, DateTimeOffset at, CancellationToken ct) =>
        db.ExecuteAsync("UPDATE trial_public_hearing SET withdrawn_at = @at WHERE hearing_id = @hearingId AND withdrawn_at IS NULL", new { hearingId, at }, ct);

    internal static string Cut(string text, int max) => text.Length <= max ? text : text[..(max - 1)] + "…";
}

/// <summary>Makes a provisional hearing firm: Service plans the summonses, the public announcement stands.</summary>
[Permit("trial.schedule")]
[Audited("trial.hearing.confirm")]
internal sealed record ConfirmHearing : ICommand<Hearing>
{
    public long Id { get; init; }
    public int? Version { get; init; }

    internal sealed class Validator : AbstractValidator<ConfirmHearing>
    {
        public Validator() => RuleFor(c => c.Id).NotEmpty().WithMessage("请指明庭审。");
    }

    internal sealed class Handler(Db db, ICases cases, HearingActs acts, HearingBook book, Docket docket, TimeProvider clock, AuditTrail audit)
        : ICommandHandler<ConfirmHearing, Hearing>
    {
        public async Task<Hearing> Handle(ConfirmHearing request, CancellationToken cancellationToken)
        {
            var hearing = await acts.OpenAsync(request.Id, request.Version, cancellationToken);
            var now = clock.GetUtcNow();
            if (hearing.State == HearingState.Provisional && hearing.StartsAt <= now)
                throw new RuleBroken("暂订的时间已经过去，请改期后再确认。", "Start");
            if (hearing.State == HearingState.Provisional && hearing.Waived is null && hearing.ServeBy < Times.Day(now))
                throw new RuleBroken($"传票最迟应于 {Times.Iso(hearing.ServeBy)} 送达，已来不及；请改期。", "Start");
            if (
                hearing.Online
                && Courtroom.CourtroomRules.NotConsenting(
                    [.. (await cases.PartiesAsync(hearing.CaseId, cancellationToken)).Select(p => (p.Id, p.Name))],
                    await Courtroom.ShowCourtroom.OfAsync(db, hearing.Id, cancellationToken)
                )
                    is { Count: > 0 } no
            )
                throw new RuleBroken($"{string.Join('、', no)} 没有同意在线开庭（在线诉讼规则第四条）：请改为线下，或者登记其同意。", "Start", "no-consent");
            // since it was booked the judge, the parties, their periods or the room may have changed
            var looked = await docket.LookAsync(await acts.WishAsync(hearing, hearing.Minutes, hearing.HeldOn, cancellationToken), cancellationToken);
            var fit =
                hearing.State == HearingState.Provisional
                    ? BookHearing.Handler.Named(looked.Ask, Times.Local(hearing.StartsAt).DateTime, hearing.RoomId)
                    : null;
            var people = looked.With(fit?.Interpreter);
            var judge = looked.People[0];
            var firm = await book.MoveAsync(
                hearing,
                HearingStep.Confirm,
                cancellationToken,
                "confirmed_at = @now, judge_id = @judgeId, judge_name = @judgeName, panel = @panel",
                new
                {
                    hearing.Id,
                    hearing.Version,
                    now,
                    judgeId = judge.PersonId,
                    judgeName = judge.Name,
                    panel = HearingBook.PanelOf(people),
                }
            );
            await book.AttendAsync(firm.Id, people, cancellationToken);
            await book.BookAsync(firm.Id, firm.RoomId, firm.RoomName, firm.StartsAt, firm.Minutes, people, cancellationToken);
            await acts.PublishAsync(firm, cancellationToken);
            var unserved = await docket.UnservedAsync(looked, cancellationToken);
            await book.NoteAsync(
                firm.Id,
                "confirmed",
                $"{Times.Full(firm.StartsAt)} {firm.RoomName}"
                    + (unserved.Count > 0 && firm.Waived is null ? $"；{string.Join('、', unserved)} 还没有送达起诉状副本，答辩期没有起算" : ""),
                cancellationToken
            );
            audit.Note("hearing", firm.Id, new { firm.StartsAt, firm.RoomName }, firm.CaseId);
            return firm;
        }
    }
}

/// <summary>Moves a hearing to another time or room; everybody is told anew where it was confirmed.</summary>
[Permit("trial.schedule")]
[Audited("trial.hearing.move")]
internal sealed record MoveHearing : ICommand<Hearing>
{
    public long Id { get; init; }
    public int? Version { get; init; }
    public DateTime? Start { get; init; }
    public long? RoomId { get; init; }
    public int? Minutes { get; init; }
    public string Reason { get; init; } = "";

    /// <summary>A key of <see cref="HoldHearing.Grounds"/>: needed where a summons was served and the hearing is put off.</summary>
    public string Ground { get; init; } = "";

    /// <summary>Who approved, where the ground asks for it; or that the parties agree to more than a month.</summary>
    public string Approved { get; init; } = "";
    public bool Agreed { get; init; }

    internal sealed class Validator : AbstractValidator<MoveHearing>
    {
        public Validator()
        {
            RuleFor(c => c.Start)
                .NotNull()
                .WithMessage("请填写新的开始时间。")
                .Must(s => s is null || s.Value.Minute % Slots.Minutes == 0)
                .WithMessage("开始时间应是整刻：0、15、30 或 45 分。");
            RuleFor(c => c.Start).Must(s => s is null || s.Value.Year is >= 2000 and <= 2100).WithMessage("日期应在 2000 年到 2100 年之间。");
            RuleFor(c => c.Minutes).Must(m => m is null or (>= 15 and <= 210)).WithMessage("时长应在 15 到 210 分钟之间；更长的分成几次。");
            RuleFor(c => c.Reason).NotEmpty().WithMessage("请写明改期的原因。").MaximumLength(400).WithMessage("原因最长 400 个字符。");
            RuleFor(c => c.Ground).Must(g => g.Length == 0 || HoldHearing.Grounds.ContainsKey(g)).WithMessage("请选择延期开庭的理由（民诉法第一百四十九条）。");
            RuleFor(c => c.Approved)
                .NotEmpty()
                .When(c => c.Ground == "force-majeure")
                .WithMessage("以不可抗力、意外事件延期的，请写明院长批准的情况。")
                .MaximumLength(400)
                .WithMessage("最长 400 个字符。");
        }
    }

    internal sealed class Handler(
        HearingActs acts,
        HearingBook book,
        Docket docket,
        Summonses summonses,
        Adjournments adjournments,
        TimeProvider clock,
        AuditTrail audit
    ) : ICommandHandler<MoveHearing, Hearing>
    {
        public async Task<Hearing> Handle(MoveHearing request, CancellationToken cancellationToken)
        {
            var was = await acts.OpenAsync(request.Id, request.Version, cancellationToken);
            if (!was.IsLive)
                throw new RuleBroken("这次庭审已经结束或者取消，不能改期。", "Start");
            var minutes = request.Minutes ?? was.Minutes;
            var day = DateOnly.FromDateTime(request.Start!.Value);
            var looked = await docket.LookAsync(await acts.WishAsync(was, minutes, day, cancellationToken), cancellationToken);
            var (judge, panel) = (looked.People[0], HearingBook.PanelOf(looked.People));
            var fit = BookHearing.Handler.Named(looked.Ask, request.Start.Value, request.RoomId ?? was.RoomId);
            var delay = await DelaysAsync(request, was, looked.Case, fit.Day, cancellationToken);
            var moved = await book.MoveAsync(
                was,
                HearingStep.Move,
                cancellationToken,
                "room_id = @RoomId, room_name = @RoomName, starts_at = @Start, ends_at = @End, held_on = @Day, minutes = @minutes, serve_by = "
                    + "@ServeBy, reason = @Reason, turn = turn + 1, delays = delays + @delay, judge_id = @judgeId, judge_name = @judgeName, panel = @panel, "
                    + "confirmed_at = CASE WHEN confirmed_at IS NULL THEN NULL ELSE @now END", // a summons for the time before is none for this one
                new
                {
                    delay = delay ? 1 : 0,
                    judgeId = judge.PersonId,
                    judgeName = judge.Name,
                    panel,
                    now = clock.GetUtcNow(),
                    was.Id,
                    was.Version,
                    fit.RoomId,
                    fit.RoomName,
                    fit.Start,
                    fit.End,
                    fit.Day,
                    minutes,
                    fit.ServeBy,
                    request.Reason,
                }
            );
            var people = looked.With(fit.Interpreter);
            await book.AttendAsync(was.Id, people, cancellationToken);
            await book.BookAsync(was.Id, fit.RoomId, fit.RoomName, fit.Start, minutes, people, cancellationToken);
            if (moved.State == HearingState.Confirmed)
                await acts.PublishAsync(moved, cancellationToken);
            await book.NoteAsync(
                was.Id,
                "moved",
                $"{Times.Full(was.StartsAt)} {was.RoomName} → {Times.Full(moved.StartsAt)} {moved.RoomName}：{request.Reason}",
                cancellationToken
            );
            audit.Note(
                "hearing",
                was.Id,
                new
                {
                    from = was.StartsAt,
                    to = moved.StartsAt,
                    room = moved.RoomName,
                },
                was.CaseId,
                request.Reason
            );
            return moved;
        }

        // whoever was summoned is put off: an adjournment, with its grounds, its number and its gap (民诉法 149, 法释〔2018〕9号)
        private async Task<bool> DelaysAsync(MoveHearing request, Hearing was, CaseCard card, DateOnly day, CancellationToken ct)
        {
            if (
                was.State != HearingState.Confirmed
                || day <= was.HeldOn
                || SummonsRules.Of(was, card.Kind, await summonses.ServedAsync(was.CaseId, ct)).Count == 0
            )
                return false;
            if (request.Ground.Length == 0)
                throw new RuleBroken("传票已经送达，推迟开庭须有延期开庭的理由（民诉法第一百四十九条）。", "Ground", "ground");
            await adjournments.DemandAsync(card, was.HeldOn, day, request.Agreed || request.Ground == "force-majeure", "Start", "Start", ct);
            return true;
        }
    }
}

/// <summary>How often a case was adjourned, and whether it may be once more (G-02).</summary>
internal sealed class Adjournments(Db db)
{
    /// <exception cref="RuleBroken">Codes too-many and gap-too-long.</exception>
    public async Task DemandAsync(CaseCard card, DateOnly held, DateOnly next, bool longer, string often, string field, CancellationToken ct)
    {
        var earlier = await db.ScalarAsync<int>(
            "SELECT COALESCE(SUM(delays + CASE WHEN state = 'adjourned' THEN 1 ELSE 0 END), 0) FROM trial_hearing WHERE case_id = @Id",
            new { card.Id },
            ct
        );
        var broken = HearingDates.JudgeAdjournment(card.ProcedureCode, earlier, held, next, longer);
        if (broken.Contains("too-many"))
            throw new RuleBroken(
                $"本案已延期 {earlier} 次，该程序最多 {HearingDates.MostAdjournments(card.ProcedureCode)} 次（法释〔2018〕9号第三条），不能再延期。",
                often,
                "too-many"
            );
        if (broken.Contains("gap-too-long"))
            throw new RuleBroken(
                $"再次开庭应在一个月内（{Times.Iso(held.AddMonths(1))} 前），除非不可抗力或者当事人同意（法释〔2018〕9号第五条）。",
                field,
                "gap-too-long"
            );
    }
}

/// <summary>The judge decides whether a hearing is public (CPL 137); whoever may read its announcement is told anew.</summary>
[Permit("trial.sign")]
[Audited("trial.hearing.open")]
internal sealed record DecideOpenness : ICommand<Hearing>
{
    public long Id { get; init; }
    public int? Version { get; init; }
    public bool? Open { get; init; }
    public string Reason { get; init; } = "";

    internal sealed class Validator : AbstractValidator<DecideOpenness>
    {
        public Validator()
        {
            RuleFor(c => c.Open).NotNull().WithMessage("请选择公开或者不公开。");
            RuleFor(c => c.Reason)
                .NotEmpty()
                .WithMessage("请写明公开或者不公开审理的理由（民诉法第一百三十七条）。")
                .MaximumLength(400)
                .WithMessage("理由最长 400 个字符。");
        }
    }

    internal sealed class Handler(HearingActs acts, HearingBook book, AuditTrail audit) : ICommandHandler<DecideOpenness, Hearing>
    {
        public async Task<Hearing> Handle(DecideOpenness request, CancellationToken cancellationToken)
        {
            var was = await acts.OpenAsync(request.Id, request.Version, cancellationToken);
            var now = await book.MoveAsync(
                was,
                HearingStep.Open,
                cancellationToken,
                "open_court = @Open, open_reason = @Reason",
                new
                {
                    was.Id,
                    was.Version,
                    request.Open,
                    Reason = request.Reason.Trim(),
                }
            );
            if (now.State == HearingState.Confirmed)
                await acts.AnnounceAsync(now, cancellationToken);
            await book.NoteAsync(was.Id, now.OpenCourt ? "made-open" : "made-closed", request.Reason.Trim(), cancellationToken);
            audit.Note("hearing", was.Id, new { request.Open }, was.CaseId, request.Reason);
            return now;
        }
    }
}

/// <summary>A hearing that will not take place: room and people are free again, whoever was told is told.</summary>
[Permit("trial.schedule")]
[Audited("trial.hearing.cancel")]
internal sealed record CancelHearing : ICommand<Hearing>
{
    public long Id { get; init; }
    public int? Version { get; init; }
    public string Reason { get; init; } = "";

    internal sealed class Validator : AbstractValidator<CancelHearing>
    {
        public Validator() => RuleFor(c => c.Reason).NotEmpty().WithMessage("请写明取消的原因。").MaximumLength(400).WithMessage("原因最长 400 个字符。");
    }

    internal sealed class Handler(HearingActs acts, HearingBook book, Outbox outbox, TimeProvider clock, AuditTrail audit)
        : ICommandHandler<CancelHearing, Hearing>
    {
        public async Task<Hearing> Handle(CancelHearing request, CancellationToken cancellationToken)
        {
            var was = await acts.OpenAsync(request.Id, request.Version, cancellationToken);
            var now = clock.GetUtcNow();
            var gone = await book.MoveAsync(
                was,
                HearingStep.Cancel,
                cancellationToken,
                "reason = @Reason",
                new
                {
                    was.Id,
                    was.Version,
                    request.Reason,
                }
            );
            await book.ReleaseAsync(was.Id, cancellationToken);
            await acts.WithdrawAsync(was.Id, now, cancellationToken);
            if (was.State == HearingState.Confirmed)
                await outbox.AddAsync(
                    Catalogue.CaseKey(was.CaseId),
                    new HearingCancelled
                    {
                        HearingId = was.Id,
                        CaseId = was.CaseId,
                        Reason = request.Reason,
                        At = now,
                    },
                    cancellationToken
                );
            await book.NoteAsync(was.Id, "cancelled", request.Reason, cancellationToken);
            audit.Note("hearing", was.Id, new { was.StartsAt }, was.CaseId, request.Reason);
            return gone;
        }
    }
}

/// <summary>What became of a hearing: held, or adjourned by the rules of G-02.</summary>
[Permit("trial.hold")]
[Audited("trial.hearing.hold")]
internal sealed record HoldHearing : ICommand<Hearing>
{
    /// <summary>Grounds of adjournment (CPL 149).</summary>
    public static readonly IReadOnlyDictionary<string, string> Grounds = new Dictionary<string, string>
    {
        ["absent"] = "必须到庭的当事人和其他诉讼参与人有正当理由没有到庭",
        ["recusal"] = "当事人临时提出回避申请",
        ["evidence"] = "需要通知新的证人到庭、调取新的证据、重新鉴定、勘验或者补充调查",
        ["force-majeure"] = "不可抗力、意外事件（须院长批准）",
    };

    public long Id { get; init; }
    public int? Version { get; init; }

    /// <summary>ended or adjourned.</summary>
    public string Outcome { get; init; } = "";

    /// <summary>Who came and who did not, and why.</summary>
    public string Attendance { get; init; } = "";
    public string Ground { get; init; } = "";
    public DateOnly? Next { get; init; }

    /// <summary>Who approved, where the law asks for it; or that the parties agree to a longer gap.</summary>
    public string Approved { get; init; } = "";
    public bool Agreed { get; init; }

    internal sealed class Validator : AbstractValidator<HoldHearing>
    {
        public Validator()
        {
            RuleFor(c => c.Outcome).Must(o => o is "ended" or "adjourned").WithMessage("请选择结果：已开庭或者延期审理。");
            RuleFor(c => c.Attendance).NotEmpty().WithMessage("请写明到庭情况。").MaximumLength(2000).WithMessage("到庭情况最长 2000 个字符。");
            RuleFor(c => c.Ground).Must(Grounds.ContainsKey).When(c => c.Outcome == "adjourned").WithMessage("请选择延期开庭的理由（民诉法第一百四十九条）。");
            RuleFor(c => c.Next).NotNull().When(c => c.Outcome == "adjourned").WithMessage("请填写下次开庭的日期，并当庭告知。");
            RuleFor(c => c.Approved)
                .NotEmpty()
                .When(c => c.Outcome == "adjourned" && c.Ground == "force-majeure")
                .WithMessage("以不可抗力、意外事件延期的，请写明院长批准的情况。")
                .MaximumLength(200)
                .WithMessage("最长 200 个字符。");
        }
    }

    internal sealed class Handler(
        HearingActs acts,
        HearingBook book,
        ICases cases,
        Adjournments adjournments,
        Outbox outbox,
        TimeProvider clock,
        AuditTrail audit
    ) : ICommandHandler<HoldHearing, Hearing>
    {
        public async Task<Hearing> Handle(HoldHearing request, CancellationToken cancellationToken)
        {
            var was = await acts.OpenAsync(request.Id, request.Version, cancellationToken);
            if (was.StartsAt > clock.GetUtcNow())
                throw new RuleBroken("还没有到开庭时间；不开了请取消或者改期。", "Outcome");
            var adjourned = request.Outcome == "adjourned";
            if (adjourned)
                await JudgeAsync(request, was, cancellationToken);
            var held = await book.MoveAsync(
                was,
                adjourned ? HearingStep.Adjourn : HearingStep.Hold,
                cancellationToken,
                "outcome = @Outcome, attendance = @Attendance, adjourn_code = @Ground, reason = @reason",
                new
                {
                    was.Id,
                    was.Version,
                    request.Outcome,
                    request.Attendance,
                    Ground = adjourned ? request.Ground : null,
                    reason = adjourned ? HearingActs.Cut($"下次开庭 {Times.Iso(request.Next!.Value)} {request.Approved}".Trim(), 400) : null,
                }
            );
            await acts.WithdrawAsync(was.Id, clock.GetUtcNow(), cancellationToken);
            await outbox.AddAsync(
                Catalogue.CaseKey(was.CaseId),
                new HearingHeld
                {
                    HearingId = was.Id,
                    CaseId = was.CaseId,
                    On = was.HeldOn,
                    Outcome = request.Outcome,
                },
                cancellationToken
            );
            await book.NoteAsync(was.Id, adjourned ? "adjourned" : "held", request.Attendance, cancellationToken);
            audit.Note(
                "hearing",
                was.Id,
                new
                {
                    request.Outcome,
                    request.Ground,
                    request.Next,
                },
                was.CaseId
            );
            return held;
        }

        private async Task JudgeAsync(HoldHearing request, Hearing was, CancellationToken ct)
        {
            var card = await cases.GetAsync(was.CaseId, ct);
            if (request.Next!.Value <= was.HeldOn || request.Next.Value.Year > 2100)
                throw new RuleBroken("下次开庭应在这次之后。", "Next");
            await adjournments.DemandAsync(card, was.HeldOn, request.Next.Value, request.Agreed || request.Ground == "force-majeure", "Outcome", "Next", ct);
        }
    }
}
