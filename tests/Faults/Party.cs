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
        browser = new HttpClient(new HttpClientHandler { AllowAutoRedirect = false, CookieContainer = new CookieContainer() }) { BaseAddress = court, Timeout = TimeSpan.FromSeconds(20) };
    }

    public Task IdentifyAsync(string tail) => UntilAsync("identified", async () =>
    {
        using var answer = await TestApp.PostForm(browser, page, page, ("Tail", tail));
        Assert.That(answer.StatusCode, Is.Not.EqualTo(HttpStatusCode.UnprocessableEntity), "the last digits are right");
        return answer.StatusCode == HttpStatusCode.Redirect;
    });

    public async Task<byte[]> ReadAsync()
    {
        byte[] paper = [];
        await UntilAsync("read", async () =>
        {
            using var answer = await browser.GetAsync(new Uri(page + "/d/1", UriKind.Relative));
            if (answer.StatusCode != HttpStatusCode.OK)
                return false;
            paper = await answer.Content.ReadAsByteArrayAsync();
            return true;
        });
        return paper;
    }

    /// <summary>Presses the button while there is one; the page that follows says that it was heard.</summary>
    public Task ConfirmAsync() => UntilAsync("confirmed", async () =>
    {
        if ((await browser.GetStringAsync(new Uri(page, UriKind.Relative))).Contains("已收到您的确认", StringComparison.Ordinal))
            return true;
        (await TestApp.PostForm(browser, page, page + "?handler=Confirm")).Dispose();
        return false;
    });

    public void Dispose() => browser.Dispose();

    private static async Task UntilAsync(string what, Func<Task<bool>> ask)
    {
        var last = "";
        for (var tries = 0; tries < 300; tries++)
        {
            try
            {
                if (await ask())
                    return;
            }
            catch (Exception e) when (e is HttpRequestException or TaskCanceledException or IOException or InvalidOperationException)
            {
                last = e.Message;
            }
            await Task.Delay(50);
        }
        throw new AssertionException($"The party never had it {what}. {last}");
    }
}
