using System.Net;
using System.Text.RegularExpressions;
using CourtOps.Enforcement.Measures;
using CourtOps.Kernel.Messaging;
using Microsoft.Extensions.DependencyInjection;

namespace CourtOps.Enforcement.Field;

/// <summary>A day outside: vehicle and company, places of cases, what was found there; afterwards it is only added to.</summary>
[TestFixtureSource(typeof(Engines), nameof(Engines.All))]
public sealed class TripTests(Engine engine) : AppTests(engine)
{
    private static readonly byte[] Photo = [0xFF, 0xD8, 0xFF, 0xE0, 0, 16, (byte)'J', (byte)'F', (byte)'I', (byte)'F', 0];

    [Test]
    public async Task A_trip_settles_clues_counts_as_inquiry_and_stands_in_the_journal_of_the_measure()
    {
        var (id, party) = await CaseAsync(1);
        SaveAsset save = new()
        {
            CaseId = id,
            PartyId = party,
            Category = "vehicle",
            Description = "吉H11111",
            Source = "clue",
            Clue = true,
        };
        var there = await App.As("judge").Send(save);
        var gone = await App.Send(save with { Description = "吉H22222" });
        var house = await App.Send(
            new TakeMeasure
            {
                CaseId = id,
                PartyId = party,
                Kind = "immovable",
                Description = "不动产1号",
                RuledOn = new(2026, 3, 2),
            }
        );
        var car = await App.Send(new SaveVehicle { Plate = "吉h·00警", Seats = 3 });
        PlanTrip plan = new()
        {
            Day = new(2026, 3, 3),
            VehicleId = car,
            Team = "金某、朴某",
        };
        await Assert.ThatAsync(() => App.Send(plan with { Team = " " }), Throws.TypeOf<FluentValidation.ValidationException>());
        await Assert.ThatAsync(() => App.Send(plan with { Team = "金某、朴某、崔某" }), Throws.TypeOf<RuleBroken>().With.Property("Code").EqualTo("seats"));
        var trip = await App.Send(plan);
        await Assert.ThatAsync(() => App.Send(plan), Throws.TypeOf<RuleBroken>().With.Property("Code").EqualTo("vehicle-taken"));
        await Assert.ThatAsync(() => App.Send(new StepTrip { Id = trip.Id, Step = "go" }), Throws.TypeOf<RuleBroken>());
        AddStop add = new()
        {
            TripId = trip.Id,
            CaseId = id,
            AssetId = there.Id,
            Purpose = "verify",
            Address = "虚构县一街1号",
        };
        var first = await App.Send(add);
        await Assert.ThatAsync(() => App.Send(add), Throws.TypeOf<RuleBroken>().With.Property("Code").EqualTo("twice"));
        await Assert.ThatAsync(
            () => App.Send(add with { AssetId = null, PartyId = party }),
            Throws.TypeOf<FluentValidation.ValidationException>(),
            "looking into property names it"
        );
        var second = await App.Send(add with { AssetId = gone.Id });
        var third = await App.Send(add with { AssetId = house.AssetId, Purpose = "seal" });
        var fourth = await App.Send(add with { AssetId = null, PartyId = party, Purpose = "find" });
        await Assert.ThatAsync(
            () =>
                App.Send(
                    new RecordStop
                    {
                        Id = first.Id,
                        Outcome = "there",
                        Place = "院内",
                        Words = "车在",
                    }
                ),
            Throws.TypeOf<RuleBroken>().With.Property("Code").EqualTo("early")
        );
        App.Advance(TimeSpan.FromDays(1));
        await App.Send(new StepTrip { Id = trip.Id, Step = "go" });
        var photo = new TakenPhoto(
            "a.jpg",
            "image/jpeg",
            await App.In(s => s.GetRequiredService<Kernel.Files.BlobStore>().WriteAsync(new MemoryStream(Photo), 100, default))
        );
        var done = await App.Send(
            new RecordStop
            {
                Id = first.Id,
                Outcome = "there",
                Place = "院内",
                Words = "车在院内",
                Value = 50_000m,
            }
        );
        Assert.That((done.State, done.Outcome, done.Place), Is.EqualTo(("done", "there", "院内")));
        await Assert.ThatAsync(
            () =>
                App.Send(
                    new RecordStop
                    {
                        Id = first.Id,
                        Outcome = "gone",
                        Place = "院内",
                        Words = "改口",
                    }
                ),
            Throws.TypeOf<RuleBroken>().With.Property("Code").EqualTo("state"),
            "what was recorded stands"
        );
        await Assert.ThatAsync(
            () =>
                App.Send(
                    new RecordStop
                    {
                        Id = second.Id,
                        Outcome = "gone",
                        Place = "院内",
                        Words = "没有",
                    }
                ),
            Throws.TypeOf<RuleBroken>().With.Property("Code").EqualTo("photo")
        );
        await App.Send(
            new RecordStop
            {
                Id = second.Id,
                Outcome = "gone",
                Place = "院内",
                Words = "没有",
                Files = [photo],
            }
        );
        await App.Send(
            new RecordStop
            {
                Id = third.Id,
                Outcome = "sealed",
                Place = "门口",
                Words = "封条两张",
                Files = [photo],
            }
        );
        await App.Send(
            new AddToStop
            {
                Id = first.Id,
                Words = "车主不在",
                Files = [photo],
            }
        );
        await App.Send(new StepTrip { Id = trip.Id, Step = "back" });
        Assert.That((await App.Send(new ShowTrip { Id = trip.Id })).Stops.Select(s => s.State), Is.EqualTo(new[] { "done", "done", "done", "skipped" }));
        await App.Send(new AddToStop { Id = fourth.Id, Words = "道路封闭，没有到" });
        var assets = (await App.Send(new ShowLedger { CaseId = id })).Assets;
        Assert.That(assets.Single(a => a.Id == there.Id) is { State: "found", Value: 5_000_000L }, Is.True);
        Assert.That(assets.Single(a => a.Id == gone.Id).State, Is.EqualTo("gone"));
        Assert.That(await App.Value<int>("SELECT COUNT(*) FROM enforcement_inquiry WHERE case_id = @id AND way = 'offline'", new { id }), Is.EqualTo(2));
        Assert.That(
            (await App.Send(new ShowMeasure { Id = house.Id })).Events.Any(e => e.Kind == "field" && e.Words.Contains("封条两张", StringComparison.Ordinal)),
            Is.True
        );
        Assert.That((await App.Send(new ShowStop { Id = first.Id })).Records.Select(r => r.Kind), Is.EqualTo(new[] { "photo", "note" }));
        await Assert.ThatAsync(() => App.As("judge2").Send(new ShowStop { Id = first.Id }), Throws.TypeOf<NotFound>());
        await Assert.ThatAsync(() => App.As("judge2").Send(new AddToStop { Id = first.Id, Words = "x" }), Throws.TypeOf<NotFound>());
        Assert.That((await App.As("judge2").Send(new ShowTrip { Id = trip.Id })).Stops, Is.Empty, "places of cases one may not see");
    }

    [Test]
    public async Task On_the_phone_a_photo_is_taken_in_and_shown_and_other_files_are_refused()
    {
        var (id, party) = await CaseAsync(1);
        var trip = await App.As("judge").Send(new PlanTrip { Day = new(2026, 3, 2), Team = "金某" });
        var stop = await App.Send(
            new AddStop
            {
                TripId = trip.Id,
                CaseId = id,
                PartyId = party,
                Purpose = "evict",
                Address = "虚构县一街1号",
            }
        );
        var http = await App.SignedIn("judge");
        var url = new Uri($"/enforcement/stops/{stop.Id}", UriKind.Relative);
        var page = await http.GetStringAsync(url);
        var token = Regex.Match(page, "name=\"__RequestVerificationToken\"[^>]*value=\"([^\"]+)\"").Groups[1].Value;
        async Task<HttpResponseMessage> PostAsync(byte[] file)
        {
            using var form = new MultipartFormDataContent
            {
                { new StringContent("handed"), "Data.Outcome" },
                { new StringContent("一街1号"), "Data.Place" },
                { new StringContent("已腾退"), "Data.Words" },
                { new ByteArrayContent(file), "Files", "p.jpg" },
                { new StringContent(token), "__RequestVerificationToken" },
            };
            return await http.PostAsync(url, form);
        }
        Assert.That((await PostAsync("MZ not a photo"u8.ToArray())).StatusCode, Is.EqualTo(HttpStatusCode.UnprocessableEntity));
        var taken = await PostAsync(Photo);
        Assert.That(taken.StatusCode, Is.EqualTo(HttpStatusCode.Redirect), await taken.Content.ReadAsStringAsync());
        var record = (await App.As("judge").Send(new ShowStop { Id = stop.Id })).Records.Single();
        var shown = await http.GetAsync(new Uri($"/enforcement/stop-records/{record.Id}", UriKind.Relative));
        Assert.That(
            (shown.StatusCode, shown.Content.Headers.ContentType!.MediaType, await shown.Content.ReadAsByteArrayAsync()),
            Is.EqualTo((HttpStatusCode.OK, "image/jpeg", Photo))
        );
        Assert.That(
            (await (await App.SignedIn("judge2")).GetAsync(new Uri($"/enforcement/stop-records/{record.Id}", UriKind.Relative))).StatusCode,
            Is.EqualTo(HttpStatusCode.NotFound)
        );
    }

    private async Task<(long Case, long Party)> CaseAsync(int serial)
    {
        var id = await App.Case(serial, new SampleParty("王某乙"));
        return (id, await App.PartyId(id, "王某乙"));
    }
}

/// <summary>What a record from the field needs.</summary>
public sealed class FieldRulesTests
{
    [TestCase("verify", "there", "院内", 0, 0, null)]
    [TestCase("verify", "sealed", "院内", 1, 0, "Outcome")]
    [TestCase("verify", "there", "", 1, 0, "Place")]
    [TestCase("verify", "gone", "院内", 0, 0, "Files")]
    [TestCase("seal", "sealed", "门口", 1, 0, null)]
    [TestCase("seal", "sealed", "门口", 0, 0, "Files")]
    [TestCase("seal", "failed", "门口", 0, 0, null)]
    [TestCase("evict", "handed", "门口", 1, 13, "PhoneTime")]
    [TestCase("evict", "handed", "门口", 1, 12, null)]
    public void A_record_is_whole_or_says_what_is_missing(string purpose, string outcome, string place, int photos, int hoursOff, string? field)
    {
        var now = new DateTimeOffset(2026, 3, 2, 1, 0, 0, TimeSpan.Zero);
        Assert.That(FieldRules.Missing(purpose, outcome, place, photos, now.AddHours(hoursOff), now)?.Field, Is.EqualTo(field));
    }
}
