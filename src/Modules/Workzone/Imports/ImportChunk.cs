using System.Text.Json;
using CourtOps.Contracts;
using CourtOps.Kernel.Audit;
using CourtOps.Kernel.Data;
using CourtOps.Kernel.Messaging;
using CourtOps.Kernel.Security;
using CourtOps.Kernel.Web;
using CourtOps.Workzone.Cases;

namespace CourtOps.Workzone.Imports;

/// <summary>Courts and judges as one run saw them.</summary>
internal sealed class ImportCache
{
    public Dictionary<string, CourtRow> Courts { get; } = [];

    public Dictionary<long, IReadOnlyList<JudgeRow>> Judges { get; } = [];

    internal sealed record CourtRow
    {
        public long Id { get; init; }
        public string Code { get; init; } = "";
        public string Name { get; init; } = "";
    }

    internal sealed record JudgeRow
    {
        public long Id { get; init; }
        public string Login { get; init; } = "";
        public string Name { get; init; } = "";
        public string Team { get; init; } = "";
        public IReadOnlyList<long> Mates { get; init; } = [];
    }
}

/// <summary>The next few hundred cases of an import, in one transaction with their outcomes and the position: exactly once. False at the end.</summary>
[Permit("workzone.cases.import")]
[Audited("workzone.import.chunk")]
internal sealed record ImportChunk : ICommand<bool>
{
    public const int Size = 250;

    public long Id { get; init; }
    public long Runner { get; init; }
    public ImportCache Cache { get; init; } = new();

    internal sealed class Handler(
        Db db,
        Secrets secrets,
        TimeProvider clock,
        CaseStore store,
        Outbox outbox,
        AuditTrail audit,
        Actor actor,
        Changes changes,
        ImportHold hold
    ) : ICommandHandler<ImportChunk, bool>
    {
        public async Task<bool> Handle(ImportChunk request, CancellationToken cancellationToken)
        {
            var import =
                await db.FirstAsync<Import>("SELECT state, position FROM workzone_import WHERE id = @Id", new { request.Id }, cancellationToken)
                ?? throw new NotFound("导入", request.Id);
            if (import.State != "importing")
                return false;
            await hold.DemandAsync(request.Id, request.Runner, cancellationToken);
            var numbers = await db.PageAsync<string>(
                "SELECT DISTINCT case_number FROM workzone_import_row WHERE import_id = @Id AND case_number > @Position ORDER BY case_number",
                new { request.Id, import.Position },
                Size,
                cancellationToken
            );
            var now = clock.GetUtcNow();
            if (numbers.Count == 0)
            {
                await db.ExecuteAsync(
                    "UPDATE workzone_import SET state = 'done', ended_at = @now WHERE id = @Id AND state = 'importing'",
                    new { request.Id, now },
                    cancellationToken
                );
                await db.ExecuteAsync("DELETE FROM workzone_import_row WHERE import_id = @Id", new { request.Id }, cancellationToken);
                audit.Note("import", request.Id, new { ended = true });
                db.OnCommitted(() => changes.Say($"import:{request.Id}"));
                return false;
            }
            var rows = await db.QueryAsync<Staged>(
                "SELECT case_number, body FROM workzone_import_row WHERE import_id = @Id AND case_number > @Position AND case_number <= @Last ORDER "
                    + "BY case_number, row_number",
                new
                {
                    request.Id,
                    import.Position,
                    Last = numbers[^1],
                },
                cancellationToken
            );
            var tally = new Dictionary<string, int>
            {
                ["created"] = 0,
                ["updated"] = 0,
                ["unchanged"] = 0,
                ["refused"] = 0,
            };
            var published = new List<CaseImported.Item>();
            var outcomes = new List<object>();
            await store.LookUpAsync(numbers, cancellationToken);
            foreach (var group in rows.GroupBy(r => r.CaseNumber))
            {
                var read = group.Select(r => JsonSerializer.Deserialize<CaseRow>(secrets.Reveal(r.Body)!, Json.Stored)!).OrderBy(r => r.Row).ToList();
                var (outcome, errors, item) = await OneAsync(read, request.Cache, cancellationToken);
                tally[outcome]++;
                if (item is not null)
                    published.Add(item);
                outcomes.Add(
                    new
                    {
                        request.Id,
                        row = read[0].Row,
                        number = read[0].CaseNumber.Length == 0 ? "" : group.Key,
                        outcome,
                        errors = errors.Count == 0 ? "[]" : JsonSerializer.Serialize(errors, Json.Stored),
                    }
                );
            }
            await store.FlushAsync(cancellationToken);
            await db.ExecuteManyAsync(
                "INSERT INTO workzone_import_outcome (import_id, row_number, case_number, outcome, errors) VALUES (@Id, @row, @number, @outcome, @errors)",
                outcomes,
                cancellationToken
            );
            await db.ExecuteAsync(
                """
                UPDATE workzone_import SET position = @last, total = total + @total, created_count = created_count + @created, updated_count = updated_count +
                    @updated,
                       unchanged_count = unchanged_count + @unchanged, refused_count = refused_count + @refused
                WHERE id = @Id
                """,
                new
                {
                    request.Id,
                    last = numbers[^1],
                    total = tally.Values.Sum(),
                    created = tally["created"],
                    updated = tally["updated"],
                    unchanged = tally["unchanged"],
                    refused = tally["refused"],
                },
                cancellationToken
            );
            if (published.Count > 0)
                await outbox.AddAsync($"import:{request.Id}", new CaseImported { ImportId = request.Id, Cases = published }, cancellationToken);
            audit.Note("import", request.Id, tally);
            db.OnCommitted(() => changes.Say($"import:{request.Id}"));
            return true;
        }

        private async Task<(string Outcome, IReadOnlyList<FieldError> Errors, CaseImported.Item? Item)> OneAsync(
            List<CaseRow> rows,
            ImportCache cache,
            CancellationToken ct
        )
        {
            var (read, errors) = CaseReading.Read(rows, Times.Day(clock.GetUtcNow()), CaseClock.Knows);
            if (read is null)
                return ("refused", errors, null);
            var court = await CourtAsync(read.Court, cache, ct);
            if (court is null)
                return ("refused", [await NoCourtAsync(read.Court, ct)], null);
            if (
                !actor.IsSystem
                && !actor.CourtsOf("lead:triage").Contains(court.Id)
                && !actor.CourtsOf("clerk:triage").Contains(court.Id)
                && !actor.CourtsOf(Roles.SystemKey).Contains(court.Id)
            )
                return ("refused", [new("court", read.Court, "您不能为这个法院导入案件")], null);
            if (!read.Number.Legacy && read.Number.Court != court.Code)
                return (
                    "refused",
                    [new("caseNumber", read.Number.Canonical, $"案号的法院代字 {read.Number.Court} 与法院 {court.Name}（{court.Code}）不符")],
                    null
                );
            ImportCache.JudgeRow? judge = null;
            if (read.Judge.Length > 0)
            {
                var judges = await JudgesAsync(court.Id, cache, ct);
                var found = judges.Where(j => j.Login == read.Judge).ToList();
                if (found.Count == 0)
                    found = [.. judges.Where(j => j.Name == read.Judge)];
                if (found.Count > 1)
                    return (
                        "refused",
                        [new("judge", read.Judge, $"本院有 {found.Count} 位同名法官，请用登录名：{string.Join('、', found.Select(j => j.Login))}")],
                        null
                    );
                if (found.Count == 0)
                    return ("refused", [NoJudge(read.Judge, judges)], null);
                judge = found[0];
            }
            try
            {
                return await store.SaveAsync(read, court.Id, judge, Digest(rows), ct);
            }
            catch (RuleBroken e)
            {
                return (
                    "refused",
                    [
                        e.Said is { } said
                            ? new(e.Field ?? "caseNumber", read.Number.Canonical, said)
                            : new(e.Field ?? "caseNumber", read.Number.Canonical, e.Message),
                    ],
                    null
                );
            }
        }

        // what the rows say, in a fixed order: the same file again changes nothing
        private string Digest(List<CaseRow> rows) =>
            secrets.Keyed(
                "import",
                JsonSerializer.Serialize(
                    rows.Select(r => r with { Row = 0 }).OrderBy(r => r.Party + "|" + r.Role + "|" + r.Agent, StringComparer.Ordinal),
                    Json.Stored
                )
            );

        private async Task<ImportCache.CourtRow?> CourtAsync(string text, ImportCache cache, CancellationToken ct)
        {
            if (cache.Courts.TryGetValue(text, out var court))
                return court;
            court = await db.FirstAsync<ImportCache.CourtRow>("SELECT id, code, name FROM workzone_court WHERE code = @text OR name = @text", new { text }, ct);
            if (court is not null)
                cache.Courts[text] = court;
            return court;
        }

        private async Task<FieldError> NoCourtAsync(string text, CancellationToken ct)
        {
            var all = await db.QueryAsync<ImportCache.CourtRow>("SELECT id, code, name FROM workzone_court ORDER BY code", ct: ct);
            var near = Nearest.Of(text, all.Select(c => c.Name)).ToList();
            return near.Count == 0 ? new("court", text, "系统里没有这个法院") : new("court", text, $"系统里没有这个法院；相近的有：{string.Join('、', near)}");
        }

        private async Task<IReadOnlyList<ImportCache.JudgeRow>> JudgesAsync(long courtId, ImportCache cache, CancellationToken ct)
        {
            if (cache.Judges.TryGetValue(courtId, out var judges))
                return judges;
            var rows = await db.QueryAsync<ImportCache.JudgeRow>(
                """
                SELECT p.id, p.login, p.name, p.team FROM workzone_person p
                WHERE p.court_id = @courtId AND p.state = 'active' AND EXISTS (SELECT 1 FROM workzone_role_grant r WHERE r.person_id = p.id AND r.role = 'judge'
                    AND r.court_id = p.court_id AND (r.until_at IS NULL OR r.until_at > @now))
                """,
                new { courtId, now = clock.GetUtcNow() },
                ct
            );
            var list = new List<ImportCache.JudgeRow>();
            foreach (var j in rows)
                list.Add(j with { Mates = await store.MatesAsync(courtId, j.Team, j.Id, ct) });
            return cache.Judges[courtId] = list;
        }

        private static FieldError NoJudge(string judge, IReadOnlyList<ImportCache.JudgeRow> judges)
        {
            var near = Nearest.Of(judge, judges.Select(j => j.Name)).ToList();
            return near.Count == 0 ? new("judge", judge, "本院没有这位法官") : new("judge", judge, $"本院没有这位法官；相近的有：{string.Join('、', near)}");
        }

        private sealed record Import
        {
            public string State { get; init; } = "";
            public string Position { get; init; } = "";
        }

        private sealed record Staged
        {
            public string CaseNumber { get; init; } = "";
            public string Body { get; init; } = "";
        }
    }
}

/// <summary>Names that are near a mistyped one, nearest first, at most three.</summary>
internal static class Nearest
{
    public static IEnumerable<string> Of(string text, IEnumerable<string> names) =>
        names
            .Distinct()
            .Select(n => (Name: n, Distance: Distance(text, n)))
            .Where(n => n.Distance < Math.Max(text.Length, n.Name.Length))
            .OrderBy(n => n.Distance)
            .ThenBy(n => n.Name, StringComparer.Ordinal)
            .Take(3)
            .Select(n => n.Name);

    private static int Distance(string a, string b)
    {
        var row = Enumerable.Range(0, b.Length + 1).ToArray();
        for (var i = 1; i <= a.Length; i++)
        {
            var diagonal = row[0];
            row[0] = i;
            for (var j = 1; j <= b.Length; j++)
            {
                var above = row[j];
                row[j] = Math.Min(Math.Min(row[j] + 1, row[j - 1] + 1), diagonal + (a[i - 1] == b[j - 1] ? 0 : 1));
                diagonal = above;
            }
        }
        return row[b.Length];
    }
}
