using System.Text.Json;
using CourtOps.Kernel.Messaging;

namespace CourtOps.Kernel.Work;

/// <summary>An outcome as text, until it is recorded. Its result is of a type of the product: plain data.</summary>
internal static class KeptOutcome
{
    public static string Write(WorkOutcome outcome) =>
        JsonSerializer.Serialize(
            new Row
            {
                End = outcome.End,
                Reason = outcome.Reason,
                Said = outcome.Said?.Stored(),
                After = outcome.After,
                Type = outcome.Result is { } r ? $"{r.GetType().FullName}, {r.GetType().Assembly.GetName().Name}" : null,
                Result = outcome.Result is { } result ? JsonSerializer.SerializeToElement(result, result.GetType(), Json.Stored) : null,
            },
            Json.Stored
        );

    /// <exception cref="InvalidOperationException">Its result is of a type that this program does not have.</exception>
    public static WorkOutcome Read(string text)
    {
        var row = JsonSerializer.Deserialize<Row>(text, Json.Stored)!;
        return new WorkOutcome(row.End, row.Type is { } type ? row.Result!.Value.Deserialize(TypeOf(type), Json.Stored) : null, row.Reason, row.After)
        {
            Said = row.Said is null ? null : Said.Read(row.Said),
        };
    }

    // only what modules themselves write: a name in the database makes no other type
    private static Type TypeOf(string name) =>
        Type.GetType(name) is { } type
        && (type.IsPrimitive || type == typeof(string) || type.Assembly.GetName().Name!.StartsWith("CourtOps.", StringComparison.Ordinal))
            ? type
            : throw new InvalidOperationException($"No type of a kept outcome: {name}");

    private sealed record Row
    {
        public WorkEnd End { get; init; }
        public string? Reason { get; init; }
        public string? Said { get; init; }
        public TimeSpan? After { get; init; }
        public string? Type { get; init; }
        public JsonElement? Result { get; init; }
    }
}
