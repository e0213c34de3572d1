using System.Collections.Concurrent;
using System.Collections.Frozen;
using System.Reflection;

namespace CourtOps.Kernel.Messaging;

/// <summary>
/// What people type is text: no control characters, no half characters, no marks that turn the direction of what follows, and never endless. Every
/// text of every command comes through here, so that no form can forget. Angle brackets, quotes and formulas are text too: they are kept and shown as typed.
/// </summary>
public static class PlainText
{
    /// <summary>Code units; no field of ours holds more.</summary>
    public const int Most = 200_000;

    private static readonly FrozenSet<char> Turning = new[] { '\u202A', '\u202B', '\u202C', '\u202D', '\u202E', '\u2066', '\u2067', '\u2068', '\u2069' }.ToFrozenSet();
    private static readonly ConcurrentDictionary<Type, PropertyInfo[]> Texts = new();

    /// <summary>The first text property of a request that is no plain text, with the reason; null when all are.</summary>
    public static (string Field, string Message)? FirstFault(object request)
    {
        foreach (var property in Texts.GetOrAdd(request.GetType(), static t => [.. t.GetProperties(BindingFlags.Public | BindingFlags.Instance).Where(p => p.CanRead && p.GetIndexParameters().Length == 0 && (p.PropertyType == typeof(string) || p.PropertyType.IsAssignableTo(typeof(IEnumerable<string>))))]))
            switch (property.GetValue(request))
            {
                case string text when WhyNot(text) is { } why:
                    return (property.Name, why);
                case IEnumerable<string> many when many.Select(WhyNot).FirstOrDefault(w => w is not null) is { } why:
                    return (property.Name, why);
            }
        return null;
    }

    public static string? WhyNot(string? text)
    {
        if (text is null)
            return null;
        if (text.Length > Most)
            return "内容过长。";
        for (var i = 0; i < text.Length; i++)
        {
            var c = text[i];
            if (char.IsControl(c) && c is not ('\n' or '\r' or '\t'))
                return "含有看不见的控制字符，请删去后再提交。";
            if (Turning.Contains(c))
                return "含有改变文字方向的隐藏字符，请删去后再提交。";
            if (char.IsHighSurrogate(c) && i + 1 < text.Length && char.IsLowSurrogate(text[i + 1]))
                i++;
            else if (char.IsSurrogate(c))
                return "含有残缺的字符，请重新输入。";
        }
        return null;
    }
}
