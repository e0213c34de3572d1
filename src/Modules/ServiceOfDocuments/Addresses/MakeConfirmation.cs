using System.Text.Json;
using CourtOps.Kernel.Data;
using CourtOps.Kernel.Files;
using CourtOps.Kernel.Messaging;
using CourtOps.Kernel.Printing;
using CourtOps.Kernel.Security;
using CourtOps.Kernel.Web;
using CourtOps.Kernel.Work;
using CourtOps.Workzone.Cases;
using CourtOps.Workzone.Documents;

namespace CourtOps.ServiceOfDocuments.Addresses;

/// <summary>Prints the signed confirmation and files it in the case. Without a printer the work waits and says so.</summary>
internal sealed class MakeConfirmation(Db db, Secrets secrets, IPrinter printer, BlobStore blobs, IDocuments documents, ICases cases, TimeProvider clock)
    : IWorkHandler
{
    public const string Name = "service.confirmation";

    private static readonly Lazy<HtmlTemplate> Template = new(() =>
        HtmlTemplate.FromResource(typeof(MakeConfirmation).Assembly, "Templates.address-confirmation.html")
    );

    public string Queue => Name;

    public bool Repeatable => true;

    public int MaxAttempts => 500;

    public TimeSpan Lease => TimeSpan.FromMinutes(2);

    public int AtOnce => 1;

    public async Task<WorkOutcome> ActAsync(WorkItem item, CancellationToken ct)
    {
        var row = await FindAsync(item.Read<Payload>().Id, ct);
        if (row is null || row.DocumentId is not null)
            return WorkOutcome.Done();
        var card = await cases.GetAsync(row.CaseId, ct);
        var party = (await cases.PartiesAsync(row.CaseId, ct)).First(p => p.Id == row.PartyId);
        var form = JsonSerializer.Deserialize<ConfirmationForm>(secrets.Reveal(row.FormEnc)!, Json.Stored)!;
        switch (await printer.PrintAsync([Html(card, party, form, clock.GetUtcNow())], TimeSpan.FromSeconds(60), ct))
        {
            case Printed printed:
                using (var stream = new MemoryStream(printed.Documents[0]))
                    return WorkOutcome.Done(await blobs.WriteAsync(stream, 50 * 1024 * 1024, ct));
            case PrinterMissing missing:
                return WorkOutcome.Wait($"没有打印程序：请安装软件包 {missing.Package}", TimeSpan.FromMinutes(1));
            default:
                return WorkOutcome.Retry("打印没有成功");
        }
    }

    public async Task RecordAsync(WorkItem item, WorkOutcome outcome, CancellationToken ct)
    {
        if (outcome.End != WorkEnd.Done || outcome.Result is not Blob blob || await FindAsync(item.Read<Payload>().Id, ct) is not { DocumentId: null } row)
            return;
        var party = (await cases.PartiesAsync(row.CaseId, ct)).First(p => p.Id == row.PartyId);
        var document = await documents.AddAsync(
            new NewDocument
            {
                CaseId = row.CaseId,
                Kind = "other",
                Title = $"送达地址确认书（{party.Name}）",
                Blob = blob,
                Source = "service",
            },
            ct
        );
        await db.ExecuteAsync(
            "UPDATE service_confirmation SET document_id = @DocumentId WHERE id = @Id AND document_id IS NULL",
            new { row.Id, DocumentId = document.Id },
            ct
        );
        await db.ExecuteAsync(
            "UPDATE service_address SET evidence_id = @DocumentId, version = version + 1 WHERE party_id = @PartyId AND origin = 'confirmed' AND "
                + "ended_at IS NULL AND evidence_id IS NULL",
            new { row.PartyId, DocumentId = document.Id },
            ct
        );
    }

    internal static string Html(CaseCard card, PartyContact party, ConfirmationForm f, DateTimeOffset now) =>
        Template.Value.Render(
            new
            {
                Court = card.CourtName,
                card.Number,
                card.Cause,
                Party = party.Name,
                party.Role,
                f.Recipient,
                f.Address,
                Postcode = Or(f.Postcode),
                f.Phone,
                Email = Or(f.Email),
                Agent = Or(f.Agent),
                AgentPhone = Or(f.AgentPhone),
                Consent = f.EService ? "☑ 同意　☐ 不同意" : "☐ 同意　☑ 不同意",
                Judgments = f.EService && f.Judgments ? "☑ 同意　☐ 不同意" : "☐ 同意　☑ 不同意",
                Scope = f.LaterToo ? "一审、二审、再审和执行" : "仅本审级",
                Signed = f.Signature == "drawn" ? "" : f.SignedName,
                Drawing = f.Signature == "drawn" ? "data:image/png;base64," + f.Drawing : "",
                SignedOn = f.SignedOn is { } on ? on.ToString("yyyy年M月d日", System.Globalization.CultureInfo.InvariantCulture) : "",
                How = f.Signature == "drawn" ? "本人经个人链接核对证件号码后在线手写签名"
                : f.Signature == "typed" ? "本人经个人链接核对证件号码后在线签名"
                : "",
                MadeAt = Times.Full(now),
            }
        );

    private static string Or(string text) => text.Length > 0 ? text : "／";

    private Task<Row?> FindAsync(long id, CancellationToken ct) =>
        db.FirstAsync<Row>("SELECT id, case_id, party_id, form_enc, document_id FROM service_confirmation WHERE id = @id", new { id }, ct);

    private sealed record Row
    {
        public long Id { get; init; }
        public long CaseId { get; init; }
        public long PartyId { get; init; }
        public string FormEnc { get; init; } = "";
        public long? DocumentId { get; init; }
    }

    internal sealed record Payload
    {
        public long Id { get; init; }
    }
}
