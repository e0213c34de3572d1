namespace CourtOps.Kernel.Messaging;

/// <summary>A rule of law, practice or process forbids this. Shown to the person as it is; the message says how to go on.</summary>
public sealed class RuleBroken(string message, string? field = null, string? code = null, string? wayOut = null) : Exception(message)
{
    public RuleBroken(Said said, string? field = null, string? code = null, string? wayOut = null)
        : this(said.ToString(), field, code, wayOut) => Said = said;

    /// <summary>The message with its values apart; null where it has none.</summary>
    public Said? Said { get; }

    public string? Field { get; } = field;

    public string? Code { get; } = code;

    /// <summary>A path where it can be mended.</summary>
    public string? WayOut { get; } = wayOut;
}

/// <summary>A setting, a key or a file of the data folder with which this program does not start. For operators; no request answers with it.</summary>
public sealed class BadSetting(string setting, string message, Exception? inner = null) : InvalidOperationException(message, inner)
{
    public string Setting { get; } = setting;
}

/// <summary>There is no such thing, or the person may not know of it.</summary>
public sealed class NotFound(string what, object? id = null) : Exception($"找不到{what}{(id is null ? "" : $"：{id}")}")
{
    public string What { get; } = what;
}

/// <summary>Somebody else was quicker. Says who and when; nothing of the input is lost.</summary>
public class Conflict(string message, string? who = null, DateTimeOffset? at = null) : Exception(message)
{
    public Conflict(Said said, string? who = null, DateTimeOffset? at = null)
        : this(said.ToString(), who, at) => Said = said;

    /// <summary>The message with its values apart; null where it has none.</summary>
    public Said? Said { get; }

    public string? Who { get; } = who;

    public DateTimeOffset? At { get; } = at;
}

/// <summary>The person has no right to do this.</summary>
public sealed class Forbidden(string action, string? message = null) : Exception(message ?? "您没有进行此操作的权限。")
{
    public string Action { get; } = action;
}
