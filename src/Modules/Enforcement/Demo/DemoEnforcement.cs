using System.Globalization;
using CourtOps.Enforcement.Auctions;
using CourtOps.Enforcement.Command;
using CourtOps.Enforcement.Control;
using CourtOps.Enforcement.Criminal;
using CourtOps.Enforcement.Field;
using CourtOps.Enforcement.Linkage;
using CourtOps.Enforcement.Measures;
using CourtOps.Enforcement.Money;
using CourtOps.Enforcement.Network;
using CourtOps.Enforcement.Persuade;
using CourtOps.Enforcement.Reception;
using CourtOps.Kernel.Data;
using CourtOps.Kernel.Modules;
using CourtOps.Kernel.Web;
using CourtOps.Workzone.Cases;
using MediatR;
using Microsoft.Extensions.DependencyInjection;

namespace CourtOps.Enforcement.Demo;

/// <summary>A dozen judged cases go into enforcement: asked about, controlled, paid, settled, sold; some terms end within days.</summary>
internal sealed class DemoEnforcement : IDemoStory
{
    private static readonly string[] Banks = ["汪清测试银行", "延边示例银行"];

    public Task TellAsync(IDemoStage stage, CancellationToken ct)
    {
        if (stage.Small)
            return Task.CompletedTask;
        for (var i = 0; i < 12; i++)
        {
            var (n, at) = (i, stage.End.AddDays(-118 + (i * 9)));
            stage.At(at, "judge", (s, c) => RegisterAsync(stage, s, n, at, c));
        }
        var sentenced = stage.End.AddDays(-35);
        stage.At(sentenced, "judge", (s, c) => SentencedAsync(stage, s, sentenced, c));
        // what is asked from now on goes out and comes back before the eyes of whoever looks around
        stage.At(
            stage.End.AddMinutes(-2),
            "judge",
            (s, _) =>
            {
                s.GetRequiredService<Simulator.DemoRegistries>().Begin();
                return Task.CompletedTask;
            }
        );
        return Task.CompletedTask;
    }

    private static async Task RegisterAsync(IDemoStage stage, IServiceProvider services, int n, DateTimeOffset at, CancellationToken ct)
    {
        var mediator = services.GetRequiredService<IMediator>();
        var origin = await JudgedAsync(services, "c.kind = 'civil' AND c.amount > 0", ct);
        if (origin is null)
            return;
        var judge = services.GetRequiredService<Kernel.Security.Actor>().Id;
        var made = await mediator.Send(new RegisterEnforcement { OriginId = origin.Value, JudgeId = judge }, ct);
        var id = made.CaseId;
        foreach (var (node, day) in new[] { ("notice", 2), ("network", 1), ("report", 12), ("investigate", 20) })
            Later(stage, at, day, "judge", (m, c) => m.Send(new MarkNode { CaseId = id, Code = node }, c));
        Later(stage, at, 1, "judge", (m, c) => m.Send(new AskNetwork { CaseId = id }, c));
        Act(stage, at, 4, "judge", (s, c) => AnswerAsync(s, id, n, c));
        Act(stage, at, 6, "judge", (s, c) => n >= 10 ? DraftAsync(s, id, c) : ControlAsync(s, id, n, Times.Day(stage.End), c));
        if (n == 0)
            Later(stage, at, 1, "leader", (m, c) => m.Send(new SaveAgency { Name = Banks[0], Kind = "bank" }, c));
        if (n % 4 == 3)
            Act(stage, at, 9, "judge", (s, c) => LinkAsync(s, id, c));
        if (n % 5 == 2)
            Act(stage, at, 10, "judge", (s, c) => TripAsync(stage, s, id, at, c));
        if (n % 5 == 4)
            Act(stage, at, 16, "judge", (s, c) => OnSiteAsync(s, id, c));
        if (n % 3 == 1)
            Later(
                stage,
                at,
                14,
                "judge",
                (m, c) =>
                    m.Send(
                        new TakeVisit
                        {
                            CaseNumber = made.Number,
                            Visitor = "来访某",
                            Topic = "progress",
                            Words = "询问案件进展和款项到账情况。",
                        },
                        c
                    )
            );
        if (n % 3 == 0)
            Act(stage, at, 20, "judge", (s, c) => SettleAsync(s, id, c));
        if (n % 4 == 1)
            Act(stage, at, 15, "judge", (s, c) => RestrictAsync(stage, s, id, at, c));
        if (n % 2 == 0)
            Act(stage, at, 30, "judge", (s, c) => PayAsync(stage, s, id, n, at, c));
        if (n is 1 or 2)
            Act(stage, at, 25, "judge", (s, c) => SellAsync(stage, s, id, at, c));
    }

    // the case judged last that this judge sees and that is not enforced yet
    private static async Task<long?> JudgedAsync(IServiceProvider services, string which, CancellationToken ct)
    {
        var cases = services.GetRequiredService<ICases>();
        var (me, courts, places) = cases.Arguments;
        return await services
            .GetRequiredService<Db>()
            .FirstAsync<long?>(
                $"SELECT c.id FROM workzone_case_card c WHERE c.state = 'closed' AND c.closed_how = 'judgment' AND {which} AND {cases.Seen("c.id")} "
                    + "AND NOT EXISTS (SELECT 1 FROM workzone_case_card e WHERE e.origin_id = c.id) ORDER BY c.closed_on DESC, c.id",
                new
                {
                    me,
                    courts,
                    places,
                },
                ct
            );
    }

    // the money part of a criminal judgment: a fine for the state, what was taken goes back to the victim
    private static async Task SentencedAsync(IDemoStage stage, IServiceProvider services, DateTimeOffset at, CancellationToken ct)
    {
        var cases = services.GetRequiredService<ICases>();
        var mediator = services.GetRequiredService<IMediator>();
        var origin = await JudgedAsync(services, "c.kind = 'criminal'", ct);
        if (origin is null)
            return;
        var judge = services.GetRequiredService<Kernel.Security.Actor>().Id;
        var made = await mediator.Send(new RegisterEnforcement { OriginId = origin.Value, JudgeId = judge }, ct);
        if ((await cases.PartiesAsync(made.CaseId, ct)).FirstOrDefault(p => !MeasureWork.IsCreditor(p.Role)) is not { } owes)
            return;
        foreach (var (kind, yuan, payee, name) in new[] { ("fine", 5_000m, "state", ""), ("refund", 12_600m, "victim", "被害人某丙") })
            Later(
                stage,
                at,
                1,
                "judge",
                (m, c) =>
                    m.Send(
                        new AddCriminalItem
                        {
                            CaseId = made.CaseId,
                            PartyId = owes.Id,
                            Kind = kind,
                            Amount = yuan,
                            Payee = payee,
                            PayeeName = name,
                        },
                        c
                    )
            );
    }

    private static async Task AnswerAsync(IServiceProvider services, long id, int n, CancellationToken ct)
    {
        var db = services.GetRequiredService<Db>();
        var lines = new List<string>();
        foreach (
            var item in await db.QueryAsync<BatchItem>(
                $"SELECT {BatchItem.Columns} FROM enforcement_batch_item i WHERE i.case_id = @id ORDER BY i.reference",
                new { id },
                ct
            )
        )
        {
            var found = item.Category switch
            {
                "bank" => $$"""[{"description":"62220000{{n:00}}{{item.PartyId % 10000:0000}}","holder":"{{Banks[n % 2]}}","value":{{8000 + (n * 3700)}}}]""",
                "vehicle" when n % 2 == 0 =>
                    $$"""[{"description":"吉H{{n:00}}{{item.PartyId % 1000:000}}","holder":"延边车辆管理所","value":"{{6 + n}}","unit":"万元"}]""",
                "immovable" when n % 3 != 0 =>
                    $$"""[{"description":"汪清不动产第{{n:00}}{{item.PartyId % 1000:000}}号","holder":"汪清不动产登记中心","value":{{180000 + (n * 21000)}}}]""",
                _ => null,
            };
            // some do not answer for a while
            if (n % 5 != 4 || item.Category is "bank" or "vehicle" or "immovable")
                lines.Add(
                    $$"""{"ref":"{{item.Reference}}","name":"{{item.PartyName}}","idTail":"{{item.IdTail}}"{{(found is null ? "" : $",\"items\":{found}")}}"""
                        + $$""","result":"{{(found is null ? "none" : "found")}}"}"""
                );
        }
        if (lines.Count > 0)
            await services.GetRequiredService<IMediator>().Send(new TakeFeedback { Text = string.Join('\n', lines) }, ct);
    }

    private static async Task ControlAsync(IServiceProvider services, long id, int n, DateOnly end, CancellationToken ct)
    {
        var mediator = services.GetRequiredService<IMediator>();
        var today = services.GetRequiredService<MeasureWork>().Today;
        foreach (var asset in (await mediator.Send(new ShowLedger { CaseId = id }, ct)).Assets.Take(2))
            await mediator.Send(
                new TakeMeasure
                {
                    CaseId = id,
                    AssetId = asset.Id,
                    Start = today,
                    Amount = asset.Kind == "deposit" ? (asset.Value ?? 100_000) / 100m : null,
                    Authority = asset.Holder,
                    Paper = $"协执通知 {n + 1} 号",
                    Receipt = $"回执{id % 100000}",
                    // one registry releases earlier than the notice says: the receipt wins and is an alert
                    ReceiptEnd = n is 2 or 3 or 5 or 7 && asset.Kind == "deposit" ? end.AddDays((n * n) - 3) : null,
                },
                ct
            );
    }

    private static async Task DraftAsync(IServiceProvider services, long id, CancellationToken ct)
    {
        var mediator = services.GetRequiredService<IMediator>();
        if ((await mediator.Send(new ShowProposals { CaseId = id }, ct)).Proposals.Any(p => p.Chosen))
            await mediator.Send(new DraftControl { CaseId = id }, ct);
    }

    private static async Task LinkAsync(IServiceProvider services, long id, CancellationToken ct)
    {
        var today = services.GetRequiredService<MeasureWork>().Today;
        await services
            .GetRequiredService<IMediator>()
            .Send(
                new SendLinkage
                {
                    CaseId = id,
                    Agencies = [Banks[0]],
                    Act = "query",
                    Words = "查询被执行人名下账户和余额",
                    Basis = "《民事诉讼法》第二百五十三条",
                    Due = today.AddDays(7),
                },
                ct
            );
    }

    private static async Task TripAsync(IDemoStage stage, IServiceProvider services, long id, DateTimeOffset at, CancellationToken ct)
    {
        var mediator = services.GetRequiredService<IMediator>();
        var party = (await services.GetRequiredService<ICases>().PartiesAsync(id, ct)).First(p => !MeasureWork.IsCreditor(p.Role));
        var car = await mediator.Send(new SaveVehicle { Plate = "吉H0001警", Seats = 5 }, ct);
        var trip = await mediator.Send(
            new PlanTrip
            {
                Day = services.GetRequiredService<MeasureWork>().Today.AddDays(1),
                VehicleId = car,
                Team = "金某、朴某",
                Words = "上午出发",
            },
            ct
        );
        var stop = await mediator.Send(
            new AddStop
            {
                TripId = trip.Id,
                CaseId = id,
                PartyId = party.Id,
                Purpose = "inquire",
                Address = "汪清镇示例街 8 号",
                Words = "了解经营和居住情况",
            },
            ct
        );
        Later(stage, at, 11, "judge", (m, c) => m.Send(new StepTrip { Id = trip.Id, Step = "go" }, c));
        Later(
            stage,
            at,
            12,
            "judge",
            (m, c) =>
                m.Send(
                    new RecordStop
                    {
                        Id = stop.Id,
                        Outcome = "absent",
                        Place = "示例街 8 号门口",
                        Words = "房屋锁闭，邻居称外出务工。",
                    },
                    c
                )
        );
        Later(stage, at, 13, "judge", (m, c) => m.Send(new StepTrip { Id = trip.Id, Step = "back" }, c));
    }

    private static async Task OnSiteAsync(IServiceProvider services, long id, CancellationToken ct)
    {
        var party = (await services.GetRequiredService<ICases>().PartiesAsync(id, ct)).First(p => !MeasureWork.IsCreditor(p.Role));
        await services
            .GetRequiredService<IMediator>()
            .Send(
                new Offline.AskOffline
                {
                    CaseId = id,
                    PartyId = party.Id,
                    Address = "汪清镇示例街 18 号",
                    Categories = ["immovable", "vehicle"],
                    Words = "邻居反映仍在经营",
                    Due = services.GetRequiredService<MeasureWork>().Today.AddDays(90),
                },
                ct
            );
    }

    private static async Task SettleAsync(IServiceProvider services, long id, CancellationToken ct)
    {
        var today = services.GetRequiredService<MeasureWork>().Today;
        await services
            .GetRequiredService<IMediator>()
            .Send(
                new RecordSettlement
                {
                    CaseId = id,
                    SignedOn = today,
                    Words = "双方自愿达成和解，分三期履行。",
                    Parts = [.. Enumerable.Range(1, 3).Select(i => new RecordSettlement.Part { On = today.AddDays(30 * i), Amount = 10_000m })],
                },
                ct
            );
    }

    private static async Task RestrictAsync(IDemoStage stage, IServiceProvider services, long id, DateTimeOffset at, CancellationToken ct)
    {
        var party = (await services.GetRequiredService<ICases>().PartiesAsync(id, ct)).First(p => !MeasureWork.IsCreditor(p.Role));
        var sanction = await services
            .GetRequiredService<IMediator>()
            .Send(
                new AskSanction
                {
                    CaseId = id,
                    PartyId = party.Id,
                    Kind = "consumption",
                    Words = "未按执行通知书指定的期间履行。",
                },
                ct
            );
        Later(stage, at, 17, "leader", (m, c) => m.Send(new DecideSanction { Id = sanction, Granted = true }, c));
    }

    private static async Task PayAsync(IDemoStage stage, IServiceProvider services, long id, int n, DateTimeOffset at, CancellationToken ct)
    {
        var mediator = services.GetRequiredService<IMediator>();
        var parties = await services.GetRequiredService<ICases>().PartiesAsync(id, ct);
        var debtor = parties.First(p => !MeasureWork.IsCreditor(p.Role));
        var creditor = parties.First(p => MeasureWork.IsCreditor(p.Role));
        await mediator.Send(
            new ReceiveMoney
            {
                CaseId = id,
                Amount = 5000m + (n * 1000m),
                Payer = debtor.Name,
                Reference = string.Create(CultureInfo.InvariantCulture, $"YH{id % 1000000:000000}"),
                Source = n % 4 == 0 ? "deduct" : "transfer",
            },
            ct
        );
        if (n % 4 == 2)
            return;
        var payout = await mediator.Send(
            new AskPayout
            {
                CaseId = id,
                PartyId = creditor.Id,
                Account = $"6228000011{n:0000}",
                Amount = 5000m,
                Words = "申请执行人已提供账户确认书",
            },
            ct
        );
        Later(stage, at, 33, "leader", (m, c) => m.Send(new DecidePayout { Id = payout, Granted = true }, c));
        Later(
            stage,
            at,
            35,
            "judge",
            (m, c) =>
                m.Send(
                    new StepPayout
                    {
                        Id = payout,
                        Step = "pay",
                        Reference = $"FK{payout % 1000000:000000}",
                    },
                    c
                )
        );
    }

    private static async Task SellAsync(IDemoStage stage, IServiceProvider services, long id, DateTimeOffset at, CancellationToken ct)
    {
        var mediator = services.GetRequiredService<IMediator>();
        var show = await mediator.Send(new ListAuctions { CaseId = id }, ct);
        var today = services.GetRequiredService<MeasureWork>().Today;
        if (show.Assets.FirstOrDefault(a => a.Kind != "deposit") is not { } asset)
            return;
        var auction = await mediator.Send(
            new PriceAsset
            {
                AssetId = asset.Id,
                Way = "network",
                Valuation = 200_000m,
                ValuedOn = today,
                Platform = "示例拍卖平台",
            },
            ct
        );
        Later(
            stage,
            at,
            33,
            "judge",
            (m, c) =>
                m.Send(
                    new PublishAuction
                    {
                        Id = auction.Id,
                        StartPrice = 150_000m,
                        Deposit = 15_000m,
                        StepPrice = 1000m,
                        ToldOn = today.AddDays(3),
                        NoticeOn = today.AddDays(8),
                        OpensOn = today.AddDays(40),
                    },
                    c
                )
        );
        foreach (var (n, bidder) in new[] { "竞买人某甲", "竞买人某乙" }.Index())
            Later(
                stage,
                at,
                36 + n,
                "judge",
                (m, c) =>
                    m.Send(
                        new TakeDeposit
                        {
                            AuctionId = auction.Id,
                            Bidder = bidder,
                            Reference = $"BZJ{auction.Id % 100_000}{n}",
                        },
                        c
                    )
            );
    }

    private static void Later<T>(IDemoStage stage, DateTimeOffset at, int days, string login, Func<IMediator, CancellationToken, Task<T>> act) =>
        Act(stage, at, days, login, (s, c) => act(s.GetRequiredService<IMediator>(), c));

    private static void Act(IDemoStage stage, DateTimeOffset at, int days, string login, Func<IServiceProvider, CancellationToken, Task> act)
    {
        var then = Times.Start(Times.Day(at).AddDays(days)).AddHours(9.5);
        if (then < stage.End)
            stage.At(then, login, act);
    }
}
