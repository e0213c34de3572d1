using System.Text.Json;
using CourtOps.Contracts;
using CourtOps.Kernel.Audit;
using CourtOps.Kernel.Data;
using CourtOps.Kernel.Messaging;
using CourtOps.Kernel.Security;
using CourtOps.Kernel.Web;
using CourtOps.TrialSupport.Experts;
using CourtOps.Workzone;
using CourtOps.Workzone.Cases;
using FluentValidation;

namespace CourtOps.TrialSupport.Closing;

/// <summary>Asks every centre whether anything of a case is still open (网上报结).</summary>
[Permit("trial.sign")]
[Audited("trial.closing.ask")]
internal sealed record AskClosing : ICommand<long>
{
    /// <summary>How long the others have to answer.</summary>
    public static readonly TimeSpan Wait = TimeSpan.FromMinutes(10);

    /// <summary>How long an answer holds: what happened since is not in it.</summary>
    public static readonly TimeSpan Holds = TimeSpan.FromHours(24);

    public long CaseId { get; init; }

    internal sealed class Validator : AbstractValidator<AskClosing>
    {
        public Validator() => RuleFor(c => c.CaseId).NotEmpty().WithMessage("请指明案件。");
    }

    internal sealed class Handler(Db db, Ids ids, Actor actor, TimeProvider clock, ICases cases, Outbox outbox, AuditTrail audit)
        : ICommandHandler<AskClosing, long>
    {
        public async Task<long> Handle(AskClosing request, CancellationToken cancellationToken)
        {
            var card = await cases.GetAsync(request.CaseId, cancellationToken);
            if (card.State != "open")
                throw new RuleBroken("案件已经结案。", "CaseId");
            var (id, now) = (ids.Next(), clock.GetUtcNow());
            await db.ExecuteAsync(
                "INSERT INTO trial_closing (id, case_id, asked_name, asked_at, due_at) VALUES (@id, @CaseId, @name, @now, @due)",
                new
                {
                    id,
                    request.CaseId,
                    name = actor.Name,
                    now,
                    due = now + Wait,
                },
                cancellationToken
            );
            await outbox.AddAsync(
                Catalogue.CaseKey(card.Id),
                new ClosingCheckRequested
                {
                    AskId = id,
                    CaseId = card.Id,
                    Due = now + Wait,
                },
                cancellationToken
            );
            audit.Note("closing", id, new { }, card.Id);
            return id;
        }
    }
}

/// <summary>Closes a case after the centres were asked: nothing they named may be open; who is silent is waited for until the time is up.</summary>
[Permit("trial.sign")]
[Audited("trial.closing.close")]
internal sealed record CloseCase : ICommand<long>
{
    public static IReadOnlyDictionary<string, string> Ways => CaseClosings.Labels;

    public long CaseId { get; init; }
    public string How { get; init; } = "";
    public DateOnly? On { get; init; }

    internal sealed class Validator : AbstractValidator<CloseCase>
    {
        public Validator()
        {
            RuleFor(c => c.How).Must(Ways.ContainsKey).WithMessage("请选择结案方式。");
            RuleFor(c => c.On).NotNull().When(c => ClosingRules.PaperOf(c.How) is null).WithMessage("请填写结案日期。");
        }
    }

    internal sealed class Handler(Actor actor, TimeProvider clock, ICases cases, ICaseRegister register, ClosingBook book, ClosingDays days, AuditTrail audit)
        : ICommandHandler<CloseCase, long>
    {
        public async Task<long> Handle(CloseCase request, CancellationToken cancellationToken)
        {
            var card = await cases.GetAsync(request.CaseId, cancellationToken);
            if (card.JudgeId != actor.Id)
                throw new Forbidden("trial.sign", "由承办法官报结。");
            var now = clock.GetUtcNow();
            var on = await DayAsync(request, cancellationToken);
            if (on > Times.Day(now) || on < card.FiledOn)
                throw new RuleBroken("结案日期应在立案之后、今天以前。", "On");
            var ask = await book.LastAsync(card.Id, cancellationToken) ?? throw new RuleBroken("请先向各中心核对是否办结。", "", "not-asked");
            if (ask.AskedAt + AskClosing.Holds < now)
                throw new RuleBroken($"上次核对是 {Times.Full(ask.AskedAt)}，已经过了一天，请重新核对。", "", "stale");
            if (ask.Answers.SelectMany(a => a.Missing).ToList() is { Count: > 0 } missing)
                throw new RuleBroken($"还有 {missing.Count} 件事没有办完：{string.Join('；', missing.Take(3))}。办完后重新核对。", "", "missing");
            if (ask.Silent.Count > 0 && now < ask.DueAt)
                throw new RuleBroken($"{ask.Silent.Count} 个中心还没有答复，请等到 {Times.Full(ask.DueAt)}。", "", "silent");
            await register.CloseAsync(card.Id, request.How, on, ct: cancellationToken);
            audit.Note(
                "closing",
                ask.Id,
                new
                {
                    request.How,
                    on,
                    silent = ask.Silent,
                },
                card.Id
            );
            return card.Id;
        }

        // a judgment, ruling or mediation closes the case by its paper, issued and served, and on the day that follows from it
        private async Task<DateOnly> DayAsync(CloseCase request, CancellationToken ct)
        {
            if (ClosingRules.PaperOf(request.How) is not { } kind)
                return request.On!.Value;
            var label = Drafts.SaveDraft.Kinds[kind];
            var paper = await days.PaperAsync(request.CaseId, kind, ct) ?? throw new RuleBroken($"还没有制发{label}，不能以这种方式报结。", "How", "no-paper");
            var day = await days.DayAsync(paper, ct);
            if (day.On is not { } on)
                throw new RuleBroken($"{label}还没有送达：{day.Value}。", "How", "unserved");
            if (request.On is { } given && given != on)
                throw new RuleBroken($"结案日期应为 {Times.Iso(on)}（法释〔2000〕29号第十条：宣判之日，没有宣判的为最后一名当事人送达之日）。", "On", "day");
            return on;
        }
    }
}

/// <summary>The last asking about a case with what was answered.</summary>
internal sealed record ClosingAsk
{
    public long Id { get; init; }
    public long CaseId { get; init; }
    public string AskedName { get; init; } = "";
    public DateTimeOffset AskedAt { get; init; }
    public DateTimeOffset DueAt { get; init; }
    public IReadOnlyList<(string Centre, IReadOnlyList<string> Missing)> Answers { get; init; } = [];

    /// <summary>Centres that have not answered.</summary>
    public IReadOnlyList<string> Silent => [.. Centres.Labels.Keys.Except(Answers.Select(a => a.Centre))];
}

/// <summary>Askings and answers, and what of a case is still open in this centre.</summary>
internal sealed class ClosingBook(Db db, TimeProvider clock)
{
    public async Task<ClosingAsk?> LastAsync(long caseId, CancellationToken ct)
    {
        var ask = await db.FirstAsync<ClosingAsk>(
            "SELECT id, case_id, asked_name, asked_at, due_at FROM trial_closing WHERE case_id = @caseId ORDER BY asked_at DESC, id DESC",
            new { caseId },
            ct
        );
        if (ask is null)
            return null;
        var answers = await db.QueryAsync<Row>("SELECT centre, missing FROM trial_closing_answer WHERE ask_id = @Id ORDER BY centre", new { ask.Id }, ct);
        return ask with
        {
            Answers = [.. answers.Select(a => (a.Centre, (IReadOnlyList<string>)JsonSerializer.Deserialize<List<string>>(a.Missing, Json.Stored)!))],
        };
    }

    /// <summary>Keeps an answer to an asking of ours, once for each centre.</summary>
    public async Task KeepAsync(ClosingCheckAnswered answer, CancellationToken ct)
    {
        if (
            await db.ScalarAsync<int>("SELECT COUNT(*) FROM trial_closing WHERE id = @AskId", new { answer.AskId }, ct) == 0
            || await db.ScalarAsync<int>(
                "SELECT COUNT(*) FROM trial_closing_answer WHERE ask_id = @AskId AND centre = @Centre",
                new { answer.AskId, answer.Centre },
                ct
            ) > 0
        )
            return;
        await db.ExecuteAsync(
            "INSERT INTO trial_closing_answer (ask_id, centre, missing, at) VALUES (@AskId, @Centre, @missing, @now)",
            new
            {
                answer.AskId,
                answer.Centre,
                missing = JsonSerializer.Serialize(answer.Missing, Json.Stored),
                now = clock.GetUtcNow(),
            },
            ct
        );
    }

    /// <summary>What of a case is still open here; in Chinese, one thing each.</summary>
    public async Task<IReadOnlyList<string>> MissingAsync(long caseId, CancellationToken ct)
    {
        var missing = new List<string>();
        foreach (
            var h in await db.QueryAsync<Hearings.Hearing>(
                Hearings.HearingBook.Columns + " WHERE h.case_id = @caseId AND h.state IN ('provisional', 'confirmed') ORDER BY h.starts_at",
                new { caseId },
                ct
            )
        )
            missing.Add($"{Times.Full(h.StartsAt)} 的庭审没有登记结果或者取消");
        foreach (
            var d in await db.QueryAsync<Drafts.Draft>(
                Drafts.DraftBook.Columns + " WHERE d.case_id = @caseId AND d.state IN ('checked', 'signed', 'issuing') ORDER BY d.created_at",
                new { caseId },
                ct
            )
        )
            missing.Add($"文书《{d.Title}》没有制发或者撤回");
        foreach (
            var o in await db.QueryAsync<Opinion>(
                OpinionBook.Columns + " WHERE o.case_id = @caseId AND o.state = 'open' ORDER BY o.entrusted_on",
                new { caseId },
                ct
            )
        )
            missing.Add($"{o.Institution}的鉴定没有结束");
        foreach (
            var v in await db.QueryAsync<Investigations.Investigation>(
                Investigations.Investigation.Columns + " WHERE v.case_id = @caseId AND v.state IN ('asked', 'granted') ORDER BY v.asked_on",
                new { caseId },
                ct
            )
        )
            missing.Add($"向{v.Unit}的调查令没有决定或者没有回复");
        if (
            await db.ScalarAsync<int>(
                "SELECT COUNT(*) FROM trial_recording WHERE case_id = @caseId AND state = 'open' AND chain IS NOT NULL",
                new { caseId },
                ct
            )
            is > 0
                and var open
        )
            missing.Add($"{open} 次庭审的录像没有封存");
        return missing;
    }

    private sealed record Row
    {
        public string Centre { get; init; } = "";
        public string Missing { get; init; } = "[]";
    }
}
