using CourtOps.Kernel.Messaging;
using CourtOps.Law;
using CourtOps.Workzone.Calendars;

namespace CourtOps.Host.Verbs;

/// <summary>calculate NAME …, parse-case-number TEXT: no database, no host.</summary>
internal static class Calculate
{
    public static Task<int> RunAsync(string[] args)
    {
        if (args.Length == 0 || args[0].StartsWith("--", StringComparison.Ordinal))
            throw new BadInput($"Name a calculator: {string.Join(", ", Calculators.All.Select(c => c.Name))}.", "name");
        return Task.FromResult(Run(args[0], args[1..]));
    }

    public static Task<int> ParseAsync(string[] args) =>
        Task.FromResult(Run("parse-case-number", args.Length == 1 && !args[0].StartsWith("--", StringComparison.Ordinal) ? ["--text", args[0]] : args));

    private static int Run(string name, string[] args)
    {
        try
        {
            var description = Calculators.Describe(name);
            var given = Read(args, description, out var data);
            var calendars = data is null ? SingleCalendar.BuiltIn : (ICalendarSource)new LoadedCalendars(data);
            Console.Out.WriteLine(Calculators.Run(name, given, calendars).ToJsonString(Json.Stored));
            return 0;
        }
        catch (LawError e)
        {
            throw new BadInput(e.Reason, e.Field);
        }
    }

    // a value may begin with dashes only after "="; the procedure's --input names a file
    private static CalculatorArguments Read(string[] args, CalculatorDescription description, out string? data)
    {
        data = null;
        var pairs = new List<KeyValuePair<string, string?>>();
        CalculatorArguments? json = null;
        for (var i = 0; i < args.Length; i++)
        {
            if (!args[i].StartsWith("--", StringComparison.Ordinal))
                throw new BadInput($"“{args[i]}” stands without a name. Usage: {description.Usage}", args[i]);
            var name = args[i][2..];
            string? value = null;
            if (name.IndexOf('=', StringComparison.Ordinal) is var at and > 0)
                (name, value) = (name[..at], name[(at + 1)..]);
            else if (i + 1 < args.Length && !args[i + 1].StartsWith("--", StringComparison.Ordinal))
                value = args[++i];
            if (name == "data")
                data = value ?? throw new BadInput("--data needs a folder.", "data");
            else if (name == "input")
                json = CalculatorArguments.OfJson(ReadFile(value));
            else
                pairs.Add(KeyValuePair.Create(name, value));
        }
        return json ?? CalculatorArguments.Of(pairs);
    }

    private static string ReadFile(string? path)
    {
        if (path is null || !File.Exists(path))
            throw new BadInput($"There is no file {path}.", "input");
        if (new FileInfo(path).Length > 1_000_000)
            throw new BadInput("The file is larger than 1 MB.", "input");
        return File.ReadAllText(path);
    }
}
