using System.Globalization;
using CourtOps.Enforcement.Checks;
using CourtOps.Enforcement.Measures;
using CourtOps.Kernel.Audit;
using CourtOps.Kernel.Data;
using CourtOps.Kernel.Messaging;
using CourtOps.Kernel.Security;
using CourtOps.Kernel.Web;
using CourtOps.Law;
using CourtOps.Workzone.Cases;
using FluentValidation;

namespace CourtOps.Enforcement.Command;

/// <summary>Registers 执, 执恢 or 执保 from a case of this court, without typing anything again: parties, cause and amount are its own.</summary>
[Permit("enforcement.register")]
[Audited("enforcement.case.register")]
internal sealed record RegisterEnforcement : ICommand<RegisterEnforcement.Result>
{
    public long OriginId { get; init; }

    /// <summary>执, 执恢 or 执保.</summary>
    public string Type { get; init; } = "执";

    /// <summary>Who applies; where nobody is named, the claimants of the case whose role says so. In a criminal case nobody need apply: what is
    /// owed to the state is
    /// handed over for enforcement by the court itself.</summary>
    public IReadOnlyList<long> Creditors { get; init; } = [];

    /// <summary>Who owes by the title; where nobody is named, those who answer in the case by their role. Third parties, and defendants who were
    /// not held liable,
    /// are no parties of the enforcement.</summary>
    public IReadOnlyList<long> Debtors { get; init; } = [];

    /// <summary>Yuan that are enforced; the case's amount where it is not given.</summary>
    public decimal? Amount { get; init; }
    public long? JudgeId { get; init; }

    /// <summary>When the title took effect; needed where its case is not closed yet.</summary>
    public DateOnly? EffectiveOn { get; init; }
    public bool Transfer { get; init; }

    /// <summary>Of 执保: urgent or before a suit, to be begun at once.</summary>
    public bool Urgent { get; init; }

    /// <param name="Carried">Live measures of the origin and its preservation that are of this case now.</param>
    internal sealed record Result(long CaseId, string Number, string? Team, int Carried);

    internal sealed class Validator : AbstractValidator<RegisterEnforcement>
    {
        public Validator()
        {
            RuleFor(c => c.OriginId).NotEmpty().WithMessage("请指明案件。");
            RuleFor(c => c.Type).Must(t => t is "执" or "执恢" or "执保").WithMessage("类型为执、执恢或者执保。");
            RuleFor(c => c.Amount)
                .Must(a => a is null or (>= 0 and <= 9_999_999_999.99m) && decimal.Round(a ?? 0, 2) == (a ?? 0))
                .WithMessage("金额应不为负，最多两位小数。");
        }
    }

    internal sealed class Handler(
        Db db,
        ICases cases,
        ICaseRegister register,
        Sequences sequences,
        MeasureWork work,
        Lookout lookout,
        Carrying carrying,
        NodeBook nodes,
        Dates.CaseDates dates,
        Splitting splitting,
        AuditTrail audit
    ) : ICommandHandler<RegisterEnforcement, Result>
    {
        public async Task<Result> Handle(RegisterEnforcement c, CancellationToken cancellationToken)
        {
            var origin = await cases.GetAsync(c.OriginId, cancellationToken);
            if (!CaseNumber.TryParse(origin.Number, out var number) || number.Legacy)
                throw new RuleBroken("依据案件的案号不是现行格式，请先更正。", "OriginId");
            if (c.Type == "执恢" ? number.Type != "执" : origin.Kind == "enforcement")
                throw new RuleBroken("执恢从执字案件立案，执和执保从审判案件立案。", "Type");
            if (c.Type == "执" && origin.State == "open" && c.EffectiveOn is null)
                throw new RuleBroken("依据案件还没有结案：请填写执行依据的生效日期；判决前的保全请立执保。", "EffectiveOn", "not-effective");
            if (c.EffectiveOn < origin.FiledOn || c.EffectiveOn > work.Today)
                throw new RuleBroken("生效日期应在依据案件立案之后、今天以前。", "EffectiveOn");
            var parties = await cases.PartiesAsync(origin.Id, cancellationToken);
            var agents = await cases.AgentsAsync(origin.Id, cancellationToken);
            var creditors = c.Creditors.Count > 0 ? c.Creditors.Distinct().ToList() : [.. parties.Where(p => PartySide.Claims(p.Role)).Select(p => p.Id)];
            var debtors =
                c.Debtors.Count > 0
                    ? c.Debtors.Distinct().ToList()
                    : [.. parties.Where(p => PartySide.Owes(p.Role) && !creditors.Contains(p.Id)).Select(p => p.Id)];
            if (creditors.Except(parties.Select(p => p.Id)).FirstOrDefault() is > 0)
                throw new RuleBroken("请选择本案的当事人。", "Creditors");
            if (debtors.Except(parties.Select(p => p.Id)).FirstOrDefault() is > 0)
                throw new RuleBroken("请选择本案的当事人。", "Debtors");
            if (parties.FirstOrDefault(p => creditors.Contains(p.Id) && debtors.Contains(p.Id)) is { } both)
                throw new RuleBroken($"{both.Name}不能既是申请人又是被执行人。", "Debtors", "both-sides");
            // the prosecution does not apply: fines and confiscations are handed over by the court
            if (creditors.Count == 0 && (origin.Kind != "criminal" || c.Type != "执"))
                throw new RuleBroken("请选择申请人：依据案件的诉讼地位不能说明谁申请。", "Creditors");
            if (debtors.Count == 0)
                throw new RuleBroken("请选择被执行人：依据案件的诉讼地位不能说明谁负有履行义务。", "Debtors");
            var running = await db.QueryAsync<string>(
                "SELECT number FROM workzone_case_card WHERE origin_id = @Id AND state = 'open' AND kind = 'enforcement'",
                new { origin.Id },
                cancellationToken
            );
            if (running.Any(n => CaseNumber.TryParse(n, out var of) && of.Type == c.Type))
                throw new RuleBroken("这件案件已有在办的同类执行案件。", "OriginId", "open-already");
            var amount = c.Amount is { } yuan
                ? (long)(yuan * 100)
                : await db.FirstAsync<long?>("SELECT amount FROM workzone_case_card WHERE id = @Id", new { origin.Id }, cancellationToken);
            var today = work.Today;
            var (from, to) = c.Type == "执保" ? ("申请保全人", "被保全人") : ("申请执行人", "被执行人");
            var canonical = await NumberAsync(number.Court, c.Type, today.Year, cancellationToken);
            var id = await register.RegisterAsync(
                new NewCase
                {
                    Number = canonical,
                    CourtId = origin.CourtId,
                    Kind = "enforcement",
                    Cause = origin.Cause,
                    Procedure = "EX",
                    FiledOn = today,
                    AmountCents = amount,
                    OriginId = origin.Id,
                    Source = "enforcement",
                    Parties =
                    [
                        .. parties
                            .Where(p => creditors.Contains(p.Id) || debtors.Contains(p.Id))
                            .Select(p => new NewParty
                            {
                                Name = p.Name,
                                Role = creditors.Contains(p.Id) ? from : to,
                                Type = p.PartyType,
                                // the number tells people of one name apart: in the register, in inquiries and in what comes back
                                IdNumber = p.IdNumber ?? "",
                                Agents = [.. agents.Where(a => a.PartyId == p.Id && IsByLaw(a.AgentType)).Select(a => new NewAgent(a.Name, a.AgentType, ""))],
                                Phone = p.Phone ?? "",
                                Email = p.Email ?? "",
                                EService = p.EService,
                                Language = p.Language,
                            }),
                    ],
                },
                cancellationToken
            );
            if (c.JudgeId is { } judge)
                await register.AllotAsync(id, judge, today, cancellationToken);
            await lookout.TrackAsync(
                new CaseCard
                {
                    Id = id,
                    CourtId = origin.CourtId,
                    Number = canonical,
                    FiledOn = today,
                },
                cancellationToken,
                c.Urgent
            );
            if (c.JudgeId is not null)
                await nodes.DoneAsync(id, "assign", today, "立案时分案", cancellationToken);
            if (c.Type == "执恢")
                await dates.EndAsync($"resume:{origin.Id}", cancellationToken);
            var carried = await carrying.CarryAsync(id, cancellationToken);
            var team = await splitting.SplitAsync(id, c.Transfer, cancellationToken);
            await lookout.LookAsync(id, cancellationToken);
            audit.Note(
                "case",
                id,
                new
                {
                    c.Type,
                    origin = origin.Id,
                    team,
                    carried,
                    c.EffectiveOn,
                },
                id
            );
            return new Result(id, canonical, team, carried);
        }

        // who represents by law or by office does so here too; a power of attorney is for the suit it was given for
        private static bool IsByLaw(string type) => type is "法定代理人" or "指定代理人" or "法定代表人" or "诉讼代表人";

        // serials of court, type and year; numbers that came by a list are passed over
        private async Task<string> NumberAsync(string court, string type, int year, CancellationToken ct)
        {
            while (true)
            {
                var serial = await sequences.NextAsync(string.Create(CultureInfo.InvariantCulture, $"case:{court}:{type}:{year}"), ct);
                var text = string.Create(CultureInfo.InvariantCulture, $"（{year}）{court}{type}{serial}号");
                if (await db.ScalarAsync<int>("SELECT COUNT(*) FROM workzone_case_card WHERE number = @text", new { text }, ct) == 0)
                    return text;
            }
        }
    }
}
