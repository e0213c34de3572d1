using System.Buffers.Binary;
using System.IO.Compression;
using System.Xml;
using CourtOps.Kernel.Messaging;

namespace CourtOps.Kernel.Files;

/// <summary>What a file is by its bytes; its name proves nothing.</summary>
public static class FileKinds
{
    /// <summary>pdf, zip (also DOCX, XLSX), ole (old Office), png, jpeg, tiff, gif, elf, exe, xml, text or binary.</summary>
    public static string Of(ReadOnlySpan<byte> head)
    {
        ReadOnlySpan<byte> bom = [0xEF, 0xBB, 0xBF];
        var body = head.StartsWith(bom) ? head[3..] : head;
        if (body.StartsWith("%PDF-"u8))
            return "pdf";
        if (body.StartsWith("PK\u0003\u0004"u8) || body.StartsWith("PK\u0005\u0006"u8))
            return "zip";
        if (body.StartsWith("MZ"u8))
            return "exe";
        if (body.Length >= 8 && BinaryPrimitives.ReadUInt64BigEndian(body) == 0xD0CF11E0A1B11AE1)
            return "ole";
        if (body.Length >= 4)
            switch (BinaryPrimitives.ReadUInt32BigEndian(body))
            {
                case 0x89504E47:
                    return "png";
                case 0x49492A00 or 0x4D4D002A:
                    return "tiff";
                case 0x47494638:
                    return "gif";
                case 0x7F454C46:
                    return "elf";
                case var v when v >> 8 == 0xFFD8FF:
                    return "jpeg";
            }
        if (body.TrimStart(" \t\r\n"u8).StartsWith("<?xml"u8))
            return "xml";
        return body.IndexOf((byte)0) >= 0 ? "binary" : "text";
    }

    public static string OfFile(string path)
    {
        Span<byte> head = stackalloc byte[4096];
        using var file = File.OpenRead(path);
        return Of(head[..file.ReadAtLeast(head, head.Length, throwOnEndOfStream: false)]);
    }

    /// <summary>A list must be text: a spreadsheet or a program with another name is refused before anything reads it.</summary>
    /// <exception cref="RuleBroken">It is something else.</exception>
    public static void DemandText(string path, string what)
    {
        switch (OfFile(path))
        {
            case "text":
                return;
            case "zip" or "ole":
                throw new RuleBroken($"{what}不是 CSV 或 JSON 文本，而是 Office 或压缩文件。请在表格软件里另存为 CSV。", "file", "not-text");
            default:
                throw new RuleBroken($"{what}不是 CSV 或 JSON 文本。", "file", "not-text");
        }
    }
}

/// <summary>Archives and XML from outside, with every limit said: no bombs, no paths out of the folder, no external entities.</summary>
public static class SafeArchive
{
    /// <summary>Unpacks into an empty folder. Entries are named relative to it, without links; sizes are counted as they are unpacked, not as
    /// declared.</summary>
    /// <exception cref="RuleBroken">More than the limits, or a name that leads out.</exception>
    public static async Task UnpackAsync(Stream zip, string folder, long mostBytes, int mostEntries, CancellationToken ct)
    {
        var root = Path.GetFullPath(folder) + Path.DirectorySeparatorChar;
        await using var archive = await ZipArchive.CreateAsync(zip, ZipArchiveMode.Read, leaveOpen: true, entryNameEncoding: null, ct);
        if (archive.Entries.Count > mostEntries)
            throw new RuleBroken($"压缩包里有 {archive.Entries.Count} 个文件，超过上限 {mostEntries}。", "file", "too-many-entries");
        long total = 0;
        var buffer = new byte[1 << 16];
        foreach (var entry in archive.Entries)
        {
            var target = Path.GetFullPath(Path.Combine(root, entry.FullName));
            if (
                !target.StartsWith(root, StringComparison.Ordinal)
                || entry.FullName.Contains('\0', StringComparison.Ordinal)
                || ((entry.ExternalAttributes >> 16) & 0xF000) == 0xA000
            )
                throw new RuleBroken($"压缩包里的路径不安全：{entry.FullName}。", "file", "unsafe-path");
            if (entry.FullName.EndsWith('/'))
                continue;
            Directory.CreateDirectory(Path.GetDirectoryName(target)!);
            await using var from = await entry.OpenAsync(ct);
            await using var to = new FileStream(target, FileMode.CreateNew, FileAccess.Write, FileShare.None);
            for (int n; (n = await from.ReadAsync(buffer, ct)) > 0; )
            {
                total += n;
                if (total > mostBytes)
                    throw new RuleBroken($"压缩包解开后超过上限 {mostBytes / 1048576} MB。", "file", "too-large");
                await to.WriteAsync(buffer.AsMemory(0, n), ct);
            }
        }
    }

    /// <summary>A reader that knows no DTD and no outside, and stops after <paramref name="mostCharacters"/>.</summary>
    public static XmlReader Xml(Stream content, long mostCharacters = 20_000_000) =>
        XmlReader.Create(
            content,
            new XmlReaderSettings
            {
                DtdProcessing = DtdProcessing.Prohibit,
                XmlResolver = null,
                MaxCharactersFromEntities = 0,
                MaxCharactersInDocument = mostCharacters,
                Async = true,
            }
        );
}
