using System.Text.Json;
using CourtOps.Kernel.Data;
using CourtOps.Kernel.Messaging;
using CourtOps.Kernel.Security;
using CourtOps.Workzone.People;

namespace CourtOps.Workzone.Rights;

/// <summary>A request for a change as it is stored.</summary>
internal sealed record ChangeRow
{
    public const string Select =
        "SELECT c.id, c.kind, c.subject_id, c.subject, c.court_id, c.body, c.secret_enc, c.reason, c.state, c.asked_by, c.asked_by_name, c.asked_at, "
        + "c.decided_by, c.decided_by_name, c.decided_at, c.words, c.expires_at, c.version FROM workzone_change c";

    public long Id { get; init; }
    public string Kind { get; init; } = "";
    public long? SubjectId { get; init; }
    public string Subject { get; init; } = "";
    public long? CourtId { get; init; }
    public string Body { get; init; } = "";
    public string? SecretEnc { get; init; }
    public string Reason { get; init; } = "";
    public string State { get; init; } = "";
    public long AskedBy { get; init; }
    public string AskedByName { get; init; } = "";
    public DateTimeOffset AskedAt { get; init; }
    public long? DecidedBy { get; init; }
    public string? DecidedByName { get; init; }
    public DateTimeOffset? DecidedAt { get; init; }
    public string Words { get; init; } = "";
    public DateTimeOffset ExpiresAt { get; init; }
    public int Version { get; init; }

    public T Read<T>() => JsonSerializer.Deserialize<T>(Body, Json.Stored)!;

    /// <summary>Whose rights grow by it.</summary>
    public IReadOnlyCollection<long> Gains() =>
        Kind switch
        {
            ChangeKind.Roles => [.. Read<RolesBody>().People.Select(p => p.PersonId)],
            ChangeKind.Password => [Read<PasswordBody>().PersonId],
            ChangeKind.Key => [Read<KeyBody>().PersonId],
            ChangeKind.HandOver => [.. Read<HandOverBody>().To.Values.OfType<long>().Distinct()],
            ChangeKind.Team => [Read<TeamBody>().PersonId],
            _ => [],
        };

    /// <summary>The courts it reaches into; 0 is every court.</summary>
    public IReadOnlyCollection<long> Courts() =>
        Kind switch
        {
            ChangeKind.Roles => [.. Read<RolesBody>().People.SelectMany(p => p.Add.Select(a => a.CourtId)).Distinct()],
            ChangeKind.Matrix => [.. Read<MatrixBody>().Items.Select(i => i.CourtId).Distinct()],
            ChangeKind.Policy => [0],
            _ => [CourtId ?? 0],
        };

    /// <summary>One of the courts it reaches into, which whoever sees it must have; 0 when it is for every court. What lists are walked by.</summary>
    public long ReachId() => Courts().FirstOrDefault(c => c != 0);

    public bool MayConfirm(Actor actor) =>
        Kind == ChangeKind.Unseal
            ? actor.Can("workzone.cases.unseal") && CourtId is { } c && actor.Holds(Roles.Leader, c)
            : actor.Can("workzone.rights.confirm") && Reaches(actor);

    public static bool MaySee(Actor actor, ChangeRow change) =>
        change.AskedBy == actor.Id
        || change.MayConfirm(actor)
        || (change.Kind != ChangeKind.Unseal && actor.Can("workzone.rights.manage") && change.Reaches(actor));

    private bool Reaches(Actor actor) => Courts().All(c => c == 0 || AdminScope.Covers(actor, c));
}

/// <summary>
/// Who sees and decides the request to open a sealed case: the case's number and the reason are of the case. Whoever asked, while they see it; a leader of
/// the court the case is in now, unless recused from it.
/// </summary>
internal sealed class Unsealing(Db db, Actor actor, Cases.CaseAccess access)
{
    public async Task<bool> MaySeeAsync(ChangeRow change, CancellationToken ct)
    {
        if (change.Kind != ChangeKind.Unseal || actor.IsSystem || change.SubjectId is not { } caseId)
            return true;
        if (change.AskedBy == actor.Id && await access.CanReadAsync(caseId, ct))
            return true;
        return change.MayConfirm(actor)
            && !await access.IsRecusedAsync(caseId, ct)
            && await db.FirstAsync<long>("SELECT court_id FROM workzone_case WHERE id = @caseId", new { caseId }, ct) == change.CourtId;
    }
}

/// <summary>
/// Requests that wait, and those decided lately, as far as the person may see them, newest first. What others ask elsewhere stands in nobody's way: the
/// person's own and those of each court are walked by themselves.
/// </summary>
[Permit(PermitAttribute.SignedIn)]
internal sealed record ListChanges : IQuery<IReadOnlyList<ChangeRow>>
{
    public bool Decided { get; init; }

    /// <summary>The id of the last row of the page before.</summary>
    public long Before { get; init; } = long.MaxValue;
    public int Take { get; init; } = 200;

    internal sealed class Handler(Db db, Actor actor, Unsealing unsealing, Kernel.Access.AccessLog reads) : IQueryHandler<ListChanges, IReadOnlyList<ChangeRow>>
    {
        private const string Waiting = "c.state = 'pending'";
        private const string Over = "c.state IN ('confirmed', 'refused', 'withdrawn', 'expired')";

        public async Task<IReadOnlyList<ChangeRow>> Handle(ListChanges request, CancellationToken cancellationToken)
        {
            var seen = new List<ChangeRow>();
            for (var before = request.Before; ; )
            {
                var rows = await ReadAsync(request.Decided ? Over : Waiting, before, request.Take, cancellationToken);
                // a request for several courts stands with one of them, and is seen by whoever has them all
                foreach (var row in rows.Where(r => ChangeRow.MaySee(actor, r)))
                    if (await unsealing.MaySeeAsync(row, cancellationToken))
                        seen.Add(row);
                if (rows.Count < request.Take || seen.Count >= request.Take)
                {
                    reads.List("workzone.change.list", Math.Min(seen.Count, request.Take), new { request.Decided, request.Before });
                    return [.. seen.Take(request.Take)];
                }
                before = rows[^1].Id;
            }
        }

        private async Task<IReadOnlyList<ChangeRow>> ReadAsync(string state, long before, int take, CancellationToken ct)
        {
            var pieces = new List<IReadOnlyList<ChangeRow>>
            {
                await db.PageAsync<ChangeRow>(
                    ChangeRow.Select + " WHERE c.asked_by = @me AND c.id < @before AND " + state + " ORDER BY c.id DESC",
                    new { me = actor.Id, before },
                    take,
                    ct
                ),
            };
            // rights are the security administrators', seals the leaders'
            var ofRights = actor.Can("workzone.rights.manage") || actor.Can("workzone.rights.confirm");
            IReadOnlyList<long> courts =
                ofRights ? [.. AdminScope.Courts(actor), 0]
                : actor.Can("workzone.cases.unseal") ? actor.CourtsOf(Roles.Leader)
                : [];
            var kind = ofRights ? " AND c.kind <> 'unseal'" : " AND c.kind = 'unseal'";
            foreach (
                var sql in Walks.Of(ChangeRow.Select + " WHERE c.reach_id = @court# AND c.id < @before AND c.asked_by <> @me AND " + state + kind, courts.Count)
            )
                pieces.Add(
                    await db.PageAsync<ChangeRow>(
                        sql + " ORDER BY id DESC",
                        new
                        {
                            court = courts,
                            me = actor.Id,
                            before,
                        },
                        take,
                        ct
                    )
                );
            return Walks.Merge(pieces, take, r => r.Id, descending: true);
        }
    }
}

/// <summary>Keys this person asked for that are confirmed and not yet collected, however long ago.</summary>
[Permit("workzone.keys.manage")]
internal sealed record ListReadyKeys : IQuery<IReadOnlyList<ChangeRow>>
{
    internal sealed class Handler(Db db, Actor actor) : IQueryHandler<ListReadyKeys, IReadOnlyList<ChangeRow>>
    {
        public Task<IReadOnlyList<ChangeRow>> Handle(ListReadyKeys request, CancellationToken cancellationToken) =>
            db.PageAsync<ChangeRow>(
                ChangeRow.Select + " WHERE c.asked_by = @me AND c.kind = 'key' AND c.state = 'confirmed' ORDER BY c.id DESC",
                new { me = actor.Id },
                200,
                cancellationToken
            );
    }
}
