using System.Runtime.InteropServices;
using System.Text;
using CourtOps.Kernel.Messaging;
using CourtOps.TrialSupport.Laws;

namespace CourtOps.TrialSupport.Similar;

/// <summary>
/// An index of cases in one file: pairs of characters with what documents have them, and of each document its length, cause, articles and largest sum.
/// A query scores by BM25 over pairs that tell documents apart, then raises what has the same cause, cites the same articles or is about a like sum.
/// The file is written beside and moved over the old one; read whole into memory once.
/// </summary>
internal sealed class CaseIndex
{
    private const string FileName = "cases.idx";
    private const int Magic = 0x434F4931;

    /// <summary>Pairs of the query that count: the most telling ones. A long judgment has thousands, and the common ones only cost time.</summary>
    private const int MostPairs = 420;

    private readonly string[] ids;
    private readonly int[] lengths;
    private readonly string[] causes;
    private readonly HashSet<string>[] articles;
    private readonly decimal[] amounts;
    private readonly Dictionary<int, (int Start, int Count)> terms;
    private readonly int[] documents;
    private readonly ushort[] counts;
    private readonly double average;

    private CaseIndex(
        string[] ids,
        int[] lengths,
        string[] causes,
        HashSet<string>[] articles,
        decimal[] amounts,
        Dictionary<int, (int, int)> terms,
        int[] documents,
        ushort[] counts
    )
    {
        (this.ids, this.lengths, this.causes, this.articles, this.amounts, this.terms, this.documents, this.counts) = (
            ids,
            lengths,
            causes,
            articles,
            amounts,
            terms,
            documents,
            counts
        );
        average = lengths.Length == 0 ? 1 : Math.Max(1, lengths.Average());
    }

    /// <summary>How many documents it holds.</summary>
    public int Count => ids.Length;

    /// <summary>An index of nothing.</summary>
    public static CaseIndex Empty { get; } = new([], [], [], [], [], [], [], []);

    public IReadOnlyCollection<string> Ids => ids;

    /// <summary>The same index with further cases behind those it has; it stays as it is itself.</summary>
    public CaseIndex With(IReadOnlyList<(string Id, CaseText Text)> more)
    {
        var fresh = new Dictionary<int, List<(int Doc, ushort Count)>>();
        for (var i = 0; i < more.Count; i++)
            foreach (var (pair, n) in Bigrams.Count(more[i].Text.Text))
            {
                ref var list = ref CollectionsMarshal.GetValueRefOrAddDefault(fresh, pair, out _);
                (list ??= []).Add((ids.Length + i, (ushort)Math.Min(n, ushort.MaxValue)));
            }
        var total = documents.Length + fresh.Values.Sum(l => l.Count);
        var (all, docs, numbers) = (new Dictionary<int, (int Start, int Count)>(terms.Count + fresh.Count), new int[total], new ushort[total]);
        var at = 0;
        foreach (var (pair, (start, count)) in terms)
        {
            var begin = at;
            Array.Copy(documents, start, docs, at, count);
            Array.Copy(counts, start, numbers, at, count);
            at += count;
            if (fresh.Remove(pair, out var list))
                foreach (var (doc, n) in list)
                    (docs[at], numbers[at++]) = (doc, n);
            all[pair] = (begin, at - begin);
        }
        foreach (var (pair, list) in fresh)
        {
            all[pair] = (at, list.Count);
            foreach (var (doc, n) in list)
                (docs[at], numbers[at++]) = (doc, n);
        }
        return new CaseIndex(
            [.. ids, .. more.Select(m => m.Id)],
            [.. lengths, .. more.Select(m => m.Text.Text.Length)],
            [.. causes, .. more.Select(m => m.Text.Cause)],
            [.. articles, .. more.Select(m => m.Text.Articles.ToHashSet())],
            [.. amounts, .. more.Select(m => m.Text.Amount ?? -1m)],
            all,
            docs,
            numbers
        );
    }

    /// <summary>Writes the index into a folder, in place of the one there.</summary>
    public void Save(string into)
    {
        Directory.CreateDirectory(into);
        var temporary = Path.Combine(into, FileName + ".new");
        using (var writer = new BinaryWriter(new FileStream(temporary, FileMode.Create, FileAccess.Write, FileShare.None, 1 << 20), Encoding.UTF8))
        {
            writer.Write(Magic);
            writer.Write(ids.Length);
            for (var i = 0; i < ids.Length; i++)
            {
                writer.Write(ids[i]);
                writer.Write(lengths[i]);
                writer.Write(causes[i]);
                writer.Write(amounts[i]);
                writer.Write(articles[i].Count);
                foreach (var article in articles[i])
                    writer.Write(article);
            }
            writer.Write(terms.Count);
            writer.Write((long)documents.Length);
            foreach (var (pair, (start, count)) in terms)
            {
                writer.Write(pair);
                writer.Write(count);
                for (var i = start; i < start + count; i++)
                {
                    writer.Write(documents[i]);
                    writer.Write(counts[i]);
                }
            }
        }
        File.Move(temporary, Path.Combine(into, FileName), overwrite: true);
    }

    /// <summary>Indexes every .txt and .json of a folder; the name without ending is the id. Returns how many.</summary>
    /// <exception cref="RuleBroken">Nothing to index, or a file that cannot be read: named.</exception>
    public static int Build(string folder, string into)
    {
        var paths = Directory
            .EnumerateFiles(folder)
            .Where(p => Path.GetExtension(p).ToLowerInvariant() is ".txt" or ".json")
            .Order(StringComparer.Ordinal)
            .ToArray();
        if (paths.Length == 0)
            throw new RuleBroken($"{folder} holds no .txt or .json.", "dir");
        Write(into, paths.Select(p => (Path.GetFileNameWithoutExtension(p), CaseText.Read(p))));
        return paths.Length;
    }

    /// <summary>Writes an index of texts.</summary>
    public static void Write(string into, IEnumerable<(string Id, CaseText Text)> cases)
    {
        var meta = new List<(string Id, int Length, CaseText Text)>();
        var postings = new Dictionary<int, List<(int Doc, ushort Count)>>();
        foreach (var (id, text) in cases)
        {
            var doc = meta.Count;
            meta.Add((id, text.Text.Length, text with { Text = "" }));
            foreach (var (pair, n) in Bigrams.Count(text.Text))
            {
                ref var list = ref CollectionsMarshal.GetValueRefOrAddDefault(postings, pair, out _);
                (list ??= []).Add((doc, (ushort)Math.Min(n, ushort.MaxValue)));
            }
        }
        Directory.CreateDirectory(into);
        var temporary = Path.Combine(into, FileName + ".new");
        using (var writer = new BinaryWriter(new FileStream(temporary, FileMode.Create, FileAccess.Write, FileShare.None, 1 << 20), Encoding.UTF8))
        {
            writer.Write(Magic);
            writer.Write(meta.Count);
            foreach (var (id, length, text) in meta)
            {
                writer.Write(id);
                writer.Write(length);
                writer.Write(text.Cause);
                writer.Write(text.Amount ?? -1m);
                writer.Write(text.Articles.Count);
                foreach (var article in text.Articles)
                    writer.Write(article);
            }
            writer.Write(postings.Count);
            writer.Write(postings.Values.Sum(l => (long)l.Count));
            foreach (var (pair, list) in postings)
            {
                writer.Write(pair);
                writer.Write(list.Count);
                foreach (var (doc, count) in list)
                {
                    writer.Write(doc);
                    writer.Write(count);
                }
            }
        }
        File.Move(temporary, Path.Combine(into, FileName), overwrite: true);
    }

    /// <exception cref="RuleBroken">No index there, or a damaged one.</exception>
    public static CaseIndex Open(string place)
    {
        var path = Path.Combine(place, FileName);
        if (!File.Exists(path))
            throw new RuleBroken($"There is no index at {place}; make one with similar index.", "index");
        try
        {
            using var reader = new BinaryReader(new MemoryStream(File.ReadAllBytes(path)), Encoding.UTF8);
            if (reader.ReadInt32() != Magic)
                throw new InvalidDataException();
            var n = reader.ReadInt32();
            var (ids, lengths, causes, articles, amounts) = (new string[n], new int[n], new string[n], new HashSet<string>[n], new decimal[n]);
            for (var i = 0; i < n; i++)
            {
                (ids[i], lengths[i], causes[i], amounts[i]) = (reader.ReadString(), reader.ReadInt32(), reader.ReadString(), reader.ReadDecimal());
                articles[i] = [.. Enumerable.Range(0, reader.ReadInt32()).Select(_ => reader.ReadString())];
            }
            var t = reader.ReadInt32();
            var total = checked((int)reader.ReadInt64());
            var (terms, documents, counts) = (new Dictionary<int, (int, int)>(t), new int[total], new ushort[total]);
            for (int i = 0, at = 0; i < t; i++)
            {
                var (pair, count) = (reader.ReadInt32(), reader.ReadInt32());
                terms[pair] = (at, count);
                for (var j = 0; j < count; j++, at++)
                    (documents[at], counts[at]) = (reader.ReadInt32(), reader.ReadUInt16());
            }
            return new CaseIndex(ids, lengths, causes, articles, amounts, terms, documents, counts);
        }
        catch (Exception e)
            when (e
                    is EndOfStreamException
                        or InvalidDataException
                        or OverflowException
                        or IndexOutOfRangeException
                        or ArgumentException
                        or OutOfMemoryException
            )
        {
            throw new RuleBroken($"The index at {place} is damaged; make it again.", "index");
        }
    }

    /// <summary>The cases most like a text.</summary>
    /// <param name="pool">Only these ids; null for all.</param>
    /// <param name="cause">The cause of the case asked about, where it is known; else as the text says.</param>
    /// <param name="boosts">False: the pairs alone, all of them (plain BM25).</param>
    public IReadOnlyList<(string Id, double Score)> Query(string text, int top, IReadOnlySet<string>? pool = null, bool boosts = true, string? cause = null)
    {
        var asked = CaseText.Of(text);
        if (cause is { Length: > 0 })
            asked = asked with { Cause = cause };
        var scores = new double[ids.Length];
        var telling = Bigrams
            .Count(boosts ? asked.Text : text)
            .Where(p => terms.ContainsKey(p.Key))
            .Select(p => (p.Key, Count: p.Value, Weight: Math.Log(1 + ((ids.Length - terms[p.Key].Count + 0.5) / (terms[p.Key].Count + 0.5)))));
        if (boosts)
            telling = telling.Select(p => p with { Weight = p.Weight * (1 + Math.Log(p.Count)) }).OrderByDescending(p => p.Weight).Take(MostPairs);
        foreach (var (pair, _, weight) in telling.ToList())
        {
            var (start, count) = terms[pair];
            for (var i = start; i < start + count; i++)
            {
                var norm = 1.2 * (0.25 + (0.75 * lengths[documents[i]] / average));
                scores[documents[i]] += weight * counts[i] * 2.2 / (counts[i] + norm);
            }
        }
        if (boosts)
        {
            var best = scores.Length == 0 ? 0 : scores.Max();
            for (var i = 0; i < scores.Length; i++)
                if (scores[i] > 0)
                    scores[i] += best * Boost(asked, i);
        }
        return
        [
            .. Enumerable
                .Range(0, ids.Length)
                .Where(i => (scores[i] > 0 || pool is not null) && (pool is null || pool.Contains(ids[i])))
                .OrderByDescending(i => scores[i])
                .ThenBy(i => ids[i], StringComparer.Ordinal)
                .Take(top)
                .Select(i => (ids[i], scores[i])),
        ];
    }

    private double Boost(CaseText asked, int i)
    {
        var boost = asked.Cause.Length > 0 && asked.Cause == causes[i] ? 0.15 : 0;
        if (asked.Articles.Count > 0 && articles[i].Count > 0)
            boost += 0.2 * asked.Articles.Count(articles[i].Contains) / Math.Sqrt(asked.Articles.Count * articles[i].Count);
        if (asked.Amount is { } a and > 0 && amounts[i] > 0)
            boost += 0.05 * Math.Max(0, 1 - (Math.Abs(Math.Log((double)(a / amounts[i]))) / 3));
        return boost;
    }
}
