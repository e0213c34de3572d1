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
        ("agency", ["agency"]),
        ("inspector", ["checker"]),
        ("judge", ["judge"]),
        ("judge2", ["judge"]),
        ("assistant", ["assistant"]),
        ("registrar", ["lead:triage"]),
        ("lead", ["lead:service"]),
        ("clerk", ["clerk:service"]),
        ("clerk2", ["clerk:service"]),
        ("leader", ["leader"]),
        // who leaves has everything: cases, orders asked for, orders in hand
        ("leaving", ["judge", "clerk:cataloguing"]),
        ("heir", ["judge", "clerk:cataloguing"]),
        ("gone", ["clerk:trial"]),
        ("planner", ["lead:trial"]),
        ("sysadmin", ["sysadmin"]),
        ("secadmin", ["secadmin"]),
        ("secadmin2", ["secadmin"]),
        ("auditor", ["auditor"]),
    ];

    private readonly Dictionary<string, string> things = [];

    private static readonly Dictionary<string, string> Versioned = new()
    {
        ["hand"] = "workzone_order",
        ["court"] = "workzone_court",
        ["gone"] = "workzone_person",
        ["bill"] = "triage_bill",
        ["bill.other"] = "triage_bill",
    };

    public string this[string key] =>
        things.TryGetValue(key, out var value) ? value : throw new KeyNotFoundException($"No court here has “{key}”: make one in {nameof(Estate)}.");

    /// <summary>The same, or what changes: "order.version".</summary>
    public async Task<string> ValueAsync(string key) =>
        key.EndsWith(".version", StringComparison.Ordinal) && key[..^".version".Length] is var thing
            ? $"{await app.As(null).Value<int>($"SELECT version FROM {Versioned[thing]} WHERE id = @id", new { id = this[thing] })}"
            : this[key];

    /// <summary>Ids by which a row is known to be this court's.</summary>
    public IReadOnlyCollection<string> Ids => [.. things.Values.Where(v => v.Length > 8 && v.All(char.IsAsciiDigit))];

    /// <summary>Words that nobody of another court may read: names, numbers, titles.</summary>
    public IReadOnlyList<string> Words { get; private set; } = [];

    public string Login(string person) => $"{prefix}-{person}";

    public async Task MakeAsync()
    {
        var court =
            await app.As(null).Value<CourtRow>("SELECT id, name FROM workzone_court WHERE code = @code", new { code })
            ?? throw new InvalidOperationException(code);
        Put("court", court.Id);
        things["court.code"] = code;
        things["court.name"] = court.Name;
        things["place"] = place;
        foreach (var (key, roles) in People)
        {
            Put(
                key,
                await app.As(null)
                    .Send(
                        new SavePerson
                        {
                            Login = Login(key),
                            Name = NameOf(key),
                            Court = code,
                            Division = $"{place}一庭",
                            Roles = roles,
                            Password = TestApp.Password,
                        }
                    )
            );
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
        await CataloguingAsync();
        Words =
        [
            .. People.Select(p => NameOf(p.Key)),
            $"{place}当事人",
            $"{place}文书",
            $"{place}一庭",
            $"{place}合议庭",
            $"{place}对接",
            $"{place}用语",
            $"{place}视图",
            .. await app.As(null).Rows<string>("SELECT number FROM workzone_case WHERE court_id = @Id", new { court.Id }),
            .. await app.As(null).Rows<string>("SELECT number FROM workzone_order WHERE court_id = @Id", new { court.Id }),
        ];
    }

    private async Task CasesAsync(string court)
    {
        var by = new SamplePeople(court, code, Login("registrar"), Login("judge"), NameOf("judge"), Login("clerk"));
        // another tail than anybody else's: a link alone does not identify
        var party = new SampleParty($"{place}当事人")
        {
            Email = $"{prefix}@party.example",
            EService = "提供",
            IdNumber = IdNumber(),
        };
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
        Put(
            "recusal",
            await app.As(Login("leader"))
                .Send(
                    new Recuse
                    {
                        CaseId = served.CaseId,
                        Login = Login("judge2"),
                        Reason = "同事",
                    }
                )
        );
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
        foreach (
            var (name, n, way) in new[]
            {
                ("ways", 10, "phone"),
                ("pool", 11, "postal"),
                ("letter", 12, "postal"),
                ("door", 13, "direct"),
                ("visit", 14, "direct"),
                ("entrust", 16, "entrusted"),
            }
        )
        {
            var asked = await app.Asked(serial + n, [party], [($"{place}文书", "complaint")], by: by);
            Put(name + ".order", asked.OrderId);
            Put(name + ".case", asked.CaseId);
            Put(name + ".notice", asked.Notice);
            Put(name + ".task", asked.Tasks[0]);
            Put(name + ".party", asked.Parties[0]);
            Put(name + ".document", asked.Documents[0]);
            await app.As(clerk)
                .Send(
                    new ServiceOfDocuments.Addresses.AddAddress
                    {
                        CaseId = asked.CaseId,
                        PartyId = asked.Parties[0],
                        Origin = "registered",
                        Address = $"虚构省虚构县{place}街{n}号",
                        Warned = true,
                        Evidence = "户籍",
                    }
                );
            if (way != "phone")
                await app.As(clerk)
                    .Send(
                        new ServiceOfDocuments.Steward.ChangePlan
                        {
                            NoticeId = asked.Notice,
                            Channel = way,
                            Reason = "测试",
                        }
                    );
            Put(
                name + ".step",
                await app.As(null).Value<long>("SELECT id FROM service_step WHERE notice_id = @Notice AND channel = @way", new { asked.Notice, way })
            );
        }
        Put("addr", await app.As(null).Value<long>("SELECT id FROM service_address WHERE party_id = @party", new { party = this["ways.party"] }));
        Put("addr.elsewhere", await app.As(null).Value<long>("SELECT id FROM service_address WHERE party_id = @party", new { party = this["pool.party"] }));
        Put("letters", (await app.As(clerk).Send(new ServiceOfDocuments.Post.MakeBatch { StepIds = [Id("letter.step")] })).BatchId);
        Put("trip", await app.As(clerk).Send(new ServiceOfDocuments.Field.MakeTrip { StepIds = [Id("visit.step")], Day = new DateOnly(2026, 3, 5) }));
        await app.As(clerk)
            .Send(
                new ServiceOfDocuments.Calls.RecordIncoming
                {
                    Number = "13900000000",
                    NoticeId = Id("ways.notice"),
                    Words = "问",
                    CallbackAt = TestClock.Monday.AddDays(1),
                }
            );
        Put("call", await app.As(null).Value<long>("SELECT id FROM service_call WHERE notice_id = @notice", new { notice = this["ways.notice"] }));
        var doubted = await app.Asked(
            serial + 15,
            [party with { Email = $"{prefix}-doubt@party.example", EService = "提供" }],
            [($"{place}文书", "complaint")],
            by: by
        );
        await app.SendNotice(doubted.Notice, clerk);
        await app.DrainAsync();
        Put("contest", await app.As(clerk).Send(new ServiceOfDocuments.Tasks.Contest { NoticeId = doubted.Notice, Words = "称非本人" }));
        await app.As(clerk).Send(new TakeStep { Id = Id("contest"), Step = OrderStep.Accept });
        var blob = await app.As(clerk).In(s => s.GetRequiredService<Kernel.Files.BlobStore>().WriteAsync(new MemoryStream([0xFF, 0xD8, 0xFF, 1]), 10, default));
        await app.As(clerk)
            .Send(
                new ServiceOfDocuments.Field.AddEvidence
                {
                    StepId = Id("visit.step"),
                    Files = [new ServiceOfDocuments.Attempts.TakenFile("photo", "a.jpg", "image/jpeg", blob)],
                }
            );
        Put("evidence", await app.As(null).Value<long>("SELECT id FROM service_evidence WHERE step_id = @step", new { step = this["visit.step"] }));
        // what another court asks of this one, and this one of another
        var paper = await app.As(null).Value<string>("SELECT document_blob FROM service_task WHERE id = @task", new { task = this["ways.task"] });
        foreach (
            var (name, n, state) in new[]
            {
                ("entrust.in", 1L, "sent"),
                ("entrust.in.api", 2L, "sent"),
                ("entrust.got", 3L, "received"),
                ("entrust.out", 4L, "sent"),
                ("entrust.out.api", 5L, "sent"),
            }
        )
        {
            Put(name, Id("ways.notice") + 2_000_000 + n);
            await app.Change(
                """
                INSERT INTO service_entrust (id, notice_id, step_id, order_id, case_id, from_court_id, from_court_name, to_court_id, to_court_name, case_number,
                    recipient, papers, judgment, words, state, sent_by, sent_at, receive_by, received_at, serve_by, opposing, version)
                VALUES (@id, @notice, @step, @order, @case, @from, 'x', @to, 'x', 'x', @recipient, @papers, 0, '', @state, 'x', '2026-03-02 00:00:00.000',
                    '2026-03-05', @received, '2026-03-12', 0, 1)
                """,
                new
                {
                    id = this[name],
                    notice = this["ways.notice"],
                    step = this["ways.step"],
                    order = this["ways.order"],
                    @case = this["ways.case"],
                    from = name.StartsWith("entrust.out", StringComparison.Ordinal) ? Id("court") : 0,
                    to = name.StartsWith("entrust.out", StringComparison.Ordinal) ? 0 : Id("court"),
                    recipient = $"{place}当事人",
                    papers = $$"""[{"title":"{{place}}文书","kind":"complaint","blob":"{{paper}}","pages":1}]""",
                    state,
                    received = state == "received" ? "2026-03-02 00:00:00.000" : null,
                }
            );
        }
        foreach (var (name, n) in new[] { ("sound", 1L), ("sound.api", 2L) })
        {
            var sound = await app.As(clerk)
                .In(s => s.GetRequiredService<Kernel.Files.BlobStore>().WriteAsync(new MemoryStream([1, (byte)serial, (byte)n]), 10, default));
            Put(name, Id("ways.notice") + 3_000_000 + n);
            await app.Change(
                "INSERT INTO service_recording (id, blob, court_id, name, mime, size, taken_at) VALUES (@id, @blob, @court, @name, 'audio/wav', 4, "
                    + "'2026-03-02 00:00:00.000')",
                new
                {
                    id = this[name],
                    blob = sound.Sha256,
                    court = this["court"],
                    name = $"{place}录音.wav",
                }
            );
        }
        foreach (var (name, n) in new[] { ("announcement", 1L), ("announcement.api", 2L) })
        {
            Put(name, Id("ways.notice") + 1_000_000 + n);
            await app.Change(
                "INSERT INTO service_announcement (id, notice_id, case_id, court_id, text, ways, published_on, cents, gates, created_by, created_at) "
                    + "VALUES (@id, @notice, @case, 0, 'x', 'site', '2026-03-02', 0, '[]', 'x', '2026-03-02 00:00:00.000')",
                new
                {
                    id = this[name],
                    notice = this["ways.notice"],
                    @case = this["ways.case"],
                }
            );
        }
    }

    private async Task EnforcementAsync()
    {
        // before anything is controlled: what the case holds then stays its own
        Put(
            "eternal",
            (
                await app.As(Login("judge"))
                    .Send(
                        new RegisterEnforcement
                        {
                            OriginId = Id("case"),
                            JudgeId = Id("judge"),
                            EffectiveOn = new DateOnly(2026, 3, 2),
                        }
                    )
            ).CaseId
        );
        var save = new SaveAsset
        {
            CaseId = Id("case"),
            PartyId = Id("party"),
            Category = "vehicle",
            Description = $"{place}车一",
            Source = "network",
        };
        Put("asset", (await app.As(Login("judge")).Send(save)).Id);
        Put("clue", (await app.Send(save with { Description = $"{place}车二", Clue = true })).Id);
        Put(
            "measure",
            (
                await app.Send(
                    new TakeMeasure
                    {
                        CaseId = Id("case"),
                        PartyId = Id("party"),
                        Kind = "immovable",
                        Description = $"{place}房",
                        Start = new DateOnly(2026, 2, 27),
                    }
                )
            ).Id
        );
        Put("free", (await app.Send(save with { Description = $"{place}车三" })).Id);
        var fourth = (await app.Send(save with { Description = $"{place}车四" })).Id;
        Put("spare", (await app.Send(save with { Description = $"{place}车五" })).Id);
        Put("spare.api", (await app.Send(save with { Description = $"{place}车六" })).Id);
        Put(
            "agency",
            await app.As(Login("leader"))
                .Send(
                    new SaveAgency
                    {
                        Name = $"{place}银行",
                        Kind = "bank",
                        Login = Login("agency"),
                    }
                )
        );
        things["agency.name"] = $"{place}银行";
        await app.Send(new MakeAgencyKey { Id = Id("agency") });
        var sent = await app.As(Login("judge"))
            .Send(
                new SendLinkage
                {
                    CaseId = Id("case"),
                    Agencies = [$"{place}银行"],
                    Act = "query",
                    Words = "查询存款",
                    DocumentIds = [Id("document")],
                    Due = new DateOnly(2026, 12, 31),
                }
            );
        Put("linkage", sent[0].Id);
        var sealing = await app.As(Login("judge"))
            .Send(
                new SendLinkage
                {
                    CaseId = Id("case"),
                    Agencies = [$"{place}银行"],
                    Act = "seal",
                    Words = "查封房屋",
                    DocumentIds = [Id("document")],
                    Due = new DateOnly(2026, 12, 31),
                }
            );
        await app.As(Login("agency")).Send(new AnswerLinkage { Id = sealing[0].Id, Answer = "已查封" });
        Put("linkage.answered", sealing[0].Id);
        things["agency.token"] = await app.As(null).In(s => Task.FromResult(s.GetRequiredService<Secrets>().Reveal(sent[0].TokenEnc)!));
        Put("hand.creditor", await app.PartyId(Id("hand.case"), "张某甲"));
        Put(
            "hand.debtor",
            await app.As(null).Value<long>("SELECT MIN(id) FROM workzone_party WHERE case_id = @hand AND name <> '张某甲'", new { hand = this["hand.case"] })
        );
        await MoneyAsync();
        await FieldAsync();
        Put("finding", await app.As(null).Value<long>("SELECT MAX(id) FROM enforcement_finding WHERE leak = 'control' AND asset_id = @fourth", new { fourth }));
    }

    // a vehicle, trips to be changed by page and by API, places to be recorded by both, a picture
    private async Task FieldAsync()
    {
        Put("car", await app.As(Login("judge")).Send(new CourtOps.Enforcement.Field.SaveVehicle { Plate = $"{place}车", Seats = 5 }));
        foreach (var name in new[] { "fieldtrip", "fieldtrip.api", "fieldtrip.out" })
            Put(name, (await app.Send(new CourtOps.Enforcement.Field.PlanTrip { Day = new(2026, 3, 2), Team = $"{place}同行" })).Id);
        foreach (var (name, purpose) in new[] { ("stop", "find"), ("stop.api", "inquire"), ("stop.done", "evict") })
            Put(
                name,
                (
                    await app.Send(
                        new CourtOps.Enforcement.Field.AddStop
                        {
                            TripId = Id("fieldtrip.out"),
                            CaseId = Id("case"),
                            PartyId = Id("party"),
                            Purpose = purpose,
                            Address = $"{place}{name}",
                        }
                    )
                ).Id
            );
        var blob = await app.In(s => s.GetRequiredService<Kernel.Files.BlobStore>().WriteAsync(new MemoryStream([0xFF, 0xD8, 0xFF, 2]), 10, default));
        await app.Send(
            new CourtOps.Enforcement.Field.RecordStop
            {
                Id = Id("stop.done"),
                Outcome = "failed",
                Place = "门口",
                Words = "没有办成",
                Files = [new CourtOps.Enforcement.Field.TakenPhoto("a.jpg", "image/jpeg", blob)],
            }
        );
        Put("stop.photo", await app.Value<long>("SELECT id FROM enforcement_stop_record WHERE stop_id = @stop", new { stop = this["stop.done"] }));
        foreach (var name in new[] { "offline", "offline.api", "offline.third" })
            Put(
                name,
                (
                    await app.As(Login("judge"))
                        .Send(
                            new CourtOps.Enforcement.Offline.AskOffline
                            {
                                CaseId = Id("case"),
                                PartyId = Id("party"),
                                Address = $"{place}{name}",
                                Categories = ["immovable"],
                            }
                        )
                ).Id
            );
        foreach (var (name, code) in new[] { ("period", "PRES-SUE"), ("period.api", "PRES-TRANSFER") })
            Put(name, (await app.As(Login("judge")).Send(new CourtOps.Enforcement.Dates.StartPeriod { CaseId = Id("case"), Code = code })).Id);
        foreach (var name in new[] { "visitor", "visitor.api" })
            Put(
                name,
                (
                    await app.As(Login("judge"))
                        .Send(
                            new CourtOps.Enforcement.Reception.TakeVisit
                            {
                                CaseNumber = things["number"],
                                Visitor = $"{place}来访人",
                                Topic = "progress",
                                Words = "问进展",
                            }
                        )
                ).Id
            );
    }

    // money with and without a case, a payout and a plan, a means, a settlement, a round, a sale, a batch, an answer kept apart
    private async Task MoneyAsync()
    {
        await app.As(Login("judge"))
            .Send(
                new CourtOps.Enforcement.Money.ReceiveMoney
                {
                    CaseId = Id("case"),
                    Amount = 100m,
                    Payer = $"{place}付款人",
                    Reference = $"{place}1",
                }
            );
        await app.Send(new CourtOps.Enforcement.Money.ImportStatement { Text = $"{place}2,5,2026-03-02,{place}来款人\n{place}3,6,2026-03-02,{place}来款人" });
        await app.Send(new CourtOps.Enforcement.Money.ImportStatement { Text = $"{place}4,7,2026-03-02,{place}来款人" });
        Put("unclaimed.asked", await app.Value<long>("SELECT id FROM enforcement_receipt WHERE reference = @r", new { r = $"{place}4" }));
        await app.As(Login("judge"))
            .Send(
                new CourtOps.Enforcement.Money.SettleReceipt
                {
                    Id = Id("unclaimed.asked"),
                    Return = true,
                    Words = "打错",
                }
            );
        Put("unclaimed", await app.Value<long>("SELECT id FROM enforcement_receipt WHERE reference = @r", new { r = $"{place}2" }));
        Put("unclaimed.other", await app.Value<long>("SELECT id FROM enforcement_receipt WHERE reference = @r", new { r = $"{place}3" }));
        Put(
            "payout",
            await app.Send(
                new CourtOps.Enforcement.Money.AskPayout
                {
                    CaseId = Id("case"),
                    Kind = "cost",
                    Payee = $"{place}评估所",
                    Account = "62220000111",
                    Amount = 10m,
                }
            )
        );
        Put(
            "payout.other",
            await app.Send(
                new CourtOps.Enforcement.Money.AskPayout
                {
                    CaseId = Id("case"),
                    Kind = "cost",
                    Payee = $"{place}评估所",
                    Account = "62220000111",
                    Amount = 10m,
                }
            )
        );
        Put(
            "payout.approved",
            await app.Send(
                new CourtOps.Enforcement.Money.AskPayout
                {
                    CaseId = Id("case"),
                    Kind = "cost",
                    Payee = $"{place}评估所",
                    Account = "62220000111",
                    Amount = 10m,
                }
            )
        );
        await app.As(Login("leader")).Send(new CourtOps.Enforcement.Money.DecidePayout { Id = Id("payout.approved"), Granted = true });
        app.As(Login("judge"));
        Put("plan", await app.Send(new CourtOps.Enforcement.Money.MakePlan { CaseId = Id("case"), Parts = [new() { Name = $"{place}债权人", Claim = 50m }] }));
        await app.Send(new MarkNode { CaseId = Id("eternal"), Code = "notice" });
        Put(
            "debtor",
            await app.As(null).Value<long>("SELECT id FROM workzone_party WHERE case_id = @case AND role = '被执行人'", new { @case = this["eternal"] })
        );
        Put(
            "frozen",
            (
                await app.As(Login("judge"))
                    .Send(
                        new TakeMeasure
                        {
                            CaseId = Id("eternal"),
                            PartyId = Id("debtor"),
                            Kind = "deposit",
                            Description = $"{place}账户",
                            Amount = 100m,
                            Start = new DateOnly(2026, 3, 2),
                        }
                    )
            ).Id
        );
        Put(
            "fine",
            (
                await app.As(Login("judge"))
                    .Send(
                        new CourtOps.Enforcement.Criminal.AddCriminalItem
                        {
                            CaseId = Id("eternal"),
                            PartyId = Id("debtor"),
                            Kind = "fine",
                            Amount = 5m,
                            Payee = "state",
                        }
                    )
            ).Id
        );
        Put(
            "sanction",
            await app.As(Login("judge"))
                .Send(
                    new CourtOps.Enforcement.Persuade.AskSanction
                    {
                        CaseId = Id("eternal"),
                        PartyId = Id("debtor"),
                        Kind = "consumption",
                        Words = "没有履行",
                    }
                )
        );
        Put(
            "settlement",
            await app.Send(
                new CourtOps.Enforcement.Persuade.RecordSettlement
                {
                    CaseId = Id("eternal"),
                    SignedOn = new(2026, 3, 2),
                    Words = "分期",
                    Parts = [new() { On = new(2026, 4, 2), Amount = 5m }, new() { On = new(2026, 5, 2), Amount = 5m }],
                }
            )
        );
        foreach (var house in new[] { "house", "house.other" })
            Put(
                house,
                (
                    await app.Send(
                        new TakeMeasure
                        {
                            CaseId = Id("case"),
                            PartyId = Id("party"),
                            Kind = "immovable",
                            Description = $"{place}{house}",
                            Start = new(2026, 2, 27),
                        }
                    )
                ).AssetId
            );
        Put(
            "auction",
            (
                await app.Send(
                    new CourtOps.Enforcement.Auctions.PriceAsset
                    {
                        AssetId = Id("house"),
                        Way = "agreed",
                        Valuation = 1000m,
                        ValuedOn = new(2026, 2, 27),
                    }
                )
            ).Id
        );
        Put("netbatch", (await app.Send(new CourtOps.Enforcement.Network.AskNetwork { CaseId = Id("eternal") })).Id);
        var (round, apart) = (Id("netbatch") + 100_000, Id("netbatch") + 100_001);
        Put("round", round);
        Put("apart", apart);
        var args = new
        {
            round,
            apart,
            caseId = Id("eternal"),
            court = Id("court"),
            by = Id("judge"),
            name = NameOf("judge"),
            now = app.Clock.GetUtcNow(),
            digest = new string('0', 60) + prefix,
        };
        await app.As(null)
            .Change(
                "INSERT INTO enforcement_round (id, case_id, court_id, items, words, state, asked_by, asked_name, asked_at, version) VALUES (@round, "
                    + "@caseId, @court, '[]', '没有财产', 'asked', @by, @name, @now, 1)",
                args
            );
        await app.Change(
            "INSERT INTO enforcement_quarantine (id, court_id, reference, why, digest, at) VALUES (@apart, @court, '9-9', '没有这项查询', @digest, @now)",
            args
        );
        app.As(Login("judge"));
    }

    // a deduction that runs, an extension that waits, a slip that was sent
    private async Task LifeAsync()
    {
        await app.As(Login("judge"))
            .Send(
                new DeductTime
                {
                    CaseId = Id("hand.case"),
                    Code = "D-HJ",
                    From = new DateOnly(2026, 3, 2),
                    DocumentId = Id("hand.document"),
                    Reason = "和解",
                }
            );
        Put("fact", await app.As(null).Value<long>("SELECT id FROM workzone_clock_fact WHERE case_id = @id", new { id = this["hand.case"] }));
        Put(
            "extension",
            await app.As(Login("judge"))
                .Send(
                    new AskExtension
                    {
                        CaseId = Id("hand.case"),
                        N = 1,
                        Unit = "month",
                        DocumentId = Id("hand.document"),
                        Reason = "案情复杂",
                    }
                )
        );
        Put(
            "slip",
            await app.As(Login("leader"))
                .Send(
                    new Workzone.Supervision.SendSlip
                    {
                        Kind = "prompt",
                        CaseId = Id("hand.case"),
                        Words = "请抓紧",
                    }
                )
        );
        // an event by hand, a link, something the inspection found, a list of changes
        await app.As(Login("judge"))
            .Send(
                new RecordCaseEvent
                {
                    CaseId = Id("hand.case"),
                    Event = "claims-changed",
                    On = new DateOnly(2026, 3, 2),
                }
            );
        Put(
            "happening",
            await app.As(null)
                .Value<long>("SELECT id FROM workzone_case_event WHERE case_id = @id AND event = 'claims-changed'", new { id = this["hand.case"] })
        );
        Put(
            "tie",
            await app.As(Login("judge"))
                .Send(
                    new Workzone.Register.LinkCase
                    {
                        CaseId = Id("hand.case"),
                        Number = $"（2025）{code}民初9号",
                        Kind = "related",
                    }
                )
        );
        await app.DrainAsync();
        Put(
            "flaw",
            await app.As(null).Value<long>("SELECT MIN(id) FROM workzone_inspection WHERE case_id = @id AND due_on IS NOT NULL", new { id = this["hand.case"] })
        );
        Put(
            "changes",
            await app.As(Login("registrar"))
                .Send(new Workzone.CaseChanges.TakeChanges { FileName = "变动.csv", Text = $"案号,事件,日期\n（2026）{code}民初99999号,开庭,2026-03-02\n" })
        );
        await app.DrainAsync();
    }

    private async Task HearingsAsync()
    {
        Put("room", await app.As(Login("planner")).Send(new TrialSupport.Hearings.SaveRoom { Name = $"{place}大法庭", Size = 30 }));
        Put(
            "draft",
            (
                await app.As(Login("judge"))
                    .Send(
                        new TrialSupport.Drafts.SaveDraft
                        {
                            CaseId = Id("hand.case"),
                            Kind = "other",
                            Title = "草稿",
                            Blob = await app.In(s => s.GetRequiredService<Kernel.Files.BlobStore>().WriteAsync(new MemoryStream([1]), 10, default)),
                        }
                    )
            ).Id
        );
        Put(
            "opinion",
            await app.As(Login("judge"))
                .Send(
                    new TrialSupport.Experts.EntrustExpert
                    {
                        CaseId = Id("hand.case"),
                        Matter = "笔迹",
                        Institution = "鉴定所",
                    }
                )
        );
        Put("hearing", (await app.As(Login("judge")).Send(new TrialSupport.Hearings.BookHearing { CaseId = Id("hand.case"), Minutes = 60 })).Id);
        Put(
            "meeting",
            await app.Send(
                new TrialSupport.Meetings.CallMeeting
                {
                    CaseId = Id("hand.case"),
                    On = new(2026, 3, 2),
                    Agenda = "利息",
                    Members = [Id("judge2"), Id("heir")],
                }
            )
        );
        app.As(Login("planner"));
        foreach (var name in new[] { "template", "template.page", "template.api" })
            Put(
                name,
                (
                    await app.In(s =>
                        s.GetRequiredService<TrialSupport.Drafting.TemplateIntake>()
                            .SaveTextAsync("{{法院全称}}\n通知书\n{{案号}}", null, $"{place}{name}", "notice", null, default)
                    )
                ).Id
            );
        Put(
            "law",
            (
                await app.In(s =>
                    s.GetRequiredService<TrialSupport.Laws.LawIntake>()
                        .TakeAsync(["第一条 示例。"], "a.txt", $"{place}规定", new DateOnly(2021, 1, 1), null, default)
                )
            ).Id
        );
        Put(
            "library",
            (
                await app.In(s =>
                    s.GetRequiredService<TrialSupport.Similar.CaseIntake>()
                        .TakeAsync([new string('案', 120) + place], "b.txt", "published", "公开案例", default)
                )
            ).Id
        );
        Put("sample", Id("draft") + 7);
        await app.As(null)
            .Change(
                "INSERT INTO trial_sample (id, draft_id, case_id, court_id, case_number, title, document_id, picked_on, state, version) SELECT @id, d.id, "
                    + "d.case_id, d.court_id, d.case_number, d.title, 1, '2026-03-02', 'open', 1 FROM trial_draft d WHERE d.id = @draft",
                new { id = Id("sample"), draft = Id("draft") }
            );
        Put("interpreter", await app.As(Login("planner")).Send(new TrialSupport.Interpreters.SaveInterpreter { Name = $"{place}译员", Languages = "手语" }));
        Put("assessor", await app.As(Login("planner")).Send(new TrialSupport.Assessors.SaveAssessor { Name = $"{place}陪审员" }));
        Put(
            "exhibit",
            await app.As(Login("judge"))
                .Send(
                    new TrialSupport.Courtroom.SaveExhibit
                    {
                        CaseId = Id("hand.case"),
                        Name = $"{place}借条",
                        PartyId = Id("hand.party"),
                    }
                )
        );
        Put(
            "investigation",
            await app.Send(
                new TrialSupport.Investigations.AskInvestigation
                {
                    CaseId = Id("hand.case"),
                    PartyId = Id("hand.party"),
                    Lawyer = "律师",
                    Licence = "1",
                    Unit = $"{place}银行",
                    Evidence = "流水",
                    Reason = "不予查询",
                }
            )
        );
        foreach (
            var (name, n, state) in new[]
            {
                ("plan.run", 11L, "running"),
                ("plan.take", 12L, "stopped"),
                ("plan.drop", 13L, "stopped"),
                ("plan.api", 14L, "stopped"),
            }
        )
        {
            Put(name, Id("meeting") + 100_000 + n);
            await app.As(null)
                .Change(
                    "INSERT INTO trial_plan (id, court_id, person_id, person_name, from_on, until_on, minutes, seconds, used_ms, turns, state, input, "
                        + "cases, placed, bound, spread, first_placed, first_spread, made_at, version) VALUES (@id, @court, @by, 'x', '2026-03-04', "
                        + "'2026-03-31', 60, 60, 0, 0, @state, '{}', 0, 0, 0, 0, 0, 0, '2026-03-02 00:00:00.000', 1)",
                    new
                    {
                        id = Id(name),
                        court = Id("court"),
                        by = Id("judge"),
                        state,
                    }
                );
        }
        app.As(Login("judge"));
        var (appeal, line) = (Id("meeting") + 100_002, Id("meeting") + 100_003);
        Put("appeal", appeal);
        var (need, file) = (Id("meeting") + 100_004, Id("meeting") + 100_005);
        Put("appeal.need", need);
        Put("recorder", file);
        await app.Send(new TrialSupport.Meetings.AddMeetingPapers { Id = Id("meeting"), Documents = [Id("hand.document")] });
        Put("meeting.paper", await app.As(null).Value<long>("SELECT id FROM trial_meeting_paper WHERE meeting_id = @meeting", new { meeting = Id("meeting") }));
        Put("expert.order", await app.Value<long>("SELECT order_id FROM trial_opinion WHERE id = @opinion", new { opinion = Id("opinion") }));
        Put("line", line);
        var (publication, recording) = (Id("meeting") + 100_000, Id("meeting") + 100_001);
        Put("publication", publication);
        Put("recording", recording);
        var args = new
        {
            publication,
            recording,
            caseId = Id("hand.case"),
            court = Id("court"),
            draft = Id("draft"),
            hearing = Id("hearing"),
            by = Id("judge"),
            name = NameOf("judge"),
            on = new DateOnly(2026, 3, 2),
            now = app.Clock.GetUtcNow(),
            number = "（2026）无1号",
        };
        await app.As(null)
            .Change(
                "INSERT INTO trial_publication (id, case_id, court_id, case_number, draft_id, title, court_name, effective_on, due_on, state, reason, "
                    + "body, changes, asked_by, asked_name, asked_at, version) VALUES (@publication, @caseId, @court, @number, @draft, '草稿', '法院', "
                    + "@on, @on, 'asked', 'secret', '[]', 0, @by, @name, @now, 1)",
                args
            );
        await app.Change(
            "INSERT INTO trial_recording (id, hearing_id, case_id, mode, state, opened_name, opened_at, version) VALUES (@recording, @hearing, "
                + "@caseId, 'beside', 'open', @name, @now, 1)",
            args
        );
        await app.Change(
            "INSERT INTO trial_line (id, recording_id, segment_n, from_ms, until_ms, speaker, words, version) VALUES (@line, @recording, 1, 0, 1000, "
                + "'', '开庭', 1)",
            new { line, recording }
        );
        await app.Change(
            "INSERT INTO trial_appeal (id, case_id, court_id, case_number, party_id, appellant, received_on, upper_court, steps, items, state, "
                + "by_name, version) VALUES (@appeal, @caseId, @court, @number, @party, '某', @on, '上级', '', '', 'open', @name, 1)",
            new
            {
                appeal,
                args.caseId,
                args.court,
                args.number,
                party = Id("hand.party"),
                args.on,
                args.name,
            }
        );
        await app.Change(
            "INSERT INTO trial_appeal_need (id, appeal_id, kind, words, upper_asks, asked_on, due_on, urged, state, by_name, version) VALUES (@need, "
                + "@appeal, 'papers', '副本', 0, @on, @on, 0, 'open', @name, 1)",
            new
            {
                need,
                appeal,
                args.on,
                args.name,
            }
        );
        await app.Change(
            "INSERT INTO trial_recorder_file (id, court_id, room_name, place, stamp, path, size, written_at, since, state, reason, source, version) VALUES "
                + "(@file, @court, '法庭', @place, '1', @path, 1, @now, @now, 'waiting', 'no-time', 'there', 1)",
            new
            {
                file,
                args.court,
                place = $"{place}{file}",
                path = $"{place}/法庭/a.mp4",
                args.now,
            }
        );
    }

    // a batch that is looked at, an unsure document with its page, a check, two applications, a file to be archived
    private async Task CataloguingAsync()
    {
        var blob = await app.As(Login("judge"))
            .In(async s =>
            {
                using var stream = new MemoryStream(System.Text.Encoding.UTF8.GetBytes($"{place}材料"));
                return await s.GetRequiredService<CourtOps.Kernel.Files.BlobStore>().WriteAsync(stream, 1 << 20, default);
            });
        var taken = await app.Send(
            new Cataloguing.Intake.TakeBatch
            {
                CaseId = Id("case"),
                Sender = $"{place}当事人",
                Files = [new Cataloguing.Intake.TakenFile("材料.txt", blob)],
            }
        );
        Put("ct.batch", taken.Id);
        Put("ct.order", taken.OrderId);
        await app.DrainAsync();
        await app.As(Login("heir")).Send(new TakeStep { Id = taken.OrderId, Step = OrderStep.Accept });
        var file = await app.As(null).Value<long>("SELECT id FROM cataloguing_file WHERE batch_id = @Id", new { taken.Id });
        foreach (
            var (name, id) in new[]
            {
                ("ct.piece", file + 1),
                ("ct.page", file + 2),
                ("ct.check", file + 3),
                ("ct.asked", file + 4),
                ("ct.refused", file + 5),
                ("ct.out", file + 6),
            }
        )
            Put(name, id);
        var args = new
        {
            piece = Id("ct.piece"),
            page = Id("ct.page"),
            check = Id("ct.check"),
            batch = taken.Id,
            file,
            caseId = Id("case"),
            court = Id("court"),
            blob.Sha256,
            now = app.Clock.GetUtcNow(),
            clerk = Id("judge2"),
            name = NameOf("judge2"),
            archive = file + 7,
            on = new DateOnly(2026, 3, 2),
        };
        await app.Change(
            "INSERT INTO cataloguing_piece (id, batch_id, case_id, ordinal, paper_type, guessed_type, title, author, party, volume, place, "
                + "confidence, border, reason, questions, look, version) VALUES (@piece, @batch, @caseId, 1, 'evidence', 'evidence', '证据', '', '', "
                + "'main', 1, 50, 90, '', 'type', 'unsure', 1)",
            args
        );
        await app.Change(
            "INSERT INTO cataloguing_page (id, batch_id, case_id, file_id, n, ordinal, piece_id, state, removed, image, image_kind, width, height, "
                + "dpi, orientation, skew, reads, flags, page_text, text_lines, language, engine, confidence, hash, note, cpu_ms, wall_ms, version) "
                + "VALUES (@page, @batch, @caseId, @file, 1, 1, @piece, 'ready', 0, @Sha256, 'jpeg', 1, 1, 300, 0, 0, 0, '', '', '[]', '', '', 0, '', "
                + "'', 0, 0, 1)",
            args
        );
        await app.Change(
            "INSERT INTO cataloguing_check (id, batch_id, case_id, court_id, why, state, clerk_id, clerk_name, pages, score, words, picked_at, "
                + "checker_name, version) VALUES (@check, @batch, @caseId, @court, 'share', 'open', @clerk, @name, 1, 0, '', @now, '', 1)",
            args
        );
        await app.Change(
            "INSERT INTO cataloguing_archive (id, case_id, court_id, closed_on, how, due_on, reminded, state, retention, gaps_reason, files, size, "
                + "packed_by_name, receipt, version) VALUES (@archive, @caseId, @court, @on, 'judgment', @on, 0, 'due', 'short', '', 0, 0, '', '', 1)",
            args
        );
        foreach (var name in new[] { "ct.asked", "ct.refused", "ct.out" })
            await app.Change(
                "INSERT INTO cataloguing_lending (id, case_id, court_id, kind, state, applicant, credential, purpose, asked_at, asked_by_name, "
                    + "decided_by_name, decision_words, reference, version) VALUES (@id, @caseId, @court, 'reading', @state, '韩某', '1', '阅卷', @now, "
                    + "'某人', '', '', '', 1)",
                new
                {
                    id = Id(name),
                    caseId = Id("case"),
                    court = Id("court"),
                    state = name == "ct.out" ? "making" : "asked",
                    now = app.Clock.GetUtcNow(),
                }
            );
        Put(
            "ct.note",
            await app.As(Login("judge"))
                .Send(
                    new Cataloguing.Efile.WriteNote
                    {
                        CaseId = Id("case"),
                        DocumentId = Id("document"),
                        At = 1,
                        Body = $"{place}笔记",
                    }
                )
        );
        Put(
            "ct.gone",
            await app.Send(
                new Cataloguing.Efile.WriteNote
                {
                    CaseId = Id("case"),
                    DocumentId = Id("document"),
                    At = 1,
                    Body = $"{place}笔记二",
                }
            )
        );
        Put(
            "ct.away",
            await app.Send(
                new Cataloguing.Efile.WriteNote
                {
                    CaseId = Id("case"),
                    DocumentId = Id("document"),
                    At = 1,
                    Body = $"{place}笔记三",
                }
            )
        );
        var heir = await app.SignedIn(Login("heir"));
        foreach (var name in new[] { "ct.upload", "ct.new" })
            things[name] = await TestApp.Uploaded(heir, $"/cataloguing/batches/{taken.Id}", $"{name}.pdf", SamplePdf.Of(1, prefix + name));
    }

    private async Task OrdersAsync()
    {
        var scan = new Dictionary<string, IReadOnlyList<string>>
        {
            ["material"] = ["收据"],
            ["pages"] = ["2"],
            ["volume"] = ["正卷"],
            ["handover"] = ["2026-03-09"],
            ["originals"] = ["扫描后退回"],
        };
        var asked = await app.As(Login("leaving"))
            .Send(
                new AskOrder
                {
                    CaseId = Id("left"),
                    Type = "cataloguing.scan",
                    Form = scan,
                }
            );
        await app.As(Login("leaving")).Send(new TakeStep { Id = asked.Order.Id, Step = OrderStep.Accept });
        foreach (var (name, material) in new[] { ("queued", "一"), ("taken", "二"), ("closed", "三") })
        {
            var order = (
                await app.As(Login("judge"))
                    .Send(
                        new AskOrder
                        {
                            CaseId = Id("case"),
                            Type = "cataloguing.scan",
                            Form = new Dictionary<string, IReadOnlyList<string>>(scan) { ["material"] = [material] },
                        }
                    )
            ).Order;
            Put(name, order.Id);
        }
        foreach (var (who, step) in new[] { ("heir", OrderStep.Accept), ("heir", OrderStep.Feedback), ("judge", OrderStep.Close) })
            await app.As(Login(who))
                .Send(
                    new TakeStep
                    {
                        Id = Id("closed"),
                        Step = step,
                        Words = "已办",
                    }
                );
        Put(
            "batch",
            await app.As(Login("lead"))
                .Send(
                    new CreateBatch
                    {
                        Step = "comment",
                        OrderIds = [Id("order")],
                        Words = "催办",
                    }
                )
        );
    }

    private async Task AdministrationAsync()
    {
        Put(
            "unit",
            await app.As(Login("sysadmin"))
                .Send(
                    new SaveUnit
                    {
                        CourtId = Id("court"),
                        Kind = "trial-team",
                        Name = $"{place}合议庭",
                        Head = Login("judge"),
                    }
                )
        );
        Put(
            "absence",
            await app.As(Login("judge2"))
                .Send(
                    new SaveAbsence
                    {
                        From = new DateOnly(2026, 12, 1),
                        Until = new DateOnly(2026, 12, 2),
                        Reason = "休假",
                    }
                )
        );
        Put(
            "deputed",
            await app.As(Login("lead"))
                .Send(
                    new SaveAbsence
                    {
                        Login = Login("clerk"),
                        From = new DateOnly(2026, 12, 11),
                        Until = new DateOnly(2026, 12, 12),
                        Deputy = Login("clerk2"),
                        Reason = "休假",
                    }
                )
        );
        Put("asked", await AskForRoleAsync("secadmin2", "clerk2"));
        Put("withdrawn", await AskForRoleAsync("secadmin", "gone"));
        foreach (var (name, person) in new[] { ("key", "clerk"), ("ready", "lead") })
        {
            var change = await app.As(Login("secadmin"))
                .Send(
                    new AskForKey
                    {
                        Login = Login(person),
                        Purpose = $"{place}对接",
                        Reason = "对接",
                        PerMinute = 60,
                        Days = 30,
                    }
                );
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
        await app.Change(
            "INSERT INTO kernel_block (reaction, event_key, outbox_id, attempts, parked, until, error, since) SELECT 'stuck', @key, MAX(id), 1, 1, "
                + "MAX(created_at), '', MAX(created_at) FROM kernel_outbox",
            new { key = $"case:{this["case"]}" }
        );
        Put("alarm", await app.As(null).Value<long>("SELECT id FROM kernel_alarm WHERE person_id = @person", new { person = this["gone"] }));
    }

    // one that waits for its day, one in force, one that waits for a second person, a dry run
    private async Task RulesAsync()
    {
        SaveSetting Rule(string key, string field, DateOnly? from = null) =>
            new()
            {
                Key = key,
                CourtId = Id("court"),
                Values = new Dictionary<string, string> { [field] = "9" },
                From = from,
                Reason = "本院情况",
            };
        Put("rule.waiting", await app.As(Login("leader")).Send(Rule("workzone.order.service.serve", "TargetHours", new DateOnly(2026, 12, 1))));
        Put("rule.set", await app.As(Login("leader")).Send(Rule("workzone.order.triage.check-filing", "TargetHours")));
        Put("rule.asked", await app.As(Login("sysadmin")).Send(Rule("service.no-reply", "Days")));
        Put(
            "run",
            await app.As(Login("leader"))
                .Send(
                    new TrySetting
                    {
                        Key = "service.no-reply",
                        CourtId = Id("court"),
                        Values = new Dictionary<string, string> { ["Days"] = "5" },
                    }
                )
        );
        await app.DrainAsync();
    }

    // one to be decided, one told what is missing, one for each end, one that waits for its judge
    private async Task FilingsAsync()
    {
        Task<TakeFiling.Result> Take() =>
            app.As(Login("registrar"))
                .Send(
                    new TakeFiling
                    {
                        Cause = "民间借贷纠纷",
                        Claims = [new ClaimIn { Type = "money", Amount = 30_000m }],
                        Parties = [new PartyIn { Name = $"{place}当事人", Role = "原告" }, new PartyIn { Name = $"{place}对方", Role = "被告" }],
                    }
                );
        foreach (var name in new[] { "filing", "filing.returned", "filing.late", "filing.bad", "filing.new", "filing.drawn", "filing.hand", "filing.api" })
            Put(name, (await Take()).Id);
        foreach (var name in new[] { "filing.returned", "filing.late" })
            await app.As(Login("registrar")).Send(new ReturnFiling { Id = Id(name), Missing = ["借条"] });
        foreach (var name in new[] { "filing.drawn", "filing.hand", "filing.api" })
            await app.As(Login("registrar")).Send(new RegisterFiling { Id = Id(name) });
        foreach (var (name, filing) in new[] { ("bill", "filing.drawn"), ("bill.other", "filing.hand") })
            Put(name, await app.As(null).Value<long>("SELECT id FROM triage_bill WHERE filing_id = @id", new { id = Id(filing) }));
        var blob = await app.As(Login("registrar"))
            .In(async s =>
            {
                using var stream = new MemoryStream(SamplePdf.Of(1, place));
                return await s.GetRequiredService<CourtOps.Kernel.Files.BlobStore>().WriteAsync(stream, 1 << 20, default);
            });
        Put(
            "filing.paper",
            await app.As(Login("registrar"))
                .Send(
                    new AddPaper
                    {
                        FilingId = Id("filing"),
                        Kind = "complaint",
                        Title = $"{place}文书",
                        Blob = blob,
                        Pages = 1,
                    }
                )
        );
        await TriageAsync(blob);
        things["filing.upload"] = await TestApp.Uploaded(
            await app.SignedIn(Login("registrar")),
            $"/triage/filings/{this["filing"]}",
            "借条.pdf",
            SamplePdf.Of(1, prefix + "借条")
        );
    }

    // the rest of the centre: what waits for another court, money nobody knows, mediations in each state, contacts, a series, a transfer, proposals
    private async Task TriageAsync(CourtOps.Kernel.Files.Blob blob)
    {
        Task<T> Send<T>(MediatR.IRequest<T> command) => app.As(Login("registrar")).Send(command);
        TakeFiling Filing() =>
            new()
            {
                Cause = "民间借贷纠纷",
                Parties = [new PartyIn { Name = $"{place}当事人", Role = "原告" }, new PartyIn { Name = $"{place}对方", Role = "被告" }],
            };
        things["high.code"] = "吉24";
        things["mediation.party"] = $"{place}对方";
        things["bill.code"] = (await app.As(null).Value<string>("SELECT code FROM triage_bill WHERE id = @id", new { id = Id("bill") }))!;
        Put("filing.gone", (await Send(Filing())).Id);
        Put(
            "filing.cross",
            (
                await Send(
                    new TakeCrossFiling
                    {
                        Court = "吉24",
                        Filing = Filing(),
                        Checked = [.. CrossRules.Checks.Keys],
                    }
                )
            ).Id
        );
        // one that came in online
        var begun = await app.As(null)
            .Send(
                new Triage.Online.BeginDraft
                {
                    Court = code,
                    Topic = "loan",
                    Name = $"{place}网上",
                    IdNumber = IdNumber(),
                    Phone = "13800000001",
                    Amount = 30_000m,
                }
            );
        await app.As(null)
            .Send(
                new Triage.Online.SaveDraft
                {
                    Token = begun.Token,
                    Cause = "民间借贷纠纷",
                    Parties = [new PartyIn { Name = $"{place}网上", Role = "原告" }, new PartyIn { Name = $"{place}对方", Role = "被告" }],
                    Words = "未还",
                }
            );
        await app.As(null).Send(new Triage.Online.SubmitDraft { Token = begun.Token, Vouched = true });
        await app.DrainAsync();
        Put(
            "filing.online",
            await app.As(null).Value<long>("SELECT MAX(filing_id) FROM triage_public_filing WHERE court_id = @court", new { court = Id("court") })
        );
        await Send(
            new AddPaper
            {
                FilingId = Id("filing.cross"),
                Kind = "complaint",
                Title = $"{place}诉状",
                Blob = blob,
                Pages = 1,
            }
        );
        foreach (var name in new[] { "suspense", "suspense.b", "suspense.c" })
        {
            await Send(
                new Triage.Fees.ReceivePayment
                {
                    Code = "F0",
                    Amount = 5m,
                    Reference = $"{prefix}{name}",
                }
            );
            Put(name, await app.As(null).Value<long>("SELECT id FROM triage_suspense WHERE reference = @reference", new { reference = $"{prefix}{name}" }));
        }
        foreach (var name in new[] { "mediator", "mediator.b", "evaluator" })
            Put(
                name,
                await Send(
                    new Triage.Mediation.SaveMediator
                    {
                        Name = $"{place}调解{name.Length}",
                        Evaluator = name == "evaluator",
                        MostOpen = 50,
                    }
                )
            );
        foreach (
            var name in new[]
            {
                "filing.mediate",
                "mediation",
                "mediation.ask",
                "mediation.ask2",
                "mediation.choose",
                "mediation.choose2",
                "mediation.run",
                "mediation.run2",
            }
        )
        {
            var filing = (await Send(Filing())).Id;
            await Send(new RegisterFiling { Id = filing });
            Put(name == "filing.mediate" ? name : name + ".filing", filing);
            if (name == "filing.mediate")
                continue;
            Put(name, await Send(new Triage.Mediation.BeginMediation { FilingId = filing }));
            if (name is "mediation" or "mediation.ask" or "mediation.ask2")
                continue;
            await Send(new Triage.Mediation.RecordConsent { Id = Id(name), Agrees = true });
            if (name is "mediation.choose" or "mediation.choose2")
                continue;
            var named = await Send(new Triage.Mediation.AssignMediator { Id = Id(name), MediatorId = Id("mediator") });
            await app.As(null).Send(new Triage.Mediation.ActByLink { Token = named.Token, Act = "accept" });
            await app.DrainAsync();
        }
        foreach (var name in new[] { "contact", "contact.a", "contact.b", "contact.c", "contact.material" })
            Put(
                name,
                (
                    await Send(
                        new Triage.Contacts.TakeContact
                        {
                            Service = name == "contact.material" ? "material" : "guidance",
                            Channel = "call",
                            Person = $"{place}来访",
                            Words = $"{place}询问",
                            CaseNumber = name == "contact.material" ? this["number"] : "",
                            DeclaredPages = name == "contact.material" ? 1 : null,
                        }
                    )
                ).Id
            );
        Put(
            "contact.paper",
            await Send(
                new Triage.Contacts.AddContactPaper
                {
                    ContactId = Id("contact.material"),
                    Title = $"{place}材料",
                    Blob = blob,
                    Pages = 1,
                }
            )
        );
        things["contact.upload"] = await TestApp.Uploaded(
            await app.SignedIn(Login("registrar")),
            $"/triage/contacts/{this["contact.material"]}",
            "材料.pdf",
            SamplePdf.Of(1, prefix + "材料")
        );
        Put(
            "series",
            (
                await Send(
                    new Triage.Series.TakeSeries
                    {
                        Cause = "物业服务合同纠纷",
                        Claimant = new PartyIn { Name = $"{place}物业公司" },
                        Lines = $"{place}业主一\n{place}业主二",
                    }
                )
            ).Id
        );
        Put("series.filing", await app.As(null).Value<long>("SELECT MIN(filing_id) FROM triage_series_case WHERE series_id = @id", new { id = Id("series") }));
        Put(
            "transfer",
            (
                await Send(
                    new TakeTransfer
                    {
                        Type = "prosecution",
                        Sender = $"{place}检察院",
                        Filing = new TakeFiling
                        {
                            Kind = "criminal",
                            Cause = "盗窃",
                            Parties = [new PartyIn { Name = $"{place}检察院", Role = "公诉机关" }, new PartyIn { Name = $"{place}被告", Role = "被告人" }],
                        },
                        Items = [new TransferItem { Item = "volume", Title = $"{place}卷" }],
                    }
                )
            ).Id
        );
        Put("transfer.item", await app.As(null).Value<long>("SELECT id FROM triage_transfer_item WHERE filing_id = @id", new { id = Id("transfer") }));
        await app.As(null)
            .Change(
                "INSERT INTO triage_split (case_id, court_id, facts, score, band, weight, version) VALUES (@case, @court, '{}', 1, 'fast', 100, 1)",
                new { @case = Id("case"), court = Id("court") }
            );
        foreach (var name in new[] { "proposal", "proposal.b" })
        {
            Put(name, Id("case") + (name == "proposal" ? 1 : 2));
            await app.Change(
                """
                INSERT INTO triage_proposal (id, case_id, court_id, case_number, fact, from_procedure, to_procedure, from_band, to_band, why, made_on, made_at,
                    state, decided_by_name, reason, version)
                VALUES (@id, @case, @court, @number, 'expert', 'MC-ORD', 'MC-ORD', 'fast', 'summary', '[]', '2026-03-02', '2026-03-02T01:00:00.000Z', 'open',
                    '', '', 1)
                """,
                new
                {
                    id = Id(name),
                    @case = Id("case"),
                    court = Id("court"),
                    number = this["number"],
                }
            );
        }
    }

    private async Task OwnAsync()
    {
        Put("phrase", await app.As(Login("clerk")).Send(new SavePhrase { Step = "return", Words = $"{place}用语" }));
        await app.As(Login("clerk")).Send(new Workzone.Pages.Orders.Views.Command { Name = $"{place}视图", Query = "view=mine" });
        Put("view", await app.As(null).Value<long>("SELECT id FROM workzone_view WHERE owner_id = @person", new { person = this["clerk"] }));
        Put("bell", await app.As(null).Value<long>("SELECT MIN(id) FROM workzone_notice WHERE person_id = @person", new { person = this["judge"] }));
        var judge = await app.SignedIn(Login("judge"));
        things["paper"] = await TestApp.Uploaded(judge, $"/cases/{this["case"]}", "证据.pdf", SamplePdf.Of(1, prefix));
        things["list"] = await TestApp.Uploaded(
            await app.SignedIn(Login("registrar")),
            "/imports",
            "list.csv",
            System.Text.Encoding.UTF8.GetBytes(Sample.Header + "\n")
        );
        Put("session", await app.As(null).Value<long>("SELECT MAX(id) FROM workzone_session WHERE person_id = @person", new { person = this["judge"] }));
    }

    private Task<long> AskForRoleAsync(string asker, string person) =>
        app.As(Login(asker))
            .Send(
                new AskForRoles
                {
                    PersonId = Id(person),
                    Add =
                    [
                        new RoleGrant
                        {
                            Role = "clerk",
                            Centre = "enforcement",
                            CourtId = Id("court"),
                        },
                    ],
                    Reason = "轮岗",
                }
            );

    private Task<string> TokenAsync(long notice) =>
        app.As(null)
            .In(async s =>
                s.GetRequiredService<Secrets>()
                    .Reveal(await s.GetRequiredService<Db>().FirstAsync<string>("SELECT token_enc FROM service_notice WHERE id = @notice", new { notice }))!
            );

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
