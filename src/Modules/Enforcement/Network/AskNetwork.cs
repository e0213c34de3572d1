using CourtOps.Enforcement.Checks;
using CourtOps.Enforcement.Measures;
using CourtOps.Kernel.Audit;
using CourtOps.Kernel.Data;
using CourtOps.Kernel.Messaging;
using CourtOps.Kernel.Security;
using CourtOps.Kernel.Work;
using CourtOps.Workzone.Cases;
using FluentValidation;

namespace CourtOps.Enforcement.Network;

/// <summary>Asks the network about the debtors of one case, or of all cases of the person whose inquiries have run out: a line for each debtor and kind of
/// property.</summary>
[Permit("enforcement.work")]
[Audited("enforcement.network.ask")]
internal sealed record AskNetwork : ICommand<BatchRow>
{
    public const int Most = 5000;

    /// <summary>Null: every open case of enforcement that the person sees and whose inquiries are due.</summary>
    public long? CaseId { get; init; }
    public IReadOnlyList<string> Categories { get; init; } = [];

    internal sealed class Validator : AbstractValidator<AskNetwork>
    {
        public Validator() => RuleFor(c => c.Categories).Must(a => a.All(Property.Asked.ContainsKey)).WithMessage("没有这类查询。");
    }

    internal sealed class Handler(
        Db db,
        Ids ids,
        Actor actor,
        TimeProvider clock,
        ICases cases,
        MeasureWork work,
        Lookout lookout,
        Command.NodeBook nodes,
        WorkQueue queue,
        InquirySystem system,
        Kernel.Settings.ISettings settings,
        AuditTrail audit
    ) : ICommandHandler<AskNetwork, BatchRow>
    {
        public async Task<BatchRow> Handle(AskNetwork c, CancellationToken cancellationToken)
        {
            var categories = c.Categories.Count > 0 ? c.Categories.Distinct().ToList() : [.. Property.Asked.Keys];
            var lines = new List<(long Case, PartyContact Party, string Category)>();
            foreach (var id in await CasesAsync(c.CaseId, cancellationToken))
            {
                var card = await cases.GetAsync(id, cancellationToken);
                if (c.CaseId is not null)
                    await lookout.TrackAsync(card, cancellationToken);
                var since = work.Today.AddDays(-settings.Current<LeakRules>(card.CourtId).InquiryWindow);
                var recent = (
                    await db.QueryAsync<Known>(
                        "SELECT party_id, category FROM enforcement_inquiry WHERE case_id = @id AND asked_on >= @since AND way = 'network'",
                        new { id, since },
                        cancellationToken
                    )
                )
                    .Select(k => (k.PartyId, k.Category))
                    .ToHashSet();
                var open = (
                    await db.QueryAsync<Known>(
                        "SELECT party_id, category FROM enforcement_batch_item WHERE case_id = @id AND answered_at IS NULL",
                        new { id },
                        cancellationToken
                    )
                )
                    .Select(k => (k.PartyId, k.Category))
                    .ToHashSet();
                foreach (
                    var party in (await cases.PartiesAsync(id, cancellationToken)).Where(p =>
                        p.Role == "被执行人" || (c.CaseId is not null && PartySide.Owes(p.Role))
                    )
                )
                    lines.AddRange(
                        categories
                            .Where(k => !open.Contains((party.Id, k)) && (c.CaseId is not null || !recent.Contains((party.Id, k))))
                            .Select(k => (id, party, k))
                    );
                if (lines.Count >= Most)
                    break;
            }
            if (lines.Count == 0)
                throw new RuleBroken("没有需要查询的被执行人：都在有效期内，或者已经发出、等待反馈。", "CaseId", "nothing");
            lines = [.. lines.Take(Most)];
            var http = system.Is;
            var batch = ids.Next();
            var court = lines.Count > 0 && c.CaseId is not null ? (await cases.GetAsync(lines[0].Case, cancellationToken)).CourtId : actor.CourtId;
            await db.ExecuteAsync(
                "INSERT INTO enforcement_batch (id, court_id, channel, state, items, answered, made_by, made_at, version) VALUES (@batch, @court, "
                    + "@channel, 'made', @count, 0, @name, @now, 1)",
                new
                {
                    batch,
                    court,
                    channel = http ? "http" : "file",
                    count = lines.Count,
                    name = actor.Name,
                    now = clock.StoredNow(),
                },
                cancellationToken
            );
            await db.ExecuteManyAsync(
                "INSERT INTO enforcement_batch_item (reference, batch_id, case_id, party_id, party_name, id_tail, category, found, note) VALUES "
                    + "(@Reference, @batch, @Case, @Party, @Name, @Tail, @Category, 0, '')",
                [
                    .. lines.Select(
                        (l, n) =>
                            (object)
                                new
                                {
                                    Reference = $"{batch}-{n + 1}",
                                    batch,
                                    l.Case,
                                    Party = l.Party.Id,
                                    l.Party.Name,
                                    Tail = l.Party.IdNumberTail ?? "",
                                    l.Category,
                                }
                    ),
                ],
                cancellationToken
            );
            foreach (var one in lines.Select(l => l.Case).Distinct())
                await nodes.DoneAsync(one, "network", work.Today, "已发起网络查询", cancellationToken);
            if (http)
                await queue.AddAsync(SendBatch.Name, SendBatch.KeyOf(batch, 1), new SendBatch.Payload { BatchId = batch }, ct: cancellationToken);
            audit.Note("inquiry-batch", batch, new { lines = lines.Count, http });
            return (
                await db.FirstAsync<BatchRow>($"SELECT {BatchRow.Columns} FROM enforcement_batch b WHERE b.id = @batch", new { batch }, cancellationToken)
            )!;
        }

        private async Task<IReadOnlyList<long>> CasesAsync(long? one, CancellationToken ct)
        {
            if (one is { } id)
                return [(await cases.GetAsync(id, ct)).Id];
            var (me, courts, places) = cases.Arguments;
            return await db.PageAsync<long>(
                "SELECT c.id FROM workzone_case_card c WHERE c.kind = 'enforcement' AND c.state = 'open' AND c.court_id IN @courts AND "
                    + cases.Seen("c.id")
                    + " ORDER BY c.id",
                new
                {
                    me,
                    courts,
                    places,
                },
                500,
                ct
            );
        }

        private sealed record Known
        {
            public long PartyId { get; init; }
            public string Category { get; init; } = "";
        }
    }
}
