using CourtOps.Kernel.Printing;

namespace CourtOps.Kernel.Tests.Printing;

[NonParallelizable]
[Platform(Exclude = "Win")]
[System.Runtime.Versioning.UnsupportedOSPlatform("windows")]
internal sealed class PdfInspectorTests
{
    private byte[]? sound;

    private static Task<PdfFacts> InspectAsync(byte[] content, int maxPages = 3000)
    {
        using var file = new TempFile(content);
        return Look(file.Path, maxPages);

        static async Task<PdfFacts> Look(string path, int maxPages)
        {
            var copy = path + ".copy";
            File.Copy(path, copy);
            try
            {
                return await new PdfInspector().InspectAsync(copy, maxPages);
            }
            finally
            {
                File.Delete(copy);
            }
        }
    }

    /// <summary>A PDF of three pages, made by the printer.</summary>
    private async Task<byte[]> SoundAsync()
    {
        PdfTools.Need("chromium", "qpdf");
        if (sound is null)
        {
            using var printer = new ChromiumPrinter();
            var html = "<html><head><style>p{break-after:page}</style></head><body><p>一</p><p>二</p><div>三</div></body></html>";
            sound = ((Printed)await printer.PrintAsync([html], TimeSpan.FromMinutes(1), CancellationToken.None)).Documents[0];
        }
        return sound;
    }

    private async Task<byte[]> EncryptedAsync(string user, string owner)
    {
        using var plain = new TempFile(await SoundAsync());
        using var locked = new TempFile();
        await PdfTools.RunAsync("qpdf", "--encrypt", user, owner, "256", "--", plain.Path, locked.Path);
        return await File.ReadAllBytesAsync(locked.Path);
    }

    [Test]
    public async Task A_sound_file_has_its_pages() => Assert.That(await InspectAsync(await SoundAsync()), Is.EqualTo(new PdfFacts(PdfProblem.None, 3)));

    [Test]
    public async Task An_empty_file_is_told_as_such() => Assert.That((await InspectAsync([])).Problem, Is.EqualTo(PdfProblem.Empty));

    [Test]
    public async Task Other_files_are_known_by_their_first_bytes()
    {
        Assert.That((await InspectAsync("MZ\u0090 This program"u8.ToArray())).Problem, Is.EqualTo(PdfProblem.NotPdf));
        Assert.That((await InspectAsync("%PD"u8.ToArray())).Problem, Is.EqualTo(PdfProblem.NotPdf));
        Assert.That((await InspectAsync([(byte)' ', .. await SoundAsync()])).Problem, Is.EqualTo(PdfProblem.NotPdf));
    }

    [Test]
    public async Task A_file_cut_off_is_broken()
    {
        var whole = await SoundAsync();

        Assert.That((await InspectAsync(whole[..(whole.Length / 2)])).Problem, Is.EqualTo(PdfProblem.Broken));
        Assert.That((await InspectAsync(whole[..^400])).Problem, Is.EqualTo(PdfProblem.Broken));
        Assert.That((await InspectAsync("%PDF-1.7\nnothing"u8.ToArray())).Problem, Is.EqualTo(PdfProblem.Broken));
    }

    [Test]
    public async Task A_password_is_refused_a_mere_restriction_is_not()
    {
        Assert.That((await InspectAsync(await EncryptedAsync("secret", "owner"))).Problem, Is.EqualTo(PdfProblem.Encrypted));
        Assert.That(await InspectAsync(await EncryptedAsync("", "owner")), Is.EqualTo(new PdfFacts(PdfProblem.None, 3)));
    }

    [Test]
    public async Task Pages_have_a_limit() => Assert.That(await InspectAsync(await SoundAsync(), maxPages: 2), Is.EqualTo(new PdfFacts(PdfProblem.TooManyPages, 3)));

    [Test]
    public async Task Without_qpdf_pdfinfo_answers()
    {
        PdfTools.Need("pdfinfo");
        var inspector = new PdfInspector(new PrinterPrograms { Qpdf = "no-such-qpdf" });
        using var good = new TempFile(await SoundAsync());
        using var locked = new TempFile(await EncryptedAsync("secret", "owner"));
        using var broken = new TempFile("%PDF-1.7\nnothing"u8.ToArray());

        Assert.That(await inspector.InspectAsync(good.Path), Is.EqualTo(new PdfFacts(PdfProblem.None, 3)));
        Assert.That((await inspector.InspectAsync(locked.Path)).Problem, Is.EqualTo(PdfProblem.Encrypted));
        Assert.That((await inspector.InspectAsync(broken.Path)).Problem, Is.EqualTo(PdfProblem.Broken));
    }

    [Test]
    public async Task Without_any_tool_that_is_said()
    {
        using var file = new TempFile("%PDF-1.7\n"u8.ToArray());
        var path = Environment.GetEnvironmentVariable("PATH");
        try
        {
            Environment.SetEnvironmentVariable("PATH", "");
            Assert.That(await new PdfInspector().InspectAsync(file.Path), Is.EqualTo(new PdfFacts(PdfProblem.ToolMissing, 0, "qpdf")));
        }
        finally
        {
            Environment.SetEnvironmentVariable("PATH", path);
        }
    }

    [Test]
    public async Task A_file_that_takes_too_long_is_given_up()
    {
        using var slow = TempFile.Program("sleep 300");
        using var file = new TempFile("%PDF-1.7\n"u8.ToArray());

        var facts = await new PdfInspector(new PrinterPrograms { Qpdf = slow.Path }).InspectAsync(file.Path, limit: TimeSpan.FromMilliseconds(300));

        Assert.That(facts.Problem, Is.EqualTo(PdfProblem.TimedOut));
    }
}
