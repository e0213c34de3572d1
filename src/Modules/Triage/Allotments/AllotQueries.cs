using System.Text.Json;
using CourtOps.Kernel.Audit;
using CourtOps.Kernel.Data;
using CourtOps.Kernel.Messaging;
using CourtOps.Kernel.Security;
using CourtOps.Kernel.Settings;
using CourtOps.Kernel.Web;
using CourtOps.Triage.Filings;
using CourtOps.Triage.Settings;

namespace CourtOps.Triage.Allotments;

/// <summary>Why a case went where: candidates, loads, draw. Before the draw, who would take part.</summary>
[Permit("triage.filings")]
internal sealed record ShowAllotment : IQuery<ShowAllotment.Result>
{
    public long FilingId { get; init; }

    /// <param name="Drawn">Null before the draw.</param>
    /// <param name="Again">The place in the draw, and of how many, computed again from the seed; null where nothing was drawn.</param>
    internal sealed record Result(
        Filing Filing,
        Drawn? Drawn,
        DateTimeOffset? At,
        string By,
        IReadOnlyList<Standing> Standings,
        string TiedBy,
        (string Judge, int Among)? Again,
        IReadOnlyList<Reasoned> Reasons
    );

    /// <summary>A rule that had its part in it.</summary>
    /// <param name="Label">The decision. A text key.</param>
    /// <param name="Words">Facts, row or branch, and what came out, as they were then.</param>
    /// <param name="Version">The version of the setting; 0 where it was the program's own.</param>
    internal sealed record Reasoned(string Label, string Setting, string Words, int Version, DateTimeOffset At);

    internal sealed class Handler(Db db, FilingBook book, Allotting allotting, ISettings settings, Decisions decisions, Texts texts, TimeProvider clock)
        : IQueryHandler<ShowAllotment, Result>
    {
        private static readonly string[] Asked = ["triage.causes", "triage.split", "triage.teams", "triage.allot"];

        public async Task<Result> Handle(ShowAllotment request, CancellationToken cancellationToken)
        {
            var filing = await book.GetAsync(request.FilingId, cancellationToken);
            var kept = await db.FirstAsync<Kept>(
                "SELECT drawn, at, by_name FROM triage_allotment WHERE filing_id = @Id ORDER BY at DESC",
                new { filing.Id },
                cancellationToken
            );
            if (kept is not null)
            {
                var drawn = JsonSerializer.Deserialize<Drawn>(kept.Drawn, Json.Stored)!;
                return new Result(
                    filing,
                    drawn,
                    kept.At,
                    kept.ByName,
                    drawn.Candidates,
                    drawn.TiedBy,
                    Again(drawn),
                    await ReasonsAsync(filing, cancellationToken)
                );
            }
            if (filing.CaseId is null)
                return new Result(filing, null, null, "", [], "", null, []);
            var names = TriageSettings
                .Teams.Decide(
                    new TeamFacts
                    {
                        Kind = filing.Kind,
                        Cause = filing.Cause,
                        Band = filing.Band,
                    },
                    settings.Current<TableBody>("triage.teams", filing.CourtId)
                )
                .Outcome;
            var loads = await allotting.LoadsAsync(filing.CourtId, Times.Day(clock.GetUtcNow()), cancellationToken);
            var input = await allotting.InputAsync(filing, loads, "", names, cancellationToken);
            var rules = settings.Current<AllotSettings>(filing.CourtId);
            var before = AllotRules.Choose(input, rules);
            var shown = before.How == AllotRules.Tied ? before.Standings : [.. before.Standings.Select(s => s.Why == "drawn" ? s with { Why = "in" } : s)];
            return new Result(
                filing,
                null,
                null,
                "",
                shown,
                before.How == AllotRules.Tied ? input.TiedBy : "",
                null,
                await ReasonsAsync(filing, cancellationToken)
            );
        }

        // of each rule the last that was asked: a draw that found nobody is asked again
        private async Task<IReadOnlyList<Reasoned>> ReasonsAsync(Filing filing, CancellationToken ct) =>
            filing.CaseId is not { } caseId
                ? []
                :
                [
                    .. (await decisions.OfCaseAsync(caseId, Asked, ct))
                        .GroupBy(d => d.Kept.Name)
                        .Select(g => g.Last())
                        .OrderBy(d => d.Kept.At)
                        .ThenBy(d => Array.IndexOf(Asked, d.Kept.Name))
                        .Select(d => new Reasoned(
                            d.Decision.Label,
                            d.Decision.Setting,
                            d.Decision.Tell(texts, d.Kept.Input, d.Kept.Outcome, d.Kept.RuleFired),
                            d.Kept.SettingsVersion.Split(':') is [_, var version]
                            && int.TryParse(version, System.Globalization.CultureInfo.InvariantCulture, out var n)
                                ? n
                                : 0,
                            d.Kept.At
                        )),
                ];

        // anybody may compute the draw again from what is kept
        private static (string, int)? Again(Drawn drawn)
        {
            if (drawn.Seed.Length == 0 || drawn.How == AllotRules.Tied)
                return null;
            var among = drawn.Candidates.Where(c => c.Why is "drawn" or "in").OrderBy(c => c.Id).ToList();
            return (among[AllotRules.Draw(drawn.Seed, drawn.CaseNumber, among.Count)].Name, among.Count);
        }

        private sealed record Kept
        {
            public string Drawn { get; init; } = "";
            public DateTimeOffset At { get; init; }
            public string ByName { get; init; } = "";
        }
    }
}

/// <summary>Allotments, the newest first; those by hand are a list of their own.</summary>
[Permit("triage.filings")]
internal sealed record ListAllotments : IQuery<ListAllotments.Result>
{
    /// <summary>tied, specialised, balanced, by-hand; blank for all.</summary>
    public string How { get; init; } = "";
    public long? Before { get; init; }

    internal sealed record Result(IReadOnlyList<Row> Rows, string? Next);

    internal sealed record Row
    {
        public long Id { get; init; }
        public long FilingId { get; init; }
        public string CaseNumber { get; init; } = "";
        public string JudgeName { get; init; } = "";
        public string How { get; init; } = "";
        public int Weight { get; init; }
        public string Reason { get; init; } = "";
        public DateTimeOffset At { get; init; }
        public string ByName { get; init; } = "";
    }

    internal sealed class Handler(Db db, FilingBook book, Workzone.Cases.ICaseIndex index) : IQueryHandler<ListAllotments, Result>
    {
        private const int Size = 50;

        public async Task<Result> Handle(ListAllotments request, CancellationToken cancellationToken)
        {
            var (me, courts, places) = book.Arguments;
            var rows = await db.PageAsync<Row>(
                $"""
                SELECT a.id, a.filing_id, a.case_number, a.judge_name, a.how, a.weight, a.reason, a.at, a.by_name
                FROM triage_allotment a
                WHERE a.court_id IN @courts AND (@How = '' OR a.how = @How) AND (@Before IS NULL OR a.id < @Before) AND {index.Registered("a.case_id")}
                ORDER BY a.id DESC
                """,
                new
                {
                    request.How,
                    request.Before,
                    me,
                    courts,
                    places,
                },
                Size + 1,
                cancellationToken
            );
            return new Result([.. rows.Take(Size)], rows.Count > Size ? $"{rows[Size - 1].Id}" : null);
        }
    }
}
