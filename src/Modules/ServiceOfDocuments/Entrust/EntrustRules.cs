using CourtOps.Kernel.States;
using CourtOps.Law;

namespace CourtOps.ServiceOfDocuments.Entrust;

/// <summary>Service by another court: its clocks and what an answer needs. Pure.</summary>
internal static class EntrustRules
{
    public const string Sent = "sent";
    public const string Received = "received";
    public const string Answered = "answered";
    public const string Withdrawn = "withdrawn";

    public static readonly StateTable Table = new(
        "service_entrust",
        "委托送达",
        new("receive", [Sent], Received),
        new("answer", [Received], Answered),
        new("withdraw", [Sent, Received], Withdrawn),
        new("note", [Sent, Received], null)
    );

    public static readonly IReadOnlyDictionary<string, string> States = new Dictionary<string, string>
    {
        [Sent] = "待签收",
        [Received] = "送达中",
        [Answered] = "已回复",
        [Withdrawn] = "已撤回",
    };

    public static readonly IReadOnlyDictionary<string, string> Outcomes = new Dictionary<string, string>
    {
        ["signed"] = "已送达",
        ["returned"] = "不能送达，退回",
    };

    /// <summary>Working days within which the other court should confirm that it has the papers: practice, not law.</summary>
    public const int ReceiveDays = 3;

    /// <summary>
    /// The day by which the entrusted court serves: ten days after it received the papers (CPL 91, CPL-I 134); a judgment to be pronounced by commission
    /// seven days. The day of
    /// receipt is not counted, a last day that is a holiday moves to the next working day.
    /// </summary>
    /// <param name="received">Day of receipt.</param>
    /// <param name="judgment">Whether a judgment is among the papers.</param>
    /// <param name="calendar">Working days of the entrusted court.</param>
    public static DateOnly ServeBy(DateOnly received, bool judgment, CourtCalendar calendar) =>
        Periods.Compute(received, judgment ? 7 : 10, PeriodUnit.Day, calendar).LegalLastDay;

    /// <summary>Which clock has run out: receive, serve, or null.</summary>
    public static string? Late(string state, DateOnly receiveBy, DateOnly? serveBy, DateOnly today) =>
        state == Sent && receiveBy < today ? "receive"
        : state == Received && serveBy < today ? "serve"
        : null;

    /// <summary>What is missing in an answer; null when nothing is.</summary>
    public static (string Field, string Words)? Missing(
        string outcome,
        DateOnly? on,
        DateOnly received,
        DateOnly today,
        string place,
        string words,
        bool hasEvidence
    ) =>
        outcome switch
        {
            "signed" when on is null => ("On", "请填签收的日期。"),
            "signed" when on > today => ("On", "签收日期在今天之后。"),
            "signed" when on < received => ("On", "签收日期早于收到委托的日期。"),
            "signed" when place.Length == 0 => ("Place", "请填送达地点。"),
            "signed" when !hasEvidence => ("Files", "请附送达回证的照片。"),
            "returned" when words.Length == 0 => ("Words", "请写明不能送达的原因。"),
            _ => null,
        };
}
