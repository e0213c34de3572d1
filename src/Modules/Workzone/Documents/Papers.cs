using CourtOps.Kernel.Files;
using CourtOps.Kernel.Messaging;
using CourtOps.Kernel.Printing;
using Microsoft.AspNetCore.Http;

namespace CourtOps.Workzone.Documents;

/// <param name="Name">The file's own name.</param>
/// <param name="Pages">Null where no program to count them is installed.</param>
public sealed record TakenPaper(string Name, Blob Blob, int? Pages);

/// <summary>Takes files in before a command names them: outside any transaction.</summary>
public interface IPapers
{
    /// <summary>Checks the bytes of a posted file, or of a finished upload, and writes them down durably. Nothing half is kept.</summary>
    /// <exception cref="RuleBroken">No file, no PDF, empty, encrypted, damaged or too large; the upload is thrown away then.</exception>
    Task<TakenPaper> TakeAsync(IFormFile? file, string? uploadId, CancellationToken ct);
}

internal sealed class Papers(BlobStore blobs, Uploads uploads, UploadLimits limits, PdfInspector inspector) : IPapers
{
    public async Task<TakenPaper> TakeAsync(IFormFile? file, string? uploadId, CancellationToken ct)
    {
        if (file is null && string.IsNullOrEmpty(uploadId))
            throw new RuleBroken("请选择要上传的文件。", "File");
        string name;
        Stream content;
        if (!string.IsNullOrEmpty(uploadId))
        {
            var (state, path) = await uploads.CompleteAsync(uploadId, ct);
            (name, content) = (
                state.Name,
                new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read | FileShare.Delete, 1 << 16, FileOptions.Asynchronous)
            );
        }
        else
        {
            if (file!.Length == 0)
                throw new RuleBroken("文件是空的，没有内容。", "File");
            if (file.Length > limits.MaxBytes)
                throw new RuleBroken($"文件 {file.Length / 1048576} MB，超过上限 {limits.MaxBytes / 1048576} MB。请拆分后上传。", "File");
            (name, content) = (Path.GetFileName(file.FileName), file.OpenReadStream());
        }
        int? pages = null;
        Blob blob;
        await using (content)
            try
            {
                blob = await blobs.WriteAsync(content, limits.MaxBytes, ct, async path => pages = await CheckAsync(path, ct));
            }
            catch (RuleBroken) when (!string.IsNullOrEmpty(uploadId))
            {
                await uploads.DropAsync(uploadId, ct);
                throw;
            }
        return new TakenPaper(name, blob, pages);
    }

    private async Task<int?> CheckAsync(string path, CancellationToken ct)
    {
        var facts = await inspector.InspectAsync(path, ct: ct);
        return facts.Problem switch
        {
            PdfProblem.None => facts.Pages,
            PdfProblem.ToolMissing => null, // the status page names the package; the page count stays open
            PdfProblem.Empty => throw new RuleBroken("文件是空的，没有内容。", "File"),
            PdfProblem.NotPdf => throw new RuleBroken("这不是 PDF 文件，扩展名改成 .pdf 也不行。请导出或扫描成 PDF。", "File"),
            PdfProblem.Encrypted => throw new RuleBroken("PDF 有打开密码。请去掉密码后再上传。", "File"),
            PdfProblem.TooManyPages => throw new RuleBroken($"PDF 有 {facts.Pages} 页，超过上限 3000 页。请拆分后上传。", "File"),
            PdfProblem.Xfa => throw new RuleBroken("这是 XFA 动态表单，别的程序打开只看得到“请稍候”。请打印成 PDF 后再上传。", "File"),
            PdfProblem.Launches => throw new RuleBroken("这个 PDF 会在阅读者的电脑上启动程序，未收下。请打印成新的 PDF 后再上传。", "File"),
            PdfProblem.TimedOut => throw new RuleBroken("检查这个 PDF 用时过长，未收下。请重新导出后再试。", "File"),
            _ => throw new RuleBroken("PDF 已损坏或不完整，无法逐页打开。请重新导出或扫描。", "File"),
        };
    }
}
