using CourtOps.Kernel.Data;

namespace CourtOps.Triage.Filings;

/// <summary>What is asked of a filing about how it came over.</summary>
internal sealed class Transferring(Db db)
{
    /// <summary>Whether another court transferred it because it is not its to try.</summary>
    public async Task<bool> IsMovedAsync(Filing filing, CancellationToken ct) =>
        filing.Channel == "transfer"
        && await db.ScalarAsync<int>(
            "SELECT COUNT(*) FROM triage_transfer WHERE filing_id = @Id AND transfer_type = @type",
            new { filing.Id, type = Moved.Type },
            ct
        ) > 0;
}

/// <summary>A case that another court transferred by a ruling because it is not its to try.</summary>
internal static class Moved
{
    /// <summary>The type of transfer.</summary>
    public const string Type = "jurisdiction";

    /// <summary>The note that stands in the course of the filing, with the number of the case before.</summary>
    public const string Step = "moved";

    /// <summary>
    /// Parties as a register holds them, made such that a counter would take them: a field that would be refused (a phone of an old import, a number with a
    /// wrong check sign) is left out, to be asked for; a party is left out only where it is there already or has no name or role.
    /// </summary>
    public static IReadOnlyList<PartyIn> Sound(IReadOnlyList<PartyIn> parties)
    {
        var sound = parties.ToList();
        for (var turn = 0; turn < 3 && PartyReading.Read(sound).Faults is { Count: > 0 } faults; turn++)
        {
            var gone = new HashSet<int>();
            foreach (var (field, _) in faults)
            {
                if (!field.StartsWith("Parties[", StringComparison.Ordinal))
                    return [];
                var end = field.IndexOf(']', StringComparison.Ordinal);
                var i = int.Parse(field.AsSpan(8, end - 8), System.Globalization.CultureInfo.InvariantCulture);
                switch (field[(end + 2)..])
                {
                    case "IdNumber":
                        sound[i] = sound[i] with { IdNumber = null };
                        break;
                    case "Phone":
                        sound[i] = sound[i] with { Phone = null };
                        break;
                    case "Email":
                        sound[i] = sound[i] with { Email = null };
                        break;
                    case "PartyType":
                        sound[i] = sound[i] with { PartyType = null };
                        break;
                    case "EService":
                        sound[i] = sound[i] with { EService = null };
                        break;
                    case "Language":
                        sound[i] = sound[i] with { Language = null };
                        break;
                    default:
                        gone.Add(i);
                        break;
                }
            }
            sound = [.. sound.Where((_, i) => !gone.Contains(i))];
        }
        return PartyReading.Read(sound).Faults.Count == 0 ? sound : [];
    }
}
