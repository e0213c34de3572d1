using System.Text.Json;
using CourtOps.Kernel.Audit;
using CourtOps.Kernel.Data;
using CourtOps.Kernel.Files;
using CourtOps.Kernel.Messaging;
using CourtOps.Kernel.Security;
using CourtOps.Kernel.Web;
using CourtOps.TrialSupport.Checks;
using CourtOps.TrialSupport.Drafts;
using CourtOps.TrialSupport.Elements;
using CourtOps.TrialSupport.Hearings;
using CourtOps.TrialSupport.Investigations;
using CourtOps.Workzone;
using CourtOps.Workzone.Cases;
using DocumentFormat.OpenXml.Packaging;
using DocumentFormat.OpenXml.Wordprocessing;
using FluentValidation;
using MediatR;
using Microsoft.AspNetCore.Http;

namespace CourtOps.TrialSupport.Drafting;

/// <summary>One version of a template of a court.</summary>
internal sealed record TemplateRow
{
    public const string Columns =
        "SELECT t.id, t.court_id, t.code, t.n, t.title, t.kind, t.from_on, t.file_name, t.blob, t.body, t.created_name, t.created_at, t.dropped_name, "
        + "t.dropped_at, t.drop_reason FROM trial_template t";

    public long Id { get; init; }
    public long CourtId { get; init; }

    /// <summary>In the address: the same for all versions.</summary>
    public string Code { get; init; } = "";
    public int N { get; init; }
    public string Title { get; init; } = "";
    public string Kind { get; init; } = "";
    public DateOnly FromOn { get; init; }
    public string FileName { get; init; } = "";
    public string Blob { get; init; } = "";
    public string Body { get; init; } = "[]";
    public string CreatedName { get; init; } = "";
    public DateTimeOffset CreatedAt { get; init; }
    public string? DroppedName { get; init; }
    public DateTimeOffset? DroppedAt { get; init; }
    public string? DropReason { get; init; }

    public IReadOnlyList<TemplateLine> Lines => JsonSerializer.Deserialize<List<TemplateLine>>(Body, Json.Stored)!;
}

/// <summary>The templates a court has, its own before the built-in ones, and what they are filled from.</summary>
internal sealed class TemplateShelf(Db db, ICases cases, ICasePanels panels, ICourts courts, ElementBook elements, CheckFacts facts, TimeProvider clock)
{
    /// <summary>The versions in force today, by title.</summary>
    public async Task<IReadOnlyList<TemplateRow>> InForceAsync(long courtId, CancellationToken ct)
    {
        var today = Times.Day(clock.GetUtcNow());
        var all = await db.QueryAsync<TemplateRow>(
            TemplateRow.Columns + " WHERE t.court_id = @courtId AND t.dropped_at IS NULL AND t.from_on <= @today ORDER BY t.title, t.code, t.from_on, t.n",
            new { courtId, today },
            ct
        );
        return [.. all.GroupBy(t => t.Code).Select(g => g.Last())];
    }

    /// <summary>A template as the case's court has it: its own version in force, else the built-in one.</summary>
    /// <exception cref="NotFound">Neither has the code.</exception>
    public async Task<CourtTemplate> FindAsync(long courtId, string code, CancellationToken ct) =>
        (await InForceAsync(courtId, ct)).FirstOrDefault(t => t.Code == code) is { } own
            ? Of(own)
            : CourtTemplates.Find(code) ?? throw new NotFound("模板", code);

    public static CourtTemplate Of(TemplateRow row) => new(row.Code, row.Title, row.Kind, f => TemplateText.Fill(row.Lines, f));

    /// <summary>What a document of the case is filled from.</summary>
    public async Task<TemplateFacts> FactsAsync(CaseCard card, CancellationToken ct)
    {
        var today = Times.Day(clock.GetUtcNow());
        var next = await db.FirstAsync<Hearing>(
            HearingBook.Columns + " WHERE h.case_id = @Id AND h.state IN ('provisional', 'confirmed') ORDER BY h.starts_at DESC, h.id DESC",
            new { card.Id },
            ct
        );
        var last = await db.FirstAsync<Hearing>(
            HearingBook.Columns + " WHERE h.case_id = @Id AND h.state <> 'cancelled' AND h.clerk_name IS NOT NULL ORDER BY h.starts_at DESC, h.id DESC",
            new { card.Id },
            ct
        );
        var order = await db.FirstAsync<Investigation>(
            Investigation.Columns + " WHERE v.case_id = @Id AND v.state = 'granted' ORDER BY v.asked_on DESC, v.id DESC",
            new { card.Id },
            ct
        );
        var file = await facts.OfAsync(card, "judgment", ct);
        return new TemplateFacts(
            card,
            await cases.PartiesAsync(card.Id, ct),
            await cases.AgentsAsync(card.Id, ct),
            today,
            next is null ? null : Times.Local(next.StartsAt).ToString("yyyy年M月d日 HH时mm分", System.Globalization.CultureInfo.InvariantCulture),
            next?.RoomName
        )
        {
            Elements = (await elements.CompareAsync(card.Id, ct))?.Compared ?? [],
            Panel = await panels.OfAsync(card.Id, today, ct),
            Clerk = last?.ClerkName,
            FeeYuan = file.FeeYuan,
            Claims = file.ClaimWords,
            Unit = order?.Unit,
            Upper = await UpperAsync(card.CourtId, ct),
        };
    }

    // the next higher court has the sign without its last two figures: 吉2424, 吉24, 吉
    private async Task<string?> UpperAsync(long courtId, CancellationToken ct)
    {
        var own = await courts.GetAsync(courtId, ct);
        if (own.Level == "high" || own.Code.Length < 3)
            return null;
        return await courts.FindAsync(own.Code[..^2], ct) is { } upper ? CourtTemplates.Full(upper.Name, upper.Code) : null;
    }
}

/// <summary>Keeps a template of the court acted in, or a new version of one; a built-in one with the same code gives way to it.</summary>
[Permit("trial.templates")]
[Audited("trial.template.save")]
internal sealed record SaveTemplate : ICommand<TemplateRow>
{
    /// <summary>Of the template whose next version it is, or of the built-in one it stands for; blank: a new one.</summary>
    public string Code { get; init; } = "";
    public string Title { get; init; } = "";
    public string Kind { get; init; } = "";

    /// <summary>First day on which it fills documents; null: today.</summary>
    public DateOnly? From { get; init; }
    public string FileName { get; init; } = "";
    public Blob Blob { get; init; } = new("", 0);

    /// <summary>As they were read from the file.</summary>
    internal IReadOnlyList<TemplateLine> Lines { get; init; } = [];

    internal sealed class Validator : AbstractValidator<SaveTemplate>
    {
        public Validator()
        {
            RuleFor(c => c.Title).NotEmpty().WithMessage("请填写模板名称。").MaximumLength(80).WithMessage("模板名称最长 80 个字符。");
            RuleFor(c => c.Kind).Must(SaveDraft.Kinds.ContainsKey).WithMessage("请选择文书种类。");
            RuleFor(c => c.From).Must(d => d is null or { Year: >= 2000 and <= 2100 }).WithMessage("日期应在 2000 年到 2100 年之间。");
            RuleFor(c => c.Code).MaximumLength(40).WithMessage("模板代码最长 40 个字符。");
        }
    }

    internal sealed class Handler(Db db, Ids ids, Actor actor, TimeProvider clock, BlobStore blobs, AuditTrail audit)
        : ICommandHandler<SaveTemplate, TemplateRow>
    {
        public async Task<TemplateRow> Handle(SaveTemplate request, CancellationToken cancellationToken)
        {
            if (request.Lines.All(l => l.Text.Trim().Length == 0))
                throw new RuleBroken("模板里没有文字。", "File", "empty");
            if (TemplateText.Faults(request.Lines) is { Count: > 0 } faults)
                throw new RuleBroken($"模板有错：{string.Join('；', faults.Take(5))}。", "File", "template");
            var (id, code) = (ids.Next(), request.Code.Trim());
            var court = actor.CourtId;
            var last =
                code.Length == 0
                    ? null
                    : await db.FirstAsync<int?>(
                        "SELECT MAX(n) FROM trial_template WHERE court_id = @court AND code = @code",
                        new { court, code },
                        cancellationToken
                    );
            if (code.Length > 0 && last is null && CourtTemplates.Find(code) is null)
                throw new NotFound("模板", code);
            await blobs.KeepAsync(request.Blob, cancellationToken);
            await db.ExecuteAsync(
                "INSERT INTO trial_template (id, court_id, code, n, title, kind, from_on, file_name, blob, body, created_name, created_at) VALUES (@id, "
                    + "@court, @code, @n, @title, @Kind, @from, @file, @blob, @body, @name, @now)",
                new
                {
                    id,
                    court,
                    code = code.Length > 0 ? code : FormattableString.Invariant($"t{id}"),
                    n = (last ?? 0) + 1,
                    title = request.Title.Trim(),
                    request.Kind,
                    from = request.From ?? Times.Day(clock.GetUtcNow()),
                    file = request.FileName.Length <= 200 ? request.FileName : request.FileName[..200],
                    blob = request.Blob.Sha256,
                    body = JsonSerializer.Serialize(request.Lines, Json.Stored),
                    name = actor.Name,
                    now = clock.StoredNow(),
                },
                cancellationToken
            );
            audit.Note("template", id, new { request.Title, fields = TemplateText.Names(request.Lines).Count });
            return (await db.FirstAsync<TemplateRow>(TemplateRow.Columns + " WHERE t.id = @id", new { id }, cancellationToken))!;
        }
    }
}

/// <summary>Takes a version out of use: the one before it, or the built-in template, fills documents again.</summary>
[Permit("trial.templates")]
[Audited("trial.template.drop")]
internal sealed record DropTemplate : ICommand<long>
{
    public long Id { get; init; }
    public string Reason { get; init; } = "";

    internal sealed class Validator : AbstractValidator<DropTemplate>
    {
        public Validator() => RuleFor(c => c.Reason).NotEmpty().WithMessage("请写明停用的原因。").MaximumLength(400).WithMessage("原因最长 400 个字符。");
    }

    internal sealed class Handler(Db db, Actor actor, TimeProvider clock, AuditTrail audit) : ICommandHandler<DropTemplate, long>
    {
        public async Task<long> Handle(DropTemplate request, CancellationToken cancellationToken)
        {
            var row = await ShowTemplate.FindAsync(db, actor.CourtId, request.Id, cancellationToken);
            if (
                await db.ExecuteAsync(
                    "UPDATE trial_template SET dropped_name = @name, dropped_at = @now, drop_reason = @reason WHERE id = @Id AND dropped_at IS NULL",
                    new
                    {
                        request.Id,
                        name = actor.Name,
                        now = clock.StoredNow(),
                        reason = request.Reason.Trim(),
                    },
                    cancellationToken
                ) == 0
            )
                throw new RuleBroken("这一版已经停用。", "", "dropped");
            audit.Note("template", row.Id, new { row.Code, row.N }, null, request.Reason.Trim());
            return row.Id;
        }
    }
}

/// <summary>All versions of the court acted in, the newest of each first.</summary>
[Permit("trial.read")]
internal sealed record ListTemplates : IQuery<IReadOnlyList<TemplateRow>>
{
    internal sealed class Handler(Db db, Actor actor) : IQueryHandler<ListTemplates, IReadOnlyList<TemplateRow>>
    {
        public Task<IReadOnlyList<TemplateRow>> Handle(ListTemplates request, CancellationToken cancellationToken) =>
            db.PageAsync<TemplateRow>(
                TemplateRow.Columns + " WHERE t.court_id = @court ORDER BY t.title, t.code, t.n DESC",
                new { court = actor.CourtId },
                500,
                cancellationToken
            );
    }
}

/// <summary>One version, and how it looks for a case the person may see.</summary>
[Permit("trial.read")]
internal sealed record ShowTemplate : IQuery<ShowTemplate.Result>
{
    public long Id { get; init; }

    /// <summary>Number of a case to preview it with; blank for none.</summary>
    public string Number { get; init; } = "";

    internal sealed record Result(TemplateRow Row, CaseCard? Case, IReadOnlyList<DocxPara> Preview);

    internal sealed class Handler(Db db, Actor actor, ICases cases, TemplateShelf shelf) : IQueryHandler<ShowTemplate, Result>
    {
        public async Task<Result> Handle(ShowTemplate request, CancellationToken cancellationToken)
        {
            var row = await FindAsync(db, actor.CourtId, request.Id, cancellationToken);
            if (request.Number.Trim().Length == 0)
                return new Result(row, null, []);
            var card = await CasesByNumber.GetAsync(db, cases, request.Number, cancellationToken);
            return new Result(row, card, TemplateText.Fill(row.Lines, await shelf.FactsAsync(card, cancellationToken)));
        }
    }

    /// <exception cref="NotFound">No such version in this court.</exception>
    public static async Task<TemplateRow> FindAsync(Db db, long court, long id, CancellationToken ct) =>
        await db.FirstAsync<TemplateRow>(TemplateRow.Columns + " WHERE t.id = @id AND t.court_id = @court", new { id, court }, ct)
        ?? throw new NotFound("模板", id);
}

/// <summary>A case by its number, where the actor may see it.</summary>
internal static class CasesByNumber
{
    /// <exception cref="NotFound">No such case, or not for this actor.</exception>
    public static async Task<CaseCard> GetAsync(Db db, ICases cases, string number, CancellationToken ct)
    {
        var canonical = Law.CaseNumber.TryParse(number.Trim(), out var parsed) ? parsed.Canonical : number.Trim();
        var id = await db.FirstAsync<long?>("SELECT c.id FROM workzone_case_card c WHERE c.number = @canonical", new { canonical }, ct);
        return id is { } one && await cases.CanReadAsync(one, ct) ? await cases.GetAsync(one, ct) : throw new NotFound("案件", number.Trim());
    }
}

/// <summary>Reads the file of a template before the command that keeps it, and makes the documents of several cases.</summary>
internal sealed class TemplateIntake(IMediator mediator, Actor actor, Db db, ICases cases, TemplateShelf shelf, BlobStore blobs, DraftIntake drafts)
{
    /// <summary>Cases of one batch.</summary>
    public const int MostCases = 50;

    internal sealed record Line(string Number, long? DraftId, int Errors, string? Refused);

    /// <exception cref="RuleBroken">No DOCX, damaged, or a template with faults: field File.</exception>
    public async Task<TemplateRow> SaveAsync(IFormFile? file, string? code, string? title, string? kind, DateOnly? from, CancellationToken ct)
    {
        actor.Demand("trial.templates");
        if (file is null || file.Length == 0)
            throw new RuleBroken("请选择 DOCX 模板。", "File");
        if (file.Length > Docx.MostBytes)
            throw new RuleBroken($"文件 {file.Length >> 20} MB，超过上限 {Docx.MostBytes >> 20} MB。", "File");
        using var bytes = new MemoryStream();
        await file.CopyToAsync(bytes, ct);
        var lines = Read(bytes);
        bytes.Position = 0;
        return await mediator.Send(
            new SaveTemplate
            {
                Code = code ?? "",
                Title = string.IsNullOrWhiteSpace(title) ? Path.GetFileNameWithoutExtension(file.FileName) : title.Trim(),
                Kind = kind ?? "",
                From = from,
                FileName = Path.GetFileName(file.FileName),
                Blob = await blobs.WriteAsync(bytes, Docx.MostBytes, ct),
                Lines = lines,
            },
            ct
        );
    }

    /// <summary>The same for a text, one paragraph a line; it is kept as a DOCX.</summary>
    public async Task<TemplateRow> SaveTextAsync(string? text, string? code, string? title, string? kind, DateOnly? from, CancellationToken ct)
    {
        if (string.IsNullOrWhiteSpace(text) || text.Length > DraftText.Most)
            throw new RuleBroken($"请给出模板正文，最长 {DraftText.Most} 个字符。", "Text");
        var bytes = DocxWriter.Write(DraftText.Paragraphs(text));
        using var stream = new MemoryStream(bytes);
        return await SaveAsync(new FormFile(stream, 0, bytes.Length, "File", (title ?? "模板") + ".docx"), code, title, kind, from, ct);
    }

    /// <summary>A checked draft for each case of a series, each for itself: what one is refused for does not stop the others.</summary>
    /// <exception cref="RuleBroken">No number, or too many.</exception>
    public async Task<IReadOnlyList<Line>> BatchAsync(string code, IReadOnlyList<string> numbers, CancellationToken ct)
    {
        actor.Demand("trial.draft");
        var asked = numbers.Select(n => n.Trim()).Where(n => n.Length > 0).Distinct().ToList();
        if (asked.Count is 0 or > MostCases)
            throw new RuleBroken($"请填写 1 到 {MostCases} 个案号，一行一个。", "Numbers", "count");
        var lines = new List<Line>();
        foreach (var number in asked)
            try
            {
                var card = await CasesByNumber.GetAsync(db, cases, number, ct);
                var template = await shelf.FindAsync(card.CourtId, code, ct);
                var text = string.Join('\n', template.Body(await shelf.FactsAsync(card, ct)).Select(p => p.Text));
                var draft = await drafts.WriteAsync(card.Id, null, null, text, template.Kind, template.Title, ct);
                lines.Add(new Line(card.Number, draft.Id, draft.Errors, null));
            }
            catch (Exception e) when (e is NotFound or RuleBroken or Forbidden)
            {
                lines.Add(new Line(number, null, 0, e.Message));
            }
        return lines;
    }

    /// <summary>Paragraphs with how they stand: centred is a title, to the right is right, all else is text.</summary>
    internal static IReadOnlyList<TemplateLine> Read(MemoryStream bytes)
    {
        bytes.Position = 0;
        var texts = Docx.Read(bytes).Paragraphs;
        bytes.Position = 0;
        using var document = WordprocessingDocument.Open(bytes, false);
        var styles = document
            .MainDocumentPart!.Document!.Body!.Descendants<Paragraph>()
            .Select(p =>
                p.ParagraphProperties?.Justification?.Val is not { } v ? ParaStyle.Body
                : v == JustificationValues.Center ? ParaStyle.Title
                : v == JustificationValues.Right || v == JustificationValues.End ? ParaStyle.Right
                : ParaStyle.Body
            )
            .ToList();
        return [.. texts.Select((t, i) => new TemplateLine(t, i < styles.Count ? styles[i] : ParaStyle.Body))];
    }
}
