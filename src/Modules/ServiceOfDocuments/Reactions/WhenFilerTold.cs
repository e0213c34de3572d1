using System.Globalization;
using CourtOps.Contracts;
using CourtOps.Kernel.Work;
using CourtOps.ServiceOfDocuments.Sending;
using MediatR;

namespace CourtOps.ServiceOfDocuments.Reactions;

/// <summary>Whoever filed online is to hear of something new on the page: it is sent once.</summary>
internal sealed class WhenFilerTold(WorkQueue work) : INotificationHandler<FilerTold>
{
    public Task Handle(FilerTold notification, CancellationToken cancellationToken) =>
        work.AddAsync(
            SendFilerWord.Name,
            notification.LinkId.ToString(CultureInfo.InvariantCulture),
            new SendFilerWord.Payload
            {
                LinkId = notification.LinkId,
                Court = notification.Court,
                Number = notification.Number,
                What = notification.What,
                PhoneEnc = notification.PhoneEnc,
                EmailEnc = notification.EmailEnc,
                PathEnc = notification.PathEnc,
                Until = notification.Until,
            },
            ct: cancellationToken
        );
}
