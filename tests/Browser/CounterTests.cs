namespace CourtOps.Browser;

/// <summary>The counter: a party known from before is registered with few keys, all by the keyboard.</summary>
[Parallelizable(ParallelScope.Self)]
public sealed class CounterTests
{
    private int keys;

    [Test]
    public async Task A_known_party_is_taken_in_with_at_most_forty_keystrokes_of_its_own()
    {
        var registrar = await Stage.PageAsync("registrar", "/triage/new?kind=civil");
        const string Number = "990101198001010014";
        await registrar.Locator("[name='Cause']").FillAsync("民间借贷纠纷");
        await registrar.Locator("[name='Parties[0].Name']").FillAsync("甄某九");
        await registrar.Locator("[name='Parties[0].IdNumber']").FillAsync(Number);
        await registrar.Locator("[name='Parties[0].Phone']").FillAsync("13800000551");
        await registrar.Locator("[name='Parties[1].Name']").FillAsync("贾某九");
        await registrar.Locator("[name='Claims[0].Type']").SelectOptionAsync("money");
        await registrar.Locator("[name='Claims[0].Amount']").FillAsync("30000");
        await registrar.GetByRole(AriaRole.Button, new() { Name = "收件", Exact = true }).ClickAsync();
        await Assertions.Expect(registrar.GetByText("已收件")).ToBeVisibleAsync();

        // the second time only the number is typed; the rest of the keys are those of the new suit itself
        await registrar.GotoAsync("/triage/new?kind=civil");
        await registrar.Locator("[name='Parties[0].IdNumber']").FocusAsync();
        await TypeAsync(registrar, Number);
        await PressAsync(registrar, "Tab");
        await PressAsync(registrar, "Enter");
        await Assertions.Expect(registrar.Locator("[name='Parties[0].Name']")).ToHaveValueAsync("甄某九");
        await Assertions.Expect(registrar.Locator("[name='Parties[0].Phone']")).ToHaveValueAsync("13800000551");
        await registrar.Locator("[name='Cause']").FocusAsync();
        await TypeAsync(registrar, "民间借贷纠纷");
        await registrar.Locator("[name='Parties[1].Name']").FocusAsync();
        await TypeAsync(registrar, "贾某十");
        await Stage.PictureAsync(registrar, "75-counter-known");
        await registrar.GetByRole(AriaRole.Button, new() { Name = "收件", Exact = true }).FocusAsync();
        await PressAsync(registrar, "Enter");
        await Assertions.Expect(registrar.GetByText("已收件")).ToBeVisibleAsync();
        TestContext.Out.WriteLine($"{keys} keystrokes");
        Assert.That(keys, Is.LessThanOrEqualTo(40));
        await Stage.PictureAsync(registrar, "76-counter-taken");
    }

    private Task TypeAsync(IPage page, string text)
    {
        keys += text.Length;
        return page.Keyboard.TypeAsync(text);
    }

    private Task PressAsync(IPage page, string key)
    {
        keys++;
        return Stage.PressAsync(page, key);
    }
}
