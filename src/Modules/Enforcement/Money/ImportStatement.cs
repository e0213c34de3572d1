using System.Globalization;
using CourtOps.Kernel.Audit;
using CourtOps.Kernel.Data;
using CourtOps.Kernel.Messaging;
using CourtOps.Kernel.Search;
using CourtOps.Kernel.Security;
using CourtOps.Kernel.Web;
using CourtOps.Law;
using CourtOps.Workzone.Cases;
using FluentValidation;

namespace CourtOps.Enforcement.Money;

/// <summary>Takes in the bank's statement: a line each, with an outcome each. A case is found by its number in the memo; what has none is kept apart.</summary>
[Permit("enforcement.money")]
[Audited("enforcement.money.import")]
internal sealed record ImportStatement : ICommand<IReadOnlyList<ImportStatement.Line>>
{
    public const int Most = 5000;

    /// <summary>Reference, amount in yuan, day, payer, memo; separated by comma, semicolon or tab. What went out is negative, with the payee; the
    /// closing balance
    /// of a day has 余额 in the place of the reference.</summary>
    [FileText]
    public string Text { get; init; } = "";

    /// <param name="Outcome">held, suspense, repeated, refused; of what went out paid or unmatched; of a balance balanced or differs.</param>
    internal sealed record Line(int Row, string Reference, string Outcome, string Reason);

    internal sealed class Validator : AbstractValidator<ImportStatement>
    {
        public Validator() =>
            RuleFor(c => c.Text).NotEmpty().WithMessage("请粘贴银行流水。").MaximumLength(1_000_000).WithMessage("一次最多 1000000 个字符，请分几次导入。");
    }

    internal sealed class Handler(Db db, Actor actor, ICases cases, CaseMoney money, TimeProvider clock, AuditTrail audit)
        : ICommandHandler<ImportStatement, IReadOnlyList<Line>>
    {
        public async Task<IReadOnlyList<Line>> Handle(ImportStatement c, CancellationToken cancellationToken)
        {
            var lines = c.Text.ReplaceLineEndings("\n").Split('\n');
            if (lines.Length > Most)
                throw new RuleBroken($"一次最多 {Most} 行，这里有 {lines.Length} 行，请分几次导入。", "Text");
            var done = new List<Line>();
            for (var i = 0; i < lines.Length; i++)
                if (lines[i].Trim().Length > 0)
                    done.Add(await OneAsync(i + 1, lines[i], cancellationToken));
            audit.Note("statement", actor.CourtId, new { lines = done.Count, refused = done.Count(l => l.Outcome == "refused") });
            return done;
        }

        private async Task<Line> OneAsync(int row, string text, CancellationToken ct)
        {
            if (StatementLine.Read(text) is not { Line: { } read } answer)
                return new Line(row, text.Length > 40 ? text[..40] : text, "refused", StatementLine.Read(text).Reason);
            if (read.On > money.Today)
                return new Line(row, read.Reference, "refused", "日期在今天之后。");
            if (read.IsBalance)
                return await BalanceAsync(row, read, ct);
            if (read.Cents < 0)
                return await OutAsync(row, read, ct);
            var card = read.CaseNumber is { } number ? await FindAsync(number, ct) : null;
            try
            {
                var (receipt, repeated) = await money.ReceiveAsync(
                    card?.CourtId ?? actor.CourtId,
                    card,
                    read.Cents,
                    read.On,
                    read.Payer,
                    read.Memo,
                    read.Reference,
                    "transfer",
                    ct
                );
                return new Line(row, read.Reference, repeated ? "repeated" : receipt.State, answer.Reason);
            }
            catch (RuleBroken e)
            {
                return new Line(row, read.Reference, "refused", e.Message);
            }
        }

        // an approved payout of the same sum to the same payee is what the bank paid; two alike, or none, is for a person
        private async Task<Line> OutAsync(int row, StatementLine read, CancellationToken ct)
        {
            var (me, courts, places) = cases.Arguments;
            var args = new
            {
                me,
                courts,
                places,
                cents = -read.Cents,
                read.Payer,
                read.Reference,
            };
            if (
                await db.ScalarAsync<int>(
                    "SELECT COUNT(*) FROM enforcement_payout p WHERE p.court_id IN @courts AND p.state = 'paid' AND p.reference = @Reference AND "
                        + "p.amount = @cents",
                    args,
                    ct
                ) > 0
            )
                return new Line(row, read.Reference, "repeated", "");
            var found = await db.QueryAsync<PayoutRow>(
                $"SELECT {PayoutRow.Columns} FROM enforcement_payout p WHERE p.court_id IN @courts AND p.state = 'approved' AND p.amount = @cents AND "
                    + $"p.payee = @Payer AND {cases.Seen("p.case_id")} ORDER BY p.id",
                args,
                ct
            );
            if (found.Count != 1)
                return new Line(
                    row,
                    read.Reference,
                    "unmatched",
                    found.Count == 0 ? "没有收款人和金额相同、已批准的发放。" : "收款人和金额相同的发放不止一笔，请在案款页逐笔登记。"
                );
            try
            {
                await money.PayAsync(found[0], read.On, read.Reference, ct);
                return new Line(row, read.Reference, "paid", "");
            }
            catch (RuleBroken e)
            {
                return new Line(row, read.Reference, "refused", e.Message);
            }
        }

        // the bank's balance at the end of a day beside the books of the court up to it
        private async Task<Line> BalanceAsync(int row, StatementLine read, CancellationToken ct)
        {
            var books = await db.ScalarAsync<long>(
                "SELECT COALESCE(SUM(e.amount), 0) FROM enforcement_entry e WHERE e.court_id = @CourtId AND e.account = 'bank' AND e.on_day <= @On",
                new { actor.CourtId, read.On },
                ct
            );
            var args = new
            {
                actor.CourtId,
                read.On,
                read.Cents,
                books,
                name = actor.Name,
                now = clock.StoredNow(),
            };
            if (
                await db.ExecuteAsync(
                    "UPDATE enforcement_balance SET bank = @Cents, books = @books, by_name = @name, at = @now WHERE court_id = @CourtId AND on_day = @On",
                    args,
                    ct
                ) == 0
            )
                await db.ExecuteAsync(
                    "INSERT INTO enforcement_balance (court_id, on_day, bank, books, by_name, at) VALUES (@CourtId, @On, @Cents, @books, @name, @now)",
                    args,
                    ct
                );
            return books == read.Cents
                ? new Line(row, read.Reference, "balanced", "")
                : new Line(
                    row,
                    read.Reference,
                    "differs",
                    $"银行余额 {Web.Ui.Yuan(read.Cents)} 元，账面 {Web.Ui.Yuan(books)} 元，差 {Web.Ui.Yuan(read.Cents - books)} 元。"
                );
        }

        private async Task<CaseCard?> FindAsync(string number, CancellationToken ct)
        {
            var id = await db.FirstAsync<long?>("SELECT id FROM workzone_case_card WHERE number = @number", new { number }, ct);
            return id is { } found && await cases.CanReadAsync(found, ct) ? await cases.GetAsync(found, ct) : null;
        }
    }
}

/// <summary>One line of a bank's statement. Pure.</summary>
internal sealed record StatementLine(string Reference, long Cents, DateOnly On, string Payer, string Memo, string? CaseNumber)
{
    /// <summary>The balance of the account at the end of the day.</summary>
    public bool IsBalance => Reference == "余额";

    /// <summary>The line, or why it cannot be read. Cents are negative where money went out.</summary>
    public static (StatementLine? Line, string Reason) Read(string text)
    {
        var separator =
            text.Contains('\t', StringComparison.Ordinal) ? '\t'
            : text.Contains(',', StringComparison.Ordinal) ? ','
            : text.Contains('，', StringComparison.Ordinal) ? '，'
            : ';';
        var cells = text.Split(separator)
            .Select(c => new string([.. c.Folded().Where(x => !char.IsControl(x) && CharUnicodeInfo.GetUnicodeCategory(x) != UnicodeCategory.Format)]).Trim())
            .ToList();
        if (cells.Count < (cells[0] == "余额" ? 3 : 4))
            return (null, "至少要有流水号、金额、日期、付款人四列。");
        if (cells[0].Length is 0 or > 80)
            return (null, "流水号为空或者超过 80 个字符。");
        if (
            !decimal.TryParse(
                cells[1].Replace(",", "", StringComparison.Ordinal),
                NumberStyles.AllowDecimalPoint | NumberStyles.AllowLeadingSign,
                CultureInfo.InvariantCulture,
                out var yuan
            ) || !(cells[0] == "余额" && yuan == 0 || CaseMoney.IsMoney(Math.Abs(yuan)))
        )
            return (null, $"金额“{cells[1]}”不是最多两位小数、不为零的数；付出的写负数。");
        if (
            !DateOnly.TryParseExact(cells[2], ["yyyy-MM-dd", "yyyy/M/d", "yyyyMMdd", "yyyy.M.d"], CultureInfo.InvariantCulture, DateTimeStyles.None, out var on)
            || on.Year < 2000
        )
            return (null, $"日期“{cells[2]}”不是有效的日期。");
        var memo = string.Join(' ', cells.Skip(4));
        return (new StatementLine(cells[0], CaseMoney.Cents(yuan), on, Cut(cells.Count > 3 ? cells[3] : ""), Cut(memo), NumberIn(memo)), "");
    }

    /// <summary>The first case number in a text, in canonical form; null for none.</summary>
    public static string? NumberIn(string memo)
    {
        var at = memo.IndexOf('(', StringComparison.Ordinal);
        for (; at >= 0; at = memo.IndexOf('(', at + 1))
        {
            var end = memo.IndexOf('号', at);
            if (end < 0)
                return null;
            if (Law.CaseNumber.TryParse(memo[at..(end + 1)], out var number))
                return number.Canonical;
        }
        return null;
    }

    private static string Cut(string text) => text.Length <= 200 ? text : text[..200];
}
