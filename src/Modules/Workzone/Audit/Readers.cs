using CourtOps.Kernel.Access;
using CourtOps.Kernel.Data;
using CourtOps.Kernel.Messaging;
using CourtOps.Kernel.Security;

namespace CourtOps.Workzone.Trails;

/// <summary>Who read one case, or one document of it (谁看过这份文书): a line a person, and the documents to choose from.</summary>
[Permit("workzone.audit.read")]
internal sealed record ShowReaders : IQuery<ShowReaders.Result>
{
    public string? Number { get; init; }
    public long? DocumentId { get; init; }

    /// <param name="Readers">One line a person, who read last first.</param>
    /// <param name="Last">The newest entries themselves.</param>
    internal sealed record Result(string CaseNumber, long CaseId, IReadOnlyList<Paper> Papers, IReadOnlyList<Reader> Readers, IReadOnlyList<TrailRow> Last);

    /// <summary>A document by kind and time; its title is contents and stays with the case.</summary>
    internal sealed record Paper
    {
        public long Id { get; init; }
        public string Kind { get; init; } = "";
        public int Revision { get; init; }
        public int? Pages { get; init; }
        public DateTimeOffset CreatedAt { get; init; }
        public int Readers { get; init; }
    }

    internal sealed record Reader
    {
        public long ActorId { get; init; }
        public string Actor { get; init; } = "";
        public string PersonName { get; init; } = "";
        public string Roles { get; init; } = "";
        public int Times { get; init; }
        public int Opened { get; init; }
        public int Refused { get; init; }
        public DateTimeOffset First { get; init; }
        public DateTimeOffset Last { get; init; }
    }

    internal sealed class Handler(Db db, Actor actor, AccessStore store, TrailWords words, AccessLog reads) : IQueryHandler<ShowReaders, Result>
    {
        private const string Lines = """
            SELECT actor_id, MAX(actor) AS actor, MAX(person_name) AS person_name, MAX(roles) AS roles, COUNT(*) AS times, SUM(CASE WHEN action
                IN ('workzone.document.content', 'workzone.document.download', 'workzone.document.original') THEN 1 ELSE 0 END) AS opened,
                   SUM(CASE WHEN result <> 'done' THEN 1 ELSE 0 END) AS refused, MIN(at) AS first, MAX(at) AS last
            FROM kernel_access
            WHERE
            """;

        private const string Rows =
            "SELECT id, at, actor_id, actor, person_name, roles, address, agent, session, request_id, action, object_type, object_id, case_id, hits, "
            + "result, reason, detail, seal FROM kernel_access WHERE ";

        public async Task<Result> Handle(ShowReaders request, CancellationToken cancellationToken)
        {
            var scope = await AuditScope.OfAsync(db, actor, cancellationToken);
            var number =
                request.DocumentId is not { } document ? request.Number ?? ""
                : await db.FirstAsync<Owner>(
                    "SELECT c.number, c.court_id FROM workzone_document d JOIN workzone_case c ON c.id = d.case_id WHERE d.id = @document",
                    new { document },
                    cancellationToken
                )
                    is { } owner
                && scope.Covers(owner.CourtId)
                    ? owner.Number
                : throw new NotFound("文书", document);
            var caseId = await SearchTrail.CaseOfAsync(db, scope, number, cancellationToken);
            number = await db.ScalarAsync<string>("SELECT number FROM workzone_case WHERE id = @caseId", new { caseId }, cancellationToken);
            var papers = await db.QueryAsync<Paper>(
                "SELECT id, kind, revision, pages, created_at FROM workzone_document WHERE case_id = @caseId ORDER BY created_at DESC, id DESC",
                new { caseId },
                cancellationToken
            );
            await using var other = await store.OpenAsync(cancellationToken);
            var readersOf = (
                await other.QueryAsync<Count>(
                    "SELECT object_id, COUNT(DISTINCT actor_id) AS n FROM kernel_access WHERE case_id = @caseId AND object_type = 'document' AND "
                        + "result = 'done' GROUP BY object_id",
                    new { caseId },
                    cancellationToken
                )
            ).ToDictionary(c => c.ObjectId, c => c.N);
            var args = new { caseId, id = $"{request.DocumentId}" };
            var where = request.DocumentId is null ? " case_id = @caseId" : " object_type = 'document' AND object_id = @id";
            var readers = await other.PageAsync<Reader>(Lines + where + " GROUP BY actor_id ORDER BY MAX(id) DESC", args, 200, cancellationToken);
            var last = await other.PageAsync<TrailRow>(Rows + where + " ORDER BY id DESC", args, 50, cancellationToken);
            reads.Note("workzone.audit.readers", request.DocumentId is null ? "case" : "document", request.DocumentId ?? caseId);
            return new Result(
                number,
                caseId,
                [.. papers.Select(p => p with { Readers = readersOf.GetValueOrDefault($"{p.Id}") })],
                readers,
                [.. last.Select(r => words.Shown(r) with { CaseNumber = number })]
            );
        }

        private sealed record Owner
        {
            public string Number { get; init; } = "";
            public long CourtId { get; init; }
        }

        private sealed record Count
        {
            public string ObjectId { get; init; } = "";
            public int N { get; init; }
        }
    }
}

/// <summary>
/// How far the logs are sealed and anchored, and what the last verification found. That a check found something is for every auditor; where, is for
/// the topmost, and for others as far as an order or an entry is of their own courts.
/// </summary>
[Permit("workzone.audit.read")]
internal sealed record ShowIntegrity : IQuery<ShowIntegrity.Result>
{
    internal sealed record Result(IReadOnlyList<LogState> Logs, IReadOnlyList<CheckRow> Checks, DateTimeOffset? LastOrders, bool Topmost);

    internal sealed record LogState(string Stream, long Seals, DateTimeOffset? LastSeal, long Rows, int Open, long Anchored, int Archived);

    internal sealed record CheckRow
    {
        public string Name { get; init; } = "";
        public DateTimeOffset At { get; init; }

        /// <summary>In the whole installation; of an auditor who is not the topmost, 1 for any.</summary>
        public int Findings { get; init; }
        public string Detail { get; init; } = "[]";

        public IReadOnlyList<Kernel.Verifying.Finding> Found =>
            System.Text.Json.JsonSerializer.Deserialize<List<Kernel.Verifying.Finding>>(Detail, Json.Stored) ?? [];
    }

    internal sealed class Handler(Db db, Actor actor, AccessStore store, IEnumerable<Kernel.Sealing.SealedLog> logs, Kernel.Sealing.AnchorFiles anchors)
        : IQueryHandler<ShowIntegrity, Result>
    {
        public async Task<Result> Handle(ShowIntegrity request, CancellationToken cancellationToken)
        {
            var states = new List<LogState>();
            foreach (var log in logs)
            {
                await using var other = await log.OpenAsync(cancellationToken);
                var s =
                    await other.FirstAsync<Sum>(
                        "SELECT COUNT(*) AS seals, MAX(at) AS last, SUM(row_count) AS total, SUM(CASE WHEN archived_at IS NULL THEN 0 ELSE 1 END) AS "
                            + $"archived FROM {log.Seals}",
                        ct: cancellationToken
                    ) ?? new Sum();
                var open = await other.ScalarAsync<int>($"SELECT COUNT(*) FROM {log.Table} WHERE seal = 0", ct: cancellationToken);
                states.Add(new LogState(log.Stream, s.Seals, s.Last, s.Total ?? 0, open, anchors.Last(log.Stream), s.Archived ?? 0));
            }
            var checks = await db.QueryAsync<CheckRow>("SELECT name, at, findings, detail FROM kernel_check ORDER BY name", ct: cancellationToken);
            var topmost = await AuditScope.IsTopmostAsync(db, actor, cancellationToken);
            if (!topmost)
                checks = await OwnAsync(checks, await AuditScope.OfAsync(db, actor, cancellationToken), cancellationToken);
            return new Result(
                states,
                checks,
                (await db.FirstAsync<Sum>("SELECT COUNT(*) AS seals, MAX(at) AS last FROM workzone_anchor", ct: cancellationToken))?.Last,
                topmost
            );
        }

        // what names an order or an entry of one of these courts stays; how much else was found is not said
        private async Task<IReadOnlyList<CheckRow>> OwnAsync(IReadOnlyList<CheckRow> checks, AuditScope scope, CancellationToken ct)
        {
            var own = new List<CheckRow>(checks.Count);
            foreach (var check in checks)
            {
                var found = new List<Kernel.Verifying.Finding>();
                foreach (var finding in check.Found)
                    if (await CourtOfAsync(finding, ct) is > 0 and var court && scope.Covers(court))
                        found.Add(finding);
                own.Add(check with { Findings = Math.Min(1, check.Findings), Detail = System.Text.Json.JsonSerializer.Serialize(found, Json.Stored) });
            }
            return own;
        }

        private async Task<long> CourtOfAsync(Kernel.Verifying.Finding finding, CancellationToken ct)
        {
            var words = finding.Where.Split(' ');
            if (words is ["order", var o, ..] && long.TryParse(o, out var order))
                return await db.FirstAsync<long>("SELECT court_id FROM workzone_order WHERE id = @order", new { order }, ct);
            if (finding.Check == "chains")
                return await db.FirstAsync<long>("SELECT court_id FROM workzone_order WHERE number = @number", new { number = words[0] }, ct);
            if (words is not ["row", var n] || !long.TryParse(n, out var id))
                return 0;
            if (finding.Check == "audit")
                return await db.FirstAsync<long>("SELECT court_id FROM kernel_audit WHERE id = @id", new { id }, ct);
            await using var other = await store.OpenAsync(ct);
            return finding.Check == "access-log" ? await other.FirstAsync<long>("SELECT court_id FROM kernel_access WHERE id = @id", new { id }, ct) : 0;
        }

        private sealed record Sum
        {
            public long Seals { get; init; }
            public DateTimeOffset? Last { get; init; }
            public long? Total { get; init; }
            public int? Archived { get; init; }
        }
    }
}
