using System.Text.Json;
using CourtOps.Kernel.Data;
using CourtOps.Kernel.Messaging;
using CourtOps.Kernel.Settings;

namespace CourtOps.Kernel.Audit;

/// <summary>Keeps what a rule decided, with its input: explanation, dry run and audit all read this.</summary>
public sealed class Decisions(Db db, Ids ids, TimeProvider clock, SettingCatalogue catalogue, ISettings settings)
{
    /// <summary>Decides by the settings of the court and records it, in the command's transaction.</summary>
    /// <param name="name">A declared decision.</param>
    /// <param name="pin">The settings the work began with (<see cref="ISettings.Pin{T}"/>); null decides by those of an instant.</param>
    /// <param name="at">When the work began, where that settles its rules; null is now.</param>
    /// <returns>The outcome and the row or branch that fired.</returns>
    public async Task<Fired<TOutcome>> DecideAsync<TOutcome>(
        string name,
        object input,
        long courtId,
        long? caseId,
        string? pin = null,
        DateTimeOffset? at = null,
        CancellationToken ct = default
    )
        where TOutcome : class
    {
        var decision = catalogue.Decision(name);
        var (rules, source) = pin is null
            ? settings.Find(decision.Setting, courtId, at ?? clock.GetUtcNow())
            : (settings.Pinned(decision.Setting, pin), SettingSource.Default);
        var version = pin is null || pin.StartsWith('=') ? source.ToString() : pin;
        var run = decision.Run(input, rules);
        await InsertAsync(name, version, JsonSerializer.Serialize(input, Json.Stored), run.Outcome, run.Rule, caseId, courtId, decision.Setting, ct);
        return new Fired<TOutcome>((TOutcome)run.Value, run.Rule);
    }

    /// <summary>What was decided of a case by these decisions, in the order of their times; whoever asks has seen to it that the case may be seen.</summary>
    public async Task<IReadOnlyList<(DecisionDefinition Decision, KeptDecision Kept)>> OfCaseAsync(
        long caseId,
        IReadOnlyCollection<string> names,
        CancellationToken ct
    ) =>
        [
            .. (
                await db.QueryAsync<KeptDecision>(
                    "SELECT name, settings_version, input, outcome, rule_fired, at FROM kernel_decision WHERE case_id = @caseId AND name IN @names ORDER BY id",
                    new { caseId, names },
                    ct
                )
            ).Select(k => (catalogue.Decision(k.Name), k)),
        ];

    /// <summary>What was decided by a rule of its own, without a setting.</summary>
    public Task RecordAsync(
        string name,
        string settingsVersion,
        object input,
        object outcome,
        string ruleFired,
        long? caseId,
        CancellationToken ct = default
    ) =>
        InsertAsync(
            name,
            settingsVersion,
            JsonSerializer.Serialize(input, Json.Stored),
            JsonSerializer.Serialize(outcome, Json.Stored),
            ruleFired,
            caseId,
            0,
            null,
            ct
        );

    private Task InsertAsync(
        string name,
        string settingsVersion,
        string input,
        string outcome,
        string ruleFired,
        long? caseId,
        long courtId,
        string? settingKey,
        CancellationToken ct
    ) =>
        db.ExecuteAsync(
            """
            INSERT INTO kernel_decision (id, name, settings_version, input, outcome, rule_fired, case_id, at, court_id, setting_key)
            VALUES (@id, @name, @settingsVersion, @input, @outcome, @ruleFired, @caseId, @at, @courtId, @settingKey)
            """,
            new
            {
                id = ids.Next(),
                name,
                settingsVersion,
                input,
                outcome,
                ruleFired,
                caseId,
                at = clock.GetUtcNow(),
                courtId,
                settingKey,
            },
            ct
        );
}

/// <summary>A decision as it was kept.</summary>
public sealed record KeptDecision
{
    /// <summary>Its declared name.</summary>
    public string Name { get; init; } = "";

    /// <summary>"12:3" for the court and its version, 0 for all courts; "default".</summary>
    public string SettingsVersion { get; init; } = "";

    /// <summary>What was looked at, as stored.</summary>
    public string Input { get; init; } = "";

    /// <summary>What came out, as stored.</summary>
    public string Outcome { get; init; } = "";

    /// <summary>The row or branch.</summary>
    public string RuleFired { get; init; } = "";

    /// <summary>When.</summary>
    public DateTimeOffset At { get; init; }
}
