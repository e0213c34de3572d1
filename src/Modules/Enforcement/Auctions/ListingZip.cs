using System.IO.Compression;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using CourtOps.Kernel.Files;
using CourtOps.Kernel.Messaging;

namespace CourtOps.Enforcement.Auctions;

/// <summary>Writes the package of a listing: texts, chosen files, and a manifest with the digest of each. Outside any transaction.</summary>
internal sealed class ListingZip(BlobStore blobs)
{
    private static readonly JsonSerializerOptions Indented = new(Json.Stored)
    {
        WriteIndented = true,
        Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    public static string NameOf(AuctionRow a) => $"listing-{a.Id}-{a.Sale}.zip";

    public async Task<byte[]> MakeAsync(PackListing.Package p, CancellationToken ct)
    {
        using var made = new MemoryStream();
        using (var zip = new ZipArchive(made, ZipArchiveMode.Create, leaveOpen: true, Encoding.UTF8))
        {
            var listed = new List<object>();
            foreach (var (title, text) in p.Texts)
                await AddAsync(zip, listed, $"{title}.txt", title, [.. Encoding.UTF8.GetPreamble(), .. Encoding.UTF8.GetBytes(text)], ct);
            for (var n = 0; n < p.Files.Count; n++)
            {
                using var copy = new MemoryStream();
                await using (var from = blobs.Open(p.Files[n].Blob))
                    await from.CopyToAsync(copy, ct);
                var content = copy.ToArray();
                await AddAsync(zip, listed, $"{p.Files[n].Folder}/{n + 1:00}-{Safe(p.Files[n].Title)}{Extension(content)}", p.Files[n].Title, content, ct);
            }
            await AddAsync(zip, [], "manifest.json", "", JsonSerializer.SerializeToUtf8Bytes(Manifest(p, listed), Indented), ct);
        }
        return made.ToArray();
    }

    private static object Manifest(PackListing.Package p, IReadOnlyList<object> files) =>
        new
        {
            format = "courtops-listing-1",
            lot = $"{p.Row.Id}",
            court = p.Case.CourtName,
            caseNumber = p.Case.Number,
            thing = p.Row.AssetName,
            kind = p.Row.Kind,
            sale = p.Row.Sale,
            platform = p.Row.Platform,
            valuation = Yuan(p.Row.Valuation),
            startPrice = Yuan(p.Row.StartPrice),
            deposit = Yuan(p.Row.Deposit),
            step = Yuan(p.Row.StepPrice),
            noticeOn = p.Row.NoticeOn,
            opensOn = p.Row.OpensOn,
            account = p.Account,
            results = "lot, outcome (sold, unsold, withdrawn), price, buyer, date",
            files,
        };

    private static async Task AddAsync(ZipArchive zip, List<object> listed, string name, string title, byte[] content, CancellationToken ct)
    {
        await using (var to = await zip.CreateEntry(name, CompressionLevel.Fastest).OpenAsync(ct))
            await to.WriteAsync(content, ct);
        listed.Add(
            new
            {
                file = name,
                title,
                size = content.Length,
                sha256 = Convert.ToHexStringLower(SHA256.HashData(content)),
            }
        );
    }

    private static string? Yuan(long? cents) => cents is { } c ? Law.Yuan.Text(c / 100m) : null;

    private static string Extension(byte[] content) =>
        FileKinds.Of(content.AsSpan(0, Math.Min(64, content.Length))) switch
        {
            "jpeg" => ".jpg",
            "png" => ".png",
            "pdf" => ".pdf",
            _ => ".bin",
        };

    private static string Safe(string title)
    {
        var name = new string([.. title.Select(x => char.IsControl(x) || "\\/:*?\"<>|".Contains(x, StringComparison.Ordinal) ? '_' : x)]).Trim('.', ' ');
        return name.Length > 80 ? name[..80] : name;
    }
}
