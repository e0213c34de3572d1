using System.Globalization;
using System.Text.RegularExpressions;
using CourtOps.Cataloguing.Reading;
using CourtOps.Kernel.Settings;

namespace CourtOps.Cataloguing.Sorting;

/// <summary>A page as the sorter sees it.</summary>
internal sealed record SortPage(long Id, string Text, IReadOnlyList<ReadLine> Lines, int Width, bool Blank, double Confidence)
{
    /// <summary>A person said that here a document begins, or does not; null: found out.</summary>
    public bool? Begins { get; init; }
    public string Digest { get; init; } = "";
}

/// <param name="Type">Code of a type, or empty: nothing said which.</param>
/// <param name="Confidence">Zero to one.</param>
/// <param name="Reason">Why, in Chinese, for the person who looks.</param>
internal sealed record TypeGuess(string Type, string Title, double Confidence, string Reason);

/// <summary>A document found in a bundle: the pages from <see cref="First"/>, <see cref="Count"/> of them.</summary>
internal sealed record Piece(
    int First,
    int Count,
    TypeGuess Type,
    double Border,
    string BorderReason,
    string Title,
    DateOnly? Date,
    string Author,
    string Party
);

/// <summary>What the case says, as far as sorting needs it.</summary>
internal sealed record SortCase(string Number, string Kind, IReadOnlyList<(string Name, string Role)> Parties);

/// <summary>Where a document begins, what it is, whose and of when. Pure: the same pages under the same table are sorted alike.</summary>
internal static partial class Sorter
{
    private const int TitleLines = 8;

    /// <summary>Takes a bundle apart. Blank pages belong to what stands before them.</summary>
    /// <param name="learned">What this court's confirmed pages say of a text; null where nothing was learned.</param>
    public static IReadOnlyList<Piece> Split(
        IReadOnlyList<SortPage> pages,
        TableBody types,
        SortCase card,
        Func<string, (string Type, double Share)?>? learned = null
    )
    {
        var words = SortingTables.Vocabulary(types);
        var guesses = pages.Select(p => p.Blank ? null : TypeOf(p, types, words, learned)).ToList();
        var starts = new List<(int At, double Border, string Reason)>();
        for (var i = 0; i < pages.Count; i++)
        {
            var (begins, border, why) = Begins(pages, guesses, i);
            if (i == 0 || begins)
                starts.Add((i, i == 0 ? Math.Max(border, 0.9) : border, i == 0 ? "这一批的第一页" : why));
            else if (border < 0.8 && starts.Count > 0 && border < starts[^1].Border)
                starts[^1] = starts[^1] with { Border = border, Reason = $"第 {i + 1} 页是否另起一件：{why}" };
        }
        var pieces = new List<Piece>();
        for (var s = 0; s < starts.Count; s++)
        {
            var (first, border, why) = starts[s];
            var count = (s + 1 < starts.Count ? starts[s + 1].At : pages.Count) - first;
            var own = pages.Skip(first).Take(count).ToList();
            var guess = guesses[first] ?? new TypeGuess("", "", own.All(p => p.Blank) ? 0.5 : 0.3, own.All(p => p.Blank) ? "整件都是空白页" : "第一页是空白页");
            pieces.Add(Describe(first, count, guess, border, why, own, card));
        }
        return pieces;
    }

    /// <summary>The type of one page taken as a first page.</summary>
    public static TypeGuess TypeOf(
        SortPage page,
        TableBody types,
        IReadOnlyList<string>? words = null,
        Func<string, (string Type, double Share)?>? learned = null
    )
    {
        words ??= SortingTables.Vocabulary(types);
        var top = TopLines(page).ToList();
        TypeGuess? best = null;
        for (var i = 0; i < top.Count; i++)
        {
            var (line, big, centred) = top[i];
            var folded = Fold(line);
            if (folded.Length is 0 or > 40 || words.FirstOrDefault(w => folded.Contains(w, StringComparison.Ordinal)) is not { } word)
                continue;
            var whole = folded.Length == word.Length;
            var ends = folded.EndsWith(word, StringComparison.Ordinal);
            var first = i < 4;
            // a sentence that merely names a document is no title
            if (
                !whole
                && (!ends || folded.Length > word.Length + 14 || SentencePattern().IsMatch(folded))
                && !(folded.StartsWith(word, StringComparison.Ordinal) && folded.Length <= word.Length + 8 && !SentencePattern().IsMatch(folded))
            )
                continue;
            var confidence =
                (
                    whole ? 0.95
                    : ends ? 0.9
                    : 0.78
                )
                + (big || centred ? 0.02 : -0.1)
                + (first ? 0.01 : -0.08);
            var type = SortingTables.Types.Decide(new TypeFacts(word), types).Outcome.Type;
            if (type == "ruling" && PreservationPattern().IsMatch(page.Text) && Contains(page.Text, "裁定如下"))
                type = "preservation";
            var found = new TypeGuess(type, Tidy(line), Math.Clamp(confidence * Math.Clamp(page.Confidence + 0.12, 0.6, 1), 0.1, 0.99), $"页首写着“{word}”");
            if (best is null || found.Confidence > best.Confidence + 0.05)
                best = found;
        }
        if (best is not null && best.Confidence >= 0.85)
            return best;
        if (learned?.Invoke(page.Text) is { } known && known.Share >= 0.7 && (best is null || known.Type == best.Type || known.Share > best.Confidence))
            return new TypeGuess(
                known.Type,
                best?.Type == known.Type ? best.Title : "",
                Math.Min(0.92, known.Share * 0.93),
                $"像本院已确认的同类页面，相近度 {known.Share * 100:0}%"
            );
        return best ?? ByContent(page.Text) ?? new TypeGuess("", "", 0.3, "页首没有认得的题名");
    }

    private static (bool Begins, double Border, string Why) Begins(IReadOnlyList<SortPage> pages, List<TypeGuess?> guesses, int i)
    {
        var page = pages[i];
        if (page.Begins is { } said)
            return (said, 1, said ? "人工确定从此页起" : "人工确定不另起");
        if (page.Blank)
            return (false, 0.9, "空白页随前一件");
        var guess = guesses[i]!;
        var number = PageNumber(page);
        if (number is > 1)
            return (false, 0.95, $"页上写着第 {number} 页");
        if (guess.Type.Length > 0 && guess.Confidence >= 0.85 && guess.Title.Length > 0)
        {
            // a running head repeats the title of the page before
            var before = i > 0 ? guesses[i - 1] : null;
            if (before is not null && before.Title == guess.Title && number is null && !TopLines(page).Any(l => l.Big) && !HasNumber(page.Text))
                return (false, 0.65, "题名与前一页相同，可能是页眉");
            return (true, Math.Min(0.98, guess.Confidence + 0.02), guess.Reason);
        }
        if (number == 1)
            return (true, 0.85, "页上写着第 1 页");
        if (i > 0 && !pages[i - 1].Blank && EndsDocument(pages[i - 1].Text) && guess.Type.Length > 0)
            return (true, 0.8, "前一页已有落款，此页像新的一件");
        if (guess.Type.Length > 0 && guess.Title.Length > 0)
            return (guess.Confidence >= 0.6, 0.6, guess.Reason);
        if (
            i > 0
            && EndsDocument(LastWritten(pages, i))
            && Topmost(page) is { Text: { } head } top
            && (top.Big || top.Centred)
            && Fold(head).Length is > 1 and <= 20
            && !SentencePattern().IsMatch(head)
            && !head.Contains('：', StringComparison.Ordinal)
        )
            return (true, 0.65, "前一页已有落款，此页首行像题名");
        return (false, i > 0 && EndsDocument(pages[i - 1].Text) ? 0.72 : 0.9, "没有题名，接着前一页");
    }

    private static Piece Describe(int first, int count, TypeGuess guess, double border, string why, List<SortPage> own, SortCase card)
    {
        var text = string.Join('\n', own.Select(p => p.Text));
        var type = guess.Type.Length > 0 ? PaperTypes.Of(guess.Type) : null;
        var date = Dates(own.LastOrDefault(p => !p.Blank)?.Text ?? "") is [.., var last] ? last : default;
        var party = type is { OfParty: true } ? PartyOf(text, type, card) : "";
        return new Piece(first, count, guess, border, why, TitleOf(guess, type, party), date == default ? null : date, AuthorOf(own[0], type, party), party);
    }

    /// <summary>A title says what the paper is and whose: 民事起诉状（原告金明哲）.</summary>
    public static string TitleOf(TypeGuess guess, PaperType? type, string party)
    {
        var name = guess.Title.Length is > 1 and <= 40 ? guess.Title : type?.Label ?? "";
        return name.Length == 0 ? ""
            : party.Length > 0 ? $"{name}（{party}）"
            : name;
    }

    private static string PartyOf(string text, PaperType type, SortCase card)
    {
        var flat = Fold(text);
        if (
            type.Code is "service-proof" or "summons"
            && RecipientPattern().Match(flat) is { Success: true } to
            && card.Parties.FirstOrDefault(p => to.Groups[1].Value.StartsWith(Fold(p.Name), StringComparison.Ordinal)) is { Name: not null } addressed
        )
            return addressed.Name;
        // whoever is named first in a party's own paper wrote it
        var named = card
            .Parties.Select(p => (p.Name, p.Role, At: flat.IndexOf(Fold(p.Name), StringComparison.Ordinal)))
            .Where(p => p.At >= 0)
            .OrderBy(p => p.At)
            .FirstOrDefault();
        return named.Name is null ? ""
            : type.Code is "complaint" or "defence" or "appeal" or "counterclaim" or "evidence-list" or "agent-opinion" ? named.Role + named.Name
            : named.Name;
    }

    private static string AuthorOf(SortPage page, PaperType? type, string party)
    {
        if (type is { OfParty: true } && type.Code is not ("service-proof" or "summons"))
            return party;
        return CourtPattern().Match(Fold(page.Text)) is { Success: true } court ? court.Value : "";
    }

    private static TypeGuess? ByContent(string text)
    {
        if (Contains(text, "公民身份号码") && Contains(text, "住址") && text.Length < 260)
            return new TypeGuess("identity", "", 0.88, "有姓名、住址和公民身份号码，像身份证");
        if (Contains(text, "统一社会信用代码") && Contains(text, "登记机关"))
            return new TypeGuess("identity", "", 0.86, "有统一社会信用代码和登记机关，像营业执照");
        return null;
    }

    /// <summary>Case numbers on a page that are not the case's own.</summary>
    public static IReadOnlyList<string> ForeignNumbers(string text, string own) =>
        [.. NumberPattern().Matches(Fold(text)).Select(m => m.Value.Replace('(', '（').Replace(')', '）')).Where(n => Fold(n) != Fold(own)).Distinct()];

    /// <summary>The upper part of a page, where its own case number stands; further down others are merely cited.</summary>
    public static string Head(string text) => string.Join('\n', text.Split('\n').Take(5));

    /// <summary>Dates in Chinese or Arabic numerals, as they stand; impossible ones are left out.</summary>
    public static IReadOnlyList<DateOnly> Dates(string text)
    {
        var dates = new List<DateOnly>();
        foreach (Match m in DatePattern().Matches(Fold(text)))
            if (
                Numeral(m.Groups[1].Value) is { } y
                && Numeral(m.Groups[2].Value) is { } mo
                && Numeral(m.Groups[3].Value) is { } d
                && y is > 1949 and < 2100
                && mo is >= 1 and <= 12
                && d >= 1
                && d <= DateTime.DaysInMonth(y, mo)
            )
                dates.Add(new DateOnly(y, mo, d));
        return dates;
    }

    /// <summary>Full width to half width, no blanks, no marks that are not seen: what is compared.</summary>
    public static string Fold(string text) =>
        string.Concat(
            text.Where(c => !char.IsWhiteSpace(c) && c is not ('\u200B' or '\uFEFF' or '\u202D' or '\u202C' or '\u00AD'))
                .Select(c =>
                    c switch
                    {
                        '（' => '(',
                        '）' => ')',
                        '〔' => '(',
                        '〕' => ')',
                        '［' => '(',
                        '］' => ')',
                        '：' => ':',
                        >= '！' and <= '～' => (char)(c - 0xFEE0),
                        _ => c,
                    }
                )
        );

    private static int? Numeral(string s)
    {
        if (int.TryParse(s, NumberStyles.None, CultureInfo.InvariantCulture, out var n))
            return n;
        const string digits = "零一二三四五六七八九";
        static int At(char c) => c is '〇' or 'O' or 'o' or '○' or '0' ? 0 : digits.IndexOf(c, StringComparison.Ordinal);
        if (!s.Contains('十', StringComparison.Ordinal))
            return s.Length > 0 && s.All(c => At(c) >= 0) ? s.Aggregate(0, (v, c) => (v * 10) + At(c)) : null;
        var parts = s.Split('十');
        if (parts.Length != 2 || parts[0].Length > 1 || parts[1].Length > 1)
            return null;
        int tens = parts[0].Length == 0 ? 1 : At(parts[0][0]),
            ones = parts[1].Length == 0 ? 0 : At(parts[1][0]);
        return tens < 0 || ones < 0 ? null : (tens * 10) + ones;
    }

    private static int? PageNumber(SortPage page)
    {
        var lines = page.Text.Split('\n');
        foreach (var line in lines.TakeLast(2).Concat(lines.Take(1)))
            if (
                PagePattern().Match(Fold(line)) is { Success: true } m
                && int.TryParse(m.Groups[1].Success ? m.Groups[1].Value : m.Groups[2].Value, NumberStyles.None, CultureInfo.InvariantCulture, out var n)
            )
                return n;
        return null;
    }

    private static IEnumerable<(string Text, bool Big, bool Centred)> TopLines(SortPage page)
    {
        if (page.Lines.Count == 0)
            return page.Text.Split('\n').Where(l => !string.IsNullOrWhiteSpace(l)).Take(TitleLines).Select(l => (l, false, true));
        var heights = page.Lines.Select(l => l.Box.Height).Order().ToList();
        var usual = heights[heights.Count / 2];
        return ReadingOrder
            .Rows(page.Lines, l => l.Box)
            .Take(TitleLines)
            .Select(row =>
            {
                var (left, right) = (row[0].Box.X, row[^1].Box.X + row[^1].Box.Width);
                var centred = page.Width > 0 && Math.Abs(left + right - page.Width) < page.Width * 0.16 && right - left < page.Width * 0.75;
                return (string.Concat(row.Select(r => r.Text)), row.Max(r => r.Box.Height) > usual * 1.2, centred);
            });
    }

    private static (string Text, bool Big, bool Centred) Topmost(SortPage page) => TopLines(page).FirstOrDefault();

    private static string LastWritten(IReadOnlyList<SortPage> pages, int before)
    {
        for (var i = before - 1; i >= 0; i--)
            if (!pages[i].Blank)
                return pages[i].Text;
        return "";
    }

    // a line that is a date alone, the clerk's signature, or the usual close; dates within sentences end nothing
    private static bool EndsDocument(string text) =>
        text.Split('\n')
            .Select(Fold)
            .Where(l => l.Length > 0)
            .TakeLast(5)
            .Any(l =>
                (l.Length <= 16 && DatePattern().IsMatch(l)) || (l.Length <= 14 && l.StartsWith("书记员", StringComparison.Ordinal)) || l is "此致" or "此致!"
            );

    private static bool HasNumber(string text) => NumberPattern().IsMatch(Fold(text[..Math.Min(text.Length, 200)]));

    private static bool Contains(string text, string words) => Fold(text).Contains(words, StringComparison.Ordinal);

    private static string Tidy(string line) => string.Concat(line.Where(c => !char.IsWhiteSpace(c) && !char.IsControl(c)));

    [GeneratedRegex("[，。；、？！,;]|本院|请求|根据|依照|如下")]
    private static partial Regex SentencePattern();

    [GeneratedRegex("财保|财产保全|证据保全|行为保全")]
    private static partial Regex PreservationPattern();

    [GeneratedRegex(@"\((?:19|20)\d{2}\)[\u4e00-\u9fff]{1,2}\d{0,4}[\u4e00-\u9fff]{1,6}\d{1,6}号")]
    private static partial Regex NumberPattern();

    [GeneratedRegex("([0-9]{4}|[一二三四五六七八九〇零○O0]{4})年([0-9]{1,2}|[一二三四五六七八九十]{1,2})月([0-9]{1,2}|[一二三四五六七八九十]{1,3})日")]
    private static partial Regex DatePattern();

    [GeneratedRegex(@"^(?:第(\d{1,3})页(?:[,/]?共\d{1,3}页)?|-(\d{1,3})-)$")]
    private static partial Regex PagePattern();

    [GeneratedRegex("(?:受送达人|被传唤人|收件人):?([\u4e00-\u9fff·A-Za-z()]{2,40})")]
    private static partial Regex RecipientPattern();

    [GeneratedRegex("[\u4e00-\u9fff]{2,20}人民法院")]
    private static partial Regex CourtPattern();
}
