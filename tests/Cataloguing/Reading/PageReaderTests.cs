using CourtOps.Cataloguing.Reading;
using NetVips;

namespace CourtOps.Cataloguing.Tests.Reading;

/// <summary>Pages as they come out of scanners and phones: turned, crooked, bilevel, CMYK, sixteen bits, blank, blurred.</summary>
public sealed class PageReaderTests : IDisposable
{
    private PageReader reader = null!;
    private string folder = "";

    [OneTimeSetUp]
    public void Begin()
    {
        Paper.NeedEngine();
        if (ReadingSettings.FromEnvironment().Models is null)
            Assert.Ignore("the models of the engine are not here");
        reader = new PageReader(ReadingSettings.FromEnvironment());
        folder = Directory.CreateTempSubdirectory("courtops-read-test-").FullName;
    }

    public void Dispose()
    {
        reader?.Dispose();
        if (folder.Length > 0)
            Directory.Delete(folder, recursive: true);
    }

    [TestCase("upright", 0)]
    [TestCase("right", 270)]
    [TestCase("head", 180)]
    [TestCase("left", 90)]
    public void A_turned_page_is_put_upright_and_read(string how, int orientation)
    {
        using var page = Paper.Draw("民事起诉状", Paper.Complaint);
        using var turned = how switch
        {
            "right" => page.Rot90(),
            "head" => page.Rot180(),
            "left" => page.Rot270(),
            _ => page.Copy(),
        };
        var read = Read(turned.JpegsaveBuffer(q: 85), "jpg");
        Assert.That(read.Orientation, Is.EqualTo(orientation));
        Assert.That(read.Text, Does.StartWith("民事起诉状").And.Contain("人民币三万元"));
        Assert.That(read.Confidence, Is.GreaterThan(0.9));
    }

    [TestCase("⺠事起诉状", "民事起诉状")]
    [TestCase("⼈⺠法院", "人民法院")]
    [TestCase("⻓春⻋⻚", "长春车页")]
    [TestCase("合同 A-1", "合同 A-1")]
    public void Radicals_are_the_characters_they_stand_for(string given, string plain) => Assert.That(Radicals.Plain(given), Is.EqualTo(plain));

    [Test]
    public void A_phones_note_of_how_it_was_held_is_heeded()
    {
        using var page = Paper.Draw("民事答辩状", Paper.Defence).Rot270();
        using var noted = page.Mutate(m => m.Set(GValue.GIntType, "orientation", 6));
        Assert.That(Read(noted.JpegsaveBuffer(q: 85), "jpg").Text, Does.StartWith("民事答辩状"));
    }

    [TestCase(2.6)]
    [TestCase(-1.7)]
    public void A_crooked_page_is_straightened(double degrees)
    {
        using var page = Paper.Draw("民事起诉状", Paper.Complaint).Rotate(degrees, background: [255]);
        var read = Read(page.JpegsaveBuffer(q: 85), "jpg");
        Assert.That(read.Skew, Is.EqualTo(-degrees).Within(0.2));
        Assert.That(read.Flags.Contains(PageQuality.Skewed), Is.EqualTo(Math.Abs(degrees) > 2));
        Assert.That(read.Text, Does.Contain("多次催要"));
    }

    [Test]
    public void Every_kind_of_picture_is_read()
    {
        using var page = Paper.Draw("民事起诉状", Paper.Complaint);
        using var rgb = page.Colourspace(Enums.Interpretation.Srgb);
        var kinds = new Dictionary<string, (byte[] Bytes, string End)>
        {
            ["bilevel"] = (page.TiffsaveBuffer(compression: Enums.ForeignTiffCompression.Ccittfax4, bitdepth: 1), "tif"),
            ["sixteen bits"] = (
                page.Cast(Enums.BandFormat.Ushort)
                    .Linear([257], [0])
                    .Cast(Enums.BandFormat.Ushort)
                    .Copy(interpretation: Enums.Interpretation.Grey16)
                    .PngsaveBuffer(),
                "png"
            ),
            ["alpha"] = (rgb.Bandjoin(255).PngsaveBuffer(), "png"),
            ["cmyk"] = (rgb.Colourspace(Enums.Interpretation.Cmyk).JpegsaveBuffer(q: 90), "jpg"),
        };
        foreach (var (kind, (bytes, end)) in kinds)
            Assert.That(Read(bytes, end).Text, Does.Contain("民事起诉状").And.Contain("原告多次催要"), kind);
    }

    [Test]
    public void What_is_wrong_with_a_picture_is_flagged_and_a_good_one_is_not()
    {
        using var page = Paper.Draw("民事起诉状", Paper.Complaint);
        using var blank = Image
            .Black(Paper.Width, Paper.Height)
            .NewFromImage(250d)
            .Cast(Enums.BandFormat.Uchar)
            .Copy(xres: 200 / 25.4, yres: 200 / 25.4, interpretation: Enums.Interpretation.Bw);
        Assert.That(Read(page.JpegsaveBuffer(q: 90), "jpg").Flags, Is.Empty);
        Assert.That(Read(Paper.Draw("", "此致", "2026年2月1日").JpegsaveBuffer(q: 90), "jpg").Flags, Is.Empty, "a page of few words");
        Assert.That(Read(blank.JpegsaveBuffer(q: 90), "jpg").Flags, Is.EqualTo(new[] { PageQuality.Blank }));
        Assert.That(Read(page.Gaussblur(5).JpegsaveBuffer(q: 90), "jpg").Flags, Does.Contain(PageQuality.Blurred));
        Assert.That(Read(page.Linear([0.12], [210]).Cast(Enums.BandFormat.Uchar).JpegsaveBuffer(q: 90), "jpg").Flags, Does.Contain(PageQuality.Faint));
        Assert.That(
            Read(page.Resize(0.5).Copy(xres: 100 / 25.4, yres: 100 / 25.4).JpegsaveBuffer(q: 90), "jpg").Flags,
            Does.Contain(PageQuality.LowResolution)
        );
    }

    private PageResult Read(byte[] bytes, string end)
    {
        var path = Path.Combine(folder, $"{Guid.NewGuid():n}.{end}");
        File.WriteAllBytes(path, bytes);
        return reader.Read(path, null, null, null, "");
    }
}
