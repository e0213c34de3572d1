using CourtOps.Enforcement.Command;
using CourtOps.Enforcement.Measures;
using CourtOps.Law;

namespace CourtOps.Enforcement.Checks;

/// <summary>The conditions of 终本 as a rule over the facts (D-07).</summary>
public sealed class ClosingTests
{
    private static readonly DateOnly Today = new(2026, 6, 16);

    private static CaseFacts Ready() =>
        new()
        {
            Today = Today,
            Calendar = CourtCalendar.Default,
            FiledOn = new DateOnly(2026, 3, 15),
            Claim = 100,
            Debtors = [new CaseFacts.Debtor(7, "王某乙")],
            Nodes = [new NodeRow { Code = "notice", DoneOn = Today.AddDays(-80) }],
            Inquiries =
            [
                .. Property.Asked.Keys.Select(c => new CaseFacts.Inquired
                {
                    PartyId = 7,
                    Category = c,
                    AskedOn = new DateOnly(2026, 3, 15),
                }),
            ],
        };

    private static IEnumerable<string> Unmet(CaseFacts facts, int offline = 1, int findings = 0) =>
        ClosingCheck.Run(facts, new LeakRules(), offline, findings, new Persuaded([], true, true)).Where(i => i.Met == false).Select(i => i.Code);

    [Test]
    public void Ready_leaves_only_what_a_person_confirms()
    {
        Assert.That(Unmet(Ready()), Is.Empty);
        Assert.That(
            ClosingCheck.Run(Ready(), new LeakRules(), 1, 0, new Persuaded([], true, null)).Where(i => i.Met is null).Select(i => i.Code),
            Is.EqualTo(new[] { "dishonest", "missing", "consent" })
        );
        Assert.That(
            ClosingCheck
                .Run(
                    Ready(),
                    new LeakRules(),
                    1,
                    0,
                    new Persuaded([], true, true)
                    {
                        Listed = true,
                        Met = true,
                        Unreported = ["王某乙"],
                    }
                )
                .Where(i => i.Met != true)
                .Select(i => i.Code),
            Is.EqualTo(new[] { "report" })
        );
        Assert.That(
            ClosingCheck.Run(Ready(), new LeakRules(), 1, 0, new Persuaded(["王某乙"], false, null)).Where(i => i.Met == false).Select(i => i.Code),
            Is.EqualTo(new[] { "restrict", "heard" })
        );
    }

    [Test]
    public void Each_lack_is_named()
    {
        Assert.That(Unmet(Ready() with { Today = new DateOnly(2026, 6, 15) }), Is.EqualTo(new[] { "months" }), "more than three months");
        Assert.That(Unmet(Ready() with { Today = Today.AddDays(1) }), Is.EqualTo(new[] { "inquiry" }), "three months and a day");
        Assert.That(Unmet(Ready() with { Nodes = [] }), Is.EqualTo(new[] { "notice" }));
        Assert.That(Unmet(Ready(), offline: 0), Is.EqualTo(new[] { "offline" }));
        Assert.That(Unmet(Ready(), findings: 2), Is.EqualTo(new[] { "findings" }));
        Assert.That(Unmet(Ready() with { Claim = 0 }), Is.EqualTo(new[] { "unpaid" }));
        Assert.That(Unmet(Ready() with { Claim = 100, Paid = 100 }), Is.EqualTo(new[] { "unpaid" }), "everything was paid: that is performance");
        Assert.That(Unmet(Ready() with { Assets = [new AssetRow { State = "clue" }] }), Is.EqualTo(new[] { "clues" }));
        Assert.That(Unmet(Ready() with { Assets = [new AssetRow { State = "found", Value = 200_000 }] }), Is.EqualTo(new[] { "assets" }));
    }
}
