namespace CourtOps.Kernel.Data;

/// <summary>The folder that holds everything a court must back up: database, blobs, keys, anchors.</summary>
public sealed class DataFolder
{
    public DataFolder(string root)
    {
        Root = Path.GetFullPath(root);
        Directory.CreateDirectory(Root);
    }

    public string Root { get; }

    /// <summary>An empty file that only this account may read, for plain bytes in passing. Whoever asks deletes it; the start clears the rest.</summary>
    public string Private()
    {
        var path = File("private", Guid.NewGuid().ToString("n"));
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        new FileStream(path, options).Dispose();
        return path;
    }

    /// <summary>Deletes what a crash left behind.</summary>
    /// <param name="before">Only what is older, where other processes may use the folder; null: all of it.</param>
    public void ClearPrivate(DateTimeOffset? before = null)
    {
        var folder = Path.Combine(Root, "private");
        if (!Directory.Exists(folder))
            return;
        foreach (var file in Directory.GetFiles(folder).Where(f => before is null || System.IO.File.GetLastWriteTimeUtc(f) < before.Value.UtcDateTime))
            System.IO.File.Delete(file);
        foreach (var sub in Directory.GetDirectories(folder).Where(f => before is null || Directory.GetLastWriteTimeUtc(f) < before.Value.UtcDateTime))
            Directory.Delete(sub, recursive: true);
    }

    /// <summary>A path inside the folder; the sub-folder is made when missing.</summary>
    public string File(string sub, string name)
    {
        var folder = Path.Combine(Root, sub);
        Directory.CreateDirectory(folder);
        return Path.Combine(folder, name);
    }
}
