using CourtOps.Kernel.Modules;
using Microsoft.Extensions.DependencyInjection;

namespace CourtOps.SystemTests;

/// <summary>In a demo court each role is shown at least five pages worth seeing, and may open them.</summary>
public sealed class TourTests() : AppTests(Engine.Sqlite)
{
    [TestCase("judge", "judge", "/")]
    [TestCase("assistant", "assistant", "/")]
    [TestCase("registrar", "lead:triage", "/")]
    [TestCase("lead", "lead:service", "/")]
    [TestCase("clerk", "clerk:service", "/")]
    [TestCase("archivist", "lead:cataloguing", "/")]
    [TestCase("scheduler", "lead:trial", "/")]
    [TestCase("executor", "lead:enforcement", "/")]
    [TestCase("leader", "leader", "/")]
    [TestCase("sysadmin", "sysadmin", "/people")]
    [TestCase("secadmin", "secadmin", "/rights")]
    [TestCase("auditor", "auditor", "/audit")]
    public async Task Each_stop_of_a_role_opens(string login, string role, string first)
    {
        var stops = App.Services.GetRequiredService<ModuleList>().Declared.SelectMany(d => d.Declaration.TourStops).Where(s => s.Role == role).ToList();
        Assert.That(stops, Has.Count.GreaterThanOrEqualTo(5));
        var browser = await App.SignedIn(login);
        Assert.That(await browser.GetStringAsync(new Uri(first, UriKind.Relative)), Does.Not.Contain("演示导览"), "no court in earnest shows it");
        App.Services.GetRequiredService<DemoCourt>().On = true;
        Assert.That(
            await browser.GetStringAsync(new Uri(first, UriKind.Relative)),
            Does.Contain("演示导览").And.Contain($"href=\"{stops[0].Href.Replace("&", "&amp;", StringComparison.Ordinal)}\"")
        );
        foreach (var stop in stops)
            Assert.That((int)(await browser.GetAsync(new Uri(stop.Href, UriKind.Relative))).StatusCode, Is.EqualTo(200), stop.Href);
    }
}
