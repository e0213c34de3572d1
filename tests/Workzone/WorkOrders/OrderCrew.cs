using CourtOps.Kernel.Data;
using CourtOps.Kernel.Security;
using Microsoft.Extensions.DependencyInjection;

namespace CourtOps.Workzone.WorkOrders;

/// <summary>Many people at work on plain orders in one transaction: thousands of steps in the time of a few commits.</summary>
internal sealed class OrderCrew(TestApp app, IReadOnlyList<string> people)
{
    public const string Plain = "service.plain";
    public const string Reviewed = "service.reviewed";

    private readonly Dictionary<string, Actor> actors = [];

    public Dictionary<string, long> Ids { get; } = [];

    public static bool Long => Environment.GetEnvironmentVariable("COURTOPS_LONG") == "1";

    /// <summary>Two types that are worked on the order's page alone.</summary>
    public static void Declare(TestAppOptions options, int targetHours = 14) =>
        options.Services.Add(s =>
        {
            s.AddSingleton(
                new OrderType
                {
                    Code = Plain,
                    Centre = Centres.Service,
                    Label = "plain",
                    TargetHours = targetHours,
                }
            );
            s.AddSingleton(
                new OrderType
                {
                    Code = Reviewed,
                    Centre = Centres.Service,
                    Label = "reviewed",
                    TargetHours = targetHours,
                    Review = true,
                }
            );
        });

    /// <summary>The rights of everybody as they are at this moment.</summary>
    public async Task MeetAsync()
    {
        actors.Clear();
        foreach (var person in people)
        {
            Ids[person] = await app.IdOf(person);
            await app.As(person)
                .In(s =>
                {
                    var copy = new Actor();
                    copy.ActLike(s.GetRequiredService<Actor>());
                    actors[person] = copy;
                    return Task.CompletedTask;
                });
        }
    }

    public Task WorkAsync(Func<Shift, Task> work) =>
        app.As(null)
            .In(async s =>
            {
                var db = s.GetRequiredService<Db>();
                await db.BeginAsync();
                await work(new Shift(s, actors, db));
                await db.CommitAsync();
            });

    internal sealed class Shift(IServiceProvider services, Dictionary<string, Actor> actors, Db db)
    {
        private readonly Actor actor = services.GetRequiredService<Actor>();

        public Db Db => db;

        public IWorkOrders Book { get; } = services.GetRequiredService<IWorkOrders>();

        public TakeStep.Handler Steps { get; } = new(services.GetRequiredService<StepTaking>());

        /// <summary>Null is the system.</summary>
        public void As(string? person)
        {
            if (person is null)
                actor.ActAsSystem("test");
            else
                actor.ActLike(actors[person]);
        }
    }
}
