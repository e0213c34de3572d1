using System.Text.Json;
using CourtOps.Kernel.Data;
using CourtOps.Kernel.Messaging;
using CourtOps.Kernel.Security;
using CourtOps.Triage.Filings;

namespace CourtOps.Triage.Online;

/// <summary>Who files, as they said. Encrypted where it is stored.</summary>
internal sealed record Filer
{
    public string IdNumber { get; init; } = "";
    public string Phone { get; init; } = "";
    public string Email { get; init; } = "";

    /// <summary>The licence of a lawyer.</summary>
    public string Licence { get; init; } = "";
}

/// <summary>What has been filled in so far. Encrypted where it is stored.</summary>
internal sealed record DraftContent
{
    public string Topic { get; init; } = "";
    public string Kind { get; init; } = "civil";
    public string CaseType { get; init; } = "";
    public string Cause { get; init; } = "";
    public IReadOnlyList<PartyIn> Parties { get; init; } = [];
    public IReadOnlyList<ClaimIn> Claims { get; init; } = [];
    public IReadOnlyList<string> Ticks { get; init; } = [];

    /// <summary>Facts and reasons.</summary>
    public string Words { get; init; } = "";
    public string Origin { get; init; } = "";
}

/// <summary>A filing on the public face: all that its pages ever read.</summary>
internal sealed record PublicFiling
{
    public long Id { get; init; }
    public string TokenDigest { get; init; } = "";
    public long CourtId { get; init; }
    public string CourtName { get; init; } = "";
    public string Name { get; init; } = "";

    /// <summary>self, or agent for a lawyer or another representative.</summary>
    public string Role { get; init; } = "";
    public string WhoEnc { get; init; } = "";
    public string ContentEnc { get; init; } = "";

    /// <summary>draft, submitted, then the states of a filing.</summary>
    public string State { get; init; } = "";
    public bool NeedsCode { get; init; }
    public string? CodeKeyed { get; init; }
    public DateTimeOffset? CodeUntil { get; init; }
    public int CodeSent { get; init; }
    public int Tries { get; init; }
    public int Locks { get; init; }
    public DateTimeOffset? LockedUntil { get; init; }
    public DateTimeOffset? VerifiedAt { get; init; }
    public DateTimeOffset CreatedAt { get; init; }
    public DateTimeOffset ExpiresAt { get; init; }
    public DateTimeOffset? SubmittedAt { get; init; }
    public long? FilingId { get; init; }
    public string FilingNumber { get; init; } = "";
    public DateOnly? DecideBy { get; init; }
    public DateOnly? CorrectBy { get; init; }
    public string? Missing { get; init; }
    public string Reason { get; init; } = "";
    public string Complaint { get; init; } = "";
    public string CaseNumber { get; init; } = "";
    public string FeeCode { get; init; } = "";
    public long? Fee { get; init; }
    public DateOnly? FeeDue { get; init; }

    /// <summary>Cents that came in for the code so far.</summary>
    public long? FeePaid { get; init; }
    public int Version { get; init; }

    public IReadOnlyList<string> MissingList => Missing is null ? [] : JsonSerializer.Deserialize<IReadOnlyList<string>>(Missing, Json.Stored)!;
}

internal sealed record PublicPaper
{
    public long Id { get; init; }
    public string Kind { get; init; } = "";
    public string Title { get; init; } = "";
    public string Blob { get; init; } = "";
    public long Size { get; init; }
    public int? Pages { get; init; }
    public DateTimeOffset AddedAt { get; init; }
    public bool Taken { get; init; }
}

internal sealed record PublicMessage
{
    public string Event { get; init; } = "";
    public string Words { get; init; } = "";
    public DateTimeOffset At { get; init; }
}

/// <summary>Filings of the public face, by the token of their link.</summary>
internal sealed class PublicFilings(Db db, Secrets secrets, TimeProvider clock)
{
    public const int DraftDays = 30;
    public const int TriesBeforeLock = 5;

    private const string Columns = """
        id, token_digest, court_id, court_name, name, role, who_enc, content_enc, stage AS state, needs_code, code_keyed, code_until, code_sent, tries, locks, locked_until, verified_at, created_at, expires_at, submitted_at, filing_id,
        filing_number, decide_by, correct_by, missing, reason, complaint, case_number, fee_code, fee, fee_due, fee_paid, version
        """;

    /// <summary>Each lock is twice as long as the last: half an hour, one, two … a day at most.</summary>
    public static TimeSpan LockTime(int locks) => TimeSpan.FromMinutes(Math.Min(1440, 30 * Math.Pow(2, Math.Clamp(locks, 0, 10))));

    /// <exception cref="NotFound">No such link, or its time has run out: said alike.</exception>
    public async Task<PublicFiling> FindAsync(string token, CancellationToken ct)
    {
        if (token.Length != 32 || !token.All(char.IsAsciiHexDigitLower))
            throw new NotFound("立案申请");
        var digest = Secrets.Digest(token);
        var found =
            await db.FirstAsync<PublicFiling>($"SELECT {Columns} FROM triage_public_filing WHERE token_digest = @digest", new { digest }, ct)
            ?? await db.FirstAsync<PublicFiling>(
                $"SELECT {Columns} FROM triage_public_filing WHERE id = (SELECT l.public_id FROM triage_public_link l WHERE l.token_digest = @digest)",
                new { digest },
                ct
            );
        return found is not null && found.ExpiresAt > clock.GetUtcNow() ? found : throw new NotFound("立案申请");
    }

    /// <summary>Those of one person whose time has not run out, newest first.</summary>
    public Task<IReadOnlyList<PublicFiling>> OfPersonAsync(IReadOnlyList<string> keys, CancellationToken ct) =>
        db.PageAsync<PublicFiling>(
            $"SELECT {Columns} FROM triage_public_filing WHERE person_idx IN @keys AND expires_at > @now ORDER BY id DESC",
            new { keys, now = clock.GetUtcNow() },
            200,
            ct
        );

    /// <summary>For the inner side: by id, whatever its time.</summary>
    public Task<PublicFiling?> GetAsync(long id, CancellationToken ct) =>
        db.FirstAsync<PublicFiling>($"SELECT {Columns} FROM triage_public_filing WHERE id = @id", new { id }, ct);

    /// <exception cref="NotFound">As <see cref="FindAsync"/>.</exception>
    /// <exception cref="RuleBroken">The identity has not been confirmed, or the state does not allow it.</exception>
    public async Task<PublicFiling> OpenAsync(string token, IReadOnlyCollection<string> states, CancellationToken ct)
    {
        var found = await FindAsync(token, ct);
        if (found is { NeedsCode: true, VerifiedAt: null })
            throw new RuleBroken("请先用验证码确认身份。", "Code");
        return states.Contains(found.State) ? found : throw new RuleBroken("这份申请现在的状态不能这样办，请刷新页面。", code: "state");
    }

    public Filer FilerOf(PublicFiling filing) => JsonSerializer.Deserialize<Filer>(secrets.Reveal(filing.WhoEnc)!, Json.Stored)!;

    public DraftContent ContentOf(PublicFiling filing) => JsonSerializer.Deserialize<DraftContent>(secrets.Reveal(filing.ContentEnc)!, Json.Stored)!;

    public string Sealed<T>(T what) => secrets.Protect(JsonSerializer.Serialize(what, Json.Stored))!;

    public Task<IReadOnlyList<PublicPaper>> PapersAsync(long id, CancellationToken ct) =>
        db.QueryAsync<PublicPaper>(
            "SELECT id, kind, title, blob, size, pages, added_at, taken FROM triage_public_paper WHERE public_id = @id ORDER BY id",
            new { id },
            ct
        );

    public Task<IReadOnlyList<PublicMessage>> MessagesAsync(long id, CancellationToken ct) =>
        db.QueryAsync<PublicMessage>("SELECT event, words, at FROM triage_public_message WHERE public_id = @id ORDER BY id", new { id }, ct);

    /// <summary>The steps of the court and what was written, in the order of their times.</summary>
    public async Task<IReadOnlyList<FilingLine>> LinesAsync(long id, IReadOnlyList<PublicMessage> messages, CancellationToken ct)
    {
        var letters = await db.QueryAsync<PublicLetter>(
            "SELECT id, side, words_enc, at, taken FROM triage_public_letter WHERE public_id = @id ORDER BY id",
            new { id },
            ct
        );
        return
        [
            .. messages
                .Select(m => new FilingLine(m.At, m.Event, m.Words))
                .Concat(letters.Select(l => new FilingLine(l.At, l.Side, secrets.Reveal(l.WordsEnc) ?? "")))
                .OrderBy(l => l.At),
        ];
    }

    /// <summary>What is handed in is what a counter would write down.</summary>
    public TakeFiling AsFiling(PublicFiling filing)
    {
        var content = ContentOf(filing);
        var who = FilerOf(filing);
        var parties = content.Parties.ToList();
        if (filing.Role == "agent" && parties.Count > 0)
            parties[0] = parties[0] with
            {
                Agents =
                [
                    new AgentIn
                    {
                        Name = filing.Name,
                        Type = who.Licence.Length > 0 ? "律师" : "其他代理人",
                        Phone = who.Phone,
                    },
                ],
            };
        return new TakeFiling
        {
            Kind = content.Kind,
            CaseType = content.CaseType,
            Cause = content.Cause,
            Claims = content.Claims,
            Parties = parties,
            Facts = new FilingFacts { Ticks = content.Ticks },
            Sender = filing.Name,
            SenderPhone = who.Phone,
            Origin = content.Origin,
        };
    }
}
