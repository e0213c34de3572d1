using CourtOps.Kernel.Data;
using Microsoft.Data.Sqlite;

namespace CourtOps.Kernel.Search;

/// <summary>Fragments of numbers, against a search through all of them; the file's format.</summary>
public sealed class SearchIndexTests : IDisposable
{
    private string folder = "";
    private SearchIndex index = null!;

    [SetUp]
    public async Task Open()
    {
        folder = Directory.CreateTempSubdirectory("search").FullName;
        index = new SearchIndex(new DataFolder(folder));
        await Fill(index);
    }

    [TearDown]
    public void Close()
    {
        Dispose();
        Directory.Delete(folder, true);
    }

    public void Dispose() => index.Dispose();

    [Test]
    public async Task Every_page_of_any_fragment_holds_the_newest_numbers_with_it()
    {
        var random = new Random(7);
        for (var round = 0; round < 400; round++)
        {
            var number = Number(random.Next(1, 3001));
            var from = random.Next(number.Length - 3);
            var typed = number.Substring(from, random.Next(3, Math.Min(14, number.Length - from) + 1));
            var before = random.Next(3) == 0 ? random.Next(3100) : long.MaxValue;
            var take = random.Next(1, 70);
            if (SearchText.Questions(typed) is not [{ Fragment: { } fragment }, ..])
                continue;
            var wanted = Enumerable
                .Range(1, 3000)
                .Where(n => n < before && SearchText.Folded(Number(n)).Contains(fragment, StringComparison.Ordinal))
                .OrderDescending()
                .Take(take)
                .Select(n => (long)n)
                .ToList();
            if (wanted.Count > 0)
                Assert.That(await index.FindAsync("case", typed, before, take), Is.EqualTo(wanted), $"{typed} before {before}, {take}");
        }
    }

    [Test]
    public async Task An_index_of_an_older_format_is_none_until_it_is_built_again()
    {
        await Change("PRAGMA user_version = 1");
        index.Dispose();
        index = new SearchIndex(new DataFolder(folder));
        Assert.That(await index.PositionAsync(default), Is.Null);
        Assert.That(await index.FindAsync("case", "2424民", long.MaxValue, 20), Is.Empty);
        await Fill(index);
        Assert.That(await index.FindAsync("case", "2424民", long.MaxValue, 20), Has.Count.EqualTo(20));
    }

    [Test]
    public async Task What_is_gone_or_has_another_number_is_found_no_longer()
    {
        await index.WriteAsync("case", [new SearchDocument(3000, "张某甲", "（2026）吉2424执1号")], [2999], default);
        Assert.That(await index.FindAsync("case", "2424民", long.MaxValue, 2), Is.EqualTo(new[] { 2998, 2996 }));
        Assert.That(await index.FindAsync("case", "2424执", long.MaxValue, 2), Is.EqualTo(new[] { 3000 }));
    }

    private static string Number(int n) => $"（{2020 + (n % 7)}）吉{(n % 2 == 0 ? "2424" : "2401")}民初{n * 7}号";

    private static async Task Fill(SearchIndex index)
    {
        await index.ClearAsync(["case"], default);
        await index.WriteAsync("case", [.. Enumerable.Range(1, 3000).Select(n => new SearchDocument(n, "王某乙", Number(n)))], [], default);
        await index.MoveAsync(1, default);
    }

    private async Task Change(string sql)
    {
        await using var other = new SqliteConnection($"Data Source={Path.Combine(folder, "search.db")};Pooling=False");
        await other.OpenAsync();
        await using var command = other.CreateCommand();
        command.CommandText = sql;
        await command.ExecuteNonQueryAsync();
    }
}
