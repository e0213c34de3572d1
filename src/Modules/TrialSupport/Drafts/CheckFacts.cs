using System.Globalization;
using System.Text.Json;
using CourtOps.Kernel.Data;
using CourtOps.Kernel.Messaging;
using CourtOps.Kernel.Web;
using CourtOps.Law;
using CourtOps.TrialSupport.Checks;
using CourtOps.TrialSupport.Hearings;
using CourtOps.Workzone.Cases;

namespace CourtOps.TrialSupport.Drafts;

/// <summary>
/// What the record says of a case, for the check of its documents: parties, panel, clerk, fee and claims, hearings. Nothing is typed for it, and what is not
/// known leaves its checks silent.
/// </summary>
internal sealed class CheckFacts(Db db, ICases cases, ICasePanels panels, TimeProvider clock)
{
    /// <param name="kind">Kind of the document, a key of <see cref="SaveDraft.Kinds"/>.</param>
    public async Task<CaseFile> OfAsync(CaseCard card, string kind, CancellationToken ct)
    {
        var panel = await panels.OfAsync(card.Id, Times.Day(clock.GetUtcNow()), ct);
        var hearings = await db.QueryAsync<Hearing>(
            HearingBook.Columns + " WHERE h.case_id = @Id AND h.state <> 'cancelled' ORDER BY h.starts_at DESC, h.id DESC",
            new { card.Id },
            ct
        );
        // who wrote the record of the last hearing that was held; the hearing may have named others than the panel on file
        var last = hearings.FirstOrDefault(h => h.State is HearingState.Held or HearingState.Adjourned);
        var fact = await db.FirstAsync<Fact>("SELECT procedure_code, fee, claims FROM trial_case_fact WHERE case_id = @Id", new { card.Id }, ct);
        var judges = panel.Where(p => p.Role != "assessor").Select(p => p.Name).ToList();
        return new CaseFile
        {
            Number = card.Number,
            Court = card.CourtName,
            Cause = card.Cause,
            Procedure = card.ProcedureCode,
            Judges =
                judges.Count > 0 ? judges
                : card.JudgeName is { } judge ? [judge]
                : [],
            PanelKnown = panel.Count > 0 || CaseFile.SitsAlone(card.ProcedureCode),
            Clerk = kind is "judgment" or "ruling" ? last?.ClerkName : null,
            Fee = FeeNow(fact, card.ProcedureCode)?.ToString(CultureInfo.InvariantCulture),
            ClaimWords = fact is null ? [] : JsonSerializer.Deserialize<List<string>>(fact.Claims, Json.Stored)!,
            HeldOn = hearings.Where(h => h.State == HearingState.Held).Select(h => (DateOnly?)h.HeldOn).FirstOrDefault(),
            CalledFor = kind == "summons" ? [.. hearings.Where(h => h.IsLive).Select(h => h.HeldOn).Distinct()] : null,
            Parties =
            [
                .. (await cases.PartiesAsync(card.Id, ct)).Select(p => new CaseFileParty
                {
                    Name = p.Name,
                    Role = p.Role,
                    PartyType = p.PartyType,
                }),
            ],
        };
    }

    /// <summary>
    /// The fee in yuan under the procedure the case has now: halved in the simple ones (诉讼费用交纳办法第十六条), so that it doubles or halves where the case went
    /// over. Null where none was laid down.
    /// </summary>
    internal static decimal? FeeNow(Fact? fact, string procedure)
    {
        if (fact?.Fee is not { } cents)
            return null;
        var (was, now) = (CaseFile.IsHalved(fact.ProcedureCode), CaseFile.IsHalved(procedure));
        var yuan = cents / 100m;
        return was == now ? yuan
            : was ? yuan * 2
            : Yuan.Round(yuan / 2);
    }

    internal sealed record Fact
    {
        public string ProcedureCode { get; init; } = "";
        public long? Fee { get; init; }
        public string Claims { get; init; } = "[]";
    }
}
