using System.Globalization;
using System.Security.Cryptography;
using CourtOps.Kernel.Access;
using CourtOps.Kernel.Audit;
using CourtOps.Kernel.Data;
using CourtOps.Kernel.Messaging;
using CourtOps.Kernel.Security;
using CourtOps.Kernel.Web;
using CourtOps.Workzone.Cases;
using FluentValidation;

namespace CourtOps.Cataloguing.Archive;

/// <summary>The links by which agents read: given, withdrawn, ended with the agency.</summary>
internal sealed class ReadingDoors(Db db, ICases cases, TimeProvider clock, LendingBook book)
{
    /// <summary>Every link of an application opens nothing from now on.</summary>
    public Task WithdrawAsync(long lendingId, CancellationToken ct) =>
        db.ExecuteAsync(
            "UPDATE cataloguing_public_reading SET withdrawn_at = @now WHERE lending_id = @lendingId AND withdrawn_at IS NULL",
            new { now = clock.GetUtcNow(), lendingId },
            ct
        );

    /// <summary>Ends the readings of those who are agents in a case no more, with their links.</summary>
    public async Task EndWithAgencyAsync(IReadOnlyList<long> caseIds, CancellationToken ct)
    {
        foreach (var ids in caseIds.Chunk(250))
        foreach (
            var group in (
                await db.QueryAsync<Lending>(
                    "SELECT l.id, l.case_id, l.state, l.party_id, l.agent_name, l.version FROM cataloguing_lending l WHERE l.case_id IN @ids AND "
                        + "l.agent_name IS NOT NULL AND l.state IN ('making', 'out') ORDER BY l.id",
                    new { ids },
                    ct
                )
            ).GroupBy(l => l.CaseId)
        )
        {
            var agents = await cases.AgentsAsync(group.Key, ct);
            foreach (var lending in group.Where(l => !agents.Any(a => a.PartyId == l.PartyId && a.Name == l.AgentName)))
            {
                await LendingBook.Table.MoveAsync(
                    db,
                    "end",
                    lending.State,
                    new
                    {
                        lending.Id,
                        lending.Version,
                        now = clock.GetUtcNow(),
                    },
                    "ended_at = @now",
                    ct
                );
                await WithdrawAsync(lending.Id, ct);
                await book.TellAsync(lending.Id, AskStage.Ended, ct: ct);
            }
        }
    }
}

/// <summary>The agents of a case who may be named in an application.</summary>
[Permit("cataloguing.lend.ask")]
internal sealed record ListReaders : IQuery<IReadOnlyList<AgentCard>>
{
    public long CaseId { get; init; }

    internal sealed class Handler(ICases cases) : IQueryHandler<ListReaders, IReadOnlyList<AgentCard>>
    {
        public Task<IReadOnlyList<AgentCard>> Handle(ListReaders request, CancellationToken cancellationToken) =>
            cases.AgentsAsync(request.CaseId, cancellationToken);
    }
}

/// <summary>A link and a code for an approved reading, told once; links given before are withdrawn. Only while the reader is an agent in the case.</summary>
[Permit("cataloguing.lend.ask")]
[Audited("cataloguing.lending.link")]
internal sealed record GiveLink : ICommand<GiveLink.Result>
{
    public long Id { get; init; }

    /// <param name="Token">Of the link; empty where the reader asked over the web: it is their own link, which the court does not know.</param>
    /// <param name="Code">To be told to the reader apart from the link.</param>
    /// <param name="Until">The last day.</param>
    internal sealed record Result(string Token, string Code, DateOnly Until);

    internal sealed class Validator : AbstractValidator<GiveLink>
    {
        public Validator() => RuleFor(c => c.Id).NotEmpty().WithMessage("请指明申请。");
    }

    internal sealed class Handler(Db db, Secrets secrets, LendingBook book, ReadingDoors doors, ICases cases, TimeProvider clock, AuditTrail audit)
        : ICommandHandler<GiveLink, Result>
    {
        public async Task<Result> Handle(GiveLink request, CancellationToken cancellationToken)
        {
            var lending = await book.GetAsync(request.Id, cancellationToken);
            if (lending.State != LendingState.Out || lending.CopyBlob is null || lending.Pages is not { } pages)
                throw new RuleBroken("这份加印件还没有做好，或者已经收回。", code: "state");
            if (lending.AgentName is not { } agent)
                throw new RuleBroken("没有登记本案代理人的阅卷不能发链接，请交付加印件。", code: "no-agent");
            var now = clock.GetUtcNow();
            if (lending.UntilOn is not { } until || until < Times.Day(now))
                throw new RuleBroken("阅卷期限已过，请收回或重新申请。", code: "over");
            if (!(await cases.AgentsAsync(lending.CaseId, cancellationToken)).Any(a => a.PartyId == lending.PartyId && a.Name == agent))
                throw new RuleBroken($"{agent}不是本案当事人的代理人。", code: "no-agent");
            await book.DemandOpenAsync(lending.CaseId, cancellationToken);
            await doors.WithdrawAsync(lending.Id, cancellationToken);
            var card = await cases.GetAsync(lending.CaseId, cancellationToken);
            // who asked over the web reads by the link they have; a withdrawn door of it makes room
            var own = lending.PublicId is null
                ? null
                : await db.FirstAsync<string>(
                    "SELECT token_digest FROM cataloguing_public_reading_ask WHERE lending_id = @Id",
                    new { lending.Id },
                    cancellationToken
                );
            if (own is not null)
                await db.ExecuteAsync("DELETE FROM cataloguing_public_reading WHERE token_digest = @own", new { own }, cancellationToken);
            var (token, code) = (
                own is null ? Secrets.NewToken() : "",
                RandomNumberGenerator.GetInt32(1_000_000).ToString("000000", CultureInfo.InvariantCulture)
            );
            await db.ExecuteAsync(
                """
                INSERT INTO cataloguing_public_reading (token_digest, lending_id, case_id, court_name, case_number, reader, reference, code_keyed, copy_blob,
                    pages, until_on, tries, created_at, expires_at)
                VALUES (@digest, @Id, @CaseId, @CourtName, @Number, @agent, @Reference, @keyed, @CopyBlob, @pages, @until, 0, @now, @ends)
                """,
                new
                {
                    digest = own ?? Secrets.Digest(token),
                    lending.Id,
                    lending.CaseId,
                    card.CourtName,
                    card.Number,
                    agent,
                    lending.Reference,
                    keyed = secrets.Keyed("reading-code", code),
                    lending.CopyBlob,
                    pages,
                    until,
                    now,
                    ends = now.AddDays(until.DayNumber - Times.Day(now).DayNumber + 1),
                },
                cancellationToken
            );
            await book.TellAsync(lending.Id, AskStage.Open, ct: cancellationToken);
            audit.Note("lending", lending.Id, new { link = true }, lending.CaseId);
            return new Result(token, code, until);
        }
    }
}

/// <summary>One opening of a page.</summary>
internal sealed record PageRead
{
    public long Id { get; init; }
    public int N { get; init; }
    public DateTimeOffset At { get; init; }
    public string Address { get; init; } = "";
}

/// <summary>Which pages were opened through the links of an application, newest first.</summary>
[Permit("cataloguing.read")]
internal sealed record ListPageReads : IQuery<IReadOnlyList<PageRead>>
{
    public long Id { get; init; }

    internal sealed class Handler(Db db, LendingBook book, AccessLog reads) : IQueryHandler<ListPageReads, IReadOnlyList<PageRead>>
    {
        public async Task<IReadOnlyList<PageRead>> Handle(ListPageReads request, CancellationToken cancellationToken)
        {
            var lending = await book.GetAsync(request.Id, cancellationToken);
            var rows = await db.PageAsync<PageRead>(
                "SELECT r.id, r.n, r.at, r.address FROM cataloguing_public_page_read r WHERE r.lending_id = @Id ORDER BY r.id DESC",
                new { lending.Id },
                500,
                cancellationToken
            );
            reads.List("cataloguing.lending.list", rows.Count, new { lending = lending.Id }, lending.CaseId);
            return rows;
        }
    }
}
