using CourtOps.Enforcement.Checks;
using CourtOps.Enforcement.Jobs;
using CourtOps.Enforcement.Measures;
using CourtOps.Kernel.Messaging;

namespace CourtOps.Enforcement.Command;

[TestFixtureSource(typeof(Engines), nameof(Engines.All))]
public sealed class RegisterTests(Engine engine) : AppTests(engine)
{
    [Test]
    public async Task A_judged_case_becomes_an_enforcement_case_without_retyping()
    {
        var origin = await App.Case(1, new SampleParty("王某乙") { Phone = "13900000001" });
        var judge = await App.IdOf("judge");
        await Assert.ThatAsync(
            () => App.As("judge").Send(new RegisterEnforcement { OriginId = origin, JudgeId = judge }),
            Throws.TypeOf<RuleBroken>().With.Property("Code").EqualTo("not-effective")
        );
        var made = await App.As("judge")
            .Send(
                new RegisterEnforcement
                {
                    OriginId = origin,
                    Amount = 412_000m,
                    JudgeId = judge,
                    EffectiveOn = new(2026, 3, 2),
                }
            );
        Assert.That((made.Number, made.Team), Is.EqualTo(("（2026）吉2424执1号", "full")));
        var parties = await App.As(null)
            .Rows<string>("SELECT CONCAT(name, ':', role) FROM workzone_party WHERE case_id = @CaseId ORDER BY ordinal", new { made.CaseId });
        Assert.That(parties, Is.EquivalentTo(new[] { "张某甲:申请执行人", "王某乙:被执行人" }));
        var card = await App.Value<(string Kind, long Amount, long Origin)>(
            "SELECT kind, amount, origin_id FROM workzone_case WHERE id = @CaseId",
            new { made.CaseId }
        );
        Assert.That(card, Is.EqualTo(("enforcement", 41_200_000L, origin)));
        var due = await App.Rows<DateOnly>("SELECT due_on FROM enforcement_node WHERE case_id = @CaseId ORDER BY due_on", new { made.CaseId });
        Assert.That(
            due,
            Is.EqualTo(new DateOnly[] { new(2026, 3, 9), new(2026, 3, 12), new(2026, 3, 12), new(2026, 3, 27), new(2026, 4, 2), new(2026, 9, 2) })
        );
        await Assert.ThatAsync(
            () => App.As("judge").Send(new RegisterEnforcement { OriginId = origin, EffectiveOn = new(2026, 3, 2) }),
            Throws.TypeOf<RuleBroken>().With.Property("Code").EqualTo("open-already")
        );
        Assert.That(
            (
                await App.Send(
                    new RegisterEnforcement
                    {
                        OriginId = origin,
                        Type = "执保",
                        JudgeId = judge,
                    }
                )
            ).Team,
            Is.EqualTo("preserve")
        );
        await Assert.ThatAsync(
            () => App.Send(new RegisterEnforcement { OriginId = origin, Type = "执恢" }),
            Throws.TypeOf<RuleBroken>().With.Property("Field").EqualTo("Type")
        );
        await Assert.ThatAsync(() => App.As("judge2").Send(new RegisterEnforcement { OriginId = origin }), Throws.TypeOf<NotFound>());
    }

    [Test]
    public async Task Only_who_owes_by_the_title_becomes_a_debtor_with_number_and_representative()
    {
        var origin = await App.Case(
            1,
            new SampleParty("王某乙"),
            new SampleParty("李某丙", "第三人"),
            new SampleParty("赵某丁") { IdNumber = "990101198001020036" }
        );
        var judge = await App.IdOf("judge");
        RegisterEnforcement register = new()
        {
            OriginId = origin,
            JudgeId = judge,
            EffectiveOn = new(2026, 3, 2),
        };
        var (creditor, held) = (await App.PartyId(origin, "张某甲"), await App.PartyId(origin, "王某乙"));
        await Assert.ThatAsync(
            () => App.As("judge").Send(register with { Debtors = [creditor] }),
            Throws.TypeOf<RuleBroken>().With.Property("Code").EqualTo("both-sides")
        );
        var made = await App.As("judge").Send(register with { Debtors = [held] });
        Assert.That(
            await App.As(null).Rows<string>("SELECT CONCAT(name, ':', role) FROM workzone_party WHERE case_id = @CaseId ORDER BY ordinal", new { made.CaseId }),
            Is.EquivalentTo(new[] { "张某甲:申请执行人", "王某乙:被执行人" }),
            "neither the third party nor the defendant who was not held liable"
        );
        Assert.That(
            await App.Value<string>("SELECT id_number_tail FROM workzone_party WHERE case_id = @CaseId AND name = '王某乙'", new { made.CaseId }),
            Is.Not.Null.And.Not.Empty
        );
        var appeal = await App.Case(2, new SampleParty("孙某戊", "上诉人"), new SampleParty("周某己", "被上诉人"));
        await Assert.ThatAsync(
            () => App.As("judge").Send(register with { OriginId = appeal, Creditors = [] }),
            Throws.TypeOf<RuleBroken>().With.Property("Field").EqualTo("Debtors"),
            "roles of an appeal do not say who owes"
        );
    }

    [Test]
    public async Task What_is_covered_goes_over_to_the_fast_team_by_itself()
    {
        var origin = await App.Case(1, new SampleParty("王某乙"));
        var judge = await App.IdOf("judge");
        var made = await App.As("judge")
            .Send(
                new RegisterEnforcement
                {
                    OriginId = origin,
                    Amount = 412_000m,
                    JudgeId = judge,
                    EffectiveOn = new(2026, 3, 2),
                }
            );
        var debtor = await App.PartyId(made.CaseId, "王某乙");
        await App.As("judge")
            .Send(
                new TakeMeasure
                {
                    CaseId = made.CaseId,
                    PartyId = debtor,
                    Kind = "deposit",
                    Description = "工行尾号0001",
                    Amount = 412_000m,
                    Start = new DateOnly(2026, 3, 2),
                }
            );
        await App.DrainAsync();
        Assert.That(await App.As(null).Value<string>("SELECT track FROM enforcement_case WHERE case_id = @CaseId", new { made.CaseId }), Is.EqualTo("fast"));
    }

    [Test]
    public async Task A_node_is_told_three_days_before_and_closed_by_its_act()
    {
        var origin = await App.Case(1, new SampleParty("王某乙"));
        var judge = await App.IdOf("judge");
        var made = await App.As("judge")
            .Send(
                new RegisterEnforcement
                {
                    OriginId = origin,
                    JudgeId = judge,
                    EffectiveOn = new(2026, 3, 2),
                }
            );
        App.At(TestClock.Shanghai(2026, 3, 9, 6, 0));
        await App.RunJob<Sweep>();
        Assert.That(await OpenAsync(made.CaseId), Is.EquivalentTo(new[] { "node:notice", "node:network" }));
        await App.As("judge").Send(new MarkNode { CaseId = made.CaseId, Code = "notice" });
        Assert.That(await OpenAsync(made.CaseId), Is.EqualTo(new[] { "node:network" }));
    }

    private Task<IReadOnlyList<string>> OpenAsync(long caseId) =>
        App.As(null)
            .Rows<string>(
                "SELECT subject FROM enforcement_finding WHERE case_id = @caseId AND leak = @leak AND state = 'open'",
                new { caseId, leak = LeakChecks.Node }
            );
}
