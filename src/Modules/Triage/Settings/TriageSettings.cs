using System.Globalization;
using CourtOps.Kernel.Modules;
using CourtOps.Kernel.Settings;
using CourtOps.Triage.Allotments;
using CourtOps.Triage.Filings;
using CourtOps.Triage.Split;

namespace CourtOps.Triage.Settings;

/// <summary>Periods and words of the counter.</summary>
internal sealed record CounterRules
{
    /// <summary>Days to correct what is missing.</summary>
    public int CorrectDays { get; init; } = 15;
    public string Complaint { get; init; } = "可以向本院纪检监察部门或者上一级人民法院投诉，电话 12368。";
}

internal sealed record PaperFacts
{
    public string Kind { get; init; } = "";
    public string Cause { get; init; } = "";
    public bool Agent { get; init; }
}

internal sealed record PaperList
{
    public IReadOnlyList<string> Papers { get; init; } = [];
}

internal sealed record CauseFacts
{
    public string Kind { get; init; } = "";
    public string Cause { get; init; } = "";
}

internal sealed record CauseWeight
{
    public int Points { get; init; }
    public int Weight { get; init; } = 100;
}

internal sealed record TeamFacts
{
    public string Kind { get; init; } = "";
    public string Cause { get; init; } = "";
    public string Band { get; init; } = "";
}

internal sealed record TeamNames
{
    public string Division { get; init; } = "";
    public string Team { get; init; } = "";
}

/// <summary>What a court may set of filing, split and allotment.</summary>
internal static class TriageSettings
{
    private static readonly Field KindFact = new("Kind", "案件类型") { Choices = CaseKinds.Labels };
    private static readonly Field CauseFact = new("Cause", "案由") { MayBeEmpty = true };

    public static readonly DecisionTable<PaperFacts, PaperList> Papers = new()
    {
        Key = "triage.papers",
        Label = "立案材料清单",
        Help = "按案件类型和案由列出立案时应当提交的材料；缺一项的，一次性告知补正。",
        Affects = "此后审查的立案材料",
        Centre = "triage",
        Source = "E-01",
        Facts = [KindFact, CauseFact, new(nameof(PaperFacts.Agent), "有代理人")],
        Outcome = [new(nameof(PaperList.Papers), "材料") { Choices = PaperKinds.Labels }],
        Default = new TableBody
        {
            Rows =
            [
                Paper("criminal", null, "indictment"),
                Paper("admin", null, "complaint identity act"),
                Paper("enforcement", null, "complaint identity judgment"),
                Paper("compensation", null, "complaint identity judgment"),
                Paper("other", null, "complaint identity"),
                Paper("civil", ["民间借贷纠纷", "金融借款合同纠纷"], "complaint identity loan"),
                Paper("civil", ["离婚纠纷"], "complaint identity marriage"),
                Paper("civil", ["机动车交通事故责任纠纷"], "complaint identity accident evidence"),
                Paper("civil", ["劳动争议", "劳动合同纠纷", "追索劳动报酬纠纷"], "complaint identity award"),
                Paper("civil", ["买卖合同纠纷", "房屋租赁合同纠纷", "建设工程施工合同纠纷", "物业服务合同纠纷"], "complaint identity contract"),
                Paper(null, null, "complaint identity evidence"),
            ],
        },
    };

    public static readonly DecisionTable<CauseFacts, CauseWeight> Causes = new()
    {
        Key = "triage.causes",
        Label = "案由难度与权重",
        Help = "每个案由的基础难度分和案件权重；权重以普通案件为 100。",
        Affects = "此后登记的案件",
        Centre = "triage",
        Source = "E-05",
        Facts = [KindFact, CauseFact],
        Outcome =
        [
            new(nameof(CauseWeight.Points), "基础难度分") { Min = 0, Max = 5 },
            new(nameof(CauseWeight.Weight), "案件权重")
            {
                Min = 5,
                Max = 1000,
                Unit = "%",
            },
        ],
        Default = new TableBody
        {
            Rows =
            [
                Cause("civil", ["民间借贷纠纷", "物业服务合同纠纷", "追偿权纠纷", "信用卡纠纷", "金融借款合同纠纷"], 0, 60),
                Cause("civil", ["离婚纠纷", "买卖合同纠纷", "机动车交通事故责任纠纷", "追索劳动报酬纠纷"], 1, 90),
                Cause("civil", ["建设工程施工合同纠纷", "医疗损害责任纠纷", "与公司有关的纠纷"], 5, 250),
                Cause("criminal", null, 2, 130),
                Cause("admin", null, 3, 150),
                Cause("enforcement", null, 1, 70),
                Cause(null, null, 2, 100),
            ],
        },
    };

    public static readonly DecisionTable<TeamFacts, TeamNames> Teams = new()
    {
        Key = "triage.teams",
        Label = "分案庭室与专业团队",
        Help = "哪类案件由名称中含哪些字的庭室、团队承办；多个写法用顿号隔开。没有对口庭室时，全院法官参加抽取。",
        Affects = "此后的分案",
        Centre = "triage",
        Source = "issue 19",
        Facts = [KindFact, CauseFact, new(nameof(TeamFacts.Band), "繁简") { Choices = SplitRules.Bands }],
        Outcome = [new(nameof(TeamNames.Division), "庭室") { MayBeEmpty = true }, new(nameof(TeamNames.Team), "专业团队") { MayBeEmpty = true }],
        Default = new TableBody
        {
            Rows =
            [
                Team("criminal", null, null, "刑事", ""),
                Team("admin", null, null, "行政", ""),
                Team("enforcement", null, null, "执行", ""),
                Team("compensation", null, null, "赔偿、行政", ""),
                Team("civil", ["离婚纠纷", "抚养纠纷", "继承纠纷"], null, "民事、家事、法庭", "家事"),
                Team("civil", ["劳动争议", "劳动合同纠纷", "追索劳动报酬纠纷"], null, "民事、法庭", "劳动"),
                Team("civil", null, "fast", "民事、速裁、法庭", "速裁"),
                Team(null, null, null, "民事、法庭", ""),
            ],
        },
    };

    public static readonly DecisionTable<Contacts.ServiceFacts, Contacts.ServiceTerms> Services = new()
    {
        Key = "triage.services",
        Label = "来访事项的答复期限",
        Help = "来电、来访、网上和来信的事项，几个工作日内答复；替外院收的可以另定。",
        Affects = "此后受理的来访事项",
        Centre = "triage",
        Source = "issue 19",
        Facts =
        [
            new(nameof(Contacts.ServiceFacts.Service), "事项") { Choices = Contacts.Services.Labels },
            new(nameof(Contacts.ServiceFacts.Elsewhere), "由外院办理"),
        ],
        Outcome =
        [
            new(nameof(Contacts.ServiceTerms.Days), "答复期限")
            {
                Min = 1,
                Max = 60,
                Unit = "日",
            },
        ],
        Default = new TableBody
        {
            Rows =
            [
                Term("material", 1),
                Term("inquiry", 1),
                Term("guidance", 1),
                Term("filing", 1),
                Term("payment", 2),
                Term("address", 2),
                Term("appointment", 3),
                Term("reading", 3),
                Term("copies", 5),
                Term("complaint", 7),
                Term(null, 3),
            ],
        },
    };

    private static TableRow Term(string? service, int days) =>
        new()
        {
            When = service is null ? [] : new Dictionary<string, Condition> { ["Service"] = new(Ops.Is, [service]) },
            Then = new Dictionary<string, string> { ["Days"] = $"{days}" },
        };

    public static void Declare(ModuleDeclaration declare)
    {
        declare.Setting(Services);
        declare.Decision(Services.As("triage.services", "来访事项的答复期限"));
        declare.Setting(Papers);
        declare.Decision(Papers.As("triage.papers", "立案材料清单"));
        declare.Setting(Causes);
        declare.Decision(Causes.As("triage.causes", "案由难度与权重"));
        declare.Setting(Teams);
        declare.Decision(Teams.As("triage.teams", "分案庭室与专业团队"));
        declare.Setting(
            new Setting<CounterRules>
            {
                Key = "triage.counter",
                Label = "立案窗口",
                Help = "补正的期限和投诉途径的写法。",
                Affects = "此后发出的补正通知和不予立案决定",
                Centre = "triage",
                Values =
                [
                    new(nameof(CounterRules.CorrectDays), "补正期限", "从告知的次日起算。")
                    {
                        Unit = "日",
                        Min = 1,
                        Max = 60,
                        Source = "E-01",
                    },
                    new(nameof(CounterRules.Complaint), "投诉途径", "写在补正通知和不予立案决定上。") { Longest = 300, Source = "E-01" },
                ],
            }
        );
        declare.Setting(
            new Setting<Mediation.MediationSettings>
            {
                Key = "triage.mediation",
                Label = "调解期限",
                Help = "征询、指派、签收和调解的期限。",
                Affects = "此后开始的调解",
                Centre = "triage",
                Values =
                [
                    new(nameof(Mediation.MediationSettings.ConsentDays), "征询意愿", "工作日，自启动的次日起算。")
                    {
                        Unit = "日",
                        Min = 1,
                        Max = 10,
                        Source = "E-02",
                    },
                    new(nameof(Mediation.MediationSettings.AssignDays), "指派调解员", "工作日，自双方同意的次日起算。")
                    {
                        Unit = "日",
                        Min = 1,
                        Max = 10,
                        Source = "E-02",
                    },
                    new(nameof(Mediation.MediationSettings.ConfirmDays), "调解员签收", "工作日；逾期未签收的升级并改派。")
                    {
                        Unit = "日",
                        Min = 1,
                        Max = 10,
                        Source = "E-02",
                    },
                    new(nameof(Mediation.MediationSettings.OrdinaryDays), "普通程序调解期限", "自调解员签收的次日起算。")
                    {
                        Unit = "日",
                        Min = 1,
                        Max = 15,
                        Source = "E-02",
                    },
                    new(nameof(Mediation.MediationSettings.SimpleDays), "简易程序调解期限", "自调解员签收的次日起算。")
                    {
                        Unit = "日",
                        Min = 1,
                        Max = 7,
                        Source = "E-02",
                    },
                    new(nameof(Mediation.MediationSettings.MostExtension), "最多延长", "双方同意的，合计不超过。")
                    {
                        Unit = "日",
                        Min = 0,
                        Max = 30,
                        Source = "E-02",
                    },
                    new(nameof(Mediation.MediationSettings.CoolingMonths), "离婚冷静期上限", "双方同意的，不超过几个月。")
                    {
                        Unit = "个月",
                        Min = 1,
                        Max = 3,
                        Source = "E-03",
                    },
                    new(nameof(Mediation.MediationSettings.EvaluationDays), "中立评估期限", "自委托的次日起算。")
                    {
                        Unit = "日",
                        Min = 1,
                        Max = 30,
                        Source = "issue 19",
                    },
                ],
            }
        );
        declare.Setting(
            new Setting<Board.StarStandards>
            {
                Key = "triage.stars",
                Label = "诉讼服务中心星级标准",
                Help = "每达到一项得一星，共五星。",
                Affects = "此后的星级评定",
                Centre = "triage",
                Values =
                [
                    new(nameof(Board.StarStandards.Answered), "来访按期答复率", "不低于。")
                    {
                        Unit = "%",
                        Min = 0,
                        Max = 100,
                        Source = "issue 19",
                    },
                    new(nameof(Board.StarStandards.Decided), "收件按期决定率", "不低于。")
                    {
                        Unit = "%",
                        Min = 0,
                        Max = 100,
                        Source = "issue 19",
                    },
                    new(nameof(Board.StarStandards.Satisfaction), "满意度", "百分之一分，450 即 4.5 分；不低于。")
                    {
                        Min = 100,
                        Max = 500,
                        Source = "issue 19",
                    },
                    new(nameof(Board.StarStandards.Passed), "跨域当日转交率", "不低于。")
                    {
                        Unit = "%",
                        Min = 0,
                        Max = 100,
                        Source = "issue 19",
                    },
                    new(nameof(Board.StarStandards.Duty), "值班覆盖率", "排了值班主任的天数，不低于。")
                    {
                        Unit = "%",
                        Min = 0,
                        Max = 100,
                        Source = "issue 19",
                    },
                ],
            }
        );
        declare.Setting(
            new Setting<SplitPoints>
            {
                Key = "triage.split",
                Label = "繁简分流因素",
                Help = "各项因素的难度分、分档界限和系列案件的权重。",
                Affects = "此后登记的案件",
                Centre = "triage",
                Values = [.. Points()],
            }
        );
        declare.Decision(
            new Decision<SplitFacts, SplitPoints, SplitOutcome>
            {
                Name = "triage.split",
                Label = "繁简分流",
                Setting = "triage.split",
                Decide = (facts, points) => SplitRules.Of(facts, points) is var o ? new Fired<SplitOutcome>(o, o.Band) : null!,
                Group = o => SplitRules.Bands[o.Band],
                Words = (t, _, fired) =>
                    t[
                        "难度 {0} 分（{1}），分到{2}，权重 {3}",
                        fired.Outcome.Score,
                        fired.Outcome.Why.Count == 0
                            ? t["没有加分的因素"]
                            : string.Join(t["、"], fired.Outcome.Why.Select(w => t[w.Factor] + w.Points.ToString("+0;-0", CultureInfo.InvariantCulture))),
                        t[SplitRules.Bands[fired.Outcome.Band]],
                        Pages.TriageUi.Load(fired.Outcome.Weight)
                    ],
                Measures = [new Measure<SplitFacts, SplitOutcome>("平均难度分", "分", (_, o) => o.Score, Average: true)],
            }
        );
        declare.Setting(
            new Setting<AllotSettings>
            {
                Key = "triage.allot",
                Label = "分案均衡",
                Help = "随机抽取在负荷接近的法官之间进行；有关联案件的随案承办。",
                Affects = "此后的分案",
                Centre = "triage",
                Values =
                [
                    new(nameof(AllotSettings.Band), "参加抽取的负荷差", "与负荷最低的法官相差不超过多少的，一同参加抽取；100 为一件普通案件。")
                    {
                        Unit = "%",
                        Min = 0,
                        Max = 1000,
                        Source = "issue 19",
                    },
                    new(nameof(AllotSettings.TieRelated), "关联案件随案", "同一当事人之间的在审关联案件由同一法官承办。") { Source = "issue 19" },
                ],
            }
        );
        declare.Decision(
            new Decision<AllotInput, AllotSettings, AllotChoice>
            {
                Name = "triage.allot",
                Label = "分案",
                Setting = "triage.allot",
                Decide = (input, rules) => AllotRules.Choose(input, rules) is var c ? new Fired<AllotChoice>(c, c.How.Length > 0 ? c.How : "nobody") : null!,
                Group = c => AllotRules.Labels.GetValueOrDefault(c.How, "无人可分"),
                Words = (t, input, fired) =>
                    fired.Outcome.How.Length == 0 ? t["无人可分"]
                    : fired.Outcome.How == AllotRules.Tied
                        ? t["{0}：{1} 在审，分给 {2}", t[AllotRules.Labels[fired.Outcome.How]], input.TiedBy, fired.Outcome.Name]
                    : t[
                        "{0}：本院 {1} 名法官，{2} 人参加抽取，抽中 {3}",
                        t[AllotRules.Labels[fired.Outcome.How]],
                        fired.Outcome.Standings.Count,
                        fired.Outcome.Standings.Count(s => s.Why is "drawn" or "in"),
                        fired.Outcome.Name
                    ],
            }
        );
    }

    private static IEnumerable<Field> Points()
    {
        static Field Of(string name, string label) =>
            new(name, label, "计入难度分的分值，或者分档的界限。")
            {
                Min = 0,
                Max = 20,
                Unit = "分",
                Source = "E-05",
            };
        yield return Of(nameof(SplitPoints.Parties), "当事人超过 2 人");
        yield return Of(nameof(SplitPoints.ManyParties), "当事人超过 5 人");
        yield return Of(nameof(SplitPoints.ThirdParty), "有第三人");
        yield return Of(nameof(SplitPoints.Counterclaim), "有反诉");
        yield return Of(nameof(SplitPoints.Expert), "需要鉴定");
        yield return Of(nameof(SplitPoints.Announcement), "公告送达");
        yield return Of(nameof(SplitPoints.Foreign), "涉外");
        yield return Of(nameof(SplitPoints.Claims), "诉讼请求超过 3 项");
        yield return Of(nameof(SplitPoints.Pages), "材料超过 200 页");
        yield return Of(nameof(SplitPoints.ManyPages), "材料超过 1000 页");
        yield return Of(nameof(SplitPoints.Sensitive), "群体性或敏感");
        yield return Of(nameof(SplitPoints.Related), "关联案件（每件减）");
        yield return new Field(nameof(SplitPoints.AmountCents), "较大标的额", "达到这个数额的，加标的额较大的分。")
        {
            Money = true,
            Min = 0,
            Source = "E-05",
        };
        yield return Of(nameof(SplitPoints.LargeAmount), "标的额较大");
        yield return Of(nameof(SplitPoints.FastUpTo), "速裁的最高分");
        yield return Of(nameof(SplitPoints.SummaryUpTo), "简易快审的最高分");
        yield return Of(nameof(SplitPoints.OrdinaryUpTo), "普通精审的最高分");
        yield return new Field(nameof(SplitPoints.SeriesPercent), "系列案件的权重", "同一原告或被告、同一案由的后续案件，按首案权重的百分之几计。")
        {
            Min = 5,
            Max = 100,
            Unit = "%",
            Source = "E-05",
        };
    }

    private static Dictionary<string, Condition> When(string? kind, string[]? causes, string? band = null)
    {
        var when = new Dictionary<string, Condition>();
        if (kind is not null)
            when["Kind"] = new(Ops.Is, [kind]);
        if (causes is not null)
            when["Cause"] = new(Ops.In, causes);
        if (band is not null)
            when["Band"] = new(Ops.Is, [band]);
        return when;
    }

    private static TableRow Paper(string? kind, string[]? causes, string papers) =>
        new()
        {
            When = When(kind, causes),
            Then = new Dictionary<string, string> { ["Papers"] = papers },
        };

    private static TableRow Cause(string? kind, string[]? causes, int points, int weight) =>
        new()
        {
            When = When(kind, causes),
            Then = new Dictionary<string, string> { ["Points"] = $"{points}", ["Weight"] = $"{weight}" },
        };

    private static TableRow Team(string? kind, string[]? causes, string? band, string division, string team) =>
        new()
        {
            When = When(kind, causes, band),
            Then = new Dictionary<string, string> { ["Division"] = division, ["Team"] = team },
        };
}
