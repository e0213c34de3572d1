using System.Runtime.InteropServices;

namespace CourtOps.Host.Running;

/// <summary>What this program writes, database, uploads, copies, is readable by its own account alone, whatever the account's settings are.</summary>
internal static class OwnFiles
{
    private const uint OthersAndGroup = 0b000_111_111;

    /// <summary>From now on new files are 0600 and new folders 0700. Windows has no such mask: there the folder's rights hold.</summary>
    public static void Begin()
    {
        if (!OperatingSystem.IsWindows())
            _ = Mask(OthersAndGroup);
    }

#pragma warning disable SYSLIB1054, CA5392 // generated marshalling would need unsafe code in the whole project; libc is found by the loader alone
    [DllImport("libc", EntryPoint = "umask")]
    private static extern uint Mask(uint mask);
#pragma warning restore SYSLIB1054, CA5392
}
