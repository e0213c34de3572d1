using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text.Json;

namespace CourtOps.Faults.Tests;

/// <summary>The real host as a process on loopback, that can be killed without warning.</summary>
internal sealed class HostProcess(string data, int smtpPort) : IDisposable
{
    private Process? process;

    public static string Dll { get; } = Find();

    public int Port { get; } = FreePort();

    public Uri Address => new($"http://127.0.0.1:{Port}");

    public async Task StartAsync()
    {
        process = Process.Start(Info(["serve", "--port", $"{Port}", "--data", data], smtpPort, Port))!;
        process.OutputDataReceived += (_, e) => Note(e.Data);
        process.ErrorDataReceived += (_, e) => Note(e.Data);
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        using var http = new HttpClient { BaseAddress = Address, Timeout = TimeSpan.FromSeconds(2) };
        for (var watch = Stopwatch.StartNew(); watch.Elapsed < TimeSpan.FromSeconds(60); )
        {
            if (process.HasExited)
                throw new InvalidOperationException($"The host ended with {process.ExitCode}.");
            try
            {
                if ((await http.GetAsync(new Uri("/health/ready", UriKind.Relative))).IsSuccessStatusCode)
                    return;
            }
            catch (Exception e) when (e is HttpRequestException or TaskCanceledException)
            {
                // not yet
            }
            await Task.Delay(100);
        }
        throw new TimeoutException("The host was not ready in a minute.");
    }

    /// <summary>SIGKILL: no handler runs, nothing is flushed.</summary>
    public void Kill()
    {
        process!.Kill();
        process.WaitForExit();
        process.Dispose();
        process = null;
    }

    /// <summary>SIGTERM: the host ends in order, seals and anchors.</summary>
    public async Task EndAsync()
    {
        using var kill = Process.Start("kill", ["-TERM", $"{process!.Id}"]);
        using var limit = new CancellationTokenSource(TimeSpan.FromMinutes(1));
        await process.WaitForExitAsync(limit.Token);
        process.Dispose();
        process = null;
    }

    /// <summary>A verb that is under way; whoever starts it ends it.</summary>
    public static Process StartVerb(string data, params string[] args)
    {
        var p = Process.Start(Info([.. args, "--data", data], 0, 0))!;
        p.OutputDataReceived += (_, _) => { };
        p.ErrorDataReceived += (_, _) => { };
        p.BeginOutputReadLine();
        p.BeginErrorReadLine();
        return p;
    }

    public void Dispose()
    {
        if (process is not null)
            Kill();
    }

    public static Task<(int Exit, JsonDocument Answer)> VerbAsync(string data, params string[] args) => VerbAsync(data, null, args);

    public static async Task<(int Exit, JsonDocument Answer)> VerbAsync(string data, (string Name, string Value)? setting, params string[] args)
    {
        var info = Info([.. args, "--data", data], 0, 0);
        if (setting is { } s)
            info.Environment[s.Name] = s.Value;
        using var p = Process.Start(info)!;
        var said = p.StandardError.ReadToEndAsync();
        var text = await p.StandardOutput.ReadToEndAsync();
        await p.WaitForExitAsync();
        return text.Length > 0
            ? (p.ExitCode, JsonDocument.Parse(text))
            : throw new InvalidOperationException($"{string.Join(' ', args)} ended with {p.ExitCode} and no answer: {await said}");
    }

    /// <summary>A verb with nothing added to its words; both outputs as they are.</summary>
    public static async Task<(int Exit, string Out, string Said)> RawAsync(IReadOnlyDictionary<string, string>? settings, params string[] args)
    {
        var info = Info(args, 0, 0);
        info.RedirectStandardInput = true;
        foreach (var (name, value) in settings ?? new Dictionary<string, string>())
            info.Environment[name] = value;
        using var p = Process.Start(info)!;
        p.StandardInput.Close();
        var said = p.StandardError.ReadToEndAsync();
        var text = await p.StandardOutput.ReadToEndAsync();
        await p.WaitForExitAsync();
        return (p.ExitCode, text, await said);
    }

    private static ProcessStartInfo Info(IEnumerable<string> args, int smtpPort, int port)
    {
        var info = new ProcessStartInfo("dotnet")
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
        };
        info.ArgumentList.Add(Dll);
        foreach (var arg in args)
            info.ArgumentList.Add(arg);
        info.Environment["CourtOps__Smtp__Host"] = "127.0.0.1";
        info.Environment["CourtOps__Smtp__Port"] = $"{smtpPort}";
        info.Environment["CourtOps__Demo"] = "small";
        info.Environment["CourtOps__BaseUrl"] = $"http://127.0.0.1:{port}";
        return info;
    }

    // tests/Faults/bin/Release/net10.0 → src/Host/bin/Release/net10.0
    private static string Find()
    {
        var here = new DirectoryInfo(AppContext.BaseDirectory);
        var configuration = here.Parent!.Name;
        var root = here.Parent!.Parent!.Parent!.Parent!.Parent!.FullName;
        return Path.Combine(root, "src", "Host", "bin", configuration, "net10.0", "CourtOps.Host.dll");
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    private static readonly Lock Writing = new();

    // what the hosts said, to be read after a failure
    private static void Note(string? line)
    {
        if (line is null)
            return;
        var folder = Path.Combine(AppContext.BaseDirectory, "logs");
        Directory.CreateDirectory(folder);
        lock (Writing)
            File.AppendAllText(Path.Combine(folder, "hosts.log"), line + "\n");
    }
}
