using CourtOps.Kernel.Web;

namespace CourtOps.Kernel.Tests.Web;

/// <summary>Times as the court's clocks show them.</summary>
public sealed class TimesTests
{
    [Test]
    public void Every_time_a_form_can_say_is_an_instant()
    {
        Assert.That(Times.At(DateTime.MinValue), Is.EqualTo(DateTimeOffset.MinValue));
        Assert.That(Times.Start(DateOnly.MinValue), Is.EqualTo(DateTimeOffset.MinValue));
        Assert.That(Times.Start(DateOnly.MaxValue).UtcDateTime, Is.EqualTo(new DateTime(9999, 12, 30, 16, 0, 0)));
        Assert.That(Times.At(new DateTime(2026, 12, 1, 9, 0, 0)).UtcDateTime, Is.EqualTo(new DateTime(2026, 12, 1, 1, 0, 0)));
    }
}
