using System.Globalization;
using System.Text.Json;
using CourtOps.Contracts;
using CourtOps.Kernel.Audit;
using CourtOps.Kernel.Data;
using CourtOps.Kernel.Messaging;
using CourtOps.Kernel.Security;
using CourtOps.Kernel.Work;
using CourtOps.ServiceOfDocuments.Sending;
using CourtOps.ServiceOfDocuments.Tasks;

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

    /// <summary>Of the longer form of a number of 15 digits; null for any other.</summary>
    public string? Tail2Keyed { get; init; }
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

    /// <summary>The trial limit as it stood when it last moved.</summary>
    public string? LimitHistory { get; init; }

    public Workzone.Cases.LimitHistory? Limit =>
        LimitHistory is null ? null : JsonSerializer.Deserialize<Workzone.Cases.LimitHistory>(LimitHistory, Json.Stored);

    public IReadOnlyList<ReleasedDocument> Papers => JsonSerializer.Deserialize<List<ReleasedDocument>>(Documents, Json.Stored)!;

    public IReadOnlyList<PublicPeriod> PeriodList => Periods is null ? [] : JsonSerializer.Deserialize<List<PublicPeriod>>(Periods, Json.Stored)!;

    /// <summary>"张*甲": enough to know oneself, no more before the code.</summary>
    public string MaskedName
    {
        get
        {
            var parts = StringInfo.ParseCombiningCharacters(Recipient);
            string At(int i) => Recipient[parts[i]..(i + 1 < parts.Length ? parts[i + 1] : Recipient.Length)];
            return parts.Length switch
            {
                0 => "",
                1 => At(0),
                2 => At(0) + "*",
                _ => At(0) + new string('*', Math.Min(4, parts.Length - 2)) + At(parts.Length - 1),
            };
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
            var read = await db.QueryAsync<int>(
                "SELECT DISTINCT document_n FROM service_public_act WHERE notice_id = @NoticeId AND kind = 'read' AND document_n IS NOT NULL",
                new { notice.NoticeId },
                cancellationToken
            );
            reads.Note("service.party.view", "notice", notice.NoticeId);
            var said = await db.QueryAsync<MessageRow>(
                "SELECT from_party, text_enc, by_name, at FROM service_public_message WHERE notice_id = @NoticeId ORDER BY id",
                new { notice.NoticeId },
                cancellationToken
            );
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
        public async Task<bool> Handle(IsEnded request, CancellationToken cancellationToken) =>
            await PublicNotices.FindAsync(db, request.Token, clock, cancellationToken, ended: true) is not null;
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
            SELECT token_digest, notice_id, court_name, case_number, cause, recipient, language, tail_keyed, tail2_keyed, needs_code, documents, released_at,
                expires_at, withdrawn_at, wrong, held_at, ended_at, code_keyed, code_until, code_sent,
                   opened_at, confirmed_at, disputed_at, served_on, served_basis, periods, proof_blob, limit_history
            FROM service_public_notice WHERE token_digest = @digest
            """,
            new { digest },
            ct
        );
        return
            notice is not null
            && Secrets.Same(notice.TokenDigest, digest)
            && notice.WithdrawnAt is null
            && (notice.EndedAt is not null) == ended
            && notice.ExpiresAt > clock.GetUtcNow()
            ? notice
            : null;
    }

    /// <summary>Writes an act of the party and tells the inner side.</summary>
    public static async Task ActAsync(
        Db db,
        Ids ids,
        Outbox outbox,
        Actor actor,
        PublicNotice notice,
        string act,
        int? documentN,
        DateTimeOffset at,
        CancellationToken ct
    )
    {
        await db.ExecuteAsync(
            "INSERT INTO service_public_act (id, notice_id, kind, document_n, at, address) VALUES (@id, @NoticeId, @act, @documentN, @at, @Address)",
            new
            {
                id = ids.Next(),
                notice.NoticeId,
                act,
                documentN,
                at,
                actor.Address,
            },
            ct
        );
        await outbox.AddAsync(
            string.Create(CultureInfo.InvariantCulture, $"notice:{notice.NoticeId}"),
            new PartyActed
            {
                NoticeId = notice.NoticeId,
                Act = act,
                DocumentN = documentN,
                At = at,
            },
            ct
        );
    }
}
