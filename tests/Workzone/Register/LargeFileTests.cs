using System.Text;
using CourtOps.Workzone.CaseChanges;

namespace CourtOps.Workzone.Register;

/// <summary>
/// A list of changes during working hours: 50,000 lines where COURTOPS_LONG is 1, 2,000 otherwise; each line has its outcome, a second time nothing.
/// </summary>
public sealed class LargeFileTests() : AppTests(Engine.Sqlite)
{
    private static readonly int Lines = Environment.GetEnvironmentVariable("COURTOPS_LONG") == "1" ? 50_000 : 2_000;

    [Test]
    public async Task Every_line_has_its_outcome_and_the_same_file_again_changes_nothing()
    {
        const int Cases = 40;
        App.At(TestClock.Shanghai(2026, 2, 2, 9, 0));
        var list = new StringBuilder(Sample.Header + "\n");
        for (var n = 1; n <= Cases; n++)
            list.AppendLine(Sample.Row(Sample.Number(n), new SampleParty("王某乙")));
        await App.Import(list.ToString());
        App.At(TestClock.Shanghai(2026, 12, 1, 9, 0));
        var text = new StringBuilder("案号,事件,日期,细项,标识,说明\n");
        for (var i = 0; i < Lines; i++)
        {
            var number = Sample.Number((i % Cases) + 1);
            text.AppendLine(
                (i % 50) switch
                {
                    7 => $"{number},没有的事件,2026-03-02,,,",
                    8 => $"（2026）吉2424民初{900_000 + i}号,开庭,2026-03-02,,k{i},",
                    _ => $"{number},变更诉讼请求,{new DateOnly(2026, 2, 3).AddDays(i % 200):yyyy-MM-dd},,k{i},",
                }
            );
        }
        var first = await TakeAsync(text.ToString());
        Assert.That((first.Total, first.RefusedCount, first.WaitingCount), Is.EqualTo((Lines, Lines / 50, Lines / 50)));
        Assert.That(first.DoneCount, Is.EqualTo(Lines - (2 * (Lines / 50))));
        var second = await TakeAsync(text.ToString());
        Assert.That((second.DoneCount, second.SameCount), Is.EqualTo((0, first.DoneCount)));
    }

    private async Task<ShowChanges.FileRow> TakeAsync(string text)
    {
        var id = await App.As("registrar").Send(new TakeChanges { FileName = "年中.csv", Text = text });
        await App.DrainAsync();
        return (await App.As("registrar").Send(new ShowChanges { Id = id })).Files[0];
    }
}
