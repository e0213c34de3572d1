using CourtOps.Kernel.Web;
using CourtOps.Workzone.People;
using CourtOps.Workzone.Rights;

namespace CourtOps.SystemTests.Attacks.Giving;

/// <summary>Work handed over, deputies, teams and roles: what moves with a person.</summary>
public sealed partial class GivingTests
{
    private static IEnumerable<Act> ActsOfPeople()
    {
        const string scan = "cataloguing.scan";
        yield return new Act(
            "orders in hand handed over",
            "clerk",
            async c =>
            {
                c.Giver = await c.People.FreshAsync(GivingPeople.Here, "", "clerk:cataloguing");
                await AskAsync(c, scan, c.Giver);
            },
            async c => await HandOverAsync(c, new HandOver { OrdersTo = await c.ReceiverId }),
            [
                ("sysadmin+secadmin", "case case no - no no"),
                ("sysadmin", "done done no - no no"),
                ("sysadmin+sysadmin", "no no no - no no"),
                ("secadmin", "no no no - no no"),
                ("g-lead", No),
                ("leader", No),
                ("giver", No),
            ]
        );
        yield return new Act(
            "cases handed over",
            "judge",
            Nothing,
            async c => await HandOverAsync(c, new HandOver { CasesTo = await c.ReceiverId }),
            [
                ("sysadmin+secadmin", "case case no - no no"),
                ("sysadmin", "done done no - no no"),
                ("sysadmin+sysadmin", "no no no - no no"),
                ("leader", No),
                ("registrar", No),
                ("giver", No),
            ]
        )
        {
            Judge = async c => c.Giver = await c.People.FreshAsync(GivingPeople.Here, "", "judge"),
        };
        yield return new Act(
            "what was asked for handed over",
            "assistant",
            async c =>
            {
                c.Giver = await c.People.FreshAsync(GivingPeople.Here, GivingPeople.Team, "assistant");
                await AskAsync(c, scan, null, c.Giver);
            },
            async c => await HandOverAsync(c, new HandOver { AskedTo = await c.ReceiverId }),
            [
                // whoever works in the court, in another role too
                ("sysadmin+secadmin", "order order no - no order"),
                ("sysadmin", "done done no - no done"),
                ("leader", No),
                ("giver", No),
            ]
        )
        {
            OfOrders = true,
            KeepsAsking = true,
        };
        yield return new Act(
            "a deputy of a judge",
            "judge",
            Nothing,
            c => DeputyAsync(c),
            [
                ("giver", "case case done done no no"),
                // a deputy is named for a person's work and not for a case: a leader who is recused from one still names them
                ("leader", "case done done case no no"),
                ("leader+giver", "case case done case no no"),
                ("leader+leader", "no-but-case no no no-but-case no no"),
                ("leader+self", "no-but-case no no no-but-case no no"),
                ("lead", No),
                ("registrar", No),
                ("g-lead", No),
                ("judge2", No),
                ("assistant", No),
                ("sysadmin", "no no no - no no"),
                ("clerk-yanji", "no no no - no no"),
            ]
        )
        {
            Judge = async c => c.Giver = await c.People.FreshAsync(GivingPeople.Here, "", "judge"),
        };
        yield return new Act(
            "a deputy of a clerk",
            "clerk",
            async c =>
            {
                c.Giver = await c.People.FreshAsync(GivingPeople.Here, "", "clerk:cataloguing");
                await AskAsync(c, scan, c.Giver);
            },
            c => DeputyAsync(c),
            [
                // recused: the order goes back to the queue
                ("giver", "case case done done no no"),
                ("g-lead", "case done done case no no"),
                ("leader", "case done done case no no"),
                ("g-lead+giver", "case case done case no no"),
                ("g-lead+leader", "case case done case no no"),
                ("lead", No),
                ("registrar", No),
                ("judge", No),
                ("g-clerk", No),
            ]
        );
        yield return new Act(
            "a deputy of a member of a team, who works in a centre too",
            "mate",
            async c =>
            {
                c.Giver = await c.People.FreshAsync(GivingPeople.Here, GivingPeople.Team, "assistant", "clerk:cataloguing");
                c.Receiver = await c.People.FreshAsync(GivingPeople.Here, "", "assistant", "clerk:cataloguing");
            },
            c => DeputyAsync(c),
            [("giver", "case done done done - -"), ("leader", "case done done case - -"), ("g-lead", "no no no no - -")]
        );
        yield return new Act(
            "another team",
            "mate",
            async c =>
                c.Receiver = c.Situation switch
                {
                    OtherCourt => await c.People.FreshAsync(GivingPeople.There, "", "assistant"),
                    RoleEnded => await c.People.FreshAsync(GivingPeople.Here, "", "clerk:enforcement"),
                    _ => await c.People.FreshAsync(GivingPeople.Here, "", "assistant"),
                },
            c => TeamAsync(c, GivingPeople.Team),
            [
                ("sysadmin+secadmin", "case done done - done done"),
                ("sysadmin", "done done done - done done"),
                ("sysadmin+sysadmin", "no no no - no no"),
                ("secadmin", "no no no - no no"),
                ("leader", No),
                ("judge", No),
                ("self", No),
            ]
        );
        yield return new Act(
            "another court, with a team of it",
            "mate",
            async c =>
            {
                // is an assistant here already, beside their own court
                c.Receiver = await c.People.FreshAsync(GivingPeople.There, "", "clerk:enforcement");
                if (c.Situation != RoleEnded)
                    await c.People.GrantAsync(c.Receiver, "assistant", "", GivingPeople.Here, "court");
            },
            c => TeamAsync(c, GivingPeople.Team, GivingPeople.Here),
            [("sysadmin+secadmin", "case done done - - done"), ("sysadmin", "done done done - - done"), ("secadmin", "no no no - - no")]
        );
        yield return new Act(
            "a role in a team",
            "mate",
            async c =>
                c.Receiver = await c.People.FreshAsync(
                    c.Situation == OtherCourt ? GivingPeople.There : GivingPeople.Here,
                    GivingPeople.Team,
                    "clerk:enforcement"
                ),
            c => RoleAsync(c, "assistant"),
            [
                ("secadmin+secadmin2", "case done done - done -"),
                ("secadmin", "done done done - done -"),
                ("secadmin+secadmin", "no no no - no -"),
                ("secadmin+sysadmin", "no no no - no -"),
                ("sysadmin", "no no no - no -"),
                ("leader", "no no no no no -"),
                ("judge", "no no no no no -"),
            ]
        );
        yield return new Act(
            "the role of a leader",
            "mate",
            async c => c.Receiver = await c.People.FreshAsync(GivingPeople.Here, "", "clerk:enforcement"),
            c => RoleAsync(c, "leader"),
            [
                ("secadmin+secadmin2", "case done done - - -"),
                ("secadmin", "done done done - - -"),
                ("secadmin+secadmin", "no no no - - -"),
                ("leader", "no no no no - -"),
            ]
        );
    }

    private static async Task HandOverAsync(Cell c, HandOver command)
    {
        var asked = await c.App.As(c.Performer).Send(command with { PersonId = await IdAsync(c, c.Giver), Reason = "调离" });
        if (c.Confirmer is not null)
            await c.App.As(c.Confirmer).Send(new DecideChange { Id = asked.Change!.Value, Confirm = true });
    }

    private static async Task DeputyAsync(Cell c)
    {
        var today = Times.Day(c.App.Clock.GetUtcNow());
        var absence = await c.Now.Send(
            new SaveAbsence
            {
                Login = c.Giver,
                From = today,
                Until = today.AddDays(2),
                Deputy = c.Receiver,
            }
        );
        if (c.Confirmer is not null)
            await c.App.As(c.Confirmer).Send(new ConfirmDeputy { Id = absence });
    }

    private static async Task TeamAsync(Cell c, string team, string? court = null)
    {
        var id = await IdAsync(c, c.Receiver);
        var there = await c
            .App.As(null)
            .Value<string>("SELECT t.code FROM workzone_person p JOIN workzone_court t ON t.id = p.court_id WHERE p.id = @id", new { id });
        var version = await c.App.Value<int>("SELECT version FROM workzone_person WHERE id = @id", new { id });
        await c.Now.Send(
            new SavePerson
            {
                Id = id,
                Version = version,
                Login = c.Receiver,
                Name = c.Receiver,
                Court = court ?? there!,
                Team = team,
                Roles = null,
            }
        );
        await ConfirmAsync(c, id);
    }

    private static async Task RoleAsync(Cell c, string role)
    {
        var (id, court) = (await IdAsync(c, c.Receiver), await c.People.CourtAsync(GivingPeople.Here));
        await c.Now.Send(
            new AskForRoles
            {
                PersonId = id,
                Add = [new RoleGrant { Role = role, CourtId = court }],
                Reason = "岗位调整",
            }
        );
        await ConfirmAsync(c, id);
    }

    private static async Task ConfirmAsync(Cell c, long subject)
    {
        if (c.Confirmer is null)
            return;
        var change = await c.App.As(null).Value<long>("SELECT id FROM workzone_change WHERE subject_id = @subject AND state = 'pending'", new { subject });
        await c.App.As(c.Confirmer).Send(new DecideChange { Id = change, Confirm = true });
    }

    private static async Task<long> IdAsync(Cell c, string login)
    {
        var id = await c.App.As(null).IdOf(login);
        c.App.As(c.Performer);
        return id;
    }
}
