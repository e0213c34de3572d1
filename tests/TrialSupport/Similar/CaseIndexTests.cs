using System.Diagnostics;
using CourtOps.Kernel.Messaging;
using CourtOps.TrialSupport.Similar;

namespace CourtOps.TrialSupport.Tests.Similar;

/// <summary>Made cases: kinds of dispute with facts of their own, told in changing words among filler that all share.</summary>
public sealed class CaseIndexTests
{
    private static readonly (string Cause, string Articles, string[] Facts)[] Kinds =
    [
        (
            "民间借贷纠纷",
            "《中华人民共和国民法典》第六百六十七条、第六百七十五条",
            ["出借现金并出具借条", "转账交付借款约定月息", "借款到期催要未还", "以微信聊天记录证明借款合意"]
        ),
        (
            "买卖合同纠纷",
            "《中华人民共和国民法典》第五百九十五条、第六百二十六条",
            ["供应木材并开具发票", "验收单载明数量和单价", "货款结算后拖欠", "质量异议期内未提出异议"]
        ),
        (
            "机动车交通事故责任纠纷",
            "《中华人民共和国民法典》第一千一百七十九条、第一千二百一十三条",
            ["交警认定负全部责任", "住院治疗并评定伤残等级", "保险公司在交强险限额内赔偿", "误工费护理费的计算"]
        ),
        (
            "物业服务合同纠纷",
            "《中华人民共和国民法典》第九百三十七条、第九百四十四条",
            ["业主拖欠物业费", "物业公司书面催交", "以服务不达标为由拒交", "小区公共区域的维护记录"]
        ),
        (
            "劳动争议纠纷",
            "《中华人民共和国劳动合同法》第三十八条、第四十六条",
            ["未签订书面劳动合同", "拖欠加班工资", "仲裁裁决后起诉", "解除劳动关系的经济补偿"]
        ),
    ];

    private static readonly string[] Filler =
    [
        "双方对证据的真实性没有异议",
        "被告经传票传唤没有到庭",
        "本院依法适用普通程序审理",
        "当事人应当对自己的主张提供证据",
        "庭审中原告变更了诉讼请求",
        "案件受理费由败诉方负担",
        "原告提交了书面申请",
        "本院予以采信",
        "上述事实有当事人陈述在案佐证",
    ];

    private static (string Text, int Kind, int Fact, decimal Amount) Case(Random random)
    {
        var (kind, fact) = (random.Next(Kinds.Length), random.Next(4));
        var amount = Math.Round((decimal)Math.Exp(8 + (random.NextDouble() * 5)), 0);
        var (cause, articles, facts) = Kinds[kind];
        // words of other kinds stand in every judgment too: they mislead whoever counts pairs alone
        var sentences = Enumerable
            .Range(0, 24)
            .Select(_ => Filler[random.Next(Filler.Length)])
            .Concat(Enumerable.Range(0, 4).Select(_ => Kinds[random.Next(Kinds.Length)].Facts[random.Next(4)]))
            .Append(facts[fact])
            .OrderBy(_ => random.Next());
        return ($"原告张某甲与被告王某乙{cause}一案。{string.Join('，', sentences)}。涉案{amount}元。依照{articles}规定。", kind, fact, amount);
    }

    private static int Grade((string Text, int Kind, int Fact, decimal Amount) a, (string Text, int Kind, int Fact, decimal Amount) b) =>
        a.Kind != b.Kind ? 0
        : a.Fact == b.Fact ? 3
        : 1;

    [Test]
    public void Likeness_by_cause_articles_and_sums_is_better_than_pairs_alone()
    {
        using var place = new Place();
        var random = new Random(3);
        var cases = Enumerable.Range(0, 1500).Select(_ => Case(random)).ToList();
        CaseIndex.Write(place.Path, cases.Select((c, i) => ($"c{i}", CaseText.Of(c.Text))));
        var index = CaseIndex.Open(place.Path);
        double ndcg = 0,
            plain = 0,
            random10 = 0,
            p5 = 0,
            plain5 = 0;
        const int queries = 60;
        for (var q = 0; q < queries; q++)
        {
            var query = Case(random);
            List<int> Grades(bool boosts) =>
                [
                    .. index
                        .Query(query.Text, 10, boosts: boosts)
                        .Select(h => Grade(query, cases[int.Parse(h.Id[1..], System.Globalization.CultureInfo.InvariantCulture)])),
                ];
            var ideal = Dcg(cases.Select(c => Grade(query, c)).OrderDescending().Take(10));
            var (mine, bm25) = (Grades(true), Grades(false));
            ndcg += Dcg(mine) / ideal / queries;
            plain += Dcg(bm25) / ideal / queries;
            random10 += Dcg(Enumerable.Range(0, 10).Select(_ => Grade(query, cases[random.Next(cases.Count)]))) / ideal / queries;
            p5 += mine.Take(5).Count(g => g > 0) / 5.0 / queries;
            plain5 += bm25.Take(5).Count(g => g > 0) / 5.0 / queries;
        }
        TestContext.Out.WriteLine($"made set: NDCG@10 {ndcg:0.000} (BM25 {plain:0.000}, random {random10:0.000}); P@5 {p5:0.000} (BM25 {plain5:0.000})");
        Assert.That(ndcg, Is.GreaterThanOrEqualTo(plain).And.GreaterThan(random10 * 1.5));
        Assert.That(p5, Is.GreaterThanOrEqualTo(plain5));
    }

    [Test]
    public void Ten_thousand_judgments_are_indexed_and_asked_quickly()
    {
        using var place = new Place();
        var random = new Random(4);
        var texts = Enumerable.Range(0, 10_000).Select(i => ($"c{i}", Case(random).Text)).ToList();
        var watch = Stopwatch.StartNew();
        CaseIndex.Write(place.Path, texts.Select(t => (t.Item1, CaseText.Of(t.Text))));
        var rate = texts.Count / watch.Elapsed.TotalSeconds;
        var index = CaseIndex.Open(place.Path);
        var times = new List<double>();
        for (var q = 0; q < 60; q++)
        {
            watch.Restart();
            Assert.That(index.Query(Case(random).Text, 10), Has.Count.EqualTo(10));
            times.Add(watch.Elapsed.TotalMilliseconds);
        }
        var p95 = times.Skip(5).Order().ElementAt(52);
        TestContext.Out.WriteLine($"index {rate:0} documents/s, query p95 {p95:0.0} ms");
        Assert.That(rate, Is.GreaterThan(500));
        Assert.That(p95, Is.LessThan(150));
    }

    [Test]
    public void A_pool_limits_and_what_is_damaged_is_refused()
    {
        using var place = new Place();
        CaseIndex.Write(place.Path, [("a", CaseText.Of("民间借贷纠纷一案，借款没有归还")), ("b", CaseText.Of("买卖合同纠纷一案，货款没有结清"))]);
        var index = CaseIndex.Open(place.Path);
        Assert.That(index.Query("借款没有归还", 10)[0].Id, Is.EqualTo("a"));
        Assert.That(index.Query("借款没有归还", 10, new HashSet<string> { "b" }).Single().Id, Is.EqualTo("b"));
        File.WriteAllBytes(System.IO.Path.Combine(place.Path, "cases.idx"), [1, 2, 3, 4, 5, 6, 7, 8]);
        Assert.That(() => CaseIndex.Open(place.Path), Throws.TypeOf<RuleBroken>());
        Assert.That(() => CaseIndex.Build(place.Path, place.Path), Throws.TypeOf<RuleBroken>(), "nothing to index");
    }

    private static double Dcg(IEnumerable<int> grades) => grades.Select((g, i) => (Math.Pow(2, g) - 1) / Math.Log2(i + 2)).Sum();

    private sealed class Place : IDisposable
    {
        public string Path { get; } = Directory.CreateTempSubdirectory("similar-").FullName;

        public void Dispose() => Directory.Delete(Path, recursive: true);
    }
}
