using System.Text;
using System.Text.Encodings.Web;
using Microsoft.AspNetCore.Html;
using Microsoft.AspNetCore.Mvc.Rendering;
using Microsoft.AspNetCore.WebUtilities;

namespace CourtOps.Workzone.Web;

/// <summary>A long piece of markup that was drawn and encoded before: it goes into the answer as it is, past the text writers.</summary>
internal sealed class Utf8Html(byte[] bytes, ViewContext view) : IHtmlAsyncContent
{
    public async ValueTask WriteToAsync(TextWriter writer)
    {
        // a page is written when its layout is: its own writer lies before the one of the answer, which the view has again by then
        if (view.Writer is not HttpResponseStreamWriter answer)
        {
            await writer.WriteAsync(Encoding.UTF8.GetString(bytes));
            return;
        }
        // what comes before it on the page goes out first
        await writer.FlushAsync();
        await answer.FlushAsync();
        await view.HttpContext.Response.Body.WriteAsync(bytes);
    }

    public void WriteTo(TextWriter writer, HtmlEncoder encoder) => writer.Write(Encoding.UTF8.GetString(bytes));
}
