using System.Globalization;
using CourtOps.Kernel.Web;
using CourtOps.ServiceOfDocuments.Attempts;
using CourtOps.ServiceOfDocuments.Tasks;

namespace CourtOps.ServiceOfDocuments.Proofs;

/// <summary>Fills the form from what the notice's journal says; nothing on it is typed by hand.</summary>
internal static class ProofPaper
{
    public static string Html(Notice notice, IReadOnlyList<ServiceTask> tasks, DateTimeOffset now, AttemptFacts? attempt = null, string? code = null)
    {
        if (attempt is not null)
            return Otherwise(notice, tasks, now, attempt, code);
        var provided = notice.AddressKind == "provided";
        return new ProofForm
        {
            Court = notice.CourtName,
            Voucher = string.Create(CultureInfo.InvariantCulture, $"SD-{notice.Id}{(code is null ? "" : "　验证码 " + ProofCodes.Shown(code))}"),
            CaseNumber = notice.CaseNumber,
            Cause = notice.Cause,
            Recipient = notice.Recipient,
            Role = notice.RecipientRole,
            Documents =
            [
                .. tasks.Select(
                    (t, i) => new ProofForm.ServedDocument(i + 1, $"《{t.DocumentTitle}》", t.DocumentPages is { } n ? $"1 份 {n} 页" : "1 份", t.DocumentBlob)
                ),
            ],
            Method = "电子送达",
            Electronic = true,
            Sender = notice.CourtName,
            Address = notice.EmailHint is null ? "本院送达平台当事人页面（个人链接）" : $"本院送达平台当事人页面；通知邮箱 {notice.EmailHint}",
            AddressBasis =
                provided ? "受送达人提供或确认"
                : notice.EmailHint is null ? "未提供电子地址，由书记员告知链接"
                : "法院查得",
            SentAt = Time(notice.ReleasedAt),
            ArrivedAt = Time(notice.ArrivedAt),
            ReadAt = Time(notice.ReadAt),
            ConfirmedAt = Time(notice.ConfirmedAt),
            EffectiveOn = Date(notice.EffectiveOn!.Value),
            EffectiveBasis = notice.Basis ?? "",
            Receipt =
                notice.ConfirmedAt is not null ? "受送达人经个人链接核对证件号码后，在页面确认收到"
                : notice.ReadAt is not null ? "受送达人经个人链接核对证件号码后阅读"
                : null,
            Server = notice.SenderName ?? "",
            Remarks = Joined(notice.Presumed ? "推定送达，受送达人可举证推翻。" : null, Doubted(notice), Parted(tasks)),
            MadeAt = Time(now)!,
            MadeOn = Date(Times.Day(now)),
        }.ToHtml();
    }

    // by hand, post, phone or announcement: what was recorded of the try
    private static string Otherwise(Notice notice, IReadOnlyList<ServiceTask> tasks, DateTimeOffset now, AttemptFacts a, string? code) =>
        new ProofForm
        {
            Court = notice.CourtName,
            Voucher = string.Create(CultureInfo.InvariantCulture, $"SD-{notice.Id}{(code is null ? "" : "　验证码 " + ProofCodes.Shown(code))}"),
            CaseNumber = notice.CaseNumber,
            Cause = notice.Cause,
            Recipient = notice.Recipient,
            Role = notice.RecipientRole,
            Documents =
            [
                .. tasks.Select(
                    (t, i) => new ProofForm.ServedDocument(i + 1, $"《{t.DocumentTitle}》", t.DocumentPages is { } n ? $"1 份 {n} 页" : "1 份", t.DocumentBlob)
                ),
            ],
            Method = AttemptRules.Channels[a.Channel],
            Electronic = false,
            Sender = notice.CourtName,
            Address =
                a.Place.Length > 0 ? a.Place
                : a.Tracking.Length > 0 ? $"邮件号码 {a.Tracking}"
                : "见办理记录",
            AddressBasis =
                a.Channel == "postal"
                    ? a.Address switch
                    {
                        "confirmed" => "受送达人提供或确认",
                        "statutory" => "户籍或登记地址",
                        _ => "未经确认的地址",
                    }
                    : null,
            SentAt = Date(a.On),
            EffectiveOn = Date(notice.EffectiveOn!.Value),
            EffectiveBasis = notice.Basis ?? "",
            Receipt = (a.Outcome, a.Signer) switch
            {
                ("signed" or "delivered" or "collected", "self") => "受送达人本人签收",
                ("signed" or "delivered", "family") => "同住成年家属签收",
                ("signed" or "delivered", "agent") => "代收人签收",
                ("signed" or "delivered", _) => "单位收发签收",
                _ => null,
            },
            Refusal = a.Outcome is "refused" ? "受送达人拒绝签收" : null,
            Proxy = a.Witness.Length > 0 ? $"见证人：{a.Witness}" : null,
            Server = notice.SenderName ?? "",
            Remarks = Joined(
                a.Words.Length > 0 ? a.Words
                    : a.Channel == "announcement" ? $"公告日期 {Date(a.On)}，{notice.AnnounceBy} 批准"
                    : null,
                Doubted(notice),
                Parted(tasks)
            ),
            MadeAt = Time(now)!,
            MadeOn = Date(Times.Day(now)),
        }.ToHtml();

    private static string? Joined(params string?[] remarks) =>
        string.Join("　", remarks.Where(r => !string.IsNullOrEmpty(r))) is { Length: > 0 } text ? text : null;

    // what spoke against it, and who decided what
    private static string? Doubted(Notice notice) =>
        Joined(
            notice.BouncedAt is { } bounced ? $"{Time(bounced)} 收到退信。" : null,
            notice.ContestedAt is { } at
                ? $"{Time(at)} {ContestRules.Label(notice.ContestedWhy)}；{(notice.DecidedAt is { } decided ? $"{Time(decided)} 经{notice.DecidedBy}核实，送达有效：{notice.DecidedWords}" : "")}"
                : null
        );

    // documents that went different ways have different days
    private static string? Parted(IReadOnlyList<ServiceTask> tasks) =>
        tasks.Select(t => (t.Channel, t.EffectiveOn)).Distinct().Count() < 2
            ? null
            : string.Join(
                "；",
                tasks
                    .Where(t => t.EffectiveOn is not null)
                    .Select(t => $"《{t.DocumentTitle}》{AttemptRules.Channels.GetValueOrDefault(t.Channel, "电子送达")}，{Date(t.EffectiveOn!.Value)}")
            ) + "。";

    private static string? Time(DateTimeOffset? at) => at is { } t ? Times.Local(t).ToString("yyyy年M月d日 HH:mm:ss", CultureInfo.InvariantCulture) : null;

    private static string Date(DateOnly day) => day.ToString("yyyy年M月d日", CultureInfo.InvariantCulture);
}
