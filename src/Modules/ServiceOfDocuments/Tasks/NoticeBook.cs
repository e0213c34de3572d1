using CourtOps.Kernel.Data;
using CourtOps.Kernel.Messaging;
using CourtOps.Kernel.States;

namespace CourtOps.ServiceOfDocuments.Tasks;

/// <summary>The steps of a notice.</summary>
internal static class NoticeStep
{
    /// <summary>Its order was accepted.</summary>
    public const string Accept = "accept";
    public const string Send = "send";

    /// <summary>Released without a mail.</summary>
    public const string Link = "link";
    public const string Taken = "taken";
    public const string Refused = "refused";
    public const string Doubt = "doubt";
    public const string Went = "went";
    public const string NotWent = "not-went";
    public const string Bounce = "bounce";
    public const string GiveUp = "give-up";
    public const string Serve = "serve";

    /// <summary>Served by another way than electronically.</summary>
    public const string Otherwise = "otherwise";
    public const string Prove = "prove";
    public const string Cancel = "cancel";

    /// <summary>What the party did; the state stays.</summary>
    public const string Act = "act";

    /// <summary>Every way has come to nothing.</summary>
    public const string Exhaust = "exhaust";

    /// <summary>Electronically once more, to another address.</summary>
    public const string Retry = "retry";

    /// <summary>Something speaks against it.</summary>
    public const string Contest = "contest";

    /// <summary>Decided: the service stands, or the sending goes on.</summary>
    public const string Uphold = "uphold";
    public const string GoOn = "go-on";
    public const string GoOnLinked = "go-on-linked";

    /// <summary>Decided: the effect never was.</summary>
    public const string Void = "void";

    /// <summary>Decided before there was an effect: this address does not reach the person.</summary>
    public const string Wrong = "wrong";
}

/// <summary>The one place where notices change.</summary>
internal sealed class NoticeBook(Db db)
{
    private static readonly string[] Live =
    [
        NoticeState.Waiting,
        NoticeState.Ready,
        NoticeState.Sending,
        NoticeState.Linked,
        NoticeState.Sent,
        NoticeState.Doubt,
        NoticeState.Contested,
    ];

    public static readonly StateTable Table = new(
        "service_notice",
        "送达",
        new(NoticeStep.Accept, [NoticeState.Waiting], NoticeState.Ready),
        new(NoticeStep.Send, [NoticeState.Ready], NoticeState.Sending),
        new(NoticeStep.Link, [NoticeState.Ready], NoticeState.Linked),
        new(NoticeStep.Taken, [NoticeState.Sending], NoticeState.Sent),
        new(NoticeStep.Refused, [NoticeState.Sending], NoticeState.Failed),
        new(NoticeStep.Doubt, [NoticeState.Sending], NoticeState.Doubt),
        new(NoticeStep.Went, [NoticeState.Doubt], NoticeState.Sent),
        new(NoticeStep.NotWent, [NoticeState.Doubt], NoticeState.Ready),
        new(NoticeStep.Bounce, [NoticeState.Ready, NoticeState.Sending, NoticeState.Sent, NoticeState.Doubt, NoticeState.Unread], NoticeState.Failed),
        new(NoticeStep.Bounce, [NoticeState.Failed, NoticeState.Served, NoticeState.Voided, NoticeState.Contested, NoticeState.Cancelled], null),
        new(NoticeStep.GiveUp, [NoticeState.Sent], NoticeState.Unread),
        new(NoticeStep.Serve, [NoticeState.Ready, NoticeState.Sending, NoticeState.Linked, NoticeState.Sent, NoticeState.Doubt], NoticeState.Served),
        new(
            NoticeStep.Otherwise,
            [NoticeState.Ready, NoticeState.Linked, NoticeState.Sent, NoticeState.Doubt, NoticeState.Failed, NoticeState.Unread],
            NoticeState.Served
        ),
        new(NoticeStep.Exhaust, [NoticeState.Ready, NoticeState.Linked], NoticeState.Failed),
        new(NoticeStep.Retry, [NoticeState.Failed, NoticeState.Unread, NoticeState.Linked], NoticeState.Ready),
        new(NoticeStep.Contest, [NoticeState.Sending, NoticeState.Linked, NoticeState.Sent, NoticeState.Doubt, NoticeState.Served], NoticeState.Contested),
        new(NoticeStep.Uphold, [NoticeState.Contested], NoticeState.Served),
        new(NoticeStep.GoOn, [NoticeState.Contested], NoticeState.Sent),
        new(NoticeStep.GoOnLinked, [NoticeState.Contested], NoticeState.Linked),
        new(NoticeStep.Void, [NoticeState.Contested], NoticeState.Voided),
        new(NoticeStep.Wrong, [NoticeState.Contested], NoticeState.Failed),
        new(NoticeStep.Prove, [NoticeState.Served], null),
        new(NoticeStep.Cancel, Live, NoticeState.Cancelled),
        new(NoticeStep.Act, [.. Live, NoticeState.Failed, NoticeState.Unread, NoticeState.Served, NoticeState.Voided, NoticeState.Cancelled], null)
    );

    /// <summary>Takes a step of a notice that was read in this transaction. Returns it with its new state and version.</summary>
    /// <param name="set">Further columns, and what they are in <paramref name="args"/>, which then holds Id and Version too.</param>
    /// <exception cref="RuleBroken">Its state does not allow the step.</exception>
    /// <exception cref="Conflict">It was changed since it was read.</exception>
    public async Task<Notice> MoveAsync(Notice notice, string step, CancellationToken ct, string set = "", object? args = null) =>
        notice with
        {
            State = await Table.MoveAsync(db, step, notice.State, args ?? new { notice.Id, notice.Version }, set, ct),
            Version = notice.Version + 1,
        };
}
