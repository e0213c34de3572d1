using CourtOps.Kernel.Data;

namespace CourtOps.Workzone.Cases;

/// <summary>One who sits in a case.</summary>
/// <param name="Role">presider, member or assessor.</param>
/// <param name="PersonId">Null for an assessor.</param>
public sealed record Sitting(string Role, string Name, long? PersonId);

/// <summary>The panels of cases and the marks of the four kinds (四类案件), for the centres.</summary>
public interface ICasePanels
{
    /// <summary>Who sits in a case on a day, the presider first; empty where no panel was formed by then.</summary>
    /// <exception cref="Kernel.Messaging.NotFound">No such case, or not for this actor.</exception>
    Task<IReadOnlyList<Sitting>> OfAsync(long caseId, DateOnly on, CancellationToken ct = default);

    /// <summary>Codes of the four kinds a case is marked with: grave, mass, conflict, reported; empty for most.</summary>
    /// <exception cref="Kernel.Messaging.NotFound">No such case, or not for this actor.</exception>
    Task<IReadOnlyList<string>> MarksAsync(long caseId, CancellationToken ct = default);

    /// <summary>The codes of the marks with what they say.</summary>
    IReadOnlyDictionary<string, string> MarkLabels { get; }
}

internal sealed class CasePanels(Db db, ICases cases) : ICasePanels
{
    public IReadOnlyDictionary<string, string> MarkLabels => Register.CaseMarks.Labels;

    public async Task<IReadOnlyList<Sitting>> OfAsync(long caseId, DateOnly on, CancellationToken ct = default)
    {
        await cases.GetAsync(caseId, ct);
        var panel = await db.FirstAsync<long?>(
            "SELECT id FROM workzone_panel WHERE case_id = @caseId AND from_on <= @on ORDER BY from_on DESC, id DESC",
            new { caseId, on },
            ct
        );
        if (panel is null)
            return [];
        var rows = await db.QueryAsync<Row>("SELECT role, name, person_id FROM workzone_panel_member WHERE panel_id = @panel ORDER BY n", new { panel }, ct);
        return [.. rows.Select(r => new Sitting(r.Role, r.Name, r.PersonId))];
    }

    public async Task<IReadOnlyList<string>> MarksAsync(long caseId, CancellationToken ct = default)
    {
        await cases.GetAsync(caseId, ct);
        return Register.CaseMarks.Of(await db.FirstAsync<string?>("SELECT marks FROM workzone_case WHERE id = @caseId", new { caseId }, ct));
    }

    private sealed record Row
    {
        public string Role { get; init; } = "";
        public string Name { get; init; } = "";
        public long? PersonId { get; init; }
    }
}
