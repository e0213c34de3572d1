using System.Globalization;
using System.Text.Json;
using CourtOps.Kernel.Messaging;
using CourtOps.Kernel.Modules;
using CourtOps.Kernel.Web;
using CourtOps.TrialSupport.Checks;
using CourtOps.TrialSupport.Laws;
using CourtOps.TrialSupport.Planning;
using CourtOps.TrialSupport.Recordings;
using CourtOps.TrialSupport.Similar;

namespace CourtOps.TrialSupport.Verbs;

/// <summary>The verbs of the centre that need no database: check-document, law, similar, schedule, recording.</summary>
internal static class TrialVerbs
{
    private static readonly JsonSerializerOptions Reading = new(JsonSerializerDefaults.Web)
    {
        ReadCommentHandling = JsonCommentHandling.Skip,
        AllowTrailingCommas = true,
    };

    public static void Declare(ModuleDeclaration declare)
    {
        declare.Verb("check-document", CheckDocument);
        declare.Verb("law", Law);
        declare.Verb("similar", SimilarCases);
        declare.Verb("schedule", Schedule);
        declare.Verb("recording", Recording);
    }

    private static object CheckDocument(VerbCall call)
    {
        call.Only("case", "laws", "date");
        var path = File(call.Word(0, "FILE.docx"), "file");
        var watch = call.Clock.GetTimestamp();
        using var stream = System.IO.File.OpenRead(path);
        var today = call.Value("date") is { } d ? Day(d, "date") : Times.Day(call.Clock.GetUtcNow());
        var file = call.Value("case") is { } c ? Read<CaseFile>(File(c, "case"), "case") : null;
        var laws = call.Value("laws") is { } l ? LawLibrary.Open(l) : null;
        var findings = Checker.Run(new CheckAsk(new Paper(Docx.Read(stream)), file, today, laws));
        return new { findings, seconds = Seconds(call, watch) };
    }

    private static object Law(VerbCall call)
    {
        switch (call.Word(0, "import or find"))
        {
            case "import":
                call.Only("into");
                return LawLibrary.Import(Folder(call.Word(1, "DIR"), "dir"), call.Need("into"));
            case "find":
                call.Only("in", "law", "article", "on", "top");
                var article = call.Value("article") is { } a
                    ? int.TryParse(a, NumberStyles.None, CultureInfo.InvariantCulture, out var n)
                        ? n
                        : Numerals.Read(a.Trim('第', '条')) ?? throw Bad("--article is the number of an article.", "article")
                    : (int?)null;
                return LawLibrary
                    .Open(call.Need("in"))
                    .Find(
                        call.Words.Count > 1 ? string.Join(' ', call.Words.Skip(1)) : "",
                        call.Value("law"),
                        article,
                        call.Value("on") is { } on ? Day(on, "on") : null,
                        Count(call, "top", 10, 1000)
                    )
                    .Select(h => new
                    {
                        law = h.Law,
                        article = h.Article,
                        text = h.Text,
                        from = h.From,
                        to = h.To,
                        score = Math.Round(h.Score, 4),
                    })
                    .ToList();
            case var other:
                throw Bad($"law has no “{other}”. It has import and find.", "verb");
        }
    }

    private static object SimilarCases(VerbCall call)
    {
        var watch = call.Clock.GetTimestamp();
        switch (call.Word(0, "index or query"))
        {
            case "index":
                call.Only("into");
                var count = CaseIndex.Build(Folder(call.Word(1, "DIR"), "dir"), call.Need("into"));
                return new { documents = count, seconds = Seconds(call, watch) };
            case "query":
                call.Only("index", "pool", "top");
                var text = CaseText.Read(File(call.Word(1, "FILE"), "file"));
                var pool = call.Value("pool") is { } p
                    ? System.IO.File.ReadAllLines(File(p, "pool")).Select(x => x.Trim()).Where(x => x.Length > 0).ToHashSet()
                    : null;
                return CaseIndex
                    .Open(call.Need("index"))
                    .Query(text.Text, Count(call, "top", 10, 100_000), pool)
                    .Select(h => new { id = h.Id, score = Math.Round(h.Score, 4) })
                    .ToList();
            case var other:
                throw Bad($"similar has no “{other}”. It has index and query.", "verb");
        }
    }

    private static object Schedule(VerbCall call)
    {
        call.Only("input", "seconds");
        var input = Read<PlanInput>(File(call.Need("input"), "input"), "input");
        var limit = call.Value("seconds") is { } s
            ? double.TryParse(s, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var n) && n is > 0 and <= 3600
                ? n
                : throw Bad("--seconds is a number up to 3600.", "seconds")
            : 8;
        var watch = call.Clock.GetTimestamp();
        var answer = Planner.Plan(input, TimeSpan.FromSeconds(limit), call.Clock);
        return new
        {
            placed = answer.Placed,
            unplaced = answer.Unplaced,
            bound = answer.Bound,
            firstFit = new { placed = answer.FirstFitPlaced, spread = Math.Round(answer.FirstFitSpread, 4) },
            spread = Math.Round(answer.Spread, 4),
            seconds = Seconds(call, watch),
        };
    }

    private static object Recording(VerbCall call)
    {
        call.Only();
        return call.Word(0, "verify") == "verify"
            ? RecordingFolder.Verify(Folder(call.Word(1, "DIR"), "dir"))
            : throw Bad("recording has verify only.", "verb");
    }

    private static double Seconds(VerbCall call, long since) => Math.Round(call.Clock.GetElapsedTime(since).TotalSeconds, 3);

    private static T Read<T>(string path, string field)
    {
        try
        {
            using var stream = System.IO.File.OpenRead(path);
            return JsonSerializer.Deserialize<T>(stream, Reading) ?? throw Bad($"{path} is empty.", field);
        }
        catch (JsonException e)
        {
            throw Bad($"{path} is not the JSON expected: {e.Message}", field);
        }
    }

    private static int Count(VerbCall call, string name, int otherwise, int most) =>
        call.Value(name) is not { } text ? otherwise
        : int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var n) && n >= 1 && n <= most ? n
        : throw Bad($"--{name} must be a whole number from 1 to {most}.", name);

    private static DateOnly Day(string text, string field) =>
        DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day)
            ? day
            : throw Bad($"--{field} is a date like 2026-11-29.", field);

    private static string File(string path, string field) => System.IO.File.Exists(path) ? path : throw Bad($"There is no file {path}.", field);

    private static string Folder(string path, string field) => Directory.Exists(path) ? path : throw Bad($"There is no folder {path}.", field);

    private static RuleBroken Bad(string words, string field) => new(words, field);
}
