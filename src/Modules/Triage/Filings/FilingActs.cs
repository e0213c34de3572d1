using System.Text.Json;
using CourtOps.Kernel.Audit;
using CourtOps.Kernel.Data;
using CourtOps.Kernel.Files;
using CourtOps.Kernel.Messaging;
using CourtOps.Kernel.Security;
using CourtOps.Kernel.Settings;
using CourtOps.Kernel.Web;
using CourtOps.Law;
using CourtOps.Triage.Settings;
using CourtOps.Workzone;
using FluentValidation;

namespace CourtOps.Triage.Filings;

/// <summary>A paper handed in is kept with the filing.</summary>
[Permit("triage.work")]
[Audited("triage.filing.paper")]
internal sealed record AddPaper : ICommand<long>
{
    public long FilingId { get; init; }
    public string Kind { get; init; } = "";
    public string Title { get; init; } = "";
    public Blob Blob { get; init; } = new("", 0);
    public int? Pages { get; init; }
    public string? UploadId { get; init; }

    internal sealed class Validator : AbstractValidator<AddPaper>
    {
        public Validator()
        {
            RuleFor(c => c.Kind).Must(PaperKinds.Labels.ContainsKey).WithMessage("请选择材料种类。");
            RuleFor(c => c.Title).NotEmpty().WithMessage("请填写材料名称。").MaximumLength(200).WithMessage("材料名称最长 200 个字符。");
        }
    }

    internal sealed class Handler(Db db, Ids ids, TimeProvider clock, Actor actor, FilingBook book, BlobStore blobs, Uploads uploads, AuditTrail audit)
        : ICommandHandler<AddPaper, long>
    {
        public async Task<long> Handle(AddPaper request, CancellationToken cancellationToken)
        {
            var filing = await book.SharedAsync(request.FilingId, null, cancellationToken);
            if (filing.State is not (FilingState.Collected or FilingState.Received or FilingState.Returned))
                throw new RuleBroken("已经登记或者结束的收件不再收材料，请在案件页上传。", "File");
            if (
                await db.ScalarAsync<int>(
                    "SELECT COUNT(*) FROM triage_filing_paper WHERE filing_id = @Id AND blob = @Sha256 AND kind = @Kind",
                    new
                    {
                        filing.Id,
                        request.Blob.Sha256,
                        request.Kind,
                    },
                    cancellationToken
                ) > 0
            )
                throw new RuleBroken("这份材料已经收过，内容完全相同。", "File", "same-content");
            await blobs.KeepAsync(request.Blob, cancellationToken);
            var id = ids.Next();
            await book.AddPaperAsync(
                new FilingPaper
                {
                    Id = id,
                    FilingId = request.FilingId,
                    Kind = request.Kind,
                    Title = request.Title.Trim(),
                    Blob = request.Blob.Sha256,
                    Size = request.Blob.Size,
                    Pages = request.Pages,
                    AddedAt = clock.GetUtcNow(),
                },
                actor.Name,
                cancellationToken
            );
            if (!string.IsNullOrEmpty(request.UploadId))
                await uploads.TakeAsync(request.UploadId, cancellationToken);
            await book.NoteAsync(filing.Id, "paper", request.Title.Trim(), cancellationToken);
            audit.Note(
                "filing",
                filing.Id,
                new
                {
                    request.Kind,
                    request.Blob.Sha256,
                    request.Pages,
                }
            );
            return id;
        }
    }
}

/// <summary>One written notice of everything that is missing; the clock stands still until it is corrected (民诉法解释 126).</summary>
[Permit("triage.work")]
[Audited("triage.filing.return")]
internal sealed record ReturnFiling : ICommand
{
    public long Id { get; init; }
    public int? Version { get; init; }
    public IReadOnlyList<string> Missing { get; init; } = [];

    internal sealed class Validator : AbstractValidator<ReturnFiling>
    {
        public Validator() =>
            RuleFor(c => c.Missing)
                .Must(m => m.Any(x => !string.IsNullOrWhiteSpace(x)))
                .WithMessage("请写明缺什么，一次告知全部。")
                .Must(m => m.All(x => (x ?? "").Length <= 300) && m.Count <= 50)
                .WithMessage("最多 50 项，每项最长 300 个字符。");
    }

    internal sealed class Handler(FilingBook book, TimeProvider clock, ICourts courts, ICalendarSource calendars, ISettings settings, AuditTrail audit)
        : CommandHandler<ReturnFiling>
    {
        protected override async Task RunAsync(ReturnFiling command, CancellationToken ct)
        {
            var filing = await book.GetAsync(command.Id, command.Version, ct);
            if (filing.ReturnedAt is not null)
                throw new RuleBroken("补正只能一次性告知，本件已经告知过。材料仍不齐的，按不予立案或者退回处理。", "Missing", "returned-once");
            var now = clock.GetUtcNow();
            var rules = settings.Current<CounterRules>(filing.CourtId);
            var correctBy = FilingClock.CorrectBy(
                Times.Day(now),
                TransferRules.CorrectDays(filing.Channel, filing.CaseType, rules.CorrectDays),
                calendars.For((await courts.GetAsync(filing.CourtId, ct)).Code)
            );
            var missing = command.Missing.Select(m => (m ?? "").Trim()).Where(m => m.Length > 0).Distinct().ToList();
            await book.MoveAsync(
                filing,
                FilingStep.Return,
                new
                {
                    filing.Id,
                    filing.Version,
                    missing = JsonSerializer.Serialize(missing, Json.Stored),
                    now,
                    correctBy,
                    rules.Complaint,
                },
                "missing = @missing, returned_at = @now, correct_by = @correctBy, decide_by = NULL, complaint = @Complaint",
                ct
            );
            await book.NoteAsync(filing.Id, FilingStep.Return, string.Join("；", missing), ct);
            audit.Note("filing", filing.Id, new { missing = missing.Count, correctBy });
        }
    }
}

/// <summary>What was missing has come in: the clock begins anew on the following day.</summary>
[Permit("triage.work")]
[Audited("triage.filing.correct")]
internal sealed record CorrectFiling : ICommand
{
    public long Id { get; init; }
    public int? Version { get; init; }

    internal sealed class Handler(FilingBook book, TimeProvider clock, ICourts courts, ICalendarSource calendars, AuditTrail audit)
        : CommandHandler<CorrectFiling>
    {
        protected override async Task RunAsync(CorrectFiling command, CancellationToken ct)
        {
            var filing = await book.SharedAsync(command.Id, command.Version, ct);
            var today = Times.Day(clock.GetUtcNow());
            var decideBy = FilingClock.DecideBy(
                filing.Kind,
                filing.Cause,
                filing.FactSet.Ticks,
                today,
                calendars.For((await courts.GetAsync(filing.CourtId, ct)).Code)
            );
            await book.MoveAsync(
                filing,
                FilingStep.Correct,
                new
                {
                    filing.Id,
                    filing.Version,
                    today,
                    decideBy,
                },
                "clock_from = @today, decide_by = @decideBy",
                ct
            );
            await book.NoteAsync(filing.Id, FilingStep.Correct, "", ct);
            audit.Note("filing", filing.Id, new { decideBy });
        }
    }
}

/// <summary>Not taken, with the reason and the way of complaint; or, where what is missing did not come in time, given back and recorded.</summary>
[Permit("triage.work")]
[Audited("triage.filing.refuse")]
internal sealed record RefuseFiling : ICommand
{
    public long Id { get; init; }
    public int? Version { get; init; }
    public string Reason { get; init; } = "";
    public string Complaint { get; init; } = "";

    /// <summary>Not corrected in time.</summary>
    public bool Lapsed { get; init; }

    internal sealed class Validator : AbstractValidator<RefuseFiling>
    {
        public Validator()
        {
            RuleFor(c => c.Reason).NotEmpty().WithMessage("请写明理由和依据。").MaximumLength(1000).WithMessage("理由最长 1000 个字符。");
            RuleFor(c => c.Complaint)
                .NotEmpty()
                .When(c => !c.Lapsed)
                .WithMessage("请写明投诉途径。")
                .MaximumLength(400)
                .WithMessage("投诉途径最长 400 个字符。");
        }
    }

    internal sealed class Handler(FilingBook book, Transferring transfers, TimeProvider clock, AuditTrail audit) : CommandHandler<RefuseFiling>
    {
        protected override async Task RunAsync(RefuseFiling command, CancellationToken ct)
        {
            var filing = await book.GetAsync(command.Id, command.Version, ct);
            // 民诉法 37, 行诉法 22
            if (filing.Kind is "civil" or "admin" && await transfers.IsMovedAsync(filing, ct))
                throw new RuleBroken(
                    "其他法院裁定移送的案件应当受理；认为不属本院管辖的，报请上级人民法院指定管辖，不能在这里退回或者再行移送。",
                    "Reason",
                    "moved"
                );
            var now = clock.GetUtcNow();
            if (command.Lapsed && filing.CorrectBy is { } by && Times.Day(now) <= by)
                throw new RuleBroken($"补正期限到 {Times.Iso(by)} 才届满，届满前不能按逾期退回。", "Reason");
            var step = command.Lapsed ? FilingStep.Lapse : FilingStep.Refuse;
            await book.MoveAsync(
                filing,
                step,
                new
                {
                    filing.Id,
                    filing.Version,
                    now,
                    reason = command.Reason.Trim(),
                    complaint = command.Complaint.Trim() is { Length: > 0 } way ? way : filing.Complaint,
                },
                "refused_at = @now, reason = @reason, complaint = @complaint, decide_by = NULL",
                ct
            );
            await book.NoteAsync(filing.Id, step, command.Reason.Trim(), ct);
            audit.Note("filing", filing.Id, new { command.Lapsed });
        }
    }
}
