using CourtOps.Kernel.Data;
using CourtOps.Workzone.Cases;

namespace CourtOps.Workzone.People;

/// <summary>Days on which a person is away, both included.</summary>
public sealed record AwayDays
{
    public long PersonId { get; init; }
    public DateOnly FromOn { get; init; }
    public DateOnly UntilOn { get; init; }
}

/// <summary>The people of a court as scheduling sees them, for the centres.</summary>
public interface IPeople
{
    /// <summary>Those who hold one of the roles ("judge", "clerk:trial") in the court now, by name.</summary>
    Task<IReadOnlyList<PersonCard>> WithRolesAsync(long courtId, IReadOnlyCollection<string> roles, CancellationToken ct = default);

    /// <summary>When those given are away between two days.</summary>
    Task<IReadOnlyList<AwayDays>> AwayAsync(IReadOnlyCollection<long> people, DateOnly from, DateOnly until, CancellationToken ct = default);
}

internal sealed class PeopleOfCourts(Db db, TimeProvider clock) : IPeople
{
    public async Task<IReadOnlyList<PersonCard>> WithRolesAsync(long courtId, IReadOnlyCollection<string> roles, CancellationToken ct = default)
    {
        var rows = await db.QueryAsync<Held>(
            """
            SELECT p.id, p.login, p.name, p.division, p.team, g.role, g.centre
            FROM workzone_role_grant g
            JOIN workzone_person p ON p.id = g.person_id
            WHERE g.court_id = @courtId AND p.state = 'active' AND (g.until_at IS NULL OR g.until_at > @now)
            ORDER BY p.name, p.id
            """,
            new { courtId, now = clock.GetUtcNow() },
            ct
        );
        return
        [
            .. rows.Where(r => roles.Contains(Roles.Code(r.Role, r.Centre)))
                .DistinctBy(r => r.Id)
                .OrderBy(r => r.Name, PersonOrder.Instance)
                .Select(r => new PersonCard
                {
                    Id = r.Id,
                    Login = r.Login,
                    Name = r.Name,
                    Division = r.Division,
                    Team = r.Team,
                }),
        ];
    }

    public async Task<IReadOnlyList<AwayDays>> AwayAsync(IReadOnlyCollection<long> people, DateOnly from, DateOnly until, CancellationToken ct = default) =>
        people.Count == 0
            ? []
            : await db.QueryAsync<AwayDays>(
                "SELECT person_id, from_on, until_on FROM workzone_absence WHERE person_id IN @people AND cancelled_at IS NULL AND from_on <= @until "
                    + "AND until_on >= @from ORDER BY from_on, id",
                new
                {
                    people,
                    from,
                    until,
                },
                ct
            );

    private sealed record Held
    {
        public long Id { get; init; }
        public string Login { get; init; } = "";
        public string Name { get; init; } = "";
        public string Division { get; init; } = "";
        public string Team { get; init; } = "";
        public string Role { get; init; } = "";
        public string Centre { get; init; } = "";
    }
}
