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

    internal sealed class Handler(Db db, MediationBook book, Pool pool, ICases cases, Kernel.Audit.Decisions decisions, WorkQueue work, AuditTrail audit)
        : ICommandHandler<AssignMediator, Result>
    {
        public async Task<Result> Handle(AssignMediator request, CancellationToken cancellationToken)
        {
            var row = await book.GetAsync(request.Id, request.Version, cancellationToken);
            if (row.State == MediationState.Asking)
                throw new RuleBroken("当事人还没有都同意，不能指派调解员。", code: "consent");
            var ranked = await pool.RankAsync(row, cancellationToken);
            var pick = request.MediatorId is { } id
                ? ranked.FirstOrDefault(r => r.Mediator.Id == id) ?? throw new RuleBroken("不是本院在册的调解员。", "MediatorId")
                : ranked.FirstOrDefault(r => r.Why == "fit");
            if (pick is null)
                throw new RuleBroken("没有合适的调解员：语言不合、手上已满，或者都已婉拒。请充实调解员名册，或者转审理。", "MediatorId", "nobody");
            if (pick.Why != "fit" && !(request.ByParties && pick.Why == "full"))
                throw new RuleBroken($"不能指派 {pick.Mediator.Name}：{MediationRules.Whys[pick.Why]}。", "MediatorId", pick.Why);
            await decisions.RecordAsync(
                "triage.mediator",
                "-",
                new
                {
                    row.Cause,
                    row.Languages,
                    ranked = ranked.Select(r => new
                    {
                        r.Mediator.Id,
                        r.Points,
                        r.Why,
                    }),
                },
                new { mediator = pick.Mediator.Id, pick.Points },
                request.ByParties ? "parties"
                    : request.MediatorId is null ? "first"
                    : "by-hand",
                row.CaseId,
                cancellationToken
            );
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
            return row.FilingId is { } filingId
                ?
                [
                    .. (await pool.FilingPartiesAsync(filingId, ct)).Select(p => new PartyContact
                    {
                        Name = p.Name,
                        Role = p.Role,
                        Phone = p.Phone,
                        Language = p.Language,
                    }),
                ]
                : [];
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
