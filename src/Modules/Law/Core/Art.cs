namespace CourtOps.Law;

/// <summary>Keys of <c>Data/articles.json</c> that the code names. A test holds that each exists.</summary>
internal static class Art
{
    public const string CivilPeriod = "CPL-85";
    public const string AdminPeriod = "ALL-I-48";
    public const string CriminalPeriod = "CrPL-105";
    public const string CriminalMonths = "CrPL-I-202";
    public const string CivilRestore = "CPL-86";
    public const string CriminalRestore = "CrPL-106";
    public const string AdminRestore = "ALL-48";
    public const string CivilNextHour = "CPL-I-125";
    public const string PartyClocks = "CPL-I-244";
    public const string FixedPeriods = "CPL-I-127";
    public const string Inclusive = "CC-1259";
    public const string Holidays = "HOLIDAYS-2024";
    public const string HoursDoNotRoll = "P-HOURS";
    public const string WorkdayUnit = "P-WORKDAY";
    public const string Provisional = "P-PROVISIONAL";
    public const string ClearDays = "P-CLEAR-DAYS";
    public const string CivilHearingNotice = "CPL-139";
    public const string DeadlineToCourt = "P-BACKWARD";
    public const string GraceDays = "P-GRACE";
    public const string EffectiveDate = "P-EFFECTIVE";
    public const string ClockStart = "L2000-8";
    public const string TrialRoll = "P-TRIAL-ROLL";
    public const string WholeDays = "P-WHOLE-DAYS";
    public const string Warnings = "P-WARN";
    public const string OpenExtension = "P-EXT-OPEN";
    public const string AfterExpiry = "P-AFTER-EXPIRY";
    public const string CivilGate = "L2018-1";
    public const string AdminGate = "L2000-13";
    public const string AdminDecision = "L2000-14";
    public const string CriminalGate = "CrPL-I-210";
    public const string EnforcementGate = "EX2006-GATE";
    public const string NotCounted = "L2000-9";
    public const string Closing = "L2000-10";
    public const string SupplementaryInvestigation = "CrPL-205";
    public const string CriminalRestart = "CrPL-208";
}
