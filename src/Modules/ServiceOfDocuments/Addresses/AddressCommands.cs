using System.Text.Json;
using CourtOps.Kernel.Audit;
using CourtOps.Kernel.Data;
using CourtOps.Kernel.Messaging;
using CourtOps.Kernel.Security;
using CourtOps.Kernel.Web;
using CourtOps.Workzone.Cases;
using CourtOps.Workzone.Documents;
using FluentValidation;

namespace CourtOps.ServiceOfDocuments.Addresses;

/// <summary>The addresses of one party in the order they are tried, what it confirmed, and what other cases know of the same person.</summary>
[Permit("service.read")]
internal sealed record ShowAddresses : IQuery<ShowAddresses.Result>
{
    public long CaseId { get; init; }
    public long PartyId { get; init; }

    /// <param name="Chain">In the order of C-03; those that ended or lapsed stand in <paramref name="Others"/>.</param>
    /// <param name="Elsewhere">Of the same person in other cases: masked, without the case.</param>
    internal sealed record Result(
        CaseCard Case,
        PartyContact Party,
        IReadOnlyList<AddressRow> Chain,
        IReadOnlyList<AddressRow> Others,
        IReadOnlyList<Confirmation> Confirmations,
        IReadOnlyList<Known> Elsewhere,
        IReadOnlyList<Confirmation> Earlier,
        IReadOnlyList<CourtOps.Web.Option> Papers
    );

    internal sealed record Confirmation
    {
        public long Id { get; init; }
        public string Way { get; init; } = "";
        public bool EService { get; init; }
        public bool Judgments { get; init; }
        public string Scope { get; init; } = "";
        public DateOnly SignedOn { get; init; }
        public string Signature { get; init; } = "";
        public long? DocumentId { get; init; }
        public DateTimeOffset? ReplacedAt { get; init; }
        public string CreatedBy { get; init; } = "";
    }

    internal sealed record Known(long Id, string Origin, string Hint, DateOnly On, bool Lapsed);

    internal sealed class Handler(Db db, AddressBook book, ICases cases, IDocuments documents, TimeProvider clock, Kernel.Access.AccessLog reads)
        : IQueryHandler<ShowAddresses, Result>
    {
        private const string Confirmed =
            "SELECT f.id, f.way, f.e_service, f.judgments, f.scope, f.signed_on, f.signature, f.document_id, f.replaced_at, f.created_by FROM "
            + "service_confirmation f";

        public async Task<Result> Handle(ShowAddresses request, CancellationToken cancellationToken)
        {
            var card = await cases.GetAsync(request.CaseId, cancellationToken);
            var party =
                (await cases.PartiesAsync(request.CaseId, cancellationToken)).FirstOrDefault(p => p.Id == request.PartyId)
                ?? throw new NotFound("当事人", request.PartyId);
            var chain = await book.ChainAsync(party.Id, cancellationToken);
            var all = await book.OfPartyAsync(party.Id, cancellationToken);
            var keys = book.PersonKeys(party);
            var (today, own) = (Times.Day(clock.GetUtcNow()), party.Id);
            var elsewhere =
                keys.Count == 0
                    ? []
                    : await db.PageAsync<AddressRow>(
                        AddressBook.Columns + " WHERE a.person_idx IN @keys AND a.party_id <> @own AND a.ended_at IS NULL ORDER BY a.id DESC",
                        new { keys, own },
                        20,
                        cancellationToken
                    );
            var earlier =
                keys.Count == 0
                    ? []
                    : await db.PageAsync<Confirmation>(
                        Confirmed + " WHERE f.person_idx IN @keys AND f.party_id <> @own AND f.replaced_at IS NULL AND f.scope <> 'first' ORDER BY f.id DESC",
                        new { keys, own },
                        5,
                        cancellationToken
                    );
            reads.Note("service.address.view", "party", party.Id, card.Id);
            return new Result(
                card,
                party,
                chain,
                [.. all.Where(a => chain.All(c => c.Id != a.Id))],
                await db.QueryAsync<Confirmation>(Confirmed + " WHERE f.party_id = @own ORDER BY f.id DESC", new { own }, cancellationToken),
                [
                    .. elsewhere.Select(a => new Known(
                        a.Id,
                        a.Origin,
                        a.Hint,
                        a.UsedOn ?? Times.Day(a.EnteredAt),
                        (a.UsedOn ?? Times.Day(a.EnteredAt)) < today.AddYears(-1)
                    )),
                ],
                earlier,
                [
                    .. (await documents.OfCaseAsync(card.Id, cancellationToken))
                        .Where(d => d.Volume == "main")
                        .Select(d => new CourtOps.Web.Option($"{d.Id}", d.Title)),
                ]
            );
        }
    }
}

/// <summary>Adds an address the court knows, with where it comes from and its evidence (C-03).</summary>
[Permit("service.work")]
[Audited("service.address.add")]
internal sealed record AddAddress : ICommand<long>
{
    public long CaseId { get; init; }
    public long PartyId { get; init; }
    public string Origin { get; init; } = "";
    public string Address { get; init; } = "";
    public string Postcode { get; init; } = "";
    public string Recipient { get; init; } = "";
    public string Phone { get; init; } = "";

    /// <summary>The person was warned of the consequences (专递规定 5).</summary>
    public bool Warned { get; init; }

    /// <summary>When it was last used or given; needed for what lapses after a year.</summary>
    public DateOnly? UsedOn { get; init; }
    public long? EvidenceId { get; init; }
    public string Evidence { get; init; } = "";

    internal sealed class Validator : AbstractValidator<AddAddress>
    {
        public Validator(TimeProvider clock)
        {
            RuleFor(c => c.Origin)
                .Must(o => o != "confirmed" && Origins.Labels.ContainsKey(o))
                .WithMessage("请选择地址来源；本人确认的，请登记送达地址确认书。");
            RuleFor(c => c.Address).Must(a => ConfirmationRules.Fold(a).Length is >= 6 and <= 300).WithMessage("请填详细地址，6 至 300 个字符。");
            RuleFor(c => c.Postcode)
                .Must(p => string.IsNullOrEmpty(p) || (p.Length == 6 && p.All(char.IsAsciiDigit)))
                .WithMessage("邮政编码是 6 位数字，不知道可以不填。");
            RuleFor(c => c.Phone).Must(p => string.IsNullOrEmpty(p) || ConfirmationRules.IsPhone(p)).WithMessage("电话不合格式。");
            RuleFor(c => c.Recipient).MaximumLength(200).WithMessage("收件人最长 200 个字符。");
            RuleFor(c => c.UsedOn)
                .NotNull()
                .When(c => c.Origin is "other-case" or "habitual")
                .WithMessage("请填该地址提供或使用的日期：超过一年的不能作为依据。");
            RuleFor(c => c.UsedOn)
                .Must(d => d <= Times.Day(clock.GetUtcNow()) && d >= new DateOnly(1980, 1, 1))
                .When(c => c.UsedOn is not null)
                .WithMessage("日期不能在今天之后，也不能早于 1980 年。");
            RuleFor(c => c.Evidence)
                .NotEmpty()
                .WithMessage("请写明依据，例如合同第九条、起诉状、户籍查询。")
                .MaximumLength(400)
                .WithMessage("依据最长 400 个字符。");
        }
    }

    internal sealed class Handler(AddressBook book, ICases cases, IDocuments documents, Actor actor, AuditTrail audit) : ICommandHandler<AddAddress, long>
    {
        public async Task<long> Handle(AddAddress request, CancellationToken cancellationToken)
        {
            var party = await Parties.FindAsync(cases, request.CaseId, request.PartyId, cancellationToken);
            if (request.EvidenceId is { } evidence && (await documents.GetAsync(evidence, cancellationToken)).CaseId != request.CaseId)
                throw new RuleBroken("证明文件不是本案的文书。", "EvidenceId");
            var text = ConfirmationRules.Fold(request.Address);
            if (
                (await book.OfPartyAsync(party.Id, cancellationToken)).FirstOrDefault(a =>
                    a.EndedAt is null && a.Origin == request.Origin && book.Reveal(a.TextEnc) == text
                ) is
                { } there
            )
                return there.Id;
            audit.Note("party", party.Id, new { request.Origin, request.UsedOn });
            return await book.AddAsync(
                party,
                request.Origin,
                text,
                request.Postcode,
                ConfirmationRules.Fold(request.Recipient),
                request.Phone,
                request.Warned,
                request.UsedOn,
                request.EvidenceId,
                request.Evidence.Trim(),
                actor.Name,
                cancellationToken
            );
        }
    }
}

internal static class Parties
{
    /// <exception cref="NotFound">No such case or party, or not for this actor.</exception>
    public static async Task<PartyContact> FindAsync(ICases cases, long caseId, long partyId, CancellationToken ct)
    {
        await cases.GetAsync(caseId, ct);
        return (await cases.PartiesAsync(caseId, ct)).FirstOrDefault(p => p.Id == partyId) ?? throw new NotFound("当事人", partyId);
    }
}

/// <summary>An address turned out wrong, or the person gave another: not used any more; it stays on record.</summary>
[Permit("service.work")]
[Audited("service.address.end")]
internal sealed record EndAddress : ICommand
{
    public long CaseId { get; init; }
    public long AddressId { get; init; }
    public string Why { get; init; } = "";

    internal sealed class Validator : AbstractValidator<EndAddress>
    {
        public Validator() => RuleFor(c => c.Why).NotEmpty().WithMessage("请写明为什么不再用。").MaximumLength(200).WithMessage("理由最长 200 个字符。");
    }

    internal sealed class Handler(Db db, ICases cases, TimeProvider clock, AuditTrail audit) : CommandHandler<EndAddress>
    {
        protected override async Task RunAsync(EndAddress command, CancellationToken ct)
        {
            await cases.GetAsync(command.CaseId, ct);
            if (
                await db.ExecuteAsync(
                    "UPDATE service_address SET ended_at = COALESCE(ended_at, @now), ended_why = COALESCE(ended_why, @Why), version = version + 1 "
                        + "WHERE id = @AddressId AND case_id = @CaseId",
                    new
                    {
                        command.AddressId,
                        command.CaseId,
                        Why = command.Why.Trim(),
                        now = clock.GetUtcNow(),
                    },
                    ct
                ) == 0
            )
                throw new NotFound("送达地址", command.AddressId);
            audit.Note("address", command.AddressId, new { command.Why });
        }
    }
}

/// <summary>What the same person gave in another case within a year, or confirmed in an earlier instance, is used here too, with the reason.</summary>
[Permit("service.work")]
[Audited("service.address.carry")]
internal sealed record CarryAddress : ICommand
{
    public long CaseId { get; init; }
    public long PartyId { get; init; }

    /// <summary>An address of another case …</summary>
    public long? AddressId { get; init; }

    /// <summary>… or a confirmation that reaches later instances (CPL-I 137).</summary>
    public long? ConfirmationId { get; init; }
    public string Reason { get; init; } = "";

    internal sealed class Validator : AbstractValidator<CarryAddress>
    {
        public Validator() =>
            RuleFor(c => c.Reason)
                .NotEmpty()
                .WithMessage("请写明为什么可以沿用，例如本案是原审的上诉案件。")
                .MaximumLength(300)
                .WithMessage("理由最长 300 个字符。");
    }

    internal sealed class Handler(Db db, AddressBook book, ICases cases, TimeProvider clock, Actor actor, AuditTrail audit) : CommandHandler<CarryAddress>
    {
        protected override async Task RunAsync(CarryAddress command, CancellationToken ct)
        {
            var party = await Parties.FindAsync(cases, command.CaseId, command.PartyId, ct);
            var keys = book.PersonKeys(party);
            if (keys.Count == 0)
                throw new RuleBroken("没有证件号码，不能认定是同一人。", "PartyId");
            if (command.ConfirmationId is { } id)
            {
                var enc =
                    await db.FirstAsync<string>(
                        "SELECT form_enc FROM service_confirmation WHERE id = @id AND person_idx IN @keys AND replaced_at IS NULL AND scope <> 'first'",
                        new { id, keys },
                        ct
                    ) ?? throw new NotFound("送达地址确认书", id);
                await book.ConfirmAsync(
                    party,
                    JsonSerializer.Deserialize<ConfirmationForm>(book.Reveal(enc)!, Json.Stored)!,
                    "carried",
                    null,
                    null,
                    id,
                    actor.Name,
                    ct
                );
                audit.Note("party", party.Id, new { carried = id, command.Reason });
                return;
            }
            var from =
                await db.FirstAsync<AddressRow>(
                    AddressBook.Columns + " WHERE a.id = @AddressId AND a.person_idx IN @keys AND a.ended_at IS NULL",
                    new { command.AddressId, keys },
                    ct
                ) ?? throw new NotFound("送达地址", command.AddressId);
            var used = from.UsedOn ?? Times.Day(from.EnteredAt);
            if (used < Times.Day(clock.GetUtcNow()).AddYears(-1))
                throw new RuleBroken($"该地址是 {Times.Iso(used)} 提供的，已超过一年，不能作为依据。", "AddressId");
            await book.AddAsync(
                party,
                "other-case",
                book.Reveal(from.TextEnc)!,
                from.Postcode,
                from.Recipient,
                book.Reveal(from.PhoneEnc),
                false,
                used,
                null,
                $"本人在其他案件提供；{command.Reason.Trim()}",
                actor.Name,
                ct
            );
            audit.Note("party", party.Id, new { carried = from.Id, command.Reason });
        }
    }
}

/// <summary>A confirmation signed on paper: its fields and the scan.</summary>
[Permit("service.work")]
[Audited("service.confirmation.record")]
internal sealed record RecordConfirmation : ICommand<long>
{
    public long CaseId { get; init; }
    public long PartyId { get; init; }
    public ConfirmationForm Form { get; init; } = new();

    /// <summary>The scan as a document of the case.</summary>
    public long? ScanId { get; init; }

    internal sealed class Handler(AddressBook book, ICases cases, IDocuments documents, TimeProvider clock, Actor actor, AuditTrail audit)
        : ICommandHandler<RecordConfirmation, long>
    {
        public async Task<long> Handle(RecordConfirmation request, CancellationToken cancellationToken)
        {
            var party = await Parties.FindAsync(cases, request.CaseId, request.PartyId, cancellationToken);
            var form = ConfirmationRules.Folded(
                request.Form with
                {
                    Signature = "paper",
                    Drawing = "",
                    Recipient = request.Form.Recipient is { Length: > 0 } r ? r : party.Name,
                }
            );
            Confirmations.Demand(form, party.Name, Times.Day(clock.GetUtcNow()), "Form.");
            if (request.ScanId is not { } scan)
                throw new RuleBroken("请先把签名的确认书扫描件传到本案文书，再选择它。", "ScanId");
            if ((await documents.GetAsync(scan, cancellationToken)).CaseId != request.CaseId)
                throw new RuleBroken("扫描件不是本案的文书。", "ScanId");
            audit.Note(
                "party",
                party.Id,
                new
                {
                    form.EService,
                    form.Judgments,
                    form.SignedOn,
                }
            );
            return await book.ConfirmAsync(party, form, "paper", null, scan, null, actor.Name, cancellationToken);
        }
    }
}

internal static class Confirmations
{
    /// <exception cref="ValidationException">All faults at once, each beside its field.</exception>
    public static void Demand(ConfirmationForm form, string party, DateOnly today, string prefix)
    {
        if (ConfirmationRules.Faults(form, party, today) is { Count: > 0 } faults)
            throw new ValidationException(faults.Select(f => new FluentValidation.Results.ValidationFailure(prefix + f.Field, f.Fault)));
    }
}

/// <summary>The party confirms its address on its page: signed by hand on the screen, or by its typed name. Comes inside as a party's act.</summary>
[Permit(PermitAttribute.Anyone)]
[Audited("service.party.address")]
internal sealed record ConfirmOnline : ICommand
{
    public string Token { get; init; } = "";
    public ConfirmationForm Form { get; init; } = new();

    internal sealed class Handler(Db db, Ids ids, Outbox outbox, Secrets secrets, Actor actor, TimeProvider clock, AuditTrail audit)
        : CommandHandler<ConfirmOnline>
    {
        protected override async Task RunAsync(ConfirmOnline command, CancellationToken ct)
        {
            var notice = await Party.PublicNotices.FindAsync(db, command.Token, clock, ct) ?? throw new NotFound("文书");
            if (notice.HeldAt is not null)
                throw new RuleBroken("您已说明不是本人或发错了，法院核实之前不能填写。");
            var now = clock.StoredNow();
            var form = ConfirmationRules.Folded(command.Form with { SignedOn = Times.Day(now) });
            Confirmations.Demand(form, notice.Recipient, Times.Day(now), "Form.");
            if (
                await db.ScalarAsync<int>(
                    "SELECT COUNT(*) FROM service_public_form WHERE notice_id = @NoticeId AND kind = 'address' AND at > @since",
                    new { notice.NoticeId, since = now.AddHours(-1) },
                    ct
                ) >= 3
            )
                throw new RuleBroken("一小时内已提交三次，请稍后再改，或拨打 12368。");
            await db.ExecuteAsync(
                "INSERT INTO service_public_form (id, notice_id, kind, form_enc, at) VALUES (@id, @NoticeId, 'address', @form, @now)",
                new
                {
                    id = ids.Next(),
                    notice.NoticeId,
                    form = secrets.Protect(JsonSerializer.Serialize(form, Json.Stored)),
                    now,
                },
                ct
            );
            await Party.PublicNotices.ActAsync(db, ids, outbox, actor, notice, "address", null, now, ct);
            audit.Note("notice", notice.NoticeId, new { act = "address", form.EService });
        }
    }
}
