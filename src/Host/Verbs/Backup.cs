using System.IO.Compression;
using CourtOps.Kernel.Data;

namespace CourtOps.Host.Verbs;

/// <summary>backup TO: one zip with a consistent copy of the database, the blobs, keys and anchors. restore FROM: into an empty data folder.</summary>
internal static class Backup
{
    private static readonly string[] Folders = ["blobs", "keys", "anchors", "imports", "uploads"];

    public static Task<int> RunAsync(Arguments args) => VerbRunner.WithHostAsync(args.Only("data"), async s =>
    {
        var to = args.Words.Count == 1 ? Path.GetFullPath(args.Words[0]) : throw new BadInput("Usage: backup TO.zip", "to");
        if (File.Exists(to))
            throw new BadInput($"{to} exists already; it is not overwritten.", "to");
        var db = s.GetRequiredService<Db>();
        if (db.Dialect is not SqliteDialect)
            throw new BadInput("On SQL Server use the server's own backup, and copy the data folder beside it.", "to");
        var folder = s.GetRequiredService<DataFolder>();
        var copy = folder.File("backup", $"backup-{Guid.NewGuid():n}.db");
        var part = to + ".part";
        try
        {
            // the database first: every blob it names was written before its commit
            await db.ExecuteRawAsync("VACUUM INTO @copy", new { copy });
            var files = 1;
            using (var zip = ZipFile.Open(part, ZipArchiveMode.Create))
            {
                zip.CreateEntryFromFile(copy, "courtops.db", CompressionLevel.Fastest);
                foreach (var sub in Folders.Select(f => Path.Combine(folder.Root, f)).Where(Directory.Exists))
                    foreach (var file in Directory.EnumerateFiles(sub, "*", SearchOption.AllDirectories).Where(f => !f.Contains("incoming", StringComparison.Ordinal)))
                    {
                        zip.CreateEntryFromFile(file, Path.GetRelativePath(folder.Root, file).Replace('\\', '/'), CompressionLevel.NoCompression);
                        files++;
                    }
            }
            File.Move(part, to);
            VerbRunner.Write(new { to, files, bytes = new FileInfo(to).Length });
            return 0;
        }
        finally
        {
            File.Delete(copy);
            File.Delete(part);
        }
    });

    public static async Task<int> RestoreAsync(Arguments args)
    {
        args.Only("data");
        var from = args.Words.Count == 1 ? Path.GetFullPath(args.Words[0]) : throw new BadInput("Usage: restore FROM.zip --data FOLDER", "from");
        if (!File.Exists(from))
            throw new BadInput($"There is no file {from}.", "from");
        var root = Path.GetFullPath(args.Value("data") ?? "data");
        if (File.Exists(Path.Combine(root, "courtops.db")))
            throw new BadInput($"{root} holds a database already. Restore into an empty folder, then put it in its place.", "data");
        Directory.CreateDirectory(root);
        var files = 0;
        try
        {
            using (var zip = ZipFile.OpenRead(from))
            {
                if (zip.GetEntry("courtops.db") is null)
                    throw new BadInput("This file is no CourtOps backup: it holds no courtops.db.", "from");
                files = zip.Entries.Count(e => e.Name.Length > 0);
            }
            await using var content = File.OpenRead(from);
            await Kernel.Files.SafeArchive.UnpackAsync(content, root, new DriveInfo(root).AvailableFreeSpace, 50_000_000, default);
        }
        catch (Kernel.Messaging.RuleBroken e)
        {
            throw new BadInput(e.Message, "from");
        }
        catch (InvalidDataException)
        {
            throw new BadInput("This file is no zip file, or it is damaged.", "from");
        }
        VerbRunner.Write(new { from, data = root, files });
        return 0;
    }
}
