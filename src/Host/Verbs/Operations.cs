using CourtOps.Kernel.Data;
using CourtOps.Kernel.Messaging;
using CourtOps.Workzone.Imports;
using CourtOps.Workzone.People;

namespace CourtOps.Host.Verbs;

internal static class Operations
{
    public static Task<int> MigrateAsync(Arguments args) =>
        VerbRunner.WithHostAsync(
            args.Only("data"),
            async s =>
            {
                // WithHost has migrated already when needed; this reports what the journal holds
                var migrator = s.GetRequiredService<Migrator>();
                var applied = await migrator.RunAsync();
                VerbRunner.Write(
                    new
                    {
                        applied,
                        scripts = migrator.Scripts().Count,
                        current = await migrator.IsCurrentAsync(),
                    }
                );
                return 0;
            }
        );

    /// <summary>The password is read from COURTOPS_PASSWORD or standard input, never from the command line.</summary>
    public static Task<int> CreateAdminAsync(Arguments args) =>
        VerbRunner.WithHostAsync(
            args.Only("data", "login", "name", "court", "court-name", "role"),
            async s =>
            {
                var password = Environment.GetEnvironmentVariable("COURTOPS_PASSWORD") ?? await Console.In.ReadLineAsync() ?? "";
                if (password.Length == 0)
                    throw new BadInput("Give the password in COURTOPS_PASSWORD or as a line on standard input.", "password");
                var id = await s.GetRequiredService<IAccounts>()
                    .CreateAdministratorAsync(
                        args.Need("login"),
                        args.Value("name") ?? args.Need("login"),
                        password,
                        args.Need("court"),
                        args.Value("court-name") ?? args.Need("court"),
                        args.Value("role") ?? "sysadmin"
                    );
                VerbRunner.Write(
                    new
                    {
                        id,
                        login = args.Need("login"),
                        role = args.Value("role") ?? "sysadmin",
                    }
                );
                return 0;
            }
        );

    public static Task<int> CreateKeyAsync(Arguments args) =>
        VerbRunner.WithHostAsync(
            args.Only("data", "user", "court", "purpose"),
            async s =>
            {
                var key = await s.GetRequiredService<IAccounts>().CreateKeyAsync(args.Need("user"), args.Value("court"), args.Need("purpose"));
                VerbRunner.Write(new { user = args.Need("user"), key });
                return 0;
            }
        );

    /// <summary>import cases FILE; import people FILE.</summary>
    public static Task<int> ImportAsync(Arguments args) =>
        VerbRunner.WithHostAsync(
            args.Only("data", "format", "summary"),
            async s =>
            {
                if (args.Words.Count != 2 || args.Words[0] is not ("cases" or "people"))
                    throw new BadInput("Usage: import cases FILE, or import people FILE.", "verb");
                var path = args.Words[1];
                if (!File.Exists(path))
                    throw new BadInput($"There is no file {path}.", "file");
                if (args.Words[0] == "people")
                {
                    await using var people = File.OpenRead(path);
                    VerbRunner.Write(await s.GetRequiredService<IPeopleImport>().ImportAsync(people, default, Path.GetFileName(path)));
                    return 0;
                }
                var format = args.Value("format") ?? (path.EndsWith(".json", StringComparison.OrdinalIgnoreCase) ? "json" : "csv");
                var import = s.GetRequiredService<ICaseImport>();
                long id;
                await using (var file = File.OpenRead(path))
                    (id, _) = await import.BeginAsync(new CaseList(file, Path.GetFileName(path), format), default);
                var summary = await import.RunAsync(id, default);
                var outcomes = new List<CaseOutcome>();
                if (!args.Has("summary"))
                    await foreach (var outcome in import.OutcomesAsync(id, default))
                        outcomes.Add(outcome.In(s.GetRequiredService<Kernel.Web.Texts>()));
                VerbRunner.Write(
                    new
                    {
                        importId = id,
                        summary.Total,
                        summary.Created,
                        summary.Updated,
                        summary.Unchanged,
                        summary.Refused,
                        outcomes,
                    }
                );
                return 0;
            }
        );
}
