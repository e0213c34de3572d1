using System.Text;
using CourtOps.Contracts;
using CourtOps.Kernel.Messaging;
using CourtOps.Workzone.Cases;
using CourtOps.Workzone.People;
using CourtOps.Workzone.Rights;
using Microsoft.Extensions.DependencyInjection;

namespace CourtOps.Workzone.Imports;

[TestFixtureSource(typeof(Engines), nameof(Engines.All))]
public sealed class ImportTests(Engine engine) : AppTests(engine)
{
    private static readonly SampleParty Plaintiff = new("张某甲", "原告");
    private static readonly SampleParty Defendant = SampleParty.Provided;

    static ImportTests() => Encoding.RegisterProvider(CodePagesEncodingProvider.Instance);

    [Test]
    public async Task A_list_brings_cases_under_control_at_once()
    {
        var (summary, _) = await App.Import(List(1));
        Assert.That((summary.State, summary.Created, summary.Refused), Is.EqualTo(("done", 1, 0)));
        var published = (await App.Published<CaseImported>()).Single().Cases.Single();
        Assert.That((published.Number, published.JudgeId, published.Updated), Is.EqualTo((Sample.Number(1), (long?)await App.IdOf("judge"), false)));
        var shown = await App.As("judge").Send(new ShowCase { Id = published.CaseId });
        Assert.That(shown.Clock?.End, Is.Not.Null);
        Assert.That(shown.Parties.Select(p => p.Name), Is.EqualTo(new[] { "张某甲", "王某乙" }));
        Assert.That((await App.As("assistant").Send(new ShowCase { Id = published.CaseId })).Case.Id, Is.EqualTo(published.CaseId), "the judge's team");
        foreach (var (person, sees) in new[] { ("judge", true), ("assistant", true), ("clerk", false), ("judge-yanji", false) })
        {
            var desk = await App.As(person).Send(new Pages.Index.Query());
            Assert.That(
                (desk.New.Select(c => c.Id), desk.Cases.Select(c => c.Id)),
                Is.EqualTo(sees ? ((IEnumerable<long>)[published.CaseId], (IEnumerable<long>)[published.CaseId]) : ([], [])),
                $"the desk of {person}"
            );
        }
        App.Advance(TimeSpan.FromDays(8));
        Assert.That((await App.As("judge").Send(new Pages.Index.Query())).New, Is.Empty, "after a week it is new no more");
    }

    [TestCase("utf-8", false)]
    [TestCase("utf-8", true)]
    [TestCase("GB18030", false)]
    public async Task Rare_characters_survive_every_encoding(string encoding, bool mark)
    {
        const string name = "𠮷𬎆·阿卜杜热西提"; // four bytes each in GB18030, outside the first plane
        var csv = Sample.Csv(Sample.Row(Sample.Number(1), Plaintiff), Sample.Row(Sample.Number(1), Defendant with { Name = name }));
        var bytes = Encoding.GetEncoding(encoding).GetBytes(csv);
        var (summary, outcomes) = await App.Import(mark ? [0xEF, 0xBB, 0xBF, .. bytes] : bytes);
        Assert.That(summary.Created, Is.EqualTo(1), string.Join(';', outcomes.SelectMany(o => o.Errors)));
        Assert.That(await App.As(null).Rows<string>("SELECT name FROM workzone_party ORDER BY ordinal"), Is.EqualTo(new[] { "张某甲", name }));
    }

    [Test]
    public async Task A_sign_that_no_text_may_hold_is_left_out_and_holds_nothing_up()
    {
        var (summary, outcomes) = await App.Import(
            Sample.Csv(Sample.Row(Sample.Number(1), Plaintiff), Sample.Row(Sample.Number(1), Defendant with { Name = "王\uFFFE某\u0001乙\u202E" }))
        );
        Assert.That((summary.State, summary.Created), Is.EqualTo(("done", 1)), string.Join(';', outcomes.SelectMany(o => o.Errors)));
        Assert.That(await App.As(null).Rows<string>("SELECT name FROM workzone_party ORDER BY ordinal"), Is.EqualTo(new[] { "张某甲", "王某乙" }));
    }

    [TestCase("utf-16")]
    [TestCase("utf-16BE")]
    public async Task Utf_16_is_refused_and_told_what_to_do(string encoding)
    {
        var bytes = Encoding.GetEncoding(encoding);
        await Refused([.. bytes.GetPreamble(), .. bytes.GetBytes(List(1))], "UTF-16");
        await Refused(bytes.GetBytes(List(1)), "文件"); // without its mark it is no text at all
    }

    [Test]
    public async Task Files_that_are_no_lists_are_refused_whole()
    {
        await Refused([], "空");
        await Refused([.. "PK"u8, 3, 4, 5, 6], "Excel");
        await Refused([.. Encoding.UTF8.GetBytes(Sample.Header + "\n"), 0x81, 0x20, 0xFF, 0xFF], "编码");
        await Refused(Encoding.UTF8.GetBytes(Sample.Header + "\n"), "没有案件");
        await Refused(Encoding.UTF8.GetBytes("案号,法院\n1,2\n"), "案由");
        await Refused(Encoding.UTF8.GetBytes(Sample.Header + ",案号\n"), "两次");
        await Refused(Encoding.UTF8.GetBytes(Sample.Header + "\n\"（2026）吉\"2424民初1号,x\n"), "引号");
        await Refused(Encoding.UTF8.GetBytes(List(1) + new string('x', 5000) + "\n"), "4000");
        await Refused("""[{"caseNumber":"x"},"""u8.ToArray(), "JSON", "json");
        await Refused("""{"caseNumber":"x"}"""u8.ToArray(), "JSON", "json");
        Assert.That(await App.As(null).Value<int>("SELECT COUNT(*) FROM workzone_case"), Is.Zero);
        Assert.That(Directory.GetFiles(Path.Combine(App.Folder, "imports")), Is.Empty, "nothing of a refused file is kept");
    }

    [TestCase("2026吉2424民初", "caseNumber")]
    [TestCase("（2026）吉2424民初一号", "caseNumber")]
    [TestCase("（2026）吉2401民初1号", "caseNumber")]
    public async Task A_malformed_or_foreign_case_number_is_refused_with_field_and_reason(string number, string field)
    {
        var (summary, outcomes) = await App.Import(
            Sample.Csv(Sample.Row(number, Plaintiff), Sample.Row(Sample.Number(2), Plaintiff), Sample.Row(Sample.Number(2), Defendant))
        );
        Assert.That((summary.Refused, summary.Created), Is.EqualTo((1, 1)), "the other case comes in");
        var refused = outcomes.Single(o => o.Outcome == "refused");
        Assert.That(refused.Row, Is.EqualTo(2));
        Assert.That(refused.Errors.Select(e => e.Field), Is.EqualTo(new[] { field }));
        Assert.That(refused.Errors.Single().Reason, Is.Not.Empty);
    }

    [Test]
    public async Task A_row_without_a_case_number_is_refused_and_not_forgotten()
    {
        var (summary, outcomes) = await App.Import(Sample.Csv(Sample.Row("", Plaintiff), Sample.Row(Sample.Number(2), Plaintiff), Sample.Row("", Defendant)));
        Assert.That((summary.Total, summary.Refused, summary.Created), Is.EqualTo((3, 2, 1)));
        Assert.That(outcomes.Where(o => o.Outcome == "refused").Select(o => o.Row), Is.EqualTo(new[] { 2, 4 }));
    }

    [Test]
    public async Task Duplicate_parties_and_conflicting_rows_are_refused()
    {
        var twice = await App.Import(Sample.Csv(Sample.Row(Sample.Number(1), Plaintiff), Sample.Row(Sample.Number(1), Plaintiff)));
        Assert.That(twice.Outcomes.Single().Errors.Single().Reason, Does.Contain("重复").And.Contain("3"));
        var conflict = await App.Import(Sample.Csv(Sample.Row(Sample.Number(2), Plaintiff), Sample.Row(Sample.Number(2), Defendant, cause: "离婚纠纷")));
        Assert.That(conflict.Outcomes.Single().Errors.Select(e => e.Field), Is.EqualTo(new[] { "cause" }));
    }

    [Test]
    public async Task An_unknown_judge_or_court_is_refused_with_the_names_that_are_near()
    {
        var judge = await App.Import(Sample.Csv(Sample.Row(Sample.Number(1), Plaintiff, judge: "李测式")));
        Assert.That(judge.Outcomes.Single().Errors.Single().Reason, Does.Contain("李测试"));
        var court = await App.Import(Sample.Csv(Sample.Row(Sample.Number(1), Plaintiff, court: "汪清县法院")));
        Assert.That(court.Outcomes.Single().Errors.Single().Reason, Does.Contain("汪清县人民法院"));
        var clerk = await App.Import(Sample.Csv(Sample.Row(Sample.Number(1), Plaintiff, judge: "clerk")));
        Assert.That(clerk.Summary.Refused, Is.EqualTo(1), "a clerk is no judge");
    }

    [Test]
    public async Task Another_courts_cases_are_not_taken_from_this_person()
    {
        var (summary, outcomes) = await App.Import(Sample.Csv(Sample.Row("（2026）吉2401民初1号", Plaintiff, judge: "", court: "延吉市人民法院")));
        Assert.That((summary.Created, outcomes.Single().Errors.Single().Field), Is.EqualTo((0, "court")));
        await Assert.ThatAsync(() => App.Import(List(1), "judge"), Throws.TypeOf<Forbidden>());
    }

    [TestCase("filed", "2026-13-01")]
    [TestCase("filed", "2026-03-03")] // tomorrow
    [TestCase("filed", "1979-12-31")]
    [TestCase("email", "not an address")]
    [TestCase("eService", "maybe")]
    [TestCase("language", "fr")]
    public async Task A_field_that_cannot_be_is_named(string what, string value)
    {
        var party = what switch
        {
            "email" => Defendant with { Email = value },
            "eService" => Defendant with { EService = value },
            "language" => Defendant with { Language = value },
            _ => Defendant,
        };
        var (_, outcomes) = await App.Import(Sample.Csv(Sample.Row(Sample.Number(1), party, judge: "", filed: what == "filed" ? value : "2026-02-02")));
        Assert.That(outcomes.Single().Outcome, Is.EqualTo("refused"));
        Assert.That(outcomes.Single().Errors.Select(e => (e.Field, e.Value)), Does.Contain((what == "filed" ? "filedOn" : what, value)));
    }

    [Test]
    public async Task The_same_list_again_changes_nothing_whatever_the_order_of_its_rows()
    {
        await App.Import(List(1));
        await App.DrainAsync();
        var before = await App.As(null).Rows<string>("SELECT CONCAT(id, ':', version, ':', changed_at) FROM workzone_case");
        App.Advance(TimeSpan.FromDays(1));
        var (summary, _) = await App.Import(Sample.Csv(Sample.Row(Sample.Number(1), Defendant), Sample.Row(Sample.Number(1), Plaintiff)));
        Assert.That((summary.Unchanged, summary.Updated), Is.EqualTo((1, 0)));
        Assert.That(await App.As(null).Rows<string>("SELECT CONCAT(id, ':', version, ':', changed_at) FROM workzone_case"), Is.EqualTo(before));
        Assert.That(await App.Published<CaseImported>(), Has.Count.EqualTo(1));
    }

    [Test]
    public async Task A_changed_row_updates_the_case_and_moves_access_to_the_new_judge()
    {
        await App.Import(List(1));
        var id = await App.As(null).Value<long>("SELECT id FROM workzone_case");
        App.Advance(TimeSpan.FromDays(1));
        var (summary, _) = await App.Import(
            Sample.Csv(
                Sample.Row(Sample.Number(1), Plaintiff, "judge2"),
                Sample.Row(Sample.Number(1), Defendant with { Email = "new@party.example" }, "judge2")
            )
        );
        Assert.That(summary.Updated, Is.EqualTo(1));
        Assert.That((await App.As("judge2").Send(new ShowCase { Id = id })).Parties[1].EmailHint, Is.EqualTo("ne***@party.example"));
        await Assert.ThatAsync(() => App.As("judge").Send(new ShowCase { Id = id }), Throws.TypeOf<NotFound>());
        await Assert.ThatAsync(() => App.As("assistant").Send(new ShowCase { Id = id }), Throws.TypeOf<NotFound>(), "nor the old team");
        Assert.That((await App.Published<CaseImported>())[^1].Cases.Single().Updated, Is.True);
    }

    [Test]
    public async Task A_run_that_was_cut_off_is_taken_up_where_it_stopped()
    {
        var csv = Sample.Csv([
            .. Enumerable.Range(1, 620).SelectMany(n => new[] { Sample.Row(Sample.Number(n), Plaintiff), Sample.Row(Sample.Number(n), Defendant) }),
        ]);
        App.As("registrar");
        var id = await App.In(async s =>
        {
            var import = s.GetRequiredService<ICaseImport>();
            using var stream = new MemoryStream(Encoding.UTF8.GetBytes(csv));
            var (begun, _) = await import.BeginAsync(new CaseList(stream, "list.csv", "csv"), default);
            // the first runner stages, takes one chunk, and is gone
            var mediator = s.GetRequiredService<MediatR.IMediator>();
            var rows = new List<CaseRow>();
            await foreach (var row in CaseFile.ReadAsync(Path.Combine(App.Folder, "imports", $"{begun}"), "csv", default))
                rows.Add(row);
            Assert.That(await mediator.Send(new TakeImport { Id = begun, Runner = 1 }), Is.EqualTo("staging"));
            await mediator.Send(
                new StageRows
                {
                    Id = begun,
                    Runner = 1,
                    Rows = rows,
                    Last = true,
                }
            );
            return begun;
        });
        Assert.That(await App.Send(new ImportChunk { Id = id, Runner = 1 }), Is.True);
        Assert.That(await App.As(null).Value<int>("SELECT COUNT(*) FROM workzone_case"), Is.EqualTo(ImportChunk.Size));
        App.Advance(TimeSpan.FromMinutes(3)); // the pump of a host finds it
        await App.DrainAsync();
        var summary = (await App.As("registrar").Send(new ImportState { Id = id })).Summary;
        Assert.That((summary.State, summary.Created, summary.Total), Is.EqualTo(("done", 620, 620)));
        Assert.That((await App.Published<CaseImported>()).SelectMany(c => c.Cases).Select(c => c.CaseId).ToList(), Is.Unique.And.Count.EqualTo(620));
        Assert.That(await App.As(null).Value<int>("SELECT COUNT(*) FROM workzone_import_row"), Is.Zero, "nothing of the rows stays behind");
        Assert.That(await App.Verify(), Is.Empty);
    }

    [Test]
    public async Task Staging_that_was_cut_off_begins_again()
    {
        App.As("registrar");
        var id = await App.In(async s =>
        {
            using var stream = new MemoryStream(Encoding.UTF8.GetBytes(List(1)));
            var (begun, _) = await s.GetRequiredService<ICaseImport>().BeginAsync(new CaseList(stream, "list.csv", "csv"), default);
            var mediator = s.GetRequiredService<MediatR.IMediator>();
            Assert.That(await mediator.Send(new TakeImport { Id = begun, Runner = 1 }), Is.EqualTo("staging"));
            await mediator.Send(
                new StageRows
                {
                    Id = begun,
                    Runner = 1,
                    Rows = [new CaseRow { Row = 2, CaseNumber = "half" }],
                }
            );
            return begun;
        });
        App.Advance(TimeSpan.FromMinutes(3));
        await App.DrainAsync();
        var summary = (await App.As("registrar").Send(new ImportState { Id = id })).Summary;
        Assert.That((summary.Created, summary.Refused), Is.EqualTo((1, 0)));
    }

    [Test]
    public async Task An_import_that_runs_is_waited_for_and_one_that_fell_silent_is_taken_over()
    {
        App.As("registrar");
        var id = await App.In(async s =>
        {
            using var stream = new MemoryStream(Encoding.UTF8.GetBytes(List(1)));
            return (await s.GetRequiredService<ICaseImport>().BeginAsync(new CaseList(stream, "list.csv", "csv"), default)).Id;
        });
        Assert.That(await App.Send(new TakeImport { Id = id, Runner = 1 }), Is.EqualTo("staging"));
        Assert.That(await App.Send(new TakeImport { Id = id, Runner = 2 }), Is.Null, "the first is alive");
        var second = App.In(s => s.GetRequiredService<ICaseImport>().RunAsync(id, default));
        await Task.WhenAny(second, Task.Delay(700)); // that it does not end can only be waited for
        Assert.That(second.IsCompleted, Is.False, "it waits");
        App.Advance(ImportHold.Silence + TimeSpan.FromSeconds(1));
        Assert.That((await second).Created, Is.EqualTo(1));
        // the first wakes up
        await Assert.ThatAsync(
            () =>
                App.Send(
                    new StageRows
                    {
                        Id = id,
                        Runner = 1,
                        Rows = [new CaseRow { Row = 2, CaseNumber = "late" }],
                    }
                ),
            Throws.TypeOf<TakenOver>()
        );
        await Assert.ThatAsync(
            () =>
                App.Send(
                    new FailImport
                    {
                        Id = id,
                        Runner = 1,
                        Message = "late",
                    }
                ),
            Throws.TypeOf<TakenOver>()
        );
        Assert.That((await App.Send(new ImportState { Id = id })).State, Is.EqualTo("done"));
        Assert.That(await App.As(null).Value<int>("SELECT COUNT(*) FROM workzone_import_row"), Is.Zero);
    }

    [TestCase("", 1, TestName = "Taken up again it goes on in the court it was begun in")]
    [TestCase("role", 0, TestName = "but not when the role there has ended")]
    [TestCase("key", 0, TestName = "nor when the key it was begun with is revoked")]
    [TestCase("narrowed", 0, TestName = "nor with a key that may not import")]
    public async Task Taken_up_again(string lost, int cases)
    {
        // at home this judge imports nothing; in the second court the person leads triage
        var (person, court) = (await App.IdOf("judge-yanji"), await App.As(null).Value<long>("SELECT id FROM workzone_court WHERE code = '吉2424'"));
        await App.In(async s =>
        {
            var db = s.GetRequiredService<Kernel.Data.Db>();
            await db.BeginAsync();
            await s.GetRequiredService<RightsBook>()
                .GrantAsync(
                    person,
                    [
                        new RoleGrant
                        {
                            Role = "lead",
                            Centre = "triage",
                            CourtId = court,
                        },
                    ],
                    "test",
                    "test",
                    null,
                    default
                );
            var secret = await s.GetRequiredService<KeyMaker>().MakeAsync(new KeyBody(person, "judge-yanji", "test", court, null, 600, 30), default);
            await db.CommitAsync();
            var actor = s.GetRequiredService<Kernel.Security.Actor>();
            Assert.That(await s.GetRequiredService<IAccounts>().ActByKeyAsync(actor, secret), Is.EqualTo(KeyEnd.Done));
            using var file = new MemoryStream(Encoding.UTF8.GetBytes(List(1)));
            await s.GetRequiredService<ICaseImport>().BeginAsync(new CaseList(file, "list.csv", "csv"), default);
        });
        if (lost == "role")
            await App.As("secadmin")
                .Send(
                    new TakeRole
                    {
                        PersonId = person,
                        Code = "lead:triage",
                        CourtId = court,
                    }
                );
        else if (lost == "key")
            await App.As(null).Change("UPDATE workzone_api_key SET revoked_at = @now", new { now = App.Clock.GetUtcNow() });
        else if (lost == "narrowed")
            await App.As(null).Change("UPDATE workzone_api_key SET only_actions = '[\"workzone.cases.read\"]'");
        App.Advance(TimeSpan.FromMinutes(3));
        await App.DrainAsync();
        Assert.That(await App.As(null).Value<int>("SELECT COUNT(*) FROM workzone_case"), Is.EqualTo(cases));
        Assert.That(
            (await App.Value<string>("SELECT state FROM workzone_import"), await App.Value<int>("SELECT COUNT(*) FROM workzone_import_row")),
            Is.EqualTo((cases > 0 ? "done" : "failed", 0))
        );
    }

    [Test]
    public async Task Secrets_of_parties_are_not_in_the_clear_anywhere_in_the_database()
    {
        await App.Import(
            Sample.Csv(
                Sample.Row(Sample.Number(1), Defendant with { IdNumber = "990101198001012340", Phone = "13899998888", Email = "hidden.person@party.example" })
            )
        );
        await App.DrainAsync();
        var bytes =
            Encoding.Latin1.GetString(await ReadShared(Path.Combine(App.Folder, "courtops.db")))
            + Encoding.Latin1.GetString(await ReadShared(Path.Combine(App.Folder, "courtops.db-wal")));
        foreach (var secret in new[] { "990101198001012340", "13899998888", "hidden.person" })
            Assert.That(bytes, Does.Not.Contain(secret));
    }

    [Test]
    public async Task The_inspection_names_what_is_missing_in_a_row()
    {
        await App.Import(
            Sample.Csv(Sample.Row(Sample.Number(1), new SampleParty("张某甲", "原告") { IdNumber = "990101198001010018", Phone = "" }, judge: ""))
        );
        var codes = await App.As(null).Rows<string>("SELECT code FROM workzone_inspection ORDER BY id");
        Assert.That(codes, Is.EqualTo(new[] { "not-allotted", "one-side-only", "id-wrong", "unreachable" }));
    }

    private static string List(int serial) => Sample.Csv(Sample.Row(Sample.Number(serial), Plaintiff), Sample.Row(Sample.Number(serial), Defendant));

    private async Task Refused(byte[] file, string reason, string format = "csv") =>
        await Assert.ThatAsync(() => App.Import(file, format), Throws.TypeOf<RuleBroken>().With.Message.Contains(reason), reason);

    private static async Task<byte[]> ReadShared(string path)
    {
        if (!File.Exists(path))
            return [];
        await using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        using var copy = new MemoryStream();
        await file.CopyToAsync(copy);
        return copy.ToArray();
    }
}
