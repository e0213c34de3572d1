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
        Assert.That((await InspectAsync([.. Enumerable.Repeat((byte)'x', 1100), .. await SoundAsync()])).Problem, Is.EqualTo(PdfProblem.NotPdf));
    }

    [TestCase(" ")]
    [TestCase("\r\n")]
    [TestCase("From: scanner@court.example\r\n\r\n")]
    public async Task What_stands_before_the_header_does_no_harm_within_1024_bytes(string before)
    {
        Assert.That(await InspectAsync([.. System.Text.Encoding.ASCII.GetBytes(before), .. await SoundAsync()]), Is.EqualTo(new PdfFacts(PdfProblem.None, 3)));
        Assert.That(await InspectAsync([.. Enumerable.Repeat((byte)'x', 800), .. await SoundAsync()]), Is.EqualTo(new PdfFacts(PdfProblem.None, 3)));
    }

    [TestCase("/AcroForm << /XFA [(template) 5 0 R] /Fields [] >>", PdfProblem.Xfa)]
    [TestCase("/OpenAction << /S /Launch /F (x.exe) >>", PdfProblem.Launches)]
    [TestCase("/OpenAction << /S /GoTo /D [3 0 R /Fit] >>", PdfProblem.None)]
    public async Task What_cannot_be_read_by_all_or_starts_a_program_is_told(string catalog, PdfProblem problem)
    {
        PdfTools.Need("qpdf");
        using var plain = new TempFile(Paper(catalog, ""));
        Assert.That((await InspectAsync(await File.ReadAllBytesAsync(plain.Path))).Problem, Is.EqualTo(problem));
        using var packed = new TempFile();
        await PdfTools.RunAsync("qpdf", "--object-streams=generate", "--compress-streams=y", plain.Path, packed.Path);
        Assert.That((await InspectAsync(await File.ReadAllBytesAsync(packed.Path))).Problem, Is.EqualTo(problem), "in an object stream");
    }

    [Test]
    public async Task A_picture_that_cannot_be_decoded_is_no_blank_page()
    {
        PdfTools.Need("qpdf");
        var image = "\u00FF\u00D8\u00FF\u00E0" + new string('\0', 60);
        Assert.That((await InspectAsync(Paper("", image))).Problem, Is.EqualTo(PdfProblem.Broken));
    }

    // one page that draws a picture of 16 by 16
    private static byte[] Paper(string catalog, string jpeg)
    {
        var image =
            jpeg.Length == 0
                ? ""
                : "<< /Type /XObject /Subtype /Image /Width 16 /Height 16 /ColorSpace /DeviceGray /BitsPerComponent 8 /Filter /DCTDecode /Length "
                    + $"{jpeg.Length} >>\nstream\n{jpeg}\nendstream";
        string[] objects =
        [
            $"<< /Type /Catalog /Pages 2 0 R {catalog} >>",
            "<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
            "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 200 200] /Resources << /XObject << /I 4 0 R >> >> /Contents 5 0 R >>",
            image.Length == 0 ? "null" : image,
            "<< /Length 30 >>\nstream\nq 200 0 0 200 0 0 cm       Q  \nendstream",
        ];
        var text = new System.Text.StringBuilder("%PDF-1.5\n");
        var places = new List<int>();
        for (var i = 0; i < objects.Length; i++)
        {
            places.Add(text.Length);
            text.Append(System.Globalization.CultureInfo.InvariantCulture, $"{i + 1} 0 obj\n{objects[i]}\nendobj\n");
        }
        var table = text.Length;
        text.Append(System.Globalization.CultureInfo.InvariantCulture, $"xref\n0 {objects.Length + 1}\n0000000000 65535 f \n");
        foreach (var place in places)
            text.Append(System.Globalization.CultureInfo.InvariantCulture, $"{place:D10} 00000 n \n");
        text.Append(System.Globalization.CultureInfo.InvariantCulture, $"trailer << /Size {objects.Length + 1} /Root 1 0 R >>\nstartxref\n{table}\n%%EOF\n");
        return System.Text.Encoding.Latin1.GetBytes(text.ToString());
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
    public async Task Pages_have_a_limit() =>
        Assert.That(await InspectAsync(await SoundAsync(), maxPages: 2), Is.EqualTo(new PdfFacts(PdfProblem.TooManyPages, 3)));

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
