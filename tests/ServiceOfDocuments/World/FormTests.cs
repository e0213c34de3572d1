using CourtOps.ServiceOfDocuments.Forms;

namespace CourtOps.ServiceOfDocuments.World;

/// <summary>Notices, letters and forms, in Chinese and in two languages.</summary>
public sealed class FormTests() : AppTests(Engine.Sqlite)
{
    [Test]
    public void Every_form_is_filled_and_those_for_parties_have_their_korean()
    {
        var facts = new FormFacts
        {
            Court = "虚构法院",
            CaseNumber = "（2026）吉2424民初1号",
            Cause = "民间借贷纠纷",
            Recipient = "王某乙",
            Opponents = "张某甲",
            Documents = "《起诉状副本》",
            Address = "虚构县幸福路1号",
            Postcode = "133200",
            On = new DateOnly(2026, 3, 2),
        };
        foreach (var code in FormTexts.Titles.Keys)
        {
            var zh = FormTexts.Chinese(code, facts);
            Assert.That(zh.Lines, Has.Count.GreaterThan(2), code);
            var ko = FormTexts.Korean(code, facts);
            Assert.That(ko is not null, Is.EqualTo(code is not ("refusal" or "entrust" or "transfer" or "envelope")), code);
            if (ko is not null)
                Assert.That(string.Join("", ko.Lines), Does.Match("[가-힣]"), code);
        }
        Assert.That(string.Join("", FormTexts.Chinese("evidence", facts with { Small = true }).Lines), Does.Contain("不超过七日"));
        Assert.That(string.Join("", FormTexts.Chinese("evidence", facts).Lines), Does.Contain("不少于十五日"));
    }

    [Test]
    public async Task A_form_prints_in_two_languages_for_who_reads_korean()
    {
        var order = await App.Asked(1, [SampleParty.Linked with { Language = "ko" }]);
        var clerk = await App.SignedIn("clerk");
        Assert.That(
            await clerk.GetStringAsync(new Uri($"/service/notices/{order.Notice}/forms/response", UriKind.Relative)),
            Does.Contain("应诉通知书").And.Contain("응소통지서").And.Contain("张某甲")
        );
        Assert.That(
            await clerk.GetStringAsync(new Uri($"/service/notices/{order.Notice}/forms/response?language=zh", UriKind.Relative)),
            Does.Not.Contain("응소통지서")
        );
        Assert.That((int)(await clerk.GetAsync(new Uri($"/service/notices/{order.Notice}/forms/nonsense", UriKind.Relative))).StatusCode, Is.EqualTo(404));
        Assert.That(
            await clerk.GetStringAsync(new Uri($"/service/cases/{order.CaseId}/parties/{order.Parties[0]}/form", UriKind.Relative)),
            Does.Contain("송달주소확인서")
        );
    }
}
