using CourtOps.Kernel.Data;
using CourtOps.Kernel.Security;

namespace CourtOps.Workzone.Cases;

/// <summary>A case that shares a party with what is being filed.</summary>
public sealed record RelatedCase
{
    public long Id { get; init; }
    public string Number { get; init; } = "";
    public string Cause { get; init; } = "";
    public string State { get; init; } = "";
    public DateOnly FiledOn { get; init; }
    public DateOnly? ClosedOn { get; init; }
    public string? ClosedHow { get; init; }
    public long? Amount { get; init; }
    public long? JudgeId { get; init; }
    public string? JudgeName { get; init; }

    /// <summary>The party of that case that was found.</summary>
    public string Party { get; init; } = "";
    public string Role { get; init; } = "";
}

/// <summary>What a register of new cases must know of those that are there.</summary>
public interface ICaseIndex
{
    /// <summary>The highest serial given in a court, for a type sign and year; 0 where none was.</summary>
    Task<long> LastSerialAsync(long courtId, string type, int year, CancellationToken ct = default);

    /// <summary>
    /// Cases of the person's courts with a party of one of these names or ids, the newest of each first; none that is sealed or from which the person is
    /// recused.
    /// </summary>
    /// <param name="names">As they may be written.</param>
    /// <param name="idNumbers">In clear; looked for by their blind index.</param>
    Task<IReadOnlyList<RelatedCase>> RelatedAsync(IReadOnlyList<string> names, IReadOnlyList<string> idNumbers, CancellationToken ct = default);

    /// <summary>
    /// The condition for a register of a centre, whose rows are of cases (id in this column) of the courts worked in: none that is sealed or from which the
    /// person is recused.
    /// Reads <see cref="ICases.Arguments"/>.
    /// </summary>
    string Registered(string column);
}

internal sealed class CaseIndex(Db db, Secrets secrets, CaseAccess access) : ICaseIndex
{
    private const int Most = 100;

    public Task<long> LastSerialAsync(long courtId, string type, int year, CancellationToken ct = default) =>
        db.ScalarAsync<long>(
            "SELECT COALESCE(MAX(serial), 0) FROM workzone_case WHERE court_id = @courtId AND number_type = @type AND year = @year",
            new
            {
                courtId,
                type,
                year,
            },
            ct
        );

    public async Task<IReadOnlyList<RelatedCase>> RelatedAsync(IReadOnlyList<string> names, IReadOnlyList<string> idNumbers, CancellationToken ct = default)
    {
        var found = new List<RelatedCase>();
        foreach (var name in names.Distinct())
            found.AddRange(await FindAsync("p.name = @key", name, ct));
        foreach (var key in idNumbers.Distinct().SelectMany(secrets.BlindAll).Distinct())
            found.AddRange(await FindAsync("p.id_number_idx = @key", key, ct));
        return [.. found.DistinctBy(f => (f.Id, f.Party, f.Role))];
    }

    public string Registered(string column) => access.Seeing.OfRegister(column);

    private Task<IReadOnlyList<RelatedCase>> FindAsync(string condition, string key, CancellationToken ct)
    {
        var (me, courts, _) = access.Arguments;
        return db.PageAsync<RelatedCase>(
            $"""
            SELECT c.id, c.number, c.cause, c.state, c.filed_on, c.closed_on, c.closed_how, c.amount, c.judge_id, j.name AS judge_name, p.name AS party, p.role
            FROM workzone_party p
            JOIN workzone_case c ON c.id = p.case_id
            LEFT JOIN workzone_person j ON j.id = c.judge_id
            WHERE {condition} AND {access.Seeing.Open("c")}
            ORDER BY p.id DESC
            """,
            new
            {
                key,
                me,
                courts,
            },
            Most,
            ct
        );
    }
}
