using CourtOps.Kernel.Web;

namespace CourtOps.Workzone.Cases;

internal static class CaseTimeline
{
    public static string Render(ShowCase.Result show, DateOnly today, Texts t) => $"<!-- {show.Case.Id} {today} {t.Language} -->";
}
