namespace CourtOps.Law;

/// <summary>Choice of the criminal procedure at a basic court (E-04b).</summary>
public static class CriminalProcedure
{
    /// <summary>Fast track, simple or ordinary. An unknown sentence closes the fast track and makes the limit of simple procedure provisional.</summary>
    /// <param name="facts">What is known; missing facts are false, so a missing consent is an objection.</param>
    /// <exception cref="LawError">Field maxSentenceMonths.</exception>
    public static ProcedureChoice Choose(CriminalProcedureFacts facts)
    {
        ArgumentNullException.ThrowIfNull(facts);
        if (facts.MaxSentenceMonths is < 0 or > 1_200)
            throw new LawError("maxSentenceMonths", LawReasons.NumberRange, facts.MaxSentenceMonths, 0, 1_200);
        var why = new Explanation();
        var basis = facts is { FactsClear: true, Pleads: true, AgreesProcedure: true };
        if (!basis || facts.BlindDeafMute || facts.CoAccusedObjects)
        {
            if (basis)
                why.Add(ProcedureWords.SimpleBarred, null, Art.NotCriminalSimple, null);
            else
                why.Add(ProcedureWords.NoConsent, null, Art.CriminalSimple, null);
            why.Add(ProcedureWords.CriminalOrdinary, null, Art.CriminalOrdinary, null);
            return new("ORDINARY", true, "E-04b.criminal-ordinary", why, "CR-1", false);
        }

        if (facts is { MaxSentenceMonths: <= 36, Minor: false, SettledCivil: true })
        {
            why.Add(ProcedureWords.FastTrack, null, Art.FastTrack, null, facts.MaxSentenceMonths);
            return new("FAST-TRACK", false, "E-04b.fast-track", why, facts.MaxSentenceMonths > 12 ? "CR-FT-L" : "CR-FT", false);
        }

        why.Add(
            facts.MaxSentenceMonths is <= 36 ? ProcedureWords.FastTrackBarred : ProcedureWords.FastTrackOver,
            null,
            facts.MaxSentenceMonths is <= 36 ? Art.NotFastTrack : Art.FastTrack,
            null
        );
        why.Add(ProcedureWords.CriminalSimple, null, Art.CriminalSimple, null);
        return new("SIMPLE", false, "E-04b.criminal-simple", why, facts.MaxSentenceMonths > 36 ? "CR-SUM-L" : "CR-SUM", facts.MaxSentenceMonths is null);
    }
}

/// <summary>Choice of the administrative procedure at first instance (行诉法 82).</summary>
public static class AdminProcedure
{
    private const decimal Most = 2_000m;

    /// <summary>Simple where all is clear and one of three grounds is given, or where all parties agree; never after remand or in retrial.</summary>
    /// <param name="facts">What is known.</param>
    /// <exception cref="LawError">Field amount.</exception>
    public static ProcedureChoice Choose(AdminProcedureFacts facts)
    {
        ArgumentNullException.ThrowIfNull(facts);
        if (facts.Amount is { } given)
            Yuan.Check("amount", given);
        var why = new Explanation();
        if (facts.Remand || facts.Retrial)
        {
            why.Add(ProcedureWords.AdminBarred, null, Art.AdminSimple, null);
            return new("ORDINARY", true, "E-04b.admin-ordinary-required", why, "AD-1", false);
        }

        if (facts.FactsClear && (facts.SummaryPenalty || facts.InformationDisclosure || facts.Amount <= Most))
        {
            why.Add(ProcedureWords.AdminSimple, null, Art.AdminSimple, null);
            return new("SIMPLE", false, "E-04b.admin-simple", why, "AD-S", false);
        }

        if (facts.BothAgree)
        {
            why.Add(ProcedureWords.AdminAgreed, null, Art.AdminSimple, null);
            return new("SIMPLE", false, "E-04b.admin-simple-agreed", why, "AD-S", false);
        }

        why.Add(ProcedureWords.AdminOrdinary, null, Art.AdminSimple, null);
        return new("ORDINARY", false, "E-04b.admin-ordinary", why, "AD-1", false);
    }
}
