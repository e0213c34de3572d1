using CourtOps.Enforcement.Checks;
using CourtOps.Enforcement.Command;
using CourtOps.Enforcement.Dates;
using CourtOps.Kernel.Audit;
using CourtOps.Kernel.Data;
using CourtOps.Kernel.Messaging;
using CourtOps.Kernel.Security;
using CourtOps.Kernel.Web;
using CourtOps.Workzone.Cases;
using FluentValidation;

namespace CourtOps.Enforcement.Papers;

internal sealed record ReportRow
{
    public const string Columns = "r.id, r.case_id, r.party_id, r.party_name, r.kind, r.on_day, r.due_on, r.late, r.words, r.person_name";

    /// <summary>order, answer or change; Chinese, the keys of their translations.</summary>
    public static readonly IReadOnlyDictionary<string, string> Kinds = new Dictionary<string, string>
    {
        ["order"] = "报告财产令已送达",
        ["answer"] = "报告财产",
        ["change"] = "补充报告变动",
    };

    public long Id { get; init; }
    public long CaseId { get; init; }
    public long PartyId { get; init; }
    public string PartyName { get; init; } = "";
    public string Kind { get; init; } = "";

    /// <summary>Day of the service, of the report, of the report of a change.</summary>
    public DateOnly OnDay { get; init; }

    /// <summary>Of an order: the last day to report. Of a change: the last day to report it.</summary>
    public DateOnly? DueOn { get; init; }
    public bool Late { get; init; }
    public string Words { get; init; } = "";
    public string PersonName { get; init; } = "";
}

/// <summary>Days of the report of property. Pure.</summary>
internal static class ReportRules
{
    /// <summary>Days from a change of the property to its report (财产调查规定 7).</summary>
    public const int ChangeDays = 10;

    /// <summary>The last day to report after the order was served; the day of service is not counted.</summary>
    public static DateOnly Due(DateOnly served, int days, Law.CourtCalendar calendar) =>
        Law.Periods.Compute(served, days, Law.PeriodUnit.Day, calendar).LegalLastDay;
}

/// <summary>The order to report was served, a debtor reported, or reported a change: the dates follow, a late one is marked.</summary>
[Permit("enforcement.work")]
[Audited("enforcement.report.record")]
internal sealed record RecordReport : ICommand<ReportRow>
{
    public long CaseId { get; init; }
    public long PartyId { get; init; }

    /// <summary>order, answer or change.</summary>
    public string Kind { get; init; } = "";
    public DateOnly? On { get; init; }

    /// <summary>Of an order: days to report.</summary>
    public int? Days { get; init; }

    /// <summary>Of a change: when the property changed.</summary>
    public DateOnly? ChangedOn { get; init; }
    public string Words { get; init; } = "";

    internal sealed class Validator : AbstractValidator<RecordReport>
    {
        public Validator()
        {
            RuleFor(c => c.CaseId).NotEmpty().WithMessage("请指明案件。");
            RuleFor(c => c.PartyId).NotEmpty().WithMessage("请选择被执行人。");
            RuleFor(c => c.Kind).Must(ReportRow.Kinds.ContainsKey).WithMessage("请选择登记的事项。");
            RuleFor(c => c.Days).InclusiveBetween(1, 60).When(c => c.Days is not null).WithMessage("报告期限从 1 到 60 日。");
            RuleFor(c => c.ChangedOn).NotNull().When(c => c.Kind == "change").WithMessage("请填写财产变动的日期。");
            RuleFor(c => c.Words)
                .NotEmpty()
                .When(c => c.Kind is "answer" or "change")
                .WithMessage("请写明报告的内容和审查的情况。")
                .MaximumLength(1000)
                .WithMessage("内容最长 1000 个字符。");
        }
    }

    internal sealed class Handler(ICases cases, ReportBook book, AuditTrail audit) : ICommandHandler<RecordReport, ReportRow>
    {
        public async Task<ReportRow> Handle(RecordReport c, CancellationToken cancellationToken)
        {
            var card = await cases.GetAsync(c.CaseId, cancellationToken);
            var party =
                (await cases.PartiesAsync(card.Id, cancellationToken)).FirstOrDefault(p => p.Id == c.PartyId && p.Role == "被执行人")
                ?? throw new RuleBroken("请选择本案的被执行人。", "PartyId");
            var on = c.On ?? book.Today;
            if (on > book.Today || on < card.FiledOn)
                throw new RuleBroken("日期应在立案之后、今天以前。", "On");
            if (c.ChangedOn > on)
                throw new RuleBroken("财产变动的日期晚于报告的日期。", "ChangedOn");
            var row = await book.AddAsync(
                card,
                party.Id,
                party.Name,
                c.Kind,
                on,
                c.Days ?? DraftPaper.ReportDays,
                c.ChangedOn,
                c.Words.Trim(),
                cancellationToken
            );
            audit.Note(
                "report",
                row.Id,
                new
                {
                    c.Kind,
                    on,
                    row.Late,
                },
                card.Id
            );
            return row;
        }
    }
}

/// <summary>Records of the report of property with what follows from them; in the open transaction.</summary>
internal sealed class ReportBook(
    Db db,
    Ids ids,
    Actor actor,
    TimeProvider clock,
    Law.ICalendarSource calendars,
    CaseDates dates,
    NodeBook nodes,
    Lookout lookout
)
{
    public DateOnly Today => Times.Day(clock.GetUtcNow());

    /// <exception cref="RuleBroken">Code no-order: nothing was ordered yet. Field On: the order is later.</exception>
    public async Task<ReportRow> AddAsync(
        CaseCard card,
        long partyId,
        string partyName,
        string kind,
        DateOnly on,
        int days,
        DateOnly? changedOn,
        string words,
        CancellationToken ct
    )
    {
        var order = await db.FirstAsync<ReportRow>(
            $"SELECT {ReportRow.Columns} FROM enforcement_report r WHERE r.case_id = @CaseId AND r.party_id = @partyId AND r.kind = 'order' ORDER BY r.id DESC",
            new { CaseId = card.Id, partyId },
            ct
        );
        if (kind != "order" && order is null)
            throw new RuleBroken("还没有登记报告财产令的送达。", "Kind", "no-order");
        if (kind != "order" && on < order!.OnDay)
            throw new RuleBroken($"日期早于报告财产令的送达 {Times.Iso(order.OnDay)}。", "On");
        await lookout.TrackAsync(card, ct);
        var due = kind switch
        {
            "order" => ReportRules.Due(on, days, calendars.For(null)),
            "change" => ReportRules.Due(changedOn!.Value, ReportRules.ChangeDays, calendars.For(null)),
            _ => order!.DueOn,
        };
        var row = new ReportRow
        {
            Id = ids.Next(),
            CaseId = card.Id,
            PartyId = partyId,
            PartyName = partyName,
            Kind = kind,
            OnDay = on,
            DueOn = due,
            Late = kind != "order" && on > due,
            Words = words,
            PersonName = actor.Name,
        };
        await db.ExecuteAsync(
            """
            INSERT INTO enforcement_report (id, case_id, court_id, party_id, party_name, kind, on_day, due_on, late, words, person_name, at)
            VALUES (@Id, @CaseId, @CourtId, @PartyId, @PartyName, @Kind, @OnDay, @DueOn, @Late, @Words, @PersonName, @now)
            """,
            new
            {
                row.Id,
                row.CaseId,
                card.CourtId,
                row.PartyId,
                row.PartyName,
                row.Kind,
                row.OnDay,
                row.DueOn,
                row.Late,
                row.Words,
                row.PersonName,
                now = clock.StoredNow(),
            },
            ct
        );
        if (kind == "order")
            await dates.SetAsync(card.Id, card.CourtId, Subject(card.Id, partyId), DateKinds.Report, due!.Value, $"{partyName}应报告财产，逾期可以处罚", ct);
        if (kind == "answer")
        {
            await dates.EndAsync(Subject(card.Id, partyId), ct);
            if (await OpenAsync(card.Id, ct) == 0)
                await nodes.DoneAsync(card.Id, "report", on, "财产报告已收到并审查", ct);
        }
        await lookout.LookAsync(card.Id, ct);
        return row;
    }

    // debtors who did not report
    private Task<int> OpenAsync(long caseId, CancellationToken ct) =>
        db.ScalarAsync<int>(
            "SELECT COUNT(*) FROM workzone_party_card p WHERE p.case_id = @caseId AND p.role = '被执行人' AND NOT EXISTS (SELECT 1 FROM enforcement_report r "
                + "WHERE r.case_id = @caseId AND r.party_id = p.id AND r.kind = 'answer')",
            new { caseId },
            ct
        );

    private static string Subject(long caseId, long partyId) => $"report:{caseId}:{partyId}";
}
