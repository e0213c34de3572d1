using CourtOps.Kernel.Printing;

namespace CourtOps.Kernel.Tests.Printing;

internal sealed class HtmlTemplateTests
{
    private sealed record Model(string Name, IReadOnlyList<string>? Items = null, string? Note = null);

    [Test]
    public void Values_are_escaped_and_rare_characters_stay() =>
        Assert.That(new HtmlTemplate("<p>{{name}}</p>").Render(new Model("<b>𠀀·\"&'")), Is.EqualTo("<p>&lt;b&gt;𠀀·&quot;&amp;&#39;</p>"));

    [Test]
    public void Lists_and_conditions_work() =>
        Assert.That(
            new HtmlTemplate("{{#each items}}[{{this}}]{{/each}}{{#if note}}{{note}}{{else}}／{{/if}}").Render(new Model("", ["甲<", "乙"])),
            Is.EqualTo("[甲&lt;][乙]／")
        );

    [Test]
    public void A_place_that_the_model_does_not_have_is_an_error() =>
        Assert.That(() => new HtmlTemplate("{{nmae}}").Render(new Model("x")), Throws.Exception.With.Message.Contains("nmae").IgnoreCase);

    [Test]
    public void Unescaped_places_are_refused()
    {
        Assert.That(() => new HtmlTemplate("{{{name}}}"), Throws.ArgumentException);
        Assert.That(() => new HtmlTemplate("{{& name}}"), Throws.ArgumentException);
    }

    [Test]
    public void A_template_that_is_not_there_is_an_error() =>
        Assert.That(() => HtmlTemplate.FromResource(typeof(HtmlTemplateTests).Assembly, "Templates.none.html"), Throws.ArgumentException);
}
