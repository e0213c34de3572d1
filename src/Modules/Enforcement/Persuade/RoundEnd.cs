using System.Text.Json;
using CourtOps.Enforcement.Checks;
using CourtOps.Enforcement.Dates;
using CourtOps.Kernel.Audit;
using CourtOps.Kernel.Data;
using CourtOps.Kernel.Messaging;
using CourtOps.Kernel.Security;
using CourtOps.Kernel.Settings;
using CourtOps.Kernel.States;
using CourtOps.Kernel.Web;
using CourtOps.Workzone.Cases;
using FluentValidation;

namespace CourtOps.Enforcement.Persuade;

internal sealed record RoundRow
{
    public const string Columns =
        "r.id, r.case_id, r.court_id, r.items, r.words, r.state, r.asked_by, r.asked_name, r.asked_at, r.decided_name, r.decided_at, r.decided_words, "
        + "r.version";

    public static readonly IReadOnlyDictionary<string, string> States = new Dictionary<string, string>
    {
        ["asked"] = "待审批",
        ["granted"] = "已批准",
        ["refused"] = "未批准",
    };

    public static readonly StateTable Table = new("enforcement_round", "终本报批", new("grant", ["asked"], "granted"), new("refuse", ["asked"], "refused"));

    public long Id { get; init; }
    public long CaseId { get; init; }
    public long CourtId { get; init; }
    public string Items { get; init; } = "[]";
    public string Words { get; init; } = "";
    public string State { get; init; } = "";
    public long AskedBy { get; init; }
    public string AskedName { get; init; } = "";
    public DateTimeOffset AskedAt { get; init; }
    public string? DecidedName { get; init; }
    public DateTimeOffset? DecidedAt { get; init; }
    public string? DecidedWords { get; init; }
    public int Version { get; init; }
}

/// <summary>Asks for the end of this round (终本): what the records show must be met; what only a person can say is confirmed here.</summary>
[Permit("enforcement.work")]
[Audited("enforcement.round.ask")]
internal sealed record AskRoundEnd : ICommand<long>
{
    public long CaseId { get; init; }

    /// <summary>Codes of the conditions a person confirms.</summary>
    public IReadOnlyList<string> Confirmed { get; init; } = [];
    public string Words { get; init; } = "";

    internal sealed class Validator : AbstractValidator<AskRoundEnd>
    {
        public Validator()
        {
            RuleFor(c => c.CaseId).NotEmpty().WithMessage("请指明案件。");
            RuleFor(c => c.Words).NotEmpty().WithMessage("请写明财产情况和不能处置的理由。").MaximumLength(1000).WithMessage("说明最长 1000 个字符。");
        }
    }

    internal sealed class Handler(Db db, Ids ids, Actor actor, TimeProvider clock, ICases cases, ClosingBook closing, AuditTrail audit)
        : ICommandHandler<AskRoundEnd, long>
    {
        public async Task<long> Handle(AskRoundEnd c, CancellationToken cancellationToken)
        {
            var card = await cases.GetAsync(c.CaseId, cancellationToken);
            if (card.State != "open")
                throw new RuleBroken("案件已经结案。", "CaseId");
            var items = await closing.ItemsAsync(card, cancellationToken);
            if (items.Count == 0)
                throw new RuleBroken("本案还没有执行记录。", "CaseId");
            var missing = items
                .Where(i => i.Met == false || (i.Met is null && !c.Confirmed.Contains(i.Code)))
                .Select(i => ClosingCheck.Labels[i.Code])
                .ToList();
            if (missing.Count > 0)
                throw new RuleBroken($"还有 {missing.Count} 项条件没有满足或者确认：{string.Join("、", missing)}。", "Confirmed", "not-met");
            if (
                await db.ScalarAsync<int>("SELECT COUNT(*) FROM enforcement_round WHERE case_id = @Id AND state = 'asked'", new { card.Id }, cancellationToken)
                > 0
            )
                throw new RuleBroken("本案的终本报批正在审批。", "CaseId", "asked-already");
            var id = ids.Next();
            await db.ExecuteAsync(
                "INSERT INTO enforcement_round (id, case_id, court_id, items, words, state, asked_by, asked_name, asked_at, version) VALUES (@id, "
                    + "@CaseId, @CourtId, @items, @words, 'asked', @by, @name, @now, 1)",
                new
                {
                    id,
                    c.CaseId,
                    card.CourtId,
                    items = JsonSerializer.Serialize(items.Select(i => new { i.Code, by = i.Met == true ? "record" : actor.Name }), Json.Stored),
                    words = c.Words.Trim(),
                    by = actor.Id,
                    name = actor.Name,
                    now = clock.StoredNow(),
                },
                cancellationToken
            );
            audit.Note("round", id, new { confirmed = c.Confirmed }, card.Id);
            return id;
        }
    }
}

/// <summary>Grants the end of the round: the case closes, and its debtors are asked about every six months for five years (终本规定).</summary>
[Permit("enforcement.approve")]
[Audited("enforcement.round.decide")]
internal sealed record DecideRoundEnd : ICommand<RoundRow>
{
    /// <summary>Months between the inquiries afterwards, and for how many years.</summary>
    public const int PollMonths = 6;
    public const int PollYears = 5;

    public long Id { get; init; }
    public int? Version { get; init; }
    public bool Granted { get; init; }
    public string Words { get; init; } = "";

    internal sealed class Validator : AbstractValidator<DecideRoundEnd>
    {
        public Validator() =>
            RuleFor(c => c.Words).NotEmpty().When(c => !c.Granted).WithMessage("不批准须写明理由。").MaximumLength(400).WithMessage("意见最长 400 个字符。");
    }

    internal sealed class Handler(
        Db db,
        Actor actor,
        TimeProvider clock,
        ICases cases,
        ICaseRegister register,
        ClosingBook closing,
        CaseDates dates,
        Papers.PaperBook papers,
        AuditTrail audit
    ) : ICommandHandler<DecideRoundEnd, RoundRow>
    {
        public async Task<RoundRow> Handle(DecideRoundEnd c, CancellationToken cancellationToken)
        {
            var r = await db.FirstAsync<RoundRow>($"SELECT {RoundRow.Columns} FROM enforcement_round r WHERE r.id = @Id", new { c.Id }, cancellationToken);
            if (r is null || !await cases.CanReadAsync(r.CaseId, cancellationToken))
                throw new NotFound("终本报批", c.Id);
            if (c.Version is { } seen && seen != r.Version)
                throw new Conflict("终本报批刚被他人办理，请刷新后再看。");
            if (r.AskedBy == actor.Id)
                throw new RuleBroken("申请人不能批准自己的申请。", "Granted", "own");
            var card = await cases.GetAsync(r.CaseId, cancellationToken);
            var broken = c.Granted
                ? (await closing.ItemsAsync(card, cancellationToken)).Where(i => i.Met == false).Select(i => ClosingCheck.Labels[i.Code]).ToList()
                : [];
            if (broken.Count > 0)
                throw new RuleBroken($"报批以后情况有变，以下条件已不满足：{string.Join("、", broken)}。", "Granted", "not-met");
            await RoundRow.Table.MoveAsync(
                db,
                c.Granted ? "grant" : "refuse",
                r.State,
                new
                {
                    r.Id,
                    r.Version,
                    name = actor.Name,
                    now = clock.StoredNow(),
                    words = c.Words.Trim(),
                },
                "decided_name = @name, decided_at = @now, decided_words = @words",
                cancellationToken
            );
            if (c.Granted)
            {
                var today = Times.Day(clock.GetUtcNow());
                await papers.RoundEndAsync(card, r.Id, r.Words, cancellationToken);
                await register.CloseAsync(card.Id, "terminated", today, ct: cancellationToken);
                await dates.SetAsync(
                    card.Id,
                    card.CourtId,
                    $"poll:{card.Id}",
                    DateKinds.Poll,
                    today.AddMonths(PollMonths),
                    "终本后定期查询",
                    cancellationToken
                );
            }
            audit.Note("round", r.Id, new { c.Granted }, r.CaseId);
            return (await db.FirstAsync<RoundRow>($"SELECT {RoundRow.Columns} FROM enforcement_round r WHERE r.id = @Id", new { r.Id }, cancellationToken))!;
        }
    }
}

/// <summary>The conditions of D-07 for a case.</summary>
internal sealed class ClosingBook(Db db, Lookout lookout, ISettings settings)
{
    public async Task<IReadOnlyList<ClosingItem>> ItemsAsync(CaseCard card, CancellationToken ct)
    {
        var (facts, watched) = await lookout.FactsAsync(card.Id, ct);
        if (watched is null)
            return [];
        var args = new { card.Id, since = card.FiledOn };
        var offline = await db.ScalarAsync<int>("SELECT COUNT(*) FROM enforcement_inquiry WHERE case_id = @Id AND way IN ('offline', 'search')", args, ct);
        var open = await db.ScalarAsync<int>("SELECT COUNT(*) FROM enforcement_finding WHERE case_id = @Id AND state IN ('open', 'asked')", args, ct);
        var restricted = (
            await db.QueryAsync<long>(
                "SELECT s.party_id FROM enforcement_sanction s WHERE s.case_id = @Id AND s.kind = 'consumption' AND s.state = 'active'",
                args,
                ct
            )
        ).ToHashSet();
        var heard = await db.QueryAsync<bool?>(
            "SELECT t.agrees FROM enforcement_talk t WHERE t.case_id = @Id AND t.kind = 'creditor' ORDER BY t.on_day DESC, t.id DESC",
            args,
            ct
        );
        var reported = (
            await db.QueryAsync<long>(
                "SELECT party_id FROM enforcement_report WHERE case_id = @Id AND kind = 'answer' UNION SELECT s.party_id FROM enforcement_sanction s WHERE "
                    + "s.case_id = @Id AND s.ground = 'report' AND s.state IN ('active', 'done', 'ended')",
                args,
                ct
            )
        ).ToHashSet();
        var listed = (
            await db.QueryAsync<long>(
                "SELECT s.party_id FROM enforcement_sanction s WHERE s.case_id = @Id AND s.kind = 'dishonest' AND s.state = 'active'",
                args,
                ct
            )
        ).ToHashSet();
        var met = await db.ScalarAsync<int>("SELECT COUNT(*) FROM enforcement_talk t WHERE t.case_id = @Id AND t.kind = 'debtor'", args, ct);
        return ClosingCheck.Run(
            facts,
            settings.Current<LeakRules>(card.CourtId),
            offline,
            open,
            new Persuaded([.. facts.Debtors.Where(d => !restricted.Contains(d.Id)).Select(d => d.Name)], heard.Count > 0, heard.Count > 0 ? heard[0] : null)
            {
                Unreported = [.. facts.Debtors.Where(d => !reported.Contains(d.Id)).Select(d => d.Name)],
                Listed = facts.Debtors.All(d => listed.Contains(d.Id)),
                Met = met > 0,
            }
        );
    }
}

/// <summary>The page of a case: means, talks, settlements and the end of the round.</summary>
[Permit("enforcement.read")]
internal sealed record ShowPersuade : IQuery<ShowPersuade.Result>
{
    public long CaseId { get; init; }

    internal sealed record Result(
        CaseCard Case,
        IReadOnlyList<PartyContact> Debtors,
        IReadOnlyList<SanctionRow> Sanctions,
        IReadOnlyList<Talk> Talks,
        IReadOnlyList<(SettlementRow Row, IReadOnlyList<InstalmentRow> Parts)> Settlements,
        IReadOnlyList<RoundRow> Rounds
    );

    internal sealed record Talk
    {
        public DateOnly OnDay { get; init; }
        public string Kind { get; init; } = "";
        public string WithName { get; init; } = "";
        public bool? Agrees { get; init; }
        public string Words { get; init; } = "";
        public string PersonName { get; init; } = "";
    }

    internal sealed class Handler(Db db, ICases cases) : IQueryHandler<ShowPersuade, Result>
    {
        public async Task<Result> Handle(ShowPersuade request, CancellationToken cancellationToken)
        {
            var card = await cases.GetAsync(request.CaseId, cancellationToken);
            var args = new { request.CaseId };
            var parts = (
                await db.QueryAsync<InstalmentRow>(
                    "SELECT i.settlement_id, i.n, i.due_on, i.amount, i.paid_on FROM enforcement_instalment i JOIN enforcement_settlement s ON s.id = "
                        + "i.settlement_id WHERE s.case_id = @CaseId ORDER BY i.n",
                    args,
                    cancellationToken
                )
            ).ToLookup(i => i.SettlementId);
            return new Result(
                card,
                [.. (await cases.PartiesAsync(card.Id, cancellationToken)).Where(p => Measures.MeasureWork.MayOwe(p.Role))],
                await db.QueryAsync<SanctionRow>(
                    $"SELECT {SanctionRow.Columns} FROM enforcement_sanction s WHERE s.case_id = @CaseId ORDER BY s.id DESC",
                    args,
                    cancellationToken
                ),
                await db.QueryAsync<Talk>(
                    "SELECT on_day, kind, with_name, agrees, words, person_name FROM enforcement_talk WHERE case_id = @CaseId ORDER BY on_day DESC, id DESC",
                    args,
                    cancellationToken
                ),
                [
                    .. (
                        await db.QueryAsync<SettlementRow>(
                            $"SELECT {SettlementRow.Columns} FROM enforcement_settlement s WHERE s.case_id = @CaseId ORDER BY s.id DESC",
                            args,
                            cancellationToken
                        )
                    ).Select(s => (s, (IReadOnlyList<InstalmentRow>)[.. parts[s.Id]])),
                ],
                await db.QueryAsync<RoundRow>(
                    $"SELECT {RoundRow.Columns} FROM enforcement_round r WHERE r.case_id = @CaseId ORDER BY r.id DESC",
                    args,
                    cancellationToken
                )
            );
        }
    }
}
