using System.Text.Encodings.Web;
using System.Text.Unicode;
using CourtOps.Kernel.Web;
using Microsoft.AspNetCore.Mvc.ViewFeatures;
using Microsoft.AspNetCore.Razor.TagHelpers;

namespace CourtOps.Web.Tags;

/// <summary>
/// A form: <c>&lt;co-form submit="登记" back="/cases"&gt;…&lt;/co-form&gt;</c>. Posts with the token of this browser, works without script, asks before
/// typed text is lost, and ends with the filled button and the way back.
/// </summary>
[HtmlTargetElement("co-form")]
public sealed class FormTag(Texts texts, Shell shell) : TagHelper
{
    private static readonly HtmlEncoder Encoder = HtmlEncoder.Create(UnicodeRanges.All);

    /// <summary>The page's handler: "Save" is OnPostSaveAsync.</summary>
    public string? Handler { get; set; }

    /// <summary>Another address than this page's: a path of ours.</summary>
    public string? Action { get; set; }

    /// <summary>"get" for a search form.</summary>
    public string Method { get; set; } = "post";

    /// <summary>The words of the button, a text key; without them the form has no button of its own.</summary>
    public string? Submit { get; set; }

    /// <summary>The key that presses the button.</summary>
    public string? Key { get; set; }

    /// <summary>Where "不做了" leads; none without.</summary>
    public string? Back { get; set; }

    /// <summary>"c2" two columns, "narrow", "line" one line.</summary>
    public string Class { get; set; } = "";

    /// <summary>False for a button that is not the filled one of the view.</summary>
    public bool Primary { get; set; } = true;

    /// <summary>True when files are posted.</summary>
    public bool Files { get; set; }

    /// <summary>False where nothing is lost when the page is left.</summary>
    public bool Guard { get; set; } = true;

    public override async Task ProcessAsync(TagHelperContext context, TagHelperOutput output)
    {
        var content = await output.GetChildContentAsync();
        var posts = Method == "post";
        output.TagName = "form";
        output.Attributes.SetAttribute("method", Method);
        if (Action is not null || Handler is not null)
            output.Attributes.SetAttribute(
                "action",
                Action is null ? "?handler=" + Handler
                    : Handler is null ? Action
                    : Action + "?handler=" + Handler
            );
        output.Attributes.SetAttribute("class", $"{(Class == "line" ? "" : "fm ")}{Class}".Trim());
        if (Files)
            output.Attributes.SetAttribute("enctype", "multipart/form-data");
        if (Guard && posts && Class != "line")
            output.Attributes.SetAttribute("data-guard", "");
        output.Attributes.SetAttribute("novalidate", "novalidate");
        if (posts)
            output.PreContent.AppendHtml($"<input type=\"hidden\" name=\"__RequestVerificationToken\" value=\"{Encoder.Encode(shell.Csrf)}\">");
        output.Content.SetHtmlContent(content);
        if (Submit is null)
            return;
        var button =
            $"<button class=\"btn{(Primary ? " primary" : "")}\"{(Key is null ? "" : $" data-key=\"{Key}\"")}>{Encoder.Encode(texts[Submit])}</button>";
        var back = Back is null ? "" : $"<a class=\"btn\" href=\"{Encoder.Encode(PageExtensions.LocalTarget(Back))}\">{Encoder.Encode(texts["不做了"])}</a>";
        output.PostContent.AppendHtml(Class == "line" ? button : $"<div class=\"acts\">{button}{back}</div>");
    }
}

/// <summary>One act as a button: a form with nothing but hidden fields in it. <c>&lt;co-act handler="Accept" label="接受"
/// key="a"&gt;&lt;/co-act&gt;</c></summary>
[HtmlTargetElement("co-act")]
public sealed class ActTag(Texts texts, Shell shell) : TagHelper
{
    private static readonly HtmlEncoder Encoder = HtmlEncoder.Create(UnicodeRanges.All);

    public string? Handler { get; set; }

    public string? Action { get; set; }

    /// <summary>A text key.</summary>
    public string Label { get; set; } = "";

    public string? Icon { get; set; }

    public string? Key { get; set; }

    public bool Primary { get; set; }

    public bool Small { get; set; }

    public override async Task ProcessAsync(TagHelperContext context, TagHelperOutput output)
    {
        var content = await output.GetChildContentAsync();
        output.TagName = "form";
        output.TagMode = TagMode.StartTagAndEndTag;
        output.Attributes.SetAttribute("method", "post");
        if (Action is not null || Handler is not null)
            output.Attributes.SetAttribute(
                "action",
                Action is null ? "?handler=" + Handler
                    : Handler is null ? Action
                    : Action + "?handler=" + Handler
            );
        output.Attributes.SetAttribute("class", "inline");
        output.PreContent.AppendHtml($"<input type=\"hidden\" name=\"__RequestVerificationToken\" value=\"{Encoder.Encode(shell.Csrf)}\">");
        output.Content.SetHtmlContent(content);
        var css = $"btn{(Primary ? " primary" : "")}{(Small ? " sm" : "")}";
        var icon = Icon is null ? "" : $"<svg class=\"i\" aria-hidden=\"true\"><use href=\"/lib/icons.svg#{Icon}\"></use></svg> ";
        output.PostContent.AppendHtml($"<button class=\"{css}\"{(Key is null ? "" : $" data-key=\"{Key}\"")}>{icon}{Encoder.Encode(texts[Label])}</button>");
    }
}
