using CourtOps.Kernel.Messaging;
using CourtOps.Kernel.Web;
using CourtOps.TrialSupport.Hearings;
using MediatR;

namespace CourtOps.TrialSupport.Planning;

/// <summary>Takes a plan: each of its hearings is booked provisionally for itself, or says why it was not. Begun again it goes on where it ended.</summary>
internal sealed class PlanTaking(IMediator mediator, Texts t)
{
    /// <summary>How many were booked, and how many were not.</summary>
    public async Task<(int Booked, int Refused)> TakeAsync(long id, int? version, CancellationToken ct)
    {
        var plan = await mediator.Send(new TakePlan { Id = id, Version = version }, ct);
        var (booked, refused) = (0, 0);
        foreach (var row in (await mediator.Send(new ShowPlan { Id = id }, ct)).Rows.Where(r => r.StartsAt is not null && r.Outcome is null))
        {
            if ((await mediator.Send(new ListHearings { CaseId = row.CaseId }, ct)).Any(h => h.IsLive))
            {
                refused++;
                await mediator.Send(
                    new NotePlanned
                    {
                        PlanId = id,
                        CaseId = row.CaseId,
                        Outcome = t["没有排：本案已经另排了庭期"],
                    },
                    ct
                );
                continue;
            }
            try
            {
                var made = await mediator.Send(
                    new BookHearing
                    {
                        CaseId = row.CaseId,
                        Minutes = plan.Minutes,
                        Start = Times.Local(row.StartsAt!.Value).DateTime,
                        RoomId = row.RoomId,
                        ClerkId = plan.ClerkId,
                        Size = plan.Size,
                        Features = plan.FeatureList,
                        WithAssessors = row.Assessors,
                    },
                    ct
                );
                booked++;
                await mediator.Send(
                    new NotePlanned
                    {
                        PlanId = id,
                        CaseId = row.CaseId,
                        HearingId = made.Id,
                        Outcome = t["已暂订 {0}", made.Room],
                    },
                    ct
                );
            }
            catch (Exception e) when (e is RuleBroken or Conflict or NotFound)
            {
                refused++;
                var why = t["没有排成：{0}", e is RuleBroken r ? t.Of(r) : e.Message];
                await mediator.Send(
                    new NotePlanned
                    {
                        PlanId = id,
                        CaseId = row.CaseId,
                        Outcome = why.Length > 400 ? why[..400] : why,
                    },
                    ct
                );
            }
        }
        return (booked, refused);
    }
}
