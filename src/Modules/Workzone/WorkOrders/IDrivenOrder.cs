using CourtOps.Kernel.Messaging;
using CourtOps.Kernel.Security;
using Microsoft.Extensions.DependencyInjection;

namespace CourtOps.Workzone.WorkOrders;

/// <summary>
/// What a centre does of its own at the steps of one of its order types. Its methods run inside the transaction of the step, whoever takes it: the order's
/// page, the task page, the API, a batch, a job. They send no commands. A type without one takes every step as the table says.
/// </summary>
public interface IDrivenOrder
{
    /// <summary>The code of the order type.</summary>
    string Type { get; }

    /// <summary>Whether people take this driven step from any page and the API; otherwise they are led to the task page. Accept and close are.</summary>
    bool Offers(string step) => step is OrderStep.Accept or OrderStep.Close;

    /// <summary>Before the step: what forbids it, and what its node keeps beside what the person gave (words, person, version).</summary>
    /// <exception cref="RuleBroken">The centre's work does not allow the step; the message says what is missing.</exception>
    Task<StepInput> BeforeAsync(OrderCard order, string step, StepInput input, CancellationToken ct) => Task.FromResult(input);

    /// <summary>After the step was written, before it is committed. Steps taken here are further nodes of the order.</summary>
    /// <param name="order">As it is after the step.</param>
    /// <param name="from">The state before.</param>
    Task AfterAsync(OrderCard order, string from, string step, StepInput input, CancellationToken ct) => Task.CompletedTask;
}

/// <summary>Finds what a centre registered for a type. Asked for at the step, as the centre's part uses the orders itself.</summary>
internal sealed class DrivenOrders(IServiceProvider services)
{
    private Dictionary<string, IDrivenOrder>? byType;

    public IDrivenOrder? Find(string type) => (byType ??= services.GetServices<IDrivenOrder>().ToDictionary(d => d.Type)).GetValueOrDefault(type);

    /// <summary>Whether a person takes the step here, or only by the centre's task page.</summary>
    public bool Offers(OrderType? type, string step) =>
        type is not { IsDriven: true } || !OrderType.Driven.Contains(step) || (Find(type.Code)?.Offers(step) ?? step is OrderStep.Accept or OrderStep.Close);
}

/// <summary>One step as a person takes it: from a page, the API, a batch.</summary>
internal sealed class StepTaking(IWorkOrders orders, OrderTypes types, DrivenOrders driven, Actor actor)
{
    public async Task<OrderCard> TakeAsync(TakeStep request, CancellationToken ct)
    {
        var order = await orders.GetAsync(request.Id, ct);
        if (request.Step is OrderStep.Open or OrderStep.Fact or OrderStep.HandOver || OrderRules.Table.All(t => t.Step != request.Step))
            throw new RuleBroken($"没有这个步骤：{request.Step}。", "step");
        var type = types.Find(order.OrderType);
        if (!driven.Offers(type, request.Step))
            throw new Conflict($"这一步由中心的任务页办理：{string.Format(System.Globalization.CultureInfo.InvariantCulture, type!.TaskPage!, order.Id)}");
        if (type?.WorkAction is { } work && request.Step is OrderStep.Accept or OrderStep.Feedback)
            actor.Demand(work);
        if (request.Step == OrderStep.Reopen)
            return await orders.ReopenAsync(request.Id, request.Words.Trim(), request.Version, ct);
        return await orders.StepAsync(
            order,
            request.Step,
            new StepInput
            {
                Mark = request.Mark,
                Words = request.Words.Trim(),
                PersonId = request.PersonId,
                WakeAt = request.WakeAt,
                Version = request.Version,
            },
            ct
        );
    }
}
