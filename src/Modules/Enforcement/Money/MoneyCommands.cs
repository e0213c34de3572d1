using System.Globalization;
using CourtOps.Enforcement.Dates;
using CourtOps.Kernel.Audit;
using CourtOps.Kernel.Data;
using CourtOps.Kernel.Messaging;
using CourtOps.Kernel.Security;
using CourtOps.Kernel.Web;
using CourtOps.Law;
using CourtOps.Web;
using CourtOps.Workzone.Cases;
using FluentValidation;

namespace CourtOps.Enforcement.Money;

/// <summary>Books money that came for a case.</summary>
[Permit("enforcement.money")]
[Audited("enforcement.money.receive")]
internal sealed record ReceiveMoney : ICommand<ReceiptRow>
{
    public long CaseId { get; init; }

    /// <summary>Yuan.</summary>
    public decimal? Amount { get; init; }
    public DateOnly? On { get; init; }
    public string Payer { get; init; } = "";
    public string Reference { get; init; } = "";
    public string Source { get; init; } = "transfer";
    public string Memo { get; init; } = "";

    internal sealed class Validator : AbstractValidator<ReceiveMoney>
    {
        public Validator()
        {
            RuleFor(c => c.CaseId).NotEmpty().WithMessage("请指明案件。");
            RuleFor(c => c.Amount).NotNull().WithMessage("请填写金额。").Must(CaseMoney.IsMoney).WithMessage("金额应大于零，最多两位小数。");
            RuleFor(c => c.Payer).NotEmpty().WithMessage("请填写付款人。").MaximumLength(200).WithMessage("付款人最长 200 个字符。");
            RuleFor(c => c.Reference).NotEmpty().WithMessage("请填写银行流水号或者收据号。").MaximumLength(80).WithMessage("流水号最长 80 个字符。");
            RuleFor(c => c.Source).Must(Accounts.Sources.ContainsKey).WithMessage("请选择来源。");
            RuleFor(c => c.Memo).MaximumLength(200).WithMessage("附言最长 200 个字符。");
        }
    }

    internal sealed class Handler(ICases cases, CaseMoney money, AuditTrail audit) : ICommandHandler<ReceiveMoney, ReceiptRow>
    {
        public async Task<ReceiptRow> Handle(ReceiveMoney c, CancellationToken cancellationToken)
        {
            var card = await cases.GetAsync(c.CaseId, cancellationToken);
            var on = c.On ?? money.Today;
            if (on > money.Today || on.Year < 2000)
                throw new RuleBroken($"日期不能晚于今天 {Times.Iso(money.Today)}。", "On");
            var (row, repeated) = await money.ReceiveAsync(card.CourtId, card, CaseMoney.Cents(c.Amount!.Value), on, c.Payer.Trim(), c.Memo.Trim(), c.Reference.Trim(), c.Source, cancellationToken);
            if (repeated && row.CaseId != card.Id)
                throw new RuleBroken($"流水号 {row.Reference} 已经记在别处。", "Reference", "other-case");
            audit.Note("receipt", row.Id, new { row.Amount, on, c.Source, repeated }, card.Id);
            return row;
        }
    }
}

/// <summary>Takes in the bank's statement: a line each, with an outcome each. A case is found by its number in the memo; what has none is kept apart.</summary>
[Permit("enforcement.money")]
[Audited("enforcement.money.import")]
internal sealed record ImportStatement : ICommand<IReadOnlyList<ImportStatement.Line>>
{
    public const int Most = 5000;

    /// <summary>Reference, amount in yuan, day, payer, memo; separated by comma, semicolon or tab.</summary>
    public string Text { get; init; } = "";

    /// <param name="Outcome">held, suspense, repeated or refused.</param>
    internal sealed record Line(int Row, string Reference, string Outcome, string Reason);

    internal sealed class Validator : AbstractValidator<ImportStatement>
    {
        public Validator() => RuleFor(c => c.Text).NotEmpty().WithMessage("请粘贴银行流水。").MaximumLength(1_000_000).WithMessage("一次最多 1000000 个字符，请分几次导入。");
    }

    internal sealed class Handler(Db db, Actor actor, ICases cases, CaseMoney money, AuditTrail audit) : ICommandHandler<ImportStatement, IReadOnlyList<Line>>
    {
        public async Task<IReadOnlyList<Line>> Handle(ImportStatement c, CancellationToken cancellationToken)
        {
            var lines = c.Text.ReplaceLineEndings("\n").Split('\n');
            if (lines.Length > Most)
                throw new RuleBroken($"一次最多 {Most} 行，这里有 {lines.Length} 行，请分几次导入。", "Text");
            var done = new List<Line>();
            for (var i = 0; i < lines.Length; i++)
                if (lines[i].Trim().Length > 0)
                    done.Add(await OneAsync(i + 1, lines[i], cancellationToken));
            audit.Note("statement", actor.CourtId, new { lines = done.Count, refused = done.Count(l => l.Outcome == "refused") });
            return done;
        }

        private async Task<Line> OneAsync(int row, string text, CancellationToken ct)
        {
            if (StatementLine.Read(text) is not { Line: { } read } answer)
                return new Line(row, text.Length > 40 ? text[..40] : text, "refused", StatementLine.Read(text).Reason);
            if (read.On > money.Today)
                return new Line(row, read.Reference, "refused", "日期在今天之后。");
            var card = read.CaseNumber is { } number ? await FindAsync(number, ct) : null;
            try
            {
                var (receipt, repeated) = await money.ReceiveAsync(card?.CourtId ?? actor.CourtId, card, read.Cents, read.On, read.Payer, read.Memo, read.Reference, "transfer", ct);
                return new Line(row, read.Reference, repeated ? "repeated" : receipt.State, answer.Reason);
            }
            catch (RuleBroken e)
            {
                return new Line(row, read.Reference, "refused", e.Message);
            }
        }

        private async Task<CaseCard?> FindAsync(string number, CancellationToken ct)
        {
            var id = await db.FirstAsync<long?>("SELECT id FROM workzone_case_card WHERE number = @number", new { number }, ct);
            return id is { } found && await cases.CanReadAsync(found, ct) ? await cases.GetAsync(found, ct) : null;
        }
    }
}

/// <summary>One line of a bank's statement. Pure.</summary>
internal sealed record StatementLine(string Reference, long Cents, DateOnly On, string Payer, string Memo, string? CaseNumber)
{
    /// <summary>The line, or why it cannot be read.</summary>
    public static (StatementLine? Line, string Reason) Read(string text)
    {
        var separator = text.Contains('\t', StringComparison.Ordinal) ? '\t' : text.Contains(',', StringComparison.Ordinal) ? ',' : text.Contains('，', StringComparison.Ordinal) ? '，' : ';';
        var cells = text.Split(separator).Select(c => new string([.. c.Normalize(System.Text.NormalizationForm.FormKC).Where(x => !char.IsControl(x) && CharUnicodeInfo.GetUnicodeCategory(x) != UnicodeCategory.Format)]).Trim()).ToList();
        if (cells.Count < 4)
            return (null, "至少要有流水号、金额、日期、付款人四列。");
        if (cells[0].Length is 0 or > 80)
            return (null, "流水号为空或者超过 80 个字符。");
        if (!decimal.TryParse(cells[1].Replace(",", "", StringComparison.Ordinal), NumberStyles.AllowDecimalPoint | NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var yuan) || !CaseMoney.IsMoney(yuan))
            return (null, $"金额“{cells[1]}”不是大于零、最多两位小数的数。");
        if (!DateOnly.TryParseExact(cells[2], ["yyyy-MM-dd", "yyyy/M/d", "yyyyMMdd", "yyyy.M.d"], CultureInfo.InvariantCulture, DateTimeStyles.None, out var on) || on.Year < 2000)
            return (null, $"日期“{cells[2]}”不是有效的日期。");
        var memo = string.Join(' ', cells.Skip(4));
        return (new StatementLine(cells[0], CaseMoney.Cents(yuan), on, Cut(cells[3]), Cut(memo), NumberIn(memo)), "");
    }

    /// <summary>The first case number in a text, in canonical form; null for none.</summary>
    public static string? NumberIn(string memo)
    {
        var at = memo.IndexOf('(', StringComparison.Ordinal);
        for (; at >= 0; at = memo.IndexOf('(', at + 1))
        {
            var end = memo.IndexOf('号', at);
            if (end < 0)
                return null;
            if (Law.CaseNumber.TryParse(memo[at..(end + 1)], out var number))
                return number.Canonical;
        }
        return null;
    }

    private static string Cut(string text) => text.Length <= 200 ? text : text[..200];
}

/// <summary>Whose money it is that came without a case, or that it goes back.</summary>
[Permit("enforcement.money")]
[Audited("enforcement.money.settle")]
internal sealed record SettleReceipt : ICommand<ReceiptRow>
{
    public long Id { get; init; }
    public int? Version { get; init; }

    /// <summary>The case's number; empty to return the money.</summary>
    public string CaseNumber { get; init; } = "";
    public bool Return { get; init; }
    public string Words { get; init; } = "";

    internal sealed class Validator : AbstractValidator<SettleReceipt>
    {
        public Validator()
        {
            RuleFor(c => c.CaseNumber).NotEmpty().When(c => !c.Return).WithMessage("请填写案号，或者选择退回。");
            RuleFor(c => c.Words).NotEmpty().When(c => c.Return).WithMessage("请写明退回的原因和去向。").MaximumLength(400).WithMessage("说明最长 400 个字符。");
        }
    }

    internal sealed class Handler(Db db, ICases cases, CaseMoney money, AuditTrail audit) : ICommandHandler<SettleReceipt, ReceiptRow>
    {
        public async Task<ReceiptRow> Handle(SettleReceipt c, CancellationToken cancellationToken)
        {
            var r = await money.ReceiptAsync(c.Id, c.Version, cancellationToken);
            if (c.Return)
            {
                audit.Note("receipt", r.Id, new { returned = r.Amount });
                return await money.ReturnAsync(r, c.Words.Trim(), cancellationToken);
            }
            var number = CaseNumber(c.CaseNumber);
            var id = await db.FirstAsync<long?>("SELECT id FROM workzone_case_card WHERE number = @number AND court_id = @CourtId", new { number, r.CourtId }, cancellationToken);
            if (id is null || !await cases.CanReadAsync(id.Value, cancellationToken))
                throw new RuleBroken($"本院没有您能办理的案件 {number}。", "CaseNumber");
            audit.Note("receipt", r.Id, new { r.Amount }, id);
            return await money.AssignAsync(r, await cases.GetAsync(id.Value, cancellationToken), cancellationToken);
        }

        private static string CaseNumber(string text) =>
            Law.CaseNumber.TryParse(text.Trim(), out var number) ? number.Canonical : throw new RuleBroken($"案号“{text}”不合格式，应形如（2026）吉2424执123号。", "CaseNumber");
    }
}

/// <summary>Asks for money of a case to be paid out.</summary>
[Permit("enforcement.money")]
[Audited("enforcement.money.ask")]
internal sealed record AskPayout : ICommand<long>
{
    public long CaseId { get; init; }

    /// <summary>A party of the case; null with a payee by name.</summary>
    public long? PartyId { get; init; }
    public string Payee { get; init; } = "";
    public string Account { get; init; } = "";
    public string Kind { get; init; } = "creditor";

    /// <summary>Yuan.</summary>
    public decimal? Amount { get; init; }
    public string Words { get; init; } = "";

    internal sealed class Validator : AbstractValidator<AskPayout>
    {
        public Validator()
        {
            RuleFor(c => c.CaseId).NotEmpty().WithMessage("请指明案件。");
            RuleFor(c => c.Kind).Must(Accounts.Kinds.ContainsKey).WithMessage("请选择发放的种类。");
            RuleFor(c => c.PartyId).NotNull().When(c => c.Kind is "creditor" or "refund").WithMessage("请选择收款的当事人。");
            RuleFor(c => c.Payee).NotEmpty().When(c => c.PartyId is null && c.Kind is not ("creditor" or "refund")).WithMessage("请填写收款人。").MaximumLength(200).WithMessage("收款人最长 200 个字符。");
            RuleFor(c => c.Account).NotEmpty().WithMessage("请填写收款账号。").MaximumLength(64).WithMessage("账号最长 64 个字符。");
            RuleFor(c => c.Amount).NotNull().WithMessage("请填写金额。").Must(CaseMoney.IsMoney).WithMessage("金额应大于零，最多两位小数。");
            RuleFor(c => c.Words).MaximumLength(400).WithMessage("说明最长 400 个字符。");
        }
    }

    internal sealed class Handler(ICases cases, CaseMoney money, Secrets secrets, AuditTrail audit) : ICommandHandler<AskPayout, long>
    {
        public async Task<long> Handle(AskPayout c, CancellationToken cancellationToken)
        {
            var card = await cases.GetAsync(c.CaseId, cancellationToken);
            var party = c.PartyId is { } id ? (await cases.PartiesAsync(card.Id, cancellationToken)).FirstOrDefault(p => p.Id == id) ?? throw new RuleBroken("请选择本案的当事人。", "PartyId") : null;
            if (party is not null && c.Kind == "creditor" && !Measures.MeasureWork.IsCreditor(party.Role))
                throw new RuleBroken($"{party.Name}是{party.Role}，不是申请执行人。", "PartyId");
            if (party is not null && c.Kind == "refund" && Measures.MeasureWork.IsCreditor(party.Role))
                throw new RuleBroken($"{party.Name}是{party.Role}，不是被执行人。", "PartyId");
            var account = new string([.. c.Account.Normalize(System.Text.NormalizationForm.FormKC).Where(char.IsLetterOrDigit)]);
            if (account.Length < 6)
                throw new RuleBroken("收款账号至少 6 位。", "Account");
            var payout = await money.AskAsync(card, null, party?.Id, party?.Name ?? c.Payee.Trim(), secrets.Protect(account), "…" + account[^4..], c.Kind, CaseMoney.Cents(c.Amount!.Value), c.Words.Trim(), cancellationToken);
            audit.Note("payout", payout, new { c.Kind, c.Amount }, card.Id);
            return payout;
        }
    }
}

/// <summary>Approves a payout, or not: never the person who asked.</summary>
[Permit("enforcement.approve")]
[Audited("enforcement.money.decide")]
internal sealed record DecidePayout : ICommand<PayoutRow>
{
    public long Id { get; init; }
    public int? Version { get; init; }
    public bool Granted { get; init; }
    public string Words { get; init; } = "";

    internal sealed class Validator : AbstractValidator<DecidePayout>
    {
        public Validator() => RuleFor(c => c.Words).NotEmpty().When(c => !c.Granted).WithMessage("不批准须写明理由。").MaximumLength(400).WithMessage("意见最长 400 个字符。");
    }

    internal sealed class Handler(Db db, Actor actor, CaseMoney money, TimeProvider clock, AuditTrail audit) : ICommandHandler<DecidePayout, PayoutRow>
    {
        public async Task<PayoutRow> Handle(DecidePayout c, CancellationToken cancellationToken)
        {
            var p = await money.PayoutAsync(c.Id, c.Version, cancellationToken);
            if (p.AskedBy == actor.Id)
                throw new RuleBroken("申请人不能批准自己的发放。", "Granted", "own");
            await CaseMoney.Payouts.MoveAsync(db, c.Granted ? "approve" : "refuse", p.State, new { p.Id, p.Version, name = actor.Name, now = clock.StoredNow(), words = c.Words.Trim() }, "decided_name = @name, decided_at = @now, decided_words = @words", cancellationToken);
            audit.Note("payout", p.Id, new { c.Granted, p.Amount }, p.CaseId);
            return await money.PayoutAsync(p.Id, null, cancellationToken);
        }
    }
}

/// <summary>What became of a payout: paid by the bank, sent back by it, or taken back before.</summary>
[Permit("enforcement.money")]
[Audited("enforcement.money.pay")]
internal sealed record StepPayout : ICommand<PayoutRow>
{
    public long Id { get; init; }
    public int? Version { get; init; }

    /// <summary>pay, fail or cancel.</summary>
    public string Step { get; init; } = "";
    public DateOnly? On { get; init; }
    public string Reference { get; init; } = "";
    public string Words { get; init; } = "";

    internal sealed class Validator : AbstractValidator<StepPayout>
    {
        public Validator()
        {
            RuleFor(c => c.Step).Must(s => s is "pay" or "fail" or "cancel").WithMessage("可以登记付款、退回或者撤回。");
            RuleFor(c => c.Reference).NotEmpty().When(c => c.Step == "pay").WithMessage("请填写付款的银行流水号。").MaximumLength(80).WithMessage("流水号最长 80 个字符。");
            RuleFor(c => c.Words).NotEmpty().When(c => c.Step is "fail" or "cancel").WithMessage("请写明原因。").MaximumLength(400).WithMessage("原因最长 400 个字符。");
        }
    }

    internal sealed class Handler(Db db, CaseMoney money, AuditTrail audit) : ICommandHandler<StepPayout, PayoutRow>
    {
        public async Task<PayoutRow> Handle(StepPayout c, CancellationToken cancellationToken)
        {
            var p = await money.PayoutAsync(c.Id, c.Version, cancellationToken);
            var on = c.On ?? money.Today;
            if (on > money.Today || on < Times.Day(p.AskedAt))
                throw new RuleBroken($"日期应在申请发放（{Times.Iso(Times.Day(p.AskedAt))}）之后、今天以前。", "On");
            switch (c.Step)
            {
                case "pay":
                    await money.PayAsync(p, on, c.Reference.Trim(), cancellationToken);
                    break;
                case "fail":
                    await money.FailAsync(p, on, c.Words.Trim(), cancellationToken);
                    break;
                default:
                    await CaseMoney.Payouts.MoveAsync(db, "cancel", p.State, new { p.Id, p.Version, words = c.Words.Trim() }, "decided_words = @words", cancellationToken);
                    break;
            }
            audit.Note("payout", p.Id, new { c.Step, p.Amount }, p.CaseId);
            return await money.PayoutAsync(p.Id, null, cancellationToken);
        }
    }
}

/// <summary>Draws up a distribution plan over what is held for a case: the shares are computed.</summary>
[Permit("enforcement.money")]
[Audited("enforcement.money.plan")]
internal sealed record MakePlan : ICommand<long>
{
    public long CaseId { get; init; }

    /// <summary>Yuan that go to the costs of enforcement first.</summary>
    public decimal? Costs { get; init; }
    public IReadOnlyList<Part> Parts { get; init; } = [];

    internal sealed record Part
    {
        public long? PartyId { get; init; }
        public string Name { get; init; } = "";

        /// <summary>1 comes before 2.</summary>
        public int Priority { get; init; } = 1;

        /// <summary>Yuan.</summary>
        public decimal? Claim { get; init; }
    }

    internal sealed class Validator : AbstractValidator<MakePlan>
    {
        public Validator()
        {
            RuleFor(c => c.CaseId).NotEmpty().WithMessage("请指明案件。");
            RuleFor(c => c.Costs).Must(a => a is null or 0 || CaseMoney.IsMoney(a)).WithMessage("费用应不为负，最多两位小数。");
            RuleFor(c => c.Parts).NotEmpty().WithMessage("请至少填写一名受偿人。").Must(p => p.Count <= 200).WithMessage("最多 200 名受偿人。");
            RuleForEach(c => c.Parts).Must(p => p.Claim is > 0 && CaseMoney.IsMoney(p.Claim)).WithMessage("每名受偿人都要填写大于零的债权额，最多两位小数。");
            RuleForEach(c => c.Parts).Must(p => p.PartyId is not null || p.Name.Trim().Length is > 0 and <= 200).WithMessage("每名受偿人都要选择当事人或者填写姓名，最长 200 个字符。");
            RuleForEach(c => c.Parts).Must(p => p.Priority is >= 1 and <= 20).WithMessage("顺位从 1 到 20。");
        }
    }

    internal sealed class Handler(Db db, Ids ids, Actor actor, TimeProvider clock, ICases cases, CaseMoney money, AuditTrail audit) : ICommandHandler<MakePlan, long>
    {
        public async Task<long> Handle(MakePlan c, CancellationToken cancellationToken)
        {
            var card = await cases.GetAsync(c.CaseId, cancellationToken);
            var parties = await cases.PartiesAsync(card.Id, cancellationToken);
            if (await db.ScalarAsync<int>("SELECT COUNT(*) FROM enforcement_plan WHERE case_id = @Id AND state IN ('draft', 'served', 'objected')", new { card.Id }, cancellationToken) > 0)
                throw new RuleBroken("本案已有一份没有办完的分配方案；先撤销再重做。", "CaseId", "open-already");
            var held = await money.HeldAsync(card.Id, cancellationToken) - await money.PromisedAsync(card.Id, cancellationToken);
            var costs = CaseMoney.Cents(c.Costs ?? 0);
            if (held <= 0 || costs >= held)
                throw new RuleBroken($"在案待发 {Ui.Yuan(held)} 元，扣除费用后没有可以分配的款项。", "Costs", "nothing");
            var parts = c.Parts.Select(p => p.PartyId is { } id ? (Party: parties.FirstOrDefault(x => x.Id == id) ?? throw new RuleBroken("请选择本案的当事人。", "Parts"), Part: p) : (Party: null!, Part: p)).ToList();
            var claims = parts.Select(p => new Claim(p.Party?.Name ?? p.Part.Name.Trim(), p.Part.Priority, CaseMoney.Cents(p.Part.Claim!.Value))).ToList();
            var shares = Distribution.Share(held - costs, claims);
            var planId = ids.Next();
            await db.ExecuteAsync("INSERT INTO enforcement_plan (id, case_id, court_id, total, costs, state, created_by, created_name, created_at, version) VALUES (@planId, @CaseId, @CourtId, @held, @costs, 'draft', @by, @name, @now, 1)",
                new { planId, CaseId = card.Id, card.CourtId, held, costs, by = actor.Id, name = actor.Name, now = clock.StoredNow() }, cancellationToken);
            await db.ExecuteManyAsync("INSERT INTO enforcement_plan_line (plan_id, n, party_id, name, priority, claim, share) VALUES (@planId, @N, @PartyId, @Name, @Priority, @Amount, @Share)",
                [.. claims.Select((x, i) => (object)new { planId, N = i + 1, PartyId = parts[i].Party?.Id, x.Name, x.Priority, x.Amount, Share = shares[i] })], cancellationToken);
            audit.Note("plan", planId, new { held, costs, parts = claims.Count }, card.Id);
            return planId;
        }
    }
}

/// <summary>Steps of a plan: served (15 days to object, CPL-I 509), objected to, settled and served again, final, cancelled.</summary>
[Permit("enforcement.money")]
[Audited("enforcement.money.plan-step")]
internal sealed record StepPlan : ICommand<PlanRow>
{
    /// <summary>Days to object from the day after the plan was received (CPL-I 509).</summary>
    public const int ObjectionDays = 15;

    public long Id { get; init; }
    public int? Version { get; init; }

    /// <summary>serve, object, settle, final or cancel.</summary>
    public string Step { get; init; } = "";

    /// <summary>The day the last of them received it; the day of the objection.</summary>
    public DateOnly? On { get; init; }
    public string Words { get; init; } = "";

    internal sealed class Validator : AbstractValidator<StepPlan>
    {
        public Validator()
        {
            RuleFor(c => c.Step).Must(s => s is "serve" or "object" or "settle" or "final" or "cancel").WithMessage("没有这个动作。");
            RuleFor(c => c.On).NotNull().When(c => c.Step is "serve" or "settle").WithMessage("请填写最后一名收到方案的日期。");
            RuleFor(c => c.Words).NotEmpty().When(c => c.Step is "object" or "settle" or "cancel").WithMessage("请写明异议或者处理的情况。").MaximumLength(400).WithMessage("说明最长 400 个字符。");
        }
    }

    internal sealed class Handler(Db db, ICases cases, CaseMoney money, CaseDates dates, ICalendarSource calendars, AuditTrail audit) : ICommandHandler<StepPlan, PlanRow>
    {
        public async Task<PlanRow> Handle(StepPlan c, CancellationToken cancellationToken)
        {
            var p = await money.PlanAsync(c.Id, c.Version, cancellationToken);
            var card = await cases.GetAsync(p.CaseId, cancellationToken);
            if (c.On > money.Today || c.On < Times.Day(p.CreatedAt))
                throw new RuleBroken($"日期应在方案拟定（{Times.Iso(Times.Day(p.CreatedAt))}）之后、今天以前。", "On");
            switch (c.Step)
            {
                case "serve" or "settle":
                    var until = Periods.Compute(c.On!.Value, ObjectionDays, PeriodUnit.Day, calendars.For(CaseNumber.TryParse(card.Number, out var number) ? number.Court : null)).LegalLastDay;
                    await CaseMoney.Plans.MoveAsync(db, c.Step, p.State, new { p.Id, p.Version, c.On, until, words = c.Words.Trim() }, "served_on = @On, object_until = @until" + (c.Step == "settle" ? ", objection = @words" : ""), cancellationToken);
                    await dates.SetAsync(card.Id, card.CourtId, $"plan:{p.Id}", DateKinds.Plan, until.AddDays(1), $"分配方案异议期 {Times.Iso(until)} 届满，转发放", cancellationToken);
                    break;
                case "object":
                    if ((c.On ?? money.Today) > p.ObjectUntil)
                        throw new RuleBroken($"异议期 {Times.Iso(p.ObjectUntil!.Value)} 已届满（民诉法解释第509条）。", "On", "late");
                    await CaseMoney.Plans.MoveAsync(db, "object", p.State, new { p.Id, p.Version, words = c.Words.Trim() }, "objection = @words", cancellationToken);
                    break;
                case "final":
                    if (money.Today <= p.ObjectUntil)
                        throw new RuleBroken($"异议期至 {Times.Iso(p.ObjectUntil!.Value)}，届满后才能按方案发放。", "On", "early");
                    await CaseMoney.Plans.MoveAsync(db, "final", p.State, new { p.Id, p.Version }, ct: cancellationToken);
                    await dates.EndAsync($"plan:{p.Id}", cancellationToken);
                    foreach (var line in await db.QueryAsync<PlanLine>("SELECT l.plan_id, l.n, l.party_id, l.name, l.priority, l.claim, l.share FROM enforcement_plan_line l WHERE l.plan_id = @Id AND l.share > 0 ORDER BY l.n", new { p.Id }, cancellationToken))
                        await money.AskAsync(card, p.Id, line.PartyId, line.Name, null, null, "creditor", line.Share, $"分配方案第 {line.N} 项", cancellationToken);
                    if (p.Costs > 0)
                        await money.AskAsync(card, p.Id, null, "执行费用", null, null, "cost", p.Costs, "分配方案：费用", cancellationToken);
                    break;
                default:
                    await CaseMoney.Plans.MoveAsync(db, "cancel", p.State, new { p.Id, p.Version, words = c.Words.Trim() }, "objection = @words", cancellationToken);
                    await dates.EndAsync($"plan:{p.Id}", cancellationToken);
                    break;
            }
            audit.Note("plan", p.Id, new { c.Step, c.On }, p.CaseId);
            return await money.PlanAsync(p.Id, null, cancellationToken);
        }
    }
}

/// <summary>The lines of a plan as they are typed: name, priority, claim in yuan.</summary>
internal static class PlanLines
{
    /// <exception cref="RuleBroken">Field Data.Parts: which line cannot be read, and why.</exception>
    public static IReadOnlyList<MakePlan.Part> Read(string text, IReadOnlyList<PartyContact> parties)
    {
        var parts = new List<MakePlan.Part>();
        foreach (var (line, n) in text.ReplaceLineEndings("\n").Split('\n').Select((l, i) => (l.Normalize(System.Text.NormalizationForm.FormKC).Trim(), i + 1)).Where(l => l.Item1.Length > 0))
        {
            var cells = line.Split([',', ';', '\t'], StringSplitOptions.TrimEntries);
            if (cells.Length != 3 || !int.TryParse(cells[1], NumberStyles.None, CultureInfo.InvariantCulture, out var priority) || !decimal.TryParse(cells[2], NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var claim))
                throw new RuleBroken($"第 {n} 行不能读：应为姓名、顺位、债权额三项。", "Data.Parts");
            parts.Add(new MakePlan.Part { PartyId = parties.FirstOrDefault(p => p.Name == cells[0])?.Id, Name = cells[0], Priority = priority, Claim = claim });
        }
        return parts;
    }
}
