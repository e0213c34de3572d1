using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace CourtOps.Browser;

/// <summary>The built host as a process of its own, with a fresh data folder and its own port.</summary>
internal sealed class HostProcess : IAsyncDisposable
{
    private readonly Process process;
    private readonly string folder;
    private readonly StringBuilder output = new();

    private HostProcess(Process process, string folder, string address)
    {
        this.process = process;
        this.folder = folder;
        Address = address;
    }

    /// <summary>With which the payment platform of the tests signs.</summary>
    public const string PayKey = "browser-test-platform-key";

    public string Address { get; }

    public string Output
    {
        get
        {
            lock (output)
                return output.ToString();
        }
    }

    public static string Root { get; } = FindRoot();

    /// <summary>A verb of the program over this host's data, while it runs.</summary>
    public async Task VerbAsync(params string[] args)
    {
        var start = new ProcessStartInfo(process.StartInfo.FileName)
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = process.StartInfo.WorkingDirectory,
        };
        foreach (var a in (string[])[process.StartInfo.ArgumentList[0], .. args, "--data", folder])
            start.ArgumentList.Add(a);
        using var verb = Process.Start(start)!;
        var said = verb.StandardError.ReadToEndAsync();
        var answer = await verb.StandardOutput.ReadToEndAsync();
        await verb.WaitForExitAsync();
        Assert.That(verb.ExitCode, Is.Zero, answer + await said);
    }

    public static async Task<HostProcess> StartAsync(int mailPort, params string[] more)
    {
        var configuration = AppContext.BaseDirectory.Contains($"{Path.DirectorySeparatorChar}Debug{Path.DirectorySeparatorChar}", StringComparison.Ordinal)
            ? "Debug"
            : "Release";
        var dll = Path.Combine(Root, "src", "Host", "bin", configuration, "net10.0", "CourtOps.Host.dll");
        Assert.That(File.Exists(dll), $"{dll} is not built.");
        var folder = Directory.CreateTempSubdirectory("courtops-browser-").FullName;
        var address = $"http://127.0.0.1:{FreePort()}";
        var start = new ProcessStartInfo("dotnet")
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = Path.GetDirectoryName(dll)!,
        };
        foreach (var a in (string[])[dll, "serve", "--port", address[(address.LastIndexOf(':') + 1)..], "--data", folder, .. more])
            start.ArgumentList.Add(a);
        start.Environment["CourtOps__Demo"] = "small";
        start.Environment["CourtOps__BaseUrl"] = address;
        start.Environment["CourtOps__Smtp__Host"] = "127.0.0.1";
        start.Environment["CourtOps__Pay__Url"] = address + "/no-platform-here";
        start.Environment["CourtOps__Pay__Key"] = PayKey;
        start.Environment["CourtOps__Smtp__Port"] = mailPort.ToString(System.Globalization.CultureInfo.InvariantCulture);
        var process = new Process { StartInfo = start };
        var host = new HostProcess(process, folder, address);
        process.OutputDataReceived += (_, e) => host.Note(e.Data);
        process.ErrorDataReceived += (_, e) => host.Note(e.Data);
        process.Start();
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        using var http = new HttpClient { Timeout = TimeSpan.FromSeconds(2) };
        for (var until = DateTime.UtcNow.AddSeconds(180); ; await Task.Delay(100))
        {
            if (process.HasExited || DateTime.UtcNow > until)
                throw new InvalidOperationException("The host did not start:\n" + host.Output);
            try
            {
                if ((await http.GetAsync(new Uri(address + "/health/ready"))).IsSuccessStatusCode)
                    return host;
            }
            catch (Exception e) when (e is HttpRequestException or TaskCanceledException)
            {
                // not yet
            }
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (!process.HasExited)
            process.Kill(entireProcessTree: true);
        await process.WaitForExitAsync();
        process.Dispose();
        Directory.Delete(folder, recursive: true);
    }

    private void Note(string? line)
    {
        if (line is not null)
            lock (output)
                output.AppendLine(line);
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    private static string FindRoot()
    {
        for (var d = new DirectoryInfo(AppContext.BaseDirectory); d is not null; d = d.Parent)
            if (File.Exists(Path.Combine(d.FullName, "CourtOps.sln")))
                return d.FullName;
        throw new DirectoryNotFoundException("CourtOps.sln is not above " + AppContext.BaseDirectory);
    }
}
