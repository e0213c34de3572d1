using System.Text.Json;
using CourtOps.Contracts;
using CourtOps.Kernel.Audit;
using CourtOps.Kernel.Data;
using CourtOps.Kernel.Messaging;
using CourtOps.Kernel.Security;
using FluentValidation;

namespace CourtOps.Triage.Mediation;

/// <summary>What a mediator did on the phone page.</summary>
internal sealed record PhoneAct
{
    public long Id { get; init; }
    public string Act { get; init; } = "";
    public string WordsEnc { get; init; } = "";
    public int? Days { get; init; }
    public string? ElementsEnc { get; init; }
    public DateTimeOffset At { get; init; }
    public DateTimeOffset? HeardAt { get; init; }
    public string Refused { get; init; } = "";
    public string Words { get; init; } = "";
    public AgreementElements? Elements { get; init; }
}

/// <summary>A mediation as it was released to its mediator: all that the phone page ever reads.</summary>
internal sealed record PublicMediation
{
    public string TokenDigest { get; init; } = "";
    public long MediationId { get; init; }
    public string CourtName { get; init; } = "";
    public string CaseNumber { get; init; } = "";
    public string Cause { get; init; } = "";
    public string MediatorName { get; init; } = "";
    public string ContactsEnc { get; init; } = "";
    public DateOnly? ConfirmBy { get; init; }
    public DateOnly? DueOn { get; init; }

    /// <summary>invited, running, cooling or ended.</summary>
    public string State { get; init; } = "";
    public DateTimeOffset ExpiresAt { get; init; }
}

/// <summary>The acts of the phone page; encrypted where they are stored.</summary>
internal sealed class PhoneActs(Db db, Secrets secrets, TimeProvider clock)
{
    public const string Columns = "a.id, a.act, a.words_enc, a.days, a.elements_enc, a.at, a.heard_at, a.refused";

    /// <exception cref="NotFound">No such link, another mediator was named, or its time has run out.</exception>
    public async Task<PublicMediation> FindAsync(string token, CancellationToken ct)
    {
        if (token.Length != 32 || !token.All(char.IsAsciiHexDigitLower))
            throw new NotFound("调解邀请");
        var digest = Secrets.Digest(token);
        var found = await db.FirstAsync<PublicMediation>(
            "SELECT token_digest, mediation_id, court_name, case_number, cause, mediator_name, contacts_enc, confirm_by, due_on, stage AS state, "
                + "expires_at FROM triage_public_mediation WHERE token_digest = @digest AND withdrawn_at IS NULL",
            new { digest },
            ct
        );
        return found is not null && Secrets.Same(found.TokenDigest, digest) && found.ExpiresAt > clock.GetUtcNow() ? found : throw new NotFound("调解邀请");
    }

    public async Task<PhoneAct?> GetAsync(long id, CancellationToken ct) =>
        await db.FirstAsync<PhoneAct>($"SELECT {Columns} FROM triage_public_mediation_act a WHERE a.id = @id", new { id }, ct) is { } act ? Open(act) : null;

    public async Task<IReadOnlyList<PhoneAct>> OfAsync(long mediationId, CancellationToken ct) =>
        [
            .. (
                await db.QueryAsync<PhoneAct>(
                    $"SELECT {Columns} FROM triage_public_mediation_act a WHERE a.mediation_id = @mediationId ORDER BY a.id",
                    new { mediationId },
                    ct
                )
            ).Select(Open),
        ];

    public IReadOnlyList<MediationContact> Contacts(PublicMediation m) =>
        JsonSerializer.Deserialize<IReadOnlyList<MediationContact>>(secrets.Reveal(m.ContactsEnc)!, Json.Stored)!;

    private PhoneAct Open(PhoneAct a) =>
        a with
        {
            Words = JsonSerializer.Deserialize<string>(secrets.Reveal(a.WordsEnc)!, Json.Stored)!,
            Elements = a.ElementsEnc is null ? null : JsonSerializer.Deserialize<AgreementElements>(secrets.Reveal(a.ElementsEnc)!, Json.Stored),
        };
}

/// <summary>The phone page of a mediator.</summary>
[Permit(PermitAttribute.Anyone)]
internal sealed record FindInvitation : IQuery<FindInvitation.Result>
{
    public string Token { get; init; } = "";

    /// <param name="Contacts">Only once the mediator has taken it on.</param>
    internal sealed record Result(PublicMediation Mediation, IReadOnlyList<MediationContact> Contacts, IReadOnlyList<PhoneAct> Acts)
    {
        /// <summary>Something was done that the court has not yet heard.</summary>
        public bool Waits => Acts.Any(a => a.HeardAt is null);
    }

    internal sealed class Handler(PhoneActs acts, Kernel.Access.AccessLog reads) : IQueryHandler<FindInvitation, Result>
    {
        public async Task<Result> Handle(FindInvitation request, CancellationToken cancellationToken)
        {
            var m = await acts.FindAsync(request.Token, cancellationToken);
            reads.Note("triage.mediator.view", "mediation", m.MediationId);
            var contacts = acts.Contacts(m);
            return new Result(
                m,
                m.State == MediationState.Invited ? [.. contacts.Select(c => c with { Phone = "" })] : contacts,
                await acts.OfAsync(m.MediationId, cancellationToken)
            );
        }
    }
}

/// <summary>The mediator does something: takes it on, declines, notes a talk, lengthens, ends it.</summary>
[Permit(PermitAttribute.Anyone)]
[Audited("triage.mediator.act")]
internal sealed record ActByLink : ICommand
{
    public string Token { get; init; } = "";

    /// <summary>accept, decline, talk, extend, agreed, withdrawn, failed or refused.</summary>
    public string Act { get; init; } = "";
    public string Words { get; init; } = "";
    public int? Days { get; init; }
    public AgreementElements? Elements { get; init; }

    internal sealed class Validator : AbstractValidator<ActByLink>
    {
        private static readonly string[] Acts = ["accept", "decline", "talk", "extend", "agreed", "withdrawn", "failed", "refused"];

        public Validator()
        {
            RuleFor(c => c.Act).Must(Acts.Contains).WithMessage("没有这个动作。");
            RuleFor(c => c.Words)
                .NotEmpty()
                .When(c => c.Act is not ("accept" or "agreed"))
                .WithMessage("请写明情况。")
                .MaximumLength(1000)
                .WithMessage("说明最长 1000 个字符。");
            RuleFor(c => c.Days)
                .NotNull()
                .When(c => c.Act == "extend")
                .WithMessage("请填写延长几日。")
                .InclusiveBetween(1, 30)
                .WithMessage("延长应为 1 至 30 日。");
            RuleFor(c => c).Custom((c, context) => EndMediation.ElementFaults(c.Act, c.Elements).ForEach(f => context.AddFailure(f.Field, f.Message)));
        }
    }

    internal sealed class Handler(Db db, Ids ids, PhoneActs acts, Secrets secrets, TimeProvider clock, Outbox outbox, AuditTrail audit)
        : CommandHandler<ActByLink>
    {
        protected override async Task RunAsync(ActByLink command, CancellationToken ct)
        {
            var m = await acts.FindAsync(command.Token, ct);
            var fits = m.State switch
            {
                MediationState.Invited => command.Act is "accept" or "decline",
                MediationState.Running => command.Act is not ("accept" or "decline"),
                MediationState.Cooling => command.Act is "talk" or "agreed" or "withdrawn" or "failed" or "refused",
                _ => false,
            };
            if (!fits)
                throw new RuleBroken("现在的状态不能这样办，请刷新页面。", code: "state");
            if (
                command.Act is not "talk"
                && await db.ScalarAsync<int>(
                    "SELECT COUNT(*) FROM triage_public_mediation_act WHERE mediation_id = @MediationId AND heard_at IS NULL AND act <> 'talk'",
                    new { m.MediationId },
                    ct
                ) > 0
            )
                throw new RuleBroken("刚才的操作法院正在处理，请稍候刷新。", code: "waits");
            var now = clock.StoredNow();
            var id = ids.Next();
            await db.ExecuteAsync(
                "INSERT INTO triage_public_mediation_act (id, mediation_id, act, words_enc, days, elements_enc, at, refused) VALUES (@id, "
                    + "@MediationId, @Act, @words, @days, @elements, @now, '')",
                new
                {
                    id,
                    m.MediationId,
                    command.Act,
                    words = secrets.Protect(JsonSerializer.Serialize(command.Words.Trim(), Json.Stored)),
                    days = command.Act == "extend" ? command.Days : null,
                    elements = command.Act == "agreed" ? secrets.Protect(JsonSerializer.Serialize(command.Elements, Json.Stored)) : null,
                    now,
                },
                ct
            );
            await outbox.AddAsync(
                $"mediation:{m.MediationId}",
                new MediatorActed
                {
                    MediationId = m.MediationId,
                    ActId = id,
                    At = now,
                },
                ct
            );
            audit.Note("mediation", m.MediationId, new { command.Act });
        }
    }
}

/// <summary>The acts of the phone page in words.</summary>
internal static class PhoneWords
{
    public static readonly IReadOnlyDictionary<string, string> Acts = new Dictionary<string, string>
    {
        ["accept"] = "签收",
        ["decline"] = "婉拒",
        ["talk"] = "记录",
        ["extend"] = "双方同意延长",
        ["agreed"] = "达成协议",
        ["withdrawn"] = "撤诉或者当场履行",
        ["failed"] = "谈不成，转审理",
        ["refused"] = "一方不愿再调解",
    };
}
