using System.Text.Json;
using CourtOps.Kernel.Audit;
using CourtOps.Kernel.Data;
using CourtOps.Kernel.Jobs;
using CourtOps.Kernel.Messaging;
using CourtOps.Kernel.Security;
using CourtOps.Kernel.Web;
using CourtOps.Triage.Filings;
using CourtOps.Workzone.Cases;
using FluentValidation;

namespace CourtOps.Triage.Series;

/// <summary>示范诉讼: one is tried, the others wait with an owner and a day on which somebody asks.</summary>
[Permit("triage.series")]
[Audited("triage.series.park")]
internal sealed record ChooseModel : ICommand
{
    public long Id { get; init; }
    public int? Version { get; init; }
    public long FilingId { get; init; }
    public DateOnly? WakeOn { get; init; }

    internal sealed class Validator : AbstractValidator<ChooseModel>
    {
        public Validator()
        {
            RuleFor(c => c.FilingId).NotEmpty().WithMessage("请选择示范案件。");
            RuleFor(c => c.WakeOn).NotNull().WithMessage("请填写到哪一天过问。");
        }
    }

    internal sealed class Handler(Db db, Actor actor, SeriesBook book, TimeProvider clock, AuditTrail audit) : CommandHandler<ChooseModel>
    {
        protected override async Task RunAsync(ChooseModel command, CancellationToken ct)
        {
            var s = await book.GetAsync(command.Id, ct);
            var today = Times.Day(clock.GetUtcNow());
            if (command.WakeOn <= today || command.WakeOn > today.AddMonths(6))
                throw new RuleBroken("过问的日期应在今天之后、六个月之内。", "WakeOn");
            var model = await db.FirstAsync<SeriesCase>(
                "SELECT c.filing_id, c.row_no, c.case_id, c.case_number, c.name, c.amount, c.stage AS state, c.problem FROM triage_series_case c "
                    + "WHERE c.series_id = @Id AND c.filing_id = @FilingId",
                new { s.Id, command.FilingId },
                ct
            );
            if (model?.CaseId is null)
                throw new RuleBroken("示范案件应是本系列里已经登记的案件。", "FilingId");
            await SeriesBook.Table.MoveAsync(
                db,
                "park",
                s.State,
                new
                {
                    s.Id,
                    Version = command.Version ?? s.Version,
                    model.CaseId,
                    model.CaseNumber,
                    owner = actor.Id,
                    name = actor.Name,
                    command.WakeOn,
                },
                "model_case_id = @CaseId, model_number = @CaseNumber, owner_id = @owner, owner_name = @name, wake_on = @WakeOn",
                ct
            );
            await db.ExecuteAsync(
                "UPDATE triage_series_case SET stage = CASE WHEN filing_id = @FilingId THEN 'model' ELSE 'parked' END WHERE series_id = @Id AND stage "
                    + "= 'registered'",
                new { s.Id, command.FilingId },
                ct
            );
            audit.Note("series", s.Id, new { model = model.CaseNumber, command.WakeOn });
        }
    }
}

/// <summary>The day has come: its owner is asked.</summary>
[Permit(PermitAttribute.System)]
[Audited("triage.series.wake")]
internal sealed record WakeSeries : ICommand
{
    public long Id { get; init; }

    internal sealed class Handler(Db db, SeriesBook book, TimeProvider clock, AuditTrail audit) : CommandHandler<WakeSeries>
    {
        protected override async Task RunAsync(WakeSeries command, CancellationToken ct)
        {
            var s = await book.GetAsync(command.Id, ct);
            if (s.WokenAt is not null || s.State != "parked")
                return;
            await SeriesBook.Table.MoveAsync(
                db,
                "wake",
                s.State,
                new
                {
                    s.Id,
                    s.Version,
                    now = clock.GetUtcNow(),
                },
                "woken_at = @now",
                ct
            );
            audit.Note("series", s.Id, new { s.OwnerName, s.WakeOn });
        }
    }
}

/// <summary>The result of the model suit, element by element: a parked case that is like it in all goes by it, any other is tried for itself.</summary>
[Permit("triage.series")]
[Audited("triage.series.apply")]
internal sealed record ApplyModel : ICommand<ApplyModel.Result>
{
    public long Id { get; init; }
    public int? Version { get; init; }
    public IReadOnlyList<ModelElement> Elements { get; init; } = [];

    /// <summary>Filing and the elements in which it differs.</summary>
    public IReadOnlyDictionary<long, IReadOnlyList<string>> Differs { get; init; } = new Dictionary<long, IReadOnlyList<string>>();

    internal sealed record Result(int Applied, int Own);

    internal sealed class Validator : AbstractValidator<ApplyModel>
    {
        public Validator() =>
            RuleFor(c => c.Elements)
                .Must(e =>
                    e.Count is >= 1 and <= 50 && e.All(x => x is not null && x.Name is { Length: > 0 and <= 100 } && x.Finding is { Length: > 0 and <= 500 })
                )
                .WithMessage("请逐项写明要素和认定，一至五十项。")
                .Must(e => e.Where(x => x is not null).Select(x => x.Name).Distinct().Count() == e.Count)
                .WithMessage("要素重复。");
    }

    internal sealed class Handler(Db db, SeriesBook book, ICaseRegister register, TimeProvider clock, Actor actor, ICases cases, AuditTrail audit)
        : ICommandHandler<ApplyModel, Result>
    {
        public async Task<Result> Handle(ApplyModel request, CancellationToken cancellationToken)
        {
            var s = await book.GetAsync(request.Id, cancellationToken);
            var model = await db.FirstAsync<string>("SELECT state FROM workzone_case_card WHERE id = @ModelCaseId", new { s.ModelCaseId }, cancellationToken);
            if (model != "closed")
                throw new RuleBroken($"示范案件 {s.ModelNumber} 还没有结案，没有结果可以参照。", code: "model-open");
            await SeriesBook.Table.MoveAsync(
                db,
                "apply",
                s.State,
                new
                {
                    s.Id,
                    Version = request.Version ?? s.Version,
                    elements = JsonSerializer.Serialize(request.Elements, Json.Stored),
                },
                "elements = @elements, wake_on = NULL",
                cancellationToken
            );
            var (applied, own) = (0, 0);
            var today = Times.Day(clock.GetUtcNow());
            foreach (var c in (await book.CasesAsync(s.Id, 0, SeriesReading.Most + 1, cancellationToken)).Where(c => c.State == "parked"))
            {
                var differs = request.Differs.GetValueOrDefault(c.FilingId) ?? [];
                var answers = request.Elements.Select(e => new ElementAnswer(e.Name, !differs.Contains(e.Name), e.Finding)).ToList();
                var like = answers.All(a => a.Same);
                await db.ExecuteAsync(
                    "UPDATE triage_series_case SET stage = @state, elements = @answers WHERE filing_id = @FilingId",
                    new
                    {
                        state = like ? "applied" : "own",
                        answers = JsonSerializer.Serialize(answers, Json.Stored),
                        c.FilingId,
                    },
                    cancellationToken
                );
                if (actor.IsSystem || await cases.CanReadAsync(c.CaseId!.Value, cancellationToken))
                    await register.RecordAsync(
                        c.CaseId!.Value,
                        "model-applied",
                        today,
                        $"triage.series:{s.Id}",
                        new Dictionary<string, string> { ["model"] = s.ModelNumber, ["outcome"] = like ? "applied" : "own" },
                        null,
                        cancellationToken
                    );
                if (like)
                    applied++;
                else
                    own++;
            }
            audit.Note(
                "series",
                s.Id,
                new
                {
                    applied,
                    own,
                    elements = request.Elements.Count,
                }
            );
            return new Result(applied, own);
        }
    }
}
