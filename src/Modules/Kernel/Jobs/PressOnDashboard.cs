using CourtOps.Kernel.Audit;
using CourtOps.Kernel.Messaging;
using CourtOps.Kernel.Security;

namespace CourtOps.Kernel.Jobs;

/// <summary>Who may open the pages of the job server.</summary>
public static class JobActions
{
    /// <summary>System administrators: start, requeue and delete, where all courts are theirs.</summary>
    public const string Manage = "kernel.jobs.manage";

    /// <summary>System administrators and auditors: see.</summary>
    public const string Read = "kernel.jobs.read";
}

/// <summary>The record of a button pressed on the job server's pages: a job started, requeued or deleted by hand. Recorded before the server acts.</summary>
[Permit(JobActions.Manage)]
[Audited("kernel.jobs.pressed")]
public sealed record PressOnDashboard : ICommand
{
    /// <summary>The path below the dashboard: "/recurring/trigger".</summary>
    public string Button { get; init; } = "";

    internal sealed class Handler(AuditTrail audit, IOperatorScope scope) : CommandHandler<PressOnDashboard>
    {
        protected override async Task RunAsync(PressOnDashboard command, CancellationToken ct)
        {
            await scope.DemandAsync(ct);
            audit.Note("jobs", command.Button.Length > 60 ? command.Button[..60] : command.Button);
        }
    }
}
