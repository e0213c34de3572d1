using CourtOps.Kernel.Messaging;

namespace CourtOps.Enforcement.Network;

/// <summary>What is done next about a batch that was sent and is not answered in full. Pure.</summary>
internal static class PollRules
{
    /// <summary>Polls of one round: with the steps below about ten days.</summary>
    public const int MostPolls = 48;

    /// <summary>How often lines that a registry could not answer are asked again.</summary>
    public const int MostRounds = 4;

    /// <summary>How long a registry that could not answer is left alone.</summary>
    public static readonly TimeSpan AskAgain = TimeSpan.FromHours(6);

    /// <param name="Act">poll, resend or stop.</param>
    /// <param name="Reason">For stop: what a person must know; null where all is answered.</param>
    internal sealed record Step(string Act, TimeSpan After, Said? Reason = null);

    /// <summary>The wait before the next poll: 5 minutes, doubled each time, six hours at most.</summary>
    public static TimeSpan Wait(int polls) => TimeSpan.FromMinutes(Math.Min(360, 5 * Math.Pow(2, Math.Clamp(polls, 0, 10))));

    /// <summary>What comes next.</summary>
    /// <param name="open">Lines without an answer, those the registry could not answer among them.</param>
    /// <param name="failed">Lines of the present round that the registry could not answer.</param>
    /// <param name="polls">Polls of the present round so far.</param>
    /// <param name="round">1 for the first sending.</param>
    public static Step Next(int open, int failed, int polls, int round) =>
        open == 0 ? new Step("stop", TimeSpan.Zero)
        : open > failed && polls < MostPolls ? new Step("poll", Wait(polls))
        : round < MostRounds ? new Step("resend", AskAgain)
        : new Step("stop", TimeSpan.Zero, Say($"还有 {open} 项没有反馈，已自动重发 {MostRounds - 1} 次；请联系反馈单位或者线下查询。"));

    private static Said Say(Said said) => said;
}
