using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using CourtOps.Kernel.Security;
using CourtOps.Workzone.People;
using Microsoft.Extensions.DependencyInjection;

namespace CourtOps.Testing;

/// <summary>The clients of one application, which listens from the first on.</summary>
internal sealed class Browsers(TestApp app) : IAsyncDisposable
{
    private readonly List<HttpClient> clients = [];

    public async Task<HttpClient> OpenAsync()
    {
        if (clients.Count == 0)
            await app.Web.StartAsync();
        var client = new HttpClient(
            new HttpClientHandler
            {
                AllowAutoRedirect = false,
                CookieContainer = new CookieContainer(),
                UseCookies = true,
            }
        )
        {
            BaseAddress = new Uri(app.Web.Urls.First()),
        };
        client.DefaultRequestHeaders.Add("Accept", "text/html,application/json");
        clients.Add(client);
        return client;
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var client in clients)
            client.Dispose();
        if (clients.Count > 0)
            await app.Web.StopAsync();
    }
}

/// <summary>The application seen from outside: browsers and programs that speak HTTP to it.</summary>
public static partial class Browsing
{
    extension(TestApp app)
    {
        /// <summary>A browser without an account: cookies are kept, redirects are not followed.</summary>
        public Task<HttpClient> Http() => app.Browsers.OpenAsync();

        /// <summary>A browser in which the person has signed in.</summary>
        public async Task<HttpClient> SignedIn(string person)
        {
            var client = await app.Http();
            var answer = await TestApp.PostForm(client, "/sign-in", "/sign-in", ("Login", person), ("Password", TestApp.Password));
            if (answer.StatusCode != HttpStatusCode.Redirect)
                throw new InvalidOperationException($"{person} could not sign in: {answer.StatusCode}");
            return client;
        }

        /// <summary>A program with the person's API key.</summary>
        public async Task<HttpClient> WithKey(string person)
        {
            var key = await app.In(async s =>
            {
                s.GetRequiredService<Actor>().ActAsSystem("test");
                return await s.GetRequiredService<IAccounts>().CreateKeyAsync(person, null, "test");
            });
            var client = await app.Http();
            client.DefaultRequestHeaders.Add("X-Api-Key", key);
            return client;
        }

        /// <summary>A file in one piece, as the page's script sends it; answers the id of the upload.</summary>
        public static async Task<string> Uploaded(HttpClient client, string page, string name, byte[] content)
        {
            var token = await TokenAsync(client, page);
            var begun = await SendAsync(client, HttpMethod.Post, "/uploads", token, JsonContent.Create(new { name, size = content.Length }));
            var id = (string)JsonNode.Parse(await begun.EnsureSuccessStatusCode().Content.ReadAsStringAsync())!["id"]!;
            (await SendAsync(client, HttpMethod.Put, $"/uploads/{id}?offset=0", token, new ByteArrayContent(content))).EnsureSuccessStatusCode();
            return id;
        }

        /// <summary>What the upload's address answers to a size, without sending anything.</summary>
        public static async Task<HttpResponseMessage> BeginUpload(HttpClient client, string page, string name, long size) =>
            await SendAsync(client, HttpMethod.Post, "/uploads", await TokenAsync(client, page), JsonContent.Create(new { name, size }));

        /// <summary>Posts a form as a browser does: the antiforgery token comes from the page it stands on.</summary>
        public static async Task<HttpResponseMessage> PostForm(HttpClient client, string page, string target, params (string Name, string Value)[] fields)
        {
            var token = await TokenAsync(client, page);
            using var form = new FormUrlEncodedContent(fields.Append(("__RequestVerificationToken", token)).Select(f => KeyValuePair.Create(f.Item1, f.Item2)));
            return await client.PostAsync(new Uri(target, UriKind.Relative), form);
        }
    }

    private static async Task<string> TokenAsync(HttpClient client, string page)
    {
        var html = await (await client.GetAsync(new Uri(page, UriKind.Relative))).Content.ReadAsStringAsync();
        return TokenPattern().Match(html) is { Success: true } m ? m.Groups[1].Value : throw new InvalidOperationException($"{page} holds no form:\n{html}");
    }

    private static async Task<HttpResponseMessage> SendAsync(HttpClient client, HttpMethod method, string address, string token, HttpContent content)
    {
        using var request = new HttpRequestMessage(method, new Uri(address, UriKind.Relative)) { Content = content };
        request.Headers.Add("RequestVerificationToken", token);
        request.Headers.Accept.ParseAdd("application/json");
        return await client.SendAsync(request);
    }

    [GeneratedRegex("""name="__RequestVerificationToken"[^>]*value="([^"]+)"|value="([^"]+)"[^>]*name="__RequestVerificationToken""")]
    private static partial Regex TokenPattern();
}
