using CourtOps.Contracts;
using CourtOps.Kernel.Access;
using CourtOps.Kernel.Audit;
using CourtOps.Kernel.Data;
using CourtOps.Kernel.Files;
using CourtOps.Kernel.Messaging;
using CourtOps.Kernel.Security;
using CourtOps.Kernel.Web;
using CourtOps.Workzone;
using CourtOps.Workzone.Cases;
using FluentValidation;

namespace CourtOps.Cataloguing.Archive;

/// <summary>How an application over the web stands, as the asker's page says it.</summary>
internal static class AskStage
{
    public const string Received = "received";
    public const string Asked = "asked";
    public const string Refused = "refused";
    public const string Making = "making";
    public const string Ready = "ready";
    public const string Open = "open";
    public const string Ended = "ended";

    public static readonly IReadOnlyDictionary<string, string> Labels = new Dictionary<string, string>
    {
        [Received] = "已收到，正在核对",
        [Asked] = "等待法院审批",
        [Refused] = "不同意",
        [Making] = "已同意，正在制作阅卷文件",
        [Ready] = "已同意，等待法院告知验证码",
        [Open] = "可以阅卷",
        [Ended] = "阅卷已结束",
    };

    /// <summary>The one answer to an unknown number, a sealed case and somebody who is no agent there.</summary>
    public const string NotFound =
        "没有找到以您填写的姓名和电话登记为代理人的案件。请核对法院、案号、姓名和电话；新接受委托的，请先向法院递交委托手续登记为代理人，再申请阅卷。";
}

/// <summary>An agent asks over the web to read a file, with the papers that prove the mandate. Nothing of the case is looked at here.</summary>
[Permit(PermitAttribute.Anyone)]
[Audited("cataloguing.reading.ask")]
internal sealed record AskReading : ICommand<string>
{
    public string Court { get; init; } = "";
    public string CaseNumber { get; init; } = "";
    public string Person { get; init; } = "";
    public string Phone { get; init; } = "";
    public string Licence { get; init; } = "";
    public string Purpose { get; init; } = "";
    public string Wanted { get; init; } = "";
    public Blob Paper { get; init; } = new("", 0);

    internal sealed class Validator : AbstractValidator<AskReading>
    {
        public Validator()
        {
            RuleFor(c => c.Court).NotEmpty().WithMessage("请选择法院。");
            RuleFor(c => c.CaseNumber).Must(n => Written.Visible(n).Length is > 0 and <= 80).WithMessage("请填写案号，最长 80 个字符。");
            RuleFor(c => c.Person).Must(n => Written.Name(n).Length is > 0 and <= 60).WithMessage("请填写姓名，最长 60 个字。");
            RuleFor(c => c.Phone)
                .Must(n => Written.IsPhone(n) && Written.Phone(n).Length is >= 7 and <= 20)
                .WithMessage("请填写登记代理时留的电话，7 到 15 位数字。");
            RuleFor(c => c.Licence).Must(n => Written.Visible(n).Length is > 0 and <= 80).WithMessage("请填写执业证号或身份证件号，最长 80 个字符。");
            RuleFor(c => c.Purpose).Must(n => n.Trim().Length > 0).WithMessage("请写明用途。").MaximumLength(400).WithMessage("用途最长 400 个字符。");
            RuleFor(c => c.Wanted).MaximumLength(400).WithMessage("要看的内容最长 400 个字符。");
            RuleFor(c => c.Paper).Must(p => p.Sha256.Length > 0).WithMessage("请上传授权委托书等委托手续。");
        }
    }

    internal sealed class Handler(Db db, Ids ids, ICourts courts, Secrets secrets, BlobStore blobs, TimeProvider clock, Outbox outbox, AuditTrail audit)
        : ICommandHandler<AskReading, string>
    {
        public async Task<string> Handle(AskReading request, CancellationToken cancellationToken)
        {
            var court = await courts.FindAsync(Written.Visible(request.Court), cancellationToken) ?? throw new RuleBroken("没有这个法院。", "Court");
            var (token, id, now) = (Secrets.NewToken(), ids.Next(), clock.StoredNow());
            await blobs.KeepAsync(request.Paper, cancellationToken);
            await db.ExecuteAsync(
                """
                INSERT INTO cataloguing_public_reading_ask (id, token_digest, court_id, court_name, case_number, person, phone_enc, licence, purpose, wanted,
                    paper, paper_size, stage, answer, reference, asked_at, expires_at)
                VALUES (@id, @digest, @CourtId, @CourtName, @number, @person, @phone, @licence, @purpose, @wanted, @Sha256, @Size, 'received', '', '', @now,
                    @until)
                """,
                new
                {
                    id,
                    digest = Secrets.Digest(token),
                    CourtId = court.Id,
                    CourtName = court.Name,
                    number = Number(request.CaseNumber),
                    person = Written.Name(request.Person),
                    phone = secrets.Protect(Written.Phone(request.Phone)),
                    licence = Written.Visible(request.Licence),
                    purpose = request.Purpose.Trim(),
                    wanted = request.Wanted.Trim(),
                    request.Paper.Sha256,
                    request.Paper.Size,
                    now,
                    until = now.AddYears(1),
                },
                cancellationToken
            );
            await outbox.AddAsync($"reading-ask:{id}", new ReadingAsked { PublicId = id, At = now }, cancellationToken);
            audit.Note("reading-ask", id, new { court = court.Code, request.Paper.Sha256 });
            return token;
        }

        // as the court writes it; what is no number stays as typed and fits no case
        // the sign at the end is often left out on a phone
        private static string Number(string typed) =>
            Law.CaseNumber.TryParse(typed, out var number) || Law.CaseNumber.TryParse(Written.Visible(typed) + "号", out number)
                ? number.Canonical
                : Written.Visible(typed);
    }
}

/// <summary>An application as its own page shows it: what the asker typed, how it stands, what the court answered.</summary>
internal sealed record ReadingAskCard
{
    public long Id { get; init; }
    public string TokenDigest { get; init; } = "";
    public string CourtName { get; init; } = "";
    public string CaseNumber { get; init; } = "";
    public string Person { get; init; } = "";
    public string Stage { get; init; } = "";
    public string Answer { get; init; } = "";
    public string Reference { get; init; } = "";
    public DateOnly? UntilOn { get; init; }
    public DateTimeOffset AskedAt { get; init; }
    public DateTimeOffset ExpiresAt { get; init; }
}

/// <summary>Finds an application by its link.</summary>
[Permit(PermitAttribute.Anyone)]
internal sealed record FindReadingAsk : IQuery<ReadingAskCard>
{
    public string Token { get; init; } = "";

    internal sealed class Handler(Db db, TimeProvider clock, AccessLog reads) : IQueryHandler<FindReadingAsk, ReadingAskCard>
    {
        public async Task<ReadingAskCard> Handle(FindReadingAsk request, CancellationToken cancellationToken)
        {
            var digest = Secrets.Digest(request.Token);
            var found =
                request.Token.Length == 32
                    ? await db.FirstAsync<ReadingAskCard>(
                        "SELECT id, token_digest, court_name, case_number, person, stage, answer, reference, until_on, asked_at, expires_at FROM "
                            + "cataloguing_public_reading_ask WHERE token_digest = @digest",
                        new { digest },
                        cancellationToken
                    )
                    : null;
            if (found is null || !Secrets.Same(found.TokenDigest, digest) || found.ExpiresAt < clock.GetUtcNow())
                throw new NotFound("阅卷申请");
            reads.Note("cataloguing.reading.status", "reading-ask", found.Id);
            // the last day is over without anybody's doing
            return found.Stage is AskStage.Ready or AskStage.Open && found.UntilOn < Times.Day(clock.GetUtcNow())
                ? found with
                {
                    Stage = AskStage.Ended,
                }
                : found;
        }
    }
}

/// <summary>The papers of the mandate that came with an application; in the access log.</summary>
[Permit("cataloguing.read")]
internal sealed record TakeMandate : IQuery<TakeMandate.Result>
{
    public long Id { get; init; }

    internal sealed record Result(string Name, string Blob);

    internal sealed class Handler(Db db, LendingBook book, AccessLog reads) : IQueryHandler<TakeMandate, Result>
    {
        public async Task<Result> Handle(TakeMandate request, CancellationToken cancellationToken)
        {
            var lending = await book.GetAsync(request.Id, cancellationToken);
            var paper =
                await db.FirstAsync<string>("SELECT paper FROM cataloguing_public_reading_ask WHERE lending_id = @Id", new { lending.Id }, cancellationToken)
                ?? throw new NotFound("委托手续", request.Id);
            reads.Note("cataloguing.reading.mandate", "lending", lending.Id, lending.CaseId);
            return new Result($"{lending.Reference}.pdf", paper);
        }
    }
}
