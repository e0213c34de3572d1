using System.Globalization;
using System.Net.Mail;
using System.Text.Json.Serialization;
using CourtOps.Kernel.Messaging;
using CourtOps.Kernel.Search;
using CourtOps.Kernel.Web;
using CourtOps.Law;

namespace CourtOps.Workzone.Imports;

[method: JsonConstructor]
public sealed record FieldError(string Field, string Value, string Reason)
{
    public FieldError(string field, string value, Said reason)
        : this(field, value, reason.ToString()) => Said = reason.Stored();

    /// <summary>The reason with its values apart; null where it has none.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Said { get; init; }

    /// <summary>With the reason in the reader's language, and nothing else.</summary>
    public FieldError In(Texts texts) => this with { Reason = texts.Kept(Said, Reason)!, Said = null };
}

internal sealed record ReadAgent(string Name, string Type, string Phone);

internal sealed record ReadParty
{
    public required string Name { get; init; }
    public required string Role { get; init; }
    public required string Type { get; init; }
    public string IdNumber { get; init; } = "";
    public string Phone { get; init; } = "";
    public string Email { get; init; } = "";
    public required string EService { get; init; }
    public required string Language { get; init; }
    public List<ReadAgent> Agents { get; init; } = [];
}

/// <summary>A case as read from its rows, before anything is looked up.</summary>
internal sealed record ReadCase
{
    public required int Row { get; init; }
    public required CaseNumber Number { get; init; }
    public required string Court { get; init; }
    public required string Cause { get; init; }
    public required DateOnly FiledOn { get; init; }
    public required string Kind { get; init; }
    public required string Procedure { get; init; }
    public bool ProcedureDefaulted { get; init; }
    public long? AmountCents { get; init; }
    public string Judge { get; init; } = "";
    public DateOnly? AllottedOn { get; init; }
    public required IReadOnlyList<ReadParty> Parties { get; init; }
}

/// <summary>Reads the rows of one case. Pure: every error names field, value and reason.</summary>
internal static class CaseReading
{
    private static readonly Dictionary<string, string> Kinds = new()
    {
        ["civil"] = "civil",
        ["民事"] = "civil",
        ["criminal"] = "criminal",
        ["刑事"] = "criminal",
        ["admin"] = "admin",
        ["administrative"] = "admin",
        ["行政"] = "admin",
        ["enforcement"] = "enforcement",
        ["执行"] = "enforcement",
        ["compensation"] = "compensation",
        ["国家赔偿"] = "compensation",
        ["other"] = "other",
        ["其他"] = "other",
    };

    private static readonly Dictionary<string, string> PartyTypes = new()
    {
        ["natural"] = "natural",
        ["自然人"] = "natural",
        ["legal"] = "legal",
        ["法人"] = "legal",
        ["other"] = "other",
        ["其他"] = "other",
        ["非法人组织"] = "other",
        ["其他组织"] = "other",
    };

    private static readonly Dictionary<string, string> Consents = new()
    {
        ["同意"] = "confirmed",
        ["confirmed"] = "confirmed",
        ["提供"] = "provided",
        ["provided"] = "provided",
        ["不同意"] = "refused",
        ["拒绝"] = "refused",
        ["refused"] = "refused",
    };

    private static readonly string[] DateForms = ["yyyy-MM-dd", "yyyy-M-d", "yyyy/M/d", "yyyy.M.d", "yyyy年M月d日", "yyyyMMdd"];

    public static (ReadCase? Case, IReadOnlyList<FieldError> Errors) Read(IReadOnlyList<CaseRow> rows, DateOnly today, Func<string, bool> knownProcedure)
    {
        var errors = new List<FieldError>();
        var first = rows[0];
        foreach (var row in rows.Where(r => r.Fault is not null))
            errors.Add(new("row", "", row.Fault!) { Said = row.FaultSaid });
        if (errors.Count > 0)
            return (null, errors);
        if (first.CaseNumber.Length == 0)
            errors.Add(new("caseNumber", "", "案号为空"));
        CaseNumber? number = null;
        if (first.CaseNumber.Length > 0 && !CaseNumber.TryParse(first.CaseNumber, out number))
            errors.Add(new("caseNumber", Cut(first.CaseNumber), "案号不合格式，应形如（2026）吉2424民初123号"));
        Same(rows, r => r.Court, "court", errors);
        Same(rows, r => Written.NameKey(r.Cause), "cause", errors, r => r.Cause);
        Same(rows, r => DayKey(r.FiledOn), "filedOn", errors, r => r.FiledOn);
        Same(rows, r => Kinds.GetValueOrDefault(r.Kind, r.Kind), "kind", errors, r => r.Kind);
        Same(rows, r => r.Procedure.ToUpperInvariant(), "procedure", errors, r => r.Procedure);
        Same(rows, r => AmountKey(r.Amount), "amount", errors, r => r.Amount);
        Same(rows, r => r.Judge, "judge", errors);
        Same(rows, r => DayKey(r.AllottedOn), "allottedOn", errors, r => r.AllottedOn);
        Need(first.Court, "court", "法院为空", 80, errors);
        Need(first.Cause, "cause", "案由为空", 120, errors);
        var filed = Date(first.FiledOn, "filedOn", "立案日期", errors, required: true);
        if (filed > today)
            errors.Add(new("filedOn", first.FiledOn, "立案日期在今天之后"));
        if (filed < new DateOnly(1980, 1, 1))
            errors.Add(new("filedOn", first.FiledOn, "立案日期早于 1980 年"));
        var allotted = Date(first.AllottedOn, "allottedOn", "分案日期", errors, required: false);
        if (allotted < filed)
            errors.Add(new("allottedOn", first.AllottedOn, "分案日期早于立案日期"));
        if (allotted > today)
            errors.Add(new("allottedOn", first.AllottedOn, "分案日期在今天之后"));
        var kind = first.Kind.Length == 0 ? KindOf(number?.Type ?? "") : Kinds.GetValueOrDefault(first.Kind, "");
        if (kind.Length == 0)
            errors.Add(new("kind", Cut(first.Kind), "案件类型应为民事、刑事、行政、执行、国家赔偿或其他"));
        var procedure = first.Procedure.ToUpperInvariant();
        var defaulted = procedure.Length == 0;
        if (defaulted)
            procedure = ProcedureOf(number?.Type ?? "");
        else if (!knownProcedure(procedure))
            errors.Add(new("procedure", Cut(first.Procedure), "没有这个适用程序代码"));
        var amount = Amount(first.Amount, errors);
        var parties = Parties(rows, errors);
        if (errors.Count > 0)
            return (null, errors);
        return (
            new ReadCase
            {
                Row = first.Row,
                Number = number!,
                Court = first.Court,
                Cause = first.Cause,
                FiledOn = filed!.Value,
                Kind = kind,
                Procedure = procedure,
                ProcedureDefaulted = defaulted,
                AmountCents = amount,
                Judge = first.Judge,
                AllottedOn = allotted,
                Parties = parties,
            },
            errors
        );
    }

    /// <summary>The kind of case by its type sign.</summary>
    public static string KindOf(string type) =>
        type.Length == 0
            ? "other"
            : type switch
            {
                _ when type.Contains('执', StringComparison.Ordinal) => "enforcement",
                _ when type.Contains('赔', StringComparison.Ordinal) && !type.StartsWith('行') => "compensation",
                _ when type.StartsWith('刑') => "criminal",
                _ when type.StartsWith('行') => "admin",
                _ when type.StartsWith('民') || type is "财保" or "破" or "破申" => "civil",
                _ => "other",
            };

    /// <summary>The procedure a type sign implies; empty when it says nothing.</summary>
    public static string ProcedureOf(string type) =>
        type switch
        {
            "民初" => "MC-ORD",
            "民终" => "MC-2J",
            "民申" => "MC-RA",
            "民特" => "MC-SPE",
            "刑初" => "CR-1",
            "刑终" => "CR-2",
            "行初" => "AD-1",
            "行终" => "AD-2",
            "执" or "执恢" => "EX",
            "委赔" => "SC-C",
            "法赔" => "SC-S",
            _ => "",
        };

    /// <summary>18 characters with the right check digit (GB 11643).</summary>
    public static bool IsIdCard(string number) => IdNumbers.IsIdCard(number);

    private static List<ReadParty> Parties(IReadOnlyList<CaseRow> rows, List<FieldError> errors)
    {
        var parties = new List<ReadParty>();
        foreach (var r in rows)
        {
            var before = errors.Count;
            Need(r.Party, "party", "当事人为空", 200, errors);
            Need(r.Role, "role", "诉讼地位为空", 40, errors);
            var type = r.PartyType.Length == 0 ? Written.TypeOf(r.Party) : PartyTypes.GetValueOrDefault(r.PartyType, "");
            if (type.Length == 0)
                errors.Add(new("partyType", Cut(r.PartyType), "当事人类型应为自然人、法人或其他"));
            if (r.IdNumber.Length > 40)
                errors.Add(new("idNumber", Cut(r.IdNumber), "证件号码超过 40 个字符"));
            if (Written.IsRounded(r.IdNumber))
                errors.Add(new("idNumber", Cut(r.IdNumber), "证件号码被表格软件改成了科学计数法，末几位已经丢失，请把这一列设为文本后从原件重新录入"));
            if (r.Phone.Length > 40)
                errors.Add(new("phone", Cut(r.Phone), "电话超过 40 个字符"));
            if (r.Email.Length > 0 && !IsEmail(r.Email))
                errors.Add(new("email", Cut(r.Email), "电子邮箱不合格式"));
            var consent = r.EService.Length == 0 ? (r.Email.Length > 0 ? "obtained" : "none") : Consents.GetValueOrDefault(r.EService, "");
            if (consent.Length == 0)
                errors.Add(new("eService", Cut(r.EService), "电子送达应为“同意”“提供”“不同意”或留空"));
            var language = r.Language.Length == 0 ? "zh" : r.Language.ToLowerInvariant();
            if (language is not ("zh" or "ko"))
                errors.Add(new("language", Cut(r.Language), "语言应为 zh 或 ko"));
            if (r.Agent.Length > 120)
                errors.Add(new("agent", Cut(r.Agent), "代理人超过 120 个字符"));
            if (errors.Count > before)
                continue;
            // two persons of one name are told apart by their numbers; what a further row of the same person leaves blank is as before
            var key = Written.NameKey(r.Party);
            var named = parties.Where(p => p.Role == r.Role && Written.NameKey(p.Name) == key).ToList();
            var there =
                named.Count == 0 ? null
                : r.IdNumber.Length == 0 ? named[^1]
                : named.FirstOrDefault(p => p.IdNumber.Length == 0 || SamePerson(p.IdNumber, r.IdNumber));
            if (there is null)
            {
                there = new ReadParty
                {
                    Name = r.Party,
                    Role = r.Role,
                    Type = type,
                    IdNumber = r.IdNumber,
                    Phone = r.Phone,
                    Email = r.Email,
                    EService = consent,
                    Language = language,
                };
                parties.Add(there);
            }
            else if (r.Agent.Length == 0 || there.Agents.Any(a => Written.NameKey(a.Name) == Written.NameKey(r.Agent)))
            {
                errors.Add(new("party", Cut(r.Party), $"当事人重复：第 {r.Row} 行与前面的行是同一人、同一诉讼地位；确是同名的两人的，请各填证件号码"));
                continue;
            }
            else if (Differs(there.Phone, r.Phone) || Differs(there.Email, r.Email))
            {
                errors.Add(new("party", Cut(r.Party), $"第 {r.Row} 行的同一当事人信息与前面的行不一致"));
                continue;
            }
            else
            {
                var fuller = there with
                {
                    IdNumber = there.IdNumber.Length == 0 ? r.IdNumber : there.IdNumber,
                    Phone = there.Phone.Length == 0 ? r.Phone : there.Phone,
                    Email = there.Email.Length == 0 ? r.Email : there.Email,
                    EService =
                        there.EService is "none" or "obtained" && r.EService.Length > 0 ? consent
                        : there.EService == "none" && r.Email.Length > 0 ? consent
                        : there.EService,
                };
                parties[parties.IndexOf(there)] = fuller;
                there = fuller;
            }
            if (r.Agent.Length > 0)
                there.Agents.Add(new ReadAgent(r.Agent, r.AgentType, r.AgentPhone));
        }
        return parties;
    }

    private static bool Differs(string before, string now) =>
        before.Length > 0 && now.Length > 0 && !string.Equals(before, now, StringComparison.OrdinalIgnoreCase);

    private static bool SamePerson(string one, string other) => (IdNumbers.Longer(one) ?? one) == (IdNumbers.Longer(other) ?? other);

    internal static bool IsEmail(string text) => Written.IsEmail(text);

    // the same value in another writing is no difference
    private static void Same(IReadOnlyList<CaseRow> rows, Func<CaseRow, string> key, string name, List<FieldError> errors, Func<CaseRow, string>? field = null)
    {
        field ??= key;
        for (var i = 1; i < rows.Count; i++)
            if (key(rows[i]) != key(rows[0]))
            {
                errors.Add(new(name, Cut(field(rows[i])), $"第 {rows[i].Row} 行与第 {rows[0].Row} 行同一案号，但内容不同（{Cut(field(rows[0]))}）"));
                return;
            }
    }

    private static string DayKey(string text) => ReadDay(text) is { } day ? Times.Iso(day) : text;

    private static string AmountKey(string text) =>
        decimal.TryParse(Plain(text), NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var yuan)
            ? yuan.ToString("0.00##", CultureInfo.InvariantCulture)
            : text;

    private static string Plain(string text) =>
        text.Folded()
            .Replace(",", "", StringComparison.Ordinal)
            .Replace("，", "", StringComparison.Ordinal)
            .Replace(" ", "", StringComparison.Ordinal)
            .TrimStart('¥', '￥')
            .TrimEnd('元');

    /// <summary>A day in one of the usual writings, also with a time behind it (of China where it names no zone); null for what is none.</summary>
    internal static DateOnly? ReadDay(string text)
    {
        var folded = text.Folded();
        if (DateOnly.TryParseExact(folded, DateForms, CultureInfo.InvariantCulture, DateTimeStyles.None, out var date))
            return date;
        var cut = folded.IndexOfAny([' ', 'T']);
        if (cut < 8 || !DateOnly.TryParseExact(folded[..cut], DateForms, CultureInfo.InvariantCulture, DateTimeStyles.None, out date))
            return null;
        var clock = folded[(cut + 1)..];
        if (TimeOnly.TryParse(clock.TrimEnd('Z'), CultureInfo.InvariantCulture, out _) && !clock.EndsWith('Z'))
            return date;
        return DateTimeOffset.TryParse($"{Times.Iso(date)}T{clock}", CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var at)
            ? Times.Day(at)
            : null;
    }

    private static void Need(string value, string field, string reason, int max, List<FieldError> errors)
    {
        if (value.Length == 0)
            errors.Add(new(field, "", reason));
        else if (value.Length > max)
            errors.Add(new(field, Cut(value), $"超过 {max} 个字符"));
        else if (value.Any(char.IsControl))
            errors.Add(new(field, Cut(value), "含有控制字符"));
    }

    private static DateOnly? Date(string text, string field, string label, List<FieldError> errors, bool required)
    {
        if (text.Length == 0)
        {
            if (required)
                errors.Add(new(field, "", $"{label}为空"));
            return null;
        }
        if (ReadDay(text) is { } date)
            return date;
        // a day as a spreadsheet counts it: 46086 is 2026-03-05
        if (int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var serial) && serial is > 29_000 and < 74_000)
        {
            errors.Add(
                new(
                    field,
                    Cut(text),
                    $"{label}是表格软件的日期序号（即 {Times.Iso(new DateOnly(1899, 12, 30).AddDays(serial))}），请把这一列改成日期格式再导出"
                )
            );
            return null;
        }
        errors.Add(new(field, Cut(text), $"{label}不是日期，应形如 2026-03-02"));
        return null;
    }

    private static long? Amount(string text, List<FieldError> errors)
    {
        if (text.Length == 0)
            return null;
        var plain = Plain(text);
        if (!decimal.TryParse(plain, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var yuan))
            errors.Add(new("amount", Cut(text), "标的额不是数"));
        else if (decimal.Round(yuan, 2) != yuan)
            errors.Add(new("amount", Cut(text), "标的额最多两位小数"));
        else if (yuan > 9_999_999_999_999m)
            errors.Add(new("amount", Cut(text), "标的额过大"));
        else
            return (long)(yuan * 100);
        return null;
    }

    private static string Cut(string text) => text.Length <= 60 ? text : text[..(char.IsHighSurrogate(text[58]) ? 58 : 59)] + "…";
}
