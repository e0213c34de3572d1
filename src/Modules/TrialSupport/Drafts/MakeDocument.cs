using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Unicode;
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

    private static readonly HtmlEncoder Encoder = HtmlEncoder.Create(UnicodeRanges.All);

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
        switch (await printer.PrintAsync([Html(draft, code)], TimeSpan.FromSeconds(60), ct))
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

    /// <summary>The paragraphs of the draft as a page of court paper.</summary>
    internal static string Html(Draft draft, string? code = null)
    {
        var text = new System.Text.StringBuilder(
            "<!doctype html><html lang=\"zh-CN\"><head><meta charset=\"utf-8\"><style>@page{size:A4;margin:37mm 26mm 35mm "
                + "28mm}body{margin:0;font:16pt/28.9pt \"FangSong\",\"FangSong_GB2312\",\"Noto Serif CJK SC\","
                + "serif}p{margin:0;text-indent:2em;text-align:justify}.t{text-indent:0;text-align:center;font:22pt/36pt \"SimSun\",\"Noto Serif CJK "
                + "SC\",serif}.r{text-indent:0;text-align:right}.d{position:relative}.d "
                + "svg{position:absolute;right:0;top:-42mm;width:42mm;height:42mm;opacity:.85}.v{text-indent:0;font-size:10pt;line-height:16pt;margin-top:12mm}</style><title>"
        );
        text.Append(Encoder.Encode(draft.Title)).Append("</title></head><body>");
        var all = JsonSerializer.Deserialize<List<string>>(draft.Paragraphs, Json.Stored)!.Select(p => p.Trim()).Where(p => p.Length > 0).ToList();
        var court = all.Count > 0 && Paper.Bare(all[0]).EndsWith("法院", StringComparison.Ordinal) ? Paper.Bare(all[0]) : "";
        // the seal rides over the date and the lines above it (骑年盖月)
        var dated = code is null || court.Length == 0 ? -1 : all.FindLastIndex(p => Paper.Bare(p) is { Length: < 30 } b && b.EndsWith('日'));
        for (var i = 0; i < all.Count; i++)
        {
            var bare = Paper.Bare(all[i]);
            var title = i < 3 && (bare.EndsWith("法院", StringComparison.Ordinal) || Paper.TypeLine().IsMatch(bare));
            var right =
                !title
                && bare.Length < 30
                && (i < 4 || i > all.Count - 8)
                && (
                    bare.EndsWith('号')
                    || bare.EndsWith('日')
                    || bare.StartsWith("审判", StringComparison.Ordinal)
                    || bare.StartsWith("书记员", StringComparison.Ordinal)
                    || bare.StartsWith("法官助理", StringComparison.Ordinal)
                    || bare.StartsWith("人民陪审员", StringComparison.Ordinal)
                );
            text.Append(
                    title ? "<p class=\"t\">"
                    : right
                        ? i == dated ? "<p class=\"r d\">"
                            : "<p class=\"r\">"
                    : "<p>"
                )
                .Append(Encoder.Encode(all[i]));
            if (i == dated && right)
                text.Append(
                        "<svg viewBox=\"0 0 200 200\" aria-hidden=\"true\"><circle cx=\"100\" cy=\"100\" r=\"94\" fill=\"none\" stroke=\"#c8102e\" "
                            + "stroke-width=\"6\"/><path id=\"s\" d=\"M 30 122 A 74 74 0 1 1 170 122\" fill=\"none\"/><text fill=\"#c8102e\" "
                            + "font-size=\"20\" text-anchor=\"middle\"><textPath href=\"#s\" startOffset=\"50%\">"
                    )
                    .Append(Encoder.Encode(court))
                    .Append("</textPath></text><text x=\"100\" y=\"122\" fill=\"#c8102e\" font-size=\"62\" text-anchor=\"middle\">★</text></svg>");
            text.Append("</p>");
        }
        if (code is not null)
            text.Append("<p class=\"v\">文书校验码：").Append(Encoder.Encode(code)).Append("（在法院网站“文书校验”页面可以核对）</p>");
        return text.Append("</body></html>").ToString();
    }

    internal sealed record Made(Blob Blob, Seal? Seal);

    internal sealed record Payload
    {
        public long DraftId { get; init; }
        public long By { get; init; }
    }
}
