using CourtOps.Kernel.Audit;
using CourtOps.Kernel.Data;
using CourtOps.Kernel.Files;
using CourtOps.Kernel.Messaging;
using CourtOps.Kernel.Security;
using CourtOps.Kernel.Web;
using CourtOps.Triage.Filings;
using CourtOps.Workzone.People;
using FluentValidation;

namespace CourtOps.Triage.Contacts;

/// <summary>A paper to be passed on: its pages are counted.</summary>
[Permit("triage.work")]
[Audited("triage.contact.paper")]
internal sealed record AddContactPaper : ICommand<long>
{
    public long ContactId { get; init; }
    public string Title { get; init; } = "";
    public Blob Blob { get; init; } = new("", 0);
    public int? Pages { get; init; }
    public string? UploadId { get; init; }

    internal sealed class Validator : AbstractValidator<AddContactPaper>
    {
        public Validator() => RuleFor(c => c.Title).NotEmpty().WithMessage("请填写材料名称。").MaximumLength(200).WithMessage("材料名称最长 200 个字符。");
    }

    internal sealed class Handler(Db db, Ids ids, ContactBook book, BlobStore blobs, Uploads uploads, AuditTrail audit) : ICommandHandler<AddContactPaper, long>
    {
        public async Task<long> Handle(AddContactPaper request, CancellationToken cancellationToken)
        {
            var k = await book.GetAsync(request.ContactId, null, cancellationToken);
            if (k.Service != "material")
                throw new RuleBroken("只有材料收转才上传材料。", "File");
            if (k.State == "done")
                throw new RuleBroken("这件已经答复，请另开一件。", "File");
            if ((await book.PapersAsync(k.Id, cancellationToken)).Any(p => p.Blob == request.Blob.Sha256))
                throw new RuleBroken("这份材料已经收过，内容完全相同。", "File", "same-content");
            await blobs.KeepAsync(request.Blob, cancellationToken);
            var id = ids.Next();
            await db.ExecuteAsync(
                "INSERT INTO triage_contact_paper (id, contact_id, title, blob, size, pages, added_at) VALUES (@id, @contact, @title, @Sha256, @Size, "
                    + "@Pages, @now)",
                new
                {
                    id,
                    contact = k.Id,
                    title = request.Title.Trim(),
                    request.Blob.Sha256,
                    request.Blob.Size,
                    request.Pages,
                    now = book.Now,
                },
                cancellationToken
            );
            if (!string.IsNullOrEmpty(request.UploadId))
                await uploads.TakeAsync(request.UploadId, cancellationToken);
            await book.NoteAsync(k.Id, "paper", request.Title.Trim(), request.Pages, cancellationToken);
            audit.Note("contact", k.Id, new { request.Blob.Sha256, request.Pages });
            return id;
        }
    }
}
