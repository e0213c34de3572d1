using System.IO.Compression;
using CourtOps.Kernel.Access;
using CourtOps.Kernel.Data;
using CourtOps.Kernel.Sealing;

namespace CourtOps.Host.Verbs;

/// <summary>
/// backup TO: one zip with a consistent copy of the database, the blobs and anchors, and beside it the keys in a file of their own, TO.keys, to be kept
/// apart: neither opens anything alone.
/// restore FROM [--keys FILE]: into an empty data folder; the keys lie beside the zip or where one says, or come by the environment.
/// </summary>
internal static class Backup
{
    private const string KeysEnding = ".keys";
    private static readonly string[] Folders = ["blobs", "archive", "imports", "uploads"];

    public static Task<int> RunAsync(Arguments args) =>
        VerbRunner.WithHostAsync(
            args.Only("data"),
            async s =>
            {
                var to = args.Words.Count == 1 ? Path.GetFullPath(args.Words[0]) : throw new BadInput("Usage: backup TO.zip", "to");
                var keys = to + KeysEnding;
                if (
                    (
                        File.Exists(to) ? to
                        : File.Exists(keys) ? keys
                        : null
                    ) is
                    { } there
                )
                    throw new BadInput($"{there} exists already; it is not overwritten.", "to");
                var db = s.GetRequiredService<Db>();
                if (db.Dialect is not SqliteDialect)
                    throw new BadInput("On SQL Server use the server's own backup, and copy the data folder beside it.", "to");
                var folder = s.GetRequiredService<DataFolder>();
                var copy = folder.File("backup", $"backup-{Guid.NewGuid():n}.db");
                var reads = copy + ".access";
                var part = to + ".part";
                try
                {
                    // the database first: every blob it names was written before its commit
                    await db.ExecuteRawAsync("VACUUM INTO @copy", new { copy });
                    await s.GetRequiredService<AccessStore>().CopyAsync(reads);
                    // every seal of the copies has its anchor, and no anchor goes along that the copies do not know
                    foreach (var log in s.GetServices<SealedLog>())
                    {
                        await using var open = await log.OpenAsync(default);
                        await s.GetRequiredService<Sealer>().AnchorAsync(log, open, default);
                    }
                    var last = new Dictionary<string, long>();
                    foreach (var source in s.GetServices<AnchorSource>())
                        last[source.Stream] = await LastAsync(source.Stream == AnchorFiles.Access ? reads : copy, source.Newest);
                    var files = 2;
                    using (var zip = ZipFile.Open(part, ZipArchiveMode.Create))
                    {
                        zip.CreateEntryFromFile(copy, "courtops.db", CompressionLevel.Fastest);
                        zip.CreateEntryFromFile(reads, "access.db", CompressionLevel.Fastest);
                        var anchors = Path.Combine(folder.Root, "anchors");
                        foreach (var file in Directory.Exists(anchors) ? Directory.GetFiles(anchors, "*.txt") : [])
                        {
                            var name = Path.GetFileName(file);
                            var lines = AnchorFiles.UpTo(file, last.GetValueOrDefault(AnchorFiles.StreamOf(name)));
                            if (lines.Length == 0)
                                continue;
                            await using var entry = await zip.CreateEntry("anchors/" + name, CompressionLevel.Fastest).OpenAsync();
                            await entry.WriteAsync(lines);
                            files++;
                        }
                        foreach (var sub in Folders.Select(f => Path.Combine(folder.Root, f)).Where(Directory.Exists))
                        foreach (
                            var file in Directory
                                .EnumerateFiles(sub, "*", SearchOption.AllDirectories)
                                .Where(f => !f.Contains("incoming", StringComparison.Ordinal))
                        )
                        {
                            zip.CreateEntryFromFile(file, Path.GetRelativePath(folder.Root, file).Replace('\\', '/'), CompressionLevel.NoCompression);
                            files++;
                        }
                    }
                    var own = KeepKeys(folder, keys);
                    File.Move(part, to);
                    VerbRunner.Write(
                        new
                        {
                            to,
                            keys = own > 0 ? keys : null,
                            files = files + own,
                            bytes = new FileInfo(to).Length,
                        }
                    );
                    return 0;
                }
                finally
                {
                    File.Delete(copy);
                    File.Delete(reads);
                    File.Delete(part);
                }
            }
        );

    // a key given by the environment lies in no folder, and in no backup
    private static int KeepKeys(DataFolder folder, string to)
    {
        var keys = Path.Combine(folder.Root, "keys");
        var files = Directory.Exists(keys) ? Directory.GetFiles(keys, "*", SearchOption.AllDirectories) : [];
        if (files.Length == 0)
            return 0;
        using var zip = ZipFile.Open(to, ZipArchiveMode.Create);
        foreach (var file in files)
            zip.CreateEntryFromFile(file, Path.GetRelativePath(folder.Root, file).Replace('\\', '/'), CompressionLevel.NoCompression);
        return files.Length;
    }

    private static async Task<long> LastAsync(string file, string sql)
    {
        using var dialect = new SqliteDialect(file);
        using var database = new Database(dialect);
        await using var db = new Db(database);
        return await db.ScalarAsync<long?>(sql) ?? 0;
    }

    public static async Task<int> RestoreAsync(Arguments args)
    {
        args.Only("data", "keys");
        var from = args.Words.Count == 1 ? Path.GetFullPath(args.Words[0]) : throw new BadInput("Usage: restore FROM.zip --data FOLDER [--keys FILE]", "from");
        if (!File.Exists(from))
            throw new BadInput($"There is no file {from}.", "from");
        var root = Path.GetFullPath(args.Value("data") ?? "data");
        if (File.Exists(Path.Combine(root, "courtops.db")))
            throw new BadInput($"{root} holds a database already. Restore into an empty folder, then put it in its place.", "data");
        var keys =
            args.Value("keys") is { } given ? Path.GetFullPath(given)
            : File.Exists(from + KeysEnding) ? from + KeysEnding
            : null;
        if (keys is not null && !File.Exists(keys))
            throw new BadInput($"There is no file {keys}.", "keys");
        var files = 0;
        try
        {
            using (var zip = ZipFile.OpenRead(from))
            {
                if (zip.GetEntry("courtops.db") is null)
                    throw new BadInput("This file is no CourtOps backup: it holds no courtops.db.", "from");
                // what was saved before the keys had a file of their own holds them
                if (
                    keys is null
                    && !zip.Entries.Any(e => e.FullName.StartsWith("keys/", StringComparison.Ordinal))
                    && string.IsNullOrEmpty(Environment.GetEnvironmentVariable("CourtOps__Secrets__Key"))
                )
                    throw new BadInput(
                        $"The keys of this backup are not here: put {Path.GetFileName(from) + KeysEnding} beside it, name them with --keys, or give "
                            + "CourtOps__Secrets__Key.",
                        "keys"
                    );
                files = zip.Entries.Count(e => e.Name.Length > 0);
            }
            if (keys is not null)
                using (var zip = ZipFile.OpenRead(keys))
                    files +=
                        zip.Entries.Count > 0 && zip.Entries.All(e => e.FullName.StartsWith("keys/", StringComparison.Ordinal))
                            ? zip.Entries.Count
                            : throw new BadInput("This file holds no keys of CourtOps.", "keys");
            Directory.CreateDirectory(root);
            foreach (var part in new[] { from, keys }.OfType<string>())
            {
                await using var content = File.OpenRead(part);
                await Kernel.Files.SafeArchive.UnpackAsync(content, root, new DriveInfo(root).AvailableFreeSpace, 50_000_000, default);
            }
        }
        catch (Kernel.Messaging.RuleBroken e)
        {
            throw new BadInput(e.Message, "from");
        }
        catch (InvalidDataException)
        {
            throw new BadInput("This file is no zip file, or it is damaged.", "from");
        }
        VerbRunner.Write(
            new
            {
                from,
                data = root,
                files,
            }
        );
        return 0;
    }
}
