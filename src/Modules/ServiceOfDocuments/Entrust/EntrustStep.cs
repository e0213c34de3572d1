using System.Text.Json;
using CourtOps.Kernel.Audit;
using CourtOps.Kernel.Data;
using CourtOps.Kernel.Messaging;
using CourtOps.Kernel.Security;
using CourtOps.Kernel.Web;
using CourtOps.Law;
using CourtOps.ServiceOfDocuments.Addresses;
using CourtOps.ServiceOfDocuments.Attempts;
using CourtOps.ServiceOfDocuments.Calls;
using CourtOps.ServiceOfDocuments.Steward;
using CourtOps.ServiceOfDocuments.Tasks;
using CourtOps.Workzone;
using CourtOps.Workzone.Cases;
using FluentValidation;

namespace CourtOps.ServiceOfDocuments.Entrust;

/// <summary>Asks another court of the installation to serve: the papers, the recipient and the address go there, nothing else of the case.</summary>
[Permit("service.work")]
[Audited("service.entrust.send")]
internal sealed record EntrustStep : ICommand<long>
{
    public long StepId { get; init; }

    /// <summary>Name or sign of the court.</summary>
    public string Court { get; init; } = "";

    /// <summary>Where the recipient is to be found; the first of the address chain when empty.</summary>
    public string Address { get; init; } = "";
    public string Words { get; init; } = "";

    internal sealed class Validator : AbstractValidator<EntrustStep>
    {
        public Validator()
        {
            RuleFor(c => c.Court).NotEmpty().WithMessage("请填受托法院。");
            RuleFor(c => c.Address).MaximumLength(200).WithMessage("地址最长 200 个字符。");
            RuleFor(c => c.Words).MaximumLength(400).WithMessage("委托事项最长 400 个字符。");
        }
    }

    internal sealed class Handler(
        Db db,
        Ids ids,
        Notices notices,
        AttemptBook attempts,
        AddressBook addresses,
        ICases cases,
        ICourts courts,
        ICalendarSource calendars,
        Secrets secrets,
        Actor actor,
        AuditTrail audit
    ) : ICommandHandler<EntrustStep, long>
    {
        public async Task<long> Handle(EntrustStep request, CancellationToken cancellationToken)
        {
            var step = await Steps.FindAsync(db, request.StepId, cancellationToken);
            var (notice, order) = await Steps.OpenAsync(notices, step, cancellationToken);
            if (step.Channel != "entrusted" || step.State != StepState.Due)
                throw new Conflict($"{notice.Recipient}现在没有待办的委托送达，请刷新后再看。");
            var to =
                await courts.FindAsync(request.Court.Trim(), cancellationToken)
                ?? throw new RuleBroken($"没有“{request.Court.Trim()}”这个法院；系统外的法院请在工单页登记为已委托。", "Court");
            if (to.Id == step.CourtId)
                throw new RuleBroken("受托法院就是本院，请直接送达。", "Court");
            if (
                await db.ScalarAsync<int>(
                    $"SELECT COUNT(*) FROM service_notice n WHERE n.id = @Id AND {cases.Announceable("n.case_id")}",
                    new { notice.Id },
                    cancellationToken
                ) == 0
            )
                throw new RuleBroken("案件已隔离，不能在系统中委托其他法院，请以机要方式委托并在工单页登记。", "Court", "sealed");
            var address =
                request.Address.Trim().Length > 0 ? secrets.Protect(request.Address.Trim())
                : await addresses.ChainAsync(notice.PartyId, cancellationToken) is [var first, ..] ? first.TextEnc
                : null;
            if (address is null)
                throw new RuleBroken($"{notice.Recipient}没有地址，请填在哪里送达。", "Address");
            var papers = (await notices.TasksAsync(notice.Id, cancellationToken)).Where(t => t.EffectiveOn is null).ToList();
            var now = notices.Now();
            var id = ids.Next();
            await db.ExecuteAsync(
                """
                INSERT INTO service_entrust (id, notice_id, step_id, order_id, case_id, from_court_id, from_court_name, to_court_id, to_court_name, case_number,
                    recipient, address_enc, phone_enc,
                                             papers, judgment, words, state, sent_by, sent_at, receive_by, opposing, version)
                VALUES (@id, @NoticeId, @StepId, @OrderId, @CaseId, @FromId, @CourtName, @ToId, @ToName, @CaseNumber, @Recipient, @address, @PhoneEnc, @papers,
                    @judgment, @words, 'sent', @by, @now, @receiveBy, 0, 1)
                """,
                new
                {
                    id,
                    NoticeId = notice.Id,
                    StepId = step.Id,
                    step.OrderId,
                    step.CaseId,
                    FromId = step.CourtId,
                    notice.CourtName,
                    ToId = to.Id,
                    ToName = to.Name,
                    notice.CaseNumber,
                    notice.Recipient,
                    address,
                    notice.PhoneEnc,
                    papers = JsonSerializer.Serialize(
                        papers.Select(t => new EntrustedPaper(t.DocumentTitle, t.DocumentKind, t.DocumentBlob, t.DocumentPages)),
                        Json.Stored
                    ),
                    judgment = papers.Any(t => t.DocumentKind == "judgment"),
                    words = request.Words.Trim(),
                    by = actor.Name,
                    now,
                    receiveBy = calendars.For(to.Code).AddWorkdays(Times.Day(now), EntrustRules.ReceiveDays),
                },
                cancellationToken
            );
            await attempts.RecordAsync(
                notice,
                order,
                new AttemptFacts
                {
                    Channel = "entrusted",
                    Outcome = "sent",
                    On = Times.Day(now),
                    Words = $"委托{to.Name}送达",
                    Tracking = $"{id}",
                },
                null,
                true,
                actor.Name,
                cancellationToken
            );
            audit.Note("entrust", id, new { to = to.Name, papers = papers.Count }, notice.CaseId);
            return id;
        }
    }
}

/// <summary>Takes an entrusted service back before it was answered; the next way opens.</summary>
[Permit("service.work")]
[Audited("service.entrust.withdraw")]
internal sealed record WithdrawEntrusted : ICommand
{
    public long Id { get; init; }
    public string Why { get; init; } = "";

    internal sealed class Validator : AbstractValidator<WithdrawEntrusted>
    {
        public Validator() => RuleFor(c => c.Why).NotEmpty().WithMessage("请写撤回的理由。").MaximumLength(200).WithMessage("撤回的理由最长 200 个字符。");
    }

    internal sealed class Handler(Db db, EntrustBook book, Notices notices, StewardBook steward, Finishing finishing, Actor actor, AuditTrail audit)
        : CommandHandler<WithdrawEntrusted>
    {
        protected override async Task RunAsync(WithdrawEntrusted command, CancellationToken ct)
        {
            var row = await book.FindAsync(command.Id, ct) ?? throw new NotFound("委托送达", command.Id);
            Notice notice;
            try
            {
                (notice, _) = await notices.OpenAsync(row.NoticeId, null, ct);
            }
            catch (NotFound)
            {
                throw new NotFound("委托送达", command.Id);
            }
            await EntrustRules.Table.MoveAsync(
                db,
                "withdraw",
                row.State,
                new
                {
                    row.Id,
                    row.Version,
                    why = command.Why.Trim(),
                    by = actor.Name,
                    now = notices.Now(),
                },
                "answer_words = @why, answered_by = @by, answered_at = @now",
                ct
            );
            await steward.FailAsync(notice, "entrusted", $"撤回委托：{command.Why.Trim()}", actor.Name, ct);
            await finishing.LookAsync(notice.OrderId, ct);
            audit.Note("entrust", row.Id, new { command.Why }, row.CaseId);
        }
    }
}
