using CourtOps.Kernel.Messaging;

namespace CourtOps.Kernel.Modules;

/// <summary>A verb of the program that a module declares: it needs no database and answers with one object, written as JSON.</summary>
/// <param name="Name">"check-document".</param>
/// <param name="Run">Throws <see cref="RuleBroken"/> with the field for bad input: the program ends with exit 2.</param>
public sealed record VerbEntry(string Name, Func<VerbCall, object> Run);

/// <summary>What was written behind a verb.</summary>
/// <param name="Words">The plain words.</param>
/// <param name="Named">The options; null for one without a value.</param>
public sealed record VerbCall(IReadOnlyList<string> Words, IReadOnlyList<(string Name, string? Value)> Named, TimeProvider Clock)
{
    /// <summary>The value of an option; null where it is not there.</summary>
    /// <exception cref="RuleBroken">It stands there without a value.</exception>
    public string? Value(string name)
    {
        var found = Named.LastOrDefault(n => n.Name == name);
        return found.Name is null ? null : found.Value ?? throw new RuleBroken($"--{name} needs a value.", name);
    }

    public string Need(string name) => Value(name) ?? throw new RuleBroken($"--{name} is missing.", name);

    /// <summary>A plain word by its place, from 0.</summary>
    public string Word(int place, string what) => place < Words.Count ? Words[place] : throw new RuleBroken($"{what} is missing.", what);

    /// <exception cref="RuleBroken">An option the verb does not know.</exception>
    public void Only(params string[] known)
    {
        if (Named.FirstOrDefault(n => !known.Contains(n.Name)).Name is { } other)
            throw new RuleBroken($"Unknown option --{other}. Known: {string.Join(", ", known.Select(k => "--" + k))}.", other);
    }
}
