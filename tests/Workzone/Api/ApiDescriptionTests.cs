using System.Text.Json.Nodes;
using CourtOps.Kernel.Web;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace CourtOps.Workzone.Tests.Api;

/// <summary>The description says what a stranger needs to call the API, and says it of every route.</summary>
public sealed class ApiDescriptionTests() : AppTests(Engine.Sqlite)
{
    [Test]
    public async Task Every_route_is_described_with_its_body_headers_and_refusals()
    {
        var paths = (await Read())["paths"]!.AsObject();
        var routes = await Routes();
        Assert.That(routes, Has.Count.GreaterThan(30));
        Assert.Multiple(() =>
        {
            foreach (var (method, path, headers, takesBody) in routes)
            {
                var operation = paths[path]?[method];
                Assert.That(operation, Is.Not.Null, $"{method} {path} is not described");
                Assert.That((string?)operation!["summary"], Is.Not.Empty, $"{method} {path}");
                Assert.That(Headers(operation), Is.EquivalentTo(headers), $"{method} {path}");
                Assert.That(
                    operation["responses"]!.AsObject().Select(r => r.Key),
                    Is.SupersetOf(new[] { "401", "403", "404", "409", "422" }),
                    $"{method} {path}"
                );
                if (takesBody)
                    Assert.That(operation["requestBody"]?["content"]?.AsObject().Count, Is.GreaterThan(0), $"{method} {path} says nothing of its body");
            }
        });
    }

    [Test]
    public async Task The_key_is_asked_for_and_ids_are_texts()
    {
        var document = await Read();
        var scheme = document["components"]!["securitySchemes"]!["apiKey"]!;
        Assert.That(((string?)scheme["type"], (string?)scheme["in"], (string?)scheme["name"]), Is.EqualTo(("apiKey", "header", "X-Api-Key")));
        Assert.That(document["security"]![0]!["apiKey"], Is.Not.Null);
        var ids = document["components"]!["schemas"]!["ServiceRequestBody"]!["properties"]!;
        Assert.That(((string?)ids["caseId"]!["type"], (string?)ids["documentIds"]!["items"]!["type"]), Is.EqualTo(("string", "string")));
        Assert.That(
            document["paths"]!["/api/v1/cases/{id}/documents"]!["post"]!["requestBody"]!["content"]!["multipart/form-data"]!["schema"]!["properties"]!
                .AsObject()
                .Select(p => p.Key),
            Is.EquivalentTo(new[] { "file", "uploadId", "kind", "title", "volume", "replaces" })
        );
    }

    private async Task<JsonNode> Read() => JsonNode.Parse(await (await App.Http()).GetStringAsync(new Uri("/openapi/v1.json", UriKind.Relative)))!;

    private async Task<List<(string Method, string Path, List<string> Headers, bool TakesBody)>> Routes()
    {
        await App.Http();
        return await App.In(s =>
            Task.FromResult(
                s.GetServices<EndpointDataSource>()
                    .SelectMany(e => e.Endpoints)
                    .OfType<RouteEndpoint>()
                    .Where(e => e.RoutePattern.RawText!.StartsWith("/api/", StringComparison.Ordinal))
                    .SelectMany(e =>
                        e.Metadata.GetMetadata<HttpMethodMetadata>()!
                            .HttpMethods.Select(m =>
                                (
                                    m.ToLowerInvariant(),
                                    Plain(e.RoutePattern),
                                    e.Metadata.OfType<ApiHeader>().Select(h => h.Name).ToList(),
                                    e.Metadata.GetMetadata<Microsoft.AspNetCore.Http.Metadata.IAcceptsMetadata>() is not null
                                        || e.Metadata.GetMetadata<ApiForm>() is not null
                                        || e.Metadata.GetMetadata<ApiBytes>() is not null
                                )
                            )
                    )
                    .ToList()
            )
        );
    }

    private static string Plain(Microsoft.AspNetCore.Routing.Patterns.RoutePattern pattern) =>
        pattern.Parameters.Aggregate(
            pattern.RawText!,
            (text, p) => System.Text.RegularExpressions.Regex.Replace(text, @"\{" + p.Name + @"(:[^}]*)?\}", "{" + p.Name + "}")
        );

    private static List<string> Headers(JsonNode operation) =>
        [.. operation["parameters"]?.AsArray().Where(p => (string?)p!["in"] == "header").Select(p => (string)p!["name"]!) ?? []];
}
