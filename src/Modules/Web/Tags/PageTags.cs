using System.Globalization;
using CourtOps.Kernel.Web;
using Microsoft.AspNetCore.Mvc.Rendering;
using Microsoft.AspNetCore.Mvc.ViewFeatures;
using Microsoft.AspNetCore.Razor.TagHelpers;

namespace CourtOps.Web.Tags;

/// <summary>The head of a page, which is its title too: <c>&lt;co-head title="智能送达" sub="…"&gt;buttons&lt;/co-head&gt;</c>.</summary>
[HtmlTargetElement("co-head")]
public sealed class HeadTag(Texts texts) : TagHelper
{
    [ViewContext]
    [HtmlAttributeNotBound]
    public ViewContext ViewContext { get; set; } = null!;

    /// <summary>A text key, or a name as it stands.</summary>
    public string Title { get; set; } = "";

    /// <summary>A line behind it. A text key.</summary>
    public string? Sub { get; set; }

    public override async Task ProcessAsync(TagHelperContext context, TagHelperOutput output)
    {
        var content = await output.GetChildContentAsync();
        output.TagName = "div";
        output.TagMode = TagMode.StartTagAndEndTag;
        output.Attributes.SetAttribute("class", "co-head");
        ViewContext.ViewData["Title"] = texts[Title];
        var b = new HtmlBuffer().Raw("<h1>").Text(texts[Title]).Raw("</h1>");
        if (Sub is not null)
            b.Raw("<span class=\"sec\">").Text(texts[Sub]).Raw("</span>");
        if (!content.IsEmptyOrWhiteSpace)
            b.Raw("<div class=\"act\">").Html(content).Raw("</div>");
        output.Content.SetHtmlContent(b);
    }
}

/// <summary>A sheet with its heading: <c>&lt;co-sheet title="文书" count="Model.Rows.Count"&gt;…&lt;/co-sheet&gt;</c>.</summary>
[HtmlTargetElement("co-sheet")]
public sealed class SheetTag(Texts texts) : TagHelper
{
    /// <summary>A text key; none makes a sheet without heading.</summary>
    public string? Title { get; set; }

    /// <summary>Small words behind the heading. A text key.</summary>
    public string? Note { get; set; }

    /// <summary>How many there are, behind the heading.</summary>
    public int? Count { get; set; }

    /// <summary>Where the word at the right leads.</summary>
    public string? MoreHref { get; set; }

    /// <summary>The word at the right. A text key.</summary>
    public string? More { get; set; }

    public string? Id { get; set; }

    /// <summary>"narrow", "pn" for a panel of the case page.</summary>
    public string Class { get; set; } = "";

    public override async Task ProcessAsync(TagHelperContext context, TagHelperOutput output)
    {
        var content = await output.GetChildContentAsync();
        output.TagName = "section";
        output.TagMode = TagMode.StartTagAndEndTag;
        output.Attributes.SetAttribute("class", $"sheet {Class}".Trim());
        if (Id is not null)
            output.Attributes.SetAttribute("id", Id);
        var b = new HtmlBuffer();
        if (Title is not null)
        {
            b.Raw("<header><h2>").Text(texts[Title]).Raw("</h2>");
            if (Count is not null || Note is not null)
                b.Raw("<span class=\"n\">")
                    .Text(Count?.ToString(CultureInfo.InvariantCulture))
                    .Raw(Count is not null && Note is not null ? "　" : "")
                    .Text(Note is null ? "" : texts[Note])
                    .Raw("</span>");
            if (More is not null)
                b.Raw("<a class=\"more\" href=\"").Text(MoreHref).Raw("\">").Text(texts[More]).Raw("</a>");
            b.Raw("</header>");
        }
        output.Content.SetHtmlContent(b.Html(content));
    }
}

/// <summary>All that was wrong with what was posted, each with the way to its field. Nothing where nothing was wrong.</summary>
[HtmlTargetElement("co-problems", TagStructure = TagStructure.NormalOrSelfClosing)]
public sealed class ProblemsTag : TagHelper
{
    [ViewContext]
    [HtmlAttributeNotBound]
    public ViewContext ViewContext { get; set; } = null!;

    public override void Process(TagHelperContext context, TagHelperOutput output)
    {
        output.TagName = null;
        var state = ViewContext.ViewData.ModelState;
        if (state.IsValid)
            return;
        var b = new HtmlBuffer().Raw("<div class=\"validation-summary-errors\" role=\"alert\"><ul>");
        foreach (var (field, entry) in state)
        foreach (var e in entry.Errors)
        {
            b.Raw("<li>");
            if (field.Length > 0)
                b.Raw("<a href=\"#").Raw(FieldTag.IdOf(field)).Raw("\">").Text(e.ErrorMessage).Raw("</a>");
            else
                b.Text(e.ErrorMessage);
            b.Raw("</li>");
        }
        output.Content.SetHtmlContent(b.Raw("</ul></div>"));
    }
}

/// <summary>The foot of a list: how many here, in all, and the next page. Keyset: the address of the next page carries the mark.</summary>
[HtmlTargetElement("co-pager", TagStructure = TagStructure.NormalOrSelfClosing)]
public sealed class PagerTag(Texts texts) : TagHelper
{
    public int Count { get; set; }

    /// <summary>In all; null where it is not counted.</summary>
    public int? Total { get; set; }

    public string? Next { get; set; }

    public string? First { get; set; }

    public override void Process(TagHelperContext context, TagHelperOutput output)
    {
        output.TagName = "div";
        output.TagMode = TagMode.StartTagAndEndTag;
        output.Attributes.SetAttribute("class", "foot");
        var b = new HtmlBuffer().Raw("<span class=\"pg\">").Text(Total is { } all ? texts["本页 {0}，共 {1}", Count, all] : texts["本页 {0}", Count]);
        // a value that is null comes as an empty text through the markup
        if (!string.IsNullOrEmpty(First))
            b.Raw(" <a href=\"").Text(First).Raw("\">").Text(texts["第一页"]).Raw("</a>");
        if (!string.IsNullOrEmpty(Next))
            b.Raw(" <a rel=\"next\" href=\"").Text(Next).Raw("\">").Text(texts["下一页"]).Raw("</a>");
        output.Content.SetHtmlContent(b.Raw("</span>"));
    }
}

/// <summary>One of the tabs in <c>&lt;nav class="views"&gt;</c>: <c>&lt;co-view href="/service?state=sent" label="已发出" current="…" count="3"
/// /&gt;</c>.</summary>
[HtmlTargetElement("co-view", TagStructure = TagStructure.NormalOrSelfClosing)]
public sealed class ViewTag(Texts texts) : TagHelper
{
    public string Href { get; set; } = "";

    public string Label { get; set; } = "";

    public bool Current { get; set; }

    public long? Count { get; set; }

    public override void Process(TagHelperContext context, TagHelperOutput output)
    {
        output.TagName = "a";
        output.TagMode = TagMode.StartTagAndEndTag;
        output.Attributes.SetAttribute("href", Href);
        if (Current)
            output.Attributes.SetAttribute("aria-current", "page");
        var b = new HtmlBuffer().Text(texts[Label]);
        if (Count is { } n)
            b.Raw(" <b>").Number(n).Raw("</b>");
        output.Content.SetHtmlContent(b);
    }
}

/// <summary>A row of a list of facts (<c>&lt;dl class="f"&gt;</c>): label and what stands there. Nothing where nothing stands.</summary>
[HtmlTargetElement("co-fact")]
public sealed class FactTag(Texts texts) : TagHelper
{
    /// <summary>A text key.</summary>
    public string Label { get; set; } = "";

    public object? Value { get; set; }

    public string Class { get; set; } = "";

    public override async Task ProcessAsync(TagHelperContext context, TagHelperOutput output)
    {
        var content = await output.GetChildContentAsync();
        output.TagName = null;
        var b = new HtmlBuffer();
        var text = Value switch
        {
            null => null,
            DateOnly d => Times.Iso(d),
            DateTimeOffset at => Times.Full(at),
            var v => Convert.ToString(v, CultureInfo.InvariantCulture),
        };
        if (string.IsNullOrEmpty(text) && content.IsEmptyOrWhiteSpace)
        {
            output.SuppressOutput();
            return;
        }
        b.Raw("<dt>").Text(texts[Label]).Raw("</dt><dd").Raw(Class.Length == 0 ? "" : $" class=\"{Class}\"").Raw(">").Text(text).Html(content).Raw("</dd>");
        output.Content.SetHtmlContent(b);
    }
}

/// <summary>What is opened by a click: a button whose form stands below it. <c>&lt;co-fold label="登记退信"&gt;form&lt;/co-fold&gt;</c></summary>
[HtmlTargetElement("co-fold")]
public sealed class FoldTag(Texts texts) : TagHelper
{
    public string Label { get; set; } = "";

    /// <summary>Open from the first: after a refusal, so that what was typed is seen.</summary>
    public bool Open { get; set; }

    public override async Task ProcessAsync(TagHelperContext context, TagHelperOutput output)
    {
        var content = await output.GetChildContentAsync();
        output.TagName = "details";
        output.TagMode = TagMode.StartTagAndEndTag;
        if (Open)
            output.Attributes.SetAttribute("open", "open");
        output.Content.SetHtmlContent(new HtmlBuffer().Raw("<summary class=\"btn sm\">").Text(texts[Label]).Raw("</summary>").Html(content));
    }
}

/// <summary>A figure of a board, which is a link to the rows that make it up: <c>&lt;co-fig value="3" label="超期" href="…" css="red" /&gt;</c> in <c>&lt;ul
/// class="figs"&gt;</c>.</summary>
[HtmlTargetElement("co-fig", TagStructure = TagStructure.NormalOrSelfClosing)]
public sealed class FigTag(Texts texts) : TagHelper
{
    public object? Value { get; set; }

    public string Label { get; set; } = "";

    public string Href { get; set; } = "";

    /// <summary>"red", "ochre" or none; the word says it too.</summary>
    public string Css { get; set; } = "";

    public override void Process(TagHelperContext context, TagHelperOutput output)
    {
        output.TagName = "li";
        output.TagMode = TagMode.StartTagAndEndTag;
        output.Content.SetHtmlContent(
            new HtmlBuffer()
                .Raw("<a href=\"")
                .Text(Href)
                .Raw("\"><b")
                .Raw(Css.Length == 0 ? "" : $" class=\"{Css}\"")
                .Raw(">")
                .Text(Convert.ToString(Value, CultureInfo.InvariantCulture))
                .Raw("</b>")
                .Text(texts[Label])
                .Raw("</a>")
        );
    }
}

/// <summary>An entry of a time line (<c>&lt;ul class="evs"&gt;</c>).</summary>
[HtmlTargetElement("co-event")]
public sealed class EventTag(TimeProvider clock, Texts texts) : TagHelper
{
    public DateTimeOffset? At { get; set; }

    public DateOnly? On { get; set; }

    /// <summary>Who did it.</summary>
    public string? Who { get; set; }

    public override async Task ProcessAsync(TagHelperContext context, TagHelperOutput output)
    {
        var content = await output.GetChildContentAsync();
        output.TagName = "li";
        output.TagMode = TagMode.StartTagAndEndTag;
        var b = new HtmlBuffer()
            .Raw("<time title=\"")
            .Text(
                At is { } a ? Times.Full(a)
                : On is { } o ? Times.Iso(o)
                : ""
            )
            .Raw("\">")
            .Text(
                At is { } at ? Ui.Ago(texts, at, clock.GetUtcNow())
                : On is { } on ? Times.Iso(on)
                : ""
            )
            .Raw("</time><div>")
            .Html(content);
        if (Who is not null)
            b.Raw(" <span>").Text(Who).Raw("</span>");
        output.Content.SetHtmlContent(b.Raw("</div>"));
    }
}
