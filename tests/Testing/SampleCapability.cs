using CourtOps.Kernel.Modules;
using CourtOps.Kernel.Settings;
using FluentValidation;

namespace CourtOps.Testing;

/// <summary>A capability as a centre declares it: one record each for a setting, a table and a decision.</summary>
public sealed class SampleCapability : Module
{
    public const string NoReply = "sample.no-reply";
    public const string Track = "sample.track";

    public override string Name => "Sample";

    public override string Prefix => "sample";

    public override string Title => "样例";

    public static Setting<SampleWait> Wait { get; } =
        new()
        {
            Key = NoReply,
            Label = "等待天数",
            Help = "到达后几日内没有回应就转下一方式。",
            Affects = "此后开始的送达",
            Values =
            [
                new(nameof(SampleWait.Days), "等待天数", "自然日，到达当日不计。")
                {
                    Unit = "日",
                    Min = 1,
                    Max = 10,
                    Source = "C-06",
                    Tag = SettingTags.Practice,
                },
                new(nameof(SampleWait.Reply), "答辩期", "给被告的答辩期。")
                {
                    Unit = "日",
                    Min = 1,
                    Max = 60,
                    Law = new LawLimit("《民事诉讼法》第128条", AtLeast: 15),
                    Source = "《民事诉讼法》第128条",
                    Tag = SettingTags.Law,
                },
            ],
            Validator = new Rules(),
        };

    public static DecisionTable<SampleFacts, SampleOutcome> Table { get; } =
        new()
        {
            Key = Track,
            Label = "繁简",
            Help = "按案由和标的额分繁简。",
            Affects = "此后立案的案件",
            Source = "E-04",
            TwoPersons = true,
            Facts =
            [
                new(nameof(SampleFacts.Kind), "案件类型")
                {
                    Choices = new Dictionary<string, string> { ["civil"] = "民事", ["criminal"] = "刑事" },
                },
                new(nameof(SampleFacts.Amount), "标的额") { Money = true, Min = 0 },
            ],
            Outcome =
            [
                new(nameof(SampleOutcome.Track), "程序")
                {
                    Choices = new Dictionary<string, string> { ["simple"] = "简易", ["ordinary"] = "普通" },
                },
                new(nameof(SampleOutcome.Days), "办理天数") { Min = 1, Max = 400 },
            ],
            Default = new TableBody
            {
                Rows =
                [
                    new()
                    {
                        When = new Dictionary<string, Condition>
                        {
                            [nameof(SampleFacts.Kind)] = new(Ops.Is, ["civil"]),
                            [nameof(SampleFacts.Amount)] = new(Ops.AtMost, ["5000000"]),
                        },
                        Then = Then("simple", 90),
                    },
                    new() { Then = Then("ordinary", 180) },
                ],
            },
        };

    public override void Declare(ModuleDeclaration declare)
    {
        declare.Setting(Wait);
        declare.Setting(Table);
        declare.Decision(Table.As("sample.track", "繁简分流", new Measure<SampleFacts, SampleOutcome>("办理天数", "日", (_, o) => o.Days, Average: true)));
    }

    public static Dictionary<string, string> Then(string track, int days) =>
        new() { [nameof(SampleOutcome.Track)] = track, [nameof(SampleOutcome.Days)] = FieldText.Of(days) };

    private sealed class Rules : AbstractValidator<SampleWait>
    {
        public Rules() => RuleFor(w => w.Reply).GreaterThanOrEqualTo(w => w.Days).WithMessage("答辩期不得短于等待天数。");
    }
}

public sealed record SampleWait
{
    public int Days { get; init; } = 3;
    public int Reply { get; init; } = 15;
}

public sealed record SampleFacts
{
    public string Kind { get; init; } = "civil";

    /// <summary>Cents.</summary>
    public long Amount { get; init; }
}

public sealed record SampleOutcome
{
    public string Track { get; init; } = "ordinary";
    public int Days { get; init; } = 180;
}
