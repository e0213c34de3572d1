using System.Globalization;
using CourtOps.Law;
using CourtOps.TrialSupport.Checks;
using CourtOps.TrialSupport.Drafting;

namespace CourtOps.TrialSupport.Tests.Checks;

/// <summary>A judgment as a court writes it, without a fault; the case it is of.</summary>
internal sealed record Judgment(CaseFile Case, IReadOnlyList<DocxPara> Paragraphs, DateOnly Today)
{
    private static readonly string[] Surnames = ["张", "王", "李", "朴", "金", "崔", "郑", "尹"];
    private static readonly string[] Firms = ["宏远木业有限公司", "长青物业服务有限公司", "白山建筑工程有限公司", "图们江商贸有限公司"];

    public IReadOnlyList<Finding> Check(ILawSource? laws = null)
    {
        using var stream = new MemoryStream(DocxWriter.Write(Paragraphs));
        return Checker.Run(new CheckAsk(new Paper(Docx.Read(stream)), Case, Today, laws));
    }

    public int Find(string start) => Paragraphs.ToList().FindIndex(p => p.Text.StartsWith(start, StringComparison.Ordinal));

    /// <summary>The same with one paragraph changed; the injector's only tool.</summary>
    public Judgment With(int index, Func<string, string> change) =>
        this with
        {
            Paragraphs = [.. Paragraphs.Select((p, i) => i == index ? p with { Text = change(p.Text) } : p)],
        };

    public Judgment Without(int index) => this with { Paragraphs = [.. Paragraphs.Where((_, i) => i != index)] };

    /// <summary>Clean documents of several kinds: loan, sale, service fees; ordinary, simple, small; persons and companies.</summary>
    public static Judgment Clean(int seed)
    {
        var random = new Random(seed);
        var plaintiff = Surnames[random.Next(Surnames.Length)] + "某甲";
        var company = random.Next(2) == 0;
        var defendant = company ? "汪清县" + Firms[random.Next(Firms.Length)] : Surnames[random.Next(Surnames.Length)] + "某乙";
        var procedure = random.Next(3) switch
        {
            0 => "ORDINARY",
            1 => "SIMPLE",
            _ => "SMALL",
        };
        var (number, cause) = ($"（2026）吉2424民初{random.Next(100, 3000)}号", new[] { "民间借贷纠纷", "买卖合同纠纷", "物业服务合同纠纷" }[random.Next(3)]);
        decimal principal = procedure == "SMALL" ? random.Next(5, 40) * 1000 : random.Next(60, 900) * 1000;
        decimal interest = random.Next(1000, 9000) + (random.Next(100) / 100m);
        var total = principal + interest;
        var half = procedure != "ORDINARY";
        var full = CourtFee.Compute(new FeeQuestion { Kind = FeeKind.Property, Claim = total }).Case!.Value;
        var fee = half ? Yuan.Round(full / 2) : full;
        var share = Yuan.Round(fee / 10);
        var day = new DateOnly(2026, random.Next(9, 12), random.Next(2, 27));
        static string M(decimal v) => v.ToString("0.##", CultureInfo.InvariantCulture);
        var panel = procedure == "ORDINARY" ? new[] { "金测试", "崔测试", "朴测试" } : ["金测试"];
        List<DocxPara> paper =
        [
            new("吉林省汪清县人民法院", ParaStyle.Title),
            new("民事判决书", ParaStyle.Title),
            new(number, ParaStyle.Right),
            new($"原告：{plaintiff}，男，1980年1月{random.Next(1, 28)}日出生，汉族，农民，住吉林省汪清县。"),
            new("委托诉讼代理人：孙测试，吉林测试律师事务所律师。"),
            company
                ? new($"被告：{defendant}，住所地吉林省汪清县汪清镇。")
                : new($"被告：{defendant}，女，1985年6月5日出生，朝鲜族，无固定职业，住吉林省汪清县。"),
        ];
        if (company)
            paper.Add(new("法定代表人：尹测试，经理。"));
        paper.AddRange([
            new(
                $"原告{plaintiff}与被告{defendant}{cause}一案，本院于2026年8月3日立案后，"
                    + $"依法适用{procedure switch { "ORDINARY" => "普通程序", "SIMPLE" => "简易程序", _ => "小额诉讼程序" }}，公开开庭进行了审理。原告{plaintiff}及其委托诉讼代理人孙测试到庭参加诉讼。本案现已审理终结。"
            ),
            new(
                $"{plaintiff}向本院提出诉讼请求：1.判令被告给付本金{M(principal)}元；2.判令被告支付利息{M(interest)}元；3.诉讼费由被告负担。事实和理由：2024年3月18日，双方签订合同，被告至今没有履行。"
            ),
            new($"{defendant}未作答辩。"),
            new($"本院经审理认定事实如下：2024年3月18日，双方签订书面合同。期满后，被告尚欠本金{M(principal)}元、利息{M(interest)}元，合计{M(total)}元。"),
            new("本院认为，依法成立的合同受法律保护。被告没有按照约定履行，应当承担继续履行的责任。"),
            new("综上，依照《中华人民共和国民法典》第五百零九条第一款、第五百七十七条，《中华人民共和国民事诉讼法》第一百四十七条规定，判决如下："),
            new($"一、被告{defendant}于本判决生效之日起十日内给付原告{plaintiff}本金{M(principal)}元；"),
            new($"二、被告{defendant}于本判决生效之日起十日内给付原告{plaintiff}利息{M(interest)}元；"),
            new($"三、驳回原告{plaintiff}的其他诉讼请求。"),
            new("如果未按本判决指定的期间履行给付金钱义务，应当依照《中华人民共和国民事诉讼法》第二百六十四条规定，加倍支付迟延履行期间的债务利息。"),
            new(
                half
                    ? $"案件受理费{M(full)}元，减半收取计{M(fee)}元，由原告{plaintiff}负担{M(share)}元，由被告{defendant}负担{M(fee - share)}元。"
                    : $"案件受理费{M(full)}元，由原告{plaintiff}负担{M(share)}元，由被告{defendant}负担{M(fee - share)}元。"
            ),
            procedure == "SMALL"
                ? new("本判决为终审判决。")
                : new(
                    "如不服本判决，可以在判决书送达之日起十五日内，向本院递交上诉状，并按照对方当事人的人数提出副本，上诉于吉林省延边朝鲜族自治州中级人民法院。"
                ),
            .. panel.Select((p, i) => new DocxPara($"{(panel.Length > 1 && i == 0 ? "审　判　长" : "审　判　员")}　　{p}", ParaStyle.Right)),
            new(Numerals.Write(day), ParaStyle.Right),
            new("书　记　员　　李测试", ParaStyle.Right),
        ]);
        return new Judgment(
            new CaseFile
            {
                Number = number,
                Court = "汪清县人民法院",
                Cause = cause,
                Procedure = procedure,
                Judges = panel,
                Clerk = "李测试",
                Fee = M(fee),
                Parties =
                [
                    new()
                    {
                        Name = plaintiff,
                        Role = "原告",
                        PartyType = "natural",
                    },
                    new()
                    {
                        Name = defendant,
                        Role = "被告",
                        PartyType = company ? "legal" : "natural",
                    },
                ],
            },
            paper,
            new DateOnly(2026, 11, 29)
        );
    }
}
