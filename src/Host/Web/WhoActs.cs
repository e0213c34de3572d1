using System.Globalization;
using System.Net;
using System.Security.Claims;
using CourtOps.Kernel.Messaging;
using CourtOps.Kernel.Security;
using CourtOps.Kernel.Web;
using CourtOps.Web;
using CourtOps.Workzone.People;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace CourtOps.Host.Web;

/// <summary>Reverse proxies whose word about the caller counts: CourtOps:Proxy:Trusted, addresses or networks, separated by commas.</summary>
internal sealed class TrustedProxies(IConfiguration configuration)
{
    private readonly List<IPNetwork> networks =
    [
        .. (configuration["CourtOps:Proxy:Trusted"] ?? "").Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).Select(Read),
    ];

    public bool Any => networks.Count > 0;

    /// <summary>The header in which the proxy names the person it has signed in; empty when it does not.</summary>
    public string UserHeader { get; } = configuration["CourtOps:Proxy:UserHeader"] ?? "";

    /// <summary>Where the proxy ends its own session; without it, whom the proxy goes on naming is signed in again at the next page.</summary>
    public string SignOut { get; } = configuration["CourtOps:Proxy:SignOut"] ?? "";

    /// <summary>Who is named in the header, whether or not whoever says so is believed.</summary>
    public string Named(HttpRequest request) => UserHeader.Length > 0 && request.Headers[UserHeader].ToString() is { Length: > 0 and <= 60 } login ? login : "";

    public bool Trusts(IPAddress? address) =>
        address is not null && networks.Exists(n => n.Contains(address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address));

    private static IPNetwork Read(string text) =>
        IPNetwork.TryParse(text, out var network) ? network
        : IPAddress.TryParse(text, out var one) ? new IPNetwork(one, one.AddressFamily == System.Net.Sockets.AddressFamily.InterNetwork ? 32 : 128)
        : throw new BadSetting("CourtOps:Proxy:Trusted", $"CourtOps:Proxy:Trusted: {text} is no address or network.");
}

/// <summary>The caller's own address behind a trusted proxy; from anybody else the header is not believed.</summary>
internal sealed class ForwardedAddress(RequestDelegate next, TrustedProxies proxies)
{
    public Task InvokeAsync(HttpContext http)
    {
        // after this the connection shows the caller; whether a proxy stood between is kept for WhoActs
        if (proxies.Trusts(http.Connection.RemoteIpAddress))
        {
            http.Items["proxy"] = true;
            var last = http.Request.Headers["X-Forwarded-For"].ToString().Split(',')[^1].Trim();
            if (IPAddress.TryParse(last, out var caller))
                http.Connection.RemoteIpAddress = caller;
            if (http.Request.Headers["X-Forwarded-Proto"] == "https")
                http.Request.Scheme = "https";
        }
        return next(http);
    }
}

/// <summary>Finds out who acts: an API key, a session, the person a trusted proxy names, or nobody; and the language. Then leads to the step a session must
/// do first.</summary>
internal sealed class WhoActs(RequestDelegate next, TrustedProxies proxies, Refusals refusals, HostOptions options)
{
    private static readonly string[] OfTheAccount = ["/account", "/second-factor", "/sign-in", "/sign-out", "/sessions", "/keys", "/rights"];

    // what programs ask for beside /api, with a key or without
    private static readonly string[] OfPrograms = ["/openapi", "/health", "/metrics"];

    // what is open while a step is still to be done
    private static readonly string[] Steps = ["/second-factor", "/sign-out", "/language", "/error", "/health"];

    public async Task InvokeAsync(HttpContext http, Actor actor, IAccounts accounts, ISessions sessions, Texts texts, Shell shell)
    {
        shell.Begin();
        actor.Address = http.Connection.RemoteIpAddress?.ToString() ?? "";
        texts.Language = LanguageOf(http.Request);
        CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
        var named = proxies.Named(http.Request);
        if (named.Length > 0 && http.Items["proxy"] is not true)
        {
            if (refusals.News(Refusals.Named, actor.Address) is not null)
                await accounts.RecordSpoofAsync(named);
            named = "";
        }
        if (http.Request.Headers.TryGetValue("X-Api-Key", out var key))
        {
            var end = refusals.IsTired(actor.Address) ? KeyEnd.TooMany : await accounts.ActByKeyAsync(actor, key.ToString());
            // a key is for programs: it works under /api alone; a narrowed one does nothing there that takes no action
            if (end == KeyEnd.Done && !MayUse(http, actor))
            {
                await Results
                    .Problem(texts["密钥只用于接口（/api），不打开页面，也不能做申请时没有写明的事。"], statusCode: 403, title: texts["没有权限"])
                    .ExecuteAsync(http);
                return;
            }
            if (end != KeyEnd.Done)
            {
                if (end is KeyEnd.Unknown or KeyEnd.Expired)
                    await refusals.NoteAsync(http, Refusals.Key, http.Request.Path);
                await RefuseKeyAsync(http, end, texts);
                return;
            }
        }
        else if (http.User.FindFirstValue("session") is { Length: > 0 } token)
        {
            var state = await sessions.ActAsync(actor, token, IsBackground(http.Request));
            if (state is null || state.Ended is not null)
            {
                var back = state is null ? null : await KeepFormAsync(http, state.PersonId);
                await http.SignOutAsync();
                if (back is not null)
                {
                    LeadToSignIn(http, back);
                    return;
                }
            }
            else if (named.Length > 0 && !string.Equals(named, actor.Login, StringComparison.OrdinalIgnoreCase))
            {
                // the proxy has somebody else before it now: the session of whoever was there is over
                await sessions.EndAsync(token, "signed-out");
                await http.SignOutAsync();
                await LeadAsync(http, http.Request.Path + http.Request.QueryString);
                return;
            }
            else if (state.Step.Length > 0 && !await LetStepAsync(http, state.Step))
                return;
        }
        else if (named.Length > 0)
        {
            var answer = await accounts.EnterAsync(named, "proxy", http.Request.Headers.UserAgent.ToString());
            if (answer.Token.Length > 0)
            {
                await Pages.SignIn.EnterAsync(http, answer);
                var state = await sessions.ActAsync(actor, answer.Token, background: false);
                if (state?.Step.Length > 0 && !await LetStepAsync(http, state.Step))
                    return;
            }
        }
        await next(http);
    }

    // where to come back to after signing in, with what was typed; null where nothing was
    private static async Task<string?> KeepFormAsync(HttpContext http, long personId)
    {
        if (
            !HttpMethods.IsPost(http.Request.Method)
            || http.GetEndpoint()?.Metadata.GetMetadata<PageActionDescriptor>() is null
            || http.GetEndpoint()?.Metadata.GetMetadata<PermitAttribute>()?.Action == PermitAttribute.Anyone
            || Array.Exists(OfTheAccount, p => http.Request.Path.StartsWithSegments(p))
        )
            return null; // nothing of an account: its fields are passwords and codes
        if (await http.RequestServices.GetRequiredService<KeptForms>().KeepAsync(http.Request, personId, http.RequestAborted) is not { } token)
            return null;
        // the page the form stood on, not the address it was sent to
        var seen = http.Request.Headers["HX-Current-URL"].ToString() is { Length: > 0 } current ? current : http.Request.Headers.Referer.ToString();
        var page =
            Uri.TryCreate(seen, UriKind.Absolute, out var uri) && uri.Authority == http.Request.Host.Value ? uri.PathAndQuery : http.Request.Path.ToString();
        return Microsoft.AspNetCore.WebUtilities.QueryHelpers.AddQueryString(PageExtensions.LocalTarget(page), KeptForms.Name, token);
    }

    private static void LeadToSignIn(HttpContext http, string back)
    {
        var target = "/sign-in?next=" + Uri.EscapeDataString(back);
        if (!http.Request.Headers.ContainsKey("HX-Request"))
        {
            http.Response.StatusCode = StatusCodes.Status303SeeOther;
            http.Response.Headers.Location = target;
            return;
        }
        http.Response.StatusCode = StatusCodes.Status204NoContent;
        http.Response.Headers["HX-Redirect"] = target;
    }

    private bool MayUse(HttpContext http, Actor actor)
    {
        var path = http.Request.Path;
        if (!path.StartsWithSegments("/api"))
            return options.PagesByKey || Array.Exists(OfPrograms, p => path.StartsWithSegments(p));
        return !actor.IsNarrowed
            || http.GetEndpoint()?.Metadata.GetMetadata<PermitAttribute>()?.Action != PermitAttribute.SignedIn
            || path.StartsWithSegments("/api/v1/me")
            || path.StartsWithSegments("/api/v1/uploads");
    }

    // requests a page makes by itself say so; they do not keep an empty chair signed in
    private static bool IsBackground(HttpRequest request) =>
        request.Path.StartsWithSegments("/events")
        || request.Path.StartsWithSegments("/shell")
        || request.Headers["HX-Trigger-Name"] == "background"
        || request.Headers.ContainsKey("X-Background");

    private static async Task<bool> LetStepAsync(HttpContext http, string step)
    {
        http.Items["step"] = step;
        var path = http.Request.Path;
        if (
            Array.Exists(Steps, s => path.StartsWithSegments(s))
            || (step == SessionStep.Password && path.StartsWithSegments("/account"))
            || http.GetEndpoint() is null
        )
            return true;
        var target = step == SessionStep.Password ? "/account?must=true" : "/second-factor?next=" + Uri.EscapeDataString(path + http.Request.QueryString);
        await LeadAsync(http, target);
        return false;
    }

    private static async Task LeadAsync(HttpContext http, string target)
    {
        if (
            http.GetEndpoint()?.Metadata.GetMetadata<PageActionDescriptor>() is not null
            && HttpMethods.IsGet(http.Request.Method)
            && !http.Request.Headers.ContainsKey("HX-Request")
        )
        {
            http.Response.Redirect(target);
            return;
        }
        http.Response.StatusCode = 401;
        http.Response.Headers["HX-Redirect"] = target;
        await http.Response.CompleteAsync();
    }

    private static async Task RefuseKeyAsync(HttpContext http, KeyEnd end, Texts texts)
    {
        if (end == KeyEnd.TooMany)
        {
            http.Response.Headers.RetryAfter = "60";
            await Results.Problem(texts["本分钟的次数用完了，请一分钟后再试。"], statusCode: 429, title: texts["请求太频繁"]).ExecuteAsync(http);
            return;
        }
        if (end == KeyEnd.NoRole)
        {
            await Results.Problem(texts["此账号在密钥所属的法院没有角色，密钥不能使用。"], statusCode: 403, title: texts["没有权限"]).ExecuteAsync(http);
            return;
        }
        await Results.Problem(texts[end == KeyEnd.Expired ? "密钥已过期。" : "请先登录。"], statusCode: 401, title: texts["没有权限"]).ExecuteAsync(http);
    }

    private static string LanguageOf(HttpRequest request)
    {
        if (request.Cookies.TryGetValue("co-lang", out var chosen) && chosen is "zh-CN" or "en" or "ko")
            return chosen!;
        return "zh-CN";
    }
}
