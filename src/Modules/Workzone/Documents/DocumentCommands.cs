using CourtOps.Kernel.Access;
using CourtOps.Kernel.Audit;
using CourtOps.Kernel.Data;
using CourtOps.Kernel.Files;
using CourtOps.Kernel.Messaging;
using CourtOps.Kernel.Printing;
using CourtOps.Kernel.Security;
using FluentValidation;
using MediatR;
using Microsoft.AspNetCore.Http;

namespace CourtOps.Workzone.Documents;

/// <summary>Takes a file in: checks its bytes and writes it down before the command runs. Nothing half is kept.</summary>
internal sealed class DocumentIntake(IMediator mediator, BlobStore blobs, Uploads uploads, UploadLimits limits, PdfInspector inspector, Cases.CaseAccess access)
{
    public Task DemandAsync(long caseId, CancellationToken ct) => access.DemandAsync(caseId, ct);

    public async Task<DocumentCard> AddAsync(long caseId, IFormFile? file, string? uploadId, string? kind, string? title, string? volume, CancellationToken ct)
    {
        await access.DemandAsync(caseId, ct);
        if (file is null && string.IsNullOrEmpty(uploadId))
            throw new RuleBroken("请选择要上传的文件。", "File");
        string name;
        Stream content;
        if (!string.IsNullOrEmpty(uploadId))
        {
            var (state, path) = await uploads.CompleteAsync(uploadId, ct);
            (name, content) = (state.Name, new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read | FileShare.Delete, 1 << 16, FileOptions.Asynchronous));
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
        return await mediator.Send(new AddDocument
        {
            CaseId = caseId, Kind = string.IsNullOrEmpty(kind) ? "other" : kind, Title = string.IsNullOrWhiteSpace(title) ? Path.GetFileNameWithoutExtension(name) : title.Trim(), Volume = string.IsNullOrEmpty(volume) ? "main" : volume,
            Blob = blob, Pages = pages, UploadId = uploadId,
        }, ct);
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
            PdfProblem.TimedOut => throw new RuleBroken("检查这个 PDF 用时过长，未收下。请重新导出后再试。", "File"),
            _ => throw new RuleBroken("PDF 已损坏或不完整，无法逐页打开。请重新导出或扫描。", "File"),
        };
    }
}

[Permit("workzone.documents.add")]
[Audited("workzone.document.add")]
internal sealed record AddDocument : ICommand<DocumentCard>
{
    public long CaseId { get; init; }
    public string Kind { get; init; } = "";
    public string Title { get; init; } = "";
    public string Volume { get; init; } = "main";
    public Blob Blob { get; init; } = new("", 0);
    public int? Pages { get; init; }
    public string? UploadId { get; init; }

    internal sealed class Validator : AbstractValidator<AddDocument>
    {
        public Validator()
        {
            RuleFor(c => c.Title).NotEmpty().WithMessage("请填写文书名称。").MaximumLength(200).WithMessage("文书名称最长 200 个字符。");
            RuleFor(c => c.Kind).Must(DocumentKinds.Labels.ContainsKey).WithMessage("没有这种文书类型：{PropertyValue}。");
        }
    }

    internal sealed class Handler(IDocuments documents, Uploads uploads) : ICommandHandler<AddDocument, DocumentCard>
    {
        public async Task<DocumentCard> Handle(AddDocument request, CancellationToken cancellationToken)
        {
            var card = await documents.AddAsync(new NewDocument { CaseId = request.CaseId, Kind = request.Kind, Title = request.Title, Blob = request.Blob, Pages = request.Pages, Volume = request.Volume, Source = "upload" }, cancellationToken);
            if (!string.IsNullOrEmpty(request.UploadId))
                await uploads.TakeAsync(request.UploadId, cancellationToken);
            return card;
        }
    }
}

/// <summary>What the bytes of a document are for.</summary>
internal enum DocumentUse
{
    /// <summary>The viewer shows them under a watermark.</summary>
    View,

    /// <summary>A marked copy; its note is made when it is ready, with the number it bears.</summary>
    Download,
    Original,
}

/// <summary>Somebody reads the bytes of a document: in the access log before the first of them leaves.</summary>
[Permit("workzone.documents.read")]
internal sealed record ReadDocument : IQuery<DocumentCard>
{
    public long Id { get; init; }
    public DocumentUse Use { get; init; }

    internal sealed class Handler(IDocuments documents, AccessLog reads) : IQueryHandler<ReadDocument, DocumentCard>
    {
        public async Task<DocumentCard> Handle(ReadDocument request, CancellationToken cancellationToken)
        {
            var card = await documents.GetAsync(request.Id, cancellationToken);
            if (request.Use != DocumentUse.Download)
                reads.Note(request.Use == DocumentUse.View ? "workzone.document.content" : "workzone.document.original", "document", card.Id, card.CaseId);
            return card;
        }
    }
}
