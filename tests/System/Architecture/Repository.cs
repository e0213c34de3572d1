using System.Reflection;
using System.Text.RegularExpressions;
using System.Xml.Linq;
using CourtOps.Host;
using CourtOps.Kernel.Modules;
using Module = CourtOps.Kernel.Modules.Module;

namespace CourtOps.SystemTests.Architecture;

/// <summary>A project of src as it lies on disk.</summary>
/// <param name="Name">The folder: "Workzone".</param>
/// <param name="Prefix">What its tables begin with; empty for a project without tables.</param>
public sealed record Project(string Name, string Prefix, Assembly Assembly, IReadOnlyList<string> References, IReadOnlyList<SourceFile> Files)
{
    public override string ToString() => Name;
}

/// <param name="Path">Below the repository.</param>
public sealed record SourceFile(string Path, string Source)
{
    private IReadOnlyList<Literal>? literals;
    private string? text;

    public IReadOnlyList<Literal> Literals => literals ??= CSharpText.Literals(Source);

    /// <summary>C# as <see cref="CSharpText.OneLine"/> gives it, so that rules do not depend on the layout; other files as they stand.</summary>
    public string Text => text ??= Path.EndsWith(".cs", StringComparison.Ordinal) ? CSharpText.OneLine(Source) : Source;
}

/// <summary>The repository the tests were built from.</summary>
public static class Repository
{
    public static string Root { get; } = FindRoot();

    public static IReadOnlyList<string> Centres { get; } = ["Triage", "ServiceOfDocuments", "Cataloguing", "TrialSupport", "Enforcement"];

    public static IReadOnlyList<Project> Modules { get; } = [.. CourtOpsApp.Modules.Select(Load)];

    public static Project Host { get; } = new("Host", "", typeof(CourtOpsApp).Assembly, References("src/Host"), FilesOf("src/Host"));

    public static IEnumerable<Project> All => Modules.Append(Host);

    /// <summary>Every table and view of the migrations.</summary>
    public static IReadOnlySet<string> Tables { get; } =
        Directory
            .GetFiles(Path.Combine(Root, "src", "Modules"), "*.sql", SearchOption.AllDirectories)
            .Where(IsSource)
            .SelectMany(f => Regex.Matches(File.ReadAllText(f), @"CREATE (?:TABLE|VIEW) (\w+)").Select(m => m.Groups[1].Value))
            .Append("kernel_migration")
            .ToHashSet();

    private static Project Load(Module module) =>
        new(module.Name, module.Prefix, module.Assembly, References($"src/Modules/{module.Name}"), FilesOf($"src/Modules/{module.Name}"));

    private static IReadOnlyList<string> References(string folder) =>
        [
            .. Directory
                .GetFiles(Path.Combine(Root, folder), "*.csproj")
                .SelectMany(f => XDocument.Load(f).Descendants("ProjectReference"))
                .Select(r => Path.GetFileNameWithoutExtension(r.Attribute("Include")!.Value)),
        ];

    /// <summary>C# and markup below the folders, in the order of their paths.</summary>
    public static IEnumerable<SourceFile> Written(params string[] folders) => folders.SelectMany(FilesOf).OrderBy(f => f.Path, StringComparer.Ordinal);

    private static IReadOnlyList<SourceFile> FilesOf(string folder) =>
        [
            .. Directory
                .GetFiles(Path.Combine(Root, folder), "*.cs*", SearchOption.AllDirectories)
                .Where(f => IsSource(f) && (f.EndsWith(".cs", StringComparison.Ordinal) || f.EndsWith(".cshtml", StringComparison.Ordinal)))
                .Select(f => new SourceFile(Path.GetRelativePath(Root, f), File.ReadAllText(f))),
        ];

    private static bool IsSource(string path) => !path.Split(Path.DirectorySeparatorChar).Any(p => p is "bin" or "obj" or "node_modules");

    private static string FindRoot()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "CourtOps.sln")))
            folder = folder.Parent;
        return folder?.FullName ?? throw new InvalidOperationException("CourtOps.sln is nowhere above the tests.");
    }
}
