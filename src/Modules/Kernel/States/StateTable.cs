using System.Collections.Concurrent;
using CourtOps.Kernel.Data;
using CourtOps.Kernel.Messaging;

namespace CourtOps.Kernel.States;

/// <param name="From">The states it is allowed from.</param>
/// <param name="To">The next state; null keeps the one that is.</param>
public sealed record Move(string Step, IReadOnlyList<string> From, string? To);

/// <summary>
/// What a centre's objects may do from which state, and the one statement that writes it. The table's rows carry id, state and version;
/// a book of the centre holds the table and is the only place that changes a state.
/// </summary>
/// <param name="table">The table of the centre: "service_notice".</param>
/// <param name="what">What its rows are called; Chinese, the key of its translation.</param>
public sealed class StateTable(string table, string what, params Move[] moves)
{
    private readonly ConcurrentDictionary<(string From, string? To, string Set), string> texts = new();

    /// <summary>The whole table.</summary>
    public IReadOnlyList<Move> Moves { get; } = moves;

    /// <summary>Every state the table names.</summary>
    public IReadOnlyList<string> States { get; } = [.. moves.SelectMany(m => m.From.Concat(m.To is null ? [] : [m.To])).Distinct()];

    /// <summary>Null when the state does not allow the step.</summary>
    public Move? Find(string step, string from) => Moves.FirstOrDefault(m => m.Step == step && m.From.Contains(from));

    /// <summary>The steps that a state allows.</summary>
    public IEnumerable<string> Allowed(string from) => Moves.Where(m => m.From.Contains(from)).Select(m => m.Step).Distinct();

    /// <summary>Writes a step in the open transaction and raises the version. Returns the next state.</summary>
    /// <param name="from">The state that was read.</param>
    /// <param name="args">Holds Id and Version as they were read, and what <paramref name="set"/> names.</param>
    /// <param name="set">Further columns: "sent_at = @At, reply = @reply"; empty for none.</param>
    /// <exception cref="RuleBroken">The table does not allow the step from this state.</exception>
    /// <exception cref="Conflict">Somebody changed the row since it was read.</exception>
    public async Task<string> MoveAsync(Db db, string step, string from, object args, string set = "", CancellationToken ct = default)
    {
        var move = Find(step, from) ?? throw new RuleBroken($"{what}的状态不允许这一步，请刷新后再看。", code: "state");
        if (await db.ExecuteAsync(Text(from, move.To, set), args, ct) == 0)
            throw new Conflict($"{what}刚被他人办理，请刷新后再看。");
        return move.To ?? from;
    }

    /// <summary>The statement of a step; states are constants of the code, everything else is a parameter.</summary>
    public string Text(string from, string? to, string set) =>
        texts.GetOrAdd(
            (from, to, set),
            key =>
                (
                    $"UPDATE {table} SET "
                    + $"{(key.To is null || key.To == key.From ? "" : $"state = '{key.To}', ")}{(key.Set.Length == 0 ? "" : key.Set + ", ")}version = "
                    + $"version + 1 WHERE id = @Id AND version = @Version AND state = '{key.From}'"
                )
        );
}
