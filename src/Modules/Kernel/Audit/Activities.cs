using System.Collections.Concurrent;
using System.Reflection;
using CourtOps.Kernel.Messaging;
using CourtOps.Kernel.Modules;
using CourtOps.Kernel.Security;
using CourtOps.Kernel.Web;

namespace CourtOps.Kernel.Audit;

/// <summary>The code under which a command is recorded. The code is stored and stays, whatever the class is called.</summary>
[AttributeUsage(AttributeTargets.Class)]
public sealed class AuditedAttribute(string code) : Attribute
{
    /// <summary>An activity that some module declared.</summary>
    public string Code { get; } = code;

    /// <summary>The attribute of a nested request may stand on its page.</summary>
    public static AuditedAttribute? Of(Type type)
    {
        for (var t = type; t is not null; t = t.DeclaringType)
            if (t.GetCustomAttribute<AuditedAttribute>() is { } found)
                return found;
        return null;
    }
}

/// <summary>How long a record is kept at least.</summary>
public static class Retention
{
    /// <summary>Acts on cases, people and rights.</summary>
    public const string Record = "record";

    /// <summary>Who read what.</summary>
    public const string Access = "access";

    /// <summary>Sign-ins, refusals and other logs of the network.</summary>
    public const string Network = "network";
}

/// <summary>The kinds of activity and their Chinese names.</summary>
public static class AuditCategories
{
    public const string SignIn = "sign-in";
    public const string People = "people";
    public const string Rights = "rights";
    public const string Case = "case";
    public const string Document = "document";
    public const string Order = "order";
    public const string Service = "service";
    public const string Settings = "settings";
    public const string Operations = "operations";
    public const string Export = "export";
    public const string Secrets = "secrets";
    public const string Audit = "audit";

    public static readonly IReadOnlyDictionary<string, string> Labels = new Dictionary<string, string>
    {
        [SignIn] = "登录",
        [People] = "人员",
        [Rights] = "权限",
        [Case] = "案件",
        [Document] = "文书",
        [Order] = "工单",
        [Service] = "送达",
        [Settings] = "配置",
        [Operations] = "运行",
        [Export] = "导出",
        [Secrets] = "个人信息与密钥",
        [Audit] = "审计",
    };
}

/// <param name="Code">Stable: stored with every row.</param>
/// <param name="Label">Chinese, the key of its translation.</param>
/// <param name="Category">One of <see cref="AuditCategories"/>.</param>
/// <param name="Severity">info, notice or warning.</param>
/// <param name="Retention">One of <see cref="Audit.Retention"/>.</param>
public sealed record ActivityEntry(string Code, string Label, string Category, string Severity, string Retention);

/// <summary>Every activity that can be recorded, in audit and access log.</summary>
public sealed class ActivityCatalogue
{
    /// <summary>Commands of the program itself that have no code of their own.</summary>
    public const string Internal = "kernel.internal";

    private readonly Dictionary<string, ActivityEntry> byCode;
    private readonly ConcurrentDictionary<Type, string> byRequest = new();

    public ActivityCatalogue(ModuleList modules)
    {
        All = [.. modules.Declared.SelectMany(d => d.Declaration.Activities)];
        byCode = All.ToDictionary(a => a.Code);
    }

    public IReadOnlyList<ActivityEntry> All { get; }

    public ActivityEntry? Find(string code) => byCode.GetValueOrDefault(code);

    /// <summary>The code of a command; one without a declaration is recorded under its class name, and fails the build's tests.</summary>
    public string Of(Type request) =>
        byRequest.GetOrAdd(
            request,
            static t => AuditedAttribute.Of(t)?.Code ?? (PermitAttribute.Of(t)?.Action == PermitAttribute.System ? Internal : NameOf(t))
        );

    /// <summary>What people read for a code.</summary>
    public string Words(Texts t, string code) => Find(code) is { } known ? t[known.Label] : code;

    /// <summary>How long rows of this code are kept; the longest where the code is from an earlier version.</summary>
    public string RetentionOf(string code) => Find(code)?.Retention ?? Retention.Record;

    // "CourtOps.Workzone.Pages.Orders.Accept+Command" → "Workzone.Orders.Accept"
    private static string NameOf(Type request)
    {
        var type = request.DeclaringType is { } outer && request.Name is "Command" or "Query" ? request.DeclaringType! : request;
        return (type.FullName ?? type.Name)
            .Replace("CourtOps.", "", StringComparison.Ordinal)
            .Replace("Pages.", "", StringComparison.Ordinal)
            .Replace('+', '.');
    }
}
