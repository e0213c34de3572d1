using System.Security.Cryptography;
using System.Text.Json;
using CourtOps.Kernel.Data;
using CourtOps.Kernel.Messaging;
using CourtOps.Kernel.Security;
using CourtOps.Kernel.Web;
using MediatR;
using Microsoft.Extensions.DependencyInjection;

namespace CourtOps.Workzone.Imports;

public sealed record CaseOutcome(int Row, string CaseNumber, string Outcome, IReadOnlyList<FieldError> Errors)
{
    /// <summary>With its reasons in the reader's language.</summary>
    public CaseOutcome In(Texts texts) => this with { Errors = [.. Errors.Select(e => e.In(texts))] };
}

public sealed record ImportSummary(long Id, string State, string? Message, int Total, int Created, int Updated, int Unchanged, int Refused);

/// <summary>A case list as it was handed in.</summary>
/// <param name="Content">Its bytes, read once.</param>
/// <param name="FileName">What it was called.</param>
/// <param name="Format">csv or json.</param>
public sealed record CaseList(Stream Content, string FileName, string Format)
{
    /// <summary>The upload it came by; used up with the import.</summary>
    public string? UploadId { get; init; }

    /// <summary>The same list under the same key is the same import.</summary>
    public string? IdempotencyKey { get; init; }
}

/// <param name="Id">The import.</param>
/// <param name="Before">It was begun by an earlier request with the same key.</param>
public readonly record struct BegunImport(long Id, bool Before);

/// <summary>Case lists come in here: from a page, the API or a verb.</summary>
public interface ICaseImport
{
    /// <summary>Takes the list in durably; nothing of it is stored as cases yet.</summary>
    Task<BegunImport> BeginAsync(CaseList list, CancellationToken ct);

    /// <summary>Runs an import to its end, from wherever it stopped. One that runs elsewhere is waited for; one whose runner fell silent is taken
    /// over.</summary>
    /// <exception cref="RuleBroken">What is wrong with the list, now or when it was run before.</exception>
    Task<ImportSummary> RunAsync(long importId, CancellationToken ct);

    IAsyncEnumerable<CaseOutcome> OutcomesAsync(long importId, CancellationToken ct);
}

/// <summary>Reads the file outside transactions and sends chunks as commands, so that a kill at any moment loses nothing and repeats nothing.</summary>
internal sealed class ImportRunner(IServiceScopeFactory scopes, DataFolder folder, Actor actor, Ids ids) : ICaseImport
{
    public const long MaxBytes = 512L * 1024 * 1024;
    private const int StageSize = 2000;
    private static readonly TimeSpan Patience = TimeSpan.FromMilliseconds(300);

    public async Task<BegunImport> BeginAsync(CaseList list, CancellationToken ct)
    {
        var id = ids.Next();
        var path = folder.File("imports", $"{id}");
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        await using (var file = new FileStream(path, FileMode.CreateNew, FileAccess.Write, FileShare.None, 1 << 16, FileOptions.Asynchronous))
        {
            var buffer = new byte[1 << 16];
            for (int n; (n = await list.Content.ReadAsync(buffer, ct)) > 0; )
            {
                if (file.Position + n > MaxBytes)
                {
                    file.Close();
                    File.Delete(path);
                    throw new RuleBroken($"文件超过上限 {MaxBytes / 1048576} MB，请拆分后导入。", "file");
                }
                hash.AppendData(buffer, 0, n);
                await file.WriteAsync(buffer.AsMemory(0, n), ct);
            }
            file.Flush(flushToDisk: true);
        }
        if (new FileInfo(path).Length == 0)
        {
            File.Delete(path);
            throw new RuleBroken("文件是空的。", "file");
        }
        var begin = new BeginImport
        {
            Id = id,
            FileName = Path.GetFileName(list.FileName),
            Format = list.Format,
            Digest = Convert.ToHexStringLower(hash.GetHashAndReset()),
            UploadId = list.UploadId,
        };
        var begun = new BegunImport(id, true);
        try
        {
            begun = await BeginOnceAsync(begin, list.IdempotencyKey, ct);
        }
        finally
        {
            if (begun.Before)
                File.Delete(path);
        }
        return begun;
    }

    public async Task<ImportSummary> RunAsync(long importId, CancellationToken ct)
    {
        var runner = ids.Next();
        for (; ; )
        {
            var import = await InScopeAsync(m => m.Send(new ImportState { Id = importId }, ct));
            if (import.State == "failed")
                throw Said.Read(import.MessageSaid) is { } said ? new RuleBroken(said, "file") : new RuleBroken(import.Message ?? "", "file");
            if (import.State == "done")
                return import.Summary;
            if (import.Held)
                await Task.Delay(Patience, ct); // the other run may be in another process: there is nothing to be woken by
            else if (await InScopeAsync(m => m.Send(new TakeImport { Id = importId, Runner = runner }, ct)) is { } state)
                await HoldingAsync(() => GoOnAsync(import with { State = state }, runner, ct));
        }
    }

    private async Task GoOnAsync(ImportState.Result import, long runner, CancellationToken ct)
    {
        var path = folder.File("imports", $"{import.Id}");
        try
        {
            if (import.State == "staging")
                await StageAsync(import.Id, runner, path, import.Format, ct);
            var cache = new ImportCache();
            while (
                await InScopeAsync(m =>
                    m.Send(
                        new ImportChunk
                        {
                            Id = import.Id,
                            Runner = runner,
                            Cache = cache,
                        },
                        ct
                    )
                )
            ) { }
        }
        catch (RuleBroken e)
        {
            await InScopeAsync(m =>
                m.Send(
                    new FailImport
                    {
                        Id = import.Id,
                        Runner = runner,
                        Message = e.Message,
                        Said = e.Said?.Stored(),
                    },
                    ct
                )
            );
        }
        File.Delete(path);
    }

    private static async Task HoldingAsync(Func<Task> work)
    {
        try
        {
            await work();
        }
        catch (TakenOver)
        {
            // this run was silent for too long: the other goes on, and its end is this one's answer
        }
    }

    // the key is looked up when the whole list is read: only then is it known whether it is the same
    private async Task<BegunImport> BeginOnceAsync(BeginImport begin, string? key, CancellationToken ct)
    {
        await using var scope = Scope();
        if (
            !string.IsNullOrEmpty(key)
            && await scope.ServiceProvider.GetRequiredService<Idempotency>().FindAsync(key, $"cases:import\n{begin.Format}\n{begin.Digest}", ct) is { } reply
        )
            return new(JsonSerializer.Deserialize<long>(reply.Json, Json.Web), true);
        return new(await scope.ServiceProvider.GetRequiredService<IMediator>().Send(begin, ct), false);
    }

    public async IAsyncEnumerable<CaseOutcome> OutcomesAsync(long importId, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken ct)
    {
        for (var after = -1; ; )
        {
            var page = await InScopeAsync(m => m.Send(new ImportOutcomes { Id = importId, After = after }, ct));
            foreach (var outcome in page)
                yield return outcome;
            if (page.Count == 0)
                yield break;
            after = page[^1].Row;
        }
    }

    private async Task StageAsync(long importId, long runner, string path, string format, CancellationToken ct)
    {
        if (!File.Exists(path))
            throw new RuleBroken("导入文件已不在，请重新上传。", "file");
        var rows = new List<CaseRow>(StageSize);
        var from = 0;
        await foreach (var row in CaseFile.ReadAsync(path, format, ct))
        {
            rows.Add(row);
            if (rows.Count < StageSize)
                continue;
            await InScopeAsync(m =>
                m.Send(
                    new StageRows
                    {
                        Id = importId,
                        Runner = runner,
                        From = from,
                        Rows = rows,
                    },
                    ct
                )
            );
            from += rows.Count;
            rows.Clear();
        }
        await InScopeAsync(m =>
            m.Send(
                new StageRows
                {
                    Id = importId,
                    Runner = runner,
                    From = from,
                    Rows = rows,
                    Last = true,
                },
                ct
            )
        );
    }

    // each command in a scope of its own, as this person
    private async Task<T> InScopeAsync<T>(Func<IMediator, Task<T>> send)
    {
        await using var scope = Scope();
        return await send(scope.ServiceProvider.GetRequiredService<IMediator>());
    }

    private AsyncServiceScope Scope()
    {
        var scope = scopes.CreateAsyncScope();
        scope.ServiceProvider.GetRequiredService<Actor>().ActLike(actor);
        return scope;
    }
}
