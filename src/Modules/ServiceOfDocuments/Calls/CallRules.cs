using CourtOps.Kernel.Web;

namespace CourtOps.ServiceOfDocuments.Calls;

/// <summary>When to call again, and what follows on each outcome. Pure.</summary>
internal static class CallRules
{
    /// <summary>Unanswered calls before the way counts as failed.</summary>
    public const int Tries = 3;

    // court hours of the day at which people are reached, by try: forenoon, afternoon, evening
    private static readonly (int Hour, int Minute)[] Slots = [(9, 30), (14, 30), (18, 30)];

    /// <summary>The next good time after an unanswered call: another part of the day, on the same day where it still comes, else the next.</summary>
    /// <param name="tries">How many calls were not answered so far.</param>
    public static DateTimeOffset NextTry(DateTimeOffset now, int tries)
    {
        var local = Times.Local(now);
        var (hour, minute) = Slots[Math.Abs(tries) % Slots.Length];
        var at = new DateTimeOffset(local.Year, local.Month, local.Day, hour, minute, 0, local.Offset);
        if (at < local.AddHours(2))
            at = at.AddDays(1);
        return at.ToUniversalTime();
    }

    /// <summary>Outcome → what the workspace says comes next; Chinese, the key of its English.</summary>
    public static readonly IReadOnlyDictionary<string, string> After = new Dictionary<string, string>
    {
        ["reached"] = "电话送达生效（裁判文书、调解书除外），附录音或通话记录",
        ["no-answer"] = "换一个时段再拨，三次无人接听转下一方式",
        ["off"] = "转下一方式",
        ["wrong-person"] = "不说案情，转下一方式，并核对号码",
        ["minor"] = "不说案情，约成年家属在时再拨",
        ["refused"] = "记录拒收，转邮寄",
        ["e-consent"] = "登记邮箱和同意，改为电子送达",
        ["will-collect"] = "约定到院领取的日期",
        ["callback"] = "到约定时间再拨",
    };
}

/// <summary>What the caller says, filled from the case. Chinese and Korean; no word of the case before the person is identified. Pure.</summary>
internal static class CallScript
{
    public static IReadOnlyList<string> Of(
        string language,
        string court,
        string caller,
        string recipient,
        string caseNumber,
        string cause,
        IReadOnlyList<string> documents
    ) =>
        language == "ko"
            ?
            [
                $"안녕하십니까. {court} 송달센터 {caller}입니다. 통화는 녹음됩니다.",
                $"{recipient} 본인이십니까? 신분증 번호 뒤 4자리를 말씀해 주십시오.",
                $"{caseNumber} {cause} 사건에서 귀하에게 송달할 문서: {string.Join(", ", documents)}.",
                "전자송달에 동의하십니까? 동의하시면 이메일 주소를 말씀해 주십시오.",
                "동의하지 않으시면 우편으로 받으실 정확한 주소를 말씀해 주십시오. 또는 법원에 와서 받으실 수 있습니다.",
                "은행 카드나 비밀번호는 묻지 않습니다. 확인은 12368로 하십시오. 감사합니다.",
            ]
            :
            [
                $"您好，这里是{court}送达中心，我是{caller}，通话正在录音。",
                $"请问您是{recipient}本人吗？请说出您证件号码的后四位。",
                $"您有一件{cause}案件，案号{caseNumber}，需要向您送达：{string.Join('、', documents)}。",
                "您是否同意电子送达？同意的，请说您的电子邮箱，我复述一遍请您确认。",
                "不同意的，请说您准确的邮寄地址；也可以约定时间到本院领取。",
                "我们不问银行卡和密码，您可以拨打12368核实。谢谢。",
            ];
}
