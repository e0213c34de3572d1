using CourtOps.Kernel.Messaging;
using CourtOps.Kernel.Web;
using CourtOps.Triage.Mediation;
using MediatR;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace CourtOps.Triage.Api;

internal static class MediationApi
{
    public static void Map(IEndpointRouteBuilder api)
    {
        api.MapGet(
                "/mediations",
                async (string? state, string? after, IMediator mediator) =>
                {
                    if (state is { Length: > 0 } and not "escalated" && !MediationState.Labels.ContainsKey(state))
                        throw new RuleBroken($"没有这个状态：{state}。", "state");
                    var r = await mediator.Send(new ListMediations { State = state ?? "", After = after ?? "" });
                    return Results.Ok(
                        new
                        {
                            items = r.Rows.Select(Shown),
                            counts = r.Counts.ToDictionary(c => c.State, c => c.N),
                            r.Escalated,
                            next = r.Next,
                        }
                    );
                }
            )
            .Permit("triage.read")
            .WithTags("triage")
            .WithSummary("Mediations by what bites next; state asking, choosing, invited, running, cooling, ended or escalated");

        api.MapGet(
                "/mediations/{id:long}",
                async (long id, IMediator mediator) =>
                {
                    var s = await mediator.Send(new ShowMediation { Id = id });
                    return Results.Ok(
                        new
                        {
                            mediation = Shown(s.Row),
                            consents = s.Row.ConsentList,
                            agreement = s.Row.Agreement,
                            mediators = s.Ranked.Select(r => new
                            {
                                r.Mediator.Id,
                                r.Mediator.Name,
                                r.Points,
                                standing = r.Why,
                                r.Skilled,
                            }),
                            events = s.Events,
                            evaluations = s.Evaluations,
                        }
                    );
                }
            )
            .Permit("triage.read")
            .WithTags("triage")
            .WithSummary("A mediation: consents, ranked mediators, course, agreement");

        api.MapPost(
                "/mediations",
                async (BeginBody body, IMediator mediator, Idempotency idempotency) =>
                {
                    idempotency.Shape = r => Reply.Created($"/api/v1/mediations/{r}", new { id = (long)r! });
                    var id = await mediator.Send(new BeginMediation { FilingId = body.FilingId, CaseId = body.CaseId });
                    return Reply.Created($"/api/v1/mediations/{id}", new { id });
                }
            )
            .Permit("triage.mediate")
            .WithTags("triage")
            .WithSummary("Begins mediation of a registered case: {filingId} or {caseId}")
            .Produces(StatusCodes.Status201Created)
            .Repeats();

        api.MapPost(
                "/mediations/{idAndVerb}",
                async (string idAndVerb, IMediator mediator, Idempotency idempotency, HttpContext http, ActBody? body) =>
                {
                    var (id, verb) = FeesApi.Split(idAndVerb);
                    int? version = int.TryParse(
                        http.Request.Headers.IfMatch.ToString().Trim('"'),
                        System.Globalization.CultureInfo.InvariantCulture,
                        out var seen
                    )
                        ? seen
                        : body?.Version;
                    if (verb == "assign")
                    {
                        idempotency.Shape = r => Named((AssignMediator.Result)r);
                        return Named(
                            await mediator.Send(
                                new AssignMediator
                                {
                                    Id = id,
                                    Version = version,
                                    MediatorId = body?.MediatorId,
                                    ByParties = body?.ByParties ?? false,
                                }
                            )
                        );
                    }
                    idempotency.Shape = _ => Reply.Of(new { id });
                    ICommand act = verb switch
                    {
                        "consent" => new RecordConsent
                        {
                            Id = id,
                            Version = version,
                            Party = body?.Party ?? "",
                            Agrees = body?.Agrees,
                        },
                        "talk" => new RecordTalk { Id = id, Words = body?.Words ?? "" },
                        "extend" => new ExtendMediation
                        {
                            Id = id,
                            Version = version,
                            Days = body?.Days ?? 0,
                            Words = body?.Words ?? "",
                        },
                        "end" => new EndMediation
                        {
                            Id = id,
                            Version = version,
                            Outcome = body?.Outcome ?? "",
                            Reason = body?.Words ?? "",
                            Elements = body?.Elements,
                        },
                        "cool" => new CoolOff
                        {
                            Id = id,
                            Version = version,
                            Until = body?.Until,
                            BothAgree = body?.BothAgree ?? false,
                            NoViolence = body?.NoViolence ?? false,
                            WrittenApplication = body?.WrittenApplication ?? false,
                        },
                        "after" => new AfterMediation
                        {
                            Id = id,
                            Version = version,
                            Act = body?.Act ?? "",
                            Words = body?.Words ?? "",
                        },
                        "evaluate" => new AskEvaluation
                        {
                            Id = id,
                            Evaluators = body?.Evaluators ?? [],
                            Question = body?.Words ?? "",
                        },
                        "opinion" => new GiveOpinion
                        {
                            Id = id,
                            EvaluatorId = body?.MediatorId ?? 0,
                            Opinion = body?.Words ?? "",
                        },
                        _ => throw new RuleBroken($"没有这个动作：{verb}。可用：consent、assign、talk、extend、end、cool、after、evaluate、opinion。", "verb"),
                    };
                    await mediator.Send(act);
                    return Reply.Of(new { id });
                }
            )
            .Permit("triage.mediate")
            .WithTags("triage")
            .WithSummary("The acts on a mediation: :consent, :assign, :talk, :extend, :end, :cool, :after, :evaluate, :opinion")
            .Repeats()
            .Versioned();

        api.MapGet(
                "/mediators",
                async (DateOnly? from, DateOnly? until, IMediator mediator) =>
                {
                    var r = await mediator.Send(new ListMediators { From = from, Until = until });
                    return Results.Ok(
                        new
                        {
                            items = r.People,
                            byCause = r.ByCause,
                            byMediator = r.ByMediator,
                            r.From,
                            r.Until,
                        }
                    );
                }
            )
            .Permit("triage.filings")
            .WithTags("triage")
            .WithSummary("The pool of mediators, and success by cause and mediator");

        api.MapPost(
                "/mediators",
                async (SaveMediator body, IMediator mediator, Idempotency idempotency) =>
                {
                    idempotency.Shape = r => Reply.Of(new { id = (long)r! });
                    return Reply.Of(new { id = await mediator.Send(body with { Languages = body.Languages ?? ["zh"] }) });
                }
            )
            .Permit("triage.mediators")
            .WithTags("triage")
            .WithSummary("A mediator of the pool; with id and version it is changed")
            .Repeats();
    }

    // the link is the mediator's alone and the desk's to hand over
    private static Reply Named(AssignMediator.Result r) =>
        Reply.Of(
            new
            {
                r.MediatorId,
                r.Name,
                link = "/p/mediate/" + r.Token,
            }
        );

    private static object Shown(MediationRow m) =>
        new
        {
            m.Id,
            m.CaseId,
            m.CaseNumber,
            m.Cause,
            m.State,
            m.MediatorName,
            m.ConsentBy,
            m.AssignBy,
            m.ConfirmBy,
            m.AcceptedOn,
            m.DueOn,
            m.Extended,
            m.Outcome,
            m.EndedOn,
            m.Reason,
            m.Confirmed,
            m.CoolingUntil,
            m.FollowOn,
            escalated = m.EscalatedWhy,
            m.Version,
        };

    internal sealed record BeginBody
    {
        public long? FilingId { get; init; }
        public long? CaseId { get; init; }
    }

    internal sealed record ActBody
    {
        public string? Party { get; init; }
        public bool? Agrees { get; init; }
        public long? MediatorId { get; init; }
        public bool? ByParties { get; init; }
        public string? Words { get; init; }
        public int? Days { get; init; }
        public string? Outcome { get; init; }
        public AgreementElements? Elements { get; init; }
        public DateOnly? Until { get; init; }
        public bool? BothAgree { get; init; }
        public bool? NoViolence { get; init; }
        public bool? WrittenApplication { get; init; }
        public string? Act { get; init; }
        public IReadOnlyList<long>? Evaluators { get; init; }
        public int? Version { get; init; }
    }
}
