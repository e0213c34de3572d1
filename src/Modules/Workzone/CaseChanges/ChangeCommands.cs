using System.Text.Json;
using CourtOps.Kernel.Audit;
using CourtOps.Kernel.Data;
using CourtOps.Kernel.Messaging;
using CourtOps.Kernel.Security;
using CourtOps.Kernel.Web;
using CourtOps.Kernel.Work;
using CourtOps.Law;
using FluentValidation;

namespace CourtOps.Workzone.CaseChanges;

/// <summary>Takes a list of changes in: written down with a line for each, applied in the background with the rights of this person.</summary>
[Permit("workzone.cases.changes")]
[Audited("workzone.changes.take")]
internal sealed record TakeChanges : ICommand<long>
{
    public string FileName { get; init; } = "";

    [FileText]
    public string Text { get; init; } = "";

    private IReadOnlyList<ChangeLine>? lines;

    /// <summary>Read while the command is checked, before its transaction begins: nobody waits for the reading of a long file.</summary>
    /// <exception cref="RuleBroken">It cannot be read.</exception>
    private IReadOnlyList<ChangeLine> Lines => lines ??= ChangeFile.Read(Text);

    internal sealed class Validator : AbstractValidator<TakeChanges>
    {
        public Validator()
        {
            RuleFor(c => c.Text)
                .NotEmpty()
                .WithMessage("请选择变动的文件。")
                .Must(t => t.Length <= 64 * 1024 * 1024)
                .WithMessage("文件超过 64 MB，请拆分后导入。");
            RuleFor(c => c.FileName).MaximumLength(260).WithMessage("文件名最长 260 个字符。");
            RuleFor(c => c).Must(c => c.Lines.Count >= 0).When(c => c.Text.Length is > 0 and <= 64 * 1024 * 1024);
        }
    }

    internal sealed class Handler(Db db, Ids ids, Actor actor, TimeProvider clock, WorkQueue work, AuditTrail audit) : ICommandHandler<TakeChanges, long>
    {
        public async Task<long> Handle(TakeChanges request, CancellationToken cancellationToken)
        {
            var lines = request.Lines;
            var id = ids.Next();
            await db.ExecuteAsync(
                """
                INSERT INTO workzone_change_file (id, person_id, court_id, key_id, file_name, state, total, done_count, same_count, waiting_count,
                    refused_count, position, created_at, ended_at)
                VALUES (@id, @person, @court, @key, @FileName, 'running', @total, 0, 0, 0, 0, 0, @now, NULL)
                """,
                new
                {
                    id,
                    person = actor.Id,
                    court = actor.IsSystem ? (long?)null : actor.CourtId,
                    key = People.Keys.Of(actor),
                    request.FileName,
                    total = lines.Count,
                    now = clock.GetUtcNow(),
                },
                cancellationToken
            );
            // in parts, which turns of the work make rows of: storing a row for each line here would keep every other writer waiting for a second and more
            foreach (var (part, chunk) in lines.Chunk(ApplyChanges.Part).Index())
                await db.ExecuteAsync(
                    "INSERT INTO workzone_change_part (file_id, part, body) VALUES (@id, @part, @body)",
                    new
                    {
                        id,
                        part,
                        body = JsonSerializer.Serialize(chunk, Json.Stored),
                    },
                    cancellationToken
                );
            await work.AddAsync(ChangeWork.Name, $"{id}:0", new ChangeWork.Payload { FileId = id }, null, cancellationToken);
            audit.Note("changes", id, new { request.FileName, rows = lines.Count });
            return id;
        }
    }
}

/// <summary>The next lines of a list in one transaction with their outcomes: each exactly once,
/// whatever ends the process. False when nothing is left.</summary>
[Permit("workzone.cases.changes")]
[Audited("workzone.changes.chunk")]
internal sealed record ApplyChanges : ICommand<bool>
{
    public const int Size = 50;

    /// <summary>Lines that are stored together until their turn makes rows of them.</summary>
    public const int Part = 500;

    public long Id { get; init; }

    internal sealed class Handler(Db db, Actor actor, ChangeApplier applier, AuditTrail audit, Changes changes, TimeProvider clock)
        : ICommandHandler<ApplyChanges, bool>
    {
        public async Task<bool> Handle(ApplyChanges request, CancellationToken cancellationToken)
        {
            var file =
                await db.FirstAsync<FileRow>(
                    """
                    SELECT id, person_id, file_name, state, position, total, refused_count
                    FROM workzone_change_file
                    WHERE id = @Id AND (person_id = @me OR @system = 1)
                    """,
                    new
                    {
                        request.Id,
                        me = actor.Id,
                        system = actor.IsSystem,
                    },
                    cancellationToken
                ) ?? throw new NotFound("变动文件", request.Id);
            if (file.State != "running")
                return false;
            if (await StageAsync(request.Id, cancellationToken))
                return true;
            var rows = await db.PageAsync<Row>(
                """
                SELECT n, body, outcome
                FROM workzone_change_row
                WHERE file_id = @Id AND n > @Position AND outcome IN ('new', 'waiting')
                ORDER BY n
                """,
                new { request.Id, file.Position },
                Size,
                cancellationToken
            );
            var outcomes = new List<(int N, string Was, string Outcome, string Reason)>();
            foreach (var row in rows)
            {
                var (outcome, reason) = await TryAsync(JsonSerializer.Deserialize<ChangeLine>(row.Body, Json.Stored)!, cancellationToken);
                outcomes.Add((row.N, row.Outcome, outcome, reason.Length > 400 ? reason[..400] : reason));
            }
            await db.ExecuteManyAsync(
                """
                UPDATE workzone_change_row
                SET outcome = @outcome, reason = @reason
                WHERE file_id = @Id AND n = @n
                """,
                [
                    .. outcomes.Select(o =>
                        (object)
                            new
                            {
                                request.Id,
                                n = o.N,
                                outcome = o.Outcome,
                                reason = o.Reason,
                            }
                    ),
                ],
                cancellationToken
            );
            int Of(string outcome) => outcomes.Count(o => o.Outcome == outcome);
            var ended = rows.Count < Size;
            if (
                await db.ExecuteAsync(
                    """
                    UPDATE workzone_change_file SET position = @position, done_count = done_count + @done, same_count = same_count + @same,
                        refused_count = refused_count + @refused,
                           waiting_count = waiting_count + @waiting, state = @state, ended_at = @at
                    WHERE id = @Id AND position = @Position0 AND state = 'running'
                    """,
                    new
                    {
                        request.Id,
                        position = rows.Count == 0 ? file.Position : rows[^1].N,
                        done = Of(ChangeApplier.Done),
                        same = Of(ChangeApplier.Same),
                        refused = Of(ChangeApplier.Refused),
                        waiting = Of(ChangeApplier.Waiting) - outcomes.Count(o => o.Was == ChangeApplier.Waiting),
                        state = ended ? "done" : "running",
                        at = ended ? clock.GetUtcNow() : (DateTimeOffset?)null,
                        Position0 = file.Position,
                    },
                    cancellationToken
                ) == 0
            )
                throw new Conflict("这个文件正在别处进行。");
            audit.Note(
                "changes",
                request.Id,
                new
                {
                    done = Of(ChangeApplier.Done),
                    same = Of(ChangeApplier.Same),
                    refused = Of(ChangeApplier.Refused),
                    waiting = Of(ChangeApplier.Waiting),
                }
            );
            db.OnCommitted(() => changes.Say($"changes:{request.Id}"));
            return !ended;
        }

        // the next part becomes rows; false when all of them are rows
        private async Task<bool> StageAsync(long id, CancellationToken ct)
        {
            var part = await db.FirstAsync<Stored>("SELECT part, body FROM workzone_change_part WHERE file_id = @id ORDER BY part", new { id }, ct);
            if (part is null)
                return false;
            await db.ExecuteManyAsync(
                """
                INSERT INTO workzone_change_row (file_id, n, case_number, body, outcome, reason)
                VALUES (@id, @n, @number, @body, 'new', '')
                """,
                [
                    .. JsonSerializer
                        .Deserialize<IReadOnlyList<ChangeLine>>(part.Body, Json.Stored)!
                        .Select(
                            (l, i) =>
                                (object)
                                    new
                                    {
                                        id,
                                        n = (part.Part * Part) + i + 1,
                                        number = NumberOf(l),
                                        body = JsonSerializer.Serialize(l, Json.Stored),
                                    }
                        ),
                ],
                ct
            );
            // of two who stage the same part at once the key of the rows lets one through
            await db.ExecuteAsync("DELETE FROM workzone_change_part WHERE file_id = @id AND part = @Part", new { id, part.Part }, ct);
            return await db.ScalarAsync<int>("SELECT COUNT(*) FROM workzone_change_part WHERE file_id = @id", new { id }, ct) > 0;
        }

        private static string NumberOf(ChangeLine line) =>
            CaseNumber.TryParse(line.CaseNumber, out var n) ? n.Canonical
            : line.CaseNumber.Length > 120 ? line.CaseNumber[..120]
            : line.CaseNumber;

        private async Task<(string Outcome, string Reason)> TryAsync(ChangeLine line, CancellationToken ct)
        {
            var noted = audit.Mark();
            try
            {
                var outcome = "";
                await db.SavepointAsync(async () => outcome = await applier.ApplyAsync(line, ct));
                return (outcome, "");
            }
            catch (Exception e) when (e is RuleBroken or Conflict or NotFound or Forbidden or ValidationException)
            {
                audit.ForgetSince(noted);
                return (ChangeApplier.Refused, e is ValidationException v ? v.Errors.First().ErrorMessage : e.Message);
            }
        }

        private sealed record Stored
        {
            public int Part { get; init; }
            public string Body { get; init; } = "";
        }

        private sealed record FileRow
        {
            public long Id { get; init; }
            public long PersonId { get; init; }
            public string FileName { get; init; } = "";
            public string State { get; init; } = "";
            public int Position { get; init; }
            public int Total { get; init; }
            public int RefusedCount { get; init; }
        }

        private sealed record Row
        {
            public int N { get; init; }
            public string Body { get; init; } = "";
            public string Outcome { get; init; } = "";
        }
    }
}

/// <summary>Lists this person handed in; and one of them with its outcomes, what was refused or waits first.</summary>
[Permit("workzone.cases.changes")]
internal sealed record ShowChanges : IQuery<ShowChanges.Result>
{
    public const int Page = 100;

    /// <summary>Null for the lists alone.</summary>
    public long? Id { get; init; }
    public string? Outcome { get; init; }
    public int After { get; init; }

    internal sealed record Result(IReadOnlyList<FileRow> Files, IReadOnlyList<Row> Rows, int? Next);

    internal sealed record FileRow
    {
        public long Id { get; init; }
        public string FileName { get; init; } = "";
        public string State { get; init; } = "";
        public int Total { get; init; }
        public int DoneCount { get; init; }
        public int SameCount { get; init; }
        public int WaitingCount { get; init; }
        public int RefusedCount { get; init; }
        public DateTimeOffset CreatedAt { get; init; }
        public DateTimeOffset? EndedAt { get; init; }
    }

    internal sealed record Row
    {
        public int N { get; init; }
        public string CaseNumber { get; init; } = "";
        public string Body { get; init; } = "";
        public string Outcome { get; init; } = "";
        public string Reason { get; init; } = "";

        public ChangeLine Line => JsonSerializer.Deserialize<ChangeLine>(Body, Json.Stored)!;
    }

    internal sealed class Handler(Db db, Actor actor) : IQueryHandler<ShowChanges, Result>
    {
        public async Task<Result> Handle(ShowChanges request, CancellationToken cancellationToken)
        {
            var files = await db.PageAsync<FileRow>(
                """
                SELECT f.id, f.file_name, f.state, f.total, f.done_count, f.same_count, f.waiting_count, f.refused_count, f.created_at, f.ended_at
                FROM workzone_change_file f WHERE f.person_id = @me AND f.id >= @from AND f.id <= @until ORDER BY f.id DESC
                """,
                new
                {
                    me = actor.Id,
                    from = request.Id ?? 0,
                    until = request.Id ?? long.MaxValue,
                },
                50,
                cancellationToken
            );
            if (request.Id is not { } id)
                return new Result(files, [], null);
            if (files.Count == 0)
                throw new NotFound("变动文件", id);
            var rows = await db.PageAsync<Row>(
                """
                SELECT n, case_number, body, outcome, reason
                FROM workzone_change_row
                WHERE file_id = @id AND n > @After AND (@outcome = '' OR outcome = @outcome)
                ORDER BY n
                """,
                new
                {
                    id,
                    request.After,
                    outcome = request.Outcome ?? "",
                },
                Page + 1,
                cancellationToken
            );
            return new Result(files, [.. rows.Take(Page)], rows.Count > Page ? rows[Page - 1].N : null);
        }
    }
}
