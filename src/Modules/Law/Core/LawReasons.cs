namespace CourtOps.Law;

/// <summary>Why an input cannot be computed.</summary>
internal static class LawReasons
{
    public static readonly LawText NotADate = new("“{0}”不是存在的日期，应为 YYYY-MM-DD", "\"{0}\" is not an existing date; expected YYYY-MM-DD");
    public static readonly LawText NotADateOrTime = new(
        "“{0}”不是存在的日期或时间，应为 YYYY-MM-DD 或 YYYY-MM-DDTHH:MM",
        "\"{0}\" is not an existing date or time; expected YYYY-MM-DD or YYYY-MM-DDTHH:MM"
    );
    public static readonly LawText DateOutOfRange = new("日期 {0} 超出可计算范围（{1} 至 {2}）", "date {0} is outside the computable range ({1} to {2})");
    public static readonly LawText ResultOutOfRange = new("计算结果超出可计算范围（{0} 至 {1}）", "the result is outside the computable range ({0} to {1})");
    public static readonly LawText TimeNeeded = new("按小时计算需要给出时刻，如 2026-11-20T10:20", "hours need a time of day, for example 2026-11-20T10:20");
    public static readonly LawText NumberRange = new("“{0}”应为 {1} 至 {2} 之间的整数", "\"{0}\" must be a whole number from {1} to {2}");
    public static readonly LawText UnknownArticle = new("法律数据中没有“{0}”", "the law data have no \"{0}\"");
    public static readonly LawText UnknownCode = new("没有“{0}”；可用：{1}", "no such value \"{0}\"; possible: {1}");
    public static readonly LawText UnknownArgument = new("没有这个参数；可用：{0}", "no such argument; possible: {0}");
    public static readonly LawText Missing = new("缺少必填项", "is required");
    public static readonly LawText MissingOneOf = new("以下各项须至少给出一项：{0}", "give at least one of: {0}");
    public static readonly LawText Repeated = new("只能给出一次", "may be given only once");
    public static readonly LawText NotUsedHere = new("在“{0}”情形下不适用此项", "is not used with \"{0}\"");
    public static readonly LawText NotBoth = new("不能与“{0}”同时给出", "cannot be given together with \"{0}\"");
    public static readonly LawText NotYesNo = new("“{0}”应为 yes 或 no（true 或 false）", "\"{0}\" must be yes or no (true or false)");
    public static readonly LawText NotMoney = new(
        "“{0}”不是金额，应为至多两位小数的数字，如 12345.67",
        "\"{0}\" is not an amount; expected digits with at most two decimals, for example 12345.67"
    );
    public static readonly LawText MoneyDecimals = new("“{0}”的小数超过两位", "\"{0}\" has more than two decimals");
    public static readonly LawText MoneyTooLarge = new("金额“{0}”过大，最大 {1}", "the amount \"{0}\" is too large; at most {1}");
    public static readonly LawText MoneyNegative = new("金额不得为负", "the amount must not be negative");
    public static readonly LawText MoneyRange = new("“{0}”应在 {1} 至 {2} 之间", "\"{0}\" must be from {1} to {2}");
    public static readonly LawText EndBeforeStart = new("止日 {1} 早于起日 {0}", "the end {1} is before the start {0}");
    public static readonly LawText Before = new("{0} 早于 {1}", "{0} is before {1}");
    public static readonly LawText UnknownCalculator = new("没有“{0}”这个计算器；可用：{1}", "there is no calculator \"{0}\"; possible: {1}");

    public static readonly LawText CaseNumberEmpty = new("案号为空", "the case number is empty");
    public static readonly LawText CaseNumberTooLong = new("案号过长（{0} 个字，最多 {1} 个）", "the case number is too long ({0} characters, at most {1})");
    public static readonly LawText CaseNumberYear = new(
        "“{0}”处应为括号内的四位年份，如（2026）",
        "expected a four-digit year in brackets, for example （2026）, at \"{0}\""
    );
    public static readonly LawText CaseNumberYearRange = new("年份 {0} 不在 {1} 至 {2} 之间", "the year {0} is not from {1} to {2}");
    public static readonly LawText CaseNumberCourt = new(
        "“{0}”处应为法院代字（最高法，或省份简称加至多四位数字）",
        "expected a court sign (最高法, or a province sign with up to four digits) at \"{0}\""
    );
    public static readonly LawText CaseNumberType = new(
        "“{0}”处应为一至五个汉字的类型代字",
        "expected a type sign of one to five Chinese characters at \"{0}\""
    );
    public static readonly LawText CaseNumberSerial = new("“{0}”处应为一至九位数字的编号", "expected a serial of one to nine digits at \"{0}\"");
    public static readonly LawText CaseNumberEnd = new("“{0}”处应为“号”", "expected 号 at \"{0}\"");
    public static readonly LawText CaseNumberSuffix = new("“{0}”不是“之一”“之二”这样的后缀", "\"{0}\" is not a suffix such as 之一, 之二");
    public static readonly LawText CaseNumberLegacy = new(
        "“{0}”分不出法院简称和类型代字",
        "the court's short name and the type cannot be told apart in \"{0}\""
    );

    public static readonly LawText CalendarJson = new("不是有效的 JSON：{0}", "not valid JSON: {0}");
    public static readonly LawText CalendarYearRange = new("年份应为 1991 至 2100 之间的整数", "the year must be a whole number from 1991 to 2100");
    public static readonly LawText CalendarPapers = new(
        "须列出国务院办公厅通知的 gov.cn 网址",
        "must list the address (gov.cn) of the State Council office's notice"
    );
    public static readonly LawText CalendarDays = new("须为非空的日期列表", "must be a list of days, not empty");
    public static readonly LawText CalendarTooMany = new("{0} 天过多，最多 {1} 天", "{0} days are too many, at most {1}");
    public static readonly LawText CalendarName = new("须有节日名称", "must have the name of the holiday");
    public static readonly LawText CalendarFlag = new("isOffDay 须为 true 或 false", "isOffDay must be true or false");
    public static readonly LawText CalendarOtherYear = new("{0} 不属于 {1} 年的安排", "{0} does not belong to the arrangement of {1}");
    public static readonly LawText CalendarTwice = new("{0} 出现两次", "{0} appears twice");
    public static readonly LawText CalendarWorkdayOnWeekday = new("{0} 不是周末，不能是调休上班日", "{0} is not a weekend day and cannot be a worked weekend");
    public static readonly LawText CalendarStatutoryMissing = new("缺少法定节假日 {0}", "the statutory holiday {0} is missing");
}
