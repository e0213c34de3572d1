using CourtOps.Kernel.Messaging;

namespace CourtOps.Enforcement.Field;

/// <summary>Words and limits of field trips. Pure.</summary>
internal static class FieldRules
{
    /// <summary>How far the phone's clock may be off before its time is not believed.</summary>
    public static readonly TimeSpan Clock = TimeSpan.FromHours(12);

    /// <summary>Stops of one trip at most.</summary>
    public const int MostStops = 60;

    public static readonly IReadOnlyDictionary<string, string> Purposes = new Dictionary<string, string>
    {
        ["verify"] = "核实财产",
        ["inquire"] = "现场调查",
        ["seal"] = "张贴封条公告",
        ["find"] = "查找被执行人",
        ["evict"] = "腾退交付",
        ["assist"] = "到协助机关办理",
    };

    public static readonly IReadOnlyDictionary<string, string> Outcomes = new Dictionary<string, string>
    {
        ["there"] = "财产在",
        ["gone"] = "查无此财产",
        ["sealed"] = "已张贴",
        ["met"] = "见到本人",
        ["absent"] = "没有见到人",
        ["handed"] = "已交付",
        ["accepted"] = "协助机关已受理",
        ["failed"] = "没有办成",
    };

    public static readonly IReadOnlyDictionary<string, string> TripStates = new Dictionary<string, string>
    {
        ["planned"] = "待出发",
        ["out"] = "在外",
        ["back"] = "已返回",
        ["cancelled"] = "已取消",
    };

    public static readonly IReadOnlyDictionary<string, string> StopStates = new Dictionary<string, string>
    {
        ["waiting"] = "待办",
        ["done"] = "已办",
        ["skipped"] = "未到",
    };

    /// <summary>What can come of a purpose.</summary>
    public static IReadOnlyList<string> OutcomesOf(string purpose) =>
        purpose switch
        {
            "verify" => ["there", "gone", "failed"],
            "inquire" => ["there", "met", "absent", "failed"],
            "seal" => ["sealed", "failed"],
            "find" => ["met", "absent", "failed"],
            "assist" => ["accepted", "failed"],
            _ => ["handed", "failed"],
        };

    /// <summary>What stands against a record from the field; null for nothing. Sealing and hand-over need a picture (查扣冻规定 7: the notice is put up where it
    /// is seen).</summary>
    /// <param name="photos">Pictures with this record and before it.</param>
    public static RuleBroken? Missing(string purpose, string outcome, string place, int photos, DateTimeOffset? phoneTime, DateTimeOffset now) =>
        !OutcomesOf(purpose).Contains(outcome) ? new RuleBroken("请选择结果。", "Outcome")
        : place.Length == 0 ? new RuleBroken("请填写地点。", "Place")
        : phoneTime is { } t && (t - now).Duration() > Clock
            ? new RuleBroken("手机的时间与法院的时间相差太大，请校准手机时间后再提交。", "PhoneTime", "phone-time")
        : outcome is "sealed" or "handed" or "gone" && photos == 0 ? new RuleBroken("张贴、交付和查无财产的，须拍照。", "Files", "photo")
        : null;
}
