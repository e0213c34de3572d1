namespace CourtOps.Workzone.Supervision;

/// <summary>The three slips of supervision, of rising weight.</summary>
internal static class SlipKinds
{
    public const string Prompt = "prompt";
    public const string Urge = "urge";
    public const string Supervise = "supervise";

    public static readonly IReadOnlyDictionary<string, string> Labels = new Dictionary<string, string>
    {
        [Prompt] = "提示单",
        [Urge] = "催办单",
        [Supervise] = "督办单",
    };

    /// <summary>The next weight; a supervise slip stays one and goes to the leader.</summary>
    public static string Above(string kind) => kind == Prompt ? Urge : Supervise;
}

/// <summary>
/// sent → received → answered → accepted; answered → received again when it is sent back. One that is neither received nor answered in time is raised;
/// one whose matter is over ends so, and one that a later warning of the same matter replaces. Pure.
/// </summary>
internal static class SlipRules
{
    public const string Sent = "sent";
    public const string Received = "received";
    public const string Answered = "answered";
    public const string Accepted = "accepted";
    public const string Raised = "raised";
    public const string Over = "over";
    public const string Replaced = "replaced";

    public static readonly IReadOnlyDictionary<string, (string Css, string Label)> States = new Dictionary<string, (string, string)>
    {
        [Sent] = ("wait", "待签收"),
        [Received] = ("work", "待答复"),
        [Answered] = ("answer", "已答复，待认可"),
        [Accepted] = ("done", "已认可"),
        [Raised] = ("return", "未答复，已升级"),
        [Over] = ("done", "事项已了结"),
        [Replaced] = ("done", "已由后一张接续"),
    };

    /// <summary>What an act leads to, or null where it is not allowed.</summary>
    /// <param name="act">receive, answer, accept, send-back, raise, over, replace or pass (to whoever took the work over).</param>
    /// <param name="isReceiver">Whether the one who acts is whom the slip is addressed to.</param>
    public static string? After(string state, string act, bool isReceiver) =>
        (act, state, isReceiver) switch
        {
            ("receive", Sent, true) => Received,
            ("answer", Sent or Received, true) => Answered,
            ("accept", Answered, false) => Accepted,
            ("send-back", Answered, false) => Received,
            ("raise", Sent or Received, false) => Raised,
            ("over", Sent or Received or Answered, false) => Over,
            ("replace", Sent or Received, false) => Replaced,
            ("pass", Sent or Received, false) => Sent,
            _ => null,
        };

    /// <summary>Which slip an order deserves by the share of its target time used; null for none. 80 %, 100 %, 150 %.</summary>
    /// <param name="used">Working time used, as a share of the target.</param>
    public static string? ForOrder(double used) =>
        used switch
        {
            >= 1.5 => SlipKinds.Supervise,
            >= 1.0 => SlipKinds.Urge,
            >= 0.8 => SlipKinds.Prompt,
            _ => null,
        };

    /// <summary>The warning of a trial limit that is due: of those whose day has come the last; null where none has (B-08).</summary>
    /// <param name="warnings">Of the limit, with the days on which they are delivered.</param>
    public static Law.Warning? DueOf(IReadOnlyList<Law.Warning> warnings, DateOnly today) =>
        warnings.Where(w => w.Date <= today).OrderBy(w => w.Date).LastOrDefault();
}
