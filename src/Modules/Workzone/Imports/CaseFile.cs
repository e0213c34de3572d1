using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Json;
using CourtOps.Kernel.Messaging;
using CsvHelper;
using CsvHelper.Configuration;

namespace CourtOps.Workzone.Imports;

/// <summary>One party's row of a case list, as it was written.</summary>
internal sealed record CaseRow
{
    public int Row { get; init; }
    public string CaseNumber { get; init; } = "";
    public string Court { get; init; } = "";
    public string Cause { get; init; } = "";
    public string FiledOn { get; init; } = "";
    public string Kind { get; init; } = "";
    public string Procedure { get; init; } = "";
    public string Amount { get; init; } = "";
    public string Judge { get; init; } = "";
    public string AllottedOn { get; init; } = "";
    public string Party { get; init; } = "";
    public string Role { get; init; } = "";
    public string PartyType { get; init; } = "";
    public string IdNumber { get; init; } = "";
    public string Phone { get; init; } = "";
    public string Email { get; init; } = "";
    public string EService { get; init; } = "";
    public string Language { get; init; } = "";
    public string Agent { get; init; } = "";
    public string AgentType { get; init; } = "";
    public string AgentPhone { get; init; } = "";

    /// <summary>Why the row cannot be read; null where it can. The case it names is refused, the others are not.</summary>
    public string? Fault { get; init; }

    /// <summary>The fault with its values apart.</summary>
    public string? FaultSaid { get; init; }

    /// <summary>As it is stored and compared: nothing that cannot be seen, numbers and names in one writing.</summary>
    public CaseRow Folded() =>
        this with
        {
            CaseNumber = Written.Visible(CaseNumber),
            Court = Written.Visible(Court),
            Cause = Written.Visible(Cause),
            FiledOn = Written.Visible(FiledOn),
            Kind = Written.Visible(Kind),
            Procedure = Written.Visible(Procedure),
            Amount = Written.Visible(Amount),
            Judge = Written.Name(Judge),
            AllottedOn = Written.Visible(AllottedOn),
            Party = Written.Name(Party),
            Role = Written.Name(Role),
            PartyType = Written.Name(PartyType),
            IdNumber = Written.IsRounded(IdNumber) ? Written.Visible(IdNumber) : Written.Sign(IdNumber),
            Phone = Written.Phone(Phone),
            Email = Written.Email(Email),
            EService = Written.Name(EService),
            Language = Written.Visible(Language),
            Agent = Written.Name(Agent),
            AgentType = Written.Name(AgentType),
            AgentPhone = Written.Phone(AgentPhone),
        };
}

/// <summary>Reads a case list: CSV in UTF-8 or GB18030, or JSON. A file that cannot be read as a whole is refused before anything is stored.</summary>
internal static class CaseFile
{
    public const int MaxRows = 2_000_000;
    private const int MostInCell = 4000;

    private static readonly (string Field, string Chinese, string English, bool Required)[] Columns =
    [
        ("CaseNumber", "案号", "caseNumber", true),
        ("Court", "法院", "court", true),
        ("Cause", "案由", "cause", true),
        ("FiledOn", "立案日期", "filedOn", true),
        ("Party", "当事人", "party", true),
        ("Role", "诉讼地位", "role", true),
        ("Kind", "案件类型", "kind", false),
        ("Procedure", "适用程序", "procedure", false),
        ("Amount", "标的额", "amount", false),
        ("Judge", "承办法官", "judge", false),
        ("AllottedOn", "分案日期", "allottedOn", false),
        ("PartyType", "当事人类型", "partyType", false),
        ("IdNumber", "证件号码", "idNumber", false),
        ("Phone", "电话", "phone", false),
        ("Email", "电子邮箱", "email", false),
        ("EService", "电子送达", "eService", false),
        ("Language", "语言", "language", false),
        ("Agent", "代理人", "agent", false),
        ("AgentType", "代理人类型", "agentType", false),
        ("AgentPhone", "代理人电话", "agentPhone", false),
    ];

    static CaseFile() => Encoding.RegisterProvider(CodePagesEncodingProvider.Instance);

    /// <exception cref="RuleBroken">Wrong encoding, missing columns, broken quoting, nothing in it.</exception>
    public static async IAsyncEnumerable<CaseRow> ReadAsync(string path, string format, [EnumeratorCancellation] CancellationToken ct)
    {
        var any = false;
        await foreach (var row in format == "json" ? ReadJsonAsync(path, ct) : ReadCsvAsync(path, ct))
        {
            any = true;
            if (row.Row > MaxRows)
                throw new RuleBroken($"文件超过 {MaxRows} 行，请拆分后导入。", "file");
            yield return row.Folded();
        }
        if (!any)
            throw new RuleBroken("文件里没有案件：只有表头，或是空的。", "file");
    }

    /// <summary>Strict UTF-8, else strict GB18030 (four-byte characters included), else refused with the place.</summary>
    internal static Encoding DetectEncoding(string path)
    {
        var head = new byte[4];
        using (var file = File.OpenRead(path))
        {
            var n = file.Read(head);
            if (n == 0)
                throw new RuleBroken("文件是空的。", "file");
            if ((head[0] == 0xFF && head[1] == 0xFE) || (head[0] == 0xFE && head[1] == 0xFF))
                throw new RuleBroken("文件是 UTF-16 编码。请另存为 UTF-8 或 GB18030 的 CSV。", "file");
            if (n >= 2 && head[0] == 'P' && head[1] == 'K')
                throw new RuleBroken("这是 Excel（或压缩）文件，不是 CSV。请另存为 CSV（UTF-8）。", "file");
        }
        var utf8 = new UTF8Encoding(false, throwOnInvalidBytes: true);
        if (FirstInvalid(path, utf8) is null)
            return utf8;
        var gb = Encoding.GetEncoding("GB18030", EncoderFallback.ExceptionFallback, DecoderFallback.ExceptionFallback);
        if (FirstInvalid(path, gb) is not { } at)
            return gb;
        throw new RuleBroken($"文件既不是 UTF-8 也不是 GB18030 编码，大约在第 {at} 字节处有无法识别的内容。", "file", "encoding");
    }

    private static long? FirstInvalid(string path, Encoding encoding)
    {
        var decoder = encoding.GetDecoder();
        var bytes = new byte[1 << 16];
        var chars = new char[encoding.GetMaxCharCount(bytes.Length)];
        long done = 0;
        using var file = File.OpenRead(path);
        try
        {
            for (int n; (n = file.Read(bytes)) > 0; done += n)
            {
                var count = decoder.GetChars(bytes, 0, n, chars, 0);
                if (chars.AsSpan(0, count).IndexOf('\0') >= 0)
                    throw new RuleBroken("文件不是文本：含有空字节。", "file", "encoding");
            }
            decoder.GetChars(bytes, 0, 0, chars, 0, flush: true);
            return null;
        }
        catch (DecoderFallbackException)
        {
            return done;
        }
    }

    private static async IAsyncEnumerable<CaseRow> ReadCsvAsync(string path, [EnumeratorCancellation] CancellationToken ct)
    {
        var encoding = DetectEncoding(path);
        using var head = new StreamReader(path, encoding, detectEncodingFromByteOrderMarks: true);
        using var reader = new StreamReader(path, encoding, detectEncodingFromByteOrderMarks: true);
        var configuration = new CsvConfiguration(CultureInfo.InvariantCulture)
        {
            HasHeaderRecord = false,
            Delimiter = ListText.Separator(head),
            MaxFieldSize = MostInCell,
            IgnoreBlankLines = true,
            TrimOptions = TrimOptions.None,
            BadDataFound = a => throw new RuleBroken($"第 {a.Context.Parser?.RawRow} 行的引号不成对或位置不对。", "file", "csv"),
        };
        using var csv = new CsvParser(reader, configuration);
        if (!await ListText.NextAsync(csv, MostInCell, "file"))
            throw new RuleBroken("文件是空的。", "file");
        var places = Header(csv.Record!);
        var width = csv.Record!.Length;
        while (await ListText.NextAsync(csv, MostInCell, "file"))
        {
            ct.ThrowIfCancellationRequested();
            var row = csv.RawRow - csv.RawRecord.TrimEnd('\r', '\n').Count(c => c == '\n'); // the file's own line where the record begins
            var record = csv.Record!;
            if (record.All(string.IsNullOrWhiteSpace))
                continue;
            string At(string field) => places.TryGetValue(field, out var i) && i < record.Length ? T(record[i]) : "";
            Said? fault = record.Skip(width).Any(f => !string.IsNullOrWhiteSpace(f))
                ? Say($"这一行有 {record.Length} 列，表头只有 {width} 列：有一格多了分隔符，请给这一格加上引号")
                : null;
            yield return new CaseRow
            {
                Fault = fault?.ToString(),
                FaultSaid = fault?.Stored(),
                Row = row,
                CaseNumber = At("CaseNumber"),
                Court = At("Court"),
                Cause = At("Cause"),
                FiledOn = At("FiledOn"),
                Kind = At("Kind"),
                Procedure = At("Procedure"),
                Amount = At("Amount"),
                Judge = At("Judge"),
                AllottedOn = At("AllottedOn"),
                Party = At("Party"),
                Role = At("Role"),
                PartyType = At("PartyType"),
                IdNumber = At("IdNumber"),
                Phone = At("Phone"),
                Email = At("Email"),
                EService = At("EService"),
                Language = At("Language"),
                Agent = At("Agent"),
                AgentType = At("AgentType"),
                AgentPhone = At("AgentPhone"),
            };
        }
    }

    private static Said Say(Said said) => said;

    private static Dictionary<string, int> Header(string[] header)
    {
        var places = new Dictionary<string, int>();
        for (var i = 0; i < header.Length; i++)
        {
            var name = Written.Name(header[i]);
            var column = Columns.FirstOrDefault(c => c.Chinese == name || string.Equals(c.English, name, StringComparison.OrdinalIgnoreCase));
            if (column.Field is not null && !places.TryAdd(column.Field, i))
                throw new RuleBroken($"表头“{name}”出现了两次。", "file", "header");
        }
        var missing = Columns.Where(c => c.Required && !places.ContainsKey(c.Field)).Select(c => $"{c.Chinese}（{c.English}）").ToList();
        if (missing.Count > 0)
            throw new RuleBroken($"表头缺少：{string.Join('、', missing)}。", "file", "header");
        return places;
    }

    private static async IAsyncEnumerable<CaseRow> ReadJsonAsync(string path, [EnumeratorCancellation] CancellationToken ct)
    {
        await using var file = File.OpenRead(path);
        var cases = JsonSerializer.DeserializeAsyncEnumerable<JsonCase>(file, Json.Stored, ct).GetAsyncEnumerator(ct);
        await using var disposing = cases;
        for (var n = 1; ; n++)
        {
            try
            {
                if (!await cases.MoveNextAsync())
                    yield break;
            }
            catch (JsonException e)
            {
                throw new RuleBroken($"JSON 有误，在 {e.Path} 第 {(e.LineNumber ?? 0) + 1} 行：应是案件的数组。", "file", "json");
            }
            var c = cases.Current ?? throw new RuleBroken($"第 {n} 个案件是 null。", "file", "json");
            var shared = new CaseRow
            {
                Row = n,
                CaseNumber = T(c.CaseNumber),
                Court = T(c.Court),
                Cause = T(c.Cause),
                FiledOn = T(c.FiledOn),
                Kind = T(c.Kind),
                Procedure = T(c.Procedure),
                Amount = Text(c.Amount),
                Judge = T(c.Judge),
                AllottedOn = T(c.AllottedOn),
            };
            if (c.Parties is not { Count: > 0 })
            {
                yield return shared;
                continue;
            }
            foreach (var p in c.Parties)
            {
                var party = shared with
                {
                    Party = T(p.Name),
                    Role = T(p.Role),
                    PartyType = T(p.PartyType),
                    IdNumber = T(p.IdNumber),
                    Phone = T(p.Phone),
                    Email = T(p.Email),
                    EService = T(p.EService),
                    Language = T(p.Language),
                };
                if (p.Agents is not { Count: > 0 })
                    yield return party;
                else
                    foreach (var a in p.Agents)
                        yield return party with
                        {
                            Agent = T(a.Name),
                            AgentType = T(a.Type),
                            AgentPhone = T(a.Phone),
                        };
            }
        }
    }

    // signs that no text may hold are left out, or the whole list would stand still at them
    private static string T(string? text) =>
        text?.Trim() is { Length: > 0 } cell
            ? PlainText.WhyNot(cell) is null
                ? cell
                : Written.Visible(cell)
            : "";

    private static string Text(JsonElement e) =>
        e.ValueKind switch
        {
            JsonValueKind.String => T(e.GetString()),
            JsonValueKind.Number => e.GetRawText(),
            _ => "",
        };

    private sealed record JsonCase
    {
        public string? CaseNumber { get; init; }
        public string? Court { get; init; }
        public string? Cause { get; init; }
        public string? FiledOn { get; init; }
        public string? Kind { get; init; }
        public string? Procedure { get; init; }
        public JsonElement Amount { get; init; }
        public string? Judge { get; init; }
        public string? AllottedOn { get; init; }
        public IReadOnlyList<JsonParty>? Parties { get; init; }
    }

    private sealed record JsonParty
    {
        public string? Name { get; init; }
        public string? Role { get; init; }
        public string? PartyType { get; init; }
        public string? IdNumber { get; init; }
        public string? Phone { get; init; }
        public string? Email { get; init; }
        public string? EService { get; init; }
        public string? Language { get; init; }
        public IReadOnlyList<JsonAgent>? Agents { get; init; }
    }

    private sealed record JsonAgent
    {
        public string? Name { get; init; }
        public string? Type { get; init; }
        public string? Phone { get; init; }
    }
}
