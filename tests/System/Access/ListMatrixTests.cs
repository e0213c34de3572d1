using CourtOps.Kernel.Data;
using CourtOps.Kernel.Messaging;
using CourtOps.Kernel.Modules;
using CourtOps.Kernel.Security;
using CourtOps.Kernel.Web;
using CourtOps.Workzone;
using CourtOps.Workzone.Cases;
using CourtOps.Workzone.People;
using CourtOps.Workzone.Rights;
using CourtOps.Workzone.WorkOrders;
using Microsoft.Extensions.DependencyInjection;

namespace CourtOps.SystemTests.Access;

/// <summary>
/// Every list that a module declares, held against who may see what: role, sealed, recused, deputy, another court, a role that has ended. What is expected is
/// written down here by hand and computed by nothing of the product. A new list stands under this by being declared.
/// </summary>
public sealed class ListMatrixTests() : AppTests(Engine.Sqlite)
{
    private static IEnumerable<ListEntry> Lists() => new ModuleList(Host.CourtOpsApp.Modules).Declared.SelectMany(d => d.Declaration.Lists);

    // who sees a case of "judge" with an order in the hand of the centre's first clerk: the case open, the case sealed; then the order of each
    private static readonly (string Who, bool Case, bool SealedCase, bool Order, bool SealedOrder)[] Expected =
    [
        ("judge", true, true, true, true),
        ("assistant", true, false, true, false),
        ("m-clerk", true, true, true, true),
        ("m-clerk2", false, false, true, false),
        ("m-lead", false, false, true, true),
        ("leader", true, false, true, false),
        ("judge2", false, false, false, false),
        ("m-deputy", true, true, true, true),
        ("m-named", true, false, true, false),
        ("m-half", false, false, false, false),
        ("m-other", false, false, false, false),
        ("judge-yanji", false, false, false, false),
        ("m-ended", false, false, false, false),
    ];

    [TestCaseSource(nameof(Lists))]
    public async Task A_list_shows_what_the_person_may_see_and_nothing_else(ListEntry list)
    {
        var open = await SubjectAsync(list, 1);
        var closed = await SubjectAsync(list, 2);
        var recused = await SubjectAsync(list, 3);
        await App.As("judge").Send(new SealCase { CaseId = closed.CaseId, Reason = "未成年人" });
        foreach (var (who, _, _, _, _) in Expected)
            await App.As(null)
                .Send(
                    new Recuse
                    {
                        CaseId = recused.CaseId,
                        Login = who,
                        Reason = "近亲属",
                    }
                )
                .OrRefused();
        await EndRolesAsync();
        await App.DrainAsync();
        App.Advance(PersonCache.Kept + TimeSpan.FromSeconds(5));
        var shownToSomebody = false;
        foreach (var (who, ofCase, ofSealedCase, ofOrder, ofSealedOrder) in Expected)
        {
            var (mayOpen, mayClosed) = list.Of == ListOf.Orders ? (ofOrder, ofSealedOrder) : (ofCase, ofSealedCase);
            // without an order in hand a centre's clerk has no case
            if (list.Of == ListOf.Cases && open.OrderId is null && who == "m-clerk")
                (mayOpen, mayClosed) = (false, false);
            var shows = await ShownAsync(list, who, open);
            shownToSomebody |= shows == true;
            Check(list, who, "open", shows, mayOpen);
            Check(list, who, "sealed", await ShownAsync(list, who, closed), mayClosed);
            Check(list, who, "recused", await ShownAsync(list, who, recused), false);
        }
        Assert.That(shownToSomebody, Is.True, "the list shows its subject to nobody: the declaration makes none");
    }

    private static void Check(ListEntry list, string who, string what, bool? shows, bool may)
    {
        if (shows == true || (list.Whole && shows is not null))
            Assert.That(shows, Is.EqualTo(may), $"{list.Name}: {what} for {who}");
    }

    // null: the list is closed to the person altogether
    private async Task<bool?> ShownAsync(ListEntry list, string who, ListSubject subject)
    {
        App.As(who == "m-other" ? "judge" : who);
        return await App.In<bool?>(async s =>
        {
            if (who == "m-other")
            {
                // the case's own judge, who acts in another court now, where they are a judge too
                var court = await s.GetRequiredService<Db>().FirstAsync<long>("SELECT id FROM workzone_court WHERE code = '吉2401'");
                var entry = await s.GetRequiredService<PersonCache>().FindAsync(s.GetRequiredService<Db>(), s.GetRequiredService<Actor>().Id, court, App.Clock);
                s.GetRequiredService<Actor>().ActAs(ActorKind.Person, entry!.Rights);
            }
            if (!s.GetRequiredService<Actor>().Can(list.Action))
                return null;
            return (await list.Read(s, subject, default)).Contains(list.Of == ListOf.Orders ? subject.OrderId!.Value : subject.CaseId);
        });
    }

    private string centre = Centres.Service;

    private async Task<ListSubject> SubjectAsync(ListEntry list, int serial)
    {
        var caseId = await App.Case(serial, SampleParty.Provided);
        await App.Document(caseId);
        long? order = null;
        if (list.Subject is { } make)
            order = await App.As("judge").In(s => make(s, caseId, default));
        else if (list.Of == ListOf.Orders)
            order = (
                await App.As("judge")
                    .Send(
                        new AskOrder
                        {
                            CaseId = caseId,
                            Type = "cataloguing.scan",
                            Form = new Dictionary<string, IReadOnlyList<string>>
                            {
                                ["material"] = ["收据"],
                                ["pages"] = ["2"],
                                ["volume"] = ["正卷"],
                                ["handover"] = ["2026-03-09"],
                                ["originals"] = ["扫描后退回"],
                            },
                        }
                    )
            ).Order.Id;
        if (order is { } id)
            centre = (await App.As(null).Value<string>("SELECT centre FROM workzone_order WHERE id = @id", new { id }))!;
        if (serial == 1)
            await PeopleAsync();
        if (order is { } given)
            await App.As("m-clerk")
                .In(async s =>
                {
                    var db = s.GetRequiredService<Db>();
                    await db.BeginAsync();
                    await s.GetRequiredService<IWorkOrders>().StepAsync(given, OrderStep.Accept);
                    await db.CommitAsync();
                });
        // whoever has it in hand is told
        if (order is { } told)
            await App.As("judge")
                .Send(
                    new TakeStep
                    {
                        Id = told,
                        Step = OrderStep.Escalate,
                        Words = "请抓紧",
                    }
                );
        return new ListSubject(caseId, order);
    }

    private async Task PeopleAsync()
    {
        foreach (
            var (login, role) in new[]
            {
                ("m-clerk", $"clerk:{centre}"),
                ("m-clerk2", $"clerk:{centre}"),
                ("m-lead", $"lead:{centre}"),
                ("m-deputy", "judge"),
                ("m-named", "judge"),
                ("m-half", "clerk:enforcement"),
                ("m-ended", "judge"),
            }
        )
            await App.As(null)
                .Send(
                    new SavePerson
                    {
                        Login = login,
                        Name = login,
                        Court = "吉2424",
                        Roles = [role],
                        Team = login.StartsWith("m-clerk", StringComparison.Ordinal) ? "甲组" : "",
                        Password = TestApp.Password,
                    }
                );
        var judge = await App.IdOf("judge");
        await GrantAsync(judge, "judge", "", "吉2401");
        // shares a centre with the judge, and that alone
        await GrantAsync(judge, "clerk", "enforcement", "吉2424");
        var today = Times.Day(App.Clock.GetUtcNow());
        await App.As("judge")
            .Send(
                new SaveAbsence
                {
                    From = today,
                    Until = today.AddDays(1),
                    Deputy = "m-deputy",
                }
            );
        await App.As("leader")
            .Send(
                new SaveAbsence
                {
                    Login = "judge",
                    From = today.AddDays(2),
                    Until = today.AddDays(3),
                    Deputy = "m-named",
                }
            );
        // three absences of one person at a time are not for the page to make; each is what the page would have written
        await App.As(null).Change("UPDATE workzone_absence SET active = 1");
        await App.As(null)
            .Change(
                "INSERT INTO workzone_absence (id, person_id, deputy_id, from_on, until_on, reason, active, closed_too, created_by, created_at, "
                    + "version) SELECT 1, @judge, @half, @today, @today, '', 1, 1, @judge, created_at, 1 FROM workzone_absence WHERE deputy_id = @named",
                new
                {
                    judge,
                    half = await App.IdOf("m-half"),
                    named = await App.IdOf("m-named"),
                    today,
                }
            );
        Assert.That(
            await App.Value<int>("SELECT COUNT(*) FROM workzone_notice WHERE kind = 'deputy-named' AND person_id = @judge", new { judge }),
            Is.EqualTo(1),
            "the judge is told of the deputy another named"
        );
    }

    // m-ended is judge of nothing here but was given each case, as before the role was taken
    private async Task EndRolesAsync()
    {
        var person = await App.IdOf("m-ended");
        await App.As(null)
            .Change(
                "INSERT INTO workzone_case_access (case_id, person_id, reason, order_id, place, since) SELECT c.id, @person, 'judge', 0, 'judge', "
                    + "c.created_at FROM workzone_case c",
                new { person }
            );
        await GrantAsync(person, "clerk", "trial", "吉2424");
        await App.As("secadmin")
            .Send(
                new TakeRole
                {
                    PersonId = person,
                    Code = "judge",
                    CourtId = await CourtAsync("吉2424"),
                }
            );
        Assert.That(
            await App.As(null).Value<int>("SELECT COUNT(*) FROM workzone_case_access WHERE person_id = @person", new { person }),
            Is.Zero,
            "what was seen by the role ends with it"
        );
        // and a row that had stayed would open nothing
        await App.Change(
            "INSERT INTO workzone_case_access (case_id, person_id, reason, order_id, place, since) SELECT c.id, @person, 'judge', 0, 'judge', "
                + "c.created_at FROM workzone_case c",
            new { person }
        );
    }

    private async Task GrantAsync(long person, string role, string of, string court)
    {
        var id = await CourtAsync(court);
        await App.As(null)
            .In(async s =>
            {
                var db = s.GetRequiredService<Db>();
                await db.BeginAsync();
                await s.GetRequiredService<RightsBook>()
                    .GrantAsync(
                        person,
                        [
                            new RoleGrant
                            {
                                Role = role,
                                Centre = of,
                                CourtId = id,
                            },
                        ],
                        "test",
                        "test",
                        null,
                        default
                    );
                await db.CommitAsync();
            });
    }

    private Task<long> CourtAsync(string code) => App.As(null).Value<long>("SELECT id FROM workzone_court WHERE code = @code", new { code });
}

internal static class Refusals
{
    /// <summary>Somebody whom it cannot concern is refused, and sees nothing anyway.</summary>
    public static async Task OrRefused<T>(this Task<T> task)
    {
        try
        {
            await task;
        }
        catch (RuleBroken) { }
    }
}
