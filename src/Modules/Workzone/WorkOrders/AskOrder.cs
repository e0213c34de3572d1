using System.Text.Json;
using CourtOps.Kernel.Audit;
using CourtOps.Kernel.Data;
using CourtOps.Kernel.Messaging;
using CourtOps.Kernel.Security;
using CourtOps.Kernel.Web;
using CourtOps.Workzone.Cases;
using CourtOps.Workzone.Documents;
using FluentValidation;

namespace CourtOps.Workzone.WorkOrders;

/// <summary>
/// A person asks a centre for a piece of work by the form that its type declares: judges and assistants for a case, whoever has to do with an
/// order for a part of it. The same asked again while it is open gets the order that is there.
/// </summary>
[Permit("workzone.orders.ask")]
[Audited("workzone.order.ask")]
internal sealed record AskOrder : ICommand<AskOrder.Result>
{
    public const string SameCause = "same-cause";

    public long CaseId { get; init; }
    public string Type { get; init; } = "";

    /// <summary>The order of which it is a part; that one waits for it.</summary>
    public long? ParentId { get; init; }

    /// <summary>Name of the field and what was typed or chosen.</summary>
    public IReadOnlyDictionary<string, IReadOnlyList<string>> Form { get; init; } = new Dictionary<string, IReadOnlyList<string>>();
    public string Note { get; init; } = "";

    /// <param name="Existed">The same was asked for before and is still open: nothing was opened.</param>
    internal sealed record Result(OrderCard Order, bool Existed);

    /// <summary>Why a type is not asked for here, and where to go instead; null when it is.</summary>
    public static RuleBroken? Refusal(OrderTypes types, string code, long caseId, Texts t) =>
        types.Find(code) switch
        {
            null => new RuleBroken(t["没有这种工单：{0}。请从列出的工单类型中选择。", code], nameof(Type), "type", $"/cases/{caseId}/orders/new"),
            { Duty: Duty.Judge } own => new RuleBroken(
                t["“{0}”在法官清单上，由法官自己办理，不向中心发起。三张清单写明谁的事、怎么要。", t[own.Label]],
                nameof(Type),
                "duty",
                "/orders/duties"
            ),
            { Duty: Duty.Assistant } own => new RuleBroken(
                t["“{0}”在法官助理清单上，由法官助理办理，不向中心发起。三张清单写明谁的事、怎么要。", t[own.Label]],
                nameof(Type),
                "duty",
                "/orders/duties"
            ),
            { IsDriven: true } driven => new RuleBroken(
                t["“{0}”由{1}中心的请求页发起。", t[driven.Label], t[Centres.Labels[driven.Centre]]],
                nameof(Type),
                "driven",
                driven.RequestPage is { } page ? string.Format(System.Globalization.CultureInfo.InvariantCulture, page, caseId) : null
            ),
            _ => null,
        };

    /// <summary>
    /// The order it becomes a part of; null for one that stands alone. Refused: not a judge or assistant, and no order named; an order that has ended or of
    /// another case.
    /// </summary>
    /// <exception cref="Forbidden">Neither asker, handler nor lead of that order.</exception>
    public static async Task<(OrderCard? Parent, RuleBroken? Refusal)> ParentAsync(
        IWorkOrders orders,
        Actor actor,
        CaseCard subject,
        long? parentId,
        Texts t,
        CancellationToken ct
    )
    {
        if (parentId is not { } id)
            return actor.IsSystem || actor.Holds(Roles.Judge, subject.CourtId) || actor.Holds(Roles.Assistant, subject.CourtId)
                ? (null, null)
                : (
                    null,
                    new RuleBroken(
                        "工单由法官、法官助理发起。您办理的工单需要别的中心配合时，请在那张工单上“加子单”。",
                        nameof(ParentId),
                        "parent",
                        "/orders?view=mine"
                    )
                );
        var parent = await orders.GetAsync(id, ct);
        if ((await orders.StandingAsync(parent, ct) & (Standing.Asker | Standing.Assignee | Standing.Lead | Standing.System)) == 0)
            throw new Forbidden("workzone.orders.ask", "只有上级工单的发起人、办理人和中心组长能加子单。");
        return OrderState.IsOpen(parent.State) && parent.CaseId == subject.Id
            ? (parent, null)
            : (null, new RuleBroken(t["上级工单 {0} 已办结，或不属于本案，不能再加子单。", parent.Number], nameof(ParentId), "parent"));
    }

    internal sealed class Validator : AbstractValidator<AskOrder>
    {
        public Validator() => RuleFor(c => c.Note).MaximumLength(1000).WithMessage("补充说明最长 1000 个字符。");
    }

    internal sealed class Handler(
        Db db,
        ICases cases,
        IDocuments documents,
        IWorkOrders orders,
        OrderTypes types,
        Actor actor,
        TimeProvider clock,
        AuditTrail audit,
        Texts t
    ) : ICommandHandler<AskOrder, Result>
    {
        public async Task<Result> Handle(AskOrder request, CancellationToken cancellationToken)
        {
            var card = await cases.GetAsync(request.CaseId, cancellationToken);
            var (parent, refusal) = await ParentAsync(orders, actor, card, request.ParentId, t, cancellationToken);
            if ((refusal ?? Refusal(types, request.Type, card.Id, t)) is { } no)
                throw no;
            var type = types[request.Type];
            var filled = OrderForm.Read(
                type.Form,
                request.Form,
                await OfferAsync(cases, documents, card.Id, cancellationToken),
                Times.Day(clock.GetUtcNow()),
                t
            );
            if (filled.Faults.Count > 0)
                throw new ValidationException(filled.Faults);
            var subject = Secrets.Digest(JsonSerializer.Serialize(filled.Values, Json.Stored))[..16];
            var last = await LastAsync(type, card.Id, subject, cancellationToken);
            if (last is { IsOpen: true })
                return await ExistingAsync(last.Id, cancellationToken);
            try
            {
                var order = await orders.OpenAsync(
                    new NewOrder
                    {
                        Type = type.Code,
                        CaseId = card.Id,
                        Title = type.Label,
                        Subject = StepEffects.Short(About(type, filled) ?? card.PartiesText).ReplaceLineEndings(" "),
                        CauseSubject = subject,
                        Round = (last?.Number ?? 0) + 1,
                        ReopensId = last?.Id,
                        ParentId = parent?.Id,
                        Words = request.Note.Trim(),
                        Form = filled.Words,
                    },
                    cancellationToken
                );
                return new Result(order, false);
            }
            catch (RuleBroken e) when (e.Code == SameCause)
            {
                // asked twice at the same moment, on another host
                return await ExistingAsync((await LastAsync(type, card.Id, subject, cancellationToken))!.Id, cancellationToken);
            }
        }

        // the people it is about, else what was said first
        private static string? About(OrderType type, OrderForm.Filled filled) =>
            type.Form.OrderBy(f => f.Kind != FieldKind.Parties).Select(f => filled.Words.GetValueOrDefault(f.Label)).FirstOrDefault(w => w is not null);

        private async Task<Result> ExistingAsync(long id, CancellationToken ct)
        {
            audit.Note("order", id, new { existed = true });
            return new Result(await orders.GetAsync(id, ct), true);
        }

        private async Task<Round?> LastAsync(OrderType type, long caseId, string subject, CancellationToken ct) =>
            (
                await db.QueryAsync<Round>(
                    "SELECT o.id, o.round AS number, o.is_open, o.cause_key FROM workzone_order o WHERE o.case_id = @caseId AND o.order_type = @Code",
                    new { caseId, type.Code },
                    ct
                )
            )
                .Where(o => o.CauseKey == OrderTypes.CauseKey(type.Code, caseId, subject, o.Number))
                .MaxBy(o => o.Number);
    }

    /// <summary>What the form offers of a case.</summary>
    public static async Task<OrderForm.Offer> OfferAsync(ICases cases, IDocuments documents, long caseId, CancellationToken ct) =>
        new(
            (await cases.PartiesAsync(caseId, ct)).ToDictionary(p => Key(p.Id), p => $"{p.Name}（{p.Role}）"),
            (await documents.OfCaseAsync(caseId, ct)).Where(d => d.Volume == "main").ToDictionary(d => Key(d.Id), d => $"《{d.Title}》")
        );

    private static string Key(long id) => id.ToString(System.Globalization.CultureInfo.InvariantCulture);

    private sealed record Round
    {
        public long Id { get; init; }
        public int Number { get; init; }
        public bool IsOpen { get; init; }
        public string CauseKey { get; init; } = "";
    }
}
