using System.Globalization;
using System.Text.Json;
using CourtOps.Kernel.Audit;
using CourtOps.Kernel.Data;
using CourtOps.Kernel.Jobs;
using CourtOps.Kernel.Messaging;
using CourtOps.Kernel.Security;
using CourtOps.Kernel.Settings;
using CourtOps.Kernel.Web;
using CourtOps.Law;
using MediatR;

namespace CourtOps.Workzone.Cases;

/// <summary>One service of a judgment or ruling as an effect is reckoned from.</summary>
/// <param name="Served">The legal day of service.</param>
/// <param name="AppealEnds">Last day of this party's appeal period; null where there is none.</param>
internal readonly record struct ServedParty(long PartyId, DateOnly Served, DateOnly? AppealEnds);

/// <summary>When a judgment that nobody appeals against takes effect, by Law from the services that were recorded. Pure.</summary>
internal static class EffectRules
{
    /// <summary>
    /// The day after the latest appeal period of the parties ends; of a final judgment the day the last party was served. Null while a party has not been
    /// served, or where an appeal is open and a party's period is not known.
    /// </summary>
    /// <param name="parties">All parties of the case.</param>
    /// <param name="served">The services that stand, several for a party: its latest counts.</param>
    /// <param name="final">Judgments of the procedure are final.</param>
    public static DateOnly? EffectiveOn(IReadOnlyCollection<long> parties, IReadOnlyCollection<ServedParty> served, bool final)
    {
        // a party's latest service counts
        PartyService Of(long party) =>
            served.Where(s => s.PartyId == party).OrderBy(s => s.Served).Select(s => new PartyService(s.Served, s.AppealEnds)).LastOrDefault();
        return PartyClocks.Effect([.. parties.Select(Of)], final);
    }
}

/// <summary>Keeps the day on which the judgment of a case takes effect if nobody appeals.</summary>
internal sealed class Effects(Db db)
{
    /// <summary>Reckons the day again from the services that stand.</summary>
    public async Task LookAsync(long caseId, CancellationToken ct)
    {
        var lived = await db.QueryAsync<Row>(
            """
            SELECT e.event, e.on_day, e.facts, e.document_id, e.source_key, d.kind
            FROM workzone_case_event e
            LEFT JOIN workzone_document d ON d.id = e.document_id
            WHERE e.case_id = @caseId AND e.event IN ('document-served', 'service-voided', 'effective') AND e.undone_at IS NULL
            ORDER BY e.id
            """,
            new { caseId },
            ct
        );
        await db.ExecuteAsync("DELETE FROM workzone_effect WHERE case_id = @caseId", new { caseId }, ct);
        if (lived.Any(l => l.Event == "effective"))
            return;
        // a service that was found void after it was recorded does not stand
        var voided = lived.Where(l => l.Event == "service-voided").Select(l => l.SourceKey.Split(':')[1]).ToHashSet();
        var judged = lived
            .Where(l => l.Event == "document-served" && l.Kind is ("judgment" or "ruling") && l.DocumentId is not null)
            .Where(l => !(l.SourceKey.StartsWith("served:", StringComparison.Ordinal) && voided.Contains(l.SourceKey["served:".Length..])))
            .ToList();
        if (judged.Count == 0)
            return;
        // a judgment goes before rulings that came with it
        var document = (judged.LastOrDefault(j => j.Kind == "judgment") ?? judged[^1]).DocumentId!.Value;
        var parties = await db.QueryAsync<long>("SELECT id FROM workzone_party WHERE case_id = @caseId", new { caseId }, ct);
        var procedure = await db.FirstAsync<string>("SELECT procedure_code FROM workzone_case WHERE id = @caseId", new { caseId }, ct) ?? "";
        var final = CaseClock.Knows(procedure) && TrialLimitTable.Get(procedure).Final;
        var served = judged.Where(j => j.DocumentId == document).Select(j => j.Served).OfType<ServedParty>().ToList();
        if (EffectRules.EffectiveOn(parties, served, final) is { } on)
            await db.ExecuteAsync(
                "INSERT INTO workzone_effect (case_id, document_id, effective_on) VALUES (@caseId, @document, @on)",
                new
                {
                    caseId,
                    document,
                    on,
                },
                ct
            );
    }

    private sealed record Row
    {
        public string Event { get; init; } = "";
        public DateOnly OnDay { get; init; }
        public string Facts { get; init; } = "{}";
        public long? DocumentId { get; init; }
        public string SourceKey { get; init; } = "";
        public string? Kind { get; init; }

        public ServedParty? Served
        {
            get
            {
                var facts = JsonSerializer.Deserialize<Dictionary<string, string>>(Facts, Json.Stored) ?? [];
                if (!long.TryParse(facts.GetValueOrDefault("party"), NumberStyles.None, CultureInfo.InvariantCulture, out var party))
                    return null;
                return new ServedParty(
                    party,
                    OnDay,
                    DateOnly.TryParseExact(facts.GetValueOrDefault("appealEnds"), "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var ends)
                        ? ends
                        : null
                );
            }
        }
    }
}

/// <summary>
/// Every night: judgments that nobody appealed against in time are noted as effective, and cases whose accused's custody nears its end are noted, each end
/// once.
/// </summary>
internal sealed class NoteDays(IMediator mediator) : IJobHandler
{
    public async Task RunAsync(CancellationToken ct)
    {
        for (long? after = 0; after is not null; )
            after = await mediator.Send(new Effective { After = after.Value }, ct);
        for (long? after = 0; after is not null; )
            after = await mediator.Send(new Custody { After = after.Value }, ct);
    }

    private const int Page = 200;

    /// <summary>Some cases at a time; answers the last id, or null at the end.</summary>
    [Permit(PermitAttribute.System)]
    [Audited("workzone.case.note-days")]
    internal sealed record Effective : ICommand<long?>
    {
        public long After { get; init; }

        internal sealed class Handler(Db db, ICaseRegister register, ISettings settings, TimeProvider clock) : ICommandHandler<Effective, long?>
        {
            public async Task<long?> Handle(Effective request, CancellationToken cancellationToken)
            {
                var today = Times.Day(clock.GetUtcNow());
                var rows = await db.PageAsync<DueRow>(
                    """
                    SELECT f.case_id AS id, f.document_id, f.effective_on AS due, c.court_id,
                           CASE WHEN EXISTS (SELECT 1 FROM workzone_case_event a WHERE a.case_id = f.case_id AND a.event IN ('appealed', 'effective') AND
                               a.undone_at IS NULL) THEN 1 ELSE 0 END AS settled
                    FROM workzone_effect f
                    JOIN workzone_case c ON c.id = f.case_id
                    WHERE f.effective_on <= @today AND f.case_id > @After
                    ORDER BY f.case_id
                    """,
                    new { today, request.After },
                    Page,
                    cancellationToken
                );
                foreach (var r in rows)
                {
                    if (!settings.Current<ClockRules>(r.CourtId).Effective)
                        continue;
                    await db.ExecuteAsync("DELETE FROM workzone_effect WHERE case_id = @Id", new { r.Id }, cancellationToken);
                    if (!r.Settled)
                        await register.RecordAsync(r.Id, "effective", r.Due, $"effective:{r.DocumentId}", null, r.DocumentId, cancellationToken);
                }
                return rows.Count < Page ? null : rows[^1].Id;
            }
        }
    }

    /// <summary>Some cases at a time; answers the last id, or null at the end.</summary>
    [Permit(PermitAttribute.System)]
    [Audited("workzone.case.note-days")]
    internal sealed record Custody : ICommand<long?>
    {
        // the most that the setting allows
        private const int Most = 60;

        public long After { get; init; }

        internal sealed class Handler(Db db, ICaseRegister register, ISettings settings, TimeProvider clock) : ICommandHandler<Custody, long?>
        {
            public async Task<long?> Handle(Custody request, CancellationToken cancellationToken)
            {
                var today = Times.Day(clock.GetUtcNow());
                var rows = await db.PageAsync<DueRow>(
                    """
                    SELECT c.id, c.court_id, c.custody_until AS due
                    FROM workzone_case c
                    WHERE c.custody_until >= @today AND c.custody_until <= @soon AND c.state = 'open' AND c.id > @After
                    ORDER BY c.id
                    """,
                    new
                    {
                        today,
                        soon = today.AddDays(Most),
                        request.After,
                    },
                    Page,
                    cancellationToken
                );
                foreach (var r in rows)
                    if (r.Due.DayNumber - today.DayNumber <= settings.Current<ClockRules>(r.CourtId).CustodyDays)
                        await register.RecordAsync(
                            r.Id,
                            "custody-near",
                            today,
                            $"custody-near:{Times.Iso(r.Due)}",
                            new Dictionary<string, string> { ["until"] = Times.Iso(r.Due) },
                            null,
                            cancellationToken
                        );
                return rows.Count < Page ? null : rows[^1].Id;
            }
        }
    }

    private sealed record DueRow
    {
        public long Id { get; init; }
        public long CourtId { get; init; }
        public long DocumentId { get; init; }
        public DateOnly Due { get; init; }
        public bool Settled { get; init; }
    }
}
