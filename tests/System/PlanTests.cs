using System.Text.RegularExpressions;
using CourtOps.Kernel.Data;
using CourtOps.Workzone;
using CourtOps.Workzone.People;
using CourtOps.Workzone.Queues;
using CourtOps.Workzone.Seeding;
using CourtOps.Workzone.WorkOrders;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.DependencyInjection;

namespace CourtOps.SystemTests;

/// <summary>
/// Reads the plan of every query that the lists run: a scan of a table that grows with the court's work is found here, not in its third year.
/// The pages are asked for as people ask for them; whatever SQL that runs is explained.
/// </summary>
public sealed partial class PlanTests() : AppTests(Engine.Sqlite)
{
    // these grow with people, courts and programs, not with work
    private static readonly HashSet<string> Small =
    [
        "workzone_court",
        "workzone_person",
        "workzone_role_grant",
        "workzone_unit",
        "workzone_absence",
        "workzone_recusal",
        "workzone_team",
        "workzone_api_key",
        "workzone_matrix",
        "workzone_policy",
        "kernel_setting_version",
        "kernel_setting_stamp",
        "workzone_recompute",
        "workzone_view",
        "workzone_digest",
        "kernel_worker",
        "kernel_lease",
        "kernel_job",
        "kernel_sequence",
        "kernel_migration",
        "kernel_protection_key",
        "sqlite_master",
        "kernel_access_migration",
    ];

    private static readonly string[] Pages =
    [
        "/",
        "/orders",
        "/orders?view=mine&sort=-changed",
        "/orders?view=asked&sort=-asked",
        "/orders?view=team",
        "/orders?view=centre&state=queued",
        "/orders?view=centre&due=overdue",
        "/orders?view=centre&type=service.serve",
        "/orders?view=centre&escalated=true",
        "/orders?view=centre&sort=asked",
        "/orders?view=centre&sort=-changed",
        "/orders?view=centre&closed=true",
        "/orders?view=mine&closed=true",
        "/orders?view=asked&closed=true",
        "/orders?view=court",
        "/orders?view=court&sort=-asked",
        "/orders?view=court&closed=true",
        "/orders?view=centre&text=民初1",
        "/orders?view=centre&after=2026-03-01T00:00:00.000Z|1",
        "/orders/filter",
        "/orders/views",
        "/orders/phrases",
        "/board",
        "/leader",
        "/leader?open=over",
        "/leader?open=still",
        "/batches",
        "/notices",
        "/notices?unread=true",
        "/search?q=民初1",
        "/search?q=13800000001",
        "/search/palette?q=某甲",
        "/shell/counts",
        "/trial",
        "/trial/calendar",
        "/trial/assessors",
        "/trial/interpreters",
        "/trial/recorder",
        "/trial/recorder?state=taken",
        "/trial/board",
        "/trial/drafts",
        "/trial/meetings",
        "/trial/publications",
        "/seals?code=0000",
        "/enforcement",
        "/enforcement?state=waiting",
        "/enforcement?state=lapsed",
        "/enforcement/findings",
        "/enforcement/findings?leak=control",
        "/enforcement/board",
        "/enforcement/board/cases?figure=findings",
        "/enforcement/board/cases?figure=performed",
        "/enforcement/board/cases?figure=renew-due",
        "/enforcement/board/cases?figure=paid",
        "/enforcement/board/cases?figure=asked",
        "/enforcement/linkage",
        "/enforcement/linkage?state=answered",
        "/service",
        "/cases",
        "/cases?sort=limit",
        "/absences",
        "/imports",
        "/settings",
        "/settings/pending",
        "/settings/service.no-reply",
        "/settings/calendar",
        "/audit",
        "/audit?log=access",
        "/audit?log=access&person=judge&result=done",
        "/audit?log=access&number=（2026）吉2424民初1号",
        "/audit?number=（2026）吉2424民初1号",
        "/audit/readers?number=（2026）吉2424民初1号",
        "/audit/alarms",
        "/audit/alarms?closed=true",
    ];

    [Test]
    public async Task No_list_scans_a_table_that_grows()
    {
        await App.As(null).In(s => s.GetRequiredService<ISeeder>().FillAsync(300, 3000, 1, _ => { }, default));
        await App.DrainAsync();
        await App.As(null)
            .Send(
                new SavePerson
                {
                    Login = "leader-jl",
                    Name = "省院领导",
                    Court = "吉",
                    Roles = [Roles.Leader],
                    Password = TestApp.Password,
                }
            );
        await App.Change("UPDATE workzone_role_grant SET reach = 'below' WHERE person_id = (SELECT id FROM workzone_person WHERE login = 'leader-jl')");
        App.Advance(TimeSpan.FromSeconds(10));
        var seen = new HashSet<string>();
        var before = Database.Watch;
        foreach (var person in new[] { "clerk", "lead", "judge", "leader", "leader-jl", "auditor" })
        {
            var browser = await App.SignedIn(person);
            Database.Watch = sql =>
            {
                before?.Invoke(sql);
                lock (seen)
                    seen.Add(sql);
            };
            try
            {
                foreach (var page in Pages)
                {
                    using var answer = await browser.GetAsync(new Uri(page, UriKind.Relative));
                    Assert.That((int)answer.StatusCode, Is.AnyOf(200, 302, 403, 404), $"{person} {page}");
                }
                foreach (
                    var filter in person == "auditor"
                        ? []
                        : new[]
                        {
                            new QueueFilter { View = "centre", Assignee = await App.IdOf("clerk") },
                            new QueueFilter
                            {
                                View = "court",
                                Asker = await App.IdOf("judge"),
                                Centre = "service",
                            },
                        }
                )
                    await App.As(person)
                        .Send(
                            new ListOrders
                            {
                                View = filter.View,
                                Assignee = filter.Assignee,
                                Asker = filter.Asker,
                                Centre = filter.Centre,
                            }
                        );
            }
            finally
            {
                Database.Watch = before;
            }
        }
        var lists = seen.Where(s => s.Contains("SELECT", StringComparison.Ordinal) && !s.Contains("INSERT", StringComparison.Ordinal)).ToList();
        Assert.That(lists, Has.Count.GreaterThan(40), "the queries were not seen");
        // the search index lies in a file of its own too, and is read by words
        Assert.That(await OfAsync("courtops.db", lists), Is.GreaterThan(40), "the queries were not those of the database");
        Assert.That(await OfAsync("access.db", lists), Is.GreaterThan(4), "the queries were not those of the access log");
        Assert.That(
            lists.Count(s => s.Contains("x.court_id = @court", StringComparison.Ordinal)),
            Is.GreaterThanOrEqualTo(3),
            "an auditor of some courts reads each by its own index"
        );
        // the courts of a province in one statement: merged along their indexes, not gathered and sorted
        var merged = lists
            .Where(s =>
                s.Contains("\nUNION ALL\n", StringComparison.Ordinal)
                && s.Contains("_1 ", StringComparison.Ordinal)
                && !s.Contains("@found", StringComparison.Ordinal)
            )
            .ToList();
        Assert.That(
            merged.Select(s => Source().Match(s).Groups[1].Value).Distinct(),
            Is.SupersetOf(new[] { "workzone_order", "workzone_case", "kernel_audit", "kernel_access", "kernel_alarm" })
        );
        foreach (var sql in merged)
        {
            await using var connection = new SqliteConnection(
                $"Data Source={System.IO.Path.Combine(App.Folder, sql.Contains("kernel_access", StringComparison.Ordinal) ? "access.db" : "courtops.db")};Mode=ReadOnly"
            );
            await connection.OpenAsync();
            Assert.That(Steps(connection, sql), Has.None.Contains("TEMP B-TREE"), sql);
        }
    }

    // explains the queries whose every table is in this file
    private async Task<int> OfAsync(string file, IEnumerable<string> lists)
    {
        await using var connection = new SqliteConnection($"Data Source={System.IO.Path.Combine(App.Folder, file)};Mode=ReadOnly");
        await connection.OpenAsync();
        var here = new HashSet<string> { "sqlite_master" };
        using (var names = new SqliteCommand("SELECT name FROM sqlite_master", connection))
        using (var reader = await names.ExecuteReaderAsync())
            while (await reader.ReadAsync())
                here.Add(reader.GetString(0));
        var own = lists
            .Where(sql => Source().Matches(sql).Select(m => m.Groups[1].Value).All(t => !t.Contains('_', StringComparison.Ordinal) || here.Contains(t)))
            .ToList();
        var scans = own.SelectMany(sql => Scans(connection, sql)).Distinct().ToList();
        Assert.That(scans, Is.Empty, string.Join("\n\n", scans));
        return own.Count;
    }

    [Test]
    public async Task A_scan_would_be_found()
    {
        await using var connection = new SqliteConnection($"Data Source={System.IO.Path.Combine(App.Folder, "courtops.db")};Mode=ReadOnly");
        await connection.OpenAsync();
        Assert.That(Scans(connection, "SELECT o.id FROM workzone_order o WHERE o.title = @title ORDER BY o.id"), Is.Not.Empty);
        Assert.That(Scans(connection, "SELECT COUNT(*) FROM workzone_notice"), Is.Not.Empty);
        Assert.That(Scans(connection, "SELECT o.id FROM workzone_order o WHERE o.id IN @ids"), Is.Empty);
        Assert.That(Scans(connection, "SELECT id FROM workzone_court ORDER BY name"), Is.Empty, "a small table may be read whole");
    }

    private static IEnumerable<string> Scans(SqliteConnection connection, string sql)
    {
        // an alias stands for its table in the plan
        var tables = Source()
            .Matches(sql)
            .Select(m => (Table: m.Groups[1].Value, Alias: m.Groups[2].Success && !Words.Contains(m.Groups[2].Value) ? m.Groups[2].Value : m.Groups[1].Value))
            .ToList();
        foreach (var step in Steps(connection, sql).Where(s => s.StartsWith("SCAN ", StringComparison.Ordinal)))
        {
            var alias = step.Split(' ')[1];
            var table = tables.Find(t => t.Alias == alias).Table ?? "";
            if (table.Length > 0 && !Small.Contains(table) && !step.Contains("VIRTUAL TABLE", StringComparison.Ordinal))
                yield return $"{step}\n{sql}";
        }
    }

    private static List<string> Steps(SqliteConnection connection, string sql)
    {
        using var command = connection.CreateCommand();
#pragma warning disable CA2100 // the text is the product's own
        command.CommandText = "EXPLAIN QUERY PLAN " + List().Replace(sql, "IN ($1, $1)");
#pragma warning restore CA2100
        foreach (Match name in Parameter().Matches(command.CommandText).DistinctBy(m => m.Value))
            command.Parameters.AddWithValue(name.Value, 1);
        var steps = new List<string>();
        using (var reader = command.ExecuteReader())
            while (reader.Read())
                steps.Add(reader.GetString(3));
        return steps;
    }

    private static readonly HashSet<string> Words = ["WHERE", "JOIN", "LEFT", "ORDER", "GROUP", "UNION", "ON", "INNER", "SET"];

    [GeneratedRegex(@"\b(?:FROM|JOIN)\s+([a-z_]+)(?:\s+(?:AS\s+)?([A-Za-z_]+))?")]
    private static partial Regex Source();

    [GeneratedRegex(@"\bIN (@\w+)")]
    private static partial Regex List();

    [GeneratedRegex(@"@\w+")]
    private static partial Regex Parameter();
}
