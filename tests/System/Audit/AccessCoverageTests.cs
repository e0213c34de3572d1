using System.Net;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Microsoft.AspNetCore.Routing;

namespace CourtOps.SystemTests.Audit;

/// <summary>
/// Every GET route that answers with data of a case has written who read it before it answered. Routes are taken from the host, so
/// that a new page stands under this by being there.
/// </summary>
public sealed class AccessCoverageTests() : AppTests(Engine.Sqlite)
{
    // fragments without data of any one case: counts, streams, words
    private static readonly string[] NoContents = ["/events", "/metrics", "/openapi"];

    [Test]
    public async Task What_a_get_route_answers_of_a_case_is_in_the_access_log()
    {
        var order = await App.Asked(4711, [SampleParty.Provided]);
        var number = Sample.Number(4711);
        var ids = new[] { order.CaseId, order.OrderId, order.Documents[0], order.Tasks[0], order.Notice, order.Parties[0] };
        var routes = ((IEndpointRouteBuilder)App.Web)
            .DataSources.SelectMany(d => d.Endpoints)
            .OfType<RouteEndpoint>()
            .Where(e => e.Metadata.GetMetadata<HttpMethodMetadata>()?.HttpMethods.Contains("GET") ?? e.Metadata.GetMetadata<PageActionDescriptor>() is not null)
            .Select(e => "/" + e.RoutePattern.RawText!.TrimStart('/'))
            .Where(r => !NoContents.Any(n => r.StartsWith(n, StringComparison.Ordinal)))
            .Distinct()
            .ToList();
        Assert.That(routes, Has.Count.GreaterThan(20));
        var silent = new List<string>();
        var answered = new HashSet<string>();
        foreach (var person in new[] { "judge", "clerk", "lead", "registrar" })
        {
            var client = await App.SignedIn(person);
            foreach (var route in routes)
            foreach (var id in route.Contains('{', StringComparison.Ordinal) ? ids : [0])
            {
                var path = Regex.Replace(route, @"\{[^}]*\}", $"{id}");
                if (path.EndsWith("/search", StringComparison.Ordinal))
                    path += "?q=" + Uri.EscapeDataString(number);
                var before = await App.As(null).AccessRows();
                using var answer = await client.GetAsync(new Uri(path, UriKind.Relative), HttpCompletionOption.ResponseContentRead);
                if (answer.StatusCode != HttpStatusCode.OK)
                    continue;
                var body = await answer.Content.ReadAsStringAsync();
                if (!Shows(body, number) && answer.Content.Headers.ContentType?.MediaType != "application/pdf")
                    continue;
                answered.Add(route);
                if ((await App.AccessRows()).Count == before.Count)
                    silent.Add($"{person} {path}");
            }
        }
        Assert.That(answered, Has.Count.GreaterThanOrEqualTo(8), string.Join('\n', answered));
        Assert.That(silent, Is.Empty);
    }

    private static bool Shows(string body, string number) =>
        body.Contains(number, StringComparison.Ordinal)
        || body.Contains(WebUtility.HtmlEncode(number), StringComparison.Ordinal)
        || body.Contains("王某乙", StringComparison.Ordinal)
        || body.Contains("张某甲", StringComparison.Ordinal);
}
