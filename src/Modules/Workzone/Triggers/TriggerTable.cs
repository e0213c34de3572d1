using CourtOps.Kernel.Modules;
using CourtOps.Kernel.Settings;

namespace CourtOps.Workzone.Triggers;

/// <summary>What the trigger table looks at when something happened to a case.</summary>
internal sealed record TriggerFacts
{
    public string Event { get; init; } = "";

    /// <summary>civil, criminal, admin, enforcement, compensation, other.</summary>
    public string Kind { get; init; } = "";

    /// <summary>first, second, retrial or other.</summary>
    public string Instance { get; init; } = "";

    /// <summary>The event's own word: how a case was closed, the kind of a document, the code of a deduction.</summary>
    public string Detail { get; init; } = "";
    public bool Custody { get; init; }

    /// <summary>A party uses Korean.</summary>
    public bool Interpreter { get; init; }
}

/// <summary>The orders to open, none for nothing.</summary>
internal sealed record TriggerOutcome
{
    public IReadOnlyList<string> Orders { get; init; } = [];
}

/// <summary>When events open orders at all.</summary>
internal sealed record TriggerRules
{
    /// <summary>An event older than this, in days, opens nothing any more.</summary>
    public int MaxAgeDays { get; init; } = 30;

    /// <summary>Whether cases that come by an import open orders: they are usually in hand elsewhere already.</summary>
    public bool Imported { get; init; }
}

/// <summary>触发: event × case → orders, as a table that administrators edit.</summary>
internal static class TriggerTable
{
    public static readonly IReadOnlyDictionary<string, string> Events = new Dictionary<string, string>
    {
        ["registered"] = "立案",
        ["allotted"] = "分案",
        ["panel-formed"] = "组成合议庭",
        ["converted"] = "程序转换",
        ["hearing-scheduled"] = "排定开庭",
        ["hearing-held"] = "开庭",
        ["document-issued"] = "文书签发",
        ["document-served"] = "文书送达",
        ["service-voided"] = "送达认定无效",
        ["deduction-begun"] = "审限扣除开始",
        ["deduction-ended"] = "审限扣除结束",
        ["extended"] = "审限延长",
        ["effective"] = "裁判生效",
        ["appealed"] = "提起上诉",
        ["transferred"] = "移送",
        ["upper-result"] = "上级法院裁判",
        ["closed"] = "结案",
        ["archived"] = "归档",
        ["preservation-ruled"] = "裁定保全",
        ["custody-near"] = "羁押期限将满",
        ["claims-changed"] = "变更诉讼请求",
        ["inspection-failed"] = "质检发现问题",
        ["mediation-ended"] = "调解结束",
        ["measure-taken"] = "财产控制",
        ["performed"] = "履行完毕",
        ["prosecution-withdrawn"] = "撤回起诉",
        ["reopened"] = "撤回结案",
    };

    public static readonly IReadOnlyDictionary<string, string> Kinds = new Dictionary<string, string>
    {
        ["civil"] = "民事",
        ["criminal"] = "刑事",
        ["admin"] = "行政",
        ["enforcement"] = "执行",
        ["compensation"] = "国家赔偿",
        ["other"] = "其他",
    };

    public static readonly IReadOnlyDictionary<string, string> Instances = new Dictionary<string, string>
    {
        ["first"] = "一审",
        ["second"] = "二审",
        ["retrial"] = "再审",
        ["other"] = "其他",
    };

    public static readonly DecisionTable<TriggerFacts, TriggerOutcome> Table = new()
    {
        Key = "workzone.triggers",
        Label = "触发表",
        Help = "案件发生什么事，就向哪个中心发起哪些工单；从上往下，第一行适用的生效。",
        Affects = "此后发生的事件",
        Source = "CPL 128, 131, 139; CrPL 187; F-05",
        Tag = SettingTags.Practice,
        Facts =
        [
            new(nameof(TriggerFacts.Event), "事件") { Choices = Events },
            new(nameof(TriggerFacts.Kind), "案件类型") { Choices = Kinds },
            new(nameof(TriggerFacts.Instance), "审级") { Choices = Instances },
            new(nameof(TriggerFacts.Detail), "细项"),
            new(nameof(TriggerFacts.Custody), "被告人在押"),
            new(nameof(TriggerFacts.Interpreter), "需要翻译"),
        ],
        Outcome = [new(nameof(TriggerOutcome.Orders), "发起的工单") { Choices = Affairs.Labels }],
        Default = new TableBody { Rows = [.. DefaultRows()] },
    };

    public static void Declare(ModuleDeclaration declare)
    {
        declare.Setting(Table);
        declare.Decision(
            Table.As(
                "workzone.triggers",
                "事件触发工单",
                new Measure<TriggerFacts, TriggerOutcome>("发起的工单", "件", (_, o) => o.Orders.Count(c => c != Affairs.None))
            )
        );
        declare.Setting(
            new Setting<TriggerRules>
            {
                Key = "workzone.trigger-rules",
                Label = "触发的范围",
                Help = "哪些事件会自动发起工单。",
                Affects = "此后发生的事件",
                Centre = "",
                Values =
                [
                    new(nameof(TriggerRules.MaxAgeDays), "事件最多早于今天", "更早的事件只入案件时间线，不再发起工单。")
                    {
                        Unit = "日",
                        Min = 0,
                        Max = 365,
                        Source = "惯例",
                        Tag = SettingTags.Practice,
                    },
                    new(nameof(TriggerRules.Imported), "导入的案件也触发", "导入的案件通常已在别处办理；打开后，导入时的立案和分案也会发起工单。")
                    {
                        Source = "惯例",
                        Tag = SettingTags.Practice,
                    },
                ],
            }
        );
    }

    private static IEnumerable<TableRow> DefaultRows()
    {
        yield return Row("registered", "civil", ["affair.scan-filing"]);
        yield return Row("registered", "criminal", ["affair.scan-filing", "affair.serve-indictment"]);
        yield return Row("registered", "admin", ["affair.scan-filing"]);
        yield return Row("registered", "enforcement", ["affair.scan-filing", "affair.query-property", "affair.serve-enforcement", "affair.relate"]);
        yield return Row("registered", "compensation", ["affair.scan-filing", "affair.serve-acceptance"]);
        yield return Row("allotted", "civil", ["affair.call-file", "affair.relate"], instance: "second");
        yield return Row("allotted", "civil", ["affair.call-file", "affair.relate"], instance: "retrial");
        yield return Row("allotted", "criminal", ["affair.call-file", "affair.relate"], instance: "second");
        yield return Row("allotted", "civil", ["affair.serve-complaint", "affair.interpreter"], interpreter: true);
        yield return Row("allotted", "civil", ["affair.serve-complaint"]);
        yield return Row("allotted", "admin", ["affair.call-file", "affair.relate"], instance: "second");
        yield return Row("allotted", "admin", ["affair.call-file", "affair.relate"], instance: "retrial");
        yield return Row("allotted", "criminal", ["affair.call-file", "affair.relate"], instance: "retrial");
        yield return Row("allotted", "admin", ["affair.serve-complaint", "affair.interpreter"], interpreter: true);
        yield return Row("allotted", "admin", ["affair.serve-complaint"]);
        yield return Row("panel-formed", null, ["affair.serve-panel", "affair.assessor"]);
        yield return Row(
            "hearing-scheduled",
            "criminal",
            ["affair.serve-summons", "affair.prepare-hearing", "affair.escort", "affair.interpreter"],
            custody: true,
            interpreter: true
        );
        yield return Row("hearing-scheduled", "criminal", ["affair.serve-summons", "affair.prepare-hearing", "affair.escort"], custody: true);
        yield return Row("hearing-scheduled", null, ["affair.serve-summons", "affair.prepare-hearing", "affair.interpreter"], interpreter: true);
        yield return Row("hearing-scheduled", null, ["affair.serve-summons", "affair.prepare-hearing"]);
        yield return Row("hearing-held", null, ["affair.file-record"]);
        yield return Row("document-issued", null, ["affair.serve-judgment", "affair.file-judgment"], detail: "judgment");
        yield return Row("document-issued", null, ["affair.serve-judgment", "affair.file-judgment"], detail: "ruling");
        yield return Row("document-issued", null, ["affair.serve-judgment", "affair.file-judgment"], detail: "mediation");
        yield return Row("effective", "criminal", ["affair.enforce-money", "affair.publish", "affair.archive"]);
        yield return Row("effective", null, ["affair.publish", "affair.certificate", "affair.archive"]);
        yield return Row("appealed", null, ["affair.serve-appeal", "affair.transfer-file"]);
        yield return Row("transferred", null, ["affair.send-file"]);
        yield return Row("converted", null, ["affair.fee-notice", "affair.serve-panel"]);
        yield return Row("claims-changed", null, ["affair.fee-notice"]);
        yield return Row("deduction-begun", null, ["affair.expert-follow"], detail: "D-JD");
        yield return Row("preservation-ruled", null, ["affair.preserve"]);
        yield return Row("custody-near", "criminal", ["affair.custody-limit"]);
        yield return Row("prosecution-withdrawn", "criminal", ["affair.custody-limit"], custody: true);
        yield return Row("inspection-failed", null, ["affair.correct-data"]);
        yield return Row("upper-result", null, ["affair.file-judgment", "affair.serve-judgment"]);
        yield return Row("performed", null, ["affair.release"]);
        yield return Row("closed", "enforcement", ["affair.release", "affair.archive"], detail: "performed");
        yield return Row("closed", "civil", ["affair.release", "affair.refund-fee", "affair.archive"], detail: "withdrawn");
        yield return Row("closed", null, [Affairs.None], detail: "transferred");
        // what is closed by a judgment is archived when it takes effect
        yield return Row("closed", "civil", ["affair.refund-fee"], detail: "judgment");
        yield return Row("closed", "admin", ["affair.refund-fee"], detail: "judgment");
        yield return Row("closed", null, [Affairs.None], detail: "judgment");
        yield return Row("closed", "civil", ["affair.refund-fee", "affair.archive"]);
        yield return Row("closed", null, ["affair.archive"]);
        yield return new TableRow
        {
            Then = new Dictionary<string, string> { [nameof(TriggerOutcome.Orders)] = Affairs.None },
            Note = "其余事件只入时间线",
        };
    }

    private static TableRow Row(
        string caseEvent,
        string? kind,
        string[] orders,
        string? instance = null,
        string? detail = null,
        bool? custody = null,
        bool? interpreter = null
    )
    {
        var when = new Dictionary<string, Condition> { [nameof(TriggerFacts.Event)] = new(Ops.Is, [caseEvent]) };
        if (kind is not null)
            when[nameof(TriggerFacts.Kind)] = new(Ops.Is, [kind]);
        if (instance is not null)
            when[nameof(TriggerFacts.Instance)] = new(Ops.Is, [instance]);
        if (detail is not null)
            when[nameof(TriggerFacts.Detail)] = new(Ops.Is, [detail]);
        if (custody is { } held)
            when[nameof(TriggerFacts.Custody)] = new(Ops.Is, [held ? "yes" : "no"]);
        if (interpreter is { } needed)
            when[nameof(TriggerFacts.Interpreter)] = new(Ops.Is, [needed ? "yes" : "no"]);
        return new TableRow
        {
            When = when,
            Then = new Dictionary<string, string> { [nameof(TriggerOutcome.Orders)] = string.Join(' ', orders) },
        };
    }
}
