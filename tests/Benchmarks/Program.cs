using System.Globalization;
using CourtOps.Benchmarks;

// Ratios inside one run: absolute figures of a shared machine say little.
var full = args.Contains("--full");
var names = args.Where(a => !a.StartsWith("--", StringComparison.Ordinal)).ToList();
string? Option(string name) => args.FirstOrDefault(a => a.StartsWith($"--{name}=", StringComparison.Ordinal))?[(name.Length + 3)..];
var all = new Dictionary<string, Func<bool, Task<bool>>>
{
    ["queue"] = f => QueuePages.RunAsync(f, Option("data")),
    ["batch"] = Batches.RunAsync,
    ["events"] = EventStreams.RunAsync,
    ["access"] = AccessCosts.RunAsync,
    ["people"] = f => People.RunAsync(f, Option("only")),
    ["orders"] = OrderCycles.RunAsync,
    ["loop"] = _ => QueuePages.LoopAsync(Option("data") ?? throw new ArgumentException("--data=FOLDER"), Option("path"), Option("who")),
    ["relay"] = Deliveries.RunAsync,
    ["import"] = Imports.RunAsync,
    ["schedule"] = Schedules.RunAsync,
    ["cases"] = f => Cases.RunAsync(f, Option("only")),
    ["changes"] = ChangeFiles.RunAsync,
    ["services"] = ServiceBatches.RunAsync,
    ["trials"] = Trials.RunAsync,
    ["enforcement"] = EnforcementSweeps.RunAsync,
    ["cataloguing"] = f => CataloguingBench.RunAsync(f, names.SkipWhile(n => n != "cataloguing").Skip(1).FirstOrDefault()),
    ["law"] = _ => Task.FromResult(CourtOps.Law.Benchmarks.LawBenchmarks.Run(Console.Out) == 0),
};
CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
var reached = true;
foreach (var (name, run) in all.Where(b => names.Count == 0 ? b.Key is not ("loop" or "cataloguing") : names.Contains(b.Key)))
{
    Console.WriteLine($"\n## {name}{(full ? ", full size" : "")}");
    reached &= await run(full);
}
Console.WriteLine(reached ? "\nEvery figure was reached." : "\nNot every figure was reached.");
return reached ? 0 : 1;
