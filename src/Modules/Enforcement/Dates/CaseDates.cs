using CourtOps.Kernel.Access;
using CourtOps.Kernel.Audit;
using CourtOps.Kernel.Data;
using CourtOps.Kernel.Messaging;
using CourtOps.Kernel.Security;
using CourtOps.Kernel.Web;
using CourtOps.Law;
using CourtOps.Workzone.Cases;
using CourtOps.Workzone.WorkOrders;

namespace CourtOps.Enforcement.Dates;

/// <summary>What a date of a case is of; Chinese, the keys of their translations.</summary>
internal static class DateKinds
{
    public const string Money = "money";
    public const string Instalment = "instalment";
    public const string Sanction = "sanction";
    public const string Auction = "auction";
    public const string Poll = "poll";
    public const string Plan = "plan";
    public const string Visit = "visit";
    public const string Offline = "offline";
    public const string Period = "period";
    public const string Report = "report";
    public const string Linkage = "linkage";

    public static readonly IReadOnlyDictionary<string, string> Labels = new Dictionary<string, string>
    {
        [Money] = "发放案款",
        [Instalment] = "和解分期",
        [Sanction] = "惩戒措施",
        [Auction] = "拍卖节点",
        [Poll] = "终本后查询",
        [Plan] = "分配方案",
        [Visit] = "来访答复",
        [Offline] = "线下调查",
        [Period] = "法定期限",
        [Report] = "财产报告",
        [Linkage] = "联动催办",
    };

    /// <summary>Days before its day on which an order is opened.</summary>
    public static int Ahead(string kind) =>
        kind switch
        {
            Money => 5,
            Instalment => 3,
            Sanction => 2,
            Auction => 5,
            Poll => 7,
            Visit => 1,
            Offline => 7,
            Period => 3,
            Report => 2,
            Linkage => 1,
            _ => 0,
        };
}

/// <summary>
/// Dates of a case on which somebody must have acted. Before its day a date opens an order, over its day the order is escalated, again every three working
/// days; the act that it waits for ends it.
/// </summary>
internal sealed class CaseDates(Db db, Ids ids, TimeProvider clock)
{
    private DateOnly Today => Times.Day(clock.GetUtcNow());

    /// <summary>Sets a date, or moves it; one that was done begins anew.</summary>
    /// <param name="subject">What it is of: the same subject has one date.</param>
    public async Task SetAsync(long caseId, long courtId, string subject, string kind, DateOnly due, string words, CancellationToken ct)
    {
        var ahead = due.AddDays(-DateKinds.Ahead(kind));
        var args = new
        {
            id = ids.Next(),
            caseId,
            courtId,
            subject,
            kind,
            words = words.Length > 200 ? words[..200] : words,
            due,
            next = ahead < Today ? Today : ahead,
        };
        if (
            await db.ExecuteAsync(
                "UPDATE enforcement_date SET due_on = @due, next_date = @next, words = @words, done_on = NULL, level = 0 WHERE subject = @subject",
                args,
                ct
            ) == 0
        )
            await db.ExecuteAsync(
                "INSERT INTO enforcement_date (id, case_id, court_id, subject, kind, words, due_on, next_date, orders, level) VALUES (@id, @caseId, "
                    + "@courtId, @subject, @kind, @words, @due, @next, 0, 0)",
                args,
                ct
            );
    }

    /// <summary>What the date waited for was done.</summary>
    public Task EndAsync(string subject, CancellationToken ct) =>
        db.ExecuteAsync(
            "UPDATE enforcement_date SET done_on = @Today, next_date = NULL WHERE subject = @subject AND done_on IS NULL",
            new { subject, Today },
            ct
        );
}

internal sealed record DateRow
{
    public const string Columns = "d.id, d.case_id, d.court_id, d.subject, d.kind, d.words, d.due_on, d.next_date, d.done_on, d.order_id, d.orders, d.level";

    public long Id { get; init; }
    public long CaseId { get; init; }
    public long CourtId { get; init; }
    public string CaseNumber { get; init; } = "";
    public string? JudgeName { get; init; }
    public string Subject { get; init; } = "";
    public string Kind { get; init; } = "";
    public string Words { get; init; } = "";
    public DateOnly DueOn { get; init; }
    public DateOnly? NextDate { get; init; }
    public DateOnly? DoneOn { get; init; }
    public long? OrderId { get; init; }
    public int Orders { get; init; }
    public int Level { get; init; }
}

/// <summary>A date whose turn has come.</summary>
[Permit(PermitAttribute.System)]
[Audited("enforcement.date.tell")]
internal sealed record TellDate : ICommand
{
    public long Id { get; init; }

    internal sealed class Handler(Db db, TimeProvider clock, ICalendarSource calendars, IWorkOrders orders, Network.Asking asking, AuditTrail audit)
        : CommandHandler<TellDate>
    {
        // the inquiry after the end of a round goes out by itself; a person is asked only where it has not come back by its day
        private async Task<bool> PolledAsync(DateRow d, CancellationToken ct)
        {
            try
            {
                await asking.AskAsync([d.CaseId], [], one: true, ct);
            }
            catch (RuleBroken)
            {
                return false;
            }
            await db.ExecuteAsync("UPDATE enforcement_date SET next_date = due_on, level = 1 WHERE id = @Id", new { d.Id }, ct);
            audit.Note("date", d.Id, new { d.Kind, asked = true }, d.CaseId);
            return true;
        }

        protected override async Task RunAsync(TellDate command, CancellationToken ct)
        {
            var today = Times.Day(clock.GetUtcNow());
            var d = await db.FirstAsync<DateRow>(
                $"SELECT {DateRow.Columns} FROM enforcement_date d WHERE d.id = @Id AND d.done_on IS NULL AND d.next_date <= @today",
                new { command.Id, today },
                ct
            );
            if (d is null)
                return;
            if (d is { Kind: DateKinds.Poll, Level: 0 } && today < d.DueOn && await PolledAsync(d, ct))
                return;
            var orderId = d.OrderId;
            if (orderId is null || !OrderState.IsOpen((await orders.GetAsync(orderId.Value, ct)).State))
            {
                var judge = await db.FirstAsync<long?>("SELECT judge_id FROM workzone_case_card WHERE id = @CaseId", new { d.CaseId }, ct);
                orderId = (
                    await orders.OpenAsync(
                        new NewOrder
                        {
                            Type = EnforcementOrders.Date,
                            CaseId = d.CaseId,
                            Title = $"{DateKinds.Labels[d.Kind]}：{Times.Iso(d.DueOn)}",
                            Subject = d.Words.Length > 120 ? d.Words[..120] : d.Words,
                            CauseSubject = d.Subject,
                            Round = d.Orders + 1,
                            AskedBy = judge,
                            Form = new Dictionary<string, string> { ["事项"] = d.Words, ["期限"] = Times.Iso(d.DueOn) },
                        },
                        ct
                    )
                ).Id;
                d = d with { Orders = d.Orders + 1 };
            }
            if (today > d.DueOn)
                await orders.StepAsync(orderId.Value, OrderStep.Escalate, new StepInput { Words = $"应在 {Times.Iso(d.DueOn)} 前办理，已超期" }, ct);
            var next = today <= d.DueOn ? d.DueOn.AddDays(1) : calendars.For(null).AddWorkdays(today, 3);
            await db.ExecuteAsync(
                "UPDATE enforcement_date SET order_id = @orderId, orders = @Orders, next_date = @next, level = @level WHERE id = @Id",
                new
                {
                    d.Id,
                    d.Orders,
                    orderId,
                    next,
                    level = today > d.DueOn ? 2 : 1,
                },
                ct
            );
            audit.Note("date", d.Id, new { d.Kind, d.DueOn }, d.CaseId);
        }
    }
}

/// <summary>Dates that wait, by their day; of the cases the person may see.</summary>
[Permit("enforcement.read")]
internal sealed record ListDates : IQuery<ListDates.Result>
{
    public string Kind { get; init; } = "";
    public long? CaseId { get; init; }
    public DateOnly? AfterDue { get; init; }
    public long After { get; init; }

    internal sealed record Result(IReadOnlyList<DateRow> Rows, string? Next);

    internal sealed class Handler(Db db, ICases cases, AccessLog reads) : IQueryHandler<ListDates, Result>
    {
        public async Task<Result> Handle(ListDates request, CancellationToken cancellationToken)
        {
            if (request.CaseId is { } one)
                await cases.GetAsync(one, cancellationToken);
            var (me, courts, places) = cases.Arguments;
            var from = request.AfterDue ?? new DateOnly(2000, 1, 1);
            var rows = await db.PageAsync<DateRow>(
                $"SELECT {DateRow.Columns}, c.number AS case_number, c.judge_name FROM enforcement_date d JOIN workzone_case_card c ON c.id = d.case_id "
                    + "WHERE d.done_on IS NULL AND d.court_id IN @courts AND d.due_on >= @from AND (d.due_on > @from OR d.id > @After) AND "
                    + cases.Seen("d.case_id")
                    + (request.Kind.Length == 0 ? "" : " AND d.kind = @Kind")
                    + (request.CaseId is null ? "" : " AND d.case_id = @CaseId")
                    + " ORDER BY d.due_on, d.id",
                new
                {
                    from,
                    request.After,
                    request.Kind,
                    request.CaseId,
                    me,
                    courts,
                    places,
                },
                51,
                cancellationToken
            );
            reads.List("enforcement.date.list", Math.Min(50, rows.Count), new { request.Kind }, request.CaseId);
            return new Result([.. rows.Take(50)], rows.Count > 50 ? $"after={rows[49].Id}&afterDue={Times.Iso(rows[49].DueOn)}" : null);
        }
    }
}
