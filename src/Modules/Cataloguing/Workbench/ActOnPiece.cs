using System.Globalization;
using System.Text.Json;
using CourtOps.Cataloguing.Efile;
using CourtOps.Cataloguing.Intake;
using CourtOps.Cataloguing.Reading;
using CourtOps.Cataloguing.Sorting;
using CourtOps.Kernel.Audit;
using CourtOps.Kernel.Data;
using CourtOps.Kernel.Messaging;
using CourtOps.Kernel.Security;
using CourtOps.Kernel.Settings;
using CourtOps.Kernel.Work;
using CourtOps.Workzone.Cases;
using CourtOps.Workzone.WorkOrders;
using FluentValidation;

namespace CourtOps.Cataloguing.Workbench;

/// <summary>What a person does at the workbench.</summary>
internal static class BenchAct
{
    public const string Confirm = "confirm";
    public const string Split = "split";
    public const string Join = "join";
    public const string Turn = "turn";
    public const string Remove = "remove";
    public const string Restore = "restore";
    public const string Earlier = "earlier";
    public const string Later = "later";
    public const string Note = "note";
    public const string Rescan = "rescan";

    /// <summary>A page to any other place: before or after another page, into that page's document.</summary>
    public const string Move = "move";

    public static readonly IReadOnlyDictionary<string, string> Labels = new Dictionary<string, string>
    {
        [Confirm] = "确认",
        [Split] = "从此页分件",
        [Join] = "并入上一件",
        [Turn] = "旋转",
        [Remove] = "剔除",
        [Restore] = "恢复",
        [Earlier] = "页前移",
        [Later] = "页后移",
        [Move] = "移动页",
        [Note] = "备注",
        [Rescan] = "退回重扫",
    };
}

/// <summary>One act on a document or page of a batch. A document somebody changed since it was shown is a conflict that names them; nothing of theirs is
/// lost.</summary>
[Permit("cataloguing.work")]
[Audited("cataloguing.piece.act")]
internal sealed record ActOnPiece : ICommand<ActOnPiece.Result>
{
    public long BatchId { get; init; }
    public string Act { get; init; } = "";
    public long PieceId { get; init; }
    public long? PageId { get; init; }

    /// <summary>The version of the document that was seen; null compares nothing.</summary>
    public int? Version { get; init; }
    public string Type { get; init; } = "";
    public string Title { get; init; } = "";
    public string Author { get; init; } = "";
    public DateOnly? Date { get; init; }
    public string Volume { get; init; } = "";

    /// <summary>Place in the volume; null: by the table.</summary>
    public int? Place { get; init; }
    public int Degrees { get; init; } = 90;

    /// <summary>The page beside which a page is moved.</summary>
    public long? TargetId { get; init; }

    /// <summary>Behind the target instead of before it.</summary>
    public bool After { get; init; }
    public string Words { get; init; } = "";

    /// <param name="Next">The next document that is unsure, if any.</param>
    internal sealed record Result(long PieceId, long? Next);

    internal sealed class Validator : AbstractValidator<ActOnPiece>
    {
        public Validator()
        {
            RuleFor(c => c.Act).Must(BenchAct.Labels.ContainsKey).WithMessage("没有这个动作：{PropertyValue}。");
            RuleFor(c => c.Title).MaximumLength(200).WithMessage("题名最长 200 个字符。");
            RuleFor(c => c.Author).MaximumLength(120).WithMessage("责任者最长 120 个字符。");
            RuleFor(c => c.Words).MaximumLength(400).WithMessage("备注最长 400 个字符。");
            RuleFor(c => c.Words).NotEmpty().When(c => c.Act == BenchAct.Rescan).WithMessage("请写明要重扫什么、为什么。");
            RuleFor(c => c.Place).InclusiveBetween(1, 99).WithMessage("顺序应在 1 到 99 之间。");
            RuleFor(c => c.Degrees).Must(d => d is 90 or 180 or 270).WithMessage("旋转应为 90、180 或 270 度。");
            RuleFor(c => c.Date).Must(d => d is null || d.Value.Year is >= 1949 and <= 2100).WithMessage("日期应在 1949 到 2100 年之间。");
            When(
                c => c.Act == BenchAct.Confirm,
                () =>
                {
                    RuleFor(c => c.Type).Must(PaperTypes.Labels.ContainsKey).WithMessage("请选定材料类型。");
                    RuleFor(c => c.Title).NotEmpty().WithMessage("请填写题名。").Must(t => !VaguePattern(t)).WithMessage("题名要写明具体内容，不写“材料一”。");
                    RuleFor(c => c.Volume).Must(v => v is "" or "main" or "secondary").WithMessage("卷别只能是正卷或副卷。");
                }
            );
            RuleFor(c => c.TargetId).NotNull().When(c => c.Act == BenchAct.Move).WithMessage("请指明移到哪一页旁边。");
            RuleFor(c => c.PageId).NotNull().When(c => c.Act is not (BenchAct.Confirm or BenchAct.Join)).WithMessage("请指明页面。");
        }

        private static bool VaguePattern(string title) =>
            System.Text.RegularExpressions.Regex.IsMatch(title.Trim(), "^(材料|文件|附件|扫描件)[0-9一二三四五六七八九十]*$");
    }

    internal sealed class Handler(WorkbenchBook bench, BatchBook book, BatchSorter sorter, IWorkOrders orders, ISettings settings, Db db, AuditTrail audit)
        : ICommandHandler<ActOnPiece, Result>
    {
        public async Task<Result> Handle(ActOnPiece request, CancellationToken cancellationToken)
        {
            var (batch, card) = await book.OpenAsync(request.BatchId, cancellationToken);
            if (batch.State != BatchState.Review)
                throw new RuleBroken(batch.State == BatchState.Reading ? "还有页面在识别，识别完再编目。" : "这批材料已经确认，不能再改。", code: "state");
            var s = await bench.LoadAsync(batch, cancellationToken);
            var page = request.PageId is { } pageId ? s.Pages.FirstOrDefault(p => p.Id == pageId) ?? throw new NotFound("页面", pageId) : null;
            var piece = s.Pieces.FirstOrDefault(p => p.Id == (page?.PieceId ?? request.PieceId)) ?? throw new NotFound("材料", request.PieceId);
            if (request.Version is { } seen && seen != piece.Version)
                throw new Conflict($"{batch.ChangedByName}刚改过这件材料，请看过新的内容再定。", batch.ChangedByName);
            await bench.KeepAsync(s, request.Act, piece.Title, cancellationToken);
            var rules = settings.Current<SortingRules>(card.CourtId);
            switch (request.Act)
            {
                case BenchAct.Confirm:
                    await ConfirmAsync(request, piece, card, cancellationToken);
                    break;
                case BenchAct.Split:
                    piece = await SplitAsync(s, piece, page!, card, rules, cancellationToken);
                    break;
                case BenchAct.Join:
                    piece = await JoinAsync(s, piece, cancellationToken);
                    break;
                case BenchAct.Turn:
                    await book.AgainAsync(page!, (page!.Orientation + request.Degrees) % 360, true, cancellationToken);
                    await BumpAsync(piece, "", cancellationToken);
                    await bench.ReadAgainAsync(s.Batch, cancellationToken);
                    break;
                case BenchAct.Remove or BenchAct.Restore:
                    await db.ExecuteAsync(
                        "UPDATE cataloguing_page SET removed = @removed, version = version + 1 WHERE id = @Id",
                        new { page!.Id, removed = request.Act == BenchAct.Remove },
                        cancellationToken
                    );
                    await AskAgainAsync(s, piece, page with { Removed = request.Act == BenchAct.Remove }, rules, cancellationToken);
                    break;
                case BenchAct.Earlier or BenchAct.Later:
                    await SwapAsync(s, page!, request.Act == BenchAct.Later ? 1 : -1, cancellationToken);
                    await BumpAsync(piece, "", cancellationToken);
                    break;
                case BenchAct.Move:
                    piece = await bench.MoveAsync(s, piece, page!, request.TargetId!.Value, request.After, cancellationToken);
                    break;
                case BenchAct.Note:
                    await db.ExecuteAsync(
                        "UPDATE cataloguing_page SET note = @Words, version = version + 1 WHERE id = @Id",
                        new { page!.Id, request.Words },
                        cancellationToken
                    );
                    await BumpAsync(piece, "", cancellationToken);
                    break;
                case BenchAct.Rescan:
                    await RescanAsync(request, s, page!, card, cancellationToken);
                    await BumpAsync(piece, "", cancellationToken);
                    break;
            }
            audit.Note(
                "piece",
                piece.Id,
                new
                {
                    request.Act,
                    batch = batch.Number,
                    page = page?.N,
                    request.Type,
                    guessed = piece.GuessedType,
                },
                card.Id
            );
            return new Result(piece.Id, await bench.NextAsync(batch.Id, piece.Ordinal, cancellationToken));
        }

        private async Task ConfirmAsync(ActOnPiece request, PieceRow piece, CaseCard card, CancellationToken ct)
        {
            var type = PaperTypes.Of(request.Type);
            var volume =
                request.Volume.Length > 0 ? request.Volume
                : type.Secondary ? "secondary"
                : "main";
            if (type.Secondary && volume == "main")
                throw new RuleBroken($"{type.Label}是副卷材料，不得放入正卷。如果类型认错了，请先改类型。", "Volume", "leak");
            var place = request.Place ?? (type.Code == piece.PaperType && piece.Place > 0 ? piece.Place : await sorter.PlaceAsync(card, type.Code, ct));
            await db.ExecuteAsync(
                "UPDATE cataloguing_piece SET paper_type = @type, title = @title, author = @Author, paper_date = @Date, volume = @volume, place = "
                    + "@place, questions = '', look = 'seen', version = version + 1 WHERE id = @Id",
                new
                {
                    piece.Id,
                    type = type.Code,
                    title = request.Title.Trim(),
                    request.Author,
                    request.Date,
                    volume,
                    place,
                },
                ct
            );
        }

        private async Task<PieceRow> SplitAsync(WorkbenchBook.State s, PieceRow piece, Page page, CaseCard card, SortingRules rules, CancellationToken ct)
        {
            var own = s.PagesOf(piece);
            if (own[0].Id == page.Id)
                throw new RuleBroken("这已经是一件的第一页。", "PageId");
            var rest = own.Where(p => p.Ordinal >= page.Ordinal).ToList();
            var whole = await book.PageAsync(page.Id, ct);
            var guess = Sorter.TypeOf(
                new SortPage(page.Id, whole.PageText, BatchSorter.Lines(whole), whole.Width, false, whole.Confidence / 1000.0),
                settings.Current<TableBody>(SortingTables.Types.Key, card.CourtId)
            );
            var confidence = (int)Math.Round(guess.Confidence * 100);
            var questions = BatchSorter.Ask(confidence, 100, guess.Type, rest, rules);
            var made = new PieceRow
            {
                Id = bench.NewId(),
                BatchId = piece.BatchId,
                CaseId = piece.CaseId,
                Ordinal = page.Ordinal * 1000,
                PaperType = guess.Type,
                GuessedType = guess.Type,
                Title = Sorter.TitleOf(guess, guess.Type.Length > 0 ? PaperTypes.Of(guess.Type) : null, ""),
                Volume = PaperTypes.Of(guess.Type).Secondary ? "secondary" : "main",
                Place = await sorter.PlaceAsync(card, guess.Type.Length > 0 ? guess.Type : PaperTypes.Other, ct),
                Confidence = confidence,
                Border = 100,
                Reason = $"{guess.Reason}；人工分件",
                Questions = questions,
                Look = questions.Length > 0 ? "unsure" : "sure",
                Version = 1,
            };
            await sorter.InsertAsync(made, ct);
            await db.ExecuteManyAsync(
                "UPDATE cataloguing_page SET piece_id = @id WHERE id = @page",
                [.. rest.Select(p => (object)new { id = made.Id, page = p.Id })],
                ct
            );
            await AskAgainAsync(s, piece with { Border = 100 }, null, rules, ct, own.Except(rest));
            return made;
        }

        private async Task<PieceRow> JoinAsync(WorkbenchBook.State s, PieceRow piece, CancellationToken ct)
        {
            var at = s.Pieces.ToList().FindIndex(p => p.Id == piece.Id);
            if (at == 0)
                throw new RuleBroken("这是第一件，前面没有可以并入的。", "PieceId");
            var before = s.Pieces[at - 1];
            await db.ExecuteAsync("UPDATE cataloguing_page SET piece_id = @before WHERE piece_id = @Id", new { before = before.Id, piece.Id }, ct);
            await db.ExecuteAsync("DELETE FROM cataloguing_piece WHERE id = @Id", new { piece.Id }, ct);
            await BumpAsync(before, "border = 100, ", ct);
            return before;
        }

        // pages change places; both stay in the document their place is in
        private async Task SwapAsync(WorkbenchBook.State s, Page page, int by, CancellationToken ct)
        {
            var all = s.Pages.ToList();
            var at = all.FindIndex(p => p.Id == page.Id);
            if (at + by < 0 || at + by >= all.Count)
                throw new RuleBroken(by < 0 ? "这是第一页，不能再前移。" : "这是最后一页，不能再后移。", "PageId");
            var other = all[at + by];
            await db.ExecuteAsync(
                "UPDATE cataloguing_page SET ordinal = @Ordinal, piece_id = @PieceId, version = version + 1 WHERE id = @Id",
                new
                {
                    page.Id,
                    other.Ordinal,
                    other.PieceId,
                },
                ct
            );
            await db.ExecuteAsync(
                "UPDATE cataloguing_page SET ordinal = @Ordinal, piece_id = @PieceId, version = version + 1 WHERE id = @Id",
                new
                {
                    other.Id,
                    page.Ordinal,
                    page.PieceId,
                },
                ct
            );
        }

        private async Task RescanAsync(ActOnPiece request, WorkbenchBook.State s, Page page, CaseCard card, CancellationToken ct)
        {
            var number = s.Number(page);
            await orders.OpenAsync(
                new NewOrder
                {
                    Type = RescanOrder,
                    CaseId = card.Id,
                    Title = BatchBook.Cut($"重扫 {s.Batch.Number} 第 {number} 页：{request.Words}", 200),
                    Subject = s.Batch.Sender,
                    CauseSubject = $"{page.Id}:{page.Reads}",
                    ParentId = null,
                    Form = new Dictionary<string, string>
                    {
                        ["批次"] = s.Batch.Number,
                        ["页"] = number.ToString(CultureInfo.InvariantCulture),
                        ["要求"] = request.Words,
                    },
                },
                ct
            );
            await db.ExecuteAsync(
                "UPDATE cataloguing_page SET note = @note, version = version + 1 WHERE id = @Id",
                new { page.Id, note = BatchBook.Cut($"已请重扫：{request.Words}", 400) },
                ct
            );
        }

        private async Task AskAgainAsync(
            WorkbenchBook.State s,
            PieceRow piece,
            Page? changed,
            SortingRules rules,
            CancellationToken ct,
            IEnumerable<Page>? pages = null
        )
        {
            var own = (pages ?? s.PagesOf(piece)).Select(p => changed is not null && p.Id == changed.Id ? changed : p).ToList();
            var seen = piece.Look == "seen";
            var questions = seen ? "" : BatchSorter.Ask(piece.Confidence, piece.Border, piece.PaperType, own, rules);
            await db.ExecuteAsync(
                "UPDATE cataloguing_piece SET questions = @questions, look = @look, border = @Border, version = version + 1 WHERE id = @Id",
                new
                {
                    piece.Id,
                    questions,
                    look = seen ? "seen"
                    : questions.Length > 0 ? "unsure"
                    : "sure",
                    piece.Border,
                },
                ct
            );
        }

        private Task BumpAsync(PieceRow piece, string set, CancellationToken ct) =>
            db.ExecuteAsync($"UPDATE cataloguing_piece SET {set}version = version + 1 WHERE id = @Id", new { piece.Id }, ct);
    }

    /// <summary>The type of the order that asks for a page once more.</summary>
    internal const string RescanOrder = "cataloguing.rescan";
}

/// <summary>Takes back the last act on a batch, by whoever took it.</summary>
[Permit("cataloguing.work")]
[Audited("cataloguing.piece.undo")]
internal sealed record UndoAct : ICommand<string>
{
    public long BatchId { get; init; }

    internal sealed class Validator : AbstractValidator<UndoAct>
    {
        public Validator() => RuleFor(c => c.BatchId).NotEmpty().WithMessage("请指明材料批次。");
    }

    internal sealed class Handler(WorkbenchBook bench, BatchBook book, AuditTrail audit) : ICommandHandler<UndoAct, string>
    {
        public async Task<string> Handle(UndoAct request, CancellationToken cancellationToken)
        {
            var (batch, card) = await book.OpenAsync(request.BatchId, cancellationToken);
            if (batch.State is not (BatchState.Review or BatchState.Reading))
                throw new RuleBroken("这批材料已经确认，不能再改。", code: "state");
            var act = await bench.UndoAsync(batch, cancellationToken);
            audit.Note("batch", batch.Id, new { undone = act }, card.Id);
            return act;
        }
    }
}

/// <summary>The whole batch is right: its documents are bound and filed. Nothing unsure may be left, and what was announced must be there or the difference
/// explained.</summary>
[Permit("cataloguing.work")]
[Audited("cataloguing.batch.confirm")]
internal sealed record ConfirmBatch : ICommand<int>
{
    public long Id { get; init; }
    public int? Version { get; init; }

    /// <summary>Why fewer or more pages came than were announced.</summary>
    public string Difference { get; init; } = "";

    internal sealed class Validator : AbstractValidator<ConfirmBatch>
    {
        public Validator() => RuleFor(c => c.Difference).MaximumLength(400).WithMessage("说明最长 400 个字符。");
    }

    internal sealed class Handler(
        Db db,
        Actor actor,
        BatchBook book,
        WorkbenchBook bench,
        Checking.CheckBook checks,
        BatchSorter sorter,
        WorkQueue work,
        IWorkOrders orders,
        AuditTrail audit
    ) : ICommandHandler<ConfirmBatch, int>
    {
        public async Task<int> Handle(ConfirmBatch request, CancellationToken cancellationToken)
        {
            var (batch, card) = await book.OpenAsync(request.Id, cancellationToken);
            if (batch.State != BatchState.Review)
                throw new RuleBroken(batch.State == BatchState.Reading ? "还有页面在识别，识别完再编目。" : "这批材料已经确认，不能再改。", code: "state");
            if (request.Version is { } seen && seen != batch.Version)
                throw new Conflict($"{batch.ChangedByName}刚改过这批材料，请刷新后再确认。", batch.ChangedByName);
            var s = await bench.LoadAsync(batch, cancellationToken);
            var unsure = s.Pieces.Count(p => p.Look == "unsure");
            if (unsure > 0)
                throw new RuleBroken($"还有 {unsure} 件存疑没有看。", code: "unsure", wayOut: $"/cataloguing/batches/{batch.Id}/work");
            if (s.Pieces.Count == 0 || s.Pages.All(p => p.Removed))
                throw new RuleBroken("这批材料没有可以入卷的页面。", code: "empty");
            var received = s.Pages.Count;
            if (batch.Announced is { } announced && announced != received && request.Difference.Trim().Length == 0)
                throw new RuleBroken($"申报 {announced} 页，收到 {received} 页，请写明差在哪里。", "Difference", "difference");
            foreach (var piece in s.Pieces.Where(p => s.PagesOf(p).Any(x => !x.Removed)))
                await work.AddAsync(BindPiece.Name, $"{piece.Id}", new BindPiece.Payload { PieceId = piece.Id }, ct: cancellationToken);
            var hand = await bench.HandSecondsAsync(batch, cancellationToken);
            await book.StepAsync(
                batch,
                "confirm",
                new
                {
                    batch.Id,
                    batch.Version,
                    now = sorter.Now(),
                    by = actor.Name,
                    note = BatchBook.Cut(request.Difference.Trim().Length > 0 ? $"{batch.Note} {request.Difference.Trim()}".Trim() : batch.Note, 400),
                    hand,
                },
                "confirmed_at = @now, confirmed_by_name = @by, note = @note, hand_seconds = @hand",
                cancellationToken
            );
            var order = await orders.GetAsync(batch.OrderId, cancellationToken);
            if (order.State == OrderState.Accepted)
                await orders.StepAsync(
                    order,
                    OrderStep.Feedback,
                    new StepInput { Words = $"已编目 {s.Pieces.Count} 件 {s.Pages.Count(p => !p.Removed)} 页" },
                    cancellationToken
                );
            await checks.DrawAsync(batch, s.Pieces, s.Pages.Count(p => !p.Removed), cancellationToken);
            _ = await db.ExecuteAsync("UPDATE cataloguing_piece SET look = 'seen' WHERE batch_id = @Id AND look = 'sure'", new { batch.Id }, cancellationToken);
            audit.Note(
                "batch",
                batch.Id,
                new
                {
                    pieces = s.Pieces.Count,
                    pages = received,
                    batch.Announced,
                    hand,
                },
                card.Id
            );
            return s.Pieces.Count;
        }
    }
}
