using System.Text.Json;
using CourtOps.Kernel.Messaging;
using NetVips;

namespace CourtOps.Cataloguing.Reading;

/// <summary>
/// An engine behind an address, as on a server with a GPU: the page is posted as PNG, the answer is
/// {"lines":[{"text","box":{x,y,width,height},"confidence"}],"reversed":false}.
/// Only the reading process calls it; the address is an operator's setting.
/// </summary>
internal sealed class HttpReader(string url) : ILineReader
{
    private readonly HttpClient http = new() { Timeout = TimeSpan.FromSeconds(60) };

    public string Name => "http";

    public Reading Read(Picture page)
    {
        using var image = Image.NewFromMemory(page.Levels, page.Width, page.Height, 1, Enums.BandFormat.Uchar);
        using var body = new ByteArrayContent(image.PngsaveBuffer());
        body.Headers.ContentType = new("image/png");
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(url)) { Content = body };
        using var answer = http.Send(request);
        answer.EnsureSuccessStatusCode();
        using var stream = answer.Content.ReadAsStream();
        var read = JsonSerializer.Deserialize<Answer>(stream, Json.Web) ?? new Answer();
        return new Reading([.. (read.Lines ?? []).Where(l => l is { Text: not null, Box: not null })], read.Reversed);
    }

    public void Dispose() => http.Dispose();

    private sealed record Answer
    {
        public IReadOnlyList<ReadLine>? Lines { get; init; }
        public bool Reversed { get; init; }
    }
}
