using CourtOps.Enforcement.Jobs;
using CourtOps.Kernel.Data;
using Microsoft.Data.Sqlite;

namespace CourtOps.Enforcement.Measures;

/// <summary>The sweep costs what is due: each of its questions is answered by the index of the day, none by a walk through all there is.</summary>
public sealed class SweepPlanTests() : AppTests(Engine.Sqlite)
{
    [Test]
    public async Task What_is_due_is_found_by_the_index_of_its_day()
    {
        var seen = new HashSet<string>();
        var before = Database.Watch;
        Database.Watch = sql =>
        {
            before?.Invoke(sql);
            lock (seen)
                seen.Add(sql);
        };
        try
        {
            await App.RunJob<Sweep>();
        }
        finally
        {
            Database.Watch = before;
        }
        string[] tables = ["enforcement_measure", "enforcement_asset", "enforcement_case", "enforcement_linkage", "enforcement_finding", "enforcement_date"];
        await using var connection = new SqliteConnection($"Data Source={Path.Combine(App.Folder, "courtops.db")};Mode=ReadOnly");
        await connection.OpenAsync();
        foreach (var table in tables)
        {
            var due = seen.Where(s => s.Contains($"FROM {table} WHERE", StringComparison.Ordinal) && s.Contains("@after", StringComparison.Ordinal)).ToList();
            Assert.That(due, Has.Count.EqualTo(1), table);
            using var command = connection.CreateCommand();
#pragma warning disable CA2100 // the text is the product's own
            command.CommandText = "EXPLAIN QUERY PLAN " + due[0];
#pragma warning restore CA2100
            foreach (var name in new[] { "@today", "@after", "@take" })
                command.Parameters.AddWithValue(name, 1);
            using var reader = await command.ExecuteReaderAsync();
            Assert.That(await reader.ReadAsync(), Is.True);
            Assert.That(reader.GetString(3), Does.Match($"INDEX {table}_(next|check) "), due[0]);
        }
    }
}
