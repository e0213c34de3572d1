using CourtOps.Enforcement.Checks;
using CourtOps.Enforcement.Dates;
using CourtOps.Enforcement.Linkage;
using CourtOps.Enforcement.Measures;
using CourtOps.Enforcement.Money;
using CourtOps.Kernel.Modules;
using CourtOps.Workzone.Cases;
using MediatR;
using Microsoft.Extensions.DependencyInjection;

namespace CourtOps.Enforcement;

/// <summary>The lists of case data, each with what puts one row of a case into it.</summary>
internal static class EnforcementLists
{
    public static void Declare(ModuleDeclaration declare)
    {
        declare.List(
            "enforcement.linkages",
            "enforcement.read",
            ListOf.Cases,
            whole: true,
            async (s, _, ct) => [.. (await s.GetRequiredService<IMediator>().Send(new ListLinkages(), ct)).Rows.Select(r => r.CaseId)],
            AskAgencyAsync
        );
        declare.List(
            "enforcement.auctions",
            "enforcement.read",
            ListOf.Cases,
            whole: true,
            async (s, _, ct) => [.. (await s.GetRequiredService<IMediator>().Send(new Auctions.ListAuctions(), ct)).Rows.Select(r => r.CaseId)],
            PriceOneAsync
        );
        declare.List(
            "enforcement.dates",
            "enforcement.read",
            ListOf.Cases,
            whole: true,
            async (s, _, ct) => [.. (await s.GetRequiredService<IMediator>().Send(new ListDates(), ct)).Rows.Select(r => r.CaseId)],
            ReceiveOneAsync
        );
        declare.List(
            "enforcement.receipts",
            "enforcement.money",
            ListOf.Cases,
            whole: true,
            async (s, _, ct) => [.. (await s.GetRequiredService<IMediator>().Send(new ShowMoney { State = "held" }, ct)).Receipts.Select(r => r.CaseId!.Value)],
            ReceiveOneAsync
        );
        declare.List(
            "enforcement.visits",
            "enforcement.read",
            ListOf.Cases,
            whole: true,
            async (s, _, ct) => [.. (await s.GetRequiredService<IMediator>().Send(new Reception.ListVisits(), ct)).Select(r => r.CaseId)],
            VisitOneAsync
        );
        declare.List(
            "enforcement.offline",
            "enforcement.read",
            ListOf.Cases,
            whole: true,
            async (s, _, ct) => [.. (await s.GetRequiredService<IMediator>().Send(new Offline.ListOffline(), ct)).Rows.Select(r => r.CaseId)],
            AskOnSiteAsync
        );
        declare.List(
            "enforcement.measures",
            "enforcement.read",
            ListOf.Cases,
            whole: true,
            async (s, _, ct) => [.. (await s.GetRequiredService<IMediator>().Send(new ListMeasures(), ct)).Rows.Select(r => r.CaseId)],
            TakeOneAsync
        );
        declare.List(
            "enforcement.findings",
            "enforcement.read",
            ListOf.Cases,
            whole: true,
            async (s, _, ct) => [.. (await s.GetRequiredService<IMediator>().Send(new ListFindings(), ct)).Rows.Select(r => r.CaseId)],
            FindOneAsync
        );
        declare.List(
            "enforcement.criminal",
            "enforcement.read",
            ListOf.Cases,
            whole: true,
            async (s, _, ct) => [.. (await s.GetRequiredService<IMediator>().Send(new Criminal.ListCriminal(), ct)).Rows.Select(r => r.CaseId)],
            FineOneAsync
        );
        declare.List(
            "enforcement.figures",
            "enforcement.read",
            ListOf.Cases,
            whole: true,
            async (s, _, ct) =>
                [.. (await s.GetRequiredService<IMediator>().Send(new Figures.ListFigure { Code = "findings" }, ct)).Rows.Select(r => r.CaseId)],
            FindOneAsync
        );
    }

    private static async Task<long?> FineOneAsync(IServiceProvider services, long caseId, CancellationToken ct)
    {
        var party = (await services.GetRequiredService<ICases>().PartiesAsync(caseId, ct)).First(p => !MeasureWork.IsCreditor(p.Role));
        await services
            .GetRequiredService<IMediator>()
            .Send(
                new Criminal.AddCriminalItem
                {
                    CaseId = caseId,
                    PartyId = party.Id,
                    Kind = "fine",
                    Amount = 100m,
                    Payee = "state",
                },
                ct
            );
        return null;
    }

    private static async Task<long?> TakeOneAsync(IServiceProvider services, long caseId, CancellationToken ct)
    {
        var party = (await services.GetRequiredService<ICases>().PartiesAsync(caseId, ct)).First(p => !MeasureWork.IsCreditor(p.Role));
        await services
            .GetRequiredService<IMediator>()
            .Send(
                new TakeMeasure
                {
                    CaseId = caseId,
                    PartyId = party.Id,
                    Kind = "immovable",
                    Description = $"不动产 {caseId}",
                    Start = services.GetRequiredService<MeasureWork>().Today,
                },
                ct
            );
        return null;
    }

    private static async Task<long?> ReceiveOneAsync(IServiceProvider services, long caseId, CancellationToken ct)
    {
        var id = services.GetRequiredService<Kernel.Data.Ids>().Next();
        await services
            .GetRequiredService<IMediator>()
            .Send(
                new ReceiveMoney
                {
                    CaseId = caseId,
                    Amount = 100m,
                    Payer = "王某乙",
                    Reference = $"R{id}",
                },
                ct
            );
        return null;
    }

    private static async Task<long?> VisitOneAsync(IServiceProvider services, long caseId, CancellationToken ct)
    {
        var card = await services.GetRequiredService<ICases>().GetAsync(caseId, ct);
        await services
            .GetRequiredService<IMediator>()
            .Send(
                new Reception.TakeVisit
                {
                    CaseNumber = card.Number,
                    Visitor = "来访某",
                    Topic = "progress",
                    Words = "问进展",
                },
                ct
            );
        return null;
    }

    private static async Task<long?> AskOnSiteAsync(IServiceProvider services, long caseId, CancellationToken ct)
    {
        var party = (await services.GetRequiredService<ICases>().PartiesAsync(caseId, ct)).First(p => !MeasureWork.IsCreditor(p.Role));
        await services
            .GetRequiredService<IMediator>()
            .Send(
                new Offline.AskOffline
                {
                    CaseId = caseId,
                    PartyId = party.Id,
                    Address = "汪清镇示例街 8 号",
                    Categories = ["immovable"],
                },
                ct
            );
        return null;
    }

    private static async Task<long?> PriceOneAsync(IServiceProvider services, long caseId, CancellationToken ct)
    {
        var mediator = services.GetRequiredService<IMediator>();
        var party = (await services.GetRequiredService<ICases>().PartiesAsync(caseId, ct)).First(p => !MeasureWork.IsCreditor(p.Role));
        var today = services.GetRequiredService<MeasureWork>().Today;
        var taken = await mediator.Send(
            new TakeMeasure
            {
                CaseId = caseId,
                PartyId = party.Id,
                Kind = "immovable",
                Description = $"待拍不动产 {caseId}",
                Start = today,
            },
            ct
        );
        await mediator.Send(
            new Auctions.PriceAsset
            {
                AssetId = taken.AssetId,
                Way = "agreed",
                Valuation = 1000m,
                ValuedOn = today,
            },
            ct
        );
        return null;
    }

    private static async Task<long?> AskAgencyAsync(IServiceProvider services, long caseId, CancellationToken ct)
    {
        var db = services.GetRequiredService<Kernel.Data.Db>();
        var card = await services.GetRequiredService<ICases>().GetAsync(caseId, ct);
        await db.BeginAsync(ct);
        if (await db.ScalarAsync<int>("SELECT COUNT(*) FROM enforcement_agency WHERE court_id = @CourtId", new { card.CourtId }, ct) == 0)
            await db.ExecuteAsync(
                "INSERT INTO enforcement_agency (id, court_id, name, kind, login, active, version) VALUES (@id, @CourtId, '汪清测试银行', 'bank', '', 1, 1)",
                new { id = services.GetRequiredService<Kernel.Data.Ids>().Next(), card.CourtId },
                ct
            );
        await db.CommitAsync(ct);
        var today = services.GetRequiredService<MeasureWork>().Today;
        await services
            .GetRequiredService<IMediator>()
            .Send(
                new SendLinkage
                {
                    CaseId = caseId,
                    Agencies = ["汪清测试银行"],
                    Act = "query",
                    Words = "查询账户",
                    Due = today.AddDays(5),
                },
                ct
            );
        return null;
    }

    private static async Task<long?> FindOneAsync(IServiceProvider services, long caseId, CancellationToken ct)
    {
        var party = (await services.GetRequiredService<ICases>().PartiesAsync(caseId, ct)).First(p => !MeasureWork.IsCreditor(p.Role));
        await services
            .GetRequiredService<IMediator>()
            .Send(
                new SaveAsset
                {
                    CaseId = caseId,
                    PartyId = party.Id,
                    Category = "bank",
                    Description = $"存款 {caseId}",
                    Source = "network",
                },
                ct
            );
        return null;
    }
}
