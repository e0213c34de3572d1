using System.Diagnostics;
using System.Globalization;
using System.Text;

namespace CourtOps.Kernel.Printing;

/// <param name="Exit">The program's exit code; null when it was ended because the time was up.</param>
/// <param name="Output">Standard output, cut at the limit.</param>
internal sealed record ProgramEnd(int? Exit, string Output, string Error)
{
    public bool TimedOut => Exit is null;
}

/// <summary>Runs the system's programs outside this process, with an end to their time and to what they may say.</summary>
internal static class Programs
{
    /// <summary>The full path of the first of these names that is installed.</summary>
    public static string? Find(params string[] names)
    {
        var folders = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries);
        foreach (var name in names)
        {
            if (Path.IsPathRooted(name))
            {
                if (File.Exists(name))
                    return name;
                continue;
            }
            foreach (var folder in folders)
            {
                var path = Path.Combine(folder, name);
                if (File.Exists(path))
                    return path;
            }
        }
        return null;
    }

    /// <summary>
    /// Runs a program to its end. When the time is up or the caller gives up, it and all its children are ended. Should
    /// this process itself die meanwhile, coreutils' timeout ends the program a little later.
    /// </summary>
    public static async Task<ProgramEnd> RunAsync(
        string program,
        IEnumerable<string> arguments,
        TimeSpan limit,
        int outputLimit,
        string? workingFolder,
        CancellationToken ct
    )
    {
        var start = new ProcessStartInfo
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            RedirectStandardInput = true,
            UseShellExecute = false,
            WorkingDirectory = workingFolder ?? Path.GetTempPath(),
        };
        if (Find("timeout") is { } guard)
        {
            start.FileName = guard;
            start.ArgumentList.Add("-k");
            start.ArgumentList.Add("5");
            start.ArgumentList.Add(((int)limit.TotalSeconds + 5).ToString(CultureInfo.InvariantCulture));
            start.ArgumentList.Add(program);
        }
        else
        {
            start.FileName = program;
        }
        foreach (var argument in arguments)
            start.ArgumentList.Add(argument);
        // Messages are read by this code; a page must look the same whatever the host's language is.
        start.Environment["LC_ALL"] = "C.UTF-8";

        using var process = Process.Start(start) ?? throw new InvalidOperationException($"{program} did not start");
        process.StandardInput.Close();
        using var time = CancellationTokenSource.CreateLinkedTokenSource(ct);
        time.CancelAfter(limit);
        var output = ReadAsync(process.StandardOutput, outputLimit);
        var error = ReadAsync(process.StandardError, 64 * 1024);
        try
        {
            await process.WaitForExitAsync(time.Token);
        }
        catch (OperationCanceledException)
        {
            Kill(process);
            ct.ThrowIfCancellationRequested();
            return new ProgramEnd(null, "", "");
        }
        return new ProgramEnd(process.ExitCode, await output, await error);
    }

    private static void Kill(Process process)
    {
        try
        {
            process.Kill(entireProcessTree: true);
        }
        catch (InvalidOperationException)
        {
            // it has just ended by itself
        }
    }

    /// <summary>Reads to the end, or a program that says more than is kept would wait for its reader for ever.</summary>
    private static async Task<string> ReadAsync(StreamReader reader, int limit)
    {
        var kept = new StringBuilder();
        var buffer = new char[8192];
        int n;
        while ((n = await reader.ReadAsync(buffer)) > 0)
            kept.Append(buffer, 0, Math.Min(n, limit - kept.Length));
        return kept.ToString();
    }
}
