using System.Globalization;
using CourtOps.Kernel.Data;
using CourtOps.Kernel.Files;
using CourtOps.Kernel.Jobs;

namespace CourtOps.Workzone.Imports;

/// <summary>Lists whose import has ended, or never began, and that a crash left behind; older than a day.</summary>
internal sealed class CollectImports(Db db, DataFolder folder, TimeProvider clock) : IJobHandler
{
    public async Task RunAsync(CancellationToken ct)
    {
        var root = Path.Combine(folder.Root, "imports");
        var before = (clock.GetUtcNow() - CollectFiles.Age).UtcDateTime;
        foreach (var file in Directory.Exists(root) ? Directory.GetFiles(root).Where(f => File.GetLastWriteTimeUtc(f) < before) : [])
            if (
                long.TryParse(Path.GetFileName(file), NumberStyles.None, CultureInfo.InvariantCulture, out var id)
                && await db.FirstAsync<string>("SELECT state FROM workzone_import WHERE id = @id", new { id }, ct) is null or "done" or "failed"
            )
                File.Delete(file);
    }
}
