using CourtOps.Kernel.Messaging;
using CourtOps.Kernel.Security;
using CourtOps.Kernel.Web;
using CourtOps.Workzone.People;
using CourtOps.Workzone.Rights;
using MediatR;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace CourtOps.Workzone.Pages.People;

/// <summary>One person: roles, effective rights with their reasons, and what the two administrators do about them.</summary>
[Permit("workzone.rights.read")]
internal sealed class Details(IMediator mediator, Texts t) : PageModel, IReload
{
    [BindProperty(SupportsGet = true)]
    public long Id { get; set; }

    [BindProperty]
    public AskInput Ask { get; set; } = new();

    public ShowRights.Result Show { get; private set; } = null!;

    public IReadOnlyList<ShowMatrix.Court> Courts { get; private set; } = [];

    /// <summary>Of a one-time password that was just asked for.</summary>
    public string? Half { get; private set; }

    public Task OnGetAsync() => ReloadAsync();

    public async Task ReloadAsync()
    {
        Show = await mediator.Send(new ShowRights { PersonId = Id });
        Courts = (await mediator.Send(new ShowMatrix())).Courts;
    }

    public async Task<IActionResult> OnPostRolesAsync()
    {
        var parts = (Ask.Code ?? "").Split(':');
        await mediator.Send(
            new AskForRoles
            {
                PersonId = Id,
                Reason = Ask.Reason?.Trim() ?? "",
                Add =
                [
                    new RoleGrant
                    {
                        Role = parts[0],
                        Centre = parts.Length > 1 ? parts[1] : "",
                        CourtId = Ask.CourtId,
                        Reach = Ask.Reach ?? "court",
                        UntilAt = Ask.Until is { } day ? Times.Start(day.AddDays(1)) : null,
                    },
                ],
            }
        );
        return this.Done($"/people/{Id}", t["已申请，等另一位安全管理员确认"]);
    }

    public async Task<IActionResult> OnPostTakeAsync(string code, long courtId)
    {
        await mediator.Send(
            new TakeRole
            {
                PersonId = Id,
                Code = code,
                CourtId = courtId,
            }
        );
        return this.Done($"/people/{Id}", t["已收回"]);
    }

    public async Task<IActionResult> OnPostPasswordAsync(string? reason, bool dropSecondFactor)
    {
        Half = await mediator.Send(
            new AskForPassword
            {
                PersonId = Id,
                Reason = reason ?? "",
                DropSecondFactor = dropSecondFactor,
            }
        );
        await ReloadAsync();
        return Page();
    }

    public async Task<IActionResult> OnPostUnlockAsync()
    {
        await mediator.Send(new Unlock { PersonId = Id });
        return this.Done($"/people/{Id}", t["已解锁"]);
    }

    internal sealed class AskInput
    {
        public string? Code { get; set; }
        public long CourtId { get; set; }
        public string? Reach { get; set; }
        public DateOnly? Until { get; set; }
        public string? Reason { get; set; }
    }
}
