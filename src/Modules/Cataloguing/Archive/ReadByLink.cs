using CourtOps.Cataloguing.Efile;
using CourtOps.Kernel.Audit;
using CourtOps.Kernel.Data;
using CourtOps.Kernel.Messaging;
using CourtOps.Kernel.Search;
using CourtOps.Kernel.Security;
using CourtOps.Kernel.Web;
using MediatR;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace CourtOps.Cataloguing.Archive;

/// <summary>The door of an agent who reads by a link: half an hour in one browser.</summary>
internal sealed class ReadingSession(IDataProtectionProvider protection, TimeProvider clock)
    : LinkSession(protection, "CourtOps.Reading", "cor", TimeSpan.FromMinutes(30), clock)
{
    private const int AsksPerHour = 20;

    /// <summary>Counts an application from an address; true when it has made too many in an hour.</summary>
    public bool TooManyAsks(string address) => TooMany("ask:" + address, true, TimeSpan.FromHours(1), AsksPerHour);
}

/// <summary>All that the public page of a reading ever knows of it.</summary>
internal sealed record ReadingLink
{
    public string TokenDigest { get; init; } = "";
    public long LendingId { get; init; }
    public long CaseId { get; init; }
    public string CourtName { get; init; } = "";
    public string CaseNumber { get; init; } = "";
    public string Reader { get; init; } = "";
    public string Reference { get; init; } = "";
    public string CodeKeyed { get; init; } = "";
    public string CopyBlob { get; init; } = "";
    public int Pages { get; init; }
    public DateOnly UntilOn { get; init; }
    public int Tries { get; init; }
    public DateTimeOffset? LockedUntil { get; init; }

    /// <exception cref="NotFound">No such link, withdrawn, its time is over, or the case was sealed since: all answered the same.</exception>
    public static async Task<ReadingLink> FindAsync(Db db, Workzone.Cases.ICases cases, string token, TimeProvider clock, CancellationToken ct)
    {
        if (token.Length != 32 || !token.All(char.IsAsciiHexDigitLower))
            throw new NotFound("阅卷");
        return await db.FirstAsync<ReadingLink>(
                $"""
                SELECT r.token_digest, r.lending_id, r.case_id, r.court_name, r.case_number, r.reader, r.reference, r.code_keyed, r.copy_blob, r.pages,
                    r.until_on, r.tries, r.locked_until
                FROM cataloguing_public_reading r WHERE r.token_digest = @digest AND r.withdrawn_at IS NULL AND r.until_on >= @today AND {cases.Announceable(
                    "r.case_id"
                )}
                """,
                new { digest = Secrets.Digest(token), today = Times.Day(clock.GetUtcNow()) },
                ct
            ) ?? throw new NotFound("阅卷");
    }
}

/// <summary>What a link to a reading opens.</summary>
[Permit(PermitAttribute.Anyone)]
internal sealed record FindReading : IQuery<ReadingLink>
{
    public string Token { get; init; } = "";

    internal sealed class Handler(Db db, Workzone.Cases.ICases cases, TimeProvider clock) : IQueryHandler<FindReading, ReadingLink>
    {
        public Task<ReadingLink> Handle(FindReading request, CancellationToken cancellationToken) =>
            ReadingLink.FindAsync(db, cases, request.Token, clock, cancellationToken);
    }
}

/// <summary>The code is typed. Five wrong ones lock the link, a quarter of an hour more each time; twenty end it.</summary>
[Permit(PermitAttribute.Anyone)]
[Audited("cataloguing.reading.identify")]
internal sealed record IdentifyReader : ICommand<IdentifyReader.Result>
{
    public const int BeforeLock = 5;
    public const int BeforeEnd = 20;

    public string Token { get; init; } = "";
    public string Code { get; init; } = "";

    internal sealed record Result(bool Done, DateTimeOffset? LockedUntil, int Left);

    internal sealed class Handler(Db db, Workzone.Cases.ICases cases, Secrets secrets, TimeProvider clock, AuditTrail audit)
        : ICommandHandler<IdentifyReader, Result>
    {
        public async Task<Result> Handle(IdentifyReader request, CancellationToken cancellationToken)
        {
            var key = new { (await ReadingLink.FindAsync(db, cases, request.Token, clock, cancellationToken)).TokenDigest };
            // counted in the row itself, before it is known whether it is right: guesses at the same time each count
            await db.ExecuteAsync("UPDATE cataloguing_public_reading SET tries = tries + 1 WHERE token_digest = @TokenDigest", key, cancellationToken);
            var reading = await ReadingLink.FindAsync(db, cases, request.Token, clock, cancellationToken);
            var now = clock.GetUtcNow();
            if (reading.LockedUntil > now)
            {
                await db.ExecuteAsync("UPDATE cataloguing_public_reading SET tries = tries - 1 WHERE token_digest = @TokenDigest", key, cancellationToken);
                return new Result(false, reading.LockedUntil, 0);
            }
            if (secrets.SameKeyed(reading.CodeKeyed, "reading-code", request.Code.Trim().Folded()))
            {
                await db.ExecuteAsync(
                    "UPDATE cataloguing_public_reading SET tries = 0, locked_until = NULL, opened_at = COALESCE(opened_at, @now) WHERE token_digest = "
                        + "@TokenDigest",
                    new { now, key.TokenDigest },
                    cancellationToken
                );
                audit.Note("lending", reading.LendingId, new { result = "identified" });
                return new Result(true, null, 0);
            }
            var ended = reading.Tries >= BeforeEnd;
            DateTimeOffset? until = reading.Tries % BeforeLock == 0 ? now.AddMinutes(15.0 * reading.Tries / BeforeLock) : null;
            if (until is not null)
                await db.ExecuteAsync(
                    "UPDATE cataloguing_public_reading SET locked_until = @until, withdrawn_at = @end WHERE token_digest = @TokenDigest",
                    new
                    {
                        until,
                        end = ended ? now : (DateTimeOffset?)null,
                        key.TokenDigest,
                    },
                    cancellationToken
                );
            audit.Note("lending", reading.LendingId, new { result = ended ? "ended" : "wrong-code", tries = reading.Tries }, refused: true);
            return new Result(false, until, BeforeLock - (reading.Tries % BeforeLock));
        }
    }
}

/// <summary>The reader opens a page: kept with page, time and address before the page leaves.</summary>
[Permit(PermitAttribute.Anyone)]
[Audited("cataloguing.reading.page")]
internal sealed record OpenPage : ICommand<ReadingLink>
{
    public string Token { get; init; } = "";
    public int N { get; init; }

    internal sealed class Handler(Db db, Workzone.Cases.ICases cases, Ids ids, Actor actor, TimeProvider clock, AuditTrail audit)
        : ICommandHandler<OpenPage, ReadingLink>
    {
        public async Task<ReadingLink> Handle(OpenPage request, CancellationToken cancellationToken)
        {
            var reading = await ReadingLink.FindAsync(db, cases, request.Token, clock, cancellationToken);
            if (request.N < 1 || request.N > reading.Pages)
                throw new NotFound("页面", request.N);
            await db.ExecuteAsync(
                "INSERT INTO cataloguing_public_page_read (id, lending_id, n, at, address) VALUES (@id, @LendingId, @N, @now, @Address)",
                new
                {
                    id = ids.Next(),
                    reading.LendingId,
                    request.N,
                    now = clock.GetUtcNow(),
                    actor.Address,
                },
                cancellationToken
            );
            audit.Note("lending", reading.LendingId, new { page = request.N }, reading.CaseId);
            return reading;
        }
    }
}

internal static class ReadingEndpoints
{
    public static void Map(IEndpointRouteBuilder endpoints) =>
        endpoints
            .MapGet(
                "/p/read/{token}/page/{n:int}",
                async (string token, int n, HttpContext http, ReadingSession session, IMediator mediator, VolumePdf volumes) =>
                {
                    if (!session.Has(http, token))
                        return Results.Redirect("/p/read/" + Uri.EscapeDataString(token));
                    var reading = await mediator.Send(new OpenPage { Token = token, N = n }, http.RequestAborted);
                    http.Response.Headers.CacheControl = "private, no-store";
                    http.Response.Headers.ContentDisposition = "inline";
                    return Results.Stream(await volumes.PageAsync(reading.CopyBlob, n, http.RequestAborted), "application/pdf");
                }
            )
            .ExcludeFromDescription()
            .WithMetadata(new PermitAttribute(PermitAttribute.Anyone));
}
