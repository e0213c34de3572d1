using System.Globalization;
using System.Text.Json;
using CourtOps.Kernel.Audit;
using CourtOps.Kernel.Data;
using CourtOps.Kernel.Messaging;
using CourtOps.Kernel.Security;
using CourtOps.Kernel.Settings;
using CourtOps.Law;
using CourtOps.Workzone.Rights;
using CourtOps.Workzone.Settings;
using FluentValidation;

namespace CourtOps.Workzone.Calendars;

/// <summary>Law updates that were imported, for every court: limits as later laws set them, each from its day on, over the shipped table.</summary>
public sealed record LawUpdates
{
    public const string Key = "workzone.law";

    /// <summary>"2027-01-01 《…》" and the JSON of the update.</summary>
    public IReadOnlyDictionary<string, string> Updates { get; init; } = new Dictionary<string, string>();

    /// <summary>All changes of limits, in order of their days.</summary>
    public IReadOnlyList<LimitChange> Changes() =>
        [.. Updates.Values.SelectMany(LawImport.Read).OrderBy(c => c.From).ThenBy(c => c.Code, StringComparer.Ordinal)];

    /// <summary>Imported on its own page by two persons; shown among the rules.</summary>
    internal static Setting<LawUpdates> Setting { get; } =
        new()
        {
            Key = Key,
            Label = "法律更新",
            Everywhere = true,
            TwoPersons = true,
            SetAt = "/settings/law",
            Affects = "全部在办案件的审限：确认后逐案重算，日期有变的通知承办法官",
            Help = "审限有修改的法律（JSON）：从施行之日起立案的案件按新规定，写明适用于在审案件的，在审案件自施行之日起也按新规定。",
            Values = [],
            Validator = new Rules(),
            Shown = (t, v) => v.Updates.Count == 0 ? t["随程序提供的法律"] : string.Join(t["、"], v.Updates.Keys.Order(StringComparer.Ordinal)),
            Differ = (t, was, will) => LawImport.Differences(was.Changes(), will.Changes()).Select(d => (d.Label, d.Was, d.Will)),
        };

    private sealed class Rules : AbstractValidator<LawUpdates>
    {
        public Rules() =>
            RuleFor(u => u.Updates)
                .Custom(
                    (updates, context) =>
                    {
                        foreach (var json in updates.Values)
                        {
                            try
                            {
                                LawImport.Read(json);
                            }
                            catch (RuleBroken e)
                            {
                                context.AddFailure("Json", e.Message);
                            }
                        }
                    }
                );
    }
}

/// <summary>The changes that are in force, or will be. Read from memory.</summary>
internal sealed class LawChanges(ISettings settings)
{
    private volatile Read? read;

    public IReadOnlyList<LimitChange> All
    {
        get
        {
            var now = settings.Current<LawUpdates>(0);
            var there = read;
            if (there is null || !ReferenceEquals(there.Updates, now))
                read = there = new Read(now, now.Changes());
            return there.Changes;
        }
    }

    private sealed record Read(LawUpdates Updates, IReadOnlyList<LimitChange> Changes);
}

/// <summary>An update as JSON: {"law":"《…法》（2027 年修正）第152条","from":"2027-01-01","pending":false,"limits":[{"code":"MC-ORD","months":5,"days":0}]}.
/// Pure.</summary>
internal static class LawImport
{
    /// <exception cref="RuleBroken">It is no update: the place and the reason.</exception>
    public static IReadOnlyList<LimitChange> Read(string json)
    {
        File? file;
        try
        {
            file = JsonSerializer.Deserialize<File>(json, JsonSerializerOptions.Web);
        }
        catch (JsonException e)
        {
            throw Wrong(e.Path ?? "json", "不是 JSON");
        }
        if (file is null || string.IsNullOrWhiteSpace(file.Law) || file.Law.Length > 120)
            throw Wrong("law", "写明法律的名称和条文，最长 120 个字符");
        if (
            !DateOnly.TryParseExact(file.From, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var from)
            || from < LawDates.Min
            || from > LawDates.Max
        )
            throw Wrong("from", "施行日期应形如 2027-01-01");
        if (file.Limits is not { Count: > 0 and <= 100 })
            throw Wrong("limits", "应有 1 到 100 项");
        foreach (var l in file.Limits)
        {
            if (!TrialLimitTable.Has(l.Code ?? ""))
                throw Wrong("limits", "没有这个适用程序代码");
            if (l.Months is < 0 or > 60 || l.Days is < 0 or > 1000 || l.Months + l.Days == 0)
                throw Wrong("limits", "审限应为 60 个月以内加 1000 日以内，且不为零");
        }
        if (file.Limits.GroupBy(l => l.Code).Any(g => g.Count() > 1))
            throw Wrong("limits", "同一程序出现了两次");
        return [.. file.Limits.Select(l => new LimitChange(l.Code!, from, l.Months, l.Days, file.Law.Trim(), file.Pending))];
    }

    /// <summary>An update laid over what is there; the same law and day again takes the place of the earlier one.</summary>
    public static LawUpdates With(LawUpdates now, string json)
    {
        var first = Read(json)[0];
        return now with { Updates = new Dictionary<string, string>(now.Updates) { [$"{Kernel.Web.Times.Iso(first.From)} {first.Law}"] = json } };
    }

    /// <summary>Each limit that differs: its procedure with the day, what held and what will hold.</summary>
    public static IEnumerable<(string Label, string Was, string Will)> Differences(IReadOnlyList<LimitChange> was, IReadOnlyList<LimitChange> will)
    {
        foreach (var c in will.Except(was))
        {
            var shipped = TrialLimitTable.Get(c.Code);
            var before = was.Where(o => o.Code == c.Code && o.From <= c.From).MaxBy(o => o.From);
            yield return (
                $"{shipped.Name.Zh} {c.Code} {Kernel.Web.Times.Iso(c.From)}",
                before is null ? Length(shipped.Months, shipped.Days) : Length(before.Months, before.Days),
                Length(c.Months, c.Days) + (c.Pending ? " +" : "")
            );
        }
        foreach (var c in was.Except(will).Where(o => will.All(w => (w.Code, w.From) != (o.Code, o.From))))
            yield return ($"{TrialLimitTable.Get(c.Code).Name.Zh} {c.Code} {Kernel.Web.Times.Iso(c.From)}", Length(c.Months, c.Days), "");
    }

    private static string Length(int months, int days) => $"{(months > 0 ? $"{months} m" : "")}{(days > 0 ? $" {days} d" : "")}".Trim();

    private static RuleBroken Wrong(string place, string why) => new($"{place}：{why}", "Json", "law");

    private sealed record File
    {
        public string? Law { get; init; }
        public string? From { get; init; }
        public bool Pending { get; init; }
        public IReadOnlyList<Limit>? Limits { get; init; }
    }

    private sealed record Limit
    {
        public string? Code { get; init; }
        public int Months { get; init; }
        public int Days { get; init; }
    }
}

/// <summary>Asks for a law update to be imported; a second person confirms, and the limits of open cases are computed again.</summary>
[Permit(SettingRights.Change)]
[Audited("workzone.law.ask")]
internal sealed record AskForLaw : ICommand<long>
{
    public string Json { get; init; } = "";
    public string Reason { get; init; } = "";

    /// <summary>The newest version that was seen; 0 where there was none.</summary>
    public int Seen { get; init; }

    internal sealed class Validator : AbstractValidator<AskForLaw>
    {
        public Validator()
        {
            RuleFor(c => c.Json).NotEmpty().WithMessage("请给出法律更新的 JSON。").MaximumLength(100_000).WithMessage("文件太大，法律更新不超过 100 KB。");
            RuleFor(c => c.Reason).NotEmpty().WithMessage("请写明修改的理由。").MaximumLength(400).WithMessage("理由最长 400 个字符。");
        }
    }

    internal sealed class Handler(Db db, Actor actor, ISettings settings, SettingBook book, AuditTrail audit) : ICommandHandler<AskForLaw, long>
    {
        public async Task<long> Handle(AskForLaw request, CancellationToken cancellationToken)
        {
            if (
                !actor.IsSystem
                && (
                    actor.CourtsOf(Roles.SystemAdministrator).Count == 0
                    || !await AdminScope.IsHighestAsync(db, actor, Roles.SystemAdministrator, cancellationToken)
                )
            )
                throw new Forbidden(SettingRights.Change, "法律对全部法院生效，只能由最上级法院的系统管理员导入。");
            var wanted = LawImport.With(settings.Current<LawUpdates>(0), request.Json);
            var id = await book.SaveAsync(
                new SettingChange(LawUpdates.Setting, 0, wanted, null, request.Reason, request.Seen) { FromItsPage = true },
                cancellationToken
            );
            audit.Note("setting", LawUpdates.Key, new { updates = wanted.Updates.Count });
            return id;
        }
    }
}
