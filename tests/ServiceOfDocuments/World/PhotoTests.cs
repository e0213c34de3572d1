using System.Buffers.Binary;
using System.Globalization;
using System.Net;
using System.Text;
using CourtOps.Kernel.Web;
using CourtOps.ServiceOfDocuments.Attempts;
using CourtOps.ServiceOfDocuments.Calls;
using CourtOps.ServiceOfDocuments.Entrust;
using CourtOps.ServiceOfDocuments.Tasks;

namespace CourtOps.ServiceOfDocuments.World;

/// <summary>What photos say of themselves, beside what was given; receipts over the API; calls whose recording did not come.</summary>
[TestFixtureSource(typeof(Engines), nameof(Engines.All))]
public sealed class PhotoTests(Engine engine) : AppTests(engine)
{
    [TestCase(true, "2026:03:02 10:15:00", "+08:00", "2026-03-02T02:15:00Z")]
    [TestCase(false, "2026:03:02 10:15:00", null, "2026-03-02T02:15:00Z")]
    [TestCase(false, "2026:03:02 10:15:00", "+09:00", "2026-03-02T01:15:00Z")]
    [TestCase(true, "0000:00:00 00:00:00", null, null)]
    [TestCase(true, "yesterday evening!!", null, null)]
    public void The_time_of_a_photo_is_read_in_both_byte_orders(bool little, string time, string? offset, string? at) =>
        Assert.That(
            PhotoFacts.Read(Jpeg(little, time, offset))?.At,
            Is.EqualTo(at is null ? null : (DateTimeOffset?)DateTimeOffset.Parse(at, CultureInfo.InvariantCulture))
        );

    [TestCase("N", "E", 42u, 54u, 1516u, "42.904211,129.904211")]
    [TestCase("S", "W", 42u, 54u, 1516u, "-42.904211,-129.904211")]
    [TestCase("N", "E", 99u, 0u, 0u, null)]
    [TestCase("N", "E", 0u, 0u, 0u, null)]
    public void The_place_of_a_photo_is_read_in_degrees(string north, string east, uint degrees, uint minutes, uint seconds, string? place)
    {
        // seconds in hundredths; the longitude has 87 degrees more
        var photo = Jpeg(true, null, null, (north, degrees, minutes, seconds), (east, degrees == 0 ? 0 : degrees + 87, minutes, seconds));
        Assert.That(PhotoFacts.Read(photo)?.Place, Is.EqualTo(place));
    }

    [Test]
    public void A_broken_photo_says_nothing_and_harms_nobody()
    {
        var whole = Jpeg(true, "2026:03:02 10:15:00", "+08:00", ("N", 42, 54, 15), ("E", 129, 30, 48));
        for (var n = 0; n < whole.Length; n++)
            Assert.That(() => PhotoFacts.Read(whole.AsSpan(0, n).ToArray()), Throws.Nothing, $"cut after {n}");
        var chance = new Random(7);
        for (var i = 0; i < 5_000; i++)
        {
            var bent = (byte[])whole.Clone();
            for (var k = 0; k < 4; k++)
                bent[chance.Next(2, bent.Length)] = (byte)chance.Next(256);
            Assert.That(() => PhotoFacts.Read(bent), Throws.Nothing, Convert.ToHexString(bent));
        }
        Assert.That(PhotoFacts.Read([0xFF, 0xD8, 0xFF, 0xE0, 1, 2, 3]), Is.Null);
    }

    [TestCase("2026-03-02T02:00:00Z", "2026-03-02T06:00:00Z", 0)]
    [TestCase("2026-03-01T02:00:00Z", "2026-03-02T02:00:00Z", 1)]
    [TestCase("2026-03-03T15:00:00Z", "2026-03-02T02:00:00Z", 2)]
    [TestCase("2026-03-01T13:00:00Z", "2026-03-02T02:00:00Z", 1)]
    [TestCase(null, "2026-03-02T02:00:00Z", 0)]
    public void A_clock_that_is_days_off_is_told(string? photo, string given, int days) =>
        Assert.That(
            PhotoFacts.DaysOff(
                photo is null ? null : DateTimeOffset.Parse(photo, CultureInfo.InvariantCulture),
                DateTimeOffset.Parse(given, CultureInfo.InvariantCulture)
            ),
            Is.EqualTo(days)
        );

    [Test]
    public async Task A_visit_shows_the_photos_own_place_and_a_clock_wrong_by_a_day()
    {
        var order = await App.Asked(1, [SampleParty.Linked]);
        await App.As("clerk")
            .Send(
                new Steward.ChangePlan
                {
                    NoticeId = order.Notice,
                    Channel = "direct",
                    Reason = "测试",
                }
            );
        var step = await StepId(order, "direct");
        var clerk = await App.SignedIn("clerk");
        var page = $"/service/visits/{step}";
        var token = System
            .Text.RegularExpressions.Regex.Match(await clerk.GetStringAsync(page), "name=\"__RequestVerificationToken\" value=\"([^\"]+)\"")
            .Groups[1]
            .Value;
        var yesterday = Times.Local(App.Clock.GetUtcNow().AddDays(-1)).ToString("yyyy':'MM':'dd HH':'mm':'ss", CultureInfo.InvariantCulture);
        using var form = new MultipartFormDataContent
        {
            { new ByteArrayContent(Jpeg(true, yesterday, null, ("N", 43, 18, 0), ("E", 129, 45, 0))), "Files", "door.jpg" },
            { new StringContent("absent"), "Data.Outcome" },
            { new StringContent("虚构路1号"), "Data.Place" },
            { new StringContent(token), "__RequestVerificationToken" },
        };
        Assert.That((int)(await clerk.PostAsync(page, form)).StatusCode, Is.EqualTo(302));
        Assert.That(await clerk.GetStringAsync(page), Does.Contain("虚构路1号").And.Contain("坐标 43.300000,129.750000").And.Contain("相差 1 天"));
    }

    [Test]
    public async Task An_entrusted_court_gives_the_receipt_in_over_the_api()
    {
        var order = await App.Asked(1, [SampleParty.Linked]);
        await App.As("clerk")
            .Send(
                new Steward.ChangePlan
                {
                    NoticeId = order.Notice,
                    Channel = "entrusted",
                    Reason = "当事人在外地",
                }
            );
        var id = await App.As("clerk")
            .Send(
                new EntrustStep
                {
                    StepId = await StepId(order, "entrusted"),
                    Court = "延吉市人民法院",
                    Address = "虚构县虚构街1号",
                }
            );
        var there = await App.WithKey("clerk-yanji");
        Assert.That((int)(await there.PostAsync($"/api/v1/service-entrusted/{id}:receive", null)).StatusCode, Is.EqualTo(200));
        Assert.That(await there.GetStringAsync($"/api/v1/service-entrusted/{id}"), Does.Contain("虚构县虚构街1号"));
        var today = Times.Iso(Times.Day(App.Clock.GetUtcNow()));
        Task<HttpResponseMessage> Give(HttpClient who, string on, bool file) => who.PostAsync($"/api/v1/service-entrusted/{id}/receipt", Receipt(on, file));
        Assert.That((int)(await there.PostAsync($"/api/v1/service-entrusted/{id}/receipt", null)).StatusCode, Is.EqualTo(422));
        Assert.That((int)(await Give(there, "3月2日", true)).StatusCode, Is.EqualTo(422));
        Assert.That(await (await Give(there, today, false)).Content.ReadAsStringAsync(), Does.Contain("送达回证"));
        Assert.That((int)(await Give(await App.WithKey("clerk"), today, true)).StatusCode, Is.EqualTo(404), "it is not asked of the entrusting court");
        var given = await Give(there, today, true);
        Assert.That(given.StatusCode, Is.EqualTo(HttpStatusCode.Created), await given.Content.ReadAsStringAsync());
        Assert.That((int)(await Give(there, today, true)).StatusCode, Is.EqualTo(409).Or.EqualTo(422), "once");
        await App.DrainAsync();
        var notice = await NoticeRow.Of(App, order.Notice);
        Assert.That((notice.State, notice.EffectiveOn), Is.EqualTo(("served", (DateOnly?)Times.Day(App.Clock.GetUtcNow()))));
        Assert.That(await there.GetStringAsync($"/api/v1/service-entrusted/{id}"), Does.Contain("receipt.jpg"));
        Assert.That(await App.Verify("service"), Is.Empty);
    }

    [Test]
    public async Task A_call_without_its_recording_is_told_once_and_only_where_calls_are_recorded()
    {
        var order = await App.Asked(1, [SampleParty.Linked]);
        await App.As("clerk")
            .Send(
                new RecordCall
                {
                    StepId = await StepId(order, "phone"),
                    Outcome = "reached",
                    Words = "已告知内容",
                }
            );
        Task<int> Told() => App.As(null).Value<int>("SELECT COUNT(*) FROM service_alarm WHERE kind = 'recording'");
        App.Advance(TimeSpan.FromHours(25));
        await App.RunJob<LookForRecordings>();
        Assert.That(await Told(), Is.Zero, "no telephone system records here");
        App.Set("CourtOps:Recordings:Folder", Directory.CreateDirectory(Path.Combine(App.Folder, "calls")).FullName);
        await App.RunJob<LookForRecordings>();
        await App.RunJob<LookForRecordings>();
        Assert.That(await Told(), Is.EqualTo(1));
        var second = await App.Asked(2, [SampleParty.Linked with { Name = "尹某庚", Phone = "13800000007" }]);
        await App.As("clerk").Send(new RecordCall { StepId = await StepId(second, "phone"), Outcome = "no-answer" });
        var third = await App.Asked(3, [SampleParty.Linked with { Name = "尹某辛", Phone = "13800000008" }]);
        var blob = await App.In(s =>
            Microsoft
                .Extensions.DependencyInjection.ServiceProviderServiceExtensions.GetRequiredService<Kernel.Files.BlobStore>(s)
                .WriteAsync(new MemoryStream(Encoding.ASCII.GetBytes("RIFF0000WAVEfmt 9")), 1 << 20, default)
        );
        await App.As("clerk")
            .Send(
                new RecordCall
                {
                    StepId = await StepId(third, "phone"),
                    Outcome = "refused",
                    Files = [new TakenFile("audio", "call.wav", "audio/wav", blob)],
                }
            );
        App.Advance(TimeSpan.FromHours(25));
        await App.RunJob<LookForRecordings>();
        Assert.That(await Told(), Is.EqualTo(1), "nobody answered, or the caller gave it in");
    }

    private static MultipartFormDataContent Receipt(string on, bool file)
    {
        var form = new MultipartFormDataContent { { new StringContent(on), "on" }, { new StringContent("虚构县虚构街1号"), "place" } };
        if (file)
            form.Add(new ByteArrayContent(Jpeg(true, "2026:03:02 10:15:00", null)), "file", "receipt.jpg");
        return form;
    }

    private Task<long> StepId(ServedOrder order, string channel) =>
        App.As(null)
            .Value<long>(
                "SELECT MIN(id) FROM service_step WHERE notice_id = @Notice AND channel = @channel AND state IN ('due', 'planned', 'waiting')",
                new { order.Notice, channel }
            );

    // a JPEG that is nothing but its EXIF; degrees, minutes, hundredths of seconds
    private static byte[] Jpeg(
        bool little,
        string? time,
        string? offset,
        (string Side, uint D, uint M, uint S)? latitude = null,
        (string Side, uint D, uint M, uint S)? longitude = null
    )
    {
        var tiff = new byte[512];
        var end = 8;
        void Short(int at, int value)
        {
            if (little)
                BinaryPrimitives.WriteUInt16LittleEndian(tiff.AsSpan(at), (ushort)value);
            else
                BinaryPrimitives.WriteUInt16BigEndian(tiff.AsSpan(at), (ushort)value);
        }
        void Long(int at, uint value)
        {
            if (little)
                BinaryPrimitives.WriteUInt32LittleEndian(tiff.AsSpan(at), value);
            else
                BinaryPrimitives.WriteUInt32BigEndian(tiff.AsSpan(at), value);
        }
        int Directory(int entries)
        {
            var at = end;
            Short(at, entries);
            end += 2 + (12 * entries) + 4;
            return at;
        }
        void Entry(int directory, int i, int tag, int type, uint count, byte[] data, uint? inline = null)
        {
            var at = directory + 2 + (12 * i);
            Short(at, tag);
            Short(at + 2, type);
            Long(at + 4, count);
            if (inline is { } value)
            {
                Long(at + 8, value);
            }
            else if (data.Length <= 4)
            {
                data.CopyTo(tiff, at + 8);
            }
            else
            {
                Long(at + 8, (uint)end);
                data.CopyTo(tiff, end);
                end += data.Length;
            }
        }
        byte[] Text(string text) => Encoding.ASCII.GetBytes(text + "\0");
        Encoding.ASCII.GetBytes(little ? "II" : "MM").CopyTo(tiff, 0);
        Short(2, 42);
        Long(4, 8);
        var root = Directory(2);
        var exif = Directory(2);
        Entry(root, 0, 0x8769, 4, 1, [], (uint)exif);
        if (time is not null)
            Entry(exif, 0, 0x9003, 2, (uint)time.Length + 1, Text(time));
        if (offset is not null)
            Entry(exif, 1, 0x9011, 2, (uint)offset.Length + 1, Text(offset));
        if (latitude is { } la && longitude is { } lo)
        {
            var gps = Directory(4);
            Entry(root, 1, 0x8825, 4, 1, [], (uint)gps);
            byte[] Fractions(uint d, uint m, uint s)
            {
                var bytes = new byte[24];
                foreach (var (value, i) in new[] { d, 1u, m, 1u, s, 100u }.Select((v, i) => (v, i)))
                {
                    Long(480, value);
                    tiff.AsSpan(480, 4).CopyTo(bytes.AsSpan(4 * i));
                }
                Long(480, 0);
                return bytes;
            }
            Entry(gps, 0, 1, 2, 2, Text(la.Side));
            Entry(gps, 1, 2, 5, 3, Fractions(la.D, la.M, la.S));
            Entry(gps, 2, 3, 2, 2, Text(lo.Side));
            Entry(gps, 3, 4, 5, 3, Fractions(lo.D, lo.M, lo.S));
        }
        byte[] segment = [.. "Exif\0\0"u8, .. tiff];
        return [0xFF, 0xD8, 0xFF, 0xE1, (byte)((segment.Length + 2) >> 8), (byte)(segment.Length + 2), .. segment, 0xFF, 0xDA, 0x00, 0x02, 0xFF, 0xD9];
    }
}
