using CourtOps.Workzone.Seeding;

namespace CourtOps.Workzone.Imports;

/// <summary>Numbers of demo parties are such as the checks let through, and nobody's.</summary>
public sealed class DemoIdTests
{
    [Test]
    public void Companies_have_codes_of_their_own_with_a_right_check_sign()
    {
        var codes = new[] { "某劳务有限公司", "延边某商贸有限公司", "延边某建材有限公司", "汪清某农资经营部" }.Select(DemoId.Company).ToList();
        Assert.That(codes, Is.Unique);
        Assert.That(codes.All(IdNumbers.IsCreditCode), string.Join(' ', codes));
        Assert.That(codes, Is.All.StartsWith("91990101"));
        Assert.That(DemoId.Company("某劳务有限公司"), Is.EqualTo(codes[0]));
    }
}
