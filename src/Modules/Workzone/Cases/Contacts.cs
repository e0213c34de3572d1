using CourtOps.Kernel.Access;
using CourtOps.Kernel.Data;
using CourtOps.Kernel.Messaging;
using CourtOps.Kernel.Security;
using FluentValidation;

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

    /// <summary>As the screen shows it to this person.</summary>
    public static string? Mask(string field, string? value, bool handler) => field switch
    {
        IdNumber => Masks.IdNumber(value, handler),
        Phone => Masks.Phone(value, handler),
        _ => Masks.Email(value, handler),
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

    internal sealed class Validator : AbstractValidator<Unmask>
    {
        public Validator()
        {
            RuleFor(c => c.Field).Must(PartyFields.Labels.ContainsKey).WithMessage("没有这个字段。");
            RuleFor(c => c.Reason).Must(r => r.Trim().Length >= LeastReason).WithMessage("请写明查看事由，至少 4 个字。").MaximumLength(200).WithMessage("事由最长 200 个字符。");
        }
    }

    internal sealed class Handler(Db db, CaseAccess access, Actor actor, AccessLog reads, Secrets secrets) : IQueryHandler<Unmask, Result>
    {
        public async Task<Result> Handle(Unmask request, CancellationToken cancellationToken)
        {
            var row = await db.FirstAsync<Row>("SELECT case_id, id_number_enc, phone_enc, email_enc FROM workzone_party WHERE id = @PartyId", new { request.PartyId }, cancellationToken) ?? throw new NotFound("当事人", request.PartyId);
            await access.DemandAsync(row.CaseId, cancellationToken);
            if (actor.Roles.Any(r => r is Roles.SystemAdministrator or Roles.SecurityAdministrator or Roles.Auditor))
                throw new Forbidden("workzone.secrets.unmask");
            var stored = request.Field switch { PartyFields.IdNumber => row.IdNumberEnc, PartyFields.Phone => row.PhoneEnc, _ => row.EmailEnc };
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
