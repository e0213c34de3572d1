using CourtOps.Contracts;
using CourtOps.Kernel.Data;
using CourtOps.Kernel.Files;
using CourtOps.Kernel.Messaging;
using CourtOps.Kernel.Printing;
using CourtOps.Kernel.Work;
using CourtOps.ServiceOfDocuments.Tasks;
using CourtOps.Workzone.Documents;

namespace CourtOps.ServiceOfDocuments.Proofs;

/// <summary>Prints the proof of service (送达回证) of a recipient. Without a printer the work waits and says so.</summary>
internal sealed class MakeProof(
    Db db,
    Notices notices,
    NoticeBook book,
    IPrinter printer,
    BlobStore blobs,
    PdfInspector inspector,
    DataFolder folder,
    IDocuments documents,
    Outbox outbox,
    Finishing finishing
) : IWorkHandler
{
    public const string Name = "service.proof";

    public string Queue => Name;

    public bool Repeatable => true;

    public int MaxAttempts => 500;

    public TimeSpan Lease => TimeSpan.FromMinutes(2);

    public int AtOnce => 1;

    public async Task<WorkOutcome> ActAsync(WorkItem item, CancellationToken ct)
    {
        var payload = item.Read<Payload>();
        var notice = await notices.GetAsync(payload.NoticeId, ct);
        if (notice.State == NoticeState.Contested)
            return WorkOutcome.Wait("送达有疑问，认定之后再做回证", TimeSpan.FromMinutes(10));
        if (notice.State != NoticeState.Served || (notice.ProofDocumentId is not null && !payload.Anew))
            return WorkOutcome.Done();
        var tasks = await notices.TasksAsync(notice.Id, ct);
        var facts = notice.Channel is null
            ? null
            : await db.FirstAsync<string>(
                "SELECT facts FROM service_attempt WHERE notice_id = @Id AND channel = @Channel AND settled_at IS NOT NULL AND effective_on IS NOT NULL",
                new { notice.Id, notice.Channel },
                ct
            );
        var attempt = facts is null ? null : System.Text.Json.JsonSerializer.Deserialize<Attempts.AttemptFacts>(facts, Json.Stored);
        var code = ProofCodes.New();
        var outcome = await printer.PrintAsync([ProofPaper.Html(notice, tasks, notices.Now(), attempt, code)], TimeSpan.FromSeconds(60), ct);
        switch (outcome)
        {
            case Printed printed:
                using (var stream = new MemoryStream(printed.Documents[0]))
                    return WorkOutcome.Done(new Made(await blobs.WriteAsync(stream, 50 * 1024 * 1024, ct), await PagesAsync(printed.Documents[0], ct), code));
            case PrinterMissing missing:
                return WorkOutcome.Wait($"没有打印程序：请安装软件包 {missing.Package}", TimeSpan.FromMinutes(1));
            case PrintTimedOut late:
                return WorkOutcome.Retry($"打印超过 {late.Limit.TotalSeconds} 秒，已中止");
            default:
                return WorkOutcome.Retry($"打印没有成功：{(outcome as PrintFailed)?.Reason}");
        }
    }

    public async Task RecordAsync(WorkItem item, WorkOutcome outcome, CancellationToken ct)
    {
        if (outcome.End != WorkEnd.Done || outcome.Result is not Made { Blob: { } blob } made)
            return;
        var payload = item.Read<Payload>();
        var notice = await notices.GetAsync(payload.NoticeId, ct);
        // what came in while it was printed is not hidden by it: a contested service has no proof
        if (notice.State != NoticeState.Served || (notice.ProofDocumentId is not null && !payload.Anew))
            return;
        var now = notices.Now();
        var document = await documents.AddAsync(
            new NewDocument
            {
                CaseId = notice.CaseId,
                Kind = "proof",
                Title = $"送达回证（{notice.Recipient}）",
                Blob = blob,
                Pages = made.Pages,
                Source = "service",
                ReplacesId = notice.ProofDocumentId,
            },
            ct
        );
        await book.MoveAsync(
            notice,
            NoticeStep.Prove,
            ct,
            "proof_document_id = @document, proof_at = @now",
            new
            {
                notice.Id,
                notice.Version,
                document = document.Id,
                now,
            }
        );
        await db.ExecuteAsync("UPDATE service_public_notice SET proof_blob = @Sha256 WHERE notice_id = @Id", new { notice.Id, blob.Sha256 }, ct);
        await db.ExecuteAsync("UPDATE service_public_proof SET voided_at = @now WHERE notice_id = @Id AND voided_at IS NULL", new { notice.Id, now }, ct);
        if (made.Code.Length > 0)
            await db.ExecuteAsync(
                "INSERT INTO service_public_proof (code, court_name, case_number, masked_name, method, effective_on, documents, proof_sha, made_at, "
                    + "notice_id) VALUES (@Code, @CourtName, @CaseNumber, @masked, @method, @EffectiveOn, @papers, @Sha256, @now, @Id)",
                new
                {
                    made.Code,
                    notice.CourtName,
                    notice.CaseNumber,
                    masked = new Party.PublicNotice { Recipient = notice.Recipient }.MaskedName,
                    method = notice.Channel ?? ServeOrder.Channel,
                    notice.EffectiveOn,
                    blob.Sha256,
                    now,
                    notice.Id,
                    papers = System.Text.Json.JsonSerializer.Serialize(
                        (await notices.TasksAsync(notice.Id, ct)).Select(t => new ProvedPaper(t.DocumentTitle, t.DocumentBlob, t.EffectiveOn)),
                        Json.Stored
                    ),
                },
                ct
            );
        await notices.NoteAsync(notice, "proof", now, new { documentId = document.Id }, document.Title, ct);
        await outbox.AddAsync(
            Catalogue.CaseKey(notice.CaseId),
            new ProofMade
            {
                CaseId = notice.CaseId,
                OrderId = notice.OrderId,
                NoticeId = notice.Id,
                ProofDocumentId = document.Id,
                PartyId = notice.PartyId,
                RecipientName = notice.Recipient,
                At = now,
            },
            ct
        );
        await finishing.LookAsync(notice.OrderId, ct);
    }

    // null where nothing is installed that counts them
    private async Task<int?> PagesAsync(byte[] pdf, CancellationToken ct)
    {
        var path = folder.Private();
        try
        {
            await File.WriteAllBytesAsync(path, pdf, ct);
            return await inspector.InspectAsync(path, ct: ct) is { Pages: > 0 } facts ? facts.Pages : null;
        }
        finally
        {
            File.Delete(path);
        }
    }

    /// <param name="Pages">Null: not known.</param>
    /// <param name="Code">By which the public page confirms it.</param>
    internal sealed record Made(Blob Blob, int? Pages, string Code = "");

    internal sealed record Payload
    {
        public long NoticeId { get; init; }

        /// <summary>In the place of the one that is there.</summary>
        public bool Anew { get; init; }
    }
}
