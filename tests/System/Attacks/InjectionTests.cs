using System.Reflection;
using CourtOps.Kernel.Messaging;
using CourtOps.Kernel.Security;
using CourtOps.Workzone.WorkOrders;
using FluentValidation;
using MediatR;
using Microsoft.Extensions.DependencyInjection;

namespace CourtOps.SystemTests.Attacks;

/// <summary>Every text of every command, found by reflection, is tried with what attackers type; nothing is executed, nothing breaks, and what may not be
/// text is refused.</summary>
public sealed class InjectionTests() : AppTests(Engine.Sqlite)
{
    // no plain text: refused everywhere
    private static readonly string[] NoText = ["a\0b", "a\u0007b", "abc\u202Efdp.exe", "\uD83D", "\u001b[31m", "a\uFFFEb"];

    // plain text that must stay text
    private static readonly string[] Sharp =
    [
        "'; DROP TABLE workzone_case;--",
        "<script>alert(1)</script>",
        "\"><img src=x onerror=alert(1)>",
        "../../etc/passwd",
        "=cmd|' /C calc'!A0",
        "{{7*7}}${7*7}",
        "%00%0d%0a",
        "1' OR '1'='1",
    ];

    private static IEnumerable<Type> Commands =>
        CourtOps
            .Host.CourtOpsApp.Modules.SelectMany(m => m.Assembly.GetTypes())
            .Where(t =>
                t is { IsClass: true, IsAbstract: false }
                && t.IsAssignableTo(typeof(IChange))
                && t.IsAssignableTo(typeof(IBaseRequest))
                && PermitAttribute.Of(t)?.Action != PermitAttribute.System
            )
            .Where(t => Texts(t).Any());

    [Test]
    public async Task What_is_no_text_is_refused_by_every_command_in_every_field_recorded_and_not_kept()
    {
        var tried = 0;
        var deep = new List<string>();
        var wrong = new List<string>();
        var before = await RowsAsync();
        foreach (var type in Commands)
        foreach (var (path, made) in Slots(type))
        foreach (var text in NoText)
        {
            tried++;
            if (path.AsSpan().ContainsAny('.', '['))
                deep.Add($"{type.Name}.{path}");
            try
            {
                await SendAsync(made(text)!);
                wrong.Add($"{type.FullName}.{path} took {Escape(text)}");
            }
            catch (ValidationException e) when (e.Errors.Any(x => x.PropertyName == path))
            {
                // refused, with the field named
            }
            catch (Exception e)
            {
                wrong.Add($"{type.FullName}.{path} answered {Escape(text)} with {e.GetType().Name} {(e as ValidationException)?.Errors.First().PropertyName}");
            }
        }
        Assert.That(tried, Is.GreaterThan(400));
        Assert.That(deep.Distinct().Count(), Is.GreaterThan(15), "texts inside lists and parts are tried too");
        Assert.That(wrong, Is.Empty, string.Join('\n', wrong.Take(30)));
        var after = await RowsAsync();
        Assert.That(after["kernel_audit"] - before["kernel_audit"], Is.EqualTo(tried), "each try is on record");
        Assert.That(after.Where(t => t.Key != "kernel_audit" && before[t.Key] != t.Value), Is.Empty, "and nothing else is kept");
        Assert.That(await App.Value<int>("SELECT COUNT(*) FROM kernel_audit WHERE result = 'refused'"), Is.EqualTo(tried));
    }

    private async Task<Dictionary<string, int>> RowsAsync()
    {
        var rows = new Dictionary<string, int>();
        foreach (
            var table in await App.As(null)
                .Rows<string>("SELECT name FROM sqlite_master WHERE type = 'table' AND name LIKE '%!_%' ESCAPE '!' AND name NOT LIKE 'sqlite%'")
        )
            rows[table] = await App.Value<int>("SELECT COUNT(*) FROM " + table);
        return rows;
    }

    // every place of a type that holds a text, with a way to make one that has it there and nowhere else
    private static IEnumerable<(string Path, Func<string, object?> Make)> Slots(Type type, int depth = 0)
    {
        if (type == typeof(string))
        {
            yield return ("", text => text);
            yield break;
        }
        if (depth > 4)
            yield break;
        if (
            type.GetInterfaces()
                .Append(type)
                .FirstOrDefault(x => x.IsGenericType && x.GetGenericTypeDefinition() == typeof(IEnumerable<>))
                ?.GetGenericArguments()[0] is
            { } item
        )
        {
            if (item.IsGenericType && item.GetGenericTypeDefinition() == typeof(KeyValuePair<,>))
            {
                var (key, value) = (item.GetGenericArguments()[0], item.GetGenericArguments()[1]);
                foreach (var (path, make) in Slots(value, depth + 1))
                    yield return (
                        $"[0].Value{path}",
                        text =>
                        {
                            var map = (System.Collections.IDictionary)Activator.CreateInstance(typeof(Dictionary<,>).MakeGenericType(key, value))!;
                            map.Add("k", make(text));
                            return map;
                        }
                    );
                yield break;
            }
            foreach (var (path, make) in Slots(item, depth + 1))
                yield return (
                    $"[0]{path}",
                    text =>
                    {
                        var list = Array.CreateInstance(item, 1);
                        list.SetValue(make(text), 0);
                        return list;
                    }
                );
            yield break;
        }
        if (type.IsEnum || type.Namespace?.StartsWith("CourtOps", StringComparison.Ordinal) != true)
            yield break;
        foreach (var property in type.GetProperties(BindingFlags.Public | BindingFlags.Instance).Where(p => p.CanWrite && p.GetIndexParameters().Length == 0))
        foreach (var (path, make) in Slots(property.PropertyType, depth + 1))
        {
            var full = depth == 0 ? property.Name + path : "." + property.Name + path;
            yield return (
                full,
                text =>
                {
                    var made = type.GetConstructor(Type.EmptyTypes) is null
                        ? System.Runtime.CompilerServices.RuntimeHelpers.GetUninitializedObject(type)
                        : Activator.CreateInstance(type)!;
                    property.SetValue(made, make(text));
                    return made;
                }
            );
        }
    }

    [Test]
    public async Task Sharp_text_in_any_field_is_refused_or_stays_text()
    {
        var order = await App.Asked(1, [SampleParty.Provided]);
        var tables = (await App.As(null).Rows<string>("SELECT name FROM sqlite_master WHERE type = 'table'")).Count;
        var wrong = new List<string>();
        foreach (
            var type in Commands.Where(t =>
                !t.GetProperties()
                    .Any(p =>
                        p.PropertyType.IsClass
                        && p.PropertyType != typeof(string)
                        && p.IsDefined(typeof(System.Runtime.CompilerServices.RequiredMemberAttribute))
                    )
            )
        )
        foreach (var field in Texts(type))
        foreach (var text in Sharp)
            try
            {
                await SendAsync(Made(type, field, text));
            }
            catch (Exception e) when (e is ValidationException or RuleBroken or NotFound or Conflict or Forbidden)
            {
                // one of the four outcomes
            }
            catch (Exception e)
            {
                wrong.Add($"{type.FullName}.{field.Name} broke on {text}: {e.GetType().Name} {e.Message}");
            }
        Assert.That(wrong, Is.Empty, string.Join('\n', wrong.Take(30)));
        Assert.That((await App.As(null).Rows<string>("SELECT name FROM sqlite_master WHERE type = 'table'")).Count, Is.EqualTo(tables));
        Assert.That(await App.Value<int>("SELECT COUNT(*) FROM workzone_case"), Is.EqualTo(1));

        // every text was tried as a password too, and a few wrong ones lock
        await App.As(null).Change("UPDATE workzone_person SET failed = 0, locked_until = NULL");
        // said on an order and on a case, it is shown as it was said
        await App.As("clerk")
            .Send(
                new TakeStep
                {
                    Id = order.OrderId,
                    Step = OrderStep.Comment,
                    Words = string.Join(' ', Sharp),
                }
            );
        foreach (
            var (login, path) in new[]
            {
                ("clerk", $"/orders/{order.OrderId}"),
                ("clerk", "/orders?view=mine"),
                ("judge", $"/cases/{order.CaseId}"),
                ("judge", "/"),
                ("clerk", "/notices"),
            }
        )
        {
            var html = await (await (await App.SignedIn(login)).GetAsync(new Uri(path, UriKind.Relative))).Content.ReadAsStringAsync();
            Assert.That(html, Does.Not.Contain("<script>alert").And.Not.Contain("<img src=x"), path);
        }
        Assert.That(await App.Verify("chains"), Is.Empty);
    }

    private static long serial = 1_000_000;

    private static IEnumerable<PropertyInfo> Texts(Type type) =>
        type.GetProperties(BindingFlags.Public | BindingFlags.Instance).Where(p => p.PropertyType == typeof(string) && p.CanWrite);

    private static object Made(Type type, PropertyInfo field, string text)
    {
        var made = Activator.CreateInstance(type)!;
        if (type.GetProperty("Id") is { CanWrite: true } id && id.PropertyType == typeof(long))
            id.SetValue(made, ++serial);
        field.SetValue(made, text);
        return made;
    }

    // past the permission: it is the text that is tried here
    private Task SendAsync(object command) =>
        App.As(PermitAttribute.Of(command.GetType())?.Action == PermitAttribute.SignedIn ? "clerk" : null)
            .In(async s =>
            {
                await s.GetRequiredService<IMediator>().Send((dynamic)command);
            });

    private static string Escape(string text) => string.Concat(text.Select(c => c is < ' ' or > '~' ? $"\\u{(int)c:x4}" : $"{c}"));
}
