using System.Text;
using System.Text.Encodings.Web;
using Microsoft.AspNetCore.Html;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.WebUtilities;

namespace CourtOps.Workzone.Web;

/// <summary>A long piece of markup that was drawn and encoded before: it goes into the answer as it is, past the text writer.</summary>
internal sealed class Utf8Html(byte[] bytes, HttpResponse response) : IHtmlAsyncContent
{
    public async ValueTask WriteToAsync(TextWriter writer)
    {
        if (writer is not HttpResponseStreamWriter)
        {
            await writer.WriteAsync(Encoding.UTF8.GetString(bytes));
            return;
        }
        // what comes before it on the page goes out first
        await writer.FlushAsync();
        await response.Body.WriteAsync(bytes);
    }

    public void WriteTo(TextWriter writer, HtmlEncoder encoder) => writer.Write(Encoding.UTF8.GetString(bytes));
}
