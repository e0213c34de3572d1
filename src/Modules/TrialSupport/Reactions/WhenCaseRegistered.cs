using System.Text.Json;
using CourtOps.Contracts;
using CourtOps.Kernel.Data;
using CourtOps.Kernel.Messaging;
using MediatR;

namespace CourtOps.TrialSupport.Reactions;

/// <summary>What was claimed and the fee laid down: the check of a judgment looks at both. Once for each case.</summary>
internal sealed class WhenCaseRegistered(Db db) : INotificationHandler<CaseRegistered>
{
    public async Task Handle(CaseRegistered notification, CancellationToken cancellationToken)
    {
        var row = new
        {
            notification.CaseId,
            notification.ProcedureCode,
            fee = notification.FeeCents,
            claims = JsonSerializer.Serialize(notification.Claims, Json.Stored),
        };
        if (await db.ScalarAsync<int>("SELECT COUNT(*) FROM trial_case_fact WHERE case_id = @CaseId", row, cancellationToken) == 0)
            await db.ExecuteAsync(
                "INSERT INTO trial_case_fact (case_id, procedure_code, fee, claims) VALUES (@CaseId, @ProcedureCode, @fee, @claims)",
                row,
                cancellationToken
            );
    }
}
