using System.Globalization;
using CourtOps.Enforcement.Network;
using CourtOps.Kernel.Data;
using Microsoft.Extensions.Configuration;

namespace CourtOps.Enforcement.Simulator;

/// <summary>
/// The simulated registries inside the host, so that somebody in a demo court sees a batch go out and come back: made by the demo data, or by
/// CourtOps:Enforcement:Simulated. Never beside an inquiry
/// system that is configured. Answers are made of the lines alone; nothing is kept.
/// </summary>
internal sealed class DemoRegistries(IConfiguration configuration, DataFolder folder)
{
    /// <summary>How soon the simulated registries are asked again: nobody watches a demo for hours.</summary>
    public static readonly TimeSpan Soon = TimeSpan.FromSeconds(15);

    private static readonly RegistryManners Manners = new()
    {
        Slow = 40,
        MostPolls = 2,
        Errors = 8,
        Duplicates = 8,
        Strangers = 5,
    };

    private readonly string marker = folder.File("enforcement", "simulated-registries");

    // looked at once: what a handler asks is in memory
    private bool marked = File.Exists(folder.File("enforcement", "simulated-registries"));

    public bool On => marked || string.Equals(configuration["CourtOps:Enforcement:Simulated"], "true", StringComparison.OrdinalIgnoreCase);

    /// <summary>From now on batches of this data folder are answered here.</summary>
    public void Begin()
    {
        Directory.CreateDirectory(Path.GetDirectoryName(marker)!);
        File.WriteAllText(marker, "");
        marked = true;
    }

    /// <summary>What comes with a poll; 0 with the sending itself.</summary>
    public static string Answer(IReadOnlyList<BatchItem> open, int round, int poll) =>
        string.Concat(
            open.SelectMany(i => RegistryAnswers.Of(BatchFile.Write([i]).TrimEnd('\n'), round, Manners)).Where(l => l.Poll == poll).Select(l => l.Text + "\n")
        );

    /// <summary>Batch and round of a sending's key.</summary>
    public static (long Batch, int Round) Parts(string key)
    {
        var parts = key.Split('-');
        return (long.Parse(parts[1], CultureInfo.InvariantCulture), parts.Length > 2 ? int.Parse(parts[2], CultureInfo.InvariantCulture) : 1);
    }
}
