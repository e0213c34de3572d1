using CourtOps.Enforcement.Checks;
using CourtOps.Kernel.Audit;
using CourtOps.Kernel.Data;
using CourtOps.Kernel.Messaging;
using CourtOps.Kernel.Security;
using CourtOps.Kernel.Settings;
using CourtOps.Workzone.Cases;
using FluentValidation;

namespace CourtOps.Enforcement.Command;

/// <summary>What the split looks at.</summary>
internal sealed record TrackFacts
{
    /// <summary>执, 执恢 or 执保.</summary>
    public string Type { get; init; } = "";

    /// <summary>Cents.</summary>
    public long Amount { get; init; }

    /// <summary>Transfer of a title or of custody is all that is asked.</summary>
    public bool Transfer { get; init; }

    /// <summary>What is under first measures covers the claim.</summary>
    public bool Covered { get; init; }
}

internal sealed record TrackOutcome
{
    /// <summary>fast, full or preserve.</summary>
    public string Team { get; init; } = "";
}

/// <summary>简案快执、繁案精执: the table by which enforcement cases are split, with dry run and history by the settings.</summary>
internal static class Track
{
    public const string Decision = "enforcement.track";

    public static readonly IReadOnlyDictionary<string, string> Teams = new Dictionary<string, string>
    {
        ["fast"] = "快执组",
        ["full"] = "精执组",
        ["preserve"] = "保全组",
    };

    public static readonly DecisionTable<TrackFacts, TrackOutcome> Table = new()
    {
        Key = Decision,
        Label = "简案快执",
        Help = "按类型、标的额、过户交付和足额控制，分快执、精执和保全组。",
        Affects = "此后立案或者情况变更的案件",
        Source = "法发〔2019〕16号",
        Facts =
        [
            new(nameof(TrackFacts.Type), "类型")
            {
                Choices = new Dictionary<string, string>
                {
                    ["执"] = "首次执行",
                    ["执恢"] = "恢复执行",
                    ["执保"] = "财产保全执行",
                },
            },
            new(nameof(TrackFacts.Amount), "标的额") { Money = true, Min = 0 },
            new(nameof(TrackFacts.Transfer), "仅过户或交付"),
            new(nameof(TrackFacts.Covered), "已足额控制"),
        ],
        Outcome = [new(nameof(TrackOutcome.Team), "办理组") { Choices = Teams }],
        Default = new TableBody
        {
            Rows =
            [
                Row("preserve", ("Type", Ops.Is, "执保")),
                Row("fast", ("Transfer", Ops.Is, "yes")),
                Row("fast", ("Covered", Ops.Is, "yes")),
                Row("fast", ("Amount", Ops.AtMost, "5000000")),
                Row("full"),
            ],
        },
    };

    private static TableRow Row(string team, params (string Fact, string Op, string Value)[] when) =>
        new()
        {
            When = when.ToDictionary(w => w.Fact, w => new Condition(w.Op, [w.Value])),
            Then = new Dictionary<string, string> { ["Team"] = team },
        };
}

/// <summary>Splits a case by the table, again when its facts change.</summary>
internal sealed class Splitting(Db db, Lookout lookout, Decisions decisions)
{
    /// <summary>Returns the team; null where the case is not one of enforcement.</summary>
    public async Task<string?> SplitAsync(long caseId, bool? transfer, CancellationToken ct)
    {
        var (facts, card) = await lookout.FactsAsync(caseId, ct);
        if (card is null || !Law.CaseNumber.TryParse(card.Number, out var number) || number.Type is not ("执" or "执恢" or "执保"))
            return null;
        var now = (await db.FirstAsync<CaseRow>("SELECT track, transfer FROM enforcement_case WHERE case_id = @caseId", new { caseId }, ct))!;
        var input = new TrackFacts
        {
            Type = number.Type,
            Amount = facts.Claim ?? 0,
            Transfer = transfer ?? now.Transfer,
            Covered = facts.Owed is > 0 and { } owed && LeakChecks.Held(facts.Measures) + facts.HeldMoney >= owed,
        };
        var fired = await decisions.DecideAsync<TrackOutcome>(Track.Decision, input, card.CourtId, caseId, ct: ct);
        await db.ExecuteAsync(
            "UPDATE enforcement_case SET track = @Team, track_rule = @rule, transfer = @Transfer WHERE case_id = @caseId",
            new
            {
                fired.Outcome.Team,
                rule = fired.Rule.Length > 80 ? fired.Rule[..80] : fired.Rule,
                input.Transfer,
                caseId,
            },
            ct
        );
        return fired.Outcome.Team;
    }

    private sealed record CaseRow
    {
        public string? Track { get; init; }
        public bool Transfer { get; init; }
    }
}

/// <summary>New facts: whether only a transfer is asked. The split is made anew.</summary>
[Permit("enforcement.work")]
[Audited("enforcement.case.split")]
internal sealed record SplitCase : ICommand<string>
{
    public long CaseId { get; init; }
    public bool Transfer { get; init; }

    internal sealed class Validator : AbstractValidator<SplitCase>
    {
        public Validator() => RuleFor(c => c.CaseId).NotEmpty().WithMessage("请指明案件。");
    }

    internal sealed class Handler(ICases cases, Lookout lookout, Splitting splitting, AuditTrail audit) : ICommandHandler<SplitCase, string>
    {
        public async Task<string> Handle(SplitCase c, CancellationToken cancellationToken)
        {
            var card = await cases.GetAsync(c.CaseId, cancellationToken);
            await lookout.TrackAsync(card, cancellationToken);
            var team =
                await splitting.SplitAsync(card.Id, c.Transfer, cancellationToken)
                ?? throw new RuleBroken("不是执行案件，不作繁简分流。", code: "not-enforcement");
            audit.Note("case", card.Id, new { team, c.Transfer }, card.Id);
            return team;
        }
    }
}
