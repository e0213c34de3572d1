using CourtOps.Contracts;
using CourtOps.Kernel.Audit;
using CourtOps.Kernel.Messaging;
using CourtOps.Kernel.Security;
using CourtOps.Kernel.Settings;
using CourtOps.Kernel.Work;
using CourtOps.Triage.Filings;
using CourtOps.Triage.Settings;
using CourtOps.Workzone;

namespace CourtOps.Triage.Online;

/// <summary>Where the guided questions lead, with the papers a court asks for.</summary>
[Permit(PermitAttribute.Anyone)]
internal sealed record AskGuidance : IQuery<AskGuidance.Result>
{
    public string Court { get; init; } = "";
    public string Topic { get; init; } = "";
    public IReadOnlyList<string> Yes { get; init; } = [];
    public decimal? Amount { get; init; }

    /// <param name="Papers">Codes of <see cref="PaperKinds"/>.</param>
    internal sealed record Result(IReadOnlyList<CourtCard> Courts, Advice? Advice, IReadOnlyList<string> Papers);

    internal sealed class Handler(ICourts courts, ISettings settings) : IQueryHandler<AskGuidance, Result>
    {
        public async Task<Result> Handle(AskGuidance request, CancellationToken cancellationToken)
        {
            var all = (await courts.AllAsync(cancellationToken)).Where(c => c.Level is "basic" or "intermediate").ToList();
            if (Guidance.Topics.FirstOrDefault(t => t.Code == request.Topic) is not { } topic)
                return new Result(all, null, []);
            var court = all.Find(c => c.Code == request.Court || c.Name == request.Court);
            var advice = Guidance.Of(topic, request.Yes, request.Amount, court?.Code[..1]);
            var papers = TriageSettings
                .Papers.Decide(new PaperFacts { Kind = topic.Kind, Cause = topic.Cause }, settings.Current<TableBody>("triage.papers", court?.Id ?? 0))
                .Outcome.Papers;
            return new Result(all, advice, papers);
        }
    }
}
