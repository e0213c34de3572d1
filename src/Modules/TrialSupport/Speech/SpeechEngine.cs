using System.Diagnostics;
using System.Net.Http.Headers;
using System.Text.Json;
using System.Text.Json.Serialization;
using Microsoft.Extensions.Configuration;

namespace CourtOps.TrialSupport.Speech;

/// <summary>A sentence as an engine heard it; seconds from the beginning of the segment.</summary>
internal sealed record HeardLine
{
    [JsonPropertyName("from")]
    public double From { get; init; }

    [JsonPropertyName("until")]
    public double Until { get; init; }

    [JsonPropertyName("speaker")]
    public string? Speaker { get; init; } = "";

    [JsonPropertyName("words")]
    public string? Words { get; init; } = "";
}

/// <summary>What came of listening: lines, or a reason in Chinese; Later says whether trying again may help.</summary>
internal sealed record Heard(IReadOnlyList<HeardLine>? Lines, string Reason = "", bool Later = false);

/// <summary>
/// The engine that turns speech into text, by setting of the machine, not of the court: CourtOps:Speech:Program is a program that is run with the file's path
/// and its media type and prints JSON; CourtOps:Speech:Url is a service that the bytes
/// are posted to. Either answers {"lines":[{"from":0.5,"until":2.1,"speaker":"1","words":"…"}]}. Without both there is none, and marks typed live carry the
/// record.
/// </summary>
internal sealed class SpeechEngine(IConfiguration configuration, IHttpClientFactory http)
{
    /// <summary>How long a segment may take.</summary>
    public static readonly TimeSpan Limit = TimeSpan.FromMinutes(30);

    private const int MostOutput = 8 << 20;
    private const int MostLines = 50_000;

    private string? Program => configuration["CourtOps:Speech:Program"] is { Length: > 0 } p ? p : null;

    private string? Url => configuration["CourtOps:Speech:Url"] is { Length: > 0 } u ? u : null;

    /// <summary>What it is called in the record; null where none is set up.</summary>
    public string? Name =>
        Program is { } p ? Path.GetFileName(p)
        : Url is { } u && Uri.TryCreate(u, UriKind.Absolute, out var at) ? at.Host
        : null;

    public async Task<Heard> HearAsync(string path, string mime, CancellationToken ct)
    {
        if (Program is { } program)
        {
            if (!File.Exists(program))
                return new Heard(null, "没有语音识别程序，请检查 CourtOps:Speech:Program。", Later: true);
            return await RunAsync(program, [path, mime], ct);
        }
        if (Url is not { } url)
            return new Heard(null, "没有配置语音识别。");
        try
        {
            await using var bytes = File.OpenRead(path);
            using var request = new HttpRequestMessage(HttpMethod.Post, url)
            {
                Content = new StreamContent(bytes) { Headers = { ContentType = new MediaTypeHeaderValue(mime) } },
            };
            if (configuration["CourtOps:Speech:Key"] is { Length: > 0 } key)
                request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", key);
            using var client = http.CreateClient();
            client.Timeout = Limit;
            client.MaxResponseContentBufferSize = MostOutput;
            using var answer = await client.SendAsync(request, ct);
            return answer.IsSuccessStatusCode
                ? Read(await answer.Content.ReadAsStringAsync(ct))
                : new Heard(
                    null,
                    (int)answer.StatusCode is 401 or 403 ? "语音识别服务不认这个密钥。" : "语音识别服务没有办成。",
                    Later: (int)answer.StatusCode >= 500 || (int)answer.StatusCode == 429
                );
        }
        catch (HttpRequestException)
        {
            return new Heard(null, "连不上语音识别服务。", Later: true);
        }
        catch (TaskCanceledException) when (!ct.IsCancellationRequested)
        {
            return new Heard(null, "语音识别超过半小时，已中止。", Later: true);
        }
    }

    private static async Task<Heard> RunAsync(string program, IReadOnlyList<string> arguments, CancellationToken ct)
    {
        var start = new ProcessStartInfo(program)
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            RedirectStandardInput = true,
            UseShellExecute = false,
            WorkingDirectory = Path.GetTempPath(),
            StandardOutputEncoding = System.Text.Encoding.UTF8,
        };
        foreach (var argument in arguments)
            start.ArgumentList.Add(argument);
        using var process = Process.Start(start);
        if (process is null)
            return new Heard(null, "语音识别程序没有启动。", Later: true);
        process.StandardInput.Close();
        using var time = CancellationTokenSource.CreateLinkedTokenSource(ct);
        time.CancelAfter(Limit);
        try
        {
            var errors = process.StandardError.BaseStream.CopyToAsync(Stream.Null, time.Token);
            var output = new char[MostOutput + 1];
            var n = await process.StandardOutput.ReadBlockAsync(output, time.Token);
            if (n > MostOutput)
            {
                process.Kill(entireProcessTree: true);
                return new Heard(null, "语音识别的答复太长。");
            }
            await errors;
            await process.WaitForExitAsync(time.Token);
            return process.ExitCode == 0 ? Read(new string(output, 0, n)) : new Heard(null, "语音识别程序没有办成。", Later: true);
        }
        catch (OperationCanceledException)
        {
            if (!process.HasExited)
                process.Kill(entireProcessTree: true);
            ct.ThrowIfCancellationRequested();
            return new Heard(null, "语音识别超过半小时，已中止。", Later: true);
        }
    }

    /// <summary>Reads an answer: lines with words, in the order of time; times that run backwards are set right, what is too long is cut.</summary>
    internal static Heard Read(string json)
    {
        try
        {
            var lines = JsonSerializer.Deserialize<Answer>(json)?.Lines;
            return lines is null || lines.Count > MostLines
                ? new Heard(null, "语音识别的答复不是约定的格式。")
                : new Heard([
                    .. lines
                        // a line without words, or no line at all, says nothing
                        .Where(l => l?.Words is { } words && words.Trim().Length > 0 && l.From is >= 0 and < 1e6)
                        .OrderBy(l => l.From)
                        .Select(l =>
                            l with
                            {
                                Until = l.Until is >= 0 and < 1e6 && l.Until >= l.From ? l.Until : l.From,
                                Speaker = l.Speaker is { Length: > 60 } name ? name[..60] : l.Speaker ?? "",
                                Words = l.Words!.Trim() is var w && w.Length <= 4000 ? w : w[..4000],
                            }
                        ),
                ]);
        }
        catch (JsonException)
        {
            return new Heard(null, "语音识别的答复不是约定的格式。");
        }
    }

    private sealed record Answer
    {
        [JsonPropertyName("lines")]
        public IReadOnlyList<HeardLine>? Lines { get; init; }
    }
}
