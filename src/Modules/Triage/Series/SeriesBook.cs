using System.Globalization;
using System.Text.Json;
using CourtOps.Kernel.Audit;
using CourtOps.Kernel.Data;
using CourtOps.Kernel.Jobs;
using CourtOps.Kernel.Messaging;
using CourtOps.Kernel.Security;
using CourtOps.Kernel.States;
using CourtOps.Kernel.Web;
using CourtOps.Triage.Filings;
using CourtOps.Workzone;
using CourtOps.Workzone.Cases;
using FluentValidation;
using MediatR;

namespace CourtOps.Triage.Series;

/// <summary>Many suits of one claimant or against one defendant, handed in at once.</summary>
internal sealed record SeriesRow
{
    public long Id { get; init; }
    public string Number { get; init; } = "";
    public long CourtId { get; init; }
    public string Title { get; init; } = "";
    public string Cause { get; init; } = "";
    public string Claimant { get; init; } = "";
    public int Total { get; init; }

    /// <summary>taken, registering, registered, parked or applied.</summary>
    public string State { get; init; } = "";
    public long? ModelCaseId { get; init; }
    public string ModelNumber { get; init; } = "";
    public long? OwnerId { get; init; }
    public string OwnerName { get; init; } = "";
    public DateOnly? WakeOn { get; init; }
    public DateTimeOffset? WokenAt { get; init; }
    public string? Elements { get; init; }
    public DateTimeOffset TakenAt { get; init; }
    public int Version { get; init; }
    public int Registered { get; init; }
    public int Refused { get; init; }

    public IReadOnlyList<ModelElement> ElementList => Elements is null ? [] : JsonSerializer.Deserialize<IReadOnlyList<ModelElement>>(Elements, Json.Stored)!;
}

internal sealed record SeriesCase
{
    public long FilingId { get; init; }
    public int RowNo { get; init; }
    public long? CaseId { get; init; }
    public string CaseNumber { get; init; } = "";
    public string Name { get; init; } = "";
    public long? Amount { get; init; }

    /// <summary>taken, registered, refused, model, parked, applied or own.</summary>
    public string State { get; init; } = "";
    public string Problem { get; init; } = "";
    public string? Elements { get; init; }

    public IReadOnlyList<ElementAnswer> Answers => Elements is null ? [] : JsonSerializer.Deserialize<IReadOnlyList<ElementAnswer>>(Elements, Json.Stored)!;
}

/// <summary>What the model suit found on one element.</summary>
internal sealed record ModelElement(string Name, string Finding);

/// <summary>Whether a parked case is like the model in one element.</summary>
internal sealed record ElementAnswer(string Name, bool Same, string Finding);

/// <summary>Reads a list of defendants. Pure.</summary>
internal static class SeriesReading
{
    public const int Most = 500;

    internal sealed record Line(int Row, PartyIn Party, decimal? Amount, string Words, string? Fault);

    /// <summary>Columns: name, id number, phone, amount in yuan, words. Comma, tab or semicolon; a heading is passed over; every fault names its row.</summary>
    public static IReadOnlyList<Line> Read(string text, string role)
    {
        var lines = new List<Line>();
        var seen = new HashSet<string>();
        foreach (var (i, raw) in text.TrimStart('\uFEFF').ReplaceLineEndings("\n").Split('\n').Index())
        {
            if (raw.Trim().Length == 0)
                continue;
            var mark = raw.Contains('\t', StringComparison.Ordinal) ? '\t' : raw.Contains('，', StringComparison.Ordinal) && !raw.Contains(',', StringComparison.Ordinal) ? '，' : raw.Contains(';', StringComparison.Ordinal) && !raw.Contains(',', StringComparison.Ordinal) ? ';' : ',';
            var cells = raw.Split(mark).Select(c => PartyReading.Fold(c.Trim().Trim('"'))).ToArray();
            string At(int n) => n < cells.Length ? cells[n] : "";
            if (At(0) is "姓名" or "被告" or "姓名或名称" or "name")
                continue;
            var party = new PartyIn { Name = At(0), Role = role, IdNumber = At(1), Phone = At(2) };
            decimal? amount = null;
            string? fault = null;
            if (At(3).Length > 0)
            {
                if (decimal.TryParse(At(3).Replace("元", "", StringComparison.Ordinal), NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var a) && a is >= 0 and <= 9_999_999_999m && decimal.Round(a, 2) == a)
                    amount = a;
                else
                    fault = "金额应为不小于 0、最多两位小数的数。";
            }
            fault ??= PartyReading.Read([party]).Faults is [var (_, message), ..] ? message : null;
            if (fault is null && !seen.Add(At(1).Length > 0 ? At(1) : PartyReading.FoldName(At(0)) + At(2)))
                fault = "与前面的一行重复。";
            if (At(4).Length > 500)
                fault = "诉讼请求最长 500 个字符。";
            lines.Add(new Line(i + 1, party, amount, At(4), fault));
        }
        return lines;
    }
}

internal static class SeriesState
{
    public static readonly IReadOnlyDictionary<string, string> Labels = new Dictionary<string, string> { ["taken"] = "已收件", ["registering"] = "登记中", ["registered"] = "已登记", ["parked"] = "示范诉讼进行中", ["applied"] = "已参照示范结果" };

    public static readonly IReadOnlyDictionary<string, string> Cases = new Dictionary<string, string>
    {
        ["taken"] = "待登记", ["registered"] = "已登记", ["refused"] = "未登记", ["model"] = "示范案件", ["parked"] = "平行案件，等待", ["applied"] = "参照示范结果", ["own"] = "另行审理",
    };
}

/// <summary>Series and their cases.</summary>
internal sealed class SeriesBook(Db db, Actor actor, ICaseIndex index, ICases cases)
{
    public const string Columns =
        """
        s.id, s.number, s.court_id, s.title, s.cause, s.claimant, s.total, s.state, s.model_case_id, s.model_number, s.owner_id, s.owner_name, s.wake_on, s.woken_at, s.elements, s.taken_at, s.version,
        (SELECT COUNT(*) FROM triage_series_case c WHERE c.series_id = s.id AND c.case_id IS NOT NULL) AS registered, (SELECT COUNT(*) FROM triage_series_case c WHERE c.series_id = s.id AND c.stage = 'refused') AS refused
        """;

    public static readonly StateTable Table = new(
        "triage_series", "系列案件",
        new("register", ["taken", "registered"], "registering"),
        new("ready", ["registering"], "registered"),
        new("park", ["registered"], "parked"),
        new("apply", ["parked"], "applied"),
        new("wake", ["parked"], null));

    public async Task<SeriesRow> GetAsync(long id, CancellationToken ct) =>
        (actor.IsSystem ? await db.FirstAsync<SeriesRow>($"SELECT {Columns} FROM triage_series s WHERE s.id = @id", new { id }, ct)
            : await db.FirstAsync<SeriesRow>($"SELECT {Columns} FROM triage_series s WHERE s.id = @id AND s.court_id IN @courts", new { id, courts = actor.Courts }, ct)) ?? throw new NotFound("系列案件", id);

    /// <summary>Its cases by their row, without what is sealed or recused from.</summary>
    public Task<IReadOnlyList<SeriesCase>> CasesAsync(long id, int after, int take, CancellationToken ct)
    {
        var (me, courts, places) = cases.Arguments;
        var seen = actor.IsSystem ? "" : $" AND (c.case_id IS NULL OR {index.Registered("c.case_id")})";
        return db.PageAsync<SeriesCase>($"SELECT c.filing_id, c.row_no, c.case_id, c.case_number, c.name, c.amount, c.stage AS state, c.problem, c.elements FROM triage_series_case c WHERE c.series_id = @id AND c.row_no > @after{seen} ORDER BY c.row_no",
            new { id, after, me, courts, places }, take, ct);
    }
}

/// <summary>Takes in up to five hundred suits in one file: one claimant, a line for each defendant. A line that is wrong stops none of the others.</summary>
[Permit("triage.work")]
[Audited("triage.series.take")]
internal sealed record TakeSeries : ICommand<TakeSeries.Result>
{
    public string Title { get; init; } = "";
    public string Cause { get; init; } = "";
    public PartyIn Claimant { get; init; } = new();
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
            RuleFor(c => c).Custom((c, context) =>
            {
                if (c.Claimant is null)
                    context.AddFailure("Claimant", "请填写原告。");
                else
                    foreach (var (field, message) in PartyReading.Read([c.Claimant with { Role = "原告" }]).Faults)
                        context.AddFailure(field.Replace("Parties[0]", "Claimant", StringComparison.Ordinal), message);
            });
        }
    }

    internal sealed class Handler(Db db, Ids ids, Actor actor, ICourts courts, TimeProvider clock, Sequences sequences, Intake intake, AuditTrail audit) : ICommandHandler<TakeSeries, Result>
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
            var number = $"系{court.Code}-{Times.Day(now).Year}-{await sequences.NextAsync($"triage.series:{court.Id}:{Times.Day(now).Year}", cancellationToken):0000}";
            var claimant = request.Claimant with { Role = "原告" };
            var name = PartyReading.Fold(claimant.Name);
            await db.ExecuteAsync(
                """
                INSERT INTO triage_series (id, number, court_id, title, cause, claimant, total, state, model_number, owner_name, taken_at, taken_by_name, version)
                VALUES (@id, @number, @court, @title, @cause, @name, @total, 'taken', '', '', @now, @by, 1)
                """, new { id, number, court = court.Id, title = PartyReading.Fold(request.Title) is { Length: > 0 } t ? t : $"{name} {request.Cause}", cause = PartyReading.Fold(request.Cause), name, total = good.Count, now, by = actor.Name }, cancellationToken);
            foreach (var l in good)
            {
                var taken = await intake.TakeAsync(
                    new TakeFiling
                    {
                        Cause = request.Cause, Parties = [claimant, l.Party], Claims = l.Amount is null && l.Words.Length == 0 ? [] : [new ClaimIn { Type = l.Amount is null ? "other" : "money", Amount = l.Amount, Words = l.Words }], Facts = new FilingFacts { Ticks = request.Ticks }, Sender = name,
                    }, new Entry("counter", court), cancellationToken);
                await db.ExecuteAsync("INSERT INTO triage_series_case (series_id, filing_id, row_no, case_number, name, amount, stage, problem) VALUES (@id, @filing, @Row, '', @name, @amount, 'taken', '')",
                    new { id, filing = taken.Id, l.Row, name = PartyReading.Fold(l.Party.Name), amount = l.Amount is { } a ? (long)(a * 100) : (long?)null }, cancellationToken);
            }
            audit.Note("series", id, new { taken = good.Count, faults = lines.Count - good.Count });
            return new Result(id, number, good.Count, [.. lines.Where(l => l.Fault is not null).Select(l => new Fault(l.Row, PartyReading.Fold(l.Party.Name), l.Fault!))]);
        }
    }
}

/// <summary>Registers them all: some at a time by the job, so that nobody waits for a number meanwhile.</summary>
[Permit("triage.work")]
[Audited("triage.series.register")]
internal sealed record RegisterSeries : ICommand
{
    public long Id { get; init; }
    public int? Version { get; init; }

    internal sealed class Handler(Db db, SeriesBook book, AuditTrail audit) : CommandHandler<RegisterSeries>
    {
        protected override async Task RunAsync(RegisterSeries command, CancellationToken ct)
        {
            var s = await book.GetAsync(command.Id, ct);
            await SeriesBook.Table.MoveAsync(db, "register", s.State, new { s.Id, Version = command.Version ?? s.Version }, ct: ct);
            await db.ExecuteAsync("UPDATE triage_series_case SET stage = 'taken', problem = '' WHERE series_id = @Id AND stage = 'refused'", new { s.Id }, ct);
            audit.Note("series", s.Id, new { s.Total });
        }
    }
}

/// <summary>Registers what is asked for, a chunk a transaction, until nothing is left; wakes who waits for a model suit.</summary>
internal sealed class WorkOnSeries(Db db, IMediator mediator, TimeProvider clock) : IJobHandler
{
    public async Task RunAsync(CancellationToken ct)
    {
        foreach (var id in await db.QueryAsync<long>("SELECT id FROM triage_series WHERE state = 'registering' ORDER BY id", null, ct))
            while (await mediator.Send(new RegisterSeriesChunk { Id = id }, ct) > 0)
            {
            }
        foreach (var id in await db.PageAsync<long>("SELECT id FROM triage_series WHERE wake_on <= @today AND state = 'parked' AND woken_at IS NULL ORDER BY id", new { today = Times.Day(clock.GetUtcNow()) }, 200, ct))
            await mediator.Send(new WakeSeries { Id = id }, ct);
    }
}

/// <summary>Some cases of a series get their numbers; what cannot be registered says why.</summary>
[Permit(PermitAttribute.System)]
[Audited("triage.series.chunk")]
internal sealed record RegisterSeriesChunk : ICommand<int>
{
    public long Id { get; init; }

    internal sealed class Handler(Db db, SeriesBook book, Registering registering, Texts texts, AuditTrail audit) : ICommandHandler<RegisterSeriesChunk, int>
    {
        private const int Size = 25;

        public async Task<int> Handle(RegisterSeriesChunk request, CancellationToken cancellationToken)
        {
            var s = await book.GetAsync(request.Id, cancellationToken);
            if (s.State != "registering")
                return 0;
            var rows = await db.PageAsync<SeriesCase>("SELECT c.filing_id, c.row_no, c.case_id, c.case_number, c.name, c.amount, c.stage AS state, c.problem FROM triage_series_case c WHERE c.series_id = @Id AND c.stage = 'taken' ORDER BY c.row_no", new { s.Id }, Size, cancellationToken);
            foreach (var c in rows)
                try
                {
                    await db.SavepointAsync(async () =>
                    {
                        var done = await registering.RegisterAsync(c.FilingId, null, false, s.Number, cancellationToken, series: s.Registered > 0 || c != rows[0]);
                        await db.ExecuteAsync("UPDATE triage_series_case SET stage = 'registered', case_id = @CaseId, case_number = @CaseNumber WHERE filing_id = @FilingId", new { done.CaseId, done.CaseNumber, c.FilingId }, cancellationToken);
                    });
                }
                catch (RuleBroken e)
                {
                    var why = texts.Of(e);
                    await db.ExecuteAsync("UPDATE triage_series_case SET stage = 'refused', problem = @why WHERE filing_id = @FilingId", new { why = why.Length > 400 ? why[..400] : why, c.FilingId }, cancellationToken);
                }
            if (rows.Count < Size)
                await SeriesBook.Table.MoveAsync(db, "ready", s.State, new { s.Id, s.Version }, ct: cancellationToken);
            audit.Note("series", s.Id, new { rows = rows.Count });
            return rows.Count < Size ? 0 : rows.Count;
        }
    }
}

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
            var model = await db.FirstAsync<SeriesCase>("SELECT c.filing_id, c.row_no, c.case_id, c.case_number, c.name, c.amount, c.stage AS state, c.problem FROM triage_series_case c WHERE c.series_id = @Id AND c.filing_id = @FilingId", new { s.Id, command.FilingId }, ct);
            if (model?.CaseId is null)
                throw new RuleBroken("示范案件应是本系列里已经登记的案件。", "FilingId");
            await SeriesBook.Table.MoveAsync(db, "park", s.State, new { s.Id, Version = command.Version ?? s.Version, model.CaseId, model.CaseNumber, owner = actor.Id, name = actor.Name, command.WakeOn },
                "model_case_id = @CaseId, model_number = @CaseNumber, owner_id = @owner, owner_name = @name, wake_on = @WakeOn", ct);
            await db.ExecuteAsync("UPDATE triage_series_case SET stage = CASE WHEN filing_id = @FilingId THEN 'model' ELSE 'parked' END WHERE series_id = @Id AND stage = 'registered'", new { s.Id, command.FilingId }, ct);
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
            await SeriesBook.Table.MoveAsync(db, "wake", s.State, new { s.Id, s.Version, now = clock.GetUtcNow() }, "woken_at = @now", ct);
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
        public Validator() => RuleFor(c => c.Elements).Must(e => e.Count is >= 1 and <= 50 && e.All(x => x is not null && x.Name is { Length: > 0 and <= 100 } && x.Finding is { Length: > 0 and <= 500 })).WithMessage("请逐项写明要素和认定，一至五十项。")
            .Must(e => e.Where(x => x is not null).Select(x => x.Name).Distinct().Count() == e.Count).WithMessage("要素重复。");
    }

    internal sealed class Handler(Db db, SeriesBook book, ICaseRegister register, TimeProvider clock, Actor actor, ICases cases, AuditTrail audit) : ICommandHandler<ApplyModel, Result>
    {
        public async Task<Result> Handle(ApplyModel request, CancellationToken cancellationToken)
        {
            var s = await book.GetAsync(request.Id, cancellationToken);
            var model = await db.FirstAsync<string>("SELECT state FROM workzone_case_card WHERE id = @ModelCaseId", new { s.ModelCaseId }, cancellationToken);
            if (model != "closed")
                throw new RuleBroken($"示范案件 {s.ModelNumber} 还没有结案，没有结果可以参照。", code: "model-open");
            await SeriesBook.Table.MoveAsync(db, "apply", s.State, new { s.Id, Version = request.Version ?? s.Version, elements = JsonSerializer.Serialize(request.Elements, Json.Stored) }, "elements = @elements, wake_on = NULL", cancellationToken);
            var (applied, own) = (0, 0);
            var today = Times.Day(clock.GetUtcNow());
            foreach (var c in (await book.CasesAsync(s.Id, 0, SeriesReading.Most + 1, cancellationToken)).Where(c => c.State == "parked"))
            {
                var differs = request.Differs.GetValueOrDefault(c.FilingId) ?? [];
                var answers = request.Elements.Select(e => new ElementAnswer(e.Name, !differs.Contains(e.Name), e.Finding)).ToList();
                var like = answers.All(a => a.Same);
                await db.ExecuteAsync("UPDATE triage_series_case SET stage = @state, elements = @answers WHERE filing_id = @FilingId", new { state = like ? "applied" : "own", answers = JsonSerializer.Serialize(answers, Json.Stored), c.FilingId }, cancellationToken);
                if (actor.IsSystem || await cases.CanReadAsync(c.CaseId!.Value, cancellationToken))
                    await register.RecordAsync(c.CaseId!.Value, "model-applied", today, $"triage.series:{s.Id}", new Dictionary<string, string> { ["model"] = s.ModelNumber, ["outcome"] = like ? "applied" : "own" }, null, cancellationToken);
                if (like)
                    applied++;
                else
                    own++;
            }
            audit.Note("series", s.Id, new { applied, own, elements = request.Elements.Count });
            return new Result(applied, own);
        }
    }
}

/// <summary>Series of the court.</summary>
[Permit("triage.read")]
internal sealed record ListSeries : IQuery<IReadOnlyList<SeriesRow>>
{
    internal sealed class Handler(Db db, Actor actor) : IQueryHandler<ListSeries, IReadOnlyList<SeriesRow>>
    {
        public Task<IReadOnlyList<SeriesRow>> Handle(ListSeries request, CancellationToken cancellationToken) =>
            db.PageAsync<SeriesRow>($"SELECT {SeriesBook.Columns} FROM triage_series s WHERE s.court_id IN @courts ORDER BY s.id DESC", new { courts = actor.Courts }, 200, cancellationToken);
    }
}

/// <summary>One series with a page of its cases.</summary>
[Permit("triage.read")]
internal sealed record ShowSeries : IQuery<ShowSeries.Result>
{
    public long Id { get; init; }
    public int After { get; init; }

    internal sealed record Result(SeriesRow Series, IReadOnlyList<SeriesCase> Cases, int? Next);

    internal sealed class Handler(SeriesBook book) : IQueryHandler<ShowSeries, Result>
    {
        private const int Size = 100;

        public async Task<Result> Handle(ShowSeries request, CancellationToken cancellationToken)
        {
            var s = await book.GetAsync(request.Id, cancellationToken);
            var rows = await book.CasesAsync(s.Id, request.After, Size + 1, cancellationToken);
            return new Result(s, [.. rows.Take(Size)], rows.Count > Size ? rows[Size - 1].RowNo : null);
        }
    }
}
