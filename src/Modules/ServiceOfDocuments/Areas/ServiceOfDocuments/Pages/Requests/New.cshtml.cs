using CourtOps.Kernel.Messaging;
using CourtOps.Kernel.Security;
using CourtOps.Kernel.Web;
using CourtOps.ServiceOfDocuments.Tasks;
using CourtOps.Workzone.Cases;
using CourtOps.Workzone.Documents;
using MediatR;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace CourtOps.ServiceOfDocuments.Pages.Requests;

/// <summary>A judge asks for documents of the case to be served.</summary>
[Permit("service.request")]
internal sealed class New(IMediator mediator, Texts t) : PageModel, IReload
{
    [BindProperty(SupportsGet = true)]
    public long CaseId { get; set; }

    [BindProperty(SupportsGet = true)]
    public List<long> Document { get; set; } = [];

    [BindProperty(SupportsGet = true)]
    public List<long> Party { get; set; } = [];

    [BindProperty]
    public string? Note { get; set; }

    /// <summary>Why something goes out again.</summary>
    [BindProperty(SupportsGet = true)]
    public string? Reason { get; set; }

    public Result Show { get; private set; } = null!;

    /// <summary>How a recipient can be reached electronically: provided, obtained or none.</summary>
    public static string AddressOf(PartyContact p) =>
        p.EService == "refused" ? "refused"
        : p.EService is "confirmed" or "provided" ? "provided"
        : p.Email is null ? "none"
        : "obtained";

    public Task OnGetAsync() => ReloadAsync();

    public async Task ReloadAsync() => Show = await mediator.Send(new Query { CaseId = CaseId });

    public async Task<IActionResult> OnPostAsync()
    {
        var result = await mediator.Send(
            new RequestService
            {
                CaseId = CaseId,
                DocumentIds = Document,
                PartyIds = Party,
                Note = Note?.Trim() ?? "",
                Reason = Reason?.Trim() ?? "",
            }
        );
        return this.Done(
            $"/orders/{result.OrderId}",
            result.Skipped.Count == 0
                ? t["已发起工单 {0}", result.OrderNumber]
                : t["已发起工单 {0}；{1} 项已送达或正在送达，没有重复发起", result.OrderNumber, result.Skipped.Count]
        );
    }

    [Permit("service.request")]
    internal sealed record Query : IQuery<Result>
    {
        public long CaseId { get; init; }
    }

    internal sealed record Result(CaseCard Case, IReadOnlyList<DocumentCard> Documents, IReadOnlyList<PartyContact> Parties);

    internal sealed class Handler(ICases cases, IDocuments documents) : IQueryHandler<Query, Result>
    {
        public async Task<Result> Handle(Query request, CancellationToken cancellationToken) =>
            new(
                await cases.GetAsync(request.CaseId, cancellationToken),
                [.. (await documents.OfCaseAsync(request.CaseId, cancellationToken)).Where(d => d.Kind != "proof" && d.Volume == "main")],
                await cases.PartiesAsync(request.CaseId, cancellationToken)
            );
    }
}
