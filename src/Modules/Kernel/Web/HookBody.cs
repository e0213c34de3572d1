using System.Text;
using Microsoft.AspNetCore.Http;

namespace CourtOps.Kernel.Web;

/// <summary>The body of a signed message from another system: read as it was sent, so that its signature can be checked, and never more than allowed.</summary>
public static class HookBody
{
    /// <summary>Bytes taken; a message of another system is short.</summary>
    public const int Most = 64 * 1024;

    /// <summary>Null where it is longer than allowed.</summary>
    public static async Task<string?> ReadAsync(HttpContext http, int most = Most)
    {
        ArgumentNullException.ThrowIfNull(http);
        using var stream = new MemoryStream();
        var buffer = new byte[8192];
        for (int read; (read = await http.Request.Body.ReadAsync(buffer, http.RequestAborted)) > 0; )
        {
            if (stream.Length + read > most)
                return null;
            stream.Write(buffer, 0, read);
        }
        return Encoding.UTF8.GetString(stream.GetBuffer(), 0, (int)stream.Length);
    }
}
