namespace CourtOps.Kernel.Data;

/// <summary>Numbers without gaps for people to read, taken in the transaction that uses them.</summary>
public sealed class Sequences(Db db)
{
    public async Task<long> NextAsync(string name, CancellationToken ct = default)
    {
        if (await db.ExecuteAsync("UPDATE kernel_sequence SET value = value + 1 WHERE name = @name", new { name }, ct) == 0)
        {
            await db.ExecuteAsync("INSERT INTO kernel_sequence (name, value) VALUES (@name, 1)", new { name }, ct);
            return 1;
        }
        return await db.ScalarAsync<long>("SELECT value FROM kernel_sequence WHERE name = @name", new { name }, ct);
    }
}
