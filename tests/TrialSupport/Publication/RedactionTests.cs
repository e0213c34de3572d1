using CourtOps.TrialSupport.Publication;

namespace CourtOps.TrialSupport.Tests.Publication;

/// <summary>G-07 as tables: names, numbers, addresses.</summary>
public sealed class RedactionTests
{
    private static string One(string text, params string[] names) => Redaction.Apply([text], Redaction.Hide(names)).Paragraphs[0];

    [TestCase("张三丰", "张某")]
    [TestCase("买买提·艾力", "买买提某")]
    [TestCase("John Smith", "J某")]
    [TestCase("𠮷田", "𠮷某")]
    public void A_name_keeps_its_first_sign(string name, string shown) => Assert.That(Redaction.Hide([name])[0].Shown, Is.EqualTo(shown));

    [Test]
    public void The_same_result_again_gets_a_mark_each()
    {
        Assert.That(Redaction.Hide(["王小明", "王大力", "李四"]).Select(n => n.Shown), Is.EqualTo(new[] { "王某甲", "王某乙", "李某" }));
        Assert.That(One("王小明与王大力、李四", "王小明", "王大力", "李四"), Is.EqualTo("王某甲与王某乙、李某"));
        Assert.That(One("张三与张三丰", "张三", "张三丰"), Is.EqualTo("张某甲与张某乙"), "a name that begins another");
    }

    [TestCase("公民身份号码222424198001011230。", "公民身份号码××××。")]
    [TestCase("电话13811112222，", "电话××××，")]
    [TestCase("账号6222021234567890123", "账号6222021234567890123")]
    [TestCase("卡号4111 1111 1111 1111。", "卡号××××。")]
    [TestCase("车牌吉H12345号小型轿车", "车牌××××号小型轿车")]
    [TestCase("新能源车吉AD12345", "新能源车××××")]
    [TestCase("邮箱 a.b@example.com 已确认", "邮箱 ×××× 已确认")]
    [TestCase("吉(2024)汪清县不动产权第0001234号", "××××")]
    [TestCase("原告：张某，住汪清县示例镇一号楼2单元301室。", "原告：张某，住××。")]
    [TestCase("被告：某公司，住所地汪清县示例路1号。", "被告：某公司，住所地汪清县示例路1号。")]
    [TestCase("，住房公积金由双方分割", "，住房公积金由双方分割")]
    [TestCase("金额20240101元，条文第1388888888条", "金额20240101元，条文第1388888888条")]
    [TestCase("统一社会信用代码91220000MA0000000X", "统一社会信用代码91220000MA0000000X")]
    [TestCase("身份证号222424800101123，", "身份证号××××，")]
    [TestCase("（原身份证222424491231001）", "（原身份证××××）")]
    [TestCase("编号222424801301123", "编号222424801301123")]
    [TestCase("编号222424800230123", "编号222424800230123")]
    [TestCase("编号022424800101123", "编号022424800101123")]
    [TestCase("批号A222424800101123", "批号A222424800101123")]
    [TestCase("流水2224248001011234567890", "流水2224248001011234567890")]
    [TestCase("合计222424800101123元", "合计222424800101123元")]
    [TestCase("合计222424800101123.50元", "合计222424800101123.50元")]
    [TestCase("", "")]
    public void Numbers_and_addresses_are_struck(string text, string shown) => Assert.That(One(text), Is.EqualTo(shown));

    [TestCase("judgment", "离婚纠纷", "family")]
    [TestCase("judgment", "变更抚养关系纠纷", "family")]
    [TestCase("mediation", "民间借贷纠纷", "mediation")]
    [TestCase("judgment", "法定继承纠纷", null)]
    [TestCase("judgment", "民间借贷纠纷", null)]
    public void What_is_not_published(string kind, string cause, string? reason) => Assert.That(Redaction.Against(kind, cause), Is.EqualTo(reason));

    [TestCase("法定继承纠纷", true)]
    [TestCase("离婚纠纷", true)]
    [TestCase("买卖合同纠纷", false)]
    public void Whose_parties_are_hidden(string cause, bool hidden) => Assert.That(Redaction.HidesParties(cause), Is.EqualTo(hidden));
}
