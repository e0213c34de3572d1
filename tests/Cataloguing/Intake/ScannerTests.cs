using System.Text;
using CourtOps.Cataloguing.Jobs;
using CourtOps.Kernel.Data;
using CourtOps.Kernel.Work;
using Microsoft.Extensions.DependencyInjection;

namespace CourtOps.Cataloguing.Tests.Intake;

/// <summary>The scanner's folder: a batch that cannot be taken undoes none of the others and is answered beside it.</summary>
[TestFixtureSource(typeof(Engines), nameof(Engines.All))]
public sealed class ScannerTests(Engine engine) : AppTests(engine)
{
    [Test]
    public async Task One_bad_case_does_not_undo_the_turn_of_the_others_and_is_answered_beside_it()
    {
        var root = Path.Combine(App.Folder, "scanner");
        App.Set("CourtOps:Scanner:Folder", root);
        foreach (var serial in new[] { 1, 2, 3 })
        {
            await App.Case(serial, SampleParty.Provided);
            Put(root, $"b{serial}", serial);
        }
        var item = new WorkItem { Queue = TakeFromScanner.Name };
        var found = await ActAsync(item);
        Assert.That(found.Batches, Has.Count.EqualTo(3));
        // between looking and taking the second case has gone
        var gone = found with
        {
            Batches = [found.Batches[0], found.Batches[1] with { CaseId = 999 }, found.Batches[2]],
        };
        await RecordAsync(item, gone);
        Assert.That(await App.As(null).Value<int>("SELECT COUNT(*) FROM cataloguing_batch WHERE source = 'scanner'"), Is.EqualTo(2), "the others are taken");
        await ActAsync(item);
        Assert.That(Directory.GetDirectories(root).Select(Path.GetFileName), Is.EquivalentTo(new[] { "taken", "b2" }));
        var problem = await File.ReadAllTextAsync(Path.Combine(root, "b2", "problem.txt"));
        Assert.That(problem, Does.Contain("案件"));
        Assert.That((await ActAsync(item)).Batches, Is.Empty, "not tried again as it is");
        File.SetLastWriteTimeUtc(Path.Combine(root, "b2", "manifest.json"), App.Clock.GetUtcNow().UtcDateTime.AddMinutes(-5));
        var again = await ActAsync(item);
        Assert.That(again.Batches, Has.Count.EqualTo(1), "written anew it is tried again");
        await RecordAsync(item, again);
        Assert.That(await App.Value<int>("SELECT COUNT(*) FROM cataloguing_batch WHERE source = 'scanner'"), Is.EqualTo(3));
    }

    private void Put(string root, string name, int serial)
    {
        var folder = Directory.CreateDirectory(Path.Combine(root, name)).FullName;
        File.WriteAllText(Path.Combine(folder, "a.txt"), $"材料 {serial}", Encoding.UTF8);
        File.WriteAllText(Path.Combine(folder, "manifest.json"), $$"""{"case":"{{Sample.Number(serial)}}","sender":"扫描室"}""");
        foreach (var file in Directory.GetFiles(folder))
            File.SetLastWriteTimeUtc(file, App.Clock.GetUtcNow().UtcDateTime.AddMinutes(-10));
    }

    private Task<TakeFromScanner.Result> ActAsync(WorkItem item) =>
        App.As(null).In(async s => (TakeFromScanner.Result)(await Handler(s).ActAsync(item, default)).Result!);

    private Task RecordAsync(WorkItem item, TakeFromScanner.Result result) =>
        App.As(null)
            .In(async s =>
            {
                var db = s.GetRequiredService<Db>();
                await db.BeginAsync();
                await Handler(s).RecordAsync(item, WorkOutcome.Done(result), default);
                await db.CommitAsync();
            });

    private static TakeFromScanner Handler(IServiceProvider services) => services.GetServices<IWorkHandler>().OfType<TakeFromScanner>().Single();
}
