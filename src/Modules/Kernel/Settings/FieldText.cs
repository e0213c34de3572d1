using System.Collections;
using System.Globalization;
using CourtOps.Kernel.Messaging;

namespace CourtOps.Kernel.Settings;

/// <summary>Values of fields to text and back, and whether one is allowed. Pure.</summary>
public static class FieldText
{
    private static readonly char[] Between = [' ', '-', '、', ',', '，', '\t', '\n', '\r'];

    // a code may hold a hyphen
    private static readonly char[] BetweenCodes = [' ', '、', ',', '，', '\t', '\n', '\r'];

    /// <summary>Invariant: what was written here can be read again.</summary>
    public static string Of(object? value) =>
        value switch
        {
            null => "",
            bool b => b ? "yes" : "no",
            DateOnly d => d.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture),
            string s => s,
            IEnumerable many => string.Join(' ', many.Cast<object>().Select(Of)),
            IFormattable f => f.ToString(null, CultureInfo.InvariantCulture),
            _ => value.ToString() ?? "",
        };

    /// <summary>The value of a text for a field, or why it is none.</summary>
    public static (object? Value, Said? Why) Parse(Field field, string? text)
    {
        var t = (text ?? "").Trim();
        if (t.Length == 0 && field.Kind is not FieldKind.Bool)
            return field.Nullable ? (Empty(field), null) : (null, Say($"请填写“{field.Label}”。"));
        return field.Kind switch
        {
            FieldKind.Bool => t is "yes" or "true" or "on" or "1" or "是" ? (true, null)
            : t is "" or "no" or "false" or "0" or "否" ? (false, null)
            : (null, Say($"“{field.Label}”只能是“是”或“否”。")),
            FieldKind.Date => DateOnly.TryParseExact(t, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day)
                ? (day, null)
                : (null, Say($"“{field.Label}”要写成 2026-01-31 这样的日期。")),
            FieldKind.Number => Number(field, t),
            FieldKind.Money => Yuan(field, t),
            FieldKind.Numbers => Numbers(field, t),
            FieldKind.Choices => (t.Split(BetweenCodes, StringSplitOptions.RemoveEmptyEntries).Distinct().ToList(), null),
            _ => (t, null),
        };
    }

    /// <summary>Why a value is not allowed: outside its range, no choice, or laxer than law; null where it is.</summary>
    public static Said? WhyNot(Field field, object? value)
    {
        switch (value)
        {
            case null:
                return field.Nullable ? null : Say($"请填写“{field.Label}”。");
            case string s when field.Kind == FieldKind.Choice:
                return field.Choices!.ContainsKey(s) || (s.Length == 0 && field.Nullable) ? null : Say($"“{field.Label}”没有“{s}”这个选项。");
            case string s:
                return s.Length == 0 && !field.Nullable ? Say($"请填写“{field.Label}”。")
                    : s.Length > field.Longest ? Say($"“{field.Label}”最长 {field.Longest} 个字符。")
                    : null;
            case IEnumerable many:
                var items = many.Cast<object>().ToList();
                if (items.Count == 0)
                    return field.Nullable ? null : Say($"请填写“{field.Label}”。");
                return items.Count > 50
                    ? Say($"“{field.Label}”最多 50 项。")
                    : items
                        .Select(i =>
                            i is string code
                                ? field.Choices!.ContainsKey(code)
                                    ? null
                                    : Say($"“{field.Label}”没有“{code}”这个选项。")
                                : Range(field, i)
                        )
                        .FirstOrDefault(w => w is not null);
            case int or long or decimal:
                return Range(field, value);
            default:
                return null;
        }
    }

    /// <summary>Cents as yuan: "1234.50".</summary>
    public static string Yuan(long cents) => (cents / 100m).ToString("0.00", CultureInfo.InvariantCulture);

    internal static Said Say(Said said) => said;

    private static Said? Range(Field field, object value)
    {
        var n = Convert.ToDecimal(value, CultureInfo.InvariantCulture);
        // a limit of law first: its article is the better reason
        if (field.Law is { AtLeast: { } floor } low && n < floor)
            return Say($"“{field.Label}”不得少于 {Shown(field, floor)}：{low.Article}。可以更严，不能更宽。");
        if (field.Law is { AtMost: { } ceiling } high && n > ceiling)
            return Say($"“{field.Label}”不得超过 {Shown(field, ceiling)}：{high.Article}。可以更严，不能更宽。");
        if (field.Min is { } min && n < min)
            return Say($"“{field.Label}”最小 {Shown(field, min)}。");
        if (field.Max is { } max && n > max)
            return Say($"“{field.Label}”最大 {Shown(field, max)}。");
        return null;
    }

    /// <summary>A bound as people read it, without its unit.</summary>
    public static string Shown(Field field, decimal n) =>
        field.Kind == FieldKind.Money ? (n / 100m).ToString("0.00", CultureInfo.InvariantCulture) : n.ToString("0.####", CultureInfo.InvariantCulture);

    private static object? Empty(Field field) =>
        field.Kind switch
        {
            FieldKind.Numbers => Array.Empty<int>(),
            FieldKind.Choices => Array.Empty<string>(),
            FieldKind.Text or FieldKind.Choice => "",
            _ => null,
        };

    private static (object?, Said?) Number(Field field, string text)
    {
        var refused = Say($"“{field.Label}”要写成数字。");
        if (!field.Whole)
            return decimal.TryParse(text, NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var d)
                ? (d, null)
                : (null, refused);
        var whole = Say($"“{field.Label}”要写成整数。");
        if (field.Type == typeof(int))
            return int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var i) ? (i, null) : (null, whole);
        return long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var l) ? (l, null) : (null, whole);
    }

    // texts of money are cents in files and tables, so that what is written is read again; a form converts yuan by Money
    private static (object?, Said?) Yuan(Field field, string text) =>
        long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var cents)
            ? (cents, null)
            : (null, Say($"“{field.Label}”要写成金额。"));

    /// <summary>The cents of an amount in yuan as people write it; null where it is none.</summary>
    public static string? Cents(string yuan) =>
        decimal.TryParse(
            yuan.Trim().Replace(",", "", StringComparison.Ordinal),
            NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint,
            CultureInfo.InvariantCulture,
            out var d
        )
        && Math.Abs(d) < 1e15m
        && d * 100 == Math.Floor(d * 100)
            ? ((long)(d * 100)).ToString(CultureInfo.InvariantCulture)
            : null;

    private static (object?, Said?) Numbers(Field field, string text)
    {
        var all = new List<int>();
        foreach (var part in text.Split(Between, StringSplitOptions.RemoveEmptyEntries))
        {
            if (!int.TryParse(part, NumberStyles.None, CultureInfo.InvariantCulture, out var n))
                return (null, Say($"“{field.Label}”要写成整数，用空格分开。"));
            all.Add(n);
        }
        return (all, null);
    }
}
