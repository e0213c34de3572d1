using CourtOps.Kernel.Data;
using CourtOps.Kernel.Settings;

namespace CourtOps.Workzone.Settings;

/// <summary>Settings are inherited from the court above.</summary>
internal sealed class CourtSettings : ISettingTree
{
    public Task<IReadOnlyList<SettingCourt>> LoadAsync(Db db, CancellationToken ct) => LoadRowsAsync(db, ct);

    private static async Task<IReadOnlyList<SettingCourt>> LoadRowsAsync(Db db, CancellationToken ct) =>
        [
            .. (await db.QueryAsync<Row>("SELECT id, parent_id, name, merged_into_id FROM workzone_court", null, ct)).Select(r => new SettingCourt(
                r.Id,
                r.ParentId,
                r.Name,
                r.MergedIntoId
            )),
        ];

    private sealed record Row
    {
        public long Id { get; init; }
        public long? ParentId { get; init; }
        public string Name { get; init; } = "";
        public long? MergedIntoId { get; init; }
    }
}
