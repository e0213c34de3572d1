using System.Text.Json;
using CourtOps.Contracts;
using CourtOps.Kernel.Audit;
using CourtOps.Kernel.Data;
using CourtOps.Kernel.Files;
using CourtOps.Kernel.Messaging;
using CourtOps.Kernel.Security;
using CourtOps.Kernel.Web;
using CourtOps.Law;
using CourtOps.Triage.Settings;
using CourtOps.Triage.Split;
using CourtOps.Workzone;
using CourtOps.Workzone.Cases;
using CourtOps.Workzone.Documents;
using FluentValidation;

namespace CourtOps.Triage.Filings;

/// <summary>Gives a filing its case number: the case, its papers, its fee and its band are there with it, in one commit.</summary>
[Permit("triage.work")]
[Audited("triage.filing.register")]
internal sealed record RegisterFiling : ICommand<RegisterFiling.Result>
{
    public long Id { get; init; }
    public int? Version { get; init; }

    /// <summary>Whether a missing paper and a suspected duplicate need a reason; programs answer for them themselves.</summary>
    public bool Strict { get; init; }

    /// <summary>Why it is registered though a paper is missing or the suit looks like another.</summary>
    public string Reason { get; init; } = "";

    /// <param name="FeeCents">Case fee to be paid in advance; null where none is.</param>
    internal sealed record Result(long CaseId, string CaseNumber, long? FeeCents, string Band);

    internal sealed class Validator : AbstractValidator<RegisterFiling>
    {
        public Validator() => RuleFor(c => c.Reason).MaximumLength(400).WithMessage("理由最长 400 个字符。");
    }

    internal sealed class Handler(Registering registering) : ICommandHandler<RegisterFiling, Result>
    {
        public Task<Result> Handle(RegisterFiling request, CancellationToken cancellationToken) =>
            registering.RegisterAsync(request.Id, request.Version, request.Strict, request.Reason, cancellationToken);
    }
}

/// <summary>Gives filings their numbers; called inside a transaction.</summary>
internal sealed class Registering(
    Db db,
    TimeProvider clock,
    Actor actor,
    FilingBook book,
    NearCases nearness,
    Numbering numbers,
    ICourts courts,
    ICaseRegister register,
    Origins origins,
    IDocuments documents,
    Fees.FeeLedger ledger,
    Transferring transfers,
    Decisions decisions,
    Screening screening,
    Outbox outbox,
    AuditTrail audit
)
{
    /// <param name="strict">A missing paper and a suspected duplicate need a reason.</param>
    /// <param name="series">Not the first of a series.</param>
    public async Task<RegisterFiling.Result> RegisterAsync(
        long id,
        int? version,
        bool strict,
        string reason,
        CancellationToken cancellationToken,
        bool series = false
    )
    {
        var filing = await book.GetAsync(id, version, cancellationToken);
        if (filing.CaseId is not null)
            throw new RuleBroken($"已经登记为 {filing.CaseNumber}。", code: "registered", wayOut: $"/triage/filings/{filing.Id}");
        var today = Times.Day(clock.GetUtcNow());
        var court = await courts.GetAsync(filing.CourtId, cancellationToken);
        var parties = await book.PartiesAsync(filing.Id, cancellationToken);
        var papers = await book.PapersAsync(filing.Id, cancellationToken);
        var near = await nearness.FindAsync(filing, parties, today, cancellationToken);
        if (strict && string.IsNullOrWhiteSpace(reason))
            await DemandCompleteAsync(filing, parties, papers, near, cancellationToken);
        await origins.DemandAsync(filing, reason, cancellationToken);
        var number = await numbers.NextAsync(court, filing.CaseType, today.Year, cancellationToken);
        var caseId = await register.RegisterAsync(
            new NewCase
            {
                Number = number,
                CourtId = court.Id,
                Kind = filing.Kind,
                Cause = filing.Cause,
                Procedure = filing.ProcedureCode,
                FiledOn = today,
                AmountCents = filing.Amount,
                Parties = parties,
                CustodyUntil = filing.FactSet.CustodyUntil,
                OriginId = filing.OriginId,
                Source = "triage",
            },
            cancellationToken
        );
        await ProsecutionAsync(filing.Id, filing.Kind, caseId, cancellationToken);
        var documentIds = await FileAsync(caseId, papers, cancellationToken);
        var (fee, feeWhy) = FilingFee.Of(filing.Kind, filing.CaseType, filing.Cause, filing.ProcedureCode, filing.Amount, court.Code[..1]);
        var split = await SplitAsync(filing, parties, papers, near, caseId, series, cancellationToken);
        var args = new
        {
            filing.Id,
            filing.Version,
            now = clock.GetUtcNow(),
            caseId,
            number,
            fee,
            feeWhy = JsonSerializer.Serialize(feeWhy, Json.Stored),
            split.Score,
            split.Band,
            split.Weight,
            bandWhy = JsonSerializer.Serialize(split.Why, Json.Stored),
            reason = reason.Trim(),
        };
        await book.MoveAsync(
            filing,
            FilingStep.Register,
            args,
            "registered_at = @now, case_id = @caseId, case_number = @number, fee = @fee, fee_why = @feeWhy, score = @Score, band = @Band, weight = "
                + "@Weight, band_why = @bandWhy, reason = @reason, decide_by = NULL",
            cancellationToken
        );
        if (fee is > 0)
        {
            var bill = await ledger.IssueAsync(filing, court, caseId, number, fee.Value, cancellationToken);
            if (filing.OriginId is { } origin && await transfers.IsMovedAsync(filing, cancellationToken))
                await ledger.CarryAsync(origin, bill, today, cancellationToken);
        }
        await book.NoteAsync(filing.Id, FilingStep.Register, reason.Trim(), cancellationToken);
        await outbox.AddAsync(
            Catalogue.CaseKey(caseId),
            new CaseRegistered
            {
                CaseId = caseId,
                Number = number,
                CourtId = court.Id,
                Kind = filing.Kind,
                Cause = filing.Cause,
                ProcedureCode = filing.ProcedureCode,
                FiledOn = today,
                FilingId = filing.Id,
                DocumentIds = documentIds,
                RegisteredBy = actor.Id,
                FeeCents = fee,
                Claims = [.. filing.ClaimList.Select(c => c.Words?.Trim() ?? "").Where(w => w.Length > 0)],
            },
            cancellationToken
        );
        audit.Note(
            "filing",
            filing.Id,
            new
            {
                number,
                documents = documentIds.Count,
                fee,
                split.Band,
            },
            caseId
        );
        return new RegisterFiling.Result(caseId, number, fee, split.Band);
    }

    private async Task DemandCompleteAsync(
        Filing filing,
        IReadOnlyList<NewParty> parties,
        IReadOnlyList<FilingPaper> papers,
        IReadOnlyList<Near> near,
        CancellationToken ct
    )
    {
        var list = await decisions.DecideAsync<PaperList>(
            "triage.papers",
            new PaperFacts
            {
                Kind = filing.Kind,
                Cause = filing.Cause,
                Agent = parties.Any(p => p.Agents.Count > 0),
            },
            filing.CourtId,
            null,
            ct: ct
        );
        if (list.Outcome.Papers.Except(papers.Select(p => p.Kind)).ToList() is { Count: > 0 } missing)
            throw new RuleBroken(
                $"还缺：{string.Join('、', missing.Select(m => PaperKinds.Labels[m]))}。请收齐、一次性告知补正，或者写明先行立案的理由。",
                "Reason",
                "incomplete"
            );
        if (near.FirstOrDefault(n => n.What is "duplicate" or "repeat-divorce") is { } same)
            throw new RuleBroken($"与 {same.Number} {Nearness.Labels[same.What]}。请核对；确实是另一案的，写明理由后登记。", "Reason", "duplicate");
    }

    // what came with a prosecution goes into the register of the case
    private async Task ProsecutionAsync(long filingId, string kind, long caseId, CancellationToken ct)
    {
        if (kind != "criminal")
            return;
        var transfer = await db.FirstAsync<TransferRow>(
            """
            SELECT t.sender, t.letter,
                   (SELECT COUNT(*) FROM triage_transfer_item i WHERE i.filing_id = t.filing_id AND i.item = 'volume' AND i.here = 1) AS volumes
            FROM triage_transfer t WHERE t.filing_id = @filingId AND t.transfer_type = 'prosecution'
            """,
            new { filingId },
            ct
        );
        if (transfer is null)
            return;
        var held = await db.QueryAsync<CustodyRow>(
            "SELECT name, until_on, place FROM triage_custody WHERE filing_id = @filingId AND measure = 'detained' ORDER BY id",
            new { filingId },
            ct
        );
        await register.ProsecutionAsync(
            caseId,
            new Prosecution
            {
                Office = transfer.Sender,
                Number = transfer.Letter,
                Volumes = transfer.Volumes,
                Custody = [.. held.Select(h => new AccusedCustody(h.Name, h.UntilOn, h.Place))],
            },
            ct
        );
    }

    private sealed record TransferRow
    {
        public string Sender { get; init; } = "";
        public string Letter { get; init; } = "";
        public int Volumes { get; init; }
    }

    private sealed record CustodyRow
    {
        public string Name { get; init; } = "";
        public DateOnly? UntilOn { get; init; }
        public string Place { get; init; } = "";
    }

    private async Task<List<long>> FileAsync(long caseId, IReadOnlyList<FilingPaper> papers, CancellationToken ct)
    {
        var filed = new Dictionary<(string, string), long>();
        foreach (var p in papers)
        {
            var key = (p.Blob, PaperKinds.DocumentKind(p.Kind));
            if (!filed.TryGetValue(key, out var documentId))
                filed[key] = documentId = (
                    await documents.AddAsync(
                        new NewDocument
                        {
                            CaseId = caseId,
                            Kind = key.Item2,
                            Title = p.Title,
                            Blob = new Blob(p.Blob, p.Size),
                            Pages = p.Pages,
                            Source = "triage",
                        },
                        ct
                    )
                ).Id;
            await db.ExecuteAsync("UPDATE triage_filing_paper SET document_id = @documentId WHERE id = @Id", new { documentId, p.Id }, ct);
        }
        return [.. filed.Values];
    }

    private async Task<SplitOutcome> SplitAsync(
        Filing filing,
        IReadOnlyList<NewParty> parties,
        IReadOnlyList<FilingPaper> papers,
        IReadOnlyList<Near> near,
        long caseId,
        bool series,
        CancellationToken ct
    )
    {
        var cause = await decisions.DecideAsync<CauseWeight>(
            "triage.causes",
            new CauseFacts { Kind = filing.Kind, Cause = filing.Cause },
            filing.CourtId,
            caseId,
            ct: ct
        );
        var facts = filing.FactSet;
        var input = new SplitFacts
        {
            Kind = filing.Kind,
            Cause = filing.Cause,
            Procedure = filing.ProcedureCode,
            CausePoints = cause.Outcome.Points,
            CauseWeight = cause.Outcome.Weight,
            Parties = parties.Count,
            ThirdParty = parties.Any(p => p.Role == "第三人"),
            Counterclaim = facts.Has("counterclaim"),
            Expert = facts.Has("expert"),
            Announcement = facts.Has("defendantMissing"),
            Foreign = facts.Has("foreign"),
            Sensitive = facts.Has("sensitive"),
            Claims = filing.ClaimList.Count,
            Pages = papers.Sum(p => p.Pages ?? 0),
            Related = near.Count(n => n.What is "between-same"),
            Series = series || near.Any(n => n is { What: "series", CaseId: not null, Open: true }),
            AmountCents = filing.Amount ?? 0,
        };
        var split = (await decisions.DecideAsync<SplitOutcome>("triage.split", input, filing.CourtId, caseId, ct: ct)).Outcome;
        await screening.KeepAsync(caseId, filing.CourtId, input, split, ct);
        return split;
    }
}

/// <summary>
/// Case numbers by court, type sign and year (E-07), without gap or double: taken in the transaction that registers, so that what is rolled back is given
/// again.
/// They go on above what was imported, also in between.
/// </summary>
internal sealed class Numbering(Db db, ICaseIndex index)
{
    public async Task<string> NextAsync(CourtCard court, string type, int year, CancellationToken ct)
    {
        var there = await index.LastSerialAsync(court.Id, type, year, ct);
        var args = new
        {
            court = court.Id,
            type,
            year,
            there,
            next = there + 1,
        };
        const string next =
            "UPDATE triage_number SET last = CASE WHEN last < @there THEN @there ELSE last END + 1 WHERE court_id = @court AND case_type = @type AND "
            + "year = @year";
        if (await db.ExecuteAsync(next, args, ct) == 0)
            try
            {
                await db.ExecuteAsync("INSERT INTO triage_number (court_id, case_type, year, last) VALUES (@court, @type, @year, @next)", args, ct);
            }
            catch (Exception e) when (db.Dialect.IsDuplicate(e))
            {
                // another host was first with the first number of the year
                await db.ExecuteAsync(next, args, ct);
            }
        var serial = await db.ScalarAsync<long>("SELECT last FROM triage_number WHERE court_id = @court AND case_type = @type AND year = @year", args, ct);
        return CaseNumber.Format(year, court.Code, type, serial);
    }
}
