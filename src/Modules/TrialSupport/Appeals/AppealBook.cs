using System.Globalization;
using CourtOps.Kernel.Access;
using CourtOps.Kernel.Data;
using CourtOps.Kernel.Messaging;
using CourtOps.Kernel.Security;
using CourtOps.Kernel.States;
using CourtOps.Kernel.Web;
using CourtOps.Workzone.Cases;

namespace CourtOps.TrialSupport.Appeals;

internal sealed record Appeal
{
    public const string Columns =
        "SELECT a.id, a.case_id, a.case_number, a.appellant, a.received_on, a.upper_court, a.steps, a.items, a.volumes, a.handed_to, "
        + "a.transferred_on, a.reason, a.state, a.upper_number, a.upper_on, a.result, a.result_on, a.result_words, a.returned_on, a.version "
        + "FROM trial_appeal a";

    public static readonly IReadOnlyDictionary<string, string> States = new Dictionary<string, string>
    {
        ["open"] = "办理中",
        ["transferred"] = "已移送",
        ["upper"] = "二审已立案",
        ["decided"] = "二审已结",
        ["withdrawn"] = "撤回或者不予移送",
    };

    public static readonly StateTable Table = new(
        "trial_appeal",
        "上诉移送",
        new("step", ["open"], null),
        new("transfer", ["open"], "transferred"),
        new("withdraw", ["open"], "withdrawn"),
        new("accept", ["transferred", "upper"], "upper"),
        new("decide", ["transferred", "upper"], "decided"),
        new("return", ["decided"], null)
    );

    public long Id { get; init; }
    public long CaseId { get; init; }
    public string CaseNumber { get; init; } = "";
    public string Appellant { get; init; } = "";
    public DateOnly ReceivedOn { get; init; }
    public string UpperCourt { get; init; } = "";

    /// <summary>"copies=2026-03-02 fee=2026-03-03".</summary>
    public string Steps { get; init; } = "";
    public string Items { get; init; } = "";
    public int? Volumes { get; init; }
    public string? HandedTo { get; init; }
    public DateOnly? TransferredOn { get; init; }
    public string? Reason { get; init; }

    /// <summary>The number the court above gave it, and when.</summary>
    public string? UpperNumber { get; init; }
    public DateOnly? UpperOn { get; init; }

    /// <summary>A key of <see cref="AppealRules.Results"/>.</summary>
    public string? Result { get; init; }
    public DateOnly? ResultOn { get; init; }
    public string? ResultWords { get; init; }

    /// <summary>When the file came back.</summary>
    public DateOnly? ReturnedOn { get; init; }
    public string State { get; init; } = "";
    public int Version { get; init; }

    public IReadOnlyDictionary<string, DateOnly> Done =>
        Steps
            .Split(' ', StringSplitOptions.RemoveEmptyEntries)
            .Select(s => s.Split('='))
            .ToDictionary(p => p[0], p => DateOnly.ParseExact(p[1], "yyyy-MM-dd", CultureInfo.InvariantCulture));

    public IReadOnlyList<string> ItemSet => Items.Split(' ', StringSplitOptions.RemoveEmptyEntries);
}

internal static class AppealBook
{
    /// <exception cref="NotFound">Not an appeal of this case.</exception>
    public static async Task<Appeal> GetAsync(Db db, long caseId, long id, int? version, CancellationToken ct)
    {
        var a =
            await db.FirstAsync<Appeal>(Appeal.Columns + " WHERE a.id = @id AND a.case_id = @caseId", new { id, caseId }, ct) ?? throw new NotFound("上诉", id);
        return version is null || version == a.Version ? a : throw new Conflict("上诉刚被他人办理，请刷新后再看。");
    }

    /// <summary>Writes steps and parcel of an open appeal.</summary>
    public static Task<string> StepAsync(Db db, Appeal a, IEnumerable<KeyValuePair<string, DateOnly>> done, IEnumerable<string> items, CancellationToken ct) =>
        Appeal.Table.MoveAsync(
            db,
            "step",
            a.State,
            new
            {
                a.Id,
                a.Version,
                steps = string.Join(' ', done.Select(d => $"{d.Key}={Times.Iso(d.Value)}")),
                items = string.Join(' ', items.Distinct()),
            },
            "steps = @steps, items = @items",
            ct
        );

    /// <summary>What was asked for, in its order.</summary>
    public static Task<IReadOnlyList<AppealNeed>> NeedsAsync(Db db, long appealId, CancellationToken ct) =>
        db.QueryAsync<AppealNeed>(AppealNeed.Columns + " WHERE n.appeal_id = @appealId ORDER BY n.asked_on, n.id", new { appealId }, ct);
}

/// <summary>The appeals of a case with the clock of each.</summary>
[Permit("trial.read")]
internal sealed record ListAppeals : IQuery<ListAppeals.Result>
{
    public long CaseId { get; init; }

    internal sealed record Running(Appeal Row, IReadOnlyList<(AppealStep Step, DateOnly? Due, DateOnly? Done)> Steps, IReadOnlyList<string> Missing)
    {
        public IReadOnlyList<AppealNeed> Needs { get; init; } = [];

        /// <summary>What must be so before it goes up.</summary>
        public IReadOnlyList<(string Label, bool Done)> Checklist => AppealRules.Checklist(Row.Done, Row.ItemSet, [.. Needs.Where(n => n.State == "open")]);
    }

    internal sealed record Result(CaseCard Case, IReadOnlyList<Running> Rows, IReadOnlyList<PartyContact> Parties, DateOnly Today);

    internal sealed class Handler(Db db, ICases cases, TimeProvider clock, AccessLog reads) : IQueryHandler<ListAppeals, Result>
    {
        public async Task<Result> Handle(ListAppeals request, CancellationToken cancellationToken)
        {
            var card = await cases.GetAsync(request.CaseId, cancellationToken);
            var rows = await db.QueryAsync<Appeal>(Appeal.Columns + " WHERE a.case_id = @Id ORDER BY a.received_on, a.id", new { card.Id }, cancellationToken);
            var needs = (
                await db.QueryAsync<AppealNeed>(
                    AppealNeed.Columns + " JOIN trial_appeal a ON a.id = n.appeal_id WHERE a.case_id = @Id ORDER BY n.asked_on, n.id",
                    new { card.Id },
                    cancellationToken
                )
            ).ToLookup(n => n.AppealId);
            reads.List("trial.appeal.list", rows.Count, new { card.Id }, card.Id);
            return new Result(
                card,
                [
                    .. rows.Select(a => new Running(
                        a,
                        AppealRules.Run(a.ReceivedOn, a.TransferredOn is { } t ? a.Done.Append(new("file", t)).DistinctBy(d => d.Key).ToDictionary() : a.Done),
                        AppealRules.Missing(a.ItemSet)
                    )
                    {
                        Needs = [.. needs[a.Id]],
                    }),
                ],
                await cases.PartiesAsync(card.Id, cancellationToken),
                Times.Day(clock.GetUtcNow())
            );
        }
    }
}
