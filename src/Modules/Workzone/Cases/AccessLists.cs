using CourtOps.Kernel.Data;
using CourtOps.Kernel.Modules;
using CourtOps.Workzone.Notices;
using CourtOps.Workzone.Queues;
using CourtOps.Workzone.Search;
using MediatR;
using Microsoft.Extensions.DependencyInjection;

namespace CourtOps.Workzone.Cases;

/// <summary>The lists of Workzone, declared for the tests of access.</summary>
internal static class AccessLists
{
    public static void Declare(ModuleDeclaration declare)
    {
        declare.List(
            "workzone.cases",
            "workzone.cases.read",
            ListOf.Cases,
            whole: true,
            async (s, _, ct) => [.. (await Send(s, new ListCases { Take = 200 }, ct)).Rows.Select(r => r.Id)]
        );
        declare.List(
            "workzone.cases.limit",
            "workzone.cases.read",
            ListOf.Cases,
            whole: false,
            async (s, _, ct) => [.. (await Send(s, new ListCases { Take = 200, Sort = "limit" }, ct)).Rows.Select(r => r.Id)]
        );
        declare.List(
            "workzone.search.cases",
            "workzone.cases.read",
            ListOf.Cases,
            whole: true,
            async (s, l, ct) => [.. (await FindAsync(s, l, ct)).Cases.Select(r => r.Id)]
        );
        declare.List(
            "workzone.search.orders",
            "workzone.orders.read",
            ListOf.Orders,
            whole: true,
            async (s, l, ct) => [.. (await FindAsync(s, l, ct)).Orders.Select(r => r.Id)]
        );
        declare.List(
            "workzone.desk.cases",
            "workzone.desk",
            ListOf.Cases,
            whole: false,
            async (s, _, ct) => await Send(s, new Pages.Index.Query(), ct) is var d ? [.. d.New.Select(r => r.Id), .. d.Cases.Select(r => r.Id)] : []
        );
        declare.List(
            "workzone.desk.orders",
            "workzone.desk",
            ListOf.Orders,
            whole: false,
            async (s, _, ct) => await Send(s, new Pages.Index.Query(), ct) is var d ? [.. d.Todo.Select(r => r.Id), .. d.Asked.Select(r => r.Id)] : []
        );
        foreach (var view in new[] { "mine", "asked", "team", "centre", "court" })
            declare.List(
                $"workzone.orders.{view}",
                "workzone.orders.read",
                ListOf.Orders,
                whole: false,
                async (s, _, ct) => [.. (await Send(s, new ListOrders { View = view }, ct)).Rows.Select(r => r.Id)]
            );
        declare.List(
            "workzone.orders.of-case",
            "workzone.orders.read",
            ListOf.Orders,
            whole: true,
            async (s, l, ct) => [.. (await Send(s, new ListOrders { CaseId = l.CaseId }, ct)).Rows.Select(r => r.Id)]
        );
        declare.List(
            "workzone.batch.new",
            "workzone.orders.step",
            ListOf.Orders,
            whole: true,
            async (s, l, ct) => [.. (await Send(s, new Pages.Batches.New.Query { Ids = [l.OrderId ?? 0], Step = "comment" }, ct)).Orders.Select(r => r.Id)]
        );
        declare.List(
            "workzone.notices",
            "workzone.desk",
            ListOf.Orders,
            whole: false,
            async (s, _, ct) => [.. (await Send(s, new ListNotices(), ct)).Notices.Where(n => n.Seen).Select(n => n.OrderId).OfType<long>()]
        );
    }

    private static Task<T> Send<T>(IServiceProvider services, IRequest<T> request, CancellationToken ct) =>
        services.GetRequiredService<IMediator>().Send(request, ct);

    private static async Task<Find.Result> FindAsync(IServiceProvider services, ListSubject subject, CancellationToken ct) =>
        await Send(
            services,
            new Find
            {
                Text =
                    await services
                        .GetRequiredService<Db>()
                        .FirstAsync<string>("SELECT number FROM workzone_case WHERE id = @CaseId", new { subject.CaseId }, ct)
                    ?? "",
                Take = 50,
            },
            ct
        );
}
