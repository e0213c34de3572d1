using CourtOps.Kernel.Modules;
using CourtOps.Kernel.Settings;

namespace CourtOps.Workzone.Supervision;

/// <summary>What the table of a court looks at: which warning of which limits.</summary>
internal sealed record WarningFacts
{
    /// <summary>D-30 … D-1, due or overdue.</summary>
    public string Tier { get; init; } = "";

    /// <summary>Whether the limit is shorter than three months.</summary>
    public bool Short { get; init; }
}

/// <summary>What a warning is.</summary>
internal sealed record WarningOutcome
{
    /// <summary>prompt, urge, supervise or off.</summary>
    public string Kind { get; init; } = WarningTable.Off;

    /// <summary>Posts of <see cref="SlipPosts"/>.</summary>
    public IReadOnlyList<string> To { get; init; } = [];
}

/// <summary>Times of slips, and the duties by which those are found who are told beside the handler.</summary>
internal sealed record SlipTimes
{
    /// <summary>Court hours within which a slip is received; one that is not goes up (B-08: one working day).</summary>
    public int ReceiveHours { get; init; } = 7;
    public int PromptHours { get; init; } = 21;
    public int UrgeHours { get; init; } = 14;
    public int SuperviseHours { get; init; } = 7;

    /// <summary>Duties (岗位) of the heads of divisions, several set apart by 、.</summary>
    public string HeadDuties { get; init; } = "庭长、副庭长";
    public string ManagementDuties { get; init; } = "审管办主任、审判管理办公室主任";
    public string ViceDuties { get; init; } = "副院长、分管副院长";
    public string PresidentDuties { get; init; } = "院长";

    /// <summary>Court hours within which a slip is answered.</summary>
    public int Hours(string kind) =>
        kind switch
        {
            SlipKinds.Prompt => PromptHours,
            SlipKinds.Urge => UrgeHours,
            _ => SuperviseHours,
        };
}

/// <summary>To whom a slip is addressed by rule.</summary>
internal static class SlipPosts
{
    /// <summary>Whoever has the case or the order in hand when it is sent.</summary>
    public const string Handler = "handler";
    public const string Head = "division-head";
    public const string Management = "management";
    public const string Vice = "vice-president";
    public const string President = "president";

    /// <summary>Leads of the centre, of an order that nobody has in hand.</summary>
    public const string Lead = "lead";

    /// <summary>A certain person, chosen by hand.</summary>
    public const string Person = "person";

    public static readonly IReadOnlyDictionary<string, string> Labels = new Dictionary<string, string>
    {
        [Handler] = "承办人",
        [Head] = "庭长",
        [Management] = "审判管理部门",
        [Vice] = "分管院领导",
        [President] = "院长",
    };
}

/// <summary>审限预警 as a table that administrators edit: which warning is which slip, and who gets it (B-08).</summary>
internal static class WarningTable
{
    public const string Key = "workzone.limit-warnings";

    public const string TimesKey = "workzone.slips";

    public const string Off = "off";

    public const string Due = "due";

    public const string Overdue = "overdue";

    public static readonly IReadOnlyDictionary<string, string> Tiers = new Dictionary<string, string>
    {
        ["D-30"] = "届满前 30 日",
        ["D-22"] = "届满前 22 日",
        ["D-16"] = "届满前 16 日",
        ["D-10"] = "届满前 10 日",
        ["D-5"] = "届满前 5 日",
        ["D-3"] = "届满前 3 日",
        ["D-1"] = "届满前 1 日",
        [Due] = "届满当日",
        [Overdue] = "超过审限",
    };

    private static readonly IReadOnlyDictionary<string, string> Kinds = SlipKinds.Labels.Append(new(Off, "不发")).ToDictionary();

    public static readonly DecisionTable<WarningFacts, WarningOutcome> Table = new()
    {
        Key = Key,
        Label = "审限预警表",
        Help = "审限届满前几日、届满和超期时发哪一种督促单，发给谁；落在休息日的提前到前一工作日送到。",
        Affects = "此后到期的预警",
        Source = "B-08；审判管理的惯例",
        Tag = SettingTags.Practice,
        Facts = [new(nameof(WarningFacts.Tier), "预警") { Choices = Tiers }, new(nameof(WarningFacts.Short), "审限不满三个月")],
        Outcome = [new(nameof(WarningOutcome.Kind), "发什么单") { Choices = Kinds }, new(nameof(WarningOutcome.To), "发给") { Choices = SlipPosts.Labels }],
        Default = new TableBody { Rows = [.. Rows()] },
    };

    public static void Declare(ModuleDeclaration declare)
    {
        declare.Setting(Table);
        declare.Setting(
            new Setting<SlipTimes>
            {
                Key = TimesKey,
                Label = "督促单的期限和收件人",
                Help = "几小时内签收、答复；预警表里的庭长、审判管理部门、院领导按人员的岗位找到，庭长限于承办人所在的庭。",
                Affects = "此后发出的督促单",
                Values =
                [
                    Hours(nameof(SlipTimes.ReceiveHours), "签收期限", "过了还没有签收的升级。"),
                    Hours(nameof(SlipTimes.PromptHours), "提示单答复期限", "自发出起算。"),
                    Hours(nameof(SlipTimes.UrgeHours), "催办单答复期限", "自发出起算。"),
                    Hours(nameof(SlipTimes.SuperviseHours), "督办单答复期限", "自发出起算。"),
                    Duties(nameof(SlipTimes.HeadDuties), "庭长的岗位"),
                    Duties(nameof(SlipTimes.ManagementDuties), "审判管理部门的岗位"),
                    Duties(nameof(SlipTimes.ViceDuties), "分管院领导的岗位"),
                    Duties(nameof(SlipTimes.PresidentDuties), "院长的岗位"),
                ],
            }
        );
    }

    /// <summary>What a warning is by a table; one that no row speaks of is off. Pure.</summary>
    public static WarningOutcome Of(TableBody body, string tier, bool isShort)
    {
        try
        {
            return Tiers.ContainsKey(tier) ? Table.Decide(new WarningFacts { Tier = tier, Short = isShort }, body).Outcome : new WarningOutcome();
        }
        catch (Kernel.Messaging.RuleBroken)
        {
            return new WarningOutcome();
        }
    }

    private static Field Hours(string name, string label, string help) =>
        new(name, label, help)
        {
            Unit = "工作小时",
            Min = 1,
            Max = 200,
            Source = "B-08；惯例",
            Tag = SettingTags.Practice,
        };

    private static Field Duties(string name, string label) =>
        new(name, label, "多个岗位用顿号隔开；须有院领导角色，才看得到案件。") { Source = "惯例", Tag = SettingTags.Practice };

    private static IEnumerable<TableRow> Rows()
    {
        yield return Row("D-10", true, SlipKinds.Prompt, SlipPosts.Handler);
        yield return Row("D-5", true, SlipKinds.Urge, SlipPosts.Handler, SlipPosts.Head);
        yield return Row("D-3", true, SlipKinds.Urge, SlipPosts.Handler, SlipPosts.Head, SlipPosts.Management);
        yield return Row("D-1", true, SlipKinds.Urge, SlipPosts.Handler, SlipPosts.Management, SlipPosts.Vice);
        yield return Row("D-30", null, SlipKinds.Prompt, SlipPosts.Handler);
        yield return Row("D-22", null, SlipKinds.Prompt, SlipPosts.Handler, SlipPosts.Head);
        yield return Row("D-16", null, SlipKinds.Prompt, SlipPosts.Handler, SlipPosts.Head);
        yield return Row("D-10", null, SlipKinds.Urge, SlipPosts.Handler, SlipPosts.Head);
        yield return Row("D-5", null, SlipKinds.Urge, SlipPosts.Handler, SlipPosts.Management, SlipPosts.Vice);
        yield return Row(Due, null, SlipKinds.Urge, SlipPosts.Handler, SlipPosts.Head, SlipPosts.Management, SlipPosts.Vice);
        yield return Row(Overdue, null, SlipKinds.Supervise, SlipPosts.Handler, SlipPosts.Head, SlipPosts.Management, SlipPosts.Vice, SlipPosts.President);
        yield return new TableRow
        {
            Then = new Dictionary<string, string> { [nameof(WarningOutcome.Kind)] = Off, [nameof(WarningOutcome.To)] = SlipPosts.Handler },
            Note = "其余不发",
        };
    }

    private static TableRow Row(string tier, bool? isShort, string kind, params string[] to)
    {
        var when = new Dictionary<string, Condition> { [nameof(WarningFacts.Tier)] = new(Ops.Is, [tier]) };
        if (isShort is { } s)
            when[nameof(WarningFacts.Short)] = new(Ops.Is, [s ? "yes" : "no"]);
        return new TableRow
        {
            When = when,
            Then = new Dictionary<string, string> { [nameof(WarningOutcome.Kind)] = kind, [nameof(WarningOutcome.To)] = string.Join(' ', to) },
        };
    }
}
