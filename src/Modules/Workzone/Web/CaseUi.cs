using CourtOps.Kernel.Web;

namespace CourtOps.Workzone.Web;

/// <summary>How a case is named in lists.</summary>
public static class CaseUi
{
    /// <summary>"民初1234号" of this year's number; another year keeps its bracket.</summary>
    public static string ShortNumber(string number, DateTimeOffset now)
    {
        if (!Law.CaseNumber.TryParse(number, out var n) || n.Legacy)
            return number;
        var tail = $"{n.Special}{n.Type}{n.Serial}号{n.Suffix}";
        return n.Year == Times.Local(now).Year ? tail : $"（{n.Year}）{tail}";
    }

    /// <summary>The name of a procedure code of B-01, by the law library.</summary>
    public static string Procedure(Texts t, string code) =>
        code.Length == 0 ? t["程序未定"] : Law.AnswerCodes.Name(code).In(t.Language == "en" ? Law.LawLanguage.English : Law.LawLanguage.Chinese);
}
