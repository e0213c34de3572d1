using System.Globalization;
using System.IO.Compression;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Text.Json;
using CourtOps.Cataloguing.Intake;
using CourtOps.Kernel.Files;
using Microsoft.Extensions.DependencyInjection;
using NetVips;

namespace CourtOps.Cataloguing.Tests.Intake;

/// <summary>Many files of every kind in one request, two hundred in the long run and forty otherwise: each is accounted for, the bad ones by name and reason,
/// and nothing of the rest waits for them.</summary>
public sealed class ManyFilesTests() : AppTests(Engine.Sqlite)
{
    [Test]
    public async Task Many_mixed_files_are_taken_over_http_and_the_broken_ones_hold_up_nothing()
    {
        Paper.NeedEngine();
        var (pdfs, images, zips, total) = Environment.GetEnvironmentVariable("COURTOPS_LONG") == "1" ? (40, 40, 6, 200) : (8, 8, 2, 40);
        var good = pdfs + images + zips;
        var files = new List<(string Name, byte[] Content)>();
        for (var n = 1; n <= pdfs; n++)
            files.Add((Named(n, "pdf"), SamplePdf.Of(1, string.Create(CultureInfo.InvariantCulture, $"paper {n}"))));
        for (var n = pdfs + 1; n <= pdfs + images; n++)
        {
            using var page = Small(n);
            files.Add(
                n % 3 == 0 ? (Named(n, "tif"), page.TiffsaveBuffer())
                : n % 3 == 1 ? (Named(n, "png"), page.PngsaveBuffer())
                : (Named(n, "jpg"), page.JpegsaveBuffer(q: 90))
            );
        }
        for (var n = pdfs + images + 1; n <= good; n++)
            files.Add((Named(n, "zip"), Zip(SamplePdf.Of(1, string.Create(CultureInfo.InvariantCulture, $"inside {n}")))));
        files.AddRange([("坏.pdf", SamplePdf.Broken()), ("空.pdf", []), ("假.pdf", SamplePdf.Disguised())]);
        // the rest of the heap was scanned twice
        for (var n = good + 4; n <= total; n++)
            files.Add((Named(n, "again"), files[n % (pdfs + images)].Content));
        Assert.That(files, Has.Count.EqualTo(total));

        var caseId = await App.Case(47, SampleParty.Provided);
        var client = await App.WithKey("judge");
        using var form = new MultipartFormDataContent
        {
            { new StringContent(string.Create(CultureInfo.InvariantCulture, $"{{\"sender\":\"张某甲\",\"pages\":{good}}}")), "manifest" },
        };
        foreach (var (name, content) in files)
        {
            var part = new ByteArrayContent(content);
            part.Headers.ContentType = new MediaTypeHeaderValue("application/octet-stream");
            form.Add(part, "file", name);
        }
        using var taken = await client.PostAsync(new Uri($"/api/v1/cases/{caseId}/materials", UriKind.Relative), form);
        Assert.That(taken.StatusCode, Is.EqualTo(HttpStatusCode.Created), await taken.Content.ReadAsStringAsync());
        var id = long.Parse((await taken.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("id").GetString()!, CultureInfo.InvariantCulture);
        await App.DrainAsync();

        var show = await App.As("judge").Send(new ShowBatch { Id = id });
        var refused = show.Files.Where(f => f.State == FileState.Refused && f.Reason != "same-here").ToDictionary(f => f.Name, f => f.Reason);
        Assert.That(
            refused,
            Is.EqualTo(
                new Dictionary<string, string?>
                {
                    ["坏.pdf"] = "broken",
                    ["空.pdf"] = "empty",
                    ["假.pdf"] = "kind",
                }
            )
        );
        Assert.That(
            show.Files.Where(f => f.Reason == "same-here").Select(f => f.Name),
            Is.EquivalentTo(files.Select(f => f.Name).Where(n => n.EndsWith(".again", StringComparison.Ordinal)))
        );
        Assert.That(
            show.Files.GroupBy(f => f.State).ToDictionary(g => g.Key, g => g.Count()),
            Is.EqualTo(
                new Dictionary<string, int>
                {
                    [FileState.Accepted] = good,
                    [FileState.Refused] = total - good,
                    ["unpacked"] = zips,
                }
            )
        );
        Assert.That((show.Batch.State, show.Pages.Count, show.Counts.Received, show.Counts.Agree), Is.EqualTo((BatchState.Review, good, good, true)));
        Assert.That(show.Pages.All(p => p.PieceId is not null), "every page stands in a document");
        await App.In(async s =>
        {
            // every byte that came is there by its digest, also of what was refused
            foreach (var (name, content) in files.Where(f => f.Content.Length > 0))
            {
                var kept = show.Files.First(f => f.Name == name);
                Assert.That(kept.Blob, Is.EqualTo(Convert.ToHexStringLower(SHA256.HashData(content))), name);
                await using var stream = s.GetRequiredService<BlobStore>().Open(kept.Blob);
                Assert.That(Convert.ToHexStringLower(await SHA256.HashDataAsync(stream)), Is.EqualTo(kept.Blob), name);
            }
        });
        Assert.That(await App.Verify(), Is.Empty);
    }

    private static string Named(int n, string kind) => string.Create(CultureInfo.InvariantCulture, $"材料{n:000}.{kind}");

    // a small page with a number, different from every other
    private static Image Small(int n)
    {
        using var words = Image.Text(string.Create(CultureInfo.InvariantCulture, $"No. {n}"), font: "Noto Serif CJK SC 12", dpi: 72);
        using var ink = words.Linear([-1], [255]).Cast(Enums.BandFormat.Uchar);
        using var white = Image.Black(300, 420).NewFromImage(255d).Cast(Enums.BandFormat.Uchar);
        return white.Insert(ink, 40 + (n % 120), 40 + n).Copy(interpretation: Enums.Interpretation.Bw);
    }

    private static byte[] Zip(byte[] pdf)
    {
        using var made = new MemoryStream();
        using (var zip = new ZipArchive(made, ZipArchiveMode.Create, leaveOpen: true))
        using (var entry = zip.CreateEntry("内.pdf").Open())
            entry.Write(pdf);
        return made.ToArray();
    }
}
