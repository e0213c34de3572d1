using CourtOps.Enforcement.Checks;
using CourtOps.Enforcement.Linkage;
using CourtOps.Enforcement.Money;
using CourtOps.Kernel.Modules;
using CourtOps.Kernel.Settings;

namespace CourtOps.Enforcement;

/// <summary>The settings of enforcement.</summary>
internal static class EnforcementSettings
{
    public static void Declare(ModuleDeclaration declare)
    {
        declare.Setting(
            new Setting<Criminal.CriminalOrder>
            {
                Key = "enforcement.criminal",
                Label = "财产刑和退赔的受偿顺位",
                Help = "财产不足以支付全部义务时，按顺位拟定分配方案；顺位相同的按比例。",
                Affects = "此后拟定的分配方案",
                Centre = "enforcement",
                Values =
                [
                    Place(nameof(Criminal.CriminalOrder.Medical), "人身损害的医疗费用"),
                    Place(nameof(Criminal.CriminalOrder.Secured), "优先受偿的债权"),
                    Place(nameof(Criminal.CriminalOrder.Refund), "责令退赔"),
                    Place(nameof(Criminal.CriminalOrder.Recover), "追缴"),
                    Place(nameof(Criminal.CriminalOrder.Civil), "其他民事债务"),
                    Place(nameof(Criminal.CriminalOrder.Fine), "罚金"),
                    Place(nameof(Criminal.CriminalOrder.Confiscate), "没收财产"),
                ],
            }
        );
        declare.Setting(
            new Setting<Figures.BoardRules>
            {
                Key = "enforcement.board",
                Label = "执行看板的案件范围",
                Help = "结案率、结收比等按哪些案件计算；执行完毕率、终本率只计首次执行。",
                Affects = "此后打开的看板",
                Centre = "enforcement",
                Values =
                [
                    new(nameof(Figures.BoardRules.Resumed), "计入恢复执行", "执恢案件计入收案和结案。") { Source = "本院口径", Tag = SettingTags.Practice },
                    new(nameof(Figures.BoardRules.Preservation), "计入保全执行", "执保案件计入收案和结案。")
                    {
                        Source = "本院口径",
                        Tag = SettingTags.Practice,
                    },
                ],
            }
        );
        declare.Setting(
            new Setting<LinkageRules>
            {
                Key = "enforcement.linkage",
                Label = "联动的人工用时",
                Help = "同一请求人工往返所用的时间，用于统计节省的人工。",
                Affects = "此后的统计",
                Centre = "enforcement",
                Values =
                [
                    new(nameof(LinkageRules.ManualMinutes), "人工用时", "每件请求往返。")
                    {
                        Unit = "分钟",
                        Min = 10,
                        Max = 2000,
                        Source = "本院实测",
                        Tag = SettingTags.Practice,
                    },
                ],
            }
        );
        declare.Setting(
            new Setting<MoneyRules>
            {
                Key = "enforcement.money",
                Label = "案款发放期限",
                Help = "案款到账后多少日内发放；临近期限发起工单，超期升级。",
                Affects = "此后到账的案款",
                Centre = "enforcement",
                Values =
                [
                    new(nameof(MoneyRules.PayDays), "发放期限", "自到账之日起。")
                    {
                        Unit = "日",
                        Min = 1,
                        Max = 30,
                        Source = "法发〔2017〕6号",
                        Tag = SettingTags.Known,
                    },
                    new(nameof(MoneyRules.SuspenseDays), "不明来款期限", "自到账之日起，认领入案或者退回。")
                    {
                        Unit = "日",
                        Min = 7,
                        Max = 90,
                        Source = "本院规则",
                        Tag = SettingTags.Practice,
                    },
                ],
            }
        );
        declare.Setting(
            new Setting<LeakRules>
            {
                Key = "enforcement.leaks",
                Label = "查漏八项的门槛",
                Help = "每日核对和每次变更时，按这些门槛判断漏查、漏控、漏续、漏解、超标的。",
                Affects = "此后的核对",
                Centre = "enforcement",
                Values =
                [
                    new(nameof(LeakRules.InquiryDays), "首次查询期限", "自立案之日起。")
                    {
                        Unit = "日",
                        Min = 3,
                        Max = 10,
                        Source = "D-06",
                        Tag = SettingTags.Practice,
                    },
                    new(nameof(LeakRules.InquiryWindow), "查询有效期", "超过后须再查。")
                    {
                        Unit = "日",
                        Min = 30,
                        Max = 180,
                        Source = "D-07",
                        Tag = SettingTags.Practice,
                    },
                    new(nameof(LeakRules.Least), "小额财产", "低于此数且占标的额不高于下列比例的，可以不控制。")
                    {
                        Money = true,
                        Min = 0,
                        Max = 1_000_000,
                        Source = "D-05",
                        Tag = SettingTags.Practice,
                    },
                    new(nameof(LeakRules.LeastPercent), "小额占标的额", "高于此比例的，仍须控制。")
                    {
                        Unit = "%",
                        Min = 0,
                        Max = 20,
                        Source = "D-05",
                        Tag = SettingTags.Practice,
                    },
                    new(nameof(LeakRules.ControlWorkdays), "控制期限", "自查到之日起，工作日。")
                    {
                        Unit = "日",
                        Min = 1,
                        Max = 10,
                        Source = "D-05",
                        Tag = SettingTags.Practice,
                    },
                    new(nameof(LeakRules.RenewDays), "续行提前", "届满前几日仍未续行的，列为漏续。")
                    {
                        Unit = "日",
                        Min = 7,
                        Max = 60,
                        Source = "D-05",
                        Tag = SettingTags.Practice,
                    },
                    new(nameof(LeakRules.ReleaseDays), "解除期限", "结案后几日内解除。")
                    {
                        Unit = "日",
                        Min = 1,
                        Max = 5,
                        Source = "D-04",
                        Tag = SettingTags.Law,
                    },
                    new(
                        nameof(LeakRules.SaleEndsWaiting),
                        "处置后轮候不生效",
                        "先手处置了全部财产的，其后的轮候没有产生效力，一并结束；关闭时按解除处理，轮候自动生效。"
                    )
                    {
                        Source = "法函〔2007〕100号",
                        Tag = SettingTags.Practice,
                    },
                    new(nameof(LeakRules.Tolerance), "超标的容差", "控制总额超过标的额与此比例之和的，列为超标的。")
                    {
                        Unit = "%",
                        Min = 0,
                        Max = 50,
                        Source = "D-05",
                        Tag = SettingTags.Practice,
                    },
                ],
            }
        );
    }

    private static Kernel.Settings.Field Place(string name, string label) =>
        new(name, label, "1 为最先。")
        {
            Unit = "位",
            Min = 1,
            Max = 20,
            Source = "本院口径",
            Tag = SettingTags.Practice,
        };
}
