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

    /// <summary>Working hours within which it is answered.</summary>
    public static int Hours(string kind) =>
        kind switch
        {
            Prompt => 21,
            Urge => 14,
            _ => 7,
        };
}

/// <summary>sent → received → answered → accepted; answered → received again when it is sent back. Pure.</summary>
internal static class SlipRules
{
    public const string Sent = "sent";
    public const string Received = "received";
    public const string Answered = "answered";
    public const string Accepted = "accepted";
    public const string Raised = "raised";

    public static readonly IReadOnlyDictionary<string, (string Css, string Label)> States = new Dictionary<string, (string, string)>
    {
        [Sent] = ("wait", "待签收"),
        [Received] = ("work", "待答复"),
        [Answered] = ("answer", "已答复，待认可"),
        [Accepted] = ("done", "已认可"),
        [Raised] = ("return", "未答复，已升级"),
    };

    /// <summary>What an act leads to, or null where it is not allowed.</summary>
    /// <param name="act">receive, answer, accept, send-back or raise.</param>
    /// <param name="isReceiver">Whether the one who acts is whom the slip is addressed to.</param>
    public static string? After(string state, string act, bool isReceiver) =>
        (act, state, isReceiver) switch
        {
            ("receive", Sent, true) => Received,
            ("answer", Sent or Received, true) => Answered,
            ("accept", Answered, false) => Accepted,
            ("send-back", Answered, false) => Received,
            ("raise", Sent or Received, false) => Raised,
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

    /// <summary>Which slip a trial limit deserves by the days left; null for none. 30, 10 and 0 days.</summary>
    public static string? ForLimit(int daysLeft) =>
        daysLeft switch
        {
            < 0 => SlipKinds.Supervise,
            <= 10 => SlipKinds.Urge,
            <= 30 => SlipKinds.Prompt,
            _ => null,
        };
}
