using System.Security.Cryptography;
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

/// <summary>Case lists come in here: from a page, the API or a verb.</summary>
public interface ICaseImport
{
    /// <summary>Takes the file in durably and returns the import's id; nothing of it is stored as cases yet.</summary>
    Task<long> BeginAsync(Stream content, string fileName, string format, CancellationToken ct);

    /// <summary>The same for a file that came as an upload, which is used up with it.</summary>
    Task<long> BeginAsync(Stream content, string fileName, string format, string? uploadId, CancellationToken ct);

    /// <summary>Runs an import to its end, from wherever it stopped.</summary>
    Task<ImportSummary> RunAsync(long importId, CancellationToken ct);

    IAsyncEnumerable<CaseOutcome> OutcomesAsync(long importId, CancellationToken ct);
}

/// <summary>Reads the file outside transactions and sends chunks as commands, so that a kill at any moment loses nothing and repeats nothing.</summary>
internal sealed class ImportRunner(IServiceScopeFactory scopes, DataFolder folder, Actor actor, Ids ids) : ICaseImport
{
    public const long MaxBytes = 512L * 1024 * 1024;
    private const int StageSize = 2000;

    public Task<long> BeginAsync(Stream content, string fileName, string format, CancellationToken ct) => BeginAsync(content, fileName, format, null, ct);

    public async Task<long> BeginAsync(Stream content, string fileName, string format, string? uploadId, CancellationToken ct)
    {
        var id = ids.Next();
        var path = folder.File("imports", $"{id}");
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        await using (var file = new FileStream(path, FileMode.CreateNew, FileAccess.Write, FileShare.None, 1 << 16, FileOptions.Asynchronous))
        {
            var buffer = new byte[1 << 16];
            for (int n; (n = await content.ReadAsync(buffer, ct)) > 0;)
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
        try
        {
            await InScopeAsync(m => m.Send(new BeginImport { Id = id, FileName = Path.GetFileName(fileName), Format = format, Digest = Convert.ToHexStringLower(hash.GetHashAndReset()), UploadId = uploadId }, ct));
        }
        catch
        {
            File.Delete(path);
            throw;
        }
        return id;
    }

    public async Task<ImportSummary> RunAsync(long importId, CancellationToken ct)
    {
        var state = await InScopeAsync(m => m.Send(new ImportState { Id = importId }, ct));
        var path = folder.File("imports", $"{importId}");
        if (state.State == "staging")
        {
            try
            {
                await StageAsync(importId, path, state.Format, ct);
            }
            catch (RuleBroken e)
            {
                await InScopeAsync(m => m.Send(new FailImport { Id = importId, Message = e.Message, Said = e.Said?.Stored() }, ct));
                File.Delete(path);
                throw;
            }
        }
        var cache = new ImportCache();
        while (await InScopeAsync(m => m.Send(new ImportChunk { Id = importId, Cache = cache }, ct)))
        {
        }
        File.Delete(path);
        return (await InScopeAsync(m => m.Send(new ImportState { Id = importId }, ct))).Summary;
    }

    public async IAsyncEnumerable<CaseOutcome> OutcomesAsync(long importId, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken ct)
    {
        for (var after = -1; ;)
        {
            var page = await InScopeAsync(m => m.Send(new ImportOutcomes { Id = importId, After = after }, ct));
            foreach (var outcome in page)
                yield return outcome;
            if (page.Count == 0)
                yield break;
            after = page[^1].Row;
        }
    }

    private async Task StageAsync(long importId, string path, string format, CancellationToken ct)
    {
        if (!File.Exists(path))
            throw new RuleBroken("导入文件已不在，请重新上传。", "file");
        await InScopeAsync(m => m.Send(new ClearStage { Id = importId }, ct));
        var rows = new List<CaseRow>(StageSize);
        var from = 0;
        await foreach (var row in CaseFile.ReadAsync(path, format, ct))
        {
            rows.Add(row);
            if (rows.Count < StageSize)
                continue;
            await InScopeAsync(m => m.Send(new StageRows { Id = importId, From = from, Rows = rows }, ct));
            from += rows.Count;
            rows.Clear();
        }
        await InScopeAsync(m => m.Send(new StageRows { Id = importId, From = from, Rows = rows, Last = true }, ct));
    }

    // each command in a scope of its own, as this person
    private async Task<T> InScopeAsync<T>(Func<IMediator, Task<T>> send)
    {
        await using var scope = scopes.CreateAsyncScope();
        scope.ServiceProvider.GetRequiredService<Actor>().ActLike(actor);
        return await send(scope.ServiceProvider.GetRequiredService<IMediator>());
    }
}
