using CourtOps.Contracts;
using CourtOps.Kernel.Data;
using MediatR;

namespace CourtOps.TrialSupport.Reactions;

/// <summary>How the link of an element form was sent, or why it was not; of the latest round only.</summary>
internal sealed class WhenLinkDelivered(Db db) : INotificationHandler<LinkDelivered>
{
    public Task Handle(LinkDelivered notification, CancellationToken cancellationToken) =>
        db.ExecuteAsync(
            "UPDATE trial_element_side SET told_channel = @Channel, told_at = @At, told_reason = @reason WHERE id = @LinkId AND handed = @Round",
            new
            {
                notification.LinkId,
                notification.Round,
                notification.Channel,
                notification.At,
                reason = notification.Reason is { Length: > 400 } words ? words[..400] : notification.Reason,
            },
            cancellationToken
        );
}
