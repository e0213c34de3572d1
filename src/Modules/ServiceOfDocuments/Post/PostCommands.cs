using CourtOps.Kernel.Audit;
using CourtOps.Kernel.Data;
using CourtOps.Kernel.Messaging;
using CourtOps.Kernel.Security;
using CourtOps.Kernel.Settings;
using CourtOps.Kernel.Web;
using CourtOps.ServiceOfDocuments.Addresses;
using CourtOps.ServiceOfDocuments.Attempts;
using CourtOps.ServiceOfDocuments.Calls;
using CourtOps.ServiceOfDocuments.Steward;
using CourtOps.ServiceOfDocuments.Tasks;
using CourtOps.Workzone.WorkOrders;
using FluentValidation;

namespace CourtOps.ServiceOfDocuments.Post;

/// <summary>What a letter costs, by court.</summary>
internal sealed record PostSettings
{
    public long Cents { get; init; } = 2200;

    public static Setting<PostSettings> Setting { get; } = new()
    {
        Key = "service.post", Label = "法院专递费用", Centre = "service", Affects = "此后建立的邮寄批次", Help = "每封法院专递的费用，用于批次和看板的费用合计。",
        Values = [new(nameof(Cents), "每封费用", "与邮政企业约定的资费。") { Money = true, Min = 0, Max = 1_000_000, Source = "与邮政企业的约定", Tag = SettingTags.Practice }],
    };
}

internal sealed record BatchRow
{
    public long Id { get; init; }
    public string Kind { get; init; } = "";
    public string Number { get; init; } = "";
    public long CourtId { get; init; }
    public DateOnly Day { get; init; }
    public string? Area { get; init; }
    public long? PersonId { get; init; }
    public string? PersonName { get; init; }
    public string State { get; init; } = "";
    public int Items { get; init; }
    public int CentsEach { get; init; }
    public string? HandedTo { get; init; }
    public DateTimeOffset? HandedAt { get; init; }
    public string CreatedBy { get; init; } = "";
    public DateTimeOffset CreatedAt { get; init; }
    public int Version { get; init; }
}

/// <summary>One letter of a batch with its address.</summary>
internal sealed record LetterRow
{
    public long Id { get; init; }
    public long NoticeId { get; init; }
    public long OrderId { get; init; }
    public long CaseId { get; init; }
    public string State { get; init; } = "";
    public string CaseNumber { get; init; } = "";
    public string CourtName { get; init; } = "";
    public string Recipient { get; init; } = "";
    public long PartyId { get; init; }
    public long? AddressId { get; init; }
    public string? Tracking { get; init; }
    public string? Result { get; init; }
    public DateTimeOffset? UntilAt { get; init; }
    public string? AddressEnc { get; init; }
    public string? Postcode { get; init; }
    public string? Addressee { get; init; }
    public string? PhoneEnc { get; init; }
    public string? Origin { get; init; }
    public bool Warned { get; init; }
}

internal static class BatchSql
{
    public const string Columns = "SELECT b.id, b.kind, b.number, b.court_id, b.day, b.area, b.person_id, b.person_name, b.state, b.items, b.cents_each, b.handed_to, b.handed_at, b.created_by, b.created_at, b.version FROM service_batch b";

    public const string Letters =
        """
        SELECT s.id, s.notice_id, s.order_id, s.case_id, s.state, n.case_number, n.court_name, n.recipient, n.party_id, s.address_id, s.tracking, s.result, s.until_at, a.text_enc AS address_enc, a.postcode, a.recipient AS addressee, a.phone_enc, a.origin, a.warned
        FROM service_step s JOIN service_notice n ON n.id = s.notice_id LEFT JOIN service_address a ON a.id = s.address_id
        """;
}

/// <summary>Puts the letters that are due into a batch, each with the next address of its recipient (C-03) that no letter came back from.</summary>
[Permit("service.work")]
[Audited("service.post.batch")]
internal sealed record MakeBatch : ICommand<MakeBatch.Result>
{
    public IReadOnlyList<long> StepIds { get; init; } = [];

    /// <param name="Without">Recipients without an address: they stay where they are.</param>
    internal sealed record Result(long BatchId, int Letters, IReadOnlyList<string> Without);

    internal sealed class Validator : AbstractValidator<MakeBatch>
    {
        public Validator() => RuleFor(c => c.StepIds).Must(s => s.Count is > 0 and <= 2000).WithMessage("请选择要邮寄的送达，一批最多 2000 封。");
    }

    internal sealed class Handler(Db db, Ids ids, StepBook book, Notices notices, AddressBook addresses, ISettings settings, Actor actor, AuditTrail audit) : ICommandHandler<MakeBatch, Result>
    {
        public async Task<Result> Handle(MakeBatch request, CancellationToken cancellationToken)
        {
            var now = notices.Now();
            var id = ids.Next();
            var without = new List<string>();
            var taken = 0;
            long? court = null;
            foreach (var stepId in request.StepIds.Distinct())
            {
                var step = await Steps.FindAsync(db, stepId, cancellationToken);
                var (notice, _) = await Steps.OpenAsync(notices, step, cancellationToken);
                if (step.Channel != "postal" || step.State != StepState.Due || step.BatchId is not null)
                    throw new Conflict($"{notice.Recipient}的邮寄已在办理，请刷新后再选。");
                var tried = (await db.QueryAsync<long?>("SELECT address_id FROM service_step WHERE notice_id = @Id AND channel = 'postal' AND state = 'failed'", new { notice.Id }, cancellationToken)).ToHashSet();
                if ((await addresses.ChainAsync(notice.PartyId, cancellationToken)).FirstOrDefault(a => !tried.Contains(a.Id)) is not { } to)
                {
                    without.Add(notice.Recipient);
                    continue;
                }
                court ??= step.CourtId;
                await book.MoveAsync(step, "note", cancellationToken, "batch_id = @batch, address_id = @address, tracking = @code", new { step.Id, step.Version, batch = id, address = to.Id, code = Barcode.Of(step.Id) });
                taken++;
            }
            if (taken == 0)
                throw new RuleBroken($"这些受送达人都没有可用的邮寄地址：{string.Join('、', without.Take(10))}。请先登记地址。", "StepIds");
            var cents = settings.Current<PostSettings>(actor.CourtId).Cents;
            await db.ExecuteAsync(
                "INSERT INTO service_batch (id, kind, number, court_id, day, state, items, cents_each, created_by, created_at, version) VALUES (@id, 'post', @number, @court, @day, 'open', @taken, @cents, @by, @now, 1)",
                new { id, number = $"YJ{Times.Local(now):yyyyMMddHHmmss}{id % 1000:000}", court = actor.CourtId > 0 ? actor.CourtId : court, day = Times.Day(now), taken, cents, by = actor.Name, now }, cancellationToken);
            audit.Note("batch", id, new { letters = taken, without = without.Count });
            return new Result(id, taken, without);
        }
    }
}

/// <summary>Batches of the courts this person works for, newest first.</summary>
[Permit("service.work")]
internal sealed record ListBatches : IQuery<IReadOnlyList<BatchRow>>
{
    public string Kind { get; init; } = "post";

    internal sealed class Handler(Db db, Actor actor, Kernel.Access.AccessLog reads) : IQueryHandler<ListBatches, IReadOnlyList<BatchRow>>
    {
        public async Task<IReadOnlyList<BatchRow>> Handle(ListBatches request, CancellationToken cancellationToken)
        {
            var rows = await db.PageAsync<BatchRow>(BatchSql.Columns + " WHERE b.kind = @Kind AND b.court_id IN @courts ORDER BY b.id DESC", new { request.Kind, courts = actor.Courts }, 100, cancellationToken);
            reads.List("service.batch.list", rows.Count, new { request.Kind });
            return rows;
        }
    }
}

/// <summary>A batch with its letters or visits; of orders this person may see.</summary>
[Permit("service.work")]
internal sealed record ShowBatch : IQuery<ShowBatch.Result>
{
    public long Id { get; init; }

    internal sealed record Result(BatchRow Batch, IReadOnlyList<LetterRow> Letters);

    internal sealed class Handler(Db db, IWorkOrders orders, Actor actor, Kernel.Access.AccessLog reads) : IQueryHandler<ShowBatch, Result>
    {
        public async Task<Result> Handle(ShowBatch request, CancellationToken cancellationToken)
        {
            var batch = await Batches.FindAsync(db, actor, request.Id, cancellationToken);
            var (me, courts, places) = orders.SeenArguments;
            var letters = await db.QueryAsync<LetterRow>(BatchSql.Letters + " WHERE s.batch_id = @Id AND " + orders.Seen("s.order_id") + " ORDER BY s.id", new { request.Id, me, courts, places }, cancellationToken);
            reads.Note("service.batch.view", "batch", batch.Id);
            return new Result(batch, letters);
        }
    }
}

/// <summary>What a batch may do.</summary>
internal static class BatchTable
{
    public static readonly Kernel.States.StateTable Table = new("service_batch", "批次", new Kernel.States.Move("hand", ["open"], "handed"));
}

internal static class Batches
{
    /// <exception cref="NotFound">No such batch, or of a court this person does not work for.</exception>
    public static async Task<BatchRow> FindAsync(Db db, Actor actor, long id, CancellationToken ct) =>
        await db.FirstAsync<BatchRow>(BatchSql.Columns + " WHERE b.id = @id AND b.court_id IN @courts", new { id, courts = actor.Courts }, ct) ?? throw new NotFound("批次", id);
}

/// <summary>The carrier has taken the batch: every letter is posted today and its report awaited.</summary>
[Permit("service.work")]
[Audited("service.post.hand-over")]
internal sealed record HandOver : ICommand
{
    public long BatchId { get; init; }
    public string To { get; init; } = "";

    internal sealed class Validator : AbstractValidator<HandOver>
    {
        public Validator() => RuleFor(c => c.To).NotEmpty().WithMessage("请填揽收人。").MaximumLength(60).WithMessage("揽收人最长 60 个字符。");
    }

    internal sealed class Handler(Db db, Notices notices, IWorkOrders orders, AttemptBook attempts, Actor actor, AuditTrail audit) : CommandHandler<HandOver>
    {
        protected override async Task RunAsync(HandOver command, CancellationToken ct)
        {
            var batch = await Batches.FindAsync(db, actor, command.BatchId, ct);
            if (batch.Kind != "post" || BatchTable.Table.Find("hand", batch.State) is null)
                throw new Conflict("这一批已经交邮。", batch.HandedTo, batch.HandedAt);
            await BatchTable.Table.MoveAsync(db, "hand", batch.State, new { batch.Id, batch.Version, To = command.To.Trim(), now = notices.Now() }, "handed_to = @To, handed_at = @now", ct);
            var posted = 0;
            foreach (var letter in await db.QueryAsync<LetterRow>(BatchSql.Letters + " WHERE s.batch_id = @Id AND s.state = 'due' ORDER BY s.id", new { batch.Id }, ct))
            {
                var notice = await notices.GetAsync(letter.NoticeId, ct);
                // served or withdrawn meanwhile: the letter is taken out of the sack
                if (NoticeBook.Table.Find(NoticeStep.Otherwise, notice.State) is null)
                    continue;
                await attempts.RecordAsync(notice, await orders.GetAsync(notice.OrderId, ct), new AttemptFacts { Channel = "postal", Outcome = "posted", On = Times.Day(notices.Now()), Address = Origins.PostalKind(letter.Origin ?? ""), Warned = letter.Warned, Tracking = letter.Tracking ?? Barcode.Of(letter.Id) }, null, true, actor.Name, ct);
                posted++;
            }
            audit.Note("batch", batch.Id, new { posted, to = command.To });
        }
    }
}

/// <summary>The carrier's own number of a letter in the place of ours.</summary>
[Permit("service.work")]
[Audited("service.post.number")]
internal sealed record SetTracking : ICommand
{
    public long StepId { get; init; }
    public string Tracking { get; init; } = "";

    internal sealed class Validator : AbstractValidator<SetTracking>
    {
        public Validator() => RuleFor(c => c.Tracking).Must(t => ConfirmationRules.Fold(t).Length is >= 5 and <= 40).WithMessage("邮件号码为 5 至 40 个字符。");
    }

    internal sealed class Handler(Db db, StepBook book, Notices notices, AuditTrail audit) : CommandHandler<SetTracking>
    {
        protected override async Task RunAsync(SetTracking command, CancellationToken ct)
        {
            var step = await Steps.FindAsync(db, command.StepId, ct);
            await Steps.OpenAsync(notices, step, ct);
            var tracking = ConfirmationRules.Fold(command.Tracking).Replace(" ", "", StringComparison.Ordinal).ToUpperInvariant();
            if (step.Channel != "postal")
                throw new RuleBroken("只有邮寄有邮件号码。", "Tracking");
            if (await db.ScalarAsync<int>("SELECT COUNT(*) FROM service_step WHERE tracking = @tracking AND id <> @Id", new { tracking, step.Id }, ct) > 0)
                throw new RuleBroken($"邮件号码 {tracking} 已用于另一封邮件。", "Tracking");
            await book.MoveAsync(step, "note", ct, "tracking = @tracking", new { step.Id, step.Version, tracking });
            audit.Note("step", step.Id, new { tracking });
        }
    }
}

/// <summary>Takes tracking lines in: from a file, or over HTTP. Each line once; what is unknown or contradicts is named and goes to a person.</summary>
[Permit("service.work")]
[Audited("service.post.track")]
internal sealed record TakeTracking : ICommand<TakeTracking.Result>
{
    public IReadOnlyList<TrackLine> Lines { get; init; } = [];

    /// <param name="Outcome">recorded, news, again, unknown, ask, contradiction.</param>
    internal sealed record Line(int Number, string Tracking, string Outcome, string Said);

    internal sealed record Result(IReadOnlyList<Line> Lines)
    {
        public int Count(string outcome) => Lines.Count(l => l.Outcome == outcome);
    }

    internal sealed class Validator : AbstractValidator<TakeTracking>
    {
        public Validator() => RuleFor(c => c.Lines).Must(l => l.Count <= 20_000).WithMessage("一次最多 20000 行，请拆分文件。");
    }

    internal sealed class Handler(Db db, Ids ids, Notices notices, IWorkOrders orders, AttemptBook attempts, Alarms alarms, Actor actor, AuditTrail audit) : ICommandHandler<TakeTracking, Result>
    {
        public async Task<Result> Handle(TakeTracking request, CancellationToken cancellationToken)
        {
            var said = new List<Line>();
            var steps = new Dictionary<string, LetterStep>();
            var (me, courts, places) = orders.SeenArguments;
            foreach (var chunk in request.Lines.Select(l => l.Tracking).Distinct().Chunk(400))
                foreach (var s in await db.QueryAsync<LetterStep>(
                    "SELECT s.id, s.notice_id, s.order_id, s.state, s.tracking, s.address_id, a.origin, a.warned FROM service_step s LEFT JOIN service_address a ON a.id = s.address_id WHERE (s.tracking IN @numbers OR s.id IN @ids) AND s.channel = 'postal' AND " + orders.Seen("s.order_id"),
                    new { numbers = chunk, ids = chunk.Select(c => Barcode.Step(c) ?? 0).Distinct(), me, courts, places }, cancellationToken))
                {
                    steps[Barcode.Of(s.Id)] = s;
                    if (s.Tracking is { } t)
                        steps[t] = s;
                }
            var known = new HashSet<string>();
            foreach (var chunk in request.Lines.Select(Digest).Distinct().Chunk(400))
                known.UnionWith(await db.QueryAsync<string>("SELECT digest FROM service_track WHERE digest IN @digests", new { digests = chunk }, cancellationToken));
            var rows = new List<object>();
            foreach (var line in request.Lines.OrderBy(l => l.At).ThenBy(l => l.Number))
            {
                var digest = Digest(line);
                if (!known.Add(digest))
                {
                    said.Add(new(line.Number, line.Tracking, "again", "这一行以前导入过"));
                    continue;
                }
                var step = steps.GetValueOrDefault(line.Tracking);
                var outcome = step is null ? ("unknown", "没有这个邮件号码") : await TakeAsync(line, step, cancellationToken);
                said.Add(new(line.Number, line.Tracking, outcome.Item1, outcome.Item2));
                rows.Add(new { id = ids.Next(), digest, step = step?.Id, line.Tracking, line.At, line.Words, outcome = outcome.Item1, now = notices.Now() });
            }
            await db.ExecuteManyAsync("INSERT INTO service_track (id, digest, step_id, tracking, at, words, outcome, taken_at) VALUES (@id, @digest, @step, @Tracking, @At, @Words, @outcome, @now)", rows, cancellationToken);
            audit.Note("tracking", 0, new { lines = request.Lines.Count, recorded = said.Count(l => l.Outcome == "recorded"), unknown = said.Count(l => l.Outcome == "unknown") });
            return new Result([.. said.OrderBy(l => l.Number)]);
        }

        private async Task<(string, string)> TakeAsync(TrackLine line, LetterStep step, CancellationToken ct)
        {
            var meaning = PostRules.Meaning(line.Words, line.Signer);
            if (meaning.Outcome == "news")
                return ("news", "在途");
            var notice = await notices.GetAsync(step.NoticeId, ct);
            if (step.Ended || NoticeBook.Table.Find(NoticeStep.Otherwise, notice.State) is null)
            {
                // delivered after returned, or returned after served: two words of the carrier contradict each other
                await alarms.RaiseAsync("post", $"post:{step.Id}:{line.Words}", notice.CaseId, notice.Id, notice.Recipient, $"邮件 {line.Tracking} 又报“{line.Words}”（{Times.Full(line.At)}），与已登记的结果矛盾，请核实。", ct);
                return ("contradiction", "与已登记的结果矛盾，已提醒核实");
            }
            if (meaning.Outcome == "ask")
            {
                await alarms.RaiseAsync("post", $"who-signed:{step.Id}", notice.CaseId, notice.Id, notice.Recipient, $"邮件 {line.Tracking}：“{line.Words}”（{Times.Full(line.At)}）。请查明谁签收或者为什么退回：本人、同住成年家属（不是对方当事人）、单位收发才算送达。", ct);
                return ("ask", "须查明签收人或退回原因，已提醒");
            }
            try
            {
                var result = await attempts.RecordAsync(notice, await orders.GetAsync(notice.OrderId, ct), new AttemptFacts
                {
                    Channel = "postal", Outcome = meaning.Outcome, Signer = meaning.Signer, On = Times.Day(line.At), Address = Origins.PostalKind(step.Origin ?? ""), Warned = step.Warned, Tracking = line.Tracking, Words = Contests.Cut(line.Words, 200),
                }, null, true, actor.Name, ct);
                step.Ended = meaning.Outcome != "mismatch";
                return ("recorded", result.EffectiveOn is { } on ? $"送达日 {Times.Iso(on)}" : "未送达，转下一方式");
            }
            catch (Exception e) when (e is RuleBroken or Conflict)
            {
                return ("ask", e.Message);
            }
        }

        private static string Digest(TrackLine line) => Secrets.Digest($"{line.Tracking}|{line.At.UtcTicks}|{line.Words}|{line.Signer}");

        private sealed record LetterStep
        {
            public long Id { get; init; }
            public long NoticeId { get; init; }
            public long OrderId { get; init; }
            public string State { get; init; } = "";
            public string? Tracking { get; init; }
            public long? AddressId { get; init; }
            public string? Origin { get; init; }
            public bool Warned { get; init; }
            public bool Ended { get; set; }
        }
    }
}

/// <summary>Who signed, or why it came back, found out by a person.</summary>
[Permit("service.work")]
[Audited("service.post.result")]
internal sealed record RecordLetter : ICommand<RecordAttempt.Result>
{
    public long StepId { get; init; }
    public string Outcome { get; init; } = "";
    public string Signer { get; init; } = "self";
    public bool Opposing { get; init; }
    public DateOnly? On { get; init; }
    public string Words { get; init; } = "";
    public long? EvidenceId { get; init; }

    internal sealed class Validator : AbstractValidator<RecordLetter>
    {
        public Validator()
        {
            RuleFor(c => c.Outcome).Must(o => o != "posted" && AttemptRules.Outcomes["postal"].ContainsKey(o)).WithMessage("请选择邮件的结果。");
            RuleFor(c => c.Signer).Must(s => s is "self" or "family" or "agent" or "unit").WithMessage("签收人应为本人、同住成年家属、代收人或者单位收发。");
            RuleFor(c => c.On).NotNull().WithMessage("请填日期。");
            RuleFor(c => c.Words).MaximumLength(400).WithMessage("说明最长 400 个字符。");
        }
    }

    internal sealed class Handler(Db db, Notices notices, AttemptBook attempts, Actor actor) : ICommandHandler<RecordLetter, RecordAttempt.Result>
    {
        public async Task<RecordAttempt.Result> Handle(RecordLetter request, CancellationToken cancellationToken)
        {
            var step = await Steps.FindAsync(db, request.StepId, cancellationToken);
            var (notice, order) = await Steps.OpenAsync(notices, step, cancellationToken);
            var to = step.AddressId is { } a ? await db.FirstAsync<AddressRow>(AddressBook.Columns + " WHERE a.id = @a", new { a }, cancellationToken) : null;
            return await attempts.RecordAsync(notice, order, new AttemptFacts
            {
                Channel = "postal", Outcome = request.Outcome, Signer = request.Signer, Opposing = request.Opposing, On = request.On!.Value, Address = to?.PostalKind ?? "unconfirmed", Warned = to?.Warned ?? false, Tracking = step.Tracking ?? "", Words = request.Words.Trim(),
            }, request.EvidenceId, true, actor.Name, cancellationToken);
        }
    }
}
