using CourtOps.Kernel.Messaging;
using CourtOps.Triage.Allotments;
using CourtOps.Triage.Filings;
using CourtOps.Workzone.CaseChanges;
using CourtOps.Workzone.Cases;
using CourtOps.Workzone.People;
using CourtOps.Workzone.Register;
using CourtOps.Workzone.Rights;
using CourtOps.Workzone.WorkOrders;

namespace CourtOps.SystemTests.Attacks.Giving;

/// <summary>Another judge, a panel, the end of a seal and of a recusal.</summary>
public sealed partial class GivingTests
{
    private const string No = "no no no no no no";

    private static Task Nothing(Cell cell) => Task.CompletedTask;

    private static IEnumerable<Act> ActsOfCases()
    {
        yield return new Act(
            "another judge by the page",
            "judge",
            Nothing,
            c =>
                c.Now.Send(
                    new ChangeJudge
                    {
                        CaseId = c.CaseId,
                        Judge = c.Receiver,
                        Reason = "均衡收案",
                    }
                ),
            [
                ("leader", "case no no no no no"),
                ("registrar", No),
                ("judge", No),
                ("assistant", No),
                ("judge2", No),
                ("g-intake", No),
                ("lead", No),
                ("sysadmin", "no no no - no no"),
                ("secadmin", "no no no - no no"),
                ("judge-yanji", "no no no - no no"),
                ("clerk-yanji", "no no no - no no"),
            ]
        );
        yield return new Act(
            "another judge by the page, with an order of the case in hand",
            "judge",
            c => AskAsync(c, "triage.check-filing", c.Performer),
            c =>
                c.Now.Send(
                    new ChangeJudge
                    {
                        CaseId = c.CaseId,
                        Judge = c.Receiver,
                        Reason = "均衡收案",
                    }
                ),
            [("registrar", "case case no no no no"), ("g-intake", No)]
        );
        yield return new Act(
            "another judge by a list of cases",
            "judge",
            Nothing,
            ImportAsync,
            [
                ("registrar", "case no no no no no"),
                ("g-intake", "case no no no no no"),
                ("console", "case case no - no no"),
                ("leader", No),
                ("judge", No),
                ("lead", No),
                ("sysadmin", "no no no - no no"),
                ("clerk-yanji", "no no no - no no"),
            ]
        );
        yield return new Act(
            "another judge by a list of cases, with an order of the case in hand",
            "judge",
            c => AskAsync(c, "triage.check-filing", c.Performer),
            ImportAsync,
            // as by the page: of a sealed case whoever may allot
            [("registrar", "case case no no no no"), ("g-intake", "case no no no no no")]
        );
        yield return new Act(
            "another judge by a list of changes",
            "judge",
            Nothing,
            c => ChangedAsync(c, $"{c.Number},分案,2026-03-02,{c.Receiver},"),
            [
                ("registrar", "case no no no no no"),
                ("g-intake", "case no no no no no"),
                ("leader", No),
                ("judge", No),
                ("sysadmin", "no no no - no no"),
                ("clerk-yanji", "no no no - no no"),
            ]
        );
        yield return new Act(
            "another judge by a list of changes, with an order of the case in hand",
            "judge",
            c => AskAsync(c, "triage.check-filing", c.Performer),
            c => ChangedAsync(c, $"{c.Number},分案,2026-03-02,{c.Receiver},"),
            [("registrar", "case case no no no no"), ("g-intake", "case no no no no no")]
        );
        // a panel decides; its judge alone has the case
        yield return new Act(
            "member of the panel by a list of changes",
            "judge",
            Nothing,
            c => ChangedAsync(c, $"{c.Number},组成合议庭,2026-03-02,judge,judge2、{c.Receiver}"),
            [("registrar", "done no no no no no"), ("g-intake", "done no no no no no"), ("leader", No), ("clerk-yanji", "no no no - no no")]
        );
        yield return new Act(
            "member of the panel by the page",
            "judge",
            Nothing,
            async c =>
            {
                var member = await c.ReceiverId;
                var (presider, other) = (await c.App.IdOf("judge"), await c.App.IdOf("judge2"));
                await c.Now.Send(
                    new SavePanel
                    {
                        CaseId = c.CaseId,
                        FromOn = new DateOnly(2026, 3, 2),
                        PresiderId = presider,
                        MemberIds = [other, member],
                    }
                );
            },
            [
                ("judge", "done done no no no no"),
                ("assistant", "done no no no no no"),
                ("registrar", No),
                ("leader", No),
                ("judge2", No),
                ("judge-yanji", "no no no - no no"),
            ]
        );
        yield return new Act(
            "the end of a seal",
            "mate",
            c => c.Situation == Sealed ? Task.CompletedTask : c.App.As(null).Send(new SealCase { CaseId = c.CaseId, Reason = "未成年人" }),
            async c =>
            {
                var change = await c.Now.Send(new AskToUnseal { CaseId = c.CaseId, Reason = "已满年限" });
                await c.App.As(c.Confirmer).Send(new DecideChange { Id = change, Confirm = true });
            },
            [
                ("judge+leader", "case - done no done done"),
                ("judge+judge", "no - no no no no"),
                ("judge+judge2", "no - no no no no"),
                ("judge+registrar", "no - no no no no"),
                ("judge+secadmin", "no - no - no no"),
                ("judge+sysadmin", "no - no - no no"),
                ("judge+judge-yanji", "no - no - no no"),
                ("leader+leader", "no - no no no no"),
                ("judge2+leader", "no - no no no no"),
            ]
        );
        yield return new Act(
            "the end of a seal, confirmed by a leader who is recused",
            "mate",
            async c =>
            {
                if (c.Situation != Sealed)
                    await c.App.As(null).Send(new SealCase { CaseId = c.CaseId, Reason = "未成年人" });
                await RecusedAsync(c, "leader");
            },
            async c =>
            {
                var change = await c.Now.Send(new AskToUnseal { CaseId = c.CaseId, Reason = "已满年限" });
                await c.App.As(c.Confirmer).Send(new DecideChange { Id = change, Confirm = true });
            },
            [("judge+leader", "no - no no no no")]
        );
        yield return new Act(
            "the end of a recusal",
            "mate",
            c => RecusedAsync(c, c.Receiver),
            EndRecusalAsync,
            [
                ("judge", "case done - no - done"),
                ("leader", "case no - no - done"),
                ("registrar", "no no - no - no"),
                ("assistant", "no no - no - no"),
                ("judge2", "no no - no - no"),
                ("self", "no no - - - no"),
                ("secadmin", "no no - - - no"),
            ]
        );
        // last: its numbers follow those of the cases above
        yield return new Act(
            "the first judge, named by hand",
            "judge",
            RegisteredAsync,
            async c =>
            {
                var judge = await c.ReceiverId;
                await c.Now.Send(
                    new AllotByHand
                    {
                        FilingId = c.Subject,
                        JudgeId = judge,
                        Reason = "院长指定",
                    }
                );
            },
            [
                ("registrar", "case no no no no no"),
                ("g-intake", No),
                ("leader", No),
                ("judge", No),
                ("lead", No),
                ("clerk-yanji", "no no no - no no"),
                ("sysadmin", "no no no - no no"),
            ]
        )
        {
            OwnCase = true,
        };
    }

    /// <summary>The judge asks for work and the taker, if one is named, has it in hand.</summary>
    private static async Task AskAsync(Cell c, string type, string? taker, string asker = "")
    {
        var form = type switch
        {
            "cataloguing.scan" => new Dictionary<string, IReadOnlyList<string>>
            {
                ["material"] = ["收据"],
                ["pages"] = ["2"],
                ["volume"] = ["正卷"],
                ["handover"] = ["2026-03-09"],
                ["originals"] = ["扫描后退回"],
            },
            _ => FormOf(type),
        };
        c.OrderId = (
            await c
                .App.As(asker.Length > 0 ? asker : c.Judge)
                .Send(
                    new AskOrder
                    {
                        CaseId = c.CaseId,
                        Type = type,
                        Form = form,
                    }
                )
        ).Order.Id;
        if (taker is not null)
            await c.App.As(taker).Send(new TakeStep { Id = c.OrderId.Value, Step = OrderStep.Accept });
    }

    private static Dictionary<string, IReadOnlyList<string>> FormOf(string type) => type == "triage.check-filing" ? new() { ["scope"] = ["案由与标的额"] } : [];

    private static async Task ImportAsync(Cell c)
    {
        var (summary, outcomes) = await c.Now.Import(
            Sample.Csv(Sample.Row(c.Number, SampleParty.Linked, c.Receiver)),
            c.Performer == "console" ? null! : c.Performer
        );
        if (summary.Updated != 1)
            throw new RuleBroken(string.Join('\n', outcomes.SelectMany(o => o.Errors)));
    }

    private static async Task ChangedAsync(Cell c, string line)
    {
        var file = await c.Now.Send(new TakeChanges { FileName = "变动.csv", Text = "案号,事件,日期,法官,合议庭成员\n" + line + "\n" });
        await c.Now.Send(new ApplyChanges { Id = file });
        var (outcome, reason) = (
            await c.App.As(null).Value<string>("SELECT outcome FROM workzone_change_row WHERE file_id = @file", new { file }),
            await c.App.Value<string>("SELECT reason FROM workzone_change_row WHERE file_id = @file", new { file })
        );
        if (outcome != "done")
            throw new RuleBroken($"{outcome}: {reason}");
    }

    private static async Task RegisteredAsync(Cell c)
    {
        var filing = await c
            .App.As("registrar")
            .Send(
                new TakeFiling
                {
                    Cause = "民间借贷纠纷",
                    Claims = [new ClaimIn { Type = "money", Amount = 30_000m }],
                    Parties =
                    [
                        new PartyIn
                        {
                            Name = "张某甲",
                            Role = "原告",
                            IdNumber = "990101198001010014",
                            Phone = "13800000001",
                        },
                        new PartyIn
                        {
                            Name = $"被告{c.Serial}",
                            Role = "被告",
                            Phone = "13800000002",
                        },
                    ],
                    Facts = new FilingFacts { Ticks = ["factsClear", "rightsClear", "disputeSmall"] },
                }
            );
        c.Subject = filing.Id;
        var registered = await c.App.Send(new RegisterFiling { Id = filing.Id });
        (c.Number, c.CaseId) = (registered.CaseNumber, registered.CaseId);
    }

    private static Task RecusedAsync(Cell c, string login) =>
        c
            .App.As(null)
            .Send(
                new Recuse
                {
                    CaseId = c.CaseId,
                    Login = login,
                    Reason = "近亲属",
                }
            );

    private static async Task EndRecusalAsync(Cell c)
    {
        var recusal = await c
            .App.As(null)
            .Value<long>(
                "SELECT x.id FROM workzone_recusal x JOIN workzone_person p ON p.id = x.person_id WHERE x.case_id = @CaseId AND p.login = @Receiver",
                new { c.CaseId, c.Receiver }
            );
        await c.Now.Send(
            new EndRecusal
            {
                CaseId = c.CaseId,
                Id = recusal,
                Reason = "申请被驳回",
            }
        );
    }
}
