using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using CourtOps.Kernel.Audit;
using CourtOps.Kernel.Security;
using CourtOps.Kernel.Web;

namespace CourtOps.Workzone.Trails;

/// <summary>
/// What an auditor reads of the words that people wrote about cases, orders, documents and services, and of what they searched for: how long they were and a
/// digest, so that
/// equal words are seen to be equal. The words themselves stay with the object, for whoever may see it. Words given for the audit itself (why an export, why
/// a number was
/// unmasked, why rights were changed) are shown.
/// </summary>
internal sealed class TrailWords(Secrets secrets, ActivityCatalogue activities, Texts t)
{
    private static readonly JsonSerializerOptions Plain = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private static readonly string[] OfContent = [AuditCategories.Case, AuditCategories.Document, AuditCategories.Order, AuditCategories.Service];

    /// <summary>The row without the words of others.</summary>
    public TrailRow Shown(TrailRow row)
    {
        var category = activities.Find(row.Action)?.Category;
        var content = row.CaseId is not null
            ? category is not (AuditCategories.Secrets or AuditCategories.Export or AuditCategories.Rights or AuditCategories.Audit)
            : category is null || OfContent.Contains(category);
        return content ? row with { Reason = Digest(row.Reason), Detail = Details(row.Detail) } : row;
    }

    private string Digest(string words) => words.Length == 0 ? "" : t["〔{0} 字，摘要 {1}〕", words.Length, secrets.Keyed("trail", words)[..8]];

    private string Details(string json)
    {
        if (json is "" or "{}" || !json.Any(c => c > 127 || c is ' ' or '@' or '\\'))
            return json;
        try
        {
            return Without(JsonNode.Parse(json))?.ToJsonString(Plain) ?? json;
        }
        catch (JsonException)
        {
            return Digest(json);
        }
    }

    private JsonNode? Without(JsonNode? node) =>
        node switch
        {
            JsonObject o => new JsonObject(o.Select(p => KeyValuePair.Create(p.Key, Without(p.Value)))),
            JsonArray a => new JsonArray([.. a.Select(Without)]),
            JsonValue v when v.TryGetValue<string>(out var text) && !IsCode(text) => Digest(text),
            _ => node?.DeepClone(),
        };

    // a code, a number, a date, a digest: nothing that a person wrote
    private static bool IsCode(string text) => text.Length <= 80 && text.All(c => c < 128 && c is not (' ' or '@'));
}
