using System.Globalization;
using CourtOps.Contracts;
using CourtOps.Kernel.Data;
using CourtOps.Kernel.Files;
using CourtOps.Kernel.Web;
using CourtOps.Law;
using CourtOps.Triage.Filings;
using CourtOps.Workzone;
using CourtOps.Workzone.Cases;
using CourtOps.Workzone.Documents;
using MediatR;

namespace CourtOps.Triage.Reactions;

/// <summary>
/// A case transferred to another court of this house lies at that court's counter as a filing, once, with what is known of it: parties, claims, facts,
/// papers, the ruling. Nothing is typed again; the volumes are awaited. Of a case of which nothing may be announced, none is made: it is filed by hand.
/// </summary>
internal sealed class WhenCaseIsTransferred(
    Db db,
    Ids ids,
    TimeProvider clock,
    ICases cases,
    IDocuments documents,
    ICourts courts,
    BlobStore blobs,
    FilingBook book,
    Intake intake
) : INotificationHandler<CaseEventRecorded>
{
    public async Task Handle(CaseEventRecorded notification, CancellationToken cancellationToken)
    {
        if (
            notification.Event != "transferred"
            || !notification.Facts.TryGetValue("courtId", out var to)
            || !long.TryParse(to, NumberStyles.None, CultureInfo.InvariantCulture, out var courtId)
            || await db.ScalarAsync<int>(
                $"SELECT COUNT(*) FROM workzone_case_card c WHERE c.id = @CaseId AND {cases.Announceable("c.id")}",
                new { notification.CaseId },
                cancellationToken
            ) == 0
        )
            return;
        var card = await cases.GetAsync(notification.CaseId, cancellationToken);
        var before = await db.FirstAsync<Filing>($"SELECT {FilingBook.Columns} FROM triage_filing f WHERE f.case_id = @Id", new { card.Id }, cancellationToken);
        var parties = Moved.Sound(await PartiesAsync(card.Id, before, cancellationToken));
        if (parties.Count == 0)
            return;
        var court = await courts.GetAsync(courtId, cancellationToken);
        var type = CaseNumber.Parse(card.Number).Type;
        var taken = await intake.TakeAsync(
            new TakeFiling
            {
                Kind = card.Kind,
                CaseType = type,
                Cause = card.Cause,
                // what came by a list has no claims, but its sum
                Claims = before?.ClaimList ?? await SumAsync(card.Id, cancellationToken),
                Facts = before?.FactSet ?? new FilingFacts(),
                Parties = parties,
                Sender = card.CourtName,
                // what is enforced stays what it was; otherwise the case here comes from the one there
                Origin = CaseKinds.NeedsEffect(type) && before is { OriginNumber.Length: > 0 } ? before.OriginNumber : card.Number,
            },
            new Entry("transfer", court, Statement: before?.Statement ?? ""),
            cancellationToken
        );
        await TransferAsync(taken.Id, courtId, card, cancellationToken);
        await PapersAsync(taken.Id, card.Id, before, notification.Facts.GetValueOrDefault("documentId"), cancellationToken);
        await book.NoteAsync(taken.Id, Moved.Step, card.Number, cancellationToken);
    }

    private async Task<IReadOnlyList<ClaimIn>> SumAsync(long caseId, CancellationToken ct) =>
        await db.FirstAsync<long?>("SELECT amount FROM workzone_case_card WHERE id = @caseId", new { caseId }, ct) is { } cents and > 0
            ? [new ClaimIn { Type = "money", Amount = cents / 100m }]
            : [];

    // the register knows the parties as they are now, the filing the phones of their agents
    private async Task<IReadOnlyList<PartyIn>> PartiesAsync(long caseId, Filing? before, CancellationToken ct)
    {
        var agents = (await cases.AgentsAsync(caseId, ct)).ToLookup(a => a.PartyId);
        var phones = before is null
            ? []
            : (await book.PartiesAsync(before.Id, ct)).SelectMany(p => p.Agents).GroupBy(a => a.Name).ToDictionary(g => g.Key, g => g.First().Phone);
        return
        [
            .. (await cases.PartiesAsync(caseId, ct)).Select(p => new PartyIn
            {
                Name = p.Name,
                Role = p.Role,
                PartyType = p.PartyType,
                IdNumber = p.IdNumber,
                Phone = p.Phone,
                Email = p.Email,
                EService = p.EService,
                Language = p.Language,
                Agents =
                [
                    .. agents[p.Id]
                        .Select(a => new AgentIn
                        {
                            Name = a.Name,
                            Type = a.AgentType,
                            Phone = phones.GetValueOrDefault(a.Name),
                        }),
                ],
            }),
        ];
    }

    private async Task TransferAsync(long filingId, long courtId, CaseCard card, CancellationToken ct)
    {
        await db.ExecuteAsync(
            "INSERT INTO triage_transfer (filing_id, court_id, transfer_type, sender, letter, custody_until, taken_at) VALUES (@filingId, @courtId, "
                + "@type, @sender, @letter, NULL, @now)",
            new
            {
                filingId,
                courtId,
                type = Moved.Type,
                sender = card.CourtName,
                letter = card.Number,
                now = clock.GetUtcNow(),
            },
            ct
        );
        foreach (var (item, title, here) in new[] { ("paper", "移送裁定书", true), ("volume", "原审理案卷", false) })
            await db.ExecuteAsync(
                "INSERT INTO triage_transfer_item (id, filing_id, item, title, amount, here, place) VALUES (@id, @filingId, @item, @title, NULL, @here, '')",
                new
                {
                    id = ids.Next(),
                    filingId,
                    item,
                    title,
                    here,
                },
                ct
            );
    }

    private async Task PapersAsync(long filingId, long caseId, Filing? before, string? ruling, CancellationToken ct)
    {
        var here = (await documents.OfCaseAsync(caseId, ct)).Where(d => d.Volume == "main").ToList();
        var papers = before is not null
            ? (await book.PapersAsync(before.Id, ct)).Select(p => (p.Kind, p.Title, p.Blob, p.Size, p.Pages))
            : here.Where(d => d.Kind is "complaint" or "evidence").Select(d => (d.Kind, d.Title, d.Blob, d.Size, d.Pages));
        var order = here.Where(d => d.Id.ToString(CultureInfo.InvariantCulture) == ruling).Select(d => ("other", d.Title, d.Blob, d.Size, d.Pages));
        foreach (var (kind, title, blob, size, pages) in papers.Concat(order).DistinctBy(p => (p.Item1, p.Item3)))
        {
            await blobs.KeepAsync(new Blob(blob, size), ct);
            await book.AddPaperAsync(
                new FilingPaper
                {
                    Id = ids.Next(),
                    FilingId = filingId,
                    Kind = kind,
                    Title = title,
                    Blob = blob,
                    Size = size,
                    Pages = pages,
                    AddedAt = clock.GetUtcNow(),
                },
                "移送",
                ct
            );
        }
    }
}
