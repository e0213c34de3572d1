using System.Net;
using CourtOps.Testing;

namespace CourtOps.Faults.Tests;

/// <summary>A party with the link of its mail in a browser. It asks again until it is answered, as people do when a page does not come.</summary>
internal sealed class Party : IDisposable
{
    private readonly string page;
    private readonly HttpClient browser;

    public Party(Uri court, string link)
    {
        page = new Uri(link).AbsolutePath;
        browser = new HttpClient(new HttpClientHandler { AllowAutoRedirect = false, CookieContainer = new CookieContainer() })
        {
            BaseAddress = court,
            Timeout = TimeSpan.FromSeconds(20),
        };
    }

    public Task IdentifyAsync(string tail) =>
        Patience.UntilAsync(
            "the party was never identified",
            async () =>
            {
                using var answer = await TestApp.PostForm(browser, page, page, ("Tail", tail));
                Assert.That(answer.StatusCode, Is.Not.EqualTo(HttpStatusCode.UnprocessableEntity), "the last digits are right");
                return answer.StatusCode == HttpStatusCode.Redirect ? page : null;
            }
        );

    public Task<byte[]> ReadAsync() =>
        Patience.UntilAsync(
            "the party never had its document",
            async () =>
            {
                using var answer = await browser.GetAsync(new Uri(page + "/d/1", UriKind.Relative));
                return answer.StatusCode == HttpStatusCode.OK ? await answer.Content.ReadAsByteArrayAsync() : null;
            }
        );

    /// <summary>Presses the button while there is one; the page that follows says that it was heard.</summary>
    public Task ConfirmAsync() =>
        Patience.UntilAsync(
            "the party never saw its confirmation",
            async () =>
            {
                if ((await browser.GetStringAsync(new Uri(page, UriKind.Relative))).Contains("已收到您的确认", StringComparison.Ordinal))
                    return page;
                (await TestApp.PostForm(browser, page, page + "?handler=Confirm")).Dispose();
                return null;
            }
        );

    public void Dispose() => browser.Dispose();
}
