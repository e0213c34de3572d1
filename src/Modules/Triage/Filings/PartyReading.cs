using System.Text;
using CourtOps.Kernel.Search;
using CourtOps.Workzone;
using CourtOps.Workzone.Cases;

namespace CourtOps.Triage.Filings;

/// <summary>An agent as typed.</summary>
internal sealed record AgentIn
{
    public string? Name { get; init; }
    public string? Type { get; init; }
    public string? Phone { get; init; }
}

/// <summary>A party as typed at a counter or sent by a program; the fields of the case import.</summary>
internal sealed record PartyIn
{
    public string? Name { get; init; }
    public string? Role { get; init; }
    public string? PartyType { get; init; }
    public string? IdNumber { get; init; }
    public string? Phone { get; init; }
    public string? Email { get; init; }
    public string? EService { get; init; }
    public string? Language { get; init; }
    public IReadOnlyList<AgentIn>? Agents { get; init; }

    public bool IsBlank =>
        string.IsNullOrWhiteSpace(Name) && string.IsNullOrWhiteSpace(IdNumber) && string.IsNullOrWhiteSpace(Phone) && string.IsNullOrWhiteSpace(Email);
}

/// <summary>Folds and checks parties. Pure; every fault names its field.</summary>
internal static class PartyReading
{
    private static readonly Dictionary<string, string> Types = new()
    {
        ["natural"] = "natural",
        ["自然人"] = "natural",
        ["legal"] = "legal",
        ["法人"] = "legal",
        ["other"] = "other",
        ["其他"] = "other",
        ["其他组织"] = "other",
        ["非法人组织"] = "other",
    };

    private static readonly Dictionary<string, string> Consents = new()
    {
        ["同意"] = "confirmed",
        ["confirmed"] = "confirmed",
        ["提供"] = "provided",
        ["provided"] = "provided",
        ["obtained"] = "obtained",
        ["none"] = "none",
        ["不同意"] = "refused",
        ["拒绝"] = "refused",
        ["refused"] = "refused",
    };

    /// <summary>Blank rows are left out; the place of a fault is that of the row as typed.</summary>
    public static (IReadOnlyList<NewParty> Parties, IReadOnlyList<(string Field, string Message)> Faults) Read(IReadOnlyList<PartyIn?> rows)
    {
        var parties = new List<NewParty>();
        var faults = new List<(string, string)>();
        for (var i = 0; i < rows.Count; i++)
        {
            if (rows[i] is not { } r)
            {
                faults.Add(($"Parties[{i}]", "这一名当事人是空值（null），请填写或者删去。"));
                continue;
            }
            if (r.IsBlank)
                continue;
            var before = faults.Count;
            void Fault(string field, string message) => faults.Add(($"Parties[{i}].{field}", message));
            var name = Written.Name(r.Name);
            var role = Fold(r.Role);
            var typed = Fold(r.PartyType);
            var type = typed.Length == 0 ? Written.TypeOf(name) : Types.GetValueOrDefault(typed, "");
            var number = Sign(r.IdNumber);
            var phone = Phone(r.Phone);
            var email = Fold(r.Email);
            var consent =
                Fold(r.EService) is { Length: > 0 } e2 ? Consents.GetValueOrDefault(e2, "")
                : email.Length > 0 ? "obtained"
                : "none";
            var language = Fold(r.Language) is { Length: > 0 } l ? l.ToLowerInvariant() : "zh";
            if (name.Length is 0 or > 200)
                Fault("Name", "请填写当事人姓名或名称，最长 200 个字符。");
            if (role.Length is 0 or > 40)
                Fault("Role", "请选择诉讼地位。");
            if (type.Length == 0)
                Fault("PartyType", "当事人类型应为自然人、法人或其他组织。");
            if (NumberFault(number, type) is { } wrong)
                Fault("IdNumber", wrong);
            if (!IsPhone(r.Phone))
                Fault("Phone", "电话应为手机号或带区号的固定电话，只填数字。");
            if (email.Length > 0 && !IsEmail(email))
                Fault("Email", "电子邮箱不合格式。");
            if (consent.Length == 0)
                Fault("EService", "电子送达应为同意、提供、不同意或留空。");
            if (language is not ("zh" or "ko"))
                Fault("Language", "语言应为 zh 或 ko。");
            if (
                parties.Any(p => FoldName(p.Name) == FoldName(name) && p.Role == role && (p.IdNumber.Length == 0 || number.Length == 0 || p.IdNumber == number))
            )
                Fault("Name", "同一诉讼地位的当事人重复；确是同名的两人的，请各填证件号码。");
            if (faults.Count == before)
                parties.Add(
                    new NewParty
                    {
                        Name = name,
                        Role = role,
                        Type = type,
                        IdNumber = number,
                        Phone = phone,
                        Email = email,
                        EService = consent,
                        Language = language,
                        Agents =
                        [
                            .. (r.Agents ?? [])
                                .Where(x => x is not null && Fold(x.Name).Length > 0)
                                .Select(x => new NewAgent(Cut(Fold(x.Name), 120), Cut(Fold(x.Type), 40), Phone(x.Phone)))
                                .DistinctBy(x => x.Name),
                        ],
                    }
                );
        }
        if (parties.Count == 0 && faults.Count == 0)
            faults.Add(("Parties", "请至少填写一名当事人。"));
        return (parties, faults);
    }

    /// <summary>A name for comparison: width folded, no blanks, one kind of middle dot, Latin in capitals.</summary>
    public static string FoldName(string name) => Written.NameKey(name);

    /// <summary>An id of a person of 18 signs and a credit code carry their check sign; 15 digits and papers of another kind are taken as they are.</summary>
    private static string? NumberFault(string number, string type) =>
        number switch
        {
            "" => null,
            { Length: > 40 } => "证件号码超过 40 个字符。",
            _ when Written.IsRounded(number) => "证件号码被表格软件改成了科学计数法，末几位已经丢失，请从原件重新录入。",
            { Length: 18 } when type == "natural" && (!IdNumbers.IsIdCard(number) || IdNumbers.IsWrongIdCard(number)) => "身份证号码校验不符，请核对。",
            { Length: 18 } when type == "legal" && !IdNumbers.IsCreditCode(number) => "统一社会信用代码校验不符，请核对。",
            { Length: < 5 } => "证件号码过短，请核对。",
            _ when type == "natural" && IdNumbers.IsWrongIdCard(number) => "身份证号码应为 18 位，请核对。",
            _ => null,
        };

    // what cannot be seen is no part of a name or number: a zero-width space, a mark of direction
    internal static string Fold(string? text) =>
        string.Concat(
                Sound(text)
                    .Folded()
                    .Where(c => char.GetUnicodeCategory(c) is not (System.Globalization.UnicodeCategory.Format or System.Globalization.UnicodeCategory.Control))
            )
            .Trim();

    // half of a pair is no character: normalising would throw
    private static string Sound(string? text) =>
        text is null ? ""
        : text.Any(char.IsSurrogate) ? new string([.. Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(text)).Where(c => c != '\uFFFD')])
        : text;

    /// <summary>An address that mail can go to: its domain has a dot.</summary>
    internal static bool IsEmail(string email) => Written.IsEmail(email);

    internal static string Sign(string? text) => Written.Sign(text);

    /// <summary>Blank, or a number that can be called: see <see cref="Written.IsPhone"/>.</summary>
    public static bool IsPhone(string? text) => Written.IsPhone(text);

    internal static string Phone(string? text) => Written.Phone(text);

    private static string Cut(string text, int most) => text.Length <= most ? text : text[..most];
}
