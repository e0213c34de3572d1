using CourtOps.Enforcement.Figures;
using CourtOps.Kernel.Web;
using MediatR;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace CourtOps.Enforcement.Api;

/// <summary>The board of enforcement and the rows behind its figures.</summary>
internal static class FiguresApi
{
    public static void Map(IEndpointRouteBuilder api)
    {
        api.MapGet(
                "/enforcement-figures",
                async (long? courtId, DateOnly? from, DateOnly? until, IMediator mediator) =>
                {
                    var s = await mediator.Send(
                        new ShowFigures
                        {
                            CourtId = courtId,
                            From = from,
                            Until = until,
                        }
                    );
                    return Results.Ok(
                        new
                        {
                            from = s.Period.From,
                            until = s.Period.Until,
                            figures = s.Counts.Select(f => new
                            {
                                code = f.Key,
                                label = Figure.Find(f.Key)!.Label,
                                count = f.Value.N,
                                total = f.Value.Total,
                            }),
                            rates = s.Rates.Select(r => new
                            {
                                label = r.Rate.Label,
                                percent = r.Percent,
                                of = r.Of,
                                by = r.By,
                                how = r.Rate.How,
                            }),
                            payDays = s.PayDays,
                            courts = s.Courts.Select(c => new
                            {
                                c.Id,
                                c.Name,
                                counts = c.Counts,
                            }),
                        }
                    );
                }
            )
            .Permit("enforcement.read")
            .WithTags("enforcement")
            .WithSummary("Figures and rates of a period; totals in cents");

        api.MapGet(
                "/enforcement-figures/{code}",
                async (string code, string? value, long? courtId, DateOnly? from, DateOnly? until, long? after, IMediator mediator) =>
                {
                    var s = await mediator.Send(
                        new ListFigure
                        {
                            Code = code,
                            Value = value ?? "",
                            CourtId = courtId,
                            From = from,
                            Until = until,
                            After = after ?? long.MaxValue,
                        }
                    );
                    return Results.Ok(new { rows = s.Rows, next = s.Next });
                }
            )
            .Permit("enforcement.read")
            .WithTags("enforcement")
            .WithSummary("The rows that make up a figure, 50 at a time");
    }
}
