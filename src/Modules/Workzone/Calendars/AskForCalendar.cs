using System.Globalization;
using CourtOps.Kernel.Audit;
using CourtOps.Kernel.Data;
using CourtOps.Kernel.Messaging;
using CourtOps.Kernel.Security;
using CourtOps.Kernel.Settings;
using CourtOps.Law;
using CourtOps.Workzone.Rights;
using CourtOps.Workzone.Settings;
using FluentValidation;

namespace CourtOps.Workzone.Calendars;

/// <summary>Asks for the arrangement of a year to be imported; a second person confirms, and the dates of open cases are computed again.</summary>
[Permit(SettingRights.Change)]
[Audited("workzone.calendar.ask")]
internal sealed record AskForCalendar : ICommand<long>
{
    /// <summary>The published notice in the holiday-cn shape.</summary>
    public string Json { get; init; } = "";
    public string Reason { get; init; } = "";

    /// <summary>The newest version that was seen; 0 where there was none.</summary>
    public int Seen { get; init; }

    internal sealed class Validator : AbstractValidator<AskForCalendar>
    {
        public Validator()
        {
            RuleFor(c => c.Json).NotEmpty().WithMessage("请给出放假通知的 JSON。").MaximumLength(200_000).WithMessage("文件太大，放假通知不超过 200 KB。");
            RuleFor(c => c.Reason).NotEmpty().WithMessage("请写明修改的理由。").MaximumLength(400).WithMessage("理由最长 400 个字符。");
        }
    }

    internal sealed class Handler(Db db, Actor actor, ISettings settings, SettingBook book, AuditTrail audit) : ICommandHandler<AskForCalendar, long>
    {
        public async Task<long> Handle(AskForCalendar request, CancellationToken cancellationToken)
        {
            if (
                !actor.IsSystem
                && (
                    actor.CourtsOf(Roles.SystemAdministrator).Count == 0
                    || !await AdminScope.IsHighestAsync(db, actor, Roles.SystemAdministrator, cancellationToken)
                )
            )
                throw new Forbidden(SettingRights.Change, "日历对全部法院生效，只能由最上级法院的系统管理员导入。");
            var wanted = CalendarImport.With(settings.Current<LoadedYears>(0), request.Json);
            var id = await book.SaveAsync(
                new SettingChange(LoadedYears.Setting, 0, wanted.Years, null, request.Reason, request.Seen) { FromItsPage = true },
                cancellationToken
            );
            audit.Note("setting", LoadedYears.Key, new { wanted.Year });
            return id;
        }
    }
}

/// <summary>A notice laid over what is there. Pure.</summary>
internal static class CalendarImport
{
    /// <exception cref="RuleBroken">It is no notice: the place and the reason.</exception>
    public static (LoadedYears Years, int Year) With(LoadedYears now, string json)
    {
        try
        {
            var year = CalendarYear.Parse(json).Year;
            return (now with { Years = new Dictionary<string, string>(now.Years) { [year.ToString(CultureInfo.InvariantCulture)] = json } }, year);
        }
        catch (LawError e)
        {
            throw new RuleBroken($"{e.Field}：{e.Reason}", "Json", "calendar");
        }
    }
}
