using System.Globalization;
using CourtOps.Kernel.Web;
using Microsoft.AspNetCore.Mvc.ModelBinding;
using Microsoft.AspNetCore.Mvc.Rendering;
using Microsoft.AspNetCore.Mvc.ViewFeatures;
using Microsoft.AspNetCore.Razor.TagHelpers;

namespace CourtOps.Web.Tags;

/// <summary>
/// A field with its label, hint and error beside it: <c>&lt;co-field for="Data.Email" label="电子邮箱" kind="email" /&gt;</c>. After a refusal it shows
/// what was typed. The kind is told by the property where it is not said: date, number, check box.
/// </summary>
[HtmlTargetElement("co-field", TagStructure = TagStructure.NormalOrSelfClosing)]
public sealed class FieldTag(Texts texts) : TagHelper
{
    [ViewContext]
    [HtmlAttributeNotBound]
    public ViewContext ViewContext { get; set; } = null!;

    /// <summary>The property of the page model the field is bound to.</summary>
    public ModelExpression? For { get; set; }

    /// <summary>For a field that no property stands behind.</summary>
    public string? Name { get; set; }

    public object? Value { get; set; }

    /// <summary>A text key.</summary>
    public string Label { get; set; } = "";

    /// <summary>Small words behind the label: "可不填". A text key.</summary>
    public string? Note { get; set; }

    /// <summary>What to know before filling it in. A text key.</summary>
    public string? Hint { get; set; }

    /// <summary>text, area, date, time (datetime-local), number, money, email, tel, password, search, file, select, radio, checks, check, hidden.</summary>
    public string? Kind { get; set; }

    public IEnumerable<Option>? Options { get; set; }

    /// <summary>The first, empty line of a select; a text key. Null: no such line.</summary>
    public string? None { get; set; }

    public bool Required { get; set; }

    public int Max { get; set; } = 200;

    public int Rows { get; set; } = 3;

    public string? Placeholder { get; set; }

    public string? Accept { get; set; }

    public bool Multiple { get; set; }

    /// <summary>"short" or "mid" for a narrow box, "all" for the width of the form.</summary>
    public string Width { get; set; } = "";

    public string? Id { get; set; }

    public override void Process(TagHelperContext context, TagHelperOutput output)
    {
        var name = Name ?? For?.Name ?? throw new InvalidOperationException("co-field needs for or name.");
        var entry = ViewContext.ViewData.ModelState.TryGetValue(name, out var found) ? found : null;
        var kind = Kind ?? KindOf(For?.ModelExplorer.ModelType);
        var typed = Typed(entry, kind);
        var id = Id ?? IdOf(name);
        var b = new HtmlBuffer();
        if (kind == "hidden")
        {
            output.TagName = null;
            output.Content.SetHtmlContent(b.Raw("<input type=\"hidden\" name=\"").Text(name).Raw("\" value=\"").Text(First(typed)).Raw("\">"));
            return;
        }
        var errors = entry?.Errors.Select(e => e.ErrorMessage).Where(e => e.Length > 0).ToList() ?? [];
        var described = $"{(Hint is null ? "" : "h-" + id)} {(errors.Count == 0 ? "" : "e-" + id)}".Trim();
        var more =
            $"{(described.Length == 0 ? "" : $" aria-describedby=\"{described}\"")}{(errors.Count == 0 ? "" : " aria-invalid=\"true\"")}{(Required ? " required" : "")}";
        output.TagName = kind is "radio" or "checks" ? "fieldset" : "div";
        output.TagMode = TagMode.StartTagAndEndTag;
        output.Attributes.SetAttribute("class", $"fd{(Width == "all" || kind is "radio" or "checks" ? " all" : "")}{(errors.Count > 0 ? " bad" : "")}");
        Control(b, kind, name, id, typed, more);
        if (Hint is not null)
            b.Raw("<p class=\"hint\" id=\"h-").Raw(id).Raw("\">").Text(texts[Hint]).Raw("</p>");
        if (errors.Count > 0)
            b.Raw("<p class=\"err\" id=\"e-").Raw(id).Raw("\">").Text(string.Join(" ", errors)).Raw("</p>");
        output.Content.SetHtmlContent(b);
    }

    private void Control(HtmlBuffer b, string kind, string name, string id, IReadOnlyList<string> typed, string more)
    {
        switch (kind)
        {
            case "check":
                b.Raw("<label><input type=\"checkbox\" id=\"")
                    .Raw(id)
                    .Raw("\" name=\"")
                    .Text(name)
                    .Raw("\" value=\"true\"")
                    .Raw(typed.Contains("true") ? " checked" : "")
                    .Raw(more)
                    .Raw("> ")
                    .Text(texts[Label])
                    .Raw("</label>");
                return;
            case "radio" or "checks":
                b.Raw("<legend id=\"").Raw(id).Raw("\" tabindex=\"-1\">");
                Words(b);
                b.Raw("</legend><div class=\"opts\">");
                foreach (var o in Options ?? [])
                    b.Raw("<label><input type=\"")
                        .Raw(kind == "radio" ? "radio" : "checkbox")
                        .Raw("\" name=\"")
                        .Text(name)
                        .Raw("\" value=\"")
                        .Text(o.Value)
                        .Raw("\"")
                        .Raw(typed.Contains(o.Value) ? " checked> " : "> ")
                        .Text(texts[o.Label])
                        .Raw("</label>");
                b.Raw("</div>");
                return;
        }
        b.Raw("<label for=\"").Raw(id).Raw("\">");
        Words(b);
        b.Raw("</label>");
        var css = $"in{(Width is "short" or "mid" ? " " + Width : "")}";
        switch (kind)
        {
            case "area":
                b.Raw("<textarea class=\"in\" id=\"")
                    .Raw(id)
                    .Raw("\" name=\"")
                    .Text(name)
                    .Raw("\" rows=\"")
                    .Number(Rows)
                    .Raw("\" maxlength=\"")
                    .Number(Max)
                    .Raw("\"")
                    .Raw(more)
                    .Raw(">\n")
                    .Text(First(typed))
                    .Raw("</textarea>");
                break;
            case "select":
                b.Raw("<select class=\"")
                    .Raw(css)
                    .Raw("\" id=\"")
                    .Raw(id)
                    .Raw("\" name=\"")
                    .Text(name)
                    .Raw("\"")
                    .Raw(Multiple ? " multiple" : "")
                    .Raw(more)
                    .Raw(">");
                Choices(b, typed);
                b.Raw("</select>");
                break;
            case "file":
                b.Raw("<input class=\"in\" type=\"file\" id=\"")
                    .Raw(id)
                    .Raw("\" name=\"")
                    .Text(name)
                    .Raw("\"")
                    .Raw(Multiple ? " multiple" : "")
                    .Raw(Accept is null ? "" : $" accept=\"{Accept}\"")
                    .Raw(more)
                    .Raw(">");
                break;
            default:
                b.Raw("<input class=\"")
                    .Raw(css)
                    .Raw("\" id=\"")
                    .Raw(id)
                    .Raw("\" name=\"")
                    .Text(name)
                    .Raw("\" type=\"")
                    .Raw(
                        kind switch
                        {
                            "time" => "datetime-local",
                            "number" or "money" => "text",
                            _ => kind,
                        }
                    )
                    .Raw("\"");
                if (kind is "number" or "money")
                    b.Raw(kind == "money" ? " inputmode=\"decimal\"" : " inputmode=\"numeric\"");
                b.Raw(" maxlength=\"").Number(Max).Raw("\" autocomplete=\"off\"");
                if (Placeholder is not null)
                    b.Raw(" placeholder=\"").Text(texts[Placeholder]).Raw("\"");
                b.Raw(more).Raw(" value=\"").Text(kind == "password" ? "" : First(typed)).Raw("\">");
                break;
        }
    }

    private void Words(HtmlBuffer b)
    {
        b.Text(texts[Label]);
        if (Note is not null)
            b.Raw(" <em>").Text(texts[Note]).Raw("</em>");
    }

    private void Choices(HtmlBuffer b, IReadOnlyList<string> typed)
    {
        if (None is not null)
            b.Raw("<option value=\"\">").Text(texts[None]).Raw("</option>");
        foreach (var group in (Options ?? []).GroupBy(o => o.Group))
        {
            if (group.Key.Length > 0)
                b.Raw("<optgroup label=\"").Text(texts[group.Key]).Raw("\">");
            foreach (var o in group)
                b.Raw("<option value=\"").Text(o.Value).Raw(typed.Contains(o.Value) ? "\" selected>" : "\">").Text(texts[o.Label]).Raw("</option>");
            if (group.Key.Length > 0)
                b.Raw("</optgroup>");
        }
    }

    // what was typed comes before what is stored
    private IReadOnlyList<string> Typed(ModelStateEntry? entry, string kind)
    {
        switch (entry?.RawValue)
        {
            case string[] many:
                return many;
            case string one:
                return [one];
        }
        return (Value ?? For?.Model) switch
        {
            null => [],
            string s => [s],
            bool yes => [yes ? "true" : "false"],
            IEnumerable<string> many => [.. many],
            IEnumerable<long> many => [.. many.Select(n => n.ToString(CultureInfo.InvariantCulture))],
            DateOnly d => [Times.Iso(d)],
            DateTime at => [at.ToString("yyyy-MM-ddTHH:mm", CultureInfo.InvariantCulture)],
            DateTimeOffset at => [Times.Local(at).ToString("yyyy-MM-ddTHH:mm", CultureInfo.InvariantCulture)],
            long cents when kind == "money" => [(cents / 100m).ToString("0.00", CultureInfo.InvariantCulture)],
            IFormattable f => [f.ToString(null, CultureInfo.InvariantCulture)],
            var other => [other.ToString() ?? ""],
        };
    }

    private static string First(IReadOnlyList<string> typed) => typed.Count > 0 ? typed[0] : "";

    internal static string IdOf(string name) => "f-" + string.Concat(name.Select(c => char.IsAsciiLetterOrDigit(c) ? char.ToLowerInvariant(c) : '-'));

    private static string KindOf(Type? type) =>
        (type is null ? null : Nullable.GetUnderlyingType(type) ?? type) switch
        {
            { } t when t == typeof(bool) => "check",
            { } t when t == typeof(DateOnly) => "date",
            { } t when t == typeof(DateTime) || t == typeof(DateTimeOffset) => "time",
            { } t when t == typeof(int) || t == typeof(long) || t == typeof(decimal) => "number",
            _ => "text",
        };
}
