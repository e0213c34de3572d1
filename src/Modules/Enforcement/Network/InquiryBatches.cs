using System.Text;
using System.Text.Json;
using CourtOps.Enforcement.Checks;
using CourtOps.Enforcement.Measures;
using CourtOps.Kernel.Access;
using CourtOps.Kernel.Audit;
using CourtOps.Kernel.Data;
using CourtOps.Kernel.Messaging;
using CourtOps.Kernel.Security;
using CourtOps.Kernel.States;
using CourtOps.Kernel.Work;
using CourtOps.Workzone.Cases;
using FluentValidation;
using Microsoft.Extensions.Configuration;

namespace CourtOps.Enforcement.Network;

internal sealed record BatchRow
{
    public const string Columns = "b.id, b.court_id, b.channel, b.state, b.items, b.answered, b.reason, b.made_by, b.made_at, b.version";

    public static readonly IReadOnlyDictionary<string, string> States = new Dictionary<string, string> { ["made"] = "待发出", ["sent"] = "已发出", ["partial"] = "部分反馈", ["answered"] = "全部反馈", ["failed"] = "发送失败" };

    public static readonly StateTable Table = new(
        "enforcement_batch", "查询批次", new("send", ["made", "failed"], "sent"), new("fail", ["made"], "failed"), new("answer", ["made", "sent", "partial", "failed"], "partial"), new("complete", ["made", "sent", "partial", "failed"], "answered"));

    public long Id { get; init; }
    public long CourtId { get; init; }

    /// <summary>file or http.</summary>
    public string Channel { get; init; } = "";
    public string State { get; init; } = "";
    public int Items { get; init; }
    public int Answered { get; init; }
    public string? Reason { get; init; }
    public string MadeBy { get; init; } = "";
    public DateTimeOffset MadeAt { get; init; }
    public int Version { get; init; }
}

internal sealed record BatchItem
{
    public const string Columns = "i.reference, i.batch_id, i.case_id, i.party_id, i.party_name, i.id_tail, i.category, i.answered_at, i.found, i.note";

    public string Reference { get; init; } = "";
    public long BatchId { get; init; }
    public long CaseId { get; init; }
    public string CaseNumber { get; init; } = "";
    public long PartyId { get; init; }
    public string PartyName { get; init; } = "";
    public string IdTail { get; init; } = "";
    public string Category { get; init; } = "";
    public DateTimeOffset? AnsweredAt { get; init; }
    public int Found { get; init; }
    public string Note { get; init; } = "";
}

/// <summary>Asks the network about the debtors of one case, or of all cases of the person whose inquiries have run out: a line for each debtor and kind of property.</summary>
[Permit("enforcement.work")]
[Audited("enforcement.network.ask")]
internal sealed record AskNetwork : ICommand<BatchRow>
{
    public const int Most = 5000;

    /// <summary>Null: every open case of enforcement that the person sees and whose inquiries are due.</summary>
    public long? CaseId { get; init; }
    public IReadOnlyList<string> Categories { get; init; } = [];

    internal sealed class Validator : AbstractValidator<AskNetwork>
    {
        public Validator() => RuleFor(c => c.Categories).Must(a => a.All(Property.Asked.ContainsKey)).WithMessage("没有这类查询。");
    }

    internal sealed class Handler(Db db, Ids ids, Actor actor, TimeProvider clock, ICases cases, MeasureWork work, Lookout lookout, WorkQueue queue, IConfiguration configuration, Kernel.Settings.ISettings settings, AuditTrail audit)
        : ICommandHandler<AskNetwork, BatchRow>
    {
        public async Task<BatchRow> Handle(AskNetwork c, CancellationToken cancellationToken)
        {
            var categories = c.Categories.Count > 0 ? c.Categories.Distinct().ToList() : [.. Property.Asked.Keys];
            var lines = new List<(long Case, PartyContact Party, string Category)>();
            foreach (var id in await CasesAsync(c.CaseId, cancellationToken))
            {
                var card = await cases.GetAsync(id, cancellationToken);
                if (c.CaseId is not null)
                    await lookout.TrackAsync(card, cancellationToken);
                var since = work.Today.AddDays(-settings.Current<LeakRules>(card.CourtId).InquiryWindow);
                var recent = (await db.QueryAsync<Known>("SELECT party_id, category FROM enforcement_inquiry WHERE case_id = @id AND asked_on >= @since AND way = 'network'", new { id, since }, cancellationToken)).Select(k => (k.PartyId, k.Category)).ToHashSet();
                var open = (await db.QueryAsync<Known>("SELECT party_id, category FROM enforcement_batch_item WHERE case_id = @id AND answered_at IS NULL", new { id }, cancellationToken)).Select(k => (k.PartyId, k.Category)).ToHashSet();
                foreach (var party in (await cases.PartiesAsync(id, cancellationToken)).Where(p => p.Role == "被执行人" || (c.CaseId is not null && !MeasureWork.IsCreditor(p.Role))))
                    lines.AddRange(categories.Where(k => !open.Contains((party.Id, k)) && (c.CaseId is not null || !recent.Contains((party.Id, k)))).Select(k => (id, party, k)));
                if (lines.Count >= Most)
                    break;
            }
            if (lines.Count == 0)
                throw new RuleBroken("没有需要查询的被执行人：都在有效期内，或者已经发出、等待反馈。", "CaseId", "nothing");
            lines = [.. lines.Take(Most)];
            var http = configuration["CourtOps:Enforcement:InquiryUrl"] is { Length: > 0 };
            var batch = ids.Next();
            var court = lines.Count > 0 && c.CaseId is not null ? (await cases.GetAsync(lines[0].Case, cancellationToken)).CourtId : actor.CourtId;
            await db.ExecuteAsync("INSERT INTO enforcement_batch (id, court_id, channel, state, items, answered, made_by, made_at, version) VALUES (@batch, @court, @channel, 'made', @count, 0, @name, @now, 1)",
                new { batch, court, channel = http ? "http" : "file", count = lines.Count, name = actor.Name, now = clock.StoredNow() }, cancellationToken);
            await db.ExecuteManyAsync(
                "INSERT INTO enforcement_batch_item (reference, batch_id, case_id, party_id, party_name, id_tail, category, found, note) VALUES (@Reference, @batch, @Case, @Party, @Name, @Tail, @Category, 0, '')",
                [.. lines.Select((l, n) => (object)new { Reference = $"{batch}-{n + 1}", batch, l.Case, Party = l.Party.Id, l.Party.Name, Tail = l.Party.IdNumberTail ?? "", l.Category })], cancellationToken);
            if (http)
                await queue.AddAsync(SendBatch.Name, $"{batch}", new SendBatch.Payload { BatchId = batch }, ct: cancellationToken);
            audit.Note("inquiry-batch", batch, new { lines = lines.Count, http });
            return (await db.FirstAsync<BatchRow>($"SELECT {BatchRow.Columns} FROM enforcement_batch b WHERE b.id = @batch", new { batch }, cancellationToken))!;
        }

        private async Task<IReadOnlyList<long>> CasesAsync(long? one, CancellationToken ct)
        {
            if (one is { } id)
                return [(await cases.GetAsync(id, ct)).Id];
            var (me, courts, places) = cases.Arguments;
            return await db.PageAsync<long>("SELECT c.id FROM workzone_case_card c WHERE c.kind = 'enforcement' AND c.state = 'open' AND c.court_id IN @courts AND " + cases.Seen("c.id") + " ORDER BY c.id", new { me, courts, places }, 500, ct);
        }

        private sealed record Known
        {
            public long PartyId { get; init; }
            public string Category { get; init; } = "";
        }
    }
}

/// <summary>Takes answers in: a line each, with an outcome each. The same line again changes nothing; what is of nobody asked about is kept apart unread.</summary>
[Permit("enforcement.work")]
[Audited("enforcement.network.answer")]
internal sealed record TakeFeedback : ICommand<IReadOnlyList<TakeFeedback.Line>>
{
    public const int Most = 20_000;

    /// <summary>JSON lines.</summary>
    public string Text { get; init; } = "";

    /// <param name="Outcome">taken, none, failed, repeated, quarantined or refused.</param>
    internal sealed record Line(int Row, string Reference, string Outcome, string Reason);

    internal sealed class Validator : AbstractValidator<TakeFeedback>
    {
        public Validator() => RuleFor(c => c.Text).NotEmpty().WithMessage("请选择或者粘贴反馈文件。").MaximumLength(20_000_000).WithMessage("一次最多 20000000 个字符，请分几次导入。");
    }

    internal sealed class Handler(FeedbackBook book, AuditTrail audit) : ICommandHandler<TakeFeedback, IReadOnlyList<Line>>
    {
        public async Task<IReadOnlyList<Line>> Handle(TakeFeedback c, CancellationToken cancellationToken)
        {
            var done = await book.TakeAsync(c.Text, Most, cancellationToken);
            audit.Note("inquiry-feedback", done.Count, new { lines = done.Count, taken = done.Count(l => l.Outcome == "taken"), quarantined = done.Count(l => l.Outcome == "quarantined") });
            return done;
        }
    }
}

/// <summary>Answers become inquiries and assets; in the open transaction.</summary>
internal sealed class FeedbackBook(Db db, Ids ids, Actor actor, TimeProvider clock, ICases cases, MeasureWork work, Inquiries inquiries, Lookout lookout, Persuade.PersuadeBook persuade)
{
    /// <exception cref="RuleBroken">More lines than are taken at once.</exception>
    public async Task<IReadOnlyList<TakeFeedback.Line>> TakeAsync(string text, int most, CancellationToken ct)
    {
        var lines = text.ReplaceLineEndings("\n").Split('\n').Select((l, i) => (Text: l.Trim().TrimStart('\uFEFF'), Row: i + 1)).Where(l => l.Text.Length > 0).ToList();
        if (lines.Count > most)
            throw new RuleBroken($"一次最多 {most} 行，这里有 {lines.Count} 行，请分几次导入。", "Text");
        var done = new List<TakeFeedback.Line>();
        var touched = new Dictionary<long, bool>();
        var batches = new HashSet<long>();
        foreach (var (line, row) in lines)
            done.Add(await OneAsync(line, row, touched, batches, ct));
        foreach (var batch in batches)
            await CountAsync(batch, ct);
        foreach (var (id, network) in touched)
        {
            if (network)
                await persuade.PolledAsync(await cases.GetAsync(id, ct), work.Today, ct);
            await lookout.LookAsync(id, ct);
        }
        return done;
    }

    private async Task<TakeFeedback.Line> OneAsync(string text, int row, Dictionary<long, bool> touched, HashSet<long> batches, CancellationToken ct)
    {
        var (line, reason) = Feedback.Read(text);
        if (line is null)
            return new(row, "", "refused", reason);
        var item = await db.FirstAsync<BatchItem>($"SELECT {BatchItem.Columns} FROM enforcement_batch_item i WHERE i.reference = @Reference", new { line.Reference }, ct);
        if (item is null || !await cases.CanReadAsync(item.CaseId, ct))
            return await ApartAsync(row, line, text, "没有这项查询", ct);
        if (item.PartyName != line.Name || (line.IdTail.Length > 0 && item.IdTail.Length > 0 && item.IdTail != line.IdTail))
            return await ApartAsync(row, line, text, "反馈的人不是所查的被执行人", ct);
        if (item.AnsweredAt is not null && (line.Failed || line.Things.Count <= item.Found))
            return new(row, line.Reference, "repeated", "");
        var card = await cases.GetAsync(item.CaseId, ct);
        if (line.Failed)
        {
            await db.ExecuteAsync("UPDATE enforcement_batch_item SET note = @Note WHERE reference = @Reference", new { line.Reference, Note = line.Note.Length > 0 ? line.Note : "查询失败" }, ct);
            return new(row, line.Reference, "failed", line.Note);
        }
        if ((await cases.PartiesAsync(card.Id, ct)).FirstOrDefault(p => p.Id == item.PartyId) is not { } party)
            return await ApartAsync(row, line, text, "反馈的人不是所查的被执行人", ct); // taken out of the case meanwhile
        foreach (var thing in line.Things)
            await work.EnsureAssetAsync(card, party, new NewAsset { Category = CategoryOf(item.Category), Name = thing.Name, Holder = thing.Holder, Value = thing.Value, Source = "network", FoundOn = work.Today }, ct);
        if (item.AnsweredAt is null)
            await inquiries.AddAsync(card.Id, item.PartyId, item.Category, "network", work.Today, line.Things.Count == 0 ? "无" : $"{line.Things.Count} 项", ct);
        await db.ExecuteAsync("UPDATE enforcement_batch_item SET answered_at = @now, found = @found, note = @Note WHERE reference = @Reference", new { line.Reference, now = clock.StoredNow(), found = line.Things.Count, line.Note }, ct);
        touched[card.Id] = true;
        batches.Add(item.BatchId);
        return new(row, line.Reference, line.Things.Count == 0 ? "none" : "taken", "");
    }

    // what is of somebody else is never shown: its digest and the reason are kept, so that the sender can be asked
    private async Task<TakeFeedback.Line> ApartAsync(int row, Feedback line, string text, string why, CancellationToken ct)
    {
        var digest = Secrets.Digest(text);
        if (await db.ScalarAsync<int>("SELECT COUNT(*) FROM enforcement_quarantine WHERE court_id = @CourtId AND digest = @digest", new { actor.CourtId, digest }, ct) == 0)
            await db.ExecuteAsync("INSERT INTO enforcement_quarantine (id, court_id, reference, why, digest, at) VALUES (@id, @CourtId, @Reference, @why, @digest, @now)", new { id = ids.Next(), actor.CourtId, line.Reference, why, digest, now = clock.StoredNow() }, ct);
        return new(row, line.Reference, "quarantined", why);
    }

    private async Task CountAsync(long batchId, CancellationToken ct)
    {
        var b = (await db.FirstAsync<BatchRow>($"SELECT {BatchRow.Columns} FROM enforcement_batch b WHERE b.id = @batchId", new { batchId }, ct))!;
        var answered = await db.ScalarAsync<int>("SELECT COUNT(*) FROM enforcement_batch_item WHERE batch_id = @batchId AND answered_at IS NOT NULL", new { batchId }, ct);
        if (b.State != "answered")
            await BatchRow.Table.MoveAsync(db, answered == b.Items ? "complete" : "answer", b.State, new { b.Id, b.Version, answered }, "answered = @answered", ct);
    }

    private static string CategoryOf(string asked) => asked switch { "company" => "equity", "pboc" => "bank", "tax" => "other", var same => same };
}

/// <summary>Posts a batch to the inquiry system that is configured; what it answers at once is taken in.</summary>
internal sealed class SendBatch(Db db, IHttpClientFactory http, IConfiguration configuration, FeedbackBook book) : IWorkHandler
{
    public const string Name = "enforcement.inquiry";

    public string Queue => Name;

    /// <summary>The batch's id is the key under which the other side takes it once.</summary>
    public bool Repeatable => true;

    public int MaxAttempts => 12;

    public TimeSpan Lease => TimeSpan.FromMinutes(2);

    public int AtOnce => 1;

    public async Task<WorkOutcome> ActAsync(WorkItem item, CancellationToken ct)
    {
        if (configuration["CourtOps:Enforcement:InquiryUrl"] is not { Length: > 0 } url)
            return WorkOutcome.Wait("没有配置网络查控系统的地址", TimeSpan.FromMinutes(10));
        var id = item.Read<Payload>().BatchId;
        var body = BatchFile.Write(await db.QueryAsync<BatchItem>($"SELECT {BatchItem.Columns} FROM enforcement_batch_item i WHERE i.batch_id = @id ORDER BY i.reference", new { id }, ct));
        using var request = new HttpRequestMessage(HttpMethod.Post, url) { Content = new StringContent(body, Encoding.UTF8, "application/x-ndjson") };
        request.Headers.Add("Idempotency-Key", $"batch-{id}");
        if (configuration["CourtOps:Enforcement:InquiryKey"] is { Length: > 0 } key)
            request.Headers.Add("X-Signature", Convert.ToHexStringLower(System.Security.Cryptography.HMACSHA256.HashData(Encoding.UTF8.GetBytes(key), Encoding.UTF8.GetBytes(body))));
        try
        {
            using var client = http.CreateClient();
            client.Timeout = TimeSpan.FromSeconds(60);
            using var response = await client.SendAsync(request, ct);
            if (!response.IsSuccessStatusCode)
                return (int)response.StatusCode is >= 400 and < 500 and not 408 and not 429 ? WorkOutcome.Failed($"网络查控系统拒绝：{(int)response.StatusCode}") : WorkOutcome.Retry($"网络查控系统没有接收：{(int)response.StatusCode}");
            var text = await response.Content.ReadAsStringAsync(ct);
            return WorkOutcome.Done(new Answer(text.Length > 20_000_000 ? "" : text));
        }
        catch (Exception e) when (e is HttpRequestException or TaskCanceledException && !ct.IsCancellationRequested)
        {
            return WorkOutcome.Retry($"网络查控系统没有答复：{e.Message}");
        }
    }

    public async Task RecordAsync(WorkItem item, WorkOutcome outcome, CancellationToken ct)
    {
        var id = item.Read<Payload>().BatchId;
        var b = (await db.FirstAsync<BatchRow>($"SELECT {BatchRow.Columns} FROM enforcement_batch b WHERE b.id = @id", new { id }, ct))!;
        if (outcome.End != WorkEnd.Done)
        {
            if (b.State == "made")
                await BatchRow.Table.MoveAsync(db, "fail", b.State, new { b.Id, b.Version, reason = outcome.Reason is { Length: > 400 } r ? r[..400] : outcome.Reason }, "reason = @reason", ct);
            return;
        }
        if (b.State is "made" or "failed")
            await BatchRow.Table.MoveAsync(db, "send", b.State, new { b.Id, b.Version }, "reason = NULL", ct);
        if (outcome.Result is Answer { Text.Length: > 0 } answer && answer.Text.TrimStart().StartsWith('{'))
            await book.TakeAsync(answer.Text, TakeFeedback.Most, ct);
    }

    internal sealed record Payload
    {
        public long BatchId { get; init; }
    }

    internal sealed record Answer(string Text);
}

/// <summary>A batch as the file that goes out: JSON lines.</summary>
internal static class BatchFile
{
    public static string Write(IReadOnlyList<BatchItem> items)
    {
        var text = new StringBuilder();
        foreach (var i in items)
            text.Append(JsonSerializer.Serialize(new { @ref = i.Reference, name = i.PartyName, idTail = i.IdTail, category = i.Category }, Json.Stored)).Append('\n');
        return text.ToString();
    }
}

/// <summary>Batches of the courts with what is not answered, and how many answers are kept apart.</summary>
[Permit("enforcement.read")]
internal sealed record ListBatches : IQuery<ListBatches.Result>
{
    public long After { get; init; } = long.MaxValue;

    internal sealed record Result(IReadOnlyList<BatchRow> Rows, string? Next, IReadOnlyList<Apart> Quarantine);

    internal sealed record Apart
    {
        public long Id { get; init; }
        public string Reference { get; init; } = "";
        public string Why { get; init; } = "";
        public string Digest { get; init; } = "";
        public DateTimeOffset At { get; init; }
    }

    internal sealed class Handler(Db db, ICases cases, AccessLog reads) : IQueryHandler<ListBatches, Result>
    {
        public async Task<Result> Handle(ListBatches request, CancellationToken cancellationToken)
        {
            var (me, courts, places) = cases.Arguments;
            var args = new { me, courts, places, request.After };
            // a batch is seen by whoever sees a case in it
            var rows = await db.PageAsync<BatchRow>(
                $"SELECT {BatchRow.Columns} FROM enforcement_batch b WHERE b.court_id IN @courts AND b.id < @After AND EXISTS (SELECT 1 FROM enforcement_batch_item i WHERE i.batch_id = b.id AND " + cases.Seen("i.case_id") + ") ORDER BY b.id DESC", args, 51, cancellationToken);
            var apart = await db.PageAsync<Apart>("SELECT q.id, q.reference, q.why, q.digest, q.at FROM enforcement_quarantine q WHERE q.court_id IN @courts AND q.settled_at IS NULL ORDER BY q.id DESC", args, 100, cancellationToken);
            reads.List("enforcement.network.list", Math.Min(50, rows.Count), new { });
            return new Result([.. rows.Take(50)], rows.Count > 50 ? $"after={rows[49].Id}" : null, apart);
        }
    }
}

/// <summary>The lines of a batch that are of cases the person may see.</summary>
[Permit("enforcement.read")]
internal sealed record ShowBatch : IQuery<ShowBatch.Result>
{
    public long Id { get; init; }

    internal sealed record Result(BatchRow Batch, IReadOnlyList<BatchItem> Items);

    internal sealed class Handler(Db db, ICases cases, AccessLog reads) : IQueryHandler<ShowBatch, Result>
    {
        public async Task<Result> Handle(ShowBatch request, CancellationToken cancellationToken)
        {
            var (me, courts, places) = cases.Arguments;
            var args = new { me, courts, places, request.Id };
            var items = await db.PageAsync<BatchItem>(
                $"SELECT {BatchItem.Columns}, c.number AS case_number FROM enforcement_batch_item i JOIN workzone_case_card c ON c.id = i.case_id WHERE i.batch_id = @Id AND " + cases.Seen("i.case_id") + " ORDER BY i.reference", args, AskNetwork.Most, cancellationToken);
            var batch = items.Count == 0 ? null : await db.FirstAsync<BatchRow>($"SELECT {BatchRow.Columns} FROM enforcement_batch b WHERE b.id = @Id", args, cancellationToken);
            reads.List("enforcement.network.show", items.Count, new { request.Id });
            return new Result(batch ?? throw new NotFound("查询批次", request.Id), items);
        }
    }
}

/// <summary>An answer that was kept apart was cleared up with its sender.</summary>
[Permit("enforcement.approve")]
[Audited("enforcement.network.clear")]
internal sealed record ClearApart : ICommand
{
    public long Id { get; init; }

    internal sealed class Validator : AbstractValidator<ClearApart>
    {
        public Validator() => RuleFor(c => c.Id).NotEmpty().WithMessage("请指明反馈。");
    }

    internal sealed class Handler(Db db, Actor actor, TimeProvider clock, ICases cases, AuditTrail audit) : CommandHandler<ClearApart>
    {
        protected override async Task RunAsync(ClearApart command, CancellationToken ct)
        {
            var (_, courts, _) = cases.Arguments;
            if (await db.ExecuteAsync("UPDATE enforcement_quarantine SET settled_by = @name, settled_at = @now WHERE id = @Id AND court_id IN @courts AND settled_at IS NULL", new { command.Id, courts, name = actor.Name, now = clock.StoredNow() }, ct) == 0)
                throw new NotFound("存疑反馈", command.Id);
            audit.Note("inquiry-apart", command.Id, new { });
        }
    }
}
