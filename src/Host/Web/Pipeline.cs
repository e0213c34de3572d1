using System.Globalization;
using System.Security.Claims;
using CourtOps.Host.Running;
using CourtOps.Kernel.Data;
using CourtOps.Kernel.Messaging;
using CourtOps.Kernel.Modules;
using CourtOps.Kernel.Security;
using CourtOps.Kernel.Web;
using CourtOps.Workzone.People;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Diagnostics;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Microsoft.Extensions.Primitives;

namespace CourtOps.Host.Web;

/// <summary>The order of the web: headers, files, who, may they, what.</summary>
internal static class Pipeline
{
    public static void UseCourtOps(this WebApplication app)
    {
        app.UseMiddleware<Headers>();
        if (app.Services.GetRequiredService<TrustedProxies>().Any)
            app.UseMiddleware<ForwardedAddress>();
        app.UseWhen(http => !Errors.IsApi(http), pages => pages.UseStatusCodePagesWithReExecute("/error/{0}"));
        app.UseWhen(Errors.IsApi, api => api.UseStatusCodePages(c => Problems.Plain(c.HttpContext).ExecuteAsync(c.HttpContext)));
        app.UseMiddleware<Errors>(); // inside the two above, so that what is thrown gets a page too
        var types = new Microsoft.AspNetCore.StaticFiles.FileExtensionContentTypeProvider();
        types.Mappings[".bcmap"] = "application/octet-stream";
        types.Mappings[".pfb"] = "application/octet-stream";
        types.Mappings[".mjs"] = "text/javascript";
        app.UseStaticFiles(
            new StaticFileOptions
            {
                ContentTypeProvider = types,
                OnPrepareResponse = c =>
                    c.Context.Response.Headers.CacheControl = c.Context.Request.QueryString.HasValue
                        ? "public, max-age=31536000, immutable"
                        : "public, max-age=3600",
            }
        );
        app.UseRouting();
        app.UseAuthentication();
        app.UseMiddleware<WhoActs>();
        app.UseRateLimiter();
        app.UseMiddleware<EndpointGuard>();
        app.MapRazorPages();
        SignInProviders.Map(app);
        app.MapOpenApi("/openapi/{documentName}.json").Permit(PermitAttribute.Anyone);
        app.MapGet("/health/live", () => Results.Text("ok")).Permit(PermitAttribute.Anyone).ExcludeFromDescription();
        app.MapGet(
                "/health/ready",
                async (Migrator migrator, CancellationToken ct) =>
                    await migrator.IsCurrentAsync(ct) ? Results.Text("ready") : Results.Text("migrating", statusCode: 503)
            )
            .Permit(PermitAttribute.Anyone)
            .ExcludeFromDescription();
        app.MapGet(
                "/metrics",
                (HttpContext http, Counters counters, Db db, CancellationToken ct) =>
                    Counters.MayRead(http) ? counters.WriteAsync(db, ct) : Task.FromResult(Results.NotFound())
            )
            .Permit(PermitAttribute.Anyone)
            .ExcludeFromDescription();
        Staff.Map(app);
        Jobs.JobDashboard.MapJobDashboard(app);
        var api = app.MapGroup("/api/v1");
        foreach (var module in app.Services.GetRequiredService<ModuleList>().All)
        {
            module.MapApi(api);
            module.MapEndpoints(app);
        }
    }
}

/// <summary>Headers of every answer. No inline script or style, no foreign origin.</summary>
internal sealed class Headers(RequestDelegate next)
{
    public Task InvokeAsync(HttpContext http)
    {
        var h = http.Response.Headers;
        h.ContentSecurityPolicy =
            "default-src 'self'; img-src 'self' data: blob:; worker-src 'self' blob:; object-src 'none'; script-src 'self'; style-src 'self'; "
            + "connect-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'self'";
        h.XContentTypeOptions = "nosniff";
        h.XFrameOptions = "SAMEORIGIN";
        h["Referrer-Policy"] = "same-origin";
        h["Cross-Origin-Opener-Policy"] = "same-origin";
        h["Cross-Origin-Resource-Policy"] = "same-origin";
        h.CacheControl = "no-cache, no-store"; // as antiforgery sets it: another value costs a line of the log at each page; what is not a file of the program may hold somebody's case
        if (http.Request.IsHttps)
            h.StrictTransportSecurity = "max-age=31536000";
        h["Permissions-Policy"] = "camera=(), microphone=(), geolocation=()";
        return next(http);
    }
}

/// <summary>The last resort: API gets ProblemDetails, pages the error page; nothing of the inside is told.</summary>
internal sealed class Errors(RequestDelegate next, Kernel.Files.UploadLimits limits, ILogger<Errors> log)
{
    public async Task InvokeAsync(HttpContext http)
    {
        try
        {
            if (http.Request.ContentLength > limits.MaxRequest && http.Features.Get<IStatusCodeReExecuteFeature>() is null)
            {
                http.Features.Set<IFormFeature>(new FormFeature(FormCollection.Empty)); // nor does the error page read it
                throw new BadHttpRequestException("Request body too large.", StatusCodes.Status413PayloadTooLarge);
            }
            await next(http);
        }
        catch (OperationCanceledException) when (http.RequestAborted.IsCancellationRequested)
        {
            // the caller has gone
        }
        catch (Exception e) when (!http.Response.HasStarted)
        {
            var known =
                e
                is RuleBroken
                    or Conflict
                    or NotFound
                    or Forbidden
                    or FluentValidation.ValidationException
                    or BadHttpRequestException
                    or System.Text.Json.JsonException;
            if (!known)
                log.LogError(e, "{Method} {Path} failed", http.Request.Method, http.Request.Path);
            if (IsApi(http) || http.Request.Path.StartsWithSegments("/uploads"))
            {
                await Problems.From(e, http.RequestServices.GetRequiredService<Texts>()).ExecuteAsync(http);
                return;
            }
            http.Response.StatusCode = e switch
            {
                NotFound => 404,
                Forbidden => 403,
                Conflict => 409,
                RuleBroken or FluentValidation.ValidationException => 422,
                BadHttpRequestException b => b.StatusCode,
                _ when Problems.IsDiskFull(e) => StatusCodes.Status507InsufficientStorage,
                _ => 500,
            };
            if (!IsPage(http) && e is RuleBroken or Conflict)
                await http.Response.WriteAsJsonAsync(new { error = e.Message }, http.RequestAborted);
        }
    }

    internal static bool IsApi(HttpContext http) => http.Request.Path.StartsWithSegments("/api");

    private static bool IsPage(HttpContext http) => http.Request.Headers.Accept.ToString().Contains("text/html", StringComparison.Ordinal);
}

/// <summary>Endpoints that are no pages: one without a declared permission is refused. Pages are guarded by their filter.</summary>
internal sealed class EndpointGuard(RequestDelegate next, HostOptions options)
{
    public async Task InvokeAsync(HttpContext http, Actor actor, Texts texts)
    {
        var endpoint = http.GetEndpoint();
        // what is no route only says what is wrong with the request: its method, its content type
        if (endpoint is not RouteEndpoint)
        {
            await next(http);
            return;
        }
        if (options.Face != "both" && FaceOf(http.Request.Path) is { } face && face != options.Face)
        {
            http.Response.StatusCode = 404;
            return;
        }
        if (endpoint.Metadata.GetMetadata<PageActionDescriptor>() is null)
        {
            var permit =
                endpoint.Metadata.GetMetadata<PermitAttribute>() ?? throw new InvalidOperationException($"{endpoint.DisplayName} declares no permission.");
            if (!actor.Can(permit.Action))
            {
                http.RequestServices.GetRequiredService<Kernel.Access.AccessLog>().Refused("action", permit.Action);
                throw new Forbidden(permit.Action, actor.SignedIn ? null : "请先登录。");
            }
            // a browser's cookie never changes anything through the API: other sites could ride on it
            if (Errors.IsApi(http) && actor.Kind == ActorKind.Person && !HttpMethods.IsGet(http.Request.Method) && permit.Action != PermitAttribute.Anyone)
                throw new Forbidden(permit.Action, "通过 API 修改数据须使用 X-Api-Key。");
        }
        await next(http);
    }

    // health, files, errors belong to both
    private static string? FaceOf(PathString path) =>
        path.StartsWithSegments("/p") ? "public"
        : path.StartsWithSegments("/health") || path.StartsWithSegments("/error") || path.StartsWithSegments("/metrics") || path.StartsWithSegments("/language")
            ? null
        : "staff";
}

/// <summary>Small endpoints around the pages: language, counts, the event stream, uploads.</summary>
internal static class Staff
{
    public static void Map(WebApplication app)
    {
        app.MapPost(
                "/language",
                async (HttpContext http, Microsoft.AspNetCore.Antiforgery.IAntiforgery antiforgery) =>
                {
                    if (!http.Request.HasFormContentType)
                        return Results.BadRequest();
                    await CheckAsync(http, antiforgery);
                    var form = await http.Request.ReadFormAsync(http.RequestAborted);
                    var language = form["to"].ToString();
                    if (language is "zh-CN" or "en" or "ko")
                        http.Response.Cookies.Append(
                            "co-lang",
                            language,
                            new CookieOptions
                            {
                                HttpOnly = true,
                                SameSite = SameSiteMode.Lax,
                                MaxAge = TimeSpan.FromDays(365),
                                Path = "/",
                            }
                        );
                    var back = form["back"].ToString();
                    return Results.LocalRedirect(PageExtensions.LocalTarget(back));
                }
            )
            .Permit(PermitAttribute.Anyone)
            .ExcludeFromDescription();

        app.MapGet(
                "/events",
                async (HttpContext http, Changes changes, Actor actor, ISessions sessions) =>
                {
                    var token = http.User.FindFirstValue("session") ?? "";
                    http.Response.ContentType = "text/event-stream";
                    http.Response.Headers.CacheControl = "no-store";
                    await http.Response.WriteAsync("retry: 3000\n\n", http.RequestAborted);
                    await http.Response.Body.FlushAsync(http.RequestAborted);
                    // a browser that connects again says itself what it heard last
                    var since =
                        http.Request.Headers["Last-Event-ID"].ToString() is { Length: > 0 } heard ? heard
                        : http.Request.Query["since"].ToString() is { Length: > 0 } made ? made
                        : null;
                    await foreach (var (topic, mark) in changes.ListenAsync(since, actor.Id, http.RequestAborted))
                    {
                        // a stream does not outlive the session that opened it
                        if (token.Length > 0 && !await sessions.StandsAsync(token))
                            return;
                        await http.Response.WriteAsync($"id: {mark}\nevent: changed\ndata: {topic}\n\n", http.RequestAborted);
                        await http.Response.Body.FlushAsync(http.RequestAborted);
                    }
                }
            )
            .Permit(PermitAttribute.SignedIn)
            .ExcludeFromDescription();

        app.MapPost(
                "/uploads",
                async (HttpContext http, Microsoft.AspNetCore.Antiforgery.IAntiforgery antiforgery, Kernel.Files.Uploads uploads, UploadBegin begin) =>
                {
                    await CheckAsync(http, antiforgery);
                    return Results.Ok(await uploads.BeginAsync(begin.Name ?? "", begin.Size, http.RequestAborted));
                }
            )
            .Permit(PermitAttribute.SignedIn)
            .ExcludeFromDescription();

        app.MapGet("/uploads/{id}", async (string id, Kernel.Files.Uploads uploads, CancellationToken ct) => Results.Ok(await uploads.FindAsync(id, ct)))
            .Permit(PermitAttribute.SignedIn)
            .ExcludeFromDescription();

        app.MapPut(
                "/uploads/{id}",
                async (string id, long offset, HttpContext http, Microsoft.AspNetCore.Antiforgery.IAntiforgery antiforgery, Kernel.Files.Uploads uploads) =>
                {
                    await CheckAsync(http, antiforgery);
                    return Results.Ok(await uploads.AppendAsync(id, offset, http.Request.Body, http.RequestAborted));
                }
            )
            .Permit(PermitAttribute.SignedIn)
            .ExcludeFromDescription();
    }

    private static async Task CheckAsync(HttpContext http, Microsoft.AspNetCore.Antiforgery.IAntiforgery antiforgery)
    {
        if (http.Request.Headers.TryGetValue("X-Api-Key", out StringValues _))
            return;
        try
        {
            await antiforgery.ValidateRequestAsync(http);
        }
        catch (Microsoft.AspNetCore.Antiforgery.AntiforgeryValidationException)
        {
            await http.RequestServices.GetRequiredService<Refusals>().NoteAsync(http, Refusals.Form, http.Request.Path);
            throw new RuleBroken("页面已过期，请刷新后重试。");
        }
    }

    internal sealed record UploadBegin
    {
        public string? Name { get; init; }
        public long Size { get; init; }
    }
}
