using CourtOps.Kernel.Web;
using CourtOps.TrialSupport.Interpreters;
using MediatR;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace CourtOps.TrialSupport.Api;

/// <summary>The list of interpreters and their absences.</summary>
internal static class InterpreterApi
{
    public static void Map(IEndpointRouteBuilder api)
    {
        api.MapGet(
                "/interpreters",
                async (IMediator mediator) =>
                    await mediator.Send(new ListInterpreters()) is var l
                        ? Results.Ok(
                            l.Rows.Select(a => new
                            {
                                a.Id,
                                a.Name,
                                languages = InterpreterRules.Languages(a.Languages),
                                a.Active,
                                a.Version,
                                away = l
                                    .Away.Where(w => w.InterpreterId == a.Id)
                                    .Select(w => new
                                    {
                                        from = w.FromOn,
                                        until = w.UntilOn,
                                        w.Reason,
                                    }),
                            })
                        )
                        : null
            )
            .Permit("trial.read")
            .WithTags("trial")
            .WithSummary("Interpreters of the court acted in");

        api.MapPost(
                "/interpreters",
                async (InterpreterBody body, IMediator mediator) =>
                    Results.Ok(
                        new
                        {
                            id = await mediator.Send(
                                new SaveInterpreter
                                {
                                    Id = body.Id,
                                    Version = body.Version,
                                    Name = body.Name ?? "",
                                    Languages = body.Languages ?? "",
                                    Note = body.Note ?? "",
                                    Active = body.Active ?? true,
                                }
                            ),
                        }
                    )
            )
            .Permit("trial.interpreters")
            .WithTags("trial")
            .WithSummary("Adds an interpreter, or changes the one named by id and version");

        api.MapPost(
                "/interpreters/{id:long}/absences",
                async (long id, AwayBody body, IMediator mediator) =>
                    Results.Ok(
                        new
                        {
                            id = await mediator.Send(
                                new InterpreterLeave
                                {
                                    Id = id,
                                    From = body.From,
                                    Until = body.Until,
                                    Reason = body.Reason ?? "",
                                }
                            ),
                        }
                    )
            )
            .Permit("trial.interpreters")
            .WithTags("trial")
            .WithSummary("Days on which an interpreter cannot come");
    }

    internal sealed record InterpreterBody
    {
        public long? Id { get; init; }
        public int? Version { get; init; }
        public string? Name { get; init; }

        /// <summary>One or several, parted by commas.</summary>
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
