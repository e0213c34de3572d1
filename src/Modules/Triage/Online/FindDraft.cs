using CourtOps.Kernel.Audit;
using CourtOps.Kernel.Messaging;
using CourtOps.Kernel.Security;
using CourtOps.Kernel.Settings;
using CourtOps.Kernel.Work;
using CourtOps.Triage.Filings;
using CourtOps.Triage.Settings;

namespace CourtOps.Triage.Online;

/// <summary>A filing as its own page shows it.</summary>
[Permit(PermitAttribute.Anyone)]
internal sealed record FindDraft : IQuery<FindDraft.Result>
{
    public string Token { get; init; } = "";

    /// <summary>Whether the browser has identified itself: without it nothing of the content is read.</summary>
    public bool Known { get; init; }

    internal sealed record Result(
        PublicFiling Filing,
        DraftContent? Content,
        IReadOnlyList<PublicPaper> Papers,
        IReadOnlyList<PublicMessage> Messages,
        IReadOnlyList<string> Needed,
        IReadOnlyList<FilingLine> Lines
    )
    {
        public IReadOnlyList<string> Missing => [.. Needed.Except(Papers.Select(p => p.Kind))];
    }

    internal sealed class Handler(PublicFilings filings, ISettings settings, Kernel.Access.AccessLog reads) : IQueryHandler<FindDraft, Result>
    {
        public async Task<Result> Handle(FindDraft request, CancellationToken cancellationToken)
        {
            var filing = await filings.FindAsync(request.Token, cancellationToken);
            reads.Note("triage.online.view", "public-filing", filing.Id);
            if (!request.Known)
                return new Result(filing, null, [], [], [], []);
            var content = filings.ContentOf(filing);
            var needed = TriageSettings
                .Papers.Decide(
                    new PaperFacts
                    {
                        Kind = content.Kind,
                        Cause = content.Cause,
                        Agent = filing.Role == "agent",
                    },
                    settings.Current<TableBody>("triage.papers", filing.CourtId)
                )
                .Outcome.Papers;
            var messages = await filings.MessagesAsync(filing.Id, cancellationToken);
            return new Result(
                filing,
                content,
                await filings.PapersAsync(filing.Id, cancellationToken),
                messages,
                filing.Role == "agent" ? [.. needed.Append("authority").Distinct()] : needed,
                await filings.LinesAsync(filing.Id, messages, cancellationToken)
            );
        }
    }
}
