using CourtOps.Cataloguing.Archive;
using CourtOps.Cataloguing.Checking;
using CourtOps.Cataloguing.Efile;
using CourtOps.Cataloguing.Reading;
using CourtOps.Cataloguing.Sorting;

namespace CourtOps.Cataloguing.Tests.Sorting;

/// <summary>Rules without a host: titles, borders, dates, numbers, names, signs, skew.</summary>
public sealed class SorterTests
{
    private static readonly SortCase Case = new("（2026）吉2424民初31号", "civil", [("张某甲", "原告"), ("王某乙", "被告")]);

    [TestCase("民事起诉状\n原告：张某甲", "complaint")]
    [TestCase("民 事 起 诉 状\n原告：张某甲", "complaint")]
    [TestCase("汪清县人民法院\n民事判决书\n（2026）吉2424民初31号", "judgment")]
    [TestCase("汪清县人民法院\n民事裁定书\n（2026）吉2424财保3号\n申请财产保全。裁定如下：", "preservation")]
    [TestCase("汪清县人民法院\n传　票\n案号", "summons")]
    [TestCase("合议庭评议笔录\n时间：2026年3月2日", "deliberation")]
    [TestCase("借款合同\n合同编号：1", "contract")]
    [TestCase("吉林正阳律师事务所函\n汪清县人民法院：", "agent-letter")]
    [TestCase("诉讼权利义务告知书", "rights-notice")]
    [TestCase("姓名　某某\n住址　某处\n公民身份号码　000000000000000000", "identity")]
    [TestCase("本院作出的民事判决书已经生效。\n执行依据", "")]
    [TestCase("请求撤销原审民事判决书，依法改判", "")]
    [TestCase("", "")]
    public void A_title_tells_the_type_and_a_sentence_does_not(string text, string type) =>
        Assert.That(Sorter.TypeOf(new SortPage(1, text, [], 0, false, 1), SortingTables.Types.Default).Type, Is.EqualTo(type));

    [Test]
    public void Every_way_to_write_a_title_leads_to_its_type()
    {
        foreach (var (type, words) in PaperTypes.Titles)
        foreach (var word in words)
            Assert.That(
                Sorter.TypeOf(new SortPage(1, word, [], 0, false, 1), SortingTables.Types.Default),
                Has.Property("Type").EqualTo(type).And.Property("Confidence").GreaterThan(0.85),
                word
            );
    }

    [Test]
    public void A_bundle_is_taken_apart_at_titles_and_blank_pages_stay_with_what_is_before()
    {
        var pieces = Split(
            "民事起诉状\n原告：张某甲\n被告：王某乙",
            "事实与理由……\n具状人：张某甲\n2026年2月1日",
            "",
            "授权委托书\n委托人：张某甲\n二〇二六年二月三日",
            "送达回证\n受送达人　王某乙",
            "庭审笔录\n第1页 共2页",
            "审判员：继续\n第2页 共2页"
        );
        Assert.That(
            pieces.Select(p => (p.First, p.Count, p.Type.Type)),
            Is.EqualTo(new[] { (0, 3, "complaint"), (3, 1, "power-of-attorney"), (4, 1, "service-proof"), (5, 2, "transcript") })
        );
        Assert.That(pieces.Select(p => p.Title), Is.EqualTo(new[] { "民事起诉状（原告张某甲）", "授权委托书（张某甲）", "送达回证（王某乙）", "庭审笔录" }));
        Assert.That(pieces[0].Date, Is.EqualTo(new DateOnly(2026, 2, 1)));
        Assert.That(pieces[1].Date, Is.EqualTo(new DateOnly(2026, 2, 3)));
    }

    [Test]
    public void What_a_person_said_of_a_border_counts()
    {
        var pages = new[] { Of("民事起诉状\n原告：张某甲"), Of("附：身份信息") with { Begins = true }, Of("民事答辩状") with { Begins = false } };
        Assert.That(Sorter.Split(pages, SortingTables.Types.Default, Case).Select(p => (p.First, p.Count)), Is.EqualTo(new[] { (0, 1), (1, 2) }));
    }

    [TestCase("二〇二六年四月八日", "2026-04-08")]
    [TestCase("2026 年 4 月 18 日", "2026-04-18")]
    [TestCase("二O二六年十一月三十日", "2026-11-30")]
    [TestCase("2026年2月30日", null)]
    [TestCase("9999年99月99日", null)]
    [TestCase("没有日期", null)]
    public void Dates_are_read_in_both_ways_and_impossible_ones_are_none(string text, string? date) =>
        Assert.That(Sorter.Dates(text).Select(d => d.ToString("yyyy-MM-dd", null)).SingleOrDefault(), Is.EqualTo(date));

    [Test]
    public void Another_cases_number_is_seen_and_ones_own_in_other_writing_is_not()
    {
        Assert.That(
            Sorter.ForeignNumbers("（2025）吉2401民初1873号 和 (2026) 吉 2424 民初 31 号", Case.Number),
            Is.EqualTo(new[] { "（2025）吉2401民初1873号" })
        );
        Assert.That(Sorter.ForeignNumbers("", Case.Number), Is.Empty);
    }

    [Test]
    public void Pages_that_were_confirmed_teach_the_type_of_pages_without_a_title()
    {
        var random = new Random(1);
        string Some(string words) =>
            string.Concat(Enumerable.Range(0, 60).Select(_ => words[random.Next(words.Length / 2) * 2] + "" + words[(random.Next(words.Length / 2) * 2) + 1]));
        var confirmed = Enumerable
            .Range(0, 12)
            .SelectMany(_ => new[] { (Some("交易日期摘要借方贷方余额柜员流水"), "bank-record"), (Some("现场勘验方位痕迹照片说明拍摄人员"), "evidence") })
            .ToList();
        Assert.That(LearnedTypes.Accuracy(confirmed), Is.GreaterThan(0.9));
        var learned = LearnedTypes.From(confirmed);
        Assert.That(learned.Guess(Some("交易日期摘要借方贷方余额柜员流水"))!.Value.Type, Is.EqualTo("bank-record"));
        Assert.That(learned.Guess(""), Is.Null);
        Assert.That(LearnedTypes.From([]).Guess("什么都没有学过的时候不提出类型"), Is.Null);
    }

    [TestCase(1.3)]
    [TestCase(-2.4)]
    [TestCase(0)]
    public void A_crooked_page_is_straightened_by_the_angle_it_lies_at(double degrees)
    {
        var levels = Enumerable.Repeat((byte)245, 400 * 560).ToArray();
        for (var line = 60; line < 500; line += 22)
        for (var x = 40; x < 360; x++)
        for (var t = 0; t < 8; t++)
            if (x % 9 < 6 && (int)(line + t + ((x - 200) * Math.Tan(degrees * Math.PI / 180))) is var y and > 0 and < 560)
                levels[(y * 400) + x] = 30;
        var page = new Picture(400, 560, levels);
        Assert.That(Skew.Of(page).Degrees, Is.EqualTo(-degrees).Within(0.3));
        Assert.That(Skew.IsSideways(page), Is.False);
    }

    [Test]
    public void Korean_syllables_that_stand_close_are_one_word()
    {
        static string Word(int n, int x, string text) => $"5\t1\t1\t1\t1\t{n}\t{x}\t100\t40\t44\t90\t{text}";
        var read = TesseractReader.Parse(
            string.Join(
                '\n',
                "level\tpage",
                Word(1, 100, "기"),
                Word(2, 146, "소"),
                Word(3, 192, "장"),
                Word(4, 270, "부본"),
                Word(5, 360, "起诉"),
                Word(6, 410, "状")
            )
        );
        Assert.That(read.Single().Text, Is.EqualTo("기소장 부본起诉状"));
    }

    [TestCase("起诉状丶答辩状", "起诉状、答辩状")]
    [TestCase("现已审理终结°", "现已审理终结。")]
    [TestCase("买买提·艾力", "买买提·艾力")]
    [TestCase("36.5°", "36.5°")]
    public void Signs_that_look_alike_are_told_by_what_stands_around(string read, string right) => Assert.That(Signs.Mend(read), Is.EqualTo(right));

    [TestCase("被告没有在约定的期限内偿还借款本金", "偿还 借款", "偿还借款")]
    [TestCase("编号ＨＸ２０２２", "hx2022", "ＨＸ２０２２")]
    [TestCase("全然无关", "没有", "")]
    public void A_snippet_shows_the_words_where_they_stand(string text, string typed, string found) =>
        Assert.That(FindPages.Snippet(text, typed).Found, Is.EqualTo(found));

    [Test]
    public void Missing_papers_name_who_owes_them_and_one_of_a_kind_is_enough()
    {
        Assert.That(
            Completeness.Missing(["complaint", "judgment", "service-proof", "transcript"], ["oral-complaint", "mediation", "post-receipt"]),
            Is.EqualTo(new[] { ("transcript", "trial") })
        );
        Assert.That(Completeness.Missing([], []), Is.Empty);
        Assert.That(
            new[]
            {
                Completeness.Retention("civil", "judgment", "民间借贷纠纷"),
                Completeness.Retention("civil", "judgment", "物权确认纠纷"),
                Completeness.Retention("admin", "withdrawn", ""),
            },
            Is.EqualTo(new[] { "short", "long", "short" })
        );
    }

    [Test]
    public void Batches_are_drawn_by_share_more_of_new_clerks_and_all_of_risky_types()
    {
        var rules = new SamplingRules();
        int Drawn(int confirmed) => Enumerable.Range(0, 10_000).Count(i => Sampling.Why(i * 977L, ["complaint"], confirmed, rules) is not null);
        Assert.That(Drawn(100), Is.InRange(400, 600));
        Assert.That(Drawn(3), Is.InRange(2800, 3200));
        Assert.That(Sampling.Why(1, ["deliberation"], 100, rules), Is.EqualTo(Sampling.Risky));
        Assert.That(DefectKinds.Score(["leak", "missing", "type", "type", "border"]), Is.Zero);
    }

    [Test]
    public void An_archive_name_says_what_it_is_and_fits_every_file_system()
    {
        var item = new ShowEfile.Item(3, 1, "起诉状", "民事起诉状（原告张某甲）/附:一_二", 2, 1, "", default) { Date = new DateOnly(2026, 2, 1) };
        Assert.That(
            PackFile.NameOf("（2026）吉2424民初31号", "main", item),
            Is.EqualTo("（2026）吉2424民初31号_正卷_003_起诉状_民事起诉状（原告张某甲）附一二_20260201_2页.pdf")
        );
    }

    private static IReadOnlyList<Piece> Split(params string[] pages) => Sorter.Split([.. pages.Select(Of)], SortingTables.Types.Default, Case);

    private static SortPage Of(string text) => new(0, text, [], 0, text.Length == 0, 1);
}
