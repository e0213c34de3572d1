namespace CourtOps.Law;

/// <summary>
/// A case number (案号, rule E-07): <c>（2026）吉2424民初1234号</c>, or in the form used until 2015 <c>（2015）汪民初字第123号</c>.
/// </summary>
/// <param name="Year">Year of filing.</param>
/// <param name="Court">Court sign such as 吉2424 or 最高法; in the legacy form the court's short name as written (empty where none was written).</param>
/// <param name="Special">知 for intellectual property courts; null otherwise and in the legacy form.</param>
/// <param name="Type">Type sign such as 民初.</param>
/// <param name="Serial">The digits as written; leading zeros belong to the number (criminal review numbers are eight random digits).</param>
/// <param name="Suffix">之一, 之二 …; null when there is none.</param>
/// <param name="Legacy">Whether it is the form used until 2015.</param>
public sealed record CaseNumber(int Year, string Court, string? Special, string Type, string Serial, string? Suffix, bool Legacy)
{
    /// <summary>The serial as a number.</summary>
    public long SerialValue => long.Parse(Serial.Split('-')[0], System.Globalization.CultureInfo.InvariantCulture);

    /// <summary>The one way it is written: full-width brackets, ASCII digits, no spaces.</summary>
    public string Canonical =>
        Legacy
            ? $"（{Year:0000}）{Court}{Type.Replace('(', '（').Replace(')', '）')}字第{Serial}号{Suffix}"
            : $"（{Year:0000}）{Court}{Special}{Type}{Serial}号{Suffix}";

    /// <summary>Reads a case number. Full-width characters are folded and white space is dropped first.</summary>
    /// <param name="text">What was entered.</param>
    /// <param name="field">Name to put into the error.</param>
    /// <exception cref="LawError">It is no case number; the reason says at which place.</exception>
    public static CaseNumber Parse(string text, string field = "text") => CaseNumberReader.Read(text ?? "", field);

    /// <summary>Reads a case number.</summary>
    /// <param name="text">What was entered.</param>
    /// <param name="number">The number, or null.</param>
    /// <returns>Whether it is one.</returns>
    public static bool TryParse(string? text, [System.Diagnostics.CodeAnalysis.NotNullWhen(true)] out CaseNumber? number)
    {
        try
        {
            number = Parse(text ?? "");
            return true;
        }
        catch (LawError)
        {
            number = null;
            return false;
        }
    }

    /// <summary>Writes a number in the form in force since 2016 from its parts, checking them.</summary>
    /// <param name="year">Year of filing.</param>
    /// <param name="court">Court sign.</param>
    /// <param name="type">Type sign.</param>
    /// <param name="serial">Serial, 1 to 999,999,999.</param>
    /// <param name="special">知 or null.</param>
    /// <param name="suffix">之一 … or null.</param>
    /// <exception cref="LawError">The parts make no case number.</exception>
    public static string Format(int year, string court, string type, long serial, string? special = null, string? suffix = null)
    {
        var text = $"（{year:0000}）{court}{special}{type}{serial}号{suffix}";
        var read = Parse(text, "caseNumber");
        return read.Legacy || read.Canonical != text ? throw new LawError("caseNumber", LawReasons.CaseNumberType, LawDates.Shown(type)) : text;
    }

    /// <inheritdoc />
    public override string ToString() => Canonical;
}
