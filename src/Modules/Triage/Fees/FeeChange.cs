namespace CourtOps.Triage.Fees;

/// <summary>What becomes of a fee when the case goes another way. Pure; cents.</summary>
internal static class FeeChange
{
    /// <summary>What a lessening takes off what is owed, and what off what was paid.</summary>
    public static (long Owed, long Paid) Lessen(long cents, long owed, long paid)
    {
        var first = Math.Min(cents, owed);
        return (first, Math.Min(cents - first, paid));
    }

    /// <summary>What mediation or withdrawal gives back of a fee (交纳办法 15): the half, once – nothing where the procedure has halved it already (民诉法解释
    /// 206).</summary>
    public static long Halved(long fee, string procedure, string closedHow) =>
        closedHow is "mediation" or "withdrawn" && procedure is not ("MC-SUM" or "MC-SML" or "AD-S") ? fee / 2 : 0;
}
