namespace CourtOps.Law;

/// <summary>Errors that only the calculators' arguments can have.</summary>
internal static class CalculatorWords
{
    public static readonly LawText NotAnObject = new("应为一个 JSON 对象", "must be a JSON object");
    public static readonly LawText NotACount = new("“{0}”应为正整数", "\"{0}\" must be a whole number");
    public static readonly LawText NotADeduction = new(
        "“{0}”应为 起日..止日 或 起日..止日:代码，如 2026-04-10..2026-05-20:D-JD",
        "\"{0}\" must be FROM..TO or FROM..TO:CODE, for example 2026-04-10..2026-05-20:D-JD"
    );
    public static readonly LawText NotAnExtension = new(
        "“{0}”应为 数字加 m（月）或 d（日），可带 @申请日，如 6m@2026-08-10",
        "\"{0}\" must be a number with m or d, optionally @DATE, for example 6m@2026-08-10"
    );
    public static readonly LawText NotAConversion = new(
        "“{0}”应为 代码@日期，如 MC-ORD@2026-07-30",
        "\"{0}\" must be CODE@DATE, for example MC-ORD@2026-07-30"
    );
    public static readonly LawText NotText = new("应为文字", "must be text");
    public static readonly LawText NotABool = new("应为 true 或 false", "must be true or false");
    public static readonly LawText NotWhole = new("应为整数", "must be a whole number");
    public static readonly LawText NotClaims = new("应为 [{{\"type\",\"amount\"}}] 形式的列表", "must be a list of the form [{{\"type\",\"amount\"}}]");
    public static readonly LawText TooMany = new("最多 {0} 项", "at most {0}");
}
