using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;
using CourtOps.Host;
using CourtOps.Host.Jobs;
using Hangfire;
using Hangfire.Storage;
using Microsoft.Extensions.DependencyInjection;

namespace CourtOps.SystemTests.Jobs;

/// <summary>The job server itself: its schedule, and its pages for those who may.</summary>
public partial class JobServerTests
{
    [Test]
    public void Every_declared_job_is_read_by_the_server_in_court_time()
    {
        Hangfire.Logging.LogProvider.SetCurrentLogProvider(null); // that of a host which is gone
        using var storage = new Hangfire.InMemory.InMemoryStorage();
        var manager = new RecurringJobManager(storage);
        var jobs = CourtOpsApp
            .Modules.SelectMany(m =>
            {
                var d = new Kernel.Modules.ModuleDeclaration();
                m.Declare(d);
                return d.Jobs;
            })
            .ToList();
        foreach (var job in jobs)
            manager.AddOrUpdate<RunJob>(
                job.Name,
                r => r.RunAsync(job.Name, null!, default),
                job.Cron,
                new RecurringJobOptions { TimeZone = Kernel.Web.Times.Zone }
            );
        var read = storage.GetConnection().GetRecurringJobs();
        Assert.That(read.Select(r => r.Error).Where(e => e is not null), Is.Empty);
        Assert.That(read, Has.Count.EqualTo(jobs.Count));
        Assert.That(read.Where(r => r.NextExecution is null), Is.Empty);
        var nightly = read.Single(r => r.Id == "kernel.verify").NextExecution!.Value;
        Assert.That((nightly.Hour, nightly.Minute), Is.EqualTo((20, 10)), "04:10 in Shanghai");
        Assert.That(
            Hangfire
                .Common.JobFilterProviders.Providers.GetFilters(read[0].Job)
                .Where(f => f.Scope == Hangfire.Common.JobFilterScope.Method)
                .Select(f => f.Instance)
                .OfType<AutomaticRetryAttribute>()
                .Single()
                .Attempts,
            Is.Zero,
            "what failed waits for its next time"
        );
    }

    [TestCase("sysadmin", HttpStatusCode.OK)]
    [TestCase("auditor", HttpStatusCode.OK)]
    [TestCase("secadmin", HttpStatusCode.Forbidden)]
    [TestCase("judge", HttpStatusCode.Forbidden)]
    [TestCase("leader", HttpStatusCode.Forbidden)]
    public async Task Only_system_administrators_and_auditors_see_the_pages(string person, HttpStatusCode status)
    {
        await using var app = await TestApp.StartAsync();
        using var browser = await app.SignedIn(person);
        foreach (var path in new[] { JobDashboard.Path, JobDashboard.Path + "/recurring", JobDashboard.Path + "/jobs/failed" })
            Assert.That((await browser.GetAsync(path)).StatusCode, Is.EqualTo(status), path);
        var menu = await (await browser.GetAsync("/account")).Content.ReadAsStringAsync();
        Assert.That(
            menu.Contains("href=\"/operations/jobs\"", StringComparison.Ordinal),
            Is.EqualTo(status == HttpStatusCode.OK),
            "the menu shows it to those who may"
        );
    }

    [Test]
    public async Task Buttons_work_for_the_system_administrator_are_recorded_and_need_a_token()
    {
        await using var app = await TestApp.StartAsync();
        var manager = app.Services.GetRequiredService<IRecurringJobManager>();
        manager.AddOrUpdate<RunJob>("kernel.verify", r => r.RunAsync("kernel.verify", null!, default), "0 10 4 * * ?");
        using var browser = await app.SignedIn("sysadmin");
        var page = await (await browser.GetAsync(JobDashboard.Path + "/recurring")).Content.ReadAsStringAsync();
        Assert.That(page, Does.Contain("kernel.verify").And.Not.Contain("courtops.db"));
        var (header, token) = Token(page);
        Assert.That((await Press(browser, null, null)).StatusCode, Is.EqualTo(HttpStatusCode.Forbidden), "without a token");
        Assert.That((await Press(browser, header, token)).StatusCode, Is.EqualTo(HttpStatusCode.NoContent));
        Assert.That(
            await app.Value<string>("SELECT object_id FROM kernel_audit WHERE action = 'kernel.jobs.pressed' AND result = 'done' ORDER BY id"),
            Is.EqualTo("/recurring/trigger")
        );

        using var auditor = await app.SignedIn("auditor");
        var seen = await (await auditor.GetAsync(JobDashboard.Path + "/recurring")).Content.ReadAsStringAsync();
        var enqueued = JobStorageOf(app).GetMonitoringApi().EnqueuedCount("default");
        (header, token) = Token(seen);
        Assert.That((await Press(auditor, header, token)).StatusCode, Is.EqualTo(HttpStatusCode.Unauthorized), "an auditor reads, even with a token");
        Assert.That(JobStorageOf(app).GetMonitoringApi().EnqueuedCount("default"), Is.EqualTo(enqueued));
    }

    [Test]
    public async Task The_policy_of_the_pages_allows_one_style_by_its_hash_and_no_script_in_markup()
    {
        await using var app = await TestApp.StartAsync();
        using var browser = await app.SignedIn("sysadmin");
        var answer = await browser.GetAsync(JobDashboard.Path);
        var policy = answer.Headers.GetValues("Content-Security-Policy").Single();
        Assert.That(policy, Does.Contain($"style-src 'self' '{JobDashboard.OverviewStyle}'").And.Contain("script-src 'self';").And.Not.Contain("unsafe"));
        var page = await answer.Content.ReadAsStringAsync();
        Assert.That(
            Inline()
                .Matches(page)
                .Select(m =>
                    "sha256-"
                    + Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes(m.Groups[1].Value.Replace("\r\n", "\n", StringComparison.Ordinal))))
                ),
            Is.All.EqualTo(JobDashboard.OverviewStyle).And.Not.Empty,
            "the style of this version of the package"
        );
        Assert.That(InlineScript().Matches(page), Is.Empty);
        var other = await browser.GetAsync("/operations");
        Assert.That(other.Headers.GetValues("Content-Security-Policy").Single(), Does.Not.Contain("sha256"), "nowhere else");
        Assert.That((await browser.GetAsync(Asset().Match(page).Groups[1].Value)).IsSuccessStatusCode, Is.True, "its styles are served");
    }

    [Test]
    public async Task The_server_runs_a_job_at_its_time_and_a_manual_start_too()
    {
        await using var app = await TestApp.StartAsync();
        await app.Services.GetRequiredService<Host.Running.IdLease>().TakeAsync();
        var storage = JobStorageOf(app);
        using var server = new BackgroundJobServer(
            new BackgroundJobServerOptions
            {
                SchedulePollingInterval = TimeSpan.FromSeconds(1),
                WorkerCount = 1,
                Activator = app.Services.GetRequiredService<JobActivator>(),
            },
            storage
        );
        var manager = new RecurringJobManager(storage);
        manager.AddOrUpdate<RunJob>("kernel.seal-logs", r => r.RunAsync("kernel.seal-logs", null!, default), "* * * * * ?");
        await Eventually(async () => await app.Value<DateTimeOffset?>("SELECT next_at FROM kernel_job WHERE name = 'kernel.seal-logs'") is not null);
        manager.AddOrUpdate<RunJob>("kernel.seal-logs", r => r.RunAsync("kernel.seal-logs", null!, default), Cron.Never());
        await app.Change("UPDATE kernel_job SET last_started_at = NULL WHERE name = 'kernel.seal-logs'");
        manager.Trigger("kernel.seal-logs");
        await Eventually(async () => await app.Value<DateTimeOffset?>("SELECT last_started_at FROM kernel_job WHERE name = 'kernel.seal-logs'") is not null);
        server.SendStop();
        await server.WaitForShutdownAsync(default);
        await app.Services.GetRequiredService<Host.Running.IdLease>().DisposeAsync();
    }

    private static JobStorage JobStorageOf(TestApp app) => app.Services.GetRequiredService<JobStorage>();

    private static async Task Eventually(Func<Task<bool>> holds)
    {
        for (var i = 0; i < 300 && !await holds(); i++)
            await Task.Delay(50);
        Assert.That(await holds(), Is.True);
    }

    private static async Task<HttpResponseMessage> Press(HttpClient browser, string? header, string? token)
    {
        using var content = new FormUrlEncodedContent(new Dictionary<string, string> { ["jobs[]"] = "kernel.verify" });
        using var request = new HttpRequestMessage(HttpMethod.Post, JobDashboard.Path + "/recurring/trigger") { Content = content };
        if (header is not null)
            request.Headers.Add(header, token);
        return await browser.SendAsync(request);
    }

    private static (string Header, string Token) Token(string page)
    {
        var header = WebUtility.HtmlDecode(TokenHeader().Match(page).Groups[1].Value);
        var token = WebUtility.HtmlDecode(TokenValue().Match(page).Groups[1].Value);
        Assert.That(header.Length > 0 && token.Length > 0, Is.True, "the page carries its token");
        return (header, token);
    }

    [GeneratedRegex("<style[^>]*>(.*?)</style>", RegexOptions.Singleline)]
    private static partial Regex Inline();

    [GeneratedRegex("<script(?![^>]*src=)[^>]*>|\\son[a-z]+=\"", RegexOptions.IgnoreCase)]
    private static partial Regex InlineScript();

    [GeneratedRegex("<link[^>]*rel=\"stylesheet\"[^>]*href=\"([^\"]+)\"")]
    private static partial Regex Asset();

    [GeneratedRegex("name=\"csrf-header\" content=\"([^\"]+)\"")]
    private static partial Regex TokenHeader();

    [GeneratedRegex("name=\"csrf-token\" content=\"([^\"]+)\"")]
    private static partial Regex TokenValue();
}
