using CourtOps.Kernel.Audit;
using CourtOps.Kernel.Data;
using CourtOps.Kernel.Messaging;
using CourtOps.Kernel.Search;
using CourtOps.Kernel.Security;
using CourtOps.Kernel.Work;
using CourtOps.ServiceOfDocuments.Sending;
using CourtOps.ServiceOfDocuments.Tasks;

namespace CourtOps.ServiceOfDocuments.Party;

public enum IdentifyEnd
{
    Done,
    Wrong,
    Locked,

    /// <summary>What was typed cannot be a tail or a code: no try.</summary>
    NotATail,

    /// <summary>The person said that it is somebody else; the court is looking into it.</summary>
    Held,

    /// <summary>Opened from inside the court: no try and no opening.</summary>
    Inside,
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

    internal sealed class Handler(Db db, Ids ids, Outbox outbox, Secrets secrets, Actor actor, Inside inside, TimeProvider clock, AuditTrail audit)
        : ICommandHandler<Identify, Result>
    {
        public async Task<Result> Handle(Identify request, CancellationToken cancellationToken)
        {
            var found = await PublicNotices.FindAsync(db, request.Token, clock, cancellationToken) ?? throw new NotFound("文书");
            // one guess at a time for each link, on either engine: whoever guesses in parallel is counted each time
            await db.ExecuteAsync(
                "UPDATE service_public_notice SET wrong = wrong + 0 WHERE token_digest = @TokenDigest",
                new { found.TokenDigest },
                cancellationToken
            );
            var notice = await PublicNotices.FindAsync(db, request.Token, clock, cancellationToken) ?? throw new NotFound("文书");
            var now = clock.StoredNow();
            if (inside.Is(actor))
            {
                audit.Note("notice", notice.NoticeId, new { result = "inside" }, refused: true);
                return new Result(IdentifyEnd.Inside, 0, null, 0);
            }
            if (notice.HeldAt is not null)
                return new Result(IdentifyEnd.Held, 0, null, 0);
            var browser = Secrets.Digest(request.Browser.Length > 0 ? request.Browser : "address:" + actor.Address);
            var key = new { notice.TokenDigest, browser };
            var tried =
                await db.FirstAsync<Tried>(
                    "SELECT tries, locks, locked_until FROM service_public_try WHERE token_digest = @TokenDigest AND browser = @browser",
                    key,
                    cancellationToken
                ) ?? new Tried();
            if (tried.LockedUntil > now)
                return new Result(IdentifyEnd.Locked, 0, tried.LockedUntil, 0);
            var typed = TailRules.Fold(request.Tail);
            var typedCode = request.Code.Trim().Folded();
            if ((notice.TailKeyed.Length > 0 && typed is null) || (notice.NeedsCode && (typedCode.Length != 6 || !typedCode.All(char.IsAsciiDigit))))
                return new Result(IdentifyEnd.NotATail, 0, null, TailRules.BeforeLock - tried.Tries);
            var tail =
                notice.TailKeyed.Length == 0
                || secrets.SameKeyed(notice.TailKeyed, "party-tail", typed!)
                    | (notice.Tail2Keyed is { } longer && secrets.SameKeyed(longer, "party-tail", typed!));
            var code = !notice.NeedsCode || (notice.CodeUntil > now && secrets.SameKeyed(notice.CodeKeyed, "party-code", typedCode));
            if (!(tail & code))
                return await WrongAsync(notice, tried, browser, now, cancellationToken);
            await db.ExecuteAsync("DELETE FROM service_public_try WHERE token_digest = @TokenDigest AND browser = @browser", key, cancellationToken);
            await db.ExecuteAsync(
                "UPDATE service_public_notice SET code_keyed = NULL, opened_at = COALESCE(opened_at, @now) WHERE token_digest = @TokenDigest",
                new { notice.TokenDigest, now },
                cancellationToken
            );
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
            var row = new
            {
                notice.TokenDigest,
                browser,
                tries = locked ? 0 : tries,
                locks,
                until,
            };
            if (
                await db.ExecuteAsync(
                    "UPDATE service_public_try SET tries = @tries, locks = @locks, locked_until = @until WHERE token_digest = @TokenDigest AND "
                        + "browser = @browser",
                    row,
                    ct
                ) == 0
            )
                await db.ExecuteAsync(
                    "INSERT INTO service_public_try (token_digest, browser, tries, locks, locked_until) VALUES (@TokenDigest, @browser, @tries, "
                        + "@locks, @until)",
                    row,
                    ct
                );
            var wrong = notice.Wrong + 1;
            var ended = wrong >= TailRules.BeforeEnd;
            await db.ExecuteAsync(
                "UPDATE service_public_notice SET wrong = wrong + 1, ended_at = @ended WHERE token_digest = @TokenDigest",
                new { notice.TokenDigest, ended = ended ? now : (DateTimeOffset?)null },
                ct
            );
            if (wrong == TailRules.BeforeAlarm || ended)
                await PublicNotices.ActAsync(db, ids, outbox, actor, notice, ended ? "link-ended" : "guessing", null, now, ct);
            audit.Note(
                "notice",
                notice.NoticeId,
                new
                {
                    result = ended ? "ended"
                    : locked ? "locked"
                    : "wrong-code",
                    wrong,
                },
                refused: true
            );
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
