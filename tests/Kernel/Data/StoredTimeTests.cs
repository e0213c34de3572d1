using CourtOps.Kernel.Data;

namespace CourtOps.Kernel.Tests.Data;

internal sealed class StoredTimeTests
{
    [TestCase("2026-03-01T23:59:59.9999999+08:00", "2026-03-01T15:59:59.9990000Z")]
    [TestCase("2026-03-01T00:00:00.0000000+08:00", "2026-02-28T16:00:00.0000000Z")]
    [TestCase("2028-02-29T12:00:00.0010000Z", "2028-02-29T12:00:00.0010000Z")]
    [TestCase("2028-02-29T12:00:00.0009999Z", "2028-02-29T12:00:00.0000000Z")]
    public void Cut_to_milliseconds_in_universal_time(string at, string kept) =>
        Assert.That(StoredTime.Cut(DateTimeOffset.Parse(at, System.Globalization.CultureInfo.InvariantCulture)).UtcDateTime.ToString("O"), Is.EqualTo(kept));
}
