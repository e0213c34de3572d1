using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using CourtOps.Kernel.Messaging;

namespace CourtOps.Enforcement.Simulator;

/// <summary>How the simulated registries behave. Shares are percent.</summary>
internal sealed record RegistryManners
{
    /// <summary>The same seed gives the same answers.</summary>
    public int Seed { get; init; } = 1;

    /// <summary>Lines that are answered at a later poll only.</summary>
    public int Slow { get; init; } = 40;

    /// <summary>The most polls a slow line waits.</summary>
    public int MostPolls { get; init; } = 3;

    /// <summary>Lines that a registry cannot answer in the first round.</summary>
    public int Errors { get; init; } = 8;

    /// <summary>Answers that come twice.</summary>
    public int Duplicates { get; init; } = 8;

    /// <summary>Answers about somebody who was not asked about, beside the right one.</summary>
    public int Strangers { get; init; } = 5;

    /// <summary>Sendings that are first refused with 503.</summary>
    public int Refusals { get; init; }

    /// <summary>Milliseconds before every answer.</summary>
    public int Delay { get; init; }

    /// <summary>Signatures are asked for where it is set.</summary>
    public string Key { get; init; } = "";
}

/// <summary>One answer and the poll with which it comes: 0 at once.</summary>
internal sealed record TimedLine(int Poll, string Text);

/// <summary>
/// What simulated banks, vehicle, real estate and company registries answer to a line that asks: for demonstrations and tests, made of nothing but the line
/// and the seed. Pure.
/// </summary>
internal static class RegistryAnswers
{
    private static readonly string[] Strangers = ["周某路", "吴某桥", "郑某巷"];

    /// <param name="line">As it came: ref, name, idTail, category.</param>
    /// <param name="round">1 for the first sending; errors are of the first alone.</param>
    /// <exception cref="JsonException">It is no such line.</exception>
    public static IReadOnlyList<TimedLine> Of(string line, int round, RegistryManners manners)
    {
        using var json = JsonDocument.Parse(line);
        var (reference, name, tail, category) = (Text(json, "ref"), Text(json, "name"), Text(json, "idTail"), Text(json, "category"));
        if (reference.Length == 0 || name.Length == 0)
            throw new JsonException("ref and name are needed.");
        var dice = new Dice($"{manners.Seed}|{reference}|{category}");
        var poll = dice.Percent(manners.Slow) ? 1 + dice.Next(Math.Max(1, manners.MostPolls)) : 0;
        if (dice.Percent(manners.Errors) && round == 1)
            return [new TimedLine(poll, Write(reference, name, tail, "failed", [], "登记系统维护，稍后再查"))];
        var found = Things(category, dice);
        var answer = Write(reference, name, tail, found.Count == 0 ? "none" : "found", found, "");
        var lines = new List<TimedLine>();
        if (dice.Percent(manners.Strangers))
            lines.Add(
                new TimedLine(
                    poll,
                    Write(reference, Strangers[dice.Next(Strangers.Length)], "", "found", [new("不动产 他人", "测试登记中心", "100000", "元")], "")
                )
            );
        lines.Add(new TimedLine(poll, answer));
        if (dice.Percent(manners.Duplicates))
            lines.Add(new TimedLine(poll + 1, answer));
        return lines;
    }

    // amounts in the units the kinds of registry use: banks yuan and fen, vehicles and real estate ten thousands
    private static List<Item> Things(string category, Dice dice)
    {
        var n = dice.Next(1_000_000);
        string Number(string format) => string.Create(CultureInfo.InvariantCulture, $"{n.ToString(format, CultureInfo.InvariantCulture)}");
        return category switch
        {
            "bank" when dice.Percent(70) => [new($"62280000{Number("000000")}", "汪清测试银行", Number("0"), dice.Percent(30) ? "分" : "元")],
            "ewallet" when dice.Percent(40) => [new($"支付账户 {Number("000000")}", "示例支付公司", $"{n % 5000}.{n % 100:00}", "元")],
            "vehicle" when dice.Percent(35) => [new($"吉H{n % 100000:00000}", "延边车辆管理所", $"{1 + (n % 30)}.5", "万元")],
            "immovable" when dice.Percent(30) => [new($"汪清不动产第{Number("000000")}号", "汪清不动产登记中心", $"{15 + (n % 90)}", "万元")],
            "company" when dice.Percent(15) => [new($"示例商贸公司 {n % 100}% 股权", "汪清市场监督管理局", "", "")],
            "fund" when dice.Percent(50) => [new($"公积金账户 {Number("000000")}", "延边公积金中心", $"{n % 60000}", "元")],
            "securities" when dice.Percent(10) => [new($"证券账户 A{Number("000000")}", "示例证券公司", $"{n % 90000}", "元")],
            "insurance" when dice.Percent(10) => [new($"保单 {Number("000000")}", "示例保险公司", $"{n % 20000}", "元")],
            _ => [],
        };
    }

    private static string Write(string reference, string name, string tail, string result, IReadOnlyList<Item> things, string note) =>
        JsonSerializer.Serialize(
            new
            {
                @ref = reference,
                name,
                idTail = tail,
                result,
                note,
                items = things.Select(t =>
                    t.Value.Length == 0
                        ? (object)new { t.Description, t.Holder }
                        : new
                        {
                            t.Description,
                            t.Holder,
                            value = t.Value,
                            unit = t.Unit,
                        }
                ),
            },
            Json.Stored
        );

    private static string Text(JsonDocument json, string name) =>
        json.RootElement.ValueKind == JsonValueKind.Object && json.RootElement.TryGetProperty(name, out var v) && v.ValueKind == JsonValueKind.String
            ? v.GetString()!
            : "";

    private sealed record Item(string Description, string Holder, string Value, string Unit);

    /// <summary>Numbers that follow from a text alone.</summary>
    private sealed class Dice(string of)
    {
        private int turn;

        public int Next(int below)
        {
            var hash = SHA256.HashData(Encoding.UTF8.GetBytes($"{of}|{turn++}"));
            return (int)(BitConverter.ToUInt32(hash) % (uint)below);
        }

        public bool Percent(int share) => Next(100) < share;
    }
}
