using CourtOps.Kernel.Messaging;
using FluentValidation;

namespace CourtOps.Workzone.WorkOrders;

/// <summary>常用语: one's own and the court's.</summary>
[TestFixtureSource(typeof(Engines), nameof(Engines.All))]
public sealed class PhraseTests(Engine engine) : AppTests(engine)
{
    [Test]
    public async Task Own_words_are_ones_own_and_the_courts_are_everybodys()
    {
        await Save("clerk", "缺当事人门牌号");
        var shared = await Save("lead", "请补交身份证明", shared: true);
        Assert.That(await Words("clerk"), Is.EqualTo(new[] { "缺当事人门牌号", "请补交身份证明" }));
        Assert.That(await Words("clerk2"), Is.EqualTo(new[] { "请补交身份证明" }));
        Assert.That(await Words("clerk-yanji"), Is.Empty, "another court");
        await Save("leader", "请补交身份证明复印件", shared: true, id: shared);
        Assert.That(await Words("clerk2"), Is.EqualTo(new[] { "请补交身份证明复印件" }));
        await App.As("leader").Send(new DeletePhrase { Id = shared });
        Assert.That(await Words("clerk2"), Is.Empty);
        Assert.That(await App.As(null).Value<int>("SELECT COUNT(*) FROM kernel_audit WHERE action = 'workzone.phrase.save'"), Is.EqualTo(3));
    }

    [Test]
    public async Task Nobody_changes_what_is_not_theirs()
    {
        var own = await Save("clerk", "甲");
        var shared = await Save("lead", "乙", shared: true);
        await Assert.ThatAsync(() => Save("clerk", "丙", shared: true), Throws.TypeOf<Forbidden>());
        await Assert.ThatAsync(() => Save("clerk", "丙", shared: true, id: shared), Throws.TypeOf<Forbidden>());
        await Assert.ThatAsync(() => Save("clerk", "丙", id: shared), Throws.TypeOf<NotFound>());
        await Assert.ThatAsync(() => Save("clerk2", "丙", id: own), Throws.TypeOf<NotFound>());
        await Assert.ThatAsync(() => Save("lead", "丙", shared: true, id: own), Throws.TypeOf<NotFound>());
        await Assert.ThatAsync(() => App.As("clerk2").Send(new DeletePhrase { Id = own }), Throws.TypeOf<NotFound>());
        await Assert.ThatAsync(() => App.As("clerk").Send(new DeletePhrase { Id = shared }), Throws.TypeOf<NotFound>());
        await Assert.ThatAsync(() => App.As("auditor").Send(new SavePhrase { Step = "return", Words = "x" }), Throws.TypeOf<Forbidden>());
    }

    [TestCase("return", "")]
    [TestCase("return", " \n ")]
    [TestCase("close", "好")]
    [TestCase("", "好")]
    public async Task What_is_no_phrase_is_refused(string step, string words) =>
        await Assert.ThatAsync(() => App.As("clerk").Send(new SavePhrase { Step = step, Words = words }), Throws.TypeOf<ValidationException>());

    [Test]
    public async Task There_are_limits()
    {
        await Assert.ThatAsync(() => Save("clerk", new string('长', Phrase.Length + 1)), Throws.TypeOf<ValidationException>());
        for (var i = 0; i < Phrase.MostOwn; i++)
            await Save("clerk", $"第 {i} 条");
        await Assert.ThatAsync(() => Save("clerk", "再一条"), Throws.TypeOf<RuleBroken>().With.Message.Contains("最多 50 条"));
        await Assert.ThatAsync(() => Save("clerk", "第 3 条 "), Throws.TypeOf<RuleBroken>().With.Message.Contains("同样的"));
    }

    [Test]
    public async Task The_order_offers_them_and_the_page_and_the_api_keep_them()
    {
        var order = await App.Asked(1, [SampleParty.Provided]);
        var browser = await App.SignedIn("clerk");
        var answer = await TestApp.PostForm(
            browser,
            "/orders/phrases",
            "/orders/phrases",
            ("Data.Step", "return"),
            ("Data.Words", "缺<b>门牌号</b>"),
            ("Data.Shared", "false")
        );
        Assert.That((int)answer.StatusCode, Is.EqualTo(302));
        var refused = await TestApp.PostForm(
            browser,
            "/orders/phrases",
            "/orders/phrases",
            ("Data.Step", "comment"),
            ("Data.Words", "请尽快"),
            ("Data.Shared", "true")
        );
        Assert.That((int)refused.StatusCode, Is.EqualTo(403));
        Assert.That(
            await browser.GetStringAsync(new Uri($"/orders/{order.OrderId}", UriKind.Relative)),
            Does.Contain("data-insert=\"#w-return\" data-words=\"缺&lt;b&gt;门牌号&lt;/b&gt;\"")
        );
        var key = await App.WithKey("clerk");
        using var body = new StringContent("{\"step\":\"pause\",\"words\":\"等回函\"}", System.Text.Encoding.UTF8, "application/json");
        Assert.That((int)(await key.PostAsync(new Uri("/api/v1/phrases", UriKind.Relative), body)).StatusCode, Is.EqualTo(200));
        Assert.That(await key.GetStringAsync(new Uri("/api/v1/phrases", UriKind.Relative)), Does.Contain("等回函"));
        var id = (await App.As("clerk").Send(new ListPhrases())).Single(p => p.Step == "pause").Id;
        Assert.That((int)(await key.DeleteAsync(new Uri($"/api/v1/phrases/{id}", UriKind.Relative))).StatusCode, Is.EqualTo(204));
        Assert.That((int)(await key.DeleteAsync(new Uri($"/api/v1/phrases/{id}", UriKind.Relative))).StatusCode, Is.EqualTo(404));
    }

    private Task<long> Save(string person, string words, bool shared = false, long id = 0) =>
        App.As(person)
            .Send(
                new SavePhrase
                {
                    Id = id,
                    Step = "return",
                    Words = words,
                    Shared = shared,
                }
            );

    private async Task<IEnumerable<string>> Words(string person) => (await App.As(person).Send(new ListPhrases())).Select(p => p.Words);
}
