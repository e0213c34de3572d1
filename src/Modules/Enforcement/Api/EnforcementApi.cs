using System.Globalization;
using CourtOps.Enforcement.Checks;
using CourtOps.Enforcement.Linkage;
using CourtOps.Enforcement.Measures;
using CourtOps.Kernel.Messaging;
using CourtOps.Kernel.Web;
using MediatR;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace CourtOps.Enforcement.Api;

internal static class EnforcementApi
{
    public static void Map(IEndpointRouteBuilder api)
    {
        api.MapPost("/measures", async (TakeBody body, IMediator mediator, Idempotency idempotency, Law.ICalendarSource calendars) =>
        {
            idempotency.Shape = m => Made((MeasureRow)m, calendars);
            return Made(await mediator.Send(new TakeMeasure
            {
                CaseId = body.CaseId, AssetId = body.AssetId, PartyId = body.PartyId, Kind = body.Kind ?? "", Category = body.Category ?? "", Description = body.Description ?? "", RuledOn = body.RuledOn, Start = body.Start, Years = body.Years,
                Basis = body.Basis ?? "enforcement", Amount = body.Amount, Place = body.Place ?? 1, Authority = body.Authority ?? "", Paper = body.Paper ?? "", Receipt = body.Receipt ?? "", ReceiptEnd = body.ReceiptEnd, ReceiptPlace = body.ReceiptPlace,
                HeadEnd = body.HeadEnd,
            }), calendars);
        }).Permit("enforcement.work").WithTags("enforcement").WithSummary("Records a measure on property; the end by law, the receipt's where it shows one").Produces(StatusCodes.Status201Created).Repeats();

        api.MapGet("/measures", async (DateOnly? dueBefore, long? caseId, string? state, IMediator mediator) =>
            Results.Ok((await mediator.Send(new ListMeasures { DueBefore = dueBefore, CaseId = caseId, State = state ?? MeasureState.Active, Take = 500 })).Rows))
            .Permit("enforcement.read").WithTags("enforcement").WithSummary("Measures by what ends next");

        api.MapPost("/measures/{idAndVerb}", async (string idAndVerb, HttpRequest http, IMediator mediator, Idempotency idempotency, Law.ICalendarSource calendars, ActBody? body) =>
        {
            var (id, verb) = Parts(idAndVerb);
            idempotency.Shape = m => Answer((MeasureRow)m, calendars);
            var version = VersionOf(http);
            body ??= new ActBody();
            return Answer(verb switch
            {
                "renew" => await mediator.Send(new RenewMeasure { Id = id, Version = version, On = body.On, From = body.From, Years = body.Years, Paper = body.Paper ?? "", Receipt = body.Receipt ?? "", ReceiptEnd = body.ReceiptEnd }),
                "release" => await mediator.Send(new ReleaseMeasure { Id = id, Version = version, On = body.On, Why = body.Why ?? "", Paper = body.Paper ?? "" }),
                "receipt" => await mediator.Send(new RecordReceipt { Id = id, Version = version, Start = body.On, Receipt = body.Receipt ?? "", ReceiptEnd = body.ReceiptEnd, Place = body.Place, Follow = body.Follow ?? false, HeadEnd = body.HeadEnd }),
                "note" => await mediator.Send(new NoteMeasure { Id = id, Version = version, Kind = body.Kind ?? "", On = body.On, HeadEnd = body.HeadEnd, Words = body.Words ?? "" }),
                _ => throw new RuleBroken($"没有这个动作：{verb}。可用：renew、release、receipt、note。", "verb"),
            }, calendars);
        }).Permit("enforcement.work").WithTags("enforcement").WithSummary(":renew, :release, :receipt (what the authority answered), :note (applied or polled)").Repeats().Versioned();

        api.MapPost("/linkage-requests", async (LinkageBody body, IMediator mediator, Idempotency idempotency) =>
        {
            idempotency.Shape = l => Sent((IReadOnlyList<LinkageRow>)l);
            return Sent(await mediator.Send(new SendLinkage { CaseId = body.CaseId, Agencies = body.Agencies ?? [], Act = body.Act ?? "", Words = body.Words ?? "", Basis = body.Basis ?? "", DocumentIds = body.DocumentIds ?? [], Due = body.Due }));
        }).Permit("enforcement.work").WithTags("enforcement").WithSummary("The same request to several agencies, by their names or ids").Produces(StatusCodes.Status201Created).Repeats();

        api.MapPost("/linkage-requests/{idAndVerb}", async (string idAndVerb, IMediator mediator, Idempotency idempotency, AnswerBody body) =>
        {
            var (id, verb) = Parts(idAndVerb);
            if (verb != "answer")
                throw new RuleBroken($"没有这个动作：{verb}。可用：answer。", "verb");
            idempotency.Shape = l => Answered((LinkageRow)l);
            return Answered(await mediator.Send(new AnswerLinkage { Id = id, Answer = body.Answer ?? "", Receipt = body.Receipt ?? "" }));
        }).Permit("enforcement.answer").WithTags("enforcement").WithSummary(":answer, with the key of the agency's own account").Repeats();

        api.MapGet("/findings", async (string? leak, string? state, long? caseId, IMediator mediator) => Results.Ok((await mediator.Send(new ListFindings { Leak = leak ?? "", State = state ?? "", CaseId = caseId })).Rows))
            .Permit("enforcement.read").WithTags("enforcement").WithSummary("Open findings of the leak checks, by their day");
    }

    private static Reply Sent(IReadOnlyList<LinkageRow> sent) => Reply.Created("/api/v1/linkage-requests", sent.Select(Shape).ToList());

    private static Reply Answered(LinkageRow l) => Reply.Of(Shape(l), l.Version);

    private static object Shape(LinkageRow l) => new { l.Id, l.CaseId, agency = l.AgencyName, l.Act, l.State, due = l.DueOn, l.SentAt, l.Digest, l.AnsweredAt, l.Answer, l.Receipt, l.Version };

    internal static (long Id, string Verb) Parts(string idAndVerb)
    {
        var parts = idAndVerb.Split(':');
        return parts.Length == 2 && long.TryParse(parts[0], NumberStyles.None, CultureInfo.InvariantCulture, out var id) ? (id, parts[1]) : throw new NotFound("路径", idAndVerb);
    }

    internal static int? VersionOf(HttpRequest request)
    {
        var text = request.Headers.IfMatch.ToString();
        if (text.Length == 0 || text == "*")
            return null;
        return int.TryParse(text.Trim().Trim('"'), NumberStyles.None, CultureInfo.InvariantCulture, out var version) ? version : throw new RuleBroken("If-Match 应是版本号，如 \"3\"。", "If-Match");
    }

    private static Reply Made(MeasureRow m, Law.ICalendarSource calendars) => Reply.Created($"/api/v1/measures?caseId={m.CaseId}", Body(m, calendars), m.Version);

    private static Reply Answer(MeasureRow m, Law.ICalendarSource calendars) => Reply.Of(Body(m, calendars), m.Version);

    private static object Body(MeasureRow m, Law.ICalendarSource calendars) => new
    {
        m.Id, m.CaseId, m.AssetId, m.State, m.Place, start = m.StartOn, end = m.EndOn, m.LastRenewal, courtLastDay = m.CourtLast, differs = m.ReceiptEnd is { } r && r != m.ComputedEnd, m.NextDate,
        warnings = MeasureClock.Warnings(m, calendars.For(null)).Select(w => new { w.Date, w.Tier, w.To }), m.Version,
    };

    internal sealed record TakeBody
    {
        public long CaseId { get; init; }
        public long? AssetId { get; init; }
        public long? PartyId { get; init; }
        public string? Kind { get; init; }
        public string? Category { get; init; }
        public string? Description { get; init; }
        public DateOnly? RuledOn { get; init; }
        public DateOnly? Start { get; init; }
        public int? Years { get; init; }
        public string? Basis { get; init; }
        public decimal? Amount { get; init; }
        public int? Place { get; init; }
        public string? Authority { get; init; }
        public string? Paper { get; init; }
        public string? Receipt { get; init; }
        public DateOnly? ReceiptEnd { get; init; }
        public int? ReceiptPlace { get; init; }
        public DateOnly? HeadEnd { get; init; }
    }

    internal sealed record LinkageBody
    {
        public long CaseId { get; init; }
        public IReadOnlyList<string>? Agencies { get; init; }
        public string? Act { get; init; }
        public string? Words { get; init; }
        public string? Basis { get; init; }
        public IReadOnlyList<long>? DocumentIds { get; init; }
        public DateOnly? Due { get; init; }
    }

    internal sealed record AnswerBody
    {
        public string? Answer { get; init; }
        public string? Receipt { get; init; }
    }

    internal sealed record ActBody
    {
        public DateOnly? On { get; init; }
        public DateOnly? From { get; init; }
        public int? Years { get; init; }
        public string? Paper { get; init; }
        public string? Receipt { get; init; }
        public DateOnly? ReceiptEnd { get; init; }
        public string? Why { get; init; }
        public int? Place { get; init; }
        public bool? Follow { get; init; }
        public DateOnly? HeadEnd { get; init; }
        public string? Kind { get; init; }
        public string? Words { get; init; }
    }
}
