using System.Globalization;
using CourtOps.Kernel.Access;
using CourtOps.Kernel.Jobs;
using CourtOps.Kernel.Messaging;
using CourtOps.Kernel.Security;
using CourtOps.Kernel.Web;
using Hangfire;
using Hangfire.Dashboard;
using MediatR;

namespace CourtOps.Host.Jobs;

/// <summary>
/// The job server's own pages, of the host one is on: for the system administrator who runs all courts; auditors and lower system administrators
/// read. It is an endpoint like any other, so that log, session, headers and rate limits hold. What is pressed there is in the audit trail.
/// </summary>
internal static class JobDashboard
{
    public const string Path = "/operations/jobs";

    /// <summary>The one inline style of the overview page of Hangfire 1.8.25; a test compares.</summary>
    public const string OverviewStyle = "sha256-z7zcnw/4WalZqx+PrNaRnoeLz/G9WXuFqV1WCJ129sg=";

    private const string Rights = "job-dashboard";

    public static void MapJobDashboard(this WebApplication app)
    {
        // made at the first visit: most hosts are never asked
        var dashboard = new Lazy<RequestDelegate>(() => ((IApplicationBuilder)app).New().UseHangfireDashboard(Path, Options()).Build());
        app.Map(Path + "/{**rest}", http => ShowAsync(http, dashboard)).Permit(JobActions.Read).ExcludeFromDescription();
    }

    private static DashboardOptions Options() =>
        new()
        {
            Authorization = [],
            AsyncAuthorization = [new Asked()],
            IsReadOnlyFunc = c => c.GetHttpContext().Items[Rights] is not true,
            DisplayStorageConnectionString = false,
            DashboardTitle = "CourtOps",
            AppPath = "/operations",
            TimeZoneResolver = new DefaultTimeZoneResolver(),
        };

    private static async Task ShowAsync(HttpContext http, Lazy<RequestDelegate> dashboard)
    {
        var actor = http.RequestServices.GetRequiredService<Actor>();
        // whatever the role matrix says
        if (actor.Kind != ActorKind.Person || !actor.Roles.Any(r => r is Separation.SystemAdministrator or Separation.Auditor))
        {
            http.RequestServices.GetRequiredService<AccessLog>().Refused("action", JobActions.Read);
            throw new Forbidden(JobActions.Read);
        }
        var whole = actor.Can(JobActions.Manage) && await http.RequestServices.GetRequiredService<IOperatorScope>().IsWholeAsync(http.RequestAborted);
        http.Items[Rights] = whole;
        if (whole && HttpMethods.IsPost(http.Request.Method) && !http.Request.Path.Value!.EndsWith("/stats", StringComparison.Ordinal))
            await http
                .RequestServices.GetRequiredService<IMediator>()
                .Send(new PressOnDashboard { Button = http.Request.Path.Value[Path.Length..] }, http.RequestAborted);
        var policy = http.Response.Headers.ContentSecurityPolicy.ToString();
        http.Response.Headers.ContentSecurityPolicy = policy.Replace("style-src 'self'", $"style-src 'self' '{OverviewStyle}'", StringComparison.Ordinal);
        CultureInfo.CurrentUICulture = CultureInfo.GetCultureInfo(http.RequestServices.GetRequiredService<Texts>().Language == "zh-CN" ? "zh" : "en");
        http.SetEndpoint(null);
        await dashboard.Value(http);
    }

    // who got as far as this was asked above; nobody comes here by another way
    private sealed class Asked : IDashboardAsyncAuthorizationFilter
    {
        public Task<bool> AuthorizeAsync(DashboardContext context) => Task.FromResult(context.GetHttpContext().Items.ContainsKey(Rights));
    }
}
