using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace CourtOps.Kernel.Audit;

/// <summary>One audit entry as it is stored.</summary>
public sealed record AuditRow : LogEntry, Sealing.ISealedRow
{
    /// <summary>The court the person acted in; 0 for the program, and for whoever nobody knew.</summary>
    public long CourtId { get; init; }

    /// <summary>Which fields the digest covers: 1 before the catalogue, 2 before the court was kept, 3 all of them.</summary>
    public int Form { get; init; } = 3;
    public string Digest { get; init; } = "";

    internal const string Columns =
        "id, at, actor_id, actor, person_name, roles, address, agent, session, request_id, action, object_type, object_id, case_id, result, reason, "
        + "detail, court_id, form, digest";

    /// <summary>The digest that the content of this entry must have.</summary>
    public string Compute() =>
        Form switch
        {
            1 => Hex(string.Join('\u001f', Id, At.ToUnixTimeMilliseconds(), ActorId, Action, ObjectType, ObjectId, Result, Detail)),
            2 => Fields.Digest(
                Id,
                At,
                ActorId,
                Actor,
                PersonName,
                Roles,
                Address,
                Agent,
                Session,
                RequestId,
                Action,
                ObjectType,
                ObjectId,
                CaseId,
                Result,
                Reason,
                Detail
            ),
            _ => Fields.Digest(
                Id,
                At,
                ActorId,
                Actor,
                PersonName,
                Roles,
                Address,
                Agent,
                Session,
                RequestId,
                Action,
                ObjectType,
                ObjectId,
                CaseId,
                Result,
                Reason,
                Detail,
                CourtId
            ),
        };

    private static string Hex(string text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)));
}

/// <summary>SHA-256 over fields in a fixed order, the length of each before it, so that no text can pretend to be two fields.</summary>
internal static class Fields
{
    public static string Digest(params ReadOnlySpan<object?> fields)
    {
        var text = new StringBuilder(512);
        foreach (var field in fields)
        {
            var word = field switch
            {
                null => "",
                DateTimeOffset at => at.ToUnixTimeMilliseconds().ToString(CultureInfo.InvariantCulture),
                IFormattable number => number.ToString(null, CultureInfo.InvariantCulture),
                _ => field.ToString() ?? "",
            };
            text.Append(word.Length).Append(':').Append(word).Append(',');
        }
        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text.ToString())));
    }
}
