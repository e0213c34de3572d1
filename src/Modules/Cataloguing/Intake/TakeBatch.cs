using System.Globalization;
using CourtOps.Cataloguing.Sorting;
using CourtOps.Kernel.Audit;
using CourtOps.Kernel.Data;
using CourtOps.Kernel.Files;
using CourtOps.Kernel.Messaging;
using CourtOps.Kernel.Security;
using CourtOps.Kernel.Settings;
using CourtOps.Kernel.Web;
using CourtOps.Law;
using CourtOps.Workzone.Calendars;
using CourtOps.Workzone.Cases;
using CourtOps.Workzone.WorkOrders;
using FluentValidation;

namespace CourtOps.Cataloguing.Intake;

/// <summary>Times of the centre (F-05).</summary>
internal sealed record IntakeRules
{
    public int Hours { get; init; } = 7;
    public int UrgentHours { get; init; } = 4;
}

/// <summary>Takes material of a case in: the files are kept as they came, and opened and read as work. There is a receipt at once.</summary>
[Permit("cataloguing.intake")]
[Audited("cataloguing.batch.take")]
internal sealed record TakeBatch : ICommand<TakeBatch.Result>
{
    public long CaseId { get; init; }
    public string Sender { get; init; } = "";

    /// <summary>How many pages the sender says there are.</summary>
    public int? Announced { get; init; }
    public string Note { get; init; } = "";
    public bool Urgent { get; init; }
    public string Source { get; init; } = "upload";
    public IReadOnlyList<TakenFile> Files { get; init; } = [];

    internal sealed record Result(long Id, string Number, long OrderId, int Files);

    internal sealed class Validator : AbstractValidator<TakeBatch>
    {
        public Validator()
        {
            RuleFor(c => c.CaseId).NotEmpty().WithMessage("请指明案件。");
            RuleFor(c => c.Sender).NotEmpty().WithMessage("请填写提交人。").MaximumLength(120).WithMessage("提交人最长 120 个字符。");
            RuleFor(c => c.Announced).InclusiveBetween(1, 100_000).WithMessage("申报页数应在 1 到 100000 之间。");
            RuleFor(c => c.Note).MaximumLength(400).WithMessage("备注最长 400 个字符。");
            RuleFor(c => c.Source).Must(Sources.Labels.ContainsKey).WithMessage("没有这种来源：{PropertyValue}。");
            RuleFor(c => c.Files)
                .NotEmpty()
                .WithMessage("请选择要提交的文件。")
                .Must(f => f.Count <= AddFiles.Most)
                .WithMessage($"一次最多 {AddFiles.Most} 个文件，请分批提交。");
        }
    }

    internal sealed class Handler(Taking taking) : ICommandHandler<TakeBatch, Result>
    {
        public Task<Result> Handle(TakeBatch request, CancellationToken cancellationToken) => taking.TakeAsync(request, null, cancellationToken);
    }
}

/// <summary>Opens a batch with its order: for the command and for the scanner's folder; in the transaction that is open.</summary>
internal sealed class Taking(
    Db db,
    Ids ids,
    Actor actor,
    TimeProvider clock,
    ICases cases,
    IWorkOrders orders,
    Sequences sequences,
    ISettings settings,
    ICalendarSource calendars,
    Uploads uploads,
    BatchBook book,
    AuditTrail audit
)
{
    public async Task<TakeBatch.Result> TakeAsync(TakeBatch request, string? sourceKey, CancellationToken ct)
    {
        var card = await cases.GetAsync(request.CaseId, ct);
        var now = clock.GetUtcNow();
        var id = ids.Next();
        var year = Times.Day(now).Year;
        var serial = await sequences.NextAsync($"cataloguing.batch:{year}", ct);
        var number = string.Create(CultureInfo.InvariantCulture, $"GJ{year}{serial:000000}");
        var order = await orders.OpenAsync(
            new NewOrder
            {
                Type = MaterialOrder.Type,
                CaseId = card.Id,
                Title = BatchBook.Cut($"编目：{request.Sender}提交的材料", 200),
                Subject = BatchBook.Cut(request.Sender, 80),
                CauseSubject = number,
                AskedBy = actor.IsSystem ? card.JudgeId : null,
                Form = new Dictionary<string, string>
                {
                    ["批次"] = number,
                    ["提交人"] = request.Sender,
                    ["申报页数"] = request.Announced?.ToString(CultureInfo.InvariantCulture) ?? "未申报",
                    ["文件"] = request.Files.Count.ToString(CultureInfo.InvariantCulture),
                    ["急件"] = request.Urgent ? "是" : "否",
                    ["备注"] = request.Note,
                },
            },
            ct
        );
        var rules = settings.Current<IntakeRules>(card.CourtId);
        var due = CourtHours.Add(now, TimeSpan.FromHours(request.Urgent ? rules.UrgentHours : rules.Hours), calendars.For(null));
        await db.ExecuteAsync(
            """
            INSERT INTO cataloguing_batch (id, number, case_id, court_id, order_id, source, source_key, sender, announced, note, urgent, state, received_at,
                received_by, received_by_name, due_at, confirmed_by_name, hand_seconds, machine_ms, changed_by_name, version)
            VALUES (@id, @number, @CaseId, @CourtId, @orderId, @Source, @sourceKey, @Sender, @Announced, @Note, @Urgent, 'reading', @now, @by, @byName, @due,
                '', 0, 0, @byName, 1)
            """,
            new
            {
                id,
                number,
                request.CaseId,
                card.CourtId,
                orderId = order.Id,
                request.Source,
                sourceKey,
                Sender = request.Sender.Trim(),
                request.Announced,
                request.Note,
                request.Urgent,
                now,
                by = actor.Id,
                byName = actor.Name,
                due,
            },
            ct
        );
        await book.AddFilesAsync(
            new Batch
            {
                Id = id,
                CaseId = card.Id,
                Urgent = request.Urgent,
            },
            request.Files,
            null,
            ct
        );
        foreach (var upload in request.Files.Where(f => !string.IsNullOrEmpty(f.UploadId)))
            await uploads.TakeAsync(upload.UploadId!, ct);
        audit.Note(
            "batch",
            id,
            new
            {
                number,
                files = request.Files.Count,
                request.Announced,
                digests = request.Files.Take(20).Select(f => f.Blob.Sha256[..16]),
            },
            card.Id
        );
        return new TakeBatch.Result(id, number, order.Id, request.Files.Count);
    }
}

/// <summary>More files for a batch that is not confirmed: forgotten ones, rescanned ones.</summary>
[Permit("cataloguing.intake")]
[Audited("cataloguing.batch.add")]
internal sealed record AddFiles : ICommand<long>
{
    public const int Most = 500;

    public long BatchId { get; init; }
    public IReadOnlyList<TakenFile> Files { get; init; } = [];

    internal sealed class Validator : AbstractValidator<AddFiles>
    {
        public Validator() =>
            RuleFor(c => c.Files)
                .NotEmpty()
                .WithMessage("请选择要提交的文件。")
                .Must(f => f.Count <= Most)
                .WithMessage($"一次最多 {Most} 个文件，请分批提交。");
    }

    internal sealed class Handler(BatchBook book, Uploads uploads, AuditTrail audit) : ICommandHandler<AddFiles, long>
    {
        public async Task<long> Handle(AddFiles request, CancellationToken cancellationToken)
        {
            var (batch, card) = await book.OpenAsync(request.BatchId, cancellationToken);
            await book.StepAsync(batch, "more", new { batch.Id, batch.Version }, "", cancellationToken);
            await book.AddFilesAsync(batch, request.Files, null, cancellationToken);
            foreach (var upload in request.Files.Where(f => !string.IsNullOrEmpty(f.UploadId)))
                await uploads.TakeAsync(upload.UploadId!, cancellationToken);
            audit.Note("batch", batch.Id, new { files = request.Files.Count }, card.Id);
            return batch.Id;
        }
    }
}

/// <summary>The order that carries a batch: accepted it opens the case to whoever catalogues; confirming the batch feeds it back.</summary>
internal sealed class MaterialOrder(Db db) : IDrivenOrder
{
    public const string Code = "cataloguing.material";

    string IDrivenOrder.Type => Code;

    internal const string Type = Code;

    public async Task<StepInput> BeforeAsync(OrderCard order, string step, StepInput input, CancellationToken ct)
    {
        if (
            step == OrderStep.Feedback
            && await db.ScalarAsync<int>("SELECT COUNT(*) FROM cataloguing_batch WHERE order_id = @Id AND state IN ('reading', 'review')", new { order.Id }, ct)
                > 0
        )
            throw new RuleBroken("这批材料还没有整批确认。", wayOut: $"/cataloguing/orders/{order.Id}");
        return input;
    }
}
