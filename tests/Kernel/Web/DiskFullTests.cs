using CourtOps.Kernel.Web;

namespace CourtOps.Kernel.Tests.Web;

/// <summary>A full disk is told apart from a fault of the program.</summary>
public sealed class DiskFullTests
{
    [Test]
    public void A_device_without_room_says_so()
    {
        if (!File.Exists("/dev/full"))
            Assert.Ignore("/dev/full is not there: only Linux has a device that is always full");
        var e = Assert.Throws<IOException>(() =>
        {
            using var full = new FileStream("/dev/full", FileMode.Open, FileAccess.Write, FileShare.ReadWrite, bufferSize: 0);
            full.WriteByte(1);
        });
        Assert.That(Problems.IsDiskFull(e!), Is.True);
    }

    [Test]
    public void Other_faults_are_none()
    {
        Assert.That(Problems.IsDiskFull(new FileNotFoundException()), Is.False);
        Assert.That(Problems.IsDiskFull(new InvalidOperationException()), Is.False);
    }
}
