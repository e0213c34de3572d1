namespace CourtOps.Workzone.Documents;

internal sealed record PdfAnswer(string? Refusal, int? Pages);

internal interface IPdfInspector
{
    Task<PdfAnswer> InspectAsync(string path, CancellationToken ct);
}

internal sealed class HeaderOnly : IPdfInspector
{
    public async Task<PdfAnswer> InspectAsync(string path, CancellationToken ct)
    {
        var head = new byte[5];
        await using var f = File.OpenRead(path);
        return await f.ReadAsync(head, ct) == 5 && head.AsSpan().SequenceEqual("%PDF-"u8) ? new(null, null) : new("不是 PDF 文件。", null);
    }
}
