using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using System.Text.Unicode;

namespace CourtOps.Kernel.Messaging;

/// <summary>JSON as CourtOps writes it: camel case, ids as strings on the web, Chinese readable.</summary>
public static class Json
{
    /// <summary>For the API: 64-bit numbers are strings, since a browser cannot hold them all exactly.</summary>
    public static readonly JsonSerializerOptions Web = Make(o => o.Converters.Add(new LongAsString()));

    /// <summary>For storage.</summary>
    public static readonly JsonSerializerOptions Stored = Make(_ => { });

    private static JsonSerializerOptions Make(Action<JsonSerializerOptions> more)
    {
        var options = new JsonSerializerOptions(JsonSerializerDefaults.Web)
        {
            Encoder = JavaScriptEncoder.Create(UnicodeRanges.All),
            DefaultIgnoreCondition = JsonIgnoreCondition.Never,
        };
        options.Converters.Add(new JsonStringEnumConverter(JsonNamingPolicy.KebabCaseLower));
        more(options);
        return options;
    }

    /// <summary>Lists from outside hold no null: no code is ready for one. To be added to the resolver of the options that read requests.</summary>
    public static void RefuseNulls(JsonTypeInfo type)
    {
        foreach (var property in type.Properties)
            if (
                property.Set is { } set
                && property.PropertyType is { IsGenericType: true } t
                && t.GetGenericTypeDefinition() == typeof(IReadOnlyList<>)
                && !t.GetGenericArguments()[0].IsValueType
            )
                property.Set = (target, value) =>
                {
                    if (value is System.Collections.IEnumerable list && list.Cast<object?>().Contains(null))
                        throw new RuleBroken($"列表 {property.Name} 里有一项是空的，请删去或补全。", property.Name, "null");
                    set(target, value);
                };
    }

    private sealed class LongAsString : JsonConverter<long>
    {
        public override long Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
            reader.TokenType == JsonTokenType.String
                ? long.TryParse(reader.GetString(), System.Globalization.NumberStyles.None, System.Globalization.CultureInfo.InvariantCulture, out var v)
                    ? v
                    : throw new JsonException("An id is a string of digits.")
                : reader.GetInt64();

        public override void Write(Utf8JsonWriter writer, long value, JsonSerializerOptions options) =>
            writer.WriteStringValue(value.ToString(System.Globalization.CultureInfo.InvariantCulture));
    }
}
