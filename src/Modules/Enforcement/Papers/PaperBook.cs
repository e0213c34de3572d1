using System.Text.Json;
using CourtOps.Enforcement.Checks;
using CourtOps.Enforcement.Measures;
using CourtOps.Enforcement.Persuade;
using CourtOps.Kernel.Data;
using CourtOps.Kernel.Messaging;
using CourtOps.Kernel.Security;
using CourtOps.Kernel.Web;
using CourtOps.Kernel.Work;
using CourtOps.Workzone.Cases;

namespace CourtOps.Enforcement.Papers;

internal sealed record PaperRow
{
    public const string Columns =
        "p.id, p.case_id, p.court_id, p.kind, p.subject, p.party_id, p.measure_id, p.title, p.addressee, p.paragraphs, p.signer, p.dated_on, p.asked_name, "
        + "p.asked_at, p.made_at, p.document_id, p.served_on";

    public long Id { get; init; }
    public long CaseId { get; init; }
    public long CourtId { get; init; }
    public string Kind { get; init; } = "";

    /// <summary>What it is of: the same paper of the same subject is drafted once while it waits.</summary>
    public string Subject { get; init; } = "";
    public long? PartyId { get; init; }
    public long? MeasureId { get; init; }
    public string Title { get; init; } = "";
    public string Addressee { get; init; } = "";

    /// <summary>JSON: a text each.</summary>
    public string Paragraphs { get; init; } = "[]";
    public string Signer { get; init; } = "";
    public DateOnly DatedOn { get; init; }
    public string AskedName { get; init; } = "";
    public DateTimeOffset AskedAt { get; init; }
    public DateTimeOffset? MadeAt { get; init; }
    public long? DocumentId { get; init; }
    public DateOnly? ServedOn { get; init; }
}

/// <summary>Keeps what a paper says and has it printed into the case; in the open transaction.</summary>
internal sealed class PaperBook(Db db, Ids ids, Actor actor, TimeProvider clock, Lookout lookout, WorkQueue queue)
{
    public DateOnly Today => Times.Day(clock.GetUtcNow());

    /// <summary>What the papers say of a case.</summary>
    public async Task<PaperCase> CaseAsync(CaseCard card, CancellationToken ct)
    {
        var (facts, _) = await lookout.FactsAsync(card.Id, ct);
        var parties = await db.QueryAsync<Party>("SELECT name, role FROM workzone_party_card WHERE case_id = @Id ORDER BY ordinal", new { card.Id }, ct);
        var basis = await db.FirstAsync<string>(
            "SELECT o.number FROM workzone_case_card c JOIN workzone_case_card o ON o.id = c.origin_id WHERE c.id = @Id",
            new { card.Id },
            ct
        );
        return new PaperCase(
            card.CourtName,
            card.Number,
            string.Join('、', parties.Where(p => PartySide.Claims(p.Role)).Select(p => p.Name)),
            string.Join('、', parties.Where(p => PartySide.Owes(p.Role)).Select(p => p.Name)),
            basis ?? "",
            facts.Owed,
            facts.Costs,
            facts.Today
        );
    }

    /// <summary>Drafts the paper of a means that was granted.</summary>
    public async Task SanctionAsync(CaseCard card, SanctionRow s, CancellationToken ct)
    {
        if (PaperTexts.Labels.ContainsKey(s.Kind))
            await AskAsync(card, s.Kind, $"sanction:{s.Id}", s.PartyId, null, PaperTexts.OfSanction(await CaseAsync(card, ct), s), ct);
    }

    /// <summary>Drafts the ruling that ends a round.</summary>
    public async Task RoundEndAsync(CaseCard card, long roundId, string words, CancellationToken ct)
    {
        var (facts, _) = await lookout.FactsAsync(card.Id, ct);
        await AskAsync(card, PaperTexts.RoundEnd, $"round:{roundId}", null, null, PaperTexts.OfRoundEnd(await CaseAsync(card, ct), words, facts.Paid), ct);
    }

    /// <exception cref="RuleBroken">Code there-already: the same paper waits to be printed, or was drafted today.</exception>
    public async Task<long> AskAsync(CaseCard card, string kind, string subject, long? partyId, long? measureId, PaperText text, CancellationToken ct)
    {
        if (
            await db.ScalarAsync<int>(
                "SELECT COUNT(*) FROM enforcement_paper WHERE subject = @subject AND kind = @kind AND (made_at IS NULL OR dated_on = @today)",
                new
                {
                    subject,
                    kind,
                    today = Today,
                },
                ct
            ) > 0
        )
            throw new RuleBroken($"{PaperTexts.Labels[kind]}今天已经拟稿，见文书列表。", "Kind", "there-already");
        var id = ids.Next();
        await db.ExecuteAsync(
            """
            INSERT INTO enforcement_paper (id, case_id, court_id, kind, subject, party_id, measure_id, title, addressee, paragraphs, signer, dated_on, asked_by,
                asked_name, asked_at)
            VALUES (@id, @CaseId, @CourtId, @kind, @subject, @partyId, @measureId, @Title, @To, @paragraphs, @Signer, @today, @by, @name, @now)
            """,
            new
            {
                id,
                CaseId = card.Id,
                card.CourtId,
                kind,
                subject,
                partyId,
                measureId,
                text.Title,
                text.To,
                paragraphs = JsonSerializer.Serialize(text.Paragraphs, Json.Stored),
                text.Signer,
                today = Today,
                by = actor.Id,
                name = actor.Name,
                now = clock.StoredNow(),
            },
            ct
        );
        await queue.AddAsync(PrintPaper.Name, $"{id}", new PrintPaper.Payload { PaperId = id, Kind = text.DocumentKind }, ct: ct);
        return id;
    }

    private sealed record Party
    {
        public string Name { get; init; } = "";
        public string Role { get; init; } = "";
    }
}
