using CourtOps.Kernel.Audit;
using CourtOps.Kernel.Data;
using CourtOps.Kernel.Messaging;
using CourtOps.Kernel.Security;
using CourtOps.Kernel.Web;
using CourtOps.Kernel.Work;
using CourtOps.Law;
using CourtOps.ServiceOfDocuments.Attempts;
using CourtOps.ServiceOfDocuments.Tasks;
using CourtOps.Workzone;
using CourtOps.Workzone.WorkOrders;
using FluentValidation;

namespace CourtOps.ServiceOfDocuments.Entrust;

/// <summary>The entrusted court has the papers: its clock begins (CPL-I 134).</summary>
[Permit("service.work")]
[Audited("service.entrust.receive")]
internal sealed record ReceiveEntrusted : ICommand
{
    public long Id { get; init; }

    internal sealed class Handler(Db db, EntrustBook book, ICourts courts, ICalendarSource calendars, TimeProvider clock, Actor actor, AuditTrail audit)
        : CommandHandler<ReceiveEntrusted>
    {
        protected override async Task RunAsync(ReceiveEntrusted command, CancellationToken ct)
        {
            var row = await book.ForUsAsync(command.Id, ct);
            var now = clock.StoredNow();
            var serveBy = EntrustRules.ServeBy(Times.Day(now), row.Judgment, calendars.For((await courts.GetAsync(row.ToCourtId, ct)).Code));
            await EntrustRules.Table.MoveAsync(
                db,
                "receive",
                row.State,
                new
                {
                    row.Id,
                    row.Version,
                    by = actor.Name,
                    now,
                    serveBy,
                },
                "received_by = @by, received_at = @now, serve_by = @serveBy",
                ct
            );
            audit.Note("entrust", row.Id, new { serveBy });
        }
    }
}

/// <summary>What came of it: signed with the receipt, or returned with the reason. The consequence is drawn in the entrusting court.</summary>
[Permit("service.work")]
[Audited("service.entrust.answer")]
internal sealed record AnswerEntrusted : ICommand
{
    public long Id { get; init; }

    /// <summary>signed or returned.</summary>
    public string Outcome { get; init; } = "";
    public DateOnly? On { get; init; }

    /// <summary>self, family, agent or unit.</summary>
    public string Signer { get; init; } = "self";

    /// <summary>Who signed is the opposing party: no service (CPL 88).</summary>
    public bool Opposing { get; init; }
    public string Place { get; init; } = "";
    public string Words { get; init; } = "";
    public IReadOnlyList<TakenFile> Files { get; init; } = [];

    internal sealed class Validator : AbstractValidator<AnswerEntrusted>
    {
        public Validator()
        {
            RuleFor(c => c.Outcome).Must(EntrustRules.Outcomes.ContainsKey).WithMessage("请选择委托送达的结果。");
            RuleFor(c => c.Signer).Must(s => s is "self" or "family" or "agent" or "unit").WithMessage("签收人应为本人、同住成年家属、代收人或者单位收发。");
            RuleFor(c => c.Place).MaximumLength(200).WithMessage("地点最长 200 个字符。");
            RuleFor(c => c.Words).MaximumLength(400).WithMessage("说明最长 400 个字符。");
        }
    }

    internal sealed class Handler(Db db, EntrustBook book, Notices notices, EvidenceBook evidence, WorkQueue work, Actor actor, AuditTrail audit)
        : CommandHandler<AnswerEntrusted>
    {
        protected override async Task RunAsync(AnswerEntrusted command, CancellationToken ct)
        {
            var row = await book.ForUsAsync(command.Id, ct);
            var now = notices.Now();
            if (row.ReceivedAt is not { } received)
                throw new RuleBroken("请先签收委托。", code: "state");
            if (
                EntrustRules.Missing(
                    command.Outcome,
                    command.On,
                    Times.Day(received),
                    Times.Day(now),
                    command.Place.Trim(),
                    command.Words.Trim(),
                    command.Files.Count > 0
                ) is
                { } missing
            )
                throw new RuleBroken(missing.Words, missing.Field);
            await EntrustRules.Table.MoveAsync(
                db,
                "answer",
                row.State,
                new
                {
                    row.Id,
                    row.Version,
                    command.Outcome,
                    on = command.On,
                    command.Signer,
                    command.Opposing,
                    place = command.Place.Trim(),
                    words = command.Words.Trim(),
                    by = actor.Name,
                    now,
                },
                "outcome = @Outcome, on_day = @on, signer = @Signer, opposing = @Opposing, place = @place, answer_words = @words, answered_by = @by, "
                    + "answered_at = @now",
                ct
            );
            var notice = await notices.GetAsync(row.NoticeId, ct);
            foreach (var file in command.Files)
                await evidence.AddAsync(notice, row.StepId, file, file.Kind, now, command.Place.Trim(), $"{row.ToCourtName}送达回证", actor.Name, now, ct);
            // whoever answers has no right to anything in the entrusting court: the effect is drawn there
            await work.AddAsync(TakeAnswer.Name, $"{row.Id}", new TakeAnswer.Payload { Id = row.Id }, ct: ct);
            audit.Note("entrust", row.Id, new { command.Outcome, command.On });
        }
    }
}

/// <summary>An answer comes into the entrusting court as a try of its notice.</summary>
internal sealed class TakeAnswer(Db db, EntrustBook book, Notices notices, IWorkOrders orders, AttemptBook attempts, Alarms alarms, Finishing finishing)
    : IWorkHandler
{
    public const string Name = "service.entrusted";

    public string Queue => Name;

    public bool Repeatable => true;

    public int MaxAttempts => 20;

    public TimeSpan Lease => TimeSpan.FromMinutes(1);

    public Task<WorkOutcome> ActAsync(WorkItem item, CancellationToken ct) => Task.FromResult(WorkOutcome.Done());

    public async Task RecordAsync(WorkItem item, WorkOutcome outcome, CancellationToken ct)
    {
        if (outcome.End != WorkEnd.Done || await book.FindAsync(item.Read<Payload>().Id, ct) is not { AnsweredAt: { } at } row)
            return;
        var notice = await notices.GetAsync(row.NoticeId, ct);
        try
        {
            await db.SavepointAsync(async () =>
                await attempts.RecordAsync(
                    notice,
                    await orders.GetAsync(notice.OrderId, ct),
                    new AttemptFacts
                    {
                        Channel = "entrusted",
                        Outcome = row is { Outcome: "signed", Opposing: false } ? "signed" : "returned",
                        On = row.OnDay ?? Times.Day(at),
                        Signer = row.Signer ?? "self",
                        Opposing = row.Opposing,
                        Place = row.Place ?? "",
                        Words = Contests.Cut($"{row.ToCourtName}{(row.Opposing ? "：签收人是对方当事人，不算送达" : "")} {row.AnswerWords}".Trim(), 400),
                        Tracking = $"{row.Id}",
                    },
                    null,
                    true,
                    $"{row.ToCourtName} {row.AnsweredBy}",
                    ct
                )
            );
            await finishing.LookAsync(notice.OrderId, ct);
        }
        catch (Exception e) when (e is RuleBroken or Conflict or NotFound)
        {
            await alarms.RaiseAsync(
                "entrusted",
                $"entrusted:{row.Id}",
                notice.CaseId,
                notice.Id,
                notice.Recipient,
                $"{row.ToCourtName}回复“{EntrustRules.Outcomes[row.Outcome!]}”，但未能登记：{e.Message}",
                ct
            );
        }
    }

    internal sealed record Payload
    {
        public long Id { get; init; }
    }
}
