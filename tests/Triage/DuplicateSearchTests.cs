using System.Diagnostics;
using CourtOps.Triage.Filings;

namespace CourtOps.Triage;

/// <summary>How long it takes to look for duplicates among many parties. Takes a minute: run by name.</summary>
[TestFixture]
[Explicit("fills a million parties")]
public sealed class DuplicateSearchTests() : AppTests(Engine.Sqlite)
{
    private const string Digits =
        "(SELECT 0 AS d UNION ALL SELECT 1 UNION ALL SELECT 2 UNION ALL SELECT 3 UNION ALL SELECT 4 UNION ALL SELECT 5 UNION ALL SELECT 6 UNION ALL "
        + "SELECT 7 UNION ALL SELECT 8 UNION ALL SELECT 9)";
    private const string Numbers =
        $"SELECT a.d + 10 * b.d + 100 * c.d + 1000 * e.d + 10000 * f.d + 100000 * g.d AS i FROM {Digits} a, {Digits} b, {Digits} c, {Digits} e, "
        + $"{Digits} f, {Digits} g WHERE g.d < 5";

    [Test]
    public async Task Among_a_million_parties_near_suits_are_found_in_fifty_milliseconds()
    {
        var first = await App.Registered();
        var taken = await App.Taken(TriageSamples.Loan("旧人"));
        await App.As(null)
            .Change(
                $$"""
                INSERT INTO triage_filing_party (id, filing_id, ordinal, name, name_folded, role, party_type, e_service, language) SELECT 1000000000000 + i,
                    @Id, i + 10, CONCAT('收件人', i), CONCAT('收件人', i), '被告', 'natural', 'none', 'zh' FROM ({{Numbers}}) n
                """,
                new { taken.Id }
            );
        await App.Change(
            $$"""
            INSERT INTO workzone_party (id, case_id, ordinal, name, role, party_type, e_service, language, version) SELECT 2000000000000 + i, @CaseId, i + 10,
                CONCAT('案中人', i), '被告', 'natural', 'none', 'zh', 1 FROM ({{Numbers}}) n
            """,
            new { first.Case.CaseId }
        );
        var times = new List<double>();
        var random = new Random(1);
        for (var i = 0; i < 60; i++)
        {
            var n = random.Next(1, 500_000);
            var filing = await App.Taken(
                new TakeFiling
                {
                    Cause = "民间借贷纠纷",
                    Parties = [TriageSamples.Plaintiff($"收件人{n}") with { IdNumber = "" }, TriageSamples.Defendant($"案中人{n}")],
                }
            );
            var clock = Stopwatch.StartNew();
            var near = (await App.Send(new ShowFiling { Id = filing.Id })).Near;
            times.Add(clock.Elapsed.TotalMilliseconds);
            Assert.That(near, Has.Count.GreaterThanOrEqualTo(2));
        }
        times.Sort();
        TestContext.Out.WriteLine($"the whole page of a filing over 1,000,000 parties: median {times[30]:n1} ms, p95 {times[57]:n1} ms");
        Assert.That(times[57], Is.LessThan(50), "the whole page, of which the search is a part");
    }
}
