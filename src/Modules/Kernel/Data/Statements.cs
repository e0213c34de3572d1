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

    /// <summary>A command ready to run, or null where Dapper must rewrite the text (lists).</summary>
    /// <param name="take">The row limit of a page; null elsewhere.</param>
    public static SqliteCommand? Find(SqliteConnection connection, string sql, object? arguments, int? take, SqliteTransaction? transaction)
    {
        if (sql.Contains("IN @", StringComparison.Ordinal))
            return null;
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
        if (arguments is not null)
            foreach (var (name, get) in Readers.GetOrAdd((sql, arguments.GetType()), static key => ReadersOf(key.Sql, key.Arguments)))
                command.Parameters.Add(new SqliteParameter(name, Value(get(arguments))));
        if (take is not null)
            command.Parameters.Add(new SqliteParameter("@take", take));
        return command;
    }

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

    [GeneratedRegex("@[A-Za-z_][A-Za-z0-9_]*")]
    private static partial Regex Names();
}
