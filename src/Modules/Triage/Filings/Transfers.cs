using CourtOps.Kernel.Audit;
using CourtOps.Kernel.Data;
using CourtOps.Kernel.Messaging;
using CourtOps.Kernel.Security;
using CourtOps.Kernel.Web;
using CourtOps.Workzone;
using FluentValidation;

namespace CourtOps.Triage.Filings;

/// <summary>How a case comes over from another organ or court, and what comes with it. Pure.</summary>
internal static class TransferRules
{
    public static readonly IReadOnlyDictionary<string, string> Types = new Dictionary<string, string>
    {
        ["prosecution"] = "公诉移送",
        ["appeal"] = "上诉移送",
        ["retrial"] = "申请再审",
        ["objection"] = "执行异议",
        ["compensation"] = "国家赔偿",
        [Moved.Type] = "移送管辖",
    };

    public static readonly IReadOnlyDictionary<string, string> Measures = new Dictionary<string, string>
    {
        ["detained"] = "羁押",
        ["residence"] = "监视居住",
        ["bail"] = "取保候审",
        ["none"] = "未采取强制措施",
    };

    public static readonly IReadOnlyDictionary<string, string> Items = new Dictionary<string, string>
    {
        ["volume"] = "案卷",
        ["exhibit"] = "物证",
        ["paper"] = "文书",
    };

    /// <summary>The type signs that a transfer becomes, by kind of case.</summary>
    public static IReadOnlyList<string> Signs(string type, string kind) =>
        (type, kind) switch
        {
            ("prosecution", "criminal") => ["刑初"],
            ("appeal", "civil") => ["民终"],
            ("appeal", "criminal") => ["刑终"],
            ("appeal", "admin") => ["行终"],
            ("retrial", "civil") => ["民申", "民再"],
            ("retrial", "criminal") => ["刑再"],
            ("retrial", "admin") => ["行再"],
            ("objection", "enforcement") => ["执异"],
            ("compensation", "compensation") => ["委赔", "法赔"],
            (Moved.Type, _) => CaseKinds.Types.GetValueOrDefault(kind, []),
            _ => [],
        };

    /// <summary>What must come with it (G-10, 刑诉法解释 218).</summary>
    public static IReadOnlyList<string> Needed(string type) =>
        type switch
        {
            "prosecution" => ["起诉书", "案卷材料", "证据目录", "强制措施法律文书"],
            "appeal" => ["上诉状", "一审裁判文书及送达回证", "一审案卷", "缴费凭证或者缓减免材料"],
            "retrial" => ["再审申请书", "原审裁判文书", "身份证明"],
            "objection" => ["异议申请书", "执行裁定或者通知", "身份证明"],
            Moved.Type => ["移送裁定书", "原审理案卷"],
            _ => ["赔偿申请书", "原决定或者法律文书", "身份证明"],
        };

    /// <summary>Days in which what is missing must come: three for a prosecutor (刑诉法解释 219), five for the file of an appeal (2000 年规定 17), otherwise the
    /// court's own.</summary>
    public static int CorrectDays(string channel, string type, int own) =>
        channel != "transfer" ? own
        : type == "刑初" ? 3
        : type is "民终" or "刑终" or "行终" ? 5
        : own;

    /// <summary>Days of custody that are left; below nothing it has run out.</summary>
    public static int? Left(DateOnly? until, DateOnly today) => until is { } u ? u.DayNumber - today.DayNumber : null;
}

/// <summary>A volume, exhibit or paper that comes with it.</summary>
internal record TransferItem
{
    /// <summary>volume, exhibit or paper.</summary>
    public string Item { get; init; } = "paper";
    public string Title { get; init; } = "";

    /// <summary>Pages of a volume, pieces of an exhibit.</summary>
    public int? Amount { get; init; }

    /// <summary>It was handed over; false: it stands in the letter and is missing.</summary>
    public bool Here { get; init; } = true;

    /// <summary>Where an exhibit is kept.</summary>
    public string Place { get; init; } = "";
}

/// <summary>One that is taken in.</summary>
internal sealed record TransferItemKept : TransferItem
{
    public long Id { get; init; }
}

/// <summary>An accused with the measure that binds them.</summary>
internal sealed record CustodyIn
{
    public string Name { get; init; } = "";

    /// <summary>detained, residence, bail or none.</summary>
    public string Measure { get; init; } = "none";
    public DateOnly? SinceOn { get; init; }
    public DateOnly? UntilOn { get; init; }
    public string Place { get; init; } = "";
}

/// <summary>Takes in what another organ or court sends over.</summary>
[Permit("triage.work")]
[Audited("triage.transfer.take")]
internal sealed record TakeTransfer : ICommand<TakeTransfer.Result>
{
    /// <summary>prosecution, appeal, retrial, objection or compensation.</summary>
    public string Type { get; init; } = "";
    public string Sender { get; init; } = "";

    /// <summary>Number of the letter it came with.</summary>
    public string Letter { get; init; } = "";
    public TakeFiling Filing { get; init; } = new();
    public IReadOnlyList<TransferItem> Items { get; init; } = [];
    public IReadOnlyList<CustodyIn> Accused { get; init; } = [];

    /// <param name="Missing">What the law or the letter names and was not handed over.</param>
    /// <param name="CustodyLeft">Days until the first custody ends.</param>
    internal sealed record Result(long Id, string Number, DateOnly DecideBy, IReadOnlyList<string> Missing, int? CustodyLeft);

    internal sealed class Validator : AbstractValidator<TakeTransfer>
    {
        public Validator()
        {
            RuleFor(c => c.Type).Must(TransferRules.Types.ContainsKey).WithMessage("请选择移送的种类。");
            RuleFor(c => c.Sender).NotEmpty().WithMessage("请填写移送机关。").MaximumLength(120).WithMessage("移送机关最长 120 个字符。");
            RuleFor(c => c.Letter).MaximumLength(80).WithMessage("函号最长 80 个字符。");
            RuleFor(c => c.Filing).SetValidator(new TakeFiling.Validator()).OverridePropertyName("");
            RuleFor(c => c.Filing)
                .Must((c, f) => TransferRules.Signs(c.Type, f.Kind).Count > 0)
                .OverridePropertyName("Kind")
                .WithMessage("这种移送没有这类案件。");
            RuleFor(c => c.Items).Must(i => i.Count <= 300).WithMessage("案卷和物证最多 300 项。");
            RuleFor(c => c.Accused).Must(a => a.Count <= 100).WithMessage("被告人最多 100 名。");
            RuleFor(c => c)
                .Custom(
                    (c, context) =>
                    {
                        foreach (var (i, item) in c.Items.Index())
                        {
                            if (item is null || !TransferRules.Items.ContainsKey(item.Item ?? ""))
                                context.AddFailure($"Items[{i}].Item", "应为案卷、物证或者文书。");
                            else if (
                                string.IsNullOrWhiteSpace(item.Title)
                                || item.Title.Length > 200
                                || (item.Place ?? "").Length > 120
                                || item.Amount is < 0 or > 100_000
                            )
                                context.AddFailure($"Items[{i}].Title", "请填写名称，最长 200 个字符；数量应为 0 至 100000。");
                        }
                        foreach (var (i, a) in c.Accused.Index())
                        {
                            if (a is null || string.IsNullOrWhiteSpace(a.Name) || a.Name.Length > 120 || !TransferRules.Measures.ContainsKey(a.Measure ?? ""))
                                context.AddFailure($"Accused[{i}].Name", "请填写被告人和强制措施。");
                            else if (a.Measure == "detained" && a.UntilOn is null)
                                context.AddFailure($"Accused[{i}].UntilOn", "羁押的请填写羁押期限届满日。");
                            else if (a.UntilOn is { Year: < 2000 or > 2100 } || a.SinceOn is { Year: < 2000 or > 2100 } || a.UntilOn < a.SinceOn)
                                context.AddFailure($"Accused[{i}].UntilOn", "届满日应在起日之后，在 2000 年至 2100 年之间。");
                        }
                    }
                );
        }
    }

    internal sealed class Handler(Db db, Ids ids, Actor actor, ICourts courts, TimeProvider clock, Intake intake, AuditTrail audit)
        : ICommandHandler<TakeTransfer, Result>
    {
        public async Task<Result> Handle(TakeTransfer request, CancellationToken cancellationToken)
        {
            var typed = PartyReading.Fold(request.Filing.Court);
            var court = typed.Length == 0 ? await courts.GetAsync(actor.CourtId, cancellationToken) : await courts.FindAsync(typed, cancellationToken);
            if (court is null || !actor.Courts.Contains(court.Id))
                throw new RuleBroken($"您不在“{typed}”办理立案，或者没有这个法院。", "Court");
            var signs = TransferRules.Signs(request.Type, request.Filing.Kind);
            var sign =
                request.Filing.CaseType.Length == 0 ? signs[0]
                : signs.Contains(request.Filing.CaseType) ? request.Filing.CaseType
                : throw new RuleBroken($"这种移送用{string.Join('、', signs)}字。", "CaseType");
            var now = clock.GetUtcNow();
            var today = Times.Day(now);
            var custody = request.Accused.Where(a => a.Measure == "detained").Min(a => a.UntilOn);
            var facts = request.Filing.Facts with { CustodyUntil = custody ?? request.Filing.Facts.CustodyUntil };
            var taken = await intake.TakeAsync(
                request.Filing with
                {
                    CaseType = sign,
                    Facts = facts,
                    Sender = request.Sender,
                },
                new Entry("transfer", court),
                cancellationToken
            );
            await db.ExecuteAsync(
                "INSERT INTO triage_transfer (filing_id, court_id, transfer_type, sender, letter, custody_until, taken_at) VALUES (@Id, @court, "
                    + "@Type, @sender, @letter, @until, @now)",
                new
                {
                    taken.Id,
                    court = court.Id,
                    request.Type,
                    sender = request.Sender.Trim(),
                    letter = (request.Letter ?? "").Trim(),
                    until = facts.CustodyUntil,
                    now,
                },
                cancellationToken
            );
            await db.ExecuteManyAsync(
                "INSERT INTO triage_transfer_item (id, filing_id, item, title, amount, here, place) VALUES (@id, @filingId, @Item, @title, @Amount, "
                    + "@Here, @place)",
                [
                    .. request.Items.Select(i =>
                        (object)
                            new
                            {
                                id = ids.Next(),
                                filingId = taken.Id,
                                i.Item,
                                title = PartyReading.Fold(i.Title),
                                i.Amount,
                                i.Here,
                                place = PartyReading.Fold(i.Place),
                            }
                    ),
                ],
                cancellationToken
            );
            await db.ExecuteManyAsync(
                "INSERT INTO triage_custody (id, filing_id, name, measure, since_on, until_on, place) VALUES (@id, @filingId, @name, @Measure, "
                    + "@SinceOn, @UntilOn, @place)",
                [
                    .. request.Accused.Select(a =>
                        (object)
                            new
                            {
                                id = ids.Next(),
                                filingId = taken.Id,
                                name = PartyReading.Fold(a.Name),
                                a.Measure,
                                a.SinceOn,
                                a.UntilOn,
                                place = PartyReading.Fold(a.Place),
                            }
                    ),
                ],
                cancellationToken
            );
            audit.Note(
                "filing",
                taken.Id,
                new
                {
                    request.Type,
                    volumes = request.Items.Count(i => i.Item == "volume"),
                    exhibits = request.Items.Count(i => i.Item == "exhibit"),
                    accused = request.Accused.Count,
                }
            );
            return new Result(taken.Id, taken.Number, taken.DecideBy, MissingOf(request.Type, request.Items), TransferRules.Left(facts.CustodyUntil, today));
        }
    }

    /// <summary>What the law names and nobody listed as here, and what stands in the letter but is not here.</summary>
    public static IReadOnlyList<string> MissingOf(string type, IReadOnlyList<TransferItem> items) =>
        [
            .. TransferRules
                .Needed(type)
                .Where(n =>
                    !items.Any(i =>
                        i.Here && (i.Title.Contains(n, StringComparison.Ordinal) || (n.Contains("案卷", StringComparison.Ordinal) && i.Item == "volume"))
                    )
                )
                .Concat(items.Where(i => !i.Here).Select(i => i.Title))
                .Distinct(),
        ];
}

/// <summary>What came later: a volume or exhibit that was missing is here now, or an exhibit is kept elsewhere.</summary>
[Permit("triage.work")]
[Audited("triage.transfer.item")]
internal sealed record MoveTransferItem : ICommand
{
    public long FilingId { get; init; }
    public long ItemId { get; init; }
    public string Place { get; init; } = "";

    internal sealed class Validator : AbstractValidator<MoveTransferItem>
    {
        public Validator() =>
            RuleFor(c => c.Place).NotEmpty().WithMessage("请写明现在在哪里、由谁保管。").MaximumLength(120).WithMessage("保管处最长 120 个字符。");
    }

    internal sealed class Handler(Db db, FilingBook book, AuditTrail audit) : CommandHandler<MoveTransferItem>
    {
        protected override async Task RunAsync(MoveTransferItem command, CancellationToken ct)
        {
            var filing = await book.GetAsync(command.FilingId, null, ct);
            var title =
                await db.FirstAsync<string>(
                    "SELECT title FROM triage_transfer_item WHERE id = @ItemId AND filing_id = @Id",
                    new { command.ItemId, filing.Id },
                    ct
                ) ?? throw new NotFound("移送项目", command.ItemId);
            await db.ExecuteAsync(
                "UPDATE triage_transfer_item SET here = 1, place = @place WHERE id = @ItemId",
                new { command.ItemId, place = command.Place.Trim() },
                ct
            );
            await book.NoteAsync(filing.Id, "item", $"{title}：{command.Place.Trim()}", ct);
            audit.Note("filing", filing.Id, new { command.ItemId }, filing.CaseId);
        }
    }
}

/// <summary>Transfers of the courts worked in, those first whose custody ends first.</summary>
[Permit("triage.filings")]
internal sealed record ListTransfers : IQuery<ListTransfers.Result>
{
    public string Type { get; init; } = "";
    public string After { get; init; } = "";

    internal sealed record Result(IReadOnlyList<Row> Rows, string? Next);

    internal sealed record Row
    {
        public long Id { get; init; }
        public string Number { get; init; } = "";
        public string TransferType { get; init; } = "";
        public string Sender { get; init; } = "";
        public string Letter { get; init; } = "";
        public string PartiesText { get; init; } = "";
        public string Cause { get; init; } = "";
        public string State { get; init; } = "";
        public string? CaseNumber { get; init; }
        public DateOnly? CustodyUntil { get; init; }
        public DateTimeOffset TakenAt { get; init; }
        public int Volumes { get; init; }
        public int Exhibits { get; init; }
        public int Missing { get; init; }
        public int Detained { get; init; }
    }

    internal sealed class Handler(Db db, FilingBook book) : IQueryHandler<ListTransfers, Result>
    {
        private const int Size = 50;

        public async Task<Result> Handle(ListTransfers request, CancellationToken cancellationToken)
        {
            var (me, courts, places) = book.Arguments;
            var never = new DateOnly(9999, 12, 31);
            var mark = Mark.Read(request.After);
            var rows = await db.PageAsync<Row>(
                $"""
                SELECT f.id, f.number, t.transfer_type, t.sender, t.letter, f.parties_text, f.cause, f.state, f.case_number, t.custody_until, t.taken_at,
                       (SELECT COUNT(*) FROM triage_transfer_item i WHERE i.filing_id = f.id AND i.item = 'volume') AS volumes, (SELECT COUNT(*) FROM
                           triage_transfer_item i WHERE i.filing_id = f.id AND i.item = 'exhibit') AS exhibits,
                       (SELECT COUNT(*) FROM triage_transfer_item i WHERE i.filing_id = f.id AND i.here = 0) AS missing, (SELECT COUNT(*) FROM triage_custody c
                           WHERE c.filing_id = f.id AND c.measure = 'detained') AS detained
                FROM triage_transfer t
                JOIN triage_filing f ON f.id = t.filing_id
                WHERE (@Type = '' OR t.transfer_type = @Type) AND (COALESCE(t.custody_until, @never) > @Day OR (COALESCE(t.custody_until, @never) = @Day AND
                    f.id > @Id)) AND {book.Seen}
                ORDER BY COALESCE(t.custody_until, @never), f.id
                """,
                new
                {
                    request.Type,
                    never,
                    mark.Day,
                    mark.Id,
                    me,
                    courts,
                    places,
                },
                Size + 1,
                cancellationToken
            );
            return new Result([.. rows.Take(Size)], rows.Count > Size ? new Mark(rows[Size - 1].CustodyUntil ?? never, rows[Size - 1].Id).ToString() : null);
        }
    }
}

/// <summary>What came with a filing; null where it was no transfer.</summary>
[Permit("triage.filings")]
internal sealed record ShowTransfer : IQuery<ShowTransfer.Result?>
{
    public long FilingId { get; init; }

    internal sealed record Result(
        string TransferType,
        string Sender,
        string Letter,
        IReadOnlyList<TransferItemKept> Items,
        IReadOnlyList<CustodyIn> Accused,
        IReadOnlyList<string> Missing
    );

    internal sealed class Handler(Db db, FilingBook book) : IQueryHandler<ShowTransfer, Result?>
    {
        public async Task<Result?> Handle(ShowTransfer request, CancellationToken cancellationToken)
        {
            var filing = await book.GetAsync(request.FilingId, cancellationToken);
            var head = await db.FirstAsync<Head>(
                "SELECT transfer_type, sender, letter FROM triage_transfer WHERE filing_id = @Id",
                new { filing.Id },
                cancellationToken
            );
            if (head is null)
                return null;
            var items = await db.QueryAsync<TransferItemKept>(
                "SELECT id, item, title, amount, here, place FROM triage_transfer_item WHERE filing_id = @Id ORDER BY id",
                new { filing.Id },
                cancellationToken
            );
            var accused = await db.QueryAsync<CustodyIn>(
                "SELECT name, measure, since_on, until_on, place FROM triage_custody WHERE filing_id = @Id ORDER BY id",
                new { filing.Id },
                cancellationToken
            );
            return new Result(head.TransferType, head.Sender, head.Letter, items, accused, TakeTransfer.MissingOf(head.TransferType, items));
        }

        private sealed record Head
        {
            public string TransferType { get; init; } = "";
            public string Sender { get; init; } = "";
            public string Letter { get; init; } = "";
        }
    }
}
