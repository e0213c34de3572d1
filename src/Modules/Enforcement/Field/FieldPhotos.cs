using CourtOps.Kernel.Files;
using CourtOps.Kernel.Messaging;
using Microsoft.AspNetCore.Http;

namespace CourtOps.Enforcement.Field;

/// <summary>Takes pictures in, by their first bytes and not by their names. Outside any transaction.</summary>
internal sealed class FieldPhotos(BlobStore blobs)
{
    private const long Most = 20L * 1024 * 1024;

    /// <exception cref="RuleBroken">Empty, too large, too many, or no JPEG or PNG.</exception>
    public async Task<IReadOnlyList<TakenPhoto>> TakeAsync(IEnumerable<IFormFile>? files, CancellationToken ct)
    {
        var taken = new List<TakenPhoto>();
        foreach (var file in files ?? [])
        {
            var name = Path.GetFileName(file.FileName);
            if (taken.Count == 20)
                throw new RuleBroken("一次最多 20 个文件。", "Files");
            if (file.Length is 0 or > Most)
                throw new RuleBroken($"“{name}”是空的，或者超过 20 MB。", "Files");
            await using var content = file.OpenReadStream();
            var head = new byte[64];
            var n = await content.ReadAtLeastAsync(head, head.Length, throwOnEndOfStream: false, ct);
            var mime = FileKinds.Of(head.AsSpan(0, n)) switch
            {
                "jpeg" => "image/jpeg",
                "png" => "image/png",
                _ => throw new RuleBroken($"“{name}”不是照片（JPEG、PNG）。", "Files"),
            };
            content.Position = 0;
            taken.Add(new TakenPhoto(name.Length > 200 ? name[..200] : name, mime, await blobs.WriteAsync(content, Most, ct)));
        }
        return taken;
    }
}
