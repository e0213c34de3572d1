using CourtOps.Kernel.Messaging;
using CourtOps.Workzone.Batches;
using CourtOps.Workzone.WorkOrders;

namespace CourtOps.SystemTests.Attacks.Giving;

/// <summary>What is asked of a centre, and whose hand it comes into.</summary>
public sealed partial class GivingTests
{
    private static IEnumerable<Act> ActsOfOrders()
    {
        const string scan = "cataloguing.scan";
        yield return new Act(
            "asking a centre for work",
            "lead",
            Nothing,
            c => AskAsync(c, scan, null, c.Performer),
            [
                ("judge", "order order done no done done"),
                ("assistant", "order no done no done done"),
                ("leader", No),
                ("registrar", No),
                ("judge2", No),
                ("g-clerk", No),
                ("sysadmin", "no no no - no no"),
                ("judge-yanji", "no no no - no no"),
            ]
        )
        {
            OfOrders = true,
        };
        yield return new Act(
            "assigning an order",
            "clerk",
            c => AskAsync(c, scan, null),
            c => StepAsync(c, OrderStep.Assign),
            [
                ("g-lead", "case case no no no no"),
                ("judge", No),
                ("leader", No),
                ("g-clerk", No),
                ("lead", No),
                ("registrar", No),
                ("sysadmin", "no no no - no no"),
                ("clerk-yanji", "no no no - no no"),
            ]
        );
        yield return new Act(
            "assigning orders in a batch",
            "clerk",
            c => AskAsync(c, scan, null),
            BatchAsync,
            [("g-lead", "case case no no no no"), ("judge", No), ("leader", No), ("g-clerk", No), ("lead", No)]
        );
        yield return new Act(
            "accepting an order from the queue",
            "clerk",
            c => AskAsync(c, scan, null),
            c => StepAsync(c, OrderStep.Accept),
            [
                ("self", "case no no no no no"),
                // works in the centre of the court above, for the courts below
                ("u-clerk", "case no no no - -"),
            ]
        );
        yield return new Act(
            "accepting an order from the queue, by a lead",
            "lead",
            c => AskAsync(c, scan, null),
            c => StepAsync(c, OrderStep.Accept),
            [("self", "case case no no no no")]
        )
        {
            OfOrders = true,
        };
        yield return new Act(
            "accepting what was assigned to another",
            "clerk",
            async c =>
            {
                await AskAsync(c, scan, null);
                await c
                    .App.As("g-lead")
                    .Send(
                        new TakeStep
                        {
                            Id = c.OrderId!.Value,
                            Step = OrderStep.Assign,
                            PersonId = await c.App.IdOf("g-clerk"),
                        }
                    );
            },
            c => StepAsync(c, OrderStep.Accept),
            [("self", "no no no no no no")]
        );
        yield return new Act(
            "passing an order on",
            "clerk",
            c => AskAsync(c, scan, "g-clerk"),
            c => StepAsync(c, OrderStep.Transfer),
            [
                ("g-clerk", "case case no no no no"),
                ("g-lead", "case case no no no no"),
                ("judge", No),
                ("leader", No),
                ("lead", No),
                ("self", "no no no no no no"),
                ("clerk-yanji", "no no no - no no"),
            ]
        );
        yield return new Act(
            "passing orders on in a batch",
            "clerk",
            c => AskAsync(c, scan, "g-clerk"),
            c => BatchAsync(c, OrderStep.Transfer),
            [("g-clerk", "case case no no no no"), ("g-lead", "case case no no no no"), ("judge", No), ("lead", No)]
        );
        yield return new Act(
            "asking another centre for a part of an order",
            "triage-lead",
            c => AskAsync(c, scan, "g-clerk"),
            async c =>
            {
                var parent = c.OrderId;
                c.OrderId = null;
                c.OrderId = (
                    await c.Now.Send(
                        new AskOrder
                        {
                            CaseId = c.CaseId,
                            Type = "triage.check-filing",
                            Form = FormOf("triage.check-filing"),
                            ParentId = parent,
                        }
                    )
                ).Order.Id;
            },
            [("g-clerk", "order order done no done done"), ("clerk", No), ("lead", No)]
        )
        {
            OfOrders = true,
        };
    }

    private static Task StepAsync(Cell c, string step) => StepAsync(c, step, null);

    private static async Task StepAsync(Cell c, string step, long? person) =>
        await c
            .App.As(c.Performer)
            .Send(
                new TakeStep
                {
                    Id = c.OrderId!.Value,
                    Step = step,
                    Words = "请接着办",
                    PersonId = step == OrderStep.Accept ? null : person ?? await IdAsync(c),
                }
            );

    // asked as nobody of the cell
    private static async Task<long> IdAsync(Cell c)
    {
        var id = await c.ReceiverId;
        c.App.As(c.Performer);
        return id;
    }

    private static Task BatchAsync(Cell c) => BatchAsync(c, OrderStep.Assign);

    private static async Task BatchAsync(Cell c, string step)
    {
        var person = await c.ReceiverId;
        var batch = await c.Now.Send(
            new CreateBatch
            {
                Step = step,
                OrderIds = [c.OrderId!.Value],
                PersonId = person,
                Words = "请接着办",
            }
        );
        await c.Now.Send(new RunBatchChunk { Id = batch });
        if (await c.App.As(null).Value<string>("SELECT outcome FROM workzone_batch_item WHERE batch_id = @batch", new { batch }) != "done")
            throw new RuleBroken(await c.App.Value<string>("SELECT reason FROM workzone_batch_item WHERE batch_id = @batch", new { batch }) ?? "");
    }
}
