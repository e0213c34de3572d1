using CourtOps.Kernel.Messaging;
using CourtOps.Kernel.Security;
using FluentValidation;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.Filters;
using Microsoft.AspNetCore.Mvc.ModelBinding;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Microsoft.Extensions.DependencyInjection;

namespace CourtOps.Kernel.Web;

/// <summary>A page that can show itself again, with what was typed, after a refusal.</summary>
public interface IReload
{
    /// <summary>Loads what the page shows besides the form.</summary>
    Task ReloadAsync();
}

/// <summary>
/// Guards every page by the action it declares and turns refusals into the same page with the message:
/// 422 for rules and validation, 409 for conflicts, 404, 403.
/// </summary>
public sealed class PageGuard(Actor actor, Texts texts, Access.AccessLog access) : IAsyncPageFilter
{
    public Task OnPageHandlerSelectionAsync(PageHandlerSelectedContext context) => Task.CompletedTask;

    public async Task OnPageHandlerExecutionAsync(PageHandlerExecutingContext context, PageHandlerExecutionDelegate next)
    {
        var page = context.HandlerInstance.GetType();
        var permit = PermitAttribute.Of(page) ?? throw new InvalidOperationException($"{page.FullName} declares no permission.");
        if (!actor.Can(permit.Action))
        {
            access.Refused("action", permit.Action);
            context.Result = Refuse(context.HttpContext, actor, permit.Action);
            return;
        }
        var model = (PageModel)context.HandlerInstance;
        if (Unreadable(model.ModelState) && !HttpMethods.IsGet(context.HttpContext.Request.Method))
        {
            // nothing is done with a default in the place of what could not be read
            context.Result = await AgainAsync(model, 422);
            return;
        }
        var done = await next();
        if (done.Exception is null || done.ExceptionHandled)
            return;
        int status;
        switch (done.Exception)
        {
            case ValidationException v:
                status = 422;
                foreach (var e in v.Errors)
                    model.ModelState.AddModelError(FieldOf(model, e.PropertyName), texts[e.ErrorMessage]);
                break;
            case RuleBroken r:
                status = 422;
                model.ModelState.AddModelError(FieldOf(model, r.Field ?? ""), texts.Of(r));
                break;
            case Conflict c:
                status = 409;
                model.ModelState.AddModelError("", Describe(c));
                break;
            case NotFound:
                done.ExceptionHandled = true;
                done.Result = new StatusCodeResult(404);
                return;
            case Forbidden f:
                done.ExceptionHandled = true;
                done.Result = Refuse(done.HttpContext, actor, f.Action);
                return;
            default:
                return;
        }
        done.ExceptionHandled = true;
        done.Result = await AgainAsync(model, status);
    }

    private static async Task<IActionResult> AgainAsync(PageModel model, int status)
    {
        try
        {
            if (model is IReload reload)
                await reload.ReloadAsync();
        }
        catch (NotFound)
        {
            return new StatusCodeResult(404);
        }
        model.Response.StatusCode = status;
        return model.Page();
    }

    // the framework's own words are English and name properties
    private bool Unreadable(ModelStateDictionary state)
    {
        foreach (var (field, entry) in state.Where(e => e.Value!.Errors.Count > 0).ToList())
        {
            entry!.Errors.Clear();
            state.AddModelError(
                field,
                string.IsNullOrWhiteSpace(entry.AttemptedValue)
                    ? texts["有一项必填的内容是空的，请补全后再提交。"]
                    : texts["“{0}”不是有效的值，请改正后再提交。", entry.AttemptedValue.Length <= 60 ? entry.AttemptedValue : entry.AttemptedValue[..60] + "…"]
            );
        }
        return !state.IsValid;
    }

    public static IActionResult Refuse(HttpContext http, Actor actor, string action)
    {
        _ = action;
        if (actor.SignedIn)
            return new StatusCodeResult(403);
        if (http.Request.Headers.ContainsKey("HX-Request"))
        {
            http.Response.Headers["HX-Redirect"] = "/sign-in";
            return new StatusCodeResult(401);
        }
        return new RedirectResult("/sign-in?next=" + Uri.EscapeDataString(http.Request.Path + http.Request.QueryString));
    }

    public string Describe(Conflict c) => c.Who is null ? texts.Of(c) : texts["{0}（{1}，{2}）", texts.Of(c), c.Who, c.At is { } at ? Times.Full(at) : ""];

    // A form posts "Data.Title"; the validator says "Title".
    private static string FieldOf(PageModel model, string field) =>
        field.Length > 0 && model.GetType().GetProperty("Data") is not null ? "Data." + field : field;
}

/// <summary>Answers of the API for the four outcomes, as ProblemDetails.</summary>
public static class Problems
{
    public static IResult From(Exception e, Texts texts) =>
        e switch
        {
            ValidationException v => Results.ValidationProblem(
                v.Errors.GroupBy(x => Camel(x.PropertyName)).ToDictionary(g => g.Key, g => g.Select(x => texts[x.ErrorMessage]).ToArray()),
                statusCode: 422,
                title: texts["输入有误"]
            ),
            RuleBroken r => Results.Problem(
                texts.Of(r),
                statusCode: 422,
                title: texts["不符合规则"],
                extensions: new Dictionary<string, object?>
                {
                    ["field"] = r.Field is null ? null : Camel(r.Field),
                    ["errors"] = r.Field is null ? null : new Dictionary<string, string[]> { [Camel(r.Field)] = [texts.Of(r)] },
                    ["code"] = r.Code,
                    ["wayOut"] = r.WayOut,
                }
            ),
            Conflict c => Results.Problem(
                texts.Of(c),
                statusCode: 409,
                title: texts["已被他人变更"],
                extensions: new Dictionary<string, object?> { ["who"] = c.Who, ["at"] = c.At }
            ),
            NotFound n => Results.Problem(texts[n.Message], statusCode: 404, title: texts["找不到"]),
            Forbidden f => Results.Problem(
                texts[f.Message],
                statusCode: f.Message == "请先登录。" ? 401 : 403,
                title: texts["没有权限"],
                extensions: new Dictionary<string, object?> { ["action"] = f.Action }
            ),
            BadHttpRequestException { StatusCode: 413 } => Results.Problem(texts["内容太大。"], statusCode: 413, title: texts["请求有误"]),
            BadHttpRequestException b => Unreadable.Answer(b, texts),
            System.Text.Json.JsonException j => Unreadable.Answer(j, texts),
            _ when IsDiskFull(e) => Results.Problem(
                texts["存储空间不足，这次没有保存。请告诉系统管理员。"],
                statusCode: StatusCodes.Status507InsufficientStorage,
                title: texts["存储空间不足"]
            ),
            _ => Results.Problem(texts["服务器内部错误，已记录。"], statusCode: 500, title: texts["内部错误"]),
        };

    /// <summary>Whether there is no room for what was to be written: a file (ENOSPC, EDQUOT, or Windows' disk full) or the database.</summary>
    public static bool IsDiskFull(Exception e) =>
        e switch
        {
            Microsoft.Data.Sqlite.SqliteException s => s.SqliteErrorCode == 13,
            IOException io => io.HResult is 28 or 122 or unchecked((int)0x80070070) or unchecked((int)0x80070027)
                || (io.InnerException is { } inner && IsDiskFull(inner)),
            _ => false,
        };

    /// <summary>For an answer of the API that has a status and nothing to say: no such route, no such verb.</summary>
    public static IResult Plain(HttpContext http)
    {
        var texts = http.RequestServices.GetRequiredService<Texts>();
        if (http.Response.StatusCode == StatusCodes.Status400BadRequest && Unreadable.Parameter(http, texts) is { } said)
            return said;
        return Results.Problem(
            texts[
                http.Response.StatusCode switch
                {
                    404 => "没有这个地址。",
                    405 => "这个地址不支持这种请求方法。",
                    413 => "内容太大。",
                    415 => "不支持这种内容类型。",
                    429 => "请求太频繁，请一分钟后再试。",
                    _ => "请求有误。",
                }
            ],
            statusCode: http.Response.StatusCode
        );
    }

    private static string Camel(string name) => name.Length == 0 ? name : char.ToLowerInvariant(name[0]) + name[1..];
}

/// <summary>Times as people in the court read them: Asia/Shanghai.</summary>
public static class Times
{
    public static readonly TimeZoneInfo Zone = TimeZoneInfo.FindSystemTimeZoneById("Asia/Shanghai");

    private static readonly DateTimeOffset Fixed = new(1992, 1, 1, 0, 0, 0, TimeSpan.Zero);
    private static readonly TimeSpan Eight = TimeSpan.FromHours(8);

    /// <summary>Court time of an instant. China has kept UTC+8 without summer time since 1992; older instants ask the zone.</summary>
    public static DateTimeOffset Local(DateTimeOffset at) => at >= Fixed ? at.ToOffset(Eight) : TimeZoneInfo.ConvertTime(at, Zone);

    /// <summary>The instant of a time as the court's clocks show it; the first hours of the year 1, which no clock of UTC has, are its first instant.</summary>
    public static DateTimeOffset At(DateTime local)
    {
        var offset = Zone.GetUtcOffset(local);
        return local.Ticks < offset.Ticks
            ? DateTimeOffset.MinValue
            : new DateTimeOffset(DateTime.SpecifyKind(local, DateTimeKind.Unspecified), offset).ToUniversalTime();
    }

    /// <summary>The instant at which a day begins in the court.</summary>
    public static DateTimeOffset Start(DateOnly day) => At(day.ToDateTime(TimeOnly.MinValue));

    public static DateOnly Day(DateTimeOffset at) => DateOnly.FromDateTime(Local(at).DateTime);

    public static string Full(DateTimeOffset at) => Local(at).ToString("yyyy-MM-dd HH:mm", System.Globalization.CultureInfo.InvariantCulture);

    public static string Iso(DateOnly day) => day.ToString("yyyy-MM-dd", System.Globalization.CultureInfo.InvariantCulture);
}
