using System.Text.RegularExpressions;
using CourtOps.Kernel.Data;
using CourtOps.Workzone.Cases;
using CourtOps.Workzone.People;
using CourtOps.Workzone.Seeding;
using CourtOps.Workzone.WorkOrders;
using Microsoft.Extensions.DependencyInjection;

namespace CourtOps.SystemTests.Access;

/// <summary>What being allowed costs: no statement of its own at a list, at most one at a command. Counted are statements that read nothing but who may
/// what.</summary>
public sealed partial class AuthorisationCostTests() : AppTests(Engine.Sqlite)
{
    private static readonly HashSet<string> Rights =
    [
        "workzone_case_access",
        "workzone_role_grant",
        "workzone_matrix",
        "workzone_recusal",
        "workzone_absence",
        "workzone_session",
        "workzone_api_key",
        "workzone_person",
        "workzone_court",
        "workzone_access",
        "workzone_recused",
    ];

    private static readonly string[] Lists =
    [
        "/",
        "/orders",
        "/orders?view=asked",
        "/orders?view=team",
        "/orders?view=centre",
        "/orders?view=centre&state=queued",
        "/orders?view=centre&due=overdue",
        "/orders?view=mine&closed=true",
        "/orders?view=court",
        "/board",
        "/batches",
        "/notices",
        "/search?q=民初1",
        "/service",
        "/cases",
        "/cases?sort=limit",
        "/imports",
        "/cataloguing",
    ];

    [TestCase("judge")]
    [TestCase("clerk")]
    [TestCase("lead")]
    [TestCase("leader")]
    public async Task A_list_asks_nothing_about_rights_by_itself(string login)
    {
        await App.As(null).In(s => s.GetRequiredService<ISeeder>().FillAsync(60, 400, 1, _ => { }, default));
        await App.DrainAsync();
        var browser = await App.SignedIn(login);
        var shown = 0;
        var wrong = new List<string>();
        foreach (var page in Lists)
        {
            // once to know the person, then as it is asked for all day
            var statements = new List<string>();
            var status = 0;
            for (var i = 0; i < 2; i++)
            {
                statements.Clear();
                status = await WatchedAsync(statements, async () => (int)(await browser.GetAsync(new Uri(page, UriKind.Relative))).StatusCode);
            }
            if (status == 200)
                shown++;
            wrong.AddRange(statements.Where(IsAboutRights).Select(s => $"{page}: {s}"));
        }
        Assert.That(shown, Is.GreaterThan(7));
        Assert.That(wrong, Is.Empty, string.Join('\n', wrong));
    }

    [Test]
    public async Task A_command_asks_once_at_most()
    {
        var order = await App.Asked(1, [SampleParty.Provided]);
        var document = await App.Document(order.CaseId, "证据一");
        var party = await App.PartyId(order.CaseId, SampleParty.Provided.Name);
        var commands = new (string Login, Func<Task> Send)[]
        {
            (
                "clerk",
                () =>
                    App.Send(
                        new TakeStep
                        {
                            Id = order.OrderId,
                            Step = OrderStep.Comment,
                            Words = "已联系",
                        }
                    )
            ),
            (
                "judge",
                () =>
                    App.Send(
                        new TakeStep
                        {
                            Id = order.OrderId,
                            Step = OrderStep.Comment,
                            Words = "请尽快",
                        }
                    )
            ),
            (
                "judge",
                () =>
                    App.Send(
                        new CourtOps.ServiceOfDocuments.Tasks.RequestService
                        {
                            CaseId = order.CaseId,
                            DocumentIds = [document],
                            PartyIds = [party],
                        }
                    )
            ),
            (
                "lead",
                () =>
                    App.Send(
                        new TakeStep
                        {
                            Id = order.OrderId,
                            Step = OrderStep.Escalate,
                            Words = "将到期",
                        }
                    )
            ),
        };
        foreach (var (login, send) in commands)
        {
            App.As(login);
            await App.Send(new ListCases()); // who acts is known
            var statements = new List<string>();
            await WatchedAsync(
                statements,
                async () =>
                {
                    await send();
                    return 0;
                }
            );
            Assert.That(statements, Has.Count.GreaterThan(3), "the statements were not seen");
            Assert.That(statements.Where(IsAboutRights).ToList(), Has.Count.LessThanOrEqualTo(1), login);
        }
    }

    [TestCase("SELECT COUNT(*) FROM workzone_case_access WHERE person_id = @me", true)]
    [TestCase("SELECT o.id FROM workzone_order o WHERE EXISTS (SELECT 1 FROM workzone_case_access a WHERE a.case_id = o.case_id)", false)]
    [TestCase("SELECT p.id FROM workzone_person p JOIN workzone_role_grant g ON g.person_id = p.id", true)]
    [TestCase("INSERT INTO workzone_case_access (case_id) VALUES (1)", false)]
    public void A_statement_of_rights_is_told_from_others(string sql, bool rights) => Assert.That(IsAboutRights(sql), Is.EqualTo(rights));

    // whose desk and whose orders a view shows is what it is about
    private static bool IsAboutRights(string sql) =>
        !sql.StartsWith("SELECT p.id FROM workzone_person me", StringComparison.Ordinal)
        // whom work can be given to is what the page shows, not a question about its reader
        && !sql.StartsWith("SELECT p.id, p.name, p.team FROM workzone_person p", StringComparison.Ordinal)
        && sql.TrimStart().StartsWith("SELECT", StringComparison.Ordinal)
        && Source().Matches(sql) is { Count: > 0 } from
        && from.All(m => Rights.Contains(m.Groups[1].Value));

    private static async Task<T> WatchedAsync<T>(List<string> seen, Func<Task<T>> work)
    {
        var before = Database.Watch;
        Database.Watch = sql =>
        {
            before?.Invoke(sql);
            lock (seen)
                seen.Add(sql);
        };
        try
        {
            return await work();
        }
        finally
        {
            Database.Watch = before;
        }
    }

    [GeneratedRegex(@"\b(?:FROM|JOIN) ([a-z_]+)")]
    private static partial Regex Source();
}
