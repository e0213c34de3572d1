using System.Globalization;
using CourtOps.Kernel.Audit;
using CourtOps.Kernel.Data;
using CourtOps.Kernel.Messaging;
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

    /// <summary>Reference, amount in yuan, day, payer, memo; separated by comma, semicolon or tab.</summary>
    [FileText]
    public string Text { get; init; } = "";

    /// <param name="Outcome">held, suspense, repeated or refused.</param>
    internal sealed record Line(int Row, string Reference, string Outcome, string Reason);

    internal sealed class Validator : AbstractValidator<ImportStatement>
    {
        public Validator() =>
            RuleFor(c => c.Text).NotEmpty().WithMessage("请粘贴银行流水。").MaximumLength(1_000_000).WithMessage("一次最多 1000000 个字符，请分几次导入。");
    }

    internal sealed class Handler(Db db, Actor actor, ICases cases, CaseMoney money, AuditTrail audit) : ICommandHandler<ImportStatement, IReadOnlyList<Line>>
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
    /// <summary>The line, or why it cannot be read.</summary>
    public static (StatementLine? Line, string Reason) Read(string text)
    {
        var separator =
            text.Contains('\t', StringComparison.Ordinal) ? '\t'
            : text.Contains(',', StringComparison.Ordinal) ? ','
            : text.Contains('，', StringComparison.Ordinal) ? '，'
            : ';';
        var cells = text.Split(separator)
            .Select(c =>
                new string([
                    .. c.Normalize(System.Text.NormalizationForm.FormKC)
                        .Where(x => !char.IsControl(x) && CharUnicodeInfo.GetUnicodeCategory(x) != UnicodeCategory.Format),
                ]).Trim()
            )
            .ToList();
        if (cells.Count < 4)
            return (null, "至少要有流水号、金额、日期、付款人四列。");
        if (cells[0].Length is 0 or > 80)
            return (null, "流水号为空或者超过 80 个字符。");
        if (
            !decimal.TryParse(
                cells[1].Replace(",", "", StringComparison.Ordinal),
                NumberStyles.AllowDecimalPoint | NumberStyles.AllowLeadingSign,
                CultureInfo.InvariantCulture,
                out var yuan
            ) || !CaseMoney.IsMoney(yuan)
        )
            return (null, $"金额“{cells[1]}”不是大于零、最多两位小数的数。");
        if (
            !DateOnly.TryParseExact(cells[2], ["yyyy-MM-dd", "yyyy/M/d", "yyyyMMdd", "yyyy.M.d"], CultureInfo.InvariantCulture, DateTimeStyles.None, out var on)
            || on.Year < 2000
        )
            return (null, $"日期“{cells[2]}”不是有效的日期。");
        var memo = string.Join(' ', cells.Skip(4));
        return (new StatementLine(cells[0], CaseMoney.Cents(yuan), on, Cut(cells[3]), Cut(memo), NumberIn(memo)), "");
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
