using System.Collections.Concurrent;
using System.Text.RegularExpressions;
using CourtOps.Kernel.Data;
using Microsoft.SqlServer.TransactSql.ScriptDom;

namespace CourtOps.Testing;

/// <summary>Every statement run by a test is parsed once as T-SQL; what does not parse is kept as a failure.</summary>
public static partial class SqlWatch
{
    private static readonly ConcurrentDictionary<string, string?> Seen = new();

    public static IReadOnlyList<string> Failures => [.. Seen.Where(s => s.Value is not null).Select(s => $"{s.Value}\n{s.Key}")];

    public static int Statements => Seen.Count;

    public static void Begin() => Database.Watch = sql => Seen.GetOrAdd(sql, static s => Error(s));

    /// <summary>Null when SQL Server's grammar accepts the text; otherwise the first error.</summary>
    public static string? Error(string sql)
    {
        if (Exempt().IsMatch(sql))
            return null;
        using var reader = new StringReader(AsTransactSql(sql));
        new TSql150Parser(initialQuotedIdentifiers: true).Parse(reader, out var errors);
        return errors.Count == 0 ? null : $"line {errors[0].Line}: {errors[0].Message}";
    }

    /// <summary>SQLite's row limit and its dropping of an index (the scripts name the table, see Migrator) as SQL Server has them, and the lists that Dapper
    /// spells out.</summary>
    public static string AsTransactSql(string sql) =>
        List()
            .Replace(
                DropIndex()
                    .Replace(sql, "$0 ON its_table")
                    .Replace("\nLIMIT @take + 0", "\nOFFSET 0 ROWS FETCH NEXT @take ROWS ONLY", StringComparison.Ordinal),
                "IN ($1)"
            );

    [GeneratedRegex(@"^\s*(PRAGMA|VACUUM)\b", RegexOptions.IgnoreCase)]
    private static partial Regex Exempt();

    [GeneratedRegex("^DROP INDEX [a-z_]+$")]
    private static partial Regex DropIndex();

    [GeneratedRegex(@"\bIN\s+(@\w+)", RegexOptions.IgnoreCase)]
    private static partial Regex List();
}
