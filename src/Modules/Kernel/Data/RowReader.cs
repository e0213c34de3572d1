using System.Collections.Concurrent;
using System.Globalization;
using System.Linq.Expressions;
using System.Reflection;
using System.Text;
using SQLitePCL;

namespace CourtOps.Kernel.Data;

/// <summary>
/// Makes a T of the current row: compiled once for a row type and its columns. Names match without underscores and case;
/// a null leaves a property as it was; a column nobody asks for is passed over.
/// </summary>
internal static class RowReader<T>
{
    private static readonly ConcurrentDictionary<string, Func<sqlite3_stmt, T>?> Made = new();

    /// <summary>Null for a type that is neither a value nor has properties to fill.</summary>
    /// <param name="columns">The names of the columns, a line each.</param>
    public static Func<sqlite3_stmt, T>? For(string columns) => Made.GetOrAdd(columns, Make);

    private static Func<sqlite3_stmt, T>? Make(string columns)
    {
        var statement = Expression.Parameter(typeof(sqlite3_stmt));
        if (Columns.Get(typeof(T), statement, 0) is { } scalar)
            return Expression
                .Lambda<Func<sqlite3_stmt, T>>(Expression.Condition(Columns.IsNull(statement, 0), Expression.Default(typeof(T)), scalar), statement)
                .Compile();
        if (typeof(T).GetConstructor(BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance, Type.EmptyTypes) is not { } constructor)
            return null;
        var sample = constructor.Invoke(null);
        var row = Expression.Variable(typeof(T));
        var steps = new List<Expression> { Expression.Assign(row, Expression.New(constructor)) };
        var properties = typeof(T)
            .GetProperties(BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance)
            .Where(p => p.CanWrite && p.CanRead && p.GetIndexParameters().Length == 0)
            .ToList();
        var names = columns.Split('\n');
        for (var i = 0; i < names.Length; i++)
        {
            var name = names[i].Replace("_", "", StringComparison.Ordinal);
            if (properties.Find(p => string.Equals(p.Name, name, StringComparison.OrdinalIgnoreCase)) is not { } property)
                continue;
            if (Columns.Get(property.PropertyType, statement, i) is not { } get)
                return null;
            var assign = Expression.Assign(Expression.Property(row, property), get);
            // the engine reads a null as 0 or nothing: where that is what the property holds anyway, it need not be asked first
            var plain =
                (property.PropertyType == typeof(string) && property.GetValue(sample) is "")
                || (property.PropertyType.IsPrimitive && Equals(property.GetValue(sample), Activator.CreateInstance(property.PropertyType)));
            steps.Add(plain ? assign : Expression.IfThen(Expression.Not(Columns.IsNull(statement, i)), assign));
        }
        steps.Add(row);
        return Expression.Lambda<Func<sqlite3_stmt, T>>(Expression.Block([row], steps), statement).Compile();
    }
}

/// <summary>The forms of values on SQLite: instants as UTC text with milliseconds, days as ISO text, truth as 0 and 1.</summary>
internal static class Columns
{
    private static readonly Dictionary<Type, MethodInfo> Readers = new()
    {
        [typeof(string)] = Of(nameof(Text)),
        [typeof(long)] = Of(nameof(Int64)),
        [typeof(int)] = Of(nameof(Int32)),
        [typeof(bool)] = Of(nameof(Flag)),
        [typeof(double)] = Of(nameof(Real)),
        [typeof(decimal)] = Of(nameof(Exact)),
        [typeof(byte[])] = Of(nameof(Bytes)),
        [typeof(DateTimeOffset)] = Of(nameof(Instant)),
        [typeof(DateOnly)] = Of(nameof(Day)),
    };

    /// <summary>The expression that reads column <paramref name="i"/> as a type; null for one that is no column type.</summary>
    public static Expression? Get(Type type, ParameterExpression statement, int i)
    {
        var plain = Nullable.GetUnderlyingType(type) ?? type;
        if (!Readers.TryGetValue(plain, out var method))
            return null;
        Expression read = Expression.Call(method, statement, Expression.Constant(i));
        return plain == type ? read : Expression.Convert(read, type);
    }

    public static Expression IsNull(ParameterExpression statement, int i) =>
        Expression.Equal(
            Expression.Call(typeof(raw), nameof(raw.sqlite3_column_type), null, statement, Expression.Constant(i)),
            Expression.Constant(raw.SQLITE_NULL)
        );

    public static int Bind(sqlite3_stmt s, int i, object? value)
    {
        switch (value)
        {
            case null:
                return raw.sqlite3_bind_null(s, i);
            case string text:
                return BindText(s, i, text);
            case long n:
                return raw.sqlite3_bind_int64(s, i, n);
            case int n:
                return raw.sqlite3_bind_int64(s, i, n);
            case bool flag:
                return raw.sqlite3_bind_int64(s, i, flag ? 1 : 0);
            case double n:
                return raw.sqlite3_bind_double(s, i, n);
            case byte[] bytes:
                return bytes.Length == 0 ? raw.sqlite3_bind_zeroblob(s, i, 0) : raw.sqlite3_bind_blob(s, i, bytes);
            case DateTimeOffset at:
                Span<byte> form = stackalloc byte[24];
                Write(at.UtcDateTime, form);
                return raw.sqlite3_bind_text(s, i, form);
            case DateOnly day:
                return raw.sqlite3_bind_text(s, i, day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture));
            default:
                throw new NotSupportedException($"{value.GetType().Name} is no column type; see the tokens of the migrations.");
        }
    }

    public static string Text(sqlite3_stmt s, int i)
    {
        var bytes = raw.sqlite3_column_blob(s, i);
        return bytes.IsEmpty ? "" : Encoding.UTF8.GetString(bytes);
    }

    public static long Int64(sqlite3_stmt s, int i) => raw.sqlite3_column_int64(s, i);

    public static int Int32(sqlite3_stmt s, int i) => checked((int)raw.sqlite3_column_int64(s, i));

    public static bool Flag(sqlite3_stmt s, int i) => raw.sqlite3_column_int64(s, i) != 0;

    public static double Real(sqlite3_stmt s, int i) => raw.sqlite3_column_double(s, i);

    public static decimal Exact(sqlite3_stmt s, int i) =>
        raw.sqlite3_column_type(s, i) switch
        {
            raw.SQLITE_INTEGER => raw.sqlite3_column_int64(s, i),
            raw.SQLITE_FLOAT => (decimal)raw.sqlite3_column_double(s, i),
            _ => decimal.Parse(Text(s, i), CultureInfo.InvariantCulture),
        };

    public static byte[] Bytes(sqlite3_stmt s, int i) => raw.sqlite3_column_blob(s, i).ToArray();

    public static DateTimeOffset Instant(sqlite3_stmt s, int i)
    {
        var b = raw.sqlite3_column_blob(s, i);
        // 2026-11-22T01:38:53.123Z, as written above
        return b.Length == 24 && b[10] == 'T' && b[23] == 'Z'
            ? new DateTimeOffset(
                Number(b, 0, 4),
                Number(b, 5, 2),
                Number(b, 8, 2),
                Number(b, 11, 2),
                Number(b, 14, 2),
                Number(b, 17, 2),
                Number(b, 20, 3),
                TimeSpan.Zero
            )
            : DateTimeOffset.Parse(Encoding.UTF8.GetString(b), CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal);
    }

    public static DateOnly Day(sqlite3_stmt s, int i)
    {
        var b = raw.sqlite3_column_blob(s, i);
        return new DateOnly(Number(b, 0, 4), Number(b, 5, 2), Number(b, 8, 2));
    }

    private static int BindText(sqlite3_stmt s, int i, string text)
    {
        if (text.Length is 0 or > 128)
            return raw.sqlite3_bind_text(s, i, text);
        Span<byte> bytes = stackalloc byte[text.Length * 3];
        return raw.sqlite3_bind_text(s, i, bytes[..Encoding.UTF8.GetBytes(text, bytes)]);
    }

    private static void Write(DateTime at, Span<byte> to)
    {
        Digits(at.Year, to[..4]);
        to[4] = to[7] = (byte)'-';
        Digits(at.Month, to[5..7]);
        Digits(at.Day, to[8..10]);
        to[10] = (byte)'T';
        Digits(at.Hour, to[11..13]);
        to[13] = to[16] = (byte)':';
        Digits(at.Minute, to[14..16]);
        Digits(at.Second, to[17..19]);
        to[19] = (byte)'.';
        Digits(at.Millisecond, to[20..23]);
        to[23] = (byte)'Z';
    }

    private static void Digits(int value, Span<byte> to)
    {
        for (var i = to.Length - 1; i >= 0; i--, value /= 10)
            to[i] = (byte)('0' + (value % 10));
    }

    private static int Number(ReadOnlySpan<byte> bytes, int at, int count)
    {
        var n = 0;
        foreach (var b in bytes.Slice(at, count))
            n = b is >= (byte)'0' and <= (byte)'9' ? (n * 10) + (b - '0') : throw new FormatException($"No time: {Encoding.UTF8.GetString(bytes)}");
        return n;
    }

    private static MethodInfo Of(string name) => typeof(Columns).GetMethod(name, BindingFlags.Public | BindingFlags.Static)!;
}
