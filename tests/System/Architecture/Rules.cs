using System.Reflection;
using System.Text.RegularExpressions;
using CourtOps.Kernel.Audit;
using CourtOps.Kernel.Messaging;
using CourtOps.Kernel.Security;
using FluentValidation;
using FluentValidation.Validators;
using MediatR;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Microsoft.AspNetCore.Routing;

namespace CourtOps.SystemTests.Architecture;

/// <summary>The rules of the house as functions: what they are given, they judge; an empty answer means that all is well.</summary>
public static partial class Rules
{
    public static readonly IReadOnlySet<string> ContractViews = new HashSet<string>
    {
        "workzone_case_card",
        "workzone_party_card",
        "workzone_order_card",
        "workzone_access",
        "workzone_recused",
    };

    private static readonly string[] Outside =
    [
        "System.Net.Http.HttpClient",
        "System.Net.Http.IHttpClientFactory",
        "System.Net.Mail.SmtpClient",
        "MailKit.Net.Smtp.SmtpClient",
        "System.Diagnostics.Process",
        "System.IO.File",
        "System.IO.FileStream",
        "System.IO.FileInfo",
        "System.IO.Directory",
        "System.Net.Sockets.Socket",
        "System.Net.Sockets.TcpClient",
    ];

    private static readonly string[] OutsideOfKernel =
    [
        "BlobStore.WriteAsync",
        "BlobStore.Open",
        "BlobStore.PlainAsync",
        "BlobStore.CollectAsync",
        "BlobStore.EncryptPlainAsync",
        "Uploads.BeginAsync",
        "Uploads.AppendAsync",
        "Uploads.CompleteAsync",
        "IPrinter.PrintAsync",
        "PdfInspector.InspectAsync",
        "PdfStamper.StampAsync",
        "SmtpMail.SendAsync",
    ];

    private static readonly string[] Ends = ["", " 1 = 1", " 1 = 1)", " x"];

    /// <summary>What a module may reference: downwards only, and no centre another one.</summary>
    public static IEnumerable<string> References(string module, IEnumerable<string> references)
    {
        string[] allowed = module switch
        {
            "Kernel" => [],
            "Web" => ["CourtOps.Kernel"],
            "Workzone" => ["CourtOps.Kernel", "CourtOps.Web", "CourtOps.Contracts", "CourtOps.Law"],
            _ => ["CourtOps.Kernel", "CourtOps.Web", "CourtOps.Contracts", "CourtOps.Law", "CourtOps.Workzone"],
        };
        return references.Where(r => r.StartsWith("CourtOps.", StringComparison.Ordinal) && !allowed.Contains(r)).Select(r => $"{module} references {r}");
    }

    /// <summary>A centre's source names no other centre, and Kernel and Workzone name none.</summary>
    public static IEnumerable<string> Names(string module, IEnumerable<SourceFile> files) =>
        from file in files
        from centre in Repository.Centres
        where centre != module && Regex.IsMatch(file.Text, $@"\bCourtOps\.{centre}\b")
        select $"{file.Path} names CourtOps.{centre}";

    /// <summary>SQL names the module's own tables and of Workzone only the contract views; a centre names none of Kernel's: work, outbox and files have a
    /// face.</summary>
    public static IEnumerable<string> TablesOf(string prefix, IEnumerable<SourceFile> files, IReadOnlySet<string> tables) =>
        from file in files
        from literal in file.Literals
        from Match name in Word().Matches(literal.Text)
        where
            tables.Contains(name.Value)
            && !name.Value.StartsWith(prefix + "_", StringComparison.Ordinal)
            && !(name.Value.StartsWith("kernel_", StringComparison.Ordinal) && prefix is "kernel" or "workzone")
            && !ContractViews.Contains(name.Value)
        select $"{file.Path}:{literal.Line} uses {name.Value}";

    /// <summary>Who may see a row is asked of Workzone: a centre's SQL spells nothing of it.</summary>
    public static IEnumerable<string> AccessWords(IEnumerable<SourceFile> files) =>
        from file in files
        from literal in file.Literals
        where LooksLikeSql().IsMatch(literal.Text)
        from Match word in OfAccess().Matches(literal.Text)
        select $"{file.Path}:{literal.Line} says {word.Value}: use ICases.Seen or IWorkOrders.Seen";

    /// <summary>A migration makes and references tables of its own module only.</summary>
    public static IEnumerable<string> TablesOfMigration(string prefix, string name, string text) =>
        Regex
            .Matches(text, @"(?:CREATE (?:TABLE|VIEW)|REFERENCES|ON|FROM|JOIN) ((?:kernel|workzone|triage|service|cataloguing|trial|enforcement)_\w+)")
            .Select(m => m.Groups[1].Value)
            .Where(t => !t.StartsWith(prefix + "_", StringComparison.Ordinal))
            .Distinct()
            .Select(t => $"{name} uses {t}");

    /// <summary>The full-text index is SQLite's on either database: its one class never runs on SQL Server.</summary>
    private static bool IsOfOneEngine(SourceFile file) =>
        file.Path.Replace('\\', '/').EndsWith("src/Modules/Kernel/Search/SearchIndex.cs", StringComparison.Ordinal);

    /// <summary>Words of one engine only, and what is slow to find later.</summary>
    public static IEnumerable<string> Words(IEnumerable<SourceFile> files) =>
        from file in files
        where !IsOfOneEngine(file)
        from literal in file.Literals
        where LooksLikeSql().IsMatch(literal.Text)
        from Match word in Banned().Matches(literal.Text)
        select $"{file.Path}:{literal.Line} says {word.Value.Trim()}";

    /// <summary>Every whole statement, and every piece of one in a setting that completes it, is T-SQL.</summary>
    public static IEnumerable<string> TransactSql(IEnumerable<SourceFile> files) =>
        from file in files
        where !IsOfOneEngine(file)
        from literal in file.Literals
        where Statement().IsMatch(literal.Text)
        let sql = Token()
            .Replace(literal.Text, "INT")
            .Replace("({x})", "(SELECT 1 AS x)", StringComparison.Ordinal)
            .Replace("{x}", "x", StringComparison.Ordinal)
        where Ends.All(end => Testing.SqlWatch.Error(sql + end) is not null)
        // a hole may stand for a condition as well as for a name
        let asked = Condition().Replace(Token().Replace(literal.Text, "INT"), "$1 1 = 1").Replace("{x}", "x", StringComparison.Ordinal)
        where Ends.All(end => Testing.SqlWatch.Error(asked + end) is not null)
        select $"{file.Path}:{literal.Line} {Testing.SqlWatch.Error(sql)}\n{sql}";

    /// <summary>Only the relay publishes; modules put notifications into the outbox. In MediatR 5 Publish stands on IMediator, later on IPublisher.</summary>
    public static IEnumerable<string> Publishers(IEnumerable<Type> types) =>
        from type in types
        from used in Il.Uses(type)
        where
            used is MethodBase { Name: "Publish" } method && method.DeclaringType?.Assembly == typeof(IMediator).Assembly || used is Type { Name: "IPublisher" }
        select $"{type.FullName} publishes by itself";

    /// <summary>Commands, queries and reactions reach nothing outside the database, nor does what they call in their module.</summary>
    public static IEnumerable<string> InputOutput(IEnumerable<Type> types)
    {
        var all = types.ToList();
        foreach (var handler in all.Where(IsHandler))
        {
            var seen = new HashSet<MethodBase>();
            var open = new Queue<(MemberInfo Used, string By)>(Il.Uses(handler).Select(u => (u, "")));
            while (open.TryDequeue(out var next))
            {
                var method = next.Used as MethodBase;
                var owner = next.Used as Type ?? method?.DeclaringType;
                if (owner is null || (method is not null && !seen.Add(method)))
                    continue;
                if (Outside.Contains(owner.FullName) || OutsideOfKernel.Contains($"{owner.Name}.{next.Used.Name}"))
                    yield return $"{handler.FullName} reaches {owner.Name}.{next.Used.Name}{next.By}";
                if (method is null || owner.Assembly != handler.Assembly)
                    continue;
                // what the handler calls in its own module; behind an interface every implementation
                IEnumerable<MethodBase> called = owner.IsInterface
                    ? all.Where(t => t.IsClass && t.IsAssignableTo(owner)).SelectMany(t => t.GetMethods(Il.Own).Where(m => m.Name == method.Name))
                    : [method];
                foreach (var inner in called.SelectMany(Il.Uses))
                    open.Enqueue((inner, $" by {owner.Name}.{method.Name}"));
            }
        }
    }

    /// <summary>
    /// Commands and reactions send no commands, nor does what they call in their module: what two of them share is a plain method in the open transaction.
    /// The same for
    /// the recording of work. Queries may be sent.
    /// </summary>
    public static IEnumerable<string> Sends(IEnumerable<Type> types, IReadOnlySet<string>? known = null)
    {
        var all = types.ToList();
        foreach (var handler in all.Where(t => IsHandlerOfChange(t) || t.IsClass && t.IsAssignableTo(typeof(Kernel.Work.IWorkHandler))))
        {
            if (known?.Contains(handler.FullName ?? "") == true)
                continue;
            var open = new Queue<MemberInfo>(
                IsHandlerOfChange(handler) ? Il.Uses(handler) : handler.GetMethods(Il.Own).Where(m => m.Name == "RecordAsync").SelectMany(Il.Uses)
            );
            var seen = new HashSet<MethodBase>();
            while (open.TryDequeue(out var used))
            {
                if (used is not MethodBase method || !seen.Add(method))
                    continue;
                if (method.Name == "Send" && method.DeclaringType?.Assembly == typeof(IMediator).Assembly)
                    yield return $"{handler.FullName} sends a command";
                if (method.DeclaringType is not { } owner || owner.Assembly != handler.Assembly || owner == handler)
                    continue;
                IEnumerable<MethodBase> called = owner.IsInterface
                    ? all.Where(t => t.IsClass && t.IsAssignableTo(owner)).SelectMany(t => t.GetMethods(Il.Own).Where(m => m.Name == method.Name))
                    : [method];
                foreach (var inner in called.SelectMany(Il.Uses))
                    open.Enqueue(inner);
            }
        }
    }

    /// <summary>The state of a centre's object is written by a <see cref="Kernel.States.StateTable"/> in its book, with the version that was read.</summary>
    public static IEnumerable<string> BareStates(IEnumerable<SourceFile> files) =>
        from file in files
        from literal in file.Literals
        where StateWritten().IsMatch(literal.Text)
        select $"{file.Path}:{literal.Line} writes a state past its book";

    /// <summary>Requests and pages declare an action that some module declared.</summary>
    public static IEnumerable<string> Permits(IEnumerable<Type> types, ActionCatalogue actions)
    {
        foreach (
            var type in types.Where(t =>
                t is { IsClass: true, IsAbstract: false } && (t.IsAssignableTo(typeof(IBaseRequest)) || t.IsAssignableTo(typeof(PageModel)))
            )
        )
            if (PermitAttribute.Of(type) is not { } permit)
                yield return $"{type.FullName} declares no permission";
            else if (!actions.Knows(permit.Action))
                yield return $"{type.FullName} declares {permit.Action}, which no module knows";
    }

    /// <summary>Every command is recorded under a code that some module declared; the program's own steps may share one.</summary>
    public static IEnumerable<string> Audited(IEnumerable<Type> types, ActivityCatalogue activities)
    {
        foreach (var type in types.Where(t => t is { IsClass: true, IsAbstract: false } && t.IsAssignableTo(typeof(IChange))))
            if (AuditedAttribute.Of(type) is not { } audited)
            {
                if (PermitAttribute.Of(type)?.Action != PermitAttribute.System)
                    yield return $"{type.FullName} declares no activity";
            }
            else if (activities.Find(audited.Code) is null)
            {
                yield return $"{type.FullName} declares {audited.Code}, which no module knows";
            }
    }

    /// <summary>A text that its validator lets be longer than what is typed is declared a file's: the check of texts would refuse it before.</summary>
    public static IEnumerable<string> LongTexts(IEnumerable<Type> types) =>
        from type in types
        where type is { IsClass: true, IsAbstract: false } && type.IsAssignableTo(typeof(IValidator)) && type.GetConstructor(Type.EmptyTypes) is not null
        let validator = (IValidator)Activator.CreateInstance(type)!
        from member in validator.CreateDescriptor().GetMembersWithValidators()
        where member.Any(v => v.Validator is ILengthValidator { Max: > PlainText.Most })
        let property = type.BaseType!.GetGenericArguments()[0].GetProperty(member.Key)
        where property is not null && !property.IsDefined(typeof(FileTextAttribute))
        select $"{property.DeclaringType!.Name}.{property.Name} is longer than {PlainText.Most}: [FileText]";

    /// <summary>"table.column" of every column named _enc in migrations.</summary>
    public static IEnumerable<string> EncryptedColumns(IEnumerable<string> scripts) =>
        from script in scripts
        from Match table in Regex.Matches(script, @"(?:CREATE TABLE|ALTER TABLE) (\w+)([^;]*);")
        // a copy that the same script drops again, and makes no more, holds nothing
        where script.LastIndexOf($"DROP TABLE {table.Groups[1].Value};", StringComparison.Ordinal) < table.Index
        from Match column in Regex.Matches(table.Groups[2].Value, @"\b(\w+_enc) \$")
        select $"{table.Groups[1].Value}.{column.Groups[1].Value}";

    /// <summary>Routes that are no pages carry the declaration themselves.</summary>
    public static IEnumerable<string> Routes(IEnumerable<Endpoint> endpoints, ActionCatalogue actions)
    {
        foreach (var endpoint in endpoints.OfType<RouteEndpoint>().Where(e => e.Metadata.GetMetadata<PageActionDescriptor>() is null))
            if (endpoint.Metadata.GetMetadata<PermitAttribute>() is not { } permit)
                yield return $"{endpoint.RoutePattern.RawText} declares no permission";
            else if (!actions.Knows(permit.Action))
                yield return $"{endpoint.RoutePattern.RawText} declares {permit.Action}, which no module knows";
    }

    private static bool IsHandler(Type type) =>
        type.IsClass
        && type.GetInterfaces()
            .Any(i => i.IsGenericType && i.GetGenericTypeDefinition() is var d && (d == typeof(IRequestHandler<,>) || d == typeof(INotificationHandler<>)));

    private static bool IsHandlerOfChange(Type type) =>
        type.IsClass
        && type.GetInterfaces()
            .Any(i =>
                i.IsGenericType
                && (
                    i.GetGenericTypeDefinition() == typeof(INotificationHandler<>)
                    || (i.GetGenericTypeDefinition() == typeof(IRequestHandler<,>) && i.GetGenericArguments()[0].IsAssignableTo(typeof(IChange)))
                )
            );

    [GeneratedRegex(@"\bUPDATE\s+\w+\s+SET\b(?:(?!\bWHERE\b)[\s\S])*?\bstate\s*=")]
    private static partial Regex StateWritten();

    [GeneratedRegex(@"\b(WHERE|AND|OR|WHEN)\s+\{x\}")]
    private static partial Regex Condition();

    [GeneratedRegex(@"\b[a-z]+_[a-z_]+\b")]
    private static partial Regex Word();

    [GeneratedRegex(@"\b(SELECT|INSERT INTO|DELETE FROM|WHERE|ORDER BY|JOIN)\b|\bUPDATE \w+ SET\b|^\s*AND\s")]
    private static partial Regex LooksLikeSql();

    [GeneratedRegex(
        @"\b(LIMIT|TOP|OFFSET|RETURNING|OUTPUT|MERGE|ON CONFLICT|NOLOCK|UPDLOCK|HOLDLOCK|ROWLOCK|READPAST)\b|\|\||\bnow\(\)|\bjson_\w+|\bSELECT \*|\bILIKE\b|\bISNULL\(|\bIFNULL\(|\bGETDATE\(|\bdatetime\(|\bstrftime\("
    )]
    private static partial Regex Banned();

    [GeneratedRegex(@"\b(sealed\w*|recus\w*|deput\w*|absen\w*|restricted|workzone_(case_)?access|workzone_recus\w+)\b")]
    private static partial Regex OfAccess();

    [GeneratedRegex(@"\$[a-z]+(\(\d+\))?")]
    private static partial Regex Token();

    [GeneratedRegex(@"^\s*(SELECT|INSERT INTO|UPDATE \w+ SET|DELETE FROM|WITH \w+ AS|CREATE )\b")]
    private static partial Regex Statement();
}
