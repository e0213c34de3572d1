using CourtOps.Kernel.Messaging;
using CourtOps.Kernel.Security;
using CourtOps.Kernel.Web;
using CourtOps.TrialSupport.Drafting;
using CourtOps.TrialSupport.Elements;
using CourtOps.TrialSupport.Hearings;
using CourtOps.Workzone.Cases;
using MediatR;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace CourtOps.TrialSupport.Pages.Drafts;

/// <summary>A template filled from the case: seen first, then taken as DOCX.</summary>
[Permit("trial.draft")]
internal sealed class Template(IMediator mediator) : PageModel
{
    [BindProperty(SupportsGet = true)]
    public long CaseId { get; set; }

    [BindProperty(SupportsGet = true)]
    public string Code { get; set; } = "";

    [BindProperty(SupportsGet = true, Name = "docx")]
    public bool AsFile { get; set; }

    public Result Data { get; private set; } = null!;

    public async Task<IActionResult> OnGetAsync()
    {
        Data = await mediator.Send(new Query { CaseId = CaseId, Code = Code });
        return AsFile
            ? File(
                DocxWriter.Write(Data.Paragraphs),
                "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
                $"{Data.Case.Number}{Data.Template.Title}.docx"
            )
            : Page();
    }

    [Permit("trial.draft")]
    internal sealed record Query : IQuery<Result>
    {
        public long CaseId { get; init; }
        public string Code { get; init; } = "";
    }

    internal sealed record Result(CaseCard Case, CourtTemplate Template, IReadOnlyList<DocxPara> Paragraphs);

    internal sealed class Handler(ICases cases, IMediator mediator, ElementBook elements, TimeProvider clock) : IQueryHandler<Query, Result>
    {
        public async Task<Result> Handle(Query request, CancellationToken cancellationToken)
        {
            var card = await cases.GetAsync(request.CaseId, cancellationToken);
            var template = CourtTemplates.Find(request.Code) ?? throw new NotFound("模板", request.Code);
            var next = (await mediator.Send(new ListHearings { CaseId = card.Id }, cancellationToken)).LastOrDefault(h => h.IsLive);
            var at = next is null ? null : Times.Local(next.StartsAt).ToString("yyyy年M月d日 HH时mm分", System.Globalization.CultureInfo.InvariantCulture);
            var facts = new TemplateFacts(
                card,
                await cases.PartiesAsync(card.Id, cancellationToken),
                await cases.AgentsAsync(card.Id, cancellationToken),
                Times.Day(clock.GetUtcNow()),
                at,
                next?.RoomName
            )
            {
                Elements = (await elements.CompareAsync(card.Id, cancellationToken))?.Compared ?? [],
            };
            return new Result(card, template, [.. template.Body(facts)]);
        }
    }
}
