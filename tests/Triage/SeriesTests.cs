using System.Globalization;
using System.Net;
using System.Text;
using CourtOps.Kernel.Messaging;
using CourtOps.Triage.Board;
using CourtOps.Triage.Contacts;
using CourtOps.Triage.Filings;
using CourtOps.Triage.Mediation;
using CourtOps.Triage.Series;
using CourtOps.Workzone.Cases;
using FluentValidation;
using Microsoft.Extensions.DependencyInjection;

namespace CourtOps.Triage;

[TestFixtureSource(typeof(Engines), nameof(Engines.All))]
public sealed class SeriesTests(Engine engine) : AppTests(engine)
{
    private static TakeTransfer Prosecution =>
        new()
        {
            Type = "prosecution",
            Sender = "汪清县人民检察院",
            Letter = "汪检刑诉〔2026〕1号",
            Filing = new TakeFiling
            {
                Kind = "criminal",
                Cause = "盗窃",
                Parties =
                [
                    new PartyIn { Name = "汪清县人民检察院", Role = "公诉机关" },
                    new PartyIn { Name = "被告人某甲", Role = "被告人" },
                    new PartyIn { Name = "被告人某乙", Role = "被告人" },
                ],
                Facts = new FilingFacts { Ticks = ["pleads", "agreesProcedure", "factsClear", "settledCivil"], MaxSentenceMonths = 8 },
            },
            Items =
            [
                new TransferItem { Item = "paper", Title = "起诉书" },
                new TransferItem
                {
                    Item = "volume",
                    Title = "证据卷一",
                    Amount = 212,
                },
                new TransferItem
                {
                    Item = "volume",
                    Title = "证据卷二",
                    Amount = 90,
                    Here = false,
                },
                new TransferItem
                {
                    Item = "exhibit",
                    Title = "扳手",
                    Amount = 1,
                    Place = "赃物室三号柜",
                },
            ],
            Accused =
            [
                new CustodyIn
                {
                    Name = "被告人某甲",
                    Measure = "detained",
                    SinceOn = new DateOnly(2026, 1, 10),
                    UntilOn = new DateOnly(2026, 4, 10),
                    Place = "汪清县看守所",
                },
                new CustodyIn { Name = "被告人某乙", Measure = "bail" },
            ],
        };

    [Test]
    public async Task A_prosecution_comes_with_volumes_exhibits_and_custody_that_runs()
    {
        var taken = await App.As("registrar").Send(Prosecution);
        Assert.That((taken.CustodyLeft, taken.Missing), Is.EqualTo(((int?)39, (IReadOnlyList<string>)["证据目录", "强制措施法律文书", "证据卷二"])));
        await App.Send(new ReturnFiling { Id = taken.Id, Missing = taken.Missing });
        Assert.That((await App.Send(new ShowFiling { Id = taken.Id })).Filing.CorrectBy, Is.EqualTo(new DateOnly(2026, 3, 5)), "three days for a prosecutor");
        var item = (await App.Send(new ShowTransfer { FilingId = taken.Id }))!.Items.Single(i => !i.Here);
        await App.Send(
            new MoveTransferItem
            {
                FilingId = taken.Id,
                ItemId = item.Id,
                Place = "立案庭卷柜",
            }
        );
        await App.Send(new CorrectFiling { Id = taken.Id });
        var registered = await App.Send(new RegisterFiling { Id = taken.Id });
        Assert.That(registered.CaseNumber, Does.Contain("刑初1号"));
        Assert.That(
            await App.Value<DateOnly>("SELECT custody_until FROM workzone_case WHERE id = @CaseId", new { registered.CaseId }),
            Is.EqualTo(new DateOnly(2026, 4, 10))
        );
        var row = (await App.Send(new ListTransfers())).Rows.Single();
        Assert.That((row.Volumes, row.Exhibits, row.Missing, row.Detained), Is.EqualTo((2, 1, 0, 1)));
        await Assert.ThatAsync(
            () => App.Send(Prosecution with { Accused = [new CustodyIn { Name = "某", Measure = "detained" }] }),
            Throws.TypeOf<ValidationException>()
        );
        await Assert.ThatAsync(() => App.Send(Prosecution with { Type = "objection" }), Throws.TypeOf<ValidationException>());
        var http = await App.SignedIn("registrar");
        foreach (var type in TransferRules.Types.Keys)
            Assert.That((await http.GetAsync($"/triage/transfers/new?type={type}")).StatusCode, Is.EqualTo(HttpStatusCode.OK), type);
        Assert.That(await http.GetStringAsync("/triage/transfers"), Does.Contain("汪清县人民检察院"));
        Assert.That(await http.GetStringAsync($"/triage/filings/{taken.Id}"), Does.Contain("汪清县看守所").And.Contain("赃物室三号柜"));
    }

    [Test]
    public async Task Appeal_retrial_objection_and_compensation_name_what_they_come_from()
    {
        TakeTransfer Of(string type, string kind, string role, string other, string origin = "（2025）吉2424民初9号") =>
            new()
            {
                Type = type,
                Sender = "某机关",
                Filing = new TakeFiling
                {
                    Kind = kind,
                    Cause = "民间借贷纠纷",
                    Origin = origin,
                    Parties = [new PartyIn { Name = "张某甲", Role = role }, new PartyIn { Name = "王某乙", Role = other }],
                },
            };
        await Assert.ThatAsync(
            () => App.As("registrar").Send(Of("appeal", "civil", "上诉人", "被上诉人", "")),
            Throws.TypeOf<RuleBroken>().With.Property("Code").EqualTo("origin")
        );
        foreach (
            var (transfer, sign) in new[]
            {
                (Of("appeal", "civil", "上诉人", "被上诉人"), "民终"),
                (Of("retrial", "civil", "再审申请人", "被申请人"), "民申"),
                (Of("objection", "enforcement", "申请人", "被申请人"), "执异"),
                (Of("compensation", "compensation", "赔偿请求人", "赔偿义务机关"), "委赔"),
            }
        )
        {
            var taken = await App.Send(transfer);
            Assert.That(taken.Missing, Is.Not.Empty);
            Assert.That((await App.Send(new RegisterFiling { Id = taken.Id })).CaseNumber, Does.Contain(sign));
        }
        var key = await App.WithKey("registrar");
        using var body = new StringContent(
            """{"type":"appeal","items":[null],"accused":[null],"filing":{"parties":[null]}}""",
            Encoding.UTF8,
            "application/json"
        );
        Assert.That((int)(await key.PostAsync("/api/v1/transfers", body)).StatusCode, Is.EqualTo(422));
        Assert.That(await key.GetStringAsync("/api/v1/transfers?type=appeal"), Does.Contain("某机关"));
    }

    [Test]
    public async Task Five_hundred_suits_in_one_file_are_registered_and_go_by_the_model()
    {
        var lines = new StringBuilder("\uFEFF姓名,证件号码,电话,金额,请求\n");
        for (var i = 1; i <= 500; i++)
            lines.Append(CultureInfo.InvariantCulture, $"业主{i},,{13900000000L + i},{1000 + i}.50,支付物业费\n");
        var take = new TakeSeries
        {
            Cause = "物业服务合同纠纷",
            Claimant = new PartyIn { Name = "虚构物业服务有限公司" },
            Lines = lines.ToString(),
            Ticks = ["factsClear", "rightsClear", "disputeSmall"],
        };
        await Assert.ThatAsync(
            () => App.As("registrar").Send(take with { Lines = take.Lines + "多一人,,,1," }),
            Throws.TypeOf<RuleBroken>().With.Property("Code").EqualTo("too-many")
        );
        var taken = await App.Send(take);
        Assert.That((taken.Taken, taken.Faults.Count), Is.EqualTo((500, 0)));
        await App.Send(new RegisterSeries { Id = taken.Id });
        await App.RunJob<WorkOnSeries>();
        var show = await App.As("registrar").Send(new ShowSeries { Id = taken.Id });
        Assert.That((show.Series.State, show.Series.Registered, show.Cases.Count, show.Next), Is.EqualTo(("registered", 500, 100, (int?)101)));
        Assert.That(await App.Value<int>("SELECT COUNT(DISTINCT serial) FROM workzone_case WHERE source = 'triage'"), Is.EqualTo(500));
        Assert.That(await App.Value<int>("SELECT MAX(serial) FROM workzone_case WHERE source = 'triage'"), Is.EqualTo(500), "no gap");
        Assert.That(await App.Value<int>("SELECT COUNT(*) FROM triage_split WHERE weight < 30"), Is.EqualTo(499), "all but the first weigh less");
        var model = show.Cases[0];
        await App.Send(
            new ChooseModel
            {
                Id = taken.Id,
                FilingId = model.FilingId,
                WakeOn = new DateOnly(2026, 4, 2),
            }
        );
        await Assert.ThatAsync(
            () => App.Send(new ApplyModel { Id = taken.Id, Elements = [new("合同效力", "有效")] }),
            Throws.TypeOf<RuleBroken>().With.Property("Code").EqualTo("model-open")
        );
        App.Advance(TimeSpan.FromDays(32));
        await App.RunJob<WorkOnSeries>();
        Assert.That((await App.As("registrar").Send(new ShowSeries { Id = taken.Id })).Series.WokenAt, Is.Not.Null);
        await App.As(null)
            .In(async s =>
            {
                var db = s.GetRequiredService<Kernel.Data.Db>();
                await db.BeginAsync();
                await s.GetRequiredService<ICaseRegister>().CloseAsync(model.CaseId!.Value, "judgment", new DateOnly(2026, 4, 3));
                await db.CommitAsync();
            });
        var result = await App.As("registrar")
            .Send(
                new ApplyModel
                {
                    Id = taken.Id,
                    Elements = [new("合同效力", "有效"), new("服务瑕疵", "不足以免除")],
                    Differs = new Dictionary<long, IReadOnlyList<string>> { [show.Cases[1].FilingId] = ["服务瑕疵"] },
                }
            );
        Assert.That((result.Applied, result.Own), Is.EqualTo((498, 1)));
        Assert.That((await App.Send(new ShowSeries { Id = taken.Id })).Cases[1].Answers.Select(a => a.Same), Is.EqualTo(new[] { true, false }));
        var http = await App.SignedIn("registrar");
        Assert.That(await http.GetStringAsync($"/triage/series/{taken.Id}"), Does.Contain("参照示范结果").And.Contain("业主2"));
        Assert.That(await http.GetStringAsync("/triage/series"), Does.Contain("已参照示范结果"));
    }

    [Test]
    public void A_list_is_read_row_by_row_however_it_is_written()
    {
        var lines = SeriesReading.Read(
            "姓名;证件号码;电话;金额\n\n甲\u200B;;13900000001;100\n乙\t990101198001010011\t\t5\n丙,,,1.234\n甲,,13900000001,7\n丁，，，8元\n",
            "被告"
        );
        Assert.That(
            lines.Select(l => (l.Row, l.Party.Name, l.Amount, l.Fault is null)),
            Is.EqualTo(new[] { (3, "甲", (decimal?)100m, true), (4, "乙", 5m, false), (5, "丙", null, false), (6, "甲", 7m, false), (7, "丁", 8m, true) })
        );
    }

    [Test]
    public async Task A_year_of_five_hundred_filings_has_the_rates_of_the_board_computed_another_way()
    {
        var random = new Random(2026);
        (string Cause, string Kind, int Share)[] mix =
        [
            ("民间借贷纠纷", "civil", 26),
            ("买卖合同纠纷", "civil", 16),
            ("离婚纠纷", "civil", 14),
            ("物业服务合同纠纷", "civil", 12),
            ("机动车交通事故责任纠纷", "civil", 8),
            ("建设工程施工合同纠纷", "civil", 5),
            ("行政处罚", "admin", 4),
            ("盗窃", "criminal", 15),
        ];
        await App.As("registrar")
            .Send(
                new SaveMediator
                {
                    Name = "调解某一",
                    Skills = "借贷 离婚 物业",
                    MostOpen = 200,
                }
            );
        App.At(new DateTimeOffset(2026, 1, 4, 9, 0, 0, TimeSpan.FromHours(8)));
        var truth = new Dictionary<string, int>();
        void Count(string what) => truth[what] = truth.GetValueOrDefault(what) + 1;
        var running = new List<(long Id, bool Agrees)>();
        for (var i = 0; i < 500; i++)
        {
            if (i % 10 == 9)
                App.Advance(TimeSpan.FromDays(7));
            var roll = random.Next(mix.Sum(m => m.Share));
            var (cause, kind, _) = mix.First(m => (roll -= m.Share) < 0);
            var roles = CaseKinds.UsualRoles(kind);
            string[] ticks = kind switch
            {
                "civil" => random.Next(3) > 0 ? ["factsClear", "rightsClear", "disputeSmall"]
                : random.Next(4) == 0 ? ["expert", "counterclaim"]
                : [],
                "criminal" => ["pleads", "agreesProcedure", "factsClear", "settledCivil"],
                _ => ["factsClear"],
            };
            var taken = await App.As("registrar")
                .Send(
                    new TakeFiling
                    {
                        Kind = kind,
                        Cause = cause,
                        Claims = kind == "civil" && cause != "离婚纠纷" ? [new ClaimIn { Type = "money", Amount = random.Next(1, 300) * 1000m }] : [],
                        Parties = [new PartyIn { Name = $"原告{i}", Role = roles.Claimant }, new PartyIn { Name = $"被告{i}", Role = roles.Other }],
                        Facts = new FilingFacts { Ticks = ticks, MaxSentenceMonths = kind == "criminal" ? random.Next(3, 60) : null },
                    }
                );
            Count("received");
            var fate = random.Next(100);
            if (fate < 6)
            {
                await App.Send(
                    new RefuseFiling
                    {
                        Id = taken.Id,
                        Reason = "不属于本院管辖",
                        Complaint = "12368",
                    }
                );
                Count("refused");
                continue;
            }
            if (fate < 14)
            {
                await App.Send(new ReturnFiling { Id = taken.Id, Missing = ["身份证明"] });
                await App.Send(new CorrectFiling { Id = taken.Id });
                Count("returned");
            }
            var registered = await App.Send(new RegisterFiling { Id = taken.Id });
            Count("registered");
            Count("band:" + registered.Band);
            if (kind == "civil")
                Count("civil");
            var show = (await App.Send(new ShowFiling { Id = taken.Id })).Filing;
            Assert.That(CaseKinds.ProceduresOf(kind, show.CaseType), Does.Contain(show.ProcedureCode), "every case in a track");
            Assert.That(show.Why, kind == "civil" ? Does.Contain("text") : Is.Not.Empty, "with its reason");
            if (!Suitability.IsSuitable(kind, show.CaseType, cause) || random.Next(2) == 0)
                continue;
            var id = await App.Send(new BeginMediation { FilingId = taken.Id });
            Count("mediated");
            if (random.Next(4) == 0)
            {
                await App.Send(new RecordConsent { Id = id, Agrees = false });
                continue;
            }
            await App.Send(new RecordConsent { Id = id, Agrees = true });
            var named = await App.Send(new AssignMediator { Id = id });
            await App.As(null).Send(new ActByLink { Token = named.Token, Act = "accept" });
            running.Add((id, random.Next(3) > 0));
        }
        await App.DrainAsync();
        foreach (var (id, agrees) in running)
        {
            await App.As("registrar")
                .Send(
                    new EndMediation
                    {
                        Id = id,
                        Outcome = agrees ? "withdrawn" : "failed",
                        Reason = "结果",
                    }
                );
            Count(agrees ? "agreed" : "failed");
        }
        var board = (await App.As("registrar").Send(new ShowBoard { From = new DateOnly(2026, 1, 1), Until = new DateOnly(2026, 12, 31) })).Courts.Single(c =>
            c.Court == Sample.Court
        );
        Assert.That(
            (board.Received, board.Refused, board.Returned, board.Registered, board.CivilRegistered, board.Mediated, board.Agreed, board.NotAgreed),
            Is.EqualTo(
                (
                    truth["received"],
                    truth["refused"],
                    truth["returned"],
                    truth["registered"],
                    truth["civil"],
                    truth["mediated"],
                    truth["agreed"],
                    truth["failed"]
                )
            )
        );
        Assert.That(
            (board.Fast, board.SummaryTrack, board.Ordinary, board.Complex),
            Is.EqualTo(
                (
                    truth.GetValueOrDefault("band:fast"),
                    truth.GetValueOrDefault("band:summary"),
                    truth.GetValueOrDefault("band:ordinary"),
                    truth.GetValueOrDefault("band:complex")
                )
            )
        );
        Assert.That(board.Diversion, Is.EqualTo(decimal.Round(100m * truth["agreed"] / truth["civil"], 1, MidpointRounding.AwayFromZero)));
        // a third way: the mediators' own page
        var pool = await App.Send(new ListMediators { From = new DateOnly(2026, 1, 1), Until = new DateOnly(2027, 12, 31) });
        Assert.That(pool.ByCause.Sum(c => c.Agreed), Is.EqualTo(truth["agreed"]));
        Assert.That(pool.ByMediator.Single().Ended, Is.EqualTo(truth["agreed"] + truth["failed"]));
        TestContext.Out.WriteLine(
            string.Join(", ", truth.OrderBy(t => t.Key).Select(t => $"{t.Key} {t.Value}"))
                + $"; diversion {board.Diversion} %, success {board.MediationSuccess} %"
        );
        var http = await App.SignedIn("registrar");
        Assert.That(await http.GetStringAsync("/triage/board?from=2026-01-01&until=2026-12-31"), Does.Contain("分流率"));
        var key = await App.WithKey("registrar");
        Assert.That(await key.GetStringAsync("/api/v1/triage-board"), Does.Contain("\"stars\":"));
        Assert.That((int)(await key.GetAsync("/api/v1/triage-board?from=0001-01-01&until=9999-12-31")).StatusCode, Is.EqualTo(422));
    }

    [Test]
    public void A_star_is_earned_by_its_standard_and_none_without_figures()
    {
        var none = BoardRules.Stars(new CourtFigures(), new StarStandards());
        Assert.That(none.Count(s => s.Earned), Is.Zero);
        var all = BoardRules.Stars(
            new CourtFigures
            {
                Contacts = 100,
                ContactsInTime = 95,
                Received = 50,
                Late = 1,
                Marks = 2,
                MarkSum = 9,
                CrossTaken = 1,
                CrossPassedInTime = 1,
                DutyDays = 27,
                Days = 30,
            },
            new StarStandards()
        );
        Assert.That(
            all.Select(s => (s.Reached, s.Earned)),
            Is.EqualTo(new[] { ((decimal?)95.0m, true), (98.0m, true), (4.5m, true), (100.0m, true), (90.0m, true) })
        );
    }
}
