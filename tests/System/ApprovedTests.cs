using System.Collections;
using System.Reflection;
using System.Text;
using CourtOps.Contracts;
using CourtOps.SystemTests.Architecture;

namespace CourtOps.SystemTests;

/// <summary>What other modules and other versions rely on changes only by adding, and only on purpose: the approved text is changed with it.</summary>
public sealed class ApprovedTests() : AppTests(Engine.Sqlite)
{
    [Test]
    public void Notifications_are_those_approved()
    {
        var text = new StringBuilder();
        foreach (var (type, name, version) in Catalogue.Events)
        {
            text.Append(System.Globalization.CultureInfo.InvariantCulture, $"{name} {version}\n");
            Describe(text, type, "  ");
        }
        Compare("notifications.txt", text.ToString());
    }

    [Test]
    public void Every_notification_has_a_name_of_its_own_and_plain_properties()
    {
        var all = typeof(Catalogue).Assembly.GetTypes().Where(t => t.IsAssignableTo(typeof(MediatR.INotification))).ToList();
        Assert.That(all.Select(t => t.FullName), Is.EquivalentTo(Catalogue.Events.Select(e => e.Type.FullName)), "a notification without [Event]");
        Assert.That(Catalogue.Events.Select(e => (e.Name, e.Version)), Is.Unique);
        Assert.That(Catalogue.Events.Select(e => e.Name), Has.All.Match("^(workzone|triage|service|cataloguing|trial|enforcement)\\.[a-z-]+$"));
    }

    [Test]
    public async Task Contract_views_have_the_approved_columns()
    {
        var text = new StringBuilder();
        foreach (var view in Rules.ContractViews.Order(StringComparer.Ordinal))
        {
            var columns = await App.As(null).Rows<string>($"SELECT name FROM pragma_table_info('{view}')");
            text.Append(System.Globalization.CultureInfo.InvariantCulture, $"{view}\n{string.Concat(columns.Select(c => $"  {c}\n"))}");
        }
        Compare("contract-views.txt", text.ToString());
    }

    [Test]
    public void Lines_end_at_160_columns_but_where_a_text_cannot_be_broken()
    {
        var text = new StringBuilder();
        foreach (var file in Repository.Written("src", "tests"))
            if (file.Source.Split('\n').Count(l => l.Length > 160) is > 0 and var n)
                text.Append(System.Globalization.CultureInfo.InvariantCulture, $"{n} {file.Path.Replace('\\', '/')}\n");
        Compare("long-lines.txt", text.ToString());
    }

    private static void Describe(StringBuilder text, Type type, string indent)
    {
        foreach (var p in type.GetProperties(BindingFlags.Public | BindingFlags.Instance | BindingFlags.DeclaredOnly))
        {
            var inner =
                p.PropertyType.IsGenericType && p.PropertyType.IsAssignableTo(typeof(IEnumerable)) ? p.PropertyType.GetGenericArguments()[0] : p.PropertyType;
            var list = inner == p.PropertyType ? "" : "[]";
            var plain = Nullable.GetUnderlyingType(inner) is { } u ? u.Name + "?" : inner.Name;
            text.Append(System.Globalization.CultureInfo.InvariantCulture, $"{indent}{p.Name}: {plain}{list}\n");
            if (inner.Assembly == type.Assembly)
                Describe(text, inner, indent + "  ");
        }
    }

    private static void Compare(string file, string actual)
    {
        var path = Path.Combine(Repository.Root, "tests", "System", "Approved", file);
        if (Environment.GetEnvironmentVariable("COURTOPS_APPROVE") == "1")
            File.WriteAllText(path, actual);
        Assert.That(
            actual,
            Is.EqualTo(File.ReadAllText(path).ReplaceLineEndings("\n")),
            $"tests/System/Approved/{file} holds what was approved; run the tests once with COURTOPS_APPROVE=1 to approve a change"
        );
    }
}
