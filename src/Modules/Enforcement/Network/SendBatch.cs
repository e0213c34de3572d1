using System.Globalization;
using CourtOps.Enforcement.Simulator;
using CourtOps.Kernel.Data;
using CourtOps.Kernel.Work;

namespace CourtOps.Enforcement.Network;

/// <summary>Posts a batch to the inquiry system that is configured: all lines at first, later those without an answer. What it answers at once is taken
/// in.</summary>
internal sealed class SendBatch(Db db, InquirySystem system, BatchFlow flow) : IWorkHandler
{
    public const string Name = "enforcement.inquiry";

    public string Queue => Name;

    /// <summary>The other side takes a sending once, by its key.</summary>
    public bool Repeatable => true;

    public int MaxAttempts => 12;

    public TimeSpan Lease => TimeSpan.FromMinutes(2);

    public int AtOnce => 1;

    public async Task<WorkOutcome> ActAsync(WorkItem item, CancellationToken ct)
    {
        var work = item.Read<Payload>();
        var lines = await db.QueryAsync<BatchItem>(
            $"SELECT {BatchItem.Columns} FROM enforcement_batch_item i WHERE i.batch_id = @BatchId AND i.answered_at IS NULL ORDER BY i.reference",
            new { work.BatchId },
            ct
        );
        return lines.Count == 0
            ? WorkOutcome.Done(new InquirySystem.Answer(""))
            : await system.PostAsync(InquirySystem.KeyOf(work.BatchId, work.Round), BatchFile.Write(lines), ct);
    }

    public Task RecordAsync(WorkItem item, WorkOutcome outcome, CancellationToken ct) => flow.SentAsync(item.Read<Payload>().BatchId, outcome, ct);

    public static string KeyOf(long batchId, int round) =>
        round == 1 ? batchId.ToString(CultureInfo.InvariantCulture) : string.Create(CultureInfo.InvariantCulture, $"{batchId}:{round}");

    internal sealed record Payload
    {
        public long BatchId { get; init; }
        public int Round { get; init; } = 1;
    }
}

/// <summary>Fetches what was answered since the last time, until every line has its answer.</summary>
internal sealed class PollBatch(InquirySystem system, BatchFlow flow) : IWorkHandler
{
    public const string Name = "enforcement.inquiry-poll";

    public string Queue => Name;

    public bool Repeatable => true;

    public int MaxAttempts => 200;

    public TimeSpan Lease => TimeSpan.FromMinutes(2);

    public int AtOnce => 1;

    public Task<WorkOutcome> ActAsync(WorkItem item, CancellationToken ct)
    {
        var work = item.Read<SendBatch.Payload>();
        return system.FetchAsync(InquirySystem.KeyOf(work.BatchId, work.Round), ct);
    }

    public Task RecordAsync(WorkItem item, WorkOutcome outcome, CancellationToken ct) => flow.PolledAsync(item.Read<SendBatch.Payload>().BatchId, outcome, ct);
}

/// <summary>What follows a sending or a poll, in the transaction that records it.</summary>
internal sealed class BatchFlow(Db db, FeedbackBook book, WorkQueue queue, InquirySystem system, TimeProvider clock)
{
    /// <exception cref="InvalidOperationException">No such batch.</exception>
    public async Task<BatchRow> GetAsync(long id, CancellationToken ct) =>
        await db.FirstAsync<BatchRow>($"SELECT {BatchRow.Columns} FROM enforcement_batch b WHERE b.id = @id", new { id }, ct)
        ?? throw new InvalidOperationException($"No batch {id}.");

    public async Task SentAsync(long id, WorkOutcome outcome, CancellationToken ct)
    {
        var b = await GetAsync(id, ct);
        if (outcome.End != WorkEnd.Done)
        {
            if (b.State == "made")
                await BatchRow.Table.MoveAsync(
                    db,
                    "fail",
                    b.State,
                    new
                    {
                        b.Id,
                        b.Version,
                        reason = Cut(outcome.Reason),
                    },
                    "reason = @reason",
                    ct
                );
            else
                await db.ExecuteAsync("UPDATE enforcement_batch SET reason = @reason WHERE id = @Id", new { b.Id, reason = Cut(outcome.Reason) }, ct);
            return;
        }
        if (b.State is "made" or "failed")
            await BatchRow.Table.MoveAsync(db, "send", b.State, new { b.Id, b.Version }, "reason = NULL", ct);
        await TakeAsync(b, outcome, ct);
    }

    public async Task PolledAsync(long id, WorkOutcome outcome, CancellationToken ct)
    {
        var b = await GetAsync(id, ct);
        if (outcome.End == WorkEnd.Done)
            await TakeAsync(b, outcome, ct);
        else
            await db.ExecuteAsync(
                "UPDATE enforcement_batch SET reason = @reason, next_poll = NULL WHERE id = @Id",
                new { b.Id, reason = Cut(outcome.Reason) },
                ct
            );
    }

    /// <summary>Asks again for the lines without an answer, in a new round.</summary>
    public async Task<BatchRow> ResendAsync(BatchRow b, TimeSpan after, CancellationToken ct)
    {
        var round = b.Round + 1;
        await db.ExecuteAsync(
            "UPDATE enforcement_batch SET round = @round, polls = 0, next_poll = NULL, reason = NULL WHERE id = @Id",
            new { b.Id, round },
            ct
        );
        await db.ExecuteAsync("UPDATE enforcement_batch_item SET note = '' WHERE batch_id = @Id AND answered_at IS NULL", new { b.Id }, ct);
        await queue.AddAsync(
            SendBatch.Name,
            SendBatch.KeyOf(b.Id, round),
            new SendBatch.Payload { BatchId = b.Id, Round = round },
            clock.GetUtcNow() + after,
            ct
        );
        return await GetAsync(b.Id, ct);
    }

    private async Task TakeAsync(BatchRow b, WorkOutcome outcome, CancellationToken ct)
    {
        if (outcome.Result is InquirySystem.Answer { Text: var text } && text.TrimStart().StartsWith('{'))
            await book.TakeAsync(text, TakeFeedback.Most, b.CourtId, ct);
        b = await GetAsync(b.Id, ct);
        var open = await db.ScalarAsync<int>("SELECT COUNT(*) FROM enforcement_batch_item WHERE batch_id = @Id AND answered_at IS NULL", new { b.Id }, ct);
        var failed = await db.ScalarAsync<int>(
            "SELECT COUNT(*) FROM enforcement_batch_item WHERE batch_id = @Id AND answered_at IS NULL AND failed_round = @Round",
            new { b.Id, b.Round },
            ct
        );
        var step = PollRules.Next(open, failed, b.Polls, b.Round);
        if (system.Simulated && step.After > DemoRegistries.Soon)
            step = step with { After = DemoRegistries.Soon };
        switch (step.Act)
        {
            case "poll":
                var due = clock.GetUtcNow() + step.After;
                await db.ExecuteAsync("UPDATE enforcement_batch SET polls = polls + 1, next_poll = @due, reason = NULL WHERE id = @Id", new { b.Id, due }, ct);
                await queue.AddAsync(
                    PollBatch.Name,
                    string.Create(CultureInfo.InvariantCulture, $"{b.Id}:{b.Round}:{b.Polls + 1}"),
                    new SendBatch.Payload { BatchId = b.Id, Round = b.Round },
                    due,
                    ct
                );
                break;
            case "resend":
                await ResendAsync(b, step.After, ct);
                break;
            default:
                await db.ExecuteAsync(
                    "UPDATE enforcement_batch SET next_poll = NULL, reason = @reason WHERE id = @Id",
                    new { b.Id, reason = Cut(step.Reason?.ToString()) },
                    ct
                );
                break;
        }
    }

    private static string? Cut(string? reason) => reason is { Length: > 400 } ? reason[..400] : reason;
}
