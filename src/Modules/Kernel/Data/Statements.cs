using System.Collections;
using System.Collections.Concurrent;
using System.Linq.Expressions;
using System.Reflection;
using System.Runtime.CompilerServices;
using System.Text.RegularExpressions;
using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace CourtOps.Kernel.Data;

/// <summary>
/// Statements of the engine in this process, compiled once per connection and run by its own calls: the general path
/// compiles a text at every command, finds parameters by name and boxes every column, which costs more than most of
/// our statements do. The forms of values are those of the type handlers.
/// </summary>
internal static partial class Statements
{
    private const int KeptPerConnection = 600;
    private static readonly ConditionalWeakTable<SqliteConnection, Dictionary<Shape, Statement>> Kept = [];
    private static readonly ConcurrentDictionary<(string Sql, Type Arguments, bool Limited), Plan> Plans = new();

    /// <summary>Every row; null where a row type is none that is read here.</summary>
    public static List<T>? Query<T>(SqliteConnection connection, string sql, object? arguments, int? take)
    {
        using var use = Find(connection, sql, arguments, take);
        if (use.Statement?.Reader<T>() is not { } read)
            return null;
        var rows = new List<T>(take is > 0 and < 500 ? take.Value : 8);
        var statement = use.Statement;
        while (statement.Step())
            rows.Add(read(statement.Handle));
        return rows;
    }

    /// <summary>The first row; false in <paramref name="known"/> where a row type is none that is read here.</summary>
    public static T? First<T>(SqliteConnection connection, string sql, object? arguments, int? take, out bool known)
    {
        using var use = Find(connection, sql, arguments, take);
        if (use.Statement?.Reader<T>() is not { } read)
        {
            known = false;
            return default;
        }
        known = true;
        return use.Statement.Step() ? read(use.Statement.Handle) : default;
    }

    /// <summary>Runs it to its end; the number of rows it touched, or null where the text is more than one statement.</summary>
    public static int? Execute(SqliteConnection connection, string sql, object? arguments)
    {
        using var use = Find(connection, sql, arguments, null);
        return use.Statement?.Run();
    }

    /// <summary>The same statement for each of many rows; false where the text is more than one statement.</summary>
    public static bool ExecuteMany(SqliteConnection connection, string sql, IReadOnlyCollection<object> rows)
    {
        foreach (var row in rows)
            if (Execute(connection, sql, row) is null)
                return false;
        return true;
    }

    public static void Forget(SqliteConnection connection)
    {
        if (!Kept.TryGetValue(connection, out var statements))
            return;
        foreach (var statement in statements.Values)
            statement.Dispose();
        Kept.Remove(connection);
    }

    private static Use Find(SqliteConnection connection, string sql, object? arguments, int? take)
    {
        var plan = Plans.GetOrAdd((sql, arguments?.GetType() ?? typeof(Plan), take is not null), static key => new Plan(key.Sql, key.Arguments));
        object?[][]? lists = plan.Lists.Length == 0 ? null : plan.ListsOf(arguments!);
        var shape = plan.ShapeFor(lists);
        var statements = Kept.GetOrCreateValue(connection);
        var kept = statements.TryGetValue(shape, out var statement);
        if (!kept)
        {
            statement = Statement.Compile(connection, shape);
            if (statement is null)
                return default;
            if (statements.Count < KeptPerConnection)
            {
                statements[shape] = statement;
                kept = true;
            }
        }
        try
        {
            statement!.Bind(arguments, lists, take);
        }
        catch
        {
            new Use(statement!, kept).Dispose();
            throw;
        }
        return new Use(statement, kept);
    }

    // a statement is put back to its beginning after each use, so that it holds no lock and no value
    private readonly struct Use(Statement statement, bool kept) : IDisposable
    {
        public Statement? Statement { get; } = statement;

        public void Dispose()
        {
            if (Statement is null)
                return;
            Statement.Reset();
            if (!kept)
                Statement.Dispose();
        }
    }

    /// <summary>One text with the arguments of one type: how each name gets its value.</summary>
    internal sealed partial class Plan
    {
        private readonly string sql;
        private readonly ConcurrentDictionary<long, Shape> shapes = new();

        public Plan(string sql, Type arguments)
        {
            this.sql = sql;
            var properties = arguments
                .GetProperties(BindingFlags.Public | BindingFlags.Instance)
                .Where(p => p.CanRead && p.GetIndexParameters().Length == 0)
                .ToList();
            var items = new List<string>();
            // names as the text writes them: the engine tells @Id from @id
            foreach (var name in Names().Matches(sql).Select(m => m.Value).Distinct())
            {
                var property = properties.Find(p => string.Equals(p.Name, name[1..], StringComparison.OrdinalIgnoreCase));
                var key = name;
                if (property is null && Numbered().Match(name) is { Success: true } item)
                {
                    // "@court_7" is an item of the list "court"
                    property = properties.Find(p =>
                        p.PropertyType != typeof(string)
                        && typeof(IEnumerable).IsAssignableFrom(p.PropertyType)
                        && string.Equals(p.Name, item.Groups[1].Value, StringComparison.OrdinalIgnoreCase)
                    );
                    key = "@" + item.Groups[1].Value;
                    items.Add(key);
                }
                if (property is null || Values.ContainsKey(key))
                    continue;
                var argument = Expression.Parameter(typeof(object));
                var get = Expression
                    .Lambda<Func<object, object?>>(
                        Expression.Convert(Expression.Property(Expression.Convert(argument, arguments), property), typeof(object)),
                        argument
                    )
                    .Compile();
                Values[key] = get;
            }
            Lists = [.. ListNames().Matches(sql).Select(m => m.Groups[1].Value).Concat(items).Distinct().Where(Values.ContainsKey)];
        }

        public Dictionary<string, Func<object, object?>> Values { get; } = [];

        /// <summary>Names that stand behind IN, and lists whose items the text names one by one.</summary>
        public string[] Lists { get; }

        public object?[][] ListsOf(object arguments)
        {
            var lists = new object?[Lists.Length][];
            for (var i = 0; i < lists.Length; i++)
                lists[i] = Values[Lists[i]](arguments) switch
                {
                    null => [],
                    IReadOnlyList<string> strings => [.. strings],
                    IReadOnlyList<long> numbers => [.. numbers.Select(n => (object)n)],
                    IEnumerable many and not string => [.. many.Cast<object?>()],
                    var one => [one],
                };
            return lists;
        }

        /// <summary>The text with each list written out as so many parameters; an empty list finds nothing.</summary>
        public Shape ShapeFor(object?[][]? lists)
        {
            var key = 0L;
            foreach (var list in lists ?? [])
                key = (key * 10_007) + list.Length + 1;
            return shapes.GetOrAdd(
                key,
                static (_, state) =>
                    new Shape(
                        state.Plan,
                        state.Lists is null
                            ? state.Plan.sql
                            : ListNames()
                                .Replace(
                                    state.Plan.sql,
                                    m =>
                                    {
                                        var i = Array.IndexOf(state.Plan.Lists, m.Groups[1].Value);
                                        if (i < 0)
                                            return m.Value;
                                        var count = state.Lists[i].Length;
                                        return count == 0
                                            ? "IN (SELECT NULL WHERE 1 = 0)"
                                            : $"IN ({string.Join(", ", Enumerable.Range(0, count).Select(n => $"{m.Groups[1].Value}_{n}"))})";
                                    }
                                )
                    ),
                (Plan: this, Lists: lists)
            );
        }

        [GeneratedRegex(@"\bIN\s+(@[A-Za-z_][A-Za-z0-9_]*)")]
        private static partial Regex ListNames();

        [GeneratedRegex("@[A-Za-z_][A-Za-z0-9_]*")]
        private static partial Regex Names();

        [GeneratedRegex("^@(.+)_[0-9]+$")]
        private static partial Regex Numbered();
    }

    /// <summary>The text as the engine gets it. Compared by reference: one for each plan and number of list items.</summary>
    internal sealed class Shape(Plan plan, string sql)
    {
        public Plan Plan { get; } = plan;

        public string Sql { get; } = sql;
    }

    /// <summary>A compiled statement of one connection.</summary>
    internal sealed class Statement : IDisposable
    {
        private readonly sqlite3 db;
        private readonly (Func<object, object?>? Get, int List, int Item)[] sources;
        private readonly string columns;
        private Delegate? reader;
        private Type? readerType;

        private Statement(sqlite3 db, sqlite3_stmt handle, Shape shape)
        {
            this.db = db;
            Handle = handle;
            sources = new (Func<object, object?>?, int, int)[raw.sqlite3_bind_parameter_count(handle)];
            for (var i = 0; i < sources.Length; i++)
                sources[i] = Source(shape.Plan, raw.sqlite3_bind_parameter_name(handle, i + 1).utf8_to_string());
            var count = raw.sqlite3_column_count(handle);
            columns = string.Join('\n', Enumerable.Range(0, count).Select(i => raw.sqlite3_column_name(handle, i).utf8_to_string()));
        }

        public sqlite3_stmt Handle { get; }

        /// <summary>Null when the text holds more than one statement.</summary>
        public static Statement? Compile(SqliteConnection connection, Shape shape)
        {
            var db = connection.Handle!;
            var rc = raw.sqlite3_prepare_v3(db, shape.Sql, raw.SQLITE_PREPARE_PERSISTENT, out var handle, out var tail);
            SqliteException.ThrowExceptionForRC(rc, db);
            if (!string.IsNullOrWhiteSpace(tail))
            {
                raw.sqlite3_finalize(handle);
                return null;
            }
            try
            {
                return new Statement(db, handle, shape);
            }
            catch
            {
                raw.sqlite3_finalize(handle);
                throw;
            }
        }

        public void Bind(object? arguments, object?[][]? lists, int? take)
        {
            for (var i = 0; i < sources.Length; i++)
            {
                var (get, list, item) = sources[i];
                var value =
                    get is not null ? get(arguments!)
                    : list >= 0 ? lists![list][item]
                    : take;
                Check(Columns.Bind(Handle, i + 1, value));
            }
        }

        public bool Step()
        {
            var rc = raw.sqlite3_step(Handle);
            if (rc == raw.SQLITE_ROW)
                return true;
            if (rc != raw.SQLITE_DONE)
                Check(rc);
            return false;
        }

        public int Run()
        {
            while (Step()) { }
            return raw.sqlite3_stmt_readonly(Handle) != 0 ? 0 : raw.sqlite3_changes(db);
        }

        public Func<sqlite3_stmt, T>? Reader<T>()
        {
            if (readerType == typeof(T))
                return (Func<sqlite3_stmt, T>?)reader;
            var made = RowReader<T>.For(columns);
            (reader, readerType) = (made, typeof(T));
            return made;
        }

        public void Reset() => raw.sqlite3_reset(Handle);

        public void Dispose() => Handle.Dispose();

        private static (Func<object, object?>?, int, int) Source(Plan plan, string name)
        {
            if (plan.Values.TryGetValue(name, out var get))
                return (get, -1, -1);
            if (name == "@take")
                return (null, -1, -1);
            var at = name.LastIndexOf('_');
            var list = at < 0 ? -1 : Array.IndexOf(plan.Lists, name[..at]);
            return list >= 0 && int.TryParse(name.AsSpan(at + 1), out var item)
                ? (null, list, item)
                : throw new InvalidOperationException($"The arguments hold no value for {name}.");
        }

        private void Check(int rc) => SqliteException.ThrowExceptionForRC(rc, db);
    }
}
