using CourtOps.Kernel.Data;

namespace CourtOps.Host.Jobs;

/// <summary>One of several hosts does a thing at a time: whoever holds the lease.</summary>
internal static class Leases
{
    /// <summary>Takes a lease that is free or has run out, or renews one's own. False when another holds it.</summary>
    /// <param name="owner">At most 80 characters; a lease taken with an owner of its own for each run lets not even its own process in twice.</param>
    public static async Task<bool> HoldAsync(Database database, string name, string owner, TimeSpan length, TimeProvider clock, CancellationToken ct)
    {
        await using var db = new Db(database);
        await db.BeginAsync(ct);
        var now = clock.GetUtcNow();
        var args = new
        {
            name,
            owner,
            now,
            until = now + length,
        };
        if (
            await db.ExecuteAsync(
                "UPDATE kernel_lease SET owner = @owner, lease_until = @until WHERE name = @name AND (owner = @owner OR lease_until < @now)",
                args,
                ct
            ) == 0
        )
        {
            if (await db.ScalarAsync<int>("SELECT COUNT(*) FROM kernel_lease WHERE name = @name", args, ct) > 0)
                return false;
            try
            {
                await db.ExecuteAsync("INSERT INTO kernel_lease (name, owner, lease_until) VALUES (@name, @owner, @until)", args, ct);
            }
            catch (Exception e) when (db.Dialect.IsDuplicate(e))
            {
                return false; // another host was first in taking it for the first time
            }
        }
        await db.CommitAsync(ct);
        return true;
    }

    /// <summary>Gives a lease back at once, so that another need not wait until it has run out. Does nothing when it is another's by now.</summary>
    public static async Task ReleaseAsync(Database database, string name, string owner)
    {
        await using var db = new Db(database);
        await db.BeginAsync();
        await db.ExecuteAsync(
            "UPDATE kernel_lease SET lease_until = @past WHERE name = @name AND owner = @owner",
            new
            {
                name,
                owner,
                past = DateTimeOffset.UnixEpoch,
            }
        );
        await db.CommitAsync();
    }
}
