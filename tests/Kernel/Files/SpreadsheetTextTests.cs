using CourtOps.Kernel.Files;

namespace CourtOps.Kernel.Tests.Files;

internal sealed class SpreadsheetTextTests
{
    [TestCase("", "")]
    [TestCase("张三", "张三")]
    [TestCase("1-2", "1-2")]
    [TestCase("（2026）吉2424民初1号", "（2026）吉2424民初1号")]
    [TestCase("=1+1", "'=1+1")]
    [TestCase("+1", "'+1")]
    [TestCase("-1", "'-1")]
    [TestCase("@x", "'@x")]
    [TestCase("\t=1", "'\t=1")]
    [TestCase("＝1", "'＝1")]
    [TestCase("＋1", "'＋1")]
    [TestCase("－1", "'－1")]
    [TestCase("＠x", "'＠x")]
    [TestCase("甲,乙", "\"甲,乙\"")]
    [TestCase("说“好”\"", "\"说“好”\"\"\"")]
    [TestCase("一\n二", "\"一\n二\"")]
    [TestCase("\r=1", "\"'\r=1\"")]
    [TestCase("=A1,B1", "\"'=A1,B1\"")]
    public void A_cell(string text, string cell) => Assert.That(SpreadsheetText.Cell(text), Is.EqualTo(cell));
}
