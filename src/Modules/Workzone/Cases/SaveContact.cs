using CourtOps.Contracts;
using CourtOps.Kernel.Access;
using CourtOps.Kernel.Audit;
using CourtOps.Kernel.Data;
using CourtOps.Kernel.Messaging;
using CourtOps.Kernel.Security;
using CourtOps.Kernel.Web;
using CourtOps.Workzone.Imports;
using FluentValidation;

namespace CourtOps.Workzone.Cases;

/// <summary>How the court came by a party's electronic address (C-04).</summary>
internal static class Consents
{
    /// <summary>Agreed to electronic service, with this address.</summary>
    public const string Confirmed = "confirmed";

    /// <summary>Gave the address for service of its own accord.</summary>
    public const string Provided = "provided";

    /// <summary>The court found it: arrival has no effect, reading has.</summary>
    public const string Obtained = "obtained";

    /// <summary>Does not agree to electronic service: no address counts, nothing is sent.</summary>
    public const string Refused = "refused";

    public static readonly string[] All = [Confirmed, Provided, Obtained, Refused];

    /// <summary>Whether the party itself said so, with a place and a day where it did.</summary>
    public static bool IsOfParty(string consent) => consent is Confirmed or Provided;
}

/// <summary>
/// The address a party has provided or confirmed (送达地址确认), and what it is identified by. Null leaves a value as it is, an empty one takes it away.
/// From now on service takes effect by what is said here; notices that have not left yet follow it.
/// </summary>
[Permit("workzone.parties.contact")]
[Audited("workzone.party.contact")]
internal sealed record SaveContact : ICommand<SaveContact.Result>
{
    public long PartyId { get; init; }

    /// <summary>The version the person saw; null where a program did not look.</summary>
    public int? Version { get; init; }
    public string? Email { get; init; }
    public string? Phone { get; init; }
    public string? IdNumber { get; init; }

    /// <summary>confirmed, provided or obtained; only an address has one.</summary>
    public string? Consent { get; init; }

    /// <summary>Where the party said so: the confirmation form, the record of a conversation.</summary>
    public string? Source { get; init; }
    public DateOnly? On { get; init; }

    internal sealed record Result(long PartyId, long CaseId, int Version, string EService);

    internal sealed class Validator : AbstractValidator<SaveContact>
    {
        public Validator(TimeProvider clock)
        {
            RuleFor(c => c.Email).Must(e => Written.IsEmail(Written.Email(e))).When(c => c.Email is { Length: > 0 }).WithMessage("电子邮箱不合格式。");
            RuleFor(c => c.Phone)
                .Must(p => p!.Length <= 40 && Written.IsPhone(p))
                .When(c => c.Phone is { Length: > 0 })
                .WithMessage("电话应为手机号，或者带区号的固定电话，可带分机（转801），最长 40 个字符。");
            RuleFor(c => c.IdNumber)
                .MaximumLength(40)
                .WithMessage("证件号码超过 40 个字符")
                .Must(n => !Written.IsRounded(n))
                .WithMessage("证件号码被表格软件改成了科学计数法，末几位已经丢失，请从原件重新录入。")
                .Must(n => Written.Sign(n) is { Length: >= 4 } sign && sign.All(x => char.IsAsciiLetterOrDigit(x) || x is '(' or ')'))
                .When(c => c.IdNumber is { Length: > 0 })
                .WithMessage("证件号码不合格式。");
            RuleFor(c => c.Consent).Must(c => Consents.All.Contains(c)).When(c => !string.IsNullOrEmpty(c.Consent)).WithMessage("没有这种地址来源。");
            RuleFor(c => c.Source).MaximumLength(200).WithMessage("出处最长 200 个字符。");
            RuleFor(c => c.On)
                .Must(d => d <= Times.Day(clock.GetUtcNow()) && d >= new DateOnly(1980, 1, 1))
                .When(c => c.On is not null)
                .WithMessage("提供或确认的日期不能在今天之后，也不能早于 1980 年。");
        }
    }

    internal sealed class Handler(ContactBook book) : ICommandHandler<SaveContact, Result>
    {
        public Task<Result> Handle(SaveContact request, CancellationToken cancellationToken) => book.SaveAsync(request, cancellationToken);
    }
}

/// <summary>Writes what is known of a party's address, in the transaction that is open.</summary>
internal sealed class ContactBook(
    Db db,
    CaseAccess access,
    Secrets secrets,
    Actor actor,
    TimeProvider clock,
    Inspections.InspectionBook inspections,
    AuditTrail audit,
    Changes changes,
    Outbox outbox
) : IContacts
{
    public Task ConfirmAsync(long partyId, string? email, string? phone, string consent, string source, DateOnly on, CancellationToken ct) =>
        SaveAsync(
            new SaveContact
            {
                PartyId = partyId,
                Email = email,
                Phone = phone,
                Consent = consent,
                Source = source,
                On = on,
            },
            ct
        );

    public async Task<SaveContact.Result> SaveAsync(SaveContact request, CancellationToken cancellationToken)
    {
        await Unmask.DemandAsync(db, access, request.PartyId, cancellationToken);
        var there = (
            await db.FirstAsync<Stored>(
                """
                SELECT id, case_id, name, role, party_type, id_number_enc, phone_enc, email_enc, e_service, language, contact_source, contact_on, contact_by,
                    contact_at, version
                FROM workzone_party WHERE id = @PartyId
                """,
                new { request.PartyId },
                cancellationToken
            )
        )!;
        var version = request.Version ?? there.Version;
        if (version != there.Version)
            throw new Conflict("当事人的联系方式刚被他人修改，请核对后再保存。", there.ContactBy, there.ContactAt);
        request = request with
        {
            Email = request.Email is null ? null : Written.Email(request.Email),
            Phone = request.Phone is null ? null : Written.Phone(request.Phone),
            IdNumber = request.IdNumber is null ? null : Written.Sign(request.IdNumber),
        };
        var email = request.Email ?? secrets.Reveal(there.EmailEnc) ?? "";
        var phone = request.Phone ?? secrets.Reveal(there.PhoneEnc) ?? "";
        var number = request.IdNumber ?? secrets.Reveal(there.IdNumberEnc) ?? "";
        if (there.PartyType == "natural" && request.IdNumber is { Length: > 0 } typed && IdNumbers.IsWrongIdCard(typed))
            throw new RuleBroken("身份证号码不对（位数、出生日期或者校验位），请核对。", "IdNumber");
        var consent = string.IsNullOrEmpty(request.Consent) ? there.EService : request.Consent;
        if (email.Length == 0)
        {
            if (Consents.IsOfParty(request.Consent ?? ""))
                throw new RuleBroken("没有电子邮箱，就没有可提供或确认的电子送达地址。请填写电子邮箱。", "Email");
            consent = consent == Consents.Refused ? Consents.Refused : "none";
        }
        else if (
            consent is "none"
            || (consent == there.EService && request.Consent is null && request.Email is not null && email != secrets.Reveal(there.EmailEnc))
        )
        {
            consent = Consents.Obtained; // a new address of which nobody says that it is the party's own
        }
        var own = Consents.IsOfParty(consent);
        var source = request.Source?.Trim() is { Length: > 0 } said ? said : there.ContactSource;
        var on = request.On ?? there.ContactOn;
        // what stood before and is not touched needs no new evidence: whoever corrects an id number says nothing of the mail
        var claims = own && Consents.IsOfParty(request.Consent ?? "") && (consent != there.EService || email != (secrets.Reveal(there.EmailEnc) ?? ""));
        if (claims && source is null)
            throw new RuleBroken("请写明当事人在哪里提供或确认，例如送达地址确认书、起诉状、谈话笔录。", "Source");
        if (claims && on is null)
            throw new RuleBroken("请填写当事人提供或确认的日期。", "On");
        var now = clock.StoredNow();
        var written = await db.ExecuteAsync(
            """
            UPDATE workzone_party SET email_enc = @email, email_hint = @hint, phone_enc = @phone, phone_idx = @phoneIdx, phone_tail = @phoneTail, id_number_enc
                = @number, id_number_idx = @numberIdx, id_number_tail = @numberTail,
                   e_service = @consent, contact_source = @source, contact_on = @on, contact_by = @by, contact_at = @now, version = version + 1
            WHERE id = @Id AND version = @Version
            """,
            new
            {
                there.Id,
                there.Version,
                email = secrets.Protect(email),
                hint = CaseStore.Hint(email),
                phone = secrets.Protect(phone),
                phoneIdx = secrets.Blind(phone),
                phoneTail = Secrets.Tail(phone),
                number = secrets.Protect(number),
                numberIdx = secrets.Blind(number),
                numberTail = Secrets.Tail(number),
                consent,
                source = own || consent == Consents.Refused ? source : null,
                on = own || consent == Consents.Refused ? on : null,
                by = actor.Name,
                now,
            },
            cancellationToken
        );
        if (written == 0)
            throw new Conflict("当事人的联系方式刚被他人修改，请核对后再保存。");
        await inspections.InspectAsync([there.CaseId], cancellationToken);
        if (number.Length > 0 && number != (secrets.Reveal(there.IdNumberEnc) ?? ""))
            await outbox.AddAsync(
                Catalogue.CaseKey(there.CaseId),
                new PartyNumberCorrected
                {
                    CaseId = there.CaseId,
                    PartyId = there.Id,
                    At = now,
                },
                cancellationToken
            );
        audit.Note(
            "party",
            there.Id,
            new
            {
                there.CaseId,
                email = request.Email is not null,
                phone = request.Phone is not null,
                idNumber = request.IdNumber is not null,
                consent,
                source = own ? source : null,
                on = own ? on : null,
            }
        );
        db.OnCommitted(() => changes.Say($"case:{there.CaseId}"));
        return new SaveContact.Result(there.Id, there.CaseId, there.Version + 1, consent);
    }

    private sealed record Stored
    {
        public long Id { get; init; }
        public long CaseId { get; init; }
        public string Name { get; init; } = "";
        public string Role { get; init; } = "";
        public string PartyType { get; init; } = "";
        public string? IdNumberEnc { get; init; }
        public string? PhoneEnc { get; init; }
        public string? EmailEnc { get; init; }
        public string EService { get; init; } = "";
        public string Language { get; init; } = "";
        public string? ContactSource { get; init; }
        public DateOnly? ContactOn { get; init; }
        public string? ContactBy { get; init; }
        public DateTimeOffset? ContactAt { get; init; }
        public int Version { get; init; }
    }
}

/// <summary>What is known of a party's address, masked.</summary>
[Permit("workzone.parties.contact")]
internal sealed record ShowContact : IQuery<ShowContact.Result>
{
    public long PartyId { get; init; }

    internal sealed record Result
    {
        public long Id { get; init; }
        public long CaseId { get; init; }
        public string CaseNumber { get; init; } = "";
        public string Name { get; init; } = "";
        public string Role { get; init; } = "";
        public string EService { get; init; } = "";

        /// <summary>Masked, as the next two.</summary>
        public string? Email { get; init; }
        public string? Phone { get; init; }
        public string? IdNumber { get; init; }
        public string? Source { get; init; }
        public DateOnly? EnteredOn { get; init; }
        public string? EnteredBy { get; init; }
        public DateTimeOffset? EnteredAt { get; init; }
        public int Version { get; init; }
    }

    internal sealed class Handler(Db db, CaseAccess access, Secrets secrets, Actor actor, AccessLog reads) : IQueryHandler<ShowContact, Result>
    {
        public async Task<Result> Handle(ShowContact request, CancellationToken cancellationToken)
        {
            await Unmask.DemandAsync(db, access, request.PartyId, cancellationToken);
            var stored = (
                await db.FirstAsync<Result>(
                    """
                    SELECT p.id, p.case_id, c.number AS case_number, p.name, p.role, p.e_service, p.email_enc AS email, p.phone_enc AS phone, p.id_number_enc AS
                        id_number,
                           p.contact_source AS source, p.contact_on AS entered_on, p.contact_by AS entered_by, p.contact_at AS entered_at, p.version
                    FROM workzone_party p
                    JOIN workzone_case c ON c.id = p.case_id
                    WHERE p.id = @PartyId
                    """,
                    new { request.PartyId },
                    cancellationToken
                )
            )!;
            var handler = actor.Can("workzone.secrets.unmask");
            reads.Note("workzone.party.address", "party", stored.Id, stored.CaseId);
            return stored with
            {
                Email = Masks.Email(secrets.Reveal(stored.Email), handler),
                Phone = Masks.Phone(secrets.Reveal(stored.Phone), handler),
                IdNumber = Masks.IdNumber(secrets.Reveal(stored.IdNumber), handler),
            };
        }
    }
}
