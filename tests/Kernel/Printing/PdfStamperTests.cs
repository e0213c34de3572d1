using CourtOps.Kernel.Data;
using CourtOps.Kernel.Printing;

namespace CourtOps.Kernel.Tests.Printing;

[NonParallelizable]
[Platform(Exclude = "Win")]
[System.Runtime.Versioning.UnsupportedOSPlatform("windows")]
internal sealed class PdfStamperTests
{
    private const string Words = "李测试（judge） 汪清县人民法院 2026-03-02 09:00 查阅记录 4711";

    private string root = "";
    private DataFolder folder = null!;

    [SetUp]
    public void Open()
    {
        root = Directory.CreateTempSubdirectory("courtops-stamp-").FullName;
        folder = new DataFolder(root);
    }

    [TearDown]
    public void Close() => Directory.Delete(root, recursive: true);

    [Test]
    public async Task Every_page_of_any_size_bears_the_words_and_the_file_itself_stays()
    {
        PdfTools.Need("chromium", "qpdf", "pdftotext");
        var html =
            "<html><head><style>@page wide{size:A4 landscape} @page small{size:A5} .w{page:wide} .s{page:small} "
            + "div{break-after:page}</style></head><body><div>甲页</div><div class=\"w\">乙页</div><div class=\"s\">丙页</div></body></html>";
        using var printer = new ChromiumPrinter();
        var pdf = ((Printed)await printer.PrintAsync([html], TimeSpan.FromMinutes(1), default)).Documents[0];
        using var file = new TempFile(pdf);
        var copy = await StampAsync(file.Path);
        Assert.That(copy.Problem, Is.EqualTo(PdfProblem.None), copy.Detail);
        using var text = new TempFile(await BytesAsync(copy));
        Assert.That(await File.ReadAllBytesAsync(file.Path), Is.EqualTo(pdf));
        Assert.That(await PdfTools.PagesAsync(await File.ReadAllBytesAsync(text.Path)), Is.EqualTo(await PdfTools.PagesAsync(pdf)));
        foreach (var (page, word) in new[] { ("1", "甲页"), ("2", "乙页"), ("3", "丙页") })
            Assert.That(
                await PdfTools.RunAsync("pdftotext", "-f", page, "-l", page, text.Path, "-"),
                Does.Contain(word).And.Contain("judge").And.Contain("李测试").And.Contain("汪清县人民法院").And.Contain("4711"),
                page
            );
        Assert.That(Directory.GetFiles(Path.Combine(root, "private")), Is.Empty, "the copy goes when it was sent");
    }

    [Test]
    public async Task A_password_and_damage_are_told_a_mere_restriction_is_none()
    {
        PdfTools.Need("chromium", "qpdf");
        using var plain = new TempFile(SamplePdf.Of(2));
        foreach (var (user, problem) in new[] { ("secret", PdfProblem.Encrypted), ("", PdfProblem.None) })
        {
            using var locked = new TempFile();
            await PdfTools.RunAsync("qpdf", "--encrypt", user, "owner", "256", "--", plain.Path, locked.Path);
            var copy = await StampAsync(locked.Path);
            Assert.That(copy.Problem, Is.EqualTo(problem), copy.Detail);
            copy.Content?.Dispose();
        }
        using var broken = new TempFile("%PDF-1.7\nnothing"u8.ToArray());
        Assert.That((await StampAsync(broken.Path)).Problem, Is.EqualTo(PdfProblem.Broken));
        Assert.That(Directory.GetFiles(Path.Combine(root, "private")), Is.Empty);
    }

    [Test]
    public async Task A_tool_that_is_missing_and_one_that_takes_too_long_are_told()
    {
        using var file = new TempFile(SamplePdf.Of(1));
        var absent = await new PdfStamper(new RecordingPrinter(), folder, new PrinterPrograms { Qpdf = "no-such-qpdf" }).StampAsync(
            file.Path,
            Words,
            TimeSpan.FromSeconds(10),
            default
        );
        Assert.That((absent.Problem, absent.Detail), Is.EqualTo((PdfProblem.ToolMissing, "qpdf")));
        using var slow = TempFile.Program("sleep 300");
        var late = await new PdfStamper(new RecordingPrinter(), folder, new PrinterPrograms { Qpdf = slow.Path }).StampAsync(
            file.Path,
            Words,
            TimeSpan.FromMilliseconds(300),
            default
        );
        Assert.That(late.Problem, Is.EqualTo(PdfProblem.TimedOut));
    }

    [Test]
    public void Words_are_words_in_the_mark() => Assert.That(PdfStamper.Mark("<script>x</script>"), Does.Contain("&lt;script&gt;").And.Not.Contain("<script>"));

    private async Task<Stamped> StampAsync(string path)
    {
        using var printer = new ChromiumPrinter();
        return await new PdfStamper(printer, folder, new PrinterPrograms()).StampAsync(path, Words, TimeSpan.FromMinutes(1), default);
    }

    private static async Task<byte[]> BytesAsync(Stamped copy)
    {
        await using var content = copy.Content!;
        using var memory = new MemoryStream();
        await content.CopyToAsync(memory);
        return memory.ToArray();
    }
}
