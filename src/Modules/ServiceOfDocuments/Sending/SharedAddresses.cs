using CourtOps.Kernel.Audit;
using CourtOps.Kernel.Data;
using CourtOps.Kernel.Messaging;
using CourtOps.Kernel.Security;
using CourtOps.ServiceOfDocuments.Tasks;
using CourtOps.Workzone.Cases;
using FluentValidation;

namespace CourtOps.ServiceOfDocuments.Sending;

/// <summary>Opponents with one mail address or phone: nothing goes there until a person has decided whose it is.</summary>
internal sealed class SharedAddresses(Db db, ICases cases, Secrets secrets)
{
    /// <summary>The opponents who have this recipient's address too; empty where there are none or a person has decided.</summary>
    public async Task<IReadOnlyList<string>> FindAsync(Notice notice, CancellationToken ct)
    {
        var parties = await cases.PartiesAsync(notice.CaseId, ct);
        if (parties.FirstOrDefault(p => p.Id == notice.PartyId) is not { } own)
            return [];
        var others = parties.Where(p => p.Id != own.Id).ToList();
        var shared = others.Where(p => Sides.SharedAddresses([Of(own), Of(p)]).Any()).Select(p => p.Name).ToList();
        if (shared.Count == 0)
            return [];
        var decided = await db.ScalarAsync<int>(
            "SELECT COUNT(*) FROM service_address_word WHERE party_id = @Id AND address_idx IN @indexes",
            new { own.Id, indexes = secrets.BlindAll(Key(own)) },
            ct
        );
        return decided > 0 ? [] : shared;
    }

    /// <exception cref="RuleBroken">Code shared-address: an opponent has the same address, and nobody has decided.</exception>
    public async Task DemandAsync(Notice notice, CancellationToken ct)
    {
        if (await FindAsync(notice, ct) is { Count: > 0 } shared)
            throw new RuleBroken(
                $"{notice.Recipient}与对方当事人{string.Join('、', shared)}登记了同一邮箱或电话，认定之前不能向该地址送达。",
                "Address",
                "shared-address",
                $"/service/orders/{notice.OrderId}"
            );
    }

    /// <summary>What the decision is about: the address as it is now; another address is another question.</summary>
    public static string Key(PartyContact party) => $"{Sides.Mail(party.Email)}|{Sides.Digits(party.Phone)}";

    private static SidedAddress Of(PartyContact p) => new(p.Name, p.Role, p.Email, p.Phone);
}

/// <summary>A person decides that the address which an opponent has too is this recipient's own.</summary>
[Permit("service.work")]
[Audited("service.address.decide-shared")]
internal sealed record DecideSharedAddress : ICommand
{
    public long NoticeId { get; init; }
    public long? OrderId { get; init; }
    public string Words { get; init; } = "";

    internal sealed class Validator : AbstractValidator<DecideSharedAddress>
    {
        public Validator() =>
            RuleFor(c => c.Words).NotEmpty().WithMessage("请写明怎样核实了该地址是本人的。").MaximumLength(400).WithMessage("依据最长 400 个字符。");
    }

    internal sealed class Handler(Db db, Ids ids, Notices notices, ICases cases, Secrets secrets, Actor actor, AuditTrail audit)
        : CommandHandler<DecideSharedAddress>
    {
        protected override async Task RunAsync(DecideSharedAddress command, CancellationToken ct)
        {
            var (notice, _) = await notices.OpenAsync(command.NoticeId, command.OrderId, ct);
            var own = (await cases.PartiesAsync(notice.CaseId, ct)).FirstOrDefault(p => p.Id == notice.PartyId) ?? throw new NotFound("当事人", notice.PartyId);
            var key = SharedAddresses.Key(own);
            if (
                await db.ScalarAsync<int>(
                    "SELECT COUNT(*) FROM service_address_word WHERE party_id = @Id AND address_idx IN @indexes",
                    new { own.Id, indexes = secrets.BlindAll(key) },
                    ct
                ) > 0
            )
                return;
            await db.ExecuteAsync(
                "INSERT INTO service_address_word (id, case_id, party_id, address_enc, address_idx, words, decided_by, decided_at) VALUES (@id, "
                    + "@CaseId, @PartyId, @enc, @idx, @words, @by, @now)",
                new
                {
                    id = ids.Next(),
                    notice.CaseId,
                    notice.PartyId,
                    enc = secrets.Protect(key),
                    idx = secrets.Blind(key),
                    words = command.Words.Trim(),
                    by = actor.Name,
                    now = notices.Now(),
                },
                ct
            );
            await notices.NoteAsync(notice, "address-decided", notices.Now(), new { command.Words }, command.Words.Trim(), ct);
            audit.Note("notice", notice.Id, new { sharedAddress = true });
        }
    }
}
