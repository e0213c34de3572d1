using CourtOps.Kernel.Messaging;
using CourtOps.Kernel.Security;
using CourtOps.Kernel.Web;
using CourtOps.Workzone.Cases;
using CourtOps.Workzone.People;
using CourtOps.Workzone.Rights;
using MediatR;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace CourtOps.Workzone.Api;

/// <summary>People's absences, and who sees a case and why. Administration itself has no key: it is done by people with their second factor.</summary>
internal static class PeopleApi
{
    public static void Map(IEndpointRouteBuilder api)
    {
        api.MapGet(
                "/me",
                (Actor actor) =>
                    Results.Ok(
                        new
                        {
                            actor.Id,
                            actor.Login,
                            actor.Name,
                            actor.Roles,
                            courtId = actor.CourtId,
                            court = actor.CourtName,
                        }
                    )
            )
            .Permit(PermitAttribute.SignedIn)
            .WithTags("people")
            .WithSummary("Who the key acts as");

        api.MapGet("/absences", async (IMediator mediator) => Results.Ok(await mediator.Send(new ListAbsences())))
            .Permit("workzone.absences.read")
            .WithTags("people")
            .WithSummary("Absences that are or will be");

        api.MapPost(
                "/absences",
                async (AbsenceBody body, IMediator mediator, Idempotency idempotency) =>
                {
                    idempotency.Shape = id => Entered((long)id);
                    var id = await mediator.Send(
                        new SaveAbsence
                        {
                            Login = body.Login,
                            From = body.From,
                            Until = body.Until,
                            Deputy = body.Deputy,
                            Reason = body.Reason ?? "",
                        }
                    );
                    return Entered(id);
                }
            )
            .Permit("workzone.absences.read")
            .WithTags("people")
            .WithSummary("Enters an absence, with a deputy if wanted")
            .Produces(StatusCodes.Status201Created)
            .Repeats();

        api.MapDelete(
                "/absences/{absenceId:long}",
                async (long absenceId, IMediator mediator) =>
                {
                    await mediator.Send(new CancelAbsence { Id = absenceId });
                    return Results.NoContent();
                }
            )
            .Permit("workzone.absences.read")
            .WithTags("people")
            .WithSummary("Back early");

        api.MapGet(
                "/cases/{id:long}/access",
                async (long id, IMediator mediator) =>
                {
                    var r = await mediator.Send(new ShowCaseAccess { CaseId = id });
                    return Results.Ok(
                        new
                        {
                            r.CaseId,
                            r.Number,
                            @sealed = r.Sealed,
                            judge = r.JudgeName,
                            people = r.Rows,
                            recusals = r.Recusals,
                        }
                    );
                }
            )
            .Permit("workzone.cases.access")
            .WithTags("cases")
            .WithSummary("Who sees a case, and why");

        api.MapPost(
                "/cases/{id:long}/recusals",
                async (long id, RecusalBody body, IMediator mediator, Idempotency idempotency) =>
                {
                    idempotency.Shape = recusal => Reply.Of(new { id = (long)recusal });
                    return Reply.Of(
                        new
                        {
                            id = await mediator.Send(
                                new Recuse
                                {
                                    CaseId = id,
                                    Login = body.Login ?? "",
                                    Reason = body.Reason ?? "",
                                }
                            ),
                        }
                    );
                }
            )
            .Permit("workzone.recusals.manage")
            .WithTags("cases")
            .WithSummary("Shuts a person out of a case")
            .Repeats();

        api.MapPost(
                "/cases/{id:long}/seal",
                async (long id, ReasonBody body, IMediator mediator) =>
                {
                    await mediator.Send(new SealCase { CaseId = id, Reason = body.Reason ?? "" });
                    return Results.NoContent();
                }
            )
            .Permit("workzone.cases.seal")
            .WithTags("cases")
            .WithSummary("Seals a case");
    }

    private static Reply Entered(long id) => Reply.Created($"/api/v1/absences/{id}", new { id });

    internal sealed record AbsenceBody(string? Login = null, DateOnly? From = null, DateOnly? Until = null, string? Deputy = null, string? Reason = null);

    internal sealed record RecusalBody(string? Login = null, string? Reason = null);

    internal sealed record ReasonBody(string? Reason = null);
}
