using CourtOps.Kernel.Access;
using CourtOps.Kernel.Data;
using CourtOps.Kernel.Messaging;
using CourtOps.Kernel.Security;

namespace CourtOps.Workzone.Cases;

/// <summary>The personal data of a party that may be seen whole for a reason.</summary>
internal static class PartyFields
{
    public const string IdNumber = "id-number";
    public const string Phone = "phone";
    public const string Email = "email";

    public static readonly IReadOnlyDictionary<string, string> Labels = new Dictionary<string, string>
    {
        [IdNumber] = "证件号码",
        [Phone] = "电话",
        [Email] = "电子邮箱",
    };
}

/// <summary>
/// One field of one party, whole, for this one answer. Needs a reason; who, what and why are durable in the access log before the
/// value leaves. Administrators have no such action, whatever else they hold.
/// </summary>
[Permit("workzone.secrets.unmask")]
internal sealed record Unmask : IQuery<Unmask.Result>
{
    public const int LeastReason = 4;

    public long PartyId { get; init; }
    public string Field { get; init; } = "";
    public string Reason { get; init; } = "";

    internal sealed record Result(long PartyId, string Field, string? Value);

    internal static async Task DemandAsync(Db db, CaseAccess access, long partyId, CancellationToken ct) =>
        await access.DemandAsync(
            await db.FirstAsync<long?>("SELECT case_id FROM workzone_party WHERE id = @partyId", new { partyId }, ct) ?? throw new NotFound("当事人", partyId),
            "当事人",
            partyId,
            ct
        );

    internal sealed class Handler(Db db, CaseAccess access, Actor actor, LinkHolders holders, AccessLog reads, Secrets secrets) : IQueryHandler<Unmask, Result>
    {
        public async Task<Result> Handle(Unmask request, CancellationToken cancellationToken)
        {
            // whether there is such a party for this person comes before what is wrong with the reason
            await DemandAsync(db, access, request.PartyId, cancellationToken);
            if (!PartyFields.Labels.ContainsKey(request.Field))
                throw new RuleBroken("没有这个字段。", "Field");
            if (request.Reason.Trim().Length is < LeastReason or > 200)
                throw new RuleBroken("请写明查看事由，4 至 200 个字。", "Reason");
            if (request.Field == PartyFields.IdNumber && holders.Has(actor))
                throw new RuleBroken(
                    "办理送达的人员能取得当事人的链接，不能查看链接要核对的证件号码；需要核对的，请法官或者助理查看。",
                    "Field",
                    "link-holder"
                );
            var row =
                await db.FirstAsync<Row>(
                    "SELECT case_id, id_number_enc, phone_enc, email_enc FROM workzone_party WHERE id = @PartyId",
                    new { request.PartyId },
                    cancellationToken
                ) ?? throw new NotFound("当事人", request.PartyId);
            if (actor.Roles.Any(r => r is Roles.SystemAdministrator or Roles.SecurityAdministrator or Roles.Auditor))
                throw new Forbidden("workzone.secrets.unmask");
            var stored = request.Field switch
            {
                PartyFields.IdNumber => row.IdNumberEnc,
                PartyFields.Phone => row.PhoneEnc,
                _ => row.EmailEnc,
            };
            reads.Note("workzone.secrets.unmask", "party", request.PartyId, row.CaseId, request.Reason.Trim(), new { request.Field });
            return new Result(request.PartyId, request.Field, secrets.Reveal(stored));
        }

        private sealed record Row
        {
            public long CaseId { get; init; }
            public string? IdNumberEnc { get; init; }
            public string? PhoneEnc { get; init; }
            public string? EmailEnc { get; init; }
        }
    }
}

/// <summary>Whether the question about a party may be asked at all.</summary>
[Permit("workzone.secrets.unmask")]
internal sealed record AskAboutParty : IQuery<bool>
{
    public long PartyId { get; init; }

    internal sealed class Handler(Db db, CaseAccess access) : IQueryHandler<AskAboutParty, bool>
    {
        public async Task<bool> Handle(AskAboutParty request, CancellationToken cancellationToken)
        {
            await Unmask.DemandAsync(db, access, request.PartyId, cancellationToken);
            return true;
        }
    }
}
