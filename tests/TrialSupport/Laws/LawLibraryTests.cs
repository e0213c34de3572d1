using System.Text.Json;
using CourtOps.Kernel.Messaging;
using CourtOps.TrialSupport.Drafting;
using CourtOps.TrialSupport.Laws;

namespace CourtOps.TrialSupport.Tests.Laws;

public sealed class LawLibraryTests
{
    private string folder = "";

    [SetUp]
    public void Make() => folder = Directory.CreateTempSubdirectory("laws-").FullName;

    [TearDown]
    public void Clear() => Directory.Delete(folder, recursive: true);

    private LawLibrary Library()
    {
        File.WriteAllText(
            Path.Combine(folder, "a.md"),
            "# 示例合同法\n\n施行日期：2021-01-01\n\n## 第一章 总则\n\n**第一条** 为了示例，制定本法。\n\n第二条　当事人应当按照约定履行义务。\n逾期的，承担违约责任。\n"
        );
        File.WriteAllText(
            Path.Combine(folder, "b-2024-01-01.txt"),
            "示例合同法\n第一条 为了示例，修订本法。\n第二条 当事人应当全面履行义务。\n第三条之一 新增条文。\n"
        );
        File.WriteAllBytes(
            Path.Combine(folder, "c.docx"),
            DocxWriter.Write([new("示例程序法", ParaStyle.Title), new("第十条 缺席判决的规定。"), new("第十一条 本法自2023年5月1日起施行。")])
        );
        File.WriteAllText(Path.Combine(folder, "notes.txt"), "没有条文的笔记");
        var answer = JsonSerializer.Serialize(LawLibrary.Import(folder, Path.Combine(folder, "lib")));
        Assert.That(answer, Does.Contain("\"laws\":2").And.Contain("\"versions\":3").And.Contain("\"articles\":7").And.Contain("notes.txt"));
        return LawLibrary.Open(Path.Combine(folder, "lib"));
    }

    [Test]
    public void Versions_follow_one_another_by_date()
    {
        var laws = Library();
        Assert.That(laws.Article("示例合同法", 2, new(2023, 12, 31)), Is.EqualTo("当事人应当按照约定履行义务。\n逾期的，承担违约责任。"));
        Assert.That(laws.Article("示例合同法", 2, new(2024, 1, 1)), Is.EqualTo("当事人应当全面履行义务。"));
        Assert.That(laws.Article("示例合同法", 2, new(2020, 1, 1)), Is.Null);
        Assert.That(laws.Article("示例程序法", 10, new(2023, 4, 30)), Is.Null, "the law says itself from when it is in force");
        Assert.That(laws.Find("", "示例合同法", 2, new(2022, 1, 1), 10).Single().To, Is.EqualTo(new DateOnly(2023, 12, 31)));
    }

    [Test]
    public void Words_and_numbers_find_the_article()
    {
        var laws = Library();
        Assert.That(laws.Find("缺席判决", null, null, null, 3)[0].Law, Is.EqualTo("示例程序法"));
        Assert.That(laws.Find("示例合同法第二条", null, null, new(2026, 1, 1), 3).Single().Text, Is.EqualTo("当事人应当全面履行义务。"));
        Assert.That(laws.Find("违约责任", null, null, null, 3)[0].Article, Is.EqualTo("第二条"));
        Assert.That(laws.Find("火星上的", null, null, null, 3), Is.Empty);
    }

    [Test]
    public void A_folder_without_laws_and_a_damaged_library_are_refused()
    {
        Assert.That(() => LawLibrary.Import(Directory.CreateDirectory(Path.Combine(folder, "empty")).FullName, folder), Throws.TypeOf<RuleBroken>());
        File.WriteAllText(Path.Combine(folder, "laws.json"), "{");
        Assert.That(() => LawLibrary.Open(folder), Throws.TypeOf<RuleBroken>());
        Assert.That(() => LawLibrary.Open(Path.Combine(folder, "nowhere")), Throws.TypeOf<RuleBroken>());
    }
}
