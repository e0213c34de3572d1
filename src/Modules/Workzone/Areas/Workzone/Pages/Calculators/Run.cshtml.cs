using System.Text.Json.Nodes;
using CourtOps.Kernel.Messaging;
using CourtOps.Kernel.Security;
using CourtOps.Kernel.Web;
using CourtOps.Law;
using CourtOps.Web;
using CourtOps.Workzone.Cases;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace CourtOps.Workzone.Pages.Calculators;

/// <summary>One calculator: its form is made from the law library's description, its address is the share link.</summary>
[Permit("workzone.calculate")]
internal sealed class Run(ICalendarSource calendars, Texts t, TimeProvider clock) : PageModel
{
    [BindProperty(SupportsGet = true)]
    public string Name { get; set; } = "";

    public CalculatorDescription Form { get; private set; } = null!;

    private CalculatorArguments? given;

    public JsonObject? Result { get; private set; }

    public string? Problem { get; private set; }

    public string? ProblemField { get; private set; }

    public LawLanguage Language => t.Language == "en" ? LawLanguage.English : LawLanguage.Chinese;

    public void OnGet()
    {
        try
        {
            Form = Law.Calculators.Describe(Name);
        }
        catch (LawError)
        {
            throw new NotFound("计算器", Name);
        }
        if (Request.Query.Count == 0)
            return;
        try
        {
            var pairs = Request.Query.SelectMany(q => q.Value.SelectMany(v => Split(q.Key, v)).Select(v => KeyValuePair.Create(q.Key, v)));
            given = CalculatorArguments.Of(pairs);
            Result = Law.Calculators.Run(Name, given, calendars, Language);
        }
        catch (LawError e)
        {
            Problem = e.ReasonIn(Language);
            ProblemField = e.Field;
            Response.StatusCode = 422;
        }
    }

    public string Value(string name) => string.Join('\n', Request.Query[name].Where(v => !string.IsNullOrEmpty(v)).Select(v => v!));

    public string FieldLabel(string name) => Form.Arguments.FirstOrDefault(a => a.Name == name)?.Label.In(Language) ?? name;

    public string ResultLabel(string name) => Form.Results.FirstOrDefault(r => r.Name == name)?.Label.In(Language) ?? name;

    /// <summary>The dates of the result on a line.</summary>
    public string? Timeline()
    {
        if (Result is null || given is null)
            return null;
        var points = CalculatorTimeline.Of(Name, given, Result, Language);
        if (points.Count < 2)
            return null;
        var today = Times.Day(clock.GetUtcNow());
        var (from, end) = (points.Min(p => p.Date), points.Max(p => p.Date));
        if (end <= from)
            return null;
        var events = points
            .Where(p => p.Date != end)
            .GroupBy(p => p.Date)
            .Select(g => new TimelineEvent(g.Key, string.Join('/', g.Select(x => x.Label).Distinct())))
            .OrderBy(e => e.On)
            .ToList();
        return CaseTimelineSvg.Render(
            new CaseTimelineModel(from, end, today, today > end ? end : null, events, []),
            new TimelineLabels
            {
                Title = t["结果的时间线"],
                Today = t["今天"],
                LimitEnd = string.Join('/', points.Where(p => p.Date == end).Select(p => p.Label).Distinct()),
                Month = m => Ui.Month(t, m),
            }
        );
    }

    // a text area holds one value a line
    private IEnumerable<string?> Split(string name, string? value)
    {
        var multiple = Form.Arguments.FirstOrDefault(a => a.Name == name)?.Multiple == true;
        if (string.IsNullOrWhiteSpace(value))
            return [];
        if (multiple)
            return value.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        return [value == "on" ? null : value];
    }
}
