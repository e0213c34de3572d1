using CourtOps.Kernel.Data;
using CourtOps.Kernel.Messaging;
using CourtOps.Kernel.Modules;
using CourtOps.Kernel.Web;
using CourtOps.ServiceOfDocuments.Addresses;
using CourtOps.ServiceOfDocuments.Attempts;
using CourtOps.ServiceOfDocuments.Calls;
using CourtOps.ServiceOfDocuments.Post;
using CourtOps.ServiceOfDocuments.Steward;
using CourtOps.ServiceOfDocuments.Tasks;
using CourtOps.Workzone.Cases;
using CourtOps.Workzone.Documents;
using CourtOps.Workzone.WorkOrders;
using FluentValidation;
using MediatR;
using Microsoft.Extensions.DependencyInjection;

namespace CourtOps.ServiceOfDocuments.Demo;

/// <summary>The Service centre of a demo court: complaints of the newest cases go out by phone, post and to the door; some came back, some wait. No mail
/// leaves a demo court.</summary>
internal sealed class ServiceStory : IDemoStory
{
    private const int Cases = 14;

    public Task TellAsync(IDemoStage stage, CancellationToken ct)
    {
        if (stage.Small)
            return Task.CompletedTask;
        var start = Times.Start(Times.Day(stage.End).AddDays(-12)).AddHours(9);
        stage.At(start, "judge", AskAsync);
        stage.At(start.AddHours(2), "clerk", AcceptAsync);
        stage.At(start.AddHours(5), "clerk", CallAsync);
        stage.At(start.AddDays(1), "clerk", PostAsync);
        stage.At(start.AddDays(6), "clerk", ReportAsync);
        stage.At(start.AddDays(8), "clerk", VisitAsync);
        stage.At(stage.End.AddHours(-5), null, (s, c) => s.GetRequiredService<Jobs.FinishOrders>().RunAsync(c));
        return Task.CompletedTask;
    }

    private static async Task AskAsync(IServiceProvider services, CancellationToken ct)
    {
        var mediator = services.GetRequiredService<IMediator>();
        var cases = services.GetRequiredService<ICases>();
        var documents = services.GetRequiredService<IDocuments>();
        var (me, courts, places) = cases.Arguments;
        var ids = await services
            .GetRequiredService<Db>()
            .PageAsync<long>(
                "SELECT c.id FROM workzone_case_card c WHERE c.state = 'open' AND c.judge_id = @me AND "
                    + cases.Seen("c.id")
                    + " ORDER BY c.filed_on DESC, c.id DESC",
                new
                {
                    me,
                    courts,
                    places,
                },
                60,
                ct
            );
        var asked = 0;
        foreach (var id in ids)
        {
            var papers = (await documents.OfCaseAsync(id, ct)).Where(d => d.Kind == "complaint").Select(d => d.Id).ToList();
            var people = (await cases.PartiesAsync(id, ct)).Where(p => Sides.Of(p.Role) == 2).Select(p => p.Id).ToList();
            if (papers.Count == 0 || people.Count == 0)
                continue;
            await TryAsync(() =>
                mediator.Send(
                    new RequestService
                    {
                        CaseId = id,
                        DocumentIds = papers,
                        PartyIds = people,
                        Note = "立案后送达起诉状副本",
                    },
                    ct
                )
            );
            if (++asked == Cases)
                return;
        }
    }

    private static async Task AcceptAsync(IServiceProvider services, CancellationToken ct)
    {
        var mediator = services.GetRequiredService<IMediator>();
        foreach (
            var id in await services
                .GetRequiredService<Db>()
                .QueryAsync<long>("SELECT o.id FROM workzone_order_card o WHERE o.order_type = 'service.serve' AND o.state = 'queued' ORDER BY o.id", null, ct)
        )
            await TryAsync(() => mediator.Send(new TakeStep { Id = id, Step = OrderStep.Accept }, ct));
        // no mail leaves: what would go electronically goes by phone first
        foreach (var n in await NoticesAsync(services, "electronic", ct))
            await TryAsync(() =>
                mediator.Send(
                    new ChangePlan
                    {
                        NoticeId = n.NoticeId,
                        Channel = "phone",
                        Reason = "演示法院不发邮件",
                    },
                    ct
                )
            );
    }

    private static async Task CallAsync(IServiceProvider services, CancellationToken ct)
    {
        var mediator = services.GetRequiredService<IMediator>();
        string[] outcomes = ["reached", "off", "refused", "no-answer", "off", "wrong-person"];
        var i = 0;
        foreach (var s in await NoticesAsync(services, "phone", ct))
        {
            var outcome = outcomes[i++ % outcomes.Length];
            await TryAsync(() =>
                mediator.Send(
                    new RecordCall
                    {
                        StepId = s.Id,
                        Outcome = outcome,
                        Words = outcome switch
                        {
                            "reached" => "已核对身份，告知起诉要点和答辩期限，本人表示收悉。",
                            "refused" => "本人称不愿接收。",
                            "wrong-person" => "机主称不认识当事人。",
                            _ => "拨打未成功。",
                        },
                    },
                    ct
                )
            );
        }
    }

    private static async Task PostAsync(IServiceProvider services, CancellationToken ct)
    {
        var mediator = services.GetRequiredService<IMediator>();
        var letters = await NoticesAsync(services, "postal", ct);
        var n = 0;
        foreach (var l in letters)
        {
            var origin = n++ % 3 == 0 ? "habitual" : "registered";
            await TryAsync(() =>
                mediator.Send(
                    new AddAddress
                    {
                        CaseId = l.CaseId,
                        PartyId = l.PartyId,
                        Origin = origin,
                        Address = $"虚构省虚构县虚构街{n}号",
                        Postcode = "000000",
                        Warned = origin == "registered",
                        UsedOn = origin == "habitual" ? new DateOnly(2026, 6, 1) : null,
                        Evidence = origin == "registered" ? "户籍查询" : "合同载明",
                    },
                    ct
                )
            );
        }
        await TryAsync(async () =>
        {
            var batch = await mediator.Send(new MakeBatch { StepIds = [.. letters.Select(l => l.Id)] }, ct);
            await mediator.Send(new HandOver { BatchId = batch.BatchId, To = "揽收员（化名）" }, ct);
        });
    }

    private static async Task ReportAsync(IServiceProvider services, CancellationToken ct)
    {
        var mediator = services.GetRequiredService<IMediator>();
        var now = services.GetRequiredService<TimeProvider>().GetUtcNow();
        string[] words = ["本人签收", "收件人拒收，退回", "查无此人，退回", "他人代收", "多次投递无人，退回", "到达虚构处理中心"];
        var i = 0;
        var waiting = await services
            .GetRequiredService<Db>()
            .QueryAsync<Step>(StepBook.Columns + " WHERE s.channel = 'postal' AND s.state = 'waiting' ORDER BY s.id", null, ct);
        await TryAsync(() =>
            mediator.Send(
                new TakeTracking
                {
                    Lines = [.. waiting.Select(s => new TrackLine(++i, s.Tracking ?? Barcode.Of(s.Id), now.AddHours(-2), words[i % words.Length], ""))],
                },
                ct
            )
        );
    }

    private static async Task VisitAsync(IServiceProvider services, CancellationToken ct)
    {
        var mediator = services.GetRequiredService<IMediator>();
        foreach (var s in (await NoticesAsync(services, "direct", ct)).Take(2))
            await TryAsync(() =>
                mediator.Send(
                    new Field.RecordVisit
                    {
                        StepId = s.Id,
                        Outcome = "left",
                        Place = "虚构省虚构县虚构街",
                        Witness = "居委会工作人员（化名）",
                        Words = "本人在家，拒绝签收，见证后留置。",
                    },
                    ct
                )
            );
    }

    private static async Task<IReadOnlyList<ListSteps.Row>> NoticesAsync(IServiceProvider services, string channel, CancellationToken ct) =>
        (await services.GetRequiredService<IMediator>().Send(new ListSteps { Channel = channel, Later = true }, ct)).Rows;

    // what a demo court's chance does not allow is left out
    private static async Task TryAsync(Func<Task> act)
    {
        try
        {
            await act();
        }
        catch (Exception e) when (e is RuleBroken or Conflict or NotFound or Forbidden or ValidationException) { }
    }
}
