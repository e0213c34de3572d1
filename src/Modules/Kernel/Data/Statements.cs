using System.Collections.Concurrent;
using System.Globalization;
using System.Linq.Expressions;
using System.Reflection;
using System.Runtime.CompilerServices;
using System.Text.RegularExpressions;
using Microsoft.Data.Sqlite;

namespace CourtOps.Kernel.Data;

/// <summary>
/// Keeps compiled statements with their connection: SQLite compiles a text at every new command, which costs more than
/// running most of ours. Rows are read by Dapper as ever.
/// </summary>
internal static partial class Statements
{
    private const int KeptPerConnection = 300;
    private static readonly ConditionalWeakTable<SqliteConnection, Dictionary<string, SqliteCommand>> Kept = [];
    private static readonly ConcurrentDictionary<(string Sql, Type Arguments), (string Name, Func<object, object?> Get)[]> Readers = new();

    /// <summary>A command ready to run, or null where too many are kept already. A list behind IN becomes as many parameters.</summary>
    /// <param name="take">The row limit of a page; null elsewhere.</param>
    public static SqliteCommand? Find(SqliteConnection connection, string sql, object? arguments, int? take, SqliteTransaction? transaction)
    {
        var readers = arguments is null ? [] : Readers.GetOrAdd((sql, arguments.GetType()), static key => ReadersOf(key.Sql, key.Arguments));
        List<(string Name, object? Value)>? listed = null;
        if (sql.Contains("IN @", StringComparison.Ordinal))
            sql = Expand(sql, readers, arguments, listed = []);
        var commands = Kept.GetOrCreateValue(connection);
        if (!commands.TryGetValue(sql, out var command))
        {
            if (commands.Count >= KeptPerConnection)
                return null;
            command = connection.CreateCommand();
            command.CommandText = sql;
            commands[sql] = command;
        }
        command.Transaction = transaction;
        command.Parameters.Clear();
        foreach (var (name, get) in readers)
            if (listed is null || listed.TrueForAll(l => !l.Name.StartsWith(name + "_", StringComparison.Ordinal)))
                if (get(arguments!) is var value && value is string or byte[] or not System.Collections.IEnumerable)
                    command.Parameters.Add(new SqliteParameter(name, Value(value)));
        foreach (var (name, value) in listed ?? [])
            command.Parameters.Add(new SqliteParameter(name, Value(value)));
        if (take is not null)
            command.Parameters.Add(new SqliteParameter("@take", take));
        return command;
    }

    private static string Expand(string sql, (string Name, Func<object, object?> Get)[] readers, object? arguments, List<(string, object?)> listed) =>
        Lists().Replace(sql, m =>
        {
            var name = m.Groups[1].Value;
            var reader = Array.Find(readers, r => r.Name == name);
            if (reader.Get is null || reader.Get(arguments!) is not System.Collections.IEnumerable values)
                return m.Value;
            var names = new List<string>();
            foreach (var value in values)
            {
                names.Add($"{name}_{names.Count}");
                listed.Add((names[^1], value));
            }
            return names.Count == 0 ? "IN (SELECT NULL WHERE 1 = 0)" : $"IN ({string.Join(", ", names)})";
        });

    public static void Forget(SqliteConnection connection)
    {
        if (!Kept.TryGetValue(connection, out var commands))
            return;
        foreach (var command in commands.Values)
            command.Dispose();
        Kept.Remove(connection);
    }

    // the same forms as the type handlers write
    private static object Value(object? value) => value switch
    {
        null => DBNull.Value,
        DateTimeOffset at => at.UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ss.fffZ", CultureInfo.InvariantCulture),
        DateOnly day => day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture),
        bool flag => flag ? 1L : 0L,
        string or long or int or byte[] or double => value,
        _ => throw new NotSupportedException($"{value.GetType().Name} is no column type; see the tokens of the migrations."),
    };

    // names as the text writes them: the engine tells @Id from @id
    private static (string, Func<object, object?>)[] ReadersOf(string sql, Type type)
    {
        var properties = type.GetProperties(BindingFlags.Public | BindingFlags.Instance).Where(p => p.CanRead && p.GetIndexParameters().Length == 0).ToList();
        return [.. Names().Matches(sql).Select(m => m.Value).Distinct()
            .Select(name => (name, Property: properties.Find(p => string.Equals(p.Name, name[1..], StringComparison.OrdinalIgnoreCase))))
            .Where(x => x.Property is not null)
            .Select(x =>
            {
                var argument = Expression.Parameter(typeof(object));
                return (x.name, Expression.Lambda<Func<object, object?>>(Expression.Convert(Expression.Property(Expression.Convert(argument, type), x.Property!), typeof(object)), argument).Compile());
            })];
    }

    [GeneratedRegex("IN (@[A-Za-z_][A-Za-z0-9_]*)")]
    private static partial Regex Lists();

    [GeneratedRegex("@[A-Za-z_][A-Za-z0-9_]*")]
    private static partial Regex Names();
}
