using System.Globalization;
using CourtOps.Enforcement.Command;
using CourtOps.Enforcement.Linkage;
using CourtOps.Enforcement.Measures;
using CourtOps.Kernel.Data;
using CourtOps.Kernel.Messaging;
using CourtOps.Kernel.Security;
using CourtOps.Triage.Filings;
using CourtOps.Workzone.Batches;
using CourtOps.Workzone.Cases;
using CourtOps.Workzone.Courts;
using CourtOps.Workzone.People;
using CourtOps.Workzone.Rights;
using CourtOps.Workzone.Settings;
using CourtOps.Workzone.Trails;
using CourtOps.Workzone.WorkOrders;
using Microsoft.Extensions.DependencyInjection;

namespace CourtOps.SystemTests.Access.Foreign;

/// <summary>
/// One of everything that a court has, made by its own people with the product's commands: "order" → the id, "judge.login" → the login.
/// </summary>
internal sealed class Estate(TestApp app, string prefix, string place, string code, int serial)
{
    private static readonly (string Key, string[] Roles)[] People =
    [
        ("agency", ["agency"]), ("judge", ["judge"]), ("judge2", ["judge"]), ("assistant", ["assistant"]), ("registrar", ["lead:triage"]), ("lead", ["lead:service"]), ("clerk", ["clerk:service"]), ("clerk2", ["clerk:service"]), ("leader", ["leader"]),
        // who leaves has everything: cases, orders asked for, orders in hand
        ("leaving", ["judge", "clerk:cataloguing"]), ("heir", ["judge", "clerk:cataloguing"]), ("gone", ["clerk:trial"]), ("planner", ["lead:trial"]),
        ("sysadmin", ["sysadmin"]), ("secadmin", ["secadmin"]), ("secadmin2", ["secadmin"]), ("auditor", ["auditor"]),
    ];

    private readonly Dictionary<string, string> things = [];

    private static readonly Dictionary<string, string> Versioned = new() { ["hand"] = "workzone_order", ["court"] = "workzone_court", ["gone"] = "workzone_person", ["bill"] = "triage_bill" };

    public string this[string key] => things.TryGetValue(key, out var value) ? value : throw new KeyNotFoundException($"No court here has “{key}”: make one in {nameof(Estate)}.");

    /// <summary>The same, or what changes: "order.version".</summary>
    public async Task<string> ValueAsync(string key) => key.EndsWith(".version", StringComparison.Ordinal) && key[..^".version".Length] is var thing
        ? $"{await app.As(null).Value<int>($"SELECT version FROM {Versioned[thing]} WHERE id = @id", new { id = this[thing] })}" : this[key];

    /// <summary>Ids by which a row is known to be this court's.</summary>
    public IReadOnlyCollection<string> Ids => [.. things.Values.Where(v => v.Length > 8 && v.All(char.IsAsciiDigit))];

    /// <summary>Words that nobody of another court may read: names, numbers, titles.</summary>
    public IReadOnlyList<string> Words { get; private set; } = [];

    public string Login(string person) => $"{prefix}-{person}";

    public async Task MakeAsync()
    {
        var court = await app.As(null).Value<CourtRow>("SELECT id, name FROM workzone_court WHERE code = @code", new { code }) ?? throw new InvalidOperationException(code);
        Put("court", court.Id);
        things["court.code"] = code;
        things["court.name"] = court.Name;
        things["place"] = place;
        foreach (var (key, roles) in People)
        {
            Put(key, await app.As(null).Send(new SavePerson { Login = Login(key), Name = NameOf(key), Court = code, Division = $"{place}一庭", Roles = roles, Password = TestApp.Password }));
            things[key + ".login"] = Login(key);
        }
        await CasesAsync(court.Name);
        await ServiceAsync(court.Name);
        await EnforcementAsync();
        await LifeAsync();
        await OrdersAsync();
        await AdministrationAsync();
        await RulesAsync();
        await FilingsAsync();
        await OwnAsync();
        await HearingsAsync();
        Words =
        [
            .. People.Select(p => NameOf(p.Key)), $"{place}当事人", $"{place}文书", $"{place}一庭", $"{place}合议庭", $"{place}对接", $"{place}用语", $"{place}视图",
            .. await app.As(null).Rows<string>("SELECT number FROM workzone_case WHERE court_id = @Id", new { court.Id }), .. await app.As(null).Rows<string>("SELECT number FROM workzone_order WHERE court_id = @Id", new { court.Id }),
        ];
    }

    private async Task CasesAsync(string court)
    {
        var by = new SamplePeople(court, code, Login("registrar"), Login("judge"), NameOf("judge"), Login("clerk"));
        // another tail than anybody else's: a link alone does not identify
        var party = new SampleParty($"{place}当事人") { Email = $"{prefix}@party.example", EService = "提供", IdNumber = IdNumber() };
        var served = await app.Asked(serial, [party], [($"{place}文书", "complaint")], by: by);
        Put("case", served.CaseId);
        Put("order", served.OrderId);
        Put("document", served.Documents[0]);
        Put("party", served.Parties[0]);
        Put("notice", served.Notice);
        Put("task", served.Tasks[0]);
        things["number"] = Sample.Number(serial, code);
        things["tail"] = party.IdNumber[^4..];
        await app.SendNotice(served.Notice, Login("clerk"));
        await app.DrainAsync();
        things["token"] = await TokenAsync(served.Notice);
        var waiting = await app.Asked(serial + 1, [party], [($"{place}文书", "complaint")], accept: false, by: by);
        Put("waiting", waiting.OrderId);
        Put("unsent", waiting.Notice);
        Put("unsent.task", waiting.Tasks[0]);
        var hand = await app.Asked(serial + 6, [party], [($"{place}文书", "complaint")], by: by);
        Put("hand", hand.OrderId);
        Put("hand.case", hand.CaseId);
        Put("hand.notice", hand.Notice);
        Put("hand.task", hand.Tasks[0]);
        Put("hand.document", hand.Documents[0]);
        Put("hand.party", hand.Parties[0]);
        // each of these is done something to that can be done once
        foreach (var (name, n) in new[] { ("shut", 2), ("sealed", 3), ("unsealing", 4) })
            Put(name, await app.Case(serial + n, by));
        Put("recusal", await app.As(Login("leader")).Send(new Recuse { CaseId = served.CaseId, Login = Login("judge2"), Reason = "同事" }));
        foreach (var name in new[] { "sealed", "unsealing" })
            await app.As(Login("judge")).Send(new SealCase { CaseId = Id(name), Reason = "封存" });
        Put("unseal", await app.As(Login("judge")).Send(new AskToUnseal { CaseId = Id("unsealing"), Reason = "公开" }));
        Put("import", await app.As(null).Value<long>("SELECT MAX(id) FROM workzone_import WHERE person_id = @person", new { person = this["registrar"] }));
        var left = by with { Judge = Login("leaving"), JudgeName = NameOf("leaving") };
        Put("left", await app.Case(serial + 5, left, party));
    }

    // service on its ways: to be called, posted, visited; a batch, a trip, a question, an announcement, a photo
    private async Task ServiceAsync(string court)
    {
        var by = new SamplePeople(court, code, Login("registrar"), Login("judge"), NameOf("judge"), Login("clerk"));
        var party = new SampleParty($"{place}当事人") { Phone = $"1390000{serial:0000}", IdNumber = IdNumber() };
        var clerk = Login("clerk");
        foreach (var (name, n, way) in new[] { ("ways", 10, "phone"), ("pool", 11, "postal"), ("letter", 12, "postal"), ("door", 13, "direct"), ("visit", 14, "direct") })
        {
            var asked = await app.Asked(serial + n, [party], [($"{place}文书", "complaint")], by: by);
            Put(name + ".order", asked.OrderId);
            Put(name + ".case", asked.CaseId);
            Put(name + ".notice", asked.Notice);
            Put(name + ".task", asked.Tasks[0]);
            Put(name + ".party", asked.Parties[0]);
            Put(name + ".document", asked.Documents[0]);
            await app.As(clerk).Send(new ServiceOfDocuments.Addresses.AddAddress { CaseId = asked.CaseId, PartyId = asked.Parties[0], Origin = "registered", Address = $"虚构省虚构县{place}街{n}号", Warned = true, Evidence = "户籍" });
            if (way != "phone")
                await app.As(clerk).Send(new ServiceOfDocuments.Steward.ChangePlan { NoticeId = asked.Notice, Channel = way, Reason = "测试" });
            Put(name + ".step", await app.As(null).Value<long>("SELECT id FROM service_step WHERE notice_id = @Notice AND channel = @way", new { asked.Notice, way }));
        }
        Put("addr", await app.As(null).Value<long>("SELECT id FROM service_address WHERE party_id = @party", new { party = this["ways.party"] }));
        Put("addr.elsewhere", await app.As(null).Value<long>("SELECT id FROM service_address WHERE party_id = @party", new { party = this["pool.party"] }));
        Put("letters", (await app.As(clerk).Send(new ServiceOfDocuments.Post.MakeBatch { StepIds = [Id("letter.step")] })).BatchId);
        Put("trip", await app.As(clerk).Send(new ServiceOfDocuments.Field.MakeTrip { StepIds = [Id("visit.step")], Day = new DateOnly(2026, 3, 5) }));
        await app.As(clerk).Send(new ServiceOfDocuments.Calls.RecordIncoming { Number = "13900000000", NoticeId = Id("ways.notice"), Words = "问", CallbackAt = TestClock.Monday.AddDays(1) });
        Put("call", await app.As(null).Value<long>("SELECT id FROM service_call WHERE notice_id = @notice", new { notice = this["ways.notice"] }));
        var doubted = await app.Asked(serial + 15, [party with { Email = $"{prefix}-doubt@party.example", EService = "提供" }], [($"{place}文书", "complaint")], by: by);
        await app.SendNotice(doubted.Notice, clerk);
        await app.DrainAsync();
        Put("contest", await app.As(clerk).Send(new ServiceOfDocuments.Tasks.Contest { NoticeId = doubted.Notice, Words = "称非本人" }));
        await app.As(clerk).Send(new TakeStep { Id = Id("contest"), Step = OrderStep.Accept });
        var blob = await app.As(clerk).In(s => s.GetRequiredService<Kernel.Files.BlobStore>().WriteAsync(new MemoryStream([0xFF, 0xD8, 0xFF, 1]), 10, default));
        await app.As(clerk).Send(new ServiceOfDocuments.Field.AddEvidence { StepId = Id("visit.step"), Files = [new ServiceOfDocuments.Attempts.TakenFile("photo", "a.jpg", "image/jpeg", blob)] });
        Put("evidence", await app.As(null).Value<long>("SELECT id FROM service_evidence WHERE step_id = @step", new { step = this["visit.step"] }));
        foreach (var (name, n) in new[] { ("announcement", 1L), ("announcement.api", 2L) })
        {
            Put(name, Id("ways.notice") + 1_000_000 + n);
            await app.Change(
                "INSERT INTO service_announcement (id, notice_id, case_id, court_id, text, ways, published_on, cents, gates, created_by, created_at) VALUES (@id, @notice, @case, 0, 'x', 'site', '2026-03-02', 0, '[]', 'x', '2026-03-02 00:00:00.000')",
                new { id = this[name], notice = this["ways.notice"], @case = this["ways.case"] });
        }
    }

    private async Task EnforcementAsync()
    {
        var save = new SaveAsset { CaseId = Id("case"), PartyId = Id("party"), Category = "vehicle", Description = $"{place}车一", Source = "network" };
        Put("asset", (await app.As(Login("judge")).Send(save)).Id);
        Put("clue", (await app.Send(save with { Description = $"{place}车二", Clue = true })).Id);
        Put("measure", (await app.Send(new TakeMeasure { CaseId = Id("case"), PartyId = Id("party"), Kind = "immovable", Description = $"{place}房", Start = new DateOnly(2026, 2, 27) })).Id);
        Put("free", (await app.Send(save with { Description = $"{place}车三" })).Id);
        await app.Send(save with { Description = $"{place}车四" });
        Put("eternal", (await app.Send(new RegisterEnforcement { OriginId = Id("case"), JudgeId = Id("judge") })).CaseId);
        Put("agency", await app.As(Login("leader")).Send(new SaveAgency { Name = $"{place}银行", Kind = "bank", Login = Login("agency") }));
        things["agency.name"] = $"{place}银行";
        var sent = await app.As(Login("judge")).Send(new SendLinkage { CaseId = Id("case"), Agencies = [$"{place}银行"], Act = "query", Words = "查询存款", DocumentIds = [Id("document")], Due = new DateOnly(2026, 12, 31) });
        Put("linkage", sent[0].Id);
        things["agency.token"] = await app.As(null).In(s => Task.FromResult(s.GetRequiredService<Secrets>().Reveal(sent[0].TokenEnc)!));
        Put("hand.creditor", await app.PartyId(Id("hand.case"), "张某甲"));
        Put("finding", await app.As(null).Value<long>("SELECT MAX(id) FROM enforcement_finding WHERE leak = 'control' AND case_id = @case", new { @case = this["case"] }));
    }

    // a deduction that runs, an extension that waits, a slip that was sent
    private async Task LifeAsync()
    {
        await app.As(Login("judge")).Send(new DeductTime { CaseId = Id("hand.case"), Code = "D-HJ", From = new DateOnly(2026, 3, 2), DocumentId = Id("hand.document"), Reason = "和解" });
        Put("fact", await app.As(null).Value<long>("SELECT id FROM workzone_clock_fact WHERE case_id = @id", new { id = this["hand.case"] }));
        Put("extension", await app.As(Login("judge")).Send(new AskExtension { CaseId = Id("hand.case"), N = 1, Unit = "month", DocumentId = Id("hand.document"), Reason = "案情复杂" }));
        Put("slip", await app.As(Login("leader")).Send(new Workzone.Supervision.SendSlip { Kind = "prompt", CaseId = Id("hand.case"), Words = "请抓紧" }));
    }

    private async Task HearingsAsync()
    {
        Put("room", await app.As(Login("planner")).Send(new TrialSupport.Hearings.SaveRoom { Name = $"{place}大法庭", Size = 30 }));
        Put("draft", (await app.As(Login("judge")).Send(new TrialSupport.Drafts.SaveDraft { CaseId = Id("hand.case"), Kind = "other", Title = "草稿", Blob = await app.In(s => s.GetRequiredService<Kernel.Files.BlobStore>().WriteAsync(new MemoryStream([1]), 10, default)) })).Id);
        Put("opinion", await app.As(Login("judge")).Send(new TrialSupport.Experts.EntrustExpert { CaseId = Id("hand.case"), Matter = "笔迹", Institution = "鉴定所" }));
        Put("hearing", (await app.As(Login("judge")).Send(new TrialSupport.Hearings.BookHearing { CaseId = Id("hand.case"), Minutes = 60 })).Id);
    }

    private async Task OrdersAsync()
    {
        var scan = new Dictionary<string, IReadOnlyList<string>> { ["material"] = ["收据"], ["pages"] = ["2"], ["volume"] = ["正卷"], ["handover"] = ["2026-03-09"], ["originals"] = ["扫描后退回"] };
        var asked = await app.As(Login("leaving")).Send(new AskOrder { CaseId = Id("left"), Type = "cataloguing.scan", Form = scan });
        await app.As(Login("leaving")).Send(new TakeStep { Id = asked.Order.Id, Step = OrderStep.Accept });
        foreach (var (name, material) in new[] { ("queued", "一"), ("taken", "二"), ("closed", "三") })
        {
            var order = (await app.As(Login("judge")).Send(new AskOrder { CaseId = Id("case"), Type = "cataloguing.scan", Form = new Dictionary<string, IReadOnlyList<string>>(scan) { ["material"] = [material] } })).Order;
            Put(name, order.Id);
        }
        foreach (var (who, step) in new[] { ("heir", OrderStep.Accept), ("heir", OrderStep.Feedback), ("judge", OrderStep.Close) })
            await app.As(Login(who)).Send(new TakeStep { Id = Id("closed"), Step = step, Words = "已办" });
        Put("batch", await app.As(Login("lead")).Send(new CreateBatch { Step = "comment", OrderIds = [Id("order")], Words = "催办" }));
    }

    private async Task AdministrationAsync()
    {
        Put("unit", await app.As(Login("sysadmin")).Send(new SaveUnit { CourtId = Id("court"), Kind = "trial-team", Name = $"{place}合议庭", Head = Login("judge") }));
        Put("absence", await app.As(Login("judge2")).Send(new SaveAbsence { From = new DateOnly(2026, 12, 1), Until = new DateOnly(2026, 12, 2), Reason = "休假" }));
        Put("deputed", await app.As(Login("lead")).Send(new SaveAbsence { Login = Login("clerk"), From = new DateOnly(2026, 12, 11), Until = new DateOnly(2026, 12, 12), Deputy = Login("clerk2"), Reason = "休假" }));
        Put("asked", await AskForRoleAsync("secadmin2", "clerk2"));
        Put("withdrawn", await AskForRoleAsync("secadmin", "gone"));
        foreach (var (name, person) in new[] { ("key", "clerk"), ("ready", "lead") })
        {
            var change = await app.As(Login("secadmin")).Send(new AskForKey { Login = Login(person), Purpose = $"{place}对接", Reason = "对接", PerMinute = 60, Days = 30 });
            await app.As(Login("secadmin2")).Send(new DecideChange { Id = change, Confirm = true });
            if (name == "ready")
                Put(name, change);
            else
                await app.As(Login("secadmin")).Send(new CollectKey { ChangeId = change });
        }
        Put("key", await app.As(null).Value<long>("SELECT id FROM workzone_api_key WHERE person_id = @person", new { person = this["clerk"] }));
        for (var i = 0; i < 8; i++)
            await Assert.ThatAsync(() => app.As(Login("gone")).Send(new SaveCourt { Code = "吉99", Name = "不该有" }), Throws.TypeOf<Forbidden>());
        await app.RunJob<RaiseAlarms>();
        // what failed while it did something for this court
        Put("work", await app.As(null).Value<long>("SELECT MAX(id) FROM kernel_work WHERE queue = 'service.mail'"));
        await app.Change("UPDATE kernel_work SET state = 'failed' WHERE id = @work", new { work = this["work"] });
        await app.Change("INSERT INTO kernel_block (reaction, event_key, outbox_id, attempts, parked, until, error, since) SELECT 'stuck', @key, MAX(id), 1, 1, MAX(created_at), '', MAX(created_at) FROM kernel_outbox", new { key = $"case:{this["case"]}" });
        Put("alarm", await app.As(null).Value<long>("SELECT id FROM kernel_alarm WHERE person_id = @person", new { person = this["gone"] }));
    }

    // one that waits for its day, one in force, one that waits for a second person, a dry run
    private async Task RulesAsync()
    {
        SaveSetting Rule(string key, string field, DateOnly? from = null) => new() { Key = key, CourtId = Id("court"), Values = new Dictionary<string, string> { [field] = "9" }, From = from, Reason = "本院情况" };
        Put("rule.waiting", await app.As(Login("leader")).Send(Rule("workzone.order.service.serve", "TargetHours", new DateOnly(2026, 12, 1))));
        Put("rule.set", await app.As(Login("leader")).Send(Rule("workzone.order.triage.check-filing", "TargetHours")));
        Put("rule.asked", await app.As(Login("sysadmin")).Send(Rule("service.no-reply", "Days")));
        Put("run", await app.As(Login("leader")).Send(new TrySetting { Key = "service.no-reply", CourtId = Id("court"), Values = new Dictionary<string, string> { ["Days"] = "5" } }));
        await app.DrainAsync();
    }

    // one to be decided, one told what is missing, one for each end, one that waits for its judge
    private async Task FilingsAsync()
    {
        Task<TakeFiling.Result> Take() => app.As(Login("registrar")).Send(new TakeFiling { Cause = "民间借贷纠纷", Claims = [new ClaimIn { Type = "money", Amount = 30_000m }], Parties = [new PartyIn { Name = $"{place}当事人", Role = "原告" }, new PartyIn { Name = $"{place}对方", Role = "被告" }] });
        foreach (var name in new[] { "filing", "filing.returned", "filing.late", "filing.bad", "filing.new", "filing.drawn", "filing.hand", "filing.api" })
            Put(name, (await Take()).Id);
        foreach (var name in new[] { "filing.returned", "filing.late" })
            await app.As(Login("registrar")).Send(new ReturnFiling { Id = Id(name), Missing = ["借条"] });
        foreach (var name in new[] { "filing.drawn", "filing.hand", "filing.api" })
            await app.As(Login("registrar")).Send(new RegisterFiling { Id = Id(name) });
        foreach (var (name, filing) in new[] { ("bill", "filing.drawn"), ("bill.other", "filing.hand") })
            Put(name, await app.As(null).Value<long>("SELECT id FROM triage_bill WHERE filing_id = @id", new { id = Id(filing) }));
        var blob = await app.As(Login("registrar")).In(async s =>
        {
            using var stream = new MemoryStream(SamplePdf.Of(1, place));
            return await s.GetRequiredService<CourtOps.Kernel.Files.BlobStore>().WriteAsync(stream, 1 << 20, default);
        });
        Put("filing.paper", await app.As(Login("registrar")).Send(new AddPaper { FilingId = Id("filing"), Kind = "complaint", Title = $"{place}文书", Blob = blob, Pages = 1 }));
        things["filing.upload"] = await TestApp.Uploaded(await app.SignedIn(Login("registrar")), $"/triage/filings/{this["filing"]}", "借条.pdf", SamplePdf.Of(1, prefix + "借条"));
    }

    private async Task OwnAsync()
    {
        Put("phrase", await app.As(Login("clerk")).Send(new SavePhrase { Step = "return", Words = $"{place}用语" }));
        await app.As(Login("clerk")).Send(new Workzone.Pages.Orders.Views.Command { Name = $"{place}视图", Query = "view=mine" });
        Put("view", await app.As(null).Value<long>("SELECT id FROM workzone_view WHERE owner_id = @person", new { person = this["clerk"] }));
        Put("bell", await app.As(null).Value<long>("SELECT MIN(id) FROM workzone_notice WHERE person_id = @person", new { person = this["judge"] }));
        var judge = await app.SignedIn(Login("judge"));
        things["paper"] = await TestApp.Uploaded(judge, $"/cases/{this["case"]}", "证据.pdf", SamplePdf.Of(1, prefix));
        things["list"] = await TestApp.Uploaded(await app.SignedIn(Login("registrar")), "/imports", "list.csv", System.Text.Encoding.UTF8.GetBytes(Sample.Header + "\n"));
        Put("session", await app.As(null).Value<long>("SELECT MAX(id) FROM workzone_session WHERE person_id = @person", new { person = this["judge"] }));
    }

    private Task<long> AskForRoleAsync(string asker, string person) => app.As(Login(asker)).Send(new AskForRoles
    {
        PersonId = Id(person), Add = [new RoleGrant { Role = "clerk", Centre = "enforcement", CourtId = Id("court") }], Reason = "轮岗",
    });

    private Task<string> TokenAsync(long notice) => app.As(null).In(async s =>
        s.GetRequiredService<Secrets>().Reveal(await s.GetRequiredService<Db>().FirstAsync<string>("SELECT token_enc FROM service_notice WHERE id = @notice", new { notice }))!);

    private string NameOf(string person) => $"{place}某{person}";

    private string IdNumber()
    {
        var body = "99010119800101" + serial.ToString("000", CultureInfo.InvariantCulture);
        int[] weights = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];
        return body + "10X98765432"[weights.Select((w, i) => w * (body[i] - '0')).Sum() % 11];
    }

    private long Id(string key) => long.Parse(this[key], CultureInfo.InvariantCulture);

    private void Put(string key, long id) => things[key] = id.ToString(CultureInfo.InvariantCulture);

    private sealed record CourtRow
    {
        public long Id { get; init; }
        public string Name { get; init; } = "";
    }
}
