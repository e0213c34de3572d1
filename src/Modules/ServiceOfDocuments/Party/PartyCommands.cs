using System.Globalization;
using System.Security.Cryptography;
using System.Text.Json;
using CourtOps.Contracts;
using CourtOps.Kernel.Audit;
using CourtOps.Kernel.Data;
using CourtOps.Kernel.Messaging;
using CourtOps.Kernel.Security;
using CourtOps.Kernel.Work;
using CourtOps.ServiceOfDocuments.Sending;
using CourtOps.ServiceOfDocuments.Tasks;
using MediatR;

namespace CourtOps.ServiceOfDocuments.Party;

/// <summary>The released projection of a notice: all that the party pages ever read.</summary>
internal sealed record PublicNotice
{
    public string TokenDigest { get; init; } = "";
    public long NoticeId { get; init; }
    public string CourtName { get; init; } = "";
    public string CaseNumber { get; init; } = "";
    public string Cause { get; init; } = "";
    public string Recipient { get; init; } = "";
    public string Language { get; init; } = "zh";
    public string TailKeyed { get; init; } = "";
    public bool NeedsCode { get; init; }
    public string Documents { get; init; } = "[]";
    public DateTimeOffset ReleasedAt { get; init; }
    public DateTimeOffset ExpiresAt { get; init; }
    public DateTimeOffset? WithdrawnAt { get; init; }

    /// <summary>Wrong tails so far, from every browser.</summary>
    public int Wrong { get; init; }

    /// <summary>Since when no paper is shown: somebody said that it is not for them.</summary>
    public DateTimeOffset? HeldAt { get; init; }
    public DateTimeOffset? EndedAt { get; init; }
    public string? CodeKeyed { get; init; }
    public DateTimeOffset? CodeUntil { get; init; }
    public int CodeSent { get; init; }
    public DateTimeOffset? OpenedAt { get; init; }
    public DateTimeOffset? ConfirmedAt { get; init; }
    public DateTimeOffset? DisputedAt { get; init; }
    public DateOnly? ServedOn { get; init; }
    public string? ServedBasis { get; init; }
    public string? Periods { get; init; }
    public string? ProofBlob { get; init; }

    public IReadOnlyList<ReleasedDocument> Papers => JsonSerializer.Deserialize<List<ReleasedDocument>>(Documents, Json.Stored)!;

    public IReadOnlyList<PublicPeriod> PeriodList => Periods is null ? [] : JsonSerializer.Deserialize<List<PublicPeriod>>(Periods, Json.Stored)!;

    /// <summary>"张*甲": enough to know oneself, no more before the code.</summary>
    public string MaskedName
    {
        get
        {
            var parts = StringInfo.ParseCombiningCharacters(Recipient);
            string At(int i) => Recipient[parts[i]..(i + 1 < parts.Length ? parts[i + 1] : Recipient.Length)];
            return parts.Length switch { 0 => "", 1 => At(0), 2 => At(0) + "*", _ => At(0) + new string('*', Math.Min(4, parts.Length - 2)) + At(parts.Length - 1) };
        }
    }
}

/// <summary>Finds a released notice by its link. Unknown, expired and withdrawn say the same.</summary>
[Permit(PermitAttribute.Anyone)]
internal sealed record FindReleased : IQuery<FindReleased.Result>
{
    public string Token { get; init; } = "";

    internal sealed record Result(PublicNotice Notice, IReadOnlyList<int> Read)
    {
        /// <summary>What party and court wrote, oldest first.</summary>
        public IReadOnlyList<Message> Messages { get; init; } = [];
    }

    internal sealed record Message(bool FromParty, string Text, DateTimeOffset At);

    internal sealed class Handler(Db db, TimeProvider clock, Secrets secrets, Kernel.Access.AccessLog reads) : IQueryHandler<FindReleased, Result>
    {
        public async Task<Result> Handle(FindReleased request, CancellationToken cancellationToken)
        {
            var notice = await PublicNotices.FindAsync(db, request.Token, clock, cancellationToken) ?? throw new NotFound("文书");
            var read = await db.QueryAsync<int>("SELECT DISTINCT document_n FROM service_public_act WHERE notice_id = @NoticeId AND kind = 'read' AND document_n IS NOT NULL", new { notice.NoticeId }, cancellationToken);
            reads.Note("service.party.view", "notice", notice.NoticeId);
            var said = await db.QueryAsync<MessageRow>("SELECT from_party, text_enc, by_name, at FROM service_public_message WHERE notice_id = @NoticeId ORDER BY id", new { notice.NoticeId }, cancellationToken);
            return new Result(notice, read) { Messages = [.. said.Select(m => new Message(m.FromParty, secrets.Reveal(m.TextEnc)!, m.At))] };
        }
    }
}

/// <summary>Whether this link has ended after too many wrong tries.</summary>
[Permit(PermitAttribute.Anyone)]
internal sealed record IsEnded : IQuery<bool>
{
    public string Token { get; init; } = "";

    internal sealed class Handler(Db db, TimeProvider clock) : IQueryHandler<IsEnded, bool>
    {
        public async Task<bool> Handle(IsEnded request, CancellationToken cancellationToken) => await PublicNotices.FindAsync(db, request.Token, clock, cancellationToken, ended: true) is not null;
    }
}

internal static class PublicNotices
{
    /// <param name="ended">Only a link that ended after too many wrong tries; otherwise only one that did not.</param>
    public static async Task<PublicNotice?> FindAsync(Db db, string token, TimeProvider clock, CancellationToken ct, bool ended = false)
    {
        if (token.Length != 32 || !token.All(char.IsAsciiHexDigitLower))
            return null;
        var digest = Secrets.Digest(token);
        var notice = await db.FirstAsync<PublicNotice>(
            """
            SELECT token_digest, notice_id, court_name, case_number, cause, recipient, language, tail_keyed, needs_code, documents, released_at, expires_at, withdrawn_at, wrong, held_at, ended_at, code_keyed, code_until, code_sent,
                   opened_at, confirmed_at, disputed_at, served_on, served_basis, periods, proof_blob
            FROM service_public_notice WHERE token_digest = @digest
            """, new { digest }, ct);
        return notice is not null && Secrets.Same(notice.TokenDigest, digest) && notice.WithdrawnAt is null && (notice.EndedAt is not null) == ended && notice.ExpiresAt > clock.GetUtcNow() ? notice : null;
    }

    /// <summary>Writes an act of the party and tells the inner side.</summary>
    public static async Task ActAsync(Db db, Ids ids, Outbox outbox, Actor actor, PublicNotice notice, string act, int? documentN, DateTimeOffset at, CancellationToken ct)
    {
        await db.ExecuteAsync("INSERT INTO service_public_act (id, notice_id, kind, document_n, at, address) VALUES (@id, @NoticeId, @act, @documentN, @at, @Address)", new { id = ids.Next(), notice.NoticeId, act, documentN, at, actor.Address }, ct);
        await outbox.AddAsync(string.Create(CultureInfo.InvariantCulture, $"notice:{notice.NoticeId}"), new PartyActed { NoticeId = notice.NoticeId, Act = act, DocumentN = documentN, At = at }, ct);
    }
}

public enum IdentifyEnd
{
    Done,
    Wrong,
    Locked,

    /// <summary>What was typed cannot be a tail or a code: no try.</summary>
    NotATail,

    /// <summary>The person said that it is somebody else; the court is looking into it.</summary>
    Held,
}

/// <summary>
/// The party types the last four of the id number, and the second code where one is asked for. Five wrong tries lock this browser, longer each time; the
/// link itself counts them all, tells a person and ends. What cannot be a tail is no try.
/// </summary>
[Permit(PermitAttribute.Anyone)]
[Audited("service.party.identify")]
internal sealed record Identify : ICommand<Identify.Result>
{
    public string Token { get; init; } = "";
    public string Tail { get; init; } = "";
    public string Code { get; init; } = "";

    /// <summary>What tells this browser from others; empty where it keeps nothing.</summary>
    public string Browser { get; init; } = "";

    internal sealed record Result(IdentifyEnd End, long NoticeId, DateTimeOffset? LockedUntil, int Left);

    internal sealed class Handler(Db db, Ids ids, Outbox outbox, Secrets secrets, Actor actor, TimeProvider clock, AuditTrail audit) : ICommandHandler<Identify, Result>
    {
        public async Task<Result> Handle(Identify request, CancellationToken cancellationToken)
        {
            var found = await PublicNotices.FindAsync(db, request.Token, clock, cancellationToken) ?? throw new NotFound("文书");
            // one guess at a time for each link, on either engine: whoever guesses in parallel is counted each time
            await db.ExecuteAsync("UPDATE service_public_notice SET wrong = wrong + 0 WHERE token_digest = @TokenDigest", new { found.TokenDigest }, cancellationToken);
            var notice = await PublicNotices.FindAsync(db, request.Token, clock, cancellationToken) ?? throw new NotFound("文书");
            var now = clock.StoredNow();
            if (notice.HeldAt is not null)
                return new Result(IdentifyEnd.Held, 0, null, 0);
            var browser = Secrets.Digest(request.Browser.Length > 0 ? request.Browser : "address:" + actor.Address);
            var key = new { notice.TokenDigest, browser };
            var tried = await db.FirstAsync<Tried>("SELECT tries, locks, locked_until FROM service_public_try WHERE token_digest = @TokenDigest AND browser = @browser", key, cancellationToken) ?? new Tried();
            if (tried.LockedUntil > now)
                return new Result(IdentifyEnd.Locked, 0, tried.LockedUntil, 0);
            var typed = TailRules.Fold(request.Tail);
            var typedCode = request.Code.Trim().Normalize(System.Text.NormalizationForm.FormKC);
            if ((notice.TailKeyed.Length > 0 && typed is null) || (notice.NeedsCode && (typedCode.Length != 6 || !typedCode.All(char.IsAsciiDigit))))
                return new Result(IdentifyEnd.NotATail, 0, null, TailRules.BeforeLock - tried.Tries);
            var tail = notice.TailKeyed.Length == 0 || secrets.SameKeyed(notice.TailKeyed, "party-tail", typed!);
            var code = !notice.NeedsCode || (notice.CodeUntil > now && secrets.SameKeyed(notice.CodeKeyed, "party-code", typedCode));
            if (!(tail & code))
                return await WrongAsync(notice, tried, browser, now, cancellationToken);
            await db.ExecuteAsync("DELETE FROM service_public_try WHERE token_digest = @TokenDigest AND browser = @browser", key, cancellationToken);
            await db.ExecuteAsync("UPDATE service_public_notice SET code_keyed = NULL, opened_at = COALESCE(opened_at, @now) WHERE token_digest = @TokenDigest", new { notice.TokenDigest, now }, cancellationToken);
            if (notice.OpenedAt is null)
                await PublicNotices.ActAsync(db, ids, outbox, actor, notice, "opened", null, now, cancellationToken);
            audit.Note("notice", notice.NoticeId, new { result = "identified" });
            return new Result(IdentifyEnd.Done, notice.NoticeId, null, 0);
        }

        private async Task<Result> WrongAsync(PublicNotice notice, Tried tried, string browser, DateTimeOffset now, CancellationToken ct)
        {
            var tries = tried.Tries + 1;
            var locked = tries >= TailRules.BeforeLock;
            var locks = tried.Locks + (locked ? 1 : 0);
            DateTimeOffset? until = locked ? now + TailRules.Wait(locks) : null;
            var row = new { notice.TokenDigest, browser, tries = locked ? 0 : tries, locks, until };
            if (await db.ExecuteAsync("UPDATE service_public_try SET tries = @tries, locks = @locks, locked_until = @until WHERE token_digest = @TokenDigest AND browser = @browser", row, ct) == 0)
                await db.ExecuteAsync("INSERT INTO service_public_try (token_digest, browser, tries, locks, locked_until) VALUES (@TokenDigest, @browser, @tries, @locks, @until)", row, ct);
            var wrong = notice.Wrong + 1;
            var ended = wrong >= TailRules.BeforeEnd;
            await db.ExecuteAsync("UPDATE service_public_notice SET wrong = wrong + 1, ended_at = @ended WHERE token_digest = @TokenDigest", new { notice.TokenDigest, ended = ended ? now : (DateTimeOffset?)null }, ct);
            if (wrong == TailRules.BeforeAlarm || ended)
                await PublicNotices.ActAsync(db, ids, outbox, actor, notice, ended ? "link-ended" : "guessing", null, now, ct);
            audit.Note("notice", notice.NoticeId, new { result = ended ? "ended" : locked ? "locked" : "wrong-code", wrong }, refused: true);
            return new Result(locked ? IdentifyEnd.Locked : IdentifyEnd.Wrong, 0, until, TailRules.BeforeLock - tries);
        }

        private sealed record Tried
        {
            public int Tries { get; init; }
            public int Locks { get; init; }
            public DateTimeOffset? LockedUntil { get; init; }
        }
    }
}

/// <summary>The link has ended after too many wrong tries: the party asks the court for another.</summary>
[Permit(PermitAttribute.Anyone)]
[Audited("service.party.new-link")]
internal sealed record AskNewLink : ICommand
{
    public string Token { get; init; } = "";

    internal sealed class Handler(Db db, Ids ids, Outbox outbox, Actor actor, TimeProvider clock, AuditTrail audit) : CommandHandler<AskNewLink>
    {
        protected override async Task RunAsync(AskNewLink command, CancellationToken ct)
        {
            var notice = await PublicNotices.FindAsync(db, command.Token, clock, ct, ended: true) ?? throw new NotFound("文书");
            if (await db.ScalarAsync<int>("SELECT COUNT(*) FROM service_public_act WHERE notice_id = @NoticeId AND kind = 'new-link' AND at >= @EndedAt", new { notice.NoticeId, notice.EndedAt }, ct) == 0)
                await PublicNotices.ActAsync(db, ids, outbox, actor, notice, "new-link", null, clock.StoredNow(), ct);
            audit.Note("notice", notice.NoticeId, new { act = "new-link" });
        }
    }
}

/// <summary>Sends the second code; three times at most in a row.</summary>
[Permit(PermitAttribute.Anyone)]
[Audited("service.party.code")]
internal sealed record SendCode : ICommand
{
    public string Token { get; init; } = "";

    internal sealed class Handler(Db db, Secrets secrets, TimeProvider clock, WorkQueue work, AuditTrail audit) : CommandHandler<SendCode>
    {
        protected override async Task RunAsync(SendCode command, CancellationToken ct)
        {
            var notice = await PublicNotices.FindAsync(db, command.Token, clock, ct) ?? throw new NotFound("文书");
            if (!notice.NeedsCode)
                return;
            var now = clock.GetUtcNow();
            if (notice.CodeSent >= 3 && notice.CodeUntil > now)
                throw new RuleBroken("验证码已发了三次，请过一会儿再试。", "Code");
            var code = RandomNumberGenerator.GetInt32(1_000_000).ToString("000000", CultureInfo.InvariantCulture);
            var sent = notice.CodeUntil > now ? notice.CodeSent + 1 : 1;
            await db.ExecuteAsync("UPDATE service_public_notice SET code_keyed = @keyed, code_until = @until, code_sent = @sent WHERE token_digest = @TokenDigest",
                new { notice.TokenDigest, keyed = secrets.Keyed("party-code", code), until = now.AddMinutes(15), sent }, ct);
            await work.AddAsync(SendCodeWork.Name, Guid.NewGuid().ToString("n"), new SendCodeWork.Payload { NoticeId = notice.NoticeId, Code = secrets.Protect(code)! }, ct: ct);
            audit.Note("notice", notice.NoticeId, new { code = "sent" });
        }
    }
}

/// <summary>The code by mail or SMS. Sending it twice harms nobody.</summary>
internal sealed class SendCodeWork(Notices notices, Secrets secrets, MailServer server, IHttpClientFactory http, Microsoft.Extensions.Configuration.IConfiguration configuration) : IWorkHandler
{
    public const string Name = "service.code";

    public string Queue => Name;

    public bool Repeatable => true;

    public int MaxAttempts => 5;

    public TimeSpan Lease => TimeSpan.FromMinutes(2);

    /// <summary>Who got no code asks for another.</summary>
    public bool IsForgettable => true;

    public async Task<WorkOutcome> ActAsync(WorkItem item, CancellationToken ct)
    {
        var payload = item.Read<Payload>();
        var notice = await notices.GetAsync(payload.NoticeId, ct);
        var code = secrets.Reveal(payload.Code)!;
        var text = notice.Language == "ko" ? $"확인번호: {code} (15분간 유효)" : $"验证码：{code}，15 分钟内有效。";
        if (!server.Reaches(notice))
            return WorkOutcome.Failed("受送达人没有可收验证码的地址"); // the court has changed its channel meanwhile
        if (server.SecondCode == "sms")
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, configuration["CourtOps:Sms:Url"]) { Content = System.Net.Http.Json.JsonContent.Create(new { to = secrets.Reveal(notice.PhoneEnc), text }) };
            request.Headers.Add("Idempotency-Key", item.WorkKey);
            request.Headers.Add("X-Api-Key", configuration["CourtOps:Sms:Key"] ?? "");
            using var answer = await http.CreateClient().SendAsync(request, ct);
            return answer.IsSuccessStatusCode ? WorkOutcome.Done() : WorkOutcome.Retry($"短信网关答复 {(int)answer.StatusCode}");
        }
        var outcome = await server.SendAsync(secrets.Reveal(notice.EmailEnc)!, notice.Language == "ko" ? "확인번호" : "验证码", text, $"<p>{text}</p>", $"{item.Id}", ct);
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
        public long NoticeId { get; init; }
        public string Code { get; init; } = "";
    }
}

/// <summary>The identified party opens a document: the time of reading.</summary>
[Permit(PermitAttribute.Anyone)]
[Audited("service.party.read")]
internal sealed record ReadPaper : ICommand<ReleasedDocument>
{
    public string Token { get; init; } = "";
    public int N { get; init; }

    internal sealed class Handler(Db db, Ids ids, Outbox outbox, Actor actor, TimeProvider clock, AuditTrail audit) : ICommandHandler<ReadPaper, ReleasedDocument>
    {
        public async Task<ReleasedDocument> Handle(ReadPaper request, CancellationToken cancellationToken)
        {
            var notice = await PublicNotices.FindAsync(db, request.Token, clock, cancellationToken) ?? throw new NotFound("文书");
            if (notice.HeldAt is not null)
                throw new RuleBroken("您已说明不是本人或发错了，法院核实之前不再显示文书。");
            var paper = notice.Papers.FirstOrDefault(p => p.N == request.N) ?? throw new NotFound("文书");
            audit.Note("notice", notice.NoticeId, new { document = request.N });
            if (await db.ScalarAsync<int>("SELECT COUNT(*) FROM service_public_act WHERE notice_id = @NoticeId AND kind = 'read' AND document_n = @N", new { notice.NoticeId, request.N }, cancellationToken) == 0)
                await PublicNotices.ActAsync(db, ids, outbox, actor, notice, "read", request.N, clock.StoredNow(), cancellationToken);
            return paper;
        }
    }
}

/// <summary>The identified party confirms, or says that it is somebody else.</summary>
[Permit(PermitAttribute.Anyone)]
[Audited("service.party.confirm")]
internal sealed record Confirm : ICommand
{
    public string Token { get; init; } = "";
    public bool NotMe { get; init; }

    internal sealed class Handler(Db db, Ids ids, Outbox outbox, Actor actor, TimeProvider clock, AuditTrail audit) : CommandHandler<Confirm>
    {
        protected override async Task RunAsync(Confirm command, CancellationToken ct)
        {
            var notice = await PublicNotices.FindAsync(db, command.Token, clock, ct) ?? throw new NotFound("文书");
            if (notice.HeldAt is not null || (command.NotMe ? notice.DisputedAt is not null : notice.ConfirmedAt is not null))
                return;
            var now = clock.StoredNow();
            await db.ExecuteAsync(command.NotMe
                ? "UPDATE service_public_notice SET disputed_at = @now, held_at = @now WHERE token_digest = @TokenDigest"
                : "UPDATE service_public_notice SET confirmed_at = @now WHERE token_digest = @TokenDigest", new { notice.TokenDigest, now }, ct);
            await PublicNotices.ActAsync(db, ids, outbox, actor, notice, command.NotMe ? "disputed" : "confirmed", null, now, ct);
            audit.Note("notice", notice.NoticeId, new { act = command.NotMe ? "disputed" : "confirmed" });
        }
    }
}
