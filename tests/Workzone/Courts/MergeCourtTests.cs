using CourtOps.Kernel.Messaging;
using CourtOps.Kernel.Settings;
using CourtOps.Workzone.Inspections;
using CourtOps.Workzone.Settings;
using Microsoft.Extensions.DependencyInjection;

namespace CourtOps.Workzone.Courts;

/// <summary>The rules of a court that has become part of another.</summary>
public sealed class MergeCourtTests() : AppTests(Engine.Sqlite)
{
    [Test]
    public async Task A_merged_court_follows_the_rules_of_the_other_until_it_is_taken_back()
    {
        var (one, other) = (await IdAsync("吉2424"), await IdAsync("吉2401"));
        await SaveAsync(one, "11");
        await SaveAsync(other, "22");
        Assert.That((Current(one), Current(other)), Is.EqualTo((11, 22)));
        await App.As("sysadmin")
            .Send(
                new MergeCourt
                {
                    Id = one,
                    Into = "吉2401",
                    Reason = "机构改革",
                }
            );
        Assert.That(Current(one), Is.EqualTo(22));
        Assert.That(() => SaveAsync(one, "12"), Throws.TypeOf<RuleBroken>(), "what is set there counts nowhere");
        Assert.That(
            () =>
                App.As("sysadmin")
                    .Send(
                        new MergeCourt
                        {
                            Id = other,
                            Into = "吉2424",
                            Reason = "反过来",
                        }
                    ),
            Throws.TypeOf<RuleBroken>(),
            "no circle"
        );
        Assert.That(
            () =>
                App.As("sysadmin")
                    .Send(
                        new MergeCourt
                        {
                            Id = one,
                            Into = "吉2424",
                            Reason = "自己",
                        }
                    ),
            Throws.TypeOf<RuleBroken>()
        );
        Assert.That(
            () =>
                App.As("sysadmin")
                    .Send(
                        new MergeCourt
                        {
                            Id = one,
                            Into = "沪01",
                            Reason = "没有",
                        }
                    ),
            Throws.TypeOf<RuleBroken>()
        );
        Assert.That(
            () =>
                App.As("leader")
                    .Send(
                        new MergeCourt
                        {
                            Id = one,
                            Into = "吉2401",
                            Reason = "x",
                        }
                    ),
            Throws.TypeOf<Forbidden>()
        );
        await App.As("sysadmin").Send(new MergeCourt { Id = one, Reason = "撤销" });
        Assert.That(Current(one), Is.EqualTo(11));
    }

    private Task<long> IdAsync(string code) => App.As(null).Value<long>("SELECT id FROM workzone_court WHERE code = @code", new { code });

    private Task SaveAsync(long court, string days) =>
        App.As("sysadmin")
            .Send(
                new SaveSetting
                {
                    Key = "workzone.inspection-sampling",
                    CourtId = court,
                    Reason = "本院",
                    Values = new Dictionary<string, string> { [nameof(InspectionSampling.UrgeAfter)] = days },
                }
            );

    private int Current(long court) => App.Services.GetRequiredService<ISettings>().Current<InspectionSampling>(court).UrgeAfter;
}
