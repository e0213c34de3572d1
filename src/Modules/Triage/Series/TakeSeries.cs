using CourtOps.Kernel.Audit;
using CourtOps.Kernel.Data;
using CourtOps.Kernel.Jobs;
using CourtOps.Kernel.Messaging;
using CourtOps.Kernel.Security;
using CourtOps.Kernel.Web;
using CourtOps.Triage.Filings;
using CourtOps.Workzone;
using CourtOps.Workzone.Cases;
using FluentValidation;

namespace CourtOps.Triage.Series;

/// <summary>Takes in up to five hundred suits in one file: one claimant, a line for each defendant. A line that is wrong stops none of the others.</summary>
[Permit("triage.work")]
[Audited("triage.series.take")]
internal sealed record TakeSeries : ICommand<TakeSeries.Result>
{
    public string Title { get; init; } = "";
    public string Cause { get; init; } = "";
    public PartyIn Claimant { get; init; } = new();

    [FileText]
    public string Lines { get; init; } = "";
    public IReadOnlyList<string> Ticks { get; init; } = [];

    internal sealed record Fault(int Row, string Name, string Reason);

    internal sealed record Result(long Id, string Number, int Taken, IReadOnlyList<Fault> Faults);

    internal sealed class Validator : AbstractValidator<TakeSeries>
    {
        public Validator()
        {
            RuleFor(c => c.Cause).NotEmpty().WithMessage("请填写案由。").MaximumLength(120).WithMessage("案由最长 120 个字符。");
            RuleFor(c => c.Title).MaximumLength(200).WithMessage("名称最长 200 个字符。");
            RuleFor(c => c.Lines).NotEmpty().WithMessage("请粘贴被告的名单。").MaximumLength(300_000).WithMessage("名单最长 300000 个字符。");
            RuleFor(c => c.Ticks).Must(t => !t.Except(FactCodes.Civil.Keys).Any()).WithMessage("有不认识的案情选项。");
            RuleFor(c => c)
                .Custom(
                    (c, context) =>
                    {
                        if (c.Claimant is null)
                            context.AddFailure("Claimant", "请填写原告。");
                        else
                            foreach (var (field, message) in PartyReading.Read([c.Claimant with { Role = "原告" }]).Faults)
                                context.AddFailure(field.Replace("Parties[0]", "Claimant", StringComparison.Ordinal), message);
                    }
                );
        }
    }

    internal sealed class Handler(Db db, Ids ids, Actor actor, ICourts courts, TimeProvider clock, Sequences sequences, Intake intake, AuditTrail audit)
        : ICommandHandler<TakeSeries, Result>
    {
        public async Task<Result> Handle(TakeSeries request, CancellationToken cancellationToken)
        {
            var lines = SeriesReading.Read(request.Lines, "被告");
            if (lines.Count > SeriesReading.Most)
                throw new RuleBroken($"一份名单最多 {SeriesReading.Most} 名，这份有 {lines.Count} 名，请分开。", "Lines", "too-many");
            var good = lines.Where(l => l.Fault is null).ToList();
            if (good.Count == 0)
                throw new RuleBroken(lines.Count == 0 ? "名单里没有可读的行。" : "名单里每一行都有错，请改正后再收。", "Lines", "nothing");
            var court = await courts.GetAsync(actor.CourtId, cancellationToken);
            var now = clock.GetUtcNow();
            var id = ids.Next();
            var number =
                $"系{court.Code}-{Times.Day(now).Year}-{await sequences.NextAsync($"triage.series:{court.Id}:{Times.Day(now).Year}", cancellationToken):0000}";
            var claimant = request.Claimant with { Role = "原告" };
            var name = PartyReading.Fold(claimant.Name);
            await db.ExecuteAsync(
                """
                INSERT INTO triage_series (id, number, court_id, title, cause, claimant, total, state, model_number, owner_name, taken_at, taken_by_name,
                    version)
                VALUES (@id, @number, @court, @title, @cause, @name, @total, 'taken', '', '', @now, @by, 1)
                """,
                new
                {
                    id,
                    number,
                    court = court.Id,
                    title = PartyReading.Fold(request.Title) is { Length: > 0 } t ? t : $"{name} {request.Cause}",
                    cause = PartyReading.Fold(request.Cause),
                    name,
                    total = good.Count,
                    now,
                    by = actor.Name,
                },
                cancellationToken
            );
            foreach (var l in good)
            {
                var taken = await intake.TakeAsync(
                    new TakeFiling
                    {
                        Cause = request.Cause,
                        Parties = [claimant, l.Party],
                        Claims =
                            l.Amount is null && l.Words.Length == 0
                                ? []
                                :
                                [
                                    new ClaimIn
                                    {
                                        Type = l.Amount is null ? "other" : "money",
                                        Amount = l.Amount,
                                        Words = l.Words,
                                    },
                                ],
                        Facts = new FilingFacts { Ticks = request.Ticks },
                        Sender = name,
                    },
                    new Entry("counter", court),
                    cancellationToken
                );
                await db.ExecuteAsync(
                    "INSERT INTO triage_series_case (series_id, filing_id, row_no, case_number, name, amount, stage, problem) VALUES (@id, @filing, "
                        + "@Row, '', @name, @amount, 'taken', '')",
                    new
                    {
                        id,
                        filing = taken.Id,
                        l.Row,
                        name = PartyReading.Fold(l.Party.Name),
                        amount = l.Amount is { } a ? (long)(a * 100) : (long?)null,
                    },
                    cancellationToken
                );
            }
            audit.Note("series", id, new { taken = good.Count, faults = lines.Count - good.Count });
            return new Result(
                id,
                number,
                good.Count,
                [.. lines.Where(l => l.Fault is not null).Select(l => new Fault(l.Row, PartyReading.Fold(l.Party.Name), l.Fault!))]
            );
        }
    }
}
