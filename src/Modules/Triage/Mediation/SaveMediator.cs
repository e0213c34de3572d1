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

/// <summary>A person of the pool.</summary>
[Permit("triage.mediators")]
[Audited("triage.mediator.save")]
internal sealed record SaveMediator : ICommand<long>
{
    public long? Id { get; init; }
    public int? Version { get; init; }
    public string Name { get; init; } = "";
    public string Organisation { get; init; } = "";
    public string Phone { get; init; } = "";
    public string Email { get; init; } = "";

    /// <summary>Words of causes: "离婚 继承 相邻".</summary>
    public string Skills { get; init; } = "";

    /// <summary>zh, ko.</summary>
    public IReadOnlyList<string> Languages { get; init; } = ["zh"];
    public bool Gold { get; init; }

    /// <summary>Gives neutral evaluations.</summary>
    public bool Evaluator { get; init; }
    public bool Active { get; init; } = true;
    public int MostOpen { get; init; } = 10;

    internal sealed class Validator : AbstractValidator<SaveMediator>
    {
        public Validator()
        {
            RuleFor(c => c.Name).Must(n => PartyReading.Fold(n).Length is > 0 and <= 60).WithMessage("请填写姓名，最长 60 个字。");
            RuleFor(c => c.Organisation).MaximumLength(120).WithMessage("组织名称最长 120 个字符。");
            RuleFor(c => c.Phone).Must(PartyReading.IsPhone).WithMessage("电话应为手机号或带区号的固定电话，只填数字。");
            RuleFor(c => c.Email).Must(e => string.IsNullOrWhiteSpace(e) || PartyReading.IsEmail(PartyReading.Fold(e))).WithMessage("电子邮箱不合格式。");
            RuleFor(c => c.Skills).MaximumLength(400).WithMessage("专长最长 400 个字符。");
            RuleFor(c => c.Languages).Must(l => l.Count > 0 && l.All(x => x is "zh" or "ko")).WithMessage("请选择语言。");
            RuleFor(c => c.MostOpen).InclusiveBetween(1, 200).WithMessage("同时办理的件数应为 1 至 200。");
        }
    }

    internal sealed class Handler(Db db, Ids ids, Actor actor, Secrets secrets, AuditTrail audit) : ICommandHandler<SaveMediator, long>
    {
        public async Task<long> Handle(SaveMediator request, CancellationToken cancellationToken)
        {
            var args = new
            {
                id = request.Id ?? ids.Next(),
                court = actor.CourtId,
                version = request.Version ?? 0,
                name = PartyReading.Fold(request.Name),
                organisation = PartyReading.Fold(request.Organisation),
                phone = secrets.Protect(PartyReading.Phone(request.Phone)),
                email = secrets.Protect(PartyReading.Fold(request.Email)),
                skills = PartyReading.Fold(request.Skills),
                languages = string.Join(' ', request.Languages.Distinct().Order()),
                request.Gold,
                request.Evaluator,
                request.Active,
                request.MostOpen,
            };
            if (request.Id is null)
                await db.ExecuteAsync(
                    """
                    INSERT INTO triage_mediator (id, court_id, name, organisation, phone_enc, email_enc, skills, languages, gold, evaluator, active, most_open,
                        version)
                    VALUES (@id, @court, @name, @organisation, @phone, @email, @skills, @languages, @Gold, @Evaluator, @Active, @MostOpen, 1)
                    """,
                    args,
                    cancellationToken
                );
            else if (
                await db.ExecuteAsync(
                    """
                    UPDATE triage_mediator SET name = @name, organisation = @organisation, phone_enc = COALESCE(@phone, phone_enc), email_enc = COALESCE(@email,
                        email_enc), skills = @skills, languages = @languages, gold = @Gold,
                        evaluator = @Evaluator, active = @Active, most_open = @MostOpen, version = version + 1
                    WHERE id = @id AND court_id = @court AND version = @version
                    """,
                    args,
                    cancellationToken
                ) == 0
            )
                throw new Conflict("调解员的资料刚被他人修改，请刷新后再看。");
            audit.Note(
                "mediator",
                args.id,
                new
                {
                    args.name,
                    request.Active,
                    request.Gold,
                }
            );
            return args.id;
        }
    }
}
