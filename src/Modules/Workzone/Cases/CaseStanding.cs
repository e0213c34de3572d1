using CourtOps.Kernel.Data;
using CourtOps.Kernel.Messaging;
using CourtOps.Kernel.Security;

namespace CourtOps.Workzone.Cases;

/// <summary>A person who was recused from a case, or whose roles ended, is not told again what was answered before.</summary>
internal sealed class CaseStanding(Db db, Actor actor) : IStanding
{
    public async Task<bool> ShrankSinceAsync(DateTimeOffset since, CancellationToken ct) =>
        actor.HasRecusals
        && await db.ScalarAsync<int>("SELECT COUNT(*) FROM workzone_recusal WHERE person_id = @me AND since >= @since", new { me = actor.Id, since }, ct) > 0;
}
