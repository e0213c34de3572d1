using CourtOps.Kernel.Files;
using CourtOps.Kernel.Messaging;
using CourtOps.Workzone.Cases;
using Microsoft.AspNetCore.Http;

namespace CourtOps.Cataloguing.Intake;

/// <summary>Writes posted files and finished uploads down, by digest, before a command names them. What they are is found out afterwards, as work.</summary>
internal sealed class MaterialIntake(BlobStore blobs, Uploads uploads, UploadLimits limits, ICases cases)
{
    public Task DemandAsync(long caseId, CancellationToken ct) => cases.GetAsync(caseId, ct);

    /// <exception cref="NotFound">The case is not for this actor: said before anything is written.</exception>
    public async Task<IReadOnlyList<TakenFile>> KeepAsync(long caseId, IEnumerable<IFormFile> files, IEnumerable<string?> uploadIds, CancellationToken ct)
    {
        await cases.GetAsync(caseId, ct);
        var taken = new List<TakenFile>();
        foreach (var id in uploadIds.Where(u => !string.IsNullOrWhiteSpace(u)).Distinct())
        {
            var (state, path) = await uploads.CompleteAsync(id!, ct);
            await using var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read | FileShare.Delete, 1 << 16, FileOptions.Asynchronous);
            taken.Add(new TakenFile(state.Name, await blobs.WriteAsync(stream, limits.MaxBytes, ct), id));
        }
        foreach (var file in files)
        {
            if (file.Length > limits.MaxBytes)
                throw new RuleBroken($"文件 {file.FileName} 有 {file.Length / 1048576} MB，超过上限 {limits.MaxBytes / 1048576} MB。请拆分后上传。", "Files");
            var name = Path.GetFileName(file.FileName);
            if (string.IsNullOrWhiteSpace(name) || name.Any(char.IsControl))
                name = $"文件{taken.Count + 1}";
            await using var stream = file.OpenReadStream();
            taken.Add(new TakenFile(name, await blobs.WriteAsync(stream, limits.MaxBytes, ct)));
        }
        return taken;
    }
}
