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
    public SignInPolicy Data { get; set; } = new();

    [BindProperty]
    public string? Reason { get; set; }

    public int Version { get; private set; }

    public IReadOnlyList<(string Name, int Value, int Min, int Max, int Standard)> Numbers
    {
        get
        {
            var s = new SignInPolicy();
            return
            [
                (nameof(s.MinLength), Data.MinLength, 8, 64, s.MinLength),
                (nameof(s.MinLengthAdministrator), Data.MinLengthAdministrator, 8, 64, s.MinLengthAdministrator),
                (nameof(s.Classes), Data.Classes, 1, 4, s.Classes),
                (nameof(s.MaxAgeDays), Data.MaxAgeDays, 0, 365, s.MaxAgeDays),
                (nameof(s.TriesBeforeLock), Data.TriesBeforeLock, 3, 10, s.TriesBeforeLock),
                (nameof(s.LockMinutes), Data.LockMinutes, 15, 1440, s.LockMinutes),
                (nameof(s.IdleMinutes), Data.IdleMinutes, 5, 60, s.IdleMinutes),
                (nameof(s.MaxHours), Data.MaxHours, 1, 24, s.MaxHours),
                (nameof(s.MaxSessions), Data.MaxSessions, 1, 20, s.MaxSessions),
            ];
        }
    }

    public async Task OnGetAsync() => (Data, Version) = await mediator.Send(new Query());

    public async Task ReloadAsync() => Version = (await mediator.Send(new Query())).Version;

    public async Task<IActionResult> OnPostAsync()
    {
        await mediator.Send(new AskForPolicy { Reason = Reason ?? "", Policy = Data });
        return this.Done("/rights", t["已申请，等另一位安全管理员确认"]);
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
