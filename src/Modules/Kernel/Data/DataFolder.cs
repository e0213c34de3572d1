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

    /// <summary>A path inside the folder; the sub-folder is made when missing.</summary>
    public string File(string sub, string name)
    {
        var folder = Path.Combine(Root, sub);
        Directory.CreateDirectory(folder);
        return Path.Combine(folder, name);
    }
}
