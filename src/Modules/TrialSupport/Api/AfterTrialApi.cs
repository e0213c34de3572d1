using CourtOps.Kernel.Web;
using CourtOps.TrialSupport.Appeals;
using CourtOps.TrialSupport.Investigations;
using MediatR;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace CourtOps.TrialSupport.Api;

/// <summary>Investigation orders and appeals.</summary>
internal static class AfterTrialApi
{
    public static void Map(IEndpointRouteBuilder api)
    {
        api.MapGet(
                "/cases/{id:long}/investigations",
                async (long id, IMediator mediator) => Results.Ok((await mediator.Send(new ListInvestigations { CaseId = id })).Rows)
            )
            .Permit("trial.read")
            .WithTags("trial")
            .WithSummary("Investigation orders of a case");

        api.MapPost(
                "/cases/{id:long}/investigations",
                async (long id, AskBody body, IMediator mediator) =>
                    Results.Ok(
                        new
                        {
                            investigationId = await mediator.Send(
                                new AskInvestigation
                                {
                                    CaseId = id,
                                    PartyId = body.PartyId ?? 0,
                                    On = body.On,
                                    Lawyer = body.Lawyer ?? "",
                                    Licence = body.Licence ?? "",
                                    Unit = body.Unit ?? "",
                                    Evidence = body.Evidence ?? "",
                                    Reason = body.Reason ?? "",
                                }
                            ),
                        }
                    )
            )
            .OfCase()
            .Permit("trial.schedule")
            .WithTags("trial")
            .WithSummary("Takes down the application for an order");

        api.MapPost(
                "/cases/{id:long}/investigations/decide",
                async (long id, DecideBody body, IMediator mediator) =>
                {
                    await mediator.Send(
                        new DecideInvestigation
                        {
                            CaseId = id,
                            Id = body.InvestigationId ?? 0,
                            Version = body.Version,
                            Grant = body.Grant,
                            Number = body.Number ?? "",
                            Days = body.Days,
                            Touches = body.Touches ?? [],
                            Words = body.Words ?? "",
                        }
                    );
                    return Results.NoContent();
                }
            )
            .OfCase()
            .Permit("trial.sign")
            .WithTags("trial")
            .WithSummary("The judge signs or refuses an order");

        api.MapPost(
                "/cases/{id:long}/investigations/return",
                async (long id, ReturnBody body, IMediator mediator) =>
                {
                    await mediator.Send(
                        new ReturnInvestigation
                        {
                            CaseId = id,
                            Id = body.InvestigationId ?? 0,
                            Version = body.Version,
                            Outcome = body.Outcome ?? "",
                            Words = body.Words ?? "",
                        }
                    );
                    return Results.NoContent();
                }
            )
            .OfCase()
            .Permit("trial.schedule")
            .WithTags("trial")
            .WithSummary("What came of an order");

        api.MapGet(
                "/cases/{id:long}/appeals",
                async (long id, IMediator mediator) =>
                    Results.Ok(
                        (await mediator.Send(new ListAppeals { CaseId = id })).Rows.Select(a => new
                        {
                            a.Row.Id,
                            a.Row.Appellant,
                            a.Row.ReceivedOn,
                            a.Row.UpperCourt,
                            a.Row.State,
                            a.Row.Version,
                            a.Row.TransferredOn,
                            a.Row.UpperNumber,
                            a.Row.Result,
                            a.Row.ResultOn,
                            items = a.Row.ItemSet,
                            checklist = a.Checklist.Select(x => new { x.Label, x.Done }),
                            needs = a.Needs.Select(n => new
                            {
                                n.Id,
                                n.Kind,
                                n.Words,
                                n.AskedOn,
                                n.DueOn,
                                n.GotOn,
                                n.Urged,
                                n.State,
                                n.Version,
                            }),
                            a.Missing,
                            steps = a.Steps.Select(s => new
                            {
                                s.Step.Code,
                                s.Due,
                                s.Done,
                            }),
                        })
                    )
            )
            .Permit("trial.read")
            .WithTags("trial")
            .WithSummary("Appeals of a case with their clock and what the parcel lacks");

        api.MapPost(
                "/cases/{id:long}/appeals",
                async (long id, AppealBody body, IMediator mediator) =>
                    Results.Ok(
                        new
                        {
                            appealId = await mediator.Send(
                                new RegisterAppeal
                                {
                                    CaseId = id,
                                    PartyId = body.PartyId ?? 0,
                                    ReceivedOn = body.ReceivedOn,
                                    SentOn = body.SentOn,
                                    UpperCourt = body.UpperCourt ?? "",
                                }
                            ),
                        }
                    )
            )
            .OfCase()
            .Permit("trial.schedule")
            .WithTags("trial")
            .WithSummary("Takes an appeal in");

        api.MapPost(
                "/cases/{id:long}/appeals/step",
                async (long id, StepBody body, IMediator mediator) =>
                {
                    await mediator.Send(
                        new StepAppeal
                        {
                            CaseId = id,
                            Id = body.AppealId ?? 0,
                            Version = body.Version,
                            Step = body.Step ?? "",
                            On = body.On,
                            Items = body.Items,
                        }
                    );
                    return Results.NoContent();
                }
            )
            .OfCase()
            .Permit("trial.schedule")
            .WithTags("trial")
            .WithSummary("A step was done, or what is in the parcel");

        api.MapPost(
                "/cases/{id:long}/appeals/transfer",
                async (long id, TransferBody body, IMediator mediator) =>
                {
                    await mediator.Send(
                        new TransferAppeal
                        {
                            CaseId = id,
                            Id = body.AppealId ?? 0,
                            Version = body.Version,
                            On = body.On,
                            Volumes = body.Volumes,
                            HandedTo = body.HandedTo ?? "",
                            Withdrawn = body.Withdrawn ?? "",
                        }
                    );
                    return Results.NoContent();
                }
            )
            .OfCase()
            .Permit("trial.schedule")
            .WithTags("trial")
            .WithSummary("The file goes to the court above, or the appeal goes no further");
    }

    internal sealed record AskBody
    {
        public long? PartyId { get; init; }
        public DateOnly? On { get; init; }
        public string? Lawyer { get; init; }
        public string? Licence { get; init; }
        public string? Unit { get; init; }
        public string? Evidence { get; init; }
        public string? Reason { get; init; }
    }

    internal sealed record DecideBody
    {
        public long? InvestigationId { get; init; }
        public int? Version { get; init; }
        public bool? Grant { get; init; }
        public string? Number { get; init; }
        public int? Days { get; init; }
        public IReadOnlyList<string>? Touches { get; init; }
        public string? Words { get; init; }
    }

    internal sealed record ReturnBody
    {
        public long? InvestigationId { get; init; }
        public int? Version { get; init; }
        public string? Outcome { get; init; }
        public string? Words { get; init; }
    }

    internal sealed record AppealBody
    {
        public long? PartyId { get; init; }
        public DateOnly? ReceivedOn { get; init; }
        public DateOnly? SentOn { get; init; }
        public string? UpperCourt { get; init; }
    }

    internal sealed record StepBody
    {
        public long? AppealId { get; init; }
        public int? Version { get; init; }
        public string? Step { get; init; }
        public DateOnly? On { get; init; }
        public IReadOnlyList<string>? Items { get; init; }
    }

    internal sealed record TransferBody
    {
        public long? AppealId { get; init; }
        public int? Version { get; init; }
        public DateOnly? On { get; init; }
        public int? Volumes { get; init; }
        public string? HandedTo { get; init; }
        public string? Withdrawn { get; init; }
    }
}
