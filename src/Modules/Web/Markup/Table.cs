using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Unicode;
using CourtOps.Kernel.Web;
using Microsoft.AspNetCore.Html;

namespace CourtOps.Web;

/// <summary>Begins a table: <c>@(Table.Of(T, Model.Rows).Link("案号", r => $"/cases/{r.CaseId}", r => r.Number).Day("立案", r => r.FiledOn))</c>.</summary>
public static class Table
{
    public static Table<TRow> Of<TRow>(Texts texts, IEnumerable<TRow> rows) => new(texts, rows);
}

/// <summary>
/// A table drawn in one pass. Columns stand in the order they are named; headings are text keys; values of people are escaped.
/// It is read once: the page writes it where it stands.
/// </summary>
public sealed class Table<TRow>(Texts texts, IEnumerable<TRow> rows) : IHtmlContent
{
    private readonly List<Column> columns = [];
    private Func<TRow, string?>? rowClass;
    private string? pick;
    private Func<TRow, string>? pickValue;
    private string empty = "";
    private string css = "tb";
    private string? caption;
    private bool queue;

    /// <summary>What stands in the place of the table when there is no row: what would be here, and the first step. A text key.</summary>
    public Table<TRow> Empty(string text)
    {
        empty = text;
        return this;
    }

    /// <summary>More classes of the table: "q" tight rows, "tall" two lines a row.</summary>
    public Table<TRow> Class(string more)
    {
        css += " " + more;
        return this;
    }

    /// <summary>Its name for those who hear the page. A text key.</summary>
    public Table<TRow> Caption(string text)
    {
        caption = text;
        return this;
    }

    /// <summary>A row's class, null for none: "cur", "gone".</summary>
    public Table<TRow> Row(Func<TRow, string?> of)
    {
        rowClass = of;
        return this;
    }

    /// <summary>Rows are moved through with j and k, Enter opens the first link of <see cref="Link"/>.</summary>
    public Table<TRow> Queue()
    {
        queue = true;
        return this;
    }

    /// <summary>A box before each row; the form around is one with data-select.</summary>
    public Table<TRow> Pick(string name, Func<TRow, string> value)
    {
        (pick, pickValue) = (name, value);
        return this;
    }

    public Table<TRow> Text(string heading, Func<TRow, string?> of, string css = "") => Add(heading, css, (b, r) => b.Text(of(r)));

    /// <summary>A label the product knows: said in the reader's language.</summary>
    public Table<TRow> Label(string heading, Func<TRow, string> of, string css = "") => Add(heading, css, (b, r) => b.Text(texts[of(r)]));

    /// <summary>A case number or another that must not break.</summary>
    public Table<TRow> Number(string heading, Func<TRow, string?> of) => Add(heading, "no", (b, r) => b.Text(of(r)));

    public Table<TRow> Count(string heading, Func<TRow, long?> of) =>
        Add(heading, "num", (b, r) => b.Text(of(r) is { } n ? n.ToString("#,##0", CultureInfo.InvariantCulture) : ""));

    /// <summary>Cents, shown as yuan.</summary>
    public Table<TRow> Money(string heading, Func<TRow, long?> cents) => Add(heading, "num", (b, r) => b.Text(cents(r) is { } c ? Ui.Yuan(c) : ""));

    public Table<TRow> Day(string heading, Func<TRow, DateOnly?> of, string css = "nb") =>
        Add(heading, css, (b, r) => b.Text(of(r) is { } d ? Times.Iso(d) : ""));

    public Table<TRow> Time(string heading, Func<TRow, DateTimeOffset?> of, string css = "nb") =>
        Add(heading, css, (b, r) => b.Text(of(r) is { } at ? Times.Full(at) : ""));

    /// <summary>A link; the address is a path of ours, never a person's words.</summary>
    public Table<TRow> Link(string heading, Func<TRow, string> href, Func<TRow, string?> text, string css = "")
    {
        var first = columns.All(c => !c.Opens);
        columns.Add(
            new Column(
                heading,
                css,
                (b, r) =>
                {
                    var to = href(r);
                    _ =
                        to.Length == 0
                            ? b.Text(text(r))
                            : b.Raw(first && queue ? "<a data-open href=\"" : "<a href=\"").Text(to).Raw("\">").Text(text(r)).Raw("</a>");
                },
                true
            )
        );
        return this;
    }

    /// <summary>Any markup: a badge, a chip, a Razor template (<c>@&lt;span&gt;@item.Name&lt;/span&gt;</c>).</summary>
    public Table<TRow> Html(string heading, Func<TRow, IHtmlContent> of, string css = "") => Add(heading, css, (b, r) => b.Html(of(r)));

    public void WriteTo(TextWriter writer, HtmlEncoder encoder)
    {
        var all = rows as IReadOnlyCollection<TRow> ?? [.. rows];
        var b = new HtmlBuffer();
        if (all.Count == 0 && empty.Length > 0)
        {
            b.Raw("<p class=\"co-empty\">").Text(texts[empty]).Raw("</p>");
            b.WriteTo(writer, encoder);
            return;
        }
        b.Raw("<div class=\"scroll\"><table class=\"").Raw(css).Raw("\">");
        if (caption is not null)
            b.Raw("<caption class=\"vh\">").Text(texts[caption]).Raw("</caption>");
        b.Raw("<thead><tr>");
        if (pick is not null)
            b.Raw("<th class=\"cw-s\"><input type=\"checkbox\" data-pick-all aria-label=\"").Text(texts["全选"]).Raw("\"></th>");
        foreach (var c in columns)
            b.Raw(c.Css is "num" ? "<th class=\"num\">" : "<th>").Text(c.Heading.Length == 0 ? "" : texts[c.Heading]).Raw("</th>");
        b.Raw(queue ? "</tr></thead><tbody data-queue>" : "</tr></thead><tbody>");
        foreach (var row in all)
            Draw(b, row);
        b.Raw("</tbody></table></div>");
        b.WriteTo(writer, encoder);
    }

    private void Draw(HtmlBuffer b, TRow row)
    {
        b.Raw(queue ? "<tr data-row" : "<tr");
        if (rowClass?.Invoke(row) is { } of)
            b.Raw(" class=\"").Raw(of).Raw("\"");
        b.Raw(">");
        if (pick is not null)
            b.Raw("<td><input type=\"checkbox\" data-pick name=\"")
                .Raw(pick)
                .Raw("\" value=\"")
                .Text(pickValue!(row))
                .Raw("\" aria-label=\"")
                .Text(texts["选择"])
                .Raw("\"></td>");
        foreach (var c in columns)
        {
            if (c.Css.Length > 0)
                b.Raw("<td class=\"").Raw(c.Css).Raw("\">");
            else
                b.Raw("<td>");
            c.Draw(b, row);
            b.Raw("</td>");
        }
        b.Raw("</tr>");
    }

    private Table<TRow> Add(string heading, string of, Action<HtmlBuffer, TRow> draw)
    {
        columns.Add(new Column(heading, of, draw, false));
        return this;
    }

    private sealed record Column(string Heading, string Css, Action<HtmlBuffer, TRow> Draw, bool Opens);
}
