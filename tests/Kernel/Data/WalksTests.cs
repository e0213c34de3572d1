using CourtOps.Kernel.Data;
using Microsoft.Extensions.DependencyInjection;

namespace CourtOps.Kernel.Tests.Data;

/// <summary>Many walks in few statements: each has its own values, the rows come in order.</summary>
[TestFixtureSource(typeof(Engines), nameof(Engines.All))]
public sealed class WalksTests(Engine engine) : AppTests(engine)
{
    private const string Piece = "SELECT x.name, x.value FROM kernel_sequence x WHERE x.name = @name# AND x.value >= @least# AND x.value < @end";

    private sealed record Row
    {
        public string Name { get; init; } = "";
        public long Value { get; init; }
    }

    [TestCase(0, 0)]
    [TestCase(1, 1)]
    [TestCase(100, 1)]
    [TestCase(101, 2)]
    [TestCase(620, 7)]
    public void A_hundred_are_one_statement(int walks, int statements)
    {
        var texts = Walks.Of(Piece, walks).ToList();
        Assert.That(texts, Has.Count.EqualTo(statements));
        Assert.That(texts.Sum(t => t.Split("UNION ALL").Length), Is.EqualTo(walks));
        Assert.That(string.Concat(texts), Does.Not.Contain("#"));
    }

    [TestCase(false, "-,1 1,2 1,5 3,4")]
    [TestCase(true, "3,4 1,5 1,2 -,1")]
    public void Pieces_are_merged_along_their_key_with_nothing_before_something(bool descending, string expected)
    {
        IReadOnlyList<(int? At, int Id)[]> pieces =
        [
            [(1, 2), (3, 4)],
            [(null, 1), (1, 5), (7, 9)],
        ];
        if (descending)
            pieces = [.. pieces.Select(p => p.Reverse().ToArray())];
        var merged = Walks
            .Merge(pieces, descending ? 5 : 4, r => r, descending)
            .Skip(descending ? 1 : 0)
            .Select(r => $"{r.At?.ToString(System.Globalization.CultureInfo.InvariantCulture) ?? "-"},{r.Id}");
        Assert.That(string.Join(' ', merged), Is.EqualTo(expected));
        Assert.That(Walks.Merge<int, int>([], 3, r => r), Is.Empty);
    }

    [TestCase(1)]
    [TestCase(7)]
    [TestCase(230)]
    public async Task Each_walk_holds_its_own_values(int walks)
    {
        await App.As(null)
            .In(async s =>
            {
                var db = s.GetRequiredService<Db>();
                await db.BeginAsync();
                for (var i = 0; i < walks; i++)
                    await db.ExecuteAsync(
                        "INSERT INTO kernel_sequence (name, value) VALUES (@name, @value)",
                        new { name = $"walk-{i}", value = 10_000 + (i * 37 % walks) }
                    );
                await db.CommitAsync();
                // every third walk asks for more than its row holds
                var args = new
                {
                    name = Enumerable.Range(0, walks).Select(i => $"walk-{i}").ToList(),
                    least = Enumerable.Range(0, walks).Select(i => i % 3 == 2 ? 90_000L : 0L).ToList(),
                    end = 80_000,
                };
                var expected = Enumerable.Range(0, walks).Where(i => i % 3 != 2).Select(i => (Name: $"walk-{i}", Value: 10_000L + (i * 37 % walks))).ToList();
                var rows = new List<Row>();
                foreach (var sql in Walks.Of(Piece, walks))
                {
                    var part = await db.PageAsync<Row>(sql + " ORDER BY value, name", args, 1000);
                    Assert.That(part.Select(r => r.Value), Is.Ordered);
                    rows.AddRange(part);
                }
                Assert.That(rows.Select(r => (r.Name, r.Value)), Is.EquivalentTo(expected));
                Assert.That(
                    await db.CountUpToAsync(Walks.Of(Piece, Math.Min(walks, 100)).Single() + " ORDER BY value, name", args, 5),
                    Is.EqualTo(Math.Min(5, expected.Count(e => int.Parse(e.Name[5..], System.Globalization.CultureInfo.InvariantCulture) < 100)))
                );
                var each = await db.FirstOfEachAsync<Row>(
                    "@name# AS name, COUNT(*) AS value",
                    "SELECT x.value FROM kernel_sequence x WHERE x.name = @name# ORDER BY x.value",
                    args,
                    walks,
                    10
                );
                Assert.That(each.Select(r => (r.Name, r.Value)), Is.EqualTo(args.name.Select(n => (n, 1L))));
            });
    }
}
