using System.Text.Json.Serialization;
using CourtOps.Enforcement.Dates;
using CourtOps.Enforcement.Measures;
using CourtOps.Kernel.Access;
using CourtOps.Kernel.Audit;
using CourtOps.Kernel.Data;
using CourtOps.Kernel.Messaging;
using CourtOps.Kernel.Security;
using CourtOps.Kernel.States;
using CourtOps.Kernel.Web;
using CourtOps.Workzone.Cases;
using FluentValidation;

namespace CourtOps.Enforcement.Reception;

internal sealed record VisitRow
{
    public const string Columns =
        "v.id, v.case_id, v.court_id, v.visitor, v.party_id, v.phone_enc, v.way, v.topic, v.words, v.state, v.came_at, v.taken_by_name, v.due_on, "
        + "v.answer, v.answered_by_name, v.answered_at, v.version";

    public static readonly StateTable Table = new("enforcement_visit", "接待", new("answer", ["open"], "answered"), new("note", ["open"], null));

    public static readonly IReadOnlyDictionary<string, string> States = new Dictionary<string, string> { ["open"] = "待答复", ["answered"] = "已答复" };

    public static readonly IReadOnlyDictionary<string, string> Ways = new Dictionary<string, string>
    {
        ["desk"] = "窗口",
        ["phone"] = "来电",
        ["letter"] = "来信",
    };

    public static readonly IReadOnlyDictionary<string, string> Topics = new Dictionary<string, string>
    {
        ["progress"] = "问进展",
        ["clue"] = "报线索",
        ["money"] = "问案款",
        ["object"] = "提异议",
        ["settle"] = "谈和解",
        ["other"] = "其他事项",
    };

    public long Id { get; init; }
    public long CaseId { get; init; }
    public string CaseNumber { get; init; } = "";
    public string? JudgeName { get; init; }
    public long CourtId { get; init; }
    public string Visitor { get; init; } = "";
    public long? PartyId { get; init; }

    [JsonIgnore]
    public string? PhoneEnc { get; init; }
    public string Way { get; init; } = "";
    public string Topic { get; init; } = "";
    public string Words { get; init; } = "";
    public string State { get; init; } = "";
    public DateTimeOffset CameAt { get; init; }
    public string TakenByName { get; init; } = "";
    public DateOnly DueOn { get; init; }
    public string? Answer { get; init; }
    public string? AnsweredByName { get; init; }
    public DateTimeOffset? AnsweredAt { get; init; }
    public int Version { get; init; }
}

/// <summary>Somebody came to the desk, called or wrote about a case: what they want, and the day of the answer.</summary>
[Permit("enforcement.work")]
[Audited("enforcement.visit.take")]
internal sealed record TakeVisit : ICommand<VisitRow>
{
    /// <summary>Working days in which somebody who came is answered: a practice of the court.</summary>
    public const int Workdays = 5;

    public string CaseNumber { get; init; } = "";
    public string Visitor { get; init; } = "";
    public string Phone { get; init; } = "";
    public string Way { get; init; } = "desk";
    public string Topic { get; init; } = "";
    public string Words { get; init; } = "";
    public DateOnly? Due { get; init; }

    internal sealed class Validator : AbstractValidator<TakeVisit>
    {
        public Validator()
        {
            RuleFor(c => c.CaseNumber).NotEmpty().WithMessage("请填写案号。");
            RuleFor(c => c.Visitor).NotEmpty().WithMessage("请填写来访人。").MaximumLength(60).WithMessage("来访人最长 60 个字符。");
            RuleFor(c => c.Phone).MaximumLength(40).WithMessage("电话最长 40 个字符。");
            RuleFor(c => c.Way).Must(VisitRow.Ways.ContainsKey).WithMessage("请选择来访方式。");
            RuleFor(c => c.Topic).Must(VisitRow.Topics.ContainsKey).WithMessage("请选择事由。");
            RuleFor(c => c.Words).NotEmpty().WithMessage("请写明来意。").MaximumLength(1000).WithMessage("来意最长 1000 个字符。");
        }
    }

    internal sealed class Handler(
        Db db,
        Ids ids,
        Actor actor,
        TimeProvider clock,
        ICases cases,
        MeasureWork work,
        CaseDates dates,
        Secrets secrets,
        AuditTrail audit
    ) : ICommandHandler<TakeVisit, VisitRow>
    {
        public async Task<VisitRow> Handle(TakeVisit c, CancellationToken cancellationToken)
        {
            if (!Law.CaseNumber.TryParse(c.CaseNumber.Trim(), out var number))
                throw new RuleBroken($"案号“{c.CaseNumber}”不合格式，应形如（2026）吉2424执123号。", "CaseNumber");
            var found = await db.FirstAsync<long?>("SELECT id FROM workzone_case_card WHERE number = @Canonical", new { number.Canonical }, cancellationToken);
            if (found is not { } caseId || !await cases.CanReadAsync(caseId, cancellationToken))
                throw new RuleBroken($"本院没有您能办理的案件 {number.Canonical}。", "CaseNumber");
            var card = await cases.GetAsync(caseId, cancellationToken);
            var due = c.Due ?? work.Calendar.AddWorkdays(work.Today, Workdays);
            if (due < work.Today || due > work.Today.AddDays(60))
                throw new RuleBroken("答复期限应在今天以后、六十日以内。", "Due");
            var id = ids.Next();
            var party = (await cases.PartiesAsync(card.Id, cancellationToken)).FirstOrDefault(p => p.Name == c.Visitor.Trim());
            await db.ExecuteAsync(
                """
                INSERT INTO enforcement_visit (id, case_id, court_id, visitor, party_id, phone_enc, way, topic, words, state, came_at, taken_by_name, due_on,
                    version)
                VALUES (@id, @CaseId, @CourtId, @visitor, @partyId, @phone, @Way, @Topic, @words, 'open', @now, @by, @due, 1)
                """,
                new
                {
                    id,
                    CaseId = card.Id,
                    card.CourtId,
                    visitor = c.Visitor.Trim(),
                    partyId = party?.Id,
                    phone = secrets.Protect(c.Phone),
                    c.Way,
                    c.Topic,
                    words = c.Words.Trim(),
                    now = clock.StoredNow(),
                    by = actor.Name,
                    due,
                },
                cancellationToken
            );
            await dates.SetAsync(
                card.Id,
                card.CourtId,
                $"visit:{id}",
                DateKinds.Visit,
                due,
                $"答复{c.Visitor.Trim()}：{VisitRow.Topics[c.Topic]}",
                cancellationToken
            );
            audit.Note(
                "visit",
                id,
                new
                {
                    c.Way,
                    c.Topic,
                    due,
                },
                card.Id
            );
            return (await db.FirstAsync<VisitRow>($"SELECT {VisitRow.Columns} FROM enforcement_visit v WHERE v.id = @id", new { id }, cancellationToken))!;
        }
    }
}

/// <summary>What the visitor was told; the date of the answer ends by it.</summary>
[Permit("enforcement.work")]
[Audited("enforcement.visit.answer")]
internal sealed record AnswerVisit : ICommand<VisitRow>
{
    public long Id { get; init; }
    public int? Version { get; init; }
    public string Answer { get; init; } = "";

    internal sealed class Validator : AbstractValidator<AnswerVisit>
    {
        public Validator() => RuleFor(c => c.Answer).NotEmpty().WithMessage("请填写答复。").MaximumLength(1000).WithMessage("答复最长 1000 个字符。");
    }

    internal sealed class Handler(Db db, Actor actor, TimeProvider clock, ICases cases, CaseDates dates, AuditTrail audit)
        : ICommandHandler<AnswerVisit, VisitRow>
    {
        public async Task<VisitRow> Handle(AnswerVisit c, CancellationToken cancellationToken)
        {
            var v = await db.FirstAsync<VisitRow>($"SELECT {VisitRow.Columns} FROM enforcement_visit v WHERE v.id = @Id", new { c.Id }, cancellationToken);
            if (v is null || !await cases.CanReadAsync(v.CaseId, cancellationToken))
                throw new NotFound("接待", c.Id);
            await VisitRow.Table.MoveAsync(
                db,
                "answer",
                v.State,
                new
                {
                    v.Id,
                    Version = c.Version ?? v.Version,
                    answer = c.Answer.Trim(),
                    by = actor.Name,
                    now = clock.StoredNow(),
                },
                "answer = @answer, answered_by_name = @by, answered_at = @now",
                cancellationToken
            );
            await dates.EndAsync($"visit:{v.Id}", cancellationToken);
            audit.Note("visit", v.Id, new { days = Times.Day(clock.GetUtcNow()).DayNumber - Times.Day(v.CameAt).DayNumber }, v.CaseId);
            return (await db.FirstAsync<VisitRow>($"SELECT {VisitRow.Columns} FROM enforcement_visit v WHERE v.id = @Id", new { v.Id }, cancellationToken))!;
        }
    }
}

/// <summary>Visits of the cases the person may see: what waits for an answer, by its day.</summary>
[Permit("enforcement.read")]
internal sealed record ListVisits : IQuery<IReadOnlyList<VisitRow>>
{
    public string State { get; init; } = "open";
    public long? CaseId { get; init; }

    internal sealed class Handler(Db db, ICases cases, AccessLog reads) : IQueryHandler<ListVisits, IReadOnlyList<VisitRow>>
    {
        public async Task<IReadOnlyList<VisitRow>> Handle(ListVisits request, CancellationToken cancellationToken)
        {
            if (request.CaseId is { } one)
                await cases.GetAsync(one, cancellationToken);
            var (me, courts, places) = cases.Arguments;
            var rows = await db.PageAsync<VisitRow>(
                $"SELECT {VisitRow.Columns}, c.number AS case_number, c.judge_name FROM enforcement_visit v JOIN workzone_case_card c ON c.id = "
                    + "v.case_id WHERE v.state = @State"
                    + (request.CaseId is null ? "" : " AND v.case_id = @CaseId")
                    + " AND "
                    + cases.Seen("v.case_id")
                    + " ORDER BY v.due_on"
                    + (request.State == "answered" ? " DESC" : "")
                    + ", v.id",
                new
                {
                    request.State,
                    request.CaseId,
                    me,
                    courts,
                    places,
                },
                200,
                cancellationToken
            );
            reads.List("enforcement.visit.list", rows.Count, new { request.State }, request.CaseId);
            return rows;
        }
    }
}
