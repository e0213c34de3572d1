using CourtOps.Kernel.Data;
using CourtOps.Kernel.Messaging;
using CourtOps.Kernel.Security;
using CourtOps.Kernel.Settings;
using CourtOps.Workzone.Rights;

namespace CourtOps.Workzone.Settings;

/// <summary>
/// Who sets rules: a leader those of their court, the lead of a centre those of the centre in their court, a system administrator those of their courts and
/// of the
/// courts below; what is for all courts only the highest. Where two persons are asked for, the second is a leader, a system or a security administrator of
/// the court.
/// </summary>
internal static class SettingRights
{
    public const string Read = "workzone.settings.read";
    public const string Change = "workzone.settings.change";
    public const string Confirm = "workzone.settings.confirm";

    /// <summary>The court is the actor's own, one of theirs, or one above, whose values are inherited.</summary>
    public static bool MaySee(Actor actor, SettingStore store, long courtId) =>
        actor.IsSystem || courtId == 0 || actor.Courts.Contains(courtId) || AdminScope.Covers(actor, courtId) || store.Chain(actor.CourtId).Contains(courtId);

    public static async Task<bool> MayChangeAsync(Db db, Actor actor, SettingDefinition setting, long courtId, CancellationToken ct)
    {
        if (actor.IsSystem)
            return true;
        if (!actor.Can(Change) || setting.SetAt is not null || (setting.Everywhere && courtId != 0))
            return false;
        if (courtId == 0)
            return actor.CourtsOf(Roles.SystemAdministrator).Count > 0 && await AdminScope.IsHighestAsync(db, actor, Roles.SystemAdministrator, ct);
        return actor.Holds(Roles.SystemAdministrator, courtId)
            || actor.Holds(Roles.Leader, courtId)
            || (setting.Centre.Length > 0 && actor.Holds(Roles.Lead + ":" + setting.Centre, courtId));
    }

    public static bool MayConfirm(Actor actor, long courtId) =>
        actor.IsSystem
        || (
            actor.Can(Confirm)
            && (
                courtId == 0
                    ? AdminScope.Courts(actor).Count > 0
                    : actor.Holds(Roles.Leader, courtId) || actor.Holds(Roles.SystemAdministrator, courtId) || actor.Holds(Roles.SecurityAdministrator, courtId)
            )
        );

    /// <exception cref="NotFound">No such setting, or a court whose rules are none of the actor's business.</exception>
    public static SettingDefinition Find(SettingCatalogue catalogue, SettingStore store, Actor actor, string key, long courtId) =>
        MaySee(actor, store, courtId) ? catalogue.Find(key) ?? throw new NotFound("规则", key) : throw new NotFound("法院", courtId);

    /// <exception cref="Forbidden">The actor may read it only.</exception>
    public static async Task<SettingDefinition> DemandAsync(
        Db db,
        SettingCatalogue catalogue,
        SettingStore store,
        Actor actor,
        string key,
        long courtId,
        CancellationToken ct
    )
    {
        var setting = Find(catalogue, store, actor, key, courtId);
        return await MayChangeAsync(db, actor, setting, courtId, ct) ? setting : throw new Forbidden(Change);
    }
}
