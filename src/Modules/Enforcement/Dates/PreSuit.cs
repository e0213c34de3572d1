using CourtOps.Kernel.Data;
using CourtOps.Law;

namespace CourtOps.Enforcement.Dates;

/// <summary>Preservation before a suit: without a suit or arbitration within thirty days after the measures it is lifted (CPL 104).</summary>
internal sealed class PreSuit(Db db, CaseDates dates, ICalendarSource calendars)
{
    /// <summary>A measure was taken: of a case of preservation before a suit (财保), or one that executes it, the day to sue by is set once.</summary>
    public async Task TakenAsync(long caseId, DateOnly start, CancellationToken ct)
    {
        var card = await db.FirstAsync<Card>(
            "SELECT c.id, c.number, c.court_id, c.origin_id, o.number AS origin_number FROM workzone_case_card c LEFT JOIN workzone_case_card o ON o.id = "
                + "c.origin_id WHERE c.id = @caseId",
            new { caseId },
            ct
        );
        if (card is null)
            return;
        var of =
            IsPreSuit(card.Number) ? card.Id
            : card.OriginNumber is { } number && IsPreSuit(number) ? card.OriginId
            : null;
        if (of is null || await db.ScalarAsync<int>("SELECT COUNT(*) FROM enforcement_date WHERE subject = @subject", new { subject = $"sue:{of}" }, ct) > 0)
            return;
        var due = NamedPeriods.Due("PRES-SUE", start, calendars.For(CaseNumber.TryParse(card.Number, out var n) ? n.Court : null)).LegalLastDay;
        await dates.SetAsync(
            caseId,
            card.CourtId,
            $"sue:{of}",
            DateKinds.Period,
            due,
            "诉前保全：申请人应在采取措施后三十日内起诉或者申请仲裁，逾期应解除（民诉法第104条）",
            ct
        );
    }

    private static bool IsPreSuit(string number) => CaseNumber.TryParse(number, out var n) && n.Type == "财保";

    private sealed record Card
    {
        public long Id { get; init; }
        public string Number { get; init; } = "";
        public long CourtId { get; init; }
        public long? OriginId { get; init; }
        public string? OriginNumber { get; init; }
    }
}
