namespace CourtOps.Kernel.Search;

/// <summary>Folding and what is asked of the index: pure.</summary>
public sealed class SearchTextTests
{
    [TestCase("民间借贷", "民间 间借 借贷 贷")]
    [TestCase("（2026）吉2424民初123号", "2026 吉 2424 民初 初 123 号")]
    [TestCase("ＧＤ-20260302-0001", "gd 20260302 0001")]
    [TestCase("买买提·某", "买买 买提 提某 某")]
    [TestCase("买买提•某", "买买 买提 提某 某")]
    [TestCase("张\u200B无忌", "张无 无忌 忌")]
    [TestCase("陳國慶", "陈国 国庆 庆")]
    [TestCase("𠮷某甲", "𠮷某 某甲 甲")]
    [TestCase("조선말", "조선 선말 말")]
    [TestCase("  ·—  ", "")]
    public void Text_becomes_tokens(string text, string tokens) => Assert.That(SearchText.Words(text), Is.EqualTo(tokens));

    [TestCase("ＧＤ①", "GD1")]
    [TestCase("𠮷😀", "𠮷😀")]
    [TestCase("a\uFFFEb", "a\uFFFDb")]
    public void What_is_no_character_is_folded_without_a_fault(string text, string folded)
    {
        Assert.That(text.Folded(), Is.EqualTo(folded));
        Assert.That((text + '\uD83D').Folded(), Is.EqualTo(folded + '\uFFFD'), "half of a pair, which no attribute can hold");
    }

    [TestCase("（2026）吉24民初1号", "202 026 26吉 6吉2 吉24 24民 4民初 民初1 初1号")]
    [TestCase("ab", "")]
    public void Numbers_become_threes(string number, string threes) => Assert.That(SearchText.Threes(number), Is.EqualTo(threes));

    [TestCase("民初12", "民初12")]
    [TestCase("（2026）吉", "2026吉")]
    [TestCase("ＧＤ-2026", "gd2026")]
    [TestCase("民初", null)]
    [TestCase("12", null)]
    [TestCase("张某甲", null)]
    [TestCase("民初 12", null)]
    public void A_fragment_of_a_number_holds_a_digit_and_no_blank(string typed, string? fragment)
    {
        Assert.That(SearchText.Questions(typed) is [var first, ..] ? first.Fragment : null, Is.EqualTo(fragment));
        if (fragment is not null)
            Assert.That(SearchText.Folded("（2026）吉2424民初12号 GD-20261125-0001"), Does.Contain(fragment));
    }

    [TestCase("王", "words : \"王\"")]
    [TestCase("1", null)]
    [TestCase("", null)]
    [TestCase("。，", null)]
    [TestCase("王某", "words : \"王某\"")]
    [TestCase("王某 借贷", "words : \"王某\" AND words : \"借贷\"")]
    [TestCase("民初12", "threes : \"民初1\" AND threes : \"初12\" | words : \"民初 初 12\"")]
    [TestCase("第3建筑", "threes : \"第3建\" AND threes : \"3建筑\" | words : \"第 3 建筑\"")]
    [TestCase("24民", "threes : \"24民\"")]
    [TestCase("（2026）吉2424民初12号", "threes : \"初12\" AND threes : \"12号\"")]
    [TestCase("a\" OR b", "words : \"or\" *")]
    public void What_was_typed_becomes_a_question(string typed, string? questions) =>
        Assert.That(string.Join(" | ", SearchText.Questions(typed).Select(q => q.Match)), Is.EqualTo(questions ?? ""));
}
