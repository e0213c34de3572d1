using System.Collections;
using System.Collections.Concurrent;
using System.Collections.Frozen;
using System.Reflection;

namespace CourtOps.Kernel.Messaging;

/// <summary>The text of a file: as long as the command's own validator lets it be.</summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class FileTextAttribute : Attribute;

/// <summary>
/// What people type is text: no control characters, no half characters and none that is not one (U+FFFE), no marks that turn the direction of what
/// follows, and never endless. Every text of every command comes through here, in lists and parts of it too, so that no form can forget. Angle brackets,
/// quotes and formulas are text too: they are kept and shown as typed.
/// </summary>
public static class PlainText
{
    /// <summary>Code units; no field holds more, but those that are a file (<see cref="FileTextAttribute"/>).</summary>
    public const int Most = 200_000;

    private static readonly FrozenSet<char> Turning = new[]
    {
        '\u202A',
        '\u202B',
        '\u202C',
        '\u202D',
        '\u202E',
        '\u2066',
        '\u2067',
        '\u2068',
        '\u2069',
    }.ToFrozenSet();
    private static readonly ConcurrentDictionary<Type, PropertyInfo[]> Properties = new();
    private static readonly ConcurrentDictionary<Type, bool> Holding = new();

    /// <summary>The first text of a request that is no plain text, by its path ("Items[2].Role"), with the reason; null when all are.</summary>
    public static (string Field, string Message)? FirstFault(object request)
    {
        foreach (var property in PropertiesOf(request.GetType()))
        {
            var value = property.GetValue(request);
            if (value is string file && property.IsDefined(typeof(FileTextAttribute)))
            {
                if (WhyNot(file, int.MaxValue) is { } why)
                    return (property.Name, why);
            }
            else if (Fault(value, property.Name) is { } fault)
            {
                return fault;
            }
        }
        return null;
    }

    private static (string Field, string Message)? Fault(object? value, string path)
    {
        switch (value)
        {
            case null:
                return null;
            case string text:
                return WhyNot(text) is { } why ? (path, why) : null;
            case IEnumerable many:
                var i = 0;
                foreach (var item in many)
                    if (Fault(item, $"{path}[{i++}]") is { } inItem)
                        return inItem;
                return null;
        }
        foreach (var property in PropertiesOf(value.GetType()))
            if (Fault(property.GetValue(value), $"{path}.{property.Name}") is { } inside)
                return inside;
        return null;
    }

    // those that hold text somewhere: numbers, streams and times are not looked into
    private static PropertyInfo[] PropertiesOf(Type type) =>
        Properties.GetOrAdd(
            type,
            static t =>
                [
                    .. t.GetProperties(BindingFlags.Public | BindingFlags.Instance)
                        .Where(p => p.CanRead && p.GetIndexParameters().Length == 0 && Holds(p.PropertyType, [])),
                ]
        );

    private static bool Holds(Type type, HashSet<Type> above)
    {
        if (type == typeof(string) || type == typeof(object))
            return true;
        if (Holding.TryGetValue(type, out var known))
            return known;
        if (!above.Add(type))
            return false;
        bool holds;
        if (type.IsAssignableTo(typeof(IEnumerable)))
            holds = type.GetInterfaces()
                .Append(type)
                .Where(x => x.IsGenericType && x.GetGenericTypeDefinition() == typeof(IEnumerable<>))
                .Any(x => Holds(x.GetGenericArguments()[0], above));
        else if (type.IsGenericType && type.GetGenericTypeDefinition() == typeof(KeyValuePair<,>))
            holds = type.GetGenericArguments().Any(x => Holds(x, above));
        else if (Nullable.GetUnderlyingType(type) is { } inner)
            holds = Holds(inner, above);
        else
            holds =
                !type.IsEnum
                && type.Namespace?.StartsWith("CourtOps", StringComparison.Ordinal) == true
                && type.GetProperties(BindingFlags.Public | BindingFlags.Instance).Any(p => p.GetIndexParameters().Length == 0 && Holds(p.PropertyType, above));
        above.Remove(type);
        if (above.Count == 0)
            Holding[type] = holds; // a part of a circle is not judged by itself
        return holds;
    }

    public static string? WhyNot(string? text) => WhyNot(text, Most);

    /// <summary>For what is made of a request before its command is sent: a paper, a file.</summary>
    /// <exception cref="RuleBroken">A text of it is no plain text, as the command would say.</exception>
    public static void Require(object request)
    {
        if (FirstFault(request) is { } fault)
            throw new RuleBroken(fault.Message, fault.Field);
    }

    private static string? WhyNot(string? text, int most)
    {
        if (text is null)
            return null;
        if (text.Length > most)
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
            else if (char.IsSurrogate(c) || c is '\uFFFE' or '\uFFFF')
                return "含有残缺的字符，请重新输入。";
        }
        return null;
    }
}
