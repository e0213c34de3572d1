using CourtOps.Kernel.Access;
using CourtOps.Kernel.Audit;
using CourtOps.Kernel.Data;
using CourtOps.Kernel.Files;
using CourtOps.Kernel.Messaging;
using CourtOps.Kernel.Security;
using FluentValidation;
using MediatR;
using Microsoft.AspNetCore.Http;

namespace CourtOps.Workzone.Documents;

/// <summary>Takes a file in: checks its bytes and writes it down before the command runs. Nothing half is kept.</summary>
internal sealed class DocumentIntake(IMediator mediator, IPapers papers, Cases.CaseAccess access)
{
    public Task DemandAsync(long caseId, CancellationToken ct) => access.DemandAsync(caseId, ct);

    public async Task<DocumentCard> AddAsync(
        long caseId,
        IFormFile? file,
        string? uploadId,
        string? kind,
        string? title,
        string? volume,
        long? replaces,
        CancellationToken ct
    )
    {
        await access.DemandAsync(caseId, ct);
        var paper = await papers.TakeAsync(file, uploadId, ct);
        return await mediator.Send(
            new AddDocument
            {
                CaseId = caseId,
                Kind = string.IsNullOrEmpty(kind) ? "other" : kind,
                Title = string.IsNullOrWhiteSpace(title) ? Path.GetFileNameWithoutExtension(paper.Name) : title.Trim(),
                Volume = string.IsNullOrEmpty(volume) ? "main" : volume,
                Blob = paper.Blob,
                Pages = paper.Pages,
                UploadId = uploadId,
                ReplacesId = replaces,
            },
            ct
        );
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

    /// <summary>The document of the same case in whose place it comes; that one stays in the file.</summary>
    public long? ReplacesId { get; init; }

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
            var card = await documents.AddAsync(
                new NewDocument
                {
                    CaseId = request.CaseId,
                    Kind = request.Kind,
                    Title = request.Title,
                    Blob = request.Blob,
                    Pages = request.Pages,
                    Volume = request.Volume,
                    Source = "upload",
                    ReplacesId = request.ReplacesId,
                },
                cancellationToken
            );
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
