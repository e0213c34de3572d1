using CourtOps.Kernel.Files;
using CourtOps.Kernel.Messaging;
using CourtOps.Kernel.Web;
using CourtOps.TrialSupport.Checks;
using CourtOps.TrialSupport.Drafting;
using CourtOps.TrialSupport.Laws;
using CourtOps.Workzone.Cases;
using MediatR;
using Microsoft.AspNetCore.Http;

namespace CourtOps.TrialSupport.Drafts;

/// <summary>Takes a draft in: reads and checks its bytes and writes them down before the command runs. Nothing unchecked is kept.</summary>
internal sealed class DraftIntake(IMediator mediator, BlobStore blobs, ICases cases, CheckFacts facts, LawShelf laws, TimeProvider clock)
{
    /// <param name="draftId">The draft whose new revision this is; null for a new one.</param>
    /// <exception cref="RuleBroken">No DOCX, damaged, with macros, too large: field File.</exception>
    public async Task<Draft> AddAsync(long caseId, long? draftId, int? version, IFormFile? file, string kind, string? title, CancellationToken ct)
    {
        var card = await cases.GetAsync(caseId, ct);
        if (file is null || file.Length == 0)
            throw new RuleBroken("请选择要质检的 DOCX 文书。", "File");
        if (file.Length > Docx.MostBytes)
            throw new RuleBroken($"文件 {file.Length >> 20} MB，超过上限 {Docx.MostBytes >> 20} MB。", "File");
        using var bytes = new MemoryStream();
        await file.CopyToAsync(bytes, ct);
        bytes.Position = 0;
        return await TakeAsync(
            card,
            draftId,
            version,
            bytes,
            kind,
            string.IsNullOrWhiteSpace(title) ? Path.GetFileNameWithoutExtension(file.FileName) : title.Trim(),
            ct
        );
    }

    /// <summary>The same for what was typed on the writing page: it is made a DOCX and checked as one.</summary>
    /// <exception cref="RuleBroken">Nothing typed, or too much: field Text.</exception>
    public async Task<Draft> WriteAsync(long caseId, long? draftId, int? version, string? text, string kind, string? title, CancellationToken ct)
    {
        var card = await cases.GetAsync(caseId, ct);
        if (string.IsNullOrWhiteSpace(text))
            throw new RuleBroken("请写文书的正文。", "Text");
        if (text.Length > DraftText.Most)
            throw new RuleBroken($"正文 {text.Length} 个字符，超过上限 {DraftText.Most} 个。", "Text");
        if (PlainText.WhyNot(text) is { } why)
            throw new RuleBroken(why, "Text");
        using var bytes = new MemoryStream(DocxWriter.Write(DraftText.Paragraphs(text)));
        return await TakeAsync(card, draftId, version, bytes, kind, title?.Trim() ?? "", ct);
    }

    private async Task<Draft> TakeAsync(CaseCard card, long? draftId, int? version, MemoryStream bytes, string kind, string title, CancellationToken ct)
    {
        bytes.Position = 0;
        var text = Docx.Read(bytes);
        var findings = Checker.Run(new CheckAsk(new Paper(text), await facts.OfAsync(card, kind, ct), Times.Day(clock.GetUtcNow()), await laws.OpenAsync(ct)));
        bytes.Position = 0;
        var blob = await blobs.WriteAsync(bytes, Docx.MostBytes, ct);
        return await mediator.Send(
            new SaveDraft
            {
                CaseId = card.Id,
                DraftId = draftId,
                Version = version,
                Kind = kind,
                Title = title,
                Blob = blob,
                Paragraphs = text.Paragraphs,
                Findings = findings,
            },
            ct
        );
    }
}
