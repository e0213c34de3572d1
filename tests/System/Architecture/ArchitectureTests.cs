using CourtOps.Kernel.Audit;
using CourtOps.Kernel.Data;
using CourtOps.Kernel.Modules;
using CourtOps.Kernel.Security;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;

namespace CourtOps.SystemTests.Architecture;

/// <summary>One set of rules over the list of modules; a new module stands under them by being in the list.</summary>
[TestFixtureSource(typeof(Repository), nameof(Repository.Modules))]
public sealed class ModuleRules(Project module)
{
    [Test]
    public void References_go_downwards_only() => Assert.That(Rules.References(module.Name, module.References), Is.Empty);

    [Test]
    public void No_other_centre_is_named() => Assert.That(Rules.Names(module.Name, module.Files), Is.Empty);

    [Test]
    public void Sql_names_no_table_of_another_module() => Assert.That(Rules.TablesOf(module.Prefix, module.Files, Repository.Tables), Is.Empty);

    [Test]
    public void Sql_of_a_centre_spells_nothing_of_who_may_see_a_row() =>
        Assert.That(Repository.Centres.Contains(module.Name) ? Rules.AccessWords(module.Files) : [], Is.Empty);

    [Test]
    public void Sql_has_one_text_for_both_engines() =>
        Assert.That(Rules.Words(module.Files.Where(f => !f.Path.EndsWith("Dialect.cs", StringComparison.Ordinal))), Is.Empty);

    [Test]
    public void Every_sql_text_parses_as_transact_sql() => Assert.That(Rules.TransactSql(module.Files), Is.Empty);

    [Test]
    public void A_file_given_as_text_may_be_as_long_as_its_validator_says() => Assert.That(Rules.LongTexts(module.Assembly.GetTypes()), Is.Empty);

    [Test]
    public void Text_is_folded_by_the_one_function_that_throws_at_nothing() =>
        Assert.That(
            module
                .Files.Where(f => f.Text.Contains(".Normalize(", StringComparison.Ordinal) && !f.Path.EndsWith("Folding.cs", StringComparison.Ordinal))
                .Select(f => f.Path),
            Is.Empty
        );

    [Test]
    public void Nobody_but_the_relay_publishes() => Assert.That(Rules.Publishers(module.Assembly.GetTypes()), Is.Empty);

    // making an administrator goes through the commands of courts and people, at the console and on the first run only; a trail is taken out by the query
    // that shows it
    private static readonly HashSet<string> SendingHandlers =
    [
        "CourtOps.Workzone.People.CreateAdministrators+Handler",
        "CourtOps.Workzone.People.CreateAdministrator+Handler",
        "CourtOps.Workzone.Trails.ExportTrail+Handler",
    ];

    [Test]
    public void Commands_and_reactions_send_no_commands() => Assert.That(Rules.Sends(module.Assembly.GetTypes(), SendingHandlers).Distinct(), Is.Empty);

    [Test]
    public void A_state_of_a_centre_is_written_by_its_book_alone()
    {
        // Kernel and Workzone have older books of their own
        if (!Repository.Centres.Contains(module.Name))
            Assert.Ignore("no centre");
        Assert.That(Rules.BareStates(module.Files), Is.Empty);
    }

    [Test]
    public void Handlers_and_reactions_do_no_input_or_output() => Assert.That(Rules.InputOutput(module.Assembly.GetTypes()), Is.Empty);

    [Test]
    public void Every_request_and_page_declares_a_known_action() =>
        Assert.That(Rules.Permits(module.Assembly.GetTypes(), new ActionCatalogue(new ModuleList(Host.CourtOpsApp.Modules))), Is.Empty);

    [Test]
    public void Every_command_is_recorded_under_a_known_activity() =>
        Assert.That(Rules.Audited(module.Assembly.GetTypes(), new ActivityCatalogue(new ModuleList(Host.CourtOpsApp.Modules))), Is.Empty);

    [Test]
    public void Migrations_translate_to_both_engines_and_parse_as_transact_sql()
    {
        var modules = new ModuleList([.. Host.CourtOpsApp.Modules.Where(m => m.Name == module.Name)]);
        var folder = new DataFolder(Path.Combine(Path.GetTempPath(), "courtops-test-migrations"));
        foreach (var dialect in new Dialect[] { new SqliteDialect("unused"), new SqlServerDialect("unused") })
        {
            using var database = new Database(dialect);
            var migrator = new Migrator(database, modules, TimeProvider.System, folder, NullLogger<Migrator>.Instance);
            foreach (var script in migrator.Scripts())
            {
                var translated = migrator.Translate(script.Text);
                Assert.That(translated, Does.Not.Contain("$"), $"{script.Name} for {dialect.Name}");
                Assert.That(Rules.TablesOfMigration(module.Prefix, script.Name, script.Text), Is.Empty);
                if (dialect is SqlServerDialect)
                    foreach (var statement in Migrator.Statements(translated))
                        Assert.That(SqlWatch.Error(statement), Is.Null, statement);
            }
        }
    }
}

public sealed class HostRules() : AppTests(Engine.Sqlite)
{
    [Test]
    public void Every_route_declares_a_known_action()
    {
        var endpoints = ((IEndpointRouteBuilder)App.Web).DataSources.SelectMany(d => d.Endpoints).ToList();
        Assert.That(endpoints, Has.Count.GreaterThan(40));
        Assert.That(Rules.Routes(endpoints, App.Services.GetRequiredService<ActionCatalogue>()), Is.Empty);
    }

    [Test]
    public void Pages_of_the_host_declare_a_known_action() =>
        Assert.That(Rules.Permits(Repository.Host.Assembly.GetTypes(), App.Services.GetRequiredService<ActionCatalogue>()), Is.Empty);

    [Test]
    public void Sql_of_the_host_names_only_tables_of_the_kernel_and_parses()
    {
        Assert.That(Rules.TablesOf("kernel", Repository.Host.Files, Repository.Tables), Is.Empty);
        Assert.That(Rules.TransactSql(Repository.Host.Files), Is.Empty);
    }

    [Test]
    public void Every_encrypted_column_of_the_migrations_is_declared()
    {
        var declared = new ModuleList(Host.CourtOpsApp.Modules).Declared.SelectMany(d => d.Declaration.Secrets).Select(s => $"{s.Table}.{s.Value}").ToHashSet();
        var found = Rules
            .EncryptedColumns(
                Directory
                    .GetFiles(Path.Combine(Repository.Root, "src", "Modules"), "*.sql", SearchOption.AllDirectories)
                    .Where(f => !f.Contains($"{Path.DirectorySeparatorChar}bin{Path.DirectorySeparatorChar}", StringComparison.Ordinal))
                    .Select(File.ReadAllText)
            )
            .ToList();
        Assert.That(found, Has.Count.GreaterThanOrEqualTo(6));
        Assert.That(found.Except(declared), Is.Empty, "declare.Secret(…) is missing: rotation would forget these");
        Assert.That(
            Rules.EncryptedColumns([
                "CREATE TABLE x_copy (\n  a_enc $text(9) NULL\n);\nDROP TABLE x_y;\nCREATE TABLE x_y (\n  b_enc $text(9) NULL\n);\nDROP TABLE x_copy;",
            ]),
            Is.EqualTo(new[] { "x_y.b_enc" })
        );
        Assert.That(
            Rules.EncryptedColumns(["CREATE TABLE x_y (\n  id $id NOT NULL,\n  a_enc $text(9) NULL\n);\nALTER TABLE x_z ADD b_enc $note NULL;"]),
            Is.EqualTo(new[] { "x_y.a_enc", "x_z.b_enc" })
        );
    }

    [Test]
    public void Law_and_contracts_reference_nothing_of_ours()
    {
        foreach (var name in new[] { "Law", "Contracts" })
            Assert.That(
                System
                    .Xml.Linq.XDocument.Load(Path.Combine(Repository.Root, "src", "Modules", name, $"CourtOps.{name}.csproj"))
                    .Descendants("ProjectReference"),
                Is.Empty,
                name
            );
    }

    [Test]
    public void Every_project_of_the_modules_folder_is_in_the_list()
    {
        var folders = Directory.GetDirectories(Path.Combine(Repository.Root, "src", "Modules")).Select(Path.GetFileName).Except(["Law", "Contracts"]);
        Assert.That(folders, Is.EquivalentTo(Repository.Modules.Select(m => m.Name)));
    }
}
