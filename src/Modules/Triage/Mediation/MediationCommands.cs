using System.Text.Json;
using CourtOps.Kernel.Audit;
using CourtOps.Kernel.Data;
using CourtOps.Kernel.Messaging;
using CourtOps.Kernel.Security;
using CourtOps.Kernel.Web;
using CourtOps.Kernel.Work;
using CourtOps.Triage.Filings;
using CourtOps.Workzone.Cases;
using FluentValidation;

namespace CourtOps.Triage.Mediation;

/// <summary>A person of the pool.</summary>
[Permit("triage.mediators")]
[Audited("triage.mediator.save")]
internal sealed record SaveMediator : ICommand<long>
{
    public long? Id { get; init; }
    public int? Version { get; init; }
    public string Name { get; init; } = "";
    public string Organisation { get; init; } = "";
    public string Phone { get; init; } = "";
    public string Email { get; init; } = "";

    /// <summary>Words of causes: "离婚 继承 相邻".</summary>
    public string Skills { get; init; } = "";

    /// <summary>zh, ko.</summary>
    public IReadOnlyList<string> Languages { get; init; } = ["zh"];
    public bool Gold { get; init; }

    /// <summary>Gives neutral evaluations.</summary>
    public bool Evaluator { get; init; }
    public bool Active { get; init; } = true;
    public int MostOpen { get; init; } = 10;

    internal sealed class Validator : AbstractValidator<SaveMediator>
    {
        public Validator()
        {
            RuleFor(c => c.Name).Must(n => PartyReading.Fold(n).Length is > 0 and <= 60).WithMessage("请填写姓名，最长 60 个字。");
            RuleFor(c => c.Organisation).MaximumLength(120).WithMessage("组织名称最长 120 个字符。");
            RuleFor(c => c.Phone).Must(PartyReading.IsPhone).WithMessage("电话应为手机号或带区号的固定电话，只填数字。");
            RuleFor(c => c.Email).Must(e => string.IsNullOrWhiteSpace(e) || PartyReading.IsEmail(PartyReading.Fold(e))).WithMessage("电子邮箱不合格式。");
            RuleFor(c => c.Skills).MaximumLength(400).WithMessage("专长最长 400 个字符。");
            RuleFor(c => c.Languages).Must(l => l.Count > 0 && l.All(x => x is "zh" or "ko")).WithMessage("请选择语言。");
            RuleFor(c => c.MostOpen).InclusiveBetween(1, 200).WithMessage("同时办理的件数应为 1 至 200。");
        }
    }

    internal sealed class Handler(Db db, Ids ids, Actor actor, Secrets secrets, AuditTrail audit) : ICommandHandler<SaveMediator, long>
    {
        public async Task<long> Handle(SaveMediator request, CancellationToken cancellationToken)
        {
            var args = new
            {
                id = request.Id ?? ids.Next(), court = actor.CourtId, version = request.Version ?? 0, name = PartyReading.Fold(request.Name), organisation = PartyReading.Fold(request.Organisation), phone = secrets.Protect(PartyReading.Phone(request.Phone)),
                email = secrets.Protect(PartyReading.Fold(request.Email)), skills = PartyReading.Fold(request.Skills), languages = string.Join(' ', request.Languages.Distinct().Order()), request.Gold, request.Evaluator, request.Active, request.MostOpen,
            };
            if (request.Id is null)
                await db.ExecuteAsync(
                    """
                    INSERT INTO triage_mediator (id, court_id, name, organisation, phone_enc, email_enc, skills, languages, gold, evaluator, active, most_open, version)
                    VALUES (@id, @court, @name, @organisation, @phone, @email, @skills, @languages, @Gold, @Evaluator, @Active, @MostOpen, 1)
                    """, args, cancellationToken);
            else if (await db.ExecuteAsync(
                         """
                         UPDATE triage_mediator SET name = @name, organisation = @organisation, phone_enc = COALESCE(@phone, phone_enc), email_enc = COALESCE(@email, email_enc), skills = @skills, languages = @languages, gold = @Gold,
                             evaluator = @Evaluator, active = @Active, most_open = @MostOpen, version = version + 1
                         WHERE id = @id AND court_id = @court AND version = @version
                         """, args, cancellationToken) == 0)
                throw new Conflict("调解员的资料刚被他人修改，请刷新后再看。");
            audit.Note("mediator", args.id, new { args.name, request.Active, request.Gold });
            return args.id;
        }
    }
}

/// <summary>Begins mediation of a registered case: whether it may be, and what the parties say (E-02, E-03).</summary>
[Permit("triage.mediate")]
[Audited("triage.mediation.begin")]
internal sealed record BeginMediation : ICommand<long>
{
    /// <summary>The filing, for the clerk; or the case, for its judge.</summary>
    public long? FilingId { get; init; }
    public long? CaseId { get; init; }

    internal sealed class Handler(Db db, Ids ids, MediationBook book, FilingBook filings, ICases cases, AuditTrail audit) : ICommandHandler<BeginMediation, long>
    {
        public async Task<long> Handle(BeginMediation request, CancellationToken cancellationToken)
        {
            var filing = request.FilingId is { } f ? await filings.GetAsync(f, null, cancellationToken) : null;
            if (filing is not null && filing.CaseId is null)
                throw new RuleBroken("先登记立案、编立案号，再开始调解（2025 年起不再编“诉前调”字号）。", code: "not-registered");
            var caseId = filing?.CaseId ?? request.CaseId ?? throw new RuleBroken("请指明案件。", "CaseId");
            if (filing is null)
                await cases.GetAsync(caseId, cancellationToken);
            var card = await db.FirstAsync<Card>("SELECT number, court_id, kind, cause, procedure_code, state, parties_text FROM workzone_case_card WHERE id = @caseId", new { caseId }, cancellationToken) ?? throw new NotFound("案件", caseId);
            if (card.State != "open")
                throw new RuleBroken("案件已经结案。", code: "closed");
            var type = Law.CaseNumber.TryParse(card.Number, out var number) ? number.Type : "";
            if (Suitability.IsBarred(card.Kind, type, card.Cause))
                throw new RuleBroken("特别程序、督促程序、公示催告程序和确认婚姻关系的案件不得调解（民诉法解释 143）。", code: "barred");
            if (await book.RunsAsync(caseId, cancellationToken))
                throw new RuleBroken("本案的调解还在进行。", code: "runs");
            var parties = await db.QueryAsync<PartyConsent>("SELECT name AS party, role FROM workzone_party_card WHERE case_id = @caseId ORDER BY ordinal", new { caseId }, cancellationToken);
            var languages = string.Join(' ', (await db.QueryAsync<string>("SELECT DISTINCT language FROM workzone_party_card WHERE case_id = @caseId", new { caseId }, cancellationToken)).Order());
            var round = 1 + await db.ScalarAsync<int>("SELECT COUNT(*) FROM triage_mediation WHERE case_id = @caseId", new { caseId }, cancellationToken);
            var rules = book.Rules(card.CourtId);
            var consentBy = MediationRules.Workdays(book.Today, rules.ConsentDays, await book.CalendarAsync(card.CourtId, cancellationToken));
            var id = ids.Next();
            await db.ExecuteAsync(
                """
                INSERT INTO triage_mediation (id, case_id, court_id, filing_id, case_number, cause, parties_text, procedure_code, languages, round, consents, consent_by, mediator_name, chosen_by, passed_over, extended, outcome, reason, confirmed,
                    escalated_why, next_on, started_at, state, is_open, version)
                VALUES (@id, @caseId, @CourtId, @filingId, @Number, @Cause, @PartiesText, @ProcedureCode, @languages, @round, @consents, @consentBy, '', '', '', 0, '', '', '', '', @consentBy, @now, 'asking', 1, 1)
                """,
                new { id, caseId, card.CourtId, filingId = filing?.Id, card.Number, card.Cause, card.PartiesText, card.ProcedureCode, languages, round, consents = JsonSerializer.Serialize(parties, Json.Stored), consentBy, now = book.Now }, cancellationToken);
            await book.NoteAsync(id, "begin", "", cancellationToken);
            audit.Note("mediation", id, new { round, suited = Suitability.IsSuitable(card.Kind, type, card.Cause) }, caseId);
            return id;
        }

        private sealed record Card
        {
            public string Number { get; init; } = "";
            public long CourtId { get; init; }
            public string Kind { get; init; } = "";
            public string Cause { get; init; } = "";
            public string ProcedureCode { get; init; } = "";
            public string State { get; init; } = "";
            public string PartiesText { get; init; } = "";
        }
    }
}

/// <summary>What a party says. One no ends it (民诉法 125); when all sides say yes a mediator is named.</summary>
[Permit("triage.mediate")]
[Audited("triage.mediation.consent")]
internal sealed record RecordConsent : ICommand
{
    public long Id { get; init; }
    public int? Version { get; init; }

    /// <summary>Name of the party; blank for all that have not spoken.</summary>
    public string Party { get; init; } = "";
    public bool? Agrees { get; init; }

    internal sealed class Validator : AbstractValidator<RecordConsent>
    {
        public Validator() => RuleFor(c => c.Agrees).NotNull().WithMessage("请登记同意还是不同意。");
    }

    internal sealed class Handler(MediationBook book, AuditTrail audit) : CommandHandler<RecordConsent>
    {
        protected override async Task RunAsync(RecordConsent command, CancellationToken ct)
        {
            var row = await book.GetAsync(command.Id, command.Version, ct);
            if (row.State != MediationState.Asking)
                throw new RuleBroken("征询已经结束。", code: "state");
            var list = row.ConsentList.Select(c => (command.Party.Length == 0 ? c.Says.Length == 0 : c.Party == command.Party) ? c with { Says = command.Agrees!.Value ? "yes" : "no", On = book.Today } : c).ToList();
            if (command.Party.Length > 0 && list.All(c => c.Party != command.Party))
                throw new RuleBroken($"本案没有“{command.Party}”这名当事人。", "Party");
            var stored = JsonSerializer.Serialize(list, Json.Stored);
            await book.NoteAsync(row.Id, "consent", $"{(command.Party.Length == 0 ? "全部" : command.Party)}：{(command.Agrees!.Value ? "同意" : "不同意")}", ct);
            if (list.Any(c => c.Says == "no"))
            {
                await book.MoveAsync(row, "note", new { row.Id, row.Version, stored }, "consents = @stored", ct);
                await book.EndAsync(row with { Version = row.Version + 1, Consents = stored }, "refused", $"{list.First(c => c.Says == "no").Party}不同意调解", null, ct);
            }
            else if (list.All(c => c.Says == "yes"))
            {
                var by = MediationRules.Workdays(book.Today, book.Rules(row.CourtId).AssignDays, await book.CalendarAsync(row.CourtId, ct));
                await book.MoveAsync(row, "agree", new { row.Id, row.Version, stored, by }, "consents = @stored, assign_by = @by, next_on = @by, escalated_at = NULL, escalated_why = ''", ct);
            }
            else
            {
                await book.MoveAsync(row, "note", new { row.Id, row.Version, stored }, "consents = @stored", ct);
            }
            audit.Note("mediation", row.Id, new { agrees = command.Agrees }, row.CaseId);
        }
    }
}

/// <summary>Names the mediator: whom the parties choose together, else whom the rule ranks first, or another with a reason.</summary>
[Permit("triage.mediate")]
[Audited("triage.mediation.assign")]
internal sealed record AssignMediator : ICommand<AssignMediator.Result>
{
    public long Id { get; init; }
    public int? Version { get; init; }

    /// <summary>Null for the first of the ranking.</summary>
    public long? MediatorId { get; init; }

    /// <summary>The parties chose this one together.</summary>
    public bool ByParties { get; init; }

    internal sealed record Result(long MediatorId, string Name, string Token);

    internal sealed class Handler(Db db, MediationBook book, Pool pool, ICases cases, Kernel.Audit.Decisions decisions, WorkQueue work, AuditTrail audit) : ICommandHandler<AssignMediator, Result>
    {
        public async Task<Result> Handle(AssignMediator request, CancellationToken cancellationToken)
        {
            var row = await book.GetAsync(request.Id, request.Version, cancellationToken);
            if (row.State == MediationState.Asking)
                throw new RuleBroken("当事人还没有都同意，不能指派调解员。", code: "consent");
            var ranked = await pool.RankAsync(row, cancellationToken);
            var pick = request.MediatorId is { } id ? ranked.FirstOrDefault(r => r.Mediator.Id == id) ?? throw new RuleBroken("不是本院在册的调解员。", "MediatorId") : ranked.FirstOrDefault(r => r.Why == "fit");
            if (pick is null)
                throw new RuleBroken("没有合适的调解员：语言不合、手上已满，或者都已婉拒。请充实调解员名册，或者转审理。", "MediatorId", "nobody");
            if (pick.Why != "fit" && !(request.ByParties && pick.Why == "full"))
                throw new RuleBroken($"不能指派 {pick.Mediator.Name}：{MediationRules.Whys[pick.Why]}。", "MediatorId", pick.Why);
            await decisions.RecordAsync("triage.mediator", "-", new { row.Cause, row.Languages, ranked = ranked.Select(r => new { r.Mediator.Id, r.Points, r.Why }) }, new { mediator = pick.Mediator.Id, pick.Points }, request.ByParties ? "parties" : request.MediatorId is null ? "first" : "by-hand", row.CaseId, cancellationToken);
            var contacts = await ContactsAsync(row, cancellationToken);
            var token = await book.InviteAsync(row, pick.Mediator.Id, pick.Mediator.Name, request.ByParties ? "parties" : "court", contacts, cancellationToken);
            if (await db.FirstAsync<string>("SELECT email_enc FROM triage_mediator WHERE id = @Id", new { pick.Mediator.Id }, cancellationToken) is not null)
                await work.AddAsync(SendInvitation.Name, $"{row.Id}:{row.Version}", new SendInvitation.Payload { MediationId = row.Id }, ct: cancellationToken);
            audit.Note("mediation", row.Id, new { mediator = pick.Mediator.Id, request.ByParties }, row.CaseId);
            return new Result(pick.Mediator.Id, pick.Mediator.Name, token);
        }

        // whoever may not see the case itself sends no numbers of its parties but those handed in with the filing
        private async Task<IReadOnlyList<PartyContact>> ContactsAsync(MediationRow row, CancellationToken ct)
        {
            if (await cases.CanReadAsync(row.CaseId, ct))
                return await cases.PartiesAsync(row.CaseId, ct);
            return row.FilingId is { } filingId ? [.. (await pool.FilingPartiesAsync(filingId, ct)).Select(p => new PartyContact { Name = p.Name, Role = p.Role, Phone = p.Phone, Language = p.Language })] : [];
        }
    }
}

/// <summary>What was talked about, for the record; never evidence.</summary>
[Permit("triage.mediate")]
[Audited("triage.mediation.talk")]
internal sealed record RecordTalk : ICommand
{
    public long Id { get; init; }
    public string Words { get; init; } = "";

    internal sealed class Validator : AbstractValidator<RecordTalk>
    {
        public Validator() => RuleFor(c => c.Words).NotEmpty().WithMessage("请写下调解的情况。").MaximumLength(2000).WithMessage("记录最长 2000 个字符。");
    }

    internal sealed class Handler(MediationBook book, AuditTrail audit) : CommandHandler<RecordTalk>
    {
        protected override async Task RunAsync(RecordTalk command, CancellationToken ct)
        {
            var row = await book.GetAsync(command.Id, ct);
            await book.NoteAsync(row.Id, "talk", command.Words.Trim(), ct);
            audit.Note("mediation", row.Id, null, row.CaseId);
        }
    }
}

/// <summary>Both sides agree to more time.</summary>
[Permit("triage.mediate")]
[Audited("triage.mediation.extend")]
internal sealed record ExtendMediation : ICommand
{
    public long Id { get; init; }
    public int? Version { get; init; }
    public int Days { get; init; }
    public string Words { get; init; } = "";

    internal sealed class Validator : AbstractValidator<ExtendMediation>
    {
        public Validator() => RuleFor(c => c.Words).NotEmpty().WithMessage("请写明双方何时、以何种方式同意延长。").MaximumLength(400).WithMessage("说明最长 400 个字符。");
    }

    internal sealed class Handler(MediationBook book, AuditTrail audit) : CommandHandler<ExtendMediation>
    {
        protected override async Task RunAsync(ExtendMediation command, CancellationToken ct)
        {
            var row = await book.GetAsync(command.Id, command.Version, ct);
            if (row.State != MediationState.Running)
                throw new RuleBroken("调解员签收后才能延长。", code: "state");
            await book.ExtendAsync(row, command.Days, command.Words.Trim(), ct);
            audit.Note("mediation", row.Id, new { command.Days }, row.CaseId, command.Words);
        }
    }
}

/// <summary>The result. An agreement is written from its elements; reconciliation, withdrawal and performance at once are recorded as such; anything else goes to trial.</summary>
[Permit("triage.mediate")]
[Audited("triage.mediation.end")]
internal sealed record EndMediation : ICommand
{
    public long Id { get; init; }
    public int? Version { get; init; }

    /// <summary>agreed, withdrawn, failed or refused.</summary>
    public string Outcome { get; init; } = "";
    public string Reason { get; init; } = "";
    public AgreementElements? Elements { get; init; }

    internal sealed class Validator : AbstractValidator<EndMediation>
    {
        public Validator()
        {
            RuleFor(c => c.Outcome).Must(MediationState.Outcomes.ContainsKey).WithMessage("请选择结果。");
            RuleFor(c => c.Reason).NotEmpty().When(c => c.Outcome is "failed" or "refused" or "withdrawn").WithMessage("请写明情况。").MaximumLength(1000).WithMessage("说明最长 1000 个字符。");
            RuleFor(c => c).Custom((c, context) => ElementFaults(c.Outcome, c.Elements).ForEach(f => context.AddFailure(f.Field, f.Message)));
        }
    }

    /// <summary>What is wrong with the elements. Pure.</summary>
    public static List<(string Field, string Message)> ElementFaults(string outcome, AgreementElements? e)
    {
        var faults = new List<(string, string)>();
        if (outcome != "agreed")
            return faults;
        if (e is null || (e.Amount is not > 0 && string.IsNullOrWhiteSpace(e.Others)))
        {
            faults.Add(("Elements.Others", "请填写协议的内容：金额，或者其他约定。"));
            return faults;
        }
        if (e.Amount is { } a && (a < 0 || a > 9_999_999_999m || decimal.Round(a, 2) != a))
            faults.Add(("Elements.Amount", "金额应为不小于 0、最多两位小数的数。"));
        if (e.Amount > 0 && (string.IsNullOrWhiteSpace(e.Payer) || string.IsNullOrWhiteSpace(e.Payee) || e.Payer == e.Payee))
            faults.Add(("Elements.Payer", "请写明谁付给谁，二者不能是同一人。"));
        if (e.Instalments is < 1 or > 60)
            faults.Add(("Elements.Instalments", "分期应为 1 至 60 期。"));
        if (e.Instalments > 1 && !e.Performed && e.FirstDue is null)
            faults.Add(("Elements.FirstDue", "分期付款的请写明第一期的日期。"));
        if (e.FirstDue is { Year: < 2000 or > 2100 })
            faults.Add(("Elements.FirstDue", "日期应在 2000 年至 2100 年之间。"));
        if (e.Others.Length > 4000 || e.Payer.Length > 120 || e.Payee.Length > 120)
            faults.Add(("Elements.Others", "约定最长 4000 个字符，姓名最长 120 个字符。"));
        if (e.Fee is not ("claimant" or "other" or "half"))
            faults.Add(("Elements.Fee", "请选择诉讼费由谁负担。"));
        return faults;
    }

    internal sealed class Handler(MediationBook book, WorkQueue work, AuditTrail audit) : CommandHandler<EndMediation>
    {
        protected override async Task RunAsync(EndMediation command, CancellationToken ct)
        {
            var row = await book.GetAsync(command.Id, command.Version, ct);
            if (command.Outcome == "agreed" && row.AcceptedOn is null)
                throw new RuleBroken("调解员还没有签收，不能登记达成协议。", code: "state");
            await book.EndAsync(row, command.Outcome, command.Reason.Trim(), command.Outcome == "agreed" ? command.Elements : null, ct);
            if (command.Outcome == "agreed")
                await work.AddAsync(PrintAgreement.Name, $"{row.Id}", new PrintAgreement.Payload { MediationId = row.Id }, ct: ct);
            audit.Note("mediation", row.Id, new { command.Outcome }, row.CaseId, command.Reason);
        }
    }
}

/// <summary>离婚冷静期: both spouses agree, three months at most, never where there is violence; the trial limit stands still only on their joint application in writing (E-03).</summary>
[Permit("triage.mediate")]
[Audited("triage.mediation.cool")]
internal sealed record CoolOff : ICommand
{
    public long Id { get; init; }
    public int? Version { get; init; }
    public DateOnly? Until { get; init; }
    public bool BothAgree { get; init; }
    public bool NoViolence { get; init; }
    public bool WrittenApplication { get; init; }

    internal sealed class Validator : AbstractValidator<CoolOff>
    {
        public Validator()
        {
            RuleFor(c => c.Until).NotNull().WithMessage("请填写冷静期到哪一天。");
            RuleFor(c => c.BothAgree).Equal(true).WithMessage("冷静期须双方同意。");
            RuleFor(c => c.NoViolence).Equal(true).WithMessage("有家庭暴力的，不适用冷静期。请核实后再办。");
        }
    }

    internal sealed class Handler(MediationBook book, AuditTrail audit) : CommandHandler<CoolOff>
    {
        protected override async Task RunAsync(CoolOff command, CancellationToken ct)
        {
            var row = await book.GetAsync(command.Id, command.Version, ct);
            if (!Suitability.IsDuty(row.Cause))
                throw new RuleBroken("只有离婚案件可以设冷静期。", code: "cause");
            var most = book.Today.AddMonths(book.Rules(row.CourtId).CoolingMonths);
            if (command.Until <= book.Today || command.Until > most)
                throw new RuleBroken($"冷静期应在今天之后，不超过 {Times.Iso(most)}。", "Until");
            await book.MoveAsync(row, "cool", new { row.Id, row.Version, command.Until }, "cooling_until = @Until, next_on = @Until", ct);
            if (command.WrittenApplication)
                await book.TakeTimeAsync(row, "cooling", book.Today, ct);
            await book.ReleaseAsync(row.Id, MediationState.Cooling, command.Until, ct);
            await book.NoteAsync(row.Id, "cool", Times.Iso(command.Until!.Value), ct);
            audit.Note("mediation", row.Id, new { command.Until, command.WrittenApplication }, row.CaseId);
        }
    }
}

/// <summary>Joint application for judicial confirmation within thirty days of the agreement (民诉法 205), decided within thirty; and the visit after a divorce was reconciled.</summary>
[Permit("triage.mediate")]
[Audited("triage.mediation.after")]
internal sealed record AfterMediation : ICommand
{
    public long Id { get; init; }
    public int? Version { get; init; }

    /// <summary>ask-confirm, grant, refuse or follow.</summary>
    public string Act { get; init; } = "";
    public string Words { get; init; } = "";

    internal sealed class Validator : AbstractValidator<AfterMediation>
    {
        public Validator()
        {
            RuleFor(c => c.Act).Must(a => a is "ask-confirm" or "grant" or "refuse" or "follow").WithMessage("没有这个动作。");
            RuleFor(c => c.Words).NotEmpty().When(c => c.Act is "refuse" or "follow").WithMessage("请写明情况。").MaximumLength(1000).WithMessage("说明最长 1000 个字符。");
        }
    }

    internal sealed class Handler(MediationBook book, AuditTrail audit) : CommandHandler<AfterMediation>
    {
        protected override async Task RunAsync(AfterMediation command, CancellationToken ct)
        {
            var row = await book.GetAsync(command.Id, command.Version, ct);
            var today = book.Today;
            if (row.State != MediationState.Ended)
                throw new RuleBroken("调解还没有结束。", code: "state");
            switch (command.Act)
            {
                case "ask-confirm":
                    if (row.Outcome != "agreed" || row.Confirmed.Length > 0)
                        throw new RuleBroken("达成协议且没有申请过的，才能申请司法确认。", code: "state");
                    if (today > row.EndedOn!.Value.AddDays(30))
                        throw new RuleBroken($"司法确认应自协议生效之日起三十日内共同申请，已于 {Times.Iso(row.EndedOn.Value.AddDays(30))} 届满。", "Act", "late");
                    await book.MoveAsync(row, "note", new { row.Id, row.Version, today, due = today.AddDays(30) }, "confirmed = 'asked', confirm_asked_on = @today, confirm_due = @due, next_on = @due", ct);
                    await book.NoteAsync(row.Id, "ask-confirm", command.Words.Trim(), ct);
                    break;
                case "follow":
                    if (row.FollowOn is null)
                        throw new RuleBroken("这件没有要回访的。", code: "state");
                    await book.MoveAsync(row, "note", new { row.Id, row.Version, today }, "followed_on = @today, next_on = NULL, escalated_at = NULL, escalated_why = ''", ct);
                    await book.NoteAsync(row.Id, "follow", command.Words.Trim(), ct);
                    break;
                default:
                    if (row.Confirmed != "asked")
                        throw new RuleBroken("还没有申请司法确认。", code: "state");
                    await book.MoveAsync(row, "note", new { row.Id, row.Version, how = command.Act == "grant" ? "granted" : "refused" }, "confirmed = @how, next_on = follow_on, escalated_at = NULL, escalated_why = ''", ct);
                    await book.NoteAsync(row.Id, "confirm", $"{(command.Act == "grant" ? "确认有效" : "驳回申请")}。{command.Words.Trim()}", ct);
                    break;
            }
            audit.Note("mediation", row.Id, new { command.Act }, row.CaseId, command.Words.Length > 0 ? command.Words : null);
        }
    }
}

/// <summary>中立评估: one to three evaluators, each without seeing the others' opinion, fifteen days; no evidence.</summary>
[Permit("triage.mediate")]
[Audited("triage.mediation.evaluate")]
internal sealed record AskEvaluation : ICommand
{
    public long Id { get; init; }
    public IReadOnlyList<long> Evaluators { get; init; } = [];

    internal sealed class Validator : AbstractValidator<AskEvaluation>
    {
        public Validator() => RuleFor(c => c.Evaluators).Must(e => e.Distinct().Count() is >= 1 and <= 3).WithMessage("请选择一至三名评估员。");
    }

    internal sealed class Handler(Db db, Ids ids, MediationBook book, AuditTrail audit) : CommandHandler<AskEvaluation>
    {
        protected override async Task RunAsync(AskEvaluation command, CancellationToken ct)
        {
            var row = await book.GetAsync(command.Id, ct);
            if (row.State is not (MediationState.Running or MediationState.Cooling))
                throw new RuleBroken("调解进行中才能委托中立评估。", code: "state");
            if (await db.ScalarAsync<int>("SELECT COUNT(*) FROM triage_evaluation WHERE mediation_id = @Id", new { row.Id }, ct) > 0)
                throw new RuleBroken("本次调解已经委托过中立评估。", code: "once");
            var due = Law.Periods.Compute(book.Today, book.Rules(row.CourtId).EvaluationDays, Law.PeriodUnit.Day, await book.CalendarAsync(row.CourtId, ct)).LegalLastDay;
            foreach (var e in command.Evaluators.Distinct())
            {
                var name = await db.FirstAsync<string>("SELECT name FROM triage_mediator WHERE id = @e AND court_id = @CourtId AND evaluator = 1 AND active = 1 AND id <> @mediator", new { e, row.CourtId, mediator = row.MediatorId ?? 0 }, ct)
                    ?? throw new RuleBroken("评估员应是本院在册、能作评估，且不是本件的调解员。", "Evaluators");
                await db.ExecuteAsync("INSERT INTO triage_evaluation (id, mediation_id, evaluator_id, evaluator_name, due_on) VALUES (@id, @mediation, @e, @name, @due)", new { id = ids.Next(), mediation = row.Id, e, name, due }, ct);
            }
            await book.NoteAsync(row.Id, "evaluate", Times.Iso(due), ct);
            audit.Note("mediation", row.Id, new { evaluators = command.Evaluators.Count }, row.CaseId);
        }
    }
}

/// <summary>An evaluator's opinion is taken in; shown to nobody before all are there or their day is past.</summary>
[Permit("triage.mediate")]
[Audited("triage.mediation.opinion")]
internal sealed record GiveOpinion : ICommand
{
    public long Id { get; init; }
    public long EvaluatorId { get; init; }
    public string Opinion { get; init; } = "";

    internal sealed class Validator : AbstractValidator<GiveOpinion>
    {
        public Validator() => RuleFor(c => c.Opinion).NotEmpty().WithMessage("请填写评估意见。").MaximumLength(4000).WithMessage("意见最长 4000 个字符。");
    }

    internal sealed class Handler(Db db, MediationBook book, AuditTrail audit) : CommandHandler<GiveOpinion>
    {
        protected override async Task RunAsync(GiveOpinion command, CancellationToken ct)
        {
            var row = await book.GetAsync(command.Id, ct);
            if (await db.ExecuteAsync("UPDATE triage_evaluation SET opinion = @opinion, given_at = @now WHERE mediation_id = @Id AND evaluator_id = @EvaluatorId AND given_at IS NULL", new { row.Id, command.EvaluatorId, opinion = command.Opinion.Trim(), now = book.Now }, ct) == 0)
                throw new RuleBroken("这名评估员的意见已经收到，或者没有委托过。", "EvaluatorId");
            await book.NoteAsync(row.Id, "opinion", "", ct);
            audit.Note("mediation", row.Id, new { command.EvaluatorId }, row.CaseId);
        }
    }
}
