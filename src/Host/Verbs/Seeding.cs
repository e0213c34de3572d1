using CourtOps.Workzone.Seeding;

namespace CourtOps.Host.Verbs;

internal static class Seeding
{
    public static Task<int> RunAsync(Arguments args) =>
        VerbRunner.WithHostAsync(
            args.Only("data", "cases", "orders", "seed"),
            async s =>
            {
                var (cases, orders) = await s.GetRequiredService<ISeeder>()
                    .FillAsync(
                        args.Int("cases", 0, 0, 5_000_000),
                        args.Int("orders", 0, 0, 20_000_000),
                        args.Int("seed", 1, 0, int.MaxValue),
                        Console.Error.WriteLine,
                        default
                    );
                VerbRunner.Write(new { cases, orders });
                return 0;
            }
        );
}
