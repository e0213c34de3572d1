using System.Buffers.Binary;
using System.Diagnostics;
using System.IO.Compression;
using System.Text;
using CourtOps.Cataloguing.Reading;
using CourtOps.Kernel.Files;
using CourtOps.Kernel.Messaging;

namespace CourtOps.Cataloguing.Intake;

/// <summary>
/// Word files (DOC, DOCX, DOCM) made into PDF by LibreOffice. Each run has a folder and a profile of its own, so that several go at once; no macro runs, no
/// picture,
/// text or template outside the file is fetched, neither from the network nor from this machine.
/// </summary>
internal sealed class WordFiles(string program, TimeSpan limit)
{
    private const long MostUnpacked = 512L * 1024 * 1024;
    private const int MostParts = 4000;

    /// <summary>Address space of the program in bytes, where prlimit is there: a file that makes it grow further ends it.</summary>
    private const long MostMemory = 3L * 1024 * 1024 * 1024;

    /// <summary>Null where LibreOffice is not installed.</summary>
    public static WordFiles? Find() => Tools.Find("soffice") is { } program ? new WordFiles(program, TimeSpan.FromSeconds(120)) : null;

    /// <summary>word, zip, or why such a file is not taken (a code of <see cref="Refusals"/>): a spreadsheet, a presentation, an OFD file are packed the same
    /// way.</summary>
    /// <exception cref="BadPage">The archive is damaged.</exception>
    public static string KindOfZip(string path)
    {
        try
        {
            using var zip = ZipFile.OpenRead(path);
            return zip.GetEntry("OFD.xml") is not null ? "ofd"
                : zip.GetEntry("[Content_Types].xml") is not null
                    ? zip.Entries.Any(e => e.FullName.StartsWith("word/", StringComparison.Ordinal)) ? "word"
                        : "kind"
                : zip.GetEntry("META-INF/manifest.xml") is not null && zip.GetEntry("mimetype") is not null ? "kind"
                : "zip";
        }
        catch (InvalidDataException)
        {
            throw new BadPage("broken", "zip");
        }
    }

    /// <summary>word, or why a file of old Office is not taken: no Word file, or a password.</summary>
    public static string KindOfOle(string path)
    {
        using var file = File.OpenRead(path);
        Span<byte> head = stackalloc byte[512];
        if (file.ReadAtLeast(head, head.Length, throwOnEndOfStream: false) < head.Length)
            return "broken";
        var sector = BinaryPrimitives.ReadUInt16LittleEndian(head[30..]) == 12 ? 4096 : 512;
        // the folder of such a file is made of entries of 128 bytes, each on a multiple of 128, with the name in front
        Span<byte> entry = stackalloc byte[128];
        for (file.Position = sector; file.ReadAtLeast(entry, entry.Length, throwOnEndOfStream: false) == entry.Length; )
        {
            if (Named(entry, "EncryptedPackage"))
                return "office-password";
            if (!Named(entry, "WordDocument"))
                continue;
            if (
                Place(file, head, sector, BinaryPrimitives.ReadUInt32LittleEndian(entry[116..]), BinaryPrimitives.ReadUInt32LittleEndian(entry[120..]))
                is not { } at
            )
                return "word"; // laid out in a way that is left to the converter
            file.Position = at;
            if (file.ReadAtLeast(entry, 12, throwOnEndOfStream: false) < 12 || BinaryPrimitives.ReadUInt16LittleEndian(entry) != 0xA5EC)
                return "broken";
            return (entry[11] & 1) != 0 ? "office-password" : "word";
        }
        return "kind";
    }

    // where a stream begins in the file; short streams lie in pieces of 64 bytes in the stream of the root entry. Null where the way there is not in the head
    private static long? Place(FileStream file, ReadOnlySpan<byte> head, int sector, uint start, uint size)
    {
        if (size >= BinaryPrimitives.ReadUInt32LittleEndian(head[56..]))
            return (start + 1L) * sector;
        Span<byte> word = stackalloc byte[4];
        if (!Read(file, ((BinaryPrimitives.ReadUInt32LittleEndian(head[48..]) + 1L) * sector) + 116, word))
            return null;
        var at = BinaryPrimitives.ReadUInt32LittleEndian(word);
        var offset = start * 64L;
        for (var left = offset / sector; left > 0; left--)
        {
            // the table of sectors: its first 109 pieces are named in the head
            var piece = at / (sector / 4);
            if (
                piece >= 109
                || !Read(file, ((BinaryPrimitives.ReadUInt32LittleEndian(head[(int)(76 + (4 * piece))..]) + 1L) * sector) + (at % (sector / 4) * 4), word)
            )
                return null;
            at = BinaryPrimitives.ReadUInt32LittleEndian(word);
        }
        return ((at + 1L) * sector) + (offset % sector);
    }

    private static bool Read(FileStream file, long at, Span<byte> into)
    {
        file.Position = at;
        return file.ReadAtLeast(into, into.Length, throwOnEndOfStream: false) == into.Length;
    }

    private static bool Named(ReadOnlySpan<byte> entry, string name) =>
        BinaryPrimitives.ReadUInt16LittleEndian(entry[64..]) == (name.Length + 1) * 2 && entry.StartsWith(Encoding.Unicode.GetBytes(name));

    /// <summary>The PDF of a Word file, in <paramref name="work"/>.</summary>
    /// <exception cref="BadPage">It cannot be opened, unpacks to too much, or took too long.</exception>
    public async Task<string> ConvertAsync(string path, bool old, string work, CancellationToken ct)
    {
        var source = Path.Combine(work, old ? "in.doc" : "in.docx");
        File.Copy(path, source);
        if (!old)
            await WeighAsync(source, work, ct);
        var user = Directory.CreateDirectory(Path.Combine(work, "profile", "user")).FullName;
        await File.WriteAllTextAsync(Path.Combine(user, "registrymodifications.xcu"), Profile, ct);
        var arguments = new List<string>
        {
            $"-env:UserInstallation={new Uri(Path.Combine(work, "profile")).AbsoluteUri}",
            "--headless",
            "--norestore",
            "--nolockcheck",
            $"--infilter={(old ? "MS Word 97" : "MS Word 2007 XML")}",
            "--convert-to",
            "pdf:writer_pdf_Export",
            "--outdir",
            work,
            source,
        };
        if (!await RunAsync(arguments, work, ct))
            throw new BadPage("slow", "soffice");
        return Path.Combine(work, "in.pdf") is var made && File.Exists(made) ? made : throw new BadPage("broken", "soffice");
    }

    // true when it ended by itself. Whatever it began is ended with it, also when the host is told to stop.
    private async Task<bool> RunAsync(IReadOnlyList<string> arguments, string work, CancellationToken ct)
    {
        var bound = Tools.Find("prlimit");
        var start = new ProcessStartInfo(bound ?? program)
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            RedirectStandardInput = true,
            UseShellExecute = false,
            WorkingDirectory = work,
        };
        foreach (var a in bound is null ? arguments : [$"--as={MostMemory}", program, .. arguments])
            start.ArgumentList.Add(a);
        start.Environment["LC_ALL"] = "C.UTF-8";
        start.Environment["HOME"] = work;
        start.Environment["TMPDIR"] = work;
        foreach (var session in new[] { "DISPLAY", "DBUS_SESSION_BUS_ADDRESS", "WAYLAND_DISPLAY" })
            start.Environment.Remove(session);
        using var process = Process.Start(start) ?? throw new BadPage("broken", "soffice");
        process.StandardInput.Close();
        process.OutputDataReceived += (_, _) => { };
        process.ErrorDataReceived += (_, _) => { };
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        using var end = CancellationTokenSource.CreateLinkedTokenSource(ct);
        end.CancelAfter(limit);
        // the exit of the process, not the end of its output: what it left behind may hold that open
        var ended = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        process.EnableRaisingEvents = true;
        process.Exited += (_, _) => ended.TrySetResult();
        if (process.HasExited)
            ended.TrySetResult();
        try
        {
            await ended.Task.WaitAsync(end.Token);
            return true;
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            process.WaitForExit(TimeSpan.FromSeconds(5));
            ct.ThrowIfCancellationRequested();
            return false;
        }
    }

    // what the parts hold when unpacked, counted as they are read: what the file says of it proves nothing
    private static async Task WeighAsync(string source, string work, CancellationToken ct)
    {
        var into = Directory.CreateDirectory(Path.Combine(work, "parts")).FullName;
        try
        {
            await using var zip = File.OpenRead(source);
            await SafeArchive.UnpackAsync(zip, into, MostUnpacked, MostParts, ct);
        }
        catch (RuleBroken e)
        {
            throw new BadPage(e.Code == "unsafe-path" ? "zip-unsafe" : "zip-large", e.Message);
        }
        catch (Exception e) when (e is InvalidDataException or IOException)
        {
            throw new BadPage("broken", "zip");
        }
        finally
        {
            Directory.Delete(into, recursive: true);
        }
    }

    // links to pictures and texts outside are blocked; what would pass nevertheless meets a proxy that is not there
    private const string Profile = """
        <?xml version="1.0" encoding="UTF-8"?>
        <oor:items xmlns:oor="http://openoffice.org/2001/registry" xmlns:xs="http://www.w3.org/2001/XMLSchema" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">
        <item oor:path="/org.openoffice.Office.Common/Security/Scripting"><prop oor:name="BlockUntrustedRefererLinks" oor:op="fuse"><value>true</value></prop></item>
        <item oor:path="/org.openoffice.Office.Common/Security/Scripting"><prop oor:name="DisableMacrosExecution" oor:op="fuse"><value>true</value></prop></item>
        <item oor:path="/org.openoffice.Office.Common/Security/Scripting"><prop oor:name="MacroSecurityLevel" oor:op="fuse"><value>3</value></prop></item>
        <item oor:path="/org.openoffice.Office.Writer/Content/Update"><prop oor:name="Link" oor:op="fuse"><value>0</value></prop></item>
        <item oor:path="/org.openoffice.Inet/Settings"><prop oor:name="ooInetProxyType" oor:op="fuse"><value>2</value></prop></item>
        <item oor:path="/org.openoffice.Inet/Settings"><prop oor:name="ooInetHTTPProxyName" oor:op="fuse"><value>127.0.0.1</value></prop></item>
        <item oor:path="/org.openoffice.Inet/Settings"><prop oor:name="ooInetHTTPProxyPort" oor:op="fuse"><value>9</value></prop></item>
        <item oor:path="/org.openoffice.Inet/Settings"><prop oor:name="ooInetHTTPSProxyName" oor:op="fuse"><value>127.0.0.1</value></prop></item>
        <item oor:path="/org.openoffice.Inet/Settings"><prop oor:name="ooInetHTTPSProxyPort" oor:op="fuse"><value>9</value></prop></item>
        </oor:items>
        """;
}
