using CourtOps.Contracts;
using CourtOps.Kernel.Data;
using CourtOps.Kernel.Files;
using CourtOps.Kernel.Messaging;
using CourtOps.Kernel.Printing;
using CourtOps.Kernel.Settings;
using CourtOps.Kernel.Web;
using CourtOps.Kernel.Work;
using CourtOps.TrialSupport.Checks;
using CourtOps.TrialSupport.Hearings;
using CourtOps.TrialSupport.Seals;
using CourtOps.Workzone.Cases;
using CourtOps.Workzone.Documents;

namespace CourtOps.TrialSupport.Drafts;

/// <summary>Prints a signed draft as PDF and makes it a document of the case, once. Without a printer the work waits and says so.</summary>
internal sealed class MakeDocument(
    Db db,
    Ids ids,
    ICases cases,
    SealKeeper keeper,
    DraftBook book,
    HearingBook hearings,
    Summonses summonses,
    HearingActs acts,
    ISettings settings,
    IPrinter printer,
    BlobStore blobs,
    IDocuments documents,
    Outbox outbox,
    TimeProvider clock
) : IWorkHandler
{
    public const string Name = "trial.issue";

    public string Queue => Name;

    public bool Repeatable => true;

    public int MaxAttempts => 500;

    public TimeSpan Lease => TimeSpan.FromMinutes(2);

    public int AtOnce => 1;

    public async Task<WorkOutcome> ActAsync(WorkItem item, CancellationToken ct)
    {
        var draft = await book.GetAsync(item.Read<Payload>().DraftId, ct);
        if (draft.State != DraftState.Issuing)
            return WorkOutcome.Done();
        var code = keeper.Ready ? SealKeeper.NewCode() : null;
        switch (await printer.PrintAsync([DraftPaper.Html(draft.Title, Blocks(draft), code)], TimeSpan.FromSeconds(60), ct))
        {
            case Printed printed:
                Seal? seal;
                try
                {
                    seal = code is null ? null : keeper.Sign(code, printed.Documents[0]);
                }
                catch (System.Security.Cryptography.CryptographicException)
                {
                    return WorkOutcome.Wait("签章证书不能用：已过期或者没有私钥，请系统管理员更换", TimeSpan.FromMinutes(10));
                }
                using (var stream = new MemoryStream(printed.Documents[0]))
                    return WorkOutcome.Done(new Made(await blobs.WriteAsync(stream, 50 << 20, ct), seal));
            case PrinterMissing missing:
                return WorkOutcome.Wait($"没有打印程序：请安装软件包 {missing.Package}", TimeSpan.FromMinutes(1));
            case PrintTimedOut late:
                return WorkOutcome.Retry($"打印超过 {late.Limit.TotalSeconds} 秒，已中止");
            case PrintFailed failed:
                return WorkOutcome.Retry($"打印没有成功：{failed.Reason}");
            default:
                return WorkOutcome.Retry("打印没有结果");
        }
    }

    public async Task RecordAsync(WorkItem item, WorkOutcome outcome, CancellationToken ct)
    {
        if (outcome.End != WorkEnd.Done || outcome.Result is not Made made)
            return;
        var payload = item.Read<Payload>();
        var draft = await book.GetAsync(payload.DraftId, ct);
        if (draft.State != DraftState.Issuing)
            return;
        var on = Times.Day(clock.GetUtcNow());
        var document = await documents.AddAsync(
            new NewDocument
            {
                CaseId = draft.CaseId,
                Kind = draft.Kind,
                Title = draft.Title,
                Blob = made.Blob,
                Source = "trial",
            },
            ct
        );
        await book.MoveAsync(
            draft,
            DraftStep.Made,
            ct,
            "document_id = @document, issued_on = @on",
            new
            {
                draft.Id,
                draft.Version,
                document = document.Id,
                on,
            }
        );
        if (made.Seal is { } seal)
            await db.ExecuteAsync(
                "INSERT INTO trial_public_seal (id, code, draft_id, document_id, court_name, kind, issued_on, digest, signature, signer, signed_at) "
                    + "VALUES (@id, @Code, @draft, @document, @court, @Kind, @on, @Digest, @Signature, @Signer, @now)",
                new
                {
                    id = ids.Next(),
                    seal.Code,
                    draft = draft.Id,
                    document = document.Id,
                    court = (await cases.GetAsync(draft.CaseId, ct)).CourtName,
                    draft.Kind,
                    on,
                    seal.Digest,
                    seal.Signature,
                    seal.Signer,
                    now = clock.StoredNow(),
                },
                ct
            );
        if (SignOffChain.IsDecision(draft.Kind) && SignOffChain.IsPicked(draft.Id, settings.Current<SignOffRules>(draft.CourtId).SamplePercent))
            await db.ExecuteAsync(
                "INSERT INTO trial_sample (id, draft_id, case_id, court_id, case_number, title, document_id, judge_id, judge_name, picked_on, state, "
                    + "version) VALUES (@id, @draft, @CaseId, @CourtId, @CaseNumber, @Title, @document, @JudgeId, @JudgeName, @on, 'open', 1)",
                new
                {
                    id = ids.Next(),
                    draft = draft.Id,
                    draft.CaseId,
                    draft.CourtId,
                    draft.CaseNumber,
                    draft.Title,
                    document = document.Id,
                    draft.JudgeId,
                    draft.JudgeName,
                    on,
                },
                ct
            );
        if (draft is { HearingId: { } hearing, HearingTurn: { } turn })
        {
            var h = await hearings.GetAsync(hearing, ct);
            await summonses.LinkAsync(document.Id, h, turn, ct);
            if (h.State == HearingState.Confirmed)
                await acts.TellAsync(h, ct);
        }
        await outbox.AddAsync(
            Catalogue.CaseKey(draft.CaseId),
            new DocumentIssued
            {
                CaseId = draft.CaseId,
                DocumentId = document.Id,
                Kind = draft.Kind,
                On = on,
                IssuedBy = payload.By,
            },
            ct
        );
    }

    // as the file has it, tables and all; a draft whose file cannot be read any more is printed as it was checked
    private IReadOnlyList<DocxBlock> Blocks(Draft draft)
    {
        try
        {
            using var file = blobs.Open(draft.Blob);
            return DocxLayout.Read(file);
        }
        catch (Exception e) when (e is RuleBroken or IOException)
        {
            return [.. draft.Lines.Select(l => new DocxBlock(l, null))];
        }
    }

    internal sealed record Made(Blob Blob, Seal? Seal);

    internal sealed record Payload
    {
        public long DraftId { get; init; }
        public long By { get; init; }
    }
}
