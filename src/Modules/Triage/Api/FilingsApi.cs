using System.Globalization;
using CourtOps.Kernel.Messaging;
using CourtOps.Kernel.Web;
using CourtOps.Triage.Allotments;
using CourtOps.Triage.Filings;
using MediatR;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace CourtOps.Triage.Api;

internal static class FilingsApi
{
    public static void Map(IEndpointRouteBuilder api)
    {
        api.MapPost(
                "/filings",
                async (FilingBody body, IMediator mediator, Idempotency idempotency) =>
                {
                    idempotency.Shape = r => Taken((TakeFiling.Result)r);
                    return Taken(await mediator.Send(Read(body)));
                }
            )
            .Permit("triage.work")
            .WithTags("triage")
            .WithSummary("Takes a filing in; answers with the receipt")
            .Produces(StatusCodes.Status201Created)
            .Repeats()
            .WithDescription(
                "kind: civil, criminal, admin, enforcement, compensation, other. Claims and amounts in yuan. Parties as in the case import. procedure "
                    + "may be left out: the law proposes one. facts: codes as on the counter's form."
            );

        api.MapPost(
                "/cross-filings",
                async (FilingBody body, IMediator mediator, Idempotency idempotency) =>
                {
                    idempotency.Shape = r => Taken((TakeFiling.Result)r);
                    return Taken(
                        await mediator.Send(
                            new TakeCrossFiling
                            {
                                Court = body.Court ?? "",
                                Filing = Read(body) with { Court = "" },
                                Checked = body.Checked ?? [],
                            }
                        )
                    );
                }
            )
            .Permit("triage.work")
            .WithTags("triage")
            .WithSummary("Takes a filing for the court with jurisdiction (court); checked: identity, copies, form, court. Passed on by :pass")
            .Produces(StatusCodes.Status201Created)
            .Repeats();

        api.MapGet(
                "/allotments",
                async (string? how, long? before, IMediator mediator) =>
                {
                    var r = await mediator.Send(new ListAllotments { How = how ?? "", Before = before });
                    return Results.Ok(new { items = r.Rows, next = r.Next });
                }
            )
            .Permit("triage.filings")
            .WithTags("triage")
            .WithSummary("Allotments, the newest first; how: tied, specialised, balanced or by-hand");

        api.MapGet(
                "/triage-board",
                async (DateOnly? from, DateOnly? until, IMediator mediator) =>
                {
                    var r = await mediator.Send(new Board.ShowBoard { From = from, Until = until });
                    return Results.Ok(
                        new
                        {
                            r.From,
                            r.Until,
                            courts = r.Courts.Select(c => new
                            {
                                figures = c,
                                stars = r.Stars[c.CourtId].Count(s => s.Earned),
                                standards = r.Stars[c.CourtId],
                            }),
                        }
                    );
                }
            )
            .Permit("triage.filings")
            .WithTags("triage")
            .WithSummary("The board by court: received, returned, mediated, split, times, complaints, diversion, stars");

        api.MapPost(
                "/series",
                async (SeriesBody body, IMediator mediator, Idempotency idempotency) =>
                {
                    idempotency.Shape = r => Reply.Created($"/api/v1/series/{((Series.TakeSeries.Result)r!).Id}", r);
                    var r = await mediator.Send(
                        new Series.TakeSeries
                        {
                            Title = body.Title ?? "",
                            Cause = body.Cause ?? "",
                            Claimant = body.Claimant ?? new PartyIn(),
                            Lines = body.Lines ?? "",
                            Ticks = body.Facts ?? [],
                        }
                    );
                    return Reply.Created($"/api/v1/series/{r.Id}", r);
                }
            )
            .Permit("triage.work")
            .WithTags("triage")
            .WithSummary("Up to 500 suits of one claimant: lines of name, id number, phone, amount, words")
            .Produces(StatusCodes.Status201Created)
            .Repeats();

        api.MapGet(
                "/series/{id:long}",
                async (long id, int? after, IMediator mediator) =>
                {
                    var r = await mediator.Send(new Series.ShowSeries { Id = id, After = after ?? 0 });
                    return Results.Ok(
                        new
                        {
                            r.Series.Id,
                            r.Series.Number,
                            r.Series.Title,
                            r.Series.State,
                            r.Series.Total,
                            r.Series.Registered,
                            r.Series.Refused,
                            r.Series.ModelNumber,
                            r.Series.OwnerName,
                            r.Series.WakeOn,
                            elements = r.Series.ElementList,
                            items = r.Cases.Select(c => new
                            {
                                c.FilingId,
                                c.RowNo,
                                c.CaseId,
                                c.CaseNumber,
                                c.Name,
                                c.State,
                                c.Problem,
                                c.Answers,
                            }),
                            next = r.Next,
                            r.Series.Version,
                        }
                    );
                }
            )
            .Permit("triage.read")
            .WithTags("triage")
            .WithSummary("A series with a page of its cases");

        api.MapPost(
                "/series/{idAndVerb}",
                async (string idAndVerb, IMediator mediator, Idempotency idempotency, HttpContext http, SeriesActBody? body) =>
                {
                    var (id, verb) = FeesApi.Split(idAndVerb);
                    int? version = body?.Version;
                    switch (verb)
                    {
                        case "register":
                            idempotency.Shape = _ => Reply.Of(new { id });
                            await mediator.Send(new Series.RegisterSeries { Id = id, Version = version });
                            return Reply.Of(new { id });
                        case "model":
                            idempotency.Shape = _ => Reply.Of(new { id });
                            await mediator.Send(
                                new Series.ChooseModel
                                {
                                    Id = id,
                                    Version = version,
                                    FilingId = body?.FilingId ?? 0,
                                    WakeOn = body?.WakeOn,
                                }
                            );
                            return Reply.Of(new { id });
                        case "apply":
                            idempotency.Shape = r => Reply.Of(r);
                            return Reply.Of(
                                await mediator.Send(
                                    new Series.ApplyModel
                                    {
                                        Id = id,
                                        Version = version,
                                        Elements = body?.Elements ?? [],
                                        Differs = body?.Differs ?? new Dictionary<long, IReadOnlyList<string>>(),
                                    }
                                )
                            );
                        default:
                            throw new RuleBroken($"没有这个动作：{verb}。可用：register、model、apply。", "verb");
                    }
                }
            )
            .Permit("triage.read")
            .WithTags("triage")
            .WithSummary("The acts on a series: :register, :model {filingId, wakeOn}, :apply {elements, differs}")
            .Repeats();

        api.MapPost(
                "/transfers",
                async (TransferBody body, IMediator mediator, Idempotency idempotency) =>
                {
                    idempotency.Shape = r => Reply.Created($"/api/v1/filings/{((TakeTransfer.Result)r!).Id}", r);
                    var r = await mediator.Send(
                        new TakeTransfer
                        {
                            Type = body.Type ?? "",
                            Sender = body.Sender ?? "",
                            Letter = body.Letter ?? "",
                            Filing = Read(body.Filing ?? new FilingBody()),
                            Items = body.Items ?? [],
                            Accused = body.Accused ?? [],
                        }
                    );
                    return Reply.Created($"/api/v1/filings/{r.Id}", r);
                }
            )
            .Permit("triage.work")
            .WithTags("triage")
            .WithSummary(
                "A case sent over (type prosecution, appeal, retrial, objection, compensation) with items (volumes, exhibits, papers) and accused in custody"
            )
            .Produces(StatusCodes.Status201Created)
            .Repeats();

        api.MapGet(
                "/transfers",
                async (string? type, string? after, IMediator mediator) =>
                {
                    var r = await mediator.Send(new ListTransfers { Type = type ?? "", After = after ?? "" });
                    return Results.Ok(new { items = r.Rows, next = r.Next });
                }
            )
            .Permit("triage.filings")
            .WithTags("triage")
            .WithSummary("Transfers, those first whose custody ends first");

        api.MapGet(
                "/cross-filings",
                async (string? direction, long? before, IMediator mediator) =>
                {
                    var r = await mediator.Send(new ListCross { Direction = direction ?? "out", Before = before });
                    return Results.Ok(
                        new
                        {
                            items = r.Rows.Select(x => new
                            {
                                x.Filing.Id,
                                x.Filing.Number,
                                x.Filing.State,
                                from = x.Filing.FromCourtName,
                                to = x.Filing.CourtName,
                                x.Filing.ReceivedAt,
                                x.Filing.PassBy,
                                x.Filing.PassedAt,
                                x.Filing.ReplyBy,
                                x.Filing.RepliedAt,
                                x.Filing.DecideBy,
                                x.Standing,
                            }),
                            count = r.Count,
                            late = r.Late,
                            next = r.Next,
                        }
                    );
                }
            )
            .Permit("triage.filings")
            .WithTags("triage")
            .WithSummary("Cross-court filings with both clocks: direction out (taken here) or in (passed to this court)");

        api.MapGet(
                "/filings",
                async (string? state, string? after, int? limit, IMediator mediator) =>
                {
                    if (state is { Length: > 0 } && !FilingState.Labels.ContainsKey(state))
                        throw new RuleBroken($"没有这个状态：{state}。", "state");
                    var r = await mediator.Send(
                        new ListFilings
                        {
                            State = state ?? "",
                            After = after ?? "",
                            Take = limit ?? 50,
                        }
                    );
                    return Results.Ok(
                        new
                        {
                            items = r.Rows.Select(f => new
                            {
                                f.Id,
                                f.Number,
                                f.State,
                                court = f.CourtName,
                                f.Kind,
                                f.Cause,
                                parties = f.PartiesText,
                                f.CaseNumber,
                                f.ReceivedAt,
                                f.DecideBy,
                                f.CorrectBy,
                            }),
                            counts = r.Counts.ToDictionary(c => c.State, c => c.N),
                            r.Overdue,
                            next = r.Next,
                        }
                    );
                }
            )
            .Permit("triage.filings")
            .WithTags("triage")
            .WithSummary("Filings by clock; state, after (the answer's next) and limit up to 200");

        api.MapGet("/filings/{id:long}", async (long id, IMediator mediator) => Results.Ok(Shown(await mediator.Send(new ShowFiling { Id = id }))))
            .Permit("triage.filings")
            .WithTags("triage")
            .WithSummary("A filing: state, clock, what is missing, what it became");

        api.MapGet(
                "/filings/{id:long}/letters",
                async (long id, IMediator mediator) =>
                    Results.Ok(
                        new
                        {
                            items = (await mediator.Send(new LettersOfFiling { Id = id })).Select(l => new
                            {
                                l.Id,
                                from = l.Side == "in" ? "filer" : "court",
                                l.Words,
                                l.At,
                                by = l.ByName,
                                l.DueOn,
                                l.AnsweredAt,
                                l.EscalatedTo,
                            }),
                        }
                    )
            )
            .Permit("triage.filings")
            .WithTags("triage")
            .WithSummary("What the filer and the court wrote to each other, in order; answered by :answer");

        api.MapGet(
                "/filing-letters",
                async (string? view, string? after, IMediator mediator) =>
                {
                    if (view is { Length: > 0 } and not ("todo" or "late" or "done"))
                        throw new RuleBroken($"没有这个清单：{view}。", "view");
                    var r = await mediator.Send(new ListLetters { View = view is { Length: > 0 } ? view : "todo", After = after ?? "" });
                    return Results.Ok(
                        new
                        {
                            items = r.Rows,
                            todo = r.Todo,
                            late = r.Late,
                            next = r.Next,
                        }
                    );
                }
            )
            .Permit("triage.filings")
            .WithTags("triage")
            .WithSummary("Letters of people who filed online, by the day the answer is due; view todo, late or done");

        api.MapPost(
                "/filings/{idAndVerb}",
                async (string idAndVerb, IMediator mediator, Idempotency idempotency, FilingActBody? body) =>
                {
                    var parts = idAndVerb.Split(':');
                    if (parts.Length != 2 || !long.TryParse(parts[0], NumberStyles.None, CultureInfo.InvariantCulture, out var id))
                        throw new NotFound("路径", idAndVerb);
                    switch (parts[1])
                    {
                        case "return":
                            idempotency.Shape = _ => Reply.Of(new { id });
                            await mediator.Send(new ReturnFiling { Id = id, Missing = body?.Missing ?? [] });
                            return Reply.Of(new { id });
                        case "correct":
                            idempotency.Shape = _ => Reply.Of(new { id });
                            await mediator.Send(new CorrectFiling { Id = id });
                            return Reply.Of(new { id });
                        case "refuse":
                            idempotency.Shape = _ => Reply.Of(new { id });
                            await mediator.Send(
                                new RefuseFiling
                                {
                                    Id = id,
                                    Reason = body?.Reason ?? "",
                                    Complaint = body?.Complaint ?? "",
                                }
                            );
                            return Reply.Of(new { id });
                        case "register":
                            idempotency.Shape = r => Registered((RegisterFiling.Result)r);
                            return Registered(await mediator.Send(new RegisterFiling { Id = id, Reason = body?.Reason ?? "" }));
                        case "allot":
                            idempotency.Shape = r => Allotted((Drawn)r);
                            return Allotted(await mediator.Send(new AllotCase { FilingId = id }));
                        case "pass":
                            idempotency.Shape = _ => Reply.Of(new { id });
                            await mediator.Send(new PassFiling { Id = id, Checked = body?.Checked ?? [] });
                            return Reply.Of(new { id });
                        case "withdraw":
                            idempotency.Shape = _ => Reply.Of(new { id });
                            await mediator.Send(new WithdrawFiling { Id = id, Reason = body?.Reason ?? "" });
                            return Reply.Of(new { id });
                        case "amend":
                            idempotency.Shape = _ => Reply.Of(new { id });
                            await mediator.Send(
                                new AmendFiling
                                {
                                    Id = id,
                                    Cause = body?.Cause ?? "",
                                    Ticks = body?.Facts ?? [],
                                    Procedure = body?.Procedure ?? "",
                                    ProcedureReason = body?.Reason ?? "",
                                }
                            );
                            return Reply.Of(new { id });
                        case "answer":
                            idempotency.Shape = r => Reply.Of(new { id = (long)r! });
                            return Reply.Of(
                                new
                                {
                                    id = await mediator.Send(
                                        new AnswerFiler
                                        {
                                            Id = id,
                                            Words = body?.Words ?? "",
                                            Last = body?.Last,
                                        }
                                    ),
                                }
                            );
                        default:
                            throw new RuleBroken(
                                $"没有这个动作：{parts[1]}。可用：return、correct、refuse、register、allot、pass、withdraw、amend、answer。",
                                "verb"
                            );
                    }
                }
            )
            .Permit("triage.work")
            .WithTags("triage")
            .WithSummary("The acts on a filing: :return, :correct, :refuse, :register, :allot, :pass, :withdraw, :amend, :answer {words, last}")
            .Repeats()
            .WithDescription(
                ":return {missing[]} tells once what is missing. :register answers caseId, caseNumber and fee; whoever calls answers for completeness "
                    + "and for suits that look alike (the answer of GET names them). :allot answers judge and decision."
            );

        api.MapGet(
                "/track-proposals",
                async (string? state, long? before, IMediator mediator) =>
                {
                    var r = await mediator.Send(new Split.ListProposals { State = state is "taken" or "dismissed" ? state : "open", Before = before });
                    return Results.Ok(
                        new
                        {
                            items = r.Rows.Select(p => new
                            {
                                p.Id,
                                p.CaseId,
                                p.CaseNumber,
                                p.Fact,
                                p.FromProcedure,
                                p.ToProcedure,
                                p.FromBand,
                                p.ToBand,
                                why = p.WhyList,
                                p.ClockNow,
                                p.ClockThen,
                                p.MadeOn,
                                p.State,
                                p.Reason,
                                p.Version,
                            }),
                            next = r.Next,
                        }
                    );
                }
            )
            .Permit("triage.read")
            .WithTags("triage")
            .WithSummary("Proposals to convert that later facts led to; state open, taken or dismissed");

        api.MapPost(
                "/track-proposals/{idAndVerb}",
                async (string idAndVerb, IMediator mediator, Idempotency idempotency, HttpContext http, DecideBody? body) =>
                {
                    var (id, verb) = FeesApi.Split(idAndVerb);
                    if (verb is not ("take" or "dismiss"))
                        throw new RuleBroken($"没有这个动作：{verb}。可用：take、dismiss。", "verb");
                    idempotency.Shape = _ => Reply.Of(new { id });
                    await mediator.Send(
                        new Split.DecideProposal
                        {
                            Id = id,
                            Version = await FeesApi.VersionAsync(http, body?.Version, () => Task.FromResult(1)),
                            Take = verb == "take",
                            Reason = body?.Reason ?? "",
                        }
                    );
                    return Reply.Of(new { id });
                }
            )
            .Permit("triage.split")
            .WithTags("triage")
            .WithSummary("The judge's word on a proposal: :take or :dismiss {reason}")
            .Repeats()
            .Versioned();

        api.MapPost(
                "/cases/{id:long}/band",
                async (long id, BandBody body, IMediator mediator, Idempotency idempotency) =>
                {
                    idempotency.Shape = _ => Reply.Of(new { id });
                    await mediator.Send(new Mediation.MediationsOfCase { CaseId = id }); // not found before anything of the body is said
                    await mediator.Send(
                        new Split.OverrideBand
                        {
                            CaseId = id,
                            Band = body.Band ?? "",
                            Reason = body.Reason ?? "",
                        }
                    );
                    return Reply.Of(new { id });
                }
            )
            .Permit("triage.split")
            .WithTags("triage")
            .WithSummary("Puts a case into another band (fast, summary, ordinary, complex) with a reason")
            .Repeats();

        api.MapGet(
                "/split-report",
                async (DateOnly? from, DateOnly? until, IMediator mediator) =>
                    Results.Ok(await mediator.Send(new Split.ReportOnSplit { From = from, Until = until }))
            )
            .Permit("triage.filings")
            .WithTags("triage")
            .WithSummary("How often judges decided otherwise than the rule of the split, by factor and cause");
    }

    internal sealed record SeriesBody
    {
        public string? Title { get; init; }
        public string? Cause { get; init; }
        public PartyIn? Claimant { get; init; }
        public string? Lines { get; init; }
        public IReadOnlyList<string>? Facts { get; init; }
    }

    internal sealed record SeriesActBody
    {
        public long? FilingId { get; init; }
        public DateOnly? WakeOn { get; init; }
        public IReadOnlyList<Series.ModelElement>? Elements { get; init; }
        public IReadOnlyDictionary<long, IReadOnlyList<string>>? Differs { get; init; }
        public int? Version { get; init; }
    }

    internal sealed record TransferBody
    {
        public string? Type { get; init; }
        public string? Sender { get; init; }
        public string? Letter { get; init; }
        public FilingBody? Filing { get; init; }
        public IReadOnlyList<TransferItem>? Items { get; init; }
        public IReadOnlyList<CustodyIn>? Accused { get; init; }
    }

    internal sealed record DecideBody
    {
        public string? Reason { get; init; }
        public int? Version { get; init; }
    }

    internal sealed record BandBody
    {
        public string? Band { get; init; }
        public string? Reason { get; init; }
    }

    private static TakeFiling Read(FilingBody body) =>
        new()
        {
            Court = body.Court ?? "",
            Kind = body.Kind ?? "civil",
            CaseType = body.CaseType ?? "",
            Cause = body.Cause ?? "",
            Procedure = body.Procedure ?? "",
            ProcedureReason = body.ProcedureReason ?? "",
            Claims = body.Claims ?? [],
            Parties = body.Parties ?? [],
            Facts = new FilingFacts
            {
                Ticks = body.Facts ?? [],
                MaxSentenceMonths = body.MaxSentenceMonths,
                CustodyUntil = body.CustodyUntil,
            },
            Sender = body.Sender ?? "",
            SenderPhone = body.SenderPhone ?? "",
            Origin = body.Origin ?? "",
        };

    private static Reply Taken(TakeFiling.Result r) =>
        Reply.Created(
            $"/api/v1/filings/{r.Id}",
            new
            {
                r.Id,
                r.Number,
                r.Procedure,
                r.DecideBy,
            }
        );

    private static Reply Registered(RegisterFiling.Result r) =>
        Reply.Of(
            new
            {
                r.CaseId,
                r.CaseNumber,
                fee = Yuan(r.FeeCents),
                r.Band,
            }
        );

    private static Reply Allotted(Drawn d) =>
        Reply.Of(
            new
            {
                judge = d.Judge,
                judgeId = d.JudgeId,
                decision = new
                {
                    d.How,
                    d.Seed,
                    d.TiedBy,
                    candidates = d.Candidates.Select(c => new
                    {
                        c.Name,
                        load = c.Load / 100m,
                        c.OpenCases,
                        standing = c.Why,
                    }),
                },
            }
        );

    private static object Shown(ShowFiling.Result s) =>
        new
        {
            s.Filing.Id,
            s.Filing.Number,
            s.Filing.State,
            court = s.Filing.CourtName,
            s.Filing.Kind,
            s.Filing.CaseType,
            s.Filing.Cause,
            procedure = s.Filing.ProcedureCode,
            proposed = s.Filing.ProcedureOwn,
            why = s.Why,
            amount = Yuan(s.Filing.Amount),
            receivedAt = s.Filing.ReceivedAt,
            decideBy = s.Filing.DecideBy,
            correctBy = s.Filing.CorrectBy,
            missing = s.Filing.MissingList,
            papersMissing = s.Missing,
            reason = s.Filing.Reason,
            complaint = s.Filing.Complaint,
            caseId = s.Filing.CaseId,
            caseNumber = s.Filing.CaseNumber,
            fee = Yuan(s.FeeCents),
            feeWhy = s.FeeWhy,
            band = s.Filing.Band,
            score = s.Filing.Score,
            parties = s.Parties.Select(p => new
            {
                p.Name,
                p.Role,
                p.PartyType,
                idNumberTail = p.IdNumberTail,
                phoneTail = p.PhoneTail,
            }),
            related = s.Near.Select(n => new
            {
                n.Number,
                n.Cause,
                what = n.What,
                n.Shared,
            }),
        };

    internal static string? Yuan(long? cents) => cents is { } c ? (c / 100m).ToString("0.00", CultureInfo.InvariantCulture) : null;

    internal sealed record FilingBody
    {
        public string? Court { get; init; }
        public string? Kind { get; init; }
        public string? CaseType { get; init; }
        public string? Cause { get; init; }
        public string? Procedure { get; init; }
        public string? ProcedureReason { get; init; }
        public IReadOnlyList<ClaimIn>? Claims { get; init; }
        public IReadOnlyList<PartyIn>? Parties { get; init; }

        /// <summary>Codes of what the counter ticks: factsClear, rightsClear, disputeSmall …</summary>
        public IReadOnlyList<string>? Facts { get; init; }
        public int? MaxSentenceMonths { get; init; }
        public DateOnly? CustodyUntil { get; init; }
        public string? Sender { get; init; }
        public string? SenderPhone { get; init; }

        /// <summary>The case or document it comes from; needed for enforcement, appeal, retrial and objection.</summary>
        public string? Origin { get; init; }

        /// <summary>For a filing to another court: what was checked.</summary>
        public IReadOnlyList<string>? Checked { get; init; }
    }

    internal sealed record FilingActBody
    {
        public IReadOnlyList<string>? Missing { get; init; }
        public string? Reason { get; init; }
        public string? Complaint { get; init; }

        /// <summary>What a receiving court has checked: identity, copies, form, court.</summary>
        public IReadOnlyList<string>? Checked { get; init; }

        /// <summary>What is written to the filer.</summary>
        public string? Words { get; init; }

        /// <summary>The last letter that was seen; 0 where there was none. Left out: whatever was written meanwhile counts as answered.</summary>
        public long? Last { get; init; }
        public string? Cause { get; init; }
        public IReadOnlyList<string>? Facts { get; init; }
        public string? Procedure { get; init; }
    }
}
