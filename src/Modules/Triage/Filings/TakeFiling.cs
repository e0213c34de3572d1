using System.Text.Json;
using CourtOps.Kernel.Audit;
using CourtOps.Kernel.Data;
using CourtOps.Kernel.Messaging;
using CourtOps.Kernel.Security;
using CourtOps.Kernel.Web;
using CourtOps.Law;
using CourtOps.Workzone;
using CourtOps.Workzone.Cases;
using FluentValidation;

namespace CourtOps.Triage.Filings;

/// <summary>Takes in what a person hands over to start a case; there is a dated receipt always, whatever is missing (E-01).</summary>
[Permit("triage.work")]
[Audited("triage.filing.take")]
internal sealed record TakeFiling : ICommand<TakeFiling.Result>
{
    /// <summary>Sign or name; blank for the court acted in.</summary>
    public string Court { get; init; } = "";
    public string Kind { get; init; } = "civil";

    /// <summary>Type sign; blank for the usual one of the kind.</summary>
    public string CaseType { get; init; } = "";
    public string Cause { get; init; } = "";

    /// <summary>Code of B-01; blank for what Law proposes.</summary>
    public string Procedure { get; init; } = "";

    /// <summary>Why another procedure than the proposed.</summary>
    public string ProcedureReason { get; init; } = "";
    public IReadOnlyList<ClaimIn> Claims { get; init; } = [];
    public IReadOnlyList<PartyIn> Parties { get; init; } = [];
    public FilingFacts Facts { get; init; } = new();

    /// <summary>Who hands it in, where it is not the first claimant.</summary>
    public string Sender { get; init; } = "";
    public string SenderPhone { get; init; } = "";

    /// <summary>The case or the document this one comes from: the number of the judgment that is enforced, appealed or objected to.</summary>
    public string Origin { get; init; } = "";

    internal sealed record Result(long Id, string Number, string Procedure, DateOnly DecideBy);

    internal sealed class Validator : AbstractValidator<TakeFiling>
    {
        public Validator()
        {
            RuleFor(c => c.Kind).Must(CaseKinds.Labels.ContainsKey).WithMessage("案件类型应为民事、刑事、行政、执行、国家赔偿或其他。");
            RuleFor(c => c.CaseType)
                .Must((c, t) => string.IsNullOrEmpty(t) || (CaseKinds.Types.TryGetValue(c.Kind, out var of) && of.Contains(t)))
                .WithMessage("这类案件不用这个案件字号。");
            RuleFor(c => c.Cause).NotEmpty().WithMessage("请填写案由。").MaximumLength(120).WithMessage("案由最长 120 个字符。");
            RuleFor(c => c.Procedure)
                .Must(p => string.IsNullOrEmpty(p) || TrialLimitTable.Has(p))
                .WithMessage("没有这个适用程序代码。")
                .Must(
                    (c, p) =>
                        string.IsNullOrEmpty(p)
                        || !TrialLimitTable.Has(p)
                        || !CaseKinds.Types.TryGetValue(c.Kind, out var of)
                        || CaseKinds.ProceduresOf(c.Kind, string.IsNullOrEmpty(c.CaseType) ? of[0] : c.CaseType).Contains(p)
                )
                .WithMessage("这类案件不适用这个程序，请按案件类型和案件字号选择。");
            RuleFor(c => c.ProcedureReason).MaximumLength(400).WithMessage("理由最长 400 个字符。");
            RuleFor(c => c.Sender).MaximumLength(120).WithMessage("提交人最长 120 个字符。");
            RuleFor(c => c.SenderPhone).Must(p => PartyReading.IsPhone(p)).WithMessage("电话应为手机号或带区号的固定电话，只填数字。");
            RuleFor(c => c.Origin).MaximumLength(80).WithMessage("原案案号或者生效法律文书最长 80 个字符。");
            RuleFor(c => c.Claims).Must(c => c.Count <= 50).WithMessage("诉讼请求最多 50 项。");
            RuleFor(c => c.Parties).Must(p => p.Count <= 500).WithMessage("当事人最多 500 名。");
            RuleFor(c => c)
                .Custom(
                    (c, context) =>
                    {
                        for (var i = 0; i < c.Claims.Count; i++)
                        {
                            if (c.Claims[i] is not { } claim)
                            {
                                context.AddFailure($"Claims[{i}]", "这一项诉讼请求是空值（null），请填写或者删去。");
                                continue;
                            }
                            if (claim.Amount is { } a && (a < 0 || a > 9_999_999_999_999m || decimal.Round(a, 2) != a))
                                context.AddFailure($"Claims[{i}].Amount", "金额应为不小于 0、最多两位小数的数。");
                            else if (
                                !string.IsNullOrWhiteSpace(claim.AmountWords)
                                && ChineseAmount.Cents(claim.AmountWords) is var cents
                                && (cents is null || cents != (long?)(claim.Amount * 100))
                            )
                                context.AddFailure(
                                    $"Claims[{i}].AmountWords",
                                    cents is null ? "大写金额无法辨认，应形如 伍万元整。" : "大写金额与小写金额不一致，请核对起诉状。"
                                );
                            if (!string.IsNullOrEmpty(claim.Type) && !FactCodes.Claims.ContainsKey(claim.Type))
                                context.AddFailure($"Claims[{i}].Type", "诉讼请求的种类应为 money、act、confirm、change 或 other。");
                            if (claim.Words?.Length > 500)
                                context.AddFailure($"Claims[{i}].Words", "诉讼请求最长 500 个字符。");
                        }
                        foreach (var (field, message) in PartyReading.Read(c.Parties).Faults)
                            context.AddFailure(field, message);
                        if (c.Facts.CustodyUntil is { Year: < 2000 or > 2100 })
                            context.AddFailure("CustodyUntil", "羁押期限届满日应在 2000 年至 2100 年之间。");
                        if (c.Facts.Ticks.Except(FactCodes.Of(c.Kind).Keys).Any())
                            context.AddFailure("Facts", "有不认识的案情选项。");
                        if (c.Facts.MaxSentenceMonths is < 0 or > 1200)
                            context.AddFailure("MaxSentenceMonths", "可能判处的刑期应为 0 至 1200 个月。");
                    }
                );
        }
    }

    internal sealed class Handler(Actor actor, ICourts courts, Intake intake) : ICommandHandler<TakeFiling, Result>
    {
        public async Task<Result> Handle(TakeFiling request, CancellationToken cancellationToken)
        {
            var typed = PartyReading.Fold(request.Court);
            var court = typed.Length == 0 ? await courts.GetAsync(actor.CourtId, cancellationToken) : await courts.FindAsync(typed, cancellationToken);
            if (court is null || !actor.Courts.Contains(court.Id))
                throw new RuleBroken($"您不在“{typed}”办理立案，或者没有这个法院。管辖法院是别的法院的，请用跨域立案。", "Court");
            return await intake.TakeAsync(request, new Entry(actor.Kind == ActorKind.Key ? "api" : "counter", court), cancellationToken);
        }
    }
}

/// <summary>How a filing comes in.</summary>
/// <param name="Channel">A code of <see cref="Channels"/>.</param>
/// <param name="Court">The court that decides.</param>
/// <param name="From">The court that passes it on.</param>
/// <param name="Checked">What that court has checked.</param>
internal sealed record Entry(
    string Channel,
    CourtCard Court,
    CourtCard? From = null,
    string Checked = "",
    long? PublicId = null,
    string Statement = "",
    DateTimeOffset? At = null
);

/// <summary>Writes filings down, however they come in; called inside a transaction.</summary>
internal sealed class Intake(
    Db db,
    Ids ids,
    TimeProvider clock,
    Actor actor,
    ICalendarSource calendars,
    Sequences sequences,
    Secrets secrets,
    FilingBook book,
    Origins origins,
    AuditTrail audit
)
{
    public async Task<TakeFiling.Result> TakeAsync(TakeFiling request, Entry entry, CancellationToken ct)
    {
        var court = entry.Court;
        var now = entry.At ?? clock.GetUtcNow();
        var today = Times.Day(now);
        var (parties, _) = PartyReading.Read(request.Parties);
        var type = string.IsNullOrEmpty(request.CaseType) ? CaseKinds.Types[request.Kind][0] : request.CaseType;
        var claims = Proposal.Kept(request.Claims);
        var proposed = Proposal.Of(request.Kind, type, court.Level, court.Code[..1], today, claims, request.Facts);
        var procedure = string.IsNullOrEmpty(request.Procedure) ? proposed.Code : request.Procedure;
        if (procedure != proposed.Code && string.IsNullOrWhiteSpace(request.ProcedureReason))
            throw new RuleBroken($"按规则应适用 {proposed.Code}，改用 {procedure} 须写明理由。", "ProcedureReason", "procedure-reason");
        var origin = await origins.FindAsync(request.Origin, type, today, ct);
        var cause = PartyReading.Fold(request.Cause);
        // the clock of the law runs from the day the court with jurisdiction has it (E-08)
        var decideBy = FilingClock.DecideBy(request.Kind, cause, request.Facts.Ticks, today, calendars.For(court.Code));
        var amount = claims.Any(c => c.Amount is not null) ? (long)(claims.Sum(c => c.Amount ?? 0m) * 100) : (long?)null;
        var id = ids.Next();
        var number = $"收{court.Code}-{today.Year}-{await sequences.NextAsync($"triage.filing:{court.Id}:{today.Year}", ct):000000}";
        await db.ExecuteAsync(
            """
            INSERT INTO triage_filing (id, number, court_id, court_name, kind, case_type, cause, procedure_code, procedure_own, why, procedure_reason, claims,
                facts, amount, parties_text, sender, sender_phone_enc, sender_phone_tail,
                origin_number, origin_id, received_at, received_on, received_by, received_by_name, clock_from, decide_by, missing, reason, complaint, fee_why,
                    band, band_why, channel, statement, public_id, from_court_id, from_court_name,
                checked, pass_by, state, version)
            VALUES (@id, @number, @CourtId, @CourtName, @Kind, @type, @cause, @procedure, @own, @why, @because, @claims, @facts, @amount, @text, @sender,
                @phone, @phoneTail, @origin, @originId, @now, @today, @by, @byName, @today, @decideBy,
                '[]', '', '', '[]', '', '[]', @Channel, @statement, @PublicId, @fromId, @fromName, @Checked, @passBy, @state, 1)
            """,
            new
            {
                id,
                number,
                CourtId = court.Id,
                CourtName = court.Name,
                request.Kind,
                type,
                cause,
                procedure,
                own = proposed.Code,
                why = JsonSerializer.Serialize(proposed.Why, Json.Stored),
                because = request.ProcedureReason.Trim(),
                claims = JsonSerializer.Serialize(claims, Json.Stored),
                facts = JsonSerializer.Serialize(request.Facts, Json.Stored),
                amount,
                text = Text(parties),
                sender = request.Sender.Trim() is { Length: > 0 } s ? s : parties[0].Name,
                phone = secrets.Protect(PartyReading.Phone(request.SenderPhone)),
                phoneTail = Secrets.Tail(PartyReading.Phone(request.SenderPhone)),
                origin = origin.Number,
                originId = origin.CaseId,
                now,
                today,
                by = actor.Id,
                byName = actor.Name,
                decideBy = entry.From is null ? decideBy : (DateOnly?)null,
                entry.Channel,
                statement = entry.Statement.Length > 0 ? entry.Statement : null,
                entry.PublicId,
                fromId = entry.From?.Id,
                fromName = entry.From?.Name ?? "",
                entry.Checked,
                passBy = entry.From is null ? (DateOnly?)null : today,
                state = entry.From is null ? FilingState.Received : FilingState.Collected,
            },
            ct
        );
        await PartiesAsync(id, parties, ct);
        await book.NoteAsync(id, "take", "", ct);
        audit.Note(
            "filing",
            id,
            new
            {
                court = court.Code,
                request.Kind,
                type,
                procedure,
                parties = parties.Count,
                entry.Channel,
            }
        );
        return new TakeFiling.Result(id, number, procedure, decideBy);
    }

    private Task PartiesAsync(long filingId, IReadOnlyList<NewParty> parties, CancellationToken ct) =>
        db.ExecuteManyAsync(
            """
            INSERT INTO triage_filing_party (id, filing_id, ordinal, name, name_folded, role, party_type, id_number_enc, id_number_idx, id_number_tail,
                phone_enc, phone_tail, email_enc, e_service, language, agents_enc)
            VALUES (@id, @filingId, @ordinal, @Name, @folded, @Role, @Type, @idEnc, @idIdx, @idTail, @phoneEnc, @phoneTail, @emailEnc, @EService, @Language,
                @agents)
            """,
            [
                .. parties.Select(
                    (p, i) =>
                        (object)
                            new
                            {
                                id = ids.Next(),
                                filingId,
                                ordinal = i + 1,
                                p.Name,
                                folded = PartyReading.FoldName(p.Name),
                                p.Role,
                                p.Type,
                                idEnc = secrets.Protect(p.IdNumber),
                                idIdx = secrets.Blind(p.IdNumber),
                                idTail = Secrets.Tail(p.IdNumber),
                                phoneEnc = secrets.Protect(p.Phone),
                                phoneTail = Secrets.Tail(p.Phone),
                                emailEnc = secrets.Protect(p.Email),
                                p.EService,
                                p.Language,
                                agents = p.Agents.Count == 0 ? null : secrets.Protect(JsonSerializer.Serialize(p.Agents, Json.Stored)),
                            }
                ),
            ],
            ct
        );

    private static string Text(IReadOnlyList<NewParty> parties)
    {
        var claimants = parties.Where(p => CaseKinds.Claimants.Contains(p.Role)).Select(p => p.Name).ToList();
        var others = parties.Select(p => p.Name).Except(claimants).ToList();
        var text =
            claimants.Count > 0 && others.Count > 0
                ? $"{string.Join('、', claimants)}诉{string.Join('、', others)}"
                : string.Join('、', parties.Select(p => p.Name));
        return text.Length <= 300 ? text : text[..(char.IsHighSurrogate(text[298]) ? 298 : 299)] + "…";
    }
}
