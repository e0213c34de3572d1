using CourtOps.Kernel.Web;
using CourtOps.TrialSupport.Assessors;
using CourtOps.TrialSupport.Helpers;
using CourtOps.TrialSupport.Interpreters;
using MediatR;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace CourtOps.TrialSupport.Api;

/// <summary>The lists of people who help at hearings, and their absences: assessors, interpreters.</summary>
internal static class HelperApi
{
    public static void Map(IEndpointRouteBuilder api)
    {
        Of(
            api,
            "/assessors",
            "trial.assessors",
            "assessor",
            async m =>
                await m.Send(new ListAssessors()) is var l
                    ? l.Rows.Select(a =>
                        (object)
                            new
                            {
                                a.Id,
                                a.Name,
                                a.Field,
                                a.Active,
                                casesOfYear = a.Cases,
                                a.Version,
                                away = Away(l.Away, a.Id),
                            }
                    )
                    : [],
            b => new SaveAssessor
            {
                Id = b.Id,
                Version = b.Version,
                Name = b.Name ?? "",
                Field = b.Field ?? "",
                Note = b.Note ?? "",
                Active = b.Active ?? true,
            },
            (id, b) =>
                new AssessorLeave
                {
                    Id = id,
                    From = b.From,
                    Until = b.Until,
                    Reason = b.Reason ?? "",
                }
        );
        Of(
            api,
            "/interpreters",
            "trial.interpreters",
            "interpreter",
            async m =>
                await m.Send(new ListInterpreters()) is var l
                    ? l.Rows.Select(a =>
                        (object)
                            new
                            {
                                a.Id,
                                a.Name,
                                languages = InterpreterRules.Languages(a.Languages),
                                a.Active,
                                a.Version,
                                away = Away(l.Away, a.Id),
                            }
                    )
                    : [],
            b => new SaveInterpreter
            {
                Id = b.Id,
                Version = b.Version,
                Name = b.Name ?? "",
                Languages = b.Languages ?? "",
                Note = b.Note ?? "",
                Active = b.Active ?? true,
            },
            (id, b) =>
                new InterpreterLeave
                {
                    Id = id,
                    From = b.From,
                    Until = b.Until,
                    Reason = b.Reason ?? "",
                }
        );
    }

    private static void Of(
        IEndpointRouteBuilder api,
        string path,
        string right,
        string one,
        Func<IMediator, Task<IEnumerable<object>>> list,
        Func<HelperBody, IRequest<long>> save,
        Func<long, AwayBody, IRequest<long>> leave
    )
    {
        api.MapGet(path, async (IMediator mediator) => Results.Ok(await list(mediator)))
            .Permit("trial.read")
            .WithTags("trial")
            .WithSummary($"Each {one} of the court acted in, with days away");

        api.MapPost(path, async (HelperBody body, IMediator mediator) => Results.Ok(new { id = await mediator.Send(save(body)) }))
            .Permit(right)
            .WithTags("trial")
            .WithSummary($"Adds an {one}, or changes the one named by id and version");

        api.MapPost(
                path + "/{id:long}/absences",
                async (long id, AwayBody body, IMediator mediator) => Results.Ok(new { id = await mediator.Send(leave(id, body)) })
            )
            .Permit(right)
            .WithTags("trial")
            .WithSummary($"Days on which an {one} cannot come");
    }

    private static IEnumerable<object> Away(IEnumerable<HelperAway> all, long id) =>
        all.Where(w => w.HelperId == id)
            .Select(w =>
                (object)
                    new
                    {
                        from = w.FromOn,
                        until = w.UntilOn,
                        w.Reason,
                    }
            );

    internal sealed record HelperBody
    {
        public long? Id { get; init; }
        public int? Version { get; init; }
        public string? Name { get; init; }

        /// <summary>Of an assessor.</summary>
        public string? Field { get; init; }

        /// <summary>Of an interpreter: one or several, parted by commas.</summary>
        public string? Languages { get; init; }
        public string? Note { get; init; }
        public bool? Active { get; init; }
    }

    internal sealed record AwayBody
    {
        public DateOnly? From { get; init; }
        public DateOnly? Until { get; init; }
        public string? Reason { get; init; }
    }
}
