using System.Text.RegularExpressions;

namespace CourtOps.Kernel.Security;

/// <summary>
/// Personal data as the screen shows it. Whoever handles the case sees enough to tell people apart (前6后4, 138****1234); others see
/// next to nothing (2***************4). Pure; the whole value needs a reason.
/// </summary>
public static partial class Masks
{
    /// <summary>An id number: six and four for handlers, first and last for others. Short ones show the last only.</summary>
    public static string? IdNumber(string? value, bool handler) => Mask(value, handler ? 6 : 1, handler ? 4 : 1);

    /// <summary>A phone number: 138****1234 for handlers; others see the last two digits.</summary>
    public static string? Phone(string? value, bool handler) => handler ? Mask(value, 3, 4) : Mask(value, 0, 2);

    /// <summary>A bank account: the last four for handlers, the last one for others.</summary>
    public static string? Account(string? value, bool handler) => Mask(value, 0, handler ? 4 : 1);

    /// <summary>An address of mail: first letter and domain for handlers, the first letter alone for others.</summary>
    public static string? Email(string? value, bool handler)
    {
        var v = value?.Trim();
        if (string.IsNullOrEmpty(v))
            return null;
        var at = v.LastIndexOf('@');
        if (at <= 0)
            return "****";
        return handler ? $"{v[0]}***{v[at..]}" : $"{v[0]}***@***";
    }

    /// <summary>Words that a person typed into a search box, without the numbers that may be somebody's: seven digits and more lose their middle.</summary>
    public static string Words(string? text) => text is null ? "" : Numbers().Replace(text, m => Mask(m.Value, 2, 2)!);

    private static string? Mask(string? value, int front, int back)
    {
        var v = value?.Trim();
        if (string.IsNullOrEmpty(v))
            return null;
        // at least a third stays covered, whatever the length
        while (front + back > v.Length * 2 / 3 && front + back > 0)
        {
            if (front >= back)
                front--;
            else
                back--;
        }
        return v[..front] + new string('*', v.Length - front - back) + v[(v.Length - back)..];
    }

    [GeneratedRegex(@"[0-9０-９]{7,}[0-9XxＸｘ]?")]
    private static partial Regex Numbers();
}
