using System.Text.Json;
using CourtOps.Kernel.Audit;
using CourtOps.Kernel.Data;
using CourtOps.Kernel.Files;
using CourtOps.Kernel.Messaging;
using CourtOps.Kernel.Security;
using CourtOps.Kernel.Web;
using CourtOps.Kernel.Work;

namespace CourtOps.Workzone.Imports;

[Permit("workzone.cases.import")]
[Audited("workzone.import.begin")]
internal sealed record BeginImport : ICommand<long>
{
    public long Id { get; init; }
    public string FileName { get; init; } = "";
    public string Format { get; init; } = "csv";
    public string Digest { get; init; } = "";

    /// <summary>The upload it came by; used up with it.</summary>
    public string? UploadId { get; init; }

    internal sealed class Handler(Db db, Actor actor, TimeProvider clock, AuditTrail audit, WorkQueue work, Uploads uploads)
        : ICommandHandler<BeginImport, long>
    {
        public async Task<long> Handle(BeginImport request, CancellationToken cancellationToken)
        {
            var now = clock.GetUtcNow();
            await db.ExecuteAsync(
                """
                INSERT INTO workzone_import (id, person_id, court_id, key_id, file_name, digest, format, state, message, total, created_count, updated_count,
                    unchanged_count, refused_count, position, started_at, ended_at)
                VALUES (@Id, @person, @court, @key, @FileName, @Digest, @Format, 'staging', NULL, 0, 0, 0, 0, 0, '', @now, NULL)
                """,
                new
                {
                    request.Id,
                    person = actor.Id,
                    court = actor.IsSystem ? (long?)null : actor.CourtId,
                    key = People.Keys.Of(actor),
                    FileName = request.FileName.Length > 260 ? request.FileName[..260] : request.FileName,
                    request.Digest,
                    request.Format,
                    now,
                },
                cancellationToken
            );
            // should this process end before the import does, the pump of a host takes it up
            await work.AddAsync(ImportWork.Name, $"{request.Id}", new ImportWork.Payload { ImportId = request.Id }, now.AddMinutes(2), cancellationToken);
            if (!string.IsNullOrEmpty(request.UploadId))
                await uploads.TakeAsync(request.UploadId, cancellationToken);
            audit.Note("import", request.Id, new { request.FileName, request.Digest });
            return request.Id;
        }
    }
}

[Permit("workzone.cases.import")]
internal sealed record ImportState : IQuery<ImportState.Result>
{
    public long Id { get; init; }

    internal sealed record Result
    {
        public long Id { get; init; }
        public long PersonId { get; init; }
        public string FileName { get; init; } = "";
        public string Format { get; init; } = "";
        public string State { get; init; } = "";
        public string? Message { get; init; }
        public string? MessageSaid { get; init; }

        public long? Runner { get; init; }
        public DateTimeOffset? ActiveAt { get; init; }

        /// <summary>A run that is alive has it in hand.</summary>
        public bool Held { get; init; }
        public int Total { get; init; }
        public int CreatedCount { get; init; }
        public int UpdatedCount { get; init; }
        public int UnchangedCount { get; init; }
        public int RefusedCount { get; init; }
        public DateTimeOffset StartedAt { get; init; }
        public DateTimeOffset? EndedAt { get; init; }

        public ImportSummary Summary => new(Id, State, Message, Total, CreatedCount, UpdatedCount, UnchangedCount, RefusedCount);
    }

    internal sealed class Handler(Db db, Actor actor, Changes changes, ImportHold hold) : IQueryHandler<ImportState, Result>
    {
        public async Task<Result> Handle(ImportState request, CancellationToken cancellationToken)
        {
            var asked = changes.Said;
            var state =
                await db.FirstAsync<Result>(
                    """
                    SELECT id, person_id, file_name, format, state, message, message_said, runner, active_at, total, created_count, updated_count,
                        unchanged_count, refused_count, started_at, ended_at
                    FROM workzone_import WHERE id = @Id AND (person_id = @me OR @system = 1)
                    """,
                    new
                    {
                        request.Id,
                        me = actor.Id,
                        system = actor.IsSystem,
                    },
                    cancellationToken
                ) ?? throw new NotFound("导入", request.Id);
            changes.Allow(actor.Id, $"import:{request.Id}", asked);
            return state with { Held = hold.Holds(state.Runner, state.ActiveAt) };
        }
    }
}

[Permit("workzone.cases.import")]
internal sealed record ImportOutcomes : IQuery<IReadOnlyList<CaseOutcome>>
{
    public long Id { get; init; }
    public int After { get; init; }
    public int Take { get; init; } = 500;
    public bool RefusedOnly { get; init; }

    internal sealed class Handler(Db db, Actor actor, Kernel.Access.AccessLog reads) : IQueryHandler<ImportOutcomes, IReadOnlyList<CaseOutcome>>
    {
        public async Task<IReadOnlyList<CaseOutcome>> Handle(ImportOutcomes request, CancellationToken cancellationToken)
        {
            var rows = await db.PageAsync<Row>(
                """
                SELECT r.row_number, r.case_number, r.outcome, r.errors
                FROM workzone_import_outcome r
                JOIN workzone_import i ON i.id = r.import_id
                WHERE r.import_id = @Id AND r.row_number > @After AND (i.person_id = @me OR @system = 1) AND (@refused = 0 OR r.outcome = 'refused')
                ORDER BY r.row_number
                """,
                new
                {
                    request.Id,
                    request.After,
                    me = actor.Id,
                    system = actor.IsSystem,
                    refused = request.RefusedOnly,
                },
                request.Take,
                cancellationToken
            );
            reads.List("workzone.import.read", rows.Count, new { request.Id, request.After });
            return
            [
                .. rows.Select(r => new CaseOutcome(
                    r.RowNumber,
                    r.CaseNumber,
                    r.Outcome,
                    JsonSerializer.Deserialize<List<FieldError>>(r.Errors, Json.Stored)!
                )),
            ];
        }

        private sealed record Row
        {
            public int RowNumber { get; init; }
            public string CaseNumber { get; init; } = "";
            public string Outcome { get; init; } = "";
            public string Errors { get; init; } = "[]";
        }
    }
}

[Permit("workzone.cases.import")]
[Audited("workzone.import.fail")]
internal sealed record FailImport : ICommand
{
    public long Id { get; init; }
    public long Runner { get; init; }
    public string Message { get; init; } = "";

    /// <summary>The message with its values apart.</summary>
    public string? Said { get; init; }

    internal sealed class Handler(Db db, TimeProvider clock, AuditTrail audit, ImportHold hold) : CommandHandler<FailImport>
    {
        protected override async Task RunAsync(FailImport command, CancellationToken ct)
        {
            await hold.DemandAsync(command.Id, command.Runner, ct);
            await db.ExecuteAsync(
                "UPDATE workzone_import SET state = 'failed', message = @Message, message_said = @Said, ended_at = @now WHERE id = @Id",
                new
                {
                    command.Id,
                    command.Message,
                    command.Said,
                    now = clock.GetUtcNow(),
                },
                ct
            );
            await db.ExecuteAsync("DELETE FROM workzone_import_row WHERE import_id = @Id", new { command.Id }, ct);
            audit.Note("import", command.Id, new { command.Message });
        }
    }
}

/// <summary>Puts rows by, protected, so that the chunks can be taken case by case whatever the order of the file.</summary>
[Permit("workzone.cases.import")]
[Audited("workzone.import.stage")]
internal sealed record StageRows : ICommand
{
    public long Id { get; init; }
    public long Runner { get; init; }

    /// <summary>Place of the first row in the file: a JSON case gives several rows under one number.</summary>
    public int From { get; init; }
    public IReadOnlyList<CaseRow> Rows { get; init; } = [];
    public bool Last { get; init; }

    internal sealed class Handler(Db db, Secrets secrets, ImportHold hold) : CommandHandler<StageRows>
    {
        protected override async Task RunAsync(StageRows command, CancellationToken ct)
        {
            await hold.DemandAsync(command.Id, command.Runner, ct);
            var place = command.From;
            var rows = new List<object>(command.Rows.Count);
            foreach (var row in command.Rows)
            {
                // chunks are taken by number; a row without one stands by itself
                var key =
                    Law.CaseNumber.TryParse(row.CaseNumber, out var n) ? n.Canonical
                    : row.CaseNumber.Length == 0 ? $"?{row.Row}"
                    : row.CaseNumber;
                rows.Add(
                    new
                    {
                        command.Id,
                        number = place++,
                        key = key.Length > 120 ? key[..120] : key,
                        body = secrets.Protect(JsonSerializer.Serialize(row, Json.Stored)),
                    }
                );
            }
            await db.ExecuteManyAsync(
                "INSERT INTO workzone_import_row (import_id, row_number, case_number, body) VALUES (@Id, @number, @key, @body)",
                rows,
                ct
            );
            if (command.Last)
                await db.ExecuteAsync("UPDATE workzone_import SET state = 'importing' WHERE id = @Id AND state = 'staging'", new { command.Id }, ct);
        }
    }
}

/// <summary>Takes an unfinished import up again after its process ended.</summary>
internal sealed class ImportWork(ICaseImport import, Db db, Actor actor, People.IAccounts accounts, ImportHold hold, TimeProvider clock) : IWorkHandler
{
    public const string Name = "workzone.import";

    public string Queue => Name;

    public bool Repeatable => true;

    public int MaxAttempts => 5;

    public TimeSpan Lease => TimeSpan.FromMinutes(30);

    public async Task<WorkOutcome> ActAsync(WorkItem item, CancellationToken ct)
    {
        var id = item.Read<Payload>().ImportId;
        var row = await db.FirstAsync<Row>("SELECT person_id, court_id, key_id, state, runner, active_at FROM workzone_import WHERE id = @id", new { id }, ct);
        if (row is null || row.State is "done" or "failed")
            return WorkOutcome.Done();
        // what the console began goes on as the system
        if (row.PersonId > 0 && await accounts.GoOnAsync(actor, row.PersonId, row.CourtId, row.KeyId) is { } why)
            return WorkOutcome.Failed(why);
        if (hold.Holds(row.Runner, row.ActiveAt))
            return WorkOutcome.Wait("这个导入正在进行。", TimeSpan.FromMinutes(2));
        try
        {
            await import.RunAsync(id, ct);
        }
        catch (Exception e) when (e is RuleBroken or Forbidden)
        {
            // what is wrong with the list is recorded with the import, for the person who handed it in
            if (await db.FirstAsync<string>("SELECT state FROM workzone_import WHERE id = @id", new { id }, ct) != "failed")
                return WorkOutcome.Failed(e.Message);
        }
        catch (FluentValidation.ValidationException e)
        {
            return WorkOutcome.Failed(e.Errors.First().ErrorMessage); // a row that cannot be stored cannot be at the next try either
        }
        return WorkOutcome.Done();
    }

    // what nobody may take up again ends, and its rows do not lie about
    public async Task RecordAsync(WorkItem item, WorkOutcome outcome, CancellationToken ct)
    {
        if (outcome.End != WorkEnd.Failed)
            return;
        var args = new
        {
            id = item.Read<Payload>().ImportId,
            reason = outcome.Reason ?? "",
            now = clock.GetUtcNow(),
        };
        await db.ExecuteAsync(
            "UPDATE workzone_import SET state = 'failed', message = @reason, ended_at = @now WHERE id = @id AND state IN ('staging', 'importing')",
            args,
            ct
        );
        await db.ExecuteAsync("DELETE FROM workzone_import_row WHERE import_id = @id", args, ct);
    }

    internal sealed record Payload
    {
        public long ImportId { get; init; }
    }

    private sealed record Row
    {
        public long PersonId { get; init; }
        public long? CourtId { get; init; }
        public long? KeyId { get; init; }
        public string State { get; init; } = "";
        public long? Runner { get; init; }
        public DateTimeOffset? ActiveAt { get; init; }
    }
}
