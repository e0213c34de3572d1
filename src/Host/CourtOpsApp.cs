using System.Text.Json.Serialization.Metadata;
using CourtOps.Cataloguing;
using CourtOps.Contracts;
using CourtOps.Enforcement;
using CourtOps.Host.Jobs;
using CourtOps.Host.Running;
using CourtOps.Host.Web;
using CourtOps.Kernel;
using CourtOps.Kernel.Data;
using CourtOps.Kernel.Modules;
using CourtOps.Kernel.Web;
using CourtOps.ServiceOfDocuments;
using CourtOps.Triage;
using CourtOps.TrialSupport;
using CourtOps.Workzone;
using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.DataProtection.KeyManagement;

namespace CourtOps.Host;

/// <summary>How the host is put together; verbs and tests build the same one.</summary>
public static class CourtOpsApp
{
    /// <summary>The modules, in dependency order. Nothing is discovered from disk.</summary>
    public static IReadOnlyList<Module> Modules { get; } =
    [
        new KernelModule(),
        new CourtOps.Web.WebModule(),
        new WorkzoneModule(),
        new TriageModule(),
        new ServiceOfDocumentsModule(),
        new CataloguingModule(),
        new TrialSupportModule(),
        new EnforcementModule(),
    ];

    public static WebApplication Build(HostOptions options, Action<WebApplicationBuilder>? more = null)
    {
        var app = BuildServices(options, more);
        app.UseCourtOps();
        return app;
    }

    /// <summary>
    /// The same host before its routes are made: commands, queries, jobs and notifications work, nothing answers over HTTP until <see cref="Map"/>.
    /// The routes of all pages are more than half of the work of a start, and most tests ask for no page.
    /// </summary>
    public static WebApplication BuildServices(HostOptions options, Action<WebApplicationBuilder>? more = null)
    {
        var builder = WebApplication.CreateBuilder(new WebApplicationOptions { ContentRootPath = AppContext.BaseDirectory, ApplicationName = "CourtOps.Host" });
        builder.WebHost.UseStaticWebAssets();
        builder.Configuration.AddInMemoryCollection(options.Settings);
        var uploads = new Kernel.Files.UploadLimits(builder.Configuration.GetValue("CourtOps:Upload:MaxMegabytes", 300L) * 1024 * 1024);
        builder.WebHost.ConfigureKestrel(k => k.Limits.MaxRequestBodySize = uploads.MaxRequest);
        // the rule about files speaks first, with its own words
        builder.Services.Configure<Microsoft.AspNetCore.Http.Features.FormOptions>(f => f.MultipartBodyLengthLimit = uploads.MaxRequest);
        builder.Logging.AddSimpleConsole(c =>
        {
            c.SingleLine = true;
            c.TimestampFormat = "HH:mm:ss ";
        });
        builder
            .Logging.AddFilter("Microsoft", LogLevel.Warning)
            .AddFilter("Hangfire", LogLevel.Warning)
            .AddFilter("CourtOps", options.Quiet ? LogLevel.Warning : LogLevel.Information);
        if (options.LogToError)
            builder.Logging.AddConsole(c => c.LogToStandardErrorThreshold = LogLevel.Trace);
        var folder = new DataFolder(options.Data);
        var modules = new ModuleList(options.Modules ?? Modules);
        var connection = builder.Configuration.GetConnectionString("CourtOps");
        if (!string.IsNullOrEmpty(connection) && SqlServerDialect.LosesText(connection, OperatingSystem.IsWindows()))
            throw new Kernel.Messaging.BadSetting(
                "ConnectionStrings:CourtOps",
                "Encrypt=False loses the reading of long texts in the driver on this system. Use Encrypt=True (with TrustServerCertificate=True where "
                    + "the server has no certificate of its own)."
            );
        Dialect dialect = string.IsNullOrEmpty(connection)
            ? new SqliteDialect(folder.File("", "courtops.db"), options.Durable)
            : new SqlServerDialect(connection);
        builder.Services.AddSingleton(options);
        builder.Services.AddSingleton(new TextCatalogue(modules, typeof(CourtOpsApp).Assembly));
        builder.Services.AddKernel(modules, dialect, folder, builder.Configuration["CourtOps:Secrets:Key"], uploads.MaxBytes, Catalogue.Events);
        builder.Services.AddHttpContextAccessor();
        builder
            .Services.AddHttpClient(Microsoft.Extensions.Options.Options.DefaultName)
            .ConfigurePrimaryHttpMessageHandler(p => GuardedHttp.Handler(p.GetRequiredService<IConfiguration>()));
        builder.Services.AddSingleton<TrustedProxies>();
        builder.Services.AddCourtOpsRateLimits(builder.Configuration);
        builder.Services.AddDataProtection().SetApplicationName("CourtOps");
        builder.Services.AddSingleton<SealedXml>();
        builder.Services.AddSingleton<Microsoft.Extensions.Options.IConfigureOptions<KeyManagementOptions>, KeysInDatabase>();
        builder
            .Services.AddAuthentication(CookieAuthenticationDefaults.AuthenticationScheme)
            .AddCookie(c =>
            {
                c.Cookie.Name = "co";
                c.Cookie.HttpOnly = true;
                c.Cookie.SameSite = SameSiteMode.Lax;
                c.Cookie.SecurePolicy = CookieSecurePolicy.SameAsRequest;
                // the cookie only carries the session; its row decides how long it lives
                c.ExpireTimeSpan = TimeSpan.FromHours(24);
                c.SlidingExpiration = false;
                c.LoginPath = "/sign-in";
            });
        builder.Services.AddAntiforgery(a =>
        {
            a.HeaderName = "RequestVerificationToken";
            a.Cookie.Name = "co-csrf";
        });
        builder.Services.Configure<Microsoft.Extensions.WebEncoders.WebEncoderOptions>(w =>
            w.TextEncoderSettings = new System.Text.Encodings.Web.TextEncoderSettings(System.Text.Unicode.UnicodeRanges.All)
        );
        builder
            .Services.AddRazorPages()
            .AddMvcOptions(o =>
            {
                o.Filters.Add<PageGuard>();
                o.Filters.Add<ForgedForms>();
                o.ModelMetadataDetailsProviders.Add(new BlankTexts());
                o.SuppressImplicitRequiredAttributeForNonNullableReferenceTypes = true; // what is missing is said by the validators, in words
            });
        builder.Services.AddScoped<PageGuard>();
        builder.Services.AddSingleton<Refusals>();
        // what cannot be read is answered with the field it is about, not with an empty 400
        builder.Services.Configure<RouteHandlerOptions>(o => o.ThrowOnBadRequest = true);
        builder.Services.ConfigureHttpJsonOptions(j =>
        {
            j.SerializerOptions.Encoder = Kernel.Messaging.Json.Web.Encoder;
            foreach (var converter in Kernel.Messaging.Json.Web.Converters)
                j.SerializerOptions.Converters.Add(converter);
            j.SerializerOptions.TypeInfoResolver = j.SerializerOptions.TypeInfoResolver?.WithAddedModifier(Kernel.Messaging.Json.RefuseNulls);
        });
        builder.Services.AddOpenApi(Web.ApiDescription.Make);
        builder.Services.AddSingleton<Verbs.FirstRunCode>();
        builder.Services.AddSingleton<IdLease>();
        builder.Services.AddSingleton<Counters>();
        if (options.Pumps)
        {
            builder.Services.AddHostedService<RelayService>();
            builder.Services.AddHostedService<WorkService>();
            builder.Services.AddHostedService<SearchService>();
            builder.Services.AddHostedService<SettingService>();
            builder.Services.AddHostedService<SealAtEnd>();
        }
        builder.Services.AddJobServer(options.Pumps);
        more?.Invoke(builder);
        return builder.Build();
    }

    /// <summary>Makes the routes of a host of <see cref="BuildServices"/>; once, before it is started.</summary>
    public static void Map(WebApplication app) => app.UseCourtOps();
}

/// <summary>What a process is started with.</summary>
public sealed record HostOptions
{
    public required string Data { get; init; }

    /// <summary>staff, public or both.</summary>
    public string Face { get; init; } = "both";

    /// <summary>Whether relay, work pump and jobs run in this process.</summary>
    public bool Pumps { get; init; } = true;

    public bool Quiet { get; init; }

    public bool LogToError { get; init; }

    /// <summary>False only in tests: no flush per commit.</summary>
    public bool Durable { get; init; } = true;

    /// <summary>True only in benchmarks: API keys, which open nothing beside <c>/api</c>, also read pages, so that what a browser's session costs is not in
    /// the figures.</summary>
    public bool PagesByKey { get; init; }

    public IReadOnlyList<Module>? Modules { get; init; }

    public IReadOnlyDictionary<string, string?> Settings { get; init; } = new Dictionary<string, string?>();
}
