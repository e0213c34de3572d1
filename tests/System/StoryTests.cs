using System.Collections;
using System.Globalization;
using System.Net;
using System.Text.Json;
using System.Text.RegularExpressions;
using CourtOps.Cataloguing.Archive;
using CourtOps.Contracts;
using CourtOps.Enforcement.Command;
using CourtOps.Enforcement.Measures;
using CourtOps.Enforcement.Money;
using CourtOps.Kernel.Data;
using CourtOps.Kernel.Files;
using CourtOps.ServiceOfDocuments.Tasks;
using CourtOps.Triage.Allotments;
using CourtOps.Triage.Filings;
using CourtOps.TrialSupport.Closing;
using CourtOps.TrialSupport.Courtroom;
using CourtOps.TrialSupport.Drafts;
using CourtOps.TrialSupport.Hearings;
using CourtOps.Workzone.Cases;
using CourtOps.Workzone.Supervision;
using CourtOps.Workzone.WorkOrders;
using MediatR;
using Microsoft.Extensions.DependencyInjection;

namespace CourtOps.SystemTests;

/// <summary>
/// One case from its filing over service, hearing, judgment, closing and archive into enforcement and to its last cent, through all five centres. What
/// people type is counted on the way: no value is typed a second time.
/// </summary>
public sealed partial class StoryTests() : AppTests(Engine.Sqlite)
{
    private readonly Typist typist = new();

    [Test]
    public async Task A_case_goes_from_filing_to_archive_and_enforcement_and_nothing_is_typed_twice()
    {
        // the court has a room; that belongs to no case
        await App.As("scheduler")
            .Send(
                new SaveRoom
                {
                    Name = "第一法庭",
                    Size = 30,
                    Features = ["recording"],
                }
            );

        // triage: the filing is taken once, and number, fee and judge follow from it
        var taken = await By(
            "registrar",
            new TakeFiling
            {
                Cause = "民间借贷纠纷",
                Claims =
                [
                    new ClaimIn
                    {
                        Type = "money",
                        Amount = 80_000m,
                        Words = "归还借款本金",
                    },
                ],
                Parties =
                [
                    new PartyIn
                    {
                        Name = "张某甲",
                        Role = "原告",
                        IdNumber = "990101198001010014",
                        Phone = "13800000001",
                        Email = "zhang@party.example",
                        EService = "提供",
                    },
                    new PartyIn
                    {
                        Name = "王某乙",
                        Role = "被告",
                        IdNumber = "990101198102020027",
                        Phone = "13800000002",
                        Email = "wang@party.example",
                        EService = "提供",
                    },
                ],
            }
        );
        foreach (var (kind, title) in new[] { ("complaint", "民事起诉状"), ("identity", "身份证复印件"), ("loan", "借条一张") })
            await PaperAsync(taken.Id, kind, title);
        var registered = await By("registrar", new RegisterFiling { Id = taken.Id, Strict = true });
        var caseId = registered.CaseId;
        await By("registrar", new AllotCase { FilingId = taken.Id });
        await App.DrainAsync();
        var judge = await App.As(null)
            .Value<string>("SELECT p.login FROM workzone_case c JOIN workzone_person p ON p.id = c.judge_id WHERE c.id = @caseId", new { caseId });
        var other = judge == "judge" ? "judge2" : "judge";

        // service: the complaint goes to the defendant by the address the filing has
        var complaint = await DocumentAsync(caseId, "complaint");
        var (plaintiff, defendant) = (await App.PartyId(caseId, "张某甲"), await App.PartyId(caseId, "王某乙"));
        await ServedAsync(judge!, caseId, complaint, [defendant]);

        // the president asks how it stands, the judge answers
        var slip = await By(
            "leader",
            new SendSlip
            {
                Kind = "prompt",
                CaseId = caseId,
                Words = "请告知开庭安排。",
            }
        );
        await By(
            judge!,
            new ActOnSlip
            {
                Id = slip,
                Act = "answer",
                Words = "送达后即排期。",
            }
        );
        await By("leader", new ActOnSlip { Id = slip, Act = "accept" });

        // trial support: the first fit, the summons from its data, the hearing
        App.Advance(TimeSpan.FromDays(17));
        var booked = await By(judge!, new BookHearing { CaseId = caseId, Minutes = 60 });
        await By(judge!, new ConfirmHearing { Id = booked.Id, Version = 1 });
        await App.DrainAsync();
        App.At(booked.Start.AddMinutes(70));
        await By(
            judge!,
            new HoldHearing
            {
                Id = booked.Id,
                Outcome = "ended",
                Attendance = "双方当事人均到庭。",
            }
        );
        await App.DrainAsync();

        // the judgment: the template is filled by the case; the judge types what only a judge knows
        App.Advance(TimeSpan.FromDays(2));
        var document = await JudgmentAsync(judge!, caseId, registered.CaseNumber);
        await ServedAsync(judge!, caseId, document, [plaintiff, defendant]);

        // closing asks every centre; then archive
        App.Advance(TimeSpan.FromDays(16));
        await FinishOrdersAsync(judge!, caseId);
        await By(judge!, new AskClosing { CaseId = caseId });
        await App.DrainAsync();
        App.Advance(AskClosing.Wait + TimeSpan.FromMinutes(1));
        // the day follows from the service of the judgment
        await By(judge!, new CloseCase { CaseId = caseId, How = "judgment" });
        await App.DrainAsync();
        await App.RunJob<NoteDays>();
        await App.DrainAsync();
        // nobody appealed: the effect opened the order to archive; whoever has it in hand sees the file
        var archive = await App.As(null)
            .Value<long>("SELECT id FROM workzone_order WHERE case_id = @caseId AND is_open = 1 AND order_type = 'affair.archive'", new { caseId });
        await By("archivist", new TakeStep { Id = archive, Step = OrderStep.Accept });
        await By("archivist", new PackCase { CaseId = caseId, Reason = "庭审笔录以录像代替" });
        await App.DrainAsync();
        await By("archivist", new HandOver { CaseIds = [caseId], Receipt = "档2026-18" });
        Assert.That((await App.As("archivist").Send(new ShowArchive { CaseId = caseId })).Archive.VerifiedOk, Is.True);

        // enforcement: parties, amount and title come from the judged case
        var made = await By(
            judge!,
            new RegisterEnforcement
            {
                OriginId = caseId,
                EffectiveOn = Today,
                JudgeId = await App.IdOf(judge!),
            }
        );
        await App.DrainAsync();
        var (creditor, debtor) = (await App.PartyId(made.CaseId, "张某甲"), await App.PartyId(made.CaseId, "王某乙"));
        var work = await App.As(null)
            .Value<long>(
                "SELECT MIN(id) FROM workzone_order WHERE case_id = @CaseId AND is_open = 1 AND centre = 'enforcement' AND state IN ('queued', 'assigned')",
                new { made.CaseId }
            );
        await By("executor", new TakeStep { Id = work, Step = OrderStep.Accept });
        var measure = await By(
            "executor",
            new TakeMeasure
            {
                CaseId = made.CaseId,
                PartyId = debtor,
                Category = "bank",
                Description = "6222000000000000018",
                Authority = "示例银行汪清支行",
                Amount = 81_000m,
                Start = Today,
                Paper = "（2026）吉2424执协1号",
            }
        );
        Assert.That(measure.NextDate ?? measure.EndOn, Is.Not.Null, "always a next date or an end");
        await By(
            "executor",
            new ReceiveMoney
            {
                CaseId = made.CaseId,
                Amount = 80_550.25m,
                On = Today,
                Payer = "示例银行扣划户",
                Reference = "LS20260518001",
                Source = "deduct",
            }
        );
        var payout = await By(
            "executor",
            new AskPayout
            {
                CaseId = made.CaseId,
                PartyId = creditor,
                Account = "6222000000000000026",
                Amount = 80_550.24m,
                Words = "本案全部执行款",
            }
        );
        await By("leader", new DecidePayout { Id = payout, Granted = true });
        await By(
            "executor",
            new StepPayout
            {
                Id = payout,
                Step = "pay",
                On = Today,
                Reference = "FK20260518007",
            }
        );
        await App.DrainAsync();

        Assert.That(typist.Twice, Is.Empty, "typed a second time");
        TestContext.Out.WriteLine($"{typist.Count} values typed from filing to payment");
        Assert.That(typist.Count, Is.GreaterThan(25).And.LessThan(60), "every value a person gave was counted");
        Assert.That(await App.Verify(), Is.Empty);
        Assert.That(other, Is.Not.EqualTo(judge));
        await Assert.ThatAsync(() => App.As(other).Send(new ShowCase { Id = caseId }), Throws.TypeOf<Kernel.Messaging.NotFound>(), "nobody else was let in");
    }

    private DateOnly Today => Kernel.Web.Times.Day(App.Clock.GetUtcNow());

    private async Task<T> By<T>(string login, IRequest<T> command)
    {
        typist.Types(command, Today);
        return await App.As(login).Send(command);
    }

    private async Task By(string login, IRequest command)
    {
        typist.Types(command, Today);
        await App.As(login).Send(command);
    }

    private async Task PaperAsync(long filing, string kind, string title)
    {
        var blob = await App.As("registrar")
            .In(async s =>
            {
                using var stream = new MemoryStream(SamplePdf.Of(1, $"{filing} {title}"));
                return await s.GetRequiredService<BlobStore>().WriteAsync(stream, 1 << 20, default);
            });
        await By(
            "registrar",
            new AddPaper
            {
                FilingId = filing,
                Kind = kind,
                Title = title,
                Blob = blob,
                Pages = 1,
            }
        );
    }

    private Task<long> DocumentAsync(long caseId, string kind) =>
        App.As(null).Value<long>("SELECT MAX(id) FROM workzone_document WHERE case_id = @caseId AND kind = @kind", new { caseId, kind });

    // asked, accepted, sent by mail; each party opens its link, names the end of its number and confirms
    private async Task ServedAsync(string judge, long caseId, long document, IReadOnlyList<long> parties)
    {
        var asked = await By(
            judge,
            new RequestService
            {
                CaseId = caseId,
                DocumentIds = [document],
                PartyIds = parties,
            }
        );
        await By("clerk", new TakeStep { Id = asked.OrderId, Step = OrderStep.Accept });
        App.Advance(TimeSpan.FromMinutes(5));
        foreach (var notice in await App.As(null).Rows<long>("SELECT id FROM service_notice WHERE order_id = @OrderId ORDER BY id", new { asked.OrderId }))
            await App.SendNotice(notice);
        await App.DrainAsync();
        App.Advance(TimeSpan.FromHours(3));
        foreach (var mail in App.Smtp.Mails.Where(m => m.Token is not null && opened.Add(m.Token!)).ToList())
        {
            var page = "/p/" + mail.Token;
            var phone = await App.Http();
            var known = await TestApp.PostForm(phone, page, page, ("Tail", mail.To.StartsWith("zhang", StringComparison.Ordinal) ? "0014" : "0027"));
            Assert.That(known.StatusCode, Is.EqualTo(HttpStatusCode.Redirect), await known.Content.ReadAsStringAsync());
            await phone.GetAsync(new Uri(page + "/d/1", UriKind.Relative));
            await TestApp.PostForm(phone, page, page + "?handler=Confirm");
        }
        await App.DrainAsync();
        var states = await App.As(null).Rows<string>("SELECT state FROM service_notice WHERE order_id = @OrderId", new { asked.OrderId });
        Assert.That(states, Has.All.EqualTo("served"));
    }

    private readonly HashSet<string> opened = [];

    // the lines of the template that stay are not typed; those that change are, once
    private async Task<long> JudgmentAsync(string judge, long caseId, string number)
    {
        var http = await App.SignedIn(judge);
        var page = WebUtility.HtmlDecode(await http.GetStringAsync(new Uri($"/trial/cases/{caseId}/write?template=judgment", UriKind.Relative)));
        var given = TextArea().Match(page).Groups[1].Value.Replace("\r", "", StringComparison.Ordinal).Trim('\n').Split('\n');
        Assert.That(string.Join('\n', given), Does.Contain(number).And.Contain("张某甲").And.Contain("王某乙").And.Contain("民间借贷纠纷"));
        var written = given.Select(Written).ToList();
        typist.Lines(written.Except(given));
        var draft = await App.As(judge)
            .In(s => s.GetRequiredService<DraftIntake>().WriteAsync(caseId, null, null, string.Join('\n', written), "judgment", "民事判决书", default));
        var findings = (await App.As(judge).Send(new ShowDraft { Id = draft.Id })).Findings;
        Assert.That(findings.Where(f => f.Severity == "error"), Is.Empty);
        draft = await App.As(judge).Send(new SignDraft { Id = draft.Id });
        await By(judge, new IssueDraft { Id = draft.Id, Confirmed = [.. SignOffChain.Checklist.Keys] });
        await App.DrainAsync();
        await App.DrainAsync();
        return (await App.Published<DocumentIssued>()).Single(d => d.CaseId == caseId).DocumentId;
    }

    private static string Written(string line)
    {
        if (!line.Contains('＿', StringComparison.Ordinal))
            return line;
        return line switch
        {
            _ when line.Contains("提出诉讼请求", StringComparison.Ordinal) =>
                "张某甲向本院提出诉讼请求：1.判令王某乙归还借款80000元；2.诉讼费由被告负担。事实和理由：王某乙借款到期后未归还。",
            _ when line.StartsWith("被告辩称", StringComparison.Ordinal) => "被告辩称，借款属实，暂无力归还。",
            _ when line.Contains("认定事实如下", StringComparison.Ordinal) => "本院经审理认定事实如下：王某乙向张某甲借款80000元，约定期限届满后未归还。",
            _ when line.StartsWith("本院认为", StringComparison.Ordinal) => "本院认为，合法的借贷关系受法律保护，借款人应当按照约定的期限返还借款。",
            _ when line.StartsWith("综上", StringComparison.Ordinal) =>
                "综上，依照《中华人民共和国民法典》第六百七十五条，《中华人民共和国民事诉讼法》第六十七条规定，判决如下：",
            _ when line.StartsWith("一、", StringComparison.Ordinal) => "一、被告王某乙于本判决生效之日起十日内返还原告张某甲借款80000元；",
            _ when line.StartsWith("案件受理费", StringComparison.Ordinal) => "案件受理费1800元，由被告王某乙负担。",
            _ when line.Contains("上诉于", StringComparison.Ordinal) => line.Replace("＿＿＿＿", "吉林省延边朝鲜族自治州", StringComparison.Ordinal),
            _ when line.Contains("出生", StringComparison.Ordinal) => string.Concat(
                line.AsSpan(0, line.IndexOf('＿', StringComparison.Ordinal)),
                "男，",
                line.Contains("张某甲", StringComparison.Ordinal) ? "1980年1月1日出生，汉族，住汪清县。" : "1981年2月2日出生，汉族，住延吉市。"
            ),
            _ => line.Replace("＿＿＿＿", "", StringComparison.Ordinal),
        };
    }

    // what the triggers opened and the story tells no more of: done by a person of its centre
    private async Task FinishOrdersAsync(string judge, long caseId)
    {
        var people = new Dictionary<string, string>
        {
            ["triage"] = "registrar",
            ["service"] = "clerk",
            ["cataloguing"] = "archivist",
            ["trial"] = "scheduler",
            ["enforcement"] = "executor",
        };
        for (var round = 0; round < 4; round++)
        {
            var open = await App.As(null)
                .Rows<OpenOrder>(
                    "SELECT id, centre, order_type, state FROM workzone_order WHERE case_id = @caseId AND is_open = 1 ORDER BY id",
                    new { caseId }
                );
            foreach (var o in open)
            foreach (
                var step in o.State switch
                {
                    OrderState.Queued or OrderState.Assigned => [OrderStep.Accept, OrderStep.Feedback],
                    OrderState.Accepted => [OrderStep.Feedback],
                    _ => new[] { OrderStep.Close },
                }
            )
                try
                {
                    await App.As(step == OrderStep.Close ? judge : people[o.Centre])
                        .Send(
                            new TakeStep
                            {
                                Id = o.Id,
                                Step = step,
                                Words = step == OrderStep.Feedback ? "已办" : "",
                            }
                        );
                }
                catch (Exception e) when (e is Kernel.Messaging.RuleBroken or Kernel.Messaging.Conflict or Kernel.Messaging.Forbidden)
                {
                    TestContext.Out.WriteLine($"{o.Id} {o.OrderType} {o.State} {step}: {e.Message}");
                }
            await App.DrainAsync();
        }
    }

    [GeneratedRegex("<textarea[^>]*name=\"Text\"[^>]*>(.*?)</textarea>", RegexOptions.Singleline)]
    private static partial Regex TextArea();

    private sealed record OpenOrder
    {
        public long Id { get; init; }
        public string Centre { get; init; } = "";
        public string OrderType { get; init; } = "";
        public string State { get; init; } = "";
    }

    /// <summary>
    /// Counts what people type: every text, amount and date of what they send, but for ids, codes out of lists, switches, and the day of today, which forms
    /// have filled in.
    /// </summary>
    private sealed partial class Typist
    {
        private readonly Dictionary<string, int> typed = [];

        public int Count => typed.Values.Sum();

        public IReadOnlyList<string> Twice => [.. typed.Where(t => t.Value > 1).Select(t => t.Key)];

        public void Types(object command, DateOnly today) => Walk(command, "", today);

        public void Lines(IEnumerable<string> lines)
        {
            foreach (var line in lines)
                Add(line);
        }

        private void Walk(object? value, string name, DateOnly today)
        {
            switch (value)
            {
                case null or bool or Blob:
                    return;
                case string text:
                    if (text.Length > 0 && !Code().IsMatch(text) && !IsChoice(name))
                        Add(text);
                    return;
                case DateOnly day:
                    if (day != today)
                        Add(day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture));
                    return;
                case decimal amount:
                    Add(amount.ToString(CultureInfo.InvariantCulture));
                    return;
                case int or long:
                    if (!IsId(name))
                        Add($"{name} {value}");
                    return;
                case IEnumerable list:
                    foreach (var item in list)
                        Walk(item, name, today);
                    return;
            }
            var blank = Activator.CreateInstance(value.GetType())!;
            foreach (var property in value.GetType().GetProperties().Where(p => p.CanWrite && p.GetIndexParameters().Length == 0))
                if (!Equals(property.GetValue(value), property.GetValue(blank)))
                    Walk(property.GetValue(value), property.Name, today);
        }

        private void Add(string text) => typed[text] = typed.GetValueOrDefault(text) + 1;

        private static bool IsId(string name) =>
            name.EndsWith("Id", StringComparison.Ordinal)
            || name.EndsWith("Ids", StringComparison.Ordinal)
            || name is "Version" or "Creditors" or "Debtors" or "Pages";

        private static bool IsChoice(string name) => name is "Role" or "EService" or "Type" or "Kind" or "Cause" or "Step" or "Act" or "Outcome" or "How";

        [GeneratedRegex("^[a-z][A-Za-z-]*$")]
        private static partial Regex Code();
    }
}
