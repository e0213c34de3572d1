using System.Net;
using CourtOps.Enforcement.Command;
using CourtOps.Enforcement.Dates;
using CourtOps.Enforcement.Field;
using CourtOps.Enforcement.Jobs;
using CourtOps.Enforcement.Measures;
using CourtOps.Kernel.Messaging;
using Microsoft.Extensions.DependencyInjection;

namespace CourtOps.Enforcement.Offline;

/// <summary>An inquiry on site: asked for, on a trip, with photos, to an asset or to nothing found.</summary>
[TestFixtureSource(typeof(Engines), nameof(Engines.All))]
public sealed class OfflineTests(Engine engine) : AppTests(engine)
{
    private async Task<(long Case, long Party)> CaseAsync()
    {
        var origin = await App.Case(1, new SampleParty("王某乙"));
        var made = await App.As("judge")
            .Send(
                new RegisterEnforcement
                {
                    OriginId = origin,
                    JudgeId = await App.IdOf("judge"),
                    EffectiveOn = new(2026, 3, 2),
                }
            );
        return (made.CaseId, await App.PartyId(made.CaseId, "王某乙"));
    }

    private async Task<TakenPhoto> PhotoAsync() =>
        new(
            "门口.jpg",
            "image/jpeg",
            await App.In(s => s.GetRequiredService<Kernel.Files.BlobStore>().WriteAsync(new MemoryStream([0xFF, 0xD8, 0xFF, 0xE0, 0, 16]), 100, default))
        );

    [Test]
    public async Task It_goes_out_on_a_trip_and_what_is_found_becomes_an_asset()
    {
        var (id, party) = await CaseAsync();
        AskOffline ask = new()
        {
            CaseId = id,
            PartyId = party,
            Address = "虚构县一街1号",
            Categories = ["immovable", "vehicle"],
            Words = "仍在经营",
        };
        await Assert.ThatAsync(() => App.As("judge").Send(ask with { Categories = [] }), Throws.TypeOf<FluentValidation.ValidationException>());
        await Assert.ThatAsync(
            () => App.As("judge").Send(ask with { Due = new(2026, 3, 1) }),
            Throws.TypeOf<RuleBroken>().With.Property("Field").EqualTo("Due")
        );
        await Assert.ThatAsync(() => App.As("judge2").Send(ask), Throws.TypeOf<NotFound>());
        var asked = await App.As("judge").Send(ask);
        Assert.That((await App.Send(new ListDates { CaseId = id, Kind = DateKinds.Offline })).Rows.Single().DueOn, Is.EqualTo(asked.DueOn));
        CloseOffline close = new()
        {
            Id = asked.Id,
            Outcome = "found",
            Category = "vehicle",
            Description = "吉H33333",
            Holder = "延边车辆管理所",
            Value = 60_000m,
            Words = "院内停放",
        };
        await Assert.ThatAsync(() => App.Send(close), Throws.TypeOf<RuleBroken>().With.Property("Code").EqualTo("not-visited"));
        var trip = await App.Send(new PlanTrip { Day = new(2026, 3, 2), Team = "金某" });
        var sent = await App.Send(new SendOffline { Id = asked.Id, TripId = trip.Id });
        Assert.That(sent.State, Is.EqualTo("out"));
        await Assert.ThatAsync(
            () => App.Send(new SendOffline { Id = asked.Id, TripId = trip.Id }),
            Throws.TypeOf<RuleBroken>().With.Property("Code").EqualTo("waiting")
        );
        await App.Send(new StepTrip { Id = trip.Id, Step = "go" });
        await App.Send(
            new RecordStop
            {
                Id = sent.StopId!.Value,
                Outcome = "there",
                Place = "院内",
                Words = "货车一辆",
                Files = [await PhotoAsync()],
            }
        );
        await Assert.ThatAsync(() => App.As("judge2").Send(close), Throws.TypeOf<NotFound>());
        var done = await App.As("judge").Send(close);
        Assert.That((done.State, done.Outcome), Is.EqualTo(("done", "found")));
        var ledger = await App.Send(new ShowLedger { CaseId = id });
        Assert.That(ledger.Assets.Single(a => a.Id == done.AssetId) is { Source: "offline", Value: 6_000_000L, State: "found" }, Is.True);
        Assert.That(ledger.Inquiries.Select(i => i.Category), Is.SupersetOf(new[] { "immovable", "vehicle" }));
        Assert.That((await App.Send(new ListDates { CaseId = id, Kind = DateKinds.Offline })).Rows, Is.Empty, "its day is ended by the result");
        await Assert.ThatAsync(() => App.Send(close), Throws.InstanceOf<Exception>(), "a result stands");
        Assert.That((await App.Send(new ShowOffline { Id = asked.Id })).Records.Select(r => r.Kind), Is.EqualTo(new[] { "photo" }));
    }

    [Test]
    public async Task Nothing_found_needs_a_photo_and_a_late_one_opens_an_order_that_is_escalated()
    {
        var (id, party) = await CaseAsync();
        var asked = await App.As("judge")
            .Send(
                new AskOffline
                {
                    CaseId = id,
                    PartyId = party,
                    Address = "虚构县二街2号",
                    Categories = ["immovable"],
                    Due = new(2026, 3, 6),
                }
            );
        await App.RunJob<Sweep>();
        Assert.That(
            (await App.As("judge").Send(new ListDates { CaseId = id, Kind = DateKinds.Offline })).Rows.Single().OrderId,
            Is.Not.Null,
            "an order before its day"
        );
        var trip = await App.As("judge").Send(new PlanTrip { Day = new(2026, 3, 2), Team = "金某" });
        var sent = await App.Send(new SendOffline { Id = asked.Id, TripId = trip.Id });
        await App.Send(new StepTrip { Id = trip.Id, Step = "go" });
        await App.Send(
            new RecordStop
            {
                Id = sent.StopId!.Value,
                Outcome = "absent",
                Place = "门口",
                Words = "房屋空置",
            }
        );
        CloseOffline close = new()
        {
            Id = asked.Id,
            Outcome = "none",
            Words = "邻居证实已搬走",
        };
        await Assert.ThatAsync(() => App.Send(close), Throws.TypeOf<RuleBroken>().With.Property("Code").EqualTo("photo"));
        await App.Send(new AddToStop { Id = sent.StopId.Value, Files = [await PhotoAsync()] });
        Assert.That((await App.Send(close)).Outcome, Is.EqualTo("none"));
        Assert.That((await App.Send(new ShowLedger { CaseId = id })).Assets, Is.Empty);
        var second = await App.Send(
            new AskOffline
            {
                CaseId = id,
                PartyId = party,
                Address = "虚构县三街3号",
                Categories = ["immovable"],
                Due = new(2026, 3, 6),
            }
        );
        App.Advance(TimeSpan.FromDays(7));
        await App.RunJob<Sweep>();
        Assert.That((await App.As("judge").Send(new ListDates { CaseId = id, Kind = DateKinds.Offline })).Rows.Single().Level, Is.EqualTo(2), "over its day");
        Assert.That((await App.Send(new WithdrawOffline { Id = second.Id, Words = "已和解" })).State, Is.EqualTo("withdrawn"));
    }

    [Test]
    public async Task An_asset_that_has_ended_takes_no_more_visits()
    {
        var (id, party) = await CaseAsync();
        var clue = await App.As("judge")
            .Send(
                new SaveAsset
                {
                    CaseId = id,
                    PartyId = party,
                    Category = "vehicle",
                    Description = "吉H44444",
                    Source = "clue",
                    Clue = true,
                }
            );
        await App.Send(
            new SettleClue
            {
                Id = clue.Id,
                Exists = false,
                Words = "登记机关答复没有",
            }
        );
        var trip = await App.Send(new PlanTrip { Day = new(2026, 3, 2), Team = "金某" });
        await Assert.ThatAsync(
            () =>
                App.Send(
                    new AddStop
                    {
                        TripId = trip.Id,
                        CaseId = id,
                        AssetId = clue.Id,
                        Purpose = "verify",
                        Address = "虚构县",
                    }
                ),
            Throws.TypeOf<RuleBroken>().With.Property("Code").EqualTo("ended")
        );
    }

    [Test]
    public async Task The_pages_lead_from_asking_to_the_result()
    {
        var (id, party) = await CaseAsync();
        var http = await App.SignedIn("judge");
        var page = $"/enforcement/cases/{id}/offline";
        Assert.That(WebUtility.HtmlDecode(await http.GetStringAsync(page)), Does.Contain("发起线下调查"));
        var refused = await TestApp.PostForm(http, page, page, ("Data.PartyId", $"{party}"), ("Data.Address", "虚构县一街1号"));
        Assert.That(refused.StatusCode, Is.EqualTo(HttpStatusCode.UnprocessableEntity));
        Assert.That(WebUtility.HtmlDecode(await refused.Content.ReadAsStringAsync()), Does.Contain("虚构县一街1号"), "what was typed stays");
        await TestApp.PostForm(http, page, page, ("Data.PartyId", $"{party}"), ("Data.Address", "虚构县一街1号"), ("Data.Categories", "immovable"));
        var row = (await App.As("judge").Send(new ListOffline { CaseId = id })).Rows.Single();
        Assert.That(WebUtility.HtmlDecode(await http.GetStringAsync($"/enforcement/offline/{row.Id}")), Does.Contain("先派出外勤").And.Contain("不再需要"));
        Assert.That(WebUtility.HtmlDecode(await http.GetStringAsync("/enforcement/offline")), Does.Contain("虚构县一街1号"));
    }
}
