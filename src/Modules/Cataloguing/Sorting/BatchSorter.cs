using System.Text.Json;
using CourtOps.Cataloguing.Intake;
using CourtOps.Cataloguing.Reading;
using CourtOps.Kernel.Audit;
using CourtOps.Kernel.Data;
using CourtOps.Kernel.Messaging;
using CourtOps.Kernel.Settings;
using CourtOps.Kernel.Web;
using CourtOps.Workzone.Cases;

namespace CourtOps.Cataloguing.Sorting;

/// <summary>What a person is asked about a document of a batch.</summary>
internal static class Questions
{
    public const string Type = "type";
    public const string Border = "border";
    public const string Blank = "blank";
    public const string Page = "page";
    public const string Quality = "quality";
    public const string Foreign = "foreign";
    public const string Twin = "twin";
    public const string Seal = "seal";

    public static readonly IReadOnlyDictionary<string, string> Labels = new Dictionary<string, string>
    {
        [Type] = "这是什么材料？",
        [Border] = "从这一页另起一件吗？",
        [Blank] = "空白页要剔除吗？",
        [Page] = "这一页没有识别，请人工看",
        [Quality] = "图像不合要求，要重扫吗？",
        [Foreign] = "页上案号与本案不同，是本案材料吗？",
        [Seal] = "印章或签名看不到，缺吗？",
        [Twin] = "与另一页相同，要剔除吗？",
    };
}

/// <summary>Sorts a batch when its last page is read: documents, types, places, and what is unsure.</summary>
internal sealed class BatchSorter(Db db, Ids ids, TimeProvider clock, ICases cases, ISettings settings, Decisions decisions)
{
    private const int Spread = 1_000_000;

    public DateTimeOffset Now() => clock.GetUtcNow();

    /// <summary>Looks whether anything is still under way; sorts what is new when nothing is. In the transaction of whatever ended a page or a file.</summary>
    public async Task LookAsync(long batchId, CancellationToken ct)
    {
        var batch = (await db.FirstAsync<Batch>(BatchBook.BatchColumns + " WHERE b.id = @batchId", new { batchId }, ct))!;
        if (
            batch.State != BatchState.Reading
            || await db.ScalarAsync<int>("SELECT COUNT(*) FROM cataloguing_file WHERE batch_id = @batchId AND state = 'waiting'", new { batchId }, ct) > 0
            || await db.ScalarAsync<int>(
                "SELECT COUNT(*) FROM cataloguing_page WHERE batch_id = @batchId AND state IN ('held', 'waiting') AND removed = 0",
                new { batchId },
                ct
            ) > 0
        )
            return;
        await SortNewAsync(batch, ct);
        var spent = await db.ScalarAsync<long?>("SELECT SUM(wall_ms) FROM cataloguing_page WHERE batch_id = @batchId", new { batchId }, ct) ?? 0;
        await BatchBook.Batches.MoveAsync(
            db,
            "ready",
            batch.State,
            new
            {
                batch.Id,
                batch.Version,
                now = Now(),
                spent,
            },
            "ready_at = COALESCE(ready_at, @now), machine_ms = @spent",
            ct
        );
    }

    /// <summary>The place of a type in the volume by the court's table, recorded as a decision.</summary>
    public async Task<int> PlaceAsync(CaseCard card, string type, CancellationToken ct) =>
        (
            await decisions.DecideAsync<PlaceOutcome>(
                "cataloguing.places",
                new PlaceFacts(SortingTables.Kinds.ContainsKey(card.Kind) ? card.Kind : "other", type),
                card.CourtId,
                card.Id,
                ct: ct
            )
        )
            .Outcome
            .Place;

    /// <summary>What is asked of a piece, by its confidence and by the flags of its pages.</summary>
    public static string Ask(int confidence, int border, string type, IReadOnlyList<Page> pages, SortingRules rules)
    {
        var asked = new List<string>();
        if (type.Length == 0 || confidence < rules.SureType)
            asked.Add(Questions.Type);
        if (border < rules.SureBorder)
            asked.Add(Questions.Border);
        var flags = pages.Where(p => !p.Removed).SelectMany(p => p.FlagList).ToHashSet();
        if (pages.Any(p => p.State == PageState.Person))
            asked.Add(Questions.Page);
        if (flags.Contains(PageQuality.Blank))
            asked.Add(Questions.Blank);
        if (flags.Contains(PageQuality.Duplicate))
            asked.Add(Questions.Twin);
        if (flags.Contains(PageQuality.ForeignNumber))
            asked.Add(Questions.Foreign);
        if (
            flags.Any(f => f is PageQuality.Faint or PageQuality.Blurred or PageQuality.CutEdge or PageQuality.LowResolution)
            || pages.Any(p => !p.Removed && p.State == PageState.Ready && p.Confidence is > 0 && p.Confidence < rules.SureReading * 10)
        )
            asked.Add(Questions.Quality);
        return string.Join(' ', asked);
    }

    /// <summary>What is said of the seal or signature that a type needs by the court's table.</summary>
    public static SealVerdict Seal(string type, IReadOnlyList<Page> pages, TableBody table)
    {
        var there = pages.Where(p => !p.Removed && !p.FlagList.Contains(PageQuality.Blank)).ToList();
        if (type.Length == 0 || there.Count == 0 || there.Any(p => p.State == PageState.Person))
            return new SealVerdict(false, 0, "");
        var need = SortingTables.Seals.Decide(new SealFacts(type), table).Outcome.Need;
        return SealFinder.Look(need, [.. there.Select(p => Redness.Parse(p.Red))], Lines(there[^1]), there[^1].Height);
    }

    private async Task SortNewAsync(Batch batch, CancellationToken ct)
    {
        var pages = (
            await db.QueryAsync<Page>(
                BatchBook.WholePageColumns + " WHERE p.batch_id = @Id AND p.piece_id IS NULL AND p.removed = 0 ORDER BY p.ordinal",
                new { batch.Id },
                ct
            )
        ).ToList();
        if (pages.Count == 0)
            return;
        var card = await cases.GetAsync(batch.CaseId, ct);
        var parties = await cases.PartiesAsync(batch.CaseId, ct);
        var rules = settings.Current<SortingRules>(card.CourtId);
        var types = settings.Current<TableBody>(SortingTables.Types.Key, card.CourtId);
        var learned = rules.Learn ? await ModelAsync(card.CourtId, ct) : null;
        var seen = pages
            .Select(p => new SortPage(
                p.Id,
                p.PageText,
                Lines(p),
                p.Width,
                p.FlagList.Contains(PageQuality.Blank),
                p.State == PageState.Person ? 0 : p.Confidence / 1000.0
            ))
            .ToList();
        // a file that came by itself begins a document: who handed it over parted it
        foreach (var first in pages.Select((p, i) => (p, i)).Where(x => x.i > 0 && x.p.FileId != pages[x.i - 1].FileId && IsWhole(pages, x.p.FileId)))
            seen[first.i] = seen[first.i] with { Begins = true };
        var places = new Dictionary<string, int>();
        foreach (
            var piece in Sorter.Split(
                seen,
                types,
                new SortCase(card.Number, card.Kind, [.. parties.Select(p => (p.Name, p.Role))]),
                learned is null ? null : learned.Guess
            )
        )
        {
            var own = pages.Skip(piece.First).Take(piece.Count).ToList();
            var type = piece.Type.Type;
            var confidence = (int)Math.Round(piece.Type.Confidence * 100);
            var border = (int)Math.Round(piece.Border * 100);
            if (!places.TryGetValue(type, out var place))
                places[type] = place = await PlaceAsync(card, type.Length == 0 ? PaperTypes.Other : type, ct);
            var questions = Ask(confidence, border, type, own, rules);
            var seal = Seal(type, own, settings.Current<TableBody>(SortingTables.Seals.Key, card.CourtId));
            if (seal.Missing)
                questions = questions.Length > 0 ? $"{questions} {Questions.Seal}" : Questions.Seal;
            var id = ids.Next();
            await InsertAsync(
                new PieceRow
                {
                    Id = id,
                    BatchId = batch.Id,
                    CaseId = batch.CaseId,
                    Ordinal = own[0].Ordinal * Spread / 1000,
                    PaperType = type,
                    GuessedType = type,
                    Title = BatchBook.Cut(piece.Title, 200),
                    Author = BatchBook.Cut(piece.Author, 120),
                    Party = BatchBook.Cut(piece.Party, 120),
                    PaperDate = piece.Date,
                    Volume = PaperTypes.Of(type).Secondary ? "secondary" : "main",
                    Place = place,
                    Confidence = confidence,
                    Border = border,
                    Reason =
                        BatchBook.Cut(
                            piece.BorderReason == piece.Type.Reason ? piece.Type.Reason : $"{piece.Type.Reason}；{piece.BorderReason}",
                            seal.Missing ? 300 : 400
                        ) + (seal.Missing ? $"；{seal.Reason}（把握 {seal.Confidence}%）" : ""),
                    Questions = questions,
                    Look = questions.Length > 0 ? "unsure" : "sure",
                    Version = 1,
                },
                ct
            );
            await db.ExecuteManyAsync("UPDATE cataloguing_page SET piece_id = @id WHERE id = @page", [.. own.Select(p => (object)new { id, page = p.Id })], ct);
        }
    }

    public Task InsertAsync(PieceRow p, CancellationToken ct) =>
        db.ExecuteAsync(
            """
            INSERT INTO cataloguing_piece (id, batch_id, case_id, ordinal, paper_type, guessed_type, title, author, party, paper_date, volume, place,
                confidence, border, reason, questions, look, document_id, version)
            VALUES (@Id, @BatchId, @CaseId, @Ordinal, @PaperType, @GuessedType, @Title, @Author, @Party, @PaperDate, @Volume, @Place, @Confidence, @Border,
                @Reason, @Questions, @Look, @DocumentId, @Version)
            """,
            p,
            ct
        );

    /// <summary>What this court's confirmed pages teach; null where nothing was learned yet.</summary>
    public async Task<LearnedTypes?> ModelAsync(long courtId, CancellationToken ct) =>
        await db.FirstAsync<string>("SELECT body FROM cataloguing_model WHERE court_id = @courtId ORDER BY model_version DESC", new { courtId }, ct) is { } body
            ? JsonSerializer.Deserialize<LearnedTypes>(body, Json.Stored)
            : null;

    public static IReadOnlyList<ReadLine> Lines(Page page) => JsonSerializer.Deserialize<List<ReadLine>>(page.TextLines, Json.Stored) ?? [];

    // pictures of single pages say nothing of where a document begins; a PDF or TIFF of several pages does
    private static bool IsWhole(List<Page> pages, long fileId) => pages.Count(p => p.FileId == fileId) > 1;
}
