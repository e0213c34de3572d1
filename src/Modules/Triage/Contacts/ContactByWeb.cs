using CourtOps.Contracts;
using CourtOps.Kernel.Audit;
using CourtOps.Kernel.Data;
using CourtOps.Kernel.Files;
using CourtOps.Kernel.Messaging;
using CourtOps.Kernel.Security;
using CourtOps.Kernel.Web;
using CourtOps.Triage.Filings;
using CourtOps.Workzone;
using CourtOps.Workzone.People;
using FluentValidation;

namespace CourtOps.Triage.Contacts;

/// <summary>Somebody asks the desk over the web.</summary>
[Permit(PermitAttribute.Anyone)]
[Audited("triage.contact.web")]
internal sealed record AskByWeb : ICommand<string>
{
    public string Court { get; init; } = "";
    public string Service { get; init; } = "";
    public string Person { get; init; } = "";
    public string Phone { get; init; } = "";
    public string CaseNumber { get; init; } = "";
    public string Words { get; init; } = "";

    internal sealed class Validator : AbstractValidator<AskByWeb>
    {
        public Validator()
        {
            RuleFor(c => c.Court).NotEmpty().WithMessage("请选择法院。");
            RuleFor(c => c.Service).Must(s => Services.Labels.ContainsKey(s) && s != "material").WithMessage("请选择办理的事项。");
            RuleFor(c => c.Person).Must(p => PartyReading.Fold(p).Length is > 0 and <= 120).WithMessage("请填写姓名，最长 60 个字。");
            RuleFor(c => c.Phone).Must(p => PartyReading.Phone(p).Length > 0 && PartyReading.IsPhone(p)).WithMessage("请填写能接到的电话。");
            RuleFor(c => c.CaseNumber)
                .NotEmpty()
                .When(c => Services.NeedsCase(c.Service))
                .WithMessage("这项服务要写明案号。")
                .MaximumLength(80)
                .WithMessage("案号最长 80 个字符。");
            RuleFor(c => c.Words).NotEmpty().WithMessage("请写明要办什么。").MaximumLength(2000).WithMessage("说明最长 2000 个字符。");
        }
    }

    internal sealed class Handler(Db db, Ids ids, ICourts courts, Secrets secrets, TimeProvider clock, Outbox outbox, AuditTrail audit)
        : ICommandHandler<AskByWeb, string>
    {
        public async Task<string> Handle(AskByWeb request, CancellationToken cancellationToken)
        {
            var court = await courts.FindAsync(PartyReading.Fold(request.Court), cancellationToken) ?? throw new RuleBroken("没有这个法院。", "Court");
            var token = Secrets.NewToken();
            var id = ids.Next();
            var now = clock.StoredNow();
            await db.ExecuteAsync(
                """
                INSERT INTO triage_public_contact (id, token_digest, court_id, court_name, service, person, phone_enc, case_number, words_enc, number, stage,
                    answer, mark_words, asked_at, expires_at)
                VALUES (@id, @digest, @CourtId, @CourtName, @Service, @person, @phone, @number, @words, '', 'open', '', '', @now, @until)
                """,
                new
                {
                    id,
                    digest = Secrets.Digest(token),
                    CourtId = court.Id,
                    CourtName = court.Name,
                    request.Service,
                    person = PartyReading.Fold(request.Person),
                    phone = secrets.Protect(PartyReading.Phone(request.Phone)),
                    number = PartyReading.Fold(request.CaseNumber),
                    words = secrets.Protect(request.Words),
                    now,
                    until = now.AddYears(1),
                },
                cancellationToken
            );
            await outbox.AddAsync(
                $"contact:{id}",
                new ContactHandedIn
                {
                    PublicId = id,
                    Act = "asked",
                    At = now,
                },
                cancellationToken
            );
            audit.Note("public-contact", id, new { request.Service, court = court.Code });
            return token;
        }
    }
}

/// <summary>A contact as its own page shows it.</summary>
internal sealed record PublicContact
{
    public long Id { get; init; }
    public string TokenDigest { get; init; } = "";
    public string CourtName { get; init; } = "";
    public string Service { get; init; } = "";
    public string Number { get; init; } = "";
    public DateOnly? DueOn { get; init; }
    public string State { get; init; } = "";
    public string Answer { get; init; } = "";
    public int? Mark { get; init; }
    public DateTimeOffset AskedAt { get; init; }
    public DateTimeOffset ExpiresAt { get; init; }
}

/// <summary>Finds a contact by its link.</summary>
[Permit(PermitAttribute.Anyone)]
internal sealed record FindContact : IQuery<PublicContact>
{
    public string Token { get; init; } = "";

    internal sealed class Handler(Db db, TimeProvider clock, Kernel.Access.AccessLog reads) : IQueryHandler<FindContact, PublicContact>
    {
        public async Task<PublicContact> Handle(FindContact request, CancellationToken cancellationToken)
        {
            var digest = Secrets.Digest(request.Token);
            var found =
                request.Token.Length == 32
                    ? await db.FirstAsync<PublicContact>(
                        "SELECT id, token_digest, court_name, service, number, due_on, stage AS state, answer, mark, asked_at, expires_at FROM "
                            + "triage_public_contact WHERE token_digest = @digest",
                        new { digest },
                        cancellationToken
                    )
                    : null;
            if (found is null || !Secrets.Same(found.TokenDigest, digest) || found.ExpiresAt < clock.GetUtcNow())
                throw new NotFound("来访事项");
            reads.Note("triage.contact.view", "public-contact", found.Id);
            return found;
        }
    }
}

/// <summary>The mark over the link.</summary>
[Permit(PermitAttribute.Anyone)]
[Audited("triage.contact.web-mark")]
internal sealed record MarkByWeb : ICommand
{
    public string Token { get; init; } = "";
    public int? Mark { get; init; }
    public string Words { get; init; } = "";

    internal sealed class Validator : AbstractValidator<MarkByWeb>
    {
        public Validator()
        {
            RuleFor(c => c.Mark).NotNull().InclusiveBetween(1, 5).WithMessage("评价应为一至五分。");
            RuleFor(c => c.Words).MaximumLength(400).WithMessage("评价最长 400 个字符。");
        }
    }

    internal sealed class Handler(Db db, TimeProvider clock, Outbox outbox, AuditTrail audit) : CommandHandler<MarkByWeb>
    {
        protected override async Task RunAsync(MarkByWeb command, CancellationToken ct)
        {
            var digest = Secrets.Digest(command.Token);
            var id =
                command.Token.Length == 32
                    ? await db.FirstAsync<long?>(
                        "SELECT id FROM triage_public_contact WHERE token_digest = @digest AND expires_at > @now",
                        new { digest, now = clock.GetUtcNow() },
                        ct
                    )
                    : null;
            if (id is null)
                throw new NotFound("来访事项");
            if (
                await db.ExecuteAsync(
                    "UPDATE triage_public_contact SET mark = @Mark, mark_words = @words WHERE id = @id AND stage = 'done' AND mark IS NULL",
                    new
                    {
                        id,
                        command.Mark,
                        words = command.Words.Trim(),
                    },
                    ct
                ) == 0
            )
                throw new RuleBroken("答复之后才能评价，一次为限。", "Mark");
            await outbox.AddAsync(
                $"contact:{id}",
                new ContactHandedIn
                {
                    PublicId = id.Value,
                    Act = "marked",
                    At = clock.StoredNow(),
                },
                ct
            );
            audit.Note("public-contact", id, new { command.Mark });
        }
    }
}
