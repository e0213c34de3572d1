using System.Globalization;
using System.Text;

namespace CourtOps.Law;

/// <summary>Writes <c>docs/law.md</c> from the data: what is encoded, from where, how well it is known, what is not.</summary>
public static class LawDocument
{
    /// <summary>The whole document in Markdown; a test holds that the committed file is the same.</summary>
    public static string Write()
    {
        var text = new StringBuilder();
        text.Append("# What law is encoded\n\n");
        text.Append("Written from the data of `src/Modules/Law` by its tests (`COURTOPS_WRITE_DOCS=1`); do not edit by hand.\n\n");
        text.Append("| tag | means | shown as law |\n|---|---|---|\n");
        text.Append(
            "| T | the article's text was read | yes |\n| X | only an excerpt was read | no |\n| C | practice of a local court or system | no |\n| K "
                + "| common knowledge, text not read | no |\n| P | a default of this product | no |\n\n"
        );
        Articles(text);
        Limits(text);
        Periods(text);
        Provinces(text);
        Calendars(text);
        NotEncoded(text);
        return text.ToString();
    }

    private static void Articles(StringBuilder text)
    {
        text.Append("## Articles and defaults\n\n");
        foreach (var tag in Enum.GetValues<LawTag>())
            text.Append(CultureInfo.InvariantCulture, $"{tag}: {LawArticles.All.Count(a => a.Tag == tag)}. ");
        text.Append("\n\n| key | source | from | to | tag | meaning |\n|---|---|---|---|---|---|\n");
        foreach (var a in LawArticles.All)
            Row(
                text,
                a.Key,
                a.Law.Zh + (a.Number.Length > 0 ? " " + a.Number : ""),
                Day(a.From),
                Day(a.To),
                a.Tag.ToString(),
                a.Meaning.Zh + "<br>" + a.Meaning.En
            );
        text.Append('\n');
    }

    private static void Limits(StringBuilder text)
    {
        text.Append("## Trial limits\n\n| code | procedure | base | extensions | appeal | source |\n|---|---|---|---|---|---|\n");
        foreach (var l in TrialLimitTable.Limits)
        {
            var steps = string.Join(
                "; ",
                l.Extensions.Select(s => Length(s.Months, s.Days, s.UsualMonths, s.UsualDays) + " " + s.Approver + (s.Repeat ? ", may repeat" : ""))
            );
            Row(
                text,
                l.Code,
                l.Name.Zh + " · " + l.Name.En,
                l.None ? "none" : TrialWords.Length(l).En,
                steps.Length > 0 ? steps : "none",
                l.Final ? "final" : "open",
                l.Article
            );
        }

        text.Append("\n## Time not counted\n\n| code | reason | applies | source |\n|---|---|---|---|\n");
        foreach (var d in TrialLimitTable.Deductions)
            Row(text, d.Code, d.Name.Zh + " · " + d.Name.En, string.Join(", ", d.Kinds.Select(k => k.ToString().ToLowerInvariant())), d.Article);
        text.Append("\n## Conversions\n\n| from | to | counts from | source |\n|---|---|---|---|\n");
        foreach (var c in TrialLimitTable.Conversions)
            Row(text, c.From, string.Join(", ", c.To), c.Restarts ? "the decision" : "filing", c.Article);
        text.Append('\n');
    }

    private static void Periods(StringBuilder text)
    {
        text.Append("## Named periods\n\n| code | step | length | event | source |\n|---|---|---|---|---|\n");
        foreach (var p in NamedPeriods.All)
            Row(
                text,
                p.Code,
                p.Name.Zh + " · " + p.Name.En,
                p.N + " " + p.Unit.ToString().ToLowerInvariant() + (p.Least ? " at least" : ""),
                (p.Before ? "before " : "after ") + p.From.En,
                p.Article
            );
        text.Append('\n');
    }

    private static void Provinces(StringBuilder text)
    {
        text.Append("## Provinces' figures\n\n| province | average wage W | from | to | tag |\n|---|---|---|---|---|\n");
        foreach (var w in ProvinceFigures.BuiltIn.Wages)
            Row(text, w.Province, Yuan.Text(w.Wage), Day(w.From), Day(w.To), w.Tag.ToString());
        text.Append("\nFee bases within the ranges of the law: none are known; the lower bound is used until a province's amount is loaded.\n\n");
    }

    private static void Calendars(StringBuilder text)
    {
        text.Append("## Calendars\n\n| year | days off | worked weekends | notice |\n|---|---|---|---|\n");
        foreach (var y in CalendarYears.BuiltIn)
            Row(
                text,
                y.Year.ToString(CultureInfo.InvariantCulture),
                y.Days.Count(d => d.IsOffDay).ToString(CultureInfo.InvariantCulture),
                y.Days.Count(d => !d.IsOffDay).ToString(CultureInfo.InvariantCulture),
                string.Join(" ", y.Papers)
            );
        text.Append("\nOther years: weekends, fixed statutory days, computed lunar days and 清明; results are provisional.\n\n");
    }

    private static void NotEncoded(StringBuilder text)
    {
        text.Append("## Not encoded, or not known\n\n");
        text.Append("- Changes of law after April 2025 were not looked for; the versions are those in the table.\n");
        text.Append("- The current small-claims figure of 吉林 and its fee ranges: the lapsed figure is used and marked provisional.\n");
        text.Append("- The article on preservation of patents in the 2020 text: the six months were read in the text of 2015.\n");
        text.Append("- Whether 延边's prefecture day moves legal periods: by default it only closes the office.\n");
        text.Append(
            "- The days on which laws came into force, where the source did not state them, are common knowledge; they only choose between versions.\n"
        );
        text.Append("- Article numbers are left out where the rule is known but its number was not read.\n");
        text.Append(
            "- Versions of the civil procedure law before 2013 and of interpretations before the ones listed: an earlier date names the oldest version known.\n"
        );
        text.Append("- The election-day limit of voter-list cases; limits of payment orders on the debtor's side; the sixty days of a public summons.\n");
        text.Append("- Penalty interest before 2014-08-01: computed with the present rate and said so.\n");
        text.Append("- Service abroad by treaty and the deemed service of foreign mail after three months.\n");
    }

    private static void Row(StringBuilder text, params ReadOnlySpan<string> cells)
    {
        text.Append('|');
        foreach (var cell in cells)
            text.Append(' ').Append(cell).Append(" |");
        text.Append('\n');
    }

    private static string Day(DateOnly? day) => day is { } d ? LawDates.Text(d) : "";

    private static string Length(int months, int days, int usualMonths, int usualDays) =>
        (months + days, usualMonths + usualDays) switch
        {
            (> 0, _) => "+" + TrialWords.Length(months, days).En,
            (_, > 0) => "no number in the law, usually +" + TrialWords.Length(usualMonths, usualDays).En,
            _ => "no number",
        };
}
