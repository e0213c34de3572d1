using CourtOps.Kernel.Printing;

namespace CourtOps.Kernel.Tests.Printing;

[NonParallelizable]
[Platform(Exclude = "Win")]
[System.Runtime.Versioning.UnsupportedOSPlatform("windows")]
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
internal sealed class ChromiumPrinterTests
{
    private static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);
    private static readonly string[] NoProgram = ["no-such-browser"];

    private static string Page(string body, string style = "@page{size:A4}") =>
        $"<!doctype html><html><head><meta charset=\"utf-8\"><title>t</title><style>{style}</style></head><body class=\"x\">{body}</body></html>";

    private readonly string folder = Directory.CreateTempSubdirectory("co-test-").FullName;

    // nothing is left of any print
    [TearDown]
    public void Left() => Directory.Delete(folder);

    private async Task<IReadOnlyList<byte[]>> PrintAsync(params string[] html)
    {
        PdfTools.Need("chromium", "qpdf", "pdftotext");
        using var printer = new ChromiumPrinter(new PrinterPrograms { Folder = folder });
        var outcome = await printer.PrintAsync(html, Minute, CancellationToken.None);
        Assert.That(outcome, Is.InstanceOf<Printed>());
        return ((Printed)outcome).Documents;
    }

    [Test]
    public async Task Chinese_text_is_in_the_file()
    {
        var pdf = (await PrintAsync(Page("<h1>送达回证</h1><p>（2026）吉2424民初123号　𠀀·买买提</p>")))[0];

        Assert.That(pdf.AsSpan(0, 5).SequenceEqual("%PDF-"u8), Is.True);
        var text = await PdfTools.TextAsync(pdf);
        Assert.That(text, Does.Contain("送达回证").And.Contain("（2026）吉2424民初123号"));
    }

    [Test]
    public async Task A_batch_comes_back_in_order_each_with_its_own_pages()
    {
        var tall = "<div style=\"height:1400px\"></div><p>末页</p>";

        var pdfs = await PrintAsync(Page("<p>甲文书</p>"), Page("<p>乙文书</p>" + tall), Page("<p>丙另样</p>", "@page{size:A5}"), Page("<p>丁文书</p>"));

        var texts = await Task.WhenAll(pdfs.Select(PdfTools.TextAsync));
        Assert.That(texts.Select(t => t.TrimStart()[..3]), Is.EqualTo(new[] { "甲文书", "乙文书", "丙另样", "丁文书" }));
        Assert.That(await Task.WhenAll(pdfs.Select(PdfTools.PagesAsync)), Is.EqualTo(new[] { 1, 2, 1, 1 }));
        Assert.That(texts[1], Does.Contain("末页").And.Not.Contain("丁"));
    }

    [Test]
    public async Task Nothing_runs_and_nothing_is_fetched()
    {
        using var secret = new TempFile("<p>别人的文件</p>"u8.ToArray(), ".html");

        var pdf = (
            await PrintAsync(
                Page(
                    $"<p>原文</p><script>document.body.textContent='改过'</script><iframe src=\"file://{secret.Path}\"></iframe><img src=x "
                        + "onerror=\"document.body.textContent='改过'\">"
                )
            )
        )[0];

        Assert.That(await PdfTools.TextAsync(pdf), Does.Contain("原文").And.Not.Contain("改过").And.Not.Contain("别人的文件"));
    }

    [Test]
    public async Task Nothing_to_print_is_no_error()
    {
        using var printer = new ChromiumPrinter();

        Assert.That(await printer.PrintAsync([], Minute, CancellationToken.None), Is.InstanceOf<Printed>());
    }

    [Test]
    public async Task A_missing_browser_is_an_answer_with_the_package()
    {
        using var printer = new ChromiumPrinter(new PrinterPrograms { Chromium = NoProgram });

        Assert.That(printer.Missing, Is.EqualTo(new PrinterMissing("chromium", "chromium")));
        Assert.That(await printer.PrintAsync([Page("x")], Minute, CancellationToken.None), Is.EqualTo(new PrinterMissing("chromium", "chromium")));
    }

    [Test]
    public async Task A_missing_qpdf_matters_to_a_batch_only()
    {
        PdfTools.Need("chromium");
        using var printer = new ChromiumPrinter(new PrinterPrograms { Qpdf = "no-such-qpdf" });

        Assert.That(await printer.PrintAsync([Page("x"), Page("y")], Minute, CancellationToken.None), Is.EqualTo(new PrinterMissing("qpdf", "qpdf")));
        Assert.That(await printer.PrintAsync([Page("x")], Minute, CancellationToken.None), Is.InstanceOf<Printed>());
    }

    [Test]
    public async Task At_the_limit_the_browser_and_its_children_are_ended()
    {
        using var pids = new TempFile([], ".pids");
        using var slow = TempFile.Program($"sleep 300 & echo $! >> {pids.Path}; echo $$ >> {pids.Path}; wait");
        using var printer = new ChromiumPrinter(new PrinterPrograms { Chromium = [slow.Path], Folder = folder });
        var limit = TimeSpan.FromSeconds(2);

        var outcome = await printer.PrintAsync([Page("x")], limit, CancellationToken.None);

        Assert.That(outcome, Is.EqualTo(new PrintTimedOut(limit)));
        var started = await File.ReadAllLinesAsync(pids.Path);
        Assert.That(started, Has.Length.EqualTo(2));
        Assert.That(() => started.Where(Running), Is.Empty.After(5000, 50));
    }

    /// <summary>A process that has ended but was not yet waited for counts as ended.</summary>
    private static bool Running(string pid)
    {
        var stat = $"/proc/{pid}/stat";
        try
        {
            return File.Exists(stat) && !File.ReadAllText(stat).Contains(") Z ", StringComparison.Ordinal);
        }
        catch (IOException)
        {
            return false;
        }
    }

    [Test]
    public async Task A_browser_that_fails_is_told_with_its_words()
    {
        using var bad = TempFile.Program("echo 'no display' >&2; exit 7");
        using var printer = new ChromiumPrinter(new PrinterPrograms { Chromium = [bad.Path], Folder = folder });

        var outcome = await printer.PrintAsync([Page("x")], Minute, CancellationToken.None);

        Assert.That(outcome, Is.InstanceOf<PrintFailed>());
        Assert.That(((PrintFailed)outcome).Reason, Does.Contain("7").And.Contain("no display"));
    }

    [Test]
    public async Task What_is_printed_is_for_nobody_else_on_the_machine()
    {
        using var looks = TempFile.Program($"stat -c %a {folder}/courtops-print-* >&2; exit 7");
        using var printer = new ChromiumPrinter(new PrinterPrograms { Chromium = [looks.Path], Folder = folder });
        Assert.That(((PrintFailed)await printer.PrintAsync([Page("x")], Minute, CancellationToken.None)).Reason, Does.Contain("700"));
    }

    [Test]
    public async Task Giving_up_ends_the_work()
    {
        using var slow = TempFile.Program("sleep 300");
        using var printer = new ChromiumPrinter(new PrinterPrograms { Chromium = [slow.Path], Folder = folder });
        using var stop = new CancellationTokenSource(TimeSpan.FromMilliseconds(300));

        await Assert.ThatAsync(() => printer.PrintAsync([Page("x")], Minute, stop.Token), Throws.InstanceOf<OperationCanceledException>());
    }
}
