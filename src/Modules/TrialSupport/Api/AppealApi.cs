using CourtOps.Kernel.Security;
using CourtOps.Kernel.Web;
using CourtOps.TrialSupport.Appeals;
using CourtOps.Workzone.Api;
using MediatR;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace CourtOps.TrialSupport.Api;

/// <summary>What an appeal lacks, and what comes back from the court above.</summary>
internal static class AppealApi
{
    public static void Map(IEndpointRouteBuilder api)
    {
        api.MapPost(
                "/cases/{id:long}/appeals/needs",
                async (long id, NeedBody body, IMediator mediator) =>
                    Results.Ok(
                        new
                        {
                            needId = await mediator.Send(
                                new AskAppeal
                                {
                                    CaseId = id,
                                    Id = body.AppealId ?? 0,
                                    Kind = body.Kind ?? "",
                                    Words = body.Words ?? "",
                                    On = body.On,
                                    Days = body.Days,
                                    UpperAsks = body.UpperAsks,
                                }
                            ),
                        }
                    )
            )
            .OfCase()
            .Permit("trial.schedule")
            .WithTags("trial")
            .WithSummary("Asks for what an appeal lacks: papers, fee, service; with its days");

        api.MapPost(
                "/cases/{id:long}/appeals/needs/settle",
                async (long id, SettleBody body, IMediator mediator) =>
                {
                    var n = await mediator.Send(
                        new SettleNeed
                        {
                            CaseId = id,
                            Id = body.AppealId ?? 0,
                            NeedId = body.NeedId ?? 0,
                            Version = body.Version,
                            Act = body.Act ?? "",
                            On = body.On,
                            Words = body.Words ?? "",
                        }
                    );
                    return Results.Ok(
                        new
                        {
                            n.Id,
                            n.State,
                            n.DueOn,
                            n.GotOn,
                            n.Urged,
                            n.Version,
                        }
                    );
                }
            )
            .OfCase()
            .Permit("trial.schedule")
            .WithTags("trial")
            .WithSummary("What was asked for: receive, urge after its day, drop with the reason");

        api.MapPost(
                "/cases/{id:long}/appeals/upper",
                async (long id, UpperBody body, IMediator mediator) =>
                {
                    var a = await mediator.Send(
                        new RecordUpper
                        {
                            CaseId = id,
                            Id = body.AppealId ?? 0,
                            Version = body.Version,
                            Act = body.Act ?? "",
                            On = body.On,
                            Number = body.Number ?? "",
                            Result = body.Result ?? "",
                            Words = body.Words ?? "",
                        }
                    );
                    return Results.Ok(
                        new
                        {
                            a.Id,
                            a.State,
                            a.UpperNumber,
                            a.Result,
                            a.ResultOn,
                            a.ReturnedOn,
                            a.Version,
                        }
                    );
                }
            )
            .OfCase()
            .Permit("trial.schedule")
            .WithTags("trial")
            .WithSummary("What comes back from the court above: accept (its number), decide (its result), return (the file)");
    }

    internal sealed record NeedBody
    {
        public long? AppealId { get; init; }
        public string? Kind { get; init; }
        public string? Words { get; init; }
        public DateOnly? On { get; init; }
        public int? Days { get; init; }
        public bool UpperAsks { get; init; }
    }

    internal sealed record SettleBody
    {
        public long? AppealId { get; init; }
        public long? NeedId { get; init; }
        public int? Version { get; init; }
        public string? Act { get; init; }
        public DateOnly? On { get; init; }
        public string? Words { get; init; }
    }

    internal sealed record UpperBody
    {
        public long? AppealId { get; init; }
        public int? Version { get; init; }
        public string? Act { get; init; }
        public DateOnly? On { get; init; }
        public string? Number { get; init; }
        public string? Result { get; init; }
        public string? Words { get; init; }
    }
}
