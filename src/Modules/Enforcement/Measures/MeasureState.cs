using CourtOps.Kernel.Data;
using CourtOps.Kernel.States;

namespace CourtOps.Enforcement.Measures;

/// <summary>The states of a measure.</summary>
internal static class MeasureState
{
    /// <summary>Ruled; the notice of assistance is not yet served on the authority.</summary>
    public const string Ruled = "ruled";

    /// <summary>Registered behind another; has no term of its own (查扣冻规定 26).</summary>
    public const string Waiting = "waiting";
    public const string Active = "active";
    public const string Released = "released";

    /// <summary>Its end passed without renewal (查扣冻规定 27).</summary>
    public const string Lapsed = "lapsed";

    public static readonly IReadOnlyDictionary<string, string> Labels = new Dictionary<string, string>
    {
        [Ruled] = "待送达协助机关",
        [Waiting] = "轮候",
        [Active] = "在控",
        [Released] = "已解除",
        [Lapsed] = "已失效",
    };

    public static bool IsLive(string state) => state is Ruled or Waiting or Active;
}

internal static class MeasureStep
{
    /// <summary>Served on the authority as the first.</summary>
    public const string Serve = "serve";

    /// <summary>Served, and others stand before.</summary>
    public const string Queue = "queue";
    public const string Activate = "activate";
    public const string Renew = "renew";
    public const string Release = "release";
    public const string Lapse = "lapse";

    /// <summary>Its dates are set anew; the state stays.</summary>
    public const string Mark = "mark";
}

/// <summary>The states of an asset.</summary>
internal static class AssetState
{
    /// <summary>A lead, not yet looked into.</summary>
    public const string Clue = "clue";

    /// <summary>There, and under no measure.</summary>
    public const string Found = "found";
    public const string Controlled = "controlled";

    /// <summary>Not controlled, for a reason that was approved.</summary>
    public const string Excused = "excused";

    /// <summary>Its measures were lifted.</summary>
    public const string Released = "released";

    /// <summary>The lead led to nothing.</summary>
    public const string Gone = "gone";

    public static readonly IReadOnlyDictionary<string, string> Labels = new Dictionary<string, string>
    {
        [Clue] = "线索待核实",
        [Found] = "未控制",
        [Controlled] = "已控制",
        [Excused] = "准予不控制",
        [Released] = "已解除",
        [Gone] = "查无此财产",
    };
}

internal static class AssetStep
{
    public const string Verify = "verify";
    public const string Control = "control";
    public const string Free = "free";
    public const string Release = "release";
    public const string Excuse = "excuse";
    public const string Drop = "drop";

    /// <summary>What had ended was found again.</summary>
    public const string Return = "return";

    /// <summary>What led to nothing was reported again, and is looked into once more.</summary>
    public const string Doubt = "doubt";
    public const string Mark = "mark";
}

/// <summary>The one place where measures and assets change their state.</summary>
internal sealed class MeasureBook(Db db)
{
    public static readonly StateTable Measures = new(
        "enforcement_measure",
        "查控措施",
        new(MeasureStep.Serve, [MeasureState.Ruled], MeasureState.Active),
        new(MeasureStep.Queue, [MeasureState.Ruled], MeasureState.Waiting),
        new(MeasureStep.Activate, [MeasureState.Waiting], MeasureState.Active),
        new(MeasureStep.Renew, [MeasureState.Active, MeasureState.Lapsed], MeasureState.Active),
        new(MeasureStep.Release, [MeasureState.Ruled, MeasureState.Waiting, MeasureState.Active], MeasureState.Released),
        new(MeasureStep.Lapse, [MeasureState.Active], MeasureState.Lapsed),
        new(MeasureStep.Mark, [MeasureState.Ruled, MeasureState.Waiting, MeasureState.Active], null)
    );

    public static readonly StateTable Assets = new(
        "enforcement_asset",
        "财产",
        new(AssetStep.Verify, [AssetState.Clue], AssetState.Found),
        new(AssetStep.Control, [AssetState.Clue, AssetState.Found, AssetState.Excused, AssetState.Released, AssetState.Gone], AssetState.Controlled),
        new(AssetStep.Free, [AssetState.Controlled], AssetState.Found),
        new(AssetStep.Release, [AssetState.Controlled], AssetState.Released),
        new(AssetStep.Excuse, [AssetState.Clue, AssetState.Found], AssetState.Excused),
        new(AssetStep.Drop, [AssetState.Clue, AssetState.Found], AssetState.Gone),
        new(AssetStep.Return, [AssetState.Excused, AssetState.Released, AssetState.Gone], AssetState.Found),
        new(AssetStep.Doubt, [AssetState.Gone], AssetState.Clue),
        new(AssetStep.Mark, [AssetState.Clue, AssetState.Found, AssetState.Controlled], null)
    );

    /// <param name="set">Further columns; <paramref name="args"/> then holds Id and Version too.</param>
    /// <exception cref="Kernel.Messaging.RuleBroken">Its state does not allow the step.</exception>
    /// <exception cref="Kernel.Messaging.Conflict">It was changed since it was read.</exception>
    public async Task<MeasureRow> MoveAsync(MeasureRow measure, string step, CancellationToken ct, string set = "", object? args = null) =>
        measure with
        {
            State = await Measures.MoveAsync(db, step, measure.State, args ?? new { measure.Id, measure.Version }, set, ct),
            Version = measure.Version + 1,
        };

    /// <inheritdoc cref="MoveAsync(MeasureRow, string, CancellationToken, string, object)"/>
    public async Task<AssetRow> MoveAsync(AssetRow asset, string step, CancellationToken ct, string set = "", object? args = null) =>
        asset with
        {
            State = await Assets.MoveAsync(db, step, asset.State, args ?? new { asset.Id, asset.Version }, set, ct),
            Version = asset.Version + 1,
        };
}
