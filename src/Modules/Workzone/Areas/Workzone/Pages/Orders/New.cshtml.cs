using CourtOps.Kernel.Messaging;
using CourtOps.Kernel.Security;
using CourtOps.Kernel.Web;
using CourtOps.Workzone.Calendars;
using CourtOps.Workzone.Cases;
using CourtOps.Workzone.Documents;
using CourtOps.Workzone.WorkOrders;
using MediatR;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace CourtOps.Workzone.Pages.Orders;

/// <summary>A centre is asked for a piece of work, alone or as a part of another order: the kinds, then the form that the kind declares.</summary>
[Permit("workzone.orders.ask")]
internal sealed class New(IMediator mediator, Texts t) : PageModel, IReload
{
    private const string Prefix = "f.";

    [BindProperty(SupportsGet = true)]
    public long CaseId { get; set; }

    [BindProperty(SupportsGet = true)]
    public string? Type { get; set; }

    /// <summary>The order it becomes a part of.</summary>
    [BindProperty(SupportsGet = true)]
    public long? Parent { get; set; }

    [BindProperty]
    public string? Note { get; set; }

    public Result Show { get; private set; } = null!;

    public Task OnGetAsync() => ReloadAsync();

    public async Task ReloadAsync() =>
        Show = await mediator.Send(
            new Query
            {
                CaseId = CaseId,
                Type = Type ?? "",
                ParentId = Parent,
            }
        );

    public async Task<IActionResult> OnPostAsync()
    {
        var form = Request.Form.Keys.Where(k => k.StartsWith(Prefix, StringComparison.Ordinal)).ToDictionary(k => k[Prefix.Length..], Typed);
        var result = await mediator.Send(
            new AskOrder
            {
                CaseId = CaseId,
                Type = Type ?? "",
                ParentId = Parent,
                Form = form,
                Note = Note ?? "",
            }
        );
        return this.Done($"/orders/{result.Order.Id}", t[result.Existed ? "同样内容的工单还在办，没有重复发起：{0}" : "已发起工单 {0}", result.Order.Number]);
    }

    /// <summary>What was typed into a field; nothing at first.</summary>
    public IReadOnlyList<string> Value(OrderField field) => Request.HasFormContentType ? Typed(Prefix + field.Name) : [];

    public string? Fault(string key) => ModelState.TryGetValue(key, out var entry) ? entry.Errors.FirstOrDefault()?.ErrorMessage : null;

    private IReadOnlyList<string> Typed(string key) => [.. Request.Form[key].Select(v => v ?? "")];

    [Permit("workzone.orders.ask")]
    internal sealed record Query : IQuery<Result>
    {
        public long CaseId { get; init; }
        public string Type { get; init; } = "";
        public long? ParentId { get; init; }
    }

    /// <param name="Type">Null: a kind is still to be chosen, or the one named is not asked for here.</param>
    internal sealed record Result(
        CaseCard Case,
        OrderCard? Parent,
        IReadOnlyList<OrderType> Types,
        OrderType? Type,
        RuleBroken? Refusal,
        OrderForm.Offer Offer,
        DateOnly Today,
        DateTimeOffset Due
    );

    internal sealed class Handler(
        ICases cases,
        IDocuments documents,
        IWorkOrders orders,
        Actor actor,
        OrderTypes types,
        WorkingTime working,
        TimeProvider clock,
        Texts t
    ) : IQueryHandler<Query, Result>
    {
        public async Task<Result> Handle(Query request, CancellationToken cancellationToken)
        {
            var card = await cases.GetAsync(request.CaseId, cancellationToken);
            var (parent, refusal) = await AskOrder.ParentAsync(orders, actor, card, request.ParentId, t, cancellationToken); // shown with its way out, not as an error of the page
            refusal ??= request.Type.Length == 0 ? null : AskOrder.Refusal(types, request.Type, card.Id, t);
            var type = refusal is null ? types.Find(request.Type) : null;
            var now = clock.GetUtcNow();
            return new Result(
                card,
                parent,
                [
                    .. types
                        .All.Where(x =>
                            x.Duty == Duty.Support && (!x.IsDriven || x.RequestPage is not null) && (x.RequestAction is null || actor.Can(x.RequestAction))
                        )
                        .OrderBy(x => Centres.Labels.Keys.ToList().IndexOf(x.Centre))
                        .ThenBy(x => x.Code, StringComparer.Ordinal),
                ],
                type,
                refusal,
                type is null
                    ? new OrderForm.Offer(new Dictionary<string, string>(), new Dictionary<string, string>())
                    : await AskOrder.OfferAsync(cases, documents, card.Id, cancellationToken),
                Times.Day(now),
                working.AddHours(now, type?.TargetHours ?? 0)
            );
        }
    }
}
