using System.Globalization;
using System.Text;
using CourtOps.Kernel.Security;
using CourtOps.Kernel.Web;
using CourtOps.Workzone.Supervision;
using MediatR;
using Microsoft.AspNetCore.Html;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace CourtOps.Workzone.Pages.Leader;

/// <summary>院长驾驶舱: figures, each with its list; a slip is one click from a row.</summary>
[Permit("workzone.leader")]
internal sealed class Index(IMediator mediator, Texts t) : PageModel
{
    [BindProperty(SupportsGet = true)]
    public string? Open { get; set; }

    [BindProperty(SupportsGet = true)]
    public long? Court { get; set; }

    [BindProperty(SupportsGet = true)]
    public long? Judge { get; set; }

    [BindProperty(SupportsGet = true)]
    public string? Month { get; set; }

    [BindProperty(SupportsGet = true)]
    public string? Division { get; set; }

    [BindProperty(SupportsGet = true)]
    public string? After { get; set; }

    [BindProperty(SupportsGet = true)]
    public int Days { get; set; } = 30;

    public ShowLeaderView.Result Data { get; private set; } = null!;

    public async Task OnGetAsync() =>
        Data = await mediator.Send(
            new ShowLeaderView
            {
                Open = Open,
                CourtId = Court,
                JudgeId = Judge,
                Month = Month,
                Days = Days,
                Division = Division,
                After = After,
            }
        );

    public static readonly IReadOnlyDictionary<string, (string Label, string Css)> Labels = new Dictionary<string, (string, string)>
    {
        ["near"] = ("三十天内届满", "ochre"),
        ["over"] = ("已超审限", "red"),
        ["still"] = ("多日没有进展", "ochre"),
        ["long12"] = ("超过十二个月", ""),
        ["long18"] = ("超过十八个月", ""),
        ["long36"] = ("超过三年", "red"),
        ["open"] = ("在办", ""),
        ["filed"] = ("当月收案", ""),
        ["closed"] = ("当月结案", ""),
    };

    /// <summary>The address of a list; what is chosen stays, but a court takes the judge and the division back and a division the judge.</summary>
    public string Href(string open, long? court = null, long? judge = null, string? month = null, string? division = null)
    {
        var parts = new List<string> { $"open={open}", $"days={Days}" };
        if ((court ?? Court) is { } c)
            parts.Add($"court={c}");
        if ((judge ?? (court is null && division is null ? Judge : null)) is { } j)
            parts.Add($"judge={j}");
        if ((division ?? (court is null ? Division : null)) is { Length: > 0 } d)
            parts.Add("division=" + Uri.EscapeDataString(d));
        if ((month ?? Month) is { Length: > 0 } m && open is "filed" or "closed")
            parts.Add("month=" + Uri.EscapeDataString(m));
        return "/leader?" + string.Join('&', parts) + "#list";
    }

    /// <summary>The slips that wait for an answer.</summary>
    public string Slips => "/slips?view=court&unanswered=true" + (Court is { } c ? $"&court={c}" : "");

    /// <summary>The orders of a centre.</summary>
    public string Orders(string centre) => $"/orders?view=centre&centre={centre}" + (Court is { } c ? $"&court={c}" : "");

    /// <summary>Where the list goes on.</summary>
    public string? Next =>
        Data.Next is { } next && Open is { } open
            ? Href(open).Replace("#list", "&after=" + Uri.EscapeDataString(next) + "#list", StringComparison.Ordinal)
            : null;

    /// <summary>How many the list has as a figure; null where no figure counts it.</summary>
    public int? Count => Data.Figures.FirstOrDefault(f => f.Code == Open)?.Count;

    /// <summary>The months for the chart that script draws: names, figures and the list behind each bar.</summary>
    public string Chart =>
        System.Text.Json.JsonSerializer.Serialize(
            new
            {
                names = Data.Months.Select(m => m.Month),
                filed = Data.Months.Select(m => m.Filed),
                closed = Data.Months.Select(m => m.Closed),
                labels = new[] { t["收案"], t["结案"] },
                hrefs = new[] { Data.Months.Select(m => Href("filed", month: m.Month)), Data.Months.Select(m => Href("closed", month: m.Month)) },
            }
        );

    /// <summary>Cases filed and closed in each of twelve months, as bars with their figures.</summary>
    public IHtmlContent Trend()
    {
        var most = Math.Max(1, Data.Months.Max(m => Math.Max(m.Filed, m.Closed)));
        var svg = new StringBuilder("<svg class=\"trend\" viewBox=\"0 0 720 190\" role=\"group\" aria-labelledby=\"h-trend\">");
        for (var i = 0; i < Data.Months.Count; i++)
        {
            var (m, x) = (Data.Months[i], 10 + (i * 59));
            var (filed, closed) = (m.Filed * 130 / most, m.Closed * 130 / most);
            svg.Append(
                CultureInfo.InvariantCulture,
                $"<a href=\"{Link("filed", m.Month)}\"><rect class=\"t-in\" x=\"{x}\" y=\"{150 - filed}\" width=\"22\" "
                    + $"height=\"{filed}\"></rect><text x=\"{x + 11}\" y=\"{146 - filed}\">{m.Filed}</text></a>"
            );
            svg.Append(
                CultureInfo.InvariantCulture,
                $"<a href=\"{Link("closed", m.Month)}\"><rect class=\"t-out\" x=\"{x + 24}\" y=\"{150 - closed}\" width=\"22\" "
                    + $"height=\"{closed}\"></rect><text x=\"{x + 35}\" y=\"{146 - closed}\">{m.Closed}</text></a>"
            );
            svg.Append(CultureInfo.InvariantCulture, $"<text class=\"mo\" x=\"{x + 23}\" y=\"170\">{m.Month[2..]}</text>");
        }
        return new HtmlString(svg.Append("</svg>").ToString());
    }

    private string Link(string open, string month) => System.Text.Encodings.Web.HtmlEncoder.Default.Encode(Href(open, month: month));
}
