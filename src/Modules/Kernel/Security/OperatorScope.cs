using CourtOps.Kernel.Messaging;

namespace CourtOps.Kernel.Security;

/// <summary>Queues, jobs and keys are those of every court: they are run by the highest system administrator, with none in a court above.</summary>
public interface IOperatorScope
{
    /// <summary>Whether the actor runs them; the program itself does.</summary>
    Task<bool> IsWholeAsync(CancellationToken ct);

    /// <exception cref="RuleBroken">There is a system administrator above.</exception>
    async Task DemandAsync(CancellationToken ct)
    {
        if (!await IsWholeAsync(ct))
            throw new RuleBroken("运行事务涉及全部法院，只能由上级法院的系统管理员办理。", code: "scope");
    }
}
