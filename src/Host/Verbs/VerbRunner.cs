using System.Text.Json;
using CourtOps.Host.Running;
using CourtOps.Kernel.Data;
using CourtOps.Kernel.Messaging;
using CourtOps.Kernel.Modules;
using CourtOps.Kernel.Sealing;
using CourtOps.Kernel.Security;
using CourtOps.Law;

namespace CourtOps.Host.Verbs;

/// <summary>Bad input of a verb: exit 2 and {"error","field"}.</summary>
internal sealed class BadInput(string error, string? field) : Exception(error)
{
    public string? Field { get; } = field;
}

/// <summary>One verb a call. JSON on standard output, notes on standard error.</summary>
internal static class VerbRunner
{
    private static readonly Dictionary<string, Func<Arguments, Task<int>>> Verbs = new()
    {
        ["serve"] = Serve.RunAsync,
        ["migrate"] = Operations.MigrateAsync,
        ["create-admin"] = Operations.CreateAdminAsync,
        ["create-key"] = Operations.CreateKeyAsync,
        ["import"] = Operations.ImportAsync,
        ["seed"] = Seeding.RunAsync,
        ["verify"] = Verification.RunAsync,
        ["rebuild-search"] = RebuildSearch.RunAsync,
        ["rotate-keys"] = Keys.RotateAsync,
        ["remove-key"] = Keys.RemoveAsync,
        ["backup"] = Backup.RunAsync,
        ["restore"] = Backup.RestoreAsync,
    };

    public static async Task<int> RunAsync(string[] args)
    {
        try
        {
            OwnFiles.Begin();
            if (args.Length == 0)
                throw new BadInput(
                    $"Say what to do. Verbs: calculate, parse-case-number, {string.Join(", ", Verbs.Keys.Concat(Declared().Select(v => v.Name)))}.",
                    "verb"
                );
            var verb = args[0];
            if (verb == "calculate")
                return await Calculate.RunAsync(args[1..]);
            if (verb == "parse-case-number")
                return await Calculate.ParseAsync(args[1..]);
            if (Declared().FirstOrDefault(v => v.Name == verb) is { } declared)
            {
                var given = new Arguments(args.Skip(1));
                Write(declared.Run(new VerbCall(given.Words, [.. given.All], TimeProvider.System)));
                return 0;
            }
            if (!Verbs.TryGetValue(verb, out var run))
                throw new BadInput(
                    $"Unknown verb “{verb}”. Verbs: calculate, parse-case-number, {string.Join(", ", Verbs.Keys.Concat(Declared().Select(v => v.Name)))}.",
                    "verb"
                );
            return await run(new Arguments(args.Skip(1)));
        }
        catch (BadInput e)
        {
            return Fail(e.Message, e.Field);
        }
        catch (RuleBroken e)
        {
            return Fail(e.Message, e.Field);
        }
        catch (BadSetting e)
        {
            return Fail(e.Message, e.Setting);
        }
        catch (FluentValidation.ValidationException e)
        {
            return Fail(e.Errors.First().ErrorMessage, e.Errors.First().PropertyName);
        }
        catch (Exception e) when (e is Conflict or NotFound or Forbidden)
        {
            return Fail(e.Message, null);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // a folder that is not there, a full disk, a file that is not ours: the message names the path
            return Fail(e.Message, "path");
        }
        catch (Microsoft.Data.Sqlite.SqliteException e) when (e.SqliteErrorCode is 14 or 26)
        {
            return Fail($"The database of this folder cannot be opened: {e.Message}", "data");
        }
    }

    /// <summary>Migrates, but not under a wrong key, setting or calendar: that is refused before anything is written.</summary>
    internal static async Task GuardedAsync(IServiceProvider services)
    {
        // read now, so that a wrong one is said at the start and not by the first job that needs it
        services.GetRequiredService<RetentionPolicy>();
        services.GetRequiredService<Workzone.Documents.DownloadSettings>();
        services.GetRequiredService<Web.TrustedProxies>();
        services.GetRequiredService<ICalendarSource>();
        var guard = services.GetRequiredService<KeyGuard>();
        await guard.CheckAsync(record: false);
        await services.GetRequiredService<Migrator>().RunAsync();
        await guard.CheckAsync(record: true);
    }

    public static void Write(object answer) => Console.Out.WriteLine(JsonSerializer.Serialize(answer, answer.GetType(), Json.Web));

    // what the modules declare needs neither host nor database
    private static IEnumerable<VerbEntry> Declared() => new ModuleList(CourtOpsApp.Modules).Declared.SelectMany(d => d.Declaration.Verbs);

    private static int Fail(string error, string? field)
    {
        Write(new { error, field });
        return 2;
    }

    /// <summary>A host without pumps and routes, migrated and leased, for one verb; acts as the system.</summary>
    public static async Task<int> WithHostAsync(Arguments args, Func<IServiceProvider, Task<int>> run, bool migrate = true)
    {
        await using var app = CourtOpsApp.BuildServices(
            new HostOptions
            {
                Data = args.Value("data") ?? "data",
                Pumps = false,
                Quiet = true,
                LogToError = true,
            }
        );
        if (migrate)
            await GuardedAsync(app.Services);
        await using var lease = app.Services.GetRequiredService<IdLease>();
        await lease.TakeAsync();
        await using var scope = app.Services.CreateAsyncScope();
        scope.ServiceProvider.GetRequiredService<Actor>().ActAsSystem("verb");
        return await run(scope.ServiceProvider);
    }
}

/// <summary>--name value, --flag, and plain words.</summary>
internal sealed class Arguments
{
    private readonly List<(string Name, string? Value)> named = [];

    public Arguments(IEnumerable<string> args)
    {
        string? open = null;
        foreach (var arg in args)
        {
            if (arg.StartsWith("--", StringComparison.Ordinal))
            {
                if (open is not null)
                    named.Add((open, null));
                open = arg[2..];
                var equals = open.IndexOf('=', StringComparison.Ordinal);
                if (equals > 0)
                {
                    named.Add((open[..equals], open[(equals + 1)..]));
                    open = null;
                }
            }
            else if (open is not null)
            {
                named.Add((open, arg));
                open = null;
            }
            else
            {
                Words.Add(arg);
            }
        }
        if (open is not null)
            named.Add((open, null));
    }

    public List<string> Words { get; } = [];

    public IEnumerable<(string Name, string? Value)> All => named;

    public string? Value(string name) => named.LastOrDefault(n => n.Name == name).Value;

    public bool Has(string name) => named.Any(n => n.Name == name);

    public string Need(string name) => Value(name) ?? throw new BadInput($"--{name} is missing.", name);

    public int Int(string name, int otherwise, int min, int max)
    {
        if (Value(name) is not { } text)
            return Has(name) ? throw new BadInput($"--{name} needs a value.", name) : otherwise;
        return int.TryParse(text, System.Globalization.NumberStyles.None, System.Globalization.CultureInfo.InvariantCulture, out var n) && n >= min && n <= max
            ? n
            : throw new BadInput($"--{name} must be a whole number from {min} to {max}.", name);
    }

    /// <summary>Refuses what the verb does not know.</summary>
    public Arguments Only(params string[] known)
    {
        var other = named.FirstOrDefault(n => !known.Contains(n.Name)).Name;
        return other is null ? this : throw new BadInput($"Unknown option --{other}. Known: {string.Join(", ", known.Select(k => "--" + k))}.", other);
    }
}
