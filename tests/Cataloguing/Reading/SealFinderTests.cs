using CourtOps.Cataloguing.Reading;
using CourtOps.Cataloguing.Workbench;

namespace CourtOps.Cataloguing.Tests.Reading;

/// <summary>Missing seals by the share and place of red, missing signatures by labels with nothing behind them; never certain.</summary>
public sealed class SealFinderTests
{
    [TestCase("120 70 65", false, 80, TestName = "a seal at the foot")]
    [TestCase("0 0 0", true, 85, TestName = "colours and no red")]
    [TestCase("6 50 80", true, 60, TestName = "a little red")]
    [TestCase("80 50 8", true, 55, TestName = "a red head alone")]
    [TestCase("-", false, 30, TestName = "no colours: nothing can be said")]
    [TestCase("", false, 0, TestName = "not measured")]
    [TestCase("0 0 0;120 70 65", false, 80, TestName = "on the second page")]
    [TestCase("-;0 0 0", true, 60, TestName = "the page without colours may hide it")]
    [TestCase("80 50 8;120 70 65", false, 80, TestName = "a head and a seal")]
    public void A_seal_is_suspected_missing(string pages, bool missing, int confidence)
    {
        var verdict = SealFinder.Look(SealNeeds.Seal, [.. pages.Split(';').Select(Redness.Parse)], [], 0);
        Assert.That((verdict.Missing, verdict.Confidence), Is.EqualTo((missing, confidence)));
        Assert.That(verdict.Confidence, Is.LessThanOrEqualTo(85), "never certain");
        Assert.That(SealFinder.Look(SealNeeds.None, [.. pages.Split(';').Select(Redness.Parse)], [], 0).Missing, Is.False);
    }

    [TestCase("具状人：", 1800, null, true)]
    [TestCase("具状人：张某甲", 1800, null, false)]
    [TestCase("具状人：", 1800, "张某甲", false)]
    [TestCase("具状人：", 200, null, false)]
    [TestCase("委托人（签名）：", 1500, null, true)]
    [TestCase("此致", 1500, null, false)]
    public void A_signature_is_suspected_missing(string label, int y, string? beside, bool missing)
    {
        List<ReadLine> lines = [new("民事起诉状", new Box(500, 100, 400, 60), 0.99), new(label, new Box(600, y, 200, 40), 0.95)];
        if (beside is not null)
            lines.Add(new(beside, new Box(820, y + 4, 180, 44), 0.6));
        var verdict = SealFinder.Look(SealNeeds.Sign, [], lines, 2339);
        Assert.That((verdict.Missing, verdict.Confidence <= 85), Is.EqualTo((missing, true)));
    }

    [Test]
    public void Red_is_measured_with_its_place_and_grey_is_no_colour()
    {
        const int side = 100;
        var page = Enumerable.Repeat((byte)240, side * side * 3).ToArray();
        Assert.That(SealFinder.Measure(page, side, side), Is.EqualTo(new Redness(false, 0, 0, 0)));
        for (var y = 60; y < 80; y++)
        for (var x = 70; x < 90; x++)
            (page[((y * side) + x) * 3], page[(((y * side) + x) * 3) + 1], page[(((y * side) + x) * 3) + 2]) = (200, 40, 40);
        var red = SealFinder.Measure(page, side, side);
        Assert.That((red.Coloured, red.Share, red.X, red.Y), Is.EqualTo((true, 400, 79, 69)));
        Assert.That(Redness.Parse(red.ToString()), Is.EqualTo(red));
    }

    [TestCase(4, 1, false, "4 1 2 3")]
    [TestCase(1, 3, true, "2 3 1 4")]
    [TestCase(1, 2, false, "1 2 3 4")]
    public void A_page_goes_before_or_behind_another(long moved, long target, bool after, string order) =>
        Assert.That(string.Join(' ', WorkbenchBook.Moved([1, 2, 3, 4], moved, target, after)), Is.EqualTo(order));
}
