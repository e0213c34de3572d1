using CourtOps.Kernel.Audit;
using CourtOps.Kernel.Data;
using CourtOps.Kernel.Jobs;
using CourtOps.Kernel.Messaging;
using CourtOps.Kernel.Security;
using MediatR;

namespace CourtOps.Workzone.Supervision;

/// <summary>Slips by rule: orders by their target, trial limits by their warnings, findings left lying; slips nobody receives or answers go up.</summary>
internal sealed class RaiseSlips(IMediator mediator) : IJobHandler
{
    public async Task RunAsync(CancellationToken ct)
    {
        foreach (var of in new[] { "orders", "limits", "findings", "unanswered" })
            for (long? after = 0; after is not null; )
                after = await mediator.Send(new Chunk { Of = of, After = after.Value }, ct);
    }

    /// <summary>A few hundred at a time; answers the last id, or null at the end.</summary>
    [Permit(PermitAttribute.System)]
    [Audited("workzone.slip.raise")]
    internal sealed record Chunk : ICommand<long?>
    {
        public string Of { get; init; } = "";
        public long After { get; init; }

        internal sealed class Handler(OrderSlips orders, LimitSlips limits, FindingSlips findings, UnansweredSlips unanswered) : ICommandHandler<Chunk, long?>
        {
            public Task<long?> Handle(Chunk request, CancellationToken cancellationToken) =>
                request.Of switch
                {
                    "orders" => orders.RaiseAsync(request.After, cancellationToken),
                    "limits" => limits.RaiseAsync(request.After, cancellationToken),
                    "findings" => findings.RaiseAsync(request.After, cancellationToken),
                    _ => unanswered.RaiseAsync(request.After, cancellationToken),
                };
        }
    }
}

/// <summary>
/// Slips not received or not answered in time. Each is ended as raised, and the next weight goes to whoever has the matter in hand now; where nobody has,
/// or the one addressed has left, to the leads of the centre or the leaders of the court. A supervise slip goes to the leaders as well, once for a matter
/// and leader: what a leader leaves lying comes back to that leader alone. A matter that is over ends with its slips.
/// </summary>
internal sealed class UnansweredSlips(Db db, SlipBook slips, SlipAddressees addressees, TimeProvider clock)
{
    private const int Page = 200;

    /// <summary>Some hundred slips; the last id, or null at the end.</summary>
    public async Task<long?> RaiseAsync(long after, CancellationToken ct)
    {
        var late = await db.PageAsync<Slip>(
            Slip.Select + " WHERE s.ended_at IS NULL AND s.due_at < @now AND s.id > @after AND s.state IN ('sent', 'received') ORDER BY s.id",
            new { now = clock.GetUtcNow(), after },
            Page,
            ct
        );
        foreach (var s in late)
        {
            if (await EndedAsync(s, ct))
            {
                await slips.ActAsync(s, "over", "", null, ct);
                continue;
            }
            await slips.ActAsync(s, "raise", "", null, ct);
            await RiseAsync(s, ct);
        }
        return late.Count < Page ? null : late[^1].Id;
    }

    private async Task RiseAsync(Slip s, CancellationToken ct)
    {
        var what = s.State == SlipRules.Sent ? "未在限期内签收" : "未在限期内答复";
        var words = $"{SlipKinds.Labels[s.Kind]} {s.Number}（{s.ToName}）{what}，现升级。原要求：{(s.Words.Length > 600 ? s.Words[..600] : s.Words)}";
        var next = new NewSlip
        {
            Kind = SlipKinds.Above(s.Kind),
            CourtId = s.CourtId,
            CaseId = s.CaseId,
            OrderId = s.OrderId,
            Subject = s.Subject,
            Words = words,
            Post = s.ToPost,
            Tier = s.Tier,
            RaisedFrom = s.Id,
        };
        var above = s.IsAbove ? Slip.AbovePrefix : "";
        var to = s.ToPost == SlipPosts.Handler ? await addressees.HandlerAsync(s.CaseId, s.OrderId, ct) : s.ToId;
        var reached = to is { } one && await addressees.ReachedAsync(one, s.CaseId, ct);
        if (reached)
            await slips.SendAsync(next with { ToId = to!.Value, Cause = $"{above}raised:{s.Id}" }, ct);
        if (reached && (s.Kind != SlipKinds.Supervise || s.IsAbove))
            return;
        var (ids, leading) = await AboveAsync(s, ct);
        foreach (var id in ids)
            if (await addressees.ReachedAsync(id, s.CaseId, ct))
                await slips.SendAsync(
                    leading
                        ? next with
                        {
                            ToId = id,
                            Post = SlipPosts.Person,
                            Kind = SlipKinds.Supervise,
                            Cause = $"{Slip.AbovePrefix}{s.Matter}:{id}",
                        }
                        : next with
                        {
                            ToId = id,
                            Post = SlipPosts.Lead,
                            Cause = $"raised:{s.Id}:{id}",
                        },
                    ct
                );
    }

    // of an order first the leads of its centre
    private async Task<(IReadOnlyList<long> Ids, bool Leading)> AboveAsync(Slip s, CancellationToken ct)
    {
        if (s.OrderId is not null && s.Kind != SlipKinds.Supervise)
        {
            var centre = await db.FirstAsync<string>("SELECT centre FROM workzone_order WHERE id = @OrderId", new { s.OrderId }, ct) ?? "";
            var leads = await addressees.LeadsAsync(s.CourtId, centre, ct);
            if (leads.Any(l => l != s.ToId))
                return (leads, false);
        }
        return (await addressees.LeadersAsync(s.CourtId, ct), true);
    }

    private async Task<bool> EndedAsync(Slip s, CancellationToken ct) =>
        s.OrderId is not null
            ? await db.ScalarAsync<int>("SELECT COUNT(*) FROM workzone_order WHERE id = @OrderId AND is_open = 1", new { s.OrderId }, ct) == 0
            : s.CaseId is not null
                && await db.ScalarAsync<int>("SELECT COUNT(*) FROM workzone_case WHERE id = @CaseId AND state = 'open'", new { s.CaseId }, ct) == 0;
}
