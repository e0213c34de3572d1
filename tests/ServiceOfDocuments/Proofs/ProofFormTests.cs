using System.Diagnostics;
using CourtOps.Kernel.Printing;
using CourtOps.ServiceOfDocuments.Proofs;

namespace CourtOps.ServiceOfDocuments.Tests.Proofs;

internal sealed class ProofFormTests
{
    internal static ProofForm Sample() =>
        new()
        {
            Court = "吉林省汪清县人民法院",
            Voucher = "7K3M-92QD",
            CaseNumber = "（2026）吉2424民初1234号",
            Cause = "建设工程施工合同纠纷",
            Recipient = "延边某建材有限公司",
            Role = "被告",
            Documents =
            [
                new(1, "应诉通知书", "1 份 2 页", new string('a', 64)),
                new(2, "起诉状副本", "1 份 12 页", "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"),
                new(3, "传票", "1 份 1 页", new string('c', 64)),
            ],
            Method = "电子送达",
            Electronic = true,
            Sender = "吉林省汪清县人民法院",
            Address = "legal@example.com",
            AddressBasis = "受送达人提供，送达地址确认书 2026-06-02",
            SentAt = "2026-11-10 11:32:05",
            ArrivedAt = "2026-11-10 11:32:07",
            ReadAt = "2026-11-10 11:46:20",
            ConfirmedAt = "2026-11-10 11:47:02",
            EffectiveOn = "2026年11月10日",
            EffectiveBasis = "受送达人提供的地址，到达即生效（《人民法院在线诉讼规则》第三十一条第一款）",
            Receipt = "受送达人以证件号码后四位和验证码核对身份后，确认收悉。",
            Server = "送达中心 孙范例",
            MadeAt = "2026-11-10 11:47:10",
            MadeOn = "2026年11月10日",
        };

    [Test]
    public void Every_field_stands_on_the_form()
    {
        var form = Sample();

        var html = form.ToHtml();

        foreach (
            var value in new[]
            {
                form.Court,
                form.Voucher,
                form.CaseNumber,
                form.Cause,
                form.Recipient,
                form.Role,
                form.Method,
                form.Sender,
                form.Address,
                form.AddressBasis!,
                form.SentAt!,
                form.ArrivedAt!,
                form.ReadAt!,
                form.ConfirmedAt!,
                form.EffectiveOn,
                form.EffectiveBasis,
                form.Receipt!,
                form.Server,
                form.MadeAt,
                form.MadeOn,
            }.Concat(form.Documents.SelectMany(d => new[] { d.Name, d.Copies, d.Hash! }))
        )
            Assert.That(html, Does.Contain(value));
        Assert.That(html, Does.Not.Contain("{{"));
        Assert.That(html, Does.Contain("在线诉讼规则》第三十一条第三款").And.Not.Contain("第八十七条"));
    }

    [Test]
    public void Empty_fields_carry_a_stroke_and_names_stay_text()
    {
        var html = (Sample() with { Recipient = "<script>甲</script>", ReadAt = null, ConfirmedAt = null, Receipt = null, Electronic = false }).ToHtml();

        Assert.That(html, Does.Contain("&lt;script&gt;甲&lt;/script&gt;").And.Not.Contain("<script>"));
        Assert.That(html, Does.Contain("<th>查阅时间</th><td>／</td><th>确认时间</th><td>／</td>"));
        Assert.That(html, Does.Contain("第八十七条").And.Not.Contain("SHA-256 值核对"));
    }

    [Test]
    public async Task Prints_on_one_sheet_of_A4_with_its_Chinese_text()
    {
        using var printer = new ChromiumPrinter();
        if (printer.Missing is { } missing)
            Assert.Ignore($"{missing.Package} is not installed (build/tools installs it)");

        var outcome = await printer.PrintAsync([Sample().ToHtml()], TimeSpan.FromMinutes(1), CancellationToken.None);

        Assert.That(outcome, Is.InstanceOf<Printed>());
        var path = Path.Combine(TestContext.CurrentContext.WorkDirectory, "proof-of-service.pdf");
        await File.WriteAllBytesAsync(path, ((Printed)outcome).Documents[0]);
        var info = await SaysAsync("pdfinfo", path);
        Assert.That(info, Does.Match(@"Pages:\s+1\b").And.Match(@"Page size:\s+59[45](\.\d+)? x 84[12](\.\d+)? pts"));
        var text = await SaysAsync("pdftotext", "-layout", path, "-");
        Assert.That(
            text,
            Does.Contain("吉林省汪清县人民法院").And.Contain("（2026）吉2424民初1234号").And.Contain("延边某建材有限公司").And.Contain("2026年11月10日")
        );
        Assert.That(text.Replace(" ", "", StringComparison.Ordinal), Does.Contain("送达回证"));
    }

    private static async Task<string> SaysAsync(string program, params string[] arguments)
    {
        try
        {
            using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true })!;
            var text = await process.StandardOutput.ReadToEndAsync();
            await process.WaitForExitAsync();
            return text;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            Assert.Ignore($"{program} is not installed (poppler-utils; build/tools installs it)");
            return "";
        }
    }
}
