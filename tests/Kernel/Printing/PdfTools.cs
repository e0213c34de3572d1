using CourtOps.Kernel.Printing;

namespace CourtOps.Kernel.Tests.Printing;

/// <summary>The programs that tests look at PDF files with; a test without them is reported as skipped.</summary>
internal static class PdfTools
{
    public static void Need(params string[] programs)
    {
        foreach (var program in programs)
            if (Programs.Find(program) is null)
                Assert.Ignore($"{program} is not installed (build/tools installs it)");
    }

    public static async Task<string> RunAsync(string program, params string[] arguments)
    {
        var end = await Programs.RunAsync(Programs.Find(program)!, arguments, TimeSpan.FromSeconds(60), 1_000_000, null, CancellationToken.None);
        Assert.That(end.Exit, Is.AnyOf(0, 3), end.Error);
        return end.Output;
    }

    public static async Task<string> TextAsync(byte[] pdf)
    {
        using var file = new TempFile(pdf);
        return await RunAsync("pdftotext", "-layout", file.Path, "-");
    }

    public static async Task<int> PagesAsync(byte[] pdf)
    {
        using var file = new TempFile(pdf);
        return int.Parse(await RunAsync("qpdf", "--show-npages", file.Path), System.Globalization.CultureInfo.InvariantCulture);
    }
}

internal sealed class TempFile : IDisposable
{
    public TempFile(byte[]? content = null, string extension = ".pdf")
    {
        Path = System.IO.Path.Combine(System.IO.Path.GetTempPath(), $"co-test-{Guid.NewGuid():N}{extension}");
        if (content is not null)
            File.WriteAllBytes(Path, content);
    }

    public string Path { get; }

    public void Dispose() => File.Delete(Path);

    /// <summary>A program of a few lines of shell.</summary>
    [System.Runtime.Versioning.UnsupportedOSPlatform("windows")]
    public static TempFile Program(string script)
    {
        var file = new TempFile(System.Text.Encoding.UTF8.GetBytes("#!/bin/bash\n" + script + "\n"), ".sh");
        File.SetUnixFileMode(file.Path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        return file;
    }
}
