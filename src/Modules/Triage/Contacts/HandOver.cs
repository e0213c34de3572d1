using CourtOps.Contracts;
using CourtOps.Kernel.Audit;
using CourtOps.Kernel.Files;
using CourtOps.Kernel.Messaging;
using CourtOps.Kernel.Security;
using CourtOps.Kernel.Web;
using CourtOps.Triage.Filings;
using CourtOps.Workzone.People;
using FluentValidation;

namespace CourtOps.Triage.Contacts;

/// <summary>
/// One link of the chain: who gave how many pages to whom. The last one is the file of the case: the papers become its documents, and everybody hears of it.
/// Another number of pages than was counted needs a reason.
/// </summary>
[Permit("triage.work")]
[Audited("triage.contact.hand")]
internal sealed record HandOver : ICommand
{
    public long Id { get; init; }
    public int? Version { get; init; }

    /// <summary>To whom; blank with <see cref="IntoFile"/>.</summary>
    public string To { get; init; } = "";
    public int? Pages { get; init; }
    public string Words { get; init; } = "";

    /// <summary>Into the e-file of the case.</summary>
    public bool IntoFile { get; init; }

    internal sealed class Validator : AbstractValidator<HandOver>
    {
        public Validator()
        {
            RuleFor(c => c.To).NotEmpty().When(c => !c.IntoFile).WithMessage("请填写交给谁。").MaximumLength(60).WithMessage("姓名最长 60 个字符。");
            RuleFor(c => c.Pages).NotNull().WithMessage("请填写清点的页数。").InclusiveBetween(1, 100_000).WithMessage("页数应为 1 至 100000。");
            RuleFor(c => c.Words).MaximumLength(400).WithMessage("说明最长 400 个字符。");
        }
    }

    internal sealed class Handler(ContactBook book, Outbox outbox, AuditTrail audit) : CommandHandler<HandOver>
    {
        protected override async Task RunAsync(HandOver command, CancellationToken ct)
        {
            var k = command.IntoFile ? await book.MineAsync(command.Id, command.Version, ct) : await book.GetAsync(command.Id, command.Version, ct);
            if (k.Service != "material" || k.State == "done")
                throw new RuleBroken("这件没有要交接的材料。", code: "state");
            var papers = await book.PapersAsync(k.Id, ct);
            if (papers.Count == 0)
                throw new RuleBroken("还没有上传材料。", "File", "no-papers");
            var counted = papers.All(p => p.Pages is not null) ? papers.Sum(p => p.Pages!.Value) : k.DeclaredPages;
            if (counted is { } n && n != command.Pages && string.IsNullOrWhiteSpace(command.Words))
                throw new RuleBroken($"收下时清点为 {n} 页，现在是 {command.Pages} 页，请写明差异的原因。", "Words", "pages");
            if (command.IntoFile && k.CaseId is null)
                throw new RuleBroken($"本院没有案号 {k.CaseNumber} 的案件，请核对案号或者转交有关法院。", "CaseNumber", "no-case");
            await book.MoveAsync(k, "note", new { k.Id, k.Version }, "", ct);
            await book.NoteAsync(
                k.Id,
                "hand",
                command.IntoFile ? $"入卷 {k.CaseNumber}。{command.Words.Trim()}".TrimEnd('。') : $"{command.To.Trim()}。{command.Words.Trim()}".TrimEnd('。'),
                command.Pages,
                ct
            );
            if (command.IntoFile)
                await outbox.AddAsync(
                    Catalogue.CaseKey(k.CaseId!.Value),
                    new MaterialHandedOver
                    {
                        ContactId = k.Id,
                        CaseId = k.CaseId.Value,
                        At = book.Now,
                    },
                    ct
                );
            audit.Note("contact", k.Id, new { command.Pages, command.IntoFile }, k.CaseId, command.Words.Length > 0 ? command.Words : null);
        }
    }
}
