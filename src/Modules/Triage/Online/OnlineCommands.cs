using System.Globalization;
using System.Security.Cryptography;
using CourtOps.Contracts;
using CourtOps.Kernel.Audit;
using CourtOps.Kernel.Data;
using CourtOps.Kernel.Files;
using CourtOps.Kernel.Mail;
using CourtOps.Kernel.Messaging;
using CourtOps.Kernel.Security;
using CourtOps.Kernel.Settings;
using CourtOps.Kernel.Work;
using CourtOps.Triage.Filings;
using CourtOps.Triage.Settings;
using CourtOps.Workzone;
using FluentValidation;
using Microsoft.Extensions.Configuration;

namespace CourtOps.Triage.Online;

/// <summary>Whether and how a code reaches somebody, by setting: CourtOps:Sms:Url, CourtOps:Smtp:Host.</summary>
internal sealed class CodeWays(IConfiguration configuration, SmtpMail smtp)
{
    public bool Sms => configuration["CourtOps:Sms:Url"] is { Length: > 0 };

    public bool Mail => !string.IsNullOrEmpty(smtp.Host);

    /// <summary>sms or mail; null where no code can be sent to this filer.</summary>
    public string? For(Filer who) => Sms && who.Phone.Length > 0 ? "sms" : Mail && who.Email.Length > 0 ? "mail" : null;
}

/// <summary>Where the guided questions lead, with the papers a court asks for.</summary>
[Permit(PermitAttribute.Anyone)]
internal sealed record AskGuidance : IQuery<AskGuidance.Result>
{
    public string Court { get; init; } = "";
    public string Topic { get; init; } = "";
    public IReadOnlyList<string> Yes { get; init; } = [];
    public decimal? Amount { get; init; }

    /// <param name="Papers">Codes of <see cref="PaperKinds"/>.</param>
    internal sealed record Result(IReadOnlyList<CourtCard> Courts, Advice? Advice, IReadOnlyList<string> Papers);

    internal sealed class Handler(ICourts courts, ISettings settings) : IQueryHandler<AskGuidance, Result>
    {
        public async Task<Result> Handle(AskGuidance request, CancellationToken cancellationToken)
        {
            var all = (await courts.AllAsync(cancellationToken)).Where(c => c.Level is "basic" or "intermediate").ToList();
            if (Guidance.Topics.FirstOrDefault(t => t.Code == request.Topic) is not { } topic)
                return new Result(all, null, []);
            var court = all.Find(c => c.Code == request.Court || c.Name == request.Court);
            var advice = Guidance.Of(topic, request.Yes, request.Amount, court?.Code[..1]);
            var papers = TriageSettings.Papers.Decide(new PaperFacts { Kind = topic.Kind, Cause = topic.Cause }, settings.Current<TableBody>("triage.papers", court?.Id ?? 0)).Outcome.Papers;
            return new Result(all, advice, papers);
        }
    }
}

/// <summary>Begins a draft for whoever says who they are; the code comes by SMS or mail.</summary>
[Permit(PermitAttribute.Anyone)]
[Audited("triage.online.begin")]
internal sealed record BeginDraft : ICommand<BeginDraft.Result>
{
    public string Court { get; init; } = "";
    public string Topic { get; init; } = "";
    public string Name { get; init; } = "";
    public string IdNumber { get; init; } = "";
    public string Phone { get; init; } = "";
    public string Email { get; init; } = "";

    /// <summary>self or agent.</summary>
    public string Role { get; init; } = "self";
    public string Licence { get; init; } = "";
    public IReadOnlyList<string> Yes { get; init; } = [];
    public decimal? Amount { get; init; }

    internal sealed record Result(string Token, bool NeedsCode);

    internal sealed class Validator : AbstractValidator<BeginDraft>
    {
        public Validator()
        {
            RuleFor(c => c.Court).NotEmpty().WithMessage("请选择法院。");
            RuleFor(c => c.Topic).Must(t => Guidance.Topics.Any(x => x.Code == t)).WithMessage("请先选择您遇到的事情。");
            RuleFor(c => c.Name).Must(n => PartyReading.Fold(n).Length is > 0 and <= 60).WithMessage("请填写姓名，最长 60 个字。");
            RuleFor(c => c.IdNumber).Must(n => IdNumbers.IsIdCard(PartyReading.Sign(n))).WithMessage("身份证号码应为 18 位且校验相符，请核对。");
            RuleFor(c => c.Phone).Must(p => PartyReading.Phone(p).Length > 0 && PartyReading.IsPhone(p)).WithMessage("请填写能接到短信的手机号。");
            RuleFor(c => c.Email).Must(e => string.IsNullOrWhiteSpace(e) || PartyReading.IsEmail(PartyReading.Fold(e))).WithMessage("电子邮箱不合格式。");
            RuleFor(c => c.Role).Must(r => r is "self" or "agent").WithMessage("请选择是本人还是代理人。");
            RuleFor(c => c.Licence).MaximumLength(40).WithMessage("执业证号最长 40 个字符。");
        }
    }

    internal sealed class Handler(Db db, Ids ids, TimeProvider clock, ICourts courts, PublicFilings filings, Codes codes, CodeWays ways, AuditTrail audit) : ICommandHandler<BeginDraft, Result>
    {
        public async Task<Result> Handle(BeginDraft request, CancellationToken cancellationToken)
        {
            var court = await courts.FindAsync(PartyReading.Fold(request.Court), cancellationToken) ?? throw new RuleBroken("没有这个法院。", "Court");
            var topic = Guidance.Topics.First(t => t.Code == request.Topic);
            var advice = Guidance.Of(topic, request.Yes, request.Amount, court.Code[..1]);
            var now = clock.GetUtcNow();
            var who = new Filer { IdNumber = PartyReading.Sign(request.IdNumber), Phone = PartyReading.Phone(request.Phone), Email = PartyReading.Fold(request.Email), Licence = PartyReading.Fold(request.Licence) };
            var (claimant, other) = CaseKinds.UsualRoles(topic.Kind);
            var name = PartyReading.Fold(request.Name);
            var content = new DraftContent
            {
                Topic = topic.Code, Kind = topic.Kind, CaseType = topic.CaseType, Cause = topic.Cause, Ticks = advice.Facts.Ticks,
                Parties =
                [
                    request.Role == "self" ? new PartyIn { Name = name, Role = claimant, PartyType = "natural", IdNumber = who.IdNumber, Phone = who.Phone, Email = who.Email, EService = who.Email.Length > 0 ? "provided" : "" } : new PartyIn { Role = claimant },
                    new PartyIn { Role = other },
                ],
                Claims = [new ClaimIn { Type = request.Amount is > 0 ? "money" : "", Amount = request.Amount is > 0 and <= 9_999_999_999m && decimal.Round(request.Amount.Value, 2) == request.Amount ? request.Amount : null }],
            };
            var id = ids.Next();
            var token = Secrets.NewToken();
            var needsCode = ways.For(who) is not null;
            await db.ExecuteAsync(
                """
                INSERT INTO triage_public_filing (id, token_digest, court_id, court_name, name, role, who_enc, content_enc, stage, needs_code, code_sent, tries, locks, created_at, expires_at, filing_number, reason, complaint, case_number,
                    fee_code, version)
                VALUES (@id, @digest, @CourtId, @CourtName, @name, @Role, @who, @content, 'draft', @needsCode, 0, 0, 0, @now, @until, '', '', '', '', '', 1)
                """,
                new { id, digest = Secrets.Digest(token), CourtId = court.Id, CourtName = court.Name, name, request.Role, who = filings.Sealed(who), content = filings.Sealed(content), needsCode, now, until = now.AddDays(PublicFilings.DraftDays) }, cancellationToken);
            if (needsCode)
                await codes.SendAsync(id, 0, null, who, cancellationToken);
            audit.Note("public-filing", id, new { court = court.Code, topic = topic.Code, request.Role });
            return new Result(token, needsCode);
        }
    }
}

/// <summary>The codes that confirm a phone or a mailbox: six digits, fifteen minutes, three in a row.</summary>
internal sealed class Codes(Db db, Secrets secrets, TimeProvider clock, WorkQueue work, CodeWays ways)
{
    public async Task SendAsync(long publicId, int sent, DateTimeOffset? until, Filer who, CancellationToken ct)
    {
        var now = clock.GetUtcNow();
        if (sent >= 3 && until > now)
            throw new RuleBroken("验证码已发了三次，请过一会儿再试。", "Code");
        var way = ways.For(who) ?? throw new RuleBroken("本院现在发不出验证码，请到立案窗口办理。", "Code");
        var code = RandomNumberGenerator.GetInt32(1_000_000).ToString("000000", CultureInfo.InvariantCulture);
        await db.ExecuteAsync("UPDATE triage_public_filing SET code_keyed = @keyed, code_until = @ends, code_sent = @n WHERE id = @publicId",
            new { publicId, keyed = secrets.Keyed("filer-code", code), ends = now.AddMinutes(15), n = until > now ? sent + 1 : 1 }, ct);
        await work.AddAsync(SendFilerCode.Name, Guid.NewGuid().ToString("n"), new SendFilerCode.Payload { To = secrets.Protect(way == "sms" ? who.Phone : who.Email)!, Way = way, Code = secrets.Protect(code)! }, ct: ct);
    }
}

/// <summary>A code by SMS or mail. Sending it twice harms nobody.</summary>
internal sealed class SendFilerCode(Secrets secrets, SmtpMail smtp, IHttpClientFactory http, IConfiguration configuration) : IWorkHandler
{
    public const string Name = "triage.code";

    public string Queue => Name;

    public bool Repeatable => true;

    public int MaxAttempts => 5;

    public TimeSpan Lease => TimeSpan.FromMinutes(2);

    /// <summary>Who got no code asks for another.</summary>
    public bool IsForgettable => true;

    public async Task<WorkOutcome> ActAsync(WorkItem item, CancellationToken ct)
    {
        var payload = item.Read<Payload>();
        var (to, code) = (secrets.Reveal(payload.To)!, secrets.Reveal(payload.Code)!);
        var text = $"网上立案验证码：{code}，15 分钟内有效。不是您本人操作的，请不要理会。";
        if (payload.Way == "sms")
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, configuration["CourtOps:Sms:Url"]) { Content = System.Net.Http.Json.JsonContent.Create(new { to, text }) };
            request.Headers.Add("Idempotency-Key", item.WorkKey);
            request.Headers.Add("X-Api-Key", configuration["CourtOps:Sms:Key"] ?? "");
            using var answer = await http.CreateClient().SendAsync(request, ct);
            return answer.IsSuccessStatusCode ? WorkOutcome.Done() : WorkOutcome.Retry($"短信网关答复 {(int)answer.StatusCode}");
        }
        var outcome = await smtp.SendAsync("人民法院网上立案", to, "网上立案验证码", text, $"<p>{text}</p>", $"<{item.Id}@courtops.invalid>", ct);
        return outcome.End switch
        {
            WorkEnd.Doubt => WorkOutcome.Done(),
            WorkEnd.Wait => outcome with { End = WorkEnd.Retry }, // a code does not keep
            _ => outcome,
        };
    }

    public Task RecordAsync(WorkItem item, WorkOutcome outcome, CancellationToken ct) => Task.CompletedTask;

    internal sealed record Payload
    {
        public string To { get; init; } = "";

        /// <summary>sms or mail.</summary>
        public string Way { get; init; } = "";
        public string Code { get; init; } = "";
    }
}

/// <summary>A filing as its own page shows it.</summary>
[Permit(PermitAttribute.Anyone)]
internal sealed record FindDraft : IQuery<FindDraft.Result>
{
    public string Token { get; init; } = "";

    /// <summary>Whether the browser has identified itself: without it nothing of the content is read.</summary>
    public bool Known { get; init; }

    internal sealed record Result(PublicFiling Filing, DraftContent? Content, IReadOnlyList<PublicPaper> Papers, IReadOnlyList<PublicMessage> Messages, IReadOnlyList<string> Needed)
    {
        public IReadOnlyList<string> Missing => [.. Needed.Except(Papers.Select(p => p.Kind))];
    }

    internal sealed class Handler(PublicFilings filings, ISettings settings, Kernel.Access.AccessLog reads) : IQueryHandler<FindDraft, Result>
    {
        public async Task<Result> Handle(FindDraft request, CancellationToken cancellationToken)
        {
            var filing = await filings.FindAsync(request.Token, cancellationToken);
            reads.Note("triage.online.view", "public-filing", filing.Id);
            if (!request.Known)
                return new Result(filing, null, [], [], []);
            var content = filings.ContentOf(filing);
            var needed = TriageSettings.Papers.Decide(new PaperFacts { Kind = content.Kind, Cause = content.Cause, Agent = filing.Role == "agent" }, settings.Current<TableBody>("triage.papers", filing.CourtId)).Outcome.Papers;
            return new Result(filing, content, await filings.PapersAsync(filing.Id, cancellationToken), await filings.MessagesAsync(filing.Id, cancellationToken), filing.Role == "agent" ? [.. needed.Append("authority").Distinct()] : needed);
        }
    }
}

/// <summary>The code is typed. Five wrong ones lock, each lock twice as long as the last.</summary>
[Permit(PermitAttribute.Anyone)]
[Audited("triage.online.identify")]
internal sealed record IdentifyFiler : ICommand<IdentifyFiler.Result>
{
    public string Token { get; init; } = "";
    public string Code { get; init; } = "";

    internal sealed record Result(bool Done, DateTimeOffset? LockedUntil, int Left);

    internal sealed class Handler(Db db, PublicFilings filings, Secrets secrets, TimeProvider clock, AuditTrail audit) : ICommandHandler<IdentifyFiler, Result>
    {
        public async Task<Result> Handle(IdentifyFiler request, CancellationToken cancellationToken)
        {
            var filing = await filings.FindAsync(request.Token, cancellationToken);
            var now = clock.StoredNow();
            if (filing.LockedUntil > now)
                return new Result(false, filing.LockedUntil, 0);
            // where the court sends no codes, whoever has the link still shows that the id number is known
            var typed = PartyReading.Sign(request.Code);
            if (filing.NeedsCode ? filing.CodeUntil > now && secrets.SameKeyed(filing.CodeKeyed, "filer-code", typed) : Secrets.Same(Secrets.Tail(filings.FilerOf(filing).IdNumber), typed))
            {
                await db.ExecuteAsync("UPDATE triage_public_filing SET tries = 0, locks = 0, locked_until = NULL, code_keyed = NULL, verified_at = CASE WHEN needs_code = 1 THEN COALESCE(verified_at, @now) ELSE verified_at END WHERE id = @Id", new { filing.Id, now }, cancellationToken);
                audit.Note("public-filing", filing.Id, new { result = "identified" });
                return new Result(true, null, 0);
            }
            // counted in the row itself: guesses at the same time each count
            await db.ExecuteAsync("UPDATE triage_public_filing SET tries = tries + 1 WHERE id = @Id", new { filing.Id }, cancellationToken);
            var tries = await db.ScalarAsync<int>("SELECT tries FROM triage_public_filing WHERE id = @Id", new { filing.Id }, cancellationToken);
            DateTimeOffset? until = tries >= PublicFilings.TriesBeforeLock ? now + PublicFilings.LockTime(filing.Locks) : null;
            if (until is not null)
                await db.ExecuteAsync("UPDATE triage_public_filing SET tries = 0, locks = locks + 1, locked_until = @until WHERE id = @Id", new { filing.Id, until }, cancellationToken);
            audit.Note("public-filing", filing.Id, new { result = until is null ? "wrong-code" : "locked" }, refused: true);
            return new Result(false, until, PublicFilings.TriesBeforeLock - tries);
        }
    }
}

/// <summary>Another code.</summary>
[Permit(PermitAttribute.Anyone)]
[Audited("triage.online.code")]
internal sealed record AskFilerCode : ICommand
{
    public string Token { get; init; } = "";

    internal sealed class Handler(PublicFilings filings, Codes codes, AuditTrail audit) : CommandHandler<AskFilerCode>
    {
        protected override async Task RunAsync(AskFilerCode command, CancellationToken ct)
        {
            var filing = await filings.FindAsync(command.Token, ct);
            if (!filing.NeedsCode)
                return;
            await codes.SendAsync(filing.Id, filing.CodeSent, filing.CodeUntil, filings.FilerOf(filing), ct);
            audit.Note("public-filing", filing.Id, new { code = "sent" });
        }
    }
}

/// <summary>Keeps what has been typed, whatever is missing or wrong in it.</summary>
[Permit(PermitAttribute.Anyone)]
[Audited("triage.online.save")]
internal sealed record SaveDraft : ICommand
{
    public string Token { get; init; } = "";
    public string Cause { get; init; } = "";
    public IReadOnlyList<PartyIn> Parties { get; init; } = [];
    public IReadOnlyList<ClaimIn> Claims { get; init; } = [];
    public string Words { get; init; } = "";
    public string Origin { get; init; } = "";

    internal sealed class Validator : AbstractValidator<SaveDraft>
    {
        public Validator()
        {
            RuleFor(c => c.Cause).MaximumLength(120).WithMessage("案由最长 120 个字符。");
            RuleFor(c => c.Words).MaximumLength(8000).WithMessage("事实与理由最长 8000 个字符。");
            RuleFor(c => c.Origin).MaximumLength(80).WithMessage("原案案号或者生效法律文书最长 80 个字符。");
            RuleFor(c => c.Parties).Must(p => p.Count <= 50 && p.All(x => x is not null && (x.Name ?? "").Length <= 200 && (x.IdNumber ?? "").Length <= 60 && (x.Phone ?? "").Length <= 40 && (x.Email ?? "").Length <= 200)).WithMessage("当事人最多 50 名，每项不要超过框里允许的长度。");
            RuleFor(c => c.Claims).Must(c => c.Count <= 50 && c.All(x => x is not null && (x.Words ?? "").Length <= 500)).WithMessage("诉讼请求最多 50 项，每项最长 500 个字符。");
        }
    }

    internal sealed class Handler(Db db, PublicFilings filings, AuditTrail audit) : CommandHandler<SaveDraft>
    {
        protected override async Task RunAsync(SaveDraft command, CancellationToken ct)
        {
            var filing = await filings.OpenAsync(command.Token, ["draft"], ct);
            var content = filings.ContentOf(filing) with
            {
                Cause = PartyReading.Fold(command.Cause), Parties = [.. command.Parties.Where(p => !p.IsBlank || !string.IsNullOrEmpty(p.Role)).Select(p => p with { Agents = null })], Claims = Proposal.Kept(command.Claims), Words = command.Words.Trim(),
                Origin = PartyReading.Fold(command.Origin),
            };
            // handed in or saved elsewhere at the same moment: what was checked is what is filed
            if (await db.ExecuteAsync("UPDATE triage_public_filing SET content_enc = @content, version = version + 1 WHERE id = @Id AND version = @Version", new { filing.Id, filing.Version, content = filings.Sealed(content) }, ct) == 0)
                throw new Conflict("这份申请刚在别处改过，请刷新后再提交。");
            audit.Note("public-filing", filing.Id);
        }
    }
}

/// <summary>A paper with the draft, or with what was missing.</summary>
[Permit(PermitAttribute.Anyone)]
[Audited("triage.online.paper")]
internal sealed record AddDraftPaper : ICommand
{
    public string Token { get; init; } = "";
    public string Kind { get; init; } = "";
    public string Title { get; init; } = "";
    public Blob Blob { get; init; } = new("", 0);
    public int? Pages { get; init; }

    internal sealed class Validator : AbstractValidator<AddDraftPaper>
    {
        public Validator()
        {
            RuleFor(c => c.Kind).Must(PaperKinds.Labels.ContainsKey).WithMessage("请选择材料种类。");
            RuleFor(c => c.Title).MaximumLength(200).WithMessage("材料名称最长 200 个字符。");
        }
    }

    internal sealed class Handler(Db db, Ids ids, TimeProvider clock, PublicFilings filings, BlobStore blobs, AuditTrail audit) : CommandHandler<AddDraftPaper>
    {
        private const int Most = 60;

        protected override async Task RunAsync(AddDraftPaper command, CancellationToken ct)
        {
            var filing = await filings.OpenAsync(command.Token, ["draft", FilingState.Returned], ct);
            var there = await filings.PapersAsync(filing.Id, ct);
            if (there.Any(p => p.Blob == command.Blob.Sha256 && p.Kind == command.Kind))
                throw new RuleBroken("这份材料已经传过，内容完全相同。", "File", "same-content");
            if (there.Count >= Most)
                throw new RuleBroken($"最多 {Most} 份材料，请合并后上传。", "File");
            await blobs.KeepAsync(command.Blob, ct);
            await db.ExecuteAsync("INSERT INTO triage_public_paper (id, public_id, kind, title, blob, size, pages, added_at, taken) VALUES (@id, @publicId, @Kind, @title, @Sha256, @Size, @Pages, @now, 0)",
                new { id = ids.Next(), publicId = filing.Id, command.Kind, title = PartyReading.Fold(command.Title) is { Length: > 0 } t ? t : PaperKinds.Labels[command.Kind], command.Blob.Sha256, command.Blob.Size, command.Pages, now = clock.GetUtcNow() }, ct);
            audit.Note("public-filing", filing.Id, new { command.Kind, command.Blob.Sha256 });
        }
    }
}

/// <summary>A paper that was wrong is taken out of the draft again.</summary>
[Permit(PermitAttribute.Anyone)]
[Audited("triage.online.remove")]
internal sealed record RemoveDraftPaper : ICommand
{
    public string Token { get; init; } = "";
    public long PaperId { get; init; }

    internal sealed class Handler(Db db, PublicFilings filings, AuditTrail audit) : CommandHandler<RemoveDraftPaper>
    {
        protected override async Task RunAsync(RemoveDraftPaper command, CancellationToken ct)
        {
            var filing = await filings.OpenAsync(command.Token, ["draft", FilingState.Returned], ct);
            if (await db.ExecuteAsync("DELETE FROM triage_public_paper WHERE id = @PaperId AND public_id = @Id AND taken = 0", new { command.PaperId, filing.Id }, ct) == 0)
                throw new NotFound("材料", command.PaperId);
            audit.Note("public-filing", filing.Id);
        }
    }
}

/// <summary>Hands it in: what a counter would refuse is refused here, field by field. What is complete needs no paper (在线诉讼规则 9).</summary>
[Permit(PermitAttribute.Anyone)]
[Audited("triage.online.submit")]
internal sealed record SubmitDraft : ICommand
{
    public string Token { get; init; } = "";

    /// <summary>That everything is true.</summary>
    public bool Vouched { get; init; }

    internal sealed class Handler(Db db, Ids ids, PublicFilings filings, Origins origins, TimeProvider clock, Outbox outbox, AuditTrail audit) : CommandHandler<SubmitDraft>
    {
        protected override async Task RunAsync(SubmitDraft command, CancellationToken ct)
        {
            var filing = await filings.OpenAsync(command.Token, ["draft"], ct);
            if (!command.Vouched)
                throw new RuleBroken("请确认所填内容和材料真实。", "Vouched");
            var taking = filings.AsFiling(filing);
            var checkedBy = await new TakeFiling.Validator().ValidateAsync(taking, ct);
            if (!checkedBy.IsValid)
                throw new ValidationException(checkedBy.Errors);
            if (PartyReading.Read(taking.Parties).Parties.All(p => CaseKinds.Claimants.Contains(p.Role)) && taking.Kind is not "other")
                throw new RuleBroken("请填写对方当事人的姓名或名称。", "Parties[1].Name");
            var now = clock.StoredNow();
            await origins.FindAsync(taking.Origin, taking.CaseType, Kernel.Web.Times.Day(now), ct);
            if (filings.ContentOf(filing).Words.Length == 0 && (await filings.PapersAsync(filing.Id, ct)).All(p => p.Kind != "complaint"))
                throw new RuleBroken("请写明事实与理由，或者上传起诉状（申请书）。", "Words");
            if (await db.ExecuteAsync("UPDATE triage_public_filing SET stage = 'submitted', submitted_at = @now, expires_at = @until, version = version + 1 WHERE id = @Id AND version = @Version", new { filing.Id, filing.Version, now, until = now.AddYears(2) }, ct) == 0)
                throw new Conflict("这份申请刚在别处改过，请刷新后再提交。");
            await db.ExecuteAsync("INSERT INTO triage_public_message (id, public_id, event, words, at) VALUES (@id, @publicId, 'submitted', '', @now)", new { id = ids.Next(), publicId = filing.Id, now }, ct);
            await outbox.AddAsync($"filing:{filing.Id}", new FilingHandedIn { PublicId = filing.Id, CourtId = filing.CourtId, Act = "submitted", At = now }, ct);
            audit.Note("public-filing", filing.Id, new { court = filing.CourtId });
        }
    }
}

/// <summary>What was missing is handed in, or the filing is taken back.</summary>
[Permit(PermitAttribute.Anyone)]
[Audited("triage.online.answer")]
internal sealed record AnswerFiling : ICommand
{
    public string Token { get; init; } = "";

    /// <summary>corrected or withdrawn.</summary>
    public string Act { get; init; } = "corrected";

    internal sealed class Handler(Db db, PublicFilings filings, TimeProvider clock, Outbox outbox, AuditTrail audit) : CommandHandler<AnswerFiling>
    {
        protected override async Task RunAsync(AnswerFiling command, CancellationToken ct)
        {
            var withdraws = command.Act == "withdrawn";
            var filing = await filings.OpenAsync(command.Token, withdraws ? ["draft", FilingState.Received, FilingState.Returned] : [FilingState.Returned], ct);
            var now = clock.StoredNow();
            audit.Note("public-filing", filing.Id, new { act = withdraws ? "withdrawn" : "corrected" });
            if (filing.State == "draft")
            {
                await db.ExecuteAsync("UPDATE triage_public_filing SET stage = 'withdrawn', expires_at = @now, version = version + 1 WHERE id = @Id", new { filing.Id, now }, ct);
                return;
            }
            if (!withdraws && (await filings.PapersAsync(filing.Id, ct)).All(p => p.Taken))
                throw new RuleBroken("还没有上传补正的材料。", "File");
            await outbox.AddAsync($"filing:{filing.Id}", new FilingHandedIn { PublicId = filing.Id, CourtId = filing.CourtId, Act = withdraws ? "withdrawn" : "corrected", At = now }, ct);
        }
    }
}
