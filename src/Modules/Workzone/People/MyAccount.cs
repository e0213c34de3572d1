using CourtOps.Kernel.Data;
using CourtOps.Kernel.Messaging;
using CourtOps.Kernel.Security;
using CourtOps.Workzone.Rights;
using MediatR;

namespace CourtOps.Workzone.People;

public sealed record MySession(long Id, string Address, string Agent, DateTimeOffset StartedAt, DateTimeOffset LastSeenAt);

public sealed record MyCourt
{
    public long Id { get; init; }
    public string Name { get; init; } = "";
}

public sealed record MyAccountState(IReadOnlyList<MySession> Sessions, IReadOnlyList<MyCourt> Courts, bool HasSecondFactor, int MinLength, int Classes);

/// <summary>What the host's account page shows and does.</summary>
public interface IMyAccount
{
    Task<MyAccountState> ShowAsync();

    Task EndSessionAsync(long id);

    Task ChangeCourtAsync(long courtId);
}

internal sealed class MyAccount(IMediator mediator) : IMyAccount
{
    public Task<MyAccountState> ShowAsync() => mediator.Send(new ShowMyAccount());

    public Task EndSessionAsync(long id) => mediator.Send(new EndSession { Id = id });

    public Task ChangeCourtAsync(long courtId) => mediator.Send(new ChangeCourt { CourtId = courtId });
}

[Permit(PermitAttribute.SignedIn)]
internal sealed record ShowMyAccount : IQuery<MyAccountState>
{
    internal sealed class Handler(Db db, Actor actor, IMediator mediator, PolicyBook policies, TimeProvider clock)
        : IQueryHandler<ShowMyAccount, MyAccountState>
    {
        public async Task<MyAccountState> Handle(ShowMyAccount request, CancellationToken cancellationToken)
        {
            var policy = await policies.CurrentAsync(cancellationToken);
            var sessions = await mediator.Send(new ListSessions(), cancellationToken);
            return new MyAccountState(
                [.. sessions.Select(s => new MySession(s.Id, s.Address, s.Agent, s.StartedAt, s.LastSeenAt))],
                await db.QueryAsync<MyCourt>(
                    "SELECT DISTINCT t.id, t.name FROM workzone_role_grant g JOIN workzone_court t ON t.id = g.court_id WHERE g.person_id = @Id AND "
                        + "(g.until_at IS NULL OR g.until_at > @now) ORDER BY t.id",
                    new { actor.Id, now = clock.GetUtcNow() },
                    cancellationToken
                ),
                await db.ScalarAsync<int>(
                    "SELECT COUNT(*) FROM workzone_second_factor WHERE person_id = @Id AND confirmed_at IS NOT NULL",
                    new { actor.Id },
                    cancellationToken
                ) > 0,
                await RightsBook.IsAdministratorAsync(db, actor.Id, cancellationToken) ? policy.MinLengthAdministrator : policy.MinLength,
                policy.Classes
            );
        }
    }
}
