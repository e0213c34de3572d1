using System.Globalization;
using CourtOps.Law;

namespace CourtOps.Enforcement.Auctions;

/// <summary>The texts of a listing, all from the records of the sale (网拍规定 12–14, 17, 20, 23, 24). Names of debtors do not stand in them. Pure.</summary>
internal static class ListingTexts
{
    /// <summary>The announcement.</summary>
    public static string Announcement(AuctionRow a, string court, string number, SaleAccount account) =>
        Lines(
            $"{court}关于{a.AssetName}的{(a.Sale == 3 ? "变卖" : "拍卖")}公告",
            "",
            $"本院在执行{number}案件中，将于 {Day(a.OpensOn)}起在{(a.Platform.Length > 0 ? a.Platform : "网络司法拍卖平台")}"
                + $"进行公开{(a.Sale == 3 ? "变卖" : "拍卖")}活动（{AuctionRules.Sales[a.Sale]}），现公告如下：",
            $"一、标的：{a.AssetName}。标的编号：{a.Id}。",
            $"二、参考价 {Yuan(a.Valuation)} 元（{AuctionRules.Ways[a.Way]}，{Day(a.ValuedOn)}），起拍价 {Yuan(a.StartPrice)} 元，保证金 {Yuan(a.Deposit)} 元，"
                + $"加价幅度 {(a.StepPrice is null ? "以平台页面为准" : $"{Yuan(a.StepPrice)} 元及其倍数")}。",
            "三、竞价时间不少于二十四小时；竞价结束前五分钟内无人出价的，最后出价即为成交价，有出价的，自该出价起顺延五分钟。有保留价，一人竞拍的，出价不低于起拍价的成交。",
            "四、竞买人应当具备完全民事行为能力；法律、行政法规和司法解释对买受人资格或者条件有特殊规定的，竞买人应当具备规定的资格或者条件。",
            "五、竞买人应当在参加竞买前交纳保证金；申请执行人参加竞买的，可以不交保证金。成交后，买受人交纳的保证金抵作价款，其余竞买人的保证金在竞价结束后二十四小时内退还。",
            "六、买受人悔拍的，保证金不予退还，依次用于支付拍卖产生的费用损失、弥补重新拍卖价款低于原拍卖价款的差价、冲抵本案被执行人的债务；重新拍卖时，原买受人不得参加竞买。",
            $"七、价款汇入：户名 {account.Holder}，开户行 {account.Bank}，账号 {account.Account}，汇款时注明 {number} 和标的编号。",
            "八、对标的权属有异议的，请在拍卖日前与本院联系。优先购买权人应当在竞价前向本院提交书面申请。",
            $"九、咨询电话：{account.Contact}。",
            "",
            court,
            Day(a.NoticeOn)
        );

    /// <summary>What bidders are told before they bid.</summary>
    public static string Notice(AuctionRow a, string court) =>
        Lines(
            $"{a.AssetName}竞买须知",
            "",
            "一、竞买人参加竞买前应当仔细阅读公告、本须知和标的物说明，实地看样；参加竞买即视为对标的物的现状和已知瑕疵予以确认。",
            "二、竞买人应当以自己的真实身份注册和竞买；委托他人竞买的，应当在竞价前向本院办理委托手续。",
            "三、竞买人成功交纳保证金后取得本次竞买资格；保证金在竞价程序结束前冻结或者划付，未竞得的在结束后二十四小时内退还。",
            $"四、标的以起拍价 {Yuan(a.StartPrice)} 元起拍，每次加价为{(a.StepPrice is null ? "平台页面所示的加价幅度" : $" {Yuan(a.StepPrice)} 元或者其整数倍")}。",
            "五、成交后，买受人应当在公告确定的期限内将余款汇入本院账户；逾期未支付致使拍卖目的难以实现的，本院可以裁定重新拍卖。",
            "六、标的物过户、交付所涉及的税费，依照法律、行政法规的规定由相应主体承担；没有规定的，由本院根据法律原则和案件实际情况确定。",
            "七、本院裁定拍卖成交后，买受人凭裁定书和协助执行通知书办理过户手续。",
            "",
            court
        );

    /// <summary>The description of the thing.</summary>
    public static string Description(AuctionRow a, string category, string holder, string restraints, string words) =>
        Lines(
            $"{a.AssetName}标的物说明",
            "",
            $"名称：{a.AssetName}",
            $"种类：{category}",
            $"登记机关或者保管人：{(holder.Length > 0 ? holder : "见附件")}",
            $"参考价：{Yuan(a.Valuation)} 元（{AuctionRules.Ways[a.Way]}，确定日期 {Day(a.ValuedOn)}，自该日起一年内有效）",
            $"权利限制：{restraints}",
            $"现状和已知瑕疵：{(words.Length > 0 ? words : "以实际现状为准，请实地看样。")}"
        );

    private static string Lines(params string[] lines) => string.Join("\r\n", lines) + "\r\n";

    private static string Yuan(long? cents) => Law.Yuan.Text((cents ?? 0) / 100m);

    private static string Day(DateOnly? day) => day?.ToString("yyyy年M月d日", CultureInfo.InvariantCulture) ?? "";
}
