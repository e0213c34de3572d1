using CourtOps.Cataloguing.Efile;
using CourtOps.Contracts;
using MediatR;

namespace CourtOps.Cataloguing.Reactions;

/// <summary>Papers a counter took in for a case: each gets its place with the sender noted.</summary>
internal sealed class WhenMaterialReceived(Filing filing) : INotificationHandler<MaterialReceived>
{
    public async Task Handle(MaterialReceived notification, CancellationToken cancellationToken)
    {
        foreach (var document in notification.DocumentIds)
            await filing.FileAsync(notification.CaseId, document, $"提交人 {notification.Sender}", cancellationToken);
    }
}
