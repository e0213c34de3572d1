using CourtOps.Host;
using CourtOps.Kernel.Modules;
using CourtOps.Kernel.Settings;
using CourtOps.Kernel.Web;
using Microsoft.Extensions.DependencyInjection;

namespace CourtOps.SystemTests.Settings;

/// <summary>Every setting of every module: texts in both languages, a default with source and tag, law as floor; and the rule book's table J for what is
/// there.</summary>
public sealed class SettingWalkTests() : AppTests(Engine.Sqlite)
{
    private static readonly TextCatalogue Words = new(new ModuleList(CourtOpsApp.Modules), typeof(CourtOpsApp).Assembly);

    private IReadOnlyList<SettingDefinition> All => App.Services.GetRequiredService<SettingCatalogue>().All;

    // key and field, default and tag as rule book J and the sections it names have them
    [TestCase("service.no-reply", "Days", "3", SettingTags.Practice)]
    [TestCase("workzone.order.service.serve", "TargetHours", "14", SettingTags.Practice)]
    public void A_default_is_that_of_the_rule_book(string key, string field, string value, string tag)
    {
        var setting = All.Single(s => s.Key == key);
        Assert.That((setting.Fields.Text(setting.DefaultValue, field), setting.Fields.Find(field)!.Tag), Is.EqualTo((value, tag)));
    }

    [Test]
    public void Every_word_of_a_setting_has_its_english()
    {
        var words = All.SelectMany(s =>
                new[] { s.Label, s.Help, s.Affects, s.Module }.Concat(
                    FieldsOf(s).SelectMany(f => new[] { f.Label, f.Help, f.Unit, f.Source }.Concat(f.Choices?.Values ?? []))
                )
            )
            .Concat(
                App.Services.GetRequiredService<SettingCatalogue>()
                    .Decisions.SelectMany(d => d.Measured.SelectMany(m => new[] { m.Label, m.Unit }).Append(d.Label))
            )
            .Concat(SettingTags.Labels.Values)
            .Concat(Ops.Labels.Values)
            .Where(w => w.Any(c => c >= 0x3400))
            .Distinct()
            .ToList();
        Assert.That(words, Has.Count.GreaterThan(20));
        Assert.That(words.Where(w => !Words.Has("en", w)), Is.Empty);
    }

    [Test]
    public void Every_field_has_help_a_source_and_a_known_tag()
    {
        foreach (var setting in All)
        {
            Assert.That(setting.Help, Is.Not.Empty, setting.Key);
            foreach (var field in setting is TableDefinition ? [] : setting.Fields.All)
                Assert.That(
                    (field.Help.Length > 0, field.Source.Length > 0, SettingTags.Labels.ContainsKey(field.Tag)),
                    Is.EqualTo((true, true, true)),
                    $"{setting.Key} {field.Name}"
                );
        }
    }

    [Test]
    public void A_value_laxer_than_law_or_out_of_its_range_is_refused()
    {
        var tried = 0;
        foreach (var setting in All.Where(s => s is not TableDefinition))
        foreach (var field in setting.Fields.All)
        foreach (var (bound, step) in new[] { (field.Law?.AtLeast ?? field.Min, -1m), (field.Law?.AtMost ?? field.Max, 1m) })
        {
            if (bound is not { } edge || field.Kind is not (FieldKind.Number or FieldKind.Money))
                continue;
            tried++;
            var (outside, _) = setting.Fields.Bind(setting.DefaultValue, new Dictionary<string, string> { [field.Name] = FieldText.Of(edge + step) });
            Assert.That(setting.Check(outside!).Select(f => f.Field), Does.Contain(field.Name), $"{setting.Key} {field.Name} {edge + step}");
        }
        Assert.That(tried, Is.GreaterThan(10));
    }

    [Test]
    public void What_is_written_is_read_again()
    {
        foreach (var setting in All)
            Assert.That(setting.Write(setting.Read(setting.Write(setting.DefaultValue))), Is.EqualTo(setting.Write(setting.DefaultValue)), setting.Key);
    }

    private static IEnumerable<Field> FieldsOf(SettingDefinition setting) =>
        setting is TableDefinition table ? table.FactSet.All.Concat(table.OutcomeSet.All) : setting.Fields.All;
}
