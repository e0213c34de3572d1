using CourtOps.Kernel.Data;
using CourtOps.Kernel.Messaging;

namespace CourtOps.Workzone;

/// <summary>A court as centres see it.</summary>
public sealed record CourtCard
{
    public long Id { get; init; }

    /// <summary>The sign in case numbers: 吉2424.</summary>
    public string Code { get; init; } = "";
    public string Name { get; init; } = "";

    /// <summary>high, intermediate or basic.</summary>
    public string Level { get; init; } = "";
}

/// <summary>The courts, for the centres: names and signs only, no secret of any of them.</summary>
public interface ICourts
{
    /// <exception cref="NotFound">No such court.</exception>
    Task<CourtCard> GetAsync(long courtId, CancellationToken ct = default);

    /// <summary>By sign or name; null where none is called so.</summary>
    Task<CourtCard?> FindAsync(string codeOrName, CancellationToken ct = default);

    Task<IReadOnlyList<CourtCard>> AllAsync(CancellationToken ct = default);
}

internal sealed class CourtCards(Db db) : ICourts
{
    private const string Columns = "SELECT id, code, name, level FROM workzone_court";

    public async Task<CourtCard> GetAsync(long courtId, CancellationToken ct = default) =>
        await db.FirstAsync<CourtCard>(Columns + " WHERE id = @courtId", new { courtId }, ct) ?? throw new NotFound("法院", courtId);

    public Task<CourtCard?> FindAsync(string codeOrName, CancellationToken ct = default) =>
        db.FirstAsync<CourtCard>(Columns + " WHERE code = @codeOrName OR name = @codeOrName", new { codeOrName }, ct);

    public Task<IReadOnlyList<CourtCard>> AllAsync(CancellationToken ct = default) => db.QueryAsync<CourtCard>(Columns + " ORDER BY code", null, ct);
}
