using System.Net;
using CourtOps.Kernel.Messaging;
using CourtOps.Kernel.Security;
using CourtOps.Workzone.Cases;
using CourtOps.Workzone.Imports;
using CourtOps.Workzone.Queues;
using CourtOps.Workzone.Rights;
using CourtOps.Workzone.WorkOrders;
using FluentValidation;
using Microsoft.Extensions.DependencyInjection;

namespace CourtOps.SystemTests.Attacks.Giving;

/// <summary>
/// Every act that gives somebody a case, by whoever could send it: in each of six situations whether it is refused, and what the receiver sees after it. What
/// is expected is written down in the acts by hand and computed by nothing of the product. Each cell has a case of its own; all stand in one application.
/// </summary>
public sealed partial class GivingTests
{
    /// <summary>The columns of an act, in this order.</summary>
    private static readonly string[] Situations = [Plain, Sealed, ReceiverRecused, PerformerRecused, OtherCourt, RoleEnded];

    internal const string Plain = "plain";
    internal const string Sealed = "case sealed";
    internal const string ReceiverRecused = "receiver recused";
    internal const string PerformerRecused = "performer recused";
    internal const string OtherCourt = "receiver of another court";
    internal const string RoleEnded = "receiver's role ended";

    private static int serial;
    private TestApp app = null!;
    private GivingPeople people = null!;

    [OneTimeSetUp]
    public async Task Begin()
    {
        app = await TestApp.StartAsync();
        people = new GivingPeople(app);
        await people.MakeAsync();
    }

    [OneTimeTearDown]
    public async Task End()
    {
        await app.DisposeAsync();
        Assert.That(SqlWatch.Failures, Is.Empty, "SQL that SQL Server would not parse");
    }

    private static IEnumerable<TestCaseData> Acts() =>
        ActsOfOrders().Concat(ActsOfPeople()).Concat(ActsOfCases()).Select(a => new TestCaseData(a).SetArgDisplayNames(a.Name));

    [TestCaseSource(nameof(Acts))]
    public async Task Gives_a_case_to_nobody_whom_it_is_not_for(Act act)
    {
        var cells = new List<(Cell Cell, string Expected)>();
        foreach (var row in act.Rows)
        {
            var words = row.Expected.Split(' ', StringSplitOptions.RemoveEmptyEntries);
            Assert.That(words, Has.Length.EqualTo(Situations.Length), $"{act.Name} by {row.By}: a word for each situation");
            foreach (var (situation, expected) in Situations.Zip(words).Where(x => x.Second != "-"))
            foreach (var receiver in act.ReceiversIn(situation, row.By))
                cells.Add((new Cell(app, people, ++serial, row.By, receiver, situation), expected));
        }
        // once more, to somebody whose role ends after it
        var ends = act.KeepsAsking ? null : await EndingAsync(act);
        if (ends is { } last)
            cells.Add(last);
        await CasesAsync(act, cells);
        using (Assert.EnterMultipleScope())
            foreach (var (cell, expected) in cells)
            {
                var where = $"{act.Name} by {cell.By}, {cell.Situation} ({cell.Receiver})";
                var refused = await TriedAsync(act, cell);
                var seen = await SeenAsync(act, cell, where);
                var came = (refused, seen) switch
                {
                    (true, "nothing") => "no",
                    (true, _) => "no-but-" + seen,
                    (false, "nothing") => "done",
                    (false, _) => seen,
                };
                Assert.That(came, Is.EqualTo(expected), $"{where}: {cell.Refusal}");
            }
        if (ends is not { Cell: { } over })
            return;
        await people.EndRolesAsync(over.Receiver);
        Assert.That(await SeenAsync(act, over, act.Name), Is.EqualTo("nothing"), $"{act.Name} by {over.By}, when the role of the receiver has ended");
    }

    private async Task<(Cell Cell, string Expected)?> EndingAsync(Act act)
    {
        foreach (var (by, expected) in act.Rows)
            if (expected.Split(' ')[0] is ("case" or "order") and var gives && !by.StartsWith("u-", StringComparison.Ordinal))
                return (new Cell(app, people, ++serial, by, await people.FreshAsync(act.Receives), Plain), gives);
        return null;
    }

    // the cases of all cells by one list, each with the judge its act wants
    private async Task CasesAsync(Act act, IReadOnlyList<(Cell Cell, string Expected)> cells)
    {
        if (act.OwnCase)
            return;
        foreach (var (cell, _) in cells)
            cell.Judge = act.Judge is null ? "judge" : await act.Judge(cell);
        var (summary, outcomes) = await app.Import(
            Sample.Csv([
                .. cells.SelectMany(c =>
                    new[] { new SampleParty("张某甲", "原告"), SampleParty.Provided }.Select(p => Sample.Row(c.Cell.Number, p, c.Cell.Judge))
                ),
            ])
        );
        Assert.That(summary.Created, Is.EqualTo(cells.Count), string.Join('\n', outcomes.SelectMany(o => o.Errors)));
        var ids = (await app.As(null).Rows<CaseRow>("SELECT id, number FROM workzone_case")).ToDictionary(c => c.Number, c => c.Id);
        foreach (var (cell, _) in cells)
            cell.CaseId = ids[cell.Number];
    }

    private async Task<bool> TriedAsync(Act act, Cell cell)
    {
        await act.Arrange(cell);
        switch (cell.Situation)
        {
            case Sealed:
                await app.As(null).Send(new SealCase { CaseId = cell.CaseId, Reason = "未成年人" });
                break;
            case ReceiverRecused:
                await RecuseAsync(cell.CaseId, cell.Receiver);
                break;
            case PerformerRecused:
                await RecuseAsync(cell.CaseId, cell.Performer);
                break;
        }
        try
        {
            await act.Do(cell);
            return false;
        }
        catch (Exception e) when (e is RuleBroken or NotFound or Forbidden or Conflict or ValidationException)
        {
            cell.Refusal = e.Message;
            return true;
        }
    }

    private Task RecuseAsync(long caseId, string login) =>
        app.As(null)
            .Send(
                new Recuse
                {
                    CaseId = caseId,
                    Login = login,
                    Reason = "近亲属",
                }
            );

    // by the list, the single answer and the page of the case, which agree; then by those of the order
    private async Task<string> SeenAsync(Act act, Cell cell, string where)
    {
        app.As(cell.Receiver);
        var listed = await CanAsync("workzone.cases.read") && (await app.Send(new ListCases { Number = cell.Number })).Rows.Any(r => r.Id == cell.CaseId);
        Assert.That(await OpensAsync(() => app.Send(new ShowCase { Id = cell.CaseId })), Is.EqualTo(listed), $"{where}: list and case disagree");
        if (await people.BrowserAsync(cell.Receiver) is { } browser)
        {
            var page = await browser.GetAsync($"/cases/{cell.CaseId}");
            Assert.That(page.StatusCode == HttpStatusCode.OK, Is.EqualTo(listed), $"{where}: list and page disagree ({page.StatusCode})");
        }
        if (listed)
            return "case";
        if (cell.OrderId is not { } order)
            return "nothing";
        app.As(cell.Receiver);
        var among = await CanAsync("workzone.orders.read") && (await app.Send(new ListOrders { CaseId = cell.CaseId, Take = 50 })).Rows.Any(r => r.Id == order);
        Assert.That(await OpensAsync(() => app.Send(new ShowOrder { Id = order })), Is.EqualTo(among), $"{where}: list and order disagree");
        if (act.OfOrders)
            return among ? "order" : "nothing";
        // whoever works in the centre sees what stands in its queue, and no more than that
        Assert.That(among && cell.Situation is Sealed or ReceiverRecused or OtherCourt or RoleEnded, Is.False, $"{where}: the order is seen");
        return "nothing";
    }

    private Task<bool> CanAsync(string action) => app.In(s => Task.FromResult(s.GetRequiredService<Actor>().Can(action)));

    private static async Task<bool> OpensAsync<T>(Func<Task<T>> open)
    {
        try
        {
            await open();
            return true;
        }
        catch (Exception e) when (e is NotFound or Forbidden)
        {
            return false;
        }
    }

    private sealed record CaseRow
    {
        public long Id { get; init; }
        public string Number { get; init; } = "";
    }
}

/// <summary>An act that gives somebody a case.</summary>
/// <param name="Name">In words.</param>
/// <param name="Receives">The kind of receiver: the last part of a login of <see cref="GivingPeople"/>.</param>
/// <param name="Arrange">What stands before it; the situation is made after that.</param>
/// <param name="Do">The act, as the performer of the cell.</param>
/// <param name="Rows">Who sends it ("a+b": a sends, b confirms), and what is expected in each situation: "no", refused; "done", nothing comes of it for the
/// receiver; "order", they see the order; "case", the case; "-", there is no such situation.</param>
public sealed record Act(string Name, string Receives, Func<Cell, Task> Arrange, Func<Cell, Task> Do, (string By, string Expected)[] Rows)
{
    /// <summary>The judge of the case before the act: a login; null is "judge".</summary>
    public Func<Cell, Task<string>>? Judge { get; init; }

    /// <summary>Gives an order, too, and not the case alone.</summary>
    public bool OfOrders { get; init; }

    /// <summary>Whoever asked for an order sees it as long as any role reaches its court.</summary>
    public bool KeepsAsking { get; init; }

    /// <summary>The case is made by <see cref="Arrange"/>.</summary>
    public bool OwnCase { get; init; }

    // a role has ended when it was taken, and when its time is over
    internal IEnumerable<string> ReceiversIn(string situation, string by) =>
        by.StartsWith("u-", StringComparison.Ordinal) ? [by]
        : situation == GivingTests.OtherCourt ? ["o-" + Receives]
        : situation == GivingTests.RoleEnded ? ["e-" + Receives, "t-" + Receives]
        : ["r-" + Receives];

    /// <summary>As performer: the receiver.</summary>
    internal const string Self = "self";

    public override string ToString() => Name;
}

/// <summary>One act by one person in one situation.</summary>
public sealed class Cell(TestApp app, GivingPeople people, int serial, string by, string receiver, string situation)
{
    public TestApp App => app;

    public GivingPeople People => people;

    public int Serial => serial;

    public string By => by;

    public string Receiver { get; set; } = receiver;

    public string Situation => situation;

    public string Number { get; set; } = Sample.Number(serial);

    /// <summary>Login of the judge before the act.</summary>
    public string Judge { get; set; } = "judge";

    public long CaseId { get; set; }

    /// <summary>Where the act is about an order.</summary>
    public long? OrderId { get; set; }

    /// <summary>What else the act is about.</summary>
    public long Subject { get; set; }

    /// <summary>Whose work it is, where the act moves somebody's work.</summary>
    public string Giver { get; set; } = "";

    public string Refusal { get; set; } = "";

    /// <summary>Login of who sends the act.</summary>
    public string Performer => Named(by.Split('+')[0]);

    /// <summary>Login of who confirms it; null when nobody does.</summary>
    public string? Confirmer => by.Split('+') is [_, var second] ? Named(second) : null;

    private string Named(string part) =>
        part switch
        {
            Act.Self => Receiver,
            "giver" => Giver,
            _ => part,
        };

    /// <summary>The acting person is the performer.</summary>
    public TestApp Now => app.As(Performer == "console" ? null : Performer);

    public Task<long> ReceiverId => app.IdOf(Receiver);
}
