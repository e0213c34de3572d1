using CourtOps.Kernel.Web;
using CourtOps.Workzone.Supervision;
using MediatR;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace CourtOps.Workzone.Api;

/// <summary>Slips and the leader's view over the API: the same commands and queries as the pages.</summary>
internal static class SlipsApi
{
    public static void Map(IEndpointRouteBuilder api)
    {
        api.MapGet(
                "/slips",
                async (string? view, bool? all, long? caseId, long? after, IMediator mediator) =>
                {
                    var r = await mediator.Send(
                        new ListSlips
                        {
                            View = view ?? "to-me",
                            OpenOnly = all != true,
                            CaseId = caseId,
                            After = after ?? long.MaxValue,
                        }
                    );
                    return Results.Ok(new { items = r.Rows.Select(Shape), next = r.Next });
                }
            )
            .Permit("workzone.slips.read")
            .WithTags("slips")
            .WithSummary("Slips to the caller; view = from-me, court, or case with caseId; all = true with those that have ended");

        api.MapGet(
                "/slips/{id:long}",
                async (long id, IMediator mediator) =>
                {
                    var r = await mediator.Send(new ShowSlip { Id = id });
                    return Results.Ok(
                        new
                        {
                            slip = Shape(r.Slip),
                            history = r.Acts,
                            raisedFrom = r.Before,
                            raisedTo = r.After,
                        }
                    );
                }
            )
            .Permit("workzone.slips.read")
            .WithTags("slips")
            .WithSummary("A slip with its history and the slips before and after it");

        api.MapPost("/slips", async (Sent body, IMediator mediator) => Results.Created($"/api/v1/slips/{await Send(body, mediator)}", null))
            .Permit("workzone.slips.send")
            .WithTags("slips")
            .WithSummary("Sends a slip about a case or an order to whoever has it in hand, or to toId")
            .TakesKey();

        api.MapPost(
                "/slips/{id:long}:act",
                async (long id, Acted body, IMediator mediator) =>
                {
                    await mediator.Send(
                        new ActOnSlip
                        {
                            Id = id,
                            Act = body.Act ?? "",
                            Words = body.Words ?? "",
                            Version = body.Version,
                        }
                    );
                    return Results.NoContent();
                }
            )
            .Permit("workzone.slips.read")
            .WithTags("slips")
            .WithSummary("receive, answer, accept or send-back");

        api.MapGet(
                "/leader",
                async (string? open, string? month, int? days, long? court, long? judge, string? division, string? after, IMediator mediator) =>
                {
                    var r = await mediator.Send(
                        new ShowLeaderView
                        {
                            Open = open,
                            Month = month,
                            Days = days ?? 30,
                            CourtId = court,
                            JudgeId = judge,
                            Division = division,
                            After = after,
                        }
                    );
                    return Results.Ok(
                        new
                        {
                            figures = r.Figures,
                            courts = r.Courts,
                            divisions = r.Divisions,
                            judges = r.Judges,
                            centres = r.Centres,
                            months = r.Months,
                            slipsUnanswered = r.SlipsUnanswered,
                            cases = r.Cases,
                            next = r.Next,
                            asOf = r.AsOf,
                        }
                    );
                }
            )
            .Permit("workzone.leader")
            .WithTags("leader")
            .WithSummary(
                "Figures of the courts the caller leads; open = near, over, still, long12, long18, long36, open, filed or closed for the list behind one"
            );
    }

    private static Task<long> Send(Sent body, IMediator mediator) =>
        mediator.Send(
            new SendSlip
            {
                Kind = body.Kind ?? "",
                CaseId = body.CaseId,
                OrderId = body.OrderId,
                ToId = body.ToId,
                Words = body.Words ?? "",
            }
        );

    private static object Shape(Slip s) =>
        new
        {
            id = s.Id,
            number = s.Number,
            kind = s.Kind,
            caseId = s.CaseId,
            orderId = s.OrderId,
            from = s.FromName,
            toId = s.ToId,
            to = s.ToName,
            post = s.ToPost,
            tier = s.Tier,
            subject = s.Subject,
            words = s.Words,
            answer = s.Answer,
            state = s.State,
            answerBy = s.AnswerBy,
            sentAt = s.SentAt,
            endedAt = s.EndedAt,
            version = s.Version,
        };

    internal sealed record Sent
    {
        public string? Kind { get; init; }
        public long? CaseId { get; init; }
        public long? OrderId { get; init; }
        public long? ToId { get; init; }
        public string? Words { get; init; }
    }

    internal sealed record Acted
    {
        public string? Act { get; init; }
        public string? Words { get; init; }
        public int? Version { get; init; }
    }
}
