using System.Text.Json;
using CourtOps.Kernel.Data;
using CourtOps.Kernel.Messaging;
using CourtOps.Kernel.Search;
using CourtOps.Kernel.Security;
using CourtOps.Kernel.Web;
using CourtOps.Law;
using CourtOps.Workzone.Documents;

namespace CourtOps.Workzone.Cases;

[Permit("workzone.cases.read")]
internal sealed record ListCases : IQuery<ListCases.Result>
{
    /// <summary>A whole number or a fragment: "民初1234", "1234".</summary>
    public string? Number { get; init; }

    /// <summary>"limit" orders by what bites first; otherwise newest first.</summary>
    public string? Sort { get; init; }
    public string? After { get; init; }
    public int Take { get; init; } = 50;

    internal sealed record Result(IReadOnlyList<Row> Rows, string? Next);

    internal sealed record Row
    {
        public long Id { get; init; }
        public string Number { get; init; } = "";
        public string CourtName { get; init; } = "";
        public string Cause { get; init; } = "";
        public string ProcedureCode { get; init; } = "";
        public DateOnly FiledOn { get; init; }
        public string? JudgeName { get; init; }
        public string State { get; init; } = "";
        public string PartiesText { get; init; } = "";
        public DateOnly? ClockEnd { get; init; }
        public DateOnly? ClockBaseEnd { get; init; }
    }

    internal sealed class Handler(Db db, CaseAccess access, Kernel.Access.AccessLog reads) : IQueryHandler<ListCases, Result>
    {
        private const string Select = """
            SELECT c.id, c.number, t.name AS court_name, c.cause, c.procedure_code, c.filed_on, p.name AS judge_name, c.state, c.parties_text, c.clock_end,
                c.clock_base_end
            FROM workzone_case c
            JOIN workzone_court t ON t.id = c.court_id
            LEFT JOIN workzone_person p ON p.id = c.judge_id
            WHERE
            """;

        public async Task<Result> Handle(ListCases request, CancellationToken cancellationToken)
        {
            var (me, courts, places) = access.Arguments;
            var where = " " + access.ListCondition;
            var text = request.Number?.Trim() ?? "";
            string? number = null;
            long? serial = null;
            var name = "";
            if (CaseNumber.TryParse(text, out var parsed))
            {
                number = parsed.Canonical;
                where += " AND c.number = @number";
            }
            else if (text.Length > 0)
            {
                var digits = new string([.. text.Folded().Where(char.IsAsciiDigit)]);
                if (digits.Length is > 0 and < 10 && text.Folded().TrimEnd('号').EndsWith(digits, StringComparison.Ordinal))
                {
                    serial = long.Parse(digits, System.Globalization.CultureInfo.InvariantCulture);
                    where += " AND c.serial = @serial";
                }
                else
                {
                    name = text + "%";
                    where += " AND EXISTS (SELECT 1 FROM workzone_party y WHERE y.case_id = c.id AND y.name LIKE @name)";
                }
            }
            var parts = request.After?.Split('|');
            DateOnly? dateAfter =
                parts is { Length: 2 } && DateOnly.TryParse(parts[0], System.Globalization.CultureInfo.InvariantCulture, out var d) ? d : null;
            var idAfter = parts is { Length: 2 } && long.TryParse(parts[1], System.Globalization.CultureInfo.InvariantCulture, out var i) ? i : 0;
            var limit = request.Sort == "limit";
            if (limit)
                where += " AND c.state = 'open' AND c.clock_end IS NOT NULL";
            if (dateAfter is not null)
                where += limit
                    ? " AND c.clock_end >= @dateAfter AND NOT (c.clock_end = @dateAfter AND c.id <= @idAfter)"
                    : " AND c.filed_on <= @dateAfter AND NOT (c.filed_on = @dateAfter AND c.id >= @idAfter)";
            var rows = await db.PageAsync<Row>(
                Select + where + (limit ? " ORDER BY c.clock_end, c.id" : " ORDER BY c.filed_on DESC, c.id DESC"),
                new
                {
                    me,
                    courts,
                    places,
                    number,
                    serial,
                    name,
                    dateAfter,
                    idAfter,
                },
                request.Take + 1,
                cancellationToken
            );
            var more = rows.Count > request.Take;
            var shown = more ? [.. rows.Take(request.Take)] : rows;
            reads.List(
                "workzone.case.list",
                shown.Count,
                new
                {
                    number = Masks.Words(request.Number),
                    request.Sort,
                    request.After,
                }
            );
            return new Result(shown, more ? $"{Times.Iso(limit ? shown[^1].ClockEnd!.Value : shown[^1].FiledOn)}|{shown[^1].Id}" : null);
        }
    }
}

[Permit("workzone.cases.read")]
internal sealed record ShowCase : IQuery<ShowCase.Result>
{
    public long Id { get; init; }

    internal sealed record Result(
        Card Case,
        IReadOnlyList<Party> Parties,
        ClockCard? Clock,
        int UsedDays,
        int? LeftDays,
        IReadOnlyList<ExplanationLine> Explanation,
        TrialClockResult? Trial,
        IReadOnlyList<FindingRow> Findings,
        IReadOnlyList<DocumentCard> Documents,
        IReadOnlyList<OrderRow> Orders,
        IReadOnlyList<Event> Events
    )
    {
        /// <summary>What the trial limit is computed from.</summary>
        public IReadOnlyList<ClockFact> Facts { get; init; } = [];

        /// <summary>The days that do not count, overlaps taken together.</summary>
        public IReadOnlyList<DeductedSpan> Deducted { get; init; } = [];

        /// <summary>Clerks of the judge's team.</summary>
        public IReadOnlyList<string> Clerks { get; init; } = [];

        /// <summary>Slips of the case, newest first.</summary>
        public IReadOnlyList<SlipRow> Slips { get; init; } = [];

        /// <summary>When and where the next hearing is.</summary>
        public (string Start, string Room)? Hearing { get; init; }

        /// <summary>The day that used and left are counted to: today, of a closed case the day of its closing.</summary>
        public DateOnly AsOf { get; init; }

        /// <summary>Days of the whole limit without what is deducted; null where there is none.</summary>
        public int? Total { get; init; }

        /// <summary>Over the limit on that day, by the end that the court's setting makes count.</summary>
        public bool Over { get; init; }

        /// <summary>The events of the case by day.</summary>
        public IReadOnlyList<LivedRow> Lived { get; init; } = [];

        /// <summary>Rules of inspection that find nothing, in per cent; null where the case was not inspected yet.</summary>
        public int? Complete { get; init; }

        /// <summary>Names of those who sit now.</summary>
        public IReadOnlyList<string> Panel { get; init; } = [];

        /// <summary>Cases that belong to it.</summary>
        public IReadOnlyList<Register.ShowRegister.Link> Links { get; init; } = [];
    }

    internal sealed record Card
    {
        public long Id { get; init; }
        public string Number { get; init; } = "";
        public long CourtId { get; init; }
        public string CourtCode { get; init; } = "";
        public string CourtName { get; init; } = "";
        public string Kind { get; init; } = "";
        public string Cause { get; init; } = "";
        public string ProcedureCode { get; init; } = "";
        public DateOnly FiledOn { get; init; }
        public long? Amount { get; init; }
        public long? JudgeId { get; init; }
        public string? JudgeName { get; init; }
        public DateOnly? AllottedOn { get; init; }
        public string State { get; init; } = "";
        public string PartiesText { get; init; } = "";
        public DateTimeOffset CreatedAt { get; init; }
        public string Source { get; init; } = "";
        public int Version { get; init; }
        public DateOnly? ClosedOn { get; init; }
        public string? ClosedHow { get; init; }
        public DateOnly? CustodyUntil { get; init; }
        public string? Marks { get; init; }
        public long? OriginId { get; init; }
    }

    internal sealed record Party
    {
        public long Id { get; init; }
        public string Name { get; init; } = "";
        public string Role { get; init; } = "";
        public string PartyType { get; init; } = "";
        public string EService { get; init; } = "";
        public string Language { get; init; } = "";
        public string? EmailHint { get; init; }
        public string? PhoneTail { get; init; }
        public string? IdNumberTail { get; init; }
        public int Version { get; init; }

        /// <summary>As this person may see them without a reason.</summary>
        public string? IdNumber { get; init; }
        public string? Phone { get; init; }
        public string? Email { get; init; }
        public IReadOnlyList<Agent> Agents { get; init; } = [];
    }

    internal sealed record Agent
    {
        public long PartyId { get; init; }
        public string Name { get; init; } = "";
        public string AgentType { get; init; } = "";
        public string? PhoneTail { get; init; }
    }

    internal sealed record FindingRow
    {
        public string Code { get; init; } = "";
        public string Field { get; init; } = "";
        public string Severity { get; init; } = "";
        public string Args { get; init; } = "";

        public string Text { get; init; } = "";
    }

    internal sealed record OrderRow
    {
        public long Id { get; init; }
        public string Number { get; init; } = "";
        public string Title { get; init; } = "";
        public string Subject { get; init; } = "";
        public string State { get; init; } = "";
        public string? AssigneeName { get; init; }
        public DateTimeOffset AskedAt { get; init; }
        public DateTimeOffset? DueAt { get; init; }
        public DateTimeOffset? WakeAt { get; init; }
        public DateTimeOffset? ClosedAt { get; init; }
    }

    /// <summary>A slip of the case that this person sent, has to answer, or sees as a leader of its court.</summary>
    internal sealed record SlipRow
    {
        public long Id { get; init; }
        public string Number { get; init; } = "";
        public string Kind { get; init; } = "";
        public string ToName { get; init; } = "";
        public string State { get; init; } = "";
        public DateTimeOffset DueAt { get; init; }
        public DateTimeOffset? EndedAt { get; init; }
    }

    /// <summary>The hearing that is booked and lies ahead, with its room; null where there is none. Pure.</summary>
    /// <param name="lived">The events of the case in the order they were recorded on a day.</param>
    /// <param name="now">Hearings that begin after it.</param>
    internal static (string Start, string Room)? NextHearing(IReadOnlyList<LivedRow> lived, DateTimeOffset now)
    {
        var off = lived.Where(l => l.Event == "hearing-cancelled").Select(l => l.SourceKey.Split(':')[^1]).ToHashSet();
        return lived
            .Where(l => l.Event == "hearing-scheduled" && l.SourceKey.StartsWith("hearing:", StringComparison.Ordinal))
            .Select(l => (Row: l, Key: l.SourceKey.Split(':')))
            .Where(l => l.Key.Length == 3 && !off.Contains(l.Key[1]))
            .GroupBy(l => l.Key[1])
            .Select(g => g.MaxBy(l => int.TryParse(l.Key[2], out var version) ? version : 0).Row)
            .Where(l => string.CompareOrdinal(l.Fact("start"), Times.Full(now)) > 0)
            .OrderBy(l => l.Fact("start"), StringComparer.Ordinal)
            .Select(l => ((string Start, string Room)?)(l.Fact("start"), l.Fact("room")))
            .FirstOrDefault();
    }

    internal sealed record Event(DateTimeOffset At, string Text, string Who, string? Href);

    internal sealed record LivedRow
    {
        public string Event { get; init; } = "";
        public DateOnly OnDay { get; init; }
        public string Facts { get; init; } = "{}";
        public long? DocumentId { get; init; }
        public string RecordedBy { get; init; } = "";
        public DateTimeOffset RecordedAt { get; init; }

        public string SourceKey { get; init; } = "";

        /// <summary>Of a service: to whom.</summary>
        public string Recipient => Fact("recipient");

        public string Fact(string name) => JsonSerializer.Deserialize<Dictionary<string, string>>(Facts, Json.Stored)?.GetValueOrDefault(name) ?? "";
    }

    internal sealed class Handler(
        Db db,
        CaseAccess access,
        IDocuments documents,
        TimeProvider clock,
        Texts texts,
        ICalendarSource calendars,
        Secrets secrets,
        Actor actor,
        LinkHolders holders,
        ClockBook clocks,
        Calendars.LawChanges law
    ) : IQueryHandler<ShowCase, Result>
    {
        public async Task<Result> Handle(ShowCase request, CancellationToken cancellationToken)
        {
            await access.DemandAsync(request.Id, cancellationToken);
            var card =
                await db.FirstAsync<Card>(
                    """
                    SELECT c.id, c.number, c.court_id, t.code AS court_code, t.name AS court_name, c.kind, c.cause, c.procedure_code, c.filed_on, c.amount,
                        c.judge_id, p.name AS judge_name, c.allotted_on, c.state, c.parties_text, c.created_at, c.source, c.version, c.closed_on, c.closed_how,
                            c.custody_until, c.marks, c.origin_id
                    FROM workzone_case c
                    JOIN workzone_court t ON t.id = c.court_id
                    LEFT JOIN workzone_person p ON p.id = c.judge_id
                    WHERE c.id = @Id
                    """,
                    new { request.Id },
                    cancellationToken
                ) ?? throw new NotFound("案件", request.Id);
            var parties = await db.QueryAsync<StoredParty>(
                "SELECT id, name, role, party_type, e_service, language, email_hint, phone_tail, id_number_tail, id_number_enc, phone_enc, email_enc, "
                    + "version FROM workzone_party WHERE case_id = @Id ORDER BY ordinal",
                new { request.Id },
                cancellationToken
            );
            var agents = (
                await db.QueryAsync<Agent>(
                    "SELECT a.party_id, a.name, a.agent_type, a.phone_tail FROM workzone_agent a JOIN workzone_party p ON p.id = a.party_id WHERE "
                        + "p.case_id = @Id ORDER BY a.id",
                    new { request.Id },
                    cancellationToken
                )
            ).ToLookup(a => a.PartyId);
            var findings = await db.QueryAsync<FindingRow>(
                "SELECT code, field, severity, args FROM workzone_inspection WHERE case_id = @Id ORDER BY id",
                new { request.Id },
                cancellationToken
            );
            var orders = await db.PageAsync<OrderRow>(
                "SELECT o.id, o.number, o.title, o.subject, o.state, o.assignee_name, o.asked_at, o.due_at, o.wake_at, o.closed_at FROM "
                    + "workzone_order o WHERE o.case_id = @Id ORDER BY o.asked_at DESC, o.id DESC",
                new { request.Id },
                50,
                cancellationToken
            );
            var docs = await documents.OfCaseAsync(request.Id, cancellationToken);
            var today = ClockBook.AsOf(Times.Day(clock.GetUtcNow()), card.ClosedOn);
            var facts = await clocks.FactsAsync(request.Id, cancellationToken);
            var union = ClockDays.Union(facts, today);
            var lived = await db.QueryAsync<LivedRow>(
                "SELECT event, on_day, facts, source_key, document_id, recorded_by, recorded_at FROM workzone_case_event WHERE case_id = @Id AND undone_at IS "
                    + "NULL ORDER BY on_day, id",
                new { request.Id },
                cancellationToken
            );
            var explained = CaseClock.Explain(
                card.ProcedureCode,
                card.FiledOn,
                facts,
                card.CustodyUntil is not null,
                today,
                texts.Language == "en",
                calendars.For(card.CourtCode),
                law.All
            );
            var trial = explained?.Result;
            var (me, courts, places) = access.Arguments;
            var look = await db.FirstAsync<Inspections.ShowCaseInspection.Look>(
                "SELECT rules, failed, looked_at FROM workzone_inspection_look WHERE case_id = @Id",
                new { request.Id },
                cancellationToken
            );
            var panel = await db.QueryAsync<string>(
                """
                SELECT m.name FROM workzone_panel p JOIN workzone_panel_member m ON m.panel_id = p.id
                WHERE p.case_id = @Id AND NOT EXISTS (SELECT 1 FROM workzone_panel later WHERE later.case_id = p.case_id AND (later.from_on > p.from_on OR
                    (later.from_on = p.from_on AND later.id > p.id)))
                ORDER BY m.n
                """,
                new { request.Id },
                cancellationToken
            );
            var links = await db.QueryAsync<Register.ShowRegister.Link>(
                $"SELECT l.id, CASE WHEN l.other_id IS NOT NULL AND {access.Seeing.OfCase("l.other_id")} THEN l.other_id END AS other_id, "
                    + "l.other_number, l.kind FROM workzone_case_link l WHERE l.case_id = @Id AND l.ended_at IS NULL ORDER BY l.id",
                new
                {
                    request.Id,
                    me,
                    courts,
                    places,
                },
                cancellationToken
            );
            var clerks = card.JudgeId is null
                ? []
                : await db.QueryAsync<string>(
                    """
                    SELECT p.name FROM workzone_person p
                    JOIN workzone_person j ON j.id = @JudgeId AND j.team = p.team AND j.court_id = p.court_id AND p.team <> ''
                    WHERE p.court_id = @CourtId AND p.state = 'active' AND p.id <> @JudgeId
                      AND EXISTS (SELECT 1 FROM workzone_role_grant r WHERE r.person_id = p.id AND r.court_id = p.court_id AND r.role = 'clerk' AND
                          r.centre = '')
                    ORDER BY p.name
                    """,
                    new { card.JudgeId, card.CourtId },
                    cancellationToken
                );
            var slips = actor.Can("workzone.slips.read")
                ? await db.PageAsync<SlipRow>(
                    "SELECT s.id, s.number, s.kind, s.to_name, s.state, s.due_at, s.ended_at FROM workzone_slip s WHERE s.case_id = @Id AND "
                        + "(s.to_id = @me OR s.from_id = @me OR @leads = 1) ORDER BY s.id DESC",
                    new
                    {
                        request.Id,
                        me,
                        leads = actor.Can("workzone.slips.send") && actor.Holds(Roles.Leader, card.CourtId),
                    },
                    8,
                    cancellationToken
                )
                : [];
            return new Result(
                card,
                [.. parties.Select(p => Masked(p) with { Agents = [.. agents[p.Id]] })],
                trial is null ? null : new ClockCard(trial.BaseEnd, trial.End, trial.LegalEnd, trial.LastDayToApply, trial.Provisional),
                ClockDays.Used(trial?.Base ?? card.FiledOn, today, union),
                trial?.End is { } end ? end.DayNumber - today.DayNumber : null,
                explained?.Lines ?? [],
                trial,
                [.. findings.Select(f => f with { Text = Inspections.InspectionWords.Of(texts, f.Code, f.Args) })],
                docs,
                orders,
                Events(card, docs, orders, lived, texts)
            )
            {
                Facts = facts,
                Deducted = union,
                Clerks = clerks,
                Slips = slips,
                Hearing = NextHearing(lived, clock.GetUtcNow()),
                AsOf = today,
                Total = trial?.End is { } last ? Math.Max(0, last.DayNumber - trial.Base.DayNumber - trial.DeductedDays) : null,
                Over = trial?.OverdueFrom is { } late && today >= late,
                Lived = lived,
                Complete = look?.Complete,
                Panel = panel,
                Links = links,
            };
        }

        // whoever may ask for the whole value handles the case; others see next to nothing
        private Party Masked(StoredParty p)
        {
            var handler = actor.Can("workzone.secrets.unmask");
            // who can have the link of a party does not see what the link asks for
            var holder = holders.Has(actor);
            return new Party
            {
                Id = p.Id,
                Name = p.Name,
                Role = p.Role,
                PartyType = p.PartyType,
                EService = p.EService,
                Language = p.Language,
                EmailHint = p.EmailHint,
                PhoneTail = p.PhoneTail,
                IdNumberTail = holder ? null : p.IdNumberTail,
                Version = p.Version,
                IdNumber = holder ? (p.IdNumberEnc is null ? null : "••••") : Masks.IdNumber(secrets.Reveal(p.IdNumberEnc), handler),
                Phone = Masks.Phone(secrets.Reveal(p.PhoneEnc), handler),
                Email = Masks.Email(secrets.Reveal(p.EmailEnc), handler),
            };
        }

        private sealed record StoredParty
        {
            public long Id { get; init; }
            public string Name { get; init; } = "";
            public string Role { get; init; } = "";
            public string PartyType { get; init; } = "";
            public string EService { get; init; } = "";
            public string Language { get; init; } = "";
            public string? EmailHint { get; init; }
            public string? PhoneTail { get; init; }
            public string? IdNumberTail { get; init; }
            public string? IdNumberEnc { get; init; }
            public string? PhoneEnc { get; init; }
            public string? EmailEnc { get; init; }
            public int Version { get; init; }
        }

        private static List<Event> Events(Card card, IReadOnlyList<DocumentCard> docs, IReadOnlyList<OrderRow> orders, IReadOnlyList<LivedRow> lived, Texts t)
        {
            var events = new List<Event>
            {
                new(
                    card.CreatedAt,
                    t["案件进入系统"],
                    t[
                        card.Source switch
                        {
                            "import" => "案件导入",
                            "triage" => "立案",
                            "enforcement" => "执行立案",
                            _ => "演示数据",
                        }
                    ],
                    null
                ),
            };
            events.AddRange(docs.Select(d => new Event(d.CreatedAt, d.Title, d.CreatedByName, $"/documents/{d.Id}")));
            events.AddRange(orders.Select(o => new Event(o.AskedAt, t["发起工单：{0}", o.Title], o.Number, $"/orders/{o.Id}")));
            events.AddRange(
                orders
                    .Where(o => o.ClosedAt is not null)
                    .Select(o => new Event(o.ClosedAt!.Value, t[o.State == "closed" ? "工单办结：{0}" : "工单撤回：{0}", o.Title], o.Number, $"/orders/{o.Id}"))
            );
            events.AddRange(
                lived
                    .Where(l => l.Event is not ("registered" or "document-served"))
                    .Select(l => new Event(
                        l.RecordedAt,
                        $"{t["caseevent." + l.Event]} {Times.Iso(l.OnDay)}",
                        l.RecordedBy,
                        l.DocumentId is { } d ? $"/documents/{d}" : null
                    ))
            );
            return [.. events.OrderByDescending(e => e.At)];
        }
    }
}
