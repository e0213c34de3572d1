using System.Globalization;
using System.Text;
using CourtOps.Kernel.Search;
using CourtOps.Workzone;

namespace CourtOps.ServiceOfDocuments.Addresses;

/// <summary>What stands on an address confirmation (送达地址确认书, C-03).</summary>
internal sealed record ConfirmationForm
{
    public string Recipient { get; init; } = "";
    public string Address { get; init; } = "";
    public string Postcode { get; init; } = "";
    public string Phone { get; init; } = "";
    public string Email { get; init; } = "";

    /// <summary>Agrees to electronic service at the mail address and the phone.</summary>
    public bool EService { get; init; }

    /// <summary>Of judgments, rulings and mediation papers too.</summary>
    public bool Judgments { get; init; }

    /// <summary>Who may sign for the person (代收人).</summary>
    public string Agent { get; init; } = "";
    public string AgentPhone { get; init; } = "";

    /// <summary>Appeal, retrial and enforcement too (CPL-I 137); without it this instance alone.</summary>
    public bool LaterToo { get; init; } = true;

    /// <summary>paper, typed or drawn.</summary>
    public string Signature { get; init; } = "paper";
    public string SignedName { get; init; } = "";

    /// <summary>A drawn signature as data of a PNG, base64.</summary>
    public string Drawing { get; init; } = "";
    public DateOnly? SignedOn { get; init; }
}

/// <summary>What an address confirmation needs. Pure.</summary>
internal static class ConfirmationRules
{
    private const int MostDrawing = 120_000;

    /// <summary>Folded to usual width, without invisible signs and with single blanks.</summary>
    public static string Fold(string? text) =>
        string.Join(
            ' ',
            string.Concat(
                    (text ?? "")
                        .Folded(System.Text.NormalizationForm.FormC)
                        .Select(c =>
                            c is >= '！' and <= '～' && (char.IsAsciiLetterOrDigit((char)(c - 0xFEE0)) || c is '＠' or '．' or '－') ? (char)(c - 0xFEE0) : c
                        )
                        .Where(c => CharUnicodeInfo.GetUnicodeCategory(c) is not UnicodeCategory.Format && (!char.IsControl(c) || char.IsWhiteSpace(c)))
                )
                .Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)
        );

    public static ConfirmationForm Folded(ConfirmationForm f) =>
        f with
        {
            Recipient = Fold(f.Recipient),
            Address = Fold(f.Address),
            Postcode = Fold(f.Postcode),
            Phone = Written.Phone(f.Phone),
            Email = Fold(f.Email).Replace(" ", "", StringComparison.Ordinal),
            Agent = Fold(f.Agent),
            AgentPhone = Written.Phone(f.AgentPhone),
            SignedName = Fold(f.SignedName),
        };

    /// <summary>A mail address to which mail can go: one @, a domain with a point.</summary>
    public static bool IsMail(string text) => text.Length > 4 && Written.IsEmail(text);

    /// <summary>A number that can be called; not blank.</summary>
    public static bool IsPhone(string text) => text.Length is > 0 and <= 40 && Written.IsPhone(text);

    /// <summary>Every fault, each with its field; empty: it may be signed.</summary>
    /// <param name="party">The name of the party; who types a signature types this.</param>
    public static IReadOnlyList<(string Field, string Fault)> Faults(ConfirmationForm f, string party, DateOnly today)
    {
        var faults = new List<(string, string)>();
        void Need(bool ok, string field, string fault)
        {
            if (!ok)
                faults.Add((field, fault));
        }
        Need(f.Recipient.Length is > 0 and <= 200, "Recipient", "请填收件人，最长 200 个字符。");
        Need(f.Address.Length is >= 6 and <= 300, "Address", "请填详细地址（省市县、街道、门牌），6 至 300 个字符。");
        Need(f.Postcode.Length == 0 || (f.Postcode.Length == 6 && f.Postcode.All(char.IsAsciiDigit)), "Postcode", "邮政编码是 6 位数字，不知道可以不填。");
        Need(IsPhone(f.Phone), "Phone", "请填能接通的电话号码。");
        Need(f.Email.Length == 0 || IsMail(f.Email), "Email", "电子邮箱不合格式，例如 name@example.com。");
        Need(!f.EService || f.Email.Length > 0, "Email", "同意电子送达的，请填电子邮箱。");
        Need(!f.Judgments || f.EService, "Judgments", "先同意电子送达，才能同意电子送达裁判文书。");
        Need(f.Agent.Length <= 120, "Agent", "代收人最长 120 个字符。");
        Need(f.AgentPhone.Length == 0 || IsPhone(f.AgentPhone), "AgentPhone", "代收人的电话不合格式。");
        Need(f.Signature is "paper" or "typed" or "drawn", "Signature", "请签名。");
        Need(
            f.Signature != "typed" || f.SignedName == Fold(party) || (f.Agent.Length > 0 && f.SignedName == f.Agent) || f.SignedName == f.Recipient,
            "SignedName",
            "签名请写您的姓名，与当事人或收件人一致。"
        );
        Need(
            f.Signature != "drawn"
                || (f.Drawing.Length is > 100 and <= MostDrawing && Convert.TryFromBase64String(f.Drawing, new byte[f.Drawing.Length], out var n) && n > 8),
            "Drawing",
            "请在框内手写签名；写不了的，可以改为输入姓名。"
        );
        Need(f.SignedOn is { } on && on <= today && on >= today.AddYears(-10), "SignedOn", "请填签名日期，不能在今天之后。");
        return faults;
    }

    /// <summary>Enough of an address to know it by, no more: the first six characters.</summary>
    public static string Hint(string address) => address.Length <= 6 ? address[..Math.Min(3, address.Length)] + "***" : address[..6] + "***";
}
