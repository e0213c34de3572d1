using System.Collections.Concurrent;
using System.Diagnostics;
using System.Text;
using System.Text.Json;
using CourtOps.Kernel.Messaging;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Logging;

namespace CourtOps.Cataloguing.Reading;

/// <summary>A child ended or was ended while it had a page in hand; <see cref="Code"/> is crashed, hung or memory.</summary>
internal sealed class ReaderLost(string code) : Exception(code)
{
    public string Code { get; } = code;
}

/// <summary>
/// The reading processes of this host: one for each core, begun when they are needed, each with one page at a time. A page over its time, or a child over its
/// memory, ends the child; the next page gets a new one. No page is lost by it: who asked is told by <see cref="ReaderLost"/>.
/// </summary>
internal sealed class ReaderPool : IDisposable
{
    private static readonly JsonSerializerOptions Lines = new(Json.Web) { WriteIndented = false };
    private readonly ConcurrentBag<Child> idle = [];
    private readonly SemaphoreSlim room;
    private readonly string? program;
    private readonly TimeSpan limit;
    private readonly long memory;
    private readonly ILogger<ReaderPool> log;
    private readonly IReadOnlyDictionary<string, string?> environment;
    private volatile bool closed;

    public ReaderPool(IConfiguration configuration, ILogger<ReaderPool> log)
    {
        this.log = log;
        AtOnce = Math.Clamp(configuration.GetValue("CourtOps:Reading:Processes", Environment.ProcessorCount), 1, 64);
        room = new SemaphoreSlim(AtOnce, AtOnce);
        limit = TimeSpan.FromSeconds(Math.Clamp(configuration.GetValue("CourtOps:Reading:SecondsPerPage", 60), 1, 600));
        memory = Math.Clamp(configuration.GetValue("CourtOps:Reading:MegabytesPerProcess", 900), 200, 16_000) * 1_048_576L;
        program = configuration["CourtOps:Reading:Program"] is { Length: > 0 } said ? said : Own();
        environment = configuration.GetSection("CourtOps:Reading").GetChildren().ToDictionary(c => "CourtOps__Reading__" + c.Key, c => c.Value);
    }

    /// <summary>How many pages are read at the same time.</summary>
    public int AtOnce { get; }

    /// <summary>False where the program's own binary cannot be found: pages wait.</summary>
    public bool IsThere => program is not null;

    /// <exception cref="ReaderLost">The child ended over it.</exception>
    public async Task<Answer> AskAsync(Ask ask, CancellationToken ct)
    {
        await room.WaitAsync(ct);
        Child? child = null;
        try
        {
            child = idle.TryTake(out var there) && there.IsAlive ? there : Begin();
            var answer = await child.AskAsync(ask, limit, memory, ct);
            if (child.Memory > memory * 9 / 10)
                child.Dispose(); // grown fat over large pages: the next begins small
            else
                idle.Add(child);
            return answer;
        }
        catch (ReaderLost e)
        {
            log.LogWarning("A reading process was lost over {Op} {Name}: {Code}", ask.Op, ask.Name, e.Code);
            child?.Dispose();
            throw;
        }
        catch
        {
            child?.Dispose();
            throw;
        }
        finally
        {
            room.Release();
            if (closed)
                Dispose();
        }
    }

    public void Dispose()
    {
        closed = true;
        while (idle.TryTake(out var child))
            child.Dispose();
    }

    private Child Begin() => new(program ?? throw new ReaderLost("crashed"), environment);

    // the host's binary stands beside this module's
    private static string? Own() => Path.Combine(AppContext.BaseDirectory, "CourtOps.Host.dll") is var dll && File.Exists(dll) ? dll : null;

    private sealed class Child : IDisposable
    {
        private readonly Process process;

        public Child(string program, IReadOnlyDictionary<string, string?> environment)
        {
            var isDll = program.EndsWith(".dll", StringComparison.Ordinal);
            var start = new ProcessStartInfo(
                isDll
                    ? Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") is { Length: > 0 } host
                        ? host
                        : "dotnet"
                    : program
            )
            {
                RedirectStandardInput = true,
                RedirectStandardOutput = true,
                RedirectStandardError = true,
                UseShellExecute = false,
                StandardInputEncoding = new UTF8Encoding(false),
                StandardOutputEncoding = Encoding.UTF8,
            };
            if (isDll)
                start.ArgumentList.Add(program);
            start.ArgumentList.Add(ReadingProcess.Verb);
            start.Environment["DOTNET_gcServer"] = "0";
            start.Environment["DOTNET_TieredPGO"] = "0";
            start.Environment["VIPS_CONCURRENCY"] = "1";
            foreach (var (name, value) in environment)
                start.Environment[name] = value;
            process = Process.Start(start) ?? throw new ReaderLost("crashed");
            process.ErrorDataReceived += (_, _) => { };
            process.BeginErrorReadLine();
        }

        public bool IsAlive => !process.HasExited;

        public long Memory
        {
            get
            {
                try
                {
                    process.Refresh();
                    return process.HasExited ? 0 : process.WorkingSet64;
                }
                catch (InvalidOperationException)
                {
                    return 0;
                }
            }
        }

        public async Task<Answer> AskAsync(Ask ask, TimeSpan limit, long memory, CancellationToken ct)
        {
            var until = Stopwatch.StartNew();
            Task<string?> line;
            try
            {
                await process.StandardInput.WriteLineAsync(JsonSerializer.Serialize(ask, Lines).AsMemory(), ct);
                await process.StandardInput.FlushAsync(ct);
                line = process.StandardOutput.ReadLineAsync(ct).AsTask();
            }
            catch (IOException)
            {
                throw new ReaderLost("crashed");
            }
            while (await Task.WhenAny(line, Task.Delay(200, ct)) != line)
            {
                ct.ThrowIfCancellationRequested();
                if (until.Elapsed > limit)
                    throw new ReaderLost("hung");
                if (Memory > memory)
                    throw new ReaderLost("memory");
            }
            return await line is { } said ? JsonSerializer.Deserialize<Answer>(said, Lines)! : throw new ReaderLost("crashed");
        }

        public void Dispose()
        {
            try
            {
                process.Kill(entireProcessTree: true);
            }
            catch (Exception e) when (e is InvalidOperationException or System.ComponentModel.Win32Exception)
            {
                // ended already
            }
            process.Dispose();
        }
    }
}
