using CourtOps.Kernel.Data;
using CourtOps.Kernel.Files;
using CourtOps.Kernel.Mail;
using CourtOps.Kernel.Printing;
using CourtOps.Kernel.Security;
using CourtOps.Kernel.Work;
using CourtOps.Workzone.Documents;
using Microsoft.Extensions.Configuration;

namespace CourtOps.Triage.Mediation;

/// <summary>The invitation by mail, with the link of the phone page. Twice harms nobody.</summary>
internal sealed class SendInvitation(Db db, Secrets secrets, SmtpMail smtp, IConfiguration configuration) : IWorkHandler
{
    public const string Name = "triage.invite";

    public string Queue => Name;

    public bool Repeatable => true;

    public int MaxAttempts => 20;

    public TimeSpan Lease => TimeSpan.FromMinutes(3);

    /// <summary>The link stands on the page too; who does not answer is escalated.</summary>
    public bool IsForgettable => true;

    public async Task<WorkOutcome> ActAsync(WorkItem item, CancellationToken ct)
    {
        var row = await db.FirstAsync<MediationRow>(
            $"SELECT {MediationBook.Columns} FROM triage_mediation m WHERE m.id = @MediationId",
            item.Read<Payload>(),
            ct
        );
        var email = row?.MediatorId is { } id ? await db.FirstAsync<string>("SELECT email_enc FROM triage_mediator WHERE id = @id", new { id }, ct) : null;
        if (row?.TokenEnc is null || email is null || row.State != MediationState.Invited)
            return WorkOutcome.Done(); // somebody else was named meanwhile
        var link = (configuration["CourtOps:BaseUrl"] ?? "http://localhost:5080").TrimEnd('/') + "/p/mediate/" + secrets.Reveal(row.TokenEnc);
        var text = $"{row.MediatorName}：请您调解 {row.CaseNumber} {row.Cause}，请于 {row.ConfirmBy:yyyy-MM-dd} 前打开链接确认：{link}";
        var sent = await smtp.SendAsync(
            "人民法院调解中心",
            secrets.Reveal(email)!,
            $"调解邀请 {row.CaseNumber}",
            text,
            $"<p>{System.Net.WebUtility.HtmlEncode(text)}</p>",
            $"<{item.Id}@courtops.invalid>",
            ct
        );
        return sent.End == WorkEnd.Doubt ? WorkOutcome.Done() : sent;
    }

    public Task RecordAsync(WorkItem item, WorkOutcome outcome, CancellationToken ct) => Task.CompletedTask;

    internal sealed record Payload
    {
        public long MediationId { get; init; }
    }
}

/// <summary>Prints the agreement and puts it to the case. Without a printer the work waits and says so.</summary>
internal sealed class PrintAgreement(IPrinter printer, BlobStore blobs, IDocuments documents, MediationBook book) : IWorkHandler
{
    public const string Name = "triage.agreement";

    public string Queue => Name;

    public bool Repeatable => true;

    public int MaxAttempts => 500;

    public TimeSpan Lease => TimeSpan.FromMinutes(2);

    public int AtOnce => 1;

    public async Task<WorkOutcome> ActAsync(WorkItem item, CancellationToken ct)
    {
        var row = await GetAsync(item, ct);
        if (row?.Agreement is null || row.DocumentId is not null)
            return WorkOutcome.Done();
        return await printer.PrintAsync([Html(row)], TimeSpan.FromSeconds(60), ct) switch
        {
            Printed p => await KeptAsync(p, ct),
            PrinterMissing missing => WorkOutcome.Wait($"没有打印程序：请安装软件包 {missing.Package}", TimeSpan.FromMinutes(1)),
            PrintTimedOut late => WorkOutcome.Retry($"打印超过 {late.Limit.TotalSeconds} 秒，已中止"),
            PrintFailed failed => WorkOutcome.Retry($"打印没有成功：{failed.Reason}"),
            _ => WorkOutcome.Retry("打印没有成功"),
        };
    }

    public async Task RecordAsync(WorkItem item, WorkOutcome outcome, CancellationToken ct)
    {
        if (outcome is not { End: WorkEnd.Done, Result: Blob blob } || await GetAsync(item, ct) is not { DocumentId: null } row)
            return;
        var document = await documents.AddAsync(
            new NewDocument
            {
                CaseId = row.CaseId,
                Kind = "mediation",
                Title = "调解协议",
                Blob = blob,
                Source = "triage",
            },
            ct
        );
        await book.MoveAsync(
            row,
            "note",
            new
            {
                row.Id,
                row.Version,
                document = document.Id,
            },
            "document_id = @document",
            ct
        );
        await book.NoteAsync(row.Id, "document", document.Title, ct);
    }

    private async Task<WorkOutcome> KeptAsync(Printed printed, CancellationToken ct)
    {
        using var stream = new MemoryStream(printed.Documents[0]);
        return WorkOutcome.Done(await blobs.WriteAsync(stream, 50 * 1024 * 1024, ct));
    }

    private Task<MediationRow?> GetAsync(WorkItem item, CancellationToken ct) => book.PlainAsync(item.Read<Payload>().MediationId, ct);

    private static string Html(MediationRow row)
    {
        static string E(string? text) => System.Net.WebUtility.HtmlEncode(text ?? "");
        var parties = string.Concat(row.ConsentList.Select(c => $"<p>{E(c.Role)}：{E(c.Party)}</p>"));
        var clauses = string.Concat((row.Agreement ?? "").Split('\n').Select(c => $"<p>{E(c)}</p>"));
        var signs = string.Concat(row.ConsentList.Select(c => $"<p>{E(c.Role)}（签名）：</p>"));
        return $"<!doctype html><html lang=\"zh-CN\"><head><meta charset=\"utf-8\"><title>调解协议</title><style>@page{{size:A4;margin:25mm}}body{{font:16pt/1.8 FangSong,'Noto Serif CJK SC',serif}}h1{{font-size:22pt;text-align:center}}</style></head>"
            + $"<body><h1>调解协议</h1><p>{E(row.CaseNumber)}</p>{parties}<p>案由：{E(row.Cause)}</p><p>双方在调解员{E(row.MediatorName)}主持下，自愿达成如下协议：</p>{clauses}{signs}<p>调解员（签名）：</p><p>{row.EndedOn:yyyy-MM-dd}</p></body></html>";
    }

    internal sealed record Payload
    {
        public long MediationId { get; init; }
    }
}
