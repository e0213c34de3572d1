using CourtOps.Kernel.Data;
using CourtOps.Kernel.Jobs;
using CourtOps.Kernel.Messaging;
using CourtOps.Kernel.Security;
using MediatR;
using Microsoft.Extensions.Logging;

namespace CourtOps.Workzone.Rights;

/// <summary>Each hour: requests nobody decided lapse, and roles given for a time end.</summary>
internal sealed class LapseRights(IMediator mediator) : IJobHandler
{
    public Task RunAsync(CancellationToken ct) => mediator.Send(new Lapse(), ct);
}

[Permit(PermitAttribute.System)]
internal sealed record Lapse : ICommand
{
    internal sealed class Handler(Db db, TimeProvider clock, RightsBook book, ILogger<Lapse> log) : CommandHandler<Lapse>
    {
        protected override async Task RunAsync(Lapse command, CancellationToken ct)
        {
            var now = clock.GetUtcNow();
            await db.ExecuteAsync(
                "UPDATE workzone_change SET state = 'expired', decided_at = @now, secret_enc = NULL, version = version + 1 WHERE state = 'pending' "
                    + "AND expires_at < @now",
                new { now },
                ct
            );
            foreach (
                var over in await db.PageAsync<Over>(
                    "SELECT person_id, role, centre, court_id FROM workzone_role_grant WHERE until_at <= @now AND until_at IS NOT NULL ORDER BY until_at",
                    new { now },
                    500,
                    ct
                )
            )
            {
                try
                {
                    await db.SavepointAsync(() =>
                        book.RevokeAsync(
                            over.PersonId,
                            [
                                new RoleGrant
                                {
                                    Role = over.Role,
                                    Centre = over.Centre,
                                    CourtId = over.CourtId,
                                },
                            ],
                            ct
                        )
                    );
                }
                catch (RuleBroken e)
                {
                    // one that cannot end must not keep the others
                    log.LogError(e, "The role {Role} of {Person} is over and could not be taken back", over.Role, over.PersonId);
                }
            }
        }

        private sealed record Over
        {
            public long PersonId { get; init; }
            public string Role { get; init; } = "";
            public string Centre { get; init; } = "";
            public long CourtId { get; init; }
        }
    }
}
