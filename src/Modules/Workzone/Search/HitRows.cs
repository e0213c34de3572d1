using System.Collections.Concurrent;
using CourtOps.Kernel.Web;
using CourtOps.Web;
using CourtOps.Workzone.Web;

namespace CourtOps.Workzone.Search;

/// <summary>Draws what was found in one pass; the view engine would take a fragment for each value.</summary>
internal static class HitRows
{
    private static readonly ConcurrentDictionary<(string Language, string State), string> States = new();

    public static HtmlBuffer Cases(IReadOnlyList<Find.CaseHit> hits)
    {
        var b = new HtmlBuffer();
        foreach (var c in hits)
            b.Raw("<tr data-row><td><a data-open class=\"no\" href=\"/cases/")
                .Number(c.Id)
                .Raw("\">")
                .Text(c.Number)
                .Raw("</a></td><td>")
                .Text(c.Cause)
                .Raw("</td><td class=\"clip max-5\">")
                .Text(c.PartiesText)
                .Raw("</td><td>")
                .Text(c.JudgeName)
                .Raw("</td></tr>\n");
        return b;
    }

    public static HtmlBuffer Orders(IReadOnlyList<Find.OrderHit> hits, Texts t)
    {
        var b = new HtmlBuffer();
        var nobody = Ui.Who(t, null).ToString();
        foreach (var o in hits)
        {
            b.Raw("<tr data-row><td class=\"nb\"><a data-open href=\"/orders/")
                .Number(o.Id)
                .Raw("\">")
                .Text(o.Title)
                .Raw("</a> <span class=\"meta\">")
                .Text(o.Number)
                .Raw("</span></td><td class=\"clip max-3\">")
                .Text(o.Subject)
                .Raw("</td><td class=\"no\">")
                .Text(o.CaseNumber)
                .Raw("</td><td>");
            if (o.AssigneeName is null)
                b.Raw(nobody);
            else
                b.Who(o.AssigneeName);
            b.Raw("</td><td>")
                .Raw(States.GetOrAdd((t.Language, o.State), static (key, texts) => OrderUi.State(texts, key.State).ToString()!, t))
                .Raw("</td></tr>\n");
        }
        return b;
    }
}
