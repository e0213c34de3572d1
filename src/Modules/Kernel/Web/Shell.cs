using CourtOps.Kernel.Modules;
using CourtOps.Kernel.Security;
using Microsoft.AspNetCore.Antiforgery;
using Microsoft.AspNetCore.Http;

namespace CourtOps.Kernel.Web;

public sealed record MenuGroup(string? Label, IReadOnlyList<MenuLink> Links);

public sealed record MenuLink(string Label, string Href, string Icon, string? CountKey);

/// <summary>What the layout shows around every page: menu, person, language, toast.</summary>
public sealed class Shell(Actor actor, Texts texts, ModuleList modules, IHttpContextAccessor http, IAntiforgery antiforgery)
{
    private IReadOnlyList<MenuGroup>? menu;

    public static string Version { get; } = (typeof(Shell).Assembly.GetName().Version?.ToString(3) ?? "0") + "-" + typeof(Shell).Module.ModuleVersionId.ToString("n")[..8];

    public ICurrentUser User => actor;

    public string Language => texts.Language;

    public IReadOnlyList<MenuGroup> Menu => menu ??= Build();

    public string Csrf => http.HttpContext is { } c ? antiforgery.GetAndStoreTokens(c).RequestToken ?? "" : "";

    /// <summary>What the last action did; shown once.</summary>
    public string? Toast
    {
        get
        {
            var c = http.HttpContext;
            if (c is null || !c.Request.Cookies.TryGetValue("co-toast", out var value) || value.Length == 0)
                return null;
            c.Response.Cookies.Delete("co-toast");
            return Uri.UnescapeDataString(value);
        }
    }

    public bool IsCurrent(MenuLink link)
    {
        var path = http.HttpContext?.Request.Path.Value ?? "";
        return link.Href == "/" ? path == "/" : path == link.Href || path.StartsWith(link.Href + "/", StringComparison.Ordinal);
    }

    private List<MenuGroup> Build() =>
        [.. modules.Declared.SelectMany(d => d.Declaration.MenuEntries)
            .Where(m => actor.Can(m.Action))
            .OrderBy(m => m.Order)
            .GroupBy(m => m.Group)
            .Select(g => new MenuGroup(g.Key.Length == 0 ? null : texts[g.Key], [.. g.Select(m => new MenuLink(texts[m.Label], m.Href, m.Icon, m.CountKey))]))];
}
