using System.Collections.Concurrent;
using System.Diagnostics;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Unicode;
using CourtOps.Kernel.Modules;
using CourtOps.Kernel.Security;
using CourtOps.Kernel.Web;
using Microsoft.AspNetCore.Antiforgery;
using Microsoft.AspNetCore.Html;
using Microsoft.AspNetCore.Http;

namespace CourtOps.Web;

public sealed record MenuGroup(string? Label, IReadOnlyList<MenuLink> Links);

public sealed record MenuLink(string Label, string Href, string Icon, string? CountKey);

/// <summary>What the layout shows around every page: menu, person, language, toast.</summary>
public sealed class Shell(Actor actor, Texts texts, ShellCache cache, IHttpContextAccessor http, IAntiforgery antiforgery, Changes changes)
{
    private static readonly HtmlEncoder Encoder = HtmlEncoder.Create(UnicodeRanges.All);
    private IReadOnlyList<MenuGroup>? menu;

    public static string Version { get; } =
        (typeof(Shell).Assembly.GetName().Version?.ToString(3) ?? "0") + "-" + typeof(Shell).Module.ModuleVersionId.ToString("n")[..8];

    public ICurrentUser User => actor;

    /// <summary>The mark of the changes from which this page's stream goes on.</summary>
    public string Since { get; private set; } = "";

    /// <summary>Before anything of a page is read: what changes from here on, its stream tells.</summary>
    public void Begin() => Since = changes.Mark;

    public string Language => texts.Language;

    public IReadOnlyList<MenuGroup> Menu => menu ??= Build();

    /// <summary>The groups of the rail as markup: one for each language, place and set of entries a person may use.</summary>
    public IHtmlContent Rail
    {
        get
        {
            var (may, here) = (default(UInt128), default(UInt128));
            for (var i = 0; i < cache.Entries.Count; i++)
            {
                if (actor.Can(cache.Entries[i].Action))
                    may |= UInt128.One << i;
                if (IsCurrent(cache.Entries[i].Href))
                    here |= UInt128.One << i;
            }
            return cache.Rails.GetOrAdd((texts.Language, here, may), static (_, shell) => new HtmlString(shell.DrawRail()), this);
        }
    }

    /// <summary>
    /// The token of this browser's forms. Making one costs two encryptions: it is kept for five minutes with the cookie it belongs to.
    /// A program with a key posts no forms and gets none.
    /// </summary>
    public string Csrf
    {
        get
        {
            if (http.HttpContext is not { } c || actor.Kind == ActorKind.Key)
                return "";
            if (!c.Request.Cookies.TryGetValue("co-csrf", out var cookie))
                return antiforgery.GetAndStoreTokens(c).RequestToken ?? "";
            var (key, now) = ((cookie, actor.Id), Stopwatch.GetTimestamp());
            if (cache.Tokens.TryGetValue(key, out var kept) && kept.Until > now)
                return kept.Token;
            var made = antiforgery.GetAndStoreTokens(c);
            // a cookie that was no good is replaced by this answer: its token belongs to the new one
            if (made.CookieToken is not null || made.RequestToken is not { } token)
                return made.RequestToken ?? "";
            if (cache.Tokens.Count > 10_000)
                cache.Tokens.Clear();
            cache.Tokens[key] = (token, now + (Stopwatch.Frequency * 300));
            return token;
        }
    }

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

    public bool IsCurrent(MenuLink link) => IsCurrent(link.Href);

    // the entry whose address is the longest beginning of this page's
    private bool IsCurrent(string href)
    {
        var path = http.HttpContext?.Request.Path.Value ?? "";
        return Covers(href, path) && !cache.Entries.Any(other => other.Href.Length > href.Length && Covers(other.Href, path) && actor.Can(other.Action));
    }

    private static bool Covers(string href, string path) => href == "/" ? path == "/" : path == href || path.StartsWith(href + "/", StringComparison.Ordinal);

    private string DrawRail()
    {
        var b = new StringBuilder(4096);
        foreach (var group in Menu)
        {
            if (group.Label is not null)
                b.Append("<h6>").Append(Encoder.Encode(group.Label)).Append("</h6>\n");
            b.Append("<ul aria-label=\"").Append(Encoder.Encode(group.Label ?? texts["我的"])).Append("\">\n");
            foreach (var link in group.Links)
            {
                var label = Encoder.Encode(link.Label);
                b.Append("<li><a href=\"")
                    .Append(link.Href)
                    .Append("\" title=\"")
                    .Append(label)
                    .Append('"')
                    .Append(IsCurrent(link) ? " aria-current=\"page\"" : "")
                    .Append("><svg class=\"i\" aria-hidden=\"true\"><use href=\"/lib/icons.svg#")
                    .Append(link.Icon)
                    .Append("\"></use></svg><span>")
                    .Append(label)
                    .Append("</span>")
                    .Append(link.CountKey is null ? "" : $"<b id=\"count-{link.CountKey}\"></b>")
                    .Append("</a></li>\n");
            }
            b.Append("</ul>\n");
        }
        return b.ToString();
    }

    private List<MenuGroup> Build() =>
        [
            .. cache
                .Entries.Where(m => actor.Can(m.Action))
                .GroupBy(m => m.Group)
                .Select(g => new MenuGroup(
                    g.Key.Length == 0 ? null : texts[g.Key],
                    [.. g.Select(m => new MenuLink(texts[m.Label], m.Href, m.Icon, m.CountKey))]
                )),
        ];
}

/// <summary>What the shells of one host share.</summary>
public sealed class ShellCache(ModuleList modules)
{
    internal IReadOnlyList<MenuEntry> Entries { get; } = [.. modules.Declared.SelectMany(d => d.Declaration.MenuEntries).OrderBy(m => m.Order)];

    internal ConcurrentDictionary<(string Language, UInt128 Here, UInt128 May), HtmlString> Rails { get; } = new();

    internal ConcurrentDictionary<(string Cookie, long Person), (string Token, long Until)> Tokens { get; } = new();
}
