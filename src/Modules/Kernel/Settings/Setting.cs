using System.Text.Json;
using System.Text.Json.Nodes;
using CourtOps.Kernel.Messaging;
using FluentValidation;

namespace CourtOps.Kernel.Settings;

/// <summary>Something that administrators may set for a court: a record of values or a decision table. Declared once, by its module.</summary>
public abstract class SettingDefinition
{
    /// <summary>"service.no-reply". Stored: it never changes.</summary>
    public required string Key { get; init; }

    /// <summary>Chinese, the key of its translation.</summary>
    public required string Label { get; init; }

    /// <summary>What it does and for whom, in whole sentences. Chinese, the key of its translation.</summary>
    public required string Help { get; init; }

    /// <summary>The centre whose lead may set it for their court: "service"; empty where only leader and system administrator may.</summary>
    public string Centre { get; init; } = "";

    /// <summary>True where a change waits for a second person.</summary>
    public bool TwoPersons { get; init; }

    /// <summary>Whether it is set for all courts only: a duty of the highest administrator.</summary>
    public bool Everywhere { get; init; }

    /// <summary>Who is affected, in words: "此后开始的送达". Said before saving. Chinese, the key of its translation.</summary>
    public required string Affects { get; init; }

    /// <summary>A page where it is set instead, for what has its own procedure; it is shown here then, not changed.</summary>
    public string? SetAt { get; init; }

    /// <summary>The fields of a record of values; none of a table.</summary>
    public virtual FieldSet Fields => throw new InvalidOperationException($"{Key} has rows, not fields.");

    /// <summary>The module's title, set when declared.</summary>
    public string Module { get; internal set; } = "";

    public abstract Type ValueType { get; }

    public abstract object DefaultValue { get; }

    /// <summary>The value of a stored text. Fields that were added since have their defaults.</summary>
    public abstract object Read(string body);

    public string Write(object value) => JsonSerializer.Serialize(value, ValueType, Json.Stored);

    /// <summary>The value in a line, where fields do not say it; null where they do.</summary>
    public virtual string? Line(Web.Texts t, object value) => null;

    /// <summary>What differs, a line each, where fields do not say it; null where they do.</summary>
    public virtual IReadOnlyList<(string Label, string Was, string Will)>? DifferencesOf(Web.Texts t, object was, object will) => null;

    /// <summary>What keeps a value from being saved; empty where nothing does.</summary>
    public abstract IReadOnlyList<FieldFault> Check(object value);

    /// <summary>What is worth knowing before saving and hinders nothing.</summary>
    public virtual IReadOnlyList<Said> Warnings(object value) => [];

    /// <summary>Names in a file that this program does not know: it was written by a newer one.</summary>
    public abstract IReadOnlyList<string> Unknown(JsonObject body);
}

/// <summary>
/// A typed record of a capability. <code>declare.Setting(new Setting&lt;NoReply&gt; { Key = "service.no-reply", Label = …, Help = …, Affects = …, Values =
/// [new(nameof(NoReply.Days), …)] });</code>
/// The record's initial values are the default.
/// </summary>
public sealed class Setting<T> : SettingDefinition
    where T : class, new()
{
    private FieldSet? set;

    /// <summary>Every property of the record.</summary>
    public required IReadOnlyList<Field> Values { get; init; }

    /// <summary>The default, where the record's own initial values are not.</summary>
    public T Default { get; init; } = new();

    /// <summary>Rules over several fields, and law that is more than a bound: the message names the article.</summary>
    public AbstractValidator<T>? Validator { get; init; }

    /// <summary>The value in a line, of a record without fields.</summary>
    public Func<Web.Texts, T, string>? Shown { get; init; }

    /// <summary>What differs between two values, of a record without fields.</summary>
    public Func<Web.Texts, T, T, IEnumerable<(string Label, string Was, string Will)>>? Differ { get; init; }

    /// <summary>Said before saving: what strands open work, what is unusual.</summary>
    public Func<T, IEnumerable<Said>>? Warn { get; init; }

    public override FieldSet Fields => set ??= new FieldSet(typeof(T), Values);

    public override Type ValueType => typeof(T);

    public override object DefaultValue => Default;

    public override string? Line(Web.Texts t, object value) => Shown?.Invoke(t, (T)value);

    public override IReadOnlyList<(string Label, string Was, string Will)>? DifferencesOf(Web.Texts t, object was, object will) =>
        Differ is null ? null : [.. Differ(t, (T)was, (T)will)];

    public override object Read(string body)
    {
        // over the declared default, so that a field that is missing has it
        var node = JsonSerializer.SerializeToNode(Default, Json.Stored)!.AsObject();
        foreach (var (name, value) in JsonNode.Parse(body)!.AsObject())
            node[name] = value?.DeepClone();
        return node.Deserialize<T>(Json.Stored)!;
    }

    public override IReadOnlyList<FieldFault> Check(object value)
    {
        var faults = Fields.Check(value).ToList();
        if (faults.Count == 0 && Validator is not null)
            faults.AddRange(Validator.Validate((T)value).Errors.Select(e => new FieldFault(e.PropertyName, e.ErrorMessage)));
        return faults;
    }

    public override IReadOnlyList<Said> Warnings(object value) => Warn is null ? [] : [.. Warn((T)value)];

    public override IReadOnlyList<string> Unknown(JsonObject body) => [.. body.Select(p => p.Key).Where(k => Fields.Find(k) is null)];
}

/// <summary>More settings than a module can write down one by one: one for each type of order.</summary>
public interface ISettingSource
{
    IEnumerable<SettingDefinition> Settings { get; }
}
