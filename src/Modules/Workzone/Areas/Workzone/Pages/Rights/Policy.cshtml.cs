using CourtOps.Kernel.Messaging;
using CourtOps.Kernel.Security;
using CourtOps.Kernel.Web;
using CourtOps.Workzone.People;
using CourtOps.Workzone.Rights;
using MediatR;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace CourtOps.Workzone.Pages.Rights;

/// <summary>The sign-in policy: each figure with its default, its range and where it comes from.</summary>
[Permit("workzone.rights.manage")]
internal sealed class Policy(IMediator mediator, Texts t) : PageModel, IReload
{
    [BindProperty]
    public Input Data { get; set; } = new();

    [BindProperty]
    public string? Reason { get; set; }

    public int Version { get; private set; }

    public IReadOnlyList<(string Name, string Label, int Value, int Min, int Max, int Standard)> Numbers
    {
        get
        {
            var s = new SignInPolicy();
            return
            [
                (nameof(Input.MinLength), "密码最少字符", Data.MinLength, 8, 64, s.MinLength), (nameof(Input.MinLengthAdministrator), "管理员密码最少字符", Data.MinLengthAdministrator, 8, 64, s.MinLengthAdministrator),
                (nameof(Input.Classes), "字符种类", Data.Classes, 1, 4, s.Classes), (nameof(Input.MaxAgeDays), "密码有效天数（0 不限）", Data.MaxAgeDays, 0, 365, s.MaxAgeDays),
                (nameof(Input.TriesBeforeLock), "连错几次锁定", Data.TriesBeforeLock, 3, 10, s.TriesBeforeLock), (nameof(Input.LockMinutes), "锁定分钟", Data.LockMinutes, 15, 1440, s.LockMinutes),
                (nameof(Input.IdleMinutes), "闲置几分钟退出", Data.IdleMinutes, 5, 60, s.IdleMinutes), (nameof(Input.MaxHours), "一次登录最长小时", Data.MaxHours, 1, 24, s.MaxHours), (nameof(Input.MaxSessions), "同时登录数", Data.MaxSessions, 1, 20, s.MaxSessions),
            ];
        }
    }

    public async Task OnGetAsync()
    {
        var (p, version) = await mediator.Send(new Query());
        Version = version;
        Data = new Input
        {
            MinLength = p.MinLength, MinLengthAdministrator = p.MinLengthAdministrator, Classes = p.Classes, MaxAgeDays = p.MaxAgeDays, TriesBeforeLock = p.TriesBeforeLock,
            LockMinutes = p.LockMinutes, IdleMinutes = p.IdleMinutes, MaxHours = p.MaxHours, MaxSessions = p.MaxSessions, SecondFactor = p.SecondFactor,
        };
    }

    public async Task ReloadAsync() => Version = (await mediator.Send(new Query())).Version;

    public async Task<IActionResult> OnPostAsync()
    {
        await mediator.Send(new AskForPolicy
        {
            Reason = Reason ?? "",
            Policy = new SignInPolicy
            {
                MinLength = Data.MinLength, MinLengthAdministrator = Data.MinLengthAdministrator, Classes = Data.Classes, MaxAgeDays = Data.MaxAgeDays, TriesBeforeLock = Data.TriesBeforeLock,
                LockMinutes = Data.LockMinutes, IdleMinutes = Data.IdleMinutes, MaxHours = Data.MaxHours, MaxSessions = Data.MaxSessions, SecondFactor = Data.SecondFactor ?? "",
            },
        });
        return this.Done("/rights", t["已申请，等另一位安全管理员确认"]);
    }

    internal sealed class Input
    {
        public int MinLength { get; set; }
        public int MinLengthAdministrator { get; set; }
        public int Classes { get; set; }
        public int MaxAgeDays { get; set; }
        public int TriesBeforeLock { get; set; }
        public int LockMinutes { get; set; }
        public int IdleMinutes { get; set; }
        public int MaxHours { get; set; }
        public int MaxSessions { get; set; }
        public string? SecondFactor { get; set; }
    }

    [Permit("workzone.rights.manage")]
    internal sealed record Query : IQuery<Result>;

    internal sealed record Result(SignInPolicy Policy, int Version);

    internal sealed class Handler(PolicyBook book) : IQueryHandler<Query, Result>
    {
        public async Task<Result> Handle(Query request, CancellationToken cancellationToken)
        {
            var (policy, version) = await book.WithVersionAsync(cancellationToken);
            return new Result(policy, version);
        }
    }
}
