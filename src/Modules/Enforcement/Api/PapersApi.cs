using CourtOps.Enforcement.Papers;
using CourtOps.Kernel.Messaging;
using CourtOps.Kernel.Web;
using MediatR;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace CourtOps.Enforcement.Api;

/// <summary>Papers of enforcement, reports of property, deductions from frozen deposits.</summary>
internal static class PapersApi
{
    public static void Map(IEndpointRouteBuilder api)
    {
        api.MapPost(
                "/enforcement-papers",
                async (DraftBody body, IMediator mediator, Idempotency idempotency) =>
                {
                    idempotency.Shape = p => Drafted((IReadOnlyList<long>)p);
                    return Drafted(
                        await mediator.Send(
                            new DraftPaper
                            {
                                CaseId = body.CaseId,
                                Kind = body.Kind ?? "",
                                PartyId = body.PartyId,
                                MeasureId = body.MeasureId,
                                Amount = body.Amount,
                                Days = body.Days,
                            }
                        )
                    );
                }
            )
            .Permit("enforcement.work")
            .WithTags("enforcement")
            .WithSummary("Drafts papers: notice (with the report order), report-order, renew, release, deduct")
            .Produces(StatusCodes.Status201Created)
            .Repeats();

        api.MapPost(
                "/property-reports",
                async (ReportBody body, IMediator mediator, Idempotency idempotency) =>
                {
                    idempotency.Shape = r => Reported((ReportRow)r);
                    return Reported(
                        await mediator.Send(
                            new RecordReport
                            {
                                CaseId = body.CaseId,
                                PartyId = body.PartyId,
                                Kind = body.Kind ?? "",
                                On = body.On,
                                Days = body.Days,
                                ChangedOn = body.ChangedOn,
                                Words = body.Words ?? "",
                            }
                        )
                    );
                }
            )
            .Permit("enforcement.work")
            .WithTags("enforcement")
            .WithSummary("Records the service of the order to report (order), a report (answer) or a change (change)")
            .Produces(StatusCodes.Status201Created)
            .Repeats();

        api.MapPost(
                "/deductions",
                async (DeductBody body, IMediator mediator, Idempotency idempotency) =>
                {
                    idempotency.Shape = m => Deducted((Measures.MeasureRow)m);
                    return Deducted(
                        await mediator.Send(
                            new DeductDeposit
                            {
                                Id = body.MeasureId,
                                Amount = body.Amount,
                                On = body.On,
                                Reference = body.Reference ?? "",
                            }
                        )
                    );
                }
            )
            .Permit("enforcement.money")
            .WithTags("enforcement")
            .WithSummary("Money of a frozen deposit came to the court")
            .Produces(StatusCodes.Status201Created)
            .Repeats();
    }

    private static Reply Drafted(IReadOnlyList<long> papers) => Reply.Created("/api/v1/enforcement-papers", new { papers });

    private static Reply Reported(ReportRow r) =>
        Reply.Created(
            $"/api/v1/property-reports/{r.Id}",
            new
            {
                r.Id,
                r.Kind,
                r.OnDay,
                r.DueOn,
                r.Late,
            }
        );

    private static Reply Deducted(Measures.MeasureRow m) =>
        Reply.Created(
            $"/api/v1/measures/{m.Id}",
            new
            {
                m.Id,
                m.State,
                m.Amount,
            }
        );

    internal sealed record DraftBody
    {
        public long CaseId { get; init; }
        public string? Kind { get; init; }
        public long? PartyId { get; init; }
        public long? MeasureId { get; init; }
        public decimal? Amount { get; init; }
        public int? Days { get; init; }
    }

    internal sealed record ReportBody
    {
        public long CaseId { get; init; }
        public long PartyId { get; init; }
        public string? Kind { get; init; }
        public DateOnly? On { get; init; }
        public int? Days { get; init; }
        public DateOnly? ChangedOn { get; init; }
        public string? Words { get; init; }
    }

    internal sealed record DeductBody
    {
        public long MeasureId { get; init; }
        public decimal? Amount { get; init; }
        public DateOnly? On { get; init; }
        public string? Reference { get; init; }
    }
}
