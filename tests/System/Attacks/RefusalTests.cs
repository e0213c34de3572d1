using System.Net;
using CourtOps.Workzone.Trails;

namespace CourtOps.SystemTests.Attacks;

/// <summary>What is refused before a command is reached is on record, is not listened to for ever, and is said to the auditor.</summary>
public sealed class RefusalTests() : AppTests(Engine.Sqlite)
{
    protected override void Prepare(TestAppOptions options)
    {
        options.Settings["CourtOps:Limits:WrongKeys"] = "5";
        options.Settings["CourtOps:Limits:SignIn"] = "1000";
        options.Settings["CourtOps:Limits:Stranger"] = "20";
    }

    [Test]
    public async Task Guessing_keys_is_recorded_stopped_and_raises_an_alarm()
    {
        var right = await App.WithKey("clerk");
        var client = await App.Http();
        var answers = new List<HttpStatusCode>();
        for (var i = 0; i < 7; i++)
            answers.Add(await WithKeyAsync(client, $"guess-{i}"));
        Assert.That(answers, Is.EqualTo(Enumerable.Repeat(HttpStatusCode.Unauthorized, 5).Concat(Enumerable.Repeat(HttpStatusCode.TooManyRequests, 2))));
        Assert.That(
            (await right.GetAsync(Url("/api/v1/me"))).StatusCode,
            Is.EqualTo(HttpStatusCode.TooManyRequests),
            "the address is not listened to, whoever asks"
        );
        Assert.That(await RecordsAsync("wrong-key"), Is.EqualTo(new[] { "127.0.0.1 refused 1" }), "once, or the record could be flooded");
        App.Advance(TimeSpan.FromMinutes(1));
        Assert.That((await right.GetAsync(Url("/api/v1/me"))).StatusCode, Is.EqualTo(HttpStatusCode.OK), "a minute later it is");
        for (var i = 0; i < 4; i++)
            await WithKeyAsync(client, $"more-{i}");
        App.Advance(TimeSpan.FromMinutes(10));
        await WithKeyAsync(client, "later");
        Assert.That(await RecordsAsync("wrong-key"), Is.EqualTo(new[] { "127.0.0.1 refused 1", "127.0.0.1 refused 9" }), "with how many there were meanwhile");
        await App.RunJob<RaiseAlarms>();
        var alarm = (await App.As("auditor").Send(new ListAlarms())).Single();
        Assert.That((alarm.Kind, alarm.PersonId, alarm.PersonLogin, alarm.Hits), Is.EqualTo((AlarmRules.SignIn, 0L, "127.0.0.1", 10)));
        Assert.That(
            await (await App.SignedIn("auditor")).GetStringAsync(Url("/audit/alarms")),
            Does.Contain("127.0.0.1").And.Contain("反复登录失败或使用错误密钥")
        );
    }

    [Test]
    public async Task Wrong_passwords_raise_an_alarm_on_the_person_tried()
    {
        for (var i = 0; i < 8; i++)
            await App.As(null).Send(new Workzone.People.SignIn { Login = "judge", Password = "wrong" });
        await App.RunJob<RaiseAlarms>();
        await App.RunJob<RaiseAlarms>();
        var alarm = (await App.As("auditor").Send(new ListAlarms())).Single();
        Assert.That((alarm.Kind, alarm.PersonLogin, alarm.Hits), Is.EqualTo((AlarmRules.SignIn, "judge", 8)));
    }

    [Test]
    public async Task Commands_without_a_right_count_among_the_refusals_and_mistakes_in_a_form_do_not()
    {
        for (var i = 0; i < 10; i++)
            await Assert.ThatAsync(() => App.As("clerk").Send(new Workzone.People.SaveAbsence { Reason = "" }), Throws.Exception);
        await App.RunJob<RaiseAlarms>();
        Assert.That(await App.As("auditor").Send(new ListAlarms()), Is.Empty);
        for (var i = 0; i < 8; i++)
            await Assert.ThatAsync(
                () => App.As("clerk").Send(new Workzone.Courts.SaveCourt { Code = "吉99", Name = "不该有" }),
                Throws.TypeOf<Kernel.Messaging.Forbidden>()
            );
        await App.RunJob<RaiseAlarms>();
        Assert.That(
            (await App.As("auditor").Send(new ListAlarms())).Select(a => (a.Kind, a.PersonLogin)),
            Is.EqualTo(new[] { (AlarmRules.Refusals, "clerk") })
        );
    }

    [Test]
    public async Task A_form_of_another_site_and_a_flood_are_on_record()
    {
        var judge = await App.SignedIn("judge");
        using var form = new FormUrlEncodedContent([new("Data.From", "2026-12-01")]);
        Assert.That((await judge.PostAsync(Url("/absences"), form)).StatusCode, Is.EqualTo(HttpStatusCode.BadRequest));
        using var begin = new StringContent("{}", System.Text.Encoding.UTF8, "application/json");
        Assert.That((int)(await judge.PostAsync(Url("/uploads"), begin)).StatusCode, Is.EqualTo(422));
        Assert.That(await RecordsAsync("forged-form"), Is.EqualTo(new[] { "127.0.0.1 refused 1" }));
        var stranger = await App.Http();
        for (var i = 0; i < 25; i++)
            await stranger.GetAsync(Url("/sign-in"));
        Assert.That(await RecordsAsync("too-many"), Is.EqualTo(new[] { "127.0.0.1 refused 1" }));
    }

    private async Task<HttpStatusCode> WithKeyAsync(HttpClient client, string key)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, Url("/api/v1/me"));
        request.Headers.Add("X-Api-Key", key);
        return (await client.SendAsync(request)).StatusCode;
    }

    private async Task<IReadOnlyList<string>> RecordsAsync(string kind) =>
        [
            .. (
                await App.As(null)
                    .Rows<string>(
                        "SELECT CONCAT(address, ' ', result, ' ', detail) FROM kernel_audit WHERE action = 'workzone.web.refused' AND object_id = "
                            + "@kind ORDER BY id",
                        new { kind }
                    )
            ).Select(r =>
                r[..r.IndexOf('{', StringComparison.Ordinal)]
                + System.Text.Json.JsonDocument.Parse(r[r.IndexOf('{', StringComparison.Ordinal)..]).RootElement.GetProperty("count").GetInt32()
            ),
        ];

    private static Uri Url(string path) => new(path, UriKind.Relative);
}
