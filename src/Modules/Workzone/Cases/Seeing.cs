using CourtOps.Kernel.Security;

namespace CourtOps.Workzone.Cases;

/// <summary>What a condition of access reads: @me, @courts and @places. The record of a list's own arguments may derive from it.</summary>
/// <param name="Courts">The courts that live roles of the court acted in reach.</param>
/// <param name="Places">What the person is there, coded; only conditions read it.</param>
public record AccessArguments(long Me, IReadOnlyList<long> Courts, IReadOnlyList<string> Places);

/// <summary>
/// Which cases and orders a person sees, as conditions of SQL: the one place that spells it. A case is seen by its judge and team and by whoever has an
/// order of it in hand, each only as long as the role lasts and in the court acted in; by leaders and checkers of its court unless it is sealed; by a
/// deputy for the roles both hold. An order is seen besides by who asked, and by its centre. A recused person sees neither.
/// </summary>
internal sealed class Seeing(Actor actor)
{
    private readonly bool deputy = actor.StandIns.Count > 0;

    public bool Wide { get; } = actor.CourtWide;

    public AccessArguments Arguments => new(actor.Id, Courts(), Places());

    /// <summary>For cases of this alias.</summary>
    public string Case(string c) => Wide ? $"{c}.court_id IN @courts AND " + HeldCase(c) : $"+{c}.court_id IN @courts AND " + HeldCase(c);

    /// <summary>The same where the statement itself holds the court at one of the courts.</summary>
    public string HeldCase(string c) => (Wide ? $"({c}.sealed = 0 OR {Named(c)})" : Named(c)) + NotRecused(c + ".id");

    /// <summary>The same for cases that are named by their ids: the plus keeps the planner from walking through the court's cases instead.</summary>
    public string CaseById(string c) => $"+{c}.court_id IN @courts AND " + HeldCase(c);

    /// <summary>The same led by the person's own cases, so that a list which nothing else narrows costs what they are and not what the courts hold.</summary>
    public string CaseList(string c) =>
        Wide
            ? Case(c)
            : $"{c}.id IN (SELECT seen_m.case_id FROM workzone_case_access seen_m WHERE seen_m.person_id = @me"
                + (
                    deputy
                        ? " OR seen_m.person_id IN (SELECT seen_x.person_id FROM workzone_absence seen_x WHERE seen_x.deputy_id = @me AND seen_x.active = 1)"
                        : ""
                )
                + ") AND "
                + Case(c);

    /// <summary>For whoever sees all cases of their courts: the sealed ones they see besides, which no counter of unsealed cases holds.</summary>
    public string Besides(string c) =>
        $"{c}.id IN (SELECT seen_m.case_id FROM workzone_case_access seen_m WHERE seen_m.person_id = @me"
        + (deputy ? " OR seen_m.person_id IN (SELECT seen_x.person_id FROM workzone_absence seen_x WHERE seen_x.deputy_id = @me AND seen_x.active = 1)" : "")
        + $") AND {c}.sealed = 1 AND +{c}.court_id IN @courts AND {HeldCase(c)}";

    /// <summary>For whoever sees all cases of their courts: the unsealed ones they are recused from, which counters of unsealed cases hold.</summary>
    public static string Hidden(string c) =>
        $"{c}.id IN (SELECT seen_r.case_id FROM workzone_recusal seen_r WHERE seen_r.person_id = @me AND seen_r.ended_at IS NULL) AND {c}.sealed = 0 "
        + $"AND +{c}.court_id IN @courts";

    /// <summary>For the secondary volume (副卷) of a case: the judge, the team and the court's leaders; of the centres only the one that files it.</summary>
    public string Secondary(string c) =>
        Wide ? Case(c) : $"+{c}.court_id IN @courts AND " + Named(c, " AND seen_a.place IN ('judge', 'team', 'cataloguing')") + NotRecused(c + ".id");

    /// <summary>For rows with the id of a case in this column.</summary>
    public string OfCase(string column) => $"EXISTS (SELECT 1 FROM workzone_case seen_c WHERE seen_c.id = {column} AND {CaseById("seen_c")})";

    /// <summary>For cases of this alias that a register of the person's courts may show to whoever keeps it: nothing sealed, nothing they are recused
    /// from.</summary>
    public string Open(string c) => $"+{c}.court_id IN @courts AND {c}.sealed = 0" + NotRecused(c + ".id");

    /// <summary>The same for rows with the id of a case in this column.</summary>
    public string OfRegister(string column) => $"EXISTS (SELECT 1 FROM workzone_case seen_c WHERE seen_c.id = {column} AND {Open("seen_c")})";

    /// <summary>For rows with the id of an order in this column.</summary>
    public string OfOrder(string column) => $"EXISTS (SELECT 1 FROM workzone_order seen_o WHERE seen_o.id = {column} AND {Order("seen_o")})";

    /// <summary>For orders of this alias.</summary>
    public string Order(string o)
    {
        var ways = new List<string> { $"({o}.restricted = 0 AND {Worked(o)})", Asked(o), WhileOpen(o, InHand(o)) };
        if (Leads)
            ways.Add(Led(o));
        ways.Add(OfCase(o + ".case_id"));
        return $"({string.Join(" OR ", ways)})" + NotRecused(o + ".case_id");
    }

    /// <summary>For orders the person, or somebody they stand in for, asked for.</summary>
    public string Asked(string o) =>
        Own($"{o}.asked_by = @me AND {o}.court_id IN @courts", $"CONCAT({o}.asked_by, ':asks:', {o}.court_id, {Closed(o)}) IN @places");

    /// <summary>For orders the person, or somebody they stand in for, has in hand, open or over.</summary>
    public string InHand(string o) =>
        Own(
            $"{o}.assignee_id = @me AND {o}.court_id IN @courts AND {o}.centre IN @places",
            $"CONCAT({o}.assignee_id, ':', {o}.centre, ':', {o}.court_id, {Closed(o)}) IN @places"
        );

    /// <summary>For orders of the centres the person works in, or of the courts all of whose cases they see; those of sealed cases are left out by whoever
    /// asks.</summary>
    public string Worked(string o) => Wide ? $"{o}.court_id IN @courts" : $"CONCAT('w:', {o}.court_id, ':', {o}.centre) IN @places";

    /// <summary>For orders of the centres the person leads: those of sealed cases too.</summary>
    public static string Led(string o) => $"CONCAT('l:', {o}.court_id, ':', {o}.centre) IN @places";

    /// <summary>Leaves out what the person is recused from; empty for whoever is recused from nothing.</summary>
    public string NotRecused(string column) =>
        actor.HasRecusals || deputy
            ? $" AND NOT EXISTS (SELECT 1 FROM workzone_recusal seen_r WHERE seen_r.case_id = {column} AND seen_r.person_id = @me AND seen_r.ended_at IS NULL)"
            : "";

    /// <summary>Absent people whose orders in hand, or asked for, stand beside the person's own.</summary>
    public IReadOnlyList<long> Absent(bool asks) =>
        [.. actor.StandIns.Where(s => asks ? s.Place == StandIn.Asks : Centres.Labels.ContainsKey(s.Place)).Select(s => s.PersonId).Distinct()];

    private bool Leads => actor.Roles.Any(r => r.StartsWith(Roles.Lead + ":", StringComparison.Ordinal));

    // of a sealed case: whoever has it in hand, until it ends
    private static string WhileOpen(string o, string condition) => $"({condition} AND ({o}.restricted = 0 OR {o}.is_open = 1))";

    private string Own(string own, string standIn) => deputy ? $"(({own}) OR {standIn})" : $"({own})";

    private static string Closed(string o) => $"CASE WHEN {o}.restricted = 1 THEN ':closed' ELSE '' END";

    private string Named(string c, string only = "") =>
        deputy
            ? $"EXISTS (SELECT 1 FROM workzone_case_access seen_a WHERE seen_a.case_id = {c}.id{only} AND ((seen_a.person_id = @me AND seen_a.place "
                + $"IN @places) OR CONCAT(seen_a.person_id, ':', seen_a.place, ':', {c}.court_id, CASE WHEN {c}.sealed = 1 THEN ':closed' ELSE '' "
                + "END) IN @places))"
            : $"EXISTS (SELECT 1 FROM workzone_case_access seen_a WHERE seen_a.person_id = @me AND seen_a.case_id = {c}.id AND seen_a.place IN @places{only})";

    private IReadOnlyList<long> Courts() => Wide ? actor.Courts : [.. actor.Scopes.SelectMany(s => s.Courts).Distinct()];

    // "judge"; "w:7:service", works in; "l:7:service", leads; "12:judge:7", stands in for 12, ":closed" behind it for what is sealed too
    private List<string> Places()
    {
        var places = actor.Scopes.Select(s => s.Place).Where(p => p.Length > 0).Distinct().ToList();
        foreach (var scope in actor.Scopes)
            if (Roles.CentreOf(scope.Code) is { } centre)
            {
                if (!Wide)
                    places.AddRange(scope.Courts.Select(court => $"w:{court}:{centre}"));
                if (scope.Code.StartsWith(Roles.Lead + ":", StringComparison.Ordinal))
                    places.AddRange(scope.Courts.Select(court => $"l:{court}:{centre}"));
            }
        foreach (var s in actor.StandIns)
        {
            places.Add($"{s.PersonId}:{s.Place}:{s.CourtId}");
            if (s.Closed)
                places.Add($"{s.PersonId}:{s.Place}:{s.CourtId}:closed");
        }
        return [.. places.Distinct()];
    }
}
