using CourtOps.Kernel.Messaging;
using CourtOps.Kernel.Security;
using FluentValidation;
using MediatR;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace CourtOps.SystemTests.Architecture;

/// <summary>Each rule is given a planted violation and must find it; and the same thing done well, which it must let pass.</summary>
public sealed class TestersOfTheTests() : AppTests(Engine.Sqlite)
{
    [Test]
    public void A_reference_to_another_centre_is_found()
    {
        Assert.That(
            Rules.References("Cataloguing", ["CourtOps.Kernel", "CourtOps.ServiceOfDocuments"]),
            Is.EqualTo(new[] { "Cataloguing references CourtOps.ServiceOfDocuments" })
        );
        Assert.That(Rules.References("Workzone", ["CourtOps.Triage"]), Is.Not.Empty);
        Assert.That(Rules.References("Kernel", ["CourtOps.Workzone"]), Is.Not.Empty);
        Assert.That(Rules.References("Cataloguing", ["CourtOps.Kernel", "CourtOps.Contracts", "CourtOps.Law", "CourtOps.Workzone"]), Is.Empty);
    }

    [Test]
    public void Texts_that_are_added_are_one_and_calls_stand_on_one_line()
    {
        var code = "throw new RuleBroken(\n    $\"第 {x(\"a\" + \"b\")} 行\"\n        + \"有误\",\n    \"code\"\n);";
        Assert.That(CSharpText.Literals(code).Select(l => l.Text), Is.EqualTo(new[] { "ab", "第 {x} 行有误", "code" }));
        Assert.That(CSharpText.OneLine(code), Is.EqualTo("throw new RuleBroken($\"第 {x(\"a\" + \"b\")} 行有误\", \"code\");"));
        Assert.That(CSharpText.OneLine("a(\n  \"x\"\n    + b\n)\n  .C();"), Is.EqualTo("a(\"x\" + b).C();"));
        Assert.That(CSharpText.Literals("var a = \"SELECT x\";\nvar b = \"y\" + c + \"z\";").Select(l => l.Text), Is.EqualTo(new[] { "SELECT x", "y", "z" }));
    }

    private sealed record LongText
    {
        public string Lines { get; init; } = "";

        [FileText]
        public string File { get; init; } = "";

        internal sealed class Validator : AbstractValidator<LongText>
        {
            public Validator()
            {
                RuleFor(c => c.Lines).MaximumLength(PlainText.Most + 1);
                RuleFor(c => c.File).MaximumLength(PlainText.Most + 1);
            }
        }
    }

    [Test]
    public void A_text_longer_than_what_is_typed_and_not_said_to_be_a_file_is_found()
    {
        Assert.That(Rules.LongTexts([typeof(LongText.Validator)]).Single(), Does.StartWith("LongText.Lines"));
        Assert.That(PlainText.FirstFault(new LongText { File = new string('a', PlainText.Most + 1) }), Is.Null);
        Assert.That(PlainText.FirstFault(new LongText { Lines = new string('a', PlainText.Most + 1) })?.Field, Is.EqualTo("Lines"));
        Assert.That(PlainText.FirstFault(new LongText { File = "a\0" })?.Field, Is.EqualTo("File"));
    }

    [Test]
    public void A_type_of_another_centre_is_found()
    {
        Assert.That(Rules.Names("Cataloguing", [Source("using CourtOps.ServiceOfDocuments.Tasks;")]), Is.Not.Empty);
        Assert.That(Rules.Names("Workzone", [Source("var x = new CourtOps.Enforcement.EnforcementModule();")]), Is.Not.Empty);
        Assert.That(Rules.Names("Cataloguing", [Source("using CourtOps.Cataloguing.Efile; using CourtOps.Workzone;")]), Is.Empty);
    }

    [TestCase("var sql = \" AND c.sealed = 0\";", true)]
    [TestCase("db.QueryAsync(\"SELECT 1 FROM workzone_recused x WHERE x.case_id = n.case_id\")", true)]
    [TestCase("db.QueryAsync($\"SELECT id FROM a WHERE EXISTS (SELECT 1 FROM workzone_access x WHERE x.case_id = {id})\")", true)]
    [TestCase("db.QueryAsync($\"SELECT n.id FROM service_notice n WHERE {orders.Seen(\"n.order_id\")}\")", false)]
    [TestCase("internal sealed class X { string text = \"sealed\"; }", false)]
    public void Words_of_access_in_a_centres_sql_are_found(string code, bool found) => Assert.That(Rules.AccessWords([Source(code)]).Any(), Is.EqualTo(found));

    [TestCase("db.QueryAsync(\"SELECT id FROM service_notice\")")]
    [TestCase("const string Sql = \"\"\"\n    SELECT i.id\n    FROM cataloguing_item i JOIN service_task t ON t.id = i.id\n    \"\"\";")]
    [TestCase("var sql = $\"SELECT id FROM workzone_case WHERE {where}\";")]
    [TestCase("var sql = @\"UPDATE workzone_order SET state = 'x'\";")]
    [TestCase("var sql = wide ? \"\" : \" AND EXISTS (SELECT 1 FROM workzone_party y)\";")]
    [TestCase("db.ExecuteAsync(\"UPDATE kernel_work SET state = 'done'\")")]
    [TestCase("db.QueryAsync(\"SELECT body FROM kernel_outbox\")")]
    public void A_table_of_another_module_is_found(string code) => Assert.That(Rules.TablesOf("cataloguing", [Source(code)], Repository.Tables), Is.Not.Empty);

    [TestCase("db.QueryAsync(\"SELECT id FROM cataloguing_item i JOIN workzone_case_card c ON c.id = i.case_id\")")]
    [TestCase("// SELECT id FROM service_notice\nvar x = 1;")]
    [TestCase("/* service_notice */ var service_notice = 1;")]
    public void Own_tables_the_kernels_and_contract_views_pass(string code) =>
        Assert.That(Rules.TablesOf("cataloguing", [Source(code)], Repository.Tables), Is.Empty);

    [Test]
    public void A_table_of_another_module_in_a_migration_is_found() =>
        Assert.That(
            Rules.TablesOfMigration("cataloguing", "0002", "CREATE TABLE cataloguing_x (id $id, FOREIGN KEY (id) REFERENCES workzone_case (id));"),
            Is.Not.Empty
        );

    [TestCase("SELECT id FROM t ORDER BY id LIMIT 5")]
    [TestCase("SELECT TOP 5 id FROM t")]
    [TestCase("UPDATE t SET a = 1 OUTPUT inserted.id WHERE b = 2")]
    [TestCase("INSERT INTO t (a) VALUES (1) ON CONFLICT DO NOTHING")]
    [TestCase("INSERT INTO t (a) VALUES (1) RETURNING id")]
    [TestCase("SELECT a || b FROM t")]
    [TestCase("SELECT json_extract(a, '$.b') FROM t")]
    [TestCase("SELECT id FROM t WITH (NOLOCK)")]
    [TestCase("SELECT * FROM t")]
    [TestCase(" AND at < now()")]
    [TestCase(" ORDER BY a OFFSET 5 ROWS")]
    public void A_word_of_one_engine_is_found(string sql) => Assert.That(Rules.Words([Source($"var sql = \"{sql}\";")]), Is.Not.Empty);

    [TestCase("SELECT a FROM t WHERE a IN @list ORDER BY a")]
    [TestCase("SELECT COUNT(*) FROM t")]
    public void Plain_sql_passes(string sql) => Assert.That(Rules.Words([Source($"var sql = \"{sql}\";")]), Is.Empty);

    [TestCase("SELECT a FROM t WHERE")]
    [TestCase("SELECT a FROM t WHERE a = {Name} AND b IN @list")]
    [TestCase("INSERT INTO t (a) VALUES (@a)")]
    public void Statements_and_pieces_that_are_completed_later_parse(string sql) =>
        Assert.That(Rules.TransactSql([Source($"var sql = $\"{sql}\";")]), Is.Empty);

    [TestCase("SELECT a, FROM t")]
    [TestCase("INSERT INTO t (a) VALUES (1) ON CONFLICT DO NOTHING")]
    [TestCase("SELECT a FROM t LIMIT 5")]
    [TestCase("SELECT a AS key FROM t")]
    public void A_text_that_is_no_transact_sql_is_found(string sql) => Assert.That(Rules.TransactSql([Source($"var sql = \"{sql}\";")]), Is.Not.Empty);

    [Test]
    public void Publishing_past_the_outbox_is_found()
    {
        Assert.That(Rules.Publishers([typeof(Planted.PublishesByMediator)]), Is.Not.Empty);
        Assert.That(Rules.Publishers([typeof(Planted.Sends)]), Is.Empty);
    }

    [Test]
    public void Input_and_output_in_a_handler_is_found()
    {
        Type[] all =
        [
            typeof(Planted.ReadsFile),
            typeof(Planted.ByHelper),
            typeof(Planted.Helper),
            typeof(Planted.Calls),
            typeof(Planted.Hears),
            typeof(Planted.Sends),
        ];
        Assert.Multiple(() =>
        {
            Assert.That(Rules.InputOutput([typeof(Planted.ReadsFile)]), Is.Not.Empty, "File in an async handler");
            Assert.That(Rules.InputOutput(all).Where(f => f.Contains("ByHelper", StringComparison.Ordinal)), Is.Not.Empty, "File in what the handler calls");
            Assert.That(Rules.InputOutput([typeof(Planted.Calls)]), Is.Not.Empty, "HttpClient injected");
            Assert.That(Rules.InputOutput([typeof(Planted.Hears)]), Is.Not.Empty, "Process in a reaction");
            Assert.That(Rules.InputOutput([typeof(Planted.Mails)]), Is.Not.Empty, "mail by the kernel's own door");
            Assert.That(Rules.InputOutput([typeof(Planted.Stamps)]), Is.Not.Empty, "a stamp, which starts the printer");
            Assert.That(Rules.InputOutput([typeof(Planted.Sends)]), Is.Empty);
        });
    }

    [Test]
    public void A_command_that_sends_a_command_is_found()
    {
        Type[] all =
        [
            typeof(Planted.Sends),
            typeof(Planted.SendsByHelper),
            typeof(Planted.SendingHelper),
            typeof(Planted.RecordsBySending),
            typeof(Planted.ReadsFile),
        ];
        Assert.That(Rules.Sends(all).Distinct().ToList(), Has.Count.EqualTo(3).And.None.Contains("ReadsFile"));
        Assert.That(Rules.Sends([typeof(Planted.ByHelper), typeof(Planted.Helper), typeof(Planted.Declared)]), Is.Empty);
    }

    [TestCase("UPDATE service_notice SET state = 'sent', version = version + 1 WHERE id = @Id")]
    [TestCase("UPDATE trial_hearing\n SET room_id = @room, state = @state\n WHERE id = @id")]
    public void A_state_written_past_its_book_is_found(string sql) => Assert.That(Rules.BareStates([Source($"var sql = @\"{sql}\";")]), Is.Not.Empty);

    [TestCase("UPDATE service_notice SET opened_at = @At WHERE id = @Id AND state = 'sent'")]
    [TestCase("SELECT id FROM service_notice WHERE state = 'sent'")]
    public void What_only_reads_a_state_passes(string sql) => Assert.That(Rules.BareStates([Source($"var sql = @\"{sql}\";")]), Is.Empty);

    [Test]
    public void An_undeclared_request_is_found()
    {
        var actions = App.Services.GetRequiredService<ActionCatalogue>();
        Assert.That(Rules.Permits([typeof(Planted.Undeclared)], actions), Is.Not.Empty);
        Assert.That(Rules.Permits([typeof(Planted.Misdeclared)], actions), Is.Not.Empty);
        Assert.That(Rules.Permits([typeof(Planted.Declared)], actions), Is.Empty);
    }

    [Test]
    public async Task An_undeclared_route_is_found_and_refused()
    {
        App.Web.MapGet("/planted", () => "open to all");
        var endpoints = ((IEndpointRouteBuilder)App.Web).DataSources.SelectMany(d => d.Endpoints);
        Assert.That(Rules.Routes(endpoints, App.Services.GetRequiredService<ActionCatalogue>()), Is.EqualTo(new[] { "/planted declares no permission" }));
        var answer = await (await App.Http()).GetAsync(new Uri("/planted", UriKind.Relative));
        Assert.That(answer.IsSuccessStatusCode, Is.False);
        Assert.That(await answer.Content.ReadAsStringAsync(), Does.Not.Contain("open to all"));
    }

    private static SourceFile Source(string text) => new("Planted.cs", text);
}

/// <summary>What nobody should write.</summary>
internal static class Planted
{
    internal sealed class PublishesByMediator(IMediator mediator)
    {
        public async Task RunAsync(INotification n) => await mediator.Publish(n);
    }

    internal sealed record Undeclared : ICommand;

    [Permit("nobody.knows-this")]
    internal sealed record Misdeclared : ICommand;

    [Permit("workzone.desk")]
    internal sealed record Declared : ICommand;

    internal sealed class Sends(IMediator mediator) : CommandHandler<Declared>
    {
        protected override Task RunAsync(Declared command, CancellationToken ct) => mediator.Send(new Declared(), ct);
    }

    internal sealed class SendingHelper(IMediator mediator)
    {
        public async Task WorkAsync() => await mediator.Send(new Declared());
    }

    internal sealed class SendsByHelper(SendingHelper helper) : CommandHandler<Declared>
    {
        protected override async Task RunAsync(Declared command, CancellationToken ct) => await helper.WorkAsync();
    }

    internal sealed class RecordsBySending(IMediator mediator) : Kernel.Work.IWorkHandler
    {
        public string Queue => "planted";

        public bool Repeatable => true;

        public int MaxAttempts => 1;

        public TimeSpan Lease => TimeSpan.FromMinutes(1);

        public Task<Kernel.Work.WorkOutcome> ActAsync(Kernel.Work.WorkItem item, CancellationToken ct) => Task.FromResult(Kernel.Work.WorkOutcome.Done());

        public async Task RecordAsync(Kernel.Work.WorkItem item, Kernel.Work.WorkOutcome outcome, CancellationToken ct) =>
            await mediator.Send(new Declared(), ct);
    }

    internal sealed class ReadsFile : CommandHandler<Declared>
    {
        protected override async Task RunAsync(Declared command, CancellationToken ct)
        {
            await Task.Yield();
            File.Delete("x");
        }
    }

    internal sealed class ByHelper(Helper helper) : CommandHandler<Declared>
    {
        protected override Task RunAsync(Declared command, CancellationToken ct)
        {
            helper.Work();
            return Task.CompletedTask;
        }
    }

    internal sealed class Helper
    {
        private int count;

        public void Work()
        {
            count++;
            _ = new Func<bool>(() => File.Exists($"{count}"))();
        }
    }

    internal sealed class Calls(HttpClient http) : CommandHandler<Declared>
    {
        protected override Task RunAsync(Declared command, CancellationToken ct) => http is null ? Task.CompletedTask : Task.Delay(0, ct);
    }

    internal sealed class Mails(Kernel.Mail.SmtpMail mail) : CommandHandler<Declared>
    {
        protected override Task RunAsync(Declared command, CancellationToken ct) => mail.SendAsync("", "", "", "", "", "", ct);
    }

    internal sealed class Stamps(Kernel.Printing.PdfStamper stamper) : CommandHandler<Declared>
    {
        protected override Task RunAsync(Declared command, CancellationToken ct) => stamper.StampAsync("", "", default, ct);
    }

    internal sealed class Hears : INotificationHandler<Contracts.DocumentFiled>
    {
        public Task Handle(Contracts.DocumentFiled notification, CancellationToken cancellationToken)
        {
            using var process = System.Diagnostics.Process.GetCurrentProcess();
            return Task.CompletedTask;
        }
    }
}
