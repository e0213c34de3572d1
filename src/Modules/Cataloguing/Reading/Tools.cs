using System.Diagnostics;
using System.Text;

namespace CourtOps.Cataloguing.Reading;

/// <summary>The system's programs, as the reading process runs them: one after the other, each with an end to its time.</summary>
internal static class Tools
{
    /// <summary>The full path of a program of the search path; null where it is not installed.</summary>
    public static string? Find(string name) =>
        (Environment.GetEnvironmentVariable("PATH") ?? "")
            .Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries)
            .Select(f => Path.Combine(f, name))
            .FirstOrDefault(File.Exists);

    /// <exception cref="TimeoutException">It ran longer than the limit and was ended.</exception>
    public static (int Exit, string Output) Run(string program, IEnumerable<string> arguments, TimeSpan limit, bool errors = false)
    {
        var start = new ProcessStartInfo(program)
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            RedirectStandardInput = true,
            UseShellExecute = false,
            WorkingDirectory = Path.GetTempPath(),
            StandardOutputEncoding = Encoding.UTF8,
        };
        foreach (var a in arguments)
            start.ArgumentList.Add(a);
        start.Environment["LC_ALL"] = "C.UTF-8";
        start.Environment["OMP_THREAD_LIMIT"] = "1";
        using var process = Process.Start(start) ?? throw new InvalidOperationException($"{program} did not start");
        process.StandardInput.Close();
        var output = process.StandardOutput.ReadToEndAsync();
        var error = process.StandardError.ReadToEndAsync();
        if (!process.WaitForExit(limit))
        {
            process.Kill(entireProcessTree: true);
            throw new TimeoutException($"{Path.GetFileName(program)} ran longer than {limit.TotalSeconds:0} s");
        }
        var said = output.GetAwaiter().GetResult();
        var wrong = error.GetAwaiter().GetResult();
        return (process.ExitCode, errors ? said + wrong : said);
    }
}
