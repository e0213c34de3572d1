using CourtOps.Contracts;
using CourtOps.Kernel.Audit;
using CourtOps.Kernel.Data;
using CourtOps.Kernel.Messaging;
using CourtOps.Kernel.Security;
using CourtOps.Kernel.Settings;
using CourtOps.Kernel.Web;
using CourtOps.Law;
using CourtOps.Triage.Settings;
using CourtOps.Workzone;
using FluentValidation;

namespace CourtOps.Triage.Filings;

/// <summary>What was written between a filer and the court.</summary>
internal sealed record Letter
{
    public long Id { get; init; }

    /// <summary>in: by the filer; out: by the court.</summary>
    public string Side { get; init; } = "";
    public string Words { get; init; } = "";
    public DateTimeOffset At { get; init; }
    public string ByName { get; init; } = "";

    /// <summary>The day by which the court answers; null for its own words.</summary>
    public DateOnly? DueOn { get; init; }
    public DateTimeOffset? AnsweredAt { get; init; }
    public DateTimeOffset? EscalatedAt { get; init; }
    public string EscalatedTo { get; init; } = "";
}

/// <summary>The one place where letters of a filing are kept, released and told of; called inside a transaction.</summary>
internal sealed class LetterBook(
    Db db,
    Ids ids,
    TimeProvider clock,
    Actor actor,
    Online.PublicFilings filings,
    Secrets secrets,
    ISettings settings,
    ICourts courts,
    ICalendarSource calendars,
    Outbox outbox
)
{
    public const string Columns = "l.id, l.side, l.words, l.at, l.by_name, l.due_on, l.answered_at, l.escalated_at, l.escalated_to";

    public Task<IReadOnlyList<Letter>> OfAsync(long filingId, CancellationToken ct) =>
        db.QueryAsync<Letter>($"SELECT {Columns} FROM triage_letter l WHERE l.filing_id = @filingId ORDER BY l.at, l.id", new { filingId }, ct);

    /// <summary>What the filer wrote is taken in, each once, with its day: the term of the table of services for advice on filing, from the day it was
    /// written.</summary>
    public async Task TakeAsync(long publicId, Filing filing, CancellationToken ct)
    {
        foreach (
            var l in await db.QueryAsync<Online.PublicLetter>(
                "SELECT id, side, words_enc, at, taken FROM triage_public_letter WHERE public_id = @publicId AND taken = 0 ORDER BY id",
                new { publicId },
                ct
            )
        )
        {
            if (await db.ExecuteAsync("UPDATE triage_public_letter SET taken = 1 WHERE id = @Id AND taken = 0", new { l.Id }, ct) == 0)
                continue;
            var court = await courts.GetAsync(filing.CourtId, ct);
            var days = TriageSettings
                .Services.Decide(new Contacts.ServiceFacts { Service = "filing" }, settings.Current<TableBody>("triage.services", filing.CourtId))
                .Outcome.Days;
            var due = Periods.Compute(Times.Day(l.At), days, PeriodUnit.Workday, calendars.For(court.Code)).LegalLastDay;
            await db.ExecuteAsync(
                "INSERT INTO triage_letter (id, filing_id, court_id, side, words, at, by_name, due_on, escalated_to) VALUES (@Id, @filing, @court, "
                    + "'in', @words, @At, @by, @due, '')",
                new
                {
                    l.Id,
                    filing = filing.Id,
                    court = filing.CourtId,
                    words = secrets.Reveal(l.WordsEnc) ?? "",
                    l.At,
                    by = filing.Sender,
                    due,
                },
                ct
            );
            await NoteAsync(filing.Id, "letter", "", filing.Sender, ct);
        }
    }

    /// <summary>The court writes; all that the filer had written is answered by it. The page shows it in the same commit, and the filer is told.</summary>
    public async Task<long> AnswerAsync(Filing filing, long publicId, string words, CancellationToken ct)
    {
        var id = ids.Next();
        var now = clock.StoredNow();
        await db.ExecuteAsync(
            "UPDATE triage_letter SET answered_at = @now WHERE filing_id = @filing AND side = 'in' AND answered_at IS NULL",
            new { filing = filing.Id, now },
            ct
        );
        await db.ExecuteAsync(
            "INSERT INTO triage_letter (id, filing_id, court_id, side, words, at, by_name, escalated_to) VALUES (@id, @filing, @court, 'out', @words, "
                + "@now, @by, '')",
            new
            {
                id,
                filing = filing.Id,
                court = filing.CourtId,
                words,
                now,
                by = actor.Name,
            },
            ct
        );
        await db.ExecuteAsync(
            "INSERT INTO triage_public_letter (id, public_id, side, words_enc, at, taken) VALUES (@id, @publicId, 'out', @words, @now, 1)",
            new
            {
                id,
                publicId,
                words = secrets.Protect(words),
                now,
            },
            ct
        );
        await NoteAsync(filing.Id, "answer", "", actor.Name, ct);
        await TellAsync(filing, "法院给您留言", ct);
        return id;
    }

    /// <summary>
    /// The filer is told by a message or mail that there is something new on the page, never what. Only over a phone or mailbox that was confirmed by a code:
    /// who typed somebody else's sends that person nothing.
    /// </summary>
    /// <param name="what">What happened, in Chinese, without content of the filing.</param>
    public async Task TellAsync(Filing filing, string what, CancellationToken ct)
    {
        if (filing.PublicId is not { } publicId || await filings.GetAsync(publicId, ct) is not { } page)
            return;
        if (page is not { NeedsCode: true, VerifiedAt: not null })
        {
            await NoteAsync(filing.Id, "tell", "没有通知：联系方式没有用验证码核对过，请电话告知", "", ct);
            return;
        }
        var who = filings.FilerOf(page);
        var token = Secrets.NewToken();
        var now = clock.StoredNow();
        await db.ExecuteAsync(
            "INSERT INTO triage_public_link (token_digest, public_id, created_at) VALUES (@digest, @publicId, @now)",
            new
            {
                digest = Secrets.Digest(token),
                publicId,
                now,
            },
            ct
        );
        var telling = await NoteAsync(filing.Id, "tell", "等待发出", "", ct);
        await outbox.AddAsync(
            $"filing:{publicId}",
            new FilerTold
            {
                LinkId = telling,
                Court = filing.CourtName,
                Number = filing.Number,
                What = what,
                PhoneEnc = secrets.Protect(who.Phone) ?? "",
                EmailEnc = secrets.Protect(who.Email) ?? "",
                PathEnc = secrets.Protect("/p/file/" + token)!,
                Until = page.ExpiresAt,
            },
            ct
        );
    }

    // the court's own book alone: nothing of it is released by this
    private async Task<long> NoteAsync(long filingId, string step, string words, string by, CancellationToken ct)
    {
        var id = ids.Next();
        await db.ExecuteAsync(
            "INSERT INTO triage_filing_event (id, filing_id, event, at, by_name, words) VALUES (@id, @filingId, @step, @now, @by, @words)",
            new
            {
                id,
                filingId,
                step,
                now = clock.GetUtcNow(),
                by,
                words,
            },
            ct
        );
        return id;
    }
}

/// <summary>The court answers whoever filed online, or writes unasked; what is written is on the page at once.</summary>
[Permit("triage.work")]
[Audited("triage.filing.answer")]
internal sealed record AnswerFiler : ICommand<long>
{
    public long Id { get; init; }
    public string Words { get; init; } = "";

    /// <summary>The last letter that was seen; 0: there was none. What came after it is read first.</summary>
    public long? Last { get; init; }

    internal sealed class Validator : AbstractValidator<AnswerFiler>
    {
        public Validator() =>
            RuleFor(c => c.Words)
                .Must(w => !string.IsNullOrWhiteSpace(w))
                .WithMessage("请写明答复。")
                .MaximumLength(2000)
                .WithMessage("答复最长 2000 个字符。");
    }

    internal sealed class Handler(Db db, FilingBook book, LetterBook letters, AuditTrail audit) : ICommandHandler<AnswerFiler, long>
    {
        public async Task<long> Handle(AnswerFiler request, CancellationToken cancellationToken)
        {
            var filing = await book.GetAsync(request.Id, null, cancellationToken);
            if (filing.PublicId is not { } publicId)
                throw new RuleBroken("这件不是网上提交的，没有可以答复的页面；请电话或者当面答复。", "Words", "not-online");
            // two clerks at the same moment: the second waits here and then sees the first one's answer
            await db.ExecuteAsync("UPDATE triage_public_filing SET version = version + 1 WHERE id = @publicId", new { publicId }, cancellationToken);
            var last = await db.ScalarAsync<long>("SELECT COALESCE(MAX(id), 0) FROM triage_letter WHERE filing_id = @Id", new { filing.Id }, cancellationToken);
            if (request.Last is { } seen && seen != last)
                throw new Conflict("往来刚有新的内容，请看过再答复。");
            var id = await letters.AnswerAsync(filing, publicId, request.Words.Trim(), cancellationToken);
            audit.Note("filing", filing.Id, new { letter = id }, filing.CaseId);
            return id;
        }
    }
}

/// <summary>Letters by the day the answer is due; or what was answered, the newest first.</summary>
[Permit("triage.filings")]
internal sealed record ListLetters : IQuery<ListLetters.Result>
{
    /// <summary>todo, late or done.</summary>
    public string View { get; init; } = "todo";
    public string After { get; init; } = "";

    internal sealed record Result(IReadOnlyList<Row> Rows, string? Next, int Todo, int Late);

    internal sealed record Row
    {
        public long Id { get; init; }
        public long FilingId { get; init; }
        public string Number { get; init; } = "";
        public string? CaseNumber { get; init; }
        public string Cause { get; init; } = "";
        public string Sender { get; init; } = "";
        public string Words { get; init; } = "";
        public DateTimeOffset At { get; init; }
        public DateOnly DueOn { get; init; }
        public DateTimeOffset? AnsweredAt { get; init; }
        public DateTimeOffset? EscalatedAt { get; init; }
        public string EscalatedTo { get; init; } = "";
    }

    internal sealed record Sums
    {
        public int Todo { get; init; }
        public int Late { get; init; }
    }

    internal sealed class Handler(Db db, FilingBook book, TimeProvider clock) : IQueryHandler<ListLetters, Result>
    {
        private const int Size = 50;
        private const string From = """
            SELECT l.id, l.filing_id, f.number, f.case_number, f.cause, f.sender, l.words, l.at, l.due_on, l.answered_at, l.escalated_at, l.escalated_to
            FROM triage_letter l
            JOIN triage_filing f ON f.id = l.filing_id
            WHERE l.side = 'in' AND f.court_id IN @courts
            """;

        public async Task<Result> Handle(ListLetters request, CancellationToken cancellationToken)
        {
            var (me, courts, places) = book.Arguments;
            var today = Times.Day(clock.GetUtcNow());
            var mark = Mark.Read(request.After);
            var before = mark.Id > 0 ? mark.Id : long.MaxValue;
            var late = request.View == "late";
            var rows =
                request.View == "done"
                    ? await db.PageAsync<Row>(
                        $"{From} AND l.answered_at IS NOT NULL AND l.id < @before AND {book.Seen} ORDER BY l.id DESC",
                        new
                        {
                            before,
                            me,
                            courts,
                            places,
                        },
                        Size + 1,
                        cancellationToken
                    )
                    : await db.PageAsync<Row>(
                        $"{From} AND l.answered_at IS NULL {(late ? "AND l.due_on < @today" : "")} AND (l.due_on > @Day OR (l.due_on = @Day AND l.id "
                            + $"> @Id)) AND {book.Seen} ORDER BY l.due_on, l.id",
                        new
                        {
                            today,
                            mark.Day,
                            mark.Id,
                            me,
                            courts,
                            places,
                        },
                        Size + 1,
                        cancellationToken
                    );
            var sums =
                await db.FirstAsync<Sums>(
                    $"""
                    SELECT COUNT(*) AS todo, COALESCE(SUM(CASE WHEN l.due_on < @today THEN 1 ELSE 0 END), 0) AS late
                    FROM triage_letter l
                    JOIN triage_filing f ON f.id = l.filing_id
                    WHERE l.side = 'in' AND l.answered_at IS NULL AND f.court_id IN @courts AND {book.Seen}
                    """,
                    new
                    {
                        today,
                        me,
                        courts,
                        places,
                    },
                    cancellationToken
                ) ?? new Sums();
            var next = rows.Count > Size ? new Mark(rows[Size - 1].DueOn, rows[Size - 1].Id).ToString() : null;
            return new Result([.. rows.Take(Size)], next, sums.Todo, sums.Late);
        }
    }
}

/// <summary>The letters of one filing in their order.</summary>
[Permit("triage.filings")]
internal sealed record LettersOfFiling : IQuery<IReadOnlyList<Letter>>
{
    public long Id { get; init; }

    internal sealed class Handler(FilingBook book, LetterBook letters, Kernel.Access.AccessLog reads) : IQueryHandler<LettersOfFiling, IReadOnlyList<Letter>>
    {
        public async Task<IReadOnlyList<Letter>> Handle(LettersOfFiling request, CancellationToken cancellationToken)
        {
            var filing = await book.GetAsync(request.Id, cancellationToken);
            reads.Note("triage.filing.view", "filing", filing.Id, filing.CaseId);
            return await letters.OfAsync(filing.Id, cancellationToken);
        }
    }
}
