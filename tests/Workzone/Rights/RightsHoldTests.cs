using CourtOps.Workzone.Cases;
using CourtOps.Workzone.People;
using CourtOps.Workzone.Rights;

namespace CourtOps.Workzone.Tests.Rights;

/// <summary>What was changed past the product in rights, recusals and sealed cases is found by place.</summary>
public sealed class RightsHoldTests() : AppTests(Engine.Sqlite)
{
    [Test]
    public async Task What_the_product_did_is_clean_and_each_planted_fault_is_found()
    {
        var (closed, opened, shut, ended) = (
            await App.Case(1, SampleParty.Provided),
            await App.Case(2, SampleParty.Provided),
            await App.Case(3, SampleParty.Provided),
            await App.Case(4, SampleParty.Provided)
        );
        await App.As("judge").Send(new SealCase { CaseId = closed, Reason = "未成年人" });
        await App.As("judge").Send(new SealCase { CaseId = opened, Reason = "未成年人" });
        await App.As("judge")
            .Send(
                new Recuse
                {
                    CaseId = shut,
                    Login = "registrar",
                    Reason = "近亲属",
                }
            );
        await App.As("judge")
            .Send(
                new Recuse
                {
                    CaseId = ended,
                    Login = "registrar",
                    Reason = "近亲属",
                }
            );
        Assert.That(await App.Verify("rights"), Is.Empty, "what the product did");

        var clerk = await App.IdOf("clerk");
        await App.As(null).Change("UPDATE workzone_case SET sealed = 0 WHERE id = @opened", new { opened });
        await App.Change("DELETE FROM workzone_recusal WHERE case_id = @shut", new { shut });
        await App.Change("UPDATE workzone_recusal SET ended_at = since WHERE case_id = @ended", new { ended });
        await App.Change(
            "INSERT INTO workzone_role_grant (id, person_id, role, centre, court_id, reach, granted_at, granted_by, confirmed_by) SELECT 5, id, "
                + "'leader', '', court_id, 'below', @now, '', '' FROM workzone_person WHERE id = @clerk",
            new { clerk, now = App.Clock.GetUtcNow() }
        );
        await App.Change(
            """
            INSERT INTO workzone_change (id, kind, subject_id, subject, court_id, body, reason, state, asked_by, asked_by_name, asked_at, decided_by,
                decided_by_name, decided_at, words, expires_at, version)
            VALUES (7, 'roles', @clerk, 'x', NULL, '{}', 'x', 'confirmed', @clerk, 'x', @now, @clerk, 'x', @now, '', @now, 2)
            """,
            new { clerk, now = App.Clock.GetUtcNow() }
        );
        var found = await App.Verify("rights");
        Assert.That(
            found.Select(f => f.Where),
            Is.EquivalentTo(new[] { $"case {opened}", $"case {shut}", $"case {ended}", $"person {clerk}", "change 7" }),
            string.Join('\n', found)
        );
    }

    [TestCase("judge", 0, "judge", "is not the judge of the case")]
    [TestCase("team", 0, "team", "is not of the judge's team, or the case is sealed")]
    [TestCase("order", 7, "service", "has no such order in hand")]
    [TestCase("help", 0, "judge", "there is no such reason")]
    public async Task Access_put_in_past_the_product_is_found(string reason, long order, string place, string what)
    {
        var id = await App.Case(1, SampleParty.Provided);
        var asked = await App.Asked(2, [SampleParty.Provided]);
        Assert.That(await App.Verify("rights"), Is.Empty, "what the product did");
        var person = await App.IdOf("clerk2");
        foreach (var to in new[] { id, asked.CaseId })
            await App.As(null)
                .Change(
                    "INSERT INTO workzone_case_access (case_id, person_id, reason, order_id, place, since) VALUES (@to, @person, @reason, @order, "
                        + "@place, @now)",
                    new
                    {
                        to,
                        person,
                        reason,
                        order,
                        place,
                        now = App.Clock.GetUtcNow(),
                    }
                );
        Assert.That(
            (await App.Verify("rights")).Select(f => $"{f.Where}: {f.What}"),
            Is.EquivalentTo(new[] { id, asked.CaseId }.Select(c => $"case {c}: person {person} has access as “{reason}”, and {what}"))
        );
    }

    [Test]
    public async Task Access_that_stayed_with_a_recused_person_is_found()
    {
        var id = await App.Case(1, SampleParty.Provided);
        var judge = await App.IdOf("judge");
        await App.As(null)
            .Send(
                new Recuse
                {
                    CaseId = id,
                    Login = "judge",
                    Reason = "近亲属",
                }
            );
        Assert.That(await App.Verify("rights"), Is.Empty, "what the product did");
        await App.Change(
            "INSERT INTO workzone_case_access (case_id, person_id, reason, order_id, place, since) SELECT id, judge_id, 'judge', 0, 'judge', @now FROM "
                + "workzone_case WHERE id = @id AND judge_id = @judge",
            new
            {
                id,
                judge,
                now = App.Clock.GetUtcNow(),
            }
        );
        Assert.That(
            (await App.Verify("rights")).Select(f => f.What),
            Is.EqualTo(new[] { $"person {judge} has access as “judge”, and is recused from the case" })
        );
    }

    [Test]
    public async Task A_role_taken_away_past_the_product_is_found()
    {
        var person = await App.IdOf("sysadmin");
        Assert.That(await App.Verify("rights"), Is.Empty);
        await App.As(null).Change("DELETE FROM workzone_role_grant WHERE person_id = @person", new { person });
        Assert.That((await App.Verify("rights")).Select(f => f.Where).Distinct(), Is.All.EqualTo($"person {person}"));
    }

    [TestCase(
        "UPDATE workzone_person SET password_hash = (SELECT o.password_hash FROM workzone_person o WHERE o.login = 'clerk') WHERE id = @person",
        "person # password: it is not what"
    )]
    [TestCase("UPDATE workzone_person SET password_hash = NULL WHERE id = @person", "person # password: it is not what")]
    [TestCase("UPDATE workzone_policy SET body = '{}' WHERE @person > 0", "sign-in policy, version 1: it is not what")]
    [TestCase("DELETE FROM workzone_policy WHERE @person > 0", "sign-in-policy 1: is in the audit trail and not in its table any more")]
    [TestCase(
        "INSERT INTO workzone_policy (version, body, reason, changed_at, changed_by, confirmed_by) SELECT 99, '{}', '', "
            + "'2099-01-01T00:00:00.0000000Z', '', '' FROM workzone_person WHERE id = @person",
        "sign-in policy, version 99: the audit trail knows nothing of it"
    )]
    public async Task A_password_or_a_policy_changed_past_the_product_is_found(string change, string what)
    {
        await App.As(null).Send(new SetPolicy { Policy = new SignInPolicy(), Reason = "测试" });
        var person = await App.IdOf("sysadmin");
        Assert.That(await App.Verify("facts"), Is.Empty, "what the product did");
        await App.Change(change, new { person });
        Assert.That(
            (await App.Verify("facts")).Select(f => $"{f.Where}: {f.What}").ToList(),
            Has.Exactly(1).StartsWith(what.Replace("#", $"{person}", StringComparison.Ordinal))
        );
    }
}
