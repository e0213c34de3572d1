using System.Globalization;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Metadata;

namespace CourtOps.Kernel.Web;

/// <summary>What a program is told whose request could not be read: which field or parameter, or where in the body, in the language it asks for.</summary>
internal static class Unreadable
{
    public static IResult Answer(BadHttpRequestException e, Texts texts)
    {
        if (e.InnerException is JsonException json)
            return Answer(json, texts);
        if (e.StatusCode == StatusCodes.Status415UnsupportedMediaType)
            return Results.Problem(texts["不支持这种内容类型。"], statusCode: e.StatusCode, title: texts["请求有误"]);
        return e.Message.Contains("no body was provided", StringComparison.Ordinal) || e.Message.EndsWith("from body.", StringComparison.Ordinal)
            ? Results.Problem(texts["请求没有 JSON 内容。"], statusCode: e.StatusCode, title: texts["请求有误"])
            : Results.Problem(e.Message, statusCode: e.StatusCode, title: texts["请求有误"]);
    }

    /// <summary>For a request that was answered 400 without a word: the first parameter of its address that is none of its type; null where all are.</summary>
    public static IResult? Parameter(HttpContext http, Texts texts)
    {
        foreach (var p in http.GetEndpoint()?.Metadata.GetOrderedMetadata<IParameterBindingMetadata>() ?? [])
        {
            var value = http.Request.RouteValues[p.Name] as string ?? http.Request.Query[p.Name].ToString();
            if (p.HasTryParse && value.Length > 0 && !Reads(p.ParameterInfo.ParameterType, value))
                return Field(p.Name, texts["“{0}”不是有效的值，请改正后再提交。", Short(value)], texts);
        }
        return null;
    }

    private static bool Reads(Type type, string value)
    {
        var plain = Nullable.GetUnderlyingType(type) ?? type;
        return plain == typeof(long) ? long.TryParse(value, CultureInfo.InvariantCulture, out _)
            : plain == typeof(int) ? int.TryParse(value, CultureInfo.InvariantCulture, out _)
            : plain == typeof(bool) ? bool.TryParse(value, out _)
            : plain == typeof(DateOnly) ? DateOnly.TryParse(value, CultureInfo.InvariantCulture, out _)
            : plain != typeof(DateTimeOffset) || DateTimeOffset.TryParse(value, CultureInfo.InvariantCulture, out _);
    }

    public static IResult Answer(JsonException e, Texts texts) =>
        e.Path is { Length: > 2 } path && path.StartsWith("$.", StringComparison.Ordinal)
            ? Field(
                path[2..],
                texts["“{0}”的值不能读：类型或者写法不对。", Short(path[2..])],
                texts
            )
            : Results.Problem(
                e.LineNumber is { } line
                    ? texts["请求内容不是可以读的 JSON（第 {0} 行，第 {1} 字节）。", line + 1, (e.BytePositionInLine ?? 0) + 1]
                    : texts["请求内容不是可以读的 JSON。"],
                statusCode: 400,
                title: texts["请求有误"]
            );

    private static IResult Field(string field, string words, Texts texts) =>
        Results.ValidationProblem(new Dictionary<string, string[]> { [Short(field)] = [words] }, detail: words, statusCode: 400, title: texts["请求有误"]);

    private static string Short(string text) => text.Length <= 60 ? text : text[..60] + "…";
}
