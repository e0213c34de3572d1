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

    internal sealed record Result(long Id, string Number, string Procedure, DateOnly DecideBy);

    internal sealed class Validator : AbstractValidator<TakeFiling>
    {
        public Validator()
        {
            RuleFor(c => c.Kind).Must(CaseKinds.Labels.ContainsKey).WithMessage("案件类型应为民事、刑事、行政、执行、国家赔偿或其他。");
            RuleFor(c => c.CaseType).Must((c, t) => string.IsNullOrEmpty(t) || (CaseKinds.Types.TryGetValue(c.Kind, out var of) && of.Contains(t))).WithMessage("这类案件不用这个案件字号。");
            RuleFor(c => c.Cause).NotEmpty().WithMessage("请填写案由。").MaximumLength(120).WithMessage("案由最长 120 个字符。");
            RuleFor(c => c.Procedure).Must(p => string.IsNullOrEmpty(p) || TrialLimitTable.Has(p)).WithMessage("没有这个适用程序代码。");
            RuleFor(c => c.ProcedureReason).MaximumLength(400).WithMessage("理由最长 400 个字符。");
            RuleFor(c => c.Sender).MaximumLength(120).WithMessage("提交人最长 120 个字符。");
            RuleFor(c => c.SenderPhone).MaximumLength(40).WithMessage("电话最长 40 个字符。");
            RuleFor(c => c.Claims).Must(c => c.Count <= 50).WithMessage("诉讼请求最多 50 项。");
            RuleFor(c => c.Parties).Must(p => p.Count <= 500).WithMessage("当事人最多 500 名。");
            RuleFor(c => c).Custom((c, context) =>
            {
                for (var i = 0; i < c.Claims.Count; i++)
                {
                    var claim = c.Claims[i];
                    if (claim.Amount is { } a && (a < 0 || a > 9_999_999_999_999m || decimal.Round(a, 2) != a))
                        context.AddFailure($"Claims[{i}].Amount", "金额应为不小于 0、最多两位小数的数。");
                    else if (!string.IsNullOrWhiteSpace(claim.AmountWords) && ChineseAmount.Cents(claim.AmountWords) is var cents && (cents is null || cents != (long?)(claim.Amount * 100)))
                        context.AddFailure($"Claims[{i}].AmountWords", cents is null ? "大写金额无法辨认，应形如 伍万元整。" : "大写金额与小写金额不一致，请核对起诉状。");
                    if (!string.IsNullOrEmpty(claim.Type) && !FactCodes.Claims.ContainsKey(claim.Type))
                        context.AddFailure($"Claims[{i}].Type", "诉讼请求的种类应为 money、act、confirm、change 或 other。");
                    if (claim.Words?.Length > 500)
                        context.AddFailure($"Claims[{i}].Words", "诉讼请求最长 500 个字符。");
                }
                foreach (var (field, message) in PartyReading.Read(c.Parties).Faults)
                    context.AddFailure(field, message);
                if (c.Facts.Ticks.Except(FactCodes.Of(c.Kind).Keys).Any())
                    context.AddFailure("Facts", "有不认识的案情选项。");
                if (c.Facts.MaxSentenceMonths is < 0 or > 1200)
                    context.AddFailure("MaxSentenceMonths", "可能判处的刑期应为 0 至 1200 个月。");
            });
        }
    }

    internal sealed class Handler(Db db, Ids ids, TimeProvider clock, Actor actor, ICourts courts, ICalendarSource calendars, Sequences sequences, Secrets secrets, FilingBook book, AuditTrail audit)
        : ICommandHandler<TakeFiling, Result>
    {
        public async Task<Result> Handle(TakeFiling request, CancellationToken cancellationToken)
        {
            var court = await CourtAsync(request.Court.Trim(), cancellationToken);
            var now = clock.GetUtcNow();
            var today = Times.Day(now);
            var (parties, _) = PartyReading.Read(request.Parties);
            var type = string.IsNullOrEmpty(request.CaseType) ? CaseKinds.Types[request.Kind][0] : request.CaseType;
            var claims = request.Claims.Where(c => c.Amount is not null || !string.IsNullOrWhiteSpace(c.Words) || !string.IsNullOrEmpty(c.Type)).Select(c => c with { Type = string.IsNullOrEmpty(c.Type) ? "money" : c.Type }).ToList();
            var proposed = Proposal.Of(request.Kind, type, court.Level, court.Code[..1], today, claims, request.Facts);
            var procedure = string.IsNullOrEmpty(request.Procedure) ? proposed.Code : request.Procedure;
            var calendar = calendars.For(court.Code);
            var decideBy = FilingClock.DecideBy(request.Kind, request.Cause, request.Facts.Ticks, today, calendar);
            var amount = claims.Any(c => c.Amount is not null) ? (long)(claims.Sum(c => c.Amount ?? 0m) * 100) : (long?)null;
            var id = ids.Next();
            var number = $"收{court.Code}-{today.Year}-{await sequences.NextAsync($"triage.filing:{court.Id}:{today.Year}", cancellationToken):000000}";
            await db.ExecuteAsync(
                """
                INSERT INTO triage_filing (id, number, court_id, court_name, kind, case_type, cause, procedure_code, procedure_own, why, procedure_reason, claims, facts, amount, parties_text, sender, sender_phone_enc, received_at, received_on,
                    received_by, received_by_name, clock_from, decide_by, missing, reason, complaint, fee_why, band, band_why, state, version)
                VALUES (@id, @number, @CourtId, @CourtName, @Kind, @type, @cause, @procedure, @own, @why, @because, @claims, @facts, @amount, @text, @sender, @phone, @now, @today, @by, @byName, @today, @decideBy, '[]', '', '', '[]', '', '[]',
                    'received', 1)
                """,
                new
                {
                    id, number, CourtId = court.Id, CourtName = court.Name, request.Kind, type, cause = PartyReading.Fold(request.Cause), procedure, own = proposed.Code, why = JsonSerializer.Serialize(proposed.Why, Json.Stored),
                    because = request.ProcedureReason.Trim(), claims = JsonSerializer.Serialize(claims, Json.Stored), facts = JsonSerializer.Serialize(request.Facts, Json.Stored), amount, text = Text(parties),
                    sender = request.Sender.Trim() is { Length: > 0 } s ? s : parties[0].Name, phone = secrets.Protect(request.SenderPhone), now, today, by = actor.Id, byName = actor.Name, decideBy,
                }, cancellationToken);
            await PartiesAsync(id, parties, cancellationToken);
            await book.NoteAsync(id, "take", "", cancellationToken);
            audit.Note("filing", id, new { court = court.Code, request.Kind, type, procedure, parties = parties.Count });
            return new Result(id, number, procedure, decideBy);
        }

        private async Task<CourtCard> CourtAsync(string court, CancellationToken ct)
        {
            var found = court.Length == 0 ? await courts.GetAsync(actor.CourtId, ct) : await courts.FindAsync(court, ct);
            return found is null || !actor.Courts.Contains(found.Id) ? throw new RuleBroken($"您不在“{court}”办理立案，或者没有这个法院。", "Court") : found;
        }

        private Task PartiesAsync(long filingId, IReadOnlyList<NewParty> parties, CancellationToken ct) => db.ExecuteManyAsync(
            """
            INSERT INTO triage_filing_party (id, filing_id, ordinal, name, name_folded, role, party_type, id_number_enc, id_number_idx, id_number_tail, phone_enc, phone_tail, email_enc, e_service, language, agents_enc)
            VALUES (@id, @filingId, @ordinal, @Name, @folded, @Role, @Type, @idEnc, @idIdx, @idTail, @phoneEnc, @phoneTail, @emailEnc, @EService, @Language, @agents)
            """,
            [
                .. parties.Select((p, i) => (object)new
                {
                    id = ids.Next(), filingId, ordinal = i + 1, p.Name, folded = PartyReading.FoldName(p.Name), p.Role, p.Type, idEnc = secrets.Protect(p.IdNumber), idIdx = secrets.Blind(p.IdNumber), idTail = Secrets.Tail(p.IdNumber),
                    phoneEnc = secrets.Protect(p.Phone), phoneTail = Secrets.Tail(p.Phone), emailEnc = secrets.Protect(p.Email), p.EService, p.Language,
                    agents = p.Agents.Count == 0 ? null : secrets.Protect(JsonSerializer.Serialize(p.Agents, Json.Stored)),
                }),
            ], ct);

        private static string Text(IReadOnlyList<NewParty> parties)
        {
            var claimants = parties.Where(p => CaseKinds.Claimants.Contains(p.Role)).Select(p => p.Name).ToList();
            var others = parties.Select(p => p.Name).Except(claimants).ToList();
            var text = claimants.Count > 0 && others.Count > 0 ? $"{string.Join('、', claimants)}诉{string.Join('、', others)}" : string.Join('、', parties.Select(p => p.Name));
            return text.Length <= 300 ? text : text[..(char.IsHighSurrogate(text[298]) ? 298 : 299)] + "…";
        }
    }
}
