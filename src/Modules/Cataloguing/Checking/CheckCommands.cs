using CourtOps.Cataloguing.Intake;
using CourtOps.Cataloguing.Sorting;
using CourtOps.Cataloguing.Workbench;
using CourtOps.Kernel.Access;
using CourtOps.Kernel.Audit;
using CourtOps.Kernel.Data;
using CourtOps.Kernel.Messaging;
using CourtOps.Kernel.Security;
using CourtOps.Kernel.Settings;
using CourtOps.Kernel.States;
using CourtOps.Workzone.Cases;
using CourtOps.Workzone.WorkOrders;
using FluentValidation;

namespace CourtOps.Cataloguing.Checking;

/// <summary>The one place where checks change.</summary>
internal sealed class CheckBook(Db db, Ids ids, TimeProvider clock, Actor actor, ISettings settings)
{
    public static readonly StateTable Table = new(
        "cataloguing_check",
        "质检",
        new Move("pass", [CheckState.Open, CheckState.Settled], CheckState.Passed),
        new Move("return", [CheckState.Open, CheckState.Settled], CheckState.Returned),
        new Move("settle", [CheckState.Returned], CheckState.Settled)
    );

    public const string Columns =
        "SELECT k.id, k.batch_id, k.case_id, k.court_id, b.number, c.number AS case_number, c.court_name, k.why, k.state, k.clerk_id, k.clerk_name, "
        + "k.pages, k.score, k.words, k.picked_at, k.checked_at, k.checker_name, k.order_id, k.first_score, k.mended_at, k.mended_by, "
        + "k.mended_by_name, k.mend_words, k.version "
        + "FROM cataloguing_check k JOIN cataloguing_batch b ON b.id = k.batch_id JOIN workzone_case_card c ON c.id = k.case_id";

    /// <summary>A batch was just confirmed by this person: it is drawn for a check or not.</summary>
    public async Task DrawAsync(Batch batch, IReadOnlyList<PieceRow> pieces, int pages, CancellationToken ct)
    {
        var rules = settings.Current<SamplingRules>(batch.CourtId);
        var confirmed = await db.ScalarAsync<int>(
            "SELECT COUNT(*) FROM cataloguing_batch WHERE state = 'confirmed' AND confirmed_by_name = @Name AND court_id = @CourtId AND id <> @Id",
            new
            {
                actor.Name,
                batch.CourtId,
                batch.Id,
            },
            ct
        );
        if (Sampling.Why(batch.Id, pieces.Select(p => p.PaperType), confirmed, rules) is not { } why)
            return;
        await db.ExecuteAsync(
            """
            INSERT INTO cataloguing_check (id, batch_id, case_id, court_id, why, state, clerk_id, clerk_name, pages, score, words, picked_at, checker_name,
                version)
            VALUES (@id, @BatchId, @CaseId, @CourtId, @why, 'open', @clerk, @Name, @pages, 0, '', @now, '', 1)
            """,
            new
            {
                id = ids.Next(),
                BatchId = batch.Id,
                batch.CaseId,
                batch.CourtId,
                why,
                clerk = actor.Id,
                actor.Name,
                pages,
                now = clock.GetUtcNow(),
            },
            ct
        );
    }

    public async Task<CheckRow> GetAsync(long id, ICases cases, CancellationToken ct)
    {
        var check = await db.FirstAsync<CheckRow>(Columns + " WHERE k.id = @id", new { id }, ct);
        return check is not null && await cases.CanReadAsync(check.CaseId, ct) ? check : throw new NotFound("质检", id);
    }
}

/// <summary>Checks of the courts whose cases the person may see, with the errors found by clerk.</summary>
[Permit("cataloguing.check.read")]
internal sealed record ListChecks : IQuery<ListChecks.Result>
{
    public string State { get; init; } = "";

    internal sealed record Result(IReadOnlyList<CheckRow> Checks, IReadOnlyList<Rate> ByClerk, IReadOnlyList<Rate> ByKind, IReadOnlyList<Rate> ByCourt);

    /// <param name="Checked">Batches looked at; 0 where the rate is by kind.</param>
    internal sealed record Rate(string Name, int Checked, int Errors, int Weight)
    {
        /// <summary>Errors a batch, in hundredths.</summary>
        public int PerBatch => Checked == 0 ? 0 : Errors * 100 / Checked;
    }

    internal sealed class Handler(Db db, ICases cases, AccessLog reads) : IQueryHandler<ListChecks, Result>
    {
        public async Task<Result> Handle(ListChecks request, CancellationToken cancellationToken)
        {
            var (me, courts, places) = cases.Arguments;
            var states = CheckState.Labels.ContainsKey(request.State) ? [request.State] : CheckState.Labels.Keys.ToArray();
            var rows = await db.PageAsync<CheckRow>(
                $"{CheckBook.Columns} WHERE k.state IN @states AND {cases.Seen("k.case_id")} ORDER BY k.picked_at DESC, k.id",
                new
                {
                    states,
                    me,
                    courts,
                    places,
                },
                100,
                cancellationToken
            );
            var done = await db.PageAsync<CheckRow>(
                $"{CheckBook.Columns} WHERE k.state <> 'open' AND {cases.Seen("k.case_id")} ORDER BY k.picked_at DESC, k.id",
                new
                {
                    me,
                    courts,
                    places,
                },
                2000,
                cancellationToken
            );
            var ids = done.Select(d => d.Id).ToHashSet();
            var defects = new List<Found>();
            foreach (var some in ids.Chunk(400))
                defects.AddRange(
                    await db.QueryAsync<Found>(
                        "SELECT check_id, kind, weight, clerk_name FROM cataloguing_defect WHERE check_id IN @some",
                        new { some },
                        cancellationToken
                    )
                );
            var courtOf = done.ToDictionary(d => d.Id, d => d.CourtName);
            reads.List("cataloguing.check.list", rows.Count, new { request.State });
            return new Result(
                rows,
                [
                    .. done.GroupBy(d => d.ClerkName)
                        .Select(g => Of(g.Key, g.Count(), defects.Where(f => f.ClerkName == g.Key)))
                        .OrderByDescending(r => r.PerBatch),
                ],
                [.. defects.GroupBy(f => f.Kind).Select(g => Of(g.Key, 0, g)).OrderByDescending(r => r.Errors)],
                [
                    .. done.GroupBy(d => d.CourtName)
                        .Select(g => Of(g.Key, g.Count(), defects.Where(f => courtOf[f.CheckId] == g.Key)))
                        .OrderByDescending(r => r.PerBatch),
                ]
            );
        }

        private static Rate Of(string name, int batches, IEnumerable<Found> found) => new(name, batches, found.Count(), found.Sum(f => f.Weight));

        private sealed record Found
        {
            public long CheckId { get; init; }
            public string Kind { get; init; } = "";
            public int Weight { get; init; }
            public string ClerkName { get; init; } = "";
        }
    }
}

/// <summary>A check with the pages and documents of its batch and the errors found: for checkers, and for those who catalogue and see the case.</summary>
[Permit("cataloguing.check.view")]
internal sealed record ShowCheck : IQuery<ShowCheck.Result>
{
    public long Id { get; init; }

    internal sealed record Result(CheckRow Check, IReadOnlyList<Page> Pages, IReadOnlyList<PieceRow> Pieces, IReadOnlyList<DefectRow> Defects);

    internal sealed class Handler(Db db, ICases cases, CheckBook checks, BatchBook book, AccessLog reads) : IQueryHandler<ShowCheck, Result>
    {
        public async Task<Result> Handle(ShowCheck request, CancellationToken cancellationToken)
        {
            var check = await checks.GetAsync(request.Id, cases, cancellationToken);
            reads.Note("cataloguing.check.view", "check", check.Id, check.CaseId);
            // as the catalogue of the file has them now: what was mended is seen
            var filed = (
                await db.QueryAsync<Filed>(
                    "SELECT document_id, paper_type, title, paper_date FROM cataloguing_item WHERE case_id = @CaseId",
                    new { check.CaseId },
                    cancellationToken
                )
            ).ToDictionary(f => f.DocumentId);
            var pieces = (await book.PiecesAsync(check.BatchId, cancellationToken)).Select(p =>
                p.DocumentId is { } id && filed.GetValueOrDefault(id) is { } f
                    ? p with
                    {
                        PaperType = f.PaperType,
                        Title = f.Title,
                        PaperDate = f.PaperDate,
                    }
                    : p
            );
            return new Result(
                check,
                [.. (await book.PagesAsync(check.BatchId, cancellationToken)).Where(p => !p.Removed)],
                [.. pieces],
                await db.QueryAsync<DefectRow>(
                    "SELECT id, page_id, kind, weight, paper_type, clerk_name, words, at FROM cataloguing_defect WHERE check_id = @Id ORDER BY id",
                    new { check.Id },
                    cancellationToken
                )
            );
        }

        private sealed record Filed
        {
            public long DocumentId { get; init; }
            public string PaperType { get; init; } = "";
            public string Title { get; init; } = "";
            public DateOnly? PaperDate { get; init; }
        }
    }
}

/// <summary>What a checker found on the pages of a batch. Below the mark the batch goes back to whoever confirmed it, as an order that names each error with
/// its page.</summary>
[Permit("cataloguing.check")]
[Audited("cataloguing.check.decide")]
internal sealed record DecideCheck : ICommand<DecideCheck.Result>
{
    public long Id { get; init; }
    public int? Version { get; init; }
    public string Words { get; init; } = "";
    public IReadOnlyList<Defect> Defects { get; init; } = [];

    internal sealed record Defect
    {
        public long PageId { get; init; }
        public string Kind { get; init; } = "";
        public string Words { get; init; } = "";
    }

    internal sealed record Result(int Score, bool Passed);

    internal sealed class Validator : AbstractValidator<DecideCheck>
    {
        public Validator()
        {
            RuleFor(c => c.Words).MaximumLength(400).WithMessage("评语最长 400 个字符。");
            RuleFor(c => c.Defects).Must(d => d.Count <= 300).WithMessage("一次最多记 300 处差错。");
            RuleForEach(c => c.Defects)
                .Must(d => d is not null && DefectKinds.Kinds.ContainsKey(d.Kind))
                .WithMessage("没有这种差错。")
                .Must(d => d is null || d.Words.Length <= 400)
                .WithMessage("说明最长 400 个字符。");
        }
    }

    internal sealed class Handler(
        Db db,
        Ids ids,
        TimeProvider clock,
        Actor actor,
        ICases cases,
        ISettings settings,
        IWorkOrders orders,
        CheckBook checks,
        BatchBook book,
        AuditTrail audit
    ) : ICommandHandler<DecideCheck, Result>
    {
        public async Task<Result> Handle(DecideCheck request, CancellationToken cancellationToken)
        {
            var check = await checks.GetAsync(request.Id, cases, cancellationToken);
            if (check.ClerkId == actor.Id)
                throw new RuleBroken("不能质检自己确认的材料。", code: "own");
            if (check.State == CheckState.Settled && check.MendedBy == actor.Id)
                throw new RuleBroken("不能复核自己改正的材料。", code: "own");
            if (request.Version is { } seen && seen != check.Version)
                throw new Conflict("这批材料刚被他人质检，请刷新后再看。");
            var pages = (await book.PagesAsync(check.BatchId, cancellationToken)).ToDictionary(p => p.Id);
            var types = (await book.PiecesAsync(check.BatchId, cancellationToken)).ToDictionary(p => p.Id, p => p.PaperType);
            var score = DefectKinds.Score(request.Defects.Select(d => d.Kind));
            var passed = score >= settings.Current<SamplingRules>(check.CourtId).Pass;
            foreach (var d in request.Defects)
            {
                var page = pages.GetValueOrDefault(d.PageId) ?? throw new NotFound("页面", d.PageId);
                await db.ExecuteAsync(
                    "INSERT INTO cataloguing_defect (id, check_id, page_id, case_id, court_id, kind, weight, paper_type, clerk_name, words, at) "
                        + "VALUES (@id, @CheckId, @PageId, @CaseId, @CourtId, @Kind, @weight, @type, @ClerkName, @Words, @now)",
                    new
                    {
                        id = ids.Next(),
                        CheckId = check.Id,
                        d.PageId,
                        check.CaseId,
                        check.CourtId,
                        d.Kind,
                        weight = DefectKinds.Kinds[d.Kind].Weight,
                        type = page.PieceId is { } p ? types.GetValueOrDefault(p, "") : "",
                        check.ClerkName,
                        d.Words,
                        now = clock.GetUtcNow(),
                    },
                    cancellationToken
                );
            }
            var order = check.OrderId;
            // the first order goes on while the same checker asks; another checker opens one of their own
            var asked = order is { } known && check.State == CheckState.Settled ? await orders.GetAsync(known, cancellationToken) : null;
            if (asked is { State: OrderState.Feedback } && asked.AskedBy == actor.Id)
                await orders.StepAsync(
                    asked,
                    passed ? OrderStep.Close : OrderStep.SendBack,
                    new StepInput { Words = passed ? "复核合格" : BatchBook.Cut($"复核 {score} 分。{Found(request.Defects, pages)}", 400) },
                    cancellationToken
                );
            else if (!passed)
                order = (
                    await orders.OpenAsync(
                        new NewOrder
                        {
                            Type = CorrectOrder,
                            CaseId = check.CaseId,
                            Title = BatchBook.Cut($"改正编目差错：{check.Number}，{score} 分", 200),
                            Subject = check.ClerkName,
                            CauseSubject = $"{check.Id}.{check.Version}",
                            Words = request.Words,
                            Form = new Dictionary<string, string>
                            {
                                ["批次"] = check.Number,
                                ["得分"] = $"{score}",
                                ["差错"] = BatchBook.Cut(Found(request.Defects, pages), 900),
                            },
                        },
                        cancellationToken
                    )
                ).Id;
            await CheckBook.Table.MoveAsync(
                db,
                passed ? "pass" : "return",
                check.State,
                new
                {
                    check.Id,
                    check.Version,
                    score,
                    request.Words,
                    now = clock.GetUtcNow(),
                    by = actor.Name,
                    order,
                },
                "score = @score, first_score = COALESCE(first_score, @score), words = @Words, checked_at = @now, checker_name = @by, order_id = @order",
                cancellationToken
            );
            audit.Note(
                "check",
                check.Id,
                new
                {
                    score,
                    passed,
                    errors = request.Defects.Count,
                },
                check.CaseId
            );
            return new Result(score, passed);
        }

        private static string Found(IEnumerable<Defect> defects, Dictionary<long, Page> pages) =>
            string.Join('；', defects.Select(d => $"第 {Number(pages, d.PageId)} 页 {DefectKinds.Labels[d.Kind]} {d.Words}".TrimEnd()));

        private static int Number(Dictionary<long, Page> pages, long id) => pages.Values.OrderBy(p => p.Ordinal).ToList().FindIndex(p => p.Id == id) + 1;
    }

    internal const string CorrectOrder = "cataloguing.correct";
}

/// <summary>What a check returned was put right by those who catalogue: the checker looks once more. The order of the correction is fed back with it.</summary>
[Permit("cataloguing.work")]
[Audited("cataloguing.check.mend")]
internal sealed record MendCheck : ICommand<long>
{
    public long Id { get; init; }
    public int? Version { get; init; }

    /// <summary>What was done about each error.</summary>
    public string Words { get; init; } = "";

    internal sealed class Validator : AbstractValidator<MendCheck>
    {
        public Validator() =>
            RuleFor(c => c.Words)
                .Must(w => w.Trim().Length > 0)
                .WithMessage("请写明每处差错怎样改的。")
                .MaximumLength(400)
                .WithMessage("说明最长 400 个字符。");
    }

    internal sealed class Handler(Db db, TimeProvider clock, Actor actor, ICases cases, IWorkOrders orders, CheckBook checks, AuditTrail audit)
        : ICommandHandler<MendCheck, long>
    {
        public async Task<long> Handle(MendCheck request, CancellationToken cancellationToken)
        {
            var check = await checks.GetAsync(request.Id, cases, cancellationToken);
            if (check.State != CheckState.Returned)
                throw new RuleBroken("这批材料没有退回，不用改正。", code: "state");
            if (request.Version is { } seen && seen != check.Version)
                throw new Conflict("这批材料刚有人处理过，请刷新后再看。");
            if (check.OrderId is { } id)
            {
                var order = await orders.GetAsync(id, cancellationToken);
                if (order.State is OrderState.Queued or OrderState.Assigned || (order.State == OrderState.Accepted && order.AssigneeId != actor.Id))
                    throw new RuleBroken($"请先接受改正工单 {order.Number}，再提交复核。", wayOut: $"/orders/{order.Id}", code: "order");
                if (order.State == OrderState.Accepted)
                    await orders.StepAsync(order, OrderStep.Feedback, new StepInput { Words = request.Words.Trim() }, cancellationToken);
            }
            await CheckBook.Table.MoveAsync(
                db,
                "settle",
                check.State,
                new
                {
                    check.Id,
                    check.Version,
                    now = clock.GetUtcNow(),
                    by = actor.Id,
                    actor.Name,
                    words = request.Words.Trim(),
                },
                "mended_at = @now, mended_by = @by, mended_by_name = @Name, mend_words = @words",
                cancellationToken
            );
            audit.Note("check", check.Id, new { mended = true }, check.CaseId, request.Words.Trim());
            return check.Id;
        }
    }
}

/// <summary>The order of a correction is fed back on the page of its check, where it says what was mended.</summary>
internal sealed class CorrectionOrder : IDrivenOrder
{
    public string Type => DecideCheck.CorrectOrder;
}

/// <summary>What was returned to the court's cataloguing, in the cases the person may see.</summary>
[Permit("cataloguing.work")]
internal sealed record ListReturned : IQuery<IReadOnlyList<CheckRow>>
{
    internal sealed class Handler(Db db, ICases cases, AccessLog reads) : IQueryHandler<ListReturned, IReadOnlyList<CheckRow>>
    {
        public async Task<IReadOnlyList<CheckRow>> Handle(ListReturned request, CancellationToken cancellationToken)
        {
            var rows = await db.PageAsync<CheckRow>(
                $"{CheckBook.Columns} WHERE k.state = 'returned' AND {cases.Seen("k.case_id")} ORDER BY k.picked_at, k.id",
                cases.Arguments,
                100,
                cancellationToken
            );
            reads.List("cataloguing.check.list", rows.Count, new { State = CheckState.Returned });
            return rows;
        }
    }
}

/// <summary>The type, title and place of a filed document are put right.</summary>
[Permit("cataloguing.work")]
[Audited("cataloguing.item.correct")]
internal sealed record CorrectItem : ICommand<long>
{
    public long CaseId { get; init; }
    public long DocumentId { get; init; }
    public string Type { get; init; } = "";
    public string Title { get; init; } = "";
    public DateOnly? Date { get; init; }
    public int? Place { get; init; }

    internal sealed class Validator : AbstractValidator<CorrectItem>
    {
        public Validator()
        {
            RuleFor(c => c.Type).Must(PaperTypes.Labels.ContainsKey).WithMessage("请选定材料类型。");
            RuleFor(c => c.Title).NotEmpty().WithMessage("请填写题名。").MaximumLength(200).WithMessage("题名最长 200 个字符。");
            RuleFor(c => c.Place).InclusiveBetween(1, 99).WithMessage("顺序应在 1 到 99 之间。");
            RuleFor(c => c.Date).Must(d => d is null || d.Value.Year is >= 1949 and <= 2100).WithMessage("日期应在 1949 到 2100 年之间。");
        }
    }

    internal sealed class Handler(Db db, ICases cases, BatchSorter sorter, AuditTrail audit) : ICommandHandler<CorrectItem, long>
    {
        public async Task<long> Handle(CorrectItem request, CancellationToken cancellationToken)
        {
            var card = await cases.GetAsync(request.CaseId, cancellationToken);
            var item = await db.FirstAsync<Found>(
                "SELECT id, volume, title, paper_type FROM cataloguing_item WHERE case_id = @CaseId AND document_id = @DocumentId",
                new { request.CaseId, request.DocumentId },
                cancellationToken
            );
            if (item is null || (item.Volume == "secondary" && !await cases.CanReadSecondaryAsync(card.Id, cancellationToken)))
                throw new NotFound("卷内文书", request.DocumentId);
            if (
                await db.ScalarAsync<int>(
                    "SELECT COUNT(*) FROM cataloguing_archive WHERE case_id = @CaseId AND state <> 'due'",
                    new { request.CaseId },
                    cancellationToken
                ) > 0
            )
                throw new RuleBroken("卷宗已归档，不能再改目录。", code: "archived");
            var type = PaperTypes.Of(request.Type);
            var place = request.Place ?? await sorter.PlaceAsync(card, type.Code, cancellationToken);
            await db.ExecuteAsync(
                "UPDATE cataloguing_item SET paper_type = @Code, heading = @Label, title = @Title, paper_date = @Date, ordinal = @place, leak = @leak "
                    + "WHERE id = @Id",
                new
                {
                    item.Id,
                    type.Code,
                    type.Label,
                    request.Title,
                    request.Date,
                    place,
                    leak = type.Secondary && item.Volume == "main",
                },
                cancellationToken
            );
            audit.Note(
                "item",
                item.Id,
                new
                {
                    was = item.PaperType,
                    now = type.Code,
                    request.DocumentId,
                },
                card.Id
            );
            return request.DocumentId;
        }

        private sealed record Found
        {
            public long Id { get; init; }
            public string Volume { get; init; } = "";
            public string Title { get; init; } = "";
            public string PaperType { get; init; } = "";
        }
    }
}
