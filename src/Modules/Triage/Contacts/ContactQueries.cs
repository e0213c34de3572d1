using CourtOps.Kernel.Data;
using CourtOps.Kernel.Messaging;
using CourtOps.Kernel.Security;
using CourtOps.Triage.Filings;
using CourtOps.Workzone;
using CourtOps.Workzone.People;

namespace CourtOps.Triage.Contacts;

/// <summary>Contacts by the day the answer is due.</summary>
[Permit("triage.filings")]
internal sealed record ListContacts : IQuery<ListContacts.Result>
{
    /// <summary>todo: to be done here; out: taken here for others; late; done.</summary>
    public string View { get; init; } = "todo";
    public string After { get; init; } = "";

    internal sealed record Result(IReadOnlyList<Contact> Rows, string? Next, Sums Sum, Duty? Duty);

    internal sealed record Sums
    {
        public int Todo { get; init; }
        public int Late { get; init; }
        public int Away { get; init; }
        public int Done { get; init; }
    }

    internal sealed class Handler(Db db, ContactBook book, Actor actor) : IQueryHandler<ListContacts, Result>
    {
        private const int Size = 50;

        public async Task<Result> Handle(ListContacts request, CancellationToken cancellationToken)
        {
            var (me, courts, places) = book.Arguments;
            var mark = Mark.Read(request.After);
            var court = actor.CourtId;
            var today = book.Today;
            var side = request.View switch
            {
                "out" => "k.court_id = @court AND k.for_court_id <> @court",
                "late" => "k.for_court_id = @court AND k.state IN ('open', 'accepted') AND k.due_on < @today",
                "done" => "k.for_court_id = @court AND k.state = 'done'",
                _ => "k.for_court_id = @court AND k.state IN ('open', 'accepted')",
            };
            var before = mark.Id > 0 ? mark.Id : long.MaxValue;
            var rows = request.View is "done" or "out"
                ? await db.PageAsync<Contact>(
                    $"SELECT {ContactBook.Columns} FROM triage_contact k WHERE {side} AND k.id < @before AND {book.Seen} ORDER BY k.id DESC",
                    new
                    {
                        court,
                        before,
                        me,
                        courts,
                        places,
                    },
                    Size + 1,
                    cancellationToken
                )
                : await db.PageAsync<Contact>(
                    $"SELECT {ContactBook.Columns} FROM triage_contact k WHERE {side} AND (k.due_on > @Day OR (k.due_on = @Day AND k.id > @Id)) AND "
                        + $"{book.Seen} ORDER BY k.due_on, k.id",
                    new
                    {
                        court,
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
            var sum = await db.FirstAsync<Sums>(
                $"""
                SELECT COALESCE(SUM(CASE WHEN k.for_court_id = @court AND k.state <> 'done' THEN 1 ELSE 0 END), 0) AS todo, COALESCE(SUM(CASE WHEN
                    k.for_court_id = @court AND k.state <> 'done' AND k.due_on < @today THEN 1 ELSE 0 END), 0) AS late,
                       COALESCE(SUM(CASE WHEN k.for_court_id <> @court THEN 1 ELSE 0 END), 0) AS away, COALESCE(SUM(CASE WHEN k.for_court_id = @court AND
                           k.state = 'done' THEN 1 ELSE 0 END), 0) AS done
                FROM triage_contact k WHERE {book.Seen}
                """,
                new
                {
                    court,
                    today,
                    me,
                    courts,
                    places,
                },
                cancellationToken
            );
            var duty = await db.FirstAsync<Duty>(
                "SELECT on_day, person_name, phone FROM triage_duty WHERE court_id = @court AND on_day = @today",
                new { court, today },
                cancellationToken
            );
            return new Result([.. rows.Take(Size)], rows.Count > Size ? new Mark(rows[Size - 1].DueOn, rows[Size - 1].Id).ToString() : null, sum!, duty);
        }
    }
}

internal sealed record Duty
{
    public DateOnly OnDay { get; init; }
    public string PersonName { get; init; } = "";
    public string Phone { get; init; } = "";
}

/// <summary>A contact with its papers and its chain.</summary>
[Permit("triage.filings")]
internal sealed record ShowContact : IQuery<ShowContact.Result>
{
    public long Id { get; init; }

    /// <param name="Phone">In clear: whoever answers rings up.</param>
    internal sealed record Result(
        Contact Contact,
        string Phone,
        IReadOnlyList<ContactPaper> Papers,
        IReadOnlyList<ContactEvent> Events,
        bool Mine,
        IReadOnlyList<CourtCard> Courts
    );

    internal sealed class Handler(Db db, ContactBook book, Actor actor, Secrets secrets, ICourts courts, Kernel.Access.AccessLog reads)
        : IQueryHandler<ShowContact, Result>
    {
        public async Task<Result> Handle(ShowContact request, CancellationToken cancellationToken)
        {
            var k = await book.GetAsync(request.Id, null, cancellationToken);
            reads.Note("triage.contact.view", "contact", k.Id, k.CaseId);
            var mine = actor.Courts.Contains(k.ForCourtId);
            return new Result(
                k,
                mine && actor.Can("triage.work") ? secrets.Reveal(k.PhoneEnc) ?? ""
                    : k.PhoneTail is { } tail ? "····" + tail
                    : "",
                await book.PapersAsync(k.Id, cancellationToken),
                await db.QueryAsync<ContactEvent>(
                    "SELECT event AS what, at, by_name, court_name, words, pages FROM triage_contact_event WHERE contact_id = @Id ORDER BY id",
                    new { k.Id },
                    cancellationToken
                ),
                mine,
                await courts.AllAsync(cancellationToken)
            );
        }
    }
}

/// <summary>The bytes of a paper on its way.</summary>
[Permit("triage.filings")]
internal sealed record ReadContactPaper : IQuery<ContactPaper>
{
    public long Id { get; init; }

    internal sealed class Handler(Db db, ContactBook book, Kernel.Access.AccessLog reads) : IQueryHandler<ReadContactPaper, ContactPaper>
    {
        public async Task<ContactPaper> Handle(ReadContactPaper request, CancellationToken cancellationToken)
        {
            var (me, courts, places) = book.Arguments;
            var contact =
                await db.FirstAsync<long?>(
                    "SELECT p.contact_id FROM triage_contact_paper p JOIN triage_contact k ON k.id = p.contact_id WHERE p.id = @Id AND p.document_id "
                        + $"IS NULL AND {book.Seen}",
                    new
                    {
                        request.Id,
                        me,
                        courts,
                        places,
                    },
                    cancellationToken
                ) ?? throw new NotFound("材料", request.Id);
            reads.Note("triage.filing.paper.read", "contact", contact);
            return (await book.PapersAsync(contact, cancellationToken)).First(p => p.Id == request.Id);
        }
    }
}

/// <summary>The rota of a month.</summary>
[Permit("triage.filings")]
internal sealed record ListDuty : IQuery<ListDuty.Result>
{
    public DateOnly? Month { get; init; }

    internal sealed record Result(DateOnly From, IReadOnlyList<Duty> Days, IReadOnlyList<Workzone.Cases.PersonCard> People);

    internal sealed class Handler(Db db, ContactBook book, Actor actor, IPeople people) : IQueryHandler<ListDuty, Result>
    {
        public async Task<Result> Handle(ListDuty request, CancellationToken cancellationToken)
        {
            var month = request.Month ?? book.Today;
            var from = new DateOnly(Math.Clamp(month.Year, 2000, 2100), month.Month, 1);
            return new Result(
                from,
                await db.QueryAsync<Duty>(
                    "SELECT on_day, person_name, phone FROM triage_duty WHERE court_id = @court AND on_day >= @from AND on_day < @until ORDER BY on_day",
                    new
                    {
                        court = actor.CourtId,
                        from,
                        until = from.AddMonths(1),
                    },
                    cancellationToken
                ),
                await people.WithRolesAsync(actor.CourtId, ["leader", "lead:triage", "clerk:triage", "judge"], cancellationToken)
            );
        }
    }
}
