using System.Text.Json.Nodes;
using CourtOps.Kernel.Messaging;
using CourtOps.Kernel.Security;
using CourtOps.Kernel.Web;
using CourtOps.Law;
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
            Result = Law.Calculators.Run(Name, CalculatorArguments.Of(pairs), calendars, Language);
        }
        catch (LawError e)
        {
            Problem = e.ReasonIn(Language);
            ProblemField = e.Field;
            Response.StatusCode = 422;
        }
    }

    public string Value(string name) => string.Join('\n', Request.Query[name].Where(v => !string.IsNullOrEmpty(v)));

    public string FieldLabel(string name) => Form.Arguments.FirstOrDefault(a => a.Name == name)?.Label.In(Language) ?? name;

    /// <summary>The dates of the result on a line, from the first input date.</summary>
    public string? Timeline()
    {
        if (Result is null)
            return null;
        var today = Times.Day(clock.GetUtcNow());
        var dates = Result.Where(p => p.Value is JsonValue v && v.TryGetValue<string>(out var s) && DateOnly.TryParseExact(s, "yyyy-MM-dd", out _))
            .Select(p => (Label: t["result." + p.Key], On: DateOnly.Parse(p.Value!.GetValue<string>(), System.Globalization.CultureInfo.InvariantCulture))).ToList();
        var start = Form.Arguments.Where(a => a.Type is ArgumentType.Date or ArgumentType.Moment).Select(a => Value(a.Name)).FirstOrDefault(v => v.Length >= 10);
        if (dates.Count == 0 || start is null || !DateOnly.TryParseExact(start[..10], "yyyy-MM-dd", out var from))
            return null;
        var end = dates.Max(d => d.On);
        if (end <= from)
            return null;
        var events = dates.Where(d => d.On != end && d.On > from).GroupBy(d => d.On).Select(g => new TimelineEvent(g.Key, string.Join('/', g.Select(x => x.Label)))).OrderBy(e => e.On).ToList();
        return CaseTimelineSvg.Render(new CaseTimelineModel(from, end, today, today > end ? end : null, [new(from, t["起"]), .. events], []),
            new TimelineLabels { Title = t["结果的时间线"], Today = t["今天"], LimitEnd = dates.First(d => d.On == end).Label, Month = m => t["{0}月", m] });
    }

    // a text area holds one value a line
    private IEnumerable<string?> Split(string name, string? value)
    {
        var multiple = Form.Arguments.FirstOrDefault(a => a.Name == name)?.Multiple == true;
        if (string.IsNullOrWhiteSpace(value))
            return [];
        return multiple ? value.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries) : [value == "on" ? null : value];
    }
}
