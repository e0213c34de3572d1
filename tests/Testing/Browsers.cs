using System.Net;
using System.Text.RegularExpressions;
using CourtOps.Kernel.Security;
using CourtOps.Workzone.People;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;

namespace CourtOps.Testing;

/// <summary>The clients of one application, which listens from the first on.</summary>
internal sealed class Browsers(WebApplication app) : IAsyncDisposable
{
    private readonly List<HttpClient> clients = [];

    public async Task<HttpClient> OpenAsync()
    {
        if (clients.Count == 0)
            await app.StartAsync();
        var client = new HttpClient(new HttpClientHandler { AllowAutoRedirect = false, CookieContainer = new CookieContainer(), UseCookies = true }) { BaseAddress = new Uri(app.Urls.First()) };
        client.DefaultRequestHeaders.Add("Accept", "text/html,application/json");
        clients.Add(client);
        return client;
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var client in clients)
            client.Dispose();
        if (clients.Count > 0)
            await app.StopAsync();
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

        /// <summary>Posts a form as a browser does: the antiforgery token comes from the page it stands on.</summary>
        public static async Task<HttpResponseMessage> PostForm(HttpClient client, string page, string target, params (string Name, string Value)[] fields)
        {
            var html = await (await client.GetAsync(new Uri(page, UriKind.Relative))).Content.ReadAsStringAsync();
            var token = TokenPattern().Match(html) is { Success: true } m ? m.Groups[1].Value : throw new InvalidOperationException($"{page} holds no form:\n{html}");
            using var form = new FormUrlEncodedContent(fields.Append(("__RequestVerificationToken", token)).Select(f => KeyValuePair.Create(f.Item1, f.Item2)));
            return await client.PostAsync(new Uri(target, UriKind.Relative), form);
        }
    }

    [GeneratedRegex("""name="__RequestVerificationToken"[^>]*value="([^"]+)"|value="([^"]+)"[^>]*name="__RequestVerificationToken""")]
    private static partial Regex TokenPattern();
}
