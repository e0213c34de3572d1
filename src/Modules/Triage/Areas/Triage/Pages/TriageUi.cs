using CourtOps.Kernel.Web;
using CourtOps.Triage.Filings;
using CourtOps.Web;
using Microsoft.AspNetCore.Html;

namespace CourtOps.Triage.Pages;

/// <summary>How filings are shown.</summary>
internal static class TriageUi
{
    public static IHtmlContent State(Texts t, string state) =>
        Ui.Badge(
            state switch
            {
                FilingState.Returned => "return",
                FilingState.Registered => "work",
                FilingState.Allotted => "done",
                FilingState.Refused or FilingState.Lapsed or FilingState.Withdrawn => "gone",
                _ => "wait",
            },
            t[FilingState.Labels[state]]
        );

    public static IHtmlContent Contact(Texts t, string state) =>
        Ui.Badge(
            state switch
            {
                "accepted" => "work",
                "done" => "done",
                _ => "wait",
            },
            t[CourtOps.Triage.Contacts.ContactBook.States[state]]
        );

    public static string Id(long id) => id.ToString(System.Globalization.CultureInfo.InvariantCulture);

    public static IHtmlContent Mediation(Texts t, string state) =>
        Ui.Badge(
            state switch
            {
                CourtOps.Triage.Mediation.MediationState.Running => "work",
                CourtOps.Triage.Mediation.MediationState.Invited => "answer",
                CourtOps.Triage.Mediation.MediationState.Cooling => "pause",
                CourtOps.Triage.Mediation.MediationState.Ended => "done",
                _ => "wait",
            },
            t[CourtOps.Triage.Mediation.MediationState.Labels[state]]
        );

    /// <summary>The date that bites next, with what it counts from.</summary>
    public static IHtmlContent Clock(Texts t, Filing f, DateTimeOffset now) =>
        f.State switch
        {
            FilingState.Received => Ui.Due(t, f.DecideBy, now, t["自 {0} 次日起算", Times.Iso(f.ClockFrom)]),
            FilingState.Collected => Ui.Due(t, f.PassBy, now, t["收件当日转交管辖法院"]),
            FilingState.Returned => Ui.Due(t, f.CorrectBy, now, t["补正期限"]),
            _ => HtmlString.Empty,
        };

    public static string Yuan(long? cents) => cents is { } c ? Ui.Yuan(c) : "";

    /// <summary>A load in usual cases: 12.50.</summary>
    public static string Load(long hundredths) => (hundredths / 100m).ToString("0.00", System.Globalization.CultureInfo.InvariantCulture);
}
