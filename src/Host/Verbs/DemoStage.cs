using CourtOps.Kernel.Messaging;
using CourtOps.Kernel.Modules;
using CourtOps.Kernel.Security;
using CourtOps.Workzone.People;
using CourtOps.Workzone.Seeding;

namespace CourtOps.Host.Verbs;

/// <summary>A clock that stands where it is set.</summary>
internal sealed class DemoClock(DateTimeOffset start) : TimeProvider
{
    private DateTimeOffset now = start;

    public void Set(DateTimeOffset at) => now = at > now ? at : now;

    public override DateTimeOffset GetUtcNow() => now;
}

/// <summary>Plays the stories of the modules in the order of time, each act as its person, in a scope of its own.</summary>
internal sealed class DemoStage(IServiceProvider services, DemoClock clock, DateTimeOffset end, bool small = false) : IDemoStage
{
    private readonly PriorityQueue<Act, (DateTimeOffset At, int N)> acts = new();
    private readonly Dictionary<string, DemoPerson> people = [];
    private readonly List<string> failures = [];
    private int planned;

    public DateTimeOffset End { get; } = end;

    public bool Small { get; } = small;

    public Random Random { get; } = new(20261129);

    /// <summary>Acts that were refused or failed: who, when, why.</summary>
    public IReadOnlyList<string> Failures => failures;

    public int Played { get; private set; }

    public void At(DateTimeOffset at, string? login, Func<IServiceProvider, CancellationToken, Task> act)
    {
        var time = at > End ? End : at;
        acts.Enqueue(new Act(time, login, act), (time, planned++));
    }

    public async Task PlayAsync(IEnumerable<Type> stories, CancellationToken ct)
    {
        foreach (var story in stories)
        {
            await using var scope = services.CreateAsyncScope();
            scope.ServiceProvider.GetRequiredService<Actor>().ActAsSystem("demo");
            await ((IDemoStory)scope.ServiceProvider.GetRequiredService(story)).TellAsync(this, ct);
        }
        var relay = services.GetRequiredService<Relay>();
        while (acts.TryDequeue(out var act, out _))
        {
            clock.Set(act.At);
            try
            {
                await PlayAsync(act, ct);
            }
            catch (Exception e) when (e is RuleBroken or Conflict or NotFound or Forbidden or FluentValidation.ValidationException)
            {
                failures.Add($"{act.At:yyyy-MM-dd HH:mm} {act.Login ?? "system"}: {e.Message}");
            }
            while (await relay.RunOnceAsync(ct) > 0)
            {
                // until nothing is left to deliver
            }
            Played++;
        }
    }

    private async Task PlayAsync(Act act, CancellationToken ct)
    {
        await using var scope = services.CreateAsyncScope();
        var actor = scope.ServiceProvider.GetRequiredService<Actor>();
        if (act.Login is null)
        {
            actor.ActAsSystem("demo");
        }
        else
        {
            if (!people.TryGetValue(act.Login, out var person))
                people[act.Login] = person = await scope.ServiceProvider.GetRequiredService<ISeeder>().PersonAsync(act.Login, ct);
            if (!await scope.ServiceProvider.GetRequiredService<IAccounts>().ActAsync(actor, person.Id, person.Stamp))
                throw new Forbidden("demo");
        }
        await act.Do(scope.ServiceProvider, ct);
    }

    private sealed record Act(DateTimeOffset At, string? Login, Func<IServiceProvider, CancellationToken, Task> Do);
}
