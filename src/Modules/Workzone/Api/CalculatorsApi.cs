using CourtOps.Kernel.Messaging;
using CourtOps.Kernel.Security;
using CourtOps.Kernel.Web;
using CourtOps.Law;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace CourtOps.Workzone.Api;

/// <summary>The calculators as GET /api/v1/calculate/NAME; procedure takes its JSON by POST.</summary>
internal static class CalculatorsApi
{
    public static void Map(IEndpointRouteBuilder api)
    {
        api.MapGet(
                "/calculate/{name}",
                (string name, HttpRequest request, ICalendarSource calendars, Texts texts) =>
                    Run(
                        name,
                        CalculatorArguments.Of(
                            request.Query.SelectMany(q => q.Value.Select(v => KeyValuePair.Create(q.Key, string.IsNullOrEmpty(v) ? null : v)))
                        ),
                        calendars,
                        texts
                    )
            )
            .Permit(PermitAttribute.Anyone)
            .WithTags("calculate")
            .WithSummary("period, trial-limit, service, fee, procedure, measure, auction, penalty-interest, parse-case-number");

        api.MapPost(
                "/calculate/{name}",
                async (string name, HttpRequest request, ICalendarSource calendars, Texts texts) =>
                {
                    if (request.ContentLength is > 1_000_000)
                        throw new RuleBroken("内容超过 1 MB。", "input");
                    using var reader = new StreamReader(request.Body);
                    var text = await reader.ReadToEndAsync(request.HttpContext.RequestAborted);
                    return Run(name, () => CalculatorArguments.OfJson(text), calendars, texts);
                }
            )
            .Permit(PermitAttribute.Anyone)
            .WithTags("calculate")
            .WithSummary("The same with a JSON object (procedure)");
    }

    private static IResult Run(string name, CalculatorArguments arguments, ICalendarSource calendars, Texts texts) =>
        Run(name, () => arguments, calendars, texts);

    private static IResult Run(string name, Func<CalculatorArguments> arguments, ICalendarSource calendars, Texts texts)
    {
        var language = texts.Language == "en" ? LawLanguage.English : LawLanguage.Chinese;
        try
        {
            return Results.Text(Law.Calculators.Run(name, arguments(), calendars, language).ToJsonString(Json.Stored), "application/json; charset=utf-8");
        }
        catch (LawError e)
        {
            return Results.Problem(
                e.ReasonIn(language),
                statusCode: e.Field == "name" ? 404 : 422,
                title: texts["输入有误"],
                extensions: new Dictionary<string, object?> { ["field"] = e.Field, ["error"] = e.ReasonIn(language) }
            );
        }
    }
}
