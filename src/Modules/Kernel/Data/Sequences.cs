namespace CourtOps.Kernel.Data;

/// <summary>Numbers without gaps for people to read, taken in the transaction that uses them.</summary>
public sealed class Sequences(Db db)
{
    public async Task<long> NextAsync(string name, CancellationToken ct = default)
    {
        const string next = "UPDATE kernel_sequence SET value = value + 1 WHERE name = @name";
        if (await db.ExecuteAsync(next, new { name }, ct) == 0)
        {
            try
            {
                await db.ExecuteAsync("INSERT INTO kernel_sequence (name, value) VALUES (@name, 1)", new { name }, ct);
                return 1;
            }
            catch (Exception e) when (db.Dialect.IsDuplicate(e))
            {
                // another host was first with the first number: this is the second
                await db.ExecuteAsync(next, new { name }, ct);
            }
        }
        return await db.ScalarAsync<long>("SELECT value FROM kernel_sequence WHERE name = @name", new { name }, ct);
    }
}
